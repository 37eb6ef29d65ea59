//! What is wrong with the fields of a form and with identifiers.

use domain::form::{FieldError, FieldProblem};
use domain::identifiers::{IdentifierError, Kind};
use domain::order::OrderTransition;
use domain::path::Step;

use crate::typography::typeset;
use crate::{dates, fields, labels, numbers};

/// A problem of a field of a step on a path, behind the field's label.
pub fn field(step: Step, error: &FieldError) -> String {
    named(fields::path(step, &error.field).map_or(error.field.as_str(), |words| words.label), error)
}

/// A problem of a field of a step on a purchase order, behind the field's label.
pub fn order_field(transition: OrderTransition, error: &FieldError) -> String {
    named(fields::order(transition, &error.field).map_or(error.field.as_str(), |words| words.label), error)
}

/// A problem of a field whose form is not known.
pub fn field_error(error: &FieldError) -> String {
    named(fields::label(&error.field), error)
}

fn named(label: &str, error: &FieldError) -> String {
    typeset(&format!("{label} : {}", problem(&error.problem)))
}

/// A problem without the name of its field: it begins with a small letter and ends with the way out.
pub fn problem(problem: &FieldProblem) -> String {
    let text = match problem {
        FieldProblem::Missing => "ce champ est obligatoire, remplissez-le.".to_owned(),
        FieldProblem::Unknown { known } if known.is_empty() => {
            "ce champ n’existe pas, et ce formulaire n’en prend aucun. Retirez-le.".to_owned()
        }
        FieldProblem::Unknown { known } => {
            format!("ce champ n’existe pas dans ce formulaire. Champs possibles : {}.", known.join(", "))
        }
        FieldProblem::TooLong { max } => {
            let max = i64::try_from(*max).unwrap_or(i64::MAX);
            format!("le texte dépasse {}, raccourcissez-le.", numbers::count(max, "caractère", "caractères"))
        }
        FieldProblem::ControlCharacters => {
            "le texte contient des caractères invisibles, saisissez-le de nouveau.".to_owned()
        }
        FieldProblem::NotText => "un texte est attendu.".to_owned(),
        FieldProblem::NotBoolean => "répondez par oui ou par non.".to_owned(),
        FieldProblem::NotNumber => "indiquez un nombre entier, par exemple 12.".to_owned(),
        FieldProblem::NotPositive => "indiquez un nombre entier, 1 au moins.".to_owned(),
        FieldProblem::NotMoney => "indiquez un montant en euros, par exemple 1\u{a0}234,56.".to_owned(),
        FieldProblem::NotDay => "indiquez un jour qui existe, par exemple 14/12/2026.".to_owned(),
        FieldProblem::DayOutside { from, until } => {
            format!("choisissez un jour du {} au {}.", dates::numeric(*from), dates::numeric(*until))
        }
        FieldProblem::NotMoment => "indiquez un jour et une heure, par exemple 14/12/2026 10:30.".to_owned(),
        FieldProblem::NotChoice { choices } => {
            let named =
                |id: &&str| labels::choice(choices, id).map_or((*id).to_owned(), |label| format!("{id} ({label})"));
            let choices: Vec<_> = choices.iter().map(named).collect();
            format!("cette valeur n’est pas proposée. Choisissez parmi : {}.", choices.join(", "))
        }
        FieldProblem::NotDocument => "joignez un document, avec un nom et une empreinte complète.".to_owned(),
        FieldProblem::NotConditions => {
            "écrivez une condition par ligne, sa date d’abord, par exemple 01/12/2026 Aménager le poste.".to_owned()
        }
        FieldProblem::NotUnits => {
            "écrivez chaque option suivie de son nombre d’unités, une par ligne ou séparées par des virgules, par exemple P1 250.".to_owned()
        }
        FieldProblem::Identifier(error) => identifier(*error),
    };
    typeset(&text)
}

/// What is wrong with an identifier, then what it looks like.
pub fn identifier(error: IdentifierError) -> String {
    let shape = shape(error.kind());
    typeset(&match error {
        IdentifierError::Empty(_) => format!("rien n’est indiqué. {shape}"),
        IdentifierError::Length(_) => format!("la longueur ne convient pas. {shape}"),
        IdentifierError::NotDigits(_) => format!("des chiffres sont attendus. {shape}"),
        IdentifierError::Checksum(_) => {
            format!(
                "les chiffres ne s’accordent pas entre eux, sans doute par une faute de frappe. Relisez-les. {shape}"
            )
        }
        IdentifierError::Form(_) => format!("la forme ne convient pas. {shape}"),
        IdentifierError::OutOfRange(_) => format!("cette valeur n’existe pas. {shape}"),
    })
}

/// The name of an identifier.
pub fn identifier_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Siren => "SIREN",
        Kind::Siret => "SIRET",
        Kind::Commune => "Code INSEE de la commune",
        Kind::Department => "Département",
        Kind::Rome => "Code ROME",
        Kind::Nsf => "Code NSF",
        Kind::Rncp => "Numéro RNCP",
        Kind::TrainingLevel => "Niveau de formation",
        Kind::EmailAddress => "Adresse électronique",
        Kind::Phone => "Téléphone",
        Kind::Postcode => "Code postal",
        Kind::LotCode => "Code du lot",
        Kind::BodyCode => "Code de l’organisme",
        Kind::PathReference => "Référence du parcours",
        Kind::OrderReference => "Référence du bon de commande",
        Kind::Key => "Identifiant",
    }
}

fn shape(kind: Kind) -> &'static str {
    match kind {
        Kind::Siren => "Un SIREN compte 9 chiffres.",
        Kind::Siret => "Un SIRET compte 14 chiffres.",
        Kind::Commune => {
            "Un code INSEE de commune compte 5 caractères, par exemple 76217 ; ce n’est pas son code postal."
        }
        Kind::Department => "Un département s’écrit par son code, par exemple 14 ou 2A.",
        Kind::Rome => "Un code ROME est une lettre suivie de 4 chiffres, par exemple D1106.",
        Kind::Nsf => "Un code NSF compte 3 caractères et commence par un chiffre, par exemple 312.",
        Kind::Rncp => "Un numéro RNCP compte 6 chiffres au plus, par exemple RNCP37098.",
        Kind::TrainingLevel => "Un niveau de formation va de 1 à 8.",
        Kind::EmailAddress => "Une adresse électronique s’écrit comme nom@domaine.fr, sans espace.",
        Kind::Phone => "Un numéro de téléphone compte 10 chiffres, ou commence par + et l’indicatif du pays.",
        Kind::Postcode => "Un code postal compte 5 chiffres, par exemple 76200.",
        Kind::LotCode => "Un code de lot compte 8 lettres ou chiffres au plus, par exemple 1.",
        Kind::BodyCode => "Un code d’organisme s’écrit en minuscules, sans espace, par exemple afpa-normandie.",
        Kind::PathReference => "Une référence de parcours s’écrit comme FEST-1-2026-0042.",
        Kind::OrderReference => "Une référence de bon de commande s’écrit comme BC-1-2026-0007.",
        Kind::Key => "L’identifiant est celui que Jalon a donné.",
    }
}
