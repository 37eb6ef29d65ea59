//! What a person answered already: read from the journal of the path, so that a page never forgets an answer.

use app::Access;
use domain::Day;
use domain::path::command::RequestKind;
use domain::path::event::{OutsideOrBody, Party};
use domain::path::requests::{asks, step_of};
use domain::path::{Act, Event, Recorded, Step, Transition};
use domain::people::{Actor, CompanyFunction, OutsideRole};
use strum::IntoEnumIterator;
use wording::{dates, labels, pages};

/// What people outside do on a path, as far as a page tells them of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    ConfirmedCommitment,
    ConfirmedReport,
    SignedPif(u32, Party),
    SignedSequence(u32),
    SignedAttendance(Day, OutsideOrBody),
    Declined(RequestKind, OutsideRole),
    Agreed(RequestKind),
    ProposedCorrection,
    CorrectionAnswered(bool),
    GaveOpinion,
    Contested(RequestKind),
    ReportedObstacle,
    ReportedAccident,
    DesignatedTutor,
    ReplacedTutor,
    RecordedSequence(u32),
    RecordedFollowUp,
    Withdrew,
    HandedOver,
    NamedColleague(CompanyFunction),
    RemovedColleague(CompanyFunction),
}

/// The deed of an event; none for what only staff and the clock do.
fn deed(event: &Event) -> Option<Deed> {
    Some(match event {
        Event::CommitmentConfirmed { .. } => Deed::ConfirmedCommitment,
        Event::ReportConfirmed { .. } => Deed::ConfirmedReport,
        Event::PifSigned { version, party, .. } => Deed::SignedPif(*version, *party),
        Event::SequenceSigned { number, .. } => Deed::SignedSequence(*number),
        Event::AttendanceSigned { month, by, .. } => Deed::SignedAttendance(*month, *by),
        Event::RequestDeclined { request, role, .. } => Deed::Declined(*request, *role),
        Event::Agreed { request, .. } => Deed::Agreed(*request),
        Event::CorrectionProposed { .. } => Deed::ProposedCorrection,
        Event::CorrectionAnswered { accepted, .. } => Deed::CorrectionAnswered(*accepted),
        Event::OpinionGiven { .. } => Deed::GaveOpinion,
        Event::AnswerContested { request, .. } => Deed::Contested(*request),
        Event::ObstacleReported { .. } => Deed::ReportedObstacle,
        Event::AccidentReported { .. } => Deed::ReportedAccident,
        Event::TutorDesignated { .. } => Deed::DesignatedTutor,
        Event::TutorReplaced { .. } => Deed::ReplacedTutor,
        Event::SequenceRecorded { number, .. } => Deed::RecordedSequence(*number),
        Event::FollowUpRecorded { .. } => Deed::RecordedFollowUp,
        Event::CandidateWithdrawn { .. } => Deed::Withdrew,
        Event::ContactHandedOver { .. } => Deed::HandedOver,
        Event::CompanyContactNamed { function, .. } => Deed::NamedColleague(*function),
        Event::CompanyContactRemoved { function, .. } => Deed::RemovedColleague(*function),
        Event::NeedReported { .. }
        | Event::PathImported { .. }
        | Event::PastPathClosed
        | Event::SiblingOpened { .. }
        | Event::NeedDeclined { .. }
        | Event::PrestationOrdered { .. }
        | Event::FeasibilityStarted { .. }
        | Event::PreparationStarted
        | Event::FeasibilityDelivered { .. }
        | Event::PreparationDelivered { .. }
        | Event::ReportDelivered { .. }
        | Event::Adjourned { .. }
        | Event::AdjournmentAnswered { .. }
        | Event::ObservationsAsked { .. }
        | Event::ObservationsGiven { .. }
        | Event::Rejected { .. }
        | Event::Admitted { .. }
        | Event::ConditionSettled { .. }
        | Event::TutorTrainingOrdered { .. }
        | Event::SelectionOpened
        | Event::CandidateSelected { .. }
        | Event::CandidateQueued { .. }
        | Event::PlaceOffered { .. }
        | Event::OfferLapsed
        | Event::UnsuccessfulCandidateRecorded { .. }
        | Event::PifWritten { .. }
        | Event::PifAmended { .. }
        | Event::LevelApproved { .. }
        | Event::ReservationExtended { .. }
        | Event::TrainingEntered { .. }
        | Event::RegistrationRecorded { .. }
        | Event::EntryAnnulled { .. }
        | Event::AbsenceRecorded { .. }
        | Event::Suspended { .. }
        | Event::Resumed
        | Event::TrainingEnded { .. }
        | Event::FormalNoticeSent { .. }
        | Event::ClosedWithoutReport { .. }
        | Event::Cancelled { .. }
        | Event::ConfirmationAsked { .. }
        | Event::AnswerRecordedOnBehalf { .. }
        | Event::RequestMade { .. }
        | Event::RequestDecided { .. }
        | Event::DocumentAdded { .. }
        | Event::NoteAdded { .. }
        | Event::ContactChanged { .. }
        | Event::CoordinatorAssigned { .. }
        | Event::AskedAgain { .. }
        | Event::DatumCorrected { .. } => return None,
    })
}

