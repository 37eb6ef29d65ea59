//! A reminder is read again when it leaves: a mail server that was away for days must not send what nobody owes any more, nor
//! ring at night.

use domain::calendar::paris_day;
use domain::clocks::{Planned, clocks};
use domain::path::Path;
use domain::{Day, Instant};
use persistence::{Message, Priority, Reminds, Tx};

use crate::book::Book;
use crate::clock::{is_of, reminded};
use crate::delivery::directory;
use crate::{App, AppError};

/// What was kept of a reminder that is not sent any more; `wording::tasks::delivery` says it.
pub(crate) const MOOT: &str = "moot";

/// What becomes of a message that is about to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Leaves,
    /// Quiet hours or a holiday: not before this instant.
    NotBefore(Instant),
    /// What it reminds of was done, moved, or is somebody else's; or its reader's account is closed.
    Moot,
}

impl App {
    /// Whether a message may leave now; everything but reminders always may.
    pub(crate) async fn standing(&self, tx: &Tx, message: &Message, now: Instant) -> Result<Standing, AppError> {
        let content = &message.content;
        if content.priority != Priority::Reminder {
            return Ok(Standing::Leaves);
        }
        let today = paris_day(now);
        let book = self.book(tx).await?;
        let path = match content.about.path {
            Some(id) => tx.path_by_id(id).await?.map(|stored| stored.path),
            None => None,
        };
        let order = match content.about.order {
            Some(id) => tx.order_by_id(id).await?.map(|stored| stored.order),
            None => None,
        };
        let market = path.as_ref().map(|path| &path.market).or(order.as_ref().map(|order| &order.market));
        let Some(terms) = market.map_or_else(|| book.open(today), |code| book.current(code, today)) else {
            return Ok(Standing::Leaves);
        };
        let due = match (&content.reminds, &path, &order) {
            (Some(Reminds::Clock(planned)), Some(path), _) => rings(tx, message, planned, path, &book, today).await?,
            (Some(Reminds::Payment { number, due_on }), _, Some(order)) => order
                .payments
                .iter()
                .any(|request| request.runs() && &request.number == number && request.due_on == *due_on),
            (Some(_), _, _) => false,
            (None, _, _) => content.to.account.and_then(|id| book.account(id)).is_none_or(|account| account.active),
        };
        if !due {
            return Ok(Standing::Moot);
        }
        let allowed = terms.market.quiet_hours.next_allowed(now);
        Ok(if allowed == now { Standing::Leaves } else { Standing::NotBefore(allowed) })
    }
}

/// Whether the clock still runs as it did, and its message still goes to this address.
async fn rings(
    tx: &Tx,
    message: &Message,
    planned: &Planned,
    path: &Path,
    book: &Book,
    today: Day,
) -> Result<bool, AppError> {
    let Some(terms) = book.current(&path.market, today) else { return Ok(false) };
    let running = clocks(path, &terms.market, today);
    let Some(clock) = running.iter().find(|clock| is_of(clock, planned)) else { return Ok(false) };
    let Some(holder) = Book::holder(terms, &path.lot) else { return Ok(false) };
    let people = tx.people(path.id).await?;
    let stand_ins = book.stand_ins(today);
    let told = reminded(path, clock, planned.kind, &directory(book, path, holder, &people, &stand_ins));
    let to = &message.content.to;
    Ok(told
        .iter()
        .any(|told| (told.role, told.person, told.account, &told.email) == (to.role, to.person, to.account, &to.email)))
}
