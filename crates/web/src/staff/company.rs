//! A company: its paths, its people, what it promised, what was sent to it.
//!
//! A reader sees a company through their own paths alone. Of each thing a bounded number is shown, with how many others there
//! are and where. Nothing is changed here: each person is replaced on the path that
//! names them, by its own step.

use app::bulk::MOST;
use app::{CompanyPath, CompanyView, Message, MessageState, PathLine};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use domain::Day;
use domain::calendar::paris_day;
use domain::identifiers::Siret;
use domain::path::command::CompanyAnswer;
use domain::path::record::Settlement;
use domain::path::{Act, State as PathState, Step};
use domain::people::{Person, RecipientRole, Side};
use wording::{addresses, dates, labels, numbers, pages};

use super::paths::who;
use super::{Frame, Section, Signed};
use crate::request::Path;
use crate::stamp::Stamp;
use crate::{PageError, Web, routes};

/// Its page.
pub(crate) fn router() -> Router<Web> {
    Router::new().route(routes::COMPANY, get(show))
}

/// Most paths and promises shown.
const SHOWN: usize = 20;
/// Most paths named beside a person.
const NAMED: usize = 5;

/// A path of the company.
struct PathRow {
    reference: String,
    address: String,
    job: String,
    state: &'static str,
    holder: &'static str,
    deadline: Option<Stamp>,
    opened: Stamp,
}

/// Someone of the company.
struct PersonView {
    name: String,
    role: &'static str,
    /// The role as the form that replaces them names it.
    asked: &'static str,
    /// What is known besides: trained, replaced, address refused.
    notes: Vec<&'static str>,
    email: String,
    phone: String,
    paths: Vec<(String, String)>,
    /// How many other paths name them.
    others: Option<String>,
    /// Where they are replaced, path by path.
    replace: Vec<(String, String)>,
    /// Where they are replaced on all of these at once: how many there are, and the address.
    replace_all: Option<(String, String)>,
}

/// Something the company promised, or was asked to.
struct PromiseView {
    text: String,
    /// `done`, `wait` or `late`.
    tone: &'static str,
    word: &'static str,
    path: (String, String),
}

/// A message.
struct MessageView {
    subject: String,
    address: String,
    to: String,
    when: String,
    state: &'static str,
    tone: &'static str,
    path: String,
}

#[derive(Template)]
#[template(path = "staff/company.html")]
struct CompanyPage {
    frame: Frame,
    name: String,
    siret: String,
    count: String,
    paths: Vec<PathRow>,
    /// All of them in the list: how many there are, and the address.
    all: Option<(String, String)>,
    people: Vec<PersonView>,
    promises: Vec<PromiseView>,
    other_promises: Option<String>,
    messages: Vec<MessageView>,
    older_messages: Option<String>,
    new_path: Option<String>,
}

/// Shows the company.
async fn show(State(web): State<Web>, signed: Signed, Path(siret): Path<String>) -> Result<Response, PageError> {
    let siret = Siret::parse(&siret).map_err(|_| PageError::NotFound)?;
    let company = web.app.company(&signed.actor, &siret).await?;
    let today = paris_day(web.app.now().await?);
    Ok(Html(view(&signed, company, today).render()?).into_response())
}

fn view(signed: &Signed, company: CompanyView, today: Day) -> CompanyPage {
    let side = signed.actor.side();
    let number = i64::try_from(company.in_all).unwrap_or(i64::MAX);
    // What is late or awaited comes before what was kept.
    let mut promised: Vec<PromiseView> = company.paths.iter().flat_map(|path| promises(path, today)).collect();
    promised.sort_by_key(|promise| promise.tone == "done");
    let opens = |side: Side| domain::path::table::row(domain::path::Transition::ReportNeed.into()).by.contains(&side);
    CompanyPage {
        frame: signed.frame(Section::Paths),
        siret: numbers::siret(&company.siret),
        count: pages::companies::of_which_open(
            pages::counts::paths(number),
            numbers::integer(i64::try_from(company.open).unwrap_or(i64::MAX)),
        ),
        paths: company.paths.iter().take(SHOWN).map(|path| row(&path.line, today)).collect(),
        all: (company.in_all > SHOWN as u64)
            .then(|| (pages::counts::paths(number), format!("{}?q={}&vue=tableau", addresses::paths(), company.siret))),
        people: people(&company.paths, side),
        other_promises: others(promised.len(), SHOWN),
        promises: promised.into_iter().take(SHOWN).collect(),
        older_messages: company.more_messages.then(|| {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("parcours", company.siret.as_str())
                .finish();
            format!("{}?{query}", addresses::messages())
        }),
        messages: company.messages.iter().map(|(message, line)| message_view(message, line)).collect(),
        new_path: side.filter(|side| opens(*side)).map(|_| prefilled(&company)),
        name: company.name,
    }
}

