//! Messages to the owner of an account, about no path: a first password, a new one.
//!
//! Their link sets a password once; they name nobody but in the envelope, and say what to do when nothing was asked.

use domain::Instant;
use domain::people::RecipientRole;

use super::LinkPurpose;
use super::about::{About, typed};
use super::mail::mail;
use super::next::Ask;

fn about(name: &str, role: RecipientRole) -> About {
    About {
        reference: "Votre compte".to_owned(),
        company: String::new(),
        job: String::new(),
        body: String::new(),
        lot: String::new(),
        role,
        name: typed(name),
        receipt: None,
        contest: None,
        others: Vec::new(),
        contact: None,
        next: None,
        ask: Some(Ask { label: "Choisir mon mot de passe", until: None, link: LinkPurpose::Password }),
        note: None,
        illustrative: false,
        reminder: false,
    }
}

fn sample_until() -> Instant {
    domain::calendar::at_paris(domain::samples::day("2026-03-09"), 10, 42)
}

/// The owner of an account asked for a new password.
#[derive(Debug, Clone)]
pub struct PasswordReset {
    pub about: About,
    pub until: Instant,
}

impl PasswordReset {
    pub(crate) fn of(name: &str, role: RecipientRole, until: Instant) -> Self {
        Self { about: about(name, role), until }
    }
}

mail! {
    PasswordReset, "password_reset", "emails/password_reset/subject.txt", "emails/password_reset/body.txt",
    "emails/password_reset/body.html",
    vec![Self::of("Claire Morel", RecipientRole::Body, sample_until())]
}

/// An account was opened: its owner chooses a first password.
#[derive(Debug, Clone)]
pub struct AccountInvitation {
    pub about: About,
    pub until: Instant,
}

impl AccountInvitation {
    pub(crate) fn of(name: &str, role: RecipientRole, until: Instant) -> Self {
        Self { about: about(name, role), until }
    }
}

mail! {
    AccountInvitation, "account_invitation", "emails/account_invitation/subject.txt",
    "emails/account_invitation/body.txt", "emails/account_invitation/body.html",
    [RecipientRole::Body, RecipientRole::Region]
        .into_iter()
        .map(|role| Self::of("Claire Morel", role, sample_until()))
        .collect()
}
