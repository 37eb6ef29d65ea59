//! A new order: the lot first, then units at its prices, and what it would engage once endorsed.

use app::{AppError, OrderOptions, OrderTarget};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::Datelike;
use domain::calendar::paris_day;
use domain::form::{FieldError, FieldProblem, Form};
use domain::identifiers::LotCode;
use domain::market::{Lot, Terms};
use domain::money::Cents;
use domain::order::{OrderRefusal, OrderTransition};
use serde::Deserialize;
use wording::{addresses, dates, labels, numbers, pages, refusals};

use super::money::{Limit, limits};
use super::pieces::Pick;
use super::units::{self, UnitTable};
use crate::forms::{Notice, ProblemLine, Problems, Typed, problem_of, value};
use crate::request::{Form as Sent, Query};
use crate::staff::path::step::{DIGEST, PERFORM, digest};
use crate::staff::{Frame, Section, Signed, drafts};
use crate::{PageError, Web};

/// The form of a lot: what its ticket is for, and the name of what is kept of it.
fn address(lot: &Lot) -> String {
    super::pieces::asking(addresses::new_order(), &[("lot", lot.code.as_str())])
}

/// What the address asks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lot: String,
}

struct LotChoice {
    address: String,
    name: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "staff/order_new_lot.html")]
struct LotPage {
    frame: Frame,
    lots: Vec<LotChoice>,
}

#[derive(Template)]
#[template(path = "staff/order_new.html")]
struct NewPage {
    frame: Frame,
    lot_label: String,
    several: bool,
    action: String,
    cle: String,
    problems: Option<Problems>,
    notice: Option<Notice>,
    draft: Option<String>,
    years: Vec<Pick>,
    year_error: Option<String>,
    units: UnitTable,
    shown: bool,
    limits: Vec<Limit>,
    button: String,
    /// Tells this rehearsal from another.
    digest: String,
    illustrative: bool,
}

/// What the page says above its form.
#[derive(Default)]
struct Above {
    problems: Option<Problems>,
    notice: Option<Notice>,
    draft: Option<String>,
}

impl From<Problems> for Above {
    fn from(problems: Problems) -> Self {
        Self { problems: Some(problems), ..Self::default() }
    }
}

/// The lot asked, or the only one there is.
fn chosen<'t>(terms: &'t Terms, lot: &str) -> Option<&'t Lot> {
    let lots = &terms.market.lots;
    LotCode::parse(lot).ok().and_then(|code| terms.market.lot(&code)).or(match lots.as_slice() {
        [only] => Some(only),
        _ => None,
    })
}

/// The form; the lot is asked first.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let terms = web.app.order_terms(&signed.actor).await?;
    let year = paris_day(web.app.now().await?).year();
    if let Some(lot) = chosen(&terms, &asked.lot) {
        let draft = web.app.draft(&signed.account, &address(lot)).await?;
        let above =
            Above { draft: draft.as_ref().map(|draft| dates::instant_short(draft.updated_at)), ..Above::default() };
        let typed = draft.map_or_else(|| vec![("budget_year".to_owned(), year.to_string())], |draft| draft.typed);
        return page(&web, &signed, &terms, lot, StatusCode::OK, above, &typed, &[]).await;
    }
    let mut lots = Vec::new();
    for lot in &terms.market.lots {
        let purse = web.app.purse(&signed.actor, &lot.code, year).await?;
        lots.push(LotChoice {
            address: super::pieces::asking(addresses::new_order(), &[("lot", lot.code.as_str())]),
            name: pages::lots::named(&lot.code, &lot.holder.name),
            detail: pages::orders::left_to_engage(
                &lot.name,
                numbers::euros(purse.lot_left()),
                numbers::euros(purse.year_left()),
                year,
            ),
        });
    }
    Ok(Html(LotPage { frame: signed.frame(Section::Orders), lots }.render()?).into_response())
}

#[expect(clippy::too_many_arguments, reason = "the page of one form, with what was typed and what is wrong")]
async fn page(
    web: &Web,
    signed: &Signed,
    terms: &Terms,
    lot: &Lot,
    status: StatusCode,
    above: Above,
    typed: &Typed,
    errors: &[FieldError],
) -> Result<Response, PageError> {
    let market = &terms.market;
    let mut units = units::of_lot(market, lot, "units", typed);
    units.error = problem_of(errors, "units");
    let year = value(typed, "budget_year").unwrap_or_default().to_owned();
    let shown = units.sum > Cents::ZERO;
    let limits = match year.parse::<i32>() {
        Ok(year) => limits(&web.app.purse(&signed.actor, &lot.code, year).await?, units.sum),
        Err(_) => Vec::new(),
    };
    let years = market.starts_on.year()..=market.ends_on.year();
    let page = NewPage {
        frame: signed.frame(Section::Orders),
        lot_label: pages::lots::named(&lot.code, &lot.holder.name),
        several: market.lots.len() > 1,
        cle: signed.ticket(&address(lot)),
        action: address(lot),
        problems: above.problems,
        notice: above.notice,
        draft: above.draft,
        years: Pick::all(years.map(|year| (year, year.to_string())), &year),
        year_error: problem_of(errors, "budget_year"),
        shown,
        limits,
        button: pages::orders::draft_for(numbers::euros(units.sum)),
        digest: digest(&form_of(lot, typed), &Typed::new()),
        units,
        illustrative: !market.prices_confirmed,
    };
    Ok((status, Html(page.render()?)).into_response())
}

