//! Corrections of data: the table, what each asks again, what it moves, and what it may not touch.

use std::fmt::Write as _;

use serde_json::{Value, json};
use strum::IntoEnumIterator;

use super::kit::{B, C, R, T, U, World, needs};
use crate::identifiers::LotCode;
use crate::path::command::{Command, Datum, Outcome, RequestKind};
use crate::path::correction::{Bound, Effect, Reopened, rule};
use crate::path::event::Event;
use crate::path::requests::asked;
use crate::path::{Act, Refusal, State, Step, Transition, decide};
use crate::people::{RecipientRole, StaffRole};
use crate::samples::{self, day};

/// A correction by the fields of its datum.
fn by_fields(datum: Datum, fields: &Value) -> Value {
    let mut form = json!({"datum": datum, "value": null, "reason": "Erreur de saisie."});
    form.as_object_mut().unwrap().extend(fields.as_object().cloned().unwrap());
    form
}

fn correct(datum: Datum, value: &str) -> Value {
    json!({"datum": datum, "value": value, "reason": "Erreur de saisie."})
}

/// What the last correction took back.
fn reopened(world: &World) -> Vec<Reopened> {
    match world.last("datum_corrected") {
        Event::DatumCorrected { reopened, .. } => reopened.clone(),
        other => panic!("{other:?}"),
    }
}

/// The version of what is asked of a role.
fn version(world: &World, role: RecipientRole, kind: RequestKind) -> Option<u32> {
    asked(world.path(), role).into_iter().find(|asked| asked.kind == kind).map(|asked| asked.version)
}

#[test]
fn l25_what_the_correction_of_every_datum_does() {
    let list = |names: Vec<String>| if names.is_empty() { ".".to_owned() } else { names.join(" ") };
    let mut text = String::new();
    for datum in Datum::iter() {
        let rule = rule(datum);
        writeln!(
            text,
            "{:<18} {:<16} again: {:<17} told: {:<36} moves: {}",
            datum.as_ref(),
            rule.effect().as_ref(),
            list(rule.asks_again.iter().map(ToString::to_string).collect()),
            list(rule.informs.iter().map(ToString::to_string).collect()),
            list(rule.moves.iter().map(ToString::to_string).collect()),
        )
        .unwrap();
    }
    insta::assert_snapshot!("l25_what_the_correction_of_every_datum_does", text);
    for effect in Effect::iter() {
        assert!(Datum::iter().any(|datum| rule(datum).effect() == effect), "{effect} is the rule of nothing");
    }
    for bound in Bound::iter() {
        assert!(Datum::iter().any(|datum| rule(datum).asks_again.contains(&bound)), "{bound} is never asked again");
    }
}

/// Each field of the form is of a datum, and each datum has its fields in the form.
#[test]
fn every_field_of_a_correction_is_of_a_datum() {
    let fields = Command::fields(Step::Act(Act::CorrectDatum));
    for field in &fields {
        let own = Datum::iter().any(|datum| datum.fields().contains(&field.name));
        assert_eq!(own, !matches!(field.name, "datum" | "value" | "reason"), "{}", field.name);
    }
    for datum in Datum::iter() {
        for name in datum.fields() {
            assert!(fields.iter().any(|field| &field.name == name), "{datum} has {name}");
        }
    }
    let mut world = World::at(State::Ready);
    let foreign = by_fields(Datum::Job, &json!({"job": "Boulanger", "siret": "35600000000048"}));
    let Refusal::Form { errors } = world.refused(B, Act::CorrectDatum, foreign) else { panic!("read") };
    assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["siret"]);
}

#[test]
fn a_corrected_job_asks_the_company_to_confirm_again() {
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok(B, Act::AskConfirmation);
    let first = version(&world, RecipientRole::Company, RequestKind::ConfirmCommitment);
    world.ok(C, Act::ConfirmCommitment);
    assert_eq!(version(&world, RecipientRole::Company, RequestKind::ConfirmCommitment), None);
    world.later(3);
    world.ok_with(B, Act::CorrectDatum, correct(Datum::Job, "Pâtissier"));
    assert!(matches!(reopened(&world)[..], [Reopened::Commitment { .. }]), "{:?}", reopened(&world));
    assert_eq!(world.path().commitment.answer, None);
    let again = version(&world, RecipientRole::Company, RequestKind::ConfirmCommitment);
    assert!(again.is_some() && again != first, "an old link shows the new proposal");
    // The study waits for the new answer, or for the end of the new period.
    let refusal = world.refused(B, Transition::DeliverFeasibility, json!({}));
    assert_eq!(needs(&refusal), ["commitment"]);
    world.ok(C, Act::ConfirmCommitment);
    world.ok(B, Act::DesignateTutor);
    world.ok(B, Transition::DeliverFeasibility);
}

