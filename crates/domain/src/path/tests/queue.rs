//! Places of a lot that is full: who waits for one, the offer, its lapse, and what a policy lets pass.

use serde_json::json;

use super::kit::{B, R, S, T, World};
use crate::path::{Act, Refusal, State, Transition, decide};
use crate::places::Policy;

/// The lot has one place: the second candidate waits, is called, lets the offer lapse, and is called again.
#[test]
fn a_waiting_candidate_is_offered_the_place_that_another_leaves() {
    let mut world = World::with(&[10; 6], 1, Policy::Waitlist);
    world.reach(State::CandidateSelected);
    world.ok(B, Transition::OpenSibling);
    world.ok(B, Transition::OpenSelection);
    assert_eq!(world.ok(B, Transition::SelectCandidate), ["candidate_queued"]);
    world.assert_state(State::CandidateSelection);
    assert_eq!(world.refused(B, Transition::SelectCandidate, json!({})), Refusal::CandidateWaiting);
    // The clock may not offer what is not free.
    assert_eq!(world.refused(S, Act::OfferPlace, json!({})).code(), "no_place");
    world.current = 0;
    world.ok(R, Transition::WithdrawCandidate);
    // Whoever comes after the queue waits behind it, the place that is free notwithstanding.
    assert_eq!(world.ok(B, Transition::SelectCandidate), ["candidate_queued"]);
    world.ok(R, Transition::Cancel);
    world.current = 1;
    world.ok(S, Act::OfferPlace);
    assert_eq!(world.places(2026), (1, 0, 1), "held for who was called");
    world.later(7);
    assert_eq!(world.refused(S, Act::LapseOffer, json!({})).code(), "too_early");
    world.later(1);
    assert_eq!(world.refused(B, Transition::SelectCandidate, json!({})).code(), "too_late");
    world.ok(S, Act::LapseOffer);
    assert_eq!(world.places(2026), (0, 0, 2));
    assert_eq!(world.path().waiting, None);
    world.ok(B, Transition::SelectCandidate);
    assert_eq!(world.places(2026), (1, 0, 2));
}

/// The person who waits sees the path, may hand over or leave; who leaves frees the place that was held.
#[test]
fn a_waiting_candidate_may_leave_the_queue_or_be_replaced() {
    let queued = || {
        let mut world = World::with(&[10; 6], 1, Policy::Waitlist);
        world.reach(State::CandidateSelected);
        world.ok(B, Transition::OpenSibling);
        world.ok(B, Transition::OpenSelection);
        world.ok(B, Transition::SelectCandidate);
        world
    };
    let mut world = queued();
    let waiting = world.actor(T).unwrap();
    assert!(decide::sees(&waiting, world.path()));
    assert!(decide::available(world.path(), &waiting).contains(&Transition::WithdrawCandidate.into()));
    world.ok(T, Transition::WithdrawCandidate);
    world.assert_state(State::CandidateSelection);
    assert_eq!((world.path().trainee(), world.places(2026)), (None, (1, 0, 0)), "no place was held");
    assert!(!decide::sees(&waiting, world.path()));
    let coordinator = world.actor(B).unwrap();
    assert!(!decide::available(world.path(), &coordinator).contains(&Transition::WithdrawCandidate.into()));

    let mut world = queued();
    world.current = 0;
    world.ok(R, Transition::Cancel);
    world.current = 1;
    world.ok(S, Act::OfferPlace);
    world.ok(B, Transition::WithdrawCandidate);
    assert_eq!(world.places(2026), (0, 0, 2), "the place held goes back");

    let mut world = queued();
    let before = world.path().trainee().unwrap().id;
    let other = json!({"role": "trainee", "name": "Inès Roussel", "email": "ines.roussel@courriel.example"});
    world.ok_with(B, Act::ChangeContact, other);
    let after = world.path().trainee().unwrap().id;
    assert_ne!(before, after);
    let active = |id| world.case().people.iter().find(|person| person.id == id).unwrap().active;
    assert_eq!((active(before), active(after)), (false, true));
}

/// Whoever takes the place offered stays the same person, with the same links; another one takes their place.
#[test]
fn the_candidate_who_takes_an_offer_is_the_one_who_waited() {
    let mut world = World::with(&[10; 6], 1, Policy::Waitlist);
    world.reach(State::CandidateSelected);
    world.ok(B, Transition::OpenSibling);
    world.ok(B, Transition::OpenSelection);
    world.ok(B, Transition::SelectCandidate);
    world.current = 0;
    world.ok(R, Transition::Cancel);
    world.current = 1;
    world.ok(S, Act::OfferPlace);
    let waiting = world.path().trainee().unwrap().id;
    let mut other = world.clone();
    world.ok(B, Transition::SelectCandidate);
    assert_eq!(world.path().candidate.as_ref().unwrap().person.id, waiting);
    assert!(world.case().people.iter().any(|person| person.id == waiting && person.active));
    other.ok_with(B, Transition::SelectCandidate, json!({"email": "ines.roussel@courriel.example"}));
    assert_ne!(other.path().candidate.as_ref().unwrap().person.id, waiting);
    assert!(other.case().people.iter().any(|person| person.id == waiting && !person.active));
}

