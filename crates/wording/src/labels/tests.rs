use std::collections::BTreeSet;

use domain::form::FieldKind;
use domain::market::ClockKind;
use domain::order::{OrderCommand, OrderState, OrderTransition};
use domain::path::{Command, State, Step};
use domain::people::{CompanyFunction, OutsideRole, RecipientRole, Side, StaffRole};
use strum::IntoEnumIterator;

use super::*;
use crate::typography::check;

/// Every label is set well, begins as it should, and no two things share one.
fn assert_labels<T: std::fmt::Debug + Copy>(things: impl Iterator<Item = T>, label: impl Fn(T) -> &'static str) {
    let mut seen = BTreeSet::new();
    for thing in things {
        let text = label(thing);
        assert_eq!(check(text), [], "{thing:?}");
        assert!(!text.trim().is_empty() && text.trim() == text, "{thing:?}");
        assert!(seen.insert(text), "{thing:?} shares « {text} »");
    }
}

fn assert_sentences<T: std::fmt::Debug + Copy>(things: impl Iterator<Item = T>, sentence: impl Fn(T) -> &'static str) {
    for thing in things {
        let text = sentence(thing);
        assert_eq!(check(text), [], "{thing:?}");
        assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{thing:?}: {text}");
    }
}

#[test]
fn names_are_distinct_and_well_set() {
    assert_labels(State::iter(), state);
    assert_labels(Step::all(), step);
    assert_labels(Step::all(), step_done);
    assert_labels(OrderState::iter(), order_state);
    assert_labels(OrderTransition::iter(), order_transition);
    assert_labels(OrderTransition::iter(), order_transition_done);
    assert_labels(ClockKind::iter(), clock);
    assert_labels(StaffRole::iter(), staff_role);
    assert_labels(Side::iter(), side);
    assert_labels(Side::iter(), the_side);
    assert_labels(RecipientRole::iter(), recipient);
    assert_labels(RecipientRole::iter(), the_recipient);
    assert_labels(OutsideRole::iter(), outside_role);
    assert_labels(OutsideRole::iter(), the_outside_role);
    assert_labels(CompanyFunction::iter(), company_function);
    assert_labels(domain::proposal::Sender::iter(), sender);
    assert_labels(Policy::iter(), policy);
    assert_labels(OptionCode::iter(), option);
}

#[test]
fn helps_are_sentences() {
    assert_sentences(State::iter(), state_help);
    assert_sentences(Step::all(), step_help);
    assert_sentences(OrderState::iter(), order_state_help);
    assert_sentences(OrderTransition::iter(), order_transition_help);
}

#[test]
fn states_are_called_as_the_field_calls_them() {
    let labels: Vec<_> = State::iter().map(|id| format!("{id}: {}", state(id))).collect();
    insta::assert_snapshot!(labels.join("\n"));
}

#[test]
fn every_choice_of_every_form_has_its_label() {
    let path = Step::all().flat_map(Command::fields);
    let orders = OrderTransition::iter().flat_map(OrderCommand::fields);
    let mut choice_fields = 0;
    for field in path.chain(orders) {
        if let FieldKind::Choice(ids) = field.kind {
            choice_fields += 1;
            let mut seen = BTreeSet::new();
            for id in ids {
                let label = choice(ids, id).unwrap_or_else(|| panic!("{}: {id} has no label", field.name));
                assert_eq!(check(label), [], "{id}");
                assert!(label.starts_with(char::is_uppercase), "{id}");
                assert!(seen.insert(label), "{id} shares « {label} »");
            }
            assert_eq!(choices(ids).len(), ids.len());
        }
    }
    assert!(choice_fields > 10);
    assert_eq!(choice(&["a", "b"], "a"), None);
}

#[test]
fn options_carry_their_codes() {
    for code in OptionCode::iter() {
        assert!(option_with_code(code).starts_with(<&str>::from(code)), "{code}");
        assert_eq!(check(option_with_code(code)), []);
    }
    assert_eq!(option(OptionCode::M2), "professionnalisation du tuteur");
    for alert in [PlaceAlert::Percent(80), PlaceAlert::Reached, PlaceAlert::Exceeded] {
        assert_eq!(check(&place_alert(alert)), []);
    }
}

#[test]
fn levels_of_training_are_those_of_2019() {
    let levels: Vec<_> =
        (1..=8).map(|number| level(domain::identifiers::TrainingLevel::new(number).unwrap())).collect();
    assert_eq!(levels[3], "Niveau 4 (baccalauréat)");
    assert_eq!(levels.iter().collect::<BTreeSet<_>>().len(), 8);
}

#[test]
fn what_is_waited_says_by_whom_and_until_when() {
    let day = |text: &str| text.parse::<domain::Day>().unwrap();
    let running = domain::clocks::Clock {
        kind: ClockKind::ImplementationOrder,
        holder: Side::Region,
        started_on: day("2026-11-24"),
        due_on: day("2026-12-04"),
    };
    assert_eq!(
        waiting(&running, day("2026-11-26")),
        "Région\u{a0}: commander la mise en œuvre, au plus tard le 4\u{a0}décembre\u{a0}2026"
    );
    assert_eq!(
        waiting(&running, day("2026-12-06")),
        "Région\u{a0}: commander la mise en œuvre, en retard de 2\u{a0}jours"
    );
}
