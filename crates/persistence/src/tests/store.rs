//! The store itself: transactions, its clock, readiness.

use std::time::Duration;

use chrono::{TimeDelta, Utc};

use super::{Start, on_each, on_each_store, options};
use crate::{Store, StoreError, StoreOptions};

#[tokio::test]
async fn what_is_not_committed_is_not_there() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        tx.set("kept", "no").await.unwrap();
        drop(tx);
        let tx = store.begin_write().await.unwrap();
        tx.set("also", "no").await.unwrap();
        tx.rollback().await.unwrap();
        let tx = store.begin_write().await.unwrap();
        tx.set("third", "yes").await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.get("kept").await.unwrap(), None);
        assert_eq!(tx.get("also").await.unwrap(), None);
        assert_eq!(tx.get("third").await.unwrap().as_deref(), Some("yes"));
    })
    .await;
}

#[tokio::test]
async fn a_reader_sees_one_state_and_does_not_wait_for_a_writer() {
    on_each(async |store| {
        let reader = store.begin_read().await.unwrap();
        assert_eq!(reader.get("name").await.unwrap(), None);
        let writer = store.begin_write().await.unwrap();
        writer.set("name", "value").await.unwrap();
        assert_eq!(reader.get("name").await.unwrap(), None);
        writer.commit().await.unwrap();
        assert_eq!(reader.get("name").await.unwrap(), None);
        drop(reader);
        let reader = store.begin_read().await.unwrap();
        assert_eq!(reader.get("name").await.unwrap().as_deref(), Some("value"));
    })
    .await;
}

#[tokio::test]
async fn the_clock_is_the_store_s_and_moves_with_its_offset() {
    on_each(async |store| {
        let before = Utc::now() - TimeDelta::minutes(1);
        let now = store.store_now().await.unwrap();
        assert!(before < now && now < Utc::now() + TimeDelta::minutes(1));
        assert_eq!(now.timestamp_subsec_nanos() % 1_000, 0);
        let tx = store.begin_write().await.unwrap();
        assert_eq!(tx.clock_offset().await.unwrap(), TimeDelta::zero());
        tx.set_clock_offset(TimeDelta::days(3)).await.unwrap();
        tx.commit().await.unwrap();
        let moved = store.store_now().await.unwrap() - now;
        assert!(moved >= TimeDelta::days(3) && moved < TimeDelta::days(3) + TimeDelta::minutes(1), "{moved}");
    })
    .await;
}

#[tokio::test]
async fn ready_means_able_to_write() {
    on_each_store(Start::Empty, async |store| {
        let error = store.ping_write().await.unwrap_err();
        assert!(matches!(error, StoreError::Database(_)), "{error:?}");
        store.migrate().await.unwrap();
        store.ping_write().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_store_that_is_not_there_is_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("missing").join("jalon.db").display());
    let soon = |url| StoreOptions { acquire_timeout: Duration::from_millis(200), ..options(url) };
    let error = Store::connect(&soon(url)).await.unwrap_err();
    assert!(error.is_retryable(), "{error:?}");
    // A port on which nothing listens.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = Store::connect(&soon(format!("postgres://jalon@{closed}/jalon"))).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn writers_queue_and_none_is_lost() {
    on_each(async |store| {
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..40 {
            let store = store.clone();
            tasks.spawn(async move {
                let tx = store.begin_write().await.unwrap();
                tx.set(&format!("name-{number}"), "value").await.unwrap();
                tx.commit().await.unwrap();
            });
        }
        tasks.join_all().await;
        let tx = store.begin_read().await.unwrap();
        for number in 0..40 {
            assert!(tx.get(&format!("name-{number}")).await.unwrap().is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn a_sqlite_store_is_copied_while_it_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let url = |name: &str| format!("sqlite://{}", folder.path().join(name).display());
    let store = Store::connect(&options(url("one.db"))).await.unwrap();
    store.migrate().await.unwrap();
    let tx = store.begin_write().await.unwrap();
    tx.set("name", "value").await.unwrap();
    tx.commit().await.unwrap();
    let writer = store.begin_write().await.unwrap();
    writer.set("name", "not yet").await.unwrap();
    store.copy_sqlite(&folder.path().join("two.db")).await.unwrap();
    writer.commit().await.unwrap();
    let copy = Store::connect(&options(url("two.db"))).await.unwrap();
    let tx = copy.begin_read().await.unwrap();
    assert_eq!(tx.get("name").await.unwrap().as_deref(), Some("value"));
}
