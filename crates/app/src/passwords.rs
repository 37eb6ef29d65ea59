//! Passwords: signing in, the link that sets a new one, changing it.
//!
//! Rules kept here:
//! - nobody learns whether an address has an account: unknown, disabled and wrong take the same work and give the same answer;
//! - tries are counted in the store before the password is looked at, so that many at once count as many; a device from which
//!   the account signed in before has its own count, so that others cannot lock its owner out;
//! - a password is hashed in a thread of its own, few at a time: hashing never keeps pages waiting;
//! - a link works once; a password set by a link or changed ends every other session of the account.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use chrono::TimeDelta;
use domain::Instant;
use domain::calendar::paris_day;
use domain::identifiers::EmailAddress;
use domain::people::Account;
use domain::security::{PASSWORD_LONGEST, PasswordProblem, SecurityEvent, check_password};
use persistence::{Credential, Ending, NewLink, PasswordLink, Tries, Tx, random_token, token_hash};

use crate::account_mail::recipient;
use crate::security_log::{Visitor, administers, record};
use crate::sessions::new_session;
use crate::{App, AppError};

/// The purpose of the link of a message that sets a password.
pub(crate) const PURPOSE: &str = "password";
/// The kinds of messages that carry it.
const PASSWORDS: &[&str] = &["account_invitation", "password_reset"];
/// How long a link works that its owner asked for.
const RESET_LIFE: TimeDelta = TimeDelta::hours(1);
/// How long an invitation works.
const INVITATION_LIFE: TimeDelta = TimeDelta::days(7);
/// Tries that follow one another without waiting; afterwards each one waits.
const QUICK: u32 = 5;
/// Failures are forgotten after so long without a try.
const FORGIVEN: TimeDelta = TimeDelta::minutes(15);
/// Times a count is tried again when another try was faster.
const RACES: usize = 3;

/// How often one may try.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub kind: &'static str,
    pub most: u32,
    pub within: TimeDelta,
    /// Failures in a row make the next try wait.
    pub slows: bool,
}

const BY_ACCOUNT: Limit = Limit { kind: "account", most: 100, within: TimeDelta::days(1), slows: true };
const BY_DEVICE: Limit = Limit { kind: "device", ..BY_ACCOUNT };
const BY_ADDRESS: Limit = Limit { kind: "address", most: 30, within: TimeDelta::minutes(1), slows: false };
const RESETS_OF_ACCOUNT: Limit = Limit { kind: "reset", most: 3, within: TimeDelta::hours(1), slows: false };
const RESETS_OF_ADDRESS: Limit = Limit { kind: "reset from", most: 10, within: TimeDelta::hours(1), slows: false };

/// What signing in gave.
#[derive(Debug)]
pub enum SignIn {
    /// Let in: the secret of the session and the mark of the device, each given once, here.
    In { secret: String, device: String },
    /// The address or the password is wrong, or the account closed: nobody is told which.
    Refused,
    /// Too many tries: the next one may come after so many seconds.
    Wait { seconds: u64 },
}

/// What became of a new password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordChange {
    Done,
    Refused(PasswordProblem),
    /// The current password is not this one.
    WrongCurrent,
    /// The link was used, replaced or is too old.
    LinkGone,
    Wait {
        seconds: u64,
    },
}

/// Whose password a link sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordAccess {
    pub account: Account,
    /// A first password, not a forgotten one.
    pub invitation: bool,
}

/// How long the next try waits after so many failures in a row.
fn pause(failures: u32) -> TimeDelta {
    TimeDelta::seconds(match failures {
        0..QUICK => 0,
        5 => 1,
        6 => 3,
        7 => 5,
        _ => 10,
    })
}

