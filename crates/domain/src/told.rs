//! Who is told of what: one line per step and role, and the function that turns them into recipients.
//!
//! Rules: every step says for every role whether it is addressed (L11); one message per person (L9); nobody of another
//! lot, inactive or without address is written to (L8), and who could not be reached is said (L13, L21). The Region's
//! officers are written to, or find the fact in their list, by their choice where the lifecycle writes « (R) ». Colleagues of
//! the company's main contact are told by their function (L27): one line per step too.

use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr};

use crate::delegation::StandIn;
use crate::identifiers::{AccountId, EmailAddress, PersonId};
use crate::market::Holder;
use crate::news::{News, Pace};
use crate::path::command::Datum;
use crate::path::correction::{Correction, Reopened, rule};
use crate::path::record::Attendance;
use crate::path::requests::asked_of;
use crate::path::step::{Act, Step, Transition};
use crate::path::{Event, Path};
use crate::people::{
    Account, Actor, CompanyFunction, Contact, OutsideRole, Person, PersonRef, RecipientRole, StaffRole,
};

/// Whether and why a role is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Display, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Told {
    /// Explicitly not addressed.
    No,
    Message,
    /// Proof of what was received (CRPA R.112-11-1).
    Receipt,
    /// A receipt when this role did it, nothing otherwise.
    ReceiptIfAuthor,
    /// As each officer chose for this kind of facts: a message, a digest, or the lists alone.
    Listed(News),
    /// A message at the last of the three signatures.
    WhenComplete,
    /// A message when silence decided.
    WhenTacit,
    /// A message when a price level is to be approved.
    WhenLevel,
    /// A message when this person is the one concerned.
    IfConcerned,
    /// As the corrected field says.
    ByField,
    /// A message to the body that the path leaves for another lot.
    Leaving,
    /// A message when somebody outside did it.
    WhenOutside,
    /// A message at the last signature of a month's statement of attendance.
    WhenMonthSigned,
    /// A message when the company's main contact changes, or when this person is the one concerned.
    WhenContact,
}

use Told::{
    ByField, IfConcerned, Leaving, Listed, Message, No, Receipt, ReceiptIfAuthor, WhenComplete, WhenContact, WhenLevel,
    WhenMonthSigned, WhenOutside, WhenTacit,
};

/// The roles of [`told`], in its order.
pub const ROLES: [RecipientRole; 6] = [
    RecipientRole::Body,
    RecipientRole::Company,
    RecipientRole::Trainee,
    RecipientRole::Tutor,
    RecipientRole::Region,
    RecipientRole::Candidate,
];

