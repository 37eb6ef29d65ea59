//! What an event of an order changes in the counters of units and of money.
//!
//! The store performs each effect by a conditional update in the transaction that records the event, in the order
//! given: order lines, then the year's budget and the lot's maximum. An update that touches no row means that the
//! counter no longer allows it, and nothing of the transaction stays.

use super::PurchaseOrder;
use super::event::{OrderEvent, OrderedUnits};
use crate::calendar::Day;
use crate::identifiers::{LineId, LotCode, OrderId};
use crate::money::Cents;

/// A change of counters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderEffect {
    /// Lines that paths may draw from the order's certain date on, oldest order first.
    OpenLines { order: OrderId, certain_on: Day, lines: Vec<OrderedUnits> },
    /// The certain date of the order's lines came earlier.
    RankLines { order: OrderId, certain_on: Day },
    /// Units leave a line; refused when fewer are free.
    RemoveUnits { line: LineId, units: u32 },
    /// Nothing more is drawn from the order; refused while a drawn unit is not served, so that none ever comes back to it.
    CloseLines { order: OrderId },
    /// Money is engaged; refused above the year's budget or the lot's maximum.
    Engage { market: String, lot: LotCode, year: i32, cents: Cents },
    /// Engaged money is given back.
    Free { market: String, lot: LotCode, year: i32, cents: Cents },
}

/// The changes that an event of this order calls for; `order` is the order as it was just before, or as drafted.
pub fn effects(order: &PurchaseOrder, event: &OrderEvent) -> Vec<OrderEffect> {
    let engage = |cents: Cents| {
        (cents > Cents::ZERO).then(|| OrderEffect::Engage {
            market: order.market.clone(),
            lot: order.lot.clone(),
            year: order.budget_year,
            cents,
        })
    };
    let free = |cents: Cents| {
        (cents > Cents::ZERO).then(|| OrderEffect::Free {
            market: order.market.clone(),
            lot: order.lot.clone(),
            year: order.budget_year,
            cents,
        })
    };
    let remove = |units: &[OrderedUnits]| -> Vec<OrderEffect> {
        units.iter().map(|units| OrderEffect::RemoveUnits { line: units.line, units: units.units }).collect()
    };
    match event {
        OrderEvent::OrderDrafted { .. }
        | OrderEvent::OrderCorrected { .. }
        | OrderEvent::EndorsementRequested
        | OrderEvent::EndorsementRefused { .. }
        | OrderEvent::ReservationsMade { .. }
        | OrderEvent::PaymentRequested { .. }
        | OrderEvent::PaymentInterrupted { .. }
        | OrderEvent::PaymentResumed { .. }
        | OrderEvent::PaymentReturned { .. }
        | OrderEvent::PaymentMade { .. }
        | OrderEvent::AmendmentOpened { .. }
        | OrderEvent::AmendmentGivenUp { .. } => Vec::new(),
        OrderEvent::OrderEndorsed { engaged, .. } => engage(*engaged).into_iter().collect(),
        OrderEvent::OrderNotified { certain_on, .. } => {
            let lines: Vec<_> = order.lines.iter().map(|line| line.ordered.clone()).collect();
            if lines.is_empty() {
                Vec::new()
            } else {
                vec![OrderEffect::OpenLines { order: order.id, certain_on: *certain_on, lines }]
            }
        }
        OrderEvent::OrderConsulted { certain_on, .. } => {
            let moved = order.notification.as_ref().is_some_and(|notification| notification.certain_on != *certain_on);
            if moved { vec![OrderEffect::RankLines { order: order.id, certain_on: *certain_on }] } else { Vec::new() }
        }
        OrderEvent::AmendmentApplied { removals, .. } => {
            let mut effects = remove(removals);
            effects.extend(free(removals.iter().map(OrderedUnits::price).sum()));
            effects
        }
        OrderEvent::OrderSettled { freed_units, freed } => {
            let mut effects = remove(freed_units);
            effects.push(OrderEffect::CloseLines { order: order.id });
            effects.extend(free(*freed));
            effects
        }
        OrderEvent::OrderCancelled { freed_units, freed, .. } => {
            let mut effects = remove(freed_units);
            if order.notification.is_some() {
                effects.push(OrderEffect::CloseLines { order: order.id });
            }
            effects.extend(free(*freed));
            effects
        }
    }
}
