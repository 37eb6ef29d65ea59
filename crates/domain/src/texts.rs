//! The texts that the Region writes for messages: what may be typed, how it is read, what each variable is called.
//!
//! Rules kept here:
//! - a text is plain: words and variables in braces, a paragraph a line; no markup, no address, no amount to people outside;
//! - [`Variable::Standard`] and [`Variable::Link`] stand alone on their line, at most once; what asks for an answer has its link,
//!   what changes with the case keeps the product's own paragraphs;
//! - a title has one line and names nobody;
//! - reading is total: every problem of a text is given at once, with its line.
//!
//! What is typed is read once to be kept, against what its message has ([`Holds`]), and again to be composed. A variable is
//! added in [`Variable`], its meaning in `wording::texts` and its value in `notifier`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use strum::{Display, EnumIter, EnumString, IntoEnumIterator};

use crate::Instant;
use crate::identifiers::{AccountId, LotCode};
use crate::people::RecipientRole;
use crate::spelling::distance;

/// What stands for something of the message in which a text is put; it is typed in braces, by the name given here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, EnumIter)]
pub enum Variable {
    /// The company.
    #[strum(serialize = "entreprise")]
    Company,
    /// The job aimed at.
    #[strum(serialize = "metier")]
    Job,
    /// The training body, by its name.
    #[strum(serialize = "organisme")]
    Body,
    /// The lot, as « lot 1 ».
    #[strum(serialize = "lot")]
    Lot,
    /// The reference of the path or of the order.
    #[strum(serialize = "reference")]
    Reference,
    /// The name of who reads.
    #[strum(serialize = "destinataire")]
    Recipient,
    /// Who is to be called.
    #[strum(serialize = "coordination")]
    Coordinator,
    /// The last day of what is awaited.
    #[strum(serialize = "echeance")]
    Deadline,
    /// The paragraphs of the product itself, which vary with the case.
    #[strum(serialize = "texte")]
    Standard,
    /// The button and its deadline.
    #[strum(serialize = "lien")]
    Link,
}

impl Variable {
    /// Whether it stands alone on its line.
    pub const fn is_block(self) -> bool {
        matches!(self, Self::Standard | Self::Link)
    }

    /// Whether it is the name of somebody.
    pub const fn names_somebody(self) -> bool {
        matches!(self, Self::Recipient | Self::Coordinator)
    }

    /// The variable whose name is nearest to what was typed, when that is near enough for a slip.
    pub fn nearest(typed: &str) -> Option<Self> {
        let typed = typed.trim().to_lowercase();
        let far = |variable: &Self| distance(&variable.to_string(), &typed);
        Self::iter().min_by_key(far).filter(|variable| far(variable) <= 3 && far(variable) * 2 <= typed.chars().count())
    }
}

/// Where a text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Display, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Place {
    /// The subject, after the reference.
    Title,
    /// The paragraphs that open a message.
    Text,
    /// The paragraph of a lot, after the words of a message to people outside.
    Complement,
    /// The closing lines of a lot.
    Signature,
}

impl Place {
    /// Most characters.
    pub const fn most_characters(self) -> usize {
        match self {
            Self::Title => 70,
            Self::Text => 3_000,
            Self::Complement => 600,
            Self::Signature => 240,
        }
    }

    /// Most lines that are not empty.
    pub const fn most_lines(self) -> usize {
        match self {
            Self::Title => 1,
            Self::Text => 20,
            Self::Complement | Self::Signature => 4,
        }
    }
}

/// Most variables of one text: each takes the room of its value in every message.
pub const MOST_VARIABLES: usize = 20;

/// What a text is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// A kind of messages, to the readers of a role.
    Message { kind: String, role: RecipientRole },
    /// The messages of a lot to people outside.
    Lot(LotCode),
}

/// The first part of the name of a lot's text: no kind of messages is called so.
const LOT: &str = "lot";

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message { kind, role } => write!(f, "{kind}/{role}"),
            Self::Lot(lot) => write!(f, "{LOT}/{lot}"),
        }
    }
}

/// A text that names no subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("names no subject of a text")]
pub struct NoSubject;

impl FromStr for Subject {
    type Err = NoSubject;

    fn from_str(text: &str) -> Result<Self, NoSubject> {
        match text.split_once('/').ok_or(NoSubject)? {
            (LOT, lot) => lot.parse().map(Self::Lot).map_err(|_| NoSubject),
            (kind, role) => Ok(Self::Message { kind: kind.to_owned(), role: role.parse().map_err(|_| NoSubject)? }),
        }
    }
}

/// What is typed for a subject: a title and a text for messages, a complement and a signature for a lot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// Empty for the product's own.
    pub title: String,
    /// The opening paragraphs, or the complement of a lot.
    pub text: String,
    /// Of a lot.
    pub signature: String,
}

