//! One message and a mail server that misbehaves: what is tried again, what is final, what may have left.

use std::time::{Duration, Instant};

use chrono::{TimeZone, Utc};
use futures::future::join_all;
use notifier::{
    envelope::{Correspondent, Outgoing, message_id, thread_id},
    transport::{Delivered, DeliveryError, Smtp, SmtpSettings, SmtpTimeouts, Transport, Verdict},
};
use tests::smtp::{Act, Certificate, Options, Rule, SmtpServer, Stage};

const COMPANY: &str = "direction@bois.example";
const TUTOR: &str = "tuteur@bois.example";

fn message(event: &str, to: &str) -> Outgoing {
    Outgoing {
        message_id: message_id(event, to, 0, "jalon.example"),
        event_id: event.into(),
        thread: thread_id("FEST-1-2026-0042", "jalon.example"),
        from: Correspondent::new("Jalon", "jalon@jalon.example"),
        to: Correspondent::new("Direction du site", to),
        reply_to: Some(Correspondent::new("Camille Roussel", "camille@organisme.example")),
        subject: "FEST-1-2026-0042 — Étude remise".into(),
        text: "Bonjour,\n\n.L’étude est remise.\n..\n".into(),
        html: "<p>Bonjour,</p><p>L’étude est remise.</p>".into(),
        calendar: None,
        list_unsubscribe: None,
        return_proof: None,
        date: Utc.with_ymd_and_hms(2026, 11, 18, 9, 42, 0).unwrap(),
    }
}

/// Settings for this server, with time-outs short enough to wait for.
fn settings(url: &str) -> SmtpSettings {
    let quick = Duration::from_millis(400);
    SmtpSettings {
        timeouts: SmtpTimeouts {
            connect: quick,
            greeting: quick,
            command: quick,
            message: quick,
            whole: Duration::from_secs(4),
        },
        ..SmtpSettings::from_url(url, "jalon.example").unwrap()
    }
}

fn transport(url: &str) -> Transport {
    Transport::Smtp(Smtp::new(settings(url)))
}

fn code(error: &DeliveryError) -> Option<u16> {
    match error {
        DeliveryError::Temporary { code, .. } => *code,
        DeliveryError::Refused { code, .. } => Some(*code),
        DeliveryError::Unknown { .. } | DeliveryError::Invalid(_) => None,
    }
}

/// Delivers to a server that misbehaves once in this way, then plainly; returns the first outcome.
async fn first_of_two(rule: Rule) -> (Result<Delivered, DeliveryError>, SmtpServer) {
    let server = SmtpServer::start().await;
    let transport = transport(&server.url());
    let outgoing = message("event-1", COMPANY);
    server.add(rule);
    let first = transport.deliver(&outgoing).await;
    server.behave();
    let second = transport.deliver(&outgoing).await;
    assert!(second.is_ok(), "after {first:?}: {second:?}");
    (first, server)
}

#[tokio::test]
async fn a_message_arrives_as_it_was_built() {
    let server = SmtpServer::start().await;
    let outgoing = message("event-1", COMPANY);
    let delivered = transport(&server.url()).deliver(&outgoing).await.unwrap();
    assert_eq!(delivered.message_id, outgoing.message_id);
    assert_eq!(delivered.reply, "250 2.0.0 taken");
    let received = &server.received()[0];
    let built = outgoing.to_message().unwrap().formatted();
    assert_eq!(received.raw[..built.len()], built);
    assert_eq!(received.to, [COMPANY]);
    assert_eq!(received.message_id(), outgoing.message_id);
    assert_eq!(received.header("X-Jalon-Event").as_deref(), Some("event-1"));
    assert_eq!(received.subject(), outgoing.subject);
    assert_eq!(received.text().replace("\r\n", "\n"), outgoing.text);
    assert_eq!(received.html(), outgoing.html);
}

#[tokio::test]
async fn an_invitation_is_read_as_one() {
    let server = SmtpServer::start().await;
    let mut outgoing = message("event-1", COMPANY);
    outgoing.calendar = Some("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n".into());
    transport(&server.url()).deliver(&outgoing).await.unwrap();
    assert_eq!(
        server.received()[0].parts(),
        ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics"]
    );
}

#[tokio::test]
async fn a_server_that_is_not_ready_is_tried_again() {
    use Stage::{AfterDot, Data, Ehlo, Greeting, Mail, Rcpt};
    for stage in [Greeting, Ehlo, Mail, Rcpt, Data, AfterDot] {
        for refusal in [421, 450, 451, 452] {
            let line = format!("{refusal} 4.3.0 later");
            let (first, server) = first_of_two(Rule::reply(stage, &line)).await;
            let error = first.unwrap_err();
            assert!(matches!(error, DeliveryError::Temporary { .. }), "{stage:?} {error:?}");
            assert_eq!(code(&error), Some(refusal), "{stage:?}");
            assert_eq!(server.received().len(), 1, "{stage:?} {refusal}");
        }
    }
}

