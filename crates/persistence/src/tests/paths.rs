//! Paths and their journal: what is written is what is read, one of two wins, and nothing recorded is changed.

use domain::path::{Act, State, Transition, fold};
use domain::people::{Side, StaffRole};
use sea_orm::ConnectionTrait;
use serde_json::json;
use strum::IntoEnumIterator;

use super::on_each;
use super::play::{Play, With, staff};
use crate::{Duplicate, GENESIS, PathFilter, PathRowFacts, StoreError, StreamKind};

#[tokio::test]
async fn every_state_reads_back_as_it_was_written() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        play.order("P1 40\nM1 40\nM2 40\nN1 40").await;
        for state in State::iter() {
            let reference = play.reach(state).await;
            let tx = store.begin_read().await.unwrap();
            let stored = tx.path_by_reference(&reference).await.unwrap().unwrap();
            let events = tx.path_events(stored.path.id).await.unwrap();
            assert_eq!(stored.path.state, state);
            assert_eq!(fold(&events).unwrap().as_ref(), Some(&stored.path));
            assert_eq!(tx.path_by_id(stored.path.id).await.unwrap().as_ref(), Some(&stored));
            let listed = tx.list_paths(&PathFilter { states: vec![state], ..PathFilter::default() }).await.unwrap();
            assert_eq!(listed.len(), 1, "{state}");
            assert_eq!((&listed[0].reference, listed[0].version), (&reference, stored.path.version));
            assert_eq!(listed[0].entered_on, stored.path.training.as_ref().map(|training| training.entered_on));
            let line = &listed[0];
            let facts = PathRowFacts {
                holder: line.holder,
                clock: line.clock,
                held_since: line.held_since,
                due_on: line.due_on,
            };
            assert_eq!(facts, play.facts(&stored.path));
        }
        assert_eq!(store.verify(&|_, _| {}).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_lost_race_names_the_winner() {
    on_each(async |store| {
        let play = Play::supplied(&store).await;
        let reference = play.open(json!({})).await;
        let tx = store.begin_read().await.unwrap();
        let seen = tx.path_by_reference(&reference).await.unwrap().unwrap();
        drop(tx);
        play.play(&reference, Side::Region, Transition::OrderFeasibility, json!({})).await;

        let tx = store.begin_write().await.unwrap();
        let decline = Transition::DeclineNeed.into();
        let error = play.step(&tx, Some(seen), Side::Body, decline, json!({}), With::default()).await.unwrap_err();
        let StoreError::Conflict(conflict) = error else { panic!("{error:?}") };
        let last = conflict.last.unwrap();
        assert_eq!((conflict.seen, conflict.current), (1, 2));
        assert_eq!((last.author, last.kind.as_str()), (staff(StaffRole::RegionOfficer), "prestation_ordered"));
        assert_eq!(last.recorded_at, play.now);
        drop(tx);
        assert_eq!(play.path(&reference).await.state, State::FeasibilityOrdered);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_act_at_once_the_second_sees_what_the_first_did() {
    on_each(async |store| {
        let play = Play::supplied(&store).await;
        let reference = play.open(json!({})).await;
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..20 {
            let (play, reference) = (play.clone(), reference.clone());
            tasks.spawn(async move {
                play.play(&reference, Side::Body, Act::AddNote, json!({"note": format!("Note {number}")})).await.version
            });
        }
        let mut versions = tasks.join_all().await;
        versions.sort_unstable();
        assert_eq!(versions, (2..=21).collect::<Vec<_>>());
        assert_eq!(store.verify(&|_, _| {}).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_key_acts_once_and_tells_what_it_did() {
    on_each(async |store| {
        let play = Play::supplied(&store).await;
        let reference = play.open(json!({})).await;
        let with = With { key: Some("a key"), digest: Some("a digest") };
        let note = |text: &str| json!({"note": text});
        let step = async |text: &str| {
            let tx = store.begin_write().await.unwrap();
            let before = tx.lock_path(&reference).await.unwrap();
            let after = play.step(&tx, before, Side::Body, Act::AddNote.into(), note(text), with).await?;
            tx.commit().await.unwrap();
            Ok::<_, StoreError>(after)
        };
        let after = step("Une fois").await.unwrap();
        let error = step("Deux fois").await.unwrap_err();
        assert!(matches!(error, StoreError::Duplicate(Duplicate::IdempotencyKey)), "{error:?}");

        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.key_use("another").await.unwrap(), None);
        let used = tx.key_use("a key").await.unwrap().unwrap();
        assert_eq!((used.stream, used.stream_kind, used.first_seq), (after.id.uuid(), StreamKind::Path, 2));
        assert_eq!((used.author, used.recorded_at), (staff(StaffRole::Coordinator), play.now));
        assert_eq!(used.request_digest.as_deref(), Some("a digest"));
        assert_eq!(tx.path_events(after.id).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_reference_is_given_once() {
    on_each(async |store| {
        let play = Play::on(&store);
        let reference = play.open(json!({})).await;
        let tx = store.begin_read().await.unwrap();
        let stored = tx.path_by_reference(&reference).await.unwrap().unwrap();
        let mut events = tx.path_events(stored.path.id).await.unwrap();
        drop(tx);
        let mut path = stored.path;
        path.id = domain::identifiers::PathId::new(uuid::Uuid::now_v7());
        events[0].path = path.id;
        events[0].id = domain::identifiers::EventId::new(uuid::Uuid::now_v7());
        let append = crate::Append {
            before: None,
            after: &path,
            events: &events,
            facts: PathRowFacts::default(),
            idempotency_key: None,
            request_digest: None,
        };
        let tx = store.begin_write().await.unwrap();
        let error = tx.append_path(&append, play.now).await.unwrap_err();
        assert!(matches!(error, StoreError::Duplicate(Duplicate::Reference)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn events_are_chained_over_what_is_stored() {
    on_each(async |store| {
        let mut play = Play::supplied(&store).await;
        // More digits than a store keeps: what is hashed is what comes back.
        play.now += chrono::TimeDelta::nanoseconds(123_456_789);
        let reference = play.reach(State::Feasible).await;
        let tx = store.begin_read().await.unwrap();
        let stored = tx.path_by_reference(&reference).await.unwrap().unwrap();
        let rows = tx.stream(stored.path.id.uuid()).await.unwrap();
        let mut head = GENESIS.to_owned();
        for row in &rows {
            assert_eq!(row.prev_hash, head);
            assert_eq!(tx.keys().chain(&head, &crate::journal::link(row)), row.hash);
            head.clone_from(&row.hash);
        }
        assert_eq!(stored.head, head);
        assert_eq!(rows[0].recorded_at, domain::calendar::micros(play.now));
    })
    .await;
}

#[tokio::test]
async fn l20_the_database_refuses_to_change_what_is_recorded() {
    on_each(async |store| {
        let play = Play::on(&store);
        play.open(json!({})).await;
        for sql in ["UPDATE events SET payload = '{}'", "DELETE FROM events"] {
            let tx = store.begin_write().await.unwrap();
            let error = tx.db().execute_unprepared(sql).await.unwrap_err();
            assert!(error.to_string().contains("only ever added to"), "{error}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_holds_the_ball_moves_without_an_event() {
    on_each(async |store| {
        let play = Play::on(&store);
        let reference = play.open(json!({})).await;
        let path = play.path(&reference).await;
        let facts = PathRowFacts {
            holder: Some(Side::Finance),
            clock: Some(domain::market::ClockKind::Accident),
            held_since: Some(play.today()),
            due_on: Some(play.today()),
        };
        let tx = store.begin_write().await.unwrap();
        tx.touch_path(path.id, facts).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.begin_read().await.unwrap();
        let line = tx.list_paths(&PathFilter::default()).await.unwrap().remove(0);
        let read =
            PathRowFacts { holder: line.holder, clock: line.clock, held_since: line.held_since, due_on: line.due_on };
        assert_eq!(read, facts);
        assert_eq!(tx.path_events(path.id).await.unwrap().len(), 1);
        assert_eq!(play.path(&reference).await, path);
    })
    .await;
}
