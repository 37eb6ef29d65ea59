//! Tasks: what a person of a side must look at, beside what the clocks of the paths already say.

use domain::Instant;
use domain::identifiers::{AccountId, BodyCode, LotCode, MessageId, OrderId, PathId};
use domain::people::Side;
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set, UpdateMany,
};
use uuid::Uuid;

use crate::entities::{messages, paths, tasks};
use crate::error::{Result, StoreError};
use crate::lists::held;
use crate::rows::Row;
use crate::tx::Tx;

/// What a task is about, and for whom it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTask {
    pub path: Option<PathId>,
    pub order: Option<OrderId>,
    pub message: Option<MessageId>,
    pub side: Side,
    /// The body whose coordinators it is for.
    pub body: Option<BodyCode>,
    /// A stable identifier; `wording` has its sentence.
    pub kind: String,
    /// What the sentence needs, never a person's values.
    pub detail: String,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: Uuid,
    pub about: NewTask,
    pub created_at: Instant,
    /// When it was done, and by whom.
    pub done: Option<(Instant, String)>,
}

impl TryFrom<tasks::Model> for Task {
    type Error = StoreError;

    fn try_from(row: tasks::Model) -> Result<Self> {
        let at = Row::new("tasks", row.id);
        Ok(Self {
            id: row.id,
            about: NewTask {
                path: row.path_id.map(PathId::new),
                order: row.order_id.map(OrderId::new),
                message: row.message_id.map(MessageId::new),
                side: at.text("for_side", &row.for_side)?,
                body: at.optional_text("body", row.body.as_deref())?,
                kind: row.kind,
                detail: row.detail,
            },
            created_at: row.created_at,
            done: row.done_at.zip(row.done_by),
        })
    }
}

/// Which tasks to list; every part left out means all.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    pub path: Option<PathId>,
    /// About one of these messages; an empty list shows nothing.
    pub messages: Option<Vec<MessageId>>,
    pub kind: Option<String>,
    pub side: Option<Side>,
    pub body: Option<BodyCode>,
    /// Also those already done.
    pub with_done: bool,
}

/// Messages about accounts, which a reader who does not keep accounts is not told of.
#[derive(Debug, Clone, Copy)]
pub struct Withheld {
    pub kinds: &'static [&'static str],
    /// Those of this account, the reader's own, are shown.
    pub but: Option<AccountId>,
}

/// Tasks about messages that the reader may be told of.
fn of_messages(withheld: Option<&Withheld>) -> Condition {
    let Some(withheld) = withheld else { return Condition::all().add(tasks::Column::MessageId.is_not_null()) };
    let own = withheld.but.map(|account| messages::Column::AccountId.eq(account.uuid()));
    let told = Condition::any().add(messages::Column::Kind.is_not_in(withheld.kinds.iter().copied())).add_option(own);
    let shown = Query::select().column(messages::Column::Id).from(messages::Entity).cond_where(told).take();
    Condition::all().add(tasks::Column::MessageId.in_subquery(shown))
}

impl TaskFilter {
    fn condition(&self) -> Condition {
        Condition::all()
            .add_option(self.path.map(|path| tasks::Column::PathId.eq(path.uuid())))
            .add_option(
                self.messages
                    .as_ref()
                    .map(|messages| tasks::Column::MessageId.is_in(messages.iter().map(|message| message.uuid()))),
            )
            .add_option(self.kind.as_ref().map(|kind| tasks::Column::Kind.eq(kind)))
            .add_option(self.side.map(|side| tasks::Column::ForSide.eq(side.to_string())))
            .add_option(self.body.as_ref().map(|body| tasks::Column::Body.eq(body.to_string())))
            .add_option((!self.with_done).then(|| tasks::Column::DoneAt.is_null()))
    }
}

/// Tasks of a side that are not done, of the paths of these lots, of this body and of these coordinators; every part left out
/// means all.
#[derive(Debug, Clone, Copy)]
pub struct OnPaths<'a> {
    pub side: Side,
    pub lots: Option<&'a [LotCode]>,
    pub body: Option<&'a BodyCode>,
    pub coordinators: Option<&'a [AccountId]>,
}

impl OnPaths<'_> {
    fn condition(self) -> Condition {
        let Self { side, lots, body, coordinators } = self;
        let open =
            Condition::all().add(tasks::Column::ForSide.eq(side.to_string())).add(tasks::Column::DoneAt.is_null());
        if lots.is_none() && body.is_none() && coordinators.is_none() {
            return open;
        }
        let own = Query::select()
            .column(paths::Column::Id)
            .from(paths::Entity)
            .cond_where(
                Condition::all()
                    .add_option(lots.map(|lots| paths::Column::Lot.is_in(lots.iter().map(LotCode::as_str))))
                    .add_option(body.map(|body| paths::Column::Body.eq(body.as_str())))
                    .add_option(coordinators.map(held)),
            )
            .take();
        // What no path is about is for the Region as a whole.
        let nobodys = matches!(side, Side::Region | Side::Finance).then(|| tasks::Column::PathId.is_null());
        open.add(Condition::any().add(tasks::Column::PathId.in_subquery(own)).add_option(nobodys))
    }
}

