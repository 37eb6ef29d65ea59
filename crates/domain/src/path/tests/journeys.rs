//! Whole journeys, told as the people of the field would tell them.

use chrono::Duration;
use serde_json::json;

use super::kit::{B, C, R, S, T, U, World, needs};
use crate::market::{OptionCode, Prestation};
use crate::path::command::{CompanyAnswer, Outcome, RequestKind};
use crate::path::record::PrestationFile;
use crate::path::{Act, Event, Refusal, State, Step, Transition, requests};
use crate::people::{OutsideRole, RecipientRole, Side, StaffRole};
use crate::places::Policy;
use crate::samples::{self, day};

/// The three prestations, the place and the units, from the need to the closing.
#[test]
fn a_need_becomes_a_path_that_is_closed() {
    let mut world = World::new();
    assert_eq!(world.ok(B, Transition::ReportNeed), ["need_reported"]);
    assert_eq!(world.path().reference.to_string(), "FEST-1-2026-0001");

    world.ok(R, Transition::OrderFeasibility);
    assert_eq!(world.units(OptionCode::P1), (1, 0));
    world.ok(B, Transition::StartFeasibility);
    world.later(9);
    world.ok(C, Act::DesignateTutor);
    world.ok(B, Act::AskConfirmation);
    world.ok(C, Act::ConfirmCommitment);
    world.ok(B, Transition::DeliverFeasibility);
    world.later(6);
    world.ok(R, Transition::AdmitFeasibility);
    world.assert_state(State::Feasible);
    assert_eq!(world.units(OptionCode::P1), (1, 1));
    assert_eq!(world.admitted(Prestation::Feasibility).get(), 60_000);

    world.ok(R, Transition::OrderPreparation);
    assert_eq!((world.units(OptionCode::M1), world.units(OptionCode::M2)), ((1, 0), (1, 0)));
    world.later(2);
    world.ok(B, Transition::StartPreparation);
    world.later(20);
    world.ok(B, Transition::DeliverPreparation);
    assert!(world.path().tutor.as_ref().unwrap().trained);
    world.ok(R, Transition::AdmitPreparation);
    world.assert_state(State::Ready);
    assert_eq!(world.admitted(Prestation::Preparation).get(), 140_000);

    world.ok(B, Transition::OpenSelection);
    world.ok(B, Act::RecordUnsuccessfulCandidate);
    world.ok(B, Transition::SelectCandidate);
    assert_eq!(world.places(2026), (1, 0, 0));
    world.ok(B, Act::WritePif);
    assert_eq!(world.ok(B, Transition::SignPif), ["pif_signed"]);
    world.ok(C, Transition::SignPif);
    world.assert_state(State::CandidateSelected);
    world.ok(T, Transition::SignPif);
    world.assert_state(State::PifSigned);
    world.ok(R, Transition::OrderImplementation);
    world.later(14);
    world.ok_with(B, Transition::EnterTraining, json!({"safir": null, "remu": null}));
    assert_eq!(world.places(2026), (0, 1, 0));
    world.ok(B, Act::RecordRegistration);
    world.log();
    for number in 1..=3 {
        world.ok_with(T, Act::SignSequence, json!({"number": number}));
    }
    for side in [B, T, U] {
        world.ok(side, Act::SignAttendanceMonth);
    }
    world.ok(B, Transition::EndTraining);
    world.ok(B, Act::AskConfirmation);
    world.ok(C, Act::ConfirmReport);
    world.ok(B, Transition::DeliverReport);
    world.ok(R, Transition::AdmitReport);
    world.assert_state(State::Closed);
    assert_eq!(world.admitted(Prestation::Implementation).get(), 200_000);
    assert_eq!(world.units(OptionCode::N1), (1, 1));
    assert_eq!(world.places(2026), (0, 1, 0), "a place stays consumed whatever the outcome");
    world.later(180);
    world.ok(B, Act::RecordFollowUp);
}

