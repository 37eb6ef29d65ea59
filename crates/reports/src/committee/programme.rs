//! « Programmation »: paths ordered, hours and amounts of a year, and how the places ordered changed.
//!
//! Source: the deck's programme of 2023 for the preparatory schemes. Amounts are cents; the change is the paths of the year over
//! those of the year before, less one. A row counted in another unit (`sessions`, column « Unité ») adds its hours and amounts to
//! its group, not its number: the deck gives the sectoral actions once in sessions and once in places.

use domain::money::Cents;

use super::differences::{Difference, Finding, quotient};
use super::given::Given;
use super::import::{Field, File, Node, Reading, Refused, check};
use crate::decimal::Decimal;
use crate::table::{Cell, Column, ColumnKind, Line, Outline, Rank, Rule, Scale, Table};
use wording::committee as words;

const LEVEL: usize = 0;
const SCHEME: usize = 1;
const UNIT: usize = 8;

/// Columns of the table.
const PATHS: usize = 1;
const HOURS: usize = 2;
const AMOUNT: usize = 3;
const PATHS_BEFORE: usize = 4;
const AMOUNT_BEFORE: usize = 5;
const CHANGE: usize = 6;

/// The schemes of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    pub year: u16,
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    node: Node,
    /// Whether it counts paths, and not sessions.
    in_paths: bool,
    figures: [Given<i64>; 5],
    change: Given<Decimal>,
    /// Rows right under it.
    rows: Vec<usize>,
}

