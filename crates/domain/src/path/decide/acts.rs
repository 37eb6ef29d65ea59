//! Acts that stand beside the lifecycle: confirmations, answers on behalf, tutors, contacts, requests.

use super::{Context, Decision, PersonChange, selection, training};
use crate::calendar::Day;
use crate::form::{DocumentRef, Line, Text};
use crate::market::{ClockKind, OptionCode};
use crate::path::command::{BodyRequest, Command, CompanyAnswer, Opinion, RequestKind};
use crate::path::event::{Event, OutsideOrBody, Party};
use crate::path::record::{Confirmation, Path};
use crate::path::refusal::{Need, Refusal};
use crate::path::requests;
use crate::path::step::{Act, State, Step};
use crate::people::{Actor, CompanyFunction, Contact, OutsideRole, Person, PersonRef, RecipientRole, Side};

pub(super) fn outside_role(context: &Context<'_>) -> Result<OutsideRole, Refusal> {
    match context.actor {
        Actor::Outside { role, .. } => Ok(*role),
        Actor::Staff { .. } | Actor::System => Err(Refusal::NotFound),
    }
}

pub(super) fn ask_confirmation(path: &Path, context: &Context<'_>) -> Result<Decision, Refusal> {
    let today = context.today();
    let (request, confirmation) = match path.state {
        State::TrainingEnded | State::ReportAdjourned => (RequestKind::ConfirmReport, &path.report_confirmation),
        _ => (RequestKind::ConfirmCommitment, &path.commitment),
    };
    match confirmation.answer {
        // The company may never have been asked: its letter says all.
        Some(CompanyAnswer::Letter) => return Err(Refusal::LetterGiven { request }),
        Some(CompanyAnswer::Confirmed | CompanyAnswer::NoAnswer) => {
            return Err(Refusal::AlreadyDone { step: Act::AskConfirmation.into() });
        }
        None => {}
    }
    // Asking again does not give the company a new period of silence, unless it had answered « no ».
    let running = confirmation.asked.filter(|_| confirmation.declined.is_none());
    let until = running.map_or(context.due(ClockKind::CompanyAnswer, today), |(_, until)| until);
    Ok(Decision::on(today, Event::ConfirmationAsked { request, until }))
}

fn awaited(confirmation: &Confirmation, request: RequestKind, act: Act) -> Result<(), Refusal> {
    if confirmation.answer == Some(CompanyAnswer::Confirmed) {
        return Err(Refusal::AlreadyDone { step: act.into() });
    }
    if confirmation.asked.is_none() { Err(Refusal::NotAsked { request }) } else { Ok(()) }
}

pub(super) fn confirm_commitment(path: &Path, on_behalf: bool, context: &Context<'_>) -> Result<Decision, Refusal> {
    awaited(&path.commitment, RequestKind::ConfirmCommitment, Act::ConfirmCommitment)?;
    Ok(Decision::on(context.today(), Event::CommitmentConfirmed { on_behalf }))
}

pub(super) fn confirm_report(path: &Path, on_behalf: bool, context: &Context<'_>) -> Result<Decision, Refusal> {
    awaited(&path.report_confirmation, RequestKind::ConfirmReport, Act::ConfirmReport)?;
    Ok(Decision::on(context.today(), Event::ReportConfirmed { on_behalf }))
}

pub(super) fn decline_request(
    path: &Path,
    request: RequestKind,
    Text(reason): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let role = outside_role(context)?;
    if !requests::asked(path, role.recipient()).iter().any(|asked| asked.kind == request) {
        return Err(Refusal::NotAsked { request });
    }
    if role.of_company() && requests::answers_for_company(path, request) != role {
        // A signatory alone commits the company, and commits it in nothing else.
        return Err(if role == OutsideRole::Company {
            Refusal::SignatoryAnswers
        } else {
            Refusal::NotAsked { request }
        });
    }
    Ok(Decision::on(context.today(), Event::RequestDeclined { request, role, reason, on_behalf: false }))
}

/// A yes to what nothing waits for.
pub(super) fn agree(
    path: &Path,
    request: RequestKind,
    on_behalf: bool,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let agreement = path.agreements.of(request).ok_or(Refusal::NotAsked { request })?;
    if agreement.asked.is_some() && agreement.answer == Some(true) {
        return Err(Refusal::AlreadyDone { step: requests::step_of(request) });
    }
    let roles = [RecipientRole::Company, RecipientRole::Tutor];
    let asked = roles.into_iter().flat_map(|role| requests::asked(path, role)).any(|asked| asked.kind == request);
    if asked {
        Ok(Decision::on(context.today(), Event::Agreed { request, on_behalf }))
    } else {
        Err(Refusal::NotAsked { request })
    }
}

