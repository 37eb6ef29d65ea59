//! The list as a board: a column for each state that has paths, under its phase, with the most pressing cards first.

use app::{BoardColumn, PathLine};
use domain::people::Side;
use wording::{addresses, labels, numbers, pages};

use super::Sight;
use super::asked::{Asked, Look, Phase};
use super::table::coordinator;
use super::words::{ActionView, action, who};
use crate::stamp::Stamp;

/// A card.
pub(super) struct CardView {
    pub reference: String,
    pub address: String,
    pub about: String,
    pub coordinator: Option<String>,
    pub holder: &'static str,
    pub deadline: Option<Stamp>,
    pub action: Option<ActionView>,
}

/// A state.
pub(super) struct StateView {
    pub id: String,
    pub label: &'static str,
    pub number: String,
    pub cards: Vec<CardView>,
    /// The rest of them, in the table.
    pub rest: Option<(String, String)>,
}

/// A phase.
pub(super) struct PhaseView {
    pub label: &'static str,
    pub number: String,
    pub states: Vec<StateView>,
}

/// The board.
pub(super) struct BoardView {
    pub phases: Vec<PhaseView>,
}

fn number(number: u64) -> String {
    numbers::integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The board of a list.
pub(super) fn view(sight: &Sight, columns: Vec<BoardColumn>, reader: Option<Side>) -> BoardView {
    let mut phases: Vec<(Phase, u64, Vec<StateView>)> = Vec::new();
    for column in columns.into_iter().filter(|column| column.total > 0) {
        let phase = Phase::of(column.state);
        let total = column.total;
        let state = state(sight, &column, reader);
        match phases.last_mut().filter(|(last, _, _)| *last == phase) {
            Some((_, number, states)) => {
                *number += total;
                states.push(state);
            }
            None => phases.push((phase, total, vec![state])),
        }
    }
    let named = |(phase, total, states): (Phase, u64, Vec<StateView>)| PhaseView {
        label: phase.label(),
        number: number(total),
        states,
    };
    BoardView { phases: phases.into_iter().map(named).collect() }
}

fn state(sight: &Sight, column: &BoardColumn, reader: Option<Side>) -> StateView {
    let card = |line: &PathLine| CardView {
        reference: line.reference.to_string(),
        address: addresses::path(&line.reference),
        about: format!("{}, {}", line.job, line.company),
        coordinator: coordinator(sight, line),
        holder: line.holder.map_or("", who),
        deadline: line.due_on.map(|due| Stamp::due(due, sight.today)),
        action: reader.and_then(|side| action(line, side)),
    };
    let shown = column.lines.len() as u64;
    let only = Asked { states: vec![column.state], phases: Vec::new(), look: Look::Table, ..sight.asked.clone() };
    StateView {
        id: format!("etat-{}", column.state),
        label: labels::state(column.state),
        number: number(column.total),
        cards: column.lines.iter().map(card).collect(),
        rest: (column.total > shown).then(|| (pages::paths::see(number(column.total)), only.address())),
    }
}
