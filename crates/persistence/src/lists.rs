//! Lists of paths and of purchase orders: filtered by the rights and the wishes of who looks, page after page.
//!
//! A page continues after a cursor, not at an offset: rows that come and go between two pages shift nothing. Lists read
//! columns that repeat the folds, never the folds themselves. A row that makes no sense is named in the log and left out, so
//! that it does not hide the others; [`crate::Store::verify`] finds it as well.

use domain::identifiers::{
    AccountId, BodyCode, Commune, Department, LotCode, OrderId, OrderReference, PathId, PathReference, Siren, Siret,
};
use domain::market::ClockKind;
use domain::money::Cents;
use domain::order::OrderState;
use domain::path::State;
use domain::path::command::Outcome;
use domain::people::{RecipientRole, Side, StaffRole};
use domain::{Day, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, DerivePartialModel, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::entities::{accounts, paths, persons, purchase_orders};
use crate::error::{Result, StoreError};
use crate::rows::{Row, folded};
use crate::tx::Tx;

pub use order::{CursorKey, PathCursor, PathOrder, PathSort};

mod order;

/// A path as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathLine {
    pub id: PathId,
    pub reference: PathReference,
    pub market: String,
    pub lot: LotCode,
    pub state: State,
    pub version: u32,
    pub company: String,
    pub siret: Siret,
    pub department: Department,
    pub commune: Commune,
    pub job: String,
    /// Who holds the ball.
    pub holder: Option<Side>,
    pub clock: Option<ClockKind>,
    /// Since when it is waited.
    pub held_since: Option<Day>,
    pub due_on: Option<Day>,
    pub opened_on: Day,
    pub entered_on: Option<Day>,
    /// How the training ended.
    pub outcome: Option<Outcome>,
    /// The year of entry for which a candidate waits.
    pub waiting_year: Option<i32>,
    pub coordinator: Option<AccountId>,
    pub updated_at: Instant,
}

/// Whose paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Charge {
    /// One of these coordinates them.
    Accounts(Vec<AccountId>),
    /// They are open, and nobody who could act coordinates them: no account, or a closed one.
    Nobody,
}

impl Charge {
    fn condition(&self) -> Condition {
        use paths::Column;
        match self {
            Self::Accounts(accounts) => Condition::all().add(held(accounts)),
            Self::Nobody => {
                let active = Query::select()
                    .column(accounts::Column::Id)
                    .from(accounts::Entity)
                    .and_where(accounts::Column::Active.eq(true))
                    .and_where(accounts::Column::Role.eq(StaffRole::Coordinator.to_string()))
                    .take();
                let ended = State::iter().filter(|state| state.is_final()).map(|state| state.to_string());
                Condition::all().add(Column::State.is_not_in(ended)).add(
                    Condition::any()
                        .add(Column::CoordinatorId.is_null())
                        .add(Column::CoordinatorId.not_in_subquery(active)),
                )
            }
        }
    }
}

/// The paths that one of these accounts coordinates.
pub(crate) fn held(accounts: &[AccountId]) -> SimpleExpr {
    paths::Column::CoordinatorId.is_in(accounts.iter().map(|account| account.uuid()))
}

/// Which paths to list; every part left out means all.
#[derive(Debug, Clone)]
pub struct PathFilter {
    pub market: Option<String>,
    /// The lots one may see; an empty list shows nothing.
    pub lots: Option<Vec<LotCode>>,
    /// Of this body: a lot may have had another holder before.
    pub body: Option<BodyCode>,
    pub states: Vec<State>,
    pub holder: Option<Side>,
    /// One of several sides; an empty list is all of them, and nobody.
    pub holders: Vec<Side>,
    pub department: Option<Department>,
    pub siret: Option<Siret>,
    /// Of one company, whatever its establishment.
    pub siren: Option<Siren>,
    /// Not of this establishment.
    pub but: Option<Siret>,
    pub charge: Option<Charge>,
    /// Words of the reference, the company, the job or the SIRET, in any order, in either case, with or without accents.
    pub text: Option<String>,
    /// The words may also be of the name of the candidate: for readers who may see people.
    pub people: bool,
    pub due_from: Option<Day>,
    pub due_until: Option<Day>,
    pub waiting_year: Option<i32>,
    /// Opened from this day on.
    pub opened_from: Option<Day>,
    pub opened_until: Option<Day>,
    /// Entered in training from this day on.
    pub entered_from: Option<Day>,
    pub entered_until: Option<Day>,
    pub outcomes: Vec<Outcome>,
    pub references: Option<Vec<PathReference>>,
    pub ids: Option<Vec<PathId>>,
    pub order: PathOrder,
    pub limit: u64,
    /// The last line of the page before.
    pub after: Option<PathCursor>,
    /// The first line of the page after: the page is then the one that precedes it.
    pub before: Option<PathCursor>,
}

