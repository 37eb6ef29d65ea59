//! Correcting a datum: what the value may become, what is asked again, and what stands in the way.
//!
//! Nothing that was delivered or admitted changes silently: [`correctable`] refuses with the way out, and the guards of the
//! step that first said a value hold for its correction.

use chrono::Datelike;

use super::{Context, Decision, PersonChange, not_before, selection, training};
use crate::calendar::{Day, completed_years};
use crate::form::{FieldError, FieldProblem, FieldType, Line, Text};
use crate::identifiers::Commune;
use crate::market::ClockKind;
use crate::path::command::{AbsenceReason, Command, Datum, Outcome, RequestKind, SequenceKind};
use crate::path::correction::{
    AbsencePeriod, Bound, Correction, ProfileValue, Reopened, SequencePeriod, Territory, correctable, rule,
};
use crate::path::event::{Event, Month, OutsideOrBody};
use crate::path::record::{Ended, Path, Pif, Sequence, Training};
use crate::path::refusal::Refusal;
use crate::path::requests;
use crate::path::step::State;
use crate::path::table::row;
use crate::people::{Person, RecipientRole, Side};

pub(super) fn correct_datum(
    path: &Path,
    command: Command,
    side: Side,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let Command::CorrectDatum {
        datum,
        value,
        company,
        siret,
        job,
        rome,
        persons_wanted,
        commune,
        keep_lot,
        prescriber,
        planned_entry,
        birth_date,
        sex,
        level,
        rsa,
        boe,
        entered_on,
        number,
        annul,
        kind,
        starts_at,
        ends_at,
        objective,
        from,
        until,
        absence_reason,
        ended_on,
        outcome,
        outcome_reason,
        hours_done,
        reason: Text(reason),
    } = command
    else {
        return Err(Refusal::NotFound);
    };
    only_its_own(
        datum,
        &[
            ("value", value.is_some()),
            ("company", company.is_some()),
            ("siret", siret.is_some()),
            ("job", job.is_some()),
            ("rome", rome.is_some()),
            ("persons_wanted", persons_wanted.is_some()),
            ("commune", commune.is_some()),
            ("keep_lot", keep_lot.is_some()),
            ("prescriber", prescriber.is_some()),
            ("planned_entry", planned_entry.is_some()),
            ("birth_date", birth_date.is_some()),
            ("sex", sex.is_some()),
            ("level", level.is_some()),
            ("rsa", rsa.is_some()),
            ("boe", boe.is_some()),
            ("entered_on", entered_on.is_some()),
            ("number", number.is_some()),
            ("annul", annul.is_some()),
            ("kind", kind.is_some()),
            ("starts_at", starts_at.is_some()),
            ("ends_at", ends_at.is_some()),
            ("objective", objective.is_some()),
            ("from", from.is_some()),
            ("until", until.is_some()),
            ("absence_reason", absence_reason.is_some()),
            ("ended_on", ended_on.is_some()),
            ("outcome", outcome.is_some()),
            ("outcome_reason", outcome_reason.is_some()),
            ("hours_done", hours_done.is_some()),
        ],
    )?;
    correctable(path, datum)?;
    let alone = Alone { datum, value };
    let mut change = None;
    let correction = match datum {
        Datum::Company => {
            let Line(after) = alone.or(company)?;
            Correction::Company { before: path.workplace.company.clone(), after }
        }
        Datum::Siret => {
            let (before, after) = (path.workplace.siret.clone(), alone.or(siret)?);
            // Another establishment is a correction; another company, once its study is ordered, is the Region's to say.
            if side != Side::Region && before.siren() != after.siren() && bought(path) {
                return Err(Refusal::OtherCompany);
            }
            Correction::Siret { before, after }
        }
        Datum::Job => {
            let Line(after) = alone.or(job)?;
            Correction::Job { before: path.job.title.clone(), after }
        }
        Datum::RomeCode => Correction::RomeCode { before: path.job.rome.clone(), after: alone.or(rome)? },
        Datum::PersonsWanted => {
            Correction::PersonsWanted { before: path.persons_wanted, after: alone.or(persons_wanted)?.get() }
        }
        Datum::Commune => to_commune(path, alone.or(commune)?, keep_lot == Some(true), side, context)?,
        Datum::Prescriber => {
            let candidate = path.candidate.as_ref().ok_or(Refusal::NothingToCorrect { datum })?;
            Correction::Prescriber { before: candidate.prescriber, after: alone.or(prescriber)? }
        }
        Datum::PlannedEntry => {
            let candidate = path.candidate.as_ref().ok_or(Refusal::NothingToCorrect { datum })?;
            let after = context.in_market(not_before(alone.or(planned_entry)?, context.today())?)?;
            if after.year() != candidate.reserved_year {
                context.place_left(&path.lot, after.year())?;
            }
            let due_on = (path.state == State::ImplementationOrdered).then_some(after);
            Correction::PlannedEntry { before: candidate.planned_entry, after, due_on }
        }
        Datum::CandidateProfile => {
            let before = path.trainee().ok_or(Refusal::NothingToCorrect { datum })?.clone();
            let known = context.known_person(&before).ok_or(Refusal::NotFound)?;
            let mut person = known.clone();
            let profile = person.profile.as_mut().ok_or(Refusal::NotFound)?;
            profile.birth_date = birth_date.unwrap_or(profile.birth_date);
            profile.sex = sex.unwrap_or(profile.sex);
            profile.level = level.unwrap_or(profile.level);
            profile.rsa = rsa.unwrap_or(profile.rsa);
            profile.boe = boe.unwrap_or(profile.boe);
            let (born, entry) = (profile.birth_date, entry(path).unwrap_or(context.today()));
            if born > context.today() || !selection::PLAUSIBLE_AGES.contains(&completed_years(born, entry)) {
                return Err(Refusal::Age);
            }
            let values = profile_values(known, &person);
            let after = person.reference();
            change = Some(PersonChange::Update(person));
            Correction::CandidateProfile { before, after, values }
        }
        Datum::EntryDate => to_entry(path, alone.or(entered_on)?, context)?,
        Datum::Sequence => {
            let objective = objective.map(|Text(text)| text);
            let asked = AskedSequence { annul: annul == Some(true), kind, starts_at, ends_at, objective };
            to_sequence(path, numbered(number)?, asked, context)?
        }
        Datum::Absence => {
            let asked = AskedAbsence { annul: annul == Some(true), from, until, reason: absence_reason };
            to_absence(path, numbered(number)?, &asked, context)?
        }
        Datum::EndDate => to_end(path, alone.or(ended_on)?, context)?,
        Datum::Outcome => {
            let (training, ended) = ended(path, datum)?;
            let after = alone.or(outcome)?;
            if after != Outcome::Completed && after != ended.outcome && outcome_reason.is_none() {
                return Err(Refusal::OutcomeReason);
            }
            training::may_end(path, training, after, ended.hours_done, context)?;
            Correction::Outcome { before: ended.outcome, after, why: outcome_reason.map(|Text(text)| text) }
        }
        Datum::HoursDone => {
            let (training, ended) = ended(path, datum)?;
            let after = alone.or(hours_done)?;
            training::may_end(path, training, ended.outcome, after, context)?;
            Correction::HoursDone { before: ended.hours_done, after }
        }
    };
    if correction.is_unchanged() {
        return Err(Refusal::Unchanged);
    }
    let reopened = reopened(path, &correction, context);
    let decision = Decision::on(context.today(), Event::DatumCorrected { reason, correction, reopened });
    Ok(match change {
        Some(change) => decision.with(change),
        None => decision,
    })
}

