//! Entries count on their day, and as they were known at an instant.

use domain::identifiers::{Department, EventId, PathId, TrainingLevel};
use domain::people::Sex;
use domain::{Day, Instant};
use uuid::Uuid;

use super::on_each;
use super::play::{Play, lot};
use crate::{Duplicate, EntryStatistic, StatisticFilter, StoreError};

/// The record of an entry.
pub(super) fn entry(path: PathId, event: EventId, entered_on: Day, recorded_at: Instant) -> EntryStatistic {
    EntryStatistic {
        path: Some(path),
        event,
        market: "fest-2023".to_owned(),
        lot: lot(),
        entered_on,
        age: 31,
        level: TrainingLevel::new(4).unwrap(),
        sex: Sex::Male,
        rsa: true,
        boe: false,
        department: Department::parse("76").unwrap(),
        recorded_at,
        annulled_at: None,
    }
}

#[tokio::test]
async fn a_figure_can_be_asked_as_it_was_known() {
    on_each(async |store| {
        let play = Play::on(&store);
        let at = |days: i64| play.now + chrono::Duration::days(days);
        let on = |days: i64| play.today() + chrono::Duration::days(days);
        let path = || PathId::new(Uuid::now_v7());
        let event = || EventId::new(Uuid::now_v7());
        let (first, second) = (path(), path());
        let entered = entry(first, event(), on(0), at(0));
        let late = entry(second, event(), on(1), at(10));
        let corrected = entry(first, event(), on(-20), at(12));
        let tx = store.begin_write().await.unwrap();
        tx.insert_statistic(&entered).await.unwrap();
        tx.insert_statistic(&late).await.unwrap();
        tx.annul_statistic(first, at(12)).await.unwrap();
        tx.insert_statistic(&corrected).await.unwrap();
        tx.commit().await.unwrap();

        let tx = store.begin_read().await.unwrap();
        let known = async |filter: StatisticFilter<'_>| {
            let statistics = tx.statistics(&filter).await.unwrap();
            statistics.into_iter().map(|statistic| statistic.event).collect::<Vec<_>>()
        };
        let all = StatisticFilter::default();
        let known_at = |days| StatisticFilter { known_at: Some(at(days)), ..all };
        assert_eq!(tx.statistics(&all).await.unwrap(), [corrected.clone(), late.clone()]);
        assert_eq!(known(known_at(-1)).await, []);
        assert_eq!(known(known_at(0)).await, [entered.event]);
        assert_eq!(known(known_at(11)).await, [entered.event, late.event]);
        assert_eq!(known(known_at(12)).await, [corrected.event, late.event]);
        let of_march = StatisticFilter { entered_from: Some(on(0)), entered_until: Some(on(0)), ..known_at(11) };
        assert_eq!(known(of_march).await, [entered.event]);
        assert_eq!(known(StatisticFilter { market: Some("fest-2020"), ..all }).await, []);
        let other = domain::identifiers::LotCode::parse("2").unwrap();
        assert_eq!(known(StatisticFilter { lot: Some(&other), ..all }).await, []);
        let mine = lot();
        assert_eq!(known(StatisticFilter { market: Some("fest-2023"), lot: Some(&mine), ..all }).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn figures_stay_when_their_path_is_severed() {
    on_each(async |store| {
        let play = Play::on(&store);
        let statistic = entry(PathId::new(Uuid::now_v7()), EventId::new(Uuid::now_v7()), play.today(), play.now);
        let tx = store.begin_write().await.unwrap();
        tx.insert_statistic(&statistic).await.unwrap();
        tx.sever_statistics(statistic.path.unwrap()).await.unwrap();
        // What is severed cannot be annulled through its path any more.
        tx.annul_statistic(statistic.path.unwrap(), play.now).await.unwrap();
        let kept = tx.statistics(&StatisticFilter::default()).await.unwrap();
        assert_eq!(kept, [EntryStatistic { path: None, ..statistic.clone() }]);
        let error = tx.insert_statistic(&statistic).await.unwrap_err();
        assert!(matches!(error, StoreError::Duplicate(Duplicate::Other)), "{error:?}");
    })
    .await;
}
