//! Calendars: the invitation beside a message, and the file of the days of a path.
//!
//! Rules kept here:
//! - the identifier of an appointment is stable for a path and a kind, and what says it later with a higher sequence replaces
//!   the earlier one in the calendar, be it an invitation or the file;
//! - an instant is written in UTC, a day as a date: no zone can shift either;
//! - an invitation holds no personal link and no more than the message beside it; a file names nobody.
//!
//! Another appointment is another variant of [`Appointment`]; the rest follows.

use std::fmt::Write;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use domain::calendar::at_paris_time;
use domain::market::Holder;
use domain::path::Path;

use crate::envelope::Correspondent;

/// How long a first visit is planned to last.
const FIRST_VISIT: Duration = Duration::minutes(90);

/// What is put in the calendar; a day is one of Normandie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appointment {
    /// First visit of the feasibility study, at an instant.
    FirstVisit {
        /// When the visit starts.
        start: DateTime<Utc>,
        /// How long it is planned to last.
        length: Duration,
    },
    /// Entry into training, planned or done.
    Entry {
        /// The first day.
        day: NaiveDate,
    },
    /// End of the training, planned or done.
    End {
        /// The last day.
        day: NaiveDate,
    },
    /// Beginning of a suspension of the training.
    Suspension {
        /// The day since which it is suspended.
        day: NaiveDate,
    },
    /// Expected end of a suspension.
    Return {
        /// The day on which the training goes on.
        day: NaiveDate,
    },
}

impl Appointment {
    /// A first visit at a moment of Paris.
    pub fn first_visit(moment: NaiveDateTime) -> Self {
        Self::FirstVisit { start: at_paris_time(moment.date(), moment.time()), length: FIRST_VISIT }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::FirstVisit { .. } => "first-visit",
            Self::Entry { .. } => "entry",
            Self::End { .. } => "end",
            Self::Suspension { .. } => "suspension",
            Self::Return { .. } => "return",
        }
    }
}

/// An appointment as every calendar says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEvent {
    /// Reference of the path.
    pub path: String,
    /// Host of the service, which makes the identifier unique in the world.
    pub host: String,
    /// What is put in the calendar.
    pub appointment: Appointment,
    /// Rank of this version of the appointment: 0, then higher at each change.
    pub sequence: u32,
    /// Title, in French.
    pub summary: String,
    /// Where, when it is known.
    pub location: Option<String>,
    /// A few words, in French.
    pub description: String,
    /// When it was said: the message was queued, or the path last changed.
    pub stamp: DateTime<Utc>,
}

impl CalendarEvent {
    /// An appointment of a path: the training body's domain makes its identifier unique, the version of the path ranks it.
    pub fn of(path: &Path, holder: &Holder, appointment: Appointment, what: &str, stamp: DateTime<Utc>) -> Self {
        let reference = path.reference.to_string();
        Self {
            host: holder.email.domain().to_owned(),
            appointment,
            sequence: path.version,
            summary: format!("{reference} — {what}"),
            location: None,
            description: String::new(),
            stamp,
            path: reference,
        }
    }

    /// The identifier of the appointment, the same for every version of it.
    pub fn uid(&self) -> String {
        crate::envelope::thread_id(&format!("{}-{}", self.path, self.appointment.kind()), &self.host)
    }

    fn write(&self, ics: &mut Ics, parties: &[String]) {
        ics.line("BEGIN:VEVENT");
        ics.line(&format!("UID:{}", self.uid()));
        ics.line(&format!("SEQUENCE:{}", self.sequence));
        ics.line(&format!("DTSTAMP:{}", instant(self.stamp)));
        match self.appointment {
            Appointment::FirstVisit { start, length } => {
                ics.line(&format!("DTSTART:{}", instant(start)));
                ics.line(&format!("DTEND:{}", instant(start + length)));
                ics.line("TRANSP:OPAQUE");
            }
            Appointment::Entry { day }
            | Appointment::End { day }
            | Appointment::Suspension { day }
            | Appointment::Return { day } => {
                // The end of a whole day is the day after; the last representable day has none.
                let end = day.succ_opt().unwrap_or(day);
                ics.line(&format!("DTSTART;VALUE=DATE:{}", day.format("%Y%m%d")));
                ics.line(&format!("DTEND;VALUE=DATE:{}", end.format("%Y%m%d")));
                ics.line("TRANSP:TRANSPARENT");
            }
        }
        ics.line(&format!("SUMMARY:{}", text(&self.summary)));
        if let Some(location) = &self.location {
            ics.line(&format!("LOCATION:{}", text(location)));
        }
        ics.line(&format!("DESCRIPTION:{}", text(&self.description)));
        for party in parties {
            ics.line(party);
        }
        ics.line("STATUS:CONFIRMED");
        ics.line("END:VEVENT");
    }
}

/// An invitation for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// What they are invited to.
    pub event: CalendarEvent,
    /// The coordinator.
    pub organizer: Correspondent,
    /// The recipient of the message.
    pub attendee: Correspondent,
}

