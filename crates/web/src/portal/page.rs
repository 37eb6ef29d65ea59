//! The page behind a link: built from what the link opens, by one function, for every state of the path.

use app::{Access, SeenDay};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use domain::Day;
use domain::form::DocumentRef;
use domain::path::command::DocumentKind;
use domain::path::requests::{asked_of, step_of};
use domain::path::{Act, Event, Recorded, Step};
use domain::people::{Actor, CompanyFunction, OutsideRole, Person};
use domain::told::tells_author;
use wording::{addresses, dates, labels, messages, numbers, pages};

use super::cards::{self, Card, Filled, Link};
use super::history;
use super::rail::{self, Phase};
use super::steps;
use crate::forms::{Notice, ProblemLine, Problems, field_id, signatory_problem};
use crate::{PageError, routes};

/// What a page is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub token: &'a str,
    pub access: &'a Access,
    pub today: Day,
}

/// Who the page is about, on every page of the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub reference: String,
    pub job: String,
    pub place: String,
    pub person: String,
    pub role: &'static str,
    pub state: &'static str,
    pub ball: Option<String>,
}

/// A day until which something is waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deadline {
    pub text: String,
    /// The date in full, when the text is relative or short.
    pub full: Option<String>,
    pub tone: &'static str,
}

impl Deadline {
    pub(super) fn new(due: Day, today: Day) -> Self {
        let tone = match dates::urgency(due, today) {
            dates::Urgency::Late => "late",
            dates::Urgency::Soon => "wait",
            dates::Urgency::Later => "",
        };
        let deadline = dates::deadline(due, today);
        let text =
            if tone == "late" { pages::portal::answer(&deadline) } else { pages::portal::answer_awaited(&deadline) };
        Self { text, full: Some(dates::long(due)), tone }
    }
}

/// A document, with its address when it may be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentLine {
    pub name: String,
    pub detail: String,
    pub address: Option<String>,
}

/// Somebody of the company, with what they do on the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColleagueLine {
    pub role: &'static str,
    pub name: String,
    pub detail: &'static str,
    /// Where their function is given to another, and where it is taken back.
    pub ways: Vec<Link>,
}

/// An earlier answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub text: String,
    pub when: String,
    pub on_behalf: bool,
    pub quote: Option<String>,
    /// The certificate of what was declared.
    pub proof: Option<String>,
}

/// What the page says when nothing is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Idle {
    pub title: String,
    pub paragraphs: Vec<String>,
    /// Nothing waits for it: what the person thinks of the support.
    pub opinion: Option<Link>,
}

/// Whom to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact {
    pub role: &'static str,
    pub name: String,
    pub organisation: Option<String>,
    /// As it is read, and as it is dialled.
    pub phone: Option<(String, String)>,
    pub email: String,
}

impl Contact {
    /// The coordinator of the path, else the training body.
    pub(super) fn of(access: &Access) -> Self {
        let phone = |phone: &domain::identifiers::Phone| (phone.formatted(), phone.to_string());
        let holder = &access.holder;
        match &access.coordinator {
            Some(account) => Self {
                role: pages::portal::COORDINATION,
                name: account.name.clone(),
                organisation: Some(holder.name.clone()),
                phone: account.phone.as_ref().or(holder.phone.as_ref()).map(phone),
                email: account.email.to_string(),
            },
            None => Self {
                role: pages::portal::TRAINING_BODY,
                name: holder.name.clone(),
                organisation: None,
                phone: holder.phone.as_ref().map(phone),
                email: holder.email.to_string(),
            },
        }
    }
}

#[derive(Template)]
#[template(path = "portal/page.html")]
struct PortalPage {
    head: Head,
    problems: Option<Problems>,
    notice: Option<Notice>,
    phases: Vec<Phase>,
    cards: Vec<Card>,
    idle: Option<Idle>,
    answers: Vec<Answer>,
    documents: Vec<DocumentLine>,
    /// Days, hours and tutor of the path, as far as they concern the reader.
    days: Vec<(&'static str, String)>,
    /// The days as a file for a calendar.
    agenda: Option<String>,
    colleagues: Vec<ColleagueLine>,
    /// Where a colleague is given a function.
    name_colleague: Option<String>,
    others: Vec<Link>,
    contact: Contact,
    /// What is kept of this person and why.
    personal_data: String,
    reminders: String,
}

impl Scene<'_> {
    /// Who the page is about.
    pub(super) fn head(&self) -> Head {
        let path = &self.access.path;
        let department = labels::department_with_code(&path.workplace.department);
        Head {
            reference: path.reference.to_string(),
            job: path.job.title.clone(),
            place: format!("{} · {department}", path.workplace.company),
            person: self.access.person.contact.name.clone(),
            role: match self.access.role {
                OutsideRole::Company => pages::portal::CONTACT_OF_COMPANY,
                OutsideRole::Signatory => pages::portal::SIGNATORY_OF_COMPANY,
                OutsideRole::HumanResources => pages::portal::HUMAN_RESOURCES,
                OutsideRole::Accounting => pages::portal::ACCOUNTING,
                OutsideRole::Tutor => pages::portal::TUTOR,
                OutsideRole::Trainee => pages::portal::TRAINEE,
            },
            state: labels::state(rail::told(path.state)),
            ball: rail::ball(self.access, self.today),
        }
    }

