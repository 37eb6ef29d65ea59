//! The lots: places and money now, who waits, and the quota raised by an amendment.

mod list;
mod one;
mod quota;

use axum::Router;
use axum::routing::get;
use domain::identifiers::LotCode;
use domain::places::Places;
use wording::addresses::pattern;
use wording::{numbers, pages};

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
        let planned =
            places.planned.map_or(pages::lots::WITHOUT_LIMIT.to_owned(), |planned| numbers::integer(planned.into()));
        let exceeded = places.available().is_some_and(|available| available < 0);
        let parts = [("d", i64::from(places.consumed)), ("r", i64::from(places.reserved))];
        Self {
            year: places.year,
            said: pages::lots::places_of_year(
                places.year,
                pages::counts::entries(places.consumed),
                pages::counts::reserved(places.reserved),
                &planned,
            ),
            available: match places.available() {
                None => pages::lots::taken_without_limit(pages::counts::places_taken(places.taken())),
                Some(available) if available < 0 => pages::lots::exceeded_by(pages::counts::places(-available)),
                Some(available) => pages::counts::places_available(available),
            },
            of: places
                .planned
                .map_or_else(String::new, |planned| pages::lots::out_of(pages::counts::paths_planned(planned))),
            planned,
            maximum: places.maximum.map(|maximum| numbers::integer(maximum.into())),
            reserved: Counted::new(places.reserved, pages::lots::RESERVED_ONE, pages::lots::RESERVED_MANY),
            consumed: Counted::new(places.consumed, pages::lots::ENTRY_ONE, pages::lots::ENTRY_MANY),
            released: numbers::integer(places.released.into()),
            exceeded,
            parts: gauge(i64::from(whole), &parts),
        }
    }
}