/// The step that made an event of those that a page tells.
pub(super) fn step(event: &Event) -> Option<Step> {
    Some(match deed(event)? {
        Deed::ConfirmedCommitment => Act::ConfirmCommitment.into(),
        Deed::ConfirmedReport => Act::ConfirmReport.into(),
        Deed::SignedPif(..) => Transition::SignPif.into(),
        Deed::SignedSequence(_) => Act::SignSequence.into(),
        Deed::SignedAttendance(..) => Act::SignAttendanceMonth.into(),
        Deed::Declined(..) => Act::DeclineRequest.into(),
        Deed::Agreed(request) => step_of(request),
        Deed::ProposedCorrection => Act::ProposeCorrection.into(),
        Deed::CorrectionAnswered(_) => Act::AnswerCorrection.into(),
        Deed::GaveOpinion => Act::GiveOpinion.into(),
        Deed::Contested(_) => Act::ContestAnswer.into(),
        Deed::ReportedObstacle => Act::ReportObstacle.into(),
        Deed::ReportedAccident => Act::ReportAccident.into(),
        Deed::DesignatedTutor => Act::DesignateTutor.into(),
        Deed::ReplacedTutor => Act::ReplaceTutor.into(),
        Deed::RecordedSequence(_) => Act::RecordSequence.into(),
        Deed::RecordedFollowUp => Act::RecordFollowUp.into(),
        Deed::Withdrew => Transition::WithdrawCandidate.into(),
        Deed::HandedOver => Act::HandOverContact.into(),
        Deed::NamedColleague(_) => Act::AddCompanyContact.into(),
        Deed::RemovedColleague(_) => Act::RemoveCompanyContact.into(),
    })
}

