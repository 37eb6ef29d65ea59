//! A table of the committee as a page shows it.

use app::committee::{ColumnKind, Line, Rank, Table};
use wording::{committee as words, dates};

/// A table with its heading.
pub(crate) struct TableView {
    /// Where links of the page lead.
    pub id: String,
    pub title: String,
    pub columns: Vec<ColumnView>,
    pub rows: Vec<RowView>,
    /// The day and the source, then what is said under it.
    pub about: Vec<String>,
    pub notes: Vec<String>,
}

pub(crate) struct ColumnView {
    pub label: String,
    pub figures: bool,
}

pub(crate) struct RowView {
    pub class: &'static str,
    pub indent: u8,
    pub name: String,
    pub cells: Vec<CellView>,
}

pub(crate) struct CellView {
    pub text: String,
    pub figures: bool,
}

impl TableView {
    /// A table under an anchor.
    pub(crate) fn new(id: String, table: &Table) -> Self {
        let outline = &table.outline;
        let figures: Vec<bool> = table.columns.iter().map(|column| column.kind != ColumnKind::Text).collect();
        let columns = table.columns.iter().zip(&figures);
        let columns = columns.map(|(column, figures)| ColumnView { label: column.label.clone(), figures: *figures });
        let rows = table.rows.iter().enumerate().map(|(row, cells)| {
            let Line { indent, rank } = outline.line(row);
            let mut shown = cells.iter().enumerate().map(|(column, cell)| {
                let mark = if outline.is_cautious(row, column) { "*" } else { "" };
                CellView { text: format!("{}{mark}", cell.french()), figures: figures.get(column) == Some(&true) }
            });
            let name = shown.next().map_or_else(String::new, |cell| cell.text);
            RowView { class: class(rank), indent, name, cells: shown.collect() }
        });
        let as_of = outline.as_of.map(|day| words::as_of(dates::numeric(day)));
        let source = outline.source.as_deref().map(words::source);
        Self {
            id,
            title: table.title.clone(),
            columns: columns.collect(),
            rows: rows.collect(),
            about: as_of.into_iter().chain(source).collect(),
            notes: table.notes.clone(),
        }
    }
}

/// How a row stands out; its name says it too.
fn class(rank: Rank) -> &'static str {
    match rank {
        Rank::Detail => "",
        Rank::Group => "group",
        Rank::Total => "total",
        Rank::Recomputed => "recomputed",
    }
}
