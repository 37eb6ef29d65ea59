//! One step on several paths: what may be chosen, what would happen on each, what happened.
//!
//! Rules kept here:
//! - the paths are one transaction: each sees what those before it drew, and a rehearsal is the same transaction taken back, so it
//!   cannot promise something else;
//! - what is refused on a path is its own result, and leaves the others as they are;
//! - a path that moved since it was read, or on which something else would happen than what was read, is refused;
//! - the free text added is that of every message of the selection;
//! - who has an account is written to once about all the paths (L16); outside, each path has its own message, whose link is its own;
//! - each path has a key of its own, derived from the form's: the same form sent again repeats nothing.

use std::collections::BTreeMap;

use domain::Instant;
use domain::calendar::paris_day;
use domain::clocks;
use domain::form::{Field, FieldKind, Form};
use domain::identifiers::{EmailAddress, MessageId, PathReference};
use domain::market::OptionCode;
use domain::path::decide::{available, sees, takes};
use domain::path::event::Draw;
use domain::path::{Act, Command, Event, Path, Refusal, Step, Transition};
use domain::people::Actor;
use domain::told::Addressed;
use notifier::emails::{Composed, Entry, step_on_several};
use notifier::envelope::{LINK_MARKER, message_id, thread_id};
use persistence::{About, NewMessage, Priority, Recipient, StoreError, Tx};
use wording::{addresses, labels, timeline};

use crate::advance::{ATTEMPTS, request_digest};
use crate::delivery::Subject;
use crate::plan::{MessageSummary, Plan};
use crate::{App, AppError, Options, Outcome, Rehearsal, Target, new_id};

/// Most paths of one selection.
pub const MOST: usize = 50;

/// A path to act on, with what was read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub reference: PathReference,
    /// The version that was read.
    pub version: Option<u32>,
    /// What would happen, as [`Foreseen::promise`] said it.
    pub promise: Option<String>,
}

impl From<PathReference> for Asked {
    fn from(reference: PathReference) -> Self {
        Self { reference, version: None, promise: None }
    }
}

/// A path of a selection, with what came of it.
#[derive(Debug)]
pub struct Line<T> {
    /// As it stands before the step.
    pub path: Path,
    pub result: Result<T, AppError>,
}

/// What came of a selection.
#[derive(Debug)]
pub struct Several<T> {
    pub lines: Vec<Line<T>>,
    /// Messages about several of the paths together.
    pub summaries: Vec<MessageSummary>,
}

/// What would happen on a path, those before it done.
#[derive(Debug)]
pub struct Foreseen {
    pub rehearsal: Rehearsal,
    /// Tells it from anything else that might happen: where the path goes, at what price, and who is told.
    pub promise: String,
    /// Of each option that is drawn, the units that the lot still has afterwards.
    pub left: Vec<(OptionCode, u32)>,
}

/// Whether a step may be made on several paths: nothing of it is about one of them alone.
pub fn for_several(step: Step) -> bool {
    match step {
        Step::Transition(transition) => match transition {
            Transition::DeclineNeed
            | Transition::OrderFeasibility
            | Transition::AdjournFeasibility
            | Transition::AdmitFeasibility
            | Transition::OrderPreparation
            | Transition::StartPreparation
            | Transition::AdjournPreparation
            | Transition::AdmitPreparation
            | Transition::OpenSelection
            | Transition::OrderImplementation
            | Transition::AdjournReport
            | Transition::AdmitReport => true,
            Transition::ReportNeed
            | Transition::OpenSibling
            | Transition::StartFeasibility
            | Transition::DeliverFeasibility
            | Transition::RejectFeasibility
            | Transition::DeliverPreparation
            | Transition::RejectPreparation
            | Transition::SelectCandidate
            | Transition::SignPif
            | Transition::EnterTraining
            | Transition::AnnulEntry
            | Transition::Suspend
            | Transition::Resume
            | Transition::EndTraining
            | Transition::DeliverReport
            | Transition::RejectReport
            | Transition::CloseWithoutReport
            | Transition::WithdrawCandidate
            | Transition::Cancel => false,
        },
        Step::Act(act) => matches!(
            act,
            Act::AskConfirmation
                | Act::AcceptAdjournment
                | Act::OrderTutorTraining
                | Act::ApproveLevel
                | Act::AddNote
                | Act::ChangeContact
                | Act::AssignCoordinator
        ),
    }
}

/// Whether a step makes sense on these paths together: a person is replaced within one company.
fn suits(step: Step, paths: &[Path]) -> bool {
    let mut companies = paths.iter().map(|path| &path.workplace.siret);
    let first = companies.next();
    step != Step::Act(Act::ChangeContact) || companies.all(|company| Some(company) == first)
}

