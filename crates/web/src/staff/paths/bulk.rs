//! One step on several paths: choose it, see what would happen on each, do it, see what happened.
//!
//! The selection and the step are in the address; fields, the word added to messages and the act itself are only ever sent by
//! POST, and kept as a draft of the selection until it is done. The act goes with what was read of
//! each path: one that moved since, or on which something else would happen, is said on its own line and left as it is. A word
//! or a field that differs from what was read shows everything again, and nothing is done. The
//! result is shown at once: sent again, the same form repeats nothing, since every path has its own key under the form's ticket.

mod results;

use app::bulk::{self, Asked, MOST};
use app::{App, AppError};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::calendar::paris_day;
use domain::form::{FieldError, Form as StepForm};
use domain::identifiers::PathReference;
use domain::path::decide::takes;
use domain::path::{Act, Refusal, Step};
use wording::pages::bulk as words;
use wording::{addresses, dates, labels, pages, refusals};

use self::results::{Chosen, ResultView, done, foreseen, messages, total};
use super::{Frame, Section, Signed};
use crate::forms::{self, Choice, FieldView, Input, Notice, ProblemLine, Problems, Typed, value};
use crate::request::Form;
use crate::staff::drafts;
use crate::staff::path::parts::since;
use crate::staff::path::rehearsal::RehearsalView;
use crate::staff::path::step::{DIGEST, NOTE, digest, note};
use crate::{PageError, Web, routes};

/// Where the selection comes from: the list with its filters.
const LIST: &str = "retour";
/// The draft of the selection as it was chosen, when only a part of it can go on.
const DRAFT: &str = "brouillon";

/// What a ticket of a selection is for, and the name of its draft.
fn purpose(references: &[PathReference], step: Step) -> String {
    query(routes::BULK_PREVIEW, references, Some(step))
}

/// The list that the selection comes from; only ours.
fn list(typed: &Typed) -> Option<&str> {
    let of_paths = |address: &&str| {
        address.strip_prefix(addresses::paths()).is_some_and(|rest| rest.starts_with('?')) && !address.contains('\\')
    };
    value(typed, LIST).filter(of_paths)
}

/// An address that leads back to that list in the end.
fn leading_back(address: String, typed: &Typed) -> String {
    let encode = |list: &str| form_urlencoded::byte_serialize(list.as_bytes()).collect::<String>();
    match list(typed) {
        Some(list) => format!("{address}&{LIST}={}", encode(list)),
        None => address,
    }
}

/// What is typed for all the paths: the fields that they share, and the word added to messages.
fn shared(step: Step, typed: &Typed) -> Typed {
    let fields = bulk::fields(step);
    let own = |name: &str| name == NOTE || fields.iter().any(|field| field.name == name);
    typed.iter().filter(|(name, _)| own(name)).cloned().collect()
}

/// Whether a step is one for several paths, and of the reader's side.
fn permitted(signed: &Signed, step: Step) -> bool {
    bulk::for_several(step) && takes(&signed.actor, step)
}

/// A step that may be chosen.
struct StepChoice {
    label: &'static str,
    help: &'static str,
    address: String,
    on: String,
}

/// Under which each path sends what was read of it: its reference, its version, and what was promised.
const READ: &str = "lu";

#[derive(Template)]
#[template(path = "staff/paths_bulk.html")]
struct BulkPage {
    frame: Frame,
    title: String,
    problems: Option<Problems>,
    /// The paths, before a step is chosen.
    chosen: Vec<Chosen>,
    steps: Vec<StepChoice>,
    fields: Vec<FieldView>,
    hidden: Vec<(String, String)>,
    /// What the button of the form says, and where it sends.
    button: Option<(String, String)>,
    summary: String,
    /// What would happen in all.
    total: Option<RehearsalView>,
    results: Vec<ResultView>,
    /// The failures of what was done, to be tried again.
    again: bool,
    back: String,
    /// When what was typed was kept.
    draft: Option<String>,
    ticket: String,
    /// Where the messages are read again, with this word added to them.
    note: Option<String>,
    reread: String,
    notice: Option<Notice>,
}

fn references(typed: &Typed) -> Vec<PathReference> {
    let mut chosen: Vec<PathReference> = Vec::new();
    for (_, value) in typed.iter().filter(|(name, _)| name == "p") {
        if let Ok(reference) = PathReference::parse(value)
            && !chosen.contains(&reference)
        {
            chosen.push(reference);
        }
    }
    chosen.truncate(MOST);
    chosen
}

