//! Accounts: the list, one of them, creating and changing one.

use std::fmt::Display;

pub const ADDRESS: &str = "Adresse";
pub const NAME: &str = "Nom";
pub const ROLE: &str = "Rôle";
pub const BODY: &str = "Organisme de formation";
pub const LOTS: &str = "Lots suivis";
pub const PHONE: &str = "Téléphone";
pub const ENDS_ON: &str = "Dernier jour";

pub const ADDRESS_INVITED: &str = "Elle sert d’identifiant et reçoit l’invitation.";
pub const ADDRESS_TOLD: &str = "Elle sert d’identifiant. Si elle change, l’ancienne et la nouvelle en sont prévenues.";
pub const PHONE_HELP: &str = "Les entreprises le lisent dans les messages.";
pub const NAME_HELP: &str = "Prénom et nom, comme les autres les liront.";
pub const OFFICER_LOTS_HELP: &str = "Pour une instruction à la Région\u{a0}: aucun coché vaut tous.";
pub const ENDS_ON_HELP: &str =
    "Pour une consultation ou un audit, qui l’exige\u{a0}: le lendemain, le compte ne s’ouvre plus.";
pub const BODY_HELP: &str = "Pour une coordination seulement.";

pub const NOT_CREATED: &str = "Le compte n’a pas été créé";
pub const CREATE: &str = "Créer un compte";
pub const CREATE_LEAD: &str = "La personne reçoit aussitôt une invitation, et choisit elle-même son mot de passe.";
pub const CREATE_BUTTON: &str = "Créer et inviter";
pub const BACK_TO_ACCOUNTS: &str = "Revenir aux comptes";

pub const WRITE_ADDRESS: &str = "écrivez une adresse complète, par exemple prenom.nom@region.example.";
pub const WRITE_NAME: &str = "écrivez le nom de la personne.";
pub const WRITE_PHONE: &str = "écrivez dix chiffres, ou le numéro avec son indicatif.";

pub const CHOOSE_LOTS: &str = "choisissez des lots de la liste.";
pub const CHOOSE_ROLE: &str = "choisissez ce que la personne pourra faire.";
pub const ADDRESS_TAKEN: &str = "cette adresse a déjà un compte, ouvert ou fermé.";

pub const WRITE_DAY: &str = "écrivez un jour, par exemple 30/06/2027.";

pub const CHOOSE_BODY: &str = "choisissez l’organisme de cette coordination.";
pub const CHOOSE_BODY_OF_LIST: &str = "choisissez un organisme de la liste.";

pub const BODY_WITHOUT_LOT: &str = "cet organisme ne tient aucun lot.";

pub fn current_value(value: impl Display) -> String {
    format!("Valeur actuelle\u{a0}: {value}.")
}

pub const NOTHING_CHANGED_TITLE: &str = "Rien n’a été modifié";

pub fn change_of(name: impl Display) -> String {
    format!("Modifier le compte de {name}")
}

pub const CHANGE_LEAD: &str = "Le journal de sécurité garde chaque changement, avec la valeur d’avant.";
pub const CHANGE_BUTTON: &str = "Enregistrer le compte";

pub fn back_to(name: impl Display) -> String {
    format!("Revenir au compte de {name}")
}

pub fn detail(detail: impl Display) -> String {
    format!("\u{a0}: {detail}")
}

pub fn changed_by(event: impl Display, who: impl Display, when: impl Display, detail: impl Display) -> String {
    format!("{event}{who}, le {when}{detail}.")
}

pub const CHANGED_MEANWHILE: &str = "Rien n’est encore enregistré. Ce que vous aviez saisi est ci-dessous, avec la \
     valeur actuelle de ce qui en diffère\u{a0}: relisez, puis enregistrez de nouveau.";
pub const CHANGED_MEANWHILE_TITLE: &str = "Quelqu’un vient de modifier ce compte";

pub const CLOSED: &str = "Fermé";
pub const OPEN: &str = "Ouvert";
pub const ENDED: &str = "Terminé";
pub const WITHOUT_PASSWORD: &str = "Sans mot de passe";

pub const CREATED_TITLE: &str = "Le compte est créé";
pub const CREATED: &str = "Une invitation est partie\u{a0}: son lien fonctionne sept jours.";
pub const CHANGED_TITLE: &str = "Le compte est modifié";
pub const CHANGED: &str = "Le journal garde les valeurs d’avant.";
pub const UNCHANGED_TITLE: &str = "Rien n’a changé";
pub const UNCHANGED: &str = "Le formulaire portait les valeurs déjà enregistrées.";
pub const INVITED_TITLE: &str = "L’invitation est partie";
pub const INVITED: &str = "Son lien fonctionne sept jours, une seule fois.";
pub const CLOSED_TITLE: &str = "Le compte est fermé";
pub const CLOSED_MEANS: &str = "Ses sessions et ses liens ne fonctionnent plus.";
pub const HANDED_OVER_TITLE: &str = "Le compte est fermé et ses parcours transmis";
pub const HANDED_OVER: &str =
    "Ses sessions et ses liens ne fonctionnent plus. La personne qui reprend les parcours en est prévenue.";
pub const REOPENED_TITLE: &str = "Le compte est rouvert";
pub const REOPENED: &str = "La personne se connecte avec son mot de passe d’avant.";

pub const SUCCESSOR_HELP: &str =
    "Les coordinations ouvertes du même organisme. Un seul courriel lui parvient, pour tous.";

pub fn who_takes_over(paths: impl Display) -> String {
    format!("Qui reprend {paths}")
}

pub const STAYS_OPEN_TITLE: &str = "Le compte reste ouvert";
pub const STAYS_CLOSED_TITLE: &str = "Le compte reste fermé";
