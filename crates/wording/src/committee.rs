//! Tables of the Region's steering committee: titles, columns, headings that an import may have, notes, findings.
//!
//! The words of the columns are those of the deck; headings of an import are known under the deck's own writing and under ours.

pub mod evaluation;
pub mod import;

use std::fmt::Display;

use domain::committee::TableKind;

use crate::numbers::{count, integer};
use crate::reports::{BOE, ENTRIES, LEVEL_4_AND_BELOW, OVER_45, RSA, UNDER_26};

/// A value withheld (secret statistique).
pub const MASKED: &str = "s";
pub const MASKED_NOTE: &str = "s\u{a0}: secret statistique. Les effectifs de moins de 5 personnes sont masqués, avec d’autres qui permettraient \
     de les retrouver par différence.";

/// What a table of the committee is called.
pub const fn kind(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Entries => "Entrées en formation",
        TableKind::Yearly => "Entrées par an",
        TableKind::Programme => "Programmation",
        TableKind::Sectors => "Filières",
        TableKind::Budget => "Trajectoire budgétaire",
        TableKind::Evaluation => "Fiche d’évaluation",
    }
}

/// Where the figures of a report come from.
pub const SOURCE_OF_JALON: &str = "Région Normandie\u{a0}; ligne de la FEST\u{a0}: Jalon";
pub const REPORT_TITLE: &str = "Comité de pilotage";
pub const ISSUER: &str = "Région Normandie";
pub const DIFFERENCES_TITLE: &str = "Écarts entre l’imprimé et le recalculé";
pub const DATE_ALONE: &str =
    "Avec --entries, une date à comparer demande son fichier\u{a0}: ajoutez --before, ou retirez --before-date.";

pub fn refused_file(file: impl Display, problems: usize) -> String {
    format!(
        "Le fichier «\u{a0}{file}\u{a0}» n’est pas pris\u{a0}: {}. Corrigez-le en entier, puis relancez\u{a0}; rien n’a été écrit.",
        crate::numbers::count(i64::try_from(problems).unwrap_or(i64::MAX), "problème", "problèmes")
    )
}

pub fn unknown_output(file: impl Display) -> String {
    format!(
        "Les tableaux ne s’écrivent pas dans «\u{a0}{file}\u{a0}». Nommez un fichier .xlsx, .ods, .pdf, .csv, .json ou .txt."
    )
}

pub const TOTAL: &str = "TOTAL";
pub const GRAND_TOTAL: &str = "Total général";
pub const TOTAL_ENTRIES: &str = "Total entrées en formation";
pub const CAPACITY: &str = "Capacité à engager";

/// Whether a row so named is a total.
pub fn is_total(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    name == "total" || name.starts_with("total ")
}

pub const SCHEME: &str = crate::reports::SCHEME;
pub const LEVEL: &str = "Niveau";
pub const WEIGHT: &str = "Poids";
pub const ORIGIN: &str = "Origine";
pub const UNIT: &str = "Unité";
pub const SECTOR: &str = "Filière";
pub const BUDGET_LINE: &str = "Ligne de financement";
pub const INDICATOR: &str = "Indicateur";
pub const VALUE: &str = "Valeur";
pub const SHARE: &str = "Part";
pub const PEOPLE: &str = "Personnes";

pub const YES_NO: [&str; 2] = ["oui", "non"];
pub const PATHS: &str = "parcours";
pub const UNITS: [&str; 2] = ["parcours", "sessions"];

pub const SCHEME_HEADINGS: &[&str] = &[SCHEME, "Dispositifs", "Dispositif de formation"];
pub const BUDGET_LINE_HEADINGS: &[&str] = &[BUDGET_LINE, "Ligne", "Financement"];
pub const ENTRIES_HEADINGS: &[&str] = &[ENTRIES, "Entrées", "Entrées en formation"];

