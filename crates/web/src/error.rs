//! What went wrong, as a visitor sees it: the one place that decides the status, the page and the level of the log.

use std::any::Any;
use std::time::Duration;

use app::AppError;
use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tokio::time::timeout;
use wording::pages;
use wording::pages::errors::Words;

use crate::portal::Contact;
use crate::staff::{Frame, Section, Signed, session_secret};
use crate::{Web, routes};

/// Seconds after which a browser may ask again.
const RETRY_AFTER: &str = "5";
/// Pages behind a link: whoever reads them came by it.
const BY_LINK: &str = "/acces/";
/// How long a refusal waits to know who reads it.
const KNOWN_WITHIN: Duration = Duration::from_secs(1);

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// What is not yours does not exist: a forged token and an unknown address answer the same bytes.
    #[error("no such page")]
    NotFound,
    /// A link that opens no window for a partner.
    #[error("no such window")]
    NoWindow,
    #[error("this address does not take this method")]
    Method,
    #[error("a request to write came from another site")]
    CrossSite,
    /// The form does not carry the ticket of our own page.
    #[error("the form has no valid ticket")]
    Ticket,
    #[error("the form is too large")]
    TooLarge,
    #[error("the form cannot be read")]
    Unreadable,
    #[error("the request took too long")]
    TimedOut,
    /// The store does not answer.
    #[error("the store does not answer")]
    Unavailable(#[source] AppError),
    /// The commit was sent and its answer lost: the same form, sent again, finds out.
    #[error("the outcome is unknown")]
    OutcomeUnknown(#[source] AppError),
    #[error("too many lists were exported within the hour")]
    TooOften,
    #[error("no market was known at that moment")]
    NoMarket,
    #[error("a use case failed")]
    Use(#[source] AppError),
    #[error("a template failed")]
    Template(#[from] askama::Error),
    #[error("a task ended before its time")]
    Interrupted(#[from] tokio::task::JoinError),
    #[error("a handler panicked")]
    Panicked,
}

impl From<AppError> for PageError {
    fn from(error: AppError) -> Self {
        match &error {
            // What an actor may not do does not exist for them.
            AppError::NotFound | AppError::Forbidden => Self::NotFound,
            AppError::Store(store) if store.is_retryable() => Self::Unavailable(error),
            AppError::Contended => Self::Unavailable(error),
            AppError::TooManyExports { .. } => Self::TooOften,
            AppError::NoMarket => Self::NoMarket,
            AppError::Store(_) if error.code() == "outcome_unknown" => Self::OutcomeUnknown(error),
            AppError::Store(_)
            | AppError::Refused(_)
            | AppError::OrderRefused(_)
            | AppError::AccountRefused(_)
            | AppError::DelegationRefused(_)
            | AppError::AccountConflict(_)
            | AppError::Invalid(_)
            | AppError::Conflict(_)
            | AppError::DocumentTooLarge { .. }
            | AppError::TooManyDocuments { .. }
            | AppError::TooManyUploads { .. }
            | AppError::NeedDecided
            | AppError::Typesetting(_)
            | AppError::KeyReused => Self::Use(error),
        }
    }
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    title: &'static str,
    paragraphs: &'static [&'static str],
    contact: Option<Contact>,
    link: Option<(&'static str, &'static str)>,
}

impl PageError {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NoWindow | Self::NoMarket => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::CrossSite | Self::Ticket => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Self::Unreadable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TimedOut | Self::Unavailable(_) | Self::OutcomeUnknown(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Use(_) | Self::Template(_) | Self::Interrupted(_) | Self::Panicked => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// [`PageError::words`] for people with an account.
    fn words_of_staff(&self) -> Words {
        match self {
            Self::NotFound | Self::NoWindow => pages::errors::staff::NOT_FOUND,
            Self::Method => pages::errors::staff::METHOD,
            Self::CrossSite => pages::errors::staff::CROSS_SITE,
            Self::Ticket => pages::errors::staff::TICKET,
            Self::TooLarge => pages::errors::staff::TOO_LARGE,
            Self::Unreadable => self.words(),
            Self::TooOften => pages::errors::staff::TOO_OFTEN,
            Self::NoMarket => pages::errors::staff::NO_MARKET,
            Self::TimedOut => pages::errors::staff::TIMED_OUT,
            Self::Unavailable(_) => pages::errors::staff::UNAVAILABLE,
            Self::OutcomeUnknown(_) => pages::errors::staff::OUTCOME_UNKNOWN,
            Self::Use(_) | Self::Template(_) | Self::Interrupted(_) | Self::Panicked => pages::errors::staff::FAILED,
        }
    }

    /// Title, and what happened, why, what to do, for who came by a link or has no account.
    fn words(&self) -> Words {
        match self {
            Self::NotFound => pages::errors::by_link::NOT_FOUND,
            Self::NoWindow => pages::errors::NO_WINDOW,
            Self::Method => pages::errors::by_link::METHOD,
            Self::CrossSite => pages::errors::by_link::CROSS_SITE,
            Self::Ticket => pages::errors::by_link::TICKET,
            Self::TooLarge => pages::errors::by_link::TOO_LARGE,
            Self::Unreadable => pages::errors::by_link::UNREADABLE,
            Self::TooOften | Self::NoMarket => self.words_of_staff(),
            Self::TimedOut => pages::errors::by_link::TIMED_OUT,
            Self::Unavailable(_) => pages::errors::by_link::UNAVAILABLE,
            Self::OutcomeUnknown(_) => pages::errors::by_link::OUTCOME_UNKNOWN,
            Self::Use(_) | Self::Template(_) | Self::Interrupted(_) | Self::Panicked => pages::errors::by_link::FAILED,
        }
    }

    fn log(&self) {
        let mut chain = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            chain = format!("{chain}: {error}");
            cause = error.source();
        }
        match self {
            Self::NotFound | Self::NoWindow | Self::Method | Self::NoMarket => {}
            Self::CrossSite | Self::Ticket | Self::TooLarge | Self::TooOften | Self::Unreadable => {
                tracing::info!(error = chain, "request refused");
            }
            Self::TimedOut | Self::Unavailable(_) | Self::OutcomeUnknown(_) => {
                tracing::warn!(error = chain, "request not served");
            }
            Self::Use(_) | Self::Template(_) | Self::Interrupted(_) | Self::Panicked => {
                tracing::error!(error = chain, "request failed");
            }
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        self.log();
        let status = self.status();
        let (title, paragraphs) = self.words();
        let link = matches!(self, Self::NotFound).then_some((pages::errors::DISCOVER, routes::HOME));
        let page = MessagePage { title, paragraphs, contact: None, link }.render().unwrap_or_else(|_| title.to_owned());
        let mut response = (status, Html(page)).into_response();
        let (title, paragraphs) = self.words_of_staff();
        response.extensions_mut().insert(OfStaff { title, paragraphs });
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER));
        }
        response
    }
}

/// What a refusal says to people with an account, kept beside the page until it is known who reads.
#[derive(Debug, Clone, Copy)]
struct OfStaff {
    title: &'static str,
    paragraphs: &'static [&'static str],
}

