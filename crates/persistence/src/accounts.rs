//! Accounts and their tokens.

use domain::Instant;
use domain::calendar::paris_day;
use domain::identifiers::{AccountId, BodyCode, EmailAddress, LotCode};
use domain::news::Preferences;
use domain::people::{Account, StaffRole};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, NotSet, QueryFilter, QueryOrder, QuerySelect, Set,
};
use uuid::Uuid;

use crate::entities::{accounts, tokens};
use crate::error::{Result, StoreError};
use crate::keys::{random_token, token_hash};
use crate::rows::{Row, column, json};
use crate::tx::Tx;

/// A token of an account, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: Uuid,
    pub account: AccountId,
    pub name: String,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
    pub last_used_at: Option<Instant>,
}

impl TryFrom<accounts::Model> for Account {
    type Error = StoreError;

    fn try_from(row: accounts::Model) -> Result<Self> {
        let at = Row::new("accounts", row.id);
        Ok(Self {
            id: AccountId::new(row.id),
            email: at.text("email", &row.email)?,
            name: row.name,
            role: at.text("role", &row.role)?,
            body: at.optional_text("body", row.body.as_deref())?,
            lots: at.json::<Vec<LotCode>>("lots", &row.lots)?,
            phone: at.optional_text("phone", row.phone.as_deref())?,
            active: row.active,
            ends_on: row.ends_on,
            preferences: at.json("preferences", &row.preferences)?,
            version: at.count("version", row.version)?,
        })
    }
}

impl From<tokens::Model> for Token {
    fn from(row: tokens::Model) -> Self {
        Self {
            id: row.id,
            account: AccountId::new(row.account_id),
            name: row.name,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        }
    }
}

fn active(account: &Account) -> accounts::ActiveModel {
    accounts::ActiveModel {
        id: Set(account.id.uuid()),
        email: Set(account.email.to_string()),
        name: Set(account.name.clone()),
        role: Set(account.role.to_string()),
        body: Set(account.body.as_ref().map(BodyCode::to_string)),
        lots: Set(json(&account.lots)),
        phone: Set(account.phone.as_ref().map(ToString::to_string)),
        active: Set(account.active),
        ends_on: Set(account.ends_on),
        preferences: Set(json(&account.preferences)),
        version: Set(column(account.version)),
        ..Default::default()
    }
}

impl Tx {
    /// Adds an account.
    ///
    /// # Errors
    /// [`crate::Duplicate::AccountEmail`] when its address has an account.
    pub async fn insert_account(&self, account: &Account, now: Instant) -> Result<()> {
        let row = accounts::ActiveModel { created_at: Set(now), ..active(account) };
        self.run(accounts::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// Replaces the values of an account that nobody changed since it was read, but for its preferences, which are its owner's;
    /// false when somebody did. Its version grows.
    ///
    /// # Errors
    /// [`crate::Duplicate::AccountEmail`] when its new address is another account's.
    pub async fn update_account(&self, account: &Account) -> Result<bool> {
        let version = Set(column(account.version + 1));
        let row = accounts::ActiveModel { version, preferences: NotSet, ..active(account) };
        let update = accounts::Entity::update_many()
            .set(row)
            .filter(accounts::Column::Id.eq(account.id.uuid()))
            .filter(accounts::Column::Version.eq(column(account.version)));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }

    /// Replaces what an account chose about its messages; false when there is none of this identifier.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn set_preferences(&self, account: AccountId, preferences: &Preferences) -> Result<bool> {
        let chosen = accounts::ActiveModel { preferences: Set(json(preferences)), ..Default::default() };
        let update = accounts::Entity::update_many().set(chosen).filter(accounts::Column::Id.eq(account.uuid()));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }

    /// Every account, locked until the end of the transaction: accounts are changed by one at a time.
    ///
    /// # Errors
    /// As [`Tx::account`].
    pub async fn lock_accounts(&self) -> Result<Vec<Account>> {
        // Rows that name an account may be added meanwhile. On SQLite the transaction has locked the whole store already.
        let find = accounts::Entity::find().lock(LockType::NoKeyUpdate).order_by_asc(accounts::Column::Id);
        self.run(find.all(self.db())).await?.into_iter().map(Account::try_from).collect()
    }

    /// The account of this identifier.
    ///
    /// # Errors
    /// The row makes no sense, or the store does not answer.
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>> {
        let row = self.run(accounts::Entity::find_by_id(id.uuid()).one(self.db())).await?;
        row.map(Account::try_from).transpose()
    }

    /// The account of this address.
    ///
    /// # Errors
    /// As [`Tx::account`].
    pub async fn account_by_email(&self, email: &EmailAddress) -> Result<Option<Account>> {
        let find = accounts::Entity::find().filter(accounts::Column::Email.eq(email.to_string()));
        self.run(find.one(self.db())).await?.map(Account::try_from).transpose()
    }

    /// Every account, by address.
    ///
    /// # Errors
    /// As [`Tx::account`].
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let find = accounts::Entity::find().order_by_asc(accounts::Column::Email);
        self.run(find.all(self.db())).await?.into_iter().map(Account::try_from).collect()
    }

