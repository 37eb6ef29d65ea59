//! Who gets what: every route of the pages, for everyone, on what is of their lot, what is of the other lot, and signed out.
//!
//! Rules kept here: the routes are those that the sources of the router name, so that a new one without a line here fails; what
//! a reader may not see answers the bytes of a page that does not exist; nothing is written without the ticket of our own page,
//! opened by the same session. The table is a reviewed snapshot: a right that changes shows there.
//!
//! To add a route: a line of [`LINES`] with an address in which `{…}` stand for what the path is about. The steps of a path and
//! of an order, one address each, have their own table: [`steps`].

mod headers;
mod sent;
mod sources;
mod steps;
mod unread;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use axum::http::StatusCode;

use self::sent::{Sent, forms};
use self::sources::routes;
use self::world::{Things, World, filled};
use crate::kit::Page;

/// How a route is tried: its method, its pattern, an address of it.
///
/// In an address, `{path}`, `{order}`, `{siret}`, `{document}`, `{message}`, `{lot}`, `{token}`, `{task}`, `{need}` and `{account}` are those of a
/// lot; an address without any is tried once.
const LINES: &[(&str, &str, &str)] = &[
    ("GET", "/", "/"),
    ("GET", "/static/{file}", "/static/jalon.css"),
    ("GET", "/robots.txt", "/robots.txt"),
    ("GET", "/healthz", "/healthz"),
    ("GET", "/readyz", "/readyz"),
    ("GET", "/metrics", "/metrics"),
    ("POST", "/crochets/retours", "/crochets/retours"),
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
    ("POST", "/commandes/{reference}/etapes/{step}", "/commandes/{order}/etapes/amend_order"),
    ("GET", "/commandes/verification", "/commandes/verification"),
    ("GET", "/lots", "/lots"),
    ("GET", "/lots/{code}", "/lots/{lot}"),
    ("GET", "/lots/{code}/avenant", "/lots/{lot}/avenant"),
    ("POST", "/lots/{code}/avenant", "/lots/{lot}/avenant"),
    ("GET", "/pilotage", "/pilotage"),
    ("GET", "/pilotage/chiffres/{figure}", "/pilotage/chiffres/open"),
    ("GET", "/pilotage/argent", "/pilotage/argent"),
    ("GET", "/pilotage/argent/{line}", "/pilotage/argent/engaged"),
    ("GET", "/pilotage/copil", "/pilotage/copil"),
    ("POST", "/pilotage/copil/imports", "/pilotage/copil/imports"),
    ("GET", "/pilotage/copil/imports/{import}", "/pilotage/copil/imports/0190163d-8694-739b-aea5-966c26f8ad91"),
    ("GET", "/pilotage/copil/modeles/{kind}", "/pilotage/copil/modeles/entries"),
    ("GET", "/pilotage/copil/fichier/{format}", "/pilotage/copil/fichier/csv"),
    ("GET", "/pilotage/copil/arretes", "/pilotage/copil/arretes"),
    ("POST", "/pilotage/copil/arretes", "/pilotage/copil/arretes"),
    ("GET", "/pilotage/copil/arretes/{photograph}", "/pilotage/copil/arretes/0190163d-8694-739b-aea5-966c26f8ad91"),
    (
        "GET",
        "/pilotage/copil/arretes/{photograph}/fichier/{format}",
        "/pilotage/copil/arretes/0190163d-8694-739b-aea5-966c26f8ad91/fichier/pdf",
    ),
    (
        "POST",
        "/pilotage/copil/arretes/{photograph}/fenetres",
        "/pilotage/copil/arretes/0190163d-8694-739b-aea5-966c26f8ad91/fenetres",
    ),
    (
        "POST",
        "/pilotage/copil/fenetres/{window}/fermer",
        "/pilotage/copil/fenetres/0190163d-8694-739b-aea5-966c26f8ad91/fermer",
    ),
    ("GET", "/messages", "/messages"),
    ("GET", "/messages/{message}", "/messages/{message}"),
    ("GET", "/messages/{message}/contenu", "/messages/{message}/contenu"),
    ("POST", "/messages/{message}", "/messages/{message}"),
    ("POST", "/messages/{message}/classement", "/messages/{message}/classement"),
    ("GET", "/messages/textes", "/messages/textes"),
    ("GET", "/messages/textes/{kind}/{role}", "/messages/textes/feasibility_ordered/company"),
    ("GET", "/messages/textes/{kind}/{role}", "/messages/textes/feasibility_delivered/region"),
    ("GET", "/messages/textes/{kind}/{role}", "/messages/textes/password_reset/body"),
    ("GET", "/messages/textes/{kind}/{role}", "/messages/textes/lots/{lot}"),
    ("GET", "/messages/textes/{kind}/{role}/contenu", "/messages/textes/feasibility_ordered/company/contenu"),
    ("GET", "/messages/textes/{kind}/{role}/contenu", "/messages/textes/lots/{lot}/contenu?saisie=oui"),
    ("POST", "/messages/textes/{kind}/{role}", "/messages/textes/feasibility_ordered/company"),
    ("POST", "/messages/textes/{kind}/{role}", "/messages/textes/lots/{lot}"),
    ("POST", "/messages/textes/{kind}/{role}/retour", "/messages/textes/feasibility_ordered/company/retour"),
    ("GET", "/parcours/nouveau", "/parcours/nouveau"),
    ("GET", "/parcours/nouveau", "/parcours/nouveau?modele={path}"),
    ("GET", "/parcours/nouveau", "/parcours/nouveau?besoin={need}"),
    ("POST", "/parcours/nouveau", "/parcours/nouveau"),
    ("GET", "/parcours/{reference}", "/parcours/{path}"),
    ("GET", "/parcours/{reference}/etapes/{step}", "/parcours/{path}/etapes/add_note"),
    ("POST", "/parcours/{reference}/etapes/{step}", "/parcours/{path}/etapes/add_note"),
    ("GET", "/parcours/{reference}/messages", "/parcours/{path}/messages"),
    ("POST", "/parcours/{reference}/messages", "/parcours/{path}/messages"),
    ("GET", "/parcours/{reference}/documents/{document}", "/parcours/{path}/documents/{document}"),
    ("GET", "/parcours/{reference}/etapes/{step}/document", "/parcours/{path}/etapes/write_pif/document"),
    ("GET", "/parcours/{reference}/pieces/{piece}", "/parcours/{path}/pieces/lettre-d-engagement"),
    ("GET", "/parcours/{reference}/pieces/{piece}", "/parcours/{path}/pieces/dossier-de-preuves"),
    ("GET", "/parcours/{reference}/preuves/{rank}", "/parcours/{path}/preuves/{proof}"),
    ("GET", "/besoin", "/besoin"),
    ("POST", "/besoin", "/besoin"),
    ("GET", "/besoin/{token}", "/besoin/inconnu"),
    ("POST", "/besoin/{token}", "/besoin/inconnu"),
    ("GET", "/besoins/{need}", "/besoins/{need}"),
    ("POST", "/besoins/{need}", "/besoins/{need}"),
    ("GET", "/chiffres/{token}", "/chiffres/inconnu"),
    ("GET", "/chiffres/{token}/{format}", "/chiffres/inconnu/csv"),
    ("GET", "/acces/{token}", "/acces/{token}"),
    ("GET", "/acces/{token}/etapes/{step}", "/acces/{token}/etapes/propose_correction"),
    ("POST", "/acces/{token}/etapes/{step}", "/acces/inconnu/etapes/propose_correction"),
    ("POST", "/acces/{token}/nouveau-lien", "/acces/inconnu/nouveau-lien"),
    ("GET", "/acces/{token}/rappels", "/acces/{token}/rappels"),
    ("POST", "/acces/{token}/rappels", "/acces/inconnu/rappels"),
    ("GET", "/acces/{token}/documents/{document}", "/acces/{token}/documents/{document}"),
    ("GET", "/acces/{token}/agenda.ics", "/acces/{token}/agenda.ics"),
    ("GET", "/acces/{token}/pieces/{piece}", "/acces/{token}/pieces/lettre-d-engagement"),
    ("GET", "/acces/{token}/pieces/{piece}", "/acces/{token}/pieces/dossier-de-preuves"),
    ("GET", "/acces/{token}/preuves/{rank}", "/acces/{token}/preuves/{proof}"),
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
    "/crochets/retours",
    "/connexion",
    "/connexion/demo",
    "/connexion/oubli",
    "/connexion/mot-de-passe/inconnu",
    "/mentions-legales",
    "/accessibilite",
    "/donnees-personnelles",
    "/contact",
    "/besoin",
    "/besoin/inconnu",
    "/chiffres/inconnu",
    "/chiffres/inconnu/csv",
];

/// Routes where programs speak, and are answered in plain words of ours.
const OF_PROGRAMS: &[&str] = &["/crochets/retours"];

/// A form that writes nothing and leads to a list, which shows each one their own.
const SEARCH: &str = "/parcours";

/// What nobody of the other lot may read anywhere.
const OF_LOT_2: &[&str] = &["Fonderie du Bocage", "FEST-2-", "BC-2-", "Paule Hamel", "Scierie du Perche"];

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
            let nowhere = match line {
                _ if line.contains(BY_TOKEN) => "/acces/inconnu",
                // What opens no window says so.
                _ if line.contains(" /chiffres/") => "/chiffres/nulle-part",
                _ => "/nulle/part",
            };
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
    let pages = LINES.iter().filter(|(method, ..)| *method == "GET").map(|(_, _, address)| (*address).to_owned());
    for address in pages.chain(steps::addresses()) {
        let address = filled(&address, things);
        if !address.starts_with(BY_TOKEN) {
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
