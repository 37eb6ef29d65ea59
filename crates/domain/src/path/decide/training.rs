//! From the entry in training to the closing: the ledger of sequences, suspensions, the end and the final report.

use chrono::{Datelike, Duration, NaiveDateTime};

use super::{Context, Decision, gather, not_before, selection, study, verification};
use crate::calendar::Day;
use crate::form::{Line, Text};
use crate::market::{ClockKind, Prestation};
use crate::money::Cents;
use crate::path::command::{AbsenceReason, Command, CompanyAnswer, Outcome, SequenceKind, Situation};
use crate::path::event::{Event, OutsideOrBody};
use crate::path::record::{Path, Pif, Sequence, Training};
use crate::path::refusal::{HourLimit, Need, Refusal};
use crate::path::step::{Act, Step};
use crate::people::Side;

fn training(path: &Path) -> Result<&Training, Refusal> {
    path.training.as_ref().ok_or(Refusal::NotFound)
}

pub(super) fn enter(
    path: &Path,
    on: Day,
    safir: Option<Line>,
    remu: Option<Line>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    gather(selection::ready_to_enter(path))?;
    let ordered = path.implementation.ordered.as_ref().map_or(path.since, |ordered| ordered.on);
    // Invariant 2: on the day of the entry the version in force was signed by the three.
    let signed = path.pif.as_ref().and_then(Pif::last_signed_on).unwrap_or(ordered);
    context.in_market(not_before(context.past(on)?, ordered.max(signed))?)?;
    let candidate = path.candidate.as_ref().ok_or(Refusal::NotFound)?;
    if on.year() != candidate.reserved_year {
        context.place_left(&path.lot, on.year())?;
    }
    let event = Event::TrainingEntered {
        safir: safir.map(|Line(text)| text),
        remu: remu.map(|Line(text)| text),
        reserved_year: candidate.reserved_year,
        year: on.year(),
    };
    Ok(Decision::on(on, event))
}

pub(super) fn annul(path: &Path, Text(reason): Text, context: &Context<'_>) -> Result<Decision, Refusal> {
    let training = training(path)?;
    if !training.sequences.is_empty() {
        return Err(Refusal::HoursProven);
    }
    Ok(Decision::on(context.today(), Event::EntryAnnulled { reason, year: training.year }))
}

pub(super) fn suspend(
    path: &Path,
    Text(reason): Text,
    on: Option<Day>,
    expected_return: Day,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    // Nothing proven or suspended before is suspended again afterwards.
    let on = not_before(context.past(on.unwrap_or(context.today()))?, last_fact(training(path)?))?;
    not_before(on, path.since)?;
    not_before(expected_return, on)?;
    Ok(Decision::on(on, Event::Suspended { reason, expected_return }))
}

pub(super) fn resume(path: &Path, on: Option<Day>, context: &Context<'_>) -> Result<Decision, Refusal> {
    let on = not_before(context.past(on.unwrap_or(context.today()))?, path.since)?;
    Ok(Decision::on(on, Event::Resumed))
}

/// What the law asks of a completed AFEST (D.6313-3-2) and the path lacks.
fn four_elements(path: &Path, training: &Training) -> Vec<Need> {
    let has = |kind| training.sequences.iter().any(|sequence| sequence.kind == kind);
    let tutor_in_time = path.tutor.as_ref().is_some_and(|tutor| tutor.first_since <= training.entered_on);
    [
        (!path.work_analysed, Need::WorkAnalysis),
        (!tutor_in_time, Need::TutorBeforeEntry),
        (!has(SequenceKind::ReflexivePhase), Need::ReflexivePhase),
        (!has(SequenceKind::Evaluation), Need::Evaluation),
    ]
    .into_iter()
    .filter_map(|(lacks, need)| lacks.then_some(need))
    .collect()
}

/// The last day on which something is known to have happened in the training: it does not end before.
pub(super) fn last_fact(training: &Training) -> Day {
    let sequences = training.sequences.iter().map(|sequence| sequence.until.date()).max();
    let suspended = training.suspensions.last().map(|suspension| suspension.until.unwrap_or(suspension.since));
    training.entered_on.max(sequences.unwrap_or(training.entered_on)).max(suspended.unwrap_or(training.entered_on))
}

/// The first day on which something is known to have happened in the training: it was not entered after.
pub(super) fn first_fact(training: &Training) -> Option<Day> {
    let sequences = training.sequences.iter().map(|sequence| sequence.from.date());
    let absences = training.absences_held().map(|(_, absence)| absence.from);
    let suspended = training.suspensions.first().map(|suspension| suspension.since);
    let ended = training.ended.as_ref().map(|ended| ended.on);
    sequences.chain(absences).chain(suspended).chain(ended).min()
}

