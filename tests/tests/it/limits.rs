//! Limits against abuse, held under a race as well: documents of a path, new links of one address, copies of one message.

use std::time::Duration;

use app::{Again, AppError, Options, Resend, Settings, Target};
use chrono::TimeDelta;
use domain::path::command::DocumentKind;
use domain::path::{Act, Path, Transition};
use domain::people::Side;
use futures::future::join_all;
use persistence::Message;
use serde_json::json;
use tests::smtp::SmtpServer;
use tests::world::{Home, Setup, World, document, form, settings, staff, transport};

use crate::invariants::messages;
use crate::kit::on_both;

async fn add_document(world: &World, path: &Path, name: &str) -> Result<(), AppError> {
    let (attachment, value) = document(name, DocumentKind::Other);
    let step = Act::AddDocument.into();
    let form = form(step, world.today().await, &json!({ "kind": "other", "document": value }));
    let options = Options { attachments: vec![attachment], ..Options::default() };
    let target = Target::Path(path.reference.clone());
    world.app.advance(&staff(Side::Body, 1).actor(), &target, step, &form, &options).await.map(|_| ())
}

async fn documents(world: World, _home: &Home) {
    let world = world.with_settings(Settings { documents_per_path: 3, ..settings() });
    let path = world.open().await;
    add_document(&world, &path, "premier.pdf").await.expect("there is room");
    let names: Vec<String> = (0..8).map(|number| format!("piece-{number}.pdf")).collect();
    let racing = join_all(names.iter().map(|name| add_document(&world, &path, name))).await;
    let kept = racing.iter().filter(|outcome| outcome.is_ok()).count();
    for outcome in racing.iter().filter_map(|outcome| outcome.as_ref().err()) {
        let expected = matches!(outcome, AppError::TooManyDocuments { most: 3 } | AppError::Contended);
        assert!(expected, "{outcome:?}");
    }
    assert!(kept <= 2, "{kept} of eight passed where two had room");
    for name in &names[..2 - kept] {
        add_document(&world, &path, name).await.expect("there is room");
    }
    let full = add_document(&world, &path, "de-trop.pdf").await.unwrap_err();
    assert!(matches!(full, AppError::TooManyDocuments { most: 3 }), "{full:?}");
    let before = world.stored(&path).await.version;
    assert_eq!(before, path.version + 3, "what was refused left no event");
    // Another path has its own count.
    let other = world.open().await;
    add_document(&world, &other, "premier.pdf").await.expect("there is room");
}
on_both!(documents_of_a_path, Setup::default(), documents);

/// The last message with a link for the company, and its token.
async fn link(world: &World, path: &Path) -> (Message, String) {
    let mut all = messages(world).await.into_iter();
    let last = all.rfind(|it| it.content.to.person == Some(path.contact.id) && it.content.link.is_some());
    let last = last.expect("a message with a link");
    let token = world.app.link_of_message(last.content.id).await.expect("the store answers").expect("a link");
    (last, token)
}

async fn new_links(world: World, _home: &Home) {
    let path = world.ok(Side::Body, None, Transition::ReportNeed, json!({})).await;
    let (_, token) = link(&world, &path).await;
    world.later(i64::from(settings().link_days) + 2).await;
    let asked = join_all((0..12).map(|_| world.app.renew_link(&token))).await;
    let sent = asked.iter().filter(|answer| matches!(answer, Ok(true))).count();
    let refused = asked.iter().filter(|answer| matches!(answer, Ok(false))).count();
    assert_eq!((sent, refused), (3, 9), "{asked:?}");
    let renewed = messages(&world).await.into_iter().filter(|message| message.content.kind == "link_renewed").count();
    assert_eq!(renewed, 3);
    world.wait(TimeDelta::minutes(59)).await;
    assert!(!world.app.renew_link(&token).await.expect("the store answers"), "within the hour");
    world.wait(TimeDelta::minutes(2)).await;
    assert!(world.app.renew_link(&token).await.expect("the store answers"), "after it");
    assert!(matches!(world.app.renew_link("inconnu").await, Err(AppError::NotFound)));
}
on_both!(new_links_of_an_address, Setup::default(), new_links);

async fn copies(world: World, _home: &Home) {
    let world = world.with_settings(Settings { resends_apart: Duration::from_secs(3600), ..settings() });
    let path = world.ok(Side::Body, None, Transition::ReportNeed, json!({})).await;
    let (message, _) = link(&world, &path).await;
    let server = SmtpServer::start().await;
    let deliver = async || world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    deliver().await;
    let coordinator = staff(Side::Body, 1).actor();
    let again = async || world.app.resend(&coordinator, message.content.id, "Perdu.").await.expect("it is there");
    assert!(matches!(again().await, Resend::Not(Again::TooSoon { .. })));
    world.wait(TimeDelta::minutes(61)).await;
    assert!(matches!(again().await, Resend::Queued(_)));
    assert!(matches!(again().await, Resend::Not(Again::Waiting)));
    deliver().await;
    assert!(matches!(again().await, Resend::Not(Again::TooSoon { .. })));
}
on_both!(copies_of_a_message, Setup::default(), copies);
