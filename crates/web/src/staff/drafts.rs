//! Drafts of the forms of staff: what is typed is kept as it is typed, and what a session that time ended still sends.
//!
//! A form that keeps drafts is named by the address of its page, which is also what its ticket is for: who holds the ticket was
//! shown the form by us, in this session. The script of the pages sends here what is being typed; a form sent without it keeps its
//! draft by itself. A session that time ended opens nothing, but it still says whose words these are: they are kept for that
//! account, sealed like every draft, and found on the form after signing in; a document that is not taken is said to be missing. One that somebody ended says nothing any more.

use app::AppError;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::Instant;
use wording::dates;

use super::{Signed, cookie, path};
use crate::forms::{Typed, value};
use crate::request::Form as Sent;
use crate::{PageError, Web, routes, ticket};

/// The ticket of a form.
const TICKET: &str = "cle";
/// The address of the form whose draft it is.
const FORM: &str = "formulaire";
/// Set by the button that erases a draft.
pub(super) const ERASE: &str = "effacer";
/// What a page sends beside the fields of its form.
const OF_PAGE: [&str; 14] = [
    TICKET,
    FORM,
    "vue",
    "version",
    "repetition",
    "promesse",
    "faire",
    "voir",
    ERASE,
    // Of a selection: its paths, its step, what was read of them, its own draft, the list it comes from.
    "p",
    "etape",
    "lu",
    "brouillon",
    "retour",
];
/// When a draft was kept, as the page says it.
const SAVED_AT: &str = "jalon-saved-at";

/// Its address.
pub(super) fn router() -> Router<Web> {
    Router::new().route(routes::DRAFTS, post(keep))
}

/// What is of the form itself.
fn own(typed: &Typed) -> Typed {
    typed.iter().filter(|(name, _)| !OF_PAGE.contains(&name.as_str())).cloned().collect()
}

/// The name of the draft of a form: its address. The form that makes a step on several paths goes by that of the form which
/// shows what will happen.
fn named(address: &str) -> String {
    match address.strip_prefix(routes::BULK_DO) {
        Some(selection) => format!("{}{selection}", routes::BULK_PREVIEW),
        None => address.to_owned(),
    }
}

/// Keeps what a form sends, until it has done its work; of a form without fields there is nothing to keep.
pub(super) async fn sent(web: &Web, signed: &Signed, form: &str, typed: &Typed) -> Result<(), PageError> {
    let own = own(typed);
    if !own.is_empty() {
        web.app.save_draft(&signed.account, form, &own, Vec::new()).await?;
    }
    Ok(())
}

/// `10 h 42`, in the characters that a header may hold.
fn saved(at: Instant) -> Response {
    let time = dates::time(domain::calendar::paris_time(at).time()).replace('\u{a0}', " ");
    (StatusCode::NO_CONTENT, [(SAVED_AT, time)]).into_response()
}

/// Keeps what is being typed, in a task that outlives its client.
async fn keep(State(web): State<Web>, signed: Signed, Sent(typed): Sent<Typed>) -> Result<Response, PageError> {
    let form = named(value(&typed, FORM).unwrap_or_default());
    signed.check(&form, value(&typed, TICKET))?;
    let app = web.app.clone();
    let writing = async move { app.save_draft(&signed.account, &form, &own(&typed), Vec::new()).await };
    Ok(saved(web.writes.spawn(writing).await??))
}

/// Keeps what a session that time ended sends, for whose it was; then they sign in, and find it on its form.
pub(super) async fn keep_of_lapsed(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Result<Response, PageError> {
    let secret = cookie::secret(request.headers(), &web).filter(|_| request.method() == Method::POST);
    let Some(secret) = secret else { return Ok(next.run(request).await) };
    let Some(account) = web.app.lapsed(&secret).await? else { return Ok(next.run(request).await) };
    let address = request.uri().path_and_query().map_or(routes::HOME, |address| address.as_str()).to_owned();
    let (parts, body) = request.into_parts();
    let page = super::page_of(&parts);
    let mut request = Request::from_parts(parts, body);
    path::lift_limit(&mut request);
    let autosaved = address == routes::DRAFTS;
    let form = |typed: &Typed| named(if autosaved { value(typed, FORM).unwrap_or_default() } else { &address });
    let ours = |typed: &Typed| value(typed, TICKET).is_some_and(|sent| ticket::holds(&secret, &form(typed), sent));
    let sent = path::upload::read(&web, request, ours).await?;
    let (form, ours) = (form(&sent.typed), ours(&sent.typed));
    let typed = own(&sent.typed);
    let mut lost = sent.dropped || !sent.refused.is_empty();
    if !ours || typed.is_empty() && sent.received.is_empty() {
        return Ok(Redirect::to(&routes::sign_in(&page)).into_response());
    }
    let app = web.app.clone();
    let writing = async move { app.save_draft(&account, &form, &typed, sent.received).await };
    let at = match web.writes.spawn(writing).await? {
        // What was typed is kept; the form they come back to has no document.
        Err(AppError::TooManyUploads { .. }) => {
            lost = true;
            web.app.now().await?
        }
        saved => saved?,
    };
    Ok(if autosaved { saved(at) } else { Redirect::to(&routes::sign_in_kept(&page, lost)).into_response() })
}
