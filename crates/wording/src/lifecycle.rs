//! The French words of the lifecycle's picture and page, which [`domain::lifecycle`] draws.

use domain::lifecycle::{Labels, Word};
use domain::market::Prestation;
use domain::path::command::Datum;
use domain::path::correction::{Bound, Effect, Moved};
use domain::path::{State, Step};
use domain::people::{OutsideRole, RecipientRole, Side};
use domain::told::Told;

use crate::labels;

/// The lifecycle in French.
#[derive(Debug, Clone, Copy, Default)]
pub struct French;

impl Labels for French {
    fn state(&self, state: State) -> String {
        labels::state(state).to_owned()
    }

    fn step(&self, step: Step) -> String {
        labels::step(step).to_owned()
    }

    /// Short: it stands under every arrow.
    fn side(&self, side: Side) -> String {
        match side {
            Side::Body => "Organisme",
            Side::System => "échéance",
            Side::Region | Side::Finance | Side::Company | Side::Trainee | Side::Tutor => labels::side(side),
        }
        .to_owned()
    }

    fn role(&self, role: RecipientRole) -> String {
        labels::recipient(role).to_owned()
    }

    fn outside(&self, role: OutsideRole) -> String {
        labels::outside_role(role).to_owned()
    }

    fn phase(&self, phase: Option<Prestation>) -> String {
        phase.map_or("Fin du parcours", labels::prestation).to_owned()
    }

    fn told(&self, told: Told) -> String {
        labels::told(told).to_owned()
    }

    fn datum(&self, datum: Datum) -> String {
        labels::datum(datum).to_owned()
    }

    fn effect(&self, effect: Effect) -> String {
        labels::effect(effect).to_owned()
    }

    fn bound(&self, bound: Bound) -> String {
        labels::bound(bound).to_owned()
    }

    fn moved(&self, moved: Moved) -> String {
        labels::moved(moved).to_owned()
    }

    fn word(&self, word: Word) -> String {
        match word {
            Word::Title => "Cycle de vie d’un parcours",
            Word::Description => {
                "Les états d’un parcours FEST, ce qui fait passer de l’un à l’autre, et qui peut le faire."
            }
            Word::Transitions => "Changements d’état",
            Word::Acts => "Actes",
            Word::Transition => "Changement d’état",
            Word::Act => "Acte",
            Word::From => "Depuis",
            Word::To => "Vers",
            Word::By => "Par",
            Word::Told => "Les dernières colonnes disent qui reçoit un message.",
            Word::Opening => "Ouverture",
            Word::AnyState => "Tout état",
            Word::AnyOpenState => "Tout état non terminé",
            Word::CancelledFrom => "Depuis\u{a0}:",
            Word::Generated => {
                "Page produite par `jalon lifecycle` à partir de la table du domaine\u{a0}: pour la changer, changez la table."
            }
            Word::RegionActs => "À la Région d’agir",
            Word::BodyActs => "À l’organisme d’agir",
            Word::Adjourned => "Livrable ajourné",
            Word::Closed => "Parcours mené à son terme",
            Word::Ended => "Parcours arrêté avant",
            Word::Colleagues => "Interlocuteurs de l’entreprise",
            Word::ColleaguesAre => {
                "Ce que font et reçoivent les personnes de l’entreprise qui ont une fonction\u{a0}; tant qu’une fonction n’a personne, le contact l’exerce. Un signataire désigné répond seul pour l’entreprise."
            }
            Word::ByInCompany => "Par, dans l’entreprise",
            Word::Corrections => "Corrections",
            Word::CorrectionsAre => {
                "Ce que fait la correction d’une donnée au-delà de la valeur\u{a0}: ce qui avait été confirmé ou signé est demandé de nouveau sous une version que les anciens liens ne signent pas."
            }
            Word::Datum => "Donnée",
            Word::Effect => "Effet",
            Word::AsksAgain => "Demandé de nouveau",
            Word::Informs => "Prévenus dans tous les cas",
            Word::Moves => "Ce qui suit",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::typography;

    #[test]
    fn the_words_are_set_as_the_screens_are() {
        for word in Word::iter() {
            assert_eq!(typography::check(&French.word(word)), [], "{word:?}");
        }
    }
}
