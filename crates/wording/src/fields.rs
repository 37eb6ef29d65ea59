//! Labels, helps and examples of the fields of every form, of paths and of purchase orders.
//!
//! A field is named by its step and its identifier, since a reason is not asked in the same words everywhere. To add a
//! field: its line under its step; a test holds these tables against the forms of the domain.

/// The words of a field, by position: a literal, so that the tables are constants.
macro_rules! words {
    ($label:expr, $help:expr, $example:expr $(,)?) => {
        FieldWords { label: $label, help: $help, example: $example }
    };
}

mod order;
mod path;
mod proposal;

use domain::order::OrderTransition;
use domain::path::Step;
use domain::proposal::ProposalStep;
use strum::IntoEnumIterator;

/// What a page shows about a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldWords {
    /// The name, as errors repeat it.
    pub label: &'static str,
    /// What is expected and what it is for, one or two sentences.
    pub help: &'static str,
    /// A value that would be accepted; empty where there is nothing to type (choices, boxes, documents).
    pub example: &'static str,
}

/// The words of the fields of one form.
type Fields = &'static [(&'static str, FieldWords)];

fn named(fields: Fields, name: &str) -> Option<FieldWords> {
    fields.iter().find(|(field, _)| *field == name).map(|(_, words)| *words)
}

/// The words of a field of a step on a path.
pub fn path(step: Step, name: &str) -> Option<FieldWords> {
    named(path::fields(step), name)
}

/// The words of a field of a step on a purchase order.
pub fn order(transition: OrderTransition, name: &str) -> Option<FieldWords> {
    named(order::fields(transition), name)
}

/// The words of a field of what is said of a reported need.
pub fn proposal(step: ProposalStep, name: &str) -> Option<FieldWords> {
    named(proposal::fields(step), name)
}

/// The label of a field whose form is not known: that of the first form that has one of this name, or the name itself.
pub fn label(name: &str) -> &str {
    let in_paths = Step::all().find_map(|step| path(step, name));
    let found = in_paths.or_else(|| OrderTransition::iter().find_map(|transition| order(transition, name)));
    found.map_or(name, |words| words.label)
}

#[cfg(test)]
mod tests {
    use domain::form::{Field, FieldKind};
    use domain::order::OrderCommand;
    use domain::path::Command;
    use domain::proposal::ProposalCommand;

    use super::*;
    use crate::typography::check;

    /// The tables name the fields of the domain, in their order, and every text is well set.
    fn assert_words(form: &str, fields: &[Field], words: Fields) {
        let expected: Vec<_> = fields.iter().map(|field| field.name).collect();
        let named: Vec<_> = words.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, expected, "{form}");
        for (field, (name, FieldWords { label, help, example })) in fields.iter().zip(words) {
            for text in [label, help, example] {
                assert_eq!(check(text), [], "{form} {name}: {text}");
            }
            assert!(label.starts_with(char::is_uppercase) && !label.ends_with('.'), "{form} {name}: {label}");
            assert!(help.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()), "{form} {name}: {help}");
            assert!(help.ends_with('.'), "{form} {name}: {help}");
            let nothing_to_type = matches!(field.kind, FieldKind::Boolean | FieldKind::Choice(_) | FieldKind::Document);
            assert_eq!(example.is_empty(), nothing_to_type, "{form} {name}: {example}");
        }
    }

    #[test]
    fn every_field_of_every_form_has_its_words() {
        for step in Step::all() {
            assert_words(step.id(), &Command::fields(step), path::fields(step));
        }
        for transition in OrderTransition::iter() {
            assert_words(transition.into(), &OrderCommand::fields(transition), order::fields(transition));
        }
        for step in ProposalStep::iter() {
            assert_words(step.into(), &ProposalCommand::fields(step), proposal::fields(step));
        }
    }

    /// An example is a value that the form accepts.
    #[test]
    fn examples_are_accepted() {
        let read = |field: &Field, example: &str, problems: Vec<domain::form::FieldError>| {
            let own = problems.into_iter().find(|problem| problem.field == field.name);
            assert_eq!(own, None, "{}: {example}", field.name);
        };
        let form = |name: &str, example: &str| {
            [(name.to_owned(), example.replace('\u{a0}', " ").into())].into_iter().collect::<domain::form::Form>()
        };
        for step in Step::all() {
            for (field, (name, words)) in Command::fields(step).iter().zip(path::fields(step)) {
                if !words.example.is_empty() {
                    let result = Command::read(step, &form(name, words.example));
                    read(field, words.example, result.err().unwrap_or_default());
                }
            }
        }
        for transition in OrderTransition::iter() {
            for (field, (name, words)) in OrderCommand::fields(transition).iter().zip(order::fields(transition)) {
                if !words.example.is_empty() {
                    let result = OrderCommand::read(transition, &form(name, words.example));
                    read(field, words.example, result.err().unwrap_or_default());
                }
            }
        }
        for step in ProposalStep::iter() {
            for (field, (name, words)) in ProposalCommand::fields(step).iter().zip(proposal::fields(step)) {
                // A commune is typed by its name: the page finds its code.
                if !words.example.is_empty() && field.kind != FieldKind::Commune {
                    let result = ProposalCommand::read(step, &form(name, words.example));
                    read(field, words.example, result.err().unwrap_or_default());
                }
            }
        }
    }

    #[test]
    fn a_label_is_found_without_its_form() {
        assert_eq!(label("siret"), "SIRET de l’entreprise");
        assert_eq!(label("commitment_number"), "Numéro d’engagement");
        assert_eq!(label("colour"), "colour");
    }
}
