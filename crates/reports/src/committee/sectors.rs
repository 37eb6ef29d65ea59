//! « L’offre Qualif’ » by sector (filière): places and amounts of a year, places and entries of the year before.
//!
//! Source: the deck's programme of 2023. Definitions: the fill rate is the entries of the year before over its places; the match
//! is how much the places of the year exceed those entries. Both are printed with their own decimals and reproduced to the last;
//! one is printed as a spreadsheet held it (`-40,74550129`), and some have their decimals cut off instead of rounded.

use domain::money::Cents;

use super::differences::{Difference, Finding, quotient};
use super::given::Given;
use super::import::{Field, File, Node, Reading, Refused, check};
use crate::decimal::Decimal;
use crate::table::{Cell, Column, ColumnKind, Line, Outline, Rank, Rule, Scale, Table};
use wording::committee as words;

const PLACES: usize = 1;
const AMOUNT: usize = 2;
const PLACES_BEFORE: usize = 3;
const ENTRIES_BEFORE: usize = 4;
const FILL: usize = 5;
const MATCH: usize = 6;

/// The sectors of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sectors {
    pub year: u16,
    rows: Vec<Row>,
    total: Option<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Row {
    name: String,
    figures: Figures,
    fill: Given<Decimal>,
    matching: Given<Decimal>,
}

/// Places, cents, places and entries of the year before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Figures {
    places: Given<i64>,
    amount: Given<Cents>,
    places_before: Given<i64>,
    entries_before: Given<i64>,
}

impl Sectors {
    /// Reads the table of a year; the headings name that year and the one before.
    ///
    /// # Errors
    /// Everything that is wrong with the file.
    pub fn import(file: &File<'_>, year: u16) -> Result<Self, Refused> {
        let headings = words::sector_headings(year);
        let fields: Vec<Field> = headings
            .iter()
            .enumerate()
            .map(|(at, names)| Field { headings: names.clone(), required: at < FILL })
            .collect();
        let mut reading = Reading::open(file, &fields)?;
        let (mut nodes, mut rows, mut total) = (Vec::new(), Vec::new(), None);
        for row in 0..reading.len() {
            let name = reading.name(row, 0);
            let is_total = words::is_total(&name);
            nodes.push(Node { line: reading.line(row), level: u8::from(!is_total), name: name.clone() });
            let figures = Figures {
                places: reading.count(row, PLACES),
                amount: reading.amount(row, AMOUNT),
                places_before: reading.count(row, PLACES_BEFORE),
                entries_before: reading.count(row, ENTRIES_BEFORE),
            };
            let read = Row { name, figures, fill: reading.rate(row, FILL), matching: reading.rate(row, MATCH) };
            if is_total { total = Some(read) } else { rows.push(read) }
        }
        reading.add(check(&nodes, words::SECTOR));
        reading.done()?;
        Ok(Self { year, rows, total })
    }

    fn sums(&self) -> Figures {
        let sum =
            |of: fn(&Figures) -> Option<i64>| Given::Value(self.rows.iter().filter_map(|row| of(&row.figures)).sum());
        Figures {
            places: sum(|figures| figures.places.value()),
            amount: Given::Value(self.rows.iter().filter_map(|row| row.figures.amount.value()).sum()),
            places_before: sum(|figures| figures.places_before.value()),
            entries_before: sum(|figures| figures.entries_before.value()),
        }
    }

    /// Printed figures that do not follow from the others: rates from their row, the total from its rows.
    pub fn differences(&self) -> Vec<Difference> {
        let labels = words::sector_columns(self.year);
        let mut found = Vec::new();
        for row in self.rows.iter().chain(&self.total) {
            let rates = [(FILL, row.fill, row.figures.fill()), (MATCH, row.matching, row.figures.matching())];
            for (column, printed, parts) in rates {
                let (Some(printed), Some((part, whole))) = (printed.value(), parts) else { continue };
                if let Some((computed, finding)) = quotient(printed, part, whole) {
                    found.push(Difference {
                        row: vec![row.name.clone()],
                        column: labels[column].clone(),
                        printed: Cell::Rate(printed),
                        computed: Cell::Rate(computed),
                        finding,
                    });
                }
            }
        }
        if let Some(total) = &self.total {
            let (printed, sums) = (total.figures.cells(), self.sums().cells());
            for (at, (printed, computed)) in printed.into_iter().zip(sums).enumerate() {
                if printed != computed && printed.is_figure() {
                    found.push(Difference {
                        row: vec![total.name.clone()],
                        column: labels[PLACES + at].clone(),
                        printed,
                        computed,
                        finding: Finding::Sum,
                    });
                }
            }
        }
        found
    }

