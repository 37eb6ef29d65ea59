//! The list of paths as a spreadsheet, read back: the same columns and rows as the CSV, typed, with the filters on a sheet of
//! their own.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use axum::http::StatusCode;
use domain::path::Transition;
use domain::{Day, samples};
use serde_json::json;
use zip::ZipArchive;

use crate::kit::{Kit, Page};
use crate::paths::Seat;

/// A cell as the spreadsheet holds it.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Text(String),
    /// A number, and the format in which it shows.
    Number(f64, String),
}

/// A workbook: its sheets in their order, each row by the letter of its columns.
struct Workbook {
    sheets: Vec<(String, Vec<BTreeMap<String, Cell>>)>,
}

/// The elements of a name: their attributes, and what they hold.
fn elements<'x>(xml: &'x str, name: &str) -> Vec<(&'x str, &'x str)> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    for part in xml.split(&open).skip(1).filter(|part| part.starts_with([' ', '>', '/'])) {
        let (attributes, rest) = part.split_once('>').expect("an element ends");
        let held = if attributes.ends_with('/') { "" } else { rest.split(&close).next().unwrap_or_default() };
        found.push((attributes, held));
    }
    found
}

fn attribute<'x>(attributes: &'x str, name: &str) -> Option<&'x str> {
    attributes.split(&format!(" {name}=\"")).nth(1)?.split('"').next()
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

impl Workbook {
    fn read(page: &Page) -> Self {
        let mut parts = ZipArchive::new(Cursor::new(&page.bytes)).expect("an archive");
        let mut part = |name: &str| {
            let mut text = String::new();
            parts.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
            text
        };
        let texts = part("xl/sharedStrings.xml");
        let texts: Vec<String> = elements(&texts, "t").iter().map(|(_, text)| plain(text)).collect();
        let styles = part("xl/styles.xml");
        let formats: BTreeMap<&str, String> = elements(&styles, "numFmt")
            .iter()
            .filter_map(|(attributes, _)| {
                Some((attribute(attributes, "numFmtId")?, plain(attribute(attributes, "formatCode")?)))
            })
            .collect();
        let (_, used) = elements(&styles, "cellXfs")[0];
        let used: Vec<String> = elements(used, "xf")
            .iter()
            .map(|(attributes, _)| {
                let id = attribute(attributes, "numFmtId").unwrap_or_default();
                formats.get(id).cloned().unwrap_or_else(|| id.to_owned())
            })
            .collect();
        let book = part("xl/workbook.xml");
        let names: Vec<String> = elements(&book, "sheet")
            .iter()
            .map(|(attributes, _)| plain(attribute(attributes, "name").expect("a sheet has a name")))
            .collect();
        let sheets = names.into_iter().zip(1..).map(|(name, number)| {
            let xml = part(&format!("xl/worksheets/sheet{number}.xml"));
            let row = |(_, cells): &(&str, &str)| {
                elements(cells, "c")
                    .into_iter()
                    .filter_map(|(attributes, held)| cell(attributes, held, &texts, &used))
                    .collect()
            };
            (name, elements(&xml, "row").iter().map(row).collect())
        });
        Self { sheets: sheets.collect() }
    }
}

/// A cell with the letter of its column; none when it is empty.
fn cell(attributes: &str, held: &str, texts: &[String], formats: &[String]) -> Option<(String, Cell)> {
    let column = attribute(attributes, "r")?.trim_end_matches(|sign: char| sign.is_ascii_digit()).to_owned();
    let (_, value) = *elements(held, "v").first()?;
    assert!(!held.contains("<f>"), "no cell is a formula: {held}");
    let cell = match attribute(attributes, "t") {
        Some("s") => Cell::Text(texts[value.parse::<usize>().expect("a rank")].clone()),
        None => {
            let style: usize = attribute(attributes, "s").map_or(0, |style| style.parse().expect("a rank"));
            Cell::Number(value.parse().expect("a number"), formats[style].clone())
        }
        Some(other) => panic!("a cell of type {other}"),
    };
    Some((column, cell))
}

/// A cell as the CSV writes it.
fn french(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@']) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
        Cell::Number(serial, format) => {
            assert_eq!(format, "dd/mm/yyyy", "the numbers of this list are days");
            let first = Day::from_ymd_opt(1899, 12, 30).expect("a day");
            let day = first + chrono::Duration::days(format!("{serial:.0}").parse().expect("a whole number of days"));
            day.format("%d/%m/%Y").to_string()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_spreadsheet_holds_what_the_list_shows() {
    let mut kit = Kit::new().await;
    let actor = kit.coordinator.actor();
    for company in ["=Formule SA", "Atelier Zinc & fils", "Cidrerie du Pré"] {
        kit.path = None;
        let mut form = samples::form(Transition::ReportNeed, kit.today);
        form.insert("company".to_owned(), json!(company));
        kit.act(&actor, Transition::ReportNeed, form).await;
    }
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let chosen = "?q=o&colonne=entreprise&colonne=echeance&colonne=ouvert&colonne=modifie";
    for (asked, least) in [("", 1), (chosen, 2)] {
        let csv = seat.get(&kit, &format!("/parcours/export/parcours.csv{asked}")).await;
        let page = seat.get(&kit, &format!("/parcours/export/parcours.xlsx{asked}")).await;
        assert_eq!((csv.status, page.status), (StatusCode::OK, StatusCode::OK));
        let book = Workbook::read(&page);
        let names: Vec<&str> = book.sheets.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Parcours", "Filtres"]);
        let rows: Vec<Vec<&str>> =
            csv.text.trim_start_matches('\u{feff}').lines().map(|line| line.split(';').collect()).collect();
        assert_eq!(rows.len(), book.sheets[0].1.len(), "{asked}");
        let mut days = 0;
        for (row, cells) in rows.iter().zip(&book.sheets[0].1) {
            for (value, letter) in row.iter().zip('A'..='Z') {
                let cell = cells.get(&letter.to_string());
                days += usize::from(matches!(cell, Some(Cell::Number(..))));
                assert_eq!(cell.map(french).unwrap_or_default(), *value, "{asked}: {row:?} and {cells:?}");
            }
        }
        let lines = rows.len() - 1;
        assert!(lines >= 1 && days >= least * lines, "days are days: {days} in {lines} rows");
    }

    // What was asked stands on its own sheet, as the page says it.
    let page = seat.get(&kit, "/parcours/export/parcours.xlsx?q=zinc&lot=1").await;
    let book = Workbook::read(&page);
    let told: Vec<Vec<String>> = book.sheets[1].1.iter().map(|row| row.values().map(french).collect()).collect();
    let has = |name: &str, value: &str| {
        let found = told.iter().any(|row| row[0] == name && row[1].contains(value));
        assert!(found, "« {name} » « {value} »: {told:?}");
    };
    has("Lignes", "1");
    has("Filtre", "zinc");
    has("Filtre", "1");
    has("Par", &kit.officer.name);
    assert_eq!(book.sheets[0].1.len(), 2);
    assert!(book.sheets[0].1[1].values().any(|cell| *cell == Cell::Text("Atelier Zinc & fils".to_owned())));
}
