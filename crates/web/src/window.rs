//! The window of a partner: the tables of a photograph of the steering committee behind a link, without an account.
//!
//! Rules kept here: what readers outside get, and nothing else of the photograph; nobody's name; opening writes nothing; a link
//! that was closed or whose last day is over says so, and one that was never given does not exist.

use app::AppError;
use app::committee::{FileFormat, OpenWindow, PARTNER_FORMATS, WindowOfLink};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use domain::calendar::paris_day;
use wording::addresses::pattern;
use wording::pages::committee;
use wording::pages::windows as words;
use wording::{addresses, dates};

use crate::documents::file;
use crate::request::Path;
use crate::staff::TableView;
use crate::{PageError, Web};

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new().route(pattern::WINDOW, get(show)).route(pattern::WINDOW_FILE, get(download))
}

/// A file of the tables.
struct Download {
    text: &'static str,
    address: String,
}

#[derive(Template)]
#[template(path = "window/tables.html")]
struct TablesPage {
    title: String,
    as_of: String,
    sealed_on: String,
    partner: String,
    until: String,
    files: Vec<Download>,
    tables: Vec<TableView>,
}

#[derive(Template)]
#[template(path = "window/shut.html")]
struct ShutPage {
    said: String,
}

/// What a link gives: the open window, or the page that says it is open no more.
async fn opened(web: &Web, token: &str) -> Result<Result<OpenWindow, Response>, PageError> {
    let window = web.app.window(token).await.map_err(|error| match error {
        AppError::NotFound => PageError::NoWindow,
        error => error.into(),
    })?;
    let said = match window {
        WindowOfLink::Open(window) => return Ok(Ok(window)),
        WindowOfLink::Closed { on } => words::shut_on(dates::long(on)),
        WindowOfLink::Past { until } => words::shut_since(dates::long(until)),
    };
    Ok(Err((StatusCode::GONE, Html(ShutPage { said }.render()?)).into_response()))
}

/// The tables.
async fn show(State(web): State<Web>, Path(token): Path<String>) -> Result<Response, PageError> {
    let window = match opened(&web, &token).await? {
        Ok(window) => window,
        Err(shut) => return Ok(shut),
    };
    let tables = window.tables.iter().enumerate();
    let files = PARTNER_FORMATS.into_iter().map(|format| Download {
        text: committee::format_named(format.as_ref()),
        address: addresses::window_file(&token, format),
    });
    let view = TablesPage {
        as_of: dates::long(window.as_of),
        sealed_on: dates::long(paris_day(window.sealed_at)),
        until: dates::long(window.until),
        files: files.collect(),
        tables: tables.map(|(at, table)| TableView::new(format!("tableau-{}", at + 1), table)).collect(),
        title: window.title,
        partner: window.partner,
    };
    Ok(Html(view.render()?).into_response())
}

/// The same tables as a file.
async fn download(
    State(web): State<Web>,
    Path((token, format)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let format: FileFormat = format.parse().map_err(|_| PageError::NotFound)?;
    let window = match opened(&web, &token).await? {
        Ok(window) => window,
        Err(shut) => return Ok(shut),
    };
    let name = committee::file_name(dates::iso(window.as_of), true);
    let bytes = web.app.window_file(&window, format).await?;
    file(format!("{name}.{}", format.extension()), bytes.to_vec(), format.media_type())
}
