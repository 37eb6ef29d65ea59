//! The lots: places and money now, who waits, and the quota raised by an amendment.

mod list;
mod one;
mod quota;

use axum::Router;
use axum::routing::get;
use domain::identifiers::LotCode;
use domain::places::Places;
use wording::addresses::pattern;
use wording::numbers;

use super::orders::pieces::{Part, gauge};
use crate::{PageError, Web};

/// The form that raises the quota of a lot.
const QUOTA: &str = "/lots/{code}/avenant";

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(pattern::LOTS, get(list::show))
        .route(pattern::LOT, get(one::show))
        .route(QUOTA, get(quota::show).post(quota::post))
}

fn code(text: &str) -> Result<LotCode, PageError> {
    LotCode::parse(text).map_err(|_| PageError::NotFound)
}

/// A number and the word that agrees with it, laid out apart.
struct Counted {
    number: String,
    word: String,
}

impl Counted {
    fn new(number: u32, one: &str, many: &str) -> Self {
        Self { number: numbers::integer(number.into()), word: numbers::plural(number, one, many) }
    }
}

/// The places of a year, as a gauge with its text.
struct YearView {
    year: i32,
    planned: String,
    maximum: Option<String>,
    reserved: Counted,
    consumed: Counted,
    /// Of how many, when there is a limit.
    of: String,
    released: String,
    available: String,
    exceeded: bool,
    parts: Vec<Part>,
    said: String,
}

impl YearView {
    fn new(places: &Places) -> Self {
        let whole = places.planned.unwrap_or_else(|| places.taken());
        let planned = places.planned.map_or("sans limite".to_owned(), |planned| numbers::integer(planned.into()));
        let exceeded = places.available().is_some_and(|available| available < 0);
        let parts = [("d", i64::from(places.consumed)), ("r", i64::from(places.reserved))];
        Self {
            year: places.year,
            said: format!(
                "{}\u{a0}: {} et {}, sur {planned} prévues",
                places.year,
                numbers::count(places.consumed, "entrée", "entrées"),
                numbers::count(places.reserved, "place réservée", "places réservées"),
            ),
            available: match places.available() {
                None => {
                    format!("{}, sans limite", numbers::count(places.taken(), "place prise", "places prises"))
                }
                Some(available) if available < 0 => {
                    format!("dépassé de {}", numbers::count(-available, "place", "places"))
                }
                Some(available) => numbers::count(available, "place disponible", "places disponibles"),
            },
            of: places.planned.map_or_else(String::new, |planned| {
                format!(", sur {}", numbers::count(planned, "parcours prévu", "parcours prévus"))
            }),
            planned,
            maximum: places.maximum.map(|maximum| numbers::integer(maximum.into())),
            reserved: Counted::new(places.reserved, "réservée", "réservées"),
            consumed: Counted::new(places.consumed, "entrée", "entrées"),
            released: numbers::integer(places.released.into()),
            exceeded,
            parts: gauge(i64::from(whole), &parts),
        }
    }
}
