//! Every format, read back by programs of other hands: calamine for spreadsheets, qpdf and poppler for PDF.

use std::io::Cursor;
use std::process::Command;

use calamine::{Data, Ods, Range, Reader, Xlsx};
use chrono::TimeZone;
use reports::documents::{Cover, Paper};
use reports::table::{Cell, Format, Rank, Table};
use reports::{documents, ods, xlsx};

use crate::formulas::evaluate;
use crate::{day, tables};

/// What a spreadsheet must hold for a cell; nothing for a text or an empty cell.
fn number(cell: &Cell) -> Option<f64> {
    let hundredths = |hundredths: i64| format!("{hundredths}").parse::<f64>().map(|number| number / 100.0).ok();
    match cell {
        Cell::Count(count) | Cell::Gap(count) => count.to_string().parse().ok(),
        Cell::Sum(terms) => terms.iter().sum::<i64>().to_string().parse().ok(),
        Cell::Percent(percent) => hundredths(percent.hundredths()).map(|percent| percent / 100.0),
        Cell::Rate(rate) => rate.csv().replace(',', ".").parse().map(|rate: f64| rate / 100.0).ok(),
        Cell::Points(points) => hundredths(*points),
        Cell::Money(cents) | Cell::Amount(cents, _) => hundredths(cents.get()),
        Cell::Text(_) | Cell::Day(_) | Cell::Empty | Cell::NotApplicable | Cell::Masked => None,
    }
}

/// How near a computed value must be: half of the last digit that is shown.
fn precision(cell: &Cell) -> f64 {
    match cell {
        Cell::Percent(_) => 0.000_05 + 1e-9,
        Cell::Rate(rate) => 0.5 / 10_f64.powi(i32::from(rate.decimals()) + 2) + 1e-9,
        Cell::Points(_) => 0.005 + 1e-9,
        _ => 1e-6,
    }
}

/// A sheet whose every formula is computed again, those of the cells that it sees included.
struct Sheet<'a> {
    values: &'a Range<Data>,
    formulas: &'a Range<String>,
    title: &'a str,
}

impl Sheet<'_> {
    fn computed(&self, name: &str) -> f64 {
        let split = name.find(|c: char| c.is_ascii_digit()).expect("a row");
        let column = name[..split].bytes().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1) - 1;
        let row = name[split..].parse::<u32>().expect("a row") - 1;
        if let Some(formula) = self.formulas.get_value((row, column)).filter(|formula| !formula.is_empty()) {
            return evaluate(formula, &|name| self.computed(name));
        }
        match self.values.get_value((row, column)) {
            Some(Data::Float(value)) => *value,
            other => panic!("{}: {name} is {other:?}", self.title),
        }
    }
}

/// Asserts that a sheet holds a table: values, types, and formulas that give what is written. Gives how many formulas.
fn holds(values: &Range<Data>, formulas: &Range<String>, table: &Table) -> usize {
    let at = |row: usize, column: usize| (u32::try_from(row).expect("few"), u32::try_from(column).expect("few"));
    let value = |row, column| values.get_value(at(row, column)).cloned().unwrap_or_default();
    let sheet = Sheet { values, formulas, title: &table.title };
    for (column, head) in table.columns.iter().enumerate() {
        assert_eq!(value(0, column), Data::String(head.label.clone()));
    }
    let mut found = 0;
    for (row, cells) in table.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let place = format!("{}, row {row}, column {column}", table.title);
            match (number(cell), value(row + 1, column)) {
                (Some(number), Data::Float(held)) => {
                    assert!((number - held).abs() < 1e-9, "{place}: {held} is not {number}");
                }
                (None, Data::String(held)) => assert_eq!(held, cell.french(), "{place}"),
                (None, Data::Empty) => assert_eq!(*cell, Cell::Empty, "{place}"),
                (_, held) => panic!("{place}: {held:?} for {cell:?}"),
            }
            let formula = formulas.get_value(at(row + 1, column)).filter(|formula| !formula.is_empty());
            assert_eq!(formula.is_some(), table.outline.rule(row, column).is_some(), "{place}: {formula:?}");
            if let (Some(formula), Some(written)) = (formula, number(cell)) {
                // Each format has its own sign between the arguments of a function.
                assert!(!formula.contains(if formula.starts_with("of:") { ',' } else { ';' }), "{place}: {formula}");
                let computed = evaluate(formula, &|name| sheet.computed(name));
                assert!(
                    (computed - written).abs() <= precision(cell),
                    "{place}: {formula} gives {computed}, {written} is written"
                );
                found += 1;
            }
        }
    }
    let last = values.rows().next_back().expect("rows").first().expect("a cell").to_string();
    assert!(table.notes.is_empty() || table.notes.last() == Some(&last), "{last}");
    found
}

