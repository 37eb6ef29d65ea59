//! Another table that agrees with everything that is shown, for one hidden cell.
//!
//! People are moved about the tree of rows, one at a time: a cell changes, and what its change asks of the rows above and under
//! it changes with it, among hidden cells only. A table that is found proves that the cell cannot be found again; one that is
//! not found within some tries is taken as if there were none, so that more is hidden and never less. Hiding more keeps every
//! table that was found.

use super::{AGES, COLUMNS, ENTRIES, Tree};

/// People of every row and column.
pub(super) type People = Vec<[Option<i64>; COLUMNS]>;

/// How many ways of moving people about are tried before a number is said to be the only one.
const TRIES: u64 = 400;
/// After how many a cell that did not move at all is known not to.
const SURE: u64 = 6;

/// A whole table in which a cell is another. Where a row leaves no room for it, its other numbers make some.
pub(super) fn witness(tree: &Tree, column: usize, at: usize) -> Option<People> {
    let mut may_move = false;
    for seed in 0..TRIES {
        // A cell that no move reaches, minding its column alone, is found again whatever else is tried.
        if seed == SURE && !may_move {
            return None;
        }
        let mut dice = Dice(seed);
        let mut people = tree.values.clone();
        let step = if seed % 2 == 0 { 1 } else { -1 };
        let strict = seed < 2;
        if !Walk::new(tree, column, strict, &mut dice).moved(&mut people, at, step, None) {
            continue;
        }
        may_move = true;
        for _ in 0..4 {
            for row in 0..people.len() {
                if goes_together(&people[row]) {
                    continue;
                }
                let helper = dice.below(COLUMNS);
                if helper != column {
                    let step = if helper == ENTRIES { 1 } else { -1 };
                    Walk::new(tree, helper, seed % 4 < 2, &mut dice).moved(&mut people, row, step, None);
                }
            }
        }
        if people.iter().all(goes_together) {
            return Some(people);
        }
    }
    None
}

/// Choices that differ from one seed to the next and never from one run to the next.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }
}

/// One person moved in a column.
struct Walk<'a> {
    tree: &'a Tree,
    column: usize,
    /// Every row that is touched goes together afterwards; else only the column is minded.
    strict: bool,
    dice: &'a mut Dice,
    /// Rows changed so far, with what they were.
    trail: Vec<(usize, Option<i64>)>,
}

impl<'a> Walk<'a> {
    fn new(tree: &'a Tree, column: usize, strict: bool, dice: &'a mut Dice) -> Self {
        Self { tree, column, strict, dice, trail: Vec::new() }
    }

    /// Changes a cell and what its change asks of the rows above and under it, but for the one that asked.
    fn moved(&mut self, people: &mut People, at: usize, step: i64, from: Option<usize>) -> bool {
        let (tree, column) = (self.tree, self.column);
        let Some(value) = people[at][column].filter(|_| tree.hidden[at][column]) else { return false };
        let mark = self.trail.len();
        self.trail.push((at, Some(value)));
        people[at][column] = Some(value + step);
        // A row of nobody is shown: whose entries are withheld has some.
        let least = i64::from(column == ENTRIES);
        let fits = value + step >= least && (!self.strict || goes_together(&people[at]));
        let rows = &tree.rows[at];
        let asked_from_below = from.is_some_and(|from| rows.contains(&from));
        let has_rows = rows.iter().any(|row| tree.values[*row][column].is_some());
        let done = fits
            && (asked_from_below || !has_rows || self.any(people, rows, step, at))
            && match tree.parents[at] {
                Some(parent) if from != Some(parent) => {
                    let beside: Vec<usize> = tree.rows[parent].iter().copied().filter(|row| *row != at).collect();
                    let up_first = self.dice.below(2) == 0;
                    up_first && self.moved(people, parent, step, Some(at))
                        || self.any(people, &beside, -step, parent)
                        || !up_first && self.moved(people, parent, step, Some(at))
                }
                _ => true,
            };
        if !done {
            for (row, before) in self.trail.drain(mark..).rev() {
                people[row][column] = before;
            }
        }
        done
    }

    /// The same of one of these rows, whichever comes first.
    fn any(&mut self, people: &mut People, rows: &[usize], step: i64, from: usize) -> bool {
        let first = self.dice.below(rows.len());
        (0..rows.len()).any(|rank| self.moved(people, rows[(first + rank) % rows.len()], step, Some(from)))
    }
}

/// Whether the numbers of a row can be those of people.
pub(super) fn goes_together(row: &[Option<i64>; COLUMNS]) -> bool {
    let known = row.map(|people| people.unwrap_or(0));
    known.iter().all(|people| (0..=known[ENTRIES]).contains(people))
        && known[AGES[0]] + known[AGES[1]] <= known[ENTRIES]
}
