//! Tables as a spreadsheet: one sheet each, typed cells, French formats.
//!
//! Text is written as text, so that nothing of it is ever read as a formula; counts, amounts, shares and days are numbers that
//! the spreadsheet can add and sort.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::table::{Cell, Table};

/// Most characters of the name of a sheet.
const NAME: usize = 31;
/// Widest column, in characters.
const WIDEST: usize = 48;

/// The tables as one workbook, a sheet for each under its title.
///
/// # Errors
/// A table has more rows or longer texts than a spreadsheet takes.
pub fn workbook(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for table in tables {
        sheet(book.add_worksheet(), table)?;
    }
    book.save_to_buffer()
}

/// A title as sheets may be named.
fn name(title: &str) -> String {
    title.chars().map(|letter| if "[]:*?/\\'".contains(letter) { ' ' } else { letter }).take(NAME).collect()
}

fn sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    sheet.set_name(name(&table.title))?;
    for (column, at) in table.columns.iter().zip(0_u16..) {
        sheet.write_with_format(0, at, &column.label, &head)?;
        let cells = table.rows.iter().filter_map(|row| row.get(usize::from(at)));
        let longest = cells.map(|cell| cell.french().chars().count()).max().unwrap_or(0);
        let width = longest.max(column.label.chars().count()).min(WIDEST) + 2;
        sheet.set_column_width(at, u32::try_from(width).map_or(10.0, f64::from))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (cells, row) in table.rows.iter().zip(1_u32..) {
        for (cell, at) in cells.iter().zip(0_u16..) {
            write(sheet, row, at, cell)?;
        }
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, line: u32, at: u16, cell: &Cell) -> Result<(), XlsxError> {
    let number = |format: &str| Format::new().set_num_format(format);
    // Counts, cents and hundredths stay far below what a spreadsheet counts exactly.
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    let float = |value: i64| value as f64;
    match cell {
        Cell::Text(text) => sheet.write_string(line, at, text)?,
        Cell::Count(count) => sheet.write_number_with_format(line, at, float(*count), &number("#,##0"))?,
        Cell::Percent(percent) => {
            sheet.write_number_with_format(line, at, float(percent.hundredths()) / 10_000.0, &number("0.00%"))?
        }
        Cell::Money(cents) => {
            sheet.write_number_with_format(line, at, float(cents.get()) / 100.0, &number("#,##0.00 €"))?
        }
        Cell::Day(day) => sheet.write_datetime_with_format(line, at, day, &number("dd/mm/yyyy"))?,
        Cell::Empty => return Ok(()),
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use domain::Day;
    use domain::money::Cents;

    use super::*;
    use crate::table::{Column, ColumnKind};

    #[test]
    fn a_workbook_has_a_sheet_for_each_table() {
        let table = |title: &str| Table {
            title: title.to_owned(),
            columns: vec![
                Column::new("a", "Texte", ColumnKind::Text),
                Column::new("b", "Montant", ColumnKind::Money),
                Column::new("c", "Jour", ColumnKind::Day),
            ],
            rows: vec![vec![
                Cell::Text("=1+1".to_owned()),
                Cell::Money(Cents::new(123_456)),
                Cell::Day(Day::from_ymd_opt(2026, 11, 18).unwrap()),
            ]],
            notes: Vec::new(),
        };
        let bytes = workbook(&[table("Parcours"), table("Filtres : tous [essai]")]).unwrap();
        assert!(bytes.starts_with(b"PK") && bytes.len() > 2_000, "{}", bytes.len());
        let mut parts = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut sheet = String::new();
        parts.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        let cell = |at: &str| sheet.split(&format!("<c r=\"{at}\"")).nth(1).unwrap().split("</c>").next().unwrap();
        assert!(cell("A2").starts_with(" t=\"s\""), "a text that starts like a formula is a text: {sheet}");
        assert!(cell("B2").ends_with("<v>1234.56</v>") && !cell("B2").contains(" t="), "an amount adds up: {sheet}");
        assert!(cell("C2").ends_with("<v>46344</v>") && !cell("C2").contains(" t="), "a day sorts: {sheet}");
        assert_eq!(name("Filtres : tous [essai]"), "Filtres   tous  essai ");
    }
}
