//! « Point sur les entrées réalisées sur les dispositifs Région »: entries of each scheme, year by year.
//!
//! Source: the deck's table of 2018 to 2022. A cell may be the sum of two counts (`62 + 504`: the second is what was delegated);
//! an empty one is a scheme that did not exist. The total of 2022 does not add up: QUALIF was given with rows that the table
//! counts again.

use super::differences::{Difference, Finding};
use super::given::Given;
use super::import::{Field, File, Node, Reading, Refused, check};
use crate::table::{Cell, Column, ColumnKind, Line, Outline, Rank, Rule, Table};
use wording::committee as words;

/// Entries by scheme and year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yearly {
    pub years: Vec<u16>,
    rows: Vec<Row>,
    /// The printed totals, by year.
    total: Vec<Given<i64>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    name: String,
    /// By year: the terms of each count.
    counts: Vec<Given<Vec<i64>>>,
}

impl Yearly {
    /// Reads the table: a column of names, a column for each year; the row whose name is « Total » or begins so is the total.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn import(file: &File<'_>) -> Result<Self, Refused> {
        let (mut reading, years) = Reading::years(file, &Field::required(words::SCHEME_HEADINGS))?;
        let mut nodes = Vec::new();
        let mut rows = Vec::new();
        let mut total = vec![Given::Blank; years.len()];
        for row in 0..reading.len() {
            let name = reading.name(row, 0);
            let is_total = words::is_total(&name);
            nodes.push(Node { line: reading.line(row), level: u8::from(!is_total), name: name.clone() });
            if is_total {
                total = (1..=years.len()).map(|year| reading.count(row, year)).collect();
            } else {
                let counts = (1..=years.len()).map(|year| reading.terms(row, year)).collect();
                rows.push(Row { name, counts });
            }
        }
        reading.add(check(&nodes, words::SCHEME));
        reading.done()?;
        Ok(Self { years, rows, total })
    }

    /// The sum of the rows of a year.
    pub fn sum(&self, year: usize) -> i64 {
        self.rows.iter().filter_map(|row| value(&row.counts[year])).sum()
    }

    /// Printed totals that are not the sums of their rows.
    pub fn differences(&self) -> Vec<Difference> {
        let years = self.years.iter().enumerate().zip(&self.total);
        years
            .filter_map(|((at, year), printed)| {
                let (printed, computed) = (printed.value()?, self.sum(at));
                (printed != computed).then(|| Difference {
                    row: vec![words::TOTAL_ENTRIES.to_owned()],
                    column: year.to_string(),
                    printed: Cell::Count(printed),
                    computed: Cell::Count(computed),
                    finding: Finding::Sum,
                })
            })
            .collect()
    }

    /// The table, with the printed total and under it the sums where they are others.
    pub fn table(&self, source: &str) -> Table {
        let columns = std::iter::once(Column::new("scheme", words::SCHEME, ColumnKind::Text))
            .chain(self.years.iter().map(|year| Column::new(year.to_string(), year.to_string(), ColumnKind::Count)));
        let mut outline = Outline {
            name: Some(words::SHEET_YEARS.to_owned()),
            source: Some(source.to_owned()),
            ..Outline::default()
        };
        let mut rows = Vec::new();
        for row in &self.rows {
            let mut cells = vec![Cell::Text(row.name.clone())];
            for (at, count) in row.counts.iter().enumerate() {
                cells.push(match count {
                    Given::Value(terms) if terms.len() > 1 => {
                        outline.follows(rows.len(), at + 1, Rule::Terms(terms.clone()));
                        Cell::Sum(terms.clone())
                    }
                    Given::Value(terms) => Cell::Count(terms.iter().sum()),
                    Given::NotApplicable => Cell::NotApplicable,
                    Given::Blank => Cell::Empty,
                });
            }
            rows.push(cells);
            outline.lines.push(Line::default());
        }
        let wrong = !self.differences().is_empty();
        let totals = self.total.iter().enumerate().map(|(at, printed)| printed.value().unwrap_or_else(|| self.sum(at)));
        self.push_total(&mut rows, &mut outline, words::TOTAL_ENTRIES, totals.collect(), Rank::Total);
        if wrong {
            let sums = (0..self.years.len()).map(|at| self.sum(at)).collect();
            self.push_total(&mut rows, &mut outline, &words::recomputed(words::TOTAL_ENTRIES), sums, Rank::Recomputed);
        }
        Table {
            title: words::yearly(self.years.first().copied(), self.years.last().copied()),
            columns: columns.collect(),
            rows,
            notes: if wrong { vec![words::RECOMPUTED_NOTE.to_owned()] } else { Vec::new() },
            outline,
        }
    }

    fn push_total(&self, rows: &mut Vec<Vec<Cell>>, outline: &mut Outline, name: &str, totals: Vec<i64>, rank: Rank) {
        let mut cells = vec![Cell::Text(name.to_owned())];
        for (at, total) in totals.into_iter().enumerate() {
            if total == self.sum(at) {
                let counted = self.rows.iter().enumerate().filter(|(_, row)| value(&row.counts[at]).is_some());
                outline.follows(rows.len(), at + 1, Rule::Sum(counted.map(|(row, _)| row).collect()));
            }
            cells.push(Cell::Count(total));
        }
        rows.push(cells);
        outline.lines.push(Line { indent: 0, rank });
    }
}

fn value(count: &Given<Vec<i64>>) -> Option<i64> {
    match count {
        Given::Value(terms) => Some(terms.iter().sum()),
        Given::Blank | Given::NotApplicable => None,
    }
}
