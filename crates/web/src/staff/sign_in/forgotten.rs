//! A password that is forgotten, or the first one: asking for a link, and the page behind it.

use app::PasswordChange;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;
use wording::pages;

use super::{Asking, field, problem};
use crate::forms::{FieldView, Problems};
use crate::request::{Form, Path};
use crate::{PageError, Web, routes, ticket};

/// What the ticket of the form behind a link is for.
const SET: &str = "new_password";

pub(super) fn router() -> Router<Web> {
    Router::new()
        .route(routes::FORGOTTEN, get(ask).post(post_ask))
        .route(routes::NEW_PASSWORD, get(choose).post(post_choose))
}

#[derive(Template)]
#[template(path = "staff/sign_in_forgotten.html")]
struct ForgottenPage {
    asked: bool,
    field: FieldView,
}

fn forgotten(asked: bool) -> Result<Response, PageError> {
    let help = pages::sign_in::FORGOTTEN_HELP;
    let page =
        ForgottenPage { asked, field: field("courriel", pages::sign_in::YOUR_ADDRESS, help, "email", "username") };
    Ok(Html(page.render()?).into_response())
}

/// The page that asks for a link.
async fn ask() -> Result<Response, PageError> {
    forgotten(false)
}

/// What the form that asks for a link sends.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    courriel: String,
}

/// Asks for a link; the answer is the same whoever has an account, and comes before the work.
async fn post_ask(
    State(web): State<Web>,
    Asking(visitor): Asking,
    Form(asked): Form<Asked>,
) -> Result<Response, PageError> {
    let app = web.app.clone();
    web.writes.spawn(async move {
        if let Err(error) = app.ask_password(&asked.courriel, &visitor).await {
            tracing::error!(%error, "a link to a new password could not be sent");
        }
    });
    forgotten(true)
}

#[derive(Template)]
#[template(path = "staff/sign_in_password.html")]
struct PasswordPage {
    title: &'static str,
    name: String,
    email: String,
    action: String,
    ticket: String,
    problems: Option<Problems>,
    fields: Vec<FieldView>,
}

#[derive(Template)]
#[template(path = "staff/sign_in_gone.html")]
struct GonePage;

fn gone() -> Result<Response, PageError> {
    Ok((StatusCode::GONE, Html(GonePage.render()?)).into_response())
}

/// The fields of a new password.
pub(in crate::staff) fn password_fields() -> Vec<FieldView> {
    let help = pages::sign_in::PASSWORD_HELP;
    vec![
        field("nouveau", pages::sign_in::NEW_PASSWORD, help, "password", "new-password"),
        field("encore", pages::sign_in::NEW_PASSWORD_AGAIN, "", "password", "new-password"),
    ]
}

/// What is wrong with a new password, if anything was refused.
pub(in crate::staff) const TITLE: &str = pages::sign_in::PASSWORD_NOT_SET;
pub(in crate::staff) const DIFFERENT: &str = pages::sign_in::PASSWORDS_DIFFER;

async fn page(
    web: &Web,
    token: &str,
    status: StatusCode,
    wrong: Option<(&str, String)>,
) -> Result<Response, PageError> {
    let Some(access) = web.app.open_password_link(token).await? else { return gone() };
    let mut fields = password_fields();
    let problems = wrong.map(|(name, text)| problem(TITLE, &mut fields, name, &text));
    let page = PasswordPage {
        title: if access.invitation { pages::sign_in::CHOOSE_PASSWORD } else { pages::sign_in::CHOOSE_NEW_PASSWORD },
        name: access.account.name,
        email: access.account.email.to_string(),
        action: wording::addresses::new_password(token),
        ticket: ticket::issue(token, SET),
        problems,
        fields,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// The page behind a link; opening it changes nothing.
async fn choose(State(web): State<Web>, Path(token): Path<String>) -> Result<Response, PageError> {
    page(&web, &token, StatusCode::OK, None).await
}

/// What the form behind a link sends.
#[derive(Deserialize)]
struct Choice {
    cle: Option<String>,
    #[serde(default)]
    nouveau: String,
    #[serde(default)]
    encore: String,
}

/// Sets the password, once.
async fn post_choose(
    State(web): State<Web>,
    Path(token): Path<String>,
    Asking(visitor): Asking,
    Form(choice): Form<Choice>,
) -> Result<Response, PageError> {
    if !choice.cle.as_deref().is_some_and(|sent| ticket::holds(&token, SET, sent)) {
        return Err(PageError::Ticket);
    }
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    if choice.nouveau != choice.encore {
        return page(&web, &token, unprocessable, Some(("encore", DIFFERENT.to_owned()))).await;
    }
    let (app, link) = (web.app.clone(), token.clone());
    let setting = async move { app.set_password_by_link(&link, &choice.nouveau, &visitor).await };
    match web.writes.spawn(setting).await?? {
        PasswordChange::Done => Ok(Redirect::to(&format!("{}?fait=mot_de_passe", routes::SIGN_IN)).into_response()),
        PasswordChange::Refused(why) => {
            page(&web, &token, unprocessable, Some(("nouveau", wording::security::password(why)))).await
        }
        PasswordChange::LinkGone | PasswordChange::WrongCurrent | PasswordChange::Wait { .. } => gone(),
    }
}
