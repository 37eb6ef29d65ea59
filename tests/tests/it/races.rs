//! Fifty people at once: one wins, the others are told so, and only the winner's messages leave.

use app::{AppError, Options, Outcome, Target};
use domain::order::{OrderRefusal, OrderTransition};
use domain::path::refusal::Need;
use domain::path::{Path, Refusal, State, Step, Transition};
use domain::people::Side;
use domain::places::Policy;
use futures::future::join_all;
use serde_json::json;
use tests::smtp::SmtpServer;
use tests::world::{Home, Setup, World, actor, form, transport};

use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

const RACERS: usize = 50;

/// What became of the racers.
struct Race {
    winners: Vec<Outcome>,
    losers: Vec<AppError>,
}

/// Everyone tries a step at once, in a task of their own, each on the path given.
async fn race(world: &World, side: Side, paths: &[Path], step: Transition, options: &Options) -> Race {
    let today = world.today().await;
    let form = form(step.into(), today, &json!({}));
    let tries = paths.iter().map(|path| {
        let (actor, target) = (actor(side, Some(path)).expect("the side acts"), Target::Path(path.reference.clone()));
        let (world, form, options) = (world.clone(), form.clone(), options.clone());
        tokio::spawn(async move { world.act(&actor, &target, Step::from(step), &form, &options).await })
    });
    let tries: Vec<_> = tries.collect();
    let (mut winners, mut losers) = (Vec::new(), Vec::new());
    for result in join_all(tries).await {
        match result.expect("nobody panics") {
            Ok(outcome) => winners.push(outcome),
            Err(error) => losers.push(error),
        }
    }
    Race { winners, losers }
}

fn refusal(error: &AppError) -> &Refusal {
    match error {
        AppError::Refused(refusal) => refusal,
        other => panic!("not a refusal: {other:?}"),
    }
}

/// Delivers everything, then checks every invariant.
async fn settle(world: &World) {
    let server = SmtpServer::start().await;
    world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    check_all(world, Some(&server), Allowed::default()).await;
}

async fn the_last_place_has_one_taker(world: World, _home: &Home) {
    let source = world.reach(State::Ready).await;
    let paths = world.siblings(&source, RACERS).await;
    let Race { winners, losers } =
        race(&world, Side::Body, &paths, Transition::SelectCandidate, &Options::default()).await;
    assert_eq!((winners.len(), losers.len()), (1, RACERS - 1));
    for error in &losers {
        assert!(matches!(refusal(error), Refusal::NoPlace { year: 2026, .. }), "{error:?}");
    }
    for path in &paths {
        let expected = if path.id == winners[0].path.id { State::CandidateSelected } else { State::CandidateSelection };
        assert_eq!(world.stored(path).await.state, expected);
    }
    settle(&world).await;
}
on_both!(last_place, Setup { places: 1, ..Setup::default() }, the_last_place_has_one_taker);

async fn the_last_place_has_one_taker_and_the_others_wait(world: World, _home: &Home) {
    let source = world.reach(State::Ready).await;
    let paths = world.siblings(&source, RACERS).await;
    let Race { winners, losers } =
        race(&world, Side::Body, &paths, Transition::SelectCandidate, &Options::default()).await;
    assert!(losers.is_empty(), "{losers:?}");
    let selected = winners.iter().filter(|outcome| outcome.path.candidate.is_some()).count();
    let waiting = winners.iter().filter(|outcome| outcome.path.waiting.is_some()).count();
    assert_eq!((selected, waiting), (1, RACERS - 1));
    settle(&world).await;
}
on_both!(
    last_place_of_a_queue,
    Setup { places: 1, policy: Policy::Waitlist, ..Setup::default() },
    the_last_place_has_one_taker_and_the_others_wait
);

