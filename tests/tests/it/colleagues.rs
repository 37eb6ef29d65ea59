//! A company whose contact names a signatory, human resources and accounting: from the need to the closing, who is asked, who
//! is told, what is stored (L27).

use domain::path::{Act, Path, State, Transition};
use domain::people::{Actor, OutsideRole, RecipientRole, Side};
use domain::told::FUNCTIONS;
use persistence::Message;
use serde_json::json;
use tests::world::{Home, Setup, World};

use crate::kit::on_both;

/// Who of the company was written to since a message, in the order of their roles.
async fn told(world: &World, path: &Path, after: &mut i64) -> Vec<OutsideRole> {
    let view = world.app.path(&Actor::System, &path.reference).await.expect("the path is there");
    let seen = *after;
    let new: Vec<&Message> = view.messages.iter().filter(|message| message.seq > seen).collect();
    *after = view.messages.iter().map(|message| message.seq).max().unwrap_or(seen);
    let company = new.into_iter().filter(|message| message.content.to.role == RecipientRole::Company);
    let mut told: Vec<OutsideRole> =
        company.filter_map(|message| view.path.role_of(message.content.to.person?)).collect();
    told.sort_unstable();
    told
}

async fn name_everybody(world: &World, mut path: Path) -> Path {
    for function in FUNCTIONS {
        let email = format!("{function}@boulangerie-lemoine.example").replace('_', "-");
        let named = json!({ "function": function, "name": format!("Personne {function}"), "email": email });
        path = world.ok(Side::Company, Some(&path), Act::AddCompanyContact, named).await;
    }
    path
}

/// The token of the last link sent to who has a role.
pub(crate) async fn link(world: &World, path: &Path, role: OutsideRole) -> String {
    let view = world.app.path(&Actor::System, &path.reference).await.expect("the path is there");
    let person = view.path.person_of(role).expect("somebody has the role").id;
    let own = view.messages.iter().filter(|message| message.content.to.person == Some(person));
    let last = own.filter(|message| message.content.link.is_some()).max_by_key(|message| message.seq);
    let last = last.unwrap_or_else(|| panic!("no link was sent to {role}")).content.id;
    world.app.link_of_message(last).await.expect("the message is there").expect("it has a link")
}

async fn l27_a_signatory_answers_for_the_company_from_the_study_to_the_report(world: World, _home: &Home) {
    use OutsideRole::{Accounting, Company, HumanResources, Signatory};
    let mut path = world.open().await;
    while path.state != State::FeasibilityInProgress {
        path = world.forward(&path).await;
    }
    let mut seen = 0;
    told(&world, &path, &mut seen).await;
    path = world.ok(Side::Body, Some(&path), Act::AskConfirmation, json!({})).await;
    assert_eq!(told(&world, &path, &mut seen).await, [Company], "while nobody else signs");
    let before = link(&world, &path, Company).await;
    path = name_everybody(&world, path).await;
    assert_eq!(
        told(&world, &path, &mut seen).await,
        [Company, Company, Company, Signatory, HumanResources, Accounting],
        "each newcomer, and the contact who named them"
    );

    // The link of the contact asks nothing any more; the signatory's asks what was waited.
    let access = world.app.open_link(&before).await.expect("the link opens");
    assert!(access.problem.is_none() && access.asked.is_empty());
    let signatory = link(&world, &path, Signatory).await;
    let access = world.app.open_link(&signatory).await.expect("the link opens");
    assert_eq!((access.role, access.asked.len()), (Signatory, 1));
    let names: Vec<OutsideRole> = access.colleagues.iter().map(|(role, _)| *role).collect();
    assert_eq!(names, [Company, Signatory, HumanResources, Accounting]);
    let refused = world.play(Side::Company, Some(&path), Act::ContestAnswer, json!({})).await;
    assert!(refused.is_err(), "nothing was answered");

    // Reminders go to who is asked now.
    world.later(8).await;
    world.app.tick().await.expect("the clocks ring");
    assert_eq!(told(&world, &path, &mut seen).await, [Signatory]);

    while path.state != State::Closed {
        let before = path.state;
        path = world.forward(&path).await;
        let told = told(&world, &path, &mut seen).await;
        let in_company = told.iter().filter(|role| **role != Company).copied().collect::<Vec<_>>();
        let expected: &[OutsideRole] = match (before, path.state) {
            (State::CandidateSelection, State::CandidateSelected) => &[HumanResources],
            (State::CandidateSelected, State::PifSigned) => &[Signatory, HumanResources],
            (State::ImplementationOrdered, State::InTraining) | (State::InTraining, State::TrainingEnded) => {
                &[HumanResources, Accounting]
            }
            (before, after) if before != after => &[],
            _ => continue,
        };
        assert_eq!(in_company, expected, "{before} to {}", path.state);
    }
    let view = world.app.path(&Actor::System, &path.reference).await.expect("the path is there");
    let by_signatory =
        view.events.iter().filter(|event| matches!(event.author, Actor::Outside { role: Signatory, .. }));
    let kinds: Vec<&str> = by_signatory.map(|event| event.event.kind()).collect();
    assert_eq!(kinds, ["commitment_confirmed", "pif_signed", "report_confirmed"]);
    let found = world.app.store().verify(&|_, _| {}).await.expect("the store is read");
    assert!(found.is_empty(), "{found:?}");
}
on_both!(signatory, Setup::default(), l27_a_signatory_answers_for_the_company_from_the_study_to_the_report);

async fn a_colleague_whose_function_goes_to_another_opens_nothing_any_more(world: World, _home: &Home) {
    let mut path = world.open().await;
    path = name_everybody(&world, path).await;
    let left = link(&world, &path, OutsideRole::Accounting).await;
    let other = json!({
        "function": "accounting", "name": "Une autre personne", "email": "compta@boulangerie-lemoine.example",
        "reason": "Nouvelle organisation.",
    });
    path = world.ok(Side::Body, Some(&path), Act::AddCompanyContact, other).await;
    let closed = world.app.open_link(&left).await.expect("a link that was given");
    assert_eq!(closed.problem, Some(app::LinkProblem::Revoked));
    let view = world.app.path(&Actor::System, &path.reference).await.expect("the path is there");
    let farewell = view.messages.iter().filter(|message| message.content.kind == "contact_replaced");
    assert_eq!(farewell.count(), 1, "who leaves is told so");

    let own = json!({ "function": "accounting", "reason": "Ce n’est pas mon service." });
    let token = link(&world, &path, OutsideRole::Accounting).await;
    let step = Act::RemoveCompanyContact.into();
    let form = own.as_object().cloned().expect("a form");
    let done = world.app.answer_link(&token, step, &form, &app::Options::default()).await.expect("they may leave");
    assert!(done.path.person_of(OutsideRole::Accounting).is_none());
    let signing = world.app.answer_link(&token, Transition::SignPif.into(), &form, &app::Options::default()).await;
    assert!(signing.is_err(), "the link is closed");
}
on_both!(replaced, Setup::default(), a_colleague_whose_function_goes_to_another_opens_nothing_any_more);
