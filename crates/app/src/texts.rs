//! The texts of messages: shown, previewed, kept as versions by an officer of the Region, restored.
//!
//! Rules kept here:
//! - a text is checked against what its messages have each time that it is kept, restored too, so that none in force breaks one;
//! - a version is added to the one that its author saw, or not at all: the loser learns who was faster and what it says;
//! - a message is fixed when it is queued: a new text changes those that come after;
//! - the operator, the administration and those who read everything read the texts; a coordinator reads those of what leaves for their lots.

use domain::form::{FieldError, FieldProblem};
use domain::identifiers::LotCode;
use domain::market::Lot;
use domain::people::{Actor, RecipientRole, StaffRole};
use domain::texts::{Content, Holds, Place, Subject, TextProblem, TextVersion, Variable, braced, is_outside, read};
use notifier::emails::{Composed, Editable, Words, editable, preview};
use notifier::envelope::mask_link;
use notifier::texts::Texts;
use wording::typography::typeset;

use crate::queries::lots_seen;
use crate::{App, AppError, Book};

/// Most characters of a reason.
const REASON: usize = 300;

/// The message in which the texts of a lot are shown.
const LOT_SAMPLE: (&str, RecipientRole) = ("feasibility_ordered", RecipientRole::Company);

/// A version of a text and who kept it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEntry {
    pub version: TextVersion,
    pub by: String,
}

/// A kind of messages to a role, with the last version of its text.
#[derive(Debug, Clone)]
pub struct MessageTextLine {
    pub of: &'static Editable,
    pub last: Option<TextEntry>,
}

/// A lot, with the last version of its texts.
#[derive(Debug, Clone)]
pub struct LotTextLine {
    pub lot: Lot,
    pub last: Option<TextEntry>,
}

/// Every text that a reader may read.
#[derive(Debug, Clone)]
pub struct TextList {
    pub messages: Vec<MessageTextLine>,
    pub lots: Vec<LotTextLine>,
}

/// One text in full.
#[derive(Debug, Clone)]
pub struct TextPage {
    pub subject: Subject,
    /// What it may hold.
    pub holds: Holds,
    /// The product's own titles and openings, case by case; none of a lot.
    pub standard: &'static [Words],
    /// Every version, the last one first.
    pub history: Vec<TextEntry>,
    pub may_edit: bool,
}

impl TextPage {
    /// The version in force; 0 before the first.
    pub fn version(&self) -> u32 {
        self.history.first().map_or(0, |entry| entry.version.version)
    }

    /// The text in force; none for the product's own words.
    pub fn content(&self) -> Option<&Content> {
        self.history.first().and_then(|entry| entry.version.content.as_ref())
    }

    /// What a change begins with: the text in force, or one of messages that gives the product's own words.
    pub fn begun(&self) -> Content {
        let standard = || {
            let kept = [Variable::Standard, Variable::Link].into_iter();
            let kept = kept.filter(|kept| *kept == Variable::Standard || self.holds.asks);
            kept.map(braced).collect::<Vec<_>>().join("\n")
        };
        let begun = || match self.subject {
            Subject::Message { .. } => Content { text: standard(), ..Content::default() },
            Subject::Lot(_) => Content::default(),
        };
        self.content().cloned().unwrap_or_else(begun)
    }
}

/// A message as it would be, without its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPreview {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What keeping a text did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextKept {
    Kept,
    /// The text in force says the same.
    Unchanged,
    /// Somebody kept another one since it was read.
    Overtaken(Box<TextEntry>),
    Wrong(Vec<TextProblem>),
}

/// What keeps a text: typed words, or those of a version of before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextSource {
    Typed(Content),
    /// The product's own words.
    Standard,
    /// The words of this version.
    Version(u32),
}

/// Whether an actor reads the texts of a role's messages.
fn reads(actor: &Actor, role: RecipientRole) -> bool {
    match actor {
        Actor::Staff { role: StaffRole::Coordinator, .. } => is_outside(role) || role == RecipientRole::Body,
        Actor::Staff { role: StaffRole::RegionFinance, .. } | Actor::Outside { .. } => false,
        Actor::Staff { .. } | Actor::System => true,
    }
}

/// Whether an actor reads texts of messages.
pub fn reads_texts(actor: &Actor) -> bool {
    reads(actor, RecipientRole::Company)
}

