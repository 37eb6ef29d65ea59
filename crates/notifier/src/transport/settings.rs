//! How to reach a mail server: its address, encryption, sign-in, time-outs and limits.
//!
//! [`SmtpSettings::from_url`] reads the one setting an operator writes; the other fields have defaults that fit a relay.
//!
//! | URL | encryption | port |
//! | --- | --- | --- |
//! | `smtps://host` | from the first byte | 465 |
//! | `smtp+starttls://host`, `smtp://host?tls=required` | STARTTLS, or nothing is sent | 587 |
//! | `smtp://host` | STARTTLS when the server offers it; once offered, never given up | 25 |
//! | `smtp://host?tls=none` | never; for a relay on the same machine | 25 |

use std::{net::IpAddr, time::Duration};

use lettre::transport::smtp::authentication::Credentials;

use super::Dkim;

/// When the conversation with the server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// From the first byte.
    Implicit,
    /// By STARTTLS before anything else; without it nothing is sent.
    StartTls,
    /// By STARTTLS when the server offers it.
    Opportunistic,
    /// Never.
    Clear,
}

/// How long each part of a delivery may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SmtpTimeouts {
    /// To open the connection.
    pub connect: Duration,
    /// For the greeting, encryption and sign-in, each.
    pub greeting: Duration,
    /// For the answer to a command.
    pub command: Duration,
    /// For a message to be sent and answered.
    pub message: Duration,
    /// For the whole delivery; shorter than the lease on a message.
    pub whole: Duration,
}

impl Default for SmtpTimeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            greeting: Duration::from_secs(15),
            command: Duration::from_secs(20),
            message: Duration::from_secs(60),
            whole: Duration::from_secs(90),
        }
    }
}

/// Everything a delivery by SMTP needs to know.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Name or address of the server; the name that its certificate must carry.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// When the conversation is encrypted.
    pub security: Security,
    /// User and password, when the server asks for them.
    pub credentials: Option<Credentials>,
    /// The name given in `EHLO`.
    pub hello: String,
    /// What signs each message, unless the server does.
    pub dkim: Option<Dkim>,
    /// Certificates (DER) trusted beside those of the system.
    pub extra_roots: Vec<Vec<u8>>,
    /// Time-outs.
    pub timeouts: SmtpTimeouts,
    /// Connections open at once.
    pub max_connections: usize,
    /// Messages sent on one connection before it is closed.
    pub max_messages: u32,
    /// How long an unused connection is kept.
    pub idle: Duration,
}

/// Why the address of a mail server is not usable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmtpUrlError {
    /// Not an address.
    #[error("not an address such as smtps://user:password@host:465")]
    Malformed,
    /// A scheme other than the three known.
    #[error("unknown scheme « {0} »: smtp, smtp+starttls or smtps")]
    Scheme(String),
    /// A parameter that is not known.
    #[error("unknown parameter « {0} »: only tls=required, tls=opportunistic or tls=none")]
    Parameter(String),
    /// A user without a password, or the contrary.
    #[error("a user goes with a password")]
    HalfCredentials,
    /// A password that would travel in clear.
    #[error("a password would travel in clear: use smtps or smtp+starttls")]
    PasswordInClear,
}

