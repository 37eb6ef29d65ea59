//! The paths: table and board, filters of the address, search, saved views, exports, actions on several at once.
//!
//! The address is the only state of the list ([`asked`]); [`table`] and [`board`] are two sights of it, [`export`] the same
//! list as a file. To add a filter: its part of the address, its field, its chip.

mod asked;
mod board;
mod filters;
mod table;
mod words;

use app::{Choices, PathPage};
use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use domain::Day;
use domain::calendar::paris_day;
use wording::numbers;

pub(crate) use self::asked::{Asked, Cursors, Due, Held};
use self::board::BoardView;
use self::filters::{Chip, FilterView};
pub(crate) use self::table::CellView;
use self::table::TableView;
pub(crate) use self::words::{ActionView, DayView, DeadlineView, action, capital, day, deadline, waited, who};
use super::{Frame, Section, Signed};
use crate::{PageError, Web, routes};

/// Lines of a page of the table.
const LINES: u64 = 50;
/// Cards of a column of the board.
const CARDS: u64 = 12;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new().route(routes::PATHS, get(show))
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
        let (asked, cursors) = Asked::read(query);
        let choices = web.app.path_choices(&signed.actor).await?;
        let today = paris_day(web.app.now().await?);
        let several_lots = choices.lots.len() > 1;
        Ok(Self { asked, cursors, choices, today, several_lots })
    }
}

#[derive(Template)]
#[template(path = "staff/paths.html")]
struct PathsPage {
    frame: Frame,
    /// The count in words.
    count: String,
    /// The other sight of the same list: its label and its address.
    sights: [(&'static str, String, bool); 2],
    chips: Vec<Chip>,
    all: String,
    filters: FilterView,
    table: Option<TableView>,
    board: Option<BoardView>,
    empty: Option<(&'static str, &'static str, Option<(&'static str, String)>)>,
    new_path: Option<&'static str>,
}

/// Shows the list.
async fn show(State(web): State<Web>, signed: Signed, RawQuery(query): RawQuery) -> Result<Response, PageError> {
    let sight = Sight::read(&web, &signed, query.as_deref().unwrap_or_default()).await?;
    let reader = signed.actor.side();
    let mut filter = sight.asked.filter(sight.today, reader);
    let (table, board, counts, total) = if sight.asked.board {
        let (columns, counts) = web.app.path_board(&signed.actor, &filter, CARDS).await?;
        let total = columns.iter().map(|column| column.total).sum();
        (None, Some(board::view(&sight, columns, reader)), counts, total)
    } else {
        filter.limit = LINES;
        filter.after.clone_from(&sight.cursors.after);
        filter.before.clone_from(&sight.cursors.before);
        let page: PathPage = web.app.path_page(&signed.actor, &filter).await?;
        let (counts, total) = (page.counts.clone(), page.total);
        (Some(table::view(&sight, page)), None, counts, total)
    };
    let asked = &sight.asked;
    let side = |board| Asked { board, ..asked.clone() }.address();
    let opens = domain::path::table::row(domain::path::Transition::ReportNeed.into()).by;
    let new_path = reader.filter(|side| opens.contains(side)).map(|_| wording::addresses::new_path());
    let page = PathsPage {
        frame: signed.frame(Section::Paths),
        count: numbers::count(i64::try_from(total).unwrap_or(i64::MAX), "parcours", "parcours"),
        sights: [("Tableau", side(false), !asked.board), ("Étapes", side(true), asked.board)],
        chips: filters::chips(&sight),
        all: Asked { order: asked.order, columns: asked.columns.clone(), board: asked.board, ..Asked::default() }
            .address(),
        filters: filters::view(&sight, &counts),
        empty: (total == 0).then(|| empty(asked, new_path)),
        table: table.filter(|_| total > 0),
        board: board.filter(|_| total > 0),
        new_path,
    };
    Ok(Html(page.render()?).into_response())
}

fn empty(
    asked: &Asked,
    new_path: Option<&'static str>,
) -> (&'static str, &'static str, Option<(&'static str, String)>) {
    if asked.narrows() {
        let all = Asked { order: asked.order, board: asked.board, ..Asked::default() }.address();
        (
            "Aucun parcours ne correspond",
            "La recherche porte sur la référence, l’entreprise, le SIRET et le métier. Retirez un filtre, ou cherchez un seul mot.",
            Some(("Retirer tous les filtres", all)),
        )
    } else {
        (
            "Aucun parcours pour l’instant",
            "Chaque besoin d’entreprise signalé devient un parcours, suivi ici étape par étape avec son échéance.",
            new_path.map(|address| ("Signaler un besoin", address.to_owned())),
        )
    }
}
