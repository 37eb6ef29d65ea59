//! The steps of a path: transitions change its state, acts are recorded without changing it.
//!
//! Identifiers are stable (API, database, command line); labels are in `wording`.

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr, VariantNames};

use crate::market::Prestation;

/// The state of a path, `domain.md` §3.1.
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
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    NeedReported,
    FeasibilityOrdered,
    FeasibilityInProgress,
    FeasibilityDelivered,
    FeasibilityAdjourned,
    Feasible,
    PreparationOrdered,
    PreparationInProgress,
    PreparationDelivered,
    PreparationAdjourned,
    Ready,
    CandidateSelection,
    CandidateSelected,
    PifSigned,
    ImplementationOrdered,
    InTraining,
    Suspended,
    TrainingEnded,
    ReportDelivered,
    ReportAdjourned,
    Closed,
    NotFeasible,
    Declined,
    Cancelled,
}

impl State {
    /// The prestation this state belongs to; `None` once the path has ended.
    pub fn phase(self) -> Option<Prestation> {
        match self {
            Self::NeedReported
            | Self::FeasibilityOrdered
            | Self::FeasibilityInProgress
            | Self::FeasibilityDelivered
            | Self::FeasibilityAdjourned
            | Self::Feasible => Some(Prestation::Feasibility),
            Self::PreparationOrdered
            | Self::PreparationInProgress
            | Self::PreparationDelivered
            | Self::PreparationAdjourned
            | Self::Ready => Some(Prestation::Preparation),
            Self::CandidateSelection
            | Self::CandidateSelected
            | Self::PifSigned
            | Self::ImplementationOrdered
            | Self::InTraining
            | Self::Suspended
            | Self::TrainingEnded
            | Self::ReportDelivered
            | Self::ReportAdjourned => Some(Prestation::Implementation),
            Self::Closed | Self::NotFeasible | Self::Declined | Self::Cancelled => None,
        }
    }

    /// Whether the path has ended.
    pub fn is_final(self) -> bool {
        self.phase().is_none()
    }

    /// The prestation delivered and waiting for the Region's decision, if this is such a state.
    pub fn delivered(self) -> Option<Prestation> {
        match self {
            Self::FeasibilityDelivered => Some(Prestation::Feasibility),
            Self::PreparationDelivered => Some(Prestation::Preparation),
            Self::ReportDelivered => Some(Prestation::Implementation),
            Self::NeedReported
            | Self::FeasibilityOrdered
            | Self::FeasibilityInProgress
            | Self::FeasibilityAdjourned
            | Self::Feasible
            | Self::PreparationOrdered
            | Self::PreparationInProgress
            | Self::PreparationAdjourned
            | Self::Ready
            | Self::CandidateSelection
            | Self::CandidateSelected
            | Self::PifSigned
            | Self::ImplementationOrdered
            | Self::InTraining
            | Self::Suspended
            | Self::TrainingEnded
            | Self::ReportAdjourned
            | Self::Closed
            | Self::NotFeasible
            | Self::Declined
            | Self::Cancelled => None,
        }
    }

    /// The prestation adjourned, if this is such a state.
    pub fn adjourned(self) -> Option<Prestation> {
        [Prestation::Feasibility, Prestation::Preparation, Prestation::Implementation]
            .into_iter()
            .find(|prestation| self == states(*prestation).adjourned)
    }
}

/// The states through which every prestation goes once begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrestationStates {
    /// Where a rejected delivery sends the path back.
    pub in_progress: State,
    pub delivered: State,
    pub adjourned: State,
    pub admitted: State,
}

/// The states of a prestation's verification.
pub const fn states(prestation: Prestation) -> PrestationStates {
    match prestation {
        Prestation::Feasibility => PrestationStates {
            in_progress: State::FeasibilityInProgress,
            delivered: State::FeasibilityDelivered,
            adjourned: State::FeasibilityAdjourned,
            admitted: State::Feasible,
        },
        Prestation::Preparation => PrestationStates {
            in_progress: State::PreparationInProgress,
            delivered: State::PreparationDelivered,
            adjourned: State::PreparationAdjourned,
            admitted: State::Ready,
        },
        Prestation::Implementation => PrestationStates {
            in_progress: State::TrainingEnded,
            delivered: State::ReportDelivered,
            adjourned: State::ReportAdjourned,
            admitted: State::Closed,
        },
    }
}