/// Who is told of a step: body, company, trainee, tutor, Region, unsuccessful candidate.
pub const fn told(step: Step) -> [Told; 6] {
    match step {
        Step::Transition(transition) => match transition {
            Transition::ReportNeed => [Message, Receipt, No, No, Listed(News::Needs), No],
            Transition::OpenSibling => [Message, Message, No, No, Listed(News::Needs), No],
            Transition::DeclineNeed | Transition::OrderFeasibility | Transition::StartFeasibility => {
                [Message, Message, No, No, No, No]
            }
            Transition::DeliverFeasibility | Transition::DeliverPreparation | Transition::DeliverReport => {
                [Receipt, Message, No, No, Message, No]
            }
            Transition::AdjournFeasibility
            | Transition::RejectFeasibility
            | Transition::AdjournPreparation
            | Transition::RejectPreparation
            | Transition::AdjournReport
            | Transition::RejectReport
            | Transition::OrderPreparation
            | Transition::OpenSelection => [Message, Message, No, No, No, No],
            Transition::AdmitFeasibility | Transition::AdmitPreparation => [Message, Message, No, No, WhenTacit, No],
            Transition::AdmitReport => [Message, Message, Message, Message, WhenTacit, No],
            Transition::StartPreparation | Transition::OrderImplementation => {
                [Message, Message, Message, Message, No, No]
            }
            Transition::SelectCandidate | Transition::WithdrawCandidate => {
                [Message, Message, Message, Message, Listed(News::Candidates), No]
            }
            Transition::SignPif => [Message, Message, Message, Message, WhenComplete, No],
            Transition::EnterTraining
            | Transition::AnnulEntry
            | Transition::Suspend
            | Transition::Resume
            | Transition::EndTraining
            | Transition::Cancel => [Message, Message, Message, Message, Message, No],
            Transition::CloseWithoutReport => [Message, Message, No, No, Message, No],
        },
        Step::Act(act) => match act {
            Act::AskConfirmation => [No, Message, No, No, No, No],
            Act::ConfirmCommitment
            | Act::ConfirmReport
            | Act::ConfirmProgramme
            | Act::AcceptDesignation
            | Act::ConfirmCandidate
            | Act::DeclineRequest
            | Act::ProposeCorrection
            | Act::GiveOpinion
            | Act::HandOverContact => [Message, ReceiptIfAuthor, ReceiptIfAuthor, ReceiptIfAuthor, No, No],
            Act::ContestAnswer => [Message, ReceiptIfAuthor, ReceiptIfAuthor, ReceiptIfAuthor, Message, No],
            Act::AskAgain => [ByField, ByField, ByField, ByField, No, No],
            Act::RecordAnswerOnBehalf | Act::AnswerCorrection => [No, IfConcerned, IfConcerned, IfConcerned, No, No],
            Act::AcceptAdjournment | Act::RefuseAdjournment | Act::GiveObservations => [No, No, No, No, Message, No],
            Act::AskObservations
            | Act::ApproveLevel
            | Act::ExtendReservation
            | Act::SendFormalNotice
            | Act::DecideRequest
            | Act::AssignCoordinator => [Message, No, No, No, No, No],
            Act::SettleCondition => [Message, No, No, No, Listed(News::Conditions), No],
            Act::DesignateTutor | Act::ReplaceTutor => [No, Message, Message, Message, No, No],
            Act::OrderTutorTraining => [Message, Message, No, No, No, No],
            Act::OfferPlace => [Message, Message, Message, No, No, No],
            Act::LapseOffer => [Message, No, Message, No, No, No],
            Act::RecordUnsuccessfulCandidate => [No, No, No, No, No, Message],
            Act::WritePif | Act::AmendPif => [Message, Message, Message, Message, WhenLevel, No],
            Act::RecordAbsence | Act::SignAttendanceMonth => [No, No, Message, Message, No, No],
            Act::ReportAccident | Act::ReportObstacle => [Message, No, No, No, Message, No],
            Act::RequestCancellation | Act::ExtendPrestation => [No, No, No, No, Message, No],
            Act::ChangeContact => [No, IfConcerned, IfConcerned, IfConcerned, No, No],
            Act::AddCompanyContact | Act::RemoveCompanyContact => [WhenOutside, Message, No, No, No, No],
            Act::CorrectDatum => [ByField, ByField, ByField, ByField, ByField, No],
            Act::RecordRegistration
            | Act::RecordSequence
            | Act::SignSequence
            | Act::RecordFollowUp
            | Act::AddDocument
            | Act::AddNote => [No, No, No, No, No, No],
        },
    }
}

/// The functions of [`told_in_company`], in its order.
pub const FUNCTIONS: [CompanyFunction; 3] =
    [CompanyFunction::Signatory, CompanyFunction::HumanResources, CompanyFunction::Accounting];

