//! The Region's figures: counted in one pass over what every path leaves to count, at any day, as known at any instant.
//!
//! The facts of all paths are kept in memory and brought up to date before each reading, by the same transaction that reads
//! the rest: a hundred thousand paths are counted in less time than a statement over as many rows takes, by the code that
//! the random histories check. What a figure opens on is the list of the paths it counted.

mod money;
mod tally;

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, Duration};
use domain::calendar::{Span, paris_day};
use domain::figures::{
    BLOCKERS, Figure, Forecast, Moment, Outlook, Period, Place, Stage, Standing, Value, quantile, together,
};
use domain::identifiers::{Department, LotCode, PathId, PathReference, Siret};
use domain::market::{Market, Prestation};
use domain::path::State;
use domain::path::command::Outcome;
use domain::people::Actor;
use domain::{Day, Instant};
use persistence::{CountedPath, PathsMark, TermsRecord, Tx};
use reports::entries::Ends;
use tokio::sync::{RwLock, RwLockReadGuard};

pub use self::money::{
    LineFigures, MoneyChoice, MoneyFigures, MoneyList, MovementOf, MovementRow, Parts, PaymentFigures,
};

use self::money::KeptOrder;
use self::tally::Tally;
use crate::report::regional;
use crate::{App, AppError};

/// What a transaction may have written before it committed is read again.
const OVERLAP: Duration = Duration::minutes(2);

/// Since when the paths of a figure are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, strum::EnumString, strum::Display)]
#[strum(serialize_all = "snake_case")]
pub enum Since {
    /// The first of January of the day.
    #[default]
    Year,
    /// The first day of the market.
    Market,
}

/// At which moment figures are asked; a day and an instant left out are now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    pub as_of: Option<Day>,
    pub known_at: Option<Instant>,
    pub since: Since,
}

/// Days from one thing to the next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delay {
    pub median: Option<i64>,
    /// What nine paths in ten do not exceed.
    pub ninth_decile: Option<i64>,
    /// How many paths it is taken on.
    pub paths: usize,
}

/// The figures of a lot, or of all of them together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoped {
    /// None for all lots together.
    pub lot: Option<(LotCode, String)>,
    /// Places planned for the year of the day; none for a market without quota.
    pub planned: Option<u32>,
    counts: Vec<(Figure, u64)>,
    delays: Vec<(Stage, Delay)>,
    /// Days from what is delivered to what is decided of it, in the order of the contract.
    pub verifications: [Delay; 3],
    /// Entries of the year of the day by the end of each of its months, up to that of the day.
    pub entries: Vec<u64>,
    pub money: MoneyFigures,
    /// Where the entries of the year will land.
    pub forecast: Forecast,
}

/// The paths of a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfDepartment {
    pub department: Department,
    pub lot: LotCode,
    /// Opened within the period.
    pub opened: u64,
    /// Establishments of these paths.
    pub companies: u64,
    /// Studies decided of these paths, and those of them that are feasible.
    pub decided: u64,
    pub feasible: u64,
    pub entries: u64,
}

/// Everything that the page of figures shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dashboard {
    pub market: String,
    pub title: String,
    pub moment: Moment,
    pub period: Period,
    /// All lots together, then each.
    pub scopes: Vec<Scoped>,
    /// The time given to verify each prestation, in the order of the contract, and to pay.
    pub limits: [Span; 4],
    pub departments: Vec<OfDepartment>,
    /// Of the paths that are stalled, those that are for longest, [`SHOWN`] at most.
    pub stalled: Vec<FigureRow>,
}

/// Stalled paths that the page of figures shows.
pub const SHOWN: usize = 8;

/// Which list is asked behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureChoice {
    pub figure: Figure,
    pub lot: Option<LotCode>,
    pub department: Option<Department>,
    /// One row for each establishment of these paths, that of the path which counts last.
    pub companies: bool,
    /// Rows to leave out before the first one shown.
    pub skip: usize,
    pub limit: usize,
}

