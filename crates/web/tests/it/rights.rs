//! Who gets what: every route of the pages, for everyone, on what is of their lot, what is of the other lot, and signed out.
//!
//! Rules kept here: the routes are those that the sources of the router name, so that a new one without a line here fails; what
//! a reader may not see answers the bytes of a page that does not exist; nothing is written without the ticket of our own page,
//! opened by the same session. The table is a reviewed snapshot: a right that changes shows there.
//!
//! To add a route: a line of [`LINES`] with an address in which `{…}` stand for what the path is about.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path as FilePath, PathBuf};

use app::{OrderOptions, OrderTarget};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::identifiers::{BodyCode, LotCode};
use domain::order::OrderTransition;
use domain::path::{Act, Transition};
use domain::people::{Account, Actor, OutsideRole, RecipientRole, StaffRole};
use domain::samples;
use serde_json::{Value, json};

use crate::kit::{Kit, Page};

/// How a route is tried: its method, its pattern, an address of it.
///
/// In an address, `{path}`, `{order}`, `{siret}`, `{document}`, `{message}`, `{lot}`, `{token}`, `{task}` and `{account}` are those of a
/// lot; an address without any is tried once.
const LINES: &[(&str, &str, &str)] = &[
    ("GET", "/", "/"),
    ("GET", "/static/{file}", "/static/jalon.css"),
    ("GET", "/robots.txt", "/robots.txt"),
    ("GET", "/healthz", "/healthz"),
    ("GET", "/readyz", "/readyz"),
    ("GET", "/metrics", "/metrics"),
    ("GET", "/connexion", "/connexion"),
    ("POST", "/connexion", "/connexion"),
    ("POST", "/connexion/demo", "/connexion/demo"),
    ("GET", "/connexion/oubli", "/connexion/oubli"),
    ("POST", "/connexion/oubli", "/connexion/oubli"),
    ("GET", "/connexion/mot-de-passe/{token}", "/connexion/mot-de-passe/inconnu"),
    ("POST", "/connexion/mot-de-passe/{token}", "/connexion/mot-de-passe/inconnu"),
    ("GET", "/mentions-legales", "/mentions-legales"),
    ("GET", "/accessibilite", "/accessibilite"),
    ("GET", "/donnees-personnelles", "/donnees-personnelles"),
    ("GET", "/contact", "/contact"),
    ("POST", "/brouillons", "/brouillons"),
    ("GET", "/compte", "/compte"),
    ("POST", "/compte/sessions/fin", "/compte/sessions/fin"),
    ("POST", "/compte/sessions/{session}/fin", "/compte/sessions/00000000-0000-0000-0000-000000000000/fin"),
    ("POST", "/compte/mot-de-passe", "/compte/mot-de-passe"),
    ("POST", "/compte/courriels", "/compte/courriels"),
    ("POST", "/compte/delegations", "/compte/delegations"),
    ("POST", "/compte/delegations/{delegation}/fin", "/compte/delegations/00000000-0000-0000-0000-000000000000/fin"),
    ("GET", "/administration", "/administration"),
    ("GET", "/administration/comptes/nouveau", "/administration/comptes/nouveau"),
    ("POST", "/administration/comptes/nouveau", "/administration/comptes/nouveau"),
    ("GET", "/administration/comptes/{account}", "/administration/comptes/{account}"),
    ("GET", "/administration/comptes/{account}/modifier", "/administration/comptes/{account}/modifier"),
    ("POST", "/administration/comptes/{account}/modifier", "/administration/comptes/{account}/modifier"),
    ("POST", "/administration/comptes/{account}/delegations", "/administration/comptes/{account}/delegations"),
    (
        "POST",
        "/administration/comptes/{account}/delegations/{delegation}/fin",
        "/administration/comptes/{account}/delegations/00000000-0000-0000-0000-000000000000/fin",
    ),
    ("POST", "/administration/comptes/{account}/ouverture", "/administration/comptes/{account}/ouverture"),
    ("POST", "/administration/comptes/{account}/invitation", "/administration/comptes/{account}/invitation"),
    ("GET", "/administration/comptes/{account}/portefeuille", "/administration/comptes/{account}/portefeuille"),
    ("POST", "/administration/comptes/{account}/portefeuille", "/administration/comptes/{account}/portefeuille"),
    ("GET", "/administration/marche", "/administration/marche"),
    ("GET", "/administration/marche/{market}/versions/{version}", "/administration/marche/fest-2023/versions/1"),
    ("GET", "/administration/securite", "/administration/securite"),
    ("POST", "/deconnexion", "/deconnexion"),
    ("POST", "/taches/{task}", "/taches/0190163d-8694-739b-aea5-966c26f8ad91"),
    ("GET", "/parcours", "/parcours"),
    ("GET", "/parcours", "/parcours?vue=etapes"),
    ("GET", "/parcours", "/parcours?q={siret}&lot={lot}&vue=tableau"),
    ("POST", "/parcours", "/parcours"),
    ("GET", "/parcours/export/{file}", "/parcours/export/parcours.csv?lot={lot}"),
    ("GET", "/parcours/export/{file}", "/parcours/export/parcours.xlsx"),
    ("POST", "/parcours/vues", "/parcours/vues"),
    ("POST", "/parcours/vues/{view}/ouverture", "/parcours/vues/0190163d-8694-739b-aea5-966c26f8ad91/ouverture"),
    ("POST", "/parcours/vues/{view}/supprimer", "/parcours/vues/0190163d-8694-739b-aea5-966c26f8ad91/supprimer"),
    ("GET", "/parcours/actions", "/parcours/actions?p={path}"),
    ("GET", "/parcours/actions", "/parcours/actions?p={path}&etape=add_note"),
    ("GET", "/parcours/actions", "/parcours/actions?p={path}&etape=admit_feasibility"),
    ("POST", "/parcours/actions/apercu", "/parcours/actions/apercu"),
    ("POST", "/parcours/actions/faire", "/parcours/actions/faire"),
    ("GET", "/entreprises/{siret}", "/entreprises/{siret}"),
    ("GET", "/commandes", "/commandes"),
    ("GET", "/commandes/nouvelle", "/commandes/nouvelle"),
    ("GET", "/commandes/nouvelle", "/commandes/nouvelle?lot={lot}"),
    ("POST", "/commandes/nouvelle", "/commandes/nouvelle"),
    ("GET", "/commandes/{reference}", "/commandes/{order}"),
    ("GET", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/amend_order"),
    ("GET", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/endorse"),
    ("GET", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/make_reservations"),
    ("GET", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/record_consultation"),
    ("GET", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/record_payment_request"),
    ("GET", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/interrupt_payment"),
    ("GET", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/resume_payment"),
    ("GET", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/return_payment_request"),
    ("GET", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/record_payment"),
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/amend_order"),
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/endorse"),
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/make_reservations"),
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/record_consultation"),
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/record_payment_request"),
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/interrupt_payment"),
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/resume_payment"),
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/return_payment_request"),
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/record_payment"),
    ("GET", "/commandes/verification", "/commandes/verification"),
    ("GET", "/lots", "/lots"),
    ("GET", "/lots/{code}", "/lots/{lot}"),
    ("GET", "/lots/{code}/avenant", "/lots/{lot}/avenant"),
    ("POST", "/lots/{code}/avenant", "/lots/{lot}/avenant"),
    ("GET", "/messages", "/messages"),
    ("GET", "/messages/{message}", "/messages/{message}"),
    ("GET", "/messages/{message}/contenu", "/messages/{message}/contenu"),
    ("POST", "/messages/{message}", "/messages/{message}"),
    ("GET", "/parcours/nouveau", "/parcours/nouveau"),
    ("GET", "/parcours/nouveau", "/parcours/nouveau?modele={path}"),
    ("POST", "/parcours/nouveau", "/parcours/nouveau"),
    ("GET", "/parcours/{reference}", "/parcours/{path}"),
    ("GET", "/parcours/{reference}/etapes/{step}", "/parcours/{path}/etapes/add_note"),
    ("GET", "/parcours/{reference}/etapes/{step}", "/parcours/{path}/etapes/approve_level"),
    ("GET", "/parcours/{reference}/etapes/{step}", "/parcours/{path}/etapes/amend_pif"),
    ("GET", "/parcours/{reference}/etapes/{step}", "/parcours/{path}/etapes/open_sibling"),
    ("POST", "/parcours/{reference}/etapes/{step}", "/parcours/{path}/etapes/add_note"),
    ("POST", "/parcours/{reference}/etapes/{step}", "/parcours/{path}/etapes/approve_level"),
    ("POST", "/parcours/{reference}/etapes/{step}", "/parcours/{path}/etapes/amend_pif"),
    ("GET", "/parcours/{reference}/messages", "/parcours/{path}/messages"),
    ("POST", "/parcours/{reference}/messages", "/parcours/{path}/messages"),
    ("GET", "/parcours/{reference}/documents/{document}", "/parcours/{path}/documents/{document}"),
    ("GET", "/acces/{token}", "/acces/{token}"),
    ("GET", "/acces/{token}/etapes/{step}", "/acces/{token}/etapes/propose_correction"),
    ("POST", "/acces/{token}/etapes/{step}", "/acces/inconnu/etapes/propose_correction"),
    ("POST", "/acces/{token}/nouveau-lien", "/acces/inconnu/nouveau-lien"),
    ("GET", "/acces/{token}/rappels", "/acces/{token}/rappels"),
    ("POST", "/acces/{token}/rappels", "/acces/inconnu/rappels"),
    ("GET", "/acces/{token}/documents/{document}", "/acces/{token}/documents/{document}"),
];

/// Routes behind the link of someone outside: the token alone decides, a session changes nothing to them. Mail programs turn
/// reminders off by a POST without a page (RFC 8058), so these are tried with a token of nobody.
const BY_TOKEN: &str = "/acces/";

/// Routes that answer anyone alike.
const OPEN: &[&str] = &[
    "/",
    "/static/jalon.css",
    "/robots.txt",
    "/healthz",
    "/readyz",
    "/metrics",
    "/connexion",
    "/connexion/demo",
    "/connexion/oubli",
    "/connexion/mot-de-passe/inconnu",
    "/mentions-legales",
    "/accessibilite",
    "/donnees-personnelles",
    "/contact",
];

/// A form that writes nothing and leads to a list, which shows each one their own.
const SEARCH: &str = "/parcours";

/// What nobody of the other lot may read anywhere.
const OF_LOT_2: &[&str] = &["Fonderie du Bocage", "FEST-2-", "BC-2-", "Paule Hamel"];

/// What is of a lot.
#[derive(Debug)]
struct Things {
    values: BTreeMap<&'static str, String>,
}

/// Someone at a browser.
struct Someone {
    name: &'static str,
    account: Account,
    /// Two sessions of the same account.
    secrets: [String; 2],
    /// Whether they work for one lot alone: the Region sees every lot, a body its own.
    of_lot_1: bool,
}

/// Both lots with one path and one order each, and everyone signed in.
struct World {
    kit: Kit,
    lots: [Things; 2],
    everyone: Vec<Someone>,
}

async fn account(
    kit: &Kit,
    role: StaffRole,
    sample: u8,
    email: &str,
    body: Option<&str>,
    lot: Option<&str>,
) -> Account {
    let sample = samples::account(role, sample);
    let new = app::NewAccount {
        email: samples::email(email),
        name: sample.name,
        role,
        body: body.map(|body| BodyCode::parse(body).expect("a body")),
        lots: lot.map(|lot| LotCode::parse(lot).expect("a lot")).into_iter().collect(),
        phone: None,
    };
    kit.app.create_account(new).await.expect("an account")
}

/// A notified order of lot 2.
async fn order_of_lot_2(kit: &Kit, finance: &Account) -> String {
    let steps: [(OrderTransition, &Account, Value); 4] = [
        (
            OrderTransition::DraftOrder,
            &kit.officer,
            json!({"lot": "2", "budget_year": 2026, "units": "P1 5, M1 5, M2 5, N1 5, N2 5"}),
        ),
        (OrderTransition::RequestEndorsement, &kit.officer, json!({})),
        (OrderTransition::Endorse, finance, json!({"commitment_number": "E-2026-2"})),
        (
            OrderTransition::NotifyOrder,
            &kit.officer,
            json!({"channel": "buyer_profile", "sent_on": kit.today, "consulted_on": kit.today, "proof": "AR 2"}),
        ),
    ];
    let mut target = OrderTarget::New;
    for (transition, account, form) in steps {
        let form = form.as_object().cloned().unwrap_or_default();
        let done =
            Box::pin(kit.app.order(&account.actor(), &target, transition, &form, &OrderOptions::default())).await;
        target = OrderTarget::Order(done.expect("the order goes through").order.reference);
    }
    match target {
        OrderTarget::Order(reference) => reference.to_string(),
        OrderTarget::New => String::new(),
    }
}

/// The study of the bench's path is delivered: there is a document, messages, a decision to take.
async fn deliver(kit: &mut Kit) {
    let company = kit.outside(OutsideRole::Company);
    kit.sample(&company, Act::ConfirmCommitment).await;
    kit.wait(8).await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::DeliverFeasibility).await;
}

async fn things(kit: &Kit, order: &str, holder: &Account) -> Things {
    let view = kit.app.path(&Actor::System, &kit.path().reference).await.expect("the path");
    let document = view.documents.first().expect("the study is a document").id;
    let message = view.messages.first().expect("a message was sent").content.id;
    let values = BTreeMap::from([
        ("{path}", view.path.reference.to_string()),
        ("{order}", order.to_owned()),
        ("{siret}", view.path.workplace.siret.to_string()),
        ("{document}", document.to_string()),
        ("{message}", message.to_string()),
        ("{lot}", view.path.lot.to_string()),
        ("{account}", holder.id.to_string()),
        ("{token}", kit.token(RecipientRole::Company).await),
    ]);
    Things { values }
}

impl World {
    async fn new() -> Self {
        let (mut kit, _) = Box::pin(Kit::commitment_asked()).await;
        Box::pin(deliver(&mut kit)).await;
        let first = kit.coordinator.clone();
        let order = kit.app.orders(&kit.officer.actor()).await.expect("the orders");
        let order_1 = order.first().expect("the bench has an order").reference.to_string();
        let lot_1 = things(&kit, &order_1, &first).await;

        let second = account(
            &kit,
            StaffRole::Coordinator,
            2,
            "coordination@afpa-normandie.example",
            Some(samples::BODY_2),
            None,
        )
        .await;
        let finance = account(&kit, StaffRole::RegionFinance, 2, "finance.2@region.example", None, None).await;
        let order_2 = order_of_lot_2(&kit, &finance).await;
        kit.coordinator = second.clone();
        kit.path = None;
        let mut form = samples::form(Transition::ReportNeed, kit.today);
        for (field, value) in [
            ("siret", "55208131766522"),
            ("company", "Fonderie du Bocage"),
            ("commune", "14118"),
            ("contact_name", "Paule Hamel"),
            ("contact_email", "paule.hamel@fonderie-bocage.example"),
        ] {
            form.insert(field.to_owned(), json!(value));
        }
        let (coordinator, officer) = (second.actor(), kit.officer.actor());
        kit.act(&coordinator, Transition::ReportNeed, form).await;
        kit.sample(&officer, Transition::OrderFeasibility).await;
        kit.sample(&coordinator, Transition::StartFeasibility).await;
        kit.sample(&coordinator, Act::AskConfirmation).await;
        Box::pin(deliver(&mut kit)).await;
        let lot_2 = things(&kit, &order_2, &second).await;

        let officer = account(&kit, StaffRole::RegionOfficer, 1, "lot.1@region.example", None, Some("1")).await;
        let viewer = account(&kit, StaffRole::RegionViewer, 1, "lecture@region.example", None, None).await;
        let administrator = account(&kit, StaffRole::Administrator, 1, "admin@region.example", None, None).await;
        let auditor = account(&kit, StaffRole::Auditor, 1, "audit@region.example", None, None).await;
        let mut everyone = Vec::new();
        for (name, account, of_lot_1) in [
            ("coordinator", first, true),
            ("officer", officer, false),
            ("finance", finance, false),
            ("viewer", viewer, false),
            ("administrator", administrator, false),
            ("auditor", auditor, false),
        ] {
            let mut secrets = Vec::new();
            for _ in 0..2 {
                secrets.push(kit.app.open_session(&account, "", "").await.expect("a session").1);
            }
            let secrets = secrets.try_into().expect("two sessions");
            everyone.push(Someone { name, account, secrets, of_lot_1 });
        }
        Self { kit, lots: [lot_1, lot_2], everyone }
    }

    async fn send(&self, method: &str, address: &str, secret: Option<&str>, body: &Sent, site: &str) -> Page {
        let method: Method = method.parse().expect("a method");
        let mut request = Request::builder().method(method.clone()).uri(address);
        if let Some(secret) = secret {
            request = request.header(header::COOKIE, format!("jalon={secret}"));
        }
        if method == Method::GET {
            return self.kit.send(request.body(Body::empty()).expect("a request")).await;
        }
        let (kind, body) = body.encoded();
        request = request.header("sec-fetch-site", site).header(header::CONTENT_TYPE, kind);
        self.kit.send(request.body(Body::from(body)).expect("a request")).await
    }

    async fn try_line(&self, method: &str, address: &str, secret: Option<&str>) -> Page {
        self.send(method, address, secret, &Sent::default(), "same-origin").await
    }

    /// Everything that a request could have written, as one text.
    async fn written(&self) -> String {
        let mut text = String::new();
        for things in &self.lots {
            let reference = things.values["{path}"].parse().expect("a reference");
            let view = self.kit.app.path(&Actor::System, &reference).await.expect("the path");
            let people: Vec<_> = view.people.iter().map(|person| format!("{person:?}")).collect();
            let (events, messages, documents) = (view.events.len(), view.messages.len(), view.documents.len());
            writeln!(text, "{reference} {:?} {events} {messages} {documents} {people:?}", view.path.version)
                .expect("a text grows");
            writeln!(text, "{:?}", view.tasks).expect("a text grows");
        }
        writeln!(text, "{:?}", self.kit.app.orders(&Actor::System).await.expect("the orders")).expect("a text grows");
        writeln!(text, "{:?}", self.kit.app.accounts().await.expect("the accounts")).expect("a text grows");
        for someone in &self.everyone {
            let sessions = self.kit.app.sessions(&someone.account).await.expect("the sessions");
            writeln!(text, "{} {}", someone.name, sessions.len()).expect("a text grows");
        }
        text
    }
}

/// The fields of a form.
#[derive(Debug, Clone, Default)]
struct Sent {
    fields: Vec<(String, String)>,
    multipart: bool,
}

impl Sent {
    fn encoded(&self) -> (String, String) {
        if self.multipart {
            const LIMIT: &str = "jalon-essai";
            let mut body = String::new();
            for (name, value) in &self.fields {
                write!(body, "--{LIMIT}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .expect("a text grows");
            }
            write!(body, "--{LIMIT}--\r\n").expect("a text grows");
            return (format!("multipart/form-data; boundary={LIMIT}"), body);
        }
        let encode =
            |text: &str| {
                text.bytes()
                    .map(|byte| {
                        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
                    })
                    .collect::<String>()
            };
        let pairs: Vec<_> =
            self.fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        ("application/x-www-form-urlencoded".to_owned(), pairs.join("&"))
    }

    fn ticket(&self) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == "cle").map(|(_, value)| value.as_str())
    }

    fn with_ticket(&self, ticket: Option<&str>) -> Self {
        let mut fields: Vec<_> = self.fields.iter().filter(|(name, _)| name != "cle").cloned().collect();
        fields.extend(ticket.map(|ticket| ("cle".to_owned(), ticket.to_owned())));
        Self { fields, multipart: self.multipart }
    }
}

/// The forms of a page that send by POST, by address.
fn forms(page: &Page) -> BTreeMap<String, Sent> {
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        let (value, _) = rest.split_once('"')?;
        Some(value.replace("&#38;", "&").replace("&amp;", "&"))
    };
    let mut forms = BTreeMap::new();
    for form in page.text.split("<form ").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let (tag, inside) = form.split_once('>').expect("a tag ends");
        let tag = format!(" {tag}");
        let Some(action) = attribute(&tag, "action") else { continue };
        if attribute(&tag, "method").is_none_or(|method| !method.eq_ignore_ascii_case("post")) {
            continue;
        }
        let mut fields = Vec::new();
        for input in inside.split("<input").skip(1) {
            let input = input.split('>').next().unwrap_or_default();
            let chosen = attribute(input, "type")
                .is_none_or(|kind| !matches!(kind.as_str(), "radio" | "checkbox" | "file"))
                || input.contains(" checked");
            if let (Some(name), true) = (attribute(input, "name"), chosen) {
                fields.push((name, attribute(input, "value").unwrap_or_default()));
            }
        }
        forms.insert(action, Sent { fields, multipart: tag.contains("multipart/form-data") });
    }
    forms
}

/// An address of a line for a lot.
fn filled(address: &str, things: &Things) -> String {
    things.values.iter().fold(address.to_owned(), |address, (name, value)| address.replace(name, value))
}

/// The Rust sources under a folder.
fn sources(folder: &FilePath, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The constants `const NAME: &str = "…"` of a text.
fn constants(text: &str, found: &mut BTreeMap<String, String>) {
    for rest in text.split("const ").skip(1) {
        let Some((name, rest)) = rest.split_once(": &str =") else { continue };
        if !name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_') {
            continue;
        }
        let Some(value) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else { continue };
        if value.starts_with('/') {
            let before = found.insert(name.to_owned(), value.to_owned());
            assert!(before.is_none_or(|before| before == value), "two addresses have the name {name}");
        }
    }
}

/// Every method and pattern that the router serves, as its sources say.
fn routes() -> BTreeSet<(String, String)> {
    let web = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&web, &mut files);
    let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).expect("a source is text")).collect();
    let mut names = BTreeMap::new();
    let addresses = web.join("../../wording/src/addresses.rs");
    constants(&fs::read_to_string(addresses).expect("the addresses are there"), &mut names);
    for text in &texts {
        constants(text, &mut names);
    }
    let mut routes = BTreeSet::new();
    for text in &texts {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        assert!(!code.contains(".nest("), "routes under a prefix are unknown to this test");
        for call in code.split(".route(").skip(1) {
            let mut depth = 1;
            let end = call.find(|c| {
                depth += match c {
                    '(' => 1,
                    ')' => -1,
                    _ => 0,
                };
                depth == 0
            });
            let (pattern, methods) = call[..end.expect("a call ends")].split_once(',').expect("a route has a handler");
            let name = pattern.trim().rsplit("::").next().unwrap_or_default();
            let pattern = if let Some(literal) = name.strip_prefix('"') {
                literal.trim_end_matches('"').to_owned()
            } else {
                names.get(name).unwrap_or_else(|| panic!("the address {name} is no constant")).clone()
            };
            let before = routes.len();
            for (method, word) in
                [("GET", "get("), ("POST", "post("), ("PUT", "put("), ("DELETE", "delete("), ("PATCH", "patch(")]
            {
                let called = methods.match_indices(word).any(|(at, _)| {
                    let before = methods[..at].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                });
                if called {
                    routes.insert((method.to_owned(), pattern.clone()));
                }
            }
            assert!(routes.len() > before, "the route {pattern} has no method that this test knows");
        }
    }
    routes
}

#[test]
fn every_route_has_its_line() {
    let lines: BTreeSet<_> =
        LINES.iter().map(|(method, pattern, _)| ((*method).to_owned(), (*pattern).to_owned())).collect();
    let routes = routes();
    let missing: Vec<_> = routes.difference(&lines).collect();
    assert!(missing.is_empty(), "these routes have no line in the table of rights: {missing:#?}");
    let gone: Vec<_> = lines.difference(&routes).collect();
    assert!(gone.is_empty(), "these lines have no route: {gone:#?}");
}

/// What an answer says of a right; panics when what is refused does not answer like what does not exist.
async fn outcome(world: &World, line: &str, secret: Option<&str>, page: &Page) -> String {
    match page.status {
        StatusCode::NOT_FOUND => {
            let nowhere = if line.contains(BY_TOKEN) { "/acces/inconnu" } else { "/nulle/part" };
            let nowhere = world.try_line("GET", nowhere, secret).await;
            assert_eq!(page.text, nowhere.text, "{line}: what may not be seen does not exist");
            "404".to_owned()
        }
        StatusCode::SEE_OTHER => {
            let location = page.location().split('?').next().unwrap_or_default();
            format!("303 {location}")
        }
        status => status.as_u16().to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everyone_gets_what_is_theirs_and_nothing_else() {
    let world = Box::pin(World::new()).await;
    let before = world.written().await;
    let mut table = String::new();
    for (method, _, address) in LINES {
        writeln!(table, "{method} {address}").expect("a text grows");
        let both = address.contains('{');
        let lots = if both { &world.lots[..] } else { &world.lots[..1] };
        let mut by_answer: Vec<(String, Vec<&str>)> = Vec::new();
        let mut keep = |answer: String, who| match by_answer.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, people)) => people.push(who),
            None => by_answer.push((answer, vec![who])),
        };
        for someone in &world.everyone {
            let mut answers = Vec::new();
            for things in lots {
                let address = filled(address, things);
                let page = world.try_line(method, &address, Some(&someone.secrets[0])).await;
                let line = format!("{method} {address} as {}", someone.name);
                assert!(!page.status.is_server_error(), "{line}: {}", page.text);
                answers.push(outcome(&world, &line, Some(&someone.secrets[0]), &page).await);
                if someone.of_lot_1 && !address.starts_with(BY_TOKEN) {
                    for secret in OF_LOT_2 {
                        assert!(!page.text.contains(secret), "{line}: « {secret} » is of the other lot");
                    }
                }
            }
            let of = |answer: &str| answer.to_owned();
            let answer = match answers.as_slice() {
                [one] => of(one),
                [own, other] => format!("own lot {own}, other lot {other}"),
                _ => unreachable!("there are two lots"),
            };
            keep(answer, someone.name);
        }
        let address = filled(address, &world.lots[0]);
        let page = world.try_line(method, &address, None).await;
        let line = format!("{method} {address} signed out");
        assert!(!page.status.is_server_error(), "{line}: {}", page.text);
        let answer = outcome(&world, &line, None, &page).await;
        if !OPEN.contains(&address.as_str()) && !address.starts_with(BY_TOKEN) {
            assert_eq!(answer, "303 /connexion", "{line}");
        }
        keep(answer, "signed out");
        for (answer, people) in by_answer {
            writeln!(table, "    {answer}: {}", people.join(", ")).expect("a text grows");
        }
    }
    assert_eq!(world.written().await, before, "nothing was written");
    insta::assert_snapshot!(table);
}

/// The forms that someone finds on the pages of a lot, by address.
async fn found(world: &World, secret: &str, things: &Things) -> BTreeMap<String, Sent> {
    let mut found = BTreeMap::new();
    for (method, _, address) in LINES {
        let address = filled(address, things);
        if *method == "GET" && !address.starts_with(BY_TOKEN) {
            let page = world.try_line("GET", &address, Some(secret)).await;
            if page.status == StatusCode::OK {
                found.extend(forms(&page));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_from_elsewhere_or_without_the_ticket_of_this_session() {
    let world = Box::pin(World::new()).await;
    let before = world.written().await;
    let mut tried = BTreeSet::new();
    for (method, pattern, address) in LINES.iter().filter(|(method, ..)| *method == "POST") {
        let address = filled(address, &world.lots[0]);
        for someone in &world.everyone {
            let secret = Some(someone.secrets[0].as_str());
            for site in ["cross-site", "same-site"] {
                let page = world.send(method, &address, secret, &Sent::default(), site).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{address} as {} from {site}", someone.name);
            }
        }
        tried.insert(*pattern);
    }
    let mut ticketed = 0;
    for someone in &world.everyone {
        let forms = found(&world, &someone.secrets[0], &world.lots[0]).await;
        for (action, sent) in &forms {
            if OPEN.contains(&action.as_str()) || action == SEARCH {
                continue;
            }
            let line = format!("{action} as {}", someone.name);
            let ticket = sent.ticket().unwrap_or_else(|| panic!("{line}: the form has no ticket"));
            ticketed += 1;
            let other = if ticket.starts_with('A') { "E" } else { "A" };
            let forged = format!("{other}{}", &ticket[1..]);
            for (why, body) in [
                ("none", sent.with_ticket(None)),
                ("forged", sent.with_ticket(Some(&forged))),
                ("empty", sent.with_ticket(Some(""))),
            ] {
                let page = world.send("POST", action, Some(&someone.secrets[0]), &body, "same-origin").await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{line}, ticket {why}: {}", page.text);
            }
            let page = world.send("POST", action, Some(&someone.secrets[1]), sent, "same-origin").await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{line}, the ticket of another session: {}", page.text);
            let page = world.send("POST", action, None, sent, "same-origin").await;
            assert_eq!(page.location().split('?').next(), Some("/connexion"), "{line}, signed out");
        }
    }
    assert!(ticketed >= world.everyone.len(), "everyone has a form at least: the way out");
    assert_eq!(world.written().await, before, "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_ones_lot_opens_nothing_of_the_other() {
    let world = Box::pin(World::new()).await;
    let before = world.written().await;
    for someone in world.everyone.iter().filter(|someone| someone.of_lot_1) {
        let forms = found(&world, &someone.secrets[0], &world.lots[0]).await;
        for (action, sent) in &forms {
            let mut elsewhere = action.clone();
            let mut body = sent.clone();
            for (name, own) in &world.lots[0].values {
                let other = &world.lots[1].values[name];
                elsewhere = elsewhere
                    .split('/')
                    .map(|part| if part == own { other } else { part })
                    .collect::<Vec<_>>()
                    .join("/");
                // A SIRET is public: anyone may report the need of any company of their territory.
                let typed = |field: &str| field == "siret" && action.starts_with("/parcours/nouveau");
                let about = |field: &str| (*name != "{lot}" || field == "lot") && !typed(field);
                for (field, value) in &mut body.fields {
                    if value == own && about(field) {
                        value.clone_from(other);
                    }
                }
            }
            if (elsewhere == *action && body.fields == sent.fields) || action == SEARCH {
                continue;
            }
            let page = world.send("POST", &elsewhere, Some(&someone.secrets[0]), &body, "same-origin").await;
            let line = format!("{elsewhere} as {}", someone.name);
            let refused = matches!(page.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
            assert!(refused, "{line}: {} {}", page.status, page.text);
            outcome(&world, &line, Some(&someone.secrets[0]), &page).await;
        }
    }
    assert_eq!(world.written().await, before, "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_comes_back_to_the_page_on_which_the_form_stood() {
    let world = Box::pin(World::new()).await;
    let mut tried = 0;
    for (method, _, address) in LINES.iter().filter(|(method, ..)| *method == "POST") {
        let address = filled(address, &world.lots[0]);
        let asked = world.try_line(method, &address, None).await;
        let Some(query) = asked.location().strip_prefix("/connexion").filter(|_| !OPEN.contains(&address.as_str()))
        else {
            continue;
        };
        let back = form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
            .find(|(name, _)| name == "retour")
            .map_or("/".to_owned(), |(_, back)| back.into_owned());
        for someone in &world.everyone {
            let page = world.try_line("GET", &back, Some(&someone.secrets[0])).await;
            assert_ne!(page.status, StatusCode::METHOD_NOT_ALLOWED, "{address} comes back to {back}");
        }
        tried += 1;
    }
    assert!(tried > 10, "every form of staff: {tried}");
}
