//! A database for one test: a SQLite file, or a PostgreSQL database on the server of the run.
//!
//! The schema is made once a process and copied.

use std::sync::atomic::{AtomicU32, Ordering};

use persistence::Store;
use sea_orm::{ConnectOptions, ConnectionTrait, Database as Connector, DatabaseConnection};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use super::store_options;
use crate::postgres::SERVER;

static FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// An empty database with its schema.
#[derive(Debug)]
pub struct Home {
    url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    File(TempDir),
    Server { address: String, name: String },
}

/// Connects beside the product, to do what no use case does.
///
/// # Panics
/// The database does not answer.
pub async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Connector::connect(options).await.expect("the database of the tests answers")
}

async fn migrate(url: &str) {
    let store = Store::connect(&store_options(url)).await.expect("the new database answers");
    store.migrate().await.expect("an empty database is migrated");
    store.close().await.expect("the pool closes");
}

/// The address of another database of the same server.
fn beside(address: &str, name: &str) -> String {
    let (head, _) = address.rsplit_once('/').expect("the address names a database");
    format!("{head}/{name}")
}

fn new_name() -> String {
    format!("jalon_world_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The bytes of a migrated file.
async fn migrated_file() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder for the file");
    let file = folder.path().join("jalon.db");
    migrate(&format!("sqlite://{}", file.display())).await;
    std::fs::read(file).expect("the closed store is one file")
}

async fn template(address: &str) -> String {
    let name = new_name();
    connect(address).await.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database is created");
    migrate(&beside(address, &name)).await;
    name
}

impl Home {
    /// A new database of a kind; `None` for PostgreSQL when the run has no server.
    ///
    /// # Panics
    /// The database cannot be made.
    pub async fn new(kind: Database) -> Option<Self> {
        match kind {
            Database::Sqlite => {
                let folder = tempfile::tempdir().expect("a folder for the file");
                let file = folder.path().join("jalon.db");
                std::fs::write(&file, FILE.get_or_init(migrated_file).await).expect("the file is written");
                Some(Self { url: format!("sqlite://{}", file.display()), place: Place::File(folder) })
            }
            Database::Postgres => {
                let address = std::env::var(SERVER).ok()?;
                Some(Self::on_server(&address).await)
            }
        }
    }

    /// A new database on a server.
    ///
    /// # Panics
    /// The database cannot be made.
    pub async fn on_server(address: &str) -> Self {
        let template = TEMPLATE.get_or_init(|| template(address)).await;
        let name = new_name();
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        connect(address).await.execute_unprepared(&create).await.expect("a database is created");
        Self { url: beside(address, &name), place: Place::Server { address: address.to_owned(), name } }
    }

    /// The address of the database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Connects beside the product, to do what no use case does.
    pub async fn connect(&self) -> DatabaseConnection {
        connect(&self.url).await
    }

    /// Removes the database.
    ///
    /// # Panics
    /// The server does not answer.
    pub async fn remove(self) {
        match self.place {
            Place::File(folder) => folder.close().expect("the folder goes away"),
            Place::Server { address, name } => {
                let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                connect(&address).await.execute_unprepared(&drop).await.expect("the database is dropped");
            }
        }
    }
}
