//! What is asked and nothing waits for (programme, tutor, candidate), corrections that the body answers, opinions.

use serde_json::json;

use super::kit::{B, C, R, T, U, World};
use crate::path::command::RequestKind;
use crate::path::event::Event;
use crate::path::requests::{asked, asked_of};
use crate::path::{Act, Path, Refusal, State, Transition};
use crate::people::{CompanyFunction, OutsideRole, RecipientRole};
use crate::samples;
use crate::told::{Directory, recipients};

fn version(path: &Path, role: RecipientRole, kind: RequestKind) -> Option<u32> {
    asked(path, role).into_iter().find(|asked| asked.kind == kind).map(|asked| asked.version)
}

fn programme(world: &World) -> Option<u32> {
    version(world.path(), RecipientRole::Company, RequestKind::ConfirmProgramme)
}

fn designation(world: &World) -> Option<u32> {
    version(world.path(), RecipientRole::Tutor, RequestKind::AcceptDesignation)
}

fn candidate(world: &World) -> Option<u32> {
    version(world.path(), RecipientRole::Company, RequestKind::ConfirmCandidate)
}

#[test]
fn the_company_agrees_to_each_programme_delivered() {
    let mut world = World::at(State::PreparationInProgress);
    assert_eq!(programme(&world), None, "there is no programme yet");
    world.ok(B, Transition::DeliverPreparation);
    assert_eq!(programme(&world), Some(1));
    world.ok(C, Act::ConfirmProgramme);
    assert_eq!(programme(&world), None);
    assert_eq!(world.refused(C, Act::ConfirmProgramme, json!({})).code(), "already_done");
    // Another programme: the earlier yes was not about it.
    world.ok(R, Transition::AdjournPreparation);
    world.ok(B, Transition::DeliverPreparation);
    assert_eq!(programme(&world), Some(2));
    world.ok(R, Transition::AdmitPreparation);
    assert_eq!(programme(&world), Some(2), "it may still be answered while a candidate is looked for");
    let declined = json!({"request": "confirm_programme", "reason": "Trop de théorie."});
    world.ok_with(C, Act::DeclineRequest, declined);
    let again = json!({"request": "confirm_programme", "reason": "Programme revu ensemble."});
    world.ok_with(B, Act::AskAgain, again);
    assert_eq!(programme(&world), Some(3));
    world.ok(B, Transition::OpenSelection);
    world.ok(B, Transition::SelectCandidate);
    assert_eq!(programme(&world), None, "it is time to speak of the candidate");
    assert_eq!(world.refused(C, Act::ConfirmProgramme, json!({})).code(), "wrong_state");
}

#[test]
fn each_tutor_accepts_their_own_designation() {
    let mut world = World::at(State::InTraining);
    assert_eq!(designation(&world), Some(1));
    world.ok(U, Act::AcceptDesignation);
    assert_eq!(designation(&world), None);
    world.ok(B, Act::ReplaceTutor);
    assert_eq!(designation(&world), Some(2), "somebody else did");
    let declined = json!({"request": "accept_designation", "reason": "Je change de poste."});
    world.ok_with(U, Act::DeclineRequest, declined);
    world.ok(U, Act::HandOverContact);
    assert_eq!(designation(&world), Some(3), "who takes over is asked");
    world.ok(U, Act::AcceptDesignation);
    let telephone = json!({
        "role": "tutor", "name": "Luc Lemoine", "email": "luc.lemoine@boulangerie-lemoine.example", "phone": "0235000009",
        "reason": "Nouveau numéro.",
    });
    world.ok_with(B, Act::ChangeContact, telephone);
    assert_eq!(designation(&world), None, "another telephone is no other tutor");
    let contested = json!({"request": "accept_designation", "facts": "Je n’ai rien accepté."});
    world.ok_with(U, Act::ContestAnswer, contested);
    world.ok_with(B, Act::AskAgain, json!({"request": "accept_designation", "reason": "Réponse contestée."}));
    assert_eq!((designation(&world), world.path().contested.len()), (Some(4), 0));
}

