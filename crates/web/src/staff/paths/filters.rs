//! The filters of the list as the page shows them: a form, and a chip for each active one that removes it.

use app::Charge;
use domain::identifiers::AccountId;
use domain::path::State;
use domain::path::command::Outcome;
use domain::people::Side;
use strum::IntoEnumIterator;
use wording::{labels, numbers, pages};

use super::Sight;
use super::asked::{Asked, Column, Due, Held, NOBODY, Phase, years};

/// An active filter and the address without it.
pub(super) struct Chip {
    pub label: String,
    pub address: String,
}

/// A box or a line of a list to choose.
pub(super) struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

/// A group of boxes under a phase.
pub(super) struct PhaseView {
    pub value: &'static str,
    pub label: &'static str,
    pub chosen: bool,
    pub states: Vec<Choice>,
}

/// A list of which one line is chosen.
pub(super) struct SelectView {
    pub id: &'static str,
    pub name: &'static str,
    pub label: &'static str,
    pub any: &'static str,
    pub options: Vec<Choice>,
}

/// The form of filters.
pub(super) struct FilterView {
    pub kept: Vec<(&'static str, String)>,
    pub text: String,
    pub text_help: &'static str,
    pub phases: Vec<PhaseView>,
    pub lots: Vec<Choice>,
    pub selects: Vec<SelectView>,
    pub outcomes: Vec<Choice>,
    pub columns: Vec<Choice>,
}

/// How a list of paths that nobody coordinates is called.
const UNHELD: &str = pages::paths::NOBODY;

fn without(asked: &Asked, remove: impl FnOnce(&mut Asked)) -> String {
    let mut other = asked.clone();
    remove(&mut other);
    other.address()
}

fn coordinators(sight: &Sight, accounts: &[AccountId]) -> String {
    let name = |account: &AccountId| {
        let known = sight.choices.coordinators.iter().find(|(id, _)| id == account);
        known.map_or_else(|| pages::paths::UNKNOWN_ACCOUNT.to_owned(), |(_, name)| name.clone())
    };
    numbers::list(&accounts.iter().map(name).collect::<Vec<_>>())
}

fn held(held: Held) -> &'static str {
    match held {
        Held::Side(side) => labels::side(side),
        Held::Others => pages::paths::SOMEBODY_ELSE,
    }
}

fn due(due: Due) -> &'static str {
    match due {
        Due::Late => pages::paths::LATE,
        Due::Soon => pages::paths::WITHIN_THREE_DAYS,
    }
}

/// A chip for each active filter.
pub(super) fn chips(sight: &Sight) -> Vec<Chip> {
    let asked = &sight.asked;
    let mut chips = Vec::new();
    let mut chip = |label: String, address: String| chips.push(Chip { label, address });
    if !asked.text.is_empty() {
        chip(pages::paths::quoted(&asked.text), without(asked, |asked| asked.words.clear()));
    }
    for lot in &asked.lots {
        chip(pages::lots::one(lot), without(asked, |asked| asked.lots.retain(|other| other != lot)));
    }
    for phase in &asked.phases {
        chip(phase.label().to_owned(), without(asked, |asked| asked.phases.retain(|other| other != phase)));
    }
    for state in &asked.states {
        chip(labels::state(*state).to_owned(), without(asked, |asked| asked.states.retain(|other| other != state)));
    }
    if let Some(side) = asked.holder {
        chip(pages::paths::awaited_from(held(side)), without(asked, |asked| asked.holder = None));
    }
    if let Some(when) = asked.due {
        chip(due(when).to_owned(), without(asked, |asked| asked.due = None));
    }
    if let Some(department) = &asked.department {
        chip(labels::department_with_code(department), without(asked, |asked| asked.department = None));
    }
    if let Some(charge) = &asked.charge {
        let label = match charge {
            Charge::Accounts(accounts) => pages::paths::coordination_of(coordinators(sight, accounts)),
            Charge::Nobody => UNHELD.to_owned(),
        };
        chip(label, without(asked, |asked| asked.charge = None));
    }
    if let Some(year) = asked.entry {
        chip(pages::paths::entry_in(year), without(asked, |asked| asked.entry = None));
    }
    if let Some(year) = asked.waiting {
        chip(pages::paths::waiting_list_of(year), without(asked, |asked| asked.waiting = None));
    }
    for outcome in &asked.outcomes {
        let label = labels::outcome(*outcome).to_owned();
        chip(label, without(asked, |asked| asked.outcomes.retain(|other| other != outcome)));
    }
    chips
}

