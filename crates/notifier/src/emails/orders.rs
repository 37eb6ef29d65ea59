//! The purchase order: endorsement asked, given or refused, notified, observations, settled, cancelled.

use domain::Day;
use domain::market::OptionCode;
use domain::money::Cents;
use domain::order::{OrderEvent, OrderedUnits};
use domain::people::{Actor, RecipientRole};
use domain::told::Addressed;
use wording::{labels, messages};

use super::Composed;
use super::OrderNotice;
use super::about::{About, Note, typed};
use super::mail::{Mail, mail};
use super::next::Ask;
use super::requests::Recorded;
use super::samples::{due, today};

/// A line of an order as a message gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    pub option: OptionCode,
    pub units: u32,
    /// Excluding tax.
    pub price: Cents,
}

fn lines<'a>(units: impl IntoIterator<Item = &'a OrderedUnits>) -> Vec<Line> {
    let line = |units: &OrderedUnits| Line { option: units.option, units: units.units, price: units.price() };
    units.into_iter().map(line).collect()
}

fn sample_lines() -> Vec<Line> {
    vec![
        Line { option: OptionCode::P1, units: 40, price: Cents::new(2_400_000) },
        Line { option: OptionCode::M1, units: 25, price: Cents::new(2_250_000) },
        Line { option: OptionCode::N2, units: 20, price: Cents::new(4_800_000) },
    ]
}

fn sample_total() -> Cents {
    sample_lines().iter().map(|line| line.price).sum()
}

pub(super) fn about(notice: &OrderNotice<'_>, to: &Addressed) -> About {
    let note = notice.note.map(str::trim).filter(|note| !note.is_empty());
    let note = note.map(|note| Note { text: typed(note), by: Some(typed(notice.author.name())) });
    About { note, ..About::order(notice.order, notice.market, to) }
}

fn total(notice: &OrderNotice<'_>) -> Cents {
    notice.order.lines.iter().map(|line| line.ordered.price()).sum()
}

fn order_lines(notice: &OrderNotice<'_>) -> Vec<Line> {
    lines(notice.order.lines.iter().map(|line| &line.ordered))
}

fn author(author: &Actor) -> String {
    typed(author.name())
}

/// The message of an event of an order, for one reader.
pub(crate) fn compose(notice: &OrderNotice<'_>, to: &Addressed) -> Composed {
    let about = about(notice, to);
    match notice.event {
        OrderEvent::EndorsementRequested => OrderToEndorse {
            about: About { ask: about.ask.clone().map(|ask| Ask { label: messages::APPROVE_ORDER, ..ask }), ..about },
            lines: order_lines(notice),
            total: total(notice),
            budget_year: notice.order.budget_year,
            by: author(notice.author),
        }
        .compose(notice.texts),
        OrderEvent::OrderEndorsed { commitment_number, engaged, .. } => OrderEndorsed {
            about: About { ask: about.ask.clone().map(|ask| Ask { label: messages::NOTIFY_ORDER, ..ask }), ..about },
            commitment_number: typed(commitment_number),
            engaged: *engaged,
            by: author(notice.author),
        }
        .compose(notice.texts),
        OrderEvent::EndorsementRefused { reason } => {
            OrderEndorsementRefused { about, reason: typed(reason), by: author(notice.author) }.compose(notice.texts)
        }
        OrderEvent::OrderNotified { certain_on, reservations_until, consulted_on, .. } => {
            let visa = notice.order.visa.as_ref();
            OrderNotified {
                about,
                lines: order_lines(notice),
                total: total(notice),
                commitment_number: visa.map(|visa| typed(&visa.commitment_number)),
                service_code: visa.and_then(|visa| visa.service_code.as_deref().map(typed)),
                certain_on: *certain_on,
                consulted: consulted_on.is_some(),
                reservations_until: *reservations_until,
                amends: notice.amended.map(|amended| amended.reference.to_string()),
                reason: notice.amended.and(notice.order.reason.as_deref()).map(typed),
                removals: lines(&notice.order.removals),
            }
            .compose(notice.texts)
        }
        OrderEvent::ReservationsMade { observations, on } => {
            OrderReservations { about, observations: typed(observations), on: *on }.compose(notice.texts)
        }
        OrderEvent::OrderSettled { freed_units, freed } => {
            OrderSettled { about, freed_units: lines(freed_units), freed: *freed }.compose(notice.texts)
        }
        OrderEvent::OrderCancelled { reason, .. } => {
            OrderCancelled { about, reason: typed(reason) }.compose(notice.texts)
        }
        OrderEvent::PaymentRequested { .. }
        | OrderEvent::PaymentInterrupted { .. }
        | OrderEvent::PaymentResumed { .. }
        | OrderEvent::PaymentReturned { .. }
        | OrderEvent::PaymentMade { .. } => super::payments::compose(notice, about),
        OrderEvent::OrderDrafted { .. } | OrderEvent::OrderCorrected { .. } | OrderEvent::AmendmentOpened { .. } => {
            Recorded::on_order(about, done(notice.event)).compose(notice.texts)
        }
        OrderEvent::OrderConsulted { .. } => Recorded::on_order(about, messages::ORDER_READ).compose(notice.texts),
        OrderEvent::AmendmentGivenUp { .. } => {
            Recorded::on_order(about, messages::AMENDMENT_GIVEN_UP).compose(notice.texts)
        }
        OrderEvent::AmendmentApplied { .. } => {
            Recorded::on_order(about, messages::AMENDMENT_APPLIED).compose(notice.texts)
        }
    }
}

