//! « Point sur les entrées en formation »: entries at a date for each scheme, with the FEST row from the paths.
//!
//! Source: the deck's tables at 31.12.2022 and 30.06.2023. A row has entries and five parts of them; rows stand under others on
//! three levels. [`Entries`] is what was imported, [`Statement`] what follows from it.
//!
//! Weights: the share of a group is that of the people of its rows among their entries. A row whose shares are « - » does not
//! weigh, unless its column « Poids » says `oui`: PROGRAMME QUALIF holds only with the 504 entries of AIF in the denominator.
//! `non` takes a row with shares out of the shares of its group; its entries are counted all the same.
//!
//! A group is weighed from its own rows as they are shown, printed where they were printed: a wrong figure is reported where
//! it stands and not again above it.

mod statement;
mod table;

use domain::money::Percent;

pub use statement::{Computed, Statement, StatementLine, Weighed};
pub(in crate::committee) use table::shown;

use super::given::{Given, Part};
use super::import::{Field, File, Node, Reading, Reason, Refused, check};
use crate::entries::Figures;
use wording::committee as words;

/// How many parts of the entries are reported.
pub const PARTS: usize = 5;

/// Fewest people that a share is read of without caution.
pub const CAUTION: i64 = 30;

const LEVEL: usize = 0;
const SCHEME: usize = 1;
const ENTRIES: usize = 2;
const FIRST_PART: usize = 3;
const WEIGHT: usize = 8;
const ORIGIN: usize = 9;

/// The rows of an import, checked, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entries {
    rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    node: Node,
    entries: Given<i64>,
    parts: [Given<Part>; PARTS],
    weighs: Option<bool>,
    /// The row of the paths of Jalon.
    of_paths: bool,
    /// What the paths say of it.
    figures: Option<Figures>,
}

impl Entries {
    /// Reads the table of the other schemes.
    ///
    /// # Errors
    /// Everything that is wrong with the file; nothing of it is kept then.
    pub fn import(file: &File<'_>) -> Result<Self, Refused> {
        let parts = words::PART_HEADINGS.map(Field::required);
        let fields: Vec<Field> = [
            Field::required(&[words::LEVEL]),
            Field::required(words::SCHEME_HEADINGS),
            Field::required(words::ENTRIES_HEADINGS),
        ]
        .into_iter()
        .chain(parts)
        .chain([Field::optional(&[words::WEIGHT]), Field::optional(&[words::ORIGIN])])
        .collect();
        let mut reading = Reading::open(file, &fields)?;
        let rows: Vec<Row> = (0..reading.len()).map(|row| read(&mut reading, row)).collect();
        reading.add(check(rows.iter().map(|row| &row.node), words::SCHEME));
        check_rows(&mut reading, &rows);
        reading.done()?;
        Ok(Self { rows })
    }

    /// No other scheme: the table that the paths alone make.
    pub const fn none() -> Self {
        Self { rows: Vec::new() }
    }

    /// The same with what the paths say in the row of FEST, and each lot under it.
    ///
    /// The row is the one whose « Origine » is `parcours`, else the one named as the deck names it, else a new one of the first
    /// level before the total. What was printed in it stays, and is compared.
    #[must_use]
    pub fn with_paths(mut self, total: &Figures, lots: &[(String, Figures)]) -> Self {
        let named = |row: &Row| row.node.name == wording::reports::SCHEME_ROW;
        let at = self.rows.iter().position(|row| row.of_paths).or_else(|| self.rows.iter().position(named));
        let at = at.unwrap_or_else(|| {
            let at = self.rows.iter().position(|row| row.node.level == 0).unwrap_or(self.rows.len());
            self.rows.insert(at, Row::of(wording::reports::SCHEME_ROW, 1));
            at
        });
        let row = &mut self.rows[at];
        row.of_paths = true;
        row.figures = Some(*total);
        let level = row.node.level + 1;
        let lots: Vec<Row> = lots
            .iter()
            .map(|(name, figures)| Row {
                entries: Given::Value(figures.entries.into()),
                parts: parts_of(figures).map(|people| Given::Value(Part::People(people))),
                ..Row::of(name, level)
            })
            .collect();
        self.rows.splice(at + 1..=at, lots);
        self
    }

    /// What follows from the rows: groups, total, differences.
    pub fn statement(&self) -> Statement {
        Statement::of(&self.rows)
    }
}

impl Row {
    fn of(name: &str, level: u8) -> Self {
        Self {
            node: Node { line: 0, level, name: name.to_owned() },
            entries: Given::Blank,
            parts: [Given::Blank; PARTS],
            weighs: None,
            of_paths: false,
            figures: None,
        }
    }
}

/// The parts of figures, in the order of the columns.
fn parts_of(figures: &Figures) -> [i64; PARTS] {
    [figures.level_4_and_below, figures.rsa, figures.boe, figures.over_45, figures.under_26].map(i64::from)
}

fn read(reading: &mut Reading, row: usize) -> Row {
    let level = reading.level(row, LEVEL);
    let node = Node { line: reading.line(row), level, name: reading.name(row, SCHEME) };
    let entries = reading.count(row, ENTRIES);
    let parts = std::array::from_fn(|part| reading.part(row, FIRST_PART + part));
    let weighs = reading.choice(row, WEIGHT, &words::YES_NO).map(|choice| choice == 0);
    let of_paths = reading.choice(row, ORIGIN, &[words::PATHS]).is_some();
    Row { node, entries, parts, weighs, of_paths, figures: None }
}

/// What a row alone says wrong: parts above the whole, shares of nothing, nothing at all; two rows of the paths.
fn check_rows(reading: &mut Reading, rows: &[Row]) {
    let mut paths = false;
    for (at, row) in rows.iter().enumerate() {
        if row.of_paths {
            if paths {
                reading.wrong(at, ORIGIN, Reason::DoubledPaths);
            }
            paths = true;
        }
        // The lots stand there: whoever read both would find what one of them withholds.
        let of_paths = row.of_paths || row.node.name == wording::reports::SCHEME_ROW;
        if of_paths && rows.get(at + 1).is_some_and(|next| next.node.level > row.node.level) {
            reading.wrong(at + 1, LEVEL, Reason::UnderPaths);
        }
        let has_rows = rows.get(at + 1).is_some_and(|next| next.node.level > row.node.level) || row.node.level == 0;
        let blank = |given: &Given<Part>| *given == Given::Blank;
        if !has_rows
            && !row.of_paths
            && reading.is_without(at, ENTRIES)
            && row.entries == Given::Blank
            && row.parts.iter().all(blank)
        {
            reading.wrong(at, ENTRIES, Reason::NothingGiven);
        }
        for (part, given) in row.parts.iter().enumerate() {
            match (given.value(), row.entries.value()) {
                (Some(Part::People(people)), Some(whole)) if people > whole => {
                    reading.wrong(at, FIRST_PART + part, Reason::AboveWhole { part: people, whole });
                }
                (Some(_), None) if !has_rows && reading.is_without(at, ENTRIES) => {
                    reading.wrong(at, FIRST_PART + part, Reason::ShareWithoutEntries);
                }
                _ => {}
            }
        }
    }
}

/// The share of people in two decimals, as the deck prints it.
fn two_decimals(people: i64, whole: i64) -> Option<Percent> {
    Percent::of(people, whole)
}
