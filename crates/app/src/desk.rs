//! What is waited from someone: paths whose ball is on their side, tasks, orders; and what they wait for.
//!
//! Everything is read from the columns of the lists. [`next_step`] names, for what a clock waits, the one step that answers
//! it. Tasks say what no clock does: somebody declined, proposed a correction, asked something; [`App::write_tasks`] makes
//! them with the step itself, and the step that mends them ends them.

use chrono::Duration;
use domain::Day;
use domain::calendar::paris_day;
use domain::delegation::StandIn;
use domain::identifiers::{AccountId, BodyCode, PathId};
use domain::market::ClockKind;
use domain::order::OrderState;
use domain::path::{Act, Event, EventKind, State, Step, Transition};
use domain::people::{Account, Actor, Side, StaffRole};
use domain::proposal::Proposal;
use persistence::{Charge, NewTask, OnPaths, OrderFilter, OrderSummary, PathFilter, PathLine, Task, Tx};
use uuid::Uuid;

use crate::payments::PaymentDue;
use crate::plan::Plan;
use crate::queries::{body_seen, lots_seen, tasks_of};
use crate::resend::withheld;
use crate::{App, AppError};

/// Lines of what is to be done.
const SHOWN: u64 = 30;
/// Tasks, orders and payments when all of them are asked for, and orders whose payments are counted.
const WHOLE: u64 = 1_000;
/// Lines of what is waited from others.
const OTHERS: u64 = 15;
/// Lines of what nobody coordinates.
const ORPHANS: u64 = 10;
/// Days ahead within which something is soon due, as `wording::dates::urgency` says it.
const SOON: i64 = 3;

/// Whose paths the page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// A coordinator's own, an officer's lots.
    Mine,
    /// The whole body's, the whole Region's.
    All,
}

/// Paths that wait, the oldest deadline first, and how many there are in all.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    pub lines: Vec<PathLine>,
    pub late: u64,
    pub soon: u64,
    pub all: u64,
}

/// A task with the path it is about.
#[derive(Debug, Clone)]
pub struct DeskTask {
    pub task: Task,
    pub path: Option<PathLine>,
}

/// What is waited from someone.
#[derive(Debug, Clone)]
pub struct Desk {
    pub today: Day,
    /// The side on which they act; nobody waits for those who only read.
    pub side: Option<Side>,
    pub mine: Waiting,
    pub others: Waiting,
    /// The oldest first; and how many there are in all.
    pub tasks: Vec<DeskTask>,
    pub tasks_in_all: u64,
    /// Open paths of the body that nobody coordinates, the oldest deadline first; and how many there are in all.
    pub orphans: Vec<PathLine>,
    pub orphans_in_all: u64,
    /// Needs that people outside report and that wait for an answer, the first received first; and how many there are in all.
    pub needs: Vec<Proposal>,
    pub needs_in_all: u64,
    /// Messages that never arrived, of the whole side.
    pub failed: u64,
    /// Orders that wait for them, the first drafted first; and how many there are in all.
    pub orders: Vec<OrderSummary>,
    pub orders_in_all: u64,
    /// Payments that wait for them: all of them, the first due first.
    pub payments: Vec<PaymentDue>,
    /// For whom they stand in today.
    pub stands_for: Vec<StandIn>,
    /// Who stands in for them today.
    pub away: Option<StandIn>,
}

impl Desk {
    /// The coordinators whose paths are the reader's to see to: their own, and those of who is away.
    pub fn in_charge(&self, account: &Account) -> Vec<AccountId> {
        [account.id].into_iter().chain(self.stands_for.iter().map(|stand_in| stand_in.from.id)).collect()
    }

    /// The colleague who is away and in charge of a path of the page.
    pub fn away_from(&self, line: &PathLine) -> Option<&Account> {
        let stand_in = self.stands_for.iter().find(|stand_in| stand_in.covers(line.coordinator, &line.lot));
        stand_in.map(|stand_in| &stand_in.from)
    }
}

