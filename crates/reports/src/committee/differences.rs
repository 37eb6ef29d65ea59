//! What was printed and does not follow from its parts: kept, shown, and listed here.

use crate::decimal::Decimal;
use crate::table::{Cell, Column, ColumnKind, Outline, Table};
use wording::committee as words;

/// A printed figure that is not what Jalon computes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Names of the row and of those it stands under, outermost first.
    pub row: Vec<String>,
    pub column: String,
    pub printed: Cell,
    /// What follows from the parts; nothing when no value would do.
    pub computed: Cell,
    pub finding: Finding,
}

/// What is wrong with a printed figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It is not the sum of its rows.
    Sum,
    /// No number of people that its rows allow prints so.
    Share,
    /// The same, where the rows do not cover the printed entries: how many they cover, of how many.
    PartialShare { covered: i64, of: i64 },
    /// It is not the quotient of the figures of its row.
    Rate,
    /// Its decimals were cut off, not rounded.
    Cut,
    /// No whole number of people has this share.
    NoSuchShare,
    /// The paths say otherwise.
    Paths,
}

impl Finding {
    /// The finding in French.
    pub fn french(self) -> String {
        match self {
            Self::Sum => words::NOT_THE_SUM.to_owned(),
            Self::Share => words::NOT_ALLOWED.to_owned(),
            Self::PartialShare { covered, of } => words::partial_detail(covered, of),
            Self::Rate => words::NOT_THE_RATE.to_owned(),
            Self::Cut => words::DECIMALS_CUT.to_owned(),
            Self::NoSuchShare => words::NO_SUCH_SHARE.to_owned(),
            Self::Paths => words::NOT_THE_PATHS.to_owned(),
        }
    }
}

impl Difference {
    /// The row with those it stands under.
    pub fn place(&self) -> String {
        words::under(&self.row)
    }

    /// Printed less computed.
    pub fn gap(&self) -> Cell {
        match (&self.printed, &self.computed) {
            (Cell::Count(_) | Cell::Sum(_), Cell::Count(computed)) => {
                count(&self.printed).map_or(Cell::Empty, |printed| Cell::Gap(printed - computed))
            }
            (Cell::Amount(printed, scale), Cell::Amount(computed, _)) => Cell::Amount(*printed - *computed, *scale),
            (printed, computed) => match (hundredths(printed), hundredths(computed)) {
                (Some(printed), Some(computed)) => Cell::Points(printed - computed),
                _ => Cell::Empty,
            },
        }
    }
}

/// The count of a cell.
pub(super) fn count(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Count(count) => Some(*count),
        Cell::Sum(terms) => Some(terms.iter().sum()),
        _ => None,
    }
}

/// The percentage of a cell, in hundredths.
pub fn hundredths(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::Percent(percent) => Some(percent.hundredths()),
        Cell::Rate(rate) => Some(rate.hundredths()),
        _ => None,
    }
}

/// How a printed quotient stands to the figures of its row, both in percent; nothing when it follows from them.
pub(super) fn quotient(printed: Decimal, part: i128, whole: i128) -> Option<(Decimal, Finding)> {
    let computed = Decimal::of(part, whole, printed.decimals())?;
    let finding =
        if Decimal::cut(part, whole, printed.decimals()) == Some(printed) { Finding::Cut } else { Finding::Rate };
    (computed != printed).then_some((computed, finding))
}

/// The differences of tables, each under its title, as one table.
pub fn table(title: &str, of: &[(String, Vec<Difference>)]) -> Table {
    let column = |key: &'static str, label: &str, kind| Column::new(key, label, kind);
    let rows = of.iter().flat_map(|(table, differences)| {
        differences.iter().map(move |difference| {
            vec![
                Cell::Text(table.clone()),
                Cell::Text(difference.place()),
                Cell::Text(difference.column.clone()),
                difference.printed.clone(),
                difference.computed.clone(),
                difference.gap(),
                Cell::Text(difference.finding.french()),
            ]
        })
    });
    Table {
        title: title.to_owned(),
        columns: vec![
            column("table", words::TABLE, ColumnKind::Text),
            column("row", words::ROW, ColumnKind::Text),
            column("column", words::COLUMN, ColumnKind::Text),
            column("printed", words::PRINTED, ColumnKind::Count),
            column("computed", words::COMPUTED, ColumnKind::Count),
            column("gap", words::GAP, ColumnKind::Count),
            column("finding", words::FINDING, ColumnKind::Text),
        ],
        rows: rows.collect(),
        notes: vec![words::DIFFERENCES_NOTE.to_owned()],
        outline: Outline { name: Some(words::SHEET_DIFFERENCES.to_owned()), ..Outline::default() },
    }
}

/// What makes the page of the deck again.
const MADE_BY: &str = "JALON_BLESS=1 cargo test -p reports --test committee";
/// Where the rules are told, from the folder of the page.
const RULES: &str = "decisions/0032-printed-and-computed.md";

/// The same as a page of documentation, in Markdown.
pub fn page(title: &str, of: &[(String, Vec<Difference>)]) -> String {
    let number = of.iter().map(|(_, differences)| differences.len()).sum();
    let mut page = words::differences_page(title, number, MADE_BY, RULES);
    for (table, differences) in of {
        page.push_str(&words::differences_section(table, differences.len()));
        if differences.is_empty() {
            continue;
        }
        page.push_str(&words::differences_head());
        for difference in differences {
            let cells = [
                difference.place(),
                difference.column.clone(),
                difference.printed.french(),
                difference.computed.french(),
                words::signed(difference.gap().french()),
                difference.finding.french(),
            ];
            page.push_str(&format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | ")));
        }
    }
    page
}
