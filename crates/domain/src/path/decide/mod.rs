//! Deciding: a path, a command and a context give events, or a typed refusal.
//!
//! Checks come in one order: may this actor see the path (else it does not exist), is the step theirs, does it start
//! from this state, and then the step's own guards, one file per stage of the lifecycle. Nothing here reads a clock:
//! « now » is in the [`Context`]. Counters that others change too (units, places) are looked at to refuse early and to
//! say why; the store's conditional updates have the last word.

mod acts;
mod correct;
mod import;
mod opening;
mod selection;
mod study;
mod training;
mod verification;

use chrono::NaiveDateTime;
use strum::IntoEnumIterator;

use super::command::{Command, CompanyAnswer, RequestKind};
use super::event::{Draw, Event, Party};
use super::record::{Confirmation, Path, PrestationFile};
use super::refusal::{Need, Refusal};
use super::requests;
use super::step::{Act, State, Step, Transition};
use super::table::{Row, commits_company, in_company, row, rows};
use crate::calendar::{Day, Instant, due, paris_day, paris_time};
use crate::form::{Line, Text};
use crate::identifiers::{BodyCode, EmailAddress, LineId, LotCode, OrderReference, PathId, PersonId, Phone};
use crate::market::{ClockKind, OptionCode, Terms};
use crate::money::Amount;
use crate::people::{Account, Actor, Contact, OutsideRole, Person, PersonRef, Profile, RecipientRole, Side, StaffRole};
use crate::places::{Places, Policy};

pub use import::{PastPath, import};
pub use opening::lot_of_need;
pub use selection::held_year;
pub use verification::{choice_begins, choice_end, choice_until, extended, payable, unobserved, verification_until};

/// A unit that may be drawn, on the oldest notified order that has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeUnit {
    pub line: LineId,
    pub order: OrderReference,
    pub option: OptionCode,
    pub price: Amount,
}

/// Identifiers and salts prepared outside, so that deciding stays pure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fresh {
    /// Used by a step that opens a path.
    pub path: PathId,
    /// Next number of a reference in the lot and year, used by a step that opens a path.
    pub number: u32,
    /// New persons with their salts; no step needs more than two.
    pub people: [(PersonId, String); 2],
}

/// What a decision may look at besides the path.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub now: Instant,
    pub actor: &'a Actor,
    /// The terms in force.
    pub terms: &'a Terms,
    /// Earlier versions, for prestations ordered under them.
    pub earlier_terms: &'a [Terms],
    /// Free units of the lot, oldest order first.
    pub units: &'a [FreeUnit],
    /// Places of the lot, for the years the step may touch.
    pub places: &'a [Places],
    /// Candidates of the lot queued for the year the step may touch, to whom no place is offered yet: they come first.
    pub queued: u32,
    /// The people of the path; for a sibling, of its source.
    pub people: &'a [Person],
    /// The source of a sibling.
    pub source: Option<&'a Path>,
    /// The account of a coordinator that the command names.
    pub colleague: Option<&'a Account>,
    pub fresh: &'a Fresh,
}

/// An event with the day on which its fact took place.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    pub effective_on: Day,
    pub event: Event,
}

/// A change of the people of a path, written beside the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonChange {
    Add(Person),
    /// Someone known whose values changed.
    Update(Person),
    /// Replaced or withdrawn: links are revoked and nothing more is sent.
    Deactivate(PersonId),
}

/// What a command leads to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    pub events: Vec<Decided>,
    pub people: Vec<PersonChange>,
}

impl Decision {
    fn on(effective_on: Day, event: Event) -> Self {
        Self { events: vec![Decided { effective_on, event }], people: Vec::new() }
    }

    fn and(mut self, effective_on: Day, event: Event) -> Self {
        self.events.push(Decided { effective_on, event });
        self
    }

    fn with(mut self, change: PersonChange) -> Self {
        self.people.push(change);
        self
    }
}

impl<'a> Context<'a> {
    /// The civil day of « now » in Europe/Paris.
    pub fn today(&self) -> Day {
        paris_day(self.now)
    }

    fn local_now(&self) -> NaiveDateTime {
        paris_time(self.now)
    }

