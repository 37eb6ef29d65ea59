//! Links of e-mails: who opens which path, what is asked there, and what becomes of an old link.
//!
//! Opening never acts. A link is found by the hash of its token, and holds for one person, one path and one thing asked; a
//! newer version of what is to be signed shows in place of the old one (L5). An expired link is not a dead end: a new one
//! goes to the address on file, and to no other (L4). Answering is [`App::advance`] as the person behind the link.

use chrono::TimeDelta;
use domain::calendar::paris_day;
use domain::form::Form;
use domain::identifiers::{DocumentId, EventId, MessageId};
use domain::market::{Holder, Terms};
use domain::path::command::{DocumentKind, RequestKind};
use domain::path::requests::{Asked, asked_of};
use domain::path::{Path, Recorded, Step};
use domain::people::{Account, Actor, OutsideRole, Person, RecipientRole};
use domain::told::{Addressed, Told};
use persistence::{Content, Document, Message, Tx};
use strum::IntoEnumIterator;

use crate::book::Book;
use crate::delivery::{Subject, directory, purpose_of};
use crate::{App, AppError, Options, Outcome, Target, new_id};

/// The span over which renewed links of one person are counted.
const RENEWALS_COUNTED: TimeDelta = TimeDelta::hours(1);

/// The kind of message that carries a renewed link.
const RENEWED: &str = "link_renewed";

/// Why a link opens nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkProblem {
    Expired,
    /// Somebody else took the role: the page says whom to call and nothing of the path.
    Revoked,
}

/// What a link opens.
#[derive(Debug, Clone)]
pub struct Access {
    pub path: Path,
    pub person: Person,
    pub role: OutsideRole,
    /// The person as the author of what they answer.
    pub actor: Actor,
    /// What is asked of this person now.
    pub asked: Vec<Asked>,
    /// What the link was sent for, with the version it showed; none for a link that follows the path.
    pub sent_for: Option<(RequestKind, u32)>,
    pub problem: Option<LinkProblem>,
    pub coordinator: Option<Account>,
    pub holder: Holder,
    pub terms: Terms,
    pub events: Vec<Recorded>,
    /// For who reads for the company: who does what in it, by role.
    pub colleagues: Vec<(OutsideRole, Person)>,
    /// For the trainee: who is their tutor, by name.
    pub tutor: Option<String>,
    /// For the company's main contact: who is to be trained, by name.
    pub trainee: Option<String>,
    /// Documents this person may read.
    pub documents: Vec<Document>,
    /// Events of answers whose proof is kept.
    pub proven: Vec<EventId>,
}

impl App {
    /// Opens a link; nothing is written.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token that was never given.
    pub async fn open_link(&self, token: &str) -> Result<Access, AppError> {
        let tx = self.store().begin_read().await?;
        let message = tx.message_of_link(token).await?.ok_or(AppError::NotFound)?;
        self.access(&tx, &message).await
    }

    async fn access(&self, tx: &Tx, message: &Message) -> Result<Access, AppError> {
        let content = &message.content;
        let now = tx.now().await?;
        let person = content.to.person.ok_or(AppError::NotFound)?;
        let person = tx.person(person).await?.ok_or(AppError::NotFound)?;
        let stored = tx.path_by_id(person.path).await?.ok_or(AppError::NotFound)?;
        let path = stored.path;
        let role = path.role_of(person.id).or(former(person.role)).ok_or(AppError::NotFound)?;
        let book = self.book(tx).await?;
        let terms = book.current(&path.market, paris_day(now)).ok_or(AppError::NoMarket)?.clone();
        let holder = Book::holder(&terms, &path.lot).ok_or(AppError::NoMarket)?.clone();
        let actor = Actor::Outside { person: person.id, role, path: path.id };
        let current = domain::path::decide::sees(&actor, &path);
        let expired = content.link.as_ref().is_none_or(|link| link.expires_at <= now);
        let problem = match (message.link_revoked_at.is_some() || !current || !person.active, expired) {
            (true, _) => Some(LinkProblem::Revoked),
            (false, true) => Some(LinkProblem::Expired),
            (false, false) => None,
        };
        let open = problem.is_none();
        let mut documents = if open { tx.documents(path.id).await? } else { Vec::new() };
        let people = if open && role.of_company() { tx.people(path.id).await? } else { Vec::new() };
        let tutor = match path.tutor.as_ref().filter(|_| open && role == OutsideRole::Trainee) {
            Some(tutor) => tx.person(tutor.person.id).await?.map(|person| person.contact.name),
            None => None,
        };
        let trainee = path.trainee().filter(|_| role == OutsideRole::Company);
        let trainee = trainee.and_then(|trainee| people.iter().find(|person| person.id == trainee.id));
        let trainee = trainee.map(|person| person.contact.name.clone());
        documents.retain(|document| may_read(role, document.kind, &path, document));
        Ok(Access {
            asked: if open { asked_of(&path, role) } else { Vec::new() },
            tutor,
            trainee,
            colleagues: colleagues(&path, people),
            sent_for: content.link.as_ref().and_then(|link| purpose_of(&link.purpose)),
            coordinator: path.coordinator.and_then(|id| book.present(id, paris_day(now))),
            events: if open { tx.path_events(path.id).await? } else { Vec::new() },
            proven: if open { tx.proven(path.id).await? } else { Vec::new() },
            documents,
            problem,
            role,
            actor,
            holder,
            terms,
            person,
            path,
        })
    }

