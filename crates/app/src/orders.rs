//! Performing a transition of a purchase order, and reading orders.
//!
//! Money is engaged by a conditional update on the year's budget and the lot's maximum, in the transaction that records the
//! visa. An amendment writes two orders in one transaction.

use std::fmt;

use domain::calendar::paris_day;
use domain::delegation::acting;
use domain::form::Form;
use domain::identifiers::{EventId, LineId, OrderId, OrderReference};
use domain::market::Terms;
use domain::order::{
    LineUse, NewOrder, OrderCommand, OrderContext, OrderEffect, OrderEvent, OrderRefusal, OrderState, OrderTransition,
    PurchaseOrder, apply, consult, decide, effects,
};
use domain::people::{Account, Actor, RecipientRole, Side, StaffRole};
use domain::told::{Addressed, Told, of_accounts};
use domain::{Day, Instant};
use notifier::emails::{OrderNotice, order_notice};
use persistence::{AppendOrder, CounterOutcome, OrderSummary, RecordedOrder, StoreError, StoredOrder, Tx};

use crate::advance::request_digest;
use crate::book::Book;
use crate::delivery::Subject;
use crate::order_desk::OrderChoice;
use crate::plan::MessageSummary;
use crate::{App, AppError, new_id};

const ATTEMPTS: usize = 8;

/// What a transition is performed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderTarget {
    New,
    Order(OrderReference),
}

/// How a transition is performed.
#[derive(Debug, Clone, Default)]
pub struct OrderOptions {
    pub idempotency_key: Option<String>,
    pub expected_version: Option<u32>,
    /// The instant at which it takes place, instead of the store's.
    pub at: Option<Instant>,
    /// Free text of the author, added to every message of the step.
    pub note: Option<String>,
}

/// What a transition did.
#[derive(Debug, Clone)]
pub struct OrderOutcome {
    /// The order, or the new one.
    pub order: PurchaseOrder,
    /// As it stood before; of a repeat, nothing is told.
    pub before: Option<PurchaseOrder>,
    /// The amending order just opened, or the amended one.
    pub linked: Option<PurchaseOrder>,
    pub events: Vec<RecordedOrder>,
    pub messages: Vec<MessageSummary>,
    /// False while prices are illustrative.
    pub prices_confirmed: bool,
    pub replayed: bool,
}

/// How the transaction of a transition ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Commit,
    /// A rehearsal.
    Rollback,
}

/// An order about to be written.
struct Change {
    before: Option<StoredOrder>,
    after: PurchaseOrder,
    recorded: Vec<RecordedOrder>,
    effects: Vec<OrderEffect>,
}

impl App {
    /// Performs a transition of an order.
    ///
    /// # Errors
    /// The form, the rights, the state, the money ([`AppError::OrderRefused`]); somebody was faster; the store does not answer.
    pub async fn order(
        &self,
        actor: &Actor,
        target: &OrderTarget,
        transition: OrderTransition,
        form: &Form,
        options: &OrderOptions,
    ) -> Result<OrderOutcome, AppError> {
        let command = OrderCommand::read(transition, form).map_err(AppError::Invalid)?;
        let keyed = options.idempotency_key.as_ref();
        let request = keyed.map(|_| request_digest(actor, &target.to_string(), transition.as_ref(), form));
        for _ in 0..ATTEMPTS {
            match self.attempt_order(actor, target, &command, options, request.as_deref(), Ending::Commit).await {
                Ok(Some(outcome)) => return Ok(outcome),
                Ok(None) | Err(AppError::Store(StoreError::Busy(_))) => {}
                Err(error) => {
                    return match self.replay_order(actor, options, request.as_deref()).await? {
                        Some(outcome) => Ok(outcome),
                        None => Err(error),
                    };
                }
            }
        }
        Err(AppError::Contended)
    }

    /// What a transition would do, with the text of its messages: it is performed to the end, and nothing is kept.
    ///
    /// # Errors
    /// As [`App::order`].
    pub async fn rehearse_order(
        &self,
        actor: &Actor,
        target: &OrderTarget,
        transition: OrderTransition,
        form: &Form,
        options: &OrderOptions,
    ) -> Result<OrderOutcome, AppError> {
        let command = OrderCommand::read(transition, form).map_err(AppError::Invalid)?;
        let options = OrderOptions { idempotency_key: None, ..options.clone() };
        for _ in 0..ATTEMPTS {
            match self.attempt_order(actor, target, &command, &options, None, Ending::Rollback).await {
                Ok(Some(outcome)) => return Ok(outcome),
                Ok(None) | Err(AppError::Store(StoreError::Busy(_))) => {}
                Err(error) => return Err(error),
            }
        }
        Err(AppError::Contended)
    }

