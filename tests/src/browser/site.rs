//! The example, served for one test: a copy of the demo on a port of the loopback interface, with its worker and a mail server.
//!
//! The demo is built once for a test binary; each test has its own copy and its own clock.

use std::time::{Duration, Instant};

use app::App;
use app::worker::{self, WorkerSettings};
use chrono::TimeDelta;
use cli::demo::{self, Place, Progress};
use notifier::transport::{Smtp, SmtpSettings, Transport};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web::{Listen, ServeOptions, unrecorded_metrics};

use super::PATIENCE;
use crate::smtp::{Received, SmtpServer};

static PREPARED: OnceCell<(Vec<u8>, Vec<u8>)> = OnceCell::const_new();

/// The name of the key of the links in the folder of a demo.
const KEY: &str = "secret.key";

struct Silent;

impl Progress for Silent {
    fn length(&self, _: u64) {}

    fn step(&self) {}
}

/// The store and the key of the demo.
async fn prepared() -> (Vec<u8>, Vec<u8>) {
    let folder = tempfile::tempdir().expect("a folder for the demo");
    let place = Place { folder: folder.path().to_owned() };
    demo::prepare(&place, demo::default_instant(), "http://localhost", &Silent).await.expect("the demo is prepared");
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect("the demo has its files");
    (read(demo::DATABASE), read(KEY))
}

/// A message that arrived.
pub type Mail = Received;

/// The product, open on the loopback interface.
#[derive(Debug)]
pub struct Site {
    pub app: App,
    pub smtp: SmtpServer,
    address: String,
    stop: CancellationToken,
    running: Vec<JoinHandle<()>>,
    /// Removed with the site.
    folder: TempDir,
}

impl Site {
    /// A copy of the demo, served.
    ///
    /// # Panics
    /// The demo cannot be prepared or served.
    pub async fn open() -> Self {
        let (database, key) = PREPARED.get_or_init(|| Box::pin(prepared())).await;
        let folder = tempfile::tempdir().expect("a folder for the copy");
        std::fs::write(folder.path().join(demo::DATABASE), database).expect("the store is copied");
        std::fs::write(folder.path().join(KEY), key).expect("the key is copied");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the loopback has a free port");
        let address = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let place = Place { folder: folder.path().to_owned() };
        let app = demo::open(&place, &address).await.expect("the copy opens");
        let smtp = SmtpServer::start().await;
        let stop = CancellationToken::new();
        let options = ServeOptions {
            listen: Listen::Listener(listener),
            request_timeout: Duration::from_secs(30),
            body_limit: 32 * 1024 * 1024,
            demo: true,
            pages: None,
            behind_relay: false,
            returns: None,
            stop_timeout: Duration::from_secs(5),
            metrics: unrecorded_metrics(),
        };
        let serving = web::serve(app.clone(), options, stop.clone());
        let serving = tokio::spawn(async move { serving.await.expect("the pages are served") });
        let settings = SmtpSettings::from_url(&smtp.url(), "jalon.example").expect("its address is one");
        let pace = WorkerSettings {
            mail_interval: Duration::from_millis(50),
            rate_per_second: 1000,
            clock_interval: Duration::from_secs(2),
            deliveries: 1,
        };
        let transport = std::sync::Arc::new(Transport::Smtp(Smtp::new(settings)));
        let working = tokio::spawn(worker::run(app.clone(), transport, pace, stop.clone()));
        Self { app, smtp, address, stop, running: vec![serving, working], folder }
    }

    /// Its address, `http://127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Moves the clock on.
    ///
    /// # Panics
    /// The store does not answer.
    pub async fn wait(&self, span: TimeDelta) {
        let now = self.app.now().await.expect("the store answers");
        demo::set_clock(&self.app, now + span).await.expect("the clock moves");
    }

    /// Waits for the last message to an address whose subject holds this text, and that came after the first `after` messages.
    ///
    /// # Panics
    /// It does not arrive in time.
    pub async fn mail(&self, to: &str, subject: &str, after: usize) -> Mail {
        self.mail_such(to, subject, after, |_| true).await
    }

    /// [`Site::mail`] that carries a link to a page of its reader.
    ///
    /// # Panics
    /// It does not arrive in time.
    pub async fn mail_with_link(&self, to: &str, subject: &str, after: usize) -> Mail {
        let portal = format!("{}/acces/", self.address);
        self.mail_such(to, subject, after, |mail| mail.text().contains(&portal)).await
    }

    async fn mail_such(&self, to: &str, subject: &str, after: usize, such: impl Fn(&Mail) -> bool) -> Mail {
        let start = Instant::now();
        loop {
            let received = self.smtp.received();
            let wanted =
                |mail: &&Mail| mail.to.iter().any(|sent| sent == to) && mail.subject().contains(subject) && such(mail);
            if let Some(mail) = received.iter().skip(after).rev().find(wanted) {
                return mail.clone();
            }
            let seen: Vec<_> = received.iter().map(|mail| (mail.to.clone(), mail.subject())).collect();
            assert!(start.elapsed() < PATIENCE, "no « {subject} » for {to}: {seen:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The address of the page of a path behind the link of a message.
    ///
    /// # Panics
    /// The message has no link.
    pub fn link(&self, mail: &Mail) -> String {
        self.link_below(mail, "/acces/")
    }

    /// The address below this one that a message leads to.
    ///
    /// # Panics
    /// The message has no such link.
    pub fn link_below(&self, mail: &Mail, address: &str) -> String {
        let text = mail.text();
        let wanted = format!("{}{address}", self.address);
        let start = text.find(&wanted).unwrap_or_else(|| panic!("no {address} in:\n{text}"));
        let rest = &text[start + self.address.len()..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_/".contains(c))).unwrap_or(rest.len());
        rest[..end].to_owned()
    }

    /// Stops serving; the store still agrees with itself.
    ///
    /// # Panics
    /// It does not stop, or the store does not agree.
    pub async fn close(self) {
        self.stop.cancel();
        for running in self.running {
            running.await.expect("it ends");
        }
        let findings = self.app.store().verify(&|_, _| {}).await.expect("the store is verified");
        assert!(findings.is_empty(), "{findings:?}");
        self.app.store().close().await.expect("the pool closes");
        self.folder.close().expect("the folder goes away");
    }
}
