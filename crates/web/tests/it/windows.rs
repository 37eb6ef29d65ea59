//! Windows for partners: opened and closed by who decides at the Region, read by whoever holds the link, and what they show.

use axum::http::{StatusCode, header};
use chrono::{Duration, Months};
use domain::path::Transition;
use domain::people::StaffRole;
use domain::samples;
use domain::security::SecurityEvent;
use persistence::SecurityFilter;

use crate::committee::{EVALUATION, entered, imported, sealed, well_set};
use crate::gallery::complete;
use crate::kit::{Kit, Page, with};
use crate::orders::Desk;

const PARTNER: &str = "Mission locale de l’Orne";

/// What is sent to open a window, with the hidden fields of the form of the photograph's page.
async fn asked(desk: &Desk<'_>, photograph: &str, partner: &str, until: &str) -> Page {
    let action = format!("{photograph}/fenetres");
    let form = desk.get(photograph).await.form(&action);
    desk.post(&action, &with(form, &[("partenaire", partner), ("jusqu", until)])).await
}

/// Opens a window; the page that it leads to, and the address behind its link.
async fn opened(desk: &Desk<'_>, photograph: &str, partner: &str, until: &str) -> (Page, String) {
    let sent = asked(desk, photograph, partner, until).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = desk.get(sent.location()).await;
    let start = page.text.find("http://jalon.test/chiffres/").expect("the link is shown");
    let link = page.text[start..].split('<').next().expect("a text ends");
    let address = link.strip_prefix("http://jalon.test").expect("the public address").to_owned();
    (page, address)
}

/// Where the only window that stands open on a photograph is closed.
async fn closing(desk: &Desk<'_>, photograph: &str) -> String {
    let page = desk.get(photograph).await;
    let start = page.text.find("/pilotage/copil/fenetres/").expect("a window may be closed");
    page.text[start..].split('"').next().expect("an address ends").to_owned()
}

