//! One path: where it stands, its steps as forms with their rehearsal, its documents.
//!
//! [`page`] shows the path; [`step`] is the form of any step, the same for all of them, read from the domain. [`next`] says what
//! the reader may do and [`needs`] what is missing, with the way out. GET never writes; what is posted is a rehearsal, which
//! keeps the draft, or the step itself, under the version that was shown.

mod address;
mod correct;
mod document;
mod fields;
mod figures;
mod history;
mod look_up;
mod missed;
mod needs;
mod new;
mod next;
mod page;
pub(super) mod parts;
mod pieces;
pub(super) mod rehearsal;
pub(super) mod step;
pub(super) mod upload;

use app::{PathView, Surroundings};
use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::routing::get;
use domain::identifiers::PathReference;
use wording::addresses::pattern;

use super::Signed;
use crate::{PageError, Web};

/// Most bytes of a form with documents: several of the heaviest that the settings take. Each is weighed as it arrives.
const BODY_LIMIT: usize = 256 * 1024 * 1024;

/// Lets a request for the form of a step be as large as the form takes; no other changes.
pub(super) fn lift_limit(request: &mut Request) {
    if request.extensions().get::<MatchedPath>().map(MatchedPath::as_str) == Some(pattern::PATH_STEP) {
        DefaultBodyLimit::max(BODY_LIMIT).apply(request);
    }
}

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(pattern::NEW_PATH, get(new::get).post(new::post))
        .route(pattern::PATH, get(page::get))
        .route(pattern::PATH_MESSAGES, get(missed::get).post(missed::post))
        .route(pattern::DOCUMENT, get(document::get))
        .route(pattern::PATH_PIECE, get(pieces::get))
        .route(pattern::PATH_PROOF, get(pieces::get_proof))
        .route(pattern::STEP_DOCUMENT, get(pieces::get_of_step))
        .route(pattern::PATH_STEP, get(step::get).post(step::post).layer(DefaultBodyLimit::max(BODY_LIMIT)))
}

/// What a page of a path is made from.
#[derive(Debug)]
pub(super) struct Scene {
    pub signed: Signed,
    pub view: PathView,
    pub around: Surroundings,
}

impl Scene {
    /// Reads the path of an address for this reader.
    async fn open(web: &Web, signed: Signed, reference: &str) -> Result<Self, PageError> {
        let reference = PathReference::parse(reference).map_err(|_| PageError::NotFound)?;
        let view = web.app.path(&signed.actor, &reference).await?;
        let around = web.app.surroundings(&signed.actor, &view.path).await?;
        Ok(Self { signed, view, around })
    }
}
