//! The outbox: queueing what a step calls for, and handing one message after the other to the transport.
//!
//! A message is claimed alone, by the store's clock, with a token that fences late writers. Everything temporary is tried
//! again with a growing, jittered delay; a refusal of the address is final for that address and becomes a task; a message
//! given up becomes a task. The link is computed when the message leaves and is nowhere in the store.

use std::time::Duration;

use chrono::TimeDelta;
use domain::calendar::{end_of_day, paris_day};
use domain::delegation::StandIn;
use domain::identifiers::{EventId, LotCode, MessageId};
use domain::market::Market;
use domain::order::PurchaseOrder;
use domain::path::Path;
use domain::path::command::RequestKind;
use domain::people::{Account, RecipientRole, Side};
use domain::places::{PlaceAlert, Places};
use domain::proposal::Proposal;
use domain::told::{Addressed, Directory, Told, in_charge, of_accounts};
use domain::{Day, Instant};
use notifier::emails::{Composed, LinkPurpose};
use notifier::envelope::{
    Correspondent, LINK_MARKER, Link, Links, Outgoing, PERSONAL_DATA_MARKER, message_id, thread_id,
};
use notifier::transport::{DeliveryError, Transport, Verdict};
use persistence::{
    About, ClaimedMessage, Claiming, Message, MessageState, NewLink, NewMessage, NewTask, Priority, Recipient, Reminds,
    StoreError, Tx,
};
use uuid::Uuid;
use wording::addresses;

use crate::book::Book;
use crate::plan::Plan;
use crate::standing::{MOOT, Standing};
use crate::{App, AppError, new_id};

/// Delays between attempts at a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// First delay; each further one doubles it.
    pub base: Duration,
    /// Longest delay.
    pub cap: Duration,
    /// Random part of a delay, in percent either way.
    pub jitter_percent: u32,
    /// After this long since it was queued, a message is given up and becomes a task.
    pub give_up: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            base: Duration::from_secs(60),
            cap: Duration::from_secs(3600),
            jitter_percent: 20,
            give_up: Duration::from_secs(5 * 24 * 3600),
        }
    }
}

impl RetryPolicy {
    /// The delay after so many attempts; `chance` in [0, 1[ chooses within the jitter.
    fn delay(&self, attempts: u32, chance: f64) -> TimeDelta {
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1).min(20)));
        let delay = doubled.min(self.cap).as_secs_f64();
        let jitter = f64::from(self.jitter_percent) / 100.0;
        let seconds = delay * (1.0 + jitter * (2.0 * chance - 1.0));
        TimeDelta::milliseconds((seconds * 1000.0) as i64)
    }

    /// The longest delay this policy ever gives.
    fn longest(&self) -> TimeDelta {
        self.delay(30, 1.0)
    }
}

/// What became of the messages handed over in one go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliveryReport {
    pub sent: u32,
    pub retried: u32,
    pub refused: u32,
    pub failed: u32,
    /// Reminders put off to the end of quiet hours.
    pub put_off: u32,
    /// Reminders of what is not due any more.
    pub kept_back: u32,
}

impl DeliveryReport {
    /// Messages that left the queue for good or for a while.
    pub fn total(&self) -> u32 {
        self.sent + self.retried + self.refused + self.failed + self.put_off + self.kept_back
    }
}

/// What a turn at the queue gave.
enum Claimed {
    Nothing,
    /// A reminder that does not leave now.
    Settled,
    ToSend(Box<ClaimedMessage>),
}

/// What messages are about, for their thread, their identifiers and their links.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub about: About,
    pub reference: String,
    pub page: String,
    pub lot: LotCode,
    pub coordinator: Option<domain::identifiers::AccountId>,
    /// What the identifiers of the messages derive from.
    pub cause: Uuid,
    pub rank: u32,
    pub priority: Priority,
    /// Last day of what is asked: its link lives at least until then.
    pub due_on: Option<Day>,
    pub reminds: Option<Reminds>,
}

/// Whose message it is: two people may share a mailbox, and each has their own.
fn mailbox(to: &Addressed) -> String {
    to.person.map_or_else(|| to.email.to_string(), |person| format!("{} {}", to.email, person.uuid()))
}

impl Subject {
    pub(crate) fn path(path: &Path, cause: Uuid) -> Self {
        Self {
            about: About { path: Some(path.id), order: None, event: Some(EventId::new(cause)) },
            reference: path.reference.to_string(),
            page: addresses::path(&path.reference),
            lot: path.lot.clone(),
            coordinator: path.coordinator,
            cause,
            rank: 0,
            priority: Priority::Decision,
            due_on: None,
            reminds: None,
        }
    }

