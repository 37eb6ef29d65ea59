//! Documents of paths and the count of the files they name; the bytes stand apart (`files`).

use domain::Instant;
use domain::form::DocumentRef;
use domain::identifiers::{DocumentId, PathId};
use domain::path::command::DocumentKind;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Set,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::entities::{documents, draft_documents, stored_files};
use crate::error::{Result, StoreError};
use crate::files::{FileRow, Kept};
use crate::rows::Row;
use crate::tx::Tx;

/// A document as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub id: DocumentId,
    pub path: PathId,
    pub kind: DocumentKind,
    pub reference: DocumentRef,
    pub media_type: String,
    pub size: u64,
    pub added_at: Instant,
    pub added_by: String,
}

/// A document to keep.
#[derive(Debug, Clone)]
pub struct NewDocument<'a> {
    pub path: PathId,
    pub kind: DocumentKind,
    pub name: &'a str,
    pub media_type: &'a str,
    /// Kept before.
    pub file: &'a Kept,
    pub added_by: &'a str,
}

type Listed = (Uuid, Uuid, String, String, String, String, i64, Instant, String);

fn document((id, path, kind, name, media_type, sha256, size, added_at, added_by): Listed) -> Result<Document> {
    let at = Row::new("documents", id);
    Ok(Document {
        id: DocumentId::new(id),
        path: PathId::new(path),
        kind: at.text("kind", &kind)?,
        reference: DocumentRef { name, sha256 },
        media_type,
        size: at.read("size", u64::try_from(size))?,
        added_at,
        added_by,
    })
}

