//! The clocks of a path: who holds the ball in every state and until when, and the reminders that follow.

use std::fmt::Write as _;

use serde_json::json;
use strum::IntoEnumIterator;

use super::kit::{B, C, R, S, T, U, World};
use crate::clocks::{Planned, ReminderKind, ball, clocks, planned};
use crate::market::ClockKind;
use crate::path::{Act, State, Transition};
use crate::people::Side;
use crate::samples::day;

fn rows(world: &World) -> Vec<Planned> {
    planned(world.path(), &world.terms.market, world.today())
}

/// The planned rows of a clock: kind, rank, day.
fn rows_of(world: &World, clock: ClockKind) -> Vec<(ReminderKind, i32, String)> {
    let rows = rows(world).into_iter().filter(|row| row.clock == clock);
    rows.map(|row| (row.kind, row.rank, row.on.to_string())).collect()
}

fn due(world: &World, kind: ClockKind) -> Option<String> {
    let clocks = clocks(world.path(), &world.terms.market, world.today());
    clocks.iter().find(|clock| clock.kind == kind).map(|clock| clock.due_on.to_string())
}

#[test]
fn who_holds_the_ball_in_every_state() {
    let mut text =
        String::from("Clocks on the day on which a state is reached; the first one says who holds the ball.\n\n");
    for state in State::iter() {
        let world = World::at(state);
        writeln!(text, "{state} on {}", world.today()).unwrap();
        for clock in clocks(world.path(), &world.terms.market, world.today()) {
            let (kind, holder) = (clock.kind.as_ref(), clock.holder.as_ref());
            writeln!(text, "    {kind:<22} {holder:<8} {} -> {}", clock.started_on, clock.due_on).unwrap();
        }
        let ball = ball(world.path(), &world.terms.market, world.today());
        assert!(ball.is_some() || state.is_final(), "nobody holds the ball in {state}");
    }
    insta::assert_snapshot!("who_holds_the_ball_in_every_state", text);
}

#[test]
fn the_study_is_reminded_before_and_after_its_day_then_escalated() {
    let world = World::at(State::FeasibilityOrdered);
    // Thirty days from Monday 2 March end on Wednesday 1 April.
    assert_eq!(
        rows_of(&world, ClockKind::StudyDue),
        [
            (ReminderKind::Reminder, -7, "2026-03-25".into()),
            (ReminderKind::Reminder, -1, "2026-03-31".into()),
            (ReminderKind::Reminder, 1, "2026-04-02".into()),
            (ReminderKind::Escalation, 8, "2026-04-09".into()),
        ]
    );
}

#[test]
fn what_is_past_when_planned_is_not_reminded_but_still_expires() {
    let mut world = World::at(State::FeasibilityDelivered);
    assert_eq!(
        rows_of(&world, ClockKind::Verification),
        [
            (ReminderKind::Reminder, -5, "2026-03-12".into()),
            (ReminderKind::Reminder, -2, "2026-03-15".into()),
            (ReminderKind::Expiry, 1, "2026-03-18".into()),
        ]
    );
    world.to("2026-03-20");
    assert_eq!(rows_of(&world, ClockKind::Verification), [(ReminderKind::Expiry, 1, "2026-03-18".into())]);
}

/// Asked on Monday the 16th with a day left: the body has until the 26th, and the Region five days more, to Tuesday the 31st.
#[test]
fn the_verification_stops_while_observations_are_waited_for() {
    let mut world = World::at(State::FeasibilityDelivered);
    let before = rows(&world);
    assert_eq!(due(&world, ClockKind::Verification), Some("2026-03-17".into()));
    world.to("2026-03-16");
    world.ok(R, Act::AskObservations);
    assert_eq!(due(&world, ClockKind::Verification), Some("2026-03-31".into()));
    let verification = |rows: &[Planned]| {
        rows.iter().filter(|row| row.clock == ClockKind::Verification).map(|row| row.started_on).collect::<Vec<_>>()
    };
    assert!(verification(&rows(&world)).iter().all(|started| *started == day("2026-03-16")));
    assert!(verification(&before).iter().all(|started| *started == day("2026-03-02")), "rows of its own");
    let holder = |world: &World| ball(world.path(), &world.terms.market, world.today()).unwrap().holder;
    assert_eq!(holder(&world), Side::Body, "who is to observe");
    let mut given = world.clone();

    // The body keeps silent: the Region may reduce from the day after, and has days to do it.
    world.to("2026-03-26");
    let early = world.refused(R, Transition::RejectFeasibility, json!({}));
    assert_eq!(early.code(), "missing");
    world.to("2026-03-27");
    assert_eq!(holder(&world), Side::Region);
    let mut rejected = world.clone();
    rejected.ok(R, Transition::RejectFeasibility);
    world.to("2026-04-01");
    let admitted = crate::path::Refusal::SilenceAdmitted {
        prestation: crate::market::Prestation::Feasibility,
        on: day("2026-03-31"),
    };
    assert_eq!(world.refused(R, Transition::RejectFeasibility, json!({})), admitted);

    // The body answers the next day: the period goes on from there.
    given.to("2026-03-17");
    given.ok(B, Act::GiveObservations);
    assert_eq!(due(&given, ClockKind::Verification), Some("2026-03-23".into()), "five days end on a Sunday");
    assert_eq!(holder(&given), Side::Region);
}

