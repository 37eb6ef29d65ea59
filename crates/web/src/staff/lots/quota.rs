//! Raising the planned paths of a lot by an amendment: the number, its reference, what it changes.
//!
//! Performing sends the digest of what was shown; what was not shown is not done.

use app::{AppError, LotPage, QuotaChange};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::Datelike;
use domain::calendar::paris_day;
use domain::form::Form;
use domain::identifiers::LotCode;
use wording::{addresses, dates, numbers, pages, refusals};

use super::code;
use crate::forms::{FieldView, Input, Notice, ProblemLine, Problems, Typed, value};
use crate::request::{Form as Sent, Path};
use crate::staff::path::step::{DIGEST, PERFORM, digest};
use crate::staff::{Frame, Section, Signed, drafts};
use crate::{PageError, Web};

struct Row {
    year: i32,
    before: String,
    after: String,
    available: String,
    waiting: String,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Filled {
    status: StatusCode,
    places: String,
    reference: String,
    problems: Option<Problems>,
    notice: Option<Notice>,
    draft: Option<String>,
    places_error: Option<String>,
    reference_error: Option<String>,
    /// It was tried, and nothing refuses it.
    shown: bool,
}

#[derive(Template)]
#[template(path = "staff/lots_quota.html")]
struct QuotaPage {
    frame: Frame,
    title: String,
    back: String,
    now: String,
    action: String,
    cle: String,
    problems: Option<Problems>,
    notice: Option<Notice>,
    draft: Option<String>,
    places: FieldView,
    reference: FieldView,
    rows: Vec<Row>,
    year: i32,
    /// Set once it was tried, and nothing refuses it: what the button does, and what tells this rehearsal from another.
    button: Option<(String, String)>,
}

/// The form of a lot: what its ticket is for, and the name of its draft.
fn address(code: &LotCode) -> String {
    format!("{}/avenant", addresses::lot(code))
}

impl Filled {
    fn of(typed: &Typed) -> Self {
        let text = |name: &str| value(typed, name).unwrap_or_default().to_owned();
        Self { places: text("places"), reference: text("reference"), ..Self::default() }
    }

    fn digest(&self) -> String {
        let field = |name: &str, text: &str| (name.to_owned(), text.into());
        digest(&Form::from_iter([field("places", &self.places), field("reference", &self.reference)]), &Typed::new())
    }
}

/// The lot, when the reader may raise its quota.
async fn opened(web: &Web, signed: &Signed, code: &LotCode) -> Result<LotPage, PageError> {
    let page = web.app.lot_page(&signed.actor, code, None).await?;
    if page.may_raise { Ok(page) } else { Err(PageError::NotFound) }
}

async fn page(web: &Web, signed: &Signed, lot: &LotPage, filled: Filled) -> Result<Response, PageError> {
    let code = &lot.view.lot.code;
    let now = lot.view.lot.places_per_year.unwrap_or_default();
    let digest = filled.digest();
    let year = paris_day(web.app.now().await?).year();
    let after = filled.places.trim().parse::<u32>().ok().filter(|after| *after > now);
    let rows = lot.places.iter().filter(|places| places.year >= year).map(|places| {
        let waits = lot.waiting.iter().find(|(year, _)| *year == places.year).map_or(0, |(_, queue)| queue.len());
        let shown = |number: i64| numbers::integer(number);
        let left = |planned: u32| i64::from(planned) - i64::from(places.taken());
        Row {
            year: places.year,
            before: format!("{} ({})", shown(now.into()), pages::counts::available(left(now))),
            after: after.map_or("—".to_owned(), |after| shown(after.into())),
            available: after.map_or("—".to_owned(), |after| shown(left(after))),
            waiting: shown(i64::try_from(waits).unwrap_or(i64::MAX)),
        }
    });
    let field = |name: &str, label: &str, help: &str, kind, value: &str, error| FieldView {
        id: name.to_owned(),
        name: name.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        required: true,
        value: value.to_owned(),
        error,
        remark: None,
        input: Input::Line { kind, autocomplete: "off", short: kind == "number" },
    };
    let shown = QuotaPage {
        frame: signed.frame(Section::Lots),
        title: pages::lots::titled(code, &lot.view.lot.name),
        back: addresses::lot(code),
        now: numbers::integer(now.into()),
        action: address(code),
        cle: signed.ticket(&address(code)),
        problems: filled.problems,
        notice: filled.notice,
        draft: filled.draft,
        places: field(
            "places",
            pages::lots::PLANNED_AFTER,
            pages::lots::PLANNED_AFTER_HELP,
            "number",
            &filled.places,
            filled.places_error,
        ),
        reference: field(
            "reference",
            pages::lots::AMENDMENT,
            pages::lots::AMENDMENT_HELP,
            "text",
            &filled.reference,
            filled.reference_error,
        ),
        rows: rows.collect(),
        year,
        button: after
            .filter(|_| filled.shown)
            .map(|after| (pages::lots::raise_to(numbers::integer(after.into())), digest)),
    };
    Ok((filled.status, Html(shown.render()?)).into_response())
}

/// The form.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path(lot): Path<String>,
) -> Result<Response, PageError> {
    let code = code(&lot)?;
    let lot = opened(&web, &signed, &code).await?;
    let filled = match web.app.draft(&signed.account, &address(&code)).await? {
        Some(draft) => Filled { draft: Some(dates::instant_short(draft.updated_at)), ..Filled::of(&draft.typed) },
        None => Filled::default(),
    };
    page(&web, &signed, &lot, filled).await
}