/// The parts of the entries, in the order of the deck.
pub const PARTS: [&str; 5] = [LEVEL_4_AND_BELOW, RSA, BOE, OVER_45, UNDER_26];
/// The same with the deck's writing of their headings.
pub const PART_HEADINGS: [&[&str]; 5] =
    [&[LEVEL_4_AND_BELOW], &[RSA], &[BOE, "BOE"], &[OVER_45, "Dont >45 ans"], &[UNDER_26, "Dont <26 ans"]];

/// The same where a column is repeated for two days.
pub const PARTS_SHORT: [&str; 5] = ["Niveau 4 et infra", "RSA", "BOE", "Plus de 45 ans", "Moins de 26 ans"];
pub const ENTRIES_SHORT: &str = "Entrées";

/// The columns of the programme of a year.
pub fn programme_columns(year: u16) -> [String; 7] {
    let before = year - 1;
    [
        SCHEME.to_owned(),
        format!("Nombre de parcours moyens commandés {year}"),
        format!("Volume heures {year}"),
        format!("Montant total {year}"),
        format!("Nombre de parcours moyens commandés {before}"),
        format!("Montant total {before}"),
        format!("Comparatif places commandées {before} / {year}"),
    ]
}

/// The headings of its import: level, the columns of the table, unit.
pub fn programme_headings(year: u16) -> [Vec<String>; 9] {
    let [scheme, paths, hours, amount, paths_before, amount_before, change] =
        programme_columns(year).map(|name| vec![name]);
    let level = vec![LEVEL.to_owned()];
    [level, scheme, paths, hours, amount, paths_before, amount_before, change, vec![UNIT.to_owned()]]
}

/// The columns of the sectors of a year.
pub fn sector_columns(year: u16) -> [String; 7] {
    let before = year - 1;
    [
        SECTOR.to_owned(),
        format!("Nombre de places {year}"),
        format!("Montants {year}"),
        format!("Nb de places programmées {before}"),
        format!("Nombre de stagiaires entrés {before}"),
        format!("Taux de remplissage {before}"),
        format!("Correspondance places programmées {year} / stagiaires entrés {before}"),
    ]
}

/// The headings of their import.
pub fn sector_headings(year: u16) -> [Vec<String>; 7] {
    let mut headings = sector_columns(year).map(|name| vec![name]);
    headings[0].push("Filières".to_owned());
    headings
}

/// A title over years, `… entre 2018 et 2022`.
fn over(title: &str, between: &str, first: Option<u16>, last: Option<u16>) -> String {
    match (first, last) {
        (Some(first), Some(last)) if first != last => format!("{title} {between} {first} et {last}"),
        (Some(only), _) => format!("{title} en {only}"),
        _ => title.to_owned(),
    }
}

pub fn yearly(first: Option<u16>, last: Option<u16>) -> String {
    over("Entrées réalisées sur les dispositifs Région", "entre", first, last)
}

pub fn budget(first: Option<u16>, last: Option<u16>) -> String {
    over("Trajectoire budgétaire du PRIC", "entre", first, last)
}

pub fn programme(year: u16) -> String {
    format!("Programmation {year}\u{a0}: dispositifs préparatoires")
}

pub fn sectors(year: u16) -> String {
    format!("Programmation {year}\u{a0}: offre Qualif’ par filière")
}

pub fn compared_entries(now: impl Display, before: impl Display) -> String {
    format!("Entrées en formation au {now} et au {before}")
}

pub fn compared_shares(now: impl Display, before: impl Display) -> String {
    format!("Profil des entrées au {now} et au {before}")
}

/// A column at a day.
pub fn at(column: &str, day: impl Display) -> String {
    format!("{column} au {day}")
}

/// The parts of FEST beside those of the other schemes.
pub fn equity(day: impl Display) -> String {
    format!("Équité au {day}\u{a0}: la FEST et les autres dispositifs")
}

pub const PUBLIC: &str = "Public";
pub const EQUITY_FEST: &str = "FEST";
pub const EQUITY_PEOPLE: &str = "FEST, personnes";
pub const EQUITY_OTHERS: &str = "Autres dispositifs";
pub const EQUITY_WEIGHT: &str = "Entrées des autres prises en compte";
pub const EQUITY_NOTE: &str = "Autres dispositifs\u{a0}: toutes les lignes du tableau des entrées sauf celle de la FEST, pondérées par leurs entrées\u{a0}; \
     une ligne sans part («\u{a0}-\u{a0}») ne pèse pas, sauf indication contraire de l’import. Écart\u{a0}: FEST moins autres, en points.";

