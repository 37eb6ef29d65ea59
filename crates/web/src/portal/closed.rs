//! Pages of a link besides its path: it expired, somebody else took the role, or its owner wants no reminders.

use app::{Access, LinkProblem};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::people::OutsideRole;
use wording::pages;

use super::page::{Contact, Scene};
use crate::{PageError, routes};

/// What just happened, for the page that follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    None,
    /// What was sent by this link was recorded, and it was the last thing it did.
    Recorded,
    Renewed,
    RenewedBefore,
}

impl Outcome {
    /// From what the address says of a renewal.
    pub(super) fn of_renewal(said: &Option<String>) -> Self {
        match said.as_deref() {
            Some("oui") => Self::Renewed,
            Some(_) => Self::RenewedBefore,
            None => Self::None,
        }
    }
}

#[derive(Template)]
#[template(path = "portal/closed_link.html")]
struct ClosedPage {
    title: &'static str,
    paragraphs: Vec<String>,
    renewal: Option<String>,
    contact: Contact,
}

/// The page of a link that opens nothing any more; it says nothing of the path.
pub(super) fn page(
    token: &str,
    access: &Access,
    problem: LinkProblem,
    outcome: Outcome,
) -> Result<Response, PageError> {
    let contact = Contact::of(access);
    let call = pages::closed_links::COORDINATION_ANSWERS.to_owned();
    let reachable = access.person.contact.email.is_some();
    let (title, paragraphs, renewal) = match (problem, outcome) {
        (LinkProblem::Revoked, Outcome::Recorded) => {
            (pages::closed_links::RECORDED_TITLE, vec![pages::closed_links::RECORDED.to_owned(), call], None)
        }
        (LinkProblem::Revoked, Outcome::None | Outcome::Renewed | Outcome::RenewedBefore) => {
            (pages::closed_links::DEAD_TITLE, vec![pages::closed_links::DEAD.to_owned(), call], None)
        }
        (LinkProblem::Expired, Outcome::Renewed) => (
            pages::closed_links::ON_ITS_WAY_TITLE,
            vec![pages::closed_links::ON_ITS_WAY.to_owned(), pages::closed_links::IF_IT_DOES_NOT_COME.to_owned()],
            None,
        ),
        (LinkProblem::Expired, Outcome::RenewedBefore) => (
            pages::closed_links::JUST_SENT_TITLE,
            vec![pages::closed_links::JUST_SENT.to_owned(), pages::closed_links::IF_IT_DOES_NOT_COME.to_owned()],
            None,
        ),
        (LinkProblem::Expired, Outcome::None | Outcome::Recorded) => (
            pages::closed_links::EXPIRED_TITLE,
            vec![
                pages::closed_links::EXPIRED.to_owned(),
                if reachable { pages::closed_links::EXPIRED_ASK.to_owned() } else { call },
            ],
            reachable.then(|| routes::portal_renewal(token)),
        ),
    };
    let page = ClosedPage { title, paragraphs, renewal, contact };
    Ok((StatusCode::GONE, Html(page.render()?)).into_response())
}

#[derive(Template)]
#[template(path = "portal/reminders.html")]
struct RemindersPage {
    reference: String,
    job: String,
    /// Of what this person is reminded.
    reminded: &'static str,
    off: bool,
    changed: bool,
    back: String,
    action: String,
    contact: Contact,
}

/// Where reminders are turned off, or on again.
pub(super) fn reminders(scene: &Scene<'_>, changed: bool) -> Result<Response, PageError> {
    let access = scene.access;
    let page = RemindersPage {
        reference: access.path.reference.to_string(),
        job: access.path.job.title.clone(),
        reminded: reminded(access),
        off: access.person.reminders_off,
        changed,
        back: routes::portal(scene.token),
        action: routes::portal_reminders(scene.token),
        contact: Contact::of(access),
    };
    Ok(Html(page.render()?).into_response())
}

/// Of the clocks, a confirmation and the signatures alone wait for people outside.
fn reminded(access: &Access) -> &'static str {
    match access.role {
        role if role == access.path.signs_for_company() => pages::closed_links::COMPANY_REMINDED,
        OutsideRole::Trainee => pages::closed_links::TRAINEE_REMINDED,
        OutsideRole::Company
        | OutsideRole::Signatory
        | OutsideRole::Tutor
        | OutsideRole::HumanResources
        | OutsideRole::Accounting => pages::closed_links::NOT_REMINDED,
    }
}
