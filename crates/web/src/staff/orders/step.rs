//! A step of an order as a form, with what will happen beside it.
//!
//! Who may not take the step finds no page; a step that the state does not allow says why. A version that moved meanwhile
//! is refused with what changed and by whom, and what was typed stays.

use app::{AppError, OrderOptions, OrderTarget, OrderView};
use askama::Template;
use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{Form as Sent, Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Day;
use domain::calendar::paris_day;
use domain::form::{Field, FieldError, FieldKind, Form};
use domain::money::Cents;
use domain::order::{OrderCommand, OrderRefusal, OrderTransition};
use domain::people::Actor;
use wording::{addresses, dates, fields, labels, numbers, refusals, timeline};

use super::money::{Limit, limits};
use super::one::used;
use super::units::{self, UnitTable};
use super::{reference, tone};
use crate::forms::{Choice, FieldView, Input, Notice, ProblemLine, Problems, Typed, value};
use crate::staff::orders::pieces::Tag;
use crate::staff::{Frame, Section, Signed, drafts};
use crate::{PageError, Web};

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
    action: String,
    hidden: Vec<(&'static str, String)>,
    parts: Vec<Part>,
    button: String,
    recount: bool,
    illustrative: bool,
    open: bool,
    draft: Option<String>,
    ticket: String,
}

/// The roles of a transition that is this actor's, whatever the state; a role that never takes it finds no page.
fn own(transition: OrderTransition, actor: &Actor) -> bool {
    let side = actor.side();
    transition.rows().any(|row| side.is_some_and(|side| row.sides.contains(&side)))
}

/// The anchor of a field.
fn field_id(transition: OrderTransition, name: &str) -> String {
    format!("{transition}-{name}")
}

fn capital(text: &str) -> String {
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
        error: problem_of(&filled.errors, field.name),
        input,
    }
}

/// The form of a step, units as tables.
fn parts(view: &OrderView, market: &domain::market::Market, transition: OrderTransition, filled: &Filled) -> Vec<Part> {
    let part = |field: Field| {
        if field.kind != FieldKind::Units {
            return Part::Field(field_view(transition, &field, filled));
        }
        let mut table = match field.name {
            "remove" => units::of_order(&view.order, &view.uses, "remove", &filled.typed),
            _ => UnitTable {
                legend: "Unités ajoutées",
                optional: true,
                ..units::of_lot(market, &view.lot, "add", &filled.typed)
            },
        };
        table.error = problem_of(&filled.errors, field.name);
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

/// What the step will do, as far as its form does not decide it.
fn preview(view: &OrderView, transition: OrderTransition, parts: &[Part], today: Day) -> Preview {
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
            lines.push("Rien n’est encore engagé\u{a0}: le visa engagera le montant.".to_owned());
            change = total;
        }
        OrderTransition::Endorse => {
            lines.push(format!(
                "{} hors taxes sont engagés sur le budget {} et sur le maximum du lot {}.",
                numbers::euros(total),
                order.budget_year,
                order.lot
            ));
            change = total;
        }
        OrderTransition::RefuseEndorsement => {
            lines.push("Le bon de commande redevient un brouillon\u{a0}; rien n’est engagé.".to_owned());
        }
        OrderTransition::NotifyOrder => {
            let units: u32 = order.lines.iter().map(|line| line.ordered.units).sum();
            lines.push(format!(
                "{} les parcours du lot {}.",
                numbers::count(units, "unité devient disponible pour", "unités deviennent disponibles pour"),
                order.lot
            ));
            lines.push(format!(
                "La date certaine est la première consultation par l’organisme, ou le huitième jour après l’envoi\u{a0}: envoyé aujourd’hui, au plus tard le {}.",
                dates::medium(today + chrono::Duration::days(8))
            ));
            if !order.removals.is_empty() {
                lines.push(
                    "Les unités retirées quittent le bon de commande d’origine, et leur montant est libéré.".to_owned(),
                );
            }
            money = false;
        }
        OrderTransition::MakeReservations => {
            lines.push("Vous exécutez la commande dans tous les cas.".to_owned());
            money = false;
        }
        OrderTransition::AmendOrder => {
            let (add, remove) = (sum("add"), sum("remove"));
            lines.push(format!(
                "Un bon de commande modificatif se prépare\u{a0}: {} en plus, {} en moins, hors taxes. Il passe par les mêmes étapes.",
                numbers::euros(add),
                numbers::euros(remove)
            ));
            change = add - remove;
        }
        OrderTransition::SettleOrder => {
            let (units, money, pending) = freed(view);
            if pending > 0 {
                lines.push(refusals::order(&OrderRefusal::UnitsPending { units: pending }));
            } else {
                lines.push(format!(
                    "{} et {} hors taxes sont libérés\u{a0}; plus aucun parcours ne tire sur ce bon de commande.",
                    numbers::count(units, "unité", "unités"),
                    numbers::euros(money)
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
                    Cents::ZERO => "Rien n’était engagé.".to_owned(),
                    engaged => format!("{} hors taxes sont libérés.", numbers::euros(engaged)),
                });
            }
        }
    }
    let told: Vec<String> = transition
        .row(Some(order.state))
        .map_or(&[][..], |row| row.told)
        .iter()
        .map(|role| labels::the_recipient(*role).to_owned())
        .collect();
    lines.push(match told.as_slice() {
        [] => "Aucun message ne part.".to_owned(),
        told => format!("Un message part aussitôt vers\u{a0}: {}.", numbers::list(told)),
    });
    Preview { lines, limits: if money { limits(&view.purse, change) } else { Vec::new() } }
}

