//! Corners of the lifecycle where counters, money or dates could slip.

use serde_json::json;

use super::kit::{B, C, R, S, T, U, World, needs};
use crate::market::{OptionCode, Prestation};
use crate::path::command::{CompanyAnswer, Datum};
use crate::path::{Act, Event, Refusal, State, Transition};
use crate::people::{OutsideRole, StaffRole};
use crate::samples::day;

/// The place of an entry annulled in January is reserved there, although December was planned: corrections follow it.
#[test]
fn a_correction_moves_the_place_from_where_it_is_reserved() {
    let mut world = World::new();
    world.to("2026-11-02");
    world.reach(State::CandidateSelection);
    world.ok_with(B, Transition::SelectCandidate, json!({"planned_entry": "2026-12-14"}));
    assert_eq!(world.places(2026), (1, 0, 0));
    world.reach(State::ImplementationOrdered);
    world.to("2027-01-05");
    world.ok(B, Transition::EnterTraining);
    assert_eq!((world.places(2026), world.places(2027)), ((0, 0, 0), (0, 1, 0)));
    world.ok(R, Transition::AnnulEntry);
    assert_eq!((world.places(2026), world.places(2027)), ((0, 0, 0), (1, 0, 0)));
    let correction = json!({"datum": "planned_entry", "value": "2027-02-01", "reason": "Nouvelle date."});
    world.ok_with(B, Act::CorrectDatum, correction);
    assert_eq!((world.places(2026), world.places(2027)), ((0, 0, 0), (1, 0, 0)));
    world.ok(R, Transition::Cancel);
    assert_eq!((world.places(2026), world.places(2027)), ((0, 0, 0), (0, 0, 1)));
}

#[test]
fn the_planned_entry_of_a_cancelled_path_moves_no_place() {
    let mut world = World::at(State::CandidateSelected);
    world.ok(R, Transition::Cancel);
    let correction = json!({"datum": "planned_entry", "value": "2027-02-01", "reason": "Erreur."});
    let refusal = world.refused(B, Act::CorrectDatum, correction);
    assert_eq!(refusal, Refusal::NothingToCorrect { datum: Datum::PlannedEntry });
    assert_eq!(world.places(2026), (0, 0, 1));
}

#[test]
fn a_formal_notice_answered_by_a_report_closes_nothing_later() {
    let mut world = World::at(State::TrainingEnded);
    world.ok(R, Act::SendFormalNotice);
    world.later(3);
    world.reach(State::ReportDelivered);
    world.ok(R, Act::AskObservations);
    world.ok(B, Act::GiveObservations);
    world.ok(R, Transition::RejectReport);
    world.later(30);
    let refusal = world.refused(R, Transition::CloseWithoutReport, json!({}));
    assert_eq!(needs(&refusal), ["formal_notice"]);
}

#[test]
fn a_late_mission_2_is_ordered_once_for_one_tutor() {
    let mut world = World::at(State::Ready);
    assert_eq!(world.units(OptionCode::M2), (1, 1));
    world.ok(B, Act::ReplaceTutor);
    world.ok(R, Act::OrderTutorTraining);
    assert_eq!(world.units(OptionCode::M2), (2, 2), "a late unit is served at once");
    let refusal = world.refused(R, Act::OrderTutorTraining, json!({}));
    assert_eq!(refusal, Refusal::AlreadyDone { step: Act::OrderTutorTraining.into() });
    // What the preparation makes payable counts it.
    let price = world.path().preparation.price();
    assert_eq!(world.admitted(Prestation::Preparation), price);
}

#[test]
fn a_tutor_replaced_before_being_trained_leaves_the_unit_to_the_next() {
    let mut world = World::at(State::PreparationInProgress);
    world.ok(B, Act::ReplaceTutor);
    let refusal = world.refused(R, Act::OrderTutorTraining, json!({}));
    assert_eq!(refusal, Refusal::AlreadyDone { step: Act::OrderTutorTraining.into() });
    let refusal = world.refused(B, Transition::DeliverPreparation, json!({"tutor_certificate": null}));
    assert_eq!(needs(&refusal), ["tutor_certificate"]);
}

