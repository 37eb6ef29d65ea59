//! The keys of a store, derived from the one secret of the deployment, and what is computed with them.
//!
//! One secret in, five keys out, by HMAC with a label each: the journal's chain, the links of e-mails, the sealing of
//! personal data, the devices from which people sign in, the proof that a message that comes back was ours. Changing the secret makes old links void, sealed values unreadable and the chain unverifiable: it is
//! part of every backup. Nothing here prints a key.

use data_encoding::BASE64URL_NOPAD;
use domain::Instant;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A message authentication code under construction: every field goes in with its length.
pub(crate) struct Code(Hmac<Sha256>);

impl Code {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(Hmac::new_from_slice(key).expect("an HMAC takes a key of any length"))
    }

    pub(crate) fn field(mut self, bytes: &[u8]) -> Self {
        let length = u64::try_from(bytes.len()).expect("a length fits 64 bits");
        self.0.update(&length.to_be_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finalize().into_bytes().into()
    }

    /// Whether the code begins with these bytes; compared in constant time.
    fn starts_with(self, bytes: &[u8]) -> bool {
        self.0.verify_truncated_left(bytes).is_ok()
    }
}

/// The keys of a store.
#[derive(Clone)]
pub struct Keys {
    pub(crate) journal: [u8; 32],
    pub(crate) sealing: [u8; 32],
    links: [u8; 32],
    pub(crate) devices: [u8; 32],
    returns: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// What a link of an e-mail is good for; its token is computed from this and from nothing stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkClaims<'a> {
    pub purpose: &'a str,
    /// The event whose message carries the link.
    pub event: Uuid,
    pub recipient: Uuid,
    pub expires_at: Instant,
    /// Renewals so far.
    pub rank: u32,
}

impl Keys {
    /// Derives the keys from the secret of the deployment.
    pub fn derive(secret: &[u8]) -> Self {
        let key = |label: &str| {
            let mut code = Hmac::<Sha256>::new_from_slice(secret).expect("an HMAC takes a key of any length");
            code.update(label.as_bytes());
            code.finalize().into_bytes().into()
        };
        Self {
            journal: key("jalon journal 1"),
            sealing: key("jalon sealing 1"),
            links: key("jalon links 1"),
            devices: key("jalon devices 1"),
            returns: key("jalon returns 1"),
        }
    }

    /// The token of a link: 43 characters that hold no data.
    pub fn link_token(&self, claims: &LinkClaims<'_>) -> String {
        let code = Code::new(&self.links)
            .field(claims.purpose.as_bytes())
            .field(claims.event.as_bytes())
            .field(claims.recipient.as_bytes())
            .field(&claims.expires_at.timestamp_micros().to_be_bytes())
            .field(&claims.rank.to_be_bytes())
            .finish();
        BASE64URL_NOPAD.encode(&code)
    }

    /// What travels with a message and comes back with it: only its recipient's side can have read it.
    pub fn return_proof(&self, message_id: &str) -> String {
        BASE64URL_NOPAD.encode(&Code::new(&self.returns).field(message_id.as_bytes()).finish()[..PROOF])
    }

    /// Whether a proof is the one of this message; compared in constant time.
    pub fn proves_return(&self, message_id: &str, proof: &str) -> bool {
        let Ok(bytes) = BASE64URL_NOPAD.decode(proof.as_bytes()) else { return false };
        bytes.len() == PROOF && Code::new(&self.returns).field(message_id.as_bytes()).starts_with(&bytes)
    }
}

/// Bytes of a proof that a message was ours: 22 characters in a header.
const PROOF: usize = 16;

/// What the store keeps of a token, to find and to revoke it: its SHA-256.
pub fn token_hash(token: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

/// A new token of 256 random bits.
///
/// # Panics
/// When the operating system gives no randomness: nothing secure can be done then.
pub fn random_token() -> String {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    BASE64URL_NOPAD.encode(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> LinkClaims<'static> {
        let expires_at = chrono::DateTime::from_timestamp_micros(1_800_000_000_000_000).unwrap();
        LinkClaims {
            purpose: "sign_pif",
            event: Uuid::from_u128(1),
            recipient: Uuid::from_u128(2),
            expires_at,
            rank: 0,
        }
    }

    #[test]
    fn a_link_is_bound_to_each_of_its_claims_and_to_the_secret() {
        let keys = Keys::derive(b"secret");
        let token = keys.link_token(&claims());
        assert_eq!(token.len(), 43);
        assert_eq!(token, Keys::derive(b"secret").link_token(&claims()));
        let later = claims().expires_at + chrono::Duration::microseconds(1);
        for other in [
            Keys::derive(b"other").link_token(&claims()),
            keys.link_token(&LinkClaims { purpose: "confirm_report", ..claims() }),
            keys.link_token(&LinkClaims { event: Uuid::from_u128(3), ..claims() }),
            keys.link_token(&LinkClaims { recipient: Uuid::from_u128(3), ..claims() }),
            keys.link_token(&LinkClaims { expires_at: later, ..claims() }),
            keys.link_token(&LinkClaims { rank: 1, ..claims() }),
        ] {
            assert_ne!(other, token);
        }
    }

    #[test]
    fn a_proof_of_return_is_of_one_message_and_of_one_secret() {
        let keys = Keys::derive(b"secret");
        let proof = keys.return_proof("a.b.0@jalon.example");
        assert_eq!(proof.len(), 22);
        assert!(keys.proves_return("a.b.0@jalon.example", &proof));
        for (message, said) in [
            ("a.b.1@jalon.example", proof.as_str()),
            ("a.b.0@jalon.example", &proof[..20]),
            ("a.b.0@jalon.example", ""),
        ] {
            assert!(!keys.proves_return(message, said), "{message} {said}");
        }
        assert!(!Keys::derive(b"other").proves_return("a.b.0@jalon.example", &proof));
    }

    #[test]
    fn keys_do_not_print_themselves() {
        assert_eq!(format!("{:?}", Keys::derive(b"secret")), "Keys(…)");
    }

    #[test]
    fn tokens_do_not_repeat() {
        assert_ne!(random_token(), random_token());
        assert_eq!(token_hash("a").len(), 64);
    }
}
