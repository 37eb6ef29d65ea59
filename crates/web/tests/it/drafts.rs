//! Nothing typed is lost: what is kept as it is typed, by whom it is found again, and what a session that ended still sends.

use app::Settings;
use axum::http::StatusCode;
use domain::path::Transition;
use domain::people::Account;

use crate::desk::Desk;
use crate::gallery::complete;
use crate::kit::{Kit, Page, with};
use crate::orders::drafted;
use crate::paths::{Seat, stranger};

/// A path whose study is ordered; the address of the step that starts it.
async fn ordered() -> (Kit, String) {
    let mut kit = Kit::new().await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::ReportNeed).await;
    let officer = kit.officer.actor();
    kit.sample(&officer, Transition::OrderFeasibility).await;
    let start = format!("/parcours/{}/etapes/start_feasibility", kit.path().reference);
    (kit, start)
}

/// What the script of the pages sends while one types.
fn typing(page: &Page, form: &str, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    with(with(page.form(form), typed), &[("formulaire", form)])
}

async fn finance(kit: &Kit) -> Account {
    let accounts = kit.app.accounts().await.expect("the accounts");
    accounts.into_iter().find(|account| account.role == domain::people::StaffRole::RegionFinance).expect("finance")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_kept_for_its_author_until_they_erase_it() {
    let (kit, start) = ordered().await;
    let seat = Seat::of(&kit, &kit.coordinator).await;
    let page = seat.get(&kit, &start).await;
    let typed = typing(&page, &start, &[("place", "Quai B, sans appel")]);
    let kept = seat.post(&kit, "/brouillons", &typed).await;
    assert_eq!(kept.status, StatusCode::NO_CONTENT, "{}", kept.text);
    let at = kept.headers["jalon-saved-at"].to_str().expect("a time is text");
    assert!(at.starts_with("9 h 0"), "{at}");
    assert!(kit.stores("Boulangerie Lemoine") && !kit.stores("Quai B, sans appel"), "a draft is sealed");
    let again = seat.get(&kit, &start).await;
    complete("draft_found", &again);
    again.shows(&["Brouillon du", "repris.", "Effacer la saisie", "Quai B, sans appel"]);
    // The same account finds it at another browser; a colleague does not.
    Seat::of(&kit, &kit.coordinator).await.get(&kit, &start).await.shows(&["Quai B, sans appel"]);
    let draft = kit.app.draft(&kit.officer, &start).await.expect("the store");
    assert_eq!(draft, None);
    let erased = seat.post(&kit, &start, &with(page.form(&start), &[("effacer", "oui")])).await;
    assert_eq!((erased.status, erased.location()), (StatusCode::SEE_OTHER, start.as_str()));
    seat.get(&kit, &start).await.lacks(&["Quai B", "Brouillon du"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_takes_the_ticket_of_its_own_form_and_session() {
    let (kit, start) = ordered().await;
    let seat = Seat::of(&kit, &kit.coordinator).await;
    let page = seat.get(&kit, &start).await;
    let typed = typing(&page, &start, &[("place", "Quai B")]);
    let none: Vec<_> = typed.iter().filter(|(name, _)| name != "cle").cloned().collect();
    let elsewhere: Vec<_> = typed
        .iter()
        .map(|(name, value)| {
            (name.clone(), if name == "formulaire" { "/lots/1/avenant".into() } else { value.clone() })
        })
        .collect();
    for (why, sent) in [("no ticket", &none), ("the ticket of another form", &elsewhere)] {
        assert_eq!(seat.post(&kit, "/brouillons", sent).await.status, StatusCode::FORBIDDEN, "{why}");
    }
    let other = Seat::of(&kit, &kit.coordinator).await;
    assert_eq!(other.post(&kit, "/brouillons", &typed).await.status, StatusCode::FORBIDDEN, "another session");
    let away = kit.post("/brouillons", &typed).await;
    assert_eq!((away.status, away.location()), (StatusCode::SEE_OTHER, "/connexion"), "nobody");
    for form in [start.as_str(), "/lots/1/avenant"] {
        assert_eq!(kit.app.draft(&kit.coordinator, form).await.expect("the store"), None, "{form}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_orders_lots_and_new_paths_keep_their_drafts_until_they_are_done() {
    let kit = Kit::new().await;
    let officer = Seat::of(&kit, &kit.officer).await;
    let order = drafted(&kit).await;
    let ask = format!("{order}/etapes/request_endorsement");
    let asked = officer.post(&kit, &ask, &with(officer.get(&kit, &ask).await.form(&ask), &[("faire", "oui")])).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text);
    let finance = Seat::of(&kit, &finance(&kit).await).await;
    let (endorse, new, quota) = (format!("{order}/etapes/endorse"), "/commandes/nouvelle?lot=1", "/lots/1/avenant");
    for (seat, form, field, value) in [
        (&finance, endorse.as_str(), "commitment_number", "EJ-2026-7"),
        (&officer, new, "units_P1", "1717"),
        (&officer, quota, "reference", "Avenant du printemps"),
        (&officer, "/parcours/nouveau", "company", "Cidrerie du Pré"),
    ] {
        let page = seat.get(&kit, form).await;
        let kept = seat.post(&kit, "/brouillons", &typing(&page, form, &[(field, value)])).await;
        assert_eq!(kept.status, StatusCode::NO_CONTENT, "{form}: {}", kept.text);
        let again = seat.get(&kit, form).await;
        complete("draft_of_form", &again);
        again.shows(&["Effacer la saisie", value]);
    }
    officer.get(&kit, "/commandes/nouvelle?lot=2").await.lacks(&["Effacer la saisie"]);
    let page = finance.get(&kit, &endorse).await;
    let typed = [("commitment_number", "EJ-2026-7"), ("faire", "oui")];
    let done = finance.post(&kit, &endorse, &with(page.form(&endorse), &typed)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let account = self::finance(&kit).await;
    assert_eq!(kit.app.draft(&account, &endorse).await.expect("the store"), None, "what is done is no draft");
    let erased = officer.post(&kit, new, &with(officer.get(&kit, new).await.form(new), &[("effacer", "oui")])).await;
    assert_eq!(erased.location(), new);
    officer.get(&kit, new).await.lacks(&["Effacer la saisie"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_time_ended_keeps_what_it_sends_for_its_account_alone() {
    let (mut kit, start) = ordered().await;
    let seat = Seat::of(&kit, &kit.coordinator).await;
    let form = seat.get(&kit, &start).await.form(&start);
    let autosaved = with(with(form.clone(), &[("place", "Quai A")]), &[("formulaire", &start)]);
    kit.go(kit.today, 12).await;
    assert_eq!(seat.post(&kit, "/brouillons", &autosaved).await.status, StatusCode::NO_CONTENT);
    let typed = [("place", "Quai B"), ("promesse", "lue"), ("faire", "oui")];
    let sent = seat.post(&kit, &start, &with(form.clone(), &typed)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let back = form_urlencoded::byte_serialize(start.as_bytes()).collect::<String>();
    assert_eq!(sent.location(), format!("/connexion?fait=garde&retour={back}"));
    seat.get(&kit, sent.location()).await.shows(&["Votre session a pris fin", "Ce que vous aviez saisi est gardé"]);
    let other = stranger(&kit).await;
    assert_eq!(Seat::of(&kit, &other).await.get(&kit, &start).await.status, StatusCode::NOT_FOUND);
    assert_eq!(kit.app.draft(&other, &start).await.expect("the store"), None);
    let again = Seat::of(&kit, &kit.coordinator).await.get(&kit, &start).await;
    again.shows(&["Quai B", "repris."]).lacks(&["Quai A"]);

    let kept = kit.app.draft(&kit.coordinator, &start).await.expect("the store").expect("a draft").typed;
    assert!(kept.iter().all(|(name, _)| name != "promesse" && name != "repetition"), "{kept:?}");

    // A forged ticket keeps nothing, and opens nothing.
    let forged = [("cle".to_owned(), "AAAA".to_owned()), ("place".to_owned(), "Quai C".to_owned())];
    let refused = seat.post(&kit, &start, &forged).await;
    assert_eq!(refused.location(), format!("/connexion?retour={back}"));
    Seat::of(&kit, &kit.coordinator).await.get(&kit, &start).await.lacks(&["Quai C"]);
    // Long after, it is a stranger's.
    kit.wait(40).await;
    let late = seat.post(&kit, &start, &with(form, &[("place", "Quai D")])).await;
    assert_eq!(late.location(), format!("/connexion?retour={back}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_time_ended_keeps_a_form_as_large_as_its_step_takes() {
    let document = [b"%PDF-1.7\n".as_slice(), &vec![b'x'; 2 * 1024 * 1024]].concat();
    for (most, kept, said) in [(20_000_000, 1, "garde&"), (1_000_000, 0, "garde_sans_document&")] {
        let (mut kit, _) = ordered().await;
        kit.set(Settings { document_size: most, ..kit.app.settings().clone() });
        let add = format!("/parcours/{}/etapes/add_document", kit.path().reference);
        let (_, secret) = kit.app.open_session(&kit.coordinator, "", "").await.expect("a session");
        let form = with(Desk::with_secret(&kit, &secret).get(&add).await.form(&add), &[("kind", "evidence")]);
        kit.go(kit.today, 12).await;
        let desk = Desk::with_secret(&kit, &secret);
        let sent = desk.upload(&add, &form, &[("document", "Programme.pdf", &document)]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        assert!(sent.location().starts_with(&format!("/connexion?fait={said}")), "{}", sent.location());
        let page = desk.get(sent.location()).await;
        complete("session_over", &page);
        page.shows(&["Ce que vous aviez saisi est gardé"]);
        assert_eq!(page.text.contains("Un document joint n’a pas été gardé"), kept == 0);
        let draft = kit.app.draft(&kit.coordinator, &add).await.expect("the store").expect("a draft");
        assert_eq!(draft.documents.len(), kept);
        assert!(draft.typed.contains(&("kind".to_owned(), "evidence".to_owned())), "{:?}", draft.typed);
        // No other form grows with it.
        let quota = desk.upload("/lots/1/avenant", &form, &[("document", "Programme.pdf", &document)]).await;
        assert_eq!(quota.status, StatusCode::PAYLOAD_TOO_LARGE);
    }
}

/// A document goes to the disk once the form that brings it is known to be ours: on a full one nothing else is refused for it.
#[tokio::test(flavor = "multi_thread")]
async fn no_document_is_written_for_who_shows_no_ticket() {
    let (mut kit, _) = ordered().await;
    let path = format!("/parcours/{}/etapes", kit.path().reference);
    let (add, officers, new) =
        (format!("{path}/add_document"), format!("{path}/admit_feasibility"), "/parcours/nouveau");
    let (_, secret) = kit.app.open_session(&kit.coordinator, "", "").await.expect("a session");
    let (_, lapsing) = kit.app.open_session(&kit.coordinator, "", "").await.expect("a session");
    let form = |page: &Page| with(page.form(&add), &[("kind", "evidence")]);
    let ours = form(&Desk::with_secret(&kit, &secret).get(&add).await);
    let of_another = form(&Desk::with_secret(&kit, &lapsing).get(&add).await);
    let file = [("document", "Programme.pdf", b"%PDF-1.7 essai".as_slice())];

    // A ticket that comes after the document comes too late.
    let part = |name: &str, value: &str| {
        format!("--limite\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields: String = ours.iter().map(|(name, value)| part(name, value)).collect();
    let document = part("document\"; filename=\"Programme.pdf", "%PDF-1.7 essai");
    let body = format!("{document}{fields}--limite--\r\n").into_bytes();
    let desk = Desk::with_secret(&kit, &secret);
    let sent = desk.send(&add, "multipart/form-data; boundary=limite", body).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", sent.text);
    let draft = kit.app.draft(&kit.coordinator, &add).await.expect("the store").expect("a draft");
    assert!(draft.documents.is_empty() && !draft.typed.is_empty(), "{draft:?}");

    kit.full_disk().await;
    let desk = Desk::with_secret(&kit, &secret);
    assert_eq!(desk.upload(&add, &ours, &file).await.status, StatusCode::SERVICE_UNAVAILABLE, "the disk is full");
    for sent in [&Vec::new(), &of_another] {
        assert_eq!(desk.upload(&add, sent, &file).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(desk.upload(&officers, &ours, &file).await.status, StatusCode::NOT_FOUND, "it is not theirs to do");
    assert_eq!(desk.upload(new, &ours, &file).await.status, StatusCode::FORBIDDEN, "it takes no document");

    kit.go(kit.today, 12).await;
    let lapsed = Desk::with_secret(&kit, &lapsing);
    let sent = lapsed.upload(&add, &ours, &file).await;
    assert!(sent.location().starts_with("/connexion?retour="), "{}: {}", sent.status, sent.text);
    let sent = lapsed.upload(&add, &of_another, &file).await;
    assert_eq!(sent.status, StatusCode::SERVICE_UNAVAILABLE, "its own, which finds no room");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_somebody_ended_keeps_nothing() {
    let (mut kit, start) = ordered().await;
    let (session, secret) = kit.app.open_session(&kit.coordinator, "", "").await.expect("a session");
    let seat = Seat::with_secret(&secret);
    let form = seat.get(&kit, &start).await.form(&start);
    kit.app.end_session(&kit.coordinator, session.id).await.expect("it ends");
    kit.go(kit.today, 12).await;
    let typed = with(form, &[("place", "Quai B"), ("formulaire", &start)]);
    for address in [start.as_str(), "/brouillons"] {
        let sent = seat.post(&kit, address, &typed).await;
        assert!(sent.location().starts_with("/connexion"), "{address}: {}", sent.status);
    }
    assert_eq!(kit.app.draft(&kit.coordinator, &start).await.expect("the store"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_session_comes_back_as_it_was_typed_and_does_nothing() {
    let (kit, start) = ordered().await;
    let before = Seat::of(&kit, &kit.coordinator).await;
    let form = before.get(&kit, &start).await.form(&start);
    let seat = Seat::of(&kit, &kit.coordinator).await;
    let sent = with(form, &[("place", "Quai B"), ("faire", "oui")]);
    let back = seat.post(&kit, &start, &sent).await;
    assert_eq!(back.status, StatusCode::FORBIDDEN);
    complete("other_session", &back);
    back.shows(&["Relisez, puis envoyez de nouveau", "Quai B"]);
    assert_eq!(kit.app.draft(&kit.coordinator, &start).await.expect("the store"), None, "nothing is written");
    // Its new ticket is good.
    let shown = seat.post(&kit, &start, &with(back.form(&start), &[("place", "Quai B")])).await;
    assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", shown.text);

    let officer = Seat::of(&kit, &kit.officer).await;
    for (form, field, value) in [
        ("/commandes/nouvelle?lot=1", "units_P1", "1717"),
        ("/lots/1/avenant", "reference", "Avenant du printemps"),
        ("/parcours/nouveau", "company", "Cidrerie du Pré"),
    ] {
        let form_of_another = Seat::of(&kit, &kit.officer).await.get(&kit, form).await.form(form);
        let back = officer.post(&kit, form, &with(form_of_another, &[(field, value)])).await;
        assert_eq!(back.status, StatusCode::FORBIDDEN, "{form}");
        back.shows(&["Relisez, puis envoyez de nouveau", value]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_taken_as_a_model_leaves_the_other_draft_alone() {
    let (kit, _) = ordered().await;
    let seat = Seat::of(&kit, &kit.coordinator).await;
    let (new, like) = ("/parcours/nouveau", format!("/parcours/nouveau?modele={}", kit.path().reference));
    let typed = typing(&seat.get(&kit, new).await, new, &[("company", "Cidrerie du Pré")]);
    seat.post(&kit, "/brouillons", &typed).await;
    let model = seat.get(&kit, &like).await;
    model.shows(&["Boulangerie Lemoine"]).lacks(&["Cidrerie du Pré"]);
    seat.post(&kit, "/brouillons", &typing(&model, &like, &[("company", "Boulangerie Lemoine et fille")])).await;
    seat.get(&kit, &like).await.shows(&["Boulangerie Lemoine et fille"]);
    seat.get(&kit, new).await.shows(&["Cidrerie du Pré"]).lacks(&["Lemoine"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_speak_to_staff_in_their_frame_and_to_others_in_theirs() {
    let (kit, start) = ordered().await;
    let seat = Seat::of(&kit, &kit.officer).await;
    let absent = seat.get(&kit, "/parcours/FEST-1-2026-9999").await;
    complete("staff_not_found", &absent);
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    absent.shows(&["Cette page n’existe pas", "Se déconnecter", "cherchez par sa référence"]).lacks(&["courriel"]);
    assert_eq!(absent.text, seat.get(&kit, "/nulle/part").await.text);
    // What is forbidden is absent, to the byte.
    let other = Seat::of(&kit, &stranger(&kit).await).await;
    assert_eq!(other.get(&kit, &start).await.text, other.get(&kit, "/nulle/part").await.text);
    let method = seat.get(&kit, "/deconnexion").await;
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    method.shows(&["Se déconnecter", "ne fait que recevoir un formulaire"]).lacks(&["courriel"]);
    let ticket = seat.post(&kit, "/parcours/vues", &[]).await;
    assert_eq!(ticket.status, StatusCode::FORBIDDEN);
    ticket.shows(&["Se déconnecter", "votre session a changé"]).lacks(&["courriel"]);
    // Someone who came by a link, signed in or not, hears of their link.
    for by_link in [seat.get(&kit, "/acces/inconnu").await, kit.get("/acces/inconnu").await] {
        by_link.shows(&["Ouvrez le lien depuis le courriel"]).lacks(&["Se déconnecter"]);
    }
    kit.app.store().close().await.expect("the store goes away");
    let away = seat.get(&kit, "/parcours").await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE, "{}", away.text);
    assert_eq!(away.headers["retry-after"], "5");
    away.shows(&["Service momentanément indisponible", "puis renvoyez"]).lacks(&["lien reste valable"]);
}
