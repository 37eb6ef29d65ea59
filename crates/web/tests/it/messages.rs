//! The log of messages in the browser: what was sent, what did not arrive, sending again; nobody sees those of another body.

use app::bulk::Asked;
use app::{AppError, Message, MessageChoice, MessageFilter, Visitor};
use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use domain::identifiers::{MessageId, PathReference};
use domain::path::Transition;
use domain::people::{Account, RecipientRole, Side, StaffRole};
use domain::samples;
use persistence::{Claiming, NewTask, TaskFilter};

use crate::kit::{Kit, with};
use crate::orders::Desk;
use crate::paths::opened;

/// The last message to the company of the path.
pub async fn to_company(kit: &Kit) -> Message {
    let filter = MessageFilter { path: Some(kit.path().id), ..MessageFilter::default() };
    let messages = kit.app.messages(&kit.officer.actor(), &filter).await.expect("messages");
    let last = messages.into_iter().find(|message| {
        message.content.to.role == RecipientRole::Company && message.content.kind == "confirmation_asked"
    });
    last.expect("the company was asked")
}

/// Hands every queued message over; the server refuses those to the company when told so.
pub async fn deliver(kit: &Kit, refuse: bool) {
    let claiming = Claiming { lease: TimeDelta::minutes(2), longest_backoff: TimeDelta::hours(2) };
    loop {
        let tx = kit.app.store().begin_write().await.expect("a transaction");
        let now = tx.now().await.expect("now");
        let Some(claimed) = tx.claim_one(now, &claiming).await.expect("a claim") else { break };
        let content = &claimed.message.content;
        let path = match content.about.path {
            Some(id) => tx.path_by_id(id).await.expect("a path").map(|stored| stored.path),
            None => None,
        };
        if refuse && content.to.role == RecipientRole::Company {
            let error = "refused (550): 5.1.1 user unknown";
            let task = NewTask {
                path: content.about.path,
                order: None,
                message: Some(content.id),
                side: Side::Body,
                body: path.map(|path| path.holder),
                kind: "message_refused".to_owned(),
                detail: format!("{} ({error})", content.kind),
            };
            tx.mark_refused(&claimed.claim, error, &task, now).await.expect("refused");
        } else {
            tx.mark_sent(&claimed.claim, now).await.expect("sent");
        }
        tx.commit().await.expect("commit");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l23_a_message_is_shown_as_it_was_sent_and_sent_again_for_a_reason() {
    let (mut kit, token) = Kit::commitment_asked().await;
    let message = to_company(&kit).await;
    let address = format!("/messages/{}", message.content.id);
    {
        let coordinator = Desk::of(&kit, &kit.coordinator).await;
        coordinator.get("/messages").await.shows(&["FEST-1-2026-0001", "En attente", "Entreprise"]);
        let page = coordinator.get(&address).await;
        page.shows(&[&message.content.subject, "Attend de partir", "[lien personnel masqué]", "attend déjà de partir"]);
        assert!(!page.text.contains(&token), "a link is its recipient’s alone");
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("a policy").to_owned();
        assert!(policy.contains("frame-src 'self'") && policy.contains("default-src 'none'"), "{policy}");
        let content = coordinator.get(&format!("{address}/contenu")).await;
        assert_eq!(content.status, StatusCode::OK);
        assert!(!content.text.contains(&token) && !content.text.contains("{{"), "{}", content.text);
        let policy = content.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("a policy");
        assert!(policy.contains("sandbox") && !policy.contains("script"), "{policy}");
        assert_eq!(content.headers[header::X_FRAME_OPTIONS], "SAMEORIGIN");
    }
    deliver(&kit, false).await;
    {
        let coordinator = Desk::of(&kit, &kit.coordinator).await;
        coordinator
            .get(&address)
            .await
            .shows(&["Pris par le serveur", "Un renvoi sera possible le"])
            .lacks(&["Motif du renvoi"]);
    }
    kit.go(kit.today, 11).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let form = coordinator.get(&address).await.form(&address);
    let without = coordinator.post(&address, &with(form.clone(), &[("reason", "  ")])).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    without.shows(&["Motif du renvoi : ce champ est obligatoire"]);
    let forged = [("cle".to_owned(), "AAAA".to_owned()), ("reason".to_owned(), "Perdu.".to_owned())];
    assert_eq!(coordinator.post(&address, &forged).await.status, StatusCode::FORBIDDEN);
    let reason = with(form, &[("reason", "L’entreprise l’a effacé.")]);
    let sent = coordinator.post(&address, &reason).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    coordinator.get(sent.location()).await.shows(&["Le message repart", "Autres exemplaires", "En attente"]);
    let again = coordinator.post(&address, &reason).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.shows(&["Le message ne repart pas", "attend déjà de partir", "L’entreprise l’a effacé.", "Renvoyé par"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l21_what_was_refused_is_a_task_with_its_remedy() {
    let (kit, _) = Kit::commitment_asked().await;
    deliver(&kit, true).await;
    let message = to_company(&kit).await;
    let address = format!("/messages/{}", message.content.id);
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let log = coordinator.get("/messages").await;
    log.shows(&[
        "Ces messages ne sont pas arrivés",
        "refusé par le serveur du destinataire (550)",
        "Corriger l’adresse",
    ]);
    log.shows(&["/etapes/change_contact?role=company"]);
    let corrected =
        coordinator.get(&format!("/parcours/{}/etapes/change_contact?role=company", kit.path().reference)).await;
    corrected.shows(&["name=\"role\" value=\"company\" checked"]);
    let refused = kit.app.tasks(&kit.coordinator.actor()).await.expect("tasks");
    let refused = refused.iter().filter(|task| task.about.message.is_some()).count();
    let counted = format!("href=\"/messages#echecs\" class=\"late\"><b>{refused}</b> messages jamais arrivés");
    coordinator.get("/").await.shows(&[&counted]);
    Desk::of(&kit, &kit.officer).await.get("/").await.lacks(&["jamais arrivé"]);
    let page = coordinator.get(&address).await;
    page.shows(&["Il n’est pas arrivé", "5.1.1 user unknown", "corrigez-la sur le parcours"]);
    coordinator.done(&address, &address, &[("reason", "Adresse vérifiée.")]).await.shows(&["Le message repart"]);
    let others = coordinator.get("/messages?etat=echec").await;
    others.lacks(&["Engagement demandé"]);
    let tasks = kit.app.tasks(&kit.coordinator.actor()).await.expect("tasks");
    assert!(tasks.iter().all(|task| task.about.message != Some(message.content.id)), "its task is done");
}

/// Who knows that a message need not arrive gives it up for a reason: nothing leaves, nothing is left to do, and whoever looks
/// at it later reads why (L18).
#[tokio::test(flavor = "multi_thread")]
async fn l18_what_never_arrived_is_set_aside_for_a_reason() {
    let (kit, _) = Kit::commitment_asked().await;
    let message = to_company(&kit).await;
    let address = format!("/messages/{}", message.content.id);
    let close = format!("{address}/classement");
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let waiting = coordinator.get(&address).await;
    waiting.lacks(&["Ne pas le renvoyer"]);
    deliver(&kit, true).await;
    let form = coordinator.get(&address).await.form(&close);
    let without = coordinator.post(&close, &with(form.clone(), &[("reason", " ")])).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    without.shows(&["Motif du classement : ce champ est obligatoire", "<details open>"]);
    let forged = [("cle".to_owned(), "AAAA".to_owned()), ("reason".to_owned(), "Perdu.".to_owned())];
    assert_eq!(coordinator.post(&close, &forged).await.status, StatusCode::FORBIDDEN);
    let reason = with(form, &[("reason", "Lu ensemble au téléphone.")]);
    let other = Desk::new(&kit, StaffRole::Coordinator, Some(samples::BODY_2), "autre@lot2.example").await;
    assert_eq!(other.post(&close, &reason).await.status, StatusCode::NOT_FOUND);
    let viewer = Desk::new(&kit, StaffRole::RegionViewer, None, "lecture@region.example").await;
    viewer.get(&address).await.shows(&["Il n’est pas arrivé"]).lacks(&["Ne pas le renvoyer"]);
    let reading = Account { role: StaffRole::RegionFinance, ..kit.officer.clone() }.actor();
    let refused = kit.app.set_aside(&reading, message.content.id, "Sans droit.").await;
    assert!(matches!(refused, Err(AppError::Forbidden)), "{refused:?}");
    let before = count(&kit).await;
    let closed = coordinator.post(&close, &reason).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
    coordinator.get(closed.location()).await.shows(&[
        "Le message est classé",
        "Classé sans renvoi par",
        "Lu ensemble au téléphone.",
        // Whoever thinks better of it sends it again.
        "Motif du renvoi",
    ]);
    assert_eq!(count(&kit).await, before, "nothing leaves");
    let tasks = kit.app.tasks(&kit.coordinator.actor()).await.expect("tasks");
    assert!(tasks.iter().all(|task| task.about.message != Some(message.content.id)), "its task is done");
    let again = coordinator.post(&close, &reason).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    again.shows(&["Rien n’était à classer"]);
}

/// What was missed is offered once the address serves again, to those who may send it, and leaves by one button (L21).
#[tokio::test(flavor = "multi_thread")]
async fn l21_what_was_missed_leaves_again_for_the_corrected_address() {
    let (mut kit, _) = Kit::commitment_asked().await;
    deliver(&kit, true).await;
    let page = wording::addresses::path(&kit.path().reference);
    let action = wording::addresses::path_messages(&kit.path().reference);
    let before = Desk::of(&kit, &kit.coordinator).await;
    before.get(&page).await.lacks(&["Des messages n’ont pas été reçus"]);
    let actor = kit.coordinator.actor();
    let corrected = serde_json::json!({ "role": "company", "name": "Anne Lemoine", "reason": "Faute de frappe.",
        "email": "a.lemoine@boulangerie-lemoine.example" });
    kit.act(&actor, domain::path::Act::ChangeContact, corrected.as_object().expect("a form").clone()).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let offered = coordinator.get(&page).await;
    offered.shows(&["Des messages n’ont pas été reçus", "a.lemoine@boulangerie-lemoine.example"]);
    let finance = Desk::new(&kit, StaffRole::RegionFinance, None, "finance@region.example").await;
    finance.get(&page).await.lacks(&["Des messages n’ont pas été reçus"]);
    assert_eq!(coordinator.post(&action, &[]).await.status, StatusCode::FORBIDDEN);
    let sent = coordinator.post(&action, &offered.form(&action)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    coordinator.get(sent.location()).await.shows(&["repart"]).lacks(&["Des messages n’ont pas été reçus"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_a_message_finds_no_page() {
    let (kit, _) = Kit::commitment_asked().await;
    deliver(&kit, false).await;
    let message = to_company(&kit).await;
    let address = format!("/messages/{}", message.content.id);
    let content = format!("{address}/contenu");
    let other = Desk::new(&kit, StaffRole::Coordinator, Some(samples::BODY_2), "autre@lot2.example").await;
    let nothing = other.get("/messages/rien").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    for hidden in [&address, &content] {
        let page = other.get(hidden).await;
        assert_eq!((page.status, &page.text), (StatusCode::NOT_FOUND, &nothing.text));
    }
    let sent = other.post(&address, &[("reason".to_owned(), "Curieux.".to_owned())]).await;
    assert_eq!(sent.status, StatusCode::NOT_FOUND);
    other.get("/messages").await.shows(&["Aucun message"]).lacks(&["FEST-1-2026-0001"]);
    other.get("/messages?parcours=FEST-1-2026-0001").await.shows(&["Aucun message ne répond"]);
    for hidden in ["/messages", &address, &content] {
        let page = kit.get(hidden).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert!(page.location().starts_with("/connexion?retour="));
    }
    let viewer = Desk::new(&kit, StaffRole::RegionViewer, None, "lecture@region.example").await;
    viewer.get(&address).await.shows(&["Le renvoi revient à"]).lacks(&["Motif du renvoi"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn l23_the_log_is_filtered_by_its_address() {
    let (kit, _) = Kit::commitment_asked().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    let today = kit.today;
    officer.get("/messages").await.shows(&["BC-1-2026-0001", "FEST-1-2026-0001"]);
    officer.get("/messages?role=finance").await.shows(&["BC-1-2026-0001"]).lacks(&["FEST-1-2026-0001</a>"]);
    officer.get("/messages?parcours=BC-1-2026-0001").await.shows(&["BC-1-2026-0001"]).lacks(&["FEST-1-2026-0001</a>"]);
    officer
        .get("/messages?nature=confirmation_asked")
        .await
        .shows(&["FEST-1-2026-0001"])
        .lacks(&["BC-1-2026-0001</a>"]);
    officer.get("/messages?etat=sent").await.shows(&["Aucun message ne répond"]);
    officer.get(&format!("/messages?du={today}&au={today}")).await.shows(&["FEST-1-2026-0001"]);
    officer.get("/messages?au=2020-01-01").await.shows(&["Aucun message ne répond"]);
    officer.get("/messages?objet=introuvable%25").await.shows(&["Aucun message ne répond", "value=\"introuvable%\""]);
    let message = to_company(&kit).await;
    let subject = message.content.subject.split_whitespace().next().expect("a word").to_uppercase();
    assert!(!subject.is_empty());
    officer.get(&format!("/messages?avant={}", message.seq)).await.shows(&["Revenir aux plus récents"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coordinator_finds_what_orders_and_several_paths_sent_them() {
    let mut kit = Kit::new().await;
    let asked: Vec<Asked> = opened(&mut kit, &["Atelier Zinc", "Aile Bois"])
        .await
        .iter()
        .map(|reference| PathReference::parse(reference).expect("a reference").into())
        .collect();
    let (step, officer) = (Transition::OrderFeasibility, kit.officer.actor());
    let form = samples::form(step, kit.today);
    let done =
        Box::pin(kit.app.advance_several(&officer, &asked, step.into(), &form, None, "clé")).await.expect("done");
    assert_eq!(done.lines.iter().filter(|line| line.result.is_ok()).count(), 2);
    let choice = MessageChoice { limit: 50, ..MessageChoice::default() };
    let (log, _) = kit.app.message_log(&kit.coordinator.actor(), &choice).await.expect("the log");
    let summaries: Vec<_> = log.iter().filter(|logged| logged.path.is_none() && logged.order.is_none()).collect();
    let [summary] = summaries.as_slice() else { panic!("one summary: {summaries:?}") };
    let address = format!("/messages/{}", summary.message.content.id);
    let subject = summary.message.content.subject.replace('\u{a0}', " ");
    let subject = subject.as_str();

    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    coordinator.get("/messages").await.shows(&["/commandes/BC-1-2026-0001", subject]);
    assert_eq!(coordinator.get(&address).await.status, StatusCode::OK);
    coordinator.get("/messages?parcours=BC-1-2026-0001").await.shows(&["/commandes/BC-1-2026-0001"]);
    coordinator.get("/messages?role=finance").await.shows(&["Aucun message ne répond"]);
    let colleague = Desk::new(&kit, StaffRole::Coordinator, Some(samples::BODY_1), "collegue@lot1.example").await;
    colleague.get("/messages").await.shows(&["/commandes/BC-1-2026-0001"]).lacks(&[subject]);
    let other = Desk::new(&kit, StaffRole::Coordinator, Some(samples::BODY_2), "autre@lot2.example").await;
    other.get("/messages").await.shows(&["Aucun message"]).lacks(&["/commandes/BC-1-2026-0001", subject]);
    for stranger in [&colleague, &other] {
        assert_eq!(stranger.get(&address).await.status, StatusCode::NOT_FOUND);
    }
}

/// The link of a copy would lead nowhere: a new invitation is sent, or a new link asked for (what failed is then dealt with).
#[tokio::test(flavor = "multi_thread")]
async fn the_message_of_an_account_is_not_sent_again() {
    let mut kit = Kit::new().await;
    let visitor = Visitor { address: String::new(), browser: String::new(), device: None };
    let invite = async |kit: &Kit, account: &Account| {
        kit.app.invite(&account.email, None, &visitor).await.expect("invited");
        let filter = MessageFilter { kind: Some("account_invitation".to_owned()), ..MessageFilter::default() };
        kit.app.messages(&kit.officer.actor(), &filter).await.expect("messages").remove(0)
    };
    let message = invite(&kit, kit.finance()).await;
    let own = invite(&kit, &kit.officer).await;
    deliver(&kit, false).await;
    failed(&kit, &message, Side::Region).await;
    kit.go(kit.today, 11).await;
    let address = format!("/messages/{}", message.content.id);
    {
        let keeper = Desk::new(&kit, StaffRole::Administrator, None, "admin@region.example").await;
        keeper.get("/messages").await.shows(&["Ces messages ne sont pas arrivés"]);
        let page = keeper.get(&address).await;
        page.shows(&["Le message d’un compte ne se renvoie pas", "depuis la page du compte"]);
        page.lacks(&["Motif du renvoi", "puis renvoyez le message"]);
        let officer = Desk::of(&kit, &kit.officer).await;
        officer.get("/messages").await.lacks(&["Ces messages ne sont pas arrivés"]);
        officer.get("/").await.lacks(&["jamais arrivé"]);
        let page = officer.get(&format!("/messages/{}", own.content.id)).await;
        page.shows(&["Le message d’un compte ne se renvoie pas"]).lacks(&["Motif du renvoi"]);
    }
    let administrators = kit.app.accounts().await.expect("accounts");
    let keeper = administrators.into_iter().find(|account| account.role == StaffRole::Administrator).expect("one");
    let before = count(&kit).await;
    for (reader, message) in [(&keeper, &message), (&kit.officer, &own)] {
        let resent = kit.app.resend(&reader.actor(), message.content.id, "Perdu.").await.expect("an answer");
        assert_eq!(resent, app::Resend::Not(app::Again::OfAccount));
    }
    assert_eq!(count(&kit).await, before, "no copy with a dead link");

    let new = invite(&kit, kit.finance()).await;
    let token = kit.app.link_of_message(new.content.id).await.expect("the message").expect("a link");
    kit.get(&format!("/connexion/mot-de-passe/{token}")).await.shows(&["mot de passe"]);
    Desk::of(&kit, &keeper).await.get("/messages").await.lacks(&["Ces messages ne sont pas arrivés"]);
}

async fn count(kit: &Kit) -> usize {
    kit.app.messages(&kit.officer.actor(), &MessageFilter::default()).await.expect("messages").len()
}

/// A task says that a message did not arrive.
pub async fn failed(kit: &Kit, message: &Message, side: Side) {
    let tx = kit.app.store().begin_write().await.expect("a transaction");
    let now = tx.now().await.expect("now");
    let task = NewTask {
        path: message.content.about.path,
        order: None,
        message: Some(message.content.id),
        side,
        body: (side == Side::Body).then(|| kit.path().holder.clone()),
        kind: "message_refused".to_owned(),
        detail: format!("{} (refused (550): 5.1.1 user unknown)", message.content.kind),
    };
    tx.insert_tasks(&[task], now).await.expect("a task");
    tx.commit().await.expect("commit");
}

/// Whoever asks for a new password, which anybody can do for an address, deals with no failure.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_outside_closes_the_task_of_an_invitation() {
    let kit = Kit::new().await;
    let visitor = Visitor { address: String::new(), browser: String::new(), device: None };
    kit.app.invite(&kit.finance().email, None, &visitor).await.expect("invited");
    let filter = MessageFilter { kind: Some("account_invitation".to_owned()), ..MessageFilter::default() };
    let message = kit.app.messages(&kit.officer.actor(), &filter).await.expect("messages").remove(0);
    failed(&kit, &message, Side::Region).await;
    let tasks = async |with_done: bool| {
        let tx = kit.app.store().begin_read().await.expect("a transaction");
        let messages = Some(vec![message.content.id]);
        tx.tasks(&TaskFilter { messages, with_done, ..TaskFilter::default() }).await.expect("tasks")
    };
    let before = count(&kit).await;
    kit.app.ask_password(kit.finance().email.as_ref(), &visitor).await.expect("asked");
    assert_eq!(count(&kit).await, before + 1, "a link leaves");
    assert_eq!(tasks(false).await.len(), 1, "the failure stays to be seen to");
    let _ = Desk::new(&kit, StaffRole::Administrator, None, "admin@region.example").await;
    let accounts = kit.app.accounts().await.expect("accounts");
    let keeper = accounts.iter().find(|account| account.role == StaffRole::Administrator).expect("one");
    kit.app.invite(&kit.finance().email, Some(keeper), &visitor).await.expect("invited");
    assert_eq!(tasks(false).await.len(), 0);
    let (_, by) = tasks(true).await[0].done.clone().expect("done");
    assert_eq!(by, keeper.name);
}

/// Two messages of a kind about several paths each, to one person, are no copies of one another.
#[tokio::test(flavor = "multi_thread")]
async fn sending_a_message_about_several_paths_again_leaves_the_others_alone() {
    let mut kit = Kit::new().await;
    let (step, officer) = (Transition::OrderFeasibility, kit.officer.actor());
    let mut summaries = Vec::new();
    for (key, companies) in
        [("un", ["Atelier Zinc", "Aile Bois"]), ("deux", ["Boulangerie Lévêque", "Cidrerie du Pré"])]
    {
        let references = opened(&mut kit, &companies).await;
        let asked: Vec<Asked> =
            references.iter().map(|reference| PathReference::parse(reference).expect("a reference").into()).collect();
        let form = samples::form(step, kit.today);
        Box::pin(kit.app.advance_several(&officer, &asked, step.into(), &form, None, key)).await.expect("done");
        let filter = MessageFilter { kind: Some("step_on_several".to_owned()), ..MessageFilter::default() };
        summaries.push(kit.app.messages(&officer, &filter).await.expect("messages").remove(0));
    }
    deliver(&kit, false).await;
    for summary in &summaries {
        failed(&kit, summary, Side::Body).await;
    }
    kit.go(kit.today, 11).await;
    let coordinator = kit.coordinator.actor();
    let open = async || {
        let tasks = kit.app.tasks(&coordinator).await.expect("tasks");
        tasks.into_iter().filter_map(|task| task.about.message).collect::<Vec<_>>()
    };
    let [first, second] = [0, 1].map(|rank: usize| summaries[rank].content.id);
    assert_eq!(open().await, [first, second]);
    for (id, left) in [(first, vec![second]), (second, vec![])] {
        let resent = kit.app.resend(&officer, id, "Perdu.").await.expect("an answer");
        assert!(matches!(resent, app::Resend::Queued(_)), "{resent:?}");
        assert_eq!(open().await, left);
    }
    // Its own copy waits in the queue.
    let again = kit.app.resend(&officer, first, "Perdu.").await.expect("an answer");
    assert_eq!(again, app::Resend::Not(app::Again::Waiting));
}

/// Failures of which few are shown are counted, not read.
#[tokio::test(flavor = "multi_thread")]
async fn forty_failures_cost_no_more_than_six() {
    let (kit, _) = Kit::commitment_asked().await;
    let message = to_company(&kit).await;
    let coordinator = Desk::of(&kit, &kit.coordinator).await;
    let more = async |count: usize| {
        for _ in 0..count {
            let id = MessageId::new(uuid::Uuid::now_v7());
            let mut copy = message.clone();
            copy.content.id = id;
            copy.content.message_id = format!("<{id}@jalon.test>");
            copy.content.link = None;
            let tx = kit.app.store().begin_write().await.expect("a transaction");
            let now = tx.now().await.expect("now");
            tx.queue(std::slice::from_ref(&copy.content), now).await.expect("queued");
            tx.commit().await.expect("commit");
            failed(&kit, &copy, Side::Body).await;
        }
    };
    let asked = async || {
        let before = kit.app.store().statements();
        let page = coordinator.get("/messages").await;
        (page, kit.app.store().statements() - before)
    };
    more(6).await;
    let (page, few) = asked().await;
    page.shows(&["Et 1 autre.", "/messages?etat=echec"]);
    more(34).await;
    let (page, many) = asked().await;
    page.shows(&["Et 35 autres.", "Voir tous ceux qui ne sont pas arrivés"]);
    assert_eq!(page.text.matches("refusé par le serveur du destinataire (550)").count(), 5);
    assert_eq!(many, few, "statements");
    assert!(many < 30, "{many} statements");
    let counted = "<b>40</b> messages jamais arrivés";
    coordinator.get("/").await.shows(&[counted]);
}

/// A company's messages are found by its SIRET, among those that the reader sees.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_filtered_by_a_company() {
    let (kit, _) = Kit::commitment_asked().await;
    let officer = Desk::of(&kit, &kit.officer).await;
    officer
        .get("/messages?parcours=732+829+320+00074")
        .await
        .shows(&["FEST-1-2026-0001"])
        .lacks(&["BC-1-2026-0001</a>"]);
    officer.get("/messages?parcours=55208131766522").await.shows(&["Aucun message ne répond"]);
    let other = Desk::new(&kit, StaffRole::Coordinator, Some(samples::BODY_2), "autre@lot2.example").await;
    other.get("/messages?parcours=73282932000074").await.shows(&["Aucun message ne répond"]);
}
