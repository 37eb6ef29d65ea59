//! One message to one person, as it is stored and as it leaves.
//!
//! Rules kept here:
//! - one recipient, never two, never a copy;
//! - every attempt gives the same bytes: the date, the identifier and the MIME boundaries come from what was stored;
//! - a personal link is absent from the stored text: [`LINK_MARKER`] holds its place, [`Outgoing::with_links`] inserts it when
//!   the message leaves, [`mask_link`] hides it in a copy that is shown, and a message whose marker was forgotten does not leave;
//! - nothing a person typed can add a header: control characters become spaces in texts and are refused in identifiers.
//!
//! A header is added in [`Outgoing::to_message`], with its test below.

use std::{borrow::Cow, fmt, time::SystemTime};

use chrono::{DateTime, Datelike, Utc};
use data_encoding::BASE32_NOPAD;
use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, MultiPartKind, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use sha2::{Digest, Sha256};
use wording::{addresses, messages};

use crate::returned::PROOF_HEADER;

/// What stands, in a stored text, where the personal link of the recipient goes.
pub const LINK_MARKER: &str = "{{lien}}";

/// What stands, in a stored text, where the link that turns reminders off goes.
pub const OPT_OUT_MARKER: &str = "{{arret}}";

/// What stands, in a message that is not stored yet, where the address of the page on personal data goes.
pub const PERSONAL_DATA_MARKER: &str = "{{donnees}}";

/// What a reader of a kept copy sees instead of a personal link.
pub const MASKED_LINK: &str = messages::LINK_MASKED;

/// A name and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// The name shown beside the address, when there is one.
    pub name: Option<String>,
    /// The address alone.
    pub address: String,
}

impl Correspondent {
    /// Names a person or a service and its address.
    pub fn new(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self { name: Some(name.into()), address: address.into() }
    }

    fn mailbox(&self, role: &'static str) -> Result<Mailbox, EnvelopeError> {
        let address = self.address.parse::<Address>().map_err(|_| EnvelopeError::Address { role })?;
        let name = self.name.as_deref().map(flatten).filter(|name| !name.is_empty()).map(Cow::into_owned);
        Ok(Mailbox::new(name, address))
    }
}

/// One message to one person, rendered once when it was queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// `Message-ID` without its angle brackets, from [`message_id`].
    pub message_id: String,
    /// Identifier of the event that caused the message.
    pub event_id: String,
    /// `Message-ID` of the root of the path's thread, from [`thread_id`].
    pub thread: String,
    /// Who sends.
    pub from: Correspondent,
    /// The only recipient.
    pub to: Correspondent,
    /// Who reads an answer: the coordinator of the path.
    pub reply_to: Option<Correspondent>,
    /// The subject, which starts with the path's reference.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same content as HTML.
    pub html: String,
    /// An invitation (`METHOD:REQUEST`), as iCalendar text.
    pub calendar: Option<String>,
    /// Where reminders are turned off: a link or [`OPT_OUT_MARKER`]; absent for a decision.
    pub list_unsubscribe: Option<String>,
    /// What proves, when it comes back in the headers of a returned message, that the message was this one.
    pub return_proof: Option<String>,
    /// The instant at which the message was queued.
    pub date: DateTime<Utc>,
}

/// The links of one recipient, made when the message leaves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// The page where the recipient reads and answers.
    pub action: Option<Link>,
    /// The page where the recipient turns reminders off.
    pub opt_out: Option<Link>,
}

/// An absolute web address that needs no escaping in text nor in HTML.
#[derive(Clone, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// Accepts an `http` or `https` address made of characters that are the same in text and in HTML.
    ///
    /// # Errors
    /// When the text is not such an address.
    pub fn new(address: &str) -> Result<Self, EnvelopeError> {
        let plain = address.chars().all(|c| c.is_ascii_graphic() && !"\"'<>&`{}|\\^()".contains(c));
        let web = url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if plain && web { Ok(Self(address.to_owned())) } else { Err(EnvelopeError::Link) }
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A personal link is a secret: it does not print itself.
impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link(…)")
    }
}

