//! Lots, their places and their quotas.

use std::fmt::Display;

use domain::places::Policy;

use crate::numbers;

pub fn one(lot: impl Display) -> String {
    format!("Lot {lot}")
}

/// Lots by their codes; nothing for none.
pub fn listed(codes: &[String]) -> String {
    match codes {
        [] => String::new(),
        [one] => self::one(one),
        several => format!("Lots {}", numbers::list(several)),
    }
}

pub fn named(code: impl Display, name: impl Display) -> String {
    format!("Lot {code}, {name}")
}

pub fn titled(code: impl Display, name: impl Display) -> String {
    format!("Lot {code} — {name}")
}

pub fn engaged(engaged: impl Display, maximum: impl Display) -> String {
    format!("{engaged} engagés sur {maximum}")
}

pub const WITHOUT_LIMIT: &str = "sans limite";

pub fn places_of_year(
    year: impl Display,
    entries: impl Display,
    reserved: impl Display,
    planned: impl Display,
) -> String {
    format!("{year}\u{a0}: {entries} et {reserved}, sur {planned} prévues")
}

pub fn taken_without_limit(taken: impl Display) -> String {
    format!("{taken}, sans limite")
}

pub fn exceeded_by(places: impl Display) -> String {
    format!("dépassé de {places}")
}

pub const RESERVED_ONE: &str = "réservée";
pub const RESERVED_MANY: &str = "réservées";
pub const ENTRY_ONE: &str = "entrée";
pub const ENTRY_MANY: &str = "entrées";

pub const TOTAL: &str = "Total";

pub const NO_LIMIT: &str = "Sans limite";

pub fn percent(percent: impl Display) -> String {
    format!("{percent}\u{a0}%")
}

pub const RAISED_TITLE: &str = "Le nombre de parcours prévus est relevé";

pub fn raised(places: impl Display, year: impl Display, reference: impl Display) -> String {
    format!("Il est de {places} par an à partir de {year}, selon «\u{a0}{reference}\u{a0}».")
}

pub fn alert(year: impl Display, alert: impl Display) -> String {
    format!("{year}\u{a0}: {alert}")
}

pub const PLANNED_AFTER: &str = "Nombre de parcours prévus par an, après l’avenant";
pub const PLANNED_AFTER_HELP: &str = "Plus grand que le nombre d’aujourd’hui.";
pub const AMENDMENT: &str = "Référence de l’avenant";
pub const AMENDMENT_HELP: &str = "Son numéro et sa date, par exemple «\u{a0}Avenant n° 2 du 12 novembre 2026\u{a0}».";

pub fn raise_to(places: impl Display) -> String {
    format!("Porter le lot à {places} parcours par an")
}

pub const NOTHING_TO_RAISE: &str = "C’est le nombre d’aujourd’hui. Il n’y a rien à relever.";

pub fn give_more_than(places: impl Display) -> String {
    format!("Indiquez un nombre entier plus grand que {places}.")
}

pub fn limited_by_contract(paths: impl Display) -> String {
    format!("Le contrat limite le lot à {paths} par an. Indiquez ce nombre ou moins.")
}

pub fn next_market(day: impl Display) -> String {
    format!(
        "Une version du marché entre en vigueur le {day}\u{a0}: elle remplacerait ce nombre. Demandez à \
         l’administration de Jalon de porter l’avenant dans cette version."
    )
}

pub const NUMBER_OF_PATHS: &str = "Nombre de parcours";

/// What a policy means, in one sentence.
pub fn policy_help(policy: Policy) -> &'static str {
    match policy {
        Policy::Block => {
            "Quand plus aucune place n’est disponible, aucun candidat ne peut être retenu avant qu’une place se libère ou que le nombre soit relevé."
        }
        Policy::Waitlist => {
            "Quand plus aucune place n’est disponible, les candidats attendent dans l’ordre\u{a0}; une place libérée se propose à la première personne de la liste."
        }
        Policy::Warn => {
            "Quand plus aucune place n’est disponible, les candidats sont retenus quand même\u{a0}; le dépassement est compté et signalé."
        }
    }
}

pub fn of_budget(lot: impl Display, year: impl Display) -> String {
    format!("Lot {lot} sur le budget {year}")
}

pub fn charged([engaged, served, invoiced, paid]: [String; 4]) -> String {
    format!("{engaged} engagés, {served} servis, {invoiced} facturés, {paid} payés")
}

pub fn invoiced_and_paid(invoiced: impl Display, paid: impl Display) -> String {
    format!("{invoiced} facturés et {paid} payés")
}

pub fn out_of(paths: impl Display) -> String {
    format!(", sur {paths}")
}
