//! What figures are counted on, read for all paths at once and kept by whoever counts.

use std::collections::BTreeMap;

use domain::Instant;
use domain::figures::Facts;
use domain::identifiers::{LotCode, OrderId, OrderReference, PathId, PathReference};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::entities::{paths, purchase_orders};
use crate::error::Result;
use crate::journal::{RecordedOrder, order_event};
use crate::refold::is_shaped;
use crate::rows::Row;
use crate::tx::Tx;

/// An order whose money figures count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedOrder {
    pub id: OrderId,
    pub reference: OrderReference,
    pub market: String,
    pub lot: LotCode,
    pub version: u32,
}

/// A path and what it leaves to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedPath {
    pub id: PathId,
    pub reference: PathReference,
    pub market: String,
    pub version: u32,
    pub updated_at: Instant,
    pub facts: Facts,
}

/// How many paths there are, and how many events they have together: two stores that say the same hold the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PathsMark {
    pub paths: u64,
    pub events: u64,
}

#[derive(FromQueryResult)]
struct Read {
    id: Uuid,
    reference: String,
    market: String,
    version: i32,
    updated_at: Instant,
    facts: Option<String>,
    shape: String,
}

#[derive(FromQueryResult)]
struct Mark {
    paths: i64,
    events: Option<i64>,
}

impl Tx {
    /// How many paths and events there are.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn paths_mark(&self) -> Result<PathsMark> {
        let find = paths::Entity::find()
            .select_only()
            .column_as(paths::Column::Version.count(), "paths")
            .column_as(paths::Column::Version.sum(), "events")
            .into_model::<Mark>();
        let mark = self.run(find.one(self.db())).await?;
        Ok(mark.map_or_else(PathsMark::default, |mark| PathsMark {
            paths: mark.paths.unsigned_abs(),
            events: mark.events.unwrap_or_default().unsigned_abs(),
        }))
    }

    /// Every order, without what happened to it.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn counted_orders(&self) -> Result<Vec<CountedOrder>> {
        use purchase_orders::Column::{Id, Lot, Market, Reference, Version};
        let find = purchase_orders::Entity::find()
            .select_only()
            .columns([Id, Reference, Market, Lot, Version])
            .order_by_asc(Id)
            .into_tuple::<(Uuid, String, String, String, i32)>();
        let row = |(id, reference, market, lot, version): (Uuid, String, String, String, i32)| {
            let at = Row::new("purchase_orders", id);
            Ok(CountedOrder {
                id: OrderId::new(id),
                reference: at.read("reference", OrderReference::parse(&reference))?,
                market,
                lot: at.text("lot", &lot)?,
                version: at.count("version", version)?,
            })
        };
        self.run(find.all(self.db())).await?.into_iter().map(row).collect()
    }

    /// The journals of these orders.
    ///
    /// # Errors
    /// As [`Tx::counted_orders`].
    pub async fn order_journals(&self, orders: &[OrderId]) -> Result<BTreeMap<OrderId, Vec<RecordedOrder>>> {
        let mut journals = BTreeMap::new();
        for page in orders.chunks(500) {
            for (id, rows) in self.journals(page.iter().map(|id| id.uuid())).await? {
                let journal = rows.iter().map(order_event).collect::<Result<Vec<_>>>()?;
                journals.insert(OrderId::new(id), journal);
            }
        }
        Ok(journals)
    }

    /// The paths written since an instant, all of them when none is given, in the order of their keys.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn counted_paths(&self, since: Option<Instant>) -> Result<Vec<CountedPath>> {
        use paths::Column::{Facts as Counted, Id, Market, Reference, UpdatedAt, Version};
        const PAGE: u64 = 5_000;
        let (mut all, mut last) = (Vec::new(), Uuid::nil());
        loop {
            let mut find = paths::Entity::find()
                .select_only()
                .columns([Id, Reference, Market, Version, UpdatedAt, Counted])
                // Its first letters say the shape; the whole would be read for nothing.
                .column_as(Expr::cust("SUBSTR(snapshot, 1, 16)"), "shape")
                .filter(Id.gt(last))
                .order_by_asc(Id)
                .limit(PAGE);
            if let Some(since) = since {
                find = find.filter(UpdatedAt.gte(since));
            }
            let rows = self.run(find.into_model::<Read>().all(self.db())).await?;
            let Some(end) = rows.last() else { return Ok(all) };
            last = end.id;
            for row in rows {
                all.push(self.counted(row).await?);
            }
        }
    }

    async fn counted(&self, row: Read) -> Result<CountedPath> {
        let (id, at) = (PathId::new(row.id), Row::new("paths", row.id));
        let facts = match row.facts.as_ref().filter(|_| is_shaped(&row.shape)) {
            Some(facts) => at.json("facts", facts)?,
            None => self.fold_counted(id).await?.1,
        };
        let reference = at.read("reference", PathReference::parse(&row.reference))?;
        let version = at.count("version", row.version)?;
        Ok(CountedPath { id, reference, market: row.market, version, updated_at: row.updated_at, facts })
    }
}
