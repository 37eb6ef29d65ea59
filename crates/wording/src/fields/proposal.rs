//! Fields of what people outside say of a need, and of who declines it.

use domain::proposal::ProposalStep;

use super::{FieldWords, Fields};

pub(super) fn fields(step: ProposalStep) -> Fields {
    match step {
        ProposalStep::Propose => PROPOSE,
        ProposalStep::Decline => &[(
            "reason",
            words!(
                "Motif",
                "La personne qui a signalé le besoin le reçoit tel quel, par courriel.",
                "L’entreprise a déjà un parcours pour ce poste.",
            ),
        )],
    }
}

const PROPOSE: Fields = &[
    ("sender", words!("Vous êtes", "L’organisme de formation sait ainsi à qui il répond.", "")),
    ("sender_name", words!("Votre prénom et votre nom", "Pour vous répondre.", "Camille Martin")),
    (
        "sender_email",
        words!(
            "Votre adresse électronique",
            "Un courriel y arrive aussitôt, pour confirmer votre envoi, puis la réponse.",
            "camille.martin@structure.example",
        ),
    ),
    ("sender_phone", words!("Votre téléphone", "Si vous préférez être rappelé.", "02 35 00 00 00")),
    ("company", words!("Nom de l’entreprise", "Raison sociale ou enseigne.", "Établissement fictif Normandie Bois")),
    (
        "siret",
        words!("SIRET de l’établissement", "14 chiffres, si vous les avez. Laissez vide sinon.", "732 829 320 00074",),
    ),
    (
        "commune",
        words!(
            "Commune du lieu de travail",
            "Son nom ou son code postal, en Normandie. L’organisme qui répond en découle.",
            "Dieppe",
        ),
    ),
    ("job", words!("Métier ou poste", "Celui auquel la personne serait formée.", "Opérateur de découpe")),
    ("persons_wanted", words!("Nombre de personnes", "Combien l’entreprise voudrait en former.", "2")),
    (
        "details",
        words!(
            "Ce qu’il faut savoir d’autre",
            "Le travail, les horaires, les délais. N’écrivez rien sur la santé ni sur la vie privée de quelqu’un.",
            "L’atelier ouvre une seconde ligne en mars.",
        ),
    ),
    (
        "contact_name",
        words!("Prénom et nom du contact", "La personne qui décide, ou qui suit le recrutement.", "Luc Martin"),
    ),
    (
        "contact_email",
        words!(
            "Adresse électronique du contact",
            "Celle-ci ou un téléphone suffit. Rien ne lui est écrit avant un premier échange.",
            "luc.martin@entreprise.example",
        ),
    ),
    ("contact_phone", words!("Téléphone du contact", "Utile surtout sans adresse électronique.", "02 35 00 00 00")),
];
