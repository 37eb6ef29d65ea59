//! Several people of a company on one path, each in a function: who is asked, who is told, who may do what (L27).

use serde_json::{Value, json};
use strum::IntoEnumIterator;

use super::kit::{B, C, R, T, U, World, needs};
use crate::path::event::Event;
use crate::path::requests::asked_of;
use crate::path::table::row;
use crate::path::{Act, Path, Refusal, State, Step, Transition};
use crate::people::{Actor, CompanyFunction, OutsideRole, RecipientRole, Side, StaffRole};
use crate::samples;
use crate::told::{Directory, recipients};

const CONTACT: &str = "anne.lemoine@boulangerie-lemoine.example";
const SIGNATORY: &str = "marie.lemoine@boulangerie-lemoine.example";
const RESOURCES: &str = "ines.rault@boulangerie-lemoine.example";
const ACCOUNTS: &str = "hugo.perrin@boulangerie-lemoine.example";

/// The form that names somebody for a function.
fn named(function: CompanyFunction) -> Value {
    let (name, email) = match function {
        CompanyFunction::Signatory => ("Marie Lemoine", SIGNATORY),
        CompanyFunction::HumanResources => ("Inès Rault", RESOURCES),
        CompanyFunction::Accounting => ("Hugo Perrin", ACCOUNTS),
    };
    json!({"function": function, "name": name, "email": email})
}

/// A path in a state, whose company has somebody for each function.
fn full(state: State) -> World {
    let mut world = World::at(state);
    for function in CompanyFunction::iter() {
        world.ok_with(C, Act::AddCompanyContact, named(function));
    }
    world
}

/// Plays a step as who has a role outside.
#[track_caller]
fn by(world: &mut World, role: OutsideRole, step: impl Into<Step>, changes: Value) -> Result<(), Refusal> {
    let actor = world.outside(role).expect("somebody has the role");
    world.play_as(&actor, Some(world.current), step, changes).map(drop)
}

/// The addresses of the company that a step writes to, its main contact's last.
fn told(world: &mut World, actor: &Actor, step: impl Into<Step>, changes: Value) -> Vec<String> {
    let step = step.into();
    let before = world.path().clone();
    let known = world.case().journal.len();
    world.play_as(actor, Some(world.current), step, changes).unwrap_or_else(|refusal| panic!("{step}: {refusal:?}"));
    let events: Vec<&Event> = world.case().journal[known..].iter().map(|recorded| &recorded.event).collect();
    let coordinator = samples::account(StaffRole::Coordinator, 1);
    let holder = &world.terms.market.lots[0].holder;
    let people = &world.case().people;
    let directory = Directory { coordinator: Some(&coordinator), holder, officers: &[], people, stand_ins: &[] };
    let told = recipients(step, &events, Some(&before), world.path(), actor, &directory);
    let company = told.addressed.into_iter().filter(|to| to.role == RecipientRole::Company);
    let mut company: Vec<_> = company.map(|to| (to.function.is_none(), to.email.to_string())).collect();
    company.sort_by_key(|(main, _)| *main);
    company.into_iter().map(|(_, email)| email).collect()
}

fn told_by(world: &mut World, side: Side, step: impl Into<Step>) -> Vec<String> {
    let actor = world.actor(side).expect("somebody acts for the side");
    told(world, &actor, step, json!({}))
}

fn kinds(path: &Path, role: OutsideRole) -> usize {
    asked_of(path, role).len()
}

