//! Claiming a message, and saying what became of it.

use chrono::TimeDelta;
use domain::Instant;
use domain::identifiers::MessageId;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::{Message, MessageState, fencing_token};
use crate::entities::{messages, persons, settings};
use crate::error::Result;
use crate::rows::column;
use crate::settings::SUSPENDED;
use crate::store::SKEW;
use crate::tasks::NewTask;
use crate::tx::Tx;

/// How messages are claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claiming {
    /// How long a worker may take for one message.
    pub lease: TimeDelta,
    /// The longest a retry may be away, jitter included.
    pub longest_backoff: TimeDelta,
}

/// The right to say what became of a message, until someone else claims it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    pub message: MessageId,
    pub(crate) token: Uuid,
}

/// A message that the caller has to send now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMessage {
    pub claim: Claim,
    pub message: Message,
}

/// The first message that may be claimed now, skipping those that another claim is looking at.
fn next(now: Instant, claiming: &Claiming) -> SelectStatement {
    use messages::Column;
    let due = Condition::all().add(Column::State.eq(MessageState::Queued.to_string())).add(
        // A retry further ahead than the longest back-off: the clock was set back since.
        Condition::any().add(Column::DueAt.lte(now)).add(Column::DueAt.gt(now + claiming.longest_backoff + SKEW)),
    );
    let abandoned = Condition::all()
        .add(Column::State.eq(MessageState::Sending.to_string()))
        .add(Condition::any().add(Column::LeaseUntil.lte(now)).add(Column::LeaseUntil.gt(now + claiming.lease + SKEW)));
    let suspended = Query::select()
        .expr(Expr::val(1))
        .from(settings::Entity)
        .and_where(settings::Column::Name.eq(SUSPENDED))
        .take();
    Query::select()
        .column(Column::Seq)
        .from(messages::Entity)
        // As the partial index says it.
        .and_where(Expr::cust("\"state\" IN ('queued', 'sending')"))
        .cond_where(Condition::any().add(due).add(abandoned))
        .and_where(Expr::exists(suspended).not())
        .order_by(Column::Priority, sea_orm::Order::Asc)
        .order_by(Column::Seq, sea_orm::Order::Asc)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .take()
}

/// What ends a claim.
fn unclaimed(state: MessageState) -> messages::ActiveModel {
    messages::ActiveModel {
        state: Set(state.to_string()),
        lease_by: Set(None),
        lease_until: Set(None),
        ..Default::default()
    }
}

impl Tx {
    /// Claims the next message to send, if there is one and sending is not suspended. Commit before sending.
    ///
    /// # Errors
    /// The row makes no sense, or the store does not answer.
    pub async fn claim_one(&self, now: Instant, claiming: &Claiming) -> Result<Option<ClaimedMessage>> {
        let token = fencing_token();
        let update = messages::Entity::update_many()
            .set(messages::ActiveModel {
                state: Set(MessageState::Sending.to_string()),
                lease_by: Set(Some(token)),
                lease_until: Set(Some(now + claiming.lease)),
                ..Default::default()
            })
            .col_expr(messages::Column::Attempts, Expr::col(messages::Column::Attempts).add(1))
            // A scalar sub-select runs once; `IN` might run it again for each row and claim several.
            .filter(Expr::col(messages::Column::Seq).eq(Expr::SubQuery(None, Box::new(next(now, claiming).into()))));
        let rows = self.run(update.exec_with_returning(self.db())).await?;
        let claimed = |row: messages::Model| {
            let claim = Claim { message: MessageId::new(row.id), token };
            Ok(ClaimedMessage { claim, message: row.try_into()? })
        };
        rows.into_iter().next().map(claimed).transpose()
    }

    /// Notes that the server took the message; false when someone else claimed it meanwhile.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn mark_sent(&self, claim: &Claim, now: Instant) -> Result<bool> {
        let sent =
            messages::ActiveModel { sent_at: Set(Some(now)), last_error: Set(None), ..unclaimed(MessageState::Sent) };
        self.settle(claim, sent).await
    }

    /// Notes a failure that may pass, and when to try again; false when someone else claimed the message meanwhile.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn mark_temporary(&self, claim: &Claim, error: &str, due_at: Instant) -> Result<bool> {
        let queued = messages::ActiveModel {
            last_error: Set(Some(error.to_owned())),
            due_at: Set(due_at),
            ..unclaimed(MessageState::Queued)
        };
        self.settle(claim, queued).await
    }

    /// Gives the message up after too many failures, and makes that a task; false when someone else claimed it meanwhile.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn mark_failed(&self, claim: &Claim, error: &str, task: &NewTask, now: Instant) -> Result<bool> {
        let failed =
            messages::ActiveModel { last_error: Set(Some(error.to_owned())), ..unclaimed(MessageState::Failed) };
        let settled = self.settle(claim, failed).await?;
        if settled {
            self.insert_tasks(std::slice::from_ref(task), now).await?;
        }
        Ok(settled)
    }

    /// Notes that the server refused the address for good: on the message, on its person, and as a task, together; false
    /// when someone else claimed the message meanwhile.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn mark_refused(&self, claim: &Claim, error: &str, task: &NewTask, now: Instant) -> Result<bool> {
        let refused =
            messages::ActiveModel { last_error: Set(Some(error.to_owned())), ..unclaimed(MessageState::Refused) };
        if !self.settle(claim, refused).await? {
            return Ok(false);
        }
        self.mark_address_refused(claim.message, now).await?;
        self.insert_tasks(std::slice::from_ref(task), now).await?;
        Ok(true)
    }

    /// Notes on the person of a message that their address is refused.
    pub(super) async fn mark_address_refused(&self, message: MessageId, now: Instant) -> Result<()> {
        let addressed = Query::select()
            .column(messages::Column::PersonId)
            .from(messages::Entity)
            .and_where(messages::Column::Id.eq(message.uuid()))
            .take();
        let marked = persons::ActiveModel { address_refused: Set(true), updated_at: Set(now), ..Default::default() };
        let update = persons::Entity::update_many().set(marked).filter(persons::Column::Id.in_subquery(addressed));
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// Gives a message back that was claimed and not sent, on a graceful stop: it is due at once.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn give_back(&self, claim: &Claim, now: Instant) -> Result<bool> {
        self.settle(claim, messages::ActiveModel { due_at: Set(now), ..unclaimed(MessageState::Queued) }).await
    }

    /// Puts a message off that was claimed and not tried, which costs it no attempt; false when someone else claimed it
    /// meanwhile.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn put_off(&self, claimed: &ClaimedMessage, due_at: Instant) -> Result<bool> {
        let attempts = column(claimed.message.attempts.saturating_sub(1));
        let queued =
            messages::ActiveModel { attempts: Set(attempts), due_at: Set(due_at), ..unclaimed(MessageState::Queued) };
        self.settle(&claimed.claim, queued).await
    }

    /// Keeps a message back for a reason, instead of sending it; false when someone else claimed it meanwhile.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn keep_back(&self, claim: &Claim, reason: &str) -> Result<bool> {
        let held = messages::ActiveModel { last_error: Set(Some(reason.to_owned())), ..unclaimed(MessageState::Held) };
        self.settle(claim, held).await
    }

    /// Changes a message if the claim still holds: the token is the fence.
    async fn settle(&self, claim: &Claim, to: messages::ActiveModel) -> Result<bool> {
        let update = messages::Entity::update_many()
            .set(to)
            .filter(messages::Column::Id.eq(claim.message.uuid()))
            .filter(messages::Column::LeaseBy.eq(claim.token));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }
}
