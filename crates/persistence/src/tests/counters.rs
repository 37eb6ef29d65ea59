//! Counters are never exceeded: of many who want the last one, one gets it.

use domain::identifiers::LotCode;
use domain::market::OptionCode;
use domain::money::Cents;
use domain::order::Funds;
use domain::path::Effect;
use domain::places::{PlaceAlert, PlaceEffect, Places, Policy};

use super::on_each;
use super::play::{Play, lot};
use crate::{CounterOutcome, Store, StoreError};

/// Takes a place in a transaction of its own, kept when it is given.
async fn place(play: &Play, effect: PlaceEffect) -> Option<Places> {
    let tx = play.store.begin_write().await.unwrap();
    let change = tx.apply_place(&play.terms.market, &lot(), effect).await.unwrap()?;
    tx.commit().await.unwrap();
    Some(change.after)
}

async fn places(play: &Play, year: i32) -> (u32, u32, u32) {
    let tx = play.store.begin_read().await.unwrap();
    let places = tx.places_of(&play.terms.market, &lot(), year).await.unwrap();
    (places.reserved, places.consumed, places.released)
}

fn with_places(store: &Store, planned: u32, policy: Policy) -> Play {
    let mut play = Play::on(store);
    play.terms.market.places.policy = policy;
    play.terms.market.lots[0].places_per_year = Some(planned);
    play
}