/// Who is told of a step among the colleagues of the company's main contact: signatory, human resources, accounting.
///
/// A signatory hears of what they answer, human resources of the candidate, the training and the main contact, accounting of
/// what the company declares; of the contract between the Region and the body, none of them.
pub const fn told_in_company(step: Step) -> [Told; 3] {
    match step {
        Step::Transition(transition) => match transition {
            Transition::SelectCandidate => [No, Message, No],
            Transition::SignPif => [Message, WhenComplete, No],
            Transition::EnterTraining
            | Transition::AnnulEntry
            | Transition::Suspend
            | Transition::Resume
            | Transition::EndTraining => [No, Message, Message],
            // What was signed, and what was announced, is no more.
            Transition::WithdrawCandidate | Transition::Cancel => [Message, Message, No],
            Transition::ReportNeed
            | Transition::OpenSibling
            | Transition::DeclineNeed
            | Transition::OrderFeasibility
            | Transition::StartFeasibility
            | Transition::DeliverFeasibility
            | Transition::AdjournFeasibility
            | Transition::RejectFeasibility
            | Transition::AdmitFeasibility
            | Transition::OrderPreparation
            | Transition::StartPreparation
            | Transition::DeliverPreparation
            | Transition::AdjournPreparation
            | Transition::RejectPreparation
            | Transition::AdmitPreparation
            | Transition::OpenSelection
            | Transition::OrderImplementation
            | Transition::DeliverReport
            | Transition::AdjournReport
            | Transition::RejectReport
            | Transition::AdmitReport
            | Transition::CloseWithoutReport => [No, No, No],
        },
        Step::Act(act) => match act {
            Act::AskConfirmation | Act::WritePif | Act::AmendPif => [Message, No, No],
            Act::ConfirmCommitment
            | Act::ConfirmReport
            | Act::DeclineRequest
            | Act::ProposeCorrection
            | Act::ContestAnswer => [ReceiptIfAuthor, No, No],
            Act::AskAgain => [ByField, No, No],
            Act::CorrectDatum => [ByField, ByField, ByField],
            Act::RecordAnswerOnBehalf | Act::AnswerCorrection => [IfConcerned, No, No],
            Act::SignAttendanceMonth => [No, No, WhenMonthSigned],
            Act::HandOverContact | Act::ChangeContact => [IfConcerned, WhenContact, IfConcerned],
            Act::AddCompanyContact | Act::RemoveCompanyContact => [IfConcerned, IfConcerned, IfConcerned],
            Act::AcceptAdjournment
            | Act::RefuseAdjournment
            | Act::AskObservations
            | Act::GiveObservations
            | Act::ConfirmProgramme
            | Act::AcceptDesignation
            | Act::ConfirmCandidate
            | Act::GiveOpinion
            | Act::SettleCondition
            | Act::DesignateTutor
            | Act::ReplaceTutor
            | Act::OrderTutorTraining
            | Act::RecordUnsuccessfulCandidate
            | Act::OfferPlace
            | Act::LapseOffer
            | Act::ApproveLevel
            | Act::ExtendReservation
            | Act::RecordRegistration
            | Act::RecordSequence
            | Act::SignSequence
            | Act::RecordAbsence
            | Act::ReportAccident
            | Act::ReportObstacle
            | Act::RequestCancellation
            | Act::ExtendPrestation
            | Act::DecideRequest
            | Act::SendFormalNotice
            | Act::RecordFollowUp
            | Act::AddDocument
            | Act::AddNote
            | Act::AssignCoordinator => [No, No, No],
        },
    }
}

/// Who a cell of the two tables is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    Role(RecipientRole),
    Colleague(CompanyFunction),
}

impl Reader {
    const fn role(self) -> RecipientRole {
        match self {
            Self::Role(role) => role,
            Self::Colleague(function) => function.outside().recipient(),
        }
    }

    /// The role outside, of who has one.
    const fn outside(self) -> Option<OutsideRole> {
        match self {
            Self::Role(RecipientRole::Company) => Some(OutsideRole::Company),
            Self::Role(RecipientRole::Trainee) => Some(OutsideRole::Trainee),
            Self::Role(RecipientRole::Tutor) => Some(OutsideRole::Tutor),
            Self::Role(
                RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance | RecipientRole::Candidate,
            ) => None,
            Self::Colleague(function) => Some(function.outside()),
        }
    }

    const fn function(self) -> Option<CompanyFunction> {
        match self {
            Self::Role(_) => None,
            Self::Colleague(function) => Some(function),
        }
    }
}