/// A version of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextVersion {
    pub subject: Subject,
    /// From 1.
    pub version: u32,
    /// None when the product's own words come back.
    pub content: Option<Content>,
    pub reason: String,
    pub by: AccountId,
    pub at: Instant,
}

/// What the messages of a text have, whatever their case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holds {
    pub variables: BTreeSet<Variable>,
    /// Whether one of them asks for an answer, which is given by its link.
    pub asks: bool,
    /// Whether the product's own title changes with the case: no other takes its place.
    pub keeps_title: bool,
    /// Whether the product's own paragraphs change with the case, or hold a fact of it: they stay in every text.
    pub keeps_standard: bool,
    /// Whether its reader has no account.
    pub outside: bool,
}

impl Holds {
    /// For a text that was checked when it was kept.
    fn anything() -> Self {
        Self {
            variables: Variable::iter().collect(),
            asks: false,
            keeps_title: false,
            keeps_standard: false,
            outside: false,
        }
    }

    /// What every message of a lot to people outside has.
    pub fn of_lot() -> Self {
        let variables = [Variable::Body, Variable::Lot, Variable::Reference].into();
        Self { variables, asks: false, keeps_title: false, keeps_standard: false, outside: true }
    }
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    /// A variable that is not a block.
    Value(Variable),
}

/// A paragraph, or what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Paragraph(Vec<Piece>),
    /// The product's own paragraphs.
    Standard,
    /// The button and its deadline.
    Link,
}

/// What is wrong in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextProblem {
    pub place: Place,
    /// From 1.
    pub line: usize,
    pub wrong: Wrong,
}

/// What is wrong at a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing is typed where something must be.
    Missing,
    TooLong {
        max: usize,
    },
    TooManyLines {
        max: usize,
    },
    TooManyVariables {
        max: usize,
    },
    /// A character that a text does not take: a control, a mark of direction, one of markup.
    Character(char),
    /// A brace that is left open, closed without having been opened, or doubled.
    Brace,
    Unknown {
        typed: String,
        nearest: Option<Variable>,
    },
    /// This message does not have it.
    NotHere(Variable),
    /// Something else stands on its line.
    NotAlone(Variable),
    Twice(Variable),
    /// What asks for an answer has its link.
    LinkMissing,
    /// What changes with the case keeps the product's own paragraphs.
    StandardMissing,
    /// The product's title changes with the case: it stays.
    TitleVaries,
    /// A title names nobody.
    NamesSomebody(Variable),
    /// An address: a link to elsewhere is how a false message looks.
    Address(String),
    /// An amount, to people outside.
    Amount,
}

/// Reads what is typed for a message against what it has.
///
/// # Errors
/// Everything that is wrong, line by line.
pub fn read(place: Place, typed: &str, holds: &Holds) -> Result<Vec<Part>, Vec<TextProblem>> {
    let mut reader = Reader { place, holds, problems: Vec::new(), parts: Vec::new(), variables: 0 };
    reader.read(typed);
    let Reader { problems, parts, .. } = reader;
    if problems.is_empty() { Ok(parts) } else { Err(problems) }
}

/// Reads a text that was kept; nothing when no text of today reads so.
pub fn kept(place: Place, text: &str) -> Option<Vec<Part>> {
    read(place, text, &Holds::anything()).ok()
}

/// Whether a role has no account: what it reads is held to more.
pub const fn is_outside(role: RecipientRole) -> bool {
    match role {
        RecipientRole::Company | RecipientRole::Trainee | RecipientRole::Tutor | RecipientRole::Candidate => true,
        RecipientRole::Body | RecipientRole::Region | RecipientRole::Finance => false,
    }
}

struct Reader<'a> {
    place: Place,
    holds: &'a Holds,
    problems: Vec<TextProblem>,
    parts: Vec<Part>,
    variables: usize,
}

