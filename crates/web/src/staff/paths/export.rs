//! The list as a file: the same filters, the same columns, all its pages.
//!
//! What was asked goes with it (L31): a workbook has a second sheet for it. A CSV file has lines of the list and nothing else,
//! since programs read it; its name says the filters. The words of a search may be someone's name and stay out of the name.

use app::exports::{self, Cell, ColumnKind, FileFormat, Table};
use app::{Export, PathLine};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::calendar::paris_day;
use wording::typography::NO_BREAK_SPACE;
use wording::{dates, labels, numbers, pages};

use super::asked::Column;
use super::filters::chips;
use super::table::coordinator;
use super::words::{waited, who};
use super::{Sight, Signed};
use crate::documents::percent;
use crate::request::Path;
use crate::staff::sign_in::Asking;
use crate::{PageError, Web};

/// Signs that a name of a file may not hold everywhere.
const FORBIDDEN: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];
/// Most characters of a name that say the filters.
const LONGEST_NAME: usize = 100;

/// Sends the file.
pub(super) async fn get(
    State(web): State<Web>,
    signed: Signed,
    Path(file): Path<String>,
    Asking(visitor): Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, PageError> {
    let format = match file.as_str() {
        "parcours.csv" => FileFormat::Csv,
        "parcours.xlsx" => FileFormat::Xlsx,
        _ => return Err(PageError::NotFound),
    };
    let sight = Sight::read(&web, &signed, query.as_deref().unwrap_or_default()).await?;
    let filter = sight.asked.filter(sight.today, signed.actor.side());
    let export = web.app.export_paths(&signed.actor, &filter, &file, &visitor).await?;
    let sheets = [listed(&sight, &export.lines), recap(&sight, &signed, &export)];
    let (media_type, bytes) = match format {
        FileFormat::Csv => ("text/csv; charset=utf-8", exports::file(format, &sheets[..1])?),
        FileFormat::Xlsx => {
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exports::file(format, &sheets)?)
        }
    };
    let cut = if export.cut { format!("premieres-{}-lignes-", export.lines.len()) } else { String::new() };
    let name = format!("attachment; filename=\"{}-{cut}{file}\"", dates::iso(sight.today));
    let name = match format {
        FileFormat::Csv => format!("{name}{}", named(&sight, &cut)),
        FileFormat::Xlsx => name,
    };
    let name = HeaderValue::from_str(&name).map_err(|_| PageError::NotFound)?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(media_type)), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, bytes).into_response())
}

/// The part of a header that gives the file a name with the filters; nothing without filters.
fn named(sight: &Sight, cut: &str) -> String {
    let searched = !sight.asked.text.is_empty();
    let word = searched.then(|| pages::paths::FILE_OF_SEARCH.to_owned());
    // The chip of the words comes first.
    let others = chips(sight).into_iter().skip(usize::from(searched)).map(|chip| chip.label);
    let filters: Vec<String> = word.into_iter().chain(others).collect();
    if filters.is_empty() {
        return String::new();
    }
    let filters: String = filters.join(", ").replace(NO_BREAK_SPACE, " ").replace(" : ", " ").replace(FORBIDDEN, "-");
    let short: String = filters.chars().take(LONGEST_NAME).collect();
    let more = if short.len() < filters.len() { "…" } else { "" };
    let name = pages::paths::file_of(dates::iso(sight.today), cut, format!("{short}{more}"));
    format!("; filename*=UTF-8''{}", percent(&name))
}

fn text_column(key: &'static str, label: &str) -> exports::Column {
    exports::Column::new(key, label, ColumnKind::Text)
}

fn day_column(key: &'static str, label: &str) -> exports::Column {
    exports::Column::new(key, label, ColumnKind::Day)
}

fn listed(sight: &Sight, lines: &[PathLine]) -> Table {
    let columns = sight.asked.columns(sight.several_lots);
    let mut heads = vec![text_column("reference", pages::paths::REFERENCE)];
    for column in &columns {
        let key = <&'static str>::from(column);
        match column {
            Column::Due | Column::Entered | Column::Opened | Column::Changed => {
                heads.push(day_column(key, column.label()));
            }
            Column::Holder => {
                heads.push(text_column(key, column.label()));
                heads.push(text_column("attendu", pages::paths::WHAT_IS_AWAITED));
            }
            Column::Place => {
                heads.push(text_column(key, pages::paths::DEPARTMENT));
                heads.push(text_column("commune", pages::paths::COMMUNE));
                heads.push(text_column("code_commune", pages::paths::COMMUNE_CODE));
            }
            Column::Job
            | Column::Company
            | Column::Siret
            | Column::Lot
            | Column::State
            | Column::Coordinator
            | Column::Outcome => heads.push(text_column(key, column.label())),
        }
    }
    let rows = lines.iter().map(|line| {
        let mut cells = vec![Cell::Text(line.reference.to_string())];
        columns.iter().for_each(|column| cells.extend(cell(sight, *column, line)));
        cells
    });
    Table { title: pages::paths::PATHS.to_owned(), columns: heads, rows: rows.collect(), ..Table::default() }
}

fn cell(sight: &Sight, column: Column, line: &PathLine) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let day = |day: Option<domain::Day>| day.map_or(Cell::Empty, Cell::Day);
    match column {
        Column::Job => vec![text(&line.job)],
        Column::Company => vec![text(&line.company)],
        Column::Siret => vec![text(line.siret.as_str())],
        Column::Place => {
            let commune = line.commune.as_str();
            vec![text(labels::department(&line.department)), Cell::Text(labels::commune(commune)), text(commune)]
        }
        Column::Lot => vec![text(line.lot.as_str())],
        Column::State => vec![text(labels::state(line.state))],
        Column::Holder => match line.holder {
            Some(side) => vec![text(who(side)), Cell::Text(waited(line))],
            None => vec![Cell::Empty, Cell::Empty],
        },
        Column::Due => vec![day(line.due_on)],
        Column::Coordinator => vec![coordinator(sight, line).map_or(Cell::Empty, Cell::Text)],
        Column::Entered => vec![day(line.entered_on)],
        Column::Outcome => vec![line.outcome.map_or(Cell::Empty, |outcome| text(labels::outcome(outcome)))],
        Column::Opened => vec![day(Some(line.opened_on))],
        Column::Changed => vec![day(Some(paris_day(line.updated_at)))],
    }
}

/// What was asked, by whom and when.
fn recap(sight: &Sight, signed: &Signed, export: &Export) -> Table {
    let row = |name: &str, value: String| vec![Cell::Text(name.to_owned()), Cell::Text(value)];
    let mut rows = vec![
        row(pages::paths::EXPORTED_ON, dates::long(sight.today)),
        row(pages::paths::BY, signed.account.name.clone()),
        row(pages::paths::LINES, numbers::integer(i64::try_from(export.lines.len()).unwrap_or(i64::MAX))),
    ];
    if export.cut {
        rows.push(row(pages::paths::CUT, pages::paths::CUT_MEANS.to_owned()));
    }
    let chips = chips(sight);
    if chips.is_empty() {
        rows.push(row(pages::paths::FILTERS, pages::paths::NO_FILTER.to_owned()));
    }
    rows.extend(chips.into_iter().map(|chip| row(pages::paths::FILTER, chip.label)));
    Table {
        title: pages::paths::FILTERS.to_owned(),
        columns: vec![text_column("nom", pages::paths::ITEM), text_column("valeur", pages::paths::VALUE)],
        rows,
        ..Table::default()
    }
}
