//! Photographs: the tables of a day sealed as they were known, never changed afterwards, and what moved since and why.
//!
//! A photograph keeps the tables themselves, typed cell by typed cell, with what readers outside get of them. The same day as it is
//! known now stands beside it: [`App::photograph_movement`] finds every cell that is another, and what made it so, a file that
//! took the place of another or a path whose entry counts otherwise.

use std::collections::BTreeMap;

use domain::committee::TableKind;
use domain::form::{FieldError, FieldProblem};
use domain::identifiers::{PathId, PathReference};
use domain::path::Recorded;
use domain::people::Actor;
use domain::{Day, Instant};
use persistence::{CommitteePhotograph, EntryStatistic, StatisticFilter, Tx, document_digest};
use reports::committee::movement::{Moved, OfPaths, moved};
use reports::committee::outside::{Outside, outside_of};
use reports::entries::{EntriesReport, EntryFact, Figures};
use reports::table::Table;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wording::committee as words;

use super::{Committee, ImportLine, keeps_committee, line};
use crate::report::{fact, lot_row, regional};
use crate::{App, AppError, new_id};

/// Longest title.
const TITLE: usize = 200;

/// A table as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedTable {
    pub kind: TableKind,
    /// The day that its figures are of.
    pub as_of: Day,
    /// The scheme of a sheet of evaluation.
    pub scheme: Option<String>,
    /// The file that gave it.
    pub import: Option<Uuid>,
    pub table: Table,
    /// What stands beside it: equity, with the entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equity: Option<Table>,
    /// What readers outside get of both.
    pub outside: Option<Table>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equity_outside: Option<Table>,
    /// The rows that come from the paths.
    pub of_paths: Vec<usize>,
    /// Whether what readers outside get was masked with the other tables; it was not in the first photographs.
    #[serde(default)]
    pub together: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Content {
    tables: Vec<SealedTable>,
    differences: Option<Table>,
}

impl Content {
    /// What readers outside get of it.
    pub(super) fn outside(&self) -> Vec<Table> {
        outside_tables(&self.tables)
    }
}

/// The content of a photograph, as the store keeps it.
///
/// # Errors
/// It is none: a fault of ours.
pub(super) fn content_of(text: &str) -> Result<Content, AppError> {
    serde_json::from_str(text).map_err(|error| AppError::Typesetting(error.to_string()))
}

/// A photograph as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotographLine {
    pub photograph: CommitteePhotograph,
    /// The name of who sealed it.
    pub by: String,
}

/// A photograph with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photograph {
    pub line: PhotographLine,
    pub tables: Vec<SealedTable>,
    /// What was printed in the tables and did not follow.
    pub differences: Option<Table>,
}

/// What moved in a table since it was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableMoved {
    pub title: String,
    /// The files before and now, when they are not the same.
    pub files: Option<(Option<ImportLine>, Option<ImportLine>)>,
    /// The table was not there.
    pub added: bool,
    pub cells: Vec<CellMoved>,
}

/// A cell that moved, with what made it so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellMoved {
    pub moved: Moved,
    /// The file that took the place of another.
    pub file: bool,
    /// Ranks of the paths that count otherwise.
    pub paths: Vec<usize>,
}

/// How an entry counts otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryChange {
    /// It counts since.
    Counted,
    /// It counts no more.
    Withdrawn,
    /// What is counted of it is something else.
    Corrected,
}

/// A path whose entry counts otherwise than when the photograph was sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct PathMoved {
    /// None once the link of the entry with its path was severed.
    pub path: Option<PathReference>,
    pub change: EntryChange,
    /// What was recorded since, by whom and when.
    pub event: Option<Recorded>,
    /// The row of its lot.
    lot: String,
    /// Which columns it moves.
    columns: [bool; 6],
}

/// What moved since a photograph was sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotographMovement {
    pub tables: Vec<TableMoved>,
    pub paths: Vec<PathMoved>,
}

impl SealedTable {
    /// Itself, then what stands beside it.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        std::iter::once(&self.table).chain(&self.equity)
    }
}

