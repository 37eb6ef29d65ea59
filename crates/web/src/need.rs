//! Reporting a need from outside, without an account: the public form, and the page behind the link that confirms it.
//!
//! Rules kept here: opening a page writes nothing; whatever the address that is given, the answer is the same; what robots fill
//! in or send at once gives them nothing, and a person loses nothing that they typed. Nobody else serves these pages: no
//! picture to read, no script.

use app::{NeedAnswer, NeedLink};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::calendar::paris_day;
use domain::form::{FieldError, Form as Fields};
use domain::identifiers::{EmailAddress, Phone};
use domain::proposal::{Proposal, ProposalCommand, ProposalStage, ProposalState, ProposalStep};
use serde::Deserialize;
use wording::{dates, fields, labels, numbers, pages};

use pages::needs as words;

use crate::commune::{self, COMMUNE};
use crate::forms::{FieldView, Input, Notice, ProblemLine, Problems, Typed, field_id, problem_of, value};
use crate::request::{Form, Path, Query};
use crate::staff::{Asking, after};
use crate::{PageError, Web, routes, ticket};

const STEP: ProposalStep = ProposalStep::Propose;
const TICKET: &str = "cle";
/// A field that people neither see nor reach: what fills it is no person.
const TRAP: &str = "site";
/// What the ticket of the form behind a link is for.
const CONFIRM: &str = "confirm_need";

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new().route(routes::NEED, get(show).post(post)).route(routes::NEED_LINK, get(open).post(confirm))
}

/// Fields that belong together.
struct Group {
    id: &'static str,
    title: &'static str,
    lead: &'static str,
    fields: Vec<FieldView>,
}

#[derive(Template)]
#[template(path = "need/report.html")]
struct FormPage {
    problems: Option<Problems>,
    notice: Option<Notice>,
    groups: Vec<Group>,
    ticket: String,
    trap: &'static str,
}

#[derive(Template)]
#[template(path = "need/sent.html")]
struct SentPage {
    address: String,
    /// A likely mistake of typing in it (L22): the message would be lost.
    remark: Option<String>,
}

/// What the form shows besides its fields.
#[derive(Default)]
struct Shown {
    typed: Typed,
    errors: Vec<FieldError>,
    /// The commune is of no lot.
    elsewhere: bool,
    notice: Option<Notice>,
    problems: Option<Problems>,
}

/// The names of the fields of each group, and the group.
const GROUPS: [(&str, &str, &str, &[&str]); 4] = [
    ("qui", words::WHO, "", &["sender", "sender_name", "sender_email", "sender_phone"]),
    ("entreprise", words::COMPANY, "", &["company", "siret", COMMUNE]),
    ("besoin", words::WORK, "", &["job", "persons_wanted", "details"]),
    ("contact", words::CONTACT, words::CONTACT_LEAD, &["contact_name", "contact_email", "contact_phone"]),
];

/// The empty form.
async fn show(State(web): State<Web>) -> Result<Response, PageError> {
    let typed = vec![("persons_wanted".to_owned(), "1".to_owned())];
    page(&web, StatusCode::OK, None, Shown { typed, ..Shown::default() }).await
}

/// The form; a ticket that still serves goes on serving.
async fn page(web: &Web, status: StatusCode, ticket: Option<&str>, shown: Shown) -> Result<Response, PageError> {
    let serves = match ticket {
        Some(ticket) => web.app.need_ticket_serves(ticket).await?,
        None => false,
    };
    let ticket = match ticket.filter(|_| serves) {
        Some(ticket) => ticket.to_owned(),
        None => web.app.need_ticket().await?,
    };
    let groups = groups(&shown);
    let problems = shown.problems.or_else(|| problems(&groups));
    let page = FormPage { problems, notice: shown.notice, groups, ticket, trap: TRAP };
    Ok((status, Html(page.render()?)).into_response())
}

fn groups(shown: &Shown) -> Vec<Group> {
    let known = ProposalCommand::fields(STEP);
    let views = |name: &str| -> Vec<FieldView> {
        let Some(field) = known.iter().find(|field| field.name == name) else { return Vec::new() };
        let error = problem_of(&shown.errors, name);
        let mut view = FieldView::asked(field_id(STEP, name), field, fields::proposal(STEP, name), &shown.typed, error);
        // A browser knows its own person, and nobody else.
        match (&mut view.input, name) {
            (Input::Line { autocomplete, .. }, "sender_name") => *autocomplete = "name",
            (Input::Line { autocomplete, .. }, "contact_email" | "contact_phone") => *autocomplete = "off",
            _ => {}
        }
        if name != COMMUNE {
            return vec![view];
        }
        let mut views = commune::said(&shown.typed).views(STEP, view);
        if let Some(view) = views.first_mut().filter(|_| shown.elsewhere) {
            view.error = Some(words::ELSEWHERE.to_owned());
        }
        views
    };
    GROUPS
        .into_iter()
        .map(|(id, title, lead, names)| Group {
            id,
            title,
            lead,
            fields: names.iter().flat_map(|name| views(name)).collect(),
        })
        .collect()
}

