//! The daily digest of the heads of all streams: published, it shows a stream that lost its tail or that is gone.

use domain::{Day, Instant};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::chain::digest_of_heads;
use crate::entities::{digests, paths, purchase_orders};
use crate::error::Result;
use crate::rows::Row;
use crate::tx::Tx;

/// The digest of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyDigest {
    pub day: Day,
    /// How many streams it covers.
    pub heads: u32,
    pub digest: String,
    pub recorded_at: Instant,
}

impl TryFrom<digests::Model> for DailyDigest {
    type Error = crate::StoreError;

    fn try_from(row: digests::Model) -> Result<Self> {
        let heads = Row::new("digests", row.day).count("heads", row.heads)?;
        Ok(Self { day: row.day, heads, digest: row.digest, recorded_at: row.recorded_at })
    }
}

impl Tx {
    /// The digest of the heads of all streams as they are now, and how many there are.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn heads_digest(&self) -> Result<(u32, String)> {
        let paths = paths::Entity::find()
            .select_only()
            .columns([paths::Column::Id, paths::Column::Version, paths::Column::Head])
            .order_by_asc(paths::Column::Id)
            .into_tuple::<(Uuid, i32, String)>();
        let orders = purchase_orders::Entity::find()
            .select_only()
            .columns([purchase_orders::Column::Id, purchase_orders::Column::Version, purchase_orders::Column::Head])
            .order_by_asc(purchase_orders::Column::Id)
            .into_tuple::<(Uuid, i32, String)>();
        let mut heads = self.run(paths.all(self.db())).await?;
        heads.extend(self.run(orders.all(self.db())).await?);
        let count = u32::try_from(heads.len()).expect("there are fewer than four billion streams");
        Ok((count, digest_of_heads(heads.iter().map(|(id, version, head)| (*id, *version, head.as_str())))))
    }

    /// Records the digest of a day, once: the first one stays.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn record_digest(&self, day: Day, now: Instant) -> Result<DailyDigest> {
        let (heads, digest) = self.heads_digest().await?;
        let heads = i32::try_from(heads).expect("there are fewer than two billion streams");
        let row = digests::Model { day, heads, digest, recorded_at: now }.into_active_model();
        let insert =
            digests::Entity::insert(row).on_conflict(OnConflict::column(digests::Column::Day).do_nothing().to_owned());
        self.run(insert.exec_without_returning(self.db())).await?;
        let row = self.run(digests::Entity::find_by_id(day).one(self.db())).await?;
        row.ok_or_else(|| Row::new("digests", day).wrong("day", "not there after it was written"))?.try_into()
    }

    /// The digests of all days, oldest first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn digests(&self) -> Result<Vec<DailyDigest>> {
        let find = digests::Entity::find().order_by_asc(digests::Column::Day);
        self.run(find.all(self.db())).await?.into_iter().map(DailyDigest::try_from).collect()
    }
}
