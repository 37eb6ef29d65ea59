//! The form of any step: what it asks, what it will do, and the one button that does it.
//!
//! Showing what will happen posts to the same page and keeps the draft; performing posts the version that was shown, the
//! digest of what was rehearsed, and the ticket as the key under which it acts once. What moved meanwhile is shown with who moved
//! it, and what was typed stays.

use app::{AppError, Draft, Options, Outcome, Presence, Received, Rehearsal, Target, Visitor};
use askama::Template;
use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::form::{FieldError, FieldKind, Form};
use domain::path::command::Datum;
use domain::path::table::row;
use domain::path::{Command, Refusal, Step, Transition};
use sha2::{Digest, Sha256};
use wording::{addresses, dates, labels, pages, refusals};

use super::needs::{self, Check};
use super::parts::{self, Head, Since};
use super::rehearsal::{self, RehearsalView};
use super::upload::{self, Sent};
use super::{Scene, correct, fields, next};
use crate::commune::{self, COMMUNE};
use crate::forms::{FieldView, Notice, ProblemLine, Problems, Typed, field_id, value};
use crate::request::Path;
use crate::staff::drafts::ERASE;
use crate::staff::{Asking, Frame, Section, Signed};
use crate::{PageError, Web, observe};

/// Names of what the page itself sends beside the fields of the step.
pub(super) const TICKET: &str = "cle";
const VERSION: &str = "vue";
pub(in crate::staff) const DIGEST: &str = "repetition";
const PROMISE: &str = "promesse";
pub(in crate::staff) const PERFORM: &str = "faire";
pub(in crate::staff) const NOTE: &str = "mot";
/// Longest free text added to messages.
const LONGEST_NOTE: usize = 2_000;

#[derive(Template)]
#[template(path = "staff/path/step.html")]
struct StepPage {
    frame: Frame,
    head: Head,
    title: &'static str,
    lead: &'static str,
    /// What a correction is about, and what it does.
    subject: Option<correct::Subject>,
    back: String,
    action: String,
    hidden: Vec<(&'static str, String)>,
    multipart: bool,
    fields: Vec<FieldView>,
    problems: Option<Problems>,
    notice: Option<Notice>,
    since: Vec<Since>,
    /// What is to be known before the form is filled.
    known: Vec<Check>,
    checks: Vec<Check>,
    rehearsal: Option<RehearsalView>,
    note: String,
    draft: Option<String>,
    ticket: String,
    /// The step cannot be done any more from this page.
    closed: bool,
    /// What had been typed, to be copied from a page that takes it no more.
    kept: Vec<(String, String)>,
}

/// What is shown of an attempt.
#[derive(Debug, Default)]
struct Shown {
    typed: Typed,
    draft: Option<Draft>,
    errors: Vec<FieldError>,
    /// Said beside a field and in the summary, in words already.
    refused: Vec<(String, String)>,
    refusal: Option<Refusal>,
    rehearsal: Option<Rehearsal>,
    notice: Option<Notice>,
    /// The version that the sender had seen, when the path moved since.
    seen: Option<u32>,
    /// Nothing was sent: what is missing is said quietly.
    opening: bool,
    closed: bool,
}

/// What a ticket of this form is for, and the name of its draft: its address, which says what a correction is about.
fn purpose(scene: &Scene, step: Step, typed: &Typed) -> String {
    let address = next::address(&scene.view.path, step);
    if step == correct::STEP { correct::address(&address, typed) } else { address }
}

fn target(scene: &Scene, step: Step) -> Target {
    match step {
        Step::Transition(Transition::OpenSibling) => Target::New,
        Step::Transition(_) | Step::Act(_) => Target::Path(scene.view.path.reference.clone()),
    }
}

/// Whether a step can be tried from the page of this path; of what one never does, there is no page.
fn open(scene: &Scene, step: Step) -> Result<bool, PageError> {
    let theirs = scene.signed.actor.side().is_some_and(|side| row(step).by.contains(&side));
    if !theirs || step == Step::Transition(Transition::ReportNeed) {
        return Err(PageError::NotFound);
    }
    let sibling = step == Step::Transition(Transition::OpenSibling) && super::page::fit_for_sibling(&scene.view.path);
    Ok(sibling || scene.view.available.contains(&step))
}

async fn scene(
    web: &Web,
    signed: Signed,
    Path((reference, step)): Path<(String, String)>,
) -> Result<(Scene, Step), PageError> {
    let step: Step = step.parse().map_err(|_| PageError::NotFound)?;
    Ok((Scene::open(web, signed, &reference).await?, step))
}

/// Shows the form; when it asks nothing that is required, what will happen is there at once.
pub(crate) async fn get(
    State(web): State<Web>,
    signed: Signed,
    parts: Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let (scene, step) = scene(&web, signed, parts).await?;
    let can = open(&scene, step)?;
    // What a link names is proposed before what is known: the contact to change, the condition to settle.
    let named = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes()).into_owned();
    let mut typed: Typed = named.filter(|(name, _)| is_own(step, name)).collect();
    let draft = web.app.draft(&scene.signed.account, &purpose(&scene, step, &typed)).await?;
    if !can {
        // What somebody else did meanwhile leaves what was typed, to be copied.
        let typed = draft.map(|draft| draft.typed).unwrap_or_default();
        return gone(&scene, step, Shown { typed, ..Shown::default() });
    }
    if step == correct::STEP
        && let Some(choice) = correct::choice(&scene, &typed)?
    {
        return Ok(choice);
    }
    let known = |draft: &Draft| draft.typed.clone();
    typed.extend(draft.as_ref().map_or_else(|| fields::proposed(&scene, step, &typed), known));
    let mut shown = Shown { typed, draft, opening: true, ..Shown::default() };
    let form = fields::form(Some(&scene.view.path), step, &shown.typed, shown.draft.as_ref());
    if fields::filled(step, &form) {
        rehearse(&web, &scene, step, &form, &mut shown).await?;
    } else if step != correct::STEP {
        let (target, plausible) = (target(&scene, step), needs::probe(&scene, step));
        let options = Options::default();
        let probed = web.app.rehearse(&scene.signed.actor, &target, step, &plausible, &options);
        if let Err(AppError::Refused(refusal)) = Box::pin(probed).await {
            shown.refusal = needs::of_path(&refusal);
        }
    }
    show(&scene, step, StatusCode::OK, shown)
}

