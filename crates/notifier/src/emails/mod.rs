//! What is written to whom: one folder of templates per e-mail, one struct with what its parts use, one function that
//! chooses.
//!
//! Rules kept here:
//! - [`compose`] is total: every step has words for every role, and a new step is a compile error;
//! - a subject starts with the reference and names nobody; no text holds RSA, BOE, pay, health or a birth date, and a text
//!   for somebody outside holds no amount;
//! - a link is a marker ([`LINK_MARKER`](crate::envelope::LINK_MARKER)), with the purpose of the link beside it;
//! - the words of a message stand once, in its folder's `words.txt`, for the plain text and for the HTML.
//!
//! To add an e-mail: copy a folder of `templates/emails`, write its struct with [`mail!`](mail), give it samples, list it in
//! [`samples()`], and choose it in [`compose`]. `jalon emails preview` shows every sample.

mod about;
mod accounts;
mod answers;
mod cases;
mod digest;
mod editable;
mod ending;
mod fr;
mod invite;
mod mail;
mod needs;
mod next;
mod orders;
mod payments;
mod people;
mod places;
mod preparation;
mod programme;
mod reminders;
mod requests;
mod samples;
mod selection;
mod several;
mod study;
mod training;
mod verification;

#[cfg(test)]
mod tests;

use domain::clocks::{Clock, ReminderKind};
use domain::identifiers::{EmailAddress, ProposalId};
use domain::market::{Lot, Market, Prestation};
use domain::order::{OrderEvent, PaymentRequest, PurchaseOrder};
use domain::path::command::RequestKind;
use domain::path::requests::Asked;
use domain::path::{Act, Event, Path, Step, Transition};
use domain::people::{Actor, RecipientRole};
use domain::places::{PlaceAlert, Places};
use domain::proposal::Proposal;
use domain::told::{Addressed, Directory};
use domain::{Day, Instant};

pub(crate) use about::About;
pub use accounts::DelegationNotice;
use accounts::{AccountInvitation, AddressChanged, Delegated, DelegationEnded, PasswordReset};
use answers::{
    AnswerContested, AnswerReceived, AnsweredOnBehalf, AskedAgain, ConfirmationAsked, ContactHandedOver,
    CorrectionAnswered, CorrectionProposed, OpinionGiven, RequestDeclined,
};
use digest::Digest;
pub use digest::{DigestLot, DigestNotice, DigestPath};
pub use editable::{Editable, Words, editable, preview};
use ending::{Cancelled, ClosedWithoutReport};
use mail::Mail;
use needs::{NeedProposalConfirm, NeedProposalDeclined, NeedProposalReceived, NeedProposalTaken};
use people::{
    CompanyContactNamed, CompanyContactRemoved, ContactChanged, ContactReplaced, CoordinatorAssigned, LinkRenewed,
};
use places::QuotaAlert;
use preparation::{ConditionSettled, PreparationOrdered, PreparationStarted, TutorDesignated, TutorTrainingOrdered};
use programme::{ImplementationOrdered, LevelApproved, PifSigned, PifWritten};
use reminders::{Escalated, Reminded};
use requests::{BodyRequestDecided, BodyRequestMade, DatumCorrected, Recorded};
use selection::{
    CandidateNotSelected, CandidateSelected, CandidateWithdrawn, PlaceLapsed, PlaceOffered, ReservationExtended,
    SelectionOpened,
};
pub use several::Entry;
use several::{PortfolioReceived, StepOnSeveral};
use study::{FeasibilityDelivered, FeasibilityOrdered, FeasibilityStarted, NeedDeclined, NeedReported, SiblingOpened};
use training::{
    AbsenceRecorded, AttendanceSigned, EntryAnnulled, IncidentReported, Resumed, Suspended, TrainingEnded,
    TrainingEntered,
};
use verification::{
    Adjourned, AdjournmentAnswered, Admitted, FormalNotice, ObservationsAsked, ObservationsGiven, PreparationDelivered,
    Rejected, ReportDelivered,
};

