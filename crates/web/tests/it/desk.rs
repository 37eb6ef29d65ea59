//! Someone signed in, in front of the pages of the bench.

use axum::body::Body;
use axum::http::{Request, header};
use domain::people::Account;

use crate::kit::{Kit, Page, encode};

/// The browser of someone signed in.
pub struct Desk<'a> {
    kit: &'a Kit,
    cookie: String,
}

/// A file of a form: its field, its name, its bytes.
pub type File<'a> = (&'a str, &'a str, &'a [u8]);

impl<'a> Desk<'a> {
    pub async fn of(kit: &'a Kit, account: &Account) -> Self {
        let (_, secret) = kit.app.open_session(account, "", "").await.expect("a session");
        Self { kit, cookie: format!("jalon={secret}") }
    }

    /// The same browser, later.
    pub fn with_secret(kit: &'a Kit, secret: &str) -> Self {
        Self { kit, cookie: format!("jalon={secret}") }
    }

    pub async fn get(&self, address: &str) -> Page {
        let request = Request::get(address).header(header::COOKIE, &self.cookie);
        self.kit.send(request.body(Body::empty()).expect("a request")).await
    }

    pub async fn post(&self, address: &str, form: &[(String, String)]) -> Page {
        let body = form
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        self.send(address, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    pub async fn send(&self, address: &str, kind: &str, body: Vec<u8>) -> Page {
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, kind)
            .header("sec-fetch-site", "same-origin");
        self.kit.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// Posts a form with documents.
    pub async fn upload(&self, address: &str, form: &[(String, String)], files: &[File<'_>]) -> Page {
        let mut body = Vec::new();
        for (name, value) in form {
            body.extend(
                format!("--limite\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--limite\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend(head.bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--limite--\r\n");
        self.send(address, "multipart/form-data; boundary=limite", body).await
    }
}
