//! Accounts: the list, with the paths that nobody coordinates; one of them: invited, closed with its paths handed over, opened again.

use std::collections::BTreeMap;

use app::{AppError, Charge, HandOver};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Day;
use domain::calendar::paris_day;
use domain::identifiers::{AccountId, BodyCode, LotCode};
use domain::people::{Account, StaffRole};
use serde::Deserialize;
use wording::{addresses, dates, labels, pages, refusals, security};

use super::{Keeper, Tab, TabView, tabs};
use crate::forms::{Choice, FieldView, Input, Notice, Problems, Typed, value};
use crate::request::{Form, Path, Query};
use crate::staff::Frame;
use crate::staff::account::from;
use crate::staff::delegations::{self, DELEGATE, DelegationsView, Wrong};
use crate::staff::paths::Asked;
use crate::staff::sign_in::{Asking, Ticket, field, problem};
use crate::stamp::Stamp;
use crate::{PageError, Web, routes};

const CHANGE: &str = "change_account";

/// An account as the list shows it.
struct Line {
    address: String,
    name: String,
    email: String,
    role: &'static str,
    place: String,
    state: &'static str,
    tone: &'static str,
}

/// Names of bodies by their code, and the lots of the markets in force.
pub(super) struct Known {
    pub bodies: BTreeMap<BodyCode, String>,
    pub lots: BTreeMap<LotCode, String>,
}

impl Known {
    pub(super) async fn read(web: &Web) -> Result<Self, PageError> {
        let (mut bodies, mut lots) = (BTreeMap::new(), BTreeMap::new());
        for status in web.app.markets().await?.into_iter().filter(|status| status.current && !status.market.past) {
            for lot in status.market.lots {
                bodies.insert(lot.holder.code, lot.holder.name);
                lots.insert(lot.code, lot.name);
            }
        }
        Ok(Self { bodies, lots })
    }

    fn place(&self, account: &Account) -> String {
        match (&account.body, account.role) {
            (Some(body), _) => self.bodies.get(body).cloned().unwrap_or_else(|| body.to_string()),
            (None, StaffRole::RegionOfficer) => wording::capital(&wording::accounts::lots(account)),
            (None, _) => "—".to_owned(),
        }
    }
}

fn state(account: &Account, today: Day, invited: bool, demo: bool) -> (&'static str, &'static str) {
    match (account.active, invited || demo) {
        (false, _) => (pages::accounts::CLOSED, "late"),
        (true, _) if !account.opens(today) => (pages::accounts::ENDED, "late"),
        (true, true) => (pages::accounts::OPEN, "done"),
        (true, false) => (pages::accounts::WITHOUT_PASSWORD, "wait"),
    }
}

#[derive(Template)]
#[template(path = "staff/administration.html")]
struct AccountsPage {
    frame: Frame,
    tabs: Vec<TabView>,
    count: String,
    lines: Vec<Line>,
    /// The open paths that nobody coordinates, in words, and their list.
    orphans: Option<(String, String)>,
}

/// Open paths that nobody coordinates, and the list that gives them to somebody.
fn orphans(number: u64) -> Option<(String, String)> {
    let words = |number| pages::counts::orphans(number);
    let asked = Asked { charge: Some(Charge::Nobody), ..Asked::default() };
    (number > 0).then(|| (words(i64::try_from(number).unwrap_or(i64::MAX)), asked.address()))
}

/// Every account.
pub(super) async fn list(State(web): State<Web>, keeper: Keeper) -> Result<Response, PageError> {
    let known = Known::read(&web).await?;
    let with_password = web.app.accounts_with_password().await?;
    let mut accounts = web.app.accounts().await?;
    accounts.sort_by_key(|account| (!account.active, account.role, account.name.clone()));
    let count = i64::try_from(accounts.len()).unwrap_or(i64::MAX);
    let today = paris_day(web.app.now().await?);
    let lines = accounts.into_iter().map(|account| {
        let (state, tone) = state(&account, today, with_password.contains(&account.id), web.options.demo);
        Line {
            address: addresses::account(account.id),
            place: known.place(&account),
            role: labels::staff_role(account.role),
            email: account.email.to_string(),
            name: account.name,
            state,
            tone,
        }
    });
    let page = AccountsPage {
        frame: keeper.frame(),
        tabs: tabs(Tab::Accounts),
        count: pages::counts::accounts(count),
        lines: lines.collect(),
        orphans: orphans(web.app.orphans(&keeper.0.actor).await?),
    };
    Ok(Html(page.render()?).into_response())
}

pub(super) fn done(account: AccountId, what: &str) -> Response {
    Redirect::to(&format!("{}?fait={what}", addresses::account(account))).into_response()
}

/// What an address of an account says happened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    fait: String,
}

/// A line of the log about this account.
struct Past {
    at: Stamp,
    what: &'static str,
    detail: String,
    who: String,
}

