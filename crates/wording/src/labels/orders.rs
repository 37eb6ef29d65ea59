//! Purchase orders: states (they agree with « bon de commande », masculine), transitions, channels.

use domain::order::{OrderChannel, OrderState, OrderTransition, PaymentState};

/// A state of a purchase order.
pub fn order_state(state: OrderState) -> &'static str {
    match state {
        OrderState::Draft => "Brouillon",
        OrderState::ToEndorse => "À viser",
        OrderState::Endorsed => "Visé",
        OrderState::Notified => "Notifié",
        OrderState::Settled => "Soldé",
        OrderState::Cancelled => "Annulé",
    }
}

/// What a state means, in one sentence.
pub fn order_state_help(state: OrderState) -> &'static str {
    match state {
        OrderState::Draft => "Le bon de commande se prépare\u{a0}; rien n’est engagé.",
        OrderState::ToEndorse => "Le service financier donne ou refuse son visa.",
        OrderState::Endorsed => "Le montant est engagé\u{a0}; la Région notifie le bon de commande.",
        OrderState::Notified => "L’organisme exécute\u{a0}; les parcours tirent les unités.",
        OrderState::Settled => "Toutes les unités sont servies ou rendues\u{a0}; le reste est libéré.",
        OrderState::Cancelled => "Le bon de commande est abandonné.",
    }
}

/// A transition of a purchase order as a button names it.
pub fn order_transition(transition: OrderTransition) -> &'static str {
    match transition {
        OrderTransition::DraftOrder => "Préparer un bon de commande",
        OrderTransition::CorrectOrder => "Corriger le bon de commande",
        OrderTransition::RequestEndorsement => "Demander le visa",
        OrderTransition::Endorse => "Viser le bon de commande",
        OrderTransition::RefuseEndorsement => "Refuser le visa",
        OrderTransition::NotifyOrder => "Notifier le bon de commande",
        OrderTransition::RecordConsultation => "Enregistrer la première consultation",
        OrderTransition::MakeReservations => "Présenter des observations",
        OrderTransition::AmendOrder => "Préparer un bon de commande modificatif",
        OrderTransition::SettleOrder => "Solder le bon de commande",
        OrderTransition::RecordPaymentRequest => "Enregistrer une demande de paiement",
        OrderTransition::InterruptPayment => "Interrompre le délai de paiement",
        OrderTransition::ResumePayment => "Reprendre le délai de paiement",
        OrderTransition::ReturnPaymentRequest => "Rejeter une demande de paiement",
        OrderTransition::RecordPayment => "Enregistrer un paiement",
        OrderTransition::CancelOrder => "Annuler le bon de commande",
    }
}

/// A transition once done.
pub fn order_transition_done(transition: OrderTransition) -> &'static str {
    match transition {
        OrderTransition::DraftOrder => "Bon de commande préparé",
        OrderTransition::CorrectOrder => "Bon de commande corrigé",
        OrderTransition::RequestEndorsement => "Visa demandé",
        OrderTransition::Endorse => "Bon de commande visé",
        OrderTransition::RefuseEndorsement => "Visa refusé",
        OrderTransition::NotifyOrder => "Bon de commande notifié",
        OrderTransition::RecordConsultation => "Première consultation enregistrée",
        OrderTransition::MakeReservations => "Observations présentées",
        OrderTransition::AmendOrder => "Bon de commande modificatif préparé",
        OrderTransition::SettleOrder => "Bon de commande soldé",
        OrderTransition::RecordPaymentRequest => "Demande de paiement enregistrée",
        OrderTransition::InterruptPayment => "Délai de paiement interrompu",
        OrderTransition::ResumePayment => "Délai de paiement repris",
        OrderTransition::ReturnPaymentRequest => "Demande de paiement rejetée",
        OrderTransition::RecordPayment => "Paiement enregistré",
        OrderTransition::CancelOrder => "Bon de commande annulé",
    }
}

/// The effect of a transition, in one sentence.
pub fn order_transition_help(transition: OrderTransition) -> &'static str {
    match transition {
        OrderTransition::DraftOrder => {
            "Les unités sont chiffrées au bordereau des prix en vigueur\u{a0}; rien n’est engagé."
        }
        OrderTransition::CorrectOrder => {
            "Le brouillon est récrit et chiffré de nouveau au bordereau des prix en vigueur\u{a0}; rien n’est engagé."
        }
        OrderTransition::RequestEndorsement => "Le service financier reçoit le bon de commande à viser.",
        OrderTransition::Endorse => "Le montant est engagé sur le budget de l’année et sur le maximum du lot.",
        OrderTransition::RefuseEndorsement => "Le bon de commande revient à l’état de brouillon.",
        OrderTransition::NotifyOrder => {
            "L’organisme reçoit le bon de commande et les parcours peuvent tirer ses unités."
        }
        OrderTransition::RecordConsultation => {
            "La date certaine devient ce jour, s’il précède le huitième jour après l’envoi."
        }
        OrderTransition::MakeReservations => {
            "La Région reçoit les observations\u{a0}; l’organisme exécute la commande."
        }
        OrderTransition::AmendOrder => {
            "Un bon de commande modificatif suit les mêmes étapes\u{a0}; l’organisme l’apprend à sa notification."
        }
        OrderTransition::RecordPaymentRequest => {
            "Le délai de paiement court depuis sa réception\u{a0}; son montant ne dépasse pas ce qui est admis."
        }
        OrderTransition::InterruptPayment => {
            "Le délai s’arrête, une seule fois, jusqu’à la réception de ce qui manque\u{a0}; l’organisme en reçoit le motif."
        }
        OrderTransition::ResumePayment => "Un nouveau délai de paiement court depuis la réception de ce qui manquait.",
        OrderTransition::ReturnPaymentRequest => {
            "La demande est rendue à l’organisme et ne compte plus\u{a0}; il peut en présenter une autre."
        }
        OrderTransition::RecordPayment => "Le paiement lu dans Chorus Pro est reporté ici.",
        OrderTransition::SettleOrder => "Les unités qu’aucun parcours n’a tirées sont libérées avec leur montant.",
        OrderTransition::CancelOrder => "Le bon de commande est abandonné et son montant est libéré.",
    }
}

/// Where a payment request stands.
pub fn payment_state(state: &PaymentState) -> &'static str {
    match state {
        PaymentState::Running => "À payer",
        PaymentState::Interrupted { .. } => "Délai interrompu",
        PaymentState::Paid { .. } => "Payée",
        PaymentState::Returned { .. } => "Rejetée",
    }
}

/// How an order was notified.
pub fn order_channel(channel: OrderChannel) -> &'static str {
    match channel {
        OrderChannel::BuyerProfile => "Profil d’acheteur",
        OrderChannel::Email => "Courriel",
        OrderChannel::Letter => "Lettre recommandée avec avis de réception",
        OrderChannel::Hand => "Remise en main propre contre récépissé",
    }
}
