//! What people look at: lists and one thing in full, each limited to what its reader may see.

use domain::Day;
use domain::calendar::paris_day;
use domain::clocks::{self, Clock};
use domain::identifiers::{LotCode, PathReference};
use domain::market::{Lot, Terms};
use domain::path::decide::{available, sees};
use domain::path::{Path, Recorded, Step};
use domain::people::{Account, Actor, Person, StaffRole};
use domain::places::Places;
use persistence::{Document, LotMoney, Message, MessageFilter, PathFilter, PathLine, Task, TaskFilter, Tx};

use crate::book::Book;
use crate::plan::reads_only;
use crate::{App, AppError};

/// One path with everything around it.
#[derive(Debug, Clone)]
pub struct PathView {
    pub path: Path,
    pub people: Vec<Person>,
    pub events: Vec<Recorded>,
    pub messages: Vec<Message>,
    pub documents: Vec<Document>,
    pub clocks: Vec<Clock>,
    /// What the reader may try now.
    pub available: Vec<Step>,
    pub terms: Terms,
    pub coordinator: Option<Account>,
    pub tasks: Vec<Task>,
}

/// One lot with its places and its money.
#[derive(Debug, Clone)]
pub struct LotView {
    pub market: String,
    pub title: String,
    pub lot: Lot,
    /// By year of entry, oldest first.
    pub places: Vec<Places>,
    pub money: Option<LotMoney>,
    pub prices_confirmed: bool,
    /// Of a past market: nothing is ordered on it.
    pub past: bool,
    /// First and last day of the market.
    pub starts_on: Day,
    pub ends_on: Day,
}

/// The lots an actor sees: `None` for all of them.
pub(crate) fn lots_seen(book: &Book, actor: &Actor) -> Result<Option<Vec<LotCode>>, AppError> {
    match actor {
        Actor::Staff { role: StaffRole::Coordinator, body, .. } => {
            let body = body.as_ref().ok_or(AppError::NotFound)?;
            let markets = book.terms.iter().map(|record| &record.terms.market);
            let mut lots: Vec<LotCode> =
                markets.flat_map(|market| market.lots_of(body)).map(|lot| lot.code.clone()).collect();
            lots.sort_unstable();
            lots.dedup();
            Ok(Some(lots))
        }
        Actor::Staff { .. } | Actor::System => Ok(None),
        Actor::Outside { .. } => Err(AppError::NotFound),
    }
}

impl App {
    /// Paths, limited to the reader's lots.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn paths(&self, actor: &Actor, filter: &PathFilter) -> Result<Vec<PathLine>, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        Ok(tx.list_paths(&Self::allowed(&book, actor, filter)?).await?)
    }

    /// One path in full.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this reader.
    pub async fn path(&self, actor: &Actor, reference: &PathReference) -> Result<PathView, AppError> {
        let tx = self.store().begin_read().await?;
        let stored = tx.path_by_reference(reference).await?.filter(|stored| sees(actor, &stored.path));
        let path = stored.ok_or(AppError::NotFound)?.path;
        if matches!(actor, Actor::Outside { .. }) {
            return Err(AppError::NotFound);
        }
        self.view(&tx, actor, path).await
    }

    async fn view(&self, tx: &Tx, actor: &Actor, path: Path) -> Result<PathView, AppError> {
        let book = self.book(tx).await?;
        let today = paris_day(tx.now().await?);
        let terms = book.current(&path.market, today).ok_or(AppError::NoMarket)?.clone();
        let mut people = tx.people(path.id).await?;
        if !sees_profiles(actor) {
            for person in &mut people {
                person.profile = None;
            }
        }
        Ok(PathView {
            people,
            events: tx.path_events(path.id).await?,
            messages: tx.messages(&MessageFilter { path: Some(path.id), ..MessageFilter::default() }).await?,
            documents: tx.documents(path.id).await?,
            clocks: clocks::clocks(&path, &terms.market, today),
            available: available(&path, actor),
            coordinator: path.coordinator.and_then(|id| book.account(id)).cloned(),
            tasks: tx.tasks(&TaskFilter { path: Some(path.id), ..TaskFilter::default() }).await?,
            terms,
            path,
        })
    }

    /// Messages, limited to those of paths the reader sees.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn messages(&self, actor: &Actor, filter: &MessageFilter) -> Result<Vec<Message>, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let messages = tx.messages(filter).await?;
        let Some(seen) = lots_seen(&book, actor)? else { return Ok(messages) };
        let mut visible = Vec::new();
        for message in messages {
            let Some(id) = message.content.about.path else { continue };
            let path = tx.path_by_id(id).await?;
            if path.is_some_and(|stored| seen.contains(&stored.path.lot) && sees(actor, &stored.path)) {
                visible.push(message);
            }
        }
        Ok(visible)
    }

    /// Tasks of the reader's side.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn tasks(&self, actor: &Actor) -> Result<Vec<Task>, AppError> {
        let tx = self.store().begin_read().await?;
        let filter = match actor {
            Actor::Staff { role, body, .. } if !reads_only(*role) => {
                TaskFilter { side: actor.side(), body: body.clone(), ..TaskFilter::default() }
            }
            Actor::Staff { .. } | Actor::System => TaskFilter::default(),
            Actor::Outside { .. } => return Err(AppError::NotFound),
        };
        Ok(tx.tasks(&filter).await?)
    }

    /// Lots with their places and money, those of the reader.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn lots(&self, actor: &Actor) -> Result<Vec<LotView>, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let today = paris_day(tx.now().await?);
        let seen = lots_seen(&book, actor)?;
        let mut views = Vec::new();
        for terms in book.markets(today) {
            let market = &terms.market;
            let money = tx.lot_money(&market.code).await?;
            for lot in market.lots.iter().filter(|lot| seen.as_ref().is_none_or(|seen| seen.contains(&lot.code))) {
                views.push(LotView {
                    market: market.code.clone(),
                    title: market.title.clone(),
                    lot: lot.clone(),
                    places: tx.places(&market.code, Some(&lot.code)).await?,
                    money: money.iter().find(|money| money.lot == lot.code).cloned(),
                    prices_confirmed: market.prices_confirmed,
                    past: market.past,
                    starts_on: market.starts_on,
                    ends_on: market.ends_on,
                });
            }
        }
        Ok(views)
    }
}

/// RSA, BOE and birth dates are for those who advance or decide on the path.
pub(crate) fn sees_profiles(actor: &Actor) -> bool {
    match actor {
        Actor::Staff { role, .. } => match role {
            StaffRole::Coordinator | StaffRole::RegionOfficer => true,
            StaffRole::RegionFinance | StaffRole::RegionViewer | StaffRole::Administrator | StaffRole::Auditor => false,
        },
        Actor::System => true,
        Actor::Outside { .. } => false,
    }
}