    /// The terms a prestation was ordered under, or those in force.
    pub fn frozen(&self, file: &PrestationFile) -> &'a Terms {
        let version = file.ordered.as_ref().map(|ordered| ordered.terms);
        version
            .and_then(|version| self.earlier_terms.iter().find(|terms| terms.version == version))
            .unwrap_or(self.terms)
    }

    /// The due day of a clock started on a day.
    fn due(&self, kind: ClockKind, from: Day) -> Day {
        due(from, self.terms.market.clock(kind).span)
    }

    /// Draws the oldest free unit of an option.
    fn draw(&self, option: OptionCode) -> Result<Draw, Need> {
        let unit = self.units.iter().find(|unit| unit.option == option).ok_or(Need::FreeUnit { option })?;
        Ok(Draw { line: unit.line, order: unit.order.clone(), option, price: unit.price })
    }

    /// A new person of a path.
    fn person(
        &self,
        rank: usize,
        path: PathId,
        role: RecipientRole,
        contact: Contact,
        profile: Option<Profile>,
    ) -> Person {
        let (id, salt) = self.fresh.people[rank].clone();
        Person {
            id,
            path,
            role,
            contact,
            profile,
            salt,
            active: true,
            reminders_off: false,
            address_refused: false,
            informed_on: None,
        }
    }

    fn known_person(&self, reference: &PersonRef) -> Option<&'a Person> {
        self.people.iter().find(|person| person.id == reference.id)
    }

    /// The coordinator that the command names, when a body's own.
    fn coordinator_of(&self, body: &BodyCode) -> Option<&'a Account> {
        self.colleague.filter(|account| {
            account.active && account.role == StaffRole::Coordinator && account.body.as_ref() == Some(body)
        })
    }

    /// A place of the year that nobody comes before; the store's conditional update has the last word.
    fn place_left(&self, lot: &LotCode, year: i32) -> Result<(), Refusal> {
        let policy = self.terms.market.places.policy;
        let queued = if policy == Policy::Waitlist { self.queued } else { 0 };
        let places = self.places.iter().find(|places| places.year == year);
        let full =
            places.is_some_and(|places| places.limit(policy).is_some_and(|limit| places.taken() + queued >= limit));
        if full { Err(Refusal::NoPlace { lot: lot.clone(), year }) } else { Ok(()) }
    }

    fn past(&self, day: Day) -> Result<Day, Refusal> {
        if day > self.today() { Err(Refusal::InTheFuture { day }) } else { Ok(day) }
    }

    fn in_market(&self, day: Day) -> Result<Day, Refusal> {
        let market = &self.terms.market;
        if (market.starts_on..=market.ends_on).contains(&day) { Ok(day) } else { Err(Refusal::OutsideMarket { day }) }
    }
}

fn contact(name: Line, email: Option<EmailAddress>, phone: Option<Phone>) -> Contact {
    Contact { name: name.0, email, phone }
}

fn not_before(day: Day, earliest: Day) -> Result<Day, Refusal> {
    if day < earliest { Err(Refusal::Before { day, earliest }) } else { Ok(day) }
}

fn gather(needs: Vec<Need>) -> Result<(), Refusal> {
    if needs.is_empty() { Ok(()) } else { Err(Refusal::Missing { needs }) }
}

/// Whether an actor may see a path at all; what one may not see does not exist.
pub fn sees(actor: &Actor, path: &Path) -> bool {
    match actor {
        Actor::Staff { role, body, .. } => match role {
            StaffRole::Coordinator => body.as_ref() == Some(&path.holder),
            StaffRole::RegionOfficer
            | StaffRole::RegionFinance
            | StaffRole::RegionViewer
            | StaffRole::Administrator
            | StaffRole::Auditor => true,
        },
        Actor::Outside { person, role, path: opened, .. } => {
            *opened == path.id && path.person_of(*role).is_some_and(|current| current.id == *person)
        }
        Actor::System => true,
    }
}

/// Checks the actor and the state against the step's row.
///
/// # Errors
/// [`Refusal::NotFound`], [`Refusal::NotYourRole`], [`Refusal::SignatoryAnswers`], [`Refusal::AlreadyDone`] or
/// [`Refusal::WrongState`].
pub fn admissible(path: &Path, step: Step, actor: &Actor) -> Result<Side, Refusal> {
    if !sees(actor, path) {
        return Err(Refusal::NotFound);
    }
    let Row { from, to, by, .. } = row(step);
    let side = side(actor, step).filter(|side| by.contains(side)).ok_or_else(|| not_your_role(step, actor))?;
    if from.contains(&path.state) {
        let of_company = matches!(actor, Actor::Outside { role: OutsideRole::Company, .. });
        let signatory = path.signs_for_company() == OutsideRole::Signatory;
        if of_company && signatory && commits_company(step) { Err(Refusal::SignatoryAnswers) } else { Ok(side) }
    } else if to.contains(&path.state) && !opened_there(path) && only_way_to(path.state, step) {
        Err(Refusal::AlreadyDone { step })
    } else {
        Err(Refusal::WrongState { step, state: path.state, expected: from })
    }
}

