//! The form of an account: a new one, or one that changes.
//!
//! A change carries the version that it saw. When somebody was faster, the form comes back as it was typed, with what they did
//! and the present value beside each field that differs; sent again, it applies.

use app::{AccountConflict, AppError, NewAccount, StoreError};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::Day;
use domain::accounts::{AccountChange, AccountField, AccountRefusal, changed};
use domain::form::{FieldError, FieldProblem};
use domain::identifiers::{BodyCode, EmailAddress, LotCode, Phone};
use domain::people::{Account, StaffRole};
use strum::IntoEnumIterator;
use wording::{accounts as words, addresses, dates, labels, pages, refusals, security};

use super::accounts::{Known, account_of, done};
use super::{Keeper, Tab, TabView, tabs};
use crate::forms::{Choice, FieldView, Input, Notice, ProblemLine, Problems, Typed, value};
use crate::request::{Form, Path};
use crate::staff::Frame;
use crate::staff::sign_in::{Asking, field};
use crate::{PageError, Web, routes};

const NEW: &str = "new_account";
const CHANGE: &str = "change_account";
/// The hidden field that tells which version was seen.
const VERSION: &str = "version";

#[derive(Template)]
#[template(path = "staff/administration_form.html")]
struct FormPage {
    frame: Frame,
    tabs: Vec<TabView>,
    notice: Option<Notice>,
    problems: Option<Problems>,
    title: String,
    intro: &'static str,
    action: String,
    hidden: Vec<(&'static str, String)>,
    fields: Vec<FieldView>,
    button: &'static str,
    back: (String, String),
}

/// What the answers look like.
#[derive(Default)]
struct Shown {
    status: StatusCode,
    notice: Option<Notice>,
    errors: Vec<(String, String)>,
}

const LABELS: [(&str, &str); 7] = [
    ("email", pages::accounts::ADDRESS),
    ("name", pages::accounts::NAME),
    ("role", pages::accounts::ROLE),
    ("body", pages::accounts::BODY),
    ("lots", pages::accounts::LOTS),
    ("phone", pages::accounts::PHONE),
    ("ends_on", pages::accounts::ENDS_ON),
];

const OF_THE_REGION: [StaffRole; 5] = [
    StaffRole::RegionOfficer,
    StaffRole::RegionFinance,
    StaffRole::RegionViewer,
    StaffRole::Auditor,
    StaffRole::Administrator,
];

fn label(name: &str) -> &'static str {
    LABELS.iter().find(|(known, _)| *known == name).map_or("", |(_, label)| *label)
}

fn line(typed: &Typed, name: &str, help: &str, kind: &'static str) -> FieldView {
    FieldView {
        value: value(typed, name).unwrap_or_default().to_owned(),
        ..field(name, label(name), help, kind, "off")
    }
}

fn choice(typed: &Typed, name: &str, help: &str, options: Vec<(String, String)>, several: bool) -> FieldView {
    let options = options.into_iter().map(|(id, text)| Choice {
        chosen: typed.iter().any(|(sent, value)| sent == name && *value == id),
        value: id,
        label: text,
        detail: String::new(),
    });
    FieldView {
        required: name == "role",
        input: Input::Choice { options: options.collect(), pair: false, several },
        ..field(name, label(name), help, "text", "")
    }
}

/// The fields of a new account, or those of an account that may change.
fn fields(known: &Known, account: Option<(&Account, &Keeper)>, typed: &Typed) -> Vec<FieldView> {
    let roles = |roles: &[StaffRole]| {
        roles.iter().map(|role| (role.to_string(), labels::staff_role(*role).to_owned())).collect::<Vec<_>>()
    };
    let lots = known.lots.iter().map(|(code, name)| (code.to_string(), pages::lots::named(code, name))).collect();
    let email = match account {
        None => pages::accounts::ADDRESS_INVITED,
        Some(_) => pages::accounts::ADDRESS_TOLD,
    };
    let phone = FieldView { required: false, ..line(typed, "phone", pages::accounts::PHONE_HELP, "tel") };
    let mut fields =
        vec![line(typed, "email", email, "email"), line(typed, "name", pages::accounts::NAME_HELP, "text"), phone];
    let lots = choice(typed, "lots", pages::accounts::OFFICER_LOTS_HELP, lots, true);
    let ends_on = FieldView { required: false, ..line(typed, "ends_on", pages::accounts::ENDS_ON_HELP, "date") };
    match account {
        None => {
            let every: Vec<StaffRole> = [StaffRole::Coordinator].into_iter().chain(OF_THE_REGION).collect();
            let bodies = known.bodies.iter().map(|(code, name)| (code.to_string(), name.clone())).collect();
            fields.push(choice(typed, "role", "", roles(&every), false));
            fields.push(choice(typed, "body", pages::accounts::BODY_HELP, bodies, false));
            fields.push(lots);
            fields.push(ends_on);
        }
        Some((account, _)) if account.role == StaffRole::Coordinator => {}
        Some((account, keeper)) => {
            if account.id != keeper.0.account.id {
                fields.push(choice(typed, "role", "", roles(&OF_THE_REGION), false));
            }
            fields.push(lots);
            fields.push(ends_on);
        }
    }
    fields
}