#[test]
fn the_main_contact_agrees_to_the_candidate_until_the_programme_is_written() {
    let mut world = World::at(State::CandidateSelection);
    let named =
        json!({"function": "signatory", "name": "Marie Lemoine", "email": "marie.lemoine@boulangerie-lemoine.example"});
    world.ok_with(C, Act::AddCompanyContact, named);
    world.ok(B, Transition::SelectCandidate);
    let kinds = |world: &World, role| asked_of(world.path(), role).iter().map(|asked| asked.kind).collect::<Vec<_>>();
    assert_eq!(kinds(&world, OutsideRole::Company), [RequestKind::ConfirmCandidate]);
    assert_eq!(kinds(&world, CompanyFunction::Signatory.outside()), [], "a signatory commits the company, no more");
    let signatory = world.outside(OutsideRole::Signatory).expect("a signatory");
    let declined = json!({"request": "confirm_candidate", "reason": "Profil éloigné."});
    let refused = world.play_as(&signatory, Some(0), Act::DeclineRequest, declined.clone());
    assert_eq!(refused, Err(Refusal::NotAsked { request: RequestKind::ConfirmCandidate }));
    world.ok(C, Act::ConfirmCandidate);
    world.ok(B, Transition::WithdrawCandidate);
    assert_eq!(candidate(&world), None);
    world.ok(B, Transition::SelectCandidate);
    assert_eq!(candidate(&world), Some(2), "somebody else");
    world.ok_with(C, Act::DeclineRequest, declined);
    world.ok(B, Act::WritePif);
    assert_eq!(candidate(&world), None, "the programme names the candidate");
}

#[test]
fn a_yes_by_telephone_counts_and_says_so() {
    let mut world = World::at(State::CandidateSelected);
    world.ok_with(B, Act::RecordAnswerOnBehalf, json!({"request": "confirm_candidate"}));
    assert!(matches!(world.last("agreed"), Event::Agreed { request: RequestKind::ConfirmCandidate, on_behalf: true }));
    assert_eq!(candidate(&world), None);
}

/// The addresses that the last events of a path are told to.
fn told(world: &World, before: &Path, known: usize, act: Act) -> Vec<String> {
    let events: Vec<&Event> = world.case().journal[known..].iter().map(|recorded| &recorded.event).collect();
    let coordinator = samples::account(crate::people::StaffRole::Coordinator, 1);
    let holder = &world.terms.market.lots[0].holder;
    let people = &world.case().people;
    let directory = Directory { coordinator: Some(&coordinator), holder, officers: &[], people, stand_ins: &[] };
    let author = coordinator.actor();
    let told = recipients(act.into(), &events, Some(before), world.path(), &author, &directory);
    told.addressed.into_iter().map(|to| to.email.to_string()).collect()
}

#[test]
fn a_correction_is_answered_once_and_to_who_proposed_it() {
    let mut world = World::at(State::InTraining);
    world.ok(U, Act::ProposeCorrection);
    world.ok(T, Act::ProposeCorrection);
    let pending = |world: &World| world.path().pending_proposals().map(|(number, _)| number).collect::<Vec<_>>();
    assert_eq!(pending(&world), [1, 2]);
    let (before, known) = (world.path().clone(), world.case().journal.len());
    world.ok_with(B, Act::AnswerCorrection, json!({"number": 2, "accepted": true}));
    assert_eq!(told(&world, &before, known, Act::AnswerCorrection), ["karim.benali@courriel.example"]);
    assert_eq!(pending(&world), [1]);
    let again = json!({"number": 2, "accepted": false});
    assert_eq!(world.refused(B, Act::AnswerCorrection, again).code(), "already_done");
    assert_eq!(world.refused(B, Act::AnswerCorrection, json!({"number": 3})), Refusal::NoProposal { number: 3 });
    // Who proposed it left: nobody else hears of it.
    world.ok(B, Act::ReplaceTutor);
    let (before, known) = (world.path().clone(), world.case().journal.len());
    world.ok_with(B, Act::AnswerCorrection, json!({"number": 1, "accepted": false}));
    assert_eq!(told(&world, &before, known, Act::AnswerCorrection), [""; 0]);
    assert_eq!(pending(&world), [0; 0]);
}

#[test]
fn an_opinion_is_given_once_by_each_after_the_training() {
    let mut world = World::at(State::InTraining);
    assert_eq!(world.refused(T, Act::GiveOpinion, json!({})).code(), "wrong_state");
    world.reach(State::TrainingEnded);
    for side in [C, T, U] {
        world.ok(side, Act::GiveOpinion);
        assert_eq!(world.refused(side, Act::GiveOpinion, json!({})).code(), "already_done");
    }
    assert_eq!(world.refused(B, Act::GiveOpinion, json!({})).code(), "not_your_role");
}
