//! The rules on links and messages, learnt from the failures of comparable services (L1 to L27, L35): each has at least one
//! test named after it, `l4_…`, beside what it is about; here stand those that look at every message of a path, and the count.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path as FilePath, PathBuf};

use app::{Options, Outcome, Target};
use chrono::TimeDelta;
use domain::accounts::AccountChange;
use domain::calendar::at_paris;
use domain::identifiers::Phone;
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::{Actor, CompanyFunction, RecipientRole, Side};
use domain::told::FUNCTIONS;
use persistence::Message;
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use tests::world::{Home, Next, Setup, World, form, next, staff};
use wording::addresses;

use self::links::Pages;
use crate::accounts::VISITOR;
use crate::kit::on_both;

mod links;
mod rarer;

/// The sources in which tests may stand.
fn sources(folder: &FilePath, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the project").map(|entry| entry.expect("it is read")) {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn each_rule_has_a_test_named_after_it() {
    let project = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    for folder in ["crates", "tests"] {
        sources(&project.join(folder), &mut found);
    }
    let texts: Vec<String> =
        found.iter().map(|file| std::fs::read_to_string(file).expect("a source is text")).collect();
    let tested = |rule: u32| texts.iter().any(|text| text.contains(&format!("fn l{rule}_")));
    let missing: Vec<u32> = (1..=27).chain([35]).filter(|rule| !tested(*rule)).collect();
    assert!(missing.is_empty(), "no test is named after these rules: {missing:?}");
    assert!(!tested(99), "the search finds what there is");
}

async fn messages(world: &World, path: &Path) -> Vec<Message> {
    let view = world.app.path(&Actor::System, &path.reference).await.expect("the path is there");
    let mut messages = view.messages;
    messages.sort_by_key(|message| message.seq);
    messages
}

/// Steps beside the main line, by the state in which the first one is taken.
type Beside = Vec<(State, Vec<(Side, Step, Value)>)>;

/// What somebody could do besides in a path that goes to its end: each of these once, in this order.
fn beside() -> Beside {
    use Side::{Body, Company, Region, Trainee};
    let act = |side, act: Act| (side, Step::Act(act), json!({}));
    let go = |side, transition: Transition| (side, Step::Transition(transition), json!({}));
    let named = |function: &CompanyFunction| {
        (Company, Act::AddCompanyContact.into(), json!({ "function": function, "email": colleague(*function) }))
    };
    let again = |side| (side, Act::AskAgain.into(), json!({ "request": "confirm_commitment", "reason": "À revoir." }));
    let observed =
        |rejects| vec![act(Region, Act::AskObservations), act(Body, Act::GiveObservations), go(Region, rejects)];
    let other = json!({ "role": "company", "name": "Paul Lemoine", "email": "paul@boulangerie-lemoine.example",
        "reason": "Départ." });
    let mut selection = vec![act(Body, Act::RecordUnsuccessfulCandidate)];
    selection.extend(FUNCTIONS.iter().map(named));
    vec![
        (State::FeasibilityInProgress, vec![act(Company, Act::HandOverContact)]),
        (
            State::FeasibilityDelivered,
            vec![
                act(Company, Act::ContestAnswer),
                again(Body),
                act(Company, Act::DeclineRequest),
                again(Region),
                act(Body, Act::RecordAnswerOnBehalf),
                go(Region, Transition::AdjournFeasibility),
                act(Body, Act::AcceptAdjournment),
            ],
        ),
        (State::FeasibilityDelivered, observed(Transition::RejectFeasibility)),
        (State::PreparationInProgress, vec![act(Body, Act::ExtendPrestation), act(Region, Act::DecideRequest)]),
        (State::PreparationDelivered, vec![go(Region, Transition::AdjournPreparation)]),
        (State::PreparationDelivered, observed(Transition::RejectPreparation)),
        (State::Ready, vec![act(Body, Act::CorrectDatum), (Body, Act::ChangeContact.into(), other)]),
        (State::CandidateSelection, selection),
        (
            State::CandidateSelected,
            vec![act(Region, Act::ExtendReservation), go(Trainee, Transition::WithdrawCandidate)],
        ),
        (State::InTraining, vec![go(Region, Transition::AnnulEntry)]),
        (
            State::InTraining,
            vec![
                act(Trainee, Act::ReportObstacle),
                act(Company, Act::ProposeCorrection),
                act(Body, Act::AnswerCorrection),
                go(Body, Transition::Suspend),
                go(Body, Transition::Resume),
            ],
        ),
        (
            State::TrainingEnded,
            vec![
                act(Body, Act::SignAttendanceMonth),
                act(Body, Act::RecordAbsence),
                act(Company, Act::GiveOpinion),
                (Company, Act::RemoveCompanyContact.into(), json!({ "function": "accounting" })),
            ],
        ),
        (State::ReportDelivered, vec![go(Region, Transition::AdjournReport)]),
        (State::ReportDelivered, observed(Transition::RejectReport)),
    ]
}

