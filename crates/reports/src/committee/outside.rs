//! What readers outside get of the tables of a day, together: what one of them withholds, no other says.
//!
//! - entries at a date: small numbers and what would give them back ([`Masked`]); equity follows it;
//! - entries of a year, by scheme or by sector: a column is withheld whole as soon as one of its numbers is of fewer than
//!   [`LEAST`] people, or when the entries of that year are withheld of any row of the table above, names differing from one table
//!   to the other; so are the rates that would give it back;
//! - a sheet of evaluation: its small numbers, and the parts that the table above withholds of the same scheme; all of it when its
//!   entries are. Where no row has its name, what is withheld of any row is withheld of it;
//! - what is ordered and paid counts nobody, and is shown.
//!
//! Given with the tables of another day that they are compared with, they keep what either day withholds. Not looked at: tables
//! of days that are not given together, which a reader may hold too.

use chrono::Datelike;
use domain::Day;
use domain::committee::TableKind;
use strum::IntoEnumIterator;

use super::assembly::{Made, Of, year_of};
use super::evaluation::Indicator;
use super::import::folded;
use super::masking::{LEAST, Masked};
use super::{Evaluation, Statement, equity};
use crate::table::{Cell, Table};
use wording::committee as words;

/// The entries of each day, masked.
type Entries<'a> = Vec<(Masked<'a>, Day)>;

/// A table as readers outside get it, with what stands beside it.
pub type Outside = (Table, Option<Table>);

/// What readers outside get of tables, in their order, when those of another day are compared with them.
pub fn outside_of(made: &[Made], beside: &[Made], source: &str) -> Vec<Outside> {
    let entries: Entries<'_> = [made, beside]
        .into_iter()
        .filter_map(|made| made.iter().find_map(|made| Some((Masked::of(made.statement()?), made.as_of))))
        .collect();
    let sheets = Sheets::new(made, &entries);
    let one = |made: &Made| match &made.of {
        Of::Entries(statement) => {
            let masked = Masked::of(statement);
            let equity = equity::masked_table(statement, &masked, made.as_of, source);
            (masked.table(made.as_of, source), equity)
        }
        Of::Evaluation(sheet) => (sheets.masked(sheet, made.as_of, source, &entries), None),
        Of::Whole => (of_years(made, &entries), None),
    };
    made.iter().map(one).collect()
}

/// The same as one list.
pub fn outside(made: &[Made], beside: &[Made], source: &str) -> Vec<Table> {
    outside_of(made, beside, source)
        .into_iter()
        .flat_map(|(table, beside)| std::iter::once(table).chain(beside))
        .collect()
}

/// The indicator of a sheet that says a part of the entries.
const SAME: [Indicator; 5] =
    [Indicator::Level4AndBelow, Indicator::MinimumIncome, Indicator::Disabled, Indicator::Over45, Indicator::Under26];

/// The sheets of evaluation of a day with what is withheld of each. One of a row says, with that of a row under it, what the others
/// under it come to together: what one withholds, every sheet above and under it does, and those beside it under the same sheet.
struct Sheets<'a> {
    of: Vec<(&'a Evaluation, Vec<Indicator>)>,
}

impl<'a> Sheets<'a> {
    fn new(made: &'a [Made], entries: &Entries<'_>) -> Self {
        let sheets = made.iter().filter_map(|made| match &made.of {
            Of::Evaluation(sheet) => Some(sheet),
            Of::Entries(_) | Of::Whole => None,
        });
        let mut of: Vec<(&Evaluation, Vec<Indicator>)> =
            sheets.map(|sheet| (sheet, sheet.hidden(&withheld_parts(sheet, entries)))).collect();
        let statement = made.iter().find_map(Made::statement);
        let places: Vec<Option<Vec<String>>> = of.iter().map(|(sheet, _)| place(statement, &sheet.scheme)).collect();
        // A sheet whose row is not known may be of any.
        let related = |one: usize, other: usize| match (&places[one], &places[other]) {
            (Some(one), Some(other)) => one.starts_with(other) || other.starts_with(one),
            _ => true,
        };
        loop {
            let before: usize = of.iter().map(|(_, hidden)| hidden.len()).sum();
            for one in 0..of.len() {
                for other in (0..of.len()).filter(|other| *other != one && related(one, *other)) {
                    let both = [of[one].1.as_slice(), &of[other].1].concat();
                    of[one].1 = of[one].0.hidden(&both);
                }
            }
            if of.iter().map(|(_, hidden)| hidden.len()).sum::<usize>() == before {
                return Self { of };
            }
        }
    }

