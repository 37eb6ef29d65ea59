//! Lists of paths: filters, rights, pages, and the queue for places.

use domain::identifiers::{AccountId, LotCode, PathReference};
use domain::path::{Act, State, Transition};
use domain::people::Side;
use domain::places::Policy;
use domain::samples::{BODY_1, BODY_2};
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::on_each;
use super::play::{Play, lot};
use crate::{Charge, PathFilter, PathRowFacts, Store, StoreError};

async fn list(store: &Store, filter: PathFilter) -> Vec<String> {
    let tx = store.begin_read().await.unwrap();
    let lines = tx.list_paths(&filter).await.unwrap();
    assert_eq!(tx.count_paths(&filter).await.unwrap(), lines.len() as u64);
    lines.into_iter().map(|line| line.reference.to_string().split_off("FEST-1-2026-".len())).collect()
}

#[tokio::test]
async fn filters_narrow_and_rights_are_one_of_them() {
    on_each(async |store| {
        let play = Play::supplied(&store).await;
        let needs = [
            json!({"company": "Boulangerie Lévêque", "job": "Ouvrier boulanger", "commune": "76540"}),
            json!({"company": "Crêperie « L’Œuf »", "job": "Crêpier", "commune": "27229"}),
            json!({"company": "100% Bois_Massif", "job": "Menuisier", "siret": "35600000049837"}),
        ];
        let mut references = Vec::new();
        for need in needs {
            references.push(play.open(need).await);
        }
        play.play(&references[1], Side::Region, Transition::OrderFeasibility, json!({})).await;
        let all = PathFilter::default();
        let text = |text: &str| PathFilter { text: Some(text.to_owned()), ..PathFilter::default() };
        for (filter, expected) in [
            (all.clone(), vec!["0001", "0003", "0002"]),
            (text("leveque"), vec!["0001"]),
            (text("LÉVÊQUE  boulangerie"), vec!["0001"]),
            (text("l'œuf"), vec!["0002"]),
            (text("0003"), vec!["0003"]),
            (text("356 000"), vec!["0003"]),
            (text("35600000049837"), vec!["0003"]),
            (text("100%"), vec!["0003"]),
            (text("_massif"), vec!["0003"]),
            (text("_ssif"), vec![]),
            (text("%"), vec!["0003"]),
            (text("boulanger crêpier"), vec![]),
            (text("  "), vec!["0001", "0003", "0002"]),
            (PathFilter { states: vec![State::FeasibilityOrdered], ..all.clone() }, vec!["0002"]),
            (PathFilter { holder: Some(Side::Body), ..all.clone() }, vec!["0002"]),
            (PathFilter { department: Some("27".parse().unwrap()), ..all.clone() }, vec!["0002"]),
            (PathFilter { siret: Some("35600000049837".parse().unwrap()), ..all.clone() }, vec!["0003"]),
            (PathFilter { siren: Some("356000000".parse().unwrap()), ..all.clone() }, vec!["0003"]),
            (PathFilter { but: Some("35600000049837".parse().unwrap()), ..all.clone() }, vec!["0001", "0002"]),
            (PathFilter { market: Some("fest-2020".to_owned()), ..all.clone() }, vec![]),
            (PathFilter { lots: Some(vec![lot()]), ..all.clone() }, vec!["0001", "0003", "0002"]),
            (PathFilter { lots: Some(vec![LotCode::parse("2").unwrap()]), ..all.clone() }, vec![]),
            (PathFilter { lots: Some(vec![]), ..all.clone() }, vec![]),
            (PathFilter { body: Some(BODY_1.parse().unwrap()), ..all.clone() }, vec!["0001", "0003", "0002"]),
            (PathFilter { body: Some(BODY_2.parse().unwrap()), ..all.clone() }, vec![]),
            (PathFilter { due_until: Some("2026-03-17".parse().unwrap()), ..all.clone() }, vec!["0001", "0003"]),
            (PathFilter { opened_from: Some(play.today()), ..all.clone() }, vec!["0001", "0003", "0002"]),
            (PathFilter { opened_until: play.today().pred_opt(), ..all.clone() }, vec![]),
        ] {
            assert_eq!(list(&store, filter.clone()).await, expected, "{filter:?}");
        }
        let coordinator = play.path(&references[0]).await.coordinator.unwrap();
        let held = |charge| PathFilter { charge: Some(charge), ..all.clone() };
        let nobody = AccountId::new(uuid::Uuid::from_u128(1));
        let both = held(Charge::Accounts(vec![nobody, coordinator]));
        assert_eq!(list(&store, both).await, ["0001", "0003", "0002"]);
        assert_eq!(list(&store, held(Charge::Accounts(vec![nobody]))).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_one_another_by_deadline() {
    on_each(async |store| {
        let play = Play::on(&store);
        // Deadlines of the days 3, 1, none, 1, 2, none, 3.
        for due in [Some(3), Some(1), None, Some(1), Some(2), None, Some(3)] {
            let reference = play.open(json!({})).await;
            let id = play.path(&reference).await.id;
            let due_on = due.map(|days| play.today() + chrono::Duration::days(days));
            let tx = store.begin_write().await.unwrap();
            tx.touch_path(id, PathRowFacts { due_on, ..PathRowFacts::default() }).await.unwrap();
            tx.commit().await.unwrap();
        }
        let tx = store.begin_read().await.unwrap();
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = tx.list_paths(&PathFilter { limit: 2, after, ..PathFilter::default() }).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.cursor());
            seen.extend(page.iter().map(|line| line.reference.number));
        }
        assert_eq!(seen, [2, 4, 5, 1, 7, 3, 6]);
    })
    .await;
}

#[tokio::test]
async fn the_queue_for_places_is_in_the_order_in_which_candidates_came() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        play.terms.market.places.policy = Policy::Waitlist;
        play.terms.market.lots[0].places_per_year = Some(1);
        play.order("P1 10\nM1 10\nM2 10\nN1 10").await;
        let queue = async || -> Vec<PathReference> {
            let tx = store.begin_read().await.unwrap();
            tx.waiting(&play.terms.market.code, &lot(), 2026).await.unwrap()
        };
        let mut paths = Vec::new();
        let mut player = play.clone();
        for _ in 0..3 {
            paths.push(player.reach(State::CandidateSelection).await);
        }
        // The second comes first and takes the place; then the third, then the first.
        for rank in [1, 2, 0] {
            player.now += chrono::Duration::hours(1);
            player.play(&paths[rank], Side::Body, Transition::SelectCandidate, json!({})).await;
        }
        assert_eq!(player.path(&paths[1]).await.state, State::CandidateSelected);
        assert_eq!(queue().await, [paths[2].clone(), paths[0].clone()]);
        // What else happens on the path moves nobody in the queue.
        player.now += chrono::Duration::hours(1);
        player.play(&paths[2], Side::Body, Act::AddNote, json!({})).await;
        assert_eq!(queue().await, [paths[2].clone(), paths[0].clone()]);
        let of_year = PathFilter { waiting_year: Some(2026), ..PathFilter::default() };
        assert_eq!(list(&store, of_year.clone()).await.len(), 2);
        // The place becomes free and is offered to the first in the queue, who leaves it.
        player.play(&paths[1], Side::Body, Transition::WithdrawCandidate, json!({})).await;
        player.play(&paths[2], Side::System, Act::OfferPlace, json!({})).await;
        assert_eq!(queue().await, [paths[0].clone()]);
        assert_eq!(store.verify(&|_, _| {}).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_makes_no_sense_hides_no_other() {
    on_each(async |store| {
        let play = Play::on(&store);
        play.open(json!({})).await;
        let broken = play.open(json!({})).await;
        let tx = store.begin_write().await.unwrap();
        let sql = format!("UPDATE paths SET siret = 'none' WHERE reference = '{broken}'");
        tx.db().execute_unprepared(&sql).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.begin_read().await.unwrap();
        let lines = tx.list_paths(&PathFilter::default()).await.unwrap();
        assert_eq!(lines.iter().map(|line| line.reference.number).collect::<Vec<_>>(), [1]);
        // Its journal is whole: the path itself can be read.
        assert!(tx.path_by_reference(&broken).await.unwrap().is_some());
        let tx = store.begin_write().await.unwrap();
        let sql = format!("UPDATE paths SET version = 7 WHERE reference = '{broken}'");
        tx.db().execute_unprepared(&sql).await.unwrap();
        let error = tx.path_by_reference(&broken).await.unwrap_err();
        let StoreError::Inconsistent(row) = error else { panic!("{error:?}") };
        assert_eq!((row.table, row.column), ("paths", "version"));
    })
    .await;
}
