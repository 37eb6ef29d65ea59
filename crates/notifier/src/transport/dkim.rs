//! The signature of the sender's domain on each message (DKIM: RFC 6376, and RFC 8463 for Ed25519).
//!
//! Rules kept here:
//! - the same message gets the same signature at every attempt: its date is that of the message, and both algorithms are
//!   deterministic. The mail library's own signature is dated by the clock, and its RSA has a known timing leak
//!   (RUSTSEC-2023-0071): that is why it is not used;
//! - « relaxed » canonicalisation of headers and body, which survives the relays that fold lines again;
//! - the headers that a person reads are signed once more than they occur, so that a second one breaks the signature;
//! - a key does not print itself.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::{PrivateKeyDer, pem::PemObject};
use sha2::{Digest, Sha256};

/// Headers that are signed, when they are there.
const SIGNED: &[&str] = &[
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "list-unsubscribe",
    "auto-submitted",
];

/// Headers of which nobody may add another one.
const ONCE: &[&str] = &["from", "to", "subject", "date", "reply-to"];

/// The key that signs for a domain; clones share it.
#[derive(Clone)]
pub struct Dkim(Arc<Inner>);

struct Inner {
    domain: String,
    selector: String,
    key: Key,
}

enum Key {
    Ed25519(Ed25519KeyPair),
    Rsa(RsaKeyPair),
}

/// Why messages cannot be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DkimError {
    #[error("not a domain such as jalon.example.org")]
    Domain,
    #[error("not a selector: letters, digits and hyphens")]
    Selector,
    /// Neither Ed25519, nor RSA of 2048 to 4096 bits, in PEM.
    #[error("not a private key in PEM, Ed25519 or RSA of 2048 to 4096 bits")]
    Key,
}

impl Dkim {
    /// A key in PEM (PKCS #8, or PKCS #1 for RSA), the domain it signs for, and the name under which its public half is published.
    ///
    /// # Errors
    /// One of the three is not what it should be.
    pub fn new(pem: &str, domain: &str, selector: &str) -> Result<Self, DkimError> {
        if !is_name(domain) || !domain.contains('.') {
            return Err(DkimError::Domain);
        }
        if !is_name(selector) {
            return Err(DkimError::Selector);
        }
        let key = match PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| DkimError::Key)? {
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()).map(Key::Rsa).ok(),
            PrivateKeyDer::Pkcs8(der) => {
                let der = der.secret_pkcs8_der();
                // OpenSSL writes an Ed25519 key without its public half.
                let ed25519 = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map(Key::Ed25519);
                ed25519.or_else(|_| RsaKeyPair::from_pkcs8(der).map(Key::Rsa)).ok()
            }
            _ => None,
        };
        let (domain, selector) = (domain.to_ascii_lowercase(), selector.to_ascii_lowercase());
        Ok(Self(Arc::new(Inner { domain, selector, key: key.ok_or(DkimError::Key)? })))
    }

    /// The domain that signs.
    pub fn domain(&self) -> &str {
        &self.0.domain
    }

    /// Where the public key is published.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.0.selector, self.0.domain)
    }

    /// The TXT record to publish there.
    pub fn record(&self) -> String {
        let (kind, key) = match &self.0.key {
            Key::Ed25519(pair) => ("ed25519", pair.public_key().as_ref().to_vec()),
            Key::Rsa(pair) => ("rsa", subject_public_key(pair.public_key().as_ref())),
        };
        format!("v=DKIM1; k={kind}; p={}", BASE64.encode(&key))
    }

    /// A message of ours with its signature in front.
    pub(super) fn signed(&self, message: &[u8], at: DateTime<Utc>) -> Vec<u8> {
        let (head, body) = parts(message);
        let headers = headers(&String::from_utf8_lossy(head));
        let names = names(&headers);
        let algorithm = match &self.0.key {
            Key::Ed25519(_) => "ed25519-sha256",
            Key::Rsa(_) => "rsa-sha256",
        };
        // Folded here as it leaves; « relaxed » reads it unfolded.
        let unsigned = format!(
            "v=1; a={algorithm}; c=relaxed/relaxed; d={};\r\n s={}; t={}; h={};\r\n bh={};\r\n b=",
            self.0.domain,
            self.0.selector,
            at.timestamp().max(0),
            names.join(":"),
            BASE64.encode(&Sha256::digest(relaxed_body(body))),
        );
        let mut input = chosen(&headers, &names);
        input.push_str(&format!("dkim-signature:{}", relaxed_value(&unsigned)));
        let signature = BASE64.encode(&self.sign(input.as_bytes()));
        let lines: Vec<&str> =
            signature.as_bytes().chunks(72).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
        let mut signed = format!("DKIM-Signature: {unsigned}{}\r\n", lines.join("\r\n ")).into_bytes();
        signed.extend_from_slice(message);
        signed
    }

    fn sign(&self, input: &[u8]) -> Vec<u8> {
        match &self.0.key {
            // RFC 8463: the digest is what is signed.
            Key::Ed25519(pair) => pair.sign(&Sha256::digest(input)).as_ref().to_vec(),
            Key::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature)
                    .expect("a key that was read signs, and its signature has the length of its modulus");
                signature
            }
        }
    }
}

