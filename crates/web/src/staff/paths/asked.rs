//! What the address of the list asks: filters, order, columns, how it looks. It is the only state of the page.
//!
//! What makes no sense in an address is left out, so that an old link still shows a list. [`Asked::address`] writes what
//! [`Asked::read`] reads; an address always names its view, so that a list without filters is not taken for a first visit. Words
//! that are searched may be typed in an address (`q`), and stand sealed (`mots`) in each one that a page writes.

use app::{Charge, PathCursor, PathFilter, PathOrder, PathSort};
use chrono::{Datelike, Duration};
use domain::Day;
use domain::identifiers::{AccountId, Department, LotCode};
use domain::market::Prestation;
use domain::path::State;
use domain::path::command::Outcome;
use domain::people::Side;
use strum::{EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};
use wording::{addresses, pages};

/// Days ahead within which something is soon due.
const SOON: i64 = 3;
/// The value of the filter for paths that nobody coordinates.
pub(crate) const NOBODY: &str = "personne";
/// Most characters of a search.
const TEXT: usize = 200;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    Side(Side),
    /// Anyone but the reader's side.
    Others,
}

/// How the list looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr)]
pub(crate) enum Look {
    #[default]
    #[strum(serialize = "tableau")]
    Table,
    /// More lines in the same window.
    #[strum(serialize = "serre")]
    Compact,
    #[strum(serialize = "etapes")]
    Board,
}

/// How pressing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
pub(crate) enum Due {
    #[strum(serialize = "retard")]
    Late,
    #[strum(serialize = "proche")]
    Soon,
}

/// A phase, or the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
pub(crate) enum Phase {
    #[strum(serialize = "p1")]
    Feasibility,
    #[strum(serialize = "p2")]
    Preparation,
    #[strum(serialize = "p3")]
    Implementation,
    #[strum(serialize = "fin")]
    Ended,
}

impl Phase {
    pub(crate) fn of(state: State) -> Self {
        match state.phase() {
            Some(Prestation::Feasibility) => Self::Feasibility,
            Some(Prestation::Preparation) => Self::Preparation,
            Some(Prestation::Implementation) => Self::Implementation,
            None => Self::Ended,
        }
    }

    pub(crate) fn states(self) -> Vec<State> {
        State::iter().filter(|state| Self::of(*state) == self).collect()
    }

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Feasibility => pages::paths::STUDY,
            Self::Preparation => pages::paths::PREPARATION,
            Self::Implementation => pages::paths::IMPLEMENTATION,
            Self::Ended => pages::paths::ENDED,
        }
    }
}

/// A column that one may choose; the reference is always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr)]
pub(crate) enum Column {
    #[strum(serialize = "metier")]
    Job,
    #[strum(serialize = "entreprise")]
    Company,
    #[strum(serialize = "siret")]
    Siret,
    #[strum(serialize = "lieu")]
    Place,
    #[strum(serialize = "lot")]
    Lot,
    #[strum(serialize = "etat")]
    State,
    #[strum(serialize = "attend")]
    Holder,
    #[strum(serialize = "echeance")]
    Due,
    #[strum(serialize = "responsable")]
    Coordinator,
    #[strum(serialize = "entree")]
    Entered,
    #[strum(serialize = "issue")]
    Outcome,
    #[strum(serialize = "ouvert")]
    Opened,
    #[strum(serialize = "modifie")]
    Changed,
}

