//! The addresses this crate serves: those of `wording`, which messages use too, and those only pages need.

use domain::identifiers::DocumentId;

pub use wording::addresses::pattern::{
    COMPANY, HEALTH, METRICS, PATHS, PORTAL, PORTAL_REMINDERS, PORTAL_STEP, READY, SIGN_IN, SIGN_OUT,
};
pub use wording::addresses::{HOME, portal, portal_reminders, portal_step};

/// Files of the pages: style sheet and font.
pub const STATIC: &str = "/static/{file}";
/// What search engines may look at.
pub const ROBOTS: &str = "/robots.txt";
/// Several paths at once: which step, what would happen, what happened.
pub const BULK: &str = "/parcours/actions";
/// What a step would do on several paths.
pub const BULK_PREVIEW: &str = "/parcours/actions/apercu";
/// Where a step is made on several paths.
pub const BULK_DO: &str = "/parcours/actions/faire";
/// The list of paths as a file.
pub const PATHS_FILE: &str = "/parcours/export/{file}";
/// Saved views of the list.
pub const VIEWS: &str = "/parcours/vues";
pub const VIEW_DEFAULT: &str = "/parcours/vues/{view}/ouverture";
pub const VIEW_DELETE: &str = "/parcours/vues/{view}/supprimer";
/// A task that somebody says is done.
pub const TASK_DONE: &str = "/taches/{task}";
/// Where a demo takes the place of one of its people.
pub const SIGN_IN_DEMO: &str = "/connexion/demo";
/// One's own account: sessions, password.
pub const OWN_ACCOUNT: &str = "/compte";
/// Pages that the law asks for.
pub const LEGAL_NOTICE: &str = "/mentions-legales";
pub const ACCESSIBILITY: &str = "/accessibilite";
pub const PERSONAL_DATA: &str = "/donnees-personnelles";
pub const CONTACT: &str = "/contact";
/// Where a fresh link is asked for.
pub const PORTAL_RENEWAL: &str = "/acces/{token}/nouveau-lien";
/// A document that the person behind the link may read.
pub const PORTAL_DOCUMENT: &str = "/acces/{token}/documents/{document}";

/// The page that signs in and then comes back to an address of ours.
pub fn sign_in(back: &str) -> String {
    match back {
        HOME => SIGN_IN.to_owned(),
        back => format!("{SIGN_IN}?retour={}", form_urlencoded::byte_serialize(back.as_bytes()).collect::<String>()),
    }
}

/// Where a fresh link is asked for.
pub fn portal_renewal(token: &str) -> String {
    format!("/acces/{token}/nouveau-lien")
}

/// A document that the person behind the link may read.
pub fn portal_document(token: &str, document: DocumentId) -> String {
    format!("/acces/{token}/documents/{document}")
}