#[test]
fn a_tutor_replaced_on_the_day_of_the_first_one_may_be_trained() {
    let mut world = World::new();
    world.reach(State::FeasibilityInProgress);
    world.ok_with(B, Act::DesignateTutor, json!({"training_proof": crate::samples::document("tuteur.pdf")}));
    world.reach(State::PreparationOrdered);
    assert_eq!(world.units(OptionCode::M2), (0, 0), "a trained tutor needs no mission 2");
    world.ok(B, Act::ReplaceTutor);
    world.ok(R, Act::OrderTutorTraining);
    assert_eq!(world.units(OptionCode::M2), (1, 0));
}

#[test]
fn a_sibling_cancelled_after_a_late_mission_2_gives_back_the_implementation_alone() {
    let mut world = World::at(State::Ready);
    world.ok(B, Transition::OpenSibling);
    assert_eq!(world.path().state, State::Ready);
    world.ok(B, Act::ReplaceTutor);
    world.ok(R, Act::OrderTutorTraining);
    assert_eq!(world.units(OptionCode::M2), (2, 2));
    world.reach(State::ImplementationOrdered);
    assert_eq!(world.units(OptionCode::N1), (1, 0));
    world.ok(R, Transition::Cancel);
    assert_eq!(world.units(OptionCode::M2), (2, 2));
    assert_eq!(world.units(OptionCode::N1), (0, 0));
}

#[test]
fn the_amount_of_a_cancellation_is_counted_once() {
    let mut world = World::at(State::Ready);
    world.ok(B, Transition::OpenSibling);
    world.ok(B, Act::ReplaceTutor);
    world.ok(R, Act::OrderTutorTraining);
    world.reach(State::ImplementationOrdered);
    let refusal = world.refused(R, Transition::Cancel, json!({"amount": 200_001}));
    assert_eq!(refusal.code(), "amount_too_high");
    world.ok_with(R, Transition::Cancel, json!({"amount": 150_000}));
    assert_eq!(world.admitted(Prestation::Implementation).get(), 150_000);
    assert_eq!(world.admitted(Prestation::Preparation).get(), 50_000, "the late mission 2");
    assert_eq!((world.units(OptionCode::M2), world.units(OptionCode::N1)), ((2, 2), (1, 1)));
}

/// The statement of October, answered by telephone in November.
#[test]
fn an_answer_on_behalf_signs_the_statement_that_was_asked() {
    let mut world = World::new();
    world.to("2026-09-01");
    world.reach(State::InTraining);
    world.ok(B, Act::SignAttendanceMonth);
    world.to("2026-10-02");
    let answer = json!({"request": "sign_attendance", "role": "trainee"});
    world.ok_with(B, Act::RecordAnswerOnBehalf, answer);
    let Event::AttendanceSigned { month, on_behalf, .. } = world.last("attendance_signed") else { unreachable!() };
    assert_eq!((*month, *on_behalf), (day("2026-09-01"), true));
}

#[test]
fn a_training_does_not_end_before_what_was_done_in_it() {
    let mut world = World::at(State::InTraining);
    let entered = world.today();
    world.log();
    let before = json!({"on": entered, "outcome": "dropped_out", "reason": "Départ.", "hours_done": 24});
    let refusal = world.refused(B, Transition::EndTraining, before);
    assert_eq!(refusal, Refusal::Before { day: entered, earliest: world.today() });

    let mut world = World::at(State::InTraining);
    let entered = world.today();
    world.later(5);
    world.ok(B, Transition::Suspend);
    let before = json!({"on": entered, "outcome": "dropped_out", "reason": "Départ.", "hours_done": 0});
    let refusal = world.refused(B, Transition::EndTraining, before);
    assert_eq!(refusal, Refusal::Before { day: entered, earliest: world.today() });
}

#[test]
fn an_entry_is_not_corrected_to_after_the_end_or_a_suspension() {
    let correction = |day| json!({"datum": "entry_date", "value": day, "reason": "Erreur."});
    let mut world = World::at(State::Suspended);
    let since = world.today();
    world.later(4);
    let day = world.today();
    let refusal = world.refused(R, Act::CorrectDatum, correction(day));
    assert_eq!(refusal, Refusal::After { day, latest: since });

    let mut world = World::at(State::InTraining);
    let ended = world.today();
    world.ok_with(B, Transition::EndTraining, json!({"outcome": "dropped_out", "reason": "Départ.", "hours_done": 0}));
    world.later(4);
    let day = world.today();
    let refusal = world.refused(R, Act::CorrectDatum, correction(day));
    assert_eq!(refusal, Refusal::After { day, latest: ended });
}

