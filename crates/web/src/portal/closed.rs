//! Pages of a link besides its path: it expired, somebody else took the role, or its owner wants no reminders.

use app::{Access, LinkProblem};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

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
    let call = "La personne ci-dessous coordonne le parcours et vous répondra.".to_owned();
    let reachable = access.person.contact.email.is_some();
    let (title, paragraphs, renewal) = match (problem, outcome) {
        (LinkProblem::Revoked, Outcome::Recorded) => (
            "C’est enregistré",
            vec!["Merci. Votre lien ne sert plus à rien désormais\u{a0}: vous pouvez fermer cette page.".to_owned(), call],
            None,
        ),
        (LinkProblem::Revoked, Outcome::None | Outcome::Renewed | Outcome::RenewedBefore) => (
            "Ce lien ne fonctionne plus",
            vec![
                "Il a été remplacé\u{a0}: une autre personne suit désormais ce parcours, ou vous n’en faites plus partie.".to_owned(),
                call,
            ],
            None,
        ),
        (LinkProblem::Expired, Outcome::Renewed) => (
            "Un nouveau lien est en route",
            vec![
                "Il arrive dans quelques minutes à l’adresse enregistrée pour ce parcours. Regardez aussi parmi les indésirables.".to_owned(),
                "S’il n’arrive pas, appelez la personne ci-dessous\u{a0}: l’adresse a peut-être changé.".to_owned(),
            ],
            None,
        ),
        (LinkProblem::Expired, Outcome::RenewedBefore) => (
            "Un lien est déjà parti il y a quelques minutes",
            vec![
                "Il est à l’adresse enregistrée pour ce parcours. Regardez aussi parmi les indésirables avant d’en redemander un.".to_owned(),
                "S’il n’arrive pas, appelez la personne ci-dessous\u{a0}: l’adresse a peut-être changé.".to_owned(),
            ],
            None,
        ),
        (LinkProblem::Expired, Outcome::None | Outcome::Recorded) => (
            "Ce lien a expiré",
            vec![
                "Un lien ne vaut qu’un temps, pour protéger votre parcours. Rien n’est perdu.".to_owned(),
                if reachable {
                    "Demandez-en un nouveau\u{a0}: il part aussitôt à l’adresse enregistrée pour ce parcours, et à aucune autre.".to_owned()
                } else {
                    call
                },
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
        off: access.person.reminders_off,
        changed,
        back: routes::portal(scene.token),
        action: routes::portal_reminders(scene.token),
        contact: Contact::of(access),
    };
    Ok(Html(page.render()?).into_response())
}