async fn logged(kit: &Kit, event: SecurityEvent) -> Vec<String> {
    let tx = kit.app.store().begin_read().await.expect("the store");
    let filter = SecurityFilter { events: vec![event], ..SecurityFilter::default() };
    let lines = tx.security_lines(&filter).await.expect("the log");
    lines.into_iter().map(|line| line.detail).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_reads_the_masked_tables_by_a_link_and_nothing_else() {
    let mut kit = Box::pin(entered()).await;
    let day = kit.today.to_string();
    let until = (kit.today + Duration::days(30)).to_string();
    let reference = kit.path().reference.to_string();
    let (photograph, address) = {
        let officer = Desk::of(&kit, &kit.officer).await;
        imported(&officer, "entries", &day, "", &well_set()).await;
        imported(&officer, "evaluation", &day, "Génération Compétences", EVALUATION).await;
        let photograph = sealed(&officer, &day, "Comité de printemps").await;
        let page = officer.get(&photograph).await;
        page.shows(&["Aucune fenêtre n’est ouverte", "Ouvrir la fenêtre", "Constat", "Ce qui ne tombait pas juste"]);
        let proposed = kit.today.checked_add_months(Months::new(3)).expect("a day");
        page.shows(&[&format!("value=\"{proposed}\"")]);
        complete(&photograph, &page);
        let (page, address) = opened(&officer, &photograph, PARTNER, &until).await;
        page.shows(&["La fenêtre est ouverte", PARTNER, "Ouverte", &kit.officer.name, "il se lit sans compte"]);
        complete(&photograph, &page);
        // Asked twice, it is opened once.
        assert_eq!(opened(&officer, &photograph, PARTNER, &until).await.1, address);
        (photograph, address)
    };
    let token = address.rsplit('/').next().expect("a token");
    assert_eq!(token.len(), 43);
    assert!(!kit.stores(token), "nothing that opens it is kept");
    let details = logged(&kit, SecurityEvent::WindowOpened).await;
    assert!(matches!(details.as_slice(), [one] if one.starts_with(PARTNER)), "{details:?}");

    let page = kit.get(&address).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    page.shows(&[
        "Comité de printemps",
        "Région Normandie",
        PARTNER,
        "s : secret statistique",
        "7 032",
        ">s</td>",
        "Classeur Excel",
    ]);
    complete(&address, &page);
    for hidden in [
        reference.as_str(),
        "Constat",
        "Ce qui ne tombait pas juste",
        "Écarts entre",
        "Ce qui a changé depuis",
        &kit.officer.name,
        &kit.coordinator.name,
        "tableau.csv",
        "/pilotage",
        "<form",
    ] {
        page.lacks(&[hidden]);
    }
    let said = |name| page.headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!(said(header::REFERRER_POLICY), Some("no-referrer"));
    assert_eq!(said(header::CACHE_CONTROL), Some("no-store"));
    kit.get("/robots.txt").await.shows(&["Disallow: /chiffres/"]);

    let start: [(&str, &[u8]); 4] = [("xlsx", b"PK"), ("ods", b"PK"), ("csv", "\u{feff}".as_bytes()), ("pdf", b"%PDF")];
    for (format, start) in start {
        let file = kit.get(&format!("{address}/{format}")).await;
        assert_eq!(file.status, StatusCode::OK, "{format}: {}", file.text);
        assert!(file.bytes.starts_with(start), "{format}");
        let named = file.headers[header::CONTENT_DISPOSITION].to_str().expect("a header of ours");
        assert!(named.starts_with("attachment") && named.contains(&format!("{day}-exterieur.{format}")), "{named}");
    }
    let file = kit.get(&format!("{address}/csv")).await;
    file.shows(&["7032", ";s;", "Indicateur"]).lacks(&["Constat", "Écarts entre", &reference]);
    for nothing in ["slides", "json", "doc"] {
        assert_eq!(kit.get(&format!("{address}/{nothing}")).await.status, StatusCode::NOT_FOUND, "{nothing}");
    }
    for nothing in ["/chiffres/inconnu", "/chiffres/inconnu/csv", &format!("{address}A"), &address[..address.len() - 1]]
    {
        let page = kit.get(nothing).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{nothing}");
        page.shows(&["Ce lien n’ouvre pas de tableaux", "à la Région"]).lacks(&["courriel"]);
    }

    // What moves afterwards moves nothing of it.
    kit.wait(1).await;
    let region = kit.officer.actor();
    kit.sample(&region, Transition::AnnulEntry).await;
    {
        let officer = Desk::of(&kit, &kit.officer).await;
        let other = String::from_utf8_lossy(&well_set()).replace("7032;", "7033;").into_bytes();
        imported(&officer, "entries", &day, "", &other).await;
        officer.get(&photograph).await.shows(&["Ne compte plus", "7 033"]);
    }
    assert_eq!(kit.get(&address).await.text, page.text);

    // Reading needs no writing.
    kit.read_only().await;
    assert_eq!(kit.get(&address).await.text, page.text);
    assert_eq!(kit.head(&address).await.status, StatusCode::OK);
    assert_eq!(kit.get(&format!("{address}/pdf")).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_says_that_it_is_closed_or_that_its_last_day_is_over() {
    let mut kit = Kit::new().await;
    let until = kit.today + Duration::days(10);
    let (photograph, past, closed) = {
        let officer = Desk::of(&kit, &kit.officer).await;
        let photograph = sealed(&officer, "2026-03-01", "Comité").await;
        let (_, closed) = opened(&officer, &photograph, "France Travail", &until.to_string()).await;
        let action = closing(&officer, &photograph).await;
        let form = officer.get(&photograph).await.form(&action);
        let without = officer.post(&action, &[]).await;
        assert_eq!(without.status, StatusCode::FORBIDDEN, "without the ticket of our page");
        assert_eq!(kit.get(&closed).await.status, StatusCode::OK);
        for _ in 0..2 {
            let page = officer.post(&action, &form).await;
            assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text);
            let page = officer.get(page.location()).await;
            page.shows(&["Son lien ne montre plus aucun tableau", "Fermée", &kit.officer.name]);
            page.lacks(&["http://jalon.test/chiffres/"]);
            complete(&photograph, &page);
        }
        assert_eq!(logged(&kit, SecurityEvent::WindowClosed).await.len(), 1, "closed twice is closed once");
        let (_, past) = opened(&officer, &photograph, "Cap emploi", &until.to_string()).await;
        assert_ne!(past, closed);
        (photograph, past, closed)
    };
    for address in [closed.clone(), format!("{closed}/csv")] {
        let page = kit.get(&address).await;
        assert_eq!(page.status, StatusCode::GONE);
        page.shows(&["Cette fenêtre est fermée", "La Région Normandie l’a fermée le", "demandez une nouvelle fenêtre"]);
        page.lacks(&["Comité", "France Travail"]);
        complete(&address, &page);
    }
    kit.go(until, 23).await;
    assert_eq!(kit.get(&past).await.status, StatusCode::OK, "the last day is included");
    kit.go(until + Duration::days(1), 1).await;
    for address in [past.clone(), format!("{past}/pdf")] {
        let page = kit.get(&address).await;
        assert_eq!(page.status, StatusCode::GONE);
        page.shows(&["Cette fenêtre est fermée", "Ce lien se lisait jusqu’au", "demandez une nouvelle fenêtre"]);
        page.lacks(&["Comité", "Cap emploi"]);
        complete(&address, &page);
    }
    let officer = Desk::of(&kit, &kit.officer).await;
    let page = officer.get(&photograph).await;
    page.shows(&["Échue", "Fermée", "Cap emploi"]).lacks(&["http://jalon.test/chiffres/", "/pilotage/copil/fenetres/"]);
    complete(&photograph, &page);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_said_and_what_was_typed_stays() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let photograph = sealed(&officer, "2026-03-01", "Comité").await;
    let until = (kit.today + Duration::days(10)).to_string();
    let yesterday = (kit.today - Duration::days(1)).to_string();
    let too_late = (kit.today + Duration::days(370)).to_string();
    let long = "é".repeat(121);
    for (partner, day, said) in [
        (" ", until.as_str(), "Pour qui : Ce champ est obligatoire"),
        (long.as_str(), &until, "Pour qui : Le texte dépasse 120 caractères"),
        ("Mission\tlocale", &until, "Pour qui : Le texte contient des caractères invisibles"),
        (PARTNER, "demain", "Jusqu’au : Indiquez un jour qui existe"),
        (PARTNER, "", "Jusqu’au : Indiquez un jour qui existe"),
        (PARTNER, &yesterday, "Jusqu’au : Choisissez un jour du"),
        (PARTNER, &too_late, "Jusqu’au : Choisissez un jour du"),
    ] {
        let page = asked(&officer, &photograph, partner, day).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        page.shows(&["Erreur : Comité", said, &format!("value=\"{partner}\""), &format!("value=\"{day}\"")]);
        complete(&photograph, &page);
    }
    let both = asked(&officer, &photograph, "", "jamais").await;
    both.shows(&["Pour qui : Ce champ", "Jusqu’au : Indiquez"]);
    officer.get(&photograph).await.shows(&["Aucune fenêtre n’est ouverte"]);
    // The ticket of another session opens nothing, and what was typed stays.
    let action = format!("{photograph}/fenetres");
    let form = with(officer.get(&photograph).await.form(&action), &[("partenaire", PARTNER), ("jusqu", &until)]);
    let other = Desk::of(&kit, &kit.officer).await;
    let refused = other.post(&action, &form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    refused.shows(&["Relisez, puis envoyez de nouveau", &format!("value=\"{PARTNER}\"")]);
    let nowhere = action.replace(photograph.rsplit('/').next().expect("a key"), "0190163d-8694-739b-aea5-966c26f8ad91");
    for address in [nowhere.as_str(), "/pilotage/copil/arretes/rien/fenetres", "/pilotage/copil/fenetres/rien/fermer"] {
        assert_eq!(officer.post(address, &form).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    // The day may be today, or a year ahead, and be written as people write it.
    let year = kit.today.checked_add_months(Months::new(12)).expect("a day").to_string();
    opened(&officer, &photograph, "Un an", &year).await;
    opened(&officer, &photograph, "Un jour", &kit.today.format("%d/%m/%Y").to_string()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_decides_at_the_region_opens_and_closes_and_nobody_else() {
    let kit = Kit::new().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let photograph = sealed(&officer, "2026-03-01", "Comité").await;
    let until = (kit.today + Duration::days(10)).to_string();
    let (_, address) = opened(&officer, &photograph, PARTNER, &until).await;
    let (opening, closing) = (format!("{photograph}/fenetres"), closing(&officer, &photograph).await);
    let page = officer.get(&photograph).await;
    let sent = with(page.form(&opening), &[("partenaire", "Autre"), ("jusqu", &until)]);
    let close = page.form(&closing);
    for (role, body, email, reads) in [
        (StaffRole::RegionViewer, None, "lecture@region.example", true),
        (StaffRole::RegionFinance, None, "argent@region.example", true),
        (StaffRole::Auditor, None, "audit@region.example", true),
        (StaffRole::Coordinator, Some(samples::BODY_1), "une@lot1.example", false),
        (StaffRole::Administrator, None, "admin@region.example", false),
    ] {
        let desk = Desk::new(&kit, role, body, email).await;
        for (action, form) in [(&opening, &sent), (&closing, &close)] {
            assert_eq!(desk.post(action, form).await.status, StatusCode::NOT_FOUND, "{role} {action}");
        }
        let page = desk.get(&photograph).await;
        if reads {
            page.shows(&[PARTNER, "qui ouvrent les fenêtres"]).lacks(&[&address, "Ouvrir la fenêtre", "/fermer"]);
        } else {
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{role}");
        }
    }
    assert_eq!(kit.get(&address).await.status, StatusCode::OK, "it stands open");
    assert_eq!(logged(&kit, SecurityEvent::WindowOpened).await.len(), 1);
    // It opens for whoever holds it, signed in or not.
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    assert_eq!(coordinator.get(&address).await.status, StatusCode::OK);
}
