//! The page of the steering committee: its tables, what is imported, what is missing.

use std::fmt::Display;

use crate::numbers;

pub const TITLE: &str = "Comité de pilotage";

/// Beside the table of the entries of an earlier day.
pub fn of_earlier_day(asked: impl Display, day: impl Display) -> String {
    format!("Aucun fichier au {asked}\u{a0}: ce tableau est celui du {day}, le dernier importé avant.")
}

pub const PATHS_ALONE: &str =
    "Aucun fichier des autres dispositifs jusqu’à cette date\u{a0}: ce tableau n’a que la ligne de la FEST.";

/// The file of a table: `entrees.csv, importé le … par …`.
pub fn from_file(file: impl Display, at: impl Display, by: impl Display) -> String {
    format!("Fichier «\u{a0}{file}\u{a0}», importé le {at} par {by}")
}

/// A sheet of evaluation is named with its scheme.
pub fn of_scheme(kind: &str, scheme: impl Display) -> String {
    format!("{kind}, {scheme}")
}

/// The way to the same day a year before.
pub fn with_year_before(day: impl Display) -> String {
    format!("Comparer avec le {day}, un an plus tôt")
}

pub const NOTHING_MISSING: &str = "Aucun tableau ne manque à cette date.";

pub const KIND: &str = "Tableau";
pub const DAY: &str = "Arrêté au";
pub const DAY_HELP: &str =
    "Le jour dont sont les chiffres. Pour la programmation et les filières, son année est celle des en-têtes.";
pub const SCHEME: &str = "Dispositif";
pub const SCHEME_HELP: &str = "Pour une fiche d’évaluation seulement.";
pub const SHEET: &str = "Feuille du classeur";
pub const SHEET_HELP: &str = "Si le classeur en a plusieurs.";
pub const FILE: &str = "Fichier";

pub fn file_help(most: u64) -> String {
    format!("CSV (séparateur «\u{a0};\u{a0}») ou XLSX, {} au plus.", numbers::size(most))
}

pub const CHOOSE_KIND: &str = "Choisissez le tableau.";
pub const CHOOSE_DAY: &str = "Choisissez un jour entre 2000 et 2099.";
pub const CHOOSE_FILE: &str = "Choisissez un fichier.";

pub fn too_large(most: u64) -> String {
    format!("Le fichier est trop grand\u{a0}: {} au plus.", numbers::size(most))
}

/// Above the problems of a file.
pub fn refused(problems: usize) -> String {
    format!(
        "Le fichier n’est pas pris\u{a0}: {}. Rien n’est enregistré.",
        numbers::count(i64::try_from(problems).unwrap_or(i64::MAX), "problème", "problèmes")
    )
}

/// Problems that are not shown.
pub fn more_problems(number: usize) -> String {
    format!("Et {} de plus.", numbers::count(i64::try_from(number).unwrap_or(i64::MAX), "problème", "problèmes"))
}

pub const IMPORTED_TITLE: &str = "Le tableau est importé";
pub const IMPORTED: &str =
    "Les tableaux de cette date en tiennent compte. S’il y en avait un autre du même jour, il reste dans l’historique.";
pub const SAME_TITLE: &str = "Ce fichier est déjà là";
pub const SAME: &str = "C’est celui que cette page lit\u{a0}: rien de nouveau n’est enregistré.";

/// What became of a file that was imported.
pub const READ_HERE: &str = "Lu à cette date";
pub const REPLACED: &str = "Remplacé";
pub const OTHER_DAY: &str = "Autre date";

/// Names of the formats.
pub fn format_named(format: &str) -> &'static str {
    match format {
        "xlsx" => "Classeur Excel",
        "ods" => "Classeur OpenDocument",
        "csv" => "CSV",
        "pdf" => "PDF",
        "slides" => "Diapositives (PDF)",
        _ => "Données",
    }
}

/// What the log says was taken.
pub fn taken(format: impl Display, day: impl Display) -> String {
    format!("comité de pilotage au {day}, {format}")
}

/// The name of a file, without its ending.
pub fn file_name(day: impl Display, masked: bool) -> String {
    let masked = if masked { "-exterieur" } else { "" };
    format!("comite-de-pilotage-{day}{masked}")
}

/// The name of an empty file of a kind.
pub fn template_name(kind: &str) -> String {
    format!("Modèle {kind}.csv")
}

