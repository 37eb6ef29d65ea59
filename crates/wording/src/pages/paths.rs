//! The list of paths: filters, columns, views, export.

use std::fmt::Display;

pub const STUDY: &str = "Étude de faisabilité";
pub const PREPARATION: &str = "Préparation";
pub const IMPLEMENTATION: &str = "Mise en œuvre";
pub const ENDED: &str = "Terminé";
pub const JOB: &str = "Métier";
pub const COMPANY: &str = "Entreprise";
pub const PLACE: &str = "Lieu";
pub const LOT: &str = "Lot";
pub const STATE: &str = "État";
pub const AWAITED_FROM: &str = "Attendu de";
pub const DEADLINE: &str = "Échéance";
pub const COORDINATION: &str = "Coordination";
pub const ENTRY: &str = "Entrée";
pub const OUTCOME: &str = "Issue";
pub const OPENED_ON: &str = "Ouvert le";
pub const CHANGED_ON: &str = "Modifié le";

pub fn see(what: impl Display) -> String {
    format!("Voir les {what}")
}

pub const REFERENCE: &str = "Référence";
pub const WHAT_IS_AWAITED: &str = "Ce qui est attendu";
pub const DEPARTMENT: &str = "Département";
pub const COMMUNE: &str = "Commune";
pub const COMMUNE_CODE: &str = "Code Insee";
pub const PATHS: &str = "Parcours";

pub const EXPORTED_ON: &str = "Exporté le";
pub const BY: &str = "Par";
pub const LINES: &str = "Lignes";
pub const CUT: &str = "Coupé";
pub const CUT_MEANS: &str = "La liste continue\u{a0}: affinez les filtres pour l’avoir entière.";
pub const FILTERS: &str = "Filtres";
pub const NO_FILTER: &str = "Aucun";
pub const FILTER: &str = "Filtre";
pub const ITEM: &str = "Élément";
pub const VALUE: &str = "Valeur";

pub const NOBODY: &str = "Personne (sans coordination)";

pub const UNKNOWN_ACCOUNT: &str = "compte inconnu";

pub const SOMEBODY_ELSE: &str = "Quelqu’un d’autre que vous";

pub const LATE: &str = "En retard";
pub const WITHIN_THREE_DAYS: &str = "Sous trois jours";

pub fn quoted(text: impl Display) -> String {
    format!("«\u{a0}{text}\u{a0}»")
}

pub fn awaited_from(side: impl Display) -> String {
    format!("Attendu de\u{a0}: {side}")
}

pub fn coordination_of(name: impl Display) -> String {
    format!("Coordination\u{a0}: {name}")
}

pub fn entry_in(year: impl Display) -> String {
    format!("Entrée en {year}")
}

pub fn waiting_list_of(year: impl Display) -> String {
    format!("Liste d’attente {year}")
}

pub const SEARCH_HELP_WITH_CANDIDATE: &str = "Référence, entreprise, SIRET, métier, ville ou nom du candidat.";
pub const SEARCH_HELP: &str = "Référence, entreprise, SIRET, métier ou ville.";
pub const EVERYBODY: &str = "Tout le monde";
pub const ALL_DEADLINES: &str = "Toutes";
pub const ALL_DEPARTMENTS: &str = "Tous";
pub const YEAR_OF_ENTRY: &str = "Année d’entrée";
pub const ALL_YEARS: &str = "Toutes";
pub const WAITING_LIST: &str = "Liste d’attente";
pub const EITHER: &str = "Peu importe";

pub const TABLE: &str = "Tableau";
pub const DENSE: &str = "Lignes serrées";
pub const BOARD: &str = "Étapes";
pub const EXPORT_XLSX: &str = "Exporter en XLSX";
pub const EXPORT_CSV: &str = "Exporter en CSV";

pub const NOTHING_CHOSEN: &str = "Cochez au moins un parcours, puis «\u{a0}Agir sur la sélection\u{a0}».";

pub const NO_MATCH_TITLE: &str = "Aucun parcours ne correspond";
pub const NO_MATCH: &str = "Retirez un filtre, ou cherchez un seul mot.";

/// What is searched, as the page of an empty search says it.
pub fn searched(people: bool) -> &'static str {
    if people {
        "La recherche porte sur la référence, l’entreprise, le SIRET, le métier, la ville et son code postal, le \
         département et le nom du candidat. Retirez un filtre, ou cherchez un seul mot."
    } else {
        "La recherche porte sur la référence, l’entreprise, le SIRET, le métier, la ville et son code postal, et le \
         département. Retirez un filtre, ou cherchez un seul mot."
    }
}

pub fn no_match_of(text: impl Display) -> String {
    format!("Aucun parcours ne correspond à «\u{a0}{text}\u{a0}»")
}

pub const WITHOUT_FILTERS: &str = "Retirer tous les filtres";
pub const NO_PATH_TITLE: &str = "Aucun parcours pour l’instant";
pub const NO_PATH: &str =
    "Chaque besoin d’entreprise signalé devient un parcours, suivi ici étape par étape avec son échéance.";
pub const RAISE_NEED: &str = "Signaler un besoin";

pub const VIEW_KEPT: &str = "La vue est enregistrée.";
pub const VIEW_OPENS: &str = "Le choix de la vue d’ouverture est enregistré.";
pub const VIEW_DELETED: &str = "La vue est supprimée.";
pub const VIEW_NOT_KEPT: &str = "La vue n’est pas enregistrée";
pub const VIEW_NAME: &str = "Enregistrer la liste affichée sous le nom";
pub const VIEW_NAMELESS: &str = "Donnez un nom à la vue.";
pub const VIEW_OF_TOO_MUCH: &str = "La liste affichée a trop de filtres pour être gardée. Retirez-en.";

pub fn view_name_too_long(most: usize) -> String {
    format!("Ce nom est trop long\u{a0}: {most}\u{a0}caractères au plus. Raccourcissez-le.")
}

pub fn too_many_views(most: usize) -> String {
    format!("Vous avez déjà {most}\u{a0}vues, c’est le plus possible. Supprimez-en une, puis enregistrez celle-ci.")
}

/// In the name of a file, for the words that were searched, which stay out of it.
pub const FILE_OF_SEARCH: &str = "recherche";

/// The name of a CSV file that says the filters of its list.
pub fn file_of(day: impl Display, cut: impl Display, filters: impl Display) -> String {
    format!("{day}-{cut}parcours ({filters}).csv")
}

pub const FINANCE: &str = "Service financier";
pub const BODY: &str = "Organisme";
