//! One path: where it stands, its steps as forms with their rehearsal, its documents.

use axum::Router;

use crate::Web;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
}
