//! The journal of a path in sentences, the latest first, with what stands under each: details, before and after, messages.

use std::collections::BTreeSet;

use app::PathView;
use domain::path::command::Datum;
use domain::path::event::PifTerms;
use domain::path::{Event, Recorded, State, apply};
use wording::timeline::{self, Change, Detail};
use wording::{addresses, dates, labels, numbers, pages};

use super::parts;
use crate::stamp::Stamp;

/// Entries shown before one asks for all of them.
const FIRST: usize = 12;

/// Which entries are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Filter {
    All,
    Steps,
    Corrections,
    Documents,
    Messages,
}

impl Filter {
    const EACH: [(Self, &'static str, &'static str); 5] = [
        (Self::All, "tout", pages::path::ALL),
        (Self::Steps, "etapes", pages::path::STEPS),
        (Self::Corrections, "corrections", pages::path::CORRECTIONS),
        (Self::Documents, "documents", pages::path::DOCUMENTS_AND_NOTES),
        (Self::Messages, "messages", pages::path::WITH_MESSAGES),
    ];

    pub(super) fn named(name: Option<&str>) -> Option<Self> {
        let name = name?;
        Self::EACH.iter().find(|(_, known, _)| *known == name).map(|(filter, _, _)| *filter)
    }
}

/// A choice of the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tab {
    pub label: &'static str,
    pub address: String,
    pub current: bool,
}

/// A message that an event caused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sent {
    pub role: &'static str,
    pub state: &'static str,
    pub tone: &'static str,
    pub address: String,
}

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub sentence: String,
    pub author: String,
    pub when: Stamp,
    /// The day of the fact, when it was recorded another day.
    pub fact: Option<Stamp>,
    pub details: Vec<Detail>,
    pub changes: Vec<Change>,
    pub messages: Vec<Sent>,
    /// The certificate of an answer.
    pub proof: Option<String>,
    /// The path changed state.
    pub turn: bool,
    pub on_behalf: bool,
}

/// The journal as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Journal {
    pub tabs: Vec<Tab>,
    pub entries: Vec<Entry>,
    /// Entries left out, and where they all are.
    pub more: Option<(String, String)>,
}

/// The journal; without a filter, the latest entries.
pub(super) fn journal(view: &PathView, page: &str, filter: Option<Filter>) -> Journal {
    let events = &view.events;
    let turns = turns(events);
    let mut entries: Vec<Entry> = events
        .iter()
        .enumerate()
        .map(|(index, recorded)| entry(view, recorded, &events[..index], turns.contains(&recorded.seq)))
        .zip(events)
        .filter(|(entry, recorded)| keeps(filter, entry, &recorded.event))
        .map(|(entry, _)| entry)
        .collect();
    entries.reverse();
    let left = entries.len().saturating_sub(FIRST);
    let mut more = None;
    if filter.is_none() && left > 0 {
        entries.truncate(FIRST);
        let text = pages::path::see_also(pages::counts::older_facts(i64::try_from(left).unwrap_or(i64::MAX)));
        more = Some((text, format!("{page}?journal=tout#historique")));
    }
    let tabs = Filter::EACH.iter().map(|(each, name, label)| Tab {
        label,
        address: format!("{page}?journal={name}#historique"),
        current: filter.unwrap_or(Filter::All) == *each,
    });
    Journal { tabs: tabs.collect(), entries, more }
}

fn keeps(filter: Option<Filter>, entry: &Entry, event: &Event) -> bool {
    match filter {
        None | Some(Filter::All) => true,
        Some(Filter::Steps) => entry.turn,
        Some(Filter::Corrections) => {
            !entry.changes.is_empty()
                || matches!(
                    event,
                    Event::DatumCorrected { .. }
                        | Event::ContactChanged { .. }
                        | Event::TutorReplaced { .. }
                        | Event::CorrectionProposed { .. }
                        | Event::CorrectionAnswered { .. }
                        | Event::PifAmended { .. }
                        | Event::AnswerContested { .. }
                )
        }
        Some(Filter::Documents) => matches!(event, Event::NoteAdded { .. }) || !event.documents().is_empty(),
        Some(Filter::Messages) => !entry.messages.is_empty(),
    }
}