/// A path of the list behind a figure, as it stood then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureRow {
    pub reference: PathReference,
    pub siret: Siret,
    pub company: String,
    pub commune: String,
    pub job: String,
    pub lot: LotCode,
    pub state: State,
    /// The day for which it counts.
    pub on: Day,
    /// The days that the figure measures.
    pub days: Option<i64>,
}

/// The list behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureList {
    pub moment: Moment,
    pub period: Period,
    /// How many paths there are in all, or establishments of them: the figure itself.
    pub count: u64,
    pub rows: Vec<FigureRow>,
}

impl Delay {
    fn of(mut days: Vec<i64>) -> Self {
        days.sort_unstable();
        let days = days.as_slice();
        Self { median: quantile(days, 50), ninth_decile: quantile(days, 90), paths: days.len() }
    }
}

impl Scoped {
    /// A figure.
    pub fn count(&self, figure: Figure) -> u64 {
        self.counts.iter().find(|(known, _)| *known == figure).map_or(0, |(_, count)| *count)
    }

    /// How long a stage takes.
    pub fn delay(&self, stage: Stage) -> Delay {
        self.delays.iter().find(|(known, _)| *known == stage).map_or_else(Delay::default, |(_, delay)| *delay)
    }

    /// Places of the year that are left; negative when the quota is exceeded.
    pub fn available(&self) -> Option<i64> {
        let taken = self.count(Figure::PlacesReserved) + self.count(Figure::PlacesConsumed);
        self.planned.map(|planned| i64::from(planned) - i64::try_from(taken).unwrap_or(i64::MAX))
    }

    fn new(
        lot: Option<(LotCode, String)>,
        planned: Option<u32>,
        tally: Tally,
        forecast: Forecast,
        money: MoneyFigures,
    ) -> Self {
        Self {
            lot,
            planned,
            entries: tally.entries(),
            forecast,
            counts: tally.counts,
            delays: tally.delays.into_iter().map(|(stage, days)| (stage, Delay::of(days))).collect(),
            verifications: tally.verifications.map(Delay::of),
            money,
        }
    }
}

/// What every path leaves to count, as last read.
#[derive(Debug, Default)]
pub(crate) struct Shelf(RwLock<Kept>);

#[derive(Debug, Default)]
pub(crate) struct Kept {
    mark: PathsMark,
    until: Option<Instant>,
    paths: Vec<CountedPath>,
    ranks: HashMap<PathId, usize>,
    orders: Vec<KeptOrder>,
}

impl Kept {
    fn put(&mut self, paths: Vec<CountedPath>) {
        for path in paths {
            self.until = self.until.max(Some(path.updated_at));
            match self.ranks.get(&path.id) {
                Some(rank) => self.paths[*rank] = path,
                None => {
                    self.ranks.insert(path.id, self.paths.len());
                    self.paths.push(path);
                }
            }
        }
        self.mark = PathsMark {
            paths: self.paths.len() as u64,
            events: self.paths.iter().map(|path| u64::from(path.version)).sum(),
        };
    }

    /// The paths that ever had an entry of a year, of any market: most have none, and nothing more is asked of them.
    pub(crate) fn entered_in(&self, year: i32) -> impl Iterator<Item = &CountedPath> {
        let of_year = move |value: &Value| matches!(value, Value::Place(Place::Consumed(of)) if *of == year);
        self.paths.iter().filter(move |path| path.facts.values.iter().any(|dated| of_year(&dated.value)))
    }

    /// The paths of a market at a moment, each with its rank.
    fn standings(&self, market: &str, moment: Moment) -> Vec<Ranked<'_>> {
        let of_market = self.paths.iter().enumerate().filter(|(_, path)| path.market == market);
        of_market.filter_map(|(rank, path)| Some((rank, Standing::of(&path.facts, moment)?))).collect()
    }
}

