//! Fields of the steps of a purchase order.

use domain::order::OrderTransition;

use super::{FieldWords, Fields};

pub(super) fn fields(transition: OrderTransition) -> Fields {
    match transition {
        OrderTransition::DraftOrder => &[
            ("lot", words!("Lot", "Code du lot dont le titulaire reçoit la commande.", "1")),
            ("budget_year", words!("Année du budget", "Année sur laquelle la dépense est engagée.", "2026")),
            (
                "units",
                words!(
                    "Unités commandées",
                    "Une option par ligne, suivie de son nombre d’unités. Les prix sont ceux du bordereau en vigueur.",
                    "P1 250",
                ),
            ),
        ],
        OrderTransition::CorrectOrder => &[
            (
                "units",
                words!(
                    "Unités commandées",
                    "Une option par ligne, suivie de son nombre d’unités\u{a0}; celles qu’ajoute un bon de commande modificatif.",
                    "P1 250",
                ),
            ),
            (
                "remove",
                words!(
                    "Unités retirées",
                    "Pour un bon de commande modificatif seulement. Seules des unités libres se retirent.",
                    "N1 10",
                ),
            ),
        ],
        OrderTransition::RequestEndorsement | OrderTransition::SettleOrder => &[],
        OrderTransition::Endorse => &[
            (
                "commitment_number",
                words!("Numéro d’engagement", "Numéro donné par le logiciel financier de la Région.", "E-2026-00421"),
            ),
            (
                "service_code",
                words!("Code service", "À porter par l’organisme sur ses factures dans Chorus Pro.", "FORMATION"),
            ),
        ],
        OrderTransition::RefuseEndorsement => &[(
            "reason",
            words!(
                "Motif du refus",
                "Ce qu’il faut corriger avant de demander de nouveau le visa.",
                "Le nombre d’études dépasse les besoins de l’année.",
            ),
        )],
        OrderTransition::NotifyOrder => &[
            (
                "channel",
                words!("Moyen de notification", "Par quel moyen le bon de commande parvient à l’organisme.", ""),
            ),
            ("sent_on", words!("Date d’envoi", "Jour de l’envoi, aujourd’hui ou avant.", "18/11/2026")),
            (
                "consulted_on",
                words!(
                    "Date de première consultation",
                    "Si elle est déjà connue. Sans elle, la date certaine est le huitième jour après l’envoi.",
                    "19/11/2026",
                ),
            ),
            ("proof", words!("Preuve conservée", "Référence de l’avis de réception ou du récépissé.", "AR-2026-0007")),
        ],
        OrderTransition::RecordConsultation => &[(
            "consulted_on",
            words!(
                "Date de première consultation",
                "Le jour où l’organisme a pris connaissance du bon de commande, par exemple celui de l’avis de réception.",
                "19/11/2026",
            ),
        )],
        OrderTransition::RecordPaymentRequest => &[
            ("number", words!("Numéro de la demande", "Celui que Chorus Pro lui donne.", "CPP-2026-118")),
            (
                "received_on",
                words!("Date de réception", "Le jour depuis lequel court le délai de paiement.", "19/11/2026"),
            ),
            (
                "amount",
                words!("Montant hors taxes", "Au plus ce qui est admis et n’est pas encore facturé.", "1 200,00",),
            ),
            (
                "including_tax",
                words!(
                    "Montant toutes taxes comprises",
                    "Exigé dès qu’une prestation admise est taxée. Les intérêts de retard se calculent sur ce montant.",
                    "1 440,00",
                ),
            ),
        ],
        OrderTransition::InterruptPayment => &[
            ("number", words!("Numéro de la demande", "Celui que Chorus Pro lui donne.", "CPP-2026-118")),
            (
                "interrupted_on",
                words!("Date de l’interruption", "Le jour où l’organisme en est avisé dans Chorus Pro.", "19/11/2026"),
            ),
            (
                "reason",
                words!(
                    "Motif de l’interruption",
                    "Ce qui empêche de payer, et les pièces à fournir.",
                    "Le certificat de réalisation manque.",
                ),
            ),
        ],
        OrderTransition::ResumePayment => &[
            ("number", words!("Numéro de la demande", "Celui que Chorus Pro lui donne.", "CPP-2026-118")),
            ("resumed_on", words!("Date de reprise", "Le jour où tout ce qui manquait est reçu.", "19/11/2026")),
        ],
        OrderTransition::ReturnPaymentRequest => &[
            ("number", words!("Numéro de la demande", "Celui que Chorus Pro lui donne.", "CPP-2026-118")),
            (
                "reason",
                words!(
                    "Motif du rejet",
                    "Ce que l’organisme doit corriger avant d’en présenter une autre.",
                    "Le numéro d’engagement est erroné.",
                ),
            ),
        ],
        OrderTransition::RecordPayment => &[
            ("number", words!("Numéro de la demande", "Celui que Chorus Pro lui donne.", "CPP-2026-118")),
            ("paid_on", words!("Date du paiement", "Le jour du paiement, lu dans Chorus Pro.", "19/11/2026")),
        ],
        OrderTransition::MakeReservations => &[(
            "observations",
            words!(
                "Observations",
                "Vos observations sur le bon de commande, que vous exécutez dans tous les cas.",
                "Le délai d’exécution tombe pendant la fermeture annuelle.",
            ),
        )],
        OrderTransition::AmendOrder => &[
            (
                "reason",
                words!(
                    "Motif de la modification",
                    "Ce qui rend un bon de commande modificatif nécessaire.",
                    "Les besoins dépassent les unités commandées.",
                ),
            ),
            ("add", words!("Unités ajoutées", "Une option par ligne, suivie de son nombre d’unités.", "N2 20")),
            (
                "remove",
                words!(
                    "Unités retirées",
                    "Une option par ligne, suivie de son nombre d’unités. Seules des unités libres se retirent.",
                    "N1 10",
                ),
            ),
        ],
        OrderTransition::CancelOrder => &[(
            "reason",
            words!(
                "Motif de l’annulation",
                "Pourquoi le bon de commande est abandonné.",
                "La commande fait double emploi."
            ),
        )],
    }
}