fn problems(title: &str, fields: &mut [FieldView], errors: &[(String, String)]) -> Option<Problems> {
    let lines = errors.iter().map(|(name, text)| {
        let anchor = fields.iter_mut().find(|field| field.name == *name).map(|field| {
            field.error = Some(text.clone());
            field.id.clone()
        });
        let text = if name.is_empty() { text.clone() } else { pages::forms::about(label(name), text) };
        ProblemLine { text, anchor }
    });
    (!errors.is_empty()).then(|| Problems { title: title.to_owned(), lines: lines.collect() })
}

fn new_page(keeper: &Keeper, known: &Known, typed: &Typed, shown: Shown) -> Result<Response, PageError> {
    let mut fields = fields(known, None, typed);
    let page = FormPage {
        frame: keeper.frame(),
        tabs: tabs(Tab::Accounts),
        notice: shown.notice,
        problems: problems(pages::accounts::NOT_CREATED, &mut fields, &shown.errors),
        title: pages::accounts::CREATE.to_owned(),
        intro: pages::accounts::CREATE_LEAD,
        action: routes::NEW_ACCOUNT.to_owned(),
        hidden: vec![("cle", keeper.0.ticket(NEW))],
        fields,
        button: pages::accounts::CREATE_BUTTON,
        back: (pages::accounts::BACK_TO_ACCOUNTS.to_owned(), routes::ADMINISTRATION.to_owned()),
    };
    Ok((shown.status, Html(page.render()?)).into_response())
}

/// The form of a new account.
pub(super) async fn new(State(web): State<Web>, keeper: Keeper) -> Result<Response, PageError> {
    new_page(&keeper, &Known::read(&web).await?, &Typed::new(), Shown::default())
}

/// What every account has, read with every problem at once.
struct Read {
    email: Option<EmailAddress>,
    name: String,
    phone: Option<Phone>,
    lots: Vec<LotCode>,
    ends_on: Option<Day>,
    errors: Vec<(String, String)>,
}

fn text<'a>(typed: &'a Typed, name: &str) -> &'a str {
    value(typed, name).unwrap_or_default().trim()
}

fn read(typed: &Typed) -> Read {
    let mut errors = Vec::new();
    let mut wrong = |name: &str, text: &str| errors.push((name.to_owned(), text.to_owned()));
    let email = EmailAddress::parse(text(typed, "email"));
    if email.is_err() {
        wrong("email", pages::accounts::WRITE_ADDRESS);
    }
    if text(typed, "name").is_empty() {
        wrong("name", pages::accounts::WRITE_NAME);
    }
    let phone = Some(text(typed, "phone")).filter(|phone| !phone.is_empty()).map(Phone::parse).transpose();
    if phone.is_err() {
        wrong("phone", pages::accounts::WRITE_PHONE);
    }
    let lots: Result<Vec<LotCode>, _> =
        typed.iter().filter(|(name, _)| name == "lots").map(|(_, lot)| LotCode::parse(lot)).collect();
    if lots.is_err() {
        wrong("lots", UNKNOWN_LOTS);
    }
    let ends_on = Some(text(typed, "ends_on")).filter(|day| !day.is_empty()).map(str::parse::<Day>).transpose();
    if ends_on.is_err() {
        wrong("ends_on", pages::accounts::WRITE_DAY);
    }
    Read {
        email: email.ok(),
        name: text(typed, "name").to_owned(),
        phone: phone.unwrap_or_default(),
        lots: lots.unwrap_or_default(),
        ends_on: ends_on.unwrap_or_default(),
        errors,
    }
}

const UNKNOWN_LOTS: &str = pages::accounts::CHOOSE_LOTS;
const NO_ROLE: &str = pages::accounts::CHOOSE_ROLE;
const TAKEN: &str = pages::accounts::ADDRESS_TAKEN;