/// A path at a moment, with its rank.
type Ranked<'a> = (usize, Standing<'a>);

/// What figures are asked about: the market with its terms, the moment and the period.
struct Frame<'a> {
    market: &'a Market,
    moment: Moment,
    period: Period,
}

impl Frame<'_> {
    /// Whether the market has a lot, when one is asked.
    fn knows(&self, lot: Option<&LotCode>) -> Result<(), AppError> {
        let known = |lot: &LotCode| self.market.lots.iter().any(|known| known.code == *lot);
        if lot.is_none_or(known) { Ok(()) } else { Err(AppError::NotFound) }
    }
}

impl App {
    /// What every path leaves to count, as the transaction sees it.
    pub(crate) async fn counted(&self, tx: &Tx) -> Result<RwLockReadGuard<'_, Kept>, AppError> {
        let (mark, orders) = (tx.paths_mark().await?, tx.counted_orders().await?);
        let shelf = &self.inner.figures.0;
        {
            let kept = shelf.read().await;
            if kept.mark == mark && kept.orders.iter().map(|kept| &kept.order).eq(&orders) {
                return Ok(kept);
            }
        }
        let mut kept = shelf.write().await;
        kept.refresh_orders(tx, orders).await?;
        if kept.mark != mark {
            let since = kept.until.map(|until| until - OVERLAP);
            kept.put(tx.counted_paths(since).await?);
        }
        if kept.mark != mark {
            *kept = Kept { orders: std::mem::take(&mut kept.orders), ..Kept::default() };
            kept.put(tx.counted_paths(None).await?);
        }
        Ok(kept.downgrade())
    }

    /// The market that figures are of at a moment.
    pub(crate) async fn counted_market(&self, tx: &Tx, moment: Moment) -> Result<Option<String>, AppError> {
        let book = self.book(tx).await?;
        let asked = Asked { as_of: Some(moment.as_of), known_at: moment.known_at, since: Since::Year };
        match frame(&book.terms, asked, moment.as_of) {
            Ok(frame) => Ok(Some(frame.market.code.clone())),
            Err(AppError::NoMarket) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// How the people left who entered in the year of a day up to it; none when the paths do not have as many entries as are counted.
    pub(crate) async fn ends_in(&self, tx: &Tx, moment: Moment, entries: usize) -> Result<Option<Ends>, AppError> {
        let period = Period::year_to(moment.as_of);
        let kept = self.counted(tx).await?;
        let (mut found, mut ends) = (0, Ends::default());
        for path in kept.entered_in(period.until.year()) {
            let entered = Standing::of(&path.facts, moment).filter(|path| Figure::Entries.counts(path, period));
            let Some(entered) = entered else { continue };
            found += 1;
            let (outcome, _) = entered.ended.unzip();
            let early = [Outcome::EarlyExitForJob, Outcome::EarlyExitForTraining];
            ends.dropped_out += u32::from(outcome == Some(Outcome::DroppedOut));
            ends.early_exits += u32::from(outcome.is_some_and(|outcome| early.contains(&outcome)));
        }
        Ok((found == entries).then_some(ends))
    }

    /// The figures of the market in force, at a moment.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for those who are not of the Region; [`AppError::NoMarket`]; the store does not answer.
    pub async fn dashboard(&self, actor: &Actor, asked: Asked) -> Result<Dashboard, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let frame = frame(&book.terms, asked, paris_day(tx.now().await?))?;
        let kept = self.counted(&tx).await?;
        let standings = kept.standings(&frame.market.code, frame.moment);
        let planned: Option<u32> = frame.market.lots.iter().map(|lot| lot.places_per_year).sum();
        let money = |lot: Option<&LotCode>, tally: &Tally| MoneyFigures {
            budget: lot.is_none().then_some(frame.market.budget_per_year),
            lines: kept.money(&frame.market.code, lot, &tally.served, frame.moment, frame.period),
            payments: kept.payments(&frame.market.code, lot, frame.moment, frame.period),
        };
        let lots = &frame.market.lots;
        let mut of_lots: Vec<Tally> = lots.iter().map(|_| Tally::new(frame.period)).collect();
        // Paths of a lot that the market has no more count in the whole.
        let mut all = Tally::new(frame.period);
        for (_, path) in &standings {
            let rank = lots.iter().position(|lot| lot.code == *path.lot);
            rank.and_then(|rank| of_lots.get_mut(rank)).unwrap_or(&mut all).add(path);
        }
        let outlook = |tally: &Tally| Outlook::new(&tally.courses, frame.period.until, frame.market.starts_on);
        let mut outlooks: Vec<_> =
            lots.iter().zip(&of_lots).map(|(lot, tally)| (outlook(tally), lot.places_per_year)).collect();
        let forecasts: Vec<Forecast> = outlooks.iter().map(|(outlook, planned)| outlook.forecast(*planned)).collect();
        if !all.courses.is_empty() {
            outlooks.push((outlook(&all), Some(0)));
        }
        let of_whole = together(&outlooks).unwrap_or_else(|| outlook(&all).forecast(planned));
        of_lots.iter().for_each(|of_lot| all.join(of_lot));
        let of_all = money(None, &all);
        let mut scopes = vec![Scoped::new(None, planned, all, of_whole, of_all)];
        for ((lot, tally), forecast) in lots.iter().zip(of_lots).zip(forecasts) {
            let named = Some((lot.code.clone(), lot.name.clone()));
            let money = money(Some(&lot.code), &tally);
            scopes.push(Scoped::new(named, lot.places_per_year, tally, forecast, money));
        }
        let departments = of_departments(frame.market, &standings, frame.period);
        let stalled = |path: &Standing<'_>| BLOCKERS.iter().any(|by| Figure::Stalled(*by).counts(path, frame.period));
        let mut waiting: Vec<&Ranked<'_>> = standings.iter().filter(|(_, path)| stalled(path)).collect();
        waiting.sort_unstable_by_key(|(rank, path)| (path.since, *rank));
        waiting.truncate(SHOWN);
        let stalled =
            rows(&tx, &kept, &waiting, |path| (path.since, Some((frame.period.until - path.since).num_days()))).await?;
        Ok(Dashboard {
            market: frame.market.code.clone(),
            title: frame.market.title.clone(),
            moment: frame.moment,
            period: frame.period,
            scopes,
            limits: [
                frame.market.ccag(Prestation::Feasibility).verification,
                frame.market.ccag(Prestation::Preparation).verification,
                frame.market.ccag(Prestation::Implementation).verification,
                frame.market.payment.span,
            ],
            departments,
            stalled,
        })
    }

    /// The paths that a figure counts, those of the latest day first but for those that wait, the longest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a lot that the market does not have; as [`App::dashboard`].
    pub async fn figure_list(
        &self,
        actor: &Actor,
        asked: Asked,
        choice: &FigureChoice,
    ) -> Result<FigureList, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let frame = frame(&book.terms, asked, paris_day(tx.now().await?))?;
        frame.knows(choice.lot.as_ref())?;
        let kept = self.counted(&tx).await?;
        let mut counted: Vec<Ranked<'_>> = kept
            .standings(&frame.market.code, frame.moment)
            .into_iter()
            .filter(|(_, path)| choice.lot.as_ref().is_none_or(|lot| path.lot == lot))
            .filter(|(_, path)| choice.department.as_ref().is_none_or(|department| path.department == department))
            .filter(|(_, path)| choice.figure.counts(path, frame.period))
            .collect();
        counted.sort_by_key(|(rank, path)| (std::cmp::Reverse(choice.figure.day(path)), *rank));
        if choice.figure.oldest_first() {
            counted.sort_by_key(|(rank, path)| (choice.figure.day(path), *rank));
        }
        if choice.companies {
            let mut known = HashSet::new();
            counted.retain(|(_, path)| known.insert(path.company));
        }
        let shown: Vec<&Ranked<'_>> = counted.iter().skip(choice.skip).take(choice.limit).collect();
        let figure = choice.figure;
        let rows = rows(&tx, &kept, &shown, |path| (figure.day(path), figure.days(path, frame.period))).await?;
        Ok(FigureList { moment: frame.moment, period: frame.period, count: counted.len() as u64, rows })
    }
}

