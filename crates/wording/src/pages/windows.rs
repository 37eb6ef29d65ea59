//! Windows for partners: the Region's list of them, the form that opens one, the page behind its link.

use std::fmt::Display;

/// A photograph that was masked by former rules.
pub const WITHHELD: &str = "La Région ne les donne plus sous cette forme. Demandez-lui un nouveau lien.";
pub const TITLE: &str = "Fenêtres pour les partenaires";
pub const PARTNER: &str = "Pour qui";
pub const PARTNER_HELP: &str = "Le nom de l’organisme, par exemple «\u{a0}Mission locale de l’Orne\u{a0}». Il paraît sur la page que le lien ouvre.";
pub const UNTIL: &str = "Jusqu’au";
pub const UNTIL_HELP: &str = "Le dernier jour où le lien s’ouvre, un an au plus.";

/// Columns of the list.
pub const OPENED_AT: &str = "Ouverte le";
pub const BY: &str = "Par";
pub const STATE: &str = "État";
pub const LINK: &str = "Lien à transmettre";

pub const OPEN: &str = "Ouverte";
pub const CLOSED: &str = "Fermée";
pub const PAST: &str = "Échue";

/// Beside a window that was closed.
pub fn closed_by(at: impl Display, by: impl Display) -> String {
    format!("le {at} par {by}")
}

/// Its link stands in the list no more: the secret of the deployment is another.
pub const LINK_LOST: &str = "Ce lien ne s’ouvre plus\u{a0}: la clé du service a changé. Ouvrez une autre fenêtre.";

/// In the place of a link, for who does not open windows.
pub const LINK_KEPT: &str = "Les agents de la Région qui ouvrent les fenêtres le voient.";

pub const OPENED_TITLE: &str = "La fenêtre est ouverte";

/// Above the link of a window that was just opened.
pub fn opened(partner: impl Display, until: impl Display) -> String {
    format!("Transmettez ce lien à «\u{a0}{partner}\u{a0}»\u{a0}: il se lit sans compte, jusqu’au {until} inclus.")
}

pub const CLOSED_TITLE: &str = "La fenêtre est fermée";
pub const CLOSED_DONE: &str = "Son lien ne montre plus aucun tableau\u{a0}: il dit que la fenêtre est fermée.";

/// What the security log says of a window.
pub fn logged(partner: impl Display, photograph: impl Display, until: impl Display) -> String {
    format!("{partner}, «\u{a0}{photograph}\u{a0}», jusqu’au {until}")
}

/// The page of a link that shows no tables any more.
pub const SHUT_TITLE: &str = "Cette fenêtre est fermée";

pub fn shut_on(day: impl Display) -> String {
    format!("La Région Normandie l’a fermée le {day}. Ce lien ne montre plus de tableaux.")
}

pub fn shut_since(day: impl Display) -> String {
    format!("Ce lien se lisait jusqu’au {day} inclus. Il ne montre plus de tableaux.")
}

pub const SHUT_ASK: &str =
    "Pour lire ces tableaux ou de plus récents, demandez une nouvelle fenêtre à la Région Normandie.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typography::check;

    #[test]
    fn texts_are_well_typeset() {
        for text in [
            PARTNER_HELP.to_owned(),
            UNTIL_HELP.to_owned(),
            closed_by("3 mars 2026", "Anne Roux"),
            LINK_LOST.to_owned(),
            opened("Mission locale", "3 mars 2026"),
            CLOSED_DONE.to_owned(),
            logged("Mission locale", "Comité de juin", "03/03/2026"),
            shut_on("3 mars 2026"),
            shut_since("3 mars 2026"),
            SHUT_ASK.to_owned(),
        ] {
            assert_eq!(check(&text), [], "{text}");
        }
    }
}
