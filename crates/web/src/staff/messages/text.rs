//! One text of messages: its form, what it would give, what it was before.
//!
//! Previewing posts what is typed, which stays a draft of its author; the button that keeps it sends the version that was seen.
//! Messages are shown in frames, as those that were sent: a frame asks for what is typed, or for what is in force.

use std::collections::BTreeMap;

use app::{AppError, TextEntry, TextKept, TextPage, TextPreview, TextSource};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::identifiers::LotCode;
use domain::texts::{Content, Place, Subject, TextProblem, braced};
use serde::Deserialize;
use wording::pages::texts as words;
use wording::{capital, dates, pages, refusals, texts};

use super::{framed, framing};
use crate::forms::{Choice, FieldView, FormView, Input, Notice, ProblemLine, Problems, Typed, value};
use crate::request::{Form as Sent, Path, Query};
use crate::staff::path::step::PERFORM;
use crate::staff::{Frame, Section, Signed, drafts};
use crate::{PageError, Web, routes};

/// Names of what is sent.
const TITLE: &str = "objet";
const TEXT: &str = "texte";
const SIGNATURE: &str = "signature";
const REASON: &str = "motif";
/// The version that was seen.
const AFTER: &str = "apres";
/// The version that comes back; 0 for the product's own words.
const WHICH: &str = "choix";
/// The ending of the address where a text of before comes back.
const BACK: &str = "retour";

/// A line of a text against the one before.
struct LineView {
    text: String,
    /// `+`, `−` or nothing.
    mark: &'static str,
}

struct VersionView {
    title: String,
    reason: String,
    lines: Vec<LineView>,
}

struct CaseView {
    id: String,
    name: String,
    subject: String,
    /// The address of its frame.
    content: String,
    text: String,
}

/// The product's own words in one case.
struct StandardView {
    name: String,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "staff/messages_text.html")]
struct TextView {
    frame: Frame,
    title: String,
    reader: &'static str,
    own: bool,
    since: Option<String>,
    problems: Option<Problems>,
    notice: Option<Notice>,
    action: String,
    cle: String,
    after: (&'static str, u32),
    draft: Option<String>,
    /// What is typed; nothing for who only reads.
    fields: Option<Vec<FieldView>>,
    reason: FieldView,
    /// The text of somebody faster.
    theirs: Option<Vec<String>>,
    /// What is in force, for who only reads.
    read: Vec<String>,
    variables: Vec<(String, &'static str)>,
    cases: Vec<CaseView>,
    standard: Vec<StandardView>,
    history: Vec<VersionView>,
    back: Option<FormView>,
}

/// The form by which a text is kept: that of what is typed, or that by which one of before comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Way {
    #[default]
    Typed,
    Back,
}

impl Way {
    /// The field of the reason, which both forms have.
    fn reason(self) -> &'static str {
        match self {
            Self::Typed => REASON,
            Self::Back => "motif-retour",
        }
    }
}

/// What was typed, and what the page says of it.
#[derive(Default)]
struct Filled {
    status: StatusCode,
    way: Way,
    content: Content,
    after: u32,
    /// The content is what somebody types, which is kept as their draft.
    typed: bool,
    reason: String,
    draft: Option<String>,
    notice: Option<Notice>,
    problems: Option<Problems>,
    errors: BTreeMap<&'static str, String>,
    theirs: Option<Vec<String>>,
}

impl Filled {
    /// What is in force, to be changed.
    fn in_force(page: &TextPage) -> Self {
        Self { content: page.begun(), after: page.version(), ..Self::default() }
    }

    fn of(typed: &Typed) -> Self {
        let text = |name: &str| value(typed, name).unwrap_or_default().to_owned();
        Self {
            content: Content { title: text(TITLE), text: text(TEXT), signature: text(SIGNATURE) },
            after: text(AFTER).parse().unwrap_or_default(),
            reason: text(REASON),
            typed: true,
            ..Self::default()
        }
    }

    fn problem(self, status: StatusCode, lines: Vec<ProblemLine>) -> Self {
        let problems = Some(Problems { title: words::TO_CORRECT_TITLE.to_owned(), lines });
        Self { status, problems, ..self }
    }
}

fn subject(kind: &str, role: &str) -> Result<Subject, PageError> {
    if kind == routes::LOTS_OF_TEXTS {
        let lot: LotCode = role.parse().map_err(|_| PageError::NotFound)?;
        return Ok(Subject::Lot(lot));
    }
    let role = role.parse().map_err(|_| PageError::NotFound)?;
    Ok(Subject::Message { kind: kind.to_owned(), role })
}

