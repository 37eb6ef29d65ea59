//! People who change: a contact replaced or welcomed, a coordinator assigned, a link sent again.

use domain::market::ClockKind;
use domain::path::command::RequestKind;
use domain::path::requests::Asked;
use domain::path::{Path, State};
use domain::people::{RecipientRole, Side};
use domain::told::{Addressed, Directory};

use super::Notice;
use super::about::About;
use super::mail::mail;
use super::next::{Ask, outside_ask};
use super::samples::Scene;

fn study() -> Scene {
    Scene::new(State::FeasibilityInProgress, ClockKind::StudyDue, Side::Body)
        .asks(RecipientRole::Company, RequestKind::ConfirmCommitment)
}

/// Somebody becomes the contact of a path, or their details change.
#[derive(Debug, Clone)]
pub struct ContactChanged {
    pub about: About,
}

impl ContactChanged {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::step(notice, to) }
    }
}

mail! {
    ContactChanged, "contact_changed", "emails/contact_changed/subject.txt", "emails/contact_changed/body.txt",
    "emails/contact_changed/body.html",
    [RecipientRole::Company, RecipientRole::Trainee, RecipientRole::Tutor]
        .into_iter()
        .map(|role| Self { about: study().about(role) })
        .collect()
}

/// Somebody is no longer the contact, or not at this address: the old one is told (L12).
#[derive(Debug, Clone)]
pub struct ContactReplaced {
    pub about: About,
}

impl ContactReplaced {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::plain(notice.after, notice.directory, to) }
    }
}

mail! {
    ContactReplaced, "contact_replaced", "emails/contact_replaced/subject.txt", "emails/contact_replaced/body.txt",
    "emails/contact_replaced/body.html",
    [RecipientRole::Company, RecipientRole::Tutor]
        .into_iter()
        .map(|reader| Self { about: study().about(reader).gone() })
        .collect()
}

/// A coordinator takes a path in charge.
#[derive(Debug, Clone)]
pub struct CoordinatorAssigned {
    pub about: About,
    pub state: State,
}

impl CoordinatorAssigned {
    pub(crate) fn of(notice: &Notice<'_>, to: &Addressed) -> Self {
        Self { about: About::step(notice, to), state: notice.after.state }
    }

    fn stands(&self) -> &'static str {
        wording::labels::state(self.state)
    }
}

mail! {
    CoordinatorAssigned, "coordinator_assigned", "emails/coordinator_assigned/subject.txt",
    "emails/coordinator_assigned/body.txt", "emails/coordinator_assigned/body.html",
    vec![Self { about: study().about(RecipientRole::Body), state: State::FeasibilityInProgress }]
}

/// A fresh link, asked from a page whose link had expired (L4).
#[derive(Debug, Clone)]
pub struct LinkRenewed {
    pub about: About,
}

impl LinkRenewed {
    pub(crate) fn of(path: &Path, directory: &Directory<'_>, request: Option<&Asked>, to: &Addressed) -> Self {
        Self { about: About { ask: Some(outside_ask(request)), ..About::plain(path, directory, to) } }
    }
}

mail! {
    LinkRenewed, "link_renewed", "emails/link_renewed/subject.txt", "emails/link_renewed/body.txt",
    "emails/link_renewed/body.html",
    {
        let asked = |role, kind| {
            let about = study().asks(role, kind).about(role);
            let ask = about.ask.clone().map(|ask| Ask { until: None, ..ask });
            Self { about: About { next: None, ask, ..about } }
        };
        vec![
            asked(RecipientRole::Company, RequestKind::ConfirmCommitment),
            asked(RecipientRole::Trainee, RequestKind::SignPif),
            Self { about: About { next: None, ..study().about(RecipientRole::Tutor) } },
        ]
    }
}