fn form_of(lot: &Lot, typed: &Typed) -> Form {
    let mut form = Form::new();
    form.insert("lot".to_owned(), lot.code.as_str().into());
    form.insert("budget_year".to_owned(), value(typed, "budget_year").unwrap_or_default().into());
    units::fill(&mut form, typed, "units");
    form
}

/// Drafts the order, in a task that outlives its client; or shows what would happen.
pub(super) async fn post(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let terms = web.app.order_terms(&signed.actor).await?;
    let lot = chosen(&terms, &asked.lot).ok_or(PageError::NotFound)?.clone();
    let address = address(&lot);
    if let Err(error) = signed.check(&address, value(&typed, "cle")) {
        let above = Above { notice: Some(Notice::other_session()), ..Above::default() };
        return page(&web, &signed, &terms, &lot, error.status(), above, &typed, &[]).await;
    }
    if value(&typed, drafts::ERASE).is_some() {
        web.app.forget_draft(&signed.account, &address).await?;
        return Ok(Redirect::to(&address).into_response());
    }
    drafts::sent(&web, &signed, &address, &typed).await?;
    let form = form_of(&lot, &typed);
    let errors = domain::order::OrderCommand::read(OrderTransition::DraftOrder, &form).err().unwrap_or_default();
    if !errors.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&web, &signed, &terms, &lot, status, problems(&errors).into(), &typed, &errors).await;
    }
    // What was not shown is not done.
    if value(&typed, PERFORM).is_none() || value(&typed, DIGEST) != Some(digest(&form, &Typed::new()).as_str()) {
        return page(&web, &signed, &terms, &lot, StatusCode::OK, Above::default(), &typed, &[]).await;
    }
    let writing = {
        let web = web.clone();
        async move { draft(&web, &signed, &terms, &lot, form, typed).await }
    };
    web.writes.spawn(writing).await?
}

async fn draft(
    web: &Web,
    signed: &Signed,
    terms: &Terms,
    lot: &Lot,
    form: Form,
    typed: Typed,
) -> Result<Response, PageError> {
    let options = OrderOptions { idempotency_key: value(&typed, "cle").map(str::to_owned), ..OrderOptions::default() };
    let transition = OrderTransition::DraftOrder;
    match Box::pin(web.app.order(&signed.actor, &OrderTarget::New, transition, &form, &options)).await {
        Ok(outcome) => {
            web.app.forget_draft(&signed.account, &address(lot)).await?;
            let address = format!("{}?fait=1", addresses::order(&outcome.order.reference));
            Ok(Redirect::to(&address).into_response())
        }
        Err(AppError::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(web, signed, terms, lot, status, problems(&errors).into(), &typed, &errors).await
        }
        Err(AppError::KeyReused) => {
            let text = pages::forms::FIRST_SENT_KEPT.to_owned();
            let title = pages::forms::ALREADY_USED.to_owned();
            let problems = Problems { title, lines: vec![ProblemLine { text, anchor: None }] };
            page(web, signed, terms, lot, StatusCode::CONFLICT, problems.into(), &typed, &[]).await
        }
        Err(AppError::OrderRefused(refusal)) => match *refusal {
            OrderRefusal::NotYourRole { .. } | OrderRefusal::NotYourOrder => Err(PageError::NotFound),
            refusal => {
                let line = ProblemLine { text: refusals::order(&refusal), anchor: Some("units".to_owned()) };
                let title = pages::orders::not_done(labels::order_transition(transition));
                let problems = Problems { title, lines: vec![line] };
                page(web, signed, terms, lot, StatusCode::CONFLICT, problems.into(), &typed, &[]).await
            }
        },
        Err(error) => Err(error.into()),
    }
}

fn problems(errors: &[FieldError]) -> Problems {
    let line = |error: &FieldError| {
        let text = match (&*error.field, &error.problem) {
            ("units", FieldProblem::Missing) => pages::orders::UNITS_NEEDED.to_owned(),
            ("units", _) => pages::orders::UNITS_WHOLE.to_owned(),
            _ => refusals::order_field(OrderTransition::DraftOrder, error),
        };
        ProblemLine { text, anchor: Some(error.field.clone()) }
    };
    Problems { title: pages::forms::TO_CORRECT.to_owned(), lines: errors.iter().map(line).collect() }
}
