//! Sealing of what must not be readable in the store: birth date, level, sex, RSA and BOE of a candidate, and the drafts
//! in which they may stand.
//!
//! ChaCha20-Poly1305 with a random nonce; the person's identifier is authenticated with it, so that a sealed value put in
//! another person's row does not open. The stored text is `1.` and base64 of nonce and ciphertext.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit, Nonce};
use data_encoding::BASE64_NOPAD;
use domain::people::Profile;
use thiserror::Error;
use uuid::Uuid;

use crate::keys::Keys;

const FORMAT: &str = "1.";
const NONCE_BYTES: usize = 12;

/// Why a sealed value does not open.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum SealError {
    #[error("not a sealed value of a known format")]
    Format,
    #[error("sealed with another key, for another person, or altered")]
    Authentication,
    #[error("not a profile")]
    Content,
}

/// What searched words are sealed for: they are of no row.
const WORDS: Uuid = Uuid::nil();

impl Keys {
    /// Seals a candidate's profile for the row of this person.
    pub(crate) fn seal(&self, person: Uuid, profile: &Profile) -> String {
        self.seal_bytes(person, &serde_json::to_vec(profile).expect("plain data always becomes JSON"))
    }

    /// Opens a sealed profile of this person.
    ///
    /// # Errors
    /// The value is of another format, of another person, or was altered.
    pub(crate) fn unseal(&self, person: Uuid, sealed: &str) -> Result<Profile, SealError> {
        serde_json::from_slice(&self.unseal_bytes(person, sealed)?).map_err(|_| SealError::Content)
    }

    /// Seals words that someone searches: they may name a person, and stand in an address.
    pub fn seal_words(&self, words: &str) -> String {
        self.seal_bytes(WORDS, words.as_bytes())
    }

    /// The words of [`Keys::seal_words`]; none when they were altered or sealed with another key.
    pub fn unseal_words(&self, sealed: &str) -> Option<String> {
        String::from_utf8(self.unseal_bytes(WORDS, sealed).ok()?).ok()
    }

    /// Seals bytes for the row of this identifier.
    pub(crate) fn seal_bytes(&self, row: Uuid, plain: &[u8]) -> String {
        let mut nonce = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut nonce).expect("the operating system gives randomness");
        let sealed = self
            .cipher()
            .encrypt(Nonce::from_slice(&nonce), Payload { msg: plain, aad: row.as_bytes() })
            .expect("what is sealed is far below the limit of the cipher");
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        format!("{FORMAT}{}", BASE64_NOPAD.encode(&bytes))
    }

    /// Opens sealed bytes of the row of this identifier.
    ///
    /// # Errors
    /// The value is of another format, of another row, or was altered.
    pub(crate) fn unseal_bytes(&self, row: Uuid, sealed: &str) -> Result<Vec<u8>, SealError> {
        let text = sealed.strip_prefix(FORMAT).ok_or(SealError::Format)?;
        let bytes = BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| SealError::Format)?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE_BYTES).ok_or(SealError::Format)?;
        self.cipher()
            .decrypt(Nonce::from_slice(nonce), Payload { msg: sealed, aad: row.as_bytes() })
            .map_err(|_| SealError::Authentication)
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(Key::from_slice(&self.sealing))
    }
}
