//! Every figure on one page, each a link to the paths it counts.

use app::{Dashboard, Delay, FigureRow, LineFigures, PathFilter, PathLine, Scoped};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::Datelike;
use domain::Day;
use domain::calendar::paris_day;
use domain::figures::{BLOCKERS, Figure, Moment, MoneyLine, STOPPED, Stage, before, blocker};
use domain::identifiers::LotCode;
use domain::market::Prestation;
use domain::path::State as PathState;
use domain::path::command::{Obstacle, Outcome};
use strum::IntoEnumIterator;
use wording::{addresses, figures as words, labels, numbers, pages};

use super::charts::{Curve, HEIGHT, LEFT, Map, WIDTH};
use super::departments::{DepartmentRow, departments};
use super::map::SIZE;
use super::{MomentAsked, Number, integer, moment, month};
use crate::forms::Problems;
use crate::request::Query;
use crate::staff::orders::pieces::{Link, Part, Pick, gauge};
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// A bar that opens what it is as long as.
struct Bar {
    parts: Vec<Part>,
    /// Empty when nothing is behind it.
    address: String,
}

impl Bar {
    /// Of a number, so long of the whole.
    fn new(whole: i64, length: i64, number: &Number) -> Self {
        let address = if number.none { String::new() } else { number.address.clone() };
        Self { parts: gauge(whole, &[("d", length)]), address }
    }
}

/// One figure for each scope.
struct Row {
    name: String,
    /// None when it is the same for all rows, and said above them.
    definition: Option<&'static str>,
    /// Of all lots together, as a part of the longest.
    bar: Bar,
    numbers: Vec<(Number, Option<String>)>,
    delay: Option<DelayView>,
}

/// Days from the stage before, as text.
struct DelayView {
    median: String,
    ninth_decile: String,
    /// On how many paths, which it opens.
    paths: Number,
}

impl DelayView {
    fn new(delay: Delay, address: String) -> Self {
        let days = |days: Option<i64>| days.map_or_else(|| "–".to_owned(), words::days);
        Self {
            median: days(delay.median),
            ninth_decile: days(delay.ninth_decile),
            paths: Number { text: words::of_paths(delay.paths), address, none: delay.paths == 0 },
        }
    }
}

struct PlacesCard {
    name: String,
    id: String,
    parts: Vec<(Part, String)>,
    planned: String,
    reserved: Number,
    consumed: Number,
    available: String,
    exceeded: bool,
    curve: Curve,
    /// Month and entries by its end: what the curve draws.
    table: Vec<(String, Number)>,
    /// Entries at the end of the year, and what is said of them.
    landing: String,
    forecast: Vec<String>,
}

/// How long a decision or a payment took, for each scope, against the time given.
struct DelayRow {
    name: &'static str,
    limit: String,
    scopes: Vec<DelayCell>,
}

struct DelayCell {
    number: Number,
    /// Its median and its ninth decile.
    said: Vec<String>,
    /// What passed the limit, as a link; its text says so.
    over: Option<Number>,
}

/// A line of the money, one amount for each scope.
struct MoneyRow {
    name: &'static str,
    definition: &'static str,
    bar: Bar,
    amounts: Vec<Number>,
}

/// A path that has been in its state for long.
struct Stalled {
    link: Link,
    company: String,
    state: &'static str,
    /// What the state waits for.
    awaited: &'static str,
    holder: &'static str,
    since: Stamp,
}

struct Stuck {
    link: Link,
    company: String,
    /// What is waited for, and from whom.
    awaited: String,
    holder: &'static str,
    due: Option<Stamp>,
}

#[derive(Template)]
#[template(path = "staff/steering.html")]
struct Page {
    frame: Frame,
    market: String,
    said: String,
    period: String,
    problems: Option<Problems>,
    au: String,
    connu: String,
    since: Vec<Pick>,
    year: i32,
    scopes: Vec<String>,
    places: Vec<PlacesCard>,
    left: u32,
    width: u32,
    height: u32,
    definitions: Vec<(&'static str, &'static str)>,
    funnel: Vec<Row>,
    stages: Vec<(String, Vec<DelayCell>)>,
    states: Vec<Row>,
    waiting: Vec<Row>,
    stalled: Vec<Stalled>,
    ends: Vec<Row>,
    no_go: Vec<Row>,
    delays: Vec<DelayRow>,
    budget: Option<String>,
    money: Vec<MoneyRow>,
    by_month: String,
    map: (u32, u32),
    maps: [Map; 3],
    departments: Vec<DepartmentRow>,
    /// Clocks of today: nothing of another day, nor as it was known.
    stuck: Option<Vec<Stuck>>,
    all_stuck: &'static str,
}

