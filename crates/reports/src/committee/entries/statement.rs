//! What follows from the rows: the figures of groups and of the total, and where they are not what was printed.

use super::{CAUTION, PARTS, Row, parts_of, two_decimals};
use crate::committee::differences::{Difference, Finding};
use crate::committee::given::{Given, Part, People};
use crate::entries::Figures;
use crate::table::Cell;
use wording::committee as words;
use wording::reports as columns;

/// A row of the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    pub name: String,
    /// From 1; 0 for the total.
    pub level: u8,
    /// The row that it stands under: the total for those of the first level.
    pub parent: Option<usize>,
    /// The rows right under it.
    pub rows: Vec<usize>,
    /// Entries as they were given.
    pub entries: Given<i64>,
    /// Parts of the entries as they were given.
    pub parts: [Given<Part>; PARTS],
    /// What its rows, or the paths, make of it.
    pub computed: Computed,
    /// Whether it weighs in the shares of its group, when the import says so.
    weighs: Option<bool>,
    /// What the paths say, for the row of FEST.
    figures: Option<Figures>,
}

/// What follows from the rows of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Computed {
    pub entries: Option<i64>,
    pub parts: [Option<Weighed>; PARTS],
}

/// A share weighed from rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    pub people: People,
    /// Entries of the rows that weigh.
    pub weight: i64,
    /// Rows that have a share.
    pub(super) with_share: Vec<usize>,
    /// Rows that weigh.
    pub(super) weighing: Vec<usize>,
}

impl StatementLine {
    /// The entries that are shown: given, else computed.
    pub fn shown_entries(&self) -> Option<i64> {
        self.entries.value().or(if self.entries == Given::Blank { self.computed.entries } else { None })
    }

    /// The part that is shown: given, else computed.
    pub fn shown_part(&self, part: usize) -> Option<Part> {
        match self.parts[part] {
            Given::Value(given) => Some(given),
            Given::NotApplicable => None,
            Given::Blank => self.computed.parts[part].as_ref().and_then(|weighed| {
                if Some(weighed.weight) == self.shown_entries() && weighed.people.low == weighed.people.high {
                    return Some(Part::People(weighed.people.best));
                }
                let share = super::super::given::share(weighed.people.best, weighed.weight, 2);
                share.map(Part::Percent)
            }),
        }
    }

    /// The people of a part that is shown, the nearest whole number.
    pub fn people(&self, part: usize) -> Option<i64> {
        let entries = self.shown_entries()?;
        let shown = self.shown_part(part)?;
        shown.people(entries).map(|people| people.best)
    }

    /// Whether its shares are those of few people.
    pub fn is_small(&self) -> bool {
        self.shown_entries().is_some_and(|entries| entries < CAUTION)
    }

    /// Whether the paths say its figures.
    pub const fn comes_from_paths(&self) -> bool {
        self.figures.is_some()
    }

    /// Whether it is the total.
    pub const fn is_total(&self) -> bool {
        self.level == 0
    }
}

/// Entries at a date, with what follows from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub lines: Vec<StatementLine>,
}

impl Statement {
    pub(super) fn of(rows: &[Row]) -> Self {
        let mut lines: Vec<StatementLine> = rows.iter().map(line).collect();
        if lines.last().is_none_or(|line| !line.is_total()) {
            lines.push(line(&Row::of(words::TOTAL, 0)));
        }
        let total = lines.len() - 1;
        // The last row of each level so far.
        let mut above = [total; 5];
        for at in 0..total {
            let level = usize::from(lines[at].level);
            let parent = above[level - 1];
            above[level] = at;
            lines[at].parent = Some(parent);
            lines[parent].rows.push(at);
        }
        let mut statement = Self { lines };
        // Rows stand after those that they stand under; the total comes last of all.
        for at in (0..total).rev().chain([total]) {
            statement.lines[at].computed = statement.computed(at);
        }
        statement
    }

    fn computed(&self, at: usize) -> Computed {
        let line = &self.lines[at];
        if let Some(figures) = &line.figures {
            return of_figures(figures, line, self);
        }
        self.weighed(at)
    }

    /// What the rows right under a row make of it.
    pub(super) fn weighed(&self, at: usize) -> Computed {
        self.together(&self.lines[at].rows)
    }

    /// What every row makes but this one and those it stands under: of each group above it, the others.
    pub fn beside(&self, at: usize) -> Computed {
        let mut rows = Vec::new();
        let mut under = at;
        while let Some(parent) = self.lines[under].parent {
            rows.extend(self.lines[parent].rows.iter().copied().filter(|row| *row != under));
            under = parent;
        }
        self.together(&rows)
    }