    pub(crate) fn order(order: &PurchaseOrder, cause: Uuid) -> Self {
        Self {
            about: About { path: None, order: Some(order.id), event: Some(EventId::new(cause)) },
            reference: order.reference.to_string(),
            page: addresses::order(&order.reference),
            lot: order.lot.clone(),
            coordinator: None,
            cause,
            rank: 0,
            priority: Priority::Decision,
            due_on: None,
            reminds: None,
        }
    }

    /// A need that someone outside reports: of no path, even once one is opened from it.
    pub(crate) fn proposal(proposal: &Proposal, cause: Uuid) -> Self {
        Self {
            about: About::default(),
            reference: format!("signalement-{}", proposal.id),
            page: addresses::proposal(proposal.id),
            lot: proposal.lot.clone(),
            coordinator: None,
            cause,
            rank: 0,
            priority: Priority::Decision,
            due_on: None,
            reminds: None,
        }
    }
}

/// The purpose of a link as the store keeps it.
pub(crate) fn purpose_text(purpose: &LinkPurpose) -> Option<String> {
    match purpose {
        LinkPurpose::Answer(request, version) => Some(format!("{request}:{version}")),
        LinkPurpose::Follow => Some("follow".to_owned()),
        LinkPurpose::Password => Some(crate::passwords::PURPOSE.to_owned()),
        LinkPurpose::Need(proposal) => Some(crate::needs::purpose(*proposal)),
        LinkPurpose::Staff => None,
    }
}

/// What a stored purpose asks, and the version it was bound to.
pub(crate) fn purpose_of(text: &str) -> Option<(RequestKind, u32)> {
    let (request, version) = text.split_once(':')?;
    Some((request.parse().ok()?, version.parse().ok()?))
}

impl App {
    /// Queues messages in the transaction of what causes them.
    pub(crate) async fn queue(
        &self,
        tx: &Tx,
        book: &Book,
        subject: &Subject,
        market: &Market,
        messages: &[(Addressed, Composed)],
        now: Instant,
    ) -> Result<(), AppError> {
        if messages.is_empty() {
            return Ok(());
        }
        // Who answers for the path: its coordinator, or who stands in for them.
        let coordinator = subject.coordinator.and_then(|id| book.present(id, paris_day(now)));
        let coordinator = coordinator.filter(|account| account.active);
        let informed: Vec<_> = messages.iter().filter(|(_, it)| it.informs).filter_map(|(to, _)| to.person).collect();
        tx.mark_informed(&informed, paris_day(now), now).await?;
        let rows: Vec<NewMessage> = messages
            .iter()
            .map(|(to, composed)| self.row(coordinator.as_ref(), subject, market, to, composed, now))
            .collect();
        Ok(tx.queue(&rows, now).await?)
    }

    /// A message as the outbox takes it.
    pub(crate) fn row(
        &self,
        coordinator: Option<&Account>,
        subject: &Subject,
        market: &Market,
        to: &Addressed,
        composed: &Composed,
        now: Instant,
    ) -> NewMessage {
        let holder = market.lot(&subject.lot).map(|lot| &lot.holder);
        let (reply_to_name, reply_to_email) = match (coordinator, holder) {
            (Some(account), _) => (account.name.clone(), account.email.clone()),
            (None, Some(holder)) => (holder.name.clone(), holder.email.clone()),
            (None, None) => (to.name.clone(), to.email.clone()),
        };
        let link = purpose_text(&composed.link).map(|purpose| NewLink {
            purpose,
            expires_at: self.link_expiry(subject.due_on.max(composed.until), now),
            rank: subject.rank,
        });
        // Pages that are no secret have their address in the stored text: that of the staff, that on personal data.
        let address = |page: &str| addresses::absolute(&self.settings().public_url, page);
        let place = |text: &str| {
            let text = text.replace(PERSONAL_DATA_MARKER, &address(addresses::PERSONAL_DATA));
            if link.is_some() { text } else { text.replace(LINK_MARKER, &address(&subject.page)) }
        };
        NewMessage {
            id: MessageId::new(new_id()),
            about: subject.about,
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
            subject: composed.subject.clone(),
            text: place(&composed.text),
            html: place(&composed.html),
            calendar: composed.calendar.clone(),
            message_id: message_id(&subject.cause.to_string(), &mailbox(to), subject.rank, self.host()),
            thread: thread_id(&subject.reference, self.host()),
            rank: subject.rank,
            priority: subject.priority,
            link,
            reminds: subject.reminds.clone(),
        }
    }

    /// A link lives as long as the setting says, and at least until the end of what it asks.
    pub(crate) fn link_expiry(&self, due_on: Option<Day>, now: Instant) -> Instant {
        let usual = paris_day(now) + TimeDelta::days(i64::from(self.settings().link_days));
        end_of_day(due_on.map_or(usual, |due| due.max(usual)))
    }

