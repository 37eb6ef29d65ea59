//! Tables as a spreadsheet: one sheet each, typed cells, French formats.
//!
//! Text is written as text, so that nothing of it is ever read as a formula; counts, amounts, shares and days are numbers that
//! the spreadsheet can add and sort. A figure that follows from others of its table is a formula, with the value that it gives
//! written beside it for readers that compute nothing.

use rust_xlsxwriter::{Format, FormatBorder, Formula, Workbook, Worksheet, XlsxError};

use crate::decimal::float;
use crate::sheet::{Styled, column_name, footer, sheet_names};
use crate::table::{Cell, Rank, Table};

/// Widest column, in characters.
const WIDEST: usize = 48;

/// The tables as one workbook, a sheet for each under its title.
///
/// # Errors
/// A table has more rows or longer texts than a spreadsheet takes.
pub fn workbook(tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for (table, name) in tables.iter().zip(sheet_names(tables)) {
        let page = book.add_worksheet();
        page.set_name(name)?;
        sheet(page, table)?;
    }
    book.save_to_buffer()
}

fn sheet(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    for (column, at) in table.columns.iter().zip(0_u16..) {
        sheet.write_with_format(0, at, &column.label, &head)?;
        let cells = table.rows.iter().filter_map(|row| row.get(usize::from(at)));
        let longest = cells.map(|cell| cell.french().chars().count()).max().unwrap_or(0);
        let width = longest.max(column.label.chars().count()).min(WIDEST) + 2;
        sheet.set_column_width(at, u32::try_from(width).map_or(10.0, f64::from))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    if !table.outline.lines.is_empty() {
        sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    }
    for (row, cells) in table.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            write(sheet, table, (row, column), cell)?;
        }
    }
    let under = table.rows.len() + 1;
    for (line, text) in footer(table).into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        sheet.write_string(u32::try_from(under + line).map_err(|_| XlsxError::RowColumnLimitError)?, 0, text)?;
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, table: &Table, (row, column): (usize, usize), cell: &Cell) -> Result<(), XlsxError> {
    let too_far = |_| XlsxError::RowColumnLimitError;
    let (line, at) = (u32::try_from(row + 1).map_err(too_far)?, u16::try_from(column).map_err(too_far)?);
    let cautious = table.outline.is_cautious(row, column);
    let format = |number: &str| format_of(table, row, column).set_num_format(number);
    let zeros = |decimals: u8| format!("0.{}", "0".repeat(decimals.into())).trim_end_matches('.').to_owned();
    let (value, format) = match cell.styled() {
        Styled::Empty if table.outline.lines.is_empty() => return Ok(()),
        Styled::Empty => {
            sheet.write_blank(line, at, &format_of(table, row, column))?;
            return Ok(());
        }
        Styled::Text(text) if table.outline.lines.is_empty() => {
            sheet.write_string(line, at, text)?;
            return Ok(());
        }
        Styled::Text(text) => {
            sheet.write_string_with_format(line, at, text, &format_of(table, row, column))?;
            return Ok(());
        }
        Styled::Day(day) => {
            sheet.write_datetime_with_format(line, at, day, &format("dd/mm/yyyy"))?;
            return Ok(());
        }
        Styled::Count(count) => (float(count), format("#,##0")),
        Styled::Gap(gap) => (float(gap), format("+#,##0;-#,##0;0")),
        Styled::Points(points) => (points, format("+0.00;-0.00;0.00")),
        Styled::Percent { value, decimals } => {
            (value, format(&format!("{}%{}", zeros(decimals), if cautious { "\"*\"" } else { "" })))
        }
        Styled::Money { value, millions: true, .. } => (value, format("#,##0.0,,\" M€\"")),
        Styled::Money { value, decimals: 0, .. } => (value, format("#,##0 €")),
        Styled::Money { value, .. } => (value, format("#,##0.00 €")),
    };
    match table.outline.rule(row, column) {
        Some(rule) => {
            let name = |row: usize, column: usize| format!("{}{}", column_name(column), row + 2);
            let formula = Formula::new(rule.written(row, column, ',', name)).set_result(value.to_string());
            sheet.write_formula_with_format(line, at, formula, &format)?
        }
        None => sheet.write_number_with_format(line, at, value, &format)?,
    };
    Ok(())
}

/// How a row of a table of the committee looks: its level, and whether others stand under it.
fn format_of(table: &Table, row: usize, column: usize) -> Format {
    let line = table.outline.line(row);
    let format = match line.rank {
        Rank::Detail => Format::new(),
        Rank::Group => Format::new().set_bold(),
        Rank::Total => Format::new().set_bold().set_border_top(FormatBorder::Thin),
        Rank::Recomputed => Format::new().set_italic(),
    };
    if column == 0 { format.set_indent(line.indent) } else { format }
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
            ..Table::default()
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
    }
}
