//! A path from one end of the lifecycle to another, by commands alone, its messages received by a mail server.
//!
//! Rules kept here: a step names who is told of it, as `domain.md` §3.2 says; each of them receives one message, whose subject
//! starts with the reference and names nobody; people outside act through the link that they received; each journey ends with
//! every message delivered, a store that agrees with itself, and the entries counted.
//!
//! To add a journey: a function on a [`Jalon`] in the module of its subject, and a line of [`journey!`] that runs it on both
//! databases.

mod dates;
mod places;
mod siblings;
mod studies;
mod training;
mod verification;
mod whole;

use std::cell::RefCell;

use domain::path::{Act, Step, Transition};
use domain::samples;
use serde_json::{Value, json};
use tests::smtp::Received;

use crate::cli_kit::{Jalon, PORTAL, Staff, events, link};

/// A module of two tests that run an `async fn(Jalon)` from this day on, one on each database.
macro_rules! journey {
    ($test:ident, $today:literal) => {
        mod $test {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let installed = crate::cli_kit::Jalon::installed(tests::world::Database::Sqlite, $today).await;
                super::$test(installed.expect("a file needs no server")).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let installed = crate::cli_kit::Jalon::installed(tests::world::Database::Postgres, $today).await;
                if let Some(jalon) = installed {
                    super::$test(jalon).await;
                }
            }
        }
    };
}
pub(crate) use journey;

/// Someone to whom a path matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Body,
    Company,
    Trainee,
    Tutor,
    Region,
}

use Who::{Body, Company, Region, Trainee, Tutor};

impl Who {
    const OUTSIDE: [Self; 3] = [Company, Trainee, Tutor];
}

/// A path under way.
struct Journey<'j> {
    jalon: &'j Jalon,
    staff: &'j Staff,
    reference: String,
    /// Addresses and names of the company's contact, the trainee and the tutor.
    people: RefCell<[(String, String); 3]>,
}

/// Changes to the sample form of a step; `null` leaves a field out.
type Changes = Value;

/// What a step did.
struct Done {
    said: Value,
    messages: Vec<Received>,
}

impl Done {
    /// The message that someone received.
    fn to(&self, address: &str) -> &Received {
        self.messages.iter().find(|message| message.to == [address]).expect("they received a message")
    }

    /// What was recorded of this kind.
    fn event(&self, kind: &str) -> &Value {
        let events = self.said["events"].as_array().expect("a step says what it recorded");
        let found = events.iter().find(|event| event["event"]["kind"] == kind);
        found.unwrap_or_else(|| panic!("no {kind} in {events:#?}"))
    }
}

impl<'j> Journey<'j> {
    /// A need of the sample company, in the lot of these people.
    async fn reported(jalon: &'j Jalon, staff: &'j Staff) -> Self {
        let form = samples::form(Transition::ReportNeed, jalon.today());
        let text = |name: &str| form[name].as_str().expect("a text").to_owned();
        let people = [(text("contact_email"), text("contact_name")), Default::default(), Default::default()];
        let commune = format!("commune={}", staff.commune);
        let typed: Vec<String> =
            jalon.typed(&form).into_iter().filter(|pair| !pair.starts_with("commune=")).chain([commune]).collect();
        let line =
            ["path", "new", "--as", staff.coordinator, "--set"].into_iter().chain(typed.iter().map(String::as_str));
        let said = jalon.json(&line.collect::<Vec<_>>());
        let journey = Self::of(jalon, staff, &said, people);
        journey.told(said, &[Body, Company]).await;
        journey
    }

    /// A sibling of a path.
    async fn sibling(source: &'j Self) -> Self {
        let Self { jalon, staff, reference, people } = source;
        let line =
            ["path", "new", "--sibling", reference, "--as", staff.coordinator, "--set", "programme_still_fit=oui"];
        let said = jalon.json(&line);
        let [company, _, tutor] = people.borrow().clone();
        let journey = Self::of(jalon, staff, &said, [company, Default::default(), tutor]);
        journey.told(said, &[Body, Company]).await;
        journey
    }

    fn of(jalon: &'j Jalon, staff: &'j Staff, said: &Value, people: [(String, String); 3]) -> Self {
        let reference = said["reference"].as_str().expect("a path has a reference").to_owned();
        assert!(reference.starts_with(&format!("FEST-{}-", staff.lot)), "{reference}");
        Self { jalon, staff, reference, people: RefCell::new(people) }
    }

    fn address(&self, who: Who) -> String {
        let rank = |who| Who::OUTSIDE.iter().position(|other| *other == who).expect("someone outside");
        match who {
            Body => self.staff.coordinator.to_owned(),
            Region => self.staff.officer.to_owned(),
            Company | Trainee | Tutor => self.people.borrow()[rank(who)].0.clone(),
        }
    }

