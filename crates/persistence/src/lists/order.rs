//! In which order paths are listed, and where a page begins and ends.
//!
//! A cursor holds the value by which the list is sorted and the identifier of its line, so that a path that moves between two
//! pages is never the reason why another is missed. Paths without a deadline come last whichever way deadlines run.

use std::fmt;
use std::str::FromStr;

use chrono::DateTime;
use domain::identifiers::PathId;
use domain::{Day, Instant};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, Order};
use strum::{Display, EnumIter, EnumString};

use super::PathLine;
use crate::entities::paths::Column;

/// By what paths are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, EnumIter, EnumString, Display)]
#[strum(serialize_all = "snake_case")]
pub enum PathSort {
    #[default]
    Deadline,
    Reference,
    Company,
    Job,
    Opened,
    Changed,
}

/// By what paths are sorted, and which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PathOrder {
    pub by: PathSort,
    pub descending: bool,
}

/// The value of a line by which a list is sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CursorKey {
    Deadline(Option<Day>),
    Text(String),
    Opened(Day),
    Changed(Instant),
}

/// The place of a line in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathCursor {
    pub key: CursorKey,
    pub id: PathId,
}

/// As an address carries it: the value, its kind in one letter, and the identifier.
impl fmt::Display for PathCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            CursorKey::Deadline(Some(day)) => write!(f, "e{day}"),
            CursorKey::Deadline(None) => write!(f, "e"),
            CursorKey::Text(text) => write!(f, "t{text}"),
            CursorKey::Opened(day) => write!(f, "o{day}"),
            CursorKey::Changed(instant) => write!(f, "c{}", instant.timestamp_micros()),
        }?;
        write!(f, "~{}", self.id)
    }
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list")]
pub struct NoCursor;

impl FromStr for PathCursor {
    type Err = NoCursor;

    fn from_str(text: &str) -> Result<Self, NoCursor> {
        let (key, id) = text.rsplit_once('~').ok_or(NoCursor)?;
        let id = id.parse().map_err(|_| NoCursor)?;
        let day = |text: &str| text.parse::<Day>().map_err(|_| NoCursor);
        let key = match (key.get(..1), key.get(1..)) {
            (Some("e"), Some("")) => CursorKey::Deadline(None),
            (Some("e"), Some(rest)) => CursorKey::Deadline(Some(day(rest)?)),
            (Some("t"), Some(rest)) => CursorKey::Text(rest.to_owned()),
            (Some("o"), Some(rest)) => CursorKey::Opened(day(rest)?),
            (Some("c"), Some(rest)) => {
                let micros = rest.parse().map_err(|_| NoCursor)?;
                CursorKey::Changed(DateTime::from_timestamp_micros(micros).ok_or(NoCursor)?)
            }
            (_, _) => return Err(NoCursor),
        };
        Ok(Self { key, id })
    }
}

impl PathLine {
    /// The place of this line in a list by deadline.
    pub fn cursor(&self) -> PathCursor {
        self.cursor_in(PathOrder::default())
    }

    /// The place of this line in a list so ordered.
    pub fn cursor_in(&self, order: PathOrder) -> PathCursor {
        let key = match order.by {
            PathSort::Deadline => CursorKey::Deadline(self.due_on),
            PathSort::Reference => CursorKey::Text(self.reference.to_string()),
            PathSort::Company => CursorKey::Text(self.company.clone()),
            PathSort::Job => CursorKey::Text(self.job.clone()),
            PathSort::Opened => CursorKey::Opened(self.opened_on),
            PathSort::Changed => CursorKey::Changed(self.updated_at),
        };
        PathCursor { key, id: self.id }
    }
}

impl PathOrder {
    /// Whether a cursor is one of lists so ordered.
    pub fn knows(&self, cursor: &PathCursor) -> bool {
        match &cursor.key {
            CursorKey::Deadline(_) => self.by == PathSort::Deadline,
            CursorKey::Text(_) => matches!(self.by, PathSort::Reference | PathSort::Company | PathSort::Job),
            CursorKey::Opened(_) => self.by == PathSort::Opened,
            CursorKey::Changed(_) => self.by == PathSort::Changed,
        }
    }

    fn column(self) -> Column {
        match self.by {
            PathSort::Deadline => Column::DueOn,
            PathSort::Reference => Column::Reference,
            PathSort::Company => Column::CompanyName,
            PathSort::Job => Column::JobTitle,
            PathSort::Opened => Column::OpenedOn,
            PathSort::Changed => Column::UpdatedAt,
        }
    }

    /// The sort keys of a page read this way.
    pub(super) fn keys(self, backwards: bool) -> Vec<(SimpleExpr, Order)> {
        let way = |reversed: bool| if reversed { Order::Desc } else { Order::Asc };
        let turned = self.descending != backwards;
        let mut keys = Vec::with_capacity(3);
        if self.by == PathSort::Deadline {
            keys.push((Column::DueOn.is_null(), way(backwards)));
        }
        keys.push((Expr::col(self.column()), way(turned)));
        keys.push((Expr::col(Column::Id), way(turned)));
        keys
    }

    /// The lines beyond a cursor: after it, or before it.
    pub(super) fn beyond(self, cursor: &PathCursor, backwards: bool) -> Condition {
        let turned = self.descending != backwards;
        let (column, id) = (self.column(), cursor.id.uuid());
        let further = |value: sea_orm::Value| if turned { column.lt(value) } else { column.gt(value) };
        let next = if turned { Column::Id.lt(id) } else { Column::Id.gt(id) };
        let value: sea_orm::Value = match &cursor.key {
            CursorKey::Deadline(None) => {
                let among = Condition::all().add(Column::DueOn.is_null()).add(next);
                return if backwards { Condition::any().add(Column::DueOn.is_not_null()).add(among) } else { among };
            }
            CursorKey::Deadline(Some(day)) | CursorKey::Opened(day) => (*day).into(),
            CursorKey::Text(text) => text.clone().into(),
            CursorKey::Changed(instant) => (*instant).into(),
        };
        let mut beyond =
            Condition::any().add(further(value.clone())).add(Condition::all().add(column.eq(value)).add(next));
        if self.by == PathSort::Deadline && !backwards {
            beyond = beyond.add(Column::DueOn.is_null());
        }
        beyond
    }
}
