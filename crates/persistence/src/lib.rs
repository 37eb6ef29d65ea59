//! The store of Jalon: rows and the domain, the journal, the outbox, and the counters that are never exceeded.
//!
//! Rules this crate keeps:
//! - SQLite and PostgreSQL run the same code and pass the same tests; the few differences are in [`Store`].
//! - A use case owns its transaction ([`Tx`]); repositories are methods on it and never open one themselves.
//! - State, events, counters, reminders and messages of a step are written in one transaction.
//! - A write carries the version it saw, or a condition; it checks how many rows it touched.
//! - Counters change by conditional updates, always in this order: path, order line, budget year, place of the lot last,
//!   just before the commit.
//! - The bytes of a document are kept before the row that names them is written; see `files`.
//! - Reading a row that makes no sense is an error that names table, column and row, never a default.
//!
//! To add an aggregate: its migration; its entity in `entities`; one module with its types, `TryFrom` for its row and an
//! `impl Tx` block; its tests on both databases. What the whole looks like is in `docs/architecture.md`.

mod accounts;
mod chain;
mod committee;
mod counters;
mod credentials;
mod delegations;
mod digests;
mod documents;
mod drafts;
pub mod entities;
mod error;
mod figures;
mod files;
mod journal;
mod keys;
mod lists;
mod news;
mod orders;
mod outbox;
mod paths;
mod payments;
mod persons;
mod photographs;
mod proofs;
mod proposals;
mod refold;
mod reminders;
mod rows;
mod saved_views;
mod sealing;
mod security_log;
mod sessions;
mod settings;
mod statistics;
mod store;
mod tasks;
mod terms;
mod texts;
mod tx;
mod uploads;
mod verify;
mod windows;

#[cfg(test)]
mod tests;

pub use accounts::Token;
pub use chain::{GENESIS, Link, digest_of_heads};
pub use committee::{CommitteeFile, CommitteeImport};
pub use counters::{BudgetYear, CounterOutcome, LotMoney, LotYear, OptionMoney, PlaceChange, unpaid};
pub use credentials::{Credential, PasswordLink, Tries};
pub use digests::DailyDigest;
pub use documents::{Document, NewDocument, document_digest};
pub use drafts::{Draft, DraftDocument};
pub use error::{Cause, Conflict, Duplicate, Inconsistent, Result, StoreError, Unreached, Winner};
pub use figures::{CountedOrder, CountedPath, PathsMark};
pub use files::{BucketOptions, Content, Files, Incoming, Kept, Staged};
pub use journal::{KeyUse, RecordedOrder, StreamKind, misfolded, misfolded_order};
pub use keys::{Keys, LinkClaims, random_token, token_hash};
pub use lists::{Charge, CursorKey, OrderFilter, OrderSummary, PathCursor, PathFilter, PathLine, PathOrder, PathSort};
pub use news::NewsReader;
pub use orders::{AppendOrder, StoredOrder};
pub use outbox::{
    About, CameBack, Claim, ClaimedMessage, Claiming, Message, MessageFilter, MessageState, NewLink, NewMessage,
    Priority, Recipient, Reminds, Returned, Within,
};
pub use paths::{Append, PathRowFacts, StoredPath};
pub use photographs::CommitteePhotograph;
pub use proofs::{AnswerProof, KeptProof, Means};
pub use reminders::Reminder;
pub use saved_views::SavedView;
pub use security_log::{NewSecurityLine, SecurityFilter, SecurityLine};
pub use sessions::{Ending, Session};
pub use statistics::{EntryStatistic, StatisticFilter};
pub use store::{Backend, DOCUMENTS, Store, StoreOptions, sqlite_file};
pub use tasks::{NewTask, OnPaths, Task, TaskFilter, Withheld};
pub use terms::{NewTerms, TermsRecord, terms_digest};
pub use tx::Tx;
pub use verify::{Counter, Finding, StreamName};
pub use windows::{CommitteeWindow, KeptWindow};
