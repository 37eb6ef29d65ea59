//! Purchase orders: the fold of their events as one row with its lines, written together with the events.
//!
//! Rules kept here: an update carries the version it saw; the lines hold what the order still holds and are open while
//! paths may draw them; a line never shrinks below what was drawn, and an order is not settled while a drawn unit waits for
//! its decision, whatever was true when the step was decided; what is invoiced never passes what the lines say was admitted.

use domain::Instant;
use domain::calendar::micros;
use domain::identifiers::{OrderId, OrderReference};
use domain::order::{OrderLine, OrderState, PurchaseOrder};
use sea_orm::ActiveValue::NotSet;
use sea_orm::sea_query::{Expr, ExprTrait, Func, LockType, Query, SimpleExpr};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::chain::GENESIS;
use crate::entities::{order_lines, purchase_orders};
use crate::error::{Cause, Result, StoreError};
use crate::journal::{Entry, RecordedOrder, Request, StreamKind, rows};
use crate::rows::{Row, column, json};
use crate::tx::Tx;

/// A purchase order as the store holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOrder {
    pub order: PurchaseOrder,
    /// The hash of its last event.
    pub head: String,
}

/// A step to write: the order before and after, and the events between.
#[derive(Debug, Clone, Copy)]
pub struct AppendOrder<'a> {
    /// `None` for an order that the first event drafts.
    pub before: Option<&'a StoredOrder>,
    pub after: &'a PurchaseOrder,
    pub events: &'a [RecordedOrder],
    pub idempotency_key: Option<&'a str>,
    pub request_digest: Option<&'a str>,
}

impl TryFrom<purchase_orders::Model> for StoredOrder {
    type Error = StoreError;

    fn try_from(row: purchase_orders::Model) -> Result<Self> {
        let at = Row::new("purchase_orders", row.id);
        let order: PurchaseOrder = at.json("snapshot", &row.snapshot)?;
        let agrees = [
            ("id", order.id.uuid() == row.id),
            ("reference", order.reference.to_string() == row.reference),
            ("lot", order.lot.as_str() == row.lot),
            ("state", order.state.as_ref() == row.state),
            ("version", column(order.version) == row.version),
        ];
        if let Some((column, _)) = agrees.into_iter().find(|(_, agrees)| !agrees) {
            return Err(at.wrong(column, "not what the fold says"));
        }
        Ok(Self { order, head: row.head })
    }
}

/// The columns that repeat the fold.
pub(crate) fn columns(order: &PurchaseOrder) -> purchase_orders::ActiveModel {
    purchase_orders::ActiveModel {
        id: Set(order.id.uuid()),
        reference: Set(order.reference.to_string()),
        market: Set(order.market.clone()),
        lot: Set(order.lot.to_string()),
        state: Set(order.state.to_string()),
        version: Set(column(order.version)),
        snapshot: Set(json(order)),
        budget_year: Set(order.budget_year),
        total_cents: Set(order.total().get()),
        engaged_cents: Set(order.engaged.get()),
        certain_on: Set(order.notification.as_ref().map(|notification| notification.certain_on)),
        invoiced_cents: Set(order.invoiced().get()),
        paid_cents: Set(order.paid().get()),
        payment_due_on: Set(order.payment_due_on()),
        ..Default::default()
    }
}

/// The columns of a line that the order decides; how many units were drawn and served is not its affair.
pub(crate) fn line_columns(order: &PurchaseOrder, line: &OrderLine) -> order_lines::ActiveModel {
    order_lines::ActiveModel {
        id: Set(line.ordered.line.uuid()),
        order_id: Set(order.id.uuid()),
        option_code: Set(line.ordered.option.to_string()),
        unit_price_cents: Set(line.ordered.unit_price.excluding_tax.get()),
        vat: Set(column(line.ordered.unit_price.vat.basis_points())),
        quantity: Set(column(line.held())),
        open: Set(order.state == OrderState::Notified),
        rank_on: Set(order.notification.as_ref().map(|notification| notification.certain_on)),
        ..Default::default()
    }
}