/// Whether the path was opened in the state where it stands: a sibling at *ready* did nothing to get there.
fn opened_there(path: &Path) -> bool {
    path.source.is_some() && path.state == State::Ready
}

/// Checks the actor against the row of a step on no path yet.
///
/// # Errors
/// [`Refusal::NotYourRole`].
pub fn opens(step: Step, actor: &Actor) -> Result<Side, Refusal> {
    actor.side().filter(|side| row(step).by.contains(side)).ok_or_else(|| not_your_role(step, actor))
}

fn not_your_role(step: Step, actor: &Actor) -> Refusal {
    Refusal::NotYourRole { step, reads_only: actor.reads_only() }
}

/// The side an actor takes in a step: who keeps accounts hands paths over for the Region, which decides nothing on them.
fn side(actor: &Actor, step: Step) -> Option<Side> {
    match (actor, step) {
        (Actor::Staff { role: StaffRole::Administrator, .. }, Step::Act(Act::AssignCoordinator)) => Some(Side::Region),
        // Of a company, whoever has the function.
        (Actor::Outside { role, .. }, _) if role.of_company() && !in_company(step).contains(role) => None,
        (Actor::Staff { .. } | Actor::Outside { .. } | Actor::System, _) => actor.side(),
    }
}

/// Whether a step is one that an actor takes, on some path in some state.
pub fn takes(actor: &Actor, step: Step) -> bool {
    side(actor, step).is_some_and(|side| row(step).by.contains(&side))
}

/// Whether a step alone leads on to a state, ways back apart: a path that stands there has done it.
fn only_way_to(state: State, step: Step) -> bool {
    let leads_on =
        |row: &Row| row.to.contains(&state) && !row.from.is_empty() && row.from.iter().all(|from| *from < state);
    let mut ways = rows().filter(leads_on).map(|row| row.step);
    ways.next() == Some(step) && ways.next().is_none()
}

/// Decides a command on a path; `None` is a path not opened yet.
///
/// # Errors
/// Why not, typed, with what is missing.
pub fn decide(path: Option<&Path>, command: Command, context: &Context<'_>) -> Result<Decision, Refusal> {
    let step = command.step();
    let Some(path) = path else {
        let side = opens(step, context.actor)?;
        return opening::open(command, side, context);
    };
    let side = admissible(path, step, context.actor)?;
    act(path, command, side, context)
}

