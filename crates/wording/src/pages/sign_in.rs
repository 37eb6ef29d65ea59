//! Signing in, a forgotten password, the people of the demo.

use std::fmt::Display;

use domain::people::StaffRole;

pub const YOUR_ADDRESS: &str = "Votre adresse";
pub const YOUR_PASSWORD: &str = "Votre mot de passe";

pub const PASSWORD_SET_TITLE: &str = "Votre mot de passe est enregistré";
pub const PASSWORD_SET: &str = "Connectez-vous avec lui. Toutes les sessions ouvertes avant sont fermées.";
pub const SESSION_OVER_TITLE: &str = "Votre session a pris fin";
pub const SESSION_OVER: &str =
    "Ce que vous aviez saisi est gardé\u{a0}: connectez-vous, et vous le retrouvez dans son formulaire.";
pub const SESSION_OVER_DOCUMENT_LOST: &str =
    "Un document joint n’a pas été gardé\u{a0}: joignez-le de nouveau, le formulaire dit ce qu’il admet.";
pub const SIGNED_OUT: &str = "Ce navigateur est déconnecté";

pub const REFUSED_TITLE: &str = "La connexion est refusée";
pub const REFUSED: &str =
    "L’adresse ou le mot de passe n’est pas le bon. Vérifiez les deux, ou demandez un nouveau mot de passe.";
pub const SLOWED_TITLE: &str = "Trop d’essais se sont suivis";

pub fn slowed(after: impl Display) -> String {
    format!("Réessayez dans {after}. Si vous ne savez plus votre mot de passe, demandez-en un nouveau.")
}

pub const FORGOTTEN_HELP: &str = "Celle de votre compte. Un lien y arrive, valable une heure.";

pub const PASSWORD_HELP: &str =
    "12\u{a0}caractères au moins. Le plus simple\u{a0}: quatre mots sans rapport entre eux, avec leurs espaces.";
pub const NEW_PASSWORD: &str = "Nouveau mot de passe";
pub const NEW_PASSWORD_AGAIN: &str = "Le même, encore une fois";

pub const PASSWORD_NOT_SET: &str = "Le mot de passe n’a pas été enregistré";
pub const PASSWORDS_DIFFER: &str = "Les deux saisies diffèrent\u{a0}: tapez deux fois le même mot de passe.";

pub const CHOOSE_PASSWORD: &str = "Choisissez votre mot de passe";
pub const CHOOSE_NEW_PASSWORD: &str = "Choisissez un nouveau mot de passe";

pub const IN_A_BODY: &str = "Dans un organisme de formation";
pub const IN_A_BODY_LEAD: &str = "Les organismes titulaires des lots font avancer les parcours, étape par étape.";
pub const AT_THE_REGION: &str = "À la Région";
pub const AT_THE_REGION_LEAD: &str = "La Région commande, vérifie, admet et paie.";
pub const AROUND: &str = "Autour du service";
pub const AROUND_LEAD: &str = "Ces rôles tiennent l’outil ou le contrôlent, sans toucher aux dossiers.";
pub const ALL_LOTS: &str = "Tous les lots";
pub const COORDINATION: &str = "Coordination";
pub const FINANCE: &str = "Finances";
pub const READING: &str = "Lecture";
pub const AUDIT: &str = "Contrôle";
pub const ADMINISTRATION: &str = "Administration";

/// What one can do in a role.
pub fn deeds(role: StaffRole) -> &'static str {
    match role {
        StaffRole::RegionOfficer => {
            "Commande les études et les formations, vérifie ce que l’organisme remet, suit les places et le budget."
        }
        StaffRole::RegionFinance => "Vise les bons de commande et suit ce qui est engagé.",
        StaffRole::RegionViewer => "Lit tous les parcours, les commandes et les lots, sans rien modifier.",
        StaffRole::Coordinator => {
            "Signale un besoin, mène l’étude, prépare la formation avec l’entreprise, suit le stagiaire et remet le bilan."
        }
        StaffRole::Administrator => {
            "Tient les comptes, transmet un portefeuille, lit le marché et le journal de sécurité. Ne décide rien sur les parcours."
        }
        StaffRole::Auditor => "Contrôle les parcours, les commandes et leur journal, sans rien modifier.",
    }
}
