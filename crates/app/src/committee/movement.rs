//! What moved since a photograph was sealed, and why.
//!
//! The same day as it is known now stands beside what was sealed, and between both the same day from the files of then and the paths of
//! now: what changes before it was moved by paths, what changes after it by a file that took the place of another. Each cell that is
//! another is told with its causes; a path whose entry counts otherwise is told with what was recorded, by whom and when.

use std::collections::BTreeMap;

use chrono::Datelike;
use domain::committee::TableKind;
use domain::figures::{Moment, Slot, Standing};
use domain::identifiers::{PathId, PathReference};
use domain::path::command::Outcome;
use domain::path::{Event, Recorded};
use domain::people::Actor;
use domain::{Day, Instant};
use persistence::{EntryStatistic, StatisticFilter, Tx};
use reports::committee::Compared;
use reports::committee::movement::{Moved, OfPaths, Side, moved};
use reports::entries::{EntriesReport, EntryFact, Figures};
use uuid::Uuid;
use wording::committee as words;
use wording::committee::evaluation::Indicator;

use super::{Committee, CommitteeTable, ImportLine, Known, Photograph, SealedTable, line};
use crate::report::{fact, lot_row, regional};
use crate::{App, AppError};

/// What moved in a table since it was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableMoved {
    pub title: String,
    /// When it is not the same file that gives it, or none.
    pub files: Option<FilesMoved>,
    pub cells: Vec<CellMoved>,
}

/// Which file gives a table, before and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilesMoved {
    Replaced {
        before: Option<ImportLine>,
        now: Option<ImportLine>,
    },
    /// The table was not there; it comes from a file, or from the paths.
    Added(Option<ImportLine>),
    /// The table is there no more: its file does not read any more, or nobody is counted in it.
    Gone(Option<ImportLine>),
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
    /// What became of the person is something else.
    Ended,
}

/// A path whose entry counts otherwise than when the photograph was sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct PathMoved {
    /// None once the link of the entry with its path was severed.
    pub path: Option<PathReference>,
    pub change: EntryChange,
    /// What was recorded since, by whom and when.
    pub event: Option<Recorded>,
    /// The day up to which it is counted.
    pub as_of: Day,
    /// The row of its lot.
    lot: String,
    /// Which columns of the entries it moves.
    columns: [bool; 6],
    /// Whether it moves what the sheet of evaluation alone says of the person.
    person: bool,
}

/// What moved since a photograph was sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotographMovement {
    pub tables: Vec<TableMoved>,
    pub paths: Vec<PathMoved>,
}

impl PhotographMovement {
    /// Whether nothing is other than what was sealed.
    pub fn is_none(&self) -> bool {
        self.tables.is_empty()
    }
}

