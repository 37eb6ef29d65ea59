//! Messages as people look at them: the log, one message exactly as it was sent, sending it again, and setting it aside.
//!
//! Links are masked here: only their recipient holds them. Sending again and setting aside take a reason, which is kept; a
//! copy waits a while after the last one left. A body sees the messages of its own paths, and those that its orders sent to it;
//! each of its coordinators, what was sent to them about several paths at once.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::Day;
use domain::Instant;
use domain::calendar::{at_paris, end_of_day};
use domain::form::{FieldError, FieldProblem};
use domain::identifiers::{
    AccountId, EmailAddress, EventId, MessageId, OrderId, OrderReference, PathId, PathReference, Siret,
};
use domain::order::PurchaseOrder;
use domain::path::decide::{available, sees};
use domain::path::{Act, Path, Recorded, Step};
use domain::people::{Actor, RecipientRole, Side, StaffRole};
use notifier::envelope::{mask_link, message_id};
use persistence::{
    About, Message, MessageFilter, MessageState, NewTask, PathFilter, Priority, Recipient, RecordedOrder, Task,
    TaskFilter, Tx, Withheld, Within,
};

use crate::queries::{PathView, body_seen, lots_seen, tasks_of};
use crate::{App, AppError, new_id};

/// The task, done at once, that keeps why a message was sent again.
const RESENT: &str = "message_resent";
/// The task, done at once, that keeps why a message that did not arrive is not sent again (L18).
const SET_ASIDE: &str = "message_set_aside";

/// Most characters of a reason.
const REASON: usize = 500;

/// Which messages to list; every part left out means all.
#[derive(Debug, Clone, Default)]
pub struct MessageChoice {
    pub states: Vec<MessageState>,
    pub kind: Option<String>,
    pub role: Option<RecipientRole>,
    /// The reference of a path or of an order, or the SIRET of a company, as typed.
    pub reference: Option<String>,
    /// Words of the subject.
    pub text: Option<String>,
    pub from: Option<Day>,
    pub until: Option<Day>,
    /// Only messages queued before this one: where the page before ended.
    pub before: Option<i64>,
    pub limit: usize,
}

/// A message of the log with what it is about; its links are masked.
#[derive(Debug, Clone)]
pub struct LoggedMessage {
    pub message: Message,
    pub path: Option<PathReference>,
    pub order: Option<OrderReference>,
    /// The reader may correct the address of its recipient on the path.
    pub corrigible: bool,
}

/// The event that caused a message.
#[derive(Debug, Clone)]
pub enum Cause {
    Path(Box<Recorded>),
    Order(Box<RecordedOrder>),
}

/// Whether a message may be sent again now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    May,
    /// This reader sends nothing again.
    NotYours,
    /// A copy is still in the queue.
    Waiting,
    /// A copy left a moment ago.
    TooSoon {
        last: Instant,
        until: Instant,
    },
    /// Its recipient has no address any more, or was replaced.
    NoRecipient,
    /// It is about an account: what it leads to is good once, and another one is asked for instead.
    OfAccount,
}

/// One message with its life.
#[derive(Debug, Clone)]
pub struct MessageView {
    pub logged: LoggedMessage,
    pub cause: Option<Cause>,
    /// Messages of the same event to others.
    pub others: Vec<Message>,
    /// Copies of this message, itself left out, the last first.
    pub copies: Vec<Message>,
    /// What people did of it, each with the instant, the name and the reason.
    pub settled: Vec<Settled>,
    pub again: Again,
    /// It did not arrive, somebody is to do something about it, and the reader may set it aside.
    pub to_settle: bool,
    /// Where a copy would go now.
    pub address: Option<String>,
}

/// What somebody did of a message, for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub how: Settlement,
    pub by: String,
    pub at: Instant,
    pub reason: String,
}

/// What is done of a message that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    SentAgain,
    /// It did not arrive, and is not to be sent again.
    SetAside,
}

impl Settlement {
    /// The kind of the task, done at once, that keeps it.
    fn kind(self) -> &'static str {
        match self {
            Self::SentAgain => RESENT,
            Self::SetAside => SET_ASIDE,
        }
    }

    fn of(task: &Task) -> Option<Self> {
        [Self::SentAgain, Self::SetAside].into_iter().find(|how| how.kind() == task.about.kind)
    }
}

