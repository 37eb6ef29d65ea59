//! The page of a path: what to do first, then everything that is known of it.

use app::{AppError, Document, Message, Options, Target};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::delegation::StandIn;
use domain::identifiers::PathReference;
use domain::market::ClockKind;
use domain::path::event::Party;
use domain::path::record::Settlement;
use domain::path::{Act, Command, Path, Step, Transition};
use domain::people::{OutsideRole, Person, RecipientRole, Side};
use serde::Deserialize;
use wording::{addresses, dates, labels, numbers, pages, tasks, timeline};

use super::figures::{self, Evidence, Ledger, LotView, Money};
use super::history::{self, Filter, Journal};
use super::missed::{self, MissedView};
use super::needs::{self, Check};
use super::next::{self, Group, StepLink};
use super::parts::{self, Head};
use super::rehearsal::{self, RehearsalView};
use super::{Scene, fields};
use crate::forms::{Notice, Typed};
use crate::portal::{Phase, phases};
use crate::request::{Path as Address, Query};
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// Messages shown on the page.
const MESSAGES: usize = 6;

/// What the address may say after its `?`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Said {
    /// Rank of the event just recorded.
    fait: Option<u32>,
    /// How many missed messages were sent again.
    renvoyes: Option<u32>,
    journal: Option<String>,
}

/// The card of the next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NextCard {
    pub title: &'static str,
    pub help: &'static str,
    pub address: String,
    pub checks: Vec<Check>,
    pub rehearsal: Option<RehearsalView>,
    pub hidden: Typed,
    pub alternatives: Vec<StepLink>,
    /// Something is missing that only another step or another person brings.
    pub blocked: bool,
}

/// Someone of the path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonView {
    pub role: String,
    pub name: String,
    pub lines: Vec<String>,
    pub email: Option<String>,
    pub phone: Option<(String, String)>,
    /// State of the last message, its tone, when, and its address.
    pub message: Option<(&'static str, &'static str, Stamp, String)>,
    /// What to mend.
    pub trouble: Option<String>,
    /// Where they are corrected or replaced.
    pub change: Option<String>,
    /// Where a colleague's function is taken back.
    pub remove: Option<String>,
    pub profile: Vec<(&'static str, String)>,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentView {
    pub name: String,
    pub kind: String,
    pub size: String,
    /// SHA-256, whole: the page shows its start.
    pub digest: String,
    pub who: String,
    pub when: Stamp,
    pub address: String,
    pub look: Look,
}

/// How a document is looked at without being kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Look {
    /// In the page, once asked for.
    Picture,
    /// In a page of its own.
    Page(String),
    /// With the program it is for.
    No,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MessageLine {
    pub subject: String,
    pub to: String,
    pub when: Stamp,
    pub state: &'static str,
    pub tone: &'static str,
    /// Why it did not arrive.
    pub why: Option<String>,
    pub address: String,
}

/// A condition of the study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ConditionView {
    pub what: String,
    pub by: Stamp,
    pub state: String,
    pub tone: &'static str,
}

/// What the reader must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TaskView {
    pub text: String,
    /// What was written, and the like.
    pub details: Vec<timeline::Detail>,
    /// Where it is done, and what the link says.
    pub links: Vec<(String, &'static str)>,
}

/// Another path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Other {
    pub reference: String,
    pub job: String,
    pub state: &'static str,
    pub address: String,
}

