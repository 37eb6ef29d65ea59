//! Documents, and the files they name.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use domain::Instant;
use domain::identifiers::PathId;
use domain::path::command::DocumentKind;
use domain::people::StaffRole;
use uuid::Uuid;

use super::{blank_path, execute, on_each};
use crate::files::{Folder, Space};
use crate::{Cause, Document, Incoming, Kept, NewDocument, Store, StoreError, StoreOptions, Tx, document_digest};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Bytes that no other test keeps: their folder may be shared.
fn bytes() -> Vec<u8> {
    format!("%PDF-1.7 {}\n", Uuid::now_v7()).into_bytes()
}

fn place(store: &Store, kept: &Kept) -> PathBuf {
    store.files().root().join(&kept.sha256[..2]).join(&kept.sha256)
}

async fn name(tx: &Tx, path: PathId, file: &Kept) -> Result<Document, StoreError> {
    let now = tx.now().await.unwrap();
    let new = NewDocument {
        path,
        kind: DocumentKind::FeasibilityReport,
        name: "étude.pdf",
        media_type: "application/pdf",
        file,
        added_by: "Camille Durand",
    };
    tx.insert_document(&new, now).await
}

/// A document of a path of its own.
async fn document(store: &Store, file: &Kept) -> Document {
    let tx = store.begin_write().await.unwrap();
    let path = blank_path(&tx).await;
    let document = name(&tx, path, file).await.unwrap();
    tx.commit().await.unwrap();
    document
}

/// As if nothing had happened to any file for two days.
async fn age(store: &Store) {
    let tx = store.begin_write().await.unwrap();
    let long_ago = tx.now().await.unwrap() - TimeDelta::days(2);
    execute(&tx, &format!("UPDATE stored_files SET stored_at = '{}'", long_ago.to_rfc3339())).await;
    tx.commit().await.unwrap();
}

async fn yesterday(store: &Store) -> Instant {
    store.store_now().await.unwrap() - TimeDelta::days(1)
}

async fn sweep(store: &Store) -> u64 {
    store.sweep_files(yesterday(store).await, DAY).await.unwrap()
}

async fn read(store: &Store, document: &Document) -> Result<Vec<u8>, StoreError> {
    store.content(document.clone()).await?.read().await
}

fn is_changed(read: Result<Vec<u8>, StoreError>) -> bool {
    matches!(read, Err(StoreError::Inconsistent(row)) if row.table == "documents")
}

