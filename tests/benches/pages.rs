//! The heaviest pages of the staff on a full store: how long until their first byte, how much they weigh.
//!
//! - 10 000 paths of two lots, made through the use cases, from a need just reported to a candidate selected, with their messages;
//! - one reader at a time, signed in, over the loopback interface; each page is asked [`ASKED`] times after three that warm up;
//! - the first byte is that of the answer: the request was sent, the head of the answer came back. The median is compared with
//!   [`MOST_MILLISECONDS`]; beside it stands its ratio to the page of the legal notice, which reads nothing of the paths;
//! - a page without its pictures weighs at most [`MOST_BYTES`], as it travels.
//!
//! - then the same paths ten times over, as rows that were written so, with as many entries of the year as [`ENTRIES`]: the Region's
//!   figures and the committee's tables, of which the other schemes are those of its deck, within [`MOST_FOR_FIGURES`].
//!
//! `cargo bench -p tests --bench pages` takes some minutes and fails beyond a limit. With `--quick`, in any profile, it plays few
//! paths and judges the weight alone.

use std::io::Read;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use app::committee::NewTable;
use app::{App, FiguresAsked, Options, Target};
use chrono::{Datelike, Months, TimeDelta, Utc};
use domain::Day;
use domain::committee::TableKind;
use domain::figures::{Dated, Facts, Method, Passage, Place, Slot, Value};
use domain::market::Prestation;
use domain::money::Cents;
use domain::path::command::Outcome;
use domain::path::{Path, State, Transition};
use domain::people::Side;
use futures::future::join_all;
use persistence::entities::{entry_statistics, paths};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;
use strum::IntoEnumIterator;
use tests::world::{Database, Home, Setup, World, form, next, settings, staff};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::{Listen, ServeOptions, unrecorded_metrics};

/// The median first byte of a page.
const MOST_MILLISECONDS: f64 = 50.0;
/// The median first byte of a page of figures, once they were read.
const MOST_FOR_FIGURES: f64 = 200.0;
/// How many times over the paths are counted.
const TIMES: u32 = 10;
/// Entries of the year: forty times what the market plans.
const ENTRIES: usize = 20_000;
/// The other schemes.
const DECK: &[u8] = include_bytes!("../../crates/reports/tests/deck/entrees-2023-06-30.csv");
/// A page without its pictures.
const MOST_BYTES: usize = 100_000;
/// Measures of a page.
const ASKED: usize = 30;
/// Callers that make the paths.
const CALLERS: usize = 16;

/// What the Region has to verify.
const QUEUE: &str = "/commandes/verification";
/// Pages that read nothing of the paths: what they take is the server and the wire.
const LEGAL: &str = "/mentions-legales";

