//! Messages: the log with its filters, one message exactly as it was sent, sending it again.
//!
//! The content of a message is shown in a frame of its own, whose policy allows its styles and nothing else.

mod log;
mod one;

use app::MessageState;
use axum::Router;
use axum::routing::get;
use wording::addresses::pattern;
use wording::pages;

use super::orders::pieces::Tag;
use crate::Web;

/// The content of a message, for its frame.
const CONTENT: &str = "/messages/{message}/contenu";

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(pattern::MESSAGES, get(log::show))
        .route(pattern::MESSAGE, get(one::show).post(one::post))
        .route(CONTENT, get(one::content))
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
