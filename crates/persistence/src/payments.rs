//! Payments that are due: which orders wait for one, and the reminders already sent, each at most once.

use domain::identifiers::OrderId;
use domain::{Day, Instant};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::StoredOrder;
use crate::entities::{payment_reminders, purchase_orders};
use crate::error::Result;
use crate::tx::Tx;

impl Tx {
    /// The orders of which a payment is due, by this day if one is given, the first due first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn payments_due(&self, until: Option<Day>, limit: u64) -> Result<Vec<StoredOrder>> {
        let due_on = purchase_orders::Column::PaymentDueOn;
        let find = purchase_orders::Entity::find()
            .filter(until.map_or_else(|| due_on.is_not_null(), |until| due_on.lte(until)))
            .order_by_asc(purchase_orders::Column::PaymentDueOn)
            .order_by_asc(purchase_orders::Column::Id)
            .limit(limit);
        self.run(find.all(self.db())).await?.into_iter().map(StoredOrder::try_from).collect()
    }

    /// Marks the reminder of a payment, so many days before it is due, as sent; false when it was before, and then nothing may
    /// be sent for it.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn mark_payment_reminder(
        &self,
        order: OrderId,
        number: &str,
        due_on: Day,
        rank: u32,
        now: Instant,
    ) -> Result<bool> {
        use payment_reminders::Column;
        let row = payment_reminders::ActiveModel {
            order_id: Set(order.uuid()),
            number: Set(number.to_owned()),
            due_on: Set(due_on),
            rank: Set(crate::rows::column(rank)),
            sent_at: Set(now),
        };
        let key = [Column::OrderId, Column::Number, Column::DueOn, Column::Rank];
        let insert =
            payment_reminders::Entity::insert(row).on_conflict(OnConflict::columns(key).do_nothing().to_owned());
        Ok(self.run(insert.exec_without_returning(self.db())).await? == 1)
    }
}
