//! The store: one connection pool on SQLite or PostgreSQL, migrations, readiness, and the clock everyone goes by.
//!
//! Rules kept here:
//! - SQLite: write-ahead log, full synchronisation, foreign keys, one writer at a time. Writers queue in the process, in
//!   order of arrival, before they ask SQLite for its lock: its own waiting is a poll that starves someone under load.
//! - PostgreSQL: time-outs on the server for statements, locks and idle transactions, so that a frozen replica holds
//!   nothing for long; every wait of the client is bounded as well.
//! - Leases and due instants go by the store's clock, never by a replica's: PostgreSQL's own, or on SQLite that of the
//!   one machine that holds the file; plus a stored offset, zero in production, moved by the demo and by tests.
//! - No statement is logged: they carry personal data.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{SubsecRound, TimeDelta, Utc};
use domain::Instant;
use migrations::Migrator;
use sea_orm::sea_query::{Expr, OnConflict, Query, SelectStatement};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, EntityTrait, IsolationLevel,
    QueryResult, SqliteTransactionMode, TransactionOptions, TransactionTrait, sqlx,
};
use sea_orm_migration::MigratorTrait;
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::documents::document_digest;
use crate::entities::settings;
use crate::error::{Cause, Result, StoreError, is_dead_connection};
use crate::files::{BucketOptions, Files};
use crate::keys::Keys;
use crate::refold;
use crate::tx::Tx;

/// The setting that moves the store's clock, in microseconds.
pub(crate) const CLOCK_OFFSET: &str = "clock_offset_us";
/// The setting that the readiness check writes.
const READY: &str = "ready_at";
/// The key of the advisory lock around migrations: « jalon » in ASCII.
const MIGRATION_LOCK: i64 = 0x6a_616c_6f6e;

/// How far apart the instants of transactions side by side may be: each reads the clock before it waits for the others. What
/// lies further ahead than any lease or retry by no more than this was written by one of them, not before a clock set back.
pub(crate) const SKEW: TimeDelta = TimeDelta::minutes(1);

/// How to open a store.
#[derive(Clone)]
pub struct StoreOptions {
    /// `sqlite://PATH`, `sqlite::memory:` or `postgres://…`.
    pub url: String,
    /// The secret of the deployment, from which the keys are derived.
    pub secret_key: Vec<u8>,
    /// Connections of the pool; one for `sqlite::memory:` whatever is said here.
    pub max_connections: u32,
    /// How long an operation waits for a connection, or a writer for its turn.
    pub acquire_timeout: Duration,
    /// How long a statement may take.
    pub statement_timeout: Duration,
    /// Whether a SQLite file that is not there is created.
    pub create: bool,
    /// A SQLite file that is thrown away at the first trouble, such as a demo under preparation: nothing waits for the disk.
    pub disposable: bool,
    /// The folder where documents are received, made when the first one comes; and kept, the same for every replica, when there
    /// is no bucket.
    pub documents: PathBuf,
    /// The bucket where documents are kept.
    pub bucket: Option<BucketOptions>,
    /// The part of the disk, in hundredths, that documents received leave free.
    pub reserve_percent: u8,
}

impl StoreOptions {
    /// Options with the default pool (8) and time-outs (5 s), and a disk without reserve; documents stand beside a SQLite file,
    /// else among the temporary files of the machine, in a folder of this address.
    pub fn new(url: impl Into<String>, secret_key: impl Into<Vec<u8>>) -> Self {
        let url = url.into();
        let documents = match sqlite_file(&url) {
            Some(file) => file.with_file_name(DOCUMENTS),
            None => std::env::temp_dir().join("jalon-documents").join(document_digest(url.as_bytes())),
        };
        Self {
            url,
            documents,
            bucket: None,
            reserve_percent: 0,
            secret_key: secret_key.into(),
            max_connections: 8,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(5),
            create: true,
            disposable: false,
        }
    }
}

/// The folder of the bytes of documents, beside a SQLite file or in the data folder.
pub const DOCUMENTS: &str = "documents";

/// The file of a SQLite address; `None` for PostgreSQL and for a store in memory.
pub fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next().unwrap_or_default();
    (!path.is_empty() && !path.contains(":memory:")).then(|| PathBuf::from(path))
}

