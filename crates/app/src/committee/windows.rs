//! Windows for partners: links by which a photograph is read without an account, until a day, as readers outside get it.
//!
//! A window is bound to a photograph and never to live figures: whoever could ask for any day would find small numbers again by
//! difference. Who decides at the Region opens and closes; whoever reads the Region's figures reads the list; who holds the link
//! reads the masked tables and nothing else, and reading writes nothing.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::Months;
use domain::calendar::{end_of_day, micros, paris_day};
use domain::form::{FieldError, FieldProblem};
use domain::identifiers::AccountId;
use domain::people::Actor;
use domain::security::SecurityEvent;
use domain::{Day, Instant};
use persistence::CommitteeWindow;
use reports::table::Table;
use tokio::sync::Mutex;
use uuid::Uuid;
use wording::addresses;
use wording::pages::windows as words;

use super::photographs::content_of;
use super::{FileFormat, keeps_committee, written};
use crate::report::regional;
use crate::security_log::record;
use crate::{App, AppError, Visitor, new_id};

/// Most characters of whom a window is for.
const PARTNER: usize = 120;
/// A window opens for a year at most.
const LONGEST: Months = Months::new(12);
/// What the form proposes.
const PROPOSED: Months = Months::new(3);

/// Files for partners that are kept, the last made ones.
const FILES: usize = 16;

/// Files as they were made, by photograph and format.
pub(crate) type PartnerFiles = Mutex<VecDeque<((Uuid, FileFormat), Arc<Vec<u8>>)>>;

/// What partners download.
pub const PARTNER_FORMATS: [FileFormat; 4] = [FileFormat::Xlsx, FileFormat::Ods, FileFormat::Csv, FileFormat::Pdf];

/// Where a window stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowStanding {
    Open,
    /// The Region closed it.
    Closed {
        at: Instant,
    },
    /// Its last day is over.
    Past,
}

/// A window as the Region's list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowLine {
    pub window: CommitteeWindow,
    /// The name of who opened it.
    pub by: String,
    /// The name of who closed it.
    pub closed_by: Option<String>,
    pub standing: WindowStanding,
    /// Its whole address, while it opens, for who may open windows.
    pub link: Option<String>,
}

/// What a partner reads: nothing of it names anybody of the Region.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenWindow {
    /// The title of the photograph.
    pub title: String,
    photograph: Uuid,
    /// The day of the figures.
    pub as_of: Day,
    pub sealed_at: Instant,
    pub partner: String,
    pub until: Day,
    /// As readers outside get them.
    pub tables: Vec<Table>,
}

/// What a link of a window gives.
#[derive(Debug, Clone, PartialEq)]
pub enum WindowOfLink {
    Open(OpenWindow),
    /// The Region closed it on that day.
    Closed {
        on: Day,
    },
    /// That was its last day.
    Past {
        until: Day,
    },
}

/// The last day that the form proposes.
pub fn proposed_until(today: Day) -> Day {
    today.checked_add_months(PROPOSED).unwrap_or(today)
}

fn standing(window: &CommitteeWindow, now: Instant) -> WindowStanding {
    match window.closed {
        Some((at, _)) => WindowStanding::Closed { at },
        None if end_of_day(window.until) <= now => WindowStanding::Past,
        None => WindowStanding::Open,
    }
}

fn keeper(actor: &Actor) -> Result<AccountId, AppError> {
    regional(actor)?;
    actor.account().filter(|_| keeps_committee(actor)).ok_or(AppError::Forbidden)
}

/// Every problem of what was asked, by field.
fn problems(partner: &str, until: Option<Day>, today: Day) -> Vec<FieldError> {
    let partner = match partner.chars().count() {
        0 => Some(FieldProblem::Missing),
        1..=PARTNER => partner.chars().any(char::is_control).then_some(FieldProblem::ControlCharacters),
        _ => Some(FieldProblem::TooLong { max: PARTNER }),
    };
    let last = today.checked_add_months(LONGEST).unwrap_or(today);
    let until = match until {
        None => Some(FieldProblem::NotDay),
        Some(until) if until < today || until > last => Some(FieldProblem::DayOutside { from: today, until: last }),
        Some(_) => None,
    };
    let named = [("partner", partner), ("until", until)];
    let error = |(field, problem): (&str, Option<FieldProblem>)| {
        Some(FieldError { field: field.to_owned(), problem: problem? })
    };
    named.into_iter().filter_map(error).collect()
}

