//! Paths: the fold kept for reading, written together with the events that changed it.
//!
//! The row of a path holds its fold as JSON, the hash of its last event, and the columns that lists filter on, which are
//! copies of what the fold says. A command locks the row; a write names the version it saw and changes one row or none.

use chrono::Datelike;
use domain::calendar::micros;
use domain::figures::{Facts, fold_counted, step};
use domain::identifiers::{AccountId, LotCode, OrderReference, PathId, PathReference};
use domain::market::ClockKind;
use domain::path::command::Outcome;
use domain::path::record::Waiting;
use domain::path::{Path, Recorded};
use domain::people::Side;
use domain::territories;
use domain::{Day, Instant};
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
};

use crate::chain::GENESIS;
use crate::entities::paths;
use crate::error::{Result, StoreError};
use crate::journal::{Entry, Request, StreamKind, misfolded, rows};
use crate::refold::{is_shaped, snapshot};
use crate::rows::{Row, column, folded, json};
use crate::store::{read_clock, select_clock};
use crate::tx::Tx;

/// A path as the store holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPath {
    pub path: Path,
    /// What it leaves to count; none when the release before wrote it, whose journal then says it.
    pub counted: Option<Facts>,
    /// The hash of its last event.
    pub head: String,
}

/// What lists show of who holds the ball; the domain derives it from the path and the terms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PathRowFacts {
    pub holder: Option<Side>,
    pub clock: Option<ClockKind>,
    /// Since when it is waited.
    pub held_since: Option<Day>,
    pub due_on: Option<Day>,
}

/// A step to write: the path before and after, and the events between.
#[derive(Debug, Clone, Copy)]
pub struct Append<'a> {
    /// `None` for a path that the first event opens.
    pub before: Option<&'a StoredPath>,
    pub after: &'a Path,
    pub events: &'a [Recorded],
    pub facts: PathRowFacts,
    pub idempotency_key: Option<&'a str>,
    pub request_digest: Option<&'a str>,
}

impl TryFrom<paths::Model> for StoredPath {
    type Error = StoreError;

    fn try_from(row: paths::Model) -> Result<Self> {
        let at = Row::new("paths", row.id);
        let path: Path = at.json("snapshot", &row.snapshot)?;
        let agrees = [
            ("id", path.id.uuid() == row.id),
            ("reference", path.reference.to_string() == row.reference),
            ("lot", path.lot.as_str() == row.lot),
            ("body", row.body.as_deref().is_none_or(|body| path.holder.as_str() == body)),
            ("state", path.state.as_ref() == row.state),
            ("version", column(path.version) == row.version),
        ];
        if let Some((column, _)) = agrees.into_iter().find(|(_, agrees)| !agrees) {
            return Err(at.wrong(column, "not what the fold says"));
        }
        let facts = row.facts.as_ref().filter(|_| is_shaped(&row.snapshot));
        let counted = facts.map(|facts| at.json("facts", facts)).transpose()?;
        Ok(Self { path, counted, head: row.head })
    }
}

/// The columns that repeat the fold. Since when a candidate waits is not there: the fold keeps the day alone.
pub(crate) fn columns(path: &Path, counted: &Facts) -> paths::ActiveModel {
    paths::ActiveModel {
        id: Set(path.id.uuid()),
        reference: Set(path.reference.to_string()),
        market: Set(path.market.clone()),
        lot: Set(path.lot.to_string()),
        state: Set(path.state.to_string()),
        version: Set(column(path.version)),
        snapshot: Set(snapshot(path)),
        company_name: Set(path.workplace.company.clone()),
        siret: Set(path.workplace.siret.to_string()),
        commune: Set(path.workplace.commune.to_string()),
        department: Set(path.workplace.department.to_string()),
        job_title: Set(path.job.title.clone()),
        search: Set(search(path)),
        opened_on: Set(path.opened_on),
        entered_on: Set(path.training.as_ref().map(|training| training.entered_on)),
        outcome: Set(outcome(path).map(|outcome| outcome.to_string())),
        waiting_year: Set(queued(path).map(|waiting| waiting.planned_entry.year())),
        coordinator_id: Set(path.coordinator.map(AccountId::uuid)),
        body: Set(Some(path.holder.to_string())),
        facts: Set(Some(json(counted))),
        ..Default::default()
    }
}

