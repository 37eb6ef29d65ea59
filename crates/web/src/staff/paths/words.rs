//! What lists say of a path: its deadline, who holds the ball, the one next action.

use app::PathLine;
use app::desk::next_step;
use domain::Day;
use domain::people::Side;
use wording::dates::{self, Urgency};
use wording::{addresses, labels, pages};

/// A due day as lists show it: a word, which its colour only repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeadlineView {
    pub text: String,
    pub iso: String,
    pub long: String,
    /// `late`, `wait` or `plain`.
    pub tone: &'static str,
}

/// A due day seen from a day.
pub(crate) fn deadline(due: Day, today: Day) -> DeadlineView {
    let tone = match dates::urgency(due, today) {
        Urgency::Late => "late",
        Urgency::Soon => "wait",
        Urgency::Later => "plain",
    };
    DeadlineView { text: dates::deadline_short(due, today), iso: dates::iso(due), long: dates::long(due), tone }
}

/// A past day as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DayView {
    pub text: String,
    pub iso: String,
    pub long: String,
}

/// A day, shortly.
pub(crate) fn day(day: Day) -> DayView {
    DayView { text: dates::short(day), iso: dates::iso(day), long: dates::long(day) }
}

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

/// The first letter as a sentence begins.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
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
    line.clock.map_or_else(|| labels::state(line.state).to_owned(), |clock| capital(labels::clock(clock)))
}
