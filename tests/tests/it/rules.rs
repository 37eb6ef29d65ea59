//! The rules on links and messages, learnt from the failures of comparable services (L1 to L27, L35): each has at least one
//! test named after it, `l4_…`, beside what it is about; here stand those that look at every message of a path, and the count.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path as FilePath, PathBuf};
use std::time::Duration;

use app::{App, NeedAnswer, Options, OrderTarget, Outcome, Target};
use chrono::TimeDelta;
use domain::accounts::AccountChange;
use domain::calendar::at_paris;
use domain::identifiers::{AccountId, Phone};
use domain::order::OrderTransition;
use domain::path::requests::asked_of;
use domain::path::{Act, Path, State, Step, Transition};
use domain::people::{Actor, CompanyFunction, RecipientRole, Side};
use domain::told::FUNCTIONS;
use notifier::envelope::Outgoing;
use notifier::transport::{Memory, Transport};
use persistence::{Message, MessageFilter};
use serde_json::{Value, json};
use strum::IntoEnumIterator;
use tests::world::{Home, Next, Setup, World, form, next, staff};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use web::{Listen, ServeOptions, unrecorded_metrics};
use wording::addresses;

use crate::accounts::VISITOR;
use crate::kit::on_both;

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

/// The pages of a world, served on the loopback.
struct Pages {
    address: String,
    stop: CancellationToken,
}

impl Pages {
    async fn of(app: App) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("the loopback has a free port");
        let address = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let stop = CancellationToken::new();
        let options = ServeOptions {
            listen: Listen::Listener(listener),
            request_timeout: Duration::from_secs(30),
            body_limit: 1024 * 1024,
            demo: false,
            pages: None,
            behind_relay: false,
            returns: None,
            stop_timeout: Duration::from_secs(5),
            metrics: unrecorded_metrics(),
        };
        let serving = web::serve(app, options, stop.clone());
        tokio::spawn(async move { serving.await.expect("the pages are served") });
        Self { address, stop }
    }

    /// The page of an address for nobody in particular, and its status.
    async fn get(&self, address: &str) -> (u16, String) {
        self.get_as(address, "").await
    }

    /// The page of an address for whose session this is.
    async fn get_as(&self, address: &str, session: &str) -> (u16, String) {
        let address = format!("{}{address}", self.address);
        let cookie = format!("__Host-jalon={session}");
        let page = tokio::task::spawn_blocking(move || {
            let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
            let mut response = agent.get(&address).header("cookie", &cookie).call().expect("the pages answer");
            (response.status().as_u16(), response.body_mut().read_to_string().expect("a page is text"))
        });
        page.await.expect("the request ends")
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.stop.cancel();
    }
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

/// What is sent about no path: a need that is reported and declined, an order, an account.
async fn messages_about_no_path(world: &World, seen: &mut impl AsyncFnMut()) {
    let reported = json!({ "sender": "mission_locale", "sender_name": "Ludivine Quesnel",
        "sender_email": "ludivine.quesnel@mission-locale.example", "company": "Au Fournil d’Anne", "commune": "76217",
        "job": "Boulanger", "persons_wanted": "2", "contact_name": "Anne Lemoine", "contact_phone": "02 35 00 00 22" });
    let reported = reported.as_object().expect("a form");
    let ticket = world.app.need_ticket().await.expect("the store answers");
    world.wait(TimeDelta::seconds(30)).await;
    let sent = world.app.propose_need(reported, &ticket, &VISITOR).await.expect("the store answers");
    assert!(matches!(sent, NeedAnswer::Sent), "{sent:?}");
    seen().await;
    let tx = world.app.store().begin_read().await.expect("the store answers");
    let confirm = MessageFilter { kind: Some("need_proposal_confirm".to_owned()), ..MessageFilter::default() };
    let confirm = tx.messages(&confirm).await.expect("messages are listed").remove(0);
    drop(tx);
    let token = world.app.link_of_message(confirm.content.id).await.expect("the message is there").expect("a link");
    let proposal = world.app.confirm_need(&token).await.expect("it is confirmed").proposal.id;
    seen().await;
    let reasons = json!({ "reason": "Le métier ne s’apprend pas en situation de travail." });
    let body = staff(Side::Body, 1).actor();
    let form = reasons.as_object().expect("a form");
    assert!(world.app.decline_need(&body, proposal, form).await.expect("it is declined"));
    seen().await;
    let order = world.endorsable_order(1, "P1 3").await;
    let target = OrderTarget::Order(order.reference);
    let refused = json!({ "reason": "Crédits épuisés." });
    world.order(Side::Finance, 1, &target, OrderTransition::RefuseEndorsement, refused).await.expect("it is refused");
    seen().await;
    let officer = staff(Side::Region, 1);
    world.app.invite(&officer.email, None, &VISITOR).await.expect("invited");
    seen().await;
    world.app.ask_password(officer.email.as_ref(), &VISITOR).await.expect("the store answers");
    seen().await;
}

