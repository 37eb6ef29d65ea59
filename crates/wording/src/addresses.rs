//! Addresses of pages: the only place that writes them, for pages, messages and the command line.
//!
//! Addresses are relative to the public address of the product, which [`absolute`] joins. [`pattern`] holds the same
//! addresses as the router reads them; a test holds the functions against the patterns. To add a page: its pattern, its
//! function, a line of the test.

use std::fmt::Display;

use domain::committee::TableKind;
use domain::figures::{Figure, MoneyLine};
use domain::identifiers::{
    AccountId, DocumentId, LotCode, MessageId, OrderReference, PathReference, ProposalId, Siret,
};
use domain::order::OrderTransition;
use domain::path::Step;

/// The addresses as a router reads them.
pub mod pattern {
    /// What is waited from me.
    pub const HOME: &str = "/";
    pub const PATHS: &str = "/parcours";
    pub const NEW_PATH: &str = "/parcours/nouveau";
    pub const PATH: &str = "/parcours/{reference}";
    pub const PATH_STEP: &str = "/parcours/{reference}/etapes/{step}";
    pub const PATH_MESSAGES: &str = "/parcours/{reference}/messages";
    pub const PATH_EVENTS: &str = "/parcours/{reference}/journal";
    pub const DOCUMENT: &str = "/parcours/{reference}/documents/{document}";
    pub const PATH_PIECE: &str = "/parcours/{reference}/pieces/{piece}";
    pub const PATH_PROOF: &str = "/parcours/{reference}/preuves/{rank}";
    pub const STEP_DOCUMENT: &str = "/parcours/{reference}/etapes/{step}/document";
    pub const COMPANY: &str = "/entreprises/{siret}";
    pub const ORDERS: &str = "/commandes";
    pub const NEW_ORDER: &str = "/commandes/nouvelle";
    pub const ORDER: &str = "/commandes/{reference}";
    pub const ORDER_STEP: &str = "/commandes/{reference}/etapes/{step}";
    pub const LOTS: &str = "/lots";
    pub const LOT: &str = "/lots/{code}";
    pub const DASHBOARD: &str = "/pilotage";
    pub const COMMITTEE: &str = "/pilotage/copil";
    pub const COMMITTEE_IMPORTS: &str = "/pilotage/copil/imports";
    pub const COMMITTEE_IMPORT: &str = "/pilotage/copil/imports/{import}";
    pub const COMMITTEE_TEMPLATE: &str = "/pilotage/copil/modeles/{kind}";
    pub const COMMITTEE_FILE: &str = "/pilotage/copil/fichier/{format}";
    pub const COMMITTEE_SEALS: &str = "/pilotage/copil/arretes";
    pub const COMMITTEE_SEAL: &str = "/pilotage/copil/arretes/{photograph}";
    pub const COMMITTEE_SEAL_FILE: &str = "/pilotage/copil/arretes/{photograph}/fichier/{format}";
    pub const COMMITTEE_WINDOWS: &str = "/pilotage/copil/arretes/{photograph}/fenetres";
    pub const COMMITTEE_WINDOW_CLOSE: &str = "/pilotage/copil/fenetres/{window}/fermer";
    pub const FIGURE: &str = "/pilotage/chiffres/{figure}";
    pub const BUDGET: &str = "/pilotage/argent";
    pub const MONEY: &str = "/pilotage/argent/{line}";
    pub const MESSAGES: &str = "/messages";
    pub const MESSAGE: &str = "/messages/{message}";
    pub const ADMINISTRATION: &str = "/administration";
    pub const ACCOUNT: &str = "/administration/comptes/{account}";
    pub const SIGN_IN: &str = "/connexion";
    pub const NEW_PASSWORD: &str = "/connexion/mot-de-passe/{token}";
    pub const SIGN_OUT: &str = "/deconnexion";
    pub const PORTAL: &str = "/acces/{token}";
    pub const PORTAL_STEP: &str = "/acces/{token}/etapes/{step}";
    pub const PORTAL_REMINDERS: &str = "/acces/{token}/rappels";
    pub const PORTAL_RENEWAL: &str = "/acces/{token}/nouveau-lien";
    pub const PORTAL_DOCUMENT: &str = "/acces/{token}/documents/{document}";
    pub const PORTAL_AGENDA: &str = "/acces/{token}/agenda.ics";
    pub const PORTAL_PIECE: &str = "/acces/{token}/pieces/{piece}";
    pub const PORTAL_PROOF: &str = "/acces/{token}/preuves/{rank}";
    pub const PERSONAL_DATA: &str = "/donnees-personnelles";
    pub const NEED: &str = "/besoin";
    pub const NEED_LINK: &str = "/besoin/{token}";
    pub const PROPOSAL: &str = "/besoins/{need}";
    pub const WINDOW: &str = "/chiffres/{token}";
    pub const WINDOW_FILE: &str = "/chiffres/{token}/{format}";
    pub const HEALTH: &str = "/healthz";
    pub const READY: &str = "/readyz";
    pub const METRICS: &str = "/metrics";
    pub const API: &str = "/api/v1";
    pub const API_DOCUMENTATION: &str = "/api/docs";
}