impl fmt::Debug for Dkim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dkim").field("record", &self.record_name()).finish_non_exhaustive()
    }
}

fn is_name(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    text.len() <= 250 && text.split('.').all(label)
}

/// An RSA public key (PKCS #1) as DNS publishes it: inside a SubjectPublicKeyInfo.
fn subject_public_key(key: &[u8]) -> Vec<u8> {
    /// rsaEncryption, without parameters.
    const ALGORITHM: &[u8] =
        &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = [&[0][..], key].concat();
    der(0x30, &[ALGORITHM, &der(0x03, &bits)].concat())
}

/// A DER value: its tag, its length, its content.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let head = match length.as_slice() {
        [] => vec![tag, 0],
        [one] if *one < 0x80 => vec![tag, *one],
        many => [&[tag, 0x80 | many.len() as u8], many].concat(),
    };
    [head.as_slice(), content].concat()
}

/// The headers and the body of a message.
fn parts(message: &[u8]) -> (&[u8], &[u8]) {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n");
    end.map_or((message, &[]), |end| (&message[..end + 2], &message[end + 4..]))
}

/// Each header, canonical: its name in lower case and its value on one line.
fn headers(head: &str) -> Vec<(String, String)> {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let split = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim_end().to_ascii_lowercase(), relaxed_value(value)))
    };
    unfolded.split("\r\n").filter_map(split).collect()
}

/// The names to sign, in order: each header of the list as often as it occurs, and some once more.
fn names(headers: &[(String, String)]) -> Vec<&'static str> {
    let occurs = |name: &str| headers.iter().filter(|(known, _)| known == name).count();
    SIGNED.iter().flat_map(|name| std::iter::repeat_n(*name, occurs(name))).chain(ONCE.iter().copied()).collect()
}

/// The canonical lines of these headers, the last one of a name first; one that is not there gives nothing.
fn chosen(headers: &[(String, String)], names: &[&str]) -> String {
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lines = String::new();
    for name in names {
        let rank = taken.entry(name).or_default();
        if let Some((_, value)) = headers.iter().rev().filter(|(known, _)| known == name).nth(*rank) {
            lines.push_str(&format!("{name}:{value}\r\n"));
        }
        *rank += 1;
    }
    lines
}

/// A value on one line, each run of spaces one space, none around.
fn relaxed_value(value: &str) -> String {
    let words = value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// A body whose runs of spaces are one space, without spaces at the ends of lines nor empty lines at its end.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = split_lines(body).into_iter().map(relaxed_line).collect();
    while lines.last().is_some_and(Vec::is_empty) {
        lines.pop();
    }
    lines.iter().flat_map(|line| line.iter().chain(b"\r\n")).copied().collect()
}

fn relaxed_line(line: &[u8]) -> Vec<u8> {
    let mut canonical = Vec::with_capacity(line.len());
    let mut space = false;
    for &byte in line {
        if matches!(byte, b' ' | b'\t') {
            space = true;
            continue;
        }
        if std::mem::take(&mut space) {
            canonical.push(b' ');
        }
        canonical.push(byte);
    }
    canonical
}

/// Lines between CR LF; a text without any is one line.
fn split_lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        lines.push(&rest[..end]);
        rest = &rest[end + 2..];
    }
    lines.push(rest);
    lines
}

#[cfg(test)]
mod tests;
