//! Requests that cannot be read: whatever the route, the answer is a page in French, never the words of a library.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};

use super::world::{World, filled};
use super::{LINES, OF_PROGRAMS};
use crate::kit::{BODY_LIMIT, Page};

const FORM: &str = "application/x-www-form-urlencoded";

/// What the extractors of the library answer.
const FOREIGN: &[&str] =
    &["ailed to deserialize", "Failed to", "Invalid ", "requests must have", "duplicate field", "missing field"];

async fn ask(world: &World, method: &str, address: &str, secret: Option<&str>, kind: &str, body: String) -> Page {
    let method: Method = method.parse().expect("a method");
    let mut request = Request::builder().method(method).uri(address);
    if let Some(secret) = secret {
        request = request.header(header::COOKIE, format!("jalon={secret}"));
    }
    request = request.header("sec-fetch-site", "same-origin").header(header::CONTENT_TYPE, kind);
    world.kit.send(request.body(Body::from(body)).expect("a request")).await
}

#[track_caller]
fn french(line: &str, page: &Page) {
    assert!(!page.status.is_server_error(), "{line}: {}", page.text);
    if page.status.is_client_error() {
        assert!(page.text.contains("<html lang=\"fr\">"), "{line}: {} {}", page.status, page.text);
    }
    for foreign in FOREIGN {
        assert!(!page.text.contains(foreign), "{line}: {}", page.text);
    }
}

/// The address with each of its things replaced by bytes that are no text.
fn broken(address: &str) -> String {
    let path = address.split('?').next().unwrap_or_default();
    path.split('/').map(|part| if part.contains('{') { "%FF" } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_answers_in_the_words_of_a_library() {
    let world = Box::pin(World::new()).await;
    let before = world.written().await;
    let twice = "avant=x&avant=y&fait=x&fait=y&retour=%2F&retour=%2F&lot=1&lot=2&marche=a&marche=b&cle=a&cle=b&courriel=a&courriel=b&compte=a&compte=b&nom=a&nom=b";
    let secrets = world.everyone.iter().map(|someone| Some(someone.secrets[0].as_str())).chain([None]);
    for secret in secrets {
        for (method, _, address) in LINES.iter().filter(|(_, pattern, _)| !OF_PROGRAMS.contains(pattern)) {
            let line = format!("{method} {address}");
            french(&line, &ask(&world, method, &broken(address), secret, FORM, String::new()).await);
            let address = filled(address, &world.lots[0]);
            let sign = if address.contains('?') { '&' } else { '?' };
            if *method == "GET" {
                // A list exported counts against the hour; once is enough.
                if !address.contains("/export/") {
                    french(
                        &line,
                        &ask(&world, "GET", &format!("{address}{sign}{twice}"), secret, FORM, String::new()).await,
                    );
                }
                continue;
            }
            for (kind, body) in [(FORM, twice), (FORM, "autre=1"), ("text/plain", "cle=a"), ("application/json", "{}")]
            {
                french(&line, &ask(&world, method, &address, secret, kind, body.to_owned()).await);
            }
        }
    }
    assert_eq!(world.written().await, before, "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_has_its_status() {
    let world = Box::pin(World::new()).await;
    let one = |name: &str| {
        world.everyone.iter().find(|someone| someone.name == name).map(|someone| someone.secrets[0].as_str())
    };
    let (officer, administrator) = (one("officer"), one("administrator"));
    let token = &world.lots[0].values["{token}"];
    let large = || format!("courriel={}", "x".repeat(BODY_LIMIT));
    let (ok, not_found) = (StatusCode::OK, StatusCode::NOT_FOUND);
    let (unreadable, too_large) = (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::PAYLOAD_TOO_LARGE);
    for (method, address, secret, kind, body, status) in [
        ("GET", "/connexion?retour=%2Fa&retour=%2Fb".to_owned(), None, FORM, String::new(), ok),
        ("GET", "/compte?fait=a&fait=b".to_owned(), officer, FORM, String::new(), ok),
        ("GET", "/messages?avant=x".to_owned(), officer, FORM, String::new(), ok),
        ("GET", "/administration/securite?avant=x".to_owned(), administrator, FORM, String::new(), ok),
        ("GET", format!("/acces/{token}?fait=x&deja=y"), None, FORM, String::new(), ok),
        ("GET", "/acces/%FF".to_owned(), None, FORM, String::new(), not_found),
        ("GET", "/parcours/%FF".to_owned(), officer, FORM, String::new(), not_found),
        ("GET", "/entreprises/%FF".to_owned(), officer, FORM, String::new(), not_found),
        ("GET", "/administration/comptes/pas-un-uuid".to_owned(), administrator, FORM, String::new(), not_found),
        ("POST", "/taches/pas-un-uuid".to_owned(), officer, FORM, String::new(), StatusCode::FORBIDDEN),
        ("POST", "/connexion/demo".to_owned(), None, FORM, String::new(), not_found),
        ("POST", "/connexion".to_owned(), None, FORM, "courriel=a&courriel=b".to_owned(), unreadable),
        ("POST", "/connexion".to_owned(), None, "text/plain", "courriel=a".to_owned(), unreadable),
        ("POST", "/connexion/oubli".to_owned(), None, FORM, "courriel=a&courriel=b".to_owned(), unreadable),
        ("POST", "/connexion/oubli".to_owned(), None, FORM, large(), too_large),
        ("POST", "/compte/courriels".to_owned(), officer, FORM, large(), too_large),
        ("POST", "/parcours/vues".to_owned(), officer, FORM, "nom=a&nom=b".to_owned(), unreadable),
        ("POST", "/parcours/actions/faire".to_owned(), officer, FORM, large(), too_large),
        ("POST", format!("/acces/{token}/rappels"), None, "text/plain", "x".to_owned(), unreadable),
    ] {
        let line = format!("{method} {address}");
        let page = ask(&world, method, &address, secret, kind, body).await;
        assert_eq!(page.status, status, "{line}: {}", page.text);
        french(&line, &page);
        assert!(page.text.contains("<html lang=\"fr\">"), "{line}");
    }
}
