//! The commune of a workplace in a form: typed by its name, postal code or INSEE code, and chosen when several are meant.

use std::fmt::Display;

use domain::territories::{Listed, find_communes};
use wording::pages;

use crate::forms::{Choice, FieldView, Input, Typed, field_id, value};

pub(crate) const COMMUNE: &str = "commune";
/// Typed beside the communes proposed, when none of them is the right one.
pub(crate) const OTHER_COMMUNE: &str = "autre_commune";

/// What was typed, and what it may mean.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// As the page keeps it: the commune as the list names it, once it is known.
    pub kept: String,
    /// The INSEE code that the domain reads; empty while it is not known.
    pub code: String,
    /// No commune of the list, and not a code of elsewhere.
    pub unknown: bool,
    /// Communes that the text may mean, when there are several.
    pub proposed: Vec<Listed>,
}

/// Reads the commune of a form.
pub(crate) fn said(typed: &Typed) -> Said {
    let other = value(typed, OTHER_COMMUNE).map(str::trim).filter(|text| !text.is_empty());
    let said = other.or_else(|| value(typed, COMMUNE)).unwrap_or_default().trim().to_owned();
    let found = find_communes(&said);
    let (kept, code) = match found.as_slice() {
        [one] => (one.label(), one.code.to_owned()),
        // A commune of elsewhere, by its code: the domain says that it is of no lot.
        [] => (said.clone(), said.clone()),
        [..] => (said.clone(), String::new()),
    };
    let elsewhere = domain::identifiers::Commune::parse(&said).is_ok();
    Said {
        kept,
        code,
        unknown: found.is_empty() && !said.is_empty() && !elsewhere,
        proposed: if found.len() > 1 { found } else { Vec::new() },
    }
}

impl Said {
    /// What is wrong with it, in words.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.unknown {
            let text = pages::communes::NONE_FOUND;
            return Some(text.to_owned());
        }
        let several = !self.proposed.is_empty();
        several.then(|| pages::communes::several_found(&self.kept))
    }

    /// The field, as a list to choose from when several communes are meant.
    pub(crate) fn views(&self, form: impl Display, mut view: FieldView) -> Vec<FieldView> {
        view.value.clone_from(&self.kept);
        view.error = self.problem().or(view.error);
        if self.proposed.is_empty() {
            return vec![view];
        }
        let choice = |commune: &Listed| Choice {
            value: commune.label(),
            label: commune.label(),
            detail: pages::communes::insee_code(commune.code),
            chosen: false,
        };
        view.input = Input::Choice { options: self.proposed.iter().map(choice).collect(), pair: false, several: false };
        let other = FieldView {
            id: field_id(form, OTHER_COMMUNE),
            name: OTHER_COMMUNE.to_owned(),
            label: pages::communes::OTHER.to_owned(),
            help: pages::communes::OTHER_HELP.to_owned(),
            required: false,
            value: String::new(),
            error: None,
            remark: None,
            input: Input::Line { kind: "text", autocomplete: "", short: false },
        };
        vec![view, other]
    }
}
