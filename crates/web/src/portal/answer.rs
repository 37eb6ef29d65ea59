//! Recording what a person sends from a page of the portal: checked in one order, performed once, answered by a page.
//!
//! The order: the link, the ticket of the form, what the form is bound to (the version that was shown), an earlier and
//! different answer, the fields; then the use case decides. A second sending of one form gives the first's result.

use app::{Access, App, AppError, Options, Outcome, Presence, Visitor};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::calendar::paris_day;
use domain::form::{FieldError, FieldKind, FieldProblem, Form};
use domain::path::command::RequestKind;
use domain::path::{Act, Command, Refusal, Step};
use wording::{pages, refusals, typography};

use super::cards::Filled;
use super::page::{Scene, problems};
use super::{closed, history, steps};
use crate::forms::{FUNCTION, SIGNATORY, Typed, value};
use crate::forms::{Notice, ProblemLine, Problems};
use crate::ticket;
use crate::{PageError, observe, routes};

/// Longest name and function of who answers.
const LONGEST: usize = 120;
/// Times an answer is tried again when the path moved while it was read.
const ATTEMPTS: usize = 4;

/// Records what was sent and says what to show.
pub(super) async fn record(
    app: App,
    token: String,
    step: Step,
    typed: Typed,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let access = app.open_link(&token).await?;
        let today = paris_day(app.now().await?);
        if let Some(problem) = access.problem {
            return closed::page(&token, &access, problem, closed::Outcome::None);
        }
        let scene = Scene { token: &token, access: &access, today };
        if !steps::known(&access, step) {
            return Err(PageError::NotFound);
        }
        let key = value(&typed, "cle").unwrap_or_default();
        if !ticket::holds(&token, step.id(), key) {
            return Err(PageError::Ticket);
        }
        match attempt(&app, &scene, step, &typed, key, &visitor).await {
            Err(Failure::Moved) if attempts < ATTEMPTS => {}
            Err(Failure::Moved) => return moved(&scene, step, &typed),
            Err(Failure::Page(error)) => return Err(error),
            Ok(response) => return Ok(response),
        }
    }
}

enum Failure {
    /// The path changed between reading and writing.
    Moved,
    Page(PageError),
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}

async fn attempt(
    app: &App,
    scene: &Scene<'_>,
    step: Step,
    typed: &Typed,
    key: &str,
    visitor: &Visitor,
) -> Result<Response, Failure> {
    let access = scene.access;
    if let Some(request) = history::answered_by(step)
        && let Some(response) = not_what_was_shown(scene, step, request, typed)?
    {
        return Ok(response);
    }
    if let Some(response) = answered_otherwise(scene, step, typed)? {
        return Ok(response);
    }
    let errors = own_errors(access, step, typed);
    if !errors.is_empty() {
        return Ok(refused_form(scene, step, typed, errors)?);
    }
    let options = Options {
        expected_version: Some(access.path.version),
        note: note(access, step, typed),
        presence: Some(presence(access, step, typed, visitor)),
        ..Options::default()
    };
    let (mut last, mut skipped) = (None, None);
    let commands = forms(step, typed, key);
    let several = commands.len() > 1;
    for (form, key) in commands {
        let options = Options {
            idempotency_key: Some(key),
            // The first signature of several moves the version that the others saw.
            expected_version: options.expected_version.filter(|_| last.is_none()),
            ..options.clone()
        };
        let answer = Box::pin(app.answer_link(scene.token, step, &form, &options)).await;
        observe::transition(step, &answer);
        match answer {
            Ok(outcome) => last = Some(outcome),
            // One of several sequences was signed meanwhile: the others are signed all the same.
            Err(AppError::Refused(refusal)) if several && matches!(*refusal, Refusal::AlreadyDone { .. }) => {
                skipped = Some(*refusal);
            }
            Err(error) => return failed(scene, step, typed, error),
        }
    }
    match (last, skipped) {
        (Some(outcome), _) => Ok(Redirect::to(&done(scene.token, &outcome)).into_response()),
        (None, Some(refusal)) => Ok(already(scene, step, typed, &refusal)?),
        (None, None) => Err(PageError::Unreadable.into()),
    }
}

/// Where the page of what was recorded is.
fn done(token: &str, outcome: &Outcome) -> String {
    let rank = outcome.events.first().map_or(outcome.path.version, |event| event.seq);
    let said = if outcome.replayed { "deja" } else { "fait" };
    format!("{}?{said}={rank}", routes::portal(token))
}