fn back_address(subject: &Subject) -> String {
    format!("{}/{BACK}", routes::text(subject))
}

/// The name under which the page asks for a text.
fn name(place: Place) -> &'static str {
    match place {
        Place::Title => TITLE,
        Place::Text | Place::Complement => TEXT,
        Place::Signature => SIGNATURE,
    }
}

fn help(place: Place) -> &'static str {
    match place {
        Place::Title => words::TITLE_HELP,
        Place::Text => words::TEXT_HELP,
        Place::Complement => words::COMPLEMENT_HELP,
        Place::Signature => words::SIGNATURE_HELP,
    }
}

fn places(subject: &Subject) -> [Place; 2] {
    match subject {
        Subject::Message { .. } => [Place::Title, Place::Text],
        Subject::Lot(_) => [Place::Complement, Place::Signature],
    }
}

fn reason(filled: &Filled, way: Way) -> FieldView {
    let sent = filled.way == way;
    FieldView {
        id: way.reason().to_owned(),
        name: REASON.to_owned(),
        label: words::REASON.to_owned(),
        help: words::REASON_HELP.to_owned(),
        required: true,
        value: if sent { filled.reason.clone() } else { String::new() },
        error: filled.errors.get(REASON).filter(|_| sent).cloned(),
        remark: None,
        input: Input::Line { kind: "text", autocomplete: "off", short: false },
    }
}

fn fields(page: &TextPage, filled: &Filled) -> Vec<FieldView> {
    let field = |place: Place| FieldView {
        id: name(place).to_owned(),
        name: name(place).to_owned(),
        label: texts::place(place).to_owned(),
        help: help(place).to_owned(),
        required: place == Place::Text,
        value: match name(place) {
            TITLE => &filled.content.title,
            SIGNATURE => &filled.content.signature,
            _ => &filled.content.text,
        }
        .clone(),
        error: filled.errors.get(name(place)).cloned(),
        remark: None,
        input: match place {
            Place::Title => Input::Line { kind: "text", autocomplete: "off", short: false },
            Place::Text | Place::Complement | Place::Signature => Input::Area,
        },
    };
    // A title that changes with the case is nobody's to word.
    let asked = places(&page.subject).into_iter().filter(|place| *place != Place::Title || !page.holds.keeps_title);
    asked.map(field).collect()
}

/// The lines of a text against those of the one before: what stays, what is added, what goes.
fn difference(before: &[String], after: &[String]) -> Vec<LineView> {
    // The longest run of lines that stay, from each pair of lines on.
    let mut common = vec![vec![0_usize; after.len() + 1]; before.len() + 1];
    for (rank, old) in before.iter().enumerate().rev() {
        for (column, new) in after.iter().enumerate().rev() {
            common[rank][column] = if old == new {
                common[rank + 1][column + 1] + 1
            } else {
                common[rank + 1][column].max(common[rank][column + 1])
            };
        }
    }
    let line = |text: &String, mark| LineView { text: text.clone(), mark };
    let (mut lines, mut rank, mut column) = (Vec::new(), 0, 0);
    while rank < before.len() || column < after.len() {
        if rank < before.len() && column < after.len() && before[rank] == after[column] {
            lines.push(line(&after[column], ""));
            (rank, column) = (rank + 1, column + 1);
        } else if rank < before.len() && (column == after.len() || common[rank + 1][column] >= common[rank][column + 1])
        {
            lines.push(line(&before[rank], "−"));
            rank += 1;
        } else {
            lines.push(line(&after[column], "+"));
            column += 1;
        }
    }
    lines
}

fn version_title(entry: &TextEntry) -> String {
    words::version(entry.version.version, dates::instant_short(entry.version.at), &entry.by)
}

fn history(page: &TextPage) -> Vec<VersionView> {
    let said = |content: Option<&Content>| words::said(&page.subject, content);
    let version = |(rank, entry): (usize, &TextEntry)| {
        let before = page.history.get(rank + 1).and_then(|before| before.version.content.as_ref());
        VersionView {
            title: version_title(entry),
            reason: entry.version.reason.clone(),
            lines: difference(&said(before), &said(entry.version.content.as_ref())),
        }
    };
    page.history.iter().enumerate().map(version).collect()
}

