//! Messages that come back: what another server says after it took one, and what becomes of the message then.
//!
//! A refusal that comes back is treated as one heard at once: the message, its person and a task say so, in one transaction.
//! A report changes nothing unless it proves that it comes from the recipient's side (a code that travelled with the message),
//! names the very address that was written to, and is about a message that left; and it does so once. Everything else is
//! counted and logged, without an address nor the words of anyone.

use std::sync::Arc;

use notifier::returned::maildir::{Found, Maildir};
use notifier::returned::{self, Action, Report, Unread};
use persistence::{MessageState, Returned, Tx};
use strum::IntoStaticStr;

use crate::delivery::failure_task;
use crate::{App, AppError};

/// Most messages read from a folder in one turn.
const TURN: usize = 500;

/// What a returned message did, the most telling of its reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Return {
    /// It says nothing of a message of ours.
    Ignored,
    /// What it says was known.
    Known,
    /// The message is still tried by others, or arrived: nothing changes.
    Noted,
    /// The other server gave it up: a task says so.
    GivenUp,
    /// The address is refused: a task says so.
    Refused,
    /// The message is being handed over: to be read again in a moment.
    Later,
}

/// What a turn at a folder of returned messages did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReturnsReport {
    pub refused: u32,
    pub given_up: u32,
    /// Reports that changed nothing.
    pub noted: u32,
    pub ignored: u32,
    /// Left in the folder, to be read again.
    pub later: u32,
}

impl ReturnsReport {
    fn add(&mut self, outcome: Return) {
        match outcome {
            Return::Refused => self.refused += 1,
            Return::GivenUp => self.given_up += 1,
            Return::Known | Return::Noted => self.noted += 1,
            Return::Ignored => self.ignored += 1,
            Return::Later => self.later += 1,
        }
    }
}

impl App {
    /// Takes a returned message, as raw as it came.
    ///
    /// # Errors
    /// The store does not answer: the same bytes are to be given again.
    pub async fn take_return(&self, raw: &[u8]) -> Result<Return, AppError> {
        let outcome = match returned::read(raw) {
            Ok(reports) => self.settle_returns(&reports).await?,
            Err(why) => {
                ignored(why);
                Return::Ignored
            }
        };
        count(outcome);
        Ok(outcome)
    }

    async fn settle_returns(&self, reports: &[Report]) -> Result<Return, AppError> {
        let tx = self.store().begin_write().await?;
        let mut outcome = Return::Ignored;
        for report in reports {
            outcome = outcome.max(settle(&tx, report).await?);
        }
        tx.commit().await?;
        Ok(outcome)
    }

    /// Reads what waits in a folder of returned messages; each is put aside once what it says is written.
    ///
    /// # Errors
    /// The folder cannot be read or written, or the store does not answer: what was not put aside is read again.
    pub async fn read_returns(&self, maildir: &Arc<Maildir>) -> Result<ReturnsReport, ReadError> {
        let mut report = ReturnsReport::default();
        let names = on_disk(maildir, Maildir::waiting).await?;
        for name in names.into_iter().take(TURN) {
            let at = name.clone();
            let outcome = match on_disk(maildir, move |maildir| Ok(maildir.read(&at))).await? {
                Ok(Found::Message(raw)) => self.take_return(&raw).await?,
                Ok(Found::Gone) => continue,
                Ok(Found::TooLarge) => {
                    ignored(Unread::TooLarge);
                    count(Return::Ignored);
                    Return::Ignored
                }
                Err(error) => {
                    tracing::warn!(error = %error, "a returned message cannot be read");
                    count(Return::Ignored);
                    Return::Ignored
                }
            };
            if outcome != Return::Later {
                on_disk(maildir, move |maildir| maildir.seen(&name)).await?;
            }
            report.add(outcome);
        }
        Ok(report)
    }
}

/// Why a folder of returned messages was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("the folder of returned messages cannot be used")]
    Folder(#[from] std::io::Error),
    #[error(transparent)]
    App(#[from] AppError),
}

async fn on_disk<T: Send + 'static>(
    maildir: &Arc<Maildir>,
    work: impl FnOnce(&Maildir) -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    let maildir = Arc::clone(maildir);
    tokio::task::spawn_blocking(move || work(&maildir)).await.map_err(std::io::Error::other)?
}

/// What one report changes.
async fn settle(tx: &Tx, report: &Report) -> Result<Return, AppError> {
    let foreign = |why| {
        tracing::info!(reason = why, "a returned message is ignored");
        Ok(Return::Ignored)
    };
    let Some(message) = tx.message_by_message_id(&report.message_id).await? else {
        return foreign("no message of this name was sent");
    };
    if !tx.keys().proves_return(&message.content.message_id, &report.proof) {
        return foreign("it does not prove that the message was received");
    }
    if !report.recipients.contains(&message.content.to.email.to_string().to_lowercase()) {
        return foreign("it is about another address");
    }
    let became = match (report.action, message.state) {
        (Action::Delayed | Action::Arrived, _) => None,
        // Its server may speak before we have written that it took the message.
        (Action::Failed, MessageState::Queued | MessageState::Sending) if message.attempts > 0 => {
            return Ok(Return::Later);
        }
        (Action::Failed, MessageState::Sent) if report.is_permanent() => Some(Returned::Refused),
        (Action::Failed, MessageState::Sent) => Some(Returned::Failed),
        (Action::Failed, _) => return Ok(Return::Known),
    };
    let outcome = match became {
        None => Return::Noted,
        Some(became) => {
            let (kind, outcome) = match became {
                Returned::Refused => ("message_refused", Return::Refused),
                Returned::Failed => ("message_failed", Return::GivenUp),
            };
            let (reason, now) = (report.reason(), tx.now().await?);
            let task = failure_task(tx, &message, kind, &reason).await?;
            let new = tx.mark_returned(message.content.id, became, &reason, &task, now).await?;
            if new { outcome } else { Return::Known }
        }
    };
    tracing::info!(
        message.id = %message.content.message_id,
        message.kind = %message.content.kind,
        action = ?report.action,
        status = report.status.as_deref().unwrap_or("none"),
        outcome = <&str>::from(outcome),
        "a message was reported on"
    );
    Ok(outcome)
}

fn ignored(why: Unread) {
    tracing::info!(reason = %why, "a returned message is ignored");
}

fn count(outcome: Return) {
    metrics::counter!("jalon_returns_total", "outcome" => <&str>::from(outcome)).increment(1);
}
