//! What every e-mail says besides its own matter: which path or order, to whom and why, what comes next, whom to call.
//!
//! Rules kept here:
//! - a recipient outside never reads what concerns the contract between the Region and the body, nor pay, nor an accident:
//!   a clock of these is not shown to them ([`super::next`]);
//! - somebody who no longer stands on the path gets no link;
//! - whatever a person typed is neutralised before a template sees it ([`typed`]).

use domain::calendar::{Span, due, paris_day};
use domain::clocks::clocks;
use domain::identifiers::{LotCode, Phone};
use domain::market::{Holder, Market};
use domain::order::PurchaseOrder;
use domain::path::command::RequestKind;
use domain::path::event::Party;
use domain::path::requests::{answered_by, asked_of, asks, contestable};
use domain::path::{Event, Path};
use domain::people::{Account, Actor, CompanyFunction, OutsideRole, RecipientRole};
use domain::texts::Variable;
use domain::told::{Addressed, Directory, Told, in_charge};
use domain::{Day, Instant};
use wording::{dates, labels, messages};

use super::next::{Ask, Next, answer_by, ask, next};
use super::{LinkPurpose, Notice};
use crate::envelope::neutralize;
use crate::frame::{Action, Contact, Frame, Opening};

/// The part shared by all e-mails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Reference of the path or of the order.
    pub reference: String,
    /// The company; empty when the message is about no path.
    pub company: String,
    /// The job aimed at; empty when the message is about no path.
    pub job: String,
    /// The training body, by its name.
    pub body: String,
    /// The lot: « lot 1 »; empty when the message is about several.
    pub lot: String,
    /// Its code, which gives the texts of the lot; none when the message is about several.
    pub lot_code: Option<LotCode>,
    /// In which role the recipient is written to.
    pub role: RecipientRole,
    /// Of the company's people, the function in which they are written to; none for its main contact.
    pub function: Option<CompanyFunction>,
    /// For the main contact, who is asked in the company's name instead of them.
    pub signatory: Option<String>,
    /// The recipient.
    pub name: String,
    /// The colleague who is away and for whom the recipient is written to.
    pub stands_for: Option<String>,
    /// Set when the message is the receipt of what this recipient sent.
    pub receipt: Option<Receipt>,
    /// Until when this recipient may say that the answer recorded in their name is not theirs.
    pub contest: Option<Day>,
    /// The others that are told, by role and, of the company's people, by function.
    pub others: Vec<(RecipientRole, Option<CompanyFunction>)>,
    /// Who to call.
    pub contact: Option<Contact>,
    /// What is waited, from whom and until when.
    pub next: Option<Next>,
    /// The one thing to do, and what its link opens.
    pub ask: Option<Ask>,
    /// What the author adds in their own words.
    pub note: Option<Note>,
    /// Whether amounts rest on an illustrative schedule of prices.
    pub illustrative: bool,
    /// Whether this is a reminder.
    pub reminder: bool,
    /// Whether it is the first message to this person, which says what is kept of them (GDPR art. 13 and 14).
    pub informs: bool,
}

/// The reference of what is about all the lots of its reader.
pub(crate) const ALL_LOTS: &str = messages::YOUR_LOTS;

/// The reference of what is about several paths of its reader.
pub(crate) const YOUR_PATHS: &str = messages::YOUR_PATHS;

/// Time to say « this was not me » (L2): whoever opens this mailbox once a week still has it.
const CONTEST: Span = Span::Days(7);

/// What CRPA R.112-11-1 asks of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// When what was sent arrived.
    pub received: Instant,
    /// The officer in charge at the Region, when there is one.
    pub service: Option<Contact>,
}

/// A free text of the step: of its author on the staff, or who answered for a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub text: String,
    /// Nobody for who answered, which says it itself.
    pub by: Option<String>,
}

/// What somebody typed, harmless to the markers of links.
pub(crate) fn typed(text: &str) -> String {
    neutralize(text.trim()).into_owned()
}

impl About {
    /// Of a step on a path.
    pub(crate) fn step(notice: &Notice<'_>, to: &Addressed) -> Self {
        let Notice { after, market, directory, now, author, .. } = *notice;
        let mut about = Self::asking(after, market, directory, paris_day(now), to, notice.events);
        about.others = others(notice.told, to);
        let if_author = matches!(to.why, Told::ReceiptIfAuthor | Told::IfConcerned | Told::WhenContact);
        let receipt = matches!(to.why, Told::Receipt) || (if_author && acted(author, to));
        about.receipt = receipt.then(|| Receipt { received: now, service: officer(directory, after) });
        about.contest = answered(notice, to).then(|| due(paris_day(now), CONTEST));
        let note = notice.note.map(str::trim).filter(|note| !note.is_empty());
        let staff = matches!(author, Actor::Staff { .. });
        about.note = note.map(|note| Note { text: typed(note), by: staff.then(|| typed(author.name())) });
        about
    }

