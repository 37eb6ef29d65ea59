//! The page of one path and the form of its steps: shown, rehearsed, performed, refused, and never to others.

use axum::http::StatusCode;
use domain::identifiers::BodyCode;
use domain::path::{Act, State, Transition};
use domain::people::{Account, StaffRole};
use domain::samples;
use serde_json::json;

use crate::desk::Desk;
use crate::gallery::complete;
use crate::kit::{Kit, with};
use crate::messages::deliver;

async fn reported() -> Kit {
    let mut kit = Kit::new().await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::ReportNeed).await;
    kit
}

async fn account(kit: &Kit, role: StaffRole, body: Option<&str>) -> Account {
    let sample = samples::account(role, 2);
    let new = app::NewAccount {
        email: sample.email,
        name: sample.name,
        role,
        body: body.map(|body| BodyCode::parse(body).expect("a body")),
        lots: Vec::new(),
        phone: None,
        ends_on: None,
    };
    kit.app.create_account(new).await.expect("an account")
}

fn address(kit: &Kit) -> String {
    format!("/parcours/{}", kit.path().reference)
}

fn step(kit: &Kit, step: impl Into<domain::path::Step>) -> String {
    format!("{}/etapes/{}", address(kit), step.into())
}

async fn state(kit: &Kit) -> State {
    kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path").path.state
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_path_orders_the_study_in_one_click() {
    let kit = reported().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let page = officer.get(&address(&kit)).await;
    page.shows(&[
        "Boulangerie Lemoine",
        "Rouen (76000)",
        "SIRET 732 829 320 00074",
        "Commander l’étude de faisabilité et envoyer 2 messages",
        "une unité P1",
        "Étude de faisabilité commandée",
    ]);
    let order = step(&kit, Transition::OrderFeasibility);
    let form = page.form(&order);
    let done = officer.post(&order, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let after = officer.get(done.location()).await;
    after.shows(&["2 messages partent", "Étude de faisabilité commandée"]);
    assert_eq!(state(&kit).await, State::FeasibilityOrdered);
    let (events, messages) = (kit.events().await, kit.messages().await);
    let again = officer.post(&order, &form).await;
    assert_eq!(again.location(), done.location(), "sent twice, it acts once");
    assert_eq!((kit.events().await, kit.messages().await), (events, messages));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_shows_what_will_happen_then_does_it_and_keeps_its_draft_until_then() {
    let mut kit = reported().await;
    let officer = kit.officer.actor();
    kit.sample(&officer, Transition::OrderFeasibility).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let start = step(&kit, Transition::StartFeasibility);
    let empty = coordinator.get(&start).await;
    empty.shows(&["Première visite", "Voir ce qui va se passer"]).lacks(&["Brouillon du"]);
    let wrong =
        coordinator.post(&start, &with(empty.form(&start), &[("first_visit", "bientôt"), ("place", "Quai B")])).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.shows(&["Rien n’est encore enregistré", "Quai B"]);
    coordinator.get(&start).await.shows(&["Brouillon du", "Quai B"]);
    let typed = [("first_visit", "2026-03-09T10:00"), ("place", "Quai B"), ("mot", "À bientôt.")];
    let shown = coordinator.post(&start, &with(empty.form(&start), &typed)).await;
    assert_eq!(shown.status, StatusCode::OK);
    shown.shows(&[
        "Démarrer l’étude de faisabilité et envoyer",
        "À bientôt.",
        "anne.lemoine@boulangerie-lemoine.example",
    ]);
    assert_eq!(state(&kit).await, State::FeasibilityOrdered, "a rehearsal writes nothing of the path");
    let performed = with(shown.form(&start), &typed);
    let changed: Vec<_> = performed
        .iter()
        .map(|(name, value)| (name.clone(), if name == "place" { "Quai C".to_owned() } else { value.clone() }))
        .collect();
    let other = coordinator.post(&start, &with(changed, &[("faire", "oui")])).await;
    other.shows(&["Vous avez modifié le formulaire", "Quai C"]);
    assert_eq!(state(&kit).await, State::FeasibilityOrdered, "what was not shown is not done");
    // What was read is not what would happen: a unit, a place or a recipient changed meanwhile.
    let promised: Vec<_> = performed
        .iter()
        .map(|(name, value)| (name.clone(), if name == "promesse" { "autre".to_owned() } else { value.clone() }))
        .collect();
    let other = coordinator.post(&start, &with(promised, &[("faire", "oui")])).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    other.shows(&["Ce qui va se passer a changé", "Rien n’est fait"]);
    let done = coordinator.post(&start, &with(performed, &[("faire", "oui")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(state(&kit).await, State::FeasibilityInProgress);
    let account = &kit.coordinator;
    let draft = kit.app.draft(account, &start).await.expect("the store");
    assert_eq!(draft, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_keeps_what_was_typed_and_goes_on_in_one_click() {
    let mut kit = reported().await;
    let (decline, officer) = (step(&kit, Transition::DeclineNeed), kit.officer.clone());
    let (_, secret) = kit.app.open_session(&officer, "", "").await.expect("a session");
    let form = {
        let desk = Desk::with_secret(&kit, &secret);
        let typed = with(desk.get(&decline).await.form(&decline), &[("reason", "Déjà pourvu.")]);
        with(desk.post(&decline, &typed).await.form(&decline), &[("reason", "Déjà pourvu."), ("faire", "oui")])
    };
    let coordinator = kit.coordinator.actor();
    kit.act(&coordinator, Act::AddNote, json!({"note": "Rappelez-moi."}).as_object().cloned().unwrap_or_default())
        .await;
    let desk = Desk::with_secret(&kit, &secret);
    let moved = desk.post(&decline, &form).await;
    assert_eq!(moved.status, StatusCode::CONFLICT, "{}", moved.text);
    moved.shows(&["Le parcours a changé depuis que vous l’avez ouvert", "Déjà pourvu.", &kit.coordinator.name]);
    assert_eq!(state(&kit).await, State::NeedReported);
    let on = desk.post(&decline, &with(moved.form(&decline), &[("reason", "Déjà pourvu."), ("faire", "oui")])).await;
    assert_eq!(on.status, StatusCode::SEE_OTHER, "{}", on.text);
    assert_eq!(state(&kit).await, State::Declined);
    let late = desk.get(&decline).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.shows(&["Cette étape ne se fait pas maintenant"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_yours_does_not_exist() {
    let kit = reported().await;
    let unknown = |page: &crate::kit::Page| (page.status, page.text.clone());
    let other_lot = account(&kit, StaffRole::Coordinator, Some(samples::BODY_2)).await;
    let viewer = account(&kit, StaffRole::RegionViewer, None).await;
    let stranger = Desk::of(&kit, &other_lot).await;
    let absent = "/parcours/FEST-1-2026-9999";
    let nothing = unknown(&stranger.get(absent).await);
    assert_eq!(nothing.0, StatusCode::NOT_FOUND);
    let order = step(&kit, Transition::OrderFeasibility);
    for place in
        [address(&kit), order.clone(), format!("{}/documents/0190163d-8694-739b-aea5-966c26f8ad91", address(&kit))]
    {
        assert_eq!(unknown(&stranger.get(&place).await), nothing, "{place}");
        let signed_out = kit.get(&place).await;
        assert_eq!(signed_out.status, StatusCode::SEE_OTHER);
        assert!(signed_out.location().starts_with("/connexion?retour="), "{}", signed_out.location());
    }
    // The other side's step, and a reader who decides nothing.
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    assert_eq!(unknown(&coordinator.get(&order).await), unknown(&coordinator.get(absent).await));
    let reader = Desk::of(&kit, &viewer).await;
    reader.get(&address(&kit)).await.shows(&["Rien n’est attendu de vous maintenant"]).lacks(&["Autres actions"]);
    assert_eq!(unknown(&reader.get(&order).await), unknown(&reader.get(absent).await));
    assert_eq!(reader.post(&order, &[]).await.status, StatusCode::NOT_FOUND);
    // A forged ticket.
    let officer = Desk::of(&kit, &kit.officer).await;
    let forged = vec![("cle".to_owned(), "AAAA".to_owned()), ("faire".to_owned(), "oui".to_owned())];
    assert_eq!(officer.post(&order, &forged).await.status, StatusCode::FORBIDDEN);
    assert_eq!(state(&kit).await, State::NeedReported);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_profile_of_a_candidate_is_for_those_who_decide() {
    let (kit, _, _) = Kit::pif_written().await;
    for (account, sees) in [
        (&kit.coordinator, true),
        (&kit.officer, true),
        (&account(&kit, StaffRole::RegionViewer, None).await, false),
        (&account(&kit, StaffRole::RegionFinance, None).await, false),
    ] {
        let page = Desk::of(&kit, account).await.get(&address(&kit)).await;
        assert_eq!(page.text.contains(">RSA<"), sees, "{:?}", account.role);
        assert_eq!(
            page.text.contains("17 mai 1994".replace(' ', "\u{a0}").as_str()) || page.text.contains("17 mai 1994"),
            sees
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_recognised_kept_and_given_back_to_those_who_see_the_path() {
    let (kit, _, _) = Kit::pif_written().await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let add = step(&kit, Act::AddDocument);
    let empty = coordinator.get(&add).await;
    empty.shows(&["enctype=\"multipart/form-data\""]);
    let kind = [("kind", "evidence")];
    let script =
        coordinator.upload(&add, &with(empty.form(&add), &kind), &[("document", "photo.pdf", b"<html><script>")]).await;
    assert_eq!(script.status, StatusCode::UNPROCESSABLE_ENTITY);
    script.shows(&["code qu’un navigateur exécuterait"]);
    let heavy = vec![b'x'; 1_000_100];
    let too_large =
        coordinator.upload(&add, &with(empty.form(&add), &kind), &[("document", "photo.pdf", &heavy)]).await;
    assert_eq!(too_large.status, StatusCode::PAYLOAD_TOO_LARGE);
    too_large.shows(&["dépasse 1,0 Mo"]);
    let pdf = b"%PDF-1.7 une photo";
    let shown = coordinator.upload(&add, &with(empty.form(&add), &kind), &[("document", "..\\photo.exe", pdf)]).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    shown.shows(&["photo.pdf", "Reçu.", "Ajouter un document"]);
    let form = with(shown.form(&add), &[("kind", "evidence"), ("faire", "oui")]);
    let done = coordinator.upload(&add, &form, &[("document", "", b"")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = coordinator.get(&address(&kit)).await;
    page.shows(&["photo.pdf"]);
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let document = view.documents.last().expect("the document");
    assert_eq!((document.media_type.as_str(), document.reference.name.as_str()), ("application/pdf", "photo.pdf"));
    let place = format!("{}/documents/{}", address(&kit), document.id);
    let given = Desk::of(&kit, &kit.officer).await.get(&place).await;
    assert_eq!(given.text.as_bytes(), pdf);
    let header = |name: &str| given.headers[name].to_str().unwrap_or_default().to_owned();
    assert_eq!(header("content-disposition"), "attachment; filename=\"document\"; filename*=UTF-8''photo.pdf");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_comes_with_its_way_out() {
    let mut kit = reported().await;
    let officer = kit.officer.actor();
    kit.sample(&officer, Transition::OrderFeasibility).await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::StartFeasibility).await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    desk.get(&address(&kit)).await.shows(&["Demander la confirmation de l’entreprise"]);
    let deliver = desk.get(&step(&kit, Transition::DeliverFeasibility)).await;
    deliver.shows(&["Il manque encore ceci", "L’engagement de l’entreprise manque", &step(&kit, Act::AskConfirmation)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reduction_says_beforehand_what_it_needs_and_all_that_is_missing() {
    let (mut kit, _) = Box::pin(Kit::commitment_asked()).await;
    let company = kit.outside(domain::people::OutsideRole::Company);
    kit.sample(&company, Act::ConfirmCommitment).await;
    kit.wait(8).await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::DeliverFeasibility).await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let admit = step(&kit, Transition::AdmitFeasibility);
    officer
        .get(&address(&kit))
        .await
        .shows(&["Admettre avec réfaction", &format!("href=\"{admit}#admit_feasibility-reduction\"")]);
    let form = officer.get(&admit).await;
    let asks = step(&kit, Act::AskObservations);
    form.shows(&["600,00 € hors taxes à payer pour une admission entière", "Une réfaction demande ses motifs", &asks]);
    let refused = officer.post(&admit, &with(form.form(&admit), &[("reduction", "100,00")])).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    refused.shows(&["Il manque encore 2 choses", "La décision n’est pas motivée", "n’ont pas été demandées"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_the_body_is_decided_on_what_it_says() {
    let (mut kit, _) = Box::pin(Kit::commitment_asked()).await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Act::ExtendPrestation).await;
    let asked = kit.path().body_requests[0].until.expect("a day");
    let officer = Desk::of(&kit, &kit.officer).await;
    officer.get(&step(&kit, Act::DecideRequest)).await.shows(&[
        &wording::dates::until(asked).replace('\u{a0}', " "),
        "« Fermeture de l’entreprise. »",
        "pour la refuser, motif à l’appui",
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_is_opened_from_a_siret_and_a_commune() {
    let kit = Kit::new().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let new = "/parcours/nouveau";
    let empty = desk.get(new).await;
    empty.shows(&["Nouveau parcours", "Nom, code postal ou code INSEE"]).lacks(&["dérogation"]);
    let typed = |commune: &'static str| {
        [
            ("siret", "732 829 320 00074"),
            ("company", "Boulangerie Lemoine"),
            ("commune", commune),
            ("job", "Ouvrier boulanger"),
            ("persons_wanted", "1"),
            ("contact_name", "Anne Lemoine"),
            ("contact_email", "anne.lemoine@boulangerie-lemoine.example"),
        ]
    };
    let several = desk.post(new, &with(empty.form(new), &typed("76540"))).await;
    assert_eq!(several.status, StatusCode::UNPROCESSABLE_ENTITY);
    several.shows(&["désigne plusieurs communes", "Rouen (76000)"]);
    let none = desk.post(new, &with(empty.form(new), &typed("Marseille"))).await;
    none.shows(&["Aucune commune de Normandie ne correspond"]);
    let shown = desk.post(new, &with(empty.form(new), &typed("rouen"))).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    shown.shows(&["Un parcours s’ouvre dans le lot 1", "Rouen (76000)", "Signaler un besoin et envoyer"]);
    let form = with(shown.form(new), &typed("Rouen (76000)"));
    let done = desk.post(new, &with(form, &[("faire", "oui")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = desk.get(done.location()).await;
    page.shows(&["Ouvrier boulanger", "Rouen (76000)"]);
    let reference = done.location().trim_start_matches("/parcours/").split('?').next().unwrap_or_default().to_owned();
    let again = desk.get(&format!("{new}?modele={reference}")).await;
    again.shows(&["un parcours récent", "Boulangerie Lemoine", "Rouen (76000)"]);
    let finance = account(&kit, StaffRole::RegionFinance, None).await;
    assert_eq!(Desk::of(&kit, &finance).await.get(new).await.status, StatusCode::NOT_FOUND);
}

/// An address is looked at before it is used (L22): what is odd is said beside it and stops nothing.
#[tokio::test(flavor = "multi_thread")]
async fn l22_an_odd_address_is_said_beside_its_field_and_taken_all_the_same() {
    let mut kit = Kit::new().await;
    {
        let desk = Desk::of(&kit, &kit.coordinator).await;
        let new = "/parcours/nouveau";
        let own = kit.coordinator.email.to_string();
        let typed = |email: &'static str| {
            [
                ("siret", "732 829 320 00074"),
                ("company", "Boulangerie Lemoine"),
                ("commune", "Rouen (76000)"),
                ("job", "Ouvrier boulanger"),
                ("persons_wanted", "1"),
                ("contact_name", "Anne Lemoine"),
                ("contact_email", email),
            ]
        };
        let empty = desk.get(new).await.form(new);
        let good = desk.post(new, &with(empty.clone(), &typed("anne.lemoine@gmail.com"))).await;
        good.shows(&["Ce qui va se passer"]).lacks(&["Vouliez-vous", "autre rôle"]);
        let mut mine = with(empty.clone(), &typed(""));
        mine.retain(|(name, _)| name != "contact_email");
        let mine = desk.post(new, &with(mine, &[("contact_email", &own)])).await;
        mine.shows(&["Cette adresse est déjà celle d’un autre rôle du parcours, l’organisme de formation"]);
        let shown = desk.post(new, &with(empty, &typed("anne.lemoine@gmial.com"))).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        complete("path_new_odd_address", &shown);
        shown.shows(&["Vouliez-vous écrire anne.lemoine@gmail.com ?", "value=\"anne.lemoine@gmial.com\""]);
        let done =
            desk.post(new, &with(with(shown.form(new), &typed("anne.lemoine@gmial.com")), &[("faire", "oui")])).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    kit = Box::pin(Kit::pif_written()).await.0;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let change = step(&kit, Act::ChangeContact);
    let page = desk.get(&format!("{change}?role=tutor")).await;
    page.lacks(&["Cette adresse est déjà"]);
    let typed = [
        ("role", "tutor"),
        ("name", "Sophie Caron"),
        ("email", "anne.lemoine@boulangerie-lemoine.example"),
        ("reason", "Une seule boîte pour l’entreprise."),
    ];
    let shown = desk.post(&change, &with(page.form(&change), &typed)).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    complete("path_change_same_address", &shown);
    shown.shows(&["Cette adresse est déjà celle d’un autre rôle du parcours, l’entreprise"]);
    let done = desk.post(&change, &with(with(shown.form(&change), &typed), &[("faire", "oui")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    // One's own address is no surprise.
    let own = desk.get(&format!("{change}?role=company")).await;
    let typed = [("role", "company"), ("name", "Anne Lemoine"), ("email", "anne.lemoine@boulangerie-lemoine.example")];
    desk.post(&change, &with(own.form(&change), &typed)).await.lacks(&["autre rôle du parcours, l’entreprise"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l13_the_page_of_a_step_says_who_cannot_be_written_to_and_why() {
    let mut kit = Kit::new().await;
    let coordinator = kit.coordinator.actor();
    let mut need = samples::form(Transition::ReportNeed, kit.today);
    need.remove("contact_email");
    kit.act(&coordinator, Transition::ReportNeed, need).await;
    let without = Desk::of(&kit, &kit.officer).await.get(&address(&kit)).await;
    without.shows(&[
        "Commander l’étude de faisabilité et envoyer 1 message",
        "Anne Lemoine, Entreprise :</strong> aucune adresse électronique : prévenez cette personne autrement",
    ]);
    without.lacks(&["adresse refusée par la messagerie"]);

    let kit = reported().await;
    let refused = "Anne Lemoine, Entreprise :</strong> adresse refusée par la messagerie : corrigez-la";
    let decline = step(&kit, Transition::DeclineNeed);
    let officer = Desk::of(&kit, &kit.officer).await;
    officer.get(&address(&kit)).await.lacks(&[refused]);
    deliver(&kit, true).await;
    officer.get(&address(&kit)).await.shows(&["et envoyer 1 message", refused]);
    let typed = with(officer.get(&decline).await.form(&decline), &[("reason", "Déjà pourvu.")]);
    officer.post(&decline, &typed).await.shows(&["et envoyer 1 message", refused]);
}
