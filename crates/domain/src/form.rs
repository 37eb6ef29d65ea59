//! Forms: what a command asks, read from typed or typed-in values, with every problem at once.
//!
//! A command is declared once with [`forms!`](crate::form::forms): its fields, their types and their documentation. The
//! declaration gives the enum of commands, the list of fields that the command line, the API and the pages show, and the
//! reader that checks a form. Texts are trimmed; an empty text is a missing one. Amounts typed as text are euros
//! (`1 234,56`), JSON numbers are cents. Days are `2026-12-14` or `14/12/2026`, moments `2026-12-14 10:30`, both civil
//! times of Europe/Paris.

use std::num::NonZeroU32;

use chrono::{NaiveDate, NaiveDateTime};
use serde_json::{Map, Value};
use thiserror::Error;

use crate::calendar::Day;
use crate::identifiers::{
    Commune, EmailAddress, IdentifierError, LotCode, PathReference, Phone, Rome, Siret, TrainingLevel,
};
use crate::money::Cents;

/// Values of a form by field name, as typed or as JSON.
pub type Form = Map<String, Value>;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line, 200 characters at most.
    Line,
    /// Several lines, 4 000 characters at most.
    Text,
    Boolean,
    /// A whole number from 0.
    Number,
    Money,
    Day,
    Moment,
    Email,
    Phone,
    Siret,
    Commune,
    Rome,
    Level,
    Lot,
    Reference,
    /// One of these identifiers.
    Choice(&'static [&'static str]),
    Document,
    /// Dated conditions: `2026-12-01 text`, one a line.
    Conditions,
    /// Units of a purchase order: `P1 250`, one option a line.
    Units,
}

/// A field of a command's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub kind: FieldKind,
    pub required: bool,
}

/// What is wrong with the value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldProblem {
    #[error("missing")]
    Missing,
    #[error("not a field of this form")]
    Unknown { known: Vec<&'static str> },
    #[error("longer than {max} characters")]
    TooLong { max: usize },
    #[error("control characters")]
    ControlCharacters,
    #[error("not text")]
    NotText,
    #[error("not yes or no")]
    NotBoolean,
    #[error("not a whole number")]
    NotNumber,
    #[error("not a whole number above zero")]
    NotPositive,
    #[error("not an amount")]
    NotMoney,
    #[error("not a day")]
    NotDay,
    #[error("not a day from {from} to {until}")]
    DayOutside { from: Day, until: Day },
    #[error("not a day and time")]
    NotMoment,
    #[error("not one of the choices")]
    NotChoice { choices: &'static [&'static str] },
    #[error("not a document")]
    NotDocument,
    #[error("not dated conditions")]
    NotConditions,
    #[error("not units of options")]
    NotUnits,
    #[error(transparent)]
    Identifier(IdentifierError),
}

/// A problem with its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub problem: FieldProblem,
}

/// A type that a field can have.
pub trait FieldType: Sized {
    const KIND: FieldKind;
    const REQUIRED: bool = true;

    /// Reads a value that is present.
    ///
    /// # Errors
    /// The problem of the value.
    fn read(value: &Value) -> Result<Self, FieldProblem>;

    /// What an absent value means.
    ///
    /// # Errors
    /// [`FieldProblem::Missing`] for a required field.
    fn absent() -> Result<Self, FieldProblem> {
        Err(FieldProblem::Missing)
    }
}

/// Reads the fields of a form one after the other and gathers every problem.
#[derive(Debug)]
pub struct Reader<'a> {
    form: &'a Form,
    errors: Vec<FieldError>,
}

impl<'a> Reader<'a> {
    /// Starts on a form: fields that `known` does not list are problems.
    pub fn new(form: &'a Form, known: &[Field]) -> Self {
        let unknown = |name: &&String| !known.iter().any(|field| field.name == name.as_str());
        let names: Vec<_> = known.iter().map(|field| field.name).collect();
        let errors = form
            .keys()
            .filter(unknown)
            .map(|name| FieldError { field: name.clone(), problem: FieldProblem::Unknown { known: names.clone() } })
            .collect();
        Self { form, errors }
    }

