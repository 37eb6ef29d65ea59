//! Tests of the store: each one on SQLite, and on PostgreSQL too when `JALON_TEST_POSTGRES` holds the address of a server
//! on which databases may be created.

mod accounts;
mod committee;
mod counters;
mod faults;
mod files;
mod lists;
mod migrations;
mod orders;
mod outbox;
mod outbox_histories;
mod paths;
mod persons;
mod play;
mod proposals;
mod reminders;
mod statistics;
mod store;
mod subjects;
mod verify;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use domain::identifiers::PathId;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, EntityTrait, IntoActiveModel, Statement};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::entities;
use crate::{Store, StoreOptions, Tx};

/// The environment variable with the address of the PostgreSQL server of the tests.
const SERVER: &str = "JALON_TEST_POSTGRES";
const SECRET: &[u8] = b"a secret of the tests, 32 bytes.";

static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Options on an address, with a pool that lets tasks race.
fn options(url: String) -> StoreOptions {
    StoreOptions { acquire_timeout: Duration::from_secs(20), ..StoreOptions::new(url, SECRET) }
}

async fn server(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.expect("the server of the tests answers")
}

/// The address of another database of the same server.
fn beside(url: &str, database: &str) -> String {
    let (head, _) = url.rsplit_once('/').expect("the address names a database");
    format!("{head}/{database}")
}

fn new_name() -> String {
    format!("jalon_store_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The name of a migrated database, made once, from which every test's own is copied.
async fn template(url: &str) -> String {
    let make = async || {
        let name = new_name();
        server(url).await.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database is created");
        let store = Store::connect(&options(beside(url, &name))).await.expect("the new database answers");
        store.migrate().await.expect("an empty database is migrated");
        store.close().await.expect("the pool closes");
        name
    };
    TEMPLATE.get_or_init(make).await.clone()
}

/// Which database a fresh store starts from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Empty,
    Migrated,
}

/// Runs a test on the address of a fresh store of each kind at hand.
async fn on_each_address(start: Start, test: impl AsyncFn(String)) {
    let folder = tempfile::tempdir().expect("a folder for the file");
    let url = format!("sqlite://{}", folder.path().join("jalon.db").display());
    if start == Start::Migrated {
        let store = Store::connect(&options(url.clone())).await.expect("a file is opened");
        store.migrate().await.expect("an empty file is migrated");
        store.close().await.expect("the pool closes");
    }
    test(url).await;

    let Ok(url) = std::env::var(SERVER) else { return };
    let name = new_name();
    let sql = match start {
        Start::Empty => format!("CREATE DATABASE {name}"),
        Start::Migrated => format!("CREATE DATABASE {name} TEMPLATE {}", template(&url).await),
    };
    server(&url).await.execute_unprepared(&sql).await.expect("a database is created");
    test(beside(&url, &name)).await;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    server(&url).await.execute_unprepared(&drop).await.expect("the database is dropped");
}

/// Runs a test on a fresh store of each kind at hand.
async fn on_each_store(start: Start, test: impl AsyncFn(Store)) {
    on_each_address(start, async |url| {
        let store = Store::connect(&options(url)).await.expect("the new store answers");
        test(store.clone()).await;
        store.close().await.expect("the pool closes");
    })
    .await;
}

/// Runs a test on a fresh migrated store of each kind at hand.
async fn on_each(test: impl AsyncFn(Store)) {
    on_each_store(Start::Migrated, test).await;
}

/// The texts of a query of one column.
async fn texts(tx: &Tx, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(tx.db().get_database_backend(), sql);
    let rows = tx.run(tx.db().query_all_raw(statement)).await.expect("the query is right");
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

/// Does something that no method of the store does.
async fn execute(tx: &Tx, sql: &str) {
    tx.run(tx.db().execute_unprepared(sql)).await.expect("the statement is right");
}

/// A row of a path for what hangs on it; nothing reads it as a path.
async fn blank_path(tx: &Tx) -> PathId {
    let id = Uuid::now_v7();
    let now = tx.now().await.expect("the store answers");
    let row = entities::paths::Model {
        id,
        reference: id.to_string(),
        market: "fest-2023".to_owned(),
        lot: "1".to_owned(),
        state: "need_reported".to_owned(),
        version: 1,
        head: String::new(),
        snapshot: String::new(),
        company_name: String::new(),
        siret: String::new(),
        commune: String::new(),
        department: String::new(),
        job_title: String::new(),
        search: String::new(),
        holder: None,
        due_on: None,
        held_since: None,
        clock: None,
        opened_on: now.date_naive(),
        entered_on: None,
        outcome: None,
        waiting_year: None,
        waiting_since: None,
        coordinator_id: None,
        updated_at: now,
        body: Some(domain::samples::BODY_1.to_owned()),
        facts: None,
    };
    tx.run(entities::paths::Entity::insert(row.into_active_model()).exec_without_returning(tx.db()))
        .await
        .expect("a row");
    PathId::new(id)
}
