//! Messages that come back, through the folder and the use case: what was refused is a task, once, and nothing else changes.

use std::fs;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::{Duration, Instant};

use app::worker;
use app::{MessageState, Return, ReturnsReport};
use chrono::TimeDelta;
use domain::path::{Act, Path, Transition};
use domain::people::Side;
use notifier::returned::maildir::Maildir;
use notifier::returned::samples::{ABSENCE, DELAYED, EXPIRED, FAILURES, POSTFIX, RECEIPT, filled};
use notifier::returned::{MOST_BYTES, PROOF_HEADER};
use persistence::{Claiming, Message, Task, TaskFilter};
use serde_json::json;
use tests::smtp::{Received, SmtpServer};
use tests::world::{Home, Setup, World, settings, transport};
use tokio_util::sync::CancellationToken;

use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

const COMPANY: &str = "anne.lemoine@boulangerie-lemoine.example";

/// A path whose first messages left.
async fn sent(world: &World) -> (SmtpServer, Path) {
    let server = SmtpServer::start().await;
    let mut path = None;
    for (side, step) in [
        (Side::Body, Transition::ReportNeed.into()),
        (Side::Region, Transition::OrderFeasibility.into()),
        (Side::Body, Transition::StartFeasibility.into()),
        (Side::Body, domain::path::Step::from(Act::AskConfirmation)),
    ] {
        path = Some(world.ok(side, path.as_ref(), step, json!({})).await);
    }
    world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    (server, path.expect("the path is open"))
}

/// A sample about a message that arrived, with the proof that came with it.
pub fn returned(received: &Received, sample: &str) -> String {
    let proof = received.header(PROOF_HEADER).expect("a message carries its proof");
    filled(sample, &received.message_id(), &proof, &received.to[0])
}

/// A sample about a message.
fn about(server: &SmtpServer, message: &Message, sample: &str) -> String {
    let received = server.received();
    let left = received.iter().find(|received| received.message_id() == message.content.message_id);
    returned(left.expect("the message left"), sample)
}

async fn of(world: &World, message: &Message) -> Message {
    let tx = world.app.store().begin_read().await.expect("the store answers");
    tx.message(message.content.id).await.expect("a message").expect("it is there")
}

async fn tasks(world: &World, message: &Message) -> Vec<Task> {
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let mut tasks = tx.tasks(&TaskFilter { with_done: true, ..TaskFilter::default() }).await.expect("tasks are listed");
    tasks.retain(|task| task.about.message == Some(message.content.id));
    tasks
}

async fn take(world: &World, raw: &str) -> Return {
    world.app.take_return(raw.as_bytes()).await.expect("the store answers")
}

