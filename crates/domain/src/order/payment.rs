//! Payment requests (demandes de paiement) of an order: invoiced, interrupted once, paid.
//!
//! They mirror what Chorus Pro says and never master it: a request is known by its Chorus number, and each change is recorded
//! when it is read there. Two rules are kept here: what is invoiced never passes what was admitted, and says its tax when what was admitted bears some; the time to pay is
//! interrupted once, after which a whole one begins (CCP R2192-27 to R2192-29). Late interest is a preview, excluding nothing
//! that the accountant decides.

use serde::{Deserialize, Serialize};

use super::decide::{OrderContext, between};
use super::{LineUse, OrderEvent, OrderRefusal, PurchaseOrder};
use crate::calendar::Day;
use crate::market::PaymentTerms;
use crate::money::{Amount, Cents};

/// Hundredths of a percent in a whole, times the days of a year: what an annual rate is divided by for a day.
const RATE_OF_A_DAY: i64 = 10_000 * 365;

/// A payment request of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRequest {
    /// Its number in Chorus Pro.
    pub number: String,
    /// The day from which the time to pay runs.
    pub received_on: Day,
    /// Excluding tax.
    pub amount: Cents,
    /// Including tax: what late interest is computed on.
    pub including_tax: Cents,
    /// The last day to pay; while it is interrupted, the one that no longer holds.
    pub due_on: Day,
    pub state: PaymentState,
    /// The one interruption was used.
    pub interrupted: bool,
}

/// Where a payment request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum PaymentState {
    /// The time to pay runs.
    Running,
    /// It stopped until what is missing is received.
    Interrupted {
        on: Day,
        reason: String,
    },
    Paid {
        on: Day,
    },
    /// Sent back to the holder: it counts no more.
    Returned {
        on: Day,
        reason: String,
    },
}

/// What a late payment would cost, were the accountant to compute it so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateInterest {
    pub days: u32,
    pub interest: Cents,
    /// The fixed compensation for recovery costs.
    pub indemnity: Cents,
}

impl LateInterest {
    /// Interest and compensation.
    pub fn total(&self) -> Cents {
        self.interest + self.indemnity
    }
}

impl PaymentRequest {
    /// Whether its time to pay runs.
    pub fn runs(&self) -> bool {
        self.state == PaymentState::Running
    }

    /// Whether it is neither paid nor sent back.
    pub fn waits(&self) -> bool {
        matches!(self.state, PaymentState::Running | PaymentState::Interrupted { .. })
    }

    /// By how many days its payment is late, or was.
    pub fn days_late(&self, today: Day) -> u32 {
        let until = match self.state {
            PaymentState::Running => today,
            PaymentState::Paid { on } => on,
            PaymentState::Interrupted { .. } | PaymentState::Returned { .. } => return 0,
        };
        u32::try_from((until - self.due_on).num_days()).unwrap_or(0)
    }

    /// The interest of its lateness, if it is late: the reference rate plus the margin, on the amount including tax, for
    /// each day after the due day, and the fixed compensation.
    pub fn late_interest(&self, terms: &PaymentTerms, today: Day) -> Option<LateInterest> {
        let days = self.days_late(today);
        let rate = i64::from(terms.reference_rate) + i64::from(terms.margin);
        (days > 0).then(|| LateInterest {
            days,
            interest: self.including_tax.pro_rata(rate * i64::from(days), RATE_OF_A_DAY),
            indemnity: terms.indemnity,
        })
    }
}

impl PurchaseOrder {
    /// What was invoiced and not sent back, excluding tax.
    pub fn invoiced(&self) -> Cents {
        let counts = |request: &&PaymentRequest| !matches!(request.state, PaymentState::Returned { .. });
        self.payments.iter().filter(counts).map(|request| request.amount).sum()
    }

    /// What was paid, excluding tax.
    pub fn paid(&self) -> Cents {
        let paid = |request: &&PaymentRequest| matches!(request.state, PaymentState::Paid { .. });
        self.payments.iter().filter(paid).map(|request| request.amount).sum()
    }

    /// What was admitted of each line, reductions taken off, with the rate of its tax.
    fn admitted_amounts(&self, uses: &[LineUse]) -> impl Iterator<Item = Amount> {
        uses.iter().filter_map(|used| {
            let price = self.line(used.line)?.ordered.unit_price;
            Some(Amount { excluding_tax: price.excluding_tax * used.served - used.reduced, ..price })
        })
    }

    /// What was admitted of this order, reductions taken off, excluding tax.
    pub fn admitted(&self, uses: &[LineUse]) -> Cents {
        self.admitted_amounts(uses).map(|amount| amount.excluding_tax).sum()
    }

    /// What was admitted and is not invoiced yet, excluding tax.
    pub fn left_to_invoice(&self, uses: &[LineUse]) -> Cents {
        self.admitted(uses) - self.invoiced()
    }

    /// The tax expected on a part of what was admitted: its share of the whole tax, exact when every unit bears one rate.
    pub fn expected_tax(&self, uses: &[LineUse], part: Cents) -> Cents {
        let tax: Cents = self.admitted_amounts(uses).map(|amount| amount.tax()).sum();
        tax.checked_pro_rata(part.get(), self.admitted(uses).get()).unwrap_or(Cents::ZERO)
    }