#[test]
fn spreadsheets_hold_every_value_and_formulas_that_give_it() {
    let tables = tables();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx::workbook(&tables).expect("a workbook"))).expect("it is read");
    let mut document: Ods<_> =
        Ods::new(Cursor::new(ods::spreadsheet(&tables).expect("a document"))).expect("it is read");
    if let Some(folder) = std::env::var_os("JALON_PICTURES") {
        let file = |name: &str| std::path::Path::new(&folder).join(name);
        std::fs::write(file("committee.xlsx"), xlsx::workbook(&tables).expect("a workbook")).expect("it is written");
        std::fs::write(file("committee.ods"), ods::spreadsheet(&tables).expect("a document")).expect("it is written");
    }
    assert_eq!(book.sheet_names(), document.sheet_names());
    let mut formulas = Vec::new();
    for (name, table) in book.sheet_names().iter().zip(&tables) {
        let in_book = holds(
            &book.worksheet_range(name).expect("values"),
            &book.worksheet_formula(name).expect("formulas"),
            table,
        );
        let in_document = holds(
            &document.worksheet_range(name).expect("values"),
            &document.worksheet_formula(name).expect("formulas"),
            table,
        );
        assert_eq!(in_book, in_document);
        assert_eq!(in_book, table.outline.formulas.len());
        formulas.push(in_book);
    }
    assert!(formulas[..8].iter().all(|number| *number >= 5), "totals, groups, differences, rates: {formulas:?}");
    // The total of the entries follows from its rows in a cell, and its shares too.
    let total = tables[0].outline.lines.iter().position(|line| line.rank == Rank::Total).expect("a total");
    assert!((1..7).all(|column| tables[0].outline.rule(total, column).is_some()));
}

#[test]
fn machine_formats_keep_the_order_and_the_level_of_rows() {
    let table = &tables()[0];
    let csv = table.write(Format::Csv).expect("CSV");
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[1], "ORIENTATION;7578;70,99;22,92;13,68;23,71;35,01");
    assert!(lines.contains(&"AIF;504;-;-;-;-;-"), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&table.write(Format::Json).expect("JSON")).expect("JSON");
    assert_eq!(json["rows"][1]["level_4_and_below"], 7_194);
    assert_eq!(json["outline"]["lines"][1], serde_json::json!({ "indent": 1, "rank": "group" }));
    assert_eq!(json["outline"]["as_of"], "2022-12-31");
}

