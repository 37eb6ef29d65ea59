//! The market in force, read only: lots, prices, clocks, policies; each of its versions, with what it changes against the one
//! before. The file proposes, `jalon config apply` records a version; nothing is changed here.

use app::MarketStatus;
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::Day;
use domain::calendar::paris_day;
use domain::market::{Market, TermsVersion};
use wording::market::{BUDGET_PER_YEAR, Change, PLACE_ALERTS, WHEN_PLACES_LACK, changes, holder_name};
use wording::pages::lots::percent;
use wording::pages::market as words;
use wording::{dates, labels, numbers};

use super::{Keeper, Tab, TabView, tabs};
use crate::request::Path;
use crate::staff::Frame;
use crate::{PageError, Web, routes};

struct LotView {
    code: String,
    name: String,
    departments: String,
    holder: String,
    email: String,
    places: String,
    most: String,
    maximum: String,
}

struct PriceView {
    option: String,
    holder: String,
    price: String,
    vat: String,
    enabled: bool,
}

struct ClockView {
    label: &'static str,
    span: String,
    before: String,
    after: String,
    escalation: String,
}

struct VersionView {
    number: i32,
    from: String,
    by: String,
    reference: String,
    address: String,
    /// `En vigueur`, `À venir`, or nothing.
    standing: &'static str,
    tone: &'static str,
    /// How many differences with the version before; nothing for the first one.
    changes: String,
}

struct Fact {
    label: String,
    value: String,
}

struct MarketView {
    id: String,
    title: String,
    code: String,
    period: String,
    confirmed: bool,
    version: TermsVersion,
    /// The versions that are recorded and not yet in force.
    ahead: Vec<VersionView>,
    facts: Vec<Fact>,
    lots: Vec<LotView>,
    prices: Vec<PriceView>,
    clocks: Vec<ClockView>,
    versions: Vec<VersionView>,
}

#[derive(Template)]
#[template(path = "staff/administration_market.html")]
struct MarketPage {
    frame: Frame,
    tabs: Vec<TabView>,
    markets: Vec<MarketView>,
}

#[derive(Template)]
#[template(path = "staff/administration_market_version.html")]
struct VersionPage {
    frame: Frame,
    tabs: Vec<TabView>,
    version: VersionView,
    /// The version before, when there is one, and what changed since.
    before: Option<(TermsVersion, String)>,
    changes: Vec<Change>,
    market: MarketView,
}

fn days(days: &[u32]) -> String {
    if days.is_empty() {
        return "—".to_owned();
    }
    let days: Vec<String> = days.iter().map(ToString::to_string).collect();
    wording::market::days(days.join(", "))
}

fn number(number: Option<u32>) -> String {
    number.map_or_else(|| "—".to_owned(), |number| numbers::integer(i64::from(number)))
}

fn facts(market: &Market) -> Vec<Fact> {
    let fact = |label: &str, value: String| Fact { label: label.to_owned(), value };
    let percents: Vec<String> = market.places.alert_percents.iter().map(percent).collect();
    let training = &market.training;
    let mut facts = vec![
        fact(BUDGET_PER_YEAR, numbers::euros(market.budget_per_year)),
        fact(WHEN_PLACES_LACK, labels::policy(market.places.policy).to_owned()),
        fact(PLACE_ALERTS, numbers::list(&percents)),
        fact(
            words::LEVELS,
            words::levels(numbers::hours(market.levels.n2_from_hours), numbers::hours(market.levels.n3_from_hours)),
        ),
        fact(
            words::TRAINING_TIME,
            words::training_time(
                numbers::hours(training.weekly_hours),
                numbers::hours(training.daily_hours),
                percent(training.completion_percent),
            ),
        ),
        fact(
            words::PENALTIES,
            words::penalties(
                numbers::euros(market.penalties.waived_up_to),
                percent(market.penalties.cap_percent),
                dates::span(market.penalties.comment),
            ),
        ),
    ];
    facts.extend(market.ccag.iter().map(|(prestation, ccag)| {
        let value = words::verified_within(labels::ccag(ccag.text), dates::span(ccag.verification));
        fact(labels::prestation(*prestation), value)
    }));
    facts
}

fn lots(market: &Market) -> Vec<LotView> {
    let lot = |lot: &domain::market::Lot| LotView {
        code: lot.code.to_string(),
        name: lot.name.clone(),
        departments: lot.departments.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        holder: lot.holder.name.clone(),
        email: lot.holder.email.to_string(),
        places: number(lot.places_per_year),
        most: number(lot.maximum_places_per_year),
        maximum: numbers::euros(lot.maximum),
    };
    market.lots.iter().map(lot).collect()
}