/// Tries the step and writes nothing.
async fn rehearse(
    web: &Web,
    scene: &Scene,
    step: Step,
    form: &Form,
    shown: &mut Shown,
) -> Result<StatusCode, PageError> {
    let options = Options { note: note(&shown.typed), ..Options::default() };
    match Box::pin(web.app.rehearse(&scene.signed.actor, &target(scene, step), step, form, &options)).await {
        Ok(rehearsal) => {
            shown.rehearsal = Some(rehearsal);
            Ok(StatusCode::OK)
        }
        Err(error) => refused(error, shown),
    }
}

/// What a refusal shows, and under which status.
fn refused(error: AppError, shown: &mut Shown) -> Result<StatusCode, PageError> {
    let AppError::Refused(refusal) = error else { return Err(error.into()) };
    match *refusal {
        Refusal::NotFound | Refusal::NotYourRole { .. } => Err(PageError::NotFound),
        Refusal::Form { errors } => {
            if !shown.opening {
                shown.errors = errors;
            }
            Ok(StatusCode::UNPROCESSABLE_ENTITY)
        }
        refusal => {
            shown.closed |= matches!(refusal, Refusal::WrongState { .. } | Refusal::AlreadyDone { .. });
            shown.refusal = Some(refusal);
            Ok(StatusCode::CONFLICT)
        }
    }
}

pub(in crate::staff) fn note(typed: &Typed) -> Option<String> {
    let text = value(typed, NOTE).unwrap_or_default().trim();
    (!text.is_empty()).then(|| text.chars().take(LONGEST_NOTE).collect::<String>().replace("\r\n", "\n"))
}

/// What tells one rehearsal from another: the form and the text added.
pub(in crate::staff) fn digest(form: &Form, typed: &Typed) -> String {
    let text = serde_json::to_string(&(form, note(typed))).expect("a form is plain data");
    data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..12])
}

/// What tells a form sent again from another under the same ticket: what was rehearsed, what is typed, which documents come
/// with it.
fn sent_digest(rehearsed: &str, typed: &Typed, received: &[Received]) -> String {
    let documents: Vec<_> = received.iter().map(|one| (&one.field, &one.name, &one.file.kept().sha256)).collect();
    serde_json::to_string(&(rehearsed, typed, documents)).expect("a form is plain data")
}

/// Rehearses or performs, in a task that outlives its client.
pub(crate) async fn post(
    State(web): State<Web>,
    signed: Signed,
    Asking(visitor): Asking,
    parts: Path<(String, String)>,
    request: Request,
) -> Result<Response, PageError> {
    let (scene, step) = scene(&web, signed, parts).await?;
    // What one may never do does not exist, whatever comes with it.
    let can = open(&scene, step)?;
    let ours = |typed: &Typed| scene.signed.check(&purpose(&scene, step, typed), value(typed, TICKET)).is_ok();
    let sent = upload::read(&web, request, ours).await?;
    let writing = answer(web.clone(), scene, step, can, sent, visitor);
    web.writes.spawn(writing).await?
}

