//! The page of one’s own account.

use std::fmt::Display;

pub const SESSION_ENDED_TITLE: &str = "La session est fermée";
pub const SESSION_ENDED: &str = "Ce navigateur devra se connecter de nouveau.";
pub const SESSIONS_ENDED_TITLE: &str = "Les autres sessions sont fermées";
pub const SESSIONS_ENDED: &str = "Il ne reste que celle-ci.";
pub const MESSAGES_CHOSEN_TITLE: &str = "Vos courriels sont choisis";
pub const MESSAGES_CHOSEN: &str = "Le choix vaut dès maintenant.";
pub const PASSWORD_CHANGED_TITLE: &str = "Votre mot de passe est changé";
pub const PASSWORD_CHANGED: &str = "Vos autres sessions sont fermées.";

pub const CURRENT_PASSWORD: &str = "Mot de passe actuel";
pub const KEEP_CHOICES: &str = "Enregistrer mes choix";

pub const REMINDERS_WANTED: &str = "Les recevoir";
pub const REMINDERS_WANTED_HELP: &str = "Avant et après l’échéance de ce qui vous est demandé.";
pub const REMINDERS_UNWANTED: &str = "Ne pas les recevoir";
pub const REMINDERS_UNWANTED_HELP: &str = "Les décisions et les alertes vous parviennent toujours.";
pub const REMINDERS: &str = "Rappels";

pub fn opened_from(browser: impl Display, address: impl Display) -> String {
    format!("{browser}, {address}")
}

pub const CHOOSE_ONE_ANSWER: &str = "Choisissez une des réponses.";

pub const NOT_CURRENT_PASSWORD: &str = "Ce n’est pas votre mot de passe actuel. Vérifiez-le, puis recommencez.";