#[derive(Template)]
#[template(path = "staff/path/page.html")]
struct PathPage {
    frame: Frame,
    head: Head,
    notice: Option<Notice>,
    missed: Option<MissedView>,
    tasks: Vec<TaskView>,
    /// Tasks that others have on the path.
    asked: Vec<String>,
    phases: Vec<Phase>,
    next: Option<NextCard>,
    /// Who is waited for, when the reader has nothing to do.
    waiting: Vec<String>,
    /// The message that asked for it and was not answered in time, to be sent again.
    request: Option<String>,
    groups: Vec<Group>,
    people: Vec<PersonView>,
    documents: Vec<DocumentView>,
    /// Documents that Jalon makes of the path, by title and address.
    pieces: Vec<(&'static str, String)>,
    evidence: Vec<Evidence>,
    ledger: Option<Ledger>,
    money: Option<Money>,
    lot: LotView,
    messages: Vec<MessageLine>,
    messages_more: Option<(String, String)>,
    conditions: Vec<ConditionView>,
    facts: Vec<(&'static str, String)>,
    journal: Journal,
    source: Option<Other>,
    siblings: Vec<Other>,
    others: Vec<Other>,
    sibling_address: Option<String>,
    duplicate: Option<String>,
}

/// Shows the path.
pub(crate) async fn get(
    State(web): State<Web>,
    signed: Signed,
    Address(reference): Address<String>,
    Query(said): Query<Said>,
) -> Result<Response, PageError> {
    let scene = Scene::open(&web, signed, &reference).await?;
    let main = next::main_step(&scene);
    let card = match main {
        Some(step) => Some(next_card(&web, &scene, step).await?),
        None => None,
    };
    let path = &scene.view.path;
    let view = &scene.view;
    let page_address = addresses::path(&path.reference);
    let mut messages: Vec<&Message> = view.messages.iter().collect();
    messages.sort_by_key(|message| std::cmp::Reverse(message.seq));
    let page = PathPage {
        frame: scene.signed.frame(Section::Paths),
        head: parts::head(&scene),
        notice: said.fait.and_then(|rank| recorded(&scene, rank)).or(said.renvoyes.map(missed::notice)),
        missed: missed::view(&scene),
        tasks: tasks(&scene),
        asked: asked(&scene),
        phases: phases(path),
        waiting: waiting(&scene),
        request: unanswered(&scene),
        groups: next::others(&scene, main),
        next: card,
        people: people(&scene),
        documents: documents(&scene),
        pieces: super::pieces::offered(path),
        evidence: figures::evidence(&scene),
        ledger: figures::ledger(path),
        money: figures::money(&scene),
        lot: figures::lot(&scene),
        messages: messages.iter().take(MESSAGES).map(|message| message_line(&scene.view.path, message)).collect(),
        messages_more: (messages.len() > MESSAGES).then(|| {
            let number = i64::try_from(messages.len()).unwrap_or(i64::MAX);
            (
                pages::path::see(pages::counts::messages(number)),
                format!("{}?parcours={}", addresses::messages(), path.reference),
            )
        }),
        conditions: conditions(&scene),
        facts: facts(path),
        journal: history::journal(view, &page_address, Filter::named(said.journal.as_deref())),
        source: path.source.as_ref().map(|(_, reference)| Other {
            reference: reference.to_string(),
            job: String::new(),
            state: pages::path::ORIGIN,
            address: addresses::path(reference),
        }),
        siblings: scene.around.siblings.iter().map(other).collect(),
        others: scene.around.company.iter().take(5).map(other).collect(),
        sibling_address: (opens_paths(&scene) && fit_for_sibling(path))
            .then(|| next::address(path, Step::Transition(Transition::OpenSibling))),
        duplicate: opens_paths(&scene).then(|| format!("{}?modele={}", addresses::new_path(), path.reference)),
    };
    Ok(Html(page.render()?).into_response())
}

fn other(line: &app::PathLine) -> Other {
    Other {
        reference: line.reference.to_string(),
        job: line.job.clone(),
        state: labels::state(line.state),
        address: addresses::path(&line.reference),
    }
}

fn opens_paths(scene: &Scene) -> bool {
    let side = scene.signed.actor.side();
    let row = domain::path::table::row(Step::Transition(Transition::OpenSibling));
    side.is_some_and(|side| row.by.contains(&side))
}

/// Whether the study and the programme of a path can serve another.
pub(super) fn fit_for_sibling(path: &Path) -> bool {
    use domain::path::State;
    let admitted = path.preparation.admitted.is_some() || path.source.is_some();
    admitted && !matches!(path.state, State::Cancelled | State::NotFeasible | State::Declined)
}

/// The card of the main step: what is there, what is missing, what it will do, and the button.
async fn next_card(web: &Web, scene: &Scene, step: Step) -> Result<NextCard, PageError> {
    let path = &scene.view.path;
    let target = Target::Path(path.reference.clone());
    let asks = Command::fields(step).iter().any(|field| field.required);
    let typed: Typed = fields::proposed(scene, step, &Vec::new());
    let form = fields::form(Some(path), step, &typed, None);
    let tries = fields::filled(step, &form);
    let form = if tries { form } else { needs::probe(scene, step) };
    let tried = Box::pin(web.app.rehearse(&scene.signed.actor, &target, step, &form, &Options::default())).await;
    let mut checks = ready(scene, step);
    let (mut rehearsal, mut hidden, mut blocked) = (None, Vec::new(), false);
    let address = next::address(path, step);
    let draft = web.app.draft(&scene.signed.account, &address).await?;
    if draft.is_some() {
        checks.push(Check { class: "note", text: pages::path::DRAFTED.to_owned(), link: None });
    }
    match tried {
        // What was typed is seen again before anything is done without it.
        Ok(tried) if tries && !asks && draft.is_none() => {
            rehearsal = Some(rehearsal::view(step, &tried, scene.around.today));
            hidden = super::step::direct(scene, step, &form, &typed, &tried);
        }
        Ok(_) => {}
        Err(AppError::Refused(refusal)) => {
            let refusal = if tries { Some(*refusal) } else { needs::of_path(&refusal) };
            if let Some(refusal) = refusal {
                checks.extend(needs::missing(scene, step, false, &refusal));
                blocked = true;
            }
        }
        Err(error) => return Err(error.into()),
    }
    Ok(NextCard {
        title: labels::step(step),
        help: labels::step_help(step),
        address,
        checks,
        rehearsal,
        hidden,
        alternatives: next::alternatives(scene, step),
        blocked,
    })
}

/// What the step rests on and is there already.
fn ready(scene: &Scene, step: Step) -> Vec<Check> {
    let path = &scene.view.path;
    let mut checks = Vec::new();
    let mut ok = |text: String| checks.push(Check::ok(text));
    match step {
        Step::Transition(Transition::OrderFeasibility) => ok(pages::path::need_raised(
            dates::medium(path.opened_on),
            pages::counts::persons_wanted(path.persons_wanted),
        )),
        Step::Transition(Transition::OrderPreparation) => {
            if let (Some(admitted), Some(verdict)) = (&path.feasibility.admitted, path.verdict) {
                ok(pages::path::study_admitted(dates::medium(admitted.on), labels::verdict(verdict)));
            }
            let settled = path.conditions.iter().filter(|condition| condition.settled.is_some()).count();
            if settled > 0 {
                ok(pages::path::settled_of(pages::counts::conditions_settled(settled as i64), path.conditions.len()));
            }
        }
        Step::Transition(Transition::OrderImplementation) => {
            if let Some(pif) = &path.pif {
                let hours = pif.terms.total_hours();
                let level = scene.view.terms.market.levels.level(hours);
                if pif.complete() {
                    ok(pages::path::programme_signed(pif.version));
                }
                ok(pages::path::level(level, numbers::hours(hours)));
                for signature in pif.signatures.iter().filter(|signature| signature.on_behalf) {
                    checks.push(Check {
                        class: "note",
                        text: labels::signed_on_behalf(signature),
                        link: Some((pages::path::SEE_PIECE.to_owned(), "#documents".to_owned())),
                    });
                }
            }
        }
        Step::Transition(Transition::AdmitFeasibility | Transition::AdmitPreparation | Transition::AdmitReport) => {
            let delivered = path.state.delivered().and_then(|prestation| path.file(prestation).delivered.as_ref());
            if let Some(delivered) = delivered {
                ok(pages::path::delivered_on(dates::medium(delivered.on)));
                let clock = scene.view.clocks.iter().find(|clock| clock.kind == ClockKind::Verification);
                let until = clock.map_or(delivered.verify_until, |clock| clock.due_on);
                checks.push(Check {
                    class: "note",
                    text: pages::path::silence_admits(dates::by(until)),
                    link: Some((pages::path::READ_PIECES.to_owned(), "#documents".to_owned())),
                });
            }
        }
        Step::Transition(Transition::DeliverFeasibility) if path.commitment.answer.is_some() => {
            ok(pages::path::COMMITMENT_ANSWERED.to_owned());
        }
        Step::Transition(Transition::DeliverReport) if path.report_confirmation.answer.is_some() => {
            ok(pages::path::REPORT_ANSWERED.to_owned());
        }
        Step::Transition(Transition::DeliverPreparation) => {
            if let Some(tutor) = &path.tutor {
                ok(pages::path::tutor_named_on(dates::medium(tutor.since)));
            }
        }
        Step::Transition(Transition::EnterTraining) => {
            if let Some(candidate) = &path.candidate {
                ok(pages::path::place_reserved(candidate.reserved_year, dates::medium(candidate.planned_entry)));
            }
        }
        Step::Transition(_) | Step::Act(_) => {}
    }
    checks
}

/// What was just recorded, and who is being written to.
fn recorded(scene: &Scene, rank: u32) -> Option<Notice> {
    let events = &scene.view.events;
    let first = events.iter().find(|event| event.seq == rank)?;
    let same: Vec<_> =
        events.iter().filter(|event| event.seq >= rank && event.recorded_at == first.recorded_at).collect();
    let title = timeline::path(&first.event, &first.author);
    let mut paragraphs: Vec<String> =
        same.iter().skip(1).map(|event| timeline::path(&event.event, &event.author)).collect();
    let to: Vec<String> = scene
        .view
        .messages
        .iter()
        .filter(|message| same.iter().any(|event| message.content.about.event == Some(event.id)))
        .map(|message| format!("{} ({})", message.content.to.name, reader(&scene.view.path, message)))
        .collect();
    paragraphs.push(match to.len() {
        0 => pages::path::NO_MESSAGE_LEAVES.to_owned(),
        1 => pages::path::message_leaves(&to[0]),
        count => pages::path::messages_leave(
            pages::counts::messages(i64::try_from(count).unwrap_or(i64::MAX)),
            numbers::list(&to),
        ),
    });
    Some(Notice { tone: "done", title, paragraphs })
}

/// Tasks open on the path: those of the reader's side, or those of others.
fn open_tasks(scene: &Scene, of_reader: bool) -> impl Iterator<Item = &app::Task> {
    let side = scene.signed.actor.side();
    let tasks = scene.view.tasks.iter().filter(|task| task.done.is_none());
    tasks.filter(move |task| (side == Some(task.about.side)) == of_reader)
}

/// The reader's tasks, with what was written and where they are done.
fn tasks(scene: &Scene) -> Vec<TaskView> {
    let path = &scene.view.path;
    let possible = |act: &Act| scene.view.available.contains(&Step::Act(*act)) && next::fits(path, Step::Act(*act));
    open_tasks(scene, true)
        .map(|task| {
            let kind = task.about.kind.as_str();
            let acts = app::desk::remedies(kind).iter().filter(|act| possible(act));
            let mut links: Vec<(String, &'static str)> =
                acts.map(|act| (next::address(path, Step::Act(*act)), labels::act(*act))).collect();
            if let Some(message) = task.about.message {
                links = vec![(addresses::message(message), pages::path::SEE_MESSAGE)];
            } else if links.is_empty() {
                links.push(("#personnes".to_owned(), pages::path::SEE_PERSONS));
            }
            // What somebody wrote is in the event that made the task.
            let cause = app::desk::cause(kind);
            let event = scene.view.events.iter().rev().find(|recorded| Some(recorded.event.kind()) == cause);
            TaskView {
                text: wording::tasks::sentence(kind, &task.about.detail),
                details: event.map(|recorded| timeline::details(&recorded.event)).unwrap_or_default(),
                links,
            }
        })
        .collect()
}

/// What others have to do, said to who waits for it.
fn asked(scene: &Scene) -> Vec<String> {
    open_tasks(scene, false)
        .filter(|task| task.about.message.is_none())
        .map(|task| wording::tasks::elsewhere(&task.about.kind, &task.about.detail, task.about.side))
        .collect()
}

/// The last message that asked the person who is late for an answer.
fn unanswered(scene: &Scene) -> Option<String> {
    let late = scene.view.clocks.iter().find(|clock| clock.due_on < scene.around.today)?;
    let path = &scene.view.path;
    let role = match late.holder {
        Side::Company => path.signs_for_company(),
        Side::Trainee => OutsideRole::Trainee,
        Side::Tutor => OutsideRole::Tutor,
        Side::Region | Side::Finance | Side::Body | Side::System => return None,
    };
    if !matches!(scene.signed.actor.side(), Some(Side::Body | Side::Region)) {
        return None;
    }
    let own = |message: &Message| match role.function() {
        Some(_) => path.person_of(role).is_some_and(|person| message.content.to.person == Some(person.id)),
        None => message.content.to.role == role.recipient(),
    };
    let sent = last_message(scene, |message| own(message) && message.content.link.is_some())?;
    Some(addresses::message(sent.content.id))
}

/// Who is waited for, one line a clock.
fn waiting(scene: &Scene) -> Vec<String> {
    scene.view.clocks.iter().map(|clock| labels::waiting(clock, scene.around.today)).collect()
}

fn last_message(scene: &Scene, of: impl Fn(&Message) -> bool) -> Option<&Message> {
    scene.view.messages.iter().filter(|message| of(message)).max_by_key(|message| message.seq)
}

fn delivered(message: Option<&Message>) -> Option<(&'static str, &'static str, Stamp, String)> {
    let message = message?;
    let (state, tone) = parts::delivery(message);
    let at = message.left_at().unwrap_or(message.queued_at);
    Some((state, tone, Stamp::instant(at), addresses::message(message.content.id)))
}

fn people(scene: &Scene) -> Vec<PersonView> {
    let path = &scene.view.path;
    let mut people = Vec::new();
    if let Some(account) = &scene.view.coordinator {
        people.push(PersonView {
            role: pages::path::COORDINATION.to_owned(),
            name: account.name.clone(),
            lines: scene
                .view
                .terms
                .market
                .lot(&path.lot)
                .map(|lot| lot.holder.name.clone())
                .into_iter()
                .chain(scene.view.stand_in.iter().map(stands_in))
                .collect(),
            email: Some(account.email.to_string()),
            phone: account.phone.as_ref().map(|phone| (phone.formatted(), phone.to_string())),
            message: delivered(last_message(scene, |message| message.content.to.account == Some(account.id))),
            trouble: None,
            change: None,
            remove: None,
            profile: Vec::new(),
        });
    }
    let order = [RecipientRole::Company, RecipientRole::Tutor, RecipientRole::Trainee];
    for role in order {
        let of_role = scene.view.people.iter().filter(|person| person.role == role && person.active);
        let mut of_role: Vec<&Person> = of_role.collect();
        // The main contact, then their colleagues.
        of_role.sort_by_key(|person| path.role_of(person.id));
        let of_role = of_role.into_iter();
        people.extend(of_role.map(|person| person_view(scene, person)));
    }
    people
}

/// Who is there while the coordinator is away.
fn stands_in(stand_in: &StandIn) -> String {
    pages::path::stands_in(&stand_in.to.name, dates::until(stand_in.until))
}

fn person_view(scene: &Scene, person: &Person) -> PersonView {
    let path = &scene.view.path;
    let mut lines = Vec::new();
    if let Some(tutor) = path.tutor.as_ref().filter(|tutor| tutor.person.id == person.id) {
        let trained = if tutor.trained { pages::path::TRAINING_PROVEN } else { "" };
        lines.push(pages::path::tutor_since(dates::medium(tutor.since), trained));
    }
    if let Some(candidate) = path.candidate.as_ref().filter(|candidate| candidate.person.id == person.id) {
        lines.push(pages::path::candidate_since(dates::medium(candidate.selected_on)));
    }
    if let Some(day) = person.informed_on {
        lines.push(pages::path::informed_on(dates::short(day)));
    }
    if person.reminders_off {
        lines.push(pages::path::NO_REMINDERS.to_owned());
    }
    let change = Step::Act(domain::path::Act::ChangeContact);
    let correct = scene.view.available.contains(&change).then(|| {
        let role = path.role_of(person.id).map(|role| role.to_string()).unwrap_or_default();
        format!("{}?role={role}", next::address(path, change))
    });
    let remove = Step::Act(domain::path::Act::RemoveCompanyContact);
    let function = path.role_of(person.id).and_then(OutsideRole::function);
    let removable = function.filter(|_| scene.view.available.contains(&remove));
    let removable = removable.map(|function| format!("{}?function={function}", next::address(path, remove)));
    let trouble = match (person.address_refused, &person.contact.email) {
        (true, _) => Some(pages::path::ADDRESS_REFUSED),
        (false, None) => Some(pages::path::NO_ADDRESS),
        (false, Some(_)) => None,
    };
    let profile = person.profile.as_ref().map(|profile| {
        vec![
            (pages::path::BIRTH, dates::medium(profile.birth_date)),
            (pages::path::LEVEL, labels::level(profile.level)),
            (pages::path::SEX, labels::sex(profile.sex).to_owned()),
            ("RSA", labels::yes_no(profile.rsa).to_owned()),
            (pages::path::BOE, labels::yes_no(profile.boe).to_owned()),
        ]
    });
    PersonView {
        role: match path.role_of(person.id) {
            Some(OutsideRole::Company) => pages::path::COMPANY.to_owned(),
            _ => labels::recipient_on(path, person.role, Some(person.id)).to_owned(),
        },
        name: person.contact.name.clone(),
        lines,
        email: person.contact.email.as_ref().map(ToString::to_string),
        phone: person.contact.phone.as_ref().map(|phone| (phone.formatted(), phone.to_string())),
        message: delivered(last_message(scene, |message| message.content.to.person == Some(person.id))),
        trouble: trouble.map(str::to_owned),
        change: correct,
        remove: removable,
        profile: profile.unwrap_or_default(),
    }
}

fn documents(scene: &Scene) -> Vec<DocumentView> {
    let documents: &[Document] = &scene.view.documents;
    let mut views: Vec<DocumentView> = documents
        .iter()
        .enumerate()
        .map(|(index, document)| {
            let same = documents[..=index].iter().filter(|other| other.kind == document.kind).count();
            let several = documents.iter().filter(|other| other.kind == document.kind).count() > 1;
            let kind = labels::document_kind(document.kind);
            DocumentView {
                name: document.reference.name.clone(),
                kind: if several { pages::path::version_of(kind, same) } else { kind.to_owned() },
                size: numbers::size(document.size),
                digest: document.reference.sha256.clone(),
                who: document.added_by.clone(),
                when: Stamp::instant(document.added_at),
                look: look(document, &scene.view.path.reference),
                address: addresses::document(&scene.view.path.reference, document.id),
            }
        })
        .collect();
    views.reverse();
    views
}

fn look(document: &Document, path: &PathReference) -> Look {
    match document.media_type.as_str() {
        "image/png" | "image/jpeg" => Look::Picture,
        "application/pdf" => Look::Page(addresses::open_document(path, document.id)),
        _ => Look::No,
    }
}

/// In which role a message went to its reader.
fn reader(path: &Path, message: &Message) -> &'static str {
    labels::recipient_on(path, message.content.to.role, message.content.to.person)
}

fn message_line(path: &Path, message: &Message) -> MessageLine {
    let (state, tone) = parts::delivery(message);
    MessageLine {
        subject: message.content.subject.clone(),
        to: format!("{}, {}", message.content.to.name, reader(path, message)),
        when: Stamp::instant(message.left_at().unwrap_or(message.queued_at)),
        state,
        tone,
        why: message.last_error.as_deref().filter(|_| tone == "late").map(tasks::delivery),
        address: addresses::message(message.content.id),
    }
}

fn conditions(scene: &Scene) -> Vec<ConditionView> {
    let today = scene.around.today;
    let of = |condition: &domain::path::record::Condition| {
        let (state, tone) = match condition.settled {
            Some(Settlement::Waived { on }) => (pages::path::condition_waived(dates::short(on)), "done"),
            Some(Settlement::Met { on }) => (pages::path::condition_met(dates::short(on)), "done"),
            None if condition.asked.by < today => (dates::deadline(condition.asked.by, today), "late"),
            None => (pages::path::CONDITION_OPEN.to_owned(), "wait"),
        };
        ConditionView { what: condition.asked.what.clone(), by: Stamp::day(condition.asked.by), state, tone }
    };
    scene.view.path.conditions.iter().map(of).collect()
}

/// What is known of the path and has no card of its own.
fn facts(path: &Path) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (pages::path::OPENED_ON, dates::medium(path.opened_on)),
        (pages::path::PERSONS_WANTED, numbers::integer(path.persons_wanted.into())),
    ];
    let mut add = |label, text: Option<String>| facts.extend(text.map(|text| (label, text)));
    add(pages::path::ROME, path.job.rome.as_ref().map(ToString::to_string));
    add(pages::path::DEROGATION, path.derogation.clone());
    add(pages::path::FIRST_VISIT, path.first_visit.map(dates::moment));
    add(pages::path::VERDICT, path.verdict.map(|verdict| labels::verdict(verdict).to_owned()));
    if let Some(pif) = &path.pif {
        let signed: Vec<String> = [Party::Body, Party::Company, Party::Trainee]
            .into_iter()
            .filter(|party| pif.signed(*party))
            .map(|party| labels::the_party(party).to_owned())
            .collect();
        let signed = if signed.is_empty() {
            pages::path::UNSIGNED.to_owned()
        } else {
            pages::path::signed_by(numbers::list(&signed))
        };
        add("PIF", Some(pages::path::programme(pif.version, numbers::hours(pif.terms.total_hours()), &signed)));
        add(pages::path::PROGRAMME_DATES, Some(dates::period(pif.terms.starts_on, pif.terms.ends_on)));
    }
    if let Some(training) = &path.training {
        add(pages::path::ENTRY, Some(dates::medium(training.entered_on)));
        add(pages::path::SAFIR, training.safir.clone());
        add(pages::path::REMU, training.remu.clone());
        add(
            pages::path::OUTCOME,
            training.ended.as_ref().map(|ended| {
                format!(
                    "{}, le {}, {}",
                    labels::outcome(ended.outcome),
                    dates::medium(ended.on),
                    numbers::hours(ended.hours_done)
                )
            }),
        );
    }
    facts
}