impl App {
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
        let (sealed_at, as_of) = (photograph.line.photograph.sealed_at, photograph.line.photograph.as_of);
        let of_files = Known { files: Some(sealed_at), paths: None };
        let now = self.committee_in(&tx, as_of, Known::all_at(None)).await?;
        let through = self.committee_in(&tx, as_of, of_files).await?;
        let accounts = tx.accounts().await?;
        let imports = tx.committee_imports().await?;
        let file = |id: Option<Uuid>| {
            let import = imports.iter().find(|import| Some(import.id) == id)?;
            Some(line(import.clone(), &accounts))
        };
        let sealed_entries = photograph.tables.iter().find(|sealed| sealed.kind == TableKind::Entries);
        let mut paths = match sealed_entries {
            Some(entries) => self.paths_moved(&tx, entries.as_of, sealed_at).await?,
            None => Vec::new(),
        };
        let mut tables = Vec::new();
        for sealed in &photograph.tables {
            let found = |committee: &'_ Committee| committee.tables.iter().position(|table| same(sealed, table));
            let Some(is) = found(&now).map(|at| &now.tables[at]) else {
                let files = Some(FilesMoved::Gone(file(sealed.import)));
                tables.push(TableMoved { title: sealed.table.title.clone(), files, cells: Vec::new() });
                continue;
            };
            let import = is.import.as_ref().map(|import| import.id);
            let files = (sealed.import != import)
                .then(|| FilesMoved::Replaced { before: file(sealed.import), now: file(import) });
            let between = found(&through).map(|at| &through.tables[at].made);
            let cells = cells(
                (&sealed.table, &sealed.of_paths),
                between.map(|made| (&made.table, made.of_paths.as_slice())),
                (&is.made.table, &is.made.of_paths),
                |moved| match sealed.kind {
                    TableKind::Evaluation => of_sheet(&paths, moved),
                    _ => concerned(&paths, moved, moved.rank.saturating_sub(1)),
                },
            );
            if files.is_some() || !cells.is_empty() {
                tables.push(TableMoved { title: sealed.table.title.clone(), files, cells });
            }
            // Of equity every row is of the paths, and of the others.
            if let (Some(was), Some(is)) = (&sealed.equity, &is.made.equity) {
                let rows: Vec<usize> = (0..was.rows.len().max(is.rows.len())).collect();
                let between = between.and_then(|made| made.equity.as_ref());
                let cells =
                    self::cells((was, &rows), between.map(|table| (table, rows.as_slice())), (is, &rows), |moved| {
                        let part =
                            words::PARTS_SHORT.iter().position(|part| moved.row.last().is_some_and(|row| row == part));
                        part.map_or_else(Vec::new, |part| concerned(&paths, moved, part + 1))
                    });
                if !cells.is_empty() {
                    tables.push(TableMoved { title: was.title.clone(), files: None, cells });
                }
            }
        }
        for table in now.tables.iter().filter(|table| photograph.tables.iter().all(|sealed| !same(sealed, table))) {
            let files = Some(FilesMoved::Added(file(table.import.as_ref().map(|import| import.id))));
            tables.push(TableMoved { title: table.made.table.title.clone(), files, cells: Vec::new() });
        }
        if let Some(sealed) = &photograph.compared {
            let before = self.committee_in(&tx, sealed.before, Known::all_at(None)).await?;
            let before_through = self.committee_in(&tx, sealed.before, of_files).await?;
            let of_before = paths.len();
            if let Some(entries) = before_through.tables.iter().find(|table| table.made.kind == TableKind::Entries) {
                paths.extend(self.paths_moved(&tx, entries.made.as_of, sealed_at).await?);
            }
            let between = through.compared(&before_through, false);
            if let Some(Compared { tables: is, of_paths }) = now.compared(&before, false) {
                for (rank, (was, is)) in sealed.tables.iter().zip(&is).enumerate() {
                    let between = between.as_ref().map(|it| (&it.tables[rank], it.of_paths.as_slice()));
                    let cells = cells((was, &sealed.of_paths), between, (is, &of_paths), |moved| {
                        let (column, dates) = in_comparison(rank, moved.rank);
                        let found = concerned(&paths, moved, column).into_iter();
                        found.filter(|path| dates[usize::from(*path >= of_before)]).collect()
                    });
                    if !cells.is_empty() {
                        tables.push(TableMoved { title: was.title.clone(), files: None, cells });
                    }
                }
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
        let ended = self.ends_moved(tx, as_of, sealed_at).await?;
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
            let Some(one) = is.or(was) else { continue };
            let (columns, person) = differing(was.map(fact), is.map(fact));
            let ended = one.path.and_then(|path| ended.get(&path)).filter(|_| was.is_some() && is.is_some());
            let change = match (was, is) {
                (None, _) => EntryChange::Counted,
                (_, None) => EntryChange::Withdrawn,
                _ if columns != [false; 6] || person => EntryChange::Corrected,
                _ if ended.is_some() => EntryChange::Ended,
                _ => continue,
            };
            let path = match one.path {
                Some(path) => tx.path_by_id(path).await?,
                None => None,
            };
            let events = match &path {
                Some(stored) => tx.path_events(stored.path.id).await?,
                None => Vec::new(),
            };
            let event = match (change, ended) {
                (EntryChange::Ended, Some(at)) => events.into_iter().find(|recorded| recorded.recorded_at == *at),
                _ => cause(&events, was, is),
            };
            found.push(PathMoved {
                path: path.map(|stored| stored.path.reference),
                change,
                event,
                as_of,
                lot: lot_row(&book, &one.market, &one.lot, as_of),
                columns,
                person: person || ended.is_some(),
            });
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// The paths of entries of the year up to a day of which the end is another than it was known to be at an instant, each with the
    /// instant at which that was recorded.
    async fn ends_moved(&self, tx: &Tx, as_of: Day, sealed_at: Instant) -> Result<BTreeMap<PathId, Instant>, AppError> {
        let told = |ended: Option<(Outcome, Day)>| ended.map(|(outcome, _)| outcome);
        let kept = self.counted(tx).await?;
        let mut found = BTreeMap::new();
        for path in kept.entered_in(as_of.year()) {
            let at = |known_at| Standing::of(&path.facts, Moment { as_of, known_at });
            let (was, is) = (at(Some(sealed_at)), at(None));
            if was.and_then(|path| told(path.ended)) == is.and_then(|path| told(path.ended)) {
                continue;
            }
            let of_end = path.facts.values.iter().filter(|dated| dated.value.slot() == Slot::Ended);
            let since =
                of_end.flat_map(|dated| [Some(dated.known), dated.until]).flatten().filter(|at| *at > sealed_at);
            found.extend(since.max().map(|at| (path.id, at)));
        }
        Ok(found)
    }
}

fn same(sealed: &SealedTable, table: &CommitteeTable) -> bool {
    (sealed.kind, &sealed.scheme) == (table.made.kind, &table.made.scheme)
}

/// The cells that moved, with what made them so; `of` are the paths that a cell follows from.
fn cells(
    sealed: Side<'_>,
    through: Option<Side<'_>>,
    now: Side<'_>,
    of: impl Fn(&Moved) -> Vec<usize>,
) -> Vec<CellMoved> {
    let cause = |moved: Moved| CellMoved {
        file: moved.by_file(),
        paths: if moved.by_paths() { of(&moved) } else { Vec::new() },
        moved,
    };
    moved(sealed, through, now).into_iter().map(cause).collect()
}

/// The columns that an entry moves, all of them when it counts or counts no more since each share is of all entries; and whether what
/// the sheet of evaluation alone says moves.
fn differing(was: Option<EntryFact>, is: Option<EntryFact>) -> ([bool; 6], bool) {
    match (&was, &is) {
        (Some(was), Some(is)) => {
            let figures = |fact: &EntryFact| {
                let one = Figures::count([fact]);
                [one.entries, one.level_4_and_below, one.rsa, one.boe, one.over_45, one.under_26]
            };
            let person = |fact: &EntryFact| (fact.sex, fact.age > 50, fact.age > 56);
            let (before, after) = (figures(was), figures(is));
            (std::array::from_fn(|column| before[column] != after[column]), person(was) != person(is))
        }
        _ => ([true; 6], true),
    }
}

/// The event that made an entry count otherwise: the one that recorded what counts now, else the last that annulled the entry, or
/// corrected it out of what is counted.
fn cause(events: &[Recorded], was: Option<&EntryStatistic>, is: Option<&EntryStatistic>) -> Option<Recorded> {
    let found = match (was, is) {
        (_, Some(is)) => events.iter().find(|recorded| recorded.id == is.event),
        (Some(was), None) => {
            let at = was.annulled_at?;
            let since =
                || events.iter().rev().filter(|recorded| recorded.recorded_at >= at && recorded.id != was.event);
            let annulled = since().find(|recorded| matches!(recorded.event, Event::EntryAnnulled { .. }));
            let corrected = || since().find(|recorded| matches!(recorded.event, Event::DatumCorrected { .. }));
            annulled.or_else(corrected)
        }
        (None, None) => None,
    };
    found.cloned()
}

/// Of the paths that moved, those that a cell of a column of the entries follows from.
fn concerned(paths: &[PathMoved], moved: &Moved, column: usize) -> Vec<usize> {
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
    let ranks = paths.iter().enumerate();
    ranks.filter(|(_, path)| path.columns.get(column) == Some(&true) && of_lot(path)).map(|(rank, _)| rank).collect()
}

/// Those that an indicator of the sheet of evaluation follows from: what the entries say of a person too, or the sheet alone.
fn of_sheet(paths: &[PathMoved], moved: &Moved) -> Vec<usize> {
    const SAID: [Indicator; 6] = [
        Indicator::Beneficiaries,
        Indicator::Level4AndBelow,
        Indicator::MinimumIncome,
        Indicator::Disabled,
        Indicator::Over45,
        Indicator::Under26,
    ];
    let column = SAID.iter().position(|indicator| moved.row.last().is_some_and(|row| row == indicator.label()));
    let moves = |path: &PathMoved| column.map_or(path.person, |column| path.columns[column]);
    paths.iter().enumerate().filter(|(_, path)| moves(path)).map(|(rank, _)| rank).collect()
}

/// The column of the entries that a column of a comparison shows, and of which of its days, this one and the one before: the entries,
/// then the shares, stand at both days, then what is said of both.
fn in_comparison(table: usize, rank: usize) -> (usize, [bool; 2]) {
    let at = rank.saturating_sub(1);
    let (column, date) = if table == 0 { (0, at) } else { (at / 3 + 1, at % 3) };
    (column, [date != 1, date != 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_a_comparison_is_of_one_day_or_of_both() {
        assert_eq!(
            [1, 2, 3, 4].map(|rank| in_comparison(0, rank)),
            [(0, [true, false]), (0, [false, true]), (0, [true, true]), (0, [true, true])]
        );
        assert_eq!(
            [1, 2, 3, 4, 15].map(|rank| in_comparison(1, rank)),
            [(1, [true, false]), (1, [false, true]), (1, [true, true]), (2, [true, false]), (5, [true, true])]
        );
    }
}
