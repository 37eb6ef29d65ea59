//! Documents that Jalon makes: those that a step needs and that nobody gave, and those asked for on the page of a path.

use std::borrow::Cow;

use domain::Instant;
use domain::calendar::paris_day;
use domain::form::{DocumentRef, Form, Text};
use domain::identifiers::PathReference;
use domain::market::Holder;
use domain::path::command::DocumentKind;
use domain::path::decide::{admissible, sees};
use domain::path::requests::Declared;
use domain::path::{Command, Event, Path, Step};
use domain::people::{Account, Actor, OutsideRole, Person};
use persistence::{Document, StoredPath, Tx, document_digest};
use reports::documents::{Answer, DocumentError, Dossier, Fact, Held, Piece, Programme, Source, dossier, letter, pif};
use wording::{labels, pieces, timeline};

use crate::advance::{Attached, Attachment};
use crate::book::Book;
use crate::{App, AppError, Options, PathView, Target};

/// What documents are.
pub const PDF: &str = "application/pdf";

/// A document that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A path with the people that documents name, and under which title one is made.
#[derive(Debug, Clone)]
pub(crate) struct Making {
    path: Path,
    people: Vec<Person>,
    holder: Holder,
    coordinator: Option<Account>,
    now: Instant,
    title: &'static str,
}

impl Making {
    /// Typesets a document, away from what answers requests.
    pub(crate) async fn typeset(
        self,
        make: impl FnOnce(&Source<'_>) -> Result<Vec<u8>, DocumentError> + Send + 'static,
    ) -> Result<Made, AppError> {
        let name = format!("{}.pdf", pieces::file_name(self.title, &self.path.reference));
        let typesetting = tokio::task::spawn_blocking(move || {
            make(&Source {
                path: &self.path,
                people: &self.people,
                holder: &self.holder,
                coordinator: self.coordinator.as_ref(),
                now: self.now,
            })
        });
        let bytes = typesetting.await.map_err(|error| AppError::Typesetting(error.to_string()))?;
        Ok(Made { name, bytes: bytes.map_err(|error| AppError::Typesetting(error.to_string()))? })
    }
}

impl App {
    pub(crate) async fn made_of(
        &self,
        tx: &Tx,
        path: &Path,
        people: &[Person],
        title: &'static str,
    ) -> Result<Making, AppError> {
        let book = self.book(tx).await?;
        let now = tx.now().await?;
        let terms = book.current(&path.market, paris_day(now)).ok_or(AppError::NoMarket)?;
        let holder = Book::holder(terms, &path.lot).ok_or(AppError::NoMarket)?.clone();
        let coordinator = path.coordinator.and_then(|id| book.account(id)).cloned();
        Ok(Making { path: path.clone(), people: people.to_vec(), holder, coordinator, now, title })
    }

    /// A document of a path that the reader sees.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the path is not there for this reader, or has not what the document says.
    pub async fn piece(&self, actor: &Actor, reference: &PathReference, piece: Piece) -> Result<Made, AppError> {
        let view = self.path(actor, reference).await?;
        let tx = self.store().begin_read().await?;
        self.make_piece(&tx, &view, piece).await
    }

    async fn make_piece(&self, tx: &Tx, view: &PathView, piece: Piece) -> Result<Made, AppError> {
        if !piece.is_of(&view.path) {
            return Err(AppError::NotFound);
        }
        let making = self.made_of(tx, &view.path, &view.people, piece.title()).await?;
        if piece == Piece::Dossier {
            let said = self.said(tx, view).await?;
            return making.typeset(move |source| dossier(source, &said)).await;
        }
        // What the path has was looked at above.
        making.typeset(move |source| Ok(letter(piece, source)?.unwrap_or_default())).await
    }

    /// A letter for the person behind a link.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not theirs, the path has not what it says, or the link opens nothing any more.
    pub async fn link_piece(&self, token: &str, piece: Piece) -> Result<Made, AppError> {
        let access = self.open_link(token).await?;
        let theirs = offered(piece, access.role) && piece.is_of(&access.path);
        if access.problem.is_some() || !theirs {
            return Err(AppError::NotFound);
        }
        let tx = self.store().begin_read().await?;
        let people = tx.people(access.path.id).await?;
        let making = self.made_of(&tx, &access.path, &people, piece.title()).await?;
        making.typeset(move |source| Ok(letter(piece, source)?.unwrap_or_default())).await
    }

    async fn said(&self, tx: &Tx, view: &PathView) -> Result<Dossier, AppError> {
        let held = |document: &Document| Held {
            name: format!("{}, {}", labels::document_kind(document.kind), document.reference.name),
            added_at: document.added_at,
            digest: document.reference.sha256.clone(),
        };
        let facts: Vec<Fact> = view
            .events
            .iter()
            .map(|recorded| Fact {
                rank: recorded.seq,
                at: recorded.recorded_at,
                what: timeline::path(&recorded.event, &recorded.author),
                by: timeline::author(&recorded.author),
            })
            .collect();
        let answers = view.events.iter().zip(&facts).filter(|(recorded, _)| Declared::by(&recorded.event).is_some());
        let answers = answers.map(|(recorded, fact)| Answer {
            fact: fact.clone(),
            means: pieces::means(
                timeline::on_behalf(&recorded.event),
                matches!(recorded.author, Actor::Outside { .. }),
            )
            .to_owned(),
        });
        let objectives = view.events.iter().filter_map(|recorded| match &recorded.event {
            Event::SequenceRecorded { number, objective, .. } => Some((*number, objective.clone())),
            _ => None,
        });
        let analysis = view.documents.iter().rfind(|document| document.kind == DocumentKind::WorkAnalysis);
        let last = view.events.last().ok_or(AppError::NotFound)?;
        Ok(Dossier {
            work_analysis: analysis.map(held),
            documents: view.documents.iter().map(held).collect(),
            answers: answers.collect(),
            objectives: objectives.collect(),
            hash: tx.hash_of(last.id).await?.ok_or(AppError::NotFound)?,
            facts,
        })
    }