async fn answer(
    web: Web,
    scene: Scene,
    step: Step,
    can: bool,
    sent: Sent,
    visitor: Visitor,
) -> Result<Response, PageError> {
    let Sent { typed, received, refused: not_taken, too_heavy, dropped: _ } = sent;
    let key = value(&typed, TICKET).unwrap_or_default().to_owned();
    let address = purpose(&scene, step, &typed);
    let account = &scene.signed.account;
    if let Err(error) = scene.signed.check(&address, Some(&key)) {
        if !can {
            return Err(error);
        }
        let draft = web.app.draft(account, &address).await?;
        let typed = typed.into_iter().filter(|(name, _)| is_own(step, name)).collect();
        let shown = Shown { typed, draft, notice: Some(Notice::other_session()), ..Shown::default() };
        return show(&scene, step, error.status(), shown);
    }
    if value(&typed, ERASE).is_some() {
        web.app.forget_draft(account, &address).await?;
        return Ok(Redirect::to(&address).into_response());
    }
    let seen: Option<u32> = value(&typed, VERSION).and_then(|version| version.parse().ok());
    let (performs, rehearsed) =
        (value(&typed, PERFORM).is_some(), value(&typed, DIGEST).unwrap_or_default().to_owned());
    let promise = value(&typed, PROMISE).map(str::to_owned);
    let own: Typed = typed.into_iter().filter(|(name, _)| is_own(step, name)).collect();
    let target = target(&scene, step);
    let sent = Options {
        promise,
        idempotency_key: Some(key),
        sent: Some(sent_digest(&rehearsed, &own, &received)),
        expected_version: seen.filter(|_| target != Target::New),
        presence: Some(Presence { visitor, ..Presence::default() }),
        ..Options::default()
    };
    // Sent again: its draft is gone, and the step is made.
    if performs && let Some(first) = web.app.made_before(&scene.signed.actor, &target, step, &sent).await? {
        return Ok(led(&scene, &first));
    }
    let mut shown = Shown { typed: own, refused: not_taken, ..Shown::default() };
    if !shown.typed.is_empty() || !received.is_empty() {
        let fields: Vec<String> = received.iter().map(|document| document.field.clone()).collect();
        match web.app.save_draft(account, &address, &shown.typed, received).await {
            Err(AppError::TooManyUploads { most }) => {
                let why = wording::documents::too_many_uploads(most);
                shown.refused.extend(fields.into_iter().map(|field| (field, why.clone())));
            }
            saved => drop(saved?),
        }
    }
    shown.draft = web.app.draft(account, &address).await?;
    if step == correct::STEP && correct::chosen(&shown.typed) == Some(Datum::Commune) {
        let problem = commune::said(&shown.typed).problem();
        shown.refused.extend(problem.map(|problem| (COMMUNE.to_owned(), problem)));
    }
    let form = fields::form(Some(&scene.view.path), step, &shown.typed, shown.draft.as_ref());
    let same = rehearsed == digest(&form, &shown.typed);
    if performs && same && shown.refused.is_empty() {
        return perform(&web, scene, step, &form, shown, seen, sent).await;
    }
    // Sent twice at once: the other made the step in between.
    if performs && let Some(first) = web.app.made_before(&scene.signed.actor, &target, step, &sent).await? {
        web.app.forget_draft(account, &address).await?;
        return Ok(led(&scene, &first));
    }
    if !can {
        shown.seen = seen;
        return gone(&scene, step, shown);
    }
    if performs {
        shown.notice = Some(Notice {
            tone: "wait",
            title: pages::forms::CHANGED_TITLE.to_owned(),
            paragraphs: vec![pages::forms::CHANGED.to_owned()],
        });
    }
    shown.seen = seen.filter(|seen| *seen < scene.view.path.version);
    let mut status = rehearse(&web, &scene, step, &form, &mut shown).await?;
    if too_heavy {
        status = StatusCode::PAYLOAD_TOO_LARGE;
    } else if !shown.refused.is_empty() {
        status = StatusCode::UNPROCESSABLE_ENTITY;
    }
    show(&scene, step, status, shown)
}

/// Whether a value sent is of the step's form or of its messages.
fn is_own(step: Step, name: &str) -> bool {
    let beside = step == correct::STEP && name == commune::OTHER_COMMUNE;
    name == NOTE
        || beside
        || Command::fields(step).iter().any(|field| field.name == name && field.kind != FieldKind::Document)
}