/// Whether an actor keeps texts.
fn edits(actor: &Actor) -> bool {
    matches!(actor, Actor::Staff { role: StaffRole::RegionOfficer, .. })
}

/// The lots whose texts an actor reads, each once, of the market in which it is.
fn lots<'a>(book: &'a Book, actor: &Actor) -> Result<Vec<&'a Lot>, AppError> {
    if !reads_texts(actor) {
        return Err(AppError::NotFound);
    }
    let seen = lots_seen(book, actor)?;
    let mut lots: Vec<&Lot> = Vec::new();
    for terms in book.versions.iter().rev().filter(|terms| !terms.market.past) {
        for lot in &terms.market.lots {
            let shown = seen.as_ref().is_none_or(|seen| seen.contains(&lot.code));
            if shown && !lots.iter().any(|known| known.code == lot.code) {
                lots.push(lot);
            }
        }
    }
    lots.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(lots)
}

/// What a text of a subject may hold, and the product's own words.
fn of(book: &Book, actor: &Actor, subject: &Subject) -> Result<(Holds, &'static [Words]), AppError> {
    match subject {
        Subject::Message { kind, role } => {
            let known = editable().iter().find(|known| known.kind == kind && known.role == *role);
            let known = known.filter(|_| reads(actor, *role)).ok_or(AppError::NotFound)?;
            Ok((known.holds.clone(), &known.standard))
        }
        Subject::Lot(code) => {
            let known = lots(book, actor)?.into_iter().any(|lot| &lot.code == code);
            if known { Ok((Holds::of_lot(), &[])) } else { Err(AppError::NotFound) }
        }
    }
}

fn entry(book: &Book, version: TextVersion) -> TextEntry {
    let by = book.account(version.by).map(|account| account.name.clone()).unwrap_or_default();
    TextEntry { version, by }
}

/// What was typed, as it is kept.
fn set(content: &Content) -> Content {
    let set = |text: &str| typeset(text.trim());
    Content { title: set(&content.title), text: set(&content.text), signature: set(&content.signature) }
}

/// Everything wrong in a text.
fn problems(subject: &Subject, content: &Content, holds: &Holds) -> Vec<TextProblem> {
    let places: [(Place, &str); 2] = match subject {
        Subject::Message { .. } => [(Place::Title, &content.title), (Place::Text, &content.text)],
        Subject::Lot(_) => [(Place::Complement, &content.text), (Place::Signature, &content.signature)],
    };
    places.into_iter().filter_map(|(place, typed)| read(place, typed, holds).err()).flatten().collect()
}

fn shown(subject: &Subject, content: Option<&Content>) -> Vec<TextPreview> {
    let mut texts = Texts::default();
    let (kind, role) = match subject {
        Subject::Message { kind, role } => {
            if let Some(own) = content {
                texts.set_message(kind, *role, &own.title, &own.text);
            }
            (kind.as_str(), *role)
        }
        // Samples are of one lot, whichever is shown.
        Subject::Lot(_) => {
            let sample: Result<LotCode, _> = "1".parse();
            if let (Some(own), Ok(lot)) = (content, sample) {
                texts.set_lot(lot, &own.text, &own.signature);
            }
            LOT_SAMPLE
        }
    };
    let masked = |composed: Composed| TextPreview {
        subject: composed.subject,
        text: mask_link(&composed.text),
        html: mask_link(&composed.html),
    };
    preview(kind, role, &texts).into_iter().map(masked).collect()
}

