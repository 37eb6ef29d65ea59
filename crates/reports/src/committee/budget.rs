//! « Trajectoire budgétaire du PRIC »: lines of financing by year, and the capacity to commit that they make.
//!
//! Source: the deck's chart of 2019 to 2023, in millions of euros with at most one decimal. Amounts are cents.

use domain::money::Cents;

use super::differences::{Difference, Finding};
use super::given::Given;
use super::import::{Field, File, Node, Reading, Refused, check};
use crate::table::{Cell, Column, ColumnKind, Line, Outline, Rank, Rule, Scale, Table};
use wording::committee as words;

/// Amounts by line and year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    pub years: Vec<u16>,
    rows: Vec<(String, Vec<Given<Cents>>)>,
    /// The printed totals, by year, with their name.
    total: Option<(String, Vec<Given<Cents>>)>,
}

impl Budget {
    /// Reads the table: a column of names, a column for each year; the row « Total » or « Capacité à engager » is the total.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn import(file: &File<'_>) -> Result<Self, Refused> {
        let (mut reading, years) = Reading::years(file, &Field::required(words::BUDGET_LINE_HEADINGS))?;
        let mut nodes = Vec::new();
        let mut rows = Vec::new();
        let mut total = None;
        for row in 0..reading.len() {
            let name = reading.name(row, 0);
            let is_total = words::is_total(&name) || name == words::CAPACITY;
            nodes.push(Node { line: reading.line(row), level: u8::from(!is_total), name: name.clone() });
            let amounts: Vec<_> = (1..=years.len()).map(|year| reading.amount(row, year)).collect();
            if is_total {
                total = Some((name, amounts));
            } else {
                rows.push((name, amounts));
            }
        }
        reading.add(check(&nodes, words::BUDGET_LINE));
        reading.done()?;
        Ok(Self { years, rows, total })
    }

    /// The sum of the lines of a year.
    pub fn sum(&self, year: usize) -> Cents {
        self.rows.iter().filter_map(|(_, amounts)| amounts[year].value()).sum()
    }

    fn total_name(&self) -> &str {
        self.total.as_ref().map_or(words::CAPACITY, |(name, _)| name)
    }

    fn printed(&self, year: usize) -> Option<Cents> {
        self.total.as_ref().and_then(|(_, amounts)| amounts[year].value())
    }

    /// Printed totals that are not the sums of their lines.
    pub fn differences(&self) -> Vec<Difference> {
        let wrong = |(at, year): (usize, &u16)| {
            let (printed, computed) = (self.printed(at)?, self.sum(at));
            (printed != computed).then(|| Difference {
                row: vec![self.total_name().to_owned()],
                column: year.to_string(),
                printed: Cell::Amount(printed, Scale::Millions),
                computed: Cell::Amount(computed, Scale::Millions),
                finding: Finding::Sum,
            })
        };
        self.years.iter().enumerate().filter_map(wrong).collect()
    }

    /// The table, with the printed total and under it the sums where they are others.
    pub fn table(&self, source: &str) -> Table {
        let columns = std::iter::once(Column::new("line", words::BUDGET_LINE, ColumnKind::Text))
            .chain(self.years.iter().map(|year| Column::new(year.to_string(), year.to_string(), ColumnKind::Money)));
        let mut outline = Outline {
            name: Some(words::SHEET_BUDGET.to_owned()),
            source: Some(source.to_owned()),
            ..Outline::default()
        };
        let mut rows = Vec::new();
        let amount = |cents| Cell::Amount(cents, Scale::Millions);
        for (name, amounts) in &self.rows {
            let cells = amounts.iter().map(|given| given.cell(amount));
            rows.push(std::iter::once(Cell::Text(name.clone())).chain(cells).collect::<Vec<_>>());
            outline.lines.push(Line::default());
        }
        let wrong = !self.differences().is_empty();
        let years = 0..self.years.len();
        let printed = years.clone().map(|at| self.printed(at).unwrap_or_else(|| self.sum(at))).collect::<Vec<_>>();
        let mut totals = vec![(self.total_name().to_owned(), printed, Rank::Total)];
        if wrong {
            let sums = years.map(|at| self.sum(at)).collect();
            totals.push((words::recomputed(self.total_name()), sums, Rank::Recomputed));
        }
        for (name, amounts, rank) in totals {
            let mut cells = vec![Cell::Text(name)];
            for (at, cents) in amounts.into_iter().enumerate() {
                if cents == self.sum(at) {
                    let given = self.rows.iter().enumerate().filter(|(_, (_, line))| line[at].value().is_some());
                    outline.follows(rows.len(), at + 1, Rule::Sum(given.map(|(row, _)| row).collect()));
                }
                cells.push(amount(cents));
            }
            rows.push(cells);
            outline.lines.push(Line { indent: 0, rank });
        }
        Table {
            title: words::budget(self.years.first().copied(), self.years.last().copied()),
            columns: columns.collect(),
            rows,
            notes: if wrong { vec![words::RECOMPUTED_NOTE.to_owned()] } else { Vec::new() },
            outline,
        }
    }
}
