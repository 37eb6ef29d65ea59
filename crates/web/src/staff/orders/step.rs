//! A step of an order as a form, with what will happen beside it, rehearsed as a step of a path is.
//!
//! Who may not take the step finds no page; a step that the state does not allow says why. Showing what will happen keeps a
//! draft; performing sends the digest of what was shown, and what was not shown is not done. A version that moved meanwhile is
//! refused with what changed and by whom, and what was typed stays.

use app::{AppError, OrderOptions, OrderOutcome, OrderTarget, OrderView};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::calendar::paris_day;
use domain::form::FieldError;
use domain::order::{OrderCommand, OrderRefusal, OrderTransition};
use domain::people::Actor;
use wording::{addresses, dates, labels, pages, refusals, timeline};

use super::ahead::{Preview, button, facts, preview};
use super::form::{Filled, Part, Sources, anchor, form_of, is_own, parts, written};
use super::{read, reference, tone};
use crate::forms::{Notice, ProblemLine, Problems, Typed, value};
use crate::request::{Form as Sent, Path};
use crate::staff::drafts::ERASE;
use crate::staff::orders::pieces::Tag;
use crate::staff::path::rehearsal::RehearsalView;
use crate::staff::path::step::{DIGEST, NOTE, PERFORM, digest, note};
use crate::staff::{Frame, Section, Signed};
use crate::{PageError, Web};

/// The ticket of the form, which is the key under which it acts once.
const TICKET: &str = "cle";

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

/// What the page says above its form.
#[derive(Default)]
struct Above {
    problems: Option<Problems>,
    notice: Option<Notice>,
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
    let amended = match &view.amends {
        Some(amended) if open && transition == OrderTransition::CorrectOrder => {
            Some(web.app.order_page(&signed.actor, amended).await?)
        }
        _ => None,
    };
    let sources = Sources { view, market: &market, amended: amended.as_ref() };
    let parts = if open { parts(&sources, transition, &filled) } else { Vec::new() };
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

type Parts = Path<(String, String)>;

/// The order and the step of an address, when the reader may ever take it.
async fn opened(
    web: &Web,
    signed: &Signed,
    asked: (&Method, &HeaderMap),
    Path((order, step)): Parts,
) -> Result<(OrderView, OrderTransition), PageError> {
    let transition: OrderTransition = step.parse().map_err(|_| PageError::NotFound)?;
    if transition == OrderTransition::DraftOrder || !own(transition, &signed.actor) {
        return Err(PageError::NotFound);
    }
    let reference = reference(&order)?;
    Ok((read(web, signed, asked, &reference).await?, transition))
}

/// The form of a step, as it was left, or with what is known.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    method: Method,
    headers: HeaderMap,
    path: Parts,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let (view, transition) = opened(&web, &signed, (&method, &headers), path).await?;
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
        None if transition == OrderTransition::CorrectOrder => filled.typed.extend(written(&view.order)),
        None => {}
    }
    page(&web, &signed, &view, transition, (StatusCode::OK, Above::default()), filled).await
}

/// Rehearses or takes the step, in a task that outlives its client.
pub(super) async fn post(
    State(web): State<Web>,
    signed: Signed,
    path: Parts,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let (view, transition) = opened(&web, &signed, (&Method::POST, &HeaderMap::new()), path).await?;
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
