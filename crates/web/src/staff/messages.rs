//! The log of messages: as sent, sent again, failures.

use app::MessageState;
use axum::Router;

use super::orders::pieces::Tag;
use crate::Web;

/// A state of a message, as a word.
pub(super) fn state_tag(state: MessageState) -> Tag {
    let (text, tone) = match state {
        MessageState::Queued => ("En attente", "wait"),
        MessageState::Sending => ("Envoi en cours", "wait"),
        MessageState::Sent => ("Parti", "done"),
        MessageState::Refused => ("Refusé", "late"),
        MessageState::Failed => ("Échec", "late"),
        MessageState::Held => ("Retenu", ""),
    };
    Tag { text: text.to_owned(), tone }
}

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
}
