//! What happens when the store is busy, full, read-only, slow, or gone for a moment: the caller is told which it is,
//! nothing is half done, and everything works again without a restart.

use std::time::Duration;

use sea_orm::ConnectionTrait;

use super::{SERVER, Start, execute, on_each_address, options, server, texts};
use crate::{Backend, Store, StoreError, StoreOptions, Tx};

/// Options that give up soon.
fn impatient(url: String) -> StoreOptions {
    let soon = Duration::from_millis(300);
    StoreOptions { acquire_timeout: soon, statement_timeout: soon, ..options(url) }
}

/// Runs a test on a store that gives up soon, and on its address.
async fn on_each_impatient(test: impl AsyncFn(Store, String)) {
    on_each_address(Start::Migrated, async |url| {
        let store = Store::connect(&impatient(url.clone())).await.unwrap();
        test(store.clone(), url).await;
        store.close().await.unwrap();
    })
    .await;
}

/// Commits a value and reads it back.
async fn works(store: &Store, value: &str) {
    let tx = store.begin_write().await.unwrap();
    tx.set("name", value).await.unwrap();
    tx.commit().await.unwrap();
    let tx = store.begin_read().await.unwrap();
    assert_eq!(tx.get("name").await.unwrap().as_deref(), Some(value));
}

/// Ends the other connections of a database, as an operator or a fail-over does.
async fn terminate(url: &str) {
    let (_, database) = url.rsplit_once('/').unwrap();
    let address = std::env::var(SERVER).unwrap();
    let sql = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'");
    server(&address).await.execute_unprepared(&sql).await.unwrap();
}

#[tokio::test]
async fn a_writer_that_waits_too_long_is_told_to_try_again() {
    on_each_impatient(async |store, url| {
        // Another process: it shares no queue with the first.
        let other = Store::connect(&impatient(url)).await.unwrap();
        let holder = other.begin_write().await.unwrap();
        holder.set("name", "first").await.unwrap();
        let second = async {
            let tx = store.begin_write().await?;
            tx.set("name", "second").await?;
            tx.commit().await
        };
        let error = second.await.unwrap_err();
        assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
        holder.commit().await.unwrap();
        works(&store, "second").await;
        other.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn writers_of_one_process_wait_for_their_turn_and_no_longer_than_they_may() {
    on_each_impatient(async |store, _| {
        if store.backend() == Backend::Sqlite {
            let holder = store.begin_write().await.unwrap();
            let error = store.begin_write().await.unwrap_err();
            assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
            drop(holder);
        }
        works(&store, "value").await;
    })
    .await;
}

#[tokio::test]
async fn a_full_store_refuses_to_write_and_heals() {
    on_each_impatient(async |store, _| {
        if store.backend() != Backend::Sqlite {
            return;
        }
        let large = "x".repeat(1 << 20);
        let pages = async |tx: &Tx| texts(tx, "SELECT CAST(page_count AS TEXT) FROM pragma_page_count()").await;
        let fill = async || {
            let tx = store.begin_write().await.unwrap();
            let full = format!("PRAGMA max_page_count = {}", pages(&tx).await[0]);
            execute(&tx, &full).await;
            let result = async {
                tx.set("large", &large).await?;
                tx.commit().await
            };
            result.await.unwrap_err()
        };
        let error = fill().await;
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.get("large").await.unwrap(), None);
        drop(tx);
        // The limit belongs to the connection: lift it on each of the pool.
        for _ in 0..16 {
            let tx = store.begin_write().await.unwrap();
            execute(&tx, "PRAGMA max_page_count = 1073741823").await;
            drop(tx);
        }
        let tx = store.begin_write().await.unwrap();
        tx.set("large", &large).await.unwrap();
        tx.commit().await.unwrap();
        works(&store, "value").await;
    })
    .await;
}

#[tokio::test]
async fn terminated_connections_are_not_seen_by_the_next_use_case() {
    on_each_impatient(async |store, url| {
        if store.backend() != Backend::Postgres {
            return;
        }
        // Several connections are open and idle when the server ends them all.
        drop(several_open(&store).await);
        terminate(&url).await;
        works(&store, "value").await;
        works(&store, "again").await;
    })
    .await;
}

/// Transactions that are open at the same time, each on a connection of its own.
async fn several_open(store: &Store) -> Vec<Tx> {
    let mut open = Vec::new();
    for _ in 0..4 {
        let tx = store.begin_read().await.unwrap();
        tx.get("name").await.unwrap();
        open.push(tx);
    }
    open
}

#[tokio::test]
async fn a_connection_lost_in_the_middle_leaves_nothing_and_one_lost_at_the_commit_leaves_doubt() {
    on_each_impatient(async |store, url| {
        if store.backend() != Backend::Postgres {
            return;
        }
        let tx = store.begin_write().await.unwrap();
        tx.set("name", "lost").await.unwrap();
        terminate(&url).await;
        let error = tx.set("name", "lost again").await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        drop(tx);
        let tx = store.begin_write().await.unwrap();
        tx.set("name", "doubtful").await.unwrap();
        terminate(&url).await;
        let error = tx.commit().await.unwrap_err();
        assert!(matches!(error, StoreError::OutcomeUnknown(_)), "{error:?}");
        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.get("name").await.unwrap(), None);
        works(&store, "value").await;
    })
    .await;
}

#[tokio::test]
async fn a_statement_takes_no_longer_than_it_may() {
    on_each_impatient(async |store, _| {
        if store.backend() != Backend::Postgres {
            return;
        }
        let tx = store.begin_read().await.unwrap();
        let slow = tx.run(tx.db().execute_unprepared("SELECT pg_sleep(60)"));
        let error = slow.await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        drop(tx);
        works(&store, "value").await;
    })
    .await;
}

#[tokio::test]
async fn a_read_only_server_reads_and_is_not_ready() {
    on_each_impatient(async |store, url| {
        if store.backend() != Backend::Postgres {
            return;
        }
        works(&store, "value").await;
        let (_, database) = url.rsplit_once('/').unwrap();
        let address = std::env::var(SERVER).unwrap();
        let set = async |value: &str| {
            let sql = format!("ALTER DATABASE {database} SET default_transaction_read_only = {value}");
            server(&address).await.execute_unprepared(&sql).await.unwrap();
            // The setting counts for new connections.
            terminate(&url).await;
        };
        set("on").await;
        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.get("name").await.unwrap().as_deref(), Some("value"));
        drop(tx);
        let error = store.ping_write().await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        set("off").await;
        store.ping_write().await.unwrap();
        works(&store, "again").await;
    })
    .await;
}
