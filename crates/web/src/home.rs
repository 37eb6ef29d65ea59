//! The first page: what Jalon is, and where the links of its messages come from. It reads no store.

use askama::Template;
use axum::response::Html;

use crate::PageError;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage;

/// Shows the page.
pub(crate) async fn get() -> Result<Html<String>, PageError> {
    Ok(Html(HomePage.render()?))
}
