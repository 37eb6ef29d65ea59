//! The purchase order (bon de commande): units of options ordered from a holder, endorsed, notified, drawn, settled.
//!
//! Rules kept here: the order is the fold of its events; unit prices are frozen when it is drafted; what was notified is
//! immutable, a change is an amending order which goes through the same steps and whose notification takes back the
//! units it removes; the engaged amount is never negative. How many units paths have drawn is counted by the store,
//! which performs the [`OrderEffect`]s by conditional updates, and is a parameter of [`decide()`].
//!
//! An amending order carries its own added units, drawn after those of the order it amends. To add a transition, start
//! with [`table`]. Source: `domain.md` §4.1.

mod command;
mod decide;
mod effect;
mod event;
mod payment;
mod refusal;
mod state;

#[cfg(test)]
mod tests;

pub use command::{OrderChannel, OrderCommand, UnitRequest, Units};
pub use decide::{Decision, Funds, LineUse, NewOrder, OrderContext, consult, decide};
pub use effect::{OrderEffect, effects};
pub use event::{OrderEvent, OrderedUnits, told};
pub use payment::{LateInterest, PaymentRequest, PaymentState};
pub use refusal::OrderRefusal;
pub use state::{OrderRow, OrderState, OrderTransition, table};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::calendar::Day;
use crate::identifiers::{AccountId, BodyCode, LineId, LotCode, OrderId, OrderReference};
use crate::market::OptionCode;
use crate::money::Cents;

/// A purchase order as its events tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseOrder {
    pub id: OrderId,
    pub reference: OrderReference,
    pub market: String,
    pub lot: LotCode,
    /// The body that held the lot when the order was drafted.
    pub holder: BodyCode,
    pub state: OrderState,
    /// How many events it is the fold of.
    pub version: u32,
    pub lines: Vec<OrderLine>,
    /// The year of the budget that bears the engagement.
    pub budget_year: i32,
    pub visa: Option<Visa>,
    pub notification: Option<Notification>,
    pub reservations: Option<Reservations>,
    /// Engaged now, excluding tax: from the visa, less what was freed.
    pub engaged: Cents,
    /// Of what was freed, what reductions had left unpaid.
    pub reductions_freed: Cents,
    /// The order that this one amends.
    pub amends: Option<OrderId>,
    /// Units that the notification of this amending order takes back from the order it amends.
    pub removals: Vec<OrderedUnits>,
    /// The amending order under way.
    pub pending_amendment: Option<OrderId>,
    /// Amending orders already notified, oldest first.
    pub amended_by: Vec<OrderId>,
    /// The reason given for the amendment, the refusal of the visa or the cancellation, the latest one.
    pub reason: Option<String>,
    /// In the order in which they were recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payments: Vec<PaymentRequest>,
}

/// Units of one option on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub ordered: OrderedUnits,
    /// Units freed or taken back since: the rest can be drawn.
    pub freed: u32,
}

impl OrderLine {
    /// The units that the order still holds, drawn or not.
    pub fn held(&self) -> u32 {
        self.ordered.units.saturating_sub(self.freed)
    }
}

/// The visa of finance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visa {
    pub by: AccountId,
    pub on: Day,
    pub commitment_number: String,
    pub service_code: Option<String>,
}

/// How and when the order reached its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    pub channel: OrderChannel,
    pub sent_on: Day,
    pub consulted_on: Option<Day>,
    /// The day from which the order is opposable (date certaine).
    pub certain_on: Day,
    pub reservations_until: Day,
    pub proof: Option<String>,
}

/// The holder's observations on an order that it executes all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservations {
    pub on: Day,
    pub observations: String,
}

