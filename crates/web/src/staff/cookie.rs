//! The cookie of a session: the only one there is, out of reach of scripts, sent to this host alone.

use axum::http::HeaderMap;
use axum::http::header::{self, HeaderValue};

use crate::Web;

/// Over HTTPS the name itself binds the cookie to this host and to secure connections.
const SECURE: &str = "__Host-jalon";
const PLAIN: &str = "jalon";

fn secure(web: &Web) -> bool {
    web.origin.starts_with("https://")
}

fn name(web: &Web) -> &'static str {
    if secure(web) { SECURE } else { PLAIN }
}

/// The secret that the browser holds.
pub(super) fn secret(headers: &HeaderMap, web: &Web) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(sent, _)| *sent == name(web)).map(|(_, value)| value.to_owned())
}

fn header_value(web: &Web, value: &str, more: &str) -> HeaderValue {
    let secure = if secure(web) { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", name(web));
    HeaderValue::from_str(&text).expect("a secret is base64url")
}

/// The header that gives a session to the browser, until it is closed.
pub(crate) fn give(web: &Web, secret: &str) -> (header::HeaderName, HeaderValue) {
    (header::SET_COOKIE, header_value(web, secret, ""))
}

/// The header that takes the session back.
pub(crate) fn take_back(web: &Web) -> (header::HeaderName, HeaderValue) {
    (header::SET_COOKIE, header_value(web, "", "; Max-Age=0"))
}
