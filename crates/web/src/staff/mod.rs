//! Pages of people with an account: the Region and the training bodies.
//!
//! Rules kept here: [`Signed`] is the only way to know who asks; without a session a page answers with the sign-in page and
//! comes back afterwards; what a reader may not see does not exist for them. Every page shows the same [`Frame`].

mod account;
mod administration;
mod company;
mod cookie;
mod frame;
mod legal;
mod lots;
mod messages;
mod orders;
mod path;
pub(crate) mod paths;
mod sign_in;
pub(crate) mod todo;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use domain::people::{Account, Actor};
use uuid::Uuid;

pub(crate) use self::frame::{Frame, Section};
use crate::{PageError, Web, ticket};

/// The pages of every section.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .merge(sign_in::router())
        .merge(todo::router())
        .merge(account::router())
        .merge(paths::router())
        .merge(path::router())
        .merge(company::router())
        .merge(orders::router())
        .merge(lots::router())
        .merge(messages::router())
        .merge(administration::router())
        .merge(legal::router())
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
            Self::SignIn { back } => Redirect::to(&crate::routes::sign_in(&back)).into_response(),
            Self::Failed(error) => error.into_response(),
        }
    }
}

impl FromRequestParts<Web> for Signed {
    type Rejection = Nobody;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Nobody> {
        let signed = match cookie::secret(&parts.headers, web) {
            Some(secret) => {
                let found = web.app.signed_in(&secret).await.map_err(|error| Nobody::Failed(error.into()))?;
                found.map(|found| (found, secret))
            }
            None => None,
        };
        let Some((signed, secret)) = signed else {
            // A form sent after the session ended comes back to its page, where its draft is.
            let back = parts.uri.path_and_query().map_or("/", |address| address.as_str());
            return Err(Nobody::SignIn { back: back.to_owned() });
        };
        Ok(Self { actor: signed.account.actor(), account: signed.account, session: signed.session.id, secret })
    }
}

impl Signed {
    /// A ticket for a form of this session; see [`ticket`].
    pub(crate) fn ticket(&self, purpose: &str) -> String {
        ticket::issue(&self.secret, purpose)
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