/// Everyone a step may tell, in the order in which two roles on one address are merged: who is asked comes first.
fn readers(step: Step) -> Vec<(Reader, Told)> {
    let mut all: Vec<(Reader, Told)> = FUNCTIONS
        .into_iter()
        .zip(told_in_company(step))
        .map(|(function, told)| (Reader::Colleague(function), told))
        .collect();
    let others = all.split_off(1);
    all.extend(ROLES.into_iter().zip(told(step)).map(|(role, told)| (Reader::Role(role), told)));
    all.extend(others);
    all
}

/// Whether a role hears of a correction (L25): by the rule of its datum, or because something is asked of it again.
fn told_of_correction(reader: Reader, correction: &Correction, reopened: &[Reopened]) -> bool {
    let role = reader.role();
    let datum = correction.datum();
    let informed = match reader {
        Reader::Role(_) => rule(datum).informs.contains(&role),
        // What they were told of is told again as it is.
        Reader::Colleague(CompanyFunction::HumanResources) => {
            matches!(datum, Datum::PlannedEntry | Datum::EntryDate | Datum::EndDate)
        }
        Reader::Colleague(CompanyFunction::Accounting) => matches!(datum, Datum::EntryDate | Datum::EndDate),
        Reader::Colleague(CompanyFunction::Signatory) => false,
    };
    informed
        || reopened.iter().any(|reopened| answers(reader, *reopened))
        || (role == RecipientRole::Body && correction.moves_lot().is_some())
}

/// The body that a path leaves for another lot is told so, and of nothing afterwards.
pub fn leaving(
    before: &Path,
    after: &Path,
    holder: &Holder,
    coordinator: Option<&Account>,
    stand_ins: &[StandIn],
) -> Vec<Addressed> {
    if before.holder == after.holder {
        return Vec::new();
    }
    of_body(Told::Leaving, coordinator.filter(|account| coordinates(account, before)), holder, stand_ins)
}

/// The coordinator and who stands in for them, or the body's own address while nobody coordinates.
pub fn of_body(why: Told, coordinator: Option<&Account>, holder: &Holder, stand_ins: &[StandIn]) -> Vec<Addressed> {
    match coordinator {
        Some(account) => of_accounts(RecipientRole::Body, why, [account], stand_ins),
        None => vec![Addressed::holder(why, holder)],
    }
}

/// Accounts to write to, then who stands in for those of them who are away: both receive, each once.
pub fn of_accounts<'a>(
    role: RecipientRole,
    why: Told,
    accounts: impl IntoIterator<Item = &'a Account>,
    stand_ins: &[StandIn],
) -> Vec<Addressed> {
    let mut addressed: Vec<Addressed> =
        accounts.into_iter().map(|account| Addressed::account(role, why, account)).collect();
    for stand_in in stand_ins {
        let away = addressed.iter().any(|to| to.account == Some(stand_in.from.id));
        let told = addressed.iter().any(|to| to.account == Some(stand_in.to.id));
        if away && !told {
            let to = Addressed::account(role, why, &stand_in.to);
            addressed.push(Addressed { stands_for: Some(stand_in.from.name.clone()), ..to });
        }
    }
    addressed
}

/// Everyone who can be written to about a path.
#[derive(Debug, Clone, Copy)]
pub struct Directory<'a> {
    pub coordinator: Option<&'a Account>,
    pub holder: &'a Holder,
    /// Active officers of the Region.
    pub officers: &'a [Account],
    /// The people of the path, replaced ones included.
    pub people: &'a [Person],
    /// Who stands in today for a colleague who is away.
    pub stand_ins: &'a [StandIn],
}

impl Directory<'_> {
    /// Whom to call about the path: the coordinator, or who stands in for them.
    pub fn present(&self) -> Option<&Account> {
        let coordinator = self.coordinator.filter(|account| account.active)?;
        let stand_in = self.stand_ins.iter().find(|stand_in| stand_in.from.id == coordinator.id);
        Some(stand_in.map_or(coordinator, |stand_in| &stand_in.to))
    }
}

