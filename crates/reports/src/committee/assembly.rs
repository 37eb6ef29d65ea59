//! The tables of a day put together: the one place for the page, the command line and what is sealed.
//!
//! [`Sheet::read`] reads a file of any kind; [`Made`] is a table with where it comes from, what was printed in it and does not
//! follow, and what readers outside get of it; [`tables`] and [`outside`] are what is written to files.

use chrono::Datelike;
use domain::Day;
use domain::committee::TableKind;

use super::differences::{self, Difference};
use super::{Budget, Entries, Evaluation, File, Masked, Programme, Refused, Sectors, Statement, Yearly};
use crate::entries::Figures;
use crate::table::Table;
use wording::committee as words;

/// A table read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sheet {
    Entries(Entries),
    Yearly(Yearly),
    Programme(Programme),
    Sectors(Sectors),
    Budget(Budget),
    Evaluation(Evaluation),
}

/// The year of a day, as headings have it.
pub fn year_of(day: Day) -> u16 {
    u16::try_from(day.year()).unwrap_or(1).max(1)
}

impl Sheet {
    /// Reads a file of a kind, whole or not at all. The headings of some kinds name the year of the day.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn read(kind: TableKind, file: &File<'_>, as_of: Day, scheme: Option<&str>) -> Result<Self, Refused> {
        Ok(match kind {
            TableKind::Entries => Self::Entries(Entries::import(file)?),
            TableKind::Yearly => Self::Yearly(Yearly::import(file)?),
            TableKind::Programme => Self::Programme(Programme::import(file, year_of(as_of))?),
            TableKind::Sectors => Self::Sectors(Sectors::import(file, year_of(as_of))?),
            TableKind::Budget => Self::Budget(Budget::import(file)?),
            TableKind::Evaluation => Self::Evaluation(Evaluation::import(file, scheme.unwrap_or_default())?),
        })
    }

    /// The table as it stands at a day; entries take their row from the paths.
    pub fn made(self, as_of: Day, paths: (&Figures, &[(String, Figures)]), source: &str) -> Made {
        let (kind, scheme, table, differences) = match self {
            Self::Entries(entries) => {
                return Made::entries(entries.with_paths(paths.0, paths.1).statement(), as_of, source);
            }
            Self::Yearly(sheet) => (TableKind::Yearly, None, sheet.table(source).dated(as_of), sheet.differences()),
            Self::Programme(sheet) => {
                (TableKind::Programme, None, sheet.table(source).dated(as_of), sheet.differences())
            }
            Self::Sectors(sheet) => (TableKind::Sectors, None, sheet.table(source).dated(as_of), sheet.differences()),
            Self::Budget(sheet) => (TableKind::Budget, None, sheet.table(source).dated(as_of), sheet.differences()),
            Self::Evaluation(sheet) => {
                (TableKind::Evaluation, Some(sheet.scheme.clone()), sheet.table(as_of, source), sheet.differences())
            }
        };
        Made { kind, as_of, scheme, table, differences, of_paths: Vec::new(), statement: None }
    }
}

/// A table of the committee.
#[derive(Debug, Clone)]
pub struct Made {
    pub kind: TableKind,
    /// The day that its figures are of.
    pub as_of: Day,
    /// The scheme of a sheet of evaluation.
    pub scheme: Option<String>,
    pub table: Table,
    pub differences: Vec<Difference>,
    /// The rows that come from the paths: that of FEST, then its lots.
    pub of_paths: Vec<usize>,
    statement: Option<Statement>,
}

impl Made {
    /// The entries at a day.
    pub fn entries(statement: Statement, as_of: Day, source: &str) -> Self {
        Self {
            kind: TableKind::Entries,
            as_of,
            scheme: None,
            table: statement.table(as_of, source),
            differences: statement.differences(),
            of_paths: statement.rows_of_paths(),
            statement: Some(statement),
        }
    }

    /// The table for readers outside: small numbers masked where there are any; none of a sheet of evaluation, which has no
    /// masked version. What the other tables count is not small enough to know anybody by.
    pub fn outside(&self, source: &str) -> Option<Table> {
        match (self.kind, &self.statement) {
            (TableKind::Evaluation, _) => None,
            (_, Some(statement)) => Some(Masked::of(statement).table(self.as_of, source)),
            (_, None) => Some(self.table.clone()),
        }
    }
}

/// What was printed in the tables and does not follow, as one table; none when everything does.
pub fn differences_table(made: &[Made]) -> Option<Table> {
    let of: Vec<(String, Vec<Difference>)> = made
        .iter()
        .filter(|made| !made.differences.is_empty())
        .map(|made| (made.table.title.clone(), made.differences.clone()))
        .collect();
    (!of.is_empty()).then(|| differences::table(words::DIFFERENCES_TITLE, &of))
}

/// The tables, then what does not follow in them.
pub fn tables(made: &[Made]) -> Vec<Table> {
    made.iter().map(|made| made.table.clone()).chain(differences_table(made)).collect()
}

/// The tables for readers outside.
pub fn outside(made: &[Made], source: &str) -> Vec<Table> {
    made.iter().filter_map(|made| made.outside(source)).collect()
}
