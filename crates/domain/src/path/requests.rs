//! What is asked of the people outside, derived from the path: the pages behind the links and the reminders read it.

use super::command::{CompanyAnswer, RequestKind};
use super::event::{Event, Month, OutsideOrBody, Party};
use super::record::{Confirmation, Path};
use super::step::{Act, State, Step, Transition};
use super::table::{commits_company, row};
use crate::calendar::Day;
use crate::people::{OutsideRole, RecipientRole};

/// Something asked of a person of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    pub kind: RequestKind,
    pub of: RecipientRole,
    pub since: Day,
    /// Version of what is to be signed or confirmed, so that a link never signs something else.
    pub version: u32,
}

/// What somebody declares by an answer: the text of it, and so its proof, follow from this and the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Declared {
    Commitment,
    Report,
    Pif {
        version: u32,
        party: Party,
    },
    Sequence(u32),
    Attendance {
        month: Month,
        by: OutsideOrBody,
    },
    /// What a light request asks to agree to.
    Agreement(RequestKind),
}

impl Declared {
    /// What an event records; none when it is no answer that binds.
    pub fn by(event: &Event) -> Option<Self> {
        match event {
            Event::CommitmentConfirmed { .. } => Some(Self::Commitment),
            Event::ReportConfirmed { .. } => Some(Self::Report),
            Event::PifSigned { version, party, .. } => Some(Self::Pif { version: *version, party: *party }),
            Event::SequenceSigned { number, .. } => Some(Self::Sequence(*number)),
            Event::AttendanceSigned { month, by, .. } => Some(Self::Attendance { month: *month, by: *by }),
            Event::Agreed { request, .. } => Some(Self::Agreement(*request)),
            _ => None,
        }
    }

    /// The request that it answers.
    pub const fn request(self) -> RequestKind {
        match self {
            Self::Commitment => RequestKind::ConfirmCommitment,
            Self::Report => RequestKind::ConfirmReport,
            Self::Pif { .. } => RequestKind::SignPif,
            Self::Sequence(_) => RequestKind::SignSequences,
            Self::Attendance { .. } => RequestKind::SignAttendance,
            Self::Agreement(request) => request,
        }
    }

    /// What an answer to a request would declare.
    pub fn answering(asked: &Asked) -> Option<Self> {
        let signs = |role| match role {
            RecipientRole::Company => Some((Party::Company, None)),
            RecipientRole::Trainee => Some((Party::Trainee, Some(OutsideOrBody::Trainee))),
            RecipientRole::Tutor => Some((Party::Company, Some(OutsideOrBody::Tutor))),
            RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance | RecipientRole::Candidate => None,
        };
        let (party, by) = signs(asked.of)?;
        Some(match asked.kind {
            RequestKind::ConfirmCommitment => Self::Commitment,
            RequestKind::ConfirmReport => Self::Report,
            RequestKind::SignPif => Self::Pif { version: asked.version, party },
            RequestKind::SignSequences => Self::Sequence(asked.version),
            RequestKind::SignAttendance => Self::Attendance { month: asked.since, by: by? },
            request @ (RequestKind::ConfirmProgramme
            | RequestKind::AcceptDesignation
            | RequestKind::ConfirmCandidate) => Self::Agreement(request),
        })
    }
}

/// The step by which a request is answered.
pub const fn step_of(request: RequestKind) -> Step {
    match request {
        RequestKind::ConfirmCommitment => Step::Act(Act::ConfirmCommitment),
        RequestKind::ConfirmReport => Step::Act(Act::ConfirmReport),
        RequestKind::SignPif => Step::Transition(Transition::SignPif),
        RequestKind::SignSequences => Step::Act(Act::SignSequence),
        RequestKind::SignAttendance => Step::Act(Act::SignAttendanceMonth),
        RequestKind::ConfirmProgramme => Step::Act(Act::ConfirmProgramme),
        RequestKind::AcceptDesignation => Step::Act(Act::AcceptDesignation),
        RequestKind::ConfirmCandidate => Step::Act(Act::ConfirmCandidate),
    }
}

