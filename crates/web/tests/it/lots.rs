//! Lots and verification in the browser: places, money, the quota raised by an amendment; who may not, finds no page.

use app::PathFilter;
use axum::http::StatusCode;
use domain::path::{Act, Transition};
use domain::people::{OutsideRole, Side, StaffRole};
use domain::samples;
use serde_json::json;

use crate::kit::{Kit, with};
use crate::messages::{failed, to_company};
use crate::orders::Desk;

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_shows_its_places_its_money_and_its_orders() {
    let (kit, _, _) = Box::pin(Kit::pif_written()).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    officer.get("/lots").await.shows(&[
        "Lot 1",
        "Lot 2",
        "1</strong> réservée, sur 250 parcours prévus",
        "249 places disponibles",
    ]);
    let page = officer.get("/lots/1").await;
    page.shows(&[
        "0 entrée, 1 réservée, sur 250",
        "Personne n’attend",
        "BC-1-2026-0001",
        "Étude de faisabilité",
        "5 / 1 / 1",
    ]);
    page.shows(&["Budget 2026", "Maximum du lot 1", "Relever le nombre de parcours", "Aucun seuil"]);
    officer.get("/commandes/BC-1-2026-0001").await.shows(&["FEST-1-2026-0001", "P1, étude de faisabilité", "Décidée"]);
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    coordinator.get("/lots").await.shows(&["Lot 1"]).lacks(&["Lot 2"]);
    coordinator.get("/lots/1").await.shows(&["249 places disponibles"]).lacks(&["Relever", "Budget 2026"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_is_raised_by_an_amendment_with_its_reference() {
    let (kit, _, _) = Box::pin(Kit::pif_written()).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let address = "/lots/1/avenant";
    let form = officer.get(address).await.shows(&["250 parcours sont prévus par an"]).form(address);
    let typed = [("places", "300"), ("reference", "Avenant n° 2 du 1er mars 2026")];
    let shown = officer.post(address, &with(form.clone(), &typed)).await;
    shown.shows(&["Porter le lot à 300 parcours par an", "299"]);
    for (places, reference, said) in [
        ("250", "Avenant n° 2", "C’est le nombre d’aujourd’hui"),
        ("200", "Avenant n° 2", "plus grand que 250"),
        ("beaucoup", "Avenant n° 2", "plus grand que 250"),
        ("300", " ", "Référence de l’avenant : ce champ est obligatoire"),
    ] {
        let refused = officer.post(address, &with(form.clone(), &[("places", places), ("reference", reference)])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{places}");
        refused.shows(&[said]);
    }
    let forged = [("cle", "AAAA"), ("places", "300"), ("reference", "Avenant n° 2")];
    assert_eq!(officer.post(address, &with(Vec::new(), &forged)).await.status, StatusCode::FORBIDDEN);
    let other = with(shown.form(address), &[("places", "310"), typed[1], ("faire", "oui")]);
    let other = officer.post(address, &other).await;
    assert_eq!(other.status, StatusCode::OK, "what was not shown is not done");
    other.shows(&["Porter le lot à 310 parcours par an"]);
    let unseen = officer.post(address, &with(with(form, &typed), &[("faire", "oui")])).await;
    assert_eq!(unseen.status, StatusCode::OK, "nothing was shown");
    assert_eq!(kit.app.markets().await.expect("markets").len(), 1, "nothing is recorded");
    let good = with(shown.form(address), &[typed[0], typed[1], ("faire", "oui")]);
    for _ in 0..2 {
        let done = officer.post(address, &good).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        let page = officer.get(done.location()).await;
        page.shows(&["est relevé", "1 réservée, sur 300", "299 places disponibles", "Avenant n° 2 du 1er mars 2026"]);
    }
    let versions = kit.app.markets().await.expect("markets");
    assert_eq!(versions.len(), 2, "sent twice, recorded once");
    assert_eq!(versions[1].recorded_by, kit.officer.name);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_raise_a_quota_finds_no_page() {
    let kit = Kit::new().await;
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let other = Desk::new(&kit, StaffRole::Coordinator, Some(samples::BODY_2), "autre@lot2.example").await;
    let administrator = Desk::new(&kit, StaffRole::Administrator, None, "admin@region.example").await;
    administrator.get("/lots/1/avenant").await.shows(&["Relever le nombre"]);
    for (desk, address) in [
        (&finance, "/lots/1/avenant"),
        (&coordinator, "/lots/1/avenant"),
        (&other, "/lots/1"),
        (&other, "/lots/1/avenant"),
        (&coordinator, "/lots/2"),
        (&coordinator, "/lots/1?marche=autre"),
        (&coordinator, "/lots/rien%20du%20tout"),
        (&coordinator, "/commandes/verification"),
    ] {
        assert_eq!(desk.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
        let sent = desk.post(address, &with(Vec::new(), &[("places", "300"), ("reference", "x")])).await;
        assert!(matches!(sent.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED), "{address}");
    }
    for address in ["/lots", "/lots/1", "/lots/1/avenant", "/commandes/verification"] {
        assert!(kit.get(address).await.location().starts_with("/connexion?retour="), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_delivered_waits_with_its_pieces() {
    let (mut kit, _) = Kit::commitment_asked().await;
    let company = kit.outside(OutsideRole::Company);
    kit.sample(&company, Act::ConfirmCommitment).await;
    kit.wait(8).await;
    let empty = Desk::of(&kit, &kit.officer).await.get("/commandes/verification").await;
    empty.shows(&["Rien à vérifier"]);
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::DeliverFeasibility).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let page = officer.get("/commandes/verification").await;
    page.shows(&[
        "1 prestation attend une décision",
        "FEST-1-2026-0001",
        "Étude de faisabilité",
        "encore",
        "est admise",
    ]);
    page.shows(&["/parcours/FEST-1-2026-0001/documents/", "/etapes/admit_feasibility", "/etapes/adjourn_feasibility"]);
    officer.get("/commandes/verification?lot=2").await.shows(&["Rien à vérifier"]);
    let finance = Desk::role(&kit, StaffRole::RegionFinance).await;
    finance.get("/commandes/verification").await.shows(&["FEST-1-2026-0001"]).lacks(&["/etapes/"]);
    let officer = kit.officer.actor();
    kit.act(
        &officer,
        Act::AskObservations,
        json!({"reasons": "Une pièce manque."}).as_object().cloned().expect("a form"),
    )
    .await;
    let officer = Desk::of(&kit, &kit.officer).await;
    officer.get("/commandes/verification").await.shows(&["Rien à vérifier"]);
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Act::GiveObservations).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    officer.get("/commandes/verification").await.shows(&["FEST-1-2026-0001", "Observations reçues"]);
}

/// A lot goes to another body by an amendment: its paths, their tasks, their messages and their orders stay with the body that
/// had them, and each sees its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_paths_of_a_lot_that_changes_hands_stay_with_their_body() {
    let (kit, _) = Kit::commitment_asked().await;
    let (path, reference) = (kit.path().clone(), kit.path().reference.to_string());
    failed(&kit, &to_company(&kit).await, Side::Body).await;
    let other = Desk::new(&kit, StaffRole::Coordinator, Some(samples::BODY_2), "autre@lot2.example").await;
    let accounts = kit.app.accounts().await.expect("accounts");
    let stranger = accounts.iter().find(|account| account.email.as_ref() == "autre@lot2.example").expect("it is there");
    let mut market = samples::market();
    market.lots[0].holder = market.lots[1].holder.clone();
    kit.app.apply_market("essai", &market, kit.today, Some("Avenant 4")).await.expect("it is applied");

    let company = wording::addresses::company(&path.workplace.siret);
    let own = Desk::of(&kit, &kit.coordinator).await;
    for (address, seen) in [
        ("/parcours", &[reference.as_str()] as &[&str]),
        ("/parcours?vue=etapes", &[&reference]),
        ("/parcours?q=lemoine&vue=tableau", &[&reference]),
        ("/?parcours=tous", &[&reference]),
        ("/messages", &[&reference, "/commandes/BC-1-2026-0001"]),
        ("/commandes", &["BC-1-2026-0001"]),
    ] {
        own.get(address).await.shows(seen);
        other.get(address).await.lacks(&[&reference, "BC-1-2026-0001"]);
    }
    own.get(&company).await.shows(&[&reference]);
    assert_eq!(other.get(&company).await.status, StatusCode::NOT_FOUND);
    // The lot itself is of who holds it now.
    assert_eq!(own.get("/lots/1").await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get("/lots/1").await.status, StatusCode::OK);

    for (account, number) in [(&kit.coordinator, 1), (stranger, 0)] {
        let actor = account.actor();
        let all = PathFilter::default();
        assert_eq!(kit.app.paths(&actor, &all).await.expect("paths").len(), number, "{}", account.email);
        assert_eq!(kit.app.path_page(&actor, &all).await.expect("a page").total, number as u64);
        let orders = kit.app.orders(&actor).await.expect("orders").len();
        assert_eq!(orders, number, "{}", account.email);
        let desk = kit.app.desk(account, app::desk::Scope::All).await.expect("a desk");
        assert_eq!(desk.tasks_in_all, number as u64, "{}", account.email);
        assert_eq!(desk.mine.all + desk.others.all, number as u64, "{}", account.email);
    }
    let task = kit.app.tasks(&kit.coordinator.actor()).await.expect("tasks").remove(0).id;
    assert!(!kit.app.finish_task(stranger, task).await.expect("an answer"), "it is not theirs");
    assert!(kit.app.finish_task(&kit.coordinator, task).await.expect("an answer"));
}