#[test]
fn a_correction_of_what_was_never_asked_asks_nothing() {
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok_with(B, Act::CorrectDatum, correct(Datum::Job, "Pâtissier"));
    assert_eq!(reopened(&world), []);
    let mut world = World::at(State::Closed);
    world.ok_with(R, Act::CorrectDatum, correct(Datum::Job, "Pâtissier"));
    assert_eq!(reopened(&world), [], "what has ended is not signed again");
    let mut world = World::at(State::PifSigned);
    for datum in [Datum::Company, Datum::RomeCode] {
        let value = if datum == Datum::Company { "Fournil" } else { "D1106" };
        world.ok_with(B, Act::CorrectDatum, correct(datum, value));
        assert_eq!(reopened(&world), [], "{datum}");
    }
    assert!(world.path().pif.as_ref().unwrap().complete());
}

#[test]
fn a_corrected_siret_is_signed_again_by_all() {
    let mut world = World::at(State::PifSigned);
    let pif = world.path().pif.clone().unwrap();
    world.ok_with(R, Act::CorrectDatum, correct(Datum::Siret, "35600000000048"));
    assert_eq!(reopened(&world), [Reopened::Pif { version: pif.version + 1 }]);
    let again = world.path().pif.clone().unwrap();
    assert_eq!((again.version, &again.terms), (pif.version + 1, &pif.terms), "the same programme, another version");
    assert_eq!(again.signatures, []);
    assert_eq!(again.hours_in_force(), Some(pif.terms.total_hours()), "the last version signed by all still binds");
    assert_eq!(needs(&world.refused(R, Transition::OrderImplementation, json!({}))), ["signature"; 3]);
    for side in [C, T] {
        let old = world.refused(side, Transition::SignPif, json!({"version": pif.version}));
        assert_eq!(old, Refusal::OtherVersion { current: pif.version + 1 }, "an old link signs nothing");
    }
    world.sign();
    world.ok(R, Transition::OrderImplementation);
}

#[test]
fn the_company_changes_by_the_region_alone_once_its_study_is_ordered() {
    let mut world = World::at(State::NeedReported);
    world.ok_with(B, Act::CorrectDatum, correct(Datum::Siret, "35600000000048"));
    let other = correct(Datum::Siret, "73282932000074");
    world.ok(R, Transition::OrderFeasibility);
    assert_eq!(world.refused(B, Act::CorrectDatum, other.clone()), Refusal::OtherCompany);
    world.ok_with(B, Act::CorrectDatum, correct(Datum::Siret, "35600000049837"));
    assert_eq!(world.path().workplace.siret.as_str(), "35600000049837", "another establishment is a correction");
    world.ok_with(R, Act::CorrectDatum, other);
    let wrong = world.refused(R, Act::CorrectDatum, correct(Datum::Siret, "73282932000079"));
    assert!(matches!(wrong, Refusal::Form { .. }), "{wrong:?}");
}

#[test]
fn before_any_order_the_lot_follows_the_commune() {
    let mut world = World::at(State::NeedReported);
    let reference = world.path().reference.clone();
    let body = world.actor(B).unwrap();
    world.ok_with(B, Act::CorrectDatum, correct(Datum::Commune, "14118"));
    let path = world.path();
    assert_eq!((path.lot.clone(), path.coordinator), (LotCode::parse("2").unwrap(), None));
    assert_eq!(path.holder, world.terms.market.lots[1].holder.code);
    assert_eq!(path.reference, reference, "a reference never changes");
    assert!(!decide::sees(&body, path), "the body it leaves sees it no more");
    assert!(decide::sees(&samples::account(StaffRole::Coordinator, 2).actor(), path));
    assert_eq!(decide::available(path, &body), []);
}

#[test]
fn after_an_order_the_region_alone_keeps_a_path_in_another_lot() {
    let mut world = World::at(State::FeasibilityOrdered);
    let refusal = world.refused(B, Act::CorrectDatum, correct(Datum::Commune, "14118"));
    assert!(matches!(&refusal, Refusal::LotOrdered { lot, .. } if lot.as_str() == "2"), "{refusal:?}");
    let kept = by_fields(Datum::Commune, &json!({"commune": "14118", "keep_lot": true}));
    assert_eq!(world.refused(B, Act::CorrectDatum, kept.clone()), Refusal::DerogationByRegion);
    world.ok_with(R, Act::CorrectDatum, kept);
    assert_eq!(world.path().lot.as_str(), "1");
    assert_eq!(world.path().derogation.as_deref(), Some("Erreur de saisie."));
    world.ok_with(B, Act::CorrectDatum, correct(Datum::Commune, "27229"));
    assert_eq!(world.path().derogation, None, "back in its lot's territory");
    // A sibling draws nothing and uses what its source bought in the lot.
    let mut world = World::at(State::Ready);
    let source = world.path().reference.to_string();
    world.ok_with(B, Transition::OpenSibling, json!({"source": source}));
    let refusal = world.refused(R, Act::CorrectDatum, correct(Datum::Commune, "14118"));
    assert_eq!(refusal.code(), "lot_ordered");
}

