//! Places of a lot in a year of entry: planned, reserved, consumed, released, and the policy when none is left.
//!
//! Counters are changed by the store through conditional updates, from the [`PlaceEffect`]s that a decision calls for;
//! this module says what each change is and when a count crosses an alert. Sources: `domain.md` §3.4, invariant 4.

use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};

use crate::identifiers::LotCode;

/// What happens when no place is left.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    Display,
    AsRefStr,
    IntoStaticStr,
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Policy {
    /// The selection is refused.
    Block,
    /// The candidate waits; a released place goes to the first in the queue.
    Waitlist,
    /// The excess is counted and shown.
    Warn,
}

/// The places of one lot for one year of entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    pub lot: LotCode,
    pub year: i32,
    /// None for a market without quota.
    pub planned: Option<u32>,
    /// The contract's maximum, which always blocks.
    pub maximum: Option<u32>,
    pub reserved: u32,
    pub consumed: u32,
    pub released: u32,
}

impl Places {
    /// Places reserved or consumed.
    pub fn taken(&self) -> u32 {
        self.reserved + self.consumed
    }

    /// Places left before the quota; negative when it is exceeded under [`Policy::Warn`], `None` without quota.
    pub fn available(&self) -> Option<i64> {
        self.planned.map(|planned| i64::from(planned) - i64::from(self.taken()))
    }

    /// The most that may be taken under a policy: quota when it blocks, else the contract's maximum, else no limit.
    pub fn limit(&self, policy: Policy) -> Option<u32> {
        match policy {
            Policy::Block | Policy::Waitlist => match (self.planned, self.maximum) {
                (Some(planned), Some(maximum)) => Some(planned.min(maximum)),
                (planned, maximum) => planned.or(maximum),
            },
            Policy::Warn => self.maximum,
        }
    }

    /// The alert that the passage from `before` to `after` places taken crosses, the highest one only.
    pub fn alert(&self, before: u32, after: u32, percents: &[u32]) -> Option<PlaceAlert> {
        let planned = self.planned.filter(|planned| *planned > 0)?;
        if after <= before {
            return None;
        }
        if before <= planned && after > planned {
            return Some(PlaceAlert::Exceeded);
        }
        if before < planned && after == planned {
            return Some(PlaceAlert::Reached);
        }
        let crosses = |percent: &&u32| {
            let threshold = u64::from(planned) * u64::from(**percent);
            u64::from(before) * 100 < threshold && u64::from(after) * 100 >= threshold
        };
        percents.iter().filter(crosses).max().map(|percent| PlaceAlert::Percent(*percent))
    }
}

/// A threshold of the quota that was crossed upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceAlert {
    Percent(u32),
    Reached,
    Exceeded,
}

/// A change of the counters of a lot, by year of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "place", rename_all = "snake_case")]
pub enum PlaceEffect {
    /// A free place becomes reserved; refused when none is left under the policy.
    Reserve { year: i32 },
    /// A reserved place is given back before entry.
    Release { year: i32 },
    /// A reserved place becomes consumed; when the years differ, the second year must have a free place.
    Consume { reserved_year: i32, year: i32 },
    /// A consumed place becomes reserved again (entry annulled).
    Unconsume { year: i32 },
    /// A past entry is counted without reservation (imports of what came before).
    Import { year: i32 },
    /// The year of a reservation changes.
    Move { from: i32, to: i32 },
    /// The year of an entry is corrected.
    MoveConsumed { from: i32, to: i32 },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(planned: u32) -> Places {
        Places {
            lot: LotCode::parse("1").unwrap(),
            year: 2026,
            planned: Some(planned),
            maximum: None,
            reserved: 0,
            consumed: 0,
            released: 0,
        }
    }

    #[test]
    fn alerts_once_per_crossing_and_only_upwards() {
        let places = places(250);
        let percents = [80, 95];
        let crossed: Vec<_> = (0..=251)
            .filter_map(|after: u32| {
                places.alert(after.saturating_sub(1), after, &percents).map(|alert| (after, alert))
            })
            .collect();
        assert_eq!(
            crossed,
            [
                (200, PlaceAlert::Percent(80)),
                (238, PlaceAlert::Percent(95)),
                (250, PlaceAlert::Reached),
                (251, PlaceAlert::Exceeded)
            ]
        );
        assert_eq!(places.alert(200, 199, &percents), None);
    }

    #[test]
    fn the_contract_maximum_blocks_whatever_the_policy() {
        let mut places = places(250);
        places.maximum = Some(260);
        assert_eq!(places.limit(Policy::Block), Some(250));
        assert_eq!(places.limit(Policy::Waitlist), Some(250));
        assert_eq!(places.limit(Policy::Warn), Some(260));
        places.maximum = None;
        assert_eq!(places.limit(Policy::Warn), None);
    }
}
