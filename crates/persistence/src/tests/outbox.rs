//! The outbox: order, leases, fences, and what becomes of a message.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::Instant;
use domain::identifiers::{AccountId, EmailAddress, LotCode, MessageId, PersonId};
use domain::people::{Contact, Person, RecipientRole, Side};
use domain::samples;
use uuid::Uuid;

use super::play::Play;
use super::{blank_path, on_each};
use crate::{
    About, CameBack, Claiming, Duplicate, Message, MessageFilter, MessageState, NewLink, NewMessage, NewTask, Priority,
    Recipient, Returned, Store, StoreError, TaskFilter, Tx, Within,
};

pub(super) const CLAIMING: Claiming =
    Claiming { lease: TimeDelta::minutes(2), longest_backoff: TimeDelta::minutes(72) };

pub(super) fn message(priority: Priority) -> NewMessage {
    let id = MessageId::new(Uuid::now_v7());
    NewMessage {
        id,
        about: About::default(),
        kind: "need_reported".to_owned(),
        to: Recipient {
            role: RecipientRole::Company,
            person: None,
            account: None,
            name: "Dominique Leroy".to_owned(),
            email: EmailAddress::parse("dominique@example.org").unwrap(),
        },
        reply_to_name: "Camille Durand".to_owned(),
        reply_to_email: EmailAddress::parse("camille@example.org").unwrap(),
        subject: "FEST-1-2026-0001".to_owned(),
        text: "Bonjour".to_owned(),
        html: "<p>Bonjour</p>".to_owned(),
        calendar: None,
        message_id: format!("{id}@example.org"),
        thread: "FEST-1-2026-0001@example.org".to_owned(),
        rank: 0,
        priority,
        link: None,
        reminds: None,
    }
}

pub(super) fn task() -> NewTask {
    NewTask {
        path: None,
        order: None,
        message: None,
        side: Side::Body,
        body: None,
        kind: "address_refused".to_owned(),
        detail: "company".to_owned(),
    }
}

/// Queues messages and commits.
async fn queue(store: &Store, new: &[NewMessage]) -> Instant {
    let tx = store.begin_write().await.unwrap();
    let now = tx.now().await.unwrap();
    tx.queue(new, now).await.unwrap();
    tx.commit().await.unwrap();
    now
}