/// The form by which a text of before comes back; nothing while there is none.
fn back(signed: &Signed, page: &TextPage, filled: &Filled) -> Option<FormView> {
    let address = back_address(&page.subject);
    let choice =
        |value: u32, label: String| Choice { value: value.to_string(), label, detail: String::new(), chosen: false };
    let standard = words::nothing_of(&page.subject).to_owned();
    let standard = page.content().map(|_| choice(0, standard));
    let before = page.history.iter().skip(1).filter(|entry| entry.version.content.is_some());
    let options: Vec<Choice> =
        standard.into_iter().chain(before.map(|entry| choice(entry.version.version, version_title(entry)))).collect();
    let which = FieldView {
        id: WHICH.to_owned(),
        name: WHICH.to_owned(),
        label: words::WHICH.to_owned(),
        help: words::BACK_HELP.to_owned(),
        required: true,
        value: String::new(),
        error: None,
        remark: None,
        input: Input::Select { options: options.clone() },
    };
    (page.may_edit && !options.is_empty()).then(|| FormView {
        hidden: vec![("cle".to_owned(), signed.ticket(&address)), (AFTER.to_owned(), page.version().to_string())],
        action: address,
        fields: vec![which, reason(filled, Way::Back)],
        button: words::BACK_BUTTON.to_owned(),
    })
}

fn cases(subject: &Subject, previews: Vec<TextPreview>, typed: bool) -> Vec<CaseView> {
    let alone = previews.len() == 1;
    let frame = format!("{}/contenu?{}", routes::text(subject), if typed { "saisie=oui&" } else { "" });
    let case = |(rank, preview): (usize, TextPreview)| CaseView {
        id: format!("cas-{}", rank + 1),
        content: format!("{frame}cas={rank}"),
        name: if alone { words::PREVIEW_OF_ALL.to_owned() } else { words::case(rank + 1) },
        subject: preview.subject,
        text: preview.text,
    };
    previews.into_iter().enumerate().map(case).collect()
}

fn standard(page: &TextPage) -> Vec<StandardView> {
    let alone = page.standard.len() == 1;
    let case = |rank: usize| StandardView {
        name: if alone { String::new() } else { words::case(rank + 1) },
        title: page.standard[rank].title.clone(),
        text: page.standard[rank].opening.clone(),
    };
    (0..page.standard.len()).map(case).collect()
}

async fn page(web: &Web, signed: &Signed, page: &TextPage, filled: Filled) -> Result<Response, PageError> {
    // What is wrong has no preview: the words in force are shown, so that the page is never empty.
    let typed = web.app.preview_text(&signed.actor, &page.subject, Some(&filled.content)).await?;
    let shows_typed = typed.is_ok() && filled.typed;
    let previews = match typed {
        Ok(previews) => previews,
        Err(_) => web.app.preview_in_force(&signed.actor, page).await?,
    };
    let action = routes::text(&page.subject);
    let last = page.history.first();
    let shown = TextView {
        frame: signed.frame(Section::Messages),
        title: words::title(&page.subject),
        reader: words::reader(&page.subject),
        own: page.content().is_some(),
        since: last.map(|entry| words::since(dates::instant_short(entry.version.at), &entry.by)),
        cle: signed.ticket(&action),
        action,
        after: (AFTER, filled.after),
        fields: page.may_edit.then(|| fields(page, &filled)),
        reason: reason(&filled, Way::Typed),
        read: words::said(&page.subject, page.content()),
        variables: page.holds.variables.iter().map(|variable| (braced(*variable), texts::meaning(*variable))).collect(),
        cases: cases(&page.subject, previews, shows_typed),
        standard: standard(page),
        history: history(page),
        back: back(signed, page, &filled),
        problems: filled.problems,
        notice: filled.notice,
        draft: filled.draft,
        theirs: filled.theirs,
    };
    framing(filled.status, shown.render()?)
}

/// Which message a frame shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    cas: usize,
    /// What its author is typing.
    saisie: Option<String>,
}

/// The content of a message that a text gives, for its frame.
pub(super) async fn content(
    State(web): State<Web>,
    signed: Signed,
    Path((kind, role)): Path<(String, String)>,
    Query(shown): Query<Shown>,
) -> Result<Response, PageError> {
    let text = web.app.text_page(&signed.actor, &subject(&kind, &role)?).await?;
    let draft = match shown.saisie {
        Some(_) if text.may_edit => web.app.draft(&signed.account, &routes::text(&text.subject)).await?,
        _ => None,
    };
    let typed = match draft.map(|draft| Filled::of(&draft.typed).content) {
        Some(content) => web.app.preview_text(&signed.actor, &text.subject, Some(&content)).await?.ok(),
        None => None,
    };
    let mut previews = match typed {
        Some(previews) => previews,
        None => web.app.preview_in_force(&signed.actor, &text).await?,
    };
    if shown.cas < previews.len() { Ok(framed(previews.swap_remove(shown.cas).html)) } else { Err(PageError::NotFound) }
}