/// An amended version binds nobody until the three have signed it, and the Region has approved its level.
#[test]
fn an_unsigned_amendment_changes_neither_the_threshold_nor_the_pro_rata() {
    let mut world = World::at(State::InTraining);
    world.later(1);
    world.sequence("reflexive_phase", "08:00", "12:00");
    world.later(1);
    world.sequence("evaluation", "08:00", "09:00");
    world.ok_with(B, Act::AmendPif, json!({"afest_hours": 5, "application_hours": 0}));
    let refusal = world.refused(B, Transition::EndTraining, json!({"hours_done": 5}));
    assert_eq!(needs(&refusal), ["hours"]);
    world.ok_with(B, Transition::EndTraining, json!({"outcome": "dropped_out", "reason": "Départ.", "hours_done": 5}));
    world.reach(State::Closed);
    // 5 h of the 30 h of the version signed, at 2 000 €.
    assert_eq!(world.admitted(Prestation::Implementation).get(), 33_333);
}

#[test]
fn a_lower_level_not_approved_changes_nothing() {
    let mut world = World::at(State::CandidateSelected);
    let dates =
        json!({"starts_on": "2026-03-16", "ends_on": "2026-06-26", "afest_hours": 100, "application_hours": 60});
    world.ok_with(B, Act::WritePif, dates);
    world.reach(State::InTraining);
    assert_eq!(world.units(OptionCode::N2), (1, 0));
    world.ok_with(B, Act::AmendPif, json!({"afest_hours": 20, "application_hours": 10}));
    world.sign();
    world.log();
    let refusal = world.refused(B, Transition::EndTraining, json!({}));
    assert_eq!(needs(&refusal), ["hours"], "24 h are not 80 % of 160 h");
    world.ok(R, Act::ApproveLevel);
    assert_eq!((world.units(OptionCode::N1), world.units(OptionCode::N2)), ((1, 0), (0, 0)));
    world.ok(B, Transition::EndTraining);
    world.reach(State::Closed);
    assert_eq!(world.admitted(Prestation::Implementation).get(), 200_000);
    assert_eq!(world.units(OptionCode::N1), (1, 1));
}

#[test]
fn an_entry_is_not_dated_before_the_signatures_of_its_programme() {
    let mut world = World::at(State::ImplementationOrdered);
    let ordered = world.today();
    world.later(3);
    world.ok(B, Act::AmendPif);
    world.sign();
    let refusal = world.refused(B, Transition::EnterTraining, json!({"on": ordered}));
    assert_eq!(refusal, Refusal::Before { day: ordered, earliest: world.today() });
    world.ok(B, Transition::EnterTraining);
}

#[test]
fn an_extension_granted_late_shortens_nothing() {
    let mut world = World::at(State::FeasibilityInProgress);
    let until = world.path().feasibility.due_on.unwrap();
    world.ok_with(B, Act::ExtendPrestation, json!({"until": until}));
    world.reach(State::PreparationOrdered);
    let due = world.path().preparation.due_on;
    assert!(due > Some(until));
    let refusal = world.refused(R, Act::DecideRequest, json!({}));
    assert_eq!(needs(&refusal), ["pending_request"], "the prestation it was for has been delivered");
    assert_eq!(world.path().preparation.due_on, due);
}

#[test]
fn an_extension_moves_the_due_day_of_the_prestation_under_way() {
    let mut world = World::at(State::FeasibilityInProgress);
    let until = world.path().feasibility.due_on.unwrap() + chrono::Duration::days(20);
    world.ok_with(B, Act::ExtendPrestation, json!({"until": until}));
    world.ok(R, Act::DecideRequest);
    assert_eq!(world.path().feasibility.due_on, Some(until));
}

