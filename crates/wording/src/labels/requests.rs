//! What the company is asked to confirm: the e-mail and the page say it in the same words.

use crate::numbers;

/// Why the company is asked for its commitment, once the training body has visited it.
pub fn commitment_asked(body: &str, job: &str, persons_wanted: u32) -> String {
    let persons = if persons_wanted < 2 {
        "une personne".to_owned()
    } else {
        numbers::count(persons_wanted, "personne", "personnes")
    };
    format!(
        "{body} étudie avec vous la possibilité de former {persons} au métier suivant\u{a0}: {job}. Avant de remettre son étude à la \
         Région, l’organisme demande l’accord de votre entreprise."
    )
}

/// What the company says when it confirms its commitment.
pub fn commitment_meaning() -> &'static str {
    "En confirmant, vous dites que votre entreprise souhaite cette formation et s’engage à en réunir les conditions\u{a0}: une \
     activité réelle pour apprendre, un tuteur, et du temps pour l’un et l’autre."
}

/// Why the company is asked to confirm the final report.
pub fn report_asked(body: &str) -> String {
    format!(
        "La formation est terminée. {body} a préparé le bilan final pour la Région et demande à votre entreprise de le confirmer."
    )
}

/// What the company says when it confirms the final report.
pub fn report_meaning() -> &'static str {
    "En confirmant, vous dites que le bilan décrit bien la formation qui a eu lieu dans votre entreprise."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_people_agrees() {
        let text = |persons| commitment_asked("Retravailler", "soudure", persons);
        assert!(text(1).contains("former une personne au métier suivant\u{a0}: soudure."), "{}", text(1));
        assert!(text(2).contains("former 2\u{a0}personnes au métier suivant"), "{}", text(2));
    }
}
