//! Sessions of people who signed in: what the browser holds is kept as its hash only.

use domain::Instant;
use domain::identifiers::AccountId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use crate::entities::sessions;
use crate::error::Result;
use crate::keys::token_hash;
use crate::tx::Tx;

/// A session, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: Uuid,
    pub account: AccountId,
    /// What the browser says it is.
    pub browser: String,
    /// The network address it was opened from.
    pub address: String,
    pub created_at: Instant,
    pub seen_at: Instant,
    pub ended_at: Option<Instant>,
}

impl From<sessions::Model> for Session {
    fn from(row: sessions::Model) -> Self {
        Self {
            id: row.id,
            account: AccountId::new(row.account_id),
            browser: row.browser,
            address: row.address,
            created_at: row.created_at,
            seen_at: row.seen_at,
            ended_at: row.ended_at,
        }
    }
}

impl Tx {
    /// Opens a session whose secret the caller gives to the browser.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_session(&self, session: &Session, secret: &str) -> Result<()> {
        let row = sessions::ActiveModel {
            id: Set(session.id),
            account_id: Set(session.account.uuid()),
            hash: Set(token_hash(secret)),
            browser: Set(session.browser.clone()),
            address: Set(session.address.clone()),
            created_at: Set(session.created_at),
            seen_at: Set(session.seen_at),
            ended_at: Set(session.ended_at),
        };
        self.run(sessions::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The session of a secret, ended or not.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn session(&self, secret: &str) -> Result<Option<Session>> {
        let find = sessions::Entity::find().filter(sessions::Column::Hash.eq(token_hash(secret)));
        Ok(self.run(find.one(self.db())).await?.map(Session::from))
    }

    /// The open sessions of an account, the last seen first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn open_sessions(&self, account: AccountId) -> Result<Vec<Session>> {
        let find = sessions::Entity::find()
            .filter(sessions::Column::AccountId.eq(account.uuid()))
            .filter(sessions::Column::EndedAt.is_null())
            .order_by_desc(sessions::Column::SeenAt)
            .order_by_desc(sessions::Column::Id);
        Ok(self.run(find.all(self.db())).await?.into_iter().map(Session::from).collect())
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn touch_session(&self, id: Uuid, now: Instant) -> Result<()> {
        let seen = sessions::ActiveModel { seen_at: Set(now), ..Default::default() };
        let update = sessions::Entity::update_many().set(seen).filter(sessions::Column::Id.eq(id));
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// Ends sessions of an account: this one, or all but this one, or all; how many were open.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn end_sessions(&self, account: AccountId, which: Ending, now: Instant) -> Result<u64> {
        let ended = sessions::ActiveModel { ended_at: Set(Some(now)), ..Default::default() };
        let update = sessions::Entity::update_many()
            .set(ended)
            .filter(sessions::Column::AccountId.eq(account.uuid()))
            .filter(sessions::Column::EndedAt.is_null());
        let update = match which {
            Ending::This(id) => update.filter(sessions::Column::Id.eq(id)),
            Ending::AllBut(id) => update.filter(sessions::Column::Id.ne(id)),
            Ending::All => update,
        };
        Ok(self.run(update.exec(self.db())).await?.rows_affected)
    }
}

/// Which sessions of an account end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    This(Uuid),
    AllBut(Uuid),
    All,
}
