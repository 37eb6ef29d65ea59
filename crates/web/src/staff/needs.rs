//! A need that someone outside reported: what they wrote, what it may repeat, and the two ways to answer it.
//!
//! A body sees those of its lots; who only reads decides nothing. Opening a path is the form of a new path, filled in from here;
//! declining sends a reason to who reported it.

use app::{AppError, NeedView, PathLine};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::calendar::paris_day;
use domain::form::{FieldError, Form as Fields};
use domain::identifiers::ProposalId;
use domain::proposal::{Proposal, ProposalCommand, ProposalState, ProposalStep};
use serde::Deserialize;
use wording::{addresses, dates, fields, labels, pages};

use pages::needs as words;

use super::orders::pieces::asking;
use super::{Frame, Section, Signed};
use crate::forms::{FieldView, Notice, ProblemLine, Problems, Typed, field_id, problem_of, value};
use crate::request::{Form, Path, Query};
use crate::stamp::Stamp;
use crate::{PageError, Web, need, routes};

const STEP: ProposalStep = ProposalStep::Decline;
const REASON: &str = "reason";

/// Its page.
pub(crate) fn router() -> Router<Web> {
    Router::new().route(routes::PROPOSAL, get(show).post(decline))
}

/// The two answers.
struct Answers {
    open: String,
    action: String,
    ticket: String,
    reason: FieldView,
}

#[derive(Template)]
#[template(path = "staff/need.html")]
struct NeedPage {
    frame: Frame,
    problems: Option<Problems>,
    notice: Option<Notice>,
    title: String,
    stage: &'static str,
    since: Option<Stamp>,
    lot: Option<(String, String)>,
    facts: Vec<(&'static str, Vec<need::Piece>)>,
    /// Who answered, when; why it was declined; the path that was opened.
    decided: Option<String>,
    reason: Option<String>,
    path: Option<(String, String)>,
    twins: Vec<(String, String)>,
    paths: Vec<(String, String)>,
    answers: Option<Answers>,
}

/// What just happened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    fait: String,
}

fn key(text: &str) -> Result<ProposalId, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// Shows it.
async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, PageError> {
    let id = key(&id)?;
    let view = web.app.need(&signed.actor, id).await?;
    let notice = match said.fait.as_str() {
        "1" if matches!(view.proposal.state, ProposalState::Declined { .. }) => Some(Notice {
            tone: "done",
            title: words::DECLINED_TITLE.to_owned(),
            paragraphs: vec![words::declined(&view.proposal.need.sender_name)],
        }),
        "deja" if !matches!(view.proposal.state, ProposalState::Received { .. }) => Some(Notice {
            tone: "wait",
            title: words::ALREADY_TITLE.to_owned(),
            paragraphs: vec![words::ALREADY.to_owned()],
        }),
        _ => None,
    };
    page(&signed, StatusCode::OK, &view, notice, &Typed::new(), &[])
}

fn page(
    signed: &Signed,
    status: StatusCode,
    view: &NeedView,
    notice: Option<Notice>,
    typed: &Typed,
    errors: &[FieldError],
) -> Result<Response, PageError> {
    let need = &view.proposal.need;
    let address = addresses::proposal(view.proposal.id);
    let answers = view.may_decide.then(|| Answers {
        open: asking(addresses::new_path(), &[("besoin", &view.proposal.id.to_string())]),
        ticket: signed.ticket(&address),
        reason: reason(typed, errors),
        action: address,
    });
    let problems = answers.as_ref().and_then(|answers| {
        let error = answers.reason.error.as_ref()?;
        let text = pages::forms::about(&answers.reason.label, error);
        let lines = vec![ProblemLine { text, anchor: Some(answers.reason.id.clone()) }];
        Some(Problems { title: words::NOT_DECLINED.to_owned(), lines })
    });
    let stage = view.proposal.state.stage();
    let (decided, reason) = match &view.proposal.state {
        ProposalState::Unconfirmed | ProposalState::Received { .. } => (None, None),
        ProposalState::Taken { at, by, .. } => (Some((at, by)), None),
        ProposalState::Declined { at, by, reason, .. } => (Some((at, by)), Some(reason.clone())),
    };
    let twin = |other: &Proposal| {
        let ago = other.state.confirmed_at().map_or_else(String::new, |at| dates::ago(paris_day(at), view.today));
        let sender = labels::sender(other.need.sender);
        let text = words::same_report(&other.need.job, &other.need.company, sender, ago);
        (text, addresses::proposal(other.id))
    };
    let path = |line: &PathLine| {
        let state = labels::state(line.state).to_lowercase().replace("pif", "PIF");
        let text = pages::new_path::recent(&line.reference, &line.job, dates::medium(line.opened_on), state);
        (text, addresses::path(&line.reference))
    };
    let page = NeedPage {
        frame: signed.frame(Section::Todo),
        problems,
        notice,
        title: words::reported(&need.job, &need.company),
        stage: words::stage(stage),
        since: view.proposal.state.confirmed_at().map(|at| Stamp::ago(at, view.today)),
        lot: view.lot.as_ref().map(|lot| (pages::lots::named(&lot.code, &lot.name), addresses::lot(&lot.code))),
        facts: need::facts(&view.proposal),
        decided: decided.map(|(at, by)| words::decided(stage, by, dates::medium(paris_day(*at)))),
        reason,
        path: view.path.as_ref().map(|reference| (reference.to_string(), addresses::path(reference))),
        twins: view.twins.iter().map(twin).collect(),
        paths: view.paths.iter().map(path).collect(),
        answers,
    };
    Ok((status, Html(page.render()?)).into_response())
}

fn reason(typed: &Typed, errors: &[FieldError]) -> FieldView {
    let field = ProposalCommand::fields(STEP).into_iter().find(|field| field.name == REASON);
    let field = field.expect("declining asks a reason");
    FieldView::asked(field_id(STEP, REASON), &field, fields::proposal(STEP, REASON), typed, problem_of(errors, REASON))
}

/// Declines it, with a reason; sent twice, or decided in between, the page says what became of it.
async fn decline(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let id = key(&id)?;
    let address = addresses::proposal(id);
    // What one may not decide does not exist, whatever ticket comes with it.
    let view = web.app.need(&signed.actor, id).await?;
    if signed.actor.side().is_none_or(|side| !app::decides_needs(side)) {
        return Err(PageError::NotFound);
    }
    signed.check(&address, value(&typed, "cle"))?;
    let mut form = Fields::new();
    if let Some(text) = value(&typed, REASON) {
        form.insert(REASON.to_owned(), text.replace("\r\n", "\n").into());
    }
    let (app, actor) = (web.app.clone(), signed.actor.clone());
    match web.writes.spawn(async move { app.decline_need(&actor, id, &form).await }).await? {
        Ok(true) => Ok(Redirect::to(&format!("{address}?fait=1")).into_response()),
        Ok(false) => Ok(Redirect::to(&format!("{address}?fait=deja")).into_response()),
        Err(AppError::Invalid(errors)) if view.may_decide => {
            page(&signed, StatusCode::UNPROCESSABLE_ENTITY, &view, None, &typed, &errors)
        }
        Err(AppError::Invalid(_)) => Ok(Redirect::to(&format!("{address}?fait=deja")).into_response()),
        Err(error) => Err(error.into()),
    }
}
