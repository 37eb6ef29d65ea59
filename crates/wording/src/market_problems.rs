//! The problems of a file of markets, as sentences that say what is wrong and how to mend it.
//!
//! The key and the line are shown beside the sentence by the caller. To add a kind: an arm of [`sentence`], a case in the
//! test.

use domain::calendar::Span;
use domain::identifiers::{IdentifierError, Kind};
use domain::market::{Expected, Prestation, Problem, ProblemKind};
use domain::money::Cents;

/// The sentence of a problem.
pub fn sentence(problem: &Problem) -> String {
    match &problem.kind {
        ProblemKind::Syntax { line } => format!(
            "L’écriture n’est pas du TOML valable près de «\u{a0}{line}\u{a0}». Vérifiez guillemets, crochets et signe égal."
        ),
        ProblemKind::UnknownKey { known } => {
            format!("Cette clé n’existe pas. Clés possibles ici\u{a0}: {}.", known.join(", "))
        }
        ProblemKind::MissingKey => "Cette clé est nécessaire et manque. Ajoutez-la.".to_owned(),
        ProblemKind::Expected(expected) => expectation(*expected),
        ProblemKind::Identifier(error) => identifier(*error),
        ProblemKind::Empty => "Cette valeur est vide. Complétez-la.".to_owned(),
        ProblemKind::NotPositive => "Cette valeur doit être supérieure à zéro.".to_owned(),
        ProblemKind::TooLarge { most } => {
            format!("Ce montant dépasse {}\u{a0}: vérifiez qu’il est bien en euros, sans zéro de trop.", euros(*most))
        }
        ProblemKind::EndsBeforeStart { starts_on } => format!(
            "Le marché doit finir après son premier jour, le {}. Corrigez l’une des deux dates.",
            starts_on.format("%d/%m/%Y")
        ),
        ProblemKind::MarketTwice { code } => {
            format!("Deux marchés portent le code «\u{a0}{code}\u{a0}». Donnez à chacun le sien.")
        }
        ProblemKind::UnknownMarket { code } => format!(
            "Le fichier ne contient pas de marché «\u{a0}{code}\u{a0}». Nommez l’un de ceux qu’il contient, ou donnez toutes les sections."
        ),
        ProblemKind::LotTwice { lot } => {
            format!("Deux lots portent le code «\u{a0}{lot}\u{a0}». Donnez à chacun le sien.")
        }
        ProblemKind::DepartmentTwice { department, lot } => format!(
            "Le département {department} est déjà dans le lot {lot}. Un département n’est que dans un lot, et une fois."
        ),
        ProblemKind::HolderDiffers { holder } => format!(
            "Le titulaire «\u{a0}{holder}\u{a0}» est décrit de deux façons. Écrivez partout le même nom, la même adresse et le même téléphone."
        ),
        ProblemKind::MaximumBelowPlanned { planned } => {
            format!("Le maximum doit être au moins égal aux places prévues, {planned}.")
        }
        ProblemKind::OptionTwice { option } => format!("L’option {option} figure deux fois. Retirez-en une."),
        ProblemKind::UnknownHolder { holder, known } => {
            let known: Vec<_> = known.iter().map(ToString::to_string).collect();
            format!(
                "Aucun lot n’a pour titulaire «\u{a0}{holder}\u{a0}». Titulaires des lots\u{a0}: {}.",
                known.join(", ")
            )
        }
        ProblemKind::PriceTwice { option, holder } => {
            format!("Le prix de {option} est donné deux fois pour «\u{a0}{holder}\u{a0}». Gardez le bon.")
        }
        ProblemKind::PriceMissing { option, holder } => format!(
            "L’option {option} peut être commandée mais n’a pas de prix pour «\u{a0}{holder}\u{a0}». Ajoutez ce prix, ou retirez l’option."
        ),
        ProblemKind::LevelsNotAscending { n2_from } => {
            format!("Le niveau N3 doit commencer après le niveau N2, qui commence à {n2_from}\u{a0}heures.")
        }
        ProblemKind::CcagMissing { prestation } => format!(
            "Les conditions générales de {} manquent. Ajoutez leur texte, leur délai de vérification et leur diviseur de pénalité.",
            prestation_name(*prestation)
        ),
        ProblemKind::ClockMissing { clock } => {
            format!("Le délai «\u{a0}{clock}\u{a0}» manque. Ajoutez-le, avec au moins sa durée (span).")
        }
        ProblemKind::SpanEmpty => "Cette durée est nulle. Donnez au moins un jour.".to_owned(),
        ProblemKind::ReminderBeforeStart { days, span } => format!(
            "Une relance {days}\u{a0}jours avant l’échéance partirait avant le début du délai, qui dure {}. Choisissez moins de jours.",
            span_text(*span)
        ),
        ProblemKind::NotBetween { min, max } => format!("La valeur doit être comprise entre {min} et {max}."),
        ProblemKind::NotAscending => {
            "Ces valeurs doivent être différentes, et les seuils aller du plus petit au plus grand.".to_owned()
        }
    }
}