fn done(event: &OrderEvent) -> &'static str {
    event.transition().map_or(messages::ORDER_CHANGED, labels::order_transition_done)
}

/// Finance is asked for its visa.
#[derive(Debug, Clone)]
pub struct OrderToEndorse {
    pub about: About,
    pub lines: Vec<Line>,
    pub total: Cents,
    pub budget_year: i32,
    pub by: String,
}

mail! {
    OrderToEndorse, "order_to_endorse", "emails/order_to_endorse/subject.txt", "emails/order_to_endorse/body.txt",
    "emails/order_to_endorse/body.html",
    vec![Self {
        about: About::of_order(RecipientRole::Finance),
        lines: sample_lines(),
        total: sample_total(),
        budget_year: 2026,
        by: "Hélène Marchand".to_owned(),
    }]
}

/// The order is endorsed.
#[derive(Debug, Clone)]
pub struct OrderEndorsed {
    pub about: About,
    pub commitment_number: String,
    pub engaged: Cents,
    pub by: String,
}

mail! {
    OrderEndorsed, "order_endorsed", "emails/order_endorsed/subject.txt", "emails/order_endorsed/body.txt",
    "emails/order_endorsed/body.html",
    vec![Self {
        about: About::of_order(RecipientRole::Region),
        commitment_number: "2026-EJ-004217".to_owned(),
        engaged: sample_total(),
        by: "Paul Lefèvre".to_owned(),
    }]
}

/// The visa is refused.
#[derive(Debug, Clone)]
pub struct OrderEndorsementRefused {
    pub about: About,
    pub reason: String,
    pub by: String,
}

mail! {
    OrderEndorsementRefused, "order_endorsement_refused", "emails/order_endorsement_refused/subject.txt",
    "emails/order_endorsement_refused/body.txt", "emails/order_endorsement_refused/body.html",
    vec![Self {
        about: About::of_order(RecipientRole::Region),
        reason: "Le budget de l’année ne suffit pas.".to_owned(),
        by: "Paul Lefèvre".to_owned(),
    }]
}

/// The order is notified to its holder.
#[derive(Debug, Clone)]
pub struct OrderNotified {
    pub about: About,
    pub lines: Vec<Line>,
    pub total: Cents,
    pub commitment_number: Option<String>,
    pub service_code: Option<String>,
    pub certain_on: Day,
    /// Its consultation is known: without it, the certain day comes earlier when the holder opens the order before.
    pub consulted: bool,
    pub reservations_until: Day,
    /// The order that it amends.
    pub amends: Option<String>,
    /// Why it amends it.
    pub reason: Option<String>,
    /// What it takes back from the order that it amends.
    pub removals: Vec<Line>,
}

impl OrderNotified {
    fn removed(&self) -> Cents {
        self.removals.iter().map(|line| line.price).sum()
    }
}

mail! {
    OrderNotified, "order_notified", "emails/order_notified/subject.txt", "emails/order_notified/body.txt",
    "emails/order_notified/body.html",
    [(false, Some("FEST-76")), (true, None)]
        .into_iter()
        .map(|(amends, service_code)| Self {
            about: About::of_order(RecipientRole::Body),
            lines: sample_lines(),
            total: sample_total(),
            commitment_number: Some("2026-EJ-004217".to_owned()),
            service_code: service_code.map(str::to_owned),
            certain_on: today(),
            consulted: amends,
            reservations_until: due(),
            amends: amends.then(|| "BC-1-2026-0003".to_owned()),
            reason: amends.then(|| "Les besoins changent.".to_owned()),
            removals: if amends { vec![Line { option: OptionCode::N1, units: 5, price: Cents::new(600_000) }] } else { Vec::new() },
        })
        .collect()
}

/// The holder makes observations on an order.
#[derive(Debug, Clone)]
pub struct OrderReservations {
    pub about: About,
    pub observations: String,
    pub on: Day,
}

mail! {
    OrderReservations, "order_reservations", "emails/order_reservations/subject.txt",
    "emails/order_reservations/body.txt", "emails/order_reservations/body.html",
    vec![Self {
        about: About::of_order(RecipientRole::Region),
        observations: "Le délai du premier parcours est court.".to_owned(),
        on: today(),
    }]
}

/// The order is settled.
#[derive(Debug, Clone)]
pub struct OrderSettled {
    pub about: About,
    pub freed_units: Vec<Line>,
    pub freed: Cents,
}

mail! {
    OrderSettled, "order_settled", "emails/order_settled/subject.txt", "emails/order_settled/body.txt",
    "emails/order_settled/body.html",
    vec![
        Self {
            about: About::of_order(RecipientRole::Body),
            freed_units: vec![Line { option: OptionCode::P1, units: 3, price: Cents::new(180_000) }],
            freed: Cents::new(194_000),
        },
        Self { about: About::of_order(RecipientRole::Body), freed_units: Vec::new(), freed: Cents::ZERO },
    ]
}

/// A notified order is cancelled.
#[derive(Debug, Clone)]
pub struct OrderCancelled {
    pub about: About,
    pub reason: String,
}

mail! {
    OrderCancelled, "order_cancelled", "emails/order_cancelled/subject.txt", "emails/order_cancelled/body.txt",
    "emails/order_cancelled/body.html",
    vec![Self { about: About::of_order(RecipientRole::Body), reason: "Erreur de lot.".to_owned() }]
}
