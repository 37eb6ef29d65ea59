//! The clock of payments: finance is reminded before each is due, once and only once.
//!
//! What a reminder says is read from the order as it stands: a request that was paid, sent back or interrupted rings no more,
//! and one that begins a new time to pay rings again.

use domain::Day;
use domain::calendar::paris_day;
use domain::market::Terms;
use domain::order::PaymentRequest;
use domain::people::{Actor, RecipientRole};
use domain::told::Addressed;
use notifier::emails::{PaymentNotice, payment_reminder};
use persistence::{Priority, Reminds, StoredOrder};
use uuid::Uuid;

use crate::book::Book;
use crate::delivery::Subject;
use crate::orders::addressed;
use crate::{App, AppError, new_id};

/// Orders looked at in one turn of the clock loop.
const AT_ONCE: u64 = 500;

/// A payment that waits for finance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentDue {
    pub order: domain::identifiers::OrderReference,
    pub lot: domain::identifiers::LotCode,
    pub request: PaymentRequest,
}

/// The latest reminder whose day has come, in days before the due day; none while it is early.
fn rank(terms: &Terms, due_on: Day, today: Day) -> Option<u32> {
    let left = (due_on - today).num_days();
    terms.market.payment.remind_before.iter().copied().filter(|rank| left <= i64::from(*rank)).min()
}

impl App {
    /// Sends the reminders of payments whose day has come; how many.
    pub(crate) async fn remind_payments(&self, book: &Book, today: Day) -> Result<u32, AppError> {
        let markets = book.markets(today);
        let furthest = markets.iter().flat_map(|terms| terms.market.payment.remind_before.iter().copied()).max();
        let Some(furthest) = furthest else { return Ok(0) };
        let tx = self.store().begin_read().await?;
        let due = tx.payments_due(today + chrono::Duration::days(furthest.into()), AT_ONCE).await?;
        tx.rollback().await?;
        let mut sent = 0;
        for stored in &due {
            let Some(terms) = book.current(&stored.order.market, today) else { continue };
            for request in stored.order.payments.iter().filter(|request| request.runs()) {
                let Some(rank) = rank(terms, request.due_on, today) else { continue };
                sent += u32::from(self.remind_payment(stored, request, rank, terms, book).await?);
            }
        }
        Ok(sent)
    }

    async fn remind_payment(
        &self,
        seen: &StoredOrder,
        request: &PaymentRequest,
        rank: u32,
        terms: &Terms,
        book: &Book,
    ) -> Result<bool, AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let Some(stored) = tx.lock_order(&seen.order.reference).await? else { return Ok(false) };
        let order = &stored.order;
        let holder = Book::holder(terms, &order.lot);
        if terms.market.quiet_hours.next_allowed(now) != now || !order.payments.contains(request) {
            return Ok(false);
        }
        let Some(holder) = holder else { return Ok(false) };
        if !tx.mark_payment_reminder(order.id, &request.number, request.due_on, rank, now).await? {
            return Ok(false);
        }
        let notice = PaymentNotice { order, request, market: &terms.market, today: paris_day(now), texts: &book.texts };
        let to = addressed(RecipientRole::Finance, book, holder, order, paris_day(now));
        let reminded = |to: &Addressed| {
            let account = to.account.and_then(|id| book.account(id));
            !account.is_some_and(|account| account.preferences.reminders_off)
        };
        let to = to.into_iter().filter(reminded);
        let messages: Vec<_> = to.map(|to| (to.clone(), payment_reminder(&notice, &to))).collect();
        let cause: Uuid = new_id();
        let mut subject = Subject::order(order, cause);
        subject.about.event = None;
        subject.priority = Priority::Reminder;
        subject.due_on = Some(request.due_on);
        subject.reminds = Some(Reminds::Payment { number: request.number.clone(), due_on: request.due_on });
        self.queue(&tx, book, &subject, &terms.market, &messages, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Payments that finance has to make, the first due first, then those whose time to pay is interrupted; for those who may
    /// record one.
    pub(crate) async fn payments_waiting(&self, actor: &Actor, limit: u64) -> Result<Vec<PaymentDue>, AppError> {
        if actor.side() != Some(domain::people::Side::Finance) {
            return Ok(Vec::new());
        }
        let tx = self.store().begin_read().await?;
        let orders = tx.payments_waiting(limit).await?;
        let mut due: Vec<PaymentDue> = Vec::new();
        for StoredOrder { order, .. } in orders {
            let waiting = order.payments.into_iter().filter(PaymentRequest::waits);
            due.extend(waiting.map(|request| PaymentDue {
                order: order.reference.clone(),
                lot: order.lot.clone(),
                request,
            }));
        }
        due.sort_by_key(|due| (!due.request.runs(), due.request.due_on));
        Ok(due)
    }
}