/// The company holds the ball of a study from the day on which it is asked to the last on which it may answer.
#[test]
fn who_is_asked_holds_the_ball_until_the_last_day() {
    let mut world = World::at(State::FeasibilityInProgress);
    world.ok(B, Act::DesignateTutor);
    let holder = |world: &World| ball(world.path(), &world.terms.market, world.today()).unwrap();
    assert_eq!(holder(&world).holder, Side::Body);
    world.ok(B, Act::AskConfirmation);
    let asked = holder(&world);
    assert_eq!((asked.holder, asked.kind), (Side::Company, ClockKind::CompanyAnswer));
    world.to(&asked.due_on.to_string());
    assert_eq!(holder(&world).holder, Side::Company);
    world.later(1);
    assert_eq!((holder(&world).holder, holder(&world).kind), (Side::Body, ClockKind::StudyDue));
}

/// In training, what is due first comes first: a month not signed before the next log.
#[test]
fn in_training_the_earliest_duty_comes_first() {
    let mut world = World::at(State::InTraining);
    world.later(40);
    let running = clocks(world.path(), &world.terms.market, world.today());
    assert!(running.iter().any(|clock| clock.kind == ClockKind::Attendance), "{running:?}");
    assert!(running.is_sorted_by_key(|clock| clock.due_on), "{running:?}");
}

/// What is left when observations are asked early is left after them.
#[test]
fn observations_take_nothing_of_the_time_to_decide() {
    let mut world = World::at(State::FeasibilityDelivered);
    world.to("2026-03-05");
    world.ok(R, Act::AskObservations);
    // Twelve days after Monday the 16th: a Saturday, so the Monday.
    assert_eq!(due(&world, ClockKind::Verification), Some("2026-03-30".into()));
}

#[test]
fn an_extension_and_a_longer_reservation_are_clocks_of_their_own() {
    let mut world = World::at(State::FeasibilityInProgress);
    world.later(10);
    world.ok_with(B, Act::ExtendPrestation, json!({"until": "2026-05-11"}));
    world.ok(R, Act::DecideRequest);
    let clock = ball(world.path(), &world.terms.market, world.today()).unwrap();
    assert_eq!(
        (clock.kind, clock.started_on, clock.due_on),
        (ClockKind::StudyDue, day("2026-03-12"), day("2026-05-11"))
    );

    let mut world = World::at(State::CandidateSelected);
    assert_eq!(due(&world, ClockKind::Reservation), Some("2026-05-04".into()), "sixty days end on a Friday holiday");
    world.later(50);
    world.ok_with(R, Act::ExtendReservation, json!({"until": "2026-06-15"}));
    let reminders = rows_of(&world, ClockKind::Reservation);
    assert_eq!(reminders[0], (ReminderKind::Reminder, -10, "2026-06-05".into()));
    let shorter = world.refused(R, Act::ExtendReservation, json!({"until": "2026-06-15"}));
    assert_eq!(shorter, crate::path::Refusal::Before { day: day("2026-06-15"), earliest: day("2026-06-16") });
}

#[test]
fn an_adjournment_without_answer_gives_the_ball_to_the_region() {
    let mut world = World::at(State::PreparationAdjourned);
    let holder = |world: &World| {
        let clock = ball(world.path(), &world.terms.market, world.today()).unwrap();
        (clock.kind, clock.holder, clock.due_on.to_string())
    };
    assert_eq!(holder(&world), (ClockKind::Acceptance, Side::Body, "2026-03-12".into()));
    world.to("2026-03-13");
    assert_eq!(holder(&world), (ClockKind::RegionChoice, Side::Region, "2026-03-27".into()));

    let mut world = World::at(State::PreparationAdjourned);
    world.ok(B, Act::AcceptAdjournment);
    assert_eq!(holder(&world), (ClockKind::Redelivery, Side::Body, "2026-03-17".into()));
    world.to("2026-03-18");
    assert_eq!(holder(&world), (ClockKind::RegionChoice, Side::Region, "2026-04-01".into()));

    let mut world = World::at(State::PreparationAdjourned);
    world.ok(B, Act::RefuseAdjournment);
    assert_eq!(holder(&world), (ClockKind::RegionChoice, Side::Region, "2026-03-17".into()));
}

