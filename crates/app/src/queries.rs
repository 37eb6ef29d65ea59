//! What people look at: lists and one thing in full, each limited to what its reader may see.

use chrono::Datelike;
use domain::calendar::paris_day;
use domain::clocks::{self, Clock};
use domain::delegation::StandIn;
use domain::identifiers::{BodyCode, DocumentId, EventId, LotCode, MessageId, PathReference};
use domain::market::{Lot, Terms};
use domain::path::decide::{available, sees};
use domain::path::{Path, Recorded, Step};
use domain::people::{Account, Actor, Person, StaffRole};
use domain::places::Places;
use domain::{Day, Instant};
use persistence::{Content, Document, LotMoney, Message, MessageFilter, PathFilter, PathLine, Task, TaskFilter, Tx};

use crate::book::Book;
use crate::plan::reads_only;
use crate::{App, AppError, resend};

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
    /// Who stands in for the coordinator today, and until when.
    pub stand_in: Option<StandIn>,
    pub tasks: Vec<Task>,
    /// Messages that did not arrive and that somebody set aside.
    pub set_aside: Vec<MessageId>,
    /// Events of answers whose proof is kept.
    pub proven: Vec<EventId>,
}

/// What stands around a path: its lot, the paths of the same company, who could coordinate it.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub now: Instant,
    pub today: Day,
    /// The places of the lot in the year of the path's entry, or this year.
    pub places: Places,
    /// Paths opened from this one, or from the same source.
    pub siblings: Vec<PathLine>,
    /// The other paths of the establishment, the latest first.
    pub company: Vec<PathLine>,
    /// Active coordinators of the body that holds the lot.
    pub colleagues: Vec<Account>,
}

/// Most paths of the same establishment that are looked at around one.
const AROUND: u64 = 40;

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

/// The lots an actor sees: `None` for all of them. Of a lot that changed hands a body sees its own paths: see [`body_seen`].
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

/// The body whose paths alone an actor sees: `None` for those of every body.
pub(crate) fn body_seen(actor: &Actor) -> Option<BodyCode> {
    match actor {
        Actor::Staff { role: StaffRole::Coordinator, body, .. } => body.clone(),
        Actor::Staff { .. } | Actor::System | Actor::Outside { .. } => None,
    }
}

impl App {
    /// Paths, limited to those of the reader's body.
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

    /// The bytes of a document of a path that the reader may see.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn document(
        &self,
        actor: &Actor,
        reference: &PathReference,
        id: DocumentId,
    ) -> Result<Content, AppError> {
        if matches!(actor, Actor::Outside { .. }) {
            return Err(AppError::NotFound);
        }
        let tx = self.store().begin_read().await?;
        let stored = tx.path_by_reference(reference).await?.filter(|stored| sees(actor, &stored.path));
        let path = stored.ok_or(AppError::NotFound)?.path.id;
        let document = tx.document(path, id).await?.ok_or(AppError::NotFound)?;
        tx.rollback().await?;
        Ok(self.store().content(document).await?)
    }

    /// What stands around a path that the reader sees.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn surroundings(&self, actor: &Actor, path: &Path) -> Result<Surroundings, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let now = tx.now().await?;
        let today = paris_day(now);
        let terms = book.current(&path.market, today).ok_or(AppError::NoMarket)?;
        let entered = path.training.as_ref().map(|training| training.year);
        let reserved = path.candidate.as_ref().map(|candidate| candidate.reserved_year);
        let year = entered.or(reserved).unwrap_or_else(|| today.year());
        let filter = PathFilter {
            siret: Some(path.workplace.siret.clone()),
            lots: lots_seen(&book, actor)?,
            body: body_seen(actor),
            limit: AROUND,
            ..PathFilter::default()
        };
        let (mut siblings, mut company) = (Vec::new(), Vec::new());
        for line in tx.list_paths(&filter).await? {
            if line.id == path.id {
                continue;
            }
            let Some(other) = tx.path_by_id(line.id).await?.filter(|other| sees(actor, &other.path)) else { continue };
            let source = other.path.source.map(|(id, _)| id);
            let own_source = path.source.as_ref().map(|(id, _)| *id);
            let linked =
                source == Some(path.id) || own_source == Some(line.id) || (source.is_some() && source == own_source);
            if linked { siblings.push(line) } else { company.push(line) }
        }
        company.sort_by_key(|line| std::cmp::Reverse(line.opened_on));
        let coordinates = |account: &&Account| {
            account.active && account.role == StaffRole::Coordinator && account.body.as_ref() == Some(&path.holder)
        };
        Ok(Surroundings {
            now,
            today,
            places: tx.places_of(&terms.market, &path.lot, year).await?,
            siblings,
            company,
            colleagues: book.accounts.iter().filter(coordinates).cloned().collect(),
        })
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
            stand_in: book.stand_ins(today).into_iter().find(|stand_in| Some(stand_in.from.id) == path.coordinator),
            tasks: tx.tasks(&TaskFilter { path: Some(path.id), ..TaskFilter::default() }).await?,
            set_aside: resend::set_aside(tx, path.id).await?,
            proven: tx.proven(path.id).await?,
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
        Ok(tx.tasks(&tasks_of(actor)?).await?)
    }

    /// Lots with their places and money, those that the reader's body holds now.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn lots(&self, actor: &Actor) -> Result<Vec<LotView>, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let today = paris_day(tx.now().await?);
        lots_seen(&book, actor)?;
        let body = body_seen(actor);
        let mut views = Vec::new();
        for terms in book.markets(today) {
            let market = &terms.market;
            let money = tx.lot_money(&market.code).await?;
            for lot in market.lots.iter().filter(|lot| body.as_ref().is_none_or(|body| &lot.holder.code == body)) {
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

/// The tasks of the reader's side.
pub(crate) fn tasks_of(actor: &Actor) -> Result<TaskFilter, AppError> {
    match actor {
        Actor::Staff { role, body, .. } if !reads_only(*role) => {
            Ok(TaskFilter { side: actor.side(), body: body.clone(), ..TaskFilter::default() })
        }
        Actor::Staff { .. } | Actor::System => Ok(TaskFilter::default()),
        Actor::Outside { .. } => Err(AppError::NotFound),
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
