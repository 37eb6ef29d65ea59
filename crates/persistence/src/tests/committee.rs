//! The committee's files: read back with their bytes, in the order in which they came, and never changed. Its photographs, and
//! their windows, which are closed once and otherwise never changed.

use domain::committee::{FileKind, TableKind};
use domain::identifiers::AccountId;
use domain::people::StaffRole;
use domain::samples::day;
use sea_orm::ConnectionTrait;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::on_each;
use crate::{CommitteeFile, CommitteeImport, CommitteePhotograph, CommitteeWindow, Keys, Tx, document_digest};

/// Somebody of the Region.
async fn officer(tx: &Tx) -> AccountId {
    let account = domain::samples::account(StaffRole::RegionOfficer, 1);
    tx.insert_account(&account, tx.now().await.unwrap()).await.unwrap();
    account.id
}

async fn file(tx: &Tx, by: AccountId, kind: TableKind, bytes: &[u8]) -> CommitteeFile {
    let evaluation = kind == TableKind::Evaluation;
    let import = CommitteeImport {
        id: Uuid::now_v7(),
        kind,
        as_of: day("2022-12-31"),
        scheme: evaluation.then(|| "Génération Compétences".to_owned()),
        file_name: "entrées.csv".to_owned(),
        file_kind: if evaluation { FileKind::Xlsx } else { FileKind::Csv },
        sheet: evaluation.then(|| "Feuille 2".to_owned()),
        sha256: document_digest(bytes),
        imported_at: domain::calendar::micros(tx.now().await.unwrap()),
        imported_by: by,
    };
    CommitteeFile { import, bytes: bytes.to_vec() }
}

