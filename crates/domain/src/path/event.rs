//! What happened on a path: past-tense facts, small and self-sufficient, versioned once stored.
//!
//! Events never carry a person's values, only a [`PersonRef`]. Due days that a decision froze (verification, acceptance,
//! re-delivery) are in the event, so that replaying needs no terms. Adding a field to a stored event takes a default.

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, EnumDiscriminants, EnumIter, EnumString, IntoStaticStr};

use super::command::{
    AbsenceReason, BodyRequest, Channel, CompanyAnswer, DocumentKind, Obstacle, Opinion, Outcome, Prescriber,
    RequestKind, SequenceKind, Situation, UnsuccessfulReason, Verdict,
};
pub use super::correction::{Correction, Reopened};
use crate::calendar::{Day, Instant};
use crate::form::{DatedCondition, DocumentRef};
use crate::identifiers::{
    AccountId, BodyCode, EventId, LineId, LotCode, OrderReference, PathId, PathReference, Rome, Siret,
};
use crate::identifiers::{Commune, Department};
use crate::market::{OptionCode, Prestation, TermsVersion};
use crate::money::{Amount, Cents};
use crate::people::{Actor, CompanyFunction, OutsideRole, PersonRef};

/// Who did it and on whose behalf, as the journal keeps it.
pub type Author = Actor;

/// An event as the journal keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recorded {
    pub id: EventId,
    pub path: PathId,
    /// Rank in the path's journal, from 1.
    pub seq: u32,
    /// The day on which the fact took place, Europe/Paris.
    pub effective_on: Day,
    /// The instant at which it was recorded, UTC.
    pub recorded_at: Instant,
    pub author: Author,
    /// The version of the market's terms in force.
    pub terms: TermsVersion,
    pub event: Event,
}

/// Where the work is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workplace {
    pub siret: Siret,
    pub company: String,
    pub commune: Commune,
    pub department: Department,
}

/// The job aimed at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub title: String,
    pub rome: Option<Rome>,
}

/// A unit drawn from a line of a notified order, at the price frozen there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    pub line: LineId,
    pub order: OrderReference,
    pub option: OptionCode,
    pub price: Amount,
}

/// A month of attendance, by its first day.
pub type Month = Day;

/// The hours, dates and objectives of a version of the individual programme (PIF).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PifTerms {
    pub afest_hours: u32,
    pub application_hours: u32,
    pub weekly_hours: u32,
    pub daily_hours: u32,
    pub starts_on: Day,
    pub ends_on: Day,
    pub document: DocumentRef,
    /// Competences to develop; none when the document alone says them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objectives: Option<String>,
}

impl PifTerms {
    /// AFEST and application hours together.
    pub fn total_hours(&self) -> u32 {
        self.afest_hours + self.application_hours
    }
}

/// The three parties who sign the PIF.
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
    strum::Display,
    AsRefStr,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Party {
    Body,
    Company,
    Trainee,
}

/// A follow-up recorded before the event said so ended the follow-up.
const fn concluded() -> bool {
    true
}