/// Why a message cannot be built from what was stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// An address that no server would accept.
    #[error("the address of the {role} is not valid")]
    Address {
        /// Whose address it is.
        role: &'static str,
    },
    /// An identifier with a character that a header does not take.
    #[error("the identifier {field} holds a character that a header does not take")]
    Identifier {
        /// Which identifier.
        field: &'static str,
    },
    /// A date that a header cannot carry.
    #[error("the date is outside the years 1970 to 9999")]
    Date,
    /// A link that is not a plain web address.
    #[error("the link is not a plain web address")]
    Link,
    /// The text asks for a link that was not given.
    #[error("the text asks for a link that was not given")]
    LinkMissing,
    /// The mail library refused the message.
    #[error("the message cannot be assembled: {0}")]
    Assembly(String),
}

/// Derives the `Message-ID` of a message, so that a repeat is recognised: same event, recipient and rank, same identifier.
///
/// The recipient's address enters as a digest only, because identifiers go to logs.
///
/// ```
/// use notifier::envelope::message_id;
/// let first = message_id("0192-ab", "c@example.org", 0, "jalon.example.org");
/// assert_eq!(first, message_id("0192-ab", "C@example.org", 0, "jalon.example.org"));
/// assert_ne!(first, message_id("0192-ab", "c@example.org", 1, "jalon.example.org"));
/// ```
pub fn message_id(event: &str, recipient: &str, rank: u32, host: &str) -> String {
    let digest = short_digest(&recipient.trim().to_lowercase());
    format!("{}.{digest}.{rank}@{}", identifier_part(event), identifier_part(host))
}

/// Derives the root to which every message of a path refers, so that mail readers show them together.
pub fn thread_id(path_reference: &str, host: &str) -> String {
    format!("{}@{}", identifier_part(path_reference), identifier_part(host))
}

/// Puts a link where the text asks for one.
pub fn insert_link(text: &str, link: &Link) -> String {
    text.replace(LINK_MARKER, link.as_str())
}

/// Says, where a link would be, that it is hidden: for the copies that are shown.
pub fn mask_link(text: &str) -> String {
    let text = text.replace(PERSONAL_DATA_MARKER, addresses::PERSONAL_DATA);
    [LINK_MARKER, OPT_OUT_MARKER].iter().fold(text, |text, marker| {
        text.replace(&format!("href=\"{marker}\""), "href=\"#\"").replace(marker, MASKED_LINK)
    })
}

/// Takes from a text that a person typed the power to call for a link.
///
/// Every typed value goes through it before a template sees it.
pub fn neutralize(typed: &str) -> Cow<'_, str> {
    let mut harmless = Cow::Borrowed(typed);
    // Of three braces, the second and the third are two again.
    while harmless.contains("{{") {
        harmless = Cow::Owned(harmless.replace("{{", "{ {"));
    }
    harmless
}

impl Outgoing {
    /// Whether the stored text asks for the recipient's personal link.
    pub fn needs_link(&self) -> bool {
        self.parts().any(|part| part.contains(LINK_MARKER))
    }

    /// Whether the stored text offers to turn reminders off.
    pub fn needs_opt_out(&self) -> bool {
        self.parts().any(|part| part.contains(OPT_OUT_MARKER))
    }

    /// The message with its links, ready to leave.
    ///
    /// # Errors
    /// When the text asks for a link that is not given.
    pub fn with_links(&self, links: &Links) -> Result<Self, EnvelopeError> {
        let mut ready = self.clone();
        for (marker, link) in [(LINK_MARKER, &links.action), (OPT_OUT_MARKER, &links.opt_out)] {
            if let Some(link) = link {
                ready.text = ready.text.replace(marker, link.as_str());
                ready.html = ready.html.replace(marker, link.as_str());
                ready.list_unsubscribe = ready.list_unsubscribe.map(|address| address.replace(marker, link.as_str()));
            }
        }
        if ready.needs_link() || ready.needs_opt_out() {
            return Err(EnvelopeError::LinkMissing);
        }
        Ok(ready)
    }

