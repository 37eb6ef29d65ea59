//! Saved views of the list of paths: each account keeps its own.

use domain::form::{FieldError, FieldProblem};
use domain::people::Account;
use persistence::SavedView;
use uuid::Uuid;

use crate::{App, AppError, new_id};

/// Most characters of a name.
const NAME: usize = 80;
/// Most characters of an address query.
const QUERY: usize = 2_000;
/// Most views of one account.
const VIEWS: usize = 50;

impl App {
    /// The views of an account, in the order of their names.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn saved_views(&self, account: &Account) -> Result<Vec<SavedView>, AppError> {
        let tx = self.store().begin_read().await?;
        Ok(tx.saved_views(account.id).await?)
    }

    /// Keeps a view under a name; a view of that name is replaced.
    ///
    /// # Errors
    /// The name is missing or too long, the query too long, or there are too many views ([`AppError::Invalid`], whose
    /// field is `name`, `query` or `views`); the store does not answer.
    pub async fn save_view(
        &self,
        account: &Account,
        name: &str,
        query: &str,
        default: bool,
    ) -> Result<SavedView, AppError> {
        let name = name.trim();
        let invalid = |field: &str, problem| AppError::Invalid(vec![FieldError { field: field.to_owned(), problem }]);
        if name.is_empty() {
            return Err(invalid("name", FieldProblem::Missing));
        }
        if name.chars().count() > NAME {
            return Err(invalid("name", FieldProblem::TooLong { max: NAME }));
        }
        if query.len() > QUERY {
            return Err(invalid("query", FieldProblem::TooLong { max: QUERY }));
        }
        let tx = self.store().begin_write().await?;
        let views = tx.saved_views(account.id).await?;
        if let Some(known) = views.iter().find(|view| view.name == name) {
            tx.delete_saved_view(account.id, known.id).await?;
        } else if views.len() >= VIEWS {
            return Err(invalid("views", FieldProblem::TooLong { max: VIEWS }));
        }
        let now = tx.now().await?;
        let view = SavedView {
            id: new_id(),
            account: account.id,
            name: name.to_owned(),
            query: query.to_owned(),
            default,
            created_at: now,
        };
        tx.insert_saved_view(&view).await?;
        if default {
            tx.set_default_view(account.id, Some(view.id)).await?;
        }
        tx.commit().await?;
        Ok(view)
    }

    /// Makes a view the one on which the list opens; `None` for no view.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the view is not the account's.
    pub async fn set_default_view(&self, account: &Account, view: Option<Uuid>) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        if !tx.set_default_view(account.id, view).await? {
            return Err(AppError::NotFound);
        }
        tx.commit().await?;
        Ok(())
    }

    /// Forgets a view.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not the account's.
    pub async fn delete_view(&self, account: &Account, view: Uuid) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        if !tx.delete_saved_view(account.id, view).await? {
            return Err(AppError::NotFound);
        }
        tx.commit().await?;
        Ok(())
    }
}
