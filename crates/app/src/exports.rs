//! Tables as files that people download: the tables and their formats are those of `reports`.

pub use reports::{Cell, Column, ColumnKind, Table};

use reports::Format;

use crate::AppError;

/// Most rows of a sheet.
const ROWS: u64 = 1_048_576;

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// The first table alone.
    Csv,
    /// A sheet for each table.
    Xlsx,
}

/// The tables as a file.
///
/// # Errors
/// [`AppError::DocumentTooLarge`] when a spreadsheet cannot hold them.
pub fn file(format: FileFormat, tables: &[Table]) -> Result<Vec<u8>, AppError> {
    let too_large = AppError::DocumentTooLarge { most: ROWS };
    match format {
        FileFormat::Csv => {
            let first = tables.first().map_or(Ok(String::new()), |table| table.write(Format::Csv));
            first.map(String::into_bytes).map_err(|_| too_large)
        }
        FileFormat::Xlsx => reports::xlsx::workbook(tables).map_err(|_| too_large),
    }
}
