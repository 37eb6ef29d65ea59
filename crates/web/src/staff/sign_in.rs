//! Signing in and out. In a demo, one click takes the place of anyone of the example.

mod personas;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::identifiers::EmailAddress;
use serde::Deserialize;

use self::personas::Group;
use super::frame::SIGN_OUT;
use super::{Signed, give, take_back};
use crate::{PageError, Web, routes};

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(routes::SIGN_IN, get(show))
        .route(routes::SIGN_IN_DEMO, post(post_demo))
        .route(routes::SIGN_OUT, post(post_out))
}

/// Where to go once signed in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Back {
    retour: String,
}

impl Back {
    /// An address of ours, whatever was sent.
    fn address(&self) -> &str {
        let own = self.retour.starts_with('/') && !self.retour.starts_with("//") && !self.retour.contains('\\');
        if own { &self.retour } else { routes::HOME }
    }
}

#[derive(Template)]
#[template(path = "staff/sign_in.html")]
struct SignInPage {
    /// The people of a demo, none elsewhere.
    groups: Vec<Group>,
    back: String,
}

/// The page that signs in.
async fn show(State(web): State<Web>, Query(back): Query<Back>) -> Result<Response, PageError> {
    let groups = if web.options.demo {
        personas::groups(web.app.accounts().await?, &web.app.markets().await?)
    } else {
        Vec::new()
    };
    Ok(Html(SignInPage { groups, back: back.address().to_owned() }.render()?).into_response())
}

/// What the demo's one click sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    compte: String,
    #[serde(flatten)]
    back: Back,
}

/// Takes the place of someone of the demo.
async fn post_demo(
    State(web): State<Web>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    if !web.options.demo {
        return Err(PageError::NotFound);
    }
    let email = EmailAddress::parse(&chosen.compte).map_err(|_| PageError::NotFound)?;
    let account = web.app.account_by_email(&email).await?;
    let browser = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (_, secret) = web.app.open_session(&account, browser, "").await?;
    Ok(([give(&web, &secret)], Redirect::to(chosen.back.address())).into_response())
}

/// The ticket of a form that asks nothing else.
#[derive(Debug, Deserialize)]
pub(crate) struct Ticket {
    cle: Option<String>,
}

/// Ends the session.
async fn post_out(State(web): State<Web>, signed: Signed, Form(ticket): Form<Ticket>) -> Result<Response, PageError> {
    signed.check(SIGN_OUT, ticket.cle.as_deref())?;
    web.app.end_session(&signed.account, signed.session).await?;
    Ok(([take_back(&web)], Redirect::to(routes::SIGN_IN)).into_response())
}
