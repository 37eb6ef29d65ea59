//! Drafts: what someone typed on a form is kept until it is sent for good, with the documents already received.
//!
//! A draft belongs to one account and one form, named by the address of its page; nobody else reads it. It goes away when the
//! form has done its work, when its author erases it, and by itself after [`crate::Settings::drafts_kept`].

use chrono::TimeDelta;
use domain::Instant;
use domain::path::command::DocumentKind;
use domain::people::Account;
use persistence::{Draft, Kept, Staged};

use crate::files::KeptDocument;
use crate::{App, AppError, Attached, Attachment};

/// A document received for a field, its content recognised.
#[derive(Debug)]
pub struct Received {
    pub field: String,
    pub name: String,
    pub media_type: String,
    pub file: Staged,
}

impl Received {
    /// The document as a step takes it once its file is kept.
    pub fn attachment(&self, kind: DocumentKind) -> Attachment {
        let (name, media_type) = (self.name.clone(), self.media_type.clone());
        Attachment { name, media_type, file: Attached::Kept(self.file.kept().clone()), kind }
    }
}

/// The columns of a form: what its address is about, and what it does there.
fn key(form: &str) -> (&str, &str) {
    form.rsplit_once('/').unwrap_or(("", form))
}

impl App {
    /// How long a draft that nobody touches is kept.
    pub(crate) fn drafts_kept(&self) -> TimeDelta {
        TimeDelta::from_std(self.settings().drafts_kept).unwrap_or(TimeDelta::days(36_500))
    }

    /// The draft of an account for a form.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn draft(&self, account: &Account, form: &str) -> Result<Option<Draft>, AppError> {
        let tx = self.store().begin_read().await?;
        let (about, what) = key(form);
        Ok(tx.draft(account.id, about, what).await?)
    }

    /// Keeps what was typed and the documents received with it; when.
    ///
    /// # Errors
    /// A document is too large; there are more than their author may send in a day, and only what was typed is kept; the store
    /// does not answer.
    pub async fn save_draft(
        &self,
        account: &Account,
        form: &str,
        typed: &[(String, String)],
        received: Vec<Received>,
    ) -> Result<Instant, AppError> {
        let most = self.settings().document_size;
        if received.iter().any(|document| document.file.kept().size > most) {
            return Err(AppError::DocumentTooLarge { most });
        }
        let (received, too_many) = match self.keep_received(Some(account), received).await {
            Err(error @ AppError::TooManyUploads { .. }) => (Vec::new(), Some(error)),
            received => (received?, None),
        };
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let (about, what) = key(form);
        let draft = tx.save_draft(account.id, about, what, typed, now).await?;
        for document in &received {
            let KeptDocument { field, name, media_type, file } = document;
            tx.save_draft_document(draft, field, name, media_type, file, now).await?;
        }
        tx.commit().await?;
        too_many.map_or(Ok(now), Err)
    }

    /// The documents of a draft, each kept as what `kind` says of its field.
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
            let file = match tx.draft_document_bytes(draft.id, &document.field).await? {
                // Received by a version that kept them in the row.
                Some(bytes) => Attached::Bytes(bytes),
                None => Attached::Kept(Kept { sha256: document.reference.sha256.clone(), size: document.size }),
            };
            attachments.push(Attachment {
                name: document.reference.name.clone(),
                media_type: document.media_type.clone(),
                file,
                kind: kind(&document.field),
            });
        }
        Ok(attachments)
    }

    /// Forgets a draft.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn forget_draft(&self, account: &Account, form: &str) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        let (about, what) = key(form);
        tx.delete_draft(account.id, about, what).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Forgets the drafts that nobody touched for as long as they are kept; how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn purge_drafts(&self) -> Result<u64, AppError> {
        let tx = self.store().begin_read().await?;
        let before = tx.now().await? - self.drafts_kept();
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
