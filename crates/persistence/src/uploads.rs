//! How many files each person sent each day.

use domain::Day;
use domain::identifiers::AccountId;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{EntityTrait, Set, TryInsertResult};

use crate::entities::uploads;
use crate::error::Result;
use crate::tx::Tx;

impl Tx {
    /// Counts files received of a person on a day; false, and nothing counted, when that would be more than `most`.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn count_uploads(&self, account: AccountId, day: Day, files: u32, most: u32) -> Result<bool> {
        if files > most {
            return Ok(false);
        }
        let [files, most] = [files, most].map(|number| i32::try_from(number).unwrap_or(i32::MAX));
        let row = uploads::ActiveModel { account_id: Set(account.uuid()), day: Set(day), files: Set(files) };
        let known = Expr::col((uploads::Entity, uploads::Column::Files));
        let more = OnConflict::columns([uploads::Column::AccountId, uploads::Column::Day])
            .value(uploads::Column::Files, known.clone().add(files))
            .action_and_where(known.lte(most.saturating_sub(files)))
            .to_owned();
        let insert = uploads::Entity::insert(row).on_conflict(more).try_insert();
        let done = self.run(insert.exec_without_returning(self.db())).await?;
        Ok(matches!(done, TryInsertResult::Inserted(rows) if rows > 0))
    }
}