impl App {
    /// Opens a window on a photograph for a partner, until a day included. One that stands open for the same partner until the
    /// same day is the answer.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for whoever does not decide at the Region; [`AppError::NotFound`] when there is no such
    /// photograph; [`AppError::Invalid`] with every field that makes no sense (`partner`, `until`); the store does not answer.
    pub async fn open_window(
        &self,
        actor: &Actor,
        photograph: Uuid,
        partner: &str,
        until: Option<Day>,
        visitor: &Visitor,
    ) -> Result<Uuid, AppError> {
        let account = keeper(actor)?;
        let tx = self.store().begin_write().await?;
        let now = micros(tx.now().await?);
        let (photograph, _) = tx.committee_photograph(photograph).await?.ok_or(AppError::NotFound)?;
        let partner = partner.trim();
        let problems = problems(partner, until, paris_day(now));
        let Some(until) = until.filter(|_| problems.is_empty()) else { return Err(AppError::Invalid(problems)) };
        let twin = tx.committee_windows(photograph.id).await?.into_iter().map(|kept| kept.window).find(|window| {
            standing(window, now) == WindowStanding::Open && (window.partner.as_str(), window.until) == (partner, until)
        });
        if let Some(twin) = twin {
            return Ok(twin.id);
        }
        let window = CommitteeWindow {
            id: new_id(),
            photograph: photograph.id,
            partner: partner.to_owned(),
            until,
            opened_by: account,
            opened_at: now,
            closed: None,
        };
        tx.insert_committee_window(&window).await?;
        let detail = words::logged(partner, &photograph.title, wording::dates::numeric(until));
        record(&tx, SecurityEvent::WindowOpened, Some(account), None, visitor, &detail).await?;
        tx.commit().await?;
        tracing::info!(window.id = %window.id, "a window for a partner opens");
        Ok(window.id)
    }

    /// Closes a window before its last day is over; one that opens no more stays as it is. The photograph that it is on.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for whoever does not decide at the Region; [`AppError::NotFound`] when there is none; the store
    /// does not answer.
    pub async fn close_window(&self, actor: &Actor, id: Uuid, visitor: &Visitor) -> Result<Uuid, AppError> {
        let account = keeper(actor)?;
        let tx = self.store().begin_write().await?;
        let now = micros(tx.now().await?);
        let window = tx.committee_window(id).await?.ok_or(AppError::NotFound)?;
        if standing(&window, now) == WindowStanding::Open && tx.close_committee_window(id, account, now).await? {
            let (photograph, _) = tx.committee_photograph(window.photograph).await?.ok_or(AppError::NotFound)?;
            let detail = words::logged(&window.partner, &photograph.title, wording::dates::numeric(window.until));
            record(&tx, SecurityEvent::WindowClosed, Some(account), None, visitor, &detail).await?;
            tx.commit().await?;
            tracing::info!(window.id = %id, "a window for a partner is closed");
        }
        Ok(window.photograph)
    }

    /// The windows of a photograph, the last opened first, each with its link while it opens.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for those who are not of the Region; the store does not answer.
    pub async fn windows(&self, actor: &Actor, photograph: Uuid) -> Result<Vec<WindowLine>, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let now = tx.now().await?;
        let accounts = tx.accounts().await?;
        let name = |id: AccountId| {
            let account = accounts.iter().find(|account| account.id == id);
            account.map_or_else(String::new, |account| account.name.clone())
        };
        let lines = tx.committee_windows(photograph).await?.into_iter().map(|kept| {
            let standing = standing(&kept.window, now);
            let reads = standing == WindowStanding::Open && keeps_committee(actor);
            let token = kept.token(tx.keys()).filter(|_| reads);
            WindowLine {
                by: name(kept.window.opened_by),
                closed_by: kept.window.closed.map(|(_, by)| name(by)),
                standing,
                link: token.map(|token| addresses::absolute(&self.settings().public_url, &addresses::window(&token))),
                window: kept.window,
            }
        });
        Ok(lines.collect())
    }

    /// What the link of a window gives, for whoever holds it; nothing is written.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a token that was never given; the store does not answer.
    pub async fn window(&self, token: &str) -> Result<WindowOfLink, AppError> {
        let tx = self.store().begin_read().await?;
        let window = tx.committee_window_of_link(token).await?.ok_or(AppError::NotFound)?;
        match standing(&window, tx.now().await?) {
            WindowStanding::Closed { at } => return Ok(WindowOfLink::Closed { on: paris_day(at) }),
            WindowStanding::Past => return Ok(WindowOfLink::Past { until: window.until }),
            WindowStanding::Open => {}
        }
        let (photograph, content) = tx.committee_photograph(window.photograph).await?.ok_or(AppError::NotFound)?;
        let content = content_of(&content)?;
        Ok(WindowOfLink::Open(OpenWindow {
            title: photograph.title,
            photograph: photograph.id,
            as_of: photograph.as_of,
            sealed_at: photograph.sealed_at,
            partner: window.partner,
            until: window.until,
            tables: content.outside(),
        }))
    }

    /// The tables of an open window as a file; nothing is written. A photograph never changes: each file is made once, one at a time,
    /// however often whoever holds the link asks for it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for a format that partners do not get, and of tables that are not given any more; a fault of ours.
    pub async fn window_file(&self, window: &OpenWindow, format: FileFormat) -> Result<Arc<Vec<u8>>, AppError> {
        if !PARTNER_FORMATS.contains(&format) || window.tables.is_empty() {
            return Err(AppError::NotFound);
        }
        let key = (window.photograph, format);
        let mut made = self.inner.partner_files.lock().await;
        if let Some((_, bytes)) = made.iter().find(|(known, _)| *known == key) {
            return Ok(Arc::clone(bytes));
        }
        let bytes = Arc::new(written(format, window.tables.clone(), window.as_of, window.sealed_at).await?);
        if made.len() >= FILES {
            made.pop_front();
        }
        made.push_back((key, Arc::clone(&bytes)));
        Ok(bytes)
    }
}
