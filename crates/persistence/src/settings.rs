//! What the store keeps for itself, by name: the offset of its clock, « sending suspended », turns of the loops; and the
//! numbers of references.

use chrono::TimeDelta;
use domain::Instant;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use crate::entities::{counters, settings};
use crate::error::{Result, StoreError};
use crate::rows::Row;
use crate::store::{Backend, CLOCK_OFFSET, SKEW, put_setting};
use crate::tx::Tx;

/// The setting that says why nothing is sent.
pub(crate) const SUSPENDED: &str = "sending_suspended";

impl Tx {
    /// The value of a setting.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn get(&self, name: &str) -> Result<Option<String>> {
        let row = self.run(settings::Entity::find_by_id(name.to_owned()).one(self.db())).await?;
        Ok(row.map(|row| row.value))
    }

    /// Sets a setting.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn set(&self, name: &str, value: &str) -> Result<()> {
        self.run(put_setting(self.db(), name, value)).await
    }

    /// Removes a setting; false when it was not set.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn unset(&self, name: &str) -> Result<bool> {
        let delete = settings::Entity::delete_by_id(name.to_owned());
        Ok(self.run(delete.exec(self.db())).await?.rows_affected == 1)
    }

    /// How far the store's clock is moved: zero in production.
    ///
    /// # Errors
    /// The setting is not a number, or the store does not answer.
    pub async fn clock_offset(&self) -> Result<TimeDelta> {
        let offset = self.get(CLOCK_OFFSET).await?;
        let microseconds = Row::new("settings", CLOCK_OFFSET).text("value", offset.as_deref().unwrap_or("0"))?;
        Ok(TimeDelta::microseconds(microseconds))
    }

    /// Moves the store's clock to this distance from the real one. For the demo and for tests.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn set_clock_offset(&self, offset: TimeDelta) -> Result<()> {
        let microseconds = offset.num_microseconds().unwrap_or(i64::MAX);
        self.set(CLOCK_OFFSET, &microseconds.to_string()).await
    }

    /// Why nothing is sent, if sending is suspended: a restored store sends nothing until an operator says so.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sending_suspended(&self) -> Result<Option<String>> {
        self.get(SUSPENDED).await
    }

    /// Suspends sending, with the reason to show.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn suspend_sending(&self, reason: &str) -> Result<()> {
        self.set(SUSPENDED, reason).await
    }

    /// Lets messages leave again; false when sending was not suspended.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn resume_sending(&self) -> Result<bool> {
        self.unset(SUSPENDED).await
    }

    /// Takes or renews the turn of a loop that only one process runs at a time; false while another holds it.
    ///
    /// A turn further ahead than `span` counts as past, so that a clock set back blocks nothing.
    ///
    /// # Errors
    /// The setting makes no sense, or the store does not answer.
    pub async fn take_turn(&self, name: &str, worker: Uuid, now: Instant, span: TimeDelta) -> Result<bool> {
        let until = now + span;
        let mine = format!("{} {worker}", until.timestamp_micros());
        let Some(held) = self.get(name).await? else {
            let row = settings::ActiveModel { name: Set(name.to_owned()), value: Set(mine) };
            let insert = settings::Entity::insert(row)
                .on_conflict(OnConflict::column(settings::Column::Name).do_nothing().to_owned());
            return Ok(self.run(insert.exec_without_returning(self.db())).await? == 1);
        };
        let at = Row::new("settings", name);
        let (held_until, holder) = held.split_once(' ').ok_or_else(|| at.wrong("value", "not a turn"))?;
        let held_until: i64 = at.text("value", held_until)?;
        let free = held_until <= now.timestamp_micros() || held_until > (until + SKEW).timestamp_micros();
        if !free && holder != worker.to_string() {
            return Ok(false);
        }
        let update = settings::Entity::update_many()
            .set(settings::ActiveModel { value: Set(mine), ..Default::default() })
            .filter(settings::Column::Name.eq(name))
            .filter(settings::Column::Value.eq(held));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }

    /// Gives a turn back at once, on a graceful stop; nothing when another holds it.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn give_turn_back(&self, name: &str, worker: Uuid) -> Result<()> {
        let delete = settings::Entity::delete_many()
            .filter(settings::Column::Name.eq(name))
            .filter(settings::Column::Value.ends_with(format!(" {worker}")));
        self.run(delete.exec(self.db())).await?;
        Ok(())
    }

    /// The next number under a name, from 1, never given twice; a transaction taken back leaves no gap.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn next_number(&self, name: &str) -> Result<i64> {
        let one_more = Expr::col((counters::Entity, counters::Column::Value)).add(1);
        let row = counters::ActiveModel { name: Set(name.to_owned()), value: Set(1) };
        let insert = counters::Entity::insert(row).on_conflict(
            OnConflict::column(counters::Column::Name).value(counters::Column::Value, one_more).to_owned(),
        );
        Ok(self.run(insert.exec_with_returning(self.db())).await?.value)
    }

    /// The number that [`Tx::next_number`] would give, which is not taken: what is only looked at writes nothing, and waits for nobody.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn coming_number(&self, name: &str) -> Result<i64> {
        let last = self.run(counters::Entity::find_by_id(name.to_owned()).one(self.db())).await?;
        Ok(last.map_or(0, |row| row.value) + 1)
    }

    /// The bytes that the store takes on its disk.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn store_size(&self) -> Result<i64> {
        use sea_orm::{ConnectionTrait, Statement};
        let sql = match self.backend() {
            Backend::Sqlite => "SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()",
            Backend::Postgres => "SELECT pg_database_size(current_database()) AS size",
        };
        let statement = Statement::from_string(self.db().get_database_backend(), sql);
        let row = self.run(self.db().query_one_raw(statement)).await?;
        let row = row.ok_or_else(|| StoreError::Database(sea_orm::DbErr::RecordNotFound("the size".to_owned())))?;
        Ok(row.try_get("", "size")?)
    }
}
