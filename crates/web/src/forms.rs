//! Fields of forms: what the domain asks, with the words of `wording`, what was typed and what is wrong.

use std::fmt::Display;

use domain::form::{Field, FieldError, FieldKind};
use domain::path::{Command, Step};
use wording::fields::{self, FieldWords};
use wording::{labels, pages, refusals};

/// What was sent: names and values in order, several of the same name for boxes ticked.
pub(crate) type Typed = Vec<(String, String)>;

/// The value sent under a name.
pub(crate) fn value<'a>(typed: &'a Typed, name: &str) -> Option<&'a str> {
    typed.iter().find(|(sent, _)| sent == name).map(|(_, value)| value.as_str())
}

/// How a field is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    Line {
        kind: &'static str,
        autocomplete: &'static str,
        short: bool,
    },
    Area,
    /// A line of figures with a button that fills in what is known of it.
    Sought {
        name: &'static str,
        label: &'static str,
    },
    Choice {
        options: Vec<Choice>,
        pair: bool,
        several: bool,
    },
    /// A list that opens, for many answers.
    Select {
        options: Vec<Choice>,
    },
    /// A document to send; `held` is the one received before, which stays unless another is sent.
    File {
        accept: &'static str,
        held: Option<String>,
    },
}

/// One answer to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub value: String,
    pub label: String,
    pub detail: String,
    pub chosen: bool,
}

/// A field as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldView {
    pub id: String,
    pub name: String,
    pub label: String,
    pub help: String,
    pub required: bool,
    pub value: String,
    pub error: Option<String>,
    /// Something to look at again, which stops nothing.
    pub remark: Option<String>,
    pub input: Input,
}

impl FieldView {
    /// A required line that people type in, under its label.
    pub(crate) fn line(
        name: &str,
        (label, help): (&str, &str),
        kind: &'static str,
        value: &str,
        error: Option<&String>,
    ) -> Self {
        Self {
            id: name.to_owned(),
            name: name.to_owned(),
            label: label.to_owned(),
            help: help.to_owned(),
            required: true,
            value: value.to_owned(),
            error: error.cloned(),
            remark: None,
            input: Input::Line { kind, autocomplete: "off", short: kind == "date" },
        }
    }
}

/// A form as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormView {
    pub action: String,
    pub hidden: Vec<(String, String)>,
    pub fields: Vec<FieldView>,
    pub button: String,
}

/// Something said once, at the top of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// `done`, `wait` or `late`.
    pub tone: &'static str,
    pub title: String,
    pub paragraphs: Vec<String>,
}

impl Notice {
    /// A form whose session is not the one that sends it: what was typed stays, and is sent again by its author.
    pub(crate) fn other_session() -> Self {
        Self {
            tone: "wait",
            title: pages::forms::READ_AGAIN_TITLE.to_owned(),
            paragraphs: vec![pages::forms::OTHER_SESSION.to_owned()],
        }
    }
}

/// What is wrong with what was sent, at the top of the page, with links to the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problems {
    pub title: String,
    pub lines: Vec<ProblemLine>,
}

