//! The page of a purchase order's lifecycle; that of a path is drawn by the domain with the words of `wording`.
//!
//! The pages of `docs/lifecycles` are what `jalon lifecycle` prints; a test keeps them fresh.

use domain::order::{self, OrderState};
use strum::IntoEnumIterator;
use wording::labels;

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
    for last in OrderState::iter()
        .filter(|state| !order::table().iter().any(|row| row.from == Some(*state) && row.to != *state))
    {
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
    use wording::lifecycle::French;

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
