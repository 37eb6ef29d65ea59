//! Photographs: their list with the form that seals one, and one of them with what moved since and why.

use app::AppError;
use app::committee::{
    CellMoved, EntryChange, FileFormat, FilesMoved, ImportLine, PathMoved, Photograph, PhotographMovement, TableMoved,
    keeps_committee,
};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use domain::Day;
use domain::calendar::paris_day;
use strum::IntoEnumIterator;
use uuid::Uuid;
use wording::pages::committee as words;
use wording::{addresses, committee, dates, pages, refusals, timeline};

use super::files::Of;
use super::tables::TableView;
use super::windows::{self, WindowsView};
use super::{Asked, OUTSIDE};
use crate::forms::{FieldView, Notice, Problems, Typed, value};
use crate::request::{Form as Sent, Path, Query};
use crate::staff::orders::pieces::{Link, asking};
use crate::staff::sign_in::Asking;
use crate::staff::steering::day;
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// What the ticket of the form is for.
const PURPOSE: &str = "copil-arrete";
const DAY: &str = "arrete";
const COMPARED: &str = "compare";
const TITLE: &str = "titre";

struct Line {
    link: Link,
    day: Stamp,
    at: Stamp,
    by: String,
}

#[derive(Template)]
#[template(path = "staff/steering_committee_seals.html")]
struct SealsPage {
    frame: Frame,
    problems: Option<Problems>,
    notice: Option<Notice>,
    lines: Vec<Line>,
    /// The form, for who seals: its fields, its address and its ticket.
    form: Option<(Vec<FieldView>, &'static str, String)>,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Filled {
    status: StatusCode,
    day: String,
    compared: String,
    title: String,
    day_error: Option<String>,
    compared_error: Option<String>,
    title_error: Option<String>,
    notice: Option<Notice>,
}

impl Filled {
    fn fields(&self) -> Vec<FieldView> {
        let title = (words::SEAL_TITLE, words::SEAL_TITLE_HELP);
        let compared = (words::SEAL_COMPARED, words::SEAL_COMPARED_HELP);
        let optional = FieldView::line(COMPARED, compared, "date", &self.compared, self.compared_error.as_ref());
        vec![
            FieldView::line(DAY, (words::DAY, words::SEAL_DAY_HELP), "date", &self.day, self.day_error.as_ref()),
            FieldView { required: false, ..optional },
            FieldView::line(TITLE, title, "text", &self.title, self.title_error.as_ref()),
        ]
    }
}

/// The list.
pub(super) async fn list(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let day = match asked.day(&web).await? {
        Some(day) => day,
        None => paris_day(web.app.now().await?),
    };
    let compared = asked.before().ok().flatten().map(|before| before.to_string()).unwrap_or_default();
    page(&web, &signed, Filled { day: day.to_string(), compared, ..Filled::default() }).await
}

async fn page(web: &Web, signed: &Signed, filled: Filled) -> Result<Response, PageError> {
    let lines = web.app.photographs(&signed.actor).await?;
    let may = keeps_committee(&signed.actor);
    let view = SealsPage {
        frame: signed.frame(Section::Steering),
        problems: Problems::of(&filled.fields()),
        form: may.then(|| (filled.fields(), addresses::committee_seals(), signed.ticket(PURPOSE))),
        notice: filled.notice,
        lines: lines
            .into_iter()
            .map(|line| Line {
                link: Link {
                    text: line.photograph.title.clone(),
                    address: addresses::committee_seal(line.photograph.id),
                },
                day: Stamp::day(line.photograph.as_of),
                at: Stamp::instant(line.photograph.sealed_at),
                by: line.by,
            })
            .collect(),
    };
    Ok((filled.status, Html(view.render()?)).into_response())
}

/// Seals the tables of a day, in a task that outlives its client.
pub(super) async fn post(
    State(web): State<Web>,
    signed: Signed,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    if !keeps_committee(&signed.actor) {
        return Err(PageError::NotFound);
    }
    let text = |name: &str| value(&typed, name).unwrap_or_default().to_owned();
    let mut filled = Filled { day: text(DAY), compared: text(COMPARED), title: text(TITLE), ..Filled::default() };
    if let Err(error) = signed.check(PURPOSE, value(&typed, "cle")) {
        let notice = Some(Notice::other_session());
        return page(&web, &signed, Filled { status: error.status(), notice, ..filled }).await;
    }
    let Some(as_of) = day(&filled.day) else {
        let day_error = Some(words::CHOOSE_DAY.to_owned());
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&web, &signed, Filled { status, day_error, ..filled }).await;
    };
    let before = day(&filled.compared);
    if before.is_none() && !filled.compared.trim().is_empty() {
        let compared_error = Some(words::CHOOSE_DAY.to_owned());
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&web, &signed, Filled { status, compared_error, ..filled }).await;
    }
    let writing = {
        let (app, actor, title) = (web.app.clone(), signed.actor.clone(), filled.title.clone());
        async move { app.seal_committee(&actor, as_of, before, &title).await }
    };
    match web.writes.spawn(writing).await? {
        Ok(id) => {
            let address = asking(&addresses::committee_seal(id), &[("fait", "arrete")]);
            Ok(Redirect::to(&address).into_response())
        }
        Err(AppError::Invalid(errors)) => {
            for error in errors {
                match error.field.as_str() {
                    "as_of" => filled.day_error = Some(words::DAY_TO_COME.to_owned()),
                    "before" => filled.compared_error = Some(words::NOT_BEFORE.to_owned()),
                    _ => filled.title_error = Some(wording::capital(&refusals::problem(&error.problem))),
                }
            }
            page(&web, &signed, Filled { status: StatusCode::UNPROCESSABLE_ENTITY, ..filled }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Why a cell moved: paths, then a file that took the place of another; each with its part when both did.
struct CellView {
    row: String,
    column: String,
    before: String,
    now: String,
    /// What the paths did, when a file moved the cell too.
    by_paths: Option<String>,
    paths: Vec<Link>,
    file: Option<String>,
}

struct MovedView {
    id: String,
    title: String,
    said: Option<String>,
    cells: Vec<CellView>,
}

/// A path whose entry counts otherwise.
struct PathView {
    id: String,
    link: Option<Link>,
    change: String,
    what: String,
    at: Option<Stamp>,
    by: String,
}

#[derive(Template)]
#[template(path = "staff/steering_committee_seal.html")]
struct SealPage {
    frame: Frame,
    title: String,
    said: String,
    sealed: String,
    sha256: String,
    problems: Option<Problems>,
    notice: Option<Notice>,
    now: String,
    moved: Vec<MovedView>,
    paths: Vec<PathView>,
    tables: Vec<TableView>,
    differences: Option<TableView>,
    files: Vec<Link>,
    outside: Vec<Link>,
    windows: WindowsView,
}

pub(super) fn id(text: &str) -> Result<Uuid, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// What the page of a photograph shows besides it.
#[derive(Default)]
pub(super) struct Shown {
    pub status: StatusCode,
    pub notice: Option<Notice>,
    /// The window that was just opened.
    pub opened: String,
    /// What was typed in the form that opens a window.
    pub filled: windows::Filled,
}

/// One photograph.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path(photograph): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let told = |title: &str, text: &str| {
        Some(Notice { tone: "done", title: title.to_owned(), paragraphs: vec![text.to_owned()] })
    };
    let notice = match asked.fait.as_str() {
        "arrete" => told(words::SEALED_TITLE, words::SEALED),
        "fermeture" => told(pages::windows::CLOSED_TITLE, pages::windows::CLOSED_DONE),
        _ => None,
    };
    let shown = Shown { notice, opened: asked.fenetre, ..Shown::default() };
    seal_page(&web, &signed, id(&photograph)?, shown).await
}

/// The page of a photograph, with what is said on it.
pub(super) async fn seal_page(web: &Web, signed: &Signed, id: Uuid, shown: Shown) -> Result<Response, PageError> {
    let photograph = web.app.photograph(&signed.actor, id).await?;
    let movement = web.app.photograph_movement(&signed.actor, &photograph).await?;
    let (windows, opened) = windows::view(web, signed, id, shown.filled, &shown.opened).await?;
    let of = &photograph.line.photograph;
    let files = |outside: &'static str| -> Vec<Link> {
        let formats = FileFormat::iter().filter(|format| *format != FileFormat::Json);
        formats
            .map(|format| Link {
                text: words::format_named(format.as_ref()).to_owned(),
                address: asking(&addresses::committee_seal_file(of.id, format), &[("pour", outside)]),
            })
            .collect()
    };
    let tables = photograph.tables();
    let view = SealPage {
        frame: signed.frame(Section::Steering),
        title: of.title.clone(),
        said: committee::as_of(dates::long(of.as_of)),
        sealed: words::sealed_by(dates::instant(of.sealed_at), &photograph.line.by),
        sha256: of.sha256.clone(),
        problems: windows.problems(),
        notice: shown.notice.or(opened),
        now: asking(
            addresses::committee(),
            &[
                ("au", of.as_of.to_string().as_str()),
                ("compare", &photograph.compared.as_ref().map_or_else(String::new, |it| it.before.to_string())),
            ],
        ),
        moved: moved(&movement),
        paths: movement.paths.iter().enumerate().map(|(rank, path)| path_view(rank, path, of.as_of)).collect(),
        tables: tables.iter().enumerate().map(|(at, of)| TableView::new(format!("tableau-{}", at + 1), of)).collect(),
        differences: photograph.differences.as_ref().map(|table| TableView::new("ecarts".to_owned(), table)),
        files: files(""),
        outside: if photograph.outside.is_empty() { Vec::new() } else { files(OUTSIDE) },
        windows,
    };
    Ok((shown.status, Html(view.render()?)).into_response())
}

