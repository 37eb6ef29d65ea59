//! `jalon report forecast --back-test`: the forecast tried on years whose end is known, because they are made up.
//!
//! Each year has a pace, a season, chances and delays of its own, drawn wide around what a lot of this market may live. The
//! forecast is asked at the end of three quarters, on what was known by then, and what came to pass is compared with its
//! interval: eight times in ten it should be within.

use chrono::{Datelike, Duration};
use domain::Day;
use domain::figures::{Course, Method, Outlook, STARTS};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reports::{Cell, Column, ColumnKind, Table};
use wording::figures;

/// Of a quarter: how many forecasts had an interval, and how many held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Held {
    pub asked: u32,
    pub within: u32,
}

impl Held {
    /// In hundredths of a percent.
    pub fn share(self) -> Option<domain::money::Percent> {
        domain::money::Percent::of(self.within.into(), self.asked.into())
    }
}

/// The days of a year on which the forecast is asked.
const ASKED: [(u32, u32); 3] = [(3, 31), (6, 30), (9, 30)];

/// What a lot lives.
struct Lot {
    needs_a_week: f64,
    /// How much more needs come in the best season than on average, and when in the year it is.
    season: (f64, f64),
    /// Chances of each stage, and the median and spread of its days.
    stages: [(f64, f64, f64); STARTS],
}

impl Lot {
    fn drawn(random: &mut StdRng) -> Self {
        let mut stage = |chance: (f64, f64), days: (f64, f64)| {
            (
                random.random_range(chance.0..chance.1),
                random.random_range(days.0..days.1),
                random.random_range(0.2..0.6),
            )
        };
        let stages = [
            stage((0.7, 0.98), (5.0, 25.0)),
            stage((0.55, 0.9), (20.0, 50.0)),
            stage((0.6, 0.95), (25.0, 70.0)),
            stage((0.6, 0.95), (15.0, 60.0)),
        ];
        Self {
            needs_a_week: random.random_range(0.8..10.0),
            season: (random.random_range(0.0..0.3), random.random_range(0.0..1.0)),
            stages,
        }
    }

    /// The paths opened within so many days, with everything that becomes of them.
    fn live(&self, random: &mut StdRng, from: Day, days: i64) -> Vec<Life> {
        let mut lives = Vec::new();
        for at in 0..days {
            let day = from + Duration::days(at);
            let wave = ((f64::from(day.ordinal()) / 365.0 + self.season.1) * std::f64::consts::TAU).sin();
            let chance = self.needs_a_week / 7.0 * (1.0 + self.season.0 * wave);
            for _ in 0..poisson(random, chance) {
                lives.push(self.life(random, day));
            }
        }
        lives
    }

    fn life(&self, random: &mut StdRng, opened: Day) -> Life {
        let mut life = Life { reached: vec![opened], stopped: None };
        let mut day = opened;
        for (chance, median, spread) in self.stages {
            day += Duration::days((median * (spread * normal(random)).exp()).round() as i64);
            if !random.random_bool(chance) {
                life.stopped = Some(day);
                break;
            }
            life.reached.push(day);
        }
        life
    }
}

/// A path: the days of need, study ordered, feasible, ready and entry, as far as it goes.
struct Life {
    reached: Vec<Day>,
    stopped: Option<Day>,
}

impl Life {
    /// What is known of it on a day.
    fn known(&self, today: Day) -> Option<Course> {
        let reached = |stage: usize| self.reached.get(stage).copied().filter(|day| *day <= today);
        reached(0)?;
        let entered = reached(STARTS);
        Some(Course {
            reached: std::array::from_fn(reached),
            entered,
            stopped: self.stopped.filter(|day| *day <= today),
            // Closed some three months after the entry.
            closed: entered.is_some_and(|day| day + Duration::days(90) <= today),
        })
    }
}

/// A standard normal number (Box and Muller, 1958).
fn normal(random: &mut StdRng) -> f64 {
    let (one, other): (f64, f64) = (random.random_range(f64::EPSILON..1.0), random.random_range(0.0..1.0));
    (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
}

/// A Poisson number of a small mean (Knuth's product of uniforms).
fn poisson(random: &mut StdRng, mean: f64) -> u32 {
    let (limit, mut product, mut count) = ((-mean).exp(), 1.0, 0);
    loop {
        product *= random.random_range(0.0..1.0_f64);
        if product <= limit {
            return count;
        }
        count += 1;
    }
}

/// Tries the forecast on so many years, by quarter.
pub fn back_test(years: u32, seed: u64) -> [Held; 3] {
    let mut held = [Held::default(); 3];
    for year in 0..years {
        let mut random = StdRng::seed_from_u64(seed.wrapping_add(year.into()));
        let lot = Lot::drawn(&mut random);
        // A market that began one year before, or two.
        let first = 2024 + i32::try_from(year % 2).unwrap_or(0);
        let (Some(from), Some(end)) = (Day::from_ymd_opt(first, 1, 1), Day::from_ymd_opt(2026, 12, 31)) else {
            continue;
        };
        let lives = lot.live(&mut random, from, (end - from).num_days() + 1);
        let landed = lives
            .iter()
            .filter_map(|life| life.reached.get(STARTS))
            .filter(|day| day.year() == 2026)
            .filter(|day| **day <= end);
        let landed = u32::try_from(landed.count()).unwrap_or(u32::MAX);
        for (held, (month, day)) in held.iter_mut().zip(ASKED) {
            let Some(today) = Day::from_ymd_opt(2026, month, day) else { continue };
            let known: Vec<Course> = lives.iter().filter_map(|life| life.known(today)).collect();
            let said = Outlook::new(&known, today, from).forecast(None);
            if let (Method::Stages { .. }, Some((low, high))) = (said.method, said.interval) {
                held.asked += 1;
                held.within += u32::from((low..=high).contains(&landed));
            }
        }
    }
    held
}

/// The trial as a table.
pub fn table(years: u32) -> Table {
    let quarter = |((month, day), held): ((u32, u32), Held)| {
        vec![
            Day::from_ymd_opt(2026, month, day).map_or(Cell::Empty, Cell::Day),
            Cell::Count(held.asked.into()),
            Cell::Count(held.within.into()),
            held.share().map_or(Cell::Empty, Cell::Percent),
        ]
    };
    Table {
        title: figures::back_test(wording::numbers::integer(years.into())),
        columns: vec![
            Column::new("asked_on", figures::ASKED_ON, ColumnKind::Day),
            Column::new("forecasts", figures::FORECASTS, ColumnKind::Count),
            Column::new("held", figures::HELD, ColumnKind::Count),
            Column::new("share", figures::SHARE, ColumnKind::Percent),
        ],
        rows: ASKED.into_iter().zip(back_test(years, 1)).map(quarter).collect(),
        notes: vec![figures::BACK_TEST_NOTE.to_owned()],
        ..Table::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eight forecasts in ten hold: never fewer than seven, nor so many that the interval says nothing.
    #[test]
    fn the_interval_holds_eight_times_in_ten() {
        for (quarter, held) in back_test(400, 1).into_iter().enumerate() {
            let share = held.share().map_or(0, domain::money::Percent::hundredths);
            assert!(held.asked >= 300, "quarter {quarter}: {held:?}");
            assert!((7_000..=9_000).contains(&share), "quarter {quarter}: {held:?}");
        }
    }
}