async fn state_of(tx: &Tx, id: MessageId) -> MessageState {
    tx.message(id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn a_message_reads_back_as_it_was_queued() {
    on_each(async |store| {
        let mut new = message(Priority::Decision);
        new.calendar = Some("BEGIN:VCALENDAR".to_owned());
        let expires_at = store.store_now().await.unwrap() + TimeDelta::days(10);
        new.link = Some(NewLink { purpose: "confirm_commitment".to_owned(), expires_at, rank: 1 });
        let now = queue(&store, std::slice::from_ref(&new)).await;
        let tx = store.begin_write().await.unwrap();
        let read = tx.message(new.id).await.unwrap().unwrap();
        assert_eq!((&read.content, read.state, read.attempts), (&new, MessageState::Queued, 0));
        assert_eq!((read.queued_at, read.due_at, read.sent_at), (now, now, None));
        let error = tx.queue(&[NewMessage { id: MessageId::new(Uuid::now_v7()), link: None, ..new }], now).await;
        assert!(matches!(error, Err(StoreError::Duplicate(Duplicate::MessageId))), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn messages_leave_by_priority_then_in_the_order_in_which_they_came() {
    on_each(async |store| {
        let new = [Priority::Reminder, Priority::Decision, Priority::Decision, Priority::AccessCode].map(message);
        let now = queue(&store, &new).await;
        let tx = store.begin_write().await.unwrap();
        for expected in [3, 1, 2, 0] {
            let claimed = tx.claim_one(now, &CLAIMING).await.unwrap().unwrap();
            assert_eq!(claimed.message.content.id, new[expected].id);
            assert_eq!((claimed.message.state, claimed.message.attempts), (MessageState::Sending, 1));
            assert!(tx.mark_sent(&claimed.claim, now).await.unwrap());
        }
        assert_eq!(tx.claim_one(now, &CLAIMING).await.unwrap(), None);
        let counts = tx.message_counts().await.unwrap();
        assert_eq!(counts, [(MessageState::Sent, 4, now)]);
    })
    .await;
}

#[tokio::test]
async fn many_workers_claim_each_message_once() {
    on_each(async |store| {
        let new: Vec<_> = (0..30).map(|_| message(Priority::Decision)).collect();
        let now = queue(&store, &new).await;
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let store = store.clone();
            workers.spawn(async move {
                let mut claimed = Vec::new();
                loop {
                    let tx = store.begin_write().await.unwrap();
                    let next = tx.claim_one(now, &CLAIMING).await.unwrap();
                    tx.commit().await.unwrap();
                    let Some(next) = next else { return claimed };
                    let tx = store.begin_write().await.unwrap();
                    assert!(tx.mark_sent(&next.claim, now).await.unwrap());
                    tx.commit().await.unwrap();
                    claimed.push(next.claim.message);
                }
            });
        }
        let claimed: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
        assert_eq!(claimed.len(), 30);
        let expected: BTreeSet<_> = new.iter().map(|message| message.id).collect();
        assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), expected);
    })
    .await;
}

#[tokio::test]
async fn a_worker_frozen_beyond_its_lease_changes_nothing() {
    on_each(async |store| {
        let new = message(Priority::Decision);
        let now = queue(&store, std::slice::from_ref(&new)).await;
        let tx = store.begin_write().await.unwrap();
        let frozen = tx.claim_one(now, &CLAIMING).await.unwrap().unwrap();
        let soon = now + CLAIMING.lease - TimeDelta::microseconds(1);
        assert_eq!(tx.claim_one(soon, &CLAIMING).await.unwrap(), None);
        let later = now + CLAIMING.lease;
        let second = tx.claim_one(later, &CLAIMING).await.unwrap().unwrap();
        assert_eq!(second.message.content, frozen.message.content);
        assert!(!tx.mark_sent(&frozen.claim, later).await.unwrap());
        assert!(!tx.mark_temporary(&frozen.claim, "450", later).await.unwrap());
        assert!(!tx.mark_refused(&frozen.claim, "550", &task(), later).await.unwrap());
        assert!(!tx.mark_failed(&frozen.claim, "given up", &task(), later).await.unwrap());
        assert!(!tx.give_back(&frozen.claim, later).await.unwrap());
        assert_eq!(state_of(&tx, new.id).await, MessageState::Sending);
        assert!(tx.tasks(&TaskFilter::default()).await.unwrap().is_empty());
        assert!(tx.mark_sent(&second.claim, later).await.unwrap());
        assert!(!tx.mark_sent(&frozen.claim, later).await.unwrap());
        assert_eq!(tx.message(new.id).await.unwrap().unwrap().sent_at, Some(later));
    })
    .await;
}

#[tokio::test]
async fn a_temporary_failure_waits_and_a_clock_set_back_freezes_nothing() {
    on_each(async |store| {
        let new = message(Priority::Decision);
        let now = queue(&store, std::slice::from_ref(&new)).await;
        let tx = store.begin_write().await.unwrap();
        let claimed = tx.claim_one(now, &CLAIMING).await.unwrap().unwrap();
        let retry = now + TimeDelta::hours(1);
        assert!(tx.mark_temporary(&claimed.claim, "451 greylisted", retry).await.unwrap());
        assert_eq!(tx.claim_one(retry - TimeDelta::microseconds(1), &CLAIMING).await.unwrap(), None);
        let two_days_ago = now - TimeDelta::days(2);
        let claimed = tx.claim_one(two_days_ago, &CLAIMING).await.unwrap().unwrap();
        assert_eq!((claimed.message.attempts, claimed.message.last_error.as_deref()), (2, Some("451 greylisted")));
        // Another worker read the clock a moment before that one did: its message is not abandoned.
        let moment_before = two_days_ago - TimeDelta::milliseconds(2);
        assert_eq!(tx.claim_one(moment_before, &CLAIMING).await.unwrap(), None);
        // And the same for the lease of a worker that died before the clock was set back further.
        let claimed = tx.claim_one(now - TimeDelta::days(3), &CLAIMING).await.unwrap().unwrap();
        assert!(tx.give_back(&claimed.claim, now).await.unwrap());
        assert!(tx.claim_one(now, &CLAIMING).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_message_comes_back_once_and_only_after_it_left() {
    on_each(async |store| {
        for became in [Returned::Refused, Returned::Failed] {
            let new = message(Priority::Decision);
            let now = queue(&store, std::slice::from_ref(&new)).await;
            let tx = store.begin_write().await.unwrap();
            assert_eq!(tx.message_by_message_id(&new.message_id).await.unwrap().unwrap().content, new);
            assert_eq!(tx.message_by_message_id("another@example.org").await.unwrap(), None);
            let back = async |tx: &Tx| tx.mark_returned(new.id, became, "returned", &task(), now).await.unwrap();
            assert!(!back(&tx).await, "it waits");
            let claimed = tx.claim_one(now, &CLAIMING).await.unwrap().unwrap();
            assert!(!back(&tx).await, "it is being handed over");
            assert!(tx.mark_sent(&claimed.claim, now).await.unwrap());
            assert!(back(&tx).await);
            assert!(!back(&tx).await, "it came back already");
            let read = tx.message(new.id).await.unwrap().unwrap();
            let state = if became == Returned::Refused { MessageState::Refused } else { MessageState::Failed };
            assert_eq!((read.state, read.last_error.as_deref(), read.sent_at), (state, Some("returned"), None));
            assert_eq!((read.left_at(), read.came_back), (Some(now), Some(CameBack { left_at: now, at: now })));
            tx.commit().await.unwrap();
        }
        let tx = store.begin_read().await.unwrap();
        assert_eq!(tx.tasks(&TaskFilter::default()).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_refused_address_shows_on_the_message_the_person_and_as_a_task() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let person = Person {
            id: PersonId::new(Uuid::now_v7()),
            path: blank_path(&tx).await,
            role: RecipientRole::Company,
            contact: Contact {
                name: "Dominique Leroy".to_owned(),
                email: Some(EmailAddress::parse("dominique@example.org").unwrap()),
                phone: None,
            },
            profile: None,
            salt: "salt".to_owned(),
            active: true,
            reminders_off: false,
            address_refused: false,
            informed_on: None,
        };
        let colleague = Person { id: PersonId::new(Uuid::now_v7()), ..person.clone() };
        tx.insert_persons(&[person.clone(), colleague.clone()], now).await.unwrap();
        let mut new = message(Priority::Decision);
        new.to.person = Some(person.id);
        tx.queue(std::slice::from_ref(&new), now).await.unwrap();
        let claimed = tx.claim_one(now, &CLAIMING).await.unwrap().unwrap();
        assert!(tx.mark_refused(&claimed.claim, "550 no such user", &task(), now).await.unwrap());
        assert_eq!(state_of(&tx, new.id).await, MessageState::Refused);
        assert!(tx.person(person.id).await.unwrap().unwrap().address_refused);
        assert!(!tx.person(colleague.id).await.unwrap().unwrap().address_refused);
        assert_eq!(tx.tasks(&TaskFilter::default()).await.unwrap()[0].about, task());
        assert_eq!(tx.claim_one(now + TimeDelta::days(1), &CLAIMING).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_message_given_up_is_a_task() {
    on_each(async |store| {
        let new = message(Priority::Decision);
        let now = queue(&store, std::slice::from_ref(&new)).await;
        let tx = store.begin_write().await.unwrap();
        let claimed = tx.claim_one(now, &CLAIMING).await.unwrap().unwrap();
        assert!(tx.mark_failed(&claimed.claim, "no route", &task(), now).await.unwrap());
        assert_eq!(state_of(&tx, new.id).await, MessageState::Failed);
        assert_eq!(tx.tasks(&TaskFilter::default()).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn nothing_leaves_while_sending_is_suspended_or_a_message_is_held() {
    on_each(async |store| {
        let new = message(Priority::Decision);
        let now = queue(&store, std::slice::from_ref(&new)).await;
        let tx = store.begin_write().await.unwrap();
        tx.suspend_sending("restored").await.unwrap();
        assert_eq!(tx.claim_one(now, &CLAIMING).await.unwrap(), None);
        assert_eq!(tx.sending_suspended().await.unwrap().as_deref(), Some("restored"));
        assert!(tx.resume_sending().await.unwrap());
        assert!(tx.hold_message(new.id).await.unwrap());
        assert_eq!(tx.claim_one(now, &CLAIMING).await.unwrap(), None);
        assert!(tx.release_message(new.id, now).await.unwrap());
        assert!(!tx.release_message(new.id, now).await.unwrap());
        assert!(tx.claim_one(now, &CLAIMING).await.unwrap().is_some());
        assert!(!tx.hold_message(new.id).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_link_is_found_by_its_token_and_by_nothing_in_the_store() {
    on_each(async |store| {
        let mut new = message(Priority::Decision);
        let now = store.store_now().await.unwrap();
        let person = PersonId::new(Uuid::now_v7());
        new.to.person = Some(person);
        new.link = Some(NewLink { purpose: "sign_pif".to_owned(), expires_at: now + TimeDelta::days(10), rank: 0 });
        let token = new.link_token(store.keys()).unwrap();
        queue(&store, std::slice::from_ref(&new)).await;
        let tx = store.begin_write().await.unwrap();
        let found = tx.message_of_link(&token).await.unwrap().unwrap();
        assert_eq!((found.content, found.link_revoked_at), (new.clone(), None));
        assert!(tx.message_of_link(&crate::token_hash(&token)).await.unwrap().is_none());
        assert_eq!(tx.revoke_links(&[PersonId::new(Uuid::now_v7())], now).await.unwrap(), 0);
        assert_eq!(tx.revoke_links(&[person], now).await.unwrap(), 1);
        assert_eq!(tx.message_of_link(&token).await.unwrap().unwrap().link_revoked_at, Some(now));
    })
    .await;
}

#[tokio::test]
async fn messages_are_listed_page_by_page() {
    on_each(async |store| {
        let new: Vec<_> = (0..5).map(|_| message(Priority::Decision)).collect();
        let now = queue(&store, &new).await;
        let tx = store.begin_write().await.unwrap();
        let filter = MessageFilter { limit: Some(3), ..MessageFilter::default() };
        let page = tx.messages(&filter).await.unwrap();
        assert_eq!(page.iter().map(|m| m.content.id).collect::<Vec<_>>(), [new[4].id, new[3].id, new[2].id]);
        let rest = tx.messages(&MessageFilter { before: Some(page[2].seq), ..filter }).await.unwrap();
        assert_eq!(rest.iter().map(|m| m.content.id).collect::<Vec<_>>(), [new[1].id, new[0].id]);
        tx.claim_one(now, &CLAIMING).await.unwrap().unwrap();
        let sending = MessageFilter { states: vec![MessageState::Sending], ..MessageFilter::default() };
        assert_eq!(tx.messages(&sending).await.unwrap().len(), 1);
        let none = MessageFilter { person: Some(PersonId::new(Uuid::now_v7())), ..MessageFilter::default() };
        assert!(tx.messages(&none).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_sees_some_lots_finds_their_paths_their_orders_and_what_was_sent_to_them_alone() {
    on_each(async |store| {
        let reference = Play::on(&store).order("P1 1").await;
        let tx = store.begin_write().await.unwrap();
        let (mine, others) = (AccountId::new(Uuid::now_v7()), AccountId::new(Uuid::now_v7()));
        let path = About { path: Some(blank_path(&tx).await), ..About::default() };
        let order = tx.order_by_reference(&reference).await.unwrap().unwrap().order.id;
        let order = About { order: Some(order), ..About::default() };
        let to = |role: RecipientRole, about: About, account: Option<AccountId>| {
            let mut new = message(Priority::Decision);
            new.about = about;
            new.to.role = role;
            new.to.account = account;
            new
        };
        let about = |about, account| to(RecipientRole::Body, about, account);
        let neither = About::default;
        let new = [
            about(path, None),
            about(order, Some(others)),
            about(neither(), Some(mine)),
            about(neither(), Some(others)),
            about(neither(), None),
            // What an order says to others is not the body's to read.
            to(RecipientRole::Region, order, None),
            to(RecipientRole::Finance, order, None),
        ];
        let now = tx.now().await.unwrap();
        tx.queue(&new, now).await.unwrap();
        let seen_by = async |body: &str, lots: &[&str], account: Option<AccountId>| {
            let (lots, body) = (lots.iter().map(|lot| LotCode::parse(lot).unwrap()).collect(), body.parse().unwrap());
            let filter = MessageFilter { within: Some(Within { lots, body, account }), ..MessageFilter::default() };
            let listed = tx.messages(&filter).await.unwrap();
            let rank = |listed: &Message| new.iter().position(|new| new.id == listed.content.id);
            listed.iter().filter_map(rank).collect::<Vec<_>>()
        };
        let seen = async |lots: &[&str], account| seen_by(samples::BODY_1, lots, account).await;
        assert_eq!(seen(&["1"], Some(mine)).await, [2, 1, 0]);
        assert_eq!(seen(&["1", "2"], None).await, [1, 0]);
        assert_eq!(seen(&["2"], Some(others)).await, [3]);
        assert!(seen(&[], None).await.is_empty());
        // The lot changed hands: its paths stay with the body that had them.
        assert_eq!(seen_by(samples::BODY_2, &["1"], None).await, [1]);
    })
    .await;
}

#[tokio::test]
async fn messages_are_found_by_account_and_title_and_tasks_by_message() {
    on_each(async |store| {
        let account = AccountId::new(Uuid::now_v7());
        let to = |account: Option<AccountId>, subject: &str| {
            let mut new = message(Priority::Decision);
            (new.to.account, new.subject) = (account, subject.to_owned());
            new
        };
        let new = [to(Some(account), "Vos parcours"), to(Some(account), "Vos parcours 2"), to(None, "Vos parcours")];
        let now = queue(&store, &new).await;
        let tx = store.begin_write().await.unwrap();
        let found = async |filter: MessageFilter| {
            let listed = tx.messages(&filter).await.unwrap();
            let rank = |listed: &Message| new.iter().position(|new| new.id == listed.content.id);
            listed.iter().filter_map(rank).collect::<Vec<_>>()
        };
        let (own, titled) = (Some(account), Some("Vos parcours".to_owned()));
        assert_eq!(found(MessageFilter { account: own, ..MessageFilter::default() }).await, [1, 0]);
        assert_eq!(found(MessageFilter { titled: titled.clone(), ..MessageFilter::default() }).await, [2, 0]);
        assert_eq!(found(MessageFilter { account: own, titled, ..MessageFilter::default() }).await, [0]);
        let tasks: Vec<_> =
            new.iter().map(|new| NewTask { path: None, message: Some(new.id), ..task() }).chain([task()]).collect();
        tx.insert_tasks(&tasks, now).await.unwrap();
        let about = async |messages: &[usize], kind: Option<&str>| {
            let messages = messages.iter().map(|rank| new[*rank].id).collect();
            let kind = kind.map(str::to_owned);
            tx.tasks(&TaskFilter { messages: Some(messages), kind, ..TaskFilter::default() }).await.unwrap().len()
        };
        assert_eq!((about(&[0, 2], None).await, about(&[], None).await), (2, 0));
        assert_eq!((about(&[1], Some(&task().kind)).await, about(&[1], Some("another")).await), (1, 0));
    })
    .await;
}