/// The request that an event answers for a role, if it answers.
pub(super) fn answers(event: &Event, role: OutsideRole) -> Option<RequestKind> {
    let (request, by) = match deed(event)? {
        Deed::ConfirmedCommitment => (RequestKind::ConfirmCommitment, OutsideRole::Company),
        Deed::ConfirmedReport => (RequestKind::ConfirmReport, OutsideRole::Company),
        Deed::SignedPif(_, Party::Company) => (RequestKind::SignPif, OutsideRole::Company),
        Deed::SignedPif(_, Party::Trainee) => (RequestKind::SignPif, OutsideRole::Trainee),
        Deed::SignedSequence(_) => (RequestKind::SignSequences, OutsideRole::Trainee),
        Deed::SignedAttendance(_, OutsideOrBody::Trainee) => (RequestKind::SignAttendance, OutsideRole::Trainee),
        Deed::SignedAttendance(_, OutsideOrBody::Tutor) => (RequestKind::SignAttendance, OutsideRole::Tutor),
        Deed::Agreed(RequestKind::AcceptDesignation) => (RequestKind::AcceptDesignation, OutsideRole::Tutor),
        Deed::Agreed(request) => (request, OutsideRole::Company),
        Deed::Declined(request, by) => (request, by),
        Deed::SignedPif(_, Party::Body)
        | Deed::SignedAttendance(_, OutsideOrBody::Body)
        | Deed::ProposedCorrection
        | Deed::CorrectionAnswered(_)
        | Deed::GaveOpinion
        | Deed::Contested(_)
        | Deed::ReportedObstacle
        | Deed::ReportedAccident
        | Deed::DesignatedTutor
        | Deed::ReplacedTutor
        | Deed::RecordedSequence(_)
        | Deed::RecordedFollowUp
        | Deed::Withdrew
        | Deed::HandedOver
        | Deed::NamedColleague(_)
        | Deed::RemovedColleague(_) => return None,
    };
    // The company gave one answer, whoever signs for it.
    let for_company = |role: OutsideRole| matches!(role, OutsideRole::Company | OutsideRole::Signatory);
    (by == role || for_company(by) && for_company(role)).then_some(request)
}

/// The first answer of a role since it was last asked, which a later and different one does not change.
pub(super) fn first_answer(events: &[Recorded], role: OutsideRole, request: RequestKind) -> Option<&Recorded> {
    let asked = events.iter().rposition(|recorded| asks(&recorded.event, request)).map_or(0, |last| last + 1);
    events[asked..].iter().find(|recorded| answers(&recorded.event, role) == Some(request))
}

/// Whether the first answer since the last request was to decline it.
pub(super) fn declined(events: &[Recorded], role: OutsideRole, request: RequestKind) -> Option<&Recorded> {
    first_answer(events, role, request).filter(|first| matches!(first.event, Event::RequestDeclined { .. }))
}

/// When a role last contested its answer to a request.
pub(super) fn contested(events: &[Recorded], role: OutsideRole, request: RequestKind) -> Option<&Recorded> {
    events.iter().rfind(|recorded| {
        matches!(recorded.event, Event::AnswerContested { request: what, role: by, .. } if (what, by) == (request, role))
    })
}

/// What a person did on the path, or what was recorded as their answer; oldest first.
pub(super) fn own<'a>(
    events: &'a [Recorded],
    actor: &'a Actor,
    role: OutsideRole,
) -> impl Iterator<Item = &'a Recorded> {
    events.iter().filter(move |recorded| {
        let same = match (&recorded.author, actor) {
            (Actor::Outside { person, .. }, Actor::Outside { person: reader, .. }) => person == reader,
            (Actor::Staff { .. } | Actor::System | Actor::Outside { .. }, _) => false,
        };
        same || answers(&recorded.event, role).is_some() || answers_proposal(events, &recorded.event, actor)
    })
}

/// Whether an event answers a correction that this person proposed.
fn answers_proposal(events: &[Recorded], event: &Event, actor: &Actor) -> bool {
    let Event::CorrectionAnswered { number, .. } = event else { return false };
    let mut proposed = events.iter().filter(|it| matches!(it.event, Event::CorrectionProposed { .. }));
    let proposal = usize::try_from(*number).ok().and_then(|number| proposed.nth(number.checked_sub(1)?));
    let by = |author: &Actor| if let Actor::Outside { person, .. } = author { Some(*person) } else { None };
    proposal.is_some_and(|proposal| by(&proposal.author).is_some() && by(&proposal.author) == by(actor))
}

/// The request that a step answers.
pub(super) fn answered_by(step: Step) -> Option<RequestKind> {
    RequestKind::iter().find(|request| step_of(*request) == step)
}

