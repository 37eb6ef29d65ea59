//! Why a command is refused: business facts, typed; the French sentence is chosen in `wording`.

use serde::Serialize;
use strum::{AsRefStr, IntoStaticStr, VariantNames};
use thiserror::Error;

use super::command::{BodyRequest, Datum, RequestKind};
use super::event::Party;
use super::step::{State, Step};
use crate::calendar::Day;
use crate::form::{FieldError, FieldProblem};
use crate::identifiers::{Department, LotCode};
use crate::market::{OptionCode, Prestation};
use crate::money::Cents;
use crate::people::CompanyFunction;

/// Something a step needs and the path does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, AsRefStr, IntoStaticStr, VariantNames)]
#[serde(tag = "need", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Need {
    /// A free unit of an option on a notified order of the lot.
    FreeUnit {
        option: OptionCode,
    },
    TutorDesignated,
    /// The tutor's certificate, since M2 was ordered.
    TutorCertificate,
    /// The company's commitment: confirmed, a letter, or asked without answer since the day given.
    Commitment {
        asked_until: Option<Day>,
    },
    /// The company's confirmation of the final report.
    ReportConfirmation {
        asked_until: Option<Day>,
    },
    /// The letter that the form says there is.
    Letter,
    /// A condition of the verdict neither met nor waived, by number.
    Condition {
        number: u32,
        by: Day,
    },
    /// Conditions that a verdict « feasible with conditions » must list.
    Conditions,
    /// What stands most against a study whose verdict is negative.
    Obstacle,
    Pif,
    Signature {
        party: Party,
    },
    /// The Region's approval of the new price level.
    LevelApproval {
        option: OptionCode,
    },
    CompanyAgreement,
    JobSeekerStatus,
    /// Observations must be asked before a reduction or a rejection, and answered or waited for.
    Observations {
        until: Option<Day>,
    },
    Reasons,
    Reduction,
    /// Analysis of the work activity (D.6313-3-2, 1°).
    WorkAnalysis,
    /// A tutor designated before the training started (2°).
    TutorBeforeEntry,
    /// Reflexive phases distinct from the work situations (3°).
    ReflexivePhase,
    /// An evaluation of what was learnt (4°).
    Evaluation,
    /// Hours below the threshold for a completed path.
    Hours {
        done: u32,
        needed: u32,
    },
    FormalNotice {
        until: Option<Day>,
    },
    /// A request of this kind from the body.
    PendingRequest {
        request: BodyRequest,
    },
    SatisfactionAsked,
    ProgrammeStillFit,
    /// The Region opens a sibling on the word of a coordinator of the body.
    FitSaidByBody,
    /// An amount for the work begun.
    Amount,
}

/// What limits the hours of a programme or of a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HourLimit {
    Day,
    Week,
    /// Weeks between the two dates times the hours of a week.
    Period,
}