fn problems(groups: &[Group]) -> Option<Problems> {
    let lines: Vec<ProblemLine> = groups
        .iter()
        .flat_map(|group| &group.fields)
        .filter_map(|field| {
            let error = field.error.as_ref()?;
            Some(ProblemLine { text: pages::forms::about(&field.label, error), anchor: Some(field.id.clone()) })
        })
        .collect();
    (!lines.is_empty()).then(|| Problems { title: words::NOT_SENT.to_owned(), lines })
}

/// What was typed in the fields of the form, and nothing else; then the form that the domain reads.
fn settle(sent: &Typed) -> (Typed, Fields) {
    let commune = commune::said(sent);
    let (mut typed, mut form) = (Typed::new(), Fields::new());
    for field in ProposalCommand::fields(STEP) {
        let text = if field.name == COMMUNE { Some(commune.kept.as_str()) } else { value(sent, field.name) };
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { continue };
        typed.push((field.name.to_owned(), text.to_owned()));
        let read = if field.name == COMMUNE { commune.code.clone() } else { text.replace("\r\n", "\n") };
        if !read.is_empty() {
            form.insert(field.name.to_owned(), read.into());
        }
    }
    (typed, form)
}

fn sent(typed: &Typed) -> Result<Response, PageError> {
    let address: String = value(typed, "sender_email").unwrap_or_default().trim().chars().take(250).collect();
    let meant = EmailAddress::parse(&address).ok().and_then(|email| email.typo_hint());
    let remark = meant.map(pages::path_steps::did_you_mean);
    Ok(Html(SentPage { address, remark }.render()?).into_response())
}

/// Sends the form, in a task that outlives its client.
async fn post(State(web): State<Web>, Asking(visitor): Asking, Form(all): Form<Typed>) -> Result<Response, PageError> {
    let (typed, form) = settle(&all);
    if value(&all, TRAP).is_some_and(|text| !text.is_empty()) {
        tracing::info!("a robot filled in the form that reports a need");
        return sent(&typed);
    }
    let ticket = value(&all, TICKET).unwrap_or_default().to_owned();
    let (app, asked) = (web.app.clone(), ticket.clone());
    let writing = async move { app.propose_need(&form, &asked, &visitor).await };
    let mut shown = Shown { typed, ..Shown::default() };
    match web.writes.spawn(writing).await?? {
        NeedAnswer::Sent => sent(&shown.typed),
        NeedAnswer::Again => {
            shown.notice = Some(Notice {
                tone: "wait",
                title: words::AGAIN_TITLE.to_owned(),
                paragraphs: vec![words::AGAIN.to_owned()],
            });
            page(&web, StatusCode::CONFLICT, Some(&ticket), shown).await
        }
        NeedAnswer::Wait { seconds } => {
            let text = words::too_many(after(seconds));
            let lines = vec![ProblemLine { text, anchor: None }];
            shown.problems = Some(Problems { title: words::TOO_MANY_TITLE.to_owned(), lines });
            let page = page(&web, StatusCode::TOO_MANY_REQUESTS, Some(&ticket), shown).await?;
            Ok(([(header::RETRY_AFTER, seconds.to_string())], page).into_response())
        }
        NeedAnswer::Refused { errors, elsewhere } => {
            (shown.errors, shown.elsewhere) = (errors, elsewhere);
            page(&web, StatusCode::UNPROCESSABLE_ENTITY, Some(&ticket), shown).await
        }
    }
}

#[derive(Template)]
#[template(path = "need/link.html")]
struct LinkPage {
    title: &'static str,
    notice: Option<Notice>,
    stands: String,
    /// Why it was declined.
    reason: Option<String>,
    facts: Vec<(&'static str, Vec<Piece>)>,
    /// The form that confirms it: its address and its ticket.
    confirm: Option<(String, String)>,
    body: Option<Body>,
}

/// Whom to call.
struct Body {
    name: String,
    phone: Option<(String, String)>,
    email: String,
}

#[derive(Template)]
#[template(path = "need/gone.html")]
struct GonePage;

fn gone() -> Result<Response, PageError> {
    Ok((StatusCode::GONE, Html(GonePage.render()?)).into_response())
}

/// What just happened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    fait: String,
}