/// Where one goes once the step is made.
fn led(scene: &Scene, outcome: &Outcome) -> Response {
    if let Some(away) = correct::away(scene, &outcome.path) {
        return Redirect::to(away).into_response();
    }
    let rank = outcome.events.first().map_or(outcome.path.version, |event| event.seq);
    Redirect::to(&format!("{}?fait={rank}", addresses::path(&outcome.path.reference))).into_response()
}

async fn perform(
    web: &Web,
    scene: Scene,
    step: Step,
    form: &Form,
    mut shown: Shown,
    seen: Option<u32>,
    sent: Options,
) -> Result<Response, PageError> {
    let target = target(&scene, step);
    let attachments = match &shown.draft {
        Some(draft) => web.app.draft_attachments(draft, |field| fields::kind(step, field, form)).await?,
        None => Vec::new(),
    };
    let options = Options { attachments, note: note(&shown.typed), ..sent };
    let done = Box::pin(web.app.advance(&scene.signed.actor, &target, step, form, &options)).await;
    observe::transition(step, &done);
    match done {
        Ok(outcome) => {
            web.app.forget_draft(&scene.signed.account, &purpose(&scene, step, &shown.typed)).await?;
            Ok(led(&scene, &outcome))
        }
        Err(AppError::Conflict(_)) => moved(web, scene, step, form, shown, seen).await,
        Err(AppError::KeyReused) => {
            shown.notice = Some(Notice {
                tone: "wait",
                title: pages::forms::ALREADY_USED.to_owned(),
                paragraphs: vec![pages::forms::FIRST_SENT_KEPT.to_owned()],
            });
            moved(web, scene, step, form, shown, seen).await
        }
        Err(AppError::TooManyDocuments { most }) => {
            shown.refused.push((String::new(), pages::path_steps::too_many_documents(most)));
            show(&scene, step, StatusCode::CONFLICT, shown)
        }
        Err(error) => {
            let status = refused(error, &mut shown)?;
            // Somebody may have done it meanwhile: what changed says so.
            if shown.closed {
                let reference = scene.view.path.reference.to_string();
                let scene = Scene::open(web, scene.signed, &reference).await?;
                shown.seen = seen;
                return gone(&scene, step, shown);
            }
            show(&scene, step, status, shown)
        }
    }
}

/// The path moved: what changed and by whom, what was typed, and one button to go on.
async fn moved(
    web: &Web,
    scene: Scene,
    step: Step,
    form: &Form,
    mut shown: Shown,
    seen: Option<u32>,
) -> Result<Response, PageError> {
    let reference = scene.view.path.reference.to_string();
    let scene = Scene::open(web, scene.signed, &reference).await?;
    shown.seen = seen.filter(|seen| *seen < scene.view.path.version);
    if !open(&scene, step)? {
        return gone(&scene, step, shown);
    }
    rehearse(web, &scene, step, form, &mut shown).await?;
    if shown.seen.is_none() && shown.notice.is_none() {
        // Not the path: a unit, a place or a recipient.
        shown.notice = Some(Notice {
            tone: "wait",
            title: pages::forms::FORESEEN_CHANGED_TITLE.to_owned(),
            paragraphs: vec![pages::forms::FORESEEN_CHANGED.to_owned()],
        });
    }
    show(&scene, step, StatusCode::CONFLICT, shown)
}

/// The step is not for this path any more, or not yet: why, and the way back.
fn gone(scene: &Scene, step: Step, mut shown: Shown) -> Result<Response, PageError> {
    let path = &scene.view.path;
    if shown.refusal.is_none() {
        shown.refusal = domain::path::decide::admissible(path, step, &scene.signed.actor).err();
    }
    shown.closed = true;
    show(scene, step, StatusCode::CONFLICT, shown)
}

