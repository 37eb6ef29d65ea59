//! Who is written to: one message a person, nobody gone or of another lot, and whoever cannot be reached is named.

use serde_json::json;
use strum::IntoEnumIterator;

use super::kit::{B, C, R, T, U, World};
use crate::delegation::StandIn;
use crate::identifiers::{AccountId, EmailAddress};
use crate::news::{News, Pace};
use crate::path::{Act, Event, Path, State, Step, Transition};
use crate::people::{Account, RecipientRole, Side, StaffRole};
use crate::samples;
use crate::told::{Directory, Recipients, Told, Unreached, recipients};

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
    let officers = [1, 2].map(|lot| samples::account(StaffRole::RegionOfficer, lot));
    address_with(world, step, before, known, author, coordinator, &officers)
}

fn address_with(
    world: &World,
    step: Step,
    before: Option<&Path>,
    known: usize,
    author: &crate::people::Actor,
    coordinator: Option<&Account>,
    officers: &[Account],
) -> Recipients {
    let events: Vec<&Event> = world.case().journal[known..].iter().map(|recorded| &recorded.event).collect();
    let holder = &world.terms.market.lots[0].holder;
    let directory = Directory { coordinator, holder, officers, people: &world.case().people, stand_ins: &[] };
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
fn l9_two_roles_on_one_address_are_one_message() {
    let mut world = World::at(State::CandidateSelection);
    let told = told(&mut world, B, Transition::SelectCandidate, json!({"email": COMPANY.1}));
    assert_eq!(to(&told), [BODY, COMPANY, TUTOR]);
}

/// The tutor of a small company reads its mailbox: what only the tutor answers comes with the tutor's link.
#[test]
fn l9_two_people_of_one_mailbox_each_have_the_link_that_is_theirs() {
    let mut world = World::at(State::PreparationOrdered);
    let told = told(&mut world, B, Act::ReplaceTutor, json!({"email": COMPANY.1}));
    assert_eq!(to(&told), [COMPANY, (RecipientRole::Tutor, COMPANY.1), TUTOR]);
    world.ok(U, Act::AcceptDesignation);
    let started = super::recipients::told(&mut world, B, Transition::StartPreparation, json!({}));
    assert_eq!(to(&started), [BODY, COMPANY], "nothing is asked: one message is enough");
}

#[test]
fn l12_whoever_is_replaced_is_told() {
    let mut world = World::at(State::InTraining);
    let contact = told(&mut world, B, Act::ChangeContact, json!({}));
    assert_eq!(to(&contact), [(RecipientRole::Company, "luc.lemoine@boulangerie-lemoine.example"), COMPANY]);
    let tutor = told(&mut world, C, Act::ReplaceTutor, json!({}));
    assert_eq!(to(&tutor).last(), Some(&TUTOR), "the earlier tutor, last");
    let trainee = json!({"role": "trainee", "name": "Karim Benali", "email": "karim@courriel.example"});
    let trainee = told(&mut world, B, Act::ChangeContact, trainee);
    assert_eq!(to(&trainee), [(RecipientRole::Trainee, "karim@courriel.example"), TRAINEE]);
}

#[test]
fn l13_who_cannot_be_reached_is_named() {
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
fn l8_another_body_s_coordinator_is_never_written_to() {
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

/// Who of the Region is written to about a step, by the name in their address.
fn officers_told(mut world: World, side: Side, step: impl Into<Step>, officers: &[Account]) -> Vec<String> {
    let step = step.into();
    let opens = step == Transition::OpenSibling.into();
    let before = (!opens).then(|| world.path().clone());
    let author = world.actor(side).unwrap();
    let known = if opens { 0 } else { world.case().journal.len() };
    world.ok(side, step);
    let news: Vec<News> =
        world.case().journal[known..].iter().filter_map(|recorded| News::of((&recorded.event).into())).collect();
    assert!(news.len() == 1 && crate::told::told(step)[4] == Told::Listed(news[0]), "{step}: {news:?}");
    let told = address_with(&world, step, before.as_ref(), known, &author, None, officers);
    let region = told.addressed.iter().filter(|addressed| addressed.role == RecipientRole::Region);
    region.map(|addressed| addressed.email.as_str().split('@').next().unwrap().to_owned()).collect()
}

#[test]
fn an_officer_is_told_at_once_of_the_kinds_they_chose_and_of_nothing_they_did() {
    let officer = |name: &str, lot, pace: fn(News) -> Pace| {
        let mut officer = samples::account(StaffRole::RegionOfficer, lot);
        officer.email = samples::email(&format!("{name}@region.example"));
        officer.preferences.news = News::iter().map(|news| (news, pace(news))).collect();
        if name != "author" {
            officer.id = AccountId::new(uuid::Uuid::from_u128(name.bytes().map(u128::from).sum()));
        }
        officer
    };
    let officers = [
        officer("all", 1, |_| Pace::AtOnce),
        officer("candidates", 1, |news| if news == News::Candidates { Pace::AtOnce } else { Pace::Daily }),
        officer("weekly", 1, |_| Pace::Weekly),
        officer("listed", 1, |_| Pace::Listed),
        officer("elsewhere", 2, |_| Pace::AtOnce),
        officer("author", 1, |_| Pace::AtOnce),
    ];
    let selection = World::at(State::CandidateSelection);
    assert_eq!(
        officers_told(selection, B, Transition::SelectCandidate, &officers),
        ["all", "candidates", "author"],
        "the author of other things"
    );
    let signed = || World::at(State::PifSigned);
    assert_eq!(officers_told(signed(), T, Transition::WithdrawCandidate, &officers), ["all", "candidates", "author"]);
    assert_eq!(officers_told(signed(), R, Transition::WithdrawCandidate, &officers), ["all", "candidates"]);

    let mut conditional = World::at(State::FeasibilityInProgress);
    let verdict = json!({
        "verdict": "feasible_with_conditions", "conditions": "2026-04-01 Aménager le poste", "commitment": "letter",
        "letter": samples::document("lettre.pdf"),
    });
    conditional.ok_with(B, Transition::DeliverFeasibility, verdict);
    conditional.ok(R, Transition::AdmitFeasibility);
    assert_eq!(officers_told(conditional, B, Act::SettleCondition, &officers), ["all", "author"]);

    let sibling = World::at(State::Ready);
    assert_eq!(officers_told(sibling, B, Transition::OpenSibling, &officers), ["all", "author"]);
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
    let directory =
        Directory { coordinator: None, holder, officers: &officers, people: &world.case().people, stand_ins: &[] };
    let events: Vec<&Event> = world.case().journal.last().map(|recorded| &recorded.event).into_iter().collect();
    let told = recipients(Act::CorrectDatum.into(), &events, Some(&before), world.path(), &author.actor(), &directory);
    assert_eq!(to(&told)[..2], [(RecipientRole::Body, holder.email.as_str()), COMPANY]);
    let leaving = |coordinator, stand_ins: &[StandIn]| -> Vec<String> {
        let told = crate::told::leaving(&before, world.path(), left, coordinator, stand_ins);
        told.into_iter().map(|to| to.email.to_string()).collect()
    };
    assert_eq!(leaving(Some(&author), &[]), [author.email.as_str()]);
    let relief = Account {
        id: crate::identifiers::AccountId::new(uuid::Uuid::from_u128(71)),
        email: samples::email("relais@retravailler.example"),
        ..author.clone()
    };
    let until = samples::day("2026-12-13");
    let stand_in = StandIn { from: author.clone(), to: relief.clone(), until };
    assert_eq!(leaving(Some(&author), &[stand_in]), [author.email.as_str(), relief.email.as_str()]);
    let stranger = samples::account(StaffRole::Coordinator, 2);
    assert_eq!(leaving(Some(&stranger), &[]), [left.email.as_str()], "never of another lot");
    assert_eq!(crate::told::leaving(&before, &before, left, Some(&author), &[]), []);
}

#[test]
fn the_unsuccessful_candidate_is_told_alone() {
    let mut world = World::at(State::CandidateSelection);
    let told = told(&mut world, B, Act::RecordUnsuccessfulCandidate, json!({}));
    assert_eq!(to(&told), [(RecipientRole::Candidate, "lucie.aubert@courriel.example")]);
}

#[test]
fn who_stands_in_is_told_as_well_and_once() {
    let mut world = World::at(State::ImplementationOrdered);
    let before = world.path().clone();
    let author = world.actor(B).unwrap();
    let known = world.case().journal.len();
    world.ok_with(B, Transition::EnterTraining, json!({}));
    let events: Vec<&Event> = world.case().journal[known..].iter().map(|recorded| &recorded.event).collect();
    let coordinator = samples::account(StaffRole::Coordinator, 1);
    let colleague = |account: &Account, number: u128, email: &str| Account {
        id: crate::identifiers::AccountId::new(uuid::Uuid::from_u128(number)),
        email: samples::email(email),
        ..account.clone()
    };
    let relief = colleague(&coordinator, 71, "relais@retravailler.example");
    let officer = samples::account(StaffRole::RegionOfficer, 1);
    let second = colleague(&officer, 72, "second@region.example");
    let officers = [officer.clone(), second.clone()];
    let until = samples::day("2026-12-13");
    let stand_ins = [
        StandIn { from: coordinator.clone(), to: relief.clone(), until },
        StandIn { from: officer.clone(), to: second.clone(), until },
    ];
    let holder = &world.terms.market.lots[0].holder;
    let directory = Directory {
        coordinator: Some(&coordinator),
        holder,
        officers: &officers,
        people: &world.case().people,
        stand_ins: &stand_ins,
    };
    let told = recipients(Transition::EnterTraining.into(), &events, Some(&before), world.path(), &author, &directory);
    let body_and_region: Vec<_> = told
        .addressed
        .iter()
        .filter(|to| matches!(to.role, RecipientRole::Body | RecipientRole::Region))
        .map(|to| (to.email.as_str(), to.stands_for.as_deref()))
        .collect();
    assert_eq!(
        body_and_region,
        [
            (coordinator.email.as_str(), None),
            (relief.email.as_str(), Some(coordinator.name.as_str())),
            (officer.email.as_str(), None),
            // Follows the lot too: one message, in their own right.
            (second.email.as_str(), None),
        ]
    );
    assert_eq!(directory.present().map(|account| account.id), Some(relief.id), "whom to call");
}

/// The table of who is told, reviewed line by line: every step says for every role whether it is addressed.
#[test]
fn l11_every_step_says_for_every_role_whether_it_is_told() {
    let steps = Transition::iter().map(Step::from).chain(Act::iter().map(Step::from));
    let line = |step: Step| {
        let told = crate::told::ROLES.iter().zip(crate::told::told(step)).map(|(role, told)| format!("{role}: {told}"));
        let in_company = crate::told::FUNCTIONS.iter().zip(crate::told::told_in_company(step));
        let in_company = in_company.map(|(function, told)| format!("{function}: {told}"));
        format!("{step} | {}", told.chain(in_company).collect::<Vec<_>>().join(", "))
    };
    insta::assert_snapshot!("told", steps.map(line).collect::<Vec<_>>().join("\n"));
}
