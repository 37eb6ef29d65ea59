//! Reminders of the clocks of a path: rows with civil days, each done at most once.
//!
//! The domain plans them from the path after each step; the store keeps what is planned in step with it. A row is unique
//! by path, clock, start, kind and rank: what was done is never planned again, what was cancelled may come back.

use domain::clocks::{Planned, ReminderKind};
use domain::identifiers::{PathId, ReminderId};
use domain::{Day, Instant};
use sea_orm::sea_query::{CommonTableExpression, Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
};
use uuid::Uuid;

use crate::entities::reminders;
use crate::error::{Result, StoreError};
use crate::rows::Row;
use crate::store::Backend;
use crate::tx::Tx;

const PENDING: &str = "pending";
const DONE: &str = "done";
const CANCELLED: &str = "cancelled";

/// A reminder that waits for its day, or whose day has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminder {
    pub id: ReminderId,
    pub path: PathId,
    pub planned: Planned,
}

impl TryFrom<reminders::Model> for Reminder {
    type Error = StoreError;

    fn try_from(row: reminders::Model) -> Result<Self> {
        let at = Row::new("reminders", row.id);
        Ok(Self {
            id: ReminderId::new(row.id),
            path: PathId::new(row.path_id),
            planned: Planned {
                clock: at.text("clock", &row.clock)?,
                started_on: row.started_on,
                kind: at.text("kind", &row.kind)?,
                rank: row.rank,
                on: row.due_on,
            },
        })
    }
}

/// The row that a plan calls for, among those of a path.
fn is_planned(planned: &Planned) -> Condition {
    use reminders::Column;
    Condition::all()
        .add(Column::Clock.eq(planned.clock.to_string()))
        .add(Column::StartedOn.eq(planned.started_on))
        .add(Column::Kind.eq(planned.kind.to_string()))
        .add(Column::Rank.eq(planned.rank))
}

/// The reminders of a path that wait. Said by what they are not: SQLite would otherwise walk everything that waits, of all
/// paths, by the index of states.
fn waits_on(path: PathId) -> Condition {
    use reminders::Column;
    Condition::all().add(Column::PathId.eq(path.uuid())).add(Column::State.is_not_in([DONE, CANCELLED]))
}

impl Tx {
    /// Keeps the reminders of a path in step with what is planned: cancels those that wait and are not planned any more,
    /// adds those that are missing. One statement; two on SQLite, which is in this process.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn schedule_reminders(&self, path: PathId, planned: &[Planned], now: Instant) -> Result<()> {
        use reminders::Column;
        let any_planned = planned.iter().fold(Condition::any(), |any, planned| any.add(is_planned(planned)));
        let stale = Condition::all().add(waits_on(path)).add_option((!planned.is_empty()).then(|| any_planned.not()));
        let cancelled =
            reminders::ActiveModel { state: Set(CANCELLED.to_owned()), done_at: Set(Some(now)), ..Default::default() };
        let cancel = reminders::Entity::update_many().set(cancelled).filter(stale);
        if planned.is_empty() {
            self.run(cancel.exec(self.db())).await?;
            return Ok(());
        }
        let rows = planned.iter().map(|planned| reminders::ActiveModel {
            id: Set(Uuid::now_v7()),
            path_id: Set(path.uuid()),
            clock: Set(planned.clock.to_string()),
            started_on: Set(planned.started_on),
            rank: Set(planned.rank),
            kind: Set(planned.kind.to_string()),
            due_on: Set(planned.on),
            state: Set(PENDING.to_owned()),
            done_at: Set(None),
        });
        let unique = [Column::PathId, Column::Clock, Column::StartedOn, Column::Kind, Column::Rank];
        let not_done = Expr::col((reminders::Entity, Column::State)).ne(DONE);
        let again = OnConflict::columns(unique)
            .update_columns([Column::State, Column::DoneAt, Column::DueOn])
            .action_and_where(not_done)
            .to_owned();
        let insert = reminders::Entity::insert_many(rows).on_conflict(again);
        match self.backend() {
            // No row is both cancelled and planned: PostgreSQL may do both at once.
            Backend::Postgres => {
                let cancel = CommonTableExpression::new().table_name("cancelled").query(cancel.into_query()).to_owned();
                let both = Query::with().cte(cancel).to_owned().query(insert.into_query());
                self.run(self.db().execute(&both)).await?;
            }
            Backend::Sqlite => {
                self.run(cancel.exec(self.db())).await?;
                self.run(insert.exec_without_returning(self.db())).await?;
            }
        }
        Ok(())
    }

    /// Reminders whose day has come: silences that decide first, which no quiet hour keeps, then the oldest.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn due_reminders(&self, day: Day, limit: u64) -> Result<Vec<Reminder>> {
        let find = reminders::Entity::find()
            .filter(reminders::Column::State.eq(PENDING))
            .filter(reminders::Column::DueOn.lte(day))
            .order_by_asc(Expr::col(reminders::Column::Kind).ne(ReminderKind::Expiry.to_string()))
            .order_by_asc(reminders::Column::DueOn)
            .order_by_asc(reminders::Column::Id)
            .limit(limit);
        self.run(find.all(self.db())).await?.into_iter().map(Reminder::try_from).collect()
    }

    /// The reminders of a path that wait, by day.
    ///
    /// # Errors
    /// As [`Tx::due_reminders`].
    pub async fn pending_reminders(&self, path: PathId) -> Result<Vec<Reminder>> {
        let find = reminders::Entity::find()
            .filter(waits_on(path))
            .order_by_asc(reminders::Column::DueOn)
            .order_by_asc(reminders::Column::Id);
        self.run(find.all(self.db())).await?.into_iter().map(Reminder::try_from).collect()
    }

    /// Marks a reminder as done; false when it does not wait any more, and then nothing may be sent for it.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn finish_reminder(&self, id: ReminderId, now: Instant) -> Result<bool> {
        let done =
            reminders::ActiveModel { state: Set(DONE.to_owned()), done_at: Set(Some(now)), ..Default::default() };
        let update = reminders::Entity::update_many()
            .set(done)
            .filter(reminders::Column::Id.eq(id.uuid()))
            .filter(reminders::Column::State.eq(PENDING));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }
}