    /// Of a path as it stands on a day.
    pub(crate) fn path(path: &Path, market: &Market, directory: &Directory<'_>, today: Day, to: &Addressed) -> Self {
        Self::asking(path, market, directory, today, to, &[])
    }

    /// Of a path after some events: what they ask comes before what was asked already.
    fn asking(
        path: &Path,
        market: &Market,
        directory: &Directory<'_>,
        today: Day,
        to: &Addressed,
        events: &[&Event],
    ) -> Self {
        let stands = to.person.is_none_or(|person| path.stands(person));
        let outside = to.outside();
        let requests = outside.filter(|_| stands).map(|role| asked_of(path, role)).unwrap_or_default();
        let clocks = clocks(path, market, today);
        let newly = requests.iter().find(|asked| events.iter().any(|event| asks(event, asked.kind)));
        let request = newly.or(requests.first());
        Self {
            signatory: signatory(path, directory, outside),
            next: next(path, &clocks, request, to, today),
            ask: stands.then(|| ask(path, &clocks, request, to.role, today)).flatten(),
            illustrative: !market.prices_confirmed,
            ..Self::plain(path, directory, to)
        }
    }

    /// Of a path, without what comes next: for messages that no step causes.
    pub(crate) fn plain(path: &Path, directory: &Directory<'_>, to: &Addressed) -> Self {
        let person = directory.people.iter().find(|person| to.person == Some(person.id));
        Self {
            reference: path.reference.to_string(),
            company: typed(&path.workplace.company),
            job: typed(&path.job.title),
            body: typed(&directory.holder.name),
            lot: format!("lot {}", path.lot),
            lot_code: Some(path.lot.clone()),
            role: to.role,
            function: to.function,
            signatory: None,
            name: typed(&to.name),
            stands_for: to.stands_for.as_deref().map(typed),
            receipt: None,
            contest: None,
            others: Vec::new(),
            contact: contact(to.role, path, directory),
            next: None,
            ask: None,
            note: None,
            illustrative: false,
            reminder: false,
            informs: person.is_some_and(|person| person.informed_on.is_none()),
        }
    }

    /// Of a purchase order.
    pub(crate) fn order(order: &PurchaseOrder, market: &Market, to: &Addressed) -> Self {
        let holder = market.lot(&order.lot).map(|lot| &lot.holder);
        Self {
            reference: order.reference.to_string(),
            company: String::new(),
            job: String::new(),
            body: typed(holder.map_or("", |holder| &holder.name)),
            lot: format!("lot {}", order.lot),
            lot_code: Some(order.lot.clone()),
            role: to.role,
            function: None,
            signatory: None,
            name: typed(&to.name),
            stands_for: to.stands_for.as_deref().map(typed),
            receipt: None,
            contest: None,
            others: Vec::new(),
            contact: holder.filter(|_| to.role != RecipientRole::Body).map(of_holder),
            next: None,
            ask: Some(Ask { label: messages::OPEN_ORDER, until: None, link: LinkPurpose::Staff }),
            note: None,
            illustrative: !market.prices_confirmed,
            reminder: false,
            informs: false,
        }
    }

    /// Whether the training body reads.
    pub fn to_body(&self) -> bool {
        self.role == RecipientRole::Body
    }

    /// Whether the company reads: its main contact, or a colleague of theirs.
    pub fn to_company(&self) -> bool {
        self.role == RecipientRole::Company
    }

    /// Whether who confirms and signs for the company reads.
    pub fn answers_for_company(&self) -> bool {
        match self.function {
            None => self.to_company() && self.signatory.is_none(),
            Some(function) => function == CompanyFunction::Signatory,
        }
    }

    /// Whether the trainee reads.
    pub fn to_trainee(&self) -> bool {
        self.role == RecipientRole::Trainee
    }

    /// Whether the tutor reads.
    pub fn to_tutor(&self) -> bool {
        self.role == RecipientRole::Tutor
    }

    /// Whether the Region reads.
    pub fn to_region(&self) -> bool {
        matches!(self.role, RecipientRole::Region | RecipientRole::Finance)
    }