/// The paths of a form, each with what was read of it.
fn asked(typed: &Typed) -> Vec<Asked> {
    let read: Vec<Asked> =
        typed.iter().filter(|(name, _)| name == READ).filter_map(|(_, value)| read_of(value)).collect();
    let known = |reference| {
        let asked = read.iter().find(|asked| asked.reference == reference).cloned();
        asked.unwrap_or_else(|| reference.into())
    };
    references(typed).into_iter().map(known).collect()
}

fn read_of(text: &str) -> Option<Asked> {
    let mut parts = text.split(' ');
    let reference = PathReference::parse(parts.next()?).ok()?;
    Some(Asked { reference, version: parts.next()?.parse().ok(), promise: parts.next().map(str::to_owned) })
}

/// An address with the selection: signing in again comes back to it.
fn query(address: &str, references: &[PathReference], step: Option<Step>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    references.iter().for_each(|reference| {
        query.append_pair("p", &reference.to_string());
    });
    if let Some(step) = step {
        query.append_pair("etape", step.id());
    }
    format!("{address}?{}", query.finish())
}

fn page(signed: &Signed, title: String, typed: &Typed) -> BulkPage {
    BulkPage {
        frame: signed.frame(Section::Paths),
        title,
        problems: None,
        chosen: Vec::new(),
        steps: Vec::new(),
        fields: Vec::new(),
        hidden: Vec::new(),
        button: None,
        summary: String::new(),
        total: None,
        results: Vec::new(),
        again: false,
        back: list(typed).map_or_else(|| format!("{}?vue=tableau", addresses::paths()), str::to_owned),
        draft: None,
        ticket: String::new(),
        note: None,
        reread: String::new(),
        notice: None,
    }
}

