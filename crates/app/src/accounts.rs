//! Accounts and tokens: made by the operator, listed, disabled.

use domain::calendar::Instant;
use domain::form::{FieldError, FieldProblem};
use domain::identifiers::{AccountId, BodyCode, EmailAddress, LotCode, Phone};
use domain::news::Preferences;
use domain::people::{Account, StaffRole};
use domain::security::SecurityEvent;
use persistence::{Ending, Token};
use uuid::Uuid;

use crate::security_log::{Visitor, administers, record};
use crate::{App, AppError, new_id};

/// An account to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    pub email: EmailAddress,
    pub name: String,
    pub role: StaffRole,
    /// Required for a coordinator, refused for everyone else.
    pub body: Option<BodyCode>,
    pub lots: Vec<LotCode>,
    pub phone: Option<Phone>,
}

/// A token to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    pub account: EmailAddress,
    pub name: String,
    pub expires_at: Option<Instant>,
}

fn missing(field: &str) -> AppError {
    AppError::Invalid(vec![FieldError { field: field.to_owned(), problem: FieldProblem::Missing }])
}

impl App {
    /// Makes an account.
    ///
    /// # Errors
    /// A coordinator without body, a body that holds no lot, an address taken already.
    pub async fn create_account(&self, new: NewAccount) -> Result<Account, AppError> {
        if new.name.trim().is_empty() {
            return Err(missing("name"));
        }
        let body = match new.role {
            StaffRole::Coordinator => Some(new.body.ok_or_else(|| missing("body"))?),
            StaffRole::RegionOfficer
            | StaffRole::RegionFinance
            | StaffRole::RegionViewer
            | StaffRole::Administrator
            | StaffRole::Auditor => match new.body {
                Some(_) => {
                    let problem = FieldProblem::Unknown { known: vec![] };
                    return Err(AppError::Invalid(vec![FieldError { field: "body".to_owned(), problem }]));
                }
                None => None,
            },
        };
        let tx = self.store().begin_write().await?;
        let book = self.book(&tx).await?;
        if let Some(body) = &body {
            let holds = |record: &persistence::TermsRecord| record.terms.market.lots_of(body).next().is_some();
            if !book.terms.iter().any(holds) {
                let known = vec![];
                let problem = FieldProblem::Unknown { known };
                return Err(AppError::Invalid(vec![FieldError { field: "body".to_owned(), problem }]));
            }
        }
        let now = tx.now().await?;
        let account = Account {
            id: AccountId::new(new_id()),
            email: new.email,
            name: new.name.trim().to_owned(),
            role: new.role,
            body,
            lots: new.lots,
            phone: new.phone,
            active: true,
            preferences: Preferences::default(),
        };
        tx.insert_account(&account, now).await?;
        tx.commit().await?;
        self.forget_book();
        Ok(account)
    }

    /// The account of an address, disabled ones included.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn account_by_email(&self, email: &EmailAddress) -> Result<Account, AppError> {
        let tx = self.store().begin_read().await?;
        tx.account_by_email(email).await?.ok_or(AppError::NotFound)
    }

    /// Every account.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn accounts(&self) -> Result<Vec<Account>, AppError> {
        let tx = self.store().begin_read().await?;
        Ok(tx.accounts().await?)
    }

    /// Lets an account in, or keeps it out; its paths wait for another coordinator.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn set_account_active(&self, email: &EmailAddress, active: bool) -> Result<Account, AppError> {
        self.change_account_active(email, active, None, &Visitor::default()).await
    }

    /// The same by an administrator, who keeps their own account open.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone else; [`AppError::Forbidden`] on their own account.
    pub async fn administer_account(
        &self,
        administrator: &Account,
        email: &EmailAddress,
        active: bool,
        visitor: &Visitor,
    ) -> Result<Account, AppError> {
        administers(administrator)?;
        if administrator.email == *email {
            return Err(AppError::Forbidden);
        }
        self.change_account_active(email, active, Some(administrator.id), visitor).await
    }

    /// Makes an account, by an administrator.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone else; as [`App::create_account`].
    pub async fn administer_new_account(
        &self,
        administrator: &Account,
        new: NewAccount,
        visitor: &Visitor,
    ) -> Result<Account, AppError> {
        administers(administrator)?;
        let account = self.create_account(new).await?;
        let tx = self.store().begin_write().await?;
        let by = Some(administrator.id);
        record(&tx, SecurityEvent::AccountCreated, Some(account.id), by, visitor, "").await?;
        tx.commit().await?;
        Ok(account)
    }

    async fn change_account_active(
        &self,
        email: &EmailAddress,
        active: bool,
        by: Option<AccountId>,
        visitor: &Visitor,
    ) -> Result<Account, AppError> {
        let tx = self.store().begin_write().await?;
        let mut account = tx.account_by_email(email).await?.ok_or(AppError::NotFound)?;
        account.active = active;
        tx.update_account(&account).await?;
        let event = if active { SecurityEvent::AccountEnabled } else { SecurityEvent::AccountDisabled };
        if !active {
            // Opened again, the account finds none of its sessions nor its links.
            let now = tx.now().await?;
            tx.end_sessions(account.id, Ending::All, now).await?;
            tx.void_password_links(account.id, now).await?;
        }
        record(&tx, event, Some(account.id), by, visitor, "").await?;
        tx.commit().await?;
        self.forget_book();
        Ok(account)
    }

    /// Makes a token for programs; the secret is shown once and only its hash is kept.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such active account.
    pub async fn create_token(&self, new: &NewToken) -> Result<(Token, String), AppError> {
        let tx = self.store().begin_write().await?;
        let account = tx.account_by_email(&new.account).await?.filter(|account| account.active);
        let account = account.ok_or(AppError::NotFound)?;
        let now = tx.now().await?;
        let made = tx.create_token(account.id, &new.name, new.expires_at, now).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Every token, revoked ones included.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn tokens(&self) -> Result<Vec<Token>, AppError> {
        let tx = self.store().begin_read().await?;
        Ok(tx.tokens().await?)
    }

    /// Revokes a token; false when it was revoked already or never was.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn revoke_token(&self, token: Uuid) -> Result<bool, AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let revoked = tx.revoke_token(token, now).await?;
        tx.commit().await?;
        Ok(revoked)
    }
}