/// The first page: what is waited from me.
pub const HOME: &str = pattern::HOME;

/// What Jalon keeps of people, why, and their rights.
pub const PERSONAL_DATA: &str = pattern::PERSONAL_DATA;

/// What replaces a link to the portal wherever it is shown to someone else than its recipient.
pub const MASKED_PORTAL: &str = "/acces/…";

/// The address under the public one of the product, whose final slash does not matter.
pub fn absolute(base: &str, address: &str) -> String {
    format!("{}{address}", base.trim_end_matches('/'))
}

/// The list of paths.
pub fn paths() -> &'static str {
    pattern::PATHS
}

/// The paths whose day has passed.
pub fn late_paths() -> &'static str {
    "/parcours?echeance=retard"
}

/// The form that opens a path.
pub fn new_path() -> &'static str {
    pattern::NEW_PATH
}

/// One path.
pub fn path(reference: &PathReference) -> String {
    format!("/parcours/{reference}")
}

/// The form of a step on a path.
pub fn step(reference: &PathReference, step: Step) -> String {
    format!("/parcours/{reference}/etapes/{step}")
}

/// The journal of a path.
pub fn path_events(reference: &PathReference) -> String {
    format!("/parcours/{reference}/journal")
}

/// Where what the people of a path missed is sent again.
pub fn path_messages(reference: &PathReference) -> String {
    format!("/parcours/{reference}/messages")
}

/// A document of a path.
pub fn document(reference: &PathReference, document: DocumentId) -> String {
    format!("/parcours/{reference}/documents/{document}")
}

/// A document of a path in a page of its own; what browsers do not show comes as a download.
pub fn open_document(reference: &PathReference, document: DocumentId) -> String {
    format!("/parcours/{reference}/documents/{document}?vue=page")
}

/// A document that is made of a path, by its identifier.
pub fn piece(reference: &PathReference, piece: impl Display) -> String {
    format!("/parcours/{reference}/pieces/{piece}")
}

/// The certificate of an answer, by the rank of its event.
pub fn proof(reference: &PathReference, rank: u32) -> String {
    format!("/parcours/{reference}/preuves/{rank}")
}

/// The document that a step would make of what its form keeps as a draft.
pub fn step_document(reference: &PathReference, step: Step) -> String {
    format!("/parcours/{reference}/etapes/{step}/document")
}

/// The paths of a company.
pub fn company(siret: &Siret) -> String {
    format!("/entreprises/{siret}")
}

/// The list of purchase orders.
pub fn orders() -> &'static str {
    pattern::ORDERS
}

/// The form that drafts an order.
pub fn new_order() -> &'static str {
    pattern::NEW_ORDER
}

/// One purchase order.
pub fn order(reference: &OrderReference) -> String {
    format!("/commandes/{reference}")
}

/// The form of a step on a purchase order.
pub fn order_step(reference: &OrderReference, step: OrderTransition) -> String {
    format!("/commandes/{reference}/etapes/{step}")
}

/// The lots.
pub fn lots() -> &'static str {
    pattern::LOTS
}

/// One lot: its places and its money.
pub fn lot(code: &LotCode) -> String {
    format!("/lots/{code}")
}

/// The Region's dashboard.
pub fn dashboard() -> &'static str {
    pattern::DASHBOARD
}

/// The paths that a figure counts.
pub fn figure(figure: Figure) -> String {
    format!("/pilotage/chiffres/{figure}")
}

/// The money by prestation and month.
pub fn budget() -> &'static str {
    pattern::BUDGET
}

/// The movements that an amount adds up.
pub fn money(line: MoneyLine) -> String {
    format!("/pilotage/argent/{line}")
}

