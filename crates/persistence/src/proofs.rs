//! How answers were given: the declaration, the document read, who, by what means and from where, beside the event.
//!
//! A proof is sealed for its event. One that does not open was altered outside of this program, and says so instead of being
//! left out.

use domain::form::DocumentRef;
use domain::identifiers::{EventId, PathId};
use domain::path::Recorded;
use domain::path::command::Channel;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entities::{answer_proofs, events};
use crate::error::Result;
use crate::tx::Tx;

/// How an answer reached the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Means {
    /// Through the personal link sent to the person.
    Link,
    /// Signed in with an account.
    Account,
    /// Received by the body otherwise, and recorded by someone of it with this scan.
    OnBehalf { channel: Channel, recorded_by: String, scan: DocumentRef },
}

/// What is kept of an answer beside its event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerProof {
    /// The text that was shown and declared.
    pub statement: String,
    /// The document that was read with it.
    pub read: Option<DocumentRef>,
    /// Who answered, as they name themselves.
    pub by: String,
    /// What they are in their company, as they say it.
    pub function: Option<String>,
    pub means: Means,
    /// The network address and the browser from which it came, for what came by a page.
    pub address: Option<String>,
    pub device: Option<String>,
}

/// A proof as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptProof {
    Intact(Box<AnswerProof>),
    /// It does not open: altered, or of another event.
    Altered,
}

impl Tx {
    /// Keeps how an answer was given.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_proof(&self, event: &Recorded, proof: &AnswerProof) -> Result<()> {
        let plain = serde_json::to_vec(proof).expect("plain data always becomes JSON");
        let id = event.id.uuid();
        let row = answer_proofs::ActiveModel {
            event_id: Set(id),
            path_id: Set(event.path.uuid()),
            seq: Set(i32::try_from(event.seq).unwrap_or(i32::MAX)),
            sealed: Set(self.keys().seal_bytes(id, &plain)),
        };
        self.run(answer_proofs::Entity::insert(row).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// How the answers of a path were given, by the event, in the order of the journal.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn proofs(&self, path: PathId) -> Result<Vec<(EventId, KeptProof)>> {
        let find = answer_proofs::Entity::find()
            .filter(answer_proofs::Column::PathId.eq(path.uuid()))
            .order_by_asc(answer_proofs::Column::Seq);
        let rows = self.run(find.all(self.db())).await?;
        Ok(rows.into_iter().map(|row| (EventId::new(row.event_id), self.kept(&row))).collect())
    }

    /// The events of a path that have a proof.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn proven(&self, path: PathId) -> Result<Vec<EventId>> {
        let find = answer_proofs::Entity::find().filter(answer_proofs::Column::PathId.eq(path.uuid()));
        let find = find.select_only().column(answer_proofs::Column::EventId).into_tuple::<Uuid>();
        Ok(self.run(find.all(self.db())).await?.into_iter().map(EventId::new).collect())
    }

    /// Events whose proof does not open.
    pub(crate) async fn altered_proofs(&self) -> Result<Vec<EventId>> {
        let find = answer_proofs::Entity::find().order_by_asc(answer_proofs::Column::EventId);
        let rows = self.run(find.all(self.db())).await?;
        let altered = |row: &answer_proofs::Model| self.kept(row) == KeptProof::Altered;
        Ok(rows.into_iter().filter(altered).map(|row| EventId::new(row.event_id)).collect())
    }

    fn kept(&self, row: &answer_proofs::Model) -> KeptProof {
        let plain = self.keys().unseal_bytes(row.event_id, &row.sealed).ok();
        let proof = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        proof.map_or(KeptProof::Altered, |proof| KeptProof::Intact(Box::new(proof)))
    }

    /// The chained hash of an event, in lower-case hexadecimal.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn hash_of(&self, event: EventId) -> Result<Option<String>> {
        let find = events::Entity::find().filter(events::Column::Id.eq(event.uuid()));
        let find = find.select_only().column(events::Column::Hash).into_tuple::<String>();
        self.run(find.one(self.db())).await
    }
}
