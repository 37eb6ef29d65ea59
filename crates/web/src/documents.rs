//! A document given back: piece by piece, as a download that no browser runs, under the name it was kept with.

use app::agenda::CALENDAR;
use app::documents::is_shown;
use app::pieces::{Made, PDF};
use app::{Content, Document};
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::PageError;

/// What a browser may do of a document opened by itself: nothing.
const SANDBOX: &str = "default-src 'none'; sandbox";

/// A PDF in place of the page; it runs nothing of ours and reaches nobody. Under a sandbox browsers show none, so anything else
/// is a download.
const ALONE: &str = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// The document as a download.
///
/// # Errors
/// The name does not fit a header, which every name kept does.
pub(crate) fn download(content: Content) -> Result<Response, PageError> {
    answer(content, "attachment", SANDBOX)
}

/// A PDF as a page; anything else as a download.
///
/// # Errors
/// As [`download`].
pub(crate) fn open(content: Content) -> Result<Response, PageError> {
    if content.document().media_type == PDF { answer(content, "inline", ALONE) } else { download(content) }
}

/// A document that was just made, as a page of its own.
///
/// # Errors
/// As [`download`].
pub(crate) fn made(made: Made) -> Result<Response, PageError> {
    whole(made, PDF, "inline", ALONE)
}

/// A file for a calendar, as a download.
///
/// # Errors
/// As [`download`].
pub(crate) fn calendar(made: Made) -> Result<Response, PageError> {
    whole(made, CALENDAR, "attachment", SANDBOX)
}

/// A file of any kind that is there whole, as a download.
///
/// # Errors
/// As [`download`].
pub(crate) fn file(name: String, bytes: Vec<u8>, media_type: &str) -> Result<Response, PageError> {
    whole(Made { name, bytes }, media_type, "attachment", SANDBOX)
}

fn whole(made: Made, media_type: &str, how: &str, policy: &'static str) -> Result<Response, PageError> {
    let named = headers(media_type, &made.name, made.bytes.len() as u64, how, policy)?;
    let mut response = Body::from(made.bytes).into_response();
    response.headers_mut().extend(named);
    Ok(response)
}

fn headers(
    media_type: &str,
    name: &str,
    size: u64,
    how: &str,
    policy: &'static str,
) -> Result<[(HeaderName, HeaderValue); 5], PageError> {
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| PageError::NotFound);
    let disposition = format!("{how}; filename=\"document\"; filename*=UTF-8''{}", percent(name));
    Ok([
        (header::CONTENT_TYPE, value(media_type)?),
        (header::CONTENT_LENGTH, HeaderValue::from(size)),
        (header::CONTENT_DISPOSITION, value(&disposition)?),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
    ])
}

fn answer(content: Content, how: &str, policy: &'static str) -> Result<Response, PageError> {
    let document: &Document = content.document();
    let media_type = if is_shown(&document.media_type) { &document.media_type } else { "application/octet-stream" };
    let named = headers(media_type, &document.reference.name, document.size, how, policy)?;
    let pieces = futures::stream::try_unfold(content, async |mut content| {
        let piece = content.next().await.inspect_err(|error| {
            let document = content.document().id;
            tracing::error!(document.id = %document, error = %error, "a document does not come whole");
        })?;
        Ok::<_, app::StoreError>(piece.map(|piece| (piece, content)))
    });
    let mut response = Body::from_stream(pieces).into_response();
    response.headers_mut().extend(named);
    Ok(response)
}

/// A name as a header carries it: every byte but letters, digits, `.`, `-` and `_` by its number.
pub(crate) fn percent(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
