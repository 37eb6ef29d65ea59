//! Documents of paths, with their bytes in the store: a listed document is one that every replica serves.

use domain::Instant;
use domain::form::DocumentRef;
use domain::identifiers::{DocumentId, PathId};
use domain::path::command::DocumentKind;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::entities::documents;
use crate::error::{Result, StoreError};
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
    pub bytes: &'a [u8],
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
    /// Keeps a document and returns it as lists show it.
    ///
    /// # Errors
    /// The path does not exist, or the store does not answer.
    pub async fn insert_document(&self, new: &NewDocument<'_>, now: Instant) -> Result<Document> {
        let document = Document {
            id: DocumentId::new(Uuid::now_v7()),
            path: new.path,
            kind: new.kind,
            reference: DocumentRef { name: new.name.to_owned(), sha256: document_digest(new.bytes) },
            media_type: new.media_type.to_owned(),
            size: u64::try_from(new.bytes.len()).expect("a length fits 64 bits"),
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
            size: Set(i64::try_from(new.bytes.len()).expect("a document is far below the bound")),
            bytes: Set(new.bytes.to_vec()),
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
        let find = documents::Entity::find()
            .select_only()
            .columns([
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
            .filter(documents::Column::PathId.eq(path.uuid()))
            .order_by_asc(documents::Column::AddedAt)
            .order_by_asc(documents::Column::Id)
            .into_tuple::<Listed>();
        self.run(find.all(self.db())).await?.into_iter().map(document).collect()
    }

    /// The bytes of a document of a path, checked against their digest.
    ///
    /// # Errors
    /// The bytes are not those that were kept, or the store does not answer.
    pub async fn document_bytes(&self, path: PathId, id: DocumentId) -> Result<Option<(Document, Vec<u8>)>> {
        let find = documents::Entity::find_by_id(id.uuid()).filter(documents::Column::PathId.eq(path.uuid()));
        let Some(row) = self.run(find.one(self.db())).await? else { return Ok(None) };
        if document_digest(&row.bytes) != row.sha256 {
            return Err(StoreError::inconsistent("documents", "bytes", id, "not the bytes of its digest"));
        }
        let (path, at, by) = (row.path_id, row.added_at, row.added_by);
        let listed = (row.id, path, row.kind, row.name, row.media_type, row.sha256, row.size, at, by);
        Ok(Some((document(listed)?, row.bytes)))
    }
}
