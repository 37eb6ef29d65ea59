//! People and terms.

use domain::Day;
use domain::identifiers::{EmailAddress, PersonId, TrainingLevel};
use domain::market::TermsVersion;
use domain::people::{Contact, Person, Profile, RecipientRole, Sex};
use uuid::Uuid;

use super::{blank_path, on_each, texts};
use crate::sealing::SealError;
use crate::{Keys, NewTerms, StoreError};

fn profile() -> Profile {
    Profile {
        birth_date: Day::from_ymd_opt(1980, 2, 29).unwrap(),
        level: TrainingLevel::new(3).unwrap(),
        sex: Sex::Female,
        rsa: true,
        boe: false,
    }
}

fn person(path: domain::identifiers::PathId) -> Person {
    Person {
        id: PersonId::new(Uuid::now_v7()),
        path,
        role: RecipientRole::Trainee,
        contact: Contact {
            name: "Dominique Leroy".to_owned(),
            email: Some(EmailAddress::parse("dominique@example.org").unwrap()),
            phone: None,
        },
        profile: Some(profile()),
        salt: "salt".to_owned(),
        active: true,
        reminders_off: false,
        address_refused: false,
        informed_on: None,
    }
}

#[tokio::test]
async fn a_person_reads_back_and_their_profile_is_sealed_in_the_store() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let path = blank_path(&tx).await;
        let (mut one, two) = (person(path), Person { profile: None, ..person(path) });
        tx.insert_persons(&[one.clone(), two.clone()], now).await.unwrap();
        assert_eq!(tx.person(one.id).await.unwrap().as_ref(), Some(&one));
        assert_eq!(tx.people(path).await.unwrap(), [one.clone(), two.clone()]);
        let sealed = texts(&tx, "SELECT sealed FROM persons WHERE sealed IS NOT NULL").await;
        assert_eq!(sealed.len(), 1);
        assert!(!sealed[0].contains("1980") && !sealed[0].contains("rsa"), "{sealed:?}");

        one.reminders_off = true;
        assert!(tx.update_person(&one, now).await.unwrap());
        tx.deactivate_persons(&[two.id], now).await.unwrap();
        assert_eq!(tx.people(path).await.unwrap(), [one, Person { active: false, ..two }]);
        assert!(!tx.update_person(&person(path), now).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn an_erased_person_leaves_nothing_that_says_who_it_was() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let path = blank_path(&tx).await;
        let one = person(path);
        tx.insert_persons(std::slice::from_ref(&one), now).await.unwrap();
        assert!(tx.erase_person(one.id, now).await.unwrap());
        assert!(!tx.erase_person(one.id, now).await.unwrap());
        assert_eq!(tx.person(one.id).await.unwrap(), None);
        assert!(tx.people(path).await.unwrap().is_empty());
        let left = texts(
            &tx,
            "SELECT coalesce(name, '') || coalesce(email, '') || coalesce(phone, '') || coalesce(sealed, '') || salt FROM persons",
        )
        .await;
        assert_eq!(left, [""]);
    })
    .await;
}

#[test]
fn a_profile_opens_for_its_person_with_its_key_and_unaltered() {
    let keys = Keys::derive(b"secret");
    let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let sealed = keys.seal(one, &profile());
    assert_ne!(sealed, keys.seal(one, &profile()));
    assert_eq!(keys.unseal(one, &sealed), Ok(profile()));
    assert_eq!(keys.unseal(two, &sealed), Err(SealError::Authentication));
    assert_eq!(Keys::derive(b"other").unseal(one, &sealed), Err(SealError::Authentication));
    let last = sealed.chars().nth(40).unwrap();
    let altered = format!("{}{}{}", &sealed[..40], if last == 'A' { 'B' } else { 'A' }, &sealed[41..]);
    assert_eq!(keys.unseal(one, &altered), Err(SealError::Authentication));
    for other in ["", "1.", "2.AAAA", "1.é", "1.AAAA"] {
        assert_eq!(keys.unseal(one, other), Err(SealError::Format), "{other}");
    }
}

#[tokio::test]
async fn a_person_whose_profile_does_not_open_is_named() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let one = person(blank_path(&tx).await);
        tx.insert_persons(std::slice::from_ref(&one), now).await.unwrap();
        super::execute(&tx, "UPDATE persons SET sealed = '1.AAAA'").await;
        match tx.person(one.id).await.unwrap_err() {
            StoreError::Inconsistent(row) => {
                assert_eq!((row.table, row.column, row.id), ("persons", "sealed", one.id.to_string()));
            }
            other => panic!("{other:?}"),
        }
    })
    .await;
}

#[tokio::test]
async fn the_terms_in_force_are_the_latest_effective_ones() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let day = |month| Day::from_ymd_opt(2026, month, 1).unwrap();
        let market = domain::samples::market();
        let mut more = market.clone();
        more.lots[0].places_per_year = Some(300);
        let record = async |market, effective_on, reference| {
            let new = NewTerms { market, effective_on, recorded_by: "Alix Petit", reference };
            tx.insert_terms(&new, now).await.unwrap()
        };
        assert_eq!(record(&market, day(1), None).await, TermsVersion(1));
        assert_eq!(record(&more, day(6), Some("avenant 1")).await, TermsVersion(2));
        let current = async |month| tx.current_terms(&market.code, day(month)).await.unwrap();
        assert_eq!(current(1).await.unwrap().terms.market, market);
        assert_eq!(current(5).await.unwrap().terms.version, TermsVersion(1));
        let amended = current(6).await.unwrap();
        assert_eq!((amended.terms.version, &amended.terms.market), (TermsVersion(2), &more));
        assert_eq!(amended.reference.as_deref(), Some("avenant 1"));
        assert_ne!(amended.digest, crate::terms_digest(&market));
        let before = Day::from_ymd_opt(2025, 12, 31).unwrap();
        assert_eq!(tx.current_terms(&market.code, before).await.unwrap(), None);
        assert_eq!(tx.current_terms("another", day(6)).await.unwrap(), None);
        assert_eq!(tx.all_terms().await.unwrap().len(), 2);
        assert_eq!(tx.terms(TermsVersion(2)).await.unwrap(), Some(amended));
    })
    .await;
}