/// What the body answers to a correction that somebody proposed.
pub(super) fn answer_correction(
    path: &Path,
    number: u32,
    accepted: bool,
    Text(answer): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let proposal = index.and_then(|index| path.proposals.get(index)).ok_or(Refusal::NoProposal { number })?;
    if proposal.accepted.is_some() {
        return Err(Refusal::AlreadyDone { step: Act::AnswerCorrection.into() });
    }
    Ok(Decision::on(context.today(), Event::CorrectionAnswered { number, role: proposal.role, accepted, answer }))
}

/// What somebody thinks of the support, said once.
pub(super) fn give_opinion(
    path: &Path,
    opinion: Opinion,
    comment: Option<Text>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let role = outside_role(context)?;
    if super::gave_opinion(path, role.recipient()) {
        return Err(Refusal::AlreadyDone { step: Act::GiveOpinion.into() });
    }
    let comment = comment.map(|Text(comment)| comment);
    Ok(Decision::on(context.today(), Event::OpinionGiven { role, opinion, comment }))
}

/// « Ce n’était pas moi » (L2): heard as long as the answer stands, once until it is asked again.
pub(super) fn contest(
    path: &Path,
    request: RequestKind,
    Text(facts): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let role = outside_role(context)?;
    if !requests::answered(path, role.recipient(), request) {
        return Err(Refusal::NotAnswered { request });
    }
    if !requests::contestable(path, role.recipient(), request) {
        return Err(Refusal::AlreadyDone { step: Act::ContestAnswer.into() });
    }
    Ok(Decision::on(context.today(), Event::AnswerContested { request, role, facts }))
}

pub(super) fn hand_over(path: &Path, values: Contact, context: &Context<'_>) -> Result<Decision, Refusal> {
    let role = outside_role(context)?;
    let (decision, person) = replace(path, role, values, context)?;
    // Nobody takes over from themselves: another telephone is a correction to propose.
    if matches!(context.actor, Actor::Outside { person: from, .. } if *from == person.id) {
        return Err(Refusal::Unchanged);
    }
    Ok(Decision {
        events: vec![super::Decided {
            effective_on: context.today(),
            event: Event::ContactHandedOver { role, person },
        }],
        ..decision
    })
}

pub(super) fn change_contact(
    path: &Path,
    role: OutsideRole,
    values: Contact,
    Text(reason): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let (decision, person) = replace(path, role, values, context)?;
    let event = Event::ContactChanged { role, person, reason };
    Ok(Decision { events: vec![super::Decided { effective_on: context.today(), event }], ..decision })
}

/// Somebody of the company gets a function, in the place of whoever had it (L24, L27).
pub(super) fn add_company_contact(
    path: &Path,
    function: CompanyFunction,
    values: Contact,
    reason: Option<Text>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    // The main contact signs already while nobody else does.
    let main = context.known_person(&path.contact);
    let same = main.is_some_and(|main| (&main.contact.name, &main.contact.email) == (&values.name, &values.email));
    if function == CompanyFunction::Signatory && same {
        return Err(Refusal::Unchanged);
    }
    let role = function.outside();
    let (decision, person) = match path.person_of(role) {
        Some(_) if reason.is_none() => return Err(Refusal::missing(Need::Reasons)),
        Some(_) => replace(path, role, values, context)?,
        None => {
            let person = context.person(0, path.id, role.recipient(), values, None);
            let reference = person.reference();
            (Decision::default().with(PersonChange::Add(person)), reference)
        }
    };
    let reason = reason.map(|Text(reason)| reason);
    let event = Event::CompanyContactNamed { function, person, reason };
    Ok(Decision { events: vec![super::Decided { effective_on: context.today(), event }], ..decision })
}

/// The main contact does it again; a colleague gives up their own function alone.
pub(super) fn remove_company_contact(
    path: &Path,
    function: CompanyFunction,
    Text(reason): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    if let Actor::Outside { role, .. } = context.actor
        && role.function().is_some_and(|own| own != function)
    {
        return Err(Refusal::NotFound);
    }
    let current = path.person_of(function.outside()).ok_or(Refusal::NoColleague { function })?;
    Ok(Decision::on(context.today(), Event::CompanyContactRemoved { function, reason })
        .with(PersonChange::Deactivate(current.id)))
}

