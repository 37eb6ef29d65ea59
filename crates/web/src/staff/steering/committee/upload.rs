//! What the form of an import sends: its fields and one file, which is never held beyond what may be imported.

use app::committee::BYTES;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;

use crate::PageError;
use crate::forms::Typed;
use crate::request::Form;
use crate::staff::path::upload::{MOST_FIELDS, text, unreadable};

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    pub typed: Typed,
    /// The name and the bytes of the file.
    pub file: Option<(String, Vec<u8>)>,
    pub too_large: bool,
}

/// Reads what was sent. `ours` says whether the ticket, which comes first, holds: without one the file is read and dropped.
///
/// # Errors
/// The form is too large or cannot be read.
pub(super) async fn read(request: Request, ours: impl Fn(&Typed) -> bool) -> Result<Sent, PageError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let Form(typed) = Form::<Typed>::from_request(request, &()).await?;
        return Ok(Sent { typed, ..Sent::default() });
    }
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| PageError::Unreadable)?;
    let mut sent = Sent::default();
    let mut fields = 0;
    while let Some(mut part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
        fields += 1;
        if fields > MOST_FIELDS {
            return Err(PageError::TooLarge);
        }
        let name = part.name().unwrap_or_default().to_owned();
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            let value = text(&mut part).await?;
            sent.typed.push((name, value));
            continue;
        };
        let kept = ours(&sent.typed) && sent.file.is_none();
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(&error))? {
            if !kept || sent.too_large {
                continue;
            }
            sent.too_large = bytes.len() + chunk.len() > BYTES;
            if !sent.too_large {
                bytes.extend_from_slice(&chunk);
            }
        }
        if kept && !sent.too_large && !(file_name.is_empty() && bytes.is_empty()) {
            sent.file = Some((file_name, bytes));
        }
    }
    Ok(sent)
}
