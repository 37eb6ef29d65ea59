//! The steering committee: its tables of a day, the files that other schemes give, downloads.
//!
//! Whoever reads the Region's figures reads these pages; who decides at the Region imports, seals and opens windows for partners.
//! Nothing imported is changed: a file that replaces another stands beside it in the history.

mod files;
mod import;
mod page;
mod seals;
mod tables;
mod upload;
mod windows;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use domain::calendar::paris_day;
use domain::{Day, Instant};
use serde::Deserialize;
use wording::addresses::pattern;

pub(crate) use self::tables::TableView;
use super::{day, known_by};
use crate::{PageError, Web};

/// Most bytes of a form with a file: a file that is too large is read and dropped, so that the browser hears why.
const FORM_BYTES: usize = 16 << 20;

/// Its pages.
pub(super) fn router() -> Router<Web> {
    Router::new()
        .route(pattern::COMMITTEE, get(page::show))
        .route(pattern::COMMITTEE_IMPORTS, post(import::post).layer(DefaultBodyLimit::max(FORM_BYTES)))
        .route(pattern::COMMITTEE_IMPORT, get(files::received))
        .route(pattern::COMMITTEE_TEMPLATE, get(files::template))
        .route(pattern::COMMITTEE_FILE, get(files::tables))
        .route(pattern::COMMITTEE_SEALS, get(seals::list).post(seals::post))
        .route(pattern::COMMITTEE_SEAL, get(seals::show))
        .route(pattern::COMMITTEE_SEAL_FILE, get(seals::file))
        .route(pattern::COMMITTEE_WINDOWS, post(windows::open))
        .route(pattern::COMMITTEE_WINDOW_CLOSE, post(windows::close))
}

/// What an address asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    /// The day of the tables.
    au: String,
    /// The day that they are compared with; none when it is empty.
    compare: String,
    /// The last day of what was known; everything when it is empty.
    connu: String,
    /// The kind of table that the form begins with.
    tableau: String,
    /// Set for readers outside.
    pour: String,
    fait: String,
    /// The window that was just opened.
    fenetre: String,
}

impl Asked {
    /// The day, today's when none is asked; nothing when it is none.
    async fn day(&self, web: &Web) -> Result<Option<Day>, PageError> {
        match self.au.trim() {
            "" => Ok(Some(paris_day(web.app.now().await?))),
            text => Ok(day(text)),
        }
    }

    /// The day to compare with, when one is asked; an error when it is none.
    fn before(&self) -> Result<Option<Day>, NoDay> {
        match self.compare.trim() {
            "" => Ok(None),
            text => day(text).map(Some).ok_or(NoDay),
        }
    }

    /// The last day of what was known and its last instant, when one is asked; an error when it is none.
    fn known(&self) -> Result<Option<(Day, Instant)>, NoDay> {
        match self.connu.trim() {
            "" => Ok(None),
            text => day(text).map(|day| Some((day, known_by(day)))).ok_or(NoDay),
        }
    }

    fn is_outside(&self) -> bool {
        self.pour == OUTSIDE
    }
}

/// What was asked is no day.
struct NoDay;

/// What asks for the tables of readers outside.
const OUTSIDE: &str = "exterieur";
