//! Why a command is refused, as a person is told: what, why, and what to do.
//!
//! One text per refusal, whole sentences, with what the reader needs to act. A refusal that gathers several problems (needs,
//! fields) gives one item each through [`lines`]. To add a refusal: its sentence here, its case in the tests, whose
//! snapshot is what a reviewer reads.

mod accounts;
mod forms;
mod needs;
mod orders;

use domain::Day;
use domain::form::FieldError;
use domain::path::command::RequestKind;
use domain::path::refusal::{HourLimit, Refusal};
use domain::path::table::row;
use domain::path::{State, Step, Transition};
use domain::people::Side;

pub use accounts::{account, delegation};
pub use forms::{field, field_error, identifier, identifier_kind, order_field, problem};
pub use needs::need;
pub use orders::order;

use crate::labels;
use crate::typography::typeset;
use crate::{dates, numbers};

/// The whole refusal as one text.
pub fn path(refusal: &Refusal) -> String {
    match lines(refusal).as_slice() {
        [one] => one.clone(),
        items => {
            let opening = match refusal {
                Refusal::Form { .. } => {
                    numbers::count(items.len() as i64, "champ est à corriger", "champs sont à corriger")
                }
                _ => numbers::count(items.len() as i64, "élément manque", "éléments manquent"),
            };
            format!("{opening}. {}", items.join(" "))
        }
    }
}

/// The refusal as items: one for each thing missing or each field to correct, one in all other cases.
pub fn lines(refusal: &Refusal) -> Vec<String> {
    match refusal {
        Refusal::Missing { needs } if !needs.is_empty() => needs.iter().map(need).collect(),
        Refusal::Form { errors } if !errors.is_empty() => errors.iter().map(field_error).collect(),
        other => vec![typeset(&sentence(other))],
    }
}

