//! One order: where it stands, what to do, its units and what drew them, its money, what happened.

use app::{Message, OrderDraw, OrderView};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::{Html, IntoResponse, Response};
use domain::Day;
use domain::calendar::{days_until, paris_day};
use domain::money::Cents;
use domain::order::{
    LineUse, OrderEvent, OrderLine, OrderState, OrderTransition, PaymentRequest, PaymentState, PurchaseOrder,
};
use domain::people::{Actor, Side};
use serde::Deserialize;
use wording::pages::order as words;
use wording::timeline::Detail;
use wording::{addresses, dates, labels, numbers, pages, timeline};

use super::money::{Limit, limits};
use super::pieces::{Link, Tag, asking};
use super::{ball, read, reference, tone};
use crate::forms::Notice;
use crate::request::{Path, Query};
use crate::staff::messages::state_tag;
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// What an address says happened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    /// Rank of the event just recorded.
    fait: Option<u32>,
}

struct NextStep {
    title: &'static str,
    help: &'static str,
    address: String,
    button: &'static str,
}

struct UnitRow {
    option: &'static str,
    price: String,
    ordered: String,
    drawn: String,
    served: String,
    free: String,
    amount: String,
}

struct DrawRow {
    path: Link,
    about: String,
    option: &'static str,
    state: Tag,
}

struct EventRow {
    text: String,
    author: String,
    when: Stamp,
    details: Vec<Detail>,
}

struct MessageRow {
    address: String,
    subject: String,
    to: String,
    state: Tag,
    when: Stamp,
}

struct Fact {
    label: &'static str,
    text: String,
    day: Option<Stamp>,
}

struct PaymentRow {
    number: String,
    received: Stamp,
    amount: String,
    state: Tag,
    when: String,
    interest: Option<String>,
    acts: Vec<Link>,
}

struct Amendment {
    link: Link,
    state: Tag,
    detail: String,
}

#[derive(Template)]
#[template(path = "staff/order.html")]
struct OrderPage {
    frame: Frame,
    reference: String,
    holder: String,
    lot: Link,
    state: Tag,
    state_help: &'static str,
    ball: Option<String>,
    notice: Option<Notice>,
    next: Option<NextStep>,
    others: Vec<Link>,
    units: Vec<UnitRow>,
    total: String,
    removals: Vec<String>,
    draws: Vec<DrawRow>,
    drawable: bool,
    events: Vec<EventRow>,
    limits: Vec<Limit>,
    facts: Vec<Fact>,
    reservations: Option<(Stamp, String)>,
    amends: Option<Link>,
    amendments: Vec<Amendment>,
    messages: Vec<MessageRow>,
    payments: Vec<PaymentRow>,
    /// Admitted, invoiced and paid.
    billed: [String; 3],
    illustrative: bool,
}

/// How many units of a line are used.
pub(super) fn used(uses: &[LineUse], line: &OrderLine) -> LineUse {
    let id = line.ordered.line;
    let none = LineUse { line: id, drawn: 0, served: 0, reduced: Cents::ZERO };
    uses.iter().copied().find(|used| used.line == id).unwrap_or(none)
}

fn unit_rows(order: &PurchaseOrder, uses: &[LineUse]) -> Vec<UnitRow> {
    let row = |line: &OrderLine| {
        let used = used(uses, line);
        let free = match order.state {
            OrderState::Notified => numbers::integer(line.held().saturating_sub(used.drawn).into()),
            OrderState::Draft
            | OrderState::ToEndorse
            | OrderState::Endorsed
            | OrderState::Settled
            | OrderState::Cancelled => "—".to_owned(),
        };
        UnitRow {
            option: labels::option_with_code(line.ordered.option),
            price: numbers::euros(line.ordered.unit_price.excluding_tax),
            ordered: match line.freed {
                0 => numbers::integer(line.ordered.units.into()),
                freed => format!("{} − {}", line.ordered.units, freed),
            },
            drawn: numbers::integer(used.drawn.into()),
            served: numbers::integer(used.served.into()),
            free,
            amount: numbers::euros(line.ordered.unit_price.excluding_tax * line.held()),
        }
    };
    order.lines.iter().map(row).collect()
}

