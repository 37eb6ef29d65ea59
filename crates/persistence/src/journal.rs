//! The journal: appending events to the chain of a stream, and reading them back.
//!
//! Events are rows whose exact texts are hashed ([`crate::chain`]); the database refuses to change or delete them. What
//! appends goes through [`Tx::append`]; a stream's head and version are kept in the row of its aggregate.

use std::collections::BTreeMap;

use domain::calendar::micros;
use domain::identifiers::{EventId, OrderId, PathId};
use domain::market::TermsVersion;
use domain::order::{OrderEvent, OrderInconsistency};
use domain::path::apply::FoldError;
use domain::path::{Event, Recorded};
use domain::people::Actor;
use domain::{Day, Instant};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::chain::Link;
use crate::entities::events;
use crate::error::{Conflict, Result, StoreError, Winner};
use crate::rows::{Row, column, json};
use crate::tx::Tx;

/// Whose events a stream holds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::EnumString, strum::Display, strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
pub enum StreamKind {
    Path,
    Order,
}

/// An event of a purchase order as the journal keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedOrder {
    pub id: EventId,
    pub order: OrderId,
    /// Rank in the order's journal, from 1.
    pub seq: u32,
    pub effective_on: Day,
    pub recorded_at: Instant,
    pub author: Actor,
    pub terms: TermsVersion,
    pub event: OrderEvent,
}

/// The key of a request, and the digest of what was asked with it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Request<'a> {
    pub idempotency_key: Option<&'a str>,
    pub digest: Option<&'a str>,
}

/// The first use of an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    pub stream: Uuid,
    pub stream_kind: StreamKind,
    /// The first event that the request recorded.
    pub first_seq: u32,
    pub recorded_at: Instant,
    pub author: Actor,
    pub request_digest: Option<String>,
}

/// The inconsistency of an event that does not fit the path it is recorded on.
pub fn misfolded(recorded: &Recorded, error: &FoldError) -> StoreError {
    StoreError::inconsistent("events", "payload", recorded.id, error)
}

/// The inconsistency of an event that does not fit the order it is recorded on.
pub fn misfolded_order(order: OrderId, problem: &OrderInconsistency) -> StoreError {
    StoreError::inconsistent("events", "payload", order, problem)
}

/// An event on its way into the journal, of a path or of an order.
pub(crate) struct Entry<'a> {
    pub id: EventId,
    pub seq: u32,
    pub kind: &'static str,
    pub payload: String,
    pub author: &'a Actor,
    pub effective_on: Day,
    pub recorded_at: Instant,
    pub terms: TermsVersion,
}

impl<'a> From<&'a Recorded> for Entry<'a> {
    fn from(recorded: &'a Recorded) -> Self {
        Self {
            id: recorded.id,
            seq: recorded.seq,
            kind: recorded.event.kind(),
            payload: json(&recorded.event),
            author: &recorded.author,
            effective_on: recorded.effective_on,
            recorded_at: recorded.recorded_at,
            terms: recorded.terms,
        }
    }
}

impl<'a> From<&'a RecordedOrder> for Entry<'a> {
    fn from(recorded: &'a RecordedOrder) -> Self {
        Self {
            id: recorded.id,
            seq: recorded.seq,
            kind: recorded.event.kind(),
            payload: json(&recorded.event),
            author: &recorded.author,
            effective_on: recorded.effective_on,
            recorded_at: recorded.recorded_at,
            terms: recorded.terms,
        }
    }
}

/// What reading a row gives, before it is an event of a path or of an order.
struct Read<E> {
    seq: u32,
    author: Actor,
    event: E,
}

fn read<E: DeserializeOwned>(row: &events::Model, kind: impl Fn(&E) -> &'static str) -> Result<Read<E>> {
    let at = Row::new("events", row.id);
    let event: E = at.json("payload", &row.payload)?;
    if kind(&event) != row.kind {
        return Err(at.wrong("kind", format!("the payload is of the kind {}", kind(&event))));
    }
    Ok(Read { seq: at.count("seq", row.seq)?, author: at.json("author", &row.author)?, event })
}

/// An event of a path from its row.
pub(crate) fn path_event(row: &events::Model) -> Result<Recorded> {
    let Read { seq, author, event } = read(row, Event::kind)?;
    Ok(Recorded {
        id: EventId::new(row.id),
        path: PathId::new(row.stream_id),
        seq,
        effective_on: row.effective_on,
        recorded_at: row.recorded_at,
        author,
        terms: TermsVersion(row.terms_version),
        event,
    })
}

/// An event of an order from its row.
pub(crate) fn order_event(row: &events::Model) -> Result<RecordedOrder> {
    let Read { seq, author, event } = read(row, OrderEvent::kind)?;
    Ok(RecordedOrder {
        id: EventId::new(row.id),
        order: OrderId::new(row.stream_id),
        seq,
        effective_on: row.effective_on,
        recorded_at: row.recorded_at,
        author,
        terms: TermsVersion(row.terms_version),
        event,
    })
}

/// What the hash of a stored event covers.
pub(crate) fn link(row: &events::Model) -> Link<'_> {
    Link {
        stream: &row.stream,
        stream_id: row.stream_id,
        seq: row.seq,
        id: row.id,
        kind: &row.kind,
        payload: &row.payload,
        author: &row.author,
        effective_on: row.effective_on,
        recorded_at: row.recorded_at,
        terms_version: row.terms_version,
    }
}

