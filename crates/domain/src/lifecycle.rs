//! The lifecycle of a path as a picture and as pages: Mermaid, DOT, SVG and Markdown, drawn from the table.
//!
//! Everything comes from [`crate::path::table`] and [`crate::told`]; what the words are is asked of [`Labels`], so that no
//! sentence is written here. The SVG has its own layout, one column a phase; a new state asks for its place there
//! ([`svg`]), a new transition for its line: the compiler says so.

mod dot;
mod markdown;
mod mermaid;
mod svg;
#[cfg(test)]
mod tests;

use strum::{AsRefStr, Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr, VariantNames};

use crate::market::Prestation;
use crate::path::command::Datum;
use crate::path::correction::{Bound, Effect, Moved};
use crate::path::table::{Row, row};
use crate::path::{Act, State, Step, Transition};
use crate::people::{OutsideRole, RecipientRole, Side};
use crate::told::Told;

/// How the lifecycle is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, Display, AsRefStr, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Format {
    /// A state diagram for pages that render Mermaid.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
    /// A picture that stands alone.
    Svg,
    /// A page: the diagram, then transitions and acts with their actors and recipients.
    Markdown,
}

/// The words of the pages that are not names of states, steps or people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter)]
pub enum Word {
    /// The title of the page and of the picture.
    Title,
    /// One sentence that says what the picture shows.
    Description,
    Transitions,
    Acts,
    /// Headings of the tables.
    Transition,
    Act,
    From,
    To,
    By,
    /// One sentence: the columns of the roles say who is told.
    Told,
    /// Where a path begins, for a step that opens one.
    Opening,
    AnyState,
    AnyOpenState,
    /// Said before the list of the states from which a path may be cancelled.
    CancelledFrom,
    /// The page is written by a command: change the table, not the page.
    Generated,
    /// The legend: who has to act in a state, or how it ended.
    RegionActs,
    BodyActs,
    Adjourned,
    Closed,
    Ended,
    /// The table of the company's people: its title, its sentence and who of them acts.
    Colleagues,
    ColleaguesAre,
    ByInCompany,
    /// The table of corrections: its title, its sentence and its headings.
    Corrections,
    CorrectionsAre,
    Datum,
    Effect,
    AsksAgain,
    Informs,
    Moves,
}

/// The names of things, in the language of the reader.
pub trait Labels {
    fn state(&self, state: State) -> String;
    fn step(&self, step: Step) -> String;
    fn side(&self, side: Side) -> String;
    fn role(&self, role: RecipientRole) -> String;
    fn outside(&self, role: OutsideRole) -> String;
    /// A phase: a prestation, or the end.
    fn phase(&self, phase: Option<Prestation>) -> String;
    fn told(&self, told: Told) -> String;
    fn datum(&self, datum: Datum) -> String;
    fn effect(&self, effect: Effect) -> String;
    fn bound(&self, bound: Bound) -> String;
    fn moved(&self, moved: Moved) -> String;
    fn word(&self, word: Word) -> String;
}

/// Writes the lifecycle.
pub fn render(format: Format, labels: &dyn Labels) -> String {
    match format {
        Format::Mermaid => mermaid::render(labels),
        Format::Dot => dot::render(labels),
        Format::Svg => svg::render(labels),
        Format::Markdown => markdown::render(labels),
    }
}

/// A change of state: from where (nowhere for an opening), by what, to where.
pub type Edge = (Option<State>, Transition, State);

/// Every change of state of the lifecycle.
pub fn edges() -> Vec<Edge> {
    Transition::iter().flat_map(edges_of).collect()
}

/// The changes of state of one transition.
pub fn edges_of(transition: Transition) -> Vec<Edge> {
    let Row { from, to, .. } = row(transition.into());
    match transition {
        // A version amended later is signed again where the path stands.
        Transition::SignPif => vec![(Some(State::CandidateSelected), transition, State::PifSigned)],
        _ if from.is_empty() => to.iter().map(|to| (None, transition, *to)).collect(),
        _ => from.iter().flat_map(|from| to.iter().map(move |to| (Some(*from), transition, *to))).collect(),
    }
}

/// The phases in order, the end last, each with its states.
fn phases() -> [(Option<Prestation>, Vec<State>); 4] {
    [Some(Prestation::Feasibility), Some(Prestation::Preparation), Some(Prestation::Implementation), None]
        .map(|phase| (phase, State::iter().filter(|state| state.phase() == phase).collect()))
}

/// Who may perform a step, in words.
fn actors(labels: &dyn Labels, step: Step) -> String {
    row(step).by.iter().map(|side| labels.side(*side)).collect::<Vec<_>>().join(", ")
}

/// A step with who may perform it: the text of an arrow.
fn captioned(labels: &dyn Labels, transition: Transition) -> String {
    format!("{} ({})", labels.step(transition.into()), actors(labels, transition.into()))
}

/// The states from which a step starts, in words.
fn starts(labels: &dyn Labels, step: Step) -> String {
    let from = row(step).from;
    let open = State::iter().filter(|state| !state.is_final());
    if from.is_empty() {
        labels.word(Word::Opening)
    } else if from.len() == State::iter().count() {
        labels.word(Word::AnyState)
    } else if from.iter().copied().eq(open) {
        labels.word(Word::AnyOpenState)
    } else {
        from.iter().map(|state| labels.state(*state)).collect::<Vec<_>>().join(" · ")
    }
}

/// Every act, in the order of the table.
fn acts() -> impl Iterator<Item = Step> {
    Act::iter().map(Step::from)
}

/// Text made safe inside XML.
fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