fn sentence(refusal: &Refusal) -> String {
    match refusal {
        Refusal::NotFound => {
            "Ce parcours n’existe pas ou ne vous est pas accessible. Vérifiez la référence ou revenez à la liste des parcours."
                .to_owned()
        }
        Refusal::WrongState { step, state, expected } => wrong_state(*step, *state, expected),
        Refusal::NotYourRole { step, reads_only } => not_your_role(*step, *reads_only),
        Refusal::AlreadyDone { step } => format!(
            "C’est déjà fait : {}. Consultez le parcours pour voir ce qui est attendu maintenant.",
            lower(labels::step_done(*step))
        ),
        Refusal::Missing { .. } => "Il manque des éléments. Consultez le parcours pour en voir la liste.".to_owned(),
        Refusal::Form { .. } => "Des champs sont à corriger. Vérifiez le formulaire.".to_owned(),
        Refusal::SamePerson => "La personne qui a remis la prestation ne peut pas décider de son admission. Une autre personne \
             de la Région doit prendre la décision."
            .to_owned(),
        Refusal::SilenceAdmitted { prestation, on } => format!(
            "Il est trop tard pour décider : sans réponse de la Région, {} est admise depuis la fin de la vérification, le {}. \
             Consultez le parcours pour voir la suite.",
            labels::the_prestation(*prestation),
            dates::medium(*on)
        ),
        Refusal::TooEarly { until } => {
            format!("Il est trop tôt : le délai court {}. Attendez qu’il soit écoulé.", dates::until(*until))
        }
        Refusal::TooLate { until } => format!(
            "Il est trop tard : le délai a pris fin le {}. Consultez le parcours pour voir ce qui est attendu maintenant.",
            dates::medium(*until)
        ),
        Refusal::InTheFuture { day } => {
            format!("Le {} n’est pas encore passé. Indiquez aujourd’hui ou un jour antérieur.", dates::medium(*day))
        }
        Refusal::NotOver { until } => format!(
            "La séquence ne finit que le {} : elle se consigne une fois terminée. Corrigez son heure de fin, ou attendez-la.",
            dates::moment(*until)
        ),
        Refusal::Before { day, earliest } => out_of_bounds(*day, "trop tôt", *earliest, "postérieur"),
        Refusal::After { day, latest } => out_of_bounds(*day, "trop tard", *latest, "antérieur"),
        Refusal::NoPlace { lot, year } => format!(
            "Il ne reste aucune place dans le lot {lot} pour {year}. Attendez qu’une place se libère, ou demandez à la Région \
             d’en ajouter par avenant."
        ),
        Refusal::NoUnit { option } => format!(
            "Il ne reste aucune unité « {} » sur les bons de commande notifiés du lot. La Région doit notifier un bon de \
             commande qui en contient.",
            labels::option_with_code(*option)
        ),
        Refusal::OtherTerritory { department, lot: Some(lot) } => format!(
            "Le département {} relève du lot {lot}. Confiez le besoin à ce lot, ou demandez une dérogation à la Région.",
            labels::department_with_code(department)
        ),
        Refusal::OtherTerritory { department, lot: None } => format!(
            "Aucun lot du marché ne couvre le département {}. Vérifiez le code INSEE de la commune.",
            labels::department_with_code(department)
        ),
        Refusal::DerogationByRegion => "Confier un besoin à un autre lot que celui de sa commune est une dérogation, que la \
             Région accorde avec un motif. Indiquez ce motif."
            .to_owned(),
        Refusal::OutsideMarket { day } => format!(
            "Le marché ne couvre pas le {}. Choisissez un jour compris dans la durée du marché.",
            dates::medium(*day)
        ),
        Refusal::TooManyHours { hours, most, limit } => too_many_hours(*hours, *most, *limit),
        Refusal::NoHours => "Le programme doit compter des heures d’AFEST, par semaine et par jour. Indiquez des nombres \
             supérieurs à zéro."
            .to_owned(),
        Refusal::Overlap { number } => format!(
            "Cette période recouvre la séquence n° {number} du relevé. Corrigez le début ou la fin : une personne suit une seule \
             séquence à la fois."
        ),
        Refusal::Suspended { since, until: Some(until) } => format!(
            "La formation était suspendue du {} au {}, jour de la reprise exclu. Corrigez la date de la séquence.",
            dates::medium(*since),
            dates::medium(*until)
        ),
        Refusal::Suspended { since, until: None } => format!(
            "La formation est suspendue depuis le {}. Corrigez la date de la séquence, ou déclarez d’abord la reprise.",
            dates::medium(*since)
        ),
        Refusal::Backwards => "La fin doit suivre le début. Corrigez l’un des deux.".to_owned(),
        Refusal::OtherVersion { current } => format!(
            "Le PIF a changé : la version à signer est la version {current}. Relisez cette version avant de signer."
        ),
        Refusal::HoursProven => "Des séquences sont déjà enregistrées : l’entrée a eu lieu et ne s’annule plus. Déclarez \
             plutôt la fin de la formation."
            .to_owned(),
        Refusal::AmountTooHigh { amount, most } => format!(
            "Ce montant, {}, dépasse ce qui peut être décidé, {} hors taxes. Indiquez un montant égal ou inférieur.",
            numbers::euros(*amount),
            numbers::euros(*most)
        ),
        Refusal::NotAsked { request } => format!(
            "Rien n’est demandé à ce titre pour le moment : {}. Consultez le parcours pour voir ce qui est attendu.",
            lower(labels::request_kind(*request))
        ),
        Refusal::NotAnswered { request } => format!(
            "Aucune réponse n’est enregistrée à ce titre : {}. Il n’y a rien à contester.",
            lower(labels::request_kind(*request))
        ),
        Refusal::NotAskedAgain { request: RequestKind::SignSequences } => {
            "Une séquence signée se corrige : la nouvelle est alors à signer. Choisissez « Corriger une donnée »."
                .to_owned()
        }
        Refusal::NotAskedAgain { request } => format!(
            "À cette étape du parcours, cette réponse ne se redemande pas : {}. Consultez le parcours pour voir ce qui est \
             attendu.",
            lower(labels::request_kind(*request))
        ),
        Refusal::SourceNotFit { state: State::Cancelled } => {
            "Le parcours d’origine est annulé. Choisissez-en un autre, prêt à mettre en œuvre ou plus avancé.".to_owned()
        }
        Refusal::SourceNotFit { state } => format!(
            "Le parcours d’origine est à l’état « {} » : sa préparation n’est pas admise. Choisissez un parcours prêt à mettre \
             en œuvre ou plus avancé.",
            labels::state(*state)
        ),
        Refusal::OutcomeReason => {
            "Cette issue demande un motif. Indiquez pourquoi la formation ne va pas à son terme.".to_owned()
        }
        Refusal::NothingToCorrect { datum } => format!(
            "« {} » n’est pas encore renseigné sur ce parcours, ou ne l’est plus. Il n’y a rien à corriger.",
            labels::datum(*datum)
        ),
        Refusal::Delivered { prestation } => format!(
            "La remise attend la décision de la Région sur {} : ce qui la fonde ne change pas pendant ce temps. Demandez à la \
             Région de l’ajourner, corrigez, puis remettez de nouveau.",
            labels::the_prestation(*prestation)
        ),
        Refusal::Decided { prestation, amount } => format!(
            "La décision est prise sur {}, pour {} hors taxes : ce qui a été admis ne change plus. Signalez l’erreur par une \
             note ; la Région la règle avec l’organisme au paiement.",
            labels::the_prestation(*prestation),
            numbers::euros(*amount)
        ),
        Refusal::LotOrdered { department, lot } => format!(
            "Le département {} relève du lot {lot}, mais le parcours ne change plus de lot : une prestation est commandée, ou il \
             est terminé. La Région peut l’y garder par dérogation ; sinon, annulez-le et signalez le besoin dans le lot {lot}.",
            labels::department_with_code(department)
        ),
        Refusal::OtherCompany => "Ce SIRET est celui d’une autre entreprise, et une prestation est déjà commandée pour celle \
             du parcours. Demandez à la Région cette correction, ou l’annulation du parcours pour en signaler un autre."
            .to_owned(),
        Refusal::NoAbsence { number } => {
            format!("Il n’y a pas d’absence n° {number}. Vérifiez le numéro dans la liste des absences.")
        }
        Refusal::Unchanged => "La valeur indiquée est celle d’aujourd’hui. Il n’y a rien à enregistrer.".to_owned(),
        Refusal::NoSequence { number } => {
            format!("Le relevé n’a pas de séquence n° {number}. Vérifiez le numéro dans la liste des séquences.")
        }
        Refusal::NoProposal { number } => {
            format!("Aucune correction n° {number} n’a été proposée. Vérifiez le numéro dans l’historique du parcours.")
        }
        Refusal::NoCondition { number } => {
            format!("L’étude n’a pas de condition n° {number}. Vérifiez le numéro dans la liste des conditions.")
        }
        Refusal::CandidateWaiting => "Une personne attend déjà une place sur ce parcours. Attendez qu’une place lui soit \
             proposée avant d’en retenir une autre."
            .to_owned(),
        Refusal::NoCandidate => "Personne n’est retenu ni en attente d’une place sur ce parcours. Consultez le parcours pour voir \
             où en est la sélection."
            .to_owned(),
        Refusal::NoColleague { function } => format!(
            "Personne n’a cette fonction dans l’entreprise : {}. Désignez d’abord quelqu’un.",
            lower(labels::company_function(*function))
        ),
        Refusal::SignatoryAnswers => "Un signataire est désigné pour l’entreprise : c’est à lui de répondre, par le lien \
             qu’il a reçu. Le contact de l’entreprise peut le remplacer ou le retirer."
            .to_owned(),
        Refusal::AdjournmentAnswered { accepted, on } => format!(
            "L’ajournement a déjà reçu une réponse : il a été {} le {}. Cette réponse ne change plus.",
            if *accepted { "accepté" } else { "refusé" },
            dates::medium(*on)
        ),
        Refusal::TutorTrained => "La formation du tuteur est déjà prouvée : il n’y a pas d’unité à commander. Changez d’abord de \
             tuteur si une autre personne doit être formée."
            .to_owned(),
        Refusal::LetterGiven { request } => format!(
            "Une lettre de l’entreprise répond déjà à cette demande : {}. Il n’y a rien à lui demander.",
            lower(labels::request_kind(*request))
        ),
        Refusal::NoLevelToApprove => "Aucun changement de niveau de prix n’est à approuver sur ce parcours. Consultez le \
             programme individuel pour voir le niveau en vigueur."
            .to_owned(),
        Refusal::Age => {
            "L’âge à l’entrée n’est pas plausible. Vérifiez la date de naissance et la date d’entrée prévue.".to_owned()
        }
        Refusal::RegionOnly => "Une prestation est déjà commandée : la Région seule peut annuler le parcours. Demandez-lui \
             l’annulation."
            .to_owned(),
    }
}