use crate::texts::Texts;

/// A step that was decided, as its messages need it.
#[derive(Debug, Clone, Copy)]
pub struct Notice<'a> {
    pub step: Step,
    pub events: &'a [&'a Event],
    pub before: Option<&'a Path>,
    pub after: &'a Path,
    pub author: &'a Actor,
    pub market: &'a Market,
    pub directory: &'a Directory<'a>,
    pub now: Instant,
    /// A free text by the author, seen in the preview.
    pub note: Option<&'a str>,
    /// Everyone who is written to.
    pub told: &'a [Addressed],
    /// The texts of the Region in force.
    pub texts: &'a Texts,
}

/// What the link of a message opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPurpose {
    /// The page on which a person outside answers a request, bound to the version of what is asked.
    Answer(RequestKind, u32),
    /// The page on which a person outside follows the path.
    Follow,
    /// The page on which the owner of an account sets their password, once.
    Password,
    /// The page on which who reported a need confirms it, and then reads what became of it.
    Need(ProposalId),
    /// The page of the staff, behind their own sign-in: no personal link.
    Staff,
}

/// A message, but for its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// The folder of its templates.
    pub kind: &'static str,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// An invitation as iCalendar text.
    pub calendar: Option<String>,
    pub link: LinkPurpose,
    /// Last day of what it asks: its link lives at least until then.
    pub until: Option<Day>,
    /// Whether it says to a person, for the first time, what is kept of them: to note when it is queued.
    pub informs: bool,
}

/// A clock that rings.
#[derive(Debug, Clone, Copy)]
pub struct ReminderNotice<'a> {
    pub path: &'a Path,
    pub clock: &'a Clock,
    pub kind: ReminderKind,
    pub market: &'a Market,
    pub directory: &'a Directory<'a>,
    pub today: Day,
    /// The texts of the Region in force.
    pub texts: &'a Texts,
}

/// An event of a purchase order.
#[derive(Debug, Clone, Copy)]
pub struct OrderNotice<'a> {
    pub order: &'a PurchaseOrder,
    /// The order that the event changes with it.
    pub amended: Option<&'a PurchaseOrder>,
    pub event: &'a OrderEvent,
    pub market: &'a Market,
    pub author: &'a Actor,
    pub today: Day,
    /// Free text of the author.
    pub note: Option<&'a str>,
    /// The texts of the Region in force.
    pub texts: &'a Texts,
}

/// What the reminder of a payment is about.
#[derive(Debug, Clone, Copy)]
pub struct PaymentNotice<'a> {
    pub order: &'a PurchaseOrder,
    pub request: &'a PaymentRequest,
    pub market: &'a Market,
    pub today: Day,
    /// The texts of the Region in force.
    pub texts: &'a Texts,
}

/// The message of a step for one reader.
pub fn compose(notice: &Notice<'_>, to: &Addressed) -> Composed {
    match notice.step {
        Step::Transition(transition) => transition_message(transition, notice, to),
        Step::Act(act) => act_message(act, notice, to),
    }
}

