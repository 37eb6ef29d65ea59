//! Small things that several pages show: a day as people say it, a word with its colour, a link, a gauge.

use std::fmt::Display;

use domain::Day;
use form_urlencoded::Serializer;
use wording::dates;

/// The colour that repeats how pressing a due day is.
pub(crate) fn due_tone(day: Day, today: Day) -> &'static str {
    match dates::urgency(day, today) {
        dates::Urgency::Late => "late",
        dates::Urgency::Soon => "wait",
        dates::Urgency::Later => "",
    }
}

/// A word with the colour that repeats it: empty, `now`, `done`, `wait` or `late`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub text: String,
    pub tone: &'static str,
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub text: String,
    pub address: String,
}

/// A value to choose in a filter or a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pick {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Pick {
    /// The values of a filter, of which one may be chosen.
    pub(crate) fn all<V: Display>(values: impl IntoIterator<Item = (V, String)>, chosen: &str) -> Vec<Self> {
        let pick = |(value, label): (V, String)| {
            let value = value.to_string();
            Self { chosen: value == chosen, value, label }
        };
        values.into_iter().map(pick).collect()
    }
}

/// A part of a gauge, in thousandths of its width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub class: &'static str,
    pub from: u32,
    pub width: u32,
}

/// The parts of a gauge: amounts laid end to end on a whole; what goes beyond it is cut.
pub(crate) fn gauge(whole: i64, amounts: &[(&'static str, i64)]) -> Vec<Part> {
    let whole = whole.max(amounts.iter().map(|(_, amount)| (*amount).max(0)).sum()).max(1);
    let mut sum = 0_i64;
    let mut parts = Vec::new();
    for (class, amount) in amounts {
        let place = |amount: i64| u32::try_from(amount.saturating_mul(1000) / whole).unwrap_or(0);
        let from = place(sum);
        sum += (*amount).max(0);
        parts.push(Part { class, from, width: place(sum) - from });
    }
    parts.retain(|part| part.width > 0);
    parts
}

/// The code that the label of an option begins with, `P1` of `P1, étude de faisabilité`.
pub(crate) fn code(option: &str) -> &str {
    option.split_once(',').map_or(option, |(code, _)| code)
}

/// An address with what it asks; empty values are left out.
pub(crate) fn asking(address: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    match query.finish() {
        query if query.is_empty() => address.to_owned(),
        query => format!("{address}?{query}"),
    }
}

#[cfg(test)]
mod tests {
    use domain::market::OptionCode;
    use strum::IntoEnumIterator;
    use wording::labels;

    use super::*;

    #[test]
    fn a_gauge_never_overflows() {
        let widths = |whole, amounts: &[(&'static str, i64)]| -> Vec<u32> {
            gauge(whole, amounts).iter().map(|part| part.width).collect()
        };
        assert_eq!(widths(250, &[("d", 125), ("r", 25)]), [500, 100]);
        assert_eq!(widths(100, &[("d", 150), ("r", 50)]), [750, 250]);
        assert_eq!(widths(0, &[("d", 0)]), Vec::<u32>::new());
        assert_eq!(widths(10, &[("d", -5), ("r", 10)]), [1000]);
    }

    #[test]
    fn an_option_is_known_by_its_code() {
        for option in OptionCode::iter() {
            assert_eq!(code(labels::option_with_code(option)), option.to_string());
        }
    }

    #[test]
    fn an_address_leaves_out_what_is_not_asked() {
        assert_eq!(asking("/commandes", &[("lot", ""), ("etat", "")]), "/commandes");
        assert_eq!(asking("/messages", &[("objet", "bilan & avis")]), "/messages?objet=bilan+%26+avis");
    }
}
