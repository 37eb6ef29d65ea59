//! Who may take each step: every step of a path and of an order, for everyone, on their lot and on the other; every step behind
//! a link, for everyone who holds one.
//!
//! Rules kept here: a step that one never takes has no page, whatever ticket comes with it; a step that one may take is refused
//! without a ticket, and with that of another session, of another step or of the same step elsewhere. Tickets are made here as by
//! someone who reads their own cookie: rights do not rest on them.

use std::fmt::Write as _;

use axum::http::StatusCode;
use data_encoding::BASE64URL_NOPAD;
use domain::order::OrderTransition;
use domain::path::Step;
use domain::people::OutsideRole;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use strum::IntoEnumIterator;

use super::outcome;
use super::sent::Sent;
use super::world::{World, filled};
use crate::kit::{Kit, step_address};

/// The address of every step, with `{path}` and `{order}` to fill.
pub(super) fn addresses() -> impl Iterator<Item = String> {
    let of_paths = Step::all().map(|step| format!("/parcours/{{path}}/etapes/{step}"));
    of_paths.chain(OrderTransition::iter().map(|step| format!("/commandes/{{order}}/etapes/{step}")))
}

/// The ticket that the holder of a secret makes for a form.
fn ticket(secret: &str, purpose: &str) -> String {
    const RANDOM: [u8; 16] = [7; 16];
    let mut code = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("an HMAC takes a key of any length");
    for part in [b"jalon form 1", &RANDOM[..], purpose.as_bytes()] {
        code.update(part);
    }
    BASE64URL_NOPAD.encode(&[&RANDOM[..], &code.finalize().into_bytes()[..RANDOM.len()]].concat())
}

/// A form that asks to perform at once, with a ticket.
fn sent(ticket: Option<&str>) -> Sent {
    Sent { fields: vec![("faire".to_owned(), "oui".to_owned())], multipart: false }.with_ticket(ticket)
}

/// One line for all who get the same: the answers to GET and to POST with a good ticket, then to whom.
#[derive(Default)]
struct Line(Vec<(String, Vec<&'static str>)>);

impl Line {
    fn keep(&mut self, answer: String, who: &'static str) {
        match self.0.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, people)) => people.push(who),
            None => self.0.push((answer, vec![who])),
        }
    }

    fn write(self, table: &mut String, what: &str) {
        let answers = self.0.iter().map(|(answer, people)| format!("{answer} {}", people.join(" ")));
        writeln!(table, "{what}: {}", answers.collect::<Vec<_>>().join("; ")).expect("a text grows");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_is_taken_by_those_who_may_and_by_nobody_else() {
    let world = Box::pin(World::new()).await;
    let before = world.written().await;
    let mut table = String::new();
    for address in addresses() {
        let [own, other] = [0, 1].map(|lot| filled(&address, &world.lots[lot]));
        let another_step = format!("{own}_");
        let mut line = Line::default();
        for someone in &world.everyone {
            let [secret, second] = &someone.secrets;
            let mut answers = Vec::new();
            for address in [&own, &other] {
                let said = format!("{address} as {}", someone.name);
                let page = world.try_line("GET", address, Some(secret)).await;
                let get = outcome(&world, &said, Some(secret), &page).await;
                let form = sent(Some(&ticket(secret, address)));
                let page = world.send("POST", address, Some(secret), &form, "same-origin").await;
                let post = outcome(&world, &said, Some(secret), &page).await;
                assert_ne!(post, "403", "{said}: a ticket made from the secret is one");
                assert_eq!(get == "404", post == "404", "{said}: GET {get}, POST {post}");
                answers.push(format!("{get} {post}"));
            }
            for (why, made) in [
                ("no ticket", None),
                ("the ticket of another session", Some(ticket(second, &own))),
                ("the ticket of another step", Some(ticket(secret, &another_step))),
                ("the ticket of the other lot", Some(ticket(secret, &other))),
            ] {
                let page = world.send("POST", &own, Some(secret), &sent(made.as_deref()), "same-origin").await;
                let expected = if answers[0].starts_with("404") { 404 } else { 403 };
                assert_eq!(page.status.as_u16(), expected, "{own} as {}, {why}", someone.name);
            }
            answers.dedup();
            line.keep(answers.join(", elsewhere "), someone.name);
        }
        for (method, form) in [("GET", Sent::default()), ("POST", sent(Some(&ticket("", &own))))] {
            let page = world.send(method, &own, None, &form, "same-origin").await;
            assert_eq!(page.location().split('?').next(), Some("/connexion"), "{method} {own} signed out");
        }
        line.write(&mut table, &address);
    }
    assert_eq!(world.written().await, before, "nothing was written");
    insta::assert_snapshot!(table);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_behind_a_link_is_taken_by_its_holder_alone() {
    let (mut kit, _, _) = Box::pin(Kit::in_training()).await;
    kit.name_colleagues().await;
    let mut holders: Vec<(&'static str, String)> = Vec::new();
    for role in OutsideRole::iter() {
        holders.push((role.into(), kit.token_of(role).await));
    }
    let before = kit.events().await;
    let mut table = String::new();
    for step in Step::all() {
        let mut line = Line::default();
        for (rank, (name, token)) in holders.iter().enumerate() {
            let (_, another) = &holders[(rank + 1) % holders.len()];
            let address = step_address(token, step);
            let page = kit.get(&address).await;
            let get = match page.status {
                StatusCode::SEE_OTHER => "303".to_owned(),
                status => status.as_u16().to_string(),
            };
            // A version that was never shown: the answer is looked at, and nothing recorded.
            let mut form = sent(Some(&ticket(token, step.id())));
            form.fields.push(("version".to_owned(), "999".to_owned()));
            let post = kit.post(&address, &form.fields).await.status.as_u16().to_string();
            assert_ne!(post, "403", "{step} by the {name}: a ticket made from the token is one");
            for (why, made) in [
                ("no ticket", None),
                ("the ticket of another link", Some(ticket(another, step.id()))),
                ("the ticket of another step", Some(ticket(token, "another_step"))),
            ] {
                let page = kit.post(&address, &sent(made.as_deref()).fields).await;
                let expected = if post == "404" { 404 } else { 403 };
                assert_eq!(page.status.as_u16(), expected, "{step} by the {name}, {why}");
            }
            line.keep(format!("{get} {post}"), name);
        }
        line.write(&mut table, step.id());
    }
    assert_eq!(kit.events().await, before, "nothing was recorded");
    insta::assert_snapshot!(table);
}
