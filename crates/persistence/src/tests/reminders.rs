//! Reminders follow what is planned, and each is done once.

use chrono::Duration;
use domain::Day;
use domain::clocks::{Planned, ReminderKind};
use domain::market::ClockKind;

use super::{blank_path, on_each};

fn day(number: u32) -> Day {
    Day::from_ymd_opt(2026, 11, number).unwrap()
}

fn planned(rank: i32) -> Planned {
    Planned {
        clock: ClockKind::StudyDue,
        started_on: day(1),
        kind: ReminderKind::Reminder,
        rank,
        on: day(20) + Duration::days(rank.into()),
    }
}

#[tokio::test]
async fn reminders_follow_the_plan() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let (path, other) = (blank_path(&tx).await, blank_path(&tx).await);
        let of = async |path| {
            let pending = tx.pending_reminders(path).await.unwrap();
            pending.iter().map(|reminder| reminder.planned).collect::<Vec<_>>()
        };
        tx.schedule_reminders(path, &[planned(-7), planned(-1), planned(1)], now).await.unwrap();
        tx.schedule_reminders(other, &[planned(-1)], now).await.unwrap();
        assert_eq!(of(path).await, [planned(-7), planned(-1), planned(1)]);
        let ids: Vec<_> = tx.pending_reminders(path).await.unwrap().iter().map(|reminder| reminder.id).collect();

        tx.schedule_reminders(path, &[planned(-1), planned(1), planned(8)], now).await.unwrap();
        assert_eq!(of(path).await, [planned(-1), planned(1), planned(8)]);
        let kept: Vec<_> = tx.pending_reminders(path).await.unwrap().iter().map(|reminder| reminder.id).collect();
        assert_eq!(kept[..2], ids[1..]);

        // The due day moved: the row moves, and stays one row.
        let moved = Planned { on: day(25), ..planned(-1) };
        tx.schedule_reminders(path, &[moved], now).await.unwrap();
        assert_eq!(of(path).await, [moved]);
        tx.schedule_reminders(path, &[], now).await.unwrap();
        assert!(of(path).await.is_empty());
        assert_eq!(of(other).await, [planned(-1)]);
        // What was cancelled comes back when it is planned again.
        tx.schedule_reminders(path, &[planned(1)], now).await.unwrap();
        assert_eq!(of(path).await, [planned(1)]);
    })
    .await;
}

#[tokio::test]
async fn a_reminder_is_done_once_and_for_good() {
    on_each(async |store| {
        let tx = store.begin_write().await.unwrap();
        let now = tx.now().await.unwrap();
        let path = blank_path(&tx).await;
        tx.schedule_reminders(path, &[planned(-7), planned(-1)], now).await.unwrap();
        assert!(tx.due_reminders(day(12), 10).await.unwrap().is_empty());
        assert_eq!(tx.due_reminders(day(20), 1).await.unwrap()[0].planned, planned(-7));
        assert_eq!(tx.due_reminders(day(20), 10).await.unwrap().len(), 2);
        let due = tx.due_reminders(day(13), 10).await.unwrap();
        assert_eq!((due.len(), due[0].path, due[0].planned), (1, path, planned(-7)));
        assert!(tx.finish_reminder(due[0].id, now).await.unwrap());
        assert!(!tx.finish_reminder(due[0].id, now).await.unwrap());
        tx.schedule_reminders(path, &[planned(-7), planned(-1)], now).await.unwrap();
        assert!(tx.due_reminders(day(13), 10).await.unwrap().is_empty());
        assert_eq!(tx.pending_reminders(path).await.unwrap().len(), 1);
    })
    .await;
}
