//! The clock loop: reminders once and only once, silences that decide, escalations, places offered to who waits.
//!
//! Everything it does was planned as a row in the transaction of a step. A due row is taken under the lock of its path and
//! checked again against the path as it stands; after days without a worker, each clock sends its latest reminder only.
//! Quiet hours and holidays keep reminders, not decisions: silence has decided at its date whether or not this ran.

use chrono::TimeDelta;
use domain::calendar::paris_day;
use domain::clocks::{self, Clock, Planned, ReminderKind};
use domain::delegation::StandIn;
use domain::form::Text;
use domain::market::{ClockKind, Prestation, Terms};
use domain::path::{Act, Command, Path, Step};
use domain::people::{Account, Actor, OutsideRole, RecipientRole, Side};
use domain::places::Policy;
use domain::told::{Addressed, Directory, Told, coordinates, in_charge, of_accounts, of_body};
use domain::{Day, Instant};
use notifier::emails::{ReminderNotice, reminder};
use persistence::{Priority, Reminder, Reminds, Tx};
use uuid::Uuid;

use crate::advance::{Options, Target, row_facts};
use crate::book::Book;
use crate::delivery::{Subject, directory};
use crate::{App, AppError};

/// Rows handled in one turn of the loop.
const AT_ONCE: u64 = 500;

/// What one turn of the clock loop did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TickReport {
    pub reminders: u32,
    pub escalations: u32,
    /// Silences that decided.
    pub decided: u32,
    /// Places offered, and offers that lapsed.
    pub offers: u32,
    /// Digests of the officers of the Region.
    pub digests: u32,
    /// Rows that no longer meant anything, or that a later reminder replaced.
    pub skipped: u32,
}

impl App {
    /// One turn of the clock loop, at the store's instant.
    ///
    /// # Errors
    /// The store does not answer; what is not done is done at the next turn.
    pub async fn tick(&self) -> Result<TickReport, AppError> {
        let mut report = TickReport::default();
        let tx = self.store().begin_read().await?;
        let now = tx.now().await?;
        let book = self.book(&tx).await?;
        let due = tx.due_reminders(paris_day(now), AT_ONCE).await?;
        tx.rollback().await?;
        for reminder in &due {
            self.ring(reminder, &book, &mut report).await?;
        }
        report.reminders += self.remind_payments(&book, paris_day(now)).await?;
        report.digests += self.send_digests(&book, now).await?;
        self.offer_places(&book, paris_day(now), &mut report).await?;
        self.daily_digest(paris_day(now), now).await?;
        self.purge_drafts().await?;
        self.forget_needs().await?;
        self.look_after_files().await?;
        Ok(report)
    }

