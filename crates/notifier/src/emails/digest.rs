//! The digest of an officer of the Region: what happened in their lots on the days since the last one, by lot and path.
//!
//! It says what the timeline of a path says, which names nobody of the path, and links to the page of each.

use domain::Day;
use domain::calendar::paris_day;
use domain::path::{Event, Recorded};
use domain::people::{Actor, RecipientRole};
use wording::{dates, messages, timeline};

use super::LinkPurpose;
use super::about::{ALL_LOTS, About, typed};
#[cfg(test)]
use super::mail::Mail;
use super::mail::mail;
use super::next::Ask;
use super::samples::{day, today};
use crate::texts::Texts;

/// Most facts that a digest lists: it stays light, and the pages of paths have them all.
const LISTED: usize = 40;

/// What a digest is made of.
#[derive(Debug, Clone)]
pub struct DigestNotice<'a> {
    /// Its reader.
    pub name: &'a str,
    /// Its days, both included.
    pub from: Day,
    pub until: Day,
    pub lots: Vec<DigestLot<'a>>,
    /// The texts of the Region in force.
    pub texts: &'a Texts,
}

/// A lot of a digest.
#[derive(Debug, Clone)]
pub struct DigestLot<'a> {
    /// Its code.
    pub lot: &'a str,
    /// The training body, by its name.
    pub body: &'a str,
    pub paths: Vec<DigestPath<'a>>,
}

/// A path of a digest.
#[derive(Debug, Clone)]
pub struct DigestPath<'a> {
    pub reference: String,
    pub company: &'a str,
    pub job: &'a str,
    /// Its page, from outside.
    pub address: String,
    /// What happened, the first fact first.
    pub events: Vec<&'a Recorded>,
}

/// The digest.
#[derive(Debug, Clone)]
pub struct Digest {
    pub about: About,
    pub from: Day,
    pub until: Day,
    pub lots: Vec<Lot>,
}

/// A lot as it is written.
#[derive(Debug, Clone)]
pub struct Lot {
    pub title: String,
    pub paths: Vec<Path>,
}

/// A path as it is written.
#[derive(Debug, Clone)]
pub struct Path {
    pub reference: String,
    pub company: String,
    pub job: String,
    pub address: String,
    pub facts: Vec<Fact>,
}

/// A fact as it is written.
#[derive(Debug, Clone)]
pub struct Fact {
    pub on: Day,
    pub sentence: String,
}

impl Fact {
    fn of(on: Day, event: &Event, author: &Actor) -> Self {
        Self { on, sentence: typed(&timeline::path(event, author)) }
    }
}

impl Digest {
    pub(crate) fn of(notice: DigestNotice<'_>) -> Self {
        let fact = |recorded: &Recorded| Fact::of(paris_day(recorded.recorded_at), &recorded.event, &recorded.author);
        let path = |path: DigestPath<'_>| Path {
            reference: path.reference,
            company: typed(path.company),
            job: typed(path.job),
            address: path.address,
            facts: path.events.into_iter().map(fact).collect(),
        };
        let lot = |lot: DigestLot<'_>| Lot {
            title: title(lot.lot, &typed(lot.body)),
            paths: lot.paths.into_iter().map(path).collect(),
        };
        Self {
            about: about(typed(notice.name)),
            from: notice.from,
            until: notice.until,
            lots: notice.lots.into_iter().map(lot).collect(),
        }
    }

    fn title(&self) -> String {
        if self.from == self.until {
            messages::digest_of(dates::long(self.until))
        } else {
            messages::digest_from(dates::period(self.from, self.until))
        }
    }

    fn summary(&self) -> String {
        summary(&self.lots)
    }

    /// The first facts, with their lots and paths, and the others.
    fn cut(&self) -> (Vec<Lot>, Vec<Lot>) {
        let mut room = LISTED;
        let mut path = |path: &Path| {
            let (listed, others) = path.facts.split_at(path.facts.len().min(room));
            room -= listed.len();
            let with = |facts: &[Fact]| Path { facts: facts.to_vec(), ..path.clone() };
            (with(listed), with(others))
        };
        let mut lot = |lot: &Lot| {
            let (listed, others): (Vec<Path>, Vec<Path>) = lot.paths.iter().map(&mut path).unzip();
            let with = |mut paths: Vec<Path>| {
                paths.retain(|path| !path.facts.is_empty());
                Lot { title: lot.title.clone(), paths }
            };
            (with(listed), with(others))
        };
        let (mut listed, mut others): (Vec<Lot>, Vec<Lot>) = self.lots.iter().map(&mut lot).unzip();
        for lots in [&mut listed, &mut others] {
            lots.retain(|lot| !lot.paths.is_empty());
        }
        (listed, others)
    }

    fn listed(&self) -> Vec<Lot> {
        self.cut().0
    }

    /// What it does not list.
    fn unlisted(&self) -> Option<String> {
        let (_, others) = self.cut();
        (!others.is_empty()).then(|| messages::more(summary(&others)))
    }
}

