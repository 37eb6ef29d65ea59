//! What the people of a path missed, while their address was wrong or their server away: sent again together (L21).

use app::{AppError, Missed};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::identifiers::PathReference;
use domain::people::Side;
use wording::addresses;
use wording::pages::{counts, messages as words};

use super::Scene;
use crate::forms::{Notice, Typed, value};
use crate::request::{Form as Sent, Path};
use crate::staff::Signed;
use crate::{PageError, Web};

const PURPOSE: &str = "missed_messages";

/// What a page of a path offers to send again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MissedView {
    /// One person a line.
    pub lines: Vec<String>,
    pub address: String,
    pub cle: String,
    pub button: &'static str,
}

/// What the reader may send again on this path.
pub(super) fn view(scene: &Scene) -> Option<MissedView> {
    if !matches!(scene.signed.actor.side(), Some(Side::Body | Side::Region)) {
        return None;
    }
    let missed = app::missed(&scene.view);
    let all: usize = missed.iter().map(|missed| missed.messages.len()).sum();
    (all > 0).then(|| MissedView {
        lines: missed.iter().map(line).collect(),
        address: addresses::path_messages(&scene.view.path.reference),
        cle: scene.signed.steady_ticket(PURPOSE),
        button: if all == 1 { words::SEND_ONE_AGAIN_BUTTON } else { words::SEND_SEVERAL_AGAIN_BUTTON },
    })
}

fn line(missed: &Missed) -> String {
    let count = i64::try_from(missed.messages.len()).unwrap_or(i64::MAX);
    words::missed_by(counts::messages_missed(count), &missed.name, &missed.email)
}

/// What the page of the path says once it is done.
pub(super) fn notice(queued: u32) -> Notice {
    let (title, text) = match queued {
        0 => (words::NOTHING_LEAVES_AGAIN_TITLE, words::NOTHING_LEAVES_AGAIN.to_owned()),
        1 => (words::LEAVES_AGAIN_TITLE, words::ONE_LEAVES_AGAIN.to_owned()),
        _ => (words::SEVERAL_LEAVE_AGAIN_TITLE, words::several_leave_again(counts::messages(queued))),
    };
    Notice { tone: "done", title: title.to_owned(), paragraphs: vec![text] }
}

/// The messages of a path stand on its page.
pub(crate) async fn get(
    State(web): State<Web>,
    signed: Signed,
    Path(reference): Path<String>,
) -> Result<Response, PageError> {
    let reference = PathReference::parse(&reference).map_err(|_| PageError::NotFound)?;
    web.app.path(&signed.actor, &reference).await?;
    Ok(Redirect::to(&format!("{}#messages", addresses::path(&reference))).into_response())
}

/// Sends again what was missed, in a task that outlives its client.
pub(crate) async fn post(
    State(web): State<Web>,
    signed: Signed,
    Path(reference): Path<String>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let reference = PathReference::parse(&reference).map_err(|_| PageError::NotFound)?;
    // Who does not see it is told nothing of tickets.
    web.app.path(&signed.actor, &reference).await?;
    signed.check(PURPOSE, value(&typed, "cle"))?;
    let (app, address) = (web.app.clone(), addresses::path(&reference));
    let writing = async move { app.resend_missed(&signed.actor, &reference, words::NOT_RECEIVED).await };
    let queued: Result<usize, AppError> = web.writes.spawn(writing).await?;
    Ok(Redirect::to(&format!("{address}?renvoyes={}", queued?)).into_response())
}
