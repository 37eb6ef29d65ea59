//! The list as a table: the reference, then the chosen columns.

use app::bulk::for_several;
use app::{PathLine, PathOrder, PathPage, PathSort};
use domain::calendar::paris_day;
use domain::path::Step;
use domain::path::decide::takes;
use domain::people::Actor;
use wording::{addresses, labels, pages};

use super::Sight;
use super::asked::{Asked, Column};
use super::words::{waited, who};
use crate::stamp::Stamp;

/// The head of a column.
pub(super) struct HeadView {
    pub label: &'static str,
    /// The address of the list sorted by it.
    pub sort: Option<String>,
    /// `ascending` or `descending` when the list is.
    pub sorted: &'static str,
    /// Left out of a narrow window: nobody asked for it.
    pub minor: bool,
}

/// What a cell shows.
pub(crate) enum CellView {
    Text(String),
    /// A text with what specifies it.
    Two(String, String),
    Link {
        label: String,
        address: String,
    },
    Tag(&'static str),
    Deadline(Stamp),
    Day(Stamp),
    Empty,
}

impl CellView {
    /// The class of the cell.
    pub(crate) fn class(&self) -> &'static str {
        match self {
            Self::Two(..) => "held",
            Self::Tag(_) => "stands",
            Self::Empty => "none",
            Self::Text(_) | Self::Link { .. } | Self::Deadline(_) | Self::Day(_) => "",
        }
    }
}

/// A line.
pub(super) struct RowView {
    pub reference: String,
    pub address: String,
    pub about: String,
    pub cells: Vec<CellView>,
}

/// The table with its pages.
pub(super) struct TableView {
    pub reference: HeadView,
    pub heads: Vec<HeadView>,
    pub rows: Vec<RowView>,
    pub earlier: Option<String>,
    pub later: Option<String>,
    /// Its address, to which a selection leads back.
    pub address: String,
    /// Where a selection is taken to, for those who act.
    pub selection: Option<&'static str>,
}

fn head(asked: &Asked, label: &'static str, by: Option<PathSort>, minor: bool) -> HeadView {
    let current = by.is_some_and(|by| by == asked.order.by);
    let sort = by.map(|by| {
        let order = PathOrder { by, descending: current && !asked.order.descending };
        Asked { order, ..asked.clone() }.address()
    });
    let sorted = match (current, asked.order.descending) {
        (false, _) => "",
        (true, false) => "ascending",
        (true, true) => "descending",
    };
    HeadView { label, sort, sorted, minor }
}

/// A page of the table.
pub(super) fn view(sight: &Sight, page: PathPage, reader: &Actor) -> TableView {
    let asked = &sight.asked;
    let columns = asked.columns(sight.several_lots);
    let minor = |column: Column| {
        asked.columns.is_empty() && matches!(column, Column::Place | Column::Lot | Column::Coordinator)
    };
    let row = |line: &PathLine| RowView {
        reference: line.reference.to_string(),
        address: addresses::path(&line.reference),
        about: format!("{}, {}", line.job, line.company),
        cells: columns.iter().map(|column| cell(sight, *column, line)).collect(),
    };
    TableView {
        reference: head(asked, pages::paths::REFERENCE, Some(PathSort::Reference), false),
        heads: columns.iter().map(|column| head(asked, column.label(), column.sort(), minor(*column))).collect(),
        rows: page.lines.iter().map(row).collect(),
        address: asked.address(),
        earlier: page.earlier.map(|cursor| asked.page("avant", &cursor)),
        later: page.later.map(|cursor| asked.page("apres", &cursor)),
        selection: Step::all().any(|step| for_several(step) && takes(reader, step)).then_some(crate::routes::BULK),
    }
}

/// The name of an account in charge.
pub(super) fn coordinator(sight: &Sight, line: &PathLine) -> Option<String> {
    let account = line.coordinator?;
    sight.choices.coordinators.iter().find(|(id, _)| *id == account).map(|(_, name)| name.clone())
}

fn cell(sight: &Sight, column: Column, line: &PathLine) -> CellView {
    match column {
        Column::Job => CellView::Text(line.job.clone()),
        Column::Company => CellView::Link { label: line.company.clone(), address: addresses::company(&line.siret) },
        Column::Siret => CellView::Text(line.siret.to_string()),
        Column::Place => CellView::Text(labels::commune(line.commune.as_ref())),
        Column::Lot => CellView::Text(line.lot.to_string()),
        Column::State => CellView::Tag(labels::state(line.state)),
        Column::Holder => match line.holder {
            Some(side) => CellView::Two(who(side).to_owned(), waited(line)),
            None => CellView::Empty,
        },
        Column::Due => line.due_on.map_or(CellView::Empty, |due| CellView::Deadline(Stamp::due(due, sight.today))),
        Column::Coordinator => coordinator(sight, line).map_or(CellView::Empty, CellView::Text),
        Column::Entered => line.entered_on.map_or(CellView::Empty, |on| CellView::Day(Stamp::day(on))),
        Column::Outcome => {
            line.outcome.map_or(CellView::Empty, |outcome| CellView::Text(labels::outcome(outcome).to_owned()))
        }
        Column::Opened => CellView::Day(Stamp::day(line.opened_on)),
        Column::Changed => CellView::Day(Stamp::day(paris_day(line.updated_at))),
    }
}
