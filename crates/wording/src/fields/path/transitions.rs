//! Fields of the transitions of a path.

use domain::path::Transition;

use super::{EMAIL, NAME, PHONE};
use crate::fields::{FieldWords, Fields};

const ADJOURNMENT_REASONS: FieldWords = words!(
    "Motifs de l’ajournement",
    "Ce qui manque et ce que l’organisme doit compléter.",
    "Le rapport ne décrit pas les conditions d’accueil.",
);
const REJECTION_REASONS: FieldWords = words!(
    "Motifs du rejet",
    "Pourquoi la prestation est à refaire, au regard des observations de l’organisme.",
    "Le travail remis ne répond pas au cahier des charges.",
);
const REDUCTION: FieldWords =
    words!("Réfaction hors taxes", "Montant retenu sur le prix. Laissez vide pour une admission entière.", "120,00",);
const REDUCTION_REASONS: FieldWords = words!(
    "Motifs de la réfaction",
    "Nécessaires quand une réfaction est appliquée.",
    "L’une des deux visites n’a pas eu lieu."
);

pub(super) fn fields(transition: Transition) -> Fields {
    match transition {
        Transition::ReportNeed => REPORT_NEED,
        Transition::OpenSibling => &[
            (
                "source",
                words!(
                    "Parcours d’origine",
                    "Référence du parcours dont l’étude et le programme servent encore.",
                    "FEST-1-2026-0042"
                ),
            ),
            (
                "programme_still_fit",
                words!(
                    "Le programme convient encore",
                    "Répondez «\u{a0}Oui\u{a0}» après relecture du programme avec l’entreprise.",
                    ""
                ),
            ),
            (
                "said_by",
                words!(
                    "Qui le dit, à l’organisme",
                    "Adresse de la personne chargée de la coordination, quand la Région ouvre le parcours.",
                    "claire.morin@organisme.example"
                ),
            ),
            (
                "job",
                words!(
                    "Métier visé",
                    "À indiquer s’il diffère de celui du parcours d’origine.",
                    "Opérateur de découpe"
                ),
            ),
        ],
        Transition::DeclineNeed => &[(
            "reason",
            words!(
                "Motif",
                "Pourquoi le besoin n’est pas retenu. L’entreprise et l’organisme le reçoivent.",
                "L’entreprise a recruté entre-temps.",
            ),
        )],
        Transition::OrderFeasibility
        | Transition::OrderPreparation
        | Transition::OpenSelection
        | Transition::OrderImplementation => &[],
        Transition::StartFeasibility => &[
            (
                "first_visit",
                words!(
                    "Première visite",
                    "Jour et heure du premier rendez-vous dans l’entreprise.",
                    "23/11/2026 09:30"
                ),
            ),
            (
                "place",
                words!(
                    "Lieu de la visite",
                    "Adresse ou atelier, si elle n’est pas évidente.",
                    "Atelier de découpe, quai B"
                ),
            ),
        ],
        Transition::DeliverFeasibility => DELIVER_FEASIBILITY,
        Transition::AdjournFeasibility | Transition::AdjournPreparation | Transition::AdjournReport => {
            &[("reasons", ADJOURNMENT_REASONS)]
        }
        Transition::RejectFeasibility | Transition::RejectPreparation | Transition::RejectReport => {
            &[("reasons", REJECTION_REASONS)]
        }
        Transition::AdmitFeasibility | Transition::AdmitPreparation | Transition::AdmitReport => {
            &[("reduction", REDUCTION), ("reasons", REDUCTION_REASONS)]
        }
        Transition::StartPreparation => {
            &[("on", words!("Date de démarrage", "Aujourd’hui si vous laissez vide.", "30/11/2026"))]
        }
        Transition::DeliverPreparation => &[
            (
                "programme",
                words!("Programme de la FEST", "Objectifs, compétences, durée, calendrier, accompagnement.", ""),
            ),
            (
                "work_analysis",
                words!(
                    "Analyse de l’activité de travail",
                    "Adaptée à des fins pédagogiques (article D. 6313-3-2).",
                    ""
                ),
            ),
            ("evaluation_grid", words!("Grille d’évaluation", "Ce qui sera évalué, et comment.", "")),
            (
                "tutor_certificate",
                words!("Attestation de formation du tuteur", "Nécessaire quand la mission M2 a été commandée.", ""),
            ),
        ],
        Transition::SelectCandidate => SELECT_CANDIDATE,
        Transition::SignPif => {
            &[("version", words!("Version du PIF", "Numéro de la version que vous avez lue et que vous signez.", "2"))]
        }
        Transition::EnterTraining => &[
            ("on", words!("Date d’entrée", "Premier jour effectif en formation, après la commande.", "14/12/2026")),
            (
                "safir",
                words!(
                    "Référence SAFIR",
                    "Si elle est déjà connue. Sinon, à enregistrer sous trois jours ouvrés.",
                    "SAF-2026-10421"
                ),
            ),
            (
                "remu",
                words!(
                    "Référence rému",
                    "Si elle est déjà connue. Sinon, à enregistrer sous trois jours ouvrés.",
                    "REM-2026-0310"
                ),
            ),
        ],
        Transition::AnnulEntry => {
            &[("reason", words!("Motif", "Pourquoi l’entrée n’a pas eu lieu.", "La personne ne s’est pas présentée."))]
        }
        Transition::Suspend => &[
            (
                "reason",
                words!(
                    "Motif de la suspension",
                    "Sans détail de santé ni de vie privée.",
                    "L’atelier ferme pour inventaire."
                ),
            ),
            ("on", words!("Premier jour de suspension", "Aujourd’hui si vous laissez vide.", "11/01/2027")),
            ("expected_return", words!("Reprise prévue", "Jour auquel la formation devrait reprendre.", "25/01/2027")),
        ],
        Transition::Resume => &[("on", words!("Date de reprise", "Aujourd’hui si vous laissez vide.", "25/01/2027"))],
        Transition::EndTraining => &[
            ("outcome", words!("Issue", "Comment la formation s’est terminée.", "")),
            ("on", words!("Dernier jour en formation", "Dernier jour effectif, aujourd’hui ou avant.", "05/02/2027")),
            (
                "reason",
                words!(
                    "Motif",
                    "Nécessaire pour toute autre issue qu’un parcours mené à son terme.",
                    "Embauche dans une autre entreprise."
                ),
            ),
            ("hours_done", words!("Heures effectuées", "Heures prouvées par le relevé des séquences.", "196")),
        ],
        Transition::DeliverReport => &[
            ("report", words!("Bilan final", "Déroulement, acquis, appréciation de l’entreprise et du stagiaire.", "")),
            (
                "certificate",
                words!(
                    "Certificat de réalisation",
                    "Laissez vide\u{a0}: Jalon l’établit à partir du parcours. Joignez le vôtre si vous en avez un.",
                    ""
                ),
            ),
            ("confirmation", words!("Accord de l’entreprise", "Comment l’entreprise a répondu sur le bilan.", "")),
            ("letter", words!("Lettre de l’entreprise", "À joindre si l’accord a été donné par lettre.", "")),
            (
                "satisfaction_asked",
                words!(
                    "Questionnaire de satisfaction proposé",
                    "Répondez «\u{a0}Oui\u{a0}» une fois le questionnaire remis au stagiaire.",
                    ""
                ),
            ),
        ],
        Transition::CloseWithoutReport => &[
            (
                "reason",
                words!(
                    "Motif",
                    "Pourquoi le parcours est clos sans bilan.",
                    "La mise en demeure est restée sans réponse."
                ),
            ),
            ("amount", words!("Montant dû hors taxes", "Montant décidé pour le travail fait, zéro compris.", "0,00")),
        ],
        Transition::WithdrawCandidate => &[(
            "reason",
            words!("Motif du retrait", "Sans détail de santé ni de vie privée.", "La personne a trouvé un emploi."),
        )],
        Transition::Cancel => &[
            (
                "reason",
                words!(
                    "Motif de l’annulation",
                    "Communiqué à l’entreprise et à l’organisme.",
                    "L’entreprise renonce à son projet."
                ),
            ),
            (
                "amount",
                words!(
                    "Montant dû hors taxes",
                    "Pour le travail commencé, de zéro au prix des unités tirées. Nécessaire dès qu’une unité est tirée.",
                    "300,00",
                ),
            ),
        ],
    }
}

