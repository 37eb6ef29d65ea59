//! Accounts, portfolios, delegations, the market in force, the security log: for the administrator.

use axum::Router;

use crate::Web;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
}
