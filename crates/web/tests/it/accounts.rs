//! Accounts on their pages: changed by two people, closed with their paths handed over, stood in for.

use app::NewAccount;
use axum::http::StatusCode;
use domain::path::Act;
use domain::people::{Account, StaffRole};
use domain::samples;
use wording::addresses;

use crate::gallery::complete;
use crate::kit::Kit;
use crate::paths::{Seat, stranger};

fn with(mut form: Vec<(String, String)>, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    for (name, value) in fields {
        form.retain(|(known, _)| known != name);
        form.push(((*name).to_owned(), (*value).to_owned()));
    }
    form
}

async fn made(kit: &Kit, role: StaffRole, email: &str, name: &str) -> Account {
    let new = NewAccount {
        email: samples::email(email),
        name: name.to_owned(),
        role,
        body: (role == StaffRole::Coordinator).then(|| kit.coordinator.body.clone()).flatten(),
        lots: Vec::new(),
        phone: None,
        ends_on: (role == StaffRole::Auditor).then(|| samples::day("2027-12-31")),
    };
    kit.app.create_account(new).await.expect("an account")
}

async fn administrator(kit: &Kit, number: u8) -> Seat {
    let email = format!("admin.{number}@region.example");
    Seat::of(kit, &made(kit, StaffRole::Administrator, &email, &format!("Inès Roy {number}")).await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_administrators_the_second_sees_what_the_first_changed() {
    let kit = Kit::new().await;
    let (one, two) = (administrator(&kit, 1).await, administrator(&kit, 2).await);
    let viewer = made(&kit, StaffRole::RegionViewer, "claire.morel@region.example", "Claire Morel").await;
    let (page, own) = (addresses::account(viewer.id), format!("{}/modifier", addresses::account(viewer.id)));
    one.get(&kit, &page).await.shows(&["Modifier le compte"]);
    let first = one.get(&kit, &own).await;
    complete("account_change", &first);
    first.shows(&["Modifier le compte de Claire Morel", "Consultation, Région", "Enregistrer le compte"]);
    let second = two.get(&kit, &own).await.form(&own);
    let fields = [("email", "claire.martin@region.example"), ("name", "Claire Martin"), ("role", "region_viewer")];
    let done = one.post(&kit, &own, &with(first.form(&own), &fields)).await;
    assert_eq!(done.location(), format!("{page}?fait=modifie"), "{}", done.text);
    let shown = one.get(&kit, done.location()).await;
    shown.shows(&[
        "Le compte est modifié",
        "Claire Martin",
        "Adresse : claire.morel@region.example → claire.martin@region.example",
    ]);

    let late = [("email", "claire.morel@region.example"), ("name", "Claire Morel"), ("role", "region_officer")];
    let conflict = two.post(&kit, &own, &with(second, &late)).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    complete("account_conflict", &conflict);
    conflict.shows(&[
        "Quelqu’un vient de modifier ce compte",
        "Compte modifié par Inès Roy 1",
        "Nom : Claire Morel → Claire Martin",
        "Valeur actuelle : Claire Martin.",
    ]);
    assert!(conflict.text.contains("value=\"Claire Morel\""), "what was typed stays");
    let again = two.post(&kit, &own, &with(conflict.form(&own), &late)).await;
    assert_eq!(again.location(), format!("{page}?fait=modifie"), "one click to go on: {}", again.text);
    let log = two.get(&kit, "/administration/securite?quoi=comptes").await;
    log.shows(&["Compte modifié", "Rôle : "]);

    let unchanged = two.get(&kit, &own).await.form(&own);
    let same = two.post(&kit, &own, &with(unchanged, &late)).await;
    assert_eq!(same.location(), format!("{page}?fait=pareil"), "{}", same.text);
    let wrong =
        with(two.get(&kit, &own).await.form(&own), &[("email", "claire"), ("name", ""), ("role", "coordinator")]);
    let refused = two.post(&kit, &own, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused.shows(&["Rien n’a été modifié", "écrivez une adresse complète", "écrivez le nom"]);
    complete("account_change_refused", &refused);
    let crossing = with(wrong, &[("email", "claire@region.example"), ("name", "Claire")]);
    let refused = two.post(&kit, &own, &crossing).await;
    refused.shows(&["Un compte reste dans son organisation"]);

    let form = with(two.get(&kit, &own).await.form(&own), &fields);
    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    assert_eq!(officer.get(&kit, &own).await.status, StatusCode::NOT_FOUND);
    assert_eq!(officer.post(&kit, &own, &form).await.status, StatusCode::NOT_FOUND);
    assert_eq!(one.post(&kit, &own, &form).await.status, StatusCode::FORBIDDEN, "another’s ticket");
    let taken =
        with(two.get(&kit, &own).await.form(&own), &[("email", kit.officer.email.as_ref()), ("name", "Claire")]);
    two.post(&kit, &own, &taken).await.shows(&["cette adresse a déjà un compte"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l26_an_account_closes_with_its_paths_handed_over() {
    let (kit, _) = Kit::commitment_asked().await;
    let admin = administrator(&kit, 1).await;
    let (page, reference) = (addresses::account(kit.coordinator.id), kit.path().reference.to_string());
    let opening = format!("{page}/ouverture");
    let alone = admin.get(&kit, &page).await;
    complete("account_alone", &alone);
    alone.shows(&["aucune autre coordination n’est ouverte dans cet organisme"]);
    assert!(!alone.text.contains("Fermer le compte</button>"));

    let heir = made(&kit, StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    let shown = admin.get(&kit, &page).await;
    complete("account_handing_over", &shown);
    shown.shows(&["Qui reprend 1 parcours ouvert", "Hugo Petit", "Transmettre et fermer le compte"]);
    let refused = admin.post(&kit, &opening, &shown.form(&opening)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    complete("account_not_closed", &refused);
    refused.shows(&["Le compte reste ouvert", "1 parcours ouvert resterait sans personne"]);
    let wrong = stranger(&kit).await;
    let form = with(shown.form(&opening), &[("vers", &wrong.id.to_string())]);
    admin.post(&kit, &opening, &form).await.shows(&["ne peut pas reprendre ces parcours"]);

    let form = with(shown.form(&opening), &[("vers", &heir.id.to_string())]);
    let done = admin.post(&kit, &opening, &form).await;
    assert_eq!(done.location(), format!("{page}?fait=transmis"), "{}", done.text);
    admin.get(&kit, done.location()).await.shows(&["Le compte est fermé et ses parcours transmis", "Fermé"]);
    let path = kit.app.path(&heir.actor(), &kit.path().reference).await.expect("the path").path;
    assert_eq!(path.coordinator, Some(heir.id));
    let seat = Seat::of(&kit, &heir).await;
    seat.get(&kit, "/").await.shows(&[&reference]).lacks(&["Parcours sans coordination"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l26_what_nobody_coordinates_shows_with_the_way_to_take_it() {
    let (kit, _) = Kit::commitment_asked().await;
    let admin = administrator(&kit, 1).await;
    let heir = made(&kit, StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    admin.get(&kit, "/administration").await.lacks(&["sans coordination"]);
    let tx = kit.app.store().begin_write().await.expect("a transaction");
    let closed = Account { active: false, ..kit.coordinator.clone() };
    assert!(tx.update_account(&closed).await.expect("the account is there"));
    tx.commit().await.expect("commit");

    let reference = kit.path().reference.to_string();
    let list = "/parcours?responsable=personne&amp;vue=tableau".replace("&amp;", "&#38;");
    let page = admin.get(&kit, "/administration").await;
    complete("administration_orphans", &page);
    page.shows(&["1 parcours sans coordination", "Confier ces parcours"]);
    assert!(page.text.contains(&list), "{}", page.text);
    let listed = admin.get(&kit, "/parcours?responsable=personne&vue=tableau").await;
    complete("paths_of_nobody", &listed);
    listed.shows(&[&reference, "Personne (sans coordination)", "Agir sur la sélection"]);
    let step = format!("/parcours/actions?p={reference}&etape=assign_coordinator");
    admin.get(&kit, &step).await.shows(&["Hugo Petit"]);

    let seat = Seat::of(&kit, &heir).await;
    let first = seat.get(&kit, "/").await;
    complete("todo_orphans", &first);
    first.shows(&["Parcours sans coordination", "Prendre ce parcours", &reference]);
    let take = format!("/parcours/{reference}/etapes/assign_coordinator?email=relais%40retravailler.example");
    assert!(first.text.contains(&take), "{}", first.text);
    let form = seat.get(&kit, &take).await;
    complete("take_orphan", &form);
    form.shows(&["Hugo Petit"]);
    let other = Seat::of(&kit, &stranger(&kit).await).await;
    other.get(&kit, "/").await.lacks(&["Parcours sans coordination", &reference]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l26_a_coordinator_delegates_and_the_stand_in_finds_it_on_their_first_page() {
    let (mut kit, _) = Kit::commitment_asked().await;
    let claire = Seat::of(&kit, &kit.coordinator.clone()).await;
    claire.get(&kit, "/compte").await.shows(&["Remplacements", "Personne d’autre n’a le même rôle"]);
    let colleague = made(&kit, StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    let hugo = Seat::of(&kit, &colleague).await;
    let (address, reference) = ("/compte/delegations", kit.path().reference.to_string());
    hugo.get(&kit, "/").await.lacks(&[&reference]);

    let form = claire.get(&kit, "/compte").await.form(address);
    let nothing = claire.post(&kit, address, &with(form.clone(), &[("du", ""), ("au", "")])).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    complete("delegation_refused", &nothing);
    nothing.shows(&["Rien n’est délégué", "Choisissez qui assure le remplacement.", "Donnez le dernier jour."]);
    let (today, last) = (kit.today.to_string(), (kit.today + chrono::Duration::days(4)).to_string());
    let ask = |from: &str, until: &str| {
        with(form.clone(), &[("remplacement", &colleague.id.to_string()), ("du", from), ("au", until)])
    };
    let past = (kit.today - chrono::Duration::days(1)).to_string();
    claire.post(&kit, address, &ask(&past, &last)).await.shows(&["commence au plus tôt aujourd’hui"]);
    claire.post(&kit, address, &ask(&last, &today)).await.shows(&["Le dernier jour précède le premier"]);
    let done = claire.post(&kit, address, &ask(&today, &last)).await;
    assert_eq!(done.location(), "/compte?fait=delegue", "{}", done.text);
    let page = claire.get(&kit, done.location()).await;
    complete("delegation_made", &page);
    page.shows(&["Le remplacement est prévu", "Hugo Petit vous remplace", "En cours", "Y mettre fin"]);
    claire.post(&kit, address, &ask(&today, &last)).await.shows(&["remplace déjà"]);

    let first = hugo.get(&kit, "/").await;
    complete("todo_stand_in", &first);
    let name = kit.coordinator.name.clone();
    first.shows(&[&format!("Vous remplacez {name}"), &reference, &format!("Pour {name}")]);
    let both = format!("responsable={}&#38;responsable={}", colleague.id, kit.coordinator.id);
    assert!(first.text.contains(&both), "a figure leads to the list behind it: {}", first.text);
    claire.get(&kit, "/").await.shows(&["Hugo Petit vous remplace"]);
    hugo.get(&kit, &format!("/parcours/{reference}")).await.shows(&["Hugo Petit assure le remplacement"]);
    let own = hugo.get(&kit, "/compte").await;
    own.shows(&[&format!("Vous remplacez {name}")]).lacks(&["Y mettre fin"]);
    let back =
        with(own.form(address), &[("remplacement", &kit.coordinator.id.to_string()), ("du", &today), ("au", &last)]);
    hugo.post(&kit, address, &back).await.shows(&["une délégation ne revient pas à qui l’a donnée"]);

    kit.sample(&colleague.actor(), Act::AddNote).await;
    hugo.get(&kit, &format!("/parcours/{reference}")).await.shows(&[&format!("Hugo Petit pour {name}")]);

    let end = page.text.split("action=\"/compte/delegations/").nth(1).and_then(|rest| rest.split('"').next());
    let end = format!("/compte/delegations/{}", end.expect("a way to end it"));
    assert_eq!(hugo.post(&kit, &end, &own.form(address)).await.status, StatusCode::NOT_FOUND, "not theirs to end");
    let ended = claire.post(&kit, &end, &page.form(&end)).await;
    assert_eq!(ended.location(), "/compte?fait=rendu");
    claire.get(&kit, "/compte").await.shows(&["Aucun remplacement en cours ni à venir."]);
    hugo.get(&kit, "/").await.lacks(&[&reference]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administration_delegates_for_somebody() {
    let kit = Kit::new().await;
    let admin = administrator(&kit, 1).await;
    let colleague = made(&kit, StaffRole::RegionOfficer, "second@region.example", "Paul Roy").await;
    let page = addresses::account(kit.officer.id);
    let address = format!("{page}/delegations");
    let shown = admin.get(&kit, &page).await;
    complete("account_delegations", &shown);
    let (from, until) = (kit.today + chrono::Duration::days(3), kit.today + chrono::Duration::days(9));
    let fields = [("remplacement", colleague.id.to_string()), ("du", from.to_string()), ("au", until.to_string())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let form = with(shown.form(&address), &fields);
    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    assert_eq!(officer.post(&kit, &address, &form).await.status, StatusCode::NOT_FOUND);
    let done = admin.post(&kit, &address, &form).await;
    assert_eq!(done.location(), format!("{page}?fait=delegue"), "{}", done.text);
    let name = kit.officer.name.as_str();
    let made = admin.get(&kit, done.location()).await;
    made.shows(&[&format!("Paul Roy remplace {name}"), "À venir"]);
    admin.get(&kit, "/administration/securite?quoi=comptes").await.shows(&["Délégation donnée", "Paul Roy"]);
    let end = made.text.split(&format!("action=\"{address}/")).nth(1).and_then(|rest| rest.split('"').next());
    let end = format!("{address}/{}", end.expect("a way to end it"));
    assert_eq!(admin.post(&kit, &end, &made.form(&end)).await.location(), format!("{page}?fait=rendu"));
    admin.get(&kit, &page).await.shows(&["Aucun remplacement"]);
    let viewer = made_viewer(&kit).await;
    admin.get(&kit, &addresses::account(viewer.id)).await.lacks(&["Remplacements"]);
}

async fn made_viewer(kit: &Kit) -> Account {
    made(kit, StaffRole::RegionViewer, "lecture@region.example", "Odile Perrin").await
}

/// An auditor reads until a last day: the day after, in Paris, nobody signs in and what was open has ended.
#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_until_the_last_day() {
    const EMAIL: &str = "controle@region.example";
    const NEW: &str = "/administration/comptes/nouveau";
    let mut kit = Kit::new().await;
    let admin = administrator(&kit, 1).await;
    let (today, last) = (kit.today, kit.today + chrono::Duration::days(10));
    let form = admin.get(&kit, NEW).await.form(NEW);
    let asked = |ends_on: &str| {
        with(form.clone(), &[("email", EMAIL), ("name", "Odile Perrin"), ("role", "auditor"), ("ends_on", ends_on)])
    };
    let past = today - chrono::Duration::days(1);
    for (ends_on, said) in [
        (String::new(), "Le compte d’un audit a un dernier jour"),
        (past.to_string(), "est déjà passé"),
        ("demain".to_owned(), "écrivez un jour"),
    ] {
        let refused = admin.post(&kit, NEW, &asked(&ends_on)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        complete("account_last_day_refused", &refused);
        refused.shows(&["Dernier jour", said]);
    }
    let made = admin.post(&kit, NEW, &asked(&last.to_string())).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let email = samples::email(EMAIL);
    let auditor = kit.app.account_by_email(&email).await.expect("an account");
    assert_eq!(auditor.ends_on, Some(last));
    let page = addresses::account(auditor.id);
    admin.get(&kit, &page).await.shows(&["s’ouvre jusqu’au jeudi 12 mars 2026, compris", "Envoyer une invitation"]);
    kit.app.set_password(&email, "quatre mots sans suite 27").await.expect("an answer");
    let visitor = app::Visitor { address: String::new(), browser: String::new(), device: None };
    let try_in =
        async |kit: &Kit| kit.app.sign_in(EMAIL, "quatre mots sans suite 27", &visitor).await.expect("an answer");

    kit.go(last, 23).await;
    let seat = Seat::of(&kit, &auditor).await;
    assert_eq!(seat.get(&kit, "/parcours").await.status, StatusCode::OK, "the last day is whole");
    assert!(matches!(try_in(&kit).await, app::SignIn::In { .. }));
    let new = app::NewToken { account: email.clone(), name: "essai".to_owned(), expires_at: None };
    assert!(kit.app.create_token(&new).await.is_ok());

    let after = last + chrono::Duration::days(1);
    kit.go(after, 0).await;
    assert_eq!(seat.get(&kit, "/parcours").await.status, StatusCode::SEE_OTHER, "what was open has ended");
    assert!(matches!(try_in(&kit).await, app::SignIn::Refused));
    assert!(kit.app.open_session(&auditor, "", "").await.is_err());
    assert!(kit.app.create_token(&new).await.is_err());
    assert!(kit.app.invite(&email, None, &visitor).await.is_err());
    let link = kit.app.messages(&kit.officer.actor(), &app::MessageFilter::default()).await.expect("messages");
    let link = link.iter().find(|message| message.content.kind == "account_invitation").expect("an invitation");
    let token = kit.app.link_of_message(link.content.id).await.expect("the message").expect("a link");
    assert!(kit.app.open_password_link(&token).await.expect("an answer").is_none());

    let admin = administrator(&kit, 2).await;
    admin.get(&kit, "/administration").await.shows(&["Terminé"]);
    let ended = admin.get(&kit, &page).await;
    complete("account_ended", &ended);
    ended.shows(&["Ce compte a pris fin le jeudi 12 mars 2026"]).lacks(&["Envoyer une invitation"]);
    // Another last day opens it again; whoever decides has none.
    let own = format!("{page}/modifier");
    let form = admin.get(&kit, &own).await.form(&own);
    let later = after + chrono::Duration::days(30);
    let change = |role: &str, ends_on: &str| {
        with(form.clone(), &[("email", EMAIL), ("name", "Odile Perrin"), ("role", role), ("ends_on", ends_on)])
    };
    admin.post(&kit, &own, &change("auditor", "")).await.shows(&["Le compte d’un audit a un dernier jour"]);
    let done = admin.post(&kit, &own, &change("auditor", &later.to_string())).await;
    admin
        .get(&kit, done.location())
        .await
        .shows(&["Le compte est modifié", "Dernier jour : 12 mars 2026 → 12 avril 2026"]);
    assert!(matches!(try_in(&kit).await, app::SignIn::In { .. }));
}

/// An auditor made before accounts had a last day reads for ever, is named, and once closed opens again with a last day only.
#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_without_a_last_day_does_not_open_again() {
    let kit = Kit::new().await;
    let admin = administrator(&kit, 1).await;
    let sample = samples::account(StaffRole::Auditor, 1);
    let auditor = Account { email: samples::email("controle@region.example"), ends_on: None, body: None, ..sample };
    let tx = kit.app.store().begin_write().await.expect("a transaction");
    let now = tx.now().await.expect("now");
    tx.insert_account(&auditor, now).await.expect("an account");
    tx.commit().await.expect("commit");
    assert_eq!(kit.app.endless_auditors().await.expect("accounts"), std::slice::from_ref(&auditor));
    let page = addresses::account(auditor.id);
    let opening = format!("{page}/ouverture");
    let form = admin.get(&kit, &page).await.form(&opening);
    assert_eq!(admin.post(&kit, &opening, &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(kit.app.endless_auditors().await.expect("accounts"), []);

    let closed = admin.get(&kit, &page).await;
    let reopen = closed.form(&opening);
    let refused = admin.post(&kit, &opening, &reopen).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    complete("account_stays_closed", &refused);
    refused.shows(&["Le compte reste fermé", "Le compte d’un audit a un dernier jour"]);
    let change = format!("{page}/modifier");
    let dated = [("email", "controle@region.example"), ("name", "Odile Perrin"), ("role", "auditor")];
    let last = (kit.today + chrono::Duration::days(10)).to_string();
    let form = with(with(admin.get(&kit, &change).await.form(&change), &dated), &[("ends_on", &last)]);
    assert_eq!(admin.post(&kit, &change, &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(admin.post(&kit, &opening, &reopen).await.status, StatusCode::SEE_OTHER);
    admin.get(&kit, &page).await.shows(&["s’ouvre jusqu’au jeudi 12 mars 2026, compris"]);
}
