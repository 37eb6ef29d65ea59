//! Accounts: the list, a new one, one of them: invited, closed, opened again.

use std::collections::BTreeMap;

use app::{AppError, NewAccount, StoreError};
use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::form::{FieldError, FieldProblem};
use domain::identifiers::{AccountId, BodyCode, EmailAddress, LotCode, Phone};
use domain::people::{Account, StaffRole};
use serde::Deserialize;
use wording::{addresses, labels, numbers, refusals, security};

use super::{Keeper, Tab, TabView, tabs};
use crate::forms::{Choice, FieldView, Input, Notice, ProblemLine, Problems, Typed, value};
use crate::staff::Frame;
use crate::staff::account::{When, from};
use crate::staff::sign_in::{Asking, Ticket, field};
use crate::{PageError, Web, routes};

const NEW: &str = "new_account";
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
struct Known {
    bodies: BTreeMap<BodyCode, String>,
    lots: BTreeMap<LotCode, String>,
}

impl Known {
    async fn read(web: &Web) -> Result<Self, PageError> {
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
        let lots: Vec<String> = account.lots.iter().map(ToString::to_string).collect();
        match (&account.body, lots.as_slice(), account.role) {
            (Some(body), _, _) => self.bodies.get(body).cloned().unwrap_or_else(|| body.to_string()),
            (None, [], StaffRole::RegionOfficer) => "Tous les lots".to_owned(),
            (None, [], _) => "—".to_owned(),
            (None, [lot], _) => format!("Lot {lot}"),
            (None, several, _) => format!("Lots {}", numbers::list(several)),
        }
    }
}

fn state(account: &Account, invited: bool, demo: bool) -> (&'static str, &'static str) {
    match (account.active, invited || demo) {
        (false, _) => ("Fermé", "late"),
        (true, true) => ("Ouvert", "done"),
        (true, false) => ("Sans mot de passe", "wait"),
    }
}

#[derive(Template)]
#[template(path = "staff/administration.html")]
struct AccountsPage {
    frame: Frame,
    tabs: Vec<TabView>,
    count: String,
    lines: Vec<Line>,
}

