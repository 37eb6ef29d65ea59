//! What digests tell: the events that are news, and until which day each officer was told of each kind.
//!
//! Nothing is kept for a digest: the journal has it. A day is told once it is over, hours after the last transaction that could
//! write in it, so no event comes in behind one that was told. What a message told at its own time is left out.

use std::collections::{BTreeMap, HashMap};

use domain::calendar::paris_day;
use domain::identifiers::AccountId;
use domain::news::News;
use domain::path::{EventKind, Recorded};
use domain::people::{Account, StaffRole};
use domain::{Day, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set};
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::entities::{accounts, events, messages, told_news};
use crate::error::Result;
use crate::journal::{StreamKind, path_event};
use crate::rows::Row;
use crate::tx::Tx;

/// An officer of the Region, with the first day of which they were told nothing, by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsReader {
    pub account: Account,
    /// Every kind has one: the day on which the account was made until a digest was looked at.
    pub told_until: BTreeMap<News, Day>,
}

impl NewsReader {
    /// The kinds of which this officer is owed a digest on a day.
    pub fn due(&self, today: Day) -> Vec<News> {
        let due =
            |(news, until): (&News, &Day)| self.account.preferences.pace(*news).is_due(*until, today).then_some(*news);
        self.told_until.iter().filter_map(due).collect()
    }
}

fn officers() -> Select<accounts::Entity> {
    accounts::Entity::find()
        .filter(accounts::Column::Role.eq(StaffRole::RegionOfficer.to_string()))
        .order_by_asc(accounts::Column::Email)
}

impl Tx {
    /// The officers of the Region, closed accounts included.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn news_readers(&self) -> Result<Vec<NewsReader>> {
        let rows = self.run(officers().all(self.db())).await?;
        self.with_told(rows).await
    }

    /// An officer of the Region, locked until the end of the transaction.
    ///
    /// # Errors
    /// As [`Tx::news_readers`].
    pub async fn lock_news_reader(&self, account: AccountId) -> Result<Option<NewsReader>> {
        let find = officers().filter(accounts::Column::Id.eq(account.uuid())).lock(LockType::NoKeyUpdate);
        let rows = self.run(find.all(self.db())).await?;
        Ok(self.with_told(rows).await?.pop())
    }

    async fn with_told(&self, rows: Vec<accounts::Model>) -> Result<Vec<NewsReader>> {
        let find = told_news::Entity::find().filter(told_news::Column::AccountId.is_in(rows.iter().map(|row| row.id)));
        let mut told: HashMap<Uuid, BTreeMap<News, Day>> = HashMap::new();
        for row in self.run(find.all(self.db())).await? {
            let news = Row::new("told_news", row.account_id).text("news", &row.news)?;
            told.entry(row.account_id).or_default().insert(news, row.told_until);
        }
        let reader = |row: accounts::Model| {
            let (id, made_on) = (row.id, paris_day(row.created_at));
            let mut told_until = told.remove(&id).unwrap_or_default();
            for news in News::iter() {
                told_until.entry(news).or_insert(made_on);
            }
            Ok(NewsReader { account: row.try_into()?, told_until })
        };
        rows.into_iter().map(reader).collect()
    }

    /// Notes that an officer was told of these kinds until a day, itself left out.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn mark_told(&self, account: AccountId, news: &[News], until: Day) -> Result<()> {
        use told_news::Column;
        let rows = news.iter().map(|news| told_news::ActiveModel {
            account_id: Set(account.uuid()),
            news: Set(news.to_string()),
            told_until: Set(until),
        });
        let again = OnConflict::columns([Column::AccountId, Column::News]).update_column(Column::ToldUntil).to_owned();
        let insert = told_news::Entity::insert_many(rows).on_conflict(again);
        self.run(insert.exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// The events of some kinds recorded from an instant on and before another of which no message told an account, in the order
    /// in which they were recorded.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn news(
        &self,
        kinds: &[EventKind],
        from: Instant,
        before: Instant,
        account: AccountId,
    ) -> Result<Vec<Recorded>> {
        let of = |column: messages::Column| Expr::col((messages::Entity, column));
        // A message is queued at the instant of what it tells, which may be one of several events of its step. An alert on the
        // places of the lot is queued with them, and says nothing of the path.
        let message = Query::select()
            .expr(Expr::val(1))
            .from(messages::Entity)
            .and_where(of(messages::Column::Kind).ne("place_alert"))
            .and_where(of(messages::Column::AccountId).eq(account.uuid()))
            .and_where(of(messages::Column::PathId).equals((events::Entity, events::Column::StreamId)))
            .and_where(of(messages::Column::QueuedAt).equals((events::Entity, events::Column::RecordedAt)))
            .take();
        let find = events::Entity::find()
            .filter(events::Column::Stream.eq(StreamKind::Path.to_string()))
            .filter(events::Column::Kind.is_in(kinds.iter().map(ToString::to_string)))
            .filter(events::Column::RecordedAt.gte(from))
            .filter(events::Column::RecordedAt.lt(before))
            .filter(Expr::exists(message).not())
            .order_by_asc(events::Column::RecordedAt)
            .order_by_asc(events::Column::StreamId)
            .order_by_asc(events::Column::Seq);
        self.run(find.all(self.db())).await?.iter().map(path_event).collect()
    }
}