/// What a program of another hand prints of a file.
fn read_by(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn pages_and_slides_are_sound_tagged_and_say_everything() {
    let tables = tables();
    let cover = Cover {
        title: "Comité de pilotage : entrées en formation".replace(" :", "\u{a0}:"),
        issuer: "Région Normandie".to_owned(),
        on: day(2023, 6, 30),
    };
    let at = chrono::Utc.with_ymd_and_hms(2023, 7, 1, 8, 0, 0).single().expect("an instant");
    for (paper, size, name) in
        [(Paper::A4Landscape, "841.89 x 595.276 pts (A4)", "a4"), (Paper::Slides, "841.89 x 473.563 pts", "slides")]
    {
        let bytes = documents::tables(paper, &cover, &tables, at).expect("a PDF");
        let again = [(); 2].map(|()| documents::tables(paper, &cover, &tables[4..5], at).expect("a PDF"));
        assert_eq!(again[0], again[1], "the same facts, the same bytes");
        let file = tempfile::Builder::new().suffix(".pdf").tempfile().expect("a file");
        std::fs::write(file.path(), &bytes).expect("it is written");
        let path = file.path().to_str().expect("a path");
        read_by("qpdf", &["--check", path]);
        let information = read_by("pdfinfo", &[path]);
        assert!(information.contains("Tagged:          yes") && information.contains(size), "{name}: {information}");
        assert!(information.contains(&format!("Title:           {}", cover.title)), "{name}: {information}");
        let meta = read_by("pdfinfo", &["-meta", path]);
        for claim in [
            "<pdfaid:part>2</pdfaid:part>",
            "<pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
        ] {
            assert!(meta.contains(claim), "{name}: {claim} not in {meta}");
        }
        let structure = read_by("pdfinfo", &["-struct", path]);
        assert!(
            structure.contains("Table") && structure.contains("TH") && structure.contains("H1"),
            "{name}: {structure}"
        );
        let text = read_by("pdftotext", &["-layout", path, "-"]);
        let words: String = text.split_whitespace().collect();
        let pages = text.matches('\u{c}').count();
        assert!(
            text.contains(&format!("Page 1 sur {pages}")) && text.contains(&format!("Page {pages} sur {pages}")),
            "{name}"
        );
        for table in &tables {
            for cell in table.rows.iter().flatten().filter(|cell| cell.is_figure()) {
                let shown: String = cell.french().split_whitespace().collect();
                assert!(words.contains(&shown), "{name}: {shown} of {}", table.title);
            }
            for said in table
                .outline
                .as_of
                .map(|day| format!("Arrêtéau{}", day.format("%d/%m/%Y")))
                .iter()
                .chain(&["Source\u{a0}:".replace('\u{a0}', "")])
            {
                assert!(words.contains(said.as_str()), "{name}: {said}");
            }
        }
        well_laid_out(name, path);
        pictured(name, path, pages);
        // Files to look at: `JALON_PICTURES=folder`.
        if let Some(folder) = std::env::var_os("JALON_PICTURES") {
            let prefix = std::path::Path::new(&folder).join(name);
            read_by("pdftoppm", &["-r", "60", "-png", path, prefix.to_str().expect("a path")]);
        }
    }
}

/// How near the edge of a page anything may come, in points: five millimetres.
const EDGE: f64 = 14.0;

/// Every word of every page stands within its page, and on no other one.
fn well_laid_out(name: &str, path: &str) {
    let boxes = read_by("pdftotext", &["-bbox", path, "-"]);
    let number = |line: &str, key: &str| -> f64 {
        let rest = line.split(&format!("{key}=\"")).nth(1).unwrap_or_else(|| panic!("{name}: no {key} in {line}"));
        rest.split('"').next().and_then(|digits| digits.parse().ok()).expect("a number")
    };
    let mut seen = 0;
    for page in boxes.split("<page ").skip(1) {
        let (width, height) = (number(page, "width"), number(page, "height"));
        let words: Vec<(&str, [f64; 4])> = page
            .lines()
            .filter(|line| line.trim_start().starts_with("<word "))
            .map(|line| (line, ["xMin", "yMin", "xMax", "yMax"].map(|key| number(line, key))))
            .collect();
        for (rank, (line, [left, top, right, bottom])) in words.iter().enumerate() {
            assert!(
                *left >= EDGE && *top >= EDGE && *right <= width - EDGE && *bottom <= height - EDGE,
                "{name}: at the edge, {line}"
            );
            for (other, [l, t, r, b]) in &words[rank + 1..] {
                // The boxes of two lines may touch: they are as high as the tallest letter.
                let (across, down) = (right.min(*r) - left.max(*l), bottom.min(*b) - top.max(*t));
                assert!(across < 1.0 || down < 3.0, "{name}: {line} lies over {other}");
            }
        }
        seen += words.len();
    }
    assert!(seen > 500, "{name}: {seen} words");
}

/// Each page as a picture has something drawn, and nothing along its edges.
fn pictured(name: &str, path: &str, pages: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let prefix = folder.path().join("page");
    read_by("pdftoppm", &["-r", "50", "-gray", path, prefix.to_str().expect("a path")]);
    let mut files: Vec<_> =
        std::fs::read_dir(folder.path()).expect("pictures").map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert_eq!(files.len(), pages, "{name}");
    for file in files {
        let bytes = std::fs::read(&file).expect("a picture");
        let (width, height, pixels) = gray(&bytes).expect("a gray picture");
        let inked = |x: usize, y: usize| pixels[y * width + x] < 128;
        let edge = 5;
        let on_edge = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .filter(|(x, y)| *x < edge || *y < edge || *x >= width - edge || *y >= height - edge)
            .filter(|(x, y)| inked(*x, *y))
            .count();
        let ink = pixels.iter().filter(|pixel| **pixel < 128).count();
        assert_eq!(on_edge, 0, "{}: something runs off the page", file.display());
        let share = 1_000 * ink / pixels.len();
        assert!((2..300).contains(&share), "{}: {share} thousandths of it are inked", file.display());
    }
}

/// A picture of 256 grays (PGM, P5): its width, its height and its pixels, row by row.
fn gray(bytes: &[u8]) -> Option<(usize, usize, &[u8])> {
    let mut fields = Vec::new();
    let mut at = 0;
    while fields.len() < 4 {
        let end = at + bytes[at..].iter().position(u8::is_ascii_whitespace)?;
        fields.push(std::str::from_utf8(&bytes[at..end]).ok()?);
        at = end + 1;
    }
    let (width, height) = (fields[1].parse().ok()?, fields[2].parse().ok()?);
    (fields[0] == "P5" && fields[3] == "255" && bytes.len() == at + width * height)
        .then(|| (width, height, &bytes[at..]))
}