/// The commands of what was sent: one, or one for each session ticked.
fn forms(step: Step, typed: &Typed, key: &str) -> Vec<(Form, String)> {
    if step == Step::Act(Act::SignSequence) {
        let numbers = typed.iter().filter(|(name, _)| name == "number");
        return numbers
            .map(|(_, number)| {
                (Form::from_iter([("number".to_owned(), number.clone().into())]), format!("{key}/{number}"))
            })
            .collect();
    }
    // Only what the step asks is read: anything else that was sent is ignored.
    let asked = Command::fields(step).into_iter().filter(|field| field.kind != FieldKind::Document);
    let mut form: Form = asked
        .filter_map(|field| value(typed, field.name).map(|value| (field.name.to_owned(), value.to_owned().into())))
        .collect();
    if matches!(step, Step::Transition(domain::path::Transition::SignPif)) {
        form.insert("version".to_owned(), value(typed, "version").unwrap_or_default().into());
    }
    vec![(form, key.to_owned())]
}

/// What the portal itself asks: who answers for a company, and at least one session to sign.
fn own_errors(access: &Access, step: Step, typed: &Typed) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, problem| errors.push(FieldError { field: field.to_owned(), problem });
    if step == Step::Act(Act::SignSequence) && value(typed, "number").is_none() {
        wrong("number", FieldProblem::Missing);
    }
    if access.role.of_company() && history::answered_by(step).is_some() {
        for field in [SIGNATORY, FUNCTION] {
            let text = value(typed, field).unwrap_or_default().trim();
            if text.is_empty() {
                wrong(field, FieldProblem::Missing);
            } else if text.chars().count() > LONGEST {
                wrong(field, FieldProblem::TooLong { max: LONGEST });
            } else if text.chars().any(char::is_control) {
                wrong(field, FieldProblem::ControlCharacters);
            }
        }
    }
    errors
}

/// Who answered for the company, and what they are in it; nobody is asked for another role.
fn signatory(access: &Access, step: Step, typed: &Typed) -> Option<(String, String)> {
    if !access.role.of_company() || history::answered_by(step).is_none() {
        return None;
    }
    let text = |name| typography::typeset(value(typed, name).unwrap_or_default().trim());
    Some((text(SIGNATORY), text(FUNCTION)))
}

/// Who answered for the company, as the receipt says it.
fn note(access: &Access, step: Step, typed: &Typed) -> Option<String> {
    signatory(access, step, typed).map(|(name, function)| pages::portal::answered_by(name, function))
}

/// Who answers and from where, for the proof of what they declare.
fn presence(access: &Access, step: Step, typed: &Typed, visitor: &Visitor) -> Presence {
    let (signatory, function) = signatory(access, step, typed).unzip();
    Presence { visitor: visitor.clone(), signatory, function }
}

/// The form shows another version than the one to answer now: the new one is shown, nothing is recorded (L5).
fn not_what_was_shown(
    scene: &Scene<'_>,
    step: Step,
    request: RequestKind,
    typed: &Typed,
) -> Result<Option<Response>, PageError> {
    let asked = scene.access.asked.iter().find(|asked| asked.kind == request);
    let Some(asked) = asked else { return Ok(None) };
    let shown = value(typed, "version").and_then(|version| version.parse::<u32>().ok());
    let signs_in_turn = request == RequestKind::SignSequences;
    if shown == Some(asked.version) || signs_in_turn {
        return Ok(None);
    }
    let notice = Notice {
        tone: "wait",
        title: pages::portal::CHANGED_TITLE.to_owned(),
        paragraphs: vec![pages::portal::CHANGED.to_owned()],
    };
    let filled = Filled { typed: typed.clone(), errors: Vec::new() };
    scene.page(StatusCode::CONFLICT, Some(notice), None, Some((step, &filled))).map(Some)
}

/// A different answer was given before: it stands, and is shown (L3).
fn answered_otherwise(scene: &Scene<'_>, step: Step, typed: &Typed) -> Result<Option<Response>, PageError> {
    let access = scene.access;
    let declines = step == Step::Act(Act::DeclineRequest);
    let request = match declines {
        true => value(typed, "request").and_then(|request| request.parse().ok()),
        false => history::answered_by(step),
    };
    let Some(request) = request else { return Ok(None) };
    let Some(declined) = history::declined(&access.events, access.role, request) else { return Ok(None) };
    if declines {
        let address = format!("{}?deja={}", routes::portal(scene.token), declined.seq);
        return Ok(Some(Redirect::to(&address).into_response()));
    }
    first_answer_page(scene, request).map(Some)
}