impl Photograph {
    /// The tables, then what did not follow in them.
    pub fn all(&self) -> Vec<Table> {
        let tables = self.tables.iter().flat_map(SealedTable::tables).cloned();
        tables.chain(self.differences.clone()).collect()
    }

    /// What readers outside get of it.
    pub fn outside(&self) -> Vec<Table> {
        outside_tables(&self.tables)
    }
}

impl PhotographMovement {
    /// Whether nothing is other than what was sealed.
    pub fn is_none(&self) -> bool {
        self.tables.is_empty()
    }
}

impl App {
    /// Seals the tables of a day as they are known now, under a title. The last photograph of the day, when it holds the same
    /// under the same title, is the answer.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for whoever does not decide at the Region; [`AppError::Invalid`] for a title that makes no sense;
    /// the store does not answer.
    pub async fn seal_committee(&self, actor: &Actor, as_of: Day, title: &str) -> Result<Uuid, AppError> {
        regional(actor)?;
        let account = actor.account().filter(|_| keeps_committee(actor)).ok_or(AppError::Forbidden)?;
        let title = title.trim();
        let problem = match title.chars().count() {
            0 => Some(FieldProblem::Missing),
            1..=TITLE => title.chars().any(char::is_control).then_some(FieldProblem::ControlCharacters),
            _ => Some(FieldProblem::TooLong { max: TITLE }),
        };
        if let Some(problem) = problem {
            return Err(AppError::Invalid(vec![FieldError { field: "title".to_owned(), problem }]));
        }
        let tx = self.store().begin_write().await?;
        let now = domain::calendar::micros(tx.now().await?);
        let committee = self.committee_in(&tx, as_of, Some(now)).await?;
        let content = Content { tables: sealed(&committee), differences: committee.differences() };
        let imports = content.tables.iter().filter_map(|table| table.import).collect();
        let content = serde_json::to_string(&content).map_err(|error| AppError::Typesetting(error.to_string()))?;
        let photograph = CommitteePhotograph {
            id: new_id(),
            as_of,
            sealed_at: now,
            sealed_by: account,
            title: title.to_owned(),
            imports,
            sha256: document_digest(content.as_bytes()),
        };
        let photographs = tx.committee_photographs().await?;
        let last = photographs.into_iter().find(|last| last.as_of == as_of);
        if let Some(last) = last.filter(|last| (&last.sha256, last.title.as_str()) == (&photograph.sha256, title)) {
            return Ok(last.id);
        }
        tx.insert_committee_photograph(&photograph, &content).await?;
        tx.commit().await?;
        tracing::info!(as_of = %as_of, "the tables of the committee were sealed");
        Ok(photograph.id)
    }

