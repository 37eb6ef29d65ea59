//! What every message has around its own content: who writes, about which path, what to do, why one receives it.
//!
//! Rules kept here:
//! - the frame holds no link: the templates put [`LINK_MARKER`](crate::envelope::LINK_MARKER) in the only button,
//!   [`OPT_OUT_MARKER`](crate::envelope::OPT_OUT_MARKER) in the footer of a reminder and
//!   [`PERSONAL_DATA_MARKER`](crate::envelope::PERSONAL_DATA_MARKER) in that of a first message;
//! - a message has at most one button, and a button always has its link;
//! - whatever the Region writes, the button is there once, where it put it or after the words;
//! - a rendered message stays small (6 kB of HTML at most around a usual content): each one is stored.
//!
//! An e-mail is a struct with a field `frame: Frame`, rendered by a template that starts with `{% extends "layout.html" %}` (or
//! `layout.txt`) and fills the block `content`; `{% import "macros.html" as m %}` brings `paragraph`, `facts`, `quote`, `notice`.

/// What surrounds the content of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Reference of the path or of the order.
    pub reference: String,
    /// The line that mail readers show after the subject.
    pub preheader: String,
    /// The title, a sentence that says what happened.
    pub title: String,
    /// The one thing to do, when there is one.
    pub action: Option<Action>,
    /// What opens the message: the words of its template, unless the Region wrote its own ([`crate::texts`]).
    pub opening: Vec<Opening>,
    /// What the Region adds in a lot, after the words, for people outside.
    pub complement: Vec<String>,
    /// The closing lines of a lot.
    pub signature: Vec<String>,
    /// Why the recipient gets this message: one whole sentence.
    pub why: String,
    /// Who else was told, by role, with the article: « l’entreprise », « la Région ».
    pub others: Vec<String>,
    /// Who to call.
    pub contact: Option<Contact>,
    /// Whether this is a reminder, which its recipient can turn off.
    pub reminder: bool,
    /// In the first message to a person, what is kept of them and why (GDPR art. 13 and 14).
    pub personal_data: Option<String>,
}

/// A part of what opens a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// The paragraphs of the template.
    Standard,
    /// A paragraph of the Region.
    Paragraph(String),
    /// The button and its deadline, here instead of after the words.
    Link,
}

/// The one thing that a message asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What the button says: a verb and its object.
    pub label: String,
    /// Until when, as people say it: « au plus tard le vendredi 4 décembre 2026 ».
    pub until: Option<String>,
    /// What opening the page does not do, or what is needed at hand.
    pub note: Option<String>,
}

/// The person to call about the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Name of the coordinator.
    pub name: String,
    /// The training body, or the Region's service.
    pub organisation: Option<String>,
    /// Telephone, as it is read.
    pub phone: Option<String>,
    /// Address.
    pub email: String,
}

/// One line of a table of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub label: String,
    /// Its value, already in French.
    pub value: String,
}

impl Fact {
    /// A label and its value.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into() }
    }
}

impl Frame {
    /// The button that stands after the words: none when the opening has it.
    pub fn closing_action(&self) -> Option<&Action> {
        self.action.as_ref().filter(|_| !self.opening.contains(&Opening::Link))
    }

    /// The others as a French list: « l’entreprise, le tuteur et la Région ».
    pub fn others_text(&self) -> String {
        match self.others.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} et {last}", first.join(", ")),
        }
    }
}

impl Contact {
    /// The telephone as a dialler takes it.
    pub fn dial(&self) -> String {
        let phone = self.phone.as_deref().unwrap_or_default();
        phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

/// A telephone number that stays on one line.
pub fn unbroken(phone: &str) -> String {
    phone.chars().map(|c| if c == ' ' { '\u{a0}' } else { c }).collect()
}

#[cfg(test)]
mod tests;