/// A negative study is a good deliverable: payable, and it uses no place.
#[test]
fn a_negative_study_is_paid_and_ends_the_path() {
    let mut world = World::at(State::NotFeasible);
    assert_eq!(world.admitted(Prestation::Feasibility).get(), 60_000);
    assert_eq!(world.units(OptionCode::P1), (1, 1));
    assert_eq!(world.places(2026), (0, 0, 0));
    assert_eq!(world.refused(R, Transition::OrderPreparation, json!({})).code(), "wrong_state");
}

#[test]
fn a_study_with_conditions_waits_for_each_to_be_met_or_waived() {
    let mut world = World::at(State::FeasibilityInProgress);
    let verdict = json!({"verdict": "feasible_with_conditions", "commitment": "letter", "letter": samples::document("lettre.pdf")});
    assert_eq!(needs(&world.refused(B, Transition::DeliverFeasibility, verdict.clone())), ["conditions"]);
    let mut form = verdict;
    form["conditions"] = json!("2026-04-01 Aménager le poste\n2026-04-15 Former un second tuteur");
    world.ok_with(B, Transition::DeliverFeasibility, form);
    world.ok(R, Transition::AdmitFeasibility);
    let refusal = world.refused(R, Transition::OrderPreparation, json!({}));
    assert_eq!(needs(&refusal), ["condition", "condition"]);
    world.ok(B, Act::SettleCondition);
    assert_eq!(world.refused(B, Act::SettleCondition, json!({"number": 2, "waived": true})).code(), "not_your_role");
    world.ok_with(R, Act::SettleCondition, json!({"number": 2, "waived": true}));
    assert_eq!(world.refused(R, Act::SettleCondition, json!({"number": 2})).code(), "already_done");
    world.ok(R, Transition::OrderPreparation);
}

/// Adjourned, accepted, delivered again, and reduced after observations.
#[test]
fn an_adjourned_preparation_is_delivered_again_and_reduced() {
    let mut world = World::at(State::PreparationAdjourned);
    world.later(4);
    world.ok(B, Act::AcceptAdjournment);
    world.later(15);
    assert_eq!(world.refused(R, Transition::RejectPreparation, json!({})).code(), "too_early");
    world.ok(B, Transition::DeliverPreparation);
    let reduction = json!({"reduction": 20_000, "reasons": "Analyse du travail succincte."});
    let refusal = world.refused(R, Transition::AdmitPreparation, reduction.clone());
    assert_eq!(needs(&refusal), ["observations"]);
    world.ok(R, Act::AskObservations);
    assert_eq!(needs(&world.refused(R, Transition::AdmitPreparation, reduction.clone())), ["observations"]);
    world.later(2);
    world.ok(B, Act::GiveObservations);
    let silent = json!({"reduction": 20_000});
    assert_eq!(needs(&world.refused(R, Transition::AdmitPreparation, silent)), ["reasons"]);
    world.ok_with(R, Transition::AdmitPreparation, reduction);
    world.assert_state(State::Ready);
    assert_eq!(world.admitted(Prestation::Preparation).get(), 120_000);
}

/// Fifteen days from Monday 29 June 2026 end on Bastille Day: silence admits at the end of the 15th.
#[test]
fn silence_admits_over_a_14th_of_july_even_if_no_clock_ran() {
    let mut world = World::new();
    world.to("2026-06-29");
    world.reach(State::FeasibilityDelivered);
    world.to("2026-07-15");
    assert_eq!(
        world.refused(S, Transition::AdmitFeasibility, json!({})),
        Refusal::TooEarly { until: day("2026-07-15") }
    );
    world.to("2026-07-20");
    let decided = Refusal::SilenceAdmitted { prestation: Prestation::Feasibility, on: day("2026-07-15") };
    assert_eq!(world.refused(R, Transition::AdjournFeasibility, json!({})), decided);
    assert_eq!(world.refused(R, Transition::AdmitFeasibility, json!({})), decided);
    assert_eq!(world.refused(R, Act::AskObservations, json!({})), decided);
    world.ok(S, Transition::AdmitFeasibility);
    world.assert_state(State::Feasible);
    assert_eq!(world.path().since, day("2026-07-15"), "the effect is dated at expiry");
    let Event::Admitted { tacit, .. } = world.last("admitted") else { unreachable!() };
    assert!(tacit);
}

