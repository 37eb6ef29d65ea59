//! One step on several paths: what is foreseen is what happens, each person is told once, and nobody is done twice.

use app::bulk::{Asked, Foreseen, Several};
use app::{AppError, Options, Outcome, Target, Visitor};
use domain::form::Form;
use domain::identifiers::PathReference;
use domain::market::OptionCode;
use domain::path::refusal::Need;
use domain::path::{Act, Path, Refusal, State, Step, Transition};
use domain::people::{Account, RecipientRole, Side, StaffRole};
use domain::samples;
use futures::future::join_all;
use persistence::Message;
use serde_json::json;
use tests::world::{Home, Setup, World, form, staff};

use crate::invariants::{Allowed, check_all, messages};
use crate::kit::on_both;

const STEP: Step = Step::Transition(Transition::OrderFeasibility);
const TWO_STUDIES: &str = "P1 2\nM1 5\nM2 5\nN1 5\nN2 5\nN3 5";

async fn opened(world: &World, count: usize) -> Vec<Path> {
    let mut paths = Vec::new();
    for _ in 0..count {
        paths.push(world.open().await);
    }
    paths
}

pub(crate) fn unread(paths: &[Path]) -> Vec<Asked> {
    paths.iter().map(|path| path.reference.clone().into()).collect()
}

/// The paths as a form names them, with what was foreseen of each.
pub(crate) fn read(foreseen: &Several<Foreseen>) -> Vec<Asked> {
    let line = |line: &app::bulk::Line<Foreseen>| Asked {
        reference: line.path.reference.clone(),
        version: Some(line.path.version),
        promise: line.result.as_ref().ok().map(|foreseen| foreseen.promise.clone()),
    };
    foreseen.lines.iter().map(line).collect()
}

/// What was told since there were so many messages.
async fn told(world: &World, before: usize) -> Vec<Message> {
    messages(world).await.split_off(before)
}

pub(crate) async fn foreseen(world: &World, asked: &[Asked]) -> Several<Foreseen> {
    let officer = staff(Side::Region, 1).actor();
    world
        .app
        .rehearse_several(&officer, asked, STEP, &form(STEP, world.today().await, &json!({})), None)
        .await
        .expect("it is foreseen")
}

pub(crate) async fn done(world: &World, asked: &[Asked], key: &str) -> Several<Outcome> {
    let officer = staff(Side::Region, 1).actor();
    let form = form(STEP, world.today().await, &json!({}));
    world.app.advance_several(&officer, asked, STEP, &form, None, key).await.expect("it is done")
}

async fn states(world: &World, paths: &[Path]) -> Vec<State> {
    let mut states = Vec::new();
    for path in paths {
        states.push(world.stored(path).await.state);
    }
    states
}

