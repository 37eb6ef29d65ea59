//! Where the entries of a lot will land at the end of the year, and what would bring them to the places planned.
//!
//! Method, as the page says it. From the paths of the lot, each seen from the day of each of its stages (need, study ordered,
//! feasible, ready) to its entry, its stop or today, the share that has entered after so many days is estimated with competing risks
//! (Aalen and Johansen, Scandinavian Journal of Statistics 5, 1978): a path still open counts for what it has lived. Each
//! open path then enters before the end with the probability of those that were as far for as long; needs go on arriving at
//! the pace of the last half-year. The interval takes four errors in: which paths enter, how many needs come, whether their
//! pace lasts, and how far the estimates are from the truth. Below [`ENOUGH`] closed paths nothing of this holds: the pace of the year goes on, without an
//! interval, and it says so.
//!
//! Probabilities are floating-point numbers: nothing here is money, nor is counted.

use chrono::{Datelike, Duration};

use super::{Period, Stage, Standing};
use crate::calendar::Day;
use crate::path::State;

/// Closed paths below which only a linear pace is said.
pub const ENOUGH: usize = 10;
/// Days over which the arrival of needs is measured.
pub const PACE_DAYS: i64 = 182;
/// How many standard deviations hold eight outcomes in ten, four on each side.
const EIGHT_IN_TEN: f64 = 1.281_55;
/// By how much the pace of needs may change from one half-year to the next, a season among others.
const DRIFT: f64 = 0.2;
/// Beyond this nothing is forecast, in days.
const FARTHEST: i64 = 3 * 365;

/// From how many stages a path is followed to its entry: the need, the study ordered, feasible, ready.
pub const STARTS: usize = 4;
/// The rank of the need, and that of the study.
const NEED: usize = 0;
const STUDY: usize = 1;

/// A path as the forecast sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// The days of its stages before the entry.
    pub reached: [Option<Day>; STARTS],
    pub entered: Option<Day>,
    /// The day on which it ended without an entry.
    pub stopped: Option<Day>,
    pub closed: bool,
}

impl From<&Standing<'_>> for Course {
    fn from(path: &Standing<'_>) -> Self {
        let entered = path.reached(Stage::Entry);
        Self {
            reached: [path.reached(Stage::Need), path.study, path.reached(Stage::Feasible), path.reached(Stage::Ready)],
            entered,
            stopped: (entered.is_none() && path.state.is_final()).then_some(path.since),
            closed: path.state == State::Closed,
        }
    }
}

impl Course {
    /// The furthest stage and its day, for who may still enter.
    fn waits_from(&self) -> Option<(usize, Day)> {
        let open = self.entered.is_none() && self.stopped.is_none();
        (0..STARTS).rev().find_map(|stage| Some((stage, self.reached[stage]?))).filter(|_| open)
    }
}

/// How a forecast was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The pace of the year, for want of closed paths: how many there are.
    Pace { closed: usize },
    /// From the stages of the paths: how many were followed.
    Stages { followed: usize },
    /// The sum of those of the lots, and whether each of them has an interval.
    Lots { measured: bool },
}

/// What a year comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    pub method: Method,
    /// Entries of the year by the day of the forecast.
    pub entered: u32,
    /// Entries of the year at its end, as expected.
    pub landing: u32,
    /// Eight outcomes in ten are within, bounds included; none by the pace alone.
    pub interval: Option<(u32, u32)>,
    /// The day on which the places planned would be taken, if everything goes on.
    pub reached_on: Option<Day>,
    /// Studies to order each week from now on for the places planned to be taken by the end of the year, in tenths: those of needs
    /// that wait for one, and of needs to come; zero when those that are under way suffice. None when the places are taken, when the
    /// year ends before one more study would bear, or by the pace alone.
    pub studies_per_week: Option<u32>,
}

/// The share of paths that have entered after so many days, and of those still waiting.
#[derive(Debug, Clone, Default)]
struct Incidence {
    /// By day: entered by its end, waiting at its end, and how many paths were followed to it.
    days: Vec<(f64, f64, f64)>,
    /// How many paths it rests on.
    paths: usize,
}

