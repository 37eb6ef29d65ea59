//! What is waited from each: by role, with the one next action; tasks made by answers and ended by hand or by a step.

use app::{OrderOptions, OrderTarget};
use axum::http::StatusCode;
use domain::form::Form;
use domain::identifiers::OrderReference;
use domain::order::OrderTransition;
use domain::path::{Act, Transition};
use domain::people::{OutsideRole, Side, StaffRole};
use domain::samples;
use persistence::NewTask;

use crate::gallery::complete;
use crate::kit::{Kit, Page};
use crate::orders::drafted;
use crate::paths::{Seat, stranger};

#[tokio::test(flavor = "multi_thread")]
async fn each_finds_what_is_theirs_to_do() {
    let mut kit = Kit::new().await;
    let actor = kit.coordinator.actor();
    kit.sample(&actor, Transition::ReportNeed).await;
    let reference = kit.path().reference.to_string();
    let order = format!("/parcours/{reference}/etapes/order_feasibility");

    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    let page = officer.get(&kit, "/").await;
    complete("todo_officer", &page);
    page.shows(&["À faire", "Commander l’étude de faisabilité", &reference]);
    assert!(page.text.contains(&format!("href=\"{order}\"")));

    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = coordinator.get(&kit, "/").await;
    complete("todo_coordinator", &page);
    page.shows(&["Rien n’est attendu de vous", "Attendus d’autres", &reference, "Région", "Tout mon organisme"]);
    assert!(!page.text.contains(&format!("href=\"{order}\"")));

    kit.go(kit.today + chrono::Duration::days(60), 10).await;
    let late = officer_again(&kit).await.get(&kit, "/").await;
    complete("todo_late", &late);
    late.shows(&["En retard", "en retard de"]);
    let late = coordinator_again(&kit).await.get(&kit, "/?parcours=tous").await;
    complete("todo_all", &late);
    late.shows(&[">Relancer<", "Rien n’est attendu de votre organisme"]);

    let other = Seat::of(&kit, &stranger(&kit).await).await;
    other.get(&kit, "/?parcours=tous").await.lacks(&[&reference]);
    kit.get("/").await.shows(&["Entrer dans l’exemple"]).lacks(&[&reference]);
}

/// The clock moved: the session of before has ended.
async fn officer_again(kit: &Kit) -> Seat {
    Seat::of(kit, &kit.officer.clone()).await
}

