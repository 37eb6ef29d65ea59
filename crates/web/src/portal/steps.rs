//! What people outside may do besides answering: one page, one question.

use app::Access;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::path::command::RequestKind;
use domain::path::decide::{available, takes};
use domain::path::requests::contestable;
use domain::path::{Act, Step, Transition};
use domain::people::OutsideRole;
use strum::IntoEnumIterator;
use wording::{labels, pages};

use super::cards::{self, Filled, Link};
use super::history;
use super::page::{Contact, Head, Scene};
use crate::forms::Problems;
use crate::forms::{self, FieldView, FormView, Input, value};
use crate::ticket;
use crate::{PageError, routes};

const C: OutsideRole = OutsideRole::Company;
const T: OutsideRole = OutsideRole::Trainee;
const U: OutsideRole = OutsideRole::Tutor;
const S: OutsideRole = OutsideRole::Signatory;
const H: OutsideRole = OutsideRole::HumanResources;
const A: OutsideRole = OutsideRole::Accounting;

/// The steps of the company about its own people.
pub(super) const NAME_COLLEAGUE: Step = Step::Act(Act::AddCompanyContact);
pub(super) const REMOVE_COLLEAGUE: Step = Step::Act(Act::RemoveCompanyContact);

/// A step that the portal offers besides answers, and to whom; the domain says when.
struct Offer {
    step: Step,
    to: &'static [OutsideRole],
    title: &'static str,
    help: &'static str,
    lead: &'static [&'static str],
    button: &'static str,
    /// Listed on the page of the path; the others are reached from a request, or beside the people they are about.
    listed: bool,
}

/// A trainee is never replaced by their own link: their identity is the coordinator's to correct.
const OFFERS: &[Offer] = &[
    Offer {
        step: Step::Act(Act::RecordSequence),
        to: &[U],
        title: pages::offers::RECORD_SEQUENCE,
        help: pages::offers::RECORD_SEQUENCE_HINT,
        lead: &[pages::offers::RECORD_SEQUENCE_WHY],
        button: pages::offers::RECORD_SEQUENCE_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::DesignateTutor),
        to: &[C],
        title: pages::offers::APPOINT_TUTOR,
        help: pages::offers::APPOINT_TUTOR_HINT,
        lead: &[pages::offers::APPOINT_TUTOR_WHY],
        button: pages::offers::APPOINT_TUTOR_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::ReplaceTutor),
        to: &[C],
        title: pages::offers::REPLACE_TUTOR,
        help: pages::offers::REPLACE_TUTOR_HINT,
        lead: &[pages::offers::REPLACE_TUTOR_WHY],
        button: pages::offers::REPLACE_TUTOR,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::ReportObstacle),
        to: &[C, T],
        title: pages::offers::REPORT_DIFFICULTY,
        help: pages::offers::REPORT_DIFFICULTY_HINT,
        lead: &[pages::offers::REPORT_DIFFICULTY_WHY],
        button: pages::offers::REPORT_DIFFICULTY_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::ReportAccident),
        to: &[C, T],
        title: pages::offers::DECLARE_ACCIDENT,
        help: pages::offers::DECLARE_ACCIDENT_HINT,
        lead: &[pages::offers::DECLARE_ACCIDENT_WHY],
        button: pages::offers::DECLARE_ACCIDENT_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::GiveOpinion),
        to: &[C, T, U],
        title: pages::offers::GIVE_OPINION,
        help: pages::offers::GIVE_OPINION_HINT,
        lead: &[pages::offers::GIVE_OPINION_WHY],
        button: pages::offers::GIVE_OPINION_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::RecordFollowUp),
        to: &[C, T],
        title: pages::offers::RECORD_SITUATION,
        help: pages::offers::RECORD_SITUATION_HINT,
        lead: &[pages::offers::RECORD_SITUATION_WHY],
        button: pages::offers::RECORD_SITUATION_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::ProposeCorrection),
        to: &[C, S, T, U],
        title: pages::offers::PROPOSE_CORRECTION,
        help: pages::offers::PROPOSE_CORRECTION_HINT,
        lead: &[pages::offers::PROPOSE_CORRECTION_WHY],
        button: pages::offers::PROPOSE_CORRECTION_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::ContestAnswer),
        to: &[C, S, T, U],
        title: pages::offers::CONTEST_ANSWER,
        help: pages::offers::CONTEST_ANSWER_HINT,
        lead: &[pages::offers::CONTEST_ANSWER_WHY],
        button: pages::offers::CONTEST_ANSWER_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::HandOverContact),
        to: &[C, U],
        title: pages::offers::HAND_OVER,
        help: pages::offers::HAND_OVER_HINT,
        lead: &[pages::offers::HAND_OVER_WHY],
        button: pages::offers::HAND_OVER_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::HandOverContact),
        to: &[S, H, A],
        title: pages::offers::HAND_OVER,
        help: pages::offers::HAND_FUNCTION_OVER_HINT,
        lead: &[pages::offers::HAND_OVER_WHY],
        button: pages::offers::HAND_OVER_BUTTON,
        listed: true,
    },
    Offer {
        step: NAME_COLLEAGUE,
        to: &[C],
        title: pages::offers::NAME_COLLEAGUE,
        help: "",
        lead: &[pages::offers::NAME_COLLEAGUE_WHY, pages::offers::NAME_COLLEAGUE_REPLACES],
        button: pages::offers::NAME_COLLEAGUE_BUTTON,
        listed: false,
    },
    Offer {
        step: REMOVE_COLLEAGUE,
        to: &[C],
        title: pages::offers::REMOVE_COLLEAGUE,
        help: "",
        lead: &[pages::offers::REMOVE_COLLEAGUE_WHY],
        button: pages::offers::REMOVE_COLLEAGUE_BUTTON,
        listed: false,
    },
    Offer {
        step: REMOVE_COLLEAGUE,
        to: &[S, H, A],
        title: pages::offers::NO_LONGER_ME,
        help: pages::offers::NO_LONGER_ME_HINT,
        lead: &[pages::offers::NO_LONGER_ME_WHY],
        button: pages::offers::NO_LONGER_ME_BUTTON,
        listed: true,
    },
    Offer {
        step: Step::Act(Act::DeclineRequest),
        to: &[C, S, T, U],
        title: pages::offers::DECLINE,
        help: "",
        lead: &[pages::offers::DECLINE_WHY],
        button: pages::offers::DECLINE_BUTTON,
        listed: false,
    },
    Offer {
        step: Step::Transition(Transition::WithdrawCandidate),
        to: &[T],
        title: pages::offers::WITHDRAW,
        help: pages::offers::WITHDRAW_HINT,
        lead: &[pages::offers::WITHDRAW_WHY, pages::offers::WITHDRAW_LINK],
        button: pages::offers::WITHDRAW,
        listed: true,
    },
];