/// The address of a colleague of the contact.
fn colleague(function: CompanyFunction) -> String {
    format!("{function}@boulangerie-lemoine.example").replace('_', "-")
}

/// Goes on with a path to its end, by the main line and what is beside it.
async fn walk(world: &World, mut path: Path, mut beside: Beside, seen: &mut impl AsyncFnMut(Step, &Outcome)) -> Path {
    loop {
        let steps = match beside.iter().position(|(state, _)| *state == path.state) {
            Some(place) => beside.remove(place).1,
            None => match next(&path, world.today().await) {
                Some(Next { side, step, changes }) => vec![(side, step, changes)],
                None => break,
            },
        };
        for (side, step, changes) in steps {
            if step == Transition::CloseWithoutReport.into() {
                world.later(16).await;
            }
            let outcome = match world.play(side, Some(&path), step, changes).await {
                Ok(outcome) => outcome,
                Err(error) => panic!("{step} by {side} from {}: {error:?}", path.state),
            };
            seen(step, &outcome).await;
            path = outcome.path;
        }
    }
    assert!(beside.is_empty(), "{beside:?}");
    path
}

/// Every transition there is, on paths of a lot: one that has everything happen to it, two siblings that end otherwise, and a
/// need that is declined.
async fn every_transition(world: &World, lot: u8, seen: &mut impl AsyncFnMut(Step, &Outcome)) {
    let need = async || {
        let commune = if lot == 1 { "76540" } else { "14118" };
        let need = form(Transition::ReportNeed.into(), world.today().await, &json!({ "commune": commune }));
        let body = staff(Side::Body, lot).actor();
        let told = Options::default();
        world.act(&body, &Target::New, Transition::ReportNeed, &need, &told).await.expect("a need")
    };
    let declined = need().await;
    seen(Transition::ReportNeed.into(), &declined).await;
    let go = |side, transition: Transition| (side, Step::from(transition), json!({}));
    let decline = vec![(State::NeedReported, vec![go(Side::Region, Transition::DeclineNeed)])];
    walk(world, declined.path, decline, seen).await;
    let first = need().await;
    seen(Transition::ReportNeed.into(), &first).await;
    let first = walk(world, first.path, beside(), seen).await;
    let notice = (Side::Region, Act::SendFormalNotice.into(), json!({}));
    for beside in [
        (State::CandidateSelected, vec![go(Side::Region, Transition::Cancel)]),
        (State::TrainingEnded, vec![notice, go(Side::Region, Transition::CloseWithoutReport)]),
    ] {
        let source = json!({ "source": first.reference });
        let opened = world.play(Side::Body, Some(&first), Transition::OpenSibling, source).await.expect("a sibling");
        seen(Transition::OpenSibling.into(), &opened).await;
        walk(world, opened.path, vec![beside], seen).await;
    }
}

