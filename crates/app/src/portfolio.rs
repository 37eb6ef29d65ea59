//! The portfolio of a coordinator handed to a colleague: every open path, by the step that assigns a coordinator, all in one
//! transaction. Who takes them and who leaves them are each told once (L16).

use domain::accounts::takes_over;
use domain::calendar::paris_day;
use domain::identifiers::AccountId;
use domain::path::Command;
use domain::people::{Account, Actor, RecipientRole, StaffRole};
use domain::security::SecurityEvent;
use domain::told::{Addressed, Told, of_accounts};
use notifier::emails::{Entry, portfolio_received};
use persistence::{PathLine, StoreError, Tx};
use wording::labels;

use crate::accounts::held_by;
use crate::advance::ATTEMPTS;
use crate::security_log::{Visitor, administers, record};
use crate::{App, AppError, Options, Target, new_id};

/// A portfolio and who may take it.
#[derive(Debug, Clone)]
pub struct HandOver {
    pub from: Account,
    pub paths: Vec<PathLine>,
    /// Active coordinators of the same body.
    pub colleagues: Vec<Account>,
}

impl App {
    /// The open paths of a coordinator and the colleagues who may take them, for an administrator.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone else, and when the account is no coordinator's.
    pub async fn portfolio(&self, administrator: &Account, of: AccountId) -> Result<HandOver, AppError> {
        administers(administrator)?;
        let tx = self.store().begin_read().await?;
        portfolio(&tx, &tx.accounts().await?, of).await
    }

    /// Hands every open path of a coordinator to a colleague: those that went.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone but an administrator, and for a colleague of another body; nothing went then.
    pub async fn hand_over(
        &self,
        administrator: &Account,
        from: AccountId,
        to: AccountId,
        visitor: &Visitor,
    ) -> Result<(HandOver, Account), AppError> {
        administers(administrator)?;
        for _ in 0..ATTEMPTS {
            match Box::pin(self.try_hand_over(administrator, from, to, visitor)).await {
                Err(AppError::Store(StoreError::Busy(_))) => {}
                result => return result,
            }
        }
        Err(AppError::Contended)
    }

    async fn try_hand_over(
        &self,
        administrator: &Account,
        from: AccountId,
        to: AccountId,
        visitor: &Visitor,
    ) -> Result<(HandOver, Account), AppError> {
        let tx = self.store().begin_write().await?;
        let accounts = tx.lock_accounts().await?;
        let portfolio = portfolio(&tx, &accounts, from).await?;
        let to = portfolio.colleagues.iter().find(|account| account.id == to).ok_or(AppError::NotFound)?.clone();
        if !portfolio.paths.is_empty() {
            self.hand_paths(&tx, &administrator.actor(), &portfolio.from, &to, &portfolio.paths, true).await?;
            let detail = format!("{} → {}", portfolio.paths.len(), to.name);
            let by = Some(administrator.id);
            record(&tx, SecurityEvent::PortfolioHandedOver, Some(from), by, visitor, &detail).await?;
        }
        tx.commit().await?;
        Ok((portfolio, to))
    }

    /// Assigns paths to a colleague and tells both; `stays` when who coordinated them keeps their account.
    pub(crate) async fn hand_paths(
        &self,
        tx: &Tx,
        author: &Actor,
        from: &Account,
        to: &Account,
        paths: &[PathLine],
        stays: bool,
    ) -> Result<(), AppError> {
        // Who takes them may be younger than the copy of the accounts.
        self.forget_book();
        // In one order, whoever hands over: nobody waits for somebody who waits for them.
        let mut ordered: Vec<&PathLine> = paths.iter().collect();
        ordered.sort_unstable_by_key(|line| line.id);
        for line in ordered {
            let target = Target::Path(line.reference.clone());
            let command = Command::AssignCoordinator { email: to.email.clone() };
            let mut plan = Box::pin(self.plan(tx, author, &target, command, &Options::default(), true)).await?;
            // One message says it all (L16).
            plan.messages.clear();
            let at = plan.recorded.first().ok_or(AppError::NotFound)?.recorded_at;
            self.write(tx, &plan, &Options::default(), None, at).await?;
        }
        let now = tx.now().await?;
        let today = paris_day(now);
        let entry = |line: &PathLine| Entry {
            reference: line.reference.to_string(),
            company: line.company.clone(),
            job: line.job.clone(),
            address: self.page(&line.reference),
            facts: vec![labels::state(line.state).to_owned()],
        };
        let entries: Vec<Entry> = paths.iter().map(entry).collect();
        let book = self.book(tx).await?;
        let stand_ins = book.stand_ins(today);
        let heirs = of_accounts(RecipientRole::Body, Told::Message, [to], &stand_ins);
        let left = stays.then(|| Addressed::account(RecipientRole::Body, Told::Leaving, from));
        // Whoever coordinated the paths is told that they left, even who stands in for the heir.
        let heirs = heirs.into_iter().filter(|heir| heir.account != Some(from.id)).map(|heir| (heir, false));
        let cause = new_id();
        let messages: Vec<_> = heirs
            .chain(left.map(|left| (left, true)))
            .map(|(reader, to_left)| {
                let composed = portfolio_received(&from.name, &to.name, &entries, &reader, to_left, &book.texts);
                self.about_several(&reader, composed, cause, None)
            })
            .collect();
        Ok(tx.queue(&messages, now).await?)
    }
}

async fn portfolio(tx: &Tx, accounts: &[Account], of: AccountId) -> Result<HandOver, AppError> {
    let coordinator = |account: &&Account| account.role == StaffRole::Coordinator;
    let from = accounts.iter().find(|account| account.id == of).filter(coordinator).ok_or(AppError::NotFound)?;
    let paths = tx.list_paths(&held_by(from.id)).await?;
    let colleagues = accounts.iter().filter(|account| takes_over(account, from)).cloned().collect();
    Ok(HandOver { from: from.clone(), paths, colleagues })
}
