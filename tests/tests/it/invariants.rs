//! The invariants that hold after any fault: every test that provokes one ends with [`check_all`].
//!
//! - I1: an act answered « done » is in the journal exactly once.
//! - I2: the journal of each path is one legal path that ends in its state, and the store verifies clean.
//! - I3: every message owed was taken by the server, or is shown as failed to a person; none other was sent.
//! - I4: all copies of a message carry one `Message-ID` and the same bytes; without a fault there is one copy.
//! - I5: places within the quota and money within the budget, and equal to what was answered.
//! - I6: each figure is its list and what the journals say; an amount is the sum of its movements.

use std::collections::{BTreeMap, BTreeSet};

use app::{MessageFilter, MessageState, PathFilter};
use domain::identifiers::{EventId, LotCode};
use domain::money::Cents;
use domain::path::{Path, Recorded, fold};
use persistence::{Message, OrderFilter, TaskFilter};
use tests::smtp::SmtpServer;
use tests::world::World;

/// What the faults of a test allow.
#[derive(Debug, Clone, Copy, Default)]
pub struct Allowed {
    /// Copies beyond the first, over all messages: lost answers and kills.
    pub copies: usize,
    /// Messages may still be waiting.
    pub waiting: bool,
}

/// A path with its journal.
pub struct Told {
    pub path: Path,
    pub journal: Vec<Recorded>,
}

/// Checks I1 to I6; without a mail server, what it took is not looked at.
pub async fn check_all(world: &World, server: Option<&SmtpServer>, allowed: Allowed) {
    let findings = world.app.store().verify(&|_, _| {}).await.expect("the store answers");
    assert!(findings.is_empty(), "verify: {findings:#?}");
    let paths = paths(world).await;
    journals(world, &paths);
    let messages = messages(world).await;
    owed(world, &messages, &paths);
    if let Some(server) = server {
        sent(world, server, &messages, allowed).await;
    }
    counters(world, &paths).await;
    crate::figures::check(world, &paths).await;
}

/// Every path with its journal.
pub async fn paths(world: &World) -> Vec<Told> {
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let lines = tx.list_paths(&PathFilter { limit: 100_000, ..PathFilter::default() }).await.expect("paths are listed");
    let mut paths = Vec::with_capacity(lines.len());
    for line in lines {
        let stored = tx.path_by_id(line.id).await.expect("the store answers").expect("a listed path is stored");
        let journal = tx.path_events(line.id).await.expect("the journal reads");
        paths.push(Told { path: stored.path, journal });
    }
    paths
}

/// Every message, oldest first.
pub async fn messages(world: &World) -> Vec<Message> {
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let mut messages = tx.messages(&MessageFilter::default()).await.expect("messages are listed");
    messages.reverse();
    messages
}

/// I1 and I2.
fn journals(world: &World, paths: &[Told]) {
    let mut seen: BTreeSet<EventId> = BTreeSet::new();
    for Told { path, journal } in paths {
        assert_eq!(fold(journal).as_ref(), Ok(&Some(path.clone())), "the journal of {} makes its path", path.reference);
        for event in journal {
            assert!(seen.insert(event.id), "event {} stands twice", event.id);
        }
    }
    for answered in world.answered() {
        for event in answered.events {
            assert!(seen.contains(&event), "event {event} was answered done and is gone");
        }
    }
}

/// The first half of I3: what each answer announced is queued, and nothing else about its events.
fn owed(world: &World, messages: &[Message], paths: &[Told]) {
    let events: BTreeSet<EventId> = paths.iter().flat_map(|told| &told.journal).map(|event| event.id).collect();
    let mut queued: BTreeMap<EventId, Vec<(String, String)>> = BTreeMap::new();
    let mut identifiers = BTreeSet::new();
    for message in messages {
        let content = &message.content;
        assert!(identifiers.insert(content.message_id.clone()), "{} is queued twice", content.message_id);
        if content.about.path.is_some() && content.about.event.is_some_and(|event| !events.contains(&event)) {
            panic!("{} is about an event that never was", content.message_id);
        }
        // Alerts on places are about the lot, not about what was answered.
        if let (Some(event), true, 0) = (content.about.event, content.kind != "place_alert", content.rank) {
            queued.entry(event).or_default().push((content.kind.clone(), content.to.email.to_string()));
        }
    }
    for answered in world.answered() {
        let first = answered.events[0];
        let mut announced: Vec<(String, String)> =
            answered.messages.iter().map(|message| (message.kind.to_owned(), message.email.clone())).collect();
        let mut found = queued.remove(&first).unwrap_or_default();
        announced.sort();
        found.sort();
        assert_eq!(found, announced, "messages of event {first}");
    }
}