fn read_new(typed: &Typed) -> Result<NewAccount, Vec<(String, String)>> {
    let Read { email, name, phone, lots, ends_on, mut errors } = read(typed);
    let mut wrong = |name: &str, text: &str| errors.push((name.to_owned(), text.to_owned()));
    let role: Option<StaffRole> = text(typed, "role").parse().ok();
    if role.is_none() {
        wrong("role", NO_ROLE);
    }
    let body = Some(text(typed, "body")).filter(|body| !body.is_empty()).map(BodyCode::parse).transpose();
    match (&body, role) {
        (Ok(None), Some(StaffRole::Coordinator)) => wrong("body", pages::accounts::CHOOSE_BODY),
        (Ok(_), _) => {}
        (Err(_), _) => wrong("body", pages::accounts::CHOOSE_BODY_OF_LIST),
    }
    match (email, role, body) {
        (Some(email), Some(role), Ok(body)) if errors.is_empty() => {
            // What belongs to another role is left out.
            let body = body.filter(|_| role == StaffRole::Coordinator);
            let lots = if role == StaffRole::RegionOfficer { lots } else { Vec::new() };
            Ok(NewAccount { email, name, role, body, lots, phone, ends_on })
        }
        _ => Err(errors),
    }
}

/// What a use case found wrong with a field, and everything else as it is.
fn wrong(error: AppError) -> Result<Vec<(String, String)>, AppError> {
    let of_field = |error: &FieldError| {
        let text = match &error.problem {
            FieldProblem::Unknown { .. } if error.field == "body" => pages::accounts::BODY_WITHOUT_LOT.to_owned(),
            FieldProblem::Unknown { .. } if error.field == "lots" => UNKNOWN_LOTS.to_owned(),
            problem => refusals::problem(problem),
        };
        (error.field.clone(), text)
    };
    match error {
        AppError::Invalid(errors) => Ok(errors.iter().map(of_field).collect()),
        AppError::Store(StoreError::Duplicate(_)) => Ok(vec![("email".to_owned(), TAKEN.to_owned())]),
        AppError::AccountRefused(refusal) => {
            let field = match *refusal {
                AccountRefusal::OwnRole
                | AccountRefusal::LastAdministrator
                | AccountRefusal::OtherOrganisation { .. } => "role",
                AccountRefusal::WithoutLastDay | AccountRefusal::LastDayPassed { .. } => "ends_on",
                AccountRefusal::HoldsPaths { .. } | AccountRefusal::CannotTakeOver { .. } => "",
            };
            Ok(vec![(field.to_owned(), refusals::account(&refusal))])
        }
        error => Err(error),
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
    let errors = match read_new(&typed) {
        Ok(new) => {
            let (app, administrator) = (web.app.clone(), keeper.0.account.clone());
            let making = async move {
                let account = app.administer_new_account(&administrator, new, &visitor).await?;
                app.invite(&account.email, Some(&administrator), &visitor).await
            };
            let made: Result<Account, AppError> = web.writes.spawn(making).await?;
            match made {
                Ok(account) => return Ok(done(account.id, "cree")),
                Err(error) => wrong(error)?,
            }
        }
        Err(errors) => errors,
    };
    let shown = Shown { status: StatusCode::UNPROCESSABLE_ENTITY, errors, ..Shown::default() };
    new_page(&keeper, &Known::read(&web).await?, &typed, shown)
}

fn change_page(
    keeper: &Keeper,
    known: &Known,
    account: &Account,
    typed: &Typed,
    shown: Shown,
) -> Result<Response, PageError> {
    let mut fields = fields(known, Some((account, keeper)), typed);
    if shown.status == StatusCode::CONFLICT
        && let Some(wanted) = read_change(account, typed).ok()
    {
        let after = Account {
            email: wanted.email,
            name: wanted.name,
            phone: wanted.phone,
            role: wanted.role,
            lots: wanted.lots,
            ends_on: wanted.ends_on,
            ..account.clone()
        };
        for differs in changed(account, &after) {
            if let Some(field) = fields.iter_mut().find(|field| field.name == name_of(differs)) {
                field.help = pages::accounts::current_value(words::value(account, differs));
            }
        }
    }
    let own = addresses::account(account.id);
    let page = FormPage {
        frame: keeper.frame(),
        tabs: tabs(Tab::Accounts),
        notice: shown.notice,
        problems: problems(pages::accounts::NOTHING_CHANGED_TITLE, &mut fields, &shown.errors),
        title: pages::accounts::change_of(&account.name),
        intro: pages::accounts::CHANGE_LEAD,
        action: format!("{own}/modifier"),
        hidden: vec![("cle", keeper.0.ticket(CHANGE)), (VERSION, account.version.to_string())],
        fields,
        button: pages::accounts::CHANGE_BUTTON,
        back: (pages::accounts::back_to(&account.name), own),
    };
    Ok((shown.status, Html(page.render()?)).into_response())
}

fn name_of(field: AccountField) -> &'static str {
    match field {
        AccountField::Email => "email",
        AccountField::Name => "name",
        AccountField::Phone => "phone",
        AccountField::Role => "role",
        AccountField::Lots => "lots",
        AccountField::EndsOn => "ends_on",
    }
}

