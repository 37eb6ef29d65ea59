//! Photographs: the tables of a day sealed as they were known, never changed afterwards.
//!
//! A photograph keeps the tables themselves, typed cell by typed cell, with what readers outside get of them, and the entries beside
//! those of another day when it was sealed so. What moved since and why is in [`super::movement`].

use domain::Day;
use domain::calendar::paris_day;
use domain::committee::TableKind;
use domain::form::{FieldError, FieldProblem};
use domain::people::Actor;
use persistence::{CommitteePhotograph, Tx, document_digest};
use reports::committee::outside::{Outside, outside_of};
use reports::table::Table;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wording::committee as words;

use super::{Committee, Known, keeps_committee};
use crate::report::regional;
use crate::{App, AppError, new_id};

/// Longest title.
const TITLE: usize = 200;

/// A table as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedTable {
    pub kind: TableKind,
    /// The day that its figures are of.
    pub as_of: Day,
    /// The scheme of a sheet of evaluation.
    pub scheme: Option<String>,
    /// The file that gave it.
    pub import: Option<Uuid>,
    pub table: Table,
    /// What stands beside it: equity, with the entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equity: Option<Table>,
    /// What readers outside get of both.
    pub outside: Option<Table>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equity_outside: Option<Table>,
    /// The rows that come from the paths.
    pub of_paths: Vec<usize>,
}

/// The first year of which anything is sealed.
const FIRST_YEAR: i32 = 2000;

/// The rules by which tables are masked for readers outside. What was masked by former ones may say what it withholds: it is not
/// given any more. To be raised with every rule.
const MASKING: u32 = 2;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Content {
    /// The day and the title, so that the digest is of them too; not in the first photographs.
    #[serde(default)]
    of: Option<(Day, String)>,
    /// By which rules readers outside get what they do.
    #[serde(default)]
    masking: u32,
    tables: Vec<SealedTable>,
    /// Nothing in the first photographs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    compared: Option<SealedComparison>,
    differences: Option<Table>,
}

impl Content {
    /// What readers outside get of it.
    pub(super) fn outside(&self) -> Vec<Table> {
        if self.masking < MASKING {
            return Vec::new();
        }
        let mut tables = self
            .tables
            .iter()
            .flat_map(|sealed| sealed.outside.iter().chain(&sealed.equity_outside))
            .cloned()
            .collect();
        beside(&mut tables, self.compared.as_ref().and_then(|compared| compared.outside.as_ref()));
        tables
    }
}

/// The content of a photograph, as the store keeps it.
///
/// # Errors
/// It is none: a fault of ours.
pub(super) fn content_of(text: &str) -> Result<Content, AppError> {
    serde_json::from_str(text).map_err(|error| AppError::Typesetting(error.to_string()))
}

/// A photograph as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotographLine {
    pub photograph: CommitteePhotograph,
    /// The name of who sealed it.
    pub by: String,
}

/// A photograph with what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photograph {
    pub line: PhotographLine,
    pub tables: Vec<SealedTable>,
    /// The entries beside those of another day, when they were sealed so.
    pub compared: Option<SealedComparison>,
    /// What was printed in the tables and did not follow.
    pub differences: Option<Table>,
    /// What readers outside get of it; nothing of a photograph that was masked by former rules.
    pub outside: Vec<Table>,
    /// Whether it was made by the rules of today, so that a sheet of the paths that it does not have was not there.
    pub(super) current: bool,
}

/// The entries of the day beside those of another, as they were sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedComparison {
    pub before: Day,
    /// Entries, then shares.
    pub tables: [Table; 2],
    /// What readers outside get of them; nothing of two days of the same year.
    pub outside: Option<[Table; 2]>,
    /// The rows of either that come from the paths.
    pub of_paths: Vec<usize>,
}

impl SealedTable {
    /// Itself, then what stands beside it.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        std::iter::once(&self.table).chain(&self.equity)
    }
}

