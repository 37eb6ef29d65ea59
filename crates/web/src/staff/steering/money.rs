//! The movements behind an amount: they add up to it.

use app::{MoneyChoice, MovementOf, MovementRow};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::Day;
use domain::figures::MoneyLine;
use domain::identifiers::LotCode;
use domain::market::Prestation;
use serde::Deserialize;
use wording::{addresses, dates, figures as words, labels, numbers};

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
    prestation: String,
    /// `oui` for the payments made after their last day.
    retard: String,
    /// A month, `2026-03`.
    mois: String,
    page: usize,
}

/// A movement: a payment says how long it took, another one what it is for.
fn row(row: &MovementRow) -> Row {
    let days = row.asked.map(|asked| words::days((row.on - asked.received_on).num_days()));
    Row {
        link: match &row.of {
            MovementOf::Order(reference) => Link { text: reference.to_string(), address: addresses::order(reference) },
            MovementOf::Path(reference) => Link { text: reference.to_string(), address: addresses::path(reference) },
        },
        on: Stamp::day(row.on),
        cells: vec![
            match days {
                Some(days) => Cell::number(days).under(row.days_late().map(words::of_which_late)),
                None => Cell::text(row.prestation.map_or("", labels::prestation)),
            },
            Cell::number(numbers::euros(row.cents)),
        ],
    }
}

/// The list.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path(line): Path<String>,
    Query(of): Query<MomentAsked>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let line: MoneyLine = line.parse().map_err(|_| PageError::NotFound)?;
    let lot = (!asked.lot.is_empty()).then(|| LotCode::parse(&asked.lot)).transpose();
    let prestation = (!asked.prestation.is_empty()).then(|| asked.prestation.parse::<Prestation>()).transpose();
    let month = (!asked.mois.is_empty()).then(|| format!("{}-01", asked.mois).parse::<Day>()).transpose();
    let (Ok(lot), Ok(prestation), Ok(month), Ok(moment_asked)) = (lot, prestation, month, of.read()) else {
        return Err(PageError::NotFound);
    };
    let at = rank(asked.page);
    let late = !asked.retard.is_empty();
    let named = prestation.map(|prestation| labels::prestation(prestation).to_owned());
    let parts: Vec<String> =
        lot.as_ref().map(words::lot).into_iter().chain(named).chain(month.map(dates::month)).collect();
    let scope = (!parts.is_empty()).then(|| parts.join(", "));
    let choice = MoneyChoice { line, lot, prestation, late, month, skip: at * PAGE, limit: PAGE };
    let list = web.app.money_list(&signed.actor, moment_asked, &choice).await?;
    let paid = line == MoneyLine::Paid;
    let listed = Listed {
        title: if late { words::LATE_PAYMENTS } else { words::money_line(line) }.to_owned(),
        definition: if late { words::LATE_PAYMENTS_DEFINITION } else { words::money_definition(line) },
        moment: list.moment,
        period: list.period,
        scope,
        count: words::summed(numbers::euros(list.total), words::listed_movements(list.count)),
        of: list.count,
        none: words::NO_MOVEMENT,
        headings: vec![
            (words::MOVEMENT_OF, false),
            (words::MOVEMENT_ON, false),
            if paid { (words::DELAY, true) } else { (words::PRESTATION, false) },
            (words::EXCLUDING_TAX, true),
        ],
        rows: list.rows.iter().map(row).collect(),
    };
    let page = ListPage::new(&signed, &of, listed, at, |page| {
        let own = [
            ("lot", asked.lot.as_str()),
            ("prestation", &asked.prestation),
            ("retard", &asked.retard),
            ("mois", &asked.mois),
            ("page", page),
        ];
        of.on(&addresses::money(line), &own)
    });
    Ok(Html(page.render()?).into_response())
}
