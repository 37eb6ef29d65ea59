//! The same table at two dates: entries with their difference in number and in percent, shares with theirs in points.
//!
//! Rows are those of the later table in its order; a row that only the earlier one has follows the others of its group. Rows are
//! the same when they and those they stand under have the same names, capitals and accents apart.

use std::collections::HashMap;

use domain::Day;

use super::differences::hundredths;
use super::entries::{PARTS, Statement, StatementLine};
use super::import::folded;
use super::masking::Masked;
use crate::decimal::Decimal;
use crate::table::{Cell, Column, ColumnKind, Line, Outline, Rank, Rule, Table};
use wording::committee as words;

/// Two statements with their days.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    pub now: (&'a Statement, Day),
    pub before: (&'a Statement, Day),
}

/// A row of either statement, or of both.
struct Pair<'a> {
    now: Option<&'a StatementLine>,
    before: Option<&'a StatementLine>,
    /// The same, as rows of their statements.
    rows: [Option<usize>; 2],
}

impl<'a> Comparison<'a> {
    /// The entries and the shares, a table each: both together are too wide for a page.
    pub fn tables(&self, source: &str) -> [Table; 2] {
        [self.entries(source), self.shares(source)]
    }

    /// The same for readers outside: each date is masked as it is alone, and a difference is withheld with either of its terms.
    pub fn masked_tables(&self, source: &str) -> [Table; 2] {
        let masks = [Masked::of(self.now.0), Masked::of(self.before.0)];
        let pairs = self.pairs();
        let mut tables = self.tables(source);
        // The columns of each figure: both dates, then what is said of them.
        for (table, width) in tables.iter_mut().zip([4, 3]) {
            table.outline.formulas.clear();
            for (cells, pair) in table.rows.iter_mut().zip(&pairs) {
                for (rank, figure) in cells[1..].chunks_mut(width).enumerate() {
                    let column = if width == 4 { 0 } else { rank + 1 };
                    let hidden =
                        [0, 1].map(|date| pair.rows[date].is_some_and(|row| masks[date].is_hidden(row, column)));
                    for (at, cell) in figure.iter_mut().enumerate() {
                        let withheld = hidden.get(at).copied().unwrap_or(hidden[0] || hidden[1]);
                        if withheld && cell.is_figure() {
                            *cell = Cell::Masked;
                        }
                    }
                }
            }
            let Table { rows, outline, notes, .. } = table;
            outline.cautions.retain(|(row, column)| rows[*row][*column].is_figure());
            notes.retain(|note| note != words::CAUTION_NOTE || !outline.cautions.is_empty());
            notes.push(words::MASKED_NOTE.to_owned());
        }
        tables
    }

    /// The rows that come from the paths, at either day.
    pub fn rows_of_paths(&self) -> Vec<usize> {
        let of = [self.now.0, self.before.0].map(Statement::lines_of_paths);
        let own = |pair: &Pair<'_>| of.iter().zip(pair.rows).any(|(of, at)| at.is_some_and(|at| of.contains(&at)));
        self.pairs().iter().enumerate().filter(|(_, pair)| own(pair)).map(|(row, _)| row).collect()
    }

    /// Entries at both days, difference, difference in percent.
    pub fn entries(&self, source: &str) -> Table {
        let (now_day, before_day) = self.days();
        let columns = vec![
            Column::new("scheme", words::SCHEME, ColumnKind::Text),
            Column::new("entries", words::at(words::ENTRIES_SHORT, &now_day), ColumnKind::Count),
            Column::new("entries_before", words::at(words::ENTRIES_SHORT, &before_day), ColumnKind::Count),
            Column::new("gap", words::GAP_NUMBER, ColumnKind::Count),
            Column::new("change", words::GAP_PERCENT, ColumnKind::Percent),
        ];
        let mut outline = self.outline(words::SHEET_COMPARED, source);
        let pairs = self.pairs();
        let rows = pairs.iter().enumerate().map(|(row, pair)| {
            let [now, before] = [pair.now, pair.before].map(|line| line.and_then(StatementLine::shown_entries));
            let mut cells = vec![pair.name()];
            cells.extend([pair.now, pair.before].map(|line| cell(line, 0)));
            match (now, before) {
                (Some(now), Some(before)) => {
                    outline.follows(row, 3, Rule::Difference { now: 1, before: 2 });
                    cells.push(Cell::Gap(now - before));
                    let change = Decimal::of(100 * i128::from(now - before), before.into(), 2);
                    if change.is_some() {
                        outline.follows(row, 4, Rule::Growth { now: 1, before: 2 });
                    }
                    cells.push(change.map_or(Cell::Empty, Cell::Rate));
                }
                _ => cells.extend([Cell::Empty, Cell::Empty]),
            }
            cells
        });
        let rows = rows.collect();
        Table { title: words::compared_entries(now_day, before_day), columns, rows, notes: Vec::new(), outline }
    }

