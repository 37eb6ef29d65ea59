//! The paths: table and board, filters of the address, search, saved views, exports, actions on several at once.
//!
//! The address is the only state of the list ([`asked`]); [`table`] and [`board`] are two sights of it, [`export`] the same
//! list as a file. To add a filter: its part of the address, its field, its chip.

mod asked;
mod board;
mod bulk;
mod export;
mod filters;
mod table;
mod views;
mod words;

use app::{Choices, PathPage};
use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::Day;
use domain::calendar::paris_day;
use domain::identifiers::PathReference;
use wording::{addresses, pages};

use self::asked::Look;
pub(crate) use self::asked::{Asked, Cursors, Due, Held};
use self::board::BoardView;
use self::filters::{Chip, FilterView};
pub(crate) use self::table::CellView;
use self::table::TableView;
use self::views::{NotKept, SavedViewView};
pub(crate) use self::words::{ActionView, action, waited, who};
use super::{Frame, Section, Signed};
use crate::forms::{FieldView, Problems};
use crate::{PageError, Web, routes};

/// Lines of a page of the table.
const LINES: u64 = 50;
/// Cards of a column of the board.
const CARDS: u64 = 8;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(routes::PATHS, get(show).post(search))
        .route(routes::PATHS_FILE, get(export::get))
        .route(routes::VIEWS, post(views::save))
        .route(routes::VIEW_DEFAULT, post(views::make_default))
        .route(routes::VIEW_DELETE, post(views::delete))
        .route(routes::BULK, get(bulk::get))
        .route(routes::BULK_PREVIEW, post(bulk::post_preview))
        .route(routes::BULK_DO, post(bulk::post_do))
}

/// What a list is narrowed by, for one reader.
pub(crate) struct Sight {
    pub asked: Asked,
    pub cursors: Cursors,
    pub choices: Choices,
    pub today: Day,
    pub several_lots: bool,
}

impl Sight {
    /// Reads the address.
    pub(crate) async fn read(web: &Web, signed: &Signed, query: &str) -> Result<Self, PageError> {
        let (asked, cursors) = read(web, query);
        let choices = web.app.path_choices(&signed.actor).await?;
        let today = paris_day(web.app.now().await?);
        let several_lots = choices.lots.len() > 1;
        Ok(Self { asked, cursors, choices, today, several_lots })
    }
}

/// Why the list is empty, and what to do.
struct Empty {
    title: String,
    text: &'static str,
    link: Option<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "staff/paths.html")]
