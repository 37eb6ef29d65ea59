//! Returned messages: what other mail servers say, after they took a message of ours, of what became of it.
//!
//! A delivery status notification (RFC 3464) has a part for programs, which names each recipient with what happened, and the
//! returned message or its headers, which name ours. [`read`] takes both and decides nothing: its caller knows what was sent.
//!
//! Rules kept here:
//! - a message is named by the `Message-ID` of the returned headers, with the proof that only its recipient's side was given
//!   ([`crate::envelope::Outgoing::return_proof`]); a report without them is of nobody's message;
//! - nothing larger than [`MOST_BYTES`] is looked at, and nothing of a report but short lines is kept;
//! - what is no report (an absence, a read receipt, an advertisement) is told apart and never guessed at.
//!
//! [`maildir`] is the folder where a mail server leaves them.

pub mod maildir;
pub mod samples;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Message, MessageParser, MimeHeaders};

use crate::transport::one_line;

/// The largest message that is read: our own are far smaller, and so are those that return them.
pub const MOST_BYTES: usize = 1 << 20;

/// Parts within parts that are looked into, and most parts.
const MOST_NESTED: usize = 4;
const MOST_PARTS: usize = 32;

/// Most recipients of one notification: each of our messages has one.
const MOST_RECIPIENTS: usize = 20;

/// The header of our messages that proves, when it comes back, whose message it was.
pub const PROOF_HEADER: &str = "X-Jalon-Return";

/// What a notification says of one recipient of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The `Message-ID` of the returned message, without its angle brackets.
    pub message_id: String,
    /// The proof that travelled with it.
    pub proof: String,
    /// To whom it was sent, and where it went on to: both are addresses in lower case.
    pub recipients: Vec<String>,
    pub action: Action,
    /// The enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// The words of the server that refused it, as one short line.
    pub said: String,
}

/// What became of a message, by the word of the notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It will not be delivered.
    Failed,
    /// It is still being tried.
    Delayed,
    /// It was delivered, or handed to others who say no more: good news, which changes nothing.
    Arrived,
}

/// Why a message says nothing of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    #[error("it is larger than any notification")]
    TooLarge,
    #[error("it is not a message")]
    Malformed,
    /// An absence, a receipt: written by a program, about no delivery.
    #[error("it is an automatic answer")]
    AutomaticAnswer,
    #[error("it is not a delivery status notification")]
    NotAReport,
    /// Cut short, or about a message that somebody else sent.
    #[error("it names no message of ours")]
    Nameless,
}

impl Report {
    /// Whether the refusal is final for that address: the other case is a server that was tried until its time was over.
    pub fn is_permanent(&self) -> bool {
        !self.status.as_deref().is_some_and(|status| status.starts_with('4'))
    }

    /// Why the message did not arrive, as it is kept with it.
    pub fn reason(&self) -> String {
        let status = self.status.as_deref().map(|status| format!(" ({status})")).unwrap_or_default();
        let said = if self.said.is_empty() { "no reason given" } else { &self.said };
        format!("returned{status}: {said}")
    }
}

/// Reads a returned message; a notification about several recipients gives one report each.
///
/// # Errors
/// When it says nothing of a message of ours: see [`Unread`].
pub fn read(raw: &[u8]) -> Result<Vec<Report>, Unread> {
    if raw.len() > MOST_BYTES {
        return Err(Unread::TooLarge);
    }
    let head = Part::read(raw).ok_or(Unread::Malformed)?;
    let automatic = head.headers.header_raw("Auto-Submitted").map(str::trim);
    let automatic = automatic.is_some_and(|value| !value.eq_ignore_ascii_case("no"));
    let mut parts = Vec::new();
    head.leaves(MOST_NESTED, &mut parts);
    let Some(status) = parts.iter().find(|part| part.is("message", &["delivery-status", "global-delivery-status"]))
    else {
        return Err(if automatic { Unread::AutomaticAnswer } else { Unread::NotAReport });
    };
    let returned = parts.iter().find(|part| {
        part.is("text", &["rfc822-headers"]) || part.is("message", &["rfc822", "global", "global-headers"])
    });
    let returned = returned.and_then(|part| groups(&part.text()).into_iter().next()).ok_or(Unread::Nameless)?;
    let message_id = value(&returned, "message-id").map(|id| id.trim_matches(['<', '>']).to_owned());
    let proof = value(&returned, PROOF_HEADER).map(str::to_owned);
    let (Some(message_id), Some(proof)) = (message_id, proof) else { return Err(Unread::Nameless) };

    let mut groups = groups(&status.text());
    groups.retain(|fields| value(fields, "action").is_some());
    groups.truncate(MOST_RECIPIENTS);
    let reports: Vec<Report> = groups.iter().filter_map(|fields| report(&message_id, &proof, fields)).collect();
    if reports.is_empty() { Err(Unread::Nameless) } else { Ok(reports) }
}

