//! Importing a table: the form, what was typed in it, and what is wrong with the file.

use app::AppError;
use app::committee::{BYTES, NewTable, Problem, TableImport};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::committee::TableKind;
use strum::IntoEnumIterator;
use wording::pages::committee as words;
use wording::{addresses, committee, pages, refusals};

use super::page::{Shown, page};
use super::{Asked, day, upload};
use crate::forms::{Choice, FieldView, Input, Notice, ProblemLine, Problems, Typed, value};
use crate::staff::Signed;
use crate::staff::orders::pieces::asking;
use crate::{PageError, Web};

/// What the ticket of the form is for.
pub(super) const PURPOSE: &str = "copil-import";
/// Most problems of a file that are shown at once.
const PROBLEMS: usize = 100;

const KIND: &str = "tableau";
const DAY: &str = "arrete";
const SCHEME: &str = "dispositif";
const SHEET: &str = "feuille";
const FILE: &str = "fichier";

/// What was typed, and what is wrong with it.
#[derive(Debug, Clone, Default)]
pub(super) struct Filled {
    pub kind: String,
    pub day: String,
    scheme: String,
    sheet: String,
    errors: Vec<(&'static str, String)>,
}

impl Filled {
    fn of(typed: &Typed) -> Self {
        let text = |name: &str| value(typed, name).unwrap_or_default().to_owned();
        Self { kind: text(KIND), day: text(DAY), scheme: text(SCHEME), sheet: text(SHEET), errors: Vec::new() }
    }

    fn error(&self, name: &str) -> Option<String> {
        self.errors.iter().find(|(field, _)| *field == name).map(|(_, text)| text.clone())
    }

    /// The fields of the form.
    pub(super) fn fields(&self) -> Vec<FieldView> {
        let kinds = TableKind::iter().map(|kind| Choice {
            chosen: self.kind == kind.to_string(),
            value: kind.to_string(),
            label: committee::kind(kind).to_owned(),
            detail: String::new(),
        });
        let line = |kind, short| Input::Line { kind, autocomplete: "off", short };
        let file = Input::File { accept: ".csv,.xlsx", held: None };
        let help = words::file_help(BYTES as u64);
        vec![
            self.field(KIND, words::KIND, "", true, &self.kind, Input::Select { options: kinds.collect() }),
            self.field(DAY, words::DAY, words::DAY_HELP, true, &self.day, line("date", true)),
            self.field(SCHEME, words::SCHEME, words::SCHEME_HELP, false, &self.scheme, line("text", false)),
            self.field(SHEET, words::SHEET, words::SHEET_HELP, false, &self.sheet, line("text", false)),
            self.field(FILE, words::FILE, &help, true, "", file),
        ]
    }

    fn field(&self, name: &str, label: &str, help: &str, required: bool, value: &str, input: Input) -> FieldView {
        FieldView {
            id: name.to_owned(),
            name: name.to_owned(),
            label: label.to_owned(),
            help: help.to_owned(),
            required,
            value: value.to_owned(),
            error: self.error(name),
            remark: None,
            input,
        }
    }

    /// The summary of what is wrong with the fields.
    fn problems(&self) -> Problems {
        let label = |name: &str| match name {
            KIND => words::KIND,
            DAY => words::DAY,
            SCHEME => words::SCHEME,
            SHEET => words::SHEET,
            _ => words::FILE,
        };
        let lines = self.errors.iter().map(|(name, text)| ProblemLine {
            text: pages::forms::about(label(name), text),
            anchor: Some((*name).to_owned()),
        });
        Problems { title: pages::forms::TO_CORRECT.to_owned(), lines: lines.collect() }
    }
}

/// Imports what was sent, in a task that outlives its client.
pub(super) async fn post(State(web): State<Web>, signed: Signed, request: Request) -> Result<Response, PageError> {
    if !app::committee::keeps_committee(&signed.actor) {
        return Err(PageError::NotFound);
    }
    let ours = |typed: &Typed| signed.check(PURPOSE, value(typed, "cle")).is_ok();
    let sent = upload::read(request, ours).await?;
    let mut filled = Filled::of(&sent.typed);
    if let Err(error) = signed.check(PURPOSE, value(&sent.typed, "cle")) {
        let shown = Shown { status: error.status(), notice: Some(Notice::other_session()), filled, ..Shown::default() };
        return back(&web, &signed, shown).await;
    }
    let kind = filled.kind.parse::<TableKind>().ok();
    let as_of = day(&filled.day);
    if kind.is_none() {
        filled.errors.push((KIND, words::CHOOSE_KIND.to_owned()));
    }
    if as_of.is_none() {
        filled.errors.push((DAY, words::CHOOSE_DAY.to_owned()));
    }
    if sent.too_large {
        filled.errors.push((FILE, words::too_large(BYTES as u64)));
    } else if sent.file.is_none() {
        filled.errors.push((FILE, words::CHOOSE_FILE.to_owned()));
    }
    let (Some(kind), Some(as_of), Some((file_name, bytes)), true) = (kind, as_of, sent.file, filled.errors.is_empty())
    else {
        return wrong(&web, &signed, filled).await;
    };
    let (scheme, sheet) = (filled.scheme.clone(), filled.sheet.clone());
    let new = NewTable { kind, as_of, scheme, sheet, file_name, bytes };
    let writing = {
        let (app, actor) = (web.app.clone(), signed.actor.clone());
        async move { app.import_committee(&actor, new).await }
    };
    let done = |what: &str| {
        let address = asking(addresses::committee(), &[("au", &as_of.to_string()), ("fait", what)]);
        Ok(Redirect::to(&address).into_response())
    };
    match web.writes.spawn(writing).await? {
        Ok(TableImport::Kept(_)) => done("import"),
        Ok(TableImport::Same(_)) => done("deja"),
        Ok(TableImport::Refused(problems)) => {
            let problems = Some(refused(&problems));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            back(&web, &signed, Shown { status, problems, filled, ..Shown::default() }).await
        }
        Err(AppError::Invalid(errors)) => {
            for error in errors {
                let field = match error.field.as_str() {
                    "as_of" => DAY,
                    "sheet" => SHEET,
                    _ => SCHEME,
                };
                filled.errors.push((field, wording::capital(&refusals::problem(&error.problem))));
            }
            wrong(&web, &signed, filled).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with a file, line by line.
fn refused(problems: &[Problem]) -> Problems {
    let line = |text: String| ProblemLine { text, anchor: None };
    let more = problems.len().saturating_sub(PROBLEMS);
    let shown = problems.iter().take(PROBLEMS).map(|problem| line(problem.french()));
    let rest = (more > 0).then(|| line(words::more_problems(more)));
    Problems { title: words::refused(problems.len()), lines: shown.chain(rest).collect() }
}

async fn wrong(web: &Web, signed: &Signed, filled: Filled) -> Result<Response, PageError> {
    let problems = Some(filled.problems());
    back(web, signed, Shown { status: StatusCode::UNPROCESSABLE_ENTITY, problems, filled, ..Shown::default() }).await
}

/// The page again, with what was typed.
async fn back(web: &Web, signed: &Signed, shown: Shown) -> Result<Response, PageError> {
    let typed = Asked { au: shown.filled.day.clone(), ..Asked::default() };
    let day = match typed.day(web).await? {
        Some(day) => day,
        None => domain::calendar::paris_day(web.app.now().await?),
    };
    page(web, signed, day, &Asked::default(), shown).await
}
