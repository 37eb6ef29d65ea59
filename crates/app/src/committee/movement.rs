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
use domain::people::{Actor, Sex};
use domain::{Day, Instant};
use persistence::{EntryStatistic, StatisticFilter, Tx};
use reports::committee::movement::{Moved, OfPaths, Side, moved};
use reports::committee::{Compared, folded};
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
        now: ImportLine,
    },
    /// The sheet came from the paths.
    TakenOver(ImportLine),
    /// The table was not there; it comes from a file, or from the paths.
    Added(Option<ImportLine>),
    /// The file does not read any more.
    Unread(ImportLine),
    /// The file is not the one of that day any more.
    NotOfDay(ImportLine),
    /// Nobody is counted in the sheet of the paths.
    Nobody,
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
    /// The row of its lot, and that of the lot which it left.
    lots: Vec<String>,
    /// Which columns of the entries it moves.
    columns: [bool; 6],
    /// Which indicators of the sheet of evaluation it moves that are no column of the entries.
    indicators: Vec<Indicator>,
}

/// What moved since a photograph was sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotographMovement {
    pub tables: Vec<TableMoved>,
    pub paths: Vec<PathMoved>,
}

impl PhotographMovement {
    /// Without the paths that moved no cell.
    fn explained(mut self) -> Self {
        let mut cells: Vec<&mut CellMoved> = self.tables.iter_mut().flat_map(|table| &mut table.cells).collect();
        let mut ranks = Vec::new();
        for (rank, _) in self.paths.iter().enumerate() {
            if cells.iter().any(|cell| cell.paths.contains(&rank)) {
                ranks.push(rank);
            }
        }
        for cell in &mut cells {
            cell.paths = cell.paths.iter().filter_map(|rank| ranks.binary_search(rank).ok()).collect();
        }
        let mut rank = 0..;
        self.paths.retain(|_| rank.next().is_some_and(|rank| ranks.binary_search(&rank).is_ok()));
        self
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
        let lost = |id: Option<Uuid>| match file(id) {
            None => FilesMoved::Nobody,
            Some(gone) if now.unread.iter().any(|(unread, _)| Some(unread.id) == id) => FilesMoved::Unread(gone),
            Some(gone) => FilesMoved::NotOfDay(gone),
        };
        let sealed_entries = photograph.tables.iter().find(|sealed| sealed.kind == TableKind::Entries);
        let mut paths = match sealed_entries {
            Some(entries) => self.paths_moved(&tx, entries.as_of, sealed_at).await?,
            None => Vec::new(),
        };
        let mut tables = Vec::new();
        for sealed in &photograph.tables {
            let found = |committee: &'_ Committee| twin(sealed, &committee.tables);
            let Some(is) = found(&now).map(|at| &now.tables[at]) else {
                let files = Some(lost(sealed.import));
                tables.push(TableMoved { title: sealed.table.title.clone(), files, cells: Vec::new() });
                continue;
            };
            let import = is.import.as_ref().map(|import| import.id);
            let files = (sealed.import != import).then(|| match (sealed.kind, file(sealed.import), file(import)) {
                (TableKind::Evaluation, None, Some(now)) => FilesMoved::TakenOver(now),
                (_, before, Some(now)) => FilesMoved::Replaced { before, now },
                (_, _, None) => lost(sealed.import),
            });
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
        let known: Vec<usize> = photograph.tables.iter().filter_map(|sealed| twin(sealed, &now.tables)).collect();
        let added = now.tables.iter().enumerate().filter(|(at, _)| !known.contains(at)).map(|(_, table)| table);
        // Photographs of before had no sheet of the paths.
        for table in added.filter(|table| table.import.is_some() || photograph.current) {
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
        Ok(PhotographMovement { tables, paths }.explained())
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
            let lot = |one: &EntryStatistic| (one.market.clone(), one.lot.clone());
            let moved_lot = was.map(lot) != is.map(lot);
            let (mut columns, mut indicators) = differing(was.map(fact), is.map(fact));
            if moved_lot {
                columns = [true; 6];
            }
            let ended = one.path.and_then(|path| ended.get(&path)).filter(|_| was.is_some() && is.is_some());
            let change = match (was, is) {
                (None, _) => EntryChange::Counted,
                (_, None) => EntryChange::Withdrawn,
                _ if columns != [false; 6] || !indicators.is_empty() => EntryChange::Corrected,
                _ if ended.is_some() => EntryChange::Ended,
                _ => continue,
            };
            indicators.extend(ended.into_iter().flat_map(|ended| ended.indicators.iter().copied()));
            let rows = was.into_iter().chain(is).map(|one| lot_row(&book, &one.market, &one.lot, as_of));
            let mut lots: Vec<String> = rows.collect();
            lots.dedup();
            let path = match one.path {
                Some(path) => tx.path_by_id(path).await?,
                None => None,
            };
            let events = match &path {
                Some(stored) => tx.path_events(stored.path.id).await?,
                None => Vec::new(),
            };
            let event = match (change, ended) {
                (EntryChange::Ended, Some(ended)) => {
                    events.into_iter().find(|recorded| recorded.recorded_at == ended.recorded_at)
                }
                _ => cause(&events, was, is),
            };
            found.push(PathMoved {
                path: path.map(|stored| stored.path.reference),
                change,
                event,
                as_of,
                lots,
                columns,
                indicators,
            });
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// The paths of entries of the year up to a day of which the end is another than it was known to be at an instant, each with the
    /// instant at which that was recorded.
    async fn ends_moved(
        &self,
        tx: &Tx,
        as_of: Day,
        sealed_at: Instant,
    ) -> Result<BTreeMap<PathId, EndMoved>, AppError> {
        let kept = self.counted(tx).await?;
        let mut found = BTreeMap::new();
        for path in kept.entered_in(as_of.year()) {
            let at = |known_at| {
                let standing = Standing::of(&path.facts, Moment { as_of, known_at })?;
                standing.ended.and_then(|(outcome, _)| of_end(outcome))
            };
            let (was, is) = (at(Some(sealed_at)), at(None));
            if was == is {
                continue;
            }
            let of_end = path.facts.values.iter().filter(|dated| dated.value.slot() == Slot::Ended);
            let since =
                of_end.flat_map(|dated| [Some(dated.known), dated.until]).flatten().filter(|at| *at > sealed_at);
            let indicators = was.into_iter().chain(is).collect();
            found.extend(since.max().map(|recorded_at| (path.id, EndMoved { recorded_at, indicators })));
        }
        Ok(found)
    }
}

/// An end that is another, since when, and what it moves.
struct EndMoved {
    recorded_at: Instant,
    indicators: Vec<Indicator>,
}

/// What the sheet of evaluation counts an end as.
fn of_end(outcome: Outcome) -> Option<Indicator> {
    match outcome {
        Outcome::DroppedOut => Some(Indicator::DroppedOut),
        Outcome::EarlyExitForJob | Outcome::EarlyExitForTraining => Some(Indicator::EarlyExits),
        Outcome::Completed
        | Outcome::NotFullyProven
        | Outcome::Excluded
        | Outcome::StoppedByCompany
        | Outcome::StoppedByBody
        | Outcome::StoppedByRegion
        | Outcome::ForceMajeure => None,
    }
}

/// The table that a sealed one is compared with: of the same kind and scheme, and of the same origin when there are two.
fn twin(sealed: &SealedTable, tables: &[CommitteeTable]) -> Option<usize> {
    let name = |scheme: &Option<String>| scheme.as_deref().map(folded);
    let own = |table: &CommitteeTable| table.import.is_none() && table.made.kind == TableKind::Evaluation;
    let of_paths = sealed.import.is_none() && sealed.kind == TableKind::Evaluation;
    let same = |table: &&CommitteeTable| {
        sealed.kind == table.made.kind && (name(&sealed.scheme) == name(&table.made.scheme) || (of_paths && own(table)))
    };
    let position = |of: &dyn Fn(&CommitteeTable) -> bool| tables.iter().position(|table| same(&table) && of(table));
    position(&|table| own(table) == of_paths).or_else(|| position(&|_| true))
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

/// Indicators of the sheet of evaluation that are no column of the entries.
const OF_SHEET: [Indicator; 6] = [
    Indicator::Men,
    Indicator::Women,
    Indicator::Over50,
    Indicator::Over56,
    Indicator::DroppedOut,
    Indicator::EarlyExits,
];

/// The columns and the indicators that an entry moves: all of them when it counts or counts no more, since each share is of all
/// entries.
fn differing(was: Option<EntryFact>, is: Option<EntryFact>) -> ([bool; 6], Vec<Indicator>) {
    let (Some(was), Some(is)) = (&was, &is) else { return ([true; 6], OF_SHEET.into()) };
    let figures = |fact: &EntryFact| {
        let one = Figures::count([fact]);
        [one.entries, one.level_4_and_below, one.rsa, one.boe, one.over_45, one.under_26]
    };
    let (before, after) = (figures(was), figures(is));
    let of = |fact: &EntryFact| [fact.sex == Sex::Male, fact.sex == Sex::Female, fact.age > 50, fact.age > 56];
    let indicators = OF_SHEET.into_iter().zip(of(was).into_iter().zip(of(is)));
    (
        std::array::from_fn(|column| before[column] != after[column]),
        indicators.filter(|(_, (was, is))| was != is).map(|(indicator, _)| indicator).collect(),
    )
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
            Some(row) if moved.row.len() > 1 && path.lots.contains(row) => true,
            Some(row) => paths.iter().all(|other| !other.lots.contains(row)),
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
    let named = |indicator: &Indicator| moved.row.last().is_some_and(|row| row == indicator.label());
    let column = SAID.iter().position(named);
    let moves = |path: &PathMoved| match column {
        Some(column) => path.columns[column],
        None => path.indicators.iter().any(named),
    };
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
