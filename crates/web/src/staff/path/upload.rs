//! What a form sends: names and values, and documents whose bytes say what they are.
//!
//! Documents go to the disk as they arrive, weighed on the way: none is ever whole in memory. Nothing received is ever run or
//! unpacked.

use app::documents::{Unrecognised, clean_name, recognised};
use app::{AppError, Received, StoreError};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use domain::documents::NotTaken;
use wording::{numbers, pages};

use crate::forms::Typed;
use crate::request::Form;
use crate::{PageError, Web};

/// Longest value of a field that is not a document.
const LONGEST_TEXT: usize = 64 * 1024;
/// Most fields of a form.
pub(in crate::staff) const MOST_FIELDS: usize = 120;

/// What was sent.
#[derive(Debug, Default)]
pub(in crate::staff) struct Sent {
    pub typed: Typed,
    pub received: Vec<Received>,
    /// Documents not taken: the field and why.
    pub refused: Vec<(String, String)>,
    /// A document was heavier than what is taken.
    pub too_heavy: bool,
    /// Documents came without a ticket that holds before them: they were read and dropped.
    pub dropped: bool,
}

/// Reads what was sent. `ours` says whether what was typed holds the ticket of the form, which comes first in it: without one no
/// document goes to the disk.
///
/// # Errors
/// The form is too large or cannot be read.
pub(in crate::staff) async fn read(
    web: &Web,
    request: Request,
    ours: impl Fn(&Typed) -> bool,
) -> Result<Sent, PageError> {
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
        match part.file_name().map(str::to_owned) {
            None => {
                let text = text(&mut part).await?;
                sent.typed.push((name, text));
            }
            Some(file) if sent.dropped || !ours(&sent.typed) => {
                // Read all the same, so that the browser hears the answer.
                while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(&error))? {
                    sent.dropped |= !chunk.is_empty() || !file.is_empty();
                }
            }
            Some(file) => document(web, &mut sent, name, &file, part).await?,
        }
    }
    Ok(sent)
}

pub(in crate::staff) async fn text(part: &mut Field<'_>) -> Result<String, PageError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(&error))? {
        if bytes.len() + chunk.len() > LONGEST_TEXT {
            return Err(PageError::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| PageError::Unreadable)
}

async fn document(web: &Web, sent: &mut Sent, field: String, name: &str, mut part: Field<'_>) -> Result<(), PageError> {
    let most = web.app.settings().document_size;
    let mut incoming = None;
    let mut heavy = false;
    while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(&error))? {
        // What follows is read and dropped, so that the browser hears the answer.
        if heavy || chunk.is_empty() {
            continue;
        }
        let file = match &mut incoming {
            Some(file) => file,
            None => incoming.insert(web.app.receive().await?),
        };
        heavy = file.size() + chunk.len() as u64 > most;
        if heavy {
            incoming = None;
        } else {
            file.write(&chunk).await.map_err(AppError::from)?;
        }
    }
    if heavy {
        let most = numbers::size(most);
        sent.too_heavy = true;
        sent.refused.push((field, pages::path_steps::file_too_large(&most)));
        return Ok(());
    }
    let refused = match incoming {
        // A field of documents that was left alone.
        None if name.is_empty() => return Ok(()),
        None => NotTaken::Empty,
        Some(incoming) => match recognised(incoming.finish().await.map_err(AppError::from)?).await {
            Ok((file, media_type)) => {
                let name = clean_name(name, media_type);
                sent.received.push(Received { field, name, media_type: media_type.to_owned(), file });
                return Ok(());
            }
            Err(Unrecognised::NotTaken(why)) => why,
            Err(Unrecognised::Unreadable(error)) => return Err(AppError::from(StoreError::from(error)).into()),
        },
    };
    sent.refused.push((field, wording::documents::not_taken(refused).to_owned()));
    Ok(())
}

pub(in crate::staff) fn unreadable(error: &axum::extract::multipart::MultipartError) -> PageError {
    if error.status() == 413 { PageError::TooLarge } else { PageError::Unreadable }
}
