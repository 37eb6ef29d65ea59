//! Verification: everything is read again and made again, and what differs is named.
//!
//! The journal is checked against its keyed chain and against the daily digests, the folds and their columns against the
//! journal, the counters against the effects of the events, documents against their digests, and what hangs on an event
//! against the journal. It all happens in one snapshot of the store, in pages, while others read and write.
//!
//! A finding is a fact for a person to look at; nothing is mended here. To check something more: a variant of [`Finding`], a
//! method of the verifier, a line in [`Store::verify`], and a test that tampers.

mod rest;
mod streams;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::Day;
use domain::identifiers::{DocumentId, EventId, LineId, LotCode, MessageId};
use domain::market::TermsVersion;
use sea_orm::{EntityTrait, PaginatorTrait};
use thiserror::Error;
use uuid::Uuid;

use crate::entities::{paths, purchase_orders};
use crate::error::Result;
use crate::journal::StreamKind;
use crate::store::Store;
use crate::tx::Tx;

/// A stream of events, by its key and, when its row is there, by the reference people know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamName {
    pub kind: StreamKind,
    pub id: Uuid,
    pub reference: Option<String>,
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reference {
            Some(reference) => f.pad(reference),
            None => write!(f, "{} {}", self.kind, self.id),
        }
    }
}

/// A counter that is made again from the events.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Counter {
    #[error("units drawn of line {0}")]
    Drawn(LineId),
    #[error("units served of line {0}")]
    Served(LineId),
    #[error("cents left unpaid on line {0}")]
    Reduced(LineId),
    #[error("places reserved of lot {lot} in {year} ({market})")]
    Reserved { market: String, lot: LotCode, year: i32 },
    #[error("places consumed of lot {lot} in {year} ({market})")]
    Consumed { market: String, lot: LotCode, year: i32 },
    #[error("places released of lot {lot} in {year} ({market})")]
    Released { market: String, lot: LotCode, year: i32 },
    #[error("cents engaged in {year} ({market})")]
    EngagedInYear { market: String, year: i32 },
    #[error("cents engaged on lot {lot} ({market})")]
    EngagedOnLot { market: String, lot: LotCode },
}

/// Something that is not as this program leaves it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Finding {
    /// The event is not the one that was recorded: something of it was edited, or it was put there.
    #[error("event {seq} of {stream} does not follow the one before it in the chain")]
    BrokenChain { stream: StreamName, seq: u32 },
    /// The events jump over this one.
    #[error("event {seq} of {stream} is missing")]
    MissingEvent { stream: StreamName, seq: u32 },
    /// The event cannot be read.
    #[error("event {seq} of {stream} cannot be read: {problem}")]
    Unreadable { stream: StreamName, seq: u32, problem: String },
    /// The event cannot follow those before it.
    #[error("event {seq} of {stream} does not fit those before it: {problem}")]
    Unfoldable { stream: StreamName, seq: u32, problem: String },
    /// The row does not say what the events say.
    #[error("the {column} of {stream} is not what its events say")]
    FoldDiffers { stream: StreamName, column: String },
    /// The last event is not the one the row knows: the tail was cut, or something was added.
    #[error("the last event of {stream} is not the one it knows")]
    HeadDiffers { stream: StreamName },
    /// Events without the row of their path or order.
    #[error("{stream} has events and no row")]
    NoRow { stream: StreamName },
    /// A line of an order does not say what the order says.
    #[error("the {column} of line {line} is not what its order says")]
    LineDiffers { line: LineId, column: String },
    #[error("{counter}: {stored} stored, {counted} counted")]
    CounterDiffers { counter: Counter, stored: i64, counted: i64 },
    /// The whole stream was there when the digest of the day was made.
    #[error("{stream}, which the digest of {day} covers, is gone")]
    GoneStream { stream: StreamName, day: Day },
    /// The event was there, as it was, when the digest of the day was made.
    #[error("event {seq} of {stream} is not the one that the digest of {day} covers")]
    LostEvent { stream: StreamName, seq: u32, day: Day },
    /// The digest is not that of the heads it was made of.
    #[error("the digest of {day} is not that of its heads")]
    DigestDiffers { day: Day },
    /// A message about an event that the journal does not have.
    #[error("message {message} is about event {event}, which the journal does not have")]
    MessageOrphan { message: MessageId, event: EventId },
    /// A statistical record of an entry that the journal does not have.
    #[error("the statistics count event {event}, which the journal does not have")]
    StatisticOrphan { event: EventId },
    /// What is kept of how an answer was given is not what was written.
    #[error("the proof of event {event} was altered")]
    ProofAltered { event: EventId },
    /// The bytes of a document are nowhere.
    #[error("document {document} has no bytes")]
    DocumentMissing { document: DocumentId },
    /// The bytes of a document are not those that were added.
    #[error("document {document} has other bytes than were added")]
    DocumentChanged { document: DocumentId },
    /// The content of a version of the terms is not the one that was recorded.
    #[error("version {version} of the terms is not the one that was recorded")]
    TermsChanged { version: TermsVersion },
}

/// What the events of all streams add up to.
#[derive(Debug, Default)]
struct Counted {
    /// Drawn, served, left unpaid.
    lines: BTreeMap<LineId, [i64; 3]>,
    /// Reserved, consumed, released.
    places: BTreeMap<(String, LotCode, i32), [i64; 3]>,
    years: BTreeMap<(String, i32), i64>,
    lots: BTreeMap<(String, LotCode), i64>,
}

/// The state of a verification.
struct Verifier<'a> {
    tx: &'a Tx,
    progress: &'a (dyn Fn(u64, u64) + Sync),
    done: u64,
    total: u64,
    findings: Vec<Finding>,
    counted: Counted,
    /// Streams that are there.
    streams: BTreeSet<Uuid>,
    /// False once a stream could not be folded: what it would add to the counters is not known.
    countable: bool,
}

impl Store {
    /// Reads everything again and names what is not as it should be; `progress` is told how many streams of how many are
    /// done.
    ///
    /// # Errors
    /// The store does not answer. What makes no sense is a finding, not an error.
    pub async fn verify(&self, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<Vec<Finding>> {
        let tx = self.begin_read().await?;
        let paths = tx.run(paths::Entity::find().count(tx.db())).await?;
        let orders = tx.run(purchase_orders::Entity::find().count(tx.db())).await?;
        let mut verifier = Verifier {
            tx: &tx,
            progress,
            done: 0,
            total: paths + orders,
            findings: Vec::new(),
            counted: Counted::default(),
            streams: BTreeSet::new(),
            countable: true,
        };
        progress(0, verifier.total);
        verifier.paths().await?;
        verifier.orders().await?;
        verifier.streams_without_row().await?;
        verifier.digests().await?;
        if verifier.countable {
            verifier.units().await?;
            verifier.places().await?;
            verifier.money().await?;
        }
        verifier.messages().await?;
        verifier.statistics().await?;
        verifier.proofs().await?;
        verifier.terms().await?;
        let mut findings = verifier.findings;
        let documents = tx.all_documents().await?;
        tx.rollback().await?;
        // Read without a transaction, which would wait idle while a bucket gives its objects.
        for document in documents {
            findings.extend(self.finding_of(document).await?);
        }
        Ok(findings)
    }
}
