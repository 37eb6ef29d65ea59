//! The statement as a table: the columns and the order of the deck.

use domain::Day;

use super::{PARTS, Statement, StatementLine, two_decimals};
use crate::committee::differences::hundredths;
use crate::committee::given::Given;
use crate::decimal::nearest;
use crate::entries::columns;
use crate::table::{Cell, Line, Outline, Rank, Rule, Table};
use wording::committee as words;

/// The column of the entries; the parts follow.
const ENTRIES: usize = 1;

impl Statement {
    /// The table at a day. Where a printed group or total does not follow from its rows, what Jalon computes stands under it.
    pub fn table(&self, as_of: Day, source: &str) -> Table {
        let mut rows = Vec::new();
        let mut outline = Outline {
            name: Some(words::sheet_at(as_of.format("%d-%m-%Y"))),
            as_of: Some(as_of),
            source: Some(source.to_owned()),
            ..Outline::default()
        };
        let places = self.places();
        for (at, line) in self.lines.iter().enumerate() {
            let indent = if line.is_total() { 0 } else { line.level - 1 };
            let rank = match (line.is_total(), line.rows.is_empty()) {
                (true, _) => Rank::Total,
                (false, false) => Rank::Group,
                (false, true) => Rank::Detail,
            };
            if line.is_small() {
                let shares = (0..PARTS).filter(|part| line.shown_part(*part).is_some());
                outline.cautions.extend(shares.map(|part| (rows.len(), ENTRIES + 1 + part)));
            }
            self.formulas(at, rows.len(), &places, &shown(line), &mut outline);
            rows.push(shown(line));
            outline.lines.push(Line { indent, rank });
            if !self.differences_of(at).is_empty() {
                let cells = recomputed(line);
                self.formulas(at, rows.len(), &places, &cells, &mut outline);
                rows.push(cells);
                outline.lines.push(Line { indent, rank: Rank::Recomputed });
            }
        }
        let mut notes = vec![wording::reports::ENTRIES_NOTE.to_owned(), words::WEIGHTS_NOTE.to_owned()];
        if outline.lines.iter().any(|line| line.rank == Rank::Recomputed) {
            notes.push(words::RECOMPUTED_NOTE.to_owned());
        }
        if !outline.cautions.is_empty() {
            notes.push(words::CAUTION_NOTE.to_owned());
        }
        Table {
            title: wording::reports::entries_on(wording::dates::numeric(as_of)),
            columns: columns(),
            rows,
            notes,
            outline,
        }
    }

    /// The row of the table in which each line stands: what is recomputed takes a row of its own.
    fn places(&self) -> Vec<usize> {
        let mut row = 0;
        let place = |at| {
            let place = row;
            row += 1 + usize::from(!self.differences_of(at).is_empty());
            place
        };
        (0..self.lines.len()).map(place).collect()
    }

    /// The lines that come from the paths: that of FEST, then its lots.
    pub fn lines_of_paths(&self) -> Vec<usize> {
        let of_paths = self.lines.iter().enumerate().filter(|(_, line)| line.comes_from_paths());
        of_paths.flat_map(|(at, line)| std::iter::once(at).chain(line.rows.iter().copied())).collect()
    }

    /// The rows of the table in which they stand.
    pub fn rows_of_paths(&self) -> Vec<usize> {
        let places = self.places();
        self.lines_of_paths().into_iter().map(|at| places[at]).collect()
    }

    /// The formulas of a row, where they give what its cells hold.
    fn formulas(&self, at: usize, row: usize, places: &[usize], cells: &[Cell], outline: &mut Outline) {
        let from_rows = self.weighed(at);
        let place = |rows: &[usize]| rows.iter().map(|row| places[*row]).collect::<Vec<_>>();
        if let (Some(sum), Cell::Count(count)) = (from_rows.entries, &cells[ENTRIES])
            && sum == *count
        {
            let with = |row: &&usize| self.lines[**row].shown_entries().is_some();
            let rows: Vec<usize> = self.lines[at].rows.iter().filter(with).copied().collect();
            outline.follows(row, ENTRIES, Rule::Sum(place(&rows)));
        }
        for (part, weighed) in from_rows.parts.iter().enumerate() {
            let column = ENTRIES + 1 + part;
            let Some(weighed) = weighed.as_ref().filter(|_| self.followed(at, part, &cells[column]).is_some()) else {
                continue;
            };
            let rule = Rule::Weighted {
                weights: ENTRIES,
                parts: place(&weighed.with_share),
                weighing: place(&weighed.weighing),
            };
            outline.follows(row, column, rule);
        }
    }

    /// People and weight that a formula gives for a share, from cells that are formulas or numbers themselves; nothing when it
    /// would not give what the cell shows.
    fn followed(&self, at: usize, part: usize, cell: &Cell) -> Option<(i64, i64)> {
        let Cell::Percent(shown_share) = cell else { return None };
        let weighed = self.weighed(at).parts[part].take()?;
        let people = weighed.with_share.iter().map(|row| {
            let line = &self.lines[*row];
            let entries = i128::from(line.shown_entries().unwrap_or(0));
            let cell = shown(line).swap_remove(ENTRIES + 1 + part);
            match self.followed(*row, part, &cell) {
                Some((people, weight)) => nearest(entries * i128::from(people), weight.into()),
                None => nearest(entries * i128::from(hundredths(&cell).unwrap_or(0)), 10_000),
            }
        });
        let people = i64::try_from(people.sum::<Option<i128>>()?).ok()?;
        (two_decimals(people, weighed.weight) == Some(*shown_share)).then_some((people, weighed.weight))
    }
}

/// The cells of a row.
pub(in crate::committee) fn shown(line: &StatementLine) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(line.name.clone())];
    let entries = line.shown_entries();
    cells.push(entries.map_or_else(|| line.entries.cell(Cell::Count), Cell::Count));
    for (part, given) in line.parts.iter().enumerate() {
        let cell = match (line.shown_part(part), entries) {
            (Some(shown), Some(entries)) => shown.cell(entries),
            (Some(_), None) => Cell::Empty,
            (None, _) if *given == Given::NotApplicable => Cell::NotApplicable,
            (None, _) => Cell::Empty,
        };
        cells.push(cell);
    }
    cells
}

/// What Jalon computes for a row.
fn recomputed(line: &StatementLine) -> Vec<Cell> {
    let mut cells = vec![Cell::Text(words::recomputed(&line.name))];
    cells.push(line.computed.entries.map_or(Cell::Empty, Cell::Count));
    cells.extend(line.computed.parts.iter().map(|weighed| {
        let share = weighed.as_ref().and_then(|weighed| two_decimals(weighed.people.best, weighed.weight));
        share.map_or(Cell::Empty, Cell::Percent)
    }));
    cells
}