impl App {
    /// What is waited from an account.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn desk(&self, account: &Account, scope: Scope) -> Result<Desk, AppError> {
        self.desk_of(account, scope, SHOWN).await
    }

    /// [`App::desk`] with all its tasks and orders.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn whole_desk(&self, account: &Account, scope: Scope) -> Result<Desk, AppError> {
        self.desk_of(account, scope, WHOLE).await
    }

    async fn desk_of(&self, account: &Account, scope: Scope, most: u64) -> Result<Desk, AppError> {
        let actor = account.actor();
        let payments = self.payments_waiting(&actor, WHOLE).await?;
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let today = paris_day(tx.now().await?);
        let mut desk = Desk {
            today,
            side: actor.side(),
            mine: Waiting::default(),
            others: Waiting::default(),
            tasks: Vec::new(),
            tasks_in_all: 0,
            orphans: Vec::new(),
            orphans_in_all: 0,
            needs: Vec::new(),
            needs_in_all: 0,
            failed: 0,
            orders: Vec::new(),
            orders_in_all: 0,
            payments,
            stands_for: Vec::new(),
            away: None,
        };
        let mut lots = lots_seen(&book, &actor)?;
        if scope == Scope::Mine && account.role == StaffRole::RegionOfficer && !account.lots.is_empty() {
            lots = Some(account.lots.clone());
        }
        if matches!(desk.side, Some(Side::Body | Side::Region)) || actor.reads_only() {
            desk.needs = tx.waiting_proposals(lots.as_deref(), most).await?;
            desk.needs_in_all = tx.count_waiting_proposals(lots.as_deref()).await?;
        }
        let Some(side) = desk.side else { return Ok(desk) };
        for stand_in in book.stand_ins(today) {
            if stand_in.to.id == account.id {
                desk.stands_for.push(stand_in);
            } else if stand_in.from.id == account.id {
                desk.away = Some(stand_in);
            }
        }
        let coordinators = (scope == Scope::Mine && side == Side::Body).then(|| desk.in_charge(account));
        let charge = coordinators.clone().map(Charge::Accounts);
        let body = body_seen(&actor);
        let own = PathFilter { lots: lots.clone(), body: body.clone(), charge, limit: SHOWN, ..PathFilter::default() };
        if matches!(side, Side::Body | Side::Region) {
            desk.mine = waiting(&tx, PathFilter { holder: Some(side), ..own.clone() }, today).await?;
            let others = [Side::Region, Side::Finance, Side::Body, Side::Company, Side::Trainee, Side::Tutor];
            let holders = others.into_iter().filter(|other| *other != side).collect();
            desk.others = waiting(&tx, PathFilter { holders, limit: OTHERS, ..own.clone() }, today).await?;
            let theirs =
                OnPaths { side, lots: lots.as_deref(), body: body.as_ref(), coordinators: coordinators.as_deref() };
            let tasks = tx.tasks_on_paths(theirs, most).await?;
            desk.tasks_in_all = tx.count_tasks_on_paths(theirs).await?;
            let ids: Vec<PathId> = tasks.iter().filter_map(|task| task.about.path).collect();
            let paths = tx.list_paths(&PathFilter { ids: Some(ids), limit: most, ..PathFilter::default() }).await?;
            let about = |task: &Task| paths.iter().find(|line| Some(line.id) == task.about.path).cloned();
            if side == Side::Body {
                let orphans = PathFilter { charge: Some(Charge::Nobody), ..own.clone() };
                desk.orphans = tx.list_paths(&PathFilter { limit: ORPHANS, ..orphans.clone() }).await?;
                desk.orphans_in_all = tx.count_paths(&orphans).await?;
            }
            desk.failed = tx.count_message_tasks(&tasks_of(&actor)?, withheld(&actor).as_ref()).await?;
            desk.tasks = tasks.into_iter().map(|task| DeskTask { path: about(&task), task }).collect();
        }
        let states = match side {
            Side::Finance => vec![OrderState::ToEndorse],
            Side::Region => vec![OrderState::Draft, OrderState::Endorsed],
            Side::Body | Side::Company | Side::Trainee | Side::Tutor | Side::System => Vec::new(),
        };
        if !states.is_empty() {
            let filter = OrderFilter { states, lots, limit: most, oldest_first: true, ..OrderFilter::default() };
            desk.orders = tx.list_orders(&filter).await?;
            desk.orders_in_all = tx.count_orders(&filter).await?;
        }
        Ok(desk)
    }

    /// Marks a task of the reader's side as done; false when there is none such.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn finish_task(&self, account: &Account, id: Uuid) -> Result<bool, AppError> {
        let Some(side) = account.actor().side() else { return Ok(false) };
        let tx = self.store().begin_write().await?;
        let book = self.book(&tx).await?;
        let actor = account.actor();
        let (lots, body) = (lots_seen(&book, &actor)?, body_seen(&actor));
        let theirs = OnPaths { side, lots: lots.as_deref(), body: body.as_ref(), coordinators: None };
        if !tx.tasks_on_paths(theirs, u64::from(u32::MAX)).await?.iter().any(|task| task.id == id) {
            return Ok(false);
        }
        let now = tx.now().await?;
        let done = tx.finish_task(id, &account.name, now).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Tasks that a step makes, and those that it ends.
    pub(crate) async fn write_tasks(&self, tx: &Tx, plan: &Plan, now: domain::Instant) -> Result<(), AppError> {
        let path = &plan.after;
        let task = |side, body: Option<BodyCode>, kind: &str, detail: String| NewTask {
            path: Some(path.id),
            order: None,
            message: None,
            side,
            body,
            kind: kind.to_owned(),
            detail,
        };
        let (mut made, mut ended) = (Vec::new(), Vec::new());
        for recorded in &plan.recorded {
            match &recorded.event {
                Event::RequestDeclined { request, .. } => {
                    made.push(task(Side::Body, Some(path.holder.clone()), DECLINED, request.to_string()));
                }
                Event::AnswerContested { request, .. } => {
                    made.push(task(Side::Body, Some(path.holder.clone()), CONTESTED, request.to_string()));
                }
                Event::CorrectionProposed { role, .. } => {
                    made.push(task(Side::Body, Some(path.holder.clone()), CORRECTION, role.to_string()));
                }
                Event::ObstacleReported { .. } | Event::AccidentReported { .. } => {
                    // What the body writes itself, it knows.
                    if let Actor::Outside { role, .. } = recorded.author {
                        let kind =
                            if matches!(recorded.event, Event::ObstacleReported { .. }) { OBSTACLE } else { ACCIDENT };
                        made.push(task(Side::Body, Some(path.holder.clone()), kind, role.to_string()));
                    }
                }
                Event::NoteAdded { .. } if recorded.author.side() == Some(Side::Body) => {
                    ended.extend([OBSTACLE, ACCIDENT]);
                }
                Event::RequestMade { request, .. } => {
                    made.push(task(Side::Region, None, REQUEST, request.to_string()));
                }
                Event::RequestDecided { .. } => ended.push(REQUEST),
                Event::ConfirmationAsked { .. }
                | Event::CommitmentConfirmed { .. }
                | Event::ReportConfirmed { .. }
                | Event::Agreed { .. }
                | Event::PifSigned { .. } => ended.push(DECLINED),
                Event::AskedAgain { .. } => ended.extend([CONTESTED, DECLINED]),
                Event::CorrectionAnswered { .. } if path.pending_proposals().next().is_none() => ended.push(CORRECTION),
                _ => {}
            }
        }
        if path.state.is_final() {
            ended.extend([DECLINED, CORRECTION, REQUEST, OBSTACLE, ACCIDENT]);
        }
        if !ended.is_empty() {
            let by = plan.recorded.first().map_or("", |recorded| recorded.author.name());
            tx.finish_tasks(path.id, &ended, by, now).await?;
        }
        if !made.is_empty() {
            tx.insert_tasks(&made, now).await?;
        }
        Ok(())
    }
}

