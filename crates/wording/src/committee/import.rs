//! What is wrong with a table that is imported: where, what, and what to do.

use crate::numbers::{self, integer};

pub const YEAR: &str = "Année";

/// `Ligne 12, colonne « Dont BOE » : …`.
pub fn problem(line: Option<u32>, column: Option<&str>, reason: &str) -> String {
    let column = column.map(|column| format!("colonne {}", quoted(column)));
    let place = match (line, column) {
        (Some(line), Some(column)) => format!("Ligne {line}, {column}"),
        (Some(line), None) => format!("Ligne {line}"),
        (None, Some(column)) => crate::capital(&column),
        (None, None) => return crate::capital(reason),
    };
    format!("{place}\u{a0}: {reason}")
}

pub const EMPTY: &str = "le fichier est vide. Donnez une ligne d’en-têtes et au moins une ligne de valeurs.";
pub const UNREADABLE: &str =
    "le fichier ne se lit pas. Enregistrez-le de nouveau en CSV (séparateur «\u{a0};\u{a0}») ou en XLSX.";
pub const UTF_16: &str = "le fichier est en UTF-16. Enregistrez-le en CSV UTF-8.";
pub const DOUBLED_HEADING: &str = "cet en-tête est là deux fois. Gardez une seule colonne.";
pub const MISSING_HEADING: &str = "cette colonne manque. Ajoutez-la, même vide.";
pub const NO_HEADING: &str =
    "une valeur se trouve sous une colonne sans en-tête. Nommez la colonne ou effacez la valeur.";
pub const SEPARATOR: &str =
    "les colonnes ne sont pas séparées par «\u{a0};\u{a0}». Enregistrez le fichier avec ce séparateur.";
pub const MISSING_NAME: &str = "le nom de la ligne manque.";
pub const MISSING_BENEFICIARIES: &str =
    "le nombre de bénéficiaires manque. Ajoutez la ligne «\u{a0}Bénéficiaires\u{a0}».";
pub const DOUBLED_TOTAL: &str = "il y a déjà un total. Gardez-en un seul, à la dernière ligne.";
pub const AFTER_TOTAL: &str = "une ligne suit le total. Placez le total à la dernière ligne.";
pub const DOUBLED_PATHS: &str = "une autre ligne vient déjà des parcours. Gardez-en une seule.";
pub const UNDER_PATHS: &str = "Sous la ligne de la FEST, Jalon met les lots\u{a0}: retirez les lignes qui y sont.";
pub const NOTHING_GIVEN: &str = "la ligne n’a aucune valeur. Écrivez «\u{a0}-\u{a0}» si elle est sans objet.";
pub const SHARE_WITHOUT_ENTRIES: &str =
    "une part est donnée sans nombre d’entrées. Donnez les entrées, ou «\u{a0}-\u{a0}» pour la part.";

pub fn too_large(most: u64) -> String {
    format!("le fichier est trop grand. La limite est de {}.", numbers::size(most))
}

pub fn too_many_rows(most: u32) -> String {
    format!("le fichier a trop de lignes. La limite est de {} lignes.", integer(most.into()))
}

pub fn too_many_columns(most: u32) -> String {
    format!("le fichier a trop de colonnes. La limite est de {} colonnes.", integer(most.into()))
}

pub fn text_too_long(most: usize) -> String {
    format!("un texte est trop long. La limite est de {most} caractères.")
}

pub fn several_sheets(names: &[String]) -> String {
    format!("le classeur a plusieurs feuilles ({}). Dites laquelle lire.", names.join(", "))
}

pub fn no_such_sheet(name: &str) -> String {
    format!("le classeur n’a pas de feuille {}.", quoted(name))
}

pub fn unknown_heading(heading: &str) -> String {
    format!("l’en-tête {} n’est pas connu de ce tableau. Corrigez-le ou retirez la colonne.", quoted(heading))
}

pub fn not_a_count(text: &str) -> String {
    format!("{} n’est pas un nombre entier. Écrivez «\u{a0}-\u{a0}» si c’est sans objet.", quoted(text))
}

pub fn negative(text: &str) -> String {
    format!("{} est négatif.", quoted(text))
}

pub fn not_a_share(text: &str) -> String {
    format!("{} n’est ni un nombre de personnes, ni un pourcentage comme 71,94\u{a0}%.", quoted(text))
}

pub fn share_above(text: &str) -> String {
    format!("{} dépasse 100\u{a0}%.", quoted(text))
}

pub fn not_a_rate(text: &str) -> String {
    format!("{} n’est pas un pourcentage comme -32\u{a0}%.", quoted(text))
}

pub fn not_an_amount(text: &str) -> String {
    format!("{} n’est pas un montant comme 1\u{a0}234,56\u{a0}€ ou 15,3\u{a0}M€.", quoted(text))
}

pub fn not_a_level(text: &str) -> String {
    format!("{} n’est pas un niveau. Écrivez 1, 2, 3 ou total.", quoted(text))
}

pub fn not_a_choice(text: &str, choices: &[&str]) -> String {
    let choices: Vec<String> = choices.iter().map(|&choice| choice.to_owned()).collect();
    format!("{} n’est pas attendu ici. Écrivez {} ou laissez vide.", quoted(text), choices.join(", "))
}

pub fn unknown_indicator(text: &str) -> String {
    format!("l’indicateur {} n’est pas connu de la fiche.", quoted(text))
}

pub fn no_parent(level: u8) -> String {
    format!("une ligne de niveau {level} ne suit aucune ligne de niveau {}.", level - 1)
}

pub fn doubled_name(name: &str) -> String {
    format!("{} est déjà le nom d’une ligne du même groupe.", quoted(name))
}

pub fn above_whole(part: i64, whole: i64) -> String {
    format!("{} personnes dépassent l’ensemble de {}.", integer(part), integer(whole))
}

fn quoted(text: &str) -> String {
    format!("«\u{a0}{text}\u{a0}»")
}
