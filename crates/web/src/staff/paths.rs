//! The paths: table and board, filters of the address, search, saved views, exports.

use axum::Router;

use crate::Web;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
}
