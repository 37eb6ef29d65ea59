//! Accounts, portfolios, the market in force and the security log: for administrators; for anyone else there is no such page.

mod account_form;
mod accounts;
mod market;
mod portfolio;
mod security;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::routing::{get, post};
use domain::people::StaffRole;
use wording::pages;

use super::{Nobody, Section, Signed};
use crate::{PageError, Web, routes};

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(routes::ADMINISTRATION, get(accounts::list))
        .route(routes::NEW_ACCOUNT, get(account_form::new).post(account_form::post_new))
        .route(routes::ACCOUNT, get(accounts::one))
        .route(routes::ACCOUNT_CHANGE, get(account_form::change).post(account_form::post_change))
        .route(routes::ACCOUNT_ACTIVE, post(accounts::post_active))
        .route(routes::ACCOUNT_INVITATION, post(accounts::post_invitation))
        .route(routes::ACCOUNT_DELEGATIONS, post(accounts::post_delegate))
        .route(routes::ACCOUNT_DELEGATION_END, post(accounts::post_end_delegation))
        .route(routes::ACCOUNT_PORTFOLIO, get(portfolio::show).post(portfolio::post))
        .route(routes::MARKET, get(market::show))
        .route(routes::MARKET_VERSION, get(market::version))
        .route(routes::SECURITY_LOG, get(security::show))
}

/// Someone signed in who keeps accounts.
#[derive(Debug)]
pub(crate) struct Keeper(pub Signed);

impl FromRequestParts<Web> for Keeper {
    type Rejection = Nobody;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Nobody> {
        let signed = Signed::from_request_parts(parts, web).await?;
        match signed.account.role {
            StaffRole::Administrator => Ok(Self(signed)),
            StaffRole::RegionOfficer
            | StaffRole::RegionFinance
            | StaffRole::RegionViewer
            | StaffRole::Coordinator
            | StaffRole::Auditor => Err(Nobody::Failed(PageError::NotFound)),
        }
    }
}

/// A page of the section, as its own navigation names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Accounts,
    Market,
    Security,
    /// The texts of messages, a page of another section.
    Texts,
}

/// A line of the section's own navigation.
struct TabView {
    label: &'static str,
    address: &'static str,
    current: bool,
}

fn tabs(current: Tab) -> Vec<TabView> {
    [
        (Tab::Accounts, pages::administration::ACCOUNTS, routes::ADMINISTRATION),
        (Tab::Market, pages::administration::MARKET, routes::MARKET),
        (Tab::Security, pages::administration::SECURITY_LOG, routes::SECURITY_LOG),
        (Tab::Texts, pages::texts::TEXTS, routes::TEXTS),
    ]
    .map(|(tab, label, address)| TabView { label, address, current: tab == current })
    .into()
}

impl Keeper {
    fn frame(&self) -> super::Frame {
        self.0.frame(Section::Administration)
    }
}
