//! Rows of a sheet of an XLSX workbook, read cell by cell: a cell at the far end of a sheet is refused, not made room for.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Style, Xlsx};

use super::{COLUMNS, GridRow, ROWS, Raw, Reason};
use crate::decimal::Decimal;

/// Most bytes of a workbook once it is inflated.
const INFLATED: u64 = 32 << 20;
/// Most decimals that are kept of a number of a spreadsheet, which holds binary fractions.
const DECIMALS: usize = 9;
/// Largest number that is read.
const LARGEST: f64 = 1e12;

pub(super) fn grid(bytes: &[u8], sheet: Option<&str>) -> Result<Vec<GridRow>, Reason> {
    bounded(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Reason::Unreadable)?;
    let names = book.sheet_names();
    let name = match (sheet, names.as_slice()) {
        (Some(wanted), _) => {
            names.iter().find(|name| *name == wanted).ok_or_else(|| Reason::NoSuchSheet(wanted.to_owned()))?
        }
        (None, [only]) => only,
        (None, []) => return Err(Reason::Empty),
        (None, _) => return Err(Reason::SeveralSheets(names)),
    };
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| Reason::Unreadable)?;
    let mut rows: Vec<GridRow> = Vec::new();
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(|_| Reason::Unreadable)? {
        let (row, column) = cell.get_position();
        let raw = raw(cell.get_value(), reader.styles().get(style))?;
        if raw == Raw::Empty {
            continue;
        }
        if row >= ROWS {
            return Err(Reason::TooManyRows);
        }
        if column >= COLUMNS {
            return Err(Reason::TooManyColumns);
        }
        let line = row + 1;
        // Sheets may give their rows in any order.
        let at = match rows.binary_search_by_key(&line, |row| row.line) {
            Ok(at) => at,
            Err(at) => {
                rows.insert(at, GridRow { line, cells: Vec::new() });
                at
            }
        };
        let column = column as usize;
        let cells = &mut rows[at].cells;
        if cells.len() <= column {
            cells.resize(column + 1, Raw::Empty);
        }
        cells[column] = raw;
    }
    Ok(rows)
}

/// Inflates every part into nothing, and stops when they are too much.
fn bounded(bytes: &[u8]) -> Result<(), Reason> {
    let mut parts = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Reason::Unreadable)?;
    let mut left = INFLATED;
    for rank in 0..parts.len() {
        let part = parts.by_index(rank).map_err(|_| Reason::Unreadable)?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| Reason::Unreadable)?;
        left = left.checked_sub(size).ok_or(Reason::TooLarge)?;
    }
    Ok(())
}

fn raw(value: &DataRef<'_>, style: Option<&Style>) -> Result<Raw, Reason> {
    let format = style.and_then(|style| style.number_format.as_ref()).map(|format| format.format_code.as_str());
    match value {
        DataRef::Empty => Ok(Raw::Empty),
        DataRef::Int(number) => number_of(crate::decimal::float(*number), format),
        DataRef::Float(number) => number_of(*number, format),
        DataRef::String(text) => Raw::text(text),
        DataRef::SharedString(text) => Raw::text(text),
        DataRef::Bool(value) => Raw::text(if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Raw::text(text),
        DataRef::DateTime(moment) => Raw::text(&moment.to_string()),
        DataRef::Error(error) => Raw::text(&error.to_string()),
    }
}

fn number_of(number: f64, format: Option<&str>) -> Result<Raw, Reason> {
    if !number.is_finite() || number.abs() > LARGEST {
        return Raw::text(&number.to_string());
    }
    let (number, decimals) = match format.filter(|format| format.contains('%')) {
        Some(format) => (number * 100.0, Some(decimals(format))),
        None => (number, None),
    };
    let width = decimals.unwrap_or(DECIMALS);
    let digits = format!("{number:.width$}");
    let digits = if decimals.is_some() || !digits.contains('.') {
        digits.as_str()
    } else {
        digits.trim_end_matches('0').trim_end_matches('.')
    };
    match (Decimal::parse(digits), decimals) {
        (Some(number), Some(_)) => Ok(Raw::Percent(number)),
        (Some(number), None) => Ok(Raw::Number(number)),
        (None, _) => Raw::text(digits),
    }
}

/// How many decimals a format shows, `0.00%` two.
fn decimals(format: &str) -> usize {
    let fraction =
        format.split('%').next().and_then(|format| format.split_once('.')).map_or("", |(_, fraction)| fraction);
    fraction.chars().take_while(|c| matches!(c, '0' | '#')).count().min(DECIMALS)
}
