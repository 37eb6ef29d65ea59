//! What a form sends: names and values, and documents whose bytes say what they are.
//!
//! Documents are read as they arrive and weighed on the way: what is too heavy is never held whole. Nothing received is ever
//! run, opened or unpacked.

use app::Received;
use app::documents::{clean_name, media_type};
use axum::extract::{Form, FromRequest, Multipart, Request};
use axum::http::header;

use crate::forms::Typed;
use crate::{PageError, Web};

/// Longest value of a field that is not a document.
const LONGEST_TEXT: usize = 64 * 1024;
/// Most fields of a form.
const MOST_FIELDS: usize = 120;

/// What was sent.
#[derive(Debug, Default)]
pub(in crate::staff) struct Sent {
    pub typed: Typed,
    pub received: Vec<Received>,
    /// Documents not taken: the field and why.
    pub refused: Vec<(String, String)>,
    /// A document was heavier than what is taken.
    pub too_heavy: bool,
}

/// Reads what was sent.
///
/// # Errors
/// The form is too large or cannot be read.
pub(in crate::staff) async fn read(web: &Web, request: Request) -> Result<Sent, PageError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        return match Form::<Typed>::from_request(request, &()).await {
            Ok(Form(typed)) => Ok(Sent { typed, ..Sent::default() }),
            Err(rejection) if rejection.status() == 413 => Err(PageError::TooLarge),
            Err(_) => Err(PageError::Unreadable),
        };
    }
    let most = usize::try_from(web.app.settings().document_size).unwrap_or(usize::MAX);
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| PageError::Unreadable)?;
    let mut sent = Sent::default();
    let mut fields = 0;
    while let Some(mut part) = parts.next_field().await.map_err(|error| unreadable(&error))? {
        fields += 1;
        if fields > MOST_FIELDS {
            return Err(PageError::TooLarge);
        }
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let limit = if file.is_some() { most } else { LONGEST_TEXT };
        let mut bytes = Vec::new();
        let mut heavy = false;
        while let Some(chunk) = part.chunk().await.map_err(|error| unreadable(&error))? {
            // What follows is read and dropped, so that the browser hears the answer.
            heavy |= bytes.len() + chunk.len() > limit;
            if !heavy {
                bytes.extend_from_slice(&chunk);
            }
        }
        match file {
            None if heavy => return Err(PageError::TooLarge),
            None => {
                let text = String::from_utf8(bytes).map_err(|_| PageError::Unreadable)?;
                sent.typed.push((name, text));
            }
            Some(file) if file.is_empty() && bytes.is_empty() && !heavy => {}
            Some(_) if heavy => {
                sent.too_heavy = true;
                let most = crate::portal::size(most as u64);
                sent.refused
                    .push((name, format!("Ce fichier dépasse {most}. Réduisez-le, ou partagez-le en plusieurs.")));
            }
            Some(file) => document(&mut sent, name, &file, bytes),
        }
    }
    Ok(sent)
}

fn document(sent: &mut Sent, field: String, file: &str, bytes: Vec<u8>) {
    if bytes.is_empty() {
        sent.refused.push((field, "Ce fichier est vide. Choisissez-en un autre.".to_owned()));
        return;
    }
    let Some(media_type) = media_type(&bytes) else {
        let why = "Ce fichier n’est pas d’une sorte admise, quel que soit son nom. Joignez un PDF, une image PNG ou JPEG, \
                   un document bureautique ou du texte.";
        sent.refused.push((field, why.to_owned()));
        return;
    };
    let name = clean_name(file, media_type);
    sent.received.push(Received { field, name, media_type: media_type.to_owned(), bytes });
}

fn unreadable(error: &axum::extract::multipart::MultipartError) -> PageError {
    if error.status() == 413 { PageError::TooLarge } else { PageError::Unreadable }
}
