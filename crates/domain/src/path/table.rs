//! The lifecycle as one table: from where, to where, by whom. Everything else reads it.
//!
//! Buttons, rights, diagrams and documentation come from these rows; `decide` checks a command against its row before
//! anything else, and a test holds the rows against what `decide` does. Source: `domain.md` §3.2 and §3.2 bis.
//!
//! To add a transition: add it to [`super::step`], give it a row here, a form in [`super::command`], an event, its
//! guard in [`mod@super::decide`], its line in [`crate::told`], a label in `wording` and an e-mail folder in `notifier`.

use State as S;

use super::step::{Act, State, Step, Transition};
use crate::people::{OutsideRole, Side};

/// A row of the lifecycle.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub step: Step,
    /// States it starts from; empty for a step that opens a path.
    pub from: &'static [State],
    /// States it may lead to; empty for an act, which changes no state.
    pub to: &'static [State],
    /// Who may do it.
    pub by: &'static [Side],
}

const R: Side = Side::Region;
const B: Side = Side::Body;
const C: Side = Side::Company;
const T: Side = Side::Trainee;
const U: Side = Side::Tutor;
const SYS: Side = Side::System;

/// Every state, ended ones included.
const ANY: &[State] = &[
    S::NeedReported,
    S::FeasibilityOrdered,
    S::FeasibilityInProgress,
    S::FeasibilityDelivered,
    S::FeasibilityAdjourned,
    S::Feasible,
    S::PreparationOrdered,
    S::PreparationInProgress,
    S::PreparationDelivered,
    S::PreparationAdjourned,
    S::Ready,
    S::CandidateSelection,
    S::CandidateSelected,
    S::PifSigned,
    S::ImplementationOrdered,
    S::InTraining,
    S::Suspended,
    S::TrainingEnded,
    S::ReportDelivered,
    S::ReportAdjourned,
    S::Closed,
    S::NotFeasible,
    S::Declined,
    S::Cancelled,
];

/// Every state that has not ended.
const OPEN: &[State] = ANY.split_at(20).0;

/// From the start of the study to the end of the training.
const STUDY_TO_TRAINING: &[State] = ANY.split_at(16).0.split_at(2).1;

/// From the order of the preparation to the training.
const PREPARATION_TO_TRAINING: &[State] = ANY.split_at(16).0.split_at(6).1;

const DELIVERED: &[State] = &[S::FeasibilityDelivered, S::PreparationDelivered, S::ReportDelivered];
const ADJOURNED: &[State] = &[S::FeasibilityAdjourned, S::PreparationAdjourned, S::ReportAdjourned];
const DELIVERED_OR_ADJOURNED: &[State] = &[
    S::FeasibilityDelivered,
    S::FeasibilityAdjourned,
    S::PreparationDelivered,
    S::PreparationAdjourned,
    S::ReportDelivered,
    S::ReportAdjourned,
];

/// Before the training, not ended and nothing waiting for a decision.
const CANCELLABLE: &[State] = &[
    S::NeedReported,
    S::FeasibilityOrdered,
    S::FeasibilityInProgress,
    S::FeasibilityAdjourned,
    S::Feasible,
    S::PreparationOrdered,
    S::PreparationInProgress,
    S::PreparationAdjourned,
    S::Ready,
    S::CandidateSelection,
    S::CandidateSelected,
    S::PifSigned,
    S::ImplementationOrdered,
];

