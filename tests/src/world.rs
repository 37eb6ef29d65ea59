//! The product on a database of its own, with the sample market, its accounts and a notified order, to play paths in.
//!
//! Rules kept here:
//! - everything is done through the use cases, as a person would; only the clock is moved beside them;
//! - a day of a world is its evening, by which everything that a sample form dates of that day has taken place;
//! - every act that was answered « done » is noted with what it announced, for whoever checks the journal afterwards.
//!
//! To reach a new state, give [`next`] its step: [`World::reach`] and the random histories go by it.

mod database;
mod plot;
mod script;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::{
    App, AppError, Attached, Attachment, MessageSummary, Options, OrderOptions, OrderTarget, Outcome, Settings, Target,
};
use chrono::TimeDelta;
use domain::calendar::{at_paris, paris_day};
use domain::form::Form;
use domain::identifiers::{EventId, LotCode, OrderReference, PathId};
use domain::market::Market;
use domain::order::{OrderTransition, PurchaseOrder};
use domain::path::table::commits_company;
use domain::path::{Path, State, Step, Transition};
use domain::people::{Account, Actor, OutsideRole, Side, StaffRole};
use domain::places::Policy;
use domain::{Day, Instant, samples};
use notifier::transport::{Smtp, SmtpSettings, SmtpTimeouts, Transport};
use persistence::{Store, StoreOptions};
use serde_json::{Value, json};

pub use database::{Database, Home};
pub use plot::{Next, next};
pub use script::Script;

/// The secret of every world: a second program on the same database needs the same.
pub const SECRET: &[u8] = b"a secret of the tests, 32 bytes.";

/// What a world starts with.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Its first day.
    pub start: Day,
    /// Units of the notified order of each lot, one option after the other; empty for none.
    pub units: &'static str,
    /// Places of each lot and year.
    pub places: u32,
    pub policy: Policy,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            start: samples::day("2026-03-02"),
            units: "P1 200\nM1 200\nM2 60\nN1 200\nN2 10\nN3 5",
            places: 250,
            policy: Policy::Block,
        }
    }
}

/// An act answered « done »: what is in the journal for ever, and who was said to be told.
#[derive(Debug, Clone)]
pub struct Answered {
    pub path: PathId,
    pub events: Vec<EventId>,
    pub messages: Vec<MessageSummary>,
}

/// The product on a database of its own; clones share it.
#[derive(Debug, Clone)]
pub struct World {
    pub app: App,
    pub market: Market,
    /// The orders notified at the start, by lot.
    pub orders: Vec<PurchaseOrder>,
    answered: Arc<Mutex<Vec<Answered>>>,
}

/// Settings with delays that a test can wait for.
pub fn settings() -> Settings {
    Settings {
        public_url: "https://jalon.example".to_owned(),
        sender_name: "Jalon".to_owned(),
        sender_address: "ne-pas-repondre@jalon.example".to_owned(),
        retry: app::RetryPolicy::default(),
        lease: Duration::from_secs(120),
        link_days: 90,
        document_size: 1024 * 1024,
        documents_per_path: 200,
        link_requests_per_hour: 3,
        exports_per_hour: 30,
        directory: None,
        lookups_per_hour: 60,
        resends_apart: Duration::from_secs(20 * 60),
        uploads_per_day: 300,
        drafts_kept: Duration::from_secs(30 * 24 * 3600),
    }
}

/// Options of a store on an address, with a pool in which many tasks may race.
pub fn store_options(url: &str) -> StoreOptions {
    StoreOptions { acquire_timeout: Duration::from_secs(20), ..StoreOptions::new(url, SECRET) }
}

/// A transport to a mail server, with time-outs that a test can wait for.
///
/// # Panics
/// The address is not one of a mail server.
pub fn transport(url: &str) -> Transport {
    let quick = Duration::from_millis(400);
    let settings = SmtpSettings::from_url(url, "jalon.example").expect("the address of the server of the test");
    Transport::Smtp(Smtp::new(SmtpSettings {
        timeouts: SmtpTimeouts {
            connect: quick,
            greeting: quick,
            command: quick,
            message: quick,
            whole: Duration::from_secs(2),
        },
        ..settings
    }))
}