#[tokio::test]
async fn a_document_comes_back_with_its_bytes_or_not_at_all() {
    on_each(async |store| {
        let bytes = [bytes(), vec![7; 200_000]].concat();
        let kept = store.keep_bytes(&bytes).await.unwrap();
        assert_eq!(kept, Kept { sha256: document_digest(&bytes), size: bytes.len() as u64 });
        let named = document(&store, &kept).await;
        assert_eq!((named.size, &named.reference.sha256), (kept.size, &kept.sha256));
        let tx = store.begin_write().await.unwrap();
        let other = blank_path(&tx).await;
        assert_eq!(tx.documents(named.path).await.unwrap(), std::slice::from_ref(&named));
        assert_eq!(tx.document(named.path, named.id).await.unwrap().as_ref(), Some(&named));
        assert_eq!(tx.document(other, named.id).await.unwrap(), None);
        tx.rollback().await.unwrap();
        assert_eq!(read(&store, &named).await.unwrap(), bytes);
        let mut pieces = store.content(named.clone()).await.unwrap();
        while let Some(piece) = pieces.next().await.unwrap() {
            assert!(piece.len() <= 64 * 1024, "{}", piece.len());
        }
        // Changed on the disk: its last piece never comes.
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        std::fs::write(place(&store, &kept), &changed).unwrap();
        let mut pieces = store.content(named.clone()).await.unwrap();
        let mut given = 0;
        let end = loop {
            match pieces.next().await {
                Ok(Some(piece)) => given += piece.len(),
                end => break end,
            }
        };
        assert!(given < bytes.len() && is_changed(end.map(Option::unwrap_or_default)), "{given}");
        std::fs::write(place(&store, &kept), &bytes[1..]).unwrap();
        assert!(is_changed(read(&store, &named).await));
        assert_eq!(store.missing_files(10).await.unwrap(), std::slice::from_ref(&named));
        // Sent again, it is whole again.
        store.keep_bytes(&bytes).await.unwrap();
        assert_eq!(read(&store, &named).await.unwrap(), bytes);
        assert_eq!(store.missing_files(10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_not_kept_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("jalon.db").display());
    let store = Store::connect(&StoreOptions::new(&url, super::SECRET)).await.unwrap();
    store.migrate().await.unwrap();
    let incoming = || std::fs::read_dir(folder.path().join("documents/incoming")).unwrap().count();
    let mut cut = store.files().receive().await.unwrap();
    cut.write(b"%PDF").await.unwrap();
    assert_eq!((cut.size(), incoming()), (4, 1));
    drop(cut);
    assert_eq!(incoming(), 0);
    let mut refused = store.files().receive().await.unwrap();
    refused.write(b"<html>").await.unwrap();
    let refused = refused.finish().await.unwrap();
    assert_eq!(std::io::read_to_string(refused.open().unwrap()).unwrap(), "<html>");
    assert!(!place(&store, refused.kept()).exists());
    drop(refused);
    assert_eq!(incoming(), 0);
    // What a killed program leaves is cleared once it is old.
    let left = folder.path().join("documents/incoming/left");
    std::fs::write(&left, b"x").unwrap();
    sweep(&store).await;
    assert!(left.exists());
    let old = std::time::SystemTime::now() - 2 * DAY;
    std::fs::File::options().write(true).open(&left).unwrap().set_modified(old).unwrap();
    sweep(&store).await;
    assert!(!left.exists());
    // A folder that takes nothing says so.
    std::fs::write(folder.path().join("file"), b"").unwrap();
    let mut options = StoreOptions::new(url, super::SECRET);
    options.documents = folder.path().join("file");
    let nowhere = Store::connect(&options).await.unwrap();
    assert!(matches!(nowhere.files().try_out().await, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn a_disk_keeps_its_reserve() {
    let folder = tempfile::tempdir().unwrap();
    let is_full = |refused: std::io::Result<Incoming>| refused.unwrap_err().kind() == ErrorKind::StorageFull;
    let mut disk = Folder::new(folder.path(), true, 5);
    disk.measure = |_| Ok(Space { total: 1_000, free: 60 });
    let mut incoming = disk.receive().await.unwrap();
    incoming.write(b"12345").await.unwrap();
    incoming.write(b"67890").await.unwrap();
    let refused = incoming.write(b"1").await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Unavailable(Cause::Files(error)) if error.kind() == ErrorKind::StorageFull),
        "{refused:?}"
    );
    for free in [50, 49, 0] {
        disk.measure = match free {
            50 => |_| Ok(Space { total: 1_000, free: 50 }),
            49 => |_| Ok(Space { total: 1_000, free: 49 }),
            _ => |_| Ok(Space { total: 1_000, free: 0 }),
        };
        assert!(is_full(disk.receive().await), "{free}");
    }
    drop(incoming);
    assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
    // The disk of this machine, of which everything is a reserve, and nothing.
    let everything = Folder::new(folder.path(), true, 100);
    assert!(is_full(everything.receive().await));
    Folder::new(folder.path(), true, 0).receive().await.unwrap().write(b"1").await.unwrap();
}

#[tokio::test]
async fn what_no_row_names_is_swept_after_a_day_and_nothing_else() {
    on_each(async |store| {
        let orphan = store.keep_bytes(&bytes()).await.unwrap();
        let named = document(&store, &store.keep_bytes(&bytes()).await.unwrap()).await;
        let drafted = store.keep_bytes(&bytes()).await.unwrap();
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let account = domain::samples::account(StaffRole::Coordinator, 1);
        tx.insert_account(&account, now).await.unwrap();
        let draft = tx.save_draft(account.id, "", "report_need", &[], now).await.unwrap();
        tx.save_draft_document(draft, "scan", "note.pdf", "application/pdf", &drafted, now).await.unwrap();
        tx.commit().await.unwrap();
        // Killed between the file and the row, a moment ago: it stays, whoever sends it again finds it.
        assert_eq!(sweep(&store).await, 0);
        age(&store).await;
        let again = bytes();
        let renewed = store.keep_bytes(&again).await.unwrap();
        age(&store).await;
        assert_eq!(store.keep_bytes(&again).await.unwrap(), renewed);
        assert_eq!(sweep(&store).await, 1);
        assert!(!place(&store, &orphan).exists());
        for kept in [&drafted, &renewed] {
            assert!(place(&store, kept).exists());
        }
        assert_eq!(read(&store, &named).await.unwrap().len() as u64, named.size);
        // Swept, it is not there to be named.
        let tx = store.begin_write().await.unwrap();
        let refused = name(&tx, named.path, &orphan).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Inconsistent(row) if row.table == "stored_files"), "{refused:?}");
        tx.rollback().await.unwrap();
        // The draft gone, its file follows.
        let tx = store.begin_write().await.unwrap();
        tx.delete_draft(account.id, "", "report_need").await.unwrap();
        tx.commit().await.unwrap();
        age(&store).await;
        assert_eq!(sweep(&store).await, 2);
        assert!(!place(&store, &drafted).exists());
        assert!(place(&store, &Kept { sha256: named.reference.sha256, size: named.size }).exists());
    })
    .await;
}

#[tokio::test]
async fn a_file_being_named_is_not_swept() {
    on_each(async |store| {
        let kept = store.keep_bytes(&bytes()).await.unwrap();
        age(&store).await;
        let before = yesterday(&store).await;
        let tx = store.begin_write().await.unwrap();
        let path = blank_path(&tx).await;
        let named = name(&tx, path, &kept).await.unwrap();
        let sweeping = tokio::spawn({
            let store = store.clone();
            async move { store.sweep_files(before, DAY).await }
        });
        // The sweep finds it old and unnamed, then waits for this transaction.
        tokio::time::sleep(Duration::from_millis(200)).await;
        tx.commit().await.unwrap();
        assert_eq!(sweeping.await.unwrap().unwrap(), 0);
        read(&store, &named).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn files_of_before_are_read_in_their_rows_and_moved() {
    on_each(async |store| {
        let bytes = bytes();
        let kept = store.keep_bytes(&bytes).await.unwrap();
        let named = document(&store, &kept).await;
        // A copy that carries everything: the bytes in the row, and no folder.
        assert_eq!(store.embed_files().await.unwrap(), []);
        std::fs::remove_file(place(&store, &kept)).unwrap();
        let tx = store.begin_write().await.unwrap();
        execute(&tx, "DELETE FROM stored_files").await;
        tx.commit().await.unwrap();
        assert_eq!(read(&store, &named).await.unwrap(), bytes);
        assert_eq!(store.move_files().await.unwrap(), 1);
        assert_eq!(store.move_files().await.unwrap(), 0);
        assert_eq!(std::fs::read(place(&store, &kept)).unwrap(), bytes);
        let tx = store.begin_write().await.unwrap();
        assert_eq!(tx.bytes_in_row(named.id).await.unwrap(), None);
        // Damaged ones stay where they are, to be named.
        tx.set_bytes(crate::files::FileRow::Document(named.id.uuid()), Some(b"%PDF-1.8".to_vec())).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.move_files().await.unwrap(), 0);
        std::fs::remove_file(place(&store, &kept)).unwrap();
        assert!(is_changed(read(&store, &named).await));
        assert_eq!(store.embed_files().await.unwrap(), [named]);
    })
    .await;
}

#[tokio::test]
async fn files_of_a_person_are_counted_by_day() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let account = domain::samples::account(StaffRole::Coordinator, 1);
        tx.insert_account(&account, now).await.unwrap();
        tx.commit().await.unwrap();
        let today = domain::calendar::paris_day(now);
        let count = async |day, files| {
            let tx = store.begin_write().await.unwrap();
            let counted = tx.count_uploads(account.id, day, files, 10).await.unwrap();
            tx.commit().await.unwrap();
            counted
        };
        assert!(!count(today, 11).await);
        assert!(count(today, 4).await && count(today, 5).await);
        assert!(!count(today, 2).await, "that would be eleven");
        assert!(count(today, 1).await);
        assert!(!count(today, 1).await);
        assert!(count(today.succ_opt().unwrap(), 10).await);
        // Side by side, no more than the day allows.
        let next = today + TimeDelta::days(2);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..15 {
            let (store, account) = (store.clone(), account.id);
            tasks.spawn(async move {
                let tx = store.begin_write().await.unwrap();
                let counted = tx.count_uploads(account, next, 1, 10).await.unwrap();
                tx.commit().await.unwrap();
                counted
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().filter(|counted| *counted).count(), 10);
    })
    .await;
}