/// More states than this are said by their first and their last.
const MOST_STATES_LISTED: usize = 4;

fn wrong_state(step: Step, state: State, expected: &[State]) -> String {
    let name = labels::step(step);
    if expected.is_empty() {
        return format!("« {name} » ouvre un nouveau parcours. Faites-le depuis la liste des parcours.");
    }
    let opening = format!("« {name} » n’est pas possible : le parcours est à l’état « {} ».", labels::state(state));
    let way_out = if state.is_final() {
        "Ce parcours est terminé.".to_owned()
    } else if let (Step::Transition(Transition::Cancel), Some(prestation)) = (step, state.delivered()) {
        format!("La Région doit d’abord décider sur {}.", labels::the_prestation(prestation))
    } else if expected.len() > MOST_STATES_LISTED {
        let ends = [expected.first(), expected.last()].map(|state| state.map_or("", |state| labels::state(*state)));
        format!("C’est possible entre les états « {} » et « {} ».", ends[0], ends[1])
    } else {
        let states: Vec<_> = expected.iter().map(|state| format!("« {} »", labels::state(*state))).collect();
        format!("C’est possible à l’état {}.", numbers::either(&states))
    };
    format!("{opening} {way_out}")
}

fn not_your_role(step: Step, reads_only: bool) -> String {
    let name = labels::step(step);
    if step == Step::Act(domain::path::Act::SettleCondition) && !reads_only {
        return "L’organisme constate qu’une condition est remplie ; la Région seule y renonce. Demandez-lui d’y renoncer si \
                elle ne peut pas être remplie."
            .to_owned();
    }
    let people: Vec<_> = row(step).by.iter().filter(|side| **side != Side::System).collect();
    if people.is_empty() {
        return format!("« {name} » se fait automatiquement, à l’échéance. Il n’y a rien à faire.");
    }
    another_role(name, people.into_iter(), reads_only)
}