/// Hands the command to the file of its stage.
fn act(path: &Path, command: Command, side: Side, context: &Context<'_>) -> Result<Decision, Refusal> {
    use crate::market::Prestation::{Feasibility, Implementation, Preparation};
    let today = context.today();
    let done = |event| Ok(Decision::on(today, event));
    match command {
        Command::ReportNeed { .. } | Command::OpenSibling { .. } => {
            Err(Refusal::WrongState { step: command.step(), state: path.state, expected: &[] })
        }
        Command::DeclineNeed { reason: Text(reason) } => done(Event::NeedDeclined { reason }),
        Command::OrderFeasibility {} => study::order(path, context),
        Command::StartFeasibility { first_visit, place } => study::start(path, first_visit, place, context),
        command @ Command::DeliverFeasibility { .. } => study::deliver(path, command, context),
        Command::AdjournFeasibility { reasons } => verification::adjourn(path, Feasibility, reasons, context),
        Command::RejectFeasibility { reasons } => verification::reject(path, Feasibility, reasons, side, context),
        Command::AdmitFeasibility { reduction, reasons } => {
            verification::admit(path, Feasibility, reduction, reasons, side, context)
        }
        Command::OrderPreparation {} => study::order_preparation(path, context),
        Command::StartPreparation { on } => study::start_preparation(path, on, context),
        Command::DeliverPreparation { programme, work_analysis, evaluation_grid, tutor_certificate } => {
            study::deliver_preparation(path, [programme, work_analysis, evaluation_grid], tutor_certificate, context)
        }
        Command::AdjournPreparation { reasons } => verification::adjourn(path, Preparation, reasons, context),
        Command::RejectPreparation { reasons } => verification::reject(path, Preparation, reasons, side, context),
        Command::AdmitPreparation { reduction, reasons } => {
            verification::admit(path, Preparation, reduction, reasons, side, context)
        }
        Command::OpenSelection {} => done(Event::SelectionOpened),
        command @ Command::SelectCandidate { .. } => selection::select(path, command, context),
        Command::SignPif { version } => selection::sign(path, version, side, context),
        Command::OrderImplementation {} => selection::order_implementation(path, context),
        Command::EnterTraining { on, safir, remu } => training::enter(path, on, safir, remu, context),
        Command::AnnulEntry { reason } => training::annul(path, reason, context),
        Command::Suspend { reason, on, expected_return } => {
            training::suspend(path, reason, on, expected_return, context)
        }
        Command::Resume { on } => training::resume(path, on, context),
        Command::EndTraining { outcome, on, reason, hours_done } => {
            training::end(path, outcome, on, reason, hours_done, context)
        }
        command @ Command::DeliverReport { .. } => training::deliver_report(path, command, context),
        Command::AdjournReport { reasons } => verification::adjourn(path, Implementation, reasons, context),
        Command::RejectReport { reasons } => verification::reject(path, Implementation, reasons, side, context),
        Command::AdmitReport { reduction, reasons } => {
            verification::admit(path, Implementation, reduction, reasons, side, context)
        }
        Command::CloseWithoutReport { reason, amount } => training::close_without_report(path, reason, amount, context),
        Command::WithdrawCandidate { reason } => selection::withdraw(path, reason, context),
        Command::Cancel { reason, amount } => selection::cancel(path, reason, amount, side, context),

        Command::AskConfirmation {} => acts::ask_confirmation(path, context),
        Command::ConfirmCommitment {} => acts::confirm_commitment(path, false, context),
        Command::ConfirmReport {} => acts::confirm_report(path, false, context),
        Command::ConfirmProgramme {} => acts::agree(path, RequestKind::ConfirmProgramme, false, context),
        Command::AcceptDesignation {} => acts::agree(path, RequestKind::AcceptDesignation, false, context),
        Command::ConfirmCandidate {} => acts::agree(path, RequestKind::ConfirmCandidate, false, context),
        Command::DeclineRequest { request, reason } => acts::decline_request(path, request, reason, context),
        Command::ProposeCorrection { correction: Text(correction) } => {
            done(Event::CorrectionProposed { role: acts::outside_role(context)?, correction })
        }
        Command::AnswerCorrection { number, accepted, answer } => {
            acts::answer_correction(path, number, accepted, answer, context)
        }
        Command::ContestAnswer { request, facts } => acts::contest(path, request, facts, context),
        Command::AskAgain { request, reason } => correct::ask_again(path, request, reason, context),
        Command::HandOverContact { name, email, phone } => {
            acts::hand_over(path, contact(name, Some(email), phone), context)
        }
        command @ Command::RecordAnswerOnBehalf { .. } => acts::record_on_behalf(path, command, context),
        Command::AcceptAdjournment {} => verification::answer_adjournment(path, true, None, context),
        Command::RefuseAdjournment { reason } => verification::answer_adjournment(path, false, Some(reason), context),
        Command::AskObservations { reasons } => verification::ask_observations(path, reasons, context),
        Command::GiveObservations { observations } => verification::give_observations(path, observations, context),
        Command::SettleCondition { number, waived, comment } => {
            acts::settle_condition(path, number, waived, comment, side, context)
        }
        Command::DesignateTutor { name, email, phone, training_proof } => {
            acts::designate_tutor(path, contact(name, email, phone), training_proof, context)
        }
        Command::ReplaceTutor { name, email, phone, training_proof, reason } => {
            acts::replace_tutor(path, contact(name, email, phone), training_proof, reason, context)
        }
        Command::OrderTutorTraining {} => acts::order_tutor_training(path, context),
        Command::RecordUnsuccessfulCandidate { name, email, reason, comment } => {
            let person = context.person(0, path.id, RecipientRole::Candidate, contact(name, email, None), None);
            let candidate = person.reference();
            let comment = comment.map(|Text(comment)| comment);
            Ok(Decision::on(today, Event::UnsuccessfulCandidateRecorded { candidate, reason, comment })
                .with(PersonChange::Add(person)))
        }
        Command::OfferPlace {} => selection::offer(path, context),
        Command::LapseOffer {} => selection::lapse(path, context),
        command @ Command::WritePif { .. } => selection::write_pif(path, command, context),
        Command::AmendPif { ref reason, .. } => {
            let Text(reason) = reason.clone();
            selection::amend_pif(path, command, reason, context)
        }
        Command::ApproveLevel {} => selection::approve_level(path, context),
        Command::ExtendReservation { until, reason: Text(reason) } => selection::extend(path, until, reason, context),
        Command::RecordRegistration { safir: Line(safir), remu: Line(remu) } => {
            done(Event::RegistrationRecorded { safir, remu })
        }
        Command::RecordSequence { kind, from, until, objective } => {
            training::record_sequence(path, kind, from, until, objective, context)
        }
        Command::SignSequence { number } => training::sign_sequence(path, number, false, context),
        Command::RecordAbsence { from, until, reason, comment } => {
            training::record_absence(path, from, until, reason, comment, context)
        }
        Command::SignAttendanceMonth { month } => training::sign_attendance(path, month, side, context),
        Command::ReportAccident { on, facts: Text(facts) } => {
            let on = context.past(on)?;
            done(Event::AccidentReported { on, facts })
        }
        Command::ReportObstacle { facts: Text(facts) } => done(Event::ObstacleReported { facts }),
        Command::RequestCancellation { reason } => acts::request_cancellation(path, reason, context),
        Command::ExtendPrestation { until, reason } => acts::request_extension(path, until, reason, context),
        Command::DecideRequest { request, granted, reason } => {
            acts::decide_request(path, request, granted, reason, context)
        }
        Command::SendFormalNotice { reason: Text(reason) } => {
            done(Event::FormalNoticeSent { reason, until: context.due(ClockKind::FormalNotice, today) })
        }
        Command::GiveOpinion { opinion, comment } => acts::give_opinion(path, opinion, comment, context),
        Command::RecordFollowUp { on, situation, at_company, comment } => {
            training::record_follow_up(path, on, situation, at_company, comment, context)
        }
        Command::AddDocument { kind, document } => done(Event::DocumentAdded { document_kind: kind, document }),
        Command::AddNote { note: Text(note) } => done(Event::NoteAdded { note }),
        Command::ChangeContact { role, name, email, phone, reason } => {
            acts::change_contact(path, role, contact(name, email, phone), reason, context)
        }
        Command::AddCompanyContact { function, name, email, phone, reason } => {
            acts::add_company_contact(path, function, contact(name, email, phone), reason, context)
        }
        Command::RemoveCompanyContact { function, reason } => {
            acts::remove_company_contact(path, function, reason, context)
        }
        Command::AssignCoordinator { .. } => acts::assign_coordinator(path, context),
        command @ Command::CorrectDatum { .. } => correct::correct_datum(path, command, side, context),
    }
}