/// The kinds that this does not meet: of accounts and of several paths at once; of places that are full, levels, conditions and
/// tutors trained apart; of the money of orders. `recorded` is of steps that tell nobody.
const NOT_MET: [&str; 22] = [
    "address_changed",
    "condition_settled",
    "coordinator_assigned",
    "delegated",
    "delegation_ended",
    "level_approved",
    "need_proposal_taken",
    "order_cancelled",
    "order_reservations",
    "order_settled",
    "payment_due",
    "payment_interrupted",
    "payment_made",
    "payment_resumed",
    "payment_returned",
    "place_alert",
    "place_lapsed",
    "place_offered",
    "portfolio_received",
    "recorded",
    "step_on_several",
    "tutor_training_ordered",
];

/// Where the product says that it is.
const HOME: &str = "https://jalon.example";

/// The addresses of the product that stand in a message, in both its parts.
fn links(message: &Outgoing) -> BTreeSet<String> {
    let of = |text: &str, start: &str, ends: &[char]| -> BTreeSet<String> {
        let found = text.split(start).skip(1);
        found.map(|rest| rest[..rest.find(ends).unwrap_or(rest.len())].to_owned()).collect()
    };
    let in_text = of(&message.text, HOME, &[' ', '\n', '\r', '\u{a0}']);
    let in_html = of(&message.html, &format!("href=\"{HOME}"), &['"']);
    assert_eq!(in_text, in_html, "{}", message.text);
    in_text
}

