//! The movements behind an amount: they add up to it.

use app::{MoneyChoice, MovementOf};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::figures::MoneyLine;
use domain::identifiers::LotCode;
use domain::market::Prestation;
use serde::Deserialize;
use wording::{addresses, figures as words, labels, numbers};

use super::{MomentAsked, moment};
use crate::request::{Path, Query};
use crate::staff::orders::pieces::Link;
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// Movements of a page.
const PAGE: usize = 50;

/// What the address asks beside the moment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    au: String,
    connu: String,
    depuis: String,
    lot: String,
    prestation: String,
    page: usize,
}

struct Row {
    link: Link,
    on: Stamp,
    prestation: &'static str,
    amount: String,
}

#[derive(Template)]
#[template(path = "staff/steering_money.html")]
struct MoneyPage {
    frame: Frame,
    back: String,
    title: &'static str,
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
    Path(line): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let line: MoneyLine = line.parse().map_err(|_| PageError::NotFound)?;
    let of = MomentAsked { au: asked.au.clone(), connu: asked.connu.clone(), depuis: asked.depuis.clone() };
    let lot = (!asked.lot.is_empty()).then(|| LotCode::parse(&asked.lot)).transpose();
    let prestation = (!asked.prestation.is_empty()).then(|| asked.prestation.parse::<Prestation>()).transpose();
    let (Ok(lot), Ok(prestation), Ok(moment_asked)) = (lot, prestation, of.read()) else {
        return Err(PageError::NotFound);
    };
    let at = asked.page.clamp(1, 1_000_000) - 1;
    let scope = match (&lot, prestation) {
        (_, Some(prestation)) => Some(labels::prestation(prestation).to_owned()),
        (Some(lot), None) => Some(words::lot(lot)),
        (None, None) => None,
    };
    let choice = MoneyChoice { line, lot, prestation, skip: at * PAGE, limit: PAGE };
    let list = web.app.money_list(&signed.actor, moment_asked, &choice).await?;
    let page = |number: usize| {
        let number = number.to_string();
        let own = [("lot", asked.lot.as_str()), ("prestation", &asked.prestation), ("page", &number)];
        of.on(&addresses::money(line), &own)
    };
    let shown = MoneyPage {
        frame: signed.frame(Section::Steering),
        back: of.on(addresses::dashboard(), &[]),
        title: words::money_line(line),
        definition: words::money_definition(line),
        said: moment(list.moment),
        period: words::period(list.period),
        scope,
        count: words::summed(numbers::euros(list.total), words::listed_movements(list.count)),
        rows: list
            .rows
            .iter()
            .map(|row| Row {
                link: match &row.of {
                    MovementOf::Order(reference) => {
                        Link { text: reference.to_string(), address: addresses::order(reference) }
                    }
                    MovementOf::Path(reference) => {
                        Link { text: reference.to_string(), address: addresses::path(reference) }
                    }
                },
                on: Stamp::day(row.on),
                prestation: row.prestation.map_or("", labels::prestation),
                amount: numbers::euros(row.cents),
            })
            .collect(),
        previous: (at > 0).then(|| page(at)),
        next: ((at + 1) * PAGE < list.count).then(|| page(at + 2)),
    };
    Ok(Html(shown.render()?).into_response())
}
