//! Folding events into a path. `apply` decides nothing: it states what each fact means for the path as it stands.

mod correct;

use thiserror::Error;

use super::command::{BodyRequest, CompanyAnswer, RequestKind, Verdict};
use super::event::{Event, Party, Recorded};
use super::record::{
    Absence, Adjournment, AdjournmentAnswer, Admitted, Agreement, Agreements, Attendance, Candidate, Colleague,
    Condition, Confirmation, Delivered, Ended, Observations, Ordered, Path, PendingRequest, Pif, PrestationFile,
    Proposal, Sequence, Signature, Suspension, Training, Tutor, Waiting,
};
use super::step::{State, states};
use crate::calendar::Day;
use crate::market::{OptionCode, Prestation};
use crate::money::Cents;
use crate::people::{Actor, OutsideRole, PersonRef};

/// A journal that no lifecycle could have written: an edited, missing or misplaced event.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FoldError {
    #[error("the journal does not begin with an opening")]
    NoOpening,
    #[error("event {seq} opens a path that is open already")]
    OpenedTwice { seq: u32 },
    #[error("event {seq} follows event {after}")]
    Gap { seq: u32, after: u32 },
    #[error("event {seq} ({kind}) does not fit a path in state {state}")]
    Misplaced { seq: u32, kind: &'static str, state: State },
}

/// Folds a whole journal.
///
/// # Errors
/// The first event that does not fit; `None` for an empty journal.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Result<Option<Path>, FoldError> {
    events.into_iter().try_fold(None, |path, recorded| apply(path, recorded).map(Some))
}

/// Applies one event.
///
/// # Errors
/// The event does not fit the path: the journal was tampered with, or its reader is older than its writer.
pub fn apply(path: Option<Path>, recorded: &Recorded) -> Result<Path, FoldError> {
    let Some(mut path) = path else {
        return open(recorded);
    };
    let seq = recorded.seq;
    if seq != path.version + 1 {
        return Err(FoldError::Gap { seq, after: path.version });
    }
    let misplaced = FoldError::Misplaced { seq, kind: recorded.event.kind(), state: path.state };
    let before = path.state;
    change(&mut path, recorded).ok_or(misplaced)??;
    path.version = seq;
    if path.state != before {
        path.since = recorded.effective_on;
    }
    Ok(path)
}

fn open(recorded: &Recorded) -> Result<Path, FoldError> {
    if recorded.seq != 1 {
        return Err(FoldError::Gap { seq: recorded.seq, after: 0 });
    }
    let on = recorded.effective_on;
    let blank = |reference, market, lot, holder, workplace, contact, job, coordinator| Path {
        id: recorded.path,
        reference,
        market,
        lot,
        holder,
        state: State::NeedReported,
        version: 1,
        opened_on: on,
        since: on,
        workplace,
        derogation: None,
        contact,
        colleagues: Vec::new(),
        coordinator,
        job,
        persons_wanted: 1,
        source: None,
        feasibility: PrestationFile::default(),
        preparation: PrestationFile::default(),
        implementation: PrestationFile::default(),
        first_visit: None,
        verdict: None,
        conditions: Vec::new(),
        commitment: Confirmation::default(),
        report_confirmation: Confirmation::default(),
        tutor: None,
        work_analysed: false,
        candidate: None,
        waiting: None,
        pif: None,
        training: None,
        body_requests: Vec::new(),
        formal_notice_until: None,
        accidents: Vec::new(),
        follow_up_recorded: false,
        contested: Vec::new(),
        agreements: Agreements::default(),
        proposals: Vec::new(),
        opinions: Vec::new(),
    };
    match recorded.event.clone() {
        Event::NeedReported {
            reference,
            market,
            lot,
            holder,
            workplace,
            contact,
            job,
            persons_wanted,
            derogation,
            coordinator,
        } => Ok(Path {
            derogation,
            persons_wanted,
            ..blank(reference, market, lot, holder, workplace, contact, job, coordinator)
        }),
        Event::SiblingOpened {
            reference,
            market,
            lot,
            holder,
            source,
            source_reference,
            workplace,
            contact,
            job,
            tutor,
            tutor_trained,
            coordinator,
            fit_said_by: _,
        } => Ok(Path {
            state: State::Ready,
            source: Some((source, source_reference)),
            tutor: Some(Tutor {
                person: tutor,
                since: on,
                first_since: on,
                trained: tutor_trained,
                training_ordered: false,
            }),
            // The source's preparation was admitted with its work analysis.
            work_analysed: true,
            agreements: Agreements {
                designation: Agreement { asked: Some(on), round: 1, answer: None },
                ..Agreements::default()
            },
            ..blank(reference, market, lot, holder, workplace, contact, job, coordinator)
        }),
        Event::PathImported { reference, market, lot, holder, workplace, contact, job, candidate } => {
            let year = chrono::Datelike::year(&on);
            Ok(Path {
                state: State::InTraining,
                candidate: Some(Candidate {
                    person: candidate,
                    selected_on: on,
                    planned_entry: on,
                    reserved_year: year,
                    reserved_until: None,
                    extended_on: None,
                    prescriber: None,
                }),
                training: Some(entered(on, year)),
                ..blank(reference, market, lot, holder, workplace, contact, job, None)
            })
        }
        _ => Err(FoldError::NoOpening),
    }
}