/// What one group of fields says of one recipient.
fn report(message_id: &str, proof: &str, fields: &[Field]) -> Option<Report> {
    let action = match value(fields, "action")?.to_ascii_lowercase().as_str() {
        "failed" => Action::Failed,
        "delayed" => Action::Delayed,
        "delivered" | "relayed" | "expanded" => Action::Arrived,
        _ => return None,
    };
    // The type of the address comes first: « rfc822; someone@example.org ».
    let address = |name| {
        let typed = value(fields, name)?;
        let address = typed.split_once(';').map_or(typed, |(_, address)| address);
        Some(address.trim().trim_matches(['<', '>']).to_lowercase())
    };
    let recipients: Vec<String> = ["original-recipient", "final-recipient"].into_iter().filter_map(address).collect();
    if recipients.is_empty() {
        return None;
    }
    let said = value(fields, "diagnostic-code").unwrap_or_default();
    let said = said.split_once(';').map_or(said, |(_, words)| words);
    Some(Report {
        message_id: message_id.to_owned(),
        proof: proof.to_owned(),
        recipients,
        action,
        status: value(fields, "status").and_then(status_code),
        said: one_line(&said.split_whitespace().collect::<Vec<_>>().join(" ")),
    })
}

/// The code that a status begins with, before the words that some servers add.
fn status_code(status: &str) -> Option<String> {
    let code = status.split_whitespace().next()?;
    let numbers: Vec<&str> = code.split('.').collect();
    let number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (numbers.len() == 3 && numbers.iter().all(number) && ["2", "4", "5"].contains(&numbers[0])).then(|| code.to_owned())
}

/// A part of a message: its headers, read, and its body as it came.
///
/// Parts are found here rather than by the mail library, which goes into returned messages too, as deep as they say, and whose
/// stack a hostile one would exhaust.
struct Part<'a> {
    headers: Message<'a>,
    body: &'a [u8],
}

impl<'a> Part<'a> {
    fn read(raw: &'a [u8]) -> Option<Self> {
        let mut end = 0;
        for line in raw.split_inclusive(|&byte| byte == b'\n') {
            end += line.len();
            if line.trim_ascii().is_empty() {
                break;
            }
        }
        let (head, body) = raw.split_at(end);
        Some(Self { headers: MessageParser::default().parse_headers(head)?, body })
    }

    /// The parts that hold no others, in order.
    fn leaves(self, depth: usize, found: &mut Vec<Self>) {
        let boundary = self.headers.content_type().filter(|content| content.ctype().eq_ignore_ascii_case("multipart"));
        let Some(boundary) = boundary.and_then(|content| content.attribute("boundary")).map(str::to_owned) else {
            return found.push(self);
        };
        if depth == 0 {
            return;
        }
        for section in sections(self.body, boundary.as_bytes()) {
            if found.len() < MOST_PARTS
                && let Some(part) = Part::read(section)
            {
                part.leaves(depth - 1, found);
            }
        }
    }

    fn is(&self, kind: &str, subtypes: &[&str]) -> bool {
        self.headers.content_type().is_some_and(|content| {
            let subtype = content.subtype().unwrap_or_default();
            content.ctype().eq_ignore_ascii_case(kind)
                && subtypes.iter().any(|known| subtype.eq_ignore_ascii_case(known))
        })
    }

    /// Its body as text, whatever encoding it travelled in.
    fn text(&self) -> String {
        let encoding = self.headers.content_transfer_encoding().unwrap_or_default();
        let decoded = if encoding.eq_ignore_ascii_case("base64") {
            base64_decode(self.body)
        } else if encoding.eq_ignore_ascii_case("quoted-printable") {
            quoted_printable_decode(self.body)
        } else {
            None
        };
        String::from_utf8_lossy(decoded.as_deref().unwrap_or(self.body)).into_owned()
    }
}

/// What stands between the lines of a boundary; what is cut short ends with the text.
fn sections<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let (mut sections, mut start, mut at) = (Vec::new(), None, 0);
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let begins = at;
        at += line.len();
        let Some(rest) = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary)) else { continue };
        let last = rest.starts_with(b"--");
        if !last && !rest.trim_ascii().is_empty() {
            continue;
        }
        sections.extend(start.map(|start| &body[start..begins]));
        start = (!last).then_some(at);
        if last {
            break;
        }
    }
    sections.extend(start.map(|start| &body[start..]));
    sections
}

/// A name in lower case and its value on one line.
type Field = (String, String);

fn value<'a>(fields: &'a [Field], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The groups of fields of a text, between its empty lines, folded lines joined.
fn groups(text: &str) -> Vec<Vec<Field>> {
    let mut groups = vec![Vec::new()];
    for line in text.lines() {
        let group: &mut Vec<Field> = groups.last_mut().expect("there is always a group");
        if line.trim().is_empty() {
            if !group.is_empty() {
                groups.push(Vec::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

#[cfg(test)]
mod tests;
