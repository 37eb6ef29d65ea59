//! Random numbers of a history: seeded, so that a failure is played again.

use chrono::Duration;
use strum::IntoEnumIterator;

use crate::calendar::Day;

/// SplitMix64: small, seeded, the same everywhere.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        value ^ (value >> 31)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap()
    }

    pub(super) fn one_in(&mut self, bound: u32) -> bool {
        self.below(bound) == 0
    }

    pub(super) fn pick<'a, V>(&mut self, values: &'a [V]) -> &'a V {
        &values[self.below(u32::try_from(values.len()).unwrap()) as usize]
    }

    pub(super) fn any<V: IntoEnumIterator>(&mut self) -> V {
        let count = u32::try_from(V::iter().count()).unwrap();
        V::iter().nth(self.below(count) as usize).unwrap()
    }

    /// A day from `before` days before to `after` days after.
    pub(super) fn around(&mut self, day: Day, before: u32, after: u32) -> Day {
        day + Duration::days(i64::from(self.below(before + after + 1)) - i64::from(before))
    }
}
