//! One's own account: who one is, the messages one chooses, the sessions that live, the password.

use app::{PasswordChange, Session, Visitor};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::calendar::paris_day;
use domain::news::{News, Pace, Preferences};
use domain::people::Account;
use serde::Deserialize;
use strum::IntoEnumIterator;
use uuid::Uuid;
use wording::{dates, labels, pages, security};

use super::delegations::{self, DelegationsView, Wrong};
use super::sign_in::{Asking, DIFFERENT, TITLE, Ticket, field, password_fields, problem, wait};
use super::{Frame, Section, Signed};
use crate::forms::{Choice, FieldView, FormView, Input, Notice, Problems, Typed, value};
use crate::request::{Form, Path, Query};
use crate::stamp::Stamp;
use crate::{PageError, Web, routes};

/// What the tickets of the forms are for.
const END: &str = "end_sessions";
const CHANGE: &str = "change_password";
const CHOOSE: &str = "choose_messages";

/// The name of the question on reminders; each kind of facts is asked under its identifier.
const REMINDERS: &str = "rappels";

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(routes::OWN_ACCOUNT, get(show))
        .route(routes::OWN_SESSIONS_END, post(post_end_others))
        .route(routes::OWN_SESSION_END, post(post_end))
        .route(routes::OWN_PASSWORD, post(post_password))
        .route(routes::OWN_MESSAGES, post(post_messages))
        .route(routes::OWN_DELEGATIONS, post(post_delegate))
        .route(routes::OWN_DELEGATION_END, post(post_end_delegation))
}

/// A session as the page shows it.
struct SessionView {
    id: Uuid,
    browser: String,
    address: String,
    opened: Stamp,
    seen: Stamp,
    this: bool,
}

impl SessionView {
    fn of(session: Session, own: Uuid) -> Self {
        Self {
            this: session.id == own,
            id: session.id,
            browser: security::browser(&session.browser),
            address: session.address,
            opened: Stamp::instant(session.created_at),
            seen: Stamp::instant(session.seen_at),
        }
    }
}

#[derive(Template)]
#[template(path = "staff/account.html")]
struct AccountPage {
    frame: Frame,
    notice: Option<Notice>,
    problems: Option<Problems>,
    name: String,
    email: String,
    role: String,
    place: Option<String>,
    before: Option<Stamp>,
    before_from: String,
    sessions: Vec<SessionView>,
    others: String,
    end: String,
    /// When the password was set; an account of a demo has none.
    password: Option<String>,
    change: String,
    fields: Vec<FieldView>,
    /// None for who is sent neither facts nor reminders.
    messages: Option<FormView>,
    delegations: Option<DelegationsView>,
}

/// What an address of this page says happened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    fait: String,
}

fn notice(said: &Said) -> Option<Notice> {
    let (title, text) = match said.fait.as_str() {
        "session" => (pages::account::SESSION_ENDED_TITLE, pages::account::SESSION_ENDED),
        "sessions" => (pages::account::SESSIONS_ENDED_TITLE, pages::account::SESSIONS_ENDED),
        "courriels" => (pages::account::MESSAGES_CHOSEN_TITLE, pages::account::MESSAGES_CHOSEN),
        "delegue" => (pages::delegations::GIVEN_TITLE, pages::delegations::GIVEN),
        "rendu" => (pages::delegations::ENDED_TITLE, pages::delegations::ENDED),
        "mot_de_passe" => (pages::account::PASSWORD_CHANGED_TITLE, pages::account::PASSWORD_CHANGED),
        _ => return None,
    };
    Some(Notice { tone: "done", title: title.to_owned(), paragraphs: vec![text.to_owned()] })
}

/// What was sent to a form of the page, and what is wrong with it.
#[derive(Default)]
struct Sent<'a> {
    /// The field that is wrong, and why.
    wrong: Option<(&'a str, String)>,
    messages: Option<&'a Typed>,
    delegation: Option<(&'a Typed, &'a Wrong)>,
}

impl<'a> Sent<'a> {
    fn wrong(field: &'a str, why: String) -> Self {
        Self { wrong: Some((field, why)), ..Self::default() }
    }
}