#[derive(Template)]
#[template(path = "staff/message.html")]
struct StaffPage {
    frame: Frame,
    title: &'static str,
    paragraphs: &'static [&'static str],
}

/// Explains a refusal to people with an account in their own words and, as far as the store knows them, in their frame.
pub(crate) async fn to_staff(State(web): State<Web>, request: Request, next: Next) -> Response {
    let by_link = request.uri().path().starts_with(BY_LINK);
    let secret = if by_link { None } else { session_secret(request.headers(), &web) };
    let response = next.run(request).await;
    let (Some(secret), Some(OfStaff { title, paragraphs })) = (secret, response.extensions().get().copied()) else {
        return response;
    };
    // Behind a refusal the store may be slow: then the page goes without its frame.
    let signed = timeout(KNOWN_WITHIN, Signed::of(&web, secret)).await;
    let page = match signed {
        Ok(Ok(Some(signed))) => StaffPage { frame: signed.frame(Section::None), title, paragraphs }.render(),
        Ok(_) | Err(_) => MessagePage { title, paragraphs, contact: None, link: None }.render(),
    };
    let Ok(page) = page else { return response };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(page))
}

/// The answer when a handler panics; what it said may hold personal data and stays out of the page.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    PageError::Panicked.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind of error that a handler can make without a store.
    fn samples() -> Vec<(PageError, u16)> {
        vec![
            (PageError::NotFound, 404),
            (PageError::Method, 405),
            (PageError::CrossSite, 403),
            (PageError::Ticket, 403),
            (PageError::TooLarge, 413),
            (PageError::Unreadable, 422),
            (PageError::TimedOut, 503),
            (PageError::Unavailable(AppError::Contended), 503),
            (PageError::OutcomeUnknown(AppError::Contended), 503),
            (PageError::NoMarket, 404),
            (PageError::Use(AppError::NeedDecided), 500),
            (PageError::Panicked, 500),
        ]
    }

    #[test]
    fn every_error_has_its_status_and_words_that_are_well_set() {
        for (error, status) in samples() {
            for (title, paragraphs) in [error.words(), error.words_of_staff()] {
                assert!(!paragraphs.is_empty(), "{error}");
                for text in paragraphs.iter().chain([&title]) {
                    assert_eq!(wording::typography::check(text), Vec::new(), "{error}");
                }
            }
            let staff = error.words_of_staff().1.join(" ");
            assert!(!staff.contains("courriel") && !staff.contains("lien"), "{error}: staff came by no link");
            let response = error.into_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(response.headers().contains_key(header::RETRY_AFTER), status == 503);
        }
    }

    #[test]
    fn what_one_may_not_do_does_not_exist() {
        for error in [AppError::NotFound, AppError::Forbidden] {
            assert!(matches!(PageError::from(error), PageError::NotFound));
        }
        assert!(matches!(PageError::from(AppError::Contended), PageError::Unavailable(_)));
        assert!(matches!(PageError::from(AppError::KeyReused), PageError::Use(_)));
    }

    #[tokio::test]
    async fn a_panic_is_a_page() {
        use axum::Router;
        use axum::body::Body;
        use axum::http::Request;
        use axum::routing::get;
        use tower::ServiceExt;
        use tower_http::catch_panic::CatchPanicLayer;

        async fn fails() -> &'static str {
            assert!(std::hint::black_box(false), "le nom de quelqu’un");
            ""
        }
        let router = Router::new().route("/", get(fails)).layer(CatchPanicLayer::custom(panicked));
        let response = router.oneshot(Request::new(Body::empty())).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let page = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a page");
        let page = String::from_utf8_lossy(&page);
        assert!(page.contains("Une erreur est survenue") && !page.contains("quelqu"), "{page}");
    }
}