/// The terms of the order rule the verification, even if the market was amended since: no step moves a prestation to other
/// terms, and the next one is ordered under them.
#[test]
fn l19_the_terms_of_the_order_stay_those_of_its_verification() {
    let mut world = World::at(State::FeasibilityInProgress);
    let ordered = world.terms.version;
    world.earlier = vec![world.terms.clone()];
    world.terms.version.0 += 1;
    for ccag in world.terms.market.ccag.values_mut() {
        ccag.verification = crate::calendar::Span::Months(2);
    }
    world.reach(State::FeasibilityDelivered);
    assert_eq!(world.path().feasibility.delivered.as_ref().unwrap().verify_until, day("2026-03-17"));
    world.reach(State::PreparationDelivered);
    assert_eq!(world.path().preparation.delivered.as_ref().unwrap().verify_until, day("2026-05-04"));
    world.reach(State::Closed);
    let terms = |file: &PrestationFile| file.ordered.as_ref().unwrap().terms;
    let path = world.path();
    assert_eq!(terms(&path.feasibility), ordered);
    assert_eq!([&path.preparation, &path.implementation].map(terms), [world.terms.version; 2]);
}

#[test]
fn a_withdrawal_frees_the_place_and_the_unit_for_the_next_candidate() {
    let mut world = World::with(&[1, 1, 1, 1, 0, 0], 1, Policy::Block);
    world.reach(State::ImplementationOrdered);
    assert_eq!((world.places(2026), world.units(OptionCode::N1)), ((1, 0, 0), (1, 0)));
    world.ok(T, Transition::WithdrawCandidate);
    world.assert_state(State::CandidateSelection);
    assert_eq!((world.places(2026), world.units(OptionCode::N1)), ((0, 0, 1), (0, 0)));
    world.ok_with(
        B,
        Transition::SelectCandidate,
        json!({"name": "Nadia Roche", "email": "nadia.roche@courriel.example"}),
    );
    world.reach(State::InTraining);
    assert_eq!((world.places(2026), world.units(OptionCode::N1)), ((0, 1, 1), (1, 0)));
}

/// 12 h of the 30 h of the programme, at 2 000 €: 800 €.
#[test]
fn an_early_exit_for_a_job_is_paid_pro_rata_of_the_proven_hours() {
    let mut world = World::at(State::InTraining);
    for kind in ["work_situation", "reflexive_phase"] {
        world.later(1);
        world.sequence(kind, "09:00", "15:00");
    }
    let exit = |hours| json!({"outcome": "early_exit_for_job", "reason": "Embauche en CDI.", "hours_done": hours});
    assert_eq!(needs(&world.refused(B, Transition::EndTraining, exit(13))), ["hours"], "hours not proven");
    world.ok_with(B, Transition::EndTraining, exit(12));
    let ended = world.path().training.as_ref().unwrap().ended.clone().unwrap();
    assert_eq!((ended.outcome, ended.hours_done), (Outcome::EarlyExitForJob, 12));
    world.reach(State::Closed);
    assert_eq!(world.admitted(Prestation::Implementation).get(), 80_000);
}

/// One study and one programme serve a second trainee of the company.
#[test]
fn a_sibling_draws_the_implementation_alone() {
    let mut world = World::at(State::InTraining);
    let source = world.path().id;
    world.ok(B, Transition::OpenSibling);
    world.assert_state(State::Ready);
    assert_eq!(world.path().source.as_ref().map(|(id, _)| *id), Some(source));
    let people: Vec<_> = world.case().people.iter().map(|person| (person.role, person.contact.name.clone())).collect();
    assert_eq!(people.len(), 2);
    assert!(people.iter().all(|(_, name)| ["Anne Lemoine", "Sophie Caron"].contains(&name.as_str())));
    world.reach(State::Closed);
    assert_eq!(
        (world.units(OptionCode::P1), world.units(OptionCode::M1), world.units(OptionCode::N1)),
        ((1, 1), (1, 1), (2, 1))
    );
    assert_eq!(world.places(2026), (0, 2, 0));
    // A sibling may itself be the source of another.
    world.ok_with(B, Transition::OpenSibling, json!({"source": "FEST-1-2026-0001", "job": "Pâtissier"}));
    assert_eq!(world.path().job.title, "Pâtissier");
}

