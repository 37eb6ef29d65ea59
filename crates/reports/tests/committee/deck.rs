//! The deck's numbers: every one is shown again as it is printed, and computed from its parts where it has some.

use domain::money::Percent;
use reports::committee::Comparison;
use reports::committee::differences::{self, Difference};
use reports::committee::given::{Given, Part};
use reports::table::{Cell, Rank, Table};

use crate::{
    BUDGET, END_2022, EVALUATION, MID_2023, PROGRAMME, SECTORS, SOURCE, YEARLY, budget, day, entries, evaluation, fest,
    programme, sectors, statement, yearly,
};

/// The rows of a file of the deck, columns of ours left out.
fn printed(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes);
    let ours = ["Niveau", "Poids", "Origine", "Unité"];
    let headings = reader.headers().expect("headings").clone();
    let kept: Vec<usize> = (0..headings.len()).filter(|at| !ours.contains(&&headings[*at])).collect();
    reader
        .records()
        .map(|row| row.map(|row| kept.iter().map(|at| row[*at].to_owned()).collect()).expect("a row"))
        .collect()
}

/// A number without what depends on the hand that prints it: spaces, units, the sign of minus.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '%' | '€' | 'M'))
        .map(|c| if c == '−' { '-' } else { c })
        .collect()
}

/// Asserts that a table shows every number of a file of the deck; gives how many.
fn shows(table: &Table, bytes: &[u8]) -> usize {
    let lot = |row: &[Cell]| matches!(&row[0], Cell::Text(name) if name.starts_with("Lot "));
    let ranked = table.rows.iter().enumerate().map(|(at, row)| (table.outline.line(at).rank, row));
    let rows: Vec<_> =
        ranked.filter(|(rank, row)| *rank != Rank::Recomputed && !lot(row)).map(|(_, row)| row).collect();
    let printed = printed(bytes);
    let added = usize::from(table.columns[0].key == "scheme" && table.columns[1].key == "paths");
    assert_eq!(rows.len(), printed.len() + added, "{}", table.title);
    let mut numbers = 0;
    for (row, printed) in rows.iter().zip(&printed) {
        assert_eq!(row[0].french(), printed[0], "{}", table.title);
        for (cell, printed) in row.iter().zip(printed).skip(1).filter(|(_, printed)| !printed.is_empty()) {
            assert_eq!(bare(&cell.french()), bare(printed), "{}: {}", table.title, row[0].french());
            numbers += 1;
        }
    }
    numbers
}

#[test]
fn every_printed_number_is_shown_as_it_is_printed() {
    let numbers = [
        shows(&statement(END_2022).table(day(2022, 12, 31), SOURCE), END_2022),
        shows(&statement(MID_2023).table(day(2023, 6, 30), SOURCE), MID_2023),
        shows(&yearly().table(SOURCE), YEARLY),
        shows(&programme().table(SOURCE), PROGRAMME),
        shows(&sectors().table(SOURCE), SECTORS),
        shows(&budget().table(SOURCE), BUDGET),
    ];
    assert_eq!(numbers, [174, 138, 48, 36, 96, 17]);
}

#[test]
fn the_evaluation_sheet_is_the_decks() {
    let table = evaluation().table(day(2023, 6, 14), SOURCE);
    let printed = printed(EVALUATION);
    assert_eq!(table.rows.len(), printed.len());
    for (row, printed) in table.rows.iter().zip(&printed) {
        assert_eq!(row[0].french().replace('’', "'"), printed[0]);
        let value = if row[1] == Cell::Empty { &row[2] } else { &row[1] };
        assert_eq!(bare(&value.french()), bare(&printed[1]), "{}", printed[0]);
    }
    let dropped = table.rows.iter().find(|row| row[0].french() == "Abandons").expect("it is there");
    assert_eq!(dropped[2].french(), "37 à 44", "5 % of 818 is no single number of people");
    assert_eq!(evaluation().differences(), []);
}