#[derive(Template)]
#[template(path = "staff/administration_account.html")]
struct AccountPage {
    frame: Frame,
    tabs: Vec<TabView>,
    notice: Option<Notice>,
    problems: Option<Problems>,
    name: String,
    email: String,
    role: &'static str,
    place: String,
    phone: Option<String>,
    /// The last day.
    ends_on: Option<String>,
    /// It has passed.
    ended: bool,
    state: &'static str,
    tone: &'static str,
    active: bool,
    has_password: bool,
    own: bool,
    /// How many open paths a coordinator has; none for others.
    portfolio: Option<String>,
    portfolio_address: String,
    /// Who takes the open paths when the account closes; none when it holds none.
    successor: Option<FieldView>,
    /// Open paths, and nobody who may take them.
    alone: bool,
    delegations: Option<DelegationsView>,
    change: String,
    invitation: String,
    opening: String,
    log: String,
    ticket: String,
    past: Vec<Past>,
}

pub(super) fn account_of(accounts: Vec<Account>, id: &str) -> Result<Account, PageError> {
    let id: AccountId = id.parse().map_err(|_| PageError::NotFound)?;
    accounts.into_iter().find(|account| account.id == id).ok_or(PageError::NotFound)
}

/// One account.
pub(super) async fn one(
    State(web): State<Web>,
    keeper: Keeper,
    Path(id): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, PageError> {
    let account = account_of(web.app.accounts().await?, &id)?;
    page(&web, &keeper, account, notice(&said), None, (&Typed::new(), &Wrong::new())).await
}

fn notice(said: &Said) -> Option<Notice> {
    let (title, text) = match said.fait.as_str() {
        "cree" => (pages::accounts::CREATED_TITLE, pages::accounts::CREATED),
        "modifie" => (pages::accounts::CHANGED_TITLE, pages::accounts::CHANGED),
        "pareil" => (pages::accounts::UNCHANGED_TITLE, pages::accounts::UNCHANGED),
        "invite" => (pages::accounts::INVITED_TITLE, pages::accounts::INVITED),
        "ferme" => (pages::accounts::CLOSED_TITLE, pages::accounts::CLOSED_MEANS),
        "transmis" => (pages::accounts::HANDED_OVER_TITLE, pages::accounts::HANDED_OVER),
        "delegue" => (pages::delegations::GIVEN_TITLE, pages::delegations::BOTH_TOLD),
        "rendu" => (pages::delegations::ENDED_TITLE, pages::delegations::BOTH_TOLD),
        "ouvert" => (pages::accounts::REOPENED_TITLE, pages::accounts::REOPENED),
        _ => return None,
    };
    Some(Notice { tone: "done", title: title.to_owned(), paragraphs: vec![text.to_owned()] })
}

/// Who may take the open paths of an account that closes.
fn successor(held: &HandOver) -> Option<FieldView> {
    let options: Vec<Choice> = held
        .colleagues
        .iter()
        .map(|account| Choice {
            value: account.id.to_string(),
            label: account.name.clone(),
            detail: account.email.to_string(),
            chosen: false,
        })
        .collect();
    let help = pages::accounts::SUCCESSOR_HELP;
    (!options.is_empty() && !held.paths.is_empty()).then(|| FieldView {
        input: Input::Choice { options, pair: false, several: false },
        ..field("vers", &pages::accounts::who_takes_over(open_paths(held)), help, "text", "")
    })
}

fn open_paths(held: &HandOver) -> String {
    let paths = i64::try_from(held.paths.len()).unwrap_or(i64::MAX);
    pages::counts::open_paths(paths)
}

async fn page(
    web: &Web,
    keeper: &Keeper,
    account: Account,
    notice: Option<Notice>,
    refused: Option<String>,
    delegation: (&Typed, &Wrong),
) -> Result<Response, PageError> {
    let known = Known::read(web).await?;
    let has_password = web.app.password_set_at(&account).await?.is_some();
    let today = paris_day(web.app.now().await?);
    let (state, tone) = state(&account, today, has_password, web.options.demo);
    let held = match account.role {
        StaffRole::Coordinator => Some(web.app.portfolio(&keeper.0.account, account.id).await?),
        StaffRole::RegionOfficer
        | StaffRole::RegionFinance
        | StaffRole::RegionViewer
        | StaffRole::Administrator
        | StaffRole::Auditor => None,
    };
    let filter = app::SecurityFilter { account: Some(account.id), limit: Some(8), ..app::SecurityFilter::default() };
    let past = web.app.security_log(&keeper.0.account, &filter).await?.into_iter().map(|view| Past {
        at: Stamp::instant(view.line.at),
        what: security::event(view.line.event),
        detail: view.line.detail,
        who: match &view.by {
            Some(by) => pages::administration::by(&by.name),
            None => from(&view.line.browser, &view.line.address),
        },
    });
    let mut fields: Vec<FieldView> = held.as_ref().and_then(successor).into_iter().collect();
    let own_address = addresses::account(account.id);
    let around = delegations::view(web, &keeper.0, &account, &own_address, delegation.0, delegation.1).await?;
    let (delegations, not_delegated) = around.map_or((None, None), |(view, refused)| (Some(view), refused));
    let status =
        if refused.is_some() || not_delegated.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let stays = if account.active { pages::accounts::STAYS_OPEN_TITLE } else { pages::accounts::STAYS_CLOSED_TITLE };
    let problems = refused.map(|text| problem(stays, &mut fields, "vers", &text));
    let page = AccountPage {
        frame: keeper.frame(),
        tabs: tabs(Tab::Accounts),
        notice,
        problems: problems.or(not_delegated),
        delegations,
        place: known.place(&account),
        role: labels::staff_role(account.role),
        phone: account.phone.as_ref().map(domain::identifiers::Phone::formatted),
        state,
        tone,
        ends_on: account.ends_on.map(dates::long),
        ended: account.active && !account.opens(today),
        active: account.active,
        has_password,
        own: account.id == keeper.0.account.id,
        portfolio: held.as_ref().map(open_paths),
        portfolio_address: format!("{own_address}/portefeuille"),
        alone: held.is_some_and(|held| !held.paths.is_empty()) && fields.is_empty(),
        successor: fields.pop(),
        change: format!("{own_address}/modifier"),
        invitation: format!("{own_address}/invitation"),
        opening: format!("{own_address}/ouverture"),
        log: format!("{}?compte={}", routes::SECURITY_LOG, account.id),
        ticket: keeper.0.ticket(CHANGE),
        past: past.collect(),
        name: account.name,
        email: account.email.to_string(),
    };
    Ok((status, Html(page.render()?)).into_response())
}

/// What the form that opens or closes an account sends.
#[derive(Debug, Deserialize)]
pub(super) struct Opening {
    cle: Option<String>,
    #[serde(default)]
    ouvert: String,
    /// Who takes the open paths of an account that closes.
    #[serde(default)]
    vers: String,
}

/// Opens or closes an account.
pub(super) async fn post_active(
    State(web): State<Web>,
    keeper: Keeper,
    Path(id): Path<String>,
    Asking(visitor): Asking,
    Form(sent): Form<Opening>,
) -> Result<Response, PageError> {
    keeper.0.check(CHANGE, sent.cle.as_deref())?;
    let account = account_of(web.app.accounts().await?, &id)?;
    let (app, administrator, id) = (web.app.clone(), keeper.0.account.clone(), account.id);
    if sent.ouvert == "oui" {
        let opening = async move { app.reopen_account(Some(&administrator), id, &visitor).await };
        return match web.writes.spawn(opening).await? {
            Ok(_) => Ok(done(id, "ouvert")),
            Err(error) => refused(&web, &keeper, account, error).await,
        };
    }
    let successor = sent.vers.parse().ok();
    let closing = async move { app.close_account(Some(&administrator), id, successor, &visitor).await };
    match web.writes.spawn(closing).await? {
        Ok(closed) => Ok(done(id, if closed.paths > 0 { "transmis" } else { "ferme" })),
        Err(error) => refused(&web, &keeper, account, error).await,
    }
}

/// The page of an account that neither opens nor closes, with the reason.
async fn refused(web: &Web, keeper: &Keeper, account: Account, error: AppError) -> Result<Response, PageError> {
    let AppError::AccountRefused(refusal) = error else { return Err(error.into()) };
    page(web, keeper, account, None, Some(refusals::account(&refusal)), (&Typed::new(), &Wrong::new())).await
}

/// Sends an invitation.
pub(super) async fn post_invitation(
    State(web): State<Web>,
    keeper: Keeper,
    Path(id): Path<String>,
    Asking(visitor): Asking,
    Form(ticket): Form<Ticket>,
) -> Result<Response, PageError> {
    keeper.0.check(CHANGE, ticket.cle.as_deref())?;
    let account = account_of(web.app.accounts().await?, &id)?;
    let (app, administrator) = (web.app.clone(), keeper.0.account);
    let inviting =
        async move { app.invite(&account.email, Some(&administrator), &visitor).await.map(|account| account.id) };
    let id = web.writes.spawn(inviting).await??;
    Ok(done(id, "invite"))
}

/// Delegates for the owner of an account.
pub(super) async fn post_delegate(
    State(web): State<Web>,
    keeper: Keeper,
    Path(id): Path<String>,
    Asking(visitor): Asking,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    keeper.0.check(DELEGATE, value(&typed, "cle"))?;
    let account = account_of(web.app.accounts().await?, &id)?;
    match delegations::make(&web, &keeper.0, account.id, &typed, visitor).await? {
        Ok(()) => Ok(done(account.id, "delegue")),
        Err(wrong) => page(&web, &keeper, account, None, None, (&typed, &wrong)).await,
    }
}

/// Ends a delegation of an account.
pub(super) async fn post_end_delegation(
    State(web): State<Web>,
    keeper: Keeper,
    Path((id, delegation)): Path<(String, String)>,
    Asking(visitor): Asking,
    Form(ticket): Form<Ticket>,
) -> Result<Response, PageError> {
    keeper.0.check(DELEGATE, ticket.cle.as_deref())?;
    let account = account_of(web.app.accounts().await?, &id)?;
    delegations::end(&web, &keeper.0, &delegation, ticket.cle.as_deref(), visitor).await?;
    Ok(done(account.id, "rendu"))
}