/// The candidate in the queue for a place; one to whom a place is offered waits no more.
fn queued(path: &Path) -> Option<&Waiting> {
    path.waiting.as_ref().filter(|waiting| waiting.offered_until.is_none())
}

/// How the training ended.
fn outcome(path: &Path) -> Option<Outcome> {
    path.training.as_ref().and_then(|training| training.ended.as_ref()).map(|ended| ended.outcome)
}

/// What people type to find a path.
fn search(path: &Path) -> String {
    let workplace = &path.workplace;
    let place =
        territories::listed(workplace.commune.as_str()).map(|commune| format!("{} {}", commune.name, commune.postal));
    folded(&format!(
        "{} {} {} {} {} {}",
        path.reference,
        workplace.company,
        path.job.title,
        workplace.siret,
        place.unwrap_or_default(),
        territories::department(&workplace.department)
    ))
}

/// The row of a path after a step.
fn row(append: &Append<'_>, counted: &Facts, head: &str, now: Instant) -> paths::ActiveModel {
    let mut row = columns(append.after, counted);
    set_facts(&mut row, append.facts);
    row.head = Set(head.to_owned());
    row.updated_at = Set(micros(now));
    match (append.before.and_then(|before| queued(&before.path)), queued(append.after)) {
        (_, None) => row.waiting_since = Set(None),
        // Keeps its rank in the queue.
        (Some(_), Some(_)) => {}
        (None, Some(_)) => row.waiting_since = Set(Some(micros(now))),
    }
    row
}

fn set_facts(row: &mut paths::ActiveModel, facts: PathRowFacts) {
    row.holder = Set(facts.holder.map(|side| side.to_string()));
    row.held_since = Set(facts.held_since);
    row.due_on = Set(facts.due_on);
    row.clock = Set(facts.clock.map(|clock| clock.to_string()));
}

impl Tx {
    /// The path of this reference, locked until the end of the transaction: first of all locks of a step.
    ///
    /// # Errors
    /// The row makes no sense, or the store does not answer.
    pub async fn lock_path(&self, reference: &PathReference) -> Result<Option<StoredPath>> {
        Ok(self.lock_path_now(reference).await?.map(|(stored, _)| stored))
    }

    /// As [`Tx::lock_path`], with the instant of the store, in one statement.
    ///
    /// # Errors
    /// As [`Tx::lock_path`].
    pub async fn lock_path_now(&self, reference: &PathReference) -> Result<Option<(StoredPath, Instant)>> {
        // People and documents of the path may be added meanwhile: only who changes the row waits. On SQLite the
        // transaction has locked the whole store already, and this says nothing more.
        let mut find = paths::Entity::find()
            .filter(paths::Column::Reference.eq(reference.to_string()))
            .lock(LockType::NoKeyUpdate);
        let backend = self.db().get_database_backend();
        select_clock(QueryTrait::query(&mut find), backend);
        let Some(row) = self.run(self.db().query_one(find.as_query())).await? else { return Ok(None) };
        let stored = paths::Model::from_query_result(&row, "")?.try_into()?;
        Ok(Some((stored, read_clock(&row, backend)??)))
    }

    /// The path of this reference.
    ///
    /// # Errors
    /// As [`Tx::lock_path`].
    pub async fn path_by_reference(&self, reference: &PathReference) -> Result<Option<StoredPath>> {
        let find = paths::Entity::find().filter(paths::Column::Reference.eq(reference.to_string()));
        self.run(find.one(self.db())).await?.map(StoredPath::try_from).transpose()
    }

    /// The path of this key.
    ///
    /// # Errors
    /// As [`Tx::lock_path`].
    pub async fn path_by_id(&self, id: PathId) -> Result<Option<StoredPath>> {
        let find = paths::Entity::find_by_id(id.uuid());
        self.run(find.one(self.db())).await?.map(StoredPath::try_from).transpose()
    }