/// How many are beyond those shown.
fn others(count: usize, shown: usize) -> Option<String> {
    let others = i64::try_from(count.saturating_sub(shown)).unwrap_or(i64::MAX);
    (others > 0).then(|| pages::counts::others(others))
}

/// The form of a new path with what is known of the company; nobody is named in an address.
fn prefilled(company: &CompanyView) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("siret", company.siret.as_str()).append_pair("company", &company.name);
    if let Some(last) = company.paths.first() {
        query.append_pair("commune", last.line.commune.as_str());
    }
    format!("{}?{}", addresses::new_path(), query.finish())
}

fn row(line: &PathLine, today: Day) -> PathRow {
    PathRow {
        reference: line.reference.to_string(),
        address: addresses::path(&line.reference),
        job: line.job.clone(),
        state: labels::state(line.state),
        holder: line.holder.map_or("", who),
        deadline: line.due_on.map(|due| Stamp::due(due, today)),
        opened: Stamp::day(line.opened_on),
    }
}

/// Each person once, with the paths that name them; those in charge first.
fn people(paths: &[CompanyPath], side: Option<Side>) -> Vec<PersonView> {
    let mut views: Vec<(bool, PersonView)> = Vec::new();
    for path in paths {
        for person in &path.people {
            let link = (path.line.reference.to_string(), addresses::path(&path.line.reference));
            let replace = replaceable(path, person, side).then(|| {
                let step = addresses::step(&path.line.reference, Step::Act(Act::ChangeContact));
                (path.line.reference.to_string(), format!("{step}?role={}", asked(path, person)))
            });
            let email = person.contact.email.as_ref().map_or_else(String::new, ToString::to_string);
            let role = labels::recipient_on(&path.path, person.role, Some(person.id));
            let same = |view: &PersonView| view.name == person.contact.name && view.role == role && view.email == email;
            if let Some((active, known)) = views.iter_mut().find(|(_, view)| same(view)) {
                *active |= person.active;
                known.paths.push(link);
                known.replace.extend(replace);
                continue;
            }
            views.push((
                person.active,
                PersonView {
                    name: person.contact.name.clone(),
                    role,
                    asked: asked(path, person),
                    notes: notes(path, person),
                    email,
                    phone: person
                        .contact
                        .phone
                        .as_ref()
                        .map_or_else(String::new, domain::identifiers::Phone::formatted),
                    paths: vec![link],
                    others: None,
                    replace: replace.into_iter().collect(),
                    replace_all: None,
                },
            ));
        }
    }
    views.sort_by_key(|(active, _)| !active);
    views
        .into_iter()
        .map(|(active, mut view)| {
            view.replace_all = replace_all(&view);
            view.others = others(view.paths.len(), NAMED);
            view.paths.truncate(NAMED);
            view.replace.truncate(NAMED);
            if !active {
                view.notes.insert(0, pages::companies::NO_LONGER_THERE);
            }
            view
        })
        .collect()
}

/// One form for every path on which a person is replaced, with what would happen on each.
fn replace_all(person: &PersonView) -> Option<(String, String)> {
    let number = i64::try_from(person.replace.len()).unwrap_or(i64::MAX);
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (reference, _) in person.replace.iter().take(MOST) {
        query.append_pair("p", reference);
    }
    query.append_pair("etape", Step::Act(Act::ChangeContact).id()).append_pair("role", person.asked);
    let address = format!("{}?{}", routes::BULK, query.finish());
    let paths = pages::counts::paths(number);
    (number > 1).then(|| {
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let on = if number > most { pages::companies::first_of(most, paths) } else { pages::companies::all_of(paths) };
        (on, address)
    })
}

