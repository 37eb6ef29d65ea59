//! A link that no longer opens its path.

pub const COORDINATION_ANSWERS: &str = "La personne ci-dessous coordonne le parcours et vous répondra.";
pub const RECORDED_TITLE: &str = "C’est enregistré";
pub const RECORDED: &str = "Merci. Vous n’avez plus besoin de votre lien\u{a0}: vous pouvez fermer cette page.";
pub const DEAD_TITLE: &str = "Ce lien ne fonctionne plus";
pub const DEAD: &str =
    "Il a été remplacé\u{a0}: une autre personne suit désormais ce parcours, ou vous n’en faites plus partie.";
pub const ON_ITS_WAY_TITLE: &str = "Un nouveau lien est en route";
pub const ON_ITS_WAY: &str =
    "Il arrive dans quelques minutes à l’adresse enregistrée pour ce parcours. Regardez aussi parmi les indésirables.";
pub const IF_IT_DOES_NOT_COME: &str =
    "S’il n’arrive pas, appelez la personne ci-dessous\u{a0}: l’adresse a peut-être changé.";
pub const JUST_SENT_TITLE: &str = "Un nouveau lien est parti il y a moins d’une heure";
pub const JUST_SENT: &str =
    "Il est à l’adresse enregistrée pour ce parcours. Regardez aussi parmi les indésirables avant d’en redemander un.";
pub const EXPIRED_TITLE: &str = "Ce lien a expiré";
pub const EXPIRED: &str = "Un lien ne vaut qu’un temps, pour protéger votre parcours. Rien n’est perdu.";
pub const EXPIRED_ASK: &str =
    "Demandez-en un nouveau\u{a0}: il part aussitôt à l’adresse enregistrée pour ce parcours, et à aucune autre.";

/// Of what the clocks of a path remind who answers for the company, its trainee, and the others.
pub const COMPANY_REMINDED: &str = "Un rappel vous est envoyé avant l’échéance d’une confirmation demandée à votre \
     entreprise, puis avant et après celle de la signature du programme individuel (PIF).";
pub const TRAINEE_REMINDED: &str =
    "Un rappel vous est envoyé avant et après l’échéance de la signature de votre programme individuel (PIF).";
pub const NOT_REMINDED: &str = "Votre rôle sur ce parcours ne donne lieu à aucun rappel pour le moment.";
