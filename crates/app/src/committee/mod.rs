//! The steering committee: the tables of the other schemes as they are received, and those of a day put together with the paths.
//!
//! Rules kept here: a file is checked whole before it is kept, and refused whole; what is kept is never changed, a later file of
//! the same kind, day and scheme takes its place for readers; the tables of a day are those known at an instant. Who decides at
//! the Region imports, whoever reads its figures reads.

mod imports;
mod movement;
mod photographs;
mod windows;

use chrono::DateTime;
use domain::committee::{TableKind, in_force};
use domain::figures::Moment;
use domain::people::{Account, Actor, StaffRole};
use domain::security::SecurityEvent;
use domain::{Day, Instant};
use persistence::{CommitteeImport, Tx};
use reports::committee::outside::outside;
use reports::committee::{Entries, Sheet, assembly, file, template};
use reports::entries::Figures;
use uuid::Uuid;
use wording::committee as words;

use crate::report::regional;
use crate::security_log::record;
use crate::{App, AppError, Visitor};

pub use imports::{NewTable, TableImport};
pub use movement::{CellMoved, EntryChange, FilesMoved, PathMoved, PhotographMovement, TableMoved};
pub use photographs::{Photograph, PhotographLine, SealedComparison, SealedTable};
pub use reports::committee::differences::hundredths;
pub use reports::committee::import::BYTES;
pub use reports::committee::movement::{Moved, OfPaths};
pub use reports::committee::{Compared, FileFormat, Made, Problem};
pub use reports::table::{Cell, ColumnKind, Line, Rank, Table};
pub(crate) use windows::PartnerFiles;
pub use windows::{OpenWindow, PARTNER_FORMATS, WindowLine, WindowOfLink, WindowStanding, proposed_until};

/// Whether someone may import the tables of the other schemes, seal what the committee read, and open it to partners.
pub fn keeps_committee(actor: &Actor) -> bool {
    matches!(actor, Actor::Staff { role: StaffRole::RegionOfficer, .. })
}

/// A table with the file that gave it; the entries of the paths alone have none.
#[derive(Debug, Clone)]
pub struct CommitteeTable {
    pub made: Made,
    pub import: Option<CommitteeImport>,
}

/// The tables of a day.
#[derive(Debug, Clone)]
pub struct Committee {
    pub as_of: Day,
    /// As known at that instant; everything that is known when left out.
    pub known_at: Option<Instant>,
    pub tables: Vec<CommitteeTable>,
    /// Whether the entries of the paths are those that the Region's figures list.
    pub listed: bool,
    /// Files that were taken once and do not read any more.
    pub unread: Vec<(CommitteeImport, Vec<Problem>)>,
}

/// As of which instants the files and the paths are known; everything that is known when left out.
#[derive(Debug, Clone, Copy)]
struct Known {
    files: Option<Instant>,
    paths: Option<Instant>,
}

impl Known {
    fn all_at(instant: Option<Instant>) -> Self {
        Self { files: instant, paths: instant }
    }
}

/// A file of the committee with who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportLine {
    pub import: CommitteeImport,
    /// The name of who imported it.
    pub by: String,
}

impl Committee {
    /// The tables as they were made.
    fn made(&self) -> Vec<Made> {
        self.tables.iter().map(|table| table.made.clone()).collect()
    }

    /// What was printed in the tables and does not follow; none when everything does.
    pub fn differences(&self) -> Option<Table> {
        assembly::differences_table(&self.made())
    }

    /// The tables, then what does not follow in them.
    pub fn all(&self) -> Vec<Table> {
        assembly::tables(&self.made())
    }

    /// The tables for readers outside: small numbers masked.
    pub fn outside(&self) -> Vec<Table> {
        outside(&self.made(), &[], words::SOURCE_OF_JALON)
    }

    /// The tables with the entries and the shares beside those of another day, all of them or what readers outside get.
    pub fn with(&self, before: &Self, for_outside: bool) -> Vec<Table> {
        let mut tables = match for_outside {
            true => outside(&self.made(), &before.made(), words::SOURCE_OF_JALON),
            false => self.all(),
        };
        let compared = self.compared(before, for_outside);
        tables.splice(1..1, compared.into_iter().flat_map(|compared| compared.tables));
        tables
    }

    /// The entries and the shares beside those of another day, a table each; none when either day has no entries.
    pub fn compared(&self, before: &Self, for_outside: bool) -> Option<Compared> {
        assembly::compared(&self.made(), &before.made(), for_outside, words::SOURCE_OF_JALON)
    }

    /// Whether a kind of table was given.
    pub fn has(&self, kind: TableKind) -> bool {
        self.tables.iter().any(|table| table.made.kind == kind && table.import.is_some())
    }
}