/// The tables of the steering committee.
pub fn committee() -> &'static str {
    pattern::COMMITTEE
}

/// Where a table of the committee is imported.
pub fn committee_imports() -> &'static str {
    pattern::COMMITTEE_IMPORTS
}

/// A file of the committee as it was received.
pub fn committee_import(import: impl Display) -> String {
    format!("/pilotage/copil/imports/{import}")
}

/// An empty file of a kind, with its headings.
pub fn committee_template(kind: TableKind) -> String {
    format!("/pilotage/copil/modeles/{kind}")
}

/// The tables of the committee in a format.
pub fn committee_file(format: impl Display) -> String {
    format!("/pilotage/copil/fichier/{format}")
}

/// The photographs of the committee, and where one is sealed.
pub fn committee_seals() -> &'static str {
    pattern::COMMITTEE_SEALS
}

/// A photograph of the committee.
pub fn committee_seal(photograph: impl Display) -> String {
    format!("/pilotage/copil/arretes/{photograph}")
}

/// A photograph of the committee in a format.
pub fn committee_seal_file(photograph: impl Display, format: impl Display) -> String {
    format!("/pilotage/copil/arretes/{photograph}/fichier/{format}")
}

/// Where a window on a photograph opens for a partner.
pub fn committee_windows(photograph: impl Display) -> String {
    format!("/pilotage/copil/arretes/{photograph}/fenetres")
}

/// Where the window of a partner is closed.
pub fn committee_window_close(window: impl Display) -> String {
    format!("/pilotage/copil/fenetres/{window}/fermer")
}

/// The messages sent and waiting.
pub fn messages() -> &'static str {
    pattern::MESSAGES
}

/// One message.
pub fn message(message: MessageId) -> String {
    format!("/messages/{message}")
}

/// Accounts and configuration.
pub fn administration() -> &'static str {
    pattern::ADMINISTRATION
}

/// One account.
pub fn account(account: AccountId) -> String {
    format!("/administration/comptes/{account}")
}

/// Where staff sign in.
pub fn sign_in() -> &'static str {
    pattern::SIGN_IN
}

/// Where a link of a message sets a password.
pub fn new_password(token: &str) -> String {
    format!("/connexion/mot-de-passe/{token}")
}

/// Where staff sign out.
pub fn sign_out() -> &'static str {
    pattern::SIGN_OUT
}

/// The page behind a person's link.
pub fn portal(token: &str) -> String {
    format!("/acces/{token}")
}

/// The form of a step behind a person's link.
pub fn portal_step(token: &str, step: Step) -> String {
    format!("/acces/{token}/etapes/{step}")
}

/// Where a person turns reminders off.
pub fn portal_reminders(token: &str) -> String {
    format!("/acces/{token}/rappels")
}

/// Where a person whose link has expired asks for a new one.
pub fn portal_renewal(token: &str) -> String {
    format!("/acces/{token}/nouveau-lien")
}

/// A document that the person behind a link may read.
pub fn portal_document(token: &str, document: DocumentId) -> String {
    format!("/acces/{token}/documents/{document}")
}

/// The days that somebody outside sees, as a file for their calendar.
pub fn portal_agenda(token: &str) -> String {
    format!("/acces/{token}/agenda.ics")
}

/// A letter that the person behind a link may print.
pub fn portal_piece(token: &str, piece: impl Display) -> String {
    format!("/acces/{token}/pieces/{piece}")
}

/// The certificate of an answer of the person behind a link, by the rank of its event.
pub fn portal_proof(token: &str, rank: u32) -> String {
    format!("/acces/{token}/preuves/{rank}")
}

/// Where anyone reports a need.
pub fn need() -> &'static str {
    pattern::NEED
}

/// Where who reported a need confirms it, and reads what became of it.
pub fn need_link(token: &str) -> String {
    format!("/besoin/{token}")
}

/// A reported need, for those who decide of it.
pub fn proposal(proposal: ProposalId) -> String {
    format!("/besoins/{proposal}")
}

/// The tables that a partner reads by a link.
pub fn window(token: &str) -> String {
    format!("/chiffres/{token}")
}

/// The same in a format.
pub fn window_file(token: &str, format: impl Display) -> String {
    format!("/chiffres/{token}/{format}")
}

/// A resource of the API, `paths/FEST-1-2026-0042`.
pub fn api(resource: &str) -> String {
    format!("{}/{}", pattern::API, resource.trim_start_matches('/'))
}