/// A new person takes the role; the earlier one hears nothing more and their links are revoked (L24). Somebody whose name and
/// address stay has another telephone, and nothing else.
fn replace(
    path: &Path,
    role: OutsideRole,
    values: Contact,
    context: &Context<'_>,
) -> Result<(Decision, PersonRef), Refusal> {
    let current = path.person_of(role).ok_or_else(|| match (role, role.function()) {
        (_, Some(function)) => Refusal::NoColleague { function },
        (OutsideRole::Tutor, None) => Refusal::missing(Need::TutorDesignated),
        (OutsideRole::Trainee, None) => Refusal::NoCandidate,
        (_, None) => Refusal::NotFound,
    })?;
    let known = context.known_person(current);
    if known.is_some_and(|known| known.contact == values) {
        return Err(Refusal::Unchanged);
    }
    if let Some(known) =
        known.filter(|known| (&known.contact.name, &known.contact.email) == (&values.name, &values.email))
    {
        // The same person at the same address: their links stay.
        let person = Person { contact: values, ..known.clone() };
        let reference = person.reference();
        return Ok((Decision::default().with(PersonChange::Update(person)), reference));
    }
    let profile = known.and_then(|known| known.profile.clone());
    let person = context.person(0, path.id, role.recipient(), values, profile);
    let reference = person.reference();
    let decision = Decision::default().with(PersonChange::Add(person)).with(PersonChange::Deactivate(current.id));
    Ok((decision, reference))
}

/// An answer that came by telephone, on paper or in person, with its scan; it counts as the person's own, marked as such.
pub(super) fn record_on_behalf(path: &Path, command: Command, context: &Context<'_>) -> Result<Decision, Refusal> {
    let Command::RecordAnswerOnBehalf { request, role, on, channel, said_by: Line(name), scan, declined } = command
    else {
        return Err(Refusal::NotFound);
    };
    context.past(on)?;
    // The company answered, whoever signs for it.
    let role = if role == OutsideRole::Company { requests::answers_for_company(path, request) } else { role };
    let asked = requests::asked_of(path, role)
        .into_iter()
        .find(|asked| asked.kind == request)
        .ok_or(Refusal::NotAsked { request })?;
    let answer = match declined {
        Some(Text(reason)) => {
            Decision::on(context.today(), Event::RequestDeclined { request, role, reason, on_behalf: true })
        }
        None => accepted_on_behalf(path, &asked, role, context)?,
    };
    let values = Contact { name, email: None, phone: None };
    let mut person = context.person(0, path.id, role.recipient(), values, None);
    // Kept to say who answered; never written to.
    person.active = false;
    let said_by = person.reference();
    let event = Event::AnswerRecordedOnBehalf { request, role, on, channel, said_by, scan };
    let mut decision = Decision::on(context.today(), event).with(PersonChange::Add(person));
    decision.events.extend(answer.events);
    Ok(decision)
}

/// What the person would have done through their link.
fn accepted_on_behalf(
    path: &Path,
    asked: &requests::Asked,
    role: OutsideRole,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let request = asked.kind;
    match request {
        RequestKind::ConfirmCommitment => confirm_commitment(path, true, context),
        RequestKind::ConfirmReport => confirm_report(path, true, context),
        request @ (RequestKind::ConfirmProgramme | RequestKind::AcceptDesignation | RequestKind::ConfirmCandidate) => {
            agree(path, request, true, context)
        }
        RequestKind::SignPif => {
            let party = match role {
                OutsideRole::Company | OutsideRole::Signatory => Party::Company,
                OutsideRole::Trainee => Party::Trainee,
                OutsideRole::Tutor | OutsideRole::HumanResources | OutsideRole::Accounting => {
                    return Err(Refusal::NotAsked { request });
                }
            };
            let version = path.pif.as_ref().map_or(0, |pif| pif.version);
            selection::sign_as(path, version, party, true, context)
        }
        RequestKind::SignSequences => {
            let unsigned =
                path.training.iter().flat_map(|training| &training.sequences).filter(|sequence| !sequence.signed);
            let mut decision = Decision::default();
            for sequence in unsigned {
                decision.events.extend(training::sign_sequence(path, sequence.number, true, context)?.events);
            }
            Ok(decision)
        }
        RequestKind::SignAttendance => {
            let by = match role {
                OutsideRole::Trainee => OutsideOrBody::Trainee,
                OutsideRole::Tutor => OutsideOrBody::Tutor,
                OutsideRole::Company
                | OutsideRole::Signatory
                | OutsideRole::HumanResources
                | OutsideRole::Accounting => return Err(Refusal::NotAsked { request }),
            };
            // The statement that was asked, whatever the day on which the answer came.
            training::sign_attendance_as(path, asked.since, by, true, context)
        }
    }
}

