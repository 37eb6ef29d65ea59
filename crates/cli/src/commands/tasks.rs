//! `jalon tasks`: what somebody must look at, beside the deadlines of the paths.

use std::collections::HashMap;

use app::{App, PathFilter};
use domain::calendar::paris_time;
use domain::identifiers::{PathId, PathReference};
use domain::people::Actor;
use persistence::Task;
use serde_json::json;
use wording::{dates, labels};

use super::path::list;
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
    let columns = vec![
        text("created_at", "Depuis"),
        text("reference", "Parcours"),
        text("side", "Pour"),
        text("body", "Organisme"),
        text("what", "À traiter"),
    ];
    let references = references(&app, &reader, &tasks).await?;
    let mut list = Listing::new("À traiter", "Rien n’est à traiter.", columns);
    for task in &tasks {
        let about = &task.about;
        let reference = about.path.and_then(|path| references.get(&path));
        list.push(
            vec![
                cell(dates::moment_short(paris_time(task.created_at))),
                optional(reference.map(ToString::to_string)),
                cell(labels::side(about.side)),
                optional(about.body.as_ref().map(ToString::to_string)),
                cell(sentence(task)),
            ],
            json!({
                "id": task.id, "kind": about.kind, "detail": about.detail, "side": about.side, "body": about.body,
                "path": about.path, "reference": reference, "order": about.order, "message": about.message, "created_at": task.created_at,
            }),
        );
    }
    list.print(args.format.format)?;
    Ok(Exit::Done)
}

/// The references of the paths that tasks are about.
async fn references(app: &App, reader: &Actor, tasks: &[Task]) -> Result<HashMap<PathId, PathReference>, Failure> {
    if !tasks.iter().any(|task| task.about.path.is_some()) {
        return Ok(HashMap::new());
    }
    let paths = list::every(app, reader, PathFilter::default(), usize::MAX).await?;
    Ok(paths.into_iter().map(|path| (path.id, path.reference)).collect())
}

/// What a task says.
pub fn sentence(task: &Task) -> String {
    wording::tasks::sentence(&task.about.kind, &task.about.detail)
}
