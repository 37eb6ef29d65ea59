//! One message for what was done at once on several paths of its reader (L16): a step made on a selection, a portfolio that
//! changes hands. It lists the paths, each with its page.

use domain::path::{State, Step};
use domain::people::{Actor, RecipientRole};
use domain::told::Addressed;
use wording::{labels, messages, timeline};

use super::LinkPurpose;
use super::about::{About, Note, YOUR_PATHS, typed};
use super::mail::mail;
use super::next::Ask;

/// A path among those of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub reference: String,
    pub company: String,
    pub job: String,
    /// Its page, from outside.
    pub address: String,
    /// What is to know of it, each in a line.
    pub facts: Vec<String>,
}

impl Entry {
    fn typed(&self) -> Self {
        Self {
            reference: self.reference.clone(),
            company: typed(&self.company),
            job: typed(&self.job),
            address: self.address.clone(),
            facts: self.facts.iter().map(|fact| typed(fact)).collect(),
        }
    }
}

/// Most paths that a message lists: it stays light, and the page behind its button has them all.
const LISTED: usize = 40;

fn listed(paths: &[Entry]) -> &[Entry] {
    &paths[..paths.len().min(LISTED)]
}

/// What a message does not list.
fn unlisted(paths: &[Entry]) -> Option<String> {
    let others = &paths[listed(paths).len()..];
    (!others.is_empty()).then(|| messages::more(count(others)))
}

/// « 12 parcours ».
fn count(paths: &[Entry]) -> String {
    messages::paths(i64::try_from(paths.len()).unwrap_or(i64::MAX))
}

fn about(to: &Addressed, ask: &'static str) -> About {
    About {
        reference: YOUR_PATHS.to_owned(),
        company: String::new(),
        job: String::new(),
        body: String::new(),
        lot: String::new(),
        lot_code: None,
        role: to.role,
        name: typed(&to.name),
        function: None,
        signatory: None,
        stands_for: to.stands_for.as_deref().map(typed),
        receipt: None,
        contest: None,
        others: Vec::new(),
        contact: None,
        next: None,
        ask: Some(Ask { label: ask, until: None, link: LinkPurpose::Staff }),
        note: None,
        illustrative: false,
        reminder: false,
        informs: false,
    }
}

/// A step made on several paths.
#[derive(Debug, Clone)]
pub struct StepOnSeveral {
    pub about: About,
    /// « Étude commandée ».
    pub done: &'static str,
    /// Who did it, and for whom.
    pub author: String,
    pub count: String,
    pub paths: Vec<Entry>,
}

impl StepOnSeveral {
    pub(crate) fn of(step: Step, author: &Actor, paths: &[Entry], note: Option<&str>, to: &Addressed) -> Self {
        let note = note.map(str::trim).filter(|note| !note.is_empty());
        let note = note.map(|note| Note { text: typed(note), by: Some(typed(author.name())) });
        Self {
            about: About { note, ..about(to, messages::OPEN_LIST) },
            done: labels::step_done(step),
            author: typed(&timeline::author(author)),
            count: count(paths),
            paths: paths.iter().map(Entry::typed).collect(),
        }
    }

    fn listed(&self) -> &[Entry] {
        listed(&self.paths)
    }

    fn unlisted(&self) -> Option<String> {
        unlisted(&self.paths)
    }
}

/// The open paths of a coordinator go to a colleague: what both are told.
#[derive(Debug, Clone)]
pub struct PortfolioReceived {
    pub about: About,
    pub from: String,
    pub to: String,
    pub count: String,
    pub paths: Vec<Entry>,
    /// Written to who coordinated them.
    pub to_left: bool,
}

impl PortfolioReceived {
    pub(crate) fn of(from: &str, heir: &str, paths: &[Entry], to: &Addressed, to_left: bool) -> Self {
        let ask = if to_left { messages::OPEN_LIST } else { messages::SEE_MY_PATHS };
        Self {
            about: about(to, ask),
            from: typed(from),
            to: typed(heir),
            count: count(paths),
            paths: paths.iter().map(Entry::typed).collect(),
            to_left,
        }
    }

    fn listed(&self) -> &[Entry] {
        listed(&self.paths)
    }

    fn unlisted(&self) -> Option<String> {
        unlisted(&self.paths)
    }
}

fn sample_paths(facts: &[&str]) -> Vec<Entry> {
    let path = |(rank, company): (usize, &str)| Entry {
        reference: format!("FEST-1-2026-00{}", 42 + rank),
        company: company.to_owned(),
        job: "Opérateur de découpe".to_owned(),
        address: format!("https://jalon.example/parcours/FEST-1-2026-00{}", 42 + rank),
        facts: facts.iter().map(|fact| (*fact).to_owned()).collect(),
    };
    ["Normandie Bois", "Atelier Zinc"].into_iter().enumerate().map(path).collect()
}

fn sample_reader(name: &str, role: RecipientRole) -> Addressed {
    let account = domain::samples::account(domain::people::StaffRole::Coordinator, 1);
    Addressed { role, name: name.to_owned(), ..Addressed::account(role, domain::told::Told::Message, &account) }
}

mail! {
    StepOnSeveral, "step_on_several", "emails/step_on_several/subject.txt", "emails/step_on_several/body.txt",
    "emails/step_on_several/body.html",
    {
        let officer = domain::samples::account(domain::people::StaffRole::RegionOfficer, 1).actor();
        let paths = sample_paths(&["L’étude de faisabilité est commandée.", "Organisme\u{a0}: première visite, pour le 2 avril"]);
        let step = Step::from(domain::path::Transition::OrderFeasibility);
        vec![Self::of(step, &officer, &paths, None, &sample_reader("Claire Morel", RecipientRole::Body))]
    }
}

mail! {
    PortfolioReceived, "portfolio_received", "emails/portfolio_received/subject.txt",
    "emails/portfolio_received/body.txt", "emails/portfolio_received/body.html",
    [("Hugo Petit", false), ("Claire Morel", true)]
        .into_iter()
        .map(|(name, to_left)| {
            let paths = sample_paths(&[labels::state(State::FeasibilityInProgress)]);
            Self::of("Claire Morel", "Hugo Petit", &paths, &sample_reader(name, RecipientRole::Body), to_left)
        })
        .collect()
}