    /// The table, with the printed total and under it what its rows make.
    pub fn table(&self, source: &str) -> Table {
        let kinds = [ColumnKind::Text, ColumnKind::Count, ColumnKind::Money, ColumnKind::Count, ColumnKind::Count]
            .into_iter()
            .chain([ColumnKind::Percent; 2]);
        let keys = ["sector", "places", "amount", "places_before", "entries_before", "fill", "match"];
        let columns = keys.into_iter().zip(words::sector_columns(self.year)).zip(kinds);
        let mut outline = Outline {
            name: Some(words::sheet_sectors(self.year)),
            source: Some(source.to_owned()),
            ..Outline::default()
        };
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for row in &self.rows {
            push(&mut rows, &mut outline, row.cells(&row.name), Rank::Detail);
        }
        let sums = Row { name: words::GRAND_TOTAL.to_owned(), figures: self.sums(), ..Row::default() };
        let total = self.total.as_ref().unwrap_or(&sums);
        let mut totals = vec![(total.cells(&total.name), Rank::Total)];
        if total.figures != sums.figures {
            totals.push((sums.cells(&words::recomputed(&total.name)), Rank::Recomputed));
        }
        let recomputed = totals.len() > 1;
        let computed = sums.figures.cells();
        for (cells, rank) in totals {
            for (at, sum) in computed.iter().enumerate() {
                if cells[PLACES + at] == *sum {
                    outline.follows(rows.len(), PLACES + at, Rule::Sum((0..self.rows.len()).collect()));
                }
            }
            push(&mut rows, &mut outline, cells, rank);
        }
        let mut notes = vec![words::SECTORS_NOTE.to_owned()];
        if recomputed {
            notes.push(words::RECOMPUTED_NOTE.to_owned());
        }
        Table {
            title: words::sectors(self.year),
            columns: columns.map(|((key, label), kind)| Column::new(key, label, kind)).collect(),
            rows,
            notes,
            outline,
        }
    }
}

/// Adds a row, and the formulas of its rates where they give what it holds.
fn push(rows: &mut Vec<Vec<Cell>>, outline: &mut Outline, cells: Vec<Cell>, rank: Rank) {
    let count = |at: usize| super::differences::count(&cells[at]).map(i128::from);
    let gives = |at: usize, part: Option<i128>, whole: Option<i128>| match (&cells[at], part, whole) {
        (Cell::Rate(shown), Some(part), Some(whole)) => {
            Decimal::of(part * 100, whole, shown.decimals()) == Some(*shown)
        }
        _ => false,
    };
    if gives(FILL, count(ENTRIES_BEFORE), count(PLACES_BEFORE)) {
        outline.follows(rows.len(), FILL, Rule::Ratio { part: ENTRIES_BEFORE, whole: PLACES_BEFORE });
    }
    let growth = count(PLACES).zip(count(ENTRIES_BEFORE)).map(|(now, before)| now - before);
    if gives(MATCH, growth, count(ENTRIES_BEFORE)) {
        outline.follows(rows.len(), MATCH, Rule::Growth { now: PLACES, before: ENTRIES_BEFORE });
    }
    rows.push(cells);
    outline.lines.push(Line { indent: 0, rank });
}

impl Figures {
    /// Part and whole of the fill rate, in percent.
    fn fill(&self) -> Option<(i128, i128)> {
        let (entries, places) = (self.entries_before.value()?, self.places_before.value()?);
        Some((100 * i128::from(entries), places.into()))
    }

    /// Part and whole of the match, in percent.
    fn matching(&self) -> Option<(i128, i128)> {
        let (places, entries) = (self.places.value()?, self.entries_before.value()?);
        Some((100 * i128::from(places - entries), entries.into()))
    }

    fn cells(&self) -> [Cell; 4] {
        [
            self.places.cell(Cell::Count),
            self.amount.cell(|cents| Cell::Amount(cents, Scale::Euros)),
            self.places_before.cell(Cell::Count),
            self.entries_before.cell(Cell::Count),
        ]
    }
}

impl Row {
    /// The cells of the row; a rate that was not given is computed, the fill rate in whole percent as the deck prints it.
    fn cells(&self, name: &str) -> Vec<Cell> {
        let computed = |parts: Option<(i128, i128)>, decimals| {
            parts.and_then(|(part, whole)| Decimal::of(part, whole, decimals)).map_or(Cell::Empty, Cell::Rate)
        };
        let rate = |given: Given<Decimal>, parts, decimals| match given {
            Given::Blank => computed(parts, decimals),
            given => given.cell(Cell::Rate),
        };
        let mut cells = vec![Cell::Text(name.to_owned())];
        cells.extend(self.figures.cells());
        cells.push(rate(self.fill, self.figures.fill(), 0));
        cells.push(rate(self.matching, self.figures.matching(), 2));
        cells
    }
}
