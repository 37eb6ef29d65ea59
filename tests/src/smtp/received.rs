//! A message as the server took it.

use std::time::SystemTime;

use mail_parser::{MessageParser, MimeHeaders};

/// One message, with the conversation that brought it.
#[derive(Debug, Clone)]
pub struct Received {
    /// The address of `MAIL FROM`.
    pub from: String,
    /// The addresses of `RCPT TO`.
    pub to: Vec<String>,
    /// The message as it arrived, without the dots added for the journey.
    pub raw: Vec<u8>,
    /// When the closing dot arrived.
    pub at: SystemTime,
    /// Whether the conversation was encrypted.
    pub encrypted: bool,
    /// Who had signed in.
    pub user: Option<String>,
    /// The rank of the connection, from 1.
    pub connection: usize,
}

impl Received {
    /// A header's whole value on one line, when the message has it.
    pub fn header(&self, name: &str) -> Option<String> {
        let message = self.parsed();
        let value = message.header_raw(name.to_owned())?;
        Some(value.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The names of the headers, in order.
    pub fn header_names(&self) -> Vec<String> {
        let message = self.parsed();
        let names = message.headers().iter().map(|header| header.name().to_owned());
        names.collect()
    }

    /// `Message-ID` without its angle brackets.
    ///
    /// # Panics
    /// When the message has none.
    pub fn message_id(&self) -> String {
        self.parsed().message_id().expect("the message has an identifier").to_owned()
    }

    /// The decoded subject.
    pub fn subject(&self) -> String {
        self.parsed().subject().unwrap_or_default().to_owned()
    }

    /// The decoded plain text.
    ///
    /// # Panics
    /// When the message has none.
    pub fn text(&self) -> String {
        self.parsed().body_text(0).expect("the message has a text").into_owned()
    }

    /// The decoded HTML.
    ///
    /// # Panics
    /// When the message has none.
    pub fn html(&self) -> String {
        self.parsed().body_html(0).expect("the message has HTML").into_owned()
    }

    /// The media types of the parts, in order, from the outside in.
    pub fn parts(&self) -> Vec<String> {
        let message = self.parsed();
        let types = message.parts.iter().filter_map(|part| {
            let kind = part.content_type()?;
            Some(format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()))
        });
        types.collect()
    }

    fn parsed(&self) -> mail_parser::Message<'_> {
        MessageParser::default().parse(&self.raw).expect("what was taken is a message")
    }
}
