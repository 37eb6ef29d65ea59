//! Texts of the Region, from the officer who writes one to the mail server: the next messages have its words and a link that
//! works, those before keep theirs; of officers who write at once, one is kept and the others read whom.

use app::{AppError, TextKept, TextSource};
use domain::path::{Path, Transition};
use domain::people::{Actor, Side};
use domain::texts::{Content, Subject};
use serde_json::json;
use tests::smtp::{Received, SmtpServer};
use tests::world::{Home, Setup, World, actor, transport};

use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

const COMPANY: &str = "anne.lemoine@boulangerie-lemoine.example";
const STANDARD: &str = "La Région commande une étude de faisabilité pour votre entreprise.";
const OWN: &str = "Une étude vous est offerte, faite par";

fn ordered() -> Subject {
    "feasibility_ordered/company".parse().expect("a subject")
}

fn typed(text: &str) -> TextSource {
    TextSource::Typed(Content {
        title: "Une étude pour vous".to_owned(),
        text: text.to_owned(),
        signature: String::new(),
    })
}

fn officer() -> Actor {
    actor(Side::Region, None).expect("an officer")
}

async fn keep(world: &World, source: &TextSource, seen: u32) -> TextKept {
    world.app.keep_text(&officer(), &ordered(), source, seen, "Plus simple.").await.expect("the store answers")
}

/// A path whose study was just ordered, and the message that the company received of it.
async fn told(world: &World, server: &SmtpServer) -> (Path, Received) {
    let path = world.ok(Side::Body, None, Transition::ReportNeed, json!({})).await;
    let path = world.ok(Side::Region, Some(&path), Transition::OrderFeasibility, json!({})).await;
    world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    let sent = messages(world).await.into_iter().find(|message| {
        message.content.about.path == Some(path.id)
            && message.content.kind == "feasibility_ordered"
            && message.content.to.email.as_str() == COMPANY
    });
    let sent = sent.expect("the company is told").content.message_id;
    let received = server.received().into_iter().find(|received| received.message_id() == sent);
    (path, received.expect("it left"))
}

/// The token of the link of a message.
fn token(text: &str) -> &str {
    let (_, link) = text.split_once("/acces/").unwrap_or_else(|| panic!("no link in\n{text}"));
    link.split_whitespace().next().expect("a token")
}

async fn the_next_messages_have_the_words_and_their_link(world: World, _home: &Home) {
    let server = SmtpServer::start().await;
    let (_, before) = told(&world, &server).await;
    assert!(before.text().contains(STANDARD), "{}", before.text());

    let text = "{destinataire}, bonjour.\n{lien}\nUne étude vous est offerte, faite par {organisme}.";
    assert_eq!(keep(&world, &typed(text), 0).await, TextKept::Kept);
    let (path, own) = told(&world, &server).await;
    assert_eq!(own.subject(), format!("{} — Une étude pour vous", path.reference));
    let said = own.text();
    assert!(said.contains(OWN) && !said.contains(STANDARD) && said.contains("Étude à remettre"), "{said}");
    assert_eq!((said.matches("/acces/").count(), said.contains("{{")), (1, false), "{said}");
    assert!(said.find("/acces/") < said.find(OWN), "the button stands where its variable is:\n{said}");
    assert!(own.html().contains(OWN) && own.html().contains(token(&said)), "{}", own.html());
    let access = world.app.open_link(token(&said)).await.expect("the link opens");
    assert_eq!(access.path.id, path.id);

    assert_eq!(keep(&world, &TextSource::Standard, 1).await, TextKept::Kept);
    let (_, after) = told(&world, &server).await;
    assert!(after.text().contains(STANDARD) && !after.text().contains(OWN), "{}", after.text());
    assert_eq!(keep(&world, &TextSource::Version(1), 2).await, TextKept::Kept);
    let (_, again) = told(&world, &server).await;
    assert!(again.text().contains(OWN), "{}", again.text());
    check_all(&world, Some(&server), Allowed::default()).await;
}

async fn one_of_those_who_write_at_once_is_kept(world: World, _home: &Home) {
    let mut writers = tokio::task::JoinSet::new();
    for rank in 0..20 {
        let app = world.app.clone();
        writers.spawn(async move {
            let source = typed(&format!("Le texte {rank}."));
            app.keep_text(&officer(), &ordered(), &source, 0, "Essai.").await
        });
    }
    let mut kept = 0;
    for answer in writers.join_all().await {
        match answer {
            Ok(TextKept::Kept) => kept += 1,
            Ok(TextKept::Overtaken(theirs)) => {
                assert_eq!((theirs.version.version, theirs.by.as_str()), (1, officer().name()));
            }
            Err(AppError::Contended | AppError::Store(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(kept, 1);
    let page = world.app.text_page(&officer(), &ordered()).await.expect("a text");
    assert_eq!((page.version(), page.history.len()), (1, 1));
}

async fn a_text_is_kept_by_officers_alone(world: World, _home: &Home) {
    for side in [Side::Body, Side::Finance] {
        let other = actor(side, None).expect("somebody");
        let answer = world.app.keep_text(&other, &ordered(), &typed("Un texte."), 0, "Essai.").await;
        assert!(matches!(answer, Err(AppError::NotFound)), "{side}: {answer:?}");
    }
    let wrong = world.app.keep_text(&officer(), &ordered(), &typed("Un {metir}."), 0, "Essai.").await;
    assert!(matches!(&wrong, Ok(TextKept::Wrong(problems)) if problems.len() == 1), "{wrong:?}");
    let unexplained = world.app.keep_text(&officer(), &ordered(), &typed("Un texte."), 0, " ").await;
    assert!(matches!(unexplained, Err(AppError::Invalid(_))), "{unexplained:?}");
    assert_eq!(world.app.text_page(&officer(), &ordered()).await.expect("a text").version(), 0);
}

on_both!(an_officer_words_a_message, Setup::default(), the_next_messages_have_the_words_and_their_link);
on_both!(officers_write_at_once, Setup::default(), one_of_those_who_write_at_once_is_kept);
on_both!(who_keeps_a_text, Setup::default(), a_text_is_kept_by_officers_alone);
