//! The ticket of a form: proof that it comes from a page opened with this secret, and the key under which it acts once.
//!
//! The secret is a link's token or a session's. The ticket is random and signed with it, so that only who holds the secret can
//! make one. Sent twice, it acts once: it is the idempotency key of the use case.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Random bytes, then as many of the signature.
const HALF: usize = 16;

fn code(token: &str, step: &str, random: &[u8]) -> Hmac<Sha256> {
    let mut code = Hmac::<Sha256>::new_from_slice(token.as_bytes()).expect("an HMAC takes a key of any length");
    code.update(b"jalon form 1");
    code.update(random);
    code.update(step.as_bytes());
    code
}

/// A new ticket for a step.
pub(crate) fn issue(token: &str, step: &str) -> String {
    let mut random = [0_u8; HALF];
    getrandom::fill(&mut random).expect("the system gives random bytes");
    sign(token, step, &random)
}

/// The one ticket of a step that repeats nothing when it is sent twice: pages that carry it stay the same bytes.
pub(crate) fn steady(token: &str, step: &str) -> String {
    sign(token, step, &[0_u8; HALF])
}

fn sign(token: &str, step: &str, random: &[u8; HALF]) -> String {
    let signature = code(token, step, random).finalize().into_bytes();
    BASE64URL_NOPAD.encode(&[random, &signature[..HALF]].concat())
}

/// Whether a ticket was made for this link and this step.
pub(crate) fn holds(token: &str, step: &str, ticket: &str) -> bool {
    let Ok(bytes) = BASE64URL_NOPAD.decode(ticket.as_bytes()) else { return false };
    let Some((random, signature)) = bytes.split_at_checked(HALF) else { return false };
    signature.len() == HALF && code(token, step, random).verify_truncated_left(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_for_one_link_and_one_step() {
        let ticket = issue("lien", "sign_pif");
        assert!(holds("lien", "sign_pif", &ticket));
        assert!(!holds("autre", "sign_pif", &ticket));
        assert!(!holds("lien", "confirm_report", &ticket));
        assert_ne!(ticket, issue("lien", "sign_pif"));
        let steady = steady("lien", "sign_out");
        assert!(
            holds("lien", "sign_out", &steady)
                && !holds("autre", "sign_out", &steady)
                && !holds("lien", "sign_pif", &steady)
        );
    }

    #[test]
    fn a_forged_ticket_is_refused() {
        let ticket = issue("lien", "sign_pif");
        for (at, _) in ticket.char_indices() {
            let other = if ticket.as_bytes()[at] == b'A' { "E" } else { "A" };
            let mut forged = ticket.clone();
            forged.replace_range(at..=at, other);
            assert!(!holds("lien", "sign_pif", &forged), "{at}");
        }
        for short in ["", "AAAA", &ticket[..ticket.len() - 4], &format!("{ticket}AAAA")] {
            assert!(!holds("lien", "sign_pif", short), "{short}");
        }
    }
}
