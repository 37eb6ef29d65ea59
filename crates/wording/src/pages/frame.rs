//! What surrounds every page.

pub const TO_DO: &str = "À faire";
pub const PATHS: &str = "Parcours";
pub const ORDERS: &str = "Commandes";
pub const LOTS: &str = "Lots";
pub const MESSAGES: &str = "Messages";
pub const ADMINISTRATION: &str = "Administration";

pub const INFORMATION: &str = "Informations";