#[test]
fn a_corrected_sequence_is_annulled_and_its_replacement_signed_again() {
    let mut world = World::at(State::InTraining);
    world.log();
    world.ok_with(T, Act::SignSequence, json!({"number": 1}));
    let on = world.path().training.as_ref().unwrap().sequences[0].from.date();
    let shorter = json!({"number": 1, "ends_at": format!("{on} 15:30"), "objective": "Pétrir."});
    world.ok_with(B, Act::CorrectDatum, by_fields(Datum::Sequence, &shorter));
    assert_eq!(reopened(&world), [Reopened::Sequence { number: 4 }]);
    let training = world.path().training.as_ref().unwrap();
    let numbers: Vec<(u32, bool)> = training.sequences.iter().map(|known| (known.number, known.signed)).collect();
    assert_eq!(numbers, [(2, false), (3, false), (4, false)], "never the same number twice");
    assert_eq!(training.annulled.len(), 1);
    assert_eq!(world.path().minutes(|_| true), 23 * 60);
    let old = world.refused(T, Act::SignSequence, json!({"number": 1}));
    assert_eq!(old, Refusal::NoSequence { number: 1 }, "the old link signs nothing");
    let over = json!({"number": 4, "starts_at": format!("{on} 09:00"), "ends_at": format!("{on} 08:00")});
    assert_eq!(world.refused(B, Act::CorrectDatum, by_fields(Datum::Sequence, &over)), Refusal::Backwards);
    world.ok_with(T, Act::SignSequence, json!({"number": 4}));
    world.ok_with(B, Act::CorrectDatum, by_fields(Datum::Sequence, &json!({"number": 4, "annul": true})));
    assert_eq!(reopened(&world), []);
    world.sequence("evaluation", "17:00", "17:30");
    assert_eq!(world.path().training.as_ref().unwrap().sequences.last().unwrap().number, 5);
}

#[test]
fn the_ledger_of_a_completed_training_keeps_what_completed_it() {
    let mut world = World::at(State::TrainingEnded);
    let evaluation = by_fields(Datum::Sequence, &json!({"number": 3, "annul": true}));
    let lacks = needs(&world.refused(B, Act::CorrectDatum, evaluation));
    assert!(lacks.contains(&"evaluation") && lacks.contains(&"hours"), "{lacks:?}");
    let refusal = world.refused(B, Act::CorrectDatum, correct(Datum::HoursDone, "25"));
    assert_eq!(needs(&refusal), ["hours"], "an hour that nothing proves is not payable");
}

#[test]
fn a_corrected_outcome_is_confirmed_again_and_keeps_its_guards() {
    let mut world = World::at(State::TrainingEnded);
    world.ok(B, Act::AskConfirmation);
    let first = version(&world, RecipientRole::Company, RequestKind::ConfirmReport);
    world.ok(C, Act::ConfirmReport);
    let dropped = |why: Value| by_fields(Datum::Outcome, &json!({"outcome": "dropped_out", "outcome_reason": why}));
    assert_eq!(world.refused(B, Act::CorrectDatum, dropped(Value::Null)), Refusal::OutcomeReason);
    world.ok_with(B, Act::CorrectDatum, dropped(json!("Départ avant la fin.")));
    assert!(matches!(reopened(&world)[..], [Reopened::Report { .. }]));
    assert_ne!(version(&world, RecipientRole::Company, RequestKind::ConfirmReport), first);
    assert_eq!(needs(&world.refused(B, Transition::DeliverReport, json!({}))), ["report_confirmation"]);
    world.ok_with(B, Act::CorrectDatum, correct(Datum::HoursDone, "1"));
    let ended = world.path().training.as_ref().unwrap().ended.clone().unwrap();
    assert_eq!((ended.outcome, ended.hours_done), (Outcome::DroppedOut, 1));
    let completed = by_fields(Datum::Outcome, &json!({"outcome": "completed"}));
    assert_eq!(needs(&world.refused(B, Act::CorrectDatum, completed)), ["hours"]);
    world.ok(C, Act::ConfirmReport);
    world.reach(State::ReportDelivered);
    let refusal = world.refused(B, Act::CorrectDatum, correct(Datum::HoursDone, "2"));
    assert_eq!(refusal.code(), "delivered");
    world.ok(R, Transition::AdjournReport);
    world.ok_with(B, Act::CorrectDatum, correct(Datum::HoursDone, "2"));
}