pub const SEALS: &str = "Tableaux arrêtés";
pub const SEAL_TITLE: &str = "Titre";
pub const SEAL_TITLE_HELP: &str = "Le comité où les tableaux sont présentés, par exemple.";
pub const SEAL_DAY_HELP: &str = "Le jour dont sont les chiffres.";
pub const SEALED_TITLE: &str = "Les tableaux sont arrêtés";
pub const SEALED: &str = "Ils ne changeront plus. Ce qui bougera ensuite sera dit ici, avec sa cause.";

pub fn sealed_by(at: impl Display, by: impl Display) -> String {
    format!("Arrêté le {at} par {by}")
}

/// The file of a table took the place of another.
pub fn replaced_by(now: impl Display, before: impl Display) -> String {
    format!("{now}, a remplacé «\u{a0}{before}\u{a0}».")
}

pub fn added_since(now: impl Display) -> String {
    format!("Ce tableau n’y était pas. {now}.")
}

pub fn given_since(now: impl Display) -> String {
    format!("Les autres dispositifs n’y étaient pas. {now}.")
}

/// `Les 34 entrées de la FEST, parcours par parcours`
pub fn listed_entries(entries: i64) -> String {
    match entries {
        1 => "L’entrée de la FEST, avec son parcours".to_owned(),
        _ => format!("Les {} entrées de la FEST, parcours par parcours", crate::numbers::integer(entries)),
    }
}

/// A sheet that the paths give.
pub const OF_PATHS: &str = "Cette fiche vient des parcours.";

pub fn taken_over(now: impl Display) -> String {
    format!("Cette fiche venait des parcours. {now}.")
}

/// The day of a photograph, and the one it is compared with.
pub const DAY_TO_COME: &str = "Choisissez un jour passé, ou aujourd’hui.";
pub const NOT_BEFORE: &str = "Choisissez un jour d’avant celui des chiffres.";
/// What was masked by former rules.
pub const OUTSIDE_WITHHELD: &str = "Cet arrêté a été masqué selon des règles d’avant, qui laissaient lire de petits nombres\u{a0}: il ne se donne plus à des lecteurs extérieurs. Arrêtez de nouveau les tableaux de cette date.";
pub const ADDED_OF_PATHS: &str = "Cette fiche, qui vient des parcours, n’y était pas.";
pub const GONE_OF_PATHS: &str = "Cette fiche, qui vient des parcours, ne compte plus personne.";

pub fn unread_since(file: impl Display) -> String {
    format!("Le fichier «\u{a0}{file}\u{a0}» ne se lit plus\u{a0}: le tableau n’existe plus que dans l’arrêté.")
}

pub fn not_of_day(file: impl Display) -> String {
    format!("Le fichier «\u{a0}{file}\u{a0}» n’est plus celui de cette date\u{a0}: il est d’une autre année.")
}

pub const BY_FILE: &str = "Autre fichier";

/// A cause that did a part of what moved, `Autre fichier (12 → 15)`.
pub fn part_of(cause: impl Display, from: impl Display, to: impl Display) -> String {
    format!("{cause} ({from} → {to})")
}

/// `Parcours (10 → 12)`
pub const BY_PATHS: &str = "Parcours";
pub const ERASED_PATH: &str = "Parcours anonymisé";

/// How an entry counts since.
pub const COUNTED: &str = "Compte désormais";
pub const WITHDRAWN: &str = "Ne compte plus";
pub const CORRECTED: &str = "Compte autrement";
pub const ENDED: &str = "A pris fin autrement";

/// `Compte désormais, au 30/06/2025`
pub fn counted_at(change: &str, day: impl Display) -> String {
    format!("{change}, au {day}")
}

pub const SEAL_COMPARED: &str = "Comparés au";
pub const SEAL_COMPARED_HELP: &str =
    "Facultatif\u{a0}: les entrées de ce jour sont arrêtées à côté, avec leurs écarts.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typography::check;

    #[test]
    fn texts_are_well_typeset() {
        for text in [
            of_earlier_day("30/06/2023", "31/12/2022"),
            PATHS_ALONE.to_owned(),
            with_year_before("30/06/2022"),
            from_file("entrées.csv", "3 mars 2026, 10 h 42", "Anne Roux"),
            file_help(2 << 20),
            too_large(2 << 20),
            refused(2),
            more_problems(1),
            IMPORTED.to_owned(),
            SAME.to_owned(),
            DAY_HELP.to_owned(),
            SEALED.to_owned(),
            sealed_by("3 mars 2026", "Anne Roux"),
            replaced_by(from_file("b.csv", "3 mars", "Anne"), "a.csv"),
            added_since(from_file("b.csv", "3 mars", "Anne")),
            given_since(from_file("b.csv", "3 mars", "Anne")),
        ] {
            assert_eq!(check(&text), [], "{text}");
        }
    }
}
