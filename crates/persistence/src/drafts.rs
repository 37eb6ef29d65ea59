//! Drafts of forms: one for each account, target and step; what was typed is sealed, for it may name a candidate.

use domain::Instant;
use domain::form::DocumentRef;
use domain::identifiers::AccountId;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use uuid::Uuid;

use crate::documents::length;
use crate::entities::{draft_documents, drafts};
use crate::error::Result;
use crate::files::{FileRow, Kept};
use crate::rows::Row;
use crate::tx::Tx;

/// What someone typed on a form and has not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub id: Uuid,
    /// Names and values, as typed.
    pub typed: Vec<(String, String)>,
    pub updated_at: Instant,
    pub documents: Vec<DraftDocument>,
}

/// A document received for a field of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftDocument {
    pub field: String,
    pub reference: DocumentRef,
    pub media_type: String,
    pub size: u64,
}

type Listed = (String, String, String, String, i64);

fn of_account(account: AccountId, target: &str, step: &str) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(drafts::Column::AccountId.eq(account.uuid()))
        .add(drafts::Column::Target.eq(target))
        .add(drafts::Column::Step.eq(step))
}

impl Tx {
    /// The draft of an account for a step on a target; documents without their bytes.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn draft(&self, account: AccountId, target: &str, step: &str) -> Result<Option<Draft>> {
        let find = drafts::Entity::find().filter(of_account(account, target, step));
        let Some(row) = self.run(find.one(self.db())).await? else { return Ok(None) };
        let at = Row::new("drafts", row.id);
        let plain = at.read("sealed", self.keys().unseal_bytes(row.id, &row.sealed))?;
        let typed = at.read("sealed", serde_json::from_slice(&plain))?;
        Ok(Some(Draft {
            id: row.id,
            typed,
            updated_at: row.updated_at,
            documents: self.draft_documents(row.id).await?,
        }))
    }

    async fn draft_documents(&self, draft: Uuid) -> Result<Vec<DraftDocument>> {
        let find = draft_documents::Entity::find()
            .select_only()
            .columns([
                draft_documents::Column::Field,
                draft_documents::Column::Name,
                draft_documents::Column::MediaType,
                draft_documents::Column::Sha256,
                draft_documents::Column::Size,
            ])
            .filter(draft_documents::Column::DraftId.eq(draft))
            .into_tuple::<Listed>();
        let at = Row::new("draft_documents", draft);
        let document = |(field, name, media_type, sha256, size): Listed| {
            let size = at.read("size", u64::try_from(size))?;
            Ok(DraftDocument { field, reference: DocumentRef { name, sha256 }, media_type, size })
        };
        self.run(find.all(self.db())).await?.into_iter().map(document).collect()
    }

    /// Keeps what was typed in place of what was kept before; the identifier of the draft.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn save_draft(
        &self,
        account: AccountId,
        target: &str,
        step: &str,
        typed: &[(String, String)],
        now: Instant,
    ) -> Result<Uuid> {
        let find = drafts::Entity::find().select_only().column(drafts::Column::Id);
        let known =
            self.run(find.filter(of_account(account, target, step)).into_tuple::<Uuid>().one(self.db())).await?;
        let id = known.unwrap_or_else(Uuid::now_v7);
        let plain = serde_json::to_vec(typed).expect("texts always become JSON");
        let (sealed, updated_at) = (Set(self.keys().seal_bytes(id, &plain)), Set(now));
        if known.is_some() {
            let kept = drafts::ActiveModel { sealed, updated_at, ..Default::default() };
            let update = drafts::Entity::update_many().set(kept).filter(drafts::Column::Id.eq(id));
            self.run(update.exec(self.db())).await?;
        } else {
            let row = drafts::ActiveModel {
                id: Set(id),
                account_id: Set(account.uuid()),
                target: Set(target.to_owned()),
                step: Set(step.to_owned()),
                sealed,
                updated_at,
            };
            self.run(drafts::Entity::insert(row).exec_without_returning(self.db())).await?;
        }
        Ok(id)
    }

    /// Writes a document, whose bytes are kept, for a field of a draft, in place of the one before.
    ///
    /// # Errors
    /// The file was not kept, or the store does not answer.
    pub async fn save_draft_document(
        &self,
        draft: Uuid,
        field: &str,
        name: &str,
        media_type: &str,
        file: &Kept,
        now: Instant,
    ) -> Result<()> {
        self.name_file(file, now).await?;
        let before = draft_documents::Entity::delete_many()
            .filter(draft_documents::Column::DraftId.eq(draft))
            .filter(draft_documents::Column::Field.eq(field));
        self.run(before.exec(self.db())).await?;
        let row = draft_documents::ActiveModel {
            id: Set(Uuid::now_v7()),
            draft_id: Set(draft),
            field: Set(field.to_owned()),
            name: Set(name.to_owned()),
            media_type: Set(media_type.to_owned()),
            sha256: Set(file.sha256.clone()),
            size: Set(length(file.size)),
            bytes: Set(None),
        };
        self.run(draft_documents::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The bytes of a document of a draft that still stand in its row.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn draft_document_bytes(&self, draft: Uuid, field: &str) -> Result<Option<Vec<u8>>> {
        let find = draft_documents::Entity::find()
            .filter(draft_documents::Column::DraftId.eq(draft))
            .filter(draft_documents::Column::Field.eq(field));
        Ok(self.run(find.one(self.db())).await?.and_then(|row| row.bytes))
    }

    /// The rows of documents of drafts whose file is kept apart.
    pub(crate) async fn draft_rows(&self) -> Result<Vec<(FileRow, Kept)>> {
        let find = draft_documents::Entity::find()
            .select_only()
            .columns([draft_documents::Column::Id, draft_documents::Column::Sha256, draft_documents::Column::Size])
            .filter(draft_documents::Column::Bytes.is_null())
            .into_tuple::<(Uuid, String, i64)>();
        let row = |(id, sha256, size): (Uuid, String, i64)| {
            let size = Row::new("draft_documents", id).read("size", u64::try_from(size))?;
            Ok((FileRow::Draft(id), Kept { sha256, size }))
        };
        self.run(find.all(self.db())).await?.into_iter().map(row).collect()
    }

    /// Forgets a draft with its documents.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn delete_draft(&self, account: AccountId, target: &str, step: &str) -> Result<()> {
        let find = drafts::Entity::find().select_only().column(drafts::Column::Id);
        let known = find.filter(of_account(account, target, step)).into_tuple::<Uuid>();
        let known = self.run(known.all(self.db())).await?;
        self.delete_drafts(known).await?;
        Ok(())
    }

    /// Whether there is a draft last touched before an instant.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn has_drafts_before(&self, before: Instant) -> Result<bool> {
        let find = drafts::Entity::find().select_only().column(drafts::Column::Id);
        let old = find.filter(drafts::Column::UpdatedAt.lt(before)).into_tuple::<Uuid>();
        Ok(self.run(old.one(self.db())).await?.is_some())
    }

    /// Forgets drafts last touched before an instant, a batch of them; how many.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn purge_drafts(&self, before: Instant) -> Result<u64> {
        let find = drafts::Entity::find().select_only().column(drafts::Column::Id);
        let old = find.filter(drafts::Column::UpdatedAt.lt(before)).limit(AT_ONCE).into_tuple::<Uuid>();
        let old = self.run(old.all(self.db())).await?;
        self.delete_drafts(old).await
    }

    async fn delete_drafts(&self, ids: Vec<Uuid>) -> Result<u64> {
        if ids.is_empty() {
            return Ok(0);
        }
        let documents =
            draft_documents::Entity::delete_many().filter(draft_documents::Column::DraftId.is_in(ids.iter().copied()));
        self.run(documents.exec(self.db())).await?;
        let rows = drafts::Entity::delete_many().filter(drafts::Column::Id.is_in(ids));
        Ok(self.run(rows.exec(self.db())).await?.rows_affected)
    }
}

/// Drafts purged in one statement.
const AT_ONCE: u64 = 200;
