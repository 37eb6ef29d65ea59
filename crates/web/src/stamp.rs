//! A day or an instant on a page: one element, the same everywhere.

use askama::Template;
use askama::filters::HtmlSafe;
use domain::calendar::{paris_day, paris_iso};
use domain::{Day, Instant};
use wording::dates::{self, Urgency};

/// A day or an instant: short to read, whole for who hovers or listens, ISO 8601 for machines (an instant with its offset).
///
/// A template writes it as it is: `{{ stamp }}`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "stamp.html")]
pub(crate) struct Stamp {
    pub text: String,
    pub full: String,
    pub iso: String,
    /// How pressing a due day is: `late`, `wait` or `plain`; empty for what is past.
    pub tone: &'static str,
}

/// Its template escapes its values.
impl HtmlSafe for Stamp {}

impl Stamp {
    /// A day, `18 nov. 2026`.
    pub(crate) fn day(day: Day) -> Self {
        Self { text: dates::short(day), full: dates::long(day), iso: dates::iso(day), tone: "" }
    }

    /// An instant, `18 nov. 2026, 10 h 42`.
    pub(crate) fn instant(instant: Instant) -> Self {
        let (text, full) = (dates::instant_short(instant), dates::instant(instant));
        Self { text, full, iso: paris_iso(instant), tone: "" }
    }

    /// An instant of the past seen from a day, `hier`, `il y a 3 jours`.
    pub(crate) fn ago(instant: Instant, today: Day) -> Self {
        Self { text: dates::ago(paris_day(instant), today), ..Self::instant(instant) }
    }

    /// A due day seen from a day: a word, which its colour only repeats.
    pub(crate) fn due(due: Day, today: Day) -> Self {
        let tone = match dates::urgency(due, today) {
            Urgency::Late => "late",
            Urgency::Soon => "wait",
            Urgency::Later => "plain",
        };
        Self { text: dates::deadline_short(due, today), tone, ..Self::day(due) }
    }
}