impl Programme {
    /// Reads the table of a year; the headings name that year and the one before.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn import(file: &File<'_>, year: u16) -> Result<Self, Refused> {
        let headings = words::programme_headings(year);
        let field = |(at, names): (usize, &Vec<String>)| Field { headings: names.clone(), required: at < 7 };
        let fields: Vec<Field> = headings.iter().enumerate().map(field).collect();
        let mut reading = Reading::open(file, &fields)?;
        let mut rows: Vec<Row> = (0..reading.len()).map(|row| read(&mut reading, row)).collect();
        reading.add(check(rows.iter().map(|row| &row.node), words::SCHEME));
        reading.done()?;
        if rows.last().is_none_or(|row| row.node.level != 0) {
            rows.push(Row {
                node: Node { line: 0, level: 0, name: words::TOTAL.to_owned() },
                in_paths: true,
                figures: [Given::Blank; 5],
                change: Given::Blank,
                rows: Vec::new(),
            });
        }
        let total = rows.len() - 1;
        let mut above = [total; 4];
        for at in 0..total {
            let level = usize::from(rows[at].node.level);
            rows[above[level - 1]].rows.push(at);
            above[level] = at;
        }
        Ok(Self { year, rows })
    }

    /// What the rows under a row make of a figure.
    fn sum(&self, at: usize, figure: usize) -> Option<i64> {
        let figures: Vec<i64> = self.parts(at, figure).filter_map(|row| self.figure(row, figure)).collect();
        (!figures.is_empty()).then(|| figures.iter().sum())
    }

    fn parts(&self, at: usize, figure: usize) -> impl Iterator<Item = usize> {
        let counted = matches!(figure + 1, PATHS | PATHS_BEFORE);
        self.rows[at].rows.iter().copied().filter(move |row| !counted || self.rows[*row].in_paths)
    }

    /// A figure as it is shown: given, else the sum of the rows under it.
    fn figure(&self, at: usize, figure: usize) -> Option<i64> {
        match self.rows[at].figures[figure] {
            Given::Value(value) => Some(value),
            Given::NotApplicable => None,
            Given::Blank => self.sum(at, figure),
        }
    }

    /// Part and whole of the change, in percent.
    fn change(&self, at: usize, figure: impl Fn(usize) -> Option<i64>) -> Option<(i128, i128)> {
        let (now, before) = (figure(PATHS - 1)?, figure(PATHS_BEFORE - 1)?);
        self.rows[at].in_paths.then_some((100 * i128::from(now - before), before.into()))
    }

    fn names(&self, at: usize) -> Vec<String> {
        let parent = self.rows.iter().position(|row| row.rows.contains(&at)).filter(|row| *row + 1 < self.rows.len());
        let mut names = parent.map_or_else(Vec::new, |parent| self.names(parent));
        names.push(self.rows[at].node.name.clone());
        names
    }

    /// Printed figures that do not follow from the others: groups from their rows, changes from their row.
    pub fn differences(&self) -> Vec<Difference> {
        (0..self.rows.len()).flat_map(|at| self.differences_of(at)).collect()
    }

    fn differences_of(&self, at: usize) -> Vec<Difference> {
        let labels = words::programme_columns(self.year);
        let row = &self.rows[at];
        let difference = |column: usize, printed, computed, finding| Difference {
            row: self.names(at),
            column: labels[column].clone(),
            printed,
            computed,
            finding,
        };
        let mut found = Vec::new();
        for figure in 0..5 {
            if let (Some(printed), Some(computed)) = (row.figures[figure].value(), self.sum(at, figure))
                && printed != computed
            {
                found.push(difference(figure + 1, cell(figure, printed), cell(figure, computed), Finding::Sum));
            }
        }
        if let (Some(printed), Some((part, whole))) =
            (row.change.value(), self.change(at, |figure| self.figure(at, figure)))
            && let Some((computed, finding)) = quotient(printed, part, whole)
        {
            found.push(difference(CHANGE, Cell::Rate(printed), Cell::Rate(computed), finding));
        }
        found
    }

    /// The table, with what Jalon computes under each row whose printed sums are others.
    pub fn table(&self, source: &str) -> Table {
        let keys = ["scheme", "paths", "hours", "amount", "paths_before", "amount_before", "change"];
        let kinds = [ColumnKind::Text, ColumnKind::Count, ColumnKind::Count, ColumnKind::Money].into_iter().chain([
            ColumnKind::Count,
            ColumnKind::Money,
            ColumnKind::Percent,
        ]);
        let columns = keys.into_iter().zip(words::programme_columns(self.year)).zip(kinds);
        let is_wrong = |at: usize| self.differences_of(at).iter().any(|found| found.finding == Finding::Sum);
        let mut places = Vec::new();
        let mut next = 0;
        for at in 0..self.rows.len() {
            places.push(next);
            next += 1 + usize::from(is_wrong(at));
        }
        let mut outline = Outline {
            name: Some(words::sheet_programme(self.year)),
            source: Some(source.to_owned()),
            ..Outline::default()
        };
        let mut rows = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            let rank = match (row.node.level, row.rows.is_empty()) {
                (0, _) => Rank::Total,
                (_, false) => Rank::Group,
                (_, true) => Rank::Detail,
            };
            let indent = row.node.level.saturating_sub(1);
            let cells = self.cells(at, &row.node.name, |figure| row.figures[figure], row.change);
            self.formulas(at, rows.len(), &cells, &places, &mut outline);
            rows.push(cells);
            outline.lines.push(Line { indent, rank });
            if is_wrong(at) {
                let sums = |figure| self.sum(at, figure).map_or(Given::Blank, Given::Value);
                let cells = self.cells(at, &words::recomputed(&row.node.name), sums, Given::Blank);
                self.formulas(at, rows.len(), &cells, &places, &mut outline);
                rows.push(cells);
                outline.lines.push(Line { indent, rank: Rank::Recomputed });
            }
        }
        let mut notes = vec![words::PROGRAMME_NOTE.to_owned()];
        if outline.lines.iter().any(|line| line.rank == Rank::Recomputed) {
            notes.push(words::RECOMPUTED_NOTE.to_owned());
        }
        Table {
            title: words::programme(self.year),
            columns: columns.map(|((key, label), kind)| Column::new(key, label, kind)).collect(),
            rows,
            notes,
            outline,
        }
    }

    /// The cells of a row: figures as given, else what follows from the rows under it and from the row itself.
    fn cells(&self, at: usize, name: &str, given: impl Fn(usize) -> Given<i64>, change: Given<Decimal>) -> Vec<Cell> {
        let figure = |figure: usize| match given(figure) {
            Given::Value(value) => Some(value),
            Given::NotApplicable => None,
            Given::Blank => self.sum(at, figure),
        };
        let mut cells = vec![Cell::Text(name.to_owned())];
        cells.extend(
            (0..5)
                .map(|at| figure(at).map_or_else(|| given(at).cell(|value| cell(at, value)), |value| cell(at, value))),
        );
        cells.push(match change {
            Given::Blank => self
                .change(at, figure)
                .and_then(|(part, whole)| Decimal::of(part, whole, 2))
                .map_or(Cell::Empty, Cell::Rate),
            given => given.cell(Cell::Rate),
        });
        cells
    }

    /// The formulas of a row, where they give what its cells hold.
    fn formulas(&self, at: usize, row: usize, cells: &[Cell], places: &[usize], outline: &mut Outline) {
        for figure in 0..5 {
            if self.sum(at, figure).is_some_and(|sum| cell(figure, sum) == cells[figure + 1]) {
                let parts = self.parts(at, figure).filter(|row| self.figure(*row, figure).is_some());
                outline.follows(row, figure + 1, Rule::Sum(parts.map(|row| places[row]).collect()));
            }
        }
        let count = |column: usize| super::differences::count(&cells[column]).map(i128::from);
        if let (Cell::Rate(shown), Some(now), Some(before)) = (&cells[CHANGE], count(PATHS), count(PATHS_BEFORE))
            && Decimal::of(100 * (now - before), before, shown.decimals()) == Some(*shown)
        {
            outline.follows(row, CHANGE, Rule::Growth { now: PATHS, before: PATHS_BEFORE });
        }
    }
}

fn cell(figure: usize, value: i64) -> Cell {
    match figure + 1 {
        AMOUNT | AMOUNT_BEFORE => Cell::Amount(Cents::new(value), Scale::Euros),
        _ => Cell::Count(value),
    }
}

fn read(reading: &mut Reading, row: usize) -> Row {
    let level = reading.level(row, LEVEL);
    let node = Node { line: reading.line(row), level, name: reading.name(row, SCHEME) };
    let cents = |given: Given<Cents>| match given {
        Given::Value(cents) => Given::Value(cents.get()),
        Given::NotApplicable => Given::NotApplicable,
        Given::Blank => Given::Blank,
    };
    let figures = [
        reading.count(row, SCHEME + PATHS),
        reading.count(row, SCHEME + HOURS),
        cents(reading.amount(row, SCHEME + AMOUNT)),
        reading.count(row, SCHEME + PATHS_BEFORE),
        cents(reading.amount(row, SCHEME + AMOUNT_BEFORE)),
    ];
    let change = reading.rate(row, SCHEME + CHANGE);
    let in_paths = reading.choice(row, UNIT, &words::UNITS).is_none_or(|unit| unit == 0);
    Row { node, in_paths, figures, change, rows: Vec::new() }
}
