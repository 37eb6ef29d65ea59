//! One's own account: sessions that live, password.

use axum::Router;

use crate::Web;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
}
