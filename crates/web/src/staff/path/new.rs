//! Opening a path: the company, its commune, the need. The commune says the lot; a recent path of the same company is shown
//! before a second one is opened.

use app::{AppError, Draft, Options, Rehearsal, Target, Visitor};
use askama::Template;
use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Day;
use domain::calendar::paris_day;
use domain::form::{FieldError, FieldProblem, Form};
use domain::identifiers::{PathReference, ProposalId, Siret};
use domain::path::table::row;
use domain::path::{Command, Refusal, Step, Transition};
use domain::people::{RecipientRole, Side};
use domain::proposal::Proposal;
use domain::territories::{Listed, listed};
use wording::pages::new_path as words;
use wording::{addresses, dates, labels, numbers, pages, refusals};

use super::address;
use super::look_up::{self, COMPANY, LOOK_UP};
use super::needs::Check;
use super::rehearsal::{self, RehearsalView};
use super::step::{self, DIGEST, PERFORM, TICKET};
use super::upload;
use crate::commune::{self, COMMUNE};
use crate::forms::{self, FieldView, Input, Notice, ProblemLine, Problems, Typed, field_id, value};
use crate::staff::drafts::ERASE;
use crate::staff::orders::asking;
use crate::staff::sign_in::Asking;
use crate::staff::{Frame, Section, Signed};
use crate::{PageError, Web, observe};

const STEP: Step = Step::Transition(Transition::ReportNeed);
const MODEL: &str = "modele";
const NEED: &str = "besoin";
const SIRET: &str = "siret";
/// A path opened within so many days is a recent one.
const RECENT: i64 = 365;
/// Most paths shown of the establishment, and of the others.
const RECENT_SHOWN: u64 = 5;

#[derive(Template)]
#[template(path = "staff/path/new.html")]
struct NewPage {
    frame: Frame,
    lead: &'static str,
    back: &'static str,
    action: String,
    hidden: Vec<(&'static str, String)>,
    multipart: bool,
    fields: Vec<FieldView>,
    problems: Option<Problems>,
    notice: Option<Notice>,
    recent: Recent,
    checks: Vec<Check>,
    rehearsal: Option<RehearsalView>,
    note: String,
    draft: Option<String>,
    ticket: String,
}

#[derive(Default)]
struct Shown {
    /// That of the form.
    address: String,
    typed: Typed,
    draft: Option<Draft>,
    errors: Vec<FieldError>,
    commune: commune::Said,
    refusal: Option<Refusal>,
    rehearsal: Option<Rehearsal>,
    notice: Option<Notice>,
    /// The directory of companies may be asked.
    directory: bool,
    recent: Recent,
}

/// Paths of the same company opened lately: what, and where.
#[derive(Debug, Default)]
struct Recent {
    /// Of the establishment itself.
    here: Vec<(String, String)>,
    /// Of other establishments of the company.
    elsewhere: Vec<(String, String)>,
}

fn allowed(signed: &Signed) -> Result<Side, PageError> {
    signed.actor.side().filter(|side| row(STEP).by.contains(side)).ok_or(PageError::NotFound)
}

/// The empty form, or that of a draft, of a company, of a path taken as a model, or of a reported need.
pub(crate) async fn get(
    State(web): State<Web>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    allowed(&signed)?;
    let asked = asked(query.as_deref());
    let address = address(&asked);
    let mut notice = None;
    let repeated = match (proposal(&asked)?, value(&asked, MODEL)) {
        (Some(id), _) => {
            let view = web.app.need(&signed.actor, id).await?;
            if !view.may_decide {
                return Ok(Redirect::to(&addresses::proposal(id)).into_response());
            }
            notice = Some(opening(&view.proposal));
            of_proposal(&view.proposal)
        }
        (None, Some(model)) => of_model(&web, &signed, model).await?,
        (None, None) => of_company(&asked),
    };
    let draft = web.app.draft(&signed.account, &address).await?;
    let mut shown = Shown { address, directory: web.app.has_directory(), notice, ..Shown::default() };
    shown.typed = draft.as_ref().map_or(repeated, |draft| draft.typed.clone());
    shown.draft = draft;
    shown.recent = recent(&web, &signed, &shown.typed).await?;
    show(&signed, StatusCode::OK, shown)
}

/// What the link to the form names.
fn asked(query: Option<&str>) -> Typed {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

/// The form of a new path, for a path taken as a model, a company, a reported need, or none of them: what its ticket is for, and the name of its draft.
fn address(asked: &Typed) -> String {
    asking(addresses::new_path(), &[MODEL, SIRET, NEED].map(|name| (name, value(asked, name).unwrap_or_default())))
}

/// What the page of a company says of it in the address.
fn of_company(asked: &Typed) -> Typed {
    let mut typed = vec![("persons_wanted".to_owned(), "1".to_owned())];
    for name in [SIRET, COMPANY, COMMUNE] {
        let Some(text) = value(asked, name) else { continue };
        let label = listed(text).filter(|_| name == COMMUNE).map(Listed::label);
        typed.push((name.to_owned(), label.unwrap_or_else(|| text.to_owned())));
    }
    typed
}

/// The reported need from which the form opens a path.
fn proposal(asked: &Typed) -> Result<Option<ProposalId>, PageError> {
    let text = value(asked, NEED).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| PageError::NotFound)).transpose()
}