#[test]
fn a_no_show_is_annulled_and_the_place_is_reserved_again() {
    let mut world = World::at(State::InTraining);
    world.later(1);
    world.ok(R, Transition::AnnulEntry);
    world.assert_state(State::ImplementationOrdered);
    assert_eq!(world.places(2026), (1, 0, 0));
    world.later(3);
    world.ok(B, Transition::EnterTraining);
    assert_eq!(world.places(2026), (0, 1, 0));
    world.log();
    assert_eq!(world.refused(R, Transition::AnnulEntry, json!({})), Refusal::HoursProven);
}

#[test]
fn a_silent_body_is_closed_without_report_after_formal_notice() {
    let mut world = World::at(State::TrainingEnded);
    world.later(20);
    world.ok(R, Act::SendFormalNotice);
    world.later(15);
    assert_eq!(needs(&world.refused(R, Transition::CloseWithoutReport, json!({}))), ["formal_notice"]);
    world.later(1);
    let refusal = world.refused(R, Transition::CloseWithoutReport, json!({"amount": 200_001}));
    assert_eq!(refusal.code(), "amount_too_high");
    world.ok_with(R, Transition::CloseWithoutReport, json!({"amount": 50_000}));
    world.assert_state(State::Closed);
    assert_eq!(world.admitted(Prestation::Implementation).get(), 50_000);
    assert_eq!(world.units(OptionCode::N1), (1, 1));
}

#[test]
fn an_adjournment_refused_is_rejected_by_the_silence_of_the_region() {
    let mut world = World::at(State::ReportAdjourned);
    world.ok_with(B, Act::RefuseAdjournment, json!({"reason": "Le bilan est complet."}));
    assert_eq!(world.refused(B, Act::AcceptAdjournment, json!({})).code(), "adjournment_answered");
    // Refused on Thursday 5 March: the Region chooses until Friday the 20th.
    assert_eq!(needs(&world.refused(R, Transition::RejectReport, json!({}))), ["observations"]);
    world.to("2026-03-23");
    assert_eq!(
        world.refused(R, Transition::AdmitReport, json!({"reduction": 1_000, "reasons": "Tard."})).code(),
        "too_late"
    );
    assert_eq!(world.refused(B, Transition::DeliverReport, json!({})).code(), "too_late");
    world.ok(S, Transition::RejectReport);
    world.assert_state(State::TrainingEnded);
    let Event::Rejected { by_silence, .. } = world.last("rejected") else { unreachable!() };
    assert!(by_silence);
    assert_eq!(world.units(OptionCode::N1), (1, 0), "redone at the body's cost, with the same unit");
    world.reach(State::Closed);
}

#[test]
fn an_adjournment_refused_may_be_reduced_or_rejected_by_the_region() {
    let refuse = || {
        let mut world = World::at(State::FeasibilityAdjourned);
        world.ok(R, Act::AskObservations);
        world.ok(B, Act::GiveObservations);
        world.ok(B, Act::RefuseAdjournment);
        world
    };
    let mut world = refuse();
    assert_eq!(needs(&world.refused(R, Transition::AdmitFeasibility, json!({}))), ["reduction"]);
    world.ok_with(R, Transition::AdmitFeasibility, json!({"reduction": 10_000, "reasons": "Incomplet."}));
    assert_eq!(world.admitted(Prestation::Feasibility).get(), 50_000);
    let mut world = refuse();
    world.ok(R, Transition::RejectFeasibility);
    world.assert_state(State::FeasibilityInProgress);
    assert_eq!(world.path().feasibility.rejections, 1);
    world.reach(State::Feasible);
    assert_eq!(world.units(OptionCode::P1), (1, 1), "the same unit");
}

