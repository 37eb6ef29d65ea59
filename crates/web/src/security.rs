//! What every answer says to browsers, and which requests to write are our own pages'.
//!
//! The only cookie is that of a session, which other sites cannot send with a POST (`SameSite=Lax`). A POST from another site is refused all the same, by the
//! browser's own word (`Sec-Fetch-Site`), else by `Origin`; a form carries besides a ticket that only our page can make
//! ([`crate::ticket`]).

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::{PageError, Web, routes};

pub(crate) const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// Scheme, host and port of an address.
pub(crate) fn origin_of(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or(("http", address));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}").to_ascii_lowercase()
}

/// Puts the headers of every answer, unless its handler chose stricter ones.
pub(crate) async fn headers(State(web): State<Web>, request: Request, next: Next) -> Response {
    // What comes from these pages must say so; their addresses tell nobody's secret.
    let referrer = if without_ticket(request.uri().path()) { "same-origin" } else { "no-referrer" };
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, referrer);
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if web.origin.starts_with("https://") {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Refuses what would write and comes from another site.
pub(crate) async fn same_origin(State(web): State<Web>, request: Request, next: Next) -> Result<Response, PageError> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let ticket = !without_ticket(request.uri().path());
    if reads || ours(request.headers(), &web.origin, ticket) {
        Ok(next.run(request).await)
    } else {
        Err(PageError::CrossSite)
    }
}

/// Forms of people not signed in, or not yet: no session can make their ticket, so only the browser's word tells where they come from.
fn without_ticket(path: &str) -> bool {
    [routes::SIGN_IN, routes::SIGN_IN_DEMO, routes::FORGOTTEN, routes::NEED].contains(&path)
}

fn ours(headers: &HeaderMap, origin: &str, ticket: bool) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN) {
        None => true,
        // Our own pages send no referrer, and browsers then hide the origin of a form too: its ticket decides. The pages of
        // the forms without one send theirs, see [`headers`].
        Some("null") => ticket,
        Some(sent) => {
            let host = text(header::HOST).unwrap_or_default();
            let sent = sent.to_ascii_lowercase();
            sent == origin || sent.split_once("://").is_some_and(|(_, sender)| sender.eq_ignore_ascii_case(host))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(headers: &[(&'static str, &'static str)]) -> bool {
        sent_with(headers, true)
    }

    fn sent_with(headers: &[(&'static str, &'static str)], ticket: bool) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        ours(&map, "https://jalon.example", ticket)
    }

    #[test]
    fn only_our_own_pages_write() {
        assert!(sent(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(sent(&[("sec-fetch-site", "none")]));
        assert!(!sent(&[("sec-fetch-site", "cross-site")]));
        assert!(!sent(&[("sec-fetch-site", "same-site")]));
        assert!(!sent(&[("sec-fetch-site", "cross-site"), ("origin", "https://jalon.example")]));
        assert!(sent(&[("origin", "https://jalon.example")]));
        assert!(sent(&[("origin", "http://10.0.0.5:8080"), ("host", "10.0.0.5:8080")]));
        assert!(!sent(&[("origin", "https://ailleurs.example"), ("host", "jalon.example")]));
        assert!(!sent(&[("origin", "https://jalon.example.ailleurs.example")]));
        assert!(sent(&[]));
    }

    #[test]
    fn a_form_without_ticket_says_where_it_comes_from() {
        assert!(sent(&[("origin", "null")]));
        assert!(!sent_with(&[("origin", "null")], false));
        assert!(!sent_with(&[("sec-fetch-site", "cross-site")], false));
        assert!(!sent_with(&[("sec-fetch-site", "cross-site"), ("origin", "null")], false));
        assert!(sent_with(&[("sec-fetch-site", "same-origin"), ("origin", "null")], false));
        assert!(sent_with(&[("origin", "https://jalon.example")], false));
    }

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(origin_of("https://Region.example:8443/jalon/"), "https://region.example:8443");
        assert_eq!(origin_of("http://localhost:8080"), "http://localhost:8080");
    }
}