/// The evening of a day.
pub fn evening(day: Day) -> Instant {
    at_paris(day, 18, 0)
}

/// Who of the staff acts for a side on a lot.
///
/// # Panics
/// The side has no staff.
pub fn staff(side: Side, lot: u8) -> Account {
    match side {
        Side::Region => samples::account(StaffRole::RegionOfficer, lot),
        Side::Finance => samples::account(StaffRole::RegionFinance, lot),
        Side::Body => samples::account(StaffRole::Coordinator, lot),
        Side::Company | Side::Trainee | Side::Tutor | Side::System => panic!("{side} has no account"),
    }
}

/// Who acts for a side on a path; on no path yet, the staff of lot 1.
pub fn actor(side: Side, path: Option<&Path>) -> Option<Actor> {
    let lot = path.map_or(1, |path| if path.lot.as_str() == "2" { 2 } else { 1 });
    match side {
        Side::Region | Side::Finance | Side::Body => Some(staff(side, lot).actor()),
        Side::Company => outside(OutsideRole::Company, path?),
        Side::Trainee => outside(OutsideRole::Trainee, path?),
        Side::Tutor => outside(OutsideRole::Tutor, path?),
        Side::System => Some(Actor::System),
    }
}

/// Who has a role outside on a path.
pub fn outside(role: OutsideRole, path: &Path) -> Option<Actor> {
    Some(Actor::Outside { person: path.person_of(role)?.id, role, path: path.id })
}

/// A step's sample form for a day with some fields changed; `null` removes one.
pub fn form(step: Step, today: Day, changes: &Value) -> Form {
    let mut form = samples::form(step, today);
    for (name, value) in changes.as_object().into_iter().flatten() {
        form.insert(name.clone(), value.clone());
    }
    form
}

impl World {
    /// A new world on an empty, migrated database.
    ///
    /// # Panics
    /// The database does not answer, or the product refuses its own samples.
    pub async fn new(url: &str, setup: &Setup) -> Self {
        let store = Store::connect(&store_options(url)).await.expect("the new database answers");
        let mut market = samples::market();
        market.places.policy = setup.policy;
        for lot in &mut market.lots {
            lot.places_per_year = Some(setup.places);
        }
        let tx = store.begin_write().await.expect("the new database takes a writer");
        let real = tx.now().await.expect("the store has a clock");
        let start = evening(setup.start);
        tx.set_clock_offset(start - real).await.expect("the clock moves");
        for lot in [1, 2] {
            for role in [StaffRole::RegionOfficer, StaffRole::RegionFinance, StaffRole::Coordinator] {
                tx.insert_account(&samples::account(role, lot), start).await.expect("the sample accounts differ");
            }
        }
        tx.commit().await.expect("the accounts are written");
        let app = App::new(store, settings());
        app.apply_market("tests", &market, market.starts_on, None).await.expect("the sample market is applied");
        let mut world = Self { app, market, orders: Vec::new(), answered: Arc::default() };
        if !setup.units.is_empty() {
            for lot in [1, 2] {
                let order = world.notified_order(lot, setup.units).await;
                world.orders.push(order);
            }
        }
        world
    }

    /// The same product started again on the same database, with settings of its own.
    ///
    /// # Panics
    /// The database does not answer.
    pub async fn another_app(url: &str, settings: Settings) -> App {
        App::new(Store::connect(&store_options(url)).await.expect("the database answers"), settings)
    }

