//! One message: exactly what was sent, its life, sending it again or setting it aside for a reason.

use app::{Again, AppError, Cause, MessageState, MessageView, Resend, Settlement};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::response::{IntoResponse, Response};
use domain::calendar::paris_day;
use domain::form::FieldError;
use domain::identifiers::MessageId;
use serde::Deserialize;
use wording::{addresses, dates, labels, pages, refusals, tasks, timeline};

use super::log::{about, correction};
use super::{framed, framing, state_tag};
use crate::forms::{FieldView, Input, Notice, ProblemLine, Problems, Typed, value};
use crate::request::{Form as Sent, Path, Query};
use crate::staff::orders::pieces::{Link, Tag};
use crate::staff::{Frame, Section, Signed};
use crate::stamp::Stamp;
use crate::{PageError, Web};

struct Moment {
    text: String,
    when: Option<Stamp>,
    detail: Option<String>,
}

struct Copy {
    address: String,
    name: String,
    role: &'static str,
    state: Tag,
    when: Stamp,
}

/// What was typed, and what the page says above.
#[derive(Default)]
struct Above {
    status: StatusCode,
    problems: Option<Problems>,
    notice: Option<Notice>,
    reason: String,
    error: Option<String>,
    /// What was typed is why it is set aside.
    aside: bool,
}

#[derive(Template)]
#[template(path = "staff/messages_one.html")]
struct MessagePage {
    frame: Frame,
    subject: String,
    kind: String,
    state: Tag,
    to: String,
    email: String,
    role: &'static str,
    reply_to: String,
    about: Option<Link>,
    cause: Option<String>,
    problems: Option<Problems>,
    notice: Option<Notice>,
    life: Vec<Moment>,
    /// Why it did not arrive, where its address is corrected, and whether it may be sent again.
    failure: Option<(String, Option<String>, bool)>,
    /// Why it is set aside, when it may be, and whether that was tried.
    aside: Option<(FieldView, bool)>,
    content: String,
    text: String,
    others: Vec<Copy>,
    copies: Vec<Copy>,
    /// The form, or why there is none.
    form: Option<FieldView>,
    refused: Option<String>,
    action: String,
    cle: String,
    button: String,
}

/// A server took it; what it does with it is not over then.
fn taken(message: &app::Message, attempts: Option<String>) -> Moment {
    Moment {
        text: pages::messages::TAKEN_BY_SERVER.to_owned(),
        when: message.left_at().map(Stamp::instant),
        detail: attempts.filter(|_| message.attempts > 1).map(|attempts| pages::messages::after(&attempts)),
    }
}

fn life(view: &MessageView) -> Vec<Moment> {
    let message = &view.logged.message;
    let mut moments = vec![Moment {
        text: pages::messages::PREPARED.to_owned(),
        when: Some(Stamp::instant(message.queued_at)),
        detail: (message.content.rank > 0).then(|| pages::messages::copy(message.content.rank)),
    }];
    let attempts = (message.attempts > 0).then(|| pages::counts::attempts(message.attempts));
    let words = message.last_error.as_deref().map(tasks::delivery);
    match message.state {
        MessageState::Queued if message.attempts == 0 => {
            moments.push(Moment { text: pages::messages::WAITS_TO_LEAVE.to_owned(), when: None, detail: None });
        }
        MessageState::Queued => moments.push(Moment {
            text: pages::messages::next_attempt_after(attempts.unwrap_or_default()),
            when: Some(Stamp::instant(message.due_at)),
            detail: words,
        }),
        MessageState::Sending => {
            moments.push(Moment { text: pages::messages::LEAVING.to_owned(), when: None, detail: words });
        }
        MessageState::Sent => moments.push(taken(message, attempts)),
        MessageState::Refused | MessageState::Failed if message.came_back.is_some() => {
            let refused = message.state == MessageState::Refused;
            let text = if refused { pages::messages::RETURNED } else { pages::messages::RETURNED_LATE };
            let when = message.came_back.map(|back| Stamp::instant(back.at));
            moments.push(taken(message, attempts));
            moments.push(Moment { text: text.to_owned(), when, detail: words });
        }
        MessageState::Refused => {
            moments.push(Moment { text: pages::messages::REFUSED_FOR_GOOD.to_owned(), when: None, detail: words });
        }
        MessageState::Failed => moments.push(Moment {
            text: pages::messages::given_up_after(
                attempts.unwrap_or_else(|| pages::messages::SEVERAL_ATTEMPTS.to_owned()),
            ),
            when: None,
            detail: words,
        }),
        MessageState::Held => {
            let detail = words.or_else(|| Some(pages::messages::BY_OPERATIONS.to_owned()));
            moments.push(Moment { text: pages::messages::HELD.to_owned(), when: None, detail });
        }
    }
    if let Some(link) = &message.content.link {
        moments.push(match message.link_revoked_at {
            Some(revoked) => Moment {
                text: pages::messages::LINK_REVOKED.to_owned(),
                when: Some(Stamp::instant(revoked)),
                detail: None,
            },
            None => Moment {
                text: pages::messages::LINK_VALID_UNTIL.to_owned(),
                when: Some(Stamp::day(paris_day(link.expires_at))),
                detail: None,
            },
        });
    }
    moments.extend(view.settled.iter().map(|settled| Moment {
        text: match settled.how {
            Settlement::SentAgain => pages::messages::sent_again_by(&settled.by),
            Settlement::SetAside => pages::messages::set_aside_by(&settled.by),
        },
        when: Some(Stamp::instant(settled.at)),
        detail: Some(settled.reason.clone()),
    }));
    moments
}