#[cfg(test)]
mod tests {
    use domain::path::Transition;

    use super::*;

    /// Whether an address is one of a pattern: same segments, any text where the pattern has a name.
    fn matches(pattern: &str, address: &str) -> bool {
        let (pattern, address): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), address.split('/').collect());
        let same = |(pattern, segment): (&&str, &&str)| {
            if pattern.starts_with('{') {
                !segment.is_empty() && !segment.contains(['{', ' '])
            } else {
                pattern == segment
            }
        };
        pattern.len() == address.len() && pattern.iter().zip(&address).all(same)
    }

    #[test]
    fn addresses_match_their_patterns() {
        let reference = PathReference::parse("FEST-1-2026-0042").unwrap();
        let order_reference = OrderReference::parse("BC-1-2026-0007").unwrap();
        let key = "0190163d-8694-739b-aea5-966c26f8ad91";
        let report = Step::from(Transition::DeliverReport);
        for (pattern, address) in [
            (pattern::PATH, path(&reference)),
            (pattern::PATH_STEP, step(&reference, report)),
            (pattern::PATH_MESSAGES, path_messages(&reference)),
            (pattern::PATH_EVENTS, path_events(&reference)),
            (pattern::DOCUMENT, document(&reference, key.parse().unwrap())),
            (pattern::PATH_PIECE, piece(&reference, "dossier-de-preuves")),
            (pattern::PATH_PROOF, proof(&reference, 7)),
            (pattern::STEP_DOCUMENT, step_document(&reference, report)),
            (pattern::PORTAL_AGENDA, portal_agenda("abc")),
            (pattern::PORTAL_PIECE, portal_piece("abc", "lettre-d-engagement")),
            (pattern::PORTAL_PROOF, portal_proof("abc", 7)),
            (pattern::COMPANY, company(&Siret::parse("73282932000074").unwrap())),
            (pattern::ORDER, order(&order_reference)),
            (pattern::ORDER_STEP, order_step(&order_reference, OrderTransition::NotifyOrder)),
            (pattern::LOT, lot(&LotCode::parse("1").unwrap())),
            (pattern::MESSAGE, message(key.parse().unwrap())),
            (pattern::ACCOUNT, account(key.parse().unwrap())),
            (pattern::NEW_PASSWORD, new_password("abc")),
            (pattern::PORTAL, portal("abc")),
            (pattern::PORTAL_STEP, portal_step("abc", report)),
            (pattern::PORTAL_REMINDERS, portal_reminders("abc")),
            (pattern::PORTAL_RENEWAL, portal_renewal("abc")),
            (pattern::PORTAL_DOCUMENT, portal_document("abc", key.parse().unwrap())),
            (pattern::NEED_LINK, need_link("abc")),
            (pattern::PROPOSAL, proposal(key.parse().unwrap())),
            (pattern::FIGURE, figure(Figure::Entries)),
            (pattern::MONEY, money(MoneyLine::Paid)),
            (pattern::COMMITTEE_IMPORT, committee_import(key)),
            (pattern::COMMITTEE_TEMPLATE, committee_template(TableKind::Yearly)),
            (pattern::COMMITTEE_FILE, committee_file("xlsx")),
            (pattern::COMMITTEE_SEAL, committee_seal(key)),
            (pattern::COMMITTEE_SEAL_FILE, committee_seal_file(key, "pdf")),
            (pattern::COMMITTEE_WINDOWS, committee_windows(key)),
            (pattern::COMMITTEE_WINDOW_CLOSE, committee_window_close(key)),
            (pattern::WINDOW, window("abc")),
            (pattern::WINDOW_FILE, window_file("abc", "ods")),
        ] {
            assert!(matches(pattern, &address), "{pattern} {address}");
        }
        assert_eq!(path(&reference), "/parcours/FEST-1-2026-0042");
        assert_eq!(step(&reference, report), "/parcours/FEST-1-2026-0042/etapes/deliver_report");
    }

    #[test]
    fn absolute_addresses_have_one_slash() {
        for base in ["https://jalon.example", "https://jalon.example/"] {
            assert_eq!(absolute(base, &portal("abc")), "https://jalon.example/acces/abc");
        }
        assert_eq!(absolute("https://region.example/jalon/", HOME), "https://region.example/jalon/");
        assert_eq!(api("/paths"), "/api/v1/paths");
    }
}