pub const GAP_NUMBER: &str = "Écart";
pub const GAP_PERCENT: &str = "Évolution";

pub fn gap_of(column: &str) -> String {
    format!("{column}, écart")
}

/// The row of what Jalon computes, under a printed one.
pub fn recomputed(row: &str) -> String {
    format!("{row}, recalculé")
}

/// A row with those it stands under.
pub fn under(names: &[String]) -> String {
    names.join(" › ")
}

pub fn between(low: i64, high: i64) -> String {
    format!("{} à {}", integer(low), integer(high))
}

pub const WEIGHTS_NOTE: &str = "La part d’un groupe est pondérée par les entrées de ses lignes\u{a0}; une ligne sans part («\u{a0}-\u{a0}») ne pèse pas, \
     sauf indication contraire de l’import.";
pub const RECOMPUTED_NOTE: &str = "«\u{a0}recalculé\u{a0}»\u{a0}: la valeur imprimée est conservée\u{a0}; la ligne qui suit donne ce que ses propres lignes permettent d’établir.";
pub const CAUTION_NOTE: &str = "*\u{a0}: part de moins de 30 personnes, à lire avec prudence.";
pub const SECTORS_NOTE: &str = "Taux de remplissage\u{a0}: stagiaires entrés sur places programmées, la même année. Correspondance\u{a0}: écart entre les places de \
     l’année et les stagiaires entrés l’année précédente.";
pub const PROGRAMME_NOTE: &str = "Un nombre de sessions ne s’ajoute pas aux parcours\u{a0}; ses heures et son montant s’ajoutent à ceux de son dispositif.";
pub const EVALUATION_NOTE: &str = "Parts des bénéficiaires, telles qu’imprimées\u{a0}; une part imprimée laisse plusieurs nombres de personnes possibles.";
pub const EVALUATION_OF_PATHS_NOTE: &str = "Entrées de l’année d’après les parcours de Jalon, et ce que ces personnes sont devenues jusqu’à la date. Les minima sociaux sont le RSA\u{a0}; l’ancienneté de la demande d’emploi n’est pas relevée.";
pub const COMPARED_NOTE: &str = "Écarts de parts en points de pourcentage, des valeurs affichées.";

// What was printed and does not follow from its parts.

pub const TABLE: &str = "Tableau";
pub const ROW: &str = "Ligne";
pub const COLUMN: &str = "Colonne";
pub const PRINTED: &str = "Imprimé";
pub const COMPUTED: &str = "Calculé";
pub const GAP: &str = "Écart";
pub const FINDING: &str = "Constat";
pub const DECK_DIFFERENCES: &str = "Écarts du support du comité de pilotage 2023";
pub const DIFFERENCES: &str = "Écarts entre l’imprimé et le calculé";
pub const DIFFERENCES_NOTE: &str = "L’imprimé est conservé et affiché. Écart\u{a0}: imprimé moins calculé.";

pub const NOT_THE_SUM: &str = "N’est pas la somme de ses lignes";
pub const NOT_ALLOWED: &str = "Aucun effectif que ses lignes permettent ne s’imprime ainsi";
pub const NOT_THE_RATE: &str = "Ne découle pas des nombres de sa ligne";
pub const DECIMALS_CUT: &str = "Décimales coupées au lieu d’être arrondies";
pub const NO_SUCH_SHARE: &str = "Aucun nombre entier de personnes ne donne cette part";
pub const NOT_THE_PATHS: &str = "N’est pas ce que disent les parcours";

pub fn partial_detail(covered: i64, of: i64) -> String {
    format!("Ses lignes couvrent {} entrées sur {}", integer(covered), integer(of))
}