fn transition_message(transition: Transition, notice: &Notice<'_>, to: &Addressed) -> Composed {
    use Prestation::{Feasibility, Implementation, Preparation};
    match transition {
        Transition::ReportNeed => NeedReported::of(notice, to).compose(notice.texts),
        Transition::OpenSibling => SiblingOpened::of(notice, to).compose(notice.texts),
        Transition::DeclineNeed => NeedDeclined::of(notice, to).compose(notice.texts),
        Transition::OrderFeasibility => FeasibilityOrdered::of(notice, to).compose(notice.texts),
        Transition::StartFeasibility => FeasibilityStarted::of(notice, to).compose(notice.texts),
        Transition::DeliverFeasibility => FeasibilityDelivered::of(notice, to).compose(notice.texts),
        Transition::AdjournFeasibility => Adjourned::of(notice, Feasibility, to).compose(notice.texts),
        Transition::RejectFeasibility => Rejected::of(notice, Feasibility, to).compose(notice.texts),
        Transition::AdmitFeasibility => Admitted::of(notice, Feasibility, to).compose(notice.texts),
        Transition::OrderPreparation => PreparationOrdered::of(notice, to).compose(notice.texts),
        Transition::StartPreparation => PreparationStarted::of(notice, to).compose(notice.texts),
        Transition::DeliverPreparation => PreparationDelivered::of(notice, to).compose(notice.texts),
        Transition::AdjournPreparation => Adjourned::of(notice, Preparation, to).compose(notice.texts),
        Transition::RejectPreparation => Rejected::of(notice, Preparation, to).compose(notice.texts),
        Transition::AdmitPreparation => Admitted::of(notice, Preparation, to).compose(notice.texts),
        Transition::OpenSelection => SelectionOpened::of(notice, to).compose(notice.texts),
        Transition::SelectCandidate => CandidateSelected::of(notice, to).compose(notice.texts),
        Transition::SignPif => PifSigned::of(notice, to).compose(notice.texts),
        Transition::OrderImplementation => ImplementationOrdered::of(notice, to).compose(notice.texts),
        Transition::EnterTraining => TrainingEntered::of(notice, to).compose(notice.texts),
        Transition::AnnulEntry => EntryAnnulled::of(notice, to).compose(notice.texts),
        Transition::Suspend => Suspended::of(notice, to).compose(notice.texts),
        Transition::Resume => Resumed::of(notice, to).compose(notice.texts),
        Transition::EndTraining => TrainingEnded::of(notice, to).compose(notice.texts),
        Transition::DeliverReport => ReportDelivered::of(notice, to).compose(notice.texts),
        Transition::AdjournReport => Adjourned::of(notice, Implementation, to).compose(notice.texts),
        Transition::RejectReport => Rejected::of(notice, Implementation, to).compose(notice.texts),
        Transition::AdmitReport => Admitted::of(notice, Implementation, to).compose(notice.texts),
        Transition::CloseWithoutReport => ClosedWithoutReport::of(notice, to).compose(notice.texts),
        Transition::WithdrawCandidate => CandidateWithdrawn::of(notice, to).compose(notice.texts),
        Transition::Cancel => Cancelled::of(notice, to).compose(notice.texts),
    }
}