    /// The same world with other settings.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.app = App::new(self.app.store().clone(), settings);
        self
    }

    /// The same world on its store opened otherwise.
    #[must_use]
    pub fn on_store(mut self, store: Store) -> Self {
        self.app = App::new(store, self.app.settings().clone());
        self
    }

    /// The store's day.
    ///
    /// # Panics
    /// The store does not answer.
    pub async fn today(&self) -> Day {
        paris_day(self.app.now().await.expect("the store answers"))
    }

    /// Moves the clock to an instant.
    ///
    /// # Panics
    /// The store does not answer.
    pub async fn set_clock(&self, at: Instant) {
        let tx = self.app.store().begin_write().await.expect("the store answers");
        let now = tx.now().await.expect("the store has a clock");
        let offset = tx.clock_offset().await.expect("the store has an offset");
        tx.set_clock_offset(offset + (at - now)).await.expect("the clock moves");
        tx.commit().await.expect("the clock moves");
    }

    /// Moves the clock on.
    ///
    /// # Panics
    /// The store does not answer.
    pub async fn wait(&self, span: TimeDelta) {
        let now = self.app.now().await.expect("the store answers");
        self.set_clock(now + span).await;
    }

    /// Moves to the evening of a day.
    pub async fn to(&self, day: &str) {
        self.set_clock(evening(samples::day(day))).await;
    }

    /// Moves to the evening some days later.
    pub async fn later(&self, days: i64) {
        self.set_clock(evening(self.today().await + TimeDelta::days(days))).await;
    }

    /// Performs a step as an actor, and notes it when it is answered « done ».
    ///
    /// # Errors
    /// What the product answers.
    pub async fn act(
        &self,
        actor: &Actor,
        target: &Target,
        step: impl Into<Step>,
        form: &Form,
        options: &Options,
    ) -> Result<Outcome, AppError> {
        let outcome = self.app.advance(actor, target, step.into(), form, options).await?;
        if !outcome.replayed {
            self.note(&outcome);
        }
        Ok(outcome)
    }

    fn note(&self, outcome: &Outcome) {
        let answered = Answered {
            path: outcome.path.id,
            events: outcome.events.iter().map(|event| event.id).collect(),
            messages: outcome.messages.clone(),
        };
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).push(answered);
    }

    /// Every act answered « done » so far.
    pub fn answered(&self) -> Vec<Answered> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Plays a step's sample form with some fields changed, for a side of a path, or of a new one.
    ///
    /// # Errors
    /// What the product answers.
    ///
    /// # Panics
    /// Nobody acts for that side on that path.
    pub async fn play(
        &self,
        side: Side,
        path: Option<&Path>,
        step: impl Into<Step>,
        changes: Value,
    ) -> Result<Outcome, AppError> {
        let step = step.into();
        let signatory = path.filter(|_| side == Side::Company && commits_company(step));
        let actor = signatory.and_then(|path| outside(path.signs_for_company(), path)).or_else(|| actor(side, path));
        let actor = actor.unwrap_or_else(|| panic!("nobody acts as {side} for {step}"));
        let opens = matches!(step, Step::Transition(Transition::ReportNeed | Transition::OpenSibling));
        let target = match path {
            Some(path) if !opens => Target::Path(path.reference.clone()),
            Some(_) | None => Target::New,
        };
        let form = form(step, self.today().await, &changes);
        self.act(&actor, &target, step, &form, &Options::default()).await
    }

    /// Plays a step that must be accepted; the path afterwards.
    ///
    /// # Panics
    /// It is refused.
    pub async fn ok(&self, side: Side, path: Option<&Path>, step: impl Into<Step>, changes: Value) -> Path {
        let step = step.into();
        match self.play(side, path, step, changes).await {
            Ok(outcome) => outcome.path,
            Err(error) => panic!("{step} by {side} from {:?}: {error:?}", path.map(|path| path.state)),
        }
    }

    /// Plays the next step of the main line.
    ///
    /// # Panics
    /// It is refused, or the path has ended.
    pub async fn forward(&self, path: &Path) -> Path {
        let Next { side, step, changes } = next(path, self.today().await).expect("the path has not ended");
        self.ok(side, Some(path), step, changes).await
    }

    /// A new path, its need just reported.
    pub async fn open(&self) -> Path {
        self.ok(Side::Body, None, Transition::ReportNeed, json!({})).await
    }

    /// A new path in a state of the main line.
    pub async fn reach(&self, state: State) -> Path {
        let path = self.open().await;
        self.lead(path, state).await
    }

    /// Leads a path along the main line to a state.
    ///
    /// # Panics
    /// The state is not ahead on the main line.
    pub async fn lead(&self, mut path: Path, state: State) -> Path {
        let mut steps = 0;
        while path.state != state {
            path = self.forward(&path).await;
            steps += 1;
            assert!(steps < 40, "{state} is not ahead on the main line");
        }
        path
    }

    /// Siblings of a path, ready for a candidate each: the shortest way to many paths.
    pub async fn siblings(&self, source: &Path, count: usize) -> Vec<Path> {
        let mut siblings = Vec::with_capacity(count);
        let changes = json!({ "source": source.reference });
        for _ in 0..count {
            let path = self.ok(Side::Body, Some(source), Transition::OpenSibling, changes.clone()).await;
            siblings.push(self.ok(Side::Body, Some(&path), Transition::OpenSelection, json!({})).await);
        }
        siblings
    }

    /// A new order of a lot for this year, notified today.
    ///
    /// # Panics
    /// The product refuses it.
    pub async fn notified_order(&self, lot: u8, units: &str) -> PurchaseOrder {
        let order = self.endorsable_order(lot, units).await;
        let target = OrderTarget::Order(order.reference);
        let endorsed = json!({ "commitment_number": format!("EJ-{lot}"), "service_code": "FORM-CONT" });
        self.order(Side::Finance, lot, &target, OrderTransition::Endorse, endorsed).await.expect("the visa is given");
        let today = self.today().await;
        let notified = json!({ "channel": "buyer_profile", "sent_on": today, "consulted_on": today, "proof": "AR-1" });
        self.order(Side::Region, lot, &target, OrderTransition::NotifyOrder, notified).await.expect("it is notified")
    }

    /// A new order of a lot for this year, waiting for its visa.
    ///
    /// # Panics
    /// The product refuses it.
    pub async fn endorsable_order(&self, lot: u8, units: &str) -> PurchaseOrder {
        let year = chrono::Datelike::year(&self.today().await);
        let draft = json!({ "lot": lot.to_string(), "budget_year": year, "units": units });
        let order = self.order(Side::Region, lot, &OrderTarget::New, OrderTransition::DraftOrder, draft).await;
        let target = OrderTarget::Order(order.expect("the order is drafted").reference);
        let sent = self.order(Side::Region, lot, &target, OrderTransition::RequestEndorsement, json!({})).await;
        sent.expect("the draft is sent to finance")
    }

    /// Performs a transition of an order for a side.
    ///
    /// # Errors
    /// What the product answers.
    pub async fn order(
        &self,
        side: Side,
        lot: u8,
        target: &OrderTarget,
        transition: OrderTransition,
        form: Value,
    ) -> Result<PurchaseOrder, AppError> {
        let form = form.as_object().cloned().unwrap_or_default();
        let actor = staff(side, lot).actor();
        Ok(self.app.order(&actor, target, transition, &form, &OrderOptions::default()).await?.order)
    }

    /// The path as it is stored.
    ///
    /// # Panics
    /// It is not there.
    pub async fn stored(&self, path: &Path) -> Path {
        let view = self.app.path(&Actor::System, &path.reference).await;
        view.expect("the path is stored").path
    }

    /// The stored reference of the order of a lot.
    pub fn order_of(&self, lot: &LotCode) -> Option<&OrderReference> {
        self.orders.iter().find(|order| &order.lot == lot).map(|order| &order.reference)
    }
}

/// A document that a form may name, with the field's value.
pub fn document(name: &str, kind: domain::path::command::DocumentKind) -> (Attachment, Value) {
    let bytes = format!("%PDF-1.7\n{name}\n%%EOF\n").into_bytes();
    let value = json!({ "name": name, "sha256": persistence::document_digest(&bytes) });
    let file = Attached::Bytes(bytes);
    (Attachment { name: name.to_owned(), media_type: "application/pdf".to_owned(), file, kind }, value)
}
