//! Messages: the log with its filters, one message exactly as it was sent, sending it again; the texts that the Region words.
//!
//! The content of a message is shown in a frame of its own, whose policy allows its styles and nothing else.

mod log;
mod one;
mod text;
mod texts;

use app::MessageState;
use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use wording::addresses::pattern;
use wording::pages;

use super::orders::pieces::Tag;
use crate::security::POLICY;
use crate::{PageError, Web, routes};

/// The content of a message, for its frame.
const CONTENT: &str = "/messages/{message}/contenu";

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(pattern::MESSAGES, get(log::show))
        .route(pattern::MESSAGE, get(one::show).post(one::post))
        .route(CONTENT, get(one::content))
        .route(routes::MESSAGE_ASIDE, post(one::post_aside))
        .route(routes::TEXTS, get(texts::show))
        .route(routes::TEXT, get(text::show).post(text::post))
        .route(routes::TEXT_CONTENT, get(text::content))
        .route(routes::TEXT_BACK, post(text::post_back))
}

/// What the frame of a message may do: show its styles and its own pictures. It is of our site so that the page measures it;
/// nothing runs in it.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-same-origin; form-action 'none'; \
                              base-uri 'none'; frame-ancestors 'self'";

/// A page that shows messages in frames.
fn framing(status: StatusCode, page: String) -> Result<Response, PageError> {
    let policy = format!("{POLICY}; frame-src 'self'");
    let policy = HeaderValue::from_str(&policy).map_err(|_| PageError::NotFound)?;
    Ok((status, [(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response())
}

/// The content of a message, for its frame: no script, no form, nothing fetched.
fn framed(html: String) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ];
    (headers, Html(html)).into_response()
}

/// A state of a message, as a word.
pub(super) fn state_tag(state: MessageState) -> Tag {
    let (text, tone) = match state {
        MessageState::Queued => (pages::messages::WAITING, "wait"),
        MessageState::Sending => (pages::messages::LEAVING, "wait"),
        MessageState::Sent => (pages::messages::LEFT, "done"),
        MessageState::Refused => (pages::messages::REFUSED, "late"),
        MessageState::Failed => (pages::messages::NEVER_LEFT, "late"),
        MessageState::Held => (pages::messages::HELD, ""),
    };
    Tag { text: text.to_owned(), tone }
}
