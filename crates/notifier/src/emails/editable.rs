//! What the Region may word: each kind of messages to each role, with what all of its samples have.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use domain::people::RecipientRole;
use domain::texts::{Holds, Variable, is_outside};
use strum::IntoEnumIterator;

use super::cases::{opening_varies, title_varies};
use super::{Composed, LinkPurpose, Sample, samples_with};
use crate::texts::{FIXED, Texts};

/// A kind of messages to a role, which the Region may word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editable {
    pub kind: &'static str,
    pub role: RecipientRole,
    pub holds: Holds,
    /// The product's own title and opening paragraphs, once for each case that differs.
    pub standard: Vec<Words>,
}

/// The product's own words in one case of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The subject without its reference.
    pub title: String,
    /// What opens the message.
    pub opening: String,
}

/// Every kind of messages to each role, but for those that are nobody's to reword, in the order of [`super::samples()`].
pub fn editable() -> &'static [Editable] {
    static EDITABLE: LazyLock<Vec<Editable>> = LazyLock::new(|| {
        let samples = samples_with(None, &Texts::default());
        let mut editable: Vec<Editable> = Vec::new();
        for sample in samples.iter().filter(|sample| !FIXED.contains(&sample.composed.kind)) {
            let (kind, role) = (sample.composed.kind, sample.about.role);
            if !editable.iter().any(|known| known.kind == kind && known.role == role) {
                let alike: Vec<&Sample> =
                    samples.iter().filter(|other| other.composed.kind == kind && other.about.role == role).collect();
                editable.push(held(kind, role, &alike));
            }
        }
        editable
    });
    &EDITABLE
}

/// What the samples of a kind to a role have, all of them.
fn held(kind: &'static str, role: RecipientRole, samples: &[&Sample]) -> Editable {
    let values = Variable::iter().filter(|variable| !variable.is_block());
    let mut variables: BTreeSet<Variable> =
        values.filter(|value| samples.iter().all(|sample| sample.about.value(*value).is_some())).collect();
    variables.insert(Variable::Standard);
    if samples.iter().any(|sample| sample.about.ask.is_some()) {
        variables.insert(Variable::Link);
    }
    let mut standard: Vec<Words> = Vec::new();
    for case in openings(kind, role, samples) {
        if !standard.contains(&case) {
            standard.push(case);
        }
    }
    let (words, subject) = samples.first().map_or(("", ""), |sample| sample.sources);
    let holds = Holds {
        variables,
        asks: samples.iter().any(|sample| matches!(sample.composed.link, LinkPurpose::Answer(..))),
        keeps_title: title_varies(subject, role) || standard.iter().any(|case| case.title != standard[0].title),
        // What changes from a case to another, or says a number, is said by the product alone.
        keeps_standard: opening_varies(words, role)
            || standard.iter().any(|case| case.opening != standard[0].opening || has_figure(&case.opening)),
        outside: is_outside(role),
    };
    Editable { kind, role, holds, standard }
}

fn has_figure(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
}

/// The title and the opening of each sample, read between two marks.
fn openings(kind: &'static str, role: RecipientRole, samples: &[&Sample]) -> Vec<Words> {
    const MARK: &str = "|||";
    let mut texts = Texts::default();
    texts.set_message(kind, role, "", &format!("{MARK}\n{{texte}}\n{MARK}"));
    let marked = preview(kind, role, &texts);
    let opening = |(sample, marked): (&&Sample, &Composed)| {
        let title = sample.composed.subject.split_once(" — ").map_or("", |(_, title)| title);
        let text = marked.text.split(MARK).nth(1).unwrap_or_default().trim();
        Words { title: title.to_owned(), opening: text.to_owned() }
    };
    samples.iter().zip(&marked).map(opening).collect()
}

/// The messages of a kind to a role as they would be with some texts, case by case.
pub fn preview(kind: &str, role: RecipientRole, texts: &Texts) -> Vec<Composed> {
    let samples = samples_with(Some(kind), texts);
    samples.into_iter().filter(|sample| sample.about.role == role).map(|sample| sample.composed).collect()
}