const REPORT_NEED: Fields = &[
    (
        "siret",
        words!("SIRET de l’entreprise", "14 chiffres de l’établissement où le travail se fait.", "732 829 320 00074"),
    ),
    ("company", words!("Nom de l’entreprise", "Raison sociale ou enseigne.", "Établissement fictif Normandie Bois")),
    ("commune", words!("Commune du lieu de travail", "Code INSEE de la commune, et non son code postal.", "76217")),
    ("job", words!("Métier visé", "Poste ou métier auquel la formation prépare.", "Opérateur de découpe")),
    ("rome", words!("Code ROME", "Une lettre et quatre chiffres, si vous le connaissez.", "D1106")),
    (
        "persons_wanted",
        words!("Nombre de personnes souhaité", "Nombre de personnes que l’entreprise voudrait former.", "2"),
    ),
    (
        "contact_name",
        words!("Contact dans l’entreprise", "Prénom et nom de la personne qui engage l’entreprise.", "Camille Martin"),
    ),
    (
        "contact_email",
        words!(
            "Adresse électronique du contact",
            "Les demandes de confirmation et de signature y sont envoyées.",
            "camille.martin@entreprise.example",
        ),
    ),
    ("contact_phone", words!("Téléphone du contact", "Utile surtout sans adresse électronique.", "02 35 00 00 00")),
    (
        "lot",
        words!(
            "Lot par dérogation",
            "Seulement si la Région confie ce besoin à un autre lot que celui de la commune.",
            "2"
        ),
    ),
    (
        "derogation",
        words!(
            "Motif de la dérogation",
            "Nécessaire quand un autre lot est choisi.",
            "L’organisme de ce lot suit déjà l’entreprise.",
        ),
    ),
];