/// Somebody outside declined what was asked.
const DECLINED: &str = "answer_declined";
/// Somebody outside says that an answer is not theirs.
const CONTESTED: &str = "answer_contested";
/// Somebody outside proposed a correction.
const CORRECTION: &str = "correction_proposed";
/// Somebody outside says what hinders the training.
const OBSTACLE: &str = "obstacle_reported";
/// Somebody outside declares an accident.
const ACCIDENT: &str = "accident_reported";
/// The body asked the Region for something.
const REQUEST: &str = "request_made";

/// The acts that deal with a task of this kind, the most likely first.
pub fn remedies(kind: &str) -> &'static [Act] {
    match kind {
        DECLINED => &[Act::AskConfirmation, Act::AskAgain],
        CONTESTED => &[Act::AskAgain],
        CORRECTION => &[Act::AnswerCorrection, Act::AmendPif, Act::CorrectDatum],
        REQUEST => &[Act::DecideRequest],
        OBSTACLE | ACCIDENT => &[Act::AddNote],
        _ => &[],
    }
}

/// The kind of the event that made a task of this kind.
pub fn cause(kind: &str) -> Option<&'static str> {
    let event = match kind {
        DECLINED => EventKind::RequestDeclined,
        CONTESTED => EventKind::AnswerContested,
        CORRECTION => EventKind::CorrectionProposed,
        REQUEST => EventKind::RequestMade,
        OBSTACLE => EventKind::ObstacleReported,
        ACCIDENT => EventKind::AccidentReported,
        _ => return None,
    };
    Some(event.into())
}