#[tokio::main]
async fn main() -> ExitCode {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let paths = if quick { 240 } else { 10_000 };
    let mut passed = true;
    for database in [Database::Sqlite, Database::Postgres] {
        let Some(home) = Home::new(database).await else {
            println!("\nPostgreSQL: no server, set JALON_TEST_POSTGRES");
            passed &= quick;
            continue;
        };
        println!("\n{database:?}: {paths} paths{}", if cfg!(debug_assertions) { "; not optimised" } else { "" });
        passed &= measure(&home, paths, quick).await;
        home.remove().await;
    }
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure(home: &Home, paths: usize, quick: bool) -> bool {
    let (world, one) = filled(home.url(), paths).await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the loopback has a free port");
    let address = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
    let app = App::new(world.app.store().clone(), app::Settings { public_url: address.clone(), ..settings() });
    let stop = CancellationToken::new();
    let options = ServeOptions {
        listen: Listen::Listener(listener),
        request_timeout: Duration::from_secs(30),
        body_limit: 1024 * 1024,
        demo: true,
        pages: None,
        behind_relay: false,
        returns: None,
        stop_timeout: Duration::from_secs(5),
        metrics: unrecorded_metrics(),
    };
    let serving = tokio::spawn(web::serve(app, options, stop.clone()));
    let asked = address.clone();
    let mut passed = tokio::task::spawn_blocking(move || readers(&asked, &one, quick)).await.expect("the readers end");
    let today = world.today().await;
    multiply(home, today).await;
    committee(&world, home).await;
    let officer = staff(Side::Region, 1).actor();
    let dashboard = world.app.dashboard(&officer, FiguresAsked::default()).await.expect("figures");
    let methods: Vec<Method> = dashboard.scopes.iter().map(|scope| scope.forecast.method).collect();
    let by_stages = |method: &Method| matches!(method, Method::Stages { .. });
    assert!(methods.len() > 1 && methods[1..].iter().all(by_stages), "{methods:?}: lives have ended");
    println!("{} paths, forecast by {methods:?}", paths * TIMES as usize);
    passed &= tokio::task::spawn_blocking(move || figures(&address, today, quick)).await.expect("the reader ends");
    stop.cancel();
    serving.await.expect("the server ends").expect("the pages are served");
    world.app.store().close().await.expect("the pool closes");
    passed
}

/// A store with so many paths; one of them, of lot 1, far on its way.
async fn filled(url: &str, count: usize) -> (World, Path) {
    let start = Instant::now();
    let places = u32::try_from(count).expect("few paths");
    let mut world = World::new(url, &Setup { units: "", places, ..Setup::default() }).await;
    let today = world.today().await;
    world.market.budget_per_year = Cents::new(20_000_000_000);
    for lot in &mut world.market.lots {
        lot.maximum = Cents::new(10_000_000_000);
    }
    world.app.apply_market("bench", &world.market, today, None).await.expect("the terms have a larger budget");
    for lot in [1, 2] {
        let units = format!("P1 {count}\nM1 {count}\nM2 {count}\nN1 {count}\nN2 2");
        world.notified_order(lot, &units).await;
    }
    let made = join_all((0..CALLERS).map(|caller| {
        let world = world.clone();
        tokio::spawn(async move {
            let mut last = None;
            for number in (caller..count).step_by(CALLERS) {
                let lot = if number % 2 == 0 { 1 } else { 2 };
                let commune = if lot == 2 { "14118" } else { "76540" };
                let need = form(
                    Transition::ReportNeed.into(),
                    today,
                    &json!({ "commune": commune, "siret": siret(number / 5) }),
                );
                let body = staff(Side::Body, lot).actor();
                let opened = world.act(&body, &Target::New, Transition::ReportNeed, &need, &Options::default()).await;
                let mut path = opened.expect("a need is reported").path;
                // Half stay where they began; of the others, few go far.
                let steps = match number % 32 {
                    0 => 14,
                    n if n < 8 => 4,
                    n if n < 16 => 2,
                    _ => 0,
                };
                for _ in 0..steps {
                    if next(&path, today).is_none() {
                        break;
                    }
                    path = world.forward(&path).await;
                }
                if steps == 14 {
                    last = Some(path);
                }
            }
            last
        })
    }));
    let last = made.await.into_iter().find_map(|last| last.expect("the paths are made")).expect("one path goes far");
    println!("prepared in {:.0} s; {} is in « {} »", start.elapsed().as_secs_f64(), last.reference, last.state);
    (world, last)
}

/// The SIRET of one of many companies.
fn siret(company: usize) -> String {
    let digits = (0..100).map(|checks| format!("{:08}{}0001{}", 90_000_000 + company, checks / 10, checks % 10));
    digits.into_iter().find(|siret| domain::identifiers::Siret::parse(siret).is_ok()).expect("two digits make it pass")
}

/// Everybody reads their pages; whether all kept the limits.
fn readers(address: &str, one: &Path, quick: bool) -> bool {
    let path = format!("/parcours/{}", one.reference);
    let company = format!("/entreprises/{}", one.workplace.siret);
    let pages = [
        LEGAL,
        "/",
        "/parcours?vue=tableau",
        "/parcours?vue=etapes",
        "/parcours?vue=tableau&q=boulanger",
        "/parcours?vue=tableau&tri=entreprise",
        &path,
        &company,
        "/commandes",
        QUEUE,
        "/lots",
        "/lots/1",
        "/messages",
    ];
    let mut passed = true;
    for reader in [staff(Side::Region, 1), staff(Side::Body, 1)] {
        let (agent, cookie) = enter(address, reader.email.as_ref());
        println!("{}", reader.role);
        let mut least = None;
        // The queue of verifications is the Region's.
        for page in pages.into_iter().filter(|page| reader.body.is_none() || *page != QUEUE) {
            passed &= measured(&agent, address, &cookie, page, MOST_MILLISECONDS, quick, &mut least);
        }
    }
    passed
}

/// What a whole life leaves to count, from its need to its closing: one of many, each on days of its own. Every fourth stops before
/// it enters, so that the forecast has ends of both kinds.
fn whole_life(number: u32, today: Day, before: &Facts) -> Facts {
    let opened = today - TimeDelta::days(i64::from(120 + number % 500));
    let (stops, step) = (number.is_multiple_of(4), i64::from(4 + number % 9));
    let states: &[State] = if stops {
        &[State::NeedReported, State::FeasibilityOrdered, State::FeasibilityInProgress, State::NotFeasible]
    } else {
        &[
            State::NeedReported,
            State::FeasibilityOrdered,
            State::FeasibilityInProgress,
            State::FeasibilityDelivered,
            State::Feasible,
            State::PreparationOrdered,
            State::Ready,
            State::CandidateSelected,
            State::InTraining,
            State::TrainingEnded,
            State::Closed,
        ]
    };
    let day = |rank: usize| opened + TimeDelta::days(step * i64::try_from(rank).expect("few states"));
    let known = |on: Day| domain::calendar::end_of_day(on);
    let passages: Vec<Passage> = states
        .iter()
        .enumerate()
        .map(|(rank, state)| Passage { state: *state, on: day(rank), known: known(day(rank)) })
        .collect();
    let dated = |value: Value, on: Day| Dated { value, on, known: known(on), until: None };
    // Where the path is, as it was written; then what it lived.
    let place =
        before.values.iter().filter(|it| matches!(it.value.slot(), Slot::Lot | Slot::Department | Slot::Company));
    let mut values: Vec<Dated> = place.map(|it| dated(it.value.clone(), opened)).collect();
    if !stops {
        let entered = day(8);
        values.push(dated(Value::Place(Place::Consumed(entered.year())), entered));
        values.push(dated(Value::Ended(Outcome::Completed), day(9)));
        for prestation in Prestation::iter() {
            values.push(dated(Value::Served(prestation, Cents::new(120_000)), day(4 + prestation as usize)));
        }
    }
    Facts { passages, values }
}

/// The rows of the paths again, under other keys and references: nothing but what lists and figures read of them. Half lived a
/// whole life.
async fn multiply(home: &Home, today: Day) {
    let connection = home.connect().await;
    let rows = paths::Entity::find().all(&connection).await.expect("the paths are read");
    let mut number: u32 = 100_000;
    for _ in 1..TIMES {
        for page in rows.chunks(200) {
            let copies = page.iter().map(|row| {
                number += 1;
                let reference = format!("FEST-{}-2026-{number}", row.lot);
                let mut facts = row.facts.clone();
                if number.is_multiple_of(2) {
                    let own = serde_json::from_str(facts.as_deref().expect("facts")).expect("facts");
                    facts = Some(serde_json::to_string(&whole_life(number, today, &own)).expect("facts"));
                }
                paths::Model { id: uuid::Uuid::now_v7(), reference, facts, ..row.clone() }.into_active_model()
            });
            paths::Entity::insert_many(copies).exec_without_returning(&connection).await.expect("they are written");
        }
    }
}

/// Entries of the year that the committee counts, and the table of the other schemes, given twice.
async fn committee(world: &World, home: &Home) {
    let connection = home.connect().await;
    let today = world.today().await;
    let year = domain::figures::Period::year_to(today);
    let days = (year.until - year.from).num_days() + 1;
    let rank = |rank: usize| i32::try_from(rank).expect("few entries");
    let rows = (0..ENTRIES).map(|at| entry_statistics::Model {
        id: uuid::Uuid::now_v7(),
        path_id: None,
        event_id: uuid::Uuid::now_v7(),
        market: world.market.code.clone(),
        lot: if at % 2 == 0 { "1" } else { "2" }.to_owned(),
        entered_on: year.from + TimeDelta::days(i64::from(rank(at)) % days),
        age: 18 + rank(at % 45),
        level: 3 + rank(at % 4),
        sex: if at % 3 == 0 { "male" } else { "female" }.to_owned(),
        rsa: at % 5 == 0,
        boe: at % 20 == 0,
        department: if at % 2 == 0 { "76" } else { "14" }.to_owned(),
        recorded_at: Utc::now(),
        annulled_at: None,
    });
    for page in rows.collect::<Vec<_>>().chunks(500) {
        let page = page.iter().cloned().map(IntoActiveModel::into_active_model);
        entry_statistics::Entity::insert_many(page)
            .exec_without_returning(&connection)
            .await
            .expect("they are written");
    }
    let officer = staff(Side::Region, 1).actor();
    for as_of in [today, year_before(today)] {
        let new = NewTable {
            kind: TableKind::Entries,
            as_of,
            scheme: String::new(),
            sheet: String::new(),
            file_name: "entrees.csv".to_owned(),
            bytes: DECK.to_vec(),
        };
        world.app.import_committee(&officer, new).await.expect("the deck's own");
    }
}

fn year_before(day: Day) -> Day {
    day.checked_sub_months(Months::new(12)).expect("a day of the calendar")
}

/// The Region reads its figures; whether all kept the limits.
fn figures(address: &str, today: Day, quick: bool) -> bool {
    let reader = staff(Side::Region, 1);
    let (agent, cookie) = enter(address, reader.email.as_ref());
    let begun = Instant::now();
    ask(&agent, address, &cookie, "/pilotage");
    println!("{}, the first reading {:.0} ms", reader.role, begun.elapsed().as_secs_f64() * 1000.0);
    let mut least = None;
    let compared = format!("/pilotage/copil?compare={}", year_before(today));
    let pages = [
        LEGAL,
        "/pilotage",
        "/pilotage?depuis=market",
        "/pilotage?au=2026-06-30&connu=2026-06-30",
        "/pilotage/chiffres/open",
        "/pilotage/chiffres/stalled_body",
        "/pilotage/argent",
        "/pilotage/copil",
        &compared,
    ];
    let measured = pages.map(|page| measured(&agent, address, &cookie, page, MOST_FOR_FIGURES, quick, &mut least));
    measured.into_iter().all(|kept| kept)
}

/// Somebody who comes in, with their cookie.
fn enter(address: &str, email: &str) -> (ureq::Agent, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().max_redirects(0).http_status_as_error(false).build().into();
    let entered = agent
        .post(format!("{address}/connexion/demo"))
        .content_type("application/x-www-form-urlencoded")
        .send(format!("compte={email}"))
        .expect("the demo lets in");
    let cookie = entered.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()).expect("a session begins");
    (agent, cookie.split(';').next().unwrap_or_default().to_owned())
}

