//! The load: paths ready to be led, and callers that lead them, each one step after the other.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::{App, Options, Target};
use domain::money::Cents;
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::{Actor, Side};
use futures::future::join_all;
use persistence::{Store, StoreOptions};
use serde_json::{Value, json};
use tests::world::{SECRET, Setup, World, actor, form, settings};

/// Kinds of paths: new needs and siblings ready for a candidate, in each of two lots.
pub const KINDS: usize = 4;
/// Steps that each path takes.
pub const STEPS: usize = 4;

/// Paths of each kind that are led beforehand: one to warm up, two to learn the statements.
pub const SAMPLES: usize = 3;

/// The steps of a kind of path: who takes which.
pub fn steps(kind: usize) -> [(Side, Step); STEPS] {
    if kind.is_multiple_of(2) {
        [
            // Draws a unit of the order of the lot.
            (Side::Region, Transition::OrderFeasibility.into()),
            (Side::Body, Transition::StartFeasibility.into()),
            (Side::Body, Act::DesignateTutor.into()),
            (Side::Body, Act::AskConfirmation.into()),
        ]
    } else {
        [
            (Side::Body, Transition::OpenSelection.into()),
            // Takes a place of the lot.
            (Side::Body, Transition::SelectCandidate.into()),
            (Side::Body, Act::WritePif.into()),
            (Side::Body, Transition::SignPif.into()),
        ]
    }
}

/// Paths to lead.
#[derive(Debug)]
pub struct Ready {
    /// Of each kind, in the order of their numbers, which follow each other without a gap.
    pub kinds: [Arc<Vec<Path>>; KINDS],
    /// The day of the store.
    pub today: domain::Day,
}

fn lot(kind: usize) -> u8 {
    if kind < 2 { 1 } else { 2 }
}

fn store_options(url: &str, connections: usize) -> StoreOptions {
    StoreOptions {
        max_connections: u32::try_from(connections).expect("few connections"),
        acquire_timeout: Duration::from_secs(20),
        ..StoreOptions::new(url, SECRET)
    }
}

/// The product on a database that exists, with so many connections.
pub async fn open(url: &str, connections: usize) -> App {
    let store = Store::connect(&store_options(url, connections)).await.expect("the database answers");
    App::new(store, settings())
}

/// The address with a parameter of PostgreSQL for its sessions.
pub fn with_parameter(url: &str, name: &str, value: &str) -> String {
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}options[{name}]={value}")
}

/// Makes so many paths of each kind, and [`SAMPLES`] more, through the use cases.
pub async fn prepare(url: &str, callers: usize, count: usize) -> Ready {
    let start = Instant::now();
    // Not measured: nothing waits for the disk.
    let sqlite = url.starts_with("sqlite:");
    let quick = if sqlite { url.to_owned() } else { with_parameter(url, "synchronous_commit", "off") };
    let count = count + SAMPLES;
    let places = u32::try_from(4 * count).expect("few paths");
    let mut world = World::new(&quick, &Setup { units: "", places, ..Setup::default() }).await;
    let today = world.today().await;
    world.market.budget_per_year = Cents::new(2_000_000_000);
    for lot in &mut world.market.lots {
        lot.maximum = Cents::new(1_000_000_000);
    }
    world.app.apply_market("bench", &world.market, today, None).await.expect("the terms have a larger budget");
    for lot in [1, 2] {
        world.notified_order(lot, &format!("P1 {}\nM1 2\nM2 2\nN1 2\nN2 2", count + 10)).await;
    }
    let mut kinds = Vec::with_capacity(KINDS);
    for kind in 0..KINDS {
        let commune = if lot(kind) == 2 { "14118" } else { "76540" };
        let opener = tests::world::staff(Side::Body, lot(kind)).actor();
        let (step, changes): (Step, Value) = if kind.is_multiple_of(2) {
            (Transition::ReportNeed.into(), json!({ "commune": commune }))
        } else {
            let need = form(Transition::ReportNeed.into(), today, &json!({ "commune": commune }));
            let opened = world.act(&opener, &Target::New, Transition::ReportNeed, &need, &Options::default()).await;
            let source = world.lead(opened.expect("the need is reported").path, State::Ready).await;
            (Transition::OpenSibling.into(), json!({ "source": source.reference }))
        };
        let form = form(step, today, &changes);
        let made = join_all((0..callers).map(|caller| {
            let (app, opener, form) = (world.app.clone(), opener.clone(), form.clone());
            let share = count / callers + usize::from(caller < count % callers);
            tokio::spawn(async move {
                let mut paths = Vec::with_capacity(share);
                for _ in 0..share {
                    let opened = app.advance(&opener, &Target::New, step, &form, &Options::default()).await;
                    paths.push(opened.expect("a path is opened").path);
                }
                paths
            })
        }));
        let mut paths: Vec<Path> = made.await.into_iter().flat_map(|made| made.expect("the paths are made")).collect();
        paths.sort_by_key(|path| number(&path.reference.to_string()));
        let numbers: Vec<u32> = paths.iter().map(|path| number(&path.reference.to_string())).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]), "numbers follow each other without a gap");
        kinds.push(Arc::new(paths));
    }
    world.app.store().close().await.expect("the pool closes");
    println!("{} paths prepared in {:.1} s", KINDS * count, start.elapsed().as_secs_f64());
    Ready { kinds: kinds.try_into().expect("as many kinds as that"), today }
}

