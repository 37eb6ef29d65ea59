//! The use cases of Jalon: authorise, load, decide, save and enqueue in one transaction; queries; clocks; deliveries.
//!
//! A transition flows once, in one direction: [`App::advance`] reads the form, loads what the decision needs under one
//! transaction, asks `domain::path::decide`, writes path, counters, events, people, messages and reminders, and commits.
//! [`App::rehearse`] makes the same plan and writes nothing. Nothing that matters happens after the commit, nothing
//! outside before it: the worker ([`worker`]) delivers messages and rings clocks from rows.
//!
//! To add a use case: a module with an `impl App` block; it owns its transaction, and checks rights through the domain.

mod account_mail;
mod accounts;
mod advance;
pub mod agenda;
mod book;
pub mod bulk;
mod clock;
pub mod committee;
mod companies;
mod delegations;
mod delivery;
pub mod desk;
mod directory;
pub mod documents;
mod drafts;
mod error;
pub mod exports;
mod figures;
mod files;
mod imports;
mod links;
mod lists;
mod lot_desk;
mod market;
pub mod market_file;
mod needs;
mod news;
mod order_desk;
mod orders;
mod passwords;
pub mod payments;
pub mod pieces;
mod plan;
mod portfolio;
mod preferences;
mod proofs;
mod queries;
mod report;
mod resend;
mod returns;
mod saved_views;
mod security_log;
mod sessions;
mod standing;
mod texts;
mod verification;
pub mod worker;

use std::sync::Arc;
use std::time::Duration;

use domain::Instant;
use persistence::Store;
use tokio::sync::Semaphore;
use uuid::Uuid;

pub use accounts::{AccountConflict, Closed, NewAccount, NewToken};
pub use advance::{Attached, Attachment, Options, Outcome, Target};
pub use agenda::SeenDay;
pub use book::Book;
pub use clock::TickReport;
pub use companies::{CompanyPath, CompanyView};
pub use delegations::{DelegationView, Delegations};
pub use delivery::{DeliveryReport, RetryPolicy};
pub use directory::{DirectorySettings, Establishment, LookUp};
pub use domain::path::decide::PastPath;
pub use drafts::Received;
pub use error::AppError;
pub use figures::{
    Asked as FiguresAsked, Dashboard, Delay, FigureChoice, FigureList, FigureRow, LineFigures, MoneyChoice,
    MoneyFigures, MoneyList, MovementOf, MovementRow, OfDepartment, Parts, PaymentFigures, Scoped, Since,
};
pub use files::KeptDocument;
pub use imports::{BadRow, ImportOptions, RowProblem};
pub use links::{Access, LinkProblem};
pub use lists::{BoardColumn, Choices, Export, PathPage};
pub use lot_desk::{LotPage, Quota, QuotaChange, Waiter};
pub use market::{MarketChange, MarketStatus};
pub use needs::{NeedAnswer, NeedLink, NeedView, decides_needs};
pub use order_desk::{OrderChoice, OrderDraw, OrderView, Purse};
pub use orders::{OrderOptions, OrderOutcome, OrderTarget};
pub use passwords::{PasswordAccess, PasswordChange, SignIn};
pub use persistence::{
    Charge, CommitteeImport, CommitteePhotograph, Conflict, Content, CursorKey, Document, Draft, DraftDocument,
    Incoming, Kept, LotMoney, Message, MessageFilter, MessageState, OptionMoney, OrderSummary, PathCursor, PathFilter,
    PathLine, PathOrder, PathSort, RecordedOrder, SavedView, SecurityFilter, SecurityLine, Session, Staged, StoreError,
    Task, Token, Winner,
};
pub use plan::{MessageSummary, Rehearsal};
pub use portfolio::HandOver;
pub use proofs::Presence;
pub use queries::{LotView, PathView, Surroundings};
pub use report::reads_figures;
pub use reports::documents::Piece;
pub use resend::{Again, Cause, LoggedMessage, MessageChoice, MessageView, Missed, Resend, Settlement, missed};
pub use returns::{ReadError, Return, ReturnsReport};
pub use security_log::{SecurityView, Visitor};
pub use sessions::SignedIn;
pub use texts::{
    LotTextLine, MessageTextLine, TextEntry, TextKept, TextList, TextPage, TextPreview, TextSource, reads_texts,
};
pub use verification::{ToVerify, Verifications};

/// What the use cases are told from outside.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the pages are reached from outside, without a final slash: links in messages start with it.
    pub public_url: String,
    pub sender_name: String,
    pub sender_address: String,
    /// Delays between attempts to deliver a message.
    pub retry: RetryPolicy,
    /// Lease of one message.
    pub lease: Duration,
    /// How long a link of an e-mail works when no deadline says more.
    pub link_days: u32,
    /// Most bytes of a document.
    pub document_size: u64,
    /// Most documents of a path.
    pub documents_per_path: u32,
    /// Most new links that go to one address in an hour, when they are asked for from an expired one.
    pub link_requests_per_hour: u32,
    /// Most lists that one account takes as files in an hour.
    pub exports_per_hour: u32,
    /// The public directory of companies, when one may be asked.
    pub directory: Option<DirectorySettings>,
    /// Most questions of one account to it in an hour.
    pub lookups_per_hour: u32,
    /// Copies of one message that people send again leave at least this far apart.
    pub resends_apart: Duration,
    /// Most files that a person sends in a day.
    pub uploads_per_day: u32,
    /// How long a draft that nobody touches is kept.
    pub drafts_kept: Duration,
}

/// The use cases, on a store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    settings: Settings,
    book: book::Shelf,
    figures: figures::Shelf,
    partner_files: committee::PartnerFiles,
    /// Passwords hashed at once: as many as the machine has processors, so that pages are never kept waiting.
    hashing: Semaphore,
    directory: Option<directory::Directory>,
}

impl App {
    /// Opens the use cases on a store whose schema is up to date.
    pub fn new(store: Store, settings: Settings) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let hashing = Semaphore::new(processors);
        let directory = settings.directory.as_ref().and_then(directory::Directory::new);
        Self {
            inner: Arc::new(Inner {
                store,
                settings,
                book: book::Shelf::default(),
                figures: figures::Shelf::default(),
                partner_files: committee::PartnerFiles::default(),
                hashing,
                directory,
            }),
        }
    }

    /// The store underneath, for the commands that keep it (migrate, doctor, readiness).
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The instant of the store: real in production, moved in a demo.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn now(&self) -> Result<Instant, AppError> {
        Ok(self.inner.store.store_now().await?)
    }

    /// The host that names messages: the public address's.
    fn host(&self) -> &str {
        let url = &self.inner.settings.public_url;
        let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        host.split(['/', ':']).next().filter(|host| !host.is_empty()).unwrap_or("jalon.localhost")
    }
}

/// A new identifier, time-ordered.
fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// A salt of 128 random bits, in hexadecimal.
fn new_salt() -> String {
    persistence::random_token()
}
