//! The list of orders: filters of the address, what they add up to.

use app::{OrderChoice, OrderSummary};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::Day;
use domain::calendar::paris_day;
use domain::money::Cents;
use domain::order::{OrderState, OrderTransition, table};
use domain::people::Side;
use serde::Deserialize;
use strum::IntoEnumIterator;
use wording::{addresses, labels, numbers, pages};

use super::money::{Limit, limits};
use super::pieces::{Pick, Tag, asking};
use super::{ball, tone};
use crate::request::Query;
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// Lines of a page.
const PAGE: usize = 50;

/// What the address asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lot: String,
    etat: String,
    annee: String,
    /// The last order of the page before.
    apres: String,
}

impl Asked {
    fn choice(&self) -> OrderChoice {
        OrderChoice {
            lot: domain::identifiers::LotCode::parse(&self.lot).ok(),
            states: self.etat.parse().into_iter().collect(),
            budget_year: self.annee.parse().ok(),
        }
    }

    fn any(&self) -> bool {
        !(self.lot.is_empty() && self.etat.is_empty() && self.annee.is_empty())
    }
}

struct Line {
    reference: String,
    address: String,
    lot: String,
    lot_address: String,
    state: Tag,
    ball: Option<String>,
    year: i32,
    total: String,
    engaged: String,
    certain_on: Option<Stamp>,
}

impl Line {
    fn new(order: &OrderSummary) -> Self {
        Self {
            reference: order.reference.to_string(),
            address: addresses::order(&order.reference),
            lot: order.lot.to_string(),
            lot_address: addresses::lot(&order.lot),
            state: Tag { text: labels::order_state(order.state).to_owned(), tone: tone(order.state) },
            ball: ball(order.state).map(|(side, what)| pages::orders::awaited_from(labels::side(side), what)),
            year: order.budget_year,
            total: numbers::euros(order.total),
            engaged: numbers::euros(order.engaged),
            certain_on: order.certain_on.map(Stamp::day),
        }
    }
}

/// A tab of the section.
pub(super) struct Tab {
    pub text: &'static str,
    pub address: String,
    pub current: bool,
}

/// The tabs of the section for a reader; a body has one list and no tab.
pub(super) fn tabs(signed: &Signed, verification: bool) -> Vec<Tab> {
    if signed.actor.side() == Some(Side::Body) {
        return Vec::new();
    }
    vec![
        Tab { text: pages::orders::TAB_ORDERS, address: addresses::orders().to_owned(), current: !verification },
        Tab { text: pages::orders::TAB_VERIFICATION, address: super::VERIFICATION.to_owned(), current: verification },
    ]
}

#[derive(Template)]
#[template(path = "staff/orders.html")]
struct OrdersPage {
    frame: Frame,
    tabs: Vec<Tab>,
    lots: Vec<Pick>,
    states: Vec<Pick>,
    years: Vec<Pick>,
    filtered: bool,
    lines: Vec<Line>,
    count: String,
    total: String,
    engaged: String,
    limits: Vec<Limit>,
    next: Option<String>,
    first: Option<String>,
    new: Option<&'static str>,
    body: bool,
    illustrative: bool,
}

/// The list.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let today = paris_day(web.app.now().await?);
    let lots = web.app.lots(&signed.actor).await?;
    let orders = web.app.chosen_orders(&signed.actor, &asked.choice()).await?;
    let body = signed.actor.side() == Some(Side::Body);
    let year = asked.choice().budget_year.unwrap_or_else(|| chrono::Datelike::year(&today));
    let mut limits_shown = Vec::new();
    if !body {
        let shown = asked.choice().lot;
        let current = lots.iter().filter(|view| !view.past);
        for view in current.filter(|view| shown.as_ref().is_none_or(|lot| lot == &view.lot.code)) {
            let purse = web.app.purse(&signed.actor, &view.lot.code, year).await?;
            let both = limits(&purse, Cents::ZERO);
            limits_shown.extend(both.into_iter().skip(usize::from(!limits_shown.is_empty())));
        }
    }
    let kept = || orders.iter().filter(|order| order.state != OrderState::Cancelled);
    let after = asked.apres.parse::<domain::identifiers::OrderReference>().ok();
    let start = after
        .and_then(|after| orders.iter().position(|order| order.reference == after))
        .map_or(0, |position| position + 1);
    let lines: Vec<Line> = orders.iter().skip(start).take(PAGE).map(Line::new).collect();
    let page = |apres: &str| {
        asking(
            addresses::orders(),
            &[("lot", &asked.lot), ("etat", &asked.etat), ("annee", &asked.annee), ("apres", apres)],
        )
    };
    let more = start + lines.len() < orders.len();
    let may_draft = {
        let side = signed.actor.side();
        let mut rows = table().iter().filter(|row| row.transition == OrderTransition::DraftOrder);
        rows.any(|row| side.is_some_and(|side| row.sides.contains(&side)))
    };
    let shown_states = OrderState::iter()
        .filter(|state| !body || matches!(state, OrderState::Notified | OrderState::Settled | OrderState::Cancelled));
    let mut lot_codes: Vec<_> = lots.iter().map(|view| (view.lot.code.clone(), lot_label(view))).collect();
    lot_codes.sort();
    lot_codes.dedup_by(|one, other| one.0 == other.0);
    let page = OrdersPage {
        frame: signed.frame(Section::Orders),
        tabs: tabs(&signed, false),
        lots: Pick::all(lot_codes, &asked.lot),
        states: Pick::all(shown_states.map(|state| (state, labels::order_state(state).to_owned())), &asked.etat),
        years: Pick::all(years(&lots, today).into_iter().map(|year| (year, year.to_string())), &asked.annee),
        filtered: asked.any(),
        count: pages::counts::orders(i64::try_from(orders.len()).unwrap_or(i64::MAX)),
        total: numbers::euros(kept().map(|order| order.total).sum()),
        engaged: numbers::euros(kept().map(|order| order.engaged).sum()),
        limits: limits_shown,
        next: more.then(|| lines.last().map(|line| page(&line.reference))).flatten(),
        first: (start > 0).then(|| page("")),
        new: may_draft.then_some(addresses::new_order()),
        body,
        illustrative: lots.iter().any(|view| !view.prices_confirmed),
        lines,
    };
    Ok(Html(page.render()?).into_response())
}

pub(super) fn lot_label(view: &app::LotView) -> String {
    pages::lots::named(&view.lot.code, &view.lot.holder.name)
}

/// The years of the budget of the markets that are read.
fn years(lots: &[app::LotView], today: Day) -> Vec<i32> {
    let year = |day: &Day| chrono::Datelike::year(day);
    let first = lots.iter().map(|view| year(&view.starts_on)).min().unwrap_or_else(|| year(&today));
    let last = lots.iter().map(|view| year(&view.ends_on)).max().unwrap_or_else(|| year(&today));
    (first..=last).collect()
}