    /// The link that someone outside was last sent about this path.
    fn link(&self, who: Who) -> String {
        let address = self.address(who);
        let about =
            |message: &&Received| message.to == [address.as_str()] && message.subject().starts_with(&self.reference);
        let received = self.jalon.smtp.received();
        let last = received.iter().rev().find(about).unwrap_or_else(|| panic!("{address} received nothing"));
        link(last).unwrap_or_else(|| panic!("no link in {}", last.text()))
    }

    /// The line of a step, its form as a person would type it.
    fn line(&self, who: Who, step: Step, changes: &Changes) -> Vec<String> {
        let mut form = samples::form(step, self.jalon.today());
        form.extend(changes.as_object().cloned().unwrap_or_default());
        let verb = if matches!(step, Step::Transition(_)) { "advance" } else { "act" };
        let mut line: Vec<String> = match who {
            Body | Region => {
                vec![
                    "path".into(),
                    verb.into(),
                    self.reference.clone(),
                    step.id().into(),
                    "--as".into(),
                    self.address(who),
                ]
            }
            Company => {
                let mut line = vec!["path".into(), "answer".into(), self.link(who), step.id().into()];
                line.extend(["--signatory", "Camille Martin", "--function", "Direction"].map(String::from));
                line
            }
            Trainee | Tutor => vec!["path".into(), "answer".into(), self.link(who), step.id().into()],
        };
        let typed = self.jalon.typed(&form);
        if !typed.is_empty() {
            line.push("--set".into());
        }
        line.extend(typed);
        line
    }

    /// Performs a step with its sample form, changed; these are told, and nobody else.
    async fn does(&self, who: Who, step: impl Into<Step>, changes: Changes, told: &[Who]) -> Done {
        let step = step.into();
        let line = self.line(who, step, &changes);
        let said = self.jalon.json(&line.iter().map(String::as_str).collect::<Vec<_>>());
        self.meets(step, &line);
        self.told(said, told).await
    }

    /// Remembers who comes in with a step.
    fn meets(&self, step: Step, line: &[String]) {
        let rank = match step {
            Step::Transition(Transition::SelectCandidate) => 1,
            Step::Act(Act::DesignateTutor) => 2,
            _ => return,
        };
        let given =
            |name: &str| line.iter().find_map(|pair| pair.strip_prefix(name)).expect("a person is given").to_owned();
        self.people.borrow_mut()[rank] = (given("email="), given("name="));
    }

    /// Checks the messages of what a step recorded: who received one, and what it says on its face.
    async fn told(&self, said: Value, told: &[Who]) -> Done {
        let addresses: Vec<String> = told.iter().map(|who| self.address(*who)).collect();
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        let messages = self.jalon.received_about(&events(&said), &addresses).await;
        let mut linked = Who::OUTSIDE.map(|who| self.address(who)).to_vec();
        let lapsed = said["events"]
            .as_array()
            .is_some_and(|all| all.iter().any(|event| event["event"]["kind"] == "offer_lapsed"));
        if said["step"] == "withdraw_candidate" || lapsed {
            // Who leaves is told so, and has nothing more to see.
            linked.retain(|address| *address != self.address(Trainee));
        }
        for message in &messages {
            self.has_a_face(message, linked.contains(&message.to[0]));
        }
        Done { said, messages }
    }

    /// A subject that starts with the reference and names nobody, a link where one is due alone, nothing of a profile.
    fn has_a_face(&self, message: &Received, linked: bool) {
        let (subject, text, html) = (message.subject(), message.text(), message.html());
        assert!(subject.starts_with(&self.reference), "{subject}");
        for (_, name) in self.people.borrow().iter().filter(|(_, name)| !name.is_empty()) {
            let family = name.rsplit(' ').next().expect("a name has a word");
            assert!(!subject.contains(family), "{subject}");
        }
        assert_eq!((text.contains(PORTAL), html.contains(PORTAL)), (linked, linked), "{subject}: {text}");
        // As words: the random letters of a link may spell them.
        let words = |text: &str, word: &str| {
            text.split(|c: char| !(c.is_alphanumeric() || "-_".contains(c))).any(|w| w == word)
        };
        for private in ["RSA", "BOE"] {
            assert!(!words(&text, private) && !words(&html, private), "{subject}: {text}");
        }
    }

    /// Tries a step that is refused with this code, and gives what is said.
    fn refused(&self, who: Who, step: impl Into<Step>, changes: &Changes, code: &str) -> String {
        let line = self.line(who, step.into(), changes);
        self.jalon.refused(&line.iter().map(String::as_str).collect::<Vec<_>>(), 3, code)
    }

    /// The path as a program reads it.
    fn shown(&self) -> Value {
        self.jalon.json(&["path", "show", &self.reference])
    }

    fn state(&self) -> String {
        self.shown()["state"].as_str().expect("a path has a state").to_owned()
    }

    /// The recorded events of a kind.
    fn recorded(&self, kind: &str) -> Vec<Value> {
        let journal = self.jalon.json(&["journal", &self.reference]);
        let events = journal["events"].as_array().expect("a path has a journal").iter();
        events.filter(|event| event["event"]["kind"] == kind).cloned().collect()
    }