fn summary(lots: &[Lot]) -> String {
    let paths: Vec<&Path> = lots.iter().flat_map(|lot| &lot.paths).collect();
    let facts: usize = paths.iter().map(|path| path.facts.len()).sum();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    messages::facts_on_paths(count(facts), count(paths.len()))
}

fn title(lot: &str, body: &str) -> String {
    messages::lot_of(lot, body)
}

fn about(name: String) -> About {
    About {
        reference: ALL_LOTS.to_owned(),
        company: String::new(),
        job: String::new(),
        body: String::new(),
        lot: String::new(),
        lot_code: None,
        role: RecipientRole::Region,
        name,
        receipt: None,
        contest: None,
        others: Vec::new(),
        contact: None,
        next: None,
        ask: Some(Ask { label: messages::OPEN_LIST, until: None, link: LinkPurpose::Staff }),
        note: None,
        illustrative: false,
        reminder: false,
        informs: false,
        function: None,
        signatory: None,
        stands_for: None,
    }
}

/// A digest of so many paths, each with so many facts.
#[cfg(test)]
pub(crate) fn of_many(paths: usize, facts: usize) -> Digest {
    let sample = Digest::samples().swap_remove(0);
    let path = &sample.lots[0].paths[0];
    let facts = vec![path.facts[0].clone(); facts];
    let paths = vec![Path { facts, ..path.clone() }; paths];
    Digest { lots: vec![Lot { title: sample.lots[0].title.clone(), paths }], ..sample.clone() }
}

mail! {
    Digest, "digest", "emails/digest/subject.txt", "emails/digest/body.txt", "emails/digest/body.html",
    {
        let yesterday = today() - chrono::Duration::days(1);
        let path = |reference: &str, facts: Vec<Fact>| Path {
            reference: reference.to_owned(),
            company: "Normandie Bois".to_owned(),
            job: "Opérateur de découpe".to_owned(),
            address: format!("https://jalon.example/parcours/{reference}"),
            facts,
        };
        let coordinator = domain::samples::account(domain::people::StaffRole::Coordinator, 1).actor();
        let settled = |on, number, waived| {
            let comment = String::new();
            Fact::of(on, &Event::ConditionSettled { number, waived, comment }, &coordinator)
        };
        let withdrawn = |on| {
            let reason = "Un emploi ailleurs.".to_owned();
            Fact::of(on, &Event::CandidateWithdrawn { reason, year: Some(2026), returned: Vec::new() }, &coordinator)
        };
        let one = Lot { title: title("1", "Retravailler"), paths: vec![path("FEST-1-2026-0042", vec![settled(yesterday, 1, false)])] };
        let monday = day(2026, 11, 9);
        let week = vec![
            Lot {
                title: title("1", "Retravailler"),
                paths: vec![
                    path("FEST-1-2026-0039", vec![withdrawn(day(2026, 11, 12))]),
                    path("FEST-1-2026-0042", vec![settled(monday, 1, false), settled(day(2026, 11, 13), 2, true)]),
                ],
            },
            Lot { title: title("2", "AFPA Normandie"), paths: vec![path("FEST-2-2026-0051", vec![withdrawn(monday)])] },
        ];
        let reader = || about("Dominique Fictif".to_owned());
        vec![
            Self { about: reader(), from: yesterday, until: yesterday, lots: vec![one] },
            Self { about: reader(), from: monday, until: day(2026, 11, 15), lots: week },
        ]
    }
}
