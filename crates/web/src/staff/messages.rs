//! The log of messages: as sent, sent again, failures.

use axum::Router;

use crate::Web;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
}