pub(super) fn settle_condition(
    path: &Path,
    number: u32,
    waived: bool,
    Text(comment): Text,
    side: Side,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let condition = index.and_then(|index| path.conditions.get(index)).ok_or(Refusal::NoCondition { number })?;
    let step = Step::from(Act::SettleCondition);
    if condition.settled.is_some() {
        return Err(Refusal::AlreadyDone { step });
    }
    // The body says that a condition is met; only the Region waives one.
    if waived && side != Side::Region {
        return Err(super::not_your_role(step, context.actor));
    }
    Ok(Decision::on(context.today(), Event::ConditionSettled { number, waived, comment }))
}

pub(super) fn designate_tutor(
    path: &Path,
    values: Contact,
    training_proof: Option<DocumentRef>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    if path.tutor.is_some() {
        return Err(Refusal::AlreadyDone { step: Act::DesignateTutor.into() });
    }
    let person = context.person(0, path.id, RecipientRole::Tutor, values, None);
    let event = Event::TutorDesignated { tutor: person.reference(), training_proof };
    Ok(Decision::on(context.today(), event).with(PersonChange::Add(person)))
}

pub(super) fn replace_tutor(
    path: &Path,
    values: Contact,
    training_proof: Option<DocumentRef>,
    Text(reason): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let current = path.tutor.as_ref().ok_or(Refusal::missing(Need::TutorDesignated))?;
    let person = context.person(0, path.id, RecipientRole::Tutor, values, None);
    let event = Event::TutorReplaced { tutor: person.reference(), training_proof, reason };
    Ok(Decision::on(context.today(), event)
        .with(PersonChange::Add(person))
        .with(PersonChange::Deactivate(current.person.id)))
}

pub(super) fn order_tutor_training(path: &Path, context: &Context<'_>) -> Result<Decision, Refusal> {
    let step = Step::from(Act::OrderTutorTraining);
    let tutor = path.tutor.as_ref().ok_or(Refusal::missing(Need::TutorDesignated))?;
    // A second unit is for a tutor who replaced the one trained.
    if tutor.training_ordered {
        return Err(Refusal::AlreadyDone { step });
    }
    if tutor.trained {
        return Err(Refusal::TutorTrained);
    }
    let draw = context.draw(OptionCode::M2).map_err(Refusal::missing)?;
    Ok(Decision::on(context.today(), Event::TutorTrainingOrdered { draw }))
}

pub(super) fn request_cancellation(
    path: &Path,
    Text(reason): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    request(path, BodyRequest::Cancellation, reason, None, Act::RequestCancellation, context)
}

pub(super) fn request_extension(
    path: &Path,
    until: Day,
    Text(reason): Text,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let current = path.state.phase().and_then(|prestation| path.file(prestation).due_on);
    if let Some(due) = current {
        super::not_before(until, due)?;
    }
    context.in_market(super::not_before(until, context.today())?)?;
    request(path, BodyRequest::Extension, reason, Some(until), Act::ExtendPrestation, context)
}

fn request(
    path: &Path,
    request: BodyRequest,
    reason: String,
    until: Option<Day>,
    act: Act,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    if path.body_requests.iter().any(|pending| pending.request == request) {
        return Err(Refusal::AlreadyDone { step: act.into() });
    }
    Ok(Decision::on(context.today(), Event::RequestMade { request, reason, until }))
}

pub(super) fn decide_request(
    path: &Path,
    request: BodyRequest,
    granted: bool,
    reason: Option<Text>,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    let pending = path.body_requests.iter().find(|pending| pending.request == request);
    let pending = pending.ok_or(Refusal::missing(Need::PendingRequest { request }))?;
    if !granted && reason.is_none() {
        return Err(Refusal::missing(Need::Reasons));
    }
    let reason = reason.map(|Text(reason)| reason);
    Ok(Decision::on(context.today(), Event::RequestDecided { request, granted, reason, until: pending.until }))
}

pub(super) fn assign_coordinator(path: &Path, context: &Context<'_>) -> Result<Decision, Refusal> {
    let colleague = context.coordinator_of(&path.holder).ok_or(Refusal::NotFound)?;
    if path.coordinator == Some(colleague.id) {
        return Err(Refusal::Unchanged);
    }
    Ok(Decision::on(context.today(), Event::CoordinatorAssigned { coordinator: colleague.id }))
}
