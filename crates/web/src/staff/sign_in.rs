//! Signing in and out, and the link that sets a password. In a demo, one click takes the place of anyone of the example.
//!
//! Rules kept here: unknown, closed and wrong give the same bytes; asking for a link always gives the same page, before the
//! work is done; what was typed stays, but for passwords.

mod forgotten;
mod personas;
mod visitor;

use app::SignIn;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::identifiers::EmailAddress;
use serde::Deserialize;

pub(super) use self::forgotten::{DIFFERENT, TITLE, password_fields};
use self::personas::Group;
pub(crate) use self::visitor::Asking;
use super::cookie::{give, give_device, take_back};
use super::frame::SIGN_OUT;
use super::{Nobody, Signed};
use crate::forms::{FieldView, Input, Notice, ProblemLine, Problems};
use crate::request::{Form, Query};
use crate::{PageError, Web, routes};
use wording::pages;

/// Its pages.
pub(crate) fn router() -> Router<Web> {
    Router::new()
        .route(routes::SIGN_IN, get(show).post(post_in))
        .route(routes::SIGN_IN_DEMO, post(post_demo))
        .route(routes::SIGN_OUT, post(post_out))
        .merge(forgotten::router())
}

/// Where to go once signed in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Back {
    retour: String,
    /// What just happened.
    fait: String,
}

impl Back {
    /// An address of ours, whatever was sent.
    fn address(&self) -> &str {
        let own = self.retour.starts_with('/')
            && !self.retour.starts_with("//")
            && !self.retour.contains(['\\', '\r', '\n', '\t']);
        if own { &self.retour } else { routes::HOME }
    }
}

#[derive(Template)]
#[template(path = "staff/sign_in.html")]
struct SignInPage {
    /// The people of a demo, none elsewhere.
    groups: Vec<Group>,
    back: String,
    notice: Option<Notice>,
    problems: Option<Problems>,
    fields: Vec<FieldView>,
}

/// A field of a form of this section.
pub(crate) fn field(name: &str, label: &str, help: &str, kind: &'static str, autocomplete: &'static str) -> FieldView {
    FieldView {
        id: format!("champ-{name}"),
        name: name.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        required: true,
        value: String::new(),
        error: None,
        remark: None,
        input: Input::Line { kind, autocomplete, short: false },
    }
}

/// Something wrong with one field, at the top of the page and beside it.
pub(crate) fn problem(title: &str, fields: &mut [FieldView], name: &str, text: &str) -> Problems {
    let field = fields.iter_mut().find(|field| field.name == name);
    let anchor = field.map(|field| {
        field.error = Some(text.to_owned());
        field.id.clone()
    });
    Problems { title: title.to_owned(), lines: vec![ProblemLine { text: text.to_owned(), anchor }] }
}

impl SignInPage {
    async fn new(web: &Web, back: &Back, email: &str) -> Result<Self, PageError> {
        let groups = if web.options.demo {
            personas::groups(web.app.accounts().await?, &web.app.markets().await?)
        } else {
            Vec::new()
        };
        let mut address = field("courriel", pages::sign_in::YOUR_ADDRESS, "", "email", "username");
        address.value = email.chars().take(250).collect();
        let fields =
            vec![address, field("mot_de_passe", pages::sign_in::YOUR_PASSWORD, "", "password", "current-password")];
        Ok(Self { groups, back: back.address().to_owned(), notice: None, problems: None, fields })
    }
}

/// The page that signs in; whoever is signed in goes on, but in a demo, where one changes places.
async fn show(
    State(web): State<Web>,
    Query(back): Query<Back>,
    signed: Result<Signed, Nobody>,
) -> Result<Response, PageError> {
    if signed.is_ok() && !web.options.demo {
        return Ok(Redirect::to(back.address()).into_response());
    }
    let mut page = SignInPage::new(&web, &back, "").await?;
    page.notice = match back.fait.as_str() {
        "mot_de_passe" => Some(Notice {
            tone: "done",
            title: pages::sign_in::PASSWORD_SET_TITLE.to_owned(),
            paragraphs: vec![pages::sign_in::PASSWORD_SET.to_owned()],
        }),
        "garde" => Some(Notice {
            tone: "wait",
            title: pages::sign_in::SESSION_OVER_TITLE.to_owned(),
            paragraphs: vec![pages::sign_in::SESSION_OVER.to_owned()],
        }),
        "garde_sans_document" => Some(Notice {
            tone: "wait",
            title: pages::sign_in::SESSION_OVER_TITLE.to_owned(),
            paragraphs: vec![
                pages::sign_in::SESSION_OVER.to_owned(),
                pages::sign_in::SESSION_OVER_DOCUMENT_LOST.to_owned(),
            ],
        }),
        "sortie" => Some(Notice { tone: "done", title: pages::sign_in::SIGNED_OUT.to_owned(), paragraphs: Vec::new() }),
        _ => None,
    };
    Ok(Html(page.render()?).into_response())
}

