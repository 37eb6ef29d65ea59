//! Lists of paths and of purchase orders: filtered by the rights and the wishes of who looks, page after page.
//!
//! A page continues after a cursor, not at an offset: rows that come and go between two pages shift nothing. Lists read
//! columns that repeat the folds, never the folds themselves. A row that makes no sense is named in the log and left out, so
//! that it does not hide the others; [`crate::Store::verify`] finds it as well.

use domain::identifiers::{
    AccountId, Commune, Department, LotCode, OrderId, OrderReference, PathId, PathReference, Siret,
};
use domain::market::ClockKind;
use domain::money::Cents;
use domain::order::OrderState;
use domain::path::State;
use domain::people::Side;
use domain::{Day, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr};
use sea_orm::{
    ColumnTrait, Condition, DerivePartialModel, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::entities::{paths, purchase_orders};
use crate::error::{Result, StoreError};
use crate::rows::{Row, folded};
use crate::tx::Tx;

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
    pub due_on: Option<Day>,
    pub opened_on: Day,
    pub entered_on: Option<Day>,
    /// The year of entry for which a candidate waits.
    pub waiting_year: Option<i32>,
    pub coordinator: Option<AccountId>,
    pub updated_at: Instant,
}

impl PathLine {
    /// Where the page after this line begins.
    pub fn cursor(&self) -> PathCursor {
        PathCursor { due_on: self.due_on, id: self.id }
    }
}

/// The place of a line in the list: the oldest deadline first, paths without one last, then in the order of opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathCursor {
    pub due_on: Option<Day>,
    pub id: PathId,
}

/// Which paths to list; every part left out means all.
#[derive(Debug, Clone)]
pub struct PathFilter {
    pub market: Option<String>,
    /// The lots one may see; an empty list shows nothing.
    pub lots: Option<Vec<LotCode>>,
    pub states: Vec<State>,
    pub holder: Option<Side>,
    pub department: Option<Department>,
    pub siret: Option<Siret>,
    pub coordinator: Option<AccountId>,
    /// Words of the reference, the company, the job or the SIRET, in any order, in either case, with or without accents.
    pub text: Option<String>,
    pub due_until: Option<Day>,
    pub waiting_year: Option<i32>,
    /// Opened from this day on.
    pub opened_from: Option<Day>,
    pub opened_until: Option<Day>,
    pub limit: u64,
    pub after: Option<PathCursor>,
}

impl Default for PathFilter {
    fn default() -> Self {
        Self {
            market: None,
            lots: None,
            states: Vec::new(),
            holder: None,
            department: None,
            siret: None,
            coordinator: None,
            text: None,
            due_until: None,
            waiting_year: None,
            opened_from: None,
            opened_until: None,
            limit: 100,
            after: None,
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
}

impl Default for OrderFilter {
    fn default() -> Self {
        Self { market: None, lots: None, states: Vec::new(), budget_year: None, limit: 100, after: None }
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
    opened_on: Day,
    entered_on: Option<Day>,
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
            due_on: row.due_on,
            opened_on: row.opened_on,
            entered_on: row.entered_on,
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

/// Every word somewhere in the text of the path.
fn words(text: &str) -> Condition {
    let text = folded(text);
    text.split(' ').filter(|word| !word.is_empty()).fold(Condition::all(), |all, word| {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let pattern = LikeExpr::new(format!("%{escaped}%")).escape('\\');
        all.add(Expr::col((paths::Entity, paths::Column::Search)).like(pattern))
    })
}

fn chosen(filter: &PathFilter) -> Condition {
    use paths::Column;
    let lots = filter.lots.as_ref().map(|lots| Column::Lot.is_in(lots.iter().map(LotCode::as_str)));
    let states = filter.states.iter().map(ToString::to_string);
    Condition::all()
        .add_option(filter.market.as_ref().map(|market| Column::Market.eq(market)))
        .add_option(lots)
        .add_option((!filter.states.is_empty()).then(|| Column::State.is_in(states)))
        .add_option(filter.holder.map(|side| Column::Holder.eq(side.to_string())))
        .add_option(filter.department.as_ref().map(|department| Column::Department.eq(department.as_str())))
        .add_option(filter.siret.as_ref().map(|siret| Column::Siret.eq(siret.as_str())))
        .add_option(filter.coordinator.map(|account| Column::CoordinatorId.eq(account.uuid())))
        .add_option(filter.due_until.map(|day| Column::DueOn.lte(day)))
        .add_option(filter.waiting_year.map(|year| Column::WaitingYear.eq(year)))
        .add_option(filter.opened_from.map(|day| Column::OpenedOn.gte(day)))
        .add_option(filter.opened_until.map(|day| Column::OpenedOn.lte(day)))
        .add_option(filter.text.as_deref().map(words))
}

/// The lines after a cursor.
fn beyond(cursor: PathCursor) -> Condition {
    use paths::Column::{DueOn, Id};
    let later = Id.gt(cursor.id.uuid());
    match cursor.due_on {
        None => Condition::all().add(DueOn.is_null()).add(later),
        Some(day) => {
            Condition::any().add(DueOn.is_null()).add(DueOn.gt(day)).add(Condition::all().add(DueOn.eq(day)).add(later))
        }
    }
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
    /// Paths as lists show them: the oldest deadline first, paths without one last, then in the order of opening.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn list_paths(&self, filter: &PathFilter) -> Result<Vec<PathLine>> {
        use paths::Column::{DueOn, Id};
        let find = paths::Entity::find()
            .filter(chosen(filter).add_option(filter.after.map(beyond)))
            .order_by(DueOn.is_null(), Order::Asc)
            .order_by_asc(DueOn)
            .order_by_asc(Id)
            .limit(filter.limit)
            .into_partial_model::<Listed>();
        Ok(readable(self.run(find.all(self.db())).await?))
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

    /// Orders as lists show them, the latest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn list_orders(&self, filter: &OrderFilter) -> Result<Vec<OrderSummary>> {
        use purchase_orders::Column;
        let lots = filter.lots.as_ref().map(|lots| Column::Lot.is_in(lots.iter().map(LotCode::as_str)));
        let states = filter.states.iter().map(ToString::to_string);
        let condition = Condition::all()
            .add_option(filter.market.as_ref().map(|market| Column::Market.eq(market)))
            .add_option(lots)
            .add_option((!filter.states.is_empty()).then(|| Column::State.is_in(states)))
            .add_option(filter.budget_year.map(|year| Column::BudgetYear.eq(year)))
            .add_option(filter.after.map(|order| Column::Id.lt(order.uuid())));
        let find = purchase_orders::Entity::find()
            .filter(condition)
            .order_by_desc(Column::Id)
            .limit(filter.limit)
            .into_partial_model::<ListedOrder>();
        Ok(readable(self.run(find.all(self.db())).await?))
    }
}