fn moved(movement: &PhotographMovement) -> Vec<MovedView> {
    let view = |(at, table): (usize, &TableMoved)| MovedView {
        id: format!("change-{}", at + 1),
        title: table.title.clone(),
        said: said(table),
        cells: table.cells.iter().map(|cell| cell_view(cell, movement)).collect(),
    };
    movement.tables.iter().enumerate().map(view).collect()
}

/// The files before and now.
fn said(table: &TableMoved) -> Option<String> {
    let file = |line: &ImportLine| {
        words::from_file(&line.import.file_name, dates::instant_short(line.import.imported_at), &line.by)
    };
    Some(match table.files.as_ref()? {
        FilesMoved::Replaced { before: Some(before), now } => words::replaced_by(file(now), &before.import.file_name),
        FilesMoved::Replaced { before: None, now } => words::given_since(file(now)),
        FilesMoved::TakenOver(now) => words::taken_over(file(now)),
        FilesMoved::Added(Some(now)) => words::added_since(file(now)),
        FilesMoved::Added(None) => words::ADDED_OF_PATHS.to_owned(),
        FilesMoved::Unread(gone) => words::unread_since(&gone.import.file_name),
        FilesMoved::NotOfDay(gone) => words::not_of_day(&gone.import.file_name),
        FilesMoved::Nobody => words::GONE_OF_PATHS.to_owned(),
    })
}

