//! The signature of the domain, verified as a receiver does: from the bytes that arrived and the record that is published.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use domain::path::Transition;
use domain::people::Side;
use notifier::transport::{Dkim, Smtp, SmtpSettings, Transport};
use ring::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::json;
use sha2::{Digest, Sha256};
use tests::smtp::{Act as Does, Rule, SmtpServer, Stage};
use tests::world::{Home, Setup, World};

use crate::invariants::{Allowed, check_all};
use crate::kit::on_both;

const ED25519_KEY: &str = include_str!("../../../crates/notifier/src/transport/dkim/ed25519.pem");
const RSA_KEY: &str = include_str!("../../../crates/notifier/src/transport/dkim/rsa.pem");

fn signing(server: &SmtpServer, dkim: &Dkim) -> Transport {
    let settings = SmtpSettings::from_url(&server.url(), "jalon.example").expect("an address");
    Transport::Smtp(Smtp::new(SmtpSettings { dkim: Some(dkim.clone()), ..settings }))
}

/// The tags of a signature or of a record.
fn tags(text: &str) -> BTreeMap<String, String> {
    let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.split_whitespace().collect())).collect()
}

/// Whether a message carries a signature that holds under a published record (RFC 6376, section 6.1).
fn holds(raw: &[u8], record: &str) -> Result<(), String> {
    let text = std::str::from_utf8(raw).map_err(|error| error.to_string())?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or("no body")?;
    let mut fields: Vec<String> = Vec::new();
    for line in head.split("\r\n") {
        match fields.last_mut() {
            Some(field) if line.starts_with([' ', '\t']) => field.push_str(line),
            _ => fields.push(line.to_owned()),
        }
    }
    let canonical = |field: &str| {
        let (name, value) = field.split_once(':').expect("a field has a name");
        format!("{}:{}", name.trim().to_lowercase(), value.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let own = fields.iter().find(|field| field.starts_with("DKIM-Signature:")).ok_or("no signature")?.clone();
    let signature = tags(own.split_once(':').expect("a field").1);
    let published = tags(record);
    let tag = |name: &str| signature.get(name).cloned().ok_or(format!("no tag {name}"));

    let mut lines: Vec<String> = Vec::new();
    for line in body.split("\r\n") {
        let lead = if line.starts_with([' ', '\t']) && !line.trim().is_empty() { " " } else { "" };
        lines.push(format!(
            "{lead}{}",
            line.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
        ));
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let digest = BASE64.encode(&Sha256::digest(lines.iter().map(|line| format!("{line}\r\n")).collect::<String>()));
    if digest != tag("bh")? {
        return Err("the body was changed".to_owned());
    }

    let mut left = fields.clone();
    let mut input = String::new();
    for name in tag("h")?.split(':') {
        let starts =
            |field: &String| field.split_once(':').is_some_and(|(known, _)| known.trim().eq_ignore_ascii_case(name));
        if let Some(at) = left.iter().rposition(starts) {
            input.push_str(&canonical(&left.remove(at)));
            input.push_str("\r\n");
        }
    }
    let own = canonical(&own);
    input.push_str(&own[..own.rfind("b=").expect("a signature has its tag") + 2]);
    let bytes = BASE64.decode(tag("b")?.as_bytes()).map_err(|error| error.to_string())?;
    let key = BASE64.decode(published["p"].as_bytes()).map_err(|error| error.to_string())?;
    let verified = match (tag("a")?.as_str(), published["k"].as_str()) {
        ("ed25519-sha256", "ed25519") => UnparsedPublicKey::new(&ED25519, &key).verify(&Sha256::digest(&input), &bytes),
        // The key itself follows the header of its SubjectPublicKeyInfo, 24 bytes for 2048 bits.
        ("rsa-sha256", "rsa") => {
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &key[24..]).verify(input.as_bytes(), &bytes)
        }
        other => return Err(format!("{other:?}")),
    };
    verified.map_err(|_| "the signature does not hold".to_owned())
}

async fn every_message_is_signed(world: World, _home: &Home) {
    let server = SmtpServer::start().await;
    // The first one is taken and its answer lost: it is sent again, the same.
    server.add(Rule::at(Stage::AfterDot, Does::TakeAndClose).once());
    world.ok(Side::Body, None, Transition::ReportNeed, json!({})).await;
    let dkim = Dkim::new(ED25519_KEY, "jalon.example", "essai").expect("a key");
    world.app.deliver(&signing(&server, &dkim), u32::MAX).await.expect("the store answers");
    world.wait(chrono::TimeDelta::hours(2)).await;
    world.app.deliver(&signing(&server, &dkim), u32::MAX).await.expect("the store answers");
    let received = server.received();
    assert!(received.len() > 2);
    for message in &received {
        assert_eq!(holds(&message.raw, &dkim.record()), Ok(()), "{}", String::from_utf8_lossy(&message.raw));
    }
    check_all(&world, Some(&server), Allowed { copies: 1, waiting: false }).await;
}
on_both!(signed_messages, Setup::default(), every_message_is_signed);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_on_the_way_breaks_the_signature() {
    let home = Home::new(tests::world::Database::Sqlite).await.expect("a home");
    let world = World::new(home.url(), &Setup::default()).await;
    let server = SmtpServer::start().await;
    world.ok(Side::Body, None, Transition::ReportNeed, json!({})).await;
    let dkim = Dkim::new(RSA_KEY, "jalon.example", "essai").expect("a key");
    world.app.deliver(&signing(&server, &dkim), u32::MAX).await.expect("the store answers");
    let raw = String::from_utf8(server.received().remove(0).raw).expect("text");
    let record = dkim.record();
    let verdict = |raw: &str| holds(raw.as_bytes(), &record);
    assert_eq!(verdict(&raw), Ok(()));
    let relayed = format!("Received: from here by there\r\n{}", raw.replace("\r\nTo: ", "\r\nX-Relay: one\r\nTo:  "));
    assert_eq!(verdict(&relayed), Ok(()), "a relay adds its trace and folds again");
    for (what, from, to) in [
        ("a subject", "\r\nSubject: ", "\r\nSubject: Faux "),
        ("a second subject", "\r\nSubject: ", "\r\nSubject: Faux\r\nSubject: "),
        ("a second sender", "\r\nFrom: ", "\r\nFrom: faux@example.org\r\nFrom: "),
        ("a place to answer", "\r\nReply-To: ", "\r\nReply-To: faux@example.org\r\nX: "),
        ("an identifier", "\r\nMessage-ID: <", "\r\nMessage-ID: <0"),
        ("a text", "Content-Type: text/html", "Content-Type: text/plain"),
    ] {
        let changed = raw.replacen(from, to, 1);
        assert_ne!(changed, raw, "{what}");
        assert!(verdict(&changed).is_err(), "{what}");
    }
    let other = Dkim::new(ED25519_KEY, "jalon.example", "essai").expect("a key").record();
    assert!(holds(raw.as_bytes(), &other).is_err(), "another key published");
    world.app.store().clone().close().await.expect("the pool closes");
    home.remove().await;
}