/// The summary of what is wrong, with links to the fields.
fn problems(step: Step, shown: &Shown, status: StatusCode) -> Option<Problems> {
    let of_field = |error: &FieldError| ProblemLine {
        text: fields::problem(step, error),
        anchor: Some(field_id(step, &error.field)),
    };
    let mut lines: Vec<ProblemLine> = shown.errors.iter().map(of_field).collect();
    lines.extend(shown.refused.iter().map(|(field, text)| ProblemLine {
        text: match wording::fields::path(step, field) {
            Some(words) => pages::forms::about(words.label, text),
            None => text.clone(),
        },
        anchor: (!field.is_empty()).then(|| field_id(step, field)),
    }));
    if let Some(refusal) = shown.refusal.as_ref().filter(|_| !shown.opening && status != StatusCode::OK)
        && !matches!(refusal, Refusal::Missing { .. })
        && !shown.closed
    {
        lines.extend(refusals::lines(refusal).into_iter().map(|text| ProblemLine { text, anchor: None }));
    }
    let title = match lines.len() {
        0 => return None,
        1 => pages::path_steps::ONE_POINT.to_owned(),
        count => pages::path_steps::several_points(pages::counts::points(i64::try_from(count).unwrap_or(i64::MAX))),
    };
    Some(Problems { title, lines })
}

fn kept(step: Step, typed: &Typed) -> Vec<(String, String)> {
    let filled = typed.iter().filter(|(_, value)| !value.trim().is_empty());
    let label =
        |name: &str| wording::fields::path(step, name).map_or(pages::path_steps::WORDS_ADDED, |words| words.label);
    // Dates are told as people write them.
    let told = |value: &str| value.parse().map_or_else(|_| value.to_owned(), dates::medium);
    filled.map(|(name, value)| (label(name).to_owned(), told(value))).collect()
}

fn show(scene: &Scene, step: Step, status: StatusCode, shown: Shown) -> Result<Response, PageError> {
    let path = &scene.view.path;
    let problems = problems(step, &shown, status);
    let mut views = if shown.closed {
        Vec::new()
    } else {
        fields::views(scene, step, &shown.typed, shown.draft.as_ref(), &shown.errors)
    };
    for view in &mut views {
        if let Some((_, text)) = shown.refused.iter().find(|(field, _)| *field == view.name) {
            view.error = Some(text.clone());
        }
    }
    let checks = match &shown.refusal {
        Some(refusal) if problems.is_none() || matches!(refusal, Refusal::Missing { .. }) => {
            needs::missing(scene, step, true, refusal)
        }
        _ => Vec::new(),
    };
    let action = purpose(scene, step, &shown.typed);
    let ticket = scene.signed.ticket(&action);
    let mut hidden = vec![(TICKET, ticket.clone()), (VERSION, path.version.to_string())];
    if step == correct::STEP {
        hidden.extend(correct::chosen_before(&shown.typed));
    }
    let form = fields::form(Some(path), step, &shown.typed, shown.draft.as_ref());
    // With a document refused or a field in error, the rehearsal says something else than what was meant.
    let rehearsal = shown.rehearsal.as_ref().filter(|_| shown.refused.is_empty());
    if let Some(rehearsal) = rehearsal {
        hidden.push((DIGEST, digest(&form, &shown.typed)));
        hidden.push((PROMISE, rehearsal.promise.clone()));
    }
    let draft = shown.draft.as_ref().map(|draft| dates::instant_short(draft.updated_at));
    let page = StepPage {
        frame: scene.signed.frame(Section::Paths),
        head: parts::head(scene),
        title: labels::step(step),
        lead: labels::step_help(step),
        subject: if step == correct::STEP && !shown.closed { correct::subject(scene, &shown.typed) } else { None },
        back: addresses::path(&path.reference),
        action,
        hidden,
        multipart: Command::fields(step).iter().any(|field| field.kind == FieldKind::Document),
        since: shown.seen.map(|seen| parts::since(&scene.view.events, seen)).unwrap_or_default(),
        rehearsal: rehearsal.map(|rehearsal| rehearsal::view(step, rehearsal, scene.around.today)),
        note: value(&shown.typed, NOTE).unwrap_or_default().to_owned(),
        draft: draft.filter(|_| !shown.closed && !views.is_empty()),
        ticket,
        fields: views,
        problems,
        notice: shown.notice,
        known: if shown.closed { Vec::new() } else { needs::known(scene, step) },
        checks,
        kept: if shown.closed { kept(step, &shown.typed) } else { Vec::new() },
        closed: shown.closed,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// The hidden fields by which the page of the path performs a step that asks nothing, once it has shown what will happen.
pub(super) fn direct(scene: &Scene, step: Step, form: &Form, typed: &Typed, tried: &Rehearsal) -> Typed {
    let mut hidden = typed.clone();
    let own = [
        (TICKET, scene.signed.ticket(&purpose(scene, step, typed))),
        (VERSION, scene.view.path.version.to_string()),
        (DIGEST, digest(form, typed)),
        (PROMISE, tried.promise.clone()),
        (PERFORM, "oui".to_owned()),
    ];
    hidden.extend(own.map(|(name, value)| (name.to_owned(), value)));
    hidden
}
