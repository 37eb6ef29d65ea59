//! Needs reported from outside: sealed, confirmed once, decided once, forgotten with their message.

use chrono::TimeDelta;
use domain::Instant;
use domain::identifiers::{EmailAddress, LotCode, MessageId, Phone, ProposalId, Siret};
use domain::people::{Contact, RecipientRole, Side};
use domain::proposal::{Need, Proposal, ProposalState, Sender};
use uuid::Uuid;

use super::{blank_path, on_each, texts};
use crate::{About, MessageFilter, NewLink, NewMessage, NewTask, Priority, Recipient, TaskFilter};

fn purpose(id: ProposalId) -> String {
    format!("need:{id}")
}

fn lot(code: &str) -> LotCode {
    LotCode::parse(code).unwrap()
}

fn proposal(company: &str, now: Instant) -> Proposal {
    Proposal {
        id: ProposalId::new(Uuid::now_v7()),
        need: Need {
            sender: Sender::MissionLocale,
            sender_name: "Ludivine Quesnel".to_owned(),
            sender_email: EmailAddress::parse("ludivine@mission.example").unwrap(),
            sender_phone: Some(Phone::parse("02 35 00 00 11").unwrap()),
            company: company.to_owned(),
            siret: Some(Siret::parse("73282932000074").unwrap()),
            commune: "76217".parse().unwrap(),
            job: "Boulanger".to_owned(),
            persons_wanted: 2,
            details: Some("Demander Gaspard.".to_owned()),
            contact: Some(Contact { name: "Gaspard Fleury".to_owned(), email: None, phone: None }),
        },
        lot: lot("1"),
        sent_at: now,
        state: ProposalState::Unconfirmed,
    }
}

fn message(id: ProposalId, now: Instant) -> NewMessage {
    let email = EmailAddress::parse("ludivine@mission.example").unwrap();
    NewMessage {
        id: MessageId::new(Uuid::now_v7()),
        about: About::default(),
        kind: "need_proposal_confirm".to_owned(),
        to: Recipient {
            role: RecipientRole::Company,
            person: None,
            account: None,
            name: email.to_string(),
            email: email.clone(),
        },
        reply_to_name: "Jalon".to_owned(),
        reply_to_email: email,
        subject: "Votre signalement".to_owned(),
        text: "…".to_owned(),
        html: "…".to_owned(),
        calendar: None,
        message_id: id.to_string(),
        thread: id.to_string(),
        rank: 0,
        priority: Priority::AccessCode,
        link: Some(NewLink { purpose: purpose(id), expires_at: now, rank: 0 }),
        reminds: None,
    }
}

