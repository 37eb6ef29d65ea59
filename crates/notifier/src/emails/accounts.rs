//! Messages to the owner of an account, about no path: a first password, a new one, an address that changed, a delegation
//! made or ended.
//!
//! A link sets a password once, and its message names nobody but in the envelope; the others lead to a page of the staff.

use domain::identifiers::EmailAddress;
use domain::people::RecipientRole;
use domain::{Day, Instant};
use wording::{dates, messages};

use super::LinkPurpose;
use super::about::{About, typed};
use super::mail::mail;
use super::next::Ask;

const PASSWORD: Ask = Ask { label: messages::CHOOSE_PASSWORD, until: None, link: LinkPurpose::Password };

fn about(name: &str, role: RecipientRole, ask: Option<Ask>) -> About {
    About {
        reference: messages::YOUR_ACCOUNT.to_owned(),
        company: String::new(),
        job: String::new(),
        body: String::new(),
        lot: String::new(),
        lot_code: None,
        role,
        name: typed(name),
        function: None,
        signatory: None,
        stands_for: None,
        receipt: None,
        contest: None,
        others: Vec::new(),
        contact: None,
        next: None,
        ask,
        note: None,
        illustrative: false,
        reminder: false,
        informs: false,
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
        Self { about: about(name, role, Some(PASSWORD)), until }
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
        Self { about: About { informs: true, ..about(name, role, Some(PASSWORD)) }, until }
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

/// The address of an account changed: the one left behind is told, and so is the new one (L12).
#[derive(Debug, Clone)]
pub struct AddressChanged {
    pub about: About,
    /// Whose account it is.
    pub owner: String,
    pub left: EmailAddress,
    pub new: EmailAddress,
    /// Written to the address that was left.
    pub to_left: bool,
}

impl AddressChanged {
    pub(crate) fn of(
        name: &str,
        role: RecipientRole,
        (left, new): (&EmailAddress, &EmailAddress),
        to_left: bool,
    ) -> Self {
        let open = Ask { label: messages::OPEN_JALON, until: None, link: LinkPurpose::Staff };
        Self {
            about: about(name, role, (!to_left).then_some(open)),
            owner: typed(name),
            left: left.clone(),
            new: new.clone(),
            to_left,
        }
    }
}

mail! {
    AddressChanged, "address_changed", "emails/address_changed/subject.txt", "emails/address_changed/body.txt",
    "emails/address_changed/body.html",
    [true, false]
        .into_iter()
        .map(|to_left| {
            let email = domain::samples::email;
            let addresses = (&email("claire.morel@region.example"), &email("claire.martin@region.example"));
            Self::of("Claire Martin", RecipientRole::Region, addresses, to_left)
        })
        .collect()
}

/// A delegation, as its messages say it.
#[derive(Debug, Clone, Copy)]
pub struct DelegationNotice<'a> {
    pub from: &'a str,
    pub to: &'a str,
    /// The first day and the last.
    pub days: (Day, Day),
    /// Written to who is away, not to who stands in.
    pub away: bool,
}

fn sample_notices() -> [DelegationNotice<'static>; 2] {
    let days = (domain::samples::day("2026-12-07"), domain::samples::day("2026-12-13"));
    [false, true].map(|away| DelegationNotice { from: "Claire Morel", to: "Hugo Petit", days, away })
}

/// A colleague stands in from a day to a day.
#[derive(Debug, Clone)]
pub struct Delegated {
    pub about: About,
    pub from: String,
    pub to: String,
    /// « du 7 au 13 décembre 2026 ».
    pub period: String,
    pub away: bool,
}

impl Delegated {
    pub(crate) fn of(name: &str, role: RecipientRole, notice: &DelegationNotice<'_>) -> Self {
        let open = Ask { label: messages::OPEN_JALON, until: None, link: LinkPurpose::Staff };
        Self {
            about: about(name, role, Some(open)),
            from: typed(notice.from),
            to: typed(notice.to),
            period: dates::period(notice.days.0, notice.days.1),
            away: notice.away,
        }
    }
}

mail! {
    Delegated, "delegated", "emails/delegated/subject.txt", "emails/delegated/body.txt", "emails/delegated/body.html",
    sample_notices().iter().map(|notice| Self::of("Hugo Petit", RecipientRole::Body, notice)).collect()
}

/// A delegation ended before its last day was over.
#[derive(Debug, Clone)]
pub struct DelegationEnded {
    pub about: About,
    pub from: String,
    pub to: String,
    pub period: String,
    pub away: bool,
}

impl DelegationEnded {
    pub(crate) fn of(name: &str, role: RecipientRole, notice: &DelegationNotice<'_>) -> Self {
        let Delegated { about, from, to, period, away } = Delegated::of(name, role, notice);
        Self { about, from, to, period, away }
    }
}

mail! {
    DelegationEnded, "delegation_ended", "emails/delegation_ended/subject.txt", "emails/delegation_ended/body.txt",
    "emails/delegation_ended/body.html",
    sample_notices().iter().map(|notice| Self::of("Hugo Petit", RecipientRole::Body, notice)).collect()
}