impl SmtpSettings {
    /// Reads the address of a mail server; the other settings take their defaults.
    ///
    /// # Errors
    /// When the address is not one, or would send a password in clear beyond this machine.
    pub fn from_url(address: &str, hello: &str) -> Result<Self, SmtpUrlError> {
        let url = url::Url::parse(address).map_err(|_| SmtpUrlError::Malformed)?;
        let mut security = match url.scheme() {
            "smtps" => Security::Implicit,
            "smtp+starttls" => Security::StartTls,
            "smtp" => Security::Opportunistic,
            other => return Err(SmtpUrlError::Scheme(other.to_owned())),
        };
        for (key, value) in url.query_pairs() {
            security = match (security, &*key, &*value) {
                (Security::Opportunistic, "tls", "required") => Security::StartTls,
                (Security::Opportunistic, "tls", "opportunistic") => Security::Opportunistic,
                (Security::Opportunistic, "tls", "none") => Security::Clear,
                (_, key, value) => return Err(SmtpUrlError::Parameter(format!("{key}={value}"))),
            };
        }
        let host = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or(SmtpUrlError::Malformed)?
            .trim_matches(['[', ']'])
            .to_owned();
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => Some(Credentials::new(decoded(user)?, decoded(password)?)),
            _ => return Err(SmtpUrlError::HalfCredentials),
        };
        if credentials.is_some() && security == Security::Clear && !is_this_machine(&host) {
            return Err(SmtpUrlError::PasswordInClear);
        }
        let port = url.port().unwrap_or(match security {
            Security::Implicit => 465,
            Security::StartTls => 587,
            Security::Opportunistic | Security::Clear => 25,
        });
        Ok(Self {
            host,
            port,
            security,
            credentials,
            hello: hello.to_owned(),
            dkim: None,
            extra_roots: Vec::new(),
            timeouts: SmtpTimeouts::default(),
            max_connections: 4,
            max_messages: 100,
            idle: Duration::from_secs(30),
        })
    }

    pub(super) fn password_may_travel_in_clear(&self) -> bool {
        is_this_machine(&self.host)
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Undoes the percent-encoding of a user or a password.
fn decoded(text: &str) -> Result<String, SmtpUrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = tail;
            continue;
        }
        let code = tail
            .get(..2)
            .and_then(|code| std::str::from_utf8(code).ok())
            .and_then(|code| u8::from_str_radix(code, 16).ok())
            .ok_or(SmtpUrlError::Malformed)?;
        bytes.push(code);
        rest = &tail[2..];
    }
    String::from_utf8(bytes).map_err(|_| SmtpUrlError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Result<(String, u16, Security), SmtpUrlError> {
        SmtpSettings::from_url(address, "jalon.example").map(|s| (s.host, s.port, s.security))
    }

    #[test]
    fn each_scheme_says_its_encryption_and_its_port() {
        let cases = [
            ("smtps://mail.example", 465, Security::Implicit),
            ("smtp+starttls://mail.example", 587, Security::StartTls),
            ("smtp://mail.example?tls=required", 587, Security::StartTls),
            ("smtp://mail.example", 25, Security::Opportunistic),
            ("smtp://mail.example:2525?tls=none", 2525, Security::Clear),
        ];
        for (address, port, security) in cases {
            assert_eq!(read(address), Ok(("mail.example".into(), port, security)), "{address}");
        }
        assert_eq!(read("smtp://[::1]:25"), Ok(("::1".into(), 25, Security::Opportunistic)));
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_reason() {
        let cases = [
            ("mail.example", SmtpUrlError::Malformed),
            ("smtp://", SmtpUrlError::Malformed),
            ("http://mail.example", SmtpUrlError::Scheme("http".into())),
            ("smtps://mail.example?tls=none", SmtpUrlError::Parameter("tls=none".into())),
            ("smtp://mail.example?x=y", SmtpUrlError::Parameter("x=y".into())),
            ("smtps://user@mail.example", SmtpUrlError::HalfCredentials),
            ("smtp://u:p@mail.example?tls=none", SmtpUrlError::PasswordInClear),
            ("smtps://u:%C3@mail.example", SmtpUrlError::Malformed),
            ("smtps://u:%zz@mail.example", SmtpUrlError::Malformed),
        ];
        for (address, reason) in cases {
            assert_eq!(read(address), Err(reason), "{address}");
        }
    }

    #[test]
    fn a_password_is_decoded_and_does_not_print() {
        let settings = SmtpSettings::from_url("smtps://u%40x:s%C3%A9cret@mail.example", "j").unwrap();
        assert_eq!(settings.credentials, Some(Credentials::new("u@x".into(), "sécret".into())));
        assert!(!format!("{settings:?}").contains("cret"));
    }
}