    /// Handles one due row.
    async fn ring(&self, due: &Reminder, book: &Book, report: &mut TickReport) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let today = paris_day(now);
        let Some(seen) = tx.path_by_id(due.path).await? else { return Ok(()) };
        let Some(stored) = tx.lock_path(&seen.path.reference).await? else { return Ok(()) };
        let path = stored.path;
        let Some(terms) = book.current(&path.market, today) else { return Ok(()) };
        let running = clocks::clocks(&path, &terms.market, today);
        let clock = running.iter().find(|clock| is_of(clock, &due.planned));
        let waiting = tx.pending_reminders(path.id).await?;
        let later = waiting.iter().any(|other| other.planned.on <= today && replaces(other, due));
        let Some(clock) = clock.filter(|_| !later) else {
            tx.finish_reminder(due.id, now).await?;
            tx.commit().await?;
            report.skipped += 1;
            return Ok(());
        };
        if due.planned.kind == ReminderKind::Expiry {
            if let Some((step, command)) = silence(&path, clock.kind) {
                // Decided first, and the row finished by it: killed in between, the next turn decides again.
                tx.rollback().await?;
                return self.decide_by_silence(&path, step, command, due, report).await;
            }
            // Nothing is decided: someone else holds the ball now.
            tx.touch_path(path.id, row_facts(&path, &terms.market, today)).await?;
            tx.schedule_reminders(path.id, &clocks::planned(&path, &terms.market, today), now).await?;
            tx.finish_reminder(due.id, now).await?;
            return Ok(tx.commit().await?);
        }
        if terms.market.quiet_hours.next_allowed(now) != now || !tx.finish_reminder(due.id, now).await? {
            return Ok(());
        }
        self.remind(&tx, &path, clock, due, terms, book, now).await?;
        // The days that passed may have given the ball to somebody else.
        tx.touch_path(path.id, row_facts(&path, &terms.market, today)).await?;
        tx.commit().await?;
        match due.planned.kind {
            ReminderKind::Escalation => report.escalations += 1,
            ReminderKind::Reminder | ReminderKind::Expiry => report.reminders += 1,
        }
        Ok(())
    }

    async fn decide_by_silence(
        &self,
        path: &Path,
        step: Step,
        command: Command,
        due: &Reminder,
        report: &mut TickReport,
    ) -> Result<(), AppError> {
        let target = Target::Path(path.reference.clone());
        match self.perform(&Actor::System, &target, command, &Options::default()).await {
            Ok(_) if step == Step::Act(Act::LapseOffer) => report.offers += 1,
            Ok(_) => report.decided += 1,
            // Somebody decided in between.
            Err(AppError::Refused(refusal)) => {
                tracing::info!(path.reference = %path.reference, step = %step, refusal = refusal.code(), "silence decides nothing");
                report.skipped += 1;
            }
            Err(error) => return Err(error),
        }
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        tx.finish_reminder(due.id, now).await?;
        Ok(tx.commit().await?)
    }

    #[expect(clippy::too_many_arguments, reason = "the facts of one reminder, each read once")]
    async fn remind(
        &self,
        tx: &Tx,
        path: &Path,
        clock: &Clock,
        due: &Reminder,
        terms: &Terms,
        book: &Book,
        now: Instant,
    ) -> Result<(), AppError> {
        let people = tx.people(path.id).await?;
        let Some(holder) = Book::holder(terms, &path.lot) else { return Ok(()) };
        let stand_ins = book.stand_ins(paris_day(now));
        let directory = directory(book, path, holder, &people, &stand_ins);
        let told = reminded(path, clock, due.planned.kind, &directory);
        let messages: Vec<_> = told
            .into_iter()
            .map(|to| {
                let notice = ReminderNotice {
                    path,
                    clock,
                    kind: due.planned.kind,
                    market: &terms.market,
                    directory: &directory,
                    today: paris_day(now),
                    texts: &book.texts,
                };
                let composed = reminder(&notice, &to);
                (to, composed)
            })
            .collect();
        let mut subject = Subject::path(path, due.id.uuid());
        subject.about.event = None;
        subject.priority = Priority::Reminder;
        subject.due_on = Some(clock.due_on);
        subject.reminds = Some(Reminds::Clock(due.planned));
        self.queue(tx, book, &subject, &terms.market, &messages, now).await
    }

    /// Under the waiting list, a free place is offered to the first in the queue.
    async fn offer_places(&self, book: &Book, today: Day, report: &mut TickReport) -> Result<(), AppError> {
        for terms in book.markets(today) {
            let market = &terms.market;
            if market.past || market.places.policy != Policy::Waitlist {
                continue;
            }
            for lot in &market.lots {
                let tx = self.store().begin_read().await?;
                let mut calls = Vec::new();
                for places in tx.places(&market.code, Some(&lot.code)).await? {
                    let free = places.limit(Policy::Waitlist).map_or(0, |limit| limit.saturating_sub(places.taken()));
                    let waiting = tx.waiting(&market.code, &lot.code, places.year).await?;
                    calls.extend(waiting.into_iter().take(free as usize));
                }
                tx.rollback().await?;
                for reference in calls {
                    let target = Target::Path(reference);
                    match self.perform(&Actor::System, &target, Command::OfferPlace {}, &Options::default()).await {
                        Ok(_) => report.offers += 1,
                        Err(AppError::Refused(_)) => report.skipped += 1,
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        Ok(())
    }

    /// Once a day, the heads of all journals make one digest.
    async fn daily_digest(&self, today: Day, now: Instant) -> Result<(), AppError> {
        let yesterday = today - TimeDelta::days(1);
        let tx = self.store().begin_write().await?;
        if tx.digests().await?.iter().any(|digest| digest.day >= yesterday) {
            return Ok(());
        }
        let digest = tx.record_digest(yesterday, now).await?;
        tx.commit().await?;
        tracing::info!(day = %digest.day, heads = digest.heads, digest = %digest.digest, "digest of the journals");
        Ok(())
    }

    /// Takes the turn of a loop for a while; one copy of the program does at a time.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn take_turn(&self, name: &str, worker: Uuid, span: TimeDelta) -> Result<bool, AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let taken = tx.take_turn(name, worker, now, span).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Gives a turn back before its end.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn give_turn_back(&self, name: &str, worker: Uuid) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        tx.give_turn_back(name, worker).await?;
        Ok(tx.commit().await?)
    }
}

pub(crate) fn is_of(clock: &Clock, planned: &Planned) -> bool {
    clock.kind == planned.clock
        && clock.started_on == planned.started_on
        && clock.due_on + TimeDelta::days(i64::from(planned.rank)) == planned.on
}

/// A later row of the same clock that is due as well makes an earlier reminder pointless.
fn replaces(other: &Reminder, this: &Reminder) -> bool {
    let same = other.path == this.path
        && other.planned.clock == this.planned.clock
        && other.planned.started_on == this.planned.started_on
        && other.planned.kind == this.planned.kind;
    same && this.planned.kind == ReminderKind::Reminder && other.planned.rank > this.planned.rank
}

/// What silence decides when a clock has run out.
fn silence(path: &Path, clock: ClockKind) -> Option<(Step, Command)> {
    let command = match clock {
        ClockKind::Verification => admission(path.state.delivered()?),
        ClockKind::RegionChoice => rejection(path.state.adjourned()?),
        ClockKind::PlaceOffer => Command::LapseOffer {},
        _ => return None,
    };
    Some((command.step(), command))
}

fn admission(prestation: Prestation) -> Command {
    let (reduction, reasons) = (None, None);
    match prestation {
        Prestation::Feasibility => Command::AdmitFeasibility { reduction, reasons },
        Prestation::Preparation => Command::AdmitPreparation { reduction, reasons },
        Prestation::Implementation => Command::AdmitReport { reduction, reasons },
    }
}

/// The reason of a rejection by silence is the silence: the event says so.
fn rejection(prestation: Prestation) -> Command {
    let reasons = Text(String::new());
    match prestation {
        Prestation::Feasibility => Command::RejectFeasibility { reasons },
        Prestation::Preparation => Command::RejectPreparation { reasons },
        Prestation::Implementation => Command::RejectReport { reasons },
    }
}

/// Who is reminded: who holds the ball; an escalation goes to the Region.
pub(crate) fn reminded(path: &Path, clock: &Clock, kind: ReminderKind, directory: &Directory<'_>) -> Vec<Addressed> {
    let side = match kind {
        ReminderKind::Escalation => Side::Region,
        ReminderKind::Reminder | ReminderKind::Expiry => clock.holder,
    };
    // An escalation is no reminder: it says what has happened.
    let reminds = |account: &Account| kind == ReminderKind::Escalation || !account.preferences.reminders_off;
    let stand_ins: Vec<StandIn> =
        directory.stand_ins.iter().filter(|stand_in| reminds(&stand_in.to)).cloned().collect();
    let officers = || {
        let officers = in_charge(directory.officers, path).filter(|account| reminds(account));
        of_accounts(RecipientRole::Region, Told::Message, officers, &stand_ins)
    };
    let person = |role: OutsideRole| {
        let id = path.person_of(role).map(|person| person.id);
        let person = id.and_then(|id| directory.people.iter().find(|person| person.id == id));
        let reachable = person.filter(|person| person.active && !person.reminders_off && !person.address_refused);
        let addressed = reachable.and_then(|person| {
            Some(Addressed {
                role: role.recipient(),
                person: Some(person.id),
                account: None,
                name: person.contact.name.clone(),
                email: person.contact.email.clone()?,
                why: Told::Message,
                stands_for: None,
                function: role.function(),
            })
        });
        addressed.into_iter().collect()
    };
    match side {
        Side::Region | Side::Finance | Side::System => officers(),
        Side::Body => {
            let coordinator = directory.coordinator.filter(|account| coordinates(account, path));
            if coordinator.is_some_and(|account| !reminds(account)) {
                return Vec::new();
            }
            of_body(Told::Message, coordinator, directory.holder, &stand_ins)
        }
        Side::Company => person(path.signs_for_company()),
        Side::Trainee => person(OutsideRole::Trainee),
        Side::Tutor => person(OutsideRole::Tutor),
    }
}