    /// Active accounts in a role, by address.
    ///
    /// # Errors
    /// As [`Tx::account`].
    pub async fn active_accounts(&self, role: StaffRole) -> Result<Vec<Account>> {
        let find = accounts::Entity::find()
            .filter(accounts::Column::Role.eq(role.to_string()))
            .filter(accounts::Column::Active.eq(true))
            .order_by_asc(accounts::Column::Email);
        self.run(find.all(self.db())).await?.into_iter().map(Account::try_from).collect()
    }

    /// Makes a token for an account; the secret is given once, here.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn create_token(
        &self,
        account: AccountId,
        name: &str,
        expires_at: Option<Instant>,
        now: Instant,
    ) -> Result<(Token, String)> {
        let secret = random_token();
        let row = tokens::Model {
            id: Uuid::now_v7(),
            account_id: account.uuid(),
            name: name.to_owned(),
            hash: token_hash(&secret),
            created_at: now,
            expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        let insert = tokens::Entity::insert(row.clone().into_active_model());
        self.run(insert.exec_without_returning(self.db())).await?;
        Ok((row.into(), secret))
    }

    /// The account behind a valid token, open that day, and the token.
    ///
    /// # Errors
    /// As [`Tx::account`].
    pub async fn authenticate(&self, secret: &str, now: Instant) -> Result<Option<(Token, Account)>> {
        let find = tokens::Entity::find().filter(tokens::Column::Hash.eq(token_hash(secret)));
        let Some(row) = self.run(find.one(self.db())).await? else { return Ok(None) };
        let expired = row.expires_at.is_some_and(|expires_at| expires_at <= now);
        if expired || row.revoked_at.is_some() {
            return Ok(None);
        }
        let token = Token::from(row);
        let today = paris_day(now);
        let account = self.account(token.account).await?.filter(|account| account.opens(today));
        Ok(account.map(|account| (token, account)))
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn touch_token(&self, id: Uuid, now: Instant) -> Result<()> {
        let row = tokens::ActiveModel { id: Set(id), last_used_at: Set(Some(now)), ..Default::default() };
        self.run(row.update(self.db())).await?;
        Ok(())
    }

    /// Revokes a token; false when there is none, or when it was revoked already.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn revoke_token(&self, id: Uuid, now: Instant) -> Result<bool> {
        let update = tokens::Entity::update_many()
            .set(tokens::ActiveModel { revoked_at: Set(Some(now)), ..Default::default() })
            .filter(tokens::Column::Id.eq(id))
            .filter(tokens::Column::RevokedAt.is_null());
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }

    /// The tokens of every account, oldest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn tokens(&self) -> Result<Vec<Token>> {
        let find = tokens::Entity::find().order_by_asc(tokens::Column::CreatedAt).order_by_asc(tokens::Column::Id);
        Ok(self.run(find.all(self.db())).await?.into_iter().map(Token::from).collect())
    }
}