    /// What rows make together.
    fn together(&self, rows: &[usize]) -> Computed {
        let rows = || rows.iter().map(|row| (*row, &self.lines[*row]));
        let entries: Vec<i64> = rows().filter_map(|(_, line)| line.shown_entries()).collect();
        Computed {
            entries: (!entries.is_empty()).then(|| entries.iter().sum()),
            parts: std::array::from_fn(|part| {
                let mut weighed =
                    Weighed { people: People::default(), weight: 0, with_share: Vec::new(), weighing: Vec::new() };
                for (row, line) in rows() {
                    let Some(entries) = line.shown_entries() else { continue };
                    // A share that no number of people has is weighed as the nearest number.
                    let people = line.shown_part(part).map(|shown| {
                        let nearest = People::exactly(nearest(shown, entries));
                        shown.people(entries).unwrap_or(nearest)
                    });
                    if !line.weighs.unwrap_or(people.is_some()) {
                        continue;
                    }
                    weighed.weight += entries;
                    weighed.weighing.push(row);
                    if let Some(people) = people {
                        weighed.people = weighed.people.and(people);
                        weighed.with_share.push(row);
                    }
                }
                (!weighed.with_share.is_empty() && weighed.weight > 0).then_some(weighed)
            }),
        }
    }

    /// Names of a row and of those it stands under, outermost first.
    pub fn names(&self, at: usize) -> Vec<String> {
        let mut names = vec![self.lines[at].name.clone()];
        let mut parent = self.lines[at].parent;
        while let Some(above) = parent.filter(|above| !self.lines[*above].is_total()) {
            names.push(self.lines[above].name.clone());
            parent = self.lines[above].parent;
        }
        names.reverse();
        names
    }

    /// What was printed and does not follow from its parts.
    pub fn differences(&self) -> Vec<Difference> {
        (0..self.lines.len()).flat_map(|at| self.differences_of(at)).collect()
    }

    pub(super) fn differences_of(&self, at: usize) -> Vec<Difference> {
        let line = &self.lines[at];
        let mut found = Vec::new();
        let difference = |column: &str, printed, computed, finding| Difference {
            row: self.names(at),
            column: column.to_owned(),
            printed,
            computed,
            finding,
        };
        let paths = line.figures.is_some();
        if let (Some(printed), Some(computed)) = (line.entries.value(), line.computed.entries)
            && printed != computed
        {
            let finding = if paths { Finding::Paths } else { Finding::Sum };
            found.push(difference(columns::ENTRIES, Cell::Count(printed), Cell::Count(computed), finding));
        }
        for (part, column) in words::PARTS.iter().enumerate() {
            let (Some(Part::Percent(printed)), Some(entries)) = (line.parts[part].value(), line.shown_entries()) else {
                continue;
            };
            let shown = Part::Percent(printed).cell(entries);
            if entries > 0 && People::printing(printed, entries).is_none() {
                found.push(difference(column, shown, Cell::Empty, Finding::NoSuchShare));
                continue;
            }
            let Some(weighed) = &line.computed.parts[part] else { continue };
            let allowed = People::printing(printed, weighed.weight).is_some_and(|people| people.meets(weighed.people));
            if !allowed {
                let computed = two_decimals(weighed.people.best, weighed.weight).map_or(Cell::Empty, Cell::Percent);
                let covered = line.computed.entries.unwrap_or(weighed.weight);
                let finding = if paths {
                    Finding::Paths
                } else if covered == entries {
                    Finding::Share
                } else {
                    Finding::PartialShare { covered, of: entries }
                };
                found.push(difference(column, shown, computed, finding));
            }
        }
        found
    }
}

/// A number of people in a share, whether or not the share can be.
fn nearest(part: Part, whole: i64) -> i64 {
    match part {
        Part::People(people) => people,
        Part::Percent(percent) => {
            let people =
                crate::decimal::nearest(i128::from(whole) * i128::from(percent.units()), 100 * percent.scale());
            people.and_then(|people| i64::try_from(people).ok()).unwrap_or(0)
        }
    }
}

fn line(row: &Row) -> StatementLine {
    StatementLine {
        name: row.node.name.clone(),
        level: row.node.level,
        parent: None,
        rows: Vec::new(),
        entries: row.entries,
        parts: row.parts,
        computed: Computed::default(),
        weighs: row.weighs,
        figures: row.figures,
    }
}

/// The row of the paths: their own figures, under which the lots stand.
fn of_figures(figures: &Figures, line: &StatementLine, statement: &Statement) -> Computed {
    let parts = parts_of(figures);
    let weight = i64::from(figures.entries);
    let rows: Vec<usize> =
        line.rows.iter().copied().filter(|row| statement.lines[*row].shown_entries().is_some()).collect();
    Computed {
        entries: Some(weight),
        parts: std::array::from_fn(|part| {
            (weight > 0).then(|| Weighed {
                people: People::exactly(parts[part]),
                weight,
                with_share: rows.clone(),
                weighing: rows.clone(),
            })
        }),
    }
}
