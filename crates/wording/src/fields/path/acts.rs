//! Fields of the acts on a path.

use domain::path::Act;

use super::{EMAIL, NAME, PHONE};
use crate::fields::{FieldWords, Fields};

const FUNCTION: FieldWords = words!(
    "Fonction dans l’entreprise",
    "Le signataire répond et signe pour l’entreprise\u{a0}; les ressources humaines et la comptabilité sont informées.",
    ""
);
const TRAINING_PROOF: FieldWords = words!(
    "Preuve de la formation du tuteur",
    "Attestation ou certificat. Avec elle, la mission M2 n’est pas commandée.",
    "",
);

const AFEST_HOURS: FieldWords =
    words!("Heures d’AFEST", "Heures de formation en situation de travail, phases réflexives comprises.", "140");
const APPLICATION_HOURS: FieldWords =
    words!("Heures de mise en application", "Heures passées à appliquer dans l’entreprise ce qui a été appris.", "70");
const WEEKLY_HOURS: FieldWords = words!("Heures par semaine", "35 heures au plus sans contrat de travail.", "35");
const DAILY_HOURS: FieldWords = words!("Heures par jour", "10 heures au plus.", "7");
const PIF_STARTS_ON: FieldWords = words!("Premier jour", "Premier jour prévu de la formation.", "14/12/2026");
const PIF_ENDS_ON: FieldWords = words!("Dernier jour", "Dernier jour prévu, dans la durée du marché.", "05/02/2027");
const OBJECTIVES: FieldWords = words!(
    "Compétences visées et objectifs",
    "Ce que la personne saura faire, une compétence par ligne. Nécessaire quand Jalon établit le document.",
    "Régler la scie à format selon la fiche de débit",
);
const PIF_DOCUMENT: FieldWords = words!(
    "Document du PIF",
    "Laissez vide\u{a0}: Jalon l’établit à partir de ce formulaire. Joignez le vôtre si vous en avez un, tel que chacun le signe.",
    ""
);

