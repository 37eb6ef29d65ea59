//! Why a command on a purchase order is refused.

use domain::Day;
use domain::money::Cents;
use domain::order::{OrderRefusal, OrderState, OrderTransition};

use crate::typography::typeset;
use crate::{dates, fields, labels, numbers};

/// The whole refusal as one text.
pub fn order(refusal: &OrderRefusal) -> String {
    typeset(&sentence(refusal))
}

fn sentence(refusal: &OrderRefusal) -> String {
    match refusal {
        OrderRefusal::NotYourRole { transition, sides, reads_only } => {
            super::another_role(labels::order_transition(*transition), sides.iter(), *reads_only)
        }
        OrderRefusal::NotYourOrder => {
            "Ce bon de commande n’existe pas ou ne vous est pas accessible. Vérifiez la référence ou revenez à la liste.".to_owned()
        }
        OrderRefusal::WrongOrderState { transition, state, from } => wrong_state(*transition, *state, from),
        OrderRefusal::Stale { .. } => "Le bon de commande a changé depuis que vous l’avez ouvert. Relisez-le \
             avant de recommencer."
            .to_owned(),
        OrderRefusal::MarketIsPast => {
            "Ce marché est terminé : plus rien ne s’y commande. Choisissez le marché en cours.".to_owned()
        }
        OrderRefusal::OutsideMarket { day, starts_on, ends_on } => format!(
            "Le marché court {}. Le {} n’en fait pas partie : choisissez un jour compris dans cette durée.",
            dates::period(*starts_on, *ends_on),
            dates::medium(*day)
        ),
        OrderRefusal::UnknownLot { lot, known } => {
            format!("Le marché n’a pas de lot {lot}. Choisissez parmi les lots : {}.", joined(known))
        }
        OrderRefusal::YearOutsideMarket { year, first, last } => {
            format!("{year} n’est pas une année du marché. Choisissez une année de {first} à {last}.")
        }
        OrderRefusal::NoUnits { option } => {
            format!("L’option {option} est demandée sans unité. Indiquez un nombre supérieur à zéro, ou retirez la ligne.")
        }
        OrderRefusal::OptionTwice { option } => {
            format!("L’option {option} figure deux fois. Regroupez ses unités sur une ligne.")
        }
        OrderRefusal::OptionDisabled { option, enabled } => {
            format!("L’option {option} ne se commande pas sur ce marché. Options possibles : {}.", joined(enabled))
        }
        OrderRefusal::NotPriced { option, holder } => format!(
            "Le bordereau ne donne pas de prix à l’option {option} pour l’organisme {holder}. Complétez le bordereau des prix du \
             marché."
        ),
        OrderRefusal::LotMaximumExceeded { lot, missing } => format!(
            "Le maximum du lot {lot} serait dépassé de {} hors taxes. Réduisez la commande ou modifiez le marché par avenant.",
            numbers::euros(*missing)
        ),
        OrderRefusal::YearBudgetExceeded { year, missing } => format!(
            "Le budget de {year} serait dépassé de {} hors taxes. Réduisez la commande ou choisissez une autre année.",
            numbers::euros(*missing)
        ),
        OrderRefusal::DayTooEarly { field, day, bound } => out_of_bounds(field, *day, "avant", *bound),
        OrderRefusal::DayTooLate { field, day, bound } => out_of_bounds(field, *day, "après", *bound),
        OrderRefusal::ReservationsTooLate { until } => format!(
            "Les observations étaient à présenter {}. Exécutez la commande et prenez contact avec la Région.",
            dates::until(*until)
        ),
        OrderRefusal::AlreadyConsulted { on } => format!(
            "La première consultation est déjà connue, le {}. Indiquez un jour plus ancien, ou gardez celui-là.",
            dates::medium(*on)
        ),
        OrderRefusal::PaymentNumberTaken { number } => format!(
            "La demande de paiement {number} est déjà enregistrée sur ce bon de commande. Vérifiez le numéro donné par Chorus Pro."
        ),
        OrderRefusal::PaymentUnknown { number, known } if known.is_empty() => format!(
            "Ce bon de commande n’a aucune demande de paiement, pas même la demande {number}. Enregistrez-la d’abord."
        ),
        OrderRefusal::PaymentUnknown { number, known } => format!(
            "Ce bon de commande n’a pas de demande de paiement {number}. Choisissez parmi : {}.",
            joined(known)
        ),
        OrderRefusal::PaymentState { number, state } => format!(
            "La demande de paiement {number} est à l’état « {} » : cette étape ne s’y applique pas. Relisez le bon de commande.",
            labels::payment_state(state)
        ),
        OrderRefusal::InterruptedOnce { number } => format!(
            "Le délai de la demande de paiement {number} a déjà été interrompu : il ne l’est qu’une fois. Payez la demande ou \
             rejetez-la."
        ),
        OrderRefusal::PaymentAmounts { .. } => "Le montant hors taxes est supérieur à zéro, et le montant toutes taxes \
             comprises ne lui est pas inférieur. Corrigez les montants."
            .to_owned(),
        OrderRefusal::TaxMissing { expected } => format!(
            "Des prestations admises sont taxées : indiquez le montant toutes taxes comprises de la demande. Pour ce montant hors \
             taxes, {} sont attendus.",
            numbers::euros(*expected)
        ),
        OrderRefusal::AboveAdmitted { left } if *left <= Cents::ZERO => {
            "Tout ce qui est admis sur ce bon de commande est déjà facturé. Admettez une prestation d’abord, ou rejetez la \
             demande dans Chorus Pro."
                .to_owned()
        }
        OrderRefusal::AboveAdmitted { left } => format!(
            "La demande dépasse ce qui est admis et n’est pas encore facturé : {} hors taxes. Rejetez-la dans Chorus Pro, ou \
             corrigez le montant.",
            numbers::euros(*left)
        ),
        OrderRefusal::NothingToChange => {
            "Rien ne changerait. Indiquez des unités à ajouter ou à retirer, ou ne faites rien.".to_owned()
        }
        OrderRefusal::NothingOrdered => {
            "Le bon de commande ne commanderait rien. Indiquez des unités, ou annulez-le.".to_owned()
        }
        OrderRefusal::NotAnAmendment => {
            "Ce bon de commande n’en modifie pas un autre : il ne retire rien. Corrigez les unités commandées.".to_owned()
        }
        OrderRefusal::OptionNotOrdered { option } => {
            format!("Le bon de commande ne contient pas l’option {option}. Retirez des unités d’une option qu’il contient.")
        }
        OrderRefusal::AddedAndRemoved { option } => {
            format!("L’option {option} est à la fois ajoutée et retirée. Indiquez la différence, d’un seul côté.")
        }
        OrderRefusal::NotEnoughFreeUnits { option, free, asked } => format!(
            "Pour l’option {option}, {} : c’est moins que les {asked} à retirer. Réduisez leur nombre.",
            numbers::count(*free, "unité est libre", "unités sont libres")
        ),
        OrderRefusal::AmendmentPending { .. } => {
            "Un bon de commande modificatif est déjà en cours. Notifiez-le ou annulez-le d’abord.".to_owned()
        }
        OrderRefusal::AmendmentInForce => "Ce bon de commande modificatif a retiré des unités du bon de commande d’origine et ne \
             s’annule plus. Préparez un nouveau modificatif."
            .to_owned(),
        OrderRefusal::AmendedOrderUnknown => {
            "Le bon de commande d’origine est introuvable. Signalez-le à l’administration de Jalon.".to_owned()
        }
        OrderRefusal::UnitsPending { units } => format!(
            "{} une décision. Attendez que ces prestations soient décidées, ou que leurs parcours rendent les unités.",
            numbers::count(*units, "unité tirée attend", "unités tirées attendent")
        ),
        OrderRefusal::UnitsDrawn { units } => format!(
            "{} par des parcours : le bon de commande ne s’annule plus. Soldez-le quand tout sera décidé.",
            numbers::count(*units, "unité est tirée", "unités sont tirées")
        ),
    }
}

fn joined(items: &[impl ToString]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn wrong_state(transition: OrderTransition, state: Option<OrderState>, from: &[OrderState]) -> String {
    let name = labels::order_transition(transition);
    let Some(state) = state else {
        return format!("« {name} » demande un bon de commande existant. Préparez-le d’abord.");
    };
    if from.is_empty() {
        return format!("« {name} » crée un bon de commande. Faites-le depuis la liste des bons de commande.");
    }
    let from: Vec<_> = from.iter().map(|state| format!("« {} »", labels::order_state(*state))).collect();
    format!(
        "« {name} » n’est pas possible : le bon de commande est à l’état « {} ». C’est possible à l’état {}.",
        labels::order_state(state),
        numbers::either(&from)
    )
}

fn out_of_bounds(field: &str, day: Day, how: &str, bound: Day) -> String {
    format!(
        "{} : le {} tombe {how} le {}, limite à respecter. Corrigez la date.",
        fields::label(field),
        dates::medium(day),
        dates::medium(bound)
    )
}
