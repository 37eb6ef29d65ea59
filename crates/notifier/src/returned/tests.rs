use super::samples::{self, filled};
use super::*;

const ID: &str = "0192f0c1-aa.mjq2k.0@jalon.example";
const PROOF: &str = "cHJldXZlLWQtdW4tZXNzYWk";
const ADDRESS: &str = "direction@entreprise.example";

fn sample(text: &str) -> String {
    filled(text, ID, PROOF, ADDRESS)
}

/// What a message says, with the line ends of a file and with those of the network.
#[track_caller]
fn said(text: &str) -> Result<Vec<Report>, Unread> {
    let read_as_file = read(text.as_bytes());
    assert_eq!(read_as_file, read(text.replace('\n', "\r\n").as_bytes()), "line ends change nothing");
    read_as_file
}

#[track_caller]
fn one(text: &str) -> Report {
    let mut reports = said(text).unwrap();
    assert_eq!(reports.len(), 1, "{reports:?}");
    reports.remove(0)
}

#[test]
fn each_server_is_understood() {
    let words = [
        ("postfix", "5.1.1", "550 5.1.1 <direction@entreprise.example>: Recipient address rejected: User unknown"),
        ("exim", "5.0.0", "550 No such user here"),
        ("exchange", "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address"),
        ("gmail", "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1"),
    ];
    for ((server, text), (name, status, begins)) in samples::FAILURES.iter().zip(words) {
        assert_eq!(*server, name);
        let report = one(&sample(text));
        assert_eq!((report.message_id.as_str(), report.proof.as_str()), (ID, PROOF), "{server}");
        assert!(report.recipients.iter().all(|recipient| recipient == ADDRESS), "{server}: {report:?}");
        assert_eq!(report.action, Action::Failed, "{server}");
        assert_eq!(report.status.as_deref(), Some(status), "{server}");
        assert!(report.said.starts_with(begins), "{server}: {}", report.said);
        assert!(report.is_permanent(), "{server}");
        assert!(report.reason().starts_with(&format!("returned ({status}): 550")), "{server}: {}", report.reason());
    }
}

#[test]
fn a_delay_is_no_failure_and_a_time_that_is_over_blames_no_address() {
    assert_eq!(one(&sample(samples::DELAYED)).action, Action::Delayed);
    let expired = one(&sample(samples::EXPIRED));
    assert_eq!((expired.action, expired.is_permanent()), (Action::Failed, false));
    assert_eq!(
        expired.reason(),
        "returned (4.4.1): connect to mx.entreprise.example[192.0.2.25]:25: Connection timed out"
    );
    let delivered = sample(samples::POSTFIX).replace("Action: failed", "Action: delivered");
    assert_eq!(one(&delivered).action, Action::Arrived);
}

#[test]
fn what_is_no_report_is_told_apart() {
    assert_eq!(said(&sample(samples::ABSENCE)), Err(Unread::AutomaticAnswer));
    assert_eq!(said(&sample(samples::RECEIPT)), Err(Unread::NotAReport));
    let letter = "From: a@example.org\nTo: b@example.org\nSubject: Bonjour\n\nAction: failed\n";
    assert_eq!(said(letter), Err(Unread::NotAReport));
    for nothing in ["", "\n", "\0\0\0"] {
        assert!(said(nothing).is_err(), "{nothing:?}");
    }
}

#[test]
fn a_report_without_a_message_of_ours_is_of_nobody() {
    for missing in ["Message-ID: <", "X-Jalon-Return:"] {
        let (head, returned) =
            sample(samples::EXIM).split_once("text/rfc822-headers").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        let kept: Vec<&str> = returned.lines().filter(|line| !line.starts_with(missing)).collect();
        let text = format!("{head}text/rfc822-headers{}", kept.join("\n"));
        assert_eq!(said(&text), Err(Unread::Nameless), "{missing}");
    }
    let no_recipient = sample(samples::EXIM).replace("Final-Recipient", "X-Recipient");
    assert_eq!(said(&no_recipient), Err(Unread::Nameless));
    let no_action = sample(samples::EXIM).replace("Action: failed", "Action: perdu");
    assert_eq!(said(&no_action), Err(Unread::Nameless));
}

#[test]
fn a_status_that_is_none_says_nothing() {
    for (written, kept) in
        [("5.1.1 (bad)", Some("5.1.1")), ("550", None), ("5.1.1234", None), ("x.y.z", None), ("9.1.1", None)]
    {
        let report = one(&sample(samples::POSTFIX).replace("Status: 5.1.1", &format!("Status: {written}")));
        assert_eq!(report.status.as_deref(), kept, "{written}");
        assert!(report.is_permanent(), "a failure that is not said to pass is final");
    }
}

/// Wherever it is cut, a report is not understood as another one.
#[test]
fn a_cut_report_says_the_same_or_nothing() {
    for (server, text) in samples::FAILURES {
        let text = sample(text);
        let whole = one(&text);
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            for report in read(&text.as_bytes()[..end]).unwrap_or_default() {
                assert_eq!(report.recipients, whole.recipients, "{server} at {end}");
                assert!(whole.message_id.starts_with(&report.message_id), "{server} at {end}");
            }
        }
    }
}

#[test]
fn what_is_huge_is_not_looked_at_and_what_is_long_is_cut() {
    let huge = format!("{}{}", sample(samples::POSTFIX), "x".repeat(MOST_BYTES));
    assert_eq!(read(huge.as_bytes()), Err(Unread::TooLarge));
    let wordy = sample(samples::EXIM).replace("No such user here", &"mot ".repeat(10_000));
    let report = one(&wordy);
    assert!(report.said.chars().count() <= 300 && report.reason().len() < 400, "{}", report.said.len());
    let group = "Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n\n";
    let many = sample(samples::POSTFIX).replace(
        "Final-Recipient: rfc822; direction",
        &format!("{}Final-Recipient: rfc822; direction", group.repeat(500)),
    );
    assert_eq!(said(&many).unwrap().len(), MOST_RECIPIENTS);
}

/// What would exhaust a stack, or the time of a processor, is nothing.
#[test]
fn what_is_nested_without_end_is_left() {
    let messages = "Content-Type: message/rfc822\n\n".repeat(30_000);
    let digests = "Content-Type: multipart/digest; boundary=a\n\n--a\n\n".repeat(15_000);
    let several: String =
        (0..15_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
    let many = format!("Content-Type: multipart/report; boundary=a\n\n{}", "--a\n\nx\n".repeat(100_000));
    for text in [messages, digests, several, many] {
        assert_eq!(said(&text), Err(Unread::NotAReport));
    }
    let inside = sample(samples::POSTFIX).replace(
        "\n\nReturn-Path: <ne",
        &format!("\n\n{}Return-Path: <ne", "Content-Type: message/rfc822\n".repeat(10_000)),
    );
    assert_eq!(one(&inside).message_id, ID);
}

#[test]
fn a_report_that_travelled_encoded_is_read() {
    let raw = sample(samples::EXIM);
    let (head, rest) = raw.split_once("Content-type: message/delivery-status\n\n").unwrap();
    let (status, rest) = rest.split_once("\n--1772439164").unwrap();
    let encoded = data_encoding::BASE64_MIME.encode(status.as_bytes());
    let part = format!("Content-type: message/delivery-status\nContent-Transfer-Encoding: BASE64\n\n{encoded}");
    assert_eq!(one(&format!("{head}{part}\n--1772439164{rest}")), one(&raw));
}