/// A training on its first day.
fn entered(entered_on: Day, year: i32) -> Training {
    Training {
        entered_on,
        year,
        safir: None,
        remu: None,
        sequences: Vec::new(),
        annulled: Vec::new(),
        absences: Vec::new(),
        attendance: Vec::new(),
        suspensions: Vec::new(),
        ended: None,
    }
}

/// What an event changes; `None` when it needs something the path does not have.
fn change(path: &mut Path, recorded: &Recorded) -> Option<Result<(), FoldError>> {
    let on = recorded.effective_on;
    match recorded.event.clone() {
        Event::NeedReported { .. } | Event::SiblingOpened { .. } | Event::PathImported { .. } => {
            return Some(Err(FoldError::OpenedTwice { seq: recorded.seq }));
        }
        Event::PastPathClosed => path.state = State::Closed,
        Event::NeedDeclined { .. } => path.state = State::Declined,
        Event::PrestationOrdered { prestation, draws, due_on } => {
            let file = path.file_mut(prestation);
            let trains_tutor = draws.iter().any(|draw| draw.option == OptionCode::M2);
            file.ordered = Some(Ordered { on, terms: recorded.terms, draws });
            set_due(path, prestation, due_on);
            if let Some(tutor) = path.tutor.as_mut().filter(|_| trains_tutor) {
                tutor.training_ordered = true;
            }
            path.state = match prestation {
                Prestation::Feasibility => State::FeasibilityOrdered,
                Prestation::Preparation => State::PreparationOrdered,
                Prestation::Implementation => State::ImplementationOrdered,
            };
        }
        Event::FeasibilityStarted { first_visit, .. } => {
            path.feasibility.started_on = Some(on);
            path.first_visit = Some(first_visit);
            path.state = State::FeasibilityInProgress;
        }
        Event::PreparationStarted => {
            path.preparation.started_on = Some(on);
            path.state = State::PreparationInProgress;
        }
        Event::FeasibilityDelivered { verdict, conditions, commitment, verify_until, .. } => {
            path.verdict = Some(verdict);
            path.conditions = conditions.into_iter().map(|asked| Condition { asked, settled: None }).collect();
            path.commitment.answer = path.commitment.answer.or(commitment);
            deliver(path, Prestation::Feasibility, recorded, verify_until);
        }
        Event::PreparationDelivered { tutor_certificate, verify_until, .. } => {
            path.work_analysed = true;
            if tutor_certificate.is_some() {
                path.tutor.as_mut()?.trained = true;
            }
            seek(path, RequestKind::ConfirmProgramme, on)?;
            deliver(path, Prestation::Preparation, recorded, verify_until);
        }
        Event::ReportDelivered { confirmation, verify_until, .. } => {
            path.report_confirmation.answer = path.report_confirmation.answer.or(Some(confirmation));
            deliver(path, Prestation::Implementation, recorded, verify_until);
        }
        Event::Adjourned { prestation, accept_until, .. } => {
            let file = path.file_mut(prestation);
            file.adjournment = Some(Adjournment { on, accept_until, answer: None });
            path.state = states(prestation).adjourned;
        }
        Event::AdjournmentAnswered { prestation, accepted, until, .. } => {
            path.file_mut(prestation).adjournment.as_mut()?.answer = Some(AdjournmentAnswer { accepted, on, until });
        }
        Event::ObservationsAsked { prestation, until, .. } => {
            path.file_mut(prestation).observations = Some(Observations { asked_on: on, until, given_on: None });
        }
        Event::ObservationsGiven { prestation, .. } => {
            path.file_mut(prestation).observations.as_mut()?.given_on = Some(on);
        }
        Event::Rejected { prestation, due_on, .. } => {
            let file = path.file_mut(prestation);
            file.rejections += 1;
            file.delivered = None;
            file.adjournment = None;
            file.observations = None;
            set_due(path, prestation, due_on);
            match prestation {
                Prestation::Feasibility => path.verdict = None,
                Prestation::Preparation => path.agreements.programme.asked = None,
                // A link of before the rejection never confirms what was corrected since.
                Prestation::Implementation => {
                    let reopened = path.report_confirmation.reopened;
                    path.report_confirmation = Confirmation { reopened, ..Confirmation::default() };
                }
            }
            path.state = states(prestation).in_progress;
        }
        Event::Admitted { prestation, tacit, negative, reduction, amount, .. } => {
            path.file_mut(prestation).admitted = Some(Admitted { on, tacit, reduction, amount });
            path.state = if negative { State::NotFeasible } else { states(prestation).admitted };
        }
        Event::ConditionSettled { number, waived, .. } => {
            let index = usize::try_from(number).ok()?.checked_sub(1)?;
            path.conditions.get_mut(index)?.settled = Some((waived, on).into());
        }
        Event::TutorDesignated { tutor, training_proof } => {
            let ordered = path.preparation.ordered.iter().flat_map(|ordered| &ordered.draws);
            let training_ordered = ordered.into_iter().any(|draw| draw.option == OptionCode::M2);
            let trained = training_proof.is_some();
            path.tutor = Some(Tutor { person: tutor, since: on, first_since: on, trained, training_ordered });
            seek(path, RequestKind::AcceptDesignation, on)?;
        }
        Event::TutorReplaced { tutor, training_proof, .. } => {
            let replaced = path.tutor.as_ref()?;
            let first_since = replaced.first_since;
            // The unit ordered for someone who was not trained yet trains who comes next.
            let training_ordered =
                replaced.training_ordered && !replaced.trained && path.preparation.admitted.is_none();
            let trained = training_proof.is_some();
            path.tutor = Some(Tutor { person: tutor, since: on, first_since, trained, training_ordered });
            seek(path, RequestKind::AcceptDesignation, on)?;
        }
        Event::TutorTrainingOrdered { draw } => {
            path.tutor.as_mut()?.training_ordered = true;
            let price = draw.price.excluding_tax;
            let sibling = path.source.is_some();
            // A sibling has no preparation of its own: its late M2 opens the file, served at once as `effects` says.
            let ordered = path.preparation.ordered.get_or_insert_with(|| Ordered {
                on,
                terms: recorded.terms,
                draws: Vec::new(),
            });
            ordered.draws.push(draw);
            match &mut path.preparation.admitted {
                Some(admitted) => admitted.amount += price,
                None if sibling => {
                    path.preparation.admitted = Some(Admitted { on, tacit: false, reduction: None, amount: price });
                }
                None => {}
            }
        }
        Event::SelectionOpened => path.state = State::CandidateSelection,
        Event::CandidateSelected { candidate, planned_entry, prescriber, .. } => {
            path.waiting = None;
            path.candidate = Some(Candidate {
                person: candidate,
                selected_on: on,
                planned_entry,
                reserved_year: chrono::Datelike::year(&planned_entry),
                reserved_until: None,
                extended_on: None,
                prescriber: Some(prescriber),
            });
            seek(path, RequestKind::ConfirmCandidate, on)?;
            path.state = State::CandidateSelected;
        }
        Event::CandidateQueued { candidate, planned_entry, prescriber } => {
            path.waiting =
                Some(Waiting { person: candidate, since: on, planned_entry, prescriber, offered_until: None });
        }
        Event::PlaceOffered { until } => path.waiting.as_mut()?.offered_until = Some(until),
        Event::OfferLapsed => path.waiting = None,
        Event::UnsuccessfulCandidateRecorded { .. }
        | Event::RequestDeclined {
            request: RequestKind::SignPif | RequestKind::SignSequences | RequestKind::SignAttendance,
            ..
        }
        | Event::AnswerRecordedOnBehalf { .. }
        | Event::ObstacleReported { .. }
        | Event::DocumentAdded { .. }
        | Event::NoteAdded { .. } => {}
        Event::PifWritten { version, terms } => {
            answer_anew(path, RequestKind::SignPif);
            path.pif = Some(Pif {
                version,
                written_on: on,
                terms,
                signatures: Vec::new(),
                level_to_approve: None,
                agreed_hours: None,
            });
        }
        Event::PifAmended { version, terms, level, .. } => {
            answer_anew(path, RequestKind::SignPif);
            let agreed_hours = path.pif.as_ref()?.hours_in_force();
            path.pif = Some(Pif {
                version,
                written_on: on,
                terms,
                signatures: Vec::new(),
                level_to_approve: level,
                agreed_hours,
            });
        }
        Event::LevelApproved { returned, drawn } => {
            path.pif.as_mut()?.level_to_approve = None;
            let draws = &mut path.implementation.ordered.as_mut()?.draws;
            draws.retain(|draw| draw.line != returned.line);
            draws.push(drawn);
        }
        Event::PifSigned { party, on_behalf, complete, .. } => {
            path.pif.as_mut()?.signatures.push(Signature { party, on, on_behalf });
            if complete && path.state == State::CandidateSelected {
                path.state = State::PifSigned;
            }
        }
        Event::ReservationExtended { until, .. } => {
            let candidate = path.candidate.as_mut()?;
            candidate.reserved_until = Some(until);
            candidate.extended_on = Some(on);
        }
        Event::TrainingEntered { safir, remu, year, .. } => {
            path.training = Some(Training { safir, remu, ..entered(on, year) });
            path.implementation.started_on = Some(on);
            path.state = State::InTraining;
        }
        Event::RegistrationRecorded { safir, remu } => {
            let training = path.training.as_mut()?;
            training.safir = Some(safir);
            training.remu = Some(remu);
        }
        Event::EntryAnnulled { year, .. } => {
            path.training = None;
            path.implementation.started_on = None;
            path.candidate.as_mut()?.reserved_year = year;
            path.state = State::ImplementationOrdered;
        }
        Event::SequenceRecorded { number, sequence, from, until, .. } => {
            path.training.as_mut()?.sequences.push(Sequence { number, kind: sequence, from, until, signed: false });
        }
        Event::SequenceSigned { number, .. } => {
            answer_anew(path, RequestKind::SignSequences);
            let sequences = &mut path.training.as_mut()?.sequences;
            sequences.iter_mut().find(|sequence| sequence.number == number)?.signed = true;
        }
        Event::AbsenceRecorded { from, until, reason, .. } => {
            path.training.as_mut()?.absences.push(Absence { from, until, reason, annulled: false });
        }
        Event::AttendanceSigned { month, by, .. } => {
            answer_anew(path, RequestKind::SignAttendance);
            let attendance = &mut path.training.as_mut()?.attendance;
            match attendance.iter_mut().find(|statement| statement.month == month) {
                Some(statement) => statement.signed.push(by),
                None => attendance.push(Attendance { month, signed: vec![by], revision: 0 }),
            }
        }
        Event::AccidentReported { on, .. } => path.accidents.push(on),
        Event::Suspended { expected_return, .. } => {
            path.training.as_mut()?.suspensions.push(Suspension { since: on, expected_return, until: None });
            path.state = State::Suspended;
        }
        Event::Resumed => {
            path.training.as_mut()?.suspensions.last_mut()?.until = Some(on);
            path.state = State::InTraining;
        }
        Event::TrainingEnded { outcome, hours_done, report_due_on, .. } => {
            let training = path.training.as_mut()?;
            if let Some(suspension) = training.suspensions.last_mut() {
                suspension.until.get_or_insert(on);
            }
            training.ended = Some(Ended { on, outcome, hours_done });
            set_due(path, Prestation::Implementation, report_due_on);
            path.state = State::TrainingEnded;
        }
        Event::FormalNoticeSent { until, .. } => path.formal_notice_until = Some(until),
        Event::ClosedWithoutReport { amount, .. } => {
            path.implementation.admitted = Some(Admitted { on, tacit: false, reduction: None, amount });
            path.state = State::Closed;
        }
        Event::CandidateWithdrawn { .. } => {
            path.candidate = None;
            path.waiting = None;
            path.pif = None;
            path.agreements.candidate.asked = None;
            path.implementation = PrestationFile::default();
            path.state = State::CandidateSelection;
        }
        Event::Cancelled { amount, returned, .. } => {
            path.waiting = None;
            // One amount for the work begun, whatever the number of prestations under way.
            let mut amount = amount;
            for prestation in [Prestation::Feasibility, Prestation::Preparation, Prestation::Implementation] {
                let file = path.file_mut(prestation);
                if file.admitted.is_some() {
                    continue;
                }
                let Some(ordered) = file.ordered.as_mut() else { continue };
                ordered
                    .draws
                    .retain(|draw| !returned.iter().any(|back| back.line == draw.line && back.option == draw.option));
                if !ordered.draws.is_empty() {
                    let amount = std::mem::replace(&mut amount, Cents::ZERO);
                    file.admitted = Some(Admitted { on, tacit: false, reduction: None, amount });
                }
            }
            path.state = State::Cancelled;
        }
        Event::ConfirmationAsked { request, until } => match request {
            RequestKind::ConfirmCommitment => ask(&mut path.commitment, on, until),
            RequestKind::ConfirmReport => ask(&mut path.report_confirmation, on, until),
            RequestKind::SignPif
            | RequestKind::SignSequences
            | RequestKind::SignAttendance
            | RequestKind::ConfirmProgramme
            | RequestKind::AcceptDesignation
            | RequestKind::ConfirmCandidate => return None,
        },
        Event::CommitmentConfirmed { .. } => path.commitment.answer = Some(CompanyAnswer::Confirmed),
        Event::ReportConfirmed { .. } => path.report_confirmation.answer = Some(CompanyAnswer::Confirmed),
        Event::RequestDeclined { request: RequestKind::ConfirmCommitment, .. } => path.commitment.declined = Some(on),
        Event::RequestDeclined { request: RequestKind::ConfirmReport, .. } => {
            path.report_confirmation.declined = Some(on);
        }
        Event::Agreed { request, .. } => path.agreements.of_mut(request)?.answer = Some(true),
        Event::RequestDeclined {
            request:
                request @ (RequestKind::ConfirmProgramme | RequestKind::AcceptDesignation | RequestKind::ConfirmCandidate),
            ..
        } => path.agreements.of_mut(request)?.answer = Some(false),
        Event::CorrectionProposed { role, .. } => {
            let by = match recorded.author {
                Actor::Outside { person, .. } => Some(person),
                Actor::Staff { .. } | Actor::System => None,
            };
            path.proposals.push(Proposal { role, by, on, accepted: None });
        }
        Event::CorrectionAnswered { number, accepted, .. } => {
            let index = usize::try_from(number).ok()?.checked_sub(1)?;
            path.proposals.get_mut(index)?.accepted = Some(accepted);
        }
        Event::OpinionGiven { role, .. } => path.opinions.push(role),
        Event::ContactHandedOver { role, person } | Event::ContactChanged { role, person, .. } => {
            let another = path.person_of(role)?.id != person.id;
            replace(path, role, person)?;
            if another && role == OutsideRole::Tutor {
                seek(path, RequestKind::AcceptDesignation, on)?;
            }
        }
        Event::RequestMade { request, until, .. } => {
            path.body_requests.retain(|pending| pending.request != request);
            path.body_requests.push(PendingRequest { request, on, until });
        }
        Event::RequestDecided { request, granted, until, .. } => {
            path.body_requests.retain(|pending| pending.request != request);
            if let (BodyRequest::Extension, true, Some(until), Some(prestation)) =
                (request, granted, until, path.state.phase())
            {
                let file = path.file_mut(prestation);
                file.due_on = Some(until);
                file.extended_on = Some(on);
            }
        }
        Event::FollowUpRecorded { conclusive, .. } => path.follow_up_recorded |= conclusive,
        Event::CompanyContactNamed { function, person, .. } => {
            path.colleagues.retain(|colleague| colleague.function != function);
            path.colleagues.push(Colleague { function, person, since: on });
        }
        Event::CompanyContactRemoved { function, .. } => {
            path.colleagues.retain(|colleague| colleague.function != function);
        }
        Event::CoordinatorAssigned { coordinator } => path.coordinator = Some(coordinator),
        Event::AnswerContested { request, role, .. } => path.contested.push((role, request)),
        Event::AskedAgain { reopened, .. } => correct::reopen(path, reopened, on)?,
        Event::DatumCorrected { correction, reopened, reason } => {
            correct::correct(path, correction, &reason)?;
            for reopened in reopened {
                correct::reopen(path, reopened, on)?;
            }
        }
    }
    Some(Ok(()))
}

