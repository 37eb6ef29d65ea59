//! Small numbers withheld from readers outside, so that they cannot be found again.
//!
//! Primary: counts under five are masked, zeros included, and parts that leave fewer than five out, but those that leave nobody:
//! a scheme may be for them alone. Entries masked take the whole row with them, since a share of few people
//! says how many they are. A row without any entry is shown: nobody is in it. Secondary: a masked number that the others would
//! give back has other cells masked with it, the smallest first, until at least two values agree with everything that is shown.
//!
//! What the reader is supposed to know: that each row is the sum of those under it (with what is missing, when they do not cover
//! it), that a part is between none and all of its row, that over 45 and under 26 exclude each other, and that shares shown with
//! their entries are numbers of people. A cell stays hidden alone only when a whole other table was found that agrees with all
//! of that ([`mod@witness`]). Not looked at: tables of other dates, which a reader may hold too; what the order of hiding would tell a
//! reader who knows which cells are small.

mod witness;

use domain::Day;

use super::entries::{PARTS, Statement, StatementLine, shown};
use super::import::folded;
use crate::entries::columns;
use crate::table::{Cell, Line, Outline, Rank, Table};
use witness::witness;
use wording::committee as words;

/// Fewest people that are shown.
pub const LEAST: i64 = 5;

/// Entries, then the parts.
const COLUMNS: usize = PARTS + 1;
const ENTRIES: usize = 0;
/// Over 45 and under 26 exclude each other.
const AGES: [usize; 2] = [4, 5];

/// A statement with what is withheld of it.
#[derive(Debug, Clone)]
pub struct Masked<'a> {
    statement: &'a Statement,
    tree: Tree,
}

impl<'a> Masked<'a> {
    /// Masks what must be.
    pub fn of(statement: &'a Statement) -> Self {
        let rows = statement.lines.iter();
        let mut tree = Tree {
            parents: rows.clone().map(|line| line.parent).collect(),
            rows: rows.clone().map(|line| line.rows.clone()).collect(),
            values: rows.map(values).collect(),
            hidden: vec![[false; COLUMNS]; statement.lines.len()],
        };
        tree.mask();
        Self { statement, tree }
    }

    /// Whether a cell is withheld: 0 for the entries, then the parts.
    pub fn is_hidden(&self, row: usize, column: usize) -> bool {
        self.tree.hidden[row][column]
    }

    /// Whether the entries of any row are withheld.
    pub fn hides_entries(&self) -> bool {
        self.tree.hidden.iter().any(|hidden| hidden[ENTRIES])
    }

    /// What is withheld of the rows of a name, folded as an import folds it, of any row when none has it: the entries, then the
    /// parts.
    pub(super) fn hidden_of(&self, folded_name: &str) -> [bool; COLUMNS] {
        let rows = || self.statement.lines.iter().zip(&self.tree.hidden);
        let any = |all: [bool; COLUMNS], hidden: &[bool; COLUMNS]| std::array::from_fn(|at| all[at] || hidden[at]);
        let named = rows().filter(|(line, _)| folded(&line.name) == folded_name).map(|(_, hidden)| hidden);
        match named.fold(None, |all: Option<[bool; COLUMNS]>, hidden| Some(any(all.unwrap_or_default(), hidden))) {
            Some(hidden) => hidden,
            None => rows().map(|(_, hidden)| hidden).fold([false; COLUMNS], any),
        }
    }

    /// The table for readers outside. It has no formulas: they would compute what is withheld.
    pub fn table(&self, as_of: Day, source: &str) -> Table {
        let mut outline = Outline {
            name: Some(words::sheet_masked(as_of.format("%d-%m-%Y"))),
            as_of: Some(as_of),
            source: Some(source.to_owned()),
            ..Outline::default()
        };
        let mut rows = Vec::new();
        for (at, line) in self.statement.lines.iter().enumerate() {
            let mut cells = shown(line);
            for column in 0..COLUMNS {
                if self.is_hidden(at, column) {
                    cells[column + 1] = Cell::Masked;
                } else if column > 0 && line.is_small() && cells[column + 1].is_figure() {
                    outline.cautions.push((at, column + 1));
                }
            }
            rows.push(cells);
            let rank = match (line.is_total(), line.rows.is_empty()) {
                (true, _) => Rank::Total,
                (false, false) => Rank::Group,
                (false, true) => Rank::Detail,
            };
            outline.lines.push(Line { indent: line.level.saturating_sub(1), rank });
        }
        let mut notes = vec![wording::reports::ENTRIES_NOTE.to_owned(), words::MASKED_NOTE.to_owned()];
        if !outline.cautions.is_empty() {
            notes.push(words::CAUTION_NOTE.to_owned());
        }
        let title = wording::reports::entries_on(wording::dates::numeric(as_of));
        Table { title, columns: columns(), rows, notes, outline }
    }
}