fn option(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Choice {
    Choice { value: value.into(), label: label.into(), chosen }
}

/// The form of filters, with how many paths each state has.
pub(super) fn view(sight: &Sight, counts: &[(State, u64)]) -> FilterView {
    let (asked, choices) = (&sight.asked, &sight.choices);
    let number = |state: State| counts.iter().find(|(known, _)| *known == state).map_or(0, |(_, number)| *number);
    let counted = |state: State| {
        let number = numbers::integer(i64::try_from(number(state)).unwrap_or(i64::MAX));
        option(state.to_string(), format!("{} ({number})", labels::state(state)), asked.states.contains(&state))
    };
    let phases = Phase::iter().map(|phase| PhaseView {
        value: phase.into(),
        label: phase.label(),
        chosen: asked.phases.contains(&phase),
        states: phase.states().into_iter().map(counted).collect(),
    });
    let sides = [Side::Region, Side::Body, Side::Company, Side::Trainee, Side::Tutor].map(Held::Side);
    let sides = sides.into_iter().chain([Held::Others]).map(|side| {
        let value = match side {
            Held::Side(side) => side.to_string(),
            Held::Others => "autres".to_owned(),
        };
        option(value, held(side), asked.holder == Some(side))
    });
    let dues = Due::iter().map(|when| option(<&str>::from(when), due(when), asked.due == Some(when)));
    let departments = choices.departments.iter().map(|department| {
        let chosen = asked.department.as_ref() == Some(department);
        option(department.to_string(), labels::department_with_code(department), chosen)
    });
    let coordinator = |(id, name): &(AccountId, String)| {
        let chosen = matches!(&asked.charge, Some(Charge::Accounts(accounts)) if accounts.contains(id));
        option(id.to_string(), name, chosen)
    };
    let nobody = option(NOBODY, UNHELD, asked.charge == Some(Charge::Nobody));
    let coordinators = choices.coordinators.iter().map(coordinator).chain([nobody]);
    let of_years = |chosen: Option<i32>| {
        years(sight.today).into_iter().map(move |year| option(year.to_string(), year.to_string(), chosen == Some(year)))
    };
    let select = |id, name, label, any, options| SelectView { id, name, label, any, options };
    let shown = asked.columns(sight.several_lots);
    FilterView {
        kept: asked.kept(),
        text: asked.text.clone(),
        text_help: if choices.people { pages::paths::SEARCH_HELP_WITH_CANDIDATE } else { pages::paths::SEARCH_HELP },
        phases: phases.collect(),
        lots: if sight.several_lots {
            choices
                .lots
                .iter()
                .map(|(lot, name)| option(lot.to_string(), pages::lots::named(lot, name), asked.lots.contains(lot)))
                .collect()
        } else {
            Vec::new()
        },
        selects: vec![
            select("attend", "attend", pages::paths::AWAITED_FROM, pages::paths::EVERYBODY, sides.collect()),
            select("echeance", "echeance", pages::paths::DEADLINE, pages::paths::ALL_DEADLINES, dues.collect()),
            select(
                "departement",
                "departement",
                pages::paths::DEPARTMENT,
                pages::paths::ALL_DEPARTMENTS,
                departments.collect(),
            ),
            select(
                "responsable",
                "responsable",
                pages::paths::COORDINATION,
                pages::paths::EVERYBODY,
                coordinators.collect(),
            ),
            select(
                "entree",
                "entree",
                pages::paths::YEAR_OF_ENTRY,
                pages::paths::ALL_YEARS,
                of_years(asked.entry).collect(),
            ),
            select(
                "attente",
                "attente",
                pages::paths::WAITING_LIST,
                pages::paths::EITHER,
                of_years(asked.waiting).collect(),
            ),
        ],
        outcomes: Outcome::iter()
            .map(|outcome| option(outcome.to_string(), labels::outcome(outcome), asked.outcomes.contains(&outcome)))
            .collect(),
        columns: Column::iter()
            .filter(|column| sight.several_lots || *column != Column::Lot)
            .map(|column| option(<&str>::from(column), column.label(), shown.contains(&column)))
            .collect(),
    }
}
