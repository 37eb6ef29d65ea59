//! What comes next on a path for one reader: what is waited, from whom, until when, and the one button.
//!
//! Rules kept here: what people outside are shown of the clocks is decided by [`shown_outside`], clock by clock; a button
//! names a step only when that step is the one that comes next ([`leads_on`]). A new clock is a compile error here.

use domain::Day;
use domain::clocks::Clock;
use domain::market::ClockKind;
use domain::path::Path;
use domain::path::command::RequestKind;
use domain::path::requests::Asked;
use domain::people::{RecipientRole, Side};
use domain::told::Addressed;
use wording::{dates, labels, messages};

use super::LinkPurpose;

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// What is waited, as an infinitive.
    pub what: &'static str,
    /// From whom.
    pub by: Side,
    /// Whether that is the recipient.
    pub yours: bool,
    /// The last day.
    pub until: Option<Until>,
}

/// A last day, and whether it is past when the message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Until {
    pub day: Day,
    pub passed: bool,
}

impl Until {
    pub(crate) fn new(day: Day, today: Day) -> Self {
        Self { day, passed: day < today }
    }
}

/// The button of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// A verb and its object.
    pub label: &'static str,
    /// The last day to answer, when something is asked.
    pub until: Option<Until>,
    /// What the link opens.
    pub link: LinkPurpose,
}

impl Next {
    /// One or two sentences that say it.
    pub fn sentence(&self) -> String {
        let whose = if self.yours { messages::YOURS } else { labels::to_the_side(self.by) };
        let until = match self.until {
            Some(until) if until.passed => messages::was_due(dates::long(until.day)),
            Some(until) => messages::is_due(dates::long(until.day)),
            None => String::new(),
        };
        messages::next_step(self.what, whose, &until)
    }
}

/// Until when an answer is waited.
pub(crate) fn answer_by(until: Until) -> String {
    let since = if until.passed { messages::SINCE } else { messages::AT_LATEST };
    messages::answer_awaited(since, dates::long(until.day))
}

fn side(role: RecipientRole) -> Option<Side> {
    match role {
        RecipientRole::Body => Some(Side::Body),
        RecipientRole::Company => Some(Side::Company),
        RecipientRole::Trainee => Some(Side::Trainee),
        RecipientRole::Tutor => Some(Side::Tutor),
        RecipientRole::Region => Some(Side::Region),
        RecipientRole::Finance => Some(Side::Finance),
        RecipientRole::Candidate => None,
    }
}

pub(crate) fn next(path: &Path, clocks: &[Clock], request: Option<&Asked>, to: &Addressed, today: Day) -> Option<Next> {
    let role = to.role;
    let side = side(role)?;
    if let Some(request) = request {
        let until = request_until(path, clocks, request.kind).map(|day| Until::new(day, today));
        return Some(Next { what: messages::request_words(request.kind), by: side, yours: true, until });
    }
    let staff = matches!(role, RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance);
    let clock = clocks.iter().find(|clock| staff || shown_outside(clock.kind))?;
    // What is waited from the company is its signatory's, when it has one.
    let answers = to.outside().is_none_or(|role| !role.of_company() || role == path.signs_for_company());
    let yours = clock.holder == side && answers;
    Some(Next {
        what: messages::waited(path.state, clock.kind, yours),
        by: clock.holder,
        yours,
        until: Some(Until::new(clock.due_on, today)),
    })
}

fn request_until(path: &Path, clocks: &[Clock], kind: RequestKind) -> Option<Day> {
    match kind {
        RequestKind::ConfirmCommitment => path.commitment.asked.map(|(_, until)| until),
        RequestKind::ConfirmReport => path.report_confirmation.asked.map(|(_, until)| until),
        RequestKind::SignPif => {
            clocks.iter().find(|clock| clock.kind == ClockKind::Signatures).map(|clock| clock.due_on)
        }
        RequestKind::SignSequences
        | RequestKind::SignAttendance
        | RequestKind::ConfirmProgramme
        | RequestKind::AcceptDesignation
        | RequestKind::ConfirmCandidate => None,
    }
}

/// Whether people outside hear of a clock: not of the contract's own, nor of what staff declares, nor of pay or an accident.
pub(crate) fn shown_outside(kind: ClockKind) -> bool {
    match kind {
        ClockKind::NeedDecision
        | ClockKind::StudyDue
        | ClockKind::PreparationOrder
        | ClockKind::PreparationDue
        | ClockKind::Verification
        | ClockKind::CompanyAnswer
        | ClockKind::SelectionOpening
        | ClockKind::Selection
        | ClockKind::PlaceOffer
        | ClockKind::Signatures
        | ClockKind::ImplementationOrder
        | ClockKind::ReportDue => true,
        ClockKind::Acceptance
        | ClockKind::Redelivery
        | ClockKind::RegionChoice
        | ClockKind::Observations
        | ClockKind::Reservation
        | ClockKind::Entry
        | ClockKind::EntryDeclaration
        | ClockKind::MissingLog
        | ClockKind::Attendance
        | ClockKind::TrainingEnd
        | ClockKind::Suspension
        | ClockKind::FollowUp
        | ClockKind::Accident
        | ClockKind::FormalNotice => false,
    }
}

pub(crate) fn ask(
    path: &Path,
    clocks: &[Clock],
    request: Option<&Asked>,
    role: RecipientRole,
    today: Day,
) -> Option<Ask> {
    match role {
        RecipientRole::Company | RecipientRole::Trainee | RecipientRole::Tutor => {
            let until = request.and_then(|request| request_until(path, clocks, request.kind));
            Some(Ask { until: until.map(|day| Until::new(day, today)), ..outside_ask(request) })
        }
        RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance => {
            let ball = clocks.first().filter(|clock| Some(clock.holder) == side(role) && leads_on(clock.kind));
            let label = ball.map_or(messages::OPEN_PATH, |clock| messages::staff_label(path.state, clock.kind));
            Some(Ask { label, until: None, link: LinkPurpose::Staff })
        }
        RecipientRole::Candidate => None,
    }
}

/// Whether a clock waits for the step that comes next, and not for something to keep up meanwhile.
pub(crate) fn leads_on(kind: ClockKind) -> bool {
    match kind {
        ClockKind::NeedDecision
        | ClockKind::StudyDue
        | ClockKind::PreparationOrder
        | ClockKind::PreparationDue
        | ClockKind::Verification
        | ClockKind::Acceptance
        | ClockKind::Redelivery
        | ClockKind::RegionChoice
        | ClockKind::Observations
        | ClockKind::SelectionOpening
        | ClockKind::Selection
        | ClockKind::PlaceOffer
        | ClockKind::Signatures
        | ClockKind::ImplementationOrder
        | ClockKind::Entry
        | ClockKind::EntryDeclaration
        | ClockKind::Suspension
        | ClockKind::ReportDue
        | ClockKind::FormalNotice => true,
        ClockKind::CompanyAnswer
        | ClockKind::Reservation
        | ClockKind::MissingLog
        | ClockKind::Attendance
        | ClockKind::TrainingEnd
        | ClockKind::FollowUp
        | ClockKind::Accident => false,
    }
}

/// The button of a person outside, without a day: what is asked, or the page that follows the path.
pub(crate) fn outside_ask(request: Option<&Asked>) -> Ask {
    match request {
        Some(request) => Ask {
            label: messages::request_label(request.kind),
            until: None,
            link: LinkPurpose::Answer(request.kind, request.version),
        },
        None => Ask { label: messages::FOLLOW_PATH, until: None, link: LinkPurpose::Follow },
    }
}