fn first_answer_page(scene: &Scene<'_>, request: RequestKind) -> Result<Response, PageError> {
    let access = scene.access;
    let first = history::first_answer(&access.events, access.role, request);
    let mut paragraphs: Vec<String> =
        first.and_then(|first| history::sentence(first, access, true)).into_iter().collect();
    paragraphs.push(pages::portal::first_answer_stays(scene.coordination()));
    let notice = Notice { tone: "wait", title: pages::portal::ALREADY_ANSWERED.to_owned(), paragraphs };
    scene.page(StatusCode::CONFLICT, Some(notice), None, None)
}

/// What to show when the use case did nothing.
fn failed(scene: &Scene<'_>, step: Step, typed: &Typed, error: AppError) -> Result<Response, Failure> {
    let refusal = match error {
        AppError::Refused(refusal) => *refusal,
        AppError::Conflict(_) => return Err(Failure::Moved),
        AppError::KeyReused => return Ok(key_reused(scene)?),
        error => return Err(Failure::Page(error.into())),
    };
    let page = match refusal {
        Refusal::Form { errors } => refused_form(scene, step, typed, errors),
        Refusal::NotFound | Refusal::NotYourRole { .. } => Err(PageError::NotFound),
        Refusal::AlreadyDone { .. } | Refusal::NotAsked { .. } | Refusal::WrongState { .. } => {
            already(scene, step, typed, &refusal)
        }
        Refusal::OtherVersion { .. } => return Err(Failure::Moved),
        refusal => refused(scene, step, typed, &refusal),
    };
    Ok(page?)
}

/// The step is no more to be done: the answer given before is shown, else why not.
fn already(scene: &Scene<'_>, step: Step, typed: &Typed, refusal: &Refusal) -> Result<Response, PageError> {
    let access = scene.access;
    let same = history::answered_by(step);
    let named: Option<RequestKind> = value(typed, "request").and_then(|request| request.parse().ok());
    if step == Step::Act(Act::ContestAnswer)
        && let Some(contested) = named.and_then(|request| history::contested(&access.events, access.role, request))
    {
        return Ok(Redirect::to(&format!("{}?deja={}", routes::portal(scene.token), contested.seq)).into_response());
    }
    let request = same.or(named.filter(|_| step == Step::Act(Act::DeclineRequest)));
    let first = request.and_then(|request| history::first_answer(&access.events, access.role, request));
    match (first, request) {
        (Some(first), Some(_)) if same.is_some() => {
            Ok(Redirect::to(&format!("{}?deja={}", routes::portal(scene.token), first.seq)).into_response())
        }
        (Some(_), Some(request)) => first_answer_page(scene, request),
        (None, _) | (_, None) => refused(scene, step, typed, refusal),
    }
}

/// The form with its errors and what was typed.
fn refused_form(scene: &Scene<'_>, step: Step, typed: &Typed, errors: Vec<FieldError>) -> Result<Response, PageError> {
    let summary = problems(step, &errors);
    let filled = Filled { typed: typed.clone(), errors };
    show(scene, step, StatusCode::UNPROCESSABLE_ENTITY, summary, &filled)
}

/// A rule refuses: the sentence says what, why and what to do; what was typed stays.
fn refused(scene: &Scene<'_>, step: Step, typed: &Typed, refusal: &Refusal) -> Result<Response, PageError> {
    let lines = refusals::lines(refusal).into_iter().map(|text| ProblemLine { text, anchor: None }).collect();
    let summary = Problems { title: pages::portal::NOTHING_RECORDED.to_owned(), lines };
    show(scene, step, StatusCode::CONFLICT, summary, &Filled { typed: typed.clone(), errors: Vec::new() })
}

/// The path keeps changing under the form.
fn moved(scene: &Scene<'_>, step: Step, typed: &Typed) -> Result<Response, PageError> {
    let line = pages::portal::MOVED_MEANWHILE;
    let summary = Problems {
        title: pages::portal::NOTHING_RECORDED.to_owned(),
        lines: vec![ProblemLine { text: line.to_owned(), anchor: None }],
    };
    show(scene, step, StatusCode::CONFLICT, summary, &Filled { typed: typed.clone(), errors: Vec::new() })
}

/// The same form came back with another content.
fn key_reused(scene: &Scene<'_>) -> Result<Response, PageError> {
    let notice = Notice {
        tone: "wait",
        title: pages::forms::ALREADY_USED.to_owned(),
        paragraphs: vec![pages::portal::FIRST_ANSWER_RECORDED.to_owned()],
    };
    scene.page(StatusCode::CONFLICT, Some(notice), None, None)
}

fn show(
    scene: &Scene<'_>,
    step: Step,
    status: StatusCode,
    summary: Problems,
    filled: &Filled,
) -> Result<Response, PageError> {
    if history::answered_by(step).is_some() {
        scene.page(status, None, Some(summary), Some((step, filled)))
    } else {
        steps::page(scene, step, status, Some(summary), filled)
    }
}