/// The second half of I3, and I4.
async fn sent(world: &World, server: &SmtpServer, messages: &[Message], allowed: Allowed) {
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let tasks = tx.tasks(&TaskFilter { with_done: true, ..TaskFilter::default() }).await.expect("tasks are listed");
    let mut copies: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for received in server.received() {
        assert_eq!(received.to.len(), 1, "one message a person");
        copies.entry(received.message_id()).or_default().push(received.raw);
    }
    let mut more = 0;
    for message in messages {
        let content = &message.content;
        let taken = copies.remove(&content.message_id).unwrap_or_default();
        more += taken.len().saturating_sub(1);
        assert!(taken.windows(2).all(|pair| pair[0] == pair[1]), "copies of {} differ", content.message_id);
        let tasks = tasks.iter().filter(|task| task.about.message == Some(content.id)).count();
        match message.state {
            MessageState::Sent => {
                assert!(!taken.is_empty(), "{} never reached the server", content.message_id);
                assert_eq!(tasks, 0, "{} left and is a task all the same", content.message_id);
            }
            MessageState::Refused | MessageState::Failed => {
                assert_eq!(tasks, 1, "{} did not leave: one task", content.message_id);
            }
            MessageState::Queued | MessageState::Sending => {
                assert!(allowed.waiting, "{} still waits: {:?}", content.message_id, message.last_error);
            }
            // Nobody held it: it reminded of something that was not due any more when it was to leave.
            MessageState::Held => {
                assert!(content.reminds.is_some(), "{} is held and nobody held it", content.message_id);
                assert!(taken.is_empty() && tasks == 0, "{} is held and was sent, or is a task", content.message_id);
            }
        }
    }
    assert!(copies.is_empty(), "sent and owed by nobody: {:?}", copies.keys());
    assert!(more <= allowed.copies, "{more} copies too many, {} allowed", allowed.copies);
}

/// I5, counted from the paths and the orders themselves.
async fn counters(world: &World, paths: &[Told]) {
    let market = &world.market;
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let mut taken: BTreeMap<(LotCode, i32), (u32, u32)> = BTreeMap::new();
    for Told { path, .. } in paths {
        match (&path.training, &path.candidate) {
            (Some(training), _) => taken.entry((path.lot.clone(), training.year)).or_default().1 += 1,
            (None, Some(candidate)) if !path.state.is_final() => {
                taken.entry((path.lot.clone(), candidate.reserved_year)).or_default().0 += 1;
            }
            (None, _) => {}
        }
    }
    for places in tx.places(&market.code, None).await.expect("places are listed") {
        let counted = taken.remove(&(places.lot.clone(), places.year)).unwrap_or_default();
        let what = format!("reserved and consumed places of lot {} in {}", places.lot, places.year);
        assert_eq!((places.reserved, places.consumed), counted, "{what}");
        if let Some(limit) = places.limit(market.places.policy) {
            assert!(places.taken() <= limit, "{what}: {} of {limit}", places.taken());
        }
    }
    assert!(taken.is_empty(), "places taken and not counted: {taken:?}");

    let orders =
        tx.list_orders(&OrderFilter { limit: 10_000, ..OrderFilter::default() }).await.expect("orders are listed");
    let engaged = |wanted: &dyn Fn(&persistence::OrderSummary) -> bool| -> Cents {
        orders.iter().filter(|order| wanted(order)).map(|order| order.engaged).sum()
    };
    for money in tx.lot_money(&market.code).await.expect("the money of the lots is listed") {
        assert_eq!(money.engaged, engaged(&|order| order.lot == money.lot), "engaged on lot {}", money.lot);
        assert!(money.engaged <= money.maximum, "lot {}: {:?}", money.lot, money.engaged);
        assert!(money.drawn <= money.engaged, "lot {}: drawn {:?} of {:?}", money.lot, money.drawn, money.engaged);
    }
    for year in tx.budgets(&market.code).await.expect("budgets are listed") {
        assert_eq!(year.engaged, engaged(&|order| order.budget_year == year.year), "engaged in {}", year.year);
        assert!(year.engaged <= year.budget, "{}: {:?}", year.year, year.engaged);
    }
}

mod of_a_quiet_life {
    use domain::path::State;
    use tests::world::{Home, Setup, transport};

    use super::*;
    use crate::kit::on_both;

    async fn a_whole_path_is_told_and_counted(world: World, _home: &Home) {
        let server = SmtpServer::start().await;
        let path = world.reach(State::Closed).await;
        let report = world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
        let announced: usize = world.answered().iter().map(|answered| answered.messages.len()).sum();
        assert!(announced > 30, "{announced} messages for a whole path");
        // The orders notified at the start have messages of their own.
        assert!(report.sent as usize >= announced, "{report:?}");
        assert_eq!(server.received().len(), report.sent as usize);
        assert_eq!(world.stored(&path).await, path);
        check_all(&world, Some(&server), Allowed::default()).await;
    }
    on_both!(whole_path, Setup::default(), a_whole_path_is_told_and_counted);
}