impl Column {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Job => pages::paths::JOB,
            Self::Company => pages::paths::COMPANY,
            Self::Siret => "SIRET",
            Self::Place => pages::paths::PLACE,
            Self::Lot => pages::paths::LOT,
            Self::State => pages::paths::STATE,
            Self::Holder => pages::paths::AWAITED_FROM,
            Self::Due => pages::paths::DEADLINE,
            Self::Coordinator => pages::paths::COORDINATION,
            Self::Entered => pages::paths::ENTRY,
            Self::Outcome => pages::paths::OUTCOME,
            Self::Opened => pages::paths::OPENED_ON,
            Self::Changed => pages::paths::CHANGED_ON,
        }
    }

    /// By what the list is sorted when this column is.
    pub(crate) fn sort(self) -> Option<PathSort> {
        match self {
            Self::Job => Some(PathSort::Job),
            Self::Company => Some(PathSort::Company),
            Self::Due => Some(PathSort::Deadline),
            Self::Opened => Some(PathSort::Opened),
            Self::Changed => Some(PathSort::Changed),
            Self::Siret
            | Self::Place
            | Self::Lot
            | Self::State
            | Self::Holder
            | Self::Coordinator
            | Self::Entered
            | Self::Outcome => None,
        }
    }

    /// The columns shown when none were chosen.
    pub(crate) fn usual(several_lots: bool) -> Vec<Self> {
        let mut columns = vec![Self::Job, Self::Company, Self::Place];
        if several_lots {
            columns.push(Self::Lot);
        }
        columns.extend([Self::State, Self::Holder, Self::Due, Self::Coordinator]);
        columns
    }
}

/// What an address asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub text: String,
    /// The same words as addresses carry them: sealed, because they may name a person.
    pub words: String,
    pub lots: Vec<LotCode>,
    pub phases: Vec<Phase>,
    pub states: Vec<State>,
    pub holder: Option<Held>,
    pub due: Option<Due>,
    pub department: Option<Department>,
    /// Whose paths: of these coordinators, or of nobody.
    pub charge: Option<Charge>,
    /// The year of entry in training.
    pub entry: Option<i32>,
    /// The year of entry for which a candidate waits.
    pub waiting: Option<i32>,
    pub outcomes: Vec<Outcome>,
    pub order: PathOrder,
    /// Empty: the usual ones.
    pub columns: Vec<Column>,
    pub look: Look,
}

/// Where in the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cursors {
    pub after: Option<PathCursor>,
    pub before: Option<PathCursor>,
}