impl Photograph {
    /// The tables, with those of the comparison after the entries.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables: Vec<Table> = self.tables.iter().flat_map(SealedTable::tables).cloned().collect();
        beside(&mut tables, self.compared.as_ref().map(|compared| &compared.tables));
        tables
    }

    /// The tables, then what did not follow in them.
    pub fn all(&self) -> Vec<Table> {
        self.tables().into_iter().chain(self.differences.clone()).collect()
    }
}

/// Puts the comparison after the entries.
fn beside(tables: &mut Vec<Table>, compared: Option<&[Table; 2]>) {
    let at = tables.len().min(1);
    tables.splice(at..at, compared.into_iter().flatten().cloned());
}

impl App {
    /// Seals the tables of a day as they are known now, under a title, with its entries beside those of another day when one is
    /// named. The last photograph of the day, when it holds the same under the same title, is the answer.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for whoever does not decide at the Region; [`AppError::Invalid`] for a day to come (`as_of`), one to
    /// compare that is not before it (`before`), a title that makes no sense (`title`); the store does not answer.
    pub async fn seal_committee(
        &self,
        actor: &Actor,
        as_of: Day,
        before: Option<Day>,
        title: &str,
    ) -> Result<Uuid, AppError> {
        regional(actor)?;
        let account = actor.account().filter(|_| keeps_committee(actor)).ok_or(AppError::Forbidden)?;
        let title = title.trim();
        let today = paris_day(self.now().await?);
        let first = Day::from_ymd_opt(FIRST_YEAR, 1, 1).unwrap_or_default();
        let mut problems = Vec::new();
        let mut wrong = |field: &str, problem| problems.push(FieldError { field: field.to_owned(), problem });
        if as_of > today {
            wrong("as_of", FieldProblem::DayOutside { from: first, until: today });
        }
        if before.is_some_and(|before| before >= as_of) {
            let until = as_of.pred_opt().unwrap_or(as_of);
            wrong("before", FieldProblem::DayOutside { from: first, until });
        }
        let problem = match title.chars().count() {
            0 => Some(FieldProblem::Missing),
            1..=TITLE => title.chars().any(char::is_control).then_some(FieldProblem::ControlCharacters),
            _ => Some(FieldProblem::TooLong { max: TITLE }),
        };
        if let Some(problem) = problem {
            wrong("title", problem);
        }
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        // Nobody who writes waits for the paths to be read.
        drop(self.counted(&self.store().begin_read().await?).await?);
        let tx = self.store().begin_write().await?;
        let now = domain::calendar::micros(tx.now().await?);
        let known = Known::all_at(Some(now));
        let committee = self.committee_in(&tx, as_of, known).await?;
        let beside = match before {
            Some(before) => Some(self.committee_in(&tx, before, known).await?),
            None => None,
        };
        let content = Content {
            of: Some((as_of, title.to_owned())),
            masking: MASKING,
            tables: sealed(&committee, beside.as_ref()),
            compared: beside.as_ref().and_then(|beside| sealed_beside(&committee, beside)),
            differences: committee.differences(),
        };
        let imports = content.tables.iter().filter_map(|table| table.import).collect();
        let content = serde_json::to_string(&content).map_err(|error| AppError::Typesetting(error.to_string()))?;
        let photograph = CommitteePhotograph {
            id: new_id(),
            as_of,
            sealed_at: now,
            sealed_by: account,
            title: title.to_owned(),
            imports,
            sha256: document_digest(content.as_bytes()),
        };
        let photographs = tx.committee_photographs().await?;
        let last = photographs.into_iter().find(|last| last.as_of == as_of);
        if let Some(last) = last.filter(|last| (&last.sha256, last.title.as_str()) == (&photograph.sha256, title)) {
            return Ok(last.id);
        }
        tx.insert_committee_photograph(&photograph, &content).await?;
        tx.commit().await?;
        tracing::info!(as_of = %as_of, "the tables of the committee were sealed");
        Ok(photograph.id)
    }