pub(super) fn fields(act: Act) -> Fields {
    match act {
        Act::AskConfirmation
        | Act::ConfirmCommitment
        | Act::ConfirmReport
        | Act::ConfirmProgramme
        | Act::AcceptDesignation
        | Act::ConfirmCandidate
        | Act::AcceptAdjournment
        | Act::OrderTutorTraining
        | Act::OfferPlace
        | Act::LapseOffer
        | Act::ApproveLevel => &[],
        Act::DeclineRequest => &[
            ("request", words!("Demande déclinée", "Ce à quoi vous ne donnez pas suite.", "")),
            (
                "reason",
                words!(
                    "Motif",
                    "L’organisme le reçoit et reprend contact avec vous.",
                    "Je ne suis plus en charge de ce dossier."
                ),
            ),
        ],
        Act::ProposeCorrection => &[(
            "correction",
            words!(
                "Correction proposée",
                "Ce qui est inexact, et ce qu’il faudrait écrire.",
                "La formation commence le 4 janvier."
            ),
        )],
        Act::AnswerCorrection => &[
            ("number", words!("Correction proposée", "Celle à laquelle vous répondez, par son rang.", "1")),
            ("accepted", words!("Suite donnée", "Répondez «\u{a0}Oui\u{a0}» si la correction est retenue.", "")),
            (
                "answer",
                words!(
                    "Réponse à la personne",
                    "Elle la reçoit par courriel et la lit sur sa page\u{a0}: dites ce qui change, ou pourquoi rien ne change.",
                    "Le mi-temps est noté\u{a0}; le programme en tiendra compte."
                ),
            ),
        ],
        Act::ContestAnswer => &[
            ("request", words!("Réponse contestée", "Ce qui a été répondu ou signé à votre place.", "")),
            (
                "facts",
                words!(
                    "Ce qui s’est passé",
                    "Dites ce que vous savez\u{a0}: l’organisme et la Région le lisent.",
                    "Je n’ai pas ouvert ce courriel."
                ),
            ),
        ],
        Act::AskAgain => &[
            ("request", words!("Réponse à redemander", "Ce qui a été répondu ou signé et ne vaut plus.", "")),
            (
                "reason",
                words!("Motif", "Il reste dans l’historique du parcours.", "Réponse contestée par l’entreprise."),
            ),
        ],
        Act::HandOverContact => &[
            ("name", words!("Prénom et nom", "De la personne qui prend le relais.", "Dominique Petit")),
            (
                "email",
                words!(
                    "Adresse électronique",
                    "Les liens du parcours y sont envoyés désormais.",
                    "dominique.petit@entreprise.example"
                ),
            ),
            ("phone", PHONE),
        ],
        Act::RecordAnswerOnBehalf => &[
            ("request", words!("Demande à laquelle on a répondu", "Ce que la personne a confirmé ou signé.", "")),
            ("role", words!("Qui a répondu", "Le rôle de la personne dans le parcours.", "")),
            ("on", words!("Date de la réponse", "Aujourd’hui ou avant.", "18/11/2026")),
            ("channel", words!("Moyen", "Comment la réponse vous est parvenue.", "")),
            ("said_by", words!("Prénom et nom", "De la personne qui a répondu.", "Camille Martin")),
            ("scan", words!("Copie de la réponse", "Document signé, courriel ou compte rendu.", "")),
            (
                "declined",
                words!(
                    "Motif du refus",
                    "À remplir seulement si la personne refuse ce qui lui est demandé.",
                    "La décision revient au siège."
                ),
            ),
        ],
        Act::RefuseAdjournment => &[(
            "reason",
            words!(
                "Motif du refus",
                "Pourquoi vous n’acceptez pas l’ajournement.",
                "Les éléments demandés figurent en annexe."
            ),
        )],
        Act::AskObservations => &[(
            "reasons",
            words!(
                "Ce que la Région envisage",
                "Réfaction ou rejet envisagé, et ses motifs.",
                "Une réfaction de 120 euros est envisagée\u{a0}: une visite n’a pas eu lieu.",
            ),
        )],
        Act::GiveObservations => &[(
            "observations",
            words!(
                "Observations",
                "La Région les lit avant de décider.",
                "La visite a été remplacée par un entretien."
            ),
        )],
        Act::SettleCondition => &[
            ("number", words!("Numéro de la condition", "Son rang dans la liste de l’étude.", "1")),
            (
                "waived",
                words!(
                    "La Région y renonce",
                    "Répondez «\u{a0}Oui\u{a0}» pour la lever, ce que seule la Région peut faire\u{a0}; «\u{a0}Non\u{a0}» la constate remplie.",
                    ""
                ),
            ),
            (
                "comment",
                words!(
                    "Constat",
                    "Ce qui montre que la condition est remplie, ou pourquoi la Région y renonce.",
                    "Le poste est aménagé."
                ),
            ),
        ],
        Act::DesignateTutor => {
            &[("name", NAME), ("email", EMAIL), ("phone", PHONE), ("training_proof", TRAINING_PROOF)]
        }
        Act::ReplaceTutor => &[
            ("name", NAME),
            ("email", EMAIL),
            ("phone", PHONE),
            ("training_proof", TRAINING_PROOF),
            (
                "reason",
                words!(
                    "Motif du remplacement",
                    "Sans détail de santé ni de vie privée.",
                    "Le tuteur change d’atelier."
                ),
            ),
        ],
        Act::RecordUnsuccessfulCandidate => &[
            ("name", NAME),
            (
                "email",
                words!("Adresse électronique", "La réponse motivée y est envoyée.", "alex.durand@courriel.example"),
            ),
            ("reason", words!("Motif", "Il figure dans la réponse à la personne.", "")),
            (
                "comment",
                words!("Précision", "Elle figure dans la réponse à la personne.", "Nous conservons votre candidature."),
            ),
        ],
        Act::WritePif => &[
            ("afest_hours", AFEST_HOURS),
            ("application_hours", APPLICATION_HOURS),
            ("weekly_hours", WEEKLY_HOURS),
            ("daily_hours", DAILY_HOURS),
            ("starts_on", PIF_STARTS_ON),
            ("ends_on", PIF_ENDS_ON),
            ("objectives", OBJECTIVES),
            ("document", PIF_DOCUMENT),
        ],
        Act::AmendPif => &[
            ("afest_hours", AFEST_HOURS),
            ("application_hours", APPLICATION_HOURS),
            ("weekly_hours", WEEKLY_HOURS),
            ("daily_hours", DAILY_HOURS),
            ("starts_on", PIF_STARTS_ON),
            ("ends_on", PIF_ENDS_ON),
            ("objectives", OBJECTIVES),
            ("document", PIF_DOCUMENT),
            (
                "reason",
                words!(
                    "Motif de la modification",
                    "Ce qui change et pourquoi.",
                    "Trente heures de plus sur le réglage."
                ),
            ),
        ],
        Act::ExtendReservation => &[
            ("until", words!("Nouvelle échéance", "Jour jusqu’auquel la place reste réservée.", "15/03/2027")),
            ("reason", words!("Motif", "Pourquoi l’entrée est retardée.", "L’atelier déménage en février.")),
        ],
        Act::RecordRegistration => &[
            ("safir", words!("Référence SAFIR", "Numéro de l’entrée dans SAFIR.", "SAF-2026-10421")),
            ("remu", words!("Référence rému", "Numéro du dossier de rémunération.", "REM-2026-0310")),
        ],
        Act::RecordSequence => &[
            (
                "kind",
                words!("Nature de la séquence", "Les mises en situation et les phases réflexives sont distinctes.", ""),
            ),
            ("from", words!("Début", "Jour et heure.", "14/12/2026 09:00")),
            ("until", words!("Fin", "Jour et heure, aujourd’hui ou avant.", "14/12/2026 12:00")),
            (
                "objective",
                words!("Objectif", "Ce que la personne a travaillé.", "Régler la lame et contrôler la première pièce."),
            ),
        ],
        Act::SignSequence => {
            &[("number", words!("Numéro de la séquence", "Celle que vous avez suivie et que vous signez.", "3"))]
        }
        Act::RecordAbsence => &[
            ("from", words!("Premier jour", "Premier jour d’absence.", "11/01/2027")),
            ("until", words!("Dernier jour", "Dernier jour d’absence.", "12/01/2027")),
            ("reason", words!("Motif", "La catégorie suffit\u{a0}; aucun détail de santé.", "")),
            (
                "comment",
                words!("Précision", "Sans détail de santé ni de vie privée.", "Justificatif reçu le 13 janvier."),
            ),
        ],
        Act::SignAttendanceMonth => &[("month", words!("Mois", "N’importe quel jour du mois signé.", "31/12/2026"))],
        Act::ReportAccident => &[
            ("on", words!("Date de l’accident", "Aujourd’hui ou avant.", "15/01/2027")),
            (
                "facts",
                words!(
                    "Circonstances",
                    "Lieu, heure, déroulement, sans détail médical.",
                    "Chute dans l’atelier à 10\u{a0}h\u{a0}15, secours appelés."
                ),
            ),
        ],
        Act::ReportObstacle => &[(
            "facts",
            words!(
                "Difficulté",
                "Ce qui gêne le déroulement de la formation.",
                "La machine est en panne depuis lundi."
            ),
        )],
        Act::RequestCancellation => &[(
            "reason",
            words!(
                "Motif de la demande",
                "Ce qui conduit à demander l’annulation.",
                "L’entreprise renonce à son projet."
            ),
        )],
        Act::ExtendPrestation => &[
            ("until", words!("Échéance demandée", "Après l’échéance en cours.", "18/01/2027")),
            ("reason", words!("Motif de la demande", "Ce qui retarde la remise.", "L’entreprise ferme deux semaines.")),
        ],
        Act::DecideRequest => &[
            ("request", words!("Demande", "Celle à laquelle vous répondez.", "")),
            (
                "granted",
                words!(
                    "Accorder la demande",
                    "Répondez «\u{a0}Oui\u{a0}» pour l’accorder, «\u{a0}Non\u{a0}» pour la refuser, motif à l’appui.",
                    ""
                ),
            ),
            ("reason", words!("Motif", "Nécessaire en cas de refus.", "Le délai a déjà été prolongé.")),
        ],
        Act::SendFormalNotice => &[(
            "reason",
            words!(
                "Objet de la mise en demeure",
                "Ce qui est attendu de l’organisme.",
                "Le bilan final n’a pas été remis."
            ),
        )],
        Act::GiveOpinion => &[
            ("opinion", words!("Votre avis sur l’accompagnement", "De l’étude à la fin de la formation.", "")),
            (
                "comment",
                words!(
                    "Précision",
                    "Ce qui a aidé, ce qui a manqué. Ne nommez personne.",
                    "Un vrai suivi, du début à la fin."
                ),
            ),
        ],
        Act::RecordFollowUp => &[
            ("on", words!("Date du constat", "Aujourd’hui ou avant.", "05/08/2027")),
            ("situation", words!("Situation", "Celle de la personne à cette date.", "")),
            (
                "at_company",
                words!(
                    "Dans la même entreprise",
                    "Répondez «\u{a0}Oui\u{a0}» si l’emploi est dans l’entreprise du parcours.",
                    ""
                ),
            ),
            ("comment", words!("Précision", "Sans détail de santé ni de vie privée.", "Contrat de six mois.")),
        ],
        Act::AddDocument => &[
            ("kind", words!("Nature du document", "Ce qu’il est ou ce qu’il prouve.", "")),
            ("document", words!("Document", "Conservé avec son empreinte, qui montre toute modification.", "")),
        ],
        Act::AddNote => &[(
            "note",
            words!(
                "Note",
                "Visible de la Région et de l’organisme. Sans détail de santé ni de vie privée.",
                "L’entreprise préfère être appelée le matin.",
            ),
        )],
        Act::ChangeContact => &[
            ("role", words!("Rôle", "Le rôle que la nouvelle personne tient dans le parcours.", "")),
            ("name", NAME),
            ("email", EMAIL),
            ("phone", PHONE),
            ("reason", words!("Motif", "Pourquoi le contact change.", "La personne a quitté l’entreprise.")),
        ],
        Act::AddCompanyContact => &[
            ("function", FUNCTION),
            ("name", NAME),
            ("email", EMAIL),
            ("phone", PHONE),
            (
                "reason",
                words!(
                    "Motif du remplacement",
                    "Nécessaire quand quelqu’un a déjà cette fonction.",
                    "La personne a quitté l’entreprise."
                ),
            ),
        ],
        Act::RemoveCompanyContact => &[
            ("function", FUNCTION),
            (
                "reason",
                words!("Motif", "Il reste dans l’historique du parcours.", "La personne a quitté l’entreprise."),
            ),
        ],
        Act::AssignCoordinator => &[(
            "email",
            words!(
                "Adresse du compte",
                "Compte de l’organisme qui suit désormais le parcours.",
                "coordination@organisme.example",
            ),
        )],
        Act::CorrectDatum => &[
            ("datum", words!("Donnée à corriger", "L’ancienne valeur reste dans l’historique.", "")),
            (
                "value",
                words!("Nouvelle valeur", "Quand la donnée est une seule valeur, au lieu de son champ.", "76217"),
            ),
            (
                "company",
                words!("Nom de l’entreprise", "Raison sociale ou enseigne.", "Établissement fictif Normandie Bois"),
            ),
            (
                "siret",
                words!(
                    "SIRET de l’entreprise",
                    "14 chiffres de l’établissement où le travail se fait.",
                    "732 829 320 00074"
                ),
            ),
            ("job", words!("Métier visé", "Poste ou métier auquel la formation prépare.", "Opérateur de découpe")),
            ("rome", words!("Code ROME", "Une lettre et quatre chiffres.", "D1106")),
            (
                "persons_wanted",
                words!("Nombre de personnes souhaité", "Nombre de personnes que l’entreprise voudrait former.", "2"),
            ),
            (
                "commune",
                words!("Commune du lieu de travail", "Code INSEE de la commune, et non son code postal.", "76217"),
            ),
            (
                "keep_lot",
                words!(
                    "Garder le parcours dans son lot",
                    "Dérogation de la Région, quand la commune relève d’un autre lot.",
                    "",
                ),
            ),
            ("prescriber", words!("Prescripteur", "Qui a orienté la personne vers ce parcours.", "")),
            (
                "planned_entry",
                words!("Date d’entrée prévue", "La place est réservée dans l’année de cette date.", "14/12/2026"),
            ),
            (
                "birth_date",
                words!("Date de naissance", "Sert au calcul de l’âge à l’entrée. Elle est chiffrée.", "17/05/1989"),
            ),
            ("sex", words!("Sexe", "Pour les statistiques de la Région.", "")),
            ("level", words!("Niveau de formation", "De 1 à 8, nomenclature de 2019.", "4")),
            ("rsa", words!("Bénéficiaire du RSA", "Chiffré, visible de l’organisme et de la Région seuls.", "")),
            (
                "boe",
                words!(
                    "Bénéficiaire de l’obligation d’emploi",
                    "Chiffré, visible de l’organisme et de la Région seuls.",
                    "",
                ),
            ),
            (
                "entered_on",
                words!("Date d’entrée en formation", "La place compte dans l’année de cette date.", "14/12/2026"),
            ),
            ("number", words!("Numéro", "Celui de la séquence ou de l’absence à corriger.", "3")),
            (
                "annul",
                words!(
                    "Annuler",
                    "Répondez «\u{a0}Oui\u{a0}» si elle n’a pas eu lieu\u{a0}; «\u{a0}Non\u{a0}» pour la remplacer.",
                    ""
                ),
            ),
            (
                "kind",
                words!("Nature de la séquence", "Les mises en situation et les phases réflexives sont distinctes.", ""),
            ),
            ("starts_at", words!("Début de la séquence", "Jour et heure.", "14/12/2026 09:00")),
            ("ends_at", words!("Fin de la séquence", "Jour et heure.", "14/12/2026 12:00")),
            (
                "objective",
                words!("Objectif", "À remplir s’il change.", "Régler la lame et contrôler la première pièce."),
            ),
            ("from", words!("Premier jour d’absence", "Depuis l’entrée en formation.", "17/12/2026")),
            ("until", words!("Dernier jour d’absence", "Le même jour pour une seule journée.", "18/12/2026")),
            ("absence_reason", words!("Motif de l’absence", "Sans détail de santé.", "")),
            ("ended_on", words!("Date de fin de formation", "Après la dernière séquence du relevé.", "05/02/2027")),
            (
                "outcome",
                words!("Issue de la formation", "Une formation achevée prouve les quatre éléments de la loi.", ""),
            ),
            (
                "outcome_reason",
                words!(
                    "Motif de l’issue",
                    "Nécessaire si la formation n’est pas achevée.",
                    "La personne a trouvé un emploi."
                ),
            ),
            ("hours_done", words!("Heures faites", "Au plus les heures prouvées par le relevé.", "196")),
            ("reason", words!("Motif de la correction", "D’où vient l’erreur.", "Faute de frappe à la saisie.")),
        ],
    }
}
