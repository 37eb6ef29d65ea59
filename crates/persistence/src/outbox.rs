//! The outbox: messages are queued in the transaction of what causes them, and leave it one at a time.
//!
//! - A message is claimed with a lease and a fencing token of its own. Whoever claims later has another token, so a
//!   process that was frozen beyond its lease changes nothing any more.
//! - Order comes from priority and from the sequence, never from a clock. A retry or a lease further ahead than any may
//!   be counts as past, so that a clock that was set back freezes nothing. Messages are due now or at a retry: what waits
//!   for a civil day is a reminder, not a message.
//! - The link of a message is not in the store: its token is computed from the row, the row holds its hash.
//!
//! [`claim`] is the way of a message out of here, [`returned`] what is learnt of it afterwards; queueing and reading are in
//! this file.

mod claim;
mod returned;

use domain::clocks::Planned;
use domain::identifiers::{AccountId, BodyCode, EmailAddress, EventId, LotCode, MessageId, OrderId, PathId, PersonId};
use domain::people::RecipientRole;
use domain::{Day, Instant};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};
use uuid::Uuid;

pub use claim::{Claim, ClaimedMessage, Claiming};
pub use returned::{CameBack, Returned};

use crate::entities::{messages, paths, purchase_orders};
use crate::error::{Result, StoreError};
use crate::keys::{Keys, LinkClaims, token_hash};
use crate::rows::{Row, column};
use crate::tx::Tx;

/// Rows of one INSERT: far below the number of values that a statement may carry.
const ROWS_AT_ONCE: usize = 200;

/// Where a message is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    EnumString,
    Display,
    AsRefStr,
    IntoStaticStr,
    VariantNames,
)]
#[strum(serialize_all = "snake_case")]
pub enum MessageState {
    Queued,
    /// Claimed by a worker that has not said what became of it.
    Sending,
    Sent,
    /// Refused for good by the server of the recipient.
    Refused,
    /// Given up after too many temporary failures.
    Failed,
    /// Kept back by an operator.
    Held,
}

/// Which messages leave first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Priority {
    /// Someone waits in front of a page.
    AccessCode = 0,
    Decision = 1,
    Reminder = 2,
}

/// What a message is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct About {
    pub path: Option<PathId>,
    pub order: Option<OrderId>,
    pub event: Option<EventId>,
}

/// To whom a message goes, copied when it is queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    pub role: RecipientRole,
    pub person: Option<PersonId>,
    pub account: Option<AccountId>,
    pub name: String,
    pub email: EmailAddress,
}

/// The personal link of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLink {
    /// What is asked: the page behind the link asks this and nothing else.
    pub purpose: String,
    pub expires_at: Instant,
    /// Renewals so far.
    pub rank: u32,
}

/// What a reminder reminds of: it leaves only while that is still due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reminds {
    /// A clock of its path.
    Clock(Planned),
    /// A payment of its order, by the number it has in Chorus Pro.
    Payment { number: String, due_on: Day },
}

/// A message to queue. Its texts are final, but for the link that is put in when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    pub id: MessageId,
    pub about: About,
    pub kind: String,
    pub to: Recipient,
    pub reply_to_name: String,
    pub reply_to_email: EmailAddress,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub calendar: Option<String>,
    /// The `Message-ID`, derived from event, recipient and rank.
    pub message_id: String,
    /// The root of the thread of the path.
    pub thread: String,
    /// Times it was sent again on purpose.
    pub rank: u32,
    pub priority: Priority,
    pub link: Option<NewLink>,
    pub reminds: Option<Reminds>,
}

/// A message as it stands in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The order in which messages were queued.
    pub seq: i64,
    pub content: NewMessage,
    pub state: MessageState,
    pub attempts: u32,
    pub due_at: Instant,
    pub last_error: Option<String>,
    pub queued_at: Instant,
    pub sent_at: Option<Instant>,
    /// It had left, and came back.
    pub came_back: Option<CameBack>,
    pub link_revoked_at: Option<Instant>,
}