/// What an order says of its lines all at once.
fn opening(order: &PurchaseOrder) -> (bool, Option<domain::Day>) {
    (order.state == OrderState::Notified, order.notification.as_ref().map(|notification| notification.certain_on))
}

/// What the lines of an order say was admitted of it, reductions taken off.
fn admitted(order: OrderId) -> SimpleExpr {
    use order_lines::Column::{OrderId as Order, ReducedCents, Served, UnitPriceCents};
    let of_line = Expr::col(UnitPriceCents).mul(Expr::col(Served)).sub(Expr::col(ReducedCents));
    let sum = Query::select()
        .expr(Func::coalesce([SimpleExpr::from(Func::sum(of_line)), Expr::val(0)]))
        .from(order_lines::Entity)
        .and_where(Expr::col(Order).eq(order.uuid()))
        .to_owned();
    SimpleExpr::SubQuery(None, Box::new(sum.into()))
}

impl Tx {
    /// The order of this reference, which no other transaction changes until this one ends.
    ///
    /// # Errors
    /// The row makes no sense, or the store does not answer.
    pub async fn lock_order(&self, reference: &OrderReference) -> Result<Option<StoredOrder>> {
        let find = purchase_orders::Entity::find()
            .filter(purchase_orders::Column::Reference.eq(reference.to_string()))
            .lock(LockType::NoKeyUpdate);
        self.run(find.one(self.db())).await?.map(StoredOrder::try_from).transpose()
    }

    /// The order of this key, which no other transaction changes until this one ends.
    ///
    /// # Errors
    /// As [`Tx::lock_order`].
    pub async fn lock_order_by_id(&self, id: OrderId) -> Result<Option<StoredOrder>> {
        let find = purchase_orders::Entity::find_by_id(id.uuid()).lock(LockType::NoKeyUpdate);
        self.run(find.one(self.db())).await?.map(StoredOrder::try_from).transpose()
    }

    /// The order of this reference.
    ///
    /// # Errors
    /// As [`Tx::lock_order`].
    pub async fn order_by_reference(&self, reference: &OrderReference) -> Result<Option<StoredOrder>> {
        let find = purchase_orders::Entity::find().filter(purchase_orders::Column::Reference.eq(reference.to_string()));
        self.run(find.one(self.db())).await?.map(StoredOrder::try_from).transpose()
    }

    /// The order of this key.
    ///
    /// # Errors
    /// As [`Tx::lock_order`].
    pub async fn order_by_id(&self, id: OrderId) -> Result<Option<StoredOrder>> {
        let find = purchase_orders::Entity::find_by_id(id.uuid());
        self.run(find.one(self.db())).await?.map(StoredOrder::try_from).transpose()
    }

    /// Writes a step on an order: the fold, if nobody changed it since it was read, its lines, and the events. Returns the
    /// hash of the last event.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another writer was faster; [`StoreError::Busy`] when a path drew a unit in between that
    /// the step takes away: decide again; [`crate::Duplicate::IdempotencyKey`] when the request was done already;
    /// [`crate::Duplicate::Reference`] when the reference is taken.
    pub async fn append_order(&self, append: &AppendOrder<'_>, now: Instant) -> Result<String> {
        let order = append.after;
        let id = order.id.uuid();
        let head = append.before.map_or(GENESIS, |before| before.head.as_str());
        let request = Request { idempotency_key: append.idempotency_key, digest: append.request_digest };
        let entries: Vec<_> = append.events.iter().map(Entry::from).collect();
        let (events, head) = rows(self, StreamKind::Order, id, head, &entries, request);
        let mut row = columns(order);
        row.head = Set(head.clone());
        row.updated_at = Set(micros(now));
        match append.before {
            None => {
                self.run(purchase_orders::Entity::insert(row).exec_without_returning(self.db())).await?;
                self.insert_lines(order).await?;
            }
            Some(before) => {
                let seen = before.order.version;
                // Never changes.
                row.id = NotSet;
                row.reference = NotSet;
                row.market = NotSet;
                let mut update = purchase_orders::Entity::update_many()
                    .set(row)
                    .filter(purchase_orders::Column::Id.eq(id))
                    .filter(purchase_orders::Column::Version.eq(column(seen)));
                if order.invoiced() > before.order.invoiced() {
                    update = update.filter(Expr::val(order.invoiced().get()).lte(admitted(order.id)));
                }
                if self.run(update.exec(self.db())).await?.rows_affected != 1 {
                    return Err(self.conflict(id, seen).await?);
                }
                self.update_lines(&before.order, order).await?;
            }
        }
        self.append(events).await?;
        Ok(head)
    }

