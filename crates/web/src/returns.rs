//! Where a mail server hands over the messages that came back: a program speaks here, never a person.
//!
//! Rules kept here:
//! - the address exists only when a secret was given; without one it answers like any that does not exist;
//! - what is handed over is signed: `X-Jalon-Timestamp` holds the seconds since 1970, `X-Jalon-Signature` the HMAC-SHA256 of
//!   that number, a full stop and the body, in hexadecimal. Compared in constant time, and good for five minutes;
//! - handing the same message over twice changes nothing the second time, so what was not answered is simply sent again.
//!
//! 200 says that it was read, whatever it was; 401 and 415 that the caller is not set up right; 413 that it is no report; 503
//! that it is to be handed over again.

use std::fmt;

use app::Return;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Router, body::Body};
use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{PageError, Web, routes};

/// How far from the clock of the store a signature may be, either way, in seconds.
const FRESH: i64 = 300;
/// Most bytes of a returned message.
const MOST_BYTES: usize = 1 << 20;
const TIMESTAMP: &str = "x-jalon-timestamp";
const SIGNATURE: &str = "x-jalon-signature";

/// The secret shared with the mail server that hands returned messages over. It does not print itself.
#[derive(Clone)]
pub struct ReturnsSecret(Vec<u8>);

impl ReturnsSecret {
    /// A secret, whose strength the settings checked.
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self(secret.into())
    }

    /// The signature of a body at an instant, as the header carries it.
    pub fn sign(&self, timestamp: i64, body: &[u8]) -> String {
        HEXLOWER_PERMISSIVE.encode(&self.code(timestamp, body).finalize().into_bytes())
    }

    fn code(&self, timestamp: i64, body: &[u8]) -> Hmac<Sha256> {
        let mut code = Hmac::<Sha256>::new_from_slice(&self.0).expect("an HMAC takes a key of any length");
        code.update(format!("{timestamp}.").as_bytes());
        code.update(body);
        code
    }

    fn holds(&self, timestamp: i64, body: &[u8], signature: &str) -> bool {
        let bytes = HEXLOWER_PERMISSIVE.decode(signature.as_bytes());
        bytes.is_ok_and(|bytes| self.code(timestamp, body).verify_slice(&bytes).is_ok())
    }
}

impl fmt::Debug for ReturnsSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReturnsSecret(…)")
    }
}

/// The address, when there is a secret.
pub(crate) fn router(secret: Option<&ReturnsSecret>) -> Router<Web> {
    match secret {
        Some(_) => Router::new().route(routes::RETURNS, post(take)),
        None => Router::new(),
    }
}

async fn take(State(web): State<Web>, request: Request) -> Result<Response, PageError> {
    let Some(secret) = web.options.returns.clone() else { return Err(PageError::NotFound) };
    let (parts, body) = request.into_parts();
    if media_type(&parts.headers) != Some("message/rfc822") {
        return Ok(said(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body is a message: Content-Type: message/rfc822"));
    }
    let Some((timestamp, signature)) = signed(&parts.headers) else {
        return Ok(said(StatusCode::UNAUTHORIZED, "X-Jalon-Timestamp and X-Jalon-Signature are missing"));
    };
    if (web.app.now().await?.timestamp() - timestamp).abs() > FRESH {
        return Ok(said(StatusCode::UNAUTHORIZED, "the signature is too old, or a clock is wrong"));
    }
    let Some(raw) = read(body).await else {
        return Ok(said(StatusCode::PAYLOAD_TOO_LARGE, "the message is larger than any report"));
    };
    if !secret.holds(timestamp, &raw, &signature) {
        return Ok(said(StatusCode::UNAUTHORIZED, "the signature is not the one of this message"));
    }
    let app = web.app.clone();
    // The server's going away does not cut what is being written.
    let taken = web.writes.spawn(async move { app.take_return(&raw).await }).await??;
    Ok(match taken {
        Return::Later => {
            let again = said(StatusCode::SERVICE_UNAVAILABLE, "the message is being handed over: again in a moment");
            ([(header::RETRY_AFTER, "60")], again).into_response()
        }
        taken => said(StatusCode::OK, taken.into()),
    })
}

async fn read(body: Body) -> Option<Vec<u8>> {
    to_bytes(body, MOST_BYTES).await.ok().map(Vec::from)
}

fn media_type(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    value.split(';').next().map(str::trim)
}

fn signed(headers: &HeaderMap) -> Option<(i64, String)> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    Some((text(TIMESTAMP)?.parse().ok().filter(|timestamp| *timestamp >= 0)?, text(SIGNATURE)?.to_owned()))
}

fn said(status: StatusCode, words: &'static str) -> Response {
    (status, format!("{words}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_one_secret_one_instant_and_one_body() {
        let secret = ReturnsSecret::new("un secret partagé avec le serveur de courriel");
        let signature = secret.sign(1_772_000_000, b"message");
        // printf '1772000000.message' | openssl dgst -sha256 -hmac 'un secret partagé avec le serveur de courriel'
        assert_eq!(signature, "767fe9fcad20bbbe414d05deb6760cec0d12849748b51fe265637c6e5fc43119");
        assert!(secret.holds(1_772_000_000, b"message", &signature.to_uppercase()));
        for (timestamp, body, said) in [
            (1_772_000_001, b"message".as_slice(), signature.as_str()),
            (1_772_000_000, b"messagE", &signature),
            (1_772_000_000, b"message", &signature[..62]),
            (1_772_000_000, b"message", ""),
        ] {
            assert!(!secret.holds(timestamp, body, said), "{timestamp} {said}");
        }
        assert!(!ReturnsSecret::new("autre").holds(1_772_000_000, b"message", &signature));
        assert_eq!(format!("{secret:?}"), "ReturnsSecret(…)");
    }
}
