//! Accounts and tokens: made, changed, closed and opened again, by an administrator or by the operator.
//!
//! Accounts are changed by one at a time ([`persistence::Tx::lock_accounts`]): what a rule looks at, such as whether another
//! administrator is left, still holds when the change is written. Each change grows the version and leaves one line in the
//! security log, so that who comes second is told what came first.

use domain::accounts::{AccountChange, AccountField, change, changed, close, last_day, reopen};
use domain::calendar::{Day, Instant, paris_day};
use domain::form::{FieldError, FieldProblem};
use domain::identifiers::{AccountId, BodyCode, EmailAddress, LotCode, Phone};
use domain::news::Preferences;
use domain::path::State;
use domain::people::{Account, Actor, StaffRole};
use domain::security::SecurityEvent;
use persistence::{Charge, Ending, PathFilter, SecurityFilter, StoreError, Token, Tx};
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::book::Book;
use crate::security_log::{SecurityView, Visitor, administers, record, security_views};
use crate::{App, AppError, new_id};

/// Times a change is tried again when other transactions are in the way.
const ATTEMPTS: usize = 8;

/// What the security log holds for each growth of an account's version.
const CHANGES: [SecurityEvent; 3] =
    [SecurityEvent::AccountChanged, SecurityEvent::AccountDisabled, SecurityEvent::AccountEnabled];

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
    /// Required for an auditor, kept for who only reads.
    pub ends_on: Option<Day>,
}

/// Somebody changed an account between its reading and its change.
#[derive(Debug, Clone)]
pub struct AccountConflict {
    /// The account as it stands.
    pub account: Account,
    /// What was done since it was read, the last first.
    pub since: Vec<SecurityView>,
}

/// What closing an account did.
#[derive(Debug, Clone)]
pub struct Closed {
    pub account: Account,
    /// Who holds its open paths now.
    pub successor: Option<Account>,
    pub paths: usize,
}

/// A token to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    pub account: EmailAddress,
    pub name: String,
    pub expires_at: Option<Instant>,
}

fn wrong(field: &str, problem: FieldProblem) -> AppError {
    AppError::Invalid(vec![FieldError { field: field.to_owned(), problem }])
}

fn missing(field: &str) -> AppError {
    wrong(field, FieldProblem::Missing)
}

/// Lots that some version of the terms has.
fn known_lots(book: &Book, lots: &[LotCode]) -> Result<(), AppError> {
    let markets = || book.terms.iter().map(|record| &record.terms.market);
    let unknown = lots.iter().any(|lot| markets().all(|market| market.lot(lot).is_none()));
    if unknown { Err(wrong("lots", FieldProblem::Unknown { known: Vec::new() })) } else { Ok(()) }
}

/// An account of a list, for an administrator who still is one, or for the operator.
fn kept<'a>(accounts: &'a [Account], by: Option<&Account>, id: AccountId) -> Result<&'a Account, AppError> {
    if let Some(by) = by {
        let now = accounts.iter().find(|account| account.id == by.id).ok_or(AppError::NotFound)?;
        administers(now)?;
    }
    accounts.iter().find(|account| account.id == id).ok_or(AppError::NotFound)
}

