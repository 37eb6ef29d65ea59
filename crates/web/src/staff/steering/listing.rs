//! What stands behind a figure or an amount, as one page: its rows add up to it.

use askama::Template;
use domain::figures::{Moment, Period};
use wording::{addresses, figures as words};

use super::{MomentAsked, moment};
use crate::staff::orders::pieces::Link;
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;

/// Rows of a page.
pub(super) const PAGE: usize = 50;

/// What one cell says.
pub(super) struct Cell {
    text: String,
    small: Option<String>,
    /// An amount or a delay, aligned on its end.
    number: bool,
}

impl Cell {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), small: None, number: false }
    }

    pub(super) fn number(text: impl Into<String>) -> Self {
        Self { number: true, ..Self::text(text) }
    }

    /// The same with something said under it.
    pub(super) fn under(self, small: Option<String>) -> Self {
        Self { small, ..self }
    }
}

pub(super) struct Row {
    pub link: Link,
    /// The day for which it counts.
    pub on: Stamp,
    pub cells: Vec<Cell>,
}

/// What is counted, and the rows of one page of it.
pub(super) struct Listed {
    pub title: String,
    pub definition: &'static str,
    pub moment: Moment,
    pub period: Period,
    pub scope: Option<String>,
    /// How much there is in all, as text and in rows.
    pub count: String,
    pub of: usize,
    /// What is there when nothing is.
    pub none: &'static str,
    pub headings: Vec<(&'static str, bool)>,
    pub rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "staff/steering_list.html")]
pub(super) struct ListPage {
    frame: Frame,
    back: String,
    said: String,
    period: String,
    listed: Listed,
    previous: Option<String>,
    next: Option<String>,
}

/// Which page is asked, the first one as 0.
pub(super) fn rank(page: usize) -> usize {
    page.clamp(1, 1_000_000) - 1
}

impl ListPage {
    /// The page of this rank, of which the others stand at the same address.
    pub(super) fn new(
        signed: &Signed,
        asked: &MomentAsked,
        listed: Listed,
        rank: usize,
        address: impl Fn(&str) -> String,
    ) -> Self {
        let page = |number: usize| address(&number.to_string());
        Self {
            frame: signed.frame(Section::Steering),
            back: asked.on(addresses::dashboard(), &[]),
            said: moment(listed.moment),
            period: words::period(listed.period),
            previous: (rank > 0).then(|| page(rank)),
            next: ((rank + 1) * PAGE < listed.of).then(|| page(rank + 2)),
            listed,
        }
    }
}