fn button(view: &OrderView, transition: OrderTransition) -> String {
    let order = &view.order;
    match transition {
        OrderTransition::DraftOrder => "Préparer le bon de commande".to_owned(),
        OrderTransition::RequestEndorsement => "Demander le visa du service financier".to_owned(),
        OrderTransition::Endorse => format!("Viser et engager {}", numbers::euros(order.total())),
        OrderTransition::RefuseEndorsement => "Refuser le visa et prévenir la Région".to_owned(),
        OrderTransition::NotifyOrder => format!("Notifier à {}", view.lot.holder.name),
        OrderTransition::MakeReservations => "Envoyer les observations à la Région".to_owned(),
        OrderTransition::AmendOrder => "Préparer le bon de commande modificatif".to_owned(),
        OrderTransition::SettleOrder => match freed(view) {
            (_, money, 0) if money > Cents::ZERO => format!("Solder et libérer {}", numbers::euros(money)),
            _ => "Solder le bon de commande".to_owned(),
        },
        OrderTransition::CancelOrder => "Annuler le bon de commande".to_owned(),
    }
}

/// What the page says above its form.
#[derive(Default)]
struct Above {
    problems: Option<Problems>,
    notice: Option<Notice>,
    draft: Option<String>,
}

async fn page(
    web: &Web,
    signed: &Signed,
    view: &OrderView,
    transition: OrderTransition,
    (status, above): (StatusCode, Above),
    filled: &Filled,
) -> Result<Response, PageError> {
    let today = paris_day(web.app.now().await?);
    let order = &view.order;
    let open = view.available.contains(&transition);
    let market = web.app.market_of(&signed.actor, &order.market).await?;
    let parts = if open { parts(view, &market, transition, filled) } else { Vec::new() };
    let above = if open || above.problems.is_some() {
        above
    } else {
        let refusal =
            OrderRefusal::WrongOrderState { transition, state: Some(order.state), from: transition.starts_from() };
        let line = ProblemLine { text: refusals::order(&refusal), anchor: None };
        let title = "Cette étape n’est pas possible maintenant".to_owned();
        Above { problems: Some(Problems { title, lines: vec![line] }), ..above }
    };
    let mut preview = if open { preview(view, transition, &parts, today) } else { Preview::default() };
    if signed.actor.side() == Some(domain::people::Side::Body) {
        preview.limits.clear();
    }
    let ticket = signed.ticket(&purpose(view, transition));
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
        action: addresses::order_step(&order.reference, transition),
        hidden: vec![("cle", ticket.clone()), ("version", order.version.to_string())],
        recount: parts.iter().any(|part| matches!(part, Part::Units(_))),
        parts,
        button: button(view, transition),
        illustrative: !view.prices_confirmed,
        open,
        draft: above.draft,
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

/// The form of a step.
pub(super) async fn show(State(web): State<Web>, signed: Signed, path: Parts) -> Result<Response, PageError> {
    let (view, transition) = opened(&web, &signed, path).await?;
    let today = paris_day(web.app.now().await?);
    let mut filled = Filled::default();
    let mut above = Above::default();
    if let Some(draft) = web.app.draft(&signed.account, &purpose(&view, transition)).await? {
        above.draft = Some(dates::instant_short(draft.updated_at));
        filled.typed = draft.typed;
    } else if transition == OrderTransition::NotifyOrder {
        filled.typed.push(("sent_on".to_owned(), dates::iso(today)));
    }
    let status = if view.available.contains(&transition) { StatusCode::OK } else { StatusCode::CONFLICT };
    page(&web, &signed, &view, transition, (status, above), &filled).await
}

/// What was sent, read; too large or not a form otherwise.
pub(in crate::staff) fn typed(sent: Result<Sent<Typed>, FormRejection>) -> Result<Typed, PageError> {
    match sent {
        Ok(Sent(typed)) => Ok(typed),
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(PageError::TooLarge),
        Err(_) => Err(PageError::Unreadable),
    }
}

/// Takes the step, in a task that outlives its client; or only counts again.
pub(super) async fn post(
    State(web): State<Web>,
    signed: Signed,
    path: Parts,
    sent: Result<Sent<Typed>, FormRejection>,
) -> Result<Response, PageError> {
    let typed = typed(sent)?;
    let (view, transition) = opened(&web, &signed, path).await?;
    let address = purpose(&view, transition);
    if let Err(error) = signed.check(&address, value(&typed, "cle")) {
        let above = Above { notice: Some(Notice::other_session()), ..Above::default() };
        let filled = Filled { typed, errors: Vec::new() };
        return page(&web, &signed, &view, transition, (error.status(), above), &filled).await;
    }
    if value(&typed, drafts::ERASE).is_some() {
        web.app.forget_draft(&signed.account, &address).await?;
        return Ok(Redirect::to(&address).into_response());
    }
    drafts::sent(&web, &signed, &address, &typed).await?;
    if value(&typed, "voir").is_some() {
        let filled = Filled { typed, errors: Vec::new() };
        return page(&web, &signed, &view, transition, (StatusCode::OK, Above::default()), &filled).await;
    }
    let writing = {
        let web = web.clone();
        async move { take(&web, &signed, view, transition, typed).await }
    };
    web.writes.spawn(writing).await?
}

async fn take(
    web: &Web,
    signed: &Signed,
    view: OrderView,
    transition: OrderTransition,
    typed: Typed,
) -> Result<Response, PageError> {
    let options = OrderOptions {
        idempotency_key: value(&typed, "cle").map(str::to_owned),
        expected_version: value(&typed, "version").and_then(|version| version.parse().ok()),
        at: None,
    };
    let seen = options.expected_version.unwrap_or_default();
    let target = OrderTarget::Order(view.order.reference.clone());
    let form = form_of(transition, &typed);
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
    match error {
        AppError::Invalid(errors) => {
            let lines = errors.iter().map(|error| ProblemLine {
                text: refusals::order_field(transition, error),
                anchor: Some(field_id(transition, &error.field))
                    .filter(|_| !is_units(transition, &error.field))
                    .or_else(|| Some(error.field.clone())),
            });
            let title = "Le formulaire est à corriger".to_owned();
            let problems = Some(Problems { title, lines: lines.collect() });
            let filled = Filled { typed, errors };
            let above = Above { problems, ..Above::default() };
            page(web, signed, &view, transition, (StatusCode::UNPROCESSABLE_ENTITY, above), &filled).await
        }
        AppError::Conflict(_) => conflict(web, signed, &view, transition, seen, typed).await,
        AppError::OrderRefused(refusal) => match *refusal {
            OrderRefusal::NotYourRole { .. } | OrderRefusal::NotYourOrder => Err(PageError::NotFound),
            OrderRefusal::Stale { .. } | OrderRefusal::WrongOrderState { .. } => {
                conflict(web, signed, &view, transition, seen, typed).await
            }
            refusal => {
                let line = ProblemLine { text: refusals::order(&refusal), anchor: None };
                let title = "L’étape n’est pas faite".to_owned();
                let above = Above { problems: Some(Problems { title, lines: vec![line] }), ..Above::default() };
                let filled = Filled { typed, errors: Vec::new() };
                page(web, signed, &view, transition, (StatusCode::CONFLICT, above), &filled).await
            }
        },
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
    typed: Typed,
) -> Result<Response, PageError> {
    let since = view.events.iter().filter(|event| event.seq > seen).map(|event| {
        format!(
            "{} ({}, {})",
            timeline::order(&event.event, &event.author),
            timeline::author(&event.author),
            dates::instant_short(event.recorded_at)
        )
    });
    let mut paragraphs = vec!["Rien n’est enregistré. Depuis que vous avez ouvert cette page\u{a0}:".to_owned()];
    paragraphs.extend(since);
    if view.available.contains(&transition) {
        paragraphs.push("Relisez ce qui va se passer, puis recommencez si c’est toujours votre choix.".to_owned());
    }
    let notice = Notice { tone: "wait", title: "Le bon de commande a changé".to_owned(), paragraphs };
    let above = Above { notice: Some(notice), ..Above::default() };
    let filled = Filled { typed, errors: Vec::new() };
    page(web, signed, view, transition, (StatusCode::CONFLICT, above), &filled).await
}
