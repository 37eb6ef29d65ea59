//! What can go wrong between a use case and the store.
//!
//! A caller distinguishes four things: somebody was faster ([`StoreError::Conflict`], [`StoreError::Duplicate`]), the
//! store could not do it now ([`StoreError::Busy`], [`StoreError::Unavailable`]), nobody knows whether a commit was done
//! ([`StoreError::OutcomeUnknown`]), or the store holds something that makes no sense ([`StoreError::Inconsistent`]).

use std::sync::Arc;

use domain::Instant;
use domain::people::Actor;
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};
use thiserror::Error;
use uuid::Uuid;

/// The answer of every operation of the store.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why an operation of the store failed.
#[derive(Debug, Clone, Error)]
pub enum StoreError {
    /// Another writer changed the stream since it was read: nothing was written.
    #[error("write version {} of a stream that another writer changed", .0.seen + 1)]
    Conflict(Box<Conflict>),
    /// Something unique is already there: nothing was written.
    #[error("write a second row with the same {0}")]
    Duplicate(Duplicate),
    /// A row that no writer of this program could have left.
    #[error(transparent)]
    Inconsistent(#[from] Box<Inconsistent>),
    /// Other transactions are in the way: nothing was written, the same operation may be tried again at once.
    #[error("pass other transactions of the store")]
    Busy(#[source] Cause),
    /// The store does not answer, is read-only or full: nothing was written, later it may work.
    #[error("reach the store")]
    Unavailable(#[source] Cause),
    /// The commit was sent and its answer was lost: ask again with the same idempotency key.
    #[error("learn whether the commit was done")]
    OutcomeUnknown(#[source] Cause),
    /// Any other refusal of the database: a mistake of this program.
    #[error("perform a statement")]
    Database(#[source] DbErr),
}

/// What the database or the clock said.
#[derive(Debug, Clone, Error)]
pub enum Cause {
    #[error(transparent)]
    Database(#[from] DbErr),
    #[error("no answer within {0:?}")]
    TimedOut(std::time::Duration),
    /// The folder of the documents, its disk or their bucket.
    #[error("the files of documents: {0}")]
    Files(Arc<std::io::Error>),
}

/// Why the store could not be reached, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// The server answers and has no such database.
    NoDatabase,
    /// The server lets this account not in.
    NotAllowed,
    /// Nobody answers.
    Silence,
    /// It answered something else.
    Other,
}

impl Cause {
    /// Why the store could not be reached.
    pub fn unreached(&self) -> Unreached {
        let error = match self {
            Self::TimedOut(_) | Self::Database(DbErr::ConnectionAcquire(_)) => return Unreached::Silence,
            Self::Files(_) => return Unreached::Other,
            Self::Database(error) => error,
        };
        match driver_error(error) {
            Some(sqlx::Error::Database(refusal)) => match refusal.code().as_deref() {
                Some("3D000") => Unreached::NoDatabase,
                Some("28000" | "28P01") => Unreached::NotAllowed,
                Some(_) | None => Unreached::Other,
            },
            Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed) => Unreached::Silence,
            Some(_) | None => Unreached::Other,
        }
    }
}

/// A lost race on a stream: who won it, when, and with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    pub stream: Uuid,
    /// The version that the loser had read; 0 for a stream that it wanted to open.
    pub seen: u32,
    /// The version the stream has now.
    pub current: u32,
    /// The last event of the winner.
    pub last: Option<Winner>,
}

/// The last event of the one who was faster.
#[derive(Debug, Clone, PartialEq)]
pub struct Winner {
    pub author: Actor,
    pub recorded_at: Instant,
    /// The kind of event.
    pub kind: String,
}

/// What was there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Duplicate {
    /// A command with this key was done already: its first answer is to be given again.
    IdempotencyKey,
    /// An account with this address exists.
    AccountEmail,
    /// A path or an order with this reference exists.
    Reference,
    /// A message with this identifier was queued already.
    MessageId,
    /// A version of the terms with this number was recorded meanwhile.
    TermsVersion,
    /// Any other unique value, an identifier for instance.
    Other,
}

/// A row that does not make sense, by its table, column and identifier.
#[derive(Debug, Clone, Error)]
#[error("make sense of {table}.{column} of row {id}: {problem}")]
pub struct Inconsistent {
    pub table: &'static str,
    pub column: &'static str,
    pub id: String,
    pub problem: Arc<str>,
}

impl StoreError {
    /// Whether the same operation may succeed when tried again, at once or later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Busy(_) | Self::Unavailable(_) => true,
            Self::Conflict(_)
            | Self::Duplicate(_)
            | Self::Inconsistent(_)
            | Self::OutcomeUnknown(_)
            | Self::Database(_) => false,
        }
    }