/// The role of a person, as the form that replaces them names it.
fn asked(path: &CompanyPath, person: &Person) -> &'static str {
    path.path.role_of(person.id).map_or(person.role.into(), Into::into)
}

fn replaceable(path: &CompanyPath, person: &Person, side: Option<Side>) -> bool {
    let row = domain::path::table::row(Step::Act(Act::ChangeContact));
    person.active && !path.path.state.is_final() && side.is_some_and(|side| row.by.contains(&side))
}

fn notes(path: &CompanyPath, person: &Person) -> Vec<&'static str> {
    let mut notes = Vec::new();
    let tutor = path.path.tutor.as_ref().filter(|tutor| tutor.person.id == person.id);
    match tutor {
        Some(tutor) if tutor.trained => notes.push(pages::companies::TUTOR_TRAINED),
        Some(tutor) if tutor.training_ordered => notes.push(pages::companies::TUTOR_TRAINING_ORDERED),
        Some(_) | None => {}
    }
    if person.address_refused {
        notes.push(pages::companies::ADDRESS_REFUSED);
    }
    notes
}

fn promises(path: &CompanyPath, today: Day) -> Vec<PromiseView> {
    let link = || (path.line.reference.to_string(), addresses::path(&path.line.reference));
    let mut promises = Vec::new();
    let mut promise = |text: String, tone, word| promises.push(PromiseView { text, tone, word, path: link() });
    let answers = [
        (pages::companies::COMMITMENT, &path.path.commitment),
        (pages::companies::REPORT_CONFIRMATION, &path.path.report_confirmation),
    ];
    for (text, confirmation) in answers {
        let text = text.to_owned();
        match (confirmation.answer, confirmation.asked, confirmation.declined) {
            (Some(CompanyAnswer::Confirmed), _, _) => promise(text, "done", pages::companies::CONFIRMED),
            (Some(CompanyAnswer::Letter), _, _) => promise(text, "done", pages::companies::LETTER_SIGNED),
            (Some(CompanyAnswer::NoAnswer), _, _) => promise(text, "late", pages::companies::NO_ANSWER),
            (None, _, Some(on)) => {
                promise(pages::companies::on(&text, dates::short(on)), "late", pages::companies::DECLINED);
            }
            (None, Some((on, _)), None) => {
                promise(pages::companies::on(&text, dates::short(on)), "wait", pages::companies::ASKED);
            }
            (None, None, None) => {}
        }
    }
    for condition in &path.path.conditions {
        let text = format!("{}, {}", condition.asked.what, dates::by(condition.asked.by));
        match condition.settled {
            Some(Settlement::Met { .. }) => promise(text, "done", pages::companies::CONDITION_MET),
            Some(Settlement::Waived { .. }) => promise(text, "done", pages::companies::CONDITION_WAIVED),
            None if condition.asked.by < today => promise(text, "late", pages::companies::CONDITION_LATE),
            None => promise(text, "wait", pages::companies::CONDITION_AWAITED),
        }
    }
    if path.path.state == PathState::NotFeasible {
        promise(pages::companies::VERDICT.to_owned(), "late", pages::companies::NOT_FEASIBLE);
    }
    promises
}

fn message_view(message: &Message, line: &PathLine) -> MessageView {
    let (state, tone) = match message.state {
        MessageState::Queued | MessageState::Sending => (pages::companies::MESSAGE_ON_ITS_WAY, "wait"),
        MessageState::Sent => (pages::companies::MESSAGE_SENT, "done"),
        MessageState::Refused => (pages::companies::MESSAGE_REFUSED, "late"),
        MessageState::Failed => (pages::companies::MESSAGE_FAILED, "late"),
        MessageState::Held => (pages::companies::MESSAGE_HELD, "wait"),
    };
    let to = &message.content.to;
    let role = match to.role {
        RecipientRole::Company | RecipientRole::Tutor => labels::recipient(to.role),
        RecipientRole::Body
        | RecipientRole::Trainee
        | RecipientRole::Region
        | RecipientRole::Finance
        | RecipientRole::Candidate => "",
    };
    MessageView {
        subject: message.content.subject.clone(),
        address: addresses::message(message.content.id),
        to: format!("{}, {role}", to.name),
        when: dates::instant_short(message.left_at().unwrap_or(message.queued_at)),
        state,
        tone,
        path: line.reference.to_string(),
    }
}
