//! What the officers of the Region choose about the facts that the lifecycle marks « (R) »: told of each at once, by a digest, or
//! finding them in the lists.
//!
//! Rules kept here:
//! - which fact is of which kind stands in the table of [`crate::told`], and nowhere else;
//! - a digest tells whole days, those since the last one; it leaves at half past seven on a working day, the weekly one on the
//!   first of its week. After days on which none could leave, one tells them all;
//! - whoever did something is not told of it.
//!
//! To add a kind: a variant, its events, its words, and a migration for the CHECK of its column.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr, VariantNames};

use crate::calendar::{Day, Instant, is_working_day, next_working_day, paris_time};
use crate::path::EventKind;

/// A kind of facts.
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
pub enum News {
    /// Needs reported, siblings opened.
    Needs,
    /// Conditions of a study met or given up.
    Conditions,
    /// Candidates selected, queued and withdrawn.
    Candidates,
}

impl News {
    /// The events that make it.
    pub const fn events(self) -> &'static [EventKind] {
        match self {
            Self::Needs => &[EventKind::NeedReported, EventKind::SiblingOpened],
            Self::Conditions => &[EventKind::ConditionSettled],
            Self::Candidates => {
                &[EventKind::CandidateSelected, EventKind::CandidateQueued, EventKind::CandidateWithdrawn]
            }
        }
    }

    /// The kind of an event, when it is news.
    pub fn of(event: EventKind) -> Option<Self> {
        Self::iter().find(|news| news.events().contains(&event))
    }
}

/// How an officer is told of a kind of facts.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
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
pub enum Pace {
    /// A message of its own.
    AtOnce,
    #[default]
    Daily,
    Weekly,
    /// No message: the lists show it.
    Listed,
}

impl Pace {
    /// Whether a digest is to be looked at on a day, for who was told of the days before `told_until`.
    ///
    /// Who is told at once has one too: of what happened before they chose so and no message said. Who reads the lists is told
    /// nothing, and the day passes for them all the same.
    pub fn is_due(self, told_until: Day, today: Day) -> bool {
        match self {
            Self::AtOnce | Self::Daily | Self::Listed => told_until < today,
            Self::Weekly => told_until < first_working_day_of_week(today),
        }
    }
}

fn first_working_day_of_week(day: Day) -> Day {
    let monday = day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()));
    next_working_day(monday)
}

/// What an account chooses about its messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Preferences {
    /// Kinds left out go at the usual pace.
    pub news: BTreeMap<News, Pace>,
    /// No reminders; decisions and escalations are still sent.
    pub reminders_off: bool,
}

impl Preferences {
    /// How the account is told of a kind of facts.
    pub fn pace(&self, news: News) -> Pace {
        self.news.get(&news).copied().unwrap_or_default()
    }
}

/// When digests leave, in Paris.
const HOUR: NaiveTime = NaiveTime::from_hms_opt(7, 30, 0).expect("half past seven");

/// The day whose digests may leave at an instant.
pub fn digest_day(now: Instant) -> Option<Day> {
    let local = paris_time(now);
    (local.time() >= HOUR && is_working_day(local.date())).then(|| local.date())
}

#[cfg(test)]
mod tests;