/// What lists show of these paths, each with the day for which it counts and the days that are measured.
async fn rows(
    tx: &Tx,
    kept: &Kept,
    shown: &[&Ranked<'_>],
    counted: impl Fn(&Standing<'_>) -> (Day, Option<i64>),
) -> Result<Vec<FigureRow>, AppError> {
    let ids: Vec<PathId> = shown.iter().map(|(rank, _)| kept.paths[*rank].id).collect();
    let mut stored: HashMap<PathId, _> =
        tx.paths_by_ids(&ids).await?.into_iter().map(|stored| (stored.path.id, stored.path)).collect();
    let row = |(rank, standing): &&Ranked<'_>| {
        let path = stored.remove(&kept.paths[*rank].id)?;
        let (on, days) = counted(standing);
        Some(FigureRow {
            on,
            days,
            reference: path.reference,
            siret: standing.company.clone(),
            company: path.workplace.company,
            commune: path.workplace.commune.to_string(),
            job: path.job.title,
            lot: standing.lot.clone(),
            state: standing.state,
        })
    };
    Ok(shown.iter().filter_map(row).collect())
}

/// The market in force on the day that is asked, as its terms were known then.
fn frame(terms: &[TermsRecord], asked: Asked, today: Day) -> Result<Frame<'_>, AppError> {
    let as_of = asked.as_of.unwrap_or(today);
    let known = |record: &&TermsRecord| {
        record.effective_on <= as_of && asked.known_at.is_none_or(|instant| record.recorded_at <= instant)
    };
    let markets = terms.iter().filter(known).filter(|record| !record.terms.market.past);
    let market = markets
        .max_by_key(|record| {
            let market = &record.terms.market;
            (market.starts_on <= as_of && as_of <= market.ends_on, record.effective_on, record.terms.version)
        })
        .map(|record| &record.terms.market)
        .ok_or(AppError::NoMarket)?;
    let period = match asked.since {
        Since::Year => Period::year_to(as_of),
        Since::Market => Period { from: market.starts_on, until: as_of },
    };
    Ok(Frame { market, moment: Moment { as_of, known_at: asked.known_at }, period })
}

