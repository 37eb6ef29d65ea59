//! Accounts, tokens, terms, settings, numbers, digests and tasks.

use chrono::TimeDelta;
use domain::Day;
use domain::delegation::Delegation;
use domain::identifiers::{AccountId, BodyCode, DelegationId, EmailAddress, LotCode};
use domain::news::{News, Pace, Preferences};
use domain::people::{Account, Side, StaffRole};
use uuid::Uuid;

use super::on_each;
use crate::{Duplicate, NewTask, StoreError, TaskFilter};

fn account(email: &str) -> Account {
    Account {
        id: AccountId::new(Uuid::now_v7()),
        email: EmailAddress::parse(email).unwrap(),
        name: "Camille Durand".to_owned(),
        role: StaffRole::Coordinator,
        body: Some(BodyCode::parse("retravailler").unwrap()),
        lots: vec![LotCode::parse("1").unwrap()],
        phone: None,
        active: true,
        ends_on: None,
        preferences: Preferences { news: [(News::Needs, Pace::Weekly)].into(), reminders_off: true },
        version: 1,
    }
}

#[tokio::test]
async fn an_account_reads_back_as_it_was_written() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let mut account = account("camille@example.org");
        tx.insert_account(&account, now).await.unwrap();
        assert_eq!(tx.account(account.id).await.unwrap().as_ref(), Some(&account));
        assert_eq!(tx.account_by_email(&account.email).await.unwrap().as_ref(), Some(&account));
        assert_eq!(tx.active_accounts(StaffRole::Coordinator).await.unwrap(), [account.clone()]);
        account.active = false;
        account.name = "Camille Martin".to_owned();
        assert!(tx.update_account(&account).await.unwrap());
        assert!(!tx.update_account(&account).await.unwrap(), "what was read is no longer what stands");
        account.version = 2;
        assert_eq!(tx.lock_accounts().await.unwrap(), [account.clone()]);
        assert_eq!(tx.accounts().await.unwrap(), [account]);
        assert!(tx.active_accounts(StaffRole::Coordinator).await.unwrap().is_empty());
        tx.commit().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_address_has_one_account() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        tx.insert_account(&account("camille@example.org"), now).await.unwrap();
        let error = tx.insert_account(&account("camille@example.org"), now).await.unwrap_err();
        assert!(matches!(error, StoreError::Duplicate(Duplicate::AccountEmail)), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn a_token_works_until_it_expires_is_revoked_or_its_account_is_closed() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let hour = TimeDelta::hours(1);
        let mut account = account("camille@example.org");
        tx.insert_account(&account, now).await.unwrap();
        let (token, secret) = tx.create_token(account.id, "script", Some(now + hour), now).await.unwrap();
        assert!(tx.authenticate("another", now).await.unwrap().is_none());
        assert_eq!(tx.authenticate(&secret, now).await.unwrap().unwrap().1, account);
        assert!(tx.authenticate(&secret, now + hour).await.unwrap().is_none());
        tx.touch_token(token.id, now).await.unwrap();
        assert_eq!(tx.tokens().await.unwrap()[0].last_used_at, Some(now));

        account.active = false;
        tx.update_account(&account).await.unwrap();
        assert!(tx.authenticate(&secret, now).await.unwrap().is_none());
        (account.active, account.version) = (true, 2);
        tx.update_account(&account).await.unwrap();
        assert!(tx.revoke_token(token.id, now).await.unwrap());
        assert!(!tx.revoke_token(token.id, now).await.unwrap());
        assert!(tx.authenticate(&secret, now).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn delegations_are_kept_and_may_end_early() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let (one, two) = (account("une@example.org"), account("deux@example.org"));
        tx.insert_account(&one, now).await.unwrap();
        tx.insert_account(&two, now).await.unwrap();
        let day = |text: &str| text.parse::<Day>().unwrap();
        let delegation = |from: &Account, to: &Account, starts_on: &str, ends_on: &str| Delegation {
            id: DelegationId::new(Uuid::now_v7()),
            from: from.id,
            to: to.id,
            starts_on: day(starts_on),
            ends_on: day(ends_on),
            ended_at: None,
        };
        let later = delegation(&one, &two, "2027-01-10", "2027-01-12");
        let sooner = delegation(&two, &one, "2026-12-01", "2026-12-05");
        tx.insert_delegation(&later, now).await.unwrap();
        tx.insert_delegation(&sooner, now).await.unwrap();
        assert_eq!(tx.delegations().await.unwrap(), [sooner.clone(), later.clone()]);
        assert!(!tx.end_delegation(sooner.id, day("2026-12-06"), now).await.unwrap(), "it is over by itself");
        assert!(tx.end_delegation(later.id, day("2026-12-06"), now).await.unwrap());
        assert!(!tx.end_delegation(later.id, day("2026-12-06"), now).await.unwrap());
        assert_eq!(tx.delegations().await.unwrap(), [sooner]);
        let ended = Delegation { ended_at: Some(now), ..later };
        assert_eq!(tx.all_delegations().await.unwrap().first(), Some(&ended));
        let ahead = delegation(&one, &two, "2027-02-01", "2027-02-02");
        tx.insert_delegation(&ahead, now).await.unwrap();
        assert_eq!(tx.end_delegations_of(two.id, day("2026-12-06"), now).await.unwrap(), 1);
        let mut backwards = delegation(&one, &two, "2027-03-02", "2027-03-01");
        assert!(tx.insert_delegation(&backwards, now).await.is_err());
        drop(tx);
        let tx = store.begin_write().await.unwrap();
        (backwards.ends_on, backwards.to) = (day("2027-03-03"), backwards.from);
        assert!(tx.insert_delegation(&backwards, now).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn numbers_follow_each_other_without_gap() {
    on_each(async |store| {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let store = store.clone();
            tasks.spawn(async move {
                let tx = store.begin_write().await.unwrap();
                let number = tx.next_number("path-1-2026").await.unwrap();
                tx.commit().await.unwrap();
                number
            });
        }
        let mut numbers = tasks.join_all().await;
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=20).collect::<Vec<_>>());

        let tx = store.begin_write().await.unwrap();
        assert_eq!(tx.coming_number("path-1-2026").await.unwrap(), 21);
        assert_eq!(tx.next_number("path-1-2026").await.unwrap(), 21);
        drop(tx);
        let tx = store.begin_write().await.unwrap();
        assert_eq!(tx.next_number("path-1-2026").await.unwrap(), 21);
        assert_eq!(tx.next_number("path-2-2026").await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn one_process_at_a_time_holds_a_turn() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let span = TimeDelta::seconds(30);
        assert!(tx.take_turn("clocks", one, now, span).await.unwrap());
        assert!(tx.take_turn("clocks", one, now + TimeDelta::seconds(10), span).await.unwrap());
        assert!(!tx.take_turn("clocks", two, now + TimeDelta::seconds(39), span).await.unwrap());
        assert!(tx.take_turn("clocks", two, now + TimeDelta::seconds(40), span).await.unwrap());
        // The clock was set back: a turn further ahead than any turn goes is past.
        assert!(tx.take_turn("clocks", one, now - TimeDelta::hours(2), span).await.unwrap());
        tx.give_turn_back("clocks", two).await.unwrap();
        assert!(!tx.take_turn("clocks", two, now - TimeDelta::hours(2), span).await.unwrap());
        tx.give_turn_back("clocks", one).await.unwrap();
        assert!(tx.take_turn("clocks", two, now - TimeDelta::hours(2), span).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_task_is_done_once() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let task = NewTask {
            path: None,
            order: None,
            message: None,
            side: Side::Body,
            body: Some(BodyCode::parse("afpa").unwrap()),
            kind: "address_refused".to_owned(),
            detail: "company".to_owned(),
        };
        tx.insert_tasks(std::slice::from_ref(&task), now).await.unwrap();
        let listed = tx.tasks(&TaskFilter { side: Some(Side::Body), ..TaskFilter::default() }).await.unwrap();
        assert_eq!(listed.iter().map(|task| &task.about).collect::<Vec<_>>(), [&task]);
        assert!(tx.tasks(&TaskFilter { side: Some(Side::Region), ..TaskFilter::default() }).await.unwrap().is_empty());
        assert!(tx.finish_task(listed[0].id, "Camille Durand", now).await.unwrap());
        assert!(!tx.finish_task(listed[0].id, "Alix Petit", now).await.unwrap());
        assert!(tx.tasks(&TaskFilter::default()).await.unwrap().is_empty());
        let done = tx.tasks(&TaskFilter { with_done: true, ..TaskFilter::default() }).await.unwrap();
        assert_eq!(done[0].done, Some((now, "Camille Durand".to_owned())));
    })
    .await;
}

#[tokio::test]
async fn the_digest_of_a_day_is_recorded_once() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let day = Day::from_ymd_opt(2026, 11, 23).unwrap();
        let first = tx.record_digest(day, now).await.unwrap();
        assert_eq!(first.heads, 0);
        let second = tx.record_digest(day, now + TimeDelta::hours(1)).await.unwrap();
        assert_eq!(first, second);
        assert_eq!(tx.digests().await.unwrap(), [first]);
    })
    .await;
}

#[tokio::test]
async fn an_account_with_a_last_day_reads_back_and_its_tokens_end_with_it() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let today = domain::calendar::paris_day(now);
        let account =
            Account { ends_on: Some(today), role: StaffRole::Auditor, body: None, ..account("a@example.org") };
        tx.insert_account(&account, now).await.unwrap();
        assert_eq!(tx.account(account.id).await.unwrap().unwrap().ends_on, Some(today));
        let (_, secret) = tx.create_token(account.id, "essai", None, now).await.unwrap();
        assert!(tx.authenticate(&secret, domain::calendar::at_paris(today, 23, 59)).await.unwrap().is_some());
        let after = domain::calendar::at_paris(today + chrono::Duration::days(1), 0, 0);
        assert!(tx.authenticate(&secret, after).await.unwrap().is_none());
    })
    .await;
}
