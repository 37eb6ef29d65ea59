//! Why an account does not change, and why a delegation is not made.

use domain::accounts::AccountRefusal;
use domain::delegation::{DelegationRefusal, Standing};

use crate::typography::typeset;
use crate::{dates, labels, numbers};

/// The whole refusal as one text.
pub fn account(refusal: &AccountRefusal) -> String {
    typeset(&sentence(refusal))
}

fn sentence(refusal: &AccountRefusal) -> String {
    match refusal {
        AccountRefusal::OwnRole => {
            "Votre propre rôle ne se change pas d’ici. Demandez-le à une autre personne de l’administration.".to_owned()
        }
        AccountRefusal::LastAdministrator => {
            "C’est le dernier compte d’administration ouvert. Ouvrez-en un autre d’abord.".to_owned()
        }
        AccountRefusal::OtherOrganisation { role } => format!(
            "Un compte reste dans son organisation : celui-ci ne peut pas devenir « {} ». Créez un autre compte, puis \
             fermez celui-ci.",
            labels::staff_role(*role)
        ),
        AccountRefusal::WithoutLastDay => {
            "Le compte d’un audit a un dernier jour. Donnez le dernier jour de l’audit, compris.".to_owned()
        }
        AccountRefusal::LastDayPassed { last } => {
            format!("Le {} est déjà passé. Donnez un dernier jour à venir, ou fermez le compte.", dates::medium(*last))
        }
        AccountRefusal::HoldsPaths { paths } => {
            let paths = i64::try_from(*paths).unwrap_or(i64::MAX);
            format!(
                "{} sans personne si ce compte fermait. Choisissez qui les reprend.",
                numbers::count(paths, "parcours ouvert resterait", "parcours ouverts resteraient")
            )
        }
        AccountRefusal::CannotTakeOver { name } => {
            format!("{name} ne peut pas reprendre ces parcours. Choisissez une coordination ouverte du même organisme.")
        }
    }
}

/// The whole refusal of a delegation as one text.
pub fn delegation(refusal: &DelegationRefusal) -> String {
    typeset(&of_delegation(refusal))
}

fn of_delegation(refusal: &DelegationRefusal) -> String {
    match refusal {
        DelegationRefusal::DoesNotDelegate { role } => format!(
            "Le rôle « {} » n’a rien à déléguer. Seules la coordination et l’instruction délèguent.",
            labels::staff_role(*role)
        ),
        DelegationRefusal::AccountClosed { name } => {
            format!("Le compte de {name} est fermé. Rouvrez-le, ou transmettez ses parcours.")
        }
        DelegationRefusal::NotAColleague { name } => format!(
            "{name} ne peut pas assurer ce remplacement. Choisissez un compte ouvert du même rôle, du même organisme et \
             des mêmes lots."
        ),
        DelegationRefusal::StartsInThePast { today } => {
            format!("Une délégation commence au plus tôt aujourd’hui, {}.", dates::medium(*today))
        }
        DelegationRefusal::EndsBeforeItStarts { starts_on } => {
            format!("Le dernier jour précède le premier, {}. Inversez-les.", dates::medium(*starts_on))
        }
        DelegationRefusal::AlreadyAway { stands } => {
            format!("{}. Mettez fin à cette délégation, ou choisissez d’autres jours.", stands_in(stands))
        }
        DelegationRefusal::Circular { stands } => format!(
            "{} : une délégation ne revient pas à qui l’a donnée. Choisissez une autre personne ou d’autres jours.",
            stands_in(stands)
        ),
        DelegationRefusal::StandInAway { stands } => format!(
            "{} : qui s’absente ne remplace personne. Choisissez une autre personne ou d’autres jours.",
            stands_in(stands)
        ),
        DelegationRefusal::StandsIn { stands } => format!(
            "{} : une délégation ne se transmet pas. Mettez-y fin d’abord, ou choisissez d’autres jours.",
            stands_in(stands)
        ),
        DelegationRefusal::TwoAtOnce { stands } => format!(
            "{}, sur un même lot : on ne saurait plus au nom de qui. Choisissez une autre personne ou d’autres jours.",
            stands_in(stands)
        ),
    }
}

/// `Hugo Petit remplace déjà Claire Morel du 7 au 13 décembre 2026`.
fn stands_in(stands: &Standing) -> String {
    format!("{} remplace déjà {} {}", stands.to, stands.from, dates::period(stands.starts_on, stands.ends_on))
}