/// A deed as a nominal phrase, with or without « déjà »: `Engagement déjà confirmé`.
fn phrase(deed: Deed, already: &str) -> String {
    match deed {
        Deed::ConfirmedCommitment => pages::deeds::commitment_confirmed(already),
        Deed::ConfirmedReport => pages::deeds::report_confirmed(already),
        Deed::SignedPif(version, _) => pages::deeds::programme_signed(version, already),
        Deed::SignedSequence(number) => pages::deeds::sequence_signed(number, already),
        Deed::SignedAttendance(month, _) => pages::deeds::attendance_signed(dates::of_month(month), already),
        Deed::Declined(request, _) => pages::deeds::request_declined(labels::request_kind(request), already),
        Deed::Agreed(RequestKind::AcceptDesignation) => pages::deeds::designation_accepted(already),
        Deed::Agreed(RequestKind::ConfirmCandidate) => pages::deeds::candidate_confirmed(already),
        Deed::Agreed(_) => pages::deeds::programme_confirmed(already),
        Deed::CorrectionAnswered(true) => pages::deeds::correction_accepted(already),
        Deed::CorrectionAnswered(false) => pages::deeds::correction_refused(already),
        Deed::GaveOpinion => pages::deeds::opinion_given(already),
        Deed::ProposedCorrection => pages::deeds::correction_proposed(already),
        Deed::Contested(request) => pages::deeds::answer_contested(labels::request_kind(request), already),
        Deed::ReportedObstacle => pages::deeds::difficulty_reported(already),
        Deed::ReportedAccident => pages::deeds::accident_declared(already),
        Deed::DesignatedTutor => pages::deeds::tutor_named(already),
        Deed::ReplacedTutor => pages::deeds::tutor_replaced(already),
        Deed::RecordedSequence(number) => pages::deeds::sequence_added(number, already),
        Deed::RecordedFollowUp => pages::deeds::situation_recorded(already),
        Deed::Withdrew => pages::deeds::candidature_withdrawn(already),
        Deed::HandedOver => pages::deeds::handed_over(already),
        Deed::NamedColleague(function) => pages::deeds::colleague_named(labels::company_function(function), already),
        Deed::RemovedColleague(function) => {
            pages::deeds::colleague_removed(labels::company_function(function), already)
        }
    }
}

/// What an event did: `Engagement confirmé`.
pub(super) fn what(event: &Event) -> Option<String> {
    Some(phrase(deed(event)?, ""))
}

/// When and by whom: `mercredi 18 novembre 2026, 10 h 42, par Anne Lemoine`.
///
/// The journal holds no name of a person outside: the reader's own comes from the link, others are named by their role.
pub(super) fn when(recorded: &Recorded, access: &Access) -> String {
    let by = match &recorded.author {
        Actor::Outside { person, .. } if *person == access.person.id => &access.person.contact.name,
        Actor::Outside { role, .. } => labels::the_outside_role(*role),
        Actor::Staff { name, .. } => name,
        Actor::System => return dates::instant(recorded.recorded_at),
    };
    pages::deeds::when_and_by(dates::instant(recorded.recorded_at), by)
}

/// Both: `Engagement déjà confirmé le mercredi 18 novembre 2026, 10 h 42, par Anne Lemoine.`
pub(super) fn sentence(recorded: &Recorded, access: &Access, already: bool) -> Option<String> {
    let deed = phrase(deed(&recorded.event)?, if already { pages::deeds::ALREADY } else { "" });
    Some(pages::deeds::deed_on(&deed, when(recorded, access)))
}

/// Whether an answer was received by telephone or on paper and recorded by the body.
pub(super) fn on_behalf(event: &Event) -> bool {
    matches!(
        event,
        Event::CommitmentConfirmed { on_behalf: true }
            | Event::ReportConfirmed { on_behalf: true }
            | Event::Agreed { on_behalf: true, .. }
            | Event::PifSigned { on_behalf: true, .. }
            | Event::SequenceSigned { on_behalf: true, .. }
            | Event::AttendanceSigned { on_behalf: true, .. }
            | Event::RequestDeclined { on_behalf: true, .. }
    )
}
