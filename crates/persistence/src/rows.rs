//! Reading the cells of a row: what does not parse is an inconsistency with its table, column and identifier.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::DeserializeOwned;

use crate::error::{Result, StoreError};

/// The row being read, for the message of what is wrong in it.
pub(crate) struct Row {
    table: &'static str,
    id: String,
}

impl Row {
    pub(crate) fn new(table: &'static str, id: impl Display) -> Self {
        Self { table, id: id.to_string() }
    }

    /// The inconsistency of a column.
    pub(crate) fn wrong(&self, column: &'static str, problem: impl Display) -> StoreError {
        StoreError::inconsistent(self.table, column, &self.id, problem)
    }

    /// A value that was read already, or the inconsistency.
    pub(crate) fn read<T, E: Display>(&self, column: &'static str, value: Result<T, E>) -> Result<T> {
        value.map_err(|problem| self.wrong(column, problem))
    }

    pub(crate) fn text<T: FromStr<Err: Display>>(&self, column: &'static str, text: &str) -> Result<T> {
        self.read(column, text.parse())
    }

    pub(crate) fn optional_text<T: FromStr<Err: Display>>(
        &self,
        column: &'static str,
        text: Option<&str>,
    ) -> Result<Option<T>> {
        text.map(|text| self.text(column, text)).transpose()
    }

    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str, text: &str) -> Result<T> {
        self.read(column, serde_json::from_str(text))
    }

    /// A whole number from 0.
    pub(crate) fn count(&self, column: &'static str, number: i32) -> Result<u32> {
        self.read(column, u32::try_from(number))
    }
}

/// A number of the domain as a column holds it; none of ours comes near the bound.
pub(crate) fn column(number: u32) -> i32 {
    i32::try_from(number).expect("versions, quantities and ranks stay below two billion")
}

/// A value as the text of a JSON column.
pub(crate) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("values of the domain have text keys and always become JSON")
}

/// A text as it is searched: small letters without accents, words separated by one space.
pub(crate) fn folded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.to_lowercase().chars() {
        match letter {
            'à' | 'â' | 'ä' | 'á' => plain.push('a'),
            'ç' => plain.push('c'),
            'é' | 'è' | 'ê' | 'ë' => plain.push('e'),
            'î' | 'ï' | 'í' => plain.push('i'),
            'ñ' => plain.push('n'),
            'ô' | 'ö' | 'ó' => plain.push('o'),
            'ù' | 'û' | 'ü' | 'ú' => plain.push('u'),
            'ÿ' => plain.push('y'),
            'œ' => plain.push_str("oe"),
            'æ' => plain.push_str("ae"),
            '’' | '\'' => plain.push(' '),
            other => plain.push(other),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}