/// The request that an event answers, by a yes, a signature or a « no ».
pub fn answered_by(event: &Event) -> Option<RequestKind> {
    match event {
        Event::RequestDeclined { request, .. } => Some(*request),
        event => Declared::by(event).map(Declared::request),
    }
}

/// Who of the company answers a request: whoever signs for it when that commits it, else its main contact.
pub fn answers_for_company(path: &Path, request: RequestKind) -> OutsideRole {
    if commits_company(step_of(request)) { path.signs_for_company() } else { OutsideRole::Company }
}

/// Whether an event asks this of someone, so that answers begin anew.
pub fn asks(event: &Event, request: RequestKind) -> bool {
    match event {
        Event::DatumCorrected { reopened, .. } => {
            return reopened.iter().any(|reopened| reopened.request() == request);
        }
        Event::AskedAgain { reopened, .. } => return reopened.request() == request,
        _ => {}
    }
    match request {
        RequestKind::ConfirmCommitment | RequestKind::ConfirmReport => {
            matches!(event, Event::ConfirmationAsked { request: asked, .. } if *asked == request)
        }
        RequestKind::ConfirmProgramme => matches!(event, Event::PreparationDelivered { .. }),
        RequestKind::AcceptDesignation => matches!(
            event,
            Event::TutorDesignated { .. }
                | Event::TutorReplaced { .. }
                | Event::SiblingOpened { .. }
                | Event::ContactHandedOver { role: OutsideRole::Tutor, .. }
                | Event::ContactChanged { role: OutsideRole::Tutor, .. }
        ),
        RequestKind::ConfirmCandidate => matches!(event, Event::CandidateSelected { .. }),
        RequestKind::SignPif => matches!(event, Event::PifWritten { .. } | Event::PifAmended { .. }),
        RequestKind::SignSequences => matches!(event, Event::SequenceRecorded { .. }),
        RequestKind::SignAttendance => matches!(event, Event::AttendanceSigned { by: OutsideOrBody::Body, .. }),
    }
}

/// What is asked now of who has a role outside.
pub fn asked_of(path: &Path, role: OutsideRole) -> Vec<Asked> {
    let mut asked = asked(path, role.recipient());
    asked.retain(|asked| !role.of_company() || answers_for_company(path, asked.kind) == role);
    asked
}

/// What is asked of a role now.
pub fn asked(path: &Path, role: RecipientRole) -> Vec<Asked> {
    let mut asked = Vec::new();
    let mut ask = |kind, since, version| asked.push(Asked { kind, of: role, since, version });
    match role {
        RecipientRole::Company => {
            let study = matches!(
                path.state,
                State::FeasibilityInProgress | State::FeasibilityDelivered | State::FeasibilityAdjourned
            );
            if let (Some((since, _)), true) = (path.commitment.asked, study)
                && path.commitment.answer != Some(CompanyAnswer::Confirmed)
            {
                ask(RequestKind::ConfirmCommitment, since, path.feasibility.rejections + path.commitment.reopened + 1);
            }
            let report = matches!(path.state, State::TrainingEnded | State::ReportDelivered | State::ReportAdjourned);
            if let (Some((since, _)), true) = (path.report_confirmation.asked, report)
                && path.report_confirmation.answer != Some(CompanyAnswer::Confirmed)
            {
                let version = path.implementation.rejections + path.report_confirmation.reopened + 1;
                ask(RequestKind::ConfirmReport, since, version);
            }
            sign_pif(path, Party::Company, &mut ask);
            agreement(path, RequestKind::ConfirmProgramme, &mut ask);
            // The programme that is signed names the candidate.
            if path.pif.is_none() {
                agreement(path, RequestKind::ConfirmCandidate, &mut ask);
            }
        }
        RecipientRole::Trainee => {
            sign_pif(path, Party::Trainee, &mut ask);
            if let Some(training) = &path.training {
                if let Some(first) = training.sequences.iter().find(|sequence| !sequence.signed) {
                    ask(RequestKind::SignSequences, first.from.date(), first.number);
                }
                attendance(path, OutsideOrBody::Trainee, &mut ask);
            }
        }
        RecipientRole::Tutor => {
            attendance(path, OutsideOrBody::Tutor, &mut ask);
            agreement(path, RequestKind::AcceptDesignation, &mut ask);
        }
        RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance | RecipientRole::Candidate => {}
    }
    asked
}

