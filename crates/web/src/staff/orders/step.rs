//! A step of an order as a form, with what will happen beside it, rehearsed as a step of a path is.
//!
//! Who may not take the step finds no page; a step that the state does not allow says why. Showing what will happen keeps a
//! draft; performing sends the digest of what was shown, and what was not shown is not done. A version that moved meanwhile is
//! refused with what changed and by whom, and what was typed stays.

use app::{AppError, OrderOptions, OrderOutcome, OrderTarget, OrderView};
use askama::Template;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{Form as Sent, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Day;
use domain::calendar::paris_day;
use domain::form::{Field, FieldError, FieldKind, Form};
use domain::money::Cents;
use domain::order::{OrderCommand, OrderRefusal, OrderTransition, PaymentRequest, PurchaseOrder};
use domain::people::Actor;
use wording::{addresses, dates, fields, labels, numbers, pages, refusals, timeline};

use super::money::{Limit, limits};
use super::one::used;
use super::units::{self, UnitTable};
use super::{reference, tone};
use crate::forms::{Choice, FieldView, Input, Notice, ProblemLine, Problems, Typed, value};
use crate::staff::drafts::ERASE;
use crate::staff::orders::pieces::Tag;
use crate::staff::path::rehearsal::{Fact, RehearsalView};
use crate::staff::path::step::{DIGEST, NOTE, PERFORM, digest, note};
use crate::staff::{Frame, Section, Signed};
use crate::{PageError, Web};

/// The ticket of the form, which is the key under which it acts once.
const TICKET: &str = "cle";

/// A part of a form.
pub(super) enum Part {
    Field(FieldView),
    Units(UnitTable),
}

/// What a step would do.
#[derive(Default)]
pub(super) struct Preview {
    pub lines: Vec<String>,
    pub limits: Vec<Limit>,
}

/// What was sent, and what is wrong with it.
#[derive(Default)]
pub(super) struct Filled {
    pub typed: Typed,
    pub errors: Vec<FieldError>,
    /// Why the step is refused, beside the field that it is about.
    pub refused: Option<(&'static str, String)>,
    /// When it was kept, if it was.
    pub draft: Option<String>,
    /// Nothing was sent: what is missing is not told as a fault.
    pub opening: bool,
}

impl Filled {
    /// What is wrong with a field, beside it.
    fn problem(&self, name: &str) -> Option<String> {
        let refused = self.refused.as_ref().filter(|(field, _)| *field == name);
        problem_of(&self.errors, name).or_else(|| refused.map(|(_, text)| text.clone()))
    }
}

#[derive(Template)]
#[template(path = "staff/order_step.html")]
struct StepPage {
    frame: Frame,
    reference: String,
    back: String,
    title: &'static str,
    help: &'static str,
    state: Tag,
    problems: Option<Problems>,
    notice: Option<Notice>,
    preview: Preview,
    rehearsal: Option<RehearsalView>,
    note: String,
    draft: Option<String>,
    action: String,
    hidden: Vec<(&'static str, String)>,
    parts: Vec<Part>,
    illustrative: bool,
    open: bool,
    ticket: String,
}

/// The roles of a transition that is this actor's, whatever the state; a role that never takes it finds no page.
fn own(transition: OrderTransition, actor: &Actor) -> bool {
    let side = actor.side();
    transition.rows().any(|row| side.is_some_and(|side| row.sides.contains(&side)))
}

/// The anchor of a field, or of its table.
fn anchor(transition: OrderTransition, name: &str) -> String {
    if is_units(transition, name) { name.to_owned() } else { field_id(transition, name) }
}

fn field_id(transition: OrderTransition, name: &str) -> String {
    format!("{transition}-{name}")
}

pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is wrong with a field, beside it.
pub(super) fn problem_of(errors: &[FieldError], name: &str) -> Option<String> {
    errors.iter().find(|error| error.field == name).map(|error| capital(&refusals::problem(&error.problem)))
}

/// A field of an order's form, but a table of units.
pub(super) fn field_view(transition: OrderTransition, field: &Field, filled: &Filled) -> FieldView {
    let words = fields::order(transition, field.name);
    let typed = value(&filled.typed, field.name).unwrap_or_default().to_owned();
    let line = |kind, short| Input::Line { kind, autocomplete: "", short };
    let input = match field.kind {
        FieldKind::Text | FieldKind::Conditions | FieldKind::Units => Input::Area,
        FieldKind::Choice(ids) => {
            let choice = |(id, label): (&str, &str)| Choice {
                value: id.to_owned(),
                label: label.to_owned(),
                detail: String::new(),
                chosen: typed == id,
            };
            let options = labels::choices(ids).into_iter().map(choice).collect();
            Input::Choice { options, pair: false, several: false }
        }
        FieldKind::Boolean => Input::Choice { options: Vec::new(), pair: true, several: false },
        FieldKind::Day => line("date", true),
        FieldKind::Moment => line("datetime-local", true),
        FieldKind::Number => line("number", true),
        FieldKind::Email => line("email", false),
        FieldKind::Phone => line("tel", true),
        FieldKind::Line
        | FieldKind::Money
        | FieldKind::Siret
        | FieldKind::Commune
        | FieldKind::Rome
        | FieldKind::Level
        | FieldKind::Lot
        | FieldKind::Reference
        | FieldKind::Document => line("text", false),
    };
    FieldView {
        id: field_id(transition, field.name),
        name: field.name.to_owned(),
        label: words.map_or_else(|| fields::label(field.name).to_owned(), |words| words.label.to_owned()),
        help: words.map_or("", |words| words.help).to_owned(),
        required: field.required,
        value: typed,
        error: filled.problem(field.name),
        input,
    }
}

/// The form of a step, units as tables.
fn parts(view: &OrderView, market: &domain::market::Market, transition: OrderTransition, filled: &Filled) -> Vec<Part> {
    let part = |field: Field| {
        if field.kind != FieldKind::Units {
            let mut shown = field_view(transition, &field, filled);
            let taxed = || view.order.expected_tax(&view.uses, view.order.admitted(&view.uses)) > Cents::ZERO;
            shown.required |= field.name == "including_tax" && taxed();
            return Part::Field(shown);
        }
        let mut table = match field.name {
            "remove" => units::of_order(&view.order, &view.uses, "remove", &filled.typed),
            _ => UnitTable {
                legend: pages::order_steps::UNITS_ADDED,
                optional: true,
                ..units::of_lot(market, &view.lot, "add", &filled.typed)
            },
        };
        table.error = filled.problem(field.name);
        Part::Units(table)
    };
    OrderCommand::fields(transition).into_iter().map(part).collect()
}

/// The form of the domain from what was sent: only what the step asks is read.
fn form_of(transition: OrderTransition, typed: &Typed) -> Form {
    let mut form = Form::new();
    for field in OrderCommand::fields(transition) {
        if field.kind == FieldKind::Units {
            units::fill(&mut form, typed, field.name);
        } else if let Some(value) = value(typed, field.name) {
            form.insert(field.name.to_owned(), value.into());
        }
    }
    form
}

/// Units no path holds and what they cost, with what reductions left unpaid: what settling frees.
fn freed(view: &OrderView) -> (u32, Cents, u32) {
    let (mut units, mut money, mut pending) = (0, Cents::ZERO, 0);
    for line in &view.order.lines {
        let used = used(&view.uses, line);
        let free = line.held().saturating_sub(used.drawn);
        units += free;
        money += line.ordered.unit_price.excluding_tax * free;
        money += used.reduced;
        pending += used.drawn.saturating_sub(used.served);
    }
    (units, money - view.order.reductions_freed, pending)
}

/// The payment request that a form names.
fn named<'o>(order: &'o PurchaseOrder, part: &Part) -> Option<&'o PaymentRequest> {
    match part {
        Part::Field(field) if field.name == "number" => {
            order.payments.iter().find(|request| request.number == field.value)
        }
        Part::Field(_) | Part::Units(_) => None,
    }
}

/// Since when a payment is late, when it is.
fn overdue(request: &PaymentRequest, today: Day) -> Option<String> {
    let days = request.days_late(today);
    (days > 0).then(|| pages::order_steps::overdue(dates::until(request.due_on), pages::counts::days(days)))
}

/// What the step will do: what its form does not decide, and what is to be read again of what it does.
fn preview(
    view: &OrderView,
    transition: OrderTransition,
    parts: &[Part],
    outcome: Option<&OrderOutcome>,
    today: Day,
) -> Preview {
    let order = &view.order;
    let total = order.total();
    let sum = |id: &str| {
        let tables = parts.iter().filter_map(|part| match part {
            Part::Units(table) if table.id == id => Some(table.sum),
            Part::Units(_) | Part::Field(_) => None,
        });
        tables.sum::<Cents>()
    };
    let mut lines = Vec::new();
    let mut change = Cents::ZERO;
    let mut money = true;
    match transition {
        OrderTransition::DraftOrder => {}
        OrderTransition::RequestEndorsement => {
            lines.push(pages::order_steps::NOTHING_ENGAGED_YET.to_owned());
            change = total;
        }
        OrderTransition::Endorse => {
            lines.push(pages::order_steps::engaged(numbers::euros(total), order.budget_year, &order.lot));
            change = total;
        }
        OrderTransition::RefuseEndorsement => {
            lines.push(pages::order_steps::BACK_TO_DRAFT.to_owned());
        }
        OrderTransition::NotifyOrder => {
            let units: u32 = order.lines.iter().map(|line| line.ordered.units).sum();
            lines.push(pages::order_steps::units_for_lot(pages::counts::units_now_available(units), &order.lot));
            lines.push(pages::order_steps::certain_day_by(dates::medium(today + chrono::Duration::days(8))));
            if !order.removals.is_empty() {
                lines.push(pages::order_steps::UNITS_LEAVE.to_owned());
            }
            money = false;
        }
        OrderTransition::MakeReservations => {
            lines.push(pages::order_steps::CARRIED_OUT_ANYWAY.to_owned());
            money = false;
        }
        OrderTransition::AmendOrder => {
            let (add, remove) = (sum("add"), sum("remove"));
            lines.push(pages::order_steps::amendment(numbers::euros(add), numbers::euros(remove)));
            change = add - remove;
        }
        OrderTransition::RecordConsultation => {
            lines.push(pages::order_steps::CERTAIN_DAY_FOLLOWS.to_owned());
            money = false;
        }
        OrderTransition::RecordPaymentRequest => {
            let left = order.left_to_invoice(&view.uses);
            lines.push(pages::order_steps::left_to_bill(numbers::euros(left)));
            let tax = order.expected_tax(&view.uses, left);
            if tax > Cents::ZERO {
                lines.push(pages::order_steps::tax_included(numbers::euros(left + tax)));
            }
            if let Some(request) = outcome.and_then(|outcome| outcome.order.payments.last()) {
                lines.extend(overdue(request, today));
                let expected = request.amount + order.expected_tax(&view.uses, request.amount);
                if expected != request.including_tax {
                    lines.push(pages::order_steps::tax_expected(
                        numbers::euros(expected),
                        numbers::euros(request.including_tax),
                    ));
                }
            }
            money = false;
        }
        OrderTransition::InterruptPayment
        | OrderTransition::ResumePayment
        | OrderTransition::ReturnPaymentRequest
        | OrderTransition::RecordPayment => {
            if let Some(request) = parts.iter().find_map(|part| named(order, part)) {
                lines.push(pages::order_steps::request(
                    &request.number,
                    numbers::euros(request.amount),
                    numbers::euros(request.including_tax),
                ));
                let late = overdue(request, today);
                let in_time = transition == OrderTransition::InterruptPayment && late.is_some();
                lines.extend(late);
                if in_time {
                    lines.push(pages::order_steps::interrupted_in_time(dates::by(request.due_on)));
                }
            }
            lines.push(pages::order_steps::CHORUS_UNTOUCHED.to_owned());
            money = false;
        }
        OrderTransition::SettleOrder => {
            let (units, money, pending) = freed(view);
            if pending > 0 {
                lines.push(refusals::order(&OrderRefusal::UnitsPending { units: pending }));
            } else {
                lines.push(pages::order_steps::units_and_money_freed(
                    pages::counts::units(units),
                    numbers::euros(money),
                ));
                change = -money;
            }
        }
        OrderTransition::CancelOrder => {
            let drawn: u32 = view.uses.iter().map(|used| used.drawn).sum();
            if drawn > 0 {
                lines.push(refusals::order(&OrderRefusal::UnitsDrawn { units: drawn }));
            } else {
                change = -order.engaged;
                lines.push(match order.engaged {
                    Cents::ZERO => pages::order_steps::NOTHING_WAS_ENGAGED.to_owned(),
                    engaged => pages::order_steps::money_freed(numbers::euros(engaged)),
                });
            }
        }
    }
    Preview { lines, limits: if money { limits(&view.purse, change) } else { Vec::new() } }
}

fn button(view: &OrderView, transition: OrderTransition) -> String {
    let order = &view.order;
    match transition {
        OrderTransition::DraftOrder => pages::order_steps::PREPARE_BUTTON.to_owned(),
        OrderTransition::RequestEndorsement => pages::order_steps::ASK_APPROVAL_BUTTON.to_owned(),
        OrderTransition::Endorse => pages::order_steps::approve_button(numbers::euros(order.total())),
        OrderTransition::RefuseEndorsement => pages::order_steps::REFUSE_APPROVAL_BUTTON.to_owned(),
        OrderTransition::NotifyOrder => pages::order_steps::notify_button(&view.lot.holder.name),
        OrderTransition::MakeReservations => pages::order_steps::OBSERVE_BUTTON.to_owned(),
        OrderTransition::RecordConsultation
        | OrderTransition::RecordPaymentRequest
        | OrderTransition::InterruptPayment
        | OrderTransition::ResumePayment
        | OrderTransition::ReturnPaymentRequest
        | OrderTransition::RecordPayment => labels::order_transition(transition).to_owned(),
        OrderTransition::AmendOrder => pages::order_steps::AMEND_BUTTON.to_owned(),
        OrderTransition::SettleOrder => match freed(view) {
            (_, money, 0) if money > Cents::ZERO => pages::order_steps::settle_and_free_button(numbers::euros(money)),
            _ => pages::order_steps::SETTLE_BUTTON.to_owned(),
        },
        OrderTransition::CancelOrder => pages::order_steps::CANCEL_BUTTON.to_owned(),
    }
}

/// What the page says above its form.
#[derive(Default)]
struct Above {
    problems: Option<Problems>,
    notice: Option<Notice>,
}

/// What the rehearsal of a step says: where the order goes, and what is engaged of it.
fn facts(outcome: &OrderOutcome) -> Vec<Fact> {
    let after = &outcome.order;
    let state = labels::order_state(after.state);
    let fact = |label, text, before| Fact { label, text, before };
    let Some(before) = &outcome.before else { return vec![fact(pages::order_steps::STATE, state.to_owned(), None)] };
    let mut facts = vec![if before.state == after.state {
        fact(pages::order_steps::STATE, pages::order_steps::unchanged(state.to_lowercase()), None)
    } else {
        fact(pages::order_steps::STATE, state.to_owned(), Some(labels::order_state(before.state).to_owned()))
    }];
    let mut moved = |label, of: fn(&PurchaseOrder) -> Cents| {
        if of(before) != of(after) {
            let text = pages::order_steps::without_tax(numbers::euros(of(after)));
            facts.push(fact(label, text, Some(numbers::euros(of(before)))));
        }
    };
    moved(pages::order_steps::ENGAGED, |order| order.engaged);
    moved(pages::order_steps::BILLED, PurchaseOrder::invoiced);
    moved(pages::order_steps::PAID, PurchaseOrder::paid);
    let certain = |order: &PurchaseOrder| order.notification.as_ref().map(|notification| notification.certain_on);
    if let Some(day) = certain(after).filter(|day| certain(before) != Some(*day)) {
        facts.push(fact(pages::order_steps::CERTAIN_DAY, dates::medium(day), certain(before).map(dates::medium)));
    }
    if let Some(day) = after.payment_due_on().filter(|day| before.payment_due_on() != Some(*day)) {
        facts.push(fact(pages::order_steps::TO_PAY, dates::until(day), before.payment_due_on().map(dates::until)));
    }
    facts
}

/// Tries the step and writes nothing; what refuses it is told above the form once something was sent.
async fn rehearse(
    web: &Web,
    signed: &Signed,
    view: &OrderView,
    transition: OrderTransition,
    (status, above): (&mut StatusCode, &mut Above),
    filled: &mut Filled,
) -> Result<Option<OrderOutcome>, PageError> {
    let form = form_of(transition, &filled.typed);
    let options = OrderOptions { note: note(&filled.typed), ..OrderOptions::default() };
    let target = OrderTarget::Order(view.order.reference.clone());
    let tried = Box::pin(web.app.rehearse_order(&signed.actor, &target, transition, &form, &options)).await;
    let (title, lines) = match tried {
        Ok(outcome) => return Ok(Some(outcome)),
        // A form to fill is not told what it lacks before it is filled; a step without one says at once why it waits.
        Err(AppError::Invalid(_) | AppError::OrderRefused(_))
            if filled.opening && (*status != StatusCode::OK || !OrderCommand::fields(transition).is_empty()) =>
        {
            return Ok(None);
        }
        Err(AppError::Invalid(errors)) => {
            *status = StatusCode::UNPROCESSABLE_ENTITY;
            let line = |error: &FieldError| ProblemLine {
                text: refusals::order_field(transition, error),
                anchor: Some(anchor(transition, &error.field)),
            };
            let lines = errors.iter().map(line).collect();
            filled.errors = errors;
            (pages::forms::TO_CORRECT, lines)
        }
        Err(AppError::OrderRefused(refusal)) => match *refusal {
            OrderRefusal::NotYourRole { .. } | OrderRefusal::NotYourOrder => return Err(PageError::NotFound),
            refusal => {
                // What a page says as it opens is no answer to an act.
                if !filled.opening {
                    *status = StatusCode::CONFLICT;
                }
                let text = refusals::order(&refusal);
                let asked = OrderCommand::fields(transition);
                let field = refusal.field().filter(|name| asked.iter().any(|field| field.name == *name));
                filled.refused = field.map(|name| (name, text.clone()));
                let anchor = field.map(|name| anchor(transition, name));
                (pages::order_steps::NOT_DONE, vec![ProblemLine { text, anchor }])
            }
        },
        Err(error) => return Err(error.into()),
    };
    above.problems = Some(Problems { title: title.to_owned(), lines });
    Ok(None)
}

async fn page(
    web: &Web,
    signed: &Signed,
    view: &OrderView,
    transition: OrderTransition,
    (mut status, mut above): (StatusCode, Above),
    mut filled: Filled,
) -> Result<Response, PageError> {
    let today = paris_day(web.app.now().await?);
    let order = &view.order;
    let open = view.available.contains(&transition);
    let market = web.app.market_of(&signed.actor, &order.market).await?;
    let outcome = if open {
        rehearse(web, signed, view, transition, (&mut status, &mut above), &mut filled).await?
    } else {
        None
    };
    let parts = if open { parts(view, &market, transition, &filled) } else { Vec::new() };
    if !open && above.problems.is_none() {
        let refusal =
            OrderRefusal::WrongOrderState { transition, state: Some(order.state), from: transition.starts_from() };
        let line = ProblemLine { text: refusals::order(&refusal), anchor: None };
        let title = pages::order_steps::NOT_POSSIBLE_NOW.to_owned();
        above.problems = Some(Problems { title, lines: vec![line] });
        status = if status == StatusCode::OK { StatusCode::CONFLICT } else { status };
    }
    // Without a form and refused, nothing of it will happen.
    let ahead = open && (outcome.is_some() || !parts.is_empty());
    let mut preview =
        if ahead { preview(view, transition, &parts, outcome.as_ref(), today) } else { Preview::default() };
    if signed.actor.side() == Some(domain::people::Side::Body) {
        preview.limits.clear();
    }
    let ticket = signed.ticket(&purpose(view, transition));
    let mut hidden = vec![(TICKET, ticket.clone()), ("version", order.version.to_string())];
    let rehearsal = outcome.as_ref().map(|outcome| {
        let illustrative = preview.limits.is_empty() && !outcome.prices_confirmed;
        RehearsalView::new(facts(outcome), &outcome.messages, &button(view, transition), illustrative)
    });
    if rehearsal.is_some() {
        hidden.push((DIGEST, digest(&form_of(transition, &filled.typed), &filled.typed)));
    }
    let page = StepPage {
        frame: signed.frame(Section::Orders),
        reference: order.reference.to_string(),
        back: addresses::order(&order.reference),
        title: labels::order_transition(transition),
        help: labels::order_transition_help(transition),
        state: Tag { text: labels::order_state(order.state).to_owned(), tone: tone(order.state) },
        problems: above.problems,
        notice: above.notice,
        preview,
        rehearsal,
        note: value(&filled.typed, NOTE).unwrap_or_default().to_owned(),
        draft: filled.draft.filter(|_| !parts.is_empty()),
        action: purpose(view, transition),
        hidden,
        parts,
        illustrative: !view.prices_confirmed,
        open: ahead,
        ticket,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// What a ticket of a step is for, and the name of its draft: its address.
fn purpose(view: &OrderView, transition: OrderTransition) -> String {
    addresses::order_step(&view.order.reference, transition)
}

type Parts = Result<Path<(String, String)>, PathRejection>;

/// The order and the step of an address, when the reader may ever take it.
async fn opened(web: &Web, signed: &Signed, path: Parts) -> Result<(OrderView, OrderTransition), PageError> {
    let Path((order, step)) = path.map_err(|_| PageError::NotFound)?;
    let transition: OrderTransition = step.parse().map_err(|_| PageError::NotFound)?;
    if transition == OrderTransition::DraftOrder || !own(transition, &signed.actor) {
        return Err(PageError::NotFound);
    }
    let view = web.app.order_page(&signed.actor, &reference(&order)?).await?;
    Ok((view, transition))
}

/// Whether a value sent is of the step's form or of its messages.
fn is_own(transition: OrderTransition, name: &str) -> bool {
    let of_field = |field: &Field| match field.kind {
        FieldKind::Units => name.strip_prefix(field.name).is_some_and(|rest| rest.starts_with('_')),
        _ => name == field.name,
    };
    name == NOTE || OrderCommand::fields(transition).iter().any(of_field)
}

/// The form of a step, as it was left, or with what is known.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    path: Parts,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let (view, transition) = opened(&web, &signed, path).await?;
    let today = paris_day(web.app.now().await?);
    let draft = web.app.draft(&signed.account, &purpose(&view, transition)).await?;
    let named = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes()).into_owned();
    let mut filled = Filled { opening: true, ..Filled::default() };
    // What a link names is proposed before what was left: the payment request that it is about.
    filled.typed.extend(named.filter(|(name, _)| is_own(transition, name)));
    match draft {
        Some(draft) => {
            filled.draft = Some(dates::instant_short(draft.updated_at));
            filled.typed.extend(draft.typed);
        }
        None if transition == OrderTransition::NotifyOrder => {
            filled.typed.push(("sent_on".to_owned(), dates::iso(today)));
        }
        None => {}
    }
    page(&web, &signed, &view, transition, (StatusCode::OK, Above::default()), filled).await
}

/// What was sent, read; too large or not a form otherwise.
pub(in crate::staff) fn typed(sent: Result<Sent<Typed>, FormRejection>) -> Result<Typed, PageError> {
    match sent {
        Ok(Sent(typed)) => Ok(typed),
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(PageError::TooLarge),
        Err(_) => Err(PageError::Unreadable),
    }
}

/// Rehearses or takes the step, in a task that outlives its client.
pub(super) async fn post(
    State(web): State<Web>,
    signed: Signed,
    path: Parts,
    sent: Result<Sent<Typed>, FormRejection>,
) -> Result<Response, PageError> {
    let typed = typed(sent)?;
    let (view, transition) = opened(&web, &signed, path).await?;
    let writing = {
        let web = web.clone();
        async move { answer(&web, &signed, view, transition, typed).await }
    };
    web.writes.spawn(writing).await?
}

async fn answer(
    web: &Web,
    signed: &Signed,
    view: OrderView,
    transition: OrderTransition,
    sent: Typed,
) -> Result<Response, PageError> {
    let address = purpose(&view, transition);
    let checked = signed.check(&address, value(&sent, TICKET));
    if checked.is_ok() && value(&sent, ERASE).is_some() {
        web.app.forget_draft(&signed.account, &address).await?;
        return Ok(Redirect::to(&address).into_response());
    }
    let said = |name: &str| value(&sent, name).unwrap_or_default().to_owned();
    let (key, rehearsed, performs) = (said(TICKET), said(DIGEST), value(&sent, PERFORM).is_some());
    let seen: Option<u32> = said("version").parse().ok();
    let typed: Typed = sent.into_iter().filter(|(name, _)| is_own(transition, name)).collect();
    let mut filled = Filled { typed, ..Filled::default() };
    if let Err(error) = checked {
        filled.opening = true;
        let above = Above { notice: Some(Notice::other_session()), ..Above::default() };
        return page(web, signed, &view, transition, (error.status(), above), filled).await;
    }
    if !filled.typed.is_empty() {
        let kept = web.app.save_draft(&signed.account, &address, &filled.typed, Vec::new()).await?;
        filled.draft = Some(dates::instant_short(kept));
    }
    if performs && rehearsed == digest(&form_of(transition, &filled.typed), &filled.typed) {
        return take(web, signed, view, transition, (key, seen), filled).await;
    }
    if let Some(seen) = seen.filter(|seen| *seen != view.order.version) {
        return conflict(web, signed, &view, transition, seen, filled).await;
    }
    let mut above = Above::default();
    if performs {
        above.notice = Some(Notice {
            tone: "wait",
            title: pages::forms::CHANGED_TITLE.to_owned(),
            paragraphs: vec![pages::forms::CHANGED.to_owned()],
        });
    }
    page(web, signed, &view, transition, (StatusCode::OK, above), filled).await
}

async fn take(
    web: &Web,
    signed: &Signed,
    view: OrderView,
    transition: OrderTransition,
    (key, seen): (String, Option<u32>),
    filled: Filled,
) -> Result<Response, PageError> {
    let options = OrderOptions {
        idempotency_key: Some(key),
        expected_version: seen,
        note: note(&filled.typed),
        ..OrderOptions::default()
    };
    let target = OrderTarget::Order(view.order.reference.clone());
    let form = form_of(transition, &filled.typed);
    let error = match Box::pin(web.app.order(&signed.actor, &target, transition, &form, &options)).await {
        Ok(outcome) => {
            web.app.forget_draft(&signed.account, &purpose(&view, transition)).await?;
            // An amendment is looked at where it goes on.
            let opened = outcome.linked.as_ref().filter(|_| transition == OrderTransition::AmendOrder);
            let (reference, rank) = match opened {
                Some(order) => (&order.reference, 1),
                None => (&outcome.order.reference, outcome.events.first().map_or(0, |event| event.seq)),
            };
            return Ok(Redirect::to(&format!("{}?fait={rank}", addresses::order(reference))).into_response());
        }
        Err(error) => error,
    };
    // What the refusal is about may have changed since.
    let view = web.app.order_page(&signed.actor, &view.order.reference).await?;
    let seen = seen.unwrap_or_default();
    match error {
        AppError::Conflict(_) => conflict(web, signed, &view, transition, seen, filled).await,
        AppError::OrderRefused(refusal)
            if matches!(*refusal, OrderRefusal::Stale { .. } | OrderRefusal::WrongOrderState { .. }) =>
        {
            conflict(web, signed, &view, transition, seen, filled).await
        }
        AppError::KeyReused => {
            let paragraphs = vec![pages::forms::FIRST_SENT_KEPT.to_owned()];
            let title = pages::forms::ALREADY_USED.to_owned();
            let above = Above { problems: None, notice: Some(Notice { tone: "wait", title, paragraphs }) };
            page(web, signed, &view, transition, (StatusCode::CONFLICT, above), filled).await
        }
        // The rehearsal of the same form is refused alike, and says so.
        AppError::Invalid(_) | AppError::OrderRefused(_) => {
            page(web, signed, &view, transition, (StatusCode::CONFLICT, Above::default()), filled).await
        }
        error => Err(error.into()),
    }
}

fn is_units(transition: OrderTransition, name: &str) -> bool {
    OrderCommand::fields(transition).iter().any(|field| field.name == name && field.kind == FieldKind::Units)
}

/// Somebody was faster: what they did, and the form as it was typed.
async fn conflict(
    web: &Web,
    signed: &Signed,
    view: &OrderView,
    transition: OrderTransition,
    seen: u32,
    filled: Filled,
) -> Result<Response, PageError> {
    let since = view.events.iter().filter(|event| event.seq > seen).map(|event| {
        format!(
            "{} ({}, {})",
            timeline::order(&event.event, &event.author),
            timeline::author(&event.author),
            dates::instant_short(event.recorded_at)
        )
    });
    let mut paragraphs = vec![pages::order_steps::MOVED_MEANWHILE.to_owned()];
    paragraphs.extend(since);
    if view.available.contains(&transition) {
        paragraphs.push(pages::order_steps::MOVED_READ_AGAIN.to_owned());
    }
    let notice = Notice { tone: "wait", title: pages::order_steps::MOVED_TITLE.to_owned(), paragraphs };
    let above = Above { problems: None, notice: Some(notice) };
    page(web, signed, view, transition, (StatusCode::CONFLICT, above), filled).await
}