/// 30 h become 170 h: the Region approves the level, and the draw is amended.
#[test]
fn an_amended_programme_that_crosses_a_level_is_approved_and_signed_again() {
    let mut world = World::at(State::ImplementationOrdered);
    assert_eq!((world.units(OptionCode::N1), world.units(OptionCode::N2)), ((1, 0), (0, 0)));
    let longer = json!({"afest_hours": 100, "application_hours": 70, "ends_on": "2026-06-26"});
    world.ok_with(B, Act::AmendPif, longer);
    let refusal = world.refused(B, Transition::EnterTraining, json!({}));
    assert_eq!(needs(&refusal), ["signature", "signature", "signature", "level_approval"]);
    assert_eq!(world.refused(T, Transition::SignPif, json!({"version": 1})), Refusal::OtherVersion { current: 2 });
    world.sign();
    assert_eq!(needs(&world.refused(B, Transition::EnterTraining, json!({}))), ["level_approval"]);
    world.ok(R, Act::ApproveLevel);
    assert_eq!((world.units(OptionCode::N1), world.units(OptionCode::N2)), ((0, 0), (1, 0)));
    world.assert_state(State::ImplementationOrdered);
    world.ok(B, Transition::EnterTraining);
}

#[test]
fn a_training_is_suspended_and_resumed() {
    let mut world = World::at(State::InTraining);
    world.later(2);
    world.ok(R, Transition::Suspend);
    assert_eq!(world.refused(U, Act::RecordSequence, json!({})).code(), "wrong_state");
    world.later(10);
    assert_eq!(world.refused(B, Transition::Resume, json!({"on": "2026-03-01"})).code(), "before");
    world.ok(B, Transition::Resume);
    // Nothing was done on a day of the suspension; the day of the return counts again.
    let since = world.today() - Duration::days(10);
    let on = |day: crate::Day| json!({"from": format!("{day} 08:30"), "until": format!("{day} 10:30")});
    let refused = world.refused(U, Act::RecordSequence, on(since + Duration::days(3)));
    assert_eq!(refused, Refusal::Suspended { since, until: Some(world.today()) });
    assert_eq!(world.refused(B, Transition::Suspend, json!({"on": since.to_string()})).code(), "before");
    world.ok_with(U, Act::RecordSequence, on(world.today()));
    world.reach(State::Closed);
}

/// The tutor changes during the training: a mission 2 is ordered then.
#[test]
fn a_tutor_is_trained_late() {
    let mut world = World::at(State::InTraining);
    world.ok(C, Act::ReplaceTutor);
    assert!(!world.path().tutor.as_ref().unwrap().trained);
    world.ok(R, Act::OrderTutorTraining);
    assert_eq!(world.units(OptionCode::M2), (2, 2));
    // The first tutor was designated before the entry, as the law asks.
    world.reach(State::Closed);
}

#[test]
fn l7_a_company_without_a_mailbox_answers_through_the_coordinator() {
    let mut world = World::new();
    world.ok_with(B, Transition::ReportNeed, json!({"contact_email": null}));
    world.reach(State::FeasibilityInProgress);
    let answer = json!({"request": "confirm_commitment", "role": "company"});
    assert_eq!(world.refused(B, Act::RecordAnswerOnBehalf, answer.clone()).code(), "not_asked");
    world.ok(B, Act::AskConfirmation);
    assert_eq!(
        world.ok_with(B, Act::RecordAnswerOnBehalf, answer),
        ["answer_recorded_on_behalf", "commitment_confirmed"]
    );
    assert_eq!(world.path().commitment.answer, Some(CompanyAnswer::Confirmed));
    world.reach(State::CandidateSelected);
    world.ok(B, Act::WritePif);
    let wrong = json!({"request": "sign_pif", "role": "tutor"});
    assert_eq!(world.refused(B, Act::RecordAnswerOnBehalf, wrong).code(), "not_asked");
    for role in ["company", "trainee"] {
        world.ok_with(B, Act::RecordAnswerOnBehalf, json!({"request": "sign_pif", "role": role, "channel": "paper"}));
    }
    world.ok(B, Transition::SignPif);
    world.assert_state(State::PifSigned);
    let on_behalf: Vec<bool> =
        world.path().pif.as_ref().unwrap().signatures.iter().map(|signature| signature.on_behalf).collect();
    assert_eq!(on_behalf, [true, true, false]);
    world.reach(State::InTraining);
    world.log();
    let all = json!({"request": "sign_sequences", "role": "trainee"});
    assert_eq!(world.ok_with(B, Act::RecordAnswerOnBehalf, all).len(), 4);
}

