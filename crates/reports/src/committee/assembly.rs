//! The tables of a day put together: the one place for the page, the command line and what is sealed.
//!
//! [`Sheet::read`] reads a file of any kind; [`Made`] is a table with where it comes from, what was printed in it and does not
//! follow; [`tables`] are what is written to files, and [`super::outside`] what readers outside get.

use chrono::Datelike;
use domain::Day;
use domain::committee::TableKind;

use super::differences::{self, Difference};
use super::import::folded;
use super::{Budget, Comparison, Entries, Evaluation, File, Programme, Refused, Sectors, Statement, Yearly, equity};
use crate::entries::{EntriesReport, Figures};
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
        let (kind, table, differences) = match self {
            Self::Entries(entries) => {
                return Made::entries(entries.with_paths(paths.0, paths.1).statement(), as_of, source);
            }
            Self::Evaluation(sheet) => return Made::evaluation(sheet, as_of, source),
            Self::Yearly(sheet) => (TableKind::Yearly, sheet.table(source).dated(as_of), sheet.differences()),
            Self::Programme(sheet) => (TableKind::Programme, sheet.table(source).dated(as_of), sheet.differences()),
            Self::Sectors(sheet) => (TableKind::Sectors, sheet.table(source).dated(as_of), sheet.differences()),
            Self::Budget(sheet) => (TableKind::Budget, sheet.table(source).dated(as_of), sheet.differences()),
        };
        Made { kind, as_of, scheme: None, table, equity: None, differences, of_paths: Vec::new(), of: Of::Whole }
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
    /// The parts of FEST beside those of the other schemes, with the table of the entries.
    pub equity: Option<Table>,
    pub differences: Vec<Difference>,
    /// The rows that come from the paths: that of FEST, then its lots.
    pub of_paths: Vec<usize>,
    pub(super) of: Of,
}

/// What a table was made from, where readers outside get another.
#[derive(Debug, Clone)]
pub(super) enum Of {
    Entries(Statement),
    Evaluation(Evaluation),
    /// Nothing but the table.
    Whole,
}

impl Made {
    /// The entries at a day.
    pub fn entries(statement: Statement, as_of: Day, source: &str) -> Self {
        Self {
            kind: TableKind::Entries,
            as_of,
            scheme: None,
            table: statement.table(as_of, source),
            equity: equity::table(&statement, as_of, source),
            differences: statement.differences(),
            of_paths: statement.rows_of_paths(),
            of: Of::Entries(statement),
        }
    }

    /// The sheet of evaluation of the paths, under the name of their row among the entries; none when nobody entered, or when the
    /// sheet of that scheme was given for the year.
    pub fn of_paths(made: &[Self], report: &EntriesReport, source: &str) -> Option<Self> {
        let line =
            made.iter().filter_map(Self::statement).flat_map(|it| &it.lines).find(|line| line.comes_from_paths())?;
        let named = |one: &Self| {
            let same = one.scheme.as_ref().is_some_and(|scheme| folded(scheme) == folded(&line.name));
            same && one.as_of.year() == report.as_of.year()
        };
        if report.people.is_empty() || made.iter().any(named) {
            return None;
        }
        let sheet = Evaluation::of_paths(line.name.clone(), &report.people, report.ends);
        let mut made = Self::evaluation(sheet, report.as_of, source);
        made.of_paths = (0..made.table.rows.len()).collect();
        Some(made)
    }

    fn evaluation(sheet: Evaluation, as_of: Day, source: &str) -> Self {
        Self {
            kind: TableKind::Evaluation,
            as_of,
            scheme: Some(sheet.scheme.clone()),
            table: sheet.table(as_of, source),
            equity: None,
            differences: sheet.differences(),
            of_paths: Vec::new(),
            of: Of::Evaluation(sheet),
        }
    }

    /// Its tables: itself, then what stands beside it.
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        std::iter::once(self.table.clone()).chain(self.equity.clone())
    }

    pub(super) fn statement(&self) -> Option<&Statement> {
        match &self.of {
            Of::Entries(statement) => Some(statement),
            Of::Evaluation(_) | Of::Whole => None,
        }
    }
}

/// The entries of two days side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Entries, then shares.
    pub tables: [Table; 2],
    /// The rows of either that come from the paths.
    pub of_paths: Vec<usize>,
}

/// The entries of two days compared; none when either has no entries. For readers outside, masked, and none of two days of the same
/// year: whoever entered by the first did by the second too, so that their difference says who the few in between are.
pub fn compared(now: &[Made], before: &[Made], outside: bool, source: &str) -> Option<Compared> {
    let entries = |made: &'_ [Made]| made.iter().find_map(|made| Some((made.statement()?.clone(), made.as_of)));
    let (now, before) = (entries(now)?, entries(before)?);
    if outside && now.1.year() == before.1.year() {
        return None;
    }
    let comparison = Comparison { now: (&now.0, now.1), before: (&before.0, before.1) };
    let tables = if outside { comparison.masked_tables(source) } else { comparison.tables(source) };
    Some(Compared { tables, of_paths: comparison.rows_of_paths() })
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
    made.iter().flat_map(Made::tables).chain(differences_table(made)).collect()
}
