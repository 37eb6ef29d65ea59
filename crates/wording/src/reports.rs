//! Titles, columns and notes of tables.

use std::fmt::Display;

use crate::numbers::count;

pub fn lines(number: impl Into<i64>) -> String {
    count(number, "ligne", "lignes")
}

pub fn lot_named(lot: impl Display, name: impl Display) -> String {
    format!("Lot {lot}{name}")
}

pub const STATE: &str = "État";
pub const ALL_LOTS: &str = "Tous les lots";
pub const PATHS_BY_STATE: &str = "Parcours par état";

pub fn lot(lot: impl Display) -> String {
    format!("Lot {lot}")
}

pub const MONEY_BY_LOT: &str = "Montants par lot, hors taxes";
pub const MAXIMUM: &str = "Maximum du lot";
pub const ENGAGED: &str = "Engagé";
pub const DRAWN: &str = "Tiré";
pub const SERVED: &str = "Service fait";

pub const SCHEME_ROW: &str = "Formation en situation de travail - AFEST";

pub fn entries_on(day: impl Display) -> String {
    format!("Point sur les entrées en formation au {day}")
}

pub const ENTRIES: &str = "Stagiaires entrés en formation";
pub const LEVEL_4_AND_BELOW: &str = "Niveau 4 et infra";
pub const RSA: &str = "Bénéficiaires du RSA";
pub const BOE: &str = "Dont BOE";
pub const OVER_45: &str = "Dont plus de 45 ans";
pub const UNDER_26: &str = "Dont moins de 26 ans";
pub const ENTRIES_NOTE: &str = "Entrées de l’année civile jusqu’à la date\u{a0}; âges en années révolues au jour de \
     l’entrée\u{a0}; une entrée annulée n’est plus comptée.";

pub fn paths_and_lots(paths: usize, lots: usize) -> String {
    format!("{paths} parcours, {lots} lots.")
}

pub const LOT: &str = "Lot";
pub const SCHEME: &str = "Dispositif";
