//! What is seen from outside: is the process alive, is it ready, what it counts; and what every request leaves in the log.
//!
//! Logs and metrics name a request by the pattern of its address, never by the address, which may hold a token.

use std::time::Duration;

use app::{AppError, Outcome};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use domain::path::Step;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::time::{Instant, timeout};

use crate::{PageError, Web};

/// How long the store has to answer that it can write.
const READY_WITHIN: Duration = Duration::from_secs(5);

const REQUESTS: &str = "jalon_http_requests_total";
const DURATIONS: &str = "jalon_http_request_seconds";
const TRANSITIONS: &str = "jalon_transitions_total";
const MESSAGES: &str = "jalon_messages";
const RETURNS: &str = "jalon_returns_total";
const OUTBOX: &str = "jalon_outbox_size";
const OLDEST: &str = "jalon_outbox_oldest_seconds";

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &[0.005, 0.02, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0])
}

/// Makes this process count, once, and gives what `/metrics` shows.
///
/// # Errors
/// Something else counts already.
pub fn install_metrics() -> Result<PrometheusHandle, BuildError> {
    let handle = builder()?.install_recorder()?;
    metrics::describe_counter!(REQUESTS, "Requests by route, method and status.");
    metrics::describe_histogram!(DURATIONS, "Time to answer, by route.");
    metrics::describe_gauge!(MESSAGES, "Messages by state.");
    metrics::describe_gauge!(OUTBOX, "Messages that have not left yet.");
    metrics::describe_gauge!(OLDEST, "Age of the oldest message that has not left yet.");
    metrics::describe_counter!(RETURNS, "Messages that came back, by what they changed.");
    metrics::describe_counter!(TRANSITIONS, "Steps of paths sent from pages, by outcome.");
    Ok(handle)
}

/// A handle that shows nothing: pages without counting, for tests.
pub fn unrecorded_metrics() -> PrometheusHandle {
    PrometheusBuilder::new().build_recorder().handle()
}

/// The process is alive.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// The process can serve: the store takes writes and its schema is the one this program knows.
pub(crate) async fn ready(State(web): State<Web>) -> Response {
    match timeout(READY_WITHIN, why_not_ready(&web)).await {
        Ok(None) => "ready\n".into_response(),
        Ok(Some(reason)) => not_ready(&reason),
        Err(_) => not_ready("the store does not answer in time"),
    }
}

async fn why_not_ready(web: &Web) -> Option<String> {
    let store = web.app.store();
    if let Err(error) = store.ping_write().await {
        return Some(format!("the store takes no write: {error}"));
    }
    match store.pending_migrations().await {
        Ok(pending) if pending.is_empty() => None,
        Ok(pending) => Some(format!("migrations are pending: {}", pending.join(", "))),
        Err(error) => Some(format!("the schema cannot be read: {error}")),
    }
}

fn not_ready(reason: &str) -> Response {
    tracing::warn!(reason, "not ready");
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], format!("not ready: {reason}\n")).into_response()
}

/// Counts for Prometheus; the outbox is read when asked for, and left out while the store is away.
pub(crate) async fn metrics(State(web): State<Web>) -> Response {
    match timeout(READY_WITHIN, web.app.outbox()).await {
        Ok(Ok(states)) => {
            let (mut waiting, mut oldest) = (0, None);
            for (state, count, since) in states {
                metrics::gauge!(MESSAGES, "state" => state.to_string()).set(count as f64);
                if matches!(state.as_ref(), "queued" | "sending") && count > 0 {
                    waiting += count;
                    oldest = Some(oldest.map_or(since, |oldest: chrono::DateTime<Utc>| oldest.min(since)));
                }
            }
            let age = match (oldest, web.app.now().await) {
                (Some(oldest), Ok(now)) => (now - oldest).num_milliseconds().max(0) as f64 / 1000.0,
                (None, _) | (_, Err(_)) => 0.0,
            };
            metrics::gauge!(OUTBOX).set(waiting as f64);
            metrics::gauge!(OLDEST).set(age);
        }
        Ok(Err(error)) => tracing::warn!(error = %error, "the outbox cannot be counted"),
        Err(_) => tracing::warn!("the outbox cannot be counted in time"),
    }
    let metrics = &web.options.metrics;
    metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render()).into_response()
}

/// Counts a step by what became of it.
pub(crate) fn transition(step: Step, answer: &Result<Outcome, AppError>) {
    let outcome = match answer {
        Ok(outcome) if outcome.replayed => "replayed",
        Ok(_) => "done",
        Err(error) => error.code(),
    };
    metrics::counter!(TRANSITIONS, "step" => step.id(), "outcome" => outcome).increment(1);
}

/// Counts and logs a request by its pattern.
pub(crate) async fn track(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("(none)".to_owned(), |path| path.as_str().to_owned());
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let start = Instant::now();
    let response = next.run(request).await;
    let (status, elapsed) = (response.status().as_u16(), start.elapsed());
    tracing::info!(
        http.route = route,
        http.method = method,
        http.status = status,
        duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    metrics::histogram!(DURATIONS, "route" => route.clone()).record(elapsed.as_secs_f64());
    metrics::counter!(REQUESTS, "route" => route, "method" => method, "status" => status.to_string()).increment(1);
    response
}

/// Answers in time, whatever happens behind; what was being written goes on in its own task.
pub(crate) async fn in_time(State(web): State<Web>, request: Request, next: Next) -> Result<Response, PageError> {
    timeout(web.options.request_timeout, next.run(request)).await.map_err(|_| PageError::TimedOut)
}