    /// The shares at both days and their differences in points.
    pub fn shares(&self, source: &str) -> Table {
        let (now_day, before_day) = self.days();
        let keys = ["level_4_and_below", "rsa", "boe", "over_45", "under_26"];
        let mut columns = vec![Column::new("scheme", words::SCHEME, ColumnKind::Text)];
        for (key, label) in keys.iter().zip(words::PARTS_SHORT) {
            columns.push(Column::new(*key, words::at(label, &now_day), ColumnKind::Percent));
            columns.push(Column::new(format!("{key}_before"), words::at(label, &before_day), ColumnKind::Percent));
            columns.push(Column::new(format!("{key}_gap"), words::gap_of(label), ColumnKind::Points));
        }
        let mut outline = self.outline(words::SHEET_SHARES, source);
        let mut rows = Vec::new();
        for (row, pair) in self.pairs().iter().enumerate() {
            let mut cells = vec![pair.name()];
            for part in 0..PARTS {
                let at = cells.len();
                let both = [pair.now, pair.before].map(|line| cell(line, part + 1));
                let gap = match both.each_ref().map(hundredths) {
                    [Some(now), Some(before)] => {
                        outline.follows(row, at + 2, Rule::Points { now: at, before: at + 1 });
                        Cell::Points(now - before)
                    }
                    _ => Cell::Empty,
                };
                let small = [pair.now, pair.before].map(|line| line.is_some_and(StatementLine::is_small));
                for (rank, small) in small.into_iter().enumerate() {
                    if small && both[rank].is_figure() {
                        outline.cautions.push((row, at + rank));
                    }
                }
                if (small[0] || small[1]) && gap.is_figure() {
                    outline.cautions.push((row, at + 2));
                }
                cells.extend(both);
                cells.push(gap);
            }
            rows.push(cells);
        }
        let mut notes = vec![words::COMPARED_NOTE.to_owned()];
        if !outline.cautions.is_empty() {
            notes.push(words::CAUTION_NOTE.to_owned());
        }
        Table { title: words::compared_shares(now_day, before_day), columns, rows, notes, outline }
    }

    fn days(&self) -> (String, String) {
        (wording::dates::numeric(self.now.1), wording::dates::numeric(self.before.1))
    }

    fn outline(&self, name: &str, source: &str) -> Outline {
        let lines = self.pairs().iter().map(Pair::line).collect();
        Outline {
            lines,
            name: Some(name.to_owned()),
            as_of: Some(self.now.1),
            source: Some(source.to_owned()),
            ..Outline::default()
        }
    }

    fn pairs(&self) -> Vec<Pair<'a>> {
        let (now, before) = (self.now.0, self.before.0);
        let key = |statement: &Statement, at: usize| {
            let names = statement.names(at).iter().map(|name| folded(name)).collect::<Vec<_>>();
            if statement.lines[at].is_total() { Vec::new() } else { names }
        };
        let known: HashMap<Vec<String>, usize> = (0..now.lines.len()).map(|at| (key(now, at), at)).collect();
        let earlier: HashMap<Vec<String>, usize> = (0..before.lines.len()).map(|at| (key(before, at), at)).collect();
        let mut pairs = Vec::new();
        let mut open = vec![(Vec::new(), true)];
        // Depth first: rows of a group of the later table, then those that only the earlier one has, the total at the end.
        while let Some((names, entering)) = open.pop() {
            let (at_now, at_before) = (known.get(&names), earlier.get(&names));
            let is_total = names.is_empty();
            if is_total != entering {
                pairs.push(Pair {
                    now: at_now.map(|at| &now.lines[*at]),
                    before: at_before.map(|at| &before.lines[*at]),
                    rows: [at_now.copied(), at_before.copied()],
                });
            }
            if !entering {
                continue;
            }
            if is_total {
                open.push((Vec::new(), false));
            }
            let under = |statement: &Statement, at: Option<&usize>| {
                let rows = at.map_or(&[][..], |at| &statement.lines[*at].rows);
                rows.iter().map(|row| key(statement, *row)).collect::<Vec<_>>()
            };
            let rows = under(now, at_now);
            let only = under(before, at_before).into_iter().filter(|names| !known.contains_key(names));
            let rows: Vec<_> = rows.into_iter().chain(only).collect();
            open.extend(rows.into_iter().rev().map(|names| (names, true)));
        }
        pairs
    }
}

impl Pair<'_> {
    fn either(&self) -> Option<&StatementLine> {
        self.now.or(self.before)
    }

    fn name(&self) -> Cell {
        self.either().map_or(Cell::Empty, |line| Cell::Text(line.name.clone()))
    }

    fn line(&self) -> Line {
        self.either().map_or_else(Line::default, |line| Line {
            indent: line.level.saturating_sub(1),
            rank: match (line.is_total(), line.rows.is_empty()) {
                (true, _) => Rank::Total,
                (false, false) => Rank::Group,
                (false, true) => Rank::Detail,
            },
        })
    }
}

/// A cell of a row: 0 for the entries, then the parts.
fn cell(line: Option<&StatementLine>, column: usize) -> Cell {
    line.map_or(Cell::Empty, |line| super::entries::shown(line).swap_remove(column + 1))
}
