//! The worker: delivers messages, rings clocks and reads what comes back, until it is told to stop.
//!
//! Several copies may run: each message is claimed by one, and the clock loop is one copy's at a time. A store that is away
//! for a while makes the loops wait, never stop. On a stop, the message in hand ends and nothing is lost.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use notifier::returned::maildir::Maildir;
use notifier::transport::Transport;
use tokio::time::Instant as Moment;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::delivery::{DeliveryReport, is_passing};
use crate::{App, AppError, ReadError, ReturnsReport};

/// Longest wait of a loop while the store is away.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How the worker works.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// Pause of the delivery loop when nothing is due.
    pub mail_interval: Duration,
    /// Most messages handed over in a second.
    pub rate_per_second: u32,
    /// Pause between turns of the clock loop.
    pub clock_interval: Duration,
    /// Messages delivered side by side.
    pub deliveries: usize,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            mail_interval: Duration::from_secs(1),
            rate_per_second: 20,
            clock_interval: Duration::from_secs(30),
            deliveries: 2,
        }
    }
}

/// Works until `stop` is cancelled.
pub async fn run(app: App, transport: Arc<Transport>, settings: WorkerSettings, stop: CancellationToken) {
    let mut loops = tokio::task::JoinSet::new();
    let rate = Arc::new(tokio::sync::Mutex::new(Moment::now()));
    for _ in 0..settings.deliveries.max(1) {
        loops.spawn(delivery_loop(app.clone(), Arc::clone(&transport), Arc::clone(&rate), settings, stop.clone()));
    }
    loops.spawn(clock_loop(app, settings, stop));
    while loops.join_next().await.is_some() {}
    transport.close().await;
}

/// Reads a folder of returned messages until `stop` is cancelled. Two copies of the program may read the same folder.
pub async fn read_returns(app: App, maildir: Maildir, interval: Duration, stop: CancellationToken) {
    let maildir = Arc::new(maildir);
    let mut pause = interval;
    while !stop.is_cancelled() {
        let waited = match app.read_returns(&maildir).await {
            Ok(report) => {
                if report != ReturnsReport::default() {
                    tracing::info!(
                        refused = report.refused,
                        given_up = report.given_up,
                        noted = report.noted,
                        ignored = report.ignored,
                        later = report.later,
                        "returned messages"
                    );
                }
                pause = interval;
                interval
            }
            Err(ReadError::App(error)) => trouble("returns", &error, &mut pause),
            Err(ReadError::Folder(error)) => {
                tracing::error!(worker = "returns", error = %error, "the folder of returned messages cannot be used");
                let waited = pause;
                pause = (pause * 2).min(LONGEST_PAUSE.max(interval));
                waited
            }
        };
        if stopped(&stop, waited).await {
            return;
        }
    }
}

async fn delivery_loop(
    app: App,
    transport: Arc<Transport>,
    rate: Arc<tokio::sync::Mutex<Moment>>,
    settings: WorkerSettings,
    stop: CancellationToken,
) {
    let spacing = Duration::from_secs(1) / settings.rate_per_second.max(1);
    let mut pause = settings.mail_interval;
    while !stop.is_cancelled() {
        let slot = {
            let mut next = rate.lock().await;
            let slot = (*next).max(Moment::now());
            *next = slot + spacing;
            slot
        };
        if stopped(&stop, slot.saturating_duration_since(Moment::now())).await {
            return;
        }
        let mut report = DeliveryReport::default();
        let waited = match app.deliver_next(&transport, &mut report).await {
            Ok(true) => {
                count(&report);
                pause = settings.mail_interval;
                continue;
            }
            Ok(false) => settings.mail_interval,
            Err(error) => trouble("delivery", &error, &mut pause),
        };
        if stopped(&stop, waited).await {
            return;
        }
    }
}

async fn clock_loop(app: App, settings: WorkerSettings, stop: CancellationToken) {
    let me = Uuid::now_v7();
    let turn = TimeDelta::from_std(settings.clock_interval * 4).unwrap_or(TimeDelta::minutes(2));
    let mut pause = settings.clock_interval;
    while !stop.is_cancelled() {
        let waited = match clock_turn(&app, me, turn).await {
            Ok(()) => settings.clock_interval,
            Err(error) => trouble("clocks", &error, &mut pause),
        };
        if stopped(&stop, waited).await {
            break;
        }
    }
    if let Err(error) = app.give_turn_back("clocks", me).await {
        tracing::info!(error = %error, "the turn of the clocks ends by itself");
    }
}

async fn clock_turn(app: &App, me: Uuid, turn: TimeDelta) -> Result<(), AppError> {
    if !app.take_turn("clocks", me, turn).await? {
        return Ok(());
    }
    let report = app.tick().await?;
    if report != crate::TickReport::default() {
        tracing::info!(
            reminders = report.reminders,
            escalations = report.escalations,
            decided = report.decided,
            offers = report.offers,
            digests = report.digests,
            skipped = report.skipped,
            "clocks"
        );
    }
    Ok(())
}

/// Waits; true when told to stop in between.
async fn stopped(stop: &CancellationToken, wait: Duration) -> bool {
    tokio::select! {
        () = stop.cancelled() => true,
        () = tokio::time::sleep(wait) => false,
    }
}

fn trouble(name: &'static str, error: &AppError, pause: &mut Duration) -> Duration {
    if is_passing(error) {
        tracing::warn!(worker = name, error = %error, "the store does not answer, waiting");
    } else {
        tracing::error!(worker = name, error = %error, "the worker met an error");
    }
    let waited = *pause;
    *pause = (*pause * 2).min(LONGEST_PAUSE);
    waited
}

fn count(report: &DeliveryReport) {
    for (outcome, messages) in [
        ("sent", report.sent),
        ("retried", report.retried),
        ("refused", report.refused),
        ("failed", report.failed),
        ("put_off", report.put_off),
        ("kept_back", report.kept_back),
    ] {
        metrics::counter!("jalon_messages_total", "outcome" => outcome).increment(u64::from(messages));
    }
}
