//! What will happen, before it does: state, places, money, deadlines, and every message with its text.

use app::{MessageSummary, Rehearsal};
use domain::Day;
use domain::path::event::Draw;
use domain::path::{Effect, Event, Path, Step};
use domain::places::{PlaceEffect, Places};
use wording::pages::rehearsal as words;
use wording::{addresses, dates, labels, numbers, pages, timeline};

/// A fact of what will happen: `Places`, `1 place du lot 1 est réservée pour 2026.`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    pub label: &'static str,
    pub text: String,
    pub before: Option<String>,
}

/// A message that would leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MessageView {
    pub role: &'static str,
    pub name: String,
    pub email: String,
    pub why: &'static str,
    pub subject: String,
    pub text: String,
}

/// The box « Ce qui va se passer ».
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RehearsalView {
    pub facts: Vec<Fact>,
    pub messages: Vec<MessageView>,
    /// Who cannot be written to, and why.
    pub unreached: Vec<(String, &'static str)>,
    pub illustrative: bool,
    /// Verb and effect: `Commander l’étude de faisabilité et envoyer 2 messages`.
    pub button: String,
    /// `2 messages partiront` or `Aucun message ne part`.
    pub leaving: String,
    /// The document that is made, by name, and where it is read before.
    pub made: Option<(String, String)>,
}

fn fact(label: &'static str, text: impl Into<String>) -> Fact {
    Fact { label, text: text.into(), before: None }
}

/// The box of a rehearsal.
pub(in crate::staff) fn view(step: Step, rehearsal: &Rehearsal, today: Day) -> RehearsalView {
    let mut facts = vec![state(rehearsal)];
    facts.extend(rehearsal.events.iter().flat_map(corrected));
    facts.extend(places(rehearsal));
    let money = money(&rehearsal.events);
    let illustrative = !money.is_empty() && !rehearsal.prices_confirmed;
    facts.extend(money.into_iter().map(|text| fact(words::MONEY, text)));
    facts.extend(deadline(rehearsal, today));
    let unreached = rehearsal.unreached.iter().map(|(role, name, why)| {
        let who = if name.is_empty() {
            labels::recipient(*role).to_owned()
        } else {
            format!("{name}, {}", labels::recipient(*role))
        };
        (who, labels::unreached(*why))
    });
    RehearsalView {
        unreached: unreached.collect(),
        made: rehearsal.made.clone().map(|name| (name, addresses::step_document(&rehearsal.after.reference, step))),
        ..RehearsalView::new(facts, &rehearsal.messages, labels::step(step), illustrative)
    }
}

impl RehearsalView {
    /// The box of these facts and messages; `verb` is what the button does.
    pub(in crate::staff) fn new(facts: Vec<Fact>, messages: &[MessageSummary], verb: &str, illustrative: bool) -> Self {
        let messages: Vec<MessageView> = messages.iter().map(message).collect();
        let count = i64::try_from(messages.len()).unwrap_or(i64::MAX);
        let (button, leaving) = (words::button(verb, count), words::leaving(count));
        Self { facts, messages, unreached: Vec::new(), illustrative, button, leaving, made: None }
    }
}

fn message(summary: &MessageSummary) -> MessageView {
    MessageView {
        role: labels::reader(summary.kind, summary.role),
        name: summary.name.clone(),
        email: summary.email.clone(),
        why: labels::told(summary.why),
        subject: summary.subject.clone(),
        text: summary.text.clone(),
    }
}

fn state(rehearsal: &Rehearsal) -> Fact {
    let after = labels::state(rehearsal.after.state);
    match &rehearsal.before {
        None => fact(pages::paths::PATHS, words::path_opens(&rehearsal.after.lot, after)),
        Some(before) if before.state == rehearsal.after.state => {
            fact(pages::paths::STATE, pages::order_steps::unchanged(lower(after)))
        }
        Some(before) => {
            let before = labels::state(before.state).to_owned();
            Fact { label: pages::paths::STATE, text: after.to_owned(), before: Some(before) }
        }
    }
}

/// What a correction changes, and what it asks again.
fn corrected(event: &Event) -> Vec<Fact> {
    let Event::DatumCorrected { correction, reopened, .. } = event else { return Vec::new() };
    let changes = timeline::changes(correction).into_iter().map(|change| {
        let change = super::history::shown(change);
        Fact { label: change.label, text: change.after, before: Some(change.before) }
    });
    let again = reopened.iter().map(|reopened| fact(pages::corrections::ASKED_AGAIN, timeline::again(*reopened)));
    changes.chain(again).collect()
}

fn lower(label: &str) -> String {
    let mut letters = label.chars();
    let (first, second) = (letters.next(), letters.clone().next());
    match (first, second) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => label.to_owned(),
    }
}

