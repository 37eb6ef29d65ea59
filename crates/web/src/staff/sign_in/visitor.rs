//! From where someone asks: the network address, the browser, the mark of the device.

use std::convert::Infallible;

use app::Visitor;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};

use crate::Web;
use crate::server::Peer;
use crate::staff::cookie;

/// The visitor of a request.
#[derive(Debug)]
pub(crate) struct Asking(pub Visitor);

impl FromRequestParts<Web> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.to_string()).unwrap_or_default();
        let relayed = web.options.behind_relay.then(|| relayed(&parts.headers)).flatten();
        Ok(Self(Visitor {
            address: relayed.unwrap_or(peer),
            browser: text(header::USER_AGENT).to_owned(),
            device: cookie::device(&parts.headers, web),
        }))
    }
}

/// The address that the relay itself added: the last one; those before it were sent by whoever asks.
fn relayed(headers: &HeaderMap) -> Option<String> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next().unwrap_or_default().trim();
    last.parse::<std::net::IpAddr>().ok().map(|address| address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_relay_has_the_last_word() {
        let mut headers = HeaderMap::new();
        assert_eq!(relayed(&headers), None);
        headers.append("x-forwarded-for", "10.0.0.1, 192.0.2.7".parse().expect("a value"));
        assert_eq!(relayed(&headers).as_deref(), Some("192.0.2.7"));
        headers.append("x-forwarded-for", "2001:db8::1".parse().expect("a value"));
        assert_eq!(relayed(&headers).as_deref(), Some("2001:db8::1"));
        headers.append("x-forwarded-for", "n’importe quoi".as_bytes().try_into().expect("a value"));
        assert_eq!(relayed(&headers), None);
    }
}