    pub(crate) async fn queue_place_alert(
        &self,
        tx: &Tx,
        plan: &Plan,
        places: &Places,
        alert: PlaceAlert,
        now: Instant,
    ) -> Result<(), AppError> {
        let market = &plan.terms().market;
        let Some(lot) = market.lot(&plan.after.lot) else { return Ok(()) };
        let officers = in_charge(&plan.book.officers, &plan.after);
        let stand_ins = plan.book.stand_ins(paris_day(now));
        let mut told = of_accounts(RecipientRole::Region, Told::Message, officers, &stand_ins);
        told.push(Addressed::holder(Told::Message, &lot.holder));
        let messages: Vec<_> = told
            .into_iter()
            .map(|to| {
                let composed = notifier::emails::place_alert(lot, places, alert, &to, &plan.book.texts);
                (to, composed)
            })
            .collect();
        let mut subject = Subject::path(&plan.after, new_id());
        subject.about.event = plan.recorded.last().map(|recorded| recorded.id);
        subject.reference = format!("lot-{}-{}", lot.code, places.year);
        subject.page = addresses::lot(&lot.code);
        self.queue(tx, &plan.book, &subject, market, &messages, now).await
    }

    /// Delivers what is due, one message at a time, until nothing is or `limit` messages were handled.
    ///
    /// # Errors
    /// The store does not answer; a message in hand then leaves again after its lease.
    pub async fn deliver(&self, transport: &Transport, limit: u32) -> Result<DeliveryReport, AppError> {
        let mut report = DeliveryReport::default();
        while report.total() < limit && self.deliver_next(transport, &mut report).await? {}
        Ok(report)
    }

    /// Delivers one message; false when none is due.
    ///
    /// # Errors
    /// As [`App::deliver`].
    pub async fn deliver_next(&self, transport: &Transport, report: &mut DeliveryReport) -> Result<bool, AppError> {
        let claimed = match self.claim(report).await? {
            Claimed::Nothing => return Ok(false),
            Claimed::Settled => return Ok(true),
            Claimed::ToSend(claimed) => *claimed,
        };
        self.deliver_one(transport, claimed, report).await?;
        Ok(true)
    }

    async fn claim(&self, report: &mut DeliveryReport) -> Result<Claimed, AppError> {
        let settings = self.settings();
        let claiming = Claiming {
            lease: TimeDelta::from_std(settings.lease).unwrap_or(TimeDelta::minutes(2)),
            longest_backoff: settings.retry.longest(),
        };
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let Some(claimed) = tx.claim_one(now, &claiming).await? else {
            tx.rollback().await?;
            return Ok(Claimed::Nothing);
        };
        let settled = match self.standing(&tx, &claimed.message, now).await? {
            Standing::Leaves => Claimed::ToSend(Box::new(claimed)),
            Standing::NotBefore(allowed) => {
                // No further ahead than a retry: the store takes what is for a clock that was set back.
                tx.put_off(&claimed, allowed.min(now + claiming.longest_backoff)).await?;
                report.put_off += 1;
                Claimed::Settled
            }
            Standing::Moot => {
                tx.keep_back(&claimed.claim, MOOT).await?;
                report.kept_back += 1;
                tracing::info!(message.id = %claimed.message.content.message_id, "a reminder of what is not due any more is kept back");
                Claimed::Settled
            }
        };
        tx.commit().await?;
        Ok(settled)
    }