#[tokio::test]
async fn files_read_back_as_they_were_received() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let by = officer(&tx).await;
        let mut kept = Vec::new();
        for kind in TableKind::iter() {
            let file = file(&tx, by, kind, format!("{kind};\u{e9}\0").as_bytes()).await;
            tx.insert_committee_import(&file).await.unwrap();
            kept.push(file);
        }
        tx.commit().await.unwrap();
        let tx = store.begin_read().await.unwrap();
        let imports: Vec<_> = kept.iter().map(|file| file.import.clone()).collect();
        assert_eq!(tx.committee_imports().await.unwrap(), imports);
        for file in kept {
            assert_eq!(tx.committee_file(file.import.id).await.unwrap(), Some(file));
        }
        assert_eq!(tx.committee_file(Uuid::now_v7()).await.unwrap(), None);
        drop(tx);
        assert_eq!(store.verify(&|_, _| {}).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_file_is_never_changed_nor_taken_away() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let by = officer(&tx).await;
        let one = file(&tx, by, TableKind::Entries, b"un").await;
        tx.insert_committee_import(&one).await.unwrap();
        tx.commit().await.unwrap();
        for sql in ["UPDATE committee_imports SET file_name = 'autre.csv'", "DELETE FROM committee_imports"] {
            let tx = store.begin_write().await.unwrap();
            tx.run(tx.db().execute_unprepared(sql)).await.unwrap_err();
            tx.rollback().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_sheet_of_evaluation_names_its_scheme_and_nothing_else_does() {
    on_each(async |store| {
        for kind in [TableKind::Evaluation, TableKind::Budget] {
            let tx = store.begin_write().await.unwrap();
            let by = officer(&tx).await;
            let mut one = file(&tx, by, kind, b"un").await;
            one.import.scheme = match one.import.scheme {
                Some(_) => None,
                None => Some("Un dispositif".to_owned()),
            };
            tx.insert_committee_import(&one).await.unwrap_err();
            tx.rollback().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_photograph_is_what_was_sealed_and_never_another() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let by = officer(&tx).await;
        let content = "{\"tables\":[]}";
        let photograph = CommitteePhotograph {
            id: Uuid::now_v7(),
            as_of: day("2022-12-31"),
            sealed_at: domain::calendar::micros(tx.now().await.unwrap()),
            sealed_by: by,
            title: "Comité de printemps".to_owned(),
            imports: vec![Uuid::now_v7(), Uuid::now_v7()],
            sha256: document_digest(content.as_bytes()),
        };
        tx.insert_committee_photograph(&photograph, content).await.unwrap();
        // One whose content is not that of its digest is never shown.
        let false_one = CommitteePhotograph { id: Uuid::now_v7(), sha256: "0".repeat(64), ..photograph.clone() };
        tx.insert_committee_photograph(&false_one, content).await.unwrap();
        tx.commit().await.unwrap();
        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.committee_photographs().await.unwrap(), [false_one.clone(), photograph.clone()]);
        assert_eq!(
            tx.committee_photograph(photograph.id).await.unwrap(),
            Some((photograph.clone(), content.to_owned()))
        );
        tx.committee_photograph(false_one.id).await.unwrap_err();
        assert_eq!(tx.committee_photograph(Uuid::now_v7()).await.unwrap(), None);
        drop(tx);
        for sql in ["UPDATE committee_photographs SET title = 'Autre'", "DELETE FROM committee_photographs"] {
            let tx = store.begin_write().await.unwrap();
            tx.run(tx.db().execute_unprepared(sql)).await.unwrap_err();
            tx.rollback().await.unwrap();
        }
    })
    .await;
}

async fn photographed(tx: &Tx, by: AccountId) -> CommitteePhotograph {
    let content = "{\"tables\":[]}";
    let photograph = CommitteePhotograph {
        id: Uuid::now_v7(),
        as_of: day("2022-12-31"),
        sealed_at: domain::calendar::micros(tx.now().await.unwrap()),
        sealed_by: by,
        title: "Comité de printemps".to_owned(),
        imports: Vec::new(),
        sha256: document_digest(content.as_bytes()),
    };
    tx.insert_committee_photograph(&photograph, content).await.unwrap();
    photograph
}

async fn window(tx: &Tx, by: AccountId, photograph: &CommitteePhotograph) -> CommitteeWindow {
    CommitteeWindow {
        id: Uuid::now_v7(),
        photograph: photograph.id,
        partner: "Mission locale de l’Orne".to_owned(),
        until: day("2027-02-28"),
        opened_by: by,
        opened_at: domain::calendar::micros(tx.now().await.unwrap()),
        closed: None,
    }
}

#[tokio::test]
async fn a_window_is_found_by_its_link_and_closed_once() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let by = officer(&tx).await;
        let (photograph, other) = (photographed(&tx, by).await, photographed(&tx, by).await);
        let one = window(&tx, by, &photograph).await;
        let token = tx.insert_committee_window(&one).await.unwrap();
        let two = window(&tx, by, &other).await;
        assert_ne!(tx.insert_committee_window(&two).await.unwrap(), token);
        tx.commit().await.unwrap();

        let tx = store.begin_read().await.unwrap();
        let listed = tx.committee_windows(photograph.id).await.unwrap();
        assert_eq!(listed.iter().map(|kept| &kept.window).collect::<Vec<_>>(), [&one]);
        assert_eq!(listed[0].token(store.keys()).as_deref(), Some(token.as_str()));
        assert_eq!(listed[0].token(&Keys::derive(b"another secret")), None, "its link opens nothing any more");
        assert_eq!(tx.committee_window(two.id).await.unwrap(), Some(two.clone()));
        assert_eq!(tx.committee_window_of_link(&token).await.unwrap(), Some(one.clone()));
        for nothing in ["", "inconnu", &crate::token_hash(&token)] {
            assert_eq!(tx.committee_window_of_link(nothing).await.unwrap(), None);
        }
        drop(tx);

        let tx = store.begin_write().await.unwrap();
        let now = domain::calendar::micros(tx.now().await.unwrap());
        assert!(tx.close_committee_window(one.id, by, now).await.unwrap());
        assert!(!tx.close_committee_window(one.id, by, now).await.unwrap(), "closed twice is closed once");
        assert!(!tx.close_committee_window(Uuid::now_v7(), by, now).await.unwrap());
        tx.commit().await.unwrap();
        let tx = store.begin_read().await.unwrap();
        let closed = CommitteeWindow { closed: Some((now, by)), ..one };
        assert_eq!(tx.committee_window_of_link(&token).await.unwrap(), Some(closed));
        assert_eq!(tx.committee_window(two.id).await.unwrap(), Some(two));
    })
    .await;
}

#[tokio::test]
async fn a_window_is_never_changed_otherwise_nor_taken_away() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let by = officer(&tx).await;
        let photograph = photographed(&tx, by).await;
        let closed = window(&tx, by, &photograph).await;
        let open = window(&tx, by, &photograph).await;
        for one in [&closed, &open] {
            tx.insert_committee_window(one).await.unwrap();
        }
        let now = tx.now().await.unwrap();
        assert!(tx.close_committee_window(closed.id, by, now).await.unwrap());
        tx.commit().await.unwrap();
        for sql in [
            "UPDATE committee_windows SET partner = 'Autre' WHERE closed_at IS NULL",
            "UPDATE committee_windows SET until = '2030-01-01' WHERE closed_at IS NULL",
            "UPDATE committee_windows SET until = '2030-01-01', closed_at = opened_at, closed_by = opened_by
             WHERE closed_at IS NULL",
            "UPDATE committee_windows SET closed_at = opened_at WHERE closed_at IS NULL",
            "UPDATE committee_windows SET closed_at = NULL, closed_by = NULL WHERE closed_at IS NOT NULL",
            "UPDATE committee_windows SET closed_at = opened_at WHERE closed_at IS NOT NULL",
            "DELETE FROM committee_windows",
        ] {
            let tx = store.begin_write().await.unwrap();
            tx.run(tx.db().execute_unprepared(sql)).await.expect_err(sql);
            tx.rollback().await.unwrap();
        }
    })
    .await;
}