impl Problems {
    /// What the fields of a form say is wrong with them, each under its label; none when nothing is.
    pub(crate) fn of(fields: &[FieldView]) -> Option<Self> {
        let line = |field: &FieldView| {
            let text = pages::forms::about(&field.label, field.error.as_ref()?);
            Some(ProblemLine { text, anchor: Some(field.id.clone()) })
        };
        let lines: Vec<_> = fields.iter().filter_map(line).collect();
        (!lines.is_empty()).then(|| Self { title: pages::forms::TO_CORRECT.to_owned(), lines })
    }
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProblemLine {
    pub text: String,
    pub anchor: Option<String>,
}

/// What a browser proposes to send, as [`pages::forms::FORMATS`] says it; the content decides.
const ACCEPTED: &str = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx,.odt,.ods,.odp,.txt";

/// Names under which the person who answers for a company is asked.
pub(crate) const SIGNATORY: &str = "signataire";
pub(crate) const FUNCTION: &str = "fonction";

/// The fields of a step that a person outside fills, with what was typed before.
///
/// Documents are for the body's coordinator: a person outside is asked none.
pub(crate) fn of_step(step: Step, hidden: &[&str], typed: &Typed, errors: &[FieldError]) -> Vec<FieldView> {
    let shown = |field: &Field| field.kind != FieldKind::Document && !hidden.contains(&field.name);
    Command::fields(step).into_iter().filter(shown).map(|field| of_field(step, &field, typed, errors)).collect()
}

/// One field of a step.
pub(crate) fn of_field(step: Step, field: &Field, typed: &Typed, errors: &[FieldError]) -> FieldView {
    let words = fields::path(step, field.name);
    FieldView::asked(field_id(step, field.name), field, words, typed, problem_of(errors, field.name))
}

impl FieldView {
    /// A field that a form of the domain asks, with the words of its form if it has some of its own.
    pub(crate) fn asked(
        id: String,
        field: &Field,
        words: Option<FieldWords>,
        typed: &Typed,
        error: Option<String>,
    ) -> Self {
        let value = value(typed, field.name).unwrap_or_default().to_owned();
        let help = words.map_or("", |words| words.help);
        let help = match field.kind {
            FieldKind::Document if help.is_empty() => pages::forms::FORMATS.to_owned(),
            FieldKind::Document => format!("{help} {}", pages::forms::FORMATS),
            _ => help.to_owned(),
        };
        Self {
            id,
            help,
            name: field.name.to_owned(),
            label: words.map_or_else(|| fields::label(field.name), |words| words.label).to_owned(),
            required: field.required,
            input: Input::of(field, &value),
            value,
            error,
            remark: None,
        }
    }
}

impl Input {
    /// How what a field asks is filled, with its answer chosen.
    fn of(field: &Field, answer: &str) -> Self {
        let line = |kind, autocomplete, short| Self::Line { kind, autocomplete, short };
        let choice = |(value, label): (&str, &str)| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            detail: String::new(),
            chosen: answer == value,
        };
        match field.kind {
            FieldKind::Text | FieldKind::Conditions | FieldKind::Units => Self::Area,
            FieldKind::Boolean => {
                let options = [("oui", true), ("non", false)].map(|(value, yes)| choice((value, labels::yes_no(yes))));
                Self::Choice { options: options.into(), pair: true, several: false }
            }
            FieldKind::Choice(ids) => {
                let options = labels::choices(ids).into_iter().map(choice).collect();
                Self::Choice { options, pair: false, several: false }
            }
            FieldKind::Number => line("number", "", true),
            FieldKind::Day => line("date", "", true),
            FieldKind::Moment => line("datetime-local", "", true),
            FieldKind::Email => line("email", "email", false),
            FieldKind::Phone => line("tel", "tel", true),
            FieldKind::Line if field.name == "name" => line("text", "name", false),
            FieldKind::Line | FieldKind::Money | FieldKind::Siret | FieldKind::Commune | FieldKind::Rome => {
                line("text", "", false)
            }
            FieldKind::Document => Self::File { accept: ACCEPTED, held: None },
            FieldKind::Level | FieldKind::Lot | FieldKind::Reference => line("text", "", true),
        }
    }
}

/// What is wrong with a field, beside it.
pub(crate) fn problem_of(errors: &[FieldError], name: &str) -> Option<String> {
    errors.iter().find(|error| error.field == name).map(|error| wording::capital(&refusals::problem(&error.problem)))
}

/// The anchor of a field, for the summary of errors.
pub(crate) fn field_id(form: impl Display, name: &str) -> String {
    format!("{form}-{name}")
}

/// The two questions that tell who answers for a company.
pub(crate) fn signatory(step: Step, expected: &str, typed: &Typed, errors: &[FieldError]) -> Vec<FieldView> {
    let field = |name: &str, label: &str, help: &str, autocomplete, proposed: &str| FieldView {
        id: field_id(step, name),
        name: name.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        required: true,
        value: value(typed, name).unwrap_or(proposed).to_owned(),
        error: problem_of(errors, name),
        remark: None,
        input: Input::Line { kind: "text", autocomplete, short: false },
    };
    vec![
        field(SIGNATORY, pages::forms::YOUR_NAME, pages::forms::NAME_ON_RECEIPT, "name", expected),
        field(FUNCTION, pages::forms::YOUR_FUNCTION, "", "organization-title", ""),
    ]
}

/// What is wrong with the name or the function of who answers.
pub(crate) fn signatory_problem(error: &FieldError) -> String {
    let what = if error.field == SIGNATORY { pages::forms::YOUR_NAME } else { pages::forms::YOUR_FUNCTION };
    pages::forms::about(what, refusals::problem(&error.problem))
}
