//! The queue for places, through the clock loop: a place that is free goes to who waits first, for a while, then to the next.

use chrono::TimeDelta;
use domain::calendar::at_paris;
use domain::path::{Path, State, Transition};
use domain::people::Side;
use domain::places::Policy;
use serde_json::json;
use tests::world::{Home, Setup, World};

use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

/// Last day on which a place is held for this path, if one is.
async fn offered(world: &World, path: &Path) -> Option<domain::Day> {
    world.stored(path).await.waiting.and_then(|waiting| waiting.offered_until)
}

async fn told(world: &World, path: &Path, kind: &str) -> usize {
    let all = messages(world).await.into_iter();
    all.filter(|message| message.content.about.path == Some(path.id) && message.content.kind == kind).count()
}

async fn the_next_in_line(world: World, _home: &Home) {
    let holder = world.reach(State::CandidateSelected).await;
    let mut waiting = Vec::new();
    for sibling in world.siblings(&holder, 2).await {
        let queued = world.ok(Side::Body, Some(&sibling), Transition::SelectCandidate, json!({})).await;
        assert!(queued.waiting.is_some() && queued.state == State::CandidateSelection, "no place is left: it waits");
        waiting.push(queued);
        world.later(1).await;
    }
    assert_eq!(world.app.tick().await.expect("the store answers").offers, 0, "nothing is free");

    let empty = world.ok(Side::Body, Some(&holder), Transition::WithdrawCandidate, json!({})).await;
    assert_eq!(world.app.tick().await.expect("the store answers").offers, 1);
    let until = offered(&world, &waiting[0]).await.expect("the first in line is offered the place");
    assert_eq!(offered(&world, &waiting[1]).await, None);
    assert!(told(&world, &waiting[0], "place_offered").await > 0);
    assert_eq!(world.app.tick().await.expect("the store answers").offers, 0, "one place, one offer");
    let late = world.ok(Side::Body, Some(&empty), Transition::SelectCandidate, json!({})).await;
    assert!(late.waiting.is_some(), "the place is held for who waited: a new candidate waits behind");

    // The first says nothing: the offer lapses at the end of its day, and passes on, once.
    world.set_clock(at_paris(until, 23, 59)).await;
    world.app.tick().await.expect("the store answers");
    assert_eq!(offered(&world, &waiting[0]).await, Some(until));
    world.set_clock(at_paris(until + TimeDelta::days(1), 9, 0)).await;
    let (one, two) = tokio::join!(Box::pin(world.app.tick()), Box::pin(world.app.tick()));
    let (one, two) = (one.expect("the store answers"), two.expect("the store answers"));
    assert!(one.offers + two.offers >= 1, "{one:?} {two:?}");
    world.app.tick().await.expect("the store answers");
    assert_eq!(world.stored(&waiting[0]).await.waiting, None);
    assert_eq!(told(&world, &waiting[0], "place_lapsed").await.min(1), 1);
    assert!(offered(&world, &waiting[1]).await.is_some(), "the next in line");
    assert_eq!(offered(&world, &late).await, None, "one place, one offer");
    let taken = world.ok(Side::Body, Some(&waiting[1]), Transition::SelectCandidate, json!({})).await;
    assert_eq!(taken.state, State::CandidateSelected);
    assert_eq!(world.app.tick().await.expect("the store answers").offers, 0);
    check_all(&world, None, Allowed { waiting: true, ..Allowed::default() }).await;
}
on_both!(
    a_place_goes_to_the_next_in_line,
    Setup { places: 1, policy: Policy::Waitlist, ..Setup::default() },
    the_next_in_line
);