/// Steps that an actor may try on a path in its present state, transitions first.
pub fn available(path: &Path, actor: &Actor) -> Vec<Step> {
    let sensible = |step: &Step| admissible(path, *step, actor).is_ok_and(|side| !pointless(path, *step, side));
    Step::all().filter(sensible).collect()
}

/// Whether a step would only be told that it was done already, or that nothing asks for it: no face offers it.
fn pointless(path: &Path, step: Step, side: Side) -> bool {
    let file = path.state.delivered().or(path.state.adjourned()).map(|prestation| path.file(prestation));
    let confirmed = |confirmation: &Confirmation| confirmation.answer == Some(CompanyAnswer::Confirmed);
    let asked_of = |role| !requests::asked(path, role).is_empty();
    let agreeable = |request| {
        let asked = outside(side).map(|role| requests::asked(path, role));
        asked.is_some_and(|asked| asked.iter().any(|asked| asked.kind == request))
    };
    match step {
        Step::Transition(Transition::SignPif) => {
            let party = match side {
                Side::Company => Party::Company,
                Side::Trainee => Party::Trainee,
                Side::Body | Side::Region | Side::Finance | Side::Tutor | Side::System => Party::Body,
            };
            !path.awaits_signature(party)
        }
        Step::Transition(Transition::Cancel) => side == Side::Body && path.anything_ordered(),
        Step::Transition(Transition::WithdrawCandidate) => path.trainee().is_none(),
        Step::Transition(_) => false,
        Step::Act(act) => match act {
            Act::AskConfirmation => match path.state {
                State::TrainingEnded | State::ReportAdjourned => path.report_confirmation.answer.is_some(),
                _ => path.commitment.answer.is_some(),
            },
            Act::ConfirmCommitment => path.commitment.asked.is_none() || confirmed(&path.commitment),
            Act::ConfirmReport => path.report_confirmation.asked.is_none() || confirmed(&path.report_confirmation),
            Act::ConfirmProgramme => !agreeable(RequestKind::ConfirmProgramme),
            Act::AcceptDesignation => !agreeable(RequestKind::AcceptDesignation),
            Act::ConfirmCandidate => !agreeable(RequestKind::ConfirmCandidate),
            Act::AnswerCorrection => path.pending_proposals().next().is_none(),
            Act::GiveOpinion => outside(side).is_none_or(|role| gave_opinion(path, role)),
            Act::DeclineRequest => !outside(side).is_some_and(asked_of),
            Act::RecordAnswerOnBehalf => {
                ![RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor].into_iter().any(asked_of)
            }
            Act::AcceptAdjournment | Act::RefuseAdjournment => {
                file.and_then(|file| file.adjournment.as_ref()).is_none_or(|adjournment| adjournment.answer.is_some())
            }
            Act::AskObservations => file.is_some_and(|file| file.observations.is_some()),
            Act::GiveObservations => {
                file.and_then(|file| file.observations.as_ref()).is_none_or(|asked| asked.given_on.is_some())
            }
            Act::SettleCondition => path.conditions.iter().all(|condition| condition.settled.is_some()),
            Act::DesignateTutor => path.tutor.is_some(),
            Act::ReplaceTutor => path.tutor.is_none(),
            Act::OrderTutorTraining => path.tutor.as_ref().is_none_or(|tutor| tutor.trained || tutor.training_ordered),
            Act::WritePif => path.pif.is_some(),
            Act::AmendPif => path.pif.is_none(),
            Act::ApproveLevel => path.pif.as_ref().is_none_or(|pif| pif.level_to_approve.is_none()),
            Act::SignSequence => {
                path.training.as_ref().is_none_or(|training| training.sequences.iter().all(|sequence| sequence.signed))
            }
            Act::DecideRequest => path.body_requests.is_empty(),
            Act::OfferPlace => path.waiting.as_ref().is_none_or(|waiting| waiting.offered_until.is_some()),
            Act::LapseOffer => path.waiting.as_ref().is_none_or(|waiting| waiting.offered_until.is_none()),
            Act::ContestAnswer => !outside(side)
                .is_some_and(|role| RequestKind::iter().any(|request| requests::contestable(path, role, request))),
            Act::RemoveCompanyContact => path.colleagues.is_empty(),
            Act::AskAgain => !RequestKind::iter().any(|request| correct::may_ask_again(path, request)),
            Act::ProposeCorrection
            | Act::HandOverContact
            | Act::RecordUnsuccessfulCandidate
            | Act::ExtendReservation
            | Act::RecordRegistration
            | Act::RecordSequence
            | Act::RecordAbsence
            | Act::SignAttendanceMonth
            | Act::ReportAccident
            | Act::ReportObstacle
            | Act::RequestCancellation
            | Act::ExtendPrestation
            | Act::SendFormalNotice
            | Act::RecordFollowUp
            | Act::AddDocument
            | Act::AddNote
            | Act::ChangeContact
            | Act::AddCompanyContact
            | Act::AssignCoordinator
            | Act::CorrectDatum => false,
        },
    }
}

/// Whether somebody of a role said already what they think of the support.
fn gave_opinion(path: &Path, role: RecipientRole) -> bool {
    path.opinions.iter().any(|by| by.recipient() == role)
}

/// The role of a person outside who acts for a side.
const fn outside(side: Side) -> Option<RecipientRole> {
    match side {
        Side::Company => Some(RecipientRole::Company),
        Side::Trainee => Some(RecipientRole::Trainee),
        Side::Tutor => Some(RecipientRole::Tutor),
        Side::Body | Side::Region | Side::Finance | Side::System => None,
    }
}

/// Whether an act makes sense only for the system.
pub const fn is_systems(act: Act) -> bool {
    matches!(act, Act::OfferPlace | Act::LapseOffer)
}

/// Whether the path's place is held: a candidate is selected and has not entered.
pub fn holds_reservation(path: &Path) -> bool {
    path.candidate.is_some() && path.training.is_none() && !matches!(path.state, State::Cancelled)
}
