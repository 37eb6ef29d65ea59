//! Payments that are due: which orders wait for one, and the reminders already sent, each at most once.

use domain::identifiers::OrderId;
use domain::{Day, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, NullOrdering, OnConflict, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Set};

use crate::StoredOrder;
use crate::entities::purchase_orders::Column::{InvoicedCents, PaidCents, PaymentDueOn};
use crate::entities::{payment_reminders, purchase_orders};
use crate::error::Result;
use crate::tx::Tx;

impl Tx {
    /// The orders of which a payment is due by a day, the first due first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn payments_due(&self, until: Day, limit: u64) -> Result<Vec<StoredOrder>> {
        self.by_payment(PaymentDueOn.lte(until), limit).await
    }

    /// The orders of which a payment waits, the first due first, then those whose time to pay is interrupted.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn payments_waiting(&self, limit: u64) -> Result<Vec<StoredOrder>> {
        self.by_payment(Expr::col(InvoicedCents).gt(Expr::col(PaidCents)), limit).await
    }

    async fn by_payment(&self, which: SimpleExpr, limit: u64) -> Result<Vec<StoredOrder>> {
        let find = purchase_orders::Entity::find()
            .filter(which)
            .order_by_with_nulls(PaymentDueOn, Order::Asc, NullOrdering::Last)
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