#[test]
fn groups_and_totals_are_computed_to_the_printed_decimal() {
    let mut computed = 0;
    for bytes in [END_2022, MID_2023] {
        let statement = statement(bytes);
        let differences = statement.differences();
        for (at, line) in statement.lines.iter().enumerate() {
            let names = statement.names(at);
            let differs = |column: &str| differences.iter().any(|found| found.row == names && found.column == column);
            if let (Given::Value(printed), Some(sum)) = (line.entries, line.computed.entries) {
                assert!(printed == sum || differs(wording::reports::ENTRIES), "{names:?}: {printed} is not {sum}");
                computed += 1;
            }
            for (part, column) in wording::committee::PARTS.iter().enumerate() {
                let (Given::Value(Part::Percent(printed)), Some(weighed)) =
                    (line.parts[part], &line.computed.parts[part])
                else {
                    continue;
                };
                let nearest = Percent::of(weighed.people.best, weighed.weight);
                assert!(
                    nearest == Some(printed.percent()) || differs(column),
                    "{names:?}, {column}: {printed:?} is not {nearest:?}"
                );
                computed += 1;
            }
        }
    }
    assert_eq!(computed, 84, "groups, totals and the rows of the paths, six figures each");
}

#[test]
fn the_row_of_the_paths_is_the_decks_and_its_lots_stand_under_it() {
    for (bytes, row) in [
        (END_2022, "31 | 70,97 % | 16,13 % | 3,23 % | 41,94 % | 25,81 %"),
        (MID_2023, "7 | 71,43 % | 14,29 % | 0,00 % | 28,57 % | 28,57 %"),
    ] {
        // Without what the deck prints in the row, and without saying which row it is.
        let text = String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let bare: Vec<&str> = text
            .lines()
            .map(|line| {
                if line.ends_with(";parcours") {
                    "2;Formation en situation de travail - AFEST;;;;;;;;parcours"
                } else {
                    line
                }
            })
            .collect();
        let (total, lots) = fest(bytes);
        let statement = entries(bare.join("\n").as_bytes()).with_paths(&total, &lots).statement();
        let table = statement.table(day(2023, 6, 30), SOURCE);
        let at =
            table.rows.iter().position(|row| row[0].french() == wording::reports::SCHEME_ROW).expect("the row of FEST");
        let shown: Vec<String> = table.rows[at][1..].iter().map(|cell| cell.french().replace('\u{a0}', " ")).collect();
        assert_eq!(shown.join(" | "), row);
        let names: Vec<String> = table.rows[at + 1..at + 3].iter().map(|row| row[0].french()).collect();
        assert!(names.iter().all(|name| name.starts_with("Lot ")), "{names:?}");
        assert_eq!(
            statement.differences().len(),
            self::statement(bytes).differences().len(),
            "the programme still holds"
        );
    }
}

#[test]
fn what_the_paths_say_otherwise_is_listed() {
    let (mut total, lots) = fest(END_2022);
    total.entries += 1;
    let differences = entries(END_2022).with_paths(&total, &lots).statement().differences();
    let row = |found: &&Difference| found.row.last().is_some_and(|name| name == wording::reports::SCHEME_ROW);
    let found: Vec<_> =
        differences.iter().filter(row).map(|found| (found.column.as_str(), found.computed.french())).collect();
    assert_eq!(found[0], (wording::reports::ENTRIES, "32".to_owned()), "{found:?}");
    assert_eq!(found.len(), 6, "the shares of 32 are others: {found:?}");
}

#[test]
fn a_scheme_row_is_added_where_the_import_has_none() {
    let (total, lots) = fest(MID_2023);
    let text = "Niveau;Dispositif;Entrées;Niveau 4 et infra;Bénéficiaires du RSA;BOE;Dont >45 ans;Dont <26 ans\n1;Autre;93;50;4;1;30;30\n";
    let statement = entries(text.as_bytes()).with_paths(&total, &lots).statement();
    let table = statement.table(day(2023, 6, 30), SOURCE);
    let rows: Vec<(String, String)> = table.rows.iter().map(|row| (row[0].french(), row[1].french())).collect();
    let numbers: Vec<&str> = rows.iter().map(|(_, entries)| entries.as_str()).collect();
    assert_eq!(numbers, ["93", "7", "4", "3", "100"], "{rows:?}");
    assert_eq!(table.rows[4][2].french(), "55,00\u{a0}%", "people add up exactly");
    assert!(table.outline.is_cautious(1, 2) && !table.outline.is_cautious(4, 2));
}