fn draw_row(draw: &OrderDraw) -> DrawRow {
    let done = if draw.served { (words::DECIDED, "done") } else { (labels::state(draw.state), "") };
    DrawRow {
        path: Link { text: draw.path.to_string(), address: addresses::path(&draw.path) },
        about: format!("{} — {}", draw.job, draw.company),
        option: labels::option_with_code(draw.option),
        state: Tag { text: done.0.to_owned(), tone: done.1 },
    }
}

/// A message as a line, `Service financier de la Région, Léa Caron`.
fn message_row(message: &Message, today: Day) -> MessageRow {
    let to = &message.content.to;
    MessageRow {
        address: addresses::message(message.content.id),
        subject: message.content.subject.clone(),
        to: format!("{}, {}", labels::recipient(to.role), to.name),
        state: state_tag(message.state),
        when: Stamp::ago(message.left_at().unwrap_or(message.queued_at), today),
    }
}

fn facts(view: &OrderView, body: bool) -> Vec<Fact> {
    let order = &view.order;
    let mut facts = Vec::new();
    let mut fact = |label, text: String, day: Option<Day>| facts.push(Fact { label, text, day: day.map(Stamp::day) });
    if let Some(visa) = &order.visa {
        fact(words::COMMITMENT_NUMBER, visa.commitment_number.clone(), None);
        if let Some(code) = &visa.service_code {
            fact(words::SERVICE_CODE, code.clone(), None);
        }
        if !body {
            fact(words::APPROVED, String::new(), Some(visa.on));
        }
    }
    if let Some(notification) = &order.notification {
        fact(words::NOTIFIED_BY, labels::order_channel(notification.channel).to_owned(), None);
        fact(words::SENT, String::new(), Some(notification.sent_on));
        if let Some(day) = notification.consulted_on {
            fact(words::FIRST_READ, String::new(), Some(day));
        }
        fact(pages::order_steps::CERTAIN_DAY, String::new(), Some(notification.certain_on));
        match &notification.proof {
            Some(proof) => fact(words::PROOF, proof.clone(), None),
            None if notification.consulted_on.is_none() => fact(words::PROOF, words::NO_PROOF.to_owned(), None),
            None => fact(words::PROOF, words::PROVEN_BY_READING.to_owned(), None),
        }
        fact(words::OBSERVATIONS_UNTIL, String::new(), Some(notification.reservations_until));
    }
    facts
}

fn of_payment(transition: OrderTransition) -> bool {
    matches!(
        transition,
        OrderTransition::InterruptPayment
            | OrderTransition::ResumePayment
            | OrderTransition::ReturnPaymentRequest
            | OrderTransition::RecordPayment
    )
}

/// A payment request as a line, with what may be done with it.
fn payment_row(view: &OrderView, request: &PaymentRequest, today: Day) -> PaymentRow {
    let tone = match request.state {
        PaymentState::Running if request.days_late(today) > 0 => "late",
        PaymentState::Running => "now",
        PaymentState::Interrupted { .. } => "wait",
        PaymentState::Paid { .. } => "done",
        PaymentState::Returned { .. } => "",
    };
    let when = match &request.state {
        PaymentState::Running => wording::capital(&dates::deadline(request.due_on, today)),
        PaymentState::Interrupted { on, reason } => words::interrupted(dates::medium(*on), reason),
        PaymentState::Paid { on } => words::paid(dates::medium(*on)),
        PaymentState::Returned { reason, .. } => reason.clone(),
    };
    let interest = request
        .late_interest(&view.payment, today)
        .map(|late| words::late(late.days, numbers::euros(late.interest), numbers::euros(late.indemnity)));
    let possible = |transition: &OrderTransition| match transition {
        OrderTransition::InterruptPayment => request.runs() && !request.interrupted,
        OrderTransition::ResumePayment => matches!(request.state, PaymentState::Interrupted { .. }),
        _ => request.waits(),
    };
    let offered = view.available.iter().filter(|transition| of_payment(**transition) && possible(transition));
    let late = request.days_late(today) > 0;
    let link = |transition: &OrderTransition| Link {
        text: wording::pages::orders::payment_step(*transition, late).to_owned(),
        address: asking(
            &addresses::order_step(&view.order.reference, *transition),
            &[("number", request.number.as_str())],
        ),
    };
    PaymentRow {
        number: request.number.clone(),
        received: Stamp::day(request.received_on),
        amount: numbers::euros(request.amount),
        state: Tag { text: labels::payment_state(&request.state).to_owned(), tone },
        when,
        interest,
        acts: offered.map(link).collect(),
    }
}

