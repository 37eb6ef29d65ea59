//! Pieces that the pages of a path share: head, moments, what changed since.

use app::{Message, MessageState, PathView};
use domain::Day;
use domain::path::Recorded;
use wording::{addresses, dates, labels, numbers, pages, timeline};

use super::Scene;
use crate::stamp::Stamp;

/// Who holds the ball and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ball {
    pub text: String,
    /// `wait`, `late` or nothing.
    pub tone: &'static str,
    pub full: String,
}

/// What every page of a path says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub reference: String,
    pub job: String,
    pub company: String,
    pub company_address: String,
    pub place: String,
    pub lot: String,
    pub address: String,
    pub state: &'static str,
    pub state_tone: &'static str,
    pub ball: Option<Ball>,
}

pub(super) fn head(scene: &Scene) -> Head {
    let path = &scene.view.path;
    let workplace = &path.workplace;
    Head {
        reference: path.reference.to_string(),
        job: path.job.title.clone(),
        company: workplace.company.clone(),
        company_address: addresses::company(&workplace.siret),
        place: format!(
            "{}, {} · SIRET {}",
            labels::commune(workplace.commune.as_ref()),
            labels::department(&workplace.department),
            numbers::siret(&workplace.siret)
        ),
        lot: path.lot.to_string(),
        address: addresses::path(&path.reference),
        state: labels::state(path.state),
        state_tone: match (path.state.is_final(), path.state.adjourned().is_some()) {
            (true, _) => "done",
            (false, true) => "wait",
            (false, false) => "",
        },
        ball: ball(&scene.view, scene.around.today),
    }
}

fn ball(view: &PathView, today: Day) -> Option<Ball> {
    let clock = view.clocks.first()?;
    let tone = match dates::urgency(clock.due_on, today) {
        dates::Urgency::Late => "late",
        dates::Urgency::Soon => "wait",
        dates::Urgency::Later => "",
    };
    Some(Ball { text: labels::waiting(clock, today), tone, full: dates::long(clock.due_on) })
}

/// What happened to a message, as a word with its tone; one that had left came back.
pub(super) fn delivery(message: &Message) -> (&'static str, &'static str) {
    match message.state {
        MessageState::Refused if message.came_back.is_some() => (pages::path::MESSAGE_RETURNED, "late"),
        MessageState::Failed if message.came_back.is_some() => (pages::path::MESSAGE_RETURNED_LATE, "late"),
        MessageState::Queued => (pages::path::MESSAGE_WAITING, ""),
        MessageState::Sending => (pages::path::MESSAGE_LEAVING, ""),
        MessageState::Sent => (pages::path::MESSAGE_SENT, "done"),
        MessageState::Refused => (pages::path::MESSAGE_REFUSED, "late"),
        MessageState::Failed => (pages::path::MESSAGE_FAILED, "late"),
        MessageState::Held => ("retenu", "wait"),
    }
}

/// An event in a line: what, by whom, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Since {
    pub sentence: String,
    pub author: String,
    pub when: Stamp,
}

/// The events after a version, oldest first.
pub(in crate::staff) fn since(events: &[Recorded], version: u32) -> Vec<Since> {
    let later = events.iter().filter(|event| event.seq > version);
    later
        .map(|event| Since {
            sentence: timeline::path(&event.event, &event.author),
            author: timeline::author(&event.author),
            when: Stamp::instant(event.recorded_at),
        })
        .collect()
}