/// Nobody refused, accepted or chose: the rejection is dated of the day on which silence decided.
#[test]
fn a_rejection_by_silence_is_dated_at_the_end_of_the_silence() {
    let mut world = World::new();
    world.reach(State::FeasibilityAdjourned);
    // Adjourned on Monday 2 March: 12 March to accept, 27 March for the Region to choose.
    world.to("2026-03-27");
    assert_eq!(
        world.refused(S, Transition::RejectFeasibility, json!({})),
        Refusal::TooEarly { until: day("2026-03-27") }
    );
    world.to("2026-04-03");
    world.ok(S, Transition::RejectFeasibility);
    assert_eq!(world.path().since, day("2026-03-27"));
    assert_eq!(world.path().feasibility.due_on, Some(day("2026-05-04")), "thirty days from the day it is told");
}

#[test]
fn a_company_that_declined_did_not_keep_silent() {
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok(B, Act::AskConfirmation);
    world.later(2);
    world.ok(C, Act::DeclineRequest);
    world.later(20);
    let passed_over = json!({"commitment": "no_answer"});
    let refusal = world.refused(B, Transition::DeliverFeasibility, passed_over.clone());
    assert_eq!(needs(&refusal), ["commitment"]);
    // Asked anew, the company has its ten days again.
    world.ok(B, Act::AskConfirmation);
    world.later(5);
    world.refused(B, Transition::DeliverFeasibility, passed_over.clone());
    world.later(10);
    world.ok_with(B, Transition::DeliverFeasibility, passed_over);
    assert_eq!(world.path().commitment.answer, Some(CompanyAnswer::NoAnswer));
}

#[test]
fn a_replaced_trainee_tutor_or_company_opens_nothing_any_more() {
    let mut world = World::at(State::InTraining);
    for (side, role) in [(C, "company"), (U, "tutor"), (T, "trainee")] {
        let gone = world.actor(side).unwrap();
        world.ok_with(B, Act::ChangeContact, json!({"role": role, "name": "Une autre personne"}));
        let refusal = world.play_as(&gone, Some(0), Act::ProposeCorrection, json!({}));
        assert_eq!(refusal, Err(Refusal::NotFound), "{role}");
        world.ok(side, Act::ProposeCorrection);
    }
}

#[test]
fn another_telephone_leaves_the_person_and_their_links() {
    let mut world = World::at(State::InTraining);
    let person = |world: &World| world.path().tutor.as_ref().unwrap().person.id;
    let before = person(&world);
    let known = world.case().people.iter().find(|person| person.id == before).unwrap().contact.clone();
    let form = json!({"role": "tutor", "name": known.name, "email": known.email, "phone": "02 31 00 00 77"});
    world.ok_with(B, Act::ChangeContact, form.clone());
    assert_eq!(person(&world), before);
    let after = world.case().people.iter().find(|person| person.id == before).unwrap();
    assert!(after.active);
    assert_ne!(after.contact.phone, known.phone);
    assert_eq!(world.refused(B, Act::ChangeContact, form).code(), "unchanged");
}

/// Somebody who hands over to themselves, with another telephone, hands nothing over.
#[test]
fn nobody_hands_their_part_over_to_themselves() {
    let mut world = World::at(State::FeasibilityOrdered);
    let contact = |world: &World| world.path().contact.id;
    let before = contact(&world);
    let known = world.case().people.iter().find(|person| person.id == before).unwrap().contact.clone();
    let form = json!({"name": known.name, "email": known.email, "phone": "02 31 00 00 77"});
    assert_eq!(world.refused(C, Act::HandOverContact, form), Refusal::Unchanged);
    assert_eq!(contact(&world), before);
    world.ok(C, Act::HandOverContact);
    assert_ne!(contact(&world), before);
}