/// The digest under which a document is known: SHA-256 of its bytes, in lower-case hexadecimal.
pub fn document_digest(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

impl Tx {
    /// Writes a document whose bytes are kept, and returns it as lists show it.
    ///
    /// # Errors
    /// The path does not exist, the file was not kept or was swept, or the store does not answer.
    pub async fn insert_document(&self, new: &NewDocument<'_>, now: Instant) -> Result<Document> {
        self.name_file(new.file, now).await?;
        let document = Document {
            id: DocumentId::new(Uuid::now_v7()),
            path: new.path,
            kind: new.kind,
            reference: DocumentRef { name: new.name.to_owned(), sha256: new.file.sha256.clone() },
            media_type: new.media_type.to_owned(),
            size: new.file.size,
            added_at: now,
            added_by: new.added_by.to_owned(),
        };
        let row = documents::ActiveModel {
            id: Set(document.id.uuid()),
            path_id: Set(new.path.uuid()),
            kind: Set(new.kind.to_string()),
            name: Set(document.reference.name.clone()),
            media_type: Set(document.media_type.clone()),
            sha256: Set(document.reference.sha256.clone()),
            size: Set(length(new.file.size)),
            bytes: Set(None),
            added_at: Set(now),
            added_by: Set(document.added_by.clone()),
        };
        self.run(documents::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(document)
    }

    /// How many documents a path has.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn document_count(&self, path: PathId) -> Result<u64> {
        self.run(documents::Entity::find().filter(documents::Column::PathId.eq(path.uuid())).count(self.db())).await
    }

    /// The documents of a path, oldest first, without their bytes.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn documents(&self, path: PathId) -> Result<Vec<Document>> {
        let find = listed().filter(documents::Column::PathId.eq(path.uuid())).into_tuple::<Listed>();
        self.run(find.all(self.db())).await?.into_iter().map(document).collect()
    }

    /// A document of a path.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn document(&self, path: PathId, id: DocumentId) -> Result<Option<Document>> {
        let find = listed()
            .filter(documents::Column::Id.eq(id.uuid()))
            .filter(documents::Column::PathId.eq(path.uuid()))
            .into_tuple::<Listed>();
        self.run(find.one(self.db())).await?.map(document).transpose()
    }

    /// The documents of every path, oldest first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn all_documents(&self) -> Result<Vec<Document>> {
        let find = listed().into_tuple::<Listed>();
        self.run(find.all(self.db())).await?.into_iter().map(document).collect()
    }

    /// The latest documents of all paths.
    pub(crate) async fn latest_documents(&self, limit: u64) -> Result<Vec<Document>> {
        let find = columns(documents::Entity::find()).order_by_desc(documents::Column::AddedAt).limit(limit);
        self.run(find.into_tuple::<Listed>().all(self.db())).await?.into_iter().map(document).collect()
    }

    /// Counts a file that is about to be kept: the sweep leaves it for a day.
    pub(crate) async fn count_file(&self, file: &Kept, now: Instant) -> Result<()> {
        let row = stored_files::ActiveModel {
            sha256: Set(file.sha256.clone()),
            size: Set(length(file.size)),
            stored_at: Set(now),
        };
        let again =
            OnConflict::column(stored_files::Column::Sha256).update_column(stored_files::Column::StoredAt).to_owned();
        let insert = stored_files::Entity::insert(row).on_conflict(again);
        self.run(insert.exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// Holds a file back from the sweep, for a row that will name it.
    pub(crate) async fn name_file(&self, file: &Kept, now: Instant) -> Result<()> {
        let update = stored_files::Entity::update_many()
            .set(stored_files::ActiveModel { stored_at: Set(now), ..Default::default() })
            .filter(stored_files::Column::Sha256.eq(&file.sha256))
            .filter(stored_files::Column::Size.eq(length(file.size)));
        match self.run(update.exec(self.db())).await?.rows_affected {
            0 => Err(StoreError::inconsistent("stored_files", "sha256", &file.sha256, "no such file is kept")),
            _ => Ok(()),
        }
    }

    /// Files that no row has named since an instant, oldest first.
    pub(crate) async fn unnamed_files(&self, before: Instant, limit: u64) -> Result<Vec<String>> {
        let find = stored_files::Entity::find()
            .select_only()
            .column(stored_files::Column::Sha256)
            .filter(unnamed(before))
            .order_by_asc(stored_files::Column::StoredAt)
            .limit(limit)
            .into_tuple::<String>();
        self.run(find.all(self.db())).await
    }

    /// Takes the count of a file away, if no row has named it since an instant; whether it did.
    pub(crate) async fn forget_file(&self, sha256: &str, before: Instant) -> Result<bool> {
        let delete =
            stored_files::Entity::delete_many().filter(stored_files::Column::Sha256.eq(sha256)).filter(unnamed(before));
        Ok(self.run(delete.exec(self.db())).await?.rows_affected > 0)
    }

    /// The bytes of a document that still stand in its row.
    pub(crate) async fn bytes_in_row(&self, id: DocumentId) -> Result<Option<Vec<u8>>> {
        Ok(self.bytes_of(FileRow::Document(id.uuid())).await?.map(|(_, bytes)| bytes))
    }

    /// The digest and the bytes of a row that still holds them.
    pub(crate) async fn bytes_of(&self, row: FileRow) -> Result<Option<(String, Vec<u8>)>> {
        let found = match row {
            FileRow::Document(id) => {
                let row = self.run(documents::Entity::find_by_id(id).one(self.db())).await?;
                row.map(|row| (row.sha256, row.bytes))
            }
            FileRow::Draft(id) => {
                let row = self.run(draft_documents::Entity::find_by_id(id).one(self.db())).await?;
                row.map(|row| (row.sha256, row.bytes))
            }
        };
        Ok(found.and_then(|(sha256, bytes)| Some((sha256, bytes?))))
    }

    /// Rows that still hold their bytes.
    pub(crate) async fn rows_with_bytes(&self, limit: u64) -> Result<Vec<FileRow>> {
        let of_paths = documents::Entity::find()
            .select_only()
            .column(documents::Column::Id)
            .filter(documents::Column::Bytes.is_not_null())
            .limit(limit)
            .into_tuple::<Uuid>();
        let of_drafts = draft_documents::Entity::find()
            .select_only()
            .column(draft_documents::Column::Id)
            .filter(draft_documents::Column::Bytes.is_not_null())
            .limit(limit)
            .into_tuple::<Uuid>();
        let of_paths = self.run(of_paths.all(self.db())).await?;
        let of_drafts = self.run(of_drafts.all(self.db())).await?;
        Ok(of_paths.into_iter().map(FileRow::Document).chain(of_drafts.into_iter().map(FileRow::Draft)).collect())
    }

    /// Puts the bytes of a row in it, or takes them out.
    pub(crate) async fn set_bytes(&self, row: FileRow, bytes: Option<Vec<u8>>) -> Result<()> {
        match row {
            FileRow::Document(id) => {
                let set = documents::ActiveModel { bytes: Set(bytes), ..Default::default() };
                let update = documents::Entity::update_many().set(set).filter(documents::Column::Id.eq(id));
                self.run(update.exec(self.db())).await?;
            }
            FileRow::Draft(id) => {
                let set = draft_documents::ActiveModel { bytes: Set(bytes), ..Default::default() };
                let update = draft_documents::Entity::update_many().set(set).filter(draft_documents::Column::Id.eq(id));
                self.run(update.exec(self.db())).await?;
            }
        }
        Ok(())
    }
}

fn columns(select: Select<documents::Entity>) -> Select<documents::Entity> {
    select.select_only().columns([
        documents::Column::Id,
        documents::Column::PathId,
        documents::Column::Kind,
        documents::Column::Name,
        documents::Column::MediaType,
        documents::Column::Sha256,
        documents::Column::Size,
        documents::Column::AddedAt,
        documents::Column::AddedBy,
    ])
}

/// Oldest first.
fn listed() -> Select<documents::Entity> {
    let find = columns(documents::Entity::find());
    find.order_by_asc(documents::Column::AddedAt).order_by_asc(documents::Column::Id)
}

/// No row names the file, and none has since an instant.
fn unnamed(before: Instant) -> Condition {
    let of_paths = documents::Entity::find().select_only().column(documents::Column::Sha256).into_query();
    let of_drafts = draft_documents::Entity::find().select_only().column(draft_documents::Column::Sha256).into_query();
    Condition::all()
        .add(stored_files::Column::StoredAt.lt(before))
        .add(stored_files::Column::Sha256.not_in_subquery(of_paths))
        .add(stored_files::Column::Sha256.not_in_subquery(of_drafts))
}

pub(crate) fn length(size: u64) -> i64 {
    i64::try_from(size).expect("a document is far below the bound")
}