fn expectation(expected: Expected) -> String {
    match expected {
        Expected::Text => "Un texte d’une ligne, entre guillemets, est attendu.".to_owned(),
        Expected::Boolean => "La valeur attendue est true (oui) ou false (non), sans guillemets.".to_owned(),
        Expected::Number => "Un nombre entier, sans guillemets ni signe, est attendu.".to_owned(),
        Expected::Euros => {
            "Un montant en euros est attendu, sans guillemets ni signe, avec deux décimales au plus\u{a0}: 600 ou 600.50.".to_owned()
        }
        Expected::Rate => "Un taux en pour cent est attendu, de 0 à 100, sans guillemets\u{a0}: 20 ou 5.5.".to_owned(),
        Expected::Day => "Un jour qui existe est attendu, année en tête\u{a0}: 2023-07-01.".to_owned(),
        Expected::Time => "Une heure entre guillemets est attendue\u{a0}: \"20:00\".".to_owned(),
        Expected::Span => {
            "Une durée entre guillemets est attendue\u{a0}: \"15 d\" (jours), \"3 wd\" (jours ouvrés) ou \"2 m\" (mois).".to_owned()
        }
        Expected::Code => {
            "Un code est attendu\u{a0}: 40 caractères au plus, minuscules, chiffres et traits d’union, par exemple fest-2023."
                .to_owned()
        }
        Expected::List => "Une liste entre crochets est attendue\u{a0}: [\"76\", \"27\"].".to_owned(),
        Expected::Section => "Une section est attendue, entre crochets simples ou entre accolades.".to_owned(),
        Expected::Sections => "Des sections entre doubles crochets sont attendues\u{a0}: [[market.lots]].".to_owned(),
        Expected::OneOf(choices) => format!("La valeur doit être l’une de celles-ci\u{a0}: {}.", choices.join(", ")),
    }
}

fn identifier(error: IdentifierError) -> String {
    let name = identifier_name(error.kind());
    match error {
        IdentifierError::Empty(_) => format!("{name}\u{a0}: la valeur est vide. Complétez-la."),
        IdentifierError::Length(_) => {
            format!("{name}\u{a0}: le nombre de caractères ne convient pas. Vérifiez la saisie.")
        }
        IdentifierError::NotDigits(_) => format!("{name}\u{a0}: seuls des chiffres sont attendus."),
        IdentifierError::Checksum(_) => {
            format!("{name}\u{a0}: la clé de contrôle ne correspond pas, il y a sans doute une faute de frappe.")
        }
        IdentifierError::Form(_) => {
            format!("{name}\u{a0}: la forme ne convient pas. {}", identifier_example(error.kind()))
        }
        IdentifierError::OutOfRange(_) => {
            format!("{name}\u{a0}: cette valeur n’existe pas. {}", identifier_example(error.kind()))
        }
    }
}

fn identifier_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Siren => "Numéro SIREN",
        Kind::Siret => "Numéro SIRET",
        Kind::Commune => "Code INSEE de la commune",
        Kind::Department => "Département",
        Kind::Rome => "Code ROME",
        Kind::Nsf => "Code NSF",
        Kind::Rncp => "Numéro RNCP",
        Kind::TrainingLevel => "Niveau de formation",
        Kind::EmailAddress => "Adresse de courriel",
        Kind::Phone => "Téléphone",
        Kind::Postcode => "Code postal",
        Kind::LotCode => "Code du lot",
        Kind::BodyCode => "Code de l’organisme",
        Kind::PathReference => "Référence du parcours",
        Kind::OrderReference => "Référence du bon de commande",
        Kind::Key => "Identifiant technique",
    }
}

fn identifier_example(kind: Kind) -> &'static str {
    match kind {
        Kind::Siren => "Exemple\u{a0}: 732829320.",
        Kind::Siret => "Exemple\u{a0}: 73282932000074.",
        Kind::Commune => "Exemple\u{a0}: 76540.",
        Kind::Department => "Exemples\u{a0}: 76, 2A, 974.",
        Kind::Rome => "Exemple\u{a0}: D1106.",
        Kind::Nsf => "Exemple\u{a0}: 326.",
        Kind::Rncp => "Exemple\u{a0}: RNCP37098.",
        Kind::TrainingLevel => "Niveaux\u{a0}: de 1 à 8.",
        Kind::EmailAddress => "Exemple\u{a0}: nom@organisme.example.",
        Kind::Phone => "Exemple\u{a0}: 02 35 00 00 00.",
        Kind::Postcode => "Exemple\u{a0}: 76000.",
        Kind::LotCode => "Exemple\u{a0}: 1.",
        Kind::BodyCode => "Minuscules, chiffres et traits d’union\u{a0}: afpa-normandie.",
        Kind::PathReference => "Exemple\u{a0}: FEST-1-2026-0042.",
        Kind::OrderReference => "Exemple\u{a0}: BC-1-2026-0007.",
        Kind::Key => "Copiez-le depuis la page qui l’affiche.",
    }
}