const DELIVER_FEASIBILITY: Fields = &[
    (
        "organisation",
        words!(
            "Conditions d’organisation",
            "Ce que l’étude constate\u{a0}: poste, horaires, équipement, production.",
            "Un poste est disponible à temps plein.",
        ),
    ),
    (
        "people",
        words!(
            "Conditions humaines",
            "Ce que l’étude constate\u{a0}: tuteur pressenti, équipe, disponibilité.",
            "Le chef d’atelier accepte d’être tuteur.",
        ),
    ),
    (
        "engagement",
        words!(
            "Engagement de l’entreprise",
            "Ce à quoi l’entreprise s’engage.",
            "Le tuteur est libéré quatre heures par semaine."
        ),
    ),
    (
        "competences",
        words!(
            "Compétences à développer",
            "Ce que la personne saura faire à la fin.",
            "Régler la découpeuse et contrôler les pièces."
        ),
    ),
    ("verdict", words!("Conclusion", "Une étude négative est une prestation complète et payée.", "")),
    (
        "obstacle",
        words!(
            "Principal obstacle",
            "Pour une conclusion négative seulement\u{a0}: le constat qui s’y oppose le plus. La Région en tient le compte.",
            "",
        ),
    ),
    (
        "reasons",
        words!(
            "Motifs de la conclusion",
            "Ce qui la fonde, en quelques phrases.",
            "Les quatre constats sont favorables."
        ),
    ),
    (
        "conditions",
        words!(
            "Conditions",
            "Une par ligne, sa date d’abord. Pour une conclusion sous conditions seulement.",
            "01/12/2026 Aménager le poste",
        ),
    ),
    ("report", words!("Rapport de l’étude", "Le document complet remis à la Région.", "")),
    ("commitment", words!("Réponse de l’entreprise", "Nécessaire sauf si l’étude est négative.", "")),
    ("letter", words!("Lettre d’engagement", "À joindre si l’entreprise s’est engagée par lettre.", "")),
];

const SELECT_CANDIDATE: Fields = &[
    ("name", NAME),
    ("email", EMAIL),
    ("phone", PHONE),
    ("birth_date", words!("Date de naissance", "Sert au calcul de l’âge à l’entrée. Elle est chiffrée.", "17/05/1989")),
    ("sex", words!("Sexe", "Pour les statistiques de la Région.", "")),
    ("level", words!("Niveau de formation", "De 1 à 8, nomenclature de 2019.", "4")),
    (
        "job_seeker",
        words!("En recherche d’emploi", "Répondez «\u{a0}Oui\u{a0}» après vérification de l’inscription.", ""),
    ),
    ("rsa", words!("Bénéficiaire du RSA", "Chiffré, visible de l’organisme et de la Région seuls.", "")),
    (
        "boe",
        words!("Bénéficiaire de l’obligation d’emploi", "Chiffré, visible de l’organisme et de la Région seuls.", "",),
    ),
    ("prescriber", words!("Prescripteur", "Qui a orienté la personne vers ce parcours.", "")),
    (
        "planned_entry",
        words!("Date d’entrée prévue", "La place est réservée dans l’année de cette date.", "14/12/2026"),
    ),
    (
        "company_agrees",
        words!("Accord de l’entreprise", "Répondez «\u{a0}Oui\u{a0}» quand l’entreprise accepte ce candidat.", ""),
    ),
];