/// A fact of a path's life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, EnumDiscriminants)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[strum_discriminants(
    name(EventKind),
    derive(EnumIter, EnumString, strum::Display, AsRefStr, IntoStaticStr, Hash, PartialOrd, Ord)
)]
#[strum_discriminants(strum(serialize_all = "snake_case"))]
pub enum Event {
    NeedReported {
        reference: PathReference,
        market: String,
        lot: LotCode,
        holder: BodyCode,
        workplace: Workplace,
        contact: PersonRef,
        job: Job,
        persons_wanted: u32,
        derogation: Option<String>,
        coordinator: Option<AccountId>,
    },
    SiblingOpened {
        reference: PathReference,
        market: String,
        lot: LotCode,
        holder: BodyCode,
        source: PathId,
        source_reference: PathReference,
        workplace: Workplace,
        contact: PersonRef,
        job: Job,
        tutor: PersonRef,
        tutor_trained: bool,
        coordinator: Option<AccountId>,
        /// Who of the body says that the programme still fits.
        #[serde(default)]
        fit_said_by: Option<AccountId>,
    },
    /// A path that precedes Jalon: it opens at its entry into training.
    PathImported {
        reference: PathReference,
        market: String,
        lot: LotCode,
        holder: BodyCode,
        workplace: Workplace,
        contact: PersonRef,
        job: Job,
        candidate: PersonRef,
    },
    /// A path that precedes Jalon was closed before Jalon.
    PastPathClosed,
    NeedDeclined {
        reason: String,
    },
    PrestationOrdered {
        prestation: Prestation,
        draws: Vec<Draw>,
        due_on: Day,
    },
    FeasibilityStarted {
        /// Europe/Paris.
        first_visit: chrono::NaiveDateTime,
        place: Option<String>,
    },
    PreparationStarted,
    FeasibilityDelivered {
        organisation: String,
        people: String,
        engagement: String,
        competences: String,
        verdict: Verdict,
        /// What stands most against a negative study; unknown of those delivered before it was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        obstacle: Option<Obstacle>,
        reasons: String,
        conditions: Vec<DatedCondition>,
        report: DocumentRef,
        commitment: Option<CompanyAnswer>,
        letter: Option<DocumentRef>,
        verify_until: Day,
    },
    PreparationDelivered {
        programme: DocumentRef,
        work_analysis: DocumentRef,
        evaluation_grid: DocumentRef,
        tutor_certificate: Option<DocumentRef>,
        verify_until: Day,
    },
    ReportDelivered {
        report: DocumentRef,
        certificate: DocumentRef,
        confirmation: CompanyAnswer,
        letter: Option<DocumentRef>,
        satisfaction_asked: bool,
        verify_until: Day,
    },
    Adjourned {
        prestation: Prestation,
        reasons: String,
        accept_until: Day,
    },
    AdjournmentAnswered {
        prestation: Prestation,
        accepted: bool,
        reason: Option<String>,
        until: Day,
    },
    ObservationsAsked {
        prestation: Prestation,
        reasons: String,
        until: Day,
    },
    ObservationsGiven {
        prestation: Prestation,
        observations: String,
    },
    Rejected {
        prestation: Prestation,
        reasons: String,
        by_silence: bool,
        due_on: Day,
    },
    Admitted {
        prestation: Prestation,
        /// By the Region's silence until the end of the verification period.
        tacit: bool,
        /// The verdict is negative: the study is payable and the path ends.
        negative: bool,
        /// Réfaction, excluding tax.
        reduction: Option<Cents>,
        reasons: Option<String>,
        /// Service done, excluding tax, after reduction.
        amount: Cents,
    },
    ConditionSettled {
        number: u32,
        waived: bool,
        comment: String,
    },
    TutorDesignated {
        tutor: PersonRef,
        training_proof: Option<DocumentRef>,
    },
    TutorReplaced {
        tutor: PersonRef,
        training_proof: Option<DocumentRef>,
        reason: String,
    },
    TutorTrainingOrdered {
        draw: Draw,
    },
    SelectionOpened,
    CandidateSelected {
        candidate: PersonRef,
        planned_entry: Day,
        prescriber: Prescriber,
        /// The place had been offered to this waiting candidate.
        from_offer: bool,
    },
    CandidateQueued {
        candidate: PersonRef,
        planned_entry: Day,
        prescriber: Prescriber,
    },
    PlaceOffered {
        until: Day,
    },
    OfferLapsed,
    UnsuccessfulCandidateRecorded {
        candidate: PersonRef,
        reason: UnsuccessfulReason,
        comment: Option<String>,
    },
    PifWritten {
        version: u32,
        terms: PifTerms,
    },
    PifAmended {
        version: u32,
        terms: PifTerms,
        reason: String,
        level: Option<OptionCode>,
    },
    LevelApproved {
        returned: Draw,
        drawn: Draw,
    },
    PifSigned {
        version: u32,
        party: Party,
        on_behalf: bool,
        /// This was the last of the three signatures.
        complete: bool,
    },
    ReservationExtended {
        until: Day,
        reason: String,
    },
    TrainingEntered {
        safir: Option<String>,
        remu: Option<String>,
        reserved_year: i32,
        year: i32,
    },
    RegistrationRecorded {
        safir: String,
        remu: String,
    },
    EntryAnnulled {
        reason: String,
        year: i32,
    },
    SequenceRecorded {
        number: u32,
        sequence: SequenceKind,
        /// Europe/Paris.
        from: chrono::NaiveDateTime,
        until: chrono::NaiveDateTime,
        objective: String,
    },
    SequenceSigned {
        number: u32,
        on_behalf: bool,
    },
    AbsenceRecorded {
        from: Day,
        until: Day,
        reason: AbsenceReason,
        comment: Option<String>,
    },
    AttendanceSigned {
        month: Month,
        by: OutsideOrBody,
        on_behalf: bool,
    },
    AccidentReported {
        on: Day,
        facts: String,
    },
    ObstacleReported {
        facts: String,
    },
    Suspended {
        reason: String,
        expected_return: Day,
    },
    Resumed,
    TrainingEnded {
        outcome: Outcome,
        reason: Option<String>,
        hours_done: u32,
        report_due_on: Day,
    },
    FormalNoticeSent {
        reason: String,
        until: Day,
    },
    ClosedWithoutReport {
        reason: String,
        amount: Cents,
    },
    CandidateWithdrawn {
        reason: String,
        /// The year of the place released; none for who waited without an offer.
        year: Option<i32>,
        returned: Vec<Draw>,
    },
    Cancelled {
        reason: String,
        /// For work begun, excluding tax; zero gives the units back.
        amount: Cents,
        released_year: Option<i32>,
        returned: Vec<Draw>,
        served: Vec<Draw>,
    },
    ConfirmationAsked {
        request: RequestKind,
        until: Day,
    },
    CommitmentConfirmed {
        on_behalf: bool,
    },
    ReportConfirmed {
        on_behalf: bool,
    },
    /// Who is concerned agrees to what nothing waits for.
    Agreed {
        request: RequestKind,
        on_behalf: bool,
    },
    RequestDeclined {
        request: RequestKind,
        role: OutsideRole,
        reason: String,
        #[serde(default)]
        on_behalf: bool,
    },
    CorrectionProposed {
        role: OutsideRole,
        correction: String,
    },
    CorrectionAnswered {
        /// Rank of the proposal on the path, from 1.
        number: u32,
        /// Who proposed it.
        role: OutsideRole,
        accepted: bool,
        answer: String,
    },
    /// « Ce n’était pas moi »: what is recorded stands until somebody looks at it with them.
    AnswerContested {
        request: RequestKind,
        role: OutsideRole,
        facts: String,
    },
    /// What was answered is taken back, and asked again.
    AskedAgain {
        reason: String,
        reopened: Reopened,
    },
    ContactHandedOver {
        role: OutsideRole,
        person: PersonRef,
    },
    AnswerRecordedOnBehalf {
        request: RequestKind,
        role: OutsideRole,
        on: Day,
        channel: Channel,
        said_by: PersonRef,
        scan: DocumentRef,
    },
    RequestMade {
        request: BodyRequest,
        reason: String,
        until: Option<Day>,
    },
    RequestDecided {
        request: BodyRequest,
        granted: bool,
        reason: Option<String>,
        until: Option<Day>,
    },
    OpinionGiven {
        role: OutsideRole,
        opinion: Opinion,
        comment: Option<String>,
    },
    FollowUpRecorded {
        on: Day,
        situation: Situation,
        at_company: bool,
        comment: Option<String>,
        /// Says what became of the trainee at the term of the follow-up, which it ends.
        #[serde(default = "concluded")]
        conclusive: bool,
    },
    DocumentAdded {
        document_kind: DocumentKind,
        document: DocumentRef,
    },
    NoteAdded {
        note: String,
    },
    ContactChanged {
        role: OutsideRole,
        person: PersonRef,
        reason: String,
    },
    /// Somebody of the company gets a function of their own, which another may have had.
    CompanyContactNamed {
        function: CompanyFunction,
        person: PersonRef,
        reason: Option<String>,
    },
    /// The main contact does it again.
    CompanyContactRemoved {
        function: CompanyFunction,
        reason: String,
    },
    CoordinatorAssigned {
        coordinator: AccountId,
    },
    DatumCorrected {
        reason: String,
        correction: Correction,
        /// What was confirmed or signed on the strength of the datum, and is asked again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        reopened: Vec<Reopened>,
    },
}