impl Message {
    /// When it left, whatever became of it then.
    pub fn left_at(&self) -> Option<Instant> {
        self.sent_at.or(self.came_back.map(|back| back.left_at))
    }
}

impl NewMessage {
    /// What its link is good for; `None` without a link.
    pub fn link_claims(&self) -> Option<LinkClaims<'_>> {
        let link = self.link.as_ref()?;
        let nobody = self.id.uuid();
        let recipient = self.to.person.map(PersonId::uuid).or(self.to.account.map(AccountId::uuid)).unwrap_or(nobody);
        let event = self.about.event.map_or(nobody, EventId::uuid);
        Some(LinkClaims { purpose: &link.purpose, event, recipient, expires_at: link.expires_at, rank: link.rank })
    }

    /// The secret token of its link, to be put into the text when it is sent, and nowhere else.
    pub fn link_token(&self, keys: &Keys) -> Option<String> {
        self.link_claims().map(|claims| keys.link_token(&claims))
    }

    fn row(&self, keys: &Keys, now: Instant) -> messages::ActiveModel {
        let link = self.link.as_ref();
        messages::ActiveModel {
            seq: sea_orm::NotSet,
            id: Set(self.id.uuid()),
            path_id: Set(self.about.path.map(PathId::uuid)),
            order_id: Set(self.about.order.map(OrderId::uuid)),
            event_id: Set(self.about.event.map(EventId::uuid)),
            kind: Set(self.kind.clone()),
            role: Set(self.to.role.to_string()),
            person_id: Set(self.to.person.map(PersonId::uuid)),
            account_id: Set(self.to.account.map(AccountId::uuid)),
            to_name: Set(self.to.name.clone()),
            to_email: Set(self.to.email.to_string()),
            reply_to_name: Set(self.reply_to_name.clone()),
            reply_to_email: Set(self.reply_to_email.to_string()),
            subject: Set(self.subject.clone()),
            text: Set(self.text.clone()),
            html: Set(self.html.clone()),
            calendar: Set(self.calendar.clone()),
            message_id: Set(self.message_id.clone()),
            thread: Set(self.thread.clone()),
            rank: Set(column(self.rank)),
            priority: Set(self.priority as i32),
            state: Set(MessageState::Queued.to_string()),
            attempts: Set(0),
            due_at: Set(now),
            lease_until: Set(None),
            lease_by: Set(None),
            last_error: Set(None),
            queued_at: Set(now),
            sent_at: Set(None),
            link_purpose: Set(link.map(|link| link.purpose.clone())),
            link_expires_at: Set(link.map(|link| link.expires_at)),
            link_rank: Set(link.map_or(0, |link| column(link.rank))),
            link_hash: Set(self.link_token(keys).map(|token| token_hash(&token))),
            link_revoked_at: Set(None),
            reminds: Set(self.reminds.as_ref().map(json)),
            left_at: Set(None),
            returned_at: Set(None),
        }
    }
}

impl TryFrom<messages::Model> for Message {
    type Error = StoreError;