/// The number at the end of a reference.
pub fn number(reference: &str) -> u32 {
    let digits = reference.rsplit('-').next().unwrap_or_default();
    digits.parse().expect("a reference ends with its number")
}

/// Who takes a step of a path.
fn who(side: Side, path: &Path) -> Actor {
    actor(side, Some(path)).expect("the staff of the lot")
}

/// Leads a path through the steps of its kind, each under a key of its own and the version that was seen.
pub async fn lead(app: &App, kind: usize, path: &Path, today: domain::Day) {
    let target = Target::Path(path.reference.clone());
    let mut version = path.version;
    for (rank, (side, step)) in steps(kind).into_iter().enumerate() {
        let changes = if step == Step::Act(Act::WritePif) {
            json!({ "afest_hours": 5, "application_hours": 1 })
        } else {
            json!({})
        };
        let options = Options {
            idempotency_key: Some(format!("{}-{rank}", path.reference)),
            expected_version: Some(version),
            ..Options::default()
        };
        let outcome = app.advance(&who(side, path), &target, step, &form(step, today, &changes), &options).await;
        version = outcome.unwrap_or_else(|error| panic!("{step} of {}: {error:?}", path.reference)).path.version;
    }
}

/// The callers of one round.
#[derive(Debug)]
pub struct Load {
    app: App,
    kinds: [Arc<Vec<Path>>; KINDS],
    today: domain::Day,
    callers: usize,
}

impl Load {
    /// Connects as many times as there are callers.
    pub async fn connect(url: &str, ready: &Ready, callers: usize) -> Self {
        let app = open(url, callers).await;
        let opened = join_all((0..callers).map(|_| app.store().begin_read())).await;
        drop(opened);
        Self { app, kinds: ready.kinds.clone(), today: ready.today, callers }
    }

    /// Each caller leads `each` paths of each kind, from the rank `first` of its share on. The seconds it took.
    pub async fn play(&self, first: usize, each: usize) -> f64 {
        let share = (self.kinds[0].len() - SAMPLES) / self.callers;
        let start = Instant::now();
        let callers = (0..self.callers).map(|caller| {
            let (app, kinds, today) = (self.app.clone(), self.kinds.clone(), self.today);
            tokio::spawn(async move {
                for rank in first..first + each {
                    for (kind, paths) in kinds.iter().enumerate() {
                        lead(&app, kind, &paths[SAMPLES + caller * share + rank], today).await;
                    }
                }
            })
        });
        for caller in join_all(callers).await {
            caller.expect("a caller ends its work");
        }
        start.elapsed().as_secs_f64()
    }

    /// Closes the connections.
    pub async fn close(self) {
        self.app.store().close().await.expect("the pool closes");
    }
}
