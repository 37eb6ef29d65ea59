//! The security log: who signed in, who was refused, which accounts changed, when and from where.

use app::SecurityFilter;
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::security::SecurityEvent;
use serde::Deserialize;
use wording::{pages, security};

use super::{Keeper, Tab, TabView, tabs};
use crate::request::Query;
use crate::staff::Frame;
use crate::staff::account::from;
use crate::stamp::Stamp;
use crate::{PageError, Web, routes};

/// Lines of a page.
const PAGE: u64 = 50;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    quoi: String,
    compte: String,
    avant: Option<i64>,
}

/// Kinds of lines that one looks for together.
const GROUPS: [(&str, &str, &[SecurityEvent]); 7] = [
    (
        "connexions",
        pages::administration::SIGN_INS,
        &[SecurityEvent::SignedIn, SecurityEvent::DemoEntered, SecurityEvent::SignedOut, SecurityEvent::SessionsEnded],
    ),
    ("refus", pages::administration::REFUSALS, &[SecurityEvent::SignInFailed, SecurityEvent::SignInSlowed]),
    (
        "mots-de-passe",
        pages::administration::PASSWORDS,
        &[
            SecurityEvent::ResetAsked,
            SecurityEvent::PasswordSet,
            SecurityEvent::PasswordChanged,
            SecurityEvent::Invited,
        ],
    ),
    (
        "comptes",
        pages::administration::ACCOUNTS,
        &[
            SecurityEvent::AccountCreated,
            SecurityEvent::AccountChanged,
            SecurityEvent::AccountDisabled,
            SecurityEvent::AccountEnabled,
            SecurityEvent::PortfolioHandedOver,
            SecurityEvent::Delegated,
            SecurityEvent::DelegationEnded,
        ],
    ),
    ("exports", pages::administration::EXPORTS, &[SecurityEvent::Exported]),
    ("annuaire", pages::administration::DIRECTORY, &[SecurityEvent::LookedUp]),
    ("fenetres", pages::administration::WINDOWS, &[SecurityEvent::WindowOpened, SecurityEvent::WindowClosed]),
];

struct Pick {
    value: String,
    label: String,
    chosen: bool,
}

struct Line {
    at: Stamp,
    what: &'static str,
    tone: &'static str,
    detail: String,
    who: String,
    by: String,
    from: String,
}

#[derive(Template)]
#[template(path = "staff/administration_security.html")]
struct SecurityPage {
    frame: Frame,
    tabs: Vec<TabView>,
    kinds: Vec<Pick>,
    accounts: Vec<Pick>,
    filtered: bool,
    lines: Vec<Line>,
    older: Option<String>,
}

/// Shows the log.
pub(super) async fn show(
    State(web): State<Web>,
    keeper: Keeper,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let group = GROUPS.iter().find(|(id, ..)| *id == asked.quoi);
    let account = asked.compte.parse().ok();
    let filter = SecurityFilter {
        events: group.map(|(_, _, events)| events.to_vec()).unwrap_or_default(),
        account,
        since: None,
        before: asked.avant,
        limit: Some(PAGE + 1),
    };
    let mut views = web.app.security_log(&keeper.0.account, &filter).await?;
    let more = views.len() as u64 > PAGE;
    views.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let query = |last: i64| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("quoi", &asked.quoi), ("compte", &asked.compte)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.append_pair("avant", &last.to_string());
        format!("{}?{}", routes::SECURITY_LOG, query.finish())
    };
    let older = views.last().filter(|_| more).map(|view| query(view.line.seq));
    let kinds = GROUPS.iter().map(|(id, label, _)| Pick {
        value: (*id).to_owned(),
        label: (*label).to_owned(),
        chosen: asked.quoi == *id,
    });
    let mut known = web.app.accounts().await?;
    known.sort_by(|a, b| a.name.cmp(&b.name));
    let accounts = known.into_iter().map(|known| Pick {
        value: known.id.to_string(),
        label: known.name,
        chosen: Some(known.id) == account,
    });
    let lines = views.into_iter().map(|view| Line {
        at: Stamp::instant(view.line.at),
        what: security::event(view.line.event),
        tone: if security::is_trouble(view.line.event) { "late" } else { "" },
        who: view
            .account
            .map_or_else(|| pages::administration::ADDRESS_WITHOUT_ACCOUNT.to_owned(), |account| account.name),
        by: view.by.map_or_else(String::new, |account| pages::administration::by(&account.name)),
        from: from(&view.line.browser, &view.line.address),
        detail: view.line.detail,
    });
    let page = SecurityPage {
        frame: keeper.frame(),
        tabs: tabs(Tab::Security),
        kinds: kinds.collect(),
        accounts: accounts.collect(),
        filtered: group.is_some() || account.is_some(),
        lines: lines.collect(),
        older,
    };
    Ok(Html(page.render()?).into_response())
}
