//! What a step would do on each path of a selection and in all, and what it did.

use std::collections::BTreeMap;

use app::bulk::{self, Foreseen, Line, Several};
use app::{AppError, MessageSummary, Outcome};
use domain::Day;
use domain::identifiers::LotCode;
use domain::market::OptionCode;
use domain::money::Cents;
use domain::path::{Effect, Event, Path, Step};
use domain::people::RecipientRole;
use wording::pages::bulk as words;
use wording::{addresses, labels, numbers, pages, refusals};

use super::paths;
use crate::staff::path::parts::Since;
use crate::staff::path::rehearsal::{self, Fact, RehearsalView};

/// A path of the selection.
pub(super) struct Chosen {
    pub(super) reference: String,
    pub(super) address: String,
    pub(super) about: String,
    pub(super) state: &'static str,
}

impl Chosen {
    pub(super) fn of(path: &Path) -> Self {
        Self {
            reference: path.reference.to_string(),
            address: addresses::path(&path.reference),
            about: format!("{}, {}", path.job.title, path.workplace.company),
            state: labels::state(path.state),
        }
    }
}

/// What would happen on a path, or did.
pub(super) struct ResultView {
    pub(super) path: Chosen,
    /// `done` or `late`.
    pub(super) tone: &'static str,
    pub(super) word: &'static str,
    pub(super) lines: Vec<String>,
    /// What happened on the path since it was read.
    pub(super) since: Vec<Since>,
    pub(super) ahead: Option<RehearsalView>,
}

/// What went wrong on a path, in words.
fn refused(error: &AppError) -> Vec<String> {
    let told = match error {
        AppError::Refused(refusal) => return refusals::lines(refusal),
        AppError::Conflict(conflict) if conflict.current == conflict.seen => words::OTHERWISE_THAN_READ,
        AppError::Conflict(_) => words::CHANGED,
        AppError::NotFound | AppError::Forbidden => words::NOT_YOURS,
        AppError::KeyReused => words::OTHER_ANSWERS,
        AppError::Contended => words::CONTENDED,
        AppError::OrderRefused(_)
        | AppError::AccountRefused(_)
        | AppError::DelegationRefused(_)
        | AppError::AccountConflict(_)
        | AppError::Invalid(_)
        | AppError::NoMarket
        | AppError::DocumentTooLarge { .. }
        | AppError::TooManyDocuments { .. }
        | AppError::TooManyExports { .. }
        | AppError::TooManyUploads { .. }
        | AppError::NeedDecided
        | AppError::Typesetting(_)
        | AppError::Store(_) => words::FAILED,
    };
    vec![told.to_owned()]
}

pub(super) fn foreseen(line: Line<Foreseen>, step: Step, today: Day) -> ResultView {
    let path = Chosen::of(&line.path);
    match line.result {
        Ok(Foreseen { rehearsal, left, .. }) => {
            let last = left.iter().filter(|(_, left)| *left == 0);
            let last = last.map(|(option, _)| words::last_unit(option, &line.path.lot));
            let own = i64::try_from(rehearsal.messages.len()).unwrap_or(i64::MAX);
            let ahead = Some(RehearsalView {
                leaving: words::for_this_path(pages::counts::messages(own)),
                // Said once, in all.
                illustrative: false,
                ..rehearsal::view(step, &rehearsal, today)
            });
            ResultView { path, tone: "done", word: words::POSSIBLE, lines: last.collect(), since: Vec::new(), ahead }
        }
        Err(error) => failed(path, words::REFUSED, &error),
    }
}

fn failed(path: Chosen, word: &'static str, error: &AppError) -> ResultView {
    ResultView { path, tone: "late", word, lines: refused(error), since: Vec::new(), ahead: None }
}

pub(super) fn done(line: Line<Outcome>) -> ResultView {
    let mut path = Chosen::of(&line.path);
    match line.result {
        Ok(outcome) => {
            path.state = labels::state(outcome.path.state);
            let lines =
                if outcome.replayed { vec![words::ALREADY_DONE.to_owned()] } else { vec![words::now(path.state)] };
            ResultView { path, tone: "done", word: words::DONE, lines, since: Vec::new(), ahead: None }
        }
        Err(error) => failed(path, words::NOT_DONE, &error),
    }
}