/// A free place goes to who waits for it first: an entry moved from another year does not take it before.
#[test]
fn a_queue_is_not_jumped_by_an_entry_moved_from_another_year() {
    let mut world = World::with(&[10; 6], 1, Policy::Waitlist);
    world.to("2026-12-14");
    world.reach(State::CandidateSelection);
    world.ok_with(B, Transition::SelectCandidate, json!({"planned_entry": "2027-01-11"}));
    world.reach(State::ImplementationOrdered);
    for _ in 0..2 {
        world.current = 0;
        world.ok(B, Transition::OpenSibling);
        world.ok(B, Transition::OpenSelection);
        world.ok_with(B, Transition::SelectCandidate, json!({"planned_entry": "2026-12-21"}));
    }
    assert_eq!(world.path().waiting.as_ref().map(|waiting| waiting.offered_until), Some(None));
    world.current = 1;
    world.ok(R, Transition::Cancel);
    assert_eq!(world.places(2026), (0, 0, 1), "one place is free, and one person waits for it");
    world.current = 0;
    let no_place = Refusal::NoPlace { lot: world.path().lot.clone(), year: 2026 };
    let planned = json!({"datum": "planned_entry", "value": "2026-12-22", "reason": "Plus tôt."});
    assert_eq!(world.refused(B, Act::CorrectDatum, planned.clone()), no_place);
    assert_eq!(world.refused(B, Transition::EnterTraining, json!({})), no_place);
    // Nobody waits any more: the same entry is accepted, and moves the place.
    world.current = 2;
    world.ok(B, Transition::WithdrawCandidate);
    world.current = 0;
    let mut corrected = world.clone();
    corrected.ok_with(B, Act::CorrectDatum, planned);
    assert_eq!((corrected.places(2026), corrected.places(2027)), ((1, 0, 1), (0, 0, 0)));
    world.ok(B, Transition::EnterTraining);
    assert_eq!((world.places(2026), world.places(2027)), ((0, 1, 1), (0, 0, 0)));
}

#[test]
fn an_offer_taken_in_time_keeps_the_place_and_another_year_moves_it() {
    let waiting = || {
        let mut world = World::with(&[10; 6], 1, Policy::Waitlist);
        world.reach(State::CandidateSelected);
        world.ok(B, Transition::OpenSibling);
        world.ok(B, Transition::OpenSelection);
        world.ok(B, Transition::SelectCandidate);
        world.current = 0;
        world.ok(R, Transition::Cancel);
        world.current = 1;
        world.ok(S, Act::OfferPlace);
        world
    };
    let mut world = waiting();
    assert_eq!(world.ok(B, Transition::SelectCandidate), ["candidate_selected"]);
    assert_eq!(world.places(2026), (1, 0, 1));
    let mut world = waiting();
    let events = world.ok_with(B, Transition::SelectCandidate, json!({"planned_entry": "2027-01-11"}));
    assert_eq!(events, ["offer_lapsed", "candidate_selected"]);
    assert_eq!((world.places(2026), world.places(2027)), ((0, 0, 2), (1, 0, 0)));
    let mut world = waiting();
    world.ok(R, Transition::Cancel);
    assert_eq!(world.places(2026), (0, 0, 2), "the place held goes back");
}

#[test]
fn a_full_lot_refuses_or_counts_the_excess_by_its_policy() {
    let full = |policy, maximum| {
        let mut world = World::with(&[10; 6], 1, policy);
        for places in world.counters.places.values_mut() {
            places.maximum = maximum;
        }
        world.reach(State::CandidateSelected);
        world.ok(B, Transition::OpenSibling);
        world.ok(B, Transition::OpenSelection);
        world.play(B, Transition::SelectCandidate, json!({}))
    };
    assert_eq!(full(Policy::Block, None).unwrap_err().code(), "no_place");
    assert_eq!(full(Policy::Warn, None), Ok(vec!["candidate_selected"]));
    assert_eq!(full(Policy::Warn, Some(1)).unwrap_err().code(), "no_place", "the contract's maximum blocks");
    assert_eq!(full(Policy::Waitlist, None), Ok(vec!["candidate_queued"]));
}