/// What is asked of the steps of whole paths; then reminders, an escalation and a renewed link.
async fn every_kind_of_message(world: &World, seen: &mut impl AsyncFnMut(&Path)) {
    Box::pin(every_transition(world, 1, &mut async |_, outcome: &Outcome| seen(&outcome.path).await)).await;
    let mut path = world.reach(State::FeasibilityInProgress).await;
    while path.commitment.asked.is_none() {
        path = world.forward(&path).await;
    }
    seen(&path).await;
    for _ in 0..50 {
        world.set_clock(at_paris(world.today().await + TimeDelta::days(1), 9, 0)).await;
        world.app.tick().await.expect("the store answers");
        seen(&path).await;
    }
    let all = messages(world, &path).await;
    let told = all.iter().find(|message| message.content.to.person.is_some()).expect("the company was told");
    let token = world.app.link_of_message(told.content.id).await.expect("the message is there").expect("it has a link");
    assert!(world.app.renew_link(&token).await.expect("the link was given"), "a new one leaves");
    seen(&path).await;
    let kinds: BTreeSet<&str> = all.iter().map(|message| message.content.kind.as_str()).collect();
    assert!(kinds.is_superset(&BTreeSet::from(["reminder", "escalation"])), "{kinds:?}");
}

/// Each message says why one has it, who has it too by role and function, and outside whom to call: the coordinator, by name
/// and telephone.
async fn l10_each_message_says_why_who_else_and_whom_to_call(world: World, _home: &Home) {
    let mut read = BTreeSet::new();
    let mut accompanied = BTreeMap::new();
    let phone = Phone::parse("02 35 00 00 07").expect("a telephone");
    let coordinator = staff(Side::Body, 1);
    let reached = AccountChange { phone: Some(phone), ..AccountChange::of(&coordinator) };
    let changed = world.app.change_account(None, coordinator.id, coordinator.version, reached, &VISITOR).await;
    assert!(changed.is_ok(), "{changed:?}");
    let call = format!("02 35 00 00 07 · {}", coordinator.email);
    let reader = |message: &Message| {
        let to = &message.content.to;
        let function = FUNCTIONS.into_iter().find(|function| colleague(*function) == to.email.to_string());
        function.map_or_else(
            || wording::labels::the_recipient(to.role),
            |function| wording::labels::the_outside_role(function.outside()),
        )
    };
    Box::pin(every_kind_of_message(&world, &mut async |path: &Path| {
        let all = messages(&world, path).await;
        for message in &all {
            let content = &message.content;
            if !read.insert(content.id) {
                continue;
            }
            let text = content.text.replace('\u{a0}', " ");
            let what = format!("{} to {}:\n{text}", content.kind, content.to.role);
            assert!(text.contains("Vous recevez ce message parce que "), "{what}");
            let others: BTreeSet<&str> = all
                .iter()
                .filter(|other| other.content.about.event == content.about.event && content.about.event.is_some())
                // Who has left hears of nobody any more; who was not selected is nobody else's matter.
                .filter(|other| content.kind != "contact_replaced" && other.content.to.role != RecipientRole::Candidate)
                .map(reader)
                .filter(|other| *other != reader(message))
                .collect();
            let named = text.split_once("Autres destinataires : ").map_or("", |(_, rest)| rest);
            let named = named.split_once('.').map_or("", |(named, _)| named);
            let named: BTreeSet<&str> =
                named.split(", ").flat_map(|some| some.split(" et ")).filter(|name| !name.is_empty()).collect();
            assert_eq!(named, others, "{what}");
            for other in others {
                *accompanied.entry(other.to_owned()).or_insert(0) += 1;
            }
            if content.to.person.is_some() {
                let (_, whom) = text.split_once("Une question ? ").unwrap_or_else(|| panic!("{what}"));
                let mut lines = whom.lines();
                assert!(lines.next().is_some_and(|line| line.starts_with("Claire Besnard, ")), "{what}");
                assert_eq!(lines.next(), Some(call.as_str()), "{what}");
            }
        }
    }))
    .await;
    let functions = FUNCTIONS.map(|function| wording::labels::the_outside_role(function.outside()));
    for other in functions.into_iter().chain(["l’organisme de formation", "l’entreprise", "le stagiaire", "la Région"])
    {
        assert!(accompanied.contains_key(other), "{other} stands in no message: {accompanied:?}");
    }
}
on_both!(footers, Setup::default(), l10_each_message_says_why_who_else_and_whom_to_call);

