//! The Region's figures: the page that shows them and the list behind each.

mod budget;
mod charts;
mod committee;
mod dashboard;
mod departments;
mod list;
mod listing;
mod map;
mod money;

use app::{FiguresAsked, Since};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use chrono::{Datelike, Duration, Months};
use domain::calendar::{end_of_day, paris_day};
use domain::figures::{Figure, Moment, MoneyLine};
use domain::identifiers::{Department, LotCode};
use domain::money::Cents;
use domain::{Day, Instant};
use serde::Deserialize;
use wording::addresses::{self, pattern};
use wording::{dates, figures as words, numbers};

pub(crate) use self::committee::TableView;
use super::orders::pieces::{Pick, asking};
use crate::Web;
use crate::forms::{ProblemLine, Problems};

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(pattern::DASHBOARD, get(dashboard::show))
        .route(pattern::FIGURE, get(list::show))
        .route(pattern::BUDGET, get(budget::show))
        .route(pattern::MONEY, get(money::show))
        .merge(committee::router())
}

/// The last instant of a day.
fn known_by(day: Day) -> Instant {
    end_of_day(day) - Duration::microseconds(1)
}

/// A day of which there may be figures: a century, so that nothing is counted month by month for ever.
fn day(text: &str) -> Option<Day> {
    text.trim().parse().ok().filter(|day: &Day| (2000..=2099).contains(&day.year()))
}

/// A number that opens what it counts.
struct Number {
    text: String,
    address: String,
    /// Nothing is behind it.
    none: bool,
}

impl Number {
    /// So many.
    fn count(count: u64, address: String) -> Self {
        Self { text: integer(count), address, none: count == 0 }
    }

    /// What so many movements add up to: nothing when there is none, and zero may be something.
    fn amount(cents: Cents, movements: u32, address: String) -> Self {
        Self { text: numbers::euros(cents), address, none: movements == 0 }
    }
}

fn integer(number: u64) -> String {
    numbers::integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// What an address asks of the moment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct MomentAsked {
    /// The day of effect.
    au: String,
    /// The last day of what was known.
    connu: String,
    depuis: String,
}

impl MomentAsked {
    /// What is asked, or the fields that are no day.
    fn read(&self) -> Result<FiguresAsked, Problems> {
        let mut lines = Vec::new();
        let mut read = |text: &str, anchor: &str| -> Option<Day> {
            let day = day(text);
            if !text.trim().is_empty() && day.is_none() {
                lines.push(ProblemLine { text: words::BAD_DATE.to_owned(), anchor: Some(anchor.to_owned()) });
            }
            day
        };
        let (as_of, known) = (read(&self.au, "au"), read(&self.connu, "connu"));
        if !lines.is_empty() {
            return Err(Problems { title: words::BAD_DATE_TITLE.to_owned(), lines });
        }
        let known_at = known.map(known_by);
        Ok(FiguresAsked { as_of, known_at, since: self.depuis.parse().unwrap_or_default() })
    }

    /// What is asked, with where the page leads and its status: of a moment that is not understood it shows today's figures, and
    /// leads to these.
    fn or_today(self) -> (FiguresAsked, Self, Option<Problems>, StatusCode) {
        match self.read() {
            Ok(asked) => (asked, self, None, StatusCode::OK),
            Err(problems) => {
                (FiguresAsked::default(), Self::default(), Some(problems), StatusCode::UNPROCESSABLE_ENTITY)
            }
        }
    }

    /// The same moment under another address.
    fn on(&self, address: &str, more: &[(&str, &str)]) -> String {
        let own = [("au", self.au.as_str()), ("connu", &self.connu), ("depuis", &self.depuis)];
        let pairs: Vec<(&str, &str)> = more.iter().copied().chain(own).collect();
        asking(address, &pairs)
    }

    /// The address of the list behind a figure.
    fn list(&self, figure: Figure, lot: Option<&LotCode>, department: Option<&Department>) -> String {
        let (lot, department) = (
            lot.map_or_else(String::new, ToString::to_string),
            department.map_or_else(String::new, ToString::to_string),
        );
        self.on(&addresses::figure(figure), &[("lot", &lot), ("departement", &department)])
    }

    /// The address of the movements behind an amount.
    fn movements(&self, line: MoneyLine, more: &[(&str, &str)]) -> String {
        self.on(&addresses::money(line), more)
    }

    /// The year of a day by the end of one of its months, or by that day: the same knowledge.
    fn by_end_of(&self, month: Day, as_of: Day) -> Self {
        let next = month.with_day(1).and_then(|first| first.checked_add_months(Months::new(1)));
        let end = next.and_then(|next| next.pred_opt()).unwrap_or(as_of).min(as_of);
        Self { au: end.to_string(), connu: self.connu.clone(), depuis: String::new() }
    }

    /// Whether the period is within the year of the day.
    fn year(&self) -> bool {
        self.depuis.parse::<Since>().unwrap_or_default() == Since::Year
    }

    /// Since when, as a filter offers it.
    fn since(&self) -> Vec<Pick> {
        let values = [(Since::Year, words::SINCE_YEAR), (Since::Market, words::SINCE_MARKET)];
        let chosen: Since = self.depuis.parse().unwrap_or_default();
        Pick::all(values.map(|(since, label)| (since, label.to_owned())), &chosen.to_string())
    }
}

/// The day of effect and what was known, as pages say it.
fn moment(moment: Moment) -> String {
    words::as_of(moment.as_of, moment.known_at.map(paris_day))
}

/// A month's name, short enough for an axis.
fn month(day: Day) -> String {
    dates::month(day).chars().take(1).collect::<String>().to_uppercase()
}