/// Every account.
pub(super) async fn list(State(web): State<Web>, keeper: Keeper) -> Result<Response, PageError> {
    let known = Known::read(&web).await?;
    let with_password = web.app.accounts_with_password().await?;
    let mut accounts = web.app.accounts().await?;
    accounts.sort_by_key(|account| (!account.active, account.role, account.name.clone()));
    let count = i64::try_from(accounts.len()).unwrap_or(i64::MAX);
    let lines = accounts.into_iter().map(|account| {
        let (state, tone) = state(&account, with_password.contains(&account.id), web.options.demo);
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
        count: numbers::count(count, "compte", "comptes"),
        lines: lines.collect(),
    };
    Ok(Html(page.render()?).into_response())
}

#[derive(Template)]
#[template(path = "staff/administration_new.html")]
struct NewPage {
    frame: Frame,
    tabs: Vec<TabView>,
    problems: Option<Problems>,
    ticket: String,
    fields: Vec<FieldView>,
}

const LABELS: [(&str, &str); 6] = [
    ("email", "Adresse"),
    ("name", "Nom"),
    ("role", "Rôle"),
    ("body", "Organisme de formation"),
    ("lots", "Lots suivis"),
    ("phone", "Téléphone"),
];

fn new_page(
    keeper: &Keeper,
    known: &Known,
    typed: &Typed,
    errors: &[(String, String)],
    status: StatusCode,
) -> Result<Response, PageError> {
    let label = |name: &str| LABELS.iter().find(|(known, _)| *known == name).map_or("", |(_, label)| *label);
    let line = |name: &str, help: &str, kind, autocomplete| FieldView {
        value: value(typed, name).unwrap_or_default().to_owned(),
        ..field(name, label(name), help, kind, autocomplete)
    };
    let chosen = |name: &str, id: &str| typed.iter().any(|(sent, value)| sent == name && value == id);
    let choice = |name: &str, help: &str, options: Vec<(String, String)>, several: bool, required: bool| {
        let options = options.into_iter().map(|(id, text)| Choice {
            chosen: chosen(name, &id),
            value: id,
            label: text,
            detail: String::new(),
        });
        FieldView {
            required,
            input: Input::Choice { options: options.collect(), pair: false, several },
            ..field(name, label(name), help, "text", "")
        }
    };
    let roles = [
        StaffRole::Coordinator,
        StaffRole::RegionOfficer,
        StaffRole::RegionFinance,
        StaffRole::RegionViewer,
        StaffRole::Auditor,
        StaffRole::Administrator,
    ];
    let roles = roles.into_iter().map(|role| (role.to_string(), labels::staff_role(role).to_owned())).collect();
    let bodies = known.bodies.iter().map(|(code, name)| (code.to_string(), name.clone())).collect();
    let lots = known.lots.iter().map(|(code, name)| (code.to_string(), format!("Lot {code}, {name}"))).collect();
    let mut phone = line("phone", "Les entreprises le lisent dans les messages.", "tel", "off");
    phone.required = false;
    let mut fields = vec![
        line("email", "Elle sert d’identifiant et reçoit l’invitation.", "email", "off"),
        line("name", "Prénom et nom, comme les autres les liront.", "text", "off"),
        phone,
        choice("role", "", roles, false, true),
        choice("body", "Pour une coordination seulement.", bodies, false, false),
        choice("lots", "Pour une instruction à la Région\u{a0}: aucun coché vaut tous.", lots, true, false),
    ];
    let problems = (!errors.is_empty()).then(|| {
        let lines = errors.iter().map(|(name, text)| {
            let anchor = fields.iter_mut().find(|field| field.name == *name).map(|field| {
                field.error = Some(text.clone());
                field.id.clone()
            });
            ProblemLine { text: format!("{}\u{a0}: {text}", label(name)), anchor }
        });
        Problems { title: "Le compte n’a pas été créé".to_owned(), lines: lines.collect() }
    });
    let page =
        NewPage { frame: keeper.frame(), tabs: tabs(Tab::Accounts), problems, ticket: keeper.0.ticket(NEW), fields };
    Ok((status, Html(page.render()?)).into_response())
}

/// The form of a new account.
pub(super) async fn new(State(web): State<Web>, keeper: Keeper) -> Result<Response, PageError> {
    new_page(&keeper, &Known::read(&web).await?, &Typed::new(), &[], StatusCode::OK)
}

/// Reads a new account, with every problem at once.
fn read(typed: &Typed) -> Result<NewAccount, Vec<(String, String)>> {
    let mut errors = Vec::new();
    let text = |name: &str| value(typed, name).unwrap_or_default().trim();
    let mut wrong = |name: &str, text: &str| errors.push((name.to_owned(), text.to_owned()));
    let email = EmailAddress::parse(text("email"));
    if email.is_err() {
        wrong("email", "écrivez une adresse complète, par exemple prenom.nom@region.example.");
    }
    if text("name").is_empty() {
        wrong("name", "écrivez le nom de la personne.");
    }
    let role: Option<StaffRole> = text("role").parse().ok();
    if role.is_none() {
        wrong("role", "choisissez ce que la personne pourra faire.");
    }
    let body = Some(text("body")).filter(|body| !body.is_empty()).map(BodyCode::parse).transpose();
    match (&body, role) {
        (Ok(Some(_)), _) => {}
        (Ok(None), Some(StaffRole::Coordinator)) => wrong("body", "choisissez l’organisme de cette coordination."),
        (Ok(None), _) => {}
        (Err(_), _) => wrong("body", "choisissez un organisme de la liste."),
    }
    let phone = Some(text("phone")).filter(|phone| !phone.is_empty()).map(Phone::parse).transpose();
    if phone.is_err() {
        wrong("phone", "écrivez dix chiffres, ou le numéro avec son indicatif.");
    }
    let lots: Result<Vec<LotCode>, _> =
        typed.iter().filter(|(name, _)| name == "lots").map(|(_, lot)| LotCode::parse(lot)).collect();
    if lots.is_err() {
        wrong("lots", "choisissez des lots de la liste.");
    }
    match (email, role, body, phone, lots) {
        (Ok(email), Some(role), Ok(body), Ok(phone), Ok(lots)) if errors.is_empty() => {
            // What belongs to another role is left out.
            let body = body.filter(|_| role == StaffRole::Coordinator);
            let lots = if role == StaffRole::RegionOfficer { lots } else { Vec::new() };
            Ok(NewAccount { email, name: text("name").to_owned(), role, body, lots, phone })
        }
        _ => Err(errors),
    }
}

/// Makes an account, and invites its owner.
pub(super) async fn post_new(
    State(web): State<Web>,
    keeper: Keeper,
    Asking(visitor): Asking,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    keeper.0.check(NEW, value(&typed, "cle"))?;
    let new = match read(&typed) {
        Ok(new) => new,
        Err(errors) => {
            let known = Known::read(&web).await?;
            return new_page(&keeper, &known, &typed, &errors, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let (app, administrator) = (web.app.clone(), keeper.0.account.clone());
    let making = async move {
        let account = app.administer_new_account(&administrator, new, &visitor).await?;
        app.invite(&account.email, Some(&administrator), &visitor).await
    };
    let made: Result<Account, AppError> = web.writes.spawn(making).await?;
    let errors = match made {
        Ok(account) => return Ok(done(account.id, "cree")),
        Err(AppError::Invalid(errors)) => errors.iter().map(error).collect(),
        Err(AppError::Store(StoreError::Duplicate(_))) => {
            vec![("email".to_owned(), "cette adresse a déjà un compte, ouvert ou fermé.".to_owned())]
        }
        Err(error) => return Err(error.into()),
    };
    let known = Known::read(&web).await?;
    new_page(&keeper, &known, &typed, &errors, StatusCode::UNPROCESSABLE_ENTITY)
}

fn error(error: &FieldError) -> (String, String) {
    let text = match &error.problem {
        FieldProblem::Unknown { .. } if error.field == "body" => "cet organisme ne tient aucun lot.".to_owned(),
        problem => refusals::problem(problem),
    };
    (error.field.clone(), text)
}

fn done(account: AccountId, what: &str) -> Response {
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
    at: When,
    what: &'static str,
    who: String,
}

#[derive(Template)]
#[template(path = "staff/administration_account.html")]
struct AccountPage {
    frame: Frame,
    tabs: Vec<TabView>,
    notice: Option<Notice>,
    name: String,
    email: String,
    role: &'static str,
    place: String,
    phone: Option<String>,
    state: &'static str,
    tone: &'static str,
    active: bool,
    has_password: bool,
    own: bool,
    /// How many open paths a coordinator has; none for others.
    portfolio: Option<String>,
    portfolio_address: String,
    invitation: String,
    opening: String,
    log: String,
    ticket: String,
    past: Vec<Past>,
}

fn account_of(accounts: Vec<Account>, id: &str) -> Result<Account, PageError> {
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
    let known = Known::read(&web).await?;
    let has_password = web.app.password_set_at(&account).await?.is_some();
    let (state, tone) = state(&account, has_password, web.options.demo);
    let portfolio = match account.role {
        StaffRole::Coordinator => {
            let paths = web.app.portfolio(&keeper.0.account, account.id).await?.paths.len();
            Some(numbers::count(i64::try_from(paths).unwrap_or(i64::MAX), "parcours ouvert", "parcours ouverts"))
        }
        StaffRole::RegionOfficer
        | StaffRole::RegionFinance
        | StaffRole::RegionViewer
        | StaffRole::Administrator
        | StaffRole::Auditor => None,
    };
    let filter = app::SecurityFilter { account: Some(account.id), limit: Some(8), ..app::SecurityFilter::default() };
    let past = web.app.security_log(&keeper.0.account, &filter).await?.into_iter().map(|view| Past {
        at: When::of(view.line.at),
        what: security::event(view.line.event),
        who: match &view.by {
            Some(by) => format!("par {}", by.name),
            None => from(&view.line.browser, &view.line.address),
        },
    });
    let notice = match said.fait.as_str() {
        "cree" => Some(("Le compte est créé", "Une invitation est partie\u{a0}: son lien fonctionne sept jours.")),
        "invite" => Some(("L’invitation est partie", "Son lien fonctionne sept jours, une seule fois.")),
        "ferme" => Some(("Le compte est fermé", "Ses sessions et ses liens ne fonctionnent plus.")),
        "ouvert" => Some(("Le compte est rouvert", "La personne se connecte avec son mot de passe d’avant.")),
        _ => None,
    };
    let own_address = addresses::account(account.id);
    let page = AccountPage {
        frame: keeper.frame(),
        tabs: tabs(Tab::Accounts),
        notice: notice.map(|(title, text)| Notice {
            tone: "done",
            title: title.to_owned(),
            paragraphs: vec![text.to_owned()],
        }),
        place: known.place(&account),
        role: labels::staff_role(account.role),
        phone: account.phone.as_ref().map(ToString::to_string),
        state,
        tone,
        active: account.active,
        has_password,
        own: account.id == keeper.0.account.id,
        portfolio,
        portfolio_address: format!("{own_address}/portefeuille"),
        invitation: format!("{own_address}/invitation"),
        opening: format!("{own_address}/ouverture"),
        log: format!("{}?compte={}", routes::SECURITY_LOG, account.id),
        ticket: keeper.0.ticket(CHANGE),
        past: past.collect(),
        name: account.name,
        email: account.email.to_string(),
    };
    Ok(Html(page.render()?).into_response())
}

/// What the form that opens or closes an account sends.
#[derive(Debug, Deserialize)]
pub(super) struct Opening {
    cle: Option<String>,
    #[serde(default)]
    ouvert: String,
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
    let active = sent.ouvert == "oui";
    let (app, administrator) = (web.app.clone(), keeper.0.account);
    let changing = async move {
        app.administer_account(&administrator, &account.email, active, &visitor).await.map(|_| account.id)
    };
    let id = web.writes.spawn(changing).await??;
    Ok(done(id, if active { "ouvert" } else { "ferme" }))
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
