//! Documents that Jalon makes of a path: letters, dossier, certificates of answers, and the one that a step would make.

use app::{Piece, Target};
use axum::extract::State;
use axum::response::Response;
use domain::identifiers::PathReference;
use domain::path::Step;
use wording::addresses;

use super::{fields, next};
use crate::documents::made;
use crate::request::Path;
use crate::staff::Signed;
use crate::{PageError, Web};

fn path(reference: &str) -> Result<PathReference, PageError> {
    PathReference::parse(reference).map_err(|_| PageError::NotFound)
}

/// A document made of the path as it stands.
pub(crate) async fn get(
    State(web): State<Web>,
    signed: Signed,
    Path((reference, piece)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let piece: Piece = piece.parse().map_err(|_| PageError::NotFound)?;
    made(web.app.piece(&signed.actor, &path(&reference)?, piece).await?)
}

/// The certificate of an answer.
pub(crate) async fn get_proof(
    State(web): State<Web>,
    signed: Signed,
    Path((reference, rank)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let rank = rank.parse().map_err(|_| PageError::NotFound)?;
    made(web.app.answer_proof(&signed.actor, &path(&reference)?, rank).await?)
}

/// What a step would make of the draft of its form, to read before it is made.
pub(crate) async fn get_of_step(
    State(web): State<Web>,
    signed: Signed,
    Path((reference, step)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let step: Step = step.parse().map_err(|_| PageError::NotFound)?;
    let view = web.app.path(&signed.actor, &path(&reference)?).await?;
    let draft = web.app.draft(&signed.account, &next::address(&view.path, step)).await?;
    let typed = draft.as_ref().map(|draft| draft.typed.clone()).unwrap_or_default();
    let form = fields::form(Some(&view.path), step, &typed, draft.as_ref());
    let target = Target::Path(view.path.reference.clone());
    match web.app.preview_document(&signed.actor, &target, step, &form).await {
        // What is wrong with the form is said on its page.
        Err(app::AppError::Refused(_)) => Err(PageError::NotFound),
        document => made(document?),
    }
}

/// The documents that may be made of a path, with their addresses.
pub(super) fn offered(path: &domain::path::Path) -> Vec<(&'static str, String)> {
    use strum::IntoEnumIterator;
    let pieces = Piece::iter().filter(|piece| piece.is_of(path));
    pieces.map(|piece| (piece.title(), addresses::piece(&path.reference, piece))).collect()
}