/// The chain of a stream that grows by these entries: the rows, and the hash of the last one.
pub(crate) fn rows(
    tx: &Tx,
    kind: StreamKind,
    stream: Uuid,
    head: &str,
    entries: &[Entry<'_>],
    request: Request<'_>,
) -> (Vec<events::ActiveModel>, String) {
    let stream_name: &'static str = kind.into();
    let mut head = head.to_owned();
    let mut rows = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let author = json(entry.author);
        let recorded_at = micros(entry.recorded_at);
        let link = Link {
            stream: stream_name,
            stream_id: stream,
            seq: column(entry.seq),
            id: entry.id.uuid(),
            kind: entry.kind,
            payload: &entry.payload,
            author: &author,
            effective_on: entry.effective_on,
            recorded_at,
            terms_version: entry.terms.0,
        };
        let hash = tx.keys().chain(&head, &link);
        // The key stands on the first event alone: it is unique in the journal.
        let request = if index == 0 { request } else { Request::default() };
        rows.push(events::ActiveModel {
            stream_id: Set(stream),
            seq: Set(column(entry.seq)),
            id: Set(entry.id.uuid()),
            stream: Set(stream_name.to_owned()),
            kind: Set(entry.kind.to_owned()),
            payload: Set(entry.payload.clone()),
            author: Set(author),
            effective_on: Set(entry.effective_on),
            recorded_at: Set(recorded_at),
            terms_version: Set(entry.terms.0),
            idempotency_key: Set(request.idempotency_key.map(str::to_owned)),
            request_digest: Set(request.digest.map(str::to_owned)),
            prev_hash: Set(head),
            hash: Set(hash.clone()),
        });
        head = hash;
    }
    (rows, head)
}

impl Tx {
    /// Adds rows to the journal, in one statement.
    pub(crate) async fn append(&self, rows: Vec<events::ActiveModel>) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.run(events::Entity::insert_many(rows).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The conflict of a writer that saw `seen`: who was faster.
    pub(crate) async fn conflict(&self, stream: Uuid, seen: u32) -> Result<StoreError> {
        let find =
            events::Entity::find().filter(events::Column::StreamId.eq(stream)).order_by_desc(events::Column::Seq);
        let last = self.run(find.one(self.db())).await?;
        let winner = |row: &events::Model| {
            let author = Row::new("events", row.id).json("author", &row.author)?;
            Ok::<_, StoreError>(Winner { author, recorded_at: row.recorded_at, kind: row.kind.clone() })
        };
        let current = last.as_ref().map_or(Ok(0), |row| Row::new("events", row.id).count("seq", row.seq))?;
        let last = last.as_ref().map(winner).transpose()?;
        Ok(StoreError::Conflict(Box::new(Conflict { stream, seen, current, last })))
    }

    /// The first use of an idempotency key, if there was one.
    ///
    /// # Errors
    /// The row makes no sense, or the store does not answer.
    pub async fn key_use(&self, key: &str) -> Result<Option<KeyUse>> {
        let find = events::Entity::find().filter(events::Column::IdempotencyKey.eq(key));
        let Some(row) = self.run(find.one(self.db())).await? else { return Ok(None) };
        let at = Row::new("events", row.id);
        Ok(Some(KeyUse {
            stream: row.stream_id,
            stream_kind: at.text("stream", &row.stream)?,
            first_seq: at.count("seq", row.seq)?,
            recorded_at: row.recorded_at,
            author: at.json("author", &row.author)?,
            request_digest: row.request_digest,
        }))
    }

    /// The rows of a stream, from its first event.
    pub(crate) async fn stream(&self, stream: Uuid) -> Result<Vec<events::Model>> {
        let find = events::Entity::find().filter(events::Column::StreamId.eq(stream)).order_by_asc(events::Column::Seq);
        self.run(find.all(self.db())).await
    }

    /// The rows of several streams, each from its first event.
    pub(crate) async fn journals(
        &self,
        streams: impl Iterator<Item = Uuid>,
    ) -> Result<BTreeMap<Uuid, Vec<events::Model>>> {
        let find = events::Entity::find()
            .filter(events::Column::StreamId.is_in(streams))
            .order_by_asc(events::Column::StreamId)
            .order_by_asc(events::Column::Seq);
        let mut journals: BTreeMap<Uuid, Vec<events::Model>> = BTreeMap::new();
        for row in self.run(find.all(self.db())).await? {
            journals.entry(row.stream_id).or_default().push(row);
        }
        Ok(journals)
    }

    /// The events of a path, from its opening.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn path_events(&self, path: PathId) -> Result<Vec<Recorded>> {
        self.stream(path.uuid()).await?.iter().map(path_event).collect()
    }

    /// The events of an order, from its draft.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn order_events(&self, order: OrderId) -> Result<Vec<RecordedOrder>> {
        self.stream(order.uuid()).await?.iter().map(order_event).collect()
    }

    /// The events of all paths recorded from an instant on and before another, in the order in which they were recorded.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn events_between(&self, from: Instant, before: Instant) -> Result<Vec<Recorded>> {
        let find = events::Entity::find()
            .filter(events::Column::Stream.eq(StreamKind::Path.to_string()))
            .filter(events::Column::RecordedAt.gte(from))
            .filter(events::Column::RecordedAt.lt(before))
            .order_by_asc(events::Column::RecordedAt)
            .order_by_asc(events::Column::StreamId)
            .order_by_asc(events::Column::Seq);
        self.run(find.all(self.db())).await?.iter().map(path_event).collect()
    }
}
