//! The texts of messages: each kind and reader under its phase, with the words in force; each lot with what it adds.

use app::{LotTextLine, MessageTextLine, TextEntry};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::texts::Subject;
use wording::texts::PHASES;
use wording::{dates, labels, pages, tasks};

use crate::staff::{Frame, Section, Signed};
use crate::{PageError, Web, routes};

/// A text among those of a kind.
struct ReaderView {
    address: String,
    name: String,
    /// Since when and by whom the words are the Region's.
    own: Option<String>,
}

struct KindView {
    name: &'static str,
    readers: Vec<ReaderView>,
}

struct PhaseView {
    id: String,
    title: &'static str,
    kinds: Vec<KindView>,
}

#[derive(Template)]
#[template(path = "staff/messages_texts.html")]
struct TextsPage {
    frame: Frame,
    phases: Vec<PhaseView>,
    lots: Vec<ReaderView>,
}

/// Since when and by whom a text is another than the product's.
fn own(last: Option<&TextEntry>) -> Option<String> {
    let entry = last.filter(|entry| entry.version.content.is_some())?;
    Some(pages::texts::since(dates::instant_short(entry.version.at), &entry.by))
}

fn reader(line: &MessageTextLine) -> ReaderView {
    ReaderView {
        address: routes::text(&Subject::Message { kind: line.of.kind.to_owned(), role: line.of.role }),
        name: labels::reader(line.of.kind, line.of.role).to_owned(),
        own: own(line.last.as_ref()),
    }
}

fn lot(line: &LotTextLine) -> ReaderView {
    ReaderView {
        address: routes::text(&Subject::Lot(line.lot.code.clone())),
        name: pages::texts::lot(&line.lot.code, &line.lot.name),
        own: own(line.last.as_ref()),
    }
}

fn phases(lines: &[MessageTextLine]) -> Vec<PhaseView> {
    let kind = |kind: &&'static str| KindView {
        name: tasks::named(kind),
        readers: lines.iter().filter(|line| line.of.kind == *kind).map(reader).collect(),
    };
    let phase = |(rank, (title, kinds)): (usize, &(&'static str, &[&'static str]))| PhaseView {
        id: format!("phase-{}", rank + 1),
        title,
        kinds: kinds.iter().map(kind).filter(|kind| !kind.readers.is_empty()).collect(),
    };
    PHASES.iter().enumerate().map(phase).filter(|phase| !phase.kinds.is_empty()).collect()
}

/// The list.
pub(super) async fn show(State(web): State<Web>, signed: Signed) -> Result<Response, PageError> {
    let list = web.app.text_list(&signed.actor).await?;
    let page = TextsPage {
        frame: signed.frame(Section::Messages),
        phases: phases(&list.messages),
        lots: list.lots.iter().map(lot).collect(),
    };
    Ok(Html(page.render()?).into_response())
}
