//! A mail server in trouble while paths go on: transitions are never held up, every message leaves once it is well again,
//! and what it refuses for good is a task.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::worker::{self, WorkerSettings};
use app::{MessageState, Resend};
use chrono::TimeDelta;
use domain::path::{Act, Path, Transition};
use domain::people::Side;
use persistence::TaskFilter;
use serde_json::json;
use tests::smtp::{Act as Does, Rule, SmtpServer, Stage};
use tests::world::{Home, Setup, World, staff, transport};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

const COMPANY: &str = "anne.lemoine@boulangerie-lemoine.example";

/// A worker as it runs in production, in a hurry.
struct Worker {
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Worker {
    fn start(world: &World, server: &SmtpServer) -> Self {
        let settings = WorkerSettings {
            mail_interval: Duration::from_millis(20),
            rate_per_second: 1000,
            clock_interval: Duration::from_secs(60),
            deliveries: 4,
        };
        let stop = CancellationToken::new();
        let transport = Arc::new(transport(&server.url()));
        let running = tokio::spawn(worker::run(world.app.clone(), transport, settings, stop.clone()));
        Self { stop, running }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.running.await.expect("the worker ends by itself");
    }
}

/// The first steps of a path, and how long the slowest took.
async fn first_steps(world: &World) -> (Path, Duration) {
    let mut slowest = Duration::ZERO;
    let mut path = None;
    for (side, step) in [
        (Side::Body, Transition::ReportNeed.into()),
        (Side::Region, Transition::OrderFeasibility.into()),
        (Side::Body, Transition::StartFeasibility.into()),
        (Side::Body, Act::DesignateTutor.into()),
        (Side::Body, domain::path::Step::from(Act::AskConfirmation)),
    ] {
        let start = Instant::now();
        path = Some(world.ok(side, path.as_ref(), step, json!({})).await);
        slowest = slowest.max(start.elapsed());
    }
    (path.expect("the path is open"), slowest)
}

/// Waits until something holds of the messages, moving the clock whenever nothing is under way and a retry is all there is.
async fn until(world: &World, what: &str, holds: impl Fn(&[persistence::Message]) -> bool, retry: bool) {
    let start = Instant::now();
    loop {
        let all = messages(world).await;
        if holds(&all) {
            return;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "{what}: {all:#?}");
        let now = world.app.now().await.expect("the store answers");
        let idle = !all.iter().any(|message| {
            message.state == MessageState::Sending || (message.state == MessageState::Queued && message.due_at <= now)
        });
        if idle && retry {
            world.wait(TimeDelta::hours(2)).await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn all_tried(messages: &[persistence::Message]) -> bool {
    messages.iter().all(|message| message.attempts > 0 && message.state != MessageState::Sending)
}

fn all_settled(messages: &[persistence::Message]) -> bool {
    messages.iter().all(|message| !matches!(message.state, MessageState::Queued | MessageState::Sending))
}

/// Plays under rules that the server obeys, makes it well again, and checks that everything left.
async fn under(world: World, rules: Vec<Rule>, copies: usize) -> SmtpServer {
    let server = SmtpServer::start().await;
    for rule in rules {
        server.add(rule);
    }
    let worker = Worker::start(&world, &server);
    let (path, slowest) = first_steps(&world).await;
    assert!(slowest < Duration::from_secs(3), "a step waited {slowest:?} for the mail server");
    until(&world, "every message is tried", all_tried, false).await;
    server.behave();
    until(&world, "every message leaves", all_settled, true).await;
    worker.stop().await;
    assert_eq!(world.stored(&path).await, path);
    check_all(&world, Some(&server), Allowed { copies, waiting: false }).await;
    server
}

async fn l17_dead(world: World, _home: &Home) {
    let server = SmtpServer::start().await;
    server.stop().await;
    let worker = Worker::start(&world, &server);
    let (_, slowest) = first_steps(&world).await;
    assert!(slowest < Duration::from_secs(3), "a step waited {slowest:?} for the mail server");
    until(&world, "every message is tried", all_tried, false).await;
    assert!(messages(&world).await.iter().all(|message| message.state == MessageState::Queued));
    check_all(&world, Some(&server), Allowed { copies: 0, waiting: true }).await;
    server.start_again().await;
    until(&world, "every message leaves", all_settled, true).await;
    worker.stop().await;
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(dead_server, Setup::default(), l17_dead);

async fn silent(world: World, _home: &Home) {
    under(world, vec![Rule::at(Stage::Greeting, Does::Hang)], 0).await;
}
on_both!(silent_server, Setup::default(), silent);

async fn hanging(world: World, _home: &Home) {
    under(world, vec![Rule::at(Stage::Rcpt, Does::Hang).times(5)], 0).await;
}
on_both!(hanging_server, Setup::default(), hanging);

async fn slow(world: World, _home: &Home) {
    let rules = vec![
        Rule::at(Stage::AfterDot, Does::Wait(Duration::from_millis(150))),
        Rule::at(Stage::Rcpt, Does::Trickle(Duration::from_millis(5))),
    ];
    let server = under(world, rules, 0).await;
    // Slow is not broken: nothing was tried twice.
    assert_eq!(server.occasions(Stage::AfterDot), server.received().len());
}
on_both!(slow_server, Setup::default(), slow);

async fn half_closing(world: World, _home: &Home) {
    let rules = vec![
        Rule::at(Stage::Rcpt, Does::HalfClose).times(3),
        Rule::at(Stage::Data, Does::Reset).times(3),
        Rule::at(Stage::Body, Does::CutAfter(200)).times(3),
    ];
    under(world, rules, 0).await;
}
on_both!(half_closing_server, Setup::default(), half_closing);

async fn greylisting(world: World, _home: &Home) {
    let later = [Stage::Rcpt, Stage::Data, Stage::AfterDot].map(|stage| Rule::reply(stage, "451 4.7.1 later").times(4));
    under(world, later.to_vec(), 0).await;
}
on_both!(greylisting_server, Setup::default(), greylisting);

async fn answer_lost(world: World, _home: &Home) {
    let rules = vec![
        Rule::at(Stage::AfterDot, Does::TakeAndClose).times(3),
        Rule::at(Stage::AfterDot, Does::TakeAndHang).times(3),
    ];
    let server = under(world, rules, 6).await;
    let mut identifiers: Vec<String> = server.received().iter().map(tests::smtp::Received::message_id).collect();
    let taken = identifiers.len();
    identifiers.sort_unstable();
    identifiers.dedup();
    assert_eq!(taken - identifiers.len(), 6, "each lost answer is one more copy");
}
on_both!(lost_answers, Setup::default(), answer_lost);

async fn refused_at(world: World, rule: Rule, clock: &World) {
    let server = SmtpServer::start().await;
    server.add(rule);
    let worker = Worker::start(&world, &server);
    let (path, _) = first_steps(&world).await;
    until(clock, "every message is settled", all_settled, true).await;
    worker.stop().await;
    let all = messages(&world).await;
    let refused: Vec<_> = all.iter().filter(|message| message.state == MessageState::Refused).collect();
    assert!(!refused.is_empty());
    for message in &all {
        let to_the_company = message.content.to.email.to_string() == COMPANY;
        let expected = if to_the_company { MessageState::Refused } else { MessageState::Sent };
        assert_eq!(message.state, expected, "{} to {}", message.content.kind, message.content.to.email);
        assert_eq!(message.attempts, 1, "a refusal is final at once");
    }
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let tasks = tx.tasks(&TaskFilter { path: Some(path.id), ..TaskFilter::default() }).await.expect("tasks are listed");
    let shown: Vec<_> = tasks.iter().filter(|task| task.about.kind == "message_refused").collect();
    assert_eq!(shown.len(), refused.len());
    assert!(shown.iter().all(|task| task.about.side == Side::Body && task.about.detail.contains("550")), "{shown:?}");
    assert!(
        shown.iter().all(|task| task.about.body.as_ref() == Some(&path.holder)),
        "the body that accompanies the path"
    );
    let people = tx.people(path.id).await.expect("people are listed");
    let marked: Vec<_> = people.iter().filter(|person| person.address_refused).map(|person| person.id).collect();
    assert_eq!(marked, [path.contact.id], "the address is marked on its person");
    drop(tx);
    check_all(&world, Some(&server), Allowed::default()).await;
}

async fn refusing_the_address(world: World, _home: &Home) {
    refused_at(world.clone(), Rule::reply(Stage::Rcpt, "550 5.1.1 nobody here").to(COMPANY), &world).await;
}
on_both!(refused_address, Setup::default(), refusing_the_address);

async fn refusing_the_message(world: World, _home: &Home) {
    refused_at(world.clone(), Rule::reply(Stage::AfterDot, "550 5.7.1 not this one").to(COMPANY), &world).await;
}
on_both!(refused_message, Setup::default(), refusing_the_message);

/// A server that is never well again: after five days each message is given up, and is somebody's work until it leaves again
/// for a reason.
async fn l18_given_up(world: World, _home: &Home) {
    let server = SmtpServer::start().await;
    server.add(Rule::reply(Stage::Rcpt, "450 4.2.0 later"));
    let worker = Worker::start(&world, &server);
    let (path, _) = first_steps(&world).await;
    until(&world, "every message is tried", all_tried, false).await;
    world.wait(TimeDelta::days(6)).await;
    until(
        &world,
        "every message is given up",
        |all| {
            // What the clocks queued in these six days is young.
            all.iter()
                .filter(|message| message.content.about.event.is_some())
                .all(|message| message.state == MessageState::Failed)
        },
        false,
    )
    .await;
    server.behave();
    until(&world, "every message is settled", all_settled, true).await;
    worker.stop().await;
    assert_eq!(world.stored(&path).await.id, path.id);
    check_all(&world, Some(&server), Allowed::default()).await;

    // Somebody gives one of them up for a reason: it is offered to nobody any more, and nothing leaves.
    let coordinator = staff(Side::Body, 1).actor();
    let missed = async || {
        let view = world.app.path(&coordinator, &path.reference).await.expect("the path is seen");
        app::missed(&view).into_iter().flat_map(|missed| missed.messages).collect::<Vec<_>>()
    };
    let before = missed().await;
    let given_up = *before.first().expect("something did not arrive");
    assert!(world.app.set_aside(&coordinator, given_up, "Dit au téléphone.").await.expect("it is given up"));
    assert_eq!(missed().await, before[1..]);
    let (failed, _) = world.app.failed_messages(&coordinator, 100).await.expect("failures are listed");
    assert!(failed.iter().all(|(_, logged)| logged.message.content.id != given_up), "{failed:#?}");
    let page = world.app.message_page(&coordinator, given_up).await.expect("it is kept");
    let [kept] = page.settled.as_slice() else { panic!("{:#?}", page.settled) };
    assert_eq!((kept.how, kept.reason.as_str()), (app::Settlement::SetAside, "Dit au téléphone."));
    assert!(!page.to_settle);

    for (side, least) in [(Side::Body, 3), (Side::Region, 1)] {
        let reader = staff(side, 1).actor();
        let (failed, count) = world.app.failed_messages(&reader, 100).await.expect("failures are listed");
        assert!(failed.len() >= least && count == failed.len() as u64, "{side}: {failed:#?}");
        assert!(failed.iter().all(|(_, logged)| logged.message.state == MessageState::Failed), "{side}: {failed:#?}");
        let before = server.received().len();
        for (_, logged) in &failed {
            let again = world.app.resend(&reader, logged.message.content.id, "Le serveur est rétabli.").await;
            assert!(matches!(again, Ok(Resend::Queued(_))), "{side}: {again:?}");
        }
        world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
        assert_eq!(server.received().len() - before, failed.len(), "{side}");
        let (failed, count) = world.app.failed_messages(&reader, 100).await.expect("failures are listed");
        assert!(failed.is_empty() && count == 0, "{side}: {failed:#?}");
    }
}
on_both!(given_up_messages, Setup::default(), l18_given_up);