#[test]
fn a_corrected_end_moves_the_day_of_the_report() {
    let mut world = World::at(State::TrainingEnded);
    let due = world.path().implementation.due_on.unwrap();
    let on = world.path().training.as_ref().unwrap().ended.as_ref().unwrap().on;
    let early = (on - chrono::Duration::days(1)).to_string();
    let refusal = world.refused(B, Act::CorrectDatum, correct(Datum::EndDate, &early));
    assert!(matches!(refusal, Refusal::Before { .. }), "before the last sequence: {refusal:?}");
    world.later(7);
    let later = (on + chrono::Duration::days(7)).to_string();
    world.ok_with(R, Act::CorrectDatum, correct(Datum::EndDate, &later));
    assert!(world.path().implementation.due_on.unwrap() > due);
    assert_eq!(world.path().since.to_string(), later, "the clock of the report starts there");
}

#[test]
fn a_corrected_absence_takes_the_signed_statement_back() {
    let mut world = World::at(State::InTraining);
    world.later(3);
    let today = world.today();
    world.ok_with(B, Act::RecordAbsence, json!({"from": today, "until": today}));
    for side in [B, T, U] {
        world.ok_with(side, Act::SignAttendanceMonth, json!({"month": today}));
    }
    let annul = by_fields(Datum::Absence, &json!({"number": 1, "annul": true}));
    world.ok_with(B, Act::CorrectDatum, annul.clone());
    assert_eq!(reopened(&world), [Reopened::Attendance { month: day("2026-03-01") }]);
    let training = world.path().training.as_ref().unwrap();
    assert_eq!(training.absences_held().count(), 0);
    assert_eq!(version(&world, RecipientRole::Trainee, RequestKind::SignAttendance), None, "the body signs first");
    world.ok_with(B, Act::SignAttendanceMonth, json!({"month": today}));
    let again = version(&world, RecipientRole::Trainee, RequestKind::SignAttendance);
    assert_eq!(again, Some(1_202_603), "another version than the statement signed before");
    let refusal = world.refused(B, Act::CorrectDatum, annul);
    assert_eq!(refusal, Refusal::NothingToCorrect { datum: Datum::Absence });
}

#[test]
fn a_corrected_profile_says_which_values_and_never_what_they_are() {
    let mut world = World::at(State::CandidateSelected);
    let profile = by_fields(Datum::CandidateProfile, &json!({"rsa": true, "birth_date": "1991-04-05"}));
    world.ok_with(B, Act::CorrectDatum, profile);
    let event = serde_json::to_string(world.last("datum_corrected")).unwrap();
    assert!(event.contains("birth_date") && event.contains("rsa") && !event.contains("1991"), "{event}");
    let child = by_fields(Datum::CandidateProfile, &json!({"birth_date": "2020-04-05"}));
    assert_eq!(world.refused(B, Act::CorrectDatum, child), Refusal::Age);
    world.ok_with(B, Act::CorrectDatum, correct(Datum::Prescriber, "other"));
    let again = world.refused(B, Act::CorrectDatum, correct(Datum::Prescriber, "other"));
    assert_eq!(again, Refusal::Unchanged);
}

#[test]
fn a_corrected_planned_entry_moves_the_day_on_which_it_is_due() {
    let mut world = World::at(State::ImplementationOrdered);
    let planned = world.path().candidate.as_ref().unwrap().planned_entry + chrono::Duration::days(9);
    world.ok_with(B, Act::CorrectDatum, correct(Datum::PlannedEntry, &planned.to_string()));
    assert_eq!(world.path().implementation.due_on, Some(planned));
}

/// Events written before the table had its rules ask nothing again when they are read.
#[test]
fn corrections_of_before_read_as_they_were() {
    let event = json!({"kind": "datum_corrected", "reason": "x", "correction":
        {"datum": "commune", "before": "76540", "after": "14118", "department": "14"}});
    let read: Event = serde_json::from_value(event.clone()).unwrap();
    let world = World::at(State::PifSigned);
    let path = world.path().clone();
    let recorded = crate::path::Recorded { seq: path.version + 1, event: read, ..world.case().journal[0].clone() };
    let after = crate::path::apply(Some(path.clone()), &recorded).unwrap();
    assert_eq!((after.lot, after.pif, after.derogation), (path.lot, path.pif, path.derogation));
}
