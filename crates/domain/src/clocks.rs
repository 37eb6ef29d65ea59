//! What waits, for whom and until when: the clocks of a path and the reminders that follow from them.
//!
//! Clocks are derived from the path and the terms, never stored; the reminders are rows (path, clock, start, rank) that
//! the store writes in the transaction of each step. Every open state has a clock and someone who holds the ball.
//! Days are civil days of Europe/Paris; spans count as CCAG-FCS art. 3.2. Source: `domain.md` §5.

use chrono::{Datelike, Duration};
use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr};

use crate::calendar::{Day, Span, due, is_working_day, next_working_day};
use crate::market::{ClockKind, Market, Prestation};
use crate::path::command::CompanyAnswer;
use crate::path::decide::{choice_begins, choice_end, choice_until, extended};
use crate::path::event::{OutsideOrBody, Party};
use crate::path::record::{Observations, Path, PrestationFile, Training};
use crate::path::step::State;
use crate::people::Side;

/// A clock that runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub kind: ClockKind,
    /// Who holds the ball.
    pub holder: Side,
    pub started_on: Day,
    /// Last day.
    pub due_on: Day,
}

/// What a planned row is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    Display,
    AsRefStr,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReminderKind {
    /// A message to who holds the ball.
    Reminder,
    /// A message to the Region's officers.
    Escalation,
    /// The day after the last one: silence decides, or the list changes hands.
    Expiry,
}

/// A reminder to plan; (path, clock, start, kind, rank) is unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Planned {
    pub clock: ClockKind,
    pub started_on: Day,
    pub kind: ReminderKind,
    /// Days from the due day, negative before it.
    pub rank: i32,
    /// The civil day on which it is due.
    pub on: Day,
}

/// The clocks of a path on a day, the one that matters most first.
pub fn clocks(path: &Path, market: &Market, today: Day) -> Vec<Clock> {
    let mut clocks = Vec::new();
    // Nothing is waited for on a market that precedes the product.
    if market.past {
        return clocks;
    }
    let span = |kind: ClockKind, from: Day| due(from, market.clock(kind).span);
    let mut run = |kind, holder, started_on, due_on| clocks.push(Clock { kind, holder, started_on, due_on });
    let since = path.since;
    let simple = |kind, holder| (kind, holder, since, span(kind, since));
    match path.state {
        State::NeedReported => {
            let (kind, holder, from, until) = simple(ClockKind::NeedDecision, Side::Region);
            run(kind, holder, from, until);
        }
        State::FeasibilityOrdered | State::FeasibilityInProgress => {
            delivery(path, Prestation::Feasibility, ClockKind::StudyDue, &mut run);
            company_answer(&path.commitment.asked, path.commitment.answer, &mut run);
        }
        State::PreparationOrdered | State::PreparationInProgress => {
            delivery(path, Prestation::Preparation, ClockKind::PreparationDue, &mut run);
        }
        State::FeasibilityDelivered | State::PreparationDelivered | State::ReportDelivered => {
            if let Some(prestation) = path.state.delivered() {
                let file = path.file(prestation);
                if let Some(delivered) = &file.delivered {
                    let (started_on, until) = resumed(file, delivered.on, delivered.verify_until);
                    run(ClockKind::Verification, Side::Region, started_on, until);
                }
                observations(file, &mut run);
            }
        }
        State::FeasibilityAdjourned | State::PreparationAdjourned | State::ReportAdjourned => {
            if let Some(prestation) = path.state.adjourned() {
                adjourned(path, prestation, market, today, &mut run);
                observations(path.file(prestation), &mut run);
            }
        }
        State::Feasible => {
            let (kind, holder, from, until) = simple(ClockKind::PreparationOrder, Side::Region);
            run(kind, holder, from, until);
        }
        State::Ready => {
            let (kind, holder, from, until) = simple(ClockKind::SelectionOpening, Side::Body);
            run(kind, holder, from, until);
        }
        State::CandidateSelection => {
            if let Some((waiting, until)) =
                path.waiting.as_ref().and_then(|waiting| Some((waiting, waiting.offered_until?)))
            {
                run(ClockKind::PlaceOffer, Side::Body, waiting.since, until);
            }
            let (kind, holder, from, until) = simple(ClockKind::Selection, Side::Body);
            run(kind, holder, from, until);
        }
        State::CandidateSelected => {
            signatures(path, market, &mut run);
            reservation(path, market, &mut run);
        }
        State::PifSigned => {
            signatures(path, market, &mut run);
            let (kind, holder, from, until) = simple(ClockKind::ImplementationOrder, Side::Region);
            run(kind, holder, from, until);
            reservation(path, market, &mut run);
        }
        State::ImplementationOrdered => {
            signatures(path, market, &mut run);
            let planned = path.implementation.due_on.unwrap_or(since);
            run(ClockKind::Entry, Side::Body, since, planned);
            reservation(path, market, &mut run);
        }
        State::InTraining => {
            if let Some(training) = &path.training {
                in_training(path, training, market, today, &mut run);
            }
        }
        // A suspension stops every other clock of the path.
        State::Suspended => {
            let (kind, holder, from, until) = simple(ClockKind::Suspension, Side::Body);
            run(kind, holder, from, until);
        }
        State::TrainingEnded => {
            delivery(path, Prestation::Implementation, ClockKind::ReportDue, &mut run);
            company_answer(&path.report_confirmation.asked, path.report_confirmation.answer, &mut run);
            if let Some(until) = path.formal_notice_until {
                run(ClockKind::FormalNotice, Side::Body, since, until);
            }
        }
        State::Closed => {
            let ended = path.training.as_ref().and_then(|training| training.ended.as_ref());
            // A path that precedes the market, in which nothing was ordered, is not followed up.
            if let Some(ended) = ended.filter(|_| path.anything_ordered() && !path.follow_up_recorded) {
                run(ClockKind::FollowUp, Side::Body, ended.on, span(ClockKind::FollowUp, ended.on));
            }
        }
        State::NotFeasible | State::Declined | State::Cancelled => {}
    }
    if path.state == State::InTraining {
        clocks.sort_by_key(|clock| clock.due_on);
    }
    // Nobody goes on before an answer that they asked for, until its last day.
    clocks.sort_by_key(|clock| !(answers(clock.kind) && today <= clock.due_on));
    clocks
}