/// The one thing to do, and what else may be done.
fn steps(
    order: &PurchaseOrder,
    available: &[OrderTransition],
    refused: bool,
    today: Day,
) -> (Option<NextStep>, Vec<Link>) {
    let main = |transition: &OrderTransition| match transition {
        OrderTransition::RequestEndorsement => !refused,
        OrderTransition::CorrectOrder => refused,
        OrderTransition::Endorse | OrderTransition::NotifyOrder => true,
        OrderTransition::MakeReservations => {
            let until = order.notification.as_ref().map(|notification| notification.reservations_until);
            order.reservations.is_none() && until.is_some_and(|until| days_until(today, until) >= 0)
        }
        OrderTransition::DraftOrder
        | OrderTransition::RefuseEndorsement
        | OrderTransition::RecordConsultation
        | OrderTransition::AmendOrder
        | OrderTransition::SettleOrder
        | OrderTransition::RecordPaymentRequest
        | OrderTransition::InterruptPayment
        | OrderTransition::ResumePayment
        | OrderTransition::ReturnPaymentRequest
        | OrderTransition::RecordPayment
        | OrderTransition::CancelOrder => false,
    };
    let next = available.iter().copied().find(|transition| main(transition)).map(|transition| NextStep {
        title: labels::order_transition(transition),
        help: labels::order_transition_help(transition),
        address: addresses::order_step(&order.reference, transition),
        button: match transition {
            OrderTransition::RequestEndorsement => words::ASK_APPROVAL_BUTTON,
            OrderTransition::Endorse => words::APPROVE_BUTTON,
            OrderTransition::NotifyOrder => words::NOTIFY_BUTTON,
            OrderTransition::MakeReservations => words::OBSERVE_BUTTON,
            OrderTransition::DraftOrder
            | OrderTransition::CorrectOrder
            | OrderTransition::RefuseEndorsement
            | OrderTransition::RecordConsultation
            | OrderTransition::AmendOrder
            | OrderTransition::SettleOrder
            | OrderTransition::RecordPaymentRequest
            | OrderTransition::InterruptPayment
            | OrderTransition::ResumePayment
            | OrderTransition::ReturnPaymentRequest
            | OrderTransition::RecordPayment
            | OrderTransition::CancelOrder => labels::order_transition(transition),
        },
    });
    // A step on a payment request is offered beside it.
    let apart = |transition: &OrderTransition| of_payment(*transition);
    let others = available.iter().filter(|transition| !main(transition) && !apart(transition)).map(|transition| Link {
        text: labels::order_transition(*transition).to_owned(),
        address: addresses::order_step(&order.reference, *transition),
    });
    (next, others.collect())
}

/// What an address says happened, when the journal says so too.
fn notice(view: &OrderView, actor: &Actor, said: &Said) -> Option<Notice> {
    let event = view.events.iter().find(|event| Some(event.seq) == said.fait && &event.author == actor)?;
    let title = match event.event.transition() {
        Some(transition) => labels::order_transition_done(transition).to_owned(),
        None => timeline::order(&event.event, &event.author),
    };
    let told: Vec<String> = view
        .messages
        .iter()
        .filter(|message| message.content.about.event == Some(event.id))
        .map(|message| format!("{} ({})", message.content.to.name, labels::recipient(message.content.to.role)))
        .collect();
    let messages = match told.as_slice() {
        [] => pages::path::NO_MESSAGE_LEAVES.to_owned(),
        [one] => words::message_leaves(one),
        several => {
            let count = i64::try_from(several.len()).unwrap_or(i64::MAX);
            words::messages_leave(pages::counts::messages(count), numbers::list(several))
        }
    };
    Some(Notice { tone: "done", title, paragraphs: vec![messages] })
}