/// Who is told of every transition of a path, and of some acts, by lot: reviewed as a table. Nobody of the other lot stands in it.
async fn l8_each_step_tells_its_roles_and_nobody_of_the_other_lot(world: World, _home: &Home) {
    let mut table = String::new();
    for lot in [1, 2] {
        let mut told_of = BTreeSet::new();
        Box::pin(every_transition(&world, lot, &mut async |step: Step, outcome: &Outcome| {
            let mut messages = outcome.messages.clone();
            messages.sort_by_key(|message| (message.role, message.email.clone()));
            let told: Vec<String> = messages
                .iter()
                .map(|message| format!("{} {} ({})", message.role, message.email, message.why))
                .collect();
            writeln!(table, "lot {lot} | {step} | {}", told.join(", ")).expect("a text is written");
            let other = format!(".{}@", 3 - lot);
            assert!(messages.iter().all(|message| !message.email.contains(&other)), "lot {lot}, {step}: {told:?}");
            told_of.insert(step.id());
        }))
        .await;
        let missing: Vec<Transition> =
            Transition::iter().filter(|transition| !told_of.contains(Step::from(*transition).id())).collect();
        assert_eq!(missing, [], "lot {lot}");
    }
    insta::assert_snapshot!("who_is_told_of_each_step", table);
}
on_both!(recipients, Setup::default(), l8_each_step_tells_its_roles_and_nobody_of_the_other_lot);

/// The first message to each person of a path says what is kept of them, why and their rights (GDPR art. 13 and 14); no other
/// does, and who is known already from a path before is not told again.
async fn the_first_message_to_each_person_says_what_is_kept_of_them(world: World, _home: &Home) {
    let pages = Pages::of(world.app.clone()).await;
    let notice = format!("https://jalon.example{}", addresses::PERSONAL_DATA);
    let mut paths: BTreeMap<String, Path> = BTreeMap::new();
    Box::pin(every_kind_of_message(&world, &mut async |path: &Path| {
        paths.insert(path.reference.to_string(), path.clone());
    }))
    .await;
    let mut told = BTreeMap::new();
    for path in paths.values() {
        let view = world.app.path(&Actor::System, &path.reference).await.expect("the path is there");
        for person in &view.people {
            let own: Vec<Message> = messages(&world, path).await;
            let own: Vec<&Message> =
                own.iter().filter(|message| message.content.to.person == Some(person.id)).collect();
            let (informing, others): (Vec<&Message>, Vec<&Message>) =
                own.iter().partition(|message| message.content.text.contains(&notice));
            assert!(others.iter().all(|message| !message.content.text.contains("Vos données personnelles")));
            // Those of a sibling are known by the path before it, but for its trainee.
            if path.source.is_some() && person.role != RecipientRole::Trainee {
                assert!(informing.is_empty() && person.informed_on.is_some(), "{} knows already", person.role);
                continue;
            }
            if own.is_empty() {
                assert_eq!(person.informed_on, None);
                continue;
            }
            let first = own[0];
            assert_eq!(informing, [first], "{}: the first message, and only that", person.role);
            assert!(first.content.html.contains(&notice), "in both parts");
            let day = domain::calendar::paris_day(first.queued_at);
            assert_eq!(person.informed_on, Some(day), "{}", person.role);
            *told.entry(person.role).or_insert(0) += 1;
        }
    }
    // Of three paths, the contacts, two of whom followed one another, and the colleagues whom one of them named; a candidate
    // who withdrew, the next one and those of two siblings.
    let expected = [
        (RecipientRole::Company, 8),
        (RecipientRole::Trainee, 4),
        (RecipientRole::Tutor, 2),
        (RecipientRole::Candidate, 1),
    ];
    assert_eq!(told, BTreeMap::from(expected));
    let (status, page) = pages.get(addresses::PERSONAL_DATA).await;
    assert!(status == 200 && page.contains("Vos droits"), "{status}");
}
on_both!(personal_data, Setup::default(), the_first_message_to_each_person_says_what_is_kept_of_them);