/// The page behind a link; opening it changes nothing.
async fn open(
    State(web): State<Web>,
    Path(token): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, PageError> {
    let link = match web.app.need_of_link(&token).await {
        Ok(link) => link,
        // What was forgotten and what never was answer alike.
        Err(app::AppError::NotFound) => return gone(),
        Err(error) => return Err(error.into()),
    };
    Ok(Html(view(&token, &link, said.fait == "1").render()?).into_response())
}

fn view(token: &str, link: &NeedLink, done: bool) -> LinkPage {
    let NeedLink { proposal, until, holder } = link;
    let stage = proposal.state.stage();
    let waits = stage == ProposalStage::Unconfirmed;
    let name = holder.as_ref().map_or_else(String::new, |holder| holder.name.clone());
    let (at, reason) = match &proposal.state {
        ProposalState::Unconfirmed => (*until, None),
        ProposalState::Received { confirmed_at } => (*confirmed_at, None),
        ProposalState::Taken { at, .. } => (*at, None),
        ProposalState::Declined { at, reason, .. } => (*at, Some(reason.clone())),
    };
    let notice = (done && stage == ProposalStage::Received).then(|| Notice {
        tone: "done",
        title: words::CONFIRMED_TITLE.to_owned(),
        paragraphs: vec![words::confirmed(&name)],
    });
    LinkPage {
        title: if waits { words::CONFIRM_TITLE } else { words::STANDS_TITLE },
        notice,
        stands: words::stands(stage, &name, dates::medium(paris_day(at))),
        reason,
        facts: facts(proposal),
        confirm: waits.then(|| (wording::addresses::need_link(token), ticket::issue(token, CONFIRM))),
        body: holder.as_ref().filter(|_| !waits).map(|holder| Body {
            name: holder.name.clone(),
            phone: holder.phone.as_ref().map(|phone| {
                let shown = phone.formatted();
                let dialled = shown.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                (shown, dialled)
            }),
            email: holder.email.to_string(),
        }),
    }
}

/// A piece of what was written, with what it opens when it is an address or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub text: String,
    pub opens: Option<String>,
}

impl Piece {
    fn plain(text: String) -> Vec<Self> {
        vec![Self { text, opens: None }]
    }

    fn email(email: &EmailAddress) -> Self {
        Self { text: email.to_string(), opens: Some(format!("mailto:{email}")) }
    }

    fn phone(phone: &Phone) -> Self {
        Self { text: phone.formatted(), opens: Some(format!("tel:{phone}")) }
    }
}

/// What was reported, as it was written.
pub(crate) fn facts(proposal: &Proposal) -> Vec<(&'static str, Vec<Piece>)> {
    let need = &proposal.need;
    let mut facts = vec![
        (words::FROM, Piece::plain(format!("{} ({})", need.sender_name, labels::sender(need.sender)))),
        (words::ADDRESS, vec![Piece::email(&need.sender_email)]),
    ];
    facts.extend(need.sender_phone.as_ref().map(|phone| (words::PHONE, vec![Piece::phone(phone)])));
    let siret = need.siret.as_ref().map_or_else(|| words::NONE.to_owned(), numbers::siret);
    facts.extend([
        (words::NAME, Piece::plain(need.company.clone())),
        (words::SIRET, Piece::plain(siret)),
        (words::COMMUNE, Piece::plain(labels::commune(need.commune.as_str()))),
        (words::JOB, Piece::plain(need.job.clone())),
        (words::NUMBER, Piece::plain(numbers::integer(i64::from(need.persons_wanted)))),
    ]);
    facts.extend(need.contact.as_ref().map(|contact| {
        let ways = contact.email.iter().map(Piece::email).chain(contact.phone.iter().map(Piece::phone));
        (words::REACHED, Piece::plain(contact.name.clone()).into_iter().chain(ways).collect())
    }));
    facts.extend(need.details.clone().map(|details| (words::DETAILS, Piece::plain(details))));
    facts
}

/// What the form behind a link sends.
#[derive(Debug, Deserialize)]
struct Confirmed {
    cle: Option<String>,
}

/// Confirms, once; afterwards the page says where it stands.
async fn confirm(
    State(web): State<Web>,
    Path(token): Path<String>,
    Form(confirmed): Form<Confirmed>,
) -> Result<Response, PageError> {
    if !confirmed.cle.as_deref().is_some_and(|sent| ticket::holds(&token, CONFIRM, sent)) {
        return Err(PageError::Ticket);
    }
    let (app, link) = (web.app.clone(), token.clone());
    match web.writes.spawn(async move { app.confirm_need(&link).await }).await? {
        Ok(_) => Ok(Redirect::to(&format!("{}?fait=1", wording::addresses::need_link(&token))).into_response()),
        Err(app::AppError::NotFound) => gone(),
        Err(error) => Err(error.into()),
    }
}
