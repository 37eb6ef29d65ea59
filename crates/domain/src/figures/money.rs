//! Money as figures count it: movements, each on a day of effect and known since an instant, excluding tax.
//!
//! Engagements, invoices and payments come from the journal of an order, service done from the decisions on paths
//! ([`super::Standing::served`]). A movement is never edited: what is freed or sent back is one of the other sign.

use super::Moment;
use crate::calendar::{Day, Instant};
use crate::market::Prestation;
use crate::money::Cents;
use crate::order::{OrderEvent, OrderedUnits, PurchaseOrder};

/// The lines of the money, in the order in which a euro goes through them.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    strum::EnumIter,
    strum::EnumString,
    strum::Display,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum MoneyLine {
    /// Endorsed by finance, less what was freed since.
    Engaged,
    /// Admitted, after reductions.
    Served,
    /// Asked for by the holder, less what was sent back.
    Invoiced,
    Paid,
}

/// What a payment answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentAsked {
    pub received_on: Day,
    /// The last day to pay, an interruption reckoned with.
    pub due_on: Day,
}

/// An amount that came to a line, or left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Movement {
    pub line: MoneyLine,
    /// None for what no single prestation bears: a payment, a reduction left unpaid.
    pub prestation: Option<Prestation>,
    pub cents: Cents,
    pub on: Day,
    pub known: Instant,
    /// For a payment alone.
    pub asked: Option<PaymentAsked>,
}

impl Movement {
    /// Whether it is in effect and known at a moment.
    pub fn seen(&self, moment: Moment) -> bool {
        self.on <= moment.as_of && moment.known_at.is_none_or(|known_at| self.known <= known_at)
    }
}

/// What an event of an order moves; `order` is the order after it.
pub fn movements(order: &PurchaseOrder, event: &OrderEvent, on: Day, known: Instant) -> Vec<Movement> {
    let one = |line: MoneyLine, prestation: Option<Prestation>, cents: Cents| Movement {
        line,
        prestation,
        cents,
        on,
        known,
        asked: None,
    };
    let of = |units: &OrderedUnits| (units.option.prestation(), units.price());
    let invoiced = |number: &str| order.payments.iter().find(|payment| payment.number == number);
    let amount = |number: &str| invoiced(number).map_or(Cents::ZERO, |payment| payment.amount);
    match event {
        OrderEvent::OrderEndorsed { engaged, .. } => {
            let lines = order.lines.iter().map(|line| of(&line.ordered));
            split(*engaged, lines).map(|(prestation, cents)| one(MoneyLine::Engaged, prestation, cents)).collect()
        }
        OrderEvent::AmendmentApplied { removals, .. } => {
            let removed = removals.iter().map(OrderedUnits::price).sum();
            let removals = removals.iter().map(of);
            split(removed, removals).map(|(prestation, cents)| one(MoneyLine::Engaged, prestation, -cents)).collect()
        }
        OrderEvent::OrderSettled { freed_units, freed } => {
            let units = freed_units.iter().map(of);
            split(*freed, units).map(|(prestation, cents)| one(MoneyLine::Engaged, prestation, -cents)).collect()
        }
        OrderEvent::OrderCancelled { freed_units, freed, .. } => {
            // Before it was notified nothing was freed unit by unit: the whole order is.
            let lines: Vec<(Prestation, Cents)> = if freed_units.is_empty() {
                order.lines.iter().map(|line| of(&line.ordered)).collect()
            } else {
                freed_units.iter().map(of).collect()
            };
            split(*freed, lines).map(|(prestation, cents)| one(MoneyLine::Engaged, prestation, -cents)).collect()
        }
        OrderEvent::PaymentRequested { amount, .. } => vec![one(MoneyLine::Invoiced, None, *amount)],
        OrderEvent::PaymentReturned { number, .. } => vec![one(MoneyLine::Invoiced, None, -amount(number))],
        OrderEvent::PaymentMade { number, .. } => {
            let asked = invoiced(number)
                .map(|payment| PaymentAsked { received_on: payment.received_on, due_on: payment.due_on });
            vec![Movement { asked, ..one(MoneyLine::Paid, None, amount(number)) }]
        }
        OrderEvent::OrderDrafted { .. }
        | OrderEvent::OrderCorrected { .. }
        | OrderEvent::EndorsementRequested
        | OrderEvent::EndorsementRefused { .. }
        | OrderEvent::OrderNotified { .. }
        | OrderEvent::OrderConsulted { .. }
        | OrderEvent::PaymentInterrupted { .. }
        | OrderEvent::PaymentResumed { .. }
        | OrderEvent::ReservationsMade { .. }
        | OrderEvent::AmendmentOpened { .. }
        | OrderEvent::AmendmentGivenUp { .. } => Vec::new(),
    }
}

/// An amount by prestation, and what these do not explain under none; nothing for nothing.
fn split(
    whole: Cents,
    parts: impl IntoIterator<Item = (Prestation, Cents)>,
) -> impl Iterator<Item = (Option<Prestation>, Cents)> {
    let mut left = whole;
    let mut by: Vec<(Option<Prestation>, Cents)> = Vec::new();
    for (prestation, cents) in parts {
        // An order that was freed already holds nothing more to free.
        let cents = cents.min(left);
        left -= cents;
        match by.iter_mut().find(|(known, _)| *known == Some(prestation)) {
            Some((_, sum)) => *sum += cents,
            None => by.push((Some(prestation), cents)),
        }
    }
    by.push((None, left));
    by.into_iter().filter(|(_, cents)| *cents != Cents::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_parts_do_not_explain_is_kept_apart() {
        let parts = [(Prestation::Feasibility, Cents::new(300)), (Prestation::Preparation, Cents::new(200))];
        let split_of = |whole| split(Cents::new(whole), parts).map(|(_, cents)| cents.get()).collect::<Vec<_>>();
        assert_eq!(split_of(500), [300, 200]);
        assert_eq!(split_of(550), [300, 200, 50]);
        assert_eq!(split_of(0), Vec::<i64>::new());
        assert_eq!(split_of(400), [300, 100]);
    }
}
