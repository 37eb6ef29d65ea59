//! The paths behind a figure: as many as it says.

use app::{FigureChoice, FigureRow};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::figures::Figure;
use domain::identifiers::{Department, LotCode};
use serde::Deserialize;
use wording::{addresses, figures as words, labels};

use super::MomentAsked;
use super::listing::{Cell, ListPage, Listed, PAGE, Row, rank};
use crate::request::{Path, Query};
use crate::staff::Signed;
use crate::staff::orders::pieces::Link;
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// What the address asks beside the moment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lot: String,
    departement: String,
    /// `entreprise` for one row for each establishment.
    par: String,
    page: usize,
}

/// What asks for establishments.
pub(super) const COMPANIES: &str = "entreprise";

/// An establishment, with the path of it that counts last.
fn company(row: FigureRow) -> Row {
    Row {
        link: Link { text: row.company, address: addresses::company(&row.siret) },
        on: Stamp::day(row.on),
        cells: vec![
            Cell::text(labels::commune(&row.commune)),
            Cell::text(row.reference.to_string()).under(Some(labels::state(row.state).to_owned())),
            Cell::text(words::lot(&row.lot)),
        ],
    }
}

fn row(row: FigureRow) -> Row {
    let days = row.days.map(|days| Cell::number(words::days(days)));
    Row {
        link: Link { text: row.reference.to_string(), address: addresses::path(&row.reference) },
        on: Stamp::day(row.on),
        cells: days
            .into_iter()
            .chain([
                Cell::text(labels::state(row.state)),
                Cell::text(row.company).under(Some(labels::commune(&row.commune))),
                Cell::text(row.job),
                Cell::text(words::lot(&row.lot)),
            ])
            .collect(),
    }
}

/// The list.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path(figure): Path<String>,
    Query(of): Query<MomentAsked>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let figure: Figure = figure.parse().map_err(|_| PageError::NotFound)?;
    let lot = (!asked.lot.is_empty()).then(|| LotCode::parse(&asked.lot)).transpose();
    let department = (!asked.departement.is_empty()).then(|| Department::parse(&asked.departement)).transpose();
    let (Ok(lot), Ok(department), Ok(moment_asked)) = (lot, department, of.read()) else {
        return Err(PageError::NotFound);
    };
    let at = rank(asked.page);
    let scope = department.as_ref().map(labels::department_with_code).or_else(|| lot.as_ref().map(words::lot));
    let companies = asked.par == COMPANIES;
    let choice = FigureChoice { figure, lot, department, companies, skip: at * PAGE, limit: PAGE };
    let list = web.app.figure_list(&signed.actor, moment_asked, &choice).await?;
    let listed = Listed {
        title: if companies { words::companies_of(&words::name(figure)) } else { words::name(figure) },
        definition: words::definition(figure),
        moment: list.moment,
        period: list.period,
        scope,
        count: if companies { words::listed_companies(list.count) } else { words::listed(list.count) },
        of: usize::try_from(list.count).unwrap_or(usize::MAX),
        none: words::NO_PATH,
        headings: match companies {
            true => words::COMPANY_HEADINGS.map(|heading| (heading, false)).into(),
            false => {
                let mut headings: Vec<_> = words::PATH_HEADINGS.map(|heading| (heading, false)).into();
                if list.rows.iter().any(|row| row.days.is_some()) {
                    headings.insert(2, (words::DELAY, true));
                }
                headings
            }
        },
        rows: list.rows.into_iter().map(if companies { company } else { row }).collect(),
    };
    let page = ListPage::new(&signed, &of, listed, at, |page| {
        let own =
            [("lot", asked.lot.as_str()), ("departement", &asked.departement), ("par", &asked.par), ("page", page)];
        of.on(&addresses::figure(figure), &own)
    });
    Ok(Html(page.render()?).into_response())
}
