//! Purchase orders as people look at them: lists with what they add up to, one order with its money and what drew it.
//!
//! A body sees the orders notified to it and nothing else; what it may not see is not there.

use domain::calendar::paris_day;
use domain::identifiers::{LotCode, OrderReference, PathReference};
use domain::market::{Lot, Market, OptionCode, PaymentTerms, Terms};
use domain::money::Cents;
use domain::order::{LineUse, OrderState, OrderTransition, PaymentRequest, PaymentState, PurchaseOrder, table};
use domain::path::{Path, State};
use domain::people::{Actor, RecipientRole};
use persistence::{LotYear, Message, MessageFilter, OrderFilter, OrderSummary, RecordedOrder, Tx};

use crate::orders::{seen_order, sees};
use crate::queries::{body_seen, lots_seen};
use crate::{App, AppError};

/// Which orders to list; every part left out means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderChoice {
    pub lot: Option<LotCode>,
    pub states: Vec<OrderState>,
    pub budget_year: Option<i32>,
}

/// The money that bears an order: the budget of its year and the maximum of its lot, excluding tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purse {
    pub lot: LotCode,
    pub maximum: Cents,
    /// Engaged on the lot over all years.
    pub lot_engaged: Cents,
    pub year: i32,
    pub budget: Cents,
    /// Engaged on the year over all lots.
    pub year_engaged: Cents,
    /// Invoiced and paid of what the year bears, over all lots.
    pub year_invoiced: Cents,
    pub year_paid: Cents,
    /// Of orders that wait for their visa, on the lot over all years and on the year over all lots: not engaged yet.
    pub lot_waits: Cents,
    pub year_waits: Cents,
}

impl Purse {
    /// What may still be engaged on the lot.
    pub fn lot_left(&self) -> Cents {
        self.maximum - self.lot_engaged
    }

    /// What may still be engaged on the year.
    pub fn year_left(&self) -> Cents {
        self.budget - self.year_engaged
    }
}

/// A unit that a path holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDraw {
    pub option: OptionCode,
    pub path: PathReference,
    pub company: String,
    pub job: String,
    pub state: State,
    /// Its prestation was decided.
    pub served: bool,
}

/// One order with everything around it.
#[derive(Debug, Clone)]
pub struct OrderView {
    pub order: PurchaseOrder,
    pub uses: Vec<LineUse>,
    pub events: Vec<RecordedOrder>,
    pub draws: Vec<OrderDraw>,
    /// The order that this one amends.
    pub amends: Option<OrderReference>,
    /// The orders that amend this one, notified or under way, oldest first.
    pub amended_by: Vec<PurchaseOrder>,
    /// The last queued first; of a body, those addressed to it.
    pub messages: Vec<Message>,
    pub purse: Purse,
    pub lot: Lot,
    pub prices_confirmed: bool,
    /// How lateness of a payment is counted.
    pub payment: PaymentTerms,
    /// What may be tried now, by whoever may.
    pub possible: Vec<OrderTransition>,
    /// Of these, what the reader may try.
    pub available: Vec<OrderTransition>,
}

/// What an order lets be done with its payments, besides what its state allows.
fn payable(order: &PurchaseOrder, uses: &[LineUse], transition: OrderTransition) -> bool {
    let any = |of: fn(&PaymentRequest) -> bool| order.payments.iter().any(of);
    match transition {
        OrderTransition::RecordPaymentRequest => order.left_to_invoice(uses) > Cents::ZERO,
        OrderTransition::InterruptPayment => any(|request| request.runs() && !request.interrupted),
        OrderTransition::ResumePayment => any(|request| matches!(request.state, PaymentState::Interrupted { .. })),
        OrderTransition::ReturnPaymentRequest | OrderTransition::RecordPayment => any(PaymentRequest::waits),
        _ => true,
    }
}

/// The transitions that an actor may try from a state; `None` before the order exists.
fn available(state: Option<OrderState>, actor: &Actor) -> Vec<OrderTransition> {
    let allowed = |sides: &[domain::people::Side]| actor.side().is_some_and(|side| sides.contains(&side));
    table().iter().filter(|row| row.from == state && allowed(row.sides)).map(|row| row.transition).collect()
}

/// The units of an order that a path holds.
fn held(path: &Path, order: &OrderReference) -> Vec<OrderDraw> {
    let files = [&path.feasibility, &path.preparation, &path.implementation];
    let draws = files.into_iter().flat_map(|file| {
        let draws = file.ordered.iter().flat_map(|ordered| &ordered.draws);
        draws.map(|draw| (draw, file.admitted.is_some()))
    });
    let of_order = draws.filter(|(draw, _)| &draw.order == order);
    let draw = |(draw, served): (&domain::path::event::Draw, bool)| OrderDraw {
        option: draw.option,
        path: path.reference.clone(),
        company: path.workplace.company.clone(),
        job: path.job.title.clone(),
        state: path.state,
        served,
    };
    of_order.map(draw).collect()
}

pub(crate) async fn purse(tx: &Tx, market: &Market, lot: &LotCode, year: i32) -> Result<Purse, AppError> {
    let years = tx.budgets(&market.code).await?;
    let lots = tx.lot_money(&market.code).await?;
    let parts = tx.lot_years(&market.code).await?;
    let waits = |of: &dyn Fn(&LotYear) -> bool| parts.iter().filter(|part| of(part)).map(|part| part.to_endorse).sum();
    let year_row = years.iter().find(|row| row.year == year);
    let lot_row = lots.iter().find(|row| &row.lot == lot);
    Ok(Purse {
        lot: lot.clone(),
        maximum: lot_row
            .map(|row| row.maximum)
            .or_else(|| market.lot(lot).map(|lot| lot.maximum))
            .unwrap_or(Cents::ZERO),
        lot_engaged: lot_row.map_or(Cents::ZERO, |row| row.engaged),
        year,
        budget: year_row.map_or(market.budget_per_year, |row| row.budget),
        year_engaged: year_row.map_or(Cents::ZERO, |row| row.engaged),
        year_invoiced: year_row.map_or(Cents::ZERO, |row| row.invoiced),
        year_paid: year_row.map_or(Cents::ZERO, |row| row.paid),
        lot_waits: waits(&|part| &part.lot == lot),
        year_waits: waits(&|part| part.year == year),
    })
}

