//! The texts of messages that the Region words: what each variable is, what is wrong in a text, where each message stands.

use domain::texts::{Place, TextProblem, Variable, Wrong, braced};

use crate::numbers::integer;

/// Kinds of messages in the order in which a path meets them, under the titles of the list.
pub const PHASES: &[(&str, &[&str])] = &[
    (
        "Besoin et étude de faisabilité",
        &[
            "need_proposal_received",
            "need_proposal_taken",
            "need_proposal_declined",
            "need_reported",
            "need_declined",
            "sibling_opened",
            "feasibility_ordered",
            "feasibility_started",
            "feasibility_delivered",
            "condition_settled",
        ],
    ),
    (
        "Préparation",
        &[
            "preparation_ordered",
            "preparation_started",
            "tutor_designated",
            "tutor_training_ordered",
            "preparation_delivered",
        ],
    ),
    (
        "Sélection et programme individuel",
        &[
            "selection_opened",
            "candidate_selected",
            "candidate_not_selected",
            "candidate_withdrawn",
            "place_offered",
            "place_lapsed",
            "reservation_extended",
            "pif_written",
            "pif_signed",
            "level_approved",
        ],
    ),
    (
        "Formation et bilan",
        &[
            "implementation_ordered",
            "training_entered",
            "entry_annulled",
            "absence_recorded",
            "attendance_signed",
            "incident_reported",
            "suspended",
            "resumed",
            "training_ended",
            "report_delivered",
        ],
    ),
    (
        "Vérification et fin du parcours",
        &[
            "adjourned",
            "adjournment_answered",
            "observations_asked",
            "observations_given",
            "rejected",
            "admitted",
            "formal_notice",
            "closed_without_report",
            "cancelled",
        ],
    ),
    (
        "Demandes, réponses et rappels",
        &[
            "confirmation_asked",
            "answer_received",
            "request_declined",
            "correction_proposed",
            "correction_answered",
            "opinion_given",
            "answer_contested",
            "asked_again",
            "answered_on_behalf",
            "body_request_made",
            "body_request_decided",
            "reminder",
            "escalation",
            "link_renewed",
        ],
    ),
    (
        "Personnes et informations du parcours",
        &[
            "contact_changed",
            "contact_handed_over",
            "contact_replaced",
            "company_contact_named",
            "company_contact_removed",
            "coordinator_assigned",
            "portfolio_received",
            "datum_corrected",
            "recorded",
            "step_on_several",
            "digest",
            "place_alert",
        ],
    ),
    (
        "Commandes et paiements",
        &[
            "order_to_endorse",
            "order_endorsed",
            "order_endorsement_refused",
            "order_notified",
            "order_reservations",
            "order_settled",
            "order_cancelled",
            "payment_due",
            "payment_interrupted",
            "payment_resumed",
            "payment_returned",
            "payment_made",
        ],
    ),
];

/// What a variable gives in a message.
pub fn meaning(variable: Variable) -> &'static str {
    match variable {
        Variable::Company => "le nom de l’entreprise",
        Variable::Job => "le métier visé",
        Variable::Body => "le nom de l’organisme de formation",
        Variable::Lot => "le lot, par exemple «\u{a0}lot\u{a0}1\u{a0}»",
        Variable::Reference => "la référence du parcours ou du bon de commande",
        Variable::Recipient => "le nom de la personne qui reçoit le message",
        Variable::Coordinator => "le nom de la personne à joindre",
        Variable::Deadline => "le dernier jour de ce qui est attendu, en toutes lettres",
        Variable::Standard => "les paragraphes standard de ce message\u{a0}; seule sur sa ligne",
        Variable::Link => "le bouton et son échéance\u{a0}; seule sur sa ligne",
    }
}

/// A field of the form of a text.
pub fn place(place: Place) -> &'static str {
    match place {
        Place::Title => "Objet",
        Place::Text => "Texte",
        Place::Complement => "Complément",
        Place::Signature => "Signature",
    }
}

/// What is wrong in a text, with its line when there are several.
pub fn problem(problem: &TextProblem) -> String {
    let sentence = wrong(problem);
    match problem.place {
        Place::Title => sentence,
        Place::Text | Place::Complement | Place::Signature => {
            format!("ligne\u{a0}{}, {}", problem.line, sentence)
        }
    }
}