pub(super) fn end(
    path: &Path,
    outcome: Outcome,
    on: Day,
    reason: Option<Text>,
    hours_done: u32,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let training = training(path)?;
    not_before(context.past(on)?, last_fact(training))?;
    if outcome != Outcome::Completed && reason.is_none() {
        return Err(Refusal::OutcomeReason);
    }
    may_end(path, training, outcome, hours_done, context)?;
    let event = Event::TrainingEnded {
        outcome,
        reason: reason.map(|Text(reason)| reason),
        hours_done,
        report_due_on: context.due(ClockKind::ReportDue, on),
    };
    Ok(Decision::on(on, event))
}

/// What an outcome and its hours need of the ledger: the four elements and the threshold, and no hour that nothing proves.
pub(super) fn may_end(
    path: &Path,
    training: &Training,
    outcome: Outcome,
    hours_done: u32,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let proven = u32::try_from(training.minutes() / 60).unwrap_or(0);
    let mut needs = Vec::new();
    if outcome == Outcome::Completed {
        needs = four_elements(path, training);
        let planned = path.pif.as_ref().and_then(Pif::hours_in_force).unwrap_or(0);
        let percent = context.frozen(&path.implementation).market.training.completion_percent;
        let needed = (planned * percent).div_ceil(100);
        if hours_done < needed {
            needs.push(Need::Hours { done: hours_done, needed });
        }
    }
    // Hours that nothing proves are not payable: the ledger bounds what is declared.
    if hours_done > proven {
        needs.push(Need::Hours { done: proven, needed: hours_done });
    }
    gather(needs)
}

pub(super) fn deliver_report(path: &Path, command: Command, context: &Context<'_>) -> Result<Decision, Refusal> {
    let Command::DeliverReport { report, certificate, confirmation, letter, satisfaction_asked } = command else {
        return Err(Refusal::NotFound);
    };
    let certificate = certificate.ok_or_else(|| Refusal::missing_field("certificate"))?;
    verification::may_deliver(path, Prestation::Implementation, context)?;
    let mut needs = Vec::new();
    if !satisfaction_asked {
        needs.push(Need::SatisfactionAsked);
    }
    let answer = study::company_answer(&path.report_confirmation, Some(confirmation), letter.as_ref(), context)
        .map_err(|asked_until| {
            needs.push(if confirmation == CompanyAnswer::Letter {
                Need::Letter
            } else {
                Need::ReportConfirmation { asked_until }
            });
        })
        .unwrap_or(confirmation);
    gather(needs)?;
    let verify_until = verification::verify_until(path, Prestation::Implementation, context);
    let event =
        Event::ReportDelivered { report, certificate, confirmation: answer, letter, satisfaction_asked, verify_until };
    Ok(Decision::on(context.today(), event))
}

pub(super) fn close_without_report(
    path: &Path,
    Text(reason): Text,
    amount: Cents,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let until = path.formal_notice_until.ok_or(Refusal::missing(Need::FormalNotice { until: None }))?;
    if context.today() <= until {
        return Err(Refusal::missing(Need::FormalNotice { until: Some(until) }));
    }
    let most = verification::payable(path, Prestation::Implementation);
    if amount > most {
        return Err(Refusal::AmountTooHigh { amount, most });
    }
    Ok(Decision::on(context.today(), Event::ClosedWithoutReport { reason, amount }))
}

pub(super) fn record_sequence(
    path: &Path,
    kind: SequenceKind,
    from: NaiveDateTime,
    until: NaiveDateTime,
    Text(objective): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let training = training(path)?;
    let sequence = Sequence { number: training.next_sequence(), kind, from, until, signed: false };
    fits_ledger(path, training, &sequence, context)?;
    let event = Event::SequenceRecorded { number: sequence.number, sequence: kind, from, until, objective };
    Ok(Decision::on(from.date(), event))
}

/// Whether a sequence may stand in a ledger beside those that it holds.
pub(super) fn fits_ledger(
    path: &Path,
    training: &Training,
    sequence: &Sequence,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let Sequence { from, until, .. } = *sequence;
    let tutor = path.tutor.as_ref().ok_or(Refusal::missing(Need::TutorDesignated))?;
    not_before(from.date(), training.entered_on)?;
    not_before(from.date(), tutor.first_since)?;
    if until <= from {
        return Err(Refusal::Backwards);
    }
    if until > context.local_now() {
        return Err(Refusal::NotOver { until });
    }
    if let Some(suspension) = training.suspensions.iter().find(|suspension| suspension.covers(from.date())) {
        return Err(Refusal::Suspended { since: suspension.since, until: suspension.until });
    }
    // A work situation and a reflexive phase never overlap (D.6313-3-2, 3°); nor does anything else one person does.
    if let Some(other) = training.sequences.iter().find(|other| from < other.until && other.from < until) {
        return Err(Refusal::Overlap { number: other.number });
    }
    within_hours(training, sequence, context)
}