impl Reader<'_> {
    fn wrong(&mut self, line: usize, wrong: Wrong) {
        self.problems.push(TextProblem { place: self.place, line, wrong });
    }

    fn read(&mut self, typed: &str) {
        if typed.chars().count() > self.place.most_characters() {
            self.wrong(1, Wrong::TooLong { max: self.place.most_characters() });
            return;
        }
        let lines: Vec<(usize, &str)> = typed
            .lines()
            .enumerate()
            .map(|(rank, line)| (rank + 1, line.trim()))
            .filter(|(_, l)| !l.is_empty())
            .collect();
        if let Some((line, _)) = lines.get(self.place.most_lines()) {
            self.wrong(*line, Wrong::TooManyLines { max: self.place.most_lines() });
        }
        for (line, text) in &lines {
            self.line(*line, text);
        }
        if self.variables > MOST_VARIABLES {
            self.wrong(1, Wrong::TooManyVariables { max: MOST_VARIABLES });
        }
        if self.place == Place::Title && self.holds.keeps_title && !lines.is_empty() {
            self.wrong(1, Wrong::TitleVaries);
        }
        if self.place == Place::Text {
            if lines.is_empty() {
                self.wrong(1, Wrong::Missing);
                return;
            }
            let last = lines.last().map_or(1, |(line, _)| *line);
            for (kept, variable, missing) in [
                (self.holds.asks, Variable::Link, Wrong::LinkMissing),
                (self.holds.keeps_standard, Variable::Standard, Wrong::StandardMissing),
            ] {
                if kept && !typed.contains(&braced(variable)) {
                    self.wrong(last, missing);
                }
            }
        }
    }

    fn line(&mut self, line: usize, text: &str) {
        if let Some(character) = text.chars().find(|c| is_refused(*c)) {
            self.wrong(line, Wrong::Character(character));
        }
        let pieces = match pieces(text) {
            Ok(pieces) => pieces,
            Err(wrong) => return self.wrong(line, wrong),
        };
        let variables: Vec<Variable> = pieces
            .iter()
            .filter_map(|piece| if let Piece::Value(variable) = piece { Some(*variable) } else { None })
            .collect();
        self.variables += variables.len();
        for variable in &variables {
            self.variable(line, *variable, pieces.len() == 1);
        }
        self.words(line, &pieces);
        self.parts.push(match variables.as_slice() {
            [Variable::Standard] => Part::Standard,
            [Variable::Link] => Part::Link,
            _ => Part::Paragraph(pieces),
        });
    }

    fn variable(&mut self, line: usize, variable: Variable, alone: bool) {
        if self.place == Place::Title && variable.names_somebody() {
            return self.wrong(line, Wrong::NamesSomebody(variable));
        }
        if !self.holds.variables.contains(&variable) || (variable.is_block() && self.place != Place::Text) {
            return self.wrong(line, Wrong::NotHere(variable));
        }
        if !variable.is_block() {
            return;
        }
        if !alone {
            self.wrong(line, Wrong::NotAlone(variable));
        }
        let part = if variable == Variable::Link { Part::Link } else { Part::Standard };
        if self.parts.contains(&part) {
            self.wrong(line, Wrong::Twice(variable));
        }
    }

    fn words(&mut self, line: usize, pieces: &[Piece]) {
        // What a variable is next to may make an address with it.
        let said: String =
            pieces.iter().map(|piece| if let Piece::Words(words) = piece { words.as_str() } else { "xx" }).collect();
        if let Some(address) = said.split_whitespace().find(|word| is_address(word)) {
            self.wrong(line, Wrong::Address(address.to_owned()));
        }
        let amount = |word: &str| word.contains('€') || matches!(bare(word).to_lowercase().as_str(), "euro" | "euros");
        if self.holds.outside && said.split_whitespace().any(amount) {
            self.wrong(line, Wrong::Amount);
        }
    }
}

/// A variable as it is typed.
pub fn braced(variable: Variable) -> String {
    format!("{{{variable}}}")
}

/// The pieces of a line.
fn pieces(line: &str) -> Result<Vec<Piece>, Wrong> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(brace) = rest.find(['{', '}']) {
        let (words, from) = rest.split_at(brace);
        let (name, after) = from.strip_prefix('{').and_then(|name| name.split_once('}')).ok_or(Wrong::Brace)?;
        if name.contains('{') {
            return Err(Wrong::Brace);
        }
        if !words.is_empty() {
            pieces.push(Piece::Words(words.to_owned()));
        }
        let variable = name
            .parse()
            .map_err(|_| Wrong::Unknown { typed: name.chars().take(40).collect(), nearest: Variable::nearest(name) })?;
        pieces.push(Piece::Value(variable));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    Ok(pieces)
}

/// Characters that hide, that turn the direction of a text, or that look like markup.
fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '<' | '>' | '\u{ad}' | '\u{feff}' | '\u{61c}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
}

/// A word without the signs around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// Whether a mail reader may make a link of a word.
fn is_address(word: &str) -> bool {
    let word = word.to_lowercase();
    if word.contains("://") || word.contains("www.") || word.contains('@') || word.contains("mailto:") {
        return true;
    }
    let host = bare(&word);
    let host = host.split(['/', '?', ':', '#']).next().unwrap_or(host);
    host.rsplit_once('.').is_some_and(|(before, last)| {
        let label = before.rsplit('.').next().unwrap_or(before);
        last.chars().count() >= 2 && last.chars().all(char::is_alphabetic) && label.chars().count() >= 2
    })
}

#[cfg(test)]
mod tests;
