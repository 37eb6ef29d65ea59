//! Civil days in Europe/Paris, public holidays, time limits and quiet hours.
//!
//! Time limits follow CCAG-FCS art. 3.2: they start the day after the event and end at the end of the last day; months
//! run from date to date; a last day on a Saturday, a Sunday or a public holiday moves to the next working day.
//! Everything is computed from its arguments: neither the clock nor the zone of the machine is read.
//!
//! To add a holiday, add a variant to [`Holiday`] and its rule to [`holiday`].

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, Offset, SecondsFormat, TimeZone, Timelike,
    Utc, Weekday,
};
use chrono_tz::Europe::Paris;
use serde::{Deserialize, Serialize};
use strum::{AsRefStr, Display, EnumIter, EnumString, IntoStaticStr, VariantNames};
use thiserror::Error;

#[cfg(test)]
mod tests;

/// A civil day in Europe/Paris.
pub type Day = NaiveDate;

/// A moment, in UTC.
pub type Instant = DateTime<Utc>;

/// Where a time limit stops when its span would carry it further; a Friday, and no holiday.
const LAST_DAY: Day = NaiveDate::from_ymd_opt(9999, 12, 31).expect("December has 31 days");

/// The day it is in Paris at this instant.
pub fn paris_day(instant: Instant) -> Day {
    paris_time(instant).date()
}

/// The time that clocks in Paris show at this instant.
pub fn paris_time(instant: Instant) -> NaiveDateTime {
    instant.with_timezone(&Paris).naive_local()
}

/// `2026-11-18T10:42:00+01:00`: the time in Paris with its offset, to the second (RFC 3339).
pub fn paris_iso(instant: Instant) -> String {
    instant.with_timezone(&Paris).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// The first instant of a day in Paris.
pub fn start_of_day(day: Day) -> Instant {
    at_paris_time(day, NaiveTime::MIN)
}

/// The instant at which a day ends in Paris, which is the start of the next one.
pub fn end_of_day(day: Day) -> Instant {
    start_of_day(day.succ_opt().unwrap_or(day))
}

/// The instant at which clocks in Paris show this hour and minute, as [`at_paris_time`] resolves it.
///
/// # Panics
/// The hour is above 23 or the minute above 59: callers give constants, or parts of a time already read.
pub fn at_paris(day: Day, hour: u32, minute: u32) -> Instant {
    at_paris_time(day, NaiveTime::from_hms_opt(hour, minute, 0).expect("an hour below 24 and a minute below 60"))
}

/// The instant at which clocks in Paris show this time.
///
/// In spring, a time that the change skips moves forward by the length of the change (02:30 becomes 03:30); in autumn, a
/// time shown twice is the earliest of the two.
pub fn at_paris_time(day: Day, time: NaiveTime) -> Instant {
    let local = day.and_time(time);
    if let Some(found) = Paris.from_local_datetime(&local).earliest() {
        return found.to_utc();
    }
    // The offset in force before the change carries the time over it.
    let eve = local.checked_sub_days(Days::new(1)).unwrap_or(local);
    let before = Paris.offset_from_utc_datetime(&eve).fix();
    local.checked_sub_offset(before).unwrap_or(local).and_utc()
}

/// The instant without what is below the microsecond, the precision that both databases keep.
pub fn micros(instant: Instant) -> Instant {
    let below = instant.nanosecond() % 1_000;
    instant.checked_sub_signed(chrono::TimeDelta::nanoseconds(below.into())).unwrap_or(instant)
}

/// The public holidays of metropolitan France (Code du travail L.3133-1).
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
pub enum Holiday {
    NewYear,
    EasterMonday,
    LabourDay,
    Victory1945,
    Ascension,
    WhitMonday,
    BastilleDay,
    Assumption,
    AllSaints,
    Armistice1918,
    Christmas,
}

/// The public holiday of a day; where two meet (Ascension on the 1st of May 2008), the one of fixed date.
pub fn holiday(day: Day) -> Option<Holiday> {
    match (day.month(), day.day()) {
        (1, 1) => return Some(Holiday::NewYear),
        (5, 1) => return Some(Holiday::LabourDay),
        (5, 8) => return Some(Holiday::Victory1945),
        (7, 14) => return Some(Holiday::BastilleDay),
        (8, 15) => return Some(Holiday::Assumption),
        (11, 1) => return Some(Holiday::AllSaints),
        (11, 11) => return Some(Holiday::Armistice1918),
        (12, 25) => return Some(Holiday::Christmas),
        _ => {}
    }
    match day.signed_duration_since(easter(day.year())?).num_days() {
        1 => Some(Holiday::EasterMonday),
        39 => Some(Holiday::Ascension),
        50 => Some(Holiday::WhitMonday),
        _ => None,
    }
}

/// Easter Sunday of a Gregorian year, by the method of Meeus; nothing outside the years that a day can hold.
fn easter(year: i32) -> Option<Day> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let (leap_centuries, century_rest) = (century.div_euclid(4), century.rem_euclid(4));
    let moon_shift = (century + 8).div_euclid(25);
    let moon_correction = (century - moon_shift + 1).div_euclid(3);
    let epact = (19 * golden + century - leap_centuries - moon_correction + 15).rem_euclid(30);
    let (leap_years, year_rest) = (of_century / 4, of_century % 4);
    let weekday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest).rem_euclid(7);
    let late_moon = (golden + 11 * epact + 22 * weekday) / 451;
    let from_march = epact + weekday - 7 * late_moon + 114;
    let (month, day) = (from_march / 31, from_march % 31 + 1);
    Day::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs())
}

/// Whether a day is worked: Monday to Friday but public holidays.
pub fn is_working_day(day: Day) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && holiday(day).is_none()
}

