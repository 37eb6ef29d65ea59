//! Saved views of the list: kept, made the one the list opens on, forgotten.

use app::AppError;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::form::{FieldError, FieldProblem};
use serde::Deserialize;
use uuid::Uuid;
use wording::{addresses, pages, refusals};

use super::{Asked, Signed};
use crate::forms::{FieldView, Input, ProblemLine, Problems};
use crate::request::{Form, Path};
use crate::{PageError, Web};

/// What the ticket of every form about views is for.
pub(super) const VIEWS: &str = "saved_views";

/// The name of the field of a name.
const NAME: &str = "nom";

/// A view as the page shows it.
pub(super) struct SavedViewView {
    pub id: Uuid,
    pub name: String,
    pub address: String,
    pub default: bool,
}

/// What the form of a new view sends.
#[derive(Debug, Deserialize)]
pub(super) struct New {
    cle: Option<String>,
    #[serde(default)]
    nom: String,
    #[serde(default)]
    requete: String,
    defaut: Option<String>,
}

/// The ticket of a form that asks nothing else.
#[derive(Debug, Deserialize)]
pub(super) struct Ticket {
    cle: Option<String>,
    /// The list that was shown.
    #[serde(default)]
    requete: String,
    non: Option<String>,
}

/// The list that was shown, saying what happened.
fn back(query: &str, done: &str) -> Response {
    let (asked, _) = Asked::read(query);
    Redirect::to(&format!("{}&fait={done}", asked.address())).into_response()
}

/// Keeps a view of the list that was shown.
pub(super) async fn save(State(web): State<Web>, signed: Signed, Form(new): Form<New>) -> Result<Response, PageError> {
    signed.check(VIEWS, new.cle.as_deref())?;
    let (asked, _) = Asked::read(&new.requete);
    let (app, account, query) = (web.app.clone(), signed.account.clone(), asked.query());
    let default = new.defaut.is_some();
    let name = new.nom.clone();
    let writing = async move { app.save_view(&account, &name, &query, default).await };
    match web.writes.spawn(writing).await? {
        Ok(_) => Ok(back(&new.requete, "vue")),
        Err(AppError::Invalid(errors)) => {
            let refused = NotKept { why: why(&errors), name: new.nom, default };
            super::page(&web, &signed, &asked.query(), Some(refused)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A view that was refused: what was typed stays.
pub(super) struct NotKept {
    pub why: String,
    pub name: String,
    pub default: bool,
}

impl NotKept {
    pub(super) fn problems(&self) -> Problems {
        let line = ProblemLine { text: self.why.clone(), anchor: Some(NAME.to_owned()) };
        Problems { title: pages::paths::VIEW_NOT_KEPT.to_owned(), lines: vec![line] }
    }
}

/// The field of the name of a new view.
pub(super) fn name(refused: Option<&NotKept>) -> FieldView {
    FieldView {
        id: NAME.to_owned(),
        name: NAME.to_owned(),
        label: pages::paths::VIEW_NAME.to_owned(),
        help: String::new(),
        required: true,
        value: refused.map(|refused| refused.name.clone()).unwrap_or_default(),
        error: refused.map(|refused| refused.why.clone()),
        remark: None,
        input: Input::Line { kind: "text", autocomplete: "off", short: false },
    }
}

fn why(errors: &[FieldError]) -> String {
    let Some(FieldError { field, problem }) = errors.first() else { return pages::paths::VIEW_NOT_KEPT.to_owned() };
    match (field.as_str(), problem) {
        ("name", FieldProblem::Missing) => pages::paths::VIEW_NAMELESS.to_owned(),
        ("name", FieldProblem::TooLong { max }) => pages::paths::view_name_too_long(*max),
        ("views", FieldProblem::TooLong { max }) => pages::paths::too_many_views(*max),
        ("query", _) => pages::paths::VIEW_OF_TOO_MUCH.to_owned(),
        (_, problem) => wording::capital(&refusals::problem(problem)),
    }
}

/// Makes a view the one the list opens on, or no more.
pub(super) async fn make_default(
    State(web): State<Web>,
    signed: Signed,
    Path(view): Path<String>,
    Form(ticket): Form<Ticket>,
) -> Result<Response, PageError> {
    signed.check(VIEWS, ticket.cle.as_deref())?;
    let view: Uuid = view.parse().map_err(|_| PageError::NotFound)?;
    let chosen = ticket.non.is_none().then_some(view);
    let app = web.app.clone();
    web.writes.spawn(async move { app.set_default_view(&signed.account, chosen).await }).await??;
    Ok(back(&ticket.requete, "defaut"))
}

/// Forgets a view.
pub(super) async fn delete(
    State(web): State<Web>,
    signed: Signed,
    Path(view): Path<String>,
    Form(ticket): Form<Ticket>,
) -> Result<Response, PageError> {
    signed.check(VIEWS, ticket.cle.as_deref())?;
    let view: Uuid = view.parse().map_err(|_| PageError::NotFound)?;
    let app = web.app.clone();
    web.writes.spawn(async move { app.delete_view(&signed.account, view).await }).await??;
    Ok(back(&ticket.requete, "oubli"))
}

/// What an address says happened.
pub(super) fn said(query: &str) -> Option<(&'static str, &'static str)> {
    let done = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "fait")?.1;
    match done.as_ref() {
        "vue" => Some(("done", pages::paths::VIEW_KEPT)),
        "defaut" => Some(("done", pages::paths::VIEW_OPENS)),
        "oubli" => Some(("done", pages::paths::VIEW_DELETED)),
        _ => None,
    }
}

/// Where the list opens for someone who asked nothing: their default view.
pub(super) async fn opening(web: &Web, signed: &Signed) -> Result<Option<String>, PageError> {
    let views = web.app.saved_views(&signed.account).await?;
    let default = views.into_iter().find(|view| view.default);
    Ok(default.map(|view| format!("{}?{}", addresses::paths(), view.query)))
}

/// The views of an account.
pub(super) async fn list(web: &Web, signed: &Signed) -> Result<Vec<SavedViewView>, PageError> {
    let views = web.app.saved_views(&signed.account).await?;
    let shown = views.into_iter().map(|view| SavedViewView {
        id: view.id,
        address: format!("{}?{}", addresses::paths(), view.query),
        name: view.name,
        default: view.default,
    });
    Ok(shown.collect())
}
