//! Every state of the pages of a path, held against what all pages owe their readers; left in `target/tmp/pages`.

use std::fs;
use std::path::PathBuf;

use axum::http::StatusCode;
use domain::path::{Act, Step, Transition};
use serde_json::json;

use crate::desk::Desk;
use crate::gallery::complete;
use crate::kit::{Kit, Page, with};

fn keep(name: &str, status: StatusCode, page: &Page) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("pages");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join(format!("{name}.html")), &page.text).expect("a page is written");
    assert_eq!(page.status, status, "{name}: {}", page.text);
    complete(name, page);
}

fn address(kit: &Kit) -> String {
    format!("/parcours/{}", kit.path().reference)
}

fn step(kit: &Kit, step: impl Into<Step>) -> String {
    format!("{}/etapes/{}", address(kit), step.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_and_studying() {
    let mut kit = Kit::new().await;
    let new = "/parcours/nouveau";
    {
        let desk = Desk::of(&kit, &kit.officer).await;
        let empty = desk.get(new).await;
        keep("path_new", StatusCode::OK, &empty);
        let wrong = with(empty.form(new), &[("siret", "123"), ("commune", "76540")]);
        keep("path_new_errors", StatusCode::UNPROCESSABLE_ENTITY, &desk.post(new, &wrong).await);
    }
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::ReportNeed).await;
    let officer = kit.officer.actor();
    let decline = step(&kit, Transition::DeclineNeed);
    let (_, secret) = kit.app.open_session(&kit.officer, "", "").await.expect("a session");
    let form = {
        let desk = Desk::with_secret(&kit, &secret);
        let page = desk.get(&address(&kit)).await;
        keep("path_need", StatusCode::OK, &page);
        keep("path_need_body", StatusCode::OK, &Desk::of(&kit, &kit.coordinator).await.get(&address(&kit)).await);
        keep("path_order", StatusCode::OK, &desk.get(&step(&kit, Transition::OrderFeasibility)).await);
        let empty = desk.get(&decline).await;
        keep("path_decline", StatusCode::OK, &empty);
        keep(
            "path_decline_errors",
            StatusCode::UNPROCESSABLE_ENTITY,
            &desk.post(&decline, &empty.form(&decline)).await,
        );
        let typed = [("reason", "Le poste est pourvu.")];
        let shown = desk.post(&decline, &with(empty.form(&decline), &typed)).await;
        keep("path_decline_shown", StatusCode::OK, &shown);
        with(with(shown.form(&decline), &typed), &[("faire", "oui")])
    };
    let note = json!({"note": "Rappelez-moi avant jeudi."});
    kit.act(&coordinator, Act::AddNote, note.as_object().cloned().unwrap_or_default()).await;
    keep("path_conflict", StatusCode::CONFLICT, &Desk::with_secret(&kit, &secret).post(&decline, &form).await);
    kit.sample(&officer, Transition::OrderFeasibility).await;
    keep("path_closed_step", StatusCode::CONFLICT, &Desk::with_secret(&kit, &secret).post(&decline, &form).await);
    kit.sample(&coordinator, Transition::StartFeasibility).await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    keep("path_study", StatusCode::OK, &desk.get(&address(&kit)).await);
    keep("path_deliver_missing", StatusCode::OK, &desk.get(&step(&kit, Transition::DeliverFeasibility)).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn programme_and_training() {
    let (mut kit, _, _) = Kit::pif_written().await;
    let coordinator = kit.coordinator.actor();
    {
        let desk = Desk::of(&kit, &kit.coordinator).await;
        keep("path_pif", StatusCode::OK, &desk.get(&address(&kit)).await);
        keep("path_amend", StatusCode::OK, &desk.get(&step(&kit, Act::AmendPif)).await);
        keep("path_behalf", StatusCode::OK, &desk.get(&step(&kit, Act::RecordAnswerOnBehalf)).await);
        let add = step(&kit, Act::AddDocument);
        let form = with(desk.get(&add).await.form(&add), &[("kind", "evidence")]);
        let refused = desk.upload(&add, &form, &[("document", "a.pdf", b"<html>")]).await;
        keep("path_document_refused", StatusCode::UNPROCESSABLE_ENTITY, &refused);
        let taken = desk.upload(&add, &form, &[("document", "photo.pdf", b"%PDF-1.7 photo")]).await;
        keep("path_document_shown", StatusCode::OK, &taken);
        keep("path_sibling", StatusCode::OK, &desk.get(&step(&kit, Transition::OpenSibling)).await);
    }
    kit.sample(&coordinator, Act::AmendPif).await;
    let desk = Desk::of(&kit, &kit.officer).await;
    let corrected = desk.get(&format!("{}?journal=corrections", address(&kit))).await;
    corrected.shows(&["Heures d’AFEST", "Avant", "Après"]);
    keep("path_corrections", StatusCode::OK, &corrected);
    for filter in ["tout", "etapes", "documents", "messages"] {
        let page = desk.get(&format!("{}?journal={filter}", address(&kit))).await;
        keep(&format!("path_journal_{filter}"), StatusCode::OK, &page);
    }
    drop(desk);
    let (kit, _, _) = Kit::in_training().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    keep("path_training", StatusCode::OK, &desk.get(&address(&kit)).await);
    keep("path_end", StatusCode::OK, &desk.get(&step(&kit, Transition::EndTraining)).await);
    // The form of everything that may be tried now.
    let view = kit.app.path(&kit.coordinator.actor(), &kit.path().reference).await.expect("the path");
    for tried in view.available {
        keep(&format!("path_step_{tried}"), StatusCode::OK, &desk.get(&step(&kit, tried)).await);
    }
}