async fn the_last_unit_has_one_taker(world: World, _home: &Home) {
    let mut paths = Vec::with_capacity(RACERS);
    for _ in 0..RACERS {
        paths.push(world.open().await);
    }
    let Race { winners, losers } =
        race(&world, Side::Region, &paths, Transition::OrderFeasibility, &Options::default()).await;
    assert_eq!((winners.len(), losers.len()), (1, RACERS - 1));
    for error in &losers {
        match refusal(error) {
            Refusal::Missing { needs } => assert!(matches!(needs[..], [Need::FreeUnit { .. }]), "{needs:?}"),
            Refusal::NoUnit { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    settle(&world).await;
}
on_both!(last_unit, Setup { units: "P1 1\nM1 1\nN1 1", ..Setup::default() }, the_last_unit_has_one_taker);

async fn l14_the_same_step_is_done_once(world: World, _home: &Home) {
    let path = world.open().await;
    let same = vec![path.clone(); RACERS];
    let Race { winners, losers } =
        race(&world, Side::Region, &same, Transition::OrderFeasibility, &Options::default()).await;
    assert_eq!((winners.len(), losers.len()), (1, RACERS - 1));
    for error in &losers {
        let refusal = refusal(error);
        assert!(matches!(refusal, Refusal::WrongState { .. } | Refusal::AlreadyDone { .. }), "{refusal:?}");
    }
    let told = messages(&world).await;
    let told = told.iter().filter(|message| message.content.about.event == Some(winners[0].events[0].id)).count();
    assert_eq!(told, winners[0].messages.len(), "one set of messages");
    settle(&world).await;
}
on_both!(same_step, Setup::default(), l14_the_same_step_is_done_once);

async fn l14_who_was_slower_is_told_who_won(world: World, _home: &Home) {
    let path = world.open().await;
    let same = vec![path.clone(); RACERS];
    let seen = Options { expected_version: Some(path.version), ..Options::default() };
    let Race { winners, losers } = race(&world, Side::Region, &same, Transition::OrderFeasibility, &seen).await;
    assert_eq!((winners.len(), losers.len()), (1, RACERS - 1));
    let won = &winners[0].events[0];
    for error in &losers {
        let AppError::Conflict(conflict) = error else { panic!("not a conflict: {error:?}") };
        assert_eq!((conflict.seen, conflict.current), (path.version, winners[0].path.version));
        let last = conflict.last.as_ref().expect("the winner is named");
        assert_eq!((&last.author, last.recorded_at), (&won.author, won.recorded_at));
        assert_eq!(last.kind, winners[0].events.last().expect("an event").event.kind());
    }
    settle(&world).await;
}
on_both!(conflict, Setup::default(), l14_who_was_slower_is_told_who_won);

async fn one_form_sent_twelve_times_is_one_act(world: World, _home: &Home) {
    let keyed = |key: &str| Options { idempotency_key: Some(key.to_owned()), ..Options::default() };
    let today = world.today().await;

    let body = actor(Side::Body, None).expect("the body acts");
    let need = form(Transition::ReportNeed.into(), today, &json!({}));
    let options = keyed("need");
    let tries = (0..12).map(|_| world.act(&body, &Target::New, Transition::ReportNeed, &need, &options));
    let opened: Vec<Outcome> = join_all(tries).await.into_iter().map(|result| result.expect("it is done")).collect();
    assert_eq!(opened.iter().filter(|outcome| !outcome.replayed).count(), 1);
    assert!(opened.iter().all(|outcome| outcome.path == opened[0].path && outcome.events == opened[0].events));

    let same = vec![opened[0].path.clone(); 12];
    let Race { winners, losers } =
        race(&world, Side::Region, &same, Transition::OrderFeasibility, &keyed("order")).await;
    assert!(losers.is_empty(), "{losers:?}");
    assert_eq!(winners.iter().filter(|outcome| !outcome.replayed).count(), 1);
    assert!(winners.iter().all(|outcome| outcome.path == winners[0].path && outcome.events == winners[0].events));

    // The same key under another form is another request, and does nothing.
    let other = form(Transition::ReportNeed.into(), today, &json!({ "job": "Pâtissier" }));
    let error = world.act(&body, &Target::New, Transition::ReportNeed, &other, &options).await.unwrap_err();
    assert!(matches!(error, AppError::KeyReused), "{error:?}");
    settle(&world).await;
}
on_both!(idempotency_key, Setup::default(), one_form_sent_twelve_times_is_one_act);

async fn the_last_euro_is_engaged_once(world: World, _home: &Home) {
    // Ten orders of 300 000 € each against what is left of 2 500 000 €: eight of them fit.
    let mut orders = Vec::new();
    for _ in 0..10 {
        orders.push(world.endorsable_order(1, "N1 150").await);
    }
    let visas = orders.iter().enumerate().map(|(rank, order)| {
        let target = app::OrderTarget::Order(order.reference.clone());
        let world = &world;
        async move {
            let visa = json!({ "commitment_number": format!("EJ-{rank}") });
            world.order(Side::Finance, 1, &target, OrderTransition::Endorse, visa).await
        }
    });
    let (given, refused): (Vec<_>, Vec<_>) = join_all(visas).await.into_iter().partition(Result::is_ok);
    assert_eq!((given.len(), refused.len()), (8, 2));
    for error in refused.into_iter().filter_map(Result::err) {
        match error {
            AppError::OrderRefused(refusal) => {
                assert!(matches!(*refusal, OrderRefusal::YearBudgetExceeded { year: 2026, .. }), "{refusal:?}");
            }
            other => panic!("{other:?}"),
        }
    }
    settle(&world).await;
}
on_both!(last_euro, Setup { units: "", ..Setup::default() }, the_last_euro_is_engaged_once);

/// A place of one year is no place of another: whoever enters earlier than planned needs one of that year.
async fn a_full_year_takes_nobody_from_the_next(world: World, _home: &Home) {
    let source = world.reach(State::Ready).await;
    let [taker, early] = &world.siblings(&source, 2).await[..] else { panic!("two siblings") };
    world.ok(Side::Body, Some(taker), Transition::SelectCandidate, json!({})).await;
    let planned = json!({ "planned_entry": "2027-01-11" });
    let early = world.ok(Side::Body, Some(early), Transition::SelectCandidate, planned).await;
    let early = world.lead(early, State::ImplementationOrdered).await;
    let error = world.play(Side::Body, Some(&early), Transition::EnterTraining, json!({})).await.unwrap_err();
    assert!(matches!(refusal(&error), Refusal::NoPlace { year: 2026, .. }), "{error:?}");
    assert_eq!(world.stored(&early).await, early);
    settle(&world).await;
}
on_both!(another_year, Setup { places: 1, ..Setup::default() }, a_full_year_takes_nobody_from_the_next);

/// What a page shows of a new path while somebody else writes is shown at once, and takes no number.
async fn a_rehearsal_waits_for_nobody(world: World, _home: &Home) {
    let need = Step::from(Transition::ReportNeed);
    let body = actor(Side::Body, None).expect("a coordinator");
    let form = form(need, world.today().await, &json!({}));
    let other = world.app.store().begin_write().await.expect("the store answers");
    other.next_number("path-1-2026").await.expect("somebody takes a number");
    let options = Options::default();
    let rehearsed = world.app.rehearse(&body, &Target::New, need, &form, &options).await.expect("it is shown");
    other.rollback().await.expect("nothing of it stays");
    let opened = world.open().await;
    assert_eq!(rehearsed.after.reference, opened.reference, "the number shown was not taken");
}
on_both!(rehearsal, Setup::default(), a_rehearsal_waits_for_nobody);