fn act_message(act: Act, notice: &Notice<'_>, to: &Addressed) -> Composed {
    match act {
        Act::AskConfirmation => ConfirmationAsked::of(notice, to).compose(notice.texts),
        Act::ConfirmCommitment
        | Act::ConfirmReport
        | Act::ConfirmProgramme
        | Act::AcceptDesignation
        | Act::ConfirmCandidate => AnswerReceived::of(notice, to).compose(notice.texts),
        Act::DeclineRequest => RequestDeclined::of(notice, to).compose(notice.texts),
        Act::ProposeCorrection => CorrectionProposed::of(notice, to).compose(notice.texts),
        Act::AnswerCorrection => CorrectionAnswered::of(notice, to).compose(notice.texts),
        Act::GiveOpinion => OpinionGiven::of(notice, to).compose(notice.texts),
        Act::ContestAnswer => AnswerContested::of(notice, to).compose(notice.texts),
        Act::AskAgain => AskedAgain::of(notice, to).compose(notice.texts),
        Act::HandOverContact => ContactHandedOver::of(notice, to).compose(notice.texts),
        Act::RecordAnswerOnBehalf => AnsweredOnBehalf::of(notice, to).compose(notice.texts),
        Act::AcceptAdjournment | Act::RefuseAdjournment => AdjournmentAnswered::of(notice, to).compose(notice.texts),
        Act::AskObservations => ObservationsAsked::of(notice, to).compose(notice.texts),
        Act::GiveObservations => ObservationsGiven::of(notice, to).compose(notice.texts),
        Act::SettleCondition => ConditionSettled::of(notice, to).compose(notice.texts),
        Act::ReplaceTutor if selection::leaves(notice, to) => contact_replaced(notice, to),
        Act::DesignateTutor | Act::ReplaceTutor => TutorDesignated::of(notice, to).compose(notice.texts),
        Act::OrderTutorTraining => TutorTrainingOrdered::of(notice, to).compose(notice.texts),
        Act::RecordUnsuccessfulCandidate => CandidateNotSelected::of(notice, to).compose(notice.texts),
        Act::OfferPlace => PlaceOffered::of(notice, to).compose(notice.texts),
        Act::LapseOffer => PlaceLapsed::of(notice, to).compose(notice.texts),
        Act::WritePif | Act::AmendPif => PifWritten::of(notice, to).compose(notice.texts),
        Act::ApproveLevel => LevelApproved::of(notice, to).compose(notice.texts),
        Act::ExtendReservation => ReservationExtended::of(notice, to).compose(notice.texts),
        Act::RecordAbsence => AbsenceRecorded::of(notice, to).compose(notice.texts),
        Act::SignAttendanceMonth => AttendanceSigned::of(notice, to).compose(notice.texts),
        Act::ReportAccident | Act::ReportObstacle => IncidentReported::of(notice, to).compose(notice.texts),
        Act::RequestCancellation | Act::ExtendPrestation => BodyRequestMade::of(notice, to).compose(notice.texts),
        Act::DecideRequest => BodyRequestDecided::of(notice, to).compose(notice.texts),
        Act::SendFormalNotice => FormalNotice::of(notice, to).compose(notice.texts),
        Act::ChangeContact | Act::AddCompanyContact | Act::RemoveCompanyContact if selection::leaves(notice, to) => {
            contact_replaced(notice, to)
        }
        Act::ChangeContact if people::gets_function(notice, to) => {
            CompanyContactNamed::of(notice, to).compose(notice.texts)
        }
        Act::ChangeContact => ContactChanged::of(notice, to).compose(notice.texts),
        Act::AddCompanyContact => CompanyContactNamed::of(notice, to).compose(notice.texts),
        Act::RemoveCompanyContact => CompanyContactRemoved::of(notice, to).compose(notice.texts),
        Act::AssignCoordinator => CoordinatorAssigned::of(notice, to).compose(notice.texts),
        Act::CorrectDatum => DatumCorrected::of(notice, to).compose(notice.texts),
        Act::RecordRegistration
        | Act::RecordSequence
        | Act::SignSequence
        | Act::RecordFollowUp
        | Act::AddDocument
        | Act::AddNote => Recorded::of(notice, to).compose(notice.texts),
    }
}

/// The message to the address that a change of contact leaves behind (L12); it holds no link.
pub fn contact_replaced(notice: &Notice<'_>, to: &Addressed) -> Composed {
    ContactReplaced::of(notice, to).compose(notice.texts)
}

/// The message of a clock that rings: a reminder to who holds the ball, or an escalation to the Region.
pub fn reminder(notice: &ReminderNotice<'_>, to: &Addressed) -> Composed {
    match notice.kind {
        ReminderKind::Reminder | ReminderKind::Expiry => Reminded::of(notice, to).compose(notice.texts),
        ReminderKind::Escalation => Escalated::of(notice, to).compose(notice.texts),
    }
}

/// The message of an event of a purchase order.
pub fn order_notice(notice: &OrderNotice<'_>, to: &Addressed) -> Composed {
    orders::compose(notice, to)
}

/// The reminder of a payment that is due.
pub fn payment_reminder(notice: &PaymentNotice<'_>, to: &Addressed) -> Composed {
    payments::PaymentDue::of(notice, to).compose(notice.texts)
}