/// A change of state, `domain.md` §3.2.
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
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Transition {
    ReportNeed,
    OpenSibling,
    DeclineNeed,
    OrderFeasibility,
    StartFeasibility,
    DeliverFeasibility,
    AdjournFeasibility,
    RejectFeasibility,
    AdmitFeasibility,
    OrderPreparation,
    StartPreparation,
    DeliverPreparation,
    AdjournPreparation,
    RejectPreparation,
    AdmitPreparation,
    OpenSelection,
    SelectCandidate,
    SignPif,
    OrderImplementation,
    EnterTraining,
    AnnulEntry,
    Suspend,
    Resume,
    EndTraining,
    DeliverReport,
    AdjournReport,
    RejectReport,
    AdmitReport,
    CloseWithoutReport,
    WithdrawCandidate,
    Cancel,
}

/// Something recorded on a path without changing its state, `domain.md` §3.2 bis.
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
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Act {
    AskConfirmation,
    ConfirmCommitment,
    ConfirmReport,
    ConfirmProgramme,
    AcceptDesignation,
    ConfirmCandidate,
    DeclineRequest,
    ProposeCorrection,
    AnswerCorrection,
    ContestAnswer,
    AskAgain,
    HandOverContact,
    RecordAnswerOnBehalf,
    AcceptAdjournment,
    RefuseAdjournment,
    AskObservations,
    GiveObservations,
    SettleCondition,
    DesignateTutor,
    ReplaceTutor,
    OrderTutorTraining,
    RecordUnsuccessfulCandidate,
    OfferPlace,
    LapseOffer,
    WritePif,
    AmendPif,
    ApproveLevel,
    ExtendReservation,
    RecordRegistration,
    RecordSequence,
    SignSequence,
    RecordAbsence,
    SignAttendanceMonth,
    ReportAccident,
    ReportObstacle,
    RequestCancellation,
    ExtendPrestation,
    DecideRequest,
    SendFormalNotice,
    GiveOpinion,
    RecordFollowUp,
    AddDocument,
    AddNote,
    ChangeContact,
    AddCompanyContact,
    RemoveCompanyContact,
    AssignCoordinator,
    CorrectDatum,
}

/// A transition or an act: whatever a command performs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Step {
    Transition(Transition),
    Act(Act),
}

impl Step {
    /// Every transition, then every act.
    pub fn all() -> impl Iterator<Item = Self> {
        Transition::iter().map(Self::Transition).chain(Act::iter().map(Self::Act))
    }

    /// The stable identifier.
    pub fn id(self) -> &'static str {
        match self {
            Self::Transition(transition) => transition.into(),
            Self::Act(act) => act.into(),
        }
    }
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id())
    }
}

impl std::str::FromStr for Step {
    type Err = strum::ParseError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self::Transition).or_else(|_| text.parse().map(Self::Act))
    }
}

impl From<Transition> for Step {
    fn from(transition: Transition) -> Self {
        Self::Transition(transition)
    }
}

impl From<Act> for Step {
    fn from(act: Act) -> Self {
        Self::Act(act)
    }
}

/// Which verification step of which prestation a transition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verification {
    Adjourn,
    Reject,
    Admit,
}

/// The transition that performs a verification step on a prestation.
pub const fn verification(prestation: Prestation, step: Verification) -> Transition {
    match (prestation, step) {
        (Prestation::Feasibility, Verification::Adjourn) => Transition::AdjournFeasibility,
        (Prestation::Feasibility, Verification::Reject) => Transition::RejectFeasibility,
        (Prestation::Feasibility, Verification::Admit) => Transition::AdmitFeasibility,
        (Prestation::Preparation, Verification::Adjourn) => Transition::AdjournPreparation,
        (Prestation::Preparation, Verification::Reject) => Transition::RejectPreparation,
        (Prestation::Preparation, Verification::Admit) => Transition::AdmitPreparation,
        (Prestation::Implementation, Verification::Adjourn) => Transition::AdjournReport,
        (Prestation::Implementation, Verification::Reject) => Transition::RejectReport,
        (Prestation::Implementation, Verification::Admit) => Transition::AdmitReport,
    }
}