/// Why a copy does not leave now.
fn refused(again: Again) -> Option<String> {
    match again {
        Again::May => None,
        Again::NotYours => Some(pages::messages::WHO_SENDS_AGAIN.to_owned()),
        Again::Waiting => Some(pages::messages::COPY_WAITS.to_owned()),
        Again::TooSoon { last, until } => {
            Some(pages::messages::sent_again_too_soon(dates::instant_short(last), dates::instant_short(until)))
        }
        Again::NoRecipient => Some(pages::messages::NO_ADDRESS_NOW.to_owned()),
        Again::OfAccount => Some(pages::messages::OF_ACCOUNT.to_owned()),
    }
}

fn copy(message: &app::Message) -> Copy {
    Copy {
        address: addresses::message(message.content.id),
        name: message.content.to.name.clone(),
        role: labels::reader(&message.content.kind, message.content.to.role),
        state: state_tag(message.state),
        when: Stamp::instant(message.left_at().unwrap_or(message.queued_at)),
    }
}

fn purpose(id: MessageId) -> String {
    format!("message/{id}")
}

fn page(signed: &Signed, view: &MessageView, above: Above) -> Result<Response, PageError> {
    let message = &view.logged.message;
    let content = &message.content;
    let id = content.id;
    let failed = matches!(message.state, MessageState::Refused | MessageState::Failed);
    let (why_again, why_aside) = if above.aside {
        (<_>::default(), (above.reason, above.error))
    } else {
        ((above.reason, above.error), <_>::default())
    };
    let form = (view.again == Again::May).then(|| why(RESEND, pages::messages::WHY_AGAIN, why_again));
    let aside = view.to_settle.then(|| (why(ASIDE, pages::messages::WHY_ASIDE, why_aside), above.aside));
    let shown = MessagePage {
        frame: signed.frame(Section::Messages),
        subject: content.subject.clone(),
        kind: tasks::named(&content.kind).to_owned(),
        state: state_tag(message.state),
        to: content.to.name.clone(),
        email: content.to.email.to_string(),
        role: labels::reader(&content.kind, content.to.role),
        reply_to: format!("{} ({})", content.reply_to_name, content.reply_to_email),
        about: about(&view.logged),
        cause: view.cause.as_ref().map(|cause| match cause {
            Cause::Path(recorded) => timeline::path(&recorded.event, &recorded.author),
            Cause::Order(recorded) => timeline::order(&recorded.event, &recorded.author),
        }),
        problems: above.problems,
        notice: above.notice,
        life: life(view),
        failure: failed.then(|| {
            let words = message.last_error.as_deref().map(tasks::delivery).unwrap_or_default();
            (words, correction(&view.logged), view.again != Again::OfAccount)
        }),
        aside,
        content: format!("{}/contenu", addresses::message(id)),
        text: content.text.clone(),
        others: view.others.iter().map(copy).collect(),
        copies: view.copies.iter().map(copy).collect(),
        form,
        refused: refused(view.again),
        action: addresses::message(id),
        cle: signed.ticket(&purpose(id)),
        button: pages::messages::send_again_to(view.address.as_deref().unwrap_or_default()),
    };
    framing(above.status, shown.render()?)
}

/// The two fields of a reason, by the identifiers that their errors lead to.
const RESEND: &str = "reason";
const ASIDE: &str = "why-aside";

/// The field of a reason.
fn why(id: &str, label: &str, (value, error): (String, Option<String>)) -> FieldView {
    FieldView {
        id: id.to_owned(),
        name: "reason".to_owned(),
        label: label.to_owned(),
        help: pages::messages::WHY_AGAIN_HELP.to_owned(),
        required: true,
        value,
        error,
        remark: None,
        input: Input::Line { kind: "text", autocomplete: "off", short: false },
    }
}