/// Why the visa was refused, until the draft is corrected or the visa asked again.
pub(super) fn refused_visa(view: &OrderView) -> Option<Notice> {
    let last = view.events.last().filter(|_| view.order.state == OrderState::Draft)?;
    let OrderEvent::EndorsementRefused { reason } = &last.event else { return None };
    let by = words::refused_by(timeline::author(&last.author), dates::instant_short(last.recorded_at));
    Some(Notice { tone: "wait", title: words::VISA_REFUSED.to_owned(), paragraphs: vec![by, reason.clone()] })
}

fn state_word(state: OrderState) -> Tag {
    Tag { text: labels::order_state(state).to_owned(), tone: tone(state) }
}

/// The page of an order.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    method: Method,
    headers: HeaderMap,
    Path(order): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, PageError> {
    let reference = reference(&order)?;
    let view = read(&web, &signed, (&method, &headers), &reference).await?;
    let today = paris_day(web.app.now().await?);
    let body = signed.actor.side() == Some(Side::Body);
    let order = &view.order;
    let (next, others) = steps(order, &view.available, refused_visa(&view).is_some(), today);
    let pending = matches!(order.state, OrderState::Draft | OrderState::ToEndorse);
    let change = if pending { order.total() } else { Cents::ZERO };
    let page = OrderPage {
        frame: signed.frame(Section::Orders),
        reference: order.reference.to_string(),
        holder: view.lot.holder.name.clone(),
        lot: Link { text: pages::lots::one(&order.lot), address: addresses::lot(&order.lot) },
        state: state_word(order.state),
        state_help: labels::order_state_help(order.state),
        ball: ball(order.state).map(|(side, what)| pages::orders::awaited_from(labels::side(side), what)),
        notice: notice(&view, &signed.actor, &said).or_else(|| refused_visa(&view)),
        next,
        others,
        units: unit_rows(order, &view.uses),
        total: numbers::euros(order.lines.iter().map(|line| line.ordered.unit_price.excluding_tax * line.held()).sum()),
        removals: order
            .removals
            .iter()
            .map(|units| words::removed(pages::counts::units(units.units), labels::option_with_code(units.option)))
            .collect(),
        draws: view.draws.iter().map(draw_row).collect(),
        drawable: order.notification.is_some(),
        events: view
            .events
            .iter()
            .rev()
            .map(|recorded| EventRow {
                text: timeline::order(&recorded.event, &recorded.author),
                author: timeline::author(&recorded.author),
                when: Stamp::instant(recorded.recorded_at),
                details: timeline::order_details(&recorded.event),
            })
            .collect(),
        limits: if body { Vec::new() } else { limits(&view.purse, change) },
        facts: facts(&view, body),
        reservations: order.reservations.as_ref().map(|made| (Stamp::day(made.on), made.observations.clone())),
        amends: view
            .amends
            .as_ref()
            .map(|reference| Link { text: reference.to_string(), address: addresses::order(reference) }),
        amendments: view
            .amended_by
            .iter()
            .map(|amending| Amendment {
                link: Link { text: amending.reference.to_string(), address: addresses::order(&amending.reference) },
                state: state_word(amending.state),
                detail: amending.notification.as_ref().map_or_else(
                    || words::NOT_YET_NOTIFIED.to_owned(),
                    |notification| words::notified(dates::medium(notification.certain_on)),
                ),
            })
            .collect(),
        messages: view.messages.iter().map(|message| message_row(message, today)).collect(),
        payments: order.payments.iter().map(|request| payment_row(&view, request, today)).collect(),
        billed: [order.admitted(&view.uses), order.invoiced(), order.paid()].map(numbers::euros),
        illustrative: !view.prices_confirmed,
    };
    Ok(Html(page.render()?).into_response())
}