#[test]
fn a_corrected_entry_moves_the_place_to_its_year() {
    let mut world = World::new();
    world.to("2026-12-28");
    world.reach(State::ImplementationOrdered);
    let planned = |value: &str| json!({"datum": "planned_entry", "value": value, "reason": "Nouvelle date."});
    assert_eq!((world.places(2026), world.places(2027)), ((0, 0, 0), (1, 0, 0)), "planned for the 11th of January");
    world.ok_with(B, Act::CorrectDatum, planned("2026-12-30"));
    assert_eq!((world.places(2026), world.places(2027)), ((1, 0, 0), (0, 0, 0)));
    world.to("2027-01-05");
    world.ok(B, Transition::EnterTraining);
    assert_eq!((world.places(2026), world.places(2027)), ((0, 0, 0), (0, 1, 0)));
    let entry = json!({"datum": "entry_date", "value": "2026-12-30", "reason": "Entrée déclarée tard."});
    world.ok_with(R, Act::CorrectDatum, entry);
    assert_eq!((world.places(2026), world.places(2027)), ((0, 1, 0), (0, 0, 0)));
    assert_eq!(world.path().training.as_ref().unwrap().entered_on, day("2026-12-30"));
}

#[test]
fn a_path_cancelled_after_work_began_is_paid_up_to_its_unit() {
    let mut world = World::at(State::PreparationInProgress);
    assert_eq!(world.refused(B, Transition::Cancel, json!({})), Refusal::RegionOnly);
    assert_eq!(needs(&world.refused(R, Transition::Cancel, json!({"amount": null}))), ["amount"]);
    assert_eq!(world.refused(R, Transition::Cancel, json!({"amount": 140_001})).code(), "amount_too_high");
    world.ok_with(R, Transition::Cancel, json!({"amount": 70_000}));
    assert_eq!(world.admitted(Prestation::Preparation).get(), 70_000);
    assert_eq!((world.units(OptionCode::M1), world.units(OptionCode::M2)), ((1, 1), (1, 1)));

    let mut world = World::at(State::PreparationInProgress);
    world.ok(R, Transition::Cancel);
    assert_eq!((world.units(OptionCode::M1), world.units(OptionCode::M2)), ((0, 0), (0, 0)), "the units go back");
    assert_eq!(world.units(OptionCode::P1), (1, 1), "the study was served");

    let mut world = World::at(State::NeedReported);
    world.ok_with(B, Transition::Cancel, json!({"amount": null}));
    world.assert_state(State::Cancelled);
}