    fn masked(&self, sheet: &Evaluation, as_of: Day, source: &str, entries: &Entries<'_>) -> Table {
        let also = self.of.iter().find(|(known, _)| std::ptr::eq(*known, sheet)).map_or(&[][..], |(_, hidden)| hidden);
        let mut table = sheet.masked_table(as_of, source, also);
        if hides_entries_of(sheet, entries) {
            let every: Vec<usize> = (1..table.columns.len()).collect();
            withhold(&mut table, &every);
        }
        table
    }
}

/// The names of the row of a scheme and of those it stands under, outermost first; none when no row is named so.
fn place(statement: Option<&Statement>, scheme: &str) -> Option<Vec<String>> {
    let statement = statement?;
    let at = statement.lines.iter().position(|line| folded(&line.name) == folded(scheme))?;
    Some(if statement.lines[at].is_total() {
        Vec::new()
    } else {
        statement.names(at).iter().map(|name| folded(name)).collect()
    })
}

/// What the entries of either day withhold of the row of a sheet: the entries, then the parts.
fn hidden_of(sheet: &Evaluation, entries: &Entries<'_>) -> Option<[bool; 6]> {
    let hidden = entries.iter().map(|(masked, _)| masked.hidden_of(&folded(&sheet.scheme)));
    hidden.reduce(|all, hidden| std::array::from_fn(|column| all[column] || hidden[column]))
}

fn hides_entries_of(sheet: &Evaluation, entries: &Entries<'_>) -> bool {
    hidden_of(sheet, entries).is_some_and(|[count, ..]| count)
}

/// The indicators of a sheet that the entries withhold: every one with the number of entries.
fn withheld_parts(sheet: &Evaluation, entries: &Entries<'_>) -> Vec<Indicator> {
    match hidden_of(sheet, entries) {
        None => Vec::new(),
        Some([true, ..]) => Indicator::iter().collect(),
        Some([false, parts @ ..]) => {
            SAME.into_iter().zip(parts).filter(|(_, hidden)| *hidden).map(|(one, _)| one).collect()
        }
    }
}

/// Columns that count who entered in a year, each with those that would give it back.
fn counting(made: &Made) -> Vec<(i32, Vec<usize>)> {
    let columns = made.table.columns.iter().enumerate();
    match made.kind {
        TableKind::Yearly => columns.filter_map(|(at, column)| Some((column.key.parse().ok()?, vec![at]))).collect(),
        TableKind::Sectors => {
            let of = ["entries_before", "fill", "match"];
            let found = columns.filter(|(_, column)| of.contains(&column.key.as_ref())).map(|(at, _)| at);
            vec![(i32::from(year_of(made.as_of)) - 1, found.collect())]
        }
        TableKind::Entries | TableKind::Programme | TableKind::Budget | TableKind::Evaluation => Vec::new(),
    }
}

fn of_years(made: &Made, entries: &Entries<'_>) -> Table {
    let mut table = made.table.clone();
    for (year, columns) in counting(made) {
        let hidden = entries.iter().any(|(masked, day)| day.year() == year && masked.hides_entries());
        let small = table.rows.iter().any(|cells| columns.first().is_some_and(|at| is_small(&cells[*at])));
        if hidden || small {
            withhold(&mut table, &columns);
        }
    }
    table
}

fn is_small(cell: &Cell) -> bool {
    let few = |count: &i64| (1..LEAST).contains(count);
    match cell {
        Cell::Count(count) => few(count),
        Cell::Sum(terms) => terms.iter().any(few),
        _ => false,
    }
}

/// Withholds whole columns, and every formula with them.
fn withhold(table: &mut Table, columns: &[usize]) {
    let Table { rows, outline, notes, .. } = table;
    for (at, cell) in rows.iter_mut().flat_map(|cells| cells.iter_mut().enumerate()) {
        if columns.contains(&at) && *cell != Cell::Empty && *cell != Cell::NotApplicable {
            *cell = Cell::Masked;
        }
    }
    outline.formulas.clear();
    outline.cautions.retain(|(_, column)| !columns.contains(column));
    // That a share is of few people says how many they may be.
    notes.retain(|note| note != words::CAUTION_NOTE || !outline.cautions.is_empty());
    if !notes.iter().any(|note| note == words::MASKED_NOTE) {
        notes.push(words::MASKED_NOTE.to_owned());
    }
}
