//! Who is written to: one message a person, nobody gone or of another lot, and whoever cannot be reached is named.

use serde_json::json;

use super::kit::{B, C, R, T, World};
use crate::identifiers::EmailAddress;
use crate::path::{Act, Event, Path, State, Step, Transition};
use crate::people::{Account, RecipientRole, Side, StaffRole};
use crate::samples;
use crate::told::{Directory, Recipients, Unreached, recipients};

/// Plays a step and addresses it.
fn told(world: &mut World, side: Side, step: impl Into<Step>, changes: serde_json::Value) -> Recipients {
    let step = step.into();
    let before = world.path().clone();
    let author = world.actor(side).unwrap();
    let known = world.case().journal.len();
    world.ok_with(side, step, changes);
    let coordinator = samples::account(StaffRole::Coordinator, 1);
    address(world, step, Some(&before), known, &author, Some(&coordinator))
}

fn address(
    world: &World,
    step: Step,
    before: Option<&Path>,
    known: usize,
    author: &crate::people::Actor,
    coordinator: Option<&Account>,
) -> Recipients {
    let officers = [samples::account(StaffRole::RegionOfficer, 1), samples::account(StaffRole::RegionOfficer, 2)];
    let events: Vec<&Event> = world.case().journal[known..].iter().map(|recorded| &recorded.event).collect();
    let holder = &world.terms.market.lots[0].holder;
    let directory = Directory { coordinator, holder, officers: &officers, people: &world.case().people };
    recipients(step, &events, before, world.path(), author, &directory)
}

fn to(recipients: &Recipients) -> Vec<(RecipientRole, &str)> {
    recipients.addressed.iter().map(|addressed| (addressed.role, addressed.email.as_str())).collect()
}

const BODY: (RecipientRole, &str) = (RecipientRole::Body, "coordinator.1@retravailler.example");
const REGION: (RecipientRole, &str) = (RecipientRole::Region, "region-officer.1@region.example");
const COMPANY: (RecipientRole, &str) = (RecipientRole::Company, "anne.lemoine@boulangerie-lemoine.example");
const TRAINEE: (RecipientRole, &str) = (RecipientRole::Trainee, "karim.benali@courriel.example");
const TUTOR: (RecipientRole, &str) = (RecipientRole::Tutor, "sophie.caron@boulangerie-lemoine.example");

#[test]
fn an_entry_tells_everyone_of_the_path_and_the_officers_of_the_lot() {
    let mut world = World::at(State::ImplementationOrdered);
    let told = told(&mut world, B, Transition::EnterTraining, json!({}));
    assert_eq!(to(&told), [BODY, COMPANY, TRAINEE, TUTOR, REGION]);
    assert_eq!(told.unreached, []);
}

#[test]
fn the_candidate_withdrawn_is_told_and_of_nothing_afterwards() {
    let mut world = World::at(State::PifSigned);
    let withdrawn = told(&mut world, T, Transition::WithdrawCandidate, json!({}));
    assert_eq!(to(&withdrawn), [BODY, COMPANY, TRAINEE, TUTOR]);
    let cancelled = told(&mut world, R, Transition::Cancel, json!({}));
    assert_eq!(to(&cancelled), [BODY, COMPANY, TUTOR, REGION]);
}

#[test]
fn a_person_who_was_erased_is_not_written_to() {
    let mut world = World::at(State::Ready);
    let contact = world.path().contact.id;
    world.cases[0].people.iter_mut().find(|person| person.id == contact).unwrap().active = false;
    let told = told(&mut world, B, Transition::OpenSelection, json!({}));
    assert_eq!(to(&told), [BODY]);
}

#[test]
fn two_roles_on_one_address_are_one_message() {
    let mut world = World::at(State::CandidateSelection);
    let told = told(&mut world, B, Transition::SelectCandidate, json!({"email": COMPANY.1}));
    assert_eq!(to(&told), [BODY, COMPANY, TUTOR]);
}

#[test]
fn who_cannot_be_reached_is_named() {
    let mut world = World::at(State::CandidateSelection);
    let told = told(&mut world, B, Transition::SelectCandidate, json!({"email": null}));
    assert_eq!(told.unreached, [(RecipientRole::Trainee, "Karim Benali".to_owned(), Unreached::NoAddress)]);

    let mut world = World::at(State::Ready);
    world.cases[0].people[0].address_refused = true;
    let told = super::recipients::told(&mut world, B, Transition::OpenSelection, json!({}));
    assert_eq!(to(&told), [BODY]);
    assert_eq!(told.unreached, [(RecipientRole::Company, "Anne Lemoine".to_owned(), Unreached::AddressRefused)]);
}

#[test]
fn another_body_s_coordinator_is_never_written_to() {
    let mut world = World::at(State::Ready);
    let before = world.path().clone();
    let known = world.case().journal.len();
    world.ok(B, Transition::OpenSelection);
    let author = world.actor(B).unwrap();
    let mut gone = samples::account(StaffRole::Coordinator, 1);
    gone.active = false;
    for account in [samples::account(StaffRole::Coordinator, 2), gone] {
        let step = Transition::OpenSelection.into();
        let told = address(&world, step, Some(&before), known, &author, Some(&account));
        assert_eq!(
            told.addressed[0].email,
            EmailAddress::parse("fest@retravailler.example").unwrap(),
            "the body itself"
        );
    }
}