/// What was never done is not said to be done: each refusal says what holds.
#[test]
fn refusals_say_what_holds_rather_than_already_done() {
    let mut world = World::at(State::Ready);
    world.ok(B, Transition::OpenSibling);
    assert_eq!(world.refused(R, Transition::AdmitPreparation, json!({})).code(), "wrong_state");
    world.current = 0;
    let done = Refusal::AlreadyDone { step: Transition::AdmitPreparation.into() };
    assert_eq!(world.refused(R, Transition::AdmitPreparation, json!({})), done);

    let answered = |accepted| Refusal::AdjournmentAnswered { accepted, on: day("2026-03-02") };
    for (first, other, accepted) in [
        (Act::AcceptAdjournment, Act::RefuseAdjournment, true),
        (Act::RefuseAdjournment, Act::AcceptAdjournment, false),
    ] {
        let mut world = World::at(State::PreparationAdjourned);
        world.ok(B, first);
        assert_eq!(world.refused(B, other, json!({})), answered(accepted));
        assert_eq!(world.refused(B, first, json!({})), Refusal::AlreadyDone { step: first.into() });
    }

    let mut world = World::new();
    world.reach(State::FeasibilityInProgress);
    world.ok_with(B, Act::DesignateTutor, json!({"training_proof": crate::samples::document("tuteur.pdf")}));
    world.reach(State::PreparationOrdered);
    assert_eq!(world.refused(R, Act::OrderTutorTraining, json!({})), Refusal::TutorTrained);

    let mut world = World::new();
    world.reach(State::FeasibilityInProgress);
    let letter = json!({"commitment": "letter", "letter": crate::samples::document("lettre.pdf")});
    world.ok_with(B, Transition::DeliverFeasibility, letter);
    world.ok(R, Transition::AdjournFeasibility);
    let given = Refusal::LetterGiven { request: crate::path::command::RequestKind::ConfirmCommitment };
    assert_eq!(world.refused(B, Act::AskConfirmation, json!({})), given);

    let mut world = World::at(State::ImplementationOrdered);
    assert_eq!(world.refused(R, Act::ApproveLevel, json!({})), Refusal::NoLevelToApprove);
    let mut world = World::at(State::CandidateSelection);
    assert_eq!(world.refused(B, Transition::WithdrawCandidate, json!({})), Refusal::NoCandidate);
}

/// A refusal by telephone makes the same fact as one by the link, marked, and the request still stands.
#[test]
fn a_refusal_is_recorded_on_behalf() {
    let mut world = World::at(State::FeasibilityInProgress);
    let refusal = json!({"declined": "La décision revient au siège."});
    assert_eq!(world.refused(B, Act::RecordAnswerOnBehalf, refusal.clone()).code(), "not_asked");
    world.ok(B, Act::AskConfirmation);
    let kinds = world.ok_with(B, Act::RecordAnswerOnBehalf, refusal);
    assert_eq!(kinds, ["answer_recorded_on_behalf", "request_declined"]);
    let Event::RequestDeclined { role, reason, on_behalf, .. } = world.last("request_declined") else { unreachable!() };
    assert_eq!((*role, reason.as_str(), *on_behalf), (OutsideRole::Company, "La décision revient au siège.", true));
    assert_eq!(world.path().commitment.answer, None);
    assert_eq!(world.path().commitment.declined, Some(world.today()));
    assert_eq!(world.refused(C, Act::RecordAnswerOnBehalf, json!({})).code(), "not_your_role");
}

/// The body says that a programme still fits: itself, or by the coordinator whom the Region names.
#[test]
fn the_region_opens_a_sibling_on_the_word_of_the_body() {
    let mut world = World::at(State::Ready);
    assert_eq!(needs(&world.refused(R, Transition::OpenSibling, json!({}))), ["fit_said_by_body"]);
    let said_by = |lot| json!({"said_by": crate::samples::account(StaffRole::Coordinator, lot).email});
    assert_eq!(needs(&world.refused(R, Transition::OpenSibling, said_by(2))), ["fit_said_by_body"]);
    world.ok_with(R, Transition::OpenSibling, said_by(1));
    let Event::SiblingOpened { fit_said_by, .. } = world.last("sibling_opened") else { unreachable!() };
    assert_eq!(*fit_said_by, Some(crate::samples::account(StaffRole::Coordinator, 1).id));
    world.current = 0;
    world.ok(B, Transition::OpenSibling);
    let Event::SiblingOpened { fit_said_by, .. } = world.last("sibling_opened") else { unreachable!() };
    assert_eq!(*fit_said_by, Some(crate::samples::account(StaffRole::Coordinator, 1).id));
}
