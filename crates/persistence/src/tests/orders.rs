//! Orders and their lines: what is notified can be drawn, nothing more than it, and what is freed is money again.

use domain::market::OptionCode;
use domain::money::Cents;
use domain::order::{OrderState, OrderTransition, PurchaseOrder};
use domain::path::{Effect, State};
use domain::people::StaffRole;
use serde_json::json;

use super::on_each;
use super::play::{Play, lot, staff};
use crate::{CounterOutcome, OrderFilter, StoreError};

async fn free(play: &Play, option: OptionCode) -> Vec<String> {
    let tx = play.store.begin_read().await.unwrap();
    let units = tx.free_units(&play.terms.market.code, &lot(), &[option, OptionCode::M1]).await.unwrap();
    let mut units: Vec<_> = units.iter().map(|unit| format!("{} {}", unit.order, unit.option)).collect();
    units.sort_unstable();
    units
}

async fn draw(play: &Play, order: &PurchaseOrder, option: OptionCode) -> CounterOutcome {
    let tx = play.store.begin_write().await.unwrap();
    let line = order.line_of(option).unwrap().ordered.line;
    let outcome = tx.apply_unit(&Effect::Draw { line }).await.unwrap();
    tx.commit().await.unwrap();
    outcome
}

#[tokio::test]
async fn an_order_reads_back_in_every_state() {
    on_each(async |store| {
        let play = Play::on(&store);
        let draft = json!({"lot": "1", "budget_year": 2026, "units": "P1 2\nM1 1"});
        let order = play.order_step(None, OrderTransition::DraftOrder, draft.clone()).await.unwrap();
        let reference = order.reference.clone();
        let today = play.today();
        let steps = [
            (OrderTransition::RequestEndorsement, json!({}), OrderState::ToEndorse),
            (OrderTransition::RefuseEndorsement, json!({"reason": "Imputation à revoir."}), OrderState::Draft),
            (OrderTransition::CorrectOrder, json!({"units": "P1 3\nN1 1"}), OrderState::Draft),
            (OrderTransition::RequestEndorsement, json!({}), OrderState::ToEndorse),
            (OrderTransition::Endorse, json!({"commitment_number": "2026-1"}), OrderState::Endorsed),
            (OrderTransition::NotifyOrder, json!({"channel": "email", "sent_on": today}), OrderState::Notified),
            (OrderTransition::SettleOrder, json!({}), OrderState::Settled),
        ];
        for (transition, form, state) in steps {
            let after = play.order_step(Some(&reference), transition, form).await.unwrap();
            assert_eq!(after.state, state);
            let tx = store.begin_read().await.unwrap();
            let stored = tx.order_by_reference(&reference).await.unwrap().unwrap();
            assert_eq!(stored.order, after);
            assert_eq!(tx.order_by_id(after.id).await.unwrap().as_ref(), Some(&stored));
            let events = tx.order_events(after.id).await.unwrap();
            assert_eq!(PurchaseOrder::fold(events.iter().map(|recorded| &recorded.event)), Ok(Some(after.clone())));
            assert_eq!(u32::try_from(events.len()).unwrap(), after.version);
            let listed = tx.list_orders(&OrderFilter::default()).await.unwrap().remove(0);
            assert_eq!((listed.state, listed.total, listed.engaged), (state, after.total(), after.engaged));
        }
        let other = play.order_step(None, OrderTransition::DraftOrder, draft).await.unwrap();
        let cancel = json!({"reason": "Sans objet."});
        play.order_step(Some(&other.reference), OrderTransition::CancelOrder, cancel).await.unwrap();
        let tx = store.begin_read().await.unwrap();
        let list = async |filter| {
            let orders = tx.list_orders(&filter).await.unwrap();
            orders.into_iter().map(|order| order.reference).collect::<Vec<_>>()
        };
        let all = OrderFilter::default();
        assert_eq!(list(all.clone()).await, [other.reference.clone(), reference.clone()]);
        assert_eq!(list(OrderFilter { after: Some(other.id), ..all.clone() }).await, std::slice::from_ref(&reference));
        let oldest = OrderFilter { oldest_first: true, limit: 1, ..all.clone() };
        let first = tx.order_by_reference(&reference).await.unwrap().unwrap().order.id;
        assert_eq!(list(oldest.clone()).await, [reference]);
        assert_eq!(
            list(OrderFilter { after: Some(first), ..oldest.clone() }).await,
            std::slice::from_ref(&other.reference)
        );
        assert_eq!(tx.count_orders(&oldest).await.unwrap(), 2);
        assert_eq!(list(OrderFilter { states: vec![OrderState::Cancelled], ..all.clone() }).await, [other.reference]);
        assert_eq!(list(OrderFilter { lots: Some(vec![]), ..all.clone() }).await, []);
        assert_eq!(list(OrderFilter { budget_year: Some(2027), ..all.clone() }).await, []);
        assert_eq!(list(OrderFilter { market: Some("other".to_owned()), lots: Some(vec![lot()]), ..all }).await, []);
        assert_eq!(store.verify(&|_, _| {}).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn units_come_from_the_oldest_notified_order_that_has_one() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        let draft = json!({"lot": "1", "budget_year": 2026, "units": "P1 1"});
        let older = play.order_step(None, OrderTransition::DraftOrder, draft).await.unwrap();
        assert_eq!(free(&play, OptionCode::P1).await, Vec::<String>::new());
        let newer = play.order("P1 1\nM1 1").await;
        assert_eq!(free(&play, OptionCode::P1).await, ["BC-1-2026-0002 M1", "BC-1-2026-0002 P1"]);
        // Drafted first but certain later.
        play.later(1);
        play.notify(&older.reference).await;
        assert_eq!(free(&play, OptionCode::P1).await, ["BC-1-2026-0002 M1", "BC-1-2026-0002 P1"]);
        let tx = store.begin_read().await.unwrap();
        let newer = tx.order_by_reference(&newer).await.unwrap().unwrap().order;
        drop(tx);
        assert_eq!(draw(&play, &newer, OptionCode::P1).await, CounterOutcome::Done);
        assert_eq!(free(&play, OptionCode::P1).await, ["BC-1-2026-0001 P1", "BC-1-2026-0002 M1"]);
    })
    .await;
}

#[tokio::test]
async fn settling_frees_what_was_not_drawn_and_closes_the_lines() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        let reference = play.order("P1 3\nM1 1").await;
        let path = play.reach(State::Feasible).await;
        assert_eq!(play.path(&path).await.state, State::Feasible);
        let after = play.order_step(Some(&reference), OrderTransition::SettleOrder, json!({})).await.unwrap();
        assert_eq!(after.engaged, Cents::new(60_000));
        assert_eq!(free(&play, OptionCode::P1).await, Vec::<String>::new());
        assert_eq!(draw(&play, &after, OptionCode::P1).await, CounterOutcome::Refused);
        let tx = store.begin_read().await.unwrap();
        let funds = tx.funds(&play.terms.market, &lot(), 2026).await.unwrap();
        assert_eq!(funds.year, play.terms.market.budget_per_year - Cents::new(60_000));
        assert_eq!(store.verify(&|_, _| {}).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn an_amendment_takes_units_back_when_it_is_notified() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        let reference = play.order("P1 3\nM1 1").await;
        let amend = json!({"reason": "Moins d’études.", "add": "M1 2", "remove": "P1 2"});
        let amended = play.order_step(Some(&reference), OrderTransition::AmendOrder, amend).await.unwrap();
        let tx = store.begin_read().await.unwrap();
        let amending = tx.order_by_id(amended.pending_amendment.unwrap()).await.unwrap().unwrap().order;
        drop(tx);
        play.notify(&amending.reference).await;
        let tx = store.begin_read().await.unwrap();
        let amended = tx.order_by_reference(&reference).await.unwrap().unwrap().order;
        assert_eq!((amended.line_of(OptionCode::P1).unwrap().held(), amended.engaged.get()), (1, 150_000));
        let funds = tx.funds(&play.terms.market, &lot(), 2026).await.unwrap();
        assert_eq!(play.terms.market.budget_per_year - funds.year, Cents::new(150_000 + 180_000));
        drop(tx);
        assert_eq!(draw(&play, &amended, OptionCode::P1).await, CounterOutcome::Done);
        assert_eq!(draw(&play, &amended, OptionCode::P1).await, CounterOutcome::Refused);
        let found = store.verify(&|_, _| {}).await.unwrap();
        assert!(matches!(&found[..], [crate::Finding::CounterDiffers { stored: 1, counted: 0, .. }]), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn a_step_that_takes_a_unit_drawn_meanwhile_is_to_be_decided_again() {
    on_each(async |store| {
        let mut play = Play::on(&store);
        let reference = play.order("P1 3\nM1 1").await;
        let tx = store.begin_read().await.unwrap();
        let order = tx.order_by_reference(&reference).await.unwrap().unwrap();
        drop(tx);
        // Decided while no unit was drawn, written after one was.
        let tx = store.begin_write().await.unwrap();
        let cancel = json!({"reason": "Sans objet."});
        let before = Some(order.clone());
        let cancelled = play.order_step_in(&tx, before, OrderTransition::CancelOrder, cancel).await.unwrap();
        drop(tx);
        assert_eq!(draw(&play, &order.order, OptionCode::P1).await, CounterOutcome::Done);
        let tx = store.begin_write().await.unwrap();
        let append = crate::AppendOrder {
            before: Some(&order),
            after: &cancelled,
            events: &[],
            idempotency_key: None,
            request_digest: None,
        };
        let error = tx.append_order(&append, play.now).await.unwrap_err();
        assert!(matches!(error, StoreError::Busy(_)) && error.is_retryable(), "{error:?}");
        drop(tx);
        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.order_by_reference(&reference).await.unwrap(), Some(order));
    })
    .await;
}

#[tokio::test]
async fn a_lost_race_on_an_order_names_the_winner() {
    on_each(async |store| {
        let play = Play::on(&store);
        let draft = json!({"lot": "1", "budget_year": 2026, "units": "P1 3"});
        let order = play.order_step(None, OrderTransition::DraftOrder, draft).await.unwrap();
        let tx = store.begin_read().await.unwrap();
        let seen = tx.order_by_id(order.id).await.unwrap();
        drop(tx);
        play.order_step(Some(&order.reference), OrderTransition::RequestEndorsement, json!({})).await.unwrap();
        let tx = store.begin_write().await.unwrap();
        let cancel = json!({"reason": "Sans objet."});
        let error = play.order_step_in(&tx, seen, OrderTransition::CancelOrder, cancel).await.unwrap_err();
        let StoreError::Conflict(conflict) = error else { panic!("{error:?}") };
        let last = conflict.last.unwrap();
        assert_eq!((conflict.seen, conflict.current), (1, 2));
        assert_eq!((last.author, last.kind.as_str()), (staff(StaffRole::RegionOfficer), "endorsement_requested"));
    })
    .await;
}
