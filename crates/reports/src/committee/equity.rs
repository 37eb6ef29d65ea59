//! « Équité »: the parts of FEST's entries beside those of the other schemes together.
//!
//! The other schemes are every row but that of the paths and those that it stands under: of each group above it, the other rows,
//! weighed as the group itself is (`« - »` does not weigh unless the import says so). A printed total plays no part, so that what
//! stands here follows from rows that a reader sees.

use domain::Day;

use super::differences::hundredths;
use super::entries::{PARTS, Statement};
use super::given::Part;
use super::masking::Masked;
use crate::table::{Cell, Column, ColumnKind, Line, Outline, Rule, Table};
use wording::committee as words;

/// Columns of the table.
const FEST: usize = 1;
const OTHERS: usize = 3;
const FIGURES: std::ops::RangeInclusive<usize> = 1..=5;

/// The table at a day; none when there is nobody to compare: no entry of the paths, or no other scheme with a share.
pub fn table(statement: &Statement, as_of: Day, source: &str) -> Option<Table> {
    let at = statement.lines.iter().position(super::StatementLine::comes_from_paths)?;
    let fest = &statement.lines[at];
    let entries = fest.shown_entries().filter(|entries| *entries > 0)?;
    let others = statement.beside(at);
    if others.parts.iter().all(Option::is_none) {
        return None;
    }
    let mut outline = Outline {
        lines: vec![Line::default(); PARTS],
        name: Some(words::SHEET_EQUITY.to_owned()),
        as_of: Some(as_of),
        source: Some(source.to_owned()),
        ..Outline::default()
    };
    let row = |part: usize| {
        let shown = fest.shown_part(part);
        let share = shown.map_or(Cell::Empty, |part| part.cell(entries));
        let other = others.parts[part].as_ref();
        let beside = other.map_or(Cell::Empty, |other| Part::People(other.people.best).cell(other.weight));
        let gap = hundredths(&share).zip(hundredths(&beside)).map(|(fest, others)| Cell::Points(fest - others));
        if gap.is_some() {
            outline.follows(part, 5, Rule::Points { now: FEST, before: OTHERS });
        }
        if share.is_figure() && fest.is_small() {
            outline.cautions.push((part, FEST));
        }
        vec![
            Cell::Text(words::PARTS_SHORT[part].to_owned()),
            share,
            fest.people(part).map_or(Cell::Empty, Cell::Count),
            beside,
            other.map_or(Cell::Empty, |other| Cell::Count(other.weight)),
            gap.unwrap_or(Cell::Empty),
        ]
    };
    let rows = (0..PARTS).map(row).collect();
    let mut notes = vec![words::EQUITY_NOTE.to_owned()];
    if !outline.cautions.is_empty() {
        notes.push(words::CAUTION_NOTE.to_owned());
    }
    let columns = vec![
        Column::new("part", words::PUBLIC, ColumnKind::Text),
        Column::new("fest", words::EQUITY_FEST, ColumnKind::Percent),
        Column::new("fest_people", words::EQUITY_PEOPLE, ColumnKind::Count),
        Column::new("others", words::EQUITY_OTHERS, ColumnKind::Percent),
        Column::new("others_entries", words::EQUITY_WEIGHT, ColumnKind::Count),
        Column::new("gap", words::GAP_NUMBER, ColumnKind::Points),
    ];
    Some(Table { title: words::equity(wording::dates::numeric(as_of)), columns, rows, notes, outline })
}

/// The same for readers outside: a part is withheld whole as soon as any number of it is in the table of the entries, or any
/// number of entries, since the other schemes together are what the total is without FEST. None when nothing of it is left.
pub fn masked_table(statement: &Statement, masked: &Masked<'_>, as_of: Day, source: &str) -> Option<Table> {
    let mut table = table(statement, as_of, source)?;
    table.outline.formulas.clear();
    let hidden = |part: usize| (0..statement.lines.len()).any(|row| masked.is_hidden(row, part + 1));
    let withheld = |part: usize| masked.hides_entries() || hidden(part);
    for (part, cells) in table.rows.iter_mut().enumerate().filter(|(part, _)| withheld(*part)) {
        for cell in cells[FIGURES].iter_mut().filter(|cell| cell.is_figure()) {
            *cell = Cell::Masked;
        }
        table.outline.cautions.retain(|(row, _)| *row != part);
    }
    table.notes.retain(|note| note != words::CAUTION_NOTE || !table.outline.cautions.is_empty());
    table.notes.push(words::MASKED_NOTE.to_owned());
    let shown = table.rows.iter().flatten().any(Cell::is_figure);
    shown.then_some(table)
}
