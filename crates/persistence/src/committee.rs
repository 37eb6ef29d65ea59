//! The tables of the steering committee that the store keeps: files of the other schemes, as they were received.
//!
//! Rows are only added. Which one is read for a day is the rule of `domain::committee`.

use domain::calendar::micros;
use domain::committee::{FileKind, Received, TableKind};
use domain::identifiers::AccountId;
use domain::{Day, Instant};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::documents::document_digest;
use crate::entities::committee_imports;
use crate::error::Result;
use crate::rows::Row;
use crate::tx::Tx;

/// A file of the committee as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitteeImport {
    pub id: Uuid,
    pub kind: TableKind,
    /// The day that its figures are of.
    pub as_of: Day,
    /// The scheme of a sheet of evaluation.
    pub scheme: Option<String>,
    pub file_name: String,
    pub file_kind: FileKind,
    /// The sheet that is read, of a workbook that has several.
    pub sheet: Option<String>,
    /// SHA-256 of the bytes, in lower-case hexadecimal.
    pub sha256: String,
    pub imported_at: Instant,
    pub imported_by: AccountId,
}

/// A file of the committee with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitteeFile {
    pub import: CommitteeImport,
    pub bytes: Vec<u8>,
}

impl Received for CommitteeImport {
    fn kind(&self) -> TableKind {
        self.kind
    }

    fn as_of(&self) -> Day {
        self.as_of
    }

    fn scheme(&self) -> Option<&str> {
        self.scheme.as_deref()
    }

    fn received_at(&self) -> Instant {
        self.imported_at
    }
}

type Listed = (Uuid, String, Day, Option<String>, String, String, Option<String>, String, Instant, Uuid);

fn listed(row: Listed) -> Result<CommitteeImport> {
    let (id, kind, as_of, scheme, file_name, file_kind, sheet, sha256, imported_at, imported_by) = row;
    let at = Row::new("committee_imports", id);
    Ok(CommitteeImport {
        id,
        kind: at.text("kind", &kind)?,
        as_of,
        scheme,
        file_name,
        file_kind: at.text("file_kind", &file_kind)?,
        sheet,
        sha256,
        imported_at,
        imported_by: AccountId::new(imported_by),
    })
}

impl Tx {
    /// Keeps a file of the committee.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_committee_import(&self, file: &CommitteeFile) -> Result<()> {
        let import = &file.import;
        let row = committee_imports::ActiveModel {
            id: Set(import.id),
            kind: Set(import.kind.to_string()),
            as_of: Set(import.as_of),
            scheme: Set(import.scheme.clone()),
            file_name: Set(import.file_name.clone()),
            file_kind: Set(import.file_kind.to_string()),
            sheet: Set(import.sheet.clone()),
            sha256: Set(import.sha256.clone()),
            bytes: Set(file.bytes.clone()),
            imported_at: Set(micros(import.imported_at)),
            imported_by: Set(import.imported_by.uuid()),
        };
        self.run(committee_imports::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The files of the committee without their bytes, in the order in which they came.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn committee_imports(&self) -> Result<Vec<CommitteeImport>> {
        let find = committee_imports::Entity::find()
            .select_only()
            .columns([
                committee_imports::Column::Id,
                committee_imports::Column::Kind,
                committee_imports::Column::AsOf,
                committee_imports::Column::Scheme,
                committee_imports::Column::FileName,
                committee_imports::Column::FileKind,
                committee_imports::Column::Sheet,
                committee_imports::Column::Sha256,
                committee_imports::Column::ImportedAt,
                committee_imports::Column::ImportedBy,
            ])
            .order_by_asc(committee_imports::Column::ImportedAt)
            .order_by_asc(committee_imports::Column::Id)
            .into_tuple::<Listed>();
        self.run(find.all(self.db())).await?.into_iter().map(listed).collect()
    }

    /// A file of the committee with its bytes.
    ///
    /// # Errors
    /// The bytes are not those that were received, a row makes no sense, or the store does not answer.
    pub async fn committee_file(&self, id: Uuid) -> Result<Option<CommitteeFile>> {
        let Some(row) = self.run(committee_imports::Entity::find_by_id(id).one(self.db())).await? else {
            return Ok(None);
        };
        if document_digest(&row.bytes) != row.sha256 {
            return Err(Row::new("committee_imports", id).wrong("bytes", "they are not those that were received"));
        }
        let import = listed((
            row.id,
            row.kind,
            row.as_of,
            row.scheme,
            row.file_name,
            row.file_kind,
            row.sheet,
            row.sha256,
            row.imported_at,
            row.imported_by,
        ))?;
        Ok(Some(CommitteeFile { import, bytes: row.bytes }))
    }
}