/// Whether a clock waits for an answer without which the others cannot go on.
const fn answers(kind: ClockKind) -> bool {
    matches!(kind, ClockKind::Observations | ClockKind::CompanyAnswer)
}

fn delivery(path: &Path, prestation: Prestation, kind: ClockKind, run: &mut impl FnMut(ClockKind, Side, Day, Day)) {
    let file = path.file(prestation);
    // A rejection or an extension moves the due day and so starts a new clock.
    let started_on = file.ordered.as_ref().map_or(path.since, |ordered| ordered.on);
    let started_on =
        if file.rejections > 0 || prestation == Prestation::Implementation { path.since } else { started_on };
    let started_on = file.extended_on.unwrap_or(started_on);
    run(kind, Side::Body, started_on, file.due_on.unwrap_or(path.since));
}

/// A clock of the Region that observations stop: it starts anew, with reminders of its own.
fn resumed(file: &PrestationFile, started_on: Day, until: Day) -> (Day, Day) {
    let resumes_on = |asked: &Observations| asked.given_on.unwrap_or(asked.asked_on).max(started_on);
    (file.observations.as_ref().map_or(started_on, resumes_on), extended(file, started_on, until))
}

fn observations(file: &PrestationFile, run: &mut impl FnMut(ClockKind, Side, Day, Day)) {
    if let Some(asked) = file.observations.as_ref().filter(|asked| asked.given_on.is_none()) {
        run(ClockKind::Observations, Side::Body, asked.asked_on, asked.until);
    }
}

fn company_answer(
    asked: &Option<(Day, Day)>,
    answer: Option<CompanyAnswer>,
    run: &mut impl FnMut(ClockKind, Side, Day, Day),
) {
    if let (Some((since, until)), None) = (asked, answer) {
        run(ClockKind::CompanyAnswer, Side::Company, *since, *until);
    }
}

