//! Corrections through the whole product: what was signed is asked again by a new message, an old link signs nothing, and a
//! path whose commune is of another lot changes hands.

use app::{AppError, Options};
use domain::form::Form;
use domain::path::command::RequestKind;
use domain::path::requests::asked;
use domain::path::{Act, Path, Refusal, State, Transition};
use domain::people::{RecipientRole, Side};
use serde_json::json;
use tests::smtp::SmtpServer;
use tests::world::{Home, Setup, World, staff, transport};

use crate::invariants::{Allowed, check_all};
use crate::kit::on_both;

/// The link of the last message to a role.
async fn link(world: &World, path: &Path, role: RecipientRole) -> String {
    let region = staff(Side::Region, 1).actor();
    let view = world.app.path(&region, &path.reference).await.expect("the Region sees the path");
    let to_role = view.messages.iter().filter(|message| message.content.to.role == role);
    let last = to_role.max_by_key(|message| message.seq).expect("a message to this role");
    world.app.link_of_message(last.content.id).await.expect("the store answers").expect("a link")
}

fn version(number: u32) -> Form {
    json!({ "version": number }).as_object().cloned().unwrap_or_default()
}

async fn a_corrected_job_is_signed_again_and_an_old_link_signs_nothing(world: World, _home: &Home) {
    let path = world.reach(State::CandidateSelected).await;
    let path = world.ok(Side::Body, Some(&path), Act::WritePif, json!({})).await;
    let old = link(&world, &path, RecipientRole::Trainee).await;
    world.app.answer_link(&old, Transition::SignPif.into(), &version(1), &Options::default()).await.expect("signed");
    let path = world.stored(&path).await;
    let correction = json!({"datum": "job", "value": "Pâtissier", "reason": "Intitulé inexact."});
    let path = world.ok(Side::Body, Some(&path), Act::CorrectDatum, correction).await;

    let access = world.app.open_link(&old).await.expect("an old link still opens the path");
    assert_eq!(access.problem, None);
    assert_eq!(access.sent_for, Some((RequestKind::SignPif, 1)));
    assert_eq!(access.asked.iter().map(|asked| asked.version).collect::<Vec<_>>(), [2], "it shows the new proposal");
    let signed = world.app.answer_link(&old, Transition::SignPif.into(), &version(1), &Options::default()).await;
    match signed {
        Err(AppError::Refused(refusal)) => assert_eq!(*refusal, Refusal::OtherVersion { current: 2 }),
        other => panic!("an old version is not signed: {other:?}"),
    }
    for role in [RecipientRole::Company, RecipientRole::Trainee] {
        let new = link(&world, &path, role).await;
        assert_ne!(new, old);
        let access = world.app.open_link(&new).await.expect("the new link opens");
        assert_eq!(access.sent_for, Some((RequestKind::SignPif, 2)), "a message asks {role} for the new version");
        world
            .app
            .answer_link(&new, Transition::SignPif.into(), &version(2), &Options::default())
            .await
            .expect("signed");
    }
    assert_eq!(asked(&world.stored(&path).await, RecipientRole::Trainee), []);
    settle(&world).await;
}
on_both!(signed_again, Setup::default(), a_corrected_job_is_signed_again_and_an_old_link_signs_nothing);

async fn a_path_changes_lot_with_its_commune(world: World, _home: &Home) {
    let path = world.open().await;
    let correction = json!({"datum": "commune", "value": "14118", "reason": "Mauvaise commune."});
    let moved = world.ok(Side::Body, Some(&path), Act::CorrectDatum, correction).await;
    assert_eq!((moved.lot.as_str(), moved.reference.clone()), ("2", path.reference.clone()));
    let left = world.app.path(&staff(Side::Body, 1).actor(), &path.reference).await;
    assert!(matches!(left, Err(AppError::NotFound)), "the body that it leaves sees it no more");
    let view =
        world.app.path(&staff(Side::Body, 2).actor(), &path.reference).await.expect("the body of its lot sees it");
    let bodies = view.messages.iter().filter(|message| message.content.to.role == RecipientRole::Body);
    let told: Vec<_> = bodies.map(|message| message.content.to.email.to_string()).collect();
    let holder = &world.market.lots[1].holder.email;
    assert!(told.contains(&holder.to_string()), "{told:?}");
    let coordinator = staff(Side::Body, 1).email.to_string();
    let farewell = view
        .messages
        .iter()
        .filter(|message| message.content.to.email.as_str() == coordinator)
        .max_by_key(|message| message.seq)
        .expect("the body that it leaves is told");
    assert!(farewell.content.text.contains("passe au lot 2"), "{}", farewell.content.text);
    assert!(farewell.content.link.is_none(), "there is nothing to open any more");
    let ordered = world.ok(Side::Region, Some(&moved), Transition::OrderFeasibility, json!({})).await;
    assert_eq!(ordered.lot.as_str(), "2", "its units are those of its new lot");
    settle(&world).await;
}
on_both!(lot_of_commune, Setup::default(), a_path_changes_lot_with_its_commune);

/// Delivers everything, then checks every invariant.
async fn settle(world: &World) {
    let server = SmtpServer::start().await;
    world.app.deliver(&transport(&server.url()), u32::MAX).await.expect("the store answers");
    check_all(world, Some(&server), Allowed::default()).await;
}