impl Tx {
    /// Adds tasks, in one statement.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn insert_tasks(&self, new: &[NewTask], now: Instant) -> Result<()> {
        if new.is_empty() {
            return Ok(());
        }
        let rows = new.iter().map(|task| tasks::ActiveModel {
            id: Set(Uuid::now_v7()),
            path_id: Set(task.path.map(PathId::uuid)),
            order_id: Set(task.order.map(OrderId::uuid)),
            message_id: Set(task.message.map(MessageId::uuid)),
            for_side: Set(task.side.to_string()),
            body: Set(task.body.as_ref().map(BodyCode::to_string)),
            kind: Set(task.kind.clone()),
            detail: Set(task.detail.clone()),
            created_at: Set(now),
            done_at: Set(None),
            done_by: Set(None),
        });
        self.run(tasks::Entity::insert_many(rows).exec_without_returning(self.db())).await?;
        Ok(())
    }

    /// Tasks, oldest first.
    ///
    /// # Errors
    /// A row makes no sense, or the store does not answer.
    pub async fn tasks(&self, filter: &TaskFilter) -> Result<Vec<Task>> {
        let find = tasks::Entity::find()
            .filter(filter.condition())
            .order_by_asc(tasks::Column::CreatedAt)
            .order_by_asc(tasks::Column::Id);
        self.run(find.all(self.db())).await?.into_iter().map(Task::try_from).collect()
    }

    /// How many tasks are about a message that did not arrive, those withheld from the reader left out.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn count_message_tasks(&self, filter: &TaskFilter, withheld: Option<&Withheld>) -> Result<u64> {
        let find = tasks::Entity::find().filter(filter.condition()).filter(of_messages(withheld));
        self.run(find.count(self.db())).await
    }

    /// The first of these tasks, oldest first.
    ///
    /// # Errors
    /// As [`Tx::tasks`].
    pub async fn message_tasks(
        &self,
        filter: &TaskFilter,
        withheld: Option<&Withheld>,
        limit: u64,
    ) -> Result<Vec<Task>> {
        let find = tasks::Entity::find()
            .filter(filter.condition())
            .filter(of_messages(withheld))
            .order_by_asc(tasks::Column::CreatedAt)
            .order_by_asc(tasks::Column::Id)
            .limit(limit);
        self.run(find.all(self.db())).await?.into_iter().map(Task::try_from).collect()
    }

    /// Marks as done the tasks about messages of some kinds to an account.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn finish_account_tasks(&self, account: AccountId, kinds: &[&str], by: &str, now: Instant) -> Result<()> {
        let sent = Query::select()
            .column(messages::Column::Id)
            .from(messages::Entity)
            .and_where(messages::Column::AccountId.eq(account.uuid()))
            .and_where(messages::Column::Kind.is_in(kinds.iter().copied()))
            .take();
        let update = finish(by, now).filter(tasks::Column::MessageId.in_subquery(sent));
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// The first of these tasks, oldest first.
    ///
    /// # Errors
    /// As [`Tx::tasks`].
    pub async fn tasks_on_paths(&self, of: OnPaths<'_>, limit: u64) -> Result<Vec<Task>> {
        let find = tasks::Entity::find()
            .filter(of.condition())
            .order_by_asc(tasks::Column::CreatedAt)
            .order_by_asc(tasks::Column::Id)
            .limit(limit);
        self.run(find.all(self.db())).await?.into_iter().map(Task::try_from).collect()
    }

    /// How many tasks [`Tx::tasks_on_paths`] would list without a limit.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn count_tasks_on_paths(&self, of: OnPaths<'_>) -> Result<u64> {
        let find = tasks::Entity::find().filter(of.condition());
        self.run(find.count(self.db())).await
    }

    /// Marks the tasks of some kinds on a path as done.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn finish_tasks(&self, path: PathId, kinds: &[&str], by: &str, now: Instant) -> Result<()> {
        let update = finish(by, now)
            .filter(tasks::Column::PathId.eq(path.uuid()))
            .filter(tasks::Column::Kind.is_in(kinds.iter().copied()));
        self.run(update.exec(self.db())).await?;
        Ok(())
    }

    /// Marks a task as done; false when there is none, or when it was done already.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn finish_task(&self, id: Uuid, by: &str, now: Instant) -> Result<bool> {
        let update = finish(by, now).filter(tasks::Column::Id.eq(id));
        Ok(self.run(update.exec(self.db())).await?.rows_affected == 1)
    }
}

/// What marks tasks that are not done as done.
fn finish(by: &str, now: Instant) -> UpdateMany<tasks::Entity> {
    let done = tasks::ActiveModel { done_at: Set(Some(now)), done_by: Set(Some(by.to_owned())), ..Default::default() };
    tasks::Entity::update_many().set(done).filter(tasks::Column::DoneAt.is_null())
}