impl Invite {
    /// The invitation as iCalendar text (RFC 5545, `METHOD:REQUEST`).
    pub fn to_ics(&self) -> String {
        let asked = ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE";
        let parties =
            [format!("ORGANIZER{}", party(&self.organizer, "")), format!("ATTENDEE{}", party(&self.attendee, asked))];
        calendar(&["METHOD:REQUEST"], |ics| self.event.write(ics, &parties))
    }
}

/// A file of appointments (RFC 5545) that a person puts in their calendar by themselves: it asks for no answer.
pub fn file(events: &[CalendarEvent]) -> String {
    calendar(&[], |ics| events.iter().for_each(|event| event.write(ics, &[])))
}

fn calendar(method: &[&str], events: impl FnOnce(&mut Ics)) -> String {
    let mut ics = Ics(String::with_capacity(1024));
    let head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Jalon//Parcours FEST//FR", "CALSCALE:GREGORIAN"];
    for fixed in head.iter().chain(method) {
        ics.line(fixed);
    }
    events(&mut ics);
    ics.line("END:VCALENDAR");
    ics.0
}

/// Lines folded at 75 bytes, never inside a character.
struct Ics(String);

impl Ics {
    fn line(&mut self, content: &str) {
        let mut width = 0;
        for c in content.chars() {
            if width + c.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(c);
            width += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

fn instant(instant: DateTime<Utc>) -> String {
    instant.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A value of type TEXT: its separators escaped, its line ends written, its other controls gone.
fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

fn party(who: &Correspondent, parameters: &str) -> String {
    let mut party = String::new();
    if let Some(name) = &who.name {
        // A quoted parameter takes neither quotes nor controls.
        let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| *c != '"').collect();
        let _ = write!(party, ";CN=\"{name}\"");
    }
    let address: String = who.address.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    let _ = write!(party, "{parameters}:mailto:{address}");
    party
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn invite(appointment: Appointment, sequence: u32) -> Invite {
        Invite {
            event: CalendarEvent {
                path: "FEST-1-2026-0042".into(),
                host: "jalon.example".into(),
                appointment,
                sequence,
                summary: "FEST-1-2026-0042 — Première visite de l’étude".into(),
                location: Some("12, rue du Port ; Dieppe".into()),
                description: "Visite de l’organisme de formation.\nPrévoyez une heure et demie.".into(),
                stamp: Utc.with_ymd_and_hms(2026, 11, 18, 9, 42, 0).unwrap(),
            },
            organizer: Correspondent::new("Camille \"R\" Roussel", "camille@organisme.example"),
            attendee: Correspondent::new("Direction du site", "direction@bois.example"),
        }
    }

    fn visit(sequence: u32) -> Invite {
        let start = Utc.with_ymd_and_hms(2026, 11, 25, 13, 0, 0).unwrap();
        invite(Appointment::FirstVisit { start, length: Duration::minutes(90) }, sequence)
    }

    #[test]
    fn a_first_visit_is_an_instant() {
        insta::assert_snapshot!(visit(0).to_ics().replace("\r\n", "\n"));
    }

    #[test]
    fn an_entry_is_a_day_even_at_the_end_of_a_year() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        let ics = invite(Appointment::Entry { day }, 0).to_ics();
        assert!(ics.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"));
    }

    #[test]
    fn a_file_has_each_appointment_once_and_nobody() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        let days = [
            Appointment::Entry { day },
            Appointment::End { day },
            Appointment::Suspension { day },
            Appointment::Return { day },
        ];
        let events: Vec<_> =
            std::iter::once(visit(3)).chain(days.map(|day| invite(day, 3))).map(|invite| invite.event).collect();
        let ics = file(&events).replace("\r\n ", "");
        assert!(
            ics.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && ics.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n")
        );
        for event in &events {
            assert_eq!(ics.matches(&format!("\r\nUID:{}\r\n", event.uid())).count(), 1, "{}", event.uid());
        }
        assert_eq!(ics.matches("\r\nBEGIN:VEVENT\r\n").count(), events.len());
        assert!(
            ["METHOD", "ORGANIZER", "ATTENDEE", "mailto:"].iter().all(|of_people| !ics.contains(of_people)),
            "{ics}"
        );
        // The invitation to the same visit has its place in a calendar.
        assert!(visit(0).to_ics().contains(&events[0].uid()));
    }

    #[test]
    fn a_later_version_replaces_the_earlier() {
        assert_eq!(visit(0).event.uid(), visit(3).event.uid());
        assert!(visit(3).to_ics().contains("\r\nSEQUENCE:3\r\n"));
    }

    #[test]
    fn lines_are_short_and_nothing_typed_adds_one() {
        let mut typed = visit(0);
        typed.event.summary = "é".repeat(200) + "\r\nATTENDEE:mailto:x@y.example";
        typed.organizer.name = Some("a\r\nATTENDEE:mailto:x@y.example".into());
        let ics = typed.to_ics();
        assert!(ics.split("\r\n").all(|line| line.len() <= 75));
        let unfolded = ics.replace("\r\n ", "");
        assert_eq!(unfolded.matches("\r\nATTENDEE").count(), 1);
        assert!(!unfolded.replace("\r\n", "").contains(['\r', '\n']));
    }
}
