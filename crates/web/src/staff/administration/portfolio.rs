//! The open paths of a coordinator handed to a colleague: what would go, then what went.

use app::{HandOver, PathLine};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::identifiers::AccountId;
use serde::Deserialize;
use wording::pages::{counts, portfolio as words};
use wording::{addresses, dates, labels};

use super::{Keeper, Tab, TabView, tabs};
use crate::forms::{Choice, FieldView, Input, Problems};
use crate::request::{Form, Path};
use crate::staff::Frame;
use crate::staff::sign_in::{Asking, field, problem};
use crate::{PageError, Web};

const HAND_OVER: &str = "hand_over";

/// A path as this page shows it.
struct Line {
    address: String,
    reference: String,
    company: String,
    /// Where it stands, or what became of it.
    state: String,
    tone: &'static str,
    due: String,
}

#[derive(Template)]
#[template(path = "staff/administration_portfolio.html")]
struct PortfolioPage {
    frame: Frame,
    tabs: Vec<TabView>,
    problems: Option<Problems>,
    name: String,
    back: String,
    action: String,
    ticket: String,
    count: String,
    lines: Vec<Line>,
    field: Option<FieldView>,
    /// What was done, when it was.
    result: Option<String>,
}

fn id(text: &str) -> Result<AccountId, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

fn number(paths: &[PathLine]) -> i64 {
    i64::try_from(paths.len()).unwrap_or(i64::MAX)
}

fn page(keeper: &Keeper, portfolio: HandOver, ticket: String) -> PortfolioPage {
    let address = addresses::account(portfolio.from.id);
    let options: Vec<Choice> = portfolio
        .colleagues
        .iter()
        .map(|account| Choice {
            value: account.id.to_string(),
            label: account.name.clone(),
            detail: account.email.to_string(),
            chosen: portfolio.colleagues.len() == 1,
        })
        .collect();
    let choose = (!options.is_empty() && !portfolio.paths.is_empty()).then(|| FieldView {
        input: Input::Choice { options, pair: false, several: false },
        ..field("vers", words::TO_WHOM, words::TO_WHOM_HELP, "text", "")
    });
    let lines = portfolio.paths.iter().map(|path| Line {
        address: addresses::path(&path.reference),
        reference: path.reference.to_string(),
        company: path.company.clone(),
        state: labels::state(path.state).to_owned(),
        tone: "",
        due: path.due_on.map_or_else(|| "—".to_owned(), dates::short),
    });
    PortfolioPage {
        frame: keeper.frame(),
        tabs: tabs(Tab::Accounts),
        problems: None,
        count: counts::open_paths(number(&portfolio.paths)),
        lines: lines.collect(),
        name: portfolio.from.name,
        action: format!("{address}/portefeuille"),
        back: address,
        ticket,
        field: choose,
        result: None,
    }
}

/// What would go.
pub(super) async fn show(
    State(web): State<Web>,
    keeper: Keeper,
    Path(from): Path<String>,
) -> Result<Response, PageError> {
    let portfolio = web.app.portfolio(&keeper.0.account, id(&from)?).await?;
    let ticket = keeper.0.ticket(HAND_OVER);
    Ok(Html(page(&keeper, portfolio, ticket).render()?).into_response())
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    cle: Option<String>,
    #[serde(default)]
    vers: String,
}

/// Hands every open path over, all or none.
pub(super) async fn post(
    State(web): State<Web>,
    keeper: Keeper,
    Path(from): Path<String>,
    Asking(visitor): Asking,
    Form(sent): Form<Sent>,
) -> Result<Response, PageError> {
    keeper.0.check(HAND_OVER, sent.cle.as_deref())?;
    let from = id(&from)?;
    let Ok(to) = sent.vers.parse::<AccountId>() else {
        let portfolio = web.app.portfolio(&keeper.0.account, from).await?;
        let mut page = page(&keeper, portfolio, keeper.0.ticket(HAND_OVER));
        let mut fields: Vec<FieldView> = page.field.take().into_iter().collect();
        page.problems = Some(problem(words::NOT_HANDED_OVER, &mut fields, "vers", words::CHOOSE_COLLEAGUE));
        page.field = fields.pop();
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response());
    };
    let (app, administrator) = (web.app.clone(), keeper.0.account.clone());
    let handing = async move { app.hand_over(&administrator, from, to, &visitor).await };
    let (portfolio, to) = web.writes.spawn(handing).await??;
    let paths = counts::paths(number(&portfolio.paths));
    let mut page = page(&keeper, portfolio, keeper.0.ticket(HAND_OVER));
    for line in &mut page.lines {
        (line.state, line.tone) = (words::HANDED_OVER.to_owned(), "done");
    }
    page.result = Some(words::handed_over_to(paths, to.name));
    Ok(Html(page.render()?).into_response())
}
