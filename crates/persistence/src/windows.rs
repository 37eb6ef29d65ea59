//! Windows of the steering committee: links by which partners read one photograph, until a day.
//!
//! A window is added and closed once; nothing else of it changes. The token of its link is computed from the window and from the
//! secret of the deployment ([`KeptWindow::token`]): the store keeps its SHA-256 and nothing that opens it.

use domain::calendar::{end_of_day, micros};
use domain::identifiers::AccountId;
use domain::{Day, Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use crate::entities::committee_windows;
use crate::error::Result;
use crate::keys::{Keys, LinkClaims, token_hash};
use crate::rows::Row;
use crate::tx::Tx;

/// What the token of a window is for.
const PURPOSE: &str = "window";

/// A link by which a partner reads a photograph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitteeWindow {
    pub id: Uuid,
    pub photograph: Uuid,
    /// For whom, in the words of who opened it.
    pub partner: String,
    /// The last day on which it opens, in Paris.
    pub until: Day,
    pub opened_by: AccountId,
    pub opened_at: Instant,
    /// When it was closed before its last day was over, and by whom.
    pub closed: Option<(Instant, AccountId)>,
}

impl CommitteeWindow {
    fn derive(&self, keys: &Keys) -> String {
        keys.link_token(&LinkClaims {
            purpose: PURPOSE,
            event: self.id,
            recipient: self.photograph,
            expires_at: end_of_day(self.until),
            rank: 0,
        })
    }
}

/// A window as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptWindow {
    pub window: CommitteeWindow,
    token_hash: String,
}

impl KeptWindow {
    /// The token of its link; none once the secret of the deployment is another, since its link opens nothing any more.
    pub fn token(&self, keys: &Keys) -> Option<String> {
        let token = self.window.derive(keys);
        (token_hash(&token) == self.token_hash).then_some(token)
    }
}

fn kept(row: committee_windows::Model) -> Result<KeptWindow> {
    let closed = match (row.closed_at, row.closed_by) {
        (Some(at), Some(by)) => Some((at, AccountId::new(by))),
        (None, None) => None,
        _ => {
            return Err(
                Row::new("committee_windows", row.id).wrong("closed_by", "a closing has an instant and an author")
            );
        }
    };
    let window = CommitteeWindow {
        id: row.id,
        photograph: row.photograph,
        partner: row.partner,
        until: row.until,
        opened_by: AccountId::new(row.opened_by),
        opened_at: row.opened_at,
        closed,
    };
    Ok(KeptWindow { window, token_hash: row.token_hash })
}

impl Tx {
    /// Keeps a window that opens; the token of its link.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_committee_window(&self, window: &CommitteeWindow) -> Result<String> {
        let token = window.derive(self.keys());
        let row = committee_windows::ActiveModel {
            id: Set(window.id),
            photograph: Set(window.photograph),
            partner: Set(window.partner.clone()),
            until: Set(window.until),
            opened_by: Set(window.opened_by.uuid()),
            opened_at: Set(micros(window.opened_at)),
            token_hash: Set(token_hash(&token)),
            closed_at: Set(window.closed.map(|(at, _)| micros(at))),
            closed_by: Set(window.closed.map(|(_, by)| by.uuid())),
        };
        self.run(committee_windows::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(token)
    }

    /// The windows of a photograph, the last opened first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn committee_windows(&self, photograph: Uuid) -> Result<Vec<KeptWindow>> {
        let find = committee_windows::Entity::find()
            .filter(committee_windows::Column::Photograph.eq(photograph))
            .order_by_desc(committee_windows::Column::OpenedAt)
            .order_by_desc(committee_windows::Column::Id);
        self.run(find.all(self.db())).await?.into_iter().map(kept).collect()
    }

    /// The window of this key.
    ///
    /// # Errors
    /// As [`Tx::committee_windows`].
    pub async fn committee_window(&self, id: Uuid) -> Result<Option<CommitteeWindow>> {
        let row = self.run(committee_windows::Entity::find_by_id(id).one(self.db())).await?;
        Ok(row.map(kept).transpose()?.map(|kept| kept.window))
    }

    /// The window whose link has this token, closed and past ones included: the caller says which it is.
    ///
    /// # Errors
    /// As [`Tx::committee_windows`].
    pub async fn committee_window_of_link(&self, token: &str) -> Result<Option<CommitteeWindow>> {
        let find = committee_windows::Entity::find().filter(committee_windows::Column::TokenHash.eq(token_hash(token)));
        let found = self.run(find.one(self.db())).await?.map(kept).transpose()?;
        // The hash finds the row; only the key proves the token.
        Ok(found.filter(|kept| kept.token(self.keys()).as_deref() == Some(token)).map(|kept| kept.window))
    }

    /// Closes a window; false when it was closed before, or is not there.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn close_committee_window(&self, id: Uuid, by: AccountId, now: Instant) -> Result<bool> {
        let closed = committee_windows::ActiveModel {
            closed_at: Set(Some(micros(now))),
            closed_by: Set(Some(by.uuid())),
            ..Default::default()
        };
        let update = committee_windows::Entity::update_many()
            .set(closed)
            .filter(committee_windows::Column::Id.eq(id))
            .filter(committee_windows::Column::ClosedAt.is_null());
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }
}