/// The tries after this one, or how long it has to wait.
fn next(seen: Option<&Tries>, limit: &Limit, now: Instant) -> Result<Tries, TimeDelta> {
    let mut tries = seen.cloned().unwrap_or(Tries { failures: 0, counted: 0, counted_from: now, last_at: now });
    // A clock that was set back freezes nobody.
    if tries.last_at > now || now - tries.last_at >= FORGIVEN {
        (tries.failures, tries.last_at) = (0, now);
    }
    if tries.counted_from > now || now - tries.counted_from >= limit.within {
        (tries.counted, tries.counted_from) = (0, now);
    }
    if limit.slows {
        let wait = pause(tries.failures) - (now - tries.last_at);
        if wait > TimeDelta::zero() {
            return Err(wait);
        }
    }
    if tries.counted >= limit.most {
        return Err(tries.counted_from + limit.within - now);
    }
    let failures = tries.failures + u32::from(limit.slows);
    Ok(Tries { failures, counted: tries.counted + 1, counted_from: tries.counted_from, last_at: now })
}

pub(crate) fn seconds(wait: TimeDelta) -> u64 {
    u64::try_from(wait.num_milliseconds().max(0)).unwrap_or_default().div_ceil(1000).max(1)
}

/// Counts a try, or says how long it has to wait.
pub(crate) async fn count(
    tx: &Tx,
    limit: &Limit,
    who: &str,
    now: Instant,
) -> Result<Result<Tries, TimeDelta>, AppError> {
    let key = tx.tries_key(limit.kind, who);
    for _ in 0..RACES {
        let seen = tx.tries(&key).await?;
        match next(seen.as_ref(), limit, now) {
            Err(wait) => return Ok(Err(wait)),
            Ok(new) if tx.set_tries(&key, seen.as_ref(), &new).await? => return Ok(Ok(new)),
            Ok(_) => {}
        }
    }
    Ok(Err(TimeDelta::seconds(1)))
}

fn hashed(password: &str) -> String {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).expect("the operating system gives randomness");
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.expect("a password of bounded length and a salt of 16 bytes are always hashed").to_string()
}

