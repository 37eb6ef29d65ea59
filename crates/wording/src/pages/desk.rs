//! What is waited from me.

use std::fmt::Display;

use crate::numbers::plural;

pub const TASK_DONE: &str = "La tâche est classée.";

pub const ORDERS_TO_APPROVE: &str = "Commandes à viser";
pub const ORDERS_TO_ADVANCE: &str = "Commandes à faire avancer";

pub fn to_approve(number: impl Into<i64>) -> String {
    plural(number, "commande à viser", "commandes à viser")
}

pub fn to_pay(number: impl Into<i64>) -> String {
    plural(number, "paiement à faire", "paiements à faire")
}

pub const PAYMENTS_TO_MAKE: &str = "Paiements à faire";
pub const PAYMENTS_INTERRUPTED: &str = "Délais de paiement interrompus";

pub fn interrupted_on(day: impl Display) -> String {
    format!("interrompu le {day}")
}

pub const NOTHING_FOR_FINANCE: &str = "Rien n’est attendu du service financier";
pub const NOTHING_FOR_FINANCE_MEANS: &str =
    "Une commande apparaît ici dès que la Région demande son visa, et un paiement dès que sa demande est enregistrée.";

pub const MY_PATHS: &str = "Mes parcours";
pub const MY_BODY: &str = "Tout mon organisme";
pub const MY_LOTS: &str = "Mes lots";
pub const ALL_LOTS: &str = "Tous les lots";

pub const NOTHING_FOR_YOU: &str = "Rien n’est attendu de vous";
pub const NOTHING_FOR_YOU_MEANS: &str = "Un parcours apparaît ici quand c’est à vous d’agir, avec son échéance et le \
     bouton qui le fait avancer. Pour voir ceux de vos collègues, choisissez «\u{a0}Tout mon organisme\u{a0}».";
pub const NOTHING_FOR_BODY: &str = "Rien n’est attendu de votre organisme";
pub const NOTHING_FOR_BODY_MEANS: &str =
    "Un parcours apparaît ici quand c’est à l’organisme d’agir, avec son échéance et le bouton qui le fait avancer.";
pub const NOTHING_FOR_REGION: &str = "Rien n’est attendu de la Région";
pub const NOTHING_FOR_REGION_MEANS: &str = "Un parcours apparaît ici quand la Région doit commander ou décider, avec \
     son échéance et le bouton qui le fait avancer.";

pub const FIGURE_LATE: &str = "en retard";
pub const FIGURE_SOON: &str = "sous trois jours";
pub const FIGURE_ALL: &str = "à faire en tout";
pub const FIGURE_OTHERS: &str = "attendus d’autres";
pub const FIGURE_CHASE: &str = "en retard chez d’autres";

pub fn never_arrived(number: impl Into<i64>) -> String {
    plural(number, "message jamais arrivé", "messages jamais arrivés")
}

pub fn see(what: impl Display) -> String {
    format!("Voir les {what}")
}

/// The whole of a list that stops short.
pub fn see_all(what: impl Display) -> String {
    format!("Tout voir\u{a0}: {what}")
}

pub fn you_stand_in(name: impl Display, until: impl Display) -> String {
    format!("Vous remplacez {name} {until}.")
}

pub fn stands_in_for_you(name: impl Display, until: impl Display) -> String {
    format!("{name} vous remplace {until}\u{a0}: vos messages lui parviennent aussi.")
}

pub fn on_behalf_of(name: impl Display) -> String {
    format!("Pour {name}")
}

pub const LATE: &str = "En retard";
pub const WITHIN_THREE_DAYS: &str = "À faire sous trois jours";
pub const THEN: &str = "Ensuite";

pub const SEE_MESSAGE: &str = "Voir le message";
pub const OPEN_PATH: &str = "Ouvrir le parcours";

pub fn lot_and_budget(lot: impl Display, year: impl Display) -> String {
    format!("Lot {lot}, budget {year}")
}

pub fn lot_and_request(lot: impl Display, number: impl Display) -> String {
    format!("Lot {lot}, demande {number}")
}

pub const PLACE_PATHS: &str = "Parcours";
pub const PLACE_PATHS_MEANS: &str = "Où en est chacun, qui doit agir et jusqu’à quand.";
pub const PLACE_ORDERS: &str = "Commandes";
pub const PLACE_ORDERS_MEANS: &str = "Bons de commande, unités et montants engagés.";
pub const PLACE_LOTS: &str = "Lots";
pub const PLACE_LOTS_MEANS: &str = "Places et budget, lot par lot.";
pub const PLACE_MESSAGES: &str = "Messages";
pub const PLACE_MESSAGES_MEANS: &str = "Ce qui est parti, à qui, et ce qui a été refusé.";
pub const PLACE_ADMINISTRATION: &str = "Administration";
pub const PLACE_ADMINISTRATION_MEANS: &str = "Comptes, portefeuilles, marché en vigueur.";