/// A party who signs a monthly statement of attendance.
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
    strum::Display,
    AsRefStr,
    IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OutsideOrBody {
    Body,
    Tutor,
    Trainee,
}

impl Event {
    /// The stable identifier of the event's kind.
    pub fn kind(&self) -> &'static str {
        EventKind::from(self).into()
    }

    /// The documents that came with the event.
    pub fn documents(&self) -> Vec<&DocumentRef> {
        match self {
            Self::FeasibilityDelivered { report, letter, .. } => {
                [Some(report), letter.as_ref()].into_iter().flatten().collect()
            }
            Self::PreparationDelivered { programme, work_analysis, evaluation_grid, tutor_certificate, .. } => {
                let certificate = tutor_certificate.as_ref();
                [programme, work_analysis, evaluation_grid].into_iter().chain(certificate).collect()
            }
            Self::ReportDelivered { report, certificate, letter, .. } => {
                [report, certificate].into_iter().chain(letter).collect()
            }
            Self::TutorDesignated { training_proof, .. } | Self::TutorReplaced { training_proof, .. } => {
                training_proof.iter().collect()
            }
            Self::PifWritten { terms, .. } | Self::PifAmended { terms, .. } => vec![&terms.document],
            Self::AnswerRecordedOnBehalf { scan, .. } => vec![scan],
            Self::DocumentAdded { document, .. } => vec![document],
            _ => Vec::new(),
        }
    }
}