    async fn deliver_one(
        &self,
        transport: &Transport,
        ClaimedMessage { claim, message }: ClaimedMessage,
        report: &mut DeliveryReport,
    ) -> Result<(), AppError> {
        let delivered = match self.ready(&message) {
            Ok(outgoing) => transport.deliver(&outgoing).await,
            Err(error) => Err(error),
        };
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        match delivered {
            Ok(_) => {
                tx.mark_sent(&claim, now).await?;
                report.sent += 1;
            }
            Err(error) => {
                let reason = error.to_string();
                let retry = &self.settings().retry;
                let old = now - message.queued_at > TimeDelta::from_std(retry.give_up).unwrap_or(TimeDelta::MAX);
                match (error.verdict(), &error) {
                    (Verdict::GiveUp, DeliveryError::Refused { .. }) => {
                        let task = failure_task(&tx, &message, "message_refused", &reason).await?;
                        tx.mark_refused(&claim, &reason, &task, now).await?;
                        report.refused += 1;
                    }
                    (Verdict::Retry, _) if !old => {
                        let due = now + retry.delay(message.attempts.max(1), chance());
                        tx.mark_temporary(&claim, &reason, due).await?;
                        report.retried += 1;
                    }
                    (Verdict::GiveUp | Verdict::Retry, _) => {
                        let task = failure_task(&tx, &message, "message_failed", &reason).await?;
                        tx.mark_failed(&claim, &reason, &task, now).await?;
                        report.failed += 1;
                    }
                }
                tracing::warn!(message.id = %message.content.message_id, message.kind = %message.content.kind, reason, "message not delivered");
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// The text of a message as its recipient reads it, and the address of its link: for a demo that has no mail server.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn as_received(&self, id: MessageId) -> Result<(String, Option<String>), AppError> {
        let tx = self.store().begin_read().await?;
        let message = tx.message(id).await?.ok_or(AppError::NotFound)?;
        let link = message
            .content
            .link_token(self.store().keys())
            .map(|token| addresses::absolute(&self.settings().public_url, &page_of(&message, &token)));
        Ok((self.ready(&message).map_or(message.content.text, |ready| ready.text), link))
    }

    /// The message with its links, ready to leave.
    fn ready(&self, message: &Message) -> Result<Outgoing, DeliveryError> {
        let settings = self.settings();
        let content = &message.content;
        let link = |address: String| Link::new(&addresses::absolute(&settings.public_url, &address));
        let token = content.link_token(self.store().keys());
        let outgoing = Outgoing {
            message_id: content.message_id.clone(),
            event_id: content.about.event.map_or_else(|| content.id.to_string(), |event| event.to_string()),
            thread: content.thread.clone(),
            from: Correspondent::new(settings.sender_name.clone(), settings.sender_address.clone()),
            to: Correspondent::new(content.to.name.clone(), content.to.email.to_string()),
            reply_to: Some(Correspondent::new(content.reply_to_name.clone(), content.reply_to_email.to_string())),
            subject: content.subject.clone(),
            text: content.text.clone(),
            html: content.html.clone(),
            calendar: content.calendar.clone(),
            list_unsubscribe: None,
            return_proof: Some(self.store().keys().return_proof(&content.message_id)),
            date: message.queued_at,
        };
        let action = token.as_ref().map(|token| link(page_of(message, token))).transpose()?;
        let opt_out = token.as_ref().filter(|_| outgoing.needs_opt_out());
        let opt_out = opt_out.map(|token| link(addresses::portal_reminders(token))).transpose()?;
        Ok(outgoing.with_links(&Links { action, opt_out })?)
    }

    /// How many messages stand in each state, with the instant of the oldest.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn outbox(&self) -> Result<Vec<(MessageState, u64, Instant)>, AppError> {
        let tx = self.store().begin_read().await?;
        Ok(tx.message_counts().await?)
    }
}

/// The page that the link of a message opens.
fn page_of(message: &Message, token: &str) -> String {
    match message.content.link.as_ref().map_or("", |link| link.purpose.as_str()) {
        crate::passwords::PURPOSE => addresses::new_password(token),
        purpose if crate::needs::proposal_of(purpose).is_some() => addresses::need_link(token),
        _ => addresses::portal(token),
    }
}

/// The task of a message that will not arrive: for the body that accompanies the path, else for the Region, which keeps the
/// addresses of accounts and holders.
pub(crate) async fn failure_task(tx: &Tx, message: &Message, kind: &str, reason: &str) -> Result<NewTask, AppError> {
    let content = &message.content;
    let path = match content.about.path {
        Some(id) => tx.path_by_id(id).await?,
        None => None,
    };
    let body = match content.to.role {
        RecipientRole::Company | RecipientRole::Trainee | RecipientRole::Tutor | RecipientRole::Candidate => {
            path.map(|stored| stored.path.holder)
        }
        RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance => None,
    };
    Ok(NewTask {
        path: content.about.path,
        order: content.about.order,
        message: Some(content.id),
        side: if body.is_some() { Side::Body } else { Side::Region },
        body,
        kind: kind.to_owned(),
        detail: format!("{} ({})", content.kind, reason),
    })
}

/// A random share for the jitter of retries.
fn chance() -> f64 {
    rand::random::<f64>()
}

/// Whether an error of the store only means that it is away for a while.
pub(crate) fn is_passing(error: &AppError) -> bool {
    matches!(error, AppError::Store(error) if error.is_retryable() || matches!(error, StoreError::OutcomeUnknown(_)))
}

/// Directory of a path's people for messages that no step causes.
pub(crate) fn directory<'a>(
    book: &'a Book,
    path: &Path,
    holder: &'a domain::market::Holder,
    people: &'a [domain::people::Person],
    stand_ins: &'a [StandIn],
) -> Directory<'a> {
    Directory {
        coordinator: path.coordinator.and_then(|id| book.account(id)),
        holder,
        officers: &book.officers,
        people,
        stand_ins,
    }
}