/// What is not yours does not exist; what is yours to see is not always yours to do.
#[test]
fn each_one_sees_and_does_their_own() {
    let mut world = World::at(State::ReportDelivered);
    let rank = Some(0);
    let add_note = Step::from(Act::AddNote);
    let other = samples::account(StaffRole::Coordinator, 2).actor();
    assert_eq!(world.play_as(&other, rank, add_note, json!({})), Err(Refusal::NotFound));
    for role in [StaffRole::RegionViewer, StaffRole::RegionFinance, StaffRole::Auditor, StaffRole::Administrator] {
        let actor = samples::account(role, 1).actor();
        let reads_only = matches!(role, StaffRole::RegionViewer | StaffRole::Auditor);
        let refused = Refusal::NotYourRole { step: add_note, reads_only };
        assert_eq!(world.play_as(&actor, rank, add_note, json!({})), Err(refused));
    }
    // A company reaches its own path by its link, and no other of the same company.
    let company = world.actor(C).unwrap();
    world.ok(B, Transition::OpenSibling);
    assert_eq!(world.play_as(&company, Some(1), Act::ProposeCorrection, json!({})), Err(Refusal::NotFound));
    assert!(world.play_as(&company, Some(0), Act::ProposeCorrection, json!({})).is_ok());
    // A tutor's link does not make a trainee.
    let crate::people::Actor::Outside { person, path, .. } = world.actor(Side::Tutor).unwrap() else { unreachable!() };
    let pretender = crate::people::Actor::Outside { person, role: OutsideRole::Trainee, path };
    assert_eq!(world.play_as(&pretender, Some(0), Act::SignSequence, json!({})), Err(Refusal::NotFound));
}

/// Whatever roles and delegations they hold, who delivered does not decide.
#[test]
fn the_person_who_delivered_never_decides() {
    let mut officer = samples::account(StaffRole::RegionOfficer, 1);
    officer.id = samples::account(StaffRole::Coordinator, 1).id;
    let officer = officer.actor();
    for (state, steps) in [
        (
            State::FeasibilityDelivered,
            [Transition::AdmitFeasibility, Transition::AdjournFeasibility, Transition::RejectFeasibility],
        ),
        (
            State::PreparationDelivered,
            [Transition::AdmitPreparation, Transition::AdjournPreparation, Transition::RejectPreparation],
        ),
        (State::ReportDelivered, [Transition::AdmitReport, Transition::AdjournReport, Transition::RejectReport]),
    ] {
        let mut world = World::at(state);
        for step in steps {
            assert_eq!(world.play_as(&officer, Some(0), step, json!({})), Err(Refusal::SamePerson), "{step}");
        }
        assert_eq!(world.play_as(&officer, Some(0), Act::AskObservations, json!({})), Err(Refusal::SamePerson));
    }
}

/// « Ce n’était pas moi » (L2): heard from whoever answered, and taken back only when the body or the Region asks again.
#[test]
fn a_contested_answer_stands_until_it_is_asked_again() {
    let commitment = json!({"request": "confirm_commitment", "facts": "Je n’ai pas ouvert ce courriel."});
    let again = json!({"request": "confirm_commitment", "reason": "Réponse contestée."});
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok(B, Act::AskConfirmation);
    assert_eq!(world.refused(C, Act::ContestAnswer, commitment.clone()).code(), "not_answered");
    world.ok(C, Act::ConfirmCommitment);
    let request = RequestKind::SignPif;
    let other = json!({"request": "sign_pif", "facts": "Ce n’était pas moi."});
    assert_eq!(world.refused(C, Act::ContestAnswer, other), Refusal::NotAnswered { request });
    world.ok_with(C, Act::ContestAnswer, commitment.clone());
    assert_eq!(world.path().commitment.answer, Some(CompanyAnswer::Confirmed), "it stands until somebody looks");
    let twice = Refusal::AlreadyDone { step: Act::ContestAnswer.into() };
    assert_eq!(world.refused(C, Act::ContestAnswer, commitment.clone()), twice, "it is noted already");
    let version = asked(&world, RecipientRole::Company).map(|asked| asked.version);
    assert_eq!(version, None);
    world.ok_with(B, Act::AskAgain, again.clone());
    assert_eq!(world.path().commitment.answer, None);
    assert_eq!(
        asked(&world, RecipientRole::Company).map(|asked| asked.version),
        Some(2),
        "an earlier link confirms nothing"
    );
    assert_eq!(world.refused(B, Act::AskAgain, again.clone()).code(), "not_asked_again");
    world.ok(C, Act::ConfirmCommitment);
    world.ok_with(C, Act::ContestAnswer, commitment);

    // The Region asks again as well; the study once admitted, its commitment is settled.
    world.ok_with(R, Act::AskAgain, again.clone());
    world.ok(C, Act::ConfirmCommitment);
    let mut world = World::at(State::Feasible);
    assert_eq!(world.refused(B, Act::AskAgain, again).code(), "not_asked_again");
}

