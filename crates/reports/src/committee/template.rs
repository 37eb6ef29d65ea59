//! An empty file of each kind: the headings that an import expects, to fill in a spreadsheet.

use domain::Day;
use domain::committee::TableKind;
use strum::IntoEnumIterator;

use super::assembly::year_of;
use super::evaluation::Indicator;
use wording::committee as words;

/// How many years the tables by year begin with.
const YEARS: u16 = 5;

/// The file, as French spreadsheets open it.
///
/// # Errors
/// The CSV writer refuses a row whose length is not the header's.
pub fn template(kind: TableKind, as_of: Day) -> Result<String, csv::Error> {
    let year = year_of(as_of);
    let first = |headings: &[&'static str]| headings.first().copied().unwrap_or_default().to_owned();
    let by_year = |name: String| {
        std::iter::once(name)
            .chain((year.saturating_sub(YEARS - 1)..=year).map(|year| year.to_string()))
            .collect::<Vec<_>>()
    };
    let headings: Vec<String> = match kind {
        TableKind::Entries => [words::LEVEL.to_owned(), first(words::SCHEME_HEADINGS), first(words::ENTRIES_HEADINGS)]
            .into_iter()
            .chain(words::PART_HEADINGS.iter().map(|part| first(part)))
            .chain([words::WEIGHT.to_owned(), words::ORIGIN.to_owned()])
            .collect(),
        TableKind::Yearly => by_year(first(words::SCHEME_HEADINGS)),
        TableKind::Budget => by_year(first(words::BUDGET_LINE_HEADINGS)),
        TableKind::Programme => words::programme_headings(year).into_iter().filter_map(first_of).collect(),
        TableKind::Sectors => words::sector_headings(year).into_iter().filter_map(first_of).collect(),
        TableKind::Evaluation => vec![words::INDICATOR.to_owned(), words::VALUE.to_owned()],
    };
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(&headings)?;
    match kind {
        TableKind::Entries => {
            let mut row = vec!["1".to_owned(), wording::reports::SCHEME_ROW.to_owned()];
            row.resize(headings.len() - 1, String::new());
            row.push(words::PATHS.to_owned());
            writer.write_record(&row)?;
        }
        TableKind::Evaluation => {
            for indicator in Indicator::iter() {
                writer.write_record([indicator.words().label(), ""])?;
            }
        }
        TableKind::Yearly | TableKind::Programme | TableKind::Sectors | TableKind::Budget => {}
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(format!("\u{feff}{}", String::from_utf8_lossy(&bytes)))
}

fn first_of(headings: Vec<String>) -> Option<String> {
    headings.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::committee::assembly::Sheet;
    use crate::committee::{File, Reason};

    #[test]
    fn every_template_has_the_headings_that_its_import_reads() {
        let day = domain::samples::day("2023-06-30");
        for kind in TableKind::iter() {
            let file = template(kind, day).unwrap();
            let headings = |reason: &Reason| {
                matches!(reason, Reason::UnknownHeading(_) | Reason::MissingHeading | Reason::DoubledHeading)
            };
            match Sheet::read(kind, &File::csv(file.as_bytes()), day, Some("Essai")) {
                Ok(_) => assert_eq!(kind, TableKind::Entries, "{file}"),
                Err(refused) => {
                    let wrong: Vec<_> = refused.problems.iter().filter(|it| headings(&it.reason)).collect();
                    assert!(wrong.is_empty(), "{kind}: {wrong:#?}");
                }
            }
        }
    }
}