fn verified(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

/// A hash that no password has: where there is none, the same work is done.
static NOBODY: LazyLock<String> = LazyLock::new(|| hashed(&random_token()));

/// An address as tries are counted: what cannot be one counts too.
fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

impl App {
    async fn hash(&self, password: String) -> Result<String, AppError> {
        let _turn = self.inner.hashing.acquire().await.map_err(|_| AppError::Contended)?;
        tokio::task::spawn_blocking(move || hashed(&password)).await.map_err(|_| AppError::Contended)
    }

    async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, AppError> {
        let _turn = self.inner.hashing.acquire().await.map_err(|_| AppError::Contended)?;
        let work = move || {
            // Both are looked at whatever happens.
            let known = hash.is_some();
            verified(&password, hash.as_deref().unwrap_or(&NOBODY)) && known
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| AppError::Contended)
    }

    /// Signs in with an address and a password.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sign_in(&self, email: &str, password: &str, visitor: &Visitor) -> Result<SignIn, AppError> {
        let parsed = EmailAddress::parse(&folded(email)).ok();
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let account = match &parsed {
            Some(email) => tx.account_by_email(email).await?,
            None => None,
        };
        let credential = match &account {
            Some(account) => tx.credential(account.id).await?,
            None => None,
        };
        let device = known_device(&tx, account.as_ref(), credential.as_ref(), visitor);
        let (limit, who) = match &device {
            Some(device) => (BY_DEVICE, device.clone()),
            None => (BY_ACCOUNT, folded(email)),
        };
        if device.is_none()
            && !visitor.address.is_empty()
            && let Err(wait) = count(&tx, &BY_ADDRESS, &visitor.address, now).await?
        {
            return Ok(SignIn::Wait { seconds: seconds(wait) });
        }
        let tries = match count(&tx, &limit, &who, now).await? {
            Ok(tries) => tries,
            Err(wait) => return Ok(SignIn::Wait { seconds: seconds(wait) }),
        };
        tx.commit().await?;

        let short = password.chars().take(PASSWORD_LONGEST + 1).collect();
        let right = self.verify(short, credential.as_ref().map(|credential| credential.hash.clone())).await?;

        let tx = self.store().begin_write().await?;
        let known = account.as_ref().map(|account| account.id);
        let now = tx.now().await?;
        // The account and its password, as they are now.
        let account = match known {
            Some(id) => tx.account(id).await?.filter(|account| account.opens(paris_day(now))),
            None => None,
        };
        let current = match &account {
            Some(account) => tx.credential(account.id).await?,
            None => None,
        };
        let (Some(account), Some(current), true) =
            (account, current.filter(|now| Some(now) == credential.as_ref()), right)
        else {
            let event = if tries.failures == QUICK { SecurityEvent::SignInSlowed } else { SecurityEvent::SignInFailed };
            record(&tx, event, known, None, visitor, "").await?;
            tx.commit().await?;
            return Ok(SignIn::Refused);
        };
        tx.clear_failures(&tx.tries_key(limit.kind, &who)).await?;
        let (_, secret) = new_session(&tx, &account, visitor, now).await?;
        record(&tx, SecurityEvent::SignedIn, Some(account.id), None, visitor, "").await?;
        let device = device.unwrap_or_else(random_token);
        let mark = tx.device_mark(account.id, &device, current.set_at);
        tx.commit().await?;
        Ok(SignIn::In { secret, device: format!("{device}.{mark}") })
    }

    /// Sends a link to a new password to an address, when it has an account; says nothing of it.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn ask_password(&self, email: &str, visitor: &Visitor) -> Result<(), AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let from = &visitor.address;
        let allowed = (from.is_empty() || count(&tx, &RESETS_OF_ADDRESS, from, now).await?.is_ok())
            && count(&tx, &RESETS_OF_ACCOUNT, &folded(email), now).await?.is_ok();
        let account = match EmailAddress::parse(&folded(email)) {
            Ok(email) if allowed => tx.account_by_email(&email).await?.filter(|account| account.opens(paris_day(now))),
            Ok(_) | Err(_) => None,
        };
        if let Some(account) = account {
            self.send_password_link(&tx, &account, false, now).await?;
            record(&tx, SecurityEvent::ResetAsked, Some(account.id), None, visitor, "").await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Invites the owner of an account to choose a first password; `by` is the administrator, none for the command line.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such active account.
    pub async fn invite(
        &self,
        email: &EmailAddress,
        by: Option<&Account>,
        visitor: &Visitor,
    ) -> Result<Account, AppError> {
        by.map_or(Ok(()), administers)?;
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let account = tx.account_by_email(email).await?.filter(|account| account.opens(paris_day(now)));
        let account = account.ok_or(AppError::NotFound)?;
        // An earlier one that did not arrive is replaced: nobody has to look at it any more.
        tx.finish_account_tasks(account.id, PASSWORDS, by.map_or("", |by| &by.name), now).await?;
        self.send_password_link(&tx, &account, true, now).await?;
        let by = by.map(|account| account.id);
        record(&tx, SecurityEvent::Invited, Some(account.id), by, visitor, "").await?;
        tx.commit().await?;
        Ok(account)
    }

    /// Queues the message and notes the digest of its link, in one transaction.
    async fn send_password_link(
        &self,
        tx: &Tx,
        account: &Account,
        invitation: bool,
        now: Instant,
    ) -> Result<(), AppError> {
        let expires_at = now + if invitation { INVITATION_LIFE } else { RESET_LIFE };
        let role = recipient(account.role);
        let composed = if invitation {
            notifier::emails::account_invitation(&account.name, role, expires_at)
        } else {
            notifier::emails::password_reset(&account.name, role, expires_at)
        };
        let link = NewLink { purpose: PURPOSE.to_owned(), expires_at, rank: 0 };
        let message = self.account_message(account, &account.email, composed, Some(link));
        let token = message.link_token(tx.keys()).expect("the message has a link");
        let link = PasswordLink { account: account.id, invitation, created_at: now, expires_at, used_at: None };
        tx.insert_password_link(&token, &link).await?;
        Ok(tx.queue(&[message], now).await?)
    }

    /// Whose password a link sets; nobody's when it was used, replaced, is too old, or its account is closed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token never given; the store does not answer.
    pub async fn open_password_link(&self, token: &str) -> Result<Option<PasswordAccess>, AppError> {
        let tx = self.store().begin_read().await?;
        let now = tx.now().await?;
        let link = tx.password_link(token).await?.ok_or(AppError::NotFound)?;
        if link.used_at.is_some() || link.expires_at <= now {
            return Ok(None);
        }
        let account = tx.account(link.account).await?.filter(|account| account.opens(paris_day(now)));
        Ok(account.map(|account| PasswordAccess { account, invitation: link.invitation }))
    }

    /// Sets a password by a link, once; every session of the account ends.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token never given; the store does not answer.
    pub async fn set_password_by_link(
        &self,
        token: &str,
        password: &str,
        visitor: &Visitor,
    ) -> Result<PasswordChange, AppError> {
        let Some(access) = self.open_password_link(token).await? else { return Ok(PasswordChange::LinkGone) };
        let account = access.account;
        if let Err(problem) = check_password(password, &account.name, &account.email) {
            return Ok(PasswordChange::Refused(problem));
        }
        let hash = self.hash(password.to_owned()).await?;
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let active = tx.account(account.id).await?.is_some_and(|account| account.opens(paris_day(now)));
        if !active || !tx.use_password_link(token, now).await? {
            return Ok(PasswordChange::LinkGone);
        }
        replace(&tx, &account, &hash, Ending::All, now).await?;
        record(&tx, SecurityEvent::PasswordSet, Some(account.id), None, visitor, "").await?;
        tx.commit().await?;
        Ok(PasswordChange::Done)
    }

    /// Changes a password whose owner is signed in; every other session of the account ends.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn change_password(
        &self,
        account: &Account,
        session: uuid::Uuid,
        current: &str,
        new: &str,
        visitor: &Visitor,
    ) -> Result<PasswordChange, AppError> {
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        // Whoever found a session open does not find the password by trying: the count is the account's own.
        let who = format!("{session}");
        if let Err(wait) = count(&tx, &BY_DEVICE, &who, now).await? {
            return Ok(PasswordChange::Wait { seconds: seconds(wait) });
        }
        let credential = tx.credential(account.id).await?;
        tx.commit().await?;
        let known = credential.as_ref().map(|credential| credential.hash.clone());
        let current = current.chars().take(PASSWORD_LONGEST + 1).collect();
        if !self.verify(current, known).await? {
            let tx = self.store().begin_write().await?;
            record(&tx, SecurityEvent::SignInFailed, Some(account.id), None, visitor, "").await?;
            tx.commit().await?;
            return Ok(PasswordChange::WrongCurrent);
        }
        if let Err(problem) = check_password(new, &account.name, &account.email) {
            return Ok(PasswordChange::Refused(problem));
        }
        let hash = self.hash(new.to_owned()).await?;
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        if tx.credential(account.id).await? != credential {
            return Ok(PasswordChange::WrongCurrent);
        }
        tx.clear_failures(&tx.tries_key(BY_DEVICE.kind, &who)).await?;
        replace(&tx, account, &hash, Ending::AllBut(session), now).await?;
        record(&tx, SecurityEvent::PasswordChanged, Some(account.id), None, visitor, "").await?;
        tx.commit().await?;
        Ok(PasswordChange::Done)
    }

    /// Sets the password of an account from the command line; every session of the account ends.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such account; the store does not answer.
    pub async fn set_password(&self, email: &EmailAddress, password: &str) -> Result<PasswordChange, AppError> {
        let account = self.account_by_email(email).await?;
        if let Err(problem) = check_password(password, &account.name, &account.email) {
            return Ok(PasswordChange::Refused(problem));
        }
        let hash = self.hash(password.to_owned()).await?;
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        replace(&tx, &account, &hash, Ending::All, now).await?;
        record(&tx, SecurityEvent::PasswordChanged, Some(account.id), None, &Visitor::default(), "").await?;
        tx.commit().await?;
        Ok(PasswordChange::Done)
    }

    /// When the password of an account was set; none when it has none.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn password_set_at(&self, account: &Account) -> Result<Option<Instant>, AppError> {
        let tx = self.store().begin_read().await?;
        Ok(tx.credential(account.id).await?.map(|credential| credential.set_at))
    }

    /// The accounts that have a password: the others wait for an invitation.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn accounts_with_password(&self) -> Result<Vec<domain::identifiers::AccountId>, AppError> {
        let tx = self.store().begin_read().await?;
        Ok(tx.accounts_with_password().await?)
    }
}

