//! One lot: places of each year, who waits, money on its stages, orders, alerts, the quota and its amendments.

use app::{LotPage, OptionMoney, OrderChoice, Quota};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use chrono::Datelike;
use domain::calendar::paris_day;
use domain::market::Prestation;
use domain::money::Cents;
use domain::people::Side;
use serde::Deserialize;
use wording::{addresses, dates, labels, numbers, pages};

use super::list::departments;
use super::{YearView, code};
use crate::forms::Notice;
use crate::request::{Path, Query};
use crate::staff::orders::money::{Limit, limits};
use crate::staff::orders::pieces::{Link, Tag, asking};
use crate::staff::orders::tone;
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// What the address asks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The market, when it is not the one in force.
    marche: String,
    fait: String,
}

struct Waiting {
    year: i32,
    lines: Vec<(Link, String, Option<Stamp>)>,
}

/// A prestation on the stages of its money.
struct Stage {
    name: String,
    units: String,
    ordered: String,
    drawn: String,
    served: String,
    due: String,
}

struct OrderRow {
    link: Link,
    state: Tag,
    year: i32,
    engaged: String,
}

struct QuotaRow {
    places: String,
    on: Stamp,
    by: String,
    reference: String,
}

#[derive(Template)]
#[template(path = "staff/lots_one.html")]
struct Page {
    frame: Frame,
    title: String,
    market: String,
    past: bool,
    holder: String,
    email: String,
    phone: Option<String>,
    departments: String,
    notice: Option<Notice>,
    raise: Option<String>,
    now: Option<YearView>,
    years: Vec<YearView>,
    policy: &'static str,
    policy_help: &'static str,
    thresholds: String,
    alerts: Vec<(String, Stamp)>,
    waiting: Vec<Waiting>,
    stages: Vec<Stage>,
    totals: Stage,
    /// Invoiced and paid of the lot, then what it charges to this year, and what all lots together do.
    billed: Option<(String, String)>,
    year_billed: Vec<(String, String)>,
    limits: Vec<Limit>,
    orders: Vec<OrderRow>,
    orders_address: String,
    quotas: Vec<QuotaRow>,
    others: Vec<Link>,
    illustrative: bool,
    body: bool,
}

fn stage(name: String, options: &[&OptionMoney]) -> Stage {
    let sum = |of: fn(&OptionMoney) -> Cents| -> Cents { options.iter().map(|option| of(option)).sum() };
    let units = |of: fn(&OptionMoney) -> u32| options.iter().map(|option| of(option)).sum::<u32>();
    let (served, reduced) = (sum(|option| option.served_cents), sum(|option| option.reduced_cents));
    Stage {
        name,
        units: format!(
            "{} / {} / {}",
            numbers::integer(units(|option| option.ordered).into()),
            numbers::integer(units(|option| option.drawn).into()),
            numbers::integer(units(|option| option.served).into())
        ),
        ordered: numbers::euros(sum(|option| option.ordered_cents)),
        drawn: numbers::euros(sum(|option| option.drawn_cents)),
        served: numbers::euros(served),
        due: numbers::euros(served - reduced),
    }
}

fn stages(page: &LotPage) -> (Vec<Stage>, Stage) {
    let of = |prestation: Prestation| {
        let options: Vec<&OptionMoney> =
            page.options.iter().filter(|option| option.option.prestation() == prestation).collect();
        stage(labels::prestation(prestation).to_owned(), &options)
    };
    let prestations = [Prestation::Feasibility, Prestation::Preparation, Prestation::Implementation];
    let all: Vec<&OptionMoney> = page.options.iter().collect();
    (prestations.into_iter().map(of).collect(), stage(pages::lots::TOTAL.to_owned(), &all))
}

fn quota_row(quota: &Quota) -> QuotaRow {
    QuotaRow {
        places: quota.places.map_or(pages::lots::NO_LIMIT.to_owned(), |places| numbers::integer(places.into())),
        on: Stamp::day(quota.effective_on),
        by: quota.recorded_by.clone(),
        reference: quota.reference.clone().unwrap_or_else(|| "—".to_owned()),
    }
}