    /// Whether e-mails reach this person.
    fn is_reached(&self) -> bool {
        self.access.person.contact.email.is_some() && !self.access.person.address_refused
    }

    /// Whether this person gets a receipt of a step that they take.
    pub(super) fn has_receipt(&self, step: Step, author: &Actor) -> bool {
        self.is_reached() && tells_author(step, author)
    }

    /// Who receives the answers, inside a sentence.
    pub(super) fn coordination(&self) -> String {
        match &self.access.coordinator {
            Some(account) => format!("{} ({})", account.name, self.access.holder.name),
            None => self.access.holder.name.clone(),
        }
    }

    /// A document that the path names, readable when its bytes are there for this person.
    pub(super) fn document(&self, reference: &DocumentRef) -> DocumentLine {
        let held = self.access.documents.iter().rfind(|document| document.reference.sha256 == reference.sha256);
        match held {
            Some(document) => DocumentLine {
                name: reference.name.clone(),
                detail: format!("{}, {}", labels::document_kind(document.kind), numbers::size(document.size)),
                address: Some(routes::portal_document(self.token, document.id)),
            },
            None => DocumentLine {
                name: reference.name.clone(),
                detail: pages::portal::DOCUMENT_ON_REQUEST.to_owned(),
                address: None,
            },
        }
    }

    /// The last document of a kind.
    pub(super) fn latest_document(&self, kind: DocumentKind) -> Option<DocumentLine> {
        let held = self.access.documents.iter().rfind(|document| document.kind == kind)?;
        Some(self.document(&held.reference))
    }

    fn answers(&self) -> Vec<Answer> {
        let access = self.access;
        let own = history::own(&access.events, &access.actor, access.role);
        let mut answers: Vec<Answer> = own
            .filter_map(|recorded| {
                Some(Answer {
                    text: history::what(&recorded.event)?,
                    when: history::when(recorded, access),
                    on_behalf: history::on_behalf(&recorded.event),
                    quote: quote(&recorded.event),
                    proof: access.proves(recorded).then(|| addresses::portal_proof(self.token, recorded.seq)),
                })
            })
            .collect();
        answers.reverse();
        answers
    }

    /// The days of the path, its hours and its tutor for who takes part in it, and for accounting the months of attendance that all
    /// have signed.
    fn days(&self) -> Vec<(&'static str, String)> {
        let path = &self.access.path;
        let role = self.access.role;
        let training = path.training.as_ref();
        let mut days: Vec<_> = self.access.days().into_iter().map(day_line).collect();
        if matches!(role, OutsideRole::Trainee | OutsideRole::Tutor) {
            let done = training.map(|_| numbers::duration(path.minutes(|_| true)));
            let planned = path.pif.as_ref().map(|pif| numbers::hours(pif.terms.total_hours()));
            let hours = done.zip(planned).map(|(done, planned)| pages::portal::hours_of(done, planned));
            days.extend(hours.map(|hours| (pages::portal::HOURS, hours)));
        }
        if role == OutsideRole::Trainee {
            days.extend(self.access.tutor.clone().map(|tutor| (pages::portal::TUTOR_OF, tutor)));
        }
        if role == OutsideRole::Accounting {
            let statements = training.iter().flat_map(|training| &training.attendance);
            let signed = statements.filter(|statement| statement.complete());
            let months: Vec<String> = signed.map(|statement| dates::month(statement.month)).collect();
            days.extend((!months.is_empty()).then(|| (pages::portal::SIGNED_MONTHS, numbers::list(&months))));
        }
        days
    }

