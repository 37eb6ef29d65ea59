//! Random histories through the whole product on each database: whatever is played, by whomever, on whatever day, the store
//! verifies clean and the invariants hold.
//!
//! A lot with scarce units and places lives through a few histories in a row; each plays some commands on paths of its own,
//! most of them sensible, while orders come and go, days pass and the clock loop runs. `JALON_HISTORIES` sets how many
//! histories each database sees, `JALON_FIRST_SEED` the seed of the first lot; a failure prints the seed of its lot and what was
//! played, and `JALON_SEED` plays it again.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use app::{AppError, FiguresAsked, Options, OrderOptions, OrderTarget, Since, Target};
use chrono::TimeDelta;
use domain::Day;
use domain::form::Form;
use domain::identifiers::OrderReference;
use domain::order::OrderTransition;
use domain::path::decide::available;
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::{Actor, Side};
use domain::places::Policy;
use domain::samples;
use notifier::transport::{Memory, Transport};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tests::world::{Database, Home, Next, Setup, World, actor, evening, form, next, staff};
use tokio::task::{JoinError, JoinSet};

use crate::invariants::{Allowed, check_all};

const HISTORIES: u64 = 300;
/// Histories that one lot lives through.
const PER_LOT: u64 = 10;
const COMMANDS: usize = 16;
/// Lots that live side by side.
const AT_ONCE: usize = 4;

/// What the histories met, so that a run that meets nothing is a failure too.
#[derive(Debug, Default)]
struct Met {
    done: usize,
    states: BTreeSet<State>,
    refusals: BTreeSet<&'static str>,
}

impl Met {
    fn add(&mut self, lot: Option<Result<Self, JoinError>>) {
        let Some(lot) = lot else { return };
        // The panic of a lot has told its seed and its history already.
        let lot = lot.expect("the lot lives to its end");
        self.done += lot.done;
        self.states.extend(lot.states);
        self.refusals.extend(lot.refusals);
    }
}

