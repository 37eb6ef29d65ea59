//! A document of a path, as a download that no browser runs. None is shown in place: under the sandbox that a document
//! from outside deserves, browsers show no PDF.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::identifiers::PathReference;

use crate::portal::percent;
use crate::staff::Signed;
use crate::{PageError, Web};

/// Media types that are named as what they are; anything else is bytes.
const KNOWN: &[&str] = &[
    "application/pdf",
    "image/png",
    "image/jpeg",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];

/// Sends the document.
pub(crate) async fn get(
    State(web): State<Web>,
    signed: Signed,
    parts: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, PageError> {
    let Path((reference, id)) = parts.map_err(|_| PageError::NotFound)?;
    let reference = PathReference::parse(&reference).map_err(|_| PageError::NotFound)?;
    let id = id.parse().map_err(|_| PageError::NotFound)?;
    let (document, bytes) = web.app.document(&signed.actor, &reference, id).await?;
    let media_type = KNOWN.iter().find(|known| **known == document.media_type).copied();
    let disposition =
        format!("attachment; filename=\"document\"; filename*=UTF-8''{}", percent(&document.reference.name));
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| PageError::NotFound);
    headers.insert(header::CONTENT_TYPE, value(media_type.unwrap_or("application/octet-stream"))?);
    headers.insert(header::CONTENT_DISPOSITION, value(&disposition)?);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}