    /// Who does what in the company; its main contact sees where to change it.
    fn colleagues(&self) -> Vec<ColleagueLine> {
        let ways = |function: CompanyFunction| {
            let steps =
                [(steps::NAME_COLLEAGUE, pages::portal::REPLACE), (steps::REMOVE_COLLEAGUE, pages::portal::REMOVE)];
            let offered = steps
                .into_iter()
                .filter(|(step, _)| self.access.role == OutsideRole::Company && steps::is_offered(self, *step));
            let link = |(step, label)| {
                let address = format!("{}?fonction={function}", routes::portal_step(self.token, step));
                Link { label, help: "", address }
            };
            offered.map(link).collect()
        };
        let signs = self.access.path.signs_for_company();
        let line = |(role, person): &(OutsideRole, Person)| ColleagueLine {
            role: match role {
                OutsideRole::Company => pages::portal::MAIN_CONTACT,
                OutsideRole::Tutor | OutsideRole::Trainee => labels::outside_role(*role),
                OutsideRole::Signatory | OutsideRole::HumanResources | OutsideRole::Accounting => {
                    role.function().map_or("", labels::company_function)
                }
            },
            name: person.contact.name.clone(),
            detail: match role {
                role if *role == signs => pages::portal::SIGNS_TOO,
                OutsideRole::Company | OutsideRole::Signatory | OutsideRole::Trainee => "",
                OutsideRole::Tutor => pages::portal::TUTORS,
                OutsideRole::HumanResources => pages::portal::TOLD_OF_TRAINING,
                OutsideRole::Accounting => pages::portal::TOLD_OF_DECLARATIONS,
            },
            ways: role.function().map(ways).unwrap_or_default(),
        };
        self.access.colleagues.iter().map(line).collect()
    }

    /// For the main contact, who is asked in the company's name instead of them (L24).
    fn signatory_asked(&self) -> Option<String> {
        let asked = !asked_of(&self.access.path, OutsideRole::Signatory).is_empty();
        let mut known = self.access.colleagues.iter();
        let (_, signatory) = known.find(|(role, _)| *role == OutsideRole::Signatory)?;
        let told = asked && self.access.role == OutsideRole::Company;
        told.then(|| pages::portal::signatory_answers(&signatory.contact.name))
    }

    fn documents(&self) -> Vec<DocumentLine> {
        self.access.documents.iter().map(|document| self.document(&document.reference)).collect()
    }

    /// What is said when nothing is asked: the last answer, and what comes next.
    ///
    /// A notice above has said the answer just given already.
    fn idle(&self, said: bool) -> Idle {
        let access = self.access;
        let state = access.path.state;
        let opinion = steps::offered(self, Act::GiveOpinion.into());
        let mut paragraphs = Vec::new();
        let asked_for = access.sent_for.map(|(kind, _)| kind);
        let first = asked_for.and_then(|kind| history::first_answer(&access.events, access.role, kind));
        let waiting = access.asked.iter().find_map(|asked| history::declined(&access.events, access.role, asked.kind));
        if let Some(answer) = waiting.or(first) {
            paragraphs.extend(if said { None } else { history::sentence(answer, access, true) });
        } else if let Some(answers) = self.signatory_asked() {
            paragraphs.push(answers);
        } else if let Some(kind) = asked_for {
            paragraphs.push(pages::portal::no_longer_awaited(
                labels::request_kind(kind).to_lowercase().replace("pif", "PIF"),
            ));
        }
        if waiting.is_some() {
            paragraphs.push(pages::portal::reason_received(self.coordination()));
        }
        if state.is_final() {
            paragraphs.push(labels::state_help(state).to_owned());
            return Idle { title: pages::portal::PATH_ENDED.to_owned(), paragraphs, opinion };
        }
        paragraphs.push(labels::state_help(rail::told(state)).to_owned());
        if matches!(access.role, OutsideRole::HumanResources | OutsideRole::Accounting) {
            paragraphs.push(pages::portal::FOLLOWS_ONLY.to_owned());
        } else if self.is_reached() && self.signatory_asked().is_none() {
            // Nobody is written to about each sequence of the training.
            let signs = access.role == OutsideRole::Trainee;
            let told = if signs { pages::portal::TRAINEE_WILL_BE_TOLD } else { pages::portal::WILL_BE_TOLD };
            paragraphs.push(told.to_owned());
        }
        Idle { title: pages::portal::NOTHING_TO_DO.to_owned(), paragraphs, opinion }
    }