fn adjourned(
    path: &Path,
    prestation: Prestation,
    market: &Market,
    today: Day,
    run: &mut impl FnMut(ClockKind, Side, Day, Day),
) {
    let file = path.file(prestation);
    let Some(adjournment) = &file.adjournment else { return };
    // While the body has time, the Region's choice is planned after it.
    let from = choice_begins(adjournment);
    let body = match adjournment.answer {
        None => Some((ClockKind::Acceptance, adjournment.on)),
        Some(answer) => answer.accepted.then_some((ClockKind::Redelivery, answer.on)),
    };
    if let Some((kind, started_on)) = body.filter(|_| choice_until(file, today, market).is_none()) {
        run(kind, Side::Body, started_on, from);
    }
    let (started_on, until) = resumed(file, from, choice_end(adjournment, market));
    run(ClockKind::RegionChoice, Side::Region, started_on, until);
}

fn signatures(path: &Path, market: &Market, run: &mut impl FnMut(ClockKind, Side, Day, Day)) {
    let Some(pif) = path.pif.as_ref().filter(|pif| !pif.complete()) else { return };
    let holder = [(Party::Body, Side::Body), (Party::Company, Side::Company), (Party::Trainee, Side::Trainee)]
        .into_iter()
        .find(|(party, _)| !pif.signed(*party))
        .map_or(Side::Body, |(_, side)| side);
    run(ClockKind::Signatures, holder, pif.written_on, due(pif.written_on, market.clock(ClockKind::Signatures).span));
}

fn reservation(path: &Path, market: &Market, run: &mut impl FnMut(ClockKind, Side, Day, Day)) {
    let Some(candidate) = &path.candidate else { return };
    let until = candidate
        .reserved_until
        .unwrap_or_else(|| due(candidate.selected_on, market.clock(ClockKind::Reservation).span));
    run(ClockKind::Reservation, Side::Body, candidate.extended_on.unwrap_or(candidate.selected_on), until);
}

fn in_training(
    path: &Path,
    training: &Training,
    market: &Market,
    today: Day,
    run: &mut impl FnMut(ClockKind, Side, Day, Day),
) {
    let span = |kind: ClockKind, from: Day| due(from, market.clock(kind).span);
    // A suspension stops the clocks; after the return each goes on for what remained of it.
    let carried = |kind, started_on, due_on| {
        let span = market.clock(kind).span;
        training.carried(started_on, due_on, |stopped, due_on, back| goes_on(kind, span, stopped, due_on, back))
    };
    let run = &mut |kind, holder, started_on, due_on| {
        let (started_on, due_on) = carried(kind, started_on, due_on);
        run(kind, holder, started_on, due_on);
    };
    signatures(path, market, run);
    if training.safir.is_none() || training.remu.is_none() {
        let entered = training.entered_on;
        run(ClockKind::EntryDeclaration, Side::Body, entered, span(ClockKind::EntryDeclaration, entered));
    }
    if let Some(accident) = path.accidents.last() {
        let until = span(ClockKind::Accident, *accident);
        if today <= carried(ClockKind::Accident, *accident, until).1 {
            run(ClockKind::Accident, Side::Body, *accident, until);
        }
    }
    let last_log = training.sequences.iter().map(|sequence| sequence.from.date()).max();
    let last_log = last_log.unwrap_or(training.entered_on);
    let log_due = span(ClockKind::MissingLog, last_log);
    // Nothing is missing once the hours of the PIF are there; after its last day, only the end of the training is waited for.
    let log_waited = path.pif.as_ref().is_none_or(|pif| {
        let last_day = carried(ClockKind::TrainingEnd, training.entered_on, pif.terms.ends_on).1;
        carried(ClockKind::MissingLog, last_log, log_due).1 <= last_day
            && path.minutes(|_| true) < i64::from(pif.terms.total_hours()) * 60
    });
    if log_waited {
        run(ClockKind::MissingLog, Side::Body, last_log, log_due);
    }
    if let Some(month) = unsigned_month(training, today) {
        // The statement is owed once the month has ended; the span is the day of the next month on which it is due.
        let ended = next_month(month) - Duration::days(1);
        run(ClockKind::Attendance, Side::Body, ended, span(ClockKind::Attendance, ended));
    }
    if let Some(pif) = &path.pif {
        run(ClockKind::TrainingEnd, Side::Body, training.entered_on, pif.terms.ends_on);
    }
}

