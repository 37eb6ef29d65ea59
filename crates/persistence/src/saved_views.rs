//! Saved views: the filters, the order and the columns under which someone wants to find a list again.

use domain::Instant;
use domain::identifiers::AccountId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use crate::entities::saved_views;
use crate::error::Result;
use crate::tx::Tx;

/// A view of the list of paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: Uuid,
    pub account: AccountId,
    pub name: String,
    /// What stands after the `?` of the address.
    pub query: String,
    /// The list opens on it.
    pub default: bool,
    pub created_at: Instant,
}

impl From<saved_views::Model> for SavedView {
    fn from(row: saved_views::Model) -> Self {
        Self {
            id: row.id,
            account: AccountId::new(row.account_id),
            name: row.name,
            query: row.query,
            default: row.is_default,
            created_at: row.created_at,
        }
    }
}

impl Tx {
    /// Keeps a view.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_saved_view(&self, view: &SavedView) -> Result<()> {
        let row = saved_views::ActiveModel {
            id: Set(view.id),
            account_id: Set(view.account.uuid()),
            name: Set(view.name.clone()),
            query: Set(view.query.clone()),
            is_default: Set(view.default),
            created_at: Set(view.created_at),
        };
        self.run(saved_views::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The views of an account, in the order of their names.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn saved_views(&self, account: AccountId) -> Result<Vec<SavedView>> {
        let find = saved_views::Entity::find()
            .filter(saved_views::Column::AccountId.eq(account.uuid()))
            .order_by_asc(saved_views::Column::Name)
            .order_by_asc(saved_views::Column::Id);
        Ok(self.run(find.all(self.db())).await?.into_iter().map(SavedView::from).collect())
    }

    /// Makes a view the one on which an account's list opens, or none of them; false when it is not the account's.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn set_default_view(&self, account: AccountId, view: Option<Uuid>) -> Result<bool> {
        let set = |default| saved_views::ActiveModel { is_default: Set(default), ..Default::default() };
        let own = saved_views::Column::AccountId.eq(account.uuid());
        let none = saved_views::Entity::update_many().set(set(false)).filter(own.clone());
        self.run(none.exec(self.db())).await?;
        let Some(view) = view else { return Ok(true) };
        let one =
            saved_views::Entity::update_many().set(set(true)).filter(own).filter(saved_views::Column::Id.eq(view));
        Ok(self.run(one.exec(self.db())).await?.rows_affected == 1)
    }

    /// Forgets a view of an account; false when it is not the account's.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn delete_saved_view(&self, account: AccountId, view: Uuid) -> Result<bool> {
        let delete = saved_views::Entity::delete_many()
            .filter(saved_views::Column::AccountId.eq(account.uuid()))
            .filter(saved_views::Column::Id.eq(view));
        Ok(self.run(delete.exec(self.db())).await?.rows_affected == 1)
    }
}