impl App {
    /// The orders of a choice that the reader may see, newest first.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn chosen_orders(&self, actor: &Actor, choice: &OrderChoice) -> Result<Vec<OrderSummary>, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let seen = lots_seen(&book, actor)?;
        let body = body_seen(actor);
        let lots = match (&choice.lot, seen) {
            (Some(lot), Some(seen)) => Some(seen.into_iter().filter(|known| known == lot).collect()),
            (Some(lot), None) => Some(vec![lot.clone()]),
            (None, seen) => seen,
        };
        let mut page = OrderFilter {
            lots,
            states: choice.states.clone(),
            budget_year: choice.budget_year,
            ..OrderFilter::default()
        };
        let mut orders = Vec::new();
        loop {
            let listed = tx.list_orders(&page).await?;
            let Some(last) = listed.last() else { break };
            page.after = Some(last.id);
            match &body {
                None => orders.extend(listed),
                // The lot may have had another holder when the order was drafted.
                Some(_) => {
                    for summary in listed.into_iter().filter(|order| order.certain_on.is_some()) {
                        let stored = tx.order_by_id(summary.id).await?;
                        if stored.is_some_and(|stored| sees(actor, &stored.order)) {
                            orders.push(summary);
                        }
                    }
                }
            }
        }
        Ok(orders)
    }

    /// One order in full.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this reader.
    pub async fn order_page(&self, actor: &Actor, reference: &OrderReference) -> Result<OrderView, AppError> {
        let tx = self.store().begin_read().await?;
        let order = seen_order(&tx, actor, reference).await?.order;
        let book = self.book(&tx).await?;
        let today = paris_day(tx.now().await?);
        let market = &book.current(&order.market, today).ok_or(AppError::NoMarket)?.market;
        let lot = market.lot(&order.lot).ok_or(AppError::NoMarket)?.clone();
        let paths = if order.notification.is_some() {
            tx.paths_drawing(&order.reference, &order.market, &order.lot).await?
        } else {
            Vec::new()
        };
        let amends = match order.amends {
            Some(id) => tx.order_by_id(id).await?.map(|stored| stored.order.reference),
            None => None,
        };
        let mut amended_by = Vec::new();
        for id in order.amended_by.iter().chain(&order.pending_amendment) {
            amended_by.extend(tx.order_by_id(*id).await?.map(|stored| stored.order).filter(|order| sees(actor, order)));
        }
        let mut messages = tx.messages(&MessageFilter { order: Some(order.id), ..MessageFilter::default() }).await?;
        if actor.side() == Some(domain::people::Side::Body) {
            messages.retain(|message| message.content.to.role == RecipientRole::Body);
        }
        let mut purse = purse(&tx, market, &order.lot, order.budget_year).await?;
        if order.state == OrderState::ToEndorse {
            // What it asks for is told apart from what others ask for.
            purse.lot_waits -= order.total();
            purse.year_waits -= order.total();
        }
        let uses = tx.line_uses(order.id).await?;
        let rows = table().iter().filter(|row| row.from == Some(order.state));
        let possible: Vec<_> =
            rows.map(|row| row.transition).filter(|transition| payable(&order, &uses, *transition)).collect();
        Ok(OrderView {
            uses,
            events: tx.order_events(order.id).await?,
            draws: paths.iter().flat_map(|stored| held(&stored.path, &order.reference)).collect(),
            amends,
            amended_by,
            messages,
            purse,
            prices_confirmed: market.prices_confirmed,
            payment: market.payment.clone(),
            available: available(Some(order.state), actor).into_iter().filter(|own| possible.contains(own)).collect(),
            possible,
            lot,
            order,
        })
    }

    /// The terms on which an order may be drafted now, for who may draft one.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another role; [`AppError::NoMarket`].
    pub async fn order_terms(&self, actor: &Actor) -> Result<Terms, AppError> {
        if available(None, actor).is_empty() {
            return Err(AppError::NotFound);
        }
        let tx = self.store().begin_read().await?;
        let today = paris_day(tx.now().await?);
        self.book(&tx).await?.open(today).cloned().ok_or(AppError::NoMarket)
    }

    /// The terms of a market in force today, for the Region and the bodies.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for someone outside; [`AppError::NoMarket`].
    pub async fn market_of(&self, actor: &Actor, code: &str) -> Result<Market, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        lots_seen(&book, actor)?;
        let today = paris_day(tx.now().await?);
        book.current(code, today).map(|terms| terms.market.clone()).ok_or(AppError::NoMarket)
    }

    /// The money of a lot and a year, for the Region.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a body or someone outside.
    pub async fn purse(&self, actor: &Actor, lot: &LotCode, year: i32) -> Result<Purse, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        if lots_seen(&book, actor)?.is_some() {
            return Err(AppError::NotFound);
        }
        let today = paris_day(tx.now().await?);
        let terms = book.open(today).ok_or(AppError::NoMarket)?;
        purse(&tx, &terms.market, lot, year).await
    }
}
