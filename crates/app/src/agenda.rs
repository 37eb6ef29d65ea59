//! The days of a path that somebody outside sees on their page, and the file that puts them in a calendar.

use chrono::NaiveDateTime;
use domain::Day;
use domain::path::Event;
use domain::people::OutsideRole;
use notifier::calendar_invite::{Appointment, CalendarEvent, file};
use wording::pages::{portal, requests};
use wording::pieces;

use crate::pieces::Made;
use crate::{Access, App, AppError};

/// What files of calendars are.
pub const CALENDAR: &str = "text/calendar; charset=utf-8";

/// A day of a path, as somebody outside sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeenDay {
    /// A moment of Paris.
    FirstVisit(NaiveDateTime),
    PlannedEntry(Day),
    Entry(Day),
    PlannedEnd(Day),
    End(Day),
    SuspendedSince(Day),
    ExpectedReturn(Day),
}

impl SeenDay {
    fn appointment(self) -> (Appointment, &'static str) {
        match self {
            Self::FirstVisit(moment) => (Appointment::first_visit(moment), requests::FIRST_VISIT),
            Self::PlannedEntry(day) => (Appointment::Entry { day }, portal::PLANNED_ENTRY),
            Self::Entry(day) => (Appointment::Entry { day }, portal::ENTRY),
            Self::PlannedEnd(day) => (Appointment::End { day }, portal::PLANNED_END),
            Self::End(day) => (Appointment::End { day }, portal::END),
            Self::SuspendedSince(day) => (Appointment::Suspension { day }, portal::SUSPENSION),
            Self::ExpectedReturn(day) => (Appointment::Return { day }, portal::EXPECTED_RETURN),
        }
    }
}

impl Access {
    /// The days of the path: that of the visit for who receives it, those of the training for all.
    pub fn days(&self) -> Vec<SeenDay> {
        let path = &self.path;
        let training = path.training.as_ref();
        let receives = matches!(self.role, OutsideRole::Company | OutsideRole::Signatory | OutsideRole::Tutor);
        let visit = path.first_visit.filter(|_| receives && path.candidate.is_none());
        let planned = path.candidate.as_ref().filter(|_| training.is_none()).map(|candidate| candidate.planned_entry);
        let ended = training.and_then(|training| training.ended.as_ref()).map(|ended| ended.on);
        let ends_on = path.pif.as_ref().filter(|_| ended.is_none()).map(|pif| pif.terms.ends_on);
        let suspension = training.and_then(|training| training.suspension());
        let days = [
            visit.map(SeenDay::FirstVisit),
            planned.map(SeenDay::PlannedEntry),
            training.map(|training| SeenDay::Entry(training.entered_on)),
            ends_on.map(SeenDay::PlannedEnd),
            ended.map(SeenDay::End),
            suspension.map(|suspension| SeenDay::SuspendedSince(suspension.since)),
            suspension.map(|suspension| SeenDay::ExpectedReturn(suspension.expected_return)),
        ];
        days.into_iter().flatten().collect()
    }

    /// The days as a calendar holds them; the last change of the path dates them.
    fn agenda(&self) -> Vec<CalendarEvent> {
        let Some(changed) = self.events.last() else { return Vec::new() };
        let place = self.events.iter().rev().find_map(|recorded| match &recorded.event {
            Event::FeasibilityStarted { place, .. } => Some(place.clone()),
            _ => None,
        });
        let event = |day: SeenDay| {
            let (appointment, what) = day.appointment();
            let visit = matches!(day, SeenDay::FirstVisit(_));
            CalendarEvent {
                location: place.clone().flatten().filter(|_| visit),
                description: pieces::job_at(&self.path.job.title, &self.path.workplace.company),
                ..CalendarEvent::of(&self.path, &self.holder, appointment, what, changed.recorded_at)
            }
        };
        self.days().into_iter().map(event).collect()
    }
}

impl App {
    /// The days that the person behind a link sees, as a file for their calendar.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when they see none, or the link opens nothing any more.
    pub async fn link_agenda(&self, token: &str) -> Result<Made, AppError> {
        let access = self.open_link(token).await?;
        let events = access.agenda();
        if access.problem.is_some() || events.is_empty() {
            return Err(AppError::NotFound);
        }
        let name = format!("{}.ics", pieces::file_name(portal::AGENDA_FILE, &access.path.reference));
        Ok(Made { name, bytes: file(&events).into_bytes() })
    }
}
