//! The product as it is installed: the real program in a folder of its own, a database, a mail server that speaks SMTP, and
//! the service as a process of its own.
//!
//! Rules kept here: everything is done by commands, as a person would type them; only the clock is moved beside them, in the
//! store; the service is told to stop by its process identifier and must end well; nothing of the environment reaches the
//! program.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use app::App;
use domain::calendar::at_paris;
use domain::form::Form;
use domain::{Day, samples};
use persistence::{MessageState, Store, Tx};
use serde_json::Value;
use tempfile::TempDir;
use tests::smtp::{Received, SmtpServer};
use tests::world::{Database, Home, SECRET, settings, store_options};

/// How long something that another process does may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What precedes the token in the link of a message.
pub const PORTAL: &str = "https://jalon.example/acces/";

const MARKET: &str = include_str!("../../../config/market.toml");

/// Someone with an account, and the lot they work for.
pub struct Staff {
    pub lot: &'static str,
    pub coordinator: &'static str,
    pub officer: &'static str,
    /// The holder's own address, for what is about an order.
    pub holder: &'static str,
    body: &'static str,
    /// A commune of the lot.
    pub commune: &'static str,
}

/// Who works for lot 1.
pub const LOT_1: Staff = Staff {
    lot: "1",
    coordinator: "claire.morel@retravailler.example",
    officer: "anne.roux@region.example",
    holder: "fest@retravailler.example",
    body: "retravailler",
    commune: "76540",
};

/// Who works for lot 2.
pub const LOT_2: Staff = Staff {
    lot: "2",
    coordinator: "sarah.lenoir@afpa-normandie.example",
    officer: "marc.fleury@region.example",
    holder: "fest@afpa-normandie.example",
    body: "afpa-normandie",
    commune: "14118",
};

/// The finance officer, of every lot.
pub const FINANCE: &str = "lea.caron@region.example";

/// The program that cargo built beside this test.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its file");
    let folder = test.ancestors().nth(2).expect("cargo puts tests in the folder « deps » of a profile");
    let program = folder.join(format!("jalon{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.is_file(),
        "there is no program {}: build it first, with « cargo build -p cli », or test the whole workspace",
        program.display()
    );
    program
}

/// What a command said.
#[derive(Debug)]
pub struct Said {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        let exit = output.status.code().expect("no signal ends a command");
        Self { exit, out: text(output.stdout), err: text(output.stderr) }
    }
}

/// The program on a database of its own, with its mail server.
pub struct Jalon {
    program: PathBuf,
    folder: TempDir,
    home: Home,
    store: Store,
    pub smtp: SmtpServer,
    service: Mutex<Option<Service>>,
    today: Mutex<Day>,
}

impl Jalon {
    /// An installed product on a day: schema, market, accounts of both lots, and what they know of each other.
    ///
    /// `None` when the run has no server of that kind.
    pub async fn installed(kind: Database, today: &str) -> Option<Self> {
        let jalon = Self::empty(kind, today).await?;
        jalon.apply_market(|_| {});
        for staff in [LOT_1, LOT_2] {
            let Staff { lot, coordinator, officer, body, .. } = staff;
            let name = format!("Coordination du lot {lot}");
            jalon.ok(&["user", "add", coordinator, "--name", &name, "--role", "coordinator", "--body", body]);
            let name = format!("Région, lot {lot}");
            jalon.ok(&["user", "add", officer, "--name", &name, "--role", "region_officer", "--lot", lot]);
        }
        jalon.ok(&["user", "add", FINANCE, "--name", "Léa Caron", "--role", "region_finance"]);
        Some(jalon)
    }

    /// A database with its schema and nothing in it, on a day.
    pub async fn empty(kind: Database, today: &str) -> Option<Self> {
        let home = Home::new(kind).await?;
        let store = Store::connect(&store_options(home.url())).await.expect("the new database answers");
        let folder = tempfile::tempdir().expect("a folder for the program");
        let smtp = SmtpServer::start().await;
        let today_day = samples::day(today);
        let jalon = Self {
            program: program(),
            folder,
            home,
            store,
            smtp,
            service: Mutex::default(),
            today: Mutex::new(today_day),
        };
        jalon.ok(&["migrate"]);
        jalon.to(today).await;
        Some(jalon)
    }

    /// What the pages use, beside the program.
    pub fn app(&self) -> App {
        App::new(self.store.clone(), settings())
    }

    /// The folder in which the program runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Applies the market of the repository with some changes, from its first day.
    pub fn apply_market(&self, change: impl FnOnce(&mut String)) {
        let mut text = MARKET.to_owned();
        change(&mut text);
        let file = self.folder().join("market.toml");
        std::fs::write(&file, text).expect("the market is written");
        self.ok(&["config", "apply", "--market", &file.display().to_string()]);
    }

    fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(line).current_dir(self.folder()).env_clear().stdin(Stdio::null());
        let secret = std::str::from_utf8(SECRET).expect("the secret of the tests is text");
        command.env("JALON_DATABASE_URL", self.home.url()).env("JALON_SECRET_KEY", secret);
        command.env("JALON_SMTP_URL", self.smtp.url()).env("JALON_PUBLIC_URL", "https://jalon.example");
        // The zone of the machine, under which the tests that bear dates run.
        command.envs(std::env::var("TZ").map(|zone| ("TZ", zone)));
        command
    }

    /// Runs a command.
    pub fn run(&self, line: &[&str]) -> Said {
        Said::of(&mut self.command(line))
    }

    /// Runs a command that does what is asked.
    #[track_caller]
    pub fn ok(&self, line: &[&str]) -> String {
        let said = self.run(line);
        assert_eq!(said.exit, 0, "{line:?}: {}{}", said.out, said.err);
        said.out
    }

    /// Runs a command that answers as JSON.
    #[track_caller]
    pub fn json(&self, line: &[&str]) -> Value {
        let line: Vec<&str> = line.iter().copied().chain(["--format", "json"]).collect();
        let out = self.ok(&line);
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{line:?} is no JSON ({error}): {out}"))
    }

    /// Runs a command that is refused with this code and for this family of reasons, and gives what it said.
    #[track_caller]
    pub fn refused(&self, line: &[&str], exit: i32, code: &str) -> String {
        let said = self.run(line);
        let first = said.err.lines().next().unwrap_or_default();
        assert!(
            said.exit == exit && said.out.is_empty() && first.ends_with(&format!("[{code}]")),
            "{line:?} is not refused with {exit} [{code}]: {said:?}"
        );
        said.err
    }

    /// Today, on the clock of the store.
    pub fn today(&self) -> Day {
        *self.today.lock().expect("no test fails while it moves the clock")
    }

    /// Moves the clock to the evening of a day: what a form dates of that day has taken place.
    pub async fn to(&self, day: &str) {
        self.at(samples::day(day), 18).await;
    }

    /// Moves the clock to an hour of a day, once every message has left: the lease of one in hand would end at once, and the
    /// message leave again.
    pub async fn at(&self, day: Day, hour: u32) {
        let start = Instant::now();
        let tx = loop {
            self.all_left().await;
            // The service may put one in hand until the write begins.
            let tx = self.store.begin_write().await.expect("the store answers");
            if !self.works() || !waits(&tx).await {
                break tx;
            }
            tx.rollback().await.expect("nothing was written");
            assert!(start.elapsed() < PATIENCE, "not in time: every message has left");
        };
        let now = tx.now().await.expect("the store has a clock");
        let offset = tx.clock_offset().await.expect("the store has an offset");
        tx.set_clock_offset(offset + (at_paris(day, hour, 0) - now)).await.expect("the clock moves");
        tx.commit().await.expect("the clock moves");
        *self.today.lock().expect("no test fails while it moves the clock") = day;
    }

    /// A form as `--set` takes it; a document becomes a file of the folder.
    pub fn typed(&self, form: &Form) -> Vec<String> {
        let value = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Bool(yes) => if *yes { "oui" } else { "non" }.to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Object(document) => {
                let name = document["name"].as_str().expect("a document has a name");
                let file = self.folder().join(name);
                std::fs::write(&file, format!("%PDF-1.7 {name}")).expect("the document is written");
                format!("@{}", file.display())
            }
            Value::Null | Value::Array(_) => panic!("{value} cannot be typed"),
        };
        form.iter()
            .filter(|(_, given)| !given.is_null())
            .map(|(name, given)| format!("{name}={}", value(given)))
            .collect()
    }

    /// An order of a lot, drafted, endorsed and notified by commands; each of its messages is received.
    pub async fn notified_order(&self, staff: &Staff, units: &str) -> String {
        let day = self.today().to_string();
        let (lot, year) = (format!("lot={}", staff.lot), format!("budget_year={}", &day[..4]));
        let units = format!("units={units}");
        let drafted = self.json(&["order", "new", "--as", staff.officer, "--set", &lot, &year, &units]);
        assert_eq!((&drafted["state"], drafted["events"].as_array().map(Vec::len)), (&"draft".into(), Some(1)));
        let reference = drafted["reference"].as_str().expect("an order has a reference").to_owned();
        let step = async |who: &str, name: &str, form: &[&str], told: &[&str]| {
            let set = if form.is_empty() { vec![] } else { [&["--set"], form].concat() };
            let line = [&["order", "advance", &reference, name, "--as", who][..], &set].concat();
            let done = self.json(&line);
            let messages = self.received_about(&events(&done), told).await;
            for message in messages {
                assert!(message.subject().starts_with(&reference), "{}", message.subject());
            }
        };
        step(staff.officer, "request_endorsement", &[], &[FINANCE]).await;
        step(FINANCE, "endorse", &["commitment_number=EJ-2026-0141"], &[staff.officer]).await;
        let (sent, consulted) = (format!("sent_on={day}"), format!("consulted_on={day}"));
        let form = ["channel=buyer_profile", &sent, &consulted, "proof=AR-1"];
        step(staff.officer, "notify_order", &form, &[staff.holder]).await;
        reference
    }

    /// Waits for the messages of events, and checks that they went to these addresses, once each, and to nobody else.
    #[track_caller]
    pub fn received_about<'j>(
        &'j self,
        events: &[String],
        told: &[&str],
    ) -> impl Future<Output = Vec<Received>> + use<'j> {
        let events = events.to_vec();
        let mut told: Vec<String> = told.iter().map(|address| (*address).to_owned()).collect();
        told.sort();
        let caller = std::panic::Location::caller();
        async move {
            let listed = self.json(&["messages", "list"]);
            // The alert that a step makes the places of a lot ring is not about the step.
            let of_events = |message: &&Value| {
                message["kind"] != "place_alert" && events.iter().any(|event| message["event"] == event.as_str())
            };
            let owed = listed.as_array().expect("a list").iter().filter(of_events);
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            let owed: Vec<_> = owed.map(|message| (text(&message["message_id"]), text(&message["to"]))).collect();
            let mut to: Vec<&str> = owed.iter().map(|(_, to)| to.as_str()).collect();
            to.sort();
            assert_eq!(to, told, "who is told, at {caller}");
            let about = || {
                let all = self.smtp.received().into_iter();
                let owed = |message: &Received| owed.iter().any(|(id, _)| *id == message.message_id());
                all.filter(owed).collect::<Vec<_>>()
            };
            let start = Instant::now();
            while about().len() < told.len() && start.elapsed() < PATIENCE {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            let messages = about();
            let event = |message: &Received| message.header("X-Jalon-Event").expect("a message names its event");
            assert!(messages.iter().all(|message| events.contains(&event(message))));
            let mut to: Vec<String> = messages.iter().map(|message| message.to.join(" and ")).collect();
            to.sort();
            assert_eq!(to, told, "who received it, at {caller}");
            messages
        }
    }

    /// Starts the service that sends messages and watches deadlines.
    pub fn work(&self) {
        self.start(&["worker"], "worker started");
    }

    /// Starts the service with its pages, and gives their address.
    pub fn serve(&self) -> SocketAddr {
        let said = self.start(&["serve", "--listen", "127.0.0.1:0"], "serving");
        let address = said["address"].as_str().expect("the service says where it listens");
        address.parse().expect("it listens on an address")
    }

    fn start(&self, line: &[&str], ready: &str) -> Value {
        let mut command = self.command(line);
        command.env("JALON_LOG_FORMAT", "json").env("JALON_MAIL_RATE", "1000");
        command.env("JALON_MAIL_INTERVAL", "40 ms").env("JALON_CLOCKS_INTERVAL", "60 ms");
        let (service, said) = Service::start(&mut command, ready);
        let before = self.service.lock().expect("no test fails while it starts the service").replace(service);
        assert!(before.is_none(), "the service was started twice");
        said
    }

    /// Tells the service to stop, which it does at once and well.
    pub fn stop(&self) {
        let service = self.service.lock().expect("no test fails while it stops the service").take();
        service.expect("the service was started").stop();
    }

    /// Waits until something is so.
    #[track_caller]
    pub fn until<'j>(&'j self, what: &'j str, holds: impl Fn() -> bool + 'j) -> impl Future<Output = ()> + 'j {
        let caller = std::panic::Location::caller();
        async move {
            let start = Instant::now();
            while !holds() {
                assert!(start.elapsed() < PATIENCE, "not in time: {what}, at {caller}");
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        }
    }

    fn works(&self) -> bool {
        self.service.lock().expect("no test fails while it looks at the service").is_some()
    }

    /// Waits until no message is queued or in hand, if the service runs.
    async fn all_left(&self) {
        let start = Instant::now();
        while self.works() {
            let tx = self.store.begin_read().await.expect("the store answers");
            let waits = waits(&tx).await;
            tx.rollback().await.expect("nothing was written");
            if !waits {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "not in time: every message has left");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The messages that the store says it sent, with their recipients.
    fn owed(&self) -> Vec<(String, String, String)> {
        let listed = self.json(&["messages", "list", "--limit", "1000"]);
        // A reminder that had lost its object by the time it was to leave is kept back.
        let kept = |message: &&Value| message["state"] == "held" && message["kind"] == "reminder";
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let owed = |message: &Value| (text(&message["message_id"]), text(&message["to"]), text(&message["state"]));
        let listed = listed.as_array().expect("a list").iter();
        let mut owed: Vec<_> = listed.filter(|message| !kept(message)).map(owed).collect();
        owed.sort();
        owed
    }

    /// The messages that the mail server received, with their recipients.
    fn taken(&self) -> Vec<(String, String, String)> {
        let received = self.smtp.received();
        let taken = |message: &Received| (message.message_id(), message.to.join(" and "), "sent".to_owned());
        let mut taken: Vec<_> = received.iter().map(taken).collect();
        taken.sort();
        taken
    }

    /// Ends well: every message has left once, nobody else was written to, and the store agrees with itself.
    pub async fn finish(self, staff: &Staff) {
        // What a deadline brings may be written between the list and what has been received: both are read until they agree.
        let start = Instant::now();
        let taken = loop {
            self.all_left().await;
            let (owed, taken) = (self.owed(), self.taken());
            if owed == taken || start.elapsed() > PATIENCE {
                assert_eq!(taken, owed, "each message once, to its recipient");
                break taken;
            }
        };
        let other = if staff.lot == "1" { LOT_2 } else { LOT_1 };
        for address in [other.coordinator, other.officer, other.holder] {
            assert!(taken.iter().all(|(_, to, _)| to != address), "{address} works for the other lot");
        }
        let verified = self.run(&["verify"]);
        assert_eq!((verified.exit, verified.err.as_str()), (0, ""), "{}", verified.out);
        if self.works() {
            self.stop();
        }
        let Self { store, home, .. } = self;
        store.close().await.expect("the pool closes");
        home.remove().await;
    }
}

/// Whether a message is queued or in hand.
async fn waits(tx: &Tx) -> bool {
    let counts = tx.message_counts().await.expect("the store counts messages");
    let waits = |state: MessageState| matches!(state, MessageState::Queued | MessageState::Sending);
    counts.iter().any(|(state, count, _)| *count > 0 && waits(*state))
}

/// The identifiers of the events that a step recorded.
pub fn events(done: &Value) -> Vec<String> {
    let events = done["events"].as_array().expect("a step says what it recorded");
    events.iter().map(|event| event["id"].as_str().expect("an event has an identifier").to_owned()).collect()
}

/// The link of a message to someone outside.
pub fn link(message: &Received) -> Option<String> {
    let text = message.text();
    let (_, rest) = text.split_once(PORTAL)?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).unwrap_or(rest.len());
    Some(format!("{PORTAL}{}", &rest[..end]))
}

