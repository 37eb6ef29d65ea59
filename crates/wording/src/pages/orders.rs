//! Purchase orders: the list, a new one, the money they engage.

use std::fmt::Display;

use domain::order::OrderTransition;

use crate::labels;

pub fn awaited_from(side: impl Display, what: impl Display) -> String {
    format!("{side}\u{a0}: {what}")
}

pub const TAB_ORDERS: &str = "Bons de commande";
pub const TAB_VERIFICATION: &str = "Service fait";

pub const ASK_APPROVAL: &str = "demander le visa";
pub const DECIDE_APPROVAL: &str = "donner ou refuser le visa";
pub const NOTIFY: &str = "notifier le bon de commande";
pub const CARRY_OUT: &str = "exécuter la commande";

pub fn engaged_of(name: impl Display, engaged: impl Display, limit: impl Display) -> String {
    format!("{name}\u{a0}: {engaged} engagés sur {limit}")
}

pub fn budget(year: impl Display) -> String {
    format!("Budget {year}, tous lots")
}

/// What other orders would engage, once they have their visa.
pub fn waits_for_approval(amount: impl Display) -> String {
    format!("{amount} de plus attendent un visa")
}

pub fn maximum_of_lot(lot: impl Display) -> String {
    format!("Maximum du lot {lot}")
}

pub fn left_to_engage(name: impl Display, of_lot: impl Display, of_year: impl Display, year: impl Display) -> String {
    format!("{name} — il reste {of_lot} à engager sur le maximum du lot, {of_year} sur le budget {year}")
}

pub fn draft_for(sum: impl Display) -> String {
    format!("Préparer le brouillon de {sum}")
}

pub fn not_done(transition: impl Display) -> String {
    format!("{transition}\u{a0}: ce n’est pas fait")
}

/// A step on a payment request as its link names it.
pub fn payment_step(transition: OrderTransition, late: bool) -> &'static str {
    match transition {
        OrderTransition::InterruptPayment if late => "Reporter une interruption faite avant l’échéance",
        transition => labels::order_transition(transition),
    }
}

pub const UNITS_NEEDED: &str = "Unités commandées\u{a0}: indiquez un nombre pour une option au moins.";
pub const UNITS_WHOLE: &str = "Unités commandées\u{a0}: indiquez des nombres entiers, par exemple 12.";
