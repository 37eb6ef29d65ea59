//! The page behind a personal link: where the path stands, what is asked, and the forms that answer.
//!
//! [`page`] builds the page of the path and [`steps`] the page of one step; [`answer`] is the only way in for what writes.
//! A link that opens nothing any more ([`closed`]) shows nothing of the path: whom to call, and a fresh link if it expired.

mod answer;
mod cards;
mod closed;
mod history;
mod page;
mod rail;
mod steps;

use app::{Access, AppError};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::calendar::paris_day;
use domain::path::Step;
use serde::Deserialize;

use self::cards::Filled;
pub(crate) use self::page::Contact;
use self::page::Scene;
pub(crate) use self::rail::{Phase, phases};
use crate::documents::{calendar, download, made};
use crate::forms::Notice;
use crate::forms::Typed;
use crate::request::{Form, Path, Query};
use crate::staff::Asking;
use crate::{PageError, Web, routes};

/// What an address of the portal may say after its `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Said {
    /// Rank of the event just recorded.
    fait: Option<u32>,
    /// Rank of the event that had been recorded before.
    deja: Option<u32>,
    /// The request that a page of refusal is about.
    demande: Option<String>,
    /// The function that a page about a colleague is about.
    fonction: Option<String>,
    /// A fresh link was asked for.
    envoye: Option<String>,
    /// Reminders were turned off or on.
    rappels: Option<String>,
}

/// Opens a link.
async fn open(web: &Web, token: &str) -> Result<(Access, domain::Day), PageError> {
    let access = web.app.open_link(token).await?;
    let today = paris_day(web.app.now().await?);
    Ok((access, today))
}

/// The page of the path.
pub(crate) async fn get(
    State(web): State<Web>,
    Path(token): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, PageError> {
    let (access, today) = open(&web, &token).await?;
    if let Some(problem) = access.problem {
        let outcome =
            if said.fait.is_some() { closed::Outcome::Recorded } else { closed::Outcome::of_renewal(&said.envoye) };
        return closed::page(&token, &access, problem, outcome);
    }
    let scene = Scene { token: &token, access: &access, today };
    let notice = notice(&scene, &said);
    scene.page(StatusCode::OK, notice, None, None)
}

/// What an address says happened, when the journal says so too.
fn notice(scene: &Scene<'_>, said: &Said) -> Option<Notice> {
    let (rank, again) = match (said.fait, said.deja) {
        (Some(rank), _) => (rank, false),
        (None, Some(rank)) => (rank, true),
        (None, None) => return None,
    };
    let access = scene.access;
    let recorded = history::own(&access.events, &access.actor, access.role).find(|recorded| recorded.seq == rank)?;
    page::recorded_notice(scene, recorded, again)
}

/// The page of a step.
pub(crate) async fn get_step(
    State(web): State<Web>,
    Path((token, step)): Path<(String, String)>,
    Query(said): Query<Said>,
) -> Result<Response, PageError> {
    let (access, today) = open(&web, &token).await?;
    if let Some(problem) = access.problem {
        return closed::page(&token, &access, problem, closed::Outcome::None);
    }
    let step: Step = step.parse().map_err(|_| PageError::NotFound)?;
    let scene = Scene { token: &token, access: &access, today };
    if !steps::offer(step, access.role) || !steps::is_open(&scene, step) {
        // An answer has its form on the page of the path; anything else does not exist here.
        return if steps::known(&access, step) {
            Ok(Redirect::to(&routes::portal(&token)).into_response())
        } else {
            Err(PageError::NotFound)
        };
    }
    let mut filled = Filled::default();
    if let Some(request) = said.demande {
        filled.typed.push(("request".to_owned(), request));
    }
    filled.typed.extend(said.fonction.map(|function| ("function".to_owned(), function)));
    steps::page(&scene, step, StatusCode::OK, None, &filled)
}

/// Records an answer, in a task that outlives its client.
pub(crate) async fn post_step(
    State(web): State<Web>,
    Asking(visitor): Asking,
    Path((token, step)): Path<(String, String)>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let step: Step = step.parse().map_err(|_| PageError::NotFound)?;
    let writing = answer::record(web.app.clone(), token, step, typed, visitor);
    web.writes.spawn(writing).await?
}

/// Asks for a fresh link, which goes to the address on file and to no other.
pub(crate) async fn post_renewal(State(web): State<Web>, Path(token): Path<String>) -> Result<Response, PageError> {
    let (app, back) = (web.app.clone(), routes::portal(&token));
    let sent = web.writes.spawn(async move { app.renew_link(&token).await }).await??;
    let said = if sent { "oui" } else { "recemment" };
    Ok(Redirect::to(&format!("{back}?envoye={said}")).into_response())
}

/// A document.
pub(crate) async fn get_document(
    State(web): State<Web>,
    Path((token, id)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    download(web.app.link_document(&token, id).await?)
}

/// The days that the page shows, for a calendar.
pub(crate) async fn get_agenda(State(web): State<Web>, Path(token): Path<String>) -> Result<Response, PageError> {
    calendar(web.app.link_agenda(&token).await?)
}

/// A letter to print.
pub(crate) async fn get_piece(
    State(web): State<Web>,
    Path((token, piece)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let piece = piece.parse().map_err(|_| PageError::NotFound)?;
    made(web.app.link_piece(&token, piece).await?)
}

/// The certificate of an answer.
pub(crate) async fn get_proof(
    State(web): State<Web>,
    Path((token, rank)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let rank = rank.parse().map_err(|_| PageError::NotFound)?;
    made(web.app.link_proof(&token, rank).await?)
}

/// Where a person turns reminders off, or on again.
pub(crate) async fn get_reminders(
    State(web): State<Web>,
    Path(token): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, PageError> {
    let (access, today) = open(&web, &token).await?;
    if let Some(problem) = access.problem {
        return closed::page(&token, &access, problem, closed::Outcome::None);
    }
    closed::reminders(&Scene { token: &token, access: &access, today }, said.rappels.is_some())
}

/// Turns reminders off or on; decisions are always sent.
pub(crate) async fn post_reminders(
    State(web): State<Web>,
    Path(token): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let off = crate::forms::value(&typed, "rappels") != Some("oui");
    let (app, back) = (web.app.clone(), routes::portal_reminders(&token));
    let done: Result<(), AppError> = web.writes.spawn(async move { app.turn_reminders(&token, off).await }).await?;
    done?;
    Ok(Redirect::to(&format!("{back}?rappels=note")).into_response())
}
