//! What the two formats of spreadsheets share: cells as numbers, names of columns and sheets, what stands under a table.

use domain::Day;
use wording::committee as words;

use crate::decimal::float;
use crate::table::{Cell, Scale, Table};

/// Most characters of the name of a sheet.
const NAME: usize = 31;

/// A cell as a spreadsheet holds it: percentages are fractions, amounts euros.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Styled {
    Empty,
    Text(String),
    Count(i64),
    Gap(i64),
    Points(f64),
    Percent { value: f64, decimals: u8 },
    Money { value: f64, decimals: u8, millions: bool },
    Day(Day),
}

impl Cell {
    pub(crate) fn styled(&self) -> Styled {
        match self {
            Self::Text(text) => Styled::Text(text.clone()),
            Self::Count(count) => Styled::Count(*count),
            Self::Sum(terms) => Styled::Count(terms.iter().sum()),
            Self::Gap(gap) => Styled::Gap(*gap),
            Self::Percent(percent) => Styled::Percent { value: float(percent.hundredths()) / 10_000.0, decimals: 2 },
            Self::Rate(rate) => Styled::Percent { value: rate.fraction(), decimals: rate.decimals() },
            Self::Points(hundredths) => Styled::Points(float(*hundredths) / 100.0),
            Self::Money(cents) => Styled::Money { value: float(cents.get()) / 100.0, decimals: 2, millions: false },
            Self::Amount(cents, scale) => {
                let (decimals, millions) = match scale {
                    Scale::Euros if cents.get() % 100 == 0 => (0, false),
                    Scale::Euros => (2, false),
                    Scale::Millions => (1, true),
                };
                Styled::Money { value: float(cents.get()) / 100.0, decimals, millions }
            }
            Self::Day(day) => Styled::Day(*day),
            Self::Empty => Styled::Empty,
            Self::NotApplicable | Self::Masked => Styled::Text(self.french()),
        }
    }
}

/// The name of a column, `A`, `AB`.
pub(crate) fn column_name(column: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    match column / 26 {
        0 => letter.to_string(),
        above => format!("{}{letter}", column_name(above - 1)),
    }
}

/// Names of sheets that spreadsheets take, each once.
pub(crate) fn sheet_names(tables: &[Table]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(tables.len());
    for table in tables {
        let plain = name(table.outline.name.as_deref().unwrap_or(&table.title));
        let mut unique = plain.clone();
        let mut rank = 2;
        while names.iter().any(|known| known.to_lowercase() == unique.to_lowercase()) {
            let suffix = format!(" {rank}");
            unique = plain.chars().take(NAME - suffix.len()).collect::<String>() + &suffix;
            rank += 1;
        }
        names.push(unique);
    }
    names
}

/// A title as sheets may be named.
pub(crate) fn name(title: &str) -> String {
    title.chars().map(|letter| if "[]:*?/\\'".contains(letter) { ' ' } else { letter }).take(NAME).collect()
}

/// What stands under a table of the committee: its day, its source, its notes; nothing under a list.
pub(crate) fn footer(table: &Table) -> Vec<String> {
    let outline = &table.outline;
    if outline.lines.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new()];
    lines.extend(outline.as_of.map(|day| words::as_of(wording::dates::numeric(day))));
    lines.extend(outline.source.as_deref().map(words::source));
    lines.extend(table.notes.iter().cloned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_sheets_have_names() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(column_name).collect();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
        let table = |title: &str| Table { title: title.to_owned(), ..Table::default() };
        let long = "Point sur les entrées en formation au 31/12/2022";
        let tables = [table(long), table(&long.replace("2022", "2023")), table("a[b]:c")];
        let names = sheet_names(&tables);
        assert_eq!(names, ["Point sur les entrées en format", "Point sur les entrées en form 2", "a b  c"]);
        assert_eq!(name("Filtres : tous [essai]"), "Filtres   tous  essai ");
    }
}
