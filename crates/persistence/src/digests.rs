//! The daily digest of the heads of all streams: published, it shows a stream that lost its tail or that is gone.
//!
//! What the digest of a day was made of is kept as well, of each day only the streams that had changed since the day
//! before, so that [`crate::Store::verify`] makes it again and names the stream that is missing.

use std::collections::BTreeMap;

use domain::calendar::micros;
use domain::{Day, Instant};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, IntoActiveModel, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::chain::digest_of_heads;
use crate::entities::{digest_heads, digests, paths, purchase_orders};
use crate::error::Result;
use crate::journal::StreamKind;
use crate::rows::Row;
use crate::tx::Tx;

/// Rows of one INSERT, well below the number of values that a statement takes.
const ROWS: usize = 1_000;

/// The heads of streams, paths before orders, each in the order of their keys: what a digest is made of.
pub(crate) type Heads = BTreeMap<(StreamKind, Uuid), (i32, String)>;

/// The digest of heads, and how many there are.
pub(crate) fn digest(heads: &Heads) -> (u32, String) {
    let count = u32::try_from(heads.len()).expect("there are fewer than four billion streams");
    (count, digest_of_heads(heads.iter().map(|((_, id), (version, head))| (*id, *version, head.as_str()))))
}

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
    async fn heads(&self) -> Result<Heads> {
        let paths = paths::Entity::find()
            .select_only()
            .columns([paths::Column::Id, paths::Column::Version, paths::Column::Head])
            .into_tuple::<(Uuid, i32, String)>();
        let orders = purchase_orders::Entity::find()
            .select_only()
            .columns([purchase_orders::Column::Id, purchase_orders::Column::Version, purchase_orders::Column::Head])
            .into_tuple::<(Uuid, i32, String)>();
        let paths = self.run(paths.all(self.db())).await?.into_iter().map(|row| (StreamKind::Path, row));
        let orders = self.run(orders.all(self.db())).await?.into_iter().map(|row| (StreamKind::Order, row));
        Ok(paths.chain(orders).map(|(kind, (id, version, head))| ((kind, id), (version, head))).collect())
    }

    /// The digest of the heads of all streams as they are now, and how many there are.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn heads_digest(&self) -> Result<(u32, String)> {
        Ok(digest(&self.heads().await?))
    }

    /// Records the digest of a day, once: the first one stays.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn record_digest(&self, day: Day, now: Instant) -> Result<DailyDigest> {
        let heads = self.heads().await?;
        let (count, digest) = digest(&heads);
        let count = i32::try_from(count).expect("there are fewer than two billion streams");
        let row = digests::Model { day, heads: count, digest, recorded_at: micros(now) }.into_active_model();
        let insert =
            digests::Entity::insert(row).on_conflict(OnConflict::column(digests::Column::Day).do_nothing().to_owned());
        if self.run(insert.exec_without_returning(self.db())).await? == 1 {
            self.keep_changed_heads(day, &heads).await?;
        }
        let row = self.run(digests::Entity::find_by_id(day).one(self.db())).await?;
        row.ok_or_else(|| Row::new("digests", day).wrong("day", "not there after it was written"))?.try_into()
    }

    async fn keep_changed_heads(&self, day: Day, heads: &Heads) -> Result<()> {
        let known = self.digested_heads().await?.into_iter().fold(Heads::new(), |mut known, (_, stream, head)| {
            known.insert(stream, head);
            known
        });
        let changed: Vec<_> = heads
            .iter()
            .filter(|(stream, head)| known.get(*stream) != Some(*head))
            .map(|((kind, id), (version, head))| digest_heads::Model {
                day,
                stream_id: *id,
                stream: kind.to_string(),
                version: *version,
                head: head.clone(),
            })
            .collect();
        for rows in changed.chunks(ROWS) {
            let rows = rows.iter().cloned().map(IntoActiveModel::into_active_model);
            self.run(digest_heads::Entity::insert_many(rows).exec_without_returning(self.db())).await?;
        }
        Ok(())
    }

    /// The heads that changed by each digest, oldest first.
    pub(crate) async fn digested_heads(&self) -> Result<Vec<(Day, (StreamKind, Uuid), (i32, String))>> {
        let find = digest_heads::Entity::find()
            .order_by_asc(digest_heads::Column::Day)
            .order_by_asc(digest_heads::Column::StreamId);
        let read = |row: digest_heads::Model| {
            let kind =
                Row::new("digest_heads", format!("{} {}", row.day, row.stream_id)).text("stream", &row.stream)?;
            Ok((row.day, (kind, row.stream_id), (row.version, row.head)))
        };
        self.run(find.all(self.db())).await?.into_iter().map(read).collect()
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
