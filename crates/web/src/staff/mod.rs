//! Pages of people with an account: the Region and the training bodies.
//!
//! Rules kept here: [`Signed`] is the only way to know who asks; without a session a page answers with the sign-in page and
//! comes back afterwards; what a reader may not see does not exist for them. Every page shows the same [`Frame`].

mod account;
mod administration;
mod company;
mod cookie;
mod delegations;
pub(crate) mod drafts;
mod frame;
mod legal;
mod lots;
mod messages;
mod needs;
mod orders;
mod path;
pub(crate) mod paths;
mod sign_in;
mod steering;
pub(crate) mod todo;

use app::AppError;
use axum::Router;
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use domain::people::{Account, Actor};
use uuid::Uuid;
use wording::addresses;

pub(crate) use self::cookie::secret as session_secret;
pub(crate) use self::frame::{Frame, Section};
pub(crate) use self::sign_in::{Asking, after};
pub(crate) use self::steering::TableView;
use crate::{PageError, Web, routes, ticket};

/// The pages of every section.
pub(crate) fn router(web: &Web) -> Router<Web> {
    Router::new()
        .merge(todo::router())
        .merge(account::router())
        .merge(paths::router())
        .merge(path::router())
        .merge(company::router())
        .merge(orders::router())
        .merge(lots::router())
        .merge(steering::router())
        .merge(messages::router())
        .merge(needs::router())
        .merge(administration::router())
        .merge(legal::router())
        .merge(drafts::router())
        .layer(from_fn_with_state(web.clone(), drafts::keep_of_lapsed))
        .merge(sign_in::router())
}

/// Someone signed in.
#[derive(Debug, Clone)]
pub(crate) struct Signed {
    pub account: Account,
    pub actor: Actor,
    pub session: Uuid,
    secret: String,
}

/// Why there is nobody.
#[derive(Debug)]
pub(crate) enum Nobody {
    /// Sign in first; then the page comes back.
    SignIn {
        back: String,
    },
    Failed(PageError),
}

impl IntoResponse for Nobody {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn { back } => Redirect::to(&routes::sign_in(&back)).into_response(),
            Self::Failed(error) => error.into_response(),
        }
    }
}

/// The page on which the form of an address stands: mostly its own address.
fn page_of(parts: &Parts) -> String {
    let address = parts.uri.path_and_query().map_or(routes::HOME, |address| address.as_str());
    if matches!(parts.method, Method::GET | Method::HEAD) {
        return address.to_owned();
    }
    match parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str) {
        routes::BULK_PREVIEW | routes::BULK_DO => match parts.uri.query() {
            Some(selection) => format!("{}?{selection}", routes::BULK),
            None => routes::PATHS.to_owned(),
        },
        routes::VIEWS | routes::VIEW_DEFAULT | routes::VIEW_DELETE => routes::PATHS.to_owned(),
        routes::TASK_DONE | routes::SIGN_OUT | routes::DRAFTS => routes::HOME.to_owned(),
        routes::OWN_SESSION_END | routes::OWN_SESSIONS_END | routes::OWN_PASSWORD | routes::OWN_MESSAGES => {
            routes::OWN_ACCOUNT.to_owned()
        }
        routes::OWN_DELEGATIONS | routes::OWN_DELEGATION_END => routes::OWN_ACCOUNT.to_owned(),
        routes::ACCOUNT_DELEGATION_END => {
            parts.uri.path().split_once("/delegations/").map_or(routes::HOME, |(account, _)| account).to_owned()
        }
        routes::MESSAGE_ASIDE
        | routes::TEXT_BACK
        | routes::ACCOUNT_ACTIVE
        | routes::ACCOUNT_INVITATION
        | routes::ACCOUNT_DELEGATIONS
        | addresses::pattern::COMMITTEE_WINDOWS => {
            parts.uri.path().rsplit_once('/').map_or(routes::HOME, |(account, _)| account).to_owned()
        }
        addresses::pattern::COMMITTEE_IMPORTS => addresses::committee().to_owned(),
        addresses::pattern::COMMITTEE_WINDOW_CLOSE => addresses::committee_seals().to_owned(),
        _ => address.to_owned(),
    }
}

impl FromRequestParts<Web> for Signed {
    type Rejection = Nobody;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Nobody> {
        let signed = match cookie::secret(&parts.headers, web) {
            Some(secret) => Self::of(web, secret).await.map_err(|error| Nobody::Failed(error.into()))?,
            None => None,
        };
        signed.ok_or_else(|| Nobody::SignIn { back: page_of(parts) })
    }
}

impl Signed {
    /// Who is behind the secret of a session, while it lives.
    ///
    /// # Errors
    /// The store does not answer.
    pub(crate) async fn of(web: &Web, secret: String) -> Result<Option<Self>, AppError> {
        let found = web.app.signed_in(&secret).await?;
        Ok(found.map(|found| Self {
            actor: found.account.actor(),
            account: found.account,
            session: found.session.id,
            secret,
        }))
    }

    /// A ticket for a form of this session, whose purpose is its address where it keeps drafts; see [`ticket`].
    pub(crate) fn ticket(&self, purpose: &str) -> String {
        ticket::issue(&self.secret, purpose)
    }

    /// [`Signed::ticket`] for what may be done any number of times: the same on every page of the session.
    pub(crate) fn steady_ticket(&self, purpose: &str) -> String {
        ticket::steady(&self.secret, purpose)
    }

    /// Whether a ticket was made for this session and this purpose.
    ///
    /// # Errors
    /// [`PageError::Ticket`].
    pub(crate) fn check(&self, purpose: &str, sent: Option<&str>) -> Result<(), PageError> {
        let holds = sent.is_some_and(|sent| ticket::holds(&self.secret, purpose, sent));
        if holds { Ok(()) } else { Err(PageError::Ticket) }
    }

    /// The frame of a page of a section, for this reader.
    pub(crate) fn frame(&self, current: Section) -> Frame {
        Frame::new(self, current)
    }
}
