//! Reminders to who holds the ball, and the escalation to the Region when a time limit has passed.

use domain::Day;
use domain::calendar::days_until;
use domain::market::ClockKind;
use domain::path::State;
use domain::path::command::RequestKind;
use domain::people::{RecipientRole, Side};
use domain::told::Addressed;
use wording::{dates, labels, messages};

use super::about::About;
use super::mail::mail;
use super::next::{Ask, Until};
use super::samples::{Scene, day, today};
use super::{LinkPurpose, ReminderNotice};

/// A reminder of what is waited.
#[derive(Debug, Clone)]
pub struct Reminded {
    pub about: About,
    pub clock: ClockKind,
    pub due_on: Day,
    pub today: Day,
    pub state: State,
    /// The recipient has an account, where reminders are turned off.
    pub account: bool,
}

impl Reminded {
    pub(crate) fn of(notice: &ReminderNotice<'_>, to: &Addressed) -> Self {
        let about = about(notice, to);
        // Staff choose their reminders on their own page; a person outside has a link to turn them off.
        let personal = about.ask.as_ref().is_some_and(|ask| ask.link != LinkPurpose::Staff);
        let label = messages::staff_label(notice.path.state, notice.clock.kind);
        let until = Until::new(notice.clock.due_on, notice.today);
        let ask = about.ask.as_ref().map(|ask| if personal { due(ask, until) } else { Ask { label, ..ask.clone() } });
        Self {
            about: About { reminder: personal, ask, ..about },
            clock: notice.clock.kind,
            due_on: notice.clock.due_on,
            today: notice.today,
            state: notice.path.state,
            account: to.account.is_some(),
        }
    }

    fn what(&self) -> &'static str {
        messages::waited(self.state, self.clock, true)
    }

    fn stands(&self) -> &'static str {
        labels::state(self.state)
    }

    fn when(&self) -> String {
        when(self.due_on, self.today)
    }

    fn late(&self) -> bool {
        self.due_on < self.today
    }

    /// What happens when the last day passes without an answer.
    fn silence(&self) -> Option<&'static str> {
        messages::silence(self.clock)
    }
}

/// The day under the button is that of the clock that rings.
fn due(ask: &Ask, until: Until) -> Ask {
    Ask { until: ask.until.map(|_| until), ..ask.clone() }
}

/// How far a day is.
fn when(due_on: Day, today: Day) -> String {
    match days_until(today, due_on) {
        days @ 2.. => messages::in_days(days),
        _ => dates::deadline(due_on, today),
    }
}

/// The part of a reminder that all share: its own clock is what comes next, whatever else waits.
fn about(notice: &ReminderNotice<'_>, to: &Addressed) -> About {
    let about = About::path(notice.path, notice.market, notice.directory, notice.today, to);
    About { next: None, ..about }
}

mail! {
    Reminded, "reminder", "emails/reminder/subject.txt", "emails/reminder/body.txt", "emails/reminder/body.html",
    {
        let sample = |scene: Scene, role, clock, due_on, state| {
            let about = scene.about(role);
            let personal = about.outside();
            let ask = about.ask.as_ref().map(|ask| due(ask, Until::new(due_on, today())));
            let about = About { next: None, reminder: personal, ask, ..about };
            Self { about, clock, due_on, today: today(), state, account: !personal }
        };
        let study = |clock, side| Scene::new(State::FeasibilityInProgress, clock, side);
        let commitment = study(ClockKind::StudyDue, Side::Body).asks(RecipientRole::Company, RequestKind::ConfirmCommitment);
        let signing = Scene::new(State::CandidateSelected, ClockKind::Signatures, Side::Company);
        let company = signing.asks(RecipientRole::Company, RequestKind::SignPif);
        let trainee = signing.asks(RecipientRole::Trainee, RequestKind::SignPif);
        let verifying = Scene::new(State::FeasibilityDelivered, ClockKind::Verification, Side::Region);
        let soon = day(2026, 11, 25);
        vec![
            sample(commitment, RecipientRole::Company, ClockKind::CompanyAnswer, soon, State::FeasibilityInProgress),
            sample(company, RecipientRole::Company, ClockKind::Signatures, today(), State::CandidateSelected),
            sample(trainee, RecipientRole::Trainee, ClockKind::Signatures, soon, State::CandidateSelected),
            sample(
                study(ClockKind::StudyDue, Side::Body),
                RecipientRole::Body,
                ClockKind::StudyDue,
                day(2026, 11, 17),
                State::FeasibilityInProgress,
            ),
            sample(verifying, RecipientRole::Region, ClockKind::Verification, soon, State::FeasibilityDelivered),
        ]
    }
}

/// A time limit has passed: the Region is told.
#[derive(Debug, Clone)]
pub struct Escalated {
    pub about: About,
    pub clock: ClockKind,
    pub holder: Side,
    pub due_on: Day,
    pub today: Day,
    pub state: State,
}

impl Escalated {
    pub(crate) fn of(notice: &ReminderNotice<'_>, to: &Addressed) -> Self {
        Self {
            about: about(notice, to),
            clock: notice.clock.kind,
            holder: notice.clock.holder,
            due_on: notice.clock.due_on,
            today: notice.today,
            state: notice.path.state,
        }
    }

    fn what(&self) -> &'static str {
        labels::clock(self.clock)
    }

    fn stands(&self) -> &'static str {
        labels::state(self.state)
    }

    fn when(&self) -> String {
        when(self.due_on, self.today)
    }
}

mail! {
    Escalated, "escalation", "emails/escalation/subject.txt", "emails/escalation/body.txt", "emails/escalation/body.html",
    vec![Self {
        about: About {
            next: None,
            ..Scene::new(State::FeasibilityInProgress, ClockKind::StudyDue, Side::Body).about(RecipientRole::Region)
        },
        clock: ClockKind::StudyDue,
        holder: Side::Body,
        due_on: day(2026, 11, 10),
        today: today(),
        state: State::FeasibilityInProgress,
    }]
}
