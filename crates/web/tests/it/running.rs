//! The server as it runs: health, metrics, limits, what a store that is away does, a stop that loses nothing.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::{StatusCode, header};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use web::{Listen, PageOptions, ServeOptions, install_metrics, router, serve, unrecorded_metrics};

use crate::kit::{BODY_LIMIT, Kit, SIGNED, step_address, with};
use crate::paths::Seat;
use domain::path::Act;

#[tokio::test(flavor = "multi_thread")]
async fn ready_tells_the_truth() {
    let kit = Kit::new().await;
    assert_eq!(kit.get("/healthz").await.status, StatusCode::OK);
    assert_eq!(kit.get("/readyz").await.status, StatusCode::OK);
    kit.app.store().unmigrate().await.expect("the schema goes");
    let page = kit.get("/readyz").await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    page.shows(&["not ready:"]);
    assert_eq!(kit.get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_is_explained() {
    let (kit, token) = Kit::commitment_asked().await;
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form = with(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    kit.app.store().clone().close().await.expect("the store closes");
    for page in [kit.get(&format!("/acces/{token}")).await, kit.post(&confirm, &form).await] {
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.headers.contains_key(header::RETRY_AFTER));
        page.shows(&["Service momentanément indisponible", "n’est pas enregistrée", "Votre lien reste valable"]);
    }
    assert_eq!(kit.get("/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    for address in ["/", "/healthz", "/robots.txt"] {
        assert_eq!(kit.get(address).await.status, StatusCode::OK, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_takes_too_long_is_answered_and_what_it_writes_goes_on() {
    let (mut kit, token) = Kit::commitment_asked().await;
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form = with(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    let before = kit.events().await;
    let patient = kit.router.clone();
    let options = PageOptions {
        request_timeout: Duration::from_millis(50),
        body_limit: BODY_LIMIT,
        demo: false,
        pages: None,
        behind_relay: false,
        returns: None,
        metrics: unrecorded_metrics(),
    };
    kit.router = router(kit.app.clone(), options);
    // Somebody else writes meanwhile: the answer has to wait for its turn, longer than its client does.
    let other = kit.app.store().begin_write().await.expect("a transaction");
    let page = kit.post(&confirm, &form).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.headers.contains_key(header::RETRY_AFTER));
    page.shows(&["La réponse se fait attendre", "ne compte jamais deux fois"]);
    assert_eq!(kit.events().await, before);
    other.rollback().await.expect("the other one ends");
    kit.router = patient;
    // The same form, sent again, finds out: it is recorded once, by whichever of the two came first.
    kit.post_and_follow(&confirm, &form).await.shows(&["confirmé le lundi 2 mars 2026"]);
    assert_eq!(kit.events().await, before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_name_routes_and_never_tokens() {
    let handle = install_metrics().expect("nothing else counts in this process");
    let (mut kit, token) = Kit::commitment_asked().await;
    kit.router = router(
        kit.app.clone(),
        PageOptions {
            request_timeout: Duration::from_secs(10),
            body_limit: BODY_LIMIT,
            demo: false,
            pages: None,
            behind_relay: false,
            returns: None,
            metrics: handle,
        },
    );
    kit.get(&format!("/acces/{token}")).await;
    kit.get("/acces/inconnu").await;
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form = with(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    for _ in 0..2 {
        kit.post(&confirm, &form).await;
    }
    let page = kit.get("/metrics").await;
    assert_eq!(page.status, StatusCode::OK);
    for line in [
        "jalon_http_requests_total{route=\"/acces/{token}\",method=\"GET\",status=\"200\"}",
        "jalon_http_requests_total{route=\"/acces/{token}\",method=\"GET\",status=\"404\"}",
        "jalon_transitions_total{step=\"confirm_commitment\",outcome=\"done\"}",
        "jalon_transitions_total{step=\"confirm_commitment\",outcome=\"replayed\"}",
        "jalon_messages{state=\"queued\"}",
        "jalon_outbox_size",
        "jalon_outbox_oldest_seconds",
    ] {
        assert!(page.text.contains(line), "{line} is not in:\n{}", page.text);
    }
    assert!(!page.text.contains(&token) && !page.text.contains("inconnu"), "{}", page.text);
}

/// What is written to a log.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked while writing").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// On one thread, so that everything a request does is heard.
#[tokio::test]
async fn logs_name_routes_and_never_tokens() {
    let (mut kit, token) = Kit::commitment_asked().await;
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone());
    // With one subscriber alone, what another test's thread meets first would be silent for every thread.
    let _other = tracing::Dispatch::new(
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(io::sink).finish(),
    );
    let heard = tracing::subscriber::set_default(subscriber.finish());
    let confirm = step_address(&token, Act::ConfirmCommitment);
    let form = with(kit.get(&format!("/acces/{token}")).await.form(&confirm), SIGNED);
    kit.post(&confirm, &form).await;
    kit.post_from(&confirm, &form, &[("origin", "https://ailleurs.example")]).await;
    kit.get(&format!("/acces/{token}x")).await;
    kit.wait(300).await;
    kit.post(&format!("/acces/{token}/nouveau-lien"), &[]).await;
    drop(heard);
    let log = String::from_utf8(lines.0.lock().expect("nobody panicked while writing").clone()).expect("text");
    assert!(log.contains("/acces/{token}/etapes/{step}") && log.contains("another site"), "{log}");
    for secret in [token.as_str(), "Gérante", "anne.lemoine"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}

/// A server on a port of its own.
async fn served(kit: &Kit) -> (String, CancellationToken, tokio::task::JoinHandle<Result<(), web::ServeError>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    let stop = CancellationToken::new();
    let options = ServeOptions {
        listen: Listen::Listener(listener),
        request_timeout: Duration::from_secs(10),
        body_limit: BODY_LIMIT,
        demo: false,
        pages: None,
        behind_relay: false,
        returns: None,
        stop_timeout: Duration::from_secs(10),
        metrics: unrecorded_metrics(),
    };
    let server = tokio::spawn(serve(kit.app.clone(), options, stop.clone()));
    (address, stop, server)
}

async fn exchange(address: &str, request: &[u8]) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    // A server that refuses early may close before everything is sent.
    let sent = stream.write_all(request).await;
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer).await {
        Ok(_) => {}
        Err(error) if answer.is_empty() => return Err(error),
        Err(_) => {}
    }
    if answer.is_empty() {
        sent?;
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_serves_limits_and_stops() {
    let kit = Kit::new().await;
    let (address, stop, server) = served(&kit).await;
    let alive = exchange(&address, b"GET /healthz HTTP/1.1\r\nHost: jalon.test\r\nConnection: close\r\n\r\n")
        .await
        .expect("an answer");
    assert!(alive.starts_with("HTTP/1.1 200") && alive.ends_with("ok\n"), "{alive}");
    let wide =
        format!("GET / HTTP/1.1\r\nHost: jalon.test\r\nX-Large: {}\r\nConnection: close\r\n\r\n", "x".repeat(400_000));
    let refused = exchange(&address, wide.as_bytes()).await.expect("an answer");
    assert!(refused.starts_with("HTTP/1.1 431"), "{refused}");
    let long = format!("GET /{} HTTP/1.1\r\nHost: jalon.test\r\nConnection: close\r\n\r\n", "x".repeat(200_000));
    let refused = exchange(&address, long.as_bytes()).await.expect("an answer");
    assert!(["414", "431", "400"].iter().any(|status| refused.starts_with(&format!("HTTP/1.1 {status}"))), "{refused}");
    let garbage = exchange(&address, b"\x16\x03\x01\x00\xa5\r\n\r\n").await.expect("an answer");
    assert!(garbage.starts_with("HTTP/1.1 400"), "{garbage}");
    stop.cancel();
    server.await.expect("the server ends").expect("without error");
    assert!(TcpStream::connect(&address).await.is_err(), "nobody listens any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_ends_what_is_in_hand_and_an_idle_connection_does_not_hold_it() {
    let kit = Kit::new().await;
    let (address, stop, server) = served(&kit).await;
    let mut idle = TcpStream::connect(&address).await.expect("a connection");
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: jalon.test\r\n\r\n").await.expect("sent");
    let mut answer = [0_u8; 12];
    idle.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 200");
    stop.cancel();
    let ended = tokio::time::timeout(Duration::from_secs(5), server).await;
    ended.expect("an idle connection is closed at once").expect("the server ends").expect("without error");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_in_use_is_said() {
    let kit = Kit::new().await;
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let options = ServeOptions {
        listen: Listen::Address(taken.local_addr().expect("its address")),
        request_timeout: Duration::from_secs(1),
        body_limit: BODY_LIMIT,
        demo: false,
        pages: None,
        behind_relay: false,
        returns: None,
        stop_timeout: Duration::from_secs(1),
        metrics: unrecorded_metrics(),
    };
    let error = serve(kit.app.clone(), options, CancellationToken::new()).await.expect_err("the port is taken");
    assert!(error.to_string().starts_with("listening on 127.0.0.1:"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_refuses_to_write_is_read_by_people_signed_in() {
    let (mut kit, _) = Kit::commitment_asked().await;
    let unread = crate::orders::unread(&kit).await;
    let coordinator = Seat::of(&kit, &kit.coordinator).await;
    // The use of the session is to be noted again.
    kit.go(kit.today, 10).await;
    let path = format!("/parcours/{}", kit.path().reference);
    let writable = kit.read_only().await;
    for address in ["/", "/parcours", &path, "/commandes", &unread, "/messages", "/lots"] {
        let page = coordinator.get(&kit, address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text);
    }
    assert_eq!(coordinator.post(&kit, "/brouillons", &[]).await.status, StatusCode::FORBIDDEN);
    assert!(kit.app.store().ping_write().await.is_err());
    // A store that others hold is waited for a moment, then read.
    kit.app = writable;
    kit.set(kit.app.settings().clone());
    let held = kit.app.store().begin_write().await.expect("a transaction");
    let page = tokio::time::timeout(Duration::from_secs(4), coordinator.get(&kit, &path)).await;
    assert_eq!(page.expect("the page does not wait").status, StatusCode::OK);
    drop(held);
}
