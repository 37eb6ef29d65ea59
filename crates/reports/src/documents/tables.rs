//! Tables of the committee as PDF: A4 in landscape, or slides for a screen.
//!
//! A table begins on a page of its own and has its heading, its day and its source; its header is repeated when it goes on.

use domain::{Day, Instant};
use serde::Serialize;
use wording::{committee as words, dates};

use super::engine::{DocumentError, render};
use crate::table::{ColumnKind, Line, Rank, Table};

/// What stands around the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    pub title: String,
    /// Who publishes, named in the file and at the head of the pages.
    pub issuer: String,
    /// The day of the committee, or of the figures.
    pub on: Day,
}

/// The shape of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    A4Landscape,
    /// 16:9.
    Slides,
}

#[derive(Serialize)]
struct Printed {
    title: String,
    issuer: String,
    on: String,
    slides: bool,
    tables: Vec<PrintedTable>,
}

#[derive(Serialize)]
struct PrintedTable {
    title: String,
    columns: Vec<PrintedColumn>,
    rows: Vec<PrintedRow>,
    as_of: Option<String>,
    source: Option<String>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct PrintedColumn {
    label: String,
    figures: bool,
}

#[derive(Serialize)]
struct PrintedRow {
    indent: u8,
    rank: Rank,
    cells: Vec<String>,
}

/// The tables as a PDF.
///
/// # Errors
/// A fault of ours: see [`DocumentError`].
pub fn tables(paper: Paper, cover: &Cover, tables: &[Table], at: Instant) -> Result<Vec<u8>, DocumentError> {
    let printed = Printed {
        title: cover.title.clone(),
        issuer: cover.issuer.clone(),
        on: dates::medium(cover.on),
        slides: paper == Paper::Slides,
        tables: tables.iter().map(printed).collect(),
    };
    render("tables.typ", &printed, at)
}

fn printed(table: &Table) -> PrintedTable {
    let outline = &table.outline;
    let column = |column: &crate::table::Column| PrintedColumn {
        label: column.label.clone(),
        figures: !matches!(column.kind, ColumnKind::Text),
    };
    let rows = table.rows.iter().enumerate().map(|(row, cells)| {
        let Line { indent, rank } = outline.line(row);
        let shown = cells.iter().enumerate().map(|(column, cell)| {
            let mark = if outline.is_cautious(row, column) { "*" } else { "" };
            format!("{}{mark}", cell.french())
        });
        PrintedRow { indent, rank, cells: shown.collect() }
    });
    PrintedTable {
        title: table.title.clone(),
        columns: table.columns.iter().map(column).collect(),
        rows: rows.collect(),
        as_of: outline.as_of.map(|day| words::as_of(dates::numeric(day))),
        source: outline.source.as_deref().map(words::source),
        notes: table.notes.clone(),
    }
}
