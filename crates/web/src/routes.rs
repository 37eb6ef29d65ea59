//! The addresses this crate serves: those of `wording`, which messages use too, and those only pages need.

use domain::identifiers::DocumentId;
use domain::market::TermsVersion;
use domain::texts::Subject;

pub use wording::addresses::pattern::{
    ACCOUNT, ADMINISTRATION, COMPANY, HEALTH, METRICS, NEED, NEED_LINK, NEW_PASSWORD, PATHS, PERSONAL_DATA, PORTAL,
    PORTAL_REMINDERS, PORTAL_STEP, PROPOSAL, READY, SIGN_IN, SIGN_OUT,
};
pub use wording::addresses::{HOME, portal, portal_reminders, portal_step};

/// Files of the pages: style sheet, script and font.
pub const STATIC: &str = "/static/{file}";
/// Where a mail server hands over the messages that came back.
pub const RETURNS: &str = "/crochets/retours";
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
/// Where what is being typed is kept.
pub const DRAFTS: &str = "/brouillons";
/// One's own account: sessions, password.
pub const OWN_ACCOUNT: &str = "/compte";
/// Where a session of one's own ends, and where all the others do.
pub const OWN_SESSION_END: &str = "/compte/sessions/{session}/fin";
pub const OWN_SESSIONS_END: &str = "/compte/sessions/fin";
/// Where one's own password changes.
pub const OWN_PASSWORD: &str = "/compte/mot-de-passe";
/// Where one chooses one's own messages.
pub const OWN_MESSAGES: &str = "/compte/courriels";
/// Where one delegates, and where a delegation of one's own ends early.
pub const OWN_DELEGATIONS: &str = "/compte/delegations";
pub const OWN_DELEGATION_END: &str = "/compte/delegations/{delegation}/fin";
/// Where a link to a new password is asked for.
pub const FORGOTTEN: &str = "/connexion/oubli";
/// Accounts: the form of a new one, what changes one, its portfolio.
pub const NEW_ACCOUNT: &str = "/administration/comptes/nouveau";
pub const ACCOUNT_CHANGE: &str = "/administration/comptes/{account}/modifier";
pub const ACCOUNT_ACTIVE: &str = "/administration/comptes/{account}/ouverture";
pub const ACCOUNT_INVITATION: &str = "/administration/comptes/{account}/invitation";
pub const ACCOUNT_PORTFOLIO: &str = "/administration/comptes/{account}/portefeuille";
/// Where the administration delegates for somebody, and ends a delegation early.
pub const ACCOUNT_DELEGATIONS: &str = "/administration/comptes/{account}/delegations";
pub const ACCOUNT_DELEGATION_END: &str = "/administration/comptes/{account}/delegations/{delegation}/fin";
/// The market in force, one of its versions, and the security log.
pub const MARKET: &str = "/administration/marche";
pub const MARKET_VERSION: &str = "/administration/marche/{market}/versions/{version}";
pub const SECURITY_LOG: &str = "/administration/securite";
/// Where a message that did not arrive is set aside.
pub const MESSAGE_ASIDE: &str = "/messages/{message}/classement";

/// The texts of messages: their list, one of them, what it gives in a frame, and where one of before comes back.
pub const TEXTS: &str = "/messages/textes";
pub const TEXT: &str = "/messages/textes/{kind}/{role}";
pub const TEXT_CONTENT: &str = "/messages/textes/{kind}/{role}/contenu";
pub const TEXT_BACK: &str = "/messages/textes/{kind}/{role}/retour";
/// Pages that the law asks for.
pub const LEGAL_NOTICE: &str = "/mentions-legales";
pub const ACCESSIBILITY: &str = "/accessibilite";
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

/// [`sign_in`], when what was sent is kept for the form of that address, but for documents when some were lost.
pub fn sign_in_kept(back: &str, documents_lost: bool) -> String {
    let kept = if documents_lost { "garde_sans_document" } else { "garde" };
    format!("{SIGN_IN}?fait={kept}&retour={}", form_urlencoded::byte_serialize(back.as_bytes()).collect::<String>())
}

/// A version of the terms of a market.
pub fn market_version(market: &str, version: TermsVersion) -> String {
    format!("{MARKET}/{market}/versions/{version}")
}

/// The first part of the address of the texts of a lot.
pub const LOTS_OF_TEXTS: &str = "lots";

/// One text of messages.
pub fn text(subject: &Subject) -> String {
    match subject {
        Subject::Message { kind, role } => format!("{TEXTS}/{kind}/{role}"),
        Subject::Lot(lot) => format!("{TEXTS}/{LOTS_OF_TEXTS}/{lot}"),
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