fn sorts() -> [(PathSort, &'static str); 6] {
    [
        (PathSort::Deadline, "echeance"),
        (PathSort::Reference, "reference"),
        (PathSort::Company, "entreprise"),
        (PathSort::Job, "metier"),
        (PathSort::Opened, "ouvert"),
        (PathSort::Changed, "modifie"),
    ]
}

impl Asked {
    /// Reads what stands after the `?` of an address.
    pub(crate) fn read(query: &str) -> (Self, Cursors) {
        let (mut asked, mut cursors) = (Self::default(), Cursors::default());
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match name.as_ref() {
                "mots" => asked.words = value.to_owned(),
                "q" => asked.text = value.chars().filter(|letter| !letter.is_control()).take(TEXT).collect(),
                "lot" => add(&mut asked.lots, LotCode::parse(value).ok()),
                "phase" => add(&mut asked.phases, value.parse().ok()),
                "etat" => add(&mut asked.states, value.parse().ok()),
                "attend" if value == "autres" => asked.holder = Some(Held::Others),
                "attend" => asked.holder = value.parse().ok().map(Held::Side),
                "echeance" => asked.due = value.parse().ok(),
                "departement" => asked.department = Department::parse(value).ok(),
                "responsable" if value == NOBODY => asked.charge = Some(Charge::Nobody),
                "responsable" => asked.charge = also(asked.charge, value.parse().ok()),
                "entree" => asked.entry = year(value),
                "attente" => asked.waiting = year(value),
                "issue" => add(&mut asked.outcomes, value.parse().ok()),
                "colonne" => add(&mut asked.columns, value.parse().ok()),
                "vue" => asked.look = value.parse().unwrap_or_default(),
                "tri" => {
                    let (key, descending) = value.strip_prefix('-').map_or((value, false), |key| (key, true));
                    if let Some((by, _)) = sorts().into_iter().find(|(_, name)| *name == key) {
                        asked.order = PathOrder { by, descending };
                    }
                }
                "apres" => cursors.after = value.parse().ok(),
                "avant" => cursors.before = value.parse().ok(),
                _ => {}
            }
        }
        let known = |cursor: &PathCursor| asked.order.knows(cursor);
        cursors.after = cursors.after.filter(known);
        cursors.before = cursors.before.filter(known);
        (asked, cursors)
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs: Vec<(&'static str, String)> = Vec::new();
        let mut put = |name, value: String| {
            if !value.is_empty() {
                pairs.push((name, value));
            }
        };
        put("mots", self.words.clone());
        self.lots.iter().for_each(|lot| put("lot", lot.to_string()));
        self.phases.iter().for_each(|phase| put("phase", <&str>::from(phase).to_owned()));
        self.states.iter().for_each(|state| put("etat", state.to_string()));
        match self.holder {
            Some(Held::Side(side)) => put("attend", side.to_string()),
            Some(Held::Others) => put("attend", "autres".to_owned()),
            None => {}
        }
        put("echeance", self.due.map_or_else(String::new, |due| <&str>::from(due).to_owned()));
        put("departement", self.department.as_ref().map_or_else(String::new, ToString::to_string));
        match &self.charge {
            Some(Charge::Nobody) => put("responsable", NOBODY.to_owned()),
            Some(Charge::Accounts(accounts)) => {
                accounts.iter().for_each(|account| put("responsable", account.to_string()));
            }
            None => {}
        }
        put("entree", self.entry.map_or_else(String::new, |year| year.to_string()));
        put("attente", self.waiting.map_or_else(String::new, |year| year.to_string()));
        self.outcomes.iter().for_each(|outcome| put("issue", outcome.to_string()));
        if self.order != PathOrder::default() {
            let name = sorts().into_iter().find(|(by, _)| *by == self.order.by).map_or("", |(_, name)| name);
            put("tri", format!("{}{name}", if self.order.descending { "-" } else { "" }));
        }
        self.columns.iter().for_each(|column| put("colonne", <&str>::from(column).to_owned()));
        put("vue", <&str>::from(self.look).to_owned());
        pairs
    }

    /// What stands after the `?`.
    pub(crate) fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.pairs()).finish()
    }

    /// The address of the list.
    pub(crate) fn address(&self) -> String {
        format!("{}?{}", addresses::paths(), self.query())
    }

    /// The address of another page about the same list.
    pub(crate) fn at(&self, page: &str) -> String {
        format!("{page}?{}", self.query())
    }

    /// The address of a page of the list.
    pub(crate) fn page(&self, name: &str, cursor: &PathCursor) -> String {
        let mut query = form_urlencoded::Serializer::new(self.query());
        format!("{}?{}", addresses::paths(), query.append_pair(name, &cursor.to_string()).finish())
    }

    /// The parts that a form of filters keeps without showing them.
    pub(crate) fn kept(&self) -> Vec<(&'static str, String)> {
        let mut pairs = self.pairs();
        pairs.retain(|(name, _)| matches!(*name, "tri" | "vue"));
        pairs
    }

    /// Whether anything narrows the list.
    pub(crate) fn narrows(&self) -> bool {
        let plain = Self { order: self.order, columns: self.columns.clone(), look: self.look, ..Self::default() };
        *self != plain
    }

    /// The columns of the table.
    pub(crate) fn columns(&self, several_lots: bool) -> Vec<Column> {
        if self.columns.is_empty() {
            Column::usual(several_lots)
        } else {
            Column::iter().filter(|column| self.columns.contains(column)).collect()
        }
    }

    /// The states asked, by themselves or by their phase.
    pub(crate) fn every_state(&self) -> Vec<State> {
        let mut states = self.states.clone();
        states.extend(self.phases.iter().flat_map(|phase| phase.states()));
        states.sort_unstable();
        states.dedup();
        states
    }

    /// The same as the store is asked.
    pub(crate) fn filter(&self, today: Day, reader: Option<Side>) -> PathFilter {
        let first = |year: i32| Day::from_ymd_opt(year, 1, 1);
        let last = |year: i32| Day::from_ymd_opt(year, 12, 31);
        let (holder, holders) = match self.holder {
            None => (None, Vec::new()),
            Some(Held::Side(side)) => (Some(side), Vec::new()),
            Some(Held::Others) => {
                let all = [Side::Region, Side::Finance, Side::Body, Side::Company, Side::Trainee, Side::Tutor];
                (None, all.into_iter().filter(|side| Some(*side) != reader).collect())
            }
        };
        let (due_from, due_until) = match self.due {
            None => (None, None),
            Some(Due::Late) => (None, today.pred_opt()),
            Some(Due::Soon) => (Some(today), Some(today + Duration::days(SOON))),
        };
        PathFilter {
            lots: (!self.lots.is_empty()).then(|| self.lots.clone()),
            states: self.every_state(),
            holder,
            holders,
            department: self.department.clone(),
            charge: self.charge.clone(),
            text: (!self.text.is_empty()).then(|| self.text.clone()),
            due_from,
            due_until,
            waiting_year: self.waiting,
            entered_from: self.entry.and_then(first),
            entered_until: self.entry.and_then(last),
            outcomes: self.outcomes.clone(),
            order: self.order,
            ..PathFilter::default()
        }
    }
}

