//! Counters that are never exceeded: units of order lines, money of a year and of a lot, places of a lot in a year.
//!
//! Each changes by one conditional UPDATE, never by reading and writing back: of two who want the last one, the second
//! waits for the first and then finds the condition false. A use case changes them in this order, after the path: order
//! lines, the year's budget, the lot's maximum, and the places of the lot last, just before it commits, because that row is
//! the one everybody wants. A refusal leaves nothing to keep: the use case takes its transaction back.
//!
//! Rows of years and lots are created from the terms when they are first needed; a new version of the terms moves the
//! limits of the rows there are with [`Tx::set_places`](crate::Tx::set_places) and [`Tx::set_funds`](crate::Tx::set_funds).

mod money;
mod places;
mod units;

pub use money::{BudgetYear, LotMoney, LotYear, OptionMoney};
pub use places::PlaceChange;
pub(crate) use places::deltas;
pub use units::unpaid;

/// What a conditional update did.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CounterOutcome {
    Done,
    /// The counter does not allow it: nothing was changed.
    Refused,
}

impl CounterOutcome {
    fn of(rows: u64) -> Self {
        if rows == 0 { Self::Refused } else { Self::Done }
    }
}
