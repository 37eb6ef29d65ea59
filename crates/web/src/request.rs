//! What a request carries, read; what cannot be read is answered by a page of ours, in French.
//!
//! Rules: a part of an address that cannot be read is an address that does not exist; a question after the `?` that cannot be
//! read asks nothing; a form that cannot be read, or is too large, says so and writes nothing. Handlers take these and never
//! the extractors of the same name that answer in English: a test reads the sources for it.

use std::convert::Infallible;

use axum::extract::{self, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::PageError;

/// The parts of the address.
#[derive(Debug)]
pub(crate) struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let read = extract::Path::from_request_parts(parts, state).await;
        read.map(|extract::Path(parts)| Self(parts)).map_err(|_| PageError::NotFound)
    }
}

/// What the address says after its `?`.
#[derive(Debug)]
pub(crate) struct Query<T>(pub T);

impl<T: DeserializeOwned + Default, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let read = extract::Query::from_request_parts(parts, state).await;
        Ok(Self(read.map(|extract::Query(asked)| asked).unwrap_or_default()))
    }
}

/// What a form without documents sends.
#[derive(Debug)]
pub(crate) struct Form<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        match extract::Form::from_request(request, state).await {
            Ok(extract::Form(sent)) => Ok(Self(sent)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(PageError::TooLarge),
            Err(_) => Err(PageError::Unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                let text = fs::read_to_string(&path).expect("a source");
                found.push((path.display().to_string(), text));
            }
        }
    }

    /// Lists, one by `use`, are on one line or several: names of axum's extractors inside are enough.
    #[test]
    fn no_handler_answers_in_the_words_of_the_library() {
        let mut found = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert!(found.len() > 50, "the sources were read");
        for (path, text) in found.iter().filter(|(path, _)| !path.ends_with("src/request.rs")) {
            for used in text.split("use axum::").skip(1).filter_map(|rest| rest.split(';').next()) {
                let mut names = used.split(|character: char| !character.is_alphanumeric() && character != '_');
                let bare = names.find(|name| ["Form", "Path", "Query", "Json", "rejection"].contains(name));
                assert_eq!(bare, None, "{path}: crate::request has the one to use");
            }
            for bare in
                ["axum::extract::Path", "axum::extract::Query", "axum::extract::Form", "axum::Form", "axum::Json"]
            {
                assert!(!text.contains(bare), "{path}: crate::request has the one to use, not {bare}");
            }
        }
    }
}