    /// Waits for what the clock alone records, and for its messages.
    async fn comes(&self, kind: &str, told: &[Who]) -> Done {
        self.jalon.until(kind, || !self.recorded(kind).is_empty()).await;
        let said = json!({ "events": self.recorded(kind) });
        self.told(said, told).await
    }

    /// From a need to a study under way, its tutor and its commitment known.
    async fn studied(&self) {
        self.does(Region, Transition::OrderFeasibility, json!({}), &[Body, Company]).await;
        self.does(Body, Transition::StartFeasibility, json!({}), &[Body, Company]).await;
        self.does(Body, Act::DesignateTutor, json!({}), &[Company, Tutor]).await;
        self.does(Body, Act::AskConfirmation, json!({}), &[Company]).await;
        self.does(Company, Act::ConfirmCommitment, json!({}), &[Body, Company]).await;
        self.does(Body, Transition::DeliverFeasibility, json!({}), &[Body, Company, Region]).await;
    }

    /// From a delivered study to a delivered preparation.
    async fn prepared(&self) {
        self.does(Region, Transition::AdmitFeasibility, json!({}), &[Body, Company]).await;
        self.does(Region, Transition::OrderPreparation, json!({}), &[Body, Company]).await;
        self.does(Body, Transition::StartPreparation, json!({}), &[Body, Company, Tutor]).await;
        self.does(Body, Transition::DeliverPreparation, json!({}), &[Body, Company, Region]).await;
    }

    /// From a delivered preparation to a candidate looked for.
    async fn opened(&self) {
        self.does(Region, Transition::AdmitPreparation, json!({}), &[Body, Company]).await;
        self.does(Body, Transition::OpenSelection, json!({}), &[Body, Company]).await;
    }

    /// A programme of six hours, signed by the three.
    async fn signed(&self, entry: &str) {
        let all = [Body, Company, Trainee, Tutor];
        let pif = json!({ "afest_hours": 5, "application_hours": 1, "starts_on": entry, "ends_on": entry });
        self.does(Body, Act::WritePif, pif, &all).await;
        for who in [Body, Company] {
            self.does(who, Transition::SignPif, json!({}), &all).await;
        }
        self.does(Trainee, Transition::SignPif, json!({}), &[Body, Company, Trainee, Tutor, Region]).await;
    }

    /// The day of an entry as it was planned, then the entry.
    async fn entered(&self, entry: &str) -> Done {
        self.jalon.to(entry).await;
        let all = [Body, Company, Trainee, Tutor, Region];
        self.does(Body, Transition::EnterTraining, json!({}), &all).await
    }

    /// From a need to a training that has begun on this day.
    async fn to_training(&self, entry: &str) {
        self.studied().await;
        self.prepared().await;
        self.opened().await;
        let planned = json!({ "planned_entry": entry });
        self.does(Body, Transition::SelectCandidate, planned, &[Body, Company, Trainee, Tutor]).await;
        self.signed(entry).await;
        self.does(Region, Transition::OrderImplementation, json!({}), &[Body, Company, Trainee, Tutor]).await;
        self.entered(entry).await;
    }

    /// Records a sequence of today, as the tutor.
    async fn sequence(&self, kind: &str, from: &str, until: &str) {
        let today = self.jalon.today();
        let times = json!({ "kind": kind, "from": format!("{today} {from}"), "until": format!("{today} {until}") });
        self.does(Tutor, Act::RecordSequence, times, &[]).await;
    }

    /// How many entered this year up to today, as the Region's report says.
    fn entries(&self) -> u64 {
        entries(self.jalon, &["--as-of", &self.jalon.today().to_string()])
    }

    /// Reserved and consumed places of the path's lot this year.
    fn places(&self) -> (u64, u64) {
        let lots = self.jalon.json(&["lots"]);
        let lots = lots.as_array().expect("a list").iter();
        let mut of_lot = lots.filter(|lot| lot["lot"] == self.staff.lot && lot["market"] == "fest-2023");
        let places = &of_lot.next().expect("the market has this lot")["places"];
        // A year in which nobody was selected has no count yet.
        let count = |name: &str| if places.is_null() { 0 } else { places[name].as_u64().expect("a count") };
        (count("reserved"), count("consumed"))
    }

    /// Drawn and served amounts of the path's lot, in cents.
    fn amounts(&self) -> (u64, u64) {
        let report = self.jalon.json(&["report", "budget"]);
        let rows = report["rows"].as_array().expect("rows").iter();
        let mut of_lot = rows.filter(|row| row["lot"] == format!("Lot {}", self.staff.lot));
        let row = of_lot.next().expect("a row for each lot");
        let amount = |name: &str| row[name].as_u64().expect("an amount");
        (amount("drawn"), amount("served"))
    }
}

/// How many entries the Region's report counts.
fn entries(jalon: &Jalon, options: &[&str]) -> u64 {
    let report = jalon.json(&[&["report", "entries"], options].concat());
    report["rows"][0]["entries"].as_u64().expect("the report counts entries")
}