struct Life {
    world: World,
    random: StdRng,
    orders: Vec<OrderReference>,
    /// A path whose programme its siblings use: they begin where it stands.
    source: Path,
    paths: Vec<Path>,
    told: String,
    met: Met,
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

async fn lots(kind: Database) {
    let seeds = match number("JALON_SEED") {
        Some(seed) => seed..seed + 1,
        None => {
            let first = number("JALON_FIRST_SEED").unwrap_or(0);
            first..first + number("JALON_HISTORIES").unwrap_or(HISTORIES).div_ceil(PER_LOT)
        }
    };
    let whole = seeds.end - seeds.start > 10;
    let mut met = Met::default();
    let mut living = JoinSet::new();
    for seed in seeds {
        if living.len() == AT_ONCE {
            met.add(living.join_next().await);
        }
        let Some(home) = Home::new(kind).await else { return };
        living.spawn(async move {
            println!("{kind:?} JALON_SEED={seed}");
            let of_lot = lot(seed, &home).await;
            home.remove().await;
            of_lot
        });
    }
    while !living.is_empty() {
        met.add(living.join_next().await);
    }
    println!("{} commands done, {} states, refusals {:?}", met.done, met.states.len(), met.refusals);
    if whole {
        assert!(met.states.len() >= 18, "{:?}", met.states);
        assert!(met.refusals.len() >= 12, "{:?}", met.refusals);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    lots(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    lots(Database::Postgres).await;
}

/// The life of a lot, from its seed.
async fn lot(seed: u64, home: &Home) -> Met {
    let mut random = StdRng::seed_from_u64(seed);
    let policies = [Policy::Block, Policy::Block, Policy::Waitlist, Policy::Waitlist, Policy::Warn];
    let setup = Setup {
        start: samples::day("2025-11-03") + TimeDelta::days(random.random_range(0..200)),
        units: "P1 12\nM1 8\nM2 3\nN1 5\nN2 2",
        places: random.random_range(1..4),
        policy: policies[random.random_range(0..policies.len())],
    };
    let world = World::new(home.url(), &setup).await;
    let orders = world.orders.iter().map(|order| order.reference.clone()).collect();
    let source = world.reach(State::Ready).await;
    let mut life = Life { world, random, orders, source, paths: Vec::new(), told: String::new(), met: Met::default() };
    // What is known at these instants is asked again at the end.
    let mut fixed = Vec::new();
    for history in 0..PER_LOT {
        if history % 3 == 1 {
            fixed.push(life.figures_now().await);
        }
        let _ = writeln!(life.told, "— history {history}");
        life.paths.clear();
        life.lead().await;
        for _ in 0..COMMANDS {
            life.day_passes().await;
            if life.random.random_ratio(1, 16) {
                life.order().await;
            } else {
                life.command().await;
            }
        }
    }
    let mail = Transport::Memory(Memory::default());
    life.world.app.deliver(&mail, u32::MAX).await.expect("the store answers");
    check_all(&life.world, None, Allowed::default()).await;
    for (asked, said) in fixed {
        assert_eq!(life.figures(asked).await, said, "a figure known at {asked:?} has moved\n{}", life.told);
    }
    life.world.app.store().close().await.expect("the pool closes");
    life.met
}

impl Life {
    fn pick<V: Clone>(&mut self, values: &[V]) -> V {
        values[self.random.random_range(0..values.len())].clone()
    }

    fn one_in(&mut self, bound: u32) -> bool {
        self.random.random_ratio(1, bound)
    }

    /// What figures say at a moment.
    async fn figures(&self, asked: FiguresAsked) -> String {
        let dashboard = self.world.app.dashboard(&staff(Side::Region, 1).actor(), asked).await;
        crate::figures::said(&dashboard.expect("figures are read"))
    }

    /// What figures say today as known by now, on a day that may be long past.
    async fn figures_now(&mut self) -> (FiguresAsked, String) {
        let now = self.world.app.now().await.expect("the store answers");
        let day = self.world.today().await - TimeDelta::days(self.random.random_range(0..60));
        let asked = FiguresAsked { as_of: Some(day), known_at: Some(now), since: Since::Market };
        // Nothing else is recorded at this instant.
        self.world.set_clock(now + TimeDelta::milliseconds(1)).await;
        (asked, self.figures(asked).await)
    }

    /// Begins with a path somewhere on the main line.
    async fn lead(&mut self) {
        let today = self.world.today().await;
        self.opening(today).await;
        for _ in 0..self.random.random_range(0..18) {
            let Some(path) = self.paths.first().cloned() else { return };
            let Some(Next { side, step, changes }) = next(&path, today) else { return };
            let who = actor(side, Some(&path)).expect("the main line names who acts");
            let target = Target::Path(path.reference.clone());
            let form = form(step, today, &changes);
            let Some(path) = self.play(&who, &target, step, &form, &Options::default()).await else { return };
            self.paths[0] = path;
        }
    }

    async fn day_passes(&mut self) {
        if !self.one_in(4) {
            return;
        }
        let days = self.pick(&[1, 1, 1, 2, 3, 5, 7, 16]);
        let today = self.world.today().await + TimeDelta::days(days);
        // Beyond the market nothing is done any more: the last histories stay in its last days.
        let today = today.min(samples::day("2027-06-25"));
        let at = evening(today).max(self.world.app.now().await.expect("the store answers"));
        self.world.set_clock(at).await;
        if self.one_in(2) {
            let report = self.world.app.tick().await;
            let report = report.unwrap_or_else(|error| panic!("the clocks: {error:?}\n{}", self.told));
            let _ = writeln!(self.told, "{today}: {report:?}");
        }
    }

    /// One command on a path, sensible or not.
    async fn command(&mut self) {
        let today = self.world.today().await;
        if self.paths.is_empty() || (self.paths.len() < 3 && self.one_in(12)) {
            return self.opening(today).await;
        }
        let rank = self.random.random_range(0..self.paths.len());
        let path = self.world.stored(&self.paths[rank]).await;
        let (side, step, changes) = self.choose(&path, today);
        let Some(mut who) = actor(side, Some(&path)) else { return };
        let stranger = self.one_in(25);
        if stranger {
            // The coordinator of the other lot: for them there is no such path.
            who = staff(Side::Body, if path.lot.as_str() == "2" { 1 } else { 2 }).actor();
        }
        let form = self.vary(form(step, today, &changes), today);
        let options = Options {
            expected_version: self.one_in(6).then(|| path.version - u32::from(self.one_in(4) && path.version > 1)),
            idempotency_key: self.one_in(4).then(|| format!("key-{}", self.random.random_range(0..u64::MAX))),
            ..Options::default()
        };
        let target = Target::Path(path.reference.clone());
        let after = self.play(&who, &target, step, &form, &options).await;
        assert!(!stranger || after.is_none(), "a stranger acted\n{}", self.told);
        let stored = self.world.stored(&path).await;
        assert_eq!(stored, after.unwrap_or(path), "what is stored is what was answered\n{}", self.told);
        self.paths[rank] = stored;
    }

    async fn opening(&mut self, today: Day) {
        let sibling = if self.one_in(3) { None } else { Some(self.source.clone()) };
        let lot = if self.one_in(4) { 2 } else { 1 };
        let side = if self.one_in(3) { Side::Region } else { Side::Body };
        let (who, step, changes) = match &sibling {
            Some(source) => (
                actor(side, Some(source)).expect("the staff acts"),
                Step::from(Transition::OpenSibling),
                json!({ "source": source.reference }),
            ),
            None => {
                let commune = if lot == 2 { "14118" } else { "76540" };
                (staff(side, lot).actor(), Transition::ReportNeed.into(), json!({ "commune": commune }))
            }
        };
        let form = self.vary(form(step, today, &changes), today);
        if let Some(path) = self.play(&who, &Target::New, step, &form, &Options::default()).await {
            self.paths.push(path);
        }
    }

    /// A step of the main line, one that the path allows, or any.
    fn choose(&mut self, path: &Path, today: Day) -> (Side, Step, Value) {
        let main = next(path, today);
        match (self.random.random_range(0..20), main) {
            (0..13, Some(Next { side, step, changes })) => (side, step, changes),
            (0..18, _) => {
                let sides =
                    [Side::Region, Side::Region, Side::Body, Side::Body, Side::Company, Side::Trainee, Side::Tutor];
                let side = self.pick(&sides);
                let steps = actor(side, Some(path)).map(|actor| available(path, &actor)).unwrap_or_default();
                let step = if steps.is_empty() { Act::AddNote.into() } else { self.pick(&steps) };
                (side, step, self.variant(step, path))
            }
            (_, _) => {
                let all: Vec<Step> = Step::all().collect();
                let side = self.pick(&[Side::Region, Side::Body, Side::Company, Side::Finance, Side::System]);
                (side, self.pick(&all), json!({}))
            }
        }
    }

    /// Another way to perform a step than its sample form.
    fn variant(&mut self, step: Step, path: &Path) -> Value {
        match step {
            Step::Transition(Transition::DeliverFeasibility) => self.pick(&[
                json!({ "verdict": "not_feasible", "obstacle": "organisation", "commitment": null }),
                json!({ "verdict": "not_feasible", "obstacle": "people", "commitment": null }),
                json!({ "verdict": "feasible_with_conditions", "conditions": "2027-06-01 Poste aménagé" }),
                json!({ "commitment": "no_answer" }),
                json!({ "commitment": "letter", "letter": samples::document("lettre.pdf") }),
            ]),
            Step::Transition(Transition::AdmitFeasibility | Transition::AdmitPreparation | Transition::AdmitReport) => {
                self.pick(&[json!({}), json!({ "reduction": 12_345, "reasons": "Livrable incomplet." })])
            }
            Step::Transition(Transition::SelectCandidate) => {
                let entry = path.since + TimeDelta::days(self.random.random_range(1..400));
                json!({ "planned_entry": entry })
            }
            Step::Transition(Transition::EndTraining) => {
                json!({ "outcome": "early_exit_for_job", "reason": "Embauche.", "hours_done": self.random.random_range(0..8) })
            }
            Step::Transition(Transition::SignPif) => {
                json!({ "version": path.pif.as_ref().map_or(1, |pif| pif.version) })
            }
            Step::Transition(Transition::Cancel) => json!({ "amount": self.random.random_range(0..40_000) }),
            Step::Act(Act::AmendPif) => json!({ "afest_hours": self.pick(&[4, 20, 140, 160]) }),
            Step::Act(Act::DesignateTutor) => self.pick(&[
                json!({}),
                json!({ "email": null, "phone": "02 35 00 00 09" }),
                json!({ "training_proof": samples::document("formation-tuteur.pdf") }),
            ]),
            Step::Act(Act::DecideRequest) => {
                let request = self.pick(&["cancellation", "extension"]);
                json!({ "request": request, "granted": self.one_in(2) })
            }
            Step::Act(Act::CorrectDatum) => self.pick(&[
                json!({}),
                json!({ "datum": "planned_entry", "value": "2027-01-11" }),
                json!({ "datum": "entry_date", "value": path.since }),
                json!({ "datum": "commune", "value": "27229" }),
                json!({ "datum": "siret", "value": "35600000000048" }),
                json!({ "datum": "sequence", "value": null, "number": 1, "annul": true }),
                json!({ "datum": "hours_done", "value": 1 }),
            ]),
            Step::Transition(_) | Step::Act(_) => json!({}),
        }
    }

    /// Sometimes a value is missing, wrong, or of another day.
    fn vary(&mut self, mut form: Form, today: Day) -> Form {
        if self.one_in(8) {
            let on = today + TimeDelta::days(self.random.random_range(-6..4));
            if let Some(value) = form.get_mut("on") {
                *value = json!(on);
            }
        }
        let names: Vec<String> = form.keys().cloned().collect();
        if self.one_in(20) && !names.is_empty() {
            form.remove(&self.pick(&names));
        }
        if self.one_in(20) && !names.is_empty() {
            let wrong = self.pick(&[json!("n’importe quoi"), json!(-1), json!(true), json!([])]);
            form.insert(self.pick(&names), wrong);
        }
        form
    }

    /// Plays a command twice when it has a key: the second time is the first answer again.
    async fn play(&mut self, who: &Actor, target: &Target, step: Step, form: &Form, options: &Options) -> Option<Path> {
        let result = self.world.act(who, target, step, form, options).await;
        let _ = writeln!(
            self.told,
            "{step} on {target:?} by {:?}: {form:?} -> {:?}",
            who.side(),
            result.as_ref().map(|outcome| outcome.path.state)
        );
        match result {
            Ok(outcome) => {
                self.met.done += 1;
                self.met.states.insert(outcome.path.state);
                if options.idempotency_key.is_some() {
                    let again = self.world.act(who, target, step, form, options).await;
                    let again = again.unwrap_or_else(|error| panic!("sent again: {error:?}\n{}", self.told));
                    assert!(again.replayed && again.events == outcome.events, "{again:?}\n{}", self.told);
                }
                Some(outcome.path)
            }
            Err(error) => {
                self.refused(&error);
                None
            }
        }
    }

    fn refused(&mut self, error: &AppError) {
        match error {
            AppError::Refused(_) | AppError::OrderRefused(_) | AppError::Invalid(_) => {}
            AppError::Conflict(_) | AppError::NotFound | AppError::Forbidden | AppError::NoMarket => {}
            AppError::AccountRefused(_)
            | AppError::AccountConflict(_)
            | AppError::DelegationRefused(_)
            | AppError::DocumentTooLarge { .. }
            | AppError::TooManyDocuments { .. }
            | AppError::TooManyExports { .. }
            | AppError::TooManyUploads { .. }
            | AppError::NeedDecided
            | AppError::Typesetting(_)
            | AppError::KeyReused
            | AppError::Contended
            | AppError::Store(_) => panic!("{error:?}\n{}", self.told),
        }
        self.met.refusals.insert(error.code());
    }

    /// Something of an order: a new one, or a transition of one, possible or not.
    async fn order(&mut self) {
        let today = self.world.today().await;
        let transition = self.pick(&[
            OrderTransition::DraftOrder,
            OrderTransition::CorrectOrder,
            OrderTransition::RequestEndorsement,
            OrderTransition::Endorse,
            OrderTransition::Endorse,
            OrderTransition::RefuseEndorsement,
            OrderTransition::NotifyOrder,
            OrderTransition::NotifyOrder,
            OrderTransition::RecordConsultation,
            OrderTransition::MakeReservations,
            OrderTransition::AmendOrder,
            OrderTransition::SettleOrder,
            OrderTransition::RecordPaymentRequest,
            OrderTransition::InterruptPayment,
            OrderTransition::ResumePayment,
            OrderTransition::ReturnPaymentRequest,
            OrderTransition::RecordPayment,
            OrderTransition::CancelOrder,
        ]);
        let order = self.random.random_range(0..self.orders.len());
        let (target, lot) = match transition {
            OrderTransition::DraftOrder => (OrderTarget::New, 1),
            _ => {
                // The youngest orders are the ones under way.
                let order = if self.one_in(3) { order } else { self.orders.len() - 1 };
                let lot = if self.orders[order].lot.as_str() == "2" { 2 } else { 1 };
                (OrderTarget::Order(self.orders[order].clone()), lot)
            }
        };
        let (side, form) = match transition {
            OrderTransition::DraftOrder => {
                let year = chrono::Datelike::year(&today);
                (Side::Region, json!({ "lot": "1", "budget_year": year, "units": "P1 4\nM1 3\nN1 2" }))
            }
            OrderTransition::CorrectOrder => {
                let units = self.random.random_range(1..4);
                (Side::Region, json!({ "units": format!("P1 {units}\nM1 2\nN1 2") }))
            }
            OrderTransition::RequestEndorsement | OrderTransition::SettleOrder => (Side::Region, json!({})),
            OrderTransition::Endorse => (Side::Finance, json!({ "commitment_number": "EJ-1" })),
            OrderTransition::RefuseEndorsement => (Side::Finance, json!({ "reason": "Imputation à revoir." })),
            OrderTransition::NotifyOrder => {
                (Side::Region, json!({ "channel": "email", "sent_on": today, "consulted_on": today }))
            }
            OrderTransition::RecordConsultation => (Side::Region, json!({ "consulted_on": today })),
            OrderTransition::RecordPaymentRequest => (
                Side::Finance,
                json!({ "number": "CPP-1", "received_on": today, "amount": 60_000, "including_tax": 72_000 }),
            ),
            OrderTransition::InterruptPayment => {
                (Side::Region, json!({ "number": "CPP-1", "interrupted_on": today, "reason": "Une pièce manque." }))
            }
            OrderTransition::ResumePayment => (Side::Finance, json!({ "number": "CPP-1", "resumed_on": today })),
            OrderTransition::ReturnPaymentRequest => {
                (Side::Finance, json!({ "number": "CPP-1", "reason": "Numéro erroné." }))
            }
            OrderTransition::RecordPayment => (Side::Finance, json!({ "number": "CPP-1", "paid_on": today })),
            OrderTransition::MakeReservations => (Side::Body, json!({ "observations": "Délai court." })),
            OrderTransition::AmendOrder => {
                (Side::Region, json!({ "reason": "Besoins revus.", "add": "N1 1", "remove": "P1 2" }))
            }
            OrderTransition::CancelOrder => (Side::Region, json!({ "reason": "Doublon." })),
        };
        let form = form.as_object().cloned().unwrap_or_default();
        let who = staff(side, lot).actor();
        let result = self.world.app.order(&who, &target, transition, &form, &OrderOptions::default()).await;
        let _ =
            writeln!(self.told, "{transition} on {target:?}: {:?}", result.as_ref().map(|outcome| outcome.order.state));
        match result {
            Ok(outcome) => {
                let touched = [Some(outcome.order), outcome.linked];
                for order in touched.into_iter().flatten() {
                    if !self.orders.contains(&order.reference) {
                        self.orders.push(order.reference);
                    }
                }
            }
            Err(error) => self.refused(&error),
        }
    }
}