/// A value that its own field says, or the one typed alone.
struct Alone {
    datum: Datum,
    value: Option<Line>,
}

impl Alone {
    fn or<T: FieldType>(&self, own: Option<T>) -> Result<T, Refusal> {
        match (own, &self.value) {
            (Some(own), _) => Ok(own),
            (None, Some(Line(text))) => T::read(&text.as_str().into()).map_err(|problem| problem_of("value", problem)),
            (None, None) => Err(problem_of(self.datum.single().unwrap_or("value"), FieldProblem::Missing)),
        }
    }
}

fn problem_of(field: &str, problem: FieldProblem) -> Refusal {
    Refusal::Form { errors: vec![FieldError { field: field.to_owned(), problem }] }
}

fn numbered(number: Option<u32>) -> Result<u32, Refusal> {
    number.ok_or_else(|| problem_of("number", FieldProblem::Missing))
}

/// Refuses the fields of another datum, which would be passed over in silence.
fn only_its_own(datum: Datum, given: &[(&str, bool)]) -> Result<(), Refusal> {
    let mut known = datum.fields().to_vec();
    known.extend(datum.single().map(|_| "value"));
    let foreign = given.iter().filter(|(field, given)| *given && !known.contains(field));
    let errors: Vec<FieldError> = foreign
        .map(|(field, _)| FieldError {
            field: (*field).to_owned(),
            problem: FieldProblem::Unknown { known: datum.fields().to_vec() },
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Form { errors }) }
}