    async fn attempt_order(
        &self,
        actor: &Actor,
        target: &OrderTarget,
        command: &OrderCommand,
        options: &OrderOptions,
        request: Option<&str>,
        ending: Ending,
    ) -> Result<Option<OrderOutcome>, AppError> {
        let tx = self.store().begin_write().await?;
        let book = self.book(&tx).await?;
        let now = match options.at {
            Some(at) => at,
            None => tx.now().await?,
        };
        let today = paris_day(now);
        let before = match target {
            OrderTarget::New => None,
            OrderTarget::Order(reference) => Some(tx.lock_order(reference).await?.ok_or(AppError::NotFound)?),
        };
        let lot = match (&before, command) {
            (Some(stored), _) => Some(&stored.order.lot),
            (None, OrderCommand::DraftOrder { lot, .. }) => Some(lot),
            (None, _) => None,
        };
        let stand_ins = book.stand_ins(today);
        let acting = lot.map_or_else(|| actor.clone(), |lot| acting(actor, None, lot, &stand_ins));
        let actor = &acting;
        if let Some(stored) = &before {
            if !sees(actor, &stored.order) {
                return Err(AppError::NotFound);
            }
            if options.expected_version.is_some_and(|expected| expected != stored.order.version) {
                return Err(OrderRefusal::Stale { current: stored.order.version }.into());
            }
        }
        let terms = match &before {
            Some(stored) => book.current(&stored.order.market, today),
            None => book.open(today),
        };
        let terms = terms.ok_or(AppError::NoMarket)?.clone();
        let amended = match before.as_ref().and_then(|stored| stored.order.amends) {
            Some(id) => tx.order_by_id(id).await?,
            None => None,
        };
        let fresh = self.fresh_order(&tx, command, before.as_ref(), today).await?;
        let mut uses: Vec<LineUse> = Vec::new();
        for stored in before.iter().chain(&amended) {
            uses.extend(tx.line_uses(stored.order.id).await?);
        }
        let funds = match &before {
            Some(stored) => tx.funds(&terms.market, &stored.order.lot, stored.order.budget_year).await?,
            None => domain::order::Funds { lot: domain::money::Cents::ZERO, year: domain::money::Cents::ZERO },
        };
        let context = OrderContext {
            actor,
            today,
            terms: &terms,
            fresh: &fresh,
            uses: &uses,
            funds,
            amended: amended.as_ref().map(|stored| &stored.order),
        };
        let state_before = before.as_ref().map(|stored| stored.order.state);
        let decision = decide(before.as_ref().map(|stored| &stored.order), command, &context)?;
        let id = before.as_ref().map_or(fresh.order, |stored| stored.order.id);
        let seen = before.as_ref().map(|stored| stored.order.clone());
        let main = change(before, id, decision.events, actor, &terms, now)?;
        let mut changes = vec![main];
        if let Some((other, event)) = decision.elsewhere {
            let stored = match amended.filter(|stored| stored.order.id == other) {
                Some(stored) => Some(stored),
                None => tx.order_by_id(other).await?,
            };
            changes.push(change(stored, other, vec![event], actor, &terms, now)?);
        }
        for (rank, change) in changes.iter().enumerate() {
            let key = options.idempotency_key.as_deref().filter(|_| rank == 0);
            tx.append_order(
                &AppendOrder {
                    before: change.before.as_ref(),
                    after: &change.after,
                    events: &change.recorded,
                    idempotency_key: key,
                    request_digest: request.filter(|_| rank == 0),
                },
                now,
            )
            .await?;
        }
        let messages = self.tell(&tx, &book, &terms, &changes, (state_before, options.note.as_deref()), now).await?;
        for change in &changes {
            for effect in &change.effects {
                if !engage(&tx, &terms, effect).await? {
                    tx.rollback().await?;
                    return Ok(None);
                }
            }
        }
        match ending {
            Ending::Commit => tx.commit().await?,
            Ending::Rollback => tx.rollback().await?,
        }
        let mut changes = changes.into_iter();
        let main = changes.next().ok_or(AppError::NotFound)?;
        Ok(Some(OrderOutcome {
            order: main.after,
            before: seen,
            linked: changes.next().map(|change| change.after),
            events: main.recorded,
            messages,
            prices_confirmed: terms.market.prices_confirmed,
            replayed: false,
        }))
    }