#[tokio::test]
async fn one_reads_back_and_names_nobody_in_clear() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let one = proposal("Au Fournil", now);
        assert!(tx.insert_proposal(&one, "form").await.unwrap());
        assert!(!tx.insert_proposal(&proposal("Ailleurs", now), "form").await.unwrap(), "the same form");
        assert!(tx.has_proposal_of("form").await.unwrap() && !tx.has_proposal_of("other").await.unwrap());
        assert_eq!(tx.proposal(one.id).await.unwrap(), Some(one.clone()));
        let bare = Need { siret: None, sender_phone: None, details: None, contact: None, ..one.need };
        let bare = Proposal { id: ProposalId::new(Uuid::now_v7()), need: bare, ..one };
        assert!(tx.insert_proposal(&bare, "other").await.unwrap());
        assert_eq!(tx.proposal(bare.id).await.unwrap(), Some(bare));
        let sealed = texts(&tx, "SELECT sealed FROM need_proposals").await;
        assert_eq!(sealed.len(), 2);
        for part in ["Ludivine", "mission.example", "Gaspard", "235"] {
            assert!(sealed.iter().all(|sealed| !sealed.contains(part)), "{part}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_is_confirmed_once_and_decided_once() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let (taken, declined) = (proposal("Au Fournil", now), proposal("Fonderie", now));
        tx.insert_proposal(&taken, "1").await.unwrap();
        tx.insert_proposal(&declined, "2").await.unwrap();
        let path = blank_path(&tx).await;
        assert!(!tx.take_proposal(taken.id, path, "Claire", now).await.unwrap(), "nobody confirmed it");
        assert!(tx.waiting_proposals(None, 9).await.unwrap().is_empty());
        let later = now + TimeDelta::minutes(1);
        assert!(tx.confirm_proposal(declined.id, &lot("1"), now).await.unwrap());
        assert!(tx.confirm_proposal(taken.id, &lot("2"), later).await.unwrap());
        assert!(!tx.confirm_proposal(taken.id, &lot("1"), later).await.unwrap(), "once");
        let ids = async |lots: Option<&[LotCode]>| -> Vec<ProposalId> {
            tx.waiting_proposals(lots, 9).await.unwrap().into_iter().map(|one| one.id).collect()
        };
        assert_eq!(ids(None).await, [declined.id, taken.id], "the first confirmed first");
        assert_eq!(ids(Some(&[lot("2")])).await, [taken.id]);
        assert_eq!(ids(Some(&[])).await, []);
        assert_eq!(tx.count_waiting_proposals(Some(&[lot("1"), lot("2")])).await.unwrap(), 2);

        assert!(tx.take_proposal(taken.id, path, "Claire", later).await.unwrap());
        assert!(!tx.take_proposal(taken.id, path, "Hugo", later).await.unwrap());
        assert!(!tx.decline_proposal(taken.id, "Non", "Hugo", later).await.unwrap());
        assert!(tx.decline_proposal(declined.id, "Gaspard a recruté.", "Hugo", later).await.unwrap());
        assert!(!tx.take_proposal(declined.id, path, "Claire", later).await.unwrap());
        let state = ProposalState::Taken { confirmed_at: later, at: later, by: "Claire".to_owned(), path };
        assert_eq!(tx.proposal(taken.id).await.unwrap().unwrap().state, state);
        let reason = "Gaspard a recruté.".to_owned();
        let state = ProposalState::Declined { confirmed_at: now, at: later, by: "Hugo".to_owned(), reason };
        assert_eq!(tx.proposal(declined.id).await.unwrap().unwrap().state, state);
        let sealed = texts(&tx, "SELECT sealed_reason FROM need_proposals WHERE sealed_reason IS NOT NULL").await;
        assert!(sealed.len() == 1 && !sealed[0].contains("Gaspard"), "{sealed:?}");
        assert_eq!(tx.count_waiting_proposals(None).await.unwrap(), 0);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_confirmed_goes_away_with_its_message() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let (old, confirmed) = (proposal("Au Fournil", now), proposal("Fonderie", now));
        let new = Proposal { sent_at: now + TimeDelta::days(1), ..proposal("Scierie", now) };
        for (rank, one) in [&old, &confirmed, &new].into_iter().enumerate() {
            tx.insert_proposal(one, &rank.to_string()).await.unwrap();
            tx.queue(&[message(one.id, now)], now).await.unwrap();
        }
        let first = tx.messages(&MessageFilter::default()).await.unwrap().pop().expect("a message").content.id;
        let task = NewTask {
            path: None,
            order: None,
            message: Some(first),
            side: Side::Region,
            body: None,
            kind: "message_refused".to_owned(),
            detail: "need_proposal_confirm (refused)".to_owned(),
        };
        tx.insert_tasks(&[task], now).await.unwrap();
        tx.confirm_proposal(confirmed.id, &lot("1"), now).await.unwrap();
        assert!(!tx.has_forgotten_proposals(now).await.unwrap());
        let before = now + TimeDelta::hours(1);
        assert!(tx.has_forgotten_proposals(before).await.unwrap());
        assert_eq!(tx.forget_proposals(before, purpose).await.unwrap(), 1);
        assert_eq!(tx.forget_proposals(before, purpose).await.unwrap(), 0);
        assert_eq!(tx.proposal(old.id).await.unwrap(), None);
        assert!(tx.proposal(confirmed.id).await.unwrap().is_some() && tx.proposal(new.id).await.unwrap().is_some());
        let left = tx.messages(&MessageFilter::default()).await.unwrap();
        assert!(left.len() == 2 && left.iter().all(|message| message.content.id != first));
        assert!(tx.tasks(&TaskFilter::default()).await.unwrap().is_empty());
    })
    .await;
}