#[test]
fn a_contested_signature_makes_a_version_that_nobody_signed() {
    let mut world = World::at(State::ImplementationOrdered);
    let version = world.path().pif.as_ref().unwrap().version;
    world.ok_with(T, Act::ContestAnswer, json!({"request": "sign_pif", "facts": "J’étais absente ce jour-là."}));
    assert!(world.path().pif.as_ref().unwrap().complete());
    world.ok_with(B, Act::AskAgain, json!({"request": "sign_pif", "reason": "Signature contestée."}));
    let pif = world.path().pif.as_ref().unwrap().clone();
    assert_eq!((pif.version, pif.signatures.len()), (version + 1, 0));
    assert!(matches!(world.refused(B, Transition::EnterTraining, json!({})), Refusal::Missing { .. }), "invariant 2");
    for side in [B, C, T] {
        world.ok_with(side, Transition::SignPif, json!({"version": version + 1}));
    }
    world.ok(B, Transition::EnterTraining);
    // A sequence is corrected, not asked again.
    let mut world = World::at(State::InTraining);
    world.ok(B, Act::RecordSequence);
    world.ok(T, Act::SignSequence);
    let absent = json!({"request": "sign_sequences", "facts": "Je n’y étais pas."});
    world.ok_with(T, Act::ContestAnswer, absent.clone());
    assert_eq!(world.refused(T, Act::ContestAnswer, absent).code(), "already_done");
    let request = RequestKind::SignSequences;
    let refused = world.refused(B, Act::AskAgain, json!({"request": "sign_sequences", "reason": "Contestée."}));
    assert_eq!(refused, Refusal::NotAskedAgain { request });
}

fn asked(world: &World, role: RecipientRole) -> Option<requests::Asked> {
    requests::asked(world.path(), role).into_iter().next()
}

/// Who stood in for somebody and in whose name it was: neither decides, in their own name or in the other's.
#[test]
fn nor_does_in_whose_name_they_delivered() {
    let (coordinator, officer) =
        (samples::account(StaffRole::Coordinator, 1), samples::account(StaffRole::RegionOfficer, 1));
    let in_the_name_of = |account: &crate::people::Account, name: crate::identifiers::AccountId| {
        let mut actor = account.actor();
        if let crate::people::Actor::Staff { on_behalf_of, .. } = &mut actor {
            *on_behalf_of = Some(crate::people::Principal { account: name, name: "Absence".to_owned() });
        }
        actor
    };
    let admit = |world: &mut World, actor: &crate::people::Actor| {
        world.play_as(actor, Some(0), Transition::AdmitFeasibility, json!({}))
    };
    let mut world = World::at(State::FeasibilityDelivered);
    let for_the_deliverer = in_the_name_of(&officer, coordinator.id);
    assert_eq!(admit(&mut world, &for_the_deliverer), Err(Refusal::SamePerson));

    let mut world = World::at(State::FeasibilityInProgress);
    world.ok(B, Act::AskConfirmation);
    world.ok(C, Act::ConfirmCommitment);
    let stand_in = in_the_name_of(&coordinator, officer.id);
    world.play_as(&stand_in, Some(0), Transition::DeliverFeasibility, json!({})).expect("delivered");
    assert_eq!(admit(&mut world, &officer.actor()), Err(Refusal::SamePerson));
    let other =
        crate::people::Account { id: crate::identifiers::AccountId::new(uuid::Uuid::from_u128(77)), ..officer.clone() };
    assert_eq!(admit(&mut world, &in_the_name_of(&other, officer.id)), Err(Refusal::SamePerson));
    assert!(admit(&mut world, &other.actor()).is_ok());
}
