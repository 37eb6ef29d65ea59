//! What lists say of a path: its deadline, who holds the ball, the one next action.

use app::PathLine;
use app::desk::next_step;
use domain::people::Side;
use wording::{addresses, labels, pages};

/// A link named by a verb and what it acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ActionView {
    pub label: &'static str,
    pub address: String,
}

/// The one next action of a side on a path; none when it does not hold the ball.
pub(crate) fn action(line: &PathLine, side: Side) -> Option<ActionView> {
    let clock = line.clock.filter(|_| line.holder == Some(side))?;
    let step = next_step(line.state, clock, side)?;
    Some(ActionView { label: labels::step(step), address: addresses::step(&line.reference, step) })
}

/// Who holds the ball, in the fewest words.
pub(crate) fn who(side: Side) -> &'static str {
    match side {
        Side::Finance => pages::paths::FINANCE,
        Side::Body => pages::paths::BODY,
        Side::System => pages::paths::DEADLINE,
        Side::Region | Side::Company | Side::Trainee | Side::Tutor => labels::side(side),
    }
}

/// What is waited, as a sentence begins: `Commander la mise en œuvre`.
pub(crate) fn waited(line: &PathLine) -> String {
    line.clock.map_or_else(|| labels::state(line.state).to_owned(), |clock| wording::capital(labels::clock(clock)))
}