    /// The document that a step would make of what is typed, to read before it is made.
    ///
    /// # Errors
    /// As [`App::rehearse`]; [`AppError::NotFound`] for a step that makes none, or when one is given.
    pub async fn preview_document(
        &self,
        actor: &Actor,
        target: &Target,
        step: Step,
        form: &Form,
    ) -> Result<Made, AppError> {
        let command = self.read_form(actor, target, step, form).await?;
        let none = Options::default();
        let (_, options) = self.with_document(actor, target, command, &none).await?;
        let attachment = options.into_owned().attachments.pop().ok_or(AppError::NotFound)?;
        match attachment.file {
            Attached::Bytes(bytes) => Ok(Made { name: attachment.name, bytes }),
            Attached::Kept(_) => Err(AppError::NotFound),
        }
    }

    /// A command with the document that it needs and that nobody gave: made of the path and of the form.
    ///
    /// Whoever may not perform the step, or gives too little, gets it back as it is: the decision says what is wrong. What was made
    /// of a version of the path holds for that version.
    pub(crate) async fn with_document<'o>(
        &self,
        actor: &Actor,
        target: &Target,
        mut command: Command,
        options: &'o Options,
    ) -> Result<(Command, Cow<'o, Options>), AppError> {
        let Target::Path(reference) = target else { return Ok((command, Cow::Borrowed(options))) };
        let Some((title, kind)) = missing(&command) else { return Ok((command, Cow::Borrowed(options))) };
        let tx = self.store().begin_read().await?;
        let stored = tx.path_by_reference(reference).await?;
        let Some(StoredPath { path, .. }) = stored.filter(|stored| sees(actor, &stored.path)) else {
            return Ok((command, Cow::Borrowed(options)));
        };
        if admissible(&path, command.step(), actor).is_err() {
            return Ok((command, Cow::Borrowed(options)));
        }
        let people = tx.people(path.id).await?;
        let making = self.made_of(&tx, &path, &people, title).await?;
        tx.rollback().await?;
        let made = match programme(&command, &path) {
            Some(programme) => making.typeset(move |source| pif(source, &programme)).await?,
            None if Piece::Completion.is_of(&path) => {
                making.typeset(move |source| Ok(letter(Piece::Completion, source)?.unwrap_or_default())).await?
            }
            None => return Ok((command, Cow::Borrowed(options))),
        };
        give(&mut command, DocumentRef { name: made.name.clone(), sha256: document_digest(&made.bytes) });
        let mut options = options.clone();
        options.expected_version.get_or_insert(path.version);
        let file = Attached::Bytes(made.bytes);
        options.attachments.push(Attachment { name: made.name, media_type: PDF.to_owned(), file, kind });
        Ok((command, Cow::Owned(options)))
    }
}

/// The letters that somebody outside may print from their page.
pub const fn offered(piece: Piece, role: OutsideRole) -> bool {
    match piece {
        Piece::Commitment => matches!(role, OutsideRole::Company | OutsideRole::Signatory),
        Piece::TutorDesignation => {
            matches!(role, OutsideRole::Company | OutsideRole::Signatory | OutsideRole::Tutor)
        }
        Piece::Completion | Piece::Dossier => false,
    }
}

/// Whether a field of documents is filled by Jalon when it is left empty.
pub fn is_made(step: Step, field: &str) -> bool {
    use domain::path::{Act, Transition};
    matches!(
        (step, field),
        (Step::Act(Act::WritePif | Act::AmendPif), "document")
            | (Step::Transition(Transition::DeliverReport), "certificate")
    )
}

/// What a command lacks, and that can be made.
fn missing(command: &Command) -> Option<(&'static str, DocumentKind)> {
    match command {
        Command::WritePif { document: None, objectives: Some(_), .. }
        | Command::AmendPif { document: None, objectives: Some(_), .. } => Some((pieces::PIF, DocumentKind::Pif)),
        Command::DeliverReport { certificate: None, .. } => {
            Some((pieces::COMPLETION, DocumentKind::CompletionCertificate))
        }
        _ => None,
    }
}

/// The programme that a form says.
fn programme(command: &Command, path: &Path) -> Option<Programme> {
    match command {
        Command::WritePif {
            afest_hours,
            application_hours,
            weekly_hours,
            daily_hours,
            starts_on,
            ends_on,
            objectives: Some(Text(objectives)),
            ..
        }
        | Command::AmendPif {
            afest_hours,
            application_hours,
            weekly_hours,
            daily_hours,
            starts_on,
            ends_on,
            objectives: Some(Text(objectives)),
            ..
        } => Some(Programme {
            version: path.pif.as_ref().map_or(1, |pif| pif.version + 1),
            afest_hours: *afest_hours,
            application_hours: *application_hours,
            weekly_hours: *weekly_hours,
            daily_hours: *daily_hours,
            starts_on: *starts_on,
            ends_on: *ends_on,
            objectives: objectives.clone(),
        }),
        _ => None,
    }
}

fn give(command: &mut Command, made: DocumentRef) {
    match command {
        Command::WritePif { document, .. } | Command::AmendPif { document, .. } => *document = Some(made),
        Command::DeliverReport { certificate, .. } => *certificate = Some(made),
        _ => {}
    }
}
