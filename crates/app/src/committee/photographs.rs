//! Photographs: the tables of a day sealed as they were known, never changed afterwards.
//!
//! A photograph keeps the tables themselves, typed cell by typed cell, with what readers outside get of them, and the entries beside
//! those of another day when it was sealed so. What moved since and why is in [`super::movement`].

use domain::Day;
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
    /// Whether what readers outside get was masked with the other tables; it was not in the first photographs.
    #[serde(default)]
    pub together: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Content {
    tables: Vec<SealedTable>,
    /// Nothing in the first photographs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    compared: Option<SealedComparison>,
    differences: Option<Table>,
}

impl Content {
    /// What readers outside get of it.
    pub(super) fn outside(&self) -> Vec<Table> {
        outside_tables(&self.tables, self.compared.as_ref())
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
}

/// The entries of the day beside those of another, as they were sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedComparison {
    pub before: Day,
    /// Entries, then shares.
    pub tables: [Table; 2],
    /// What readers outside get of them.
    pub outside: [Table; 2],
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

    /// What readers outside get of it.
    pub fn outside(&self) -> Vec<Table> {
        outside_tables(&self.tables, self.compared.as_ref())
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
    /// [`AppError::Forbidden`] for whoever does not decide at the Region; [`AppError::Invalid`] for a title that makes no sense;
    /// the store does not answer.
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
        let problem = match title.chars().count() {
            0 => Some(FieldProblem::Missing),
            1..=TITLE => title.chars().any(char::is_control).then_some(FieldProblem::ControlCharacters),
            _ => Some(FieldProblem::TooLong { max: TITLE }),
        };
        if let Some(problem) = problem {
            return Err(AppError::Invalid(vec![FieldError { field: "title".to_owned(), problem }]));
        }
        let tx = self.store().begin_write().await?;
        let now = domain::calendar::micros(tx.now().await?);
        let known = Known::all_at(Some(now));
        let committee = self.committee_in(&tx, as_of, known).await?;
        let beside = match before {
            Some(before) => Some(self.committee_in(&tx, before, known).await?),
            None => None,
        };
        let content = Content {
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
        let Content { tables, compared, differences } = content;
        Ok(Photograph { line, tables, compared, differences })
    }
}

/// What readers outside get of sealed tables: not those that may say what another one withholds.
fn outside_tables(tables: &[SealedTable], compared: Option<&SealedComparison>) -> Vec<Table> {
    let tells = |kind: TableKind| matches!(kind, TableKind::Yearly | TableKind::Sectors | TableKind::Evaluation);
    let safe = tables.iter().filter(|sealed| sealed.together || !tells(sealed.kind));
    let mut tables = safe.flat_map(|sealed| sealed.outside.iter().chain(&sealed.equity_outside)).cloned().collect();
    beside(&mut tables, compared.map(|compared| &compared.outside));
    tables
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
        together: true,
    };
    let beside = beside.map_or_else(Vec::new, Committee::made);
    committee.tables.iter().zip(outside_of(&committee.made(), &beside, words::SOURCE_OF_JALON)).map(of).collect()
}

/// The entries of the day beside those of another.
fn sealed_beside(committee: &Committee, before: &Committee) -> Option<SealedComparison> {
    let (whole, outside) = (committee.compared(before, false)?, committee.compared(before, true)?);
    Some(SealedComparison {
        before: before.as_of,
        tables: whole.tables,
        outside: outside.tables,
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
    fn a_photograph_of_before_tables_were_masked_together_gives_no_table_that_may_tell() {
        let table = || Table {
            title: String::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            notes: Vec::new(),
            outline: reports::table::Outline::default(),
        };
        let sealed = |kind, together| SealedTable {
            kind,
            as_of: Day::default(),
            scheme: None,
            import: None,
            table: table(),
            equity: None,
            outside: Some(table()),
            equity_outside: None,
            of_paths: Vec::new(),
            together,
        };
        let kinds = [TableKind::Entries, TableKind::Yearly, TableKind::Programme, TableKind::Sectors];
        let tables = |together| kinds.map(|kind| sealed(kind, together));
        assert_eq!(outside_tables(&tables(true), None).len(), 4);
        // As the first photographs were written.
        let mut old = serde_json::to_value(tables(true)).expect("JSON");
        for table in old.as_array_mut().expect("a list") {
            table.as_object_mut().expect("a table").remove("together");
        }
        let old: Vec<SealedTable> = serde_json::from_value(old).expect("a photograph of before");
        assert_eq!(outside_tables(&old, None).len(), 2, "entries and programme");
    }
}