    /// The message as the mail library sends it; the same fields always give the same bytes.
    ///
    /// # Errors
    /// When an address, an identifier or the date is not valid, or when a link is missing.
    pub fn to_message(&self) -> Result<Message, EnvelopeError> {
        if self.needs_link() || self.needs_opt_out() {
            return Err(EnvelopeError::LinkMissing);
        }
        checked_identifier("message_id", &self.message_id, true)?;
        checked_identifier("thread", &self.thread, true)?;
        checked_identifier("event_id", &self.event_id, false)?;
        if !(1970..=9999).contains(&self.date.year()) {
            return Err(EnvelopeError::Date);
        }
        let mut builder = Message::builder()
            .message_id(Some(format!("<{}>", self.message_id)))
            .date(SystemTime::from(self.date))
            .from(self.from.mailbox("sender")?)
            .to(self.to.mailbox("recipient")?)
            .subject(flatten(&self.subject))
            .raw_header(raw("X-Jalon-Event", &self.event_id))
            .raw_header(raw("Auto-Submitted", "auto-generated"));
        if let Some(proof) = &self.return_proof {
            checked_identifier("return_proof", proof, false)?;
            builder = builder.raw_header(raw(PROOF_HEADER, proof));
        }
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.mailbox("reader of answers")?);
        }
        if self.thread != self.message_id {
            let root = format!("<{}>", self.thread);
            builder = builder.in_reply_to(root.clone()).references(root);
        }
        if let Some(address) = &self.list_unsubscribe {
            let link = Link::new(address)?;
            builder = builder.raw_header(raw("List-Unsubscribe", &format!("<{}>", link.as_str())));
        }
        builder.multipart(self.body()).map_err(|error| EnvelopeError::Assembly(error.to_string()))
    }

    fn body(&self) -> MultiPart {
        let alternative = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(self.boundary("alternative"))
            .singlepart(SinglePart::plain(self.text.clone()))
            .singlepart(SinglePart::html(self.html.clone()));
        let Some(calendar) = &self.calendar else {
            return alternative;
        };
        let request = ContentType::parse("text/calendar; method=REQUEST; charset=utf-8")
            .expect("the media type of an invitation is constant and valid");
        // Twice: calendars that read the alternative show buttons, the others open the file.
        let file = ContentType::parse("application/ics; name=\"invitation.ics\"")
            .expect("the media type of an .ics file is constant and valid");
        MultiPart::builder()
            .kind(MultiPartKind::Mixed)
            .boundary(self.boundary("mixed"))
            .multipart(alternative.singlepart(SinglePart::builder().header(request).body(calendar.clone())))
            .singlepart(Attachment::new("invitation.ics".to_owned()).body(calendar.clone(), file))
    }

    fn boundary(&self, part: &str) -> String {
        format!("jalon-{}", short_digest(&format!("{part} {}", self.message_id)))
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        [self.text.as_str(), self.html.as_str()].into_iter().chain(self.list_unsubscribe.as_deref())
    }
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// Makes one line of a text: each run of control characters or line separators becomes a space.
fn flatten(text: &str) -> Cow<'_, str> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if !text.contains(breaks) {
        return Cow::Borrowed(text.trim());
    }
    let words: Vec<&str> = text.split(breaks).map(str::trim).filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" "))
}

fn identifier_part(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' }).collect()
}

fn checked_identifier(field: &'static str, value: &str, addressed: bool) -> Result<(), EnvelopeError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._+=:@".contains(c);
    let at = value.matches('@').count() == usize::from(addressed);
    if !value.is_empty() && value.len() <= 200 && value.chars().all(allowed) && at {
        Ok(())
    } else {
        Err(EnvelopeError::Identifier { field })
    }
}

pub(crate) fn short_digest(text: &str) -> String {
    BASE32_NOPAD.encode(&Sha256::digest(text.as_bytes())[..15]).to_lowercase()
}

#[cfg(test)]
mod tests;
