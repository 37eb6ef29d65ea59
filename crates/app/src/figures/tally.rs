//! What paths come to together, path by path: a hundred thousand of them do not fit in the caches of a processor, one does, and is
//! held against every figure while it is at hand.

use chrono::Datelike;
use domain::Day;
use domain::figures::{Course, Figure, Period, Stage, Standing, before, delay, verifications};
use domain::market::Prestation;
use domain::money::Cents;
use strum::IntoEnumIterator;

/// What some paths come to over a period.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    period: Period,
    pub counts: Vec<(Figure, u64)>,
    /// Entries of the year of the period's last day in each of its months, up to that of the day.
    months: Vec<u64>,
    /// Days of each stage that has one before it.
    pub delays: Vec<(Stage, Vec<i64>)>,
    /// Days of each decision, by prestation.
    pub verifications: [Vec<i64>; 3],
    pub courses: Vec<Course>,
    /// Service done within the period.
    pub served: Vec<(Prestation, Cents, Day)>,
}

impl Tally {
    /// Of no path.
    pub(super) fn new(period: Period) -> Self {
        Self {
            period,
            counts: Figure::all().map(|figure| (figure, 0)).collect(),
            months: vec![0; period.until.month() as usize],
            delays: Stage::iter().filter(|stage| before(*stage).is_some()).map(|stage| (stage, Vec::new())).collect(),
            verifications: [const { Vec::new() }; 3],
            courses: Vec::new(),
            served: Vec::new(),
        }
    }

    /// One path more.
    pub(super) fn add(&mut self, path: &Standing<'_>) {
        let period = self.period;
        for (figure, count) in &mut self.counts {
            *count += u64::from(figure.counts(path, period));
        }
        if Figure::Entries.counts(path, Period::year_to(period.until)) {
            self.months[Figure::Entries.day(path).month0() as usize] += 1;
        }
        for (stage, days) in &mut self.delays {
            days.extend(delay(path, *stage, period));
        }
        for (of, days) in verifications(path, period) {
            self.verifications[of as usize].push(days);
        }
        self.courses.push(Course::from(path));
        self.served.extend(path.served().filter(|(_, _, on)| period.holds(*on)));
    }

    /// Other paths of the same period besides.
    pub(super) fn join(&mut self, other: &Self) {
        let pairs = self.counts.iter_mut().zip(&other.counts);
        pairs.for_each(|((_, count), (_, more))| *count += more);
        self.months.iter_mut().zip(&other.months).for_each(|(count, more)| *count += more);
        self.delays.iter_mut().zip(&other.delays).for_each(|((_, days), (_, more))| days.extend(more));
        self.verifications.iter_mut().zip(&other.verifications).for_each(|(days, more)| days.extend(more));
        self.courses.extend(&other.courses);
        self.served.extend(&other.served);
    }

    /// Entries of the year by the end of each month.
    pub(super) fn entries(&self) -> Vec<u64> {
        let by_then = self.months.iter().scan(0, |sum, month| {
            *sum += month;
            Some(*sum)
        });
        by_then.collect()
    }
}
