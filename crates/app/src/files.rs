//! Files received and given back: counted for each person, recognised, kept before anything names them, swept when nothing does.

use std::io;

use chrono::TimeDelta;
use domain::calendar::paris_day;
use domain::people::Account;
use persistence::{Incoming, Kept, Staged};

use crate::documents::{Unrecognised, recognise};
use crate::drafts::Received;
use crate::{App, AppError};

/// How long a file that nothing names stays: longer than any form takes from its document to its row.
const UNNAMED: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// A document received, its file kept.
#[derive(Debug)]
pub struct KeptDocument {
    pub field: String,
    pub name: String,
    pub media_type: String,
    pub file: Kept,
}

/// A file received, with its media type.
///
/// # Errors
/// It is not taken, or cannot be read.
pub async fn recognised(file: Staged) -> Result<(Staged, &'static str), Unrecognised> {
    let looking = tokio::task::spawn_blocking(move || {
        let media_type = recognise(&mut file.open()?)?;
        Ok((file, media_type))
    });
    looking.await.map_err(io::Error::other)?
}

impl App {
    /// Begins to receive a file, under a temporary name.
    ///
    /// # Errors
    /// The disk does not take it.
    pub async fn receive(&self) -> Result<Incoming, AppError> {
        Ok(self.store().files().receive().await?)
    }

    /// Keeps what a person sent, within what an account may send in a day.
    ///
    /// # Errors
    /// [`AppError::TooManyUploads`]; the store or its disk does not take them.
    pub async fn keep_received(
        &self,
        account: Option<&Account>,
        received: Vec<Received>,
    ) -> Result<Vec<KeptDocument>, AppError> {
        if received.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(account) = account {
            let most = self.settings().uploads_per_day;
            let files = u32::try_from(received.len()).unwrap_or(u32::MAX);
            let tx = self.store().begin_write().await?;
            let today = paris_day(tx.now().await?);
            if !tx.count_uploads(account.id, today, files, most).await? {
                return Err(AppError::TooManyUploads { most });
            }
            tx.commit().await?;
        }
        let (mut kept, mut staged) = (Vec::with_capacity(received.len()), Vec::with_capacity(received.len()));
        for Received { field, name, media_type, file } in received {
            kept.push(KeptDocument { field, name, media_type, file: file.kept().clone() });
            staged.push(file);
        }
        self.store().keep(staged).await?;
        Ok(kept)
    }

    /// Moves files that still stand in rows, and sweeps those that nothing names any more. A restored copy sweeps nothing until
    /// it sends again: its files may be those of the original.
    ///
    /// # Errors
    /// The store or its disk does not answer.
    pub async fn look_after_files(&self) -> Result<(), AppError> {
        let store = self.store();
        store.move_files().await?;
        let tx = store.begin_read().await?;
        let (now, suspended) = (tx.now().await?, tx.sending_suspended().await?);
        tx.rollback().await?;
        if suspended.is_none() {
            let before = now - TimeDelta::from_std(UNNAMED).unwrap_or(TimeDelta::days(1));
            store.sweep_files(before, UNNAMED).await?;
        }
        Ok(())
    }
}