/// Ranks of the events after which the path stood in another state.
fn turns(events: &[Recorded]) -> BTreeSet<u32> {
    let mut path = None;
    let mut turns = BTreeSet::new();
    for recorded in events {
        let before: Option<State> = path.as_ref().map(|path: &domain::path::Path| path.state);
        // A journal that does not fold is `verify`'s to tell; the page shows what it can.
        let Ok(after) = apply(path.take(), recorded) else { return turns };
        if before != Some(after.state) {
            turns.insert(recorded.seq);
        }
        path = Some(after);
    }
    turns
}

fn entry(view: &PathView, recorded: &Recorded, earlier: &[Recorded], turn: bool) -> Entry {
    let sent = view.messages.iter().filter(|message| message.content.about.event == Some(recorded.id)).map(|message| {
        let (state, tone) = parts::delivery(message);
        Sent {
            role: labels::recipient_on(&view.path, message.content.to.role, message.content.to.person),
            state,
            tone,
            address: addresses::message(message.content.id),
        }
    });
    let recorded_on = domain::calendar::paris_day(recorded.recorded_at);
    Entry {
        sentence: timeline::path(&recorded.event, &recorded.author),
        author: timeline::author(&recorded.author),
        when: Stamp::instant(recorded.recorded_at),
        fact: (recorded.effective_on != recorded_on).then(|| Stamp::day(recorded.effective_on)),
        details: timeline::answered_by(&recorded.event, &view.people)
            .into_iter()
            .chain(timeline::details(&recorded.event))
            .collect(),
        changes: changes(&recorded.event, earlier),
        messages: sent.collect(),
        proof: view.proven.contains(&recorded.id).then(|| addresses::proof(&view.path.reference, recorded.seq)),
        turn,
        on_behalf: timeline::on_behalf(&recorded.event),
    }
}

fn change(label: &'static str, before: &dyn ToString, after: &dyn ToString) -> Change {
    Change { label, before: before.to_string(), after: after.to_string() }
}

/// A commune by its name; nothing that stood there by a word.
pub(super) fn shown(change: Change) -> Change {
    let value = |text: String| match text.as_str() {
        "" => pages::path::NO_VALUE.to_owned(),
        _ if change.label == labels::datum(Datum::Commune) => labels::commune(&text),
        _ => text,
    };
    Change { label: change.label, before: value(change.before), after: value(change.after) }
}

/// What an event changed of what was known.
fn changes(event: &Event, earlier: &[Recorded]) -> Vec<Change> {
    if let Event::DatumCorrected { correction, .. } = event {
        return timeline::changes(correction).into_iter().map(shown).collect();
    }
    let Event::PifAmended { terms, .. } = event else { return Vec::new() };
    let before = earlier.iter().rev().find_map(|recorded| match &recorded.event {
        Event::PifWritten { terms, .. } | Event::PifAmended { terms, .. } => Some(terms),
        _ => None,
    });
    before.map(|before| pif(before, terms)).unwrap_or_default()
}

fn pif(before: &PifTerms, after: &PifTerms) -> Vec<Change> {
    let hours = |label, before: u32, after: u32| change(label, &numbers::hours(before), &numbers::hours(after));
    let all = [
        hours(pages::path::AFEST_HOURS, before.afest_hours, after.afest_hours),
        hours(pages::path::APPLICATION_HOURS, before.application_hours, after.application_hours),
        hours(pages::path::WEEKLY_HOURS, before.weekly_hours, after.weekly_hours),
        hours(pages::path::DAILY_HOURS, before.daily_hours, after.daily_hours),
        change(pages::path::START, &dates::medium(before.starts_on), &dates::medium(after.starts_on)),
        change(pages::path::END, &dates::medium(before.ends_on), &dates::medium(after.ends_on)),
    ];
    all.into_iter().filter(|change| change.before != change.after).collect()
}