fn wrong(problem: &TextProblem) -> String {
    let most = |max: usize| integer(i64::try_from(max).unwrap_or(i64::MAX));
    match &problem.wrong {
        Wrong::Missing => "écrivez un texte, ou revenez au texte standard".to_owned(),
        Wrong::TooLong { max } => format!("{}\u{a0}caractères au plus", most(*max)),
        Wrong::TooManyLines { max: 1 } => "une seule ligne".to_owned(),
        Wrong::TooManyLines { max } => format!("{}\u{a0}lignes au plus", most(*max)),
        Wrong::TooManyVariables { max } => format!("{}\u{a0}variables au plus", most(*max)),
        Wrong::Character('<' | '>') => "les signes de balise ne sont pas admis".to_owned(),
        Wrong::Character(_) => "un caractère invisible n’est pas admis, effacez et retapez la ligne".to_owned(),
        Wrong::Brace => "une accolade est seule ou doublée, une variable s’écrit comme {lot}".to_owned(),
        Wrong::Unknown { typed, nearest: Some(nearest) } => {
            format!("{{{typed}}} n’existe pas, la variable la plus proche est {}", braced(*nearest))
        }
        Wrong::Unknown { typed, nearest: None } => format!("{{{typed}}} n’existe pas, la liste donne les variables"),
        Wrong::NotHere(variable) => format!("ce texte n’a pas {}, la liste donne ses variables", braced(*variable)),
        Wrong::NotAlone(variable) => format!("{} est seule sur sa ligne", braced(*variable)),
        Wrong::Twice(variable) => format!("{} est là deux fois, gardez-en une", braced(*variable)),
        Wrong::LinkMissing => format!(
            "ce message demande une réponse, placez {} sur une ligne, à l’endroit du bouton",
            braced(Variable::Link)
        ),
        Wrong::StandardMissing => format!(
            "ce message change selon le cas ou dit un chiffre, placez {} sur une ligne pour garder ces paragraphes",
            braced(Variable::Standard)
        ),
        Wrong::TitleVaries => "l’objet de ce message change selon le cas, laissez le champ vide".to_owned(),
        Wrong::NamesSomebody(_) => "un objet ne nomme personne, il se lit sur un téléphone verrouillé".to_owned(),
        Wrong::Address(address) => {
            format!("«\u{a0}{address}\u{a0}» ressemble à une adresse, le message donne déjà son lien et qui joindre")
        }
        Wrong::Amount => "pas de montant dans un message à l’entreprise, au stagiaire ou au tuteur".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::typography;

    #[test]
    fn every_text_is_well_set() {
        let wrongs = [
            Wrong::Missing,
            Wrong::TooLong { max: 3_000 },
            Wrong::TooManyLines { max: 1 },
            Wrong::TooManyLines { max: 4 },
            Wrong::TooManyVariables { max: 20 },
            Wrong::Character('<'),
            Wrong::Character('\u{202e}'),
            Wrong::Brace,
            Wrong::Unknown { typed: "metir".to_owned(), nearest: Some(Variable::Job) },
            Wrong::Unknown { typed: "salaire".to_owned(), nearest: None },
            Wrong::NotHere(Variable::Link),
            Wrong::NotAlone(Variable::Link),
            Wrong::Twice(Variable::Standard),
            Wrong::LinkMissing,
            Wrong::StandardMissing,
            Wrong::TitleVaries,
            Wrong::NamesSomebody(Variable::Recipient),
            Wrong::Address("exemple.fr".to_owned()),
            Wrong::Amount,
        ];
        let sentences = wrongs.into_iter().map(|wrong| problem(&TextProblem { place: Place::Text, line: 3, wrong }));
        let fixed = Variable::iter().map(|variable| meaning(variable).to_owned());
        let places = Place::iter().map(|named| place(named).to_owned());
        let phases = PHASES.iter().map(|(title, _)| (*title).to_owned());
        for text in sentences.chain(fixed).chain(places).chain(phases) {
            assert_eq!(typography::check(&text), [], "{text}");
        }
    }

    #[test]
    fn a_problem_says_its_line_and_what_to_do() {
        let unknown = Wrong::Unknown { typed: "metir".to_owned(), nearest: Some(Variable::Job) };
        let told = problem(&TextProblem { place: Place::Text, line: 3, wrong: unknown });
        assert_eq!(told, "ligne\u{a0}3, {metir} n’existe pas, la variable la plus proche est {metier}");
        let title = TextProblem { place: Place::Title, line: 1, wrong: Wrong::TooManyLines { max: 1 } };
        assert_eq!(problem(&title), "une seule ligne");
    }
}