/// Whether a prestation was bought for this path, or for the one whose study it uses.
fn bought(path: &Path) -> bool {
    path.anything_ordered() || path.source.is_some()
}

/// The lot follows the commune while nothing is ordered; afterwards only a derogation of the Region keeps the path.
fn to_commune(
    path: &Path,
    after: Commune,
    keep: bool,
    side: Side,
    context: &Context<'_>,
) -> Result<Correction, Refusal> {
    let department = after.department();
    let lot = match context.terms.market.lot_of(&department) {
        Some(lot) if lot.code == path.lot => Territory::Own,
        Some(_) | None if keep && side == Side::Region => Territory::Derogation,
        Some(_) | None if keep => return Err(Refusal::DerogationByRegion),
        None => return Err(Refusal::OtherTerritory { department, lot: None }),
        Some(lot) if bought(path) || path.state.is_final() => {
            return Err(Refusal::LotOrdered { department, lot: lot.code.clone() });
        }
        Some(lot) => Territory::Moved { from: path.lot.clone(), to: lot.code.clone(), holder: lot.holder.code.clone() },
    };
    Ok(Correction::Commune { before: path.workplace.commune.clone(), after, department, lot })
}

/// The day of the entry, or the one planned.
fn entry(path: &Path) -> Option<Day> {
    let entered = path.training.as_ref().map(|training| training.entered_on);
    let planned = path.candidate.as_ref().map(|candidate| candidate.planned_entry);
    entered.or(planned).or(path.waiting.as_ref().map(|waiting| waiting.planned_entry))
}

fn profile_values(before: &Person, after: &Person) -> Vec<ProfileValue> {
    let (Some(before), Some(after)) = (&before.profile, &after.profile) else { return Vec::new() };
    [
        (before.birth_date != after.birth_date, ProfileValue::BirthDate),
        (before.sex != after.sex, ProfileValue::Sex),
        (before.level != after.level, ProfileValue::Level),
        (before.rsa != after.rsa, ProfileValue::Rsa),
        (before.boe != after.boe, ProfileValue::Boe),
    ]
    .into_iter()
    .filter_map(|(differs, value)| differs.then_some(value))
    .collect()
}

fn to_entry(path: &Path, after: Day, context: &Context<'_>) -> Result<Correction, Refusal> {
    let training = path.training.as_ref().ok_or(Refusal::NothingToCorrect { datum: Datum::EntryDate })?;
    let before = training.entered_on;
    let ordered = path.implementation.ordered.as_ref().map_or(path.opened_on, |ordered| ordered.on);
    // Invariant 2: the version in force on that day was signed by the three.
    let signed = path.pif.as_ref().and_then(Pif::last_signed_on).filter(|signed| *signed <= before);
    let earliest = signed.map_or(ordered, |signed| signed.max(ordered));
    let after = context.in_market(not_before(context.past(after)?, earliest)?)?;
    if let Some(latest) = training::first_fact(training).filter(|first| after > *first) {
        return Err(Refusal::After { day: after, latest });
    }
    if after.year() != training.year {
        context.place_left(&path.lot, after.year())?;
    }
    still_ends(path, &Training { entered_on: after, ..training.clone() }, context)?;
    Ok(Correction::EntryDate { before, after })
}

/// Whether the training could still have ended as it did, with what is corrected.
fn still_ends(path: &Path, corrected: &Training, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(ended) = &corrected.ended else { return Ok(()) };
    let last = training::last_fact(corrected);
    if last > ended.on {
        return Err(Refusal::After { day: last, latest: ended.on });
    }
    training::may_end(path, corrected, ended.outcome, ended.hours_done, context)
}

/// What a correction says of a sequence; what it does not say stays.
struct AskedSequence {
    annul: bool,
    kind: Option<SequenceKind>,
    starts_at: Option<chrono::NaiveDateTime>,
    ends_at: Option<chrono::NaiveDateTime>,
    objective: Option<String>,
}

