//! What an import gives, kept as it was given, and what it says about people.
//!
//! A printed share stands for whole numbers of people. Of 62 entries, `53,23 %` is 33 people and nobody else: below 10 000
//! entries two decimals say the number exactly, above it a few numbers print alike. Weighing shares through these whole numbers
//! gives back what the committee's deck prints; weighing the printed shares themselves does not always (PROGRAMME QUALIF at
//! 31.12.2022 would be `69,11 %`, it is `69,10 %`).

use crate::decimal::{Decimal, nearest};
use crate::table::Cell;

/// A cell of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Given<T> {
    /// Nothing was written: to compute, when the row has parts.
    #[default]
    Blank,
    /// « - »: it has no sense for this row, or is not known.
    NotApplicable,
    Value(T),
}

impl<T: Copy> Given<T> {
    /// The value, when there is one.
    pub const fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Blank | Self::NotApplicable => None,
        }
    }

    /// The cell of a value, a dash or nothing.
    pub fn cell(self, cell: impl FnOnce(T) -> Cell) -> Cell {
        match self {
            Self::Value(value) => cell(value),
            Self::NotApplicable => Cell::NotApplicable,
            Self::Blank => Cell::Empty,
        }
    }
}

/// A part of the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// So many people.
    People(i64),
    /// A printed percentage.
    Percent(Decimal),
}

impl Part {
    /// The whole numbers of people, of `whole`, that it may be; none when no number of people prints so.
    pub fn people(self, whole: i64) -> Option<People> {
        match self {
            Self::People(people) => Some(People::exactly(people)),
            Self::Percent(percent) => People::printing(percent, whole),
        }
    }

    /// The whole number of people that is nearest to it, whether or not any prints so.
    pub fn nearest(self, whole: i64) -> Option<i64> {
        match self {
            Self::People(people) => Some(people),
            Self::Percent(percent) => {
                let people = nearest(i128::from(whole) * i128::from(percent.units()), 100 * percent.scale())?;
                i64::try_from(people).ok()
            }
        }
    }

    /// The share as a cell: a percentage as it was printed, or of people to two decimals; nothing of an empty whole.
    pub fn cell(self, whole: i64) -> Cell {
        match self {
            Self::Percent(percent) if percent.decimals() == 2 => Cell::Percent(percent.percent()),
            Self::Percent(percent) => Cell::Rate(percent),
            Self::People(people) => share(people, whole, 2).map_or(Cell::Empty, |share| Cell::Percent(share.percent())),
        }
    }
}

/// So many people of a whole, in percent.
pub fn share(people: i64, whole: i64, decimals: u8) -> Option<Decimal> {
    Decimal::of(i128::from(people) * 100, whole.into(), decimals)
}

/// Whole numbers of people: all that may be, and the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct People {
    pub low: i64,
    pub best: i64,
    pub high: i64,
}

impl People {
    /// So many, known.
    pub const fn exactly(people: i64) -> Self {
        Self { low: people, best: people, high: people }
    }

    /// Those whose share of `whole` prints as `percent`; none when no whole number does.
    pub fn printing(percent: Decimal, whole: i64) -> Option<Self> {
        let (units, whole_people) = (i128::from(percent.units()), i128::from(whole));
        // Everything that rounds to a printed number lies within half a unit of its last decimal.
        let halves = 200 * percent.scale();
        let low = ceiling(whole_people * (2 * units - 1), halves).max(0);
        let high = (whole_people * (2 * units + 1)).div_euclid(halves).min(whole_people);
        if low > high {
            return None;
        }
        let best = nearest(whole_people * units, 100 * percent.scale())?.clamp(low, high);
        let number = |people: i128| i64::try_from(people).ok();
        Some(Self { low: number(low)?, best: number(best)?, high: number(high)? })
    }

    /// Both groups together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { low: self.low + other.low, best: self.best + other.best, high: self.high + other.high }
    }

    /// Whether some number of people is in both.
    pub const fn meets(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

fn ceiling(dividend: i128, divisor: i128) -> i128 {
    -(-dividend).div_euclid(divisor)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_printed_share_says_how_many_people() {
        let people = |units, whole| People::printing(Decimal::new(units, 2), whole);
        assert_eq!(people(7_097, 31), Some(People::exactly(22)));
        assert_eq!(people(5_323, 62), Some(People::exactly(33)));
        assert_eq!(people(982, 11_339), Some(People { low: 1_113, best: 1_113, high: 1_114 }));
        assert_eq!(people(7_100, 31), None, "no number of people of 31 prints 71,00 %");
        assert_eq!(People::printing(Decimal::new(5, 0), 818), Some(People { low: 37, best: 41, high: 44 }));
        assert_eq!(people(0, 177), Some(People::exactly(0)));
        assert_eq!(people(10_000, 369), Some(People::exactly(369)));
    }

    proptest! {
        #[test]
        fn people_are_among_those_that_their_share_allows((whole, people) in (1_i64..40_000).prop_flat_map(|whole| (Just(whole), 0..=whole)), decimals in 0_u8..4) {
            let printed = share(people, whole, decimals).unwrap();
            let allowed = People::printing(printed, whole).unwrap();
            prop_assert!(allowed.low <= people && people <= allowed.high);
            prop_assert!(allowed.low <= allowed.best && allowed.best <= allowed.high);
            if decimals == 2 && whole < 10_000 {
                prop_assert_eq!(allowed, People::exactly(people));
            }
        }
    }
}