/// Raises the quota, in a task that outlives its client; or tries it, and shows what it would change.
pub(super) async fn post(
    State(web): State<Web>,
    signed: Signed,
    Path(lot): Path<String>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let code = code(&lot)?;
    let lot = opened(&web, &signed, &code).await?;
    let address = address(&code);
    let filled = Filled::of(&typed);
    if let Err(error) = signed.check(&address, value(&typed, "cle")) {
        let notice = Some(Notice::other_session());
        return page(&web, &signed, &lot, Filled { status: error.status(), notice, ..filled }).await;
    }
    if value(&typed, drafts::ERASE).is_some() {
        web.app.forget_draft(&signed.account, &address).await?;
        return Ok(Redirect::to(&address).into_response());
    }
    drafts::sent(&web, &signed, &address, &typed).await?;
    let performs = value(&typed, PERFORM).is_some() && value(&typed, DIGEST) == Some(filled.digest().as_str());
    let writing = {
        let web = web.clone();
        async move { raise(&web, &signed, &code, filled, performs).await }
    };
    web.writes.spawn(writing).await?
}

/// Raises the quota or only tries to; what refuses it is told above the form.
async fn raise(
    web: &Web,
    signed: &Signed,
    code: &LotCode,
    filled: Filled,
    performs: bool,
) -> Result<Response, PageError> {
    let now = |lot: &LotPage| lot.view.lot.places_per_year.unwrap_or_default();
    let places = match filled.places.trim().parse::<u32>() {
        Ok(places) if !performs => web.app.rehearse_quota(&signed.actor, code, places, &filled.reference).await,
        Ok(places) => web.app.raise_quota(&signed.actor, code, places, &filled.reference).await,
        Err(_) => Ok(QuotaChange::NotMore { now: now(&opened(web, signed, code).await?) }),
    };
    let (mut places_error, mut reference_error) = (None, None);
    match places {
        Ok(QuotaChange::Raised { .. }) if !performs => {
            return page(web, signed, &opened(web, signed, code).await?, Filled { shown: true, ..filled }).await;
        }
        Ok(QuotaChange::Raised { .. }) => {
            web.app.forget_draft(&signed.account, &address(code)).await?;
            return Ok(Redirect::to(&format!("{}?fait=avenant", addresses::lot(code))).into_response());
        }
        // The form sent twice: it is done.
        Ok(QuotaChange::Unchanged(_)) => {
            let lot = opened(web, signed, code).await?;
            let same = lot.quotas.first().and_then(|quota| quota.reference.as_deref()) == Some(filled.reference.trim());
            if performs && same {
                web.app.forget_draft(&signed.account, &address(code)).await?;
                return Ok(Redirect::to(&format!("{}?fait=avenant", addresses::lot(code))).into_response());
            }
            places_error = Some(pages::lots::NOTHING_TO_RAISE.to_owned());
        }
        Ok(QuotaChange::NotMore { now }) => {
            places_error = Some(pages::lots::give_more_than(numbers::integer(now.into())));
        }
        Ok(QuotaChange::AboveMaximum { maximum }) => {
            places_error = Some(pages::lots::limited_by_contract(pages::counts::paths(maximum)));
        }
        Ok(QuotaChange::LaterTerms { effective_on }) => {
            places_error = Some(pages::lots::next_market(dates::medium(effective_on)));
        }
        Ok(QuotaChange::NoQuota) => return Err(PageError::NotFound),
        Err(AppError::Invalid(errors)) => {
            reference_error = errors.first().map(|error| refusals::problem(&error.problem));
        }
        Err(error) => return Err(error.into()),
    }
    let line = |text: &Option<String>, label: &str, anchor: &str| {
        text.as_ref()
            .map(|text| ProblemLine { text: pages::forms::about(label, text), anchor: Some(anchor.to_owned()) })
    };
    let lines = line(&places_error, pages::lots::NUMBER_OF_PATHS, "places")
        .into_iter()
        .chain(line(&reference_error, pages::lots::AMENDMENT, "reference"))
        .collect();
    let problems = Some(Problems { title: pages::forms::TO_CORRECT.to_owned(), lines });
    let lot = opened(web, signed, code).await?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    page(web, signed, &lot, Filled { status, problems, places_error, reference_error, ..filled }).await
}
