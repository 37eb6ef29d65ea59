//! Budgets in words: what is engaged now, what would be, what would be left.

use app::Purse;
use domain::money::Cents;
use wording::numbers::euros;
use wording::pages;

use super::pieces::{Part, gauge};

/// A limit on engagements, now and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limit {
    pub name: String,
    pub limit: String,
    pub now: String,
    pub after: String,
    pub left: String,
    /// Asked for by other orders, which wait for their visa.
    pub waits: Option<String>,
    /// By how much the limit would be exceeded.
    pub exceeded: Option<String>,
    pub parts: Vec<Part>,
    pub said: String,
}

impl Limit {
    fn new(name: String, limit: Cents, now: Cents, waits: Cents, change: Cents) -> Self {
        let after = now + change;
        let left = limit - after;
        let parts = gauge(limit.get(), &[("d", now.min(after).get()), ("r", (after - now).get())]);
        let said = pages::orders::engaged_of(&name, euros(after), euros(limit));
        Self {
            name,
            limit: euros(limit),
            now: euros(now),
            after: euros(after),
            left: euros(left),
            waits: (waits > Cents::ZERO).then(|| pages::orders::waits_for_approval(euros(waits))),
            exceeded: left.is_negative().then(|| euros(-left)),
            parts,
            said,
        }
    }
}

/// The two limits of an order, were so much more engaged.
pub(crate) fn limits(purse: &Purse, change: Cents) -> Vec<Limit> {
    vec![
        Limit::new(pages::orders::budget(purse.year), purse.budget, purse.year_engaged, purse.year_waits, change),
        Limit::new(
            pages::orders::maximum_of_lot(&purse.lot),
            purse.maximum,
            purse.lot_engaged,
            purse.lot_waits,
            change,
        ),
    ]
}
