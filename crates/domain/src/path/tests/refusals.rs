//! Every refusal and every missing thing, met at least once by playing a command that deserves it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use strum::VariantNames;

use super::kit::{B, C, R, S, T, U, World, needs};
use crate::path::refusal::{HourLimit, Need};
use crate::path::{Act, Refusal, State, Step, Transition};
use crate::people::Side;
use crate::places::Policy;
use crate::samples::{self, day};

/// What was met so far.
#[derive(Default)]
struct Met(BTreeSet<&'static str>);

impl Met {
    /// The refusal of a step played from a state.
    #[track_caller]
    fn from(&mut self, state: State, side: Side, step: impl Into<Step>, changes: Value, code: &'static str) {
        self.by(&mut World::at(state), side, step, changes, code);
    }

    #[track_caller]
    fn by(&mut self, world: &mut World, side: Side, step: impl Into<Step>, changes: Value, code: &'static str) {
        let refusal = world.refused(side, step, changes);
        assert_eq!(refusal.code(), code, "{refusal:?}");
        self.0.insert(code);
    }
}

#[test]
fn every_refusal_is_met() {
    let mut met = Met::default();
    let none = || json!({});
    let correct = |datum: &str, value: &str| json!({"datum": datum, "value": value, "reason": "Erreur."});

    met.from(State::InTraining, B, Act::CorrectDatum, correct("planned_entry", "2026-05-04"), "nothing_to_correct");
    let nobody = json!({"email": "personne@retravailler.example"});
    met.from(State::Ready, B, Act::AssignCoordinator, nobody, "not_found");
    met.from(State::CandidateSelection, B, Act::ChangeContact, json!({"role": "trainee"}), "no_candidate");
    met.from(State::Ready, B, Act::RemoveCompanyContact, none(), "no_colleague");
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok(B, Act::AskConfirmation);
    world.ok(C, Act::AddCompanyContact);
    met.by(&mut world, C, Act::ConfirmCommitment, none(), "signatory_answers");
    met.from(State::InTraining, R, Act::ApproveLevel, none(), "no_level_to_approve");
    let mut world = World::at(State::FeasibilityAdjourned);
    world.ok(B, Act::AcceptAdjournment);
    met.by(&mut world, B, Act::RefuseAdjournment, none(), "adjournment_answered");
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok_with(B, Act::DesignateTutor, json!({"training_proof": samples::document("tuteur.pdf")}));
    world.reach(State::PreparationOrdered);
    met.by(&mut world, R, Act::OrderTutorTraining, none(), "tutor_trained");
    let mut world = World::at(State::FeasibilityOrdered);
    world.ok(B, Transition::StartFeasibility);
    let letter = json!({"commitment": "letter", "letter": samples::document("lettre.pdf")});
    world.ok_with(B, Transition::DeliverFeasibility, letter);
    world.ok(R, Transition::AdjournFeasibility);
    met.by(&mut world, B, Act::AskConfirmation, none(), "letter_given");
    met.from(State::NeedReported, R, Transition::AdmitReport, none(), "wrong_state");
    met.from(State::NeedReported, B, Transition::OrderFeasibility, none(), "not_your_role");
    met.from(State::FeasibilityOrdered, R, Transition::OrderFeasibility, none(), "already_done");
    met.from(State::CandidateSelected, B, Act::AmendPif, none(), "missing");
    met.from(State::NeedReported, R, Transition::DeclineNeed, json!({"reason": "  ", "humeur": 1}), "form");
    met.from(State::FeasibilityDelivered, S, Transition::AdmitFeasibility, none(), "too_early");
    met.from(State::Feasible, R, Act::SettleCondition, none(), "no_condition");
    met.from(State::ImplementationOrdered, B, Transition::EnterTraining, json!({"on": "2026-03-03"}), "in_the_future");
    met.from(State::ImplementationOrdered, B, Transition::EnterTraining, json!({"on": "2026-03-01"}), "before");
    met.from(State::CandidateSelection, B, Transition::SelectCandidate, json!({"birth_date": "2020-01-01"}), "age");
    met.from(
        State::CandidateSelection,
        B,
        Transition::SelectCandidate,
        json!({"planned_entry": "2027-07-01"}),
        "outside_market",
    );
    met.from(State::InTraining, B, Act::ReportAccident, json!({"on": "2026-03-03"}), "in_the_future");
    met.from(State::FeasibilityOrdered, B, Transition::Cancel, none(), "region_only");
    met.from(State::FeasibilityOrdered, R, Transition::Cancel, json!({"amount": 60_001}), "amount_too_high");
    met.from(
        State::InTraining,
        B,
        Transition::EndTraining,
        json!({"outcome": "dropped_out", "hours_done": 0}),
        "outcome_reason",
    );
    met.from(State::InTraining, T, Act::SignSequence, none(), "no_sequence");
    met.from(State::Ready, C, Act::DeclineRequest, none(), "not_asked");
    met.from(State::Ready, B, Act::CorrectDatum, correct("job", "Ouvrier boulanger"), "unchanged");
    met.from(State::Ready, B, Act::CorrectDatum, correct("rome_code", "boulanger"), "form");
    met.from(State::CandidateSelected, B, Act::CorrectDatum, correct("candidate_profile", "taille 180"), "form");
    met.from(State::Ready, B, Act::CorrectDatum, correct("commune", "14118"), "lot_ordered");
    met.from(State::NeedReported, B, Act::CorrectDatum, correct("commune", "75056"), "other_territory");
    met.from(State::FeasibilityOrdered, B, Act::CorrectDatum, correct("siret", "35600000000048"), "other_company");
    met.from(State::ReportDelivered, B, Act::CorrectDatum, correct("hours_done", "12"), "delivered");
    met.from(State::Closed, R, Act::CorrectDatum, correct("hours_done", "12"), "decided");
    met.from(State::FeasibilityOrdered, B, Transition::OpenSibling, none(), "source_not_fit");

    let mut world = World::at(State::FeasibilityDelivered);
    world.later(30);
    met.by(&mut world, R, Transition::AdmitFeasibility, none(), "silence_admitted");

    let mut world = World::at(State::FeasibilityAdjourned);
    world.later(30);
    met.by(&mut world, B, Transition::DeliverFeasibility, none(), "too_late");
    met.by(&mut world, B, Act::AcceptAdjournment, none(), "too_late");

    let mut world = World::at(State::InTraining);
    world.later(3);
    world.sequence("work_situation", "09:00", "12:00");
    met.by(&mut world, B, Act::RecordSequence, json!({"kind": "reflexive_phase"}), "overlap");
    met.by(&mut world, R, Transition::AnnulEntry, none(), "hours_proven");
    let backwards = json!({"from": "2026-03-05 15:00", "until": "2026-03-05 14:00"});
    met.by(&mut world, U, Act::RecordSequence, backwards, "backwards");
    let evening = json!({"from": "2026-03-05 17:30", "until": "2026-03-05 18:30"});
    met.by(&mut world, U, Act::RecordSequence, evening, "not_over");
    let before = json!({"from": "2026-03-01 09:00", "until": "2026-03-01 12:00"});
    met.by(&mut world, U, Act::RecordSequence, before, "before");
    world.ok_with(B, Act::RecordAbsence, json!({"from": "2026-03-05", "until": "2026-03-05"}));
    let absence = json!({"datum": "absence", "value": null, "number": 7, "annul": true});
    met.by(&mut world, B, Act::CorrectDatum, absence, "no_absence");
    // The entry was on the 2nd and the first sequence on the 5th.
    world.later(1);
    met.by(&mut world, R, Act::CorrectDatum, correct("entry_date", "2026-03-06"), "after");
    world.ok(B, Transition::Suspend);
    world.later(2);
    world.ok(B, Transition::Resume);
    let suspended = json!({"from": "2026-03-07 09:00", "until": "2026-03-07 12:00"});
    met.by(&mut world, U, Act::RecordSequence, suspended, "suspended");
    // Nothing was ever delivered: nothing was done already.
    met.from(State::FeasibilityInProgress, R, Transition::RejectFeasibility, none(), "wrong_state");

    met.from(State::FeasibilityInProgress, C, Act::ContestAnswer, none(), "not_answered");
    met.from(State::FeasibilityInProgress, B, Act::AskAgain, none(), "not_asked_again");
    met.from(State::FeasibilityInProgress, B, Act::AnswerCorrection, none(), "no_proposal");

    let mut world = World::at(State::CandidateSelected);
    met.by(&mut world, B, Act::WritePif, json!({"afest_hours": 0}), "no_hours");
    met.by(&mut world, B, Act::WritePif, json!({"weekly_hours": 36}), "too_many_hours");
    met.by(&mut world, B, Act::WritePif, json!({"daily_hours": 11}), "too_many_hours");
    met.by(&mut world, B, Act::WritePif, json!({"afest_hours": 140}), "too_many_hours");
    met.by(&mut world, B, Act::WritePif, json!({"ends_on": "2026-03-03"}), "backwards");
    met.by(&mut world, B, Act::WritePif, json!({"ends_on": "2027-07-01"}), "outside_market");
    world.ok(B, Act::WritePif);
    met.by(&mut world, C, Transition::SignPif, json!({"version": 2}), "other_version");
    met.by(&mut world, B, Act::WritePif, json!({}), "already_done");

    let mut world = World::with(&[10; 6], 1, Policy::Waitlist);
    world.reach(State::CandidateSelected);
    world.ok(B, Transition::OpenSibling);
    world.ok(B, Transition::OpenSelection);
    world.ok(B, Transition::SelectCandidate);
    met.by(&mut world, B, Transition::SelectCandidate, json!({}), "candidate_waiting");
    met.by(&mut world, S, Act::OfferPlace, json!({}), "no_place");

    let mut double = samples::account(crate::people::StaffRole::RegionOfficer, 1);
    double.id = samples::account(crate::people::StaffRole::Coordinator, 1).id;
    let mut world = World::at(State::ReportDelivered);
    let refusal = world.play_as(&double.actor(), Some(0), Transition::AdmitReport, json!({})).unwrap_err();
    met.0.insert(refusal.code());

    let mut world = World::new();
    let elsewhere = |lot: Value, derogation: Value| json!({"commune": "14118", "lot": lot, "derogation": derogation});
    met.by(&mut world, B, Transition::ReportNeed, elsewhere(json!(null), json!(null)), "other_territory");
    met.by(&mut world, B, Transition::ReportNeed, elsewhere(json!("1"), json!("Site voisin.")), "other_territory");
    met.by(&mut world, R, Transition::ReportNeed, elsewhere(json!("1"), json!(null)), "derogation_by_region");
    met.by(&mut world, R, Transition::ReportNeed, json!({"commune": "75056"}), "other_territory");
    world.ok_with(R, Transition::ReportNeed, elsewhere(json!("1"), json!("Le site est à la limite du Calvados.")));
    assert!(world.path().derogation.is_some());
    assert_eq!(world.path().lot.as_str(), "1");
    world.to("2028-01-10");
    met.by(&mut world, B, Transition::ReportNeed, json!({}), "outside_market");

    // The store alone says that the last unit went elsewhere meanwhile.
    let all: BTreeSet<&str> = Refusal::VARIANTS.iter().copied().filter(|code| *code != "no_unit").collect();
    let missed: Vec<_> = all.difference(&met.0).collect();
    assert!(missed.is_empty(), "never met: {missed:?}");
}

/// The store's conditional change refuses what a stale look at the units had allowed, and writes nothing.
#[test]
fn the_last_unit_goes_to_one_path() {
    let mut world = World::with(&[1, 0, 0, 0, 0, 0], 1, Policy::Block);
    world.ok(B, Transition::ReportNeed);
    let officer = world.actor(R).unwrap();
    let command = samples::command(Transition::OrderFeasibility, world.today());
    let decision = world.decision(Some(0), command, &officer).unwrap();
    let mut counters = world.counters.clone();
    let effects = || crate::path::effects(Some(world.path()), &decision.events[0].event, world.today());
    effects().into_iter().for_each(|effect| counters.change(effect).unwrap());
    let refusals: Vec<_> = effects().into_iter().map(|effect| counters.change(effect)).collect();
    assert_eq!(refusals, [Err(Refusal::NoUnit { option: crate::market::OptionCode::P1 })]);
}

#[test]
fn every_missing_thing_is_met() {
    let mut met: BTreeSet<&str> = BTreeSet::new();
    let mut from = |world: &mut World, side, step: Step, changes: Value, expected: &[&'static str]| {
        let refusal = world.refused(side, step, changes);
        assert_eq!(needs(&refusal), expected, "{step}");
        met.extend(expected);
    };
    let none = || json!({});
    let step = |transition: Transition| Step::from(transition);
    let act = |act: Act| Step::from(act);

    let mut world = World::with(&[0; 6], 1, Policy::Block);
    world.ok(B, Transition::ReportNeed);
    from(&mut world, R, step(Transition::OrderFeasibility), none(), &["free_unit"]);

    let mut world = World::at(State::FeasibilityInProgress);
    from(&mut world, B, act(Act::ReplaceTutor), none(), &["tutor_designated"]);
    from(&mut world, B, step(Transition::DeliverFeasibility), none(), &["commitment"]);
    let negative = json!({"verdict": "not_feasible", "commitment": null});
    from(&mut world, B, step(Transition::DeliverFeasibility), negative, &["obstacle"]);
    let letter = json!({"commitment": "letter", "verdict": "feasible_with_conditions"});
    from(&mut world, B, step(Transition::DeliverFeasibility), letter, &["letter", "conditions"]);
    let conditions = json!({"commitment": "letter", "letter": samples::document("lettre.pdf"), "conditions": "2026-04-01 Aménager",
        "verdict": "feasible_with_conditions"});
    world.ok_with(B, Transition::DeliverFeasibility, conditions);
    from(&mut world, R, step(Transition::RejectFeasibility), none(), &["observations"]);
    let reduction = json!({"reduction": 100});
    from(&mut world, R, step(Transition::AdmitFeasibility), reduction, &["reasons", "observations"]);
    world.ok(R, Transition::AdmitFeasibility);
    from(&mut world, R, step(Transition::OrderPreparation), none(), &["condition"]);
    world.ok_with(R, Act::SettleCondition, json!({"waived": true}));
    world.ok(R, Transition::OrderPreparation);
    from(&mut world, B, step(Transition::StartPreparation), none(), &["tutor_designated"]);

    let mut world = World::at(State::PreparationInProgress);
    let bare = json!({"tutor_certificate": null});
    from(&mut world, B, step(Transition::DeliverPreparation), bare, &["tutor_certificate"]);

    let mut world = World::at(State::FeasibilityAdjourned);
    world.ok(B, Act::RefuseAdjournment);
    from(&mut world, R, step(Transition::AdmitFeasibility), none(), &["reduction"]);

    let mut world = World::at(State::Ready);
    from(&mut world, B, step(Transition::OpenSibling), json!({"programme_still_fit": false}), &["programme_still_fit"]);
    from(&mut world, R, step(Transition::OpenSibling), none(), &["fit_said_by_body"]);
    from(&mut world, R, act(Act::DecideRequest), none(), &["pending_request"]);
    world.ok(B, Act::RequestCancellation);
    let refused = json!({"request": "cancellation", "granted": false});
    from(&mut world, R, act(Act::DecideRequest), refused, &["reasons"]);

    let mut world = World::at(State::CandidateSelection);
    let alone = json!({"company_agrees": false, "job_seeker": false});
    from(&mut world, B, step(Transition::SelectCandidate), alone, &["company_agreement", "job_seeker_status"]);

    let mut world = World::at(State::CandidateSelected);
    from(&mut world, C, step(Transition::SignPif), none(), &["pif"]);

    let mut world = World::at(State::PifSigned);
    world.ok(B, Act::AmendPif);
    from(&mut world, R, step(Transition::OrderImplementation), none(), &["signature"; 3]);

    let mut world = World::at(State::ImplementationOrdered);
    world.ok_with(B, Act::AmendPif, json!({"afest_hours": 160, "ends_on": "2026-08-28"}));
    world.sign();
    from(&mut world, B, step(Transition::EnterTraining), none(), &["level_approval"]);
    from(&mut world, R, step(Transition::Cancel), json!({"amount": null}), &["amount"]);

    let mut world = World::at(State::InTraining);
    from(&mut world, B, step(Transition::EndTraining), none(), &["reflexive_phase", "evaluation", "hours"]);

    let mut world = World::at(State::TrainingEnded);
    let unasked = json!({"satisfaction_asked": false});
    from(&mut world, B, step(Transition::DeliverReport), unasked, &["satisfaction_asked", "report_confirmation"]);
    from(&mut world, R, step(Transition::CloseWithoutReport), none(), &["formal_notice"]);

    // The preparation gives the work analysis and the tutor comes before the entry: only a path that was imported lacks them.
    let mut world = World::at(State::InTraining);
    world.log();
    let path = &mut world.cases[0].path;
    path.work_analysed = false;
    path.tutor = None;
    from(&mut world, B, step(Transition::EndTraining), none(), &["work_analysis", "tutor_before_entry"]);

    let all: BTreeSet<&str> = Need::VARIANTS.iter().copied().collect();
    let missed: Vec<_> = all.difference(&met).collect();
    assert!(missed.is_empty(), "never met: {missed:?}");
}

#[test]
fn who_is_still_in_time_is_told_until_when() {
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok(B, Act::AskConfirmation);
    let refusal = world.refused(B, Transition::DeliverFeasibility, json!({"commitment": "no_answer"}));
    assert_eq!(refusal, Refusal::missing(Need::Commitment { asked_until: Some(day("2026-03-12")) }));
    world.later(11);
    world.ok_with(B, Transition::DeliverFeasibility, json!({"commitment": "no_answer"}));
}

#[test]
fn the_hours_of_a_day_and_of_a_week_are_limited() {
    let mut world = World::at(State::InTraining);
    let limited = |refusal: Refusal| match refusal {
        Refusal::TooManyHours { hours, most, limit } => (hours, most, limit),
        other => panic!("{other:?}"),
    };
    for _ in 0..4 {
        world.later(1);
        world.sequence("work_situation", "07:00", "15:00");
    }
    let today = world.today();
    let longer = json!({"from": format!("{today} 15:00"), "until": format!("{today} 17:30")});
    assert_eq!(limited(world.refused(B, Act::RecordSequence, longer)), (11, 10, HourLimit::Day));
    // Tuesday to Friday make 32 h: the Saturday has three hours left.
    world.later(1);
    let saturday = json!({"from": "2026-03-07 08:00", "until": "2026-03-07 12:00"});
    assert_eq!(limited(world.refused(B, Act::RecordSequence, saturday)), (36, 35, HourLimit::Week));
    world.sequence("work_situation", "08:00", "11:00");
}