    pub(crate) fn inconsistent(
        table: &'static str,
        column: &'static str,
        id: impl std::fmt::Display,
        problem: impl std::fmt::Display,
    ) -> Self {
        let problem = problem.to_string().into();
        Self::Inconsistent(Box::new(Inconsistent { table, column, id: id.to_string(), problem }))
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Unavailable(Cause::Files(Arc::new(error)))
    }
}

/// How a refusal of the database concerns the caller.
enum Trouble {
    Busy,
    Unavailable,
    Other,
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(message)) = error.sql_err() {
            return Self::Duplicate(duplicate(&message));
        }
        match trouble(&error) {
            Trouble::Busy => Self::Busy(error.into()),
            Trouble::Unavailable => Self::Unavailable(error.into()),
            Trouble::Other => Self::Database(error),
        }
    }
}

/// Both databases name the constraint or its columns in the message.
fn duplicate(message: &str) -> Duplicate {
    let names = [
        ("idempotency_key", Duplicate::IdempotencyKey),
        ("message_id", Duplicate::MessageId),
        ("reference", Duplicate::Reference),
        ("accounts_email", Duplicate::AccountEmail),
        ("accounts.email", Duplicate::AccountEmail),
        ("terms_pkey", Duplicate::TermsVersion),
        ("terms.version", Duplicate::TermsVersion),
    ];
    names.into_iter().find(|(name, _)| message.contains(name)).map_or(Duplicate::Other, |(_, duplicate)| duplicate)
}

/// What the driver said, if it is the driver who said it.
pub(crate) fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(source))
        | DbErr::Exec(RuntimeErr::SqlxError(source))
        | DbErr::Query(RuntimeErr::SqlxError(source)) => Some(source),
        _ => None,
    }
}

/// Whether a connection of the pool turned out to be closed by the server.
pub(crate) fn is_dead_connection(error: &DbErr) -> bool {
    match driver_error(error) {
        Some(sqlx::Error::Io(_)) => true,
        Some(sqlx::Error::Database(refusal)) => refusal.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

fn trouble(error: &DbErr) -> Trouble {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return Trouble::Unavailable;
    }
    let Some(source) = driver_error(error) else { return Trouble::Other };
    match source {
        sqlx::Error::Database(refusal) => {
            let code = refusal.code().unwrap_or_default();
            if refusal.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                postgres_trouble(&code)
            } else {
                sqlite_trouble(&code)
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Trouble::Unavailable,
        _ => Trouble::Other,
    }
}

/// SQLSTATE classes: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn postgres_trouble(code: &str) -> Trouble {
    match code {
        // Serialisation failure, deadlock, lock time-out.
        "40001" | "40P01" | "55P03" => Trouble::Busy,
        // Statement time-out, idle transaction ended, read-only server (fail-over), I/O error.
        "57014" | "25P03" | "25P02" | "25006" | "58030" => Trouble::Unavailable,
        // No such database, or the server lets this account not in.
        "3D000" | "28000" | "28P01" => Trouble::Unavailable,
        // Connection lost, shutdown under way, disk or connections exhausted.
        _ if ["08", "57P", "53"].iter().any(|class| code.starts_with(class)) => Trouble::Unavailable,
        _ => Trouble::Other,
    }
}

/// Result codes: <https://www.sqlite.org/rescode.html>; the low byte is the primary code.
fn sqlite_trouble(code: &str) -> Trouble {
    match code.parse::<u32>().map(|code| code & 0xff) {
        // BUSY, LOCKED.
        Ok(5 | 6) => Trouble::Busy,
        // READONLY, IOERR, FULL, CANTOPEN.
        Ok(8 | 10 | 13 | 14) => Trouble::Unavailable,
        _ => Trouble::Other,
    }
}
