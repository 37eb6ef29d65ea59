//! Drafts: what someone typed on the form of a step is kept until it is performed, with the documents already received.
//!
//! A draft belongs to one account, one path and one step; nobody else reads it. It goes away when the step is performed, when
//! its author erases it, and by itself after [`KEPT`].

use chrono::TimeDelta;
use domain::path::Step;
use domain::path::command::DocumentKind;
use domain::people::Account;
use persistence::Draft;

use crate::{App, AppError, Attachment, Target};

/// How long a draft that nobody touches is kept.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// A document received for a field, its content checked by the page that received it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub field: String,
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

fn key(target: &Target) -> String {
    match target {
        Target::New => String::new(),
        Target::Path(reference) => reference.to_string(),
    }
}

impl App {
    /// The draft of an account for a step.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn draft(&self, account: &Account, target: &Target, step: Step) -> Result<Option<Draft>, AppError> {
        let tx = self.store().begin_read().await?;
        Ok(tx.draft(account.id, &key(target), step.id()).await?)
    }

    /// Keeps what was typed and the documents received with it.
    ///
    /// # Errors
    /// A document is too large; the store does not answer.
    pub async fn save_draft(
        &self,
        account: &Account,
        target: &Target,
        step: Step,
        typed: &[(String, String)],
        received: &[Received],
    ) -> Result<(), AppError> {
        let most = self.settings().document_size;
        if received.iter().any(|document| document.bytes.len() as u64 > most) {
            return Err(AppError::DocumentTooLarge { most });
        }
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let draft = tx.save_draft(account.id, &key(target), step.id(), typed, now).await?;
        for document in received {
            let Received { field, name, media_type, bytes } = document;
            tx.save_draft_document(draft, field, name, media_type, bytes).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The documents of a draft with their bytes, each kept as what `kind` says of its field.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn draft_attachments(
        &self,
        draft: &Draft,
        kind: impl Fn(&str) -> DocumentKind,
    ) -> Result<Vec<Attachment>, AppError> {
        let tx = self.store().begin_read().await?;
        let mut attachments = Vec::with_capacity(draft.documents.len());
        for document in &draft.documents {
            let bytes = tx.draft_document_bytes(draft.id, &document.field).await?;
            attachments.push(Attachment {
                name: document.reference.name.clone(),
                media_type: document.media_type.clone(),
                bytes: bytes.ok_or(AppError::NotFound)?,
                kind: kind(&document.field),
            });
        }
        Ok(attachments)
    }

    /// Forgets a draft.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn forget_draft(&self, account: &Account, target: &Target, step: Step) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        tx.delete_draft(account.id, &key(target), step.id()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets the drafts that nobody touched for [`KEPT`]; how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn purge_drafts(&self) -> Result<u64, AppError> {
        let tx = self.store().begin_read().await?;
        let before = tx.now().await? - KEPT;
        if !tx.has_drafts_before(before).await? {
            return Ok(0);
        }
        tx.rollback().await?;
        let tx = self.store().begin_write().await?;
        let purged = tx.purge_drafts(before).await?;
        tx.commit().await?;
        Ok(purged)
    }
}
