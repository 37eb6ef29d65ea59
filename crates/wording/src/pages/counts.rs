//! Numbers with the words that agree with them.

use crate::numbers::count;

pub fn other_sessions(number: impl Into<i64>) -> String {
    count(number, "autre session", "autres sessions")
}

pub fn orphans(number: impl Into<i64>) -> String {
    count(number, "parcours sans coordination", "parcours sans coordination")
}

pub fn accounts(number: impl Into<i64>) -> String {
    count(number, "compte", "comptes")
}

pub fn open_paths(number: impl Into<i64>) -> String {
    count(number, "parcours ouvert", "parcours ouverts")
}

pub fn paths(number: impl Into<i64>) -> String {
    count(number, "parcours", "parcours")
}

pub fn entries(number: impl Into<i64>) -> String {
    count(number, "entrée", "entrées")
}

pub fn reserved(number: impl Into<i64>) -> String {
    count(number, "place réservée", "places réservées")
}

pub fn places_taken(number: impl Into<i64>) -> String {
    count(number, "place prise", "places prises")
}

pub fn places(number: impl Into<i64>) -> String {
    count(number, "place", "places")
}

pub fn places_available(number: impl Into<i64>) -> String {
    count(number, "place disponible", "places disponibles")
}

pub fn paths_planned(number: impl Into<i64>) -> String {
    count(number, "parcours prévu", "parcours prévus")
}

pub fn available(number: impl Into<i64>) -> String {
    count(number, "disponible", "disponibles")
}

pub fn attempts(number: impl Into<i64>) -> String {
    count(number, "essai", "essais")
}

pub fn orders(number: impl Into<i64>) -> String {
    count(number, "bon de commande", "bons de commande")
}

pub fn payments(number: impl Into<i64>) -> String {
    count(number, "paiement", "paiements")
}

pub fn tasks(number: impl Into<i64>) -> String {
    count(number, "point à regarder", "points à regarder")
}

pub fn units_now_available(number: impl Into<i64>) -> String {
    count(number, "unité devient disponible pour", "unités deviennent disponibles pour")
}

pub fn units(number: impl Into<i64>) -> String {
    count(number, "unité", "unités")
}

pub fn days(number: impl Into<i64>) -> String {
    count(number, "jour", "jours")
}

pub fn times(number: impl Into<i64>) -> String {
    count(number, "fois", "fois")
}

pub fn awaiting_decision(number: impl Into<i64>) -> String {
    count(number, "prestation attend une décision", "prestations attendent une décision")
}

pub fn unsigned_sequences(number: impl Into<i64>) -> String {
    count(number, "séquence attend la signature du stagiaire", "séquences attendent la signature du stagiaire")
}

pub fn older_facts(number: impl Into<i64>) -> String {
    count(number, "fait plus ancien", "faits plus anciens")
}

pub fn others(number: impl Into<i64>) -> String {
    count(number, "autre", "autres")
}

pub fn messages(number: impl Into<i64>) -> String {
    count(number, "message", "messages")
}

pub fn persons_wanted(number: impl Into<i64>) -> String {
    count(number, "personne souhaitée", "personnes souhaitées")
}

pub fn conditions_settled(number: impl Into<i64>) -> String {
    count(number, "condition remplie ou levée", "conditions remplies ou levées")
}

pub fn points(number: impl Into<i64>) -> String {
    count(number, "point", "points")
}

pub fn seconds(number: impl Into<i64>) -> String {
    count(number, "seconde", "secondes")
}

pub fn phases(number: impl Into<i64>) -> String {
    count(number, "phase", "phases")
}

pub fn assessments(number: impl Into<i64>) -> String {
    count(number, "évaluation", "évaluations")
}

pub fn sequences(number: impl Into<i64>) -> String {
    count(number, "séquence", "séquences")
}

pub fn absences(number: impl Into<i64>) -> String {
    count(number, "absence", "absences")
}

pub fn companies(number: impl Into<i64>) -> String {
    count(number, "entreprise", "entreprises")
}

pub fn messages_missed(number: impl Into<i64>) -> String {
    count(number, "message n’a pas atteint", "messages n’ont pas atteint")
}