#[test]
fn l27_the_signatory_is_asked_and_the_main_contact_no_more() {
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok(B, Act::AskConfirmation);
    assert_eq!((kinds(world.path(), OutsideRole::Company), kinds(world.path(), OutsideRole::Signatory)), (1, 0));
    world.ok(C, Act::AddCompanyContact);
    assert_eq!((kinds(world.path(), OutsideRole::Company), kinds(world.path(), OutsideRole::Signatory)), (0, 1));
    assert_eq!(world.refused(C, Act::ConfirmCommitment, json!({})), Refusal::SignatoryAnswers);
    assert_eq!(world.refused(C, Act::DeclineRequest, json!({})), Refusal::SignatoryAnswers);
    by(&mut world, OutsideRole::Signatory, Act::ConfirmCommitment, json!({})).expect("the signatory confirms");
    let author = &world.case().journal.last().expect("an event").author;
    assert!(matches!(author, Actor::Outside { role: OutsideRole::Signatory, .. }), "{author:?}");

    let mut world = full(State::CandidateSelected);
    world.ok(B, Act::WritePif);
    world.ok(B, Transition::SignPif);
    assert_eq!(world.refused(C, Transition::SignPif, json!({})), Refusal::SignatoryAnswers);
    for role in [OutsideRole::HumanResources, OutsideRole::Accounting] {
        let refused = by(&mut world, role, Transition::SignPif, json!({}));
        let step = Transition::SignPif.into();
        assert_eq!(refused, Err(Refusal::NotYourRole { step, reads_only: false }), "{role}");
    }
    by(&mut world, OutsideRole::Signatory, Transition::SignPif, json!({})).expect("the signatory signs");
    world.ok(T, Transition::SignPif);
    world.assert_state(State::PifSigned);
}

#[test]
fn whose_function_is_taken_back_answers_no_more_and_the_main_contact_does() {
    let mut world = full(State::FeasibilityInProgress);
    world.ok(B, Act::AskConfirmation);
    let signatory = world.outside(OutsideRole::Signatory).expect("a signatory");
    let reason = json!({"reason": "Congé."});
    world.ok_with(C, Act::RemoveCompanyContact, reason);
    let refused = world.play_as(&signatory, Some(0), Act::ConfirmCommitment, json!({}));
    assert_eq!(refused, Err(Refusal::NotFound));
    assert_eq!(world.refused(B, Act::RemoveCompanyContact, json!({})).code(), "no_colleague");
    world.ok(C, Act::ConfirmCommitment);
}

#[test]
fn somebody_in_a_function_is_replaced_with_a_reason() {
    let mut world = full(State::Ready);
    let left = world.outside(OutsideRole::Signatory).expect("a signatory");
    let other = json!({"name": "Paul Lemoine", "email": "paul.lemoine@boulangerie-lemoine.example"});
    assert_eq!(needs(&world.refused(B, Act::AddCompanyContact, other.clone())), ["reasons"]);
    let mut replaced = other;
    replaced["reason"] = json!("Nouvelle direction.");
    let actor = world.actor(B).expect("a coordinator");
    let company = told(&mut world, &actor, Act::AddCompanyContact, replaced);
    assert_eq!(company, ["paul.lemoine@boulangerie-lemoine.example", SIGNATORY, CONTACT], "who comes, and who leaves");
    assert_eq!(world.play_as(&left, Some(0), Act::HandOverContact, json!({})), Err(Refusal::NotFound));
    assert_eq!(world.path().colleagues.len(), 3);

    // Another telephone: the person stays, their links too.
    let before = world.path().person_of(OutsideRole::Accounting).cloned();
    let mut telephone = named(CompanyFunction::Accounting);
    telephone["phone"] = json!("02 35 00 00 09");
    telephone["reason"] = json!("Nouveau poste.");
    world.ok_with(C, Act::AddCompanyContact, telephone.clone());
    let after = world.path().person_of(OutsideRole::Accounting).cloned();
    assert_eq!(before.map(|person| person.id), after.map(|person| person.id));
    assert_eq!(world.refused(C, Act::AddCompanyContact, telephone), Refusal::Unchanged);
}

#[test]
fn the_main_contact_is_no_signatory_of_their_own() {
    let mut world = World::at(State::Ready);
    let own = json!({"name": "Anne Lemoine", "email": CONTACT});
    assert_eq!(world.refused(C, Act::AddCompanyContact, own), Refusal::Unchanged);
}

#[test]
fn a_contact_is_changed_in_their_function_and_not_in_one_that_nobody_has() {
    let mut world = World::at(State::Ready);
    let change = json!({"role": "accounting"});
    assert_eq!(world.refused(B, Act::ChangeContact, change.clone()).code(), "no_colleague");
    world.ok_with(C, Act::AddCompanyContact, named(CompanyFunction::Accounting));
    let actor = world.actor(B).expect("a coordinator");
    let company = told(&mut world, &actor, Act::ChangeContact, change);
    assert_eq!(company, ["luc.lemoine@boulangerie-lemoine.example", ACCOUNTS]);
}