    async fn fresh_order(
        &self,
        tx: &Tx,
        command: &OrderCommand,
        before: Option<&StoredOrder>,
        today: Day,
    ) -> Result<NewOrder, AppError> {
        let (order, lines) = (OrderId::new(new_id()), (0..16).map(|_| LineId::new(new_id())).collect());
        let (lot, year) = match (command, before) {
            (OrderCommand::DraftOrder { lot, budget_year, .. }, _) => {
                (lot.clone(), i32::try_from(*budget_year).unwrap_or(0))
            }
            (OrderCommand::AmendOrder { .. }, Some(stored)) => (stored.order.lot.clone(), stored.order.budget_year),
            (_, Some(stored)) => {
                // Nothing is opened: the reference is not taken from the counter.
                return Ok(NewOrder { order, reference: stored.order.reference.clone(), lines });
            }
            (_, None) => return Err(AppError::NotFound),
        };
        // A year outside the market is refused by the decision, and its number given back by the rollback.
        let year = if (2000..=2200).contains(&year) { year } else { chrono::Datelike::year(&today) };
        let number = tx.next_number(&format!("order-{lot}-{year}")).await?;
        let number = u32::try_from(number).expect("a counter starts at 1 and a lot never has four billion orders");
        Ok(NewOrder { order, reference: OrderReference::new(lot, year, number), lines })
    }

    async fn tell(
        &self,
        tx: &Tx,
        book: &Book,
        terms: &Terms,
        changes: &[Change],
        (state_before, note): (Option<OrderState>, Option<&str>),
        now: Instant,
    ) -> Result<Vec<MessageSummary>, AppError> {
        let mut summaries = Vec::new();
        let Some(change) = changes.first() else { return Ok(summaries) };
        let Some(holder) = terms.market.lot(&change.after.lot).map(|lot| &lot.holder) else { return Ok(summaries) };
        for recorded in &change.recorded {
            let mut messages = Vec::new();
            for role in domain::order::told(state_before, &recorded.event) {
                for to in addressed(*role, book, holder, &change.after, paris_day(now)) {
                    let notice = OrderNotice {
                        order: &change.after,
                        amended: changes.get(1).map(|amended| &amended.after),
                        event: &recorded.event,
                        market: &terms.market,
                        author: &recorded.author,
                        today: paris_day(now),
                        note,
                        texts: &book.texts,
                    };
                    let composed = order_notice(&notice, &to);
                    messages.push((to, composed));
                }
            }
            let subject = Subject::order(&change.after, recorded.id.uuid());
            self.queue(tx, book, &subject, &terms.market, &messages, now).await?;
            summaries.extend(messages.iter().map(MessageSummary::new));
        }
        Ok(summaries)
    }

    /// Notes the first consultation of an order by a coordinator of its holder, whom it is shown to; whether it was this one.
    ///
    /// A store that refuses to write, or is too busy, notes nothing and shows the order all the same: the next opening notes it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this reader.
    pub async fn consult_order(&self, actor: &Actor, reference: &OrderReference) -> Result<bool, AppError> {
        let tx = self.store().begin_read().await?;
        let stored = seen_order(&tx, actor, reference).await?;
        tx.rollback().await?;
        match self.note_consultation(actor, &stored).await {
            // Somebody acted on it in this moment.
            Err(AppError::Conflict(_)) => Ok(false),
            Err(AppError::Store(error)) if error.is_retryable() => {
                tracing::warn!(order.reference = %reference, %error, "first consultation of an order not noted");
                Ok(false)
            }
            noted => noted,
        }
    }

    async fn note_consultation(&self, actor: &Actor, seen: &StoredOrder) -> Result<bool, AppError> {
        let coordinator = matches!(actor, Actor::Staff { role: StaffRole::Coordinator, .. });
        if !coordinator || consult(&seen.order, Day::MAX).is_none() {
            return Ok(false);
        }
        let tx = self.store().begin_write().await?;
        let book = self.book(&tx).await?;
        let now = tx.now().await?;
        let today = paris_day(now);
        let Some(stored) = tx.lock_order(&seen.order.reference).await? else { return Ok(false) };
        let Some(event) = consult(&stored.order, today) else { return Ok(false) };
        let terms = book.current(&stored.order.market, today).ok_or(AppError::NoMarket)?;
        let id = stored.order.id;
        let change = change(Some(stored), id, vec![event], actor, terms, now)?;
        tx.append_order(
            &AppendOrder {
                before: change.before.as_ref(),
                after: &change.after,
                events: &change.recorded,
                idempotency_key: None,
                request_digest: None,
            },
            now,
        )
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn replay_order(
        &self,
        actor: &Actor,
        options: &OrderOptions,
        request: Option<&str>,
    ) -> Result<Option<OrderOutcome>, AppError> {
        let Some(key) = &options.idempotency_key else { return Ok(None) };
        let tx = self.store().begin_read().await?;
        let Some(first) = tx.key_use(key).await? else { return Ok(None) };
        if first.request_digest.as_deref() != request {
            return Err(AppError::KeyReused);
        }
        let stored = tx.order_by_id(OrderId::new(first.stream)).await?.filter(|stored| sees(actor, &stored.order));
        let Some(stored) = stored else { return Err(AppError::KeyReused) };
        let events = tx.order_events(stored.order.id).await?;
        let events = events.into_iter().filter(|event| event.seq == first.first_seq).collect();
        let today = paris_day(tx.now().await?);
        let terms = self.book(&tx).await?.current(&stored.order.market, today).cloned();
        Ok(Some(OrderOutcome {
            order: stored.order,
            before: None,
            linked: None,
            events,
            messages: Vec::new(),
            prices_confirmed: terms.is_some_and(|terms| terms.market.prices_confirmed),
            replayed: true,
        }))
    }

    /// Orders the reader may see, newest first.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn orders(&self, actor: &Actor) -> Result<Vec<OrderSummary>, AppError> {
        self.chosen_orders(actor, &OrderChoice::default()).await
    }