/// How many messages, and to whom by role: « 12 messages, dont 9 à l’entreprise ».
pub(super) fn messages<'a>(messages: impl Iterator<Item = &'a MessageSummary>) -> (i64, String) {
    let mut roles: BTreeMap<RecipientRole, i64> = BTreeMap::new();
    messages.for_each(|message| *roles.entry(message.role).or_default() += 1);
    let all = roles.values().sum();
    let roles: Vec<String> = roles
        .iter()
        .map(|(role, number)| words::to_role(labels::recipient(*role), numbers::integer(*number)))
        .collect();
    let text = match all {
        0 => pages::path::NO_MESSAGE_LEAVES.to_owned(),
        all => format!("{} ({})", pages::counts::messages(all), roles.join(", ")),
    };
    (all, text)
}

/// What a lot spends on the selection.
#[derive(Default)]
struct Spent {
    drawn: BTreeMap<OptionCode, (i64, Cents)>,
    /// Units that the lot still has afterwards.
    left: BTreeMap<OptionCode, u32>,
    admitted: (i64, Cents),
}

/// What would happen in all: money by lot, places, messages.
pub(super) fn total(several: &Several<Foreseen>, step: Step) -> Option<RehearsalView> {
    let foreseen: Vec<&Foreseen> = several.lines.iter().filter_map(|line| line.result.as_ref().ok()).collect();
    if foreseen.is_empty() {
        return None;
    }
    let mut lots: BTreeMap<&LotCode, Spent> = BTreeMap::new();
    for Foreseen { rehearsal, left, .. } in &foreseen {
        let spent = lots.entry(&rehearsal.after.lot).or_default();
        for event in &rehearsal.events {
            for draw in bulk::drawn(event) {
                let (units, price) = spent.drawn.entry(draw.option).or_default();
                *units += 1;
                *price += draw.price.excluding_tax;
            }
            if let Event::Admitted { amount, .. } = event {
                spent.admitted = (spent.admitted.0 + 1, spent.admitted.1 + *amount);
            }
        }
        spent.left.extend(left.iter().copied());
    }
    let fact = |label, text| Fact { label, text, before: None };
    let mut facts = Vec::new();
    for (lot, spent) in lots {
        for (option, (units, price)) in spent.drawn {
            let left = spent.left.get(&option).copied().unwrap_or_default();
            let units = format!("{} {option}", pages::counts::units(units));
            let text = words::money_engaged(lot, numbers::euros(price), units, numbers::integer(left.into()));
            facts.push(fact(pages::rehearsal::MONEY, text));
        }
        if spent.admitted.0 > 0 {
            let (paths, amount) = spent.admitted;
            let text = words::service_done(lot, numbers::euros(amount), pages::counts::paths(paths));
            facts.push(fact(pages::rehearsal::MONEY, text));
        }
    }
    let illustrative = !facts.is_empty() && foreseen.iter().any(|foreseen| !foreseen.rehearsal.prices_confirmed);
    let mut effects = foreseen.iter().flat_map(|foreseen| &foreseen.rehearsal.effects);
    if !effects.any(|effect| matches!(effect, Effect::Place(_))) {
        facts.push(fact(pages::rehearsal::PLACES, words::NO_PLACE.to_owned()));
    }
    let own = foreseen.iter().flat_map(|foreseen| &foreseen.rehearsal.messages);
    let (count, text) = messages(own.chain(&several.summaries));
    facts.push(fact(words::MESSAGES, text));
    let view = RehearsalView::new(facts, &several.summaries, labels::step(step), illustrative);
    let button = words::step_on(labels::step(step), paths(foreseen.len()));
    Some(RehearsalView {
        leaving: match several.summaries.len() {
            0 => String::new(),
            1 => words::ONE_SUMMARY.to_owned(),
            _ => words::SEVERAL_SUMMARIES.to_owned(),
        },
        button: pages::rehearsal::button(button, count),
        ..view
    })
}
