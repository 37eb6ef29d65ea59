//! The paths behind a figure: as many as it says.

use app::FigureChoice;
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::figures::Figure;
use domain::identifiers::{Department, LotCode};
use serde::Deserialize;
use wording::{addresses, figures as words, labels};

use super::{MomentAsked, moment};
use crate::request::{Path, Query};
use crate::staff::orders::pieces::Link;
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// Paths of a page.
const PAGE: usize = 50;

/// What the address asks beside the moment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    au: String,
    connu: String,
    depuis: String,
    lot: String,
    departement: String,
    page: usize,
}

struct Row {
    link: Link,
    company: String,
    commune: String,
    job: String,
    lot: String,
    state: &'static str,
    on: Stamp,
}

#[derive(Template)]
#[template(path = "staff/steering_list.html")]
struct ListPage {
    frame: Frame,
    back: String,
    title: String,
    definition: &'static str,
    said: String,
    period: String,
    scope: Option<String>,
    count: String,
    rows: Vec<Row>,
    previous: Option<String>,
    next: Option<String>,
}

/// The list.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path(figure): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let figure: Figure = figure.parse().map_err(|_| PageError::NotFound)?;
    let of = MomentAsked { au: asked.au.clone(), connu: asked.connu.clone(), depuis: asked.depuis.clone() };
    let lot = (!asked.lot.is_empty()).then(|| LotCode::parse(&asked.lot)).transpose();
    let department = (!asked.departement.is_empty()).then(|| Department::parse(&asked.departement)).transpose();
    let (Ok(lot), Ok(department), Ok(moment_asked)) = (lot, department, of.read()) else {
        return Err(PageError::NotFound);
    };
    let at = asked.page.clamp(1, 1_000_000) - 1;
    let choice =
        FigureChoice { figure, lot: lot.clone(), department: department.clone(), skip: at * PAGE, limit: PAGE };
    let list = web.app.figure_list(&signed.actor, moment_asked, &choice).await?;
    let page = |number: usize| {
        let number = number.to_string();
        let own = [("lot", asked.lot.as_str()), ("departement", &asked.departement), ("page", &number)];
        of.on(&addresses::figure(figure), &own)
    };
    let count = usize::try_from(list.count).unwrap_or(usize::MAX);
    let scope = match (&lot, &department) {
        (_, Some(department)) => Some(labels::department_with_code(department)),
        (Some(lot), None) => Some(words::lot(lot)),
        (None, None) => None,
    };
    let shown = ListPage {
        frame: signed.frame(Section::Steering),
        back: of.on(addresses::dashboard(), &[]),
        title: words::name(figure),
        definition: words::definition(figure),
        said: moment(list.moment),
        period: words::period(list.period),
        scope,
        count: words::listed(list.count),
        rows: list
            .rows
            .into_iter()
            .map(|row| Row {
                link: Link { text: row.reference.to_string(), address: addresses::path(&row.reference) },
                company: row.company,
                commune: labels::commune(&row.commune),
                job: row.job,
                lot: words::lot(&row.lot),
                state: labels::state(row.state),
                on: Stamp::day(row.on),
            })
            .collect(),
        previous: (at > 0).then(|| page(at)),
        next: ((at + 1) * PAGE < count).then(|| page(at + 2)),
    };
    Ok(Html(shown.render()?).into_response())
}
