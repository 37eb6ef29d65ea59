//! Documents in pages: received, refused with what to do, counted, given back, looked at, and never to others.

use axum::http::{StatusCode, header};
use domain::path::{Act, Transition};
use domain::people::RecipientRole;

use crate::desk::Desk;
use crate::kit::{Kit, Page, with};
use crate::paths::stranger;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02";

fn path(kit: &Kit) -> String {
    format!("/parcours/{}", kit.path().reference)
}

fn add(kit: &Kit) -> String {
    format!("{}/etapes/{}", path(kit), Act::AddDocument)
}

/// Sends a document on the form that adds one.
async fn send(kit: &Kit, desk: &Desk<'_>, name: &str, bytes: &[u8]) -> Page {
    let add = add(kit);
    let form = with(desk.get(&add).await.form(&add), &[("kind", "evidence")]);
    desk.upload(&add, &form, &[("document", name, bytes)]).await
}

/// Adds a document; its address.
async fn added(kit: &Kit, desk: &Desk<'_>, name: &str, bytes: &[u8]) -> String {
    let add = add(kit);
    let shown = send(kit, desk, name, bytes).await;
    let form = with(shown.form(&add), &[("kind", "evidence"), ("faire", "oui")]);
    let done = desk.upload(&add, &form, &[("document", "", b"")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    format!("{}/documents/{}", path(kit), view.documents.last().expect("the document").id)
}

fn text(page: &Page, name: header::HeaderName) -> String {
    page.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// Files of the folder of documents, by their folder.
fn files(kit: &Kit, folder: &str) -> usize {
    std::fs::read_dir(kit.app.store().files().root().join(folder)).into_iter().flatten().count()
}

async fn reported() -> Kit {
    let mut kit = Kit::new().await;
    let coordinator = kit.coordinator.actor();
    kit.sample(&coordinator, Transition::ReportNeed).await;
    kit
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_says_what_to_do_and_is_not_kept() {
    let kit = reported().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    for (bytes, said) in [
        (&b"<html><script>"[..], "code qu’un navigateur exécuterait"),
        (b"MZ\x90\0", "n’est pas d’une sorte admise"),
        (b"PK\x03\x04 archive", "abîmé ou incomplet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 ancien", "ancien format"),
        (b"GIF89a%PDF-1.7", "précédé d’autre chose"),
    ] {
        let page = send(&kit, &desk, "photo.pdf", bytes).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        page.shows(&[said]).lacks(&["Reçu."]);
    }
    let heavy = send(&kit, &desk, "photo.pdf", &vec![b'x'; 1_000_100]).await;
    assert_eq!(heavy.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(files(&kit, "incoming"), 0);
    assert_eq!(files(&kit, ""), 1, "and nothing beside it");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_again_leads_to_what_it_did_first() {
    let kit = reported().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let add = add(&kit);
    let before = kit.events().await;
    for (at, file) in [("", b"".as_slice()), ("photo.png", PICTURE)].into_iter().enumerate() {
        let shown = send(&kit, &desk, "photo.png", PICTURE).await;
        let form = with(shown.form(&add), &[("kind", "evidence"), ("faire", "oui")]);
        let files = [("document", file.0, file.1)];
        // A double click, then a browser that tries again.
        let (one, two) = tokio::join!(desk.upload(&add, &form, &files), desk.upload(&add, &form, &files));
        let third = desk.upload(&add, &form, &files).await;
        for page in [&one, &two, &third] {
            assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, one.location()), "{}", page.text);
        }
        assert_eq!(kit.events().await, before + at + 1, "one event");
        assert_eq!(kit.app.draft(&kit.coordinator, &add).await.expect("the store"), None, "no draft is left");
        // Something else under the same ticket is no repeat.
        let other: Vec<_> = form.iter().filter(|(name, _)| name != "kind").cloned().collect();
        let other = desk.upload(&add, &with(other, &[("kind", "final_report")]), &files).await;
        assert_ne!(other.status, StatusCode::SEE_OTHER);
        let erased = desk.upload(&add, &with(other.form(&add), &[("effacer", "oui")]), &[]).await;
        assert_eq!(erased.status, StatusCode::SEE_OTHER, "{}", erased.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sends_so_many_files_a_day() {
    let mut kit = reported().await;
    {
        let desk = Desk::of(&kit, &kit.coordinator).await;
        for rank in 1..=6 {
            let page = send(&kit, &desk, "photo.pdf", format!("%PDF-1.7 {rank}").as_bytes()).await;
            assert_eq!(page.status, StatusCode::OK, "{rank}");
        }
        let add = add(&kit);
        let form = with(desk.get(&add).await.form(&add), &[("kind", "final_report")]);
        let page = desk.upload(&add, &form, &[("document", "note.pdf", b"%PDF-1.7 7")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        page.shows(&["Vous ne pouvez pas déposer plus de 6 fichiers par jour", "photo.pdf"]).lacks(&["note.pdf"]);
        let draft = kit.app.draft(&kit.coordinator, &add).await.expect("the store").expect("a draft");
        assert!(draft.typed.iter().any(|(_, value)| value == "final_report"), "what was typed is kept: {draft:?}");
        // Anyone else has a day of their own.
        let page = send(&kit, &Desk::of(&kit, &kit.officer).await, "note.pdf", b"%PDF-1.7 8").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    }
    kit.wait(1).await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let page = send(&kit, &desk, "note.pdf", b"%PDF-1.7 9").await;
    page.shows(&["note.pdf", "Reçu."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pdf_opens_and_a_picture_shows_without_being_run() {
    let kit = reported().await;
    let desk = Desk::of(&kit, &kit.coordinator).await;
    let pdf = added(&kit, &desk, "compte-rendu.pdf", b"%PDF-1.7 premier").await;
    let again = added(&kit, &desk, "compte-rendu.pdf", b"%PDF-1.7 second").await;
    let picture = added(&kit, &desk, "poste.png", PICTURE).await;
    let page = desk.get(&path(&kit)).await;
    page.shows(&[
        &format!("href=\"{pdf}?vue=page\""),
        &format!("<img src=\"{picture}\""),
        "version 1",
        "version 2",
        &app::documents::reference("", b"%PDF-1.7 second").sha256,
    ]);
    // The earlier version stays readable.
    assert_eq!(desk.get(&pdf).await.text, "%PDF-1.7 premier");
    assert_eq!(desk.get(&again).await.text, "%PDF-1.7 second");
    let opened = desk.get(&format!("{pdf}?vue=page")).await;
    assert_eq!(text(&opened, header::CONTENT_TYPE), "application/pdf");
    assert!(text(&opened, header::CONTENT_DISPOSITION).starts_with("inline;"));
    assert!(text(&opened, header::CONTENT_SECURITY_POLICY).starts_with("default-src 'none';"));
    for address in [picture.clone(), format!("{picture}?vue=page"), format!("{pdf}?vue=autre"), pdf.clone()] {
        let document = desk.get(&address).await;
        assert!(text(&document, header::CONTENT_DISPOSITION).starts_with("attachment;"), "{address}");
        assert_eq!(text(&document, header::CONTENT_SECURITY_POLICY), "default-src 'none'; sandbox");
        assert_eq!(text(&document, header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(text(&document, header::CACHE_CONTROL), "no-store");
    }
    assert_eq!(text(&desk.get(&picture).await, header::CONTENT_TYPE), "image/png");
    let note = added(&kit, &desk, "note.txt", "Procès-verbal\n".as_bytes()).await;
    assert_eq!(text(&desk.get(&note).await, header::CONTENT_TYPE), "application/octet-stream");
    assert_eq!(text(&desk.get(&note).await, header::CONTENT_LENGTH), "15");
    // A file that is gone is an error of ours, never an empty document.
    let kept = app::documents::reference("", b"%PDF-1.7 second").sha256;
    std::fs::remove_file(kit.app.store().files().root().join(&kept[..2]).join(&kept)).expect("the file");
    assert_eq!(desk.get(&again).await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_of_others_do_not_exist() {
    let (mut kit, token, _) = Kit::pif_written().await;
    let view = kit.app.path(&kit.officer.actor(), &kit.path().reference).await.expect("the path");
    let programme = view.documents.iter().find(|document| document.kind.to_string() == "programme");
    let id = programme.expect("the programme").id;
    let (here, document) = (path(&kit), format!("{}/documents/{id}", path(&kit)));
    let by_link = web::routes::portal_document(&token, id);
    {
        let absent = Desk::of(&kit, &kit.officer).await.get(&format!("{here}/documents/{}", uuid())).await;
        assert_eq!(absent.status, StatusCode::NOT_FOUND);
        assert_eq!(Desk::of(&kit, &kit.officer).await.get(&document).await.status, StatusCode::OK);
        let other_lot = Desk::of(&kit, &stranger(&kit).await).await;
        for address in [document.clone(), format!("{document}?vue=page")] {
            assert_eq!(other_lot.get(&address).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(kit.get(&by_link).await.status, StatusCode::OK);
    }
    let actor = kit.coordinator.actor();
    kit.sample(&actor, Act::ChangeContact).await;
    assert_eq!(kit.get(&by_link).await.status, StatusCode::NOT_FOUND, "who was replaced");
    let replacing = kit.token(RecipientRole::Company).await;
    assert_eq!(kit.get(&web::routes::portal_document(&replacing, id)).await.status, StatusCode::OK);
    // The same document under the address of another path.
    kit.path = None;
    kit.sample(&actor, Transition::ReportNeed).await;
    assert_ne!(path(&kit), here);
    let elsewhere = format!("{}/documents/{id}", path(&kit));
    assert_eq!(Desk::of(&kit, &kit.officer).await.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
}

fn uuid() -> String {
    "018f0000-0000-7000-8000-000000000000".to_owned()
}