/// The page of a lot.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path(lot): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let lot = code(&lot)?;
    let market = Some(asked.marche.as_str()).filter(|market| !market.is_empty());
    let page = web.app.lot_page(&signed.actor, &lot, market).await?;
    let today = paris_day(web.app.now().await?);
    let choice = OrderChoice { lot: Some(lot.clone()), ..OrderChoice::default() };
    let orders = web.app.chosen_orders(&signed.actor, &choice).await?;
    let (stages, totals) = stages(&page);
    let view = &page.view;
    let terms = &page.terms;
    let percents: Vec<String> = terms.places.alert_percents.iter().map(pages::lots::percent).collect();
    let raised = page.quotas.first().filter(|_| asked.fait == "avenant");
    let shown = Page {
        frame: signed.frame(Section::Lots),
        title: pages::lots::titled(&view.lot.code, &view.lot.name),
        market: format!("{}, {}", view.title, dates::period(view.starts_on, view.ends_on)),
        past: view.past,
        holder: view.lot.holder.name.clone(),
        email: view.lot.holder.email.to_string(),
        phone: view.lot.holder.phone.as_ref().map(ToString::to_string),
        departments: departments(view),
        notice: raised.map(|quota| Notice {
            tone: "done",
            title: pages::lots::RAISED_TITLE.to_owned(),
            paragraphs: vec![pages::lots::raised(
                quota.places.map_or(String::new(), |places| numbers::integer(places.into())),
                quota.effective_on.year(),
                quota.reference.clone().unwrap_or_default(),
            )],
        }),
        raise: page.may_raise.then(|| format!("{}/avenant", addresses::lot(&lot))),
        now: page.places.iter().find(|places| places.year == today.year()).map(YearView::new),
        years: page.places.iter().map(YearView::new).collect(),
        policy: labels::policy(terms.places.policy),
        policy_help: pages::lots::policy_help(terms.places.policy),
        thresholds: numbers::list(&percents),
        alerts: page
            .alerts
            .iter()
            .map(|(year, alert, at)| (pages::lots::alert(year, labels::place_alert(*alert)), Stamp::instant(*at)))
            .collect(),
        waiting: page
            .waiting
            .iter()
            .map(|(year, queue)| Waiting {
                year: *year,
                lines: queue
                    .iter()
                    .map(|waiter| {
                        let link = Link { text: waiter.path.to_string(), address: addresses::path(&waiter.path) };
                        (link, format!("{} — {}", waiter.job, waiter.company), waiter.since.map(Stamp::day))
                    })
                    .collect(),
            })
            .collect(),
        billed: view.money.as_ref().map(|money| (numbers::euros(money.invoiced), numbers::euros(money.paid))),
        year_billed: page
            .purse
            .iter()
            .flat_map(|purse| {
                let own = page.year.as_ref().map(|own| {
                    let parts = [own.engaged, own.served, own.invoiced, own.paid].map(numbers::euros);
                    (pages::lots::of_budget(&view.lot.code, purse.year), pages::lots::charged(parts))
                });
                let [invoiced, paid] = [purse.year_invoiced, purse.year_paid].map(numbers::euros);
                let all = (pages::orders::budget(purse.year), pages::lots::invoiced_and_paid(invoiced, paid));
                own.into_iter().chain([all])
            })
            .collect(),
        stages,
        totals,
        limits: page.purse.as_ref().map(|purse| limits(purse, Cents::ZERO)).unwrap_or_default(),
        orders: orders
            .iter()
            .filter(|order| order.market == view.market)
            .take(10)
            .map(|order| OrderRow {
                link: Link { text: order.reference.to_string(), address: addresses::order(&order.reference) },
                state: Tag { text: labels::order_state(order.state).to_owned(), tone: tone(order.state) },
                year: order.budget_year,
                engaged: numbers::euros(order.engaged),
            })
            .collect(),
        orders_address: asking(addresses::orders(), &[("lot", lot.as_str())]),
        quotas: page.quotas.iter().map(quota_row).collect(),
        others: page
            .other_markets
            .iter()
            .map(|(market, title)| Link {
                text: title.clone(),
                address: asking(&addresses::lot(&lot), &[("marche", market)]),
            })
            .collect(),
        illustrative: !view.prices_confirmed,
        body: signed.actor.side() == Some(Side::Body),
    };
    Ok(Html(shown.render()?).into_response())
}