async fn coordinator_again(kit: &Kit) -> Seat {
    Seat::of(kit, &kit.coordinator.clone()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_makes_a_task_that_is_ended() {
    let (mut kit, _) = Kit::commitment_asked().await;
    let company = kit.outside(OutsideRole::Company);
    kit.sample(&company, Act::ProposeCorrection).await;
    kit.sample(&company, Act::DeclineRequest).await;
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    let page = coordinator.get(&kit, "/").await;
    complete("todo_tasks", &page);
    page.shows(&["À regarder", "Correction proposée par l’entreprise", "Demande déclinée", "C’est traité"]);

    let action = page.text.split("action=\"/taches/").nth(1).and_then(|rest| rest.split('"').next()).expect("a task");
    let action = format!("/taches/{action}");
    assert_eq!(coordinator.post(&kit, &action, &[]).await.status, StatusCode::FORBIDDEN);
    let other = Seat::of(&kit, &stranger(&kit).await).await;
    let form = page.form(&action);
    assert_eq!(other.post(&kit, &action, &form).await.status, StatusCode::FORBIDDEN);
    let done = coordinator.post(&kit, &action, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let page = coordinator.get(&kit, done.location()).await;
    page.shows(&["La tâche est classée.", "Demande déclinée"]).lacks(&["Correction proposée"]);

    // Asking again is what mends a refusal.
    let actor = kit.coordinator.actor();
    kit.act(&actor, Act::AskConfirmation, samples::form(Act::AskConfirmation, kit.today)).await;
    coordinator.get(&kit, "/").await.lacks(&["Demande déclinée"]);
}

/// What hinders the training, or an accident, waits for the body until it notes what is done; what it wrote itself does not.
#[tokio::test(flavor = "multi_thread")]
async fn what_hinders_the_training_is_a_task_until_it_is_noted() {
    let (mut kit, _, _) = Kit::in_training().await;
    let actor = kit.coordinator.actor();
    kit.sample(&actor, Act::ReportObstacle).await;
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    coordinator.get(&kit, "/").await.lacks(&["Difficulté signalée par"]);
    let (trainee, company) = (kit.outside(OutsideRole::Trainee), kit.outside(OutsideRole::Company));
    kit.sample(&trainee, Act::ReportObstacle).await;
    kit.sample(&company, Act::ReportAccident).await;
    let page = coordinator.get(&kit, "/").await;
    page.shows(&["Difficulté signalée par le stagiaire", "Accident déclaré par l’entreprise"]);
    let path = format!("/parcours/{}", kit.path().reference);
    coordinator.get(&kit, &path).await.shows(&["Le pétrin est en panne.", "Coupure à la main, soins sur place."]);
    kit.sample(&actor, Act::AddNote).await;
    coordinator.get(&kit, "/").await.lacks(&["Difficulté signalée par", "Accident déclaré par"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_body_asks_waits_for_the_region() {
    let (mut kit, _) = Kit::commitment_asked().await;
    let actor = kit.coordinator.actor();
    kit.sample(&actor, Act::RequestCancellation).await;
    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    let page = officer.get(&kit, "/").await;
    complete("todo_request", &page);
    page.shows(&["Demande de l’organisme", "Annulation du parcours", "Répondre à la demande de l’organisme"]);
    let coordinator = Seat::of(&kit, &kit.coordinator.clone()).await;
    coordinator.get(&kit, "/").await.lacks(&["Demande de l’organisme"]);
}

/// The references of the orders of a page, in its order.
fn orders(page: &Page) -> Vec<&str> {
    page.text.split("href=\"/commandes/BC-").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_begins_with_the_oldest_is_counted_whole_and_leads_to_the_rest() {
    let mut kit = Kit::new().await;
    let actor = kit.coordinator.actor();
    kit.sample(&actor, Transition::ReportNeed).await;
    for _ in 0..33 {
        drafted(&kit).await;
    }
    let task = NewTask {
        path: Some(kit.path().id),
        order: None,
        message: None,
        side: Side::Region,
        body: None,
        kind: "request_made".to_owned(),
        detail: "cancellation".to_owned(),
    };
    let tx = kit.app.store().begin_write().await.expect("a transaction");
    let now = tx.now().await.expect("now");
    tx.insert_tasks(&vec![task; 34], now).await.expect("tasks");
    tx.commit().await.expect("commit");

    let officer = Seat::of(&kit, &kit.officer.clone()).await;
    let page = officer.get(&kit, "/").await;
    complete("todo_long", &page);
    page.shows(&["Tout voir : 33 bons de commande", "/?voir=tout#commandes"]);
    page.shows(&["Tout voir : 34 points à regarder", "/?voir=tout#taches"]);
    let shown = orders(&page);
    assert!(shown.iter().any(|order| order.starts_with("1-2026-0002")), "the oldest: {shown:?}");
    assert!(!shown.iter().any(|order| order.starts_with("1-2026-0034")), "the latest: {shown:?}");
    assert!(shown.is_sorted(), "{shown:?}");
    assert_eq!(page.text.matches("action=\"/taches/").count(), 30);
    let whole = officer.get(&kit, "/?voir=tout").await;
    assert_eq!(whole.text.matches("action=\"/taches/").count(), 34);
    whole.shows(&["BC-1-2026-0034"]).lacks(&["Tout voir"]);

    for number in 2..35 {
        let target = OrderTarget::Order(OrderReference::parse(&format!("BC-1-2026-{number:04}")).expect("a reference"));
        let (step, options) = (OrderTransition::RequestEndorsement, OrderOptions::default());
        let asked = Box::pin(kit.app.order(&kit.officer.actor(), &target, step, &Form::new(), &options)).await;
        asked.expect("the visa is asked");
    }
    let accounts = kit.app.accounts().await.expect("accounts");
    let finance = accounts.iter().find(|account| account.role == StaffRole::RegionFinance).expect("finance");
    let page = Seat::of(&kit, finance).await.get(&kit, "/").await;
    page.shows(&["<b>33</b> commandes à viser", "Tout voir : 33 bons de commande", "/commandes?etat=to_endorse"]);
    assert!(orders(&page).iter().any(|order| order.starts_with("1-2026-0002")));
}