fn prices(market: &Market) -> Vec<PriceView> {
    let price = |price: &domain::market::Price| PriceView {
        option: labels::option_with_code(price.option).to_owned(),
        holder: holder_name(&market.lots, &price.holder),
        price: numbers::euros(price.unit_price),
        vat: numbers::rate(price.vat),
        enabled: market.enabled_options.contains(&price.option),
    };
    market.prices.iter().map(price).collect()
}

fn clocks(market: &Market) -> Vec<ClockView> {
    let clock = |(kind, terms): (&domain::market::ClockKind, &domain::market::ClockTerms)| ClockView {
        label: labels::clock(*kind),
        span: dates::span(terms.span),
        before: days(&terms.remind_before),
        after: days(&terms.remind_after),
        escalation: terms.escalate_after.map_or_else(|| "—".to_owned(), |after| days(&[after])),
    };
    market.clocks.iter().map(clock).collect()
}

/// The version recorded before another.
fn before<'a>(status: &MarketStatus, all: &'a [MarketStatus]) -> Option<&'a MarketStatus> {
    let earlier = all.iter().filter(|other| other.market.code == status.market.code && other.version < status.version);
    earlier.max_by_key(|other| other.version)
}

fn version_view(status: &MarketStatus, all: &[MarketStatus], today: Day) -> VersionView {
    let (standing, tone) = match status.current {
        true if status.market.ends_on < today => (words::ENDED, ""),
        true => (words::IN_FORCE, "done"),
        false if status.effective_on > today => (words::TO_COME, "wait"),
        false => ("", ""),
    };
    let changes = before(status, all).map(|before| changes(&before.market, &status.market).len());
    VersionView {
        number: status.version.0,
        from: dates::long(status.effective_on),
        by: status.recorded_by.clone(),
        reference: status.reference.clone().unwrap_or_else(|| "—".to_owned()),
        address: routes::market_version(&status.market.code, status.version),
        standing,
        tone,
        changes: match changes {
            None => "—".to_owned(),
            Some(0) => words::NO_CHANGE.to_owned(),
            Some(changes) => numbers::integer(i64::try_from(changes).unwrap_or(i64::MAX)),
        },
    }
}

fn view(status: &MarketStatus, all: &[MarketStatus], today: Day) -> MarketView {
    let market = &status.market;
    let versions: Vec<VersionView> = all
        .iter()
        .rev()
        .filter(|other| other.market.code == market.code)
        .map(|other| version_view(other, all, today))
        .collect();
    let ahead = all.iter().filter(|other| other.market.code == market.code && other.effective_on > today);
    MarketView {
        id: format!("marche-{}", market.code),
        title: market.title.clone(),
        code: market.code.clone(),
        period: dates::period(market.starts_on, market.ends_on),
        confirmed: market.prices_confirmed,
        version: status.version,
        ahead: ahead.map(|other| version_view(other, all, today)).collect(),
        facts: facts(market),
        lots: lots(market),
        prices: prices(market),
        clocks: clocks(market),
        versions,
    }
}

/// Shows every market in force, the one on which paths are opened first.
pub(super) async fn show(State(web): State<Web>, keeper: Keeper) -> Result<Response, PageError> {
    let all = web.app.markets().await?;
    let today = paris_day(web.app.now().await?);
    let mut current: Vec<&MarketStatus> = all.iter().filter(|status| status.current).collect();
    current.sort_by_key(|status| status.market.past);
    let markets = current.into_iter().map(|status| view(status, &all, today)).collect();
    Ok(Html(MarketPage { frame: keeper.frame(), tabs: tabs(Tab::Market), markets }.render()?).into_response())
}

/// Shows one version, and what it changes.
pub(super) async fn version(
    State(web): State<Web>,
    keeper: Keeper,
    Path((market, version)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let number = version.parse().map(TermsVersion).map_err(|_| PageError::NotFound)?;
    let all = web.app.markets().await?;
    let today = paris_day(web.app.now().await?);
    let status = all.iter().find(|status| status.market.code == market && status.version == number);
    let status = status.ok_or(PageError::NotFound)?;
    let before = before(status, &all);
    let page = VersionPage {
        frame: keeper.frame(),
        tabs: tabs(Tab::Market),
        version: version_view(status, &all, today),
        before: before.map(|before| (before.version, routes::market_version(&market, before.version))),
        changes: before.map_or_else(Vec::new, |before| changes(&before.market, &status.market)),
        market: view(status, &all, today),
    };
    Ok(Html(page.render()?).into_response())
}