    fn try_from(row: messages::Model) -> Result<Self> {
        let at = Row::new("messages", row.id);
        let link = match (row.link_purpose, row.link_expires_at) {
            (Some(purpose), Some(expires_at)) => {
                Some(NewLink { purpose, expires_at, rank: at.count("link_rank", row.link_rank)? })
            }
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(at.wrong("link_expires_at", "a link has a purpose and an expiry, or neither"));
            }
        };
        let came_back = match (row.left_at, row.returned_at) {
            (Some(left_at), Some(back)) => Some(CameBack { left_at, at: back }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(at.wrong("returned_at", "a message that came back had left"));
            }
        };
        let reminds = row.reminds.as_deref().map(serde_json::from_str);
        let reminds = at.read("reminds", reminds.transpose())?;
        let priority = [Priority::AccessCode, Priority::Decision, Priority::Reminder]
            .into_iter()
            .find(|priority| *priority as i32 == row.priority)
            .ok_or_else(|| at.wrong("priority", row.priority))?;
        Ok(Self {
            seq: row.seq,
            content: NewMessage {
                id: MessageId::new(row.id),
                about: About {
                    path: row.path_id.map(PathId::new),
                    order: row.order_id.map(OrderId::new),
                    event: row.event_id.map(EventId::new),
                },
                kind: row.kind,
                to: Recipient {
                    role: at.text("role", &row.role)?,
                    person: row.person_id.map(PersonId::new),
                    account: row.account_id.map(AccountId::new),
                    name: row.to_name,
                    email: at.text("to_email", &row.to_email)?,
                },
                reply_to_name: row.reply_to_name,
                reply_to_email: at.text("reply_to_email", &row.reply_to_email)?,
                subject: row.subject,
                text: row.text,
                html: row.html,
                calendar: row.calendar,
                message_id: row.message_id,
                thread: row.thread,
                rank: at.count("rank", row.rank)?,
                priority,
                link,
                reminds,
            },
            state: at.text("state", &row.state)?,
            attempts: at.count("attempts", row.attempts)?,
            due_at: row.due_at,
            last_error: row.last_error,
            queued_at: row.queued_at,
            sent_at: row.sent_at,
            came_back,
            link_revoked_at: row.link_revoked_at,
        })
    }
}

/// The messages of who sees the paths of one body only, and of orders what was sent to a body.
#[derive(Debug, Clone)]
pub struct Within {
    /// Of an empty list, only what is about no path and no order.
    pub lots: Vec<LotCode>,
    /// The body of their paths.
    pub body: BodyCode,
    pub account: Option<AccountId>,
}

/// Which messages to list; every part left out means all.
#[derive(Debug, Clone, Default)]
pub struct MessageFilter {
    pub ids: Option<Vec<MessageId>>,
    pub path: Option<PathId>,
    /// About one of these; an empty list shows nothing.
    pub paths: Option<Vec<PathId>>,
    pub order: Option<OrderId>,
    pub event: Option<EventId>,
    pub person: Option<PersonId>,
    pub account: Option<AccountId>,
    pub kind: Option<String>,
    pub states: Vec<MessageState>,
    pub role: Option<RecipientRole>,
    /// To one of these; an empty list is all.
    pub roles: Vec<RecipientRole>,
    /// Words of the subject, as they stand there.
    pub subject: Option<String>,
    /// The subject, to the letter.
    pub titled: Option<String>,
    /// Only messages about paths and orders of these lots, and those about neither to this account.
    pub within: Option<Within>,
    pub queued_from: Option<Instant>,
    pub queued_until: Option<Instant>,
    /// Only messages queued before this one: where the page before ended.
    pub before: Option<i64>,
    /// The size of the page.
    pub limit: Option<u64>,
}

impl Tx {
    /// Queues messages, in this order, in one statement.
    ///
    /// # Errors
    /// [`crate::Duplicate::MessageId`] when one of them was queued already.
    pub async fn queue(&self, new: &[NewMessage], now: Instant) -> Result<()> {
        for chunk in new.chunks(ROWS_AT_ONCE) {
            let rows = chunk.iter().map(|message| message.row(self.keys(), now));
            self.run(messages::Entity::insert_many(rows).exec_without_returning(self.db())).await?;
        }
        Ok(())
    }

