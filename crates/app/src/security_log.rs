//! The security log: written by the use cases that open, refuse and change accounts; read by the administration.

use chrono::TimeDelta;
use domain::identifiers::AccountId;
use domain::people::{Account, StaffRole};
use domain::security::SecurityEvent;
use persistence::{NewSecurityLine, SecurityFilter, SecurityLine, Tx};

use crate::{App, AppError};

/// Most characters kept of what a browser says it is.
pub(crate) const BROWSER_LENGTH: usize = 200;

/// From where someone asks: a browser, or the command line when nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visitor {
    /// The network address.
    pub address: String,
    /// What the browser says it is.
    pub browser: String,
    /// The mark of a device from which the account signed in before.
    pub device: Option<String>,
}

/// A line of the log with the names of who it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityView {
    pub line: SecurityLine,
    pub account: Option<Account>,
    pub by: Option<Account>,
}

/// Lines with the names of who they are about.
pub(crate) fn security_views(lines: Vec<SecurityLine>, accounts: &[Account]) -> Vec<SecurityView> {
    let named = |id: Option<AccountId>| {
        let id = id?;
        accounts.iter().find(|account| account.id == id).cloned()
    };
    let view = |line: SecurityLine| SecurityView { account: named(line.account), by: named(line.by), line };
    lines.into_iter().map(view).collect()
}

/// Adds a line in the transaction of what it records.
pub(crate) async fn record(
    tx: &Tx,
    event: SecurityEvent,
    account: Option<AccountId>,
    by: Option<AccountId>,
    visitor: &Visitor,
    detail: &str,
) -> Result<(), AppError> {
    let line = NewSecurityLine {
        event,
        account,
        by: by.filter(|by| Some(*by) != account),
        address: visitor.address.clone(),
        browser: visitor.browser.chars().take(BROWSER_LENGTH).collect(),
        detail: detail.to_owned(),
    };
    let now = tx.now().await?;
    Ok(tx.insert_security_line(&line, now).await?)
}

impl App {
    /// Whether an account did something fewer than so many times within the hour.
    pub(crate) async fn fewer_within_hour(
        &self,
        account: Option<AccountId>,
        event: SecurityEvent,
        most: u32,
    ) -> Result<bool, AppError> {
        let tx = self.store().begin_read().await?;
        let since = tx.now().await? - TimeDelta::hours(1);
        let filter = SecurityFilter {
            events: vec![event],
            account,
            since: Some(since),
            limit: Some(most.into()),
            ..SecurityFilter::default()
        };
        Ok(tx.security_lines(&filter).await?.len() < most as usize)
    }
}

/// Only the administration keeps accounts.
pub(crate) fn administers(account: &Account) -> Result<(), AppError> {
    if account.role == StaffRole::Administrator && account.active { Ok(()) } else { Err(AppError::NotFound) }
}

impl App {
    /// Lines of the log, the last first, for an administrator.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone else; the store does not answer.
    pub async fn security_log(
        &self,
        administrator: &Account,
        filter: &SecurityFilter,
    ) -> Result<Vec<SecurityView>, AppError> {
        administers(administrator)?;
        let tx = self.store().begin_read().await?;
        let accounts = tx.accounts().await?;
        Ok(security_views(tx.security_lines(filter).await?, &accounts))
    }

    /// The last two sign-ins of an account, the last first: this one, and the one before it.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn last_sign_ins(&self, account: &Account) -> Result<Vec<SecurityLine>, AppError> {
        let tx = self.store().begin_read().await?;
        let filter = SecurityFilter {
            events: vec![SecurityEvent::SignedIn, SecurityEvent::DemoEntered],
            account: Some(account.id),
            limit: Some(2),
            ..SecurityFilter::default()
        };
        Ok(tx.security_lines(&filter).await?)
    }
}