/// What a page of one step is about.
pub(super) fn offer(step: Step, role: OutsideRole) -> bool {
    find(step, role).is_some()
}

fn find(step: Step, role: OutsideRole) -> Option<&'static Offer> {
    OFFERS.iter().find(|offer| offer.step == step && offer.to.contains(&role))
}

/// Whether a step is one of this person's here, whatever the state: an answer that they give, or what they may do besides.
pub(super) fn known(access: &Access, step: Step) -> bool {
    offer(step, access.role) || (takes(&access.actor, step) && history::answered_by(step).is_some())
}

/// Whether the domain lets this person try a step now; a tutor is designated once and then replaced.
pub(super) fn is_open(scene: &Scene<'_>, step: Step) -> bool {
    let path = &scene.access.path;
    let fits = match step {
        Step::Act(Act::DesignateTutor) => path.tutor.is_none(),
        Step::Act(Act::ReplaceTutor) => path.tutor.is_some(),
        Step::Act(Act::RecordFollowUp) => !path.follow_up_recorded,
        Step::Act(Act::DeclineRequest) => !scene.access.asked.is_empty(),
        Step::Transition(_) | Step::Act(_) => true,
    };
    fits && available(path, &scene.access.actor).contains(&step)
}

/// Whether a step is this person's here and may be tried now.
pub(super) fn is_offered(scene: &Scene<'_>, step: Step) -> bool {
    offer(step, scene.access.role) && is_open(scene, step)
}

/// The links to what may be done besides answering.
pub(super) fn others(scene: &Scene<'_>) -> Vec<Link> {
    let role = scene.access.role;
    let offers = OFFERS.iter().filter(|offer| offer.listed && offer.to.contains(&role) && is_open(scene, offer.step));
    offers.map(|offer| link(scene, offer)).collect()
}

/// The link to one of them, while it may be done.
pub(super) fn offered(scene: &Scene<'_>, step: Step) -> Option<Link> {
    find(step, scene.access.role).filter(|_| is_open(scene, step)).map(|offer| link(scene, offer))
}