impl App {
    /// The tables of a day, each from its last file up to it, as known at an instant (now by default); FEST from the paths.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for those who are not of the Region; the store does not answer.
    pub async fn committee(&self, actor: &Actor, as_of: Day, known_at: Option<Instant>) -> Result<Committee, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        self.committee_in(&tx, as_of, Known::all_at(known_at)).await
    }

    async fn committee_in(&self, tx: &Tx, as_of: Day, known: Known) -> Result<Committee, AppError> {
        let imports = tx.committee_imports().await?;
        let chosen = in_force(&imports, as_of, known.files.unwrap_or(DateTime::<chrono::Utc>::MAX_UTC));
        let mut files = Vec::new();
        for import in chosen {
            files.extend(tx.committee_file(import.id).await?);
        }
        let entries = files.iter().find(|file| file.import.kind == TableKind::Entries);
        let on = entries.map_or(as_of, |file| file.import.as_of);
        let report = self.entries_in(tx, on, known.paths).await?;
        let market = self.counted_market(tx, Moment { as_of: on, known_at: known.paths }).await?;
        let listed = report.ends.is_some() && report.market.is_some() && report.market == market;
        let reading = tokio::task::spawn_blocking(move || {
            let mut committee =
                Committee { as_of, known_at: known.paths, tables: Vec::new(), listed, unread: Vec::new() };
            for file in files {
                let import = file.import.clone();
                match imports::sheet(&file) {
                    Ok(sheet) => {
                        let day = import.as_of;
                        committee.tables.push(made_of(sheet, Some(import), day, (&report.total, &report.lots)));
                    }
                    Err(refused) => committee.unread.push((import, refused.problems)),
                }
            }
            if committee.tables.iter().all(|table| table.made.kind != TableKind::Entries) {
                let alone = made_of(Sheet::Entries(Entries::none()), None, on, (&report.total, &report.lots));
                committee.tables.insert(0, alone);
            }
            let of_paths = Made::of_paths(&committee.made(), &report, words::SOURCE_OF_JALON);
            committee.tables.extend(of_paths.map(|made| CommitteeTable { made, import: None }));
            committee
        });
        reading.await.map_err(|error| AppError::Typesetting(error.to_string()))
    }

    /// The files of the committee, the last first.
    ///
    /// # Errors
    /// As [`App::committee`].
    pub async fn committee_imports(&self, actor: &Actor) -> Result<Vec<ImportLine>, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let accounts = tx.accounts().await?;
        let mut lines: Vec<ImportLine> =
            tx.committee_imports().await?.into_iter().map(|import| line(import, &accounts)).collect();
        lines.reverse();
        Ok(lines)
    }

    /// A file of the committee, as it was received.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none; as [`App::committee`].
    pub async fn committee_file(&self, actor: &Actor, id: Uuid) -> Result<(CommitteeImport, Vec<u8>), AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let file = tx.committee_file(id).await?.ok_or(AppError::NotFound)?;
        Ok((file.import, file.bytes))
    }

    /// An empty file of a kind, with the headings that its import reads at a day.
    ///
    /// # Errors
    /// As [`App::committee`].
    pub fn committee_template(&self, actor: &Actor, kind: TableKind, as_of: Day) -> Result<String, AppError> {
        regional(actor)?;
        template(kind, as_of).map_err(|error| AppError::Typesetting(error.to_string()))
    }

    /// Tables of the committee as a file; an account takes so many in an hour, and each is logged.
    ///
    /// # Errors
    /// [`AppError::TooManyExports`]; a fault of ours; as [`App::committee`].
    pub async fn export_committee(
        &self,
        actor: &Actor,
        tables: Vec<Table>,
        format: FileFormat,
        as_of: Day,
        what: &str,
        visitor: &Visitor,
    ) -> Result<Vec<u8>, AppError> {
        regional(actor)?;
        self.may_export(actor).await?;
        let now = self.now().await?;
        let number = tables.len();
        let bytes = written(format, tables, as_of, now).await?;
        let tx = self.store().begin_write().await?;
        let detail = format!("{what}, {}", words::so_many_tables(number));
        record(&tx, SecurityEvent::Exported, actor.account(), None, visitor, &detail).await?;
        tx.commit().await?;
        Ok(bytes)
    }
}

/// Tables of a day as a file.
async fn written(format: FileFormat, tables: Vec<Table>, as_of: Day, now: Instant) -> Result<Vec<u8>, AppError> {
    let making = tokio::task::spawn_blocking(move || file(format, &tables, as_of, now));
    let bytes = making.await.map_err(|error| AppError::Typesetting(error.to_string()))?;
    bytes.map_err(|error| AppError::Typesetting(error.to_string()))
}

fn made_of(
    sheet: Sheet,
    import: Option<CommitteeImport>,
    as_of: Day,
    paths: (&Figures, &[(String, Figures)]),
) -> CommitteeTable {
    CommitteeTable { made: sheet.made(as_of, paths, words::SOURCE_OF_JALON), import }
}

fn line(import: CommitteeImport, accounts: &[Account]) -> ImportLine {
    let by = accounts.iter().find(|account| account.id == import.imported_by);
    ImportLine { by: by.map_or_else(String::new, |account| account.name.clone()), import }
}