/// The people of a row; nothing for parts of nobody. A share that no whole number of people has stands for the nearest.
fn values(line: &StatementLine) -> [Option<i64>; COLUMNS] {
    let entries = line.shown_entries();
    std::array::from_fn(|column| match column {
        ENTRIES => entries,
        part => entries
            .filter(|entries| *entries > 0)
            .and_then(|entries| line.people(part - 1).or_else(|| line.shown_part(part - 1)?.nearest(entries))),
    })
}

/// Numbers of people on a tree of rows, and which are hidden.
#[derive(Debug, Clone)]
struct Tree {
    parents: Vec<Option<usize>>,
    rows: Vec<Vec<usize>>,
    values: Vec<[Option<i64>; COLUMNS]>,
    hidden: Vec<[bool; COLUMNS]>,
}

impl Tree {
    fn mask(&mut self) {
        for at in 0..self.values.len() {
            if self.values[at][ENTRIES].is_some_and(|entries| (1..LEAST).contains(&entries)) {
                self.hide(at, ENTRIES);
            }
            for column in 1..COLUMNS {
                // Who is not in a part is few as well: the share says how many.
                let (people, entries) = (self.values[at][column], self.values[at][ENTRIES].unwrap_or(0));
                if people.is_some_and(|people| people < LEAST || (1..LEAST).contains(&(entries - people))) {
                    self.hide(at, column);
                }
            }
        }
        // A cell is looked at once: hiding others keeps what was found of it. Each turn looks at one or hides one, so it ends.
        let mut sound = vec![[false; COLUMNS]; self.values.len()];
        let cells = |tree: &Self, sound: &[[bool; COLUMNS]]| {
            let open = |(at, column): &(usize, usize)| tree.hidden[*at][*column] && !sound[*at][*column];
            (0..COLUMNS).flat_map(|column| (0..tree.values.len()).map(move |at| (at, column))).find(open)
        };
        while let Some((at, column)) = cells(self, &sound) {
            match (witness(self, column, at), self.besides(column, at)) {
                (None, Some((at, column))) => self.hide(at, column),
                (Some(_), _) | (None, None) => sound[at][column] = true,
            }
        }
    }

    fn hide(&mut self, at: usize, column: usize) {
        self.hidden[at][column] = true;
        if column == ENTRIES {
            for part in 1..COLUMNS {
                self.hidden[at][part] |= self.values[at][part].is_some();
            }
        }
    }

    /// The cell to hide besides, for a hidden one that could be found again: the nearest, and the smallest of those.
    fn besides(&self, column: usize, exposed: usize) -> Option<(usize, usize)> {
        let smallest = |column: usize, rows: &mut dyn Iterator<Item = usize>| {
            let shown =
                |at: &usize| !self.hidden[*at][column] && self.values[*at][ENTRIES].is_some_and(|entries| entries > 0);
            let known = rows.filter(shown).filter(|at| self.values[*at][column].is_some());
            known.min_by_key(|at| self.values[*at][column]).map(|at| (at, column))
        };
        let value = |column: usize| self.values[exposed][column].unwrap_or(0);
        let other = AGES.iter().position(|age| *age == column).map(|age| AGES[1 - age]);
        // One age says the other when both make everyone.
        let full = other.filter(|other| value(column) + value(*other) == value(ENTRIES));
        let own_age = |other: Option<usize>| other.and_then(|other| smallest(other, &mut std::iter::once(exposed)));
        let rows = &self.rows[exposed];
        // A hidden row whose own rows are all shown is their sum.
        let summed = rows.iter().all(|row| !self.hidden[*row][column]);
        let under = || if summed { smallest(column, &mut rows.iter().copied()) } else { None };
        let parent = self.parents[exposed];
        let beside = || smallest(column, &mut parent.iter().flat_map(|parent| self.rows[*parent].iter().copied()));
        let above = || smallest(column, &mut parent.into_iter());
        let anywhere = |column: usize| smallest(column, &mut (0..self.values.len()));
        own_age(full)
            .or_else(under)
            .or_else(beside)
            .or_else(above)
            .or_else(|| own_age(other))
            .or_else(|| anywhere(column))
            .or_else(|| other.and_then(anywhere))
            .or_else(|| anywhere(ENTRIES))
    }
}

#[cfg(test)]
mod tests;