#[test]
fn signatures_are_awaited_from_whoever_has_not_signed() {
    let mut world = World::at(State::CandidateSelected);
    world.ok(B, Act::WritePif);
    for (side, next) in [(B, Some(Side::Company)), (T, Some(Side::Company)), (C, None)] {
        world.ok(side, Transition::SignPif);
        let clocks = clocks(world.path(), &world.terms.market, world.today());
        let clock = clocks.iter().find(|clock| clock.kind == ClockKind::Signatures);
        assert_eq!(clock.map(|clock| clock.holder), next);
    }
}

#[test]
fn a_suspension_stops_the_other_clocks_and_moves_the_end() {
    let mut world = World::at(State::InTraining);
    let end = world.path().pif.as_ref().unwrap().terms.ends_on;
    assert_eq!(due(&world, ClockKind::TrainingEnd), Some(end.to_string()));
    world.ok(B, Transition::Suspend);
    let kinds: Vec<_> =
        clocks(world.path(), &world.terms.market, world.today()).iter().map(|clock| clock.kind).collect();
    assert_eq!(kinds, [ClockKind::Suspension]);
    world.later(12);
    world.ok(B, Transition::Resume);
    assert_eq!(due(&world, ClockKind::TrainingEnd), Some((end + chrono::Duration::days(12)).to_string()));
    assert_eq!(
        due(&world, ClockKind::MissingLog),
        Some("2026-03-23".into()),
        "seven days from the return, to the Monday"
    );
}

#[test]
fn a_training_asks_for_its_registration_its_log_and_its_months() {
    let mut world = World::at(State::ImplementationOrdered);
    world.to("2026-04-29");
    world.ok_with(B, Transition::EnterTraining, json!({"remu": null}));
    // Three working days: the 1st of May is none.
    assert_eq!(due(&world, ClockKind::EntryDeclaration), Some("2026-05-05".into()));
    assert_eq!(due(&world, ClockKind::Attendance), Some("2026-05-05".into()));
    world.ok(B, Act::RecordRegistration);
    assert_eq!(due(&world, ClockKind::EntryDeclaration), None);
    world.to("2026-05-04");
    world.ok_with(B, Act::SignAttendanceMonth, json!({"month": "2026-04-30"}));
    assert_eq!(due(&world, ClockKind::Attendance), Some("2026-06-05".into()));
    world.sequence("work_situation", "09:00", "12:00");
    assert_eq!(due(&world, ClockKind::MissingLog), None, "the last day of the PIF is past: its end is waited for");
    world.ok_with(B, Act::AmendPif, json!({"ends_on": "2026-06-12"}));
    assert_eq!(due(&world, ClockKind::MissingLog), Some("2026-05-11".into()));
    world.ok(U, Act::ProposeCorrection);
    world.ok(C, Act::ReportAccident);
    assert_eq!(due(&world, ClockKind::Accident), Some("2026-05-06".into()));
    world.to("2026-05-07");
    assert_eq!(due(&world, ClockKind::Accident), None);
}

#[test]
fn a_closed_path_is_followed_up_at_its_term() {
    let mut world = World::at(State::Closed);
    let term = Some("2026-09-07".to_owned());
    assert_eq!(due(&world, ClockKind::FollowUp), term, "six months end on a Saturday");
    // What is said in the first weeks, or before the first reminder, says nothing of the term; nor does « unknown ».
    world.ok(T, Act::RecordFollowUp);
    world.to("2026-09-01");
    world.ok_with(B, Act::RecordFollowUp, json!({"on": "2026-08-30"}));
    world.ok_with(B, Act::RecordFollowUp, json!({"situation": "unknown"}));
    assert_eq!(due(&world, ClockKind::FollowUp), term);
    world.ok_with(B, Act::RecordFollowUp, json!({"on": "2026-08-31"}));
    assert!(clocks(world.path(), &world.terms.market, world.today()).is_empty());
}