/// What asking for a copy did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resend {
    Queued(MessageId),
    Not(Again),
}

fn masked(mut message: Message) -> Message {
    message.content.text = mask_link(&message.content.text);
    message.content.html = mask_link(&message.content.html);
    message
}

/// Whether two messages are copies of one another: for the same reader, whose address may have been corrected in between. Those
/// about nothing in particular, as a digest or what was done on several paths, are when they say the same.
fn copies(one: &Message, other: &Message) -> bool {
    let key = |message: &Message| {
        let content = &message.content;
        (content.kind.clone(), content.to.role, content.to.name.clone(), content.to.account, content.about)
    };
    let said = |message: &Message| (message.content.subject.clone(), message.content.text.clone());
    key(one) == key(other) && (one.content.about != About::default() || said(one) == said(other))
}

/// Messages of a path that never reached someone who may be written to now (L21).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    pub name: String,
    pub email: EmailAddress,
    /// The last copy of each, oldest first.
    pub messages: Vec<MessageId>,
}

/// Whether a message did not arrive.
fn failed(message: &Message) -> bool {
    matches!(message.state, MessageState::Refused | MessageState::Failed)
}

/// What the people of a path missed: refused or given up, not set aside by anyone, no copy of it left or waits, and their
/// address serves again.
pub fn missed(view: &PathView) -> Vec<Missed> {
    let PathView { path, people, messages, set_aside, .. } = view;
    let left = |message: &&Message| failed(message) && !set_aside.contains(&message.content.id);
    let mut found = Vec::new();
    for person in people.iter().filter(|person| person.active && !person.address_refused && path.stands(person.id)) {
        let Some(email) = &person.contact.email else { continue };
        let to = |message: &&Message| {
            message.content.to.role == person.role && message.content.to.name == person.contact.name
        };
        let mut last: Vec<&Message> = Vec::new();
        let mut own: Vec<&Message> = messages.iter().filter(to).collect();
        own.sort_by_key(|message| message.seq);
        for message in own {
            last.retain(|earlier| !copies(earlier, message));
            last.push(message);
        }
        // The next reminder says what is due by then.
        let said = last.into_iter().filter(left).filter(|message| message.content.reminds.is_none());
        let messages: Vec<MessageId> = said.map(|message| message.content.id).collect();
        if !messages.is_empty() {
            found.push(Missed { name: person.contact.name.clone(), email: email.clone(), messages });
        }
    }
    found
}

/// To whom a copy of a message goes now: the same person at the address on file, or, once that was corrected, the one who
/// stands in their place under the same name. Someone else was told by a message of their own.
async fn reader(tx: &Tx, to: &Recipient) -> Result<Option<Recipient>, AppError> {
    let at = |email| Recipient { email, ..to.clone() };
    let id = match (to.person, to.account) {
        (Some(id), _) => id,
        (None, Some(account)) => {
            let account = tx.account(account).await?.filter(|account| account.active);
            return Ok(account.map(|account| at(account.email)));
        }
        (None, None) => return Ok(Some(to.clone())),
    };
    let Some(person) = tx.person(id).await? else { return Ok(None) };
    if person.active {
        return Ok(person.contact.email.map(at));
    }
    let Some(stored) = tx.path_by_id(person.path).await? else { return Ok(None) };
    let people = tx.people(person.path).await?;
    let successor = people.into_iter().find(|other| {
        other.active && other.role == to.role && other.contact.name == to.name && stored.path.stands(other.id)
    });
    Ok(successor.and_then(|other| Some(Recipient { person: Some(other.id), ..at(other.contact.email?) })))
}