/// Whether a role gave this answer and it stands: a yes, a signature, or the company's « no » to a confirmation.
pub fn answered(path: &Path, role: RecipientRole, request: RequestKind) -> bool {
    let confirmation = |confirmation: &Confirmation| {
        confirmation.answer == Some(CompanyAnswer::Confirmed) || confirmation.declined.is_some()
    };
    let signed = |party| path.pif.as_ref().is_some_and(|pif| pif.signed(party));
    let present = |by| path.training.iter().flat_map(|training| &training.attendance).any(|it| it.signed.contains(&by));
    match (request, role) {
        (RequestKind::ConfirmCommitment, RecipientRole::Company) => confirmation(&path.commitment),
        (RequestKind::ConfirmReport, RecipientRole::Company) => confirmation(&path.report_confirmation),
        (RequestKind::ConfirmProgramme | RequestKind::ConfirmCandidate, RecipientRole::Company)
        | (RequestKind::AcceptDesignation, RecipientRole::Tutor) => {
            path.agreements.of(request).is_some_and(|agreement| agreement.asked.is_some() && agreement.answer.is_some())
        }
        (RequestKind::SignPif, RecipientRole::Company) => signed(Party::Company),
        (RequestKind::SignPif, RecipientRole::Trainee) => signed(Party::Trainee),
        (RequestKind::SignSequences, RecipientRole::Trainee) => {
            path.training.iter().flat_map(|training| &training.sequences).any(|sequence| sequence.signed)
        }
        (RequestKind::SignAttendance, RecipientRole::Trainee) => present(OutsideOrBody::Trainee),
        (RequestKind::SignAttendance, RecipientRole::Tutor) => present(OutsideOrBody::Tutor),
        (_, _) => false,
    }
}

/// Whether a role may contest this answer: it stands, and was not contested already.
pub fn contestable(path: &Path, role: RecipientRole, request: RequestKind) -> bool {
    let contested = path.contested.iter().any(|(by, what)| by.recipient() == role && *what == request);
    answered(path, role, request) && !contested
}

fn sign_pif(path: &Path, party: Party, ask: &mut impl FnMut(RequestKind, Day, u32)) {
    let signing = matches!(
        path.state,
        State::CandidateSelected | State::PifSigned | State::ImplementationOrdered | State::InTraining
    );
    if let Some(pif) = path.pif.as_ref().filter(|_| signing && path.awaits_signature(party)) {
        ask(RequestKind::SignPif, pif.written_on, pif.version);
    }
}

/// What is asked while the state lets it be answered, until a yes.
fn agreement(path: &Path, request: RequestKind, ask: &mut impl FnMut(RequestKind, Day, u32)) {
    let open = row(step_of(request)).from.contains(&path.state);
    if let Some(agreement) = path.agreements.of(request).filter(|agreement| open && agreement.answer != Some(true))
        && let Some(since) = agreement.asked
    {
        ask(request, since, agreement.round);
    }
}

/// A statement signed by the body and not yet by this party.
fn attendance(path: &Path, by: OutsideOrBody, ask: &mut impl FnMut(RequestKind, Day, u32)) {
    let statements = path.training.iter().flat_map(|training| &training.attendance);
    let mut open = statements
        .filter(|statement| statement.signed.contains(&OutsideOrBody::Body) && !statement.signed.contains(&by));
    if let Some(statement) = open.next() {
        let month = chrono::Datelike::year(&statement.month) as u32 * 100 + chrono::Datelike::month(&statement.month);
        let version = statement.revision * 1_000_000 + month;
        ask(RequestKind::SignAttendance, statement.month, version);
    }
}