fn prestation_name(prestation: Prestation) -> &'static str {
    match prestation {
        Prestation::Feasibility => "l’étude de faisabilité (feasibility)",
        Prestation::Preparation => "la préparation (preparation)",
        Prestation::Implementation => "la mise en œuvre (implementation)",
    }
}

fn span_text(span: Span) -> String {
    match span {
        Span::Days(1) => "1\u{a0}jour".to_owned(),
        Span::Days(number) => format!("{number}\u{a0}jours"),
        Span::WorkingDays(1) => "1\u{a0}jour ouvré".to_owned(),
        Span::WorkingDays(number) => format!("{number}\u{a0}jours ouvrés"),
        Span::Months(number) => format!("{number}\u{a0}mois"),
    }
}

/// Whole euros, thousands apart: the bounds told here have no cents.
fn euros(amount: Cents) -> String {
    let digits = (amount.get() / 100).to_string();
    let mut text = String::new();
    for (rank, digit) in digits.chars().enumerate() {
        if rank > 0 && (digits.len() - rank).is_multiple_of(3) {
            text.push('\u{a0}');
        }
        text.push(digit);
    }
    format!("{text}\u{a0}€")
}

#[cfg(test)]
mod tests {
    use domain::calendar::Day;
    use domain::identifiers::{BodyCode, Department, LotCode};
    use domain::market::{ClockKind, OptionCode};

    use super::*;

    fn every_kind() -> Vec<ProblemKind> {
        let holder = BodyCode::parse("afpa-normandie").unwrap();
        let lot = LotCode::parse("1").unwrap();
        let option = OptionCode::M2;
        let mut kinds = vec![
            ProblemKind::Syntax { line: "code = fest".into() },
            ProblemKind::UnknownKey { known: vec!["policy", "alert_percents"] },
            ProblemKind::MissingKey,
            ProblemKind::Empty,
            ProblemKind::NotPositive,
            ProblemKind::TooLarge { most: Cents::new(100_000_000) },
            ProblemKind::EndsBeforeStart { starts_on: Day::from_ymd_opt(2023, 7, 1).unwrap() },
            ProblemKind::MarketTwice { code: "fest-2023".into() },
            ProblemKind::UnknownMarket { code: "fest-2024".into() },
            ProblemKind::LotTwice { lot: lot.clone() },
            ProblemKind::DepartmentTwice { department: Department::parse("76").unwrap(), lot },
            ProblemKind::HolderDiffers { holder: holder.clone() },
            ProblemKind::MaximumBelowPlanned { planned: 250 },
            ProblemKind::OptionTwice { option },
            ProblemKind::UnknownHolder { holder: holder.clone(), known: vec![holder.clone()] },
            ProblemKind::PriceTwice { option, holder: holder.clone() },
            ProblemKind::PriceMissing { option, holder },
            ProblemKind::LevelsNotAscending { n2_from: 150 },
            ProblemKind::CcagMissing { prestation: Prestation::Preparation },
            ProblemKind::ClockMissing { clock: ClockKind::StudyDue },
            ProblemKind::SpanEmpty,
            ProblemKind::ReminderBeforeStart { days: 30, span: Span::days(30) },
            ProblemKind::NotBetween { min: 1, max: 99 },
            ProblemKind::NotAscending,
        ];
        kinds.extend(
            [
                Expected::Text,
                Expected::Boolean,
                Expected::Number,
                Expected::Euros,
                Expected::Rate,
                Expected::Day,
                Expected::Time,
                Expected::Span,
                Expected::Code,
                Expected::List,
                Expected::Section,
                Expected::Sections,
                Expected::OneOf(&["block", "waitlist", "warn"]),
            ]
            .map(ProblemKind::Expected),
        );
        kinds.extend(
            [
                IdentifierError::Empty(Kind::BodyCode),
                IdentifierError::Length(Kind::LotCode),
                IdentifierError::NotDigits(Kind::Phone),
                IdentifierError::Checksum(Kind::Siret),
                IdentifierError::Form(Kind::EmailAddress),
                IdentifierError::OutOfRange(Kind::Department),
            ]
            .map(ProblemKind::Identifier),
        );
        kinds
    }

    #[test]
    fn every_problem_has_its_sentence() {
        let kinds = every_kind();
        let codes: std::collections::BTreeSet<_> = kinds.iter().map(ProblemKind::code).collect();
        assert_eq!(codes.len(), 26, "every kind of problem is here");
        let sentences: Vec<String> =
            kinds.into_iter().map(|kind| sentence(&Problem { key: "market.0".into(), kind })).collect();
        for text in &sentences {
            assert!(text.ends_with('.') && !text.contains('!') && !text.contains('\''), "{text}");
            for mark in [" :", " ;", " ?", " €", "« ", " »"] {
                assert!(!text.contains(mark), "a breaking space in {text}");
            }
        }
        insta::assert_snapshot!(sentences.join("\n"));
    }
}