/// 10 h a day and 35 h a week at most, over what the ledger holds already.
fn within_hours(training: &Training, added: &Sequence, context: &Context<'_>) -> Result<(), Refusal> {
    let limits = &context.terms.market.training;
    let total = |same: &dyn Fn(Day) -> bool| {
        let others = training.sequences.iter().filter(|sequence| same(sequence.from.date()));
        let minutes: i64 = others.map(Sequence::minutes).sum::<i64>() + added.minutes();
        u32::try_from((minutes + 59) / 60).unwrap_or(u32::MAX)
    };
    let day = added.from.date();
    let daily = total(&|other| other == day);
    if daily > limits.daily_hours {
        return Err(Refusal::TooManyHours { hours: daily, most: limits.daily_hours, limit: HourLimit::Day });
    }
    let weekly = total(&|other| other.iso_week() == day.iso_week());
    if weekly > limits.weekly_hours {
        return Err(Refusal::TooManyHours { hours: weekly, most: limits.weekly_hours, limit: HourLimit::Week });
    }
    Ok(())
}

pub(super) fn sign_sequence(
    path: &Path,
    number: u32,
    on_behalf: bool,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let sequences = &training(path)?.sequences;
    let sequence = sequences.iter().find(|sequence| sequence.number == number);
    if sequence.ok_or(Refusal::NoSequence { number })?.signed {
        return Err(Refusal::AlreadyDone { step: Act::SignSequence.into() });
    }
    Ok(Decision::on(context.today(), Event::SequenceSigned { number, on_behalf }))
}

pub(super) fn record_absence(
    path: &Path,
    from: Day,
    until: Day,
    reason: AbsenceReason,
    comment: Option<Text>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    absent(training(path)?, from, until, context)?;
    let comment = comment.map(|Text(comment)| comment);
    Ok(Decision::on(from, Event::AbsenceRecorded { from, until, reason, comment }))
}

/// Whether someone may have been absent on these days.
pub(super) fn absent(training: &Training, from: Day, until: Day, context: &Context<'_>) -> Result<(), Refusal> {
    not_before(from, training.entered_on)?;
    if until < from {
        return Err(Refusal::Backwards);
    }
    context.past(from).map(drop)
}

/// What became of the trainee. What is said from the first reminder of the follow-up on, and is known, answers it.
pub(super) fn record_follow_up(
    path: &Path,
    on: Day,
    situation: Situation,
    at_company: bool,
    comment: Option<Text>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let on = context.past(on)?;
    let asked_from = training(path)?.ended.as_ref().map(|ended| {
        let first_reminder = context.terms.market.clock(ClockKind::FollowUp).remind_before.iter().max();
        context.due(ClockKind::FollowUp, ended.on) - Duration::days(first_reminder.copied().unwrap_or(0).into())
    });
    let conclusive = situation != Situation::Unknown && asked_from.is_some_and(|from| on >= from);
    let comment = comment.map(|Text(comment)| comment);
    let event = Event::FollowUpRecorded { on, situation, at_company, comment, conclusive };
    Ok(Decision::on(context.today(), event))
}

pub(super) fn sign_attendance(path: &Path, month: Day, side: Side, context: &Context<'_>) -> Result<Decision, Refusal> {
    let by = match side {
        Side::Trainee => OutsideOrBody::Trainee,
        Side::Tutor => OutsideOrBody::Tutor,
        Side::Body | Side::Region | Side::Finance | Side::Company | Side::System => OutsideOrBody::Body,
    };
    sign_attendance_as(path, month, by, false, context)
}

pub(super) fn sign_attendance_as(
    path: &Path,
    month: Day,
    by: OutsideOrBody,
    on_behalf: bool,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let training = training(path)?;
    let first = |day: Day| day - chrono::Duration::days(i64::from(day.day0()));
    let month = first(month);
    not_before(month, first(training.entered_on))?;
    context.past(month)?;
    let statement = training.attendance.iter().find(|statement| statement.month == month);
    if statement.is_some_and(|statement| statement.signed.contains(&by)) {
        return Err(Refusal::AlreadyDone { step: Step::from(Act::SignAttendanceMonth) });
    }
    Ok(Decision::on(context.today(), Event::AttendanceSigned { month, by, on_behalf }))
}
