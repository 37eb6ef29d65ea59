//! The glossary that people read says what the code says.
//!
//! `docs/glossaire.md` fixes one word for one thing; these tests hold it against the labels and against typography.

use domain::path::State;
use strum::IntoEnumIterator;

use crate::{labels, typography};

const GLOSSARY: &str = include_str!("../../../docs/glossaire.md");

/// The cells of every row, headings left out.
fn rows() -> Vec<Vec<&'static str>> {
    let rows = GLOSSARY.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn every_row_has_a_term_an_identifier_a_source_and_a_meaning() {
    assert!(rows().len() > 80);
    for row in rows() {
        assert!(row.len() == 4 && row.iter().all(|cell| !cell.is_empty()), "{row:?}");
        assert!(row[1].starts_with('`') && row[1].ends_with('`') && row[1].is_ascii(), "{row:?}");
        assert!(row[3].ends_with('.'), "{row:?}");
    }
}

#[test]
fn every_state_is_there_under_its_label() {
    for state in State::iter() {
        let identifier = format!("`{state}`");
        let label = labels::state(state);
        assert!(rows().iter().any(|row| row[0] == label && row[1] == identifier), "{identifier} {label}");
    }
}

#[test]
fn it_is_set_as_the_screens_are() {
    assert_eq!(typography::check(GLOSSARY), []);
}
