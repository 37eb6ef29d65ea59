//! The portfolio of a coordinator handed to a colleague: every open path, one by one, by the step that assigns a coordinator.
//!
//! Partial success is kept: each path has its own result, and the same key tries again only what failed.

use domain::accounts::takes_over;
use domain::form::Form;
use domain::identifiers::{AccountId, PathReference};
use domain::path::{Act, Step};
use domain::people::{Account, StaffRole};
use domain::security::SecurityEvent;
use persistence::{PathFilter, PathLine};
use serde_json::json;

use crate::accounts::held_by;
use crate::security_log::{Visitor, administers, record};
use crate::{App, AppError, Options, Target};

/// Most paths of a portfolio: more than any person follows.
const MOST: u64 = 2_000;

/// A portfolio and who may take it.
#[derive(Debug, Clone)]
pub struct HandOver {
    pub from: Account,
    pub paths: Vec<PathLine>,
    /// Active coordinators of the same body.
    pub colleagues: Vec<Account>,
}

/// What became of one path.
#[derive(Debug)]
pub struct HandOverLine {
    pub reference: PathReference,
    pub company: String,
    /// How many messages leave.
    pub outcome: Result<usize, AppError>,
}

impl App {
    /// The open paths of a coordinator and the colleagues who may take them, for an administrator.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone else, and when the account is no coordinator's.
    pub async fn portfolio(&self, administrator: &Account, of: AccountId) -> Result<HandOver, AppError> {
        administers(administrator)?;
        let accounts = self.accounts().await?;
        let coordinator = |account: &&Account| account.role == StaffRole::Coordinator;
        let from = accounts.iter().find(|account| account.id == of).filter(coordinator).ok_or(AppError::NotFound)?;
        let filter = PathFilter { limit: MOST, ..held_by(from.id) };
        let paths = self.paths(&administrator.actor(), &filter).await?;
        let colleagues = accounts.iter().filter(|account| takes_over(account, from)).cloned().collect();
        Ok(HandOver { from: from.clone(), paths, colleagues })
    }

    /// Hands every open path of a coordinator to a colleague; `key` makes a repeat give the first answers.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone but an administrator, and for a colleague of another body.
    pub async fn hand_over(
        &self,
        administrator: &Account,
        from: AccountId,
        to: AccountId,
        key: &str,
        visitor: &Visitor,
    ) -> Result<(HandOver, Account, Vec<HandOverLine>), AppError> {
        let portfolio = self.portfolio(administrator, from).await?;
        let to = portfolio.colleagues.iter().find(|account| account.id == to).ok_or(AppError::NotFound)?.clone();
        let form: Form = json!({ "email": to.email }).as_object().cloned().unwrap_or_default();
        let (actor, step) = (administrator.actor(), Step::from(Act::AssignCoordinator));
        let mut lines = Vec::with_capacity(portfolio.paths.len());
        for path in &portfolio.paths {
            let options = Options { idempotency_key: Some(format!("{key}:{}", path.reference)), ..Options::default() };
            let target = Target::Path(path.reference.clone());
            let outcome = Box::pin(self.advance(&actor, &target, step, &form, &options)).await;
            lines.push(HandOverLine {
                reference: path.reference.clone(),
                company: path.company.clone(),
                outcome: outcome.map(|outcome| outcome.messages.len()),
            });
        }
        let done = lines.iter().filter(|line| line.outcome.is_ok()).count();
        if done > 0 {
            let tx = self.store().begin_write().await?;
            let detail = format!("{done} → {}", to.name);
            let by = Some(administrator.id);
            record(&tx, SecurityEvent::PortfolioHandedOver, Some(from), by, visitor, &detail).await?;
            tx.commit().await?;
        }
        Ok((portfolio, to, lines))
    }
}