impl Default for PathFilter {
    fn default() -> Self {
        Self {
            market: None,
            lots: None,
            body: None,
            states: Vec::new(),
            holder: None,
            holders: Vec::new(),
            department: None,
            siret: None,
            siren: None,
            but: None,
            charge: None,
            text: None,
            people: false,
            due_from: None,
            due_until: None,
            waiting_year: None,
            opened_from: None,
            opened_until: None,
            entered_from: None,
            entered_until: None,
            outcomes: Vec::new(),
            references: None,
            ids: None,
            order: PathOrder::default(),
            limit: 100,
            after: None,
            before: None,
        }
    }
}

/// An order as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSummary {
    pub id: OrderId,
    pub reference: OrderReference,
    pub market: String,
    pub lot: LotCode,
    pub state: OrderState,
    pub version: u32,
    pub budget_year: i32,
    /// The price of everything ordered, excluding tax.
    pub total: Cents,
    /// What is engaged of it now.
    pub engaged: Cents,
    pub certain_on: Option<Day>,
    pub updated_at: Instant,
}

/// Which orders to list; every part left out means all.
#[derive(Debug, Clone)]
pub struct OrderFilter {
    pub market: Option<String>,
    /// The lots one may see; an empty list shows nothing.
    pub lots: Option<Vec<LotCode>>,
    pub states: Vec<OrderState>,
    pub budget_year: Option<i32>,
    pub limit: u64,
    /// The last order of the page before.
    pub after: Option<OrderId>,
    /// The first drafted first, instead of the last.
    pub oldest_first: bool,
}

impl Default for OrderFilter {
    fn default() -> Self {
        Self {
            market: None,
            lots: None,
            states: Vec::new(),
            budget_year: None,
            limit: 100,
            after: None,
            oldest_first: false,
        }
    }
}

#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "paths::Entity")]
struct Listed {
    id: Uuid,
    reference: String,
    market: String,
    lot: String,
    state: String,
    version: i32,
    company_name: String,
    siret: String,
    commune: String,
    department: String,
    job_title: String,
    holder: Option<String>,
    due_on: Option<Day>,
    clock: Option<String>,
    held_since: Option<Day>,
    opened_on: Day,
    entered_on: Option<Day>,
    outcome: Option<String>,
    waiting_year: Option<i32>,
    coordinator_id: Option<Uuid>,
    updated_at: Instant,
}

impl TryFrom<Listed> for PathLine {
    type Error = StoreError;

    fn try_from(row: Listed) -> Result<Self> {
        let at = Row::new("paths", row.id);
        Ok(Self {
            id: PathId::new(row.id),
            reference: at.text("reference", &row.reference)?,
            market: row.market,
            lot: at.text("lot", &row.lot)?,
            state: at.text("state", &row.state)?,
            version: at.count("version", row.version)?,
            company: row.company_name,
            siret: at.text("siret", &row.siret)?,
            department: at.text("department", &row.department)?,
            commune: at.text("commune", &row.commune)?,
            job: row.job_title,
            holder: at.optional_text("holder", row.holder.as_deref())?,
            clock: at.optional_text("clock", row.clock.as_deref())?,
            held_since: row.held_since,
            due_on: row.due_on,
            opened_on: row.opened_on,
            entered_on: row.entered_on,
            outcome: at.optional_text("outcome", row.outcome.as_deref())?,
            waiting_year: row.waiting_year,
            coordinator: row.coordinator_id.map(AccountId::new),
            updated_at: row.updated_at,
        })
    }
}

#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "purchase_orders::Entity")]
struct ListedOrder {
    id: Uuid,
    reference: String,
    market: String,
    lot: String,
    state: String,
    version: i32,
    budget_year: i32,
    total_cents: i64,
    engaged_cents: i64,
    certain_on: Option<Day>,
    updated_at: Instant,
}

impl TryFrom<ListedOrder> for OrderSummary {
    type Error = StoreError;

