//! The invitations beside two messages: the first visit of a study and the entry into training.
//!
//! The training body's domain makes the identifier of an appointment unique, and the version of the path ranks its
//! versions: a later message replaces the earlier one in the calendar.

use chrono::NaiveDateTime;
use domain::Day;
use domain::people::RecipientRole;
use domain::told::Addressed;
use wording::messages;

use super::Notice;
use super::about::{About, coordinator, typed};
use super::samples;
use crate::calendar_invite::{Appointment, CalendarEvent, Invite};
use crate::envelope::Correspondent;

/// An appointment put in the recipient's calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting(Invite);

impl Meeting {
    /// The invitation as iCalendar text.
    pub fn to_ics(&self) -> String {
        self.0.to_ics()
    }
}

/// What an invitation says of its appointment.
struct Said {
    appointment: Appointment,
    what: &'static str,
    place: Option<String>,
    description: String,
}

impl Said {
    fn visit(company: &str, moment: NaiveDateTime, place: Option<String>) -> Self {
        let description = messages::first_visit_at(company);
        Self { appointment: Appointment::first_visit(moment), what: messages::FIRST_VISIT, place, description }
    }

    fn entry(company: &str, role: RecipientRole, day: Day) -> Self {
        let description = match role {
            RecipientRole::Trainee => messages::first_day_at(company),
            _ => messages::first_day_of_training_at(company),
        };
        Self { appointment: Appointment::Entry { day }, what: messages::ENTRY, place: None, description }
    }
}

/// The first visit of a study.
pub(crate) fn first_visit(
    notice: &Notice<'_>,
    to: &Addressed,
    moment: NaiveDateTime,
    place: Option<String>,
) -> Meeting {
    meeting(notice, to, Said::visit(&typed(&notice.after.workplace.company), moment, place))
}

/// The entry into training.
pub(crate) fn entry(notice: &Notice<'_>, to: &Addressed, day: Day) -> Meeting {
    meeting(notice, to, Said::entry(&typed(&notice.after.workplace.company), to.role, day))
}

fn meeting(notice: &Notice<'_>, to: &Addressed, said: Said) -> Meeting {
    let contact = coordinator(notice.directory);
    let event = CalendarEvent::of(notice.after, notice.directory.holder, said.appointment, said.what, notice.now);
    Meeting(Invite {
        event: CalendarEvent { location: said.place, description: said.description, ..event },
        organizer: Correspondent::new(contact.name, contact.email),
        attendee: Correspondent::new(typed(&to.name), to.email.to_string()),
    })
}

/// The first visit of a sample.
pub(crate) fn sample_visit(about: &About, moment: NaiveDateTime, place: Option<String>) -> Meeting {
    sample(about, Said::visit(&about.company, moment, place))
}

/// The entry of a sample.
pub(crate) fn sample_entry(about: &About, day: Day) -> Meeting {
    sample(about, Said::entry(&about.company, about.role, day))
}

fn sample(about: &About, said: Said) -> Meeting {
    Meeting(Invite {
        event: CalendarEvent {
            path: about.reference.clone(),
            host: "retravailler.example".to_owned(),
            appointment: said.appointment,
            sequence: 4,
            summary: format!("{} — {}", about.reference, said.what),
            location: said.place,
            description: said.description,
            stamp: samples::now(),
        },
        organizer: Correspondent::new("Camille Roussel", "camille.roussel@retravailler.example"),
        attendee: Correspondent::new(about.name.clone(), "dominique.fictif@courriel.example"),
    })
}