impl App {
    /// Messages of a choice that the reader sees, the last queued first, and whether there are more.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn message_log(
        &self,
        actor: &Actor,
        choice: &MessageChoice,
    ) -> Result<(Vec<LoggedMessage>, bool), AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let seen = lots_seen(&book, actor)?;
        let mut filter = MessageFilter {
            kind: choice.kind.clone(),
            states: choice.states.clone(),
            role: choice.role,
            subject: choice.text.clone(),
            within: seen.zip(body_seen(actor)).map(|(lots, body)| Within { lots, body, account: actor.account() }),
            queued_from: choice.from.map(|day| at_paris(day, 0, 0)),
            queued_until: choice.until.map(end_of_day),
            before: choice.before,
            limit: Some(u64::try_from(choice.limit).unwrap_or(u64::MAX).saturating_add(1)),
            ..MessageFilter::default()
        };
        if let Some(typed) = &choice.reference {
            match (PathReference::parse(typed), OrderReference::parse(typed), Siret::parse(typed)) {
                (Ok(reference), _, _) => match tx.path_by_reference(&reference).await? {
                    Some(stored) => filter.path = Some(stored.path.id),
                    None => return Ok((Vec::new(), false)),
                },
                (_, Ok(reference), _) => match tx.order_by_reference(&reference).await? {
                    Some(stored) => filter.order = Some(stored.order.id),
                    None => return Ok((Vec::new(), false)),
                },
                (_, _, Ok(siret)) => {
                    let asked = PathFilter { siret: Some(siret), limit: u64::MAX, ..PathFilter::default() };
                    let lines = tx.list_paths(&Self::allowed(&book, actor, &asked)?).await?;
                    filter.paths = Some(lines.into_iter().map(|line| line.id).collect());
                }
                (Err(_), Err(_), Err(_)) => return Ok((Vec::new(), false)),
            }
        }
        let mut found = Vec::new();
        let mut known = Known::default();
        loop {
            let page = tx.messages(&filter).await?;
            let Some(last) = page.last().map(|message| message.seq) else { break };
            known.load(&tx, &page).await?;
            for message in page {
                if let Some(logged) = about(&tx, actor, message, &mut known).await? {
                    found.push(logged);
                }
            }
            if found.len() > choice.limit {
                break;
            }
            filter.before = Some(last);
        }
        let more = found.len() > choice.limit;
        found.truncate(choice.limit);
        Ok((found, more))
    }

    /// The kinds of messages that were ever queued.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn message_kinds(&self) -> Result<Vec<String>, AppError> {
        let tx = self.store().begin_read().await?;
        Ok(tx.message_kinds().await?)
    }

    /// The first messages that did not arrive and wait for someone on the reader's side, oldest first, and how many there are.
    ///
    /// # Errors
    /// The reader is outside; the store does not answer.
    pub async fn failed_messages(
        &self,
        actor: &Actor,
        limit: u64,
    ) -> Result<(Vec<(Task, LoggedMessage)>, u64), AppError> {
        let tx = self.store().begin_read().await?;
        let (filter, withheld) = (tasks_of(actor)?, withheld(actor));
        let in_all = tx.count_message_tasks(&filter, withheld.as_ref()).await?;
        let tasks = tx.message_tasks(&filter, withheld.as_ref(), limit).await?;
        let ids = tasks.iter().filter_map(|task| task.about.message).collect();
        let messages = tx.messages(&MessageFilter { ids: Some(ids), ..MessageFilter::default() }).await?;
        let mut known = Known::default();
        known.load(&tx, &messages).await?;
        let mut failed = Vec::new();
        for task in tasks {
            let message = messages.iter().find(|message| Some(message.content.id) == task.about.message);
            let Some(message) = message.cloned() else { continue };
            if let Some(logged) = about(&tx, actor, message, &mut known).await? {
                failed.push((task, logged));
            }
        }
        Ok((failed, in_all))
    }

    /// One message with its life.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this reader.
    pub async fn message_page(&self, actor: &Actor, id: MessageId) -> Result<MessageView, AppError> {
        let tx = self.store().begin_read().await?;
        let message = tx.message(id).await?.ok_or(AppError::NotFound)?;
        let logged = about(&tx, actor, message.clone(), &mut Known::default()).await?.ok_or(AppError::NotFound)?;
        let event = message.content.about.event;
        let cause = match (event, message.content.about.path, message.content.about.order) {
            (Some(event), Some(path), _) => {
                let events = tx.path_events(path).await?;
                events.into_iter().find(|known| known.id == event).map(|known| Cause::Path(Box::new(known)))
            }
            (Some(event), None, Some(order)) => {
                let events = tx.order_events(order).await?;
                events.into_iter().find(|known| known.id == event).map(|known| Cause::Order(Box::new(known)))
            }
            (_, None, None) | (None, _, _) => None,
        };
        let same_event = match event {
            Some(event) => tx.messages(&MessageFilter { event: Some(event), ..MessageFilter::default() }).await?,
            None => Vec::new(),
        };
        let order_of_body = actor.side() == Some(Side::Body) && message.content.about.path.is_none();
        let (again_rows, others): (Vec<Message>, Vec<Message>) =
            same_event.into_iter().filter(|other| other.content.id != id).partition(|other| copies(&message, other));
        let (again, reader) = self.again(&tx, actor, &message, &again_rows).await?;
        let ids = again_rows.iter().map(|copy| copy.content.id).chain([id]).collect();
        let tasks = tx.tasks(&TaskFilter { messages: Some(ids), with_done: true, ..TaskFilter::default() }).await?;
        Ok(MessageView {
            settled: tasks.iter().filter(|task| task.about.message == Some(id)).filter_map(settled).collect(),
            to_settle: settles(actor, &message) && failed(&message) && tasks.iter().any(|task| task.done.is_none()),
            logged,
            cause,
            others: others.into_iter().filter(|_| !order_of_body).map(masked).collect(),
            copies: again_rows.into_iter().map(masked).collect(),
            again,
            address: reader.map(|reader| reader.email.to_string()),
        })
    }

    /// Whether a copy may leave now, and to whom.
    async fn again(
        &self,
        tx: &Tx,
        actor: &Actor,
        message: &Message,
        copies: &[Message],
    ) -> Result<(Again, Option<Recipient>), AppError> {
        if ACCOUNTS.contains(&message.content.kind.as_str()) {
            return Ok((Again::OfAccount, None));
        }
        if !settles(actor, message) {
            return Ok((Again::NotYours, None));
        }
        let Some(reader) = reader(tx, &message.content.to).await? else { return Ok((Again::NoRecipient, None)) };
        let all = || std::iter::once(message).chain(copies);
        if all().any(|copy| matches!(copy.state, MessageState::Queued | MessageState::Sending)) {
            return Ok((Again::Waiting, Some(reader)));
        }
        let now = tx.now().await?;
        // One that came back reached nobody: it has no such instant, and keeps nobody waiting.
        let last = all().filter_map(|copy| copy.sent_at).max();
        let apart = TimeDelta::from_std(self.settings().resends_apart).unwrap_or(TimeDelta::MAX);
        let again = match last {
            Some(last) if now - last < apart => Again::TooSoon { last, until: last + apart },
            Some(_) | None => Again::May,
        };
        Ok((again, Some(reader)))
    }

    /// Queues a copy of a message, with a rank of its own, for a reason that is kept; the tasks of its failure are done.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this actor; [`AppError::Forbidden`] for a role that only reads;
    /// [`AppError::Invalid`] without a reason.
    pub async fn resend(&self, actor: &Actor, id: MessageId, reason: &str) -> Result<Resend, AppError> {
        let reason = given(reason)?;
        let tx = self.store().begin_write().await?;
        let (message, others) = with_copies(&tx, actor, id).await?;
        let reader = match self.again(&tx, actor, &message, &others).await? {
            (Again::NotYours, _) => return Err(AppError::Forbidden),
            (Again::May, Some(reader)) => reader,
            (again, _) => return Ok(Resend::Not(again)),
        };
        let now = tx.now().await?;
        let ranks =
            others.iter().map(|copy| (copy.content.rank, copy.content.link.as_ref().map_or(0, |link| link.rank)));
        let (rank, link_rank) =
            ranks.fold((message.content.rank, 0), |most, copy| (most.0.max(copy.0), most.1.max(copy.1)));
        let mut again = message.content.clone();
        again.id = MessageId::new(new_id());
        again.rank = rank + 1;
        // Somebody asks for it now: it neither waits for the morning nor is read again.
        again.reminds = None;
        again.priority = Priority::Decision;
        again.to = reader;
        let cause = again.about.event.map_or(id.uuid(), EventId::uuid);
        again.message_id = message_id(&cause.to_string(), again.to.email.as_ref(), again.rank, self.host());
        if let Some(link) = &mut again.link {
            link.rank = link.rank.max(link_rank) + 1;
            // At least until the end of what it asks, as the first one.
            link.expires_at = link.expires_at.max(self.link_expiry(None, now));
        }
        let new = again.id;
        tx.queue(&[again], now).await?;
        settle(&tx, actor, &message, &others, Settlement::SentAgain, reason, now).await?;
        tx.commit().await?;
        tracing::info!(message.id = %new, message.first = %id, "message sent again");
        Ok(Resend::Queued(new))
    }

    /// Sets aside a message that did not arrive, for a reason that is kept: the tasks of its failure are done, and nothing
    /// leaves. False when nobody had anything to do about it.
    ///
    /// # Errors
    /// As [`App::resend`].
    pub async fn set_aside(&self, actor: &Actor, id: MessageId, reason: &str) -> Result<bool, AppError> {
        let reason = given(reason)?;
        let tx = self.store().begin_write().await?;
        let (message, others) = with_copies(&tx, actor, id).await?;
        if !settles(actor, &message) {
            return Err(AppError::Forbidden);
        }
        let now = tx.now().await?;
        if !failed(&message) || !settle(&tx, actor, &message, &others, Settlement::SetAside, reason, now).await? {
            return Ok(false);
        }
        tx.commit().await?;
        tracing::info!(message.id = %id, "message set aside");
        Ok(true)
    }
}

