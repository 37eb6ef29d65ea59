//! The pages of Jalon: health, metrics, the page behind each link of an e-mail, and what introduces the product.
//!
//! Rules this crate keeps:
//! - It decides nothing of the domain: a handler reads, calls a use case of `app`, shows or redirects.
//! - GET and HEAD never act, but for what a rule of the field makes of reading: the first time that a coordinator of its holder
//!   opens an order by GET is its consultation (CCAG), from which its dates run; HEAD is nobody's reading. What writes is a POST from our own page, in a task of its own, so that a client who goes away
//!   cuts nothing.
//! - Every value is escaped; a page asks nothing of another site and works without script.
//! - A token never reaches a log or a metric: both carry the pattern of the address.
//! - [`PageError`] alone decides the status, the page and the level of the log of what went wrong.
//!
//! To add a page: its address in [`routes`], a module with its view and its handlers, its line in [`router`], its states in
//! the tests. The pieces of a page are in `templates/`, their look in `static/style/`.

mod commune;
mod documents;
mod error;
mod forms;
mod home;
mod need;
mod observe;
mod portal;
mod request;
mod returns;
pub mod routes;
mod security;
mod server;
mod staff;
mod stamp;
mod statics;
mod ticket;
mod window;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;

pub use error::PageError;
pub use observe::{install_metrics, unrecorded_metrics};
pub use returns::ReturnsSecret;
pub use server::{Listen, ServeError, ServeOptions, serve};

/// What pages are told from outside.
#[derive(Debug, Clone)]
pub struct PageOptions {
    /// A request that takes longer is answered with an explanation.
    pub request_timeout: Duration,
    /// Most bytes of a form.
    pub body_limit: usize,
    /// The store is an example: anyone may take the place of one of its people.
    pub demo: bool,
    /// The folder whose texts replace those of the pages that the law asks for.
    pub pages: Option<PathBuf>,
    /// A relay in front of the program says, in `X-Forwarded-For`, who asks.
    pub behind_relay: bool,
    /// What signs the returned messages that a mail server hands over; without it there is no address for them.
    pub returns: Option<ReturnsSecret>,
    /// What `/metrics` shows.
    pub metrics: PrometheusHandle,
}

/// What every handler shares. Cheap to clone.
#[derive(Debug, Clone)]
struct Web {
    app: App,
    options: Arc<PageOptions>,
    /// Scheme, host and port of the public address: where our own forms come from.
    origin: Arc<str>,
    /// Writes under way, which a stop waits for.
    writes: TaskTracker,
}

/// The pages as a service, for tests without a socket.
pub fn router(app: App, options: PageOptions) -> Router {
    assemble(app, options, TaskTracker::new())
}

fn assemble(app: App, options: PageOptions, writes: TaskTracker) -> Router {
    let origin = security::origin_of(&app.settings().public_url).into();
    let body_limit = options.body_limit;
    let web = Web { app, options: Arc::new(options), origin, writes };
    Router::new()
        .route(routes::HOME, get(home::get))
        .route(routes::STATIC, get(statics::get))
        .route(routes::ROBOTS, get(statics::robots))
        .route(routes::HEALTH, get(observe::health))
        .route(routes::READY, get(observe::ready))
        .route(routes::METRICS, get(observe::metrics))
        .route(routes::PORTAL, get(portal::get))
        .route(routes::PORTAL_STEP, get(portal::get_step).post(portal::post_step))
        .route(routes::PORTAL_RENEWAL, post(portal::post_renewal))
        .route(routes::PORTAL_REMINDERS, get(portal::get_reminders).post(portal::post_reminders))
        .route(routes::PORTAL_DOCUMENT, get(portal::get_document))
        .route(wording::addresses::pattern::PORTAL_AGENDA, get(portal::get_agenda))
        .route(wording::addresses::pattern::PORTAL_PIECE, get(portal::get_piece))
        .route(wording::addresses::pattern::PORTAL_PROOF, get(portal::get_proof))
        .merge(returns::router(web.options.returns.as_ref()))
        .merge(need::router())
        .merge(window::router())
        .merge(staff::router(&web))
        .fallback(|| async { PageError::NotFound })
        .method_not_allowed_fallback(|| async { PageError::Method })
        .layer(DefaultBodyLimit::max(body_limit))
        .layer(from_fn_with_state(web.clone(), security::same_origin))
        .layer(from_fn_with_state(web.clone(), observe::in_time))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn_with_state(web.clone(), error::to_staff))
        .layer(from_fn_with_state(web.clone(), security::headers))
        .layer(from_fn(observe::track))
        .with_state(web)
}