impl Incidence {
    /// From lives of so many days, of which the end says: true an entry, false a stop, none that it still waits.
    fn of(mut lives: Vec<(i64, Option<bool>)>) -> Self {
        lives.sort_unstable_by_key(|(days, _)| *days);
        let paths = lives.len();
        let (mut at_risk, mut entered, mut waiting) = (paths as f64, 0.0, 1.0);
        let mut days = Vec::new();
        let mut lives = lives.into_iter().peekable();
        for day in 0..=FARTHEST {
            let (mut came, mut left, mut censored) = (0.0, 0.0, 0.0);
            while let Some((_, end)) = lives.next_if(|(length, _)| *length <= day) {
                match end {
                    Some(true) => came += 1.0,
                    Some(false) => left += 1.0,
                    None => censored += 1.0,
                }
            }
            if at_risk > 0.0 {
                entered += waiting * came / at_risk;
                waiting *= 1.0 - (came + left) / at_risk;
            }
            days.push((entered, waiting, at_risk));
            at_risk -= came + left + censored;
        }
        Self { days, paths }
    }

    fn at(&self, day: i64) -> (f64, f64, f64) {
        let last = self.days.len().saturating_sub(1);
        let day = usize::try_from(day.max(0)).unwrap_or(last).min(last);
        self.days.get(day).copied().unwrap_or((0.0, 1.0, 0.0))
    }

