//! A Mermaid state diagram, grouped by phase: Mermaid draws no arrow between the insides of two composite states, so a
//! phase is a colour and a heading in the source.

use std::fmt::Write as _;

use super::{Labels, Word, captioned, edges, phases, starts};
use crate::market::Prestation;
use crate::path::{State, Step, Transition};

/// The colours of a phase, or of the end.
const fn style(phase: Option<Prestation>) -> &'static str {
    match phase {
        Some(Prestation::Feasibility) => "fill:#fdf1dc,stroke:#8a5300,color:#17283a",
        Some(Prestation::Preparation) => "fill:#e3f0f1,stroke:#0f5c6e,color:#17283a",
        Some(Prestation::Implementation) => "fill:#e4f2e8,stroke:#23693f,color:#17283a",
        None => "fill:#ffffff,stroke:#5a6875,color:#17283a",
    }
}

pub(super) fn render(labels: &dyn Labels) -> String {
    let mut text = String::from("stateDiagram-v2\n    direction TB\n");
    // Writing to a string does not fail.
    for (phase, states) in phases() {
        let id = phase.map_or("ended", Into::into);
        let _ = writeln!(text, "    %% {}", labels.phase(phase));
        for state in &states {
            let _ = writeln!(text, "    state \"{}\" as {state}", labels.state(*state));
        }
        let names: Vec<&str> = states.iter().map(State::as_ref).collect();
        let _ = writeln!(text, "    classDef {id}_phase {}\n    class {} {id}_phase", style(phase), names.join(", "));
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
    for state in phases().into_iter().filter(|(phase, _)| phase.is_none()).flat_map(|(_, states)| states) {
        let _ = writeln!(text, "    {state} --> [*]");
    }
    text
}
