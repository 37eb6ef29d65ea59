//! Legal notice, accessibility statement, personal data, contact: texts of the configuration, for everyone.

use axum::Router;

use crate::Web;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
}