    /// Whether someone reads who has no account.
    pub fn outside(&self) -> bool {
        !self.to_body() && !self.to_region()
    }

    /// What the recipient is asked to sign or confirm.
    pub fn asked(&self) -> Option<RequestKind> {
        match self.ask.as_ref()?.link {
            LinkPurpose::Answer(kind, _) => Some(kind),
            LinkPurpose::Follow | LinkPurpose::Password | LinkPurpose::Need(_) | LinkPurpose::Staff => None,
        }
    }

    /// What a variable stands for in this message; none for what it lacks and for what is no value.
    pub(crate) fn value(&self, variable: Variable) -> Option<String> {
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        match variable {
            Variable::Company => filled(&self.company),
            Variable::Job => filled(&self.job),
            Variable::Body => filled(&self.body),
            Variable::Lot => filled(&self.lot),
            Variable::Reference => filled(&self.reference),
            Variable::Recipient => filled(&self.name),
            // The body is told to call the Region.
            Variable::Coordinator => self.contact.as_ref().filter(|_| !self.to_body()).map(|who| who.name.clone()),
            Variable::Deadline => self.deadline().map(dates::long),
            Variable::Standard | Variable::Link => None,
        }
    }

    /// The last day of what is asked of the recipient, or else of what comes next.
    fn deadline(&self) -> Option<Day> {
        let asked = self.ask.as_ref().and_then(|ask| ask.until);
        asked.or_else(|| self.next.and_then(|next| next.until)).map(|until| until.day)
    }

    /// The frame around the words; the title is the subject without the reference.
    pub(crate) fn frame(&self, title: &str) -> Frame {
        Frame {
            reference: self.reference.clone(),
            preheader: self.preheader(title),
            title: title.to_owned(),
            action: self.ask.as_ref().map(|ask| Action {
                label: ask.label.to_owned(),
                until: ask.until.map(answer_by),
                note: self.asked().map(|kind| messages::reading(kind).to_owned()),
            }),
            opening: vec![Opening::Standard],
            complement: Vec::new(),
            signature: Vec::new(),
            why: self.why(),
            others: self.others.iter().map(|(role, function)| the_reader(*role, *function).to_owned()).collect(),
            contact: self.contact.clone(),
            reminder: self.reminder,
            personal_data: self
                .informs
                .then(|| messages::personal_data(self.role, self.function.is_some(), &self.body)),
        }
    }

    fn preheader(&self, title: &str) -> String {
        match (&self.ask, &self.next) {
            (Some(Ask { label, until: Some(until), .. }), _) if self.asked().is_some() => {
                format!("{label}. {}.", answer_by(*until))
            }
            (_, Some(next)) => next.sentence(),
            (Some(_) | None, None) => format!("{title}."),
        }
    }

    fn why(&self) -> String {
        if self.reference == YOUR_PATHS {
            let because = match self.role {
                RecipientRole::Region => messages::YOU_FOLLOW_PATHS,
                _ => messages::BODY_HAS_PATHS,
            };
            return messages::because(because);
        }
        if self.reference == messages::YOUR_REPORT {
            return messages::because(messages::ADDRESS_REPORTED);
        }
        // Only what is about an account, or about all of somebody's lots, is about no lot.
        if self.lot.is_empty() && self.reference != ALL_LOTS {
            return messages::BECAUSE_OF_ACCOUNT.to_owned();
        }
        let because = match self.role {
            RecipientRole::Body if self.stands_for.is_some() => messages::WHO_COORDINATES.to_owned(),
            RecipientRole::Region if self.stands_for.is_some() => messages::who_follows(&self.lot),
            RecipientRole::Body if self.company.is_empty() => messages::holds_lot(&self.body, &self.lot),
            RecipientRole::Body => messages::YOU_COORDINATE.to_owned(),
            RecipientRole::Company => match self.function {
                Some(function) => messages::you_have_function(function, &self.company),
                None => messages::you_represent(&self.company),
            },
            RecipientRole::Trainee => messages::PATH_IS_YOURS.to_owned(),
            RecipientRole::Tutor => messages::YOU_TUTOR.to_owned(),
            RecipientRole::Region if self.lot.is_empty() => messages::YOU_FOLLOW_ALL.to_owned(),
            RecipientRole::Region => messages::you_follow(&self.lot),
            RecipientRole::Finance => messages::YOU_APPROVE.to_owned(),
            RecipientRole::Candidate => messages::YOU_WERE_PROPOSED.to_owned(),
        };
        match &self.stands_for {
            Some(away) => messages::because_you_stand_in(away, &because),
            None => messages::because(&because),
        }
    }
}