    /// The paths of these keys, in no order, in one statement.
    ///
    /// # Errors
    /// As [`Tx::lock_path`].
    pub async fn paths_by_ids(&self, ids: &[PathId]) -> Result<Vec<StoredPath>> {
        let find = paths::Entity::find().filter(paths::Column::Id.is_in(ids.iter().map(|id| id.uuid())));
        self.run(find.all(self.db())).await?.into_iter().map(StoredPath::try_from).collect()
    }

    /// The paths that hold units of an order, in the order of their opening.
    ///
    /// # Errors
    /// As [`Tx::lock_path`].
    pub async fn paths_drawing(&self, order: &OrderReference, market: &str, lot: &LotCode) -> Result<Vec<StoredPath>> {
        // The fold names the order of each unit; a reference holds no sign that LIKE reads.
        let find = paths::Entity::find()
            .filter(paths::Column::Market.eq(market))
            .filter(paths::Column::Lot.eq(lot.as_str()))
            .filter(paths::Column::Snapshot.contains(format!("\"{order}\"")))
            .order_by_asc(paths::Column::Id);
        self.run(find.all(self.db())).await?.into_iter().map(StoredPath::try_from).collect()
    }

    /// Writes a step: the fold, if nobody changed it since it was read, and the events, in two statements. Returns the hash
    /// of the last event.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another writer was faster; [`crate::Duplicate::IdempotencyKey`] when the request was
    /// done already; [`crate::Duplicate::Reference`] when the reference is taken.
    pub async fn append_path(&self, append: &Append<'_>, now: Instant) -> Result<String> {
        let id = append.after.id.uuid();
        let head = append.before.map_or(GENESIS, |before| before.head.as_str());
        let request = Request { idempotency_key: append.idempotency_key, digest: append.request_digest };
        let entries: Vec<_> = append.events.iter().map(Entry::from).collect();
        let (events, head) = rows(self, StreamKind::Path, id, head, &entries, request);
        let counted = self.counted_after(append).await?;
        let mut row = row(append, &counted, &head, now);
        match append.before {
            None => {
                self.run(paths::Entity::insert(row).exec_without_returning(self.db())).await?;
            }
            Some(before) => {
                let seen = before.path.version;
                // Never changes.
                row.id = NotSet;
                row.reference = NotSet;
                row.market = NotSet;
                row.opened_on = NotSet;
                let update = paths::Entity::update_many()
                    .set(row)
                    .filter(paths::Column::Id.eq(id))
                    .filter(paths::Column::Version.eq(column(seen)));
                if self.run(update.exec(self.db())).await?.rows_affected != 1 {
                    return Err(self.conflict(id, seen).await?);
                }
            }
        }
        self.append(events).await?;
        Ok(head)
    }

    /// What the path leaves to count after a step.
    async fn counted_after(&self, append: &Append<'_>) -> Result<Facts> {
        let (mut path, mut facts) = match append.before {
            None => (None, Facts::default()),
            Some(StoredPath { path, counted: Some(facts), .. }) => (Some(path.clone()), facts.clone()),
            Some(StoredPath { path, counted: None, .. }) => self.fold_counted(path.id).await?,
        };
        for recorded in append.events {
            let (after, more) = step(path.as_ref(), facts, recorded).map_err(|error| misfolded(recorded, &error))?;
            (path, facts) = (Some(after), more);
        }
        Ok(facts)
    }

    /// A path and what it leaves to count, from its journal.
    pub(crate) async fn fold_counted(&self, path: PathId) -> Result<(Option<Path>, Facts)> {
        let journal = self.path_events(path).await?;
        fold_counted(&journal).map_err(|error| StoreError::inconsistent("events", "payload", path, error))
    }

    /// Changes what lists show of who holds the ball, without an event: time or new terms alone moved it.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn touch_path(&self, path: PathId, facts: PathRowFacts) -> Result<()> {
        let mut row = paths::ActiveModel::default();
        set_facts(&mut row, facts);
        let update = paths::Entity::update_many().set(row).filter(paths::Column::Id.eq(path.uuid()));
        self.run(update.exec(self.db())).await?;
        Ok(())
    }
}