impl std::fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("StoreOptions").field("max_connections", &self.max_connections).finish_non_exhaustive()
    }
}

/// Which database holds the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// The store. Cheap to clone: clones share the pool.
#[derive(Debug, Clone)]
pub struct Store {
    db: DatabaseConnection,
    backend: Backend,
    keys: Arc<Keys>,
    files: Files,
    writers: Option<Arc<Semaphore>>,
    connections: u32,
    acquire_timeout: Duration,
    statement_timeout: Duration,
    statements: Arc<AtomicU64>,
}

impl Store {
    /// Opens the pool; the schema is left as it is.
    ///
    /// # Errors
    /// The address is not one of a store or the bucket not one, or the store does not answer.
    pub async fn connect(options: &StoreOptions) -> Result<Self> {
        let sqlite = options.url.starts_with("sqlite:");
        let memory = sqlite && options.url.contains(":memory:");
        let mut connect = ConnectOptions::new(options.url.clone());
        connect
            // Each connection to `:memory:` is a database of its own.
            .max_connections(if memory { 1 } else { options.max_connections })
            .connect_timeout(options.acquire_timeout)
            .acquire_timeout(options.acquire_timeout)
            .test_before_acquire(false)
            .test_before_acquire_if_idle_for(Duration::from_secs(1))
            .sqlx_logging(false)
            .record_stmt_in_spans(false);
        if memory {
            connect.idle_timeout(None).max_lifetime(None);
        }
        if sqlite {
            let (busy, create) = (options.acquire_timeout, options.create);
            let synchronous = if options.disposable { SqliteSynchronous::Off } else { SqliteSynchronous::Full };
            connect.map_sqlx_sqlite_opts(move |sqlite| {
                sqlite
                    .create_if_missing(create)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(synchronous)
                    .foreign_keys(true)
                    .busy_timeout(busy)
            });
            connect.map_sqlx_sqlite_pool_opts(|pool| {
                pool.after_release(|connection, _| Box::pin(left_no_transaction(connection)))
            });
        } else {
            let millis = options.statement_timeout.as_millis();
            // Waiting for a lock ends first, and says that it was one.
            let lock_millis = millis * 4 / 5;
            connect.map_sqlx_postgres_opts(move |postgres| {
                postgres.application_name("jalon").options([
                    ("statement_timeout", millis.to_string()),
                    ("lock_timeout", lock_millis.to_string()),
                    ("idle_in_transaction_session_timeout", (2 * millis).to_string()),
                ])
            });
        }
        let db = bounded(options.acquire_timeout * 2, Database::connect(connect)).await?;
        Ok(Self {
            db,
            backend: if sqlite { Backend::Sqlite } else { Backend::Postgres },
            keys: Arc::new(Keys::derive(&options.secret_key)),
            files: Files::new(options)?,
            writers: sqlite.then(|| Arc::new(Semaphore::new(1))),
            connections: options.max_connections,
            acquire_timeout: options.acquire_timeout,
            statement_timeout: options.statement_timeout,
            statements: Arc::default(),
        })
    }

    /// How many statements the transactions of this store ran since it was opened: what a page asks is bounded, and tests
    /// count it.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The keys derived from the secret of the deployment.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Where the bytes of documents stand.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The same store with the documents of another, for the copy of it.
    #[must_use]
    pub fn with_files_of(self, other: &Self) -> Self {
        Self { files: other.files.clone(), ..self }
    }