fn link(scene: &Scene<'_>, offer: &Offer) -> Link {
    Link { label: offer.title, help: offer.help, address: routes::portal_step(scene.token, offer.step) }
}

#[derive(Template)]
#[template(path = "portal/step.html")]
struct StepPage {
    head: Head,
    title: String,
    back: String,
    problems: Option<Problems>,
    lead: Vec<String>,
    form: FormView,
    contact: Contact,
}

/// The page of a step that is not the answer to a request; nothing for a step not offered to this role.
///
/// # Errors
/// [`PageError::NotFound`] for a step that this role is not offered; the template fails.
pub(super) fn page(
    scene: &Scene<'_>,
    step: Step,
    status: StatusCode,
    problems: Option<Problems>,
    filled: &Filled,
) -> Result<Response, PageError> {
    let offer = find(step, scene.access.role).ok_or(PageError::NotFound)?;
    // Who gives up their own function is not asked which.
    let own = scene.access.role.function().filter(|_| step == REMOVE_COLLEAGUE);
    let said: &[&str] = if own.is_some() { &["request", "function"] } else { &["request"] };
    let mut fields = forms::of_step(step, said, &filled.typed, &filled.errors);
    let mut hidden = vec![("cle".to_owned(), ticket::issue(scene.token, step.id()))];
    hidden.extend(own.map(|function| ("function".to_owned(), function.to_string())));
    let mut title = offer.title.to_owned();
    if let Some(requests) = requests(scene, step) {
        match requested(&requests, filled) {
            Some(request) => {
                hidden.push(("request".to_owned(), request.to_string()));
                title = of_request(step, request, &title);
            }
            None => fields.insert(0, which_request(step, &requests, filled)),
        }
    }
    let page = StepPage {
        head: scene.head(),
        title,
        back: routes::portal(scene.token),
        problems,
        lead: offer.lead.iter().map(|text| (*text).to_owned()).collect(),
        form: FormView {
            action: routes::portal_step(scene.token, step),
            hidden,
            fields,
            button: offer.button.to_owned(),
        },
        contact: Contact::of(scene.access),
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// The requests that a step is about one of: those open for a refusal, those answered for a contestation.
fn requests(scene: &Scene<'_>, step: Step) -> Option<Vec<RequestKind>> {
    let (path, role) = (&scene.access.path, scene.access.role.recipient());
    match step {
        Step::Act(Act::DeclineRequest) => Some(cards::open(scene).iter().map(|asked| asked.kind).collect()),
        Step::Act(Act::ContestAnswer) => {
            Some(RequestKind::iter().filter(|request| contestable(path, role, *request)).collect())
        }
        Step::Transition(_) | Step::Act(_) => None,
    }
}

/// The title of a step about one request.
fn of_request(step: Step, request: RequestKind, title: &str) -> String {
    if step == Step::Act(Act::DeclineRequest) {
        return pages::requests::declining(request).to_owned();
    }
    pages::offers::titled(title, labels::request_kind(request).to_lowercase().replace("pif", "PIF"))
}

/// The request that a step is about: the one named, else the only one.
fn requested(requests: &[RequestKind], filled: &Filled) -> Option<RequestKind> {
    let named = value(&filled.typed, "request").and_then(|name| name.parse().ok());
    match (named, requests) {
        (Some(request), _) => requests.contains(&request).then_some(request),
        (None, [only]) => Some(*only),
        (None, _) => None,
    }
}

fn which_request(step: Step, requests: &[RequestKind], filled: &Filled) -> FieldView {
    let options = requests
        .iter()
        .map(|request| forms::Choice {
            value: request.to_string(),
            label: labels::request_kind(*request).to_owned(),
            detail: String::new(),
            chosen: value(&filled.typed, "request") == Some(request.as_ref()),
        })
        .collect();
    let label = if step == Step::Act(Act::DeclineRequest) {
        pages::offers::WHAT_IS_DECLINED
    } else {
        pages::offers::WHICH_ANSWER
    };
    FieldView {
        id: forms::field_id(step, "request"),
        name: "request".to_owned(),
        label: label.to_owned(),
        help: String::new(),
        required: true,
        value: String::new(),
        error: filled
            .errors
            .iter()
            .find(|error| error.field == "request")
            .map(|error| wording::refusals::field(step, error)),
        remark: None,
        input: Input::Choice { options, pair: false, several: false },
    }
}
