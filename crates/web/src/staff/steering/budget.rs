//! The money by prestation and by month, for a lot or for all of them: each amount opens its movements.

use app::{Dashboard, LineFigures, MoneyFigures, Parts};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use chrono::Months;
use domain::Day;
use domain::figures::MoneyLine;
use domain::market::Prestation;
use domain::money::{Cents, Percent};
use serde::Deserialize;
use strum::IntoEnumIterator;
use wording::{addresses, dates, figures as words, labels, numbers, pages};

use super::charts::{Curve, Drawn, HEIGHT, LEFT, WIDTH};
use super::{MomentAsked, Number, moment, month};
use crate::forms::Problems;
use crate::request::Query;
use crate::staff::orders::pieces::Pick;
use crate::staff::{Frame, Section, Signed};
use crate::{PageError, Web};

/// What the address asks beside the moment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lot: String,
}

/// The amounts of a prestation, or of all of them: a row for each month, then their sum.
struct Table {
    name: &'static str,
    id: String,
    lines: Vec<&'static str>,
    months: Vec<(String, Vec<Number>)>,
    total: Vec<Number>,
    /// Each total, as a part of the budget of the year.
    of_budget: Option<Vec<String>>,
}

#[derive(Template)]
#[template(path = "staff/steering_budget.html")]
struct Page {
    frame: Frame,
    back: String,
    said: String,
    period: String,
    problems: Option<Problems>,
    au: String,
    connu: String,
    since: Vec<Pick>,
    lots: Vec<Pick>,
    budget: Option<String>,
    cumulated: Option<Cumulated>,
    left: u32,
    width: u32,
    height: u32,
    tables: Vec<Table>,
    /// What each line adds up.
    definitions: Vec<(&'static str, &'static str)>,
}

/// The first day of each month of a period, with its rank; of a market, from the first month in which something happened.
fn months(figures: &Dashboard, money: &MoneyFigures, year: bool) -> Vec<(usize, Day)> {
    use chrono::Datelike;
    let first = figures.period.from.with_day(1).unwrap_or(figures.period.from);
    let count = money.lines.first().map_or(0, |line| line.months.len());
    let nothing =
        |at: &usize| money.lines.iter().all(|line| line.months.get(*at).is_none_or(|it| *it == Parts::default()));
    let begins = (0..count).find(|at| !nothing(at)).filter(|_| !year).unwrap_or(0);
    (begins..count)
        .filter_map(|at| Some((at, first.checked_add_months(Months::new(u32::try_from(at).ok()?))?)))
        .collect()
}

/// The lines that one prestation alone bears.
fn borne(line: MoneyLine) -> bool {
    match line {
        MoneyLine::Planned | MoneyLine::Engaged | MoneyLine::Served => true,
        MoneyLine::Invoiced | MoneyLine::Paid => false,
    }
}

fn table(
    asked: &Asked,
    of: &MomentAsked,
    money: &MoneyFigures,
    months: &[(usize, Day)],
    prestation: Option<Prestation>,
) -> Table {
    let lines: Vec<&LineFigures> = money.lines.iter().filter(|line| prestation.is_none() || borne(line.line)).collect();
    let named: &str = prestation.map_or("", Into::into);
    let number = |line: MoneyLine, parts: &Parts, month: &str| {
        let address = of.movements(line, &[("lot", &asked.lot), ("prestation", named), ("mois", month)]);
        let (amount, movements) = parts.of(prestation);
        Number::amount(amount, movements, address)
    };
    let of_month = |(at, month): &(usize, Day)| {
        let asked = month.format("%Y-%m").to_string();
        let amounts = lines.iter().filter_map(|line| Some(number(line.line, line.months.get(*at)?, &asked))).collect();
        (dates::month(*month), amounts)
    };
    let share = |budget: Cents, line: &LineFigures| {
        Percent::of(line.whole.of(prestation).0.get(), budget.get()).map_or_else(String::new, numbers::percent)
    };
    let budget = money.budget.filter(|_| of.year());
    Table {
        name: prestation.map_or(words::ALL_PRESTATIONS, labels::prestation),
        id: prestation.map_or_else(|| "toutes".to_owned(), |prestation| prestation.to_string()),
        lines: lines.iter().map(|line| words::money_line(line.line)).collect(),
        months: months.iter().map(of_month).collect(),
        total: lines.iter().map(|line| number(line.line, &line.whole, "")).collect(),
        of_budget: budget.map(|budget| lines.iter().map(|line| share(budget, line)).collect()),
    }
}