fn left(places: &[Places], year: i32, change: i64) -> String {
    let of_year = places.iter().find(|places| places.year == year);
    match of_year.and_then(|places| Some((places.planned?, places.available()?))) {
        Some((planned, available)) => {
            words::left(numbers::integer((available + change).max(0)), numbers::integer(planned.into()))
        }
        None => String::new(),
    }
}

fn places(rehearsal: &Rehearsal) -> Vec<Fact> {
    let lot = &rehearsal.after.lot;
    let known = &rehearsal.places;
    let mut facts = Vec::new();
    for effect in &rehearsal.effects {
        let Effect::Place(place) = effect else { continue };
        let text = match *place {
            PlaceEffect::Reserve { year } => words::place_reserved(lot, year, left(known, year, -1)),
            PlaceEffect::Release { year } => words::place_given_back(lot, year, left(known, year, 1)),
            PlaceEffect::Consume { reserved_year, year } if reserved_year == year => {
                words::place_becomes_entry(lot, year)
            }
            PlaceEffect::Consume { reserved_year, year } => words::entry_of_other_year(reserved_year, year),
            PlaceEffect::Unconsume { year } => words::entry_undone(year),
            PlaceEffect::Import { year } => words::entry_counts(year),
            PlaceEffect::Move { from, to } => words::place_moves(from, to),
            PlaceEffect::MoveConsumed { from, to } => words::entry_moves(from, to),
        };
        facts.push(fact(words::PLACES, text));
    }
    if facts.is_empty() {
        facts.push(fact(words::PLACES, unchanged_places(&rehearsal.after)));
    }
    facts
}

fn unchanged_places(after: &Path) -> String {
    match (&after.training, &after.candidate) {
        (Some(training), _) => words::entry_still_counts(training.year),
        (None, Some(candidate)) if !after.state.is_final() => {
            words::place_still_reserved(&after.lot, candidate.reserved_year)
        }
        (None, Some(_) | None) => words::NO_PLACE.to_owned(),
    }
}

/// A unit drawn, in a sentence.
fn drawn(draw: &Draw) -> String {
    let price = numbers::euros(draw.price.excluding_tax);
    words::unit_drawn(price, labels::option_with_code(draw.option), &draw.order)
}

fn given_back(draw: &Draw) -> String {
    words::unit_given_back(labels::option_with_code(draw.option), &draw.order)
}

/// What the events say of money, one line each.
pub(super) fn money(events: &[Event]) -> Vec<String> {
    let mut lines = Vec::new();
    for event in events {
        if let Event::PrestationOrdered { draws, .. } = event {
            lines.extend(draws.iter().map(drawn));
        } else if let Event::TutorTrainingOrdered { draw } = event {
            lines.push(drawn(draw));
        } else if let Event::LevelApproved { returned, drawn: taken } = event {
            lines.extend([given_back(returned), drawn(taken)]);
        } else if let Event::CandidateWithdrawn { returned, .. } = event {
            lines.extend(returned.iter().map(given_back));
        } else if let Event::Cancelled { amount, returned, .. } = event {
            lines.extend(returned.iter().map(given_back));
            if amount.get() > 0 {
                lines.push(words::due_for_work(numbers::euros(*amount)));
            }
        } else if let Event::Admitted { amount, reduction, .. } = event {
            let less = reduction.map_or_else(String::new, |less| words::after_reduction(numbers::euros(less)));
            lines.push(words::service_done(numbers::euros(*amount), less));
        } else if let Event::ClosedWithoutReport { amount, .. } = event {
            lines.push(words::service_done(numbers::euros(*amount), ""));
        }
    }
    lines
}

fn deadline(rehearsal: &Rehearsal, today: Day) -> Option<Fact> {
    let said = |clocks: &[domain::clocks::Clock]| {
        clocks.first().map(|clock| {
            let what = format!("{}, {}", labels::clock(clock.kind), dates::deadline(clock.due_on, today));
            pages::orders::awaited_from(labels::side(clock.holder), what)
        })
    };
    let (before, after) = (said(&rehearsal.clocks_before), said(&rehearsal.clocks_after));
    if before == after {
        return after.map(|text| fact(pages::paths::DEADLINE, words::same_deadline(text)));
    }
    let text = after.unwrap_or_else(|| words::NOTHING_AWAITED.to_owned());
    Some(Fact { label: pages::paths::DEADLINE, text, before })
}