/// One coordinator more.
fn also(charge: Option<Charge>, account: Option<AccountId>) -> Option<Charge> {
    match (charge, account) {
        (Some(Charge::Accounts(mut accounts)), account) => {
            add(&mut accounts, account);
            Some(Charge::Accounts(accounts))
        }
        (charge, Some(account)) if charge != Some(Charge::Nobody) => Some(Charge::Accounts(vec![account])),
        (charge, _) => charge,
    }
}

fn add<T: PartialEq>(list: &mut Vec<T>, value: Option<T>) {
    if let Some(value) = value.filter(|value| !list.contains(value)) {
        list.push(value);
    }
}

fn year(text: &str) -> Option<i32> {
    text.parse().ok().filter(|year| (2000..=2200).contains(year))
}

/// The years that a list may be about.
pub(crate) fn years(today: Day) -> Vec<i32> {
    (today.year() - 4..=today.year() + 1).rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        for query in [
            "vue=tableau",
            "mots=c2NlbGzDqQ&lot=1&lot=2&phase=p1&etat=ready&attend=body&echeance=retard&vue=tableau",
            "attend=autres&departement=76&entree=2026&attente=2027&issue=completed&tri=-entreprise&vue=tableau",
            "mots=v1.abc&vue=serre",
            "responsable=personne&vue=tableau",
            "responsable=0190163d-8694-739b-aea5-966c26f8ad91&responsable=0190163d-8694-739b-aea5-966c26f8ad92&vue=tableau",
            "responsable=0190163d-8694-739b-aea5-966c26f8ad91&colonne=etat&colonne=echeance&vue=etapes",
        ] {
            let (asked, _) = Asked::read(query);
            assert_eq!(asked.query(), query);
            assert_eq!(Asked::read(&asked.query()).0, asked);
        }
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let (asked, cursors) = Asked::read(
            "lot=&etat=perdu&phase=p9&attend=&echeance=x&responsable=x&departement=&entree=1&tri=rien&apres=z&inconnu=1",
        );
        assert_eq!((asked, cursors), (Asked::default(), Cursors::default()));
    }

    #[test]
    fn a_page_is_one_of_the_order_in_which_it_was_cut() {
        let id = "0190163d-8694-739b-aea5-966c26f8ad91";
        let by_name = format!("tri=entreprise&apres={}", format_args!("tBois%7E{id}"));
        assert!(Asked::read(&by_name).1.after.is_some());
        assert!(Asked::read(&format!("tri=modifie&apres=tBois%7E{id}")).1.after.is_none());
    }
}
