//! Calendar invitations: the first visit of a study (an instant) and the entry into training (a day).
//!
//! Rules kept here:
//! - the identifier of an appointment is stable for a path and a kind, and a later invitation with a higher sequence replaces
//!   the earlier one in the calendar;
//! - an instant is written in UTC, a day as a date: no zone can shift either;
//! - an invitation holds no personal link and no more than the message beside it.
//!
//! Another appointment is another variant of [`Appointment`]; the rest follows.

use std::fmt::Write;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::envelope::Correspondent;

/// What is put in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appointment {
    /// First visit of the feasibility study, at an instant.
    FirstVisit {
        /// When the visit starts.
        start: DateTime<Utc>,
        /// How long it is planned to last.
        length: Duration,
    },
    /// Entry into training, on a day.
    Entry {
        /// The day, in Normandie.
        day: NaiveDate,
    },
}

impl Appointment {
    fn kind(self) -> &'static str {
        match self {
            Self::FirstVisit { .. } => "first-visit",
            Self::Entry { .. } => "entry",
        }
    }
}

/// An invitation for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
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
    /// The coordinator.
    pub organizer: Correspondent,
    /// The recipient of the message.
    pub attendee: Correspondent,
    /// The instant at which the message was queued.
    pub stamp: DateTime<Utc>,
}

impl Invite {
    /// The identifier of the appointment, the same for every version of it.
    pub fn uid(&self) -> String {
        crate::envelope::thread_id(&format!("{}-{}", self.path, self.appointment.kind()), &self.host)
    }

    /// The invitation as iCalendar text (RFC 5545, `METHOD:REQUEST`).
    pub fn to_ics(&self) -> String {
        let mut ics = Ics(String::with_capacity(1024));
        for fixed in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Jalon//Parcours FEST//FR",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
        ] {
            ics.line(fixed);
        }
        ics.line(&format!("UID:{}", self.uid()));
        ics.line(&format!("SEQUENCE:{}", self.sequence));
        ics.line(&format!("DTSTAMP:{}", instant(self.stamp)));
        match self.appointment {
            Appointment::FirstVisit { start, length } => {
                ics.line(&format!("DTSTART:{}", instant(start)));
                ics.line(&format!("DTEND:{}", instant(start + length)));
                ics.line("TRANSP:OPAQUE");
            }
            Appointment::Entry { day } => {
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
        ics.line(&format!("ORGANIZER{}", party(&self.organizer, "")));
        ics.line(&format!(
            "ATTENDEE{}",
            party(&self.attendee, ";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE")
        ));
        ics.line("STATUS:CONFIRMED");
        ics.line("END:VEVENT");
        ics.line("END:VCALENDAR");
        ics.0
    }
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
            path: "FEST-1-2026-0042".into(),
            host: "jalon.example".into(),
            appointment,
            sequence,
            summary: "FEST-1-2026-0042 — Première visite de l’étude".into(),
            location: Some("12, rue du Port ; Dieppe".into()),
            description: "Visite de l’organisme de formation.\nPrévoyez une heure et demie.".into(),
            organizer: Correspondent::new("Camille \"R\" Roussel", "camille@organisme.example"),
            attendee: Correspondent::new("Direction du site", "direction@bois.example"),
            stamp: Utc.with_ymd_and_hms(2026, 11, 18, 9, 42, 0).unwrap(),
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
        assert_ne!(invite(Appointment::Entry { day }, 0).uid(), visit(0).uid());
    }

    #[test]
    fn a_later_version_replaces_the_earlier() {
        assert_eq!(visit(0).uid(), visit(3).uid());
        assert!(visit(3).to_ics().contains("\r\nSEQUENCE:3\r\n"));
    }

    #[test]
    fn lines_are_short_and_nothing_typed_adds_one() {
        let mut typed = visit(0);
        typed.summary = "é".repeat(200) + "\r\nATTENDEE:mailto:x@y.example";
        typed.organizer.name = Some("a\r\nATTENDEE:mailto:x@y.example".into());
        let ics = typed.to_ics();
        assert!(ics.split("\r\n").all(|line| line.len() <= 75));
        let unfolded = ics.replace("\r\n ", "");
        assert_eq!(unfolded.matches("\r\nATTENDEE").count(), 1);
        assert!(!unfolded.replace("\r\n", "").contains(['\r', '\n']));
    }
}