    async fn insert_lines(&self, order: &PurchaseOrder) -> Result<()> {
        if order.lines.is_empty() {
            return Ok(());
        }
        let new = |line| order_lines::ActiveModel {
            drawn: Set(0),
            served: Set(0),
            reduced_cents: Set(0),
            ..line_columns(order, line)
        };
        let insert = order_lines::Entity::insert_many(order.lines.iter().map(new));
        self.run(insert.exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The lines of a draft written again; a line from which a path draws is never replaced.
    async fn replace_lines(&self, order: &PurchaseOrder) -> Result<()> {
        let delete = order_lines::Entity::delete_many()
            .filter(order_lines::Column::OrderId.eq(order.id.uuid()))
            .filter(order_lines::Column::Drawn.eq(0));
        self.run(delete.exec(self.db())).await?;
        self.insert_lines(order).await
    }

    /// Brings the lines in step with the order: one statement for those that were freed of units each, one for all of them
    /// when they open, close or change their rank.
    async fn update_lines(&self, before: &PurchaseOrder, after: &PurchaseOrder) -> Result<()> {
        let ordered = |order: &PurchaseOrder| order.lines.iter().map(|line| line.ordered.line).collect::<Vec<_>>();
        if ordered(before) != ordered(after) {
            return self.replace_lines(after).await;
        }
        let held = |line: &OrderLine| before.line(line.ordered.line).map(OrderLine::held);
        let mut changed: Vec<&OrderLine> = after.lines.iter().filter(|line| held(line) != Some(line.held())).collect();
        // One order of locks for all.
        changed.sort_unstable_by_key(|line| line.ordered.line);
        for line in changed {
            let quantity = column(line.held());
            let update = order_lines::Entity::update_many()
                .set(order_lines::ActiveModel { quantity: Set(quantity), ..Default::default() })
                .filter(order_lines::Column::Id.eq(line.ordered.line.uuid()))
                .filter(order_lines::Column::Drawn.lte(quantity));
            if self.run(update.exec(self.db())).await?.rows_affected != 1 {
                return Err(drawn_meanwhile());
            }
        }
        if opening(before) == opening(after) || after.lines.is_empty() {
            return Ok(());
        }
        let (open, rank_on) = opening(after);
        let mut update = order_lines::Entity::update_many()
            .set(order_lines::ActiveModel { open: Set(open), rank_on: Set(rank_on), ..Default::default() })
            .filter(order_lines::Column::OrderId.eq(after.id.uuid()));
        if after.state == OrderState::Settled {
            update = update.filter(Expr::col(order_lines::Column::Served).eq(Expr::col(order_lines::Column::Drawn)));
        }
        let touched = self.run(update.exec(self.db())).await?.rows_affected;
        if usize::try_from(touched) != Ok(after.lines.len()) { Err(drawn_meanwhile()) } else { Ok(()) }
    }
}

/// Another transaction was in the way: the step is to be decided again on what the lines say now.
fn drawn_meanwhile() -> StoreError {
    StoreError::Busy(Cause::Database(DbErr::RecordNotUpdated))
}