#[test]
fn the_region_is_told_when_silence_decided_and_when_a_programme_is_signed() {
    let mut world = World::at(State::PreparationDelivered);
    let told_by_hand = told(&mut world, R, Transition::AdmitPreparation, json!({}));
    assert_eq!(to(&told_by_hand), [BODY, COMPANY]);
    let mut world = World::at(State::PreparationDelivered);
    world.later(30);
    let tacit = told(&mut world, Side::System, Transition::AdmitPreparation, json!({}));
    assert_eq!(to(&tacit), [BODY, COMPANY, REGION]);

    let mut world = World::at(State::CandidateSelected);
    world.ok(B, Act::WritePif);
    world.ok(B, Transition::SignPif);
    assert_eq!(to(&told(&mut world, C, Transition::SignPif, json!({}))), [BODY, COMPANY, TRAINEE, TUTOR]);
    assert_eq!(to(&told(&mut world, T, Transition::SignPif, json!({}))), [BODY, COMPANY, TRAINEE, TUTOR, REGION]);
}

#[test]
fn a_contact_handed_over_gets_the_receipt_and_the_next_one_the_link() {
    let mut world = World::at(State::FeasibilityOrdered);
    let handed = told(&mut world, C, Act::HandOverContact, json!({}));
    let successor = (RecipientRole::Company, "luc.lemoine@boulangerie-lemoine.example");
    assert_eq!(to(&handed), [BODY, COMPANY, successor], "a receipt for the one, the link for the other");
    let next = told(&mut world, B, Transition::StartFeasibility, json!({}));
    assert_eq!(to(&next), [BODY, successor]);
}

#[test]
fn a_corrected_datum_tells_those_whom_it_moves() {
    let correct = |datum: &str, value: &str| json!({"datum": datum, "value": value, "reason": "Erreur."});
    let mut world = World::at(State::CandidateSelected);
    assert_eq!(to(&told(&mut world, B, Act::CorrectDatum, correct("job", "Boulanger"))), [COMPANY]);
    let moved = told(&mut world, B, Act::CorrectDatum, correct("planned_entry", "2026-04-20"));
    assert_eq!(to(&moved), [BODY, COMPANY, TRAINEE, TUTOR]);
    let profile = json!({"datum": "candidate_profile", "value": null, "rsa": true, "reason": "Erreur."});
    assert_eq!(to(&told(&mut world, B, Act::CorrectDatum, profile)), []);
    world.ok(B, Act::WritePif);
    let signed_again = told(&mut world, B, Act::CorrectDatum, correct("job", "Pâtissier"));
    assert_eq!(to(&signed_again), [BODY, COMPANY, TRAINEE], "whoever signs is asked again");
    let establishment = told(&mut world, R, Act::CorrectDatum, correct("siret", "35600000000048"));
    assert_eq!(to(&establishment), [BODY, COMPANY, TRAINEE, REGION]);
}

#[test]
fn a_path_that_changes_lot_tells_both_bodies() {
    let mut world = World::at(State::NeedReported);
    let before = world.path().clone();
    let moved = json!({"datum": "commune", "value": "14118", "reason": "Mauvaise commune."});
    world.ok_with(B, Act::CorrectDatum, moved);
    let author = samples::account(StaffRole::Coordinator, 1);
    let officers = [samples::account(StaffRole::RegionOfficer, 1)];
    let lots = &world.terms.market.lots;
    let (left, holder) = (&lots[0].holder, &lots[1].holder);
    let directory = Directory { coordinator: None, holder, officers: &officers, people: &world.case().people };
    let events: Vec<&Event> = world.case().journal.last().map(|recorded| &recorded.event).into_iter().collect();
    let told = recipients(Act::CorrectDatum.into(), &events, Some(&before), world.path(), &author.actor(), &directory);
    assert_eq!(to(&told)[..2], [(RecipientRole::Body, holder.email.as_str()), COMPANY]);
    let leaving = |coordinator| crate::told::leaving(&before, world.path(), left, coordinator);
    assert_eq!(leaving(Some(&author)).map(|to| to.email), Some(author.email.clone()));
    let stranger = samples::account(StaffRole::Coordinator, 2);
    assert_eq!(leaving(Some(&stranger)).map(|to| to.email), Some(left.email.clone()), "never of another lot");
    assert_eq!(crate::told::leaving(&before, &before, left, Some(&author)), None);
}

#[test]
fn the_unsuccessful_candidate_is_told_alone() {
    let mut world = World::at(State::CandidateSelection);
    let told = told(&mut world, B, Act::RecordUnsuccessfulCandidate, json!({}));
    assert_eq!(to(&told), [(RecipientRole::Candidate, "lucie.aubert@courriel.example")]);
}
