//! What every answer says to browsers: pages, files, refusals and errors, whoever asks.
//!
//! Rules kept here: a page runs no script and carries no style of its own, and no other site frames it; nothing but what is in
//! every program alike is kept by a browser or a relay; a cookie is out of reach of scripts and of other sites.

use app::{App, Settings};
use axum::http::{StatusCode, header};
use domain::path::Act;
use web::{PageOptions, router, unrecorded_metrics};

use super::LINES;
use super::sent::Sent;
use super::world::{World, filled};
use crate::kit::{BODY_LIMIT, Kit, Page, SIGNED, step_address, with};

/// The parts of the policy of a page.
const POLICY: &[&str] = &[
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
];

fn text(page: &Page, name: &str) -> String {
    page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Panics when an answer lacks a header that protects, or holds what the policy of a page would not run.
fn protected(line: &str, page: &Page) {
    // The forms of people not signed in say where they come from.
    let unsigned = ["/connexion", "/connexion/demo", "/connexion/oubli", "/besoin"];
    let unsigned = line.split(' ').nth(1).is_some_and(|address| unsigned.contains(&address));
    for (name, expected) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", if unsigned { "same-origin" } else { "no-referrer" }),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ] {
        assert_eq!(text(page, name), expected, "{line}: {name}");
    }
    let program = line.contains(" /static/");
    let kept = text(page, "cache-control");
    assert!(if program { kept.contains("immutable") } else { kept == "no-store" }, "{line}: {kept}");
    let policy = text(page, "content-security-policy");
    let frames = text(page, "x-frame-options");
    assert!(policy.starts_with("default-src 'none'"), "{line}: {policy}");
    // A message is shown in a frame of its page, which measures it, with its own styles and without scripts.
    if line.contains("/contenu") && page.status == StatusCode::OK {
        assert!(
            policy.contains("sandbox allow-same-origin;") && policy.contains("frame-ancestors 'self'"),
            "{line}: {policy}"
        );
        assert!(!policy.contains("script-src") && frames == "SAMEORIGIN", "{line}: {policy}");
        return;
    }
    assert_eq!(frames, "DENY", "{line}");
    if text(page, "content-disposition").starts_with("attachment") || text(page, "content-type") == "application/pdf" {
        assert!(policy.contains("sandbox") || policy.contains("frame-ancestors 'none'"), "{line}: {policy}");
        return;
    }
    for part in POLICY {
        assert!(policy.contains(part), "{line}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{line}: {policy}");
    if !text(page, "content-type").starts_with("text/html") {
        return;
    }
    for tag in page.text.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let (name, rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        assert!(name != "style", "{line}: a style of its own: {tag}");
        assert!(name != "script" || rest.contains("src=\"/static/"), "{line}: a script of its own: {tag}");
        let mut quoted = rest.split('"');
        while let Some(before) = quoted.next() {
            let attribute = before.trim_end_matches('=').rsplit(char::is_whitespace).next().unwrap_or_default();
            let own = attribute == "style" || (attribute.starts_with("on") && before.ends_with('='));
            assert!(!own, "{line}: the policy forbids {attribute}: {tag}");
            let value = quoted.next().unwrap_or_default();
            assert!(!value.trim_start().starts_with("javascript:"), "{line}: {tag}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_that_protect() {
    let world = Box::pin(World::new()).await;
    let addresses = LINES.iter().map(|(method, _, address)| (*method, filled(address, &world.lots[0])));
    let mut pages = 0;
    for (method, address) in addresses {
        let readers = world.everyone.iter().map(|someone| (someone.name, Some(someone.secrets[0].as_str())));
        for (name, secret) in readers.chain([("nobody", None)]) {
            let page = world.try_line(method, &address, secret).await;
            protected(&format!("{method} {address} as {name}"), &page);
            assert!(!page.headers.contains_key(header::STRICT_TRANSPORT_SECURITY), "over HTTP it would mean nothing");
            pages += u32::from(page.status == StatusCode::OK);
        }
    }
    assert!(pages > 100, "{pages} pages");
    let script = world.try_line("GET", "/static/jalon.js", None).await;
    assert!(text(&script, "content-type").starts_with("text/javascript"));
    assert!(script.text.len() < 10_000, "the script stays small: {}", script.text.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_carry_them_too() {
    let (kit, token) = Kit::commitment_asked().await;
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form = with(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    let account = kit.app.open_session(&kit.coordinator, "", "").await.expect("a session").1;
    let heavy = with(form.clone(), &[("note", &"x".repeat(BODY_LIMIT))]);
    let answers = [
        (404, kit.get("/nulle/part").await),
        (404, kit.get(&format!("/acces/{token}x")).await),
        (405, kit.get(&format!("/acces/{token}/nouveau-lien")).await),
        (403, kit.post_from(&confirm, &form, &[("sec-fetch-site", "cross-site")]).await),
        (413, kit.post(&confirm, &heavy).await),
        (422, kit.post(&confirm, &form[..form.len() - 1]).await),
    ];
    for (status, page) in &answers {
        assert_eq!(page.status.as_u16(), *status, "{}", page.text);
        protected(&format!("{status}"), page);
    }
    kit.app.store().clone().close().await.expect("the store closes");
    for secret in [None, Some(account)] {
        let mut request = axum::http::Request::get(if secret.is_some() { "/parcours" } else { "/acces/inconnu" });
        if let Some(secret) = secret {
            request = request.header(header::COOKIE, format!("jalon={secret}"));
        }
        let page = kit.send(request.body(axum::body::Body::empty()).expect("a request")).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        protected("503", &page);
    }
}

/// The cookies that signing in, with a password or in an example, and signing out give, on a site of this address.
async fn cookies(public_url: &str) -> Vec<String> {
    let mut kit = Kit::new().await;
    let settings = Settings { public_url: public_url.to_owned(), ..kit.app.settings().clone() };
    kit.app = App::new(kit.app.store().clone(), settings);
    let options = PageOptions {
        request_timeout: std::time::Duration::from_secs(10),
        body_limit: BODY_LIMIT,
        demo: true,
        pages: None,
        behind_relay: false,
        returns: None,
        metrics: unrecorded_metrics(),
    };
    kit.router = router(kit.app.clone(), options);
    let password = "quatre mouettes sur un ponton";
    kit.app.set_password(&kit.coordinator.email, password).await.expect("an answer");
    let email = kit.coordinator.email.to_string();
    let own = |fields: &[(&str, &str)]| with(Vec::new(), fields);
    let entered = kit.post("/connexion/demo", &own(&[("compte", &email)])).await;
    let signed = kit.post("/connexion", &own(&[("courriel", &email), ("mot_de_passe", password)])).await;
    let mut found = Vec::new();
    for page in [&entered, &signed] {
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
        let secure = public_url.starts_with("https");
        assert_eq!(page.headers.contains_key(header::STRICT_TRANSPORT_SECURITY), secure);
        protected("POST /connexion", page);
        found.extend(page.headers.get_all(header::SET_COOKIE).iter().map(|it| it.to_str().expect("text").to_owned()));
    }
    let session = found.last().and_then(|_| found[0].split(';').next()).expect("a cookie").to_owned();
    let get = |address: &str| axum::http::Request::get(address.to_owned()).header(header::COOKIE, session.clone());
    let page = kit.send(get("/compte").body(axum::body::Body::empty()).expect("a request")).await;
    assert_eq!(page.status, StatusCode::OK, "the cookie opens the session");
    let out = Sent { fields: page.form("/deconnexion"), multipart: false }.encoded().1;
    let out = axum::http::Request::post("/deconnexion")
        .header(header::COOKIE, session.clone())
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(out));
    let out = kit.send(out.expect("a request")).await;
    let back: Vec<_> = out.headers.get_all(header::SET_COOKIE).iter().collect();
    assert_eq!(back.len(), 1, "{out:?}");
    assert!(back[0].to_str().expect("text").contains("Max-Age=0"));
    found.push(back[0].to_str().expect("text").to_owned());
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_are_out_of_reach() {
    for (address, host, secure) in [("http://jalon.test", "", false), ("https://jalon.test", "__Host-", true)] {
        let cookies = cookies(address).await;
        assert_eq!(cookies.len(), 4, "a session twice, a device and a way out: {cookies:?}");
        for cookie in cookies {
            assert!(cookie.starts_with(&format!("{host}jalon")), "{address}: {cookie}");
            let parts: Vec<_> = cookie.split("; ").skip(1).collect();
            for part in ["Path=/", "HttpOnly", "SameSite=Lax"] {
                assert!(parts.contains(&part), "{address}: {cookie}");
            }
            assert_eq!(parts.contains(&"Secure"), secure, "{address}: {cookie}");
            assert!(!parts.iter().any(|part| part.starts_with("Domain")), "{address}: {cookie}");
        }
    }
}
