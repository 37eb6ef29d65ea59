//! Delegations: kept for ever, ended early by a date. Those who change them lock the accounts first.

use domain::calendar::micros;
use domain::delegation::Delegation;
use domain::identifiers::{AccountId, DelegationId};
use domain::{Day, Instant};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, Set};

use crate::entities::delegations;
use crate::error::Result;
use crate::tx::Tx;

impl From<delegations::Model> for Delegation {
    fn from(row: delegations::Model) -> Self {
        Self {
            id: DelegationId::new(row.id),
            from: AccountId::new(row.from_id),
            to: AccountId::new(row.to_id),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            ended_at: row.ended_at,
        }
    }
}

impl Tx {
    /// Adds a delegation.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_delegation(&self, delegation: &Delegation, now: Instant) -> Result<()> {
        let row = delegations::ActiveModel {
            id: Set(delegation.id.uuid()),
            from_id: Set(delegation.from.uuid()),
            to_id: Set(delegation.to.uuid()),
            starts_on: Set(delegation.starts_on),
            ends_on: Set(delegation.ends_on),
            created_at: Set(micros(now)),
            ended_at: Set(delegation.ended_at),
        };
        self.run(delegations::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The delegations that nobody ended early, the first to begin first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn delegations(&self) -> Result<Vec<Delegation>> {
        let find = delegations::Entity::find()
            .filter(delegations::Column::EndedAt.is_null())
            .order_by_asc(delegations::Column::StartsOn)
            .order_by_asc(delegations::Column::Id);
        Ok(self.run(find.all(self.db())).await?.into_iter().map(Delegation::from).collect())
    }

    /// Every delegation there ever was, the last to begin first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn all_delegations(&self) -> Result<Vec<Delegation>> {
        let find = delegations::Entity::find()
            .order_by_desc(delegations::Column::StartsOn)
            .order_by_desc(delegations::Column::Id);
        Ok(self.run(find.all(self.db())).await?.into_iter().map(Delegation::from).collect())
    }

    /// Ends a delegation before its last day is over; false when it was over.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn end_delegation(&self, id: DelegationId, today: Day, now: Instant) -> Result<bool> {
        Ok(self.end_delegations_where(Condition::all().add(delegations::Column::Id.eq(id.uuid())), today, now).await?
            == 1)
    }

    /// Ends every delegation of an account, given or received; how many were not over.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn end_delegations_of(&self, account: AccountId, today: Day, now: Instant) -> Result<u64> {
        let of = Condition::any()
            .add(delegations::Column::FromId.eq(account.uuid()))
            .add(delegations::Column::ToId.eq(account.uuid()));
        self.end_delegations_where(of, today, now).await
    }

    async fn end_delegations_where(&self, which: Condition, today: Day, now: Instant) -> Result<u64> {
        let ended = delegations::ActiveModel { ended_at: Set(Some(micros(now))), ..Default::default() };
        let update = delegations::Entity::update_many()
            .set(ended)
            .filter(which)
            .filter(delegations::Column::EndedAt.is_null())
            .filter(delegations::Column::EndsOn.gte(today));
        Ok(self.run(update.exec(self.db())).await?.rows_affected)
    }
}
