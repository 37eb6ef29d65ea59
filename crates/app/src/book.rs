//! What changes rarely and every use case needs: the versions of the terms, the accounts and the texts of messages, read again every few seconds.
//!
//! Rights never rest on it: whoever acts was read from the store by the one who let them in. A change made through this
//! program shows at once here, and within [`FRESH`] in its other copies.

use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant as Moment};

use domain::Day;
use domain::delegation::{Delegation, StandIn, stand_ins};
use domain::identifiers::{AccountId, LotCode};
use domain::market::{Holder, Market, Terms, TermsVersion};
use domain::people::{Account, StaffRole};
use domain::texts::{Subject, TextVersion};
use notifier::texts::Texts;
use persistence::{TermsRecord, Tx};

use crate::{App, AppError};

/// How long a copy is believed.
const FRESH: Duration = Duration::from_secs(2);

/// Terms and accounts as they stood a moment ago.
#[derive(Debug)]
pub struct Book {
    pub terms: Vec<TermsRecord>,
    /// The same versions, as a decision reads them.
    pub versions: Vec<Terms>,
    pub accounts: Vec<Account>,
    /// Active officers of the Region, for messages.
    pub officers: Vec<Account>,
    /// Delegations that nobody ended early.
    pub delegations: Vec<Delegation>,
    /// The texts of the Region in force.
    pub texts: Texts,
    read_at: Moment,
}

/// The last copy read.
#[derive(Debug, Default)]
pub(crate) struct Shelf(RwLock<Option<Arc<Book>>>);

impl Shelf {
    fn fresh(&self) -> Option<Arc<Book>> {
        let book = self.0.read().ok()?.clone()?;
        (book.read_at.elapsed() < FRESH).then_some(book)
    }

    fn put(&self, book: &Arc<Book>) {
        if let Ok(mut shelf) = self.0.write() {
            *shelf = Some(Arc::clone(book));
        }
    }

    pub(crate) fn forget(&self) {
        if let Ok(mut shelf) = self.0.write() {
            *shelf = None;
        }
    }
}

impl App {
    /// The book, read through a transaction when the copy has aged.
    pub(crate) async fn book(&self, tx: &Tx) -> Result<Arc<Book>, AppError> {
        if let Some(book) = self.inner.book.fresh() {
            return Ok(book);
        }
        let accounts = tx.accounts().await?;
        let officers = accounts
            .iter()
            .filter(|account| account.active && account.role == StaffRole::RegionOfficer)
            .cloned()
            .collect();
        let delegations = tx.delegations().await?;
        let terms = tx.all_terms().await?;
        let versions = terms.iter().map(|record| record.terms.clone()).collect();
        let texts = in_force(&tx.texts_in_force().await?);
        let book = Arc::new(Book { terms, versions, accounts, officers, delegations, texts, read_at: Moment::now() });
        self.inner.book.put(&book);
        Ok(book)
    }

    pub(crate) fn forget_book(&self) {
        self.inner.book.forget();
    }
}

/// The texts as a message takes them.
fn in_force(versions: &[TextVersion]) -> Texts {
    let mut texts = Texts::default();
    for version in versions {
        match (&version.subject, &version.content) {
            (Subject::Message { kind, role }, Some(own)) => texts.set_message(kind, *role, &own.title, &own.text),
            (Subject::Lot(lot), Some(own)) => texts.set_lot(lot.clone(), &own.text, &own.signature),
            (_, None) => {}
        }
    }
    texts
}

impl Book {
    /// The terms of a market in force on a day: the latest effective by then, of those the last recorded.
    pub fn current(&self, market: &str, day: Day) -> Option<&Terms> {
        let known = self.terms.iter().filter(|record| record.terms.market.code == market && record.effective_on <= day);
        known.max_by_key(|record| (record.effective_on, record.terms.version)).map(|record| &record.terms)
    }

    /// The terms of the market on which paths are opened on a day.
    pub fn open(&self, day: Day) -> Option<&Terms> {
        let mut codes: Vec<&str> = self.terms.iter().map(|record| record.terms.market.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        let covers = |market: &Market| !market.past && (market.starts_on..=market.ends_on).contains(&day);
        codes.into_iter().filter_map(|code| self.current(code, day)).find(|terms| covers(&terms.market))
    }

    /// A version of the terms.
    pub fn version(&self, version: TermsVersion) -> Option<&Terms> {
        self.versions.iter().find(|terms| terms.version == version)
    }

    /// Every market's terms in force on a day, by code.
    pub fn markets(&self, day: Day) -> Vec<&Terms> {
        let mut codes: Vec<&str> = self.terms.iter().map(|record| record.terms.market.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter().filter_map(|code| self.current(code, day)).collect()
    }

    /// An account.
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// Who stands in for whom on a day.
    pub fn stand_ins(&self, day: Day) -> Vec<StandIn> {
        stand_ins(&self.delegations, &self.accounts, day)
    }

    /// Who is there for an account on a day: itself, or who stands in for it.
    pub fn present(&self, id: AccountId, day: Day) -> Option<Account> {
        let stand_in = self.stand_ins(day).into_iter().find(|stand_in| stand_in.from.id == id);
        stand_in.map(|stand_in| stand_in.to).or_else(|| self.account(id).cloned())
    }

    /// The holder of a lot.
    pub fn holder<'a>(terms: &'a Terms, lot: &LotCode) -> Option<&'a Holder> {
        terms.market.lot(lot).map(|lot| &lot.holder)
    }
}