/// The lines that are drawn, and how.
const DRAWN: [(MoneyLine, &str); 4] = [
    (MoneyLine::Planned, "drawn a"),
    (MoneyLine::Engaged, "drawn b"),
    (MoneyLine::Served, "drawn"),
    (MoneyLine::Paid, "drawn c"),
];

/// What came to each line that is drawn by the end of each month of the year, against the budget.
struct Cumulated {
    curve: Curve,
    lines: [&'static str; 4],
    /// The same as a table: each amount opens the movements that it adds up.
    months: Vec<(String, Vec<Number>)>,
}

fn cumulated(
    asked: &Asked,
    of: &MomentAsked,
    money: &MoneyFigures,
    months: &[(usize, Day)],
    as_of: Day,
) -> Option<Cumulated> {
    let months: Vec<Day> = months.iter().map(|(_, month)| *month).collect();
    let first = months.first().filter(|_| of.year())?;
    let amounts = DRAWN.map(|(line, _)| {
        let by_then = money.lines[line as usize].months.iter().scan((Cents::ZERO, 0), |(sum, movements), month| {
            *sum += month.total;
            *movements += month.movements;
            Some((*sum, *movements))
        });
        by_then.collect::<Vec<(Cents, u32)>>()
    });
    let number = |rank: usize, at: usize| {
        let then = of.by_end_of(months.get(at).copied().unwrap_or(*first), as_of);
        let (amount, movements) = amounts[rank].get(at).copied().unwrap_or_default();
        Number::amount(amount, movements, then.movements(DRAWN[rank].0, &[("lot", &asked.lot)]))
    };
    let value = |amount: Cents| u64::try_from(amount.get()).unwrap_or(0);
    let drawn: [Drawn; 4] = std::array::from_fn(|rank| {
        let (line, class) = DRAWN[rank];
        (class, words::money_line(line), amounts[rank].iter().map(|(amount, _)| value(*amount)).collect())
    });
    let served = money.lines[MoneyLine::Served as usize].whole.total;
    let curve = Curve::new(
        words::cumulated(served, money.budget),
        &drawn,
        money.budget.map(value),
        &(0..12).filter_map(|at| first.checked_add_months(Months::new(at))).map(month).collect::<Vec<_>>(),
        |value| words::axis(Cents::new(i64::try_from(value).unwrap_or(i64::MAX))),
        |rank, at, _| {
            let number = number(rank, at);
            let scope =
                [words::money_line(DRAWN[rank].0), &months.get(at).copied().map(dates::month).unwrap_or_default()];
            let address = if number.none { String::new() } else { number.address };
            (words::of_scope(scope.join(", "), number.text), address)
        },
    );
    let row =
        |(at, month): (usize, &Day)| (dates::month(*month), (0..DRAWN.len()).map(|rank| number(rank, at)).collect());
    let lines = DRAWN.map(|(line, _)| words::money_line(line));
    Some(Cumulated { curve, lines, months: months.iter().enumerate().map(row).collect() })
}

/// The page.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Query(of): Query<MomentAsked>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let connu = of.connu.clone();
    let (moment_asked, of, problems, status) = of.or_today();
    let figures = web.app.dashboard(&signed.actor, moment_asked).await?;
    let lot = |scope: &app::Scoped| scope.lot.as_ref().map_or_else(String::new, |(lot, _)| lot.to_string());
    let scope = figures.scopes.iter().find(|scope| lot(scope) == asked.lot).ok_or(PageError::NotFound)?;
    let named = figures.scopes.iter().map(|scope| {
        let name =
            scope.lot.as_ref().map_or_else(|| words::ALL.to_owned(), |(lot, name)| pages::lots::titled(lot, name));
        (lot(scope), name)
    });
    let months = months(&figures, &scope.money, of.year());
    let prestations = std::iter::once(None).chain(Prestation::iter().map(Some));
    let page = Page {
        frame: signed.frame(Section::Steering),
        back: of.on(addresses::dashboard(), &[]),
        said: moment(figures.moment),
        period: words::period(figures.period),
        problems,
        au: dates::iso(figures.moment.as_of),
        connu,
        since: of.since(),
        lots: Pick::all(named, &asked.lot),
        budget: scope.money.budget.map(numbers::euros),
        cumulated: cumulated(&asked, &of, &scope.money, &months, figures.moment.as_of),
        left: LEFT,
        width: WIDTH,
        height: HEIGHT,
        tables: prestations.map(|prestation| table(&asked, &of, &scope.money, &months, prestation)).collect(),
        definitions: MoneyLine::iter().map(|line| (words::money_line(line), words::money_definition(line))).collect(),
    };
    Ok((status, Html(page.render()?)).into_response())
}