    /// The photographs, the last first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for those who are not of the Region; the store does not answer.
    pub async fn photographs(&self, actor: &Actor) -> Result<Vec<PhotographLine>, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let mut lines = Vec::new();
        for photograph in tx.committee_photographs().await? {
            lines.push(named(&tx, photograph).await?);
        }
        Ok(lines)
    }

    /// A photograph, as it was sealed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none; as [`App::photographs`].
    pub async fn photograph(&self, actor: &Actor, id: Uuid) -> Result<Photograph, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let (photograph, content) = tx.committee_photograph(id).await?.ok_or(AppError::NotFound)?;
        let content = content_of(&content)?;
        let line = named(&tx, photograph).await?;
        Ok(Photograph { line, tables: content.tables, differences: content.differences })
    }

    /// What moved since a photograph was sealed, and why.
    ///
    /// # Errors
    /// As [`App::photographs`].
    pub async fn photograph_movement(
        &self,
        actor: &Actor,
        photograph: &Photograph,
    ) -> Result<PhotographMovement, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let of = &photograph.line.photograph;
        let now = self.committee_in(&tx, of.as_of, None).await?;
        let accounts = tx.accounts().await?;
        let imports = tx.committee_imports().await?;
        let file = |id: Option<Uuid>| {
            let import = imports.iter().find(|import| Some(import.id) == id)?;
            Some(line(import.clone(), &accounts))
        };
        let entries = photograph.tables.iter().find(|sealed| sealed.kind == TableKind::Entries);
        let paths = match entries {
            Some(entries) => self.paths_moved(&tx, entries.as_of, of.sealed_at).await?,
            None => Vec::new(),
        };
        let mut tables = Vec::new();
        for table in &now.tables {
            let made = &table.made;
            let import = table.import.as_ref().map(|import| import.id);
            let same = |sealed: &&SealedTable| (sealed.kind, &sealed.scheme) == (made.kind, &made.scheme);
            let Some(sealed) = photograph.tables.iter().find(same) else {
                let (title, files) = (made.table.title.clone(), Some((None, file(import))));
                tables.push(TableMoved { title, files, added: true, cells: Vec::new() });
                continue;
            };
            let replaced = sealed.import != import;
            let other_day = sealed.as_of != made.as_of;
            let cause = |moved: Moved| CellMoved {
                file: replaced && (other_day || moved.paths != OfPaths::Own),
                paths: if other_day { Vec::new() } else { concerned(&paths, &moved) },
                moved,
            };
            let cells: Vec<CellMoved> = moved((&sealed.table, &sealed.of_paths), (&made.table, &made.of_paths))
                .into_iter()
                .map(cause)
                .collect();
            if replaced || !cells.is_empty() {
                let files = replaced.then(|| (file(sealed.import), file(import)));
                tables.push(TableMoved { title: sealed.table.title.clone(), files, added: false, cells });
            }
        }
        Ok(PhotographMovement { tables, paths })
    }

    /// The paths whose entry counts otherwise than it did at an instant, in the year up to a day.
    async fn paths_moved(&self, tx: &Tx, as_of: Day, sealed_at: Instant) -> Result<Vec<PathMoved>, AppError> {
        let filter = |known_at| StatisticFilter {
            entered_from: Some(EntriesReport::since(as_of)),
            entered_until: Some(as_of),
            known_at,
            ..StatisticFilter::default()
        };
        let (was, is) = (tx.statistics(&filter(Some(sealed_at))).await?, tx.statistics(&filter(None)).await?);
        // One entry of a path counts at a time; one severed from its path is known by its event.
        let key = |one: &EntryStatistic| one.path.map_or_else(|| one.event.uuid(), PathId::uuid);
        let mut both: BTreeMap<Uuid, (Option<&EntryStatistic>, Option<&EntryStatistic>)> = BTreeMap::new();
        for one in &was {
            both.entry(key(one)).or_default().0 = Some(one);
        }
        for one in &is {
            both.entry(key(one)).or_default().1 = Some(one);
        }
        let book = self.book(tx).await?;
        let mut found = Vec::new();
        for (was, is) in both.into_values() {
            let (change, one) = match (was, is) {
                (None, Some(is)) => (EntryChange::Counted, is),
                (Some(was), None) => (EntryChange::Withdrawn, was),
                (Some(_), Some(is)) => (EntryChange::Corrected, is),
                (None, None) => continue,
            };
            let columns = columns(was.map(fact), is.map(fact));
            if columns == [false; 6] {
                continue;
            }
            let path = match one.path {
                Some(path) => tx.path_by_id(path).await?,
                None => None,
            };
            let event = match &path {
                Some(stored) => cause(&tx.path_events(stored.path.id).await?, was, is),
                None => None,
            };
            found.push(PathMoved {
                path: path.map(|stored| stored.path.reference),
                change,
                event,
                lot: lot_row(&book, &one.market, &one.lot, as_of),
                columns,
            });
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }
}

/// What readers outside get of sealed tables: not those that may say what another one withholds.
fn outside_tables(tables: &[SealedTable]) -> Vec<Table> {
    let tells = |kind: TableKind| matches!(kind, TableKind::Yearly | TableKind::Sectors | TableKind::Evaluation);
    let safe = tables.iter().filter(|sealed| sealed.together || !tells(sealed.kind));
    safe.flat_map(|sealed| sealed.outside.iter().chain(&sealed.equity_outside)).cloned().collect()
}

