//! Sessions: who is behind a browser, until when, and how it ends.
//!
//! A session ends by itself after an hour without use or twelve hours in all (`reliability.md` §5), when its account is
//! disabled or its last day has passed, and when its owner ends it, here or from another browser. Noting its use never stands
//! between a reader and a page: on a store that refuses to write, or is too busy, it is left for the next page.

use std::time::Duration;

use chrono::TimeDelta;
use domain::Instant;
use domain::calendar::paris_day;
use domain::identifiers::EmailAddress;
use domain::people::Account;
use domain::security::SecurityEvent;
use persistence::{Ending, Session, Tx, random_token};
use tokio::time::timeout;
use uuid::Uuid;

use crate::security_log::{BROWSER_LENGTH, Visitor, record};
use crate::{App, AppError, new_id};

/// A session unused for so long has ended.
pub const IDLE: TimeDelta = TimeDelta::hours(1);
/// A session ends so long after it was opened, used or not.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// Use is noted at most so often.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// A page waits at most so long for it.
const NOTED_WITHIN: Duration = Duration::from_secs(1);

/// Whether a session is still one.
fn lives(session: &Session, now: Instant) -> bool {
    session.ended_at.is_none() && now - session.seen_at < IDLE && now - session.created_at < LONGEST
}

/// Someone signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub session: Session,
    pub account: Account,
}

/// Opens a session in a transaction; the secret is given once, here.
pub(crate) async fn new_session(
    tx: &Tx,
    account: &Account,
    visitor: &Visitor,
    now: Instant,
) -> Result<(Session, String), AppError> {
    let session = Session {
        id: new_id(),
        account: account.id,
        browser: visitor.browser.chars().take(BROWSER_LENGTH).collect(),
        address: visitor.address.clone(),
        created_at: now,
        seen_at: now,
        ended_at: None,
    };
    let secret = random_token();
    tx.insert_session(&session, &secret).await?;
    Ok((session, secret))
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
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        if !account.opens(paris_day(now)) {
            return Err(AppError::NotFound);
        }
        let visitor = Visitor { address: address.to_owned(), browser: browser.to_owned(), device: None };
        let opened = new_session(&tx, account, &visitor, now).await?;
        tx.commit().await?;
        Ok(opened)
    }

    /// Opens a session of someone of a demo, where nobody proves who they are.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such active account; the store does not answer.
    pub async fn enter_demo(&self, email: &EmailAddress, visitor: &Visitor) -> Result<String, AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let account = tx.account_by_email(email).await?.filter(|account| account.opens(paris_day(now)));
        let account = account.ok_or(AppError::NotFound)?;
        let (_, secret) = new_session(&tx, &account, visitor, now).await?;
        record(&tx, SecurityEvent::DemoEntered, Some(account.id), None, visitor, "").await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Ends the session of who signs out.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sign_out(&self, account: &Account, session: Uuid, visitor: &Visitor) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        if tx.end_sessions(account.id, Ending::This(session), now).await? > 0 {
            record(&tx, SecurityEvent::SignedOut, Some(account.id), None, visitor, "").await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Whose session this was, when time alone ended it: what its browser still sends may be kept for them, and nothing else.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn lapsed(&self, secret: &str) -> Result<Option<Account>, AppError> {
        let tx = self.store().begin_read().await?;
        let now = tx.now().await?;
        let lapsed = |session: &Session| {
            session.ended_at.is_none() && !lives(session, now) && now - session.seen_at < self.drafts_kept()
        };
        let Some(session) = tx.session(secret).await?.filter(lapsed) else { return Ok(None) };
        Ok(tx.account(session.account).await?.filter(|account| account.opens(paris_day(now))))
    }

    /// Who is behind the secret of a session; nobody when it has ended.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn signed_in(&self, secret: &str) -> Result<Option<SignedIn>, AppError> {
        let tx = self.store().begin_read().await?;
        let now = tx.now().await?;
        let Some(session) = tx.session(secret).await?.filter(|session| lives(session, now)) else { return Ok(None) };
        let Some(account) = tx.account(session.account).await?.filter(|account| account.opens(paris_day(now))) else {
            return Ok(None);
        };
        tx.rollback().await?;
        if now - session.seen_at >= NOTED_EVERY {
            match timeout(NOTED_WITHIN, self.note_use(session.id, now)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(session.id = %session.id, %error, "use of a session not noted"),
                Err(_) => tracing::warn!(session.id = %session.id, "use of a session not noted in time"),
            }
        }
        Ok(Some(SignedIn { session, account }))
    }

    async fn note_use(&self, session: Uuid, now: Instant) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        tx.touch_session(session, now).await?;
        Ok(tx.commit().await?)
    }

    /// The sessions of an account that live, the last seen first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sessions(&self, account: &Account) -> Result<Vec<Session>, AppError> {
        let tx = self.store().begin_read().await?;
        let now = tx.now().await?;
        let mut sessions = tx.open_sessions(account.id).await?;
        sessions.retain(|session| lives(session, now));
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
        if ended > 0 {
            let detail = ended.to_string();
            record(&tx, SecurityEvent::SessionsEnded, Some(account.id), None, &Visitor::default(), &detail).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }
}
