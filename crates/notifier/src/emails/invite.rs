//! The invitations beside two messages: the first visit of a study and the entry into training.
//!
//! The training body's domain makes the identifier of an appointment unique, and the version of the path ranks its
//! versions: a later message replaces the earlier one in the calendar.

use chrono::{Duration, NaiveDateTime};
use domain::Day;
use domain::calendar::at_paris_time;
use domain::people::RecipientRole;
use domain::told::Addressed;
use wording::messages;

use super::Notice;
use super::about::{About, coordinator, typed};
use super::samples;
use crate::calendar_invite::{Appointment, Invite};
use crate::envelope::Correspondent;

/// How long a first visit is planned to last.
const FIRST_VISIT: Duration = Duration::minutes(90);

/// An appointment put in the recipient's calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting(Invite);

impl Meeting {
    /// The invitation as iCalendar text.
    pub fn to_ics(&self) -> String {
        self.0.to_ics()
    }
}

/// The first visit of a study.
pub(crate) fn first_visit(
    notice: &Notice<'_>,
    to: &Addressed,
    moment: NaiveDateTime,
    place: Option<String>,
) -> Meeting {
    let start = at_paris_time(moment.date(), moment.time());
    let appointment = Appointment::FirstVisit { start, length: FIRST_VISIT };
    meeting(notice, to, appointment, place)
}

/// The entry into training.
pub(crate) fn entry(notice: &Notice<'_>, to: &Addressed, day: Day) -> Meeting {
    meeting(notice, to, Appointment::Entry { day }, None)
}

fn meeting(notice: &Notice<'_>, to: &Addressed, appointment: Appointment, place: Option<String>) -> Meeting {
    let contact = coordinator(notice.directory);
    let holder = notice.directory.holder.email.to_string();
    let reference = notice.after.reference.to_string();
    let company = typed(&notice.after.workplace.company);
    Meeting(Invite {
        host: holder.split_once('@').map_or("jalon.invalid", |(_, host)| host).to_owned(),
        appointment,
        sequence: notice.after.version,
        summary: summary(&reference, appointment),
        location: place,
        description: description(&company, appointment, to.role),
        organizer: Correspondent::new(contact.name, contact.email),
        attendee: Correspondent::new(typed(&to.name), to.email.to_string()),
        stamp: notice.now,
        path: reference,
    })
}

fn summary(reference: &str, appointment: Appointment) -> String {
    let what = match appointment {
        Appointment::FirstVisit { .. } => messages::FIRST_VISIT,
        Appointment::Entry { .. } => messages::ENTRY,
    };
    format!("{reference} — {what}")
}

fn description(company: &str, appointment: Appointment, role: RecipientRole) -> String {
    match appointment {
        Appointment::FirstVisit { .. } => messages::first_visit_at(company),
        Appointment::Entry { .. } if role == RecipientRole::Trainee => messages::first_day_at(company),
        Appointment::Entry { .. } => messages::first_day_of_training_at(company),
    }
}

/// The first visit of a sample.
pub(crate) fn sample_visit(about: &About, moment: NaiveDateTime, place: Option<String>) -> Meeting {
    let start = at_paris_time(moment.date(), moment.time());
    sample(about, Appointment::FirstVisit { start, length: FIRST_VISIT }, place)
}

/// The entry of a sample.
pub(crate) fn sample_entry(about: &About, day: Day) -> Meeting {
    sample(about, Appointment::Entry { day }, None)
}

fn sample(about: &About, appointment: Appointment, place: Option<String>) -> Meeting {
    Meeting(Invite {
        path: about.reference.clone(),
        host: "retravailler.example".to_owned(),
        appointment,
        sequence: 4,
        summary: summary(&about.reference, appointment),
        location: place,
        description: description(&about.company, appointment, about.role),
        organizer: Correspondent::new("Camille Roussel", "camille.roussel@retravailler.example"),
        attendee: Correspondent::new(about.name.clone(), "dominique.fictif@courriel.example"),
        stamp: samples::now(),
    })
}
