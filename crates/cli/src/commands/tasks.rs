//! `jalon tasks`: what somebody must look at, beside the deadlines of the paths.

use domain::calendar::paris_time;
use persistence::Task;
use serde_json::json;
use wording::{dates, labels};

use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{FormatArgs, Listing, cell, optional, text};
use crate::who::WhoArgs;
use crate::wiring::{Global, Schema, open};

#[derive(Debug, clap::Args)]
pub struct TasksArgs {
    #[command(flatten)]
    pub who: WhoArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Prints the tasks of a reader.
///
/// # Errors
/// The reader does not exist; the store does not answer.
pub async fn run(global: &Global, args: TasksArgs) -> Result<Exit, Failure> {
    let app = open(global, Schema::Current).await?.app;
    let reader = args.who.reader(&app).await?;
    let tasks = app.tasks(&reader).await.map_err(|error| Failure::app(error, About::Nothing))?;
    let columns = vec![text("created_at", "Depuis"), text("side", "Pour"), text("body", "Organisme"), text("what", "À traiter")];
    let mut list = Listing::new("À traiter", "Rien n’est à traiter.", columns);
    for task in &tasks {
        let about = &task.about;
        list.push(
            vec![
                cell(dates::moment_short(paris_time(task.created_at))),
                cell(labels::side(about.side)),
                optional(about.body.as_ref().map(ToString::to_string)),
                cell(sentence(task)),
            ],
            json!({
                "id": task.id, "kind": about.kind, "detail": about.detail, "side": about.side, "body": about.body,
                "path": about.path, "order": about.order, "message": about.message, "created_at": task.created_at,
            }),
        );
    }
    list.print(args.format.format)?;
    Ok(Exit::Done)
}

/// What a task says.
pub fn sentence(task: &Task) -> String {
    let detail = &task.about.detail;
    match task.about.kind.as_str() {
        "message_refused" => format!("Courriel refusé\u{a0}: {detail}. Corrigez l’adresse, puis renvoyez-le."),
        "message_failed" => format!("Courriel jamais parti\u{a0}: {detail}. Vérifiez l’adresse, puis renvoyez-le."),
        kind => format!("{kind}\u{a0}: {detail}"),
    }
}