/// What an address says happened.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    fait: Option<String>,
}

/// The page of a text.
pub(super) async fn show(
    State(web): State<Web>,
    signed: Signed,
    Path((kind, role)): Path<(String, String)>,
    Query(told): Query<Told>,
) -> Result<Response, PageError> {
    let text = web.app.text_page(&signed.actor, &subject(&kind, &role)?).await?;
    let draft = match text.may_edit {
        true => web.app.draft(&signed.account, &routes::text(&text.subject)).await?,
        false => None,
    };
    let filled = match draft {
        Some(draft) => Filled { draft: Some(dates::instant_short(draft.updated_at)), ..Filled::of(&draft.typed) },
        None => Filled::in_force(&text),
    };
    let kept = told.fait.as_deref() == Some("texte") && !text.history.is_empty();
    let notice = kept.then(|| notice("done", words::KEPT_TITLE, words::KEPT));
    page(&web, &signed, &text, Filled { notice, ..filled }).await
}

fn notice(tone: &'static str, title: &str, paragraph: &str) -> Notice {
    Notice { tone, title: title.to_owned(), paragraphs: vec![paragraph.to_owned()] }
}

/// The text, when the reader may change it.
async fn opened(web: &Web, signed: &Signed, subject: &Subject) -> Result<TextPage, PageError> {
    let page = web.app.text_page(&signed.actor, subject).await?;
    if page.may_edit { Ok(page) } else { Err(PageError::NotFound) }
}

/// Shows what is typed, or keeps it.
pub(super) async fn post(
    State(web): State<Web>,
    signed: Signed,
    Path((kind, role)): Path<(String, String)>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let text = opened(&web, &signed, &subject(&kind, &role)?).await?;
    let address = routes::text(&text.subject);
    let filled = Filled::of(&typed);
    if let Err(error) = signed.check(&address, value(&typed, "cle")) {
        let notice = Some(Notice::other_session());
        return page(&web, &signed, &text, Filled { status: error.status(), notice, ..filled }).await;
    }
    if value(&typed, drafts::ERASE).is_some() {
        web.app.forget_draft(&signed.account, &address).await?;
        return Ok(Redirect::to(&address).into_response());
    }
    drafts::sent(&web, &signed, &address, &typed).await?;
    if value(&typed, PERFORM).is_none() {
        let filled = match web.app.preview_text(&signed.actor, &text.subject, Some(&filled.content)).await? {
            Ok(_) => Filled { notice: Some(notice("wait", words::PREVIEW_TITLE, words::PREVIEW)), ..filled },
            Err(problems) => wrong(filled, &problems),
        };
        return page(&web, &signed, &text, filled).await;
    }
    let (source, after) = (TextSource::Typed(filled.content.clone()), filled.after);
    keep(&web, signed, text.subject, source, after, filled).await
}