struct PathsPage {
    frame: Frame,
    /// The count in words.
    count: String,
    /// How the list may look: a label, its address, whether it looks so now.
    sights: [(&'static str, String, bool); 3],
    /// More lines in the same window.
    compact: bool,
    chips: Vec<Chip>,
    all: String,
    filters: FilterView,
    table: Option<TableView>,
    board: Option<BoardView>,
    empty: Option<Empty>,
    new_path: Option<&'static str>,
    notice: Option<(&'static str, &'static str)>,
    /// A view that was refused.
    problems: Option<Problems>,
    views: Vec<SavedViewView>,
    /// The name of a new view.
    view_name: FieldView,
    view_default: bool,
    /// The ticket of the forms about views.
    views_ticket: String,
    /// The list that is shown, as the forms about views send it.
    query: String,
    /// The same list as files.
    files: [(&'static str, String); 2],
}

/// What an address asks, with the words that it searches both plain and sealed.
fn read(web: &Web, query: &str) -> (Asked, Cursors) {
    let (mut asked, cursors) = Asked::read(query);
    let keys = web.app.store().keys();
    if asked.text.is_empty() {
        asked.text = keys.unseal_words(&asked.words).unwrap_or_default();
    } else {
        asked.words = keys.seal_words(&asked.text);
    }
    if asked.text.is_empty() {
        asked.words.clear();
    }
    (asked, cursors)
}

/// Leads from the form to the list that it asks, or to the path whose reference was typed: what was typed is in no address,
/// in no history and in no log.
async fn search(State(web): State<Web>, signed: Signed, form: String) -> Redirect {
    let (asked, _) = read(&web, &form);
    if let Ok(reference) = PathReference::parse(&asked.text.trim().to_uppercase())
        && web.app.path(&signed.actor, &reference).await.is_ok()
    {
        return Redirect::to(&addresses::path(&reference));
    }
    Redirect::to(&asked.address())
}

/// Shows the list.
async fn show(State(web): State<Web>, signed: Signed, RawQuery(query): RawQuery) -> Result<Response, PageError> {
    let query = query.unwrap_or_default();
    if query.is_empty()
        && let Some(address) = views::opening(&web, &signed).await?
    {
        return Ok(Redirect::to(&address).into_response());
    }
    page(&web, &signed, &query, None).await
}

/// The list that an address asks; with what was typed of a view that was refused.
async fn page(web: &Web, signed: &Signed, query: &str, refused: Option<NotKept>) -> Result<Response, PageError> {
    let sight = Sight::read(web, signed, query).await?;
    let reader = signed.actor.side();
    let mut filter = sight.asked.filter(sight.today, reader);
    let (table, board, counts, total) = if sight.asked.look == Look::Board {
        let (columns, counts) = web.app.path_board(&signed.actor, &filter, CARDS).await?;
        let total = columns.iter().map(|column| column.total).sum();
        (None, Some(board::view(&sight, columns, reader)), counts, total)
    } else {
        filter.limit = LINES;
        filter.after.clone_from(&sight.cursors.after);
        filter.before.clone_from(&sight.cursors.before);
        let page: PathPage = web.app.path_page(&signed.actor, &filter).await?;
        let (counts, total) = (page.counts.clone(), page.total);
        (Some(table::view(&sight, page, &signed.actor)), None, counts, total)
    };
    let asked = &sight.asked;
    let sight_of = |label, look| (label, Asked { look, ..asked.clone() }.address(), asked.look == look);
    let opens = domain::path::table::row(domain::path::Transition::ReportNeed.into()).by;
    let new_path = reader.filter(|side| opens.contains(side)).map(|_| wording::addresses::new_path());
    let page = PathsPage {
        frame: signed.frame(Section::Paths),
        count: pages::counts::paths(i64::try_from(total).unwrap_or(i64::MAX)),
        sights: [
            sight_of(pages::paths::TABLE, Look::Table),
            sight_of(pages::paths::DENSE, Look::Compact),
            sight_of(pages::paths::BOARD, Look::Board),
        ],
        compact: asked.look == Look::Compact,
        chips: filters::chips(&sight),
        all: Asked { order: asked.order, columns: asked.columns.clone(), look: asked.look, ..Asked::default() }
            .address(),
        filters: filters::view(&sight, &counts),
        empty: (total == 0).then(|| empty(&sight, new_path)),
        table: table.filter(|_| total > 0),
        board: board.filter(|_| total > 0),
        new_path,
        notice: views::said(query).or_else(|| nothing_chosen(query)),
        problems: refused.as_ref().map(NotKept::problems),
        views: views::list(web, signed).await?,
        view_name: views::name(refused.as_ref()),
        view_default: refused.as_ref().is_some_and(|refused| refused.default),
        views_ticket: signed.ticket(views::VIEWS),
        query: asked.query(),
        files: [
            (pages::paths::EXPORT_XLSX, asked.at("/parcours/export/parcours.xlsx")),
            (pages::paths::EXPORT_CSV, asked.at("/parcours/export/parcours.csv")),
        ],
    };
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, Html(page.render()?)).into_response())
}

/// The button of the selection was pressed without a selection.
fn nothing_chosen(query: &str) -> Option<(&'static str, &'static str)> {
    let nothing = form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "fait" && value == "choix");
    nothing.then_some(("wait", pages::paths::NOTHING_CHOSEN))
}

fn empty(sight: &Sight, new_path: Option<&'static str>) -> Empty {
    let asked = &sight.asked;
    if asked.narrows() {
        let all = Asked { order: asked.order, look: asked.look, ..Asked::default() }.address();
        Empty {
            title: if asked.text.is_empty() {
                pages::paths::NO_MATCH_TITLE.to_owned()
            } else {
                pages::paths::no_match_of(&asked.text)
            },
            text: if asked.text.is_empty() {
                pages::paths::NO_MATCH
            } else {
                pages::paths::searched(sight.choices.people)
            },
            link: Some((pages::paths::WITHOUT_FILTERS, all)),
        }
    } else {
        Empty {
            title: pages::paths::NO_PATH_TITLE.to_owned(),
            text: pages::paths::NO_PATH,
            link: new_path.map(|address| (pages::paths::RAISE_NEED, address.to_owned())),
        }
    }
}
