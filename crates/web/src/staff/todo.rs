//! What is waited from me: the first page of someone signed in.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use super::{Frame, Section, Signed};
use crate::PageError;

#[derive(Template)]
#[template(path = "staff/todo.html")]
struct TodoPage {
    frame: Frame,
}

/// Shows the page.
pub(crate) fn page(signed: &Signed) -> Result<Response, PageError> {
    Ok(Html(TodoPage { frame: signed.frame(Section::Todo) }.render()?).into_response())
}
