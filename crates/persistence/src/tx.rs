//! One transaction of the store, owned by one use case. Repositories are methods on it and never open one themselves.
//!
//! Whoever drops a transaction without committing it takes back everything it did. On SQLite a writing transaction holds
//! the process's turn to write until it ends, so use cases keep them short and await nothing else inside.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::Instant;
use sea_orm::{DatabaseTransaction, DbErr, sqlx};
use tokio::sync::OwnedSemaphorePermit;

use crate::error::{Cause, Result, StoreError, driver_error};
use crate::keys::Keys;
use crate::store::{Backend, bounded, clock};

/// A transaction; see the head of the module.
#[derive(Debug)]
pub struct Tx {
    // Declared before the turn: it is rolled back before the next writer may start.
    inner: DatabaseTransaction,
    _turn: Option<OwnedSemaphorePermit>,
    backend: Backend,
    keys: Arc<Keys>,
    limit: Duration,
    statements: Arc<AtomicU64>,
}

impl Tx {
    pub(crate) fn new(
        inner: DatabaseTransaction,
        backend: Backend,
        keys: Arc<Keys>,
        turn: Option<OwnedSemaphorePermit>,
        statement_timeout: Duration,
        statements: Arc<AtomicU64>,
    ) -> Self {
        let limit = statement_timeout + Duration::from_millis(500);
        Self { inner, _turn: turn, backend, keys, limit, statements }
    }

    /// Makes everything done in this transaction last.
    ///
    /// # Errors
    /// [`StoreError::OutcomeUnknown`] when the answer was lost; otherwise nothing was written.
    pub async fn commit(self) -> Result<()> {
        let Self { inner, _turn, limit, .. } = self;
        match tokio::time::timeout(limit, inner.commit()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) if leaves_doubt(&error) => Err(StoreError::OutcomeUnknown(error.into())),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(StoreError::OutcomeUnknown(Cause::TimedOut(limit))),
        }
    }

    /// Takes back everything done in this transaction, as dropping it does.
    ///
    /// # Errors
    /// The store does not answer; nothing was written all the same.
    pub async fn rollback(self) -> Result<()> {
        let Self { inner, _turn, limit, .. } = self;
        bounded(limit, inner.rollback()).await
    }

    /// The instant of the store.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn now(&self) -> Result<Instant> {
        self.run(clock(&self.inner)).await?
    }

    /// The keys of the store.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    pub(crate) fn db(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// Runs a statement within the time that one may take.
    pub(crate) async fn run<T>(&self, statement: impl Future<Output = Result<T, DbErr>>) -> Result<T> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        bounded(self.limit, statement).await
    }
}

/// Whether a failed commit may have been done all the same.
fn leaves_doubt(error: &DbErr) -> bool {
    match driver_error(error) {
        // A refusal is an answer: not done. But SQLite's IOERR says that the disk did not say.
        Some(sqlx::Error::Database(refusal)) => {
            let code = refusal.code().unwrap_or_default();
            let sqlite = refusal.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some();
            let postgres_is_going = code.starts_with("57P") || code.starts_with("08");
            if sqlite { code.parse::<u32>().is_ok_and(|code| code & 0xff == 10) } else { postgres_is_going }
        }
        Some(sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed) => true,
        Some(_) | None => false,
    }
}
