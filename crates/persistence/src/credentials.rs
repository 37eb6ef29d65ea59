//! Passwords as their hashes, the links that set them, and the tries at signing in.
//!
//! What is secret is never here: a password is its Argon2id, a link the digest of its token, one who tries a digest too. Tries
//! change by compare-and-set: of two at once, one counts and the other learns that it was not alone.

use chrono::TimeDelta;
use domain::Instant;
use domain::identifiers::AccountId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};

use crate::entities::{credentials, password_links, sign_in_tries};
use crate::error::Result;
use crate::keys::{Code, token_hash};
use crate::rows::{Row, column};
use crate::tx::Tx;

/// The password of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// A PHC string: the function, its cost, the salt and the hash.
    pub hash: String,
    pub set_at: Instant,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("set_at", &self.set_at).finish_non_exhaustive()
    }
}

/// A link that sets a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordLink {
    pub account: AccountId,
    /// Sent by an administrator for a first password, not asked for by its owner.
    pub invitation: bool,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
}

/// The tries of one who tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tries {
    /// Failures in a row.
    pub failures: u32,
    /// Tries since `counted_from`.
    pub counted: u32,
    pub counted_from: Instant,
    pub last_at: Instant,
}

impl Tx {
    /// The password of an account.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn credential(&self, account: AccountId) -> Result<Option<Credential>> {
        let row = self.run(credentials::Entity::find_by_id(account.uuid()).one(self.db())).await?;
        Ok(row.map(|row| Credential { hash: row.hash, set_at: row.set_at }))
    }

    /// The accounts that have a password.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn accounts_with_password(&self) -> Result<Vec<AccountId>> {
        let find = credentials::Entity::find().select_only().column(credentials::Column::AccountId);
        let ids = self.run(find.into_tuple::<uuid::Uuid>().all(self.db())).await?;
        Ok(ids.into_iter().map(AccountId::new).collect())
    }

    /// Gives an account its password, in place of the one it had.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn set_credential(&self, account: AccountId, hash: &str, now: Instant) -> Result<()> {
        let row =
            credentials::ActiveModel { account_id: Set(account.uuid()), hash: Set(hash.to_owned()), set_at: Set(now) };
        let replace = OnConflict::column(credentials::Column::AccountId)
            .update_columns([credentials::Column::Hash, credentials::Column::SetAt])
            .to_owned();
        let insert = credentials::Entity::insert(row).on_conflict(replace);
        self.run(insert.exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// Replaces a hash by another of the same password, at a new cost; nothing when the password changed meanwhile.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn rehash_credential(&self, account: AccountId, old: &str, new: &str) -> Result<()> {
        let hash = credentials::ActiveModel { hash: Set(new.to_owned()), ..Default::default() };
        let update = credentials::Entity::update_many()
            .set(hash)
            .filter(credentials::Column::AccountId.eq(account.uuid()))
            .filter(credentials::Column::Hash.eq(old));
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// Notes a link that sets a password.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_password_link(&self, token: &str, link: &PasswordLink) -> Result<()> {
        let row = password_links::ActiveModel {
            hash: Set(token_hash(token)),
            account_id: Set(link.account.uuid()),
            invitation: Set(link.invitation),
            created_at: Set(link.created_at),
            expires_at: Set(link.expires_at),
            used_at: Set(link.used_at),
        };
        self.run(password_links::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The link of a token, used and expired ones included.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn password_link(&self, token: &str) -> Result<Option<PasswordLink>> {
        let row = self.run(password_links::Entity::find_by_id(token_hash(token)).one(self.db())).await?;
        Ok(row.map(PasswordLink::from))
    }

    /// The links of an account made since an instant.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn password_links_since(&self, account: AccountId, since: Instant) -> Result<Vec<PasswordLink>> {
        let find = password_links::Entity::find()
            .filter(password_links::Column::AccountId.eq(account.uuid()))
            .filter(password_links::Column::CreatedAt.gt(since));
        Ok(self.run(find.all(self.db())).await?.into_iter().map(PasswordLink::from).collect())
    }

    /// Uses a link: false when it was used, or by somebody else at the same instant.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn use_password_link(&self, token: &str, now: Instant) -> Result<bool> {
        let used = password_links::ActiveModel { used_at: Set(Some(now)), ..Default::default() };
        let update = password_links::Entity::update_many()
            .set(used)
            .filter(password_links::Column::Hash.eq(token_hash(token)))
            .filter(password_links::Column::UsedAt.is_null())
            .filter(password_links::Column::ExpiresAt.gt(now));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }

    /// Makes every link of an account void: its password was set.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn void_password_links(&self, account: AccountId, now: Instant) -> Result<()> {
        let used = password_links::ActiveModel { used_at: Set(Some(now)), ..Default::default() };
        let update = password_links::Entity::update_many()
            .set(used)
            .filter(password_links::Column::AccountId.eq(account.uuid()))
            .filter(password_links::Column::UsedAt.is_null());
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// The tries of one who tries.
    ///
    /// # Errors
    /// The row makes no sense, or the store does not answer.
    pub async fn tries(&self, key: &str) -> Result<Option<Tries>> {
        let Some(row) = self.run(sign_in_tries::Entity::find_by_id(key).one(self.db())).await? else {
            return Ok(None);
        };
        let at = Row::new("sign_in_tries", &row.key);
        Ok(Some(Tries {
            failures: at.count("failures", row.failures)?,
            counted: at.count("counted", row.counted)?,
            counted_from: row.counted_from,
            last_at: row.last_at,
        }))
    }

    /// Replaces the tries that were read; false when another try was faster.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn set_tries(&self, key: &str, seen: Option<&Tries>, new: &Tries) -> Result<bool> {
        let row = sign_in_tries::ActiveModel {
            key: Set(key.to_owned()),
            failures: Set(column(new.failures)),
            counted: Set(column(new.counted)),
            counted_from: Set(new.counted_from),
            last_at: Set(new.last_at),
        };
        let Some(seen) = seen else {
            let alone = OnConflict::column(sign_in_tries::Column::Key).do_nothing().to_owned();
            let insert = sign_in_tries::Entity::insert(row).on_conflict(alone);
            return Ok(self.run(insert.exec_without_returning(self.db())).await? == 1);
        };
        let update = sign_in_tries::Entity::update_many()
            .set(sign_in_tries::ActiveModel { key: sea_orm::NotSet, ..row })
            .filter(sign_in_tries::Column::Key.eq(key))
            .filter(sign_in_tries::Column::Failures.eq(column(seen.failures)))
            .filter(sign_in_tries::Column::Counted.eq(column(seen.counted)))
            .filter(sign_in_tries::Column::LastAt.eq(seen.last_at));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }

    /// Forgets the failures of one who tries: they got in.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn clear_failures(&self, key: &str) -> Result<()> {
        let none = sign_in_tries::ActiveModel { failures: Set(0), ..Default::default() };
        let update = sign_in_tries::Entity::update_many().set(none).filter(sign_in_tries::Column::Key.eq(key));
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// Forgets tries older than so long: they limit nothing any more.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn forget_tries(&self, now: Instant, age: TimeDelta) -> Result<u64> {
        let delete = sign_in_tries::Entity::delete_many().filter(sign_in_tries::Column::LastAt.lt(now - age));
        Ok(self.run(delete.exec(self.db())).await?.rows_affected)
    }

    /// The mark of a device of an account, which only this deployment can make; a new password makes it void.
    pub fn device_mark(&self, account: AccountId, device: &str, set_at: Instant) -> String {
        let code = Code::new(&self.keys().devices)
            .field(account.uuid().as_bytes())
            .field(device.as_bytes())
            .field(&set_at.timestamp_micros().to_be_bytes())
            .finish();
        data_encoding::BASE64URL_NOPAD.encode(&code)
    }

    /// The digest under which tries are counted: addresses stay out of the table.
    pub fn tries_key(&self, kind: &str, who: &str) -> String {
        let code = Code::new(&self.keys().devices).field(kind.as_bytes()).field(who.as_bytes()).finish();
        data_encoding::BASE64URL_NOPAD.encode(&code)
    }
}

impl From<password_links::Model> for PasswordLink {
    fn from(row: password_links::Model) -> Self {
        Self {
            account: AccountId::new(row.account_id),
            invitation: row.invitation,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        }
    }
}