/// The service as a process; it is killed when the test fails.
struct Service {
    process: Child,
    said: Arc<Mutex<String>>,
}

impl Service {
    /// Starts it and waits until it says that it is ready; gives that line.
    fn start(command: &mut Command, ready: &str) -> (Self, Value) {
        let mut process = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the service starts");
        let out = BufReader::new(process.stderr.take().expect("its log is piped"));
        let said = Arc::new(Mutex::new(String::new()));
        let (sender, lines) = channel();
        let kept = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                kept.lock().expect("nothing fails while a line is kept").push_str(&format!("{line}\n"));
                // Whoever started it listens until it is ready.
                let _ = sender.send(line);
            }
        });
        let service = Self { process, said };
        let line = service.wait_for(&lines, ready);
        (service, line)
    }

    fn wait_for(&self, lines: &Receiver<String>, ready: &str) -> Value {
        let start = Instant::now();
        while let Ok(line) = lines.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
            let line: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
            if line["message"] == ready {
                return line;
            }
        }
        panic!("the service is not ready: {}", self.log())
    }

    fn log(&self) -> String {
        self.said.lock().expect("nothing fails while a line is kept").clone()
    }

    fn stop(mut self) {
        let told = Command::new("/bin/sh").args(["-c", &format!("kill -TERM {}", self.process.id())]).status();
        assert!(told.expect("there is a shell").success());
        let start = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().expect("it can be waited for") {
                assert!(status.success(), "{status}: {}", self.log());
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(15), "the service does not stop: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended already when it was told to stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