    /// Closes the pool; operations under way end first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn close(&self) -> Result<()> {
        Ok(self.db.close_by_ref().await?)
    }

    /// Brings the schema and the paths it holds to this program's version; several programs may do it at once, one of them does the work.
    ///
    /// All migrations are one transaction under one lock: a program killed in the middle leaves nothing behind.
    ///
    /// # Errors
    /// The store does not answer, or knows migrations that this program does not.
    pub async fn migrate(&self) -> Result<()> {
        let (turn, inner) = self.migration_turn().await?;
        Migrator::up(&inner, None).await?;
        let tx = self.tx(inner, turn);
        tx.refold_paths().await?;
        tx.commit().await
    }

    /// Takes back every migration, with everything the store holds. For tests of the migrations.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn unmigrate(&self) -> Result<()> {
        let (_turn, tx) = self.migration_turn().await?;
        Migrator::down(&tx, None).await?;
        Ok(tx.commit().await?)
    }

    async fn migration_turn(&self) -> Result<(Option<OwnedSemaphorePermit>, sea_orm::DatabaseTransaction)> {
        let turn = self.writer_turn().await?;
        let tx = self.db.begin_with_options(immediate()).await?;
        if self.backend == Backend::Postgres {
            // Waiting for another migrator, and migrating much data, may take longer than a statement should.
            tx.execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0").await?;
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
        }
        Ok((turn, tx))
    }

    /// The names of the migrations not applied yet, among them that paths are folded again; changes nothing and needs no right to change the schema.
    ///
    /// # Errors
    /// The store does not answer, or knows migrations that this program does not.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        let pending = self.bounded(Migrator::get_pending_migrations_read_only(&self.db)).await?;
        let mut pending: Vec<_> = pending.iter().map(|migration| migration.name().to_owned()).collect();
        if pending.is_empty() {
            let shape = self.bounded(settings::Entity::find_by_id(refold::PATH_SHAPE).one(&self.db)).await?;
            if !refold::is_current(shape.as_ref().map(|row| row.value.as_str())) {
                pending.push(refold::REFOLDED.to_owned());
            }
        }
        Ok(pending)
    }

    /// Writes and commits something: whoever answers « ready » must be able to.
    ///
    /// # Errors
    /// The store does not answer, is read-only or full.
    pub async fn ping_write(&self) -> Result<()> {
        let tx = self.begin_write().await?;
        let now = tx.now().await?;
        tx.set(READY, &now.to_rfc3339()).await?;
        tx.commit().await
    }

    /// The instant of the store: its own clock and the stored offset, in microseconds.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn store_now(&self) -> Result<Instant> {
        self.bounded(clock(&self.db)).await?
    }

    /// Begins a transaction that writes. On SQLite it takes its turn and the write lock at once.
    ///
    /// # Errors
    /// The store does not answer, or other writers are in the way for too long.
    pub async fn begin_write(&self) -> Result<Tx> {
        let turn = self.writer_turn().await?;
        let inner = self.begin(immediate()).await?;
        Ok(self.tx(inner, turn))
    }

    /// Begins a transaction that reads, all its statements from one state of the store.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn begin_read(&self) -> Result<Tx> {
        let options = match self.backend {
            Backend::Sqlite => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..TransactionOptions::default()
            },
            Backend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        let inner = self.begin(options).await?;
        Ok(self.tx(inner, None))
    }

    fn tx(&self, inner: sea_orm::DatabaseTransaction, turn: Option<OwnedSemaphorePermit>) -> Tx {
        let (keys, statements) = (Arc::clone(&self.keys), Arc::clone(&self.statements));
        Tx::new(inner, self.backend, keys, turn, self.statement_timeout, statements)
    }

    /// Copies a SQLite store to a new file as it is at this instant, while others read and write.
    ///
    /// # Errors
    /// The store is not SQLite, the file exists, or the disk does not take it.
    pub async fn copy_sqlite(&self, target: &FilePath) -> Result<()> {
        let path = target.to_string_lossy().replace('\'', "''");
        self.db.execute_unprepared(&format!("VACUUM INTO '{path}'")).await?;
        Ok(())
    }

    /// Begins on a connection that works. After a restart of the server every pooled connection is dead and says so only
    /// when it is used: nothing was sent on it, so the next one is tried, each dead one leaving the pool.
    async fn begin(&self, options: TransactionOptions) -> Result<sea_orm::DatabaseTransaction> {
        let mut dead = 0;
        loop {
            match self.bounded(self.db.begin_with_options(options)).await {
                Err(StoreError::Unavailable(Cause::Database(error)))
                    if dead < self.connections && is_dead_connection(&error) =>
                {
                    dead += 1;
                }
                result => return result,
            }
        }
    }

    async fn writer_turn(&self) -> Result<Option<OwnedSemaphorePermit>> {
        let Some(writers) = &self.writers else { return Ok(None) };
        let turn = tokio::time::timeout(self.acquire_timeout, Arc::clone(writers).acquire_owned())
            .await
            .map_err(|_| StoreError::Busy(Cause::TimedOut(self.acquire_timeout)))?;
        Ok(Some(turn.expect("the semaphore of writers is never closed")))
    }

    async fn bounded<T, E>(&self, operation: impl Future<Output = Result<T, E>>) -> Result<T>
    where
        StoreError: From<E>,
    {
        // The server's own time-out comes first, so that what it says is not lost.
        bounded(self.statement_timeout + self.acquire_timeout + Duration::from_millis(500), operation).await
    }
}

