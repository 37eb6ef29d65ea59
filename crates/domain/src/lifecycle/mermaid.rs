//! A Mermaid state diagram, grouped by phase.

use std::fmt::Write as _;

use super::{Labels, Word, captioned, edges, phases, starts};
use crate::path::{Step, Transition};

pub(super) fn render(labels: &dyn Labels) -> String {
    let mut text = String::from("stateDiagram-v2\n    direction TB\n");
    for (phase, states) in phases() {
        let id = phase.map_or("ended", Into::into);
        // Writing to a string does not fail.
        let _ = writeln!(text, "    state \"{}\" as {id}_phase {{", labels.phase(phase));
        for state in states {
            let _ = writeln!(text, "        state \"{}\" as {state}", labels.state(state));
        }
        text.push_str("    }\n");
    }
    for (from, transition, to) in edges() {
        // Thirteen arrows to one state would hide the others: a note says them.
        if transition == Transition::Cancel {
            continue;
        }
        let from = from.map_or("[*]", Into::into);
        let _ = writeln!(text, "    {from} --> {to} : {}", captioned(labels, transition));
    }
    let cancel = Step::from(Transition::Cancel);
    let _ = writeln!(
        text,
        "    note left of cancelled\n        {}\n        {} {}\n    end note",
        captioned(labels, Transition::Cancel),
        labels.word(Word::CancelledFrom),
        starts(labels, cancel)
    );
    text
}