    /// Reads one field; `None` when a problem was noted.
    pub fn read<T: FieldType>(&mut self, name: &'static str) -> Option<T> {
        let result = match self.form.get(name) {
            None | Some(Value::Null) => T::absent(),
            Some(Value::String(text)) if text.trim().is_empty() => T::absent(),
            Some(value) => T::read(value),
        };
        result.map_err(|problem| self.errors.push(FieldError { field: name.to_owned(), problem })).ok()
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Every problem noted, unknown fields first.
    pub fn finish(self) -> Result<(), Vec<FieldError>> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }
}

/// Declares commands with their forms; see the head of the module.
macro_rules! forms {
    (
        $(#[$enum_meta:meta])*
        pub enum $Command:ident by $Step:ty {
            $(
                $(#[$meta:meta])*
                $Variant:ident = [$($step:tt)+] {
                    $( $(#[$field_meta:meta])* $field:ident : $ty:ty ),* $(,)?
                }
            )*
        }
    ) => {
        $(#[$enum_meta])*
        pub enum $Command {
            $( $(#[$meta])* $Variant { $( $(#[$field_meta])* $field: $ty ),* } ),*
        }

        impl $Command {
            /// The fields of a step's form, in the order in which a page shows them.
            pub fn fields(step: $Step) -> Vec<$crate::form::Field> {
                match step {
                    $( $($step)+ => vec![ $( $crate::form::Field {
                        name: stringify!($field),
                        kind: <$ty as $crate::form::FieldType>::KIND,
                        required: <$ty as $crate::form::FieldType>::REQUIRED,
                    } ),* ] ),*
                }
            }

            /// Reads a step's command from a form.
            ///
            /// # Errors
            /// Every problem of every field, unknown fields included.
            pub fn read(step: $Step, form: &$crate::form::Form) -> Result<Self, Vec<$crate::form::FieldError>> {
                #[allow(unused_mut, reason = "a form without fields reads nothing")]
                let mut reader = $crate::form::Reader::new(form, &Self::fields(step));
                match step {
                    $( $($step)+ => {
                        $( let $field = reader.read::<$ty>(stringify!($field)); )*
                        reader.finish()?;
                        Ok(Self::$Variant {
                            $( $field: $field.expect("a field without a noted problem was read") ),*
                        })
                    } )*
                }
            }

            /// The step this command performs.
            pub fn step(&self) -> $Step {
                match self {
                    $( Self::$Variant { .. } => $($step)+ ),*
                }
            }
        }
    };
}
pub(crate) use forms;

/// Makes strum enums usable as choices.
macro_rules! choices {
    ($($ty:ty),* $(,)?) => {
        $(
            impl $crate::form::FieldType for $ty {
                const KIND: $crate::form::FieldKind =
                    $crate::form::FieldKind::Choice(<$ty as strum::VariantNames>::VARIANTS);

                fn read(value: &serde_json::Value) -> Result<Self, $crate::form::FieldProblem> {
                    let problem = $crate::form::FieldProblem::NotChoice {
                        choices: <$ty as strum::VariantNames>::VARIANTS,
                    };
                    value.as_str().and_then(|text| text.trim().parse().ok()).ok_or(problem)
                }
            }
        )*
    };
}
pub(crate) use choices;

/// A text of one line.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Line(pub String);

/// A text of several lines: a reason, an observation.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Text(pub String);

fn text(value: &Value, max: usize, lines: bool) -> Result<String, FieldProblem> {
    let text = value.as_str().ok_or(FieldProblem::NotText)?.trim();
    if text.chars().count() > max {
        return Err(FieldProblem::TooLong { max });
    }
    if text.chars().any(|c| c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'))) {
        return Err(FieldProblem::ControlCharacters);
    }
    Ok(text.to_owned())
}

impl FieldType for Line {
    const KIND: FieldKind = FieldKind::Line;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        text(value, 200, false).map(Self)
    }
}

impl FieldType for Text {
    const KIND: FieldKind = FieldKind::Text;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        text(value, 4000, true).map(Self)
    }
}

impl<T: FieldType> FieldType for Option<T> {
    const KIND: FieldKind = T::KIND;
    const REQUIRED: bool = false;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        T::read(value).map(Some)
    }
    fn absent() -> Result<Self, FieldProblem> {
        Ok(None)
    }
}

impl FieldType for bool {
    const KIND: FieldKind = FieldKind::Boolean;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        match value {
            Value::Bool(value) => Ok(*value),
            Value::String(text) => match text.trim().to_lowercase().as_str() {
                "oui" | "true" | "1" => Ok(true),
                "non" | "false" | "0" => Ok(false),
                _ => Err(FieldProblem::NotBoolean),
            },
            Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(FieldProblem::NotBoolean),
        }
    }
}

impl FieldType for u32 {
    const KIND: FieldKind = FieldKind::Number;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        let number = match value {
            Value::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
            Value::String(text) => text.trim().parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        number.ok_or(FieldProblem::NotNumber)
    }
}

/// A number of things of which there is one at least.
impl FieldType for NonZeroU32 {
    const KIND: FieldKind = FieldKind::Number;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        Self::new(u32::read(value)?).ok_or(FieldProblem::NotPositive)
    }
}

impl FieldType for Cents {
    const KIND: FieldKind = FieldKind::Money;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        let cents = match value {
            Value::Number(number) => number.as_i64().filter(|cents| *cents >= 0),
            Value::String(text) => euros(text),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        cents.map(Self::new).ok_or(FieldProblem::NotMoney)
    }
}

/// Cents from a typed amount in euros: `1 234,56 €`, `1234.5`, `600`.
fn euros(text: &str) -> Option<i64> {
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '€').map(|c| if c == ',' { '.' } else { c }).collect();
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(decimals) || decimals.len() > 2 {
        return None;
    }
    let decimals: i64 = format!("{decimals:0<2}").parse().ok()?;
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(decimals)
}

impl FieldType for Day {
    const KIND: FieldKind = FieldKind::Day;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        let text = value.as_str().ok_or(FieldProblem::NotDay)?.trim();
        day(text).ok_or(FieldProblem::NotDay)
    }
}

