//! The first page: what is waited from whoever is signed in; for anyone else, what Jalon is and where its links come from.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};

use crate::request::Query;
use crate::staff::{Nobody, Signed, todo};
use crate::{PageError, Web};

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    /// The store is an example: the way in is one click away.
    demo: bool,
}

/// Shows the page.
pub(crate) async fn get(
    State(web): State<Web>,
    signed: Result<Signed, Nobody>,
    Query(said): Query<todo::Said>,
) -> Result<Response, PageError> {
    match signed {
        Ok(signed) => todo::page(&web, &signed, &said).await,
        Err(Nobody::SignIn { .. }) => Ok(Html(HomePage { demo: web.options.demo }.render()?).into_response()),
        Err(Nobody::Failed(error)) => Err(error),
    }
}
