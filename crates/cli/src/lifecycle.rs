//! The French of the pages of the lifecycle that the domain draws, and the page of a purchase order.
//!
//! The pages of `docs/lifecycles` are what `jalon lifecycle` prints; a test keeps them fresh.

use domain::lifecycle::{Labels, Word};
use domain::market::Prestation;
use domain::order::{self, OrderState};
use domain::path::{State, Step};
use domain::people::{RecipientRole, Side};
use domain::told::Told;
use strum::IntoEnumIterator;
use wording::labels;

/// Labels as people read them.
#[derive(Debug, Clone, Copy)]
pub struct French;

impl Labels for French {
    fn state(&self, state: State) -> String {
        labels::state(state).to_owned()
    }

    fn step(&self, step: Step) -> String {
        labels::step(step).to_owned()
    }

    fn side(&self, side: Side) -> String {
        labels::side(side).to_owned()
    }

    fn role(&self, role: RecipientRole) -> String {
        labels::recipient(role).to_owned()
    }

    fn phase(&self, phase: Option<Prestation>) -> String {
        phase.map_or("Terminé", labels::prestation).to_owned()
    }

    fn told(&self, told: Told) -> String {
        labels::told(told).to_owned()
    }

    fn word(&self, word: Word) -> String {
        let text = match word {
            Word::Title => "Le cycle de vie d’un parcours",
            Word::Description => {
                "Les états d’un parcours FEST, du besoin signalé à la clôture, et les étapes qui mènent de l’un à l’autre."
            }
            Word::Transitions => "Étapes",
            Word::Acts => "Actes, qui ne changent pas l’état",
            Word::Transition => "Étape",
            Word::Act => "Acte",
            Word::From => "Depuis",
            Word::To => "Vers",
            Word::By => "Par",
            Word::Told => "Courriels, pour chaque rôle\u{a0}:",
            Word::Opening => "Ouverture",
            Word::AnyState => "tous les états",
            Word::AnyOpenState => "tous les états d’un parcours en cours",
            Word::CancelledFrom => "Annulation possible depuis\u{a0}:",
            Word::Generated => {
                "Page écrite par «\u{a0}jalon lifecycle --format markdown\u{a0}»\u{a0}: pour la changer, changez la table du domaine."
            }
            Word::RegionActs => "La Région agit",
            Word::BodyActs => "L’organisme agit",
            Word::Adjourned => "Ajourné",
            Word::Closed => "Clos",
            Word::Ended => "Terminé autrement",
        };
        text.to_owned()
    }
}

/// The lifecycle of a purchase order as a Mermaid diagram.
pub fn order_diagram() -> String {
    let mut text = "stateDiagram-v2\n".to_owned();
    for state in OrderState::iter() {
        text.push_str(&format!("    {state}: {}\n", labels::order_state(state)));
    }
    for row in order::table().iter().filter(|row| row.from != Some(row.to)) {
        let from = row.from.map_or("[*]", Into::into);
        text.push_str(&format!("    {from} --> {}: {}\n", row.to, labels::order_transition(row.transition)));
    }
    for last in OrderState::iter().filter(|state| !order::table().iter().any(|row| row.from == Some(*state))) {
        text.push_str(&format!("    {last} --> [*]\n"));
    }
    text
}

/// The page of a purchase order: the diagram, the states, the transitions.
pub fn order_page() -> String {
    let mut text = format!(
        "# Le cycle de vie d’un bon de commande\n\nPage écrite par «\u{a0}jalon lifecycle --of order\u{a0}»\u{a0}: pour la changer, changez la \
         table du domaine.\n\n```mermaid\n{}```\n\n## États\n\n| État | Ce qu’il veut dire |\n| --- | --- |\n",
        order_diagram()
    );
    for state in OrderState::iter() {
        text.push_str(&format!("| {} `{state}` | {} |\n", labels::order_state(state), labels::order_state_help(state)));
    }
    text.push_str("\n## Étapes\n\n| Étape | Depuis | Vers | Par | Courriels |\n| --- | --- | --- | --- | --- |\n");
    for row in order::table() {
        let by: Vec<&str> = row.sides.iter().map(|side| labels::side(*side)).collect();
        let told: Vec<&str> = row.told.iter().map(|role| labels::recipient(*role)).collect();
        text.push_str(&format!(
            "| {} `{}` | {} | {} | {} | {} |\n",
            labels::order_transition(row.transition),
            row.transition,
            row.from.map_or("Ouverture", labels::order_state),
            labels::order_state(row.to),
            by.join(", "),
            if told.is_empty() { "—".to_owned() } else { told.join(", ") },
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use domain::lifecycle::{Format, render};

    use super::*;

    #[test]
    fn the_pages_of_the_documentation_are_fresh() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/lifecycles");
        for (name, text) in [
            ("parcours.md", render(Format::Markdown, &French)),
            ("parcours.svg", render(Format::Svg, &French)),
            ("bon-de-commande.md", order_page()),
        ] {
            let file = format!("{folder}/{name}");
            // `JALON_BLESS=1 cargo test -p cli lifecycle` writes them again.
            if std::env::var_os("JALON_BLESS").is_some() {
                std::fs::create_dir_all(folder).unwrap();
                std::fs::write(&file, &text).unwrap();
            }
            assert_eq!(std::fs::read_to_string(&file).unwrap_or_default(), text, "docs/lifecycles/{name} is not fresh");
        }
    }

    #[test]
    fn the_page_of_an_order_has_every_state_and_transition() {
        let page = order_page();
        for state in OrderState::iter() {
            assert!(page.contains(&format!("`{state}`")), "{state}");
        }
        for row in order::table() {
            assert!(page.contains(&format!("`{}`", row.transition)), "{}", row.transition);
        }
    }
}