/// Why a command is refused.
#[derive(Debug, Clone, PartialEq, Error, AsRefStr, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Refusal {
    #[error("there is no such path")]
    NotFound,
    #[error("nobody proposed a correction {number}")]
    NoProposal { number: u32 },
    #[error("{step} starts from {expected:?}, not from {state}")]
    WrongState { step: Step, state: State, expected: &'static [State] },
    /// `reads_only`: the account decides nothing, whatever the step.
    #[error("{step} is not for this role")]
    NotYourRole { step: Step, reads_only: bool },
    #[error("this was done already")]
    AlreadyDone { step: Step },
    #[error("something is missing")]
    Missing { needs: Vec<Need> },
    #[error("the form has problems")]
    Form { errors: Vec<FieldError> },
    #[error("the person who delivered cannot decide")]
    SamePerson,
    #[error("silence admitted {prestation} on {on}")]
    SilenceAdmitted { prestation: Prestation, on: Day },
    #[error("the period runs until {until}")]
    TooEarly { until: Day },
    #[error("the period ended on {until}")]
    TooLate { until: Day },
    #[error("{day} is in the future")]
    InTheFuture { day: Day },
    /// What is recorded once it is over, in Paris time.
    #[error("{until} has not passed")]
    NotOver { until: chrono::NaiveDateTime },
    #[error("{day} is before {earliest}")]
    Before { day: Day, earliest: Day },
    #[error("{day} is after {latest}")]
    After { day: Day, latest: Day },
    #[error("no place is left in lot {lot} for {year}")]
    NoPlace { lot: LotCode, year: i32 },
    #[error("no unit of {option} is left")]
    NoUnit { option: OptionCode },
    #[error("department {department} is another territory")]
    OtherTerritory { department: Department, lot: Option<LotCode> },
    #[error("a derogation needs its reason and the Region")]
    DerogationByRegion,
    #[error("the market does not cover {day}")]
    OutsideMarket { day: Day },
    #[error("{hours} hours are more than {most}")]
    TooManyHours { hours: u32, most: u32, limit: HourLimit },
    #[error("no hour is planned")]
    NoHours,
    #[error("the period overlaps sequence {number}")]
    Overlap { number: u32 },
    #[error("the training was suspended from {since} to {until:?}")]
    Suspended { since: Day, until: Option<Day> },
    #[error("the period ends before it starts")]
    Backwards,
    #[error("version {current} is the one to sign")]
    OtherVersion { current: u32 },
    #[error("hours are proven already")]
    HoursProven,
    #[error("{amount:?} is more than {most:?}")]
    AmountTooHigh { amount: Cents, most: Cents },
    #[error("nothing of this kind is asked")]
    NotAsked { request: RequestKind },
    #[error("nothing of this kind was answered")]
    NotAnswered { request: RequestKind },
    #[error("this is not asked again at this stage")]
    NotAskedAgain { request: RequestKind },
    #[error("the source is not fit for a sibling")]
    SourceNotFit { state: State },
    #[error("the outcome needs a reason")]
    OutcomeReason,
    #[error("the path has no {datum} to correct")]
    NothingToCorrect { datum: Datum },
    #[error("{prestation} waits for its decision: what it rests on is not changed under it")]
    Delivered { prestation: Prestation },
    #[error("{prestation} was decided: its amount is settled")]
    Decided { prestation: Prestation, amount: Cents },
    #[error("department {department} is of lot {lot}, and something was ordered in this one")]
    LotOrdered { department: Department, lot: LotCode },
    #[error("another company than the one for which the study was ordered")]
    OtherCompany,
    #[error("no absence has number {number}")]
    NoAbsence { number: u32 },
    #[error("the two values are the same")]
    Unchanged,
    #[error("no sequence has number {number}")]
    NoSequence { number: u32 },
    #[error("no condition has number {number}")]
    NoCondition { number: u32 },
    #[error("a candidate is waiting already")]
    CandidateWaiting,
    #[error("nobody has the function {function}")]
    NoColleague { function: CompanyFunction },
    #[error("the signatory answers for the company")]
    SignatoryAnswers,
    #[error("nobody is selected or waiting")]
    NoCandidate,
    #[error("the body's answer to the adjournment, accepted: {accepted}, was given on {on}")]
    AdjournmentAnswered { accepted: bool, on: Day },
    #[error("the tutor is trained already")]
    TutorTrained,
    #[error("a letter of the company answers {request}")]
    LetterGiven { request: RequestKind },
    #[error("no price level is to be approved")]
    NoLevelToApprove,
    #[error("the candidate's age is not plausible")]
    Age,
    #[error("a decision already ordered by the Region can only be taken back by the Region")]
    RegionOnly,
}

impl Refusal {
    /// The stable code of the refusal.
    pub fn code(&self) -> &'static str {
        self.into()
    }

    /// One missing thing.
    pub fn missing(need: Need) -> Self {
        Self::Missing { needs: vec![need] }
    }

    /// One field that this form needs in this case.
    pub(crate) fn missing_field(field: &str) -> Self {
        Self::Form { errors: vec![FieldError { field: field.to_owned(), problem: FieldProblem::Missing }] }
    }
}