/// What each department of a market comes to, in the order of its lots.
fn of_departments(market: &Market, paths: &[Ranked<'_>], period: Period) -> Vec<OfDepartment> {
    let all = market.lots.iter().flat_map(|lot| lot.departments.iter().map(move |it| (&lot.code, it)));
    let mut departments: Vec<(OfDepartment, HashSet<&Siret>)> = all
        .map(|(lot, department)| {
            let none = OfDepartment {
                department: department.clone(),
                lot: lot.clone(),
                opened: 0,
                companies: 0,
                decided: 0,
                feasible: 0,
                entries: 0,
            };
            (none, HashSet::new())
        })
        .collect();
    for (_, path) in paths {
        let counts = |figure: Figure| figure.counts(path, period);
        for (of, companies) in departments.iter_mut().filter(|(of, _)| of.department == *path.department) {
            if counts(Figure::Funnel(Stage::Need)) {
                of.opened += 1;
                companies.insert(path.company);
            }
            of.decided += u64::from(counts(Figure::Decided));
            of.feasible += u64::from(counts(Figure::Funnel(Stage::Feasible)));
            of.entries += u64::from(counts(Figure::Entries));
        }
    }
    let known = departments.into_iter();
    known.map(|(of, companies)| OfDepartment { companies: companies.len() as u64, ..of }).collect()
}