/// A new due day; an extension asked of the earlier one has lost its object.
fn set_due(path: &mut Path, prestation: Prestation, due_on: Day) {
    let file = path.file_mut(prestation);
    file.due_on = Some(due_on);
    file.extended_on = None;
    forget_extension(path);
}

fn forget_extension(path: &mut Path) {
    path.body_requests.retain(|pending| pending.request != BodyRequest::Extension);
}

/// An answer to come, or one more: what was contested of the earlier ones is another matter.
fn answer_anew(path: &mut Path, request: RequestKind) {
    path.contested.retain(|(_, contested)| *contested != request);
}

/// An agreement is asked, or asked anew: an earlier answer was about something else.
fn seek(path: &mut Path, request: RequestKind, on: Day) -> Option<()> {
    answer_anew(path, request);
    let agreement = path.agreements.of_mut(request)?;
    *agreement = Agreement { asked: Some(on), round: agreement.round + 1, answer: None };
    Some(())
}

/// Asked, or asked anew: an earlier « no » is no longer the answer.
fn ask(confirmation: &mut Confirmation, on: Day, until: Day) {
    confirmation.asked = Some((on, until));
    confirmation.declined = None;
}

fn deliver(path: &mut Path, prestation: Prestation, recorded: &Recorded, verify_until: Day) {
    // What was delivered needs no more time, and answers a formal notice.
    forget_extension(path);
    path.formal_notice_until = None;
    let file = path.file_mut(prestation);
    file.adjournment = None;
    file.observations = None;
    file.delivered = Some(Delivered {
        on: recorded.effective_on,
        by: recorded.author.account(),
        on_behalf_of: recorded.author.principal().map(|principal| principal.account),
        verify_until,
    });
    path.state = states(prestation).delivered;
}

fn replace(path: &mut Path, role: OutsideRole, person: PersonRef) -> Option<()> {
    match role {
        OutsideRole::Company => path.contact = person,
        OutsideRole::Tutor => path.tutor.as_mut()?.person = person,
        OutsideRole::Trainee => *path.trainee_mut()? = person,
        OutsideRole::Signatory | OutsideRole::HumanResources | OutsideRole::Accounting => {
            let mut held = path.colleagues.iter_mut().filter(|colleague| Some(colleague.function) == role.function());
            held.next()?.person = person;
        }
    }
    Some(())
}

impl Path {
    /// Whether the study's verdict is negative.
    pub fn negative(&self) -> bool {
        self.verdict == Some(Verdict::NotFeasible)
    }

    /// Whether a party still has to sign the current version of the PIF.
    pub fn awaits_signature(&self, party: Party) -> bool {
        self.pif.as_ref().is_some_and(|pif| !pif.signed(party))
    }
}
