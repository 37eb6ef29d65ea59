//! The cookies of an account: its session, and the device it signed in from. Out of reach of scripts, sent to this host alone.

use axum::http::HeaderMap;
use axum::http::header::{self, HeaderValue};

use crate::Web;

/// A cookie of ours. Over HTTPS the name itself binds it to this host and to secure connections.
#[derive(Debug, Clone, Copy)]
struct Cookie {
    secure: &'static str,
    plain: &'static str,
}

const SESSION: Cookie = Cookie { secure: "__Host-jalon", plain: "jalon" };
const DEVICE: Cookie = Cookie { secure: "__Host-jalon-appareil", plain: "jalon-appareil" };
/// Six months.
const DEVICE_LIFE: &str = "; Max-Age=15552000";

fn secure(web: &Web) -> bool {
    web.origin.starts_with("https://")
}

impl Cookie {
    fn name(self, web: &Web) -> &'static str {
        if secure(web) { self.secure } else { self.plain }
    }

    fn read(self, headers: &HeaderMap, web: &Web) -> Option<String> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(sent, _)| *sent == self.name(web)).map(|(_, value)| value.to_owned())
    }

    fn write(self, web: &Web, value: &str, more: &str) -> (header::HeaderName, HeaderValue) {
        let secure = if secure(web) { "; Secure" } else { "" };
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", self.name(web));
        (header::SET_COOKIE, HeaderValue::from_str(&text).expect("a secret is base64url"))
    }
}

/// The secret that the browser holds.
pub(crate) fn secret(headers: &HeaderMap, web: &Web) -> Option<String> {
    SESSION.read(headers, web)
}

/// The mark of the device.
pub(super) fn device(headers: &HeaderMap, web: &Web) -> Option<String> {
    DEVICE.read(headers, web)
}

/// The header that gives a session to the browser, until it is closed.
pub(crate) fn give(web: &Web, secret: &str) -> (header::HeaderName, HeaderValue) {
    SESSION.write(web, secret, "")
}

/// The header that lets the device be known at the next sign-in.
pub(crate) fn give_device(web: &Web, mark: &str) -> (header::HeaderName, HeaderValue) {
    DEVICE.write(web, mark, DEVICE_LIFE)
}

/// The header that takes the session back.
pub(crate) fn take_back(web: &Web) -> (header::HeaderName, HeaderValue) {
    SESSION.write(web, "", "; Max-Age=0")
}
