//! What a correction means for the path, and what it means that something is asked again.

use chrono::Datelike;

use crate::calendar::Day;
use crate::path::correction::{Correction, Reopened, Territory};
use crate::path::record::{Absence, Confirmation, Path, Pif, Sequence};
use crate::path::step::State;

/// The corrected value; `None` when the path has no such datum.
pub(super) fn correct(path: &mut Path, correction: Correction, reason: &str) -> Option<()> {
    match correction {
        Correction::Company { after, .. } => path.workplace.company = after,
        Correction::Siret { after, .. } => path.workplace.siret = after,
        Correction::Job { after, .. } => path.job.title = after,
        Correction::RomeCode { after, .. } => path.job.rome = Some(after),
        Correction::PersonsWanted { after, .. } => path.persons_wanted = after,
        Correction::Commune { after, department, lot, .. } => {
            path.workplace.commune = after;
            path.workplace.department = department;
            settle(path, lot, reason);
        }
        Correction::Prescriber { after, .. } => path.candidate.as_mut()?.prescriber = Some(after),
        Correction::PlannedEntry { after, due_on, .. } => {
            let candidate = path.candidate.as_mut()?;
            candidate.planned_entry = after;
            candidate.reserved_year = after.year();
            path.implementation.due_on = due_on.or(path.implementation.due_on);
        }
        Correction::EntryDate { after, .. } => {
            let training = path.training.as_mut()?;
            training.entered_on = after;
            training.year = after.year();
        }
        Correction::CandidateProfile { after, .. } => *path.trainee_mut()? = after,
        Correction::Sequence { number, after, .. } => {
            let training = path.training.as_mut()?;
            let index = training.sequences.iter().position(|sequence| sequence.number == number)?;
            let next = training.next_sequence();
            let annulled = training.sequences.remove(index);
            training.annulled.push(annulled);
            if let Some(period) = after {
                let (from, until) = (period.from, period.until);
                training.sequences.push(Sequence { number: next, kind: period.kind, from, until, signed: false });
            }
        }
        Correction::Absence { number, after, .. } => {
            let index = usize::try_from(number).ok()?.checked_sub(1)?;
            let absence = path.training.as_mut()?.absences.get_mut(index)?;
            *absence = match after {
                Some(period) => {
                    Absence { from: period.from, until: period.until, reason: period.reason, annulled: false }
                }
                None => Absence { annulled: true, ..absence.clone() },
            };
        }
        Correction::EndDate { before, after, report_due_on } => {
            let training = path.training.as_mut()?;
            training.ended.as_mut()?.on = after;
            // A training that ended while it was suspended was suspended until its end.
            if let Some(suspension) = training.suspensions.last_mut().filter(|last| last.until == Some(before)) {
                suspension.until = Some(after);
            }
            if path.state == State::TrainingEnded && path.implementation.due_on != Some(report_due_on) {
                path.since = after;
            }
            path.implementation.due_on = Some(report_due_on);
        }
        Correction::Outcome { after, .. } => path.training.as_mut()?.ended.as_mut()?.outcome = after,
        Correction::HoursDone { after, .. } => path.training.as_mut()?.ended.as_mut()?.hours_done = after,
    }
    Some(())
}

/// The lot in which a corrected commune leaves the path.
fn settle(path: &mut Path, territory: Territory, reason: &str) {
    match territory {
        Territory::Unsaid => {}
        Territory::Own => path.derogation = None,
        Territory::Derogation => path.derogation = Some(reason.to_owned()),
        Territory::Moved { to, holder, .. } => {
            path.lot = to;
            path.holder = holder;
            path.derogation = None;
            // The coordinator and what the body asked were those of the lot that the path leaves.
            path.coordinator = None;
            path.body_requests.clear();
        }
    }
}

/// What was confirmed or signed is asked anew, under a version that earlier links do not sign (L5).
pub(super) fn reopen(path: &mut Path, reopened: Reopened, on: Day) -> Option<()> {
    let ask = |confirmation: &mut Confirmation, until| {
        let reopened = confirmation.reopened + 1;
        *confirmation = Confirmation { asked: Some((on, until)), reopened, ..Confirmation::default() };
    };
    super::answer_anew(path, reopened.request());
    match reopened {
        Reopened::Commitment { until } => ask(&mut path.commitment, until),
        Reopened::Report { until } => ask(&mut path.report_confirmation, until),
        Reopened::Pif { version } => {
            let pif = path.pif.take()?;
            let agreed_hours = pif.hours_in_force();
            path.pif = Some(Pif { version, written_on: on, signatures: Vec::new(), agreed_hours, ..pif });
        }
        Reopened::Agreement { request } => super::seek(path, request, on)?,
        // It came unsigned with the correction.
        Reopened::Sequence { .. } => {}
        Reopened::Attendance { month } => {
            let statements = &mut path.training.as_mut()?.attendance;
            let statement = statements.iter_mut().find(|statement| statement.month == month)?;
            statement.signed.clear();
            statement.revision += 1;
        }
    }
    Some(())
}
