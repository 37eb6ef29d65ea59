//! Purchase orders: list, one order, its steps as forms, what is to verify.

use axum::Router;

use crate::Web;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
}