/// The form as the account fills it.
fn filled(account: &Account) -> Typed {
    let values = |field: AccountField| match field {
        AccountField::Email => vec![account.email.to_string()],
        AccountField::Name => vec![account.name.clone()],
        AccountField::Phone => account.phone.iter().map(Phone::formatted).collect(),
        AccountField::Role => vec![account.role.to_string()],
        AccountField::Lots => account.lots.iter().map(ToString::to_string).collect(),
        AccountField::EndsOn => account.ends_on.iter().map(ToString::to_string).collect(),
    };
    AccountField::iter()
        .flat_map(|field| values(field).into_iter().map(move |value| (name_of(field).to_owned(), value)))
        .collect()
}

/// The form of an account that changes.
pub(super) async fn change(
    State(web): State<Web>,
    keeper: Keeper,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let account = account_of(web.app.accounts().await?, &id)?;
    change_page(&keeper, &Known::read(&web).await?, &account, &filled(&account), Shown::default())
}

/// A role that is not asked stays.
fn read_change(account: &Account, typed: &Typed) -> Result<AccountChange, Vec<(String, String)>> {
    let Read { email, name, phone, lots, ends_on, mut errors } = read(typed);
    let role = value(typed, "role").map_or(Ok(account.role), |role| role.trim().parse());
    if role.is_err() {
        errors.push(("role".to_owned(), NO_ROLE.to_owned()));
    }
    match (email, role) {
        (Some(email), Ok(role)) if errors.is_empty() => Ok(AccountChange { email, name, phone, role, lots, ends_on }),
        _ => Err(errors),
    }
}

/// What the others did while this form was open.
fn conflict(conflict: &AccountConflict) -> Notice {
    let past = conflict.since.iter().map(|view| {
        let who = view.by.as_ref().map_or_else(String::new, |by| format!(" {}", pages::administration::by(&by.name)));
        let detail =
            if view.line.detail.is_empty() { String::new() } else { pages::accounts::detail(&view.line.detail) };
        pages::accounts::changed_by(security::event(view.line.event), &who, dates::instant(view.line.at), &detail)
    });
    let kept = pages::accounts::CHANGED_MEANWHILE;
    Notice {
        tone: "wait",
        title: pages::accounts::CHANGED_MEANWHILE_TITLE.to_owned(),
        paragraphs: past.chain([kept.to_owned()]).collect(),
    }
}

/// Changes an account.
pub(super) async fn post_change(
    State(web): State<Web>,
    keeper: Keeper,
    Path(id): Path<String>,
    Asking(visitor): Asking,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    keeper.0.check(CHANGE, value(&typed, "cle"))?;
    let mut account = account_of(web.app.accounts().await?, &id)?;
    let seen = value(&typed, VERSION).and_then(|version| version.parse().ok()).unwrap_or_default();
    let shown = match read_change(&account, &typed) {
        Ok(wanted) => {
            let (app, administrator, id) = (web.app.clone(), keeper.0.account.clone(), account.id);
            let changing = async move { app.change_account(Some(&administrator), id, seen, wanted, &visitor).await };
            match web.writes.spawn(changing).await? {
                Ok((_, fields)) => return Ok(done(id, if fields.is_empty() { "pareil" } else { "modifie" })),
                Err(AppError::AccountConflict(found)) => {
                    let notice = Some(conflict(&found));
                    account = found.account;
                    Shown { status: StatusCode::CONFLICT, notice, errors: Vec::new() }
                }
                Err(error) => Shown { status: StatusCode::UNPROCESSABLE_ENTITY, notice: None, errors: wrong(error)? },
            }
        }
        Err(errors) => Shown { status: StatusCode::UNPROCESSABLE_ENTITY, notice: None, errors },
    };
    change_page(&keeper, &Known::read(&web).await?, &account, &typed, shown)
}