/// The reason that somebody gives.
fn given(reason: &str) -> Result<&str, AppError> {
    let reason = reason.trim();
    let problem = if reason.is_empty() {
        FieldProblem::Missing
    } else if reason.chars().count() > REASON {
        FieldProblem::TooLong { max: REASON }
    } else {
        return Ok(reason);
    };
    Err(AppError::Invalid(vec![FieldError { field: "reason".to_owned(), problem }]))
}

/// Whether somebody who sees a message does something of it: sends it again, or sets it aside.
fn settles(actor: &Actor, message: &Message) -> bool {
    match actor.side() {
        Some(Side::Region) => true,
        Some(Side::Body) => message.content.about.path.is_some(),
        Some(Side::Finance | Side::Company | Side::Trainee | Side::Tutor | Side::System) | None => false,
    }
}

/// A message that the actor sees, and its copies.
async fn with_copies(tx: &Tx, actor: &Actor, id: MessageId) -> Result<(Message, Vec<Message>), AppError> {
    let message = tx.message(id).await?.ok_or(AppError::NotFound)?;
    about(tx, actor, message.clone(), &mut Known::default()).await?.ok_or(AppError::NotFound)?;
    let content = &message.content;
    let same = MessageFilter {
        path: content.about.path,
        order: content.about.order,
        event: content.about.event,
        account: content.to.account,
        kind: Some(content.kind.clone()),
        titled: (content.about == About::default()).then(|| content.subject.clone()),
        ..MessageFilter::default()
    };
    let mut others = tx.messages(&same).await?;
    others.retain(|other| other.content.id != id && copies(&message, other));
    Ok((message, others))
}

