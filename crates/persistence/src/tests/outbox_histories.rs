//! Random histories of the outbox against a model: which message is claimed, whose word counts, and that all of them end.

use chrono::TimeDelta;
use domain::Instant;
use domain::identifiers::MessageId;

use super::on_each;
use super::outbox::{CLAIMING, message, task};
use crate::store::SKEW;
use crate::{Claim, MessageState, Priority, Tx};

/// Histories on each store, and steps of each.
const HISTORIES: u64 = 6;
const STEPS: usize = 120;
const WORKERS: usize = 4;

/// A small generator: the same seed gives the same history.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What the model knows of a message.
struct Known {
    id: MessageId,
    priority: Priority,
    state: MessageState,
    due_at: Instant,
    lease_until: Option<Instant>,
    /// The worker whose claim is the last one.
    holder: Option<usize>,
}

impl Known {
    fn claimable(&self, now: Instant) -> bool {
        match self.state {
            MessageState::Queued => self.due_at <= now || self.due_at > now + CLAIMING.longest_backoff + SKEW,
            MessageState::Sending => {
                self.lease_until.is_some_and(|until| until <= now || until > now + CLAIMING.lease + SKEW)
            }
            MessageState::Sent | MessageState::Refused | MessageState::Failed | MessageState::Held => false,
        }
    }
}

struct World<'a> {
    tx: &'a Tx,
    now: Instant,
    messages: Vec<Known>,
    /// What each worker believes to hold.
    hands: [Option<(Claim, usize)>; WORKERS],
}

impl World<'_> {
    async fn queue(&mut self, chance: &mut Chance) {
        let priority = [Priority::AccessCode, Priority::Decision, Priority::Reminder][chance.below(3) as usize];
        let new = message(priority);
        self.tx.queue(std::slice::from_ref(&new), self.now).await.unwrap();
        self.messages.push(Known {
            id: new.id,
            priority,
            state: MessageState::Queued,
            due_at: self.now,
            lease_until: None,
            holder: None,
        });
    }

    async fn claim(&mut self, worker: usize) {
        let now = self.now;
        let claimable = self.messages.iter_mut().enumerate().filter(|(_, known)| known.claimable(now));
        let expected = claimable.min_by_key(|(index, known)| (known.priority, *index));
        let claimed = self.tx.claim_one(now, &CLAIMING).await.unwrap();
        assert_eq!(claimed.as_ref().map(|claimed| claimed.claim.message), expected.as_ref().map(|(_, known)| known.id));
        let (Some(claimed), Some((index, known))) = (claimed, expected) else { return };
        known.state = MessageState::Sending;
        known.lease_until = Some(now + CLAIMING.lease);
        known.holder = Some(worker);
        // A worker that claims again has lost sight of what it held.
        self.hands[worker] = Some((claimed.claim, index));
    }

    async fn settle(&mut self, worker: usize, chance: &mut Chance) {
        let Some((claim, index)) = self.hands[worker].take() else { return };
        let (tx, now) = (self.tx, self.now);
        let due = now + TimeDelta::minutes(i64::try_from(chance.below(70)).unwrap());
        let (state, counts, due_at) = match chance.below(6) {
            0 | 1 => (MessageState::Sent, tx.mark_sent(&claim, now).await.unwrap(), None),
            2 | 3 => (MessageState::Queued, tx.mark_temporary(&claim, "450", due).await.unwrap(), Some(due)),
            4 => (MessageState::Refused, tx.mark_refused(&claim, "550", &task(), now).await.unwrap(), None),
            _ => (MessageState::Queued, tx.give_back(&claim, now).await.unwrap(), Some(now)),
        };
        let known = &mut self.messages[index];
        let holds = known.state == MessageState::Sending && known.holder == Some(worker);
        assert_eq!(counts, holds, "the word of a worker counts while its claim is the last one");
        if counts {
            known.state = state;
            known.holder = None;
            known.lease_until = None;
            known.due_at = due_at.unwrap_or(known.due_at);
        }
    }

    async fn step(&mut self, chance: &mut Chance) {
        let worker = chance.below(WORKERS as u64) as usize;
        match chance.below(12) {
            0..=2 => self.queue(chance).await,
            3..=6 => self.claim(worker).await,
            7..=9 => self.settle(worker, chance).await,
            10 => self.now += TimeDelta::seconds(i64::try_from(chance.below(3_600)).unwrap()),
            _ if chance.below(5) == 0 => self.now -= TimeDelta::days(2),
            _ => self.now += TimeDelta::seconds(30),
        }
    }

    /// Sends everything that is left: nothing may be stuck.
    async fn drain(&mut self) {
        self.now += CLAIMING.longest_backoff + CLAIMING.lease;
        while let Some(claimed) = self.tx.claim_one(self.now, &CLAIMING).await.unwrap() {
            assert!(self.tx.mark_sent(&claimed.claim, self.now).await.unwrap());
            let known = self.messages.iter_mut().find(|known| known.id == claimed.claim.message).unwrap();
            known.state = MessageState::Sent;
        }
        for known in &self.messages {
            let stored = self.tx.message(known.id).await.unwrap().unwrap();
            assert_eq!(stored.state, known.state);
            assert!(matches!(known.state, MessageState::Sent | MessageState::Refused), "{:?}", known.state);
        }
    }
}

#[tokio::test]
async fn any_history_follows_the_model_and_ends_with_an_empty_outbox() {
    on_each(async |store| {
        for seed in 0..HISTORIES {
            let mut chance = Chance(seed);
            let tx = store.begin_write().await.unwrap();
            let now = tx.now().await.unwrap();
            let mut world = World { tx: &tx, now, messages: Vec::new(), hands: [None; WORKERS] };
            for _ in 0..STEPS {
                world.step(&mut chance).await;
            }
            world.drain().await;
            drop(tx);
        }
    })
    .await;
}