/// The fields asked once for all the paths; amounts and documents belong to one path.
pub fn fields(step: Step) -> Vec<Field> {
    let shared = |field: &Field| match field.kind {
        FieldKind::Money | FieldKind::Document => false,
        FieldKind::Line
        | FieldKind::Text
        | FieldKind::Boolean
        | FieldKind::Number
        | FieldKind::Day
        | FieldKind::Moment
        | FieldKind::Email
        | FieldKind::Phone
        | FieldKind::Siret
        | FieldKind::Commune
        | FieldKind::Rome
        | FieldKind::Level
        | FieldKind::Lot
        | FieldKind::Reference
        | FieldKind::Choice(_)
        | FieldKind::Conditions
        | FieldKind::Units => true,
    };
    let mut fields = Command::fields(step);
    fields.retain(shared);
    fields
}

impl App {
    /// The chosen paths that the reader sees, in the order asked.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn selected(&self, actor: &Actor, references: &[PathReference]) -> Result<Vec<Path>, AppError> {
        if matches!(actor, Actor::Outside { .. }) {
            return Err(AppError::NotFound);
        }
        let tx = self.store().begin_read().await?;
        let mut paths = Vec::new();
        for reference in references.iter().take(MOST) {
            let stored = tx.path_by_reference(reference).await?.filter(|stored| sees(actor, &stored.path));
            paths.extend(stored.map(|stored| stored.path));
        }
        Ok(paths)
    }

    /// The steps that may be chosen for some of the paths, with how many of them each is open on.
    pub fn steps_for(actor: &Actor, paths: &[Path]) -> Vec<(Step, usize)> {
        let open: Vec<Vec<Step>> = paths.iter().map(|path| available(path, actor)).collect();
        let count = |step: &Step| open.iter().filter(|steps| steps.contains(step)).count();
        Step::all()
            .filter(|step| for_several(*step) && suits(*step, paths))
            .map(|step| (step, count(&step)))
            .filter(|(_, number)| *number > 0)
            .collect()
    }

    /// What a step would do on each path, those before it done; everything is taken back.
    ///
    /// # Errors
    /// The form is refused, for every path; the store does not answer.
    pub async fn rehearse_several(
        &self,
        actor: &Actor,
        asked: &[Asked],
        step: Step,
        form: &Form,
        note: Option<&str>,
    ) -> Result<Several<Foreseen>, AppError> {
        let turn = self.several(actor, asked, step, form, note, None).await?;
        Ok(turn.into(|Done { plan, promise, left }| Foreseen { rehearsal: Rehearsal::of(plan), promise, left }))
    }

    /// Makes a step on each path; what is refused on one leaves the others as they are.
    ///
    /// # Errors
    /// The form is refused, for every path; the store does not answer, and nothing was done. The same key repeats nothing.
    pub async fn advance_several(
        &self,
        actor: &Actor,
        asked: &[Asked],
        step: Step,
        form: &Form,
        note: Option<&str>,
        key: &str,
    ) -> Result<Several<Outcome>, AppError> {
        let turn = self.several(actor, asked, step, form, note, Some(key)).await?;
        let mut several = turn.into(|done| Outcome::of(done.plan));
        for line in several.lines.iter_mut().filter(|line| line.result.is_err()) {
            let target = Target::Path(line.path.reference.clone());
            let options = Options { idempotency_key: Some(key_of(key, &line.path)), ..Options::default() };
            let request = request_digest(actor, &target.to_string(), step.id(), form);
            if let Some(first) = passing(self.replay(actor, &options, Some(&request)).await)?.transpose() {
                line.result = first;
            }
        }
        Ok(several)
    }

    async fn several(
        &self,
        actor: &Actor,
        asked: &[Asked],
        step: Step,
        form: &Form,
        note: Option<&str>,
        key: Option<&str>,
    ) -> Result<Turn, AppError> {
        let references: Vec<PathReference> = asked.iter().map(|asked| asked.reference.clone()).collect();
        let selected = self.selected(actor, &references).await?;
        if !for_several(step) || !takes(actor, step) || !suits(step, &selected) {
            return Err(AppError::NotFound);
        }
        let command = Command::read(step, form).map_err(|errors| Refusal::Form { errors })?;
        let selection = Selection { actor, asked, step, form, note, command, key };
        for _ in 0..ATTEMPTS {
            match Box::pin(self.try_several(&selection, selected.clone())).await {
                Ok(Some(turn)) => return Ok(turn),
                Ok(None) | Err(AppError::Store(StoreError::Busy(_))) => {}
                Err(error) => return Err(error),
            }
        }
        Err(AppError::Contended)
    }

    /// One try; `None` when somebody took in between what a path meant to draw.
    async fn try_several(&self, selection: &Selection<'_>, selected: Vec<Path>) -> Result<Option<Turn>, AppError> {
        let tx = self.store().begin_write().await?;
        // Every path in one order, before any line of an order: nobody waits for somebody who waits for them.
        let mut ordered: Vec<&Path> = selected.iter().collect();
        ordered.sort_unstable_by_key(|path| path.id);
        for path in ordered {
            tx.lock_path(&path.reference).await?;
        }
        let mut turn = Turn { lines: Vec::with_capacity(selected.len()), summaries: Vec::new() };
        let mut held = Vec::new();
        for path in selected {
            let Some(result) = self.one_of_several(&tx, selection, &path, turn.lines.len(), &mut held).await? else {
                tx.rollback().await?;
                return Ok(None);
            };
            turn.lines.push(Line { path, result });
        }
        self.tell_once(&tx, selection, &mut turn, held).await?;
        match selection.key {
            Some(_) => tx.commit().await?,
            None => tx.rollback().await?,
        }
        Ok(Some(turn))
    }

    /// Makes the step on one path; messages to accounts are held, to be said once.
    async fn one_of_several(
        &self,
        tx: &Tx,
        selection: &Selection<'_>,
        path: &Path,
        line: usize,
        held: &mut Vec<Held>,
    ) -> Result<Option<Result<Done, AppError>>, AppError> {
        let key = selection.key.map(|key| key_of(key, path));
        if let Some(key) = &key
            && tx.key_use(key).await?.is_some()
        {
            return Ok(Some(Err(AppError::KeyReused)));
        }
        let target = Target::Path(path.reference.clone());
        let asked = selection.asked.iter().find(|asked| asked.reference == path.reference);
        let options = Options {
            idempotency_key: key,
            expected_version: asked.and_then(|asked| asked.version),
            note: selection.note.map(str::to_owned),
            ..Options::default()
        };
        let plan = self.plan(tx, selection.actor, &target, selection.command.clone(), &options, true);
        let mut plan = match passing(Box::pin(plan).await)? {
            Ok(plan) => plan,
            Err(error) => return Ok(Some(Err(error))),
        };
        let promise = plan.promise();
        if let (Some(promised), Some(stored)) = (asked.and_then(|asked| asked.promise.as_ref()), &plan.before)
            && *promised != promise
        {
            return Ok(Some(Err(self.stale(tx, stored, stored.path.version).await?)));
        }
        let (once, each) = plan.messages.drain(..).partition(|(to, _): &(Addressed, Composed)| to.person.is_none());
        plan.messages = each;
        let now = instant(&plan);
        let request = request_digest(selection.actor, &target.to_string(), selection.step.id(), selection.form);
        self.write(tx, &plan, &options, options.idempotency_key.as_ref().map(|_| request.as_str()), now).await?;
        if self.write_counters(tx, &plan, now).await?.is_some() {
            return Ok(None);
        }
        let once: Vec<(Addressed, Composed)> = once;
        held.extend(once.into_iter().map(|(to, composed)| Held { line, to, composed }));
        let drawn: Vec<OptionCode> =
            plan.recorded.iter().flat_map(|recorded| drawn(&recorded.event)).map(|draw| draw.option).collect();
        let left = match drawn.as_slice() {
            [] => Vec::new(),
            drawn => tx.units_left(&plan.after.market, &plan.after.lot, drawn).await?,
        };
        Ok(Some(Ok(Done { plan, promise, left })))
    }

    /// Queues what was held: about one path its own message, about several one that lists them.
    async fn tell_once(
        &self,
        tx: &Tx,
        selection: &Selection<'_>,
        turn: &mut Turn,
        held: Vec<Held>,
    ) -> Result<(), AppError> {
        let mut readers: BTreeMap<String, Vec<Held>> = BTreeMap::new();
        for held in held {
            readers.entry(held.to.email.to_string()).or_default().push(held);
        }
        for mut held in readers.into_values() {
            let plans = |held: &Held| turn.lines[held.line].result.as_ref().ok().map(|done| &done.plan);
            let Some(first) = plans(&held[0]) else { continue };
            let now = instant(first);
            if held.len() == 1 {
                let Held { line, to, composed } = held.remove(0);
                let message = [(to, composed)];
                let subject = Subject::path(&first.after, cause(first));
                self.queue(tx, &first.book, &subject, &first.terms().market, &message, now).await?;
                if let Ok(done) = &mut turn.lines[line].result {
                    done.plan.messages.extend(message);
                }
                continue;
            }
            let entries: Vec<Entry> =
                held.iter().filter_map(plans).map(|plan| self.entry(&plan.after, facts(plan, now))).collect();
            let alike = held.iter().all(|other| other.to.stands_for == held[0].to.stands_for);
            let to = Addressed { stands_for: held[0].to.stands_for.clone().filter(|_| alike), ..held[0].to.clone() };
            let composed =
                step_on_several(selection.step, selection.actor, &entries, selection.note, &to, &first.book.texts);
            let reply_to = selection.actor.account().and_then(|id| first.book.account(id));
            let reply_to = reply_to.map(|account| (account.name.clone(), account.email.clone()));
            let message = self.about_several(&to, composed.clone(), cause(first), reply_to);
            tx.queue(&[message], now).await?;
            turn.summaries.push(MessageSummary::new(&(to, composed)));
        }
        Ok(())
    }

    fn entry(&self, path: &Path, facts: Vec<String>) -> Entry {
        Entry {
            reference: path.reference.to_string(),
            company: path.workplace.company.clone(),
            job: path.job.title.clone(),
            address: self.page(&path.reference),
            facts,
        }
    }

    /// The page of a path, from outside.
    pub(crate) fn page(&self, path: &PathReference) -> String {
        addresses::absolute(&self.settings().public_url, &addresses::path(path))
    }

    /// A message about several paths, in no thread of theirs; it leads to the list.
    pub(crate) fn about_several(
        &self,
        to: &Addressed,
        composed: Composed,
        cause: uuid::Uuid,
        reply_to: Option<(String, EmailAddress)>,
    ) -> NewMessage {
        let settings = self.settings();
        let place =
            |text: &str| text.replace(LINK_MARKER, &addresses::absolute(&settings.public_url, addresses::paths()));
        let (reply_to_name, reply_to_email) = reply_to.unwrap_or_else(|| {
            let sender = EmailAddress::parse(&settings.sender_address).unwrap_or_else(|_| to.email.clone());
            (settings.sender_name.clone(), sender)
        });
        NewMessage {
            id: MessageId::new(new_id()),
            about: About::default(),
            kind: composed.kind.to_owned(),
            to: Recipient {
                role: to.role,
                person: to.person,
                account: to.account,
                name: to.name.clone(),
                email: to.email.clone(),
            },
            reply_to_name,
            reply_to_email,
            text: place(&composed.text),
            html: place(&composed.html),
            subject: composed.subject,
            calendar: None,
            message_id: message_id(&cause.to_string(), to.email.as_ref(), 0, self.host()),
            thread: thread_id(&format!("parcours-{cause}"), self.host()),
            rank: 0,
            priority: Priority::Decision,
            link: None,
            reminds: None,
        }
    }
}

