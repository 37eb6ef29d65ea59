//! What the pages of administration share, and the security log.

use std::fmt::Display;

pub const ACCOUNTS: &str = "Comptes";
pub const MARKET: &str = "Marché en vigueur";
pub const SECURITY_LOG: &str = "Journal de sécurité";

pub const SIGN_INS: &str = "Connexions";
pub const REFUSALS: &str = "Refus";
pub const PASSWORDS: &str = "Mots de passe";
pub const EXPORTS: &str = "Exports";
pub const DIRECTORY: &str = "Annuaire des entreprises";
pub const WINDOWS: &str = "Fenêtres pour les partenaires";

pub const ADDRESS_WITHOUT_ACCOUNT: &str = "Adresse sans compte";

pub fn by(name: impl Display) -> String {
    format!("par {name}")
}