#[test]
fn colleagues_who_are_asked_nothing_only_give_up_their_function() {
    for state in State::iter().filter(|state| !state.is_final()) {
        let world = full(state);
        for role in [OutsideRole::HumanResources, OutsideRole::Accounting] {
            let actor = world.outside(role).expect("somebody has the role");
            let offered = crate::path::decide::available(world.path(), &actor);
            assert_eq!(offered, [Act::HandOverContact.into(), Act::RemoveCompanyContact.into()], "{role}, {state}");
            for step in Step::all().filter(|step| !offered.contains(step)) {
                let answer = world.decision(Some(0), samples::command(step, world.today()), &actor);
                assert_eq!(answer, Err(Refusal::NotYourRole { step, reads_only: false }), "{role}, {state}");
            }
        }
    }
}

#[test]
fn a_signatory_does_what_the_company_does_but_for_its_people_and_its_days() {
    let world = full(State::InTraining);
    let actor = world.outside(OutsideRole::Signatory).expect("a signatory");
    let theirs: Vec<String> =
        Step::all().filter(|step| crate::path::decide::takes(&actor, *step)).map(|step| step.to_string()).collect();
    assert_eq!(
        theirs,
        [
            "sign_pif",
            "confirm_commitment",
            "confirm_report",
            "decline_request",
            "propose_correction",
            "contest_answer",
            "hand_over_contact",
            "remove_company_contact",
        ]
    );
    assert!(Step::all().filter(|step| crate::path::decide::takes(&actor, *step)).all(|step| row(step).by.contains(&C)));
}

#[test]
fn a_colleague_gives_up_their_own_function_alone() {
    let mut world = full(State::InTraining);
    let other = by(&mut world, OutsideRole::Accounting, Act::RemoveCompanyContact, json!({"function": "signatory"}));
    assert_eq!(other, Err(Refusal::NotFound));
    let resources = world.outside(OutsideRole::HumanResources).expect("human resources");
    let own = json!({"function": "human_resources", "reason": "Autre poste."});
    assert_eq!(told(&mut world, &resources, Act::RemoveCompanyContact, own), [RESOURCES, CONTACT]);
    let accounting = world.outside(OutsideRole::Accounting).expect("accounting");
    let successor = "luc.lemoine@boulangerie-lemoine.example";
    assert_eq!(
        told(&mut world, &accounting, Act::HandOverContact, json!({})),
        [ACCOUNTS, successor],
        "a receipt, a link"
    );
    assert_eq!(world.path().contact, world.path().person_of(OutsideRole::Company).cloned().expect("a contact"));
    assert!(world.path().person_of(OutsideRole::HumanResources).is_none());
}

#[test]
fn l27_each_colleague_is_told_of_what_their_function_is_about() {
    let mut world = full(State::FeasibilityInProgress);
    assert_eq!(told_by(&mut world, B, Act::AskConfirmation), [SIGNATORY, CONTACT]);
    let signatory = world.outside(OutsideRole::Signatory).expect("a signatory");
    assert_eq!(told(&mut world, &signatory, Act::ConfirmCommitment, json!({})), [SIGNATORY], "a receipt");
    assert_eq!(told_by(&mut world, B, Transition::DeliverFeasibility), [CONTACT]);

    let mut world = full(State::CandidateSelection);
    assert_eq!(told_by(&mut world, B, Transition::SelectCandidate), [RESOURCES, CONTACT]);
    assert_eq!(told_by(&mut world, B, Act::WritePif), [SIGNATORY, CONTACT]);
    assert_eq!(told_by(&mut world, B, Transition::SignPif), [SIGNATORY, CONTACT]);
    by(&mut world, OutsideRole::Signatory, Transition::SignPif, json!({})).expect("the signatory signs");
    assert_eq!(told_by(&mut world, T, Transition::SignPif), [SIGNATORY, RESOURCES, CONTACT]);
    assert_eq!(told_by(&mut world, R, Transition::OrderImplementation), [CONTACT], "the order is not theirs");
    assert_eq!(told_by(&mut world, B, Transition::EnterTraining), [RESOURCES, ACCOUNTS, CONTACT]);
    let corrected = json!({"datum": "entry_date", "value": world.today().to_string(), "reason": "Erreur."});
    assert_eq!(world.refused(B, Act::CorrectDatum, corrected), Refusal::Unchanged);
    assert_eq!(told_by(&mut world, B, Transition::Suspend), [RESOURCES, ACCOUNTS, CONTACT]);
    assert_eq!(told_by(&mut world, B, Transition::Resume), [RESOURCES, ACCOUNTS, CONTACT]);
    world.log();
    for side in [B, U] {
        assert_eq!(told_by(&mut world, side, Act::SignAttendanceMonth), [""; 0], "not signed by all");
    }
    assert_eq!(told_by(&mut world, T, Act::SignAttendanceMonth), [ACCOUNTS]);
    let actor = world.actor(B).expect("a coordinator");
    let contact = told(&mut world, &actor, Act::ChangeContact, json!({}));
    assert_eq!(contact, [RESOURCES, "luc.lemoine@boulangerie-lemoine.example", CONTACT], "who leaves too");
    assert_eq!(told_by(&mut world, B, Transition::EndTraining).len(), 3);
}

