//! A graph for Graphviz, one cluster a phase.

use std::fmt::Write as _;

use super::{Labels, Word, captioned, edges, phases};
use crate::path::State;

pub(super) fn render(labels: &dyn Labels) -> String {
    let mut text = String::from(
        "digraph lifecycle {\n    rankdir=TB;\n    node [shape=box, style=\"rounded,filled\", fillcolor=\"#e3f0f1\", \
         color=\"#0f5c6e\", fontcolor=\"#17283a\", fontname=\"sans-serif\"];\n    edge [color=\"#5a6875\", \
         fontcolor=\"#17283a\", fontname=\"sans-serif\", fontsize=10];\n",
    );
    // Writing to a string does not fail.
    let _ = writeln!(text, "    label={};\n    opening [shape=point, label=\"\"];", quoted(&labels.word(Word::Title)));
    for (rank, (phase, states)) in phases().into_iter().enumerate() {
        let _ = writeln!(text, "    subgraph cluster_{rank} {{\n        label={};", quoted(&labels.phase(phase)));
        for state in states {
            let border = if state.is_final() { ", peripheries=2" } else { "" };
            let _ = writeln!(text, "        {state} [label={}{border}];", quoted(&labels.state(state)));
        }
        text.push_str("    }\n");
    }
    for (from, transition, to) in edges() {
        let from = from.map_or("opening", |from: State| from.into());
        let _ = writeln!(text, "    {from} -> {to} [label={}];", quoted(&captioned(labels, transition)));
    }
    text.push_str("}\n");
    text
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
