//! The steps of a purchase order, rehearsed and taken.

use std::fmt::Display;

use super::counts;

pub const UNITS_ADDED: &str = "Unités ajoutées";
pub const UNITS_ORDERED: &str = "Unités commandées";
pub const UNITS_ORDERED_HELP: &str =
    "Laissez vide ce qui n’est pas commandé. Les prix sont ceux du bordereau en vigueur.";
pub const UNITS_REMOVED: &str = "Unités retirées";
pub const UNITS_REMOVED_HELP: &str = "Seules des unités libres se retirent.";

pub const NOTHING_ENGAGED_YET: &str = "Rien n’est encore engagé\u{a0}: le visa engagera le montant.";

pub fn engaged(total: impl Display, year: impl Display, lot: impl Display) -> String {
    format!("{total} hors taxes sont engagés sur le budget {year} et sur le maximum du lot {lot}.")
}

pub const BACK_TO_DRAFT: &str = "Le bon de commande redevient un brouillon\u{a0}; rien n’est engagé.";

pub fn units_for_lot(units: impl Display, lot: impl Display) -> String {
    format!("{units} les parcours du lot {lot}.")
}

pub fn certain_day_by(day: impl Display) -> String {
    format!(
        "La date certaine est la première consultation par l’organisme, ou le huitième jour après l’envoi\u{a0}: \
         envoyé aujourd’hui, au plus tard le {day}."
    )
}

pub fn units_leave(money: impl Display) -> String {
    format!("Les unités retirées quittent le bon de commande d’origine, et {money} hors taxes sont libérés.")
}

pub fn amends(reference: impl Display) -> String {
    format!("Ce bon de commande modifie {reference}.")
}

pub fn units_leave_later(money: impl Display) -> String {
    format!("Rien n’est libéré avant sa notification, qui libérera {money} hors taxes des unités retirées.")
}

/// The units of an order, `20 unités de P1, 5 unités de N1`.
pub fn listed(units: impl IntoIterator<Item = (u32, &'static str)>) -> String {
    let one = |(units, option): (u32, &'static str)| format!("{} de {option}", counts::units(units));
    units.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

pub fn ordered(units: impl Display) -> String {
    format!("Il commande {units}.")
}

pub fn removed(units: impl Display) -> String {
    format!("Il retire {units}.")
}
pub const CARRIED_OUT_ANYWAY: &str = "Vous exécutez la commande dans tous les cas.";

pub fn amendment(added: impl Display, removed: impl Display) -> String {
    format!(
        "Un bon de commande modificatif se prépare\u{a0}: {added} en plus, {removed} en moins, hors taxes. Il passe \
         par les mêmes étapes, et l’organisme l’apprend à sa notification."
    )
}

pub const CERTAIN_DAY_FOLLOWS: &str =
    "La date certaine suit la première consultation, si elle précède le huitième jour.";

pub fn left_to_bill(left: impl Display) -> String {
    format!("Il reste {left} hors taxes à facturer\u{a0}: ce qui est admis, moins ce qui est déjà facturé.")
}

pub fn tax_included(amount: impl Display) -> String {
    format!("Avec la taxe des prestations admises, cela fait {amount}.")
}

/// The tax of part of what was admitted, when its units bear several rates.
pub fn tax_between(least: impl Display, most: impl Display, typed: impl Display) -> String {
    format!(
        "Pour ce montant hors taxes, entre {least} et {most} toutes taxes comprises sont attendus, selon les prestations \
         facturées, et non {typed}\u{a0}: vérifiez la demande."
    )
}

pub fn due_again(until: impl Display) -> String {
    format!("Un nouveau délai commence\u{a0}: elle sera à payer {until}.")
}

pub fn tax_expected(amount: impl Display, typed: impl Display) -> String {
    format!(
        "Pour ce montant hors taxes, {amount} toutes taxes comprises sont attendus, et non {typed}\u{a0}: vérifiez la \
         demande."
    )
}

pub fn request(number: impl Display, amount: impl Display, with_tax: impl Display) -> String {
    format!("Demande {number}\u{a0}: {amount} hors taxes, {with_tax} toutes taxes comprises.")
}

/// `until` as [`dates::until`](crate::dates::until) says it.
pub fn overdue(until: impl Display, days: impl Display) -> String {
    format!("Le délai de paiement courait {until}\u{a0}: il est dépassé depuis {days}.")
}

/// `by` as [`dates::by`](crate::dates::by) says it.
pub fn interrupted_in_time(by: impl Display) -> String {
    format!("Un délai dépassé ne s’interrompt plus\u{a0}: seule se reporte une interruption faite {by}.")
}

pub const CHORUS_UNTOUCHED: &str = "Jalon reporte ce que dit Chorus Pro et n’y écrit rien.";

pub fn units_and_money_freed(units: impl Display, money: impl Display) -> String {
    format!("{units} et {money} hors taxes sont libérés\u{a0}; plus aucun parcours ne tire sur ce bon de commande.")
}

pub const NOTHING_WAS_ENGAGED: &str = "Rien n’était engagé.";

pub fn money_freed(money: impl Display) -> String {
    format!("{money} hors taxes sont libérés.")
}

pub const PREPARE_BUTTON: &str = "Préparer le bon de commande";
pub const CORRECT_BUTTON: &str = "Corriger le bon de commande";
pub const ASK_APPROVAL_BUTTON: &str = "Demander le visa du service financier";

pub fn approve_button(total: impl Display) -> String {
    format!("Viser et engager {total}")
}

pub const REFUSE_APPROVAL_BUTTON: &str = "Refuser le visa";

pub fn notify_button(holder: impl Display) -> String {
    format!("Notifier à {holder}")
}

pub const OBSERVE_BUTTON: &str = "Envoyer les observations à la Région";
pub const AMEND_BUTTON: &str = "Préparer le bon de commande modificatif";

pub fn settle_and_free_button(money: impl Display) -> String {
    format!("Solder et libérer {money}")
}

pub const SETTLE_BUTTON: &str = "Solder le bon de commande";
pub const CANCEL_BUTTON: &str = "Annuler le bon de commande";

pub const STATE: &str = "État";

pub fn unchanged(state: impl Display) -> String {
    format!("Inchangé\u{a0}: {state}")
}

pub fn without_tax(amount: impl Display) -> String {
    format!("{amount} hors taxes")
}

pub const ENGAGED: &str = "Engagé";
pub const BILLED: &str = "Facturé";
pub const PAID: &str = "Payé";
pub const CERTAIN_DAY: &str = "Date certaine";
pub const TO_PAY: &str = "À payer";

pub const NOT_DONE: &str = "L’étape n’est pas faite";

pub const NOT_POSSIBLE_NOW: &str = "Cette étape n’est pas possible maintenant";

pub const MOVED_MEANWHILE: &str = "Rien n’est enregistré. Depuis que vous avez ouvert cette page\u{a0}:";
pub const MOVED_READ_AGAIN: &str = "Relisez ce qui va se passer, puis recommencez si c’est toujours votre choix.";
pub const MOVED_TITLE: &str = "Le bon de commande a changé";
