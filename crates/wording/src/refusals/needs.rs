//! What a step needs and the path lacks.

use domain::Day;
use domain::path::event::Party;
use domain::path::refusal::Need;

use crate::typography::typeset;
use crate::{dates, labels, numbers};

/// One thing missing: what, and what to do about it.
pub fn need(need: &Need) -> String {
    typeset(&sentence(need))
}

fn sentence(need: &Need) -> String {
    let fixed = match need {
        Need::FreeUnit { option } => {
            return format!(
                "Aucune unité « {} » n’est libre sur les bons de commande notifiés du lot. Notifiez un bon de commande qui en \
                 contient.",
                labels::option_with_code(*option)
            );
        }
        Need::Commitment { asked_until } => {
            return company("son engagement", "L’engagement de l’entreprise", *asked_until);
        }
        Need::ReportConfirmation { asked_until } => {
            return company("le bilan final", "L’accord de l’entreprise sur le bilan final", *asked_until);
        }
        Need::Condition { number, by } => {
            return format!(
                "La condition n° {number} de l’étude, prévue pour le {}, n’est pas levée. Constatez qu’elle est remplie, ou \
                 que la Région y renonce.",
                dates::medium(*by)
            );
        }
        Need::Signature { party } => return signature(*party),
        Need::LevelApproval { option } => {
            return format!(
                "Les heures du PIF changent le niveau de prix. La Région doit approuver « {} ».",
                labels::option_with_code(*option)
            );
        }
        Need::Observations { until: Some(until) } => {
            return format!(
                "L’organisme peut présenter ses observations {}. Attendez-les, ou attendez la fin de ce délai.",
                dates::until(*until)
            );
        }
        Need::FormalNotice { until: Some(until) } => {
            return format!("La mise en demeure court {}. Attendez la fin de ce délai.", dates::until(*until));
        }
        Need::Hours { done, needed } => {
            return format!(
                "Le compte d’heures ne suffit pas : {} sur {} nécessaires. Complétez le relevé des séquences, corrigez les \
                 heures déclarées ou retenez une autre issue.",
                numbers::hours(*done),
                numbers::integer((*needed).into())
            );
        }
        Need::PendingRequest { request } => {
            return format!(
                "Aucune demande de ce type n’est en attente : {}. Consultez le parcours : elle a peut-être reçu sa réponse.",
                crate::refusals::lower(labels::body_request(*request))
            );
        }
        Need::TutorDesignated => "Aucun tuteur n’est désigné. Désignez le tuteur de l’entreprise.",
        Need::TutorCertificate => {
            "La professionnalisation du tuteur a été commandée et son attestation manque. Joignez l’attestation."
        }
        Need::Letter => "La lettre annoncée n’est pas jointe. Joignez la lettre signée de l’entreprise.",
        Need::Conditions => {
            "Une conclusion sous conditions énonce ses conditions. Indiquez-en au moins une, avec sa date."
        }
        Need::Obstacle => {
            "Une conclusion négative dit ce qui s’oppose le plus à la FEST. Choisissez le principal obstacle."
        }
        Need::Pif => "Le PIF n’est pas établi. Établissez-le, avec ses heures et ses dates.",
        Need::CompanyAgreement => {
            "L’accord de l’entreprise sur le candidat n’est pas indiqué. Recueillez-le, puis répondez « Oui »."
        }
        Need::JobSeekerStatus => {
            "La FEST s’adresse aux personnes en recherche d’emploi. Vérifiez l’inscription de la personne, puis répondez « Oui »."
        }
        Need::Observations { until: None } => {
            "Les observations de l’organisme n’ont pas été demandées. La Région les demande avant une réfaction ou un rejet."
        }
        Need::Reasons => "La décision n’est pas motivée. Indiquez ses motifs.",
        Need::Reduction => {
            "Après un ajournement sans suite, l’admission comporte une réfaction. Indiquez son montant, ou rejetez la prestation."
        }
        Need::WorkAnalysis => {
            "L’analyse de l’activité de travail n’est pas au dossier (article D. 6313-3-2, 1°). Retenez une autre issue que le \
             parcours mené à son terme."
        }
        Need::TutorBeforeEntry => {
            "Aucun tuteur n’était désigné avant l’entrée en formation (article D. 6313-3-2, 2°). Retenez une autre issue que le \
             parcours mené à son terme."
        }
        Need::ReflexivePhase => {
            "Aucune phase réflexive n’est enregistrée (article D. 6313-3-2, 3°). Enregistrez celles qui ont eu lieu, ou retenez \
             une autre issue."
        }
        Need::Evaluation => {
            "Aucune évaluation n’est enregistrée (article D. 6313-3-2, 4°). Enregistrez celles qui ont eu lieu, ou retenez une \
             autre issue."
        }
        Need::FormalNotice { until: None } => {
            "L’organisme n’a pas été mis en demeure. Envoyez la mise en demeure avant de clore sans bilan."
        }
        Need::SatisfactionAsked => {
            "Le questionnaire de satisfaction n’a pas été proposé au stagiaire. Proposez-le, puis répondez « Oui »."
        }
        Need::ProgrammeStillFit => {
            "L’organisme doit confirmer que le programme convient encore. Relisez-le et répondez « Oui », ou signalez un nouveau \
             besoin."
        }
        Need::FitSaidByBody => {
            "L’organisme dit lui-même que le programme convient encore. Indiquez l’adresse de la personne qui le dit, chargée de \
             la coordination dans cet organisme."
        }
        Need::Amount => "Le montant dû pour le travail commencé n’est pas indiqué. Indiquez-le, zéro compris.",
    };
    fixed.to_owned()
}

fn company(what: &str, missing: &str, asked_until: Option<Day>) -> String {
    match asked_until {
        None => format!("{missing} manque. Demandez-lui de confirmer {what}, ou joignez une lettre signée."),
        Some(until) => format!(
            "{missing} manque. Joignez une lettre signée, ou attendez sa réponse : passé le {}, indiquez qu’elle n’a pas répondu dans le délai.",
            dates::medium(until)
        ),
    }
}

fn signature(party: Party) -> String {
    let way_out = match party {
        Party::Body => "Signez-la.",
        Party::Company | Party::Trainee => "Renvoyez le lien de signature, ou consignez une réponse reçue autrement.",
    };
    format!("La signature {} manque sur la version en vigueur du PIF. {way_out}", labels::of_the_party(party))
}
