//! What people choose about their own messages: a person outside by their link, staff on their own page.

use domain::identifiers::EmailAddress;
use domain::news::Preferences;
use domain::people::Account;

use crate::links::LinkProblem;
use crate::{App, AppError};

impl App {
    /// Turns the reminders of the person behind a link off, or on again; decisions are always sent.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token never given; [`AppError::NotFound`] too for the link of somebody who was replaced.
    pub async fn turn_reminders(&self, token: &str, off: bool) -> Result<(), AppError> {
        let access = self.open_link(token).await?;
        if access.problem == Some(LinkProblem::Revoked) {
            return Err(AppError::NotFound);
        }
        let tx = self.store().begin_write().await?;
        let mut person = tx.person(access.person.id).await?.ok_or(AppError::NotFound)?;
        person.reminders_off = off;
        let now = tx.now().await?;
        tx.update_person(&person, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Replaces what the owner of an account chose about their messages.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such account.
    pub async fn set_preferences(&self, email: &EmailAddress, preferences: Preferences) -> Result<Account, AppError> {
        let tx = self.store().begin_write().await?;
        let account = tx.account_by_email(email).await?.ok_or(AppError::NotFound)?;
        tx.set_preferences(account.id, &preferences).await?;
        tx.commit().await?;
        self.forget_book();
        Ok(Account { preferences, ..account })
    }
}
