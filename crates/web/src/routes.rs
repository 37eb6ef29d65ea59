//! The addresses this crate serves: those of `wording`, which messages use too, and those only pages need.

use domain::identifiers::DocumentId;

pub use wording::addresses::pattern::{HEALTH, METRICS, PORTAL, PORTAL_REMINDERS, PORTAL_STEP, READY};
pub use wording::addresses::{HOME, portal, portal_reminders, portal_step};

/// Files of the pages: style sheet and font.
pub const STATIC: &str = "/static/{file}";
/// What search engines may look at.
pub const ROBOTS: &str = "/robots.txt";
/// Where a fresh link is asked for.
pub const PORTAL_RENEWAL: &str = "/acces/{token}/nouveau-lien";
/// A document that the person behind the link may read.
pub const PORTAL_DOCUMENT: &str = "/acces/{token}/documents/{document}";

/// Where a fresh link is asked for.
pub fn portal_renewal(token: &str) -> String {
    format!("/acces/{token}/nouveau-lien")
}

/// A document that the person behind the link may read.
pub fn portal_document(token: &str, document: DocumentId) -> String {
    format!("/acces/{token}/documents/{document}")
}
