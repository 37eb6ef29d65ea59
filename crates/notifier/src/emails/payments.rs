//! Payment requests of an order: interrupted, resumed, sent back, paid; and the reminder to finance.

use domain::Day;
use domain::money::Cents;
use domain::order::OrderEvent;
use domain::people::RecipientRole;
use domain::told::Addressed;
use wording::{dates, labels, messages};

use super::about::{About, typed};
use super::mail::{Mail, mail};
use super::next::Ask;
use super::requests::Recorded;
use super::samples::{due, today};
use super::{Composed, OrderNotice, PaymentNotice};

/// The message of an event of a payment request, for one reader.
pub(super) fn compose(notice: &OrderNotice<'_>, about: About) -> Composed {
    let amount = |number: &str| {
        let found = notice.order.payments.iter().find(|request| request.number == number);
        found.map_or(Cents::ZERO, |request| request.amount)
    };
    if let OrderEvent::PaymentInterrupted { number, on, reason } = notice.event {
        let (amount, number) = (amount(number), typed(number));
        PaymentInterrupted { about, number, amount, on: *on, reason: typed(reason) }.compose(notice.texts)
    } else if let OrderEvent::PaymentResumed { number, on, due_on } = notice.event {
        let (amount, number) = (amount(number), typed(number));
        PaymentResumed { about, number, amount, on: *on, due_on: *due_on }.compose(notice.texts)
    } else if let OrderEvent::PaymentReturned { number, reason, .. } = notice.event {
        let (amount, number) = (amount(number), typed(number));
        PaymentReturned { about, number, amount, reason: typed(reason) }.compose(notice.texts)
    } else if let OrderEvent::PaymentMade { number, on } = notice.event {
        let (amount, number) = (amount(number), typed(number));
        PaymentMade { about, number, amount, on: *on }.compose(notice.texts)
    } else {
        let done = notice.event.transition().map_or(messages::ORDER_CHANGED, labels::order_transition_done);
        Recorded::on_order(about, done).compose(notice.texts)
    }
}

fn sample_number() -> String {
    "CPP-2026-118".to_owned()
}

/// The time to pay is interrupted.
#[derive(Debug, Clone)]
pub struct PaymentInterrupted {
    pub about: About,
    pub number: String,
    pub amount: Cents,
    pub on: Day,
    pub reason: String,
}
mail! {
    PaymentInterrupted, "payment_interrupted", "emails/payment_interrupted/subject.txt",
    "emails/payment_interrupted/body.txt", "emails/payment_interrupted/body.html",
    vec![Self {
        about: About::of_order(RecipientRole::Body),
        number: sample_number(),
        amount: Cents::new(60_000),
        on: today(),
        reason: "Le certificat de réalisation manque.".to_owned(),
    }]
}

/// A new time to pay begins.
#[derive(Debug, Clone)]
pub struct PaymentResumed {
    pub about: About,
    pub number: String,
    pub amount: Cents,
    pub on: Day,
    pub due_on: Day,
}
mail! {
    PaymentResumed, "payment_resumed", "emails/payment_resumed/subject.txt", "emails/payment_resumed/body.txt",
    "emails/payment_resumed/body.html",
    vec![Self {
        about: About::of_order(RecipientRole::Body),
        number: sample_number(),
        amount: Cents::new(60_000),
        on: today(),
        due_on: due(),
    }]
}

/// A payment request is sent back to the holder.
#[derive(Debug, Clone)]
pub struct PaymentReturned {
    pub about: About,
    pub number: String,
    pub amount: Cents,
    pub reason: String,
}
mail! {
    PaymentReturned, "payment_returned", "emails/payment_returned/subject.txt", "emails/payment_returned/body.txt",
    "emails/payment_returned/body.html",
    vec![Self {
        about: About::of_order(RecipientRole::Body),
        number: sample_number(),
        amount: Cents::new(60_000),
        reason: "Le numéro d’engagement est erroné.".to_owned(),
    }]
}

/// A payment is made.
#[derive(Debug, Clone)]
pub struct PaymentMade {
    pub about: About,
    pub number: String,
    pub amount: Cents,
    pub on: Day,
}
mail! {
    PaymentMade, "payment_made", "emails/payment_made/subject.txt", "emails/payment_made/body.txt",
    "emails/payment_made/body.html",
    vec![Self {
        about: About::of_order(RecipientRole::Body),
        number: sample_number(),
        amount: Cents::new(60_000),
        on: today(),
    }]
}

/// A payment is due soon, or late.
#[derive(Debug, Clone)]
pub struct PaymentDue {
    pub about: About,
    pub number: String,
    pub amount: Cents,
    pub due_on: Day,
    pub today: Day,
    /// What lateness costs today.
    pub interest: Option<Cents>,
}

impl PaymentDue {
    pub(super) fn of(notice: &PaymentNotice<'_>, to: &Addressed) -> Self {
        let about = About::order(notice.order, notice.market, to);
        let late = notice.request.late_interest(&notice.market.payment, notice.today);
        Self {
            about: About { ask: about.ask.clone().map(|ask| Ask { label: messages::SEE_PAYMENT, ..ask }), ..about },
            number: typed(&notice.request.number),
            amount: notice.request.amount,
            due_on: notice.request.due_on,
            today: notice.today,
            interest: late.map(|late| late.total()),
        }
    }

    fn when(&self) -> String {
        dates::deadline(self.due_on, self.today)
    }
}
mail! {
    PaymentDue, "payment_due", "emails/payment_due/subject.txt", "emails/payment_due/body.txt",
    "emails/payment_due/body.html",
    [(due(), None), (today() - chrono::Duration::days(3), Some(Cents::new(4_060)))]
        .into_iter()
        .map(|(due_on, interest)| Self {
            about: About::of_order(RecipientRole::Finance),
            number: sample_number(),
            amount: Cents::new(60_000),
            due_on,
            today: today(),
            interest,
        })
        .collect()
}