/// Delivers what waits and opens every link of it.
struct Reader<'a> {
    world: &'a World,
    pages: Pages,
    mailbox: Memory,
    sessions: HashMap<AccountId, String>,
    /// How many links of each reader were opened.
    followed: BTreeMap<&'static str, u32>,
    kinds: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    async fn new(world: &'a World) -> Self {
        Self {
            world,
            pages: Pages::of(world.app.clone()).await,
            mailbox: Memory::default(),
            sessions: HashMap::new(),
            followed: BTreeMap::new(),
            kinds: BTreeSet::new(),
        }
    }

    async fn read(&mut self, path: Option<&Path>) {
        let transport = Transport::Memory(self.mailbox.clone());
        self.world.app.deliver(&transport, u32::MAX).await.expect("the store answers");
        let mail = self.mailbox.take();
        let Some(oldest) = mail.iter().map(|message| message.date).min() else { return };
        let filter = MessageFilter { queued_from: Some(oldest), ..MessageFilter::default() };
        let tx = self.world.app.store().begin_read().await.expect("the store answers");
        let rows = tx.messages(&filter).await.expect("messages are listed");
        drop(tx);
        for message in mail {
            let row = rows.iter().find(|row| row.content.message_id == message.message_id).expect("it was queued");
            self.kinds.insert(row.content.kind.clone());
            self.follow(&message, row, path).await;
        }
    }

    /// Opens every link of a message, as whoever reads it.
    async fn follow(&mut self, message: &Outgoing, row: &Message, path: Option<&Path>) {
        let content = &row.content;
        let what = format!("{} to {}: {}", content.kind, content.to.role, message.subject);
        let links = links(message);
        let buttons = message.html.matches("class=\"b\"").count();
        let about = links.iter().filter(|link| !link.ends_with("/rappels") && *link != addresses::PERSONAL_DATA);
        assert!(buttons <= 1 && buttons == about.count().min(1), "{what}: {links:?}");
        for link in &links {
            let outside = ["/acces/", "/besoin/", "/connexion/mot-de-passe/", addresses::PERSONAL_DATA];
            let session = match outside.iter().any(|start| link.starts_with(start)) {
                true => String::new(),
                false => self.session(row).await,
            };
            let (status, page) = self.pages.get_as(link, &session).await;
            assert_eq!(status, 200, "{what}: {link}: {page}");
            assert!(!page.contains("name=\"mot_de_passe_actuel\""), "{what}");
            if link.ends_with("/rappels") {
                assert!(page.contains("<form"), "{what}: reminders are turned off there");
            } else if link.starts_with("/acces/") {
                let path = path.expect("somebody outside is written to about a path");
                assert!(page.contains(&path.reference.to_string()), "{what}: the page of another path");
                let title = wording::messages::request_label;
                // Who has just declined is asked nothing more until the body asks again.
                let person = content.to.person.filter(|_| content.kind != "request_declined");
                let role = person.and_then(|person| path.role_of(person));
                for asked in role.into_iter().flat_map(|role| asked_of(path, role)) {
                    assert!(page.contains("<form"), "{what}: {} is answered on the page", title(asked.kind));
                }
            } else if !session.is_empty() {
                // The subject starts with the reference of what it is about.
                let reference = message.subject.split(' ').next().unwrap_or_default();
                let named = reference.contains(|c: char| c.is_ascii_digit());
                assert!(!named || page.contains(reference), "{what}: the page of something else");
                assert!(named || content.about.path.is_none() || content.kind == "place_alert", "{what}");
            }
            let reader = if session.is_empty() { content.to.role.into() } else { "staff" };
            *self.followed.entry(reader).or_default() += 1;
        }
    }

    /// The session of whoever of the staff a message is for; the coordinator reads what the body is sent.
    async fn session(&mut self, row: &Message) -> String {
        let accounts = self.world.app.accounts().await.expect("accounts are listed");
        // The second part of a reference is the lot.
        let lot = if row.content.subject.split('-').nth(1) == Some("2") { 2 } else { 1 };
        let id = row.content.to.account.unwrap_or_else(|| staff(Side::Body, lot).id);
        if let Some(session) = self.sessions.get(&id) {
            return session.clone();
        }
        let account = accounts.iter().find(|account| account.id == id).expect("it is written to an account");
        let (_, session) = self.world.app.open_session(account, "", "").await.expect("a session");
        self.sessions.insert(id, session.clone());
        session
    }
}

/// Every link of every message, as it stands in what leaves, opens on a page of what its subject names: for people outside by
/// that link alone, for the staff once they are signed in. Reminders are turned off by theirs.
async fn l6_every_link_of_every_message_opens_a_page_of_its_path(world: World, _home: &Home) {
    let mut reader = Reader::new(&world).await;
    Box::pin(every_kind_of_message(&world, &mut async |path: &Path| Box::pin(reader.read(Some(path))).await)).await;
    Box::pin(messages_about_no_path(&world, &mut async || Box::pin(reader.read(None)).await)).await;
    let Reader { followed, kinds, .. } = reader;
    let roles: Vec<&str> = followed.keys().copied().collect();
    assert_eq!(roles, ["candidate", "company", "region", "staff", "trainee", "tutor"], "{followed:?}");
    let all: u32 = followed.values().sum();
    assert!(all > 200, "{followed:?}");
    let there: BTreeSet<&str> = notifier::emails::samples().iter().map(|(_, sample)| sample.kind).collect();
    let not_met: Vec<&str> = there.into_iter().filter(|kind| !kinds.contains(*kind)).collect();
    assert_eq!(not_met, NOT_MET);
}
on_both!(links, Setup::default(), l6_every_link_of_every_message_opens_a_page_of_its_path);

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
