//! A mail server that does as it is told: the world outside, for the delivery tests.
//!
//! Rules kept here:
//! - it listens on the loopback, on a port of its own that it keeps across [`SmtpServer::stop`] and [`SmtpServer::start_again`];
//! - every message it takes is kept with its raw bytes, oldest first;
//! - it speaks plainly unless a [`Rule`] says otherwise: a stage, an address if need be, a number of times, and what to do.
//!
//! A new way to misbehave is a variant of [`Act`], played in `session.rs`.

mod certificate;
mod received;
mod session;

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::TcpListener,
    sync::{Notify, watch},
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::TlsAcceptor;

pub use certificate::Certificate;
pub use received::Received;

/// A moment of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// The connection is open, the greeting is due.
    Greeting,
    /// `EHLO`.
    Ehlo,
    /// `STARTTLS`.
    StartTls,
    /// `AUTH`.
    Auth,
    /// `MAIL FROM`, with the sender's address.
    Mail,
    /// `RCPT TO`, with the recipient's address.
    Rcpt,
    /// `DATA`, before the text; with the recipient's address.
    Data,
    /// While the text arrives; with the recipient's address.
    Body,
    /// After the closing dot; with the recipient's address.
    AfterDot,
}

/// What the server does instead of its plain answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Answers this line and goes on.
    Reply(String),
    /// Answers this line and closes.
    ReplyAndClose(String),
    /// Closes.
    Close,
    /// Closes with a reset.
    Reset,
    /// Says nothing more, keeps the connection open.
    Hang,
    /// Waits, then answers plainly.
    Wait(Duration),
    /// Answers plainly, one byte at a time with this pause.
    Trickle(Duration),
    /// Stops sending, goes on reading.
    HalfClose,
    /// Sends these bytes instead of an answer and goes on.
    Garbage(Vec<u8>),
    /// Answers plainly with these bytes behind, in one piece: what an intruder would slip in before encryption.
    Inject(Vec<u8>),
    /// Reads this many bytes of the text, then closes with a reset. At [`Stage::Body`] only.
    CutAfter(usize),
    /// Takes the message, then closes without a word. At [`Stage::AfterDot`] only.
    TakeAndClose,
    /// Takes the message, then hangs. At [`Stage::AfterDot`] only.
    TakeAndHang,
}

/// One instruction: when, for whom, how often, what.
#[derive(Debug, Clone)]
pub struct Rule {
    stage: Stage,
    address: Option<String>,
    skip: usize,
    times: Option<usize>,
    act: Act,
}

impl Rule {
    /// Does this at a stage, each time.
    pub fn at(stage: Stage, act: Act) -> Self {
        Self { stage, address: None, skip: 0, times: None, act }
    }

    /// Answers this line at a stage, each time.
    pub fn reply(stage: Stage, line: &str) -> Self {
        Self::at(stage, Act::Reply(line.to_owned()))
    }

    /// For this address only.
    #[must_use]
    pub fn to(mut self, address: &str) -> Self {
        self.address = Some(address.to_lowercase());
        self
    }

    /// This many times, then never.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = Some(times);
        self
    }

    /// Once, then never.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Only after this many occasions were let through.
    #[must_use]
    pub fn after(mut self, occasions: usize) -> Self {
        self.skip = occasions;
        self
    }
}

/// How the server is reached.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Offers STARTTLS with this certificate.
    pub start_tls: Option<Certificate>,
    /// Is encrypted from the first byte with this certificate.
    pub implicit_tls: Option<Certificate>,
    /// Asks for this user and password before a message.
    pub account: Option<(String, String)>,
}

/// A mail server on the loopback.
#[derive(Debug)]
pub struct SmtpServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    listening: Mutex<Option<Listening>>,
}

#[derive(Debug)]
struct Listening {
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    options: Options,
    rules: Mutex<Vec<Rule>>,
    received: Mutex<Vec<Received>>,
    arrived: Notify,
    connections: AtomicUsize,
    occasions: Mutex<BTreeMap<Stage, usize>>,
    /// What a connection that waits for a command does when told: closes, after this line if there is one.
    dismissal: watch::Sender<Option<String>>,
}