/// The row of a step.
pub const fn row(step: Step) -> Row {
    let (from, to, by): (&'static [State], &'static [State], &'static [Side]) = match step {
        Step::Transition(transition) => match transition {
            Transition::ReportNeed => (&[], &[S::NeedReported], &[B, R]),
            Transition::OpenSibling => (&[], &[S::Ready], &[B, R]),
            Transition::DeclineNeed => (&[S::NeedReported], &[S::Declined], &[R, B]),
            Transition::OrderFeasibility => (&[S::NeedReported], &[S::FeasibilityOrdered], &[R]),
            Transition::StartFeasibility => (&[S::FeasibilityOrdered], &[S::FeasibilityInProgress], &[B]),
            Transition::DeliverFeasibility => {
                (&[S::FeasibilityInProgress, S::FeasibilityAdjourned], &[S::FeasibilityDelivered], &[B])
            }
            Transition::AdjournFeasibility => (&[S::FeasibilityDelivered], &[S::FeasibilityAdjourned], &[R]),
            Transition::RejectFeasibility => {
                (&[S::FeasibilityDelivered, S::FeasibilityAdjourned], &[S::FeasibilityInProgress], &[R, SYS])
            }
            Transition::AdmitFeasibility => {
                (&[S::FeasibilityDelivered, S::FeasibilityAdjourned], &[S::Feasible, S::NotFeasible], &[R, SYS])
            }
            Transition::OrderPreparation => (&[S::Feasible], &[S::PreparationOrdered], &[R]),
            Transition::StartPreparation => (&[S::PreparationOrdered], &[S::PreparationInProgress], &[B]),
            Transition::DeliverPreparation => {
                (&[S::PreparationInProgress, S::PreparationAdjourned], &[S::PreparationDelivered], &[B])
            }
            Transition::AdjournPreparation => (&[S::PreparationDelivered], &[S::PreparationAdjourned], &[R]),
            Transition::RejectPreparation => {
                (&[S::PreparationDelivered, S::PreparationAdjourned], &[S::PreparationInProgress], &[R, SYS])
            }
            Transition::AdmitPreparation => {
                (&[S::PreparationDelivered, S::PreparationAdjourned], &[S::Ready], &[R, SYS])
            }
            Transition::OpenSelection => (&[S::Ready], &[S::CandidateSelection], &[B]),
            Transition::SelectCandidate => (&[S::CandidateSelection], &[S::CandidateSelected], &[B]),
            // A version amended after the third signature is signed again by all, without going back.
            Transition::SignPif => (
                &[S::CandidateSelected, S::PifSigned, S::ImplementationOrdered, S::InTraining],
                &[S::PifSigned],
                &[B, C, T],
            ),
            Transition::OrderImplementation => (&[S::PifSigned], &[S::ImplementationOrdered], &[R]),
            Transition::EnterTraining => (&[S::ImplementationOrdered], &[S::InTraining], &[B]),
            Transition::AnnulEntry => (&[S::InTraining], &[S::ImplementationOrdered], &[R]),
            Transition::Suspend => (&[S::InTraining], &[S::Suspended], &[B, R]),
            Transition::Resume => (&[S::Suspended], &[S::InTraining], &[B, R]),
            Transition::EndTraining => (&[S::InTraining, S::Suspended], &[S::TrainingEnded], &[B, R]),
            Transition::DeliverReport => (&[S::TrainingEnded, S::ReportAdjourned], &[S::ReportDelivered], &[B]),
            Transition::AdjournReport => (&[S::ReportDelivered], &[S::ReportAdjourned], &[R]),
            Transition::RejectReport => (&[S::ReportDelivered, S::ReportAdjourned], &[S::TrainingEnded], &[R, SYS]),
            Transition::AdmitReport => (&[S::ReportDelivered, S::ReportAdjourned], &[S::Closed], &[R, SYS]),
            Transition::CloseWithoutReport => (&[S::TrainingEnded, S::ReportAdjourned], &[S::Closed], &[R]),
            Transition::WithdrawCandidate => {
                // From the selection itself, somebody leaves the queue for a place.
                (
                    &[S::CandidateSelection, S::CandidateSelected, S::PifSigned, S::ImplementationOrdered],
                    &[S::CandidateSelection],
                    &[B, T, R],
                )
            }
            Transition::Cancel => (CANCELLABLE, &[S::Cancelled], &[R, B]),
        },
        Step::Act(act) => {
            let (from, by): (&'static [State], &'static [Side]) = match act {
                Act::AskConfirmation => {
                    (&[S::FeasibilityInProgress, S::FeasibilityAdjourned, S::TrainingEnded, S::ReportAdjourned], &[B])
                }
                Act::ConfirmCommitment => {
                    (&[S::FeasibilityInProgress, S::FeasibilityDelivered, S::FeasibilityAdjourned], &[C])
                }
                Act::ConfirmReport => (&[S::TrainingEnded, S::ReportDelivered, S::ReportAdjourned], &[C]),
                Act::ConfirmProgramme => {
                    (&[S::PreparationDelivered, S::PreparationAdjourned, S::Ready, S::CandidateSelection], &[C])
                }
                Act::AcceptDesignation => (STUDY_TO_TRAINING, &[U]),
                Act::ConfirmCandidate => (&[S::CandidateSelected], &[C]),
                Act::DeclineRequest | Act::ProposeCorrection | Act::HandOverContact => (OPEN, &[C, T, U]),
                Act::AnswerCorrection => (ANY, &[B]),
                Act::ContestAnswer => (ANY, &[C, T, U]),
                Act::AskAgain => (OPEN, &[B, R]),
                Act::RecordAnswerOnBehalf => (OPEN, &[B]),
                Act::AcceptAdjournment | Act::RefuseAdjournment => (ADJOURNED, &[B]),
                Act::AskObservations => (DELIVERED_OR_ADJOURNED, &[R]),
                Act::GiveObservations => (DELIVERED_OR_ADJOURNED, &[B]),
                Act::SettleCondition => (&[S::Feasible], &[B, R]),
                Act::DesignateTutor | Act::ReplaceTutor => (STUDY_TO_TRAINING, &[B, C]),
                Act::OrderTutorTraining => (PREPARATION_TO_TRAINING, &[R]),
                Act::RecordUnsuccessfulCandidate => (&[S::CandidateSelection], &[B]),
                Act::OfferPlace | Act::LapseOffer => (&[S::CandidateSelection], &[SYS]),
                Act::WritePif => (&[S::CandidateSelected], &[B]),
                Act::AmendPif => (&[S::CandidateSelected, S::PifSigned, S::ImplementationOrdered, S::InTraining], &[B]),
                Act::ApproveLevel => (&[S::ImplementationOrdered, S::InTraining], &[R]),
                Act::ExtendReservation => (&[S::CandidateSelected, S::PifSigned, S::ImplementationOrdered], &[R]),
                Act::RecordRegistration => (&[S::InTraining, S::Suspended, S::TrainingEnded], &[B]),
                Act::RecordSequence => (&[S::InTraining], &[U, B]),
                // Corrections of the ledger ask for signatures until the report is delivered, and again while it is adjourned.
                Act::SignSequence => (&[S::InTraining, S::Suspended, S::TrainingEnded, S::ReportAdjourned], &[T]),
                Act::RecordAbsence => (&[S::InTraining, S::Suspended, S::TrainingEnded], &[B]),
                Act::SignAttendanceMonth => {
                    (&[S::InTraining, S::Suspended, S::TrainingEnded, S::ReportAdjourned], &[B, T, U])
                }
                Act::ReportAccident | Act::ReportObstacle => (&[S::InTraining], &[B, C, T]),
                Act::RequestCancellation | Act::ExtendPrestation => (OPEN, &[B]),
                Act::DecideRequest => (OPEN, &[R]),
                Act::SendFormalNotice => (&[S::TrainingEnded, S::ReportAdjourned], &[R]),
                Act::GiveOpinion => {
                    (&[S::TrainingEnded, S::ReportDelivered, S::ReportAdjourned, S::Closed], &[C, T, U])
                }
                Act::RecordFollowUp => {
                    (&[S::TrainingEnded, S::ReportDelivered, S::ReportAdjourned, S::Closed], &[B, T, C])
                }
                Act::AddCompanyContact | Act::RemoveCompanyContact => (OPEN, &[B, C]),
                Act::AddDocument | Act::AddNote | Act::ChangeContact | Act::AssignCoordinator | Act::CorrectDatum => {
                    (ANY, &[B, R])
                }
            };
            (from, &[], by)
        }
    };
    Row { step, from, to, by }
}