/// The device of a visitor, when this deployment marked it for this account under its current password.
fn known_device(
    tx: &Tx,
    account: Option<&Account>,
    credential: Option<&Credential>,
    visitor: &Visitor,
) -> Option<String> {
    let (device, mark) = visitor.device.as_deref()?.split_once('.')?;
    let expected = tx.device_mark(account?.id, device, credential?.set_at);
    // Compared as digests: how much of a mark is right does not show in the time it takes.
    (token_hash(mark) == token_hash(&expected)).then(|| device.to_owned())
}

async fn replace(tx: &Tx, account: &Account, hash: &str, which: Ending, now: Instant) -> Result<(), AppError> {
    tx.set_credential(account.id, hash, now).await?;
    tx.void_password_links(account.id, now).await?;
    tx.end_sessions(account.id, which, now).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        chrono::DateTime::from_timestamp(1_800_000_000 + second, 0).expect("an instant")
    }

    #[test]
    fn five_tries_are_quick_then_each_waits_longer() {
        let (mut tries, mut now) = (None, 0);
        let mut waited = Vec::new();
        for _ in 0..10 {
            loop {
                match next(tries.as_ref(), &BY_ACCOUNT, at(now)) {
                    Ok(new) => {
                        tries = Some(new);
                        break;
                    }
                    Err(wait) => {
                        waited.push(wait.num_seconds());
                        now += wait.num_seconds();
                    }
                }
            }
        }
        assert_eq!(waited, [1, 3, 5, 10, 10]);
        assert!(next(tries.as_ref(), &BY_ACCOUNT, at(now + 9)).is_err());
        let rested = next(tries.as_ref(), &BY_ACCOUNT, at(now + FORGIVEN.num_seconds())).expect("forgiven");
        assert_eq!(rested.failures, 1);
    }

    #[test]
    fn a_count_starts_again_after_its_window() {
        let mut tries = None;
        for _ in 0..30 {
            tries = Some(next(tries.as_ref(), &BY_ADDRESS, at(0)).expect("thirty a minute"));
        }
        assert_eq!(next(tries.as_ref(), &BY_ADDRESS, at(20)), Err(TimeDelta::seconds(40)));
        assert!(next(tries.as_ref(), &BY_ADDRESS, at(60)).is_ok());
        let mut day = None;
        for rank in 0..100 {
            day = Some(next(day.as_ref(), &BY_ACCOUNT, at(rank * 60)).expect("a hundred a day"));
        }
        assert!(next(day.as_ref(), &BY_ACCOUNT, at(100 * 60)).is_err());
    }

    #[test]
    fn a_clock_set_back_freezes_nobody() {
        let future = Tries { failures: 9, counted: 100, counted_from: at(9_000), last_at: at(9_000) };
        assert!(next(Some(&future), &BY_ACCOUNT, at(0)).is_ok());
    }

    #[test]
    fn a_hash_is_of_one_password() {
        let hash = hashed("quatre vaches dans un pré");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verified("quatre vaches dans un pré", &hash));
        assert!(!verified("quatre vaches dans un pre", &hash) && !verified("", &hash) && !verified("x", "no hash"));
    }
}
