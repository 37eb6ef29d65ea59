//! The sentence of each event of a purchase order.

use domain::order::{OrderEvent, OrderedUnits};
use domain::path::Author;
use domain::people::Side;

use super::subject;
use crate::typography::typeset;
use crate::{dates, labels, numbers};

/// An event of a purchase order, with the author's side.
pub fn order(event: &OrderEvent, author: &Author) -> String {
    typeset(&sentence(event, subject(author), author.side()))
}

fn units(lines: &[OrderedUnits]) -> String {
    let units: u32 = lines.iter().map(|line| line.units).sum();
    numbers::count(units, "unité", "unités")
}

fn sentence(event: &OrderEvent, who: &str, side: Option<Side>) -> String {
    match event {
        OrderEvent::OrderDrafted { reference, lines, amends, .. } => {
            let kind = if amends.is_some() { "le bon de commande modificatif" } else { "le bon de commande" };
            let price = lines.iter().map(OrderedUnits::price).sum();
            format!("{who} a préparé {kind} {reference} : {}, {} hors taxes.", units(lines), numbers::euros(price))
        }
        OrderEvent::OrderCorrected { lines, removals } => {
            let price = lines.iter().map(OrderedUnits::price).sum();
            let added = match lines.as_slice() {
                [] => "aucune unité commandée".to_owned(),
                lines => format!("{}, {} hors taxes", units(lines), numbers::euros(price)),
            };
            let taken = if removals.is_empty() { String::new() } else { format!(" ; {} à retirer", units(removals)) };
            format!("{who} a corrigé le bon de commande : {added}{taken}.")
        }
        OrderEvent::EndorsementRequested => format!("{who} a demandé le visa du service financier."),
        OrderEvent::OrderEndorsed { commitment_number, engaged, .. } => format!(
            "{who} a visé le bon de commande : {} hors taxes sont engagés sous le numéro {commitment_number}.",
            numbers::euros(*engaged)
        ),
        OrderEvent::EndorsementRefused { .. } => {
            format!("{who} a refusé son visa : le bon de commande revient à l’état de brouillon.")
        }
        OrderEvent::OrderNotified { channel, certain_on, .. } => format!(
            "{who} a notifié le bon de commande ({}), avec le {} pour date certaine.",
            crate::refusals::lower(labels::order_channel(*channel)),
            dates::medium(*certain_on)
        ),
        OrderEvent::OrderConsulted { certain_on, .. } if side == Some(Side::Body) => format!(
            "{who} a consulté le bon de commande pour la première fois : la date certaine est le {}.",
            dates::medium(*certain_on)
        ),
        OrderEvent::OrderConsulted { on, certain_on, .. } => format!(
            "{who} a enregistré que l’organisme de formation a consulté le bon de commande le {} : la date certaine est le {}.",
            dates::medium(*on),
            dates::medium(*certain_on)
        ),
        OrderEvent::PaymentRequested { number, amount, due_on, .. } => format!(
            "{who} a enregistré la demande de paiement {number} : {} hors taxes, à payer {}.",
            numbers::euros(*amount),
            dates::until(*due_on)
        ),
        OrderEvent::PaymentInterrupted { number, .. } => {
            format!("{who} a interrompu le délai de paiement de la demande {number}.")
        }
        OrderEvent::PaymentResumed { number, due_on, .. } => format!(
            "{who} a repris le délai de paiement de la demande {number} : elle est à payer {}.",
            dates::until(*due_on)
        ),
        OrderEvent::PaymentReturned { number, .. } => format!("{who} a rejeté la demande de paiement {number}."),
        OrderEvent::PaymentMade { number, on } => {
            format!("{who} a enregistré le paiement de la demande {number}, fait le {}.", dates::medium(*on))
        }
        OrderEvent::ReservationsMade { .. } => format!("{who} a présenté des observations sur le bon de commande."),
        OrderEvent::AmendmentOpened { reference, .. } => {
            format!("{who} a préparé le bon de commande modificatif {reference}.")
        }
        OrderEvent::AmendmentGivenUp { .. } => format!("{who} a abandonné le bon de commande modificatif."),
        OrderEvent::AmendmentApplied { removals, .. } if removals.is_empty() => {
            "Le bon de commande modificatif est notifié.".to_owned()
        }
        OrderEvent::AmendmentApplied { removals, .. } => {
            format!("Le bon de commande modificatif est notifié ; il retire {}.", units(removals))
        }
        OrderEvent::OrderSettled { freed_units, freed } => format!(
            "{who} a soldé le bon de commande : {} et {} hors taxes sont libérés.",
            units(freed_units),
            numbers::euros(*freed)
        ),
        OrderEvent::OrderCancelled { freed, .. } if freed.get() == 0 => format!("{who} a annulé le bon de commande."),
        OrderEvent::OrderCancelled { freed, .. } => {
            format!("{who} a annulé le bon de commande : {} hors taxes sont libérés.", numbers::euros(*freed))
        }
    }
}