/// The page, with what was sent to one of its forms; what is wrong is beside its field.
async fn page(
    web: &Web,
    signed: &Signed,
    status: StatusCode,
    notice: Option<Notice>,
    sent: Sent<'_>,
) -> Result<Response, PageError> {
    let nothing = (Typed::new(), Wrong::new());
    let (typed, delegation) =
        (sent.messages.unwrap_or(&nothing.0), sent.delegation.unwrap_or((&nothing.0, &nothing.1)));
    let account = &signed.account;
    let sessions = web.app.sessions(account).await?;
    let others = i64::try_from(sessions.len()).unwrap_or(i64::MAX).saturating_sub(1);
    let before = web.app.last_sign_ins(account).await?.into_iter().nth(1);
    let password = web.app.password_set_at(account).await?;
    let mut fields = vec![field("actuel", pages::account::CURRENT_PASSWORD, "", "password", "current-password")];
    fields.extend(password_fields());
    let mut messages = message_fields(account, typed);
    let problems = sent.wrong.map(|(name, text)| {
        let asked = if messages.iter().any(|field| field.name == name) { &mut messages } else { &mut fields };
        problem(TITLE, asked, name, &text)
    });
    let around = delegations::view(web, signed, account, routes::OWN_ACCOUNT, delegation.0, delegation.1).await?;
    let (delegations, refused) = around.map_or((None, None), |(view, refused)| (Some(view), refused));
    let lots: Vec<String> = account.lots.iter().map(ToString::to_string).collect();
    let place = match (&account.body, lots.as_slice()) {
        (Some(body), _) => Some(body_name(web, body).await?),
        (None, []) => None,
        (None, lots) => Some(pages::lots::listed(lots)),
    };
    let mut sessions: Vec<SessionView> =
        sessions.into_iter().map(|session| SessionView::of(session, signed.session)).collect();
    sessions.sort_by_key(|session| !session.this);
    let page = AccountPage {
        frame: signed.frame(Section::None),
        notice,
        problems: problems.or(refused),
        name: account.name.clone(),
        email: account.email.to_string(),
        role: labels::staff_role(account.role).to_owned(),
        place,
        before_from: before.as_ref().map_or_else(String::new, |line| from(&line.browser, &line.address)),
        before: before.map(|line| Stamp::instant(line.at)),
        sessions,
        others: if others > 0 { pages::counts::other_sessions(others) } else { String::new() },
        end: signed.ticket(END),
        password: password.map(|at| dates::long(paris_day(at))),
        change: signed.ticket(CHANGE),
        fields,
        messages: (!messages.is_empty()).then(|| FormView {
            action: routes::OWN_MESSAGES.to_owned(),
            hidden: vec![("cle".to_owned(), signed.ticket(CHOOSE))],
            fields: messages,
            button: pages::account::KEEP_CHOICES.to_owned(),
        }),
        delegations,
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// What the owner of an account may choose of their messages, as it stands or as it was sent.
fn message_fields(account: &Account, typed: &Typed) -> Vec<FieldView> {
    let field = |name: &str, label: &str, help: &str, options: Vec<Choice>| FieldView {
        id: format!("champ-{name}"),
        name: name.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        required: true,
        value: String::new(),
        error: None,
        remark: None,
        input: Input::Choice { options, pair: false, several: false },
    };
    let choice = |name: &str, id: &str, label: &str, detail: &str, stands: bool| Choice {
        value: id.to_owned(),
        label: label.to_owned(),
        detail: detail.to_owned(),
        chosen: value(typed, name).map_or(stands, |sent| sent == id),
    };
    let mut fields = Vec::new();
    if account.role.chooses_news() {
        for news in News::iter() {
            let stands = account.preferences.pace(news);
            let option = |pace: Pace| {
                choice(news.as_ref(), pace.as_ref(), labels::pace(pace), labels::pace_help(pace), pace == stands)
            };
            fields.push(field(news.as_ref(), labels::news(news), "", Pace::iter().map(option).collect()));
        }
    }
    if account.role.is_reminded() {
        let off = account.preferences.reminders_off;
        let options = vec![
            choice(REMINDERS, "oui", pages::account::REMINDERS_WANTED, pages::account::REMINDERS_WANTED_HELP, !off),
            choice(REMINDERS, "non", pages::account::REMINDERS_UNWANTED, pages::account::REMINDERS_UNWANTED_HELP, off),
        ];
        fields.push(field(REMINDERS, pages::account::REMINDERS, "", options));
    }
    fields
}

/// What was chosen; the name of the first question without a good answer otherwise.
fn chosen(account: &Account, typed: &Typed) -> Result<Preferences, &'static str> {
    let mut preferences = account.preferences.clone();
    if account.role.chooses_news() {
        for news in News::iter() {
            let sent = value(typed, news.as_ref()).and_then(|sent| sent.parse().ok());
            preferences.news.insert(news, sent.ok_or_else(|| <&'static str>::from(news))?);
        }
    }
    preferences.reminders_off = match value(typed, REMINDERS) {
        Some("oui") => false,
        Some("non") => true,
        Some(_) | None => return Err(REMINDERS),
    };
    Ok(preferences)
}

/// From where: the browser, and the network address when it is known.
pub(crate) fn from(browser: &str, address: &str) -> String {
    let browser = if browser.is_empty() { String::new() } else { security::browser(browser) };
    match (browser.is_empty(), address.is_empty()) {
        (true, true) => "—".to_owned(),
        (false, true) => browser,
        (true, false) => address.to_owned(),
        (false, false) => pages::account::opened_from(&browser, address),
    }
}

/// The name of a body in the markets, its code when it holds no lot any more.
pub(crate) async fn body_name(web: &Web, code: &domain::identifiers::BodyCode) -> Result<String, PageError> {
    let markets = web.app.markets().await?;
    let mut holders = markets.iter().rev().flat_map(|status| &status.market.lots).map(|lot| &lot.holder);
    Ok(holders.find(|holder| holder.code == *code).map_or_else(|| code.to_string(), |holder| holder.name.clone()))
}

/// Delegates to a colleague from a day to a day.
async fn post_delegate(
    State(web): State<Web>,
    signed: Signed,
    Asking(visitor): Asking,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    match delegations::make(&web, &signed, signed.account.id, &typed, visitor).await? {
        Ok(()) => Ok(done("delegue")),
        Err(wrong) => {
            let sent = Sent { delegation: Some((&typed, &wrong)), ..Sent::default() };
            page(&web, &signed, StatusCode::UNPROCESSABLE_ENTITY, None, sent).await
        }
    }
}

/// Ends a delegation of the reader's.
async fn post_end_delegation(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Asking(visitor): Asking,
    Form(ticket): Form<Ticket>,
) -> Result<Response, PageError> {
    delegations::end(&web, &signed, &id, ticket.cle.as_deref(), visitor).await?;
    Ok(done("rendu"))
}

/// Shows the page.
async fn show(State(web): State<Web>, signed: Signed, Query(said): Query<Said>) -> Result<Response, PageError> {
    page(&web, &signed, StatusCode::OK, notice(&said), Sent::default()).await
}

fn done(what: &str) -> Response {
    Redirect::to(&format!("{}?fait={what}", routes::OWN_ACCOUNT)).into_response()
}

/// Ends one session of the reader's; one of somebody else's does not exist.
async fn post_end(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Form(ticket): Form<Ticket>,
) -> Result<Response, PageError> {
    signed.check(END, ticket.cle.as_deref())?;
    let id: Uuid = id.parse().map_err(|_| PageError::NotFound)?;
    let app = web.app.clone();
    web.writes.spawn(async move { app.end_session(&signed.account, id).await }).await??;
    Ok(done("session"))
}

/// Ends every session of the reader's but this one.
async fn post_end_others(
    State(web): State<Web>,
    signed: Signed,
    Form(ticket): Form<Ticket>,
) -> Result<Response, PageError> {
    signed.check(END, ticket.cle.as_deref())?;
    let app = web.app.clone();
    web.writes.spawn(async move { app.end_other_sessions(&signed.account, signed.session).await }).await??;
    Ok(done("sessions"))
}

/// Chooses the messages of the reader's own account.
async fn post_messages(
    State(web): State<Web>,
    signed: Signed,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    signed.check(CHOOSE, value(&typed, "cle"))?;
    if !signed.account.role.is_reminded() {
        return Err(PageError::NotFound);
    }
    match chosen(&signed.account, &typed) {
        Ok(preferences) => {
            let app = web.app.clone();
            web.writes.spawn(async move { app.set_preferences(&signed.account.email, preferences).await }).await??;
            Ok(done("courriels"))
        }
        Err(name) => {
            let why = pages::account::CHOOSE_ONE_ANSWER.to_owned();
            let sent = Sent { messages: Some(&typed), ..Sent::wrong(name, why) };
            page(&web, &signed, StatusCode::UNPROCESSABLE_ENTITY, None, sent).await
        }
    }
}

/// What the form of the password sends.
#[derive(Deserialize)]
struct Change {
    cle: Option<String>,
    #[serde(default)]
    actuel: String,
    #[serde(default)]
    nouveau: String,
    #[serde(default)]
    encore: String,
}

/// Changes the password.
async fn post_password(
    State(web): State<Web>,
    signed: Signed,
    Asking(visitor): Asking,
    Form(change): Form<Change>,
) -> Result<Response, PageError> {
    signed.check(CHANGE, change.cle.as_deref())?;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    if change.nouveau != change.encore {
        return page(&web, &signed, wrong, None, Sent::wrong("encore", DIFFERENT.to_owned())).await;
    }
    let (app, account, session) = (web.app.clone(), signed.account.clone(), signed.session);
    let changing = async move {
        let visitor: Visitor = visitor;
        app.change_password(&account, session, &change.actuel, &change.nouveau, &visitor).await
    };
    match web.writes.spawn(changing).await?? {
        PasswordChange::Done => Ok(done("mot_de_passe")),
        PasswordChange::Refused(why) => {
            page(&web, &signed, wrong, None, Sent::wrong("nouveau", security::password(why))).await
        }
        PasswordChange::WrongCurrent | PasswordChange::LinkGone => {
            let text = pages::account::NOT_CURRENT_PASSWORD.to_owned();
            page(&web, &signed, wrong, None, Sent::wrong("actuel", text)).await
        }
        PasswordChange::Wait { seconds } => {
            let text = wait(seconds).text;
            page(&web, &signed, StatusCode::TOO_MANY_REQUESTS, None, Sent::wrong("actuel", text)).await
        }
    }
}
