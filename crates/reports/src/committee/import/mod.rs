//! Reading the tables that the other schemes give: CSV or XLSX, one table for each file or sheet.
//!
//! Rules kept here:
//! - everything is checked before anything is given: a file is taken whole or refused with all its problems, each with its line,
//!   its column and its reason;
//! - what was given is kept as given: people stay people, a printed percentage keeps its decimals, « - » is not a zero;
//! - a text is a text, even one that a spreadsheet would run;
//! - what a file may cost is bounded before it is read.
//!
//! CSV has `;`, in UTF-8 with or without its mark, or in Windows-1252. To add a table: its [`Field`]s, then read rows through
//! [`Reading`], which notes the problems, and end by [`Reading::done`].

mod csv_file;
mod reading;
mod tree;
mod xlsx_file;

use std::fmt;

use wording::committee::import as words;

use crate::decimal::Decimal;

pub use domain::committee::FileKind;
pub use reading::folded;
pub(super) use reading::{Field, Reading};
pub(super) use tree::{Node, check};

/// Most bytes of a file.
pub const BYTES: usize = 2 << 20;
/// Most rows, the headings included.
pub const ROWS: u32 = 1_000;
/// Most columns.
pub const COLUMNS: u32 = 40;
/// Most characters of a cell.
pub const LETTERS: usize = 300;

/// A file to import.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    pub kind: FileKind,
    pub bytes: &'a [u8],
    /// The sheet to read; not needed when the workbook has one.
    pub sheet: Option<&'a str>,
}

impl<'a> File<'a> {
    /// A CSV file.
    pub const fn csv(bytes: &'a [u8]) -> Self {
        Self { kind: FileKind::Csv, bytes, sheet: None }
    }

    /// A workbook with one sheet.
    pub const fn xlsx(bytes: &'a [u8]) -> Self {
        Self { kind: FileKind::Xlsx, bytes, sheet: None }
    }

    fn grid(&self) -> Result<Vec<GridRow>, Reason> {
        if self.bytes.len() > BYTES {
            return Err(Reason::TooLarge);
        }
        match self.kind {
            FileKind::Csv => csv_file::grid(self.bytes),
            FileKind::Xlsx => xlsx_file::grid(self.bytes, self.sheet),
        }
    }
}

/// The file is not taken: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the import has {} problems", .problems.len())]
pub struct Refused {
    pub problems: Vec<Problem>,
}

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of the file or of the sheet, from 1.
    pub line: Option<u32>,
    /// The heading of the column.
    pub column: Option<String>,
    pub reason: Reason,
}

impl Problem {
    /// The problem in French: where, what, what to do.
    pub fn french(&self) -> String {
        words::problem(self.line, self.column.as_deref(), &self.reason.french())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.french())
    }
}

/// Why a file, a row or a cell is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    Empty,
    TooLarge,
    TooManyRows,
    TooManyColumns,
    TextTooLong,
    Unreadable,
    Utf16,
    SeveralSheets(Vec<String>),
    NoSuchSheet(String),
    UnknownHeading(String),
    DoubledHeading,
    MissingHeading,
    NoHeading,
    Separator,
    MissingName,
    NotACount(String),
    Negative(String),
    NotAShare(String),
    ShareAbove(String),
    NotARate(String),
    NotAnAmount(String),
    NotALevel(String),
    NotAChoice(String, Vec<&'static str>),
    UnknownIndicator(String),
    NoParent { level: u8 },
    DoubledName(String),
    DoubledTotal,
    AfterTotal,
    DoubledPaths,
    UnderPaths,
    NothingGiven,
    AboveWhole { part: i64, whole: i64 },
    ShareWithoutEntries,
    MissingBeneficiaries,
}

impl Reason {
    fn french(&self) -> String {
        match self {
            Self::Empty => words::EMPTY.to_owned(),
            Self::TooLarge => words::too_large(BYTES as u64),
            Self::TooManyRows => words::too_many_rows(ROWS),
            Self::TooManyColumns => words::too_many_columns(COLUMNS),
            Self::TextTooLong => words::text_too_long(LETTERS),
            Self::Unreadable => words::UNREADABLE.to_owned(),
            Self::Utf16 => words::UTF_16.to_owned(),
            Self::SeveralSheets(names) => words::several_sheets(names),
            Self::NoSuchSheet(name) => words::no_such_sheet(name),
            Self::UnknownHeading(heading) => words::unknown_heading(heading),
            Self::DoubledHeading => words::DOUBLED_HEADING.to_owned(),
            Self::MissingHeading => words::MISSING_HEADING.to_owned(),
            Self::Separator => words::SEPARATOR.to_owned(),
            Self::NoHeading => words::NO_HEADING.to_owned(),
            Self::MissingName => words::MISSING_NAME.to_owned(),
            Self::NotACount(text) => words::not_a_count(text),
            Self::Negative(text) => words::negative(text),
            Self::NotAShare(text) => words::not_a_share(text),
            Self::ShareAbove(text) => words::share_above(text),
            Self::NotARate(text) => words::not_a_rate(text),
            Self::NotAnAmount(text) => words::not_an_amount(text),
            Self::NotALevel(text) => words::not_a_level(text),
            Self::NotAChoice(text, choices) => words::not_a_choice(text, choices),
            Self::UnknownIndicator(text) => words::unknown_indicator(text),
            Self::NoParent { level } => words::no_parent(*level),
            Self::DoubledName(name) => words::doubled_name(name),
            Self::DoubledTotal => words::DOUBLED_TOTAL.to_owned(),
            Self::AfterTotal => words::AFTER_TOTAL.to_owned(),
            Self::DoubledPaths => words::DOUBLED_PATHS.to_owned(),
            Self::UnderPaths => words::UNDER_PATHS.to_owned(),
            Self::NothingGiven => words::NOTHING_GIVEN.to_owned(),
            Self::AboveWhole { part, whole } => words::above_whole(*part, *whole),
            Self::ShareWithoutEntries => words::SHARE_WITHOUT_ENTRIES.to_owned(),
            Self::MissingBeneficiaries => words::MISSING_BENEFICIARIES.to_owned(),
        }
    }
}

/// A row as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct GridRow {
    /// From 1.
    line: u32,
    cells: Vec<Raw>,
}

/// A cell as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Raw {
    #[default]
    Empty,
    Text(String),
    /// A number of a spreadsheet.
    Number(Decimal),
    /// A number that the spreadsheet shows as a percentage, with the decimals that it shows.
    Percent(Decimal),
}

impl Raw {
    fn text(text: &str) -> Result<Self, Reason> {
        let text = text.trim();
        if text.chars().count() > LETTERS {
            return Err(Reason::TextTooLong);
        }
        Ok(if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) })
    }

    /// The cell as text, as messages repeat it.
    fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.french(),
            Self::Percent(number) => wording::numbers::in_percent(number.french()),
        }
    }
}
