//! Delivery to a mail server, one conversation per message on connections kept between messages.
//!
//! Rules kept here:
//! - each stage knows whether the message can have left: before its text is sent, a failure is temporary or a refusal of the
//!   address; after, an answer that does not come is *unknown*;
//! - a kept connection that the server closed meanwhile is invisible: nothing was sent on it, so a new one is opened at once;
//! - after anything but a clean answer the connection is dropped, never reused;
//! - a delivery ends before its whole time-out, which is shorter than the caller's lease.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{
        Error as SmtpError,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Quit, Rcpt, Rset},
        extension::{Extension, MailParameter},
        response::Response,
    },
};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout, timeout_at},
};

use super::{Delivered, DeliveryError, SmtpSettings, connection::Connector, one_line};
use crate::envelope::Outgoing;

/// How long a kept connection has to show that it still answers.
const REUSE_PROBE: Duration = Duration::from_secs(5);

/// A mail server and the connections kept to it; clones share them.
#[derive(Debug, Clone)]
pub struct Smtp {
    settings: Arc<SmtpSettings>,
    connector: Connector,
    kept: Arc<Mutex<Vec<Kept>>>,
    slots: Arc<Semaphore>,
}

struct Kept {
    connection: AsyncSmtpConnection,
    messages: u32,
    since: Instant,
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("messages", &self.messages).finish_non_exhaustive()
    }
}

/// What went wrong in a conversation, and what it means for the connection.
struct Failure {
    error: DeliveryError,
    /// The connection had ended before this message: another one may be tried at once.
    stale: bool,
    /// The connection answered cleanly and takes other messages.
    usable: bool,
}

