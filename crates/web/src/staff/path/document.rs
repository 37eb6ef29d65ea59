//! A document of a path, for who sees the path: kept by them, or a PDF opened in a page of its own.

use axum::extract::State;
use axum::response::Response;
use domain::identifiers::PathReference;
use serde::Deserialize;

use crate::documents::{download, open};
use crate::request::{Path, Query};
use crate::staff::Signed;
use crate::{PageError, Web};

/// How it is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    vue: Option<String>,
}

/// Sends the document.
pub(crate) async fn get(
    State(web): State<Web>,
    signed: Signed,
    Path((reference, id)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let reference = PathReference::parse(&reference).map_err(|_| PageError::NotFound)?;
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    let content = web.app.document(&signed.actor, &reference, id).await?;
    if asked.vue.as_deref() == Some("page") { open(content) } else { download(content) }
}
