//! A page: the picture, then every transition and every act with its actors and recipients.

use std::fmt::Write as _;

use strum::IntoEnumIterator;

use super::{Labels, Word, actors, acts, mermaid, starts};
use crate::path::command::Datum;
use crate::path::correction::rule;
use crate::path::table::{in_company, row};
use crate::path::{Step, Transition};
use crate::people::Side;
use crate::told::{FUNCTIONS, ROLES, Told, told, told_in_company};

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
    colleagues(&mut text, labels);
    corrections(&mut text, labels);
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

/// What the main contact of a company shares with their colleagues, or these hear of.
fn colleagues(text: &mut String, labels: &dyn Labels) {
    let heads = [labels.word(Word::Act), labels.word(Word::ByInCompany)];
    let functions = FUNCTIONS.map(|function| labels.outside(function.outside()));
    let heads: Vec<String> = heads.into_iter().chain(functions).collect();
    let rule_line = line(&vec!["---".to_owned(); heads.len()]);
    let (title, sentence) = (labels.word(Word::Colleagues), labels.word(Word::ColleaguesAre));
    let _ = writeln!(text, "\n## {title}\n\n{sentence}\n\n{}\n{rule_line}", line(&heads));
    for step in Step::all() {
        let told = told_in_company(step);
        let by = if row(step).by.contains(&Side::Company) { in_company(step) } else { &[] };
        if by.len() < 2 && told.iter().all(|told| *told == Told::No) {
            continue;
        }
        let by = by.iter().map(|role| labels.outside(*role)).collect::<Vec<_>>().join(", ");
        let mut cells = vec![labels.step(step), if by.is_empty() { "—".to_owned() } else { by }];
        cells.extend(told.map(|told| if told == Told::No { "—".to_owned() } else { labels.told(told) }));
        let _ = writeln!(text, "{}", line(&cells));
    }
}

/// What the correction of each datum does.
fn corrections(text: &mut String, labels: &dyn Labels) {
    let heads = [Word::Datum, Word::Effect, Word::AsksAgain, Word::Informs, Word::Moves].map(|head| labels.word(head));
    let rule_line = line(&vec!["---".to_owned(); heads.len()]);
    let (title, sentence) = (labels.word(Word::Corrections), labels.word(Word::CorrectionsAre));
    let _ = writeln!(text, "\n## {title}\n\n{sentence}\n\n{}\n{rule_line}", line(&heads));
    for datum in Datum::iter() {
        let rule = rule(datum);
        let cells = [
            format!("{} `{datum}`", labels.datum(datum)),
            labels.effect(rule.effect()),
            list(rule.asks_again.iter().map(|bound| labels.bound(*bound))),
            list(rule.informs.iter().map(|role| labels.role(*role))),
            list(rule.moves.iter().map(|moved| labels.moved(*moved))),
        ];
        let _ = writeln!(text, "{}", line(&cells));
    }
}

fn list(names: impl Iterator<Item = String>) -> String {
    let text = names.collect::<Vec<_>>().join(" · ");
    if text.is_empty() { "—".to_owned() } else { text }
}