/// A day as typed; years of four digits only.
fn day(text: &str) -> Option<Day> {
    let read = |format| NaiveDate::parse_from_str(text, format).ok();
    let plausible = |day: &Day| (1900..=2200).contains(&chrono::Datelike::year(day));
    read("%Y-%m-%d").or_else(|| read("%d/%m/%Y")).filter(plausible)
}

impl FieldType for NaiveDateTime {
    const KIND: FieldKind = FieldKind::Moment;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        let text = value.as_str().ok_or(FieldProblem::NotMoment)?.trim().replace('T', " ").replace(" h ", ":");
        let (date, time) = text.split_once(' ').ok_or(FieldProblem::NotMoment)?;
        let time = ["%H:%M", "%H:%M:%S"].iter().find_map(|format| chrono::NaiveTime::parse_from_str(time, format).ok());
        day(date).zip(time).map(|(day, time)| day.and_time(time)).ok_or(FieldProblem::NotMoment)
    }
}

/// Fields checked by an identifier's own rule.
macro_rules! identifiers {
    ($($ty:ty => $kind:ident),* $(,)?) => {
        $(
            impl FieldType for $ty {
                const KIND: FieldKind = FieldKind::$kind;
                fn read(value: &Value) -> Result<Self, FieldProblem> {
                    let text = value.as_str().ok_or(FieldProblem::NotText)?;
                    Self::parse(text.trim()).map_err(FieldProblem::Identifier)
                }
            }
        )*
    };
}
identifiers!(
    EmailAddress => Email, Phone => Phone, Siret => Siret, Commune => Commune, Rome => Rome, LotCode => Lot,
    PathReference => Reference,
);

impl FieldType for TrainingLevel {
    const KIND: FieldKind = FieldKind::Level;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        let text = match value {
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(FieldProblem::NotNumber),
        };
        Self::parse(&text).map_err(FieldProblem::Identifier)
    }
}