/// What the form that signs in sends.
#[derive(Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    courriel: String,
    #[serde(default)]
    mot_de_passe: String,
    #[serde(flatten)]
    back: Back,
}

/// Signs in with a password.
async fn post_in(
    State(web): State<Web>,
    Asking(visitor): Asking,
    Form(sent): Form<Credentials>,
) -> Result<Response, PageError> {
    let app = web.app.clone();
    let (email, password) = (sent.courriel.clone(), sent.mot_de_passe);
    // A field left empty is no try: it is answered like any other, and does not count.
    let outcome = if email.trim().is_empty() || password.is_empty() {
        SignIn::Refused
    } else {
        web.writes.spawn(async move { app.sign_in(&email, &password, &visitor).await }).await??
    };
    match outcome {
        SignIn::In { secret, device } => {
            let cookies = AppendHeaders([give(&web, &secret), give_device(&web, &device)]);
            Ok((cookies, Redirect::to(sent.back.address())).into_response())
        }
        SignIn::Refused => {
            let mut page = SignInPage::new(&web, &sent.back, &sent.courriel).await?;
            page.problems =
                Some(problem(pages::sign_in::REFUSED_TITLE, &mut page.fields, "mot_de_passe", pages::sign_in::REFUSED));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
        }
        SignIn::Wait { seconds } => {
            let mut page = SignInPage::new(&web, &sent.back, &sent.courriel).await?;
            page.problems =
                Some(Problems { title: pages::sign_in::SLOWED_TITLE.to_owned(), lines: vec![wait(seconds)] });
            let retry = [(header::RETRY_AFTER, seconds.to_string())];
            Ok((StatusCode::TOO_MANY_REQUESTS, retry, Html(page.render()?)).into_response())
        }
    }
}

/// How long to wait, in words.
pub(crate) fn after(seconds: u64) -> String {
    match i64::try_from(seconds).unwrap_or(i64::MAX) {
        few @ 0..120 => pages::counts::seconds(few),
        more => wording::numbers::duration(more / 60),
    }
}

/// How long to wait, and what else to do.
pub(crate) fn wait(seconds: u64) -> ProblemLine {
    ProblemLine { text: pages::sign_in::slowed(after(seconds)), anchor: None }
}

/// What the demo's one click sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    compte: String,
    #[serde(flatten)]
    back: Back,
}

/// Takes the place of someone of the demo.
async fn post_demo(
    State(web): State<Web>,
    Asking(visitor): Asking,
    signed: Result<Signed, Nobody>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, PageError> {
    if !web.options.demo {
        return Err(PageError::NotFound);
    }
    let email = EmailAddress::parse(&chosen.compte).map_err(|_| PageError::NotFound)?;
    let app = web.app.clone();
    let secret = web
        .writes
        .spawn(async move {
            // Changing places leaves no session behind.
            if let Ok(signed) = signed {
                app.sign_out(&signed.account, signed.session, &visitor).await?;
            }
            app.enter_demo(&email, &visitor).await
        })
        .await??;
    Ok(([give(&web, &secret)], Redirect::to(chosen.back.address())).into_response())
}

/// The ticket of a form that asks nothing else.
#[derive(Debug, Deserialize)]
pub(crate) struct Ticket {
    pub cle: Option<String>,
}

/// Ends the session.
async fn post_out(
    State(web): State<Web>,
    signed: Signed,
    Asking(visitor): Asking,
    Form(ticket): Form<Ticket>,
) -> Result<Response, PageError> {
    signed.check(SIGN_OUT, ticket.cle.as_deref())?;
    let app = web.app.clone();
    web.writes.spawn(async move { app.sign_out(&signed.account, signed.session, &visitor).await }).await??;
    Ok(([take_back(&web)], Redirect::to(&format!("{}?fait=sortie", routes::SIGN_IN))).into_response())
}
