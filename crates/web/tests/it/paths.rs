//! The list of paths: what it is narrowed by, its pages, its files, its views, one step on several paths.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::identifiers::BodyCode;
use domain::path::{Act, Transition};
use domain::people::{Account, StaffRole};
use domain::samples;
use domain::security::SecurityEvent;
use persistence::SecurityFilter;
use serde_json::json;

use crate::gallery::complete;
use crate::kit::{Kit, Page, with};

/// Someone at a browser.
pub struct Seat {
    cookie: String,
}

impl Seat {
    /// Someone signs in.
    pub async fn of(kit: &Kit, account: &Account) -> Self {
        let (_, secret) = kit.app.open_session(account, "", "").await.expect("a session");
        Self { cookie: format!("jalon={secret}") }
    }

    /// Someone whose session is known.
    pub fn with_secret(secret: &str) -> Self {
        Self { cookie: format!("jalon={secret}") }
    }

    pub async fn get(&self, kit: &Kit, address: &str) -> Page {
        let request = Request::get(address).header(header::COOKIE, &self.cookie).body(Body::empty());
        kit.send(request.expect("a request")).await
    }

    pub async fn post(&self, kit: &Kit, address: &str, form: &[(String, String)]) -> Page {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let request = Request::post(address)
            .header(header::COOKIE, &self.cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.finish()));
        kit.send(request.expect("a request")).await
    }
}

/// A coordinator of the other lot.
pub async fn stranger(kit: &Kit) -> Account {
    let sample = samples::account(StaffRole::Coordinator, 2);
    let new = app::NewAccount {
        email: samples::email("coordination@afpa-normandie.example"),
        name: sample.name,
        role: StaffRole::Coordinator,
        body: Some(BodyCode::parse(samples::BODY_2).expect("a body")),
        lots: Vec::new(),
        phone: None,
        ends_on: None,
    };
    kit.app.create_account(new).await.expect("an account")
}

