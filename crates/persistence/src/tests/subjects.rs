//! Texts of messages: versions only added, the last of each subject in force, one of two that come at once.

use domain::identifiers::AccountId;
use domain::people::{RecipientRole, StaffRole};
use domain::texts::{Content, Subject, TextVersion};
use sea_orm::ConnectionTrait;

use super::on_each;
use crate::Tx;

fn company() -> Subject {
    Subject::Message { kind: "feasibility_ordered".to_owned(), role: RecipientRole::Company }
}

fn content(text: &str) -> Content {
    Content { title: "Une étude".to_owned(), text: text.to_owned(), signature: String::new() }
}

async fn version(tx: &Tx, by: AccountId, subject: Subject, version: u32, content: Option<Content>) -> TextVersion {
    TextVersion { subject, version, content, reason: "Plus clair.".to_owned(), by, at: tx.now().await.unwrap() }
}

/// Somebody of the Region.
async fn officer(tx: &Tx) -> AccountId {
    let account = domain::samples::account(StaffRole::RegionOfficer, 1);
    tx.insert_account(&account, tx.now().await.unwrap()).await.unwrap();
    account.id
}

#[tokio::test]
async fn versions_read_back_and_the_last_of_each_subject_is_in_force() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let by = officer(&tx).await;
        let lot = Subject::Lot("1".parse().unwrap());
        let first = version(&tx, by, company(), 1, Some(content("Un."))).await;
        let second = version(&tx, by, company(), 2, Some(content("Deux."))).await;
        let third = version(&tx, by, company(), 3, None).await;
        let of_lot = version(&tx, by, lot, 1, Some(content("Ouvert le matin."))).await;
        for version in [&first, &second, &of_lot] {
            assert!(tx.insert_text(version).await.unwrap());
        }
        assert_eq!(tx.texts_in_force().await.unwrap(), [second.clone(), of_lot.clone()]);
        assert!(tx.insert_text(&third).await.unwrap());
        assert_eq!(tx.texts_in_force().await.unwrap(), [third.clone(), of_lot]);
        assert_eq!(tx.text_versions(&company()).await.unwrap(), [third, second, first]);
        tx.commit().await.unwrap();
        assert_eq!(store.verify(&|_, _| {}).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn one_of_two_that_come_at_once_is_kept() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let by = officer(&tx).await;
        let one = version(&tx, by, company(), 1, Some(content("Un."))).await;
        let other = version(&tx, by, company(), 1, Some(content("Autre."))).await;
        tx.commit().await.unwrap();
        let write = async |text: TextVersion| {
            let tx = store.begin_write().await.unwrap();
            let kept = tx.insert_text(&text).await.unwrap();
            tx.commit().await.unwrap();
            kept
        };
        let (first, second) = tokio::join!(write(one.clone()), write(other.clone()));
        assert!(first != second, "one of them is kept");
        let kept = if first { one } else { other };
        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.text_versions(&company()).await.unwrap(), [kept]);
    })
    .await;
}

#[tokio::test]
async fn a_version_is_never_changed_nor_taken_away() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let by = officer(&tx).await;
        let one = version(&tx, by, company(), 1, Some(content("Un."))).await;
        assert!(tx.insert_text(&one).await.unwrap());
        tx.commit().await.unwrap();
        for sql in ["UPDATE message_texts SET content = 'Autre.'", "DELETE FROM message_texts"] {
            let tx = store.begin_write().await.unwrap();
            tx.run(tx.db().execute_unprepared(sql)).await.unwrap_err();
            tx.rollback().await.unwrap();
        }
    })
    .await;
}
