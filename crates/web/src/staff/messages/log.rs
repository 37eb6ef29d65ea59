//! The log of messages: filters of the address, pages after a cursor, what did not arrive first.

use app::{LoggedMessage, MessageChoice, MessageState, Task};
use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use domain::Day;
use domain::calendar::paris_day;
use domain::path::{Act, Step};
use domain::people::{RecipientRole, Side};
use serde::Deserialize;
use strum::IntoEnumIterator;
use wording::{addresses, labels, pages, tasks};

use super::state_tag;
use crate::request::Query;
use crate::staff::orders::pieces::{Link, Pick, Tag, asking};
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

/// Lines of a page.
const PAGE: usize = 50;

/// Failures said above the log; the others are found by their filter.
const FAILURES: u64 = 5;

/// The filter of what did not arrive, whichever way.
const FAILED: &str = "echec";

/// What the address asks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    etat: String,
    nature: String,
    role: String,
    parcours: String,
    du: String,
    au: String,
    objet: String,
    /// The rank of the last message of the page before.
    avant: String,
}

fn filled(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

impl Asked {
    fn choice(&self) -> MessageChoice {
        MessageChoice {
            states: match self.etat.as_str() {
                FAILED => vec![MessageState::Refused, MessageState::Failed],
                state => state.parse().into_iter().collect(),
            },
            kind: filled(&self.nature),
            role: self.role.parse().ok(),
            reference: filled(&self.parcours),
            text: filled(&self.objet),
            from: self.du.parse().ok(),
            until: self.au.parse().ok(),
            before: self.avant.parse().ok(),
            limit: PAGE,
        }
    }

    fn page(&self, before: &str) -> String {
        let pairs = [
            ("etat", &*self.etat),
            ("nature", &self.nature),
            ("role", &self.role),
            ("parcours", self.parcours.trim()),
            ("du", &self.du),
            ("au", &self.au),
            ("objet", self.objet.trim()),
            ("avant", before),
        ];
        asking(addresses::messages(), &pairs)
    }

    fn any(&self) -> bool {
        self.page("") != addresses::messages()
    }
}

struct Line {
    address: String,
    subject: String,
    kind: String,
    to: String,
    role: &'static str,
    about: Option<Link>,
    state: Tag,
    when: Stamp,
}

/// What a message is about, as a link.
pub(super) fn about(logged: &LoggedMessage) -> Option<Link> {
    let path = logged.path.as_ref().map(|path| Link { text: path.to_string(), address: addresses::path(path) });
    path.or_else(|| {
        logged.order.as_ref().map(|order| Link { text: order.to_string(), address: addresses::order(order) })
    })
}

fn line(logged: &LoggedMessage, today: Day) -> Line {
    let message = &logged.message;
    Line {
        address: addresses::message(message.content.id),
        subject: message.content.subject.clone(),
        kind: tasks::named(&message.content.kind).to_owned(),
        to: message.content.to.name.clone(),
        role: labels::reader(&message.content.kind, message.content.to.role),
        about: about(logged),
        state: state_tag(message.state),
        when: Stamp::ago(message.left_at().unwrap_or(message.queued_at), today),
    }
}

struct Failure {
    sentence: String,
    message: Link,
    about: Option<Link>,
    correct: Option<String>,
}

/// Where the address of a recipient is corrected.
pub(super) fn correction(logged: &LoggedMessage) -> Option<String> {
    let path = logged.path.as_ref().filter(|_| logged.corrigible)?;
    let step = addresses::step(path, Step::Act(Act::ChangeContact));
    Some(format!("{step}?role={}", logged.message.content.to.role))
}

fn failure((task, logged): &(Task, LoggedMessage)) -> Failure {
    let content = &logged.message.content;
    Failure {
        sentence: tasks::sentence(&task.about.kind, &task.about.detail),
        message: Link {
            text: format!("{}, {}", content.to.name, labels::reader(&content.kind, content.to.role)),
            address: addresses::message(content.id),
        },
        about: about(logged),
        correct: correction(logged),
    }
}

#[derive(Template)]
#[template(path = "staff/messages.html")]
struct LogPage {
    frame: Frame,
    asked: Asked,
    states: Vec<Pick>,
    kinds: Vec<Pick>,
    roles: Vec<Pick>,
    filtered: bool,
    failures: Vec<Failure>,
    /// How many others, and where they are.
    more_failures: Option<(String, String)>,
    lines: Vec<Line>,
    next: Option<String>,
    first: Option<String>,
    body: bool,
    /// Whether the reader reads the texts of messages.
    texts: bool,
}

/// The log.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let today = paris_day(web.app.now().await?);
    let (logged, more) = web.app.message_log(&signed.actor, &asked.choice()).await?;
    let (failures, failed) = web.app.failed_messages(&signed.actor, FAILURES).await?;
    let mut kinds: Vec<_> = web.app.message_kinds().await?;
    kinds.sort_by(|one, other| tasks::named(one).cmp(tasks::named(other)));
    let states = [
        (FAILED.to_owned(), pages::messages::NEVER_ARRIVED.to_owned()),
        (MessageState::Queued.to_string(), pages::messages::WAITING.to_owned()),
        (MessageState::Sent.to_string(), pages::messages::LEFT_MANY.to_owned()),
        (MessageState::Refused.to_string(), pages::messages::REFUSED_MANY.to_owned()),
        (MessageState::Failed.to_string(), pages::messages::NEVER_LEFT_MANY.to_owned()),
        (MessageState::Held.to_string(), pages::messages::HELD_MANY.to_owned()),
    ];
    let last = logged.last().map(|logged| logged.message.seq.to_string());
    let page = LogPage {
        frame: signed.frame(Section::Messages),
        states: Pick::all(states, &asked.etat),
        kinds: Pick::all(kinds.iter().map(|kind| (kind, tasks::named(kind).to_owned())), &asked.nature),
        roles: Pick::all(RecipientRole::iter().map(|role| (role, labels::recipient(role).to_owned())), &asked.role),
        filtered: asked.any(),
        more_failures: (failed > FAILURES).then(|| {
            let others = i64::try_from(failed - FAILURES).unwrap_or(i64::MAX);
            let others = pages::messages::and_others(pages::counts::others(others));
            (others, asking(addresses::messages(), &[("etat", FAILED)]))
        }),
        failures: failures.iter().map(failure).collect(),
        lines: logged.iter().map(|logged| line(logged, today)).collect(),
        next: last.filter(|_| more).map(|last| asked.page(&last)),
        first: (!asked.avant.is_empty()).then(|| asked.page("")),
        body: signed.actor.side() == Some(Side::Body),
        texts: app::reads_texts(&signed.actor),
        asked,
    };
    Ok(Html(page.render()?).into_response())
}