/// A record that no order explains: an event that cannot follow what precedes it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OrderInconsistency {
    #[error("the first event of an order is {kind}")]
    NotDrafted { kind: &'static str },
    #[error("an order is drafted twice")]
    DraftedTwice,
    #[error("{kind} cannot follow the state {state}")]
    Unexpected { kind: &'static str, state: OrderState },
    #[error("{kind} names a payment request that the order does not have")]
    UnknownPayment { kind: &'static str },
    #[error("{kind} names a line that the order does not have")]
    UnknownLine { kind: &'static str },
    #[error("{kind} frees more than the order holds")]
    FreedTooMuch { kind: &'static str },
}

impl PurchaseOrder {
    /// The line of this identifier.
    pub fn line(&self, id: LineId) -> Option<&OrderLine> {
        self.lines.iter().find(|line| line.ordered.line == id)
    }

    /// The line of an option.
    pub fn line_of(&self, option: OptionCode) -> Option<&OrderLine> {
        self.lines.iter().find(|line| line.ordered.option == option)
    }

    /// The price of everything ordered, excluding tax.
    pub fn total(&self) -> Cents {
        self.lines.iter().map(|line| line.ordered.price()).sum()
    }

    /// The fold of events, from the first.
    ///
    /// # Errors
    /// The first event that cannot follow those before it; no event at all gives no order.
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a OrderEvent>) -> Result<Option<Self>, OrderInconsistency> {
        events.into_iter().try_fold(None, |order, event| apply(order, event).map(Some))
    }

    fn free(&mut self, kind: &'static str, units: &[OrderedUnits], money: Cents) -> Result<(), OrderInconsistency> {
        for freed in units {
            let line = self
                .lines
                .iter_mut()
                .find(|line| line.ordered.line == freed.line)
                .ok_or(OrderInconsistency::UnknownLine { kind })?;
            if freed.units > line.held() {
                return Err(OrderInconsistency::FreedTooMuch { kind });
            }
            line.freed += freed.units;
        }
        if money > self.engaged {
            return Err(OrderInconsistency::FreedTooMuch { kind });
        }
        self.engaged -= money;
        Ok(())
    }
}

/// Applies an event to an order, or begins one.
///
/// # Errors
/// The event cannot follow what the order is: the record was altered.
pub fn apply(order: Option<PurchaseOrder>, event: &OrderEvent) -> Result<PurchaseOrder, OrderInconsistency> {
    let kind = event.kind();
    let Some(mut order) = order else {
        return draft(event);
    };
    match (event.transition(), event) {
        (Some(transition), _) => {
            let row = transition.row(Some(order.state)).ok_or(if transition == OrderTransition::DraftOrder {
                OrderInconsistency::DraftedTwice
            } else {
                OrderInconsistency::Unexpected { kind, state: order.state }
            })?;
            order.state = row.to;
        }
        (None, _) => {
            if order.state != OrderState::Notified {
                return Err(OrderInconsistency::Unexpected { kind, state: order.state });
            }
        }
    }
    if let Some(number) = event.payment() {
        pay(&mut order, number, event)?;
    }
    match event {
        OrderEvent::OrderDrafted { .. } => return Err(OrderInconsistency::DraftedTwice),
        OrderEvent::OrderCorrected { lines, removals } => {
            order.lines = drafted(lines);
            order.removals.clone_from(removals);
        }
        OrderEvent::EndorsementRequested
        | OrderEvent::PaymentRequested { .. }
        | OrderEvent::PaymentInterrupted { .. }
        | OrderEvent::PaymentResumed { .. }
        | OrderEvent::PaymentReturned { .. }
        | OrderEvent::PaymentMade { .. } => {}
        OrderEvent::OrderEndorsed { by, on, commitment_number, service_code, engaged } => {
            order.visa = Some(Visa {
                by: *by,
                on: *on,
                commitment_number: commitment_number.clone(),
                service_code: service_code.clone(),
            });
            order.engaged += *engaged;
        }
        OrderEvent::EndorsementRefused { reason } => order.reason = Some(reason.clone()),
        OrderEvent::OrderNotified { channel, sent_on, consulted_on, certain_on, reservations_until, proof } => {
            order.notification = Some(Notification {
                channel: *channel,
                sent_on: *sent_on,
                consulted_on: *consulted_on,
                certain_on: *certain_on,
                reservations_until: *reservations_until,
                proof: proof.clone(),
            });
        }
        OrderEvent::OrderConsulted { on, certain_on, reservations_until } => {
            let state = order.state;
            let notification = order.notification.as_mut().ok_or(OrderInconsistency::Unexpected { kind, state })?;
            notification.consulted_on = Some(*on);
            notification.certain_on = *certain_on;
            notification.reservations_until = *reservations_until;
        }
        OrderEvent::ReservationsMade { on, observations } => {
            order.reservations = Some(Reservations { on: *on, observations: observations.clone() });
        }
        OrderEvent::AmendmentOpened { amending, .. } => order.pending_amendment = Some(*amending),
        OrderEvent::AmendmentGivenUp { .. } => order.pending_amendment = None,
        OrderEvent::AmendmentApplied { amending, removals } => {
            let money = removals.iter().map(OrderedUnits::price).sum();
            order.free(kind, removals, money)?;
            order.pending_amendment = None;
            order.amended_by.push(*amending);
        }
        OrderEvent::OrderSettled { freed_units, freed } => {
            order.free(kind, freed_units, *freed)?;
            order.reductions_freed += *freed - freed_units.iter().map(OrderedUnits::price).sum();
        }
        OrderEvent::OrderCancelled { reason, freed_units, freed } => {
            order.free(kind, freed_units, *freed)?;
            order.reason = Some(reason.clone());
        }
    }
    order.version += 1;
    Ok(order)
}

/// What an event changes in the payment request of this number.
fn pay(order: &mut PurchaseOrder, number: &str, event: &OrderEvent) -> Result<(), OrderInconsistency> {
    if let OrderEvent::PaymentRequested { number, received_on, amount, including_tax, due_on } = event {
        order.payments.push(PaymentRequest {
            number: number.clone(),
            received_on: *received_on,
            amount: *amount,
            including_tax: *including_tax,
            due_on: *due_on,
            state: PaymentState::Running,
            interrupted: false,
        });
        return Ok(());
    }
    let request = order.payment_mut(number).ok_or(OrderInconsistency::UnknownPayment { kind: event.kind() })?;
    if let OrderEvent::PaymentInterrupted { on, reason, .. } = event {
        request.state = PaymentState::Interrupted { on: *on, reason: reason.clone() };
        request.interrupted = true;
    } else if let OrderEvent::PaymentResumed { due_on, .. } = event {
        request.state = PaymentState::Running;
        request.due_on = *due_on;
    } else if let OrderEvent::PaymentReturned { on, reason, .. } = event {
        request.state = PaymentState::Returned { on: *on, reason: reason.clone() };
    } else if let OrderEvent::PaymentMade { on, .. } = event {
        request.state = PaymentState::Paid { on: *on };
    }
    Ok(())
}

/// Lines of which nothing was freed yet.
fn drafted(lines: &[OrderedUnits]) -> Vec<OrderLine> {
    lines.iter().map(|ordered| OrderLine { ordered: ordered.clone(), freed: 0 }).collect()
}

fn draft(event: &OrderEvent) -> Result<PurchaseOrder, OrderInconsistency> {
    let OrderEvent::OrderDrafted {
        order,
        reference,
        market,
        lot,
        holder,
        budget_year,
        lines,
        amends,
        removals,
        reason,
    } = event
    else {
        return Err(OrderInconsistency::NotDrafted { kind: event.kind() });
    };
    Ok(PurchaseOrder {
        id: *order,
        reference: reference.clone(),
        market: market.clone(),
        lot: lot.clone(),
        holder: holder.clone(),
        state: OrderState::Draft,
        version: 1,
        lines: drafted(lines),
        budget_year: *budget_year,
        visa: None,
        notification: None,
        reservations: None,
        engaged: Cents::ZERO,
        reductions_freed: Cents::ZERO,
        amends: *amends,
        removals: removals.clone(),
        pending_amendment: None,
        amended_by: Vec::new(),
        reason: reason.clone(),
        payments: Vec::new(),
    })
}