/// What is done on all the paths.
struct Selection<'a> {
    actor: &'a Actor,
    asked: &'a [Asked],
    step: Step,
    form: &'a Form,
    note: Option<&'a str>,
    command: Command,
    /// None for a rehearsal.
    key: Option<&'a str>,
}

/// What was done on a path, written and perhaps taken back.
struct Done {
    plan: Plan,
    promise: String,
    left: Vec<(OptionCode, u32)>,
}

/// A message that waits for those of the other paths.
struct Held {
    line: usize,
    to: Addressed,
    composed: Composed,
}

struct Turn {
    lines: Vec<Line<Done>>,
    summaries: Vec<MessageSummary>,
}

impl Turn {
    fn into<T>(self, of: impl Fn(Done) -> T) -> Several<T> {
        let line = |line: Line<Done>| Line { path: line.path, result: line.result.map(&of) };
        Several { lines: self.lines.into_iter().map(line).collect(), summaries: self.summaries }
    }
}

/// The key of one path under the key of a form.
fn key_of(key: &str, path: &Path) -> String {
    format!("{key}/{}", path.reference)
}

fn instant(plan: &Plan) -> Instant {
    plan.recorded.first().expect("a decision has events").recorded_at
}

fn cause(plan: &Plan) -> uuid::Uuid {
    plan.recorded.first().expect("a decision has events").id.uuid()
}

/// What a message about several paths says of one: what happened, and what is waited.
fn facts(plan: &Plan, now: Instant) -> Vec<String> {
    let today = paris_day(now);
    let happened = plan.recorded.iter().map(|recorded| timeline::path(&recorded.event, &recorded.author));
    let waiting = clocks::clocks(&plan.after, &plan.terms().market, today);
    happened.chain(waiting.first().map(|clock| labels::waiting(clock, today))).collect()
}

/// The units that an event of a step for several paths draws.
pub fn drawn(event: &Event) -> Vec<&Draw> {
    match event {
        Event::PrestationOrdered { draws, .. } => draws.iter().collect(),
        Event::TutorTrainingOrdered { draw } => vec![draw],
        Event::LevelApproved { drawn, .. } => vec![drawn],
        _ => Vec::new(),
    }
}

/// What concerns one path is its result; a store that does not answer concerns them all.
fn passing<T>(result: Result<T, AppError>) -> Result<Result<T, AppError>, AppError> {
    match result {
        Err(error @ (AppError::Store(_) | AppError::NoMarket)) => Err(error),
        other => Ok(other),
    }
}