/// Whose need it is, and what they said besides what the form takes.
fn opening(proposal: &Proposal) -> Notice {
    let need = &proposal.need;
    let said = pages::needs::opening(&need.sender_name, labels::sender(need.sender));
    let paragraphs = [said].into_iter().chain(need.details.clone()).collect();
    Notice { tone: "wait", title: pages::needs::OPENING_TITLE.to_owned(), paragraphs }
}

/// What a reported need says of the path.
fn of_proposal(proposal: &Proposal) -> Typed {
    let need = &proposal.need;
    let contact = need.company_contact();
    let fields = [
        (SIRET, need.siret.as_ref().map(ToString::to_string)),
        (COMPANY, Some(need.company.clone())),
        (COMMUNE, Some(labels::commune(need.commune.as_str()))),
        ("job", Some(need.job.clone())),
        ("persons_wanted", Some(need.persons_wanted.to_string())),
        ("contact_name", Some(contact.name)),
        ("contact_email", contact.email.map(|email| email.to_string())),
        ("contact_phone", contact.phone.map(|phone| phone.to_string())),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// What a new need of the same company repeats.
async fn of_model(web: &Web, signed: &Signed, reference: &str) -> Result<Typed, PageError> {
    let reference = PathReference::parse(reference).map_err(|_| PageError::NotFound)?;
    let view = web.app.path(&signed.actor, &reference).await?;
    let path = &view.path;
    let commune = path.workplace.commune.to_string();
    let mut typed: Typed = Vec::new();
    let mut put = |name: &str, value: String| typed.push((name.to_owned(), value));
    put(SIRET, path.workplace.siret.to_string());
    put(COMPANY, path.workplace.company.clone());
    put(COMMUNE, listed(&commune).map_or(commune, Listed::label));
    put("job", path.job.title.clone());
    put("rome", path.job.rome.as_ref().map(ToString::to_string).unwrap_or_default());
    put("persons_wanted", path.persons_wanted.to_string());
    if let Some(person) = view.people.iter().find(|person| person.id == path.contact.id) {
        put("contact_name", person.contact.name.clone());
        put("contact_email", person.contact.email.as_ref().map(ToString::to_string).unwrap_or_default());
        put("contact_phone", person.contact.phone.as_ref().map(ToString::to_string).unwrap_or_default());
    }
    Ok(typed)
}

/// The paths that the same establishment opened within a year, and those of the others of its company, as far as the reader
/// sees them.
async fn recent(web: &Web, signed: &Signed, typed: &Typed) -> Result<Recent, PageError> {
    let Ok(siret) = Siret::parse(value(typed, SIRET).unwrap_or_default().trim()) else { return Ok(Recent::default()) };
    let today = paris_day(web.app.now().await?);
    let lately = app::PathFilter {
        opened_from: Some(today - chrono::Duration::days(RECENT)),
        limit: RECENT_SHOWN,
        ..app::PathFilter::default()
    };
    let of_company = app::PathFilter { siren: Some(siret.siren()), but: Some(siret.clone()), ..lately.clone() };
    let own = app::PathFilter { siret: Some(siret), ..lately };
    let text = |line: &app::PathLine| {
        let state = labels::state(line.state).to_lowercase().replace("pif", "PIF");
        words::recent(&line.reference, &line.job, dates::medium(line.opened_on), state)
    };
    let here = |line: app::PathLine| (text(&line), addresses::path(&line.reference));
    let elsewhere = |line: app::PathLine| {
        let commune = labels::commune(line.commune.as_str());
        (words::recent_elsewhere(text(&line), commune, numbers::siret(&line.siret)), addresses::path(&line.reference))
    };
    Ok(Recent {
        here: web.app.paths(&signed.actor, &own).await?.into_iter().map(here).collect(),
        elsewhere: web.app.paths(&signed.actor, &of_company).await?.into_iter().map(elsewhere).collect(),
    })
}

/// Asks the directory, rehearses or opens, in a task that outlives its client.
pub(crate) async fn post(
    State(web): State<Web>,
    signed: Signed,
    Asking(visitor): Asking,
    request: Request,
) -> Result<Response, PageError> {
    allowed(&signed)?;
    let asked = asked(request.uri().query());
    let (address, proposal) = (address(&asked), proposal(&asked)?);
    // Nothing of it is a document.
    let sent = upload::read(&web, request, |_| false).await?;
    let writing = answer(web.clone(), signed, visitor, address, proposal, sent.typed);
    web.writes.spawn(writing).await?
}

async fn answer(
    web: Web,
    signed: Signed,
    visitor: Visitor,
    address: String,
    proposal: Option<ProposalId>,
    typed: Typed,
) -> Result<Response, PageError> {
    let key = value(&typed, TICKET).unwrap_or_default().to_owned();
    let mut shown = Shown { address: address.clone(), directory: web.app.has_directory(), ..Shown::default() };
    if let Err(error) = signed.check(&address, Some(&key)) {
        settle(&typed, &mut shown);
        shown.notice = Some(Notice::other_session());
        return show(&signed, error.status(), shown);
    }
    if value(&typed, ERASE).is_some() {
        web.app.forget_draft(&signed.account, &address).await?;
        return Ok(Redirect::to(&address).into_response());
    }
    let performs = value(&typed, PERFORM).is_some();
    let rehearsed = value(&typed, DIGEST).unwrap_or_default().to_owned();
    let form = settle(&typed, &mut shown);
    let sought = value(&typed, LOOK_UP).is_some();
    if sought
        && shown.directory
        && let Ok(siret) = Siret::parse(value(&typed, SIRET).unwrap_or_default())
    {
        let answer = web.app.look_up(&signed.actor, &siret, &visitor).await?;
        shown.notice = Some(look_up::fill(&mut shown.typed, answer));
    }
    web.app.save_draft(&signed.account, &address, &shown.typed, Vec::new()).await?;
    shown.draft = web.app.draft(&signed.account, &address).await?;
    shown.recent = recent(&web, &signed, &shown.typed).await?;
    if sought {
        let errors = Command::read(STEP, &form).err().unwrap_or_default();
        shown.errors = errors.into_iter().filter(|error| error.field == SIRET).collect();
        let status = if shown.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return show(&signed, status, shown);
    }
    let options = Options { note: step::note(&shown.typed), proposal, ..Options::default() };
    if performs && rehearsed == step::digest(&form, &shown.typed) {
        let options = Options { idempotency_key: Some(key), ..options };
        let done = Box::pin(web.app.advance(&signed.actor, &Target::New, STEP, &form, &options)).await;
        observe::transition(STEP, &done);
        return match done {
            Ok(outcome) => {
                web.app.forget_draft(&signed.account, &address).await?;
                let address = format!("{}?fait=1", addresses::path(&outcome.path.reference));
                Ok(Redirect::to(&address).into_response())
            }
            Err(AppError::KeyReused) => {
                shown.notice = Some(Notice {
                    tone: "wait",
                    title: pages::forms::ALREADY_USED.to_owned(),
                    paragraphs: vec![words::FIRST_SENT_OPENED.to_owned()],
                });
                show(&signed, StatusCode::CONFLICT, shown)
            }
            Err(AppError::NeedDecided) => Ok(decided(proposal)),
            Err(error) => refused(&signed, error, shown),
        };
    }
    if shown.commune.problem().is_some() {
        // The rest of the form is read all the same: every problem at once.
        if let Err(errors) = Command::read(STEP, &form) {
            shown.errors = errors.into_iter().filter(|error| error.field != COMMUNE).collect();
        }
        return show(&signed, StatusCode::UNPROCESSABLE_ENTITY, shown);
    }
    match Box::pin(web.app.rehearse(&signed.actor, &Target::New, STEP, &form, &options)).await {
        Ok(rehearsal) => {
            shown.rehearsal = Some(rehearsal);
            show(&signed, StatusCode::OK, shown)
        }
        Err(AppError::NeedDecided) => Ok(decided(proposal)),
        Err(error) => refused(&signed, error, shown),
    }
}

/// Somebody took or declined the need in between: its page says who.
fn decided(proposal: Option<ProposalId>) -> Response {
    let address =
        proposal.map_or_else(|| addresses::paths().to_owned(), |id| format!("{}?fait=deja", addresses::proposal(id)));
    Redirect::to(&address).into_response()
}

fn refused(signed: &Signed, error: AppError, mut shown: Shown) -> Result<Response, PageError> {
    let AppError::Refused(refusal) = error else { return Err(error.into()) };
    match *refusal {
        Refusal::NotFound | Refusal::NotYourRole { .. } => Err(PageError::NotFound),
        Refusal::Form { errors } => {
            shown.errors = errors;
            show(signed, StatusCode::UNPROCESSABLE_ENTITY, shown)
        }
        refusal => {
            shown.refusal = Some(refusal);
            show(signed, StatusCode::CONFLICT, shown)
        }
    }
}

/// Keeps what was typed, with the commune as the list names it, and makes the form that the domain reads.
fn settle(typed: &Typed, shown: &mut Shown) -> Form {
    shown.commune = commune::said(typed);
    let commune::Said { kept, code, .. } = &shown.commune;
    let mut form = Form::new();
    for field in Command::fields(STEP) {
        let text = if field.name == COMMUNE { Some(kept.as_str()) } else { value(typed, field.name) };
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { continue };
        shown.typed.push((field.name.to_owned(), text.to_owned()));
        let read = if field.name == COMMUNE { code.clone() } else { text.replace("\r\n", "\n") };
        if !read.is_empty() {
            form.insert(field.name.to_owned(), read.into());
        }
    }
    if let Some(note) = step::note(typed) {
        shown.typed.push((step::NOTE.to_owned(), note));
    }
    form
}

fn fields(signed: &Signed, shown: &Shown) -> Vec<FieldView> {
    let region = signed.actor.side() == Some(Side::Region);
    let mut views = Vec::new();
    for field in Command::fields(STEP) {
        // A derogation is the Region's to grant.
        if matches!(field.name, "lot" | "derogation") && !region {
            continue;
        }
        let mut view = forms::of_field(STEP, &field, &shown.typed, &shown.errors);
        if field.name == SIRET && shown.directory {
            view.input = Input::Sought { name: LOOK_UP, label: words::LOOK_UP_BUTTON };
        }
        if field.name != COMMUNE {
            views.push(view);
            continue;
        }
        view.label = pages::paths::COMMUNE.to_owned();
        view.help = words::COMMUNE_HELP.to_owned();
        views.extend(commune::said(&shown.typed).views(STEP, view));
    }
    // The body answers for the path that it opens.
    let own = (signed.actor.side() == Some(Side::Body)).then(|| (RecipientRole::Body, signed.account.email.clone()));
    address::look_at(STEP, &shown.typed, &own.into_iter().collect(), &mut views);
    views
}

fn problems(fields: &[FieldView], shown: &Shown) -> Option<Problems> {
    let mut lines: Vec<ProblemLine> = fields
        .iter()
        .filter_map(|field| {
            let error = field.error.as_ref()?;
            Some(ProblemLine { text: pages::forms::about(&field.label, error), anchor: Some(field.id.clone()) })
        })
        .collect();
    let unknown = |error: &&FieldError| matches!(error.problem, FieldProblem::Unknown { .. });
    lines.extend(
        shown
            .errors
            .iter()
            .filter(unknown)
            .map(|error| ProblemLine { text: refusals::field(STEP, error), anchor: None }),
    );
    if let Some(refusal) = &shown.refusal {
        let anchor = matches!(refusal, Refusal::OtherTerritory { .. }).then(|| field_id(STEP, COMMUNE));
        lines.extend(refusals::lines(refusal).into_iter().map(|text| ProblemLine { text, anchor: anchor.clone() }));
    }
    (!lines.is_empty()).then(|| Problems { title: words::NOT_OPEN_YET.to_owned(), lines })
}

fn show(signed: &Signed, status: StatusCode, shown: Shown) -> Result<Response, PageError> {
    let fields = fields(signed, &shown);
    let problems = problems(&fields, &shown);
    let ticket = signed.ticket(&shown.address);
    let mut hidden = vec![(TICKET, ticket.clone())];
    if shown.rehearsal.is_some() {
        let form = settle(&shown.typed, &mut Shown::default());
        hidden.push((DIGEST, step::digest(&form, &shown.typed)));
    }
    let today = |rehearsal: &Rehearsal| -> Day { rehearsal.after.opened_on };
    let page = NewPage {
        frame: signed.frame(Section::Paths),
        lead: labels::step_help(STEP),
        back: addresses::paths(),
        action: shown.address,
        hidden,
        multipart: false,
        fields,
        problems,
        notice: shown.notice,
        recent: shown.recent,
        checks: Vec::new(),
        rehearsal: shown.rehearsal.as_ref().map(|rehearsal| rehearsal::view(STEP, rehearsal, today(rehearsal))),
        note: value(&shown.typed, step::NOTE).unwrap_or_default().to_owned(),
        draft: shown.draft.as_ref().map(|draft| dates::instant_short(draft.updated_at)),
        ticket,
    };
    Ok((status, Html(page.render()?)).into_response())
}