impl App {
    /// Makes an account.
    ///
    /// # Errors
    /// A coordinator without body, a body that holds no lot, an address taken already, a last day that is missing or passed.
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
        known_lots(&book, &new.lots)?;
        let now = tx.now().await?;
        let ends_on = last_day(new.role, new.ends_on, None, paris_day(now))?;
        let account = Account {
            id: AccountId::new(new_id()),
            email: new.email,
            name: new.name.trim().to_owned(),
            role: new.role,
            body,
            lots: new.lots,
            phone: new.phone,
            active: true,
            ends_on,
            preferences: Preferences::default(),
            version: 1,
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

    /// Changes values of an account that was read in a version; what changed. The address that it leaves is told (L12), and
    /// links to a password that went there work no more.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone but an administrator or the operator (`by` is none); [`AppError::AccountConflict`]
    /// when somebody changed it meanwhile; a rule of accounts; an address taken already.
    pub async fn change_account(
        &self,
        by: Option<&Account>,
        id: AccountId,
        seen: u32,
        wanted: AccountChange,
        visitor: &Visitor,
    ) -> Result<(Account, Vec<AccountField>), AppError> {
        by.map_or(Ok(()), administers)?;
        if wanted.name.trim().is_empty() {
            return Err(missing("name"));
        }
        let tx = self.store().begin_write().await?;
        let accounts = tx.lock_accounts().await?;
        let before = kept(&accounts, by, id)?;
        if before.version != seen {
            return Err(account_conflict(&tx, before, seen, &accounts).await?);
        }
        known_lots(&*self.book(&tx).await?, &wanted.lots)?;
        let by = by.map(|by| by.id);
        let now = tx.now().await?;
        let mut after = change(before, wanted, by, &accounts, paris_day(now))?;
        let fields = changed(before, &after);
        if fields.is_empty() {
            return Ok((after, fields));
        }
        tx.update_account(&after).await?;
        after.version += 1;
        if fields.contains(&AccountField::Email) {
            tx.void_password_links(id, now).await?;
            self.tell_address_changed(&tx, before, &after, now).await?;
        }
        let detail = wording::accounts::change(before, &after);
        record(&tx, SecurityEvent::AccountChanged, Some(id), by, visitor, &detail).await?;
        tx.commit().await?;
        self.forget_book();
        Ok((after, fields))
    }

    /// Closes an account. Its open paths go to a colleague who may hold them, in the same transaction; its sessions and its
    /// links end. An account that is closed already stays so.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone but an administrator or the operator (`by` is none); [`AppError::Forbidden`] on one's own
    /// account, and for the operator when paths change hands, which is done under a name; a rule of accounts: open paths that
    /// nobody takes, somebody who may not take them, the last administrator.
    pub async fn close_account(
        &self,
        by: Option<&Account>,
        id: AccountId,
        successor: Option<AccountId>,
        visitor: &Visitor,
    ) -> Result<Closed, AppError> {
        by.map_or(Ok(()), administers)?;
        if by.is_some_and(|by| by.id == id) {
            return Err(AppError::Forbidden);
        }
        for _ in 0..ATTEMPTS {
            match Box::pin(self.try_close(by, id, successor, visitor)).await {
                Err(AppError::Store(StoreError::Busy(_))) => {}
                result => {
                    self.forget_book();
                    return result;
                }
            }
        }
        Err(AppError::Contended)
    }

    async fn try_close(
        &self,
        by: Option<&Account>,
        id: AccountId,
        successor: Option<AccountId>,
        visitor: &Visitor,
    ) -> Result<Closed, AppError> {
        let tx = self.store().begin_write().await?;
        let accounts = tx.lock_accounts().await?;
        let mut account = kept(&accounts, by, id)?.clone();
        if !account.active {
            return Ok(Closed { account, successor: None, paths: 0 });
        }
        let paths = tx.list_paths(&held_by(id)).await?;
        let successor = match successor {
            Some(to) => Some(accounts.iter().find(|account| account.id == to).ok_or(AppError::NotFound)?),
            None => None,
        };
        close(&account, paths.len(), successor, &accounts)?;
        let now = tx.now().await?;
        if let Some(to) = successor.filter(|_| !paths.is_empty()) {
            // A path changes hands under a name.
            let author = by.ok_or(AppError::Forbidden)?.actor();
            self.hand_paths(&tx, &author, &account, to, &paths, false).await?;
            let detail = format!("{} → {}", paths.len(), to.name);
            let by = by.map(|by| by.id);
            record(&tx, SecurityEvent::PortfolioHandedOver, Some(id), by, visitor, &detail).await?;
        }
        account.active = false;
        tx.update_account(&account).await?;
        account.version += 1;
        // Opened again, the account finds none of its sessions nor its links.
        tx.end_sessions(id, Ending::All, now).await?;
        tx.void_password_links(id, now).await?;
        self.end_delegations_of(&tx, &account, by, visitor, now).await?;
        record(&tx, SecurityEvent::AccountDisabled, Some(id), by.map(|by| by.id), visitor, "").await?;
        tx.commit().await?;
        Ok(Closed { account, successor: successor.cloned(), paths: paths.len() })
    }

    /// Opens an account again; one that is open stays so.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for anyone but an administrator or the operator (`by` is none); an auditor without a last day.
    pub async fn reopen_account(
        &self,
        by: Option<&Account>,
        id: AccountId,
        visitor: &Visitor,
    ) -> Result<Account, AppError> {
        by.map_or(Ok(()), administers)?;
        let tx = self.store().begin_write().await?;
        let accounts = tx.lock_accounts().await?;
        let mut account = kept(&accounts, by, id)?.clone();
        if account.active {
            return Ok(account);
        }
        reopen(&account, paris_day(tx.now().await?))?;
        account.active = true;
        tx.update_account(&account).await?;
        account.version += 1;
        record(&tx, SecurityEvent::AccountEnabled, Some(id), by.map(|by| by.id), visitor, "").await?;
        tx.commit().await?;
        self.forget_book();
        Ok(account)
    }

    /// Open auditors without a last day: those made before accounts had one.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn endless_auditors(&self) -> Result<Vec<Account>, AppError> {
        let mut accounts = self.accounts().await?;
        accounts.retain(|account| account.active && account.role == StaffRole::Auditor && account.ends_on.is_none());
        Ok(accounts)
    }

    /// How many open paths nobody coordinates, among those that the reader sees.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn orphans(&self, actor: &Actor) -> Result<u64, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let filter = PathFilter { charge: Some(Charge::Nobody), ..PathFilter::default() };
        Ok(tx.count_paths(&Self::allowed(&book, actor, &filter)?).await?)
    }

    /// Makes a token for programs; the secret is shown once and only its hash is kept.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such active account.
    pub async fn create_token(&self, new: &NewToken) -> Result<(Token, String), AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let account = tx.account_by_email(&new.account).await?.filter(|account| account.opens(paris_day(now)));
        let account = account.ok_or(AppError::NotFound)?;
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

/// The open paths of a coordinator.
pub(crate) fn held_by(account: AccountId) -> PathFilter {
    PathFilter {
        charge: Some(Charge::Accounts(vec![account])),
        states: State::iter().filter(|state| !state.is_final()).collect(),
        limit: u64::MAX,
        ..PathFilter::default()
    }
}

/// What was done to an account since it was read in a version.
async fn account_conflict(tx: &Tx, account: &Account, seen: u32, accounts: &[Account]) -> Result<AppError, AppError> {
    let filter = SecurityFilter {
        events: CHANGES.to_vec(),
        account: Some(account.id),
        limit: Some(u64::from(account.version.saturating_sub(seen))),
        ..SecurityFilter::default()
    };
    let since = security_views(tx.security_lines(&filter).await?, accounts);
    Ok(AppError::AccountConflict(Box::new(AccountConflict { account: account.clone(), since })))
}