/// Someone to write to, once, for all their roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    pub role: RecipientRole,
    pub person: Option<PersonId>,
    pub account: Option<AccountId>,
    pub name: String,
    pub email: EmailAddress,
    pub why: Told,
    /// The colleague who is away and for whom they are written to.
    pub stands_for: Option<String>,
    /// Of the company's people, the function in which they are written to; none for its main contact.
    pub function: Option<CompanyFunction>,
}

impl Addressed {
    /// The role outside in which they are written to.
    pub fn outside(&self) -> Option<OutsideRole> {
        match self.function {
            Some(function) => Some(function.outside()),
            None => Reader::Role(self.role).outside(),
        }
    }

    /// An account, in a role.
    pub fn account(role: RecipientRole, why: Told, account: &Account) -> Self {
        Self {
            role,
            person: None,
            account: Some(account.id),
            name: account.name.clone(),
            email: account.email.clone(),
            why,
            stands_for: None,
            function: None,
        }
    }

    /// A body, at its own address.
    pub fn holder(why: Told, holder: &Holder) -> Self {
        Self {
            role: RecipientRole::Body,
            person: None,
            account: None,
            name: holder.name.clone(),
            email: holder.email.clone(),
            why,
            stands_for: None,
            function: None,
        }
    }
}

/// Why someone who should be told is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Unreached {
    NoAddress,
    AddressRefused,
}

/// The outcome of addressing a step: who is written to, and who cannot be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients {
    pub addressed: Vec<Addressed>,
    pub unreached: Vec<(RecipientRole, String, Unreached)>,
}

/// Who is written to about a step that was just decided.
pub fn recipients(
    step: Step,
    events: &[&Event],
    before: Option<&Path>,
    after: &Path,
    author: &Actor,
    directory: &Directory<'_>,
) -> Recipients {
    let mut recipients = Recipients::default();
    for (reader, told) in readers(step) {
        let own = |event: &&Event| concerned_role(event, before).is_some_and(|other| Some(other) == reader.outside());
        let concerned = match told {
            No | Leaving => false,
            Message | Receipt | Listed(_) => true,
            ReceiptIfAuthor => authored(author, reader),
            WhenOutside => matches!(author, Actor::Outside { .. }),
            WhenComplete => events.iter().any(|event| matches!(event, Event::PifSigned { complete: true, .. })),
            WhenTacit => events.iter().any(|event| matches!(event, Event::Admitted { tacit: true, .. })),
            WhenLevel => events.iter().any(|event| matches!(event, Event::PifAmended { level: Some(_), .. })),
            WhenMonthSigned => events.iter().any(|event| month_signed(event, after)),
            IfConcerned => events.iter().any(own),
            WhenContact => {
                events.iter().any(|event| own(event) || concerned_role(event, before) == Some(OutsideRole::Company))
            }
            ByField => events.iter().any(|event| match event {
                Event::DatumCorrected { correction, reopened, .. } => told_of_correction(reader, correction, reopened),
                Event::AskedAgain { reopened, .. } => answers(reader, *reopened),
                _ => false,
            }),
        };
        if concerned {
            recipients.address(reader, told, events, before, after, author, directory);
        }
    }
    // Whoever takes over is written to besides the one who hands over: their link is in that message (L24).
    for event in events {
        if let Event::ContactHandedOver { role, person } = event
            && let Some(successor) = directory.people.iter().find(|known| known.id == person.id)
        {
            recipients.person(role.recipient(), role.function(), IfConcerned, successor, is_asked(after, *role));
        }
    }
    // Whoever is replaced is told so, and of nothing afterwards (L12).
    for event in events {
        let replaced = replaced(event).and_then(|role| Some((role, before?.person_of(role)?)));
        if let Some((role, left)) = replaced.filter(|(_, left)| !after.stands(left.id))
            && let Some(person) = directory.people.iter().find(|known| known.id == left.id)
        {
            recipients.person(role.recipient(), role.function(), IfConcerned, person, false);
        }
    }
    recipients
}