    /// The probability to enter within `horizon` days for who waits since `age` days.
    fn enters(&self, age: i64, horizon: i64) -> f64 {
        let ((before, waiting, _), (after, ..)) = (self.at(age), self.at(age + horizon));
        if waiting > 1e-9 { ((after - before) / waiting).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The variance of a probability estimated on those that waited for so long.
    fn error(&self, probability: f64, age: i64) -> f64 {
        probability * (1.0 - probability) / self.at(age).2.max(1.0)
    }
}

/// What is expected of the days to come.
#[derive(Debug)]
struct Model {
    from_stage: [Incidence; STARTS],
    /// Open paths: their stage, and days since.
    waiting: Vec<(usize, i64)>,
    /// Needs a day, and the days over which they were counted.
    pace: f64,
    measured: f64,
}

impl Model {
    fn new(courses: &[Course], today: Day, since: Day) -> Self {
        let life = |course: &Course, stage: usize| {
            let start = course.reached[stage]?;
            let (end, how) = match (course.entered, course.stopped) {
                (Some(entered), _) => (entered, Some(true)),
                (None, Some(stopped)) => (stopped, Some(false)),
                (None, None) => (today, None),
            };
            Some(((end - start).num_days().max(0), how))
        };
        let incidence = |stage: usize| Incidence::of(courses.iter().filter_map(|course| life(course, stage)).collect());
        let first = since.max(today - Duration::days(PACE_DAYS - 1));
        let measured = ((today - first).num_days() + 1).max(1) as f64;
        let recent = Period { from: first, until: today };
        let needs = courses.iter().filter(|course| course.reached[NEED].is_some_and(|day| recent.holds(day))).count();
        let waiting = courses.iter().filter_map(Course::waits_from);
        Self {
            from_stage: std::array::from_fn(incidence),
            waiting: waiting.map(|(stage, since)| (stage, (today - since).num_days().max(0))).collect(),
            pace: needs as f64 / measured,
            measured,
        }
    }

    /// Entries expected within so many days of the open paths that came to a stage.
    fn of_open(&self, from: usize, horizon: i64) -> f64 {
        let waiting = self.waiting.iter().filter(|(stage, _)| *stage >= from);
        waiting.map(|(stage, age)| self.from_stage[*stage].enters(*age, horizon)).sum()
    }

    /// Entries expected within so many days for one path more a day at a stage.
    fn of_new(&self, stage: usize, horizon: i64) -> f64 {
        (0..horizon).map(|left| self.from_stage[stage].at(left).0).sum()
    }

    fn expected(&self, horizon: i64) -> f64 {
        self.of_open(NEED, horizon) + self.pace * self.of_new(NEED, horizon)
    }

    fn variance(&self, horizon: i64) -> f64 {
        if horizon <= 0 {
            return 0.0;
        }
        let mut variance = 0.0;
        let mut by_stage = [(0.0_f64, 0.0_f64); STARTS];
        for (stage, age) in &self.waiting {
            let enters = self.from_stage[*stage].enters(*age, horizon);
            // Which of them enter.
            variance += enters * (1.0 - enters);
            by_stage[*stage].0 += 1.0;
            by_stage[*stage].1 += self.from_stage[*stage].error(enters, *age);
        }
        // How far the estimates are, wrong in the same way for all paths of a stage.
        variance += by_stage.iter().map(|(paths, errors)| paths * errors).sum::<f64>();
        let of_new = self.of_new(NEED, horizon);
        // How many needs come, how well their pace is known, whether it lasts, and what becomes of them.
        variance += self.pace * of_new + of_new * of_new * self.pace / self.measured;
        variance += (DRIFT * self.pace * of_new).powi(2);
        let coming = self.pace * horizon as f64;
        variance + coming * coming * self.from_stage[NEED].error((of_new / horizon as f64).clamp(0.0, 1.0), 0)
    }
}

fn rounded(value: f64) -> u32 {
    // Counts of paths, far below what a float holds exactly.
    value.round().max(0.0) as u32
}

/// What the paths of a lot, seen on a day, let expect of its year.
#[derive(Debug)]
pub struct Outlook {
    today: Day,
    entered: u32,
    closed: usize,
    /// Entries a day since the beginning of the year.
    pace: f64,
    /// None with too few closed paths.
    model: Option<Model>,
}

impl Outlook {
    /// Of paths seen on `today`, of a market that began on `since`.
    pub fn new(courses: &[Course], today: Day, since: Day) -> Self {
        let year = Period::year_to(today);
        let entered = courses.iter().filter(|course| course.entered.is_some_and(|day| year.holds(day))).count() as u32;
        let closed = courses.iter().filter(|course| course.closed).count();
        let days = ((today - since.max(year.from)).num_days() + 1).max(1) as f64;
        Self {
            today,
            entered,
            closed,
            pace: f64::from(entered) / days,
            model: (closed >= ENOUGH).then(|| Model::new(courses, today, since)),
        }
    }

    /// Days until the end of the year.
    fn horizon(&self) -> i64 {
        let end = Day::from_ymd_opt(self.today.year(), 12, 31).unwrap_or(self.today);
        (end - self.today).num_days()
    }

    /// Entries expected within so many days.
    fn expected(&self, days: i64) -> f64 {
        self.model.as_ref().map_or(self.pace * days as f64, |model| model.expected(days))
    }

    fn missing(&self, planned: Option<u32>) -> Option<f64> {
        planned.map(|planned| f64::from(planned) - f64::from(self.entered))
    }

    /// Both bounds of eight outcomes in ten, when the variance is known.
    fn interval(entered: u32, expected: f64, variance: Option<f64>) -> Option<(u32, u32)> {
        let spread = EIGHT_IN_TEN * variance?.sqrt();
        Some((entered + rounded(expected - spread), entered + rounded(expected + spread)))
    }

    fn variance(&self) -> Option<f64> {
        self.model.as_ref().map(|model| model.variance(self.horizon()))
    }

    /// Studies to order each week, in tenths.
    fn studies(&self, planned: Option<u32>) -> Option<u32> {
        let (model, horizon) = (self.model.as_ref()?, self.horizon());
        let missing = self.missing(planned).filter(|missing| *missing > 0.0)?;
        let (left, each) = (missing - model.of_open(STUDY, horizon), model.of_new(STUDY, horizon));
        let per_week = 7.0 * left / each;
        (each > 1e-6 && per_week < 1_000.0).then(|| rounded(10.0 * per_week))
    }

    /// The forecast of the lot.
    pub fn forecast(&self, planned: Option<u32>) -> Forecast {
        let expected = self.expected(self.horizon());
        let reached = self.missing(planned).and_then(|missing| days_to(missing, |days| self.expected(days)));
        Forecast {
            method: match &self.model {
                None => Method::Pace { closed: self.closed },
                Some(model) => Method::Stages { followed: model.from_stage[NEED].paths },
            },
            entered: self.entered,
            landing: self.entered + rounded(expected),
            interval: Self::interval(self.entered, expected, self.variance()),
            reached_on: reached.map(|days| self.today + Duration::days(days)),
            studies_per_week: self.studies(planned),
        }
    }
}

/// The forecast of all lots together, each with its planned places: what is said of them adds up to what is said of the whole.
pub fn together(lots: &[(Outlook, Option<u32>)]) -> Option<Forecast> {
    let (first, rest) = lots.split_first()?;
    if rest.is_empty() {
        return Some(first.0.forecast(first.1));
    }
    let (today, horizon) = (first.0.today, first.0.horizon());
    let entered = lots.iter().map(|(lot, _)| lot.entered).sum();
    let expected = |days: i64| lots.iter().map(|(lot, _)| lot.expected(days)).sum::<f64>();
    let planned: Option<u32> = lots.iter().map(|(_, planned)| *planned).sum();
    let variance: Option<f64> = lots.iter().map(|(lot, _)| lot.variance()).sum();
    let missing = planned.map(|planned| f64::from(planned) - f64::from(entered));
    // Those that come to their places without need no study more.
    let short = lots.iter().filter(|(lot, planned)| lot.missing(*planned).is_some_and(|missing| missing > 0.0));
    let studies: Option<u32> = short.map(|(lot, planned)| lot.studies(*planned)).sum();
    Some(Forecast {
        method: Method::Lots { measured: variance.is_some() },
        entered,
        landing: lots.iter().map(|(lot, planned)| lot.forecast(*planned).landing).sum(),
        interval: Outlook::interval(entered, expected(horizon), variance),
        reached_on: missing.and_then(|missing| days_to(missing, expected)).map(|days| today + Duration::days(days)),
        studies_per_week: studies.filter(|_| missing.is_some_and(|missing| missing > 0.0)),
    })
}

/// After how many days what is expected comes to what is missing; none within three years.
fn days_to(missing: f64, expected: impl Fn(i64) -> f64) -> Option<i64> {
    if missing <= 0.0 {
        return Some(0);
    }
    if expected(FARTHEST) < missing {
        return None;
    }
    // Expectations never shrink: halve the days until the first that is enough.
    let (mut short, mut enough) = (0, FARTHEST);
    while enough - short > 1 {
        let middle = (short + enough) / 2;
        if expected(middle) < missing { short = middle } else { enough = middle }
    }
    Some(enough)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::day;

    /// Paths of a steady lot, one need every five days since 2025: the study is ordered after five days, and each path enters sixty
    /// days after its need, but every third, whose study stops it after thirty.
    fn steady(today: Day) -> Vec<Course> {
        let begun = day("2025-01-01");
        let path = |rank: i64| {
            let opened = begun + Duration::days(5 * rank);
            let seen = |days: i64| Some(opened + Duration::days(days)).filter(|on| *on <= today);
            let stops = rank % 3 == 0;
            let entered = seen(60).filter(|_| !stops);
            Course {
                reached: [seen(0), seen(5), seen(30).filter(|_| !stops), seen(45).filter(|_| !stops)],
                entered,
                stopped: seen(30).filter(|_| stops),
                closed: entered.is_some_and(|on| on + Duration::days(90) <= today),
            }
        };
        (0..).map(path).take_while(|course| course.reached[NEED].is_some()).collect()
    }

    #[test]
    fn what_is_said_of_the_lots_adds_up_to_what_is_said_of_the_whole() {
        let (today, since) = (day("2026-06-30"), day("2025-01-01"));
        let lot = || Outlook::new(&steady(today), today, since);
        let one = lot().forecast(Some(60));
        assert!(matches!(one.method, Method::Stages { .. }), "{:?}", one.method);
        let both = together(&[(lot(), Some(60)), (lot(), Some(60))]).expect("two lots");
        assert_eq!((both.entered, both.landing), (2 * one.entered, 2 * one.landing));
        assert_eq!(both.studies_per_week, one.studies_per_week.map(|studies| 2 * studies));
        assert_eq!(both.method, Method::Lots { measured: true });
        let width = |forecast: &Forecast| forecast.interval.map(|(low, high)| high - low).expect("measured");
        assert!(width(&both) < 2 * width(&one), "errors of two lots make up for each other");
        // A lot that has too few closed paths has no interval, nor has the whole.
        let few = Outlook::new(&steady(today)[..5], today, since);
        let mixed = together(&[(lot(), Some(60)), (few, Some(60))]).expect("two lots");
        assert_eq!((mixed.interval, mixed.method), (None, Method::Lots { measured: false }));
        assert_eq!(together(&[(lot(), Some(60))]), Some(one), "one lot is the whole");
    }

    #[test]
    fn the_last_day_of_the_year_is_certain() {
        let today = day("2026-12-31");
        let said = Outlook::new(&steady(today), today, day("2025-01-01")).forecast(Some(60));
        assert_eq!(said.interval, Some((said.entered, said.entered)));
    }

    #[test]
    fn studies_are_counted_from_their_order_with_those_of_needs_that_wait() {
        let (today, since) = (day("2026-06-30"), day("2025-01-01"));
        let courses = steady(today);
        let said = |courses: &[Course]| Outlook::new(courses, today, since).forecast(Some(100)).studies_per_week;
        // Needs that wait for their study bring nothing of themselves: a study has to be ordered for each.
        let need = Course { reached: [Some(today), None, None, None], entered: None, stopped: None, closed: false };
        let more = [courses.as_slice(), &[need; 20]].concat();
        assert!(said(&courses).is_some_and(|studies| studies > 0));
        assert_eq!(said(&more), said(&courses));
    }
}
