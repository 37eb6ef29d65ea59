//! A need reported from outside: the public form and what robots do with it, its confirmation, what the staff makes of it.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use domain::people::{Account, Actor, RecipientRole, StaffRole};
use domain::samples;
use persistence::{Message, MessageFilter};

use crate::gallery::complete;
use crate::kit::{Kit, Page, with};
use crate::paths::{Seat, stranger};

const FORM: &str = "/besoin";
const SENDER: &str = "ludivine.quesnel@mission-locale.example";

/// Moves the clock of the store by seconds.
async fn later(kit: &Kit, seconds: i64) {
    let tx = kit.app.store().begin_write().await.expect("a transaction");
    let offset = tx.clock_offset().await.expect("the offset");
    tx.set_clock_offset(offset + TimeDelta::seconds(seconds)).await.expect("the clock moves");
    tx.commit().await.expect("commit");
}

/// A good form, with some fields of one's own.
fn typed(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let usual = [
        ("sender", "mission_locale"),
        ("sender_name", "Ludivine Quesnel"),
        ("sender_email", SENDER),
        ("sender_phone", "02 35 00 00 11"),
        ("company", "Au Fournil d’Anne"),
        ("siret", ""),
        ("commune", "dieppe"),
        ("job", "Boulanger"),
        ("persons_wanted", "2"),
        ("details", "Le four ouvre à quatre heures."),
        ("contact_name", "Anne Lemoine"),
        ("contact_email", ""),
        ("contact_phone", "02 35 00 00 22"),
        ("site", ""),
    ];
    let said = |name: &str, usual: &str| {
        fields.iter().find(|(field, _)| *field == name).map_or(usual, |(_, value)| value).to_owned()
    };
    usual.iter().map(|(name, value)| ((*name).to_owned(), said(name, value))).collect()
}

/// Opens the form, fills it in within so many seconds, and sends it.
async fn sent_after(kit: &Kit, seconds: i64, fields: &[(&str, &str)]) -> Page {
    let mut form = kit.get(FORM).await.form(FORM);
    form.extend(typed(fields));
    later(kit, seconds).await;
    kit.post(FORM, &form).await
}

async fn messages(kit: &Kit, kind: &str) -> Vec<Message> {
    let tx = kit.app.store().begin_read().await.expect("a transaction");
    let filter = MessageFilter { kind: Some(kind.to_owned()), ..MessageFilter::default() };
    tx.messages(&filter).await.expect("messages")
}

/// The token of the last link to confirm a need.
async fn token(kit: &Kit) -> String {
    let last = messages(kit, "need_proposal_confirm").await.into_iter().next().expect("a message to confirm");
    kit.app.link_of_message(last.content.id).await.expect("the message").expect("a link")
}

