//! The statements of the steps, as the server's own log tells them.
//!
//! Paths of each kind are led through one connection that logs everything: what differs between two of a kind is what a
//! transition makes anew. The log is read as JSON: PostgreSQL 15 or newer.

use std::io;
use std::time::{Duration, Instant};

use domain::path::Path;
use serde_json::Value;
use tests::postgres::Cluster;

use crate::load::{KINDS, Ready, SAMPLES, STEPS, lead, open, steps, with_parameter};
use crate::wire::Relay;

/// A statement as it was executed.
#[derive(Debug, Clone)]
pub struct Statement {
    pub text: String,
    /// Its parameters, as text; `None` for NULL.
    pub values: Vec<Option<String>>,
    /// Its parameters when another path took the same step.
    pub others: Vec<Option<String>>,
}

/// A step: `BEGIN`, its statements, `COMMIT`.
#[derive(Debug)]
pub struct SampleStep {
    pub name: String,
    pub statements: Vec<Statement>,
}

/// The steps of a path.
#[derive(Debug)]
pub struct Sample {
    pub path: Path,
    pub steps: Vec<SampleStep>,
    pub round_trips: usize,
}

impl Sample {
    /// How many statements its steps are.
    pub fn statements(&self) -> usize {
        self.steps.iter().map(|step| step.statements.len()).sum()
    }
}

/// Starts the server again with a log that a program can read; sessions choose whether they log.
pub fn keep_a_log(cluster: &Cluster) -> io::Result<()> {
    let set = |name: &str, value: &str| {
        cluster.tool("psql", &["-qc", &format!("ALTER SYSTEM SET {name} = '{value}'"), &cluster.address()]).map(drop)
    };
    set("logging_collector", "on")?;
    set("log_destination", "jsonlog")?;
    set("log_filename", "statements.log")?;
    set("log_rotation_age", "0")?;
    set("log_rotation_size", "0")?;
    cluster.stop("fast")?;
    cluster.resume()
}

/// Leads the first paths of each kind, and learns how.
pub async fn samples(cluster: &Cluster, url: &str, ready: &Ready) -> io::Result<Vec<Sample>> {
    let (head, name) = url.rsplit_once('/').expect("the address names a database");
    let (head, port) = head.rsplit_once(':').expect("the address has a port");
    let relay = Relay::to(port.parse().expect("a port is a number")).await?;
    let relayed = format!("{head}:{}/{name}?sslmode=disable", relay.port());
    let app = open(&with_parameter(&relayed, "log_statement", "all"), 1).await;
    let mut trips = [0; KINDS];
    for rank in 0..SAMPLES {
        for (kind, paths) in ready.kinds.iter().enumerate() {
            let before = relay.round_trips();
            lead(&app, kind, &paths[rank], ready.today).await;
            trips[kind] = relay.round_trips() - before;
        }
    }
    app.store().close().await.map_err(io::Error::other)?;

    let transactions = logged(cluster, name, SAMPLES * KINDS * STEPS)?;
    let [.., first, second] = transactions.chunks(KINDS * STEPS).collect::<Vec<_>>()[..] else {
        return Err(io::Error::other("two paths of each kind are compared"));
    };
    let mut samples = Vec::with_capacity(KINDS);
    for (kind, trips) in trips.into_iter().enumerate() {
        let mut round_trips = trips;
        let mut sampled = Vec::with_capacity(STEPS);
        for (rank, (_, step)) in steps(kind).into_iter().enumerate() {
            let (other, statements) = (&first[kind * STEPS + rank], &second[kind * STEPS + rank]);
            // Terms and accounts are read again every two seconds, whatever the number of transitions.
            let kept = |statements: &[Logged]| -> Vec<Logged> {
                statements.iter().filter(|statement| !of_the_book(&statement.text)).cloned().collect()
            };
            let (other, kept) = (kept(other), kept(statements));
            round_trips -= statements.len() - kept.len();
            if other.iter().map(|one| &one.text).ne(kept.iter().map(|one| &one.text)) {
                return Err(io::Error::other(format!("{step} sends other statements for another path")));
            }
            let pairs = kept.into_iter().zip(other);
            let statements =
                pairs.map(|(one, other)| Statement { text: one.text, values: one.values, others: other.values });
            sampled.push(SampleStep { name: step.to_string(), statements: statements.collect() });
        }
        samples.push(Sample { path: ready.kinds[kind][SAMPLES - 1].clone(), steps: sampled, round_trips });
    }
    Ok(samples)
}

fn of_the_book(text: &str) -> bool {
    text.contains("FROM \"accounts\"") || text.contains("FROM \"terms\"")
}

#[derive(Debug, Clone)]
struct Logged {
    text: String,
    values: Vec<Option<String>>,
}

/// The transactions of the sessions that logged, once so many were committed; those without a commit are left out.
fn logged(cluster: &Cluster, database: &str, wanted: usize) -> io::Result<Vec<Vec<Logged>>> {
    let file = cluster.folder().join("data/log/statements.json");
    let start = Instant::now();
    loop {
        let mut transactions = Vec::new();
        let mut open: Vec<Logged> = Vec::new();
        for line in std::fs::read_to_string(&file)?.lines() {
            let Ok(entry) = serde_json::from_str::<Value>(line) else { continue };
            let Some(statement) = entry["message"].as_str().filter(|_| entry["dbname"] == database).and_then(text)
            else {
                continue;
            };
            let values = entry["detail"].as_str().map(parameters).unwrap_or_default();
            match statement {
                _ if statement.starts_with("BEGIN") => open = Vec::new(),
                "ROLLBACK" => open.clear(),
                _ => {}
            }
            open.push(Logged { text: statement.to_owned(), values });
            if statement == "COMMIT" {
                transactions.push(std::mem::take(&mut open));
            }
        }
        if transactions.len() == wanted {
            return Ok(transactions);
        }
        if start.elapsed() > Duration::from_secs(10) {
            return Err(io::Error::other(format!("{} transactions in the log, not {wanted}", transactions.len())));
        }
        // The process of the server that writes the log is on its way.
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The statement of a message of the log.
fn text(message: &str) -> Option<&str> {
    match message.strip_prefix("statement: ") {
        Some(text) => Some(text),
        None => message.strip_prefix("execute ")?.split_once(": ").map(|(_, text)| text),
    }
    .map(|text| text.trim().trim_end_matches(';'))
}

/// The values of `parameters: $1 = 'text', $2 = NULL`.
fn parameters(detail: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = detail.split_once(": ").map_or("", |(_, rest)| rest);
    while let Some((_, value)) = rest.split_once(" = ") {
        let Some(quoted) = value.strip_prefix('\'') else {
            values.push(None);
            rest = value.strip_prefix("NULL").unwrap_or_default();
            continue;
        };
        let mut text = String::new();
        let mut end = quoted.len();
        let mut characters = quoted.char_indices().peekable();
        while let Some((index, character)) = characters.next() {
            if character == '\'' && characters.next_if(|(_, next)| *next == '\'').is_none() {
                end = index + 1;
                break;
            }
            text.push(character);
        }
        values.push(Some(text));
        rest = &quoted[end..];
    }
    values
}