    /// The least and the most tax that a part of what was admitted may bear: its units bear their own rates, and a request
    /// does not say which of them it is for.
    pub fn tax_bounds(&self, uses: &[LineUse], part: Cents) -> (Cents, Cents) {
        let mut amounts: Vec<Amount> = self.admitted_amounts(uses).collect();
        amounts.sort_by_key(|amount| amount.vat.basis_points());
        let tax = |amounts: &mut dyn Iterator<Item = &Amount>| {
            let mut left = part;
            let mut tax = Cents::ZERO;
            for amount in amounts {
                let taken = left.min(amount.excluding_tax);
                tax += Amount { excluding_tax: taken, ..*amount }.tax();
                left -= taken;
            }
            tax
        };
        (tax(&mut amounts.iter()), tax(&mut amounts.iter().rev()))
    }

    /// The payment request of a number.
    pub fn payment(&self, number: &str) -> Option<&PaymentRequest> {
        self.payments.iter().find(|request| request.number == number)
    }

    /// The first day on which a payment is due.
    pub fn payment_due_on(&self) -> Option<Day> {
        self.payments.iter().filter(|request| request.runs()).map(|request| request.due_on).min()
    }

    pub(super) fn payment_mut(&mut self, number: &str) -> Option<&mut PaymentRequest> {
        self.payments.iter_mut().find(|request| request.number == number)
    }
}

/// The request of a number, or the numbers that there are.
fn known<'a>(order: &'a PurchaseOrder, number: &str) -> Result<&'a PaymentRequest, OrderRefusal> {
    order.payments.iter().find(|request| request.number == number).ok_or_else(|| OrderRefusal::PaymentUnknown {
        number: number.to_owned(),
        known: order.payments.iter().map(|request| request.number.clone()).collect(),
    })
}

fn wrong(request: &PaymentRequest) -> OrderRefusal {
    OrderRefusal::PaymentState { number: request.number.clone(), state: request.state.clone() }
}

pub(super) fn request(
    order: &PurchaseOrder,
    number: &str,
    received_on: Day,
    amount: Cents,
    including_tax: Option<Cents>,
    context: &OrderContext<'_>,
) -> Result<OrderEvent, OrderRefusal> {
    if order.payments.iter().any(|request| request.number == number) {
        return Err(OrderRefusal::PaymentNumberTaken { number: number.to_owned() });
    }
    if let Some(notification) = &order.notification {
        between("received_on", received_on, notification.sent_on, context.today)?;
    }
    let with_tax = including_tax.unwrap_or(amount);
    if amount <= Cents::ZERO || with_tax < amount {
        return Err(OrderRefusal::PaymentAmounts { amount, including_tax: with_tax });
    }
    let left = order.left_to_invoice(context.uses);
    if amount > left {
        return Err(OrderRefusal::AboveAdmitted { left });
    }
    let tax = order.expected_tax(context.uses, amount);
    if including_tax.is_none() && tax > Cents::ZERO {
        return Err(OrderRefusal::TaxMissing { expected: amount + tax });
    }
    let due_on = context.terms.market.payment.span.end(received_on);
    let number = number.to_owned();
    Ok(OrderEvent::PaymentRequested { number, received_on, amount, including_tax: with_tax, due_on })
}

pub(super) fn interrupt(
    order: &PurchaseOrder,
    number: &str,
    on: Day,
    reason: &str,
    today: Day,
) -> Result<OrderEvent, OrderRefusal> {
    let request = known(order, number)?;
    if !request.runs() {
        return Err(wrong(request));
    }
    if request.interrupted {
        return Err(OrderRefusal::InterruptedOnce { number: number.to_owned() });
    }
    between("interrupted_on", on, request.received_on, today.min(request.due_on))?;
    Ok(OrderEvent::PaymentInterrupted { number: number.to_owned(), on, reason: reason.to_owned() })
}

pub(super) fn resume(
    order: &PurchaseOrder,
    number: &str,
    on: Day,
    context: &OrderContext<'_>,
) -> Result<OrderEvent, OrderRefusal> {
    let request = known(order, number)?;
    let PaymentState::Interrupted { on: since, .. } = &request.state else { return Err(wrong(request)) };
    between("resumed_on", on, *since, context.today)?;
    let due_on = context.terms.market.payment.span.end(on);
    Ok(OrderEvent::PaymentResumed { number: number.to_owned(), on, due_on })
}

pub(super) fn send_back(
    order: &PurchaseOrder,
    number: &str,
    reason: &str,
    today: Day,
) -> Result<OrderEvent, OrderRefusal> {
    let request = known(order, number)?;
    if !request.waits() {
        return Err(wrong(request));
    }
    Ok(OrderEvent::PaymentReturned { number: number.to_owned(), on: today, reason: reason.to_owned() })
}

pub(super) fn pay(order: &PurchaseOrder, number: &str, on: Day, today: Day) -> Result<OrderEvent, OrderRefusal> {
    let request = known(order, number)?;
    if !request.waits() {
        return Err(wrong(request));
    }
    between("paid_on", on, request.received_on, today)?;
    Ok(OrderEvent::PaymentMade { number: number.to_owned(), on })
}