    /// The photographs, the last first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for those who are not of the Region; the store does not answer.
    pub async fn photographs(&self, actor: &Actor) -> Result<Vec<PhotographLine>, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let mut lines = Vec::new();
        for photograph in tx.committee_photographs().await? {
            lines.push(named(&tx, photograph).await?);
        }
        Ok(lines)
    }

    /// A photograph, as it was sealed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none; as [`App::photographs`].
    pub async fn photograph(&self, actor: &Actor, id: Uuid) -> Result<Photograph, AppError> {
        regional(actor)?;
        let tx = self.store().begin_read().await?;
        let (photograph, content) = tx.committee_photograph(id).await?.ok_or(AppError::NotFound)?;
        let content = content_of(&content)?;
        let line = named(&tx, photograph).await?;
        let (outside, current) = (content.outside(), content.masking == MASKING);
        let Content { tables, compared, differences, .. } = content;
        Ok(Photograph { line, tables, compared, differences, outside, current })
    }
}

/// The tables of the committee as they are kept, beside those of another day or alone.
fn sealed(committee: &Committee, beside: Option<&Committee>) -> Vec<SealedTable> {
    let of = |(table, (outside, equity_outside)): (&super::CommitteeTable, Outside)| SealedTable {
        kind: table.made.kind,
        as_of: table.made.as_of,
        scheme: table.made.scheme.clone(),
        import: table.import.as_ref().map(|import| import.id),
        outside: Some(outside),
        equity_outside,
        of_paths: table.made.of_paths.clone(),
        table: table.made.table.clone(),
        equity: table.made.equity.clone(),
    };
    let beside = beside.map_or_else(Vec::new, Committee::made);
    committee.tables.iter().zip(outside_of(&committee.made(), &beside, words::SOURCE_OF_JALON)).map(of).collect()
}

/// The entries of the day beside those of another.
fn sealed_beside(committee: &Committee, before: &Committee) -> Option<SealedComparison> {
    let whole = committee.compared(before, false)?;
    Some(SealedComparison {
        before: before.as_of,
        tables: whole.tables,
        outside: committee.compared(before, true).map(|outside| outside.tables),
        of_paths: whole.of_paths,
    })
}

async fn named(tx: &Tx, photograph: CommitteePhotograph) -> Result<PhotographLine, AppError> {
    let account = tx.account(photograph.sealed_by).await?;
    Ok(PhotographLine { by: account.map_or_else(String::new, |account| account.name), photograph })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_masked_by_former_rules_gives_readers_outside_nothing() {
        let table = || Table {
            title: String::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            notes: Vec::new(),
            outline: reports::table::Outline::default(),
        };
        let sealed = SealedTable {
            kind: TableKind::Entries,
            as_of: Day::default(),
            scheme: None,
            import: None,
            table: table(),
            equity: None,
            outside: Some(table()),
            equity_outside: None,
            of_paths: Vec::new(),
        };
        let compared = SealedComparison {
            before: Day::default(),
            tables: [table(), table()],
            outside: Some([table(), table()]),
            of_paths: Vec::new(),
        };
        let content = |masking| Content {
            of: None,
            masking,
            tables: vec![sealed.clone()],
            compared: Some(compared.clone()),
            differences: None,
        };
        assert_eq!(content(MASKING).outside().len(), 3);
        assert_eq!(content(MASKING - 1).outside().len(), 0);
        // As the first photographs were written.
        let mut old = serde_json::to_value(content(MASKING)).expect("JSON");
        let written = old.as_object_mut().expect("an object");
        for field in ["of", "masking", "compared"] {
            written.remove(field);
        }
        written["tables"][0]["together"] = serde_json::Value::Bool(true);
        let old = content_of(&old.to_string()).expect("a photograph of before");
        assert_eq!((old.tables.len(), old.outside().len()), (1, 0));
    }
}