    /// Answers through a link.
    ///
    /// # Errors
    /// As [`App::advance`]; [`AppError::NotFound`] when the link opens nothing any more.
    pub async fn answer_link(
        &self,
        token: &str,
        step: Step,
        form: &Form,
        options: &Options,
    ) -> Result<Outcome, AppError> {
        let access = self.open_link(token).await?;
        if access.problem.is_some() {
            return Err(AppError::NotFound);
        }
        self.advance(&access.actor, &Target::Path(access.path.reference.clone()), step, form, options).await
    }

    /// The bytes of a document that the person behind the link may read.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn link_document(&self, token: &str, id: DocumentId) -> Result<Content, AppError> {
        let access = self.open_link(token).await?;
        let open = access.problem.is_none();
        let document = access.documents.into_iter().find(|document| open && document.id == id);
        Ok(self.store().content(document.ok_or(AppError::NotFound)?).await?)
    }

    /// Sends a new link to the address on file; false when as many left within the hour as the settings allow.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token never given, or of somebody who was replaced.
    pub async fn renew_link(&self, token: &str) -> Result<bool, AppError> {
        let tx = self.store().begin_write().await?;
        let message = tx.message_of_link(token).await?.ok_or(AppError::NotFound)?;
        let access = self.access(&tx, &message).await?;
        if access.problem == Some(LinkProblem::Revoked) {
            return Err(AppError::NotFound);
        }
        let email = access.person.contact.email.clone().ok_or(AppError::NotFound)?;
        // Who asks twelve times at once waits in line, and is counted.
        tx.lock_path(&access.path.reference).await?.ok_or(AppError::NotFound)?;
        let now = tx.now().await?;
        let recent = tx.queued_since(RENEWED, access.path.id, &email, now - RENEWALS_COUNTED).await?;
        if recent >= u64::from(self.settings().link_requests_per_hour) {
            return Ok(false);
        }
        let book = self.book(&tx).await?;
        let to = Addressed {
            role: access.person.role,
            person: Some(access.person.id),
            account: None,
            name: access.person.contact.name.clone(),
            email,
            why: Told::Message,
            stands_for: None,
            function: access.role.function(),
        };
        let people = tx.people(access.path.id).await?;
        let stand_ins = book.stand_ins(paris_day(now));
        let directory = directory(&book, &access.path, &access.holder, &people, &stand_ins);
        let requests = asked_of(&access.path, access.role);
        let composed = notifier::emails::link_renewed(&access.path, &directory, requests.first(), &to, &book.texts);
        let mut subject = Subject::path(&access.path, new_id());
        subject.about.event = None;
        subject.rank = message.content.link.as_ref().map_or(0, |link| link.rank) + 1;
        subject.priority = persistence::Priority::AccessCode;
        self.queue(&tx, &book, &subject, &access.terms.market, &[(to, composed)], now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The token of the link of a message, for a demo that has no mail server.
    ///
    /// # Errors
    /// [`AppError::NotFound`].
    pub async fn link_of_message(&self, id: MessageId) -> Result<Option<String>, AppError> {
        let tx = self.store().begin_read().await?;
        let message = tx.message(id).await?.ok_or(AppError::NotFound)?;
        Ok(message.content.link_token(self.store().keys()))
    }
}

/// The role of somebody who no longer stands on the path.
fn former(role: RecipientRole) -> Option<OutsideRole> {
    match role {
        RecipientRole::Company => Some(OutsideRole::Company),
        RecipientRole::Tutor => Some(OutsideRole::Tutor),
        RecipientRole::Trainee => Some(OutsideRole::Trainee),
        RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance | RecipientRole::Candidate => None,
    }
}

/// Who does what in the company, its tutor included.
fn colleagues(path: &Path, mut people: Vec<Person>) -> Vec<(OutsideRole, Person)> {
    let roles = OutsideRole::iter().filter(|role| *role != OutsideRole::Trainee);
    let held = roles.filter_map(|role| {
        let known = path.person_of(role)?.id;
        let found = people.iter().position(|person| person.id == known)?;
        Some((role, people.swap_remove(found)))
    });
    held.collect()
}

/// People outside read what they sign, the trainee and the company what certifies the training, the company the programme and the
/// report. Human resources read what says the hours and the days; accounting reads no document.
fn may_read(role: OutsideRole, kind: DocumentKind, path: &Path, document: &Document) -> bool {
    use OutsideRole::{Accounting, Company, HumanResources, Signatory};
    match kind {
        DocumentKind::Pif => {
            let current = path.pif.as_ref().map(|pif| &pif.terms.document.sha256);
            role != Accounting && current == Some(&document.reference.sha256)
        }
        DocumentKind::Programme => matches!(role, Company | Signatory | HumanResources),
        DocumentKind::FinalReport => matches!(role, Company | Signatory),
        DocumentKind::CompletionCertificate => {
            matches!(role, OutsideRole::Trainee | Company | Signatory | HumanResources)
        }
        DocumentKind::FeasibilityReport
        | DocumentKind::CommitmentLetter
        | DocumentKind::WorkAnalysis
        | DocumentKind::EvaluationGrid
        | DocumentKind::TutorCertificate
        | DocumentKind::AnswerScan
        | DocumentKind::Evidence
        | DocumentKind::Other => false,
    }
}
