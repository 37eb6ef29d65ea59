//! The lots that the reader sees, those of the market in force first.

use app::LotView;
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use chrono::Datelike;
use domain::calendar::paris_day;
use domain::places::Places;
use wording::{addresses, dates, labels, numbers, pages};

use super::YearView;
use crate::staff::orders::pieces::{Part, asking, gauge};
use crate::staff::{Frame, Section, Signed};
use crate::{PageError, Web};

struct LotCard {
    address: String,
    id: String,
    name: String,
    holder: String,
    departments: String,
    market: String,
    past: bool,
    year: Option<YearView>,
    money: Option<(String, String, Vec<Part>, String)>,
}

/// The departments of a lot, `Calvados (14), Manche (50) et Orne (61)`.
pub(super) fn departments(view: &LotView) -> String {
    let named: Vec<String> = view.lot.departments.iter().map(labels::department_with_code).collect();
    numbers::list(&named)
}

fn card(view: &LotView, year: i32) -> LotCard {
    let known = view.places.iter().find(|places| places.year == year).cloned();
    let fresh = || Places {
        lot: view.lot.code.clone(),
        year,
        planned: view.lot.places_per_year,
        maximum: view.lot.maximum_places_per_year,
        reserved: 0,
        consumed: 0,
        released: 0,
    };
    let places = known.or_else(|| (!view.past).then(fresh));
    let market = if view.past { view.market.as_str() } else { "" };
    LotCard {
        address: asking(&addresses::lot(&view.lot.code), &[("marche", market)]),
        id: format!("lot-{}-{}", view.market, view.lot.code),
        name: pages::lots::titled(&view.lot.code, &view.lot.name),
        holder: view.lot.holder.name.clone(),
        departments: departments(view),
        market: format!("{}, {}", view.title, dates::period(view.starts_on, view.ends_on)),
        past: view.past,
        year: places.as_ref().map(YearView::new),
        money: (!view.past).then(|| {
            let engaged = view.money.as_ref().map_or(domain::money::Cents::ZERO, |money| money.engaged);
            let (engaged_text, maximum) = (numbers::euros(engaged), numbers::euros(view.lot.maximum));
            let said = pages::lots::engaged(&engaged_text, &maximum);
            (engaged_text, maximum, gauge(view.lot.maximum.get(), &[("d", engaged.get())]), said)
        }),
    }
}

#[derive(Template)]
#[template(path = "staff/lots.html")]
struct LotsPage {
    frame: Frame,
    lots: Vec<LotCard>,
    illustrative: bool,
}

/// The list.
pub(super) async fn show(State(web): State<Web>, signed: Signed) -> Result<Response, PageError> {
    let year = paris_day(web.app.now().await?).year();
    let mut lots = web.app.lots(&signed.actor).await?;
    lots.sort_by_key(|view| view.past);
    let page = LotsPage {
        frame: signed.frame(Section::Lots),
        illustrative: lots.iter().any(|view| !view.prices_confirmed),
        lots: lots.iter().map(|view| card(view, year)).collect(),
    };
    Ok(Html(page.render()?).into_response())
}