    /// The whole page; `filled` is the form that was refused, with its step.
    ///
    /// # Errors
    /// The template fails.
    pub(super) fn page(
        &self,
        status: StatusCode,
        notice: Option<Notice>,
        problems: Option<Problems>,
        filled: Option<(Step, &Filled)>,
    ) -> Result<Response, PageError> {
        let open = cards::open(self);
        let cards: Vec<Card> = open
            .iter()
            .map(|asked| {
                let of_this = filled.filter(|(step, _)| *step == step_of(asked.kind));
                cards::card(self, asked, of_this.map(|(_, filled)| filled))
            })
            .collect();
        let page = PortalPage {
            head: self.head(),
            problems,
            idle: cards.is_empty().then(|| self.idle(notice.is_some())),
            notice,
            phases: rail::phases(&self.access.path),
            cards,
            answers: self.answers(),
            documents: self.documents(),
            days: self.days(),
            agenda: (!self.access.days().is_empty()).then(|| addresses::portal_agenda(self.token)),
            colleagues: self.colleagues(),
            name_colleague: steps::is_offered(self, steps::NAME_COLLEAGUE)
                .then(|| routes::portal_step(self.token, steps::NAME_COLLEAGUE)),
            others: steps::others(self),
            contact: Contact::of(self.access),
            personal_data: messages::personal_data(
                self.access.person.role,
                self.access.role.function().is_some(),
                &self.access.holder.name,
            ),
            reminders: routes::portal_reminders(self.token),
        };
        Ok((status, Html(page.render()?)).into_response())
    }
}

/// The summary of what is wrong with a form.
pub(super) fn problems(step: Step, errors: &[domain::form::FieldError]) -> Problems {
    let title = pages::portal::points_to_review(i64::try_from(errors.len()).unwrap_or(i64::MAX));
    let lines = errors
        .iter()
        .map(|error| {
            let own = matches!(error.field.as_str(), crate::forms::SIGNATORY | crate::forms::FUNCTION);
            let text = match error.field.as_str() {
                "number" => pages::portal::TICK_ONE_SEQUENCE.to_owned(),
                _ if own => signatory_problem(error),
                _ => wording::refusals::field(step, error),
            };
            ProblemLine { text, anchor: Some(field_id(step, &error.field)) }
        })
        .collect();
    Problems { title, lines }
}

/// A day with what it is.
fn day_line(seen: SeenDay) -> (&'static str, String) {
    let (label, day) = match seen {
        SeenDay::FirstVisit(visit) => return (pages::requests::FIRST_VISIT, dates::moment(visit)),
        SeenDay::PlannedEntry(day) => (pages::portal::PLANNED_ENTRY, day),
        SeenDay::Entry(day) => (pages::portal::ENTRY, day),
        SeenDay::PlannedEnd(day) => (pages::portal::PLANNED_END, day),
        SeenDay::End(day) => (pages::portal::END, day),
        SeenDay::SuspendedSince(day) => (pages::portal::SUSPENDED_SINCE, day),
        SeenDay::ExpectedReturn(day) => (pages::portal::EXPECTED_RETURN, day),
    };
    (label, dates::medium(day))
}

/// What was written in an answer, in its author's words.
fn quote(event: &Event) -> Option<String> {
    if let Event::RequestDeclined { reason, .. } | Event::CandidateWithdrawn { reason, .. } = event {
        return Some(reason.clone());
    }
    if let Event::CorrectionProposed { correction: text, .. } | Event::CorrectionAnswered { answer: text, .. } = event {
        return Some(text.clone());
    }
    if let Event::OpinionGiven { opinion, comment, .. } = event {
        let said = std::iter::once(labels::opinion(*opinion).to_owned());
        return Some(said.chain(comment.clone()).collect::<Vec<_>>().join(". "));
    }
    if let Event::ObstacleReported { facts }
    | Event::AccidentReported { facts, .. }
    | Event::AnswerContested { facts, .. } = event
    {
        return Some(facts.clone());
    }
    None
}

/// The notice that follows an answer: recorded now, or recorded before.
pub(super) fn recorded_notice(scene: &Scene<'_>, recorded: &Recorded, again: bool) -> Option<Notice> {
    let access = scene.access;
    let mut paragraphs = vec![history::sentence(recorded, access, again)?];
    let told = history::step(&recorded.event).is_some_and(|step| scene.has_receipt(step, &recorded.author));
    if told && !again {
        paragraphs.push(pages::portal::RECEIPT_LEAVES.to_owned());
    }
    if cards::open(scene).is_empty() {
        paragraphs.extend(rail::next(access, scene.today));
    }
    let title = if again { pages::portal::ALREADY_RECORDED } else { pages::portal::RECORDED_THANKS };
    Some(Notice { tone: "done", title: title.to_owned(), paragraphs })
}
