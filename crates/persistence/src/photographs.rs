//! Photographs of the steering committee: its tables as they were sealed, and what they were made of.
//!
//! Rows are only added; a content that is not what was sealed is an inconsistency, never shown.

use domain::calendar::micros;
use domain::identifiers::AccountId;
use domain::{Day, Instant};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect, Set};
use uuid::Uuid;

use crate::documents::document_digest;
use crate::entities::committee_photographs;
use crate::error::Result;
use crate::rows::{Row, json};
use crate::tx::Tx;

/// A photograph as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitteePhotograph {
    pub id: Uuid,
    /// The day that the tables are of.
    pub as_of: Day,
    /// The instant of what was known.
    pub sealed_at: Instant,
    pub sealed_by: AccountId,
    pub title: String,
    /// The files that gave the tables.
    pub imports: Vec<Uuid>,
    /// SHA-256 of the content, in lower-case hexadecimal.
    pub sha256: String,
}

type Listed = (Uuid, Day, Instant, Uuid, String, String, String);

fn listed((id, as_of, sealed_at, sealed_by, title, imports, sha256): Listed) -> Result<CommitteePhotograph> {
    let at = Row::new("committee_photographs", id);
    let sealed_by = AccountId::new(sealed_by);
    Ok(CommitteePhotograph { id, as_of, sealed_at, sealed_by, title, imports: at.json("imports", &imports)?, sha256 })
}

impl Tx {
    /// Keeps a photograph with its content.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_committee_photograph(&self, photograph: &CommitteePhotograph, content: &str) -> Result<()> {
        let row = committee_photographs::ActiveModel {
            id: Set(photograph.id),
            as_of: Set(photograph.as_of),
            sealed_at: Set(micros(photograph.sealed_at)),
            sealed_by: Set(photograph.sealed_by.uuid()),
            title: Set(photograph.title.clone()),
            content: Set(content.to_owned()),
            imports: Set(json(&photograph.imports)),
            sha256: Set(photograph.sha256.clone()),
        };
        self.run(committee_photographs::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The photographs without their content, the last first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn committee_photographs(&self) -> Result<Vec<CommitteePhotograph>> {
        let find = committee_photographs::Entity::find()
            .select_only()
            .columns([
                committee_photographs::Column::Id,
                committee_photographs::Column::AsOf,
                committee_photographs::Column::SealedAt,
                committee_photographs::Column::SealedBy,
                committee_photographs::Column::Title,
                committee_photographs::Column::Imports,
                committee_photographs::Column::Sha256,
            ])
            .order_by_desc(committee_photographs::Column::SealedAt)
            .order_by_desc(committee_photographs::Column::Id)
            .into_tuple::<Listed>();
        self.run(find.all(self.db())).await?.into_iter().map(listed).collect()
    }

    /// A photograph and its content.
    ///
    /// # Errors
    /// The content is not what was sealed, a row makes no sense, or the store does not answer.
    pub async fn committee_photograph(&self, id: Uuid) -> Result<Option<(CommitteePhotograph, String)>> {
        let Some(row) = self.run(committee_photographs::Entity::find_by_id(id).one(self.db())).await? else {
            return Ok(None);
        };
        if document_digest(row.content.as_bytes()) != row.sha256 {
            return Err(Row::new("committee_photographs", id).wrong("content", "it is not what was sealed"));
        }
        let photograph = listed((row.id, row.as_of, row.sealed_at, row.sealed_by, row.title, row.imports, row.sha256))?;
        Ok(Some((photograph, row.content)))
    }
}