#[tokio::test]
async fn a_refusal_of_us_is_not_a_refusal_of_the_address() {
    for stage in [Stage::Greeting, Stage::Ehlo, Stage::Mail] {
        let (first, _server) = first_of_two(Rule::reply(stage, "554 5.7.1 not you")).await;
        let error = first.unwrap_err();
        assert_eq!(error.verdict(), Verdict::Retry, "{stage:?}");
        assert_eq!(code(&error), Some(554), "{stage:?}");
    }
}

#[tokio::test]
async fn a_refused_address_is_final_and_disturbs_no_other() {
    for stage in [Stage::Rcpt, Stage::Data, Stage::AfterDot] {
        for refusal in [550, 552, 553, 554] {
            let server = SmtpServer::start().await;
            let transport = transport(&server.url());
            server.add(Rule::reply(stage, &format!("{refusal} 5.1.1 no such person")).to(COMPANY));
            let error = transport.deliver(&message("event-1", COMPANY)).await.unwrap_err();
            assert_eq!(error.verdict(), Verdict::GiveUp, "{stage:?} {refusal}");
            assert!(
                matches!(&error, DeliveryError::Refused { code, reason } if *code == refusal && reason.contains("no such person")),
                "{error:?}"
            );
            transport.deliver(&message("event-1", TUTOR)).await.unwrap();
            assert_eq!(server.received().len(), 1);
            assert_eq!(server.connections(), 1, "the connection served again");
        }
    }
}

