//! A document of a path, for who sees the path: kept by them, or a PDF opened in a page of its own.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::identifiers::PathReference;
use serde::Deserialize;

use crate::documents::{download, open};
use crate::staff::Signed;
use crate::{PageError, Web};

/// How it is asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    vue: Option<String>,
}

/// Sends the document.
pub(crate) async fn get(
    State(web): State<Web>,
    signed: Signed,
    parts: Result<Path<(String, String)>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, PageError> {
    let Path((reference, id)) = parts.map_err(|_| PageError::NotFound)?;
    let reference = PathReference::parse(&reference).map_err(|_| PageError::NotFound)?;
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    let content = web.app.document(&signed.actor, &reference, id).await?;
    match asked {
        Ok(Query(Asked { vue: Some(vue) })) if vue == "page" => open(content),
        Ok(_) | Err(_) => download(content),
    }
}