#[tokio::test]
async fn fifty_want_the_last_place_and_one_gets_it() {
    on_each(async |store| {
        let play = with_places(&store, 3, Policy::Block);
        for _ in 0..2 {
            place(&play, PlaceEffect::Reserve { year: 2026 }).await.unwrap();
        }
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let play = play.clone();
            tasks.spawn(async move { place(&play, PlaceEffect::Reserve { year: 2026 }).await.is_some() });
        }
        let won = tasks.join_all().await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1);
        assert_eq!(places(&play, 2026).await, (3, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn fifty_make_the_row_of_an_untouched_year_and_none_is_lost() {
    on_each(async |store| {
        let play = with_places(&store, 30, Policy::Block);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let play = play.clone();
            tasks.spawn(async move { place(&play, PlaceEffect::Reserve { year: 2027 }).await.is_some() });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 30);
        assert_eq!(places(&play, 2027).await, (30, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn fifty_want_the_last_unit_and_one_gets_it() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        play.order("P1 2").await;
        let draw = async |play: &Play| {
            let tx = play.store.begin_write().await.unwrap();
            let free = tx.free_units(&play.terms.market.code, &lot(), &[OptionCode::P1]).await.unwrap();
            // The unit was free when it was looked up: the update decides.
            let Some(unit) = free.first() else { return false };
            let outcome = tx.apply_unit(&Effect::Draw { line: unit.line }).await.unwrap();
            if outcome == CounterOutcome::Done {
                tx.commit().await.unwrap();
            }
            outcome == CounterOutcome::Done
        };
        assert!(draw(&play).await);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let play = play.clone();
            tasks.spawn(async move { draw(&play).await });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn units_are_drawn_served_and_given_back_within_what_is_ordered() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        let order = play.order("P1 1").await;
        let tx = store.begin_write().await.unwrap();
        let order = tx.order_by_reference(&order).await.unwrap().unwrap().order;
        let line = order.lines[0].ordered.line;
        let apply = async |effect| tx.apply_unit(&effect).await.unwrap();
        assert_eq!(apply(Effect::Serve { line }).await, CounterOutcome::Refused);
        assert_eq!(apply(Effect::Return { line }).await, CounterOutcome::Refused);
        assert_eq!(apply(Effect::Draw { line }).await, CounterOutcome::Done);
        assert_eq!(apply(Effect::Draw { line }).await, CounterOutcome::Refused);
        assert_eq!(apply(Effect::Return { line }).await, CounterOutcome::Done);
        assert_eq!(apply(Effect::Draw { line }).await, CounterOutcome::Done);
        assert_eq!(apply(Effect::Serve { line }).await, CounterOutcome::Done);
        assert_eq!(apply(Effect::Return { line }).await, CounterOutcome::Refused);
        let of_place = Effect::Place(PlaceEffect::Reserve { year: 2026 });
        assert_eq!(apply(of_place).await, CounterOutcome::Refused);
        tx.add_reduction(line, Cents::new(1_000)).await.unwrap();
        let uses = tx.line_uses(order.id).await.unwrap();
        assert_eq!((uses[0].drawn, uses[0].served, uses[0].reduced), (1, 1, Cents::new(1_000)));
        let unknown = domain::identifiers::LineId::new(uuid::Uuid::now_v7());
        let error = tx.add_reduction(unknown, Cents::new(1)).await.unwrap_err();
        assert!(matches!(error, StoreError::Inconsistent(_)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn places_pass_from_reserved_to_consumed_and_back() {
    on_each(async |store| {
        let play = with_places(&store, 2, Policy::Block);
        let steps = [
            (PlaceEffect::Release { year: 2026 }, None),
            (PlaceEffect::Reserve { year: 2026 }, Some((1, 0, 0))),
            (PlaceEffect::Unconsume { year: 2026 }, None),
            (PlaceEffect::Consume { reserved_year: 2026, year: 2026 }, Some((0, 1, 0))),
            (PlaceEffect::Unconsume { year: 2026 }, Some((1, 0, 0))),
            (PlaceEffect::Release { year: 2026 }, Some((0, 0, 1))),
            // Past entries are counted, whatever the quota.
            (PlaceEffect::Import { year: 2026 }, Some((0, 1, 1))),
            (PlaceEffect::Import { year: 2026 }, Some((0, 2, 1))),
            (PlaceEffect::Import { year: 2026 }, Some((0, 3, 1))),
            (PlaceEffect::Reserve { year: 2026 }, None),
        ];
        for (effect, expected) in steps {
            let after = place(&play, effect).await;
            assert_eq!(after.map(|places| (places.reserved, places.consumed, places.released)), expected, "{effect:?}");
        }
        assert_eq!(places(&play, 2026).await, (0, 3, 1));
    })
    .await;
}

#[tokio::test]
async fn a_place_that_changes_its_year_needs_a_free_one_there() {
    on_each(async |store| {
        let play = with_places(&store, 1, Policy::Block);
        place(&play, PlaceEffect::Reserve { year: 2026 }).await.unwrap();
        place(&play, PlaceEffect::Reserve { year: 2027 }).await.unwrap();
        for effect in [
            PlaceEffect::Move { from: 2026, to: 2027 },
            PlaceEffect::Move { from: 2027, to: 2026 },
            PlaceEffect::Consume { reserved_year: 2026, year: 2027 },
        ] {
            assert_eq!(place(&play, effect).await, None, "{effect:?}");
        }
        // What a refusal had begun was taken back.
        assert_eq!((places(&play, 2026).await, places(&play, 2027).await), ((1, 0, 0), (1, 0, 0)));
        place(&play, PlaceEffect::Release { year: 2027 }).await.unwrap();
        let after = place(&play, PlaceEffect::Consume { reserved_year: 2026, year: 2027 }).await.unwrap();
        assert_eq!((after.year, after.consumed), (2027, 1));
        assert_eq!((places(&play, 2026).await, places(&play, 2027).await), ((0, 0, 0), (0, 1, 1)));
        place(&play, PlaceEffect::MoveConsumed { from: 2027, to: 2026 }).await.unwrap();
        assert_eq!((places(&play, 2026).await, places(&play, 2027).await), ((0, 1, 0), (0, 0, 1)));
    })
    .await;
}

#[tokio::test]
async fn the_policy_says_which_limit_blocks() {
    on_each(async |store| {
        let mut play = with_places(&store, 1, Policy::Warn);
        play.terms.market.lots[0].maximum_places_per_year = Some(2);
        let reserve = PlaceEffect::Reserve { year: 2026 };
        let tx = store.begin_write().await.unwrap();
        let market = &play.terms.market;
        let first = tx.apply_place(market, &lot(), reserve).await.unwrap().unwrap();
        let second = tx.apply_place(market, &lot(), reserve).await.unwrap().unwrap();
        assert_eq!((first.before, second.before), (0, 1));
        assert_eq!(second.after.alert(second.before, second.after.taken(), &[80]), Some(PlaceAlert::Exceeded));
        assert_eq!(tx.apply_place(market, &lot(), reserve).await.unwrap(), None);
        let elsewhere = LotCode::parse("9").unwrap();
        assert_eq!(tx.apply_place(market, &elsewhere, reserve).await.unwrap(), None);
        assert!(tx.record_place_alert(&market.code, &second.after, PlaceAlert::Exceeded, play.now).await.unwrap());
        assert!(!tx.record_place_alert(&market.code, &second.after, PlaceAlert::Exceeded, play.now).await.unwrap());
        assert!(tx.record_place_alert(&market.code, &second.after, PlaceAlert::Percent(80), play.now).await.unwrap());
        tx.commit().await.unwrap();

        // A market without quota.
        play.terms.market.lots[0].maximum_places_per_year = None;
        play.terms.market.lots[0].places_per_year = None;
        play.terms.market.places.policy = Policy::Block;
        for _ in 0..3 {
            assert!(place(&play, PlaceEffect::Reserve { year: 2027 }).await.is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn a_raised_quota_gives_places_from_its_year_on() {
    on_each(async |store| {
        let mut play = with_places(&store, 1, Policy::Block);
        for year in [2025, 2026] {
            place(&play, PlaceEffect::Reserve { year }).await.unwrap();
        }
        play.terms.market.lots[0].places_per_year = Some(2);
        assert_eq!(place(&play, PlaceEffect::Reserve { year: 2026 }).await, None);
        let tx = store.begin_write().await.unwrap();
        tx.set_places(&play.terms.market, 2026).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(place(&play, PlaceEffect::Reserve { year: 2025 }).await, None);
        assert!(place(&play, PlaceEffect::Reserve { year: 2026 }).await.is_some());
        let tx = store.begin_read().await.unwrap();
        let of_lot = tx.places(&play.terms.market.code, Some(&lot())).await.unwrap();
        let planned: Vec<_> = of_lot.iter().map(|places| (places.year, places.planned, places.taken())).collect();
        assert_eq!(planned, [(2025, Some(1), 1), (2026, Some(2), 2)]);
        assert_eq!(tx.places(&play.terms.market.code, None).await.unwrap(), of_lot);
    })
    .await;
}

#[tokio::test]
async fn money_is_engaged_up_to_the_budget_of_the_year_and_the_maximum_of_the_lot() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        play.terms.market.budget_per_year = Cents::new(1_000);
        play.terms.market.lots[0].maximum = Cents::new(1_500);
        let engage = async |year, cents| {
            let tx = store.begin_write().await.unwrap();
            let outcome = tx.engage(&play.terms.market, &lot(), year, Cents::new(cents)).await.unwrap();
            if outcome == CounterOutcome::Done {
                tx.commit().await.unwrap();
            }
            outcome
        };
        let funds = async || {
            let tx = store.begin_read().await.unwrap();
            tx.funds(&play.terms.market, &lot(), 2026).await.unwrap()
        };
        let left = |lot, year| Funds { lot: Cents::new(lot), year: Cents::new(year) };
        assert_eq!(funds().await, left(1_500, 1_000));
        assert_eq!(engage(2026, 1_001).await, CounterOutcome::Refused);
        assert_eq!(engage(2026, 1_000).await, CounterOutcome::Done);
        assert_eq!(engage(2026, 1).await, CounterOutcome::Refused);
        // The next year has money, the lot has not: neither is changed.
        assert_eq!(engage(2027, 501).await, CounterOutcome::Refused);
        assert_eq!(engage(2027, 500).await, CounterOutcome::Done);
        assert_eq!(funds().await, left(0, 0));
        let tx = store.begin_write().await.unwrap();
        tx.free_engagement(&play.terms.market.code, &lot(), 2026, Cents::new(400)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(funds().await, left(400, 400));
        let tx = store.begin_write().await.unwrap();
        let error = tx.free_engagement(&play.terms.market.code, &lot(), 2026, Cents::new(601)).await.unwrap_err();
        assert!(matches!(error, StoreError::Inconsistent(_)), "{error:?}");
        drop(tx);
        let tx = store.begin_read().await.unwrap();
        let years = tx.budgets(&play.terms.market.code).await.unwrap();
        let years: Vec<_> = years.iter().map(|year| (year.year, year.engaged.get())).collect();
        assert_eq!(years, [(2026, 600), (2027, 500)]);
        let lots = tx.lot_money(&play.terms.market.code).await.unwrap();
        assert_eq!(
            (lots.len(), lots[0].maximum.get(), lots[0].engaged.get(), lots[0].drawn.get()),
            (1, 1_500, 1_100, 0)
        );
    })
    .await;
}

#[tokio::test]
async fn new_terms_move_the_money_there_is_but_never_below_what_is_engaged() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        play.terms.market.budget_per_year = Cents::new(1_000);
        let tx = store.begin_write().await.unwrap();
        assert_eq!(tx.engage(&play.terms.market, &lot(), 2026, Cents::new(800)).await.unwrap(), CounterOutcome::Done);
        play.terms.market.budget_per_year = Cents::new(900);
        play.terms.market.lots[0].maximum = Cents::new(850);
        assert_eq!(tx.set_funds(&play.terms.market, 2026).await.unwrap(), CounterOutcome::Done);
        let funds = tx.funds(&play.terms.market, &lot(), 2026).await.unwrap();
        assert_eq!(funds, Funds { lot: Cents::new(50), year: Cents::new(100) });
        play.terms.market.budget_per_year = Cents::new(799);
        assert_eq!(tx.set_funds(&play.terms.market, 2026).await.unwrap(), CounterOutcome::Refused);
        assert_eq!(tx.set_funds(&play.terms.market, 2027).await.unwrap(), CounterOutcome::Done);
        play.terms.market.lots[0].maximum = Cents::new(799);
        assert_eq!(tx.set_funds(&play.terms.market, 2027).await.unwrap(), CounterOutcome::Refused);
    })
    .await;
}

#[tokio::test]
async fn fifty_want_the_rest_of_the_budget_and_one_gets_it() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        play.terms.market.budget_per_year = Cents::new(1_500);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let play = play.clone();
            tasks.spawn(async move {
                let tx = play.store.begin_write().await.unwrap();
                let outcome = tx.engage(&play.terms.market, &lot(), 2026, Cents::new(1_000)).await.unwrap();
                if outcome == CounterOutcome::Done {
                    tx.commit().await.unwrap();
                }
                outcome == CounterOutcome::Done
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
    })
    .await;
}