/// The head of the page of differences; how it is made again, and where the rules are told.
pub fn differences_page(title: &str, number: usize, command: &str, rules: &str) -> String {
    format!(
        "# {title}\n\nPage produite par les tests (`{command}`)\u{a0}: ce qui est imprimé dans le support du comité et ne découle pas des \
         autres nombres du même support. L’imprimé est conservé et affiché partout\u{a0}; rien n’est corrigé en silence. \
         Écart\u{a0}: imprimé moins calculé. Les règles de calcul sont dans la [décision 32]({rules}).\n\n{} en tout.\n",
        count(i64::try_from(number).unwrap_or(i64::MAX), "écart", "écarts")
    )
}

pub fn differences_section(table: &str, number: usize) -> String {
    if number == 0 {
        return format!("\n## {table}\n\nAucun écart\u{a0}: tout ce qui est imprimé est retrouvé.\n");
    }
    format!("\n## {table}\n\n")
}

pub fn differences_head() -> String {
    format!(
        "| {ROW} | {COLUMN} | {PRINTED} | {COMPUTED} | {GAP} | {FINDING} |\n| --- | --- | ---: | ---: | ---: | --- |\n"
    )
}

/// A difference with its sign.
pub fn signed(gap: String) -> String {
    if gap.starts_with(|c: char| c.is_ascii_digit() && c != '0') { format!("+{gap}") } else { gap }
}

// Names of sheets, thirty-one letters at most.

pub fn sheet_at(day: impl Display) -> String {
    format!("Entrées {day}")
}

pub fn sheet_masked(day: impl Display) -> String {
    format!("Entrées {day}, masquées")
}

pub const SHEET_COMPARED: &str = "Entrées comparées";
pub const SHEET_SHARES: &str = "Profil comparé";
pub const SHEET_EQUITY: &str = "Équité";
pub const SHEET_YEARS: &str = "Entrées par an";
pub const SHEET_BUDGET: &str = "Trajectoire";
pub const SHEET_DIFFERENCES: &str = "Écarts";
pub const SHEET_EVALUATION: &str = "Fiche d’évaluation";

pub fn sheet_programme(year: u16) -> String {
    format!("Programmation {year}")
}

pub fn sheet_sectors(year: u16) -> String {
    format!("Filières {year}")
}

// Around the tables.

pub fn as_of(day: impl Display) -> String {
    format!("Arrêté au {day}")
}

pub fn source(source: &str) -> String {
    format!("Source\u{a0}: {source}")
}

pub fn so_many_tables(number: usize) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), "tableau", "tableaux")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typography::check;

    #[test]
    fn texts_are_well_typeset() {
        let texts = [
            MASKED_NOTE.to_owned(),
            WEIGHTS_NOTE.to_owned(),
            RECOMPUTED_NOTE.to_owned(),
            CAUTION_NOTE.to_owned(),
            SECTORS_NOTE.to_owned(),
            PROGRAMME_NOTE.to_owned(),
            EVALUATION_NOTE.to_owned(),
            EVALUATION_OF_PATHS_NOTE.to_owned(),
            COMPARED_NOTE.to_owned(),
            EQUITY_NOTE.to_owned(),
            DATE_ALONE.to_owned(),
            equity("31/12/2022"),
            DIFFERENCES_NOTE.to_owned(),
            NOT_ALLOWED.to_owned(),
            partial_detail(2_142, 6_431),
            programme(2023),
            sectors(2023),
            differences_page("Écarts", 2, "test", "regles.md"),
            differences_section("Filières", 0),
            as_of("31/12/2022"),
            source("Région Normandie"),
            recomputed("SAVOIRS"),
        ];
        for text in texts {
            assert_eq!(check(&text), [], "{text}");
        }
    }

    #[test]
    fn titles_tell_their_years() {
        assert_eq!(yearly(Some(2018), Some(2022)), "Entrées réalisées sur les dispositifs Région entre 2018 et 2022");
        assert_eq!(budget(Some(2023), Some(2023)), "Trajectoire budgétaire du PRIC en 2023");
        assert!(is_total("TOTAL") && is_total("Total général") && !is_total("Totalité"));
    }
}