/// The Region's silence rejects once the body's observations are given or waited for, not before.
#[test]
fn observations_asked_late_extend_the_choice_after_an_adjournment() {
    let mut world = World::at(State::PreparationAdjourned);
    world.ok(B, Act::RefuseAdjournment);
    world.to("2026-03-16");
    assert_eq!(due(&world, ClockKind::RegionChoice), Some("2026-03-17".into()));
    world.ok(R, Act::AskObservations);
    let running = clocks(world.path(), &world.terms.market, world.today());
    let told: Vec<_> = running.iter().map(|clock| (clock.kind, clock.started_on, clock.due_on)).collect();
    assert_eq!(
        told,
        [
            (ClockKind::Observations, day("2026-03-16"), day("2026-03-26")),
            (ClockKind::RegionChoice, day("2026-03-16"), day("2026-03-31")),
        ],
        "with reminders of its own"
    );
    world.to("2026-03-18");
    let early = crate::path::Refusal::TooEarly { until: day("2026-03-31") };
    assert_eq!(world.refused(S, Transition::RejectPreparation, json!({})), early);
    let mut decided = world.clone();
    decided.ok(B, Act::GiveObservations);
    decided.ok(R, Transition::RejectPreparation);
    world.to("2026-04-01");
    let late = crate::path::Refusal::TooLate { until: day("2026-03-31") };
    assert_eq!(world.refused(R, Transition::RejectPreparation, json!({})), late);
    world.ok(S, Transition::RejectPreparation);
    assert_eq!(world.case().journal.last().unwrap().effective_on, day("2026-03-31"));
}

/// Observations asked once silence has rejected change nothing, even if no clock ran.
#[test]
fn nothing_is_observed_on_what_silence_has_rejected() {
    let mut world = World::at(State::PreparationAdjourned);
    world.ok(B, Act::RefuseAdjournment);
    world.to("2026-03-18");
    let late = crate::path::Refusal::TooLate { until: day("2026-03-17") };
    assert_eq!(world.refused(R, Act::AskObservations, json!({})), late);
}

#[test]
fn the_statement_of_a_month_is_due_on_the_day_that_the_terms_give() {
    let mut world = World::at(State::InTraining);
    world.to("2026-03-03");
    assert_eq!(due(&world, ClockKind::Attendance), Some("2026-04-07".into()), "the 5th is Easter, the 6th its Monday");
    world.terms.market.clocks.get_mut(&ClockKind::Attendance).unwrap().span = crate::calendar::Span::days(10);
    assert_eq!(due(&world, ClockKind::Attendance), Some("2026-04-10".into()));
}

/// Each clock goes on at the return for what was left of it when the suspension began.
#[test]
fn clocks_go_on_after_a_suspension_by_what_was_left() {
    let entered = || {
        let mut world = World::at(State::ImplementationOrdered);
        world.ok_with(B, Transition::EnterTraining, json!({"remu": null}));
        world.later(2);
        world.ok(B, Act::AmendPif);
        world
    };
    let kinds = [ClockKind::EntryDeclaration, ClockKind::MissingLog, ClockKind::Signatures, ClockKind::Attendance];
    let due_days = |world: &World| kinds.map(|kind| due(world, kind).unwrap());
    let mut world = entered();
    assert_eq!(due_days(&world), ["2026-03-05", "2026-03-09", "2026-03-11", "2026-04-07"]);
    world.ok_with(B, Transition::Suspend, json!({"on": "2026-03-04"}));
    world.to("2026-03-12");
    world.ok(B, Transition::Resume);
    // One working day, five days, seven days; the month had not ended.
    assert_eq!(due_days(&world), ["2026-03-13", "2026-03-17", "2026-03-19", "2026-04-07"]);
    let row = rows(&world).into_iter().find(|row| row.clock == ClockKind::Signatures).unwrap();
    assert_eq!(row.started_on, day("2026-03-12"), "reminders of its own");

    // The month ended during a longer suspension: its statement keeps all its time.
    let mut world = entered();
    world.ok_with(B, Transition::Suspend, json!({"on": "2026-03-04"}));
    world.to("2026-04-14");
    world.ok(B, Transition::Resume);
    assert_eq!(due(&world, ClockKind::Attendance), Some("2026-04-21".into()));

    // What had run out when the suspension began is not given more.
    let mut world = entered();
    world.to("2026-03-10");
    world.ok(B, Transition::Suspend);
    world.to("2026-03-24");
    world.ok(B, Transition::Resume);
    assert_eq!(due_days(&world)[..3], ["2026-03-05", "2026-03-09", "2026-03-25"]);
}