#[test]
fn a_day_that_was_told_and_is_corrected_is_told_again() {
    let mut world = full(State::InTraining);
    world.later(2);
    let actor = world.actor(R).expect("an officer");
    let entry = json!({"datum": "entry_date", "value": "2026-03-03", "reason": "Erreur de saisie."});
    assert_eq!(told(&mut world, &actor, Act::CorrectDatum, entry), [RESOURCES, ACCOUNTS, CONTACT]);
    let job = json!({"datum": "persons_wanted", "value": "3", "reason": "Erreur de saisie."});
    assert_eq!(told(&mut world, &actor, Act::CorrectDatum, job), [""; 0]);
}

#[test]
fn l27_a_colleague_who_has_two_functions_has_one_message() {
    let mut world = full(State::ImplementationOrdered);
    let same =
        json!({"function": "accounting", "name": "Inès Rault", "email": RESOURCES, "reason": "Une seule personne."});
    world.ok_with(C, Act::AddCompanyContact, same);
    assert_eq!(told_by(&mut world, B, Transition::EnterTraining), [RESOURCES, CONTACT]);

    // On one address, what is asked is written rather than what informs.
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok_with(C, Act::AddCompanyContact, json!({"email": CONTACT}));
    let before = world.path().clone();
    let known = world.case().journal.len();
    world.ok(B, Act::AskConfirmation);
    let events: Vec<&Event> = world.case().journal[known..].iter().map(|recorded| &recorded.event).collect();
    let holder = &world.terms.market.lots[0].holder;
    let people = &world.case().people;
    let directory = Directory { coordinator: None, holder, officers: &[], people, stand_ins: &[] };
    let actor = world.actor(B).expect("a coordinator");
    let told = recipients(Act::AskConfirmation.into(), &events, Some(&before), world.path(), &actor, &directory);
    let functions: Vec<_> = told.addressed.iter().map(|to| to.function).collect();
    assert_eq!(functions, [Some(CompanyFunction::Signatory)]);
}

#[test]
fn an_answer_recorded_for_the_company_is_its_signatory_s() {
    let mut world = full(State::FeasibilityInProgress);
    world.ok(B, Act::AskConfirmation);
    assert_eq!(told_by(&mut world, B, Act::RecordAnswerOnBehalf), [SIGNATORY]);
    let Event::AnswerRecordedOnBehalf { role, .. } = world.last("answer_recorded_on_behalf") else {
        panic!("another event")
    };
    assert_eq!(*role, OutsideRole::Signatory);
}

#[test]
fn a_path_of_before_had_nobody_but_its_main_contact() {
    let world = World::at(State::Ready);
    let stored = serde_json::to_value(world.path()).expect("a path is plain data");
    assert!(stored.get("colleagues").is_none(), "a snapshot of before is the same");
    assert_eq!(serde_json::from_value::<Path>(stored).expect("it reads"), *world.path());
}