/// The tables of the committee as they are kept.
fn sealed(committee: &Committee) -> Vec<SealedTable> {
    let of = |(table, (outside, equity_outside)): (&super::CommitteeTable, Outside)| SealedTable {
        kind: table.made.kind,
        as_of: table.made.as_of,
        scheme: table.made.scheme.clone(),
        import: table.import.as_ref().map(|import| import.id),
        outside: Some(outside),
        equity_outside,
        of_paths: table.made.of_paths.clone(),
        table: table.made.table.clone(),
        equity: table.made.equity.clone(),
        together: true,
    };
    committee.tables.iter().zip(outside_of(&committee.made(), &[], words::SOURCE_OF_JALON)).map(of).collect()
}

async fn named(tx: &Tx, photograph: CommitteePhotograph) -> Result<PhotographLine, AppError> {
    let account = tx.account(photograph.sealed_by).await?;
    Ok(PhotographLine { by: account.map_or_else(String::new, |account| account.name), photograph })
}

/// The columns that an entry moves: all of them when it counts or counts no more, since each share is of all entries.
fn columns(was: Option<EntryFact>, is: Option<EntryFact>) -> [bool; 6] {
    match (&was, &is) {
        (Some(was), Some(is)) => {
            let figures = |fact: &EntryFact| {
                let one = Figures::count([fact]);
                [one.entries, one.level_4_and_below, one.rsa, one.boe, one.over_45, one.under_26]
            };
            let (was, is) = (figures(was), figures(is));
            std::array::from_fn(|column| was[column] != is[column])
        }
        _ => [true; 6],
    }
}

/// The event that made an entry count otherwise: the one that recorded what counts now, else the one that withdrew it.
fn cause(events: &[Recorded], was: Option<&EntryStatistic>, is: Option<&EntryStatistic>) -> Option<Recorded> {
    let found = match (was, is) {
        (_, Some(is)) => events.iter().find(|recorded| recorded.id == is.event),
        (Some(was), None) => {
            let at = was.annulled_at?;
            let withdrew = |recorded: &&Recorded| recorded.recorded_at >= at && recorded.id != was.event;
            events.iter().find(withdrew)
        }
        (None, None) => None,
    };
    found.cloned()
}

/// The paths that a cell follows from, of those that moved.
fn concerned(paths: &[PathMoved], moved: &Moved) -> Vec<usize> {
    let of_lot = |path: &PathMoved| match moved.paths {
        OfPaths::Not => false,
        OfPaths::Above => true,
        OfPaths::Own => match moved.row.last() {
            // A lot names its row; the row above the lots is theirs together.
            Some(row) if moved.row.len() > 1 && *row == path.lot => true,
            Some(row) => paths.iter().all(|other| other.lot != *row),
            None => false,
        },
    };
    let column = moved.rank.saturating_sub(1);
    let ranks = paths.iter().enumerate();
    ranks.filter(|(_, path)| path.columns.get(column) == Some(&true) && of_lot(path)).map(|(rank, _)| rank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_of_before_tables_were_masked_together_gives_no_table_that_may_tell() {
        let table = || Table {
            title: String::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            notes: Vec::new(),
            outline: reports::table::Outline::default(),
        };
        let sealed = |kind, together| SealedTable {
            kind,
            as_of: Day::default(),
            scheme: None,
            import: None,
            table: table(),
            equity: None,
            outside: Some(table()),
            equity_outside: None,
            of_paths: Vec::new(),
            together,
        };
        let kinds = [TableKind::Entries, TableKind::Yearly, TableKind::Programme, TableKind::Sectors];
        let tables = |together| kinds.map(|kind| sealed(kind, together));
        assert_eq!(outside_tables(&tables(true)).len(), 4);
        // As the first photographs were written.
        let mut old = serde_json::to_value(tables(true)).expect("JSON");
        for table in old.as_array_mut().expect("a list") {
            table.as_object_mut().expect("a table").remove("together");
        }
        let old: Vec<SealedTable> = serde_json::from_value(old).expect("a photograph of before");
        assert_eq!(outside_tables(&old).len(), 2, "entries and programme");
    }
}
