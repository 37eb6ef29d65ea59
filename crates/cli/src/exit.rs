//! How the program ends: one number for each family of outcomes, that scripts rely on.
//!
//! To add a code: a variant, its two sentences here, its line in `docs/guides/codes-de-sortie.md` (a test compares them).

use std::process::ExitCode;

use strum::{EnumIter, IntoEnumIterator};

/// The outcome of a command, as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter)]
#[repr(u8)]
pub enum Exit {
    Done = 0,
    Other = 1,
    Usage = 2,
    Refused = 3,
    Conflict = 4,
    NotFound = 5,
    Store = 6,
    Configuration = 7,
    Findings = 8,
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What the number means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "La commande a fait ce qui était demandé.",
            Self::Other => "Erreur imprévue. Le message dit laquelle\u{a0}; rien n’a été écrit à moitié.",
            Self::Usage => "La ligne de commande ne se comprend pas, ou un fichier donné ne se lit pas.",
            Self::Refused => "L’action est refusée par une règle, par un droit ou par un champ du formulaire.",
            Self::Conflict => "Quelqu’un a modifié le parcours ou la commande entre-temps. Relisez, puis recommencez.",
            Self::NotFound => "La référence, le compte ou le lien n’existe pas, ou n’est pas visible de ce compte.",
            Self::Store => "La base de données ne répond pas, ou est occupée. Recommencez plus tard.",
            Self::Configuration => "Un réglage ou le fichier du marché ne convient pas, ou le schéma n’est pas à jour.",
            Self::Findings => "La vérification a trouvé quelque chose à regarder.",
        }
    }

    /// Every code with its meaning, one a line.
    pub fn list() -> String {
        Self::iter().map(|exit| format!("  {}  {}\n", exit.code(), exit.meaning())).collect()
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_lists_every_code_with_its_meaning() {
        let guide = include_str!("../../../docs/guides/codes-de-sortie.md");
        for exit in Exit::iter() {
            let row = format!("| {} | {} |", exit.code(), exit.meaning());
            assert!(guide.contains(&row), "missing in the guide: {row}");
        }
    }
}