/// A page once: milliseconds until its first byte, and its weight.
fn ask(agent: &ureq::Agent, address: &str, cookie: &str, page: &str) -> (f64, usize) {
    let start = Instant::now();
    let mut answer = agent.get(format!("{address}{page}")).header("cookie", cookie).call().expect("the page answers");
    let first = start.elapsed().as_secs_f64() * 1000.0;
    assert_eq!(answer.status(), 200, "{page}");
    let mut body = Vec::new();
    answer.body_mut().as_reader().read_to_end(&mut body).expect("the page ends");
    (first, body.len())
}

/// A page as often as it takes; whether it kept its limits.
fn measured(
    agent: &ureq::Agent,
    address: &str,
    cookie: &str,
    page: &str,
    most: f64,
    quick: bool,
    least: &mut Option<f64>,
) -> bool {
    let mut bytes = 0;
    let mut times: Vec<f64> = (0..ASKED + 3)
        .map(|_| {
            let (first, weight) = ask(agent, address, cookie, page);
            bytes = weight;
            first
        })
        .collect();
    let mut times = times.split_off(3);
    times.sort_by(f64::total_cmp);
    let (median, worst) = (times[ASKED / 2], times[ASKED * 19 / 20]);
    let ratio = median / *least.get_or_insert(median);
    let kept = bytes <= MOST_BYTES && (quick || median <= most);
    println!(
        "  {page:<40} first byte {median:7.1} ms, 19 of 20 within {worst:7.1} ms, {ratio:6.1} × the first, {:6.1} kB{}",
        bytes as f64 / 1000.0,
        if kept { "" } else { "  BEYOND" }
    );
    kept
}