/// Who of the company takes a step that is the company's: its main contact, and of their colleagues those whose function it is.
pub const fn in_company(step: Step) -> &'static [OutsideRole] {
    use OutsideRole::{Accounting, Company, HumanResources, Signatory};
    match step {
        // The contact answers for some requests, the signatory for the others.
        Step::Act(Act::ContestAnswer | Act::ProposeCorrection | Act::DeclineRequest) => &[Company, Signatory],
        Step::Act(Act::HandOverContact | Act::RemoveCompanyContact) => {
            &[Company, Signatory, HumanResources, Accounting]
        }
        step if commits_company(step) => &[Company, Signatory],
        Step::Transition(_) | Step::Act(_) => &[Company],
    }
}

/// Whether a step answers for the company: once a signatory is named, it is theirs alone.
pub const fn commits_company(step: Step) -> bool {
    matches!(step, Step::Transition(Transition::SignPif) | Step::Act(Act::ConfirmCommitment | Act::ConfirmReport))
}

/// Every row: transitions in the order of the lifecycle, then acts.
pub fn rows() -> impl Iterator<Item = Row> {
    Step::all().map(row)
}

/// The delivered states, each waiting for a decision of the Region.
pub const fn delivered_states() -> &'static [State] {
    DELIVERED
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn the_lists_of_states_are_what_their_names_say() {
        assert_eq!(ANY, State::iter().collect::<Vec<_>>());
        assert_eq!(OPEN, State::iter().filter(|state| !state.is_final()).collect::<Vec<_>>());
        assert_eq!(STUDY_TO_TRAINING.first(), Some(&S::FeasibilityInProgress));
        assert_eq!(STUDY_TO_TRAINING.last(), Some(&S::InTraining));
        assert_eq!(PREPARATION_TO_TRAINING.first(), Some(&S::PreparationOrdered));
        assert_eq!(PREPARATION_TO_TRAINING.last(), Some(&S::InTraining));
        assert_eq!(DELIVERED, State::iter().filter(|state| state.delivered().is_some()).collect::<Vec<_>>());
        assert_eq!(ADJOURNED, State::iter().filter(|state| state.adjourned().is_some()).collect::<Vec<_>>());
    }

    #[test]
    fn every_open_state_reaches_an_end_and_is_reached() {
        for start in State::iter().filter(|state| !state.is_final()) {
            let mut reached = BTreeSet::from([start]);
            loop {
                let next: BTreeSet<State> = rows()
                    .filter(|row| row.from.iter().any(|from| reached.contains(from)))
                    .flat_map(|row| row.to.iter().copied())
                    .chain(reached.iter().copied())
                    .collect();
                if next == reached {
                    break;
                }
                reached = next;
            }
            assert!(reached.iter().any(|state| state.is_final()), "{start} leads nowhere");
        }
        let reached: BTreeSet<State> = rows().flat_map(|row| row.to.iter().copied()).collect();
        assert_eq!(reached, State::iter().collect::<BTreeSet<_>>());
    }

    #[test]
    fn nothing_but_acts_starts_from_an_ended_path() {
        for row in rows().filter(|row| !row.to.is_empty()) {
            assert!(row.from.iter().all(|state| !state.is_final()), "{}", row.step);
        }
    }
}