/// A delay in words, nothing when no path has one.
fn said(delay: Delay) -> Vec<String> {
    let both = [delay.median.map(words::median), delay.ninth_decile.map(words::ninth_decile)];
    both.into_iter().flatten().collect()
}

/// What one page is made from.
struct Maker<'a> {
    asked: &'a MomentAsked,
    figures: &'a Dashboard,
}

impl Maker<'_> {
    fn number(&self, figure: Figure, scope: &Scoped) -> Number {
        let lot = scope.lot.as_ref().map(|(lot, _)| lot);
        Number::count(scope.count(figure), self.asked.list(figure, lot, None))
    }

    fn row(&self, figure: Figure, most: u64, share_of: Option<Figure>) -> Row {
        let all = &self.figures.scopes[0];
        let share = |scope: &Scoped| words::share(scope.count(figure), scope.count(share_of?));
        let long = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Row {
            name: words::name(figure),
            definition: Some(words::definition(figure)).filter(|_| !matches!(figure, Figure::NoGo(Some(_)))),
            bar: Bar::new(long(most), long(all.count(figure)), &self.number(figure, all)),
            numbers: self.figures.scopes.iter().map(|scope| (self.number(figure, scope), share(scope))).collect(),
            delay: None,
        }
    }

    fn funnel(&self) -> Vec<Row> {
        let all = &self.figures.scopes[0];
        let most = all.count(Figure::Funnel(Stage::Need));
        let row = |stage: Stage| Row {
            delay: before(stage)
                .map(|_| DelayView::new(all.delay(stage), self.asked.list(Figure::Came(stage), None, None))),
            ..self.row(Figure::Funnel(stage), most, before(stage).map(Figure::Funnel))
        };
        Stage::iter().map(row).collect()
    }

    /// The figures that count something, with bars as long as the greatest of them is.
    fn those(&self, figures: impl Iterator<Item = Figure>) -> Vec<Row> {
        let all = &self.figures.scopes[0];
        let figures: Vec<Figure> = figures.filter(|figure| all.count(*figure) > 0).collect();
        let most = figures.iter().map(|figure| all.count(*figure)).max().unwrap_or(0);
        figures.into_iter().map(|figure| self.row(figure, most, None)).collect()
    }

    fn places(&self, scope: &Scoped) -> PlacesCard {
        let year = self.figures.moment.as_of.year();
        let (reserved, consumed) = (scope.count(Figure::PlacesReserved), scope.count(Figure::PlacesConsumed));
        let long = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        let whole = scope.planned.map_or(long(reserved + consumed), i64::from);
        let entered = scope.entries.last().copied().unwrap_or(0);
        let said = words::curve(entered, scope.planned);
        let first = |month: u32| Day::from_ymd_opt(year, month, 1).unwrap_or(self.figures.moment.as_of);
        let months: Vec<String> = (1..=12).map(|at| month(first(at))).collect();
        let named = |at: usize| wording::dates::month(first(u32::try_from(at).unwrap_or(0) + 1));
        let available = scope.available();
        let (taken, held) = (self.number(Figure::PlacesConsumed, scope), self.number(Figure::PlacesReserved, scope));
        let opened = |part: &Part| if part.class == "d" { taken.address.clone() } else { held.address.clone() };
        let planned = scope.planned.map(u64::from);
        PlacesCard {
            name: scope
                .lot
                .as_ref()
                .map_or_else(|| words::ALL.to_owned(), |(code, name)| pages::lots::titled(code, name)),
            id: scope.lot.as_ref().map_or_else(|| "places".to_owned(), |(code, _)| format!("places-{code}")),
            parts: gauge(whole, &[("d", long(consumed)), ("r", long(reserved))])
                .into_iter()
                .map(|part| (part.clone(), opened(&part)))
                .collect(),
            planned: scope.planned.map_or(pages::lots::WITHOUT_LIMIT.to_owned(), |planned| integer(planned.into())),
            reserved: held,
            consumed: taken,
            available: available.map_or_else(String::new, numbers::integer),
            exceeded: available.is_some_and(|available| available < 0),
            curve: Curve::new(
                said,
                &[("drawn", "", scope.entries.clone())],
                planned,
                &months,
                integer,
                |_, at, value| {
                    let opened = self.entered(scope, at, value);
                    let address = if opened.none { String::new() } else { opened.address };
                    (words::of_scope(named(at), opened.text), address)
                },
            ),
            landing: integer(scope.forecast.landing.into()),
            forecast: self.forecast(scope),
            table: scope
                .entries
                .iter()
                .enumerate()
                .map(|(at, value)| (named(at), self.entered(scope, at, *value)))
                .collect(),
        }
    }

    /// Entries of the year by the end of a month: they open as the entries of that day.
    fn entered(&self, scope: &Scoped, month: usize, count: u64) -> Number {
        let as_of = self.figures.moment.as_of;
        let first = Day::from_ymd_opt(as_of.year(), u32::try_from(month + 1).unwrap_or(12), 1).unwrap_or(as_of);
        let then = self.asked.by_end_of(first, as_of);
        let lot = scope.lot.as_ref().map(|(lot, _)| lot);
        Number::count(count, then.list(Figure::Entries, lot, None))
    }

    /// How long each stage takes, one cell for each scope.
    fn stages(&self) -> Vec<(String, Vec<DelayCell>)> {
        let stages = Stage::iter().filter(|stage| before(*stage).is_some());
        let cell = |stage: Stage, scope: &Scoped| {
            let (delay, number) = (scope.delay(stage), self.number(Figure::Came(stage), scope));
            let number = Number { text: words::of_paths(delay.paths), ..number };
            DelayCell { number, said: said(delay), over: None }
        };
        let of = |stage: Stage| self.figures.scopes.iter().map(|scope| cell(stage, scope)).collect();
        stages.map(|stage| (words::name(Figure::Funnel(stage)), of(stage))).collect()
    }

    /// What is said of the end of the year, its method last.
    fn forecast(&self, scope: &Scoped) -> Vec<String> {
        let (said, today) = (&scope.forecast, self.figures.moment.as_of);
        let interval = said.interval.map(|(low, high)| words::interval(low, high));
        let reached = scope.planned.map(|planned| words::reached(said.reached_on, today, planned));
        let short = scope.planned.is_some_and(|planned| said.landing < planned);
        let none = || short.then(|| words::no_studies(said.method).to_owned());
        let studies = said.studies_per_week.filter(|tenths| *tenths > 0).map(words::studies).or_else(none);
        interval.into_iter().chain(reached).chain(studies).chain([words::method(said.method)]).collect()
    }

    fn money(&self) -> Vec<MoneyRow> {
        let all = &self.figures.scopes[0].money;
        let budget = all.budget.filter(|_| self.asked.year());
        let most = all.lines.iter().map(|line| line.whole.total).chain(budget).max().unwrap_or_default();
        let row = |(at, figures): (usize, &LineFigures)| {
            let of_scope = |scope: &Scoped| {
                let lot = scope.lot.as_ref().map(|(lot, _)| lot.as_str()).unwrap_or_default();
                let address = self.asked.movements(figures.line, &[("lot", lot)]);
                let whole = scope.money.lines[at].whole;
                Number::amount(whole.total, whole.movements, address)
            };
            let total = figures.whole.total;
            MoneyRow {
                name: words::money_line(figures.line),
                definition: words::money_definition(figures.line),
                bar: Bar::new(most.get(), total.get(), &of_scope(&self.figures.scopes[0])),
                amounts: self.figures.scopes.iter().map(of_scope).collect(),
            }
        };
        all.lines.iter().enumerate().map(row).collect()
    }

    /// Verifications, then payments.
    fn delays(&self) -> Vec<DelayRow> {
        let figures = self.figures;
        let verified = |prestation: Prestation| DelayRow {
            name: words::verification_of(prestation),
            limit: wording::dates::span(figures.limits[prestation as usize]),
            scopes: figures
                .scopes
                .iter()
                .map(|scope| {
                    let tacit = scope.count(Figure::Tacit(prestation));
                    let over =
                        Number { text: words::by_silence(tacit), ..self.number(Figure::Tacit(prestation), scope) };
                    DelayCell {
                        number: self.number(Figure::Verified(prestation), scope),
                        said: said(scope.verifications[prestation as usize]),
                        over: (tacit > 0).then_some(over),
                    }
                })
                .collect(),
        };
        let paid = |scope: &Scoped| {
            let payments = scope.money.payments;
            let lot = scope.lot.as_ref().map(|(lot, _)| lot.as_str()).unwrap_or_default();
            let address = |more: &[(&str, &str)]| self.asked.movements(MoneyLine::Paid, more);
            DelayCell {
                number: Number::count(payments.delay.paths as u64, address(&[("lot", lot)])),
                said: said(payments.delay),
                over: (payments.late > 0).then(|| Number {
                    text: words::late_payments(payments.late),
                    address: address(&[("lot", lot), ("retard", "oui")]),
                    none: false,
                }),
            }
        };
        let payment = DelayRow {
            name: words::PAYMENT,
            limit: wording::dates::span(figures.limits[3]),
            scopes: figures.scopes.iter().map(paid).collect(),
        };
        Prestation::iter().map(verified).chain([payment]).collect()
    }
}