fn cell_view(cell: &CellMoved, movement: &PhotographMovement) -> CellView {
    let link = |rank: &usize| {
        let path = movement.paths.get(*rank)?;
        let text = path.path.as_ref().map_or_else(|| words::ERASED_PATH.to_owned(), ToString::to_string);
        Some(Link { text, address: format!("#parcours-{}", rank + 1) })
    };
    let (before, now) = (cell.moved.before.french(), cell.moved.now.french());
    let through =
        cell.moved.through.as_ref().filter(|_| cell.file && !cell.paths.is_empty()).map(app::committee::Cell::french);
    let file = match &through {
        Some(through) => words::part_of(words::BY_FILE, through, &now),
        None => words::BY_FILE.to_owned(),
    };
    CellView {
        row: cell.moved.place(),
        column: cell.moved.column.clone(),
        by_paths: through.map(|through| words::part_of(words::BY_PATHS, &before, through)),
        paths: cell.paths.iter().filter_map(link).collect(),
        file: cell.file.then_some(file),
        before,
        now,
    }
}

fn path_view(rank: usize, path: &PathMoved, as_of: Day) -> PathView {
    let change = match path.change {
        EntryChange::Counted => words::COUNTED,
        EntryChange::Withdrawn => words::WITHDRAWN,
        EntryChange::Corrected => words::CORRECTED,
        EntryChange::Ended => words::ENDED,
    };
    PathView {
        id: format!("parcours-{}", rank + 1),
        link: path.path.as_ref().map(|path| Link { text: path.to_string(), address: addresses::path(path) }),
        change: match path.as_of == as_of {
            true => change.to_owned(),
            false => words::counted_at(change, dates::numeric(path.as_of)),
        },
        what: path
            .event
            .as_ref()
            .map_or_else(String::new, |recorded| timeline::path(&recorded.event, &recorded.author)),
        at: path.event.as_ref().map(|recorded| Stamp::instant(recorded.recorded_at)),
        by: path.event.as_ref().map_or_else(String::new, |recorded| timeline::author(&recorded.author)),
    }
}

/// The sealed tables as a file.
pub(super) async fn file(
    State(web): State<Web>,
    signed: Signed,
    Path((photograph, format)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    Asking(visitor): Asking,
) -> Result<Response, PageError> {
    let format: FileFormat = format.parse().map_err(|_| PageError::NotFound)?;
    let photograph: Photograph = web.app.photograph(&signed.actor, id(&photograph)?).await?;
    let tables = if asked.is_outside() { photograph.outside.clone() } else { photograph.all() };
    if tables.is_empty() {
        return Err(PageError::NotFound);
    }
    let of = Of { day: photograph.line.photograph.as_of, outside: asked.is_outside() };
    of.download(&web, &signed, format, tables, &visitor).await
}