/// Ends the tasks of the failure of a message and of its copies, and keeps the reason as something done; whether there were any.
async fn settle(
    tx: &Tx,
    actor: &Actor,
    message: &Message,
    others: &[Message],
    how: Settlement,
    reason: &str,
    now: Instant,
) -> Result<bool, AppError> {
    let all = || others.iter().chain([message]);
    let ids = all().map(|copy| copy.content.id).collect();
    let of_all = TaskFilter { messages: Some(ids), ..TaskFilter::default() };
    let failures = tx.tasks(&of_all).await?.len();
    // Of one copy it is said what was done of it; none of those that did not arrive is to be sent again.
    let concerned = all().filter(|copy| match how {
        Settlement::SentAgain => copy.content.id == message.content.id,
        Settlement::SetAside => failed(copy),
    });
    let kept = concerned.map(|copy| NewTask {
        path: copy.content.about.path,
        order: copy.content.about.order,
        message: Some(copy.content.id),
        side: actor.side().unwrap_or(Side::Region),
        body: None,
        kind: how.kind().to_owned(),
        detail: reason.to_owned(),
    });
    tx.insert_tasks(&kept.collect::<Vec<_>>(), now).await?;
    for task in tx.tasks(&of_all).await? {
        tx.finish_task(task.id, actor.name(), now).await?;
    }
    Ok(failures > 0)
}

/// What a task keeps of what somebody did.
fn settled(task: &Task) -> Option<Settled> {
    let how = Settlement::of(task)?;
    let (at, by) = task.done.clone()?;
    Some(Settled { how, by, at, reason: task.about.detail.clone() })
}

/// The messages of a path that were set aside.
pub(crate) async fn set_aside(tx: &Tx, path: PathId) -> Result<Vec<MessageId>, AppError> {
    let filter =
        TaskFilter { path: Some(path), kind: Some(SET_ASIDE.to_owned()), with_done: true, ..TaskFilter::default() };
    Ok(tx.tasks(&filter).await?.into_iter().filter_map(|task| task.about.message).collect())
}

