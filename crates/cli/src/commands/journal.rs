//! `jalon journal`: what happened, path by path, and the messages that came of it; as JSON, what an observer needs to check
//! the store from outside.

use std::io::Write;

use app::{App, PathFilter, PathLine, PathView};
use domain::people::Actor;
use serde_json::{Value, json};
use wording::{dates, labels, timeline};

use super::path::Reply;
use super::{messages, order};
use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{self, bold, line};
use crate::values;
use crate::wiring::{Global, Schema, open};

/// Paths asked of the store at a time.
const PAGE: u64 = 200;

#[derive(Debug, clap::Args)]
pub struct JournalArgs {
    /// Un parcours ; sans lui, tous, avec les bons de commande
    #[arg(value_name = "RÉFÉRENCE")]
    pub reference: Option<String>,
    /// La forme de la réponse
    #[arg(long, value_enum, value_name = "FORME", default_value_t = Reply::Table)]
    pub format: Reply,
}

/// Prints the journal.
///
/// # Errors
/// There is no such path; the store does not answer.
pub async fn run(global: &Global, args: JournalArgs) -> Result<Exit, Failure> {
    let app = open(global, Schema::Current).await?.app;
    match (&args.reference, args.format) {
        (Some(text), format) => {
            let reference = values::path_reference(text)?;
            let view = app
                .path(&Actor::System, &reference)
                .await
                .map_err(|error| Failure::app(error, About::Path(text, None)))?;
            match format {
                Reply::Json => output::json(&as_json(&view))?,
                Reply::Table => print(&view)?,
            }
        }
        (None, Reply::Json) => everything(&app).await?,
        (None, Reply::Table) => {
            let mut pages = Pages::default();
            while let Some(views) = pages.next(&app).await? {
                for view in &views {
                    print(view)?;
                    line("")?;
                }
            }
        }
    }
    Ok(Exit::Done)
}

/// Paths read page by page, in the order of lists.
#[derive(Default)]
struct Pages {
    after: Option<persistence::PathCursor>,
    ended: bool,
}

impl Pages {
    async fn next(&mut self, app: &App) -> Result<Option<Vec<PathView>>, Failure> {
        if self.ended {
            return Ok(None);
        }
        let filter = PathFilter { limit: PAGE, after: self.after.clone(), ..PathFilter::default() };
        let failed = |error| Failure::app(error, About::Nothing);
        let lines = app.paths(&Actor::System, &filter).await.map_err(failed)?;
        self.after = lines.last().map(PathLine::cursor);
        self.ended = (lines.len() as u64) < PAGE;
        let mut views = Vec::with_capacity(lines.len());
        for line in &lines {
            views.push(app.path(&Actor::System, &line.reference).await.map_err(failed)?);
        }
        Ok(Some(views))
    }
}

/// Writes one JSON document as it is read, so that a large store needs no large memory.
async fn everything(app: &App) -> Result<(), Failure> {
    let mut out = Out(std::io::BufWriter::new(std::io::stdout()));
    out.put("{\"paths\":[")?;
    let (mut pages, mut first) = (Pages::default(), true);
    while let Some(views) = pages.next(app).await? {
        for view in &views {
            out.put(if first { "\n" } else { ",\n" })?;
            out.put(&as_json(view).to_string())?;
            first = false;
        }
    }
    out.put("\n],\"orders\":[")?;
    let failed = |error| Failure::app(error, About::Nothing);
    for (rank, summary) in app.orders(&Actor::System).await.map_err(failed)?.iter().enumerate() {
        let (order, _, events) = app.order_view(&Actor::System, &summary.reference).await.map_err(failed)?;
        let sent = app
            .messages(&Actor::System, &persistence::MessageFilter { order: Some(order.id), ..Default::default() })
            .await
            .map_err(failed)?;
        out.put(if rank == 0 { "\n" } else { ",\n" })?;
        let value = json!({
            "reference": order.reference, "state": order.state, "version": order.version, "events": order::events_json(&events),
            "messages": sent.iter().map(messages::as_json).collect::<Vec<_>>(),
        });
        out.put(&value.to_string())?;
    }
    let counts = app.outbox().await.map_err(failed)?;
    let counts: serde_json::Map<String, Value> = counts
        .into_iter()
        .map(|(state, count, oldest)| (state.to_string(), json!({ "count": count, "oldest": oldest })))
        .collect();
    out.put(&format!("\n],\"outbox\":{}}}\n", Value::Object(counts)))?;
    out.end()
}

/// The standard output, where a reader that goes away is no error.
struct Out(std::io::BufWriter<std::io::Stdout>);

impl Out {
    fn put(&mut self, text: &str) -> Result<(), Failure> {
        written(self.0.write_all(text.as_bytes()))
    }

    fn end(mut self) -> Result<(), Failure> {
        written(self.0.flush())
    }
}

fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Exit::Other, "output", format!("La réponse ne peut pas être écrite\u{a0}: {error}.")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn as_json(view: &PathView) -> Value {
    json!({
        "reference": view.path.reference, "state": view.path.state, "version": view.path.version, "events": view.events,
        "messages": view.messages.iter().map(messages::as_json).collect::<Vec<_>>(),
    })
}

fn print(view: &PathView) -> Result<(), Failure> {
    line(&bold(&format!("{} — {}", view.path.reference, labels::state(view.path.state))))?;
    for recorded in &view.events {
        line(&format!(
            "{:>4}  {}  {} ({}, {})",
            recorded.seq,
            dates::numeric(recorded.effective_on),
            timeline::path(&recorded.event, &recorded.author),
            timeline::author(&recorded.author),
            dates::instant_short(recorded.recorded_at),
        ))?;
        for detail in timeline::details(&recorded.event) {
            line(&format!("                  {}\u{a0}: {}", detail.label, detail.text.replace('\n', " ")))?;
        }
    }
    Ok(())
}