/// The role that an event gives to somebody else; who hands over themselves has a receipt.
fn replaced(event: &Event) -> Option<OutsideRole> {
    match event {
        Event::CompanyContactNamed { function, .. } => Some(function.outside()),
        Event::ContactChanged { role, .. } => Some(*role),
        Event::TutorReplaced { .. } => Some(OutsideRole::Tutor),
        _ => None,
    }
}

/// Whether something is asked of who has a role, which their own link alone answers.
fn is_asked(path: &Path, role: OutsideRole) -> bool {
    !asked_of(path, role).is_empty()
}

/// Whether a reader hears that something is asked again: of the company's people, its main contact is told of what its
/// signatory is asked.
fn answers(reader: Reader, reopened: Reopened) -> bool {
    let told = match reader {
        Reader::Role(_) => true,
        Reader::Colleague(function) => function == CompanyFunction::Signatory && reopened.is_signed(),
    };
    told && reopened.of().contains(&reader.role())
}

/// Whether an event is the last signature of a month's statement of attendance.
fn month_signed(event: &Event, after: &Path) -> bool {
    let Event::AttendanceSigned { month, .. } = event else { return false };
    let statements = after.training.iter().flat_map(|training| &training.attendance);
    statements.filter(|statement| statement.month == *month).any(Attendance::complete)
}

fn authored(author: &Actor, reader: Reader) -> bool {
    match author {
        Actor::Outside { role: own, .. } => Some(*own) == reader.outside(),
        Actor::Staff { .. } | Actor::System => false,
    }
}

/// Whether a person outside who takes a step is written to about it, by a receipt or by what everyone in their role is told.
pub fn tells_author(step: Step, author: &Actor) -> bool {
    let told_of_their_own = |told: Told| match told {
        // Who hands over, or gives up a function, is the one concerned.
        Message | Receipt | ReceiptIfAuthor | IfConcerned | WhenContact => true,
        No | Listed(_) | WhenComplete | WhenTacit | WhenLevel | ByField | Leaving | WhenOutside | WhenMonthSigned => {
            false
        }
    };
    readers(step).into_iter().any(|(reader, told)| authored(author, reader) && told_of_their_own(told))
}

fn concerned_role(event: &Event, before: Option<&Path>) -> Option<OutsideRole> {
    match event {
        // Another telephone: nothing changes for them.
        Event::ContactChanged { person, .. } if before.is_some_and(|before| before.stands(person.id)) => None,
        // Who proposed it, as long as they have the role.
        Event::CorrectionAnswered { number, role, .. } => {
            let proposed = before?.proposals.get(usize::try_from(*number).ok()?.checked_sub(1)?)?;
            let by = proposed.by?;
            before?.person_of(*role).is_some_and(|person| person.id == by).then_some(*role)
        }
        Event::AnswerRecordedOnBehalf { role, .. }
        | Event::ContactChanged { role, .. }
        | Event::ContactHandedOver { role, .. } => Some(*role),
        Event::CompanyContactNamed { person, .. } if before.is_some_and(|before| before.stands(person.id)) => None,
        Event::CompanyContactNamed { function, .. } | Event::CompanyContactRemoved { function, .. } => {
            Some(function.outside())
        }
        _ => None,
    }
}