/// A sequence is never changed: it is annulled, and another one, unsigned, takes its place.
fn to_sequence(path: &Path, number: u32, asked: AskedSequence, context: &Context<'_>) -> Result<Correction, Refusal> {
    let training = path.training.as_ref().ok_or(Refusal::NothingToCorrect { datum: Datum::Sequence })?;
    let index = training.sequences.iter().position(|sequence| sequence.number == number);
    let mut corrected = training.clone();
    let before = corrected.sequences.remove(index.ok_or(Refusal::NoSequence { number })?).period();
    if asked.annul {
        still_ends(path, &corrected, context)?;
        return Ok(Correction::Sequence { number, before, after: None, objective: None });
    }
    let after = SequencePeriod {
        kind: asked.kind.unwrap_or(before.kind),
        from: asked.starts_at.unwrap_or(before.from),
        until: asked.ends_at.unwrap_or(before.until),
    };
    let (from, until) = (after.from, after.until);
    let sequence = Sequence { number: training.next_sequence(), kind: after.kind, from, until, signed: false };
    training::fits_ledger(path, &corrected, &sequence, context)?;
    corrected.sequences.push(sequence);
    still_ends(path, &corrected, context)?;
    Ok(Correction::Sequence { number, before, after: Some(after), objective: asked.objective })
}

/// What a correction says of an absence; what it does not say stays.
struct AskedAbsence {
    annul: bool,
    from: Option<Day>,
    until: Option<Day>,
    reason: Option<AbsenceReason>,
}

fn to_absence(path: &Path, number: u32, asked: &AskedAbsence, context: &Context<'_>) -> Result<Correction, Refusal> {
    let training = path.training.as_ref().ok_or(Refusal::NothingToCorrect { datum: Datum::Absence })?;
    let known = training.absences_held().find(|(known, _)| *known == number);
    let before = known.ok_or(Refusal::NoAbsence { number })?.1.period();
    if asked.annul {
        return Ok(Correction::Absence { number, before, after: None });
    }
    let after = AbsencePeriod {
        from: asked.from.unwrap_or(before.from),
        until: asked.until.unwrap_or(before.until),
        reason: asked.reason.unwrap_or(before.reason),
    };
    training::absent(training, after.from, after.until, context)?;
    Ok(Correction::Absence { number, before, after: Some(after) })
}

fn ended(path: &Path, datum: Datum) -> Result<(&Training, &Ended), Refusal> {
    let training = path.training.as_ref().ok_or(Refusal::NothingToCorrect { datum })?;
    Ok((training, training.ended.as_ref().ok_or(Refusal::NothingToCorrect { datum })?))
}

fn to_end(path: &Path, after: Day, context: &Context<'_>) -> Result<Correction, Refusal> {
    let (training, ended) = ended(path, Datum::EndDate)?;
    let before = ended.on;
    let mut corrected = training.clone();
    // A suspension that the end closed is closed by the corrected end.
    if let Some(suspension) = corrected.suspensions.last_mut().filter(|last| last.until == Some(before)) {
        suspension.until = None;
    }
    not_before(context.past(after)?, training::last_fact(&corrected))?;
    let file = &path.implementation;
    let moved = path.state == State::TrainingEnded && file.rejections == 0 && file.extended_on.is_none();
    let computed = context.due(ClockKind::ReportDue, after);
    let report_due_on = file.due_on.filter(|_| !moved).unwrap_or(computed);
    Ok(Correction::EndDate { before, after, report_due_on })
}

/// What the correction takes back, by the rule of its datum and where the path stands.
fn reopened(path: &Path, correction: &Correction, context: &Context<'_>) -> Vec<Reopened> {
    let mut reopened = Vec::new();
    for bound in rule(correction.datum()).asks_again {
        match bound {
            Bound::Commitment | Bound::Report | Bound::Pif => reopened.extend(taken_back(path, *bound, context)),
            Bound::Sequence => {
                if let (Correction::Sequence { after: Some(_), .. }, Some(training)) = (correction, &path.training) {
                    reopened.push(Reopened::Sequence { number: training.next_sequence() });
                }
            }
            Bound::Attendance => {
                reopened.extend(signed_months(path, correction).map(|month| Reopened::Attendance { month }));
            }
        }
    }
    reopened
}