impl Smtp {
    /// A mail server reached as the settings say; nothing is opened yet.
    pub fn new(settings: SmtpSettings) -> Self {
        let settings = Arc::new(settings);
        Self {
            connector: Connector::new(Arc::clone(&settings)),
            kept: Arc::default(),
            slots: Arc::new(Semaphore::new(settings.max_connections.max(1))),
            settings,
        }
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<Delivered, DeliveryError> {
        let message = outgoing.to_message()?;
        let mut bytes = message.formatted();
        if let Some(dkim) = &self.settings.dkim {
            bytes = dkim.signed(&bytes, outgoing.date);
        }
        let deadline = Instant::now() + self.settings.timeouts.whole;
        let _slot = timeout_at(deadline, self.slots.acquire())
            .await
            .map_err(|_| DeliveryError::temporary("every connection was busy"))?
            .map_err(|error| DeliveryError::temporary(error.to_string()))?;
        let delivered = |reply: String| Delivered { message_id: outgoing.message_id.clone(), reply };
        while let Some(mut kept) = self.take() {
            let first = self.settings.timeouts.command.min(REUSE_PROBE);
            let outcome = self.converse(&mut kept.connection, message.envelope(), &bytes, first, deadline).await;
            match outcome {
                Err(failure) if failure.stale => {}
                outcome => return self.settle(kept, outcome).map(delivered),
            }
        }
        let mut fresh = Kept { connection: self.connector.open(deadline).await?, messages: 0, since: Instant::now() };
        let first = self.settings.timeouts.command;
        let outcome = self.converse(&mut fresh.connection, message.envelope(), &bytes, first, deadline).await;
        self.settle(fresh, outcome).map(delivered)
    }

    /// Says goodbye on every kept connection.
    pub(super) async fn close(&self) {
        let kept = std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner));
        for mut kept in kept {
            // The server may be gone: its goodbye is not waited for long, nor missed.
            let _ = timeout(Duration::from_secs(1), kept.connection.command(Quit)).await;
        }
    }

    /// The kept connection used last, unless it is too old.
    fn take(&self) -> Option<Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|kept| kept.since.elapsed() < self.settings.idle);
        kept.pop()
    }

    fn settle(&self, mut used: Kept, outcome: Result<String, Failure>) -> Result<String, DeliveryError> {
        let usable = match &outcome {
            Ok(_) => true,
            Err(failure) => failure.usable,
        };
        used.messages += 1;
        used.since = Instant::now();
        if usable && used.messages < self.settings.max_messages {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(used);
        }
        outcome.map_err(|failure| failure.error)
    }

    /// Sends one message; the answer of the server is its receipt.
    async fn converse(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        bytes: &[u8],
        first: Duration,
        deadline: Instant,
    ) -> Result<String, Failure> {
        let limit = |stage: Duration| deadline.min(Instant::now() + stage);
        let command = self.settings.timeouts.command;
        let mut parameters = Vec::new();
        let accented = |address: &Address| !AsRef::<str>::as_ref(address).is_ascii();
        if envelope.from().into_iter().chain(envelope.to()).any(accented) {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Failure {
                    error: DeliveryError::Refused {
                        code: 553,
                        reason: "the server takes no accented address".to_owned(),
                    },
                    stale: false,
                    usable: true,
                });
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }

        let mail = Mail::new(envelope.from().cloned(), parameters);
        if let Err(answer) = step(limit(first), connection.command(mail)).await {
            return Err(self.not_sent(connection, "MAIL", answer, Final::No, deadline).await);
        }
        let [recipient] = envelope.to() else {
            return Err(Failure {
                error: DeliveryError::temporary("a message has exactly one recipient"),
                stale: false,
                usable: false,
            });
        };
        let rcpt = Rcpt::new(recipient.clone(), Vec::new());
        if let Err(answer) = step(limit(command), connection.command(rcpt)).await {
            return Err(self.not_sent(connection, "RCPT", answer, Final::Permanent, deadline).await);
        }
        match step(limit(command), connection.command(Data)).await {
            Ok(reply) if reply.has_code(354) => {}
            Ok(reply) => {
                let answer = Answer::Silence(format!("unexpected answer {}", reply.code()));
                return Err(self.not_sent(connection, "DATA", answer, Final::No, deadline).await);
            }
            Err(answer) => {
                return Err(self.not_sent(connection, "DATA", answer, Final::Permanent, deadline).await);
            }
        }

        let message = limit(self.settings.timeouts.message);
        match step(message, connection.message(bytes)).await {
            Ok(reply) if u16::from(reply.code()) < 300 => Ok(receipt(&reply)),
            Ok(reply) => Err(Failure {
                error: DeliveryError::Unknown { reason: format!("unexpected answer {}", reply.code()) },
                stale: false,
                usable: false,
            }),
            Err(Answer::Code { code, reason }) => Err(Failure {
                error: if code >= 500 {
                    DeliveryError::Refused { code, reason }
                } else {
                    DeliveryError::Temporary { code: Some(code), reason }
                },
                stale: false,
                usable: code != 421,
            }),
            Err(Answer::Silence(reason)) => {
                Err(Failure { error: DeliveryError::Unknown { reason }, stale: false, usable: false })
            }
        }
    }

    /// What a failure before the text means; the connection is made ready for another message when it still answers.
    async fn not_sent(
        &self,
        connection: &mut AsyncSmtpConnection,
        stage: &str,
        answer: Answer,
        permanent: Final,
        deadline: Instant,
    ) -> Failure {
        match answer {
            Answer::Silence(reason) => {
                Failure { error: DeliveryError::temporary(format!("{stage}: {reason}")), stale: true, usable: false }
            }
            Answer::Code { code: 421, reason } => {
                Failure { error: DeliveryError::Temporary { code: Some(421), reason }, stale: true, usable: false }
            }
            Answer::Code { code, reason } => {
                let limit = deadline.min(Instant::now() + self.settings.timeouts.command);
                let usable = step(limit, connection.command(Rset)).await.is_ok();
                let error = match permanent {
                    Final::Permanent if code >= 500 => DeliveryError::Refused { code, reason },
                    Final::Permanent | Final::No => DeliveryError::Temporary { code: Some(code), reason },
                };
                Failure { error, stale: false, usable }
            }
        }
    }
}

/// Whether a 5xx at a stage is the server's final word on the address.
#[derive(Clone, Copy)]
enum Final {
    Permanent,
    No,
}

/// A step that did not succeed.
enum Answer {
    /// The server said no.
    Code { code: u16, reason: String },
    /// The server said nothing that can be understood.
    Silence(String),
}

async fn step(deadline: Instant, work: impl Future<Output = Result<Response, SmtpError>>) -> Result<Response, Answer> {
    match timeout_at(deadline, work).await {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(error)) => Err(match error.status() {
            Some(code) => Answer::Code { code: u16::from(code), reason: one_line(&said(&error)) },
            None => Answer::Silence(one_line(&error.to_string())),
        }),
        Err(_) => Err(Answer::Silence("no answer in time".to_owned())),
    }
}

/// The server's own words, without the mail library's introduction.
fn said(error: &SmtpError) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

fn receipt(reply: &Response) -> String {
    let words: Vec<&str> = reply.message().collect();
    one_line(&format!("{} {}", reply.code(), words.join(" ")))
}