impl App {
    /// Sends again, for one reason, what the people of a path missed; how many messages leave.
    ///
    /// # Errors
    /// As [`App::resend`] and [`App::path`].
    pub async fn resend_missed(
        &self,
        actor: &Actor,
        reference: &PathReference,
        reason: &str,
    ) -> Result<usize, AppError> {
        let view = self.path(actor, reference).await?;
        let mut queued = 0;
        for id in missed(&view).into_iter().flat_map(|missed| missed.messages) {
            queued += usize::from(matches!(self.resend(actor, id, reason).await?, Resend::Queued(_)));
        }
        Ok(queued)
    }
}

/// Messages about the account of somebody: a password, an address.
pub(crate) const ACCOUNTS: &[&str] = &["account_invitation", "address_changed", "password_reset"];

/// Whether somebody reads what is said of an account: its owner, and those who keep the accounts.
fn keeps_accounts(actor: &Actor, owner: Option<AccountId>) -> bool {
    match actor {
        Actor::Staff { account, role, .. } => *role == StaffRole::Administrator || owner == Some(*account),
        Actor::Outside { .. } | Actor::System => false,
    }
}

/// The messages about accounts that a reader is not told of.
pub(crate) fn withheld(actor: &Actor) -> Option<Withheld> {
    let but = match actor {
        Actor::Staff { role: StaffRole::Administrator, .. } => return None,
        Actor::Staff { account, .. } => Some(*account),
        Actor::Outside { .. } | Actor::System => None,
    };
    Some(Withheld { kinds: ACCOUNTS, but })
}

/// What messages are about, read once.
#[derive(Default)]
struct Known {
    paths: HashMap<PathId, Path>,
    orders: HashMap<OrderId, PurchaseOrder>,
}

impl Known {
    /// Reads the paths of messages in one statement.
    async fn load(&mut self, tx: &Tx, messages: &[Message]) -> Result<(), AppError> {
        let ids = messages.iter().filter_map(|message| message.content.about.path);
        let mut ids: Vec<PathId> = ids.filter(|id| !self.paths.contains_key(id)).collect();
        ids.sort_unstable();
        ids.dedup();
        if !ids.is_empty() {
            let stored = tx.paths_by_ids(&ids).await?;
            self.paths.extend(stored.into_iter().map(|stored| (stored.path.id, stored.path)));
        }
        Ok(())
    }
}

/// A message with what it is about; none when the reader does not see it.
async fn about(tx: &Tx, actor: &Actor, message: Message, known: &mut Known) -> Result<Option<LoggedMessage>, AppError> {
    let content = &message.content;
    let path = match content.about.path {
        Some(id) => {
            if !known.paths.contains_key(&id)
                && let Some(stored) = tx.path_by_id(id).await?
            {
                known.paths.insert(id, stored.path);
            }
            known.paths.get(&id)
        }
        None => None,
    };
    let order = match content.about.order {
        Some(id) => {
            if !known.orders.contains_key(&id)
                && let Some(stored) = tx.order_by_id(id).await?
            {
                known.orders.insert(id, stored.order);
            }
            known.orders.get(&id)
        }
        None => None,
    };
    let body = actor.side() == Some(Side::Body);
    let visible = match (path, order) {
        (Some(path), _) => sees(actor, path),
        (None, Some(order)) => crate::orders::sees(actor, order) && (!body || content.to.role == RecipientRole::Body),
        (None, None) if ACCOUNTS.contains(&content.kind.as_str()) => keeps_accounts(actor, content.to.account),
        (None, None) if body => content.to.account.is_some() && content.to.account == actor.account(),
        (None, None) => !matches!(actor, Actor::Outside { .. }),
    };
    if !visible {
        return Ok(None);
    }
    let outside = matches!(content.to.role, RecipientRole::Company | RecipientRole::Tutor | RecipientRole::Trainee);
    let corrigible =
        outside && path.is_some_and(|path| available(path, actor).contains(&Step::Act(Act::ChangeContact)));
    Ok(Some(LoggedMessage {
        path: path.map(|path| path.reference.clone()),
        order: order.map(|order| order.reference.clone()),
        corrigible,
        message: masked(message),
    }))
}