/// What is asked anew of what a path binds now: its commitment, its report or its programme.
fn taken_back(path: &Path, bound: Bound, context: &Context<'_>) -> Option<Reopened> {
    let until = || context.due(ClockKind::CompanyAnswer, context.today());
    match bound {
        Bound::Commitment => {
            let study = matches!(
                path.state,
                State::FeasibilityInProgress | State::FeasibilityDelivered | State::FeasibilityAdjourned
            );
            (study && path.commitment.asked.is_some()).then(|| Reopened::Commitment { until: until() })
        }
        Bound::Report => path.report_confirmation.asked.is_some().then(|| Reopened::Report { until: until() }),
        Bound::Pif => {
            let signing = matches!(
                path.state,
                State::CandidateSelected
                    | State::PifSigned
                    | State::ImplementationOrdered
                    | State::InTraining
                    | State::Suspended
            );
            let pif = path.pif.as_ref().filter(|_| signing)?;
            Some(Reopened::Pif { version: pif.version + 1 })
        }
        Bound::Sequence | Bound::Attendance => None,
    }
}

/// Takes an answer back and asks for it again: what a contestation that was found right calls for.
pub(super) fn ask_again(
    path: &Path,
    request: RequestKind,
    Text(reason): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    if !may_ask_again(path, request) {
        return Err(Refusal::NotAskedAgain { request });
    }
    let reopened = match request {
        RequestKind::ConfirmCommitment => taken_back(path, Bound::Commitment, context),
        RequestKind::ConfirmReport => taken_back(path, Bound::Report, context),
        RequestKind::SignPif => taken_back(path, Bound::Pif, context),
        RequestKind::SignAttendance => last_statement(path).map(|month| Reopened::Attendance { month }),
        RequestKind::ConfirmProgramme | RequestKind::AcceptDesignation | RequestKind::ConfirmCandidate => {
            Some(Reopened::Agreement { request })
        }
        RequestKind::SignSequences => None,
    };
    let reopened = reopened.ok_or(Refusal::NotAskedAgain { request })?;
    Ok(Decision::on(context.today(), Event::AskedAgain { reason, reopened }))
}

/// Whether an answer was given that the present state lets ask again. A sequence is corrected: the new one is to be signed.
pub(super) fn may_ask_again(path: &Path, request: RequestKind) -> bool {
    use State as S;
    let given = [RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor]
        .into_iter()
        .any(|role| requests::answered(path, role, request));
    let open = match request {
        RequestKind::ConfirmCommitment => {
            matches!(path.state, S::FeasibilityInProgress | S::FeasibilityDelivered | S::FeasibilityAdjourned)
        }
        RequestKind::ConfirmReport => matches!(path.state, S::TrainingEnded | S::ReportDelivered | S::ReportAdjourned),
        RequestKind::SignPif => {
            matches!(path.state, S::CandidateSelected | S::PifSigned | S::ImplementationOrdered | S::InTraining)
        }
        RequestKind::SignAttendance => {
            matches!(path.state, S::InTraining | S::Suspended | S::TrainingEnded | S::ReportAdjourned)
        }
        RequestKind::ConfirmProgramme | RequestKind::AcceptDesignation => {
            row(requests::step_of(request)).from.contains(&path.state)
        }
        RequestKind::ConfirmCandidate => path.state == S::CandidateSelected && path.pif.is_none(),
        RequestKind::SignSequences => false,
    };
    given && open
}

/// The last month whose statement somebody signed besides the body.
fn last_statement(path: &Path) -> Option<Month> {
    let statements = path.training.iter().flat_map(|training| &training.attendance);
    let signed = statements.filter(|it| it.signed.iter().any(|by| *by != OutsideOrBody::Body));
    signed.map(|statement| statement.month).max()
}

/// The months whose signed statements say an absence otherwise than it is corrected.
fn signed_months<'a>(path: &'a Path, correction: &'a Correction) -> impl Iterator<Item = Month> + 'a {
    let periods = match correction {
        Correction::Absence { before, after, .. } => [Some(*before), *after],
        _ => [None, None],
    };
    let concerned = move |month: Month| {
        let next = month + chrono::Months::new(1);
        periods.into_iter().flatten().any(|period| period.from < next && period.until >= month)
    };
    let statements = path.training.iter().flat_map(|training| &training.attendance);
    statements.filter(move |statement| !statement.signed.is_empty() && concerned(statement.month)).map(|it| it.month)
}