async fn waiting(tx: &Tx, filter: PathFilter, today: Day) -> Result<Waiting, AppError> {
    let late = PathFilter { due_until: today.pred_opt(), ..filter.clone() };
    let soon = PathFilter { due_from: Some(today), due_until: Some(today + Duration::days(SOON)), ..filter.clone() };
    let (late, soon) = (tx.count_paths(&late).await?, tx.count_paths(&soon).await?);
    Ok(Waiting { late, soon, all: tx.count_paths(&filter).await?, lines: tx.list_paths(&filter).await? })
}

/// The step that answers what a clock waits for, for the side that holds the ball; none when only a page can tell.
pub fn next_step(state: State, clock: ClockKind, side: Side) -> Option<Step> {
    let by_phase = |study: Step, preparation: Step, report: Step| match state {
        State::NeedReported
        | State::FeasibilityOrdered
        | State::FeasibilityInProgress
        | State::FeasibilityDelivered
        | State::FeasibilityAdjourned => Some(study),
        State::Feasible
        | State::PreparationOrdered
        | State::PreparationInProgress
        | State::PreparationDelivered
        | State::PreparationAdjourned => Some(preparation),
        State::TrainingEnded | State::ReportDelivered | State::ReportAdjourned => Some(report),
        State::Ready
        | State::CandidateSelection
        | State::CandidateSelected
        | State::PifSigned
        | State::ImplementationOrdered
        | State::InTraining
        | State::Suspended
        | State::Closed
        | State::NotFeasible
        | State::Declined
        | State::Cancelled => None,
    };
    let deliver = by_phase(
        Transition::DeliverFeasibility.into(),
        Transition::DeliverPreparation.into(),
        Transition::DeliverReport.into(),
    );
    let admit = by_phase(
        Transition::AdmitFeasibility.into(),
        Transition::AdmitPreparation.into(),
        Transition::AdmitReport.into(),
    );
    let step: Step = match clock {
        ClockKind::NeedDecision => Transition::OrderFeasibility.into(),
        ClockKind::StudyDue if state == State::FeasibilityOrdered => Transition::StartFeasibility.into(),
        ClockKind::PreparationDue if state == State::PreparationOrdered => Transition::StartPreparation.into(),
        ClockKind::StudyDue | ClockKind::PreparationDue | ClockKind::ReportDue | ClockKind::Redelivery => deliver?,
        ClockKind::PreparationOrder => Transition::OrderPreparation.into(),
        ClockKind::Verification | ClockKind::RegionChoice => admit?,
        ClockKind::Acceptance => Act::AcceptAdjournment.into(),
        ClockKind::Observations => Act::GiveObservations.into(),
        ClockKind::CompanyAnswer => Act::RecordAnswerOnBehalf.into(),
        ClockKind::SelectionOpening => Transition::OpenSelection.into(),
        ClockKind::Selection | ClockKind::PlaceOffer => Transition::SelectCandidate.into(),
        ClockKind::Signatures => Transition::SignPif.into(),
        ClockKind::ImplementationOrder => Transition::OrderImplementation.into(),
        ClockKind::Reservation if state == State::CandidateSelected => Act::WritePif.into(),
        ClockKind::Entry | ClockKind::Reservation => Transition::EnterTraining.into(),
        ClockKind::EntryDeclaration => Act::RecordRegistration.into(),
        ClockKind::MissingLog => Act::RecordSequence.into(),
        ClockKind::Attendance => Act::SignAttendanceMonth.into(),
        ClockKind::TrainingEnd => Transition::EndTraining.into(),
        ClockKind::Suspension => Transition::Resume.into(),
        ClockKind::FollowUp => Act::RecordFollowUp.into(),
        ClockKind::Accident => return None,
        ClockKind::FormalNotice => deliver?,
    };
    let row = domain::path::table::row(step);
    (row.by.contains(&side) && row.from.contains(&state)).then_some(step)
}
