//! The texts of the Region in force, and how they enter a message.
//!
//! Rules kept here:
//! - a text takes the place of what opens a message ([`Opening`]); facts, notices, what comes next, the button and the footer
//!   stay the product's, so that no text loses a date, a right or a link;
//! - a text whose variables a message lacks gives way, whole, to the product's own words: no sentence is left with a hole;
//! - values are put in as the templates put theirs: escaped in HTML, harmless to the markers of links;
//! - what asks for a password, speaks of an account or checks an address is nobody's to reword ([`FIXED`]).
//!
//! What a text may hold is read from the samples of its messages ([`editable`](crate::emails::editable)).

use std::collections::BTreeMap;

use domain::identifiers::LotCode;
use domain::people::RecipientRole;
use domain::texts::{Part, Piece, Place, is_outside, kept};

use crate::emails::About;
use crate::envelope::neutralize;
use crate::frame::Opening;

/// Messages whose words are always the product's.
pub const FIXED: [&str; 6] = [
    "account_invitation",
    "address_changed",
    "delegated",
    "delegation_ended",
    "need_proposal_confirm",
    "password_reset",
];

/// The texts in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    messages: BTreeMap<(String, RecipientRole), MessageText>,
    lots: BTreeMap<LotCode, LotText>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct MessageText {
    title: Vec<Part>,
    text: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct LotText {
    complement: Vec<Part>,
    signature: Vec<Part>,
}

/// A text with the values of one message.
#[derive(Debug)]
pub(crate) struct Own {
    /// None for the product's title.
    pub title: Option<String>,
    pub opening: Vec<Opening>,
}

impl Texts {
    /// Puts a text of a kind of messages to a role in force; the product's words stay when the text does not read.
    pub fn set_message(&mut self, kind: &str, role: RecipientRole, title: &str, text: &str) {
        if FIXED.contains(&kind) {
            return;
        }
        if let (Some(title), Some(text)) = (kept(Place::Title, title), kept(Place::Text, text)) {
            self.messages.insert((kind.to_owned(), role), MessageText { title, text });
        }
    }

    /// Puts the complement and the signature of a lot in force.
    pub fn set_lot(&mut self, lot: LotCode, complement: &str, signature: &str) {
        if let (Some(complement), Some(signature)) =
            (kept(Place::Complement, complement), kept(Place::Signature, signature))
        {
            self.lots.insert(lot, LotText { complement, signature });
        }
    }

    /// The text of a message, when there is one and the message has all that it says.
    pub(crate) fn of_message(&self, kind: &str, about: &About) -> Option<Own> {
        let text = self.messages.get(&(kind.to_owned(), about.role))?;
        let part = |part: &Part| match part {
            Part::Standard => Some(Opening::Standard),
            Part::Link => Some(Opening::Link),
            Part::Paragraph(pieces) => said(pieces, about).map(Opening::Paragraph),
        };
        Some(Own {
            opening: text.text.iter().map(part).collect::<Option<_>>()?,
            title: match text.title.as_slice() {
                [] => None,
                lines => Some(paragraphs(lines, about)?.join(" ")),
            },
        })
    }

    /// The complement and the signature of the lot of a message to somebody outside.
    pub(crate) fn of_lot(&self, kind: &str, about: &About) -> (Vec<String>, Vec<String>) {
        let text = about.lot_code.as_ref().and_then(|lot| self.lots.get(lot));
        match text.filter(|_| is_outside(about.role) && !FIXED.contains(&kind)) {
            Some(text) => (
                paragraphs(&text.complement, about).unwrap_or_default(),
                paragraphs(&text.signature, about).unwrap_or_default(),
            ),
            None => (Vec::new(), Vec::new()),
        }
    }
}

/// A paragraph with its values; nothing when the message lacks one.
fn said(pieces: &[Piece], about: &About) -> Option<String> {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) => Some(words.clone()),
        Piece::Value(variable) => about.value(*variable),
    };
    let said: String = pieces.iter().map(piece).collect::<Option<_>>()?;
    // Two values side by side may be harmless alone and a marker together.
    Some(neutralize(&said).into_owned())
}

fn paragraphs(parts: &[Part], about: &About) -> Option<Vec<String>> {
    let paragraph = |part: &Part| match part {
        Part::Paragraph(pieces) => said(pieces, about),
        Part::Standard | Part::Link => None,
    };
    parts.iter().map(paragraph).collect()
}