/// Whether a SQLite connection goes back to the pool without a transaction.
///
/// On a full disk SQLite takes the transaction back by itself; the driver's own rollback then fails and it goes on counting
/// one open transaction, so that the next « BEGIN IMMEDIATE » would be a mere savepoint. Such a connection is closed.
async fn left_no_transaction(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A rollback may be on its way: the answer to a ping comes after it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// Waits no longer than this for the store.
pub(crate) async fn bounded<T, E>(limit: Duration, operation: impl Future<Output = Result<T, E>>) -> Result<T>
where
    StoreError: From<E>,
{
    match tokio::time::timeout(limit, operation).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(StoreError::Unavailable(Cause::TimedOut(limit))),
    }
}

fn immediate() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

/// The clock of PostgreSQL as an expression; SQLite lives in this process and needs none.
pub(crate) fn clock_expression(backend: DbBackend) -> Option<Expr> {
    (backend == DbBackend::Postgres).then(|| Expr::cust("clock_timestamp()"))
}

/// The instant of this machine, for a SQLite store: the one place of the program that asks for it.
pub(crate) fn machine_now() -> Instant {
    Utc::now().trunc_subsecs(6)
}

/// Adds the stored offset to a reading of the store's clock.
pub(crate) fn with_offset(clock: Instant, offset: Option<&str>) -> Result<Instant> {
    let Some(offset) = offset else { return Ok(clock) };
    let microseconds = offset
        .parse()
        .map_err(|problem| StoreError::inconsistent("settings", "value", CLOCK_OFFSET, format!("{problem}")))?;
    Ok(clock + TimeDelta::microseconds(microseconds))
}

/// Adds the store's clock to what a statement reads.
pub(crate) fn select_clock(select: &mut SelectStatement, backend: DbBackend) {
    let offset = Query::select()
        .column(settings::Column::Value)
        .from(settings::Entity)
        .and_where(sea_orm::ColumnTrait::eq(&settings::Column::Name, CLOCK_OFFSET))
        .take();
    select.expr_as(Expr::SubQuery(None, Box::new(offset.into())), "store_offset");
    if let Some(clock) = clock_expression(backend) {
        select.expr_as(clock, "store_clock");
    }
}

/// The store's clock from a row that [`select_clock`] added it to.
pub(crate) fn read_clock(row: &QueryResult, backend: DbBackend) -> Result<Result<Instant>, sea_orm::DbErr> {
    let offset: Option<String> = row.try_get("", "store_offset")?;
    let clock = if backend == DbBackend::Postgres { row.try_get("", "store_clock")? } else { machine_now() };
    Ok(with_offset(clock, offset.as_deref()))
}

/// Reads the store's clock in one statement.
pub(crate) async fn clock(db: &impl ConnectionTrait) -> Result<Result<Instant>, sea_orm::DbErr> {
    let backend = db.get_database_backend();
    let mut select = Query::select();
    select_clock(&mut select, backend);
    let row = db.query_one(&select).await?;
    read_clock(&row.ok_or_else(|| sea_orm::DbErr::RecordNotFound("the clock".to_owned()))?, backend)
}

/// Inserts or replaces a setting.
pub(crate) async fn put_setting(db: &impl ConnectionTrait, name: &str, value: &str) -> Result<(), sea_orm::DbErr> {
    let row = settings::ActiveModel { name: sea_orm::Set(name.to_owned()), value: sea_orm::Set(value.to_owned()) };
    settings::Entity::insert(row)
        .on_conflict(OnConflict::column(settings::Column::Name).update_column(settings::Column::Value).to_owned())
        .exec_without_returning(db)
        .await?;
    Ok(())
}