#[test]
fn two_dates_are_compared_in_number_in_percent_and_in_points() {
    let (now, before) = (statement(MID_2023), statement(END_2022));
    let comparison = Comparison { now: (&now, day(2023, 6, 30)), before: (&before, day(2022, 12, 31)) };
    let [entries, shares] = comparison.tables(SOURCE);
    let row = |table: &Table, name: &str| {
        let row = table.rows.iter().find(|row| row[0].french() == name).unwrap_or_else(|| panic!("{name}"));
        row.iter().skip(1).map(|cell| cell.french().replace('\u{a0}', " ")).collect::<Vec<_>>().join(" | ")
    };
    let fest = wording::reports::SCHEME_ROW;
    assert_eq!(row(&entries, fest), "7 | 31 | −24 | −77,42 %");
    assert_eq!(row(&entries, "TOTAL"), "12 047 | 30 793 | −18 746 | −60,88 %");
    assert_eq!(row(&entries, "Savoirs Bureautiques"), "583 | – | – | –", "the later table alone has it");
    assert_eq!(row(&entries, "AIF"), "– | 504 | – | –", "the earlier one alone has it");
    assert!(
        row(&shares, fest)
            .starts_with("71,43 % | 70,97 % | +0,46 pt | 14,29 % | 16,13 % | −1,84 pt | 0,00 % | 3,23 % | −3,23 pts")
    );
    for (table, columns) in [(&entries, 5), (&shares, 16)] {
        assert!(table.columns.len() == columns && table.rows.iter().all(|row| row.len() == columns));
        let names: Vec<_> = table.rows.iter().map(|row| row[0].french()).collect();
        assert_eq!(names.iter().filter(|name| *name == "TOTAL").count(), 1);
        assert_eq!(names.last().map(String::as_str), Some("TOTAL"), "{names:?}");
        let known = now.lines.iter().chain(&before.lines);
        assert!(known.into_iter().all(|line| names.contains(&line.name)), "every row of both is there");
    }
}

/// The differences of the deck, table by table.
fn all() -> Vec<(String, Vec<Difference>)> {
    let [end, middle] = [END_2022, MID_2023].map(statement);
    [
        (end.table(day(2022, 12, 31), SOURCE), end.differences()),
        (middle.table(day(2023, 6, 30), SOURCE), middle.differences()),
        (yearly().table(SOURCE), yearly().differences()),
        (programme().table(SOURCE), programme().differences()),
        (sectors().table(SOURCE), sectors().differences()),
        (budget().table(SOURCE), budget().differences()),
        (evaluation().table(day(2023, 6, 14), SOURCE), evaluation().differences()),
    ]
    .into_iter()
    .map(|(table, differences)| (table.title, differences))
    .collect()
}

#[test]
fn the_differences_of_the_deck_are_these() {
    let table = differences::table(wording::committee::DIFFERENCES, &all());
    let lines = table.rows.iter().map(|row| row.iter().map(Cell::french).collect::<Vec<_>>().join(" | "));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_page_of_the_documentation_is_fresh() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ecarts-copil-2023.md");
    let page = differences::page(wording::committee::DECK_DIFFERENCES, &all());
    // `JALON_BLESS=1 cargo test -p reports --test committee` writes it again.
    if std::env::var_os("JALON_BLESS").is_some() {
        std::fs::write(file, &page).expect("it is written");
    }
    assert_eq!(std::fs::read_to_string(file).unwrap_or_default(), page, "docs/ecarts-copil-2023.md is not fresh");
    let problems: Vec<String> = page
        .lines()
        .filter(|line| !line.starts_with("| ---"))
        .flat_map(wording::typography::check)
        .map(|problem| problem.to_string())
        .collect();
    assert!(
        problems.iter().all(|problem| problem.contains("StraightApostrophe")),
        "names of the deck aside: {problems:?}"
    );
}
