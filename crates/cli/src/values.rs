//! Values of arguments: references, days, instants and names of steps, each with a French sentence when it is none.

use domain::calendar::at_paris_time;
use domain::form::FieldType;
use domain::identifiers::{IdentifierError, OrderReference, PathReference};
use domain::order::OrderTransition;
use domain::path::{Act, Step, Transition};
use domain::{Day, Instant};
use serde_json::Value;
use strum::IntoEnumIterator;

use crate::failure::Failure;
use crate::suggest;

/// The reference of a path.
///
/// # Errors
/// The text is none.
pub fn path_reference(text: &str) -> Result<PathReference, Failure> {
    PathReference::parse(text).map_err(|error| identifier("reference", text, error))
}

/// The reference of a purchase order.
///
/// # Errors
/// The text is none.
pub fn order_reference(text: &str) -> Result<OrderReference, Failure> {
    OrderReference::parse(text).map_err(|error| identifier("reference", text, error))
}

/// The failure of a text that is not the identifier it was meant to be.
pub fn identifier(code: &str, text: &str, error: IdentifierError) -> Failure {
    Failure::usage(code, format!("«\u{a0}{text}\u{a0}»\u{a0}: {}", wording::refusals::identifier(error)))
}

/// A day, `2026-12-14` or `14/12/2026`.
///
/// # Errors
/// The text is none.
pub fn day(option: &str, text: &str) -> Result<Day, Failure> {
    Day::read(&Value::from(text)).map_err(|_| {
        Failure::usage(
            "day",
            format!(
                "«\u{a0}{text}\u{a0}» n’est pas une date pour {option}. Écrivez par exemple 2026-12-14 ou 14/12/2026."
            ),
        )
    })
}

/// An instant: RFC 3339, a civil time of Paris, or a day, taken until its end.
///
/// # Errors
/// The text is none.
pub fn instant(option: &str, text: &str) -> Result<Instant, Failure> {
    let exact = chrono::DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc());
    let civil = || {
        let moment = chrono::NaiveDateTime::read(&Value::from(text)).ok()?;
        Some(at_paris_time(moment.date(), moment.time()))
    };
    let whole = || Day::read(&Value::from(text)).ok().map(domain::calendar::end_of_day);
    exact.or_else(civil).or_else(whole).ok_or_else(|| {
        let expected = "2026-12-14T10:30:00Z, « 2026-12-14 10:30 » (heure de Paris) ou 2026-12-14";
        Failure::usage(
            "instant",
            wording::typography::typeset(&format!(
                "« {text} » n’est pas un instant pour {option}. Écrivez par exemple {expected}."
            )),
        )
    })
}

/// A transition by its name.
///
/// # Errors
/// There is none of this name; the nearest ones are suggested, and an act is told for what it is.
pub fn transition(text: &str) -> Result<Transition, Failure> {
    let name = normal(text);
    if let Ok(transition) = name.parse() {
        return Ok(transition);
    }
    if name.parse::<Act>().is_ok() {
        let message =
            format!("«\u{a0}{name}\u{a0}» est un acte\u{a0}: écrivez «\u{a0}jalon path act RÉFÉRENCE {name}\u{a0}».");
        return Err(Failure::usage("not_a_transition", message));
    }
    Err(unknown(
        "unknown_transition",
        "étape",
        text,
        Transition::iter().map(Into::into),
        "jalon lifecycle --format markdown",
    ))
}

/// An act by its name.
///
/// # Errors
/// There is none of this name; the nearest ones are suggested, and a transition is told for what it is.
pub fn act(text: &str) -> Result<Act, Failure> {
    let name = normal(text);
    if let Ok(act) = name.parse() {
        return Ok(act);
    }
    if name.parse::<Transition>().is_ok() {
        let message = format!(
            "«\u{a0}{name}\u{a0}» change l’état\u{a0}: écrivez «\u{a0}jalon path advance RÉFÉRENCE {name}\u{a0}»."
        );
        return Err(Failure::usage("not_an_act", message));
    }
    Err(unknown("unknown_act", "acte", text, Act::iter().map(Into::into), "jalon fields"))
}

/// A transition or an act by its name.
///
/// # Errors
/// There is none of this name; the nearest ones are suggested.
pub fn step(text: &str) -> Result<Step, Failure> {
    let found = normal(text).parse();
    found.map_err(|_| unknown("unknown_step", "étape", text, Step::all().map(Step::id), "jalon fields"))
}

/// A transition of a purchase order by its name.
///
/// # Errors
/// There is none of this name; the nearest ones are suggested.
pub fn order_transition(text: &str) -> Result<OrderTransition, Failure> {
    let found = normal(text).parse();
    found.map_err(|_| {
        unknown("unknown_transition", "étape", text, OrderTransition::iter().map(Into::into), "jalon fields --orders")
    })
}

/// A value of a closed list, by its identifier.
///
/// # Errors
/// There is none of this name; the nearest ones, or all of them, are suggested.
pub fn choice<T: std::str::FromStr>(option: &str, text: &str, known: &'static [&'static str]) -> Result<T, Failure> {
    normal(text).parse().map_err(|_| {
        let near = suggest::nearest(text, known.iter().copied());
        let way = match near.is_empty() {
            true => format!("Valeurs possibles\u{a0}: {}.", known.join(", ")),
            false => format!("Vouliez-vous écrire {}\u{a0}?", suggest::quoted(&near)),
        };
        Failure::usage("value", format!("«\u{a0}{text}\u{a0}» ne convient pas pour {option}. {way}"))
    })
}

fn normal(text: &str) -> String {
    text.trim().to_lowercase().replace('-', "_")
}

fn unknown(code: &str, what: &str, text: &str, known: impl Iterator<Item = &'static str>, list: &str) -> Failure {
    let known: Vec<&str> = known.collect();
    let near = suggest::nearest(text, known);
    let way = match near.is_empty() {
        true => format!("«\u{a0}{list}\u{a0}» les montre {}.", if what == "acte" { "tous" } else { "toutes" }),
        false => format!("Vouliez-vous écrire {}\u{a0}?", suggest::quoted(&near)),
    };
    let (none, form) = if what == "acte" { ("Aucun", "ne s’appelle") } else { ("Aucune", "ne s’appelle") };
    Failure::usage(code, format!("{none} {what} {form} «\u{a0}{text}\u{a0}». {way}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_forgiving_and_mistakes_find_their_neighbour() {
        assert_eq!(transition("Order-Feasibility").unwrap(), Transition::OrderFeasibility);
        assert_eq!(act("add-note").unwrap(), Act::AddNote);
        let failure = transition("order_feasability").unwrap_err();
        assert!(
            failure.message.contains("« order_feasibility »".replace(' ', "\u{a0}").as_str()),
            "{}",
            failure.message
        );
        assert!(transition("add_note").unwrap_err().message.contains("jalon path act"));
        assert!(act("cancel").unwrap_err().message.contains("jalon path advance"));
    }

    #[test]
    fn instants_are_read_three_ways() {
        let expected = chrono::DateTime::parse_from_rfc3339("2026-12-14T09:30:00Z").unwrap().to_utc();
        assert_eq!(instant("--at", "2026-12-14T10:30:00+01:00").unwrap(), expected);
        assert_eq!(instant("--at", "2026-12-14 10:30").unwrap(), expected);
        assert!(instant("--at", "2026-12-14").unwrap() > expected);
        assert_eq!(instant("--at", "hier").unwrap_err().code, "instant");
    }
}
