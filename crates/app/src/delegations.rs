//! Delegations: given by who goes away or by the administration for them, ended early, shown to both.
//!
//! Whoever makes one locks the accounts first ([`persistence::Tx::lock_accounts`]): of two that would overlap, the second sees
//! the first. They give no right; [`crate::Book::stand_ins`] says who is written to and in whose name an act is recorded.

use domain::calendar::paris_day;
use domain::delegation::{Delegation, delegate, may_stand_in};
use domain::identifiers::{AccountId, DelegationId};
use domain::people::{Account, StaffRole};
use domain::security::SecurityEvent;
use domain::{Day, Instant};
use persistence::Tx;
use wording::dates;

use crate::security_log::{Visitor, administers, record};
use crate::{App, AppError, new_id};

/// A delegation with the names of both.
#[derive(Debug, Clone)]
pub struct DelegationView {
    pub delegation: Delegation,
    pub from: Account,
    pub to: Account,
    /// It runs today.
    pub runs: bool,
}

/// What is delegated around an account, and to whom more could be.
#[derive(Debug, Clone)]
pub struct Delegations {
    pub today: Day,
    /// Running or to come, given or received, the first to begin first.
    pub ahead: Vec<DelegationView>,
    /// Who may stand in for the account.
    pub colleagues: Vec<Account>,
}

/// Whether somebody keeps the delegations of an account: its owner, the administration, or the operator.
fn keeps(by: Option<&Account>, of: AccountId) -> Result<(), AppError> {
    match by {
        Some(by) if by.id == of && by.active => Ok(()),
        Some(by) => administers(by),
        None => Ok(()),
    }
}

fn view(delegation: Delegation, accounts: &[Account], today: Day) -> Option<DelegationView> {
    let account = |id: AccountId| accounts.iter().find(|account| account.id == id).cloned();
    let (from, to) = (account(delegation.from)?, account(delegation.to)?);
    let runs = delegation.runs_on(today);
    Some(DelegationView { delegation, from, to, runs })
}

impl App {
    /// What is delegated around an account, for its owner or for an administrator.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone else.
    pub async fn delegations(&self, by: &Account, of: AccountId) -> Result<Delegations, AppError> {
        keeps(Some(by), of)?;
        let tx = self.store().begin_read().await?;
        let today = paris_day(tx.now().await?);
        let accounts = tx.accounts().await?;
        let owner = accounts.iter().find(|account| account.id == of).ok_or(AppError::NotFound)?;
        let mut ahead = tx.delegations().await?;
        ahead.retain(|delegation| delegation.is_ahead(today) && (delegation.from == of || delegation.to == of));
        Ok(Delegations {
            today,
            ahead: ahead.into_iter().filter_map(|delegation| view(delegation, &accounts, today)).collect(),
            colleagues: accounts.iter().filter(|account| may_stand_in(account, owner)).cloned().collect(),
        })
    }

    /// Every delegation there ever was, the last to begin first, for the operator.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn all_delegations(&self) -> Result<Vec<DelegationView>, AppError> {
        let tx = self.store().begin_read().await?;
        let today = paris_day(tx.now().await?);
        let accounts = tx.accounts().await?;
        let all = tx.all_delegations().await?;
        Ok(all.into_iter().filter_map(|delegation| view(delegation, &accounts, today)).collect())
    }

    /// Delegates from a day to a day, both included; who stands in is told.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone but the owner, an administrator or the operator (`by` is none); a rule of delegations.
    pub async fn delegate(
        &self,
        by: Option<&Account>,
        (from, to): (AccountId, AccountId),
        (starts_on, ends_on): (Day, Day),
        visitor: &Visitor,
    ) -> Result<DelegationView, AppError> {
        keeps(by, from)?;
        let tx = self.store().begin_write().await?;
        let accounts = tx.lock_accounts().await?;
        let now = tx.now().await?;
        let today = paris_day(now);
        let account = |id: AccountId| accounts.iter().find(|account| account.id == id).ok_or(AppError::NotFound);
        keeps(by.map(|by| account(by.id)).transpose()?, from)?;
        let (away, stands_in) = (account(from)?, account(to)?);
        let others = tx.delegations().await?;
        delegate((away, stands_in), (starts_on, ends_on), today, &others, &accounts)?;
        let delegation = Delegation { id: DelegationId::new(new_id()), from, to, starts_on, ends_on, ended_at: None };
        tx.insert_delegation(&delegation, now).await?;
        let detail = format!("{} → {}, {}", away.name, stands_in.name, dates::period(starts_on, ends_on));
        record(&tx, SecurityEvent::Delegated, Some(from), by.map(|by| by.id), visitor, &detail).await?;
        let made = view(delegation, &accounts, today).ok_or(AppError::NotFound)?;
        self.tell_delegation(&tx, &made, by, false, now).await?;
        tx.commit().await?;
        self.forget_book();
        Ok(made)
    }

    /// Ends a delegation before its last day is over; one that is over stays so. Who stood in is told.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone but the owner, an administrator or the operator (`by` is none).
    pub async fn end_delegation(
        &self,
        by: Option<&Account>,
        id: DelegationId,
        visitor: &Visitor,
    ) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        let accounts = tx.lock_accounts().await?;
        let now = tx.now().await?;
        let today = paris_day(now);
        let all = tx.all_delegations().await?;
        let delegation = all.into_iter().find(|known| known.id == id).ok_or(AppError::NotFound)?;
        keeps(by, delegation.from)?;
        if tx.end_delegation(id, today, now).await? {
            let ended = view(delegation, &accounts, today).ok_or(AppError::NotFound)?;
            let detail = format!("{} → {}", ended.from.name, ended.to.name);
            let by_id = by.map(|by| by.id);
            record(&tx, SecurityEvent::DelegationEnded, Some(ended.from.id), by_id, visitor, &detail).await?;
            self.tell_delegation(&tx, &ended, by, true, now).await?;
        }
        tx.commit().await?;
        self.forget_book();
        Ok(())
    }

    /// Who stands in is told; so is who is away, when somebody else did it.
    async fn tell_delegation(
        &self,
        tx: &Tx,
        view: &DelegationView,
        by: Option<&Account>,
        ended: bool,
        now: Instant,
    ) -> Result<(), AppError> {
        let own = by.is_some_and(|by| by.id == view.from.id);
        let told = [Some(&view.to), (!own).then_some(&view.from)].into_iter().flatten();
        let messages: Vec<_> = told.map(|to| self.delegation_message(view, to, ended)).collect();
        Ok(tx.queue(&messages, now).await?)
    }

    /// Every delegation of an account that closes ends with it.
    pub(crate) async fn end_delegations_of(
        &self,
        tx: &Tx,
        account: &Account,
        by: Option<&Account>,
        visitor: &Visitor,
        now: Instant,
    ) -> Result<(), AppError> {
        if matches!(account.role, StaffRole::Coordinator | StaffRole::RegionOfficer)
            && tx.end_delegations_of(account.id, paris_day(now), now).await? > 0
        {
            let by = by.map(|by| by.id);
            record(tx, SecurityEvent::DelegationEnded, Some(account.id), by, visitor, "").await?;
        }
        Ok(())
    }
}