/// A document kept beside the path, named by the digest of its bytes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentRef {
    pub name: String,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
}

impl FieldType for DocumentRef {
    const KIND: FieldKind = FieldKind::Document;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        let document: Self = serde_json::from_value(value.clone()).map_err(|_| FieldProblem::NotDocument)?;
        let hexadecimal = document.sha256.len() == 64 && document.sha256.chars().all(|c| c.is_ascii_hexdigit());
        let named = !document.name.trim().is_empty() && !document.name.chars().any(char::is_control);
        if hexadecimal && named { Ok(document) } else { Err(FieldProblem::NotDocument) }
    }
}

/// A condition of a favourable verdict, with the day by which it is to be met.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedCondition {
    pub by: Day,
    pub what: String,
}

impl FieldType for Vec<DatedCondition> {
    const KIND: FieldKind = FieldKind::Conditions;
    const REQUIRED: bool = false;
    fn read(value: &Value) -> Result<Self, FieldProblem> {
        let one = |line: &str| {
            let (by, what) = line.trim().split_once(' ')?;
            let what = what.trim();
            (!what.is_empty()).then_some(())?;
            Some(DatedCondition { by: day(by)?, what: what.to_owned() })
        };
        match value {
            Value::String(text) => text.lines().filter(|line| !line.trim().is_empty()).map(one).collect::<Option<_>>(),
            Value::Array(items) => items
                .iter()
                .map(|item| match item {
                    Value::String(line) => one(line),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                        serde_json::from_value(item.clone()).ok()
                    }
                })
                .collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        }
        .ok_or(FieldProblem::NotConditions)
    }
    fn absent() -> Result<Self, FieldProblem> {
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_euros_when_typed_and_cents_when_numbers() {
        for (text, cents) in [("1 234,56 €", 123_456), ("600", 60_000), ("0,5", 50), ("1234.50", 123_450)] {
            assert_eq!(Cents::read(&Value::from(text)), Ok(Cents::new(cents)), "{text}");
        }
        assert_eq!(Cents::read(&Value::from(60_000)), Ok(Cents::new(60_000)));
        for text in ["-5", "1,234", "1e3", "", "12,3,4", "99999999999999999999"] {
            assert_eq!(Cents::read(&Value::from(text)), Err(FieldProblem::NotMoney), "{text}");
        }
    }

    #[test]
    fn days_are_read_both_ways_and_impossible_ones_refused() {
        let day = Day::from_ymd_opt(2026, 12, 14).unwrap();
        assert_eq!(Day::read(&Value::from("2026-12-14")), Ok(day));
        assert_eq!(Day::read(&Value::from("14/12/2026")), Ok(day));
        for text in ["2026-02-30", "31/04/2026", "14/12/26", "demain", "0026-12-14"] {
            assert_eq!(Day::read(&Value::from(text)), Err(FieldProblem::NotDay), "{text}");
        }
    }

    #[test]
    fn a_number_of_people_is_one_at_least() {
        let three = NonZeroU32::new(3).unwrap();
        assert_eq!(NonZeroU32::read(&Value::from("3")), Ok(three));
        assert_eq!(NonZeroU32::read(&Value::from("0")), Err(FieldProblem::NotPositive));
        assert_eq!(NonZeroU32::read(&Value::from(0)), Err(FieldProblem::NotPositive));
        assert_eq!(NonZeroU32::read(&Value::from("-1")), Err(FieldProblem::NotNumber));
    }

    #[test]
    fn conditions_need_a_day_and_words() {
        let value = Value::from("2026-12-01 Aménager le poste\n2026-12-08 Former le tuteur\n");
        assert_eq!(Vec::<DatedCondition>::read(&value).unwrap().len(), 2);
        assert_eq!(Vec::<DatedCondition>::read(&Value::from("bientôt")), Err(FieldProblem::NotConditions));
    }

    #[test]
    fn a_line_takes_no_control_character() {
        assert_eq!(Line::read(&Value::from("a\nb")), Err(FieldProblem::ControlCharacters));
        assert!(Text::read(&Value::from("a\nb")).is_ok());
    }
}