    /// Messages, the last queued first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn messages(&self, filter: &MessageFilter) -> Result<Vec<Message>> {
        let states = filter.states.iter().map(ToString::to_string);
        let within = |within: &Within| {
            let of_message = |column: messages::Column| Expr::col((messages::Entity, column));
            let codes = || within.lots.iter().map(LotCode::as_str);
            // Asked of each message in turn: the last ones come first, and a page needs few.
            let path = Query::select()
                .expr(Expr::val(1))
                .from(paths::Entity)
                .and_where(of_message(messages::Column::PathId).equals((paths::Entity, paths::Column::Id)))
                .and_where(paths::Column::Lot.is_in(codes()))
                .and_where(paths::Column::Body.eq(within.body.as_str()))
                .take();
            let order = Query::select()
                .expr(Expr::val(1))
                .from(purchase_orders::Entity)
                .and_where(
                    of_message(messages::Column::OrderId)
                        .equals((purchase_orders::Entity, purchase_orders::Column::Id)),
                )
                .and_where(purchase_orders::Column::Lot.is_in(codes()))
                .take();
            let order = Condition::all()
                .add(messages::Column::PathId.is_null())
                .add(messages::Column::Role.eq(RecipientRole::Body.to_string()))
                .add(Expr::exists(order));
            let of_neither = |account: AccountId| {
                Condition::all()
                    .add(messages::Column::PathId.is_null())
                    .add(messages::Column::OrderId.is_null())
                    .add(messages::Column::AccountId.eq(account.uuid()))
            };
            Condition::any().add(Expr::exists(path)).add(order).add_option(within.account.map(of_neither))
        };
        let words = filter.subject.iter().flat_map(|text| text.split_whitespace());
        let subject = words.fold(Condition::all(), |all, word| {
            let escaped = word.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let pattern = LikeExpr::new(format!("%{escaped}%")).escape('\\');
            all.add(Expr::expr(Func::lower(Expr::col((messages::Entity, messages::Column::Subject)))).like(pattern))
        });
        let ids = |ids: &Vec<MessageId>| messages::Column::Id.is_in(ids.iter().map(|id| id.uuid()));
        let of_paths = |paths: &Vec<PathId>| messages::Column::PathId.is_in(paths.iter().map(|path| path.uuid()));
        let roles = filter.roles.iter().map(ToString::to_string);
        let condition = Condition::all()
            .add(subject)
            .add_option(filter.ids.as_ref().map(ids))
            .add_option(filter.paths.as_ref().map(of_paths))
            .add_option((!filter.roles.is_empty()).then(|| messages::Column::Role.is_in(roles)))
            .add_option(filter.role.map(|role| messages::Column::Role.eq(role.to_string())))
            .add_option(filter.within.as_ref().map(within))
            .add_option(filter.queued_from.map(|from| messages::Column::QueuedAt.gte(from)))
            .add_option(filter.queued_until.map(|until| messages::Column::QueuedAt.lte(until)))
            .add_option(filter.path.map(|path| messages::Column::PathId.eq(path.uuid())))
            .add_option(filter.order.map(|order| messages::Column::OrderId.eq(order.uuid())))
            .add_option(filter.event.map(|event| messages::Column::EventId.eq(event.uuid())))
            .add_option(filter.person.map(|person| messages::Column::PersonId.eq(person.uuid())))
            .add_option(filter.account.map(|account| messages::Column::AccountId.eq(account.uuid())))
            .add_option(filter.titled.as_ref().map(|subject| messages::Column::Subject.eq(subject)))
            .add_option(filter.kind.as_ref().map(|kind| messages::Column::Kind.eq(kind)))
            .add_option((!filter.states.is_empty()).then(|| messages::Column::State.is_in(states)))
            .add_option(filter.before.map(|seq| messages::Column::Seq.lt(seq)));
        let find = messages::Entity::find().filter(condition).order_by_desc(messages::Column::Seq).limit(filter.limit);
        self.run(find.all(self.db())).await?.into_iter().map(Message::try_from).collect()
    }

    /// The kinds of the messages ever queued.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn message_kinds(&self) -> Result<Vec<String>> {
        let find = messages::Entity::find().select_only().column(messages::Column::Kind).distinct();
        self.run(find.into_tuple().all(self.db())).await
    }

    /// The message of this key.
    ///
    /// # Errors
    /// As [`Tx::messages`].
    pub async fn message(&self, id: MessageId) -> Result<Option<Message>> {
        let find = messages::Entity::find().filter(messages::Column::Id.eq(id.uuid()));
        self.run(find.one(self.db())).await?.map(Message::try_from).transpose()
    }

    /// The message whose link has this token, expired and revoked links included: the caller says which it is.
    ///
    /// # Errors
    /// As [`Tx::messages`].
    pub async fn message_of_link(&self, token: &str) -> Result<Option<Message>> {
        let find = messages::Entity::find().filter(messages::Column::LinkHash.eq(token_hash(token)));
        let message = self.run(find.one(self.db())).await?.map(Message::try_from).transpose()?;
        // The hash finds the row; only the key proves the token.
        Ok(message.filter(|message| message.content.link_token(self.keys()).as_deref() == Some(token)))
    }

    /// Makes the links of people void: they were replaced, or withdrew. Returns how many links that were.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn revoke_links(&self, people: &[PersonId], now: Instant) -> Result<u64> {
        if people.is_empty() {
            return Ok(0);
        }
        let condition = Condition::all()
            .add(messages::Column::PersonId.is_in(people.iter().map(|person| person.uuid())))
            .add(messages::Column::LinkHash.is_not_null())
            .add(messages::Column::LinkRevokedAt.is_null());
        let revoked = messages::ActiveModel { link_revoked_at: Set(Some(now)), ..Default::default() };
        let update = messages::Entity::update_many().set(revoked).filter(condition);
        Ok(self.run(update.exec(self.db())).await?.rows_affected)
    }

    /// Keeps a queued message back; false when it is not queued.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn hold_message(&self, id: MessageId) -> Result<bool> {
        let held = messages::ActiveModel { state: Set(MessageState::Held.to_string()), ..Default::default() };
        self.change_message(id, MessageState::Queued, held).await
    }

    /// Lets a message that was kept back leave; false when it was not.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn release_message(&self, id: MessageId, now: Instant) -> Result<bool> {
        let queued = messages::ActiveModel {
            state: Set(MessageState::Queued.to_string()),
            due_at: Set(now),
            ..Default::default()
        };
        self.change_message(id, MessageState::Held, queued).await
    }

    async fn change_message(&self, id: MessageId, from: MessageState, to: messages::ActiveModel) -> Result<bool> {
        let update = messages::Entity::update_many()
            .set(to)
            .filter(messages::Column::Id.eq(id.uuid()))
            .filter(messages::Column::State.eq(from.to_string()));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }

    /// How many messages are in each state, and since when the oldest of them is queued.
    ///
    /// # Errors
    /// As [`Tx::messages`].
    pub async fn message_counts(&self) -> Result<Vec<(MessageState, u64, Instant)>> {
        let find = messages::Entity::find()
            .select_only()
            .column(messages::Column::State)
            .column_as(messages::Column::Seq.count(), "count")
            .column_as(messages::Column::QueuedAt.min(), "oldest")
            .group_by(messages::Column::State)
            .into_tuple::<(String, i64, Instant)>();
        let rows = self.run(find.all(self.db())).await?;
        let read = |(state, count, oldest): (String, i64, Instant)| {
            let at = Row::new("messages", &state);
            Ok((at.text("state", &state)?, at.read("state", u64::try_from(count))?, oldest))
        };
        rows.into_iter().map(read).collect()
    }

    /// How many messages of this kind were queued for this address since an instant.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn queued_since(&self, kind: &str, path: PathId, email: &EmailAddress, since: Instant) -> Result<u64> {
        let find = messages::Entity::find()
            .filter(messages::Column::Kind.eq(kind))
            .filter(messages::Column::PathId.eq(path.uuid()))
            .filter(messages::Column::ToEmail.eq(email.to_string()))
            .filter(messages::Column::QueuedAt.gt(since));
        self.run(find.count(self.db())).await
    }
}

fn json(reminds: &Reminds) -> String {
    serde_json::to_string(reminds).expect("days and numbers always become JSON")
}

/// A fencing token, new for each claim.
fn fencing_token() -> Uuid {
    Uuid::now_v7()
}