async fn each_server_makes_a_task_once(world: World, _home: &Home) {
    let (server, path) = sent(&world).await;
    let all = messages(&world).await;
    let (to_the_company, others): (Vec<_>, Vec<_>) =
        all.iter().partition(|message| message.content.to.email.as_str() == COMPANY);
    let chosen = [to_the_company[0], others[0], others[1], others[2]];
    for (message, (name, sample)) in chosen.into_iter().zip(FAILURES) {
        let raw = about(&server, message, sample).replace('\n', "\r\n");
        assert_eq!(take(&world, &raw).await, Return::Refused, "{name}");
        let now = of(&world, message).await;
        assert_eq!((now.state, now.left_at()), (MessageState::Refused, message.sent_at), "{name}");
        let reason = now.last_error.expect("a reason");
        assert!(reason.starts_with("returned (5.") && reason.contains("550"), "{name}: {reason}");
        assert_eq!(take(&world, &raw).await, Return::Known, "{name}, twice");
        let tasks = tasks(&world, message).await;
        let [task] = tasks.as_slice() else { panic!("{name}: one task: {tasks:?}") };
        assert_eq!(task.about.kind, "message_refused");
        assert!(task.about.detail.contains(&reason), "{name}: {}", task.about.detail);
        let company = message.content.to.email.as_str() == COMPANY;
        assert_eq!(task.about.side, if company { Side::Body } else { Side::Region }, "{name}");
    }
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let people = tx.people(path.id).await.expect("people are listed");
    let marked: Vec<_> = people.iter().filter(|person| person.address_refused).map(|person| person.id).collect();
    assert_eq!(marked, [path.contact.id], "the address is marked on its person");
    drop(tx);
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(returned_by_each_server, Setup::default(), each_server_makes_a_task_once);

async fn what_is_late_blames_no_address(world: World, _home: &Home) {
    let (server, path) = sent(&world).await;
    let all = messages(&world).await;
    let message = all.iter().find(|message| message.content.to.email.as_str() == COMPANY).expect("one to the company");
    assert_eq!(take(&world, &about(&server, message, DELAYED)).await, Return::Noted);
    assert_eq!(of(&world, message).await.state, MessageState::Sent);
    assert_eq!(take(&world, &about(&server, message, EXPIRED)).await, Return::GivenUp);
    assert_eq!(of(&world, message).await.state, MessageState::Failed);
    assert_eq!(tasks(&world, message).await.len(), 1);
    assert_eq!(take(&world, &about(&server, message, POSTFIX)).await, Return::Known, "it came back already");
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let people = tx.people(path.id).await.expect("people are listed");
    assert!(people.iter().all(|person| !person.address_refused));
    drop(tx);
    check_all(&world, Some(&server), Allowed::default()).await;
}
on_both!(given_up_elsewhere, Setup::default(), what_is_late_blames_no_address);

async fn what_proves_nothing_changes_nothing(world: World, _home: &Home) {
    let (server, _) = sent(&world).await;
    let before = messages(&world).await;
    let company = before.iter().find(|message| message.content.to.email.as_str() == COMPANY).expect("one");
    let other = before.iter().find(|message| message.content.to.email.as_str() != COMPANY).expect("another");
    let good = about(&server, company, POSTFIX);
    let (id, email) = (company.content.message_id.as_str(), company.content.to.email.as_str());
    let keys = world.app.store().keys();
    let (proof, foreign) = (keys.return_proof(id), keys.return_proof(&other.content.message_id));
    let address = other.content.to.email.to_string();
    let cases = [
        ("an absence", about(&server, company, ABSENCE)),
        ("a receipt", about(&server, company, RECEIPT)),
        ("no proof", filled(POSTFIX, id, "", email)),
        ("a proof made up", filled(POSTFIX, id, "AAAAAAAAAAAAAAAAAAAAAA", email)),
        ("the proof of another message", filled(POSTFIX, id, &foreign, email)),
        ("another address", filled(POSTFIX, id, &proof, &address)),
        ("a message of nobody", filled(POSTFIX, "0192f0c1.x.0@jalon.example", &proof, email)),
        ("an identifier to search with", filled(POSTFIX, "%' OR '1'='1", &proof, email)),
        (
            "the answer of a person",
            format!("From: {email}\nSubject: Re: FEST\nIn-Reply-To: <{id}>\n\nAction: failed\n"),
        ),
        ("cut in its report", good[..good.find("Final-Recipient").expect("a report")].to_owned()),
        ("cut before what it returns", good[..good.find("Undelivered Message").expect("it returns")].to_owned()),
        ("huge", format!("{good}{}", "x".repeat(MOST_BYTES))),
        ("nothing", String::new()),
    ];
    for (what, raw) in cases {
        assert_eq!(take(&world, &raw).await, Return::Ignored, "{what}");
    }
    assert_eq!(messages(&world).await, before);
    check_all(&world, Some(&server), Allowed::default()).await;
    assert_eq!(take(&world, &good).await, Return::Refused, "the true one still counts");
}
on_both!(forged_returns, Setup::default(), what_proves_nothing_changes_nothing);

/// A server may speak before it is written that it took the message; and a message that never left cannot come back.
async fn an_early_return_waits(world: World, _home: &Home) {
    let path = world.open().await;
    let all = messages(&world).await;
    let waiting = all.iter().find(|message| message.content.about.path == Some(path.id)).expect("a message waits");
    let proof = world.app.store().keys().return_proof(&waiting.content.message_id);
    let early = |message: &Message| {
        let proof = world.app.store().keys().return_proof(&message.content.message_id);
        filled(POSTFIX, &message.content.message_id, &proof, message.content.to.email.as_ref())
    };
    assert!(!proof.is_empty());
    assert_eq!(take(&world, &early(waiting)).await, Return::Known, "it never left");
    let claiming = Claiming { lease: TimeDelta::minutes(2), longest_backoff: TimeDelta::hours(2) };
    let tx = world.app.store().begin_write().await.expect("the store answers");
    let now = tx.now().await.expect("now");
    let claimed = tx.claim_one(now, &claiming).await.expect("a claim").expect("a message is due");
    tx.commit().await.expect("commit");
    let folder = tempfile::tempdir().expect("a folder");
    let maildir = Arc::new(new_maildir(folder.path()));
    put(folder.path(), "1", &early(&claimed.message));
    let report = world.app.read_returns(&maildir).await.expect("a turn");
    assert_eq!(report, ReturnsReport { later: 1, ..ReturnsReport::default() });
    assert_eq!(maildir.waiting().expect("a list"), ["1"], "it is read again");
    let tx = world.app.store().begin_write().await.expect("the store answers");
    assert!(tx.mark_sent(&claimed.claim, now).await.expect("sent"));
    tx.commit().await.expect("commit");
    let report = world.app.read_returns(&maildir).await.expect("a turn");
    assert_eq!(report, ReturnsReport { refused: 1, ..ReturnsReport::default() });
    assert!(maildir.waiting().expect("a list").is_empty());
}
on_both!(early_return, Setup::default(), an_early_return_waits);

fn new_maildir(folder: &FilePath) -> Maildir {
    for name in ["new", "cur", "tmp"] {
        fs::create_dir(folder.join(name)).expect("a folder");
    }
    Maildir::new(folder)
}

fn put(folder: &FilePath, name: &str, raw: &str) {
    fs::write(folder.join("tmp").join(name), raw).expect("written");
    fs::rename(folder.join("tmp").join(name), folder.join("new").join(name)).expect("moved");
}

fn put_aside(folder: &FilePath) -> usize {
    let names = fs::read_dir(folder.join("cur")).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    names.filter(|name| name.to_string_lossy().ends_with(":2,S")).count()
}

/// A worker that ended after it wrote, before it put the message aside, does nothing twice when it starts again.
async fn a_folder_is_read_to_its_end_over_restarts(world: World, home: &Home) {
    let (server, _) = sent(&world).await;
    let all = messages(&world).await;
    let folder = tempfile::tempdir().expect("a folder");
    let maildir = new_maildir(folder.path());
    for (rank, (message, (_, sample))) in all.iter().zip(FAILURES).enumerate() {
        put(folder.path(), &format!("{rank}.host"), &about(&server, message, sample));
    }
    put(folder.path(), "5.absence", &about(&server, &all[0], ABSENCE));
    put(folder.path(), "6.huge", &"x".repeat(MOST_BYTES + 1));
    put(folder.path(), "7.cut", "Content-Type: multipart/report; boundary=a\n\n--a\nContent-Type: mess");
    fs::write(folder.path().join("new/8.binary"), [0xff, 0, 0xfe]).expect("written");
    // What the first worker wrote before it was killed.
    let first = fs::read(folder.path().join("new/0.host")).expect("a message");
    assert_eq!(world.app.take_return(&first).await.expect("taken"), Return::Refused);

    let again = World::another_app(home.url(), settings()).await;
    let stop = CancellationToken::new();
    let pause = Duration::from_millis(20);
    let workers: Vec<_> = [world.app.clone(), again.clone()]
        .into_iter()
        .map(|app| tokio::spawn(worker::read_returns(app, maildir.clone(), pause, stop.clone())))
        .collect();
    let start = Instant::now();
    while put_aside(folder.path()) < FAILURES.len() + 4 {
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}", maildir.waiting());
        tokio::time::sleep(pause).await;
    }
    stop.cancel();
    for worker in workers {
        worker.await.expect("the worker ends by itself");
    }
    assert!(maildir.waiting().expect("a list").is_empty());
    let refused = messages(&world).await.iter().filter(|message| message.state == MessageState::Refused).count();
    assert_eq!(refused, FAILURES.len());
    check_all(&world, Some(&server), Allowed::default()).await;
    again.store().clone().close().await.expect("the pool closes");
}
on_both!(folder_over_restarts, Setup::default(), a_folder_is_read_to_its_end_over_restarts);

/// A folder that is not there yet holds nothing up, and is read once it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_folder_is_waited_for() {
    let home = Home::new(tests::world::Database::Sqlite).await.expect("a home");
    let world = World::new(home.url(), &Setup::default()).await;
    let (server, _) = sent(&world).await;
    let message = messages(&world).await.remove(0);
    let folder = tempfile::tempdir().expect("a folder");
    let stop = CancellationToken::new();
    let maildir = Maildir::new(folder.path());
    let pause = Duration::from_millis(10);
    let worker = tokio::spawn(worker::read_returns(world.app.clone(), maildir, pause, stop.clone()));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!worker.is_finished());
    new_maildir(folder.path());
    put(folder.path(), "1", &about(&server, &message, POSTFIX));
    let start = Instant::now();
    while put_aside(folder.path()) == 0 {
        assert!(start.elapsed() < Duration::from_secs(20), "the folder is read");
        tokio::time::sleep(pause).await;
    }
    stop.cancel();
    worker.await.expect("the worker ends by itself");
    assert_eq!(of(&world, &message).await.state, MessageState::Refused);
    world.app.store().clone().close().await.expect("the pool closes");
    home.remove().await;
}
