use chrono::TimeZone;
use proptest::prelude::*;

use super::*;

fn sample() -> Outgoing {
    Outgoing {
        message_id: message_id("0192f0c1-aa", "direction@bois.example", 0, "jalon.example"),
        event_id: "0192f0c1-aa".into(),
        thread: thread_id("FEST-1-2026-0042", "jalon.example"),
        from: Correspondent::new("Jalon", "jalon@jalon.example"),
        to: Correspondent::new("Direction du site", "direction@bois.example"),
        reply_to: Some(Correspondent::new("Camille Roussel", "camille@organisme.example")),
        subject: "FEST-1-2026-0042 — Étude remise".into(),
        text: format!("Bonjour,\n\nLisez l’étude : {LINK_MARKER}\n"),
        html: format!("<p>Bonjour,</p><p><a href=\"{LINK_MARKER}\">Lire l’étude</a></p>"),
        calendar: None,
        list_unsubscribe: None,
        return_proof: Some("cHJldXZlLWQtdW4tZXNzYWk".into()),
        date: Utc.with_ymd_and_hms(2026, 11, 18, 9, 42, 0).unwrap(),
    }
}

fn links() -> Links {
    Links { action: Some(Link::new("https://jalon.example/acces/abc-DEF_1").unwrap()), opt_out: None }
}

fn bytes(outgoing: &Outgoing) -> String {
    let ready = outgoing.with_links(&links()).unwrap();
    String::from_utf8(ready.to_message().unwrap().formatted()).unwrap()
}

/// The header lines of a message, unfolded.
fn headers(message: &str) -> Vec<String> {
    let (head, _) = message.split_once("\r\n\r\n").unwrap();
    head.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn every_attempt_gives_the_same_bytes() {
    let first = bytes(&sample());
    assert_eq!(first, bytes(&sample()));
    insta::assert_snapshot!(first.replace("\r\n", "\n"));
}

#[test]
fn an_invitation_travels_as_alternative_and_as_file() {
    let mut invited = sample();
    invited.calendar = Some("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n".into());
    let message = bytes(&invited);
    assert_eq!(message, bytes(&invited));
    assert!(message.contains("Content-Type: text/calendar; method=REQUEST; charset=utf-8"));
    assert!(message.contains("filename=\"invitation.ics\""));
    assert!(message.contains("multipart/mixed") && message.contains("multipart/alternative"));
}

#[test]
fn a_message_without_its_link_does_not_leave() {
    assert!(sample().needs_link());
    assert_eq!(sample().to_message().unwrap_err(), EnvelopeError::LinkMissing);
    assert_eq!(sample().with_links(&Links::default()).unwrap_err(), EnvelopeError::LinkMissing);
}

#[test]
fn reminders_carry_the_way_to_turn_them_off() {
    let mut reminder = sample();
    reminder.list_unsubscribe = Some(OPT_OUT_MARKER.into());
    assert_eq!(reminder.with_links(&links()).unwrap_err(), EnvelopeError::LinkMissing);
    let mut both = links();
    both.opt_out = Some(Link::new("https://jalon.example/rappels/xyz").unwrap());
    let message = reminder.with_links(&both).unwrap().to_message().unwrap().formatted();
    let message = String::from_utf8(message).unwrap();
    assert!(headers(&message).contains(&"List-Unsubscribe: <https://jalon.example/rappels/xyz>".into()));
    assert!(!bytes(&sample()).contains("List-Unsubscribe"));
}

#[test]
fn a_kept_copy_shows_no_link() {
    let kept = mask_link(&sample().html);
    assert_eq!(kept, "<p>Bonjour,</p><p><a href=\"#\">Lire l’étude</a></p>");
    assert_eq!(mask_link(&sample().text), "Bonjour,\n\nLisez l’étude : [lien personnel masqué]\n");
}

#[test]
fn links_are_plain_web_addresses() {
    for refused in [
        "javascript:alert(1)",
        "https://a.example/\" onclick=\"x",
        "https://a.example/?a=1&b=2",
        "https://a.example/\r\nBcc: x@y.example",
        "/acces/abc",
        "https://",
    ] {
        assert_eq!(Link::new(refused), Err(EnvelopeError::Link), "{refused}");
    }
    let link = Link::new("http://127.0.0.1:8080/acces/a_b-c").unwrap();
    assert_eq!(insert_link("voir {{lien}}.", &link), "voir http://127.0.0.1:8080/acces/a_b-c.");
    assert!(!format!("{link:?}").contains("acces"));
}

#[test]
fn addresses_and_identifiers_that_carry_a_line_are_refused() {
    let mut message = sample();
    message.to.address = "a@b.example\r\nBcc: c@d.example".into();
    assert_eq!(
        message.with_links(&links()).unwrap().to_message().unwrap_err(),
        EnvelopeError::Address { role: "recipient" }
    );
    for (field, spoil) in [
        ("message_id", (|m| m.message_id = "a@b\r\nX: y".into()) as fn(&mut Outgoing)),
        ("thread", |m| m.thread = "<a@b>".into()),
        ("event_id", |m| m.event_id = "a\nb".into()),
    ] {
        let mut message = sample().with_links(&links()).unwrap();
        spoil(&mut message);
        assert_eq!(message.to_message().unwrap_err(), EnvelopeError::Identifier { field });
    }
    let mut message = sample().with_links(&links()).unwrap();
    message.date = Utc.with_ymd_and_hms(1969, 12, 31, 0, 0, 0).unwrap();
    assert_eq!(message.to_message().unwrap_err(), EnvelopeError::Date);
}

#[test]
fn a_typed_marker_calls_for_nothing() {
    assert_eq!(neutralize("voir {{lien}}"), "voir { {lien}}");
    assert_eq!(neutralize("sans rien"), "sans rien");
    for braces in 2..9 {
        let typed = format!("voir {}lien}}}}", "{".repeat(braces));
        assert!(!neutralize(&typed).contains("{{"), "{typed}");
    }
}

proptest! {
    /// Whatever is typed in a subject or a name, the list of headers stays the same.
    #[test]
    fn nothing_typed_adds_a_header(subject in ".{0,120}(\r\n|\r|\n|\u{2028})?[ -~]{0,40}", name in "\\PC{0,30}(\r\n|\n)?\\PC{0,30}") {
        let names = |message: &str| -> Vec<String> {
            headers(message)
                .iter()
                .filter_map(|line| line.split_once(':').map(|(name, _)| name.to_owned()))
                .collect()
        };
        let mut typed = sample();
        typed.subject = subject;
        typed.to.name = Some(name);
        prop_assert_eq!(names(&bytes(&typed)), names(&bytes(&sample())));
    }
}
