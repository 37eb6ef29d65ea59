//! What is said when there is no page: what happened, why, and what to do.

/// A title, and paragraphs: what happened, why, what to do.
pub type Words = (&'static str, &'static [&'static str]);

pub const DISCOVER: &str = "Découvrir Jalon";

/// For people with an account.
pub mod staff {
    use super::Words;

    pub const NOT_FOUND: Words = (
        "Cette page n’existe pas",
        &[
            "L’adresse est incomplète, ou ce qu’elle désigne n’est pas de ce que vous suivez.",
            "Vérifiez l’adresse, ou cherchez par sa référence ce que vous vouliez ouvrir.",
        ],
    );

    pub const METHOD: Words = (
        "Cette adresse ne s’ouvre pas ainsi",
        &["Elle ne fait que recevoir un formulaire. Revenez à la page qui le porte, puis recommencez."],
    );

    pub const CROSS_SITE: Words = (
        "Demande refusée",
        &[
            "Ce formulaire a été envoyé depuis un autre site\u{a0}: rien n’a été enregistré.",
            "Ouvrez la page dans Jalon, puis envoyez le formulaire depuis elle.",
        ],
    );

    pub const TICKET: Words = (
        "Ce formulaire n’est plus valable",
        &[
            "Rien n’a été enregistré\u{a0}: votre session a changé depuis l’ouverture de la page, ou le formulaire \
             ne vient pas d’elle.",
            "Revenez en arrière, rechargez la page, puis envoyez de nouveau.",
        ],
    );

    pub const TOO_LARGE: Words = (
        "Ce formulaire est trop lourd",
        &[
            "Rien n’a été enregistré\u{a0}: le formulaire dépasse la taille acceptée.",
            "Revenez en arrière, raccourcissez le texte ou réduisez les fichiers, puis renvoyez.",
        ],
    );

    pub const NO_MARKET: Words = (
        "Aucun marché à cette date",
        &[
            "Jalon ne connaissait aucun marché à cette date.",
            "Choisissez une autre date, ou demandez à l’administration d’enregistrer le marché.",
        ],
    );

    pub const TOO_OFTEN: Words = (
        "Trop de listes exportées en une heure",
        &[
            "Ce compte a pris autant de fichiers qu’il est permis en une heure. Chaque export est noté au journal de \
             sécurité.",
            "Attendez un peu, ou affinez les filtres pour n’exporter qu’une liste.",
        ],
    );

    pub const TIMED_OUT: Words = (
        "La réponse se fait attendre",
        &[
            "Le service n’a pas répondu à temps. Ce que vous veniez d’envoyer est peut-être enregistré.",
            "Rouvrez la page pour le vérifier. Renvoyer le même formulaire ne compte jamais deux fois.",
        ],
    );

    pub const UNAVAILABLE: Words = (
        "Service momentanément indisponible",
        &[
            "Les données ne sont pas accessibles en ce moment. Ce que vous veniez d’envoyer n’est pas enregistré.",
            "Attendez une minute, revenez en arrière, puis renvoyez.",
        ],
    );

    pub const OUTCOME_UNKNOWN: Words = (
        "Vérifiez ce qui est enregistré",
        &[
            "La connexion s’est coupée au moment d’enregistrer\u{a0}: c’est peut-être déjà fait.",
            "Rouvrez la page pour le vérifier, ou renvoyez le même formulaire\u{a0}: il ne compte jamais deux fois.",
        ],
    );

    pub const FAILED: Words = (
        "Une erreur est survenue",
        &[
            "L’incident est noté pour être corrigé. Rouvrez la page pour voir si ce que vous veniez d’envoyer est \
             enregistré.",
            "Si l’erreur se répète, prévenez l’administration de Jalon.",
        ],
    );
}

/// Behind a link for a partner, which opens nothing.
pub const NO_WINDOW: Words = (
    "Ce lien n’ouvre pas de tableaux",
    &[
        "L’adresse est incomplète, ou elle n’a jamais été donnée.",
        "Vérifiez que le lien est entier\u{a0}: une adresse recopiée à la main perd souvent un caractère. Si rien n’y fait, demandez-le de nouveau à la Région.",
    ],
);

/// For who came by a link or has no account.
pub mod by_link {
    use super::Words;

    pub const NOT_FOUND: Words = (
        "Cette page n’existe pas",
        &[
            "L’adresse est incomplète, ou le lien ne mène à aucun parcours.",
            "Ouvrez le lien depuis le courriel que vous avez reçu\u{a0}: une adresse recopiée à la main perd souvent \
             un caractère. Si rien n’y fait, répondez à ce courriel\u{a0}: votre message parvient à la personne qui \
             coordonne le parcours.",
        ],
    );

    pub const METHOD: Words = (
        "Cette adresse ne s’ouvre pas ainsi",
        &["Revenez à la page du parcours par le lien de votre courriel, puis recommencez."],
    );

    pub const CROSS_SITE: Words = (
        "Demande refusée",
        &[
            "Ce formulaire a été envoyé depuis un autre site\u{a0}: rien n’a été enregistré.",
            "Ouvrez le lien de votre courriel et répondez depuis la page du parcours.",
        ],
    );

    pub const TICKET: Words = (
        "Ce formulaire n’est plus valable",
        &[
            "Rien n’a été enregistré\u{a0}: le formulaire ne vient pas de la page ouverte par votre lien.",
            "Ouvrez de nouveau le lien de votre courriel, puis répondez depuis la page du parcours.",
        ],
    );

    pub const TOO_LARGE: Words = (
        "Votre réponse est trop longue",
        &[
            "Rien n’a été enregistré\u{a0}: le formulaire dépasse la taille acceptée.",
            "Revenez en arrière, raccourcissez votre texte, puis renvoyez-le.",
        ],
    );

    pub const UNREADABLE: Words = (
        "Le formulaire n’a pas pu être lu",
        &["Rien n’a été enregistré. Revenez en arrière, vérifiez votre saisie, puis renvoyez-la."],
    );

    pub const TIMED_OUT: Words = (
        "La réponse se fait attendre",
        &[
            "Le service n’a pas répondu à temps. Si vous veniez d’envoyer une réponse, elle est peut-être enregistrée.",
            "Revenez à la page du parcours pour le vérifier. Renvoyer le même formulaire ne compte jamais deux fois.",
        ],
    );

    pub const UNAVAILABLE: Words = (
        "Service momentanément indisponible",
        &[
            "Les données ne sont pas accessibles en ce moment. Si vous veniez d’envoyer une réponse, elle n’est pas \
             enregistrée.",
            "Attendez une minute, puis rechargez la page. Votre lien reste valable.",
        ],
    );

    pub const OUTCOME_UNKNOWN: Words = (
        "Vérifiez votre réponse",
        &[
            "La connexion s’est coupée au moment d’enregistrer\u{a0}: votre réponse l’est peut-être déjà.",
            "Revenez à la page du parcours pour le vérifier, ou renvoyez le même formulaire\u{a0}: il ne compte \
             jamais deux fois.",
        ],
    );

    pub const FAILED: Words = (
        "Une erreur est survenue",
        &[
            "L’incident est noté pour être corrigé. Si vous veniez d’envoyer une réponse, revenez à la page du \
             parcours pour voir si elle est enregistrée.",
            "Si l’erreur se répète, répondez au courriel reçu\u{a0}: votre message parvient à la personne qui \
             coordonne le parcours.",
        ],
    );
}