impl Recipients {
    #[expect(clippy::too_many_arguments, reason = "the same facts as `recipients`, for one role")]
    fn address(
        &mut self,
        reader: Reader,
        why: Told,
        events: &[&Event],
        before: Option<&Path>,
        after: &Path,
        author: &Actor,
        directory: &Directory<'_>,
    ) {
        let role = reader.role();
        match role {
            RecipientRole::Body => {
                let coordinator = directory.coordinator.filter(|account| coordinates(account, after));
                let body = of_body(why, coordinator, directory.holder, directory.stand_ins);
                body.into_iter().for_each(|to| self.add(to));
            }
            RecipientRole::Region => {
                let heard = |officer: &&Account| match why {
                    Listed(news) => at_once(officer, news, author),
                    _ => true,
                };
                let as_what = if matches!(why, Listed(_)) { Message } else { why };
                let officers = in_charge(directory.officers, after).filter(heard);
                of_accounts(role, as_what, officers, directory.stand_ins).into_iter().for_each(|to| self.add(to));
            }
            RecipientRole::Company | RecipientRole::Trainee | RecipientRole::Tutor | RecipientRole::Candidate => {
                // Who hands over has a receipt, whoever has the role afterwards.
                let by_link = match author {
                    Actor::Outside { person, .. } if authored(author, reader) => Some(*person),
                    Actor::Outside { .. } | Actor::Staff { .. } | Actor::System => None,
                };
                let current = by_link.or_else(|| {
                    let reference = person_of(reader, after, events).or_else(|| person_of(reader, before?, events));
                    reference.map(|reference| reference.id)
                });
                let person = current.and_then(|id| directory.people.iter().find(|person| person.id == id));
                let person = person.filter(|person| person.active || leaves(person.id, before, after));
                if let Some(person) = person {
                    let asked = reader.outside().is_some_and(|role| is_asked(after, role));
                    self.person(role, reader.function(), why, person, asked);
                }
            }
            RecipientRole::Finance => {}
        }
    }

    fn person(
        &mut self,
        role: RecipientRole,
        function: Option<CompanyFunction>,
        why: Told,
        person: &Person,
        asked: bool,
    ) {
        let Contact { name, email, .. } = &person.contact;
        match email {
            None => self.unreached.push((role, name.clone(), Unreached::NoAddress)),
            Some(_) if person.address_refused => {
                self.unreached.push((role, name.clone(), Unreached::AddressRefused));
            }
            Some(email) => {
                let to = Addressed {
                    role,
                    person: Some(person.id),
                    account: None,
                    name: name.clone(),
                    email: email.clone(),
                    why,
                    stands_for: None,
                    function,
                };
                // Of two people who share a mailbox, each who is asked something has the link that answers it.
                let alone = asked && !self.addressed.iter().any(|other| other.person == to.person);
                if alone { self.addressed.push(to) } else { self.add(to) }
            }
        }
    }

    /// Two roles on one address are one message (L9).
    fn add(&mut self, addressed: Addressed) {
        if !self.addressed.iter().any(|other| other.email == addressed.email) {
            self.addressed.push(addressed);
        }
    }
}

/// Whether an account may stand for the body of a path: another lot's never does (L8).
pub fn coordinates(account: &Account, path: &Path) -> bool {
    account.active && account.role == StaffRole::Coordinator && account.body.as_ref() == Some(&path.holder)
}

/// Whether this very step lets a person go: they are told so, and of nothing afterwards.
fn leaves(person: PersonId, before: Option<&Path>, after: &Path) -> bool {
    before.is_some_and(|before| before.stands(person)) && !after.stands(person)
}

/// The officers who follow a path's lot.
pub fn in_charge<'a>(officers: &'a [Account], path: &'a Path) -> impl Iterator<Item = &'a Account> {
    let follows =
        |account: &&Account| account.active && account.role == StaffRole::RegionOfficer && account.follows(&path.lot);
    officers.iter().filter(follows)
}

/// Whether an officer chose a message for each fact of a kind, this one by somebody else.
fn at_once(officer: &Account, news: News, author: &Actor) -> bool {
    officer.preferences.pace(news) == Pace::AtOnce && author.account() != Some(officer.id)
}

fn person_of<'a>(reader: Reader, path: &'a Path, events: &[&'a Event]) -> Option<&'a PersonRef> {
    if let Some(role) = reader.outside() {
        return path.person_of(role);
    }
    match reader.role() {
        RecipientRole::Candidate => events.iter().find_map(|event| match event {
            Event::UnsuccessfulCandidateRecorded { candidate, .. } => Some(candidate),
            _ => None,
        }),
        RecipientRole::Body
        | RecipientRole::Region
        | RecipientRole::Finance
        | RecipientRole::Company
        | RecipientRole::Tutor
        | RecipientRole::Trainee => None,
    }
}