fn stalled(row: &FigureRow) -> Stalled {
    Stalled {
        link: Link { text: row.reference.to_string(), address: addresses::path(&row.reference) },
        company: row.company.clone(),
        state: labels::state(row.state),
        awaited: labels::state_help(row.state),
        holder: blocker(row.state).map_or("", labels::side),
        since: Stamp::day(row.on),
    }
}

fn stuck(line: &PathLine, today: Day) -> Stuck {
    Stuck {
        link: Link { text: line.reference.to_string(), address: addresses::path(&line.reference) },
        company: line.company.clone(),
        awaited: wording::capital(line.clock.map_or(labels::state(line.state), labels::clock)),
        holder: line.holder.map_or("", labels::side),
        due: line.due_on.map(|due| Stamp::due(due, today)),
    }
}

/// The page.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Query(typed): Query<MomentAsked>,
) -> Result<Response, PageError> {
    let connu = typed.connu.clone();
    let (asked, of, problems, status) = typed.or_today();
    let figures = web.app.dashboard(&signed.actor, asked).await?;
    let today = paris_day(web.app.now().await?);
    let stuck = if figures.moment == (Moment { as_of: today, known_at: None }) {
        let late = PathFilter { due_until: today.pred_opt(), limit: 8, ..PathFilter::default() };
        Some(web.app.paths(&signed.actor, &late).await?.iter().map(|line| stuck(line, today)).collect())
    } else {
        None
    };
    let maker = Maker { asked: &of, figures: &figures };
    let (maps, departments) = departments(&of, &figures);
    let lots: Vec<&LotCode> = figures.scopes.iter().filter_map(|scope| Some(&scope.lot.as_ref()?.0)).collect();
    let page = Page {
        frame: signed.frame(Section::Steering),
        market: figures.title.clone(),
        said: moment(figures.moment),
        period: words::period(figures.period),
        problems,
        au: wording::dates::iso(figures.moment.as_of),
        connu,
        since: of.since(),
        year: figures.moment.as_of.year(),
        scopes: std::iter::once(words::ALL.to_owned()).chain(lots.into_iter().map(words::lot)).collect(),
        places: figures.scopes.iter().map(|scope| maker.places(scope)).collect(),
        left: LEFT,
        width: WIDTH,
        height: HEIGHT,
        definitions: words::PLACES_DEFINITIONS.into(),
        funnel: maker.funnel(),
        stages: maker.stages(),
        states: maker.those(PathState::iter().filter(|state| !state.is_final()).map(Figure::In)),
        waiting: maker.those(BLOCKERS.into_iter().map(Figure::Stalled)),
        stalled: figures.stalled.iter().map(stalled).collect(),
        ends: maker.those(
            STOPPED
                .map(Figure::Stopped)
                .into_iter()
                .chain(Outcome::iter().map(Figure::Exit))
                .chain([Figure::PositiveExits]),
        ),
        no_go: maker.those(Obstacle::iter().map(Some).chain([None]).map(Figure::NoGo)),
        delays: maker.delays(),
        budget: figures.scopes[0].money.budget.filter(|_| of.year()).map(numbers::euros),
        money: maker.money(),
        by_month: of.on(addresses::budget(), &[]),
        map: SIZE,
        maps,
        departments,
        stuck,
        all_stuck: addresses::late_paths(),
    };
    Ok((status, axum::response::Html(page.render()?)).into_response())
}
