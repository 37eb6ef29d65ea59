//! Sessions: who is behind a browser, until when, and how it ends.
//!
//! A session ends by itself after an hour without use or twelve hours in all (`reliability.md` §5), when its account is
//! disabled, and when its owner ends it, here or from another browser.

use chrono::TimeDelta;
use domain::people::Account;
use persistence::{Ending, Session, random_token};
use uuid::Uuid;

use crate::{App, AppError, new_id};

/// A session unused for so long has ended.
pub const IDLE: TimeDelta = TimeDelta::hours(1);
/// A session ends so long after it was opened, used or not.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// Use is noted at most so often.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// Most characters kept of what a browser says it is.
const BROWSER_LENGTH: usize = 200;

/// Someone signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session: Session,
    pub account: Account,
}

impl App {
    /// Opens a session for an account that has proven who it is; the secret is given once, here.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the account is disabled; the store does not answer.
    pub async fn open_session(
        &self,
        account: &Account,
        browser: &str,
        address: &str,
    ) -> Result<(Session, String), AppError> {
        if !account.active {
            return Err(AppError::NotFound);
        }
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let session = Session {
            id: new_id(),
            account: account.id,
            browser: browser.chars().take(BROWSER_LENGTH).collect(),
            address: address.to_owned(),
            created_at: now,
            seen_at: now,
            ended_at: None,
        };
        let secret = random_token();
        tx.insert_session(&session, &secret).await?;
        tx.commit().await?;
        Ok((session, secret))
    }

    /// Who is behind the secret of a session; nobody when it has ended.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn signed_in(&self, secret: &str) -> Result<Option<SignedIn>, AppError> {
        let tx = self.store().begin_read().await?;
        let now = tx.now().await?;
        let lives = |session: &Session| {
            session.ended_at.is_none() && now - session.seen_at < IDLE && now - session.created_at < LONGEST
        };
        let Some(session) = tx.session(secret).await?.filter(lives) else { return Ok(None) };
        let Some(account) = tx.account(session.account).await?.filter(|account| account.active) else {
            return Ok(None);
        };
        tx.rollback().await?;
        if now - session.seen_at >= NOTED_EVERY {
            let tx = self.store().begin_write().await?;
            tx.touch_session(session.id, now).await?;
            tx.commit().await?;
        }
        Ok(Some(SignedIn { session, account }))
    }

    /// The sessions of an account that live, the last seen first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sessions(&self, account: &Account) -> Result<Vec<Session>, AppError> {
        let tx = self.store().begin_read().await?;
        let now = tx.now().await?;
        let mut sessions = tx.open_sessions(account.id).await?;
        sessions.retain(|session| now - session.seen_at < IDLE && now - session.created_at < LONGEST);
        Ok(sessions)
    }

    /// Ends a session of an account; false when it had ended.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn end_session(&self, account: &Account, session: Uuid) -> Result<bool, AppError> {
        Ok(self.end_sessions(account, Ending::This(session)).await? == 1)
    }

    /// Ends every session of an account but one; how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn end_other_sessions(&self, account: &Account, kept: Uuid) -> Result<u64, AppError> {
        self.end_sessions(account, Ending::AllBut(kept)).await
    }

    async fn end_sessions(&self, account: &Account, which: Ending) -> Result<u64, AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let ended = tx.end_sessions(account.id, which, now).await?;
        tx.commit().await?;
        Ok(ended)
    }
}