impl App {
    /// Every text that an actor may read.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for who reads none.
    pub async fn text_list(&self, actor: &Actor) -> Result<TextList, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let lots = lots(&book, actor)?;
        let versions = tx.texts_in_force().await?;
        let last = |subject: &Subject| {
            let version = versions.iter().find(|version| &version.subject == subject)?;
            Some(entry(&book, version.clone()))
        };
        let message = |of: &'static Editable| MessageTextLine {
            last: last(&Subject::Message { kind: of.kind.to_owned(), role: of.role }),
            of,
        };
        let lot = |lot: &Lot| LotTextLine { last: last(&Subject::Lot(lot.code.clone())), lot: lot.clone() };
        Ok(TextList {
            messages: editable().iter().filter(|of| reads(actor, of.role)).map(message).collect(),
            lots: lots.into_iter().map(lot).collect(),
        })
    }

    /// One text with its history.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this actor.
    pub async fn text_page(&self, actor: &Actor, subject: &Subject) -> Result<TextPage, AppError> {
        let tx = self.store().begin_read().await?;
        let book = self.book(&tx).await?;
        let (holds, standard) = of(&book, actor, subject)?;
        let history = tx.text_versions(subject).await?.into_iter().map(|version| entry(&book, version)).collect();
        Ok(TextPage { subject: subject.clone(), holds, standard, history, may_edit: edits(actor) })
    }

    /// What is wrong in a text, or the messages of its subject as it would make them; nothing is kept.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this actor.
    pub async fn preview_text(
        &self,
        actor: &Actor,
        subject: &Subject,
        content: Option<&Content>,
    ) -> Result<Result<Vec<TextPreview>, Vec<TextProblem>>, AppError> {
        let tx = self.store().begin_read().await?;
        let (holds, _) = of(&*self.book(&tx).await?, actor, subject)?;
        let content = content.map(set);
        let wrong = content.as_ref().map(|content| problems(subject, content, &holds)).unwrap_or_default();
        Ok(if wrong.is_empty() { Ok(shown(subject, content.as_ref())) } else { Err(wrong) })
    }

    /// The messages that the text in force gives; the product's own, when it refuses now what it took before.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this actor.
    pub async fn preview_in_force(&self, actor: &Actor, page: &TextPage) -> Result<Vec<TextPreview>, AppError> {
        match self.preview_text(actor, &page.subject, page.content()).await? {
            Ok(previews) => Ok(previews),
            Err(_) => Ok(self.preview_text(actor, &page.subject, None).await?.unwrap_or_default()),
        }
    }

    /// Keeps a version after the one that was seen.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not there for this actor, or is not theirs to change; [`AppError::Invalid`] for the
    /// reason, whose field is `reason`.
    pub async fn keep_text(
        &self,
        actor: &Actor,
        subject: &Subject,
        source: &TextSource,
        seen: u32,
        reason: &str,
    ) -> Result<TextKept, AppError> {
        let by = actor.account().filter(|_| edits(actor)).ok_or(AppError::NotFound)?;
        let tx = self.store().begin_write().await?;
        let book = self.book(&tx).await?;
        let (holds, _) = of(&book, actor, subject)?;
        let versions = tx.text_versions(subject).await?;
        let content = match source {
            TextSource::Typed(content) => Some(set(content)),
            TextSource::Standard => None,
            TextSource::Version(number) => {
                let version = versions.iter().find(|version| version.version == *number);
                version.ok_or(AppError::NotFound)?.content.clone()
            }
        };
        let wrong = content.as_ref().map(|content| problems(subject, content, &holds)).unwrap_or_default();
        if !wrong.is_empty() {
            return Ok(TextKept::Wrong(wrong));
        }
        let reason = checked_reason(reason)?;
        let last = versions.first();
        if last.map_or(0, |last| last.version) != seen {
            return Ok(overtaken(&book, last));
        }
        if last.and_then(|last| last.content.as_ref()) == content.as_ref() {
            return Ok(TextKept::Unchanged);
        }
        let version =
            TextVersion { subject: subject.clone(), version: seen + 1, content, reason, by, at: tx.now().await? };
        if !tx.insert_text(&version).await? {
            let versions = tx.text_versions(subject).await?;
            return Ok(overtaken(&book, versions.first()));
        }
        tx.commit().await?;
        self.forget_book();
        tracing::info!(text.subject = %subject, text.version = version.version, "a text of messages is kept");
        Ok(TextKept::Kept)
    }
}

fn overtaken(book: &Book, last: Option<&TextVersion>) -> TextKept {
    last.map_or(TextKept::Unchanged, |last| TextKept::Overtaken(Box::new(entry(book, last.clone()))))
}

fn checked_reason(reason: &str) -> Result<String, AppError> {
    let reason = reason.trim();
    let problem = match reason.chars().count() {
        0 => FieldProblem::Missing,
        1..=REASON => return Ok(reason.to_owned()),
        _ => FieldProblem::TooLong { max: REASON },
    };
    Err(AppError::Invalid(vec![FieldError { field: "reason".to_owned(), problem }]))
}