/// What a page says of a reason that is missing or too long.
fn wrong_reason(errors: &[FieldError], reason: &str, aside: bool) -> Above {
    let (anchor, label) =
        if aside { (ASIDE, pages::messages::WHY_ASIDE) } else { (RESEND, pages::messages::WHY_AGAIN) };
    let error = errors.first().map(|error| refusals::problem(&error.problem)).unwrap_or_default();
    let line = ProblemLine { text: pages::messages::why_wrong(label, &error), anchor: Some(anchor.to_owned()) };
    let problems = Problems { title: pages::messages::WHY_TO_CORRECT.to_owned(), lines: vec![line] };
    Above {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        problems: Some(problems),
        reason: reason.to_owned(),
        error: Some(error),
        aside,
        ..Above::default()
    }
}

fn message_of(text: &str) -> Result<MessageId, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// What an address says happened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    fait: Option<String>,
}

/// The page of a message.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, PageError> {
    let view = web.app.message_page(&signed.actor, message_of(&id)?).await?;
    let notice = match said.fait.as_deref() {
        Some("renvoi") if view.logged.message.content.rank > 0 => Some(Notice {
            tone: "done",
            title: pages::messages::LEAVES_AGAIN_TITLE.to_owned(),
            paragraphs: vec![pages::messages::leaves_again(&view.logged.message.content.to.email)],
        }),
        Some("classement") if view.settled.iter().any(|settled| settled.how == Settlement::SetAside) => Some(Notice {
            tone: "done",
            title: pages::messages::SET_ASIDE_TITLE.to_owned(),
            paragraphs: vec![pages::messages::SET_ASIDE_DONE.to_owned()],
        }),
        _ => None,
    };
    page(&signed, &view, Above { notice, ..Above::default() })
}

/// The content of a message, for its frame: no script, no form, nothing fetched.
pub(super) async fn content(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let view = web.app.message_page(&signed.actor, message_of(&id)?).await?;
    Ok(framed(view.logged.message.content.html))
}

/// Sends the message again, in a task that outlives its client.
pub(super) async fn post(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let id = message_of(&id)?;
    // Who does not see it is told nothing of tickets.
    web.app.message_page(&signed.actor, id).await?;
    signed.check(&purpose(id), value(&typed, "cle"))?;
    let writing = {
        let web = web.clone();
        async move { resend(&web, &signed, id, value(&typed, "reason").unwrap_or_default()).await }
    };
    web.writes.spawn(writing).await?
}

async fn resend(web: &Web, signed: &Signed, id: MessageId, reason: &str) -> Result<Response, PageError> {
    let above = match web.app.resend(&signed.actor, id, reason).await {
        Ok(Resend::Queued(new)) => {
            let address = format!("{}?fait=renvoi", addresses::message(new));
            return Ok(Redirect::to(&address).into_response());
        }
        Ok(Resend::Not(again)) => {
            let line = ProblemLine { text: refused(again).unwrap_or_default(), anchor: None };
            let problems = Problems { title: pages::messages::DOES_NOT_LEAVE_TITLE.to_owned(), lines: vec![line] };
            Above { status: StatusCode::CONFLICT, problems: Some(problems), ..Above::default() }
        }
        Err(AppError::Invalid(errors)) => wrong_reason(&errors, reason, false),
        Err(error) => return Err(error.into()),
    };
    let view = web.app.message_page(&signed.actor, id).await?;
    page(signed, &view, above)
}

/// Sets the message aside, in a task that outlives its client.
pub(super) async fn post_aside(
    State(web): State<Web>,
    signed: Signed,
    Path(id): Path<String>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let id = message_of(&id)?;
    web.app.message_page(&signed.actor, id).await?;
    signed.check(&purpose(id), value(&typed, "cle"))?;
    let writing = {
        let web = web.clone();
        async move { set_aside(&web, &signed, id, value(&typed, "reason").unwrap_or_default()).await }
    };
    web.writes.spawn(writing).await?
}

async fn set_aside(web: &Web, signed: &Signed, id: MessageId, reason: &str) -> Result<Response, PageError> {
    let above = match web.app.set_aside(&signed.actor, id, reason).await {
        Ok(true) => {
            let address = format!("{}?fait=classement", addresses::message(id));
            return Ok(Redirect::to(&address).into_response());
        }
        Ok(false) => {
            let line = ProblemLine { text: pages::messages::NOTHING_TO_SET_ASIDE.to_owned(), anchor: None };
            let problems = Problems { title: pages::messages::NOT_SET_ASIDE_TITLE.to_owned(), lines: vec![line] };
            Above { status: StatusCode::CONFLICT, problems: Some(problems), ..Above::default() }
        }
        Err(AppError::Invalid(errors)) => wrong_reason(&errors, reason, true),
        Err(error) => return Err(error.into()),
    };
    let view = web.app.message_page(&signed.actor, id).await?;
    page(signed, &view, above)
}