/// Who does it instead; a reader of the Region is not sent back to the Region.
fn another_role<'a>(name: &str, sides: impl Iterator<Item = &'a Side>, reads_only: bool) -> String {
    let who = |side: &Side| match side {
        Side::Region if reads_only => "à une personne chargée du suivi du dispositif".to_owned(),
        other => labels::to_the_side(*other).to_owned(),
    };
    let own = if reads_only { " : votre compte permet de consulter, pas d’agir" } else { "" };
    format!(
        "« {name} » ne relève pas de votre rôle{own}. Demandez-le {}.",
        numbers::either(&sides.map(who).collect::<Vec<_>>())
    )
}

fn out_of_bounds(day: Day, how: &str, bound: Day, direction: &str) -> String {
    format!("Le {} est {how}. Indiquez le {} ou un jour {direction}.", dates::medium(day), dates::medium(bound))
}

fn too_many_hours(hours: u32, most: u32, limit: HourLimit) -> String {
    let (hours, most) = (numbers::hours(hours), numbers::hours(most));
    match limit {
        HourLimit::Day => {
            format!("Cela ferait {hours} dans la journée, pour {most} au plus. Réduisez la durée ou changez de jour.")
        }
        HourLimit::Week => {
            format!(
                "Cela ferait {hours} dans la semaine, pour {most} au plus. Réduisez la durée ou changez de semaine."
            )
        }
        HourLimit::Period => format!(
            "Le programme compte {hours}, mais {most} au plus tiennent entre ses deux dates. Reportez la date de fin ou réduisez \
             les heures."
        ),
    }
}

/// A label inside a sentence: its first letter small, unless it begins an acronym.
pub(crate) fn lower(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => label.to_owned(),
    }
}

/// The problems of a form as one text, when its step is known.
pub fn form(step: Step, errors: &[FieldError]) -> String {
    errors.iter().map(|error| field(step, error)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
