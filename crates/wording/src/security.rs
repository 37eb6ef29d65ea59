//! Words of sign-in and of the security log.

use domain::security::{PASSWORD_LENGTH, PASSWORD_LONGEST, PasswordProblem, SecurityEvent};

/// Why a password is refused, and what to do.
pub fn password(problem: PasswordProblem) -> String {
    match problem {
        PasswordProblem::TooShort => format!(
            "Il est trop court\u{a0}: prenez au moins {PASSWORD_LENGTH}\u{a0}caractères, par exemple quatre mots sans rapport entre eux."
        ),
        PasswordProblem::TooLong => format!("Il est trop long\u{a0}: {PASSWORD_LONGEST}\u{a0}caractères au plus."),
        PasswordProblem::Common => {
            "Il est parmi les premiers que l’on essaie\u{a0}: prenez plutôt quatre mots sans rapport entre eux.".to_owned()
        }
        PasswordProblem::Repeated => {
            "Il répète ou suit l’ordre du clavier\u{a0}: prenez plutôt quatre mots sans rapport entre eux.".to_owned()
        }
        PasswordProblem::Personal => {
            "Il reprend votre nom ou votre adresse, que d’autres connaissent\u{a0}: prenez des mots qui ne disent rien de vous."
                .to_owned()
        }
    }
}

/// What the security log says happened.
pub fn event(event: SecurityEvent) -> &'static str {
    match event {
        SecurityEvent::SignedIn => "Connexion",
        SecurityEvent::DemoEntered => "Entrée dans l’exemple",
        SecurityEvent::SignInFailed => "Connexion refusée",
        SecurityEvent::SignInSlowed => "Essai trop rapproché",
        SecurityEvent::SignedOut => "Déconnexion",
        SecurityEvent::SessionsEnded => "Sessions fermées",
        SecurityEvent::ResetAsked => "Nouveau mot de passe demandé",
        SecurityEvent::PasswordSet => "Mot de passe choisi par lien",
        SecurityEvent::PasswordChanged => "Mot de passe changé",
        SecurityEvent::AccountCreated => "Compte créé",
        SecurityEvent::Invited => "Invitation envoyée",
        SecurityEvent::AccountChanged => "Compte modifié",
        SecurityEvent::AccountDisabled => "Compte fermé",
        SecurityEvent::AccountEnabled => "Compte rouvert",
        SecurityEvent::PortfolioHandedOver => "Portefeuille transmis",
        SecurityEvent::Exported => "Liste exportée",
        SecurityEvent::LookedUp => "Entreprise cherchée dans l’annuaire",
        SecurityEvent::Delegated => "Délégation donnée",
        SecurityEvent::DelegationEnded => "Délégation terminée",
        SecurityEvent::WindowOpened => "Fenêtre ouverte à un partenaire",
        SecurityEvent::WindowClosed => "Fenêtre d’un partenaire fermée",
    }
}

/// Whether it is worth a second look.
pub fn is_trouble(event: SecurityEvent) -> bool {
    matches!(event, SecurityEvent::SignInFailed | SecurityEvent::SignInSlowed)
}

/// A browser and its system as people name them, from what the browser says it is.
pub fn browser(said: &str) -> String {
    let holds = |part: &str| said.contains(part);
    // Each browser names those it resembles: the most particular first.
    let browser = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    let system = [
        ("iPhone", "sur iPhone"),
        ("iPad", "sur iPad"),
        ("Android", "sur Android"),
        ("Windows", "sur Windows"),
        ("Mac OS X", "sur macOS"),
        ("CrOS", "sur ChromeOS"),
        ("Linux", "sur Linux"),
    ];
    let named = |names: &[(&str, &'static str)]| names.iter().find(|(part, _)| holds(part)).map(|(_, name)| *name);
    match (named(&browser), named(&system)) {
        (Some(browser), Some(system)) => format!("{browser} {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, Some(system)) => format!("Navigateur {system}"),
        (None, None) => "Navigateur inconnu".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::typography::check;

    #[test]
    fn everything_has_its_words() {
        for problem in PasswordProblem::iter() {
            assert_eq!(check(&password(problem)), Vec::new());
        }
        let words: std::collections::BTreeSet<_> = SecurityEvent::iter().map(event).collect();
        assert_eq!(words.len(), SecurityEvent::iter().count());
        for text in words {
            assert_eq!(check(text), Vec::new());
        }
    }

    #[test]
    fn browsers_are_named() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1";
        assert_eq!(browser(firefox), "Firefox sur Linux");
        assert_eq!(browser(edge), "Edge sur Windows");
        assert_eq!(browser(phone), "Safari sur iPhone");
        assert_eq!(browser(""), "Navigateur inconnu");
    }
}
