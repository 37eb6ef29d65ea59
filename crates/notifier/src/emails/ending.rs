//! The ends that are not an admission: a path closed without its report, or cancelled.

use domain::market::ClockKind;
use domain::money::Cents;
use domain::path::{Event, State};
use domain::people::{RecipientRole, Side};
use domain::told::Addressed;

use super::Notice;
use super::about::{About, typed};
use super::mail::{fact, mail};
use super::samples::Scene;

/// The path is closed without a report.
#[derive(Debug, Clone)]
pub struct ClosedWithoutReport {
    pub about: About,
    pub reason: Option<String>,
    pub amount: Option<Cents>,
}

impl ClosedWithoutReport {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self {
            about: About::step(notice, to),
            reason: fact!(notice, Event::ClosedWithoutReport { reason, .. } => Some(typed(reason))),
            amount: fact!(notice, Event::ClosedWithoutReport { amount, .. } => Some(*amount)),
        }
    }
}

mail! {
    ClosedWithoutReport, "closed_without_report", "emails/closed_without_report/subject.txt",
    "emails/closed_without_report/body.txt", "emails/closed_without_report/body.html",
    Scene::new(State::Closed, ClockKind::FollowUp, Side::Body)
        .told(&[RecipientRole::Body, RecipientRole::Company, RecipientRole::Region])
        .into_iter()
        .map(|about| Self {
            about,
            reason: Some("Mise en demeure restée sans réponse.".to_owned()),
            amount: Some(Cents::new(80_000)),
        })
        .collect()
}

/// The path is cancelled.
#[derive(Debug, Clone)]
pub struct Cancelled {
    pub about: About,
    pub reason: Option<String>,
    /// For work begun.
    pub amount: Option<Cents>,
    /// The year in which a place is free again.
    pub released_year: Option<i32>,
    /// Somebody was to be trained: the reason may be theirs, and stays among staff.
    pub personal: bool,
}

impl Cancelled {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        let personal = notice.before.is_some_and(|path| path.trainee().is_some());
        Self {
            about: About::step(notice, to),
            reason: fact!(notice, Event::Cancelled { reason, .. } => Some(typed(reason))),
            amount: fact!(notice, Event::Cancelled { amount, .. } => Some(*amount))
                .filter(|amount| *amount != Cents::ZERO),
            released_year: fact!(notice, Event::Cancelled { released_year, .. } => *released_year),
            personal,
        }
    }

    fn reason_shown(&self) -> bool {
        !self.about.outside() || !self.personal
    }
}

mail! {
    Cancelled, "cancelled", "emails/cancelled/subject.txt", "emails/cancelled/body.txt", "emails/cancelled/body.html",
    {
        let end = Scene::end(State::Cancelled);
        let cancelled = |about, personal: bool| Self {
            about,
            reason: Some("L’entreprise cesse son activité.".to_owned()),
            amount: Some(Cents::new(30_000)),
            released_year: personal.then_some(2026),
            personal,
        };
        let everyone = [
            RecipientRole::Body,
            RecipientRole::Company,
            RecipientRole::Trainee,
            RecipientRole::Tutor,
            RecipientRole::Region,
        ];
        let late = end.told(&everyone).into_iter().map(|about| if about.to_trainee() { about.gone() } else { about });
        let early = end.told(&[RecipientRole::Body, RecipientRole::Company, RecipientRole::Region]).into_iter();
        late.map(|about| cancelled(about, true)).chain(early.map(|about| cancelled(about, false))).collect()
    }
}