/// Who is asked in the company's name, for its main contact.
fn signatory(path: &Path, directory: &Directory<'_>, reader: Option<OutsideRole>) -> Option<String> {
    let signatory = path.person_of(OutsideRole::Signatory).filter(|_| reader == Some(OutsideRole::Company))?;
    if asked_of(path, OutsideRole::Signatory).is_empty() {
        return None;
    }
    let known = directory.people.iter().find(|person| person.id == signatory.id);
    Some(known.map_or_else(
        || labels::the_outside_role(OutsideRole::Signatory).to_owned(),
        |known| typed(&known.contact.name),
    ))
}

/// Whether the recipient is who confirms and signs for the company, before anything is asked of them.
pub(crate) fn signs_for_company(path: &Path, to: &Addressed) -> bool {
    to.outside() == Some(path.signs_for_company())
}

/// Whether the recipient is the author, through a link.
pub(crate) fn acted(author: &Actor, to: &Addressed) -> bool {
    match author {
        Actor::Outside { person, .. } => to.person == Some(*person),
        Actor::Staff { .. } | Actor::System => false,
    }
}

/// Whether the step records an answer of this recipient, given through their link or on their behalf, that their page lets
/// them contest.
fn answered(notice: &Notice<'_>, to: &Addressed) -> bool {
    let outside = to.outside();
    let on_behalf = |event: &&Event| match event {
        Event::AnswerRecordedOnBehalf { role, .. } => Some(*role) == outside,
        Event::PifSigned { party: Party::Company, on_behalf: true, .. } => {
            Some(notice.after.signs_for_company()) == outside
        }
        Event::PifSigned { party: Party::Trainee, on_behalf: true, .. } => outside == Some(OutsideRole::Trainee),
        _ => false,
    };
    let mut answers = notice.events.iter().copied().filter_map(answered_by);
    (acted(notice.author, to) || notice.events.iter().any(on_behalf))
        && answers.any(|request| contestable(notice.after, to.role, request))
}

/// A reader by their role, or by their function in the company.
fn the_reader(role: RecipientRole, function: Option<CompanyFunction>) -> &'static str {
    function.map_or_else(|| labels::the_recipient(role), |function| labels::the_outside_role(function.outside()))
}

/// The others told of the same fact, each once (L10).
fn others(told: &[Addressed], to: &Addressed) -> Vec<(RecipientRole, Option<CompanyFunction>)> {
    let mut others = Vec::new();
    for other in told {
        let reader = (other.role, other.function);
        // A person who was not selected is nobody else's matter.
        if reader != (to.role, to.function) && other.role != RecipientRole::Candidate && !others.contains(&reader) {
            others.push(reader);
        }
    }
    others
}

fn contact(role: RecipientRole, path: &Path, directory: &Directory<'_>) -> Option<Contact> {
    match role {
        RecipientRole::Body => officer(directory, path),
        RecipientRole::Company
        | RecipientRole::Trainee
        | RecipientRole::Tutor
        | RecipientRole::Region
        | RecipientRole::Finance
        | RecipientRole::Candidate => Some(coordinator(directory)),
    }
}

/// The coordinator or who stands in for them, or the training body while there is none.
pub(crate) fn coordinator(directory: &Directory<'_>) -> Contact {
    let holder = directory.holder;
    match directory.present() {
        Some(account) => Contact {
            name: typed(&account.name),
            organisation: Some(typed(&holder.name)),
            phone: account.phone.as_ref().or(holder.phone.as_ref()).map(Phone::formatted),
            email: account.email.to_string(),
        },
        None => of_holder(holder),
    }
}

/// The training body, by its own address.
pub(crate) fn of_holder(holder: &Holder) -> Contact {
    Contact {
        name: typed(&holder.name),
        organisation: None,
        phone: holder.phone.as_ref().map(Phone::formatted),
        email: holder.email.to_string(),
    }
}

/// The officer of the Region who follows the lot.
fn officer(directory: &Directory<'_>, path: &Path) -> Option<Contact> {
    in_charge(directory.officers, path).next().map(of_region)
}

fn of_region(account: &Account) -> Contact {
    Contact {
        name: typed(&account.name),
        organisation: Some(messages::REGION.to_owned()),
        phone: account.phone.as_ref().map(Phone::formatted),
        email: account.email.to_string(),
    }
}