/// The message of a threshold of a lot's places.
pub fn place_alert(lot: &Lot, places: &Places, alert: PlaceAlert, to: &Addressed, texts: &Texts) -> Composed {
    QuotaAlert::of(lot, places, alert, to).compose(texts)
}

/// The digest of what happened in the lots of an officer of the Region.
pub fn digest(notice: DigestNotice<'_>) -> Composed {
    {
        let texts = notice.texts;
        Digest::of(notice).compose(texts)
    }
}

/// The message with a fresh link, asked from a page whose link had expired (L4).
pub fn link_renewed(
    path: &Path,
    directory: &Directory<'_>,
    asked: Option<&Asked>,
    to: &Addressed,
    texts: &Texts,
) -> Composed {
    LinkRenewed::of(path, directory, asked, to).compose(texts)
}

/// The message with a link to a new password, asked for by the owner of an account.
pub fn password_reset(name: &str, role: RecipientRole, until: Instant) -> Composed {
    PasswordReset::of(name, role, until).compose(&Texts::default())
}

/// The message that invites the owner of an account to choose a first password.
pub fn account_invitation(name: &str, role: RecipientRole, until: Instant) -> Composed {
    AccountInvitation::of(name, role, until).compose(&Texts::default())
}

/// The message of an account whose address changed, to the address that was left or to the new one.
pub fn address_changed(
    name: &str,
    role: RecipientRole,
    addresses: (&EmailAddress, &EmailAddress),
    to_left: bool,
) -> Composed {
    AddressChanged::of(name, role, addresses, to_left).compose(&Texts::default())
}

/// The one message of a step made at once on several paths of its reader, with the free text of who made it.
pub fn step_on_several(
    step: Step,
    author: &Actor,
    paths: &[Entry],
    note: Option<&str>,
    to: &Addressed,
    texts: &Texts,
) -> Composed {
    StepOnSeveral::of(step, author, paths, note, to).compose(texts)
}

/// The message of paths that go from a coordinator to another, to one of the two.
pub fn portfolio_received(
    from: &str,
    heir: &str,
    paths: &[Entry],
    to: &Addressed,
    to_left: bool,
    texts: &Texts,
) -> Composed {
    PortfolioReceived::of(from, heir, paths, to, to_left).compose(texts)
}

/// The message of a delegation, to who stands in or to who is away.
pub fn delegated(name: &str, role: RecipientRole, notice: &DelegationNotice<'_>) -> Composed {
    Delegated::of(name, role, notice).compose(&Texts::default())
}

/// The message of a delegation that ends early, to who stood in or to who was away.
pub fn delegation_ended(name: &str, role: RecipientRole, notice: &DelegationNotice<'_>) -> Composed {
    DelegationEnded::of(name, role, notice).compose(&Texts::default())
}

/// The message that asks who reported a need whether it is theirs: nothing that was typed stands in it but the address.
pub fn need_proposal_confirm(proposal: ProposalId, address: &EmailAddress, until: Instant) -> Composed {
    NeedProposalConfirm::of(proposal, address.as_ref(), until).compose(&Texts::default())
}

/// The message of a need reported in a lot, to those who coordinate there.
pub fn need_proposal_received(proposal: &Proposal, lot: &Lot, to: &Addressed, texts: &Texts) -> Composed {
    NeedProposalReceived::of(&proposal.need, lot, to).compose(texts)
}

/// The message of a path opened from a reported need, to its sender.
pub fn need_proposal_taken(proposal: &Proposal, lot: &Lot, to: &Addressed, texts: &Texts) -> Composed {
    NeedProposalTaken::of(proposal, lot, to).compose(texts)
}

/// The message of a reported need that the body or the Region declines, to its sender.
pub fn need_proposal_declined(
    proposal: &Proposal,
    lot: &Lot,
    by_region: bool,
    reason: &str,
    to: &Addressed,
    texts: &Texts,
) -> Composed {
    NeedProposalDeclined::of(proposal, lot, by_region, reason, to).compose(texts)
}