#[tokio::test]
async fn whatever_happens_before_the_text_is_tried_again() {
    use Stage::{Data, Ehlo, Greeting, Mail, Rcpt};
    let acts = [
        Act::Close,
        Act::Reset,
        Act::Hang,
        Act::HalfClose,
        Act::Garbage(b"\x16\x03\x01 not a reply\r\n".to_vec()),
        Act::Garbage(vec![b'2'; 100_000]),
        Act::Wait(Duration::from_millis(600)),
    ];
    let cases = [Greeting, Ehlo, Mail, Rcpt, Data]
        .into_iter()
        .flat_map(|stage| acts.iter().map(move |act| (stage, act.clone())));
    join_all(cases.map(|(stage, act)| async move {
        let (first, server) = first_of_two(Rule::at(stage, act.clone())).await;
        let error = first.unwrap_err();
        assert!(matches!(error, DeliveryError::Temporary { .. }), "{stage:?} {act:?} {error:?}");
        assert_eq!(server.received().len(), 1, "{stage:?} {act:?}");
    }))
    .await;
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    for stage in [Stage::Greeting, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::AfterDot] {
        let act = Act::Trickle(Duration::from_millis(5));
        let (first, server) = first_of_two(Rule::at(stage, act)).await;
        first.unwrap();
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn a_cut_in_the_text_is_tried_again_with_the_same_bytes() {
    for bytes in [0, 1, 300] {
        let rule = Rule::at(Stage::Body, Act::CutAfter(bytes)).once();
        let (first, server) = first_of_two(rule).await;
        assert_eq!(first.unwrap_err().verdict(), Verdict::Retry);
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn an_answer_lost_gives_two_copies_that_are_the_same() {
    for act in [Act::TakeAndClose, Act::TakeAndHang] {
        let (first, server) = first_of_two(Rule::at(Stage::AfterDot, act)).await;
        assert!(matches!(first, Err(DeliveryError::Unknown { .. })), "{first:?}");
        let received = server.received();
        assert_eq!(received.len(), 2);
        assert_eq!(received[0].raw, received[1].raw);
        assert_eq!(received[0].message_id(), received[1].message_id());
    }
}

#[tokio::test]
async fn an_answer_nobody_understands_may_hide_a_message_taken() {
    let garbage = Act::Garbage(b"\xff\xfe\r\n".to_vec());
    for act in [garbage, Act::Reset, Act::HalfClose, Act::Reply("354 again".into())] {
        let (first, _server) = first_of_two(Rule::at(Stage::AfterDot, act.clone())).await;
        assert!(matches!(first, Err(DeliveryError::Unknown { .. })), "{act:?} {first:?}");
    }
}

#[tokio::test]
async fn connections_are_kept_and_their_end_is_invisible() {
    let server = SmtpServer::start().await;
    let transport = transport(&server.url());
    for rank in 0..3 {
        transport.deliver(&message(&format!("kept-{rank}"), COMPANY)).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
    server.dismiss(None);
    transport.deliver(&message("closed", COMPANY)).await.unwrap();
    server.dismiss(Some("421 4.4.2 idle for too long"));
    transport.deliver(&message("dismissed", COMPANY)).await.unwrap();
    server.start_again().await;
    transport.deliver(&message("restarted", COMPANY)).await.unwrap();
    server.add(Rule::at(Stage::Mail, Act::Reset).once());
    transport.deliver(&message("reset", COMPANY)).await.unwrap();
    assert_eq!(server.connections(), 5);
    assert_eq!(server.received().len(), 7);
}

#[tokio::test]
async fn a_connection_serves_so_many_messages_and_so_long() {
    let server = SmtpServer::start().await;
    let few = SmtpSettings { max_messages: 2, ..settings(&server.url()) };
    let brief = SmtpSettings { idle: Duration::ZERO, ..settings(&server.url()) };
    for (settings, connections) in [(few, 2), (brief, 4)] {
        let before = server.connections();
        let transport = Transport::Smtp(Smtp::new(settings));
        for rank in 0..4 {
            transport.deliver(&message(&format!("event-{rank}"), COMPANY)).await.unwrap();
        }
        assert_eq!(server.connections() - before, connections);
    }
}

#[tokio::test]
async fn many_at_once_share_a_few_connections() {
    let server = SmtpServer::start().await;
    let settings = SmtpSettings { max_connections: 3, ..settings(&server.url()) };
    let transport = Transport::Smtp(Smtp::new(settings));
    let outgoing: Vec<Outgoing> = (0..30).map(|rank| message(&format!("event-{rank}"), COMPANY)).collect();
    for outcome in join_all(outgoing.iter().map(|one| transport.deliver(one))).await {
        outcome.unwrap();
    }
    assert_eq!(server.received().len(), 30);
    assert!(server.connections() <= 3, "{}", server.connections());
}

#[tokio::test]
async fn a_server_that_is_down_is_tried_again_and_heals() {
    let server = SmtpServer::start().await;
    let transport = transport(&server.url());
    transport.deliver(&message("before", COMPANY)).await.unwrap();
    server.stop().await;
    let error = transport.deliver(&message("during", COMPANY)).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::Retry);
    server.start_again().await;
    transport.deliver(&message("during", COMPANY)).await.unwrap();
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn a_delivery_ends_before_the_lease() {
    let server = SmtpServer::start().await;
    let mut settings = settings(&server.url());
    settings.timeouts.command = Duration::from_secs(60);
    settings.timeouts.whole = Duration::from_millis(300);
    server.add(Rule::at(Stage::Rcpt, Act::Hang));
    let start = Instant::now();
    let error = Transport::Smtp(Smtp::new(settings)).deliver(&message("event-1", COMPANY)).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::Retry);
    assert!(start.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn closing_says_goodbye_and_a_later_message_opens_again() {
    let server = SmtpServer::start().await;
    let transport = transport(&server.url());
    transport.deliver(&message("event-1", COMPANY)).await.unwrap();
    transport.close().await;
    transport.deliver(&message("event-2", COMPANY)).await.unwrap();
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn an_accented_address_goes_only_where_it_is_understood() {
    let server = SmtpServer::start().await;
    let error = transport(&server.url()).deliver(&message("event-1", "hélène@bois.example")).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::GiveUp);
    assert_eq!(server.occasions(Stage::Mail), 0);
}

/// The closing dot is written apart: without `TCP_NODELAY` each message waits 40 ms.
#[tokio::test]
async fn a_message_takes_far_less_than_a_delayed_acknowledgement() {
    let server = SmtpServer::start().await;
    let transport = transport(&server.url());
    let mut best = Duration::MAX;
    for round in 0..3 {
        let start = Instant::now();
        for rank in 0..100 {
            let outgoing = message(&format!("event-{round}-{rank}"), COMPANY);
            transport.deliver(&outgoing).await.unwrap();
        }
        best = best.min(start.elapsed());
    }
    assert!(best < Duration::from_millis(1_000), "100 messages in {best:?}");
}

mod encrypted {
    use super::*;

    fn trusting(url: &str, certificate: &Certificate) -> SmtpSettings {
        SmtpSettings { extra_roots: vec![certificate.der()], ..settings(url) }
    }

    async fn server(start_tls: Option<Certificate>, implicit_tls: Option<Certificate>) -> SmtpServer {
        SmtpServer::start_with(Options { start_tls, implicit_tls, account: None }).await
    }

    async fn refused(settings: SmtpSettings, server: &SmtpServer) -> DeliveryError {
        let error = Transport::Smtp(Smtp::new(settings)).deliver(&message("event-1", COMPANY)).await.unwrap_err();
        assert!(matches!(error, DeliveryError::Temporary { .. }), "{error:?}");
        assert_eq!(server.occasions(Stage::Mail), 0, "nothing was said in clear");
        assert_eq!(server.received().len(), 0);
        error
    }

    #[tokio::test]
    async fn both_ways_of_encrypting_deliver() {
        let certificate = Certificate::new("127.0.0.1");
        let upgraded = server(Some(certificate.clone()), None).await;
        let implicit = server(None, Some(certificate.clone())).await;
        let port = |server: &SmtpServer| server.port();
        for (url, server) in [
            (format!("smtp+starttls://127.0.0.1:{}", port(&upgraded)), &upgraded),
            (format!("smtp://127.0.0.1:{}", port(&upgraded)), &upgraded),
            (format!("smtps://127.0.0.1:{}", port(&implicit)), &implicit),
        ] {
            let transport = Transport::Smtp(Smtp::new(trusting(&url, &certificate)));
            for event in ["event-1", "event-2"] {
                transport.deliver(&message(event, COMPANY)).await.unwrap();
            }
            assert!(server.received().iter().all(|received| received.encrypted), "{url}");
        }
        assert_eq!(upgraded.connections(), 2);
        assert_eq!(implicit.connections(), 1);
    }

    #[tokio::test]
    async fn a_certificate_that_cannot_be_believed_stops_everything() {
        let unknown = Certificate::new("127.0.0.1");
        let other_name = Certificate::new("mail.example");
        let expired = Certificate::expired("127.0.0.1");
        for (certificate, trusted) in [(unknown, false), (other_name, true), (expired, true)] {
            let upgraded = server(Some(certificate.clone()), None).await;
            let implicit = server(None, Some(certificate.clone())).await;
            for (scheme, server) in [("smtp+starttls", &upgraded), ("smtp", &upgraded), ("smtps", &implicit)] {
                let url = format!("{scheme}://127.0.0.1:{}", server.port());
                let with = if trusted { trusting(&url, &certificate) } else { settings(&url) };
                let error = refused(with, server).await;
                assert!(error.to_string().contains("certificate"), "{scheme} {error}");
            }
        }
    }

    #[tokio::test]
    async fn encryption_taken_away_or_refused_sends_nothing() {
        let stripped = SmtpServer::start().await;
        let url = format!("smtp+starttls://127.0.0.1:{}", stripped.port());
        refused(settings(&url), &stripped).await;

        let certificate = Certificate::new("127.0.0.1");
        let busy = server(Some(certificate.clone()), None).await;
        busy.add(Rule::reply(Stage::StartTls, "454 4.7.0 not now"));
        for scheme in ["smtp+starttls", "smtp"] {
            let url = format!("{scheme}://127.0.0.1:{}", busy.port());
            let error = refused(trusting(&url, &certificate), &busy).await;
            assert_eq!(code(&error), Some(454));
        }
    }

    #[tokio::test]
    async fn what_is_slipped_in_before_encryption_is_not_believed() {
        let certificate = Certificate::new("127.0.0.1");
        let server = server(Some(certificate.clone()), None).await;
        server.add(Rule::at(Stage::StartTls, Act::Inject(b"250 forged\r\n".to_vec())));
        let url = format!("smtp+starttls://127.0.0.1:{}", server.port());
        refused(trusting(&url, &certificate), &server).await;
    }

    #[tokio::test]
    async fn a_sign_in_is_tried_again_whatever_the_answer() {
        let certificate = Certificate::new("127.0.0.1");
        let server = SmtpServer::start_with(Options {
            start_tls: Some(certificate.clone()),
            implicit_tls: None,
            account: Some(("jalon".into(), "juste".into())),
        })
        .await;
        let url = |password| format!("smtp+starttls://jalon:{password}@127.0.0.1:{}", server.port());
        let error = refused(trusting(&url("faux"), &certificate), &server).await;
        assert_eq!(code(&error), Some(535));
        server.add(Rule::reply(Stage::Auth, "454 4.7.0 later").once());
        let error = refused(trusting(&url("juste"), &certificate), &server).await;
        assert_eq!(code(&error), Some(454));
        let transport = Transport::Smtp(Smtp::new(trusting(&url("juste"), &certificate)));
        transport.deliver(&message("event-1", COMPANY)).await.unwrap();
        assert_eq!(server.received()[0].user.as_deref(), Some("jalon"));
        assert!(server.received()[0].encrypted);
    }

    #[tokio::test]
    async fn a_password_never_travels_in_clear_beyond_this_machine() {
        let server =
            SmtpServer::start_with(Options { account: Some(("jalon".into(), "juste".into())), ..Options::default() })
                .await;
        let mut settings = settings(&format!("smtp://jalon:juste@127.0.0.1:{}", server.port()));
        // Another spelling of the loopback, which the settings take for a machine elsewhere.
        settings.host = "127.1".into();
        refused(settings, &server).await;
        assert_eq!(server.occasions(Stage::Auth), 0);
    }
}