/// The first working day from this day on, itself included.
pub fn next_working_day(day: Day) -> Day {
    day.iter_days().find(|day| is_working_day(*day)).unwrap_or(day)
}

/// The length of a time limit.
///
/// As text, in files and in the store: `15 d` (calendar days), `3 wd` (working days), `2 m` (months).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    Days(u32),
    WorkingDays(u32),
    Months(u32),
}

/// The largest number a span may hold when read from text.
const LONGEST_SPAN: u32 = 9_999;

/// Why a text is no span.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpanError {
    #[error("a span starts with a whole number, and \"{0}\" does not")]
    NoNumber(String),
    #[error("the unit of a span is d, wd or m, not \"{0}\"")]
    UnknownUnit(String),
    #[error("a span holds at most {LONGEST_SPAN} units, not {0}")]
    TooLong(String),
}

impl Span {
    /// Calendar days.
    pub const fn days(number: u32) -> Self {
        Self::Days(number)
    }

    /// Working days.
    pub const fn working_days(number: u32) -> Self {
        Self::WorkingDays(number)
    }

    /// Months, from date to date.
    pub const fn months(number: u32) -> Self {
        Self::Months(number)
    }

    /// The last day of a limit of this length that an event of this day starts: [`due`].
    pub fn end(self, event_day: Day) -> Day {
        due(event_day, self)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(number) => write!(f, "{number} d"),
            Self::WorkingDays(number) => write!(f, "{number} wd"),
            Self::Months(number) => write!(f, "{number} m"),
        }
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let text = text.trim();
        let unit_at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = text.split_at(unit_at);
        if number.is_empty() {
            return Err(SpanError::NoNumber(text.to_owned()));
        }
        let units = match unit.trim_start() {
            "d" => Self::Days,
            "wd" => Self::WorkingDays,
            "m" => Self::Months,
            unit => return Err(SpanError::UnknownUnit(unit.to_owned())),
        };
        let too_long = || SpanError::TooLong(number.to_owned());
        let number = number.parse().ok().filter(|number| *number <= LONGEST_SPAN).ok_or_else(too_long)?;
        Ok(units(number))
    }
}

impl TryFrom<String> for Span {
    type Error = SpanError;

    fn try_from(text: String) -> Result<Self, SpanError> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

/// The last day of a time limit, until whose end one may act; always a working day.
///
/// A limit stops at the end of the year 9999.
///
/// ```
/// use domain::calendar::{Day, Span, due};
///
/// // Fifteen days from Monday 29 June 2026 end on Bastille Day: the limit moves to the 15th.
/// let event = Day::from_ymd_opt(2026, 6, 29).unwrap();
/// assert_eq!(due(event, Span::Days(15)), Day::from_ymd_opt(2026, 7, 15).unwrap());
/// ```
pub fn due(event_day: Day, span: Span) -> Day {
    let last = match span {
        Span::Days(number) => event_day.checked_add_days(Days::new(number.into())),
        Span::Months(number) => event_day.checked_add_months(Months::new(number)),
        Span::WorkingDays(number) => after_working_days(event_day, number),
    };
    next_working_day(last.unwrap_or(LAST_DAY).min(LAST_DAY))
}

fn after_working_days(event_day: Day, number: u32) -> Option<Day> {
    let Some(rank) = number.checked_sub(1) else {
        return Some(event_day);
    };
    let days = event_day.succ_opt()?.iter_days().take_while(|day| *day <= LAST_DAY);
    days.filter(|day| is_working_day(*day)).nth(usize::try_from(rank).ok()?)
}

/// How many days remain until a due day: 0 on that day, negative once it has passed.
pub fn days_until(today: Day, due: Day) -> i64 {
    due.signed_duration_since(today).num_days()
}

/// The hours at which no reminder leaves, beside public holidays.
///
/// As text, `HH:MM`. Hours that start when they end are never quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    #[serde(with = "hours_and_minutes")]
    pub from: NaiveTime,
    #[serde(with = "hours_and_minutes")]
    pub until: NaiveTime,
}

impl QuietHours {
    /// The first instant, from this one on, at which a reminder may leave.
    pub fn next_allowed(&self, instant: Instant) -> Instant {
        let mut allowed = instant;
        while let Some(later) = self.end_of_quiet(allowed) {
            allowed = later;
        }
        allowed
    }

    /// A later instant to look at when this one is quiet.
    fn end_of_quiet(&self, instant: Instant) -> Option<Instant> {
        let local = paris_time(instant);
        let (day, time) = (local.date(), local.time());
        if holiday(day).is_some() {
            return Some(end_of_day(day)).filter(|end| *end > instant);
        }
        let (quiet, until) = if self.from <= self.until {
            (self.from <= time && time < self.until, day)
        } else if time >= self.from {
            (true, day.succ_opt()?)
        } else {
            (time < self.until, day)
        };
        if !quiet {
            return None;
        }
        // In the hour shown twice in autumn, the end of quiet may have to be the second of its two instants.
        let second = || Paris.from_local_datetime(&until.and_time(self.until)).latest().map(|end| end.to_utc());
        let first = at_paris_time(until, self.until);
        Some(first).filter(|end| *end > instant).or_else(second).filter(|end| *end > instant)
    }
}

/// A time of day as `HH:MM`.
mod hours_and_minutes {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    const FORMAT: &str = "%H:%M";

    pub fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&time.format(FORMAT))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        NaiveTime::parse_from_str(&text, FORMAT)
            .map_err(|_| D::Error::custom(format!("a time of day is written HH:MM, not \"{text}\"")))
    }
}

/// Completed years on a day, 0 before birth. Someone born on a 29th of February completes a common year on the 1st of March.
pub fn completed_years(birth: Day, on: Day) -> u32 {
    on.years_since(birth).unwrap_or(0)
}
