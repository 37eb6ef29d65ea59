//! The statistical record of each entry into training, apart from the path: figures stay when people are erased.
//!
//! Two dates, two questions: the day of an entry says in which period it counts, the instants of recording and of
//! annulment say what was known when. A record is never edited: a correction annuls it and writes another.

use domain::calendar::micros;
use domain::identifiers::{Department, EventId, LotCode, PathId, TrainingLevel};
use domain::people::Sex;
use domain::{Day, Instant};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use crate::entities::entry_statistics;
use crate::error::{Result, StoreError};
use crate::rows::{Row, column};
use crate::tx::Tx;

/// The record of an entry into training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryStatistic {
    /// `None` once the link was severed by anonymisation.
    pub path: Option<PathId>,
    /// The event that recorded the entry, or corrected it.
    pub event: EventId,
    pub market: String,
    pub lot: LotCode,
    pub entered_on: Day,
    /// Completed years on the day of entry.
    pub age: u32,
    pub level: TrainingLevel,
    pub sex: Sex,
    pub rsa: bool,
    pub boe: bool,
    pub department: Department,
    pub recorded_at: Instant,
    /// Since when it counts no more: annulled, or replaced by a correction.
    pub annulled_at: Option<Instant>,
}

/// Which entries count; every part left out means all.
#[derive(Debug, Clone, Copy, Default)]
pub struct StatisticFilter<'a> {
    pub entered_from: Option<Day>,
    pub entered_until: Option<Day>,
    /// As it was known at that instant; what is known now when left out.
    pub known_at: Option<Instant>,
    pub market: Option<&'a str>,
    pub lot: Option<&'a LotCode>,
}

impl TryFrom<entry_statistics::Model> for EntryStatistic {
    type Error = StoreError;

    fn try_from(row: entry_statistics::Model) -> Result<Self> {
        let at = Row::new("entry_statistics", row.id);
        let level = at.read("level", u8::try_from(row.level))?;
        Ok(Self {
            path: row.path_id.map(PathId::new),
            event: EventId::new(row.event_id),
            market: row.market,
            lot: at.text("lot", &row.lot)?,
            entered_on: row.entered_on,
            age: at.count("age", row.age)?,
            level: at.read("level", TrainingLevel::new(level))?,
            sex: at.text("sex", &row.sex)?,
            rsa: row.rsa,
            boe: row.boe,
            department: at.text("department", &row.department)?,
            recorded_at: row.recorded_at,
            annulled_at: row.annulled_at,
        })
    }
}

impl Tx {
    /// Records an entry.
    ///
    /// # Errors
    /// The event has a record already, or the store does not answer.
    pub async fn insert_statistic(&self, statistic: &EntryStatistic) -> Result<()> {
        let row = entry_statistics::Model {
            id: Uuid::now_v7(),
            path_id: statistic.path.map(PathId::uuid),
            event_id: statistic.event.uuid(),
            market: statistic.market.clone(),
            lot: statistic.lot.to_string(),
            entered_on: statistic.entered_on,
            age: column(statistic.age),
            level: statistic.level.get().into(),
            sex: statistic.sex.to_string(),
            rsa: statistic.rsa,
            boe: statistic.boe,
            department: statistic.department.to_string(),
            recorded_at: micros(statistic.recorded_at),
            annulled_at: statistic.annulled_at.map(micros),
        };
        let insert = entry_statistics::Entity::insert(row.into_active_model());
        self.run(insert.exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// From now on the entry of a path counts no more; nothing when it has none that counts.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn annul_statistic(&self, path: PathId, now: Instant) -> Result<()> {
        let update = entry_statistics::Entity::update_many()
            .set(entry_statistics::ActiveModel { annulled_at: Set(Some(micros(now))), ..Default::default() })
            .filter(entry_statistics::Column::PathId.eq(path.uuid()))
            .filter(entry_statistics::Column::AnnulledAt.is_null());
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// Severs the records of a path from it: figures stay, and nobody can be found again through them.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sever_statistics(&self, path: PathId) -> Result<()> {
        let update = entry_statistics::Entity::update_many()
            .set(entry_statistics::ActiveModel { path_id: Set(None), ..Default::default() })
            .filter(entry_statistics::Column::PathId.eq(path.uuid()));
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// The entries that count, by day of entry.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn statistics(&self, filter: &StatisticFilter<'_>) -> Result<Vec<EntryStatistic>> {
        use entry_statistics::Column::{AnnulledAt, EnteredOn, Id, Lot, Market, RecordedAt};
        let counted = match filter.known_at {
            None => Condition::all().add(AnnulledAt.is_null()),
            Some(instant) => Condition::all()
                .add(RecordedAt.lte(instant))
                .add(Condition::any().add(AnnulledAt.is_null()).add(AnnulledAt.gt(instant))),
        };
        let condition = counted
            .add_option(filter.entered_from.map(|day| EnteredOn.gte(day)))
            .add_option(filter.entered_until.map(|day| EnteredOn.lte(day)))
            .add_option(filter.market.map(|market| Market.eq(market)))
            .add_option(filter.lot.map(|lot| Lot.eq(lot.as_str())));
        let find = entry_statistics::Entity::find()
            .filter(condition)
            .order_by_asc(EnteredOn)
            .order_by_asc(RecordedAt)
            .order_by_asc(Id);
        self.run(find.all(self.db())).await?.into_iter().map(EntryStatistic::try_from).collect()
    }
}
