//! The texts of messages in the browser: written, previewed, kept, restored by an officer of the Region; read by others.

use axum::http::{StatusCode, header};
use domain::path::Transition;
use domain::people::{RecipientRole, StaffRole};
use domain::samples;

use crate::kit::{Kit, with};
use crate::orders::Desk;

/// The text of the study that is ordered, for the company.
const ORDERED: &str = "/messages/textes/feasibility_ordered/company";
const LOT: &str = "/messages/textes/lots/1";
const OWN: &str = "Bonjour {destinataire},\nLa Région vous offre une étude, faite par {organisme}.";

type Form = Vec<(String, String)>;

/// Its form, filled.
async fn filled(desk: &Desk<'_>, address: &str, more: &[(&str, &str)]) -> Form {
    with(desk.get(address).await.form(address), more)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_previewed_kept_with_a_reason_and_restored() {
    let mut kit = Kit::new().await;
    let officer = kit.officer.clone();
    {
        let desk = Desk::of(&kit, &officer).await;
        desk.get("/messages").await.shows(&["Textes des messages"]);
        desk.get("/messages/textes").await.shows(&["Étude de faisabilité commandée", "Par lot", ORDERED, LOT]);
        let page = desk.get(ORDERED).await;
        page.shows(&["Texte standard", "La Région commande une étude de faisabilité", "{echeance}", "Aucune version"]);
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("a policy");
        assert!(policy.contains("frame-src 'self'") && policy.contains("script-src 'self'"), "{policy}");

        let previewed = desk.post(ORDERED, &filled(&desk, ORDERED, &[("texte", OWN)]).await).await;
        assert_eq!(previewed.status, StatusCode::OK);
        previewed.shows(&["Rien n’est encore enregistré", "La Région vous offre une étude, faite par Retravailler."]);
        let typed = desk.get(&format!("{ORDERED}/contenu?saisie=oui&cas=0")).await;
        typed.shows(&["La Région vous offre une étude, faite par Retravailler."]);
        let in_force = desk.get(&format!("{ORDERED}/contenu?cas=0")).await;
        in_force.shows(&["La Région commande une étude"]).lacks(&["La Région vous offre"]);
        assert_eq!(desk.get(&format!("{ORDERED}/contenu?cas=9")).await.status, StatusCode::NOT_FOUND);
        let version =
            kit.app.text_page(&officer.actor(), &"feasibility_ordered/company".parse().expect("a subject")).await;
        assert_eq!(version.expect("a text").version(), 0, "previewing keeps nothing");

        let keep = [("texte", OWN), ("objet", "Une étude pour vous"), ("faire", "oui")];
        let unexplained = desk.post(ORDERED, &filled(&desk, ORDERED, &keep).await).await;
        assert_eq!(unexplained.status, StatusCode::UNPROCESSABLE_ENTITY);
        unexplained.shows(&["Motif : ce champ est obligatoire", "La Région vous offre une étude"]);

        let explained = [keep.as_slice(), &[("motif", "Plus simple.")]].concat();
        let kept = desk.post(ORDERED, &filled(&desk, ORDERED, &explained).await).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        desk.get(kept.location()).await.shows(&[
            "Le texte est enregistré",
            "Plus simple.",
            "Revenir à un texte précédent",
        ]);
        desk.get("/messages/textes").await.shows(&["Texte de la Région"]);
        let again = desk.post(ORDERED, &filled(&desk, ORDERED, &explained).await).await;
        again.shows(&["Rien n’a changé"]);
    }
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::ReportNeed).await;
    let ordered = kit.sample(&officer.actor(), Transition::OrderFeasibility).await;
    let told = ordered.messages.iter().find(|message| message.role == RecipientRole::Company);
    let told = told.expect("the company is told");
    assert!(told.subject.ends_with(" — Une étude pour vous"), "{}", told.subject);
    assert!(told.text.contains("La Région vous offre une étude, faite par"), "{}", told.text);
    assert!(!told.text.contains("La Région commande une étude"), "{}", told.text);

    let desk = Desk::of(&kit, &officer).await;
    let back = format!("{ORDERED}/retour");
    let form = desk.get(ORDERED).await.form(&back);
    let nothing = desk.post(&back, &with(form.clone(), &[("motif", "Retour.")])).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    nothing.shows(&["Choisissez le texte qui revient"]);
    let restored = desk.post(&back, &with(form, &[("choix", "0"), ("motif", "Retour.")])).await;
    assert_eq!(restored.status, StatusCode::SEE_OTHER, "{}", restored.text);
    desk.get(ORDERED).await.shows(&["Texte standard", "Version 2", "Retiré : ", "Ajouté : "]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_said_by_line_and_what_was_typed_stays() {
    let kit = Kit::new().await;
    let desk = Desk::of(&kit, &kit.officer).await;
    let wrong = "Bonjour,\nun {metir} chez exemple.fr\n{lien}\n{lien}";
    for more in [&[("texte", wrong)][..], &[("texte", wrong), ("faire", "oui"), ("motif", "Essai.")]] {
        let page = desk.post(ORDERED, &filled(&desk, ORDERED, more).await).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.shows(&[
            "Texte : ligne 2, {metir} n’existe pas, la variable la plus proche est {metier}",
            "Texte : ligne 4, {lien} est là deux fois",
            "href=\"#texte\"",
            "un {metir} chez exemple.fr",
        ]);
    }
    let named = filled(&desk, ORDERED, &[("objet", "Pour {destinataire}"), ("texte", "Bonjour.")]).await;
    desk.post(ORDERED, &named).await.shows(&["Objet : un objet ne nomme personne"]);
    assert_eq!(desk.get("/messages/textes/password_reset/body").await.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.get("/messages/textes/feasibility_ordered/trainee").await.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.get("/messages/textes/lots/9").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_officers_reads_the_first_and_keeps_what_they_typed() {
    let kit = Kit::new().await;
    let desk = Desk::of(&kit, &kit.officer).await;
    let more = |text| [("texte", text), ("motif", "Essai."), ("faire", "oui")];
    let first = filled(&desk, ORDERED, &more("Le premier texte.")).await;
    let second = filled(&desk, ORDERED, &more("Le second texte.")).await;
    assert_eq!(desk.post(ORDERED, &first).await.status, StatusCode::SEE_OTHER);
    let lost = desk.post(ORDERED, &second).await;
    assert_eq!(lost.status, StatusCode::CONFLICT);
    lost.shows(&[
        "Un autre texte a été enregistré entre-temps",
        &kit.officer.name,
        "Le premier texte.",
        "Le second texte.",
    ]);
    let insisted = desk.post(ORDERED, &with(lost.form(ORDERED), &more("Le second texte."))).await;
    assert_eq!(insisted.status, StatusCode::SEE_OTHER, "{}", insisted.text);
    desk.get(ORDERED).await.shows(&["Version 1", "Version 2", "Le second texte."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_adds_its_lines_to_what_people_outside_read() {
    let mut kit = Kit::new().await;
    let officer = kit.officer.clone();
    {
        let desk = Desk::of(&kit, &officer).await;
        let more = [
            ("texte", "Ouvert de 9 h à 12 h."),
            ("signature", "L’équipe de {organisme}"),
            ("motif", "Horaires."),
            ("faire", "oui"),
        ];
        let kept = desk.post(LOT, &filled(&desk, LOT, &more).await).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
        desk.get(LOT).await.shows(&["Ouvert de 9 h à 12 h.", "Horaires."]);
    }
    let coordinator = kit.coordinator.actor();
    let reported = kit.sample(&coordinator, Transition::ReportNeed).await;
    for message in &reported.messages {
        let outside = message.role == RecipientRole::Company;
        assert_eq!(message.text.contains("Ouvert de 9 h à 12 h."), outside, "{}", message.text);
        assert_eq!(message.text.contains("L’équipe de "), outside, "{}", message.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn others_read_and_change_nothing() {
    let kit = Kit::new().await;
    let keep = {
        let desk = Desk::of(&kit, &kit.officer).await;
        filled(&desk, ORDERED, &[("texte", OWN), ("motif", "Essai."), ("faire", "oui")]).await
    };
    for (rank, role) in [StaffRole::RegionViewer, StaffRole::Auditor, StaffRole::Administrator, StaffRole::Coordinator]
        .into_iter()
        .enumerate()
    {
        let body = (role == StaffRole::Coordinator).then_some(samples::BODY_1);
        let desk = Desk::new(&kit, role, body, &format!("lecture-{rank}@region.example")).await;
        desk.get(ORDERED).await.shows(&["Texte en vigueur"]).lacks(&["Prévisualiser", "<textarea"]);
        assert_eq!(desk.post(ORDERED, &keep).await.status, StatusCode::NOT_FOUND, "{role}");
        let region = desk.get("/messages/textes/feasibility_delivered/region").await.status;
        let read = if role == StaffRole::Coordinator { StatusCode::NOT_FOUND } else { StatusCode::OK };
        assert_eq!(region, read, "{role}");
    }
    let desk = Desk::role(&kit, StaffRole::RegionFinance).await;
    for address in ["/messages/textes", ORDERED, LOT] {
        assert_eq!(desk.get(address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
}
