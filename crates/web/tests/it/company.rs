//! The page of a company: its paths, its people, its promises, what was sent; through the reader's own paths alone.

use axum::http::StatusCode;
use domain::identifiers::{MessageId, PathId, PathReference, PersonId};
use domain::path::{Act, Path, Transition};
use domain::people::OutsideRole;
use persistence::{Append, MessageFilter, PathRowFacts};
use serde_json::json;

use crate::desk::Desk;
use crate::gallery::complete;
use crate::kit::Kit;
use crate::paths::{Seat, stranger};

#[tokio::test(flavor = "multi_thread")]
async fn a_company_is_seen_through_ones_own_paths() {
    let (mut kit, _) = Kit::commitment_asked().await;
    let address = format!("/entreprises/{}", kit.path().workplace.siret);
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = coordinator.get(&kit, &address).await;
    complete("company", &page);
    let reference = kit.path().reference.to_string();
    page.shows(&[&reference, "Demandé", "1 parcours, dont 1 en cours", "Signaler un nouveau besoin", "Remplacer"]);
    assert!(page.text.contains(&format!("/parcours/{reference}/etapes/change_contact?role=company")));

    let company = kit.outside(OutsideRole::Company);
    kit.sample(&company, Act::ConfirmCommitment).await;
    coordinator.get(&kit, &address).await.shows(&["Confirmé"]);

    let other = Seat::of(&kit, &stranger(&kit).await).await;
    let hidden = other.get(&kit, &address).await;
    let unknown = other.get(&kit, "/entreprises/55208131766522").await;
    assert_eq!((hidden.status, &hidden.text), (StatusCode::NOT_FOUND, &unknown.text));
    assert_eq!(kit.get(&address).await.status, StatusCode::SEE_OTHER);
    assert_eq!(coordinator.get(&kit, "/entreprises/12345678901234").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trained_tutor_and_old_promises_stay_known() {
    let (kit, _, _) = Kit::in_training().await;
    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    let page = officer.get(&kit, &format!("/entreprises/{}", kit.path().workplace.siret)).await;
    complete("company_training", &page);
    page.shows(&["Tuteur", "Confirmé", "Ce qui lui a été envoyé"]);
    let tutor = page.text.split("<li>").find(|line| line.contains("<strong>Sophie Caron")).expect("the tutor");
    assert!(tutor.contains("tutorat\u{a0}: formation"), "{tutor}");
    // What was sent to the company is listed with its life, and nothing that was sent to the trainee.
    let sent = page.text.split("Ce qui lui a été envoyé").nth(1).and_then(|rest| rest.split("</section>").next());
    let sent = sent.expect("the list");
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    for message in &view.messages {
        use domain::people::RecipientRole as Role;
        let theirs = matches!(message.content.to.role, Role::Company | Role::Tutor);
        let address = format!("href=\"/messages/{}\"", message.content.id);
        assert!(theirs || !sent.contains(&address), "{}", message.content.subject);
    }
    assert!(sent.contains("En route") && sent.contains("href=\"/messages/"), "{sent}");
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let candidate = view.path.candidate.expect("a candidate").person.id;
    let trainee = view.people.into_iter().find(|person| person.id == candidate).expect("the trainee").contact.name;
    page.lacks(&[&trainee]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_need_of_the_company_starts_from_what_is_known() {
    let (kit, _) = Kit::commitment_asked().await;
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = coordinator.get(&kit, &format!("/entreprises/{}", kit.path().workplace.siret)).await;
    let link = page.text.split("href=\"").find(|rest| rest.starts_with("/parcours/nouveau?")).expect("the link");
    let link = link.split('"').next().expect("the link ends").replace("&amp;", "&").replace("&#38;", "&");
    let form = coordinator.get(&kit, &link).await;
    form.shows(&["value=\"73282932000074\"", "value=\"Boulangerie Lemoine\"", "value=\"Rouen (76000)\""]);
    form.shows(&["un parcours récent", &kit.path().reference.to_string()]);
    // What is typed there is a draft of its own, beside that of a need of anyone else.
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let mut typed = desk.get(&link).await.form("/parcours/nouveau");
    typed.push(("company".to_owned(), "Boulangerie Lemoine et fils".to_owned()));
    desk.post("/parcours/nouveau?siret=73282932000074", &typed).await.shows(&["Boulangerie Lemoine et fils"]);
    desk.get(&link).await.shows(&["Boulangerie Lemoine et fils"]);
    desk.get("/parcours/nouveau").await.lacks(&["Boulangerie Lemoine"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_establishment_of_the_company_is_told_apart_from_the_same() {
    let (kit, _) = Kit::commitment_asked().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let reference = kit.path().reference.to_string();
    let same = desk.get("/parcours/nouveau?siret=73282932000074").await;
    same.shows(&["Cet établissement a déjà un parcours récent", &reference]).lacks(&["Un autre établissement"]);
    let other = desk.get("/parcours/nouveau?siret=73282932000009").await;
    complete("path_new_elsewhere", &other);
    other.shows(&["Un autre établissement de cette entreprise a un parcours récent", &reference]);
    other.shows(&["Rouen (76000), SIRET 732 829 320 00074"]).lacks(&["Cet établissement a déjà"]);
    let stranger = Seat::of(&kit, &stranger(&kit).await).await;
    stranger.get(&kit, "/parcours/nouveau?siret=73282932000009").await.lacks(&["Un autre établissement", &reference]);
    desk.get("/parcours/nouveau?siret=55208131766522").await.lacks(&["établissement de cette entreprise"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn conditions_met_and_given_up_are_told_apart() {
    let (mut kit, _) = Kit::commitment_asked().await;
    let company = kit.outside(OutsideRole::Company);
    kit.sample(&company, Act::ConfirmCommitment).await;
    kit.wait(8).await;
    let coordinator = kit.coordinator.actor();
    let mut form = domain::samples::form(Transition::DeliverFeasibility, kit.today);
    let more = json!({
        "verdict": "feasible_with_conditions",
        "conditions": "2026-04-30 Aménager le poste\n2026-05-15 Nommer un second tuteur\n2026-05-20 Écrire la fiche de poste",
    });
    form.extend(more.as_object().cloned().expect("an object"));
    kit.act(&coordinator, Transition::DeliverFeasibility, form).await;
    let officer = kit.officer.actor();
    kit.sample(&officer, Transition::AdmitFeasibility).await;
    let settle = |number: u32, waived: bool| {
        let form = json!({"number": number, "waived": waived, "comment": "Vu."});
        form.as_object().cloned().expect("an object")
    };
    kit.act(&officer, Act::SettleCondition, settle(1, false)).await;
    kit.act(&officer, Act::SettleCondition, settle(2, true)).await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let page = seat.get(&kit, &format!("/entreprises/{}", kit.path().workplace.siret)).await;
    for (condition, word) in [
        ("Aménager le poste", "Remplie"),
        ("Nommer un second tuteur", "Levée"),
        ("Écrire la fiche de poste", "Attendue"),
    ] {
        let line = page.text.split("<li").find(|line| line.contains(condition)).expect("the condition");
        assert!(line.contains(word), "{line}");
    }
    let path = seat.get(&kit, &format!("/parcours/{}", kit.path().reference)).await;
    path.shows(&["remplie le", "la Région y a renoncé le"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_replaced_on_every_path_of_the_company_at_once() {
    let mut kit = Kit::new().await;
    let actor = kit.coordinator.actor();
    let mut references = Vec::new();
    for _ in 0..2 {
        kit.path = None;
        kit.sample(&actor, Transition::ReportNeed).await;
        references.push(kit.path().reference.clone());
    }
    let seat = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = seat.get(&kit, &format!("/entreprises/{}", kit.path().workplace.siret)).await;
    complete("company_two_paths", &page);
    page.shows(&["sur ses 2 parcours en cours"]);
    let link = page.text.split("href=\"").find(|rest| rest.starts_with("/parcours/actions?")).expect("the link");
    let link = link.split('"').next().expect("the link ends").replace("&amp;", "&").replace("&#38;", "&");
    let asked = seat.get(&kit, &link).await;
    complete("company_replace", &asked);
    asked.shows(&["2 parcours"]);
    assert!(asked.text.contains("value=\"company\" checked"), "the role is known: {}", asked.text);
    let mut form = asked.form("/parcours/actions/apercu");
    for (name, value) in [
        ("role", "company"),
        ("name", "Luc Lemoine"),
        ("email", "luc.lemoine@boulangerie-lemoine.example"),
        ("reason", "Anne Lemoine a quitté l’entreprise."),
    ] {
        form.push((name.to_owned(), value.to_owned()));
    }
    let preview = seat.post(&kit, "/parcours/actions/apercu", &form).await;
    complete("company_replace_preview", &preview);
    let done = seat.post(&kit, "/parcours/actions/faire", &preview.form("/parcours/actions/faire")).await;
    done.shows(&["C’est fait sur 2 parcours."]);
    for reference in &references {
        let view = kit.app.path(&actor, reference).await.expect("the path");
        let contact = view.people.iter().find(|person| person.id == view.path.contact.id).expect("a contact");
        assert_eq!(contact.contact.name, "Luc Lemoine");
    }

    // Of another company, nobody is replaced in the same breath.
    kit.path = None;
    let mut other = domain::samples::form(Transition::ReportNeed, kit.today);
    other.insert("siret".to_owned(), json!("55208131766522"));
    kit.act(&actor, Transition::ReportNeed, other).await;
    let mixed = format!("/parcours/actions?p={}&p={}", references[0], kit.path().reference);
    seat.get(&kit, &mixed).await.lacks(&["etape=change_contact"]);
    let asked = seat.get(&kit, &format!("{mixed}&etape=change_contact")).await;
    let mut forged = asked.form("/parcours/actions/apercu");
    forged.extend(form.into_iter().filter(|(name, _)| matches!(name.as_str(), "role" | "name" | "email" | "reason")));
    assert_eq!(seat.post(&kit, "/parcours/actions/apercu", &forged).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_more_paths_than_a_selection_takes_is_replaced_on_the_first() {
    let mut kit = Kit::new().await;
    let actor = kit.coordinator.actor();
    for _ in 0..52 {
        kit.path = None;
        kit.sample(&actor, Transition::ReportNeed).await;
    }
    let seat = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = seat.get(&kit, &format!("/entreprises/{}", kit.path().workplace.siret)).await;
    page.shows(&["sur les 50 premiers de ses 52 parcours en cours"]);
    let link = page.text.split("href=\"").find(|rest| rest.starts_with("/parcours/actions?")).expect("the link");
    let link = link.split('"').next().expect("the link ends");
    assert_eq!(link.matches("p=FEST-").count(), 50);
}

/// As many more paths of the company as asked, each like the one of the bench, with its people and messages.
async fn like(kit: &Kit, count: u32) {
    let path = kit.path();
    let tx = kit.app.store().begin_write().await.expect("a transaction");
    let now = tx.now().await.expect("now");
    let (events, people) = (tx.path_events(path.id).await.expect("events"), tx.people(path.id).await.expect("people"));
    let sent = MessageFilter { path: Some(path.id), ..MessageFilter::default() };
    let messages = tx.messages(&sent).await.expect("messages");
    let facts = PathRowFacts { holder: None, clock: None, held_since: None, due_on: None };
    for number in 0..count {
        let id = PathId::new(uuid::Uuid::now_v7());
        let reference = PathReference::parse(&format!("FEST-1-2026-{:04}", 100 + number)).expect("a reference");
        let mut events = events.clone();
        for event in &mut events {
            (event.id, event.path) = (domain::identifiers::EventId::new(uuid::Uuid::now_v7()), id);
        }
        let after = Path { id, reference, ..path.clone() };
        let append =
            Append { before: None, after: &after, events: &events, facts, idempotency_key: None, request_digest: None };
        tx.append_path(&append, now).await.expect("a path");
        let mut people = people.clone();
        for person in &mut people {
            (person.id, person.path) = (PersonId::new(uuid::Uuid::now_v7()), id);
        }
        tx.insert_persons(&people, now).await.expect("people");
        let mut contents: Vec<_> = messages.iter().map(|message| message.content.clone()).collect();
        for content in &mut contents {
            content.id = MessageId::new(uuid::Uuid::now_v7());
            content.message_id = format!("<{}@jalon.test>", content.id);
            (content.about.path, content.link) = (Some(id), None);
        }
        tx.queue(&contents, now).await.expect("queued");
    }
    tx.commit().await.expect("commit");
}

/// A company of many paths: of each thing a bounded number, how many others, and where; as many statements as for few.
#[tokio::test(flavor = "multi_thread")]
async fn a_company_of_sixty_paths_is_a_light_page() {
    let (kit, _, _) = Kit::in_training().await;
    let seat = Seat::of(&kit, &kit.officer.clone()).await;
    let siret = kit.path().workplace.siret.clone();
    let address = format!("/entreprises/{siret}");
    // What is kept for two seconds may have to be read again on a machine that has much to do: the fewest of a few counts.
    let asked = async || {
        let mut turns = Vec::new();
        for _ in 0..5 {
            let before = kit.app.store().statements();
            let page = seat.get(&kit, &address).await;
            turns.push((page, kit.app.store().statements() - before));
        }
        turns.into_iter().min_by_key(|(_, statements)| *statements).expect("a few turns")
    };
    let (_, few) = asked().await;
    like(&kit, 69).await;
    let (page, many) = asked().await;
    complete("company_many_paths", &page);
    assert_eq!(many, few, "statements");
    assert!(page.text.len() < 100_000, "{} bytes", page.text.len());
    page.shows(&["70 parcours, dont 70 en cours", "Voir ses 70 parcours dans la liste", "et 55 autres"]);
    page.shows(&["sur la page de chaque parcours", &format!("/messages?parcours={siret}")]);
    assert_eq!(page.text.matches("<li><p><a href=\"/messages/").count(), 20);
    assert_eq!(page.text.matches("<tr><th scope=\"row\">").count(), 20);
}