/// Brings a text of before back.
pub(super) async fn post_back(
    State(web): State<Web>,
    signed: Signed,
    Path((kind, role)): Path<(String, String)>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageError> {
    let text = opened(&web, &signed, &subject(&kind, &role)?).await?;
    signed.check(&back_address(&text.subject), value(&typed, "cle"))?;
    let source = match value(&typed, WHICH).and_then(|which| which.parse().ok()) {
        Some(0) => TextSource::Standard,
        Some(version) => TextSource::Version(version),
        None => {
            let line = ProblemLine { text: words::CHOOSE_VERSION.to_owned(), anchor: Some(WHICH.to_owned()) };
            let filled = Filled::in_force(&text).problem(StatusCode::UNPROCESSABLE_ENTITY, vec![line]);
            return page(&web, &signed, &text, filled).await;
        }
    };
    let after = value(&typed, AFTER).and_then(|after| after.parse().ok()).unwrap_or_default();
    let reason = value(&typed, REASON).unwrap_or_default().to_owned();
    let filled = Filled { way: Way::Back, reason, ..Filled::in_force(&text) };
    keep(&web, signed, text.subject, source, after, filled).await
}

/// Keeps a text after the version that was seen, in a task that outlives its client.
async fn keep(
    web: &Web,
    signed: Signed,
    subject: Subject,
    source: TextSource,
    after: u32,
    filled: Filled,
) -> Result<Response, PageError> {
    let writing = {
        let web = web.clone();
        async move {
            let kept = web.app.keep_text(&signed.actor, &subject, &source, after, &filled.reason).await;
            answer(&web, &signed, &subject, filled, kept).await
        }
    };
    web.writes.spawn(writing).await?
}

/// What is wrong in a text, above the form and beside each field.
fn wrong(filled: Filled, problems: &[TextProblem]) -> Filled {
    let line = |problem: &TextProblem| ProblemLine {
        text: pages::forms::about(texts::place(problem.place), texts::problem(problem)),
        anchor: Some(name(problem.place).to_owned()),
    };
    let mut errors = BTreeMap::new();
    // A text of before that may be kept no more, since its message lost something, is not the one that the fields show.
    for problem in problems.iter().filter(|_| filled.way == Way::Typed) {
        errors.entry(name(problem.place)).or_insert_with(|| capital(&texts::problem(problem)));
    }
    let lines = problems.iter().map(line).collect();
    Filled { errors, ..filled.problem(StatusCode::UNPROCESSABLE_ENTITY, lines) }
}

/// What keeping a text did.
async fn answer(
    web: &Web,
    signed: &Signed,
    subject: &Subject,
    filled: Filled,
    kept: Result<TextKept, AppError>,
) -> Result<Response, PageError> {
    let filled = match kept {
        Ok(kept @ (TextKept::Kept | TextKept::Unchanged)) => {
            if filled.way == Way::Typed {
                web.app.forget_draft(&signed.account, &routes::text(subject)).await?;
            }
            if kept == TextKept::Kept {
                return Ok(Redirect::to(&format!("{}?fait=texte", routes::text(subject))).into_response());
            }
            Filled { notice: Some(notice("wait", words::UNCHANGED_TITLE, words::UNCHANGED)), ..filled }
        }
        Ok(TextKept::Overtaken(theirs)) => {
            let shown = match filled.way {
                Way::Typed => filled,
                Way::Back => {
                    let now = Filled::in_force(&opened(web, signed, subject).await?);
                    Filled { content: now.content, ..filled }
                }
            };
            overtaken(shown, subject, &theirs)
        }
        Ok(TextKept::Wrong(problems)) => wrong(filled, &problems),
        Err(AppError::Invalid(errors)) => {
            let error = errors.first().map(|error| refusals::problem(&error.problem)).unwrap_or_default();
            let text = pages::forms::about(words::REASON, &error);
            let line = ProblemLine { text, anchor: Some(filled.way.reason().to_owned()) };
            let filled = filled.problem(StatusCode::UNPROCESSABLE_ENTITY, vec![line]);
            Filled { errors: [(REASON, capital(&error))].into(), ..filled }
        }
        Err(error) => return Err(error.into()),
    };
    page(web, signed, &opened(web, signed, subject).await?, filled).await
}

/// Somebody was faster: who, when, why, what they wrote; what was typed stays, and may be sent after theirs.
fn overtaken(filled: Filled, subject: &Subject, theirs: &TextEntry) -> Filled {
    let version = &theirs.version;
    let text = words::overtaken(&theirs.by, dates::instant_short(version.at), &version.reason);
    let problems = Problems {
        title: words::OVERTAKEN_TITLE.to_owned(),
        lines: vec![ProblemLine { text, anchor: Some("leur-texte".to_owned()) }],
    };
    Filled {
        status: StatusCode::CONFLICT,
        problems: Some(problems),
        after: version.version,
        theirs: Some(words::said(subject, version.content.as_ref())),
        ..filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &[&str], after: &[&str]) -> Vec<String> {
        let lines = |lines: &[&str]| -> Vec<String> { lines.iter().map(|line| (*line).to_owned()).collect() };
        let difference = difference(&lines(before), &lines(after));
        difference.into_iter().map(|line| format!("{}{}", line.mark, line.text)).collect()
    }

    #[test]
    fn a_difference_says_what_stays_comes_and_goes() {
        assert_eq!(shown(&["a", "b", "c"], &["a", "x", "c"]), ["a", "−b", "+x", "c"]);
        assert_eq!(shown(&["a"], &["a"]), ["a"]);
        assert_eq!(shown(&[], &["a"]), ["+a"]);
        assert_eq!(shown(&["a", "b"], &[]), ["−a", "−b"]);
        assert_eq!(shown(&["b", "c"], &["a", "b", "c"]), ["+a", "b", "c"]);
    }
}