impl SmtpServer {
    /// A server in clear that takes everything.
    ///
    /// # Panics
    /// When the loopback gives no port.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    /// A server reached as the options say.
    ///
    /// # Panics
    /// When the loopback gives no port.
    pub async fn start_with(options: Options) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared {
            options,
            rules: Mutex::default(),
            received: Mutex::default(),
            arrived: Notify::new(),
            connections: AtomicUsize::new(0),
            occasions: Mutex::default(),
            dismissal: watch::channel(None).0,
        });
        Self {
            listening: Mutex::new(Some(Listening { accepting: tokio::spawn(accept(listener, Arc::clone(&shared))) })),
            shared,
            address,
        }
    }

    /// The port it listens on, the same after a stop.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its address as the setting of the product: `smtp://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Adds an instruction; the oldest that applies is obeyed.
    pub fn add(&self, rule: Rule) {
        lock(&self.shared.rules).push(rule);
    }

    /// Forgets every instruction.
    pub fn behave(&self) {
        lock(&self.shared.rules).clear();
    }

    /// The messages taken so far, oldest first.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.shared.received).clone()
    }

    /// How many connections were opened so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// How many times a stage was reached so far.
    pub fn occasions(&self, stage: Stage) -> usize {
        lock(&self.shared.occasions).get(&stage).copied().unwrap_or(0)
    }

    /// Waits until this many messages were taken.
    ///
    /// # Panics
    /// When they were not in time; the message tells how many were.
    pub async fn wait_for(&self, count: usize, limit: Duration) -> Vec<Received> {
        let all_there = async {
            loop {
                let arrival = self.shared.arrived.notified();
                let received = self.received();
                if received.len() >= count {
                    return received;
                }
                arrival.await;
            }
        };
        match tokio::time::timeout(limit, all_there).await {
            Ok(received) => received,
            Err(_) => panic!("{} messages of {count} in {limit:?}", self.received().len()),
        }
    }

    /// Closes the connections that wait for a command, after this line if there is one, and keeps listening.
    pub fn dismiss(&self, line: Option<&str>) {
        self.shared.dismissal.send_replace(line.map(str::to_owned));
    }

    /// Stops listening and drops every connection.
    pub async fn stop(&self) {
        let listening = lock(&self.listening).take();
        if let Some(listening) = listening {
            listening.accepting.abort();
            // The error says that it was stopped, which is what was asked.
            let _ = listening.accepting.await;
        }
    }

    /// Listens again on the same port.
    ///
    /// # Panics
    /// When another program took the port meanwhile.
    pub async fn start_again(&self) {
        self.stop().await;
        let listener = TcpListener::bind(self.address).await.expect("the port of a stopped server is free");
        *lock(&self.listening) =
            Some(Listening { accepting: tokio::spawn(accept(listener, Arc::clone(&self.shared))) });
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        if let Some(listening) = lock(&self.listening).take() {
            listening.accepting.abort();
        }
    }
}

impl Shared {
    /// The instruction that applies now, counted as obeyed.
    fn act(&self, stage: Stage, address: Option<&str>) -> Option<Act> {
        *lock(&self.occasions).entry(stage).or_default() += 1;
        let address = address.map(str::to_lowercase);
        let mut rules = lock(&self.rules);
        for rule in rules.iter_mut() {
            if rule.stage != stage || (rule.address.is_some() && rule.address != address) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            match &mut rule.times {
                Some(0) => continue,
                Some(times) => *times -= 1,
                None => {}
            }
            return Some(rule.act.clone());
        }
        None
    }

    fn keep(&self, message: Received) {
        lock(&self.received).push(message);
        self.arrived.notify_waiters();
    }
}

/// Accepts until aborted; the conversations end with it.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let implicit = shared.options.implicit_tls.as_ref().map(acceptor);
    let start_tls = shared.options.start_tls.as_ref().map(acceptor);
    let mut conversations = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        // Like the product: neither side waits for the other's acknowledgement.
        if socket.set_nodelay(true).is_err() {
            continue;
        }
        let number = shared.connections.fetch_add(1, Ordering::SeqCst) + 1;
        conversations.spawn(session::converse(
            socket,
            Arc::clone(&shared),
            implicit.clone(),
            start_tls.clone(),
            number,
        ));
        while conversations.try_join_next().is_some() {}
    }
}

fn acceptor(certificate: &Certificate) -> TlsAcceptor {
    TlsAcceptor::from(certificate.server_config())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A test that failed while holding the lock leaves a list that is still whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