/// Every e-mail for every reader and case worth a review, by name.
pub fn samples() -> Vec<(String, Composed)> {
    samples_with(None, &Texts::default()).into_iter().map(|sample| (sample.name, sample.composed)).collect()
}

/// A sample as it is rendered.
struct Sample {
    name: String,
    about: About,
    composed: Composed,
    /// The sources of its words and of its subject.
    sources: (&'static str, &'static str),
}

/// The samples of a kind, or of all, with some texts.
fn samples_with(kind: Option<&str>, texts: &Texts) -> Vec<Sample> {
    macro_rules! all {
        ($($Mail:ty),* $(,)?) => {
            [$(rendered::<$Mail>(kind, texts)),*].into_iter().flatten().collect()
        };
    }
    use orders::{
        OrderCancelled, OrderEndorsed, OrderEndorsementRefused, OrderNotified, OrderReservations, OrderSettled,
        OrderToEndorse,
    };
    use payments::{PaymentDue, PaymentInterrupted, PaymentMade, PaymentResumed, PaymentReturned};
    all!(
        NeedReported,
        SiblingOpened,
        NeedDeclined,
        FeasibilityOrdered,
        FeasibilityStarted,
        FeasibilityDelivered,
        PreparationOrdered,
        PreparationStarted,
        TutorDesignated,
        TutorTrainingOrdered,
        ConditionSettled,
        PreparationDelivered,
        ReportDelivered,
        Adjourned,
        Rejected,
        Admitted,
        AdjournmentAnswered,
        ObservationsAsked,
        ObservationsGiven,
        FormalNotice,
        SelectionOpened,
        CandidateSelected,
        CandidateWithdrawn,
        CandidateNotSelected,
        PlaceOffered,
        PlaceLapsed,
        ReservationExtended,
        PifWritten,
        PifSigned,
        LevelApproved,
        ImplementationOrdered,
        TrainingEntered,
        EntryAnnulled,
        Suspended,
        Resumed,
        TrainingEnded,
        AbsenceRecorded,
        AttendanceSigned,
        IncidentReported,
        ClosedWithoutReport,
        Cancelled,
        ConfirmationAsked,
        AnswerReceived,
        RequestDeclined,
        CorrectionProposed,
        CorrectionAnswered,
        OpinionGiven,
        AnswerContested,
        AskedAgain,
        ContactHandedOver,
        AnsweredOnBehalf,
        ContactChanged,
        ContactReplaced,
        CompanyContactNamed,
        CompanyContactRemoved,
        CoordinatorAssigned,
        BodyRequestMade,
        BodyRequestDecided,
        DatumCorrected,
        Recorded,
        LinkRenewed,
        Reminded,
        Escalated,
        OrderToEndorse,
        OrderEndorsed,
        OrderEndorsementRefused,
        OrderNotified,
        OrderReservations,
        OrderSettled,
        OrderCancelled,
        PaymentInterrupted,
        PaymentResumed,
        PaymentReturned,
        PaymentMade,
        PaymentDue,
        QuotaAlert,
        Digest,
        PasswordReset,
        AccountInvitation,
        AddressChanged,
        NeedProposalConfirm,
        NeedProposalReceived,
        NeedProposalTaken,
        NeedProposalDeclined,
        StepOnSeveral,
        PortfolioReceived,
        Delegated,
        DelegationEnded,
    )
}

fn rendered<M: Mail>(kind: Option<&str>, texts: &Texts) -> Vec<Sample> {
    let samples = if kind.is_none_or(|kind| kind == M::KIND) { M::samples() } else { Vec::new() };
    let sample = |(rank, mail): (usize, M)| Sample {
        name: mail.sample_name(rank),
        composed: mail.compose(texts),
        about: mail.about().clone(),
        sources: M::SOURCES,
    };
    samples.into_iter().enumerate().map(sample).collect()
}