    /// One order with the use of its lines and its events.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this reader.
    pub async fn order_view(
        &self,
        actor: &Actor,
        reference: &OrderReference,
    ) -> Result<(PurchaseOrder, Vec<LineUse>, Vec<RecordedOrder>), AppError> {
        let tx = self.store().begin_read().await?;
        let order = seen_order(&tx, actor, reference).await?.order;
        let uses = tx.line_uses(order.id).await?;
        let events = tx.order_events(order.id).await?;
        Ok((order, uses, events))
    }
}

/// An order as this reader sees it: what one may not see is not there.
pub(crate) async fn seen_order(tx: &Tx, actor: &Actor, reference: &OrderReference) -> Result<StoredOrder, AppError> {
    let stored = tx.order_by_reference(reference).await?.filter(|stored| sees(actor, &stored.order));
    stored.ok_or(AppError::NotFound)
}

/// As keys of drafts and of requests write it.
impl fmt::Display for OrderTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New => Ok(()),
            Self::Order(reference) => reference.fmt(f),
        }
    }
}

fn change(
    before: Option<StoredOrder>,
    id: OrderId,
    events: Vec<OrderEvent>,
    actor: &Actor,
    terms: &Terms,
    now: Instant,
) -> Result<Change, AppError> {
    let mut after = before.as_ref().map(|stored| stored.order.clone());
    let (mut recorded, mut all) = (Vec::new(), Vec::new());
    for event in events {
        let seq = after.as_ref().map_or(0, |order| order.version) + 1;
        if let Some(order) = &after {
            all.extend(effects(order, &event));
        }
        after = Some(apply(after, &event).map_err(|error| AppError::Store(persistence::misfolded_order(id, &error)))?);
        recorded.push(RecordedOrder {
            id: EventId::new(new_id()),
            order: id,
            seq,
            effective_on: event.effective_on().unwrap_or(paris_day(now)),
            recorded_at: now,
            author: actor.clone(),
            terms: terms.version,
            event,
        });
    }
    Ok(Change { before, after: after.ok_or(AppError::NotFound)?, recorded, effects: all })
}

/// Moves money; lines follow the fold of the order. False when the budget or the maximum no longer allows it.
async fn engage(tx: &Tx, terms: &Terms, effect: &OrderEffect) -> Result<bool, AppError> {
    match effect {
        OrderEffect::Engage { lot, year, cents, .. } => {
            Ok(tx.engage(&terms.market, lot, *year, *cents).await? == CounterOutcome::Done)
        }
        OrderEffect::Free { market, lot, year, cents } => {
            tx.free_engagement(market, lot, *year, *cents).await?;
            Ok(true)
        }
        OrderEffect::OpenLines { .. }
        | OrderEffect::RankLines { .. }
        | OrderEffect::RemoveUnits { .. }
        | OrderEffect::CloseLines { .. } => Ok(true),
    }
}

/// A body sees the orders notified to it, and no draft; the Region's staff sees all.
pub(crate) fn sees(actor: &Actor, order: &PurchaseOrder) -> bool {
    match actor {
        Actor::Staff { role: StaffRole::Coordinator, body, .. } => {
            body.as_ref() == Some(&order.holder) && order.notification.is_some()
        }
        Actor::Staff { .. } | Actor::System => true,
        Actor::Outside { .. } => false,
    }
}

pub(crate) fn addressed(
    role: RecipientRole,
    book: &Book,
    holder: &domain::market::Holder,
    order: &PurchaseOrder,
    today: Day,
) -> Vec<Addressed> {
    match role {
        RecipientRole::Body => vec![Addressed::holder(Told::Message, holder)],
        RecipientRole::Region => {
            let follow = book.officers.iter().filter(|account| account.follows(&order.lot));
            of_accounts(role, Told::Message, follow, &book.stand_ins(today))
        }
        RecipientRole::Finance => {
            let finance = |account: &&Account| account.active && account.actor().side() == Some(Side::Finance);
            of_accounts(role, Told::Message, book.accounts.iter().filter(finance), &[])
        }
        RecipientRole::Company | RecipientRole::Trainee | RecipientRole::Tutor | RecipientRole::Candidate => Vec::new(),
    }
}