/// Somebody reports a need and confirms it; its key.
pub async fn reported(kit: &Kit, fields: &[(&str, &str)]) -> String {
    let page = sent_after(kit, 30, fields).await;
    page.shows(&["Vérifiez votre messagerie"]);
    let token = token(kit).await;
    let link = kit.app.confirm_need(&token).await.expect("the need is confirmed");
    link.proposal.id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_says_everything_that_is_wrong_and_keeps_what_was_typed() {
    let kit = Kit::new().await;
    let page = kit.get(FORM).await;
    complete("need_form", &page);
    page.shows(&["Signaler un besoin de formation", "Conseil en évolution professionnelle (CEP)", "Cap emploi"]);
    assert!(page.text.contains("tabindex=\"-1\" autocomplete=\"off\"") && page.text.contains("aria-hidden=\"true\""));
    for address in ["/", "/connexion", "/contact"] {
        assert!(kit.get(address).await.text.contains("href=\"/besoin\""), "{address} leads to the form");
    }
    let wrong = [
        ("sender_email", "ludivine(at)mission"),
        ("siret", "123"),
        ("commune", "Ailleurs"),
        ("job", " "),
        ("persons_wanted", "0"),
        ("contact_name", ""),
        ("contact_phone", ""),
    ];
    let page = sent_after(&kit, 30, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    complete("need_errors", &page);
    page.shows(&[
        "n’est pas encore envoyé",
        "Au Fournil d’Anne",
        "ludivine(at)mission",
        "Le four ouvre à quatre heures.",
        "Aucune commune de Normandie",
        "1 au moins",
        "Un SIRET compte 14 chiffres",
    ]);
    for field in ["sender_email", "siret", "commune", "job", "persons_wanted", "contact_name", "contact_email"] {
        assert!(page.text.contains(&format!("id=\"propose-{field}-erreur\"")), "{field}");
    }
    // The ticket goes on serving, and the commune may be chosen among several.
    let page = sent_after(&kit, 30, &[("commune", "76540")]).await;
    complete("need_communes", &page);
    page.shows(&["désigne plusieurs communes", "Rouen (76000)", "Une autre commune"]);
    let page = sent_after(&kit, 30, &[("commune", "75056")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.shows(&["hors de Normandie"]);
    assert!(messages(&kit, "need_proposal_confirm").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_get_nothing_and_people_lose_nothing() {
    let kit = Kit::new().await;
    let usual = sent_after(&kit, 30, &[]).await;
    complete("need_sent", &usual);
    assert_eq!(messages(&kit, "need_proposal_confirm").await.len(), 1);
    // A field that people do not see is filled in: the same page, and nothing leaves.
    let trapped = sent_after(&kit, 30, &[("site", "https://robot.example"), ("job", "Fleuriste")]).await;
    assert_eq!((trapped.status, &trapped.text), (StatusCode::OK, &usual.text));
    assert_eq!(messages(&kit, "need_proposal_confirm").await.len(), 1);
    // Too fast, too late, or without our ticket: shown again as it was typed.
    for (seconds, why) in [(1, "too fast"), (13 * 3600, "too late")] {
        let again = sent_after(&kit, seconds, &[("job", "Fleuriste")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{why}");
        complete("need_again", &again);
        again.shows(&["Relisez, puis envoyez de nouveau", "Fleuriste", "Au Fournil d’Anne"]);
        later(&kit, 5).await;
        let form = with(again.form(FORM), &[]).into_iter().chain(typed(&[("job", why)])).collect::<Vec<_>>();
        kit.post(FORM, &form).await.shows(&["Vérifiez votre messagerie"]);
    }
    let forged = with(typed(&[]), &[("cle", "1800000000000000.0190163d-8694-739b-aea5-966c26f8ad91.AAAA")]);
    assert_eq!(kit.post(FORM, &forged).await.status, StatusCode::CONFLICT);
    // The same form sent twice is one need; changed, it is another one.
    let mut form = kit.get(FORM).await.form(FORM);
    form.extend(typed(&[("job", "Pâtissier")]));
    later(&kit, 10).await;
    let before = messages(&kit, "need_proposal_confirm").await.len();
    for _ in 0..3 {
        assert_eq!(kit.post(FORM, &form).await.status, StatusCode::OK);
    }
    assert_eq!(messages(&kit, "need_proposal_confirm").await.len(), before + 1);
    let cross = kit.post_from(FORM, &form, &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(cross.status, StatusCode::FORBIDDEN);
    assert_eq!(kit.post_from(FORM, &form, &[("origin", "null")]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn tries_are_counted_and_every_address_is_answered_alike() {
    let kit = Kit::new().await;
    let email = kit.coordinator.email.to_string();
    let known = sent_after(&kit, 30, &[("sender_email", &email)]).await;
    let unknown = sent_after(&kit, 30, &[]).await;
    assert_eq!(known.text.replace(&email, "x"), unknown.text.replace(SENDER, "x"));
    let mut last = known;
    for rank in 0..5 {
        last = sent_after(&kit, 5, &[("job", &format!("Métier {rank}"))]).await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS, "{}", last.text);
    complete("need_too_many", &last);
    last.shows(&["Trop d’envois se sont suivis", "Métier 4", "Au Fournil d’Anne"]);
    assert!(last.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(messages(&kit, "need_proposal_confirm").await.len(), 6);
    let mistaken = sent_after(&kit, 5, &[("sender_email", "anne.lemoine@gmial.com")]).await;
    mistaken.shows(&["anne.lemoine@gmail.com"]);
    later(&kit, 3600).await;
    sent_after(&kit, 5, &[("job", "Métier 4")]).await.shows(&["Vérifiez votre messagerie"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_button_confirms_and_it_does_so_once() {
    let kit = Kit::new().await;
    sent_after(&kit, 30, &[]).await;
    let asked = messages(&kit, "need_proposal_confirm").await.remove(0);
    assert_eq!(asked.content.to.name, SENDER, "the name that was typed is not written to");
    for typed in ["Fournil", "Boulanger", "Lemoine", "Ludivine Quesnel", "quatre heures"] {
        assert!(!asked.content.text.contains(typed) && !asked.content.html.contains(typed), "{typed}");
    }
    assert!(!kit.stores("Ludivine Quesnel") && !kit.stores("Anne Lemoine") && !kit.stores("quatre heures"));
    let token = token(&kit).await;
    assert!(!kit.stores(&token), "the token is in nothing stored");
    let link = format!("/besoin/{token}");
    for _ in 0..10 {
        assert_eq!(kit.get(&link).await.status, StatusCode::OK);
        assert_eq!(kit.head(&link).await.status, StatusCode::OK);
    }
    assert!(messages(&kit, "need_proposal_received").await.is_empty(), "opening the link does nothing");
    let page = kit.get(&link).await;
    complete("need_confirm", &page);
    page.shows(&["Confirmer l’envoi", "Anne Lemoine", "02 35 00 00 22", "Dieppe (76200)", "quatre heures"]);
    assert_eq!(kit.post(&link, &[]).await.status, StatusCode::FORBIDDEN, "without its ticket");
    let form = page.form(&link);
    let done = kit.post_and_follow(&link, &form).await;
    complete("need_confirmed", &done);
    done.shows(&["Votre signalement est parti", "Reçu le", "Retravailler"]).lacks(&["Confirmer l’envoi"]);
    let told = messages(&kit, "need_proposal_received").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].content.to.email, kit.coordinator.email);
    for typed in ["Ludivine", "Lemoine", SENDER, "quatre heures"] {
        assert!(!told[0].content.text.contains(typed), "{typed} is on the page, not in the message");
    }
    kit.post_and_follow(&link, &form).await.shows(&["Où en est votre signalement"]);
    assert_eq!(messages(&kit, "need_proposal_received").await.len(), 1, "once");
    // The link of another kind of message opens nothing here, and this one opens no path.
    assert_eq!(kit.get(&format!("/acces/{token}")).await.status, StatusCode::NOT_FOUND);
    complete("need_gone", &kit.get("/besoin/inconnu").await);
    assert_eq!(kit.post("/besoin/inconnu", &form).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_coordinator_the_holder_is_told() {
    let kit = Kit::new().await;
    reported(&kit, &[("commune", "Alençon")]).await;
    let told = messages(&kit, "need_proposal_received").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].content.to.email.to_string(), "fest@afpa-normandie.example");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_confirms_is_forgotten() {
    let mut kit = Kit::new().await;
    sent_after(&kit, 30, &[]).await;
    let link = format!("/besoin/{}", token(&kit).await);
    kit.wait(5).await;
    kit.app.tick().await.expect("the clocks ring");
    let form = kit.get(&link).await.form(&link);
    kit.wait(3).await;
    assert_eq!(kit.get(&link).await.status, StatusCode::GONE, "before the clock rings too");
    assert_eq!(kit.post(&link, &form).await.status, StatusCode::GONE);
    kit.app.tick().await.expect("the clocks ring");
    assert!(messages(&kit, "need_proposal_confirm").await.is_empty());
    let gone = kit.get(&link).await;
    complete("need_forgotten", &gone);
    gone.shows(&["Ce lien ne mène plus"]);
    assert!(messages(&kit, "need_proposal_received").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_need_is_seen_in_its_lot_and_decided_by_who_may_report_one() {
    let kit = Kit::new().await;
    let id = reported(&kit, &[]).await;
    let address = format!("/besoins/{id}");
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = coordinator.get(&kit, "/").await;
    complete("todo_needs", &page);
    page.shows(&["Besoins signalés", "Boulanger, Au Fournil d’Anne", "Dieppe (76200) · Mission locale", "aujourd’hui"]);
    assert!(page.text.contains(&format!("href=\"{address}\"")));
    let page = coordinator.get(&kit, &address).await;
    complete("need_page", &page);
    page.shows(&["Ouvrir un parcours", "Écarter et prévenir", SENDER, "Anne Lemoine", "quatre heures", "À étudier"]);
    page.shows(&[
        &format!("<a href=\"mailto:{SENDER}\">{SENDER}</a>"),
        "<a href=\"tel:+33235000011\">02 35 00 00 11</a>",
        "Anne Lemoine, <a href=\"tel:+33235000022\">",
    ]);

    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    officer.get(&kit, "/").await.shows(&["Besoins signalés"]);
    officer.get(&kit, &address).await.shows(&["Ouvrir un parcours"]);
    let viewer = reader(&kit, StaffRole::RegionViewer).await;
    viewer.get(&kit, "/").await.shows(&["Besoins signalés"]);
    let read = viewer.get(&kit, &address).await;
    complete("need_read", &read);
    read.shows(&["Anne Lemoine"]).lacks(&["Ouvrir un parcours", "Écarter"]);
    let form = with(page.form(&address), &[("reason", "Non")]);
    assert_eq!(viewer.post(&kit, &address, &form).await.status, StatusCode::NOT_FOUND);
    let other = Seat::of(&kit, &stranger(&kit).await).await;
    other.get(&kit, "/").await.lacks(&["Besoins signalés", "Fournil"]);
    assert_eq!(other.get(&kit, &address).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.post(&kit, &address, &form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get(&kit, &format!("/parcours/nouveau?besoin={id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(kit.get(&address).await.location(), format!("/connexion?retour=%2Fbesoins%2F{id}"));

    let twin = reported(&kit, &[("company", "AU FOURNIL D’ANNE"), ("job", "Vendeuse"), ("sender", "cap_emploi")]).await;
    let page = coordinator.get(&kit, &address).await;
    complete("need_twin", &page);
    page.shows(&["Un autre signalement attend pour la même entreprise", "Vendeuse"]);
    assert!(page.text.contains(&format!("href=\"/besoins/{twin}\"")));
}

async fn reader(kit: &Kit, role: StaffRole) -> Seat {
    let sample = samples::account(role, 1);
    let new = app::NewAccount {
        email: sample.email,
        name: sample.name,
        role,
        body: None,
        lots: Vec::new(),
        phone: None,
        ends_on: None,
    };
    let account: Account = kit.app.create_account(new).await.expect("an account");
    Seat::of(kit, &account).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_is_opened_from_a_need_once_and_its_sender_is_told() {
    let kit = Kit::new().await;
    let id = reported(&kit, &[]).await;
    let link = format!("/besoin/{}", token(&kit).await);
    let new = format!("/parcours/nouveau?besoin={id}");
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = coordinator.get(&kit, &new).await;
    complete("need_opening", &page);
    page.shows(&[
        "Vous ouvrez un parcours depuis un signalement",
        "Au Fournil d’Anne",
        "Dieppe (76200)",
        "quatre heures",
    ]);
    page.shows(&["value=\"Anne Lemoine\"", "value=\"Boulanger\"", "value=\"2\""]);
    let fields: &[(&str, &str)] = &[
        ("siret", "73282932000074"),
        ("company", "Au Fournil d’Anne"),
        ("commune", "Dieppe (76200)"),
        ("job", "Boulanger"),
        ("persons_wanted", "2"),
        ("contact_name", "Anne Lemoine"),
        ("contact_phone", "02 35 00 00 22"),
    ];
    let sent = with(page.form("/parcours/nouveau"), fields);
    let rehearsed = coordinator.post(&kit, &new, &sent).await;
    complete("need_rehearsed", &rehearsed);
    rehearsed.shows(&["Ludivine Quesnel", "Auteur du signalement", "Un parcours est ouvert"]);
    let form = with(with(rehearsed.form("/parcours/nouveau"), fields), &[("faire", "oui")]);
    // Another one has the form open as well.
    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    let late = with(officer.get(&kit, &new).await.form("/parcours/nouveau"), fields);
    let late = officer.post(&kit, &new, &late).await;
    let late = with(with(late.form("/parcours/nouveau"), fields), &[("faire", "oui")]);

    let done = coordinator.post(&kit, &new, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let path = done.location().split('?').next().expect("an address").to_owned();
    let again = coordinator.post(&kit, &new, &form).await;
    assert_eq!(again.location(), done.location(), "sent twice, the first answer");
    let lost = officer.post(&kit, &new, &late).await;
    assert_eq!(lost.location(), format!("/besoins/{id}?fait=deja"), "{}", lost.text);
    let page = officer.get(&kit, lost.location()).await;
    complete("need_taken", &page);
    page.shows(&["Ce signalement est déjà traité", "Repris en parcours", &kit.coordinator.name]);
    assert!(page.text.contains(&format!("href=\"{path}\"")));
    assert_eq!(officer.get(&kit, &new).await.location(), format!("/besoins/{id}"));
    let told = messages(&kit, "need_proposal_taken").await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].content.to.email.as_ref(), told[0].content.to.role), (SENDER, RecipientRole::Company));
    assert!(!told[0].content.text.contains("FEST-"), "the sender reads no reference");
    let stands = kit.get(&link).await;
    complete("need_stands_taken", &stands);
    stands.shows(&["Repris le", "un parcours est ouvert"]).lacks(&["FEST-"]);
    coordinator.get(&kit, "/").await.lacks(&["Besoins signalés"]);

    // A second need of the company is compared with this path.
    let second = reported(&kit, &[("job", "Vendeur")]).await;
    let page = coordinator.get(&kit, &format!("/besoins/{second}")).await;
    complete("need_recent", &page);
    page.shows(&["Cette entreprise a déjà un parcours récent"]);
    assert!(page.text.contains(&format!("href=\"{path}\"")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_reports_its_own_need_is_written_to_once() {
    let kit = Kit::new().await;
    let own = [("sender", "company"), ("contact_name", ""), ("contact_phone", "")];
    let id = reported(&kit, &own).await;
    let new = format!("/parcours/nouveau?besoin={id}");
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = coordinator.get(&kit, &new).await;
    page.shows(&["value=\"Ludivine Quesnel\"", &format!("value=\"{SENDER}\"")]);
    let fields: &[(&str, &str)] = &[
        ("siret", "73282932000074"),
        ("company", "Au Fournil d’Anne"),
        ("commune", "Dieppe (76200)"),
        ("job", "Boulanger"),
        ("persons_wanted", "2"),
        ("contact_name", "Ludivine Quesnel"),
        ("contact_email", SENDER),
    ];
    let rehearsed = coordinator.post(&kit, &new, &with(page.form("/parcours/nouveau"), fields)).await;
    let form = with(with(rehearsed.form("/parcours/nouveau"), fields), &[("faire", "oui")]);
    assert_eq!(coordinator.post(&kit, &new, &form).await.status, StatusCode::SEE_OTHER);
    assert!(messages(&kit, "need_proposal_taken").await.is_empty());
    let told = messages(&kit, "need_reported").await;
    assert_eq!(told.iter().filter(|message| message.content.to.email.as_ref() == SENDER).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_need_is_declined_with_a_reason_that_its_sender_reads() {
    let kit = Kit::new().await;
    let id = reported(&kit, &[]).await;
    let link = format!("/besoin/{}", token(&kit).await);
    let address = format!("/besoins/{id}");
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    let form = coordinator.get(&kit, &address).await.form(&address);
    let empty = coordinator.post(&kit, &address, &with(form.clone(), &[("reason", "  ")])).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    complete("need_no_reason", &empty);
    empty.shows(&["n’est pas écarté", "obligatoire"]);
    assert_eq!(
        coordinator.post(&kit, &address, &[("reason".into(), "Non".into())]).await.status,
        StatusCode::FORBIDDEN
    );
    let reason = "L’entreprise a recruté.\nNous l’avons appelée.";
    let done = coordinator.post(&kit, &address, &with(form.clone(), &[("reason", reason)])).await;
    assert_eq!(done.location(), format!("{address}?fait=1"));
    let page = coordinator.get(&kit, done.location()).await;
    complete("need_declined", &page);
    page.shows(&["Le signalement est écarté", "L’entreprise a recruté.", &kit.coordinator.name]);
    page.lacks(&["Écarter et prévenir"]);
    let told = messages(&kit, "need_proposal_declined").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].content.to.email.as_ref(), SENDER);
    assert!(told[0].content.text.contains("> L’entreprise a recruté."), "{}", told[0].content.text);
    assert_eq!(told[0].content.reply_to_email, kit.coordinator.email, "answering writes to who decided");
    let again = coordinator.post(&kit, &address, &with(form, &[("reason", "Autre motif")])).await;
    assert_eq!(again.location(), format!("{address}?fait=deja"));
    assert_eq!(messages(&kit, "need_proposal_declined").await.len(), 1);
    let stands = kit.get(&link).await;
    complete("need_stands_declined", &stands);
    stands.shows(&["Écarté le", "L’entreprise a recruté."]);
    let view = kit.app.need(&Actor::System, id.parse().expect("a key")).await.expect("the need");
    assert!(!view.may_decide);
    // The Region reads the message in the log, under its own word.
    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    officer.get(&kit, "/messages?nature=need_proposal_declined").await.shows(&["Auteur du signalement"]);
}