/// Opens paths for companies of these names; their references.
pub async fn opened(kit: &mut Kit, companies: &[&str]) -> Vec<String> {
    let actor = kit.coordinator.actor();
    let mut references = Vec::new();
    for company in companies {
        kit.path = None;
        let mut form = samples::form(Transition::ReportNeed, kit.today);
        form.insert("company".to_owned(), json!(company));
        kit.act(&actor, Transition::ReportNeed, form).await;
        references.push(kit.path().reference.to_string());
    }
    references
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_narrows_and_sorts_the_list() {
    let mut kit = Kit::new().await;
    let references = opened(&mut kit, &["Atelier Zinc", "Boulangerie Lévêque", "Aile Bois"]).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let all = seat.get(&kit, "/parcours").await;
    complete("paths_table", &all);
    all.shows(&["3 parcours", "Besoin signalé", "Commander l’étude"]);
    for reference in &references {
        all.shows(&[reference]);
    }
    let found = seat.get(&kit, "/parcours?q=LEVEQUE&vue=tableau").await;
    complete("paths_found", &found);
    found.shows(&["1 parcours", "Boulangerie Lévêque", "« LEVEQUE »"]).lacks(&["Atelier Zinc"]);
    let none = seat.get(&kit, "/parcours?etat=ready&etat=closed&vue=tableau").await;
    complete("paths_none", &none);
    none.shows(&["Aucun parcours ne correspond", "Retirer tous les filtres"]);
    let lost = seat.get(&kit, "/parcours?q=nulle+part&vue=tableau").await;
    lost.shows(&["Aucun parcours ne correspond à « nulle part »", "la ville et son code postal", "le nom du candidat"]);
    // A narrow window shows each cell under its name, and leaves out the columns that nobody chose.
    all.shows(&["data-label=\"Métier\"", "<td class=\" minor\" data-label=\"Lieu\""]);
    let sorted = seat.get(&kit, "/parcours?tri=-entreprise&vue=tableau").await;
    let at = |name: &str| sorted.text.find(&format!(">{name}</a>")).expect("the company is listed");
    assert!(at("Boulangerie Lévêque") < at("Atelier Zinc") && at("Atelier Zinc") < at("Aile Bois"));
    sorted.lacks(&["tight"]);
    let tight = seat.get(&kit, "/parcours?q=LEVEQUE&vue=serre").await;
    tight.shows(&["list compact tight", "aria-current=\"true\">Lignes serrées"]);
    // What is narrowed again stays as it looks.
    tight.shows(&["name=\"vue\" value=\"serre\""]);
    let board = seat.get(&kit, "/parcours?vue=etapes").await;
    complete("paths_board", &board);
    board.shows(&["Étude de faisabilité", "Besoin signalé", &references[0]]);
    let columns = seat.get(&kit, "/parcours?colonne=siret&colonne=ouvert&vue=tableau").await;
    complete("paths_columns", &columns);
    assert!(
        columns.text.contains("<th scope=\"col\">SIRET</th>") && !columns.text.contains("<th scope=\"col\">État</th>")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_candidate_is_found_by_those_who_may_see_people() {
    let (kit, _, _) = Kit::pif_written().await;
    let person = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let candidate = person.path.candidate.expect("a candidate").person.id;
    let name = person.people.into_iter().find(|person| person.id == candidate).expect("the person").contact.name;
    let asked = format!("/parcours?q={}&vue=tableau", name.to_uppercase().replace(' ', "+"));
    let reference = kit.path().reference.to_string();
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    seat.get(&kit, &asked).await.shows(&[&reference]);
    // The form leads to an address that names nobody, and neither does any that the list writes.
    let typed = [("q".to_owned(), name.clone()), ("vue".to_owned(), "tableau".to_owned())];
    let found = seat.post(&kit, "/parcours", &typed).await;
    assert_eq!(found.status, StatusCode::SEE_OTHER);
    let address = found.location().to_owned();
    let list = seat.get(&kit, &address).await;
    list.shows(&[&reference, &name]);
    let part = name.split(' ').next_back().expect("a name").to_lowercase();
    let links = list.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let written: Vec<&str> = links.chain([address.as_str()]).filter(|link| link.contains("/parcours?")).collect();
    assert!(written.len() > 3 && written.iter().all(|link| !link.to_lowercase().contains(&part)), "{written:?}");
    let altered = address.replace("mots=", "mots=A");
    seat.get(&kit, &altered).await.lacks(&["» ×", &format!("«\u{a0}{name}")]);
    let sample = samples::account(StaffRole::RegionViewer, 1);
    let viewer = app::NewAccount {
        email: samples::email("lecture@region.example"),
        name: sample.name,
        role: StaffRole::RegionViewer,
        body: None,
        lots: Vec::new(),
        phone: None,
        ends_on: None,
    };
    let viewer = kit.app.create_account(viewer).await.expect("an account");
    Seat::of(&kit, &viewer).await.get(&kit, &asked).await.shows(&["Aucun parcours ne correspond"]);
    let other = Seat::of(&kit, &stranger(&kit).await).await;
    other.get(&kit, &asked).await.lacks(&[&reference]);
    other.get(&kit, "/parcours").await.shows(&["Aucun parcours pour l’instant"]).lacks(&[&reference]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_one_another_both_ways() {
    let mut kit = Kit::new().await;
    let names: Vec<String> = (0..53).map(|number| format!("Maison {number:02}")).collect();
    opened(&mut kit, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let seat = Seat::of(&kit, &kit.coordinator.clone()).await;
    let link = |page: &Page, rel: &str| {
        let at = page.text.find(&format!("rel=\"{rel}\""))?;
        let before = &page.text[..at];
        let address = &before[before.rfind("href=\"")? + 6..];
        Some(address.split('"').next()?.replace("&#38;", "&").replace("&amp;", "&"))
    };
    for order in ["", "&tri=-entreprise", "&tri=modifie"] {
        let first = seat.get(&kit, &format!("/parcours?vue=tableau{order}")).await;
        assert_eq!(first.text.matches("name=\"p\"").count(), 50);
        assert!(link(&first, "prev").is_none());
        let second = seat.get(&kit, &link(&first, "next").expect("a second page")).await;
        assert_eq!(second.text.matches("name=\"p\"").count(), 3, "{order}");
        assert!(link(&second, "next").is_none());
        let back = seat.get(&kit, &link(&second, "prev").expect("a first page")).await;
        let rows = |page: &Page| {
            page.text.split("name=\"p\" value=\"").skip(1).map(|rest| rest[..16].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(rows(&back), rows(&first), "{order}");
        assert!(rows(&second).iter().all(|row| !rows(&first).contains(row)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_leaves_as_it_is_shown() {
    let mut kit = Kit::new().await;
    opened(&mut kit, &["=Formule SA", "Atelier Zinc"]).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let csv = seat.get(&kit, "/parcours/export/parcours.csv?q=formule&colonne=entreprise&colonne=ouvert").await;
    assert_eq!(csv.status, StatusCode::OK);
    assert!(csv.text.starts_with("\u{feff}Référence;Entreprise;Ouvert le\r\n"), "{}", csv.text);
    assert!(csv.text.contains(";'=Formule SA;02/03/2026\r\n") && !csv.text.contains("Zinc"), "{}", csv.text);
    let name = csv.headers[header::CONTENT_DISPOSITION].to_str().expect("a name").to_owned();
    assert!(name.starts_with("attachment; filename=\"2026-03-02-parcours.csv\""), "{name}");
    let xlsx = seat.get(&kit, "/parcours/export/parcours.xlsx").await;
    assert!(xlsx.status == StatusCode::OK && xlsx.text.starts_with("PK"));
    assert_eq!(seat.get(&kit, "/parcours/export/parcours.exe").await.status, StatusCode::NOT_FOUND);
    let other = Seat::of(&kit, &stranger(&kit).await).await;
    let theirs = other.get(&kit, "/parcours/export/parcours.csv").await;
    assert!(!theirs.text.contains("Zinc") && theirs.text.lines().count() == 1);
}

/// A CSV file is the list and nothing else: its name says the filters, but for the words that were searched.
#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_a_csv_file_says_its_filters() {
    let mut kit = Kit::new().await;
    opened(&mut kit, &["Atelier Zinc"]).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let named = async |address: &str| {
        let answer = seat.get(&kit, address).await;
        answer.headers[header::CONTENT_DISPOSITION].to_str().expect("a name").to_owned()
    };
    let plain = "attachment; filename=\"2026-03-02-parcours.csv\"";
    let narrowed = named("/parcours/export/parcours.csv?q=zinc&lot=1&attend=region").await;
    let full = percent_decoded(narrowed.strip_prefix(plain).expect("the plain name comes first"));
    assert_eq!(full, "; filename*=UTF-8''2026-03-02-parcours (recherche, Lot 1, Attendu de Région).csv");
    let every: String = (0..40).map(|year| format!("&issue=other&entree={}", 2023 + year % 3)).collect();
    assert!(named(&format!("/parcours/export/parcours.csv?lot=1{every}")).await.len() < 1_000);
    assert_eq!(named("/parcours/export/parcours.csv").await, plain);
    let workbook = "attachment; filename=\"2026-03-02-parcours.xlsx\"";
    assert_eq!(named("/parcours/export/parcours.xlsx?lot=1").await, workbook, "a sheet of the workbook says it");
}

fn percent_decoded(text: &str) -> String {
    form_urlencoded::parse(text.replace('=', "%3D").as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_refused_says_why_and_keeps_what_was_typed() {
    let mut kit = Kit::new().await;
    opened(&mut kit, &["Atelier Zinc"]).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let form = seat.get(&kit, "/parcours?attend=region&vue=tableau").await.form("/parcours/vues");
    let long = "n".repeat(81);
    let refused = seat.post(&kit, "/parcours/vues", &with(form.clone(), &[("nom", &long), ("defaut", "oui")])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    complete("paths_view_too_long", &refused);
    refused.shows(&[
        "Ce nom est trop long : 80 caractères au plus",
        &format!("value=\"{long}\""),
        "href=\"#nom\"",
        "Zinc",
    ]);
    assert!(refused.text.contains("name=\"defaut\" value=\"oui\" checked"));
    for number in 0..50 {
        let kept = with(form.clone(), &[("nom", &format!("Vue {number}"))]);
        assert_eq!(seat.post(&kit, "/parcours/vues", &kept).await.status, StatusCode::SEE_OTHER);
    }
    let many = seat.post(&kit, "/parcours/vues", &with(form.clone(), &[("nom", "Une de plus")])).await;
    assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
    many.shows(&["Vous avez déjà 50 vues", "value=\"Une de plus\""]).lacks(&["trop long"]);
    let again = seat.post(&kit, "/parcours/vues", &with(form, &[("nom", "Vue 7")])).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "a known name replaces its view");
}

/// What leaves the house is noted, and no account empties it in an afternoon.
#[tokio::test(flavor = "multi_thread")]
async fn exports_are_noted_and_counted() {
    let mut kit = Kit::new().await;
    opened(&mut kit, &["Atelier Zinc"]).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let most = kit.app.settings().exports_per_hour;
    for _ in 0..most {
        assert_eq!(seat.get(&kit, "/parcours/export/parcours.csv").await.status, StatusCode::OK);
    }
    let refused = seat.get(&kit, "/parcours/export/parcours.xlsx").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    refused.shows(&["Trop de listes exportées en une heure"]).lacks(&["Zinc"]);
    let other = Seat::of(&kit, &kit.coordinator.clone()).await;
    assert_eq!(
        other.get(&kit, "/parcours/export/parcours.csv").await.status,
        StatusCode::OK,
        "each account its own count"
    );
    let tx = kit.app.store().begin_read().await.expect("the store answers");
    let filter = SecurityFilter { events: vec![SecurityEvent::Exported], ..SecurityFilter::default() };
    let lines = tx.security_lines(&filter).await.expect("the log reads");
    assert_eq!(lines.len(), most as usize + 1);
    assert!(lines.iter().all(|line| line.detail == "parcours.csv, 1\u{a0}ligne"), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line.account == Some(kit.officer.id)).count(), most as usize);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_found_again_by_its_owner_alone() {
    let mut kit = Kit::new().await;
    opened(&mut kit, &["Atelier Zinc"]).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let list = seat.get(&kit, "/parcours?attend=region&vue=tableau").await;
    let form = with(list.form("/parcours/vues"), &[("nom", "À commander"), ("defaut", "oui")]);
    let saved = seat.post(&kit, "/parcours/vues", &form).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let page = seat.get(&kit, saved.location()).await;
    complete("paths_views", &page);
    page.shows(&["La vue est enregistrée.", "À commander", "Vue par défaut"]);
    assert_eq!(seat.get(&kit, "/parcours").await.location(), "/parcours?attend=region&vue=tableau");
    let nameless = seat.post(&kit, "/parcours/vues", &with(list.form("/parcours/vues"), &[("nom", "  ")])).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    complete("paths_view_refused", &nameless);
    nameless.shows(&["La vue n’est pas enregistrée", "Donnez un nom à la vue.", "Erreur : "]);
    let forged = with(form[1..].to_vec(), &[("cle", "AAAA")]);
    assert_eq!(seat.post(&kit, "/parcours/vues", &forged).await.status, StatusCode::FORBIDDEN);

    let id =
        page.text.split("/parcours/vues/").nth(1).and_then(|rest| rest.split('/').next()).expect("a view").to_owned();
    let delete = format!("/parcours/vues/{id}/supprimer");
    let other = Seat::of(&kit, &kit.coordinator.clone()).await;
    let own = other.get(&kit, "/parcours?vue=tableau").await.form("/parcours/vues");
    assert_eq!(other.post(&kit, &delete, &own).await.status, StatusCode::NOT_FOUND);
    let deleted = seat.post(&kit, &delete, &page.form(&delete)).await;
    seat.get(&kit, deleted.location()).await.shows(&["La vue est supprimée."]);
    assert_eq!(seat.get(&kit, "/parcours").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_step_is_made_on_several_paths_once() {
    let mut kit = Kit::new().await;
    let references = opened(&mut kit, &["Atelier Zinc", "Boulangerie Lévêque", "Cidrerie du Pré"]).await;
    let officer = kit.officer.actor();
    // One of them cannot go on.
    kit.act(&officer, Transition::DeclineNeed, samples::form(Transition::DeclineNeed, kit.today)).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let selection: String = references.iter().map(|reference| format!("p={reference}&")).collect();
    let nothing = seat.get(&kit, "/parcours/actions").await;
    seat.get(&kit, nothing.location()).await.shows(&["Cochez au moins un parcours"]);
    let steps = seat.get(&kit, &format!("/parcours/actions?{selection}")).await;
    complete("bulk_steps", &steps);
    steps.shows(&["Agir sur 3 parcours", "Commander l’étude de faisabilité", "Possible sur 2 des 3 parcours"]);
    let preview = seat.get(&kit, &format!("/parcours/actions?{selection}etape=order_feasibility")).await;
    complete("bulk_preview", &preview);
    preview.shows(&["Rien n’est encore fait. Un parcours ne peut pas avancer", "Étude commandée", "Refusé"]);
    // Money in all and by path, and every message: one summary for the coordinator, one for each path to the company.
    preview.shows(&["En tout", "1 200,00 € hors taxes, 2 unités P1", "600,00 € hors taxes, une unité P1"]);
    preview.shows(&[
        "3 messages (Organisme de formation : 1, Entreprise : 2)",
        "Un message récapitule ces parcours",
        "Aucune n’est prise ni rendue",
    ]);
    preview.shows(&[
        "Vos parcours — Étude de faisabilité commandée : 2 parcours",
        "Commander l’étude de faisabilité sur 2 parcours et envoyer 3 messages",
    ]);
    let form = preview.form("/parcours/actions/faire");
    assert_eq!(form.iter().filter(|(name, _)| name == "p").count(), 2);
    let done = seat.post(&kit, "/parcours/actions/faire", &form).await;
    complete("bulk_done", &done);
    done.shows(&["C’est fait sur 2 parcours.", "Étude commandée"]);
    seat.post(&kit, "/parcours/actions/faire", &form).await.shows(&["C’était déjà fait par ce même formulaire."]);
    let forged: Vec<_> = form.iter().filter(|(name, _)| name != "cle").cloned().collect();
    assert_eq!(seat.post(&kit, "/parcours/actions/faire", &forged).await.status, StatusCode::FORBIDDEN);

    // A ticket of one step is none of another's.
    let other_step: Vec<_> = form
        .iter()
        .map(|(name, value)| (name.clone(), if name == "etape" { "add_note".to_owned() } else { value.clone() }))
        .collect();
    assert_eq!(seat.post(&kit, "/parcours/actions/faire", &other_step).await.status, StatusCode::FORBIDDEN);

    // Nor is one of a selection another's.
    let more = with(form.clone(), &[("p", &references[2])]);
    assert_eq!(seat.post(&kit, "/parcours/actions/faire", &more).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_moved_since_its_preview_says_so_on_its_line() {
    let mut kit = Kit::new().await;
    let references = opened(&mut kit, &["Atelier Zinc", "Boulangerie Lévêque"]).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let selection: String = references.iter().map(|reference| format!("p={reference}&")).collect();
    let preview = seat.get(&kit, &format!("/parcours/actions?{selection}etape=order_feasibility")).await;
    let form = preview.form("/parcours/actions/faire");
    // The second moves meanwhile.
    let coordinator = kit.coordinator.actor();
    kit.act(&coordinator, Act::AddNote, samples::form(Act::AddNote, kit.today)).await;
    let done = seat.post(&kit, "/parcours/actions/faire", &form).await;
    complete("bulk_moved", &done);
    done.shows(&["Pas fait", "Réessayer les échecs"]);
    done.shows(&["C’est fait sur 1 parcours. 1 parcours à revoir", "Le parcours a changé depuis que vous l’avez lu"]);
    done.shows(&["L’organisme de formation a ajouté une note.", &kit.coordinator.name]);
    // What failed is read again, as it is now, and goes.
    let again = seat.post(&kit, "/parcours/actions/apercu", &done.form("/parcours/actions/apercu")).await;
    again.shows(&["Possible", &references[1]]).lacks(&[&references[0]]);
    let done = seat.post(&kit, "/parcours/actions/faire", &again.form("/parcours/actions/faire")).await;
    done.shows(&["C’est fait sur 1 parcours."]).lacks(&["à revoir"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_shared_by_several_paths_are_asked_once() {
    let mut kit = Kit::new().await;
    let references = opened(&mut kit, &["Atelier Zinc", "Boulangerie Lévêque"]).await;
    let seat = Seat::of(&kit, &kit.coordinator.clone()).await;
    let selection: String = references.iter().map(|reference| format!("p={reference}&")).collect();
    let asked = seat.get(&kit, &format!("/parcours/actions?{selection}etape=add_note")).await;
    complete("bulk_fields", &asked);
    let form = asked.form("/parcours/actions/apercu");
    let missing = seat.post(&kit, "/parcours/actions/apercu", &form).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    complete("bulk_errors", &missing);
    let preview = seat.post(&kit, "/parcours/actions/apercu", &with(form, &[("note", "Vu en réunion.")])).await;
    complete("bulk_note", &preview);
    let done = seat.post(&kit, "/parcours/actions/faire", &preview.form("/parcours/actions/faire")).await;
    done.shows(&["C’est fait sur 2 parcours."]);
    let assign = seat.get(&kit, &format!("/parcours/actions?{selection}etape=assign_coordinator")).await;
    complete("bulk_assign", &assign);
    assign.shows(&[&kit.coordinator.name]);
    let other = Seat::of(&kit, &stranger(&kit).await).await;
    let theirs = other.get(&kit, &format!("/parcours/actions?{selection}")).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    for step in ["deliver_report", "rien"] {
        let address = format!("/parcours/actions?{selection}etape={step}");
        let page = seat.get(&kit, &address).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{step}");
    }
}

/// The ticket of the form that erases a draft.
fn ticket_of(page: &Page) -> Vec<(String, String)> {
    let form = page.text.split("id=\"brouillon\"").nth(1).expect("the form that erases");
    let ticket =
        form.split("name=\"cle\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("its ticket");
    vec![("cle".to_owned(), ticket.to_owned())]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_for_several_paths_is_kept_until_it_is_done() {
    let mut kit = Kit::new().await;
    let references = opened(&mut kit, &["Atelier Zinc", "Boulangerie Lévêque"]).await;
    let (_, secret) = kit.app.open_session(&kit.officer, "", "").await.expect("a session");
    let seat = Seat::with_secret(&secret);
    let selection: String = references.iter().map(|reference| format!("p={reference}&")).collect();
    let decline = format!("/parcours/actions?{selection}etape=decline_need");
    let page = seat.get(&kit, &decline).await;
    let action = format!("/parcours/actions/apercu?{selection}etape=decline_need");
    let escaped = action.replace('&', "&#38;");
    assert!(page.text.contains(&format!("action=\"{escaped}\" data-draft=\"/brouillons\"")), "{}", page.text);
    let form = page.form("/parcours/actions/apercu");
    let typed = with(form.clone(), &[("reason", "Lot complet pour l’année."), ("formulaire", &action)]);
    assert_eq!(seat.post(&kit, "/brouillons", &typed).await.status, StatusCode::NO_CONTENT);
    let found = seat.get(&kit, &decline).await;
    complete("bulk_draft", &found);
    found.shows(&["Lot complet pour l’année.", "Effacer la saisie"]);
    let other = format!("/parcours/actions?p={}&etape=decline_need", references[0]);
    seat.get(&kit, &other).await.lacks(&["Lot complet"]);
    let erased = seat.post(&kit, &action, &with(ticket_of(&found), &[("effacer", "oui")])).await;
    assert_eq!((erased.status, erased.location()), (StatusCode::SEE_OTHER, decline.as_str()));
    seat.get(&kit, &decline).await.lacks(&["Lot complet"]);

    // The preview keeps it too, with the word that its messages show.
    let typed = with(form, &[("reason", "Lot complet pour l’année."), ("mot", "Rappelez-nous en janvier.")]);
    let preview = seat.post(&kit, "/parcours/actions/apercu", &typed).await;
    complete("bulk_word", &preview);
    let letters = preview.text.matches("class=\"letter\"").count();
    let words = preview.text.matches("Rappelez-nous en janvier.").count();
    assert!(letters >= 3 && words == letters + 1, "{words} in {letters} letters and the field: {}", preview.text);
    seat.get(&kit, &decline)
        .await
        .shows(&["Lot complet pour l’année.", "name=\"mot\" value=\"Rappelez-nous en janvier.\""]);
    let send = with(preview.form("/parcours/actions/faire"), &[("mot", "Rappelez-nous en février.")]);

    // A session that time ended keeps it for the same selection.
    kit.go(kit.today, 12).await;
    let address = format!("/parcours/actions/faire?{selection}etape=decline_need");
    let lapsed = seat.post(&kit, &address, &send).await;
    assert!(lapsed.location().starts_with("/connexion?fait=garde&"), "{}", lapsed.location());
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let again = seat.get(&kit, &decline).await;
    again.shows(&["Lot complet pour l’année.", "Rappelez-nous en février."]);
    let typed = with(again.form("/parcours/actions/apercu"), &[("reason", "Lot complet pour l’année.")]);
    let preview = seat.post(&kit, "/parcours/actions/apercu", &typed).await;
    // A word that no message showed yet is shown first, and nothing leaves.
    let send = with(preview.form("/parcours/actions/faire"), &[("mot", "Rappelez-nous en mars.")]);
    let before = kit.messages().await;
    let shown = seat.post(&kit, "/parcours/actions/faire", &send).await;
    complete("bulk_other_word", &shown);
    shown.shows(&["Vous avez modifié le formulaire", "Rien n’est encore fait"]).lacks(&["C’est fait sur"]);
    let letters = shown.text.matches("class=\"letter\"").count();
    let words = shown.text.matches("Rappelez-nous en mars.").count();
    assert!(letters >= 3 && words == letters + 1, "{words} in {letters} letters and the field: {}", shown.text);
    assert_eq!(kit.messages().await, before);
    let send = with(shown.form("/parcours/actions/faire"), &[("mot", "Rappelez-nous en mars.")]);
    seat.post(&kit, "/parcours/actions/faire", &send).await.shows(&["C’est fait sur 2 parcours."]);
    let draft = kit.app.draft(&kit.officer, &action).await.expect("the store");
    assert_eq!(draft, None, "what is done is no draft");
    let log = kit.app.messages(&kit.officer.actor(), &app::MessageFilter::default()).await.expect("messages");
    let with_word = log.iter().filter(|message| message.content.text.contains("Rappelez-nous en mars.")).count();
    assert_eq!(with_word, letters, "every message of the step says it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_selection_leads_back_to_the_list_it_comes_from() {
    let mut kit = Kit::new().await;
    let references = opened(&mut kit, &["Atelier Zinc"]).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let list = seat.get(&kit, "/parcours?lot=1&vue=tableau").await;
    let (_, back) = list.form("/parcours/actions").into_iter().find(|(name, _)| name == "retour").expect("the list");
    let back = back.replace("&#38;", "&");
    assert!(back.starts_with("/parcours?") && back.contains("lot=1"), "{back}");
    let shown = format!("href=\"{}\"", back.replace('&', "&#38;"));
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("p", &references[0]).append_pair("retour", &back);
    let choose = seat.get(&kit, &format!("/parcours/actions?{}", query.finish())).await;
    assert!(choose.text.contains(&shown), "{}", choose.text);
    let step = choose.text.split("href=\"").find(|rest| rest.contains("etape=order_feasibility")).expect("the step");
    let step = step.split('"').next().expect("it ends").replace("&#38;", "&");
    let preview = seat.get(&kit, &step).await;
    let form = preview.form("/parcours/actions/faire");
    let form: Vec<_> = form.into_iter().map(|(name, value)| (name, value.replace("&#38;", "&"))).collect();
    let done = seat.post(&kit, "/parcours/actions/faire", &form).await;
    assert!(done.text.contains(&shown), "{}", done.text);
    // Only ours.
    for elsewhere in ["https://ailleurs.example/", "//ailleurs.example", "/parcours.ailleurs?"] {
        let address = format!("/parcours/actions?p={}&retour={elsewhere}", references[0]);
        seat.get(&kit, &address).await.shows(&["href=\"/parcours?vue=tableau\""]).lacks(&[elsewhere]);
    }
}