    fn try_from(row: ListedOrder) -> Result<Self> {
        let at = Row::new("purchase_orders", row.id);
        Ok(Self {
            id: OrderId::new(row.id),
            reference: at.text("reference", &row.reference)?,
            market: row.market,
            lot: at.text("lot", &row.lot)?,
            state: at.text("state", &row.state)?,
            version: at.count("version", row.version)?,
            budget_year: row.budget_year,
            total: Cents::new(row.total_cents),
            engaged: Cents::new(row.engaged_cents),
            certain_on: row.certain_on,
            updated_at: row.updated_at,
        })
    }
}

/// Every word somewhere in the text of the path, or in the name of its candidate.
fn words(text: &str, people: bool) -> Condition {
    let text = folded(text);
    text.split(' ').filter(|word| !word.is_empty()).fold(Condition::all(), |all, word| {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let pattern = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
        let mut found = Condition::any().add(Expr::col((paths::Entity, paths::Column::Search)).like(pattern()));
        if people {
            let named = Query::select()
                .column(persons::Column::PathId)
                .from(persons::Entity)
                .and_where(persons::Column::Role.eq(RecipientRole::Trainee.to_string()))
                .and_where(Expr::col((persons::Entity, persons::Column::Search)).like(pattern()))
                .take();
            found = found.add(paths::Column::Id.in_subquery(named));
        }
        all.add(found)
    })
}

fn chosen(filter: &PathFilter) -> Condition {
    use paths::Column;
    let lots = filter.lots.as_ref().map(|lots| Column::Lot.is_in(lots.iter().map(LotCode::as_str)));
    let states = filter.states.iter().map(ToString::to_string);
    let holders = filter.holders.iter().map(ToString::to_string);
    let outcomes = filter.outcomes.iter().map(ToString::to_string);
    let references = filter.references.as_ref();
    Condition::all()
        .add_option(filter.market.as_ref().map(|market| Column::Market.eq(market)))
        .add_option(lots)
        .add_option(filter.body.as_ref().map(|body| Column::Body.eq(body.as_str())))
        .add_option((!filter.states.is_empty()).then(|| Column::State.is_in(states)))
        .add_option(filter.holder.map(|side| Column::Holder.eq(side.to_string())))
        .add_option((!filter.holders.is_empty()).then(|| Column::Holder.is_in(holders)))
        .add_option(filter.department.as_ref().map(|department| Column::Department.eq(department.as_str())))
        .add_option(filter.siret.as_ref().map(|siret| Column::Siret.eq(siret.as_str())))
        .add_option(filter.siren.as_ref().map(|siren| Column::Siret.starts_with(siren.as_str())))
        .add_option(filter.but.as_ref().map(|siret| Column::Siret.ne(siret.as_str())))
        .add_option(filter.charge.as_ref().map(Charge::condition))
        .add_option(filter.due_from.map(|day| Column::DueOn.gte(day)))
        .add_option(filter.due_until.map(|day| Column::DueOn.lte(day)))
        .add_option(filter.waiting_year.map(|year| Column::WaitingYear.eq(year)))
        .add_option(filter.opened_from.map(|day| Column::OpenedOn.gte(day)))
        .add_option(filter.opened_until.map(|day| Column::OpenedOn.lte(day)))
        .add_option(filter.entered_from.map(|day| Column::EnteredOn.gte(day)))
        .add_option(filter.entered_until.map(|day| Column::EnteredOn.lte(day)))
        .add_option((!filter.outcomes.is_empty()).then(|| Column::Outcome.is_in(outcomes)))
        .add_option(references.map(|wanted| Column::Reference.is_in(wanted.iter().map(ToString::to_string))))
        .add_option(filter.ids.as_ref().map(|ids| Column::Id.is_in(ids.iter().map(|id| id.uuid()))))
        .add_option(filter.text.as_deref().map(|text| words(text, filter.people)))
}

/// The orders of a filter, over all its pages.
fn of_orders(filter: &OrderFilter) -> Condition {
    use purchase_orders::Column;
    let lots = filter.lots.as_ref().map(|lots| Column::Lot.is_in(lots.iter().map(LotCode::as_str)));
    let states = filter.states.iter().map(ToString::to_string);
    Condition::all()
        .add_option(filter.market.as_ref().map(|market| Column::Market.eq(market)))
        .add_option(lots)
        .add_option((!filter.states.is_empty()).then(|| Column::State.is_in(states)))
        .add_option(filter.budget_year.map(|year| Column::BudgetYear.eq(year)))
}

