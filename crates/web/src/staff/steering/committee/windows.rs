//! Windows for partners on the page of a photograph: their list, the form that opens one, the button that closes one.

use app::AppError;
use app::committee::{WindowLine, WindowStanding, keeps_committee, proposed_until};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::Day;
use domain::calendar::paris_day;
use domain::form::FieldType;
use serde_json::Value;
use uuid::Uuid;
use wording::pages::windows as words;
use wording::{addresses, dates, refusals};

use super::seals::{self, Shown};
use crate::forms::{FieldView, Notice, Problems, Typed, value};
use crate::request::{Form as Sent, Path};
use crate::staff::orders::pieces::{Tag, asking};
use crate::staff::{Asking, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// What the tickets of the forms are for.
const OPENS: &str = "copil-fenetre";
const CLOSES: &str = "copil-fenetre-fermer";
const PARTNER: &str = "partenaire";
const UNTIL: &str = "jusqu";

/// A window in the list.
pub(super) struct Line {
    pub partner: String,
    pub until: Stamp,
    pub at: Stamp,
    pub by: String,
    pub state: Tag,
    /// When it was closed and by whom.
    pub said: Option<String>,
    pub link: String,
    /// Where it is closed, for who may.
    pub close: Option<String>,
}

/// The part of the page.
pub(super) struct WindowsView {
    pub lines: Vec<Line>,
    /// Somebody may close one of them.
    pub closes: bool,
    pub closing: String,
    /// The form, for who opens: its fields, its address and its ticket.
    pub form: Option<(Vec<FieldView>, String, String)>,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
pub(super) struct Filled {
    partner: String,
    /// None for a form that nobody filled in yet.
    until: Option<String>,
    partner_error: Option<String>,
    until_error: Option<String>,
}

impl Filled {
    fn fields(&self, today: Day) -> Vec<FieldView> {
        let until = self.until.clone().unwrap_or_else(|| dates::iso(proposed_until(today)));
        let (for_whom, last) = ((words::PARTNER, words::PARTNER_HELP), (words::UNTIL, words::UNTIL_HELP));
        vec![
            FieldView::line(PARTNER, for_whom, "text", &self.partner, self.partner_error.as_ref()),
            FieldView::line(UNTIL, last, "date", &until, self.until_error.as_ref()),
        ]
    }
}

impl WindowsView {
    /// What is wrong with the form, for the top of the page.
    pub(super) fn problems(&self) -> Option<Problems> {
        self.form.as_ref().and_then(|(fields, ..)| Problems::of(fields))
    }
}

/// The windows of a photograph with the form, and what is said of the one that was just opened.
pub(super) async fn view(
    web: &Web,
    signed: &Signed,
    photograph: Uuid,
    filled: Filled,
    opened: &str,
) -> Result<(WindowsView, Option<Notice>), PageError> {
    let may = keeps_committee(&signed.actor);
    let today = paris_day(web.app.now().await?);
    let windows = web.app.windows(&signed.actor, photograph).await?;
    let just_opened = windows.iter().find(|line| line.window.id.to_string() == opened);
    let notice = just_opened.and_then(|line| {
        let said = words::opened(&line.window.partner, dates::long(line.window.until));
        Some(Notice { tone: "done", title: words::OPENED_TITLE.to_owned(), paragraphs: vec![said, line.link.clone()?] })
    });
    let lines: Vec<Line> = windows.into_iter().map(|line| shown(line, may)).collect();
    let view = WindowsView {
        closes: lines.iter().any(|line| line.close.is_some()),
        lines,
        closing: signed.ticket(CLOSES),
        form: may.then(|| (filled.fields(today), addresses::committee_windows(photograph), signed.ticket(OPENS))),
    };
    Ok((view, notice))
}

fn shown(line: WindowLine, may: bool) -> Line {
    let open = line.standing == WindowStanding::Open;
    let (text, tone) = match line.standing {
        WindowStanding::Open => (words::OPEN, "done"),
        WindowStanding::Closed { .. } => (words::CLOSED, ""),
        WindowStanding::Past => (words::PAST, ""),
    };
    let said = match (line.standing, line.closed_by) {
        (WindowStanding::Closed { at }, Some(by)) => Some(words::closed_by(dates::instant_short(at), by)),
        _ => None,
    };
    Line {
        partner: line.window.partner,
        until: Stamp::day(line.window.until),
        at: Stamp::instant(line.window.opened_at),
        by: line.by,
        state: Tag { text: text.to_owned(), tone },
        said,
        link: match line.link {
            Some(link) => link,
            None if open && !may => words::LINK_KEPT.to_owned(),
            None if open => words::LINK_LOST.to_owned(),
            None => String::new(),
        },
        close: (may && open).then(|| addresses::committee_window_close(line.window.id)),
    }
}

/// A day as a field of days sends it, or as people write it.
fn day(text: &str) -> Option<Day> {
    Day::read(&Value::from(text)).ok()
}

/// Opens a window, in a task that outlives its client.
pub(super) async fn open(
    State(web): State<Web>,
    signed: Signed,
    Path(photograph): Path<String>,
    Asking(visitor): Asking,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let photograph = seals::id(&photograph)?;
    if !keeps_committee(&signed.actor) {
        return Err(PageError::NotFound);
    }
    let text = |name: &str| value(&typed, name).unwrap_or_default().to_owned();
    let mut filled = Filled { partner: text(PARTNER), until: Some(text(UNTIL)), ..Filled::default() };
    if let Err(error) = signed.check(OPENS, value(&typed, "cle")) {
        let (status, notice) = (error.status(), Some(Notice::other_session()));
        return seals::seal_page(&web, &signed, photograph, Shown { status, notice, filled, ..Shown::default() }).await;
    }
    let writing = {
        let (app, actor, partner, until) =
            (web.app.clone(), signed.actor.clone(), filled.partner.clone(), day(&text(UNTIL)));
        async move { app.open_window(&actor, photograph, &partner, until, &visitor).await }
    };
    match web.writes.spawn(writing).await? {
        Ok(id) => {
            let address = addresses::committee_seal(photograph);
            Ok(Redirect::to(&asking(&address, &[("fenetre", &id.to_string())])).into_response())
        }
        Err(AppError::Invalid(errors)) => {
            let said = |name: &str| {
                let error = errors.iter().find(|error| error.field == name)?;
                Some(wording::capital(&refusals::problem(&error.problem)))
            };
            (filled.partner_error, filled.until_error) = (said("partner"), said("until"));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            seals::seal_page(&web, &signed, photograph, Shown { status, filled, ..Shown::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Closes a window, in a task that outlives its client.
pub(super) async fn close(
    State(web): State<Web>,
    signed: Signed,
    Path(window): Path<String>,
    Asking(visitor): Asking,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let window = seals::id(&window)?;
    if !keeps_committee(&signed.actor) {
        return Err(PageError::NotFound);
    }
    signed.check(CLOSES, value(&typed, "cle"))?;
    let (app, actor) = (web.app.clone(), signed.actor.clone());
    let photograph = web.writes.spawn(async move { app.close_window(&actor, window, &visitor).await }).await??;
    let address = addresses::committee_seal(photograph);
    Ok(Redirect::to(&asking(&address, &[("fait", "fermeture")])).into_response())
}
