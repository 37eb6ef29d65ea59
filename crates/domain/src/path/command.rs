//! What may be asked of a path, each command with its form. Declared once: see [`crate::form`].

use std::num::NonZeroU32;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};

use super::step::{Act as A, Step, Transition as T};
use crate::calendar::Day;
use crate::form::{DatedCondition, DocumentRef, FieldType, Line, Text, choices, forms};
use crate::identifiers::{Commune, EmailAddress, LotCode, PathReference, Phone, Rome, Siret, TrainingLevel};
use crate::market::{OptionCode, Prestation};
use crate::money::Cents;
use crate::people::{CompanyFunction, OutsideRole, Sex};

macro_rules! choice_enum {
    ($($(#[$meta:meta])* pub enum $Name:ident { $($(#[$vmeta:meta])* $Variant:ident),* $(,)? })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, EnumIter, EnumString, Display,
                AsRefStr, IntoStaticStr, VariantNames)]
            #[serde(rename_all = "snake_case")]
            #[strum(serialize_all = "snake_case")]
            pub enum $Name { $($(#[$vmeta])* $Variant),* }
            choices!($Name);
        )*
    };
}

choice_enum! {
    /// The verdict of a feasibility study.
    pub enum Verdict { Feasible, FeasibleWithConditions, NotFeasible }

    /// The finding of a study that stands most against it.
    pub enum Obstacle { Organisation, People, Engagement, Competences }

    /// How a company stands to what was asked of it.
    pub enum CompanyAnswer {
        /// Confirmed by link, or recorded on its behalf.
        Confirmed,
        /// A signed letter is among the documents.
        Letter,
        /// Asked, and no answer within the time given.
        NoAnswer,
    }

    /// How a training ended.
    pub enum Outcome {
        Completed,
        NotFullyProven,
        EarlyExitForJob,
        EarlyExitForTraining,
        DroppedOut,
        Excluded,
        StoppedByCompany,
        StoppedByBody,
        StoppedByRegion,
        ForceMajeure,
    }

    /// What a training period is: the ledger of sequences keeps them apart.
    pub enum SequenceKind { WorkSituation, ReflexivePhase, Application, TrainingCentre, Evaluation }

    /// How an answer reached the coordinator who records it.
    pub enum Channel { Telephone, Paper, Meeting, Email }

    /// What is asked of a person.
    pub enum RequestKind {
        ConfirmCommitment,
        ConfirmReport,
        SignPif,
        SignSequences,
        SignAttendance,
        /// The company agrees to the training programme.
        ConfirmProgramme,
        /// The tutor agrees to be designated.
        AcceptDesignation,
        /// The company agrees to the candidate.
        ConfirmCandidate,
    }

    /// What somebody of the path thinks of how it was supported.
    pub enum Opinion { VerySatisfied, Satisfied, Dissatisfied, VeryDissatisfied, NoOpinion }

    /// What a body asks the Region to decide.
    pub enum BodyRequest { Cancellation, Extension }

    /// A reason why a candidate was not selected.
    pub enum UnsuccessfulReason { ProfileMismatch, CandidateWithdrew, AnotherCandidate, NotEligible, CompanyWithdrew, Other }

    /// What became of the trainee after the path.
    pub enum Situation { PermanentContract, FixedTermContract, Temporary, SelfEmployed, Training, JobSeeker, Other, Unknown }

    /// What a document of a path is.
    pub enum DocumentKind {
        FeasibilityReport, CommitmentLetter, Programme, WorkAnalysis, EvaluationGrid, TutorCertificate, Pif, AnswerScan, FinalReport,
        CompletionCertificate, Evidence, Other,
    }

    /// Why a month's day was missed.
    pub enum AbsenceReason { Illness, Justified, Unjustified, CompanyClosed, WorkAccident }

    /// A datum of a path that may be corrected.
    pub enum Datum {
        Company, Siret, Job, RomeCode, PersonsWanted, Commune, Prescriber, PlannedEntry, CandidateProfile, EntryDate, Sequence,
        Absence, EndDate, Outcome, HoursDone,
    }

    /// Who prescribed the path to the candidate.
    pub enum Prescriber { FranceTravail, MissionLocale, CapEmploi, DepartmentalCouncil, Other }
}

choices!(Prestation, OutsideRole, CompanyFunction, Sex, OptionCode);

forms! {
    /// A command on a path. `on` is the civil day on which the fact took place, today unless said otherwise.
    #[derive(Debug, Clone, PartialEq)]
    pub enum Command by Step {
        ReportNeed = [Step::Transition(T::ReportNeed)] {
            siret: Siret, company: Line, commune: Commune, job: Line, rome: Option<Rome>, persons_wanted: NonZeroU32,
            contact_name: Line, contact_email: Option<EmailAddress>, contact_phone: Option<Phone>,
            /// The lot, when it is not the commune's: a derogation by the Region.
            lot: Option<LotCode>, derogation: Option<Text>,
        }
        OpenSibling = [Step::Transition(T::OpenSibling)] {
            source: PathReference, programme_still_fit: bool,
            /// Who of the body says so, when the Region opens the path.
            said_by: Option<EmailAddress>,
            job: Option<Line>,
        }
        DeclineNeed = [Step::Transition(T::DeclineNeed)] { reason: Text }
        OrderFeasibility = [Step::Transition(T::OrderFeasibility)] { }
        StartFeasibility = [Step::Transition(T::StartFeasibility)] { first_visit: NaiveDateTime, place: Option<Line> }
        DeliverFeasibility = [Step::Transition(T::DeliverFeasibility)] {
            organisation: Text, people: Text, engagement: Text, competences: Text, verdict: Verdict,
            /// For a negative verdict alone.
            obstacle: Option<Obstacle>,
            reasons: Text,
            conditions: Vec<DatedCondition>, report: DocumentRef, commitment: Option<CompanyAnswer>, letter: Option<DocumentRef>,
        }
        AdjournFeasibility = [Step::Transition(T::AdjournFeasibility)] { reasons: Text }
        RejectFeasibility = [Step::Transition(T::RejectFeasibility)] { reasons: Text }
        AdmitFeasibility = [Step::Transition(T::AdmitFeasibility)] { reduction: Option<Cents>, reasons: Option<Text> }
        OrderPreparation = [Step::Transition(T::OrderPreparation)] { }
        StartPreparation = [Step::Transition(T::StartPreparation)] { on: Option<Day> }
        DeliverPreparation = [Step::Transition(T::DeliverPreparation)] {
            programme: DocumentRef, work_analysis: DocumentRef, evaluation_grid: DocumentRef, tutor_certificate: Option<DocumentRef>,
        }
        AdjournPreparation = [Step::Transition(T::AdjournPreparation)] { reasons: Text }
        RejectPreparation = [Step::Transition(T::RejectPreparation)] { reasons: Text }
        AdmitPreparation = [Step::Transition(T::AdmitPreparation)] { reduction: Option<Cents>, reasons: Option<Text> }
        OpenSelection = [Step::Transition(T::OpenSelection)] { }
        SelectCandidate = [Step::Transition(T::SelectCandidate)] {
            name: Line, email: Option<EmailAddress>, phone: Option<Phone>, birth_date: Day, sex: Sex, level: TrainingLevel,
            job_seeker: bool, rsa: bool, boe: bool, prescriber: Prescriber, planned_entry: Day, company_agrees: bool,
        }
        SignPif = [Step::Transition(T::SignPif)] { version: u32 }
        OrderImplementation = [Step::Transition(T::OrderImplementation)] { }
        EnterTraining = [Step::Transition(T::EnterTraining)] { on: Day, safir: Option<Line>, remu: Option<Line> }
        AnnulEntry = [Step::Transition(T::AnnulEntry)] { reason: Text }
        Suspend = [Step::Transition(T::Suspend)] { reason: Text, on: Option<Day>, expected_return: Day }
        Resume = [Step::Transition(T::Resume)] { on: Option<Day> }
        EndTraining = [Step::Transition(T::EndTraining)] { outcome: Outcome, on: Day, reason: Option<Text>, hours_done: u32 }
        DeliverReport = [Step::Transition(T::DeliverReport)] {
            report: DocumentRef,
            /// The certificate of completion; made of the path when none is given.
            certificate: Option<DocumentRef>,
            confirmation: CompanyAnswer, letter: Option<DocumentRef>, satisfaction_asked: bool,
        }
        AdjournReport = [Step::Transition(T::AdjournReport)] { reasons: Text }
        RejectReport = [Step::Transition(T::RejectReport)] { reasons: Text }
        AdmitReport = [Step::Transition(T::AdmitReport)] { reduction: Option<Cents>, reasons: Option<Text> }
        CloseWithoutReport = [Step::Transition(T::CloseWithoutReport)] { reason: Text, amount: Cents }
        WithdrawCandidate = [Step::Transition(T::WithdrawCandidate)] { reason: Text }
        Cancel = [Step::Transition(T::Cancel)] { reason: Text, amount: Option<Cents> }

        AskConfirmation = [Step::Act(A::AskConfirmation)] { }
        ConfirmCommitment = [Step::Act(A::ConfirmCommitment)] { }
        ConfirmReport = [Step::Act(A::ConfirmReport)] { }
        ConfirmProgramme = [Step::Act(A::ConfirmProgramme)] { }
        AcceptDesignation = [Step::Act(A::AcceptDesignation)] { }
        ConfirmCandidate = [Step::Act(A::ConfirmCandidate)] { }
        DeclineRequest = [Step::Act(A::DeclineRequest)] { request: RequestKind, reason: Text }
        ProposeCorrection = [Step::Act(A::ProposeCorrection)] { correction: Text }
        AnswerCorrection = [Step::Act(A::AnswerCorrection)] { number: u32, accepted: bool, answer: Text }
        ContestAnswer = [Step::Act(A::ContestAnswer)] { request: RequestKind, facts: Text }
        AskAgain = [Step::Act(A::AskAgain)] { request: RequestKind, reason: Text }
        HandOverContact = [Step::Act(A::HandOverContact)] { name: Line, email: EmailAddress, phone: Option<Phone> }
        RecordAnswerOnBehalf = [Step::Act(A::RecordAnswerOnBehalf)] {
            request: RequestKind, role: OutsideRole, on: Day, channel: Channel, said_by: Line, scan: DocumentRef,
            /// Why the person refuses; none for a yes.
            declined: Option<Text>,
        }
        AcceptAdjournment = [Step::Act(A::AcceptAdjournment)] { }
        RefuseAdjournment = [Step::Act(A::RefuseAdjournment)] { reason: Text }
        AskObservations = [Step::Act(A::AskObservations)] { reasons: Text }
        GiveObservations = [Step::Act(A::GiveObservations)] { observations: Text }
        SettleCondition = [Step::Act(A::SettleCondition)] { number: u32, waived: bool, comment: Text }
        DesignateTutor = [Step::Act(A::DesignateTutor)] {
            name: Line, email: Option<EmailAddress>, phone: Option<Phone>, training_proof: Option<DocumentRef>,
        }
        ReplaceTutor = [Step::Act(A::ReplaceTutor)] {
            name: Line, email: Option<EmailAddress>, phone: Option<Phone>, training_proof: Option<DocumentRef>, reason: Text,
        }
        OrderTutorTraining = [Step::Act(A::OrderTutorTraining)] { }
        RecordUnsuccessfulCandidate = [Step::Act(A::RecordUnsuccessfulCandidate)] {
            name: Line, email: Option<EmailAddress>, reason: UnsuccessfulReason, comment: Option<Text>,
        }
        OfferPlace = [Step::Act(A::OfferPlace)] { }
        LapseOffer = [Step::Act(A::LapseOffer)] { }
        WritePif = [Step::Act(A::WritePif)] {
            afest_hours: u32, application_hours: u32, weekly_hours: u32, daily_hours: u32, starts_on: Day, ends_on: Day,
            /// Competences to develop, of which the document is made when none is given.
            objectives: Option<Text>, document: Option<DocumentRef>,
        }
        AmendPif = [Step::Act(A::AmendPif)] {
            afest_hours: u32, application_hours: u32, weekly_hours: u32, daily_hours: u32, starts_on: Day, ends_on: Day,
            objectives: Option<Text>, document: Option<DocumentRef>, reason: Text,
        }
        ApproveLevel = [Step::Act(A::ApproveLevel)] { }
        ExtendReservation = [Step::Act(A::ExtendReservation)] { until: Day, reason: Text }
        RecordRegistration = [Step::Act(A::RecordRegistration)] { safir: Line, remu: Line }
        RecordSequence = [Step::Act(A::RecordSequence)] {
            kind: SequenceKind, from: NaiveDateTime, until: NaiveDateTime, objective: Text,
        }
        SignSequence = [Step::Act(A::SignSequence)] { number: u32 }
        RecordAbsence = [Step::Act(A::RecordAbsence)] { from: Day, until: Day, reason: AbsenceReason, comment: Option<Text> }
        SignAttendanceMonth = [Step::Act(A::SignAttendanceMonth)] {
            /// Any day of the month.
            month: Day,
        }
        ReportAccident = [Step::Act(A::ReportAccident)] { on: Day, facts: Text }
        ReportObstacle = [Step::Act(A::ReportObstacle)] { facts: Text }
        RequestCancellation = [Step::Act(A::RequestCancellation)] { reason: Text }
        ExtendPrestation = [Step::Act(A::ExtendPrestation)] { until: Day, reason: Text }
        DecideRequest = [Step::Act(A::DecideRequest)] { request: BodyRequest, granted: bool, reason: Option<Text> }
        SendFormalNotice = [Step::Act(A::SendFormalNotice)] { reason: Text }
        GiveOpinion = [Step::Act(A::GiveOpinion)] { opinion: Opinion, comment: Option<Text> }
        RecordFollowUp = [Step::Act(A::RecordFollowUp)] { on: Day, situation: Situation, at_company: bool, comment: Option<Text> }
        AddDocument = [Step::Act(A::AddDocument)] { kind: DocumentKind, document: DocumentRef }
        AddNote = [Step::Act(A::AddNote)] { note: Text }
        ChangeContact = [Step::Act(A::ChangeContact)] {
            role: OutsideRole, name: Line, email: Option<EmailAddress>, phone: Option<Phone>, reason: Text,
        }
        AddCompanyContact = [Step::Act(A::AddCompanyContact)] {
            function: CompanyFunction, name: Line, email: Option<EmailAddress>, phone: Option<Phone>,
            /// Why, when somebody has the function already and is replaced.
            reason: Option<Text>,
        }
        RemoveCompanyContact = [Step::Act(A::RemoveCompanyContact)] { function: CompanyFunction, reason: Text }
        AssignCoordinator = [Step::Act(A::AssignCoordinator)] { email: EmailAddress }
        CorrectDatum = [Step::Act(A::CorrectDatum)] {
            datum: Datum,
            /// The new value of a datum that is one value, instead of its own field.
            value: Option<Line>,
            company: Option<Line>, siret: Option<Siret>, job: Option<Line>, rome: Option<Rome>, persons_wanted: Option<NonZeroU32>,
            commune: Option<Commune>,
            /// The path stays in its lot by derogation, although the commune is of another one.
            keep_lot: Option<bool>,
            prescriber: Option<Prescriber>, planned_entry: Option<Day>, birth_date: Option<Day>, sex: Option<Sex>,
            level: Option<TrainingLevel>, rsa: Option<bool>, boe: Option<bool>, entered_on: Option<Day>,
            /// Which sequence or absence.
            number: Option<u32>,
            annul: Option<bool>, kind: Option<SequenceKind>, starts_at: Option<NaiveDateTime>, ends_at: Option<NaiveDateTime>,
            objective: Option<Text>, from: Option<Day>, until: Option<Day>, absence_reason: Option<AbsenceReason>,
            ended_on: Option<Day>, outcome: Option<Outcome>, outcome_reason: Option<Text>, hours_done: Option<u32>,
            reason: Text,
        }
    }
}

impl Command {
    /// The day of entry that it plans, records or corrects: its year is the one whose places the decision looks at.
    pub fn entry(&self) -> Option<Day> {
        match self {
            Self::SelectCandidate { planned_entry, .. } => Some(*planned_entry),
            Self::EnterTraining { on, .. } => Some(*on),
            // A value that is no day is refused by the decision.
            Self::CorrectDatum {
                datum: Datum::PlannedEntry | Datum::EntryDate,
                value,
                planned_entry,
                entered_on,
                ..
            } => {
                let typed = || Day::read(&value.as_ref()?.0.as_str().into()).ok();
                planned_entry.or(*entered_on).or_else(typed)
            }
            _ => None,
        }
    }
}
