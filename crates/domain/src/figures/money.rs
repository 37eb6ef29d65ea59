//! Money as figures count it: movements, each on a day of effect and known since an instant, excluding tax.
//!
//! What is planned and engaged, invoices and payments come from the journal of an order, service done from the decisions on paths
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
    /// Put on an order, endorsed or not yet, less what was given up or freed since.
    Planned,
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

/// What an event of an order moves, between the order before and after it.
pub fn movements(
    before: Option<&PurchaseOrder>,
    order: &PurchaseOrder,
    event: &OrderEvent,
    on: Day,
    known: Instant,
) -> Vec<Movement> {
    let one = |line: MoneyLine, prestation: Option<Prestation>, cents: Cents| Movement {
        line,
        prestation,
        cents,
        on,
        known,
        asked: None,
    };
    let several = |lines: &[MoneyLine], parts: &[Part]| {
        let of = |line: &MoneyLine| parts.iter().map(|(prestation, cents)| one(*line, *prestation, *cents)).collect();
        lines.iter().flat_map(|line| -> Vec<Movement> { of(line) }).collect::<Vec<_>>()
    };
    // What leaves an order that finance endorsed leaves both lines.
    let freed = |units: &[OrderedUnits], money: Cents| {
        several(&[MoneyLine::Planned, MoneyLine::Engaged], &taken_back(split(money, units.iter())))
    };
    let invoiced = |number: &str| order.payments.iter().find(|payment| payment.number == number);
    let amount = |number: &str| invoiced(number).map_or(Cents::ZERO, |payment| payment.amount);
    match event {
        OrderEvent::OrderDrafted { .. } => several(&[MoneyLine::Planned], &ordered(order, order.total())),
        OrderEvent::OrderCorrected { .. } => {
            let was = before.map_or_else(Vec::new, |before| taken_back(ordered(before, before.total())));
            let parts: Vec<Part> = was.into_iter().chain(ordered(order, order.total())).collect();
            several(&[MoneyLine::Planned], &parts)
        }
        OrderEvent::OrderEndorsed { engaged, .. } => several(&[MoneyLine::Engaged], &ordered(order, *engaged)),
        OrderEvent::OrderCancelled { .. } if order.visa.is_none() => {
            several(&[MoneyLine::Planned], &taken_back(ordered(order, order.total())))
        }
        OrderEvent::AmendmentApplied { removals, .. } => {
            freed(removals, removals.iter().map(OrderedUnits::price).sum())
        }
        OrderEvent::OrderSettled { freed_units, freed: money } => freed(freed_units, *money),
        // Before it was notified nothing was freed unit by unit: the whole order is.
        OrderEvent::OrderCancelled { freed_units, freed: money, .. } if freed_units.is_empty() => {
            several(&[MoneyLine::Planned, MoneyLine::Engaged], &taken_back(ordered(order, *money)))
        }
        OrderEvent::OrderCancelled { freed_units, freed: money, .. } => freed(freed_units, *money),
        OrderEvent::PaymentRequested { amount, .. } => vec![one(MoneyLine::Invoiced, None, *amount)],
        OrderEvent::PaymentReturned { number, .. } => vec![one(MoneyLine::Invoiced, None, -amount(number))],
        OrderEvent::PaymentMade { number, .. } => {
            let asked = invoiced(number)
                .map(|payment| PaymentAsked { received_on: payment.received_on, due_on: payment.due_on });
            vec![Movement { asked, ..one(MoneyLine::Paid, None, amount(number)) }]
        }
        OrderEvent::EndorsementRequested
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

/// An amount of a prestation, or of none alone.
type Part = (Option<Prestation>, Cents);

/// An amount of an order by the prestations of its lines.
fn ordered(order: &PurchaseOrder, whole: Cents) -> Vec<Part> {
    split(whole, order.lines.iter().map(|line| &line.ordered))
}

fn taken_back(parts: Vec<Part>) -> Vec<Part> {
    parts.into_iter().map(|(prestation, cents)| (prestation, -cents)).collect()
}

/// An amount by prestation, and what these units do not explain under none; nothing for nothing.
fn split<'a>(whole: Cents, units: impl Iterator<Item = &'a OrderedUnits>) -> Vec<Part> {
    let mut left = whole;
    let mut by: Vec<Part> = Vec::new();
    for units in units {
        // An order that was freed already holds nothing more to free.
        let (prestation, cents) = (units.option.prestation(), units.price().min(left));
        left -= cents;
        match by.iter_mut().find(|(known, _)| *known == Some(prestation)) {
            Some((_, sum)) => *sum += cents,
            None => by.push((Some(prestation), cents)),
        }
    }
    by.push((None, left));
    by.retain(|(_, cents)| *cents != Cents::ZERO);
    by
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifiers::LineId;
    use crate::market::OptionCode;
    use crate::money::{Amount, VatRate};

    #[test]
    fn what_the_parts_do_not_explain_is_kept_apart() {
        let one = |option, cents| OrderedUnits {
            line: LineId::new(uuid::Uuid::nil()),
            option,
            unit_price: Amount { excluding_tax: Cents::new(cents), vat: VatRate::EXEMPT },
            units: 1,
        };
        let units = [one(OptionCode::P1, 300), one(OptionCode::M1, 200)];
        let split_of =
            |whole| split(Cents::new(whole), units.iter()).iter().map(|(_, cents)| cents.get()).collect::<Vec<_>>();
        assert_eq!(split_of(500), [300, 200]);
        assert_eq!(split_of(550), [300, 200, 50]);
        assert_eq!(split_of(0), Vec::<i64>::new());
        assert_eq!(split_of(400), [300, 100]);
    }
}