/// The last day of a clock that stopped with some of its time left, and goes on from the day of the return.
fn goes_on(kind: ClockKind, span: Span, stopped_on: Day, due_on: Day, back_on: Day) -> Day {
    match (kind, span) {
        // A day that the programme plans, not a time limit.
        (ClockKind::TrainingEnd, _) => back_on + (due_on - stopped_on),
        (_, Span::WorkingDays(_)) => {
            let left =
                stopped_on.iter_days().skip(1).take_while(|day| *day <= due_on).filter(|day| is_working_day(*day));
            due(back_on, Span::WorkingDays(u32::try_from(left.count()).unwrap_or(u32::MAX)))
        }
        (_, Span::Days(_) | Span::Months(_)) => next_working_day(back_on + (due_on - stopped_on)),
    }
}

/// The first month of the training without a statement signed by the body, up to the present one.
fn unsigned_month(training: &Training, today: Day) -> Option<Day> {
    let first = |day: Day| day - Duration::days(i64::from(day.day0()));
    let signed = |month: Day| {
        let statement = training.attendance.iter().find(|statement| statement.month == month);
        statement.is_some_and(|statement| statement.signed.contains(&OutsideOrBody::Body))
    };
    let mut month = first(training.entered_on);
    while signed(month) {
        month = next_month(month);
    }
    (month <= first(today)).then_some(month)
}

fn next_month(month: Day) -> Day {
    let later = month + Duration::days(31);
    later - Duration::days(i64::from(later.day0()))
}

/// The clock that says who holds the ball: an answer that is waited for, else the state's own matter; in training, what is due first.
pub fn ball(path: &Path, market: &Market, today: Day) -> Option<Clock> {
    clocks(path, market, today).into_iter().next()
}

/// Every reminder, escalation and expiry that the clocks of a path call for.
pub fn planned(path: &Path, market: &Market, today: Day) -> Vec<Planned> {
    let mut planned = Vec::new();
    for clock in clocks(path, market, today) {
        let terms = market.clock(clock.kind);
        let mut plan = |kind, rank: i32| {
            planned.push(Planned {
                clock: clock.kind,
                started_on: clock.started_on,
                kind,
                rank,
                on: clock.due_on + Duration::days(i64::from(rank)),
            });
        };
        let signed = |days: u32| i32::try_from(days).unwrap_or(i32::MAX);
        for days in &terms.remind_before {
            plan(ReminderKind::Reminder, -signed(*days));
        }
        for days in &terms.remind_after {
            plan(ReminderKind::Reminder, signed(*days));
        }
        if let Some(days) = terms.escalate_after {
            plan(ReminderKind::Escalation, signed(days));
        }
        if expires(clock.kind) {
            plan(ReminderKind::Expiry, 1);
        }
    }
    // What is past when it is planned was missed before this clock ran: only expiries still matter.
    planned.retain(|planned| planned.kind == ReminderKind::Expiry || planned.on >= today);
    planned
}

/// Clocks whose end changes something by itself: silence decides, or someone else holds the ball.
pub const fn expires(kind: ClockKind) -> bool {
    match kind {
        ClockKind::Verification
        | ClockKind::Acceptance
        | ClockKind::Redelivery
        | ClockKind::RegionChoice
        | ClockKind::Observations
        | ClockKind::CompanyAnswer
        | ClockKind::PlaceOffer => true,
        ClockKind::NeedDecision
        | ClockKind::StudyDue
        | ClockKind::PreparationOrder
        | ClockKind::PreparationDue
        | ClockKind::SelectionOpening
        | ClockKind::Selection
        | ClockKind::Signatures
        | ClockKind::ImplementationOrder
        | ClockKind::Reservation
        | ClockKind::Entry
        | ClockKind::EntryDeclaration
        | ClockKind::MissingLog
        | ClockKind::Attendance
        | ClockKind::TrainingEnd
        | ClockKind::Suspension
        | ClockKind::ReportDue
        | ClockKind::FollowUp
        | ClockKind::Accident
        | ClockKind::FormalNotice => false,
    }
}
