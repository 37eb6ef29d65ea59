//! The chain of the journal: each event carries a keyed hash over itself and over the hash before it.
//!
//! An event that was edited, reordered, inserted or cut out of the middle breaks the chain of its stream. A cut tail or a
//! whole stream removed shows against the digest of all heads, which is taken once a day and published.

use data_encoding::HEXLOWER;
use domain::{Day, Instant};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::keys::{Code, Keys};

/// The hash before the first event of a stream.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What the hash of an event covers, exactly as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    pub stream: &'a str,
    pub stream_id: Uuid,
    pub seq: i32,
    pub id: Uuid,
    pub kind: &'a str,
    pub payload: &'a str,
    pub author: &'a str,
    pub effective_on: Day,
    pub recorded_at: Instant,
    pub terms_version: i32,
}

impl Keys {
    /// The hash of an event that follows the hash `previous`, in lower-case hexadecimal.
    pub fn chain(&self, previous: &str, event: &Link<'_>) -> String {
        let code = Code::new(&self.journal)
            .field(previous.as_bytes())
            .field(event.stream.as_bytes())
            .field(event.stream_id.as_bytes())
            .field(&event.seq.to_be_bytes())
            .field(event.id.as_bytes())
            .field(event.kind.as_bytes())
            .field(event.payload.as_bytes())
            .field(event.author.as_bytes())
            .field(event.effective_on.format("%Y-%m-%d").to_string().as_bytes())
            .field(&event.recorded_at.timestamp_micros().to_be_bytes())
            .field(&event.terms_version.to_be_bytes())
            .finish();
        HEXLOWER.encode(&code)
    }
}

/// The digest of the heads of all streams, ordered by stream: the figure that is published once a day.
pub fn digest_of_heads<'a>(heads: impl IntoIterator<Item = (Uuid, i32, &'a str)>) -> String {
    let mut digest = Sha256::new();
    for (stream, version, head) in heads {
        digest.update(stream.as_bytes());
        digest.update(version.to_be_bytes());
        digest.update(head.as_bytes());
    }
    HEXLOWER.encode(&digest.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link<'static> {
        Link {
            stream: "path",
            stream_id: Uuid::from_u128(7),
            seq: 1,
            id: Uuid::from_u128(8),
            kind: "need_reported",
            payload: "{}",
            author: "{}",
            effective_on: Day::from_ymd_opt(2026, 11, 23).unwrap(),
            recorded_at: chrono::DateTime::from_timestamp_micros(1_795_000_000_000_001).unwrap(),
            terms_version: 1,
        }
    }

    #[test]
    fn every_field_counts_and_so_does_what_came_before() {
        let keys = Keys::derive(b"secret");
        let hash = keys.chain(GENESIS, &link());
        assert_eq!(hash.len(), 64);
        let later = link().recorded_at + chrono::Duration::microseconds(1);
        let changed = [
            Link { stream: "order", ..link() },
            Link { stream_id: Uuid::from_u128(9), ..link() },
            Link { seq: 2, ..link() },
            Link { id: Uuid::from_u128(9), ..link() },
            Link { kind: "need_declined", ..link() },
            Link { payload: "{ }", ..link() },
            Link { author: "{ }", ..link() },
            Link { effective_on: link().effective_on.succ_opt().unwrap(), ..link() },
            Link { recorded_at: later, ..link() },
            Link { terms_version: 2, ..link() },
            // The same bytes cut elsewhere.
            Link { kind: "need_reported{", payload: "}", ..link() },
        ];
        for other in changed {
            assert_ne!(keys.chain(GENESIS, &other), hash, "{other:?}");
        }
        assert_ne!(keys.chain(&hash, &link()), hash);
        assert_ne!(Keys::derive(b"other").chain(GENESIS, &link()), hash);
    }

    #[test]
    fn the_digest_of_heads_shows_a_missing_stream_and_a_cut_tail() {
        let all = digest_of_heads([(Uuid::from_u128(1), 3, "a"), (Uuid::from_u128(2), 1, "b")]);
        assert_ne!(digest_of_heads([(Uuid::from_u128(1), 3, "a")]), all);
        assert_ne!(digest_of_heads([(Uuid::from_u128(1), 2, "z"), (Uuid::from_u128(2), 1, "b")]), all);
    }
}
