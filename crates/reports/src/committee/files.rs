//! The committee's tables as one file of any format.

use domain::{Day, Instant};
use strum::{AsRefStr, Display, EnumIter, EnumString};

use crate::documents::{Cover, DocumentError, Paper, tables};
use crate::table::{Format, Table};
use crate::{ods, xlsx};
use wording::committee as words;

/// A format, under the name that addresses and commands give it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, EnumIter, AsRefStr)]
#[strum(serialize_all = "snake_case")]
pub enum FileFormat {
    /// A sheet for each table, with formulas.
    Xlsx,
    Ods,
    /// The tables one after the other.
    Csv,
    /// A page for each table, A4 in landscape.
    Pdf,
    /// The same in 16:9.
    Slides,
    /// The tables as a list.
    Json,
}

impl FileFormat {
    /// What ends the name of the file.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Csv => "csv",
            Self::Pdf | Self::Slides => "pdf",
            Self::Json => "json",
        }
    }

    /// What a browser is told that it is.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Pdf | Self::Slides => "application/pdf",
            Self::Json => "application/json",
        }
    }
}

/// The file could not be made: a fault of ours, or tables that a spreadsheet cannot hold.
#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    #[error("write a workbook")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("write a spreadsheet")]
    Spreadsheet(#[from] zip::result::ZipError),
    #[error("write text")]
    Text(#[from] csv::Error),
    #[error("typeset the tables")]
    Document(#[from] DocumentError),
}

/// The tables as a file. `on` is the day of the committee, `at` the instant at which the file is made.
///
/// # Errors
/// See [`Unwritten`].
pub fn file(format: FileFormat, made: &[Table], on: Day, at: Instant) -> Result<Vec<u8>, Unwritten> {
    let paper = |paper| {
        let cover = Cover { title: words::REPORT_TITLE.to_owned(), issuer: words::ISSUER.to_owned(), on };
        tables(paper, &cover, made, at)
    };
    Ok(match format {
        FileFormat::Xlsx => xlsx::workbook(made)?,
        FileFormat::Ods => ods::spreadsheet(made)?,
        FileFormat::Pdf => paper(Paper::A4Landscape)?,
        FileFormat::Slides => paper(Paper::Slides)?,
        FileFormat::Csv => {
            let texts: Vec<String> = made.iter().map(|table| table.write(Format::Csv)).collect::<Result<_, _>>()?;
            // One mark at the head of the file is enough.
            let bare: Vec<&str> = texts.iter().map(|text| text.trim_start_matches('\u{feff}')).collect();
            format!("\u{feff}{}", bare.join("\r\n")).into_bytes()
        }
        FileFormat::Json => {
            let texts: Vec<String> = made.iter().map(|table| table.write(Format::Json)).collect::<Result<_, _>>()?;
            format!("[{}]\n", texts.join(",")).into_bytes()
        }
    })
}