fn paths(number: usize) -> String {
    pages::counts::paths(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The selection: which step, then its fields or what it would do.
pub(super) async fn get(
    State(web): State<Web>,
    signed: Signed,
    RawQuery(sent): RawQuery,
) -> Result<Response, PageError> {
    let sent = sent.unwrap_or_default();
    let mut typed: Typed = form_urlencoded::parse(sent.as_bytes()).into_owned().collect();
    let references = references(&typed);
    if references.is_empty() {
        return Ok(Redirect::to(&format!("{}?vue=tableau&fait=choix", addresses::paths())).into_response());
    }
    let step = value(&typed, "etape").map(str::parse::<Step>).transpose().map_err(|_| PageError::NotFound)?;
    let Some(step) = step else {
        return choose(&web, &signed, &references, &typed).await;
    };
    if !permitted(&signed, step) {
        return Err(PageError::NotFound);
    }
    // What a link names comes before what was left.
    let draft = web.app.draft(&signed.account, &purpose(&references, step)).await?;
    typed.extend(draft.map(|draft| shared(step, &draft.typed)).unwrap_or_default());
    if bulk::fields(step).iter().any(|field| field.required) {
        ask(&web, &signed, &references, step, &typed, StatusCode::OK, &[]).await
    } else {
        preview(&web, &signed, &references, step, &typed, None).await
    }
}

async fn choose(
    web: &Web,
    signed: &Signed,
    references: &[PathReference],
    typed: &Typed,
) -> Result<Response, PageError> {
    let selected = web.app.selected(&signed.actor, references).await?;
    if selected.is_empty() {
        return Err(PageError::NotFound);
    }
    let mut steps = App::steps_for(&signed.actor, &selected);
    // What suits the most of them comes first.
    steps.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    let choice = |(step, number): (Step, usize)| StepChoice {
        label: labels::step(step),
        help: labels::step_help(step),
        address: leading_back(query(routes::BULK, references, Some(step)), typed),
        on: if number == selected.len() {
            words::POSSIBLE_ON_ALL.to_owned()
        } else {
            words::possible_on(number, paths(selected.len()))
        },
    };
    let mut page = page(signed, words::act_on(paths(selected.len())), typed);
    page.steps = steps.into_iter().map(choice).collect();
    page.chosen = selected.iter().map(Chosen::of).collect();
    Ok(Html(page.render()?).into_response())
}

/// What the form of a selection sends beside what is typed.
fn hidden(references: &[PathReference], step: Step, typed: &Typed, ticket: &str) -> Vec<(String, String)> {
    let mut hidden: Vec<(String, String)> =
        references.iter().map(|reference| ("p".to_owned(), reference.to_string())).collect();
    hidden.push(("etape".to_owned(), step.id().to_owned()));
    hidden.push(("cle".to_owned(), ticket.to_owned()));
    hidden.extend(list(typed).map(|list| (LIST.to_owned(), list.to_owned())));
    hidden
}

/// When what was typed for a selection was kept.
async fn draft(
    web: &Web,
    signed: &Signed,
    references: &[PathReference],
    step: Step,
) -> Result<Option<String>, PageError> {
    let draft = web.app.draft(&signed.account, &purpose(references, step)).await?;
    Ok(draft.map(|draft| dates::instant_short(draft.updated_at)))
}

/// The fields that all the paths share.
async fn fields(
    web: &Web,
    signed: &Signed,
    step: Step,
    typed: &Typed,
    errors: &[FieldError],
) -> Result<Vec<FieldView>, PageError> {
    let shared: Vec<&str> = bulk::fields(step).iter().map(|field| field.name).collect();
    let mut fields = forms::of_step(step, &[], typed, errors);
    fields.retain(|field| shared.contains(&field.name.as_str()));
    if step == Step::Act(Act::AssignCoordinator) {
        let body = signed.account.body.clone();
        let accounts = web.app.accounts().await?;
        let may = accounts.into_iter().filter(|account| {
            account.active
                && account.role == domain::people::StaffRole::Coordinator
                && (body.is_none() || account.body == body)
        });
        let options: Vec<Choice> = may
            .map(|account| Choice {
                chosen: value(typed, "email") == Some(account.email.as_ref()),
                value: account.email.to_string(),
                label: account.name,
                detail: account.body.map_or_else(String::new, |body| body.to_string()),
            })
            .collect();
        for field in fields.iter_mut().filter(|field| field.name == "email") {
            field.input = Input::Choice { options: options.clone(), pair: false, several: false };
        }
    }
    Ok(fields)
}

async fn ask(
    web: &Web,
    signed: &Signed,
    references: &[PathReference],
    step: Step,
    typed: &Typed,
    status: StatusCode,
    errors: &[FieldError],
) -> Result<Response, PageError> {
    let selected = web.app.selected(&signed.actor, references).await?;
    if selected.is_empty() {
        return Err(PageError::NotFound);
    }
    let mut page = page(signed, words::step_on(labels::step(step), paths(selected.len())), typed);
    page.problems = (!errors.is_empty()).then(|| Problems {
        title: words::TO_CORRECT.to_owned(),
        lines: errors
            .iter()
            .map(|error| ProblemLine {
                text: refusals::field(step, error),
                anchor: Some(forms::field_id(step, &error.field)),
            })
            .collect(),
    });
    page.fields = fields(web, signed, step, typed, errors).await?;
    page.reread = purpose(references, step);
    page.ticket = signed.ticket(&page.reread);
    page.draft = draft(web, signed, references, step).await?;
    page.hidden = hidden(references, step, typed, &page.ticket);
    page.hidden.extend(note(typed).map(|note| (NOTE.to_owned(), note)));
    page.button = Some((words::SEE_BUTTON.to_owned(), page.reread.clone()));
    page.chosen = selected.iter().map(Chosen::of).collect();
    page.back = leading_back(query(routes::BULK, references, None), typed);
    Ok((status, Html(page.render()?)).into_response())
}

fn form(step: Step, typed: &Typed) -> StepForm {
    let sent = bulk::fields(step)
        .into_iter()
        .filter_map(|field| value(typed, field.name).map(|value| (field.name.to_owned(), value.to_owned().into())));
    sent.collect()
}

/// The problems of the form itself, which are those of every path.
fn form_errors(error: AppError) -> Result<Vec<FieldError>, PageError> {
    match error {
        AppError::Refused(refusal) => match *refusal {
            Refusal::Form { errors } => Ok(errors),
            refusal => Err(AppError::from(refusal).into()),
        },
        error => Err(error.into()),
    }
}

async fn preview(
    web: &Web,
    signed: &Signed,
    references: &[PathReference],
    step: Step,
    typed: &Typed,
    notice: Option<Notice>,
) -> Result<Response, PageError> {
    let asked: Vec<Asked> = references.iter().cloned().map(Asked::from).collect();
    let (note, form) = (note(typed), form(step, typed));
    let several = match web.app.rehearse_several(&signed.actor, &asked, step, &form, note.as_deref()).await {
        Ok(several) => several,
        Err(error) => {
            let errors = form_errors(error)?;
            return ask(web, signed, references, step, typed, StatusCode::UNPROCESSABLE_ENTITY, &errors).await;
        }
    };
    if several.lines.is_empty() {
        return Err(PageError::NotFound);
    }
    let today = paris_day(web.app.now().await?);
    let total = total(&several, step);
    let own = several.lines.iter().filter_map(|line| line.result.as_ref().ok());
    let leave = !several.summaries.is_empty() || own.flat_map(|one| &one.rehearsal.messages).next().is_some();
    let lines = several.lines;
    let read: Vec<(String, String)> = lines
        .iter()
        .filter_map(|line| {
            let promise = &line.result.as_ref().ok()?.promise;
            Some((READ.to_owned(), format!("{} {} {promise}", line.path.reference, line.path.version)))
        })
        .collect();
    let possible: Vec<PathReference> =
        lines.iter().filter(|line| line.result.is_ok()).map(|line| line.path.reference.clone()).collect();
    let mut page = page(signed, words::step_on(labels::step(step), paths(lines.len())), typed);
    page.notice = notice;
    let impossible = lines.len() - possible.len();
    page.summary = match (possible.len(), impossible) {
        (_, 0) => words::ALL_POSSIBLE.to_owned(),
        (0, _) => words::NONE_POSSIBLE.to_owned(),
        (_, 1) => words::ONE_IMPOSSIBLE.to_owned(),
        (_, impossible) => words::several_impossible(paths(impossible)),
    };
    page.results = lines.into_iter().map(|line| foreseen(line, step, today)).collect();
    if let Some(total) = total {
        page.reread = purpose(&possible, step);
        page.ticket = signed.ticket(&page.reread);
        page.hidden = hidden(&possible, step, typed, &page.ticket);
        page.hidden.push((DRAFT.to_owned(), purpose(references, step)));
        page.hidden.push((DIGEST.to_owned(), digest(&form, typed)));
        page.hidden.extend(read);
        let mut kept = shared(step, typed);
        kept.retain(|(name, _)| name != NOTE);
        page.hidden.extend(kept);
        if leave {
            page.note = Some(note.unwrap_or_default());
            page.draft = draft(web, signed, &possible, step).await?;
        }
        page.button = Some((total.button.clone(), query(routes::BULK_DO, &possible, Some(step))));
        page.total = Some(total);
    }
    page.back = leading_back(query(routes::BULK, references, None), typed);
    Ok(Html(page.render()?).into_response())
}

fn read(signed: &Signed, typed: &Typed) -> Result<(Vec<PathReference>, Step), PageError> {
    let step: Step = value(typed, "etape").unwrap_or_default().parse().map_err(|_| PageError::NotFound)?;
    if !permitted(signed, step) {
        return Err(PageError::NotFound);
    }
    let references = references(typed);
    signed.check(&purpose(&references, step), value(typed, "cle"))?;
    if references.is_empty() { Err(PageError::NotFound) } else { Ok((references, step)) }
}

/// Forgets what was typed for the selection of an address.
async fn erase(web: &Web, signed: Signed, typed: &Typed, address: &str) -> Result<Response, PageError> {
    let said: Typed = form_urlencoded::parse(address.as_bytes()).into_owned().collect();
    let step: Step = value(&said, "etape").unwrap_or_default().parse().map_err(|_| PageError::NotFound)?;
    let references = references(&said);
    let name = purpose(&references, step);
    signed.check(&name, value(typed, "cle"))?;
    let app = web.app.clone();
    web.writes.spawn(async move { app.forget_draft(&signed.account, &name).await }).await??;
    Ok(Redirect::to(&query(routes::BULK, &references, Some(step))).into_response())
}

/// What would happen with the fields as typed; they are kept, and nothing else is written.
pub(super) async fn post_preview(
    State(web): State<Web>,
    signed: Signed,
    RawQuery(query): RawQuery,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    if value(&typed, drafts::ERASE).is_some() {
        return erase(&web, signed, &typed, &query.unwrap_or_default()).await;
    }
    let (references, step) = read(&signed, &typed)?;
    show(&web, &signed, &references, step, &typed, None).await
}

/// [`preview`] of fields that were typed now: they are kept first.
async fn show(
    web: &Web,
    signed: &Signed,
    references: &[PathReference],
    step: Step,
    typed: &Typed,
    notice: Option<Notice>,
) -> Result<Response, PageError> {
    let (own, name) = (shared(step, typed), purpose(references, step));
    if own.iter().any(|(_, value)| !value.trim().is_empty()) {
        let (web, signed) = (web.clone(), signed.clone());
        let writes = web.writes.clone();
        writes.spawn(async move { drafts::sent(&web, &signed, &name, &own).await }).await??;
    }
    preview(web, signed, references, step, typed, notice).await
}

/// Does it, in a task that outlives its client; what nobody was shown yet is shown instead.
pub(super) async fn post_do(
    State(web): State<Web>,
    signed: Signed,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let (references, step) = read(&signed, &typed)?;
    let (app, actor) = (web.app.clone(), signed.actor.clone());
    let key = value(&typed, "cle").unwrap_or_default().to_owned();
    let filled = form(step, &typed);
    if value(&typed, DIGEST) != Some(&digest(&filled, &typed)) {
        let notice = Notice {
            tone: "wait",
            title: pages::forms::CHANGED_TITLE.to_owned(),
            paragraphs: vec![pages::forms::CHANGED.to_owned()],
        };
        return show(&web, &signed, &references, step, &typed, Some(notice)).await;
    }
    let asked = asked(&typed);
    let note = note(&typed);
    let drafts = [Some(purpose(&references, step)), value(&typed, DRAFT).map(str::to_owned)];
    let account = signed.account.clone();
    let writing = async move {
        let several = app.advance_several(&actor, &asked, step, &filled, note.as_deref(), &key).await?;
        for draft in drafts.into_iter().flatten().filter(|name| name.starts_with(routes::BULK_PREVIEW)) {
            app.forget_draft(&account, &draft).await?;
        }
        Ok::<_, AppError>(several)
    };
    let several = match web.writes.spawn(writing).await? {
        Ok(several) => several,
        Err(error) => {
            let errors = form_errors(error)?;
            return ask(&web, &signed, &references, step, &typed, StatusCode::UNPROCESSABLE_ENTITY, &errors).await;
        }
    };
    let lines = several.lines;
    if lines.is_empty() {
        return Err(PageError::NotFound);
    }
    let failed: Vec<PathReference> =
        lines.iter().filter(|line| line.result.is_err()).map(|line| line.path.reference.clone()).collect();
    let succeeded = lines.len() - failed.len();
    let mut page = page(&signed, labels::step_done(step).to_owned(), &typed);
    page.summary = words::done_on(paths(succeeded));
    if !failed.is_empty() {
        page.summary = words::to_see_again(page.summary, paths(failed.len()));
    }
    let own = lines.iter().filter_map(|line| line.result.as_ref().ok()).flat_map(|outcome| &outcome.messages);
    let (sent, text) = messages(own.chain(&several.summaries));
    if sent > 0 {
        page.summary = words::on_their_way(page.summary, text);
    }
    for line in lines {
        let changed = match &line.result {
            Err(AppError::Conflict(conflict)) if conflict.current > conflict.seen => {
                let view = web.app.path(&signed.actor, &line.path.reference).await?;
                since(&view.events, conflict.seen)
            }
            Ok(_) | Err(_) => Vec::new(),
        };
        page.results.push(ResultView { since: changed, ..done(line) });
    }
    // What failed comes first: it is what remains to be done.
    page.results.sort_by_key(|result| result.tone == "done");
    if !failed.is_empty() {
        page.again = true;
        page.reread = purpose(&failed, step);
        page.ticket = signed.ticket(&page.reread);
        page.hidden = hidden(&failed, step, &typed, &page.ticket);
        page.hidden.extend(shared(step, &typed));
        page.button = Some((words::TRY_AGAIN_BUTTON.to_owned(), page.reread.clone()));
    }
    Ok(Html(page.render()?).into_response())
}
