//! A page: the picture, then every transition and every act with its actors and recipients.

use std::fmt::Write as _;

use strum::IntoEnumIterator;

use super::{Labels, Word, actors, acts, mermaid, starts};
use crate::path::table::row;
use crate::path::{Step, Transition};
use crate::told::{ROLES, Told, told};

pub(super) fn render(labels: &dyn Labels) -> String {
    let word = |word| labels.word(word);
    let mut text = format!(
        "# {}\n\n{}\n\n{}\n\n```mermaid\n{}```\n",
        word(Word::Title),
        word(Word::Description),
        word(Word::Generated),
        mermaid::render(labels)
    );
    let transitions = Transition::iter().map(Step::from);
    table(&mut text, labels, &word(Word::Transitions), [Word::Transition, Word::From, Word::To, Word::By], transitions);
    table(&mut text, labels, &word(Word::Acts), [Word::Act, Word::From, Word::To, Word::By], acts());
    text
}

/// Steps that change no state have no column « to ».
fn table(text: &mut String, labels: &dyn Labels, title: &str, heads: [Word; 4], steps: impl Iterator<Item = Step>) {
    let steps: Vec<Step> = steps.collect();
    let moves = steps.iter().any(|step| !row(*step).to.is_empty());
    let heads = heads.into_iter().filter(|head| moves || *head != Word::To);
    let mut cells: Vec<String> = heads.map(|head| labels.word(head)).collect();
    cells.extend(ROLES.map(|role| labels.role(role)));
    let rule = vec!["---".to_owned(); cells.len()];
    // Writing to a string does not fail.
    let _ = writeln!(text, "\n## {title}\n\n{}\n\n{}\n{}", labels.word(Word::Told), line(&cells), line(&rule));
    for step in steps {
        let mut cells = vec![format!("{} `{step}`", labels.step(step)), starts(labels, step)];
        if moves {
            cells.push(row(step).to.iter().map(|state| labels.state(*state)).collect::<Vec<_>>().join(", "));
        }
        cells.push(actors(labels, step));
        cells.extend(told(step).map(|told| if told == Told::No { "—".to_owned() } else { labels.told(told) }));
        let _ = writeln!(text, "{}", line(&cells));
    }
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |", cells.join(" | "))
}