async fn l16_what_is_foreseen_of_several_is_what_happens(world: World, _home: &Home) {
    let paths = opened(&world, 3).await;
    let before = messages(&world).await.len();
    let ahead = foreseen(&world, &unread(&paths)).await;
    let left: Vec<_> =
        ahead.lines.iter().filter_map(|line| line.result.as_ref().ok()).map(|foreseen| foreseen.left.clone()).collect();
    assert_eq!(left, [[(OptionCode::P1, 1)], [(OptionCode::P1, 0)]], "each sees what those before it draw");
    let Err(AppError::Refused(refusal)) = &ahead.lines[2].result else { panic!("no unit is left for the third") };
    assert!(
        matches!(&**refusal, Refusal::Missing { needs } if needs.contains(&Need::FreeUnit { option: OptionCode::P1 })),
        "{refusal:?}"
    );
    assert_eq!(states(&world, &paths).await, [State::NeedReported; 3], "a rehearsal takes everything back");
    assert_eq!(messages(&world).await.len(), before);
    let announced: Vec<_> =
        ahead.summaries.iter().map(|message| (message.email.clone(), message.subject.clone())).collect();

    let result = done(&world, &read(&ahead), "ticket").await;
    assert_eq!(result.lines.iter().map(|line| line.result.is_ok()).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(
        states(&world, &paths).await,
        [State::FeasibilityOrdered, State::FeasibilityOrdered, State::NeedReported]
    );
    let told = told(&world, before).await;
    let body: Vec<&Message> = told.iter().filter(|message| message.content.to.role == RecipientRole::Body).collect();
    assert_eq!(body.len(), 1, "one summary for the coordinator (L16)");
    let summary = &body[0].content;
    assert_eq!((summary.kind.as_str(), &summary.to.email), ("step_on_several", &staff(Side::Body, 1).email));
    assert_eq!(announced, [(summary.to.email.to_string(), summary.subject.clone())]);
    let names = |path: &Path| summary.text.contains(&format!("/parcours/{}", path.reference));
    assert_eq!(paths.iter().map(names).collect::<Vec<_>>(), [true, true, false], "{}", summary.text);
    assert_eq!(told.len(), 3, "and the company hears of each path, whose link is its own");
    assert!(
        told.iter()
            .all(|message| message.content.to.role != RecipientRole::Company || message.content.about.path.is_some())
    );

    // The same form again is its first answer; another one finds them done.
    let again = done(&world, &read(&ahead), "ticket").await;
    let replayed = |line: &app::bulk::Line<Outcome>| line.result.as_ref().is_ok_and(|outcome| outcome.replayed);
    assert_eq!(again.lines.iter().map(replayed).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(messages(&world).await.len(), before + 3);
    check_all(&world, None, Allowed::default()).await;
}
on_both!(
    foreseen_is_done,
    Setup { units: TWO_STUDIES, ..Setup::default() },
    l16_what_is_foreseen_of_several_is_what_happens
);

async fn a_path_that_moved_is_left_and_the_others_go(world: World, _home: &Home) {
    let paths = opened(&world, 3).await;
    let read = read(&foreseen(&world, &unread(&paths)).await);
    let note = Step::from(Act::AddNote);
    let officer = staff(Side::Region, 1).actor();
    world
        .act(
            &officer,
            &Target::Path(paths[0].reference.clone()),
            note,
            &form(note, world.today().await, &json!({})),
            &Options::default(),
        )
        .await
        .expect("a note is added");
    let mut asked = read.clone();
    asked[1].promise = Some("something else".to_owned());
    let before = messages(&world).await.len();
    let result = done(&world, &asked, "ticket").await;
    let conflict = |at: usize| match &result.lines[at].result {
        Err(AppError::Conflict(conflict)) => (conflict.seen, conflict.current),
        other => panic!("{at} was not what had been read: {other:?}"),
    };
    let version = paths[0].version;
    assert_eq!(conflict(0), (version, version + 1), "it moved");
    assert_eq!(conflict(1), (version, version), "it did not move, but something else would happen");
    assert!(result.lines[2].result.is_ok());
    assert_eq!(states(&world, &paths).await, [State::NeedReported, State::NeedReported, State::FeasibilityOrdered]);
    let told = told(&world, before).await;
    let kinds: Vec<&str> = told.iter().map(|message| message.content.kind.as_str()).collect();
    assert_eq!(kinds, ["feasibility_ordered"; 2], "about one path alone, its own message");
    check_all(&world, None, Allowed::default()).await;
}
on_both!(moved, Setup::default(), a_path_that_moved_is_left_and_the_others_go);

async fn two_selections_at_once_do_each_path_once(world: World, _home: &Home) {
    let paths = opened(&world, 6).await;
    let asked = read(&foreseen(&world, &unread(&paths)).await);
    let turned: Vec<Asked> = asked.iter().rev().cloned().collect();
    let before = messages(&world).await.len();
    let results = join_all([done(&world, &asked, "one"), done(&world, &turned, "two")]).await;
    let done: Vec<PathReference> = results
        .iter()
        .flat_map(|result| &result.lines)
        .filter(|line| line.result.is_ok())
        .map(|line| line.path.reference.clone())
        .collect();
    assert_eq!(done.len(), 6, "each path once");
    assert_eq!(states(&world, &paths).await, [State::FeasibilityOrdered; 6]);
    let told = told(&world, before).await;
    assert_eq!(told.iter().filter(|message| message.content.kind == "step_on_several").count(), 1);
    check_all(&world, None, Allowed::default()).await;
}
on_both!(at_once, Setup::default(), two_selections_at_once_do_each_path_once);

async fn a_portfolio_goes_with_one_message_each(world: World, _home: &Home) {
    let visitor = Visitor { address: String::new(), browser: String::new(), device: None };
    let coordinator = staff(Side::Body, 1);
    let account = async |role, email: &str, name: &str| -> Account {
        let body = (role == StaffRole::Coordinator).then(|| coordinator.body.clone()).flatten();
        let email = samples::email(email);
        let new =
            app::NewAccount { email, name: name.to_owned(), role, body, lots: Vec::new(), phone: None, ends_on: None };
        world.app.create_account(new).await.expect("the account is new")
    };
    let admin = account(StaffRole::Administrator, "admin@region.example", "Admin").await;
    let heir = account(StaffRole::Coordinator, "relais@retravailler.example", "Hugo Petit").await;
    let stranger = staff(Side::Body, 2);
    let paths = opened(&world, 4).await;
    let ended = world.open().await;
    world.ok(Side::Region, Some(&ended), Transition::DeclineNeed, json!({})).await;
    let before = messages(&world).await.len();

    let refused = world.app.hand_over(&admin, coordinator.id, stranger.id, &visitor).await;
    assert!(matches!(refused, Err(AppError::NotFound)), "nobody of another body");
    assert!(matches!(world.app.hand_over(&heir, coordinator.id, heir.id, &visitor).await, Err(AppError::NotFound)));
    assert_eq!(messages(&world).await.len(), before, "and nothing went");

    let (portfolio, to) = world.app.hand_over(&admin, coordinator.id, heir.id, &visitor).await.expect("they go");
    assert_eq!((portfolio.paths.len(), to.id), (4, heir.id));
    for path in &paths {
        assert_eq!(world.stored(path).await.coordinator, Some(heir.id));
    }
    assert_eq!(world.stored(&ended).await.coordinator, Some(coordinator.id), "what has ended stays as it was");
    let told = told(&world, before).await;
    let readers: Vec<(&str, &str)> =
        told.iter().map(|message| (message.content.kind.as_str(), message.content.to.email.as_ref())).collect();
    assert_eq!(
        readers,
        [("portfolio_received", heir.email.as_ref()), ("portfolio_received", coordinator.email.as_ref())],
        "one message each, and none outside (L16)"
    );
    for message in &told {
        let content = &message.content;
        assert!(paths.iter().all(|path| content.text.contains(&path.reference.to_string())), "{}", content.text);
        assert!(!content.text.contains(&ended.reference.to_string()));
    }
    assert!(told[0].content.text.contains("Vous coordonnez désormais 4\u{a0}parcours"), "{}", told[0].content.text);
    assert!(
        told[1].content.text.contains("Hugo Petit coordonne désormais 4\u{a0}parcours"),
        "{}",
        told[1].content.text
    );

    let (again, _) = world.app.hand_over(&admin, coordinator.id, heir.id, &visitor).await.expect("nothing is left");
    assert_eq!((again.paths.len(), messages(&world).await.len()), (0, before + 2));
    check_all(&world, None, Allowed::default()).await;
}
on_both!(portfolio, Setup::default(), a_portfolio_goes_with_one_message_each);

async fn what_is_wrong_with_the_form_is_said_once(world: World, _home: &Home) {
    let paths = opened(&world, 2).await;
    let officer = staff(Side::Region, 1).actor();
    let note = Step::from(Act::AddNote);
    let empty = world.app.advance_several(&officer, &unread(&paths), note, &Form::new(), None, "ticket").await;
    let Err(AppError::Refused(refusal)) = empty else { panic!("a note says something") };
    assert!(matches!(*refusal, Refusal::Form { .. }), "{refusal:?}");
    let company = tests::world::actor(Side::Company, Some(&paths[0])).expect("a contact");
    let outside = world.app.rehearse_several(&company, &unread(&paths), STEP, &Form::new(), None).await;
    assert!(matches!(outside, Err(AppError::NotFound)), "a selection is for the staff");
}
on_both!(wrong_form, Setup::default(), what_is_wrong_with_the_form_is_said_once);