/// The rows that can be read; the others are named in the log.
fn readable<R, T: TryFrom<R, Error = StoreError>>(rows: Vec<R>) -> Vec<T> {
    let read = |row| match T::try_from(row) {
        Ok(line) => Some(line),
        Err(error) => {
            tracing::error!(%error, "a row was left out of a list");
            None
        }
    };
    rows.into_iter().filter_map(read).collect()
}

impl Tx {
    /// Paths as lists show them; unless asked otherwise the oldest deadline first, paths without one last, then in the order
    /// of opening.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn list_paths(&self, filter: &PathFilter) -> Result<Vec<PathLine>> {
        let backwards = filter.before.is_some();
        let cursor = filter.before.as_ref().or(filter.after.as_ref());
        let beyond = cursor.map(|cursor| filter.order.beyond(cursor, backwards));
        // The page is chosen among the keys alone, which an index holds; only its own rows are read in full.
        let mut keys = Query::select();
        keys.column(paths::Column::Id).from(paths::Entity).cond_where(chosen(filter).add_option(beyond));
        for (column, order) in filter.order.keys(backwards) {
            keys.order_by_expr(column, order);
        }
        // A limit that no page reaches is no limit; a database may refuse it as a number.
        if let Ok(limit) = u32::try_from(filter.limit) {
            keys.limit(limit.into());
        }
        let mut find = paths::Entity::find().filter(paths::Column::Id.in_subquery(keys.take()));
        for (column, order) in filter.order.keys(backwards) {
            find = find.order_by(column, order);
        }
        let mut lines = readable(self.run(find.into_partial_model::<Listed>().all(self.db())).await?);
        if backwards {
            lines.reverse();
        }
        Ok(lines)
    }

    /// How many paths of a filter stand in each state, over all its pages.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn count_by_state(&self, filter: &PathFilter) -> Result<Vec<(State, u64)>> {
        let find = paths::Entity::find()
            .select_only()
            .column(paths::Column::State)
            .column_as(paths::Column::Id.count(), "number")
            .filter(chosen(filter))
            .group_by(paths::Column::State)
            .into_tuple::<(String, i64)>();
        let read = |(state, number): (String, i64)| {
            Ok((Row::new("paths", &state).text("state", &state)?, u64::try_from(number).unwrap_or(0)))
        };
        let mut counts: Vec<(State, u64)> =
            self.run(find.all(self.db())).await?.into_iter().map(read).collect::<Result<_>>()?;
        counts.sort_unstable_by_key(|(state, _)| *state);
        Ok(counts)
    }

    /// How many paths a filter lists over all its pages.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn count_paths(&self, filter: &PathFilter) -> Result<u64> {
        let find = paths::Entity::find().filter(chosen(filter));
        self.run(find.count(self.db())).await
    }

    /// The paths whose candidate waits for a place of a lot in a year and has no offer, the first in the queue first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn waiting(&self, market: &str, lot: &LotCode, year: i32) -> Result<Vec<PathReference>> {
        let find = paths::Entity::find()
            .select_only()
            .columns([paths::Column::Id, paths::Column::Reference])
            .filter(paths::Column::WaitingYear.eq(year))
            .filter(paths::Column::Lot.eq(lot.as_str()))
            .filter(paths::Column::Market.eq(market))
            .order_by_asc(paths::Column::WaitingSince)
            .order_by_asc(paths::Column::Id)
            .into_tuple::<(Uuid, String)>();
        let read = |(id, reference): (Uuid, String)| Row::new("paths", id).text("reference", &reference);
        self.run(find.all(self.db())).await?.into_iter().map(read).collect()
    }

    /// Orders as lists show them, the latest first unless asked otherwise.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn list_orders(&self, filter: &OrderFilter) -> Result<Vec<OrderSummary>> {
        use purchase_orders::Column;
        let beyond = |order: OrderId| {
            if filter.oldest_first { Column::Id.gt(order.uuid()) } else { Column::Id.lt(order.uuid()) }
        };
        let find = purchase_orders::Entity::find()
            .filter(of_orders(filter).add_option(filter.after.map(beyond)))
            .order_by(Column::Id, if filter.oldest_first { Order::Asc } else { Order::Desc })
            .limit(filter.limit)
            .into_partial_model::<ListedOrder>();
        Ok(readable(self.run(find.all(self.db())).await?))
    }

    /// How many orders there are of a filter, over all its pages.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn count_orders(&self, filter: &OrderFilter) -> Result<u64> {
        self.run(purchase_orders::Entity::find().filter(of_orders(filter)).count(self.db())).await
    }
}
