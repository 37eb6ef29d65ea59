//! What is learnt of a message after a server took it: it came back.
//!
//! Only a message that left can come back, and only once: the state is the fence, so that a report read twice, by two
//! processes or after a stop, changes nothing the second time.

use domain::Instant;
use domain::identifiers::MessageId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{Message, MessageState};
use crate::entities::messages;
use crate::error::Result;
use crate::tasks::NewTask;
use crate::tx::Tx;

/// When a message that came back had left, and when that was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameBack {
    pub left_at: Instant,
    pub at: Instant,
}

/// What a message that comes back becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    /// The address is refused for good.
    Refused,
    /// The server of the recipient did not take it in time.
    Failed,
}

impl Tx {
    /// The message that left under this `Message-ID`.
    ///
    /// # Errors
    /// As [`Tx::messages`].
    pub async fn message_by_message_id(&self, message_id: &str) -> Result<Option<Message>> {
        let find = messages::Entity::find().filter(messages::Column::MessageId.eq(message_id));
        self.run(find.one(self.db())).await?.map(Message::try_from).transpose()
    }

    /// Notes that a message that had left came back: on the message, on its person when the address is refused, and as a
    /// task, together; false when it had not left, or came back already. What is sent has not come back: its instant
    /// is kept apart.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn mark_returned(
        &self,
        id: MessageId,
        became: Returned,
        error: &str,
        task: &NewTask,
        now: Instant,
    ) -> Result<bool> {
        let state = match became {
            Returned::Refused => MessageState::Refused,
            Returned::Failed => MessageState::Failed,
        };
        let returned = messages::ActiveModel {
            state: Set(state.to_string()),
            last_error: Set(Some(error.to_owned())),
            sent_at: Set(None),
            returned_at: Set(Some(now)),
            ..Default::default()
        };
        let update = messages::Entity::update_many()
            .set(returned)
            .col_expr(messages::Column::LeftAt, Expr::col(messages::Column::SentAt))
            .filter(messages::Column::Id.eq(id.uuid()))
            .filter(messages::Column::State.eq(MessageState::Sent.to_string()));
        if self.run(update.exec(self.db())).await?.rows_affected != 1 {
            return Ok(false);
        }
        if became == Returned::Refused {
            self.mark_address_refused(id, now).await?;
        }
        self.insert_tasks(std::slice::from_ref(task), now).await?;
        Ok(true)
    }
}
