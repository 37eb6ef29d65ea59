//! Fields of the steps of a path.

mod acts;
mod transitions;

use domain::path::Step;

use super::{FieldWords, Fields};

pub(super) fn fields(step: Step) -> Fields {
    match step {
        Step::Transition(transition) => transitions::fields(transition),
        Step::Act(act) => acts::fields(act),
    }
}

const NAME: FieldWords = words!("Prénom et nom", "Tels que la personne les emploie.", "Camille Martin");
const EMAIL: FieldWords = words!(
    "Adresse électronique",
    "Les messages et les liens y sont envoyés. Laissez vide si la personne n’en a pas.",
    "camille.martin@entreprise.example",
);
const PHONE: FieldWords = words!("Téléphone", "Utile surtout sans adresse électronique.", "02 35 00 00 00");
