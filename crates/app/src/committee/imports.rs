//! A file of another scheme: checked whole, then kept as it was received.

use chrono::Datelike;
use domain::Day;
use domain::committee::{FileKind, TableKind, in_force};
use domain::form::{FieldError, FieldProblem};
use domain::people::Actor;
use persistence::{CommitteeFile, CommitteeImport, document_digest};
use reports::committee::{File, Problem, Refused, Sheet};

use super::keeps_committee;
use crate::report::regional;
use crate::{App, AppError, new_id};

/// How a workbook begins: it is a ZIP file.
const WORKBOOK: &[u8] = b"PK\x03\x04";
/// Longest name of a scheme or of a sheet.
const NAME: usize = 120;
/// Longest name of a file that is kept.
const FILE_NAME: usize = 120;
/// The years of which a table may be.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// A table to import.
#[derive(Debug, Clone)]
pub struct NewTable {
    pub kind: TableKind,
    /// The day that its figures are of.
    pub as_of: Day,
    /// The scheme of a sheet of evaluation.
    pub scheme: String,
    /// The sheet to read of a workbook that has several; empty otherwise.
    pub sheet: String,
    pub file_name: String,
    pub bytes: Vec<u8>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableImport {
    Kept(CommitteeImport),
    /// The file that is read already.
    Same(CommitteeImport),
    /// It is not taken, with all its problems; nothing was kept.
    Refused(Vec<Problem>),
}

impl App {
    /// Keeps a table of the other schemes, when nothing is wrong in it.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] for whoever does not decide at the Region; [`AppError::Invalid`] for a day or a name that makes
    /// no sense; the store does not answer.
    pub async fn import_committee(&self, actor: &Actor, new: NewTable) -> Result<TableImport, AppError> {
        regional(actor)?;
        let account = actor.account().filter(|_| keeps_committee(actor)).ok_or(AppError::Forbidden)?;
        let scheme = (new.kind == TableKind::Evaluation).then(|| new.scheme.trim().to_owned());
        let sheet = Some(new.sheet.trim().to_owned()).filter(|sheet| !sheet.is_empty());
        check(&new, scheme.as_deref(), sheet.as_deref())?;
        let mut file = CommitteeFile {
            import: CommitteeImport {
                id: new_id(),
                kind: new.kind,
                as_of: new.as_of,
                scheme,
                file_name: clean_name(&new.file_name),
                file_kind: if new.bytes.starts_with(WORKBOOK) { FileKind::Xlsx } else { FileKind::Csv },
                sheet,
                sha256: document_digest(&new.bytes),
                imported_at: self.now().await?,
                imported_by: account,
            },
            bytes: new.bytes,
        };
        let reading = tokio::task::spawn_blocking(move || self::sheet(&file).map(|_| file));
        file = match reading.await.map_err(|error| AppError::Typesetting(error.to_string()))? {
            Ok(file) => file,
            Err(refused) => return Ok(TableImport::Refused(refused.problems)),
        };
        let tx = self.store().begin_write().await?;
        let now = tx.now().await?;
        let imports = tx.committee_imports().await?;
        let read = in_force(&imports, new.as_of, now);
        let same = read.into_iter().find(|read| {
            (read.kind, read.as_of, &read.scheme) == (new.kind, new.as_of, &file.import.scheme)
                && (&read.sha256, &read.sheet) == (&file.import.sha256, &file.import.sheet)
        });
        if let Some(same) = same {
            return Ok(TableImport::Same(same.clone()));
        }
        file.import.imported_at = domain::calendar::micros(now);
        tx.insert_committee_import(&file).await?;
        tx.commit().await?;
        tracing::info!(kind = %new.kind, as_of = %new.as_of, "a table of the committee was imported");
        Ok(TableImport::Kept(file.import))
    }
}

/// The table of a file.
pub(super) fn sheet(file: &CommitteeFile) -> Result<Sheet, Refused> {
    let import = &file.import;
    let read = File { kind: import.file_kind, bytes: &file.bytes, sheet: import.sheet.as_deref() };
    Sheet::read(import.kind, &read, import.as_of, import.scheme.as_deref())
}

fn check(new: &NewTable, scheme: Option<&str>, sheet: Option<&str>) -> Result<(), AppError> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, problem| errors.push(FieldError { field: field.to_owned(), problem });
    if !YEARS.contains(&new.as_of.year()) {
        wrong("as_of", FieldProblem::NotDay);
    }
    for (field, text, required) in [("scheme", scheme, true), ("sheet", sheet, false)] {
        let Some(text) = text else { continue };
        match text.chars().count() {
            0 if required => wrong(field, FieldProblem::Missing),
            0..=NAME if text.chars().any(char::is_control) => wrong(field, FieldProblem::ControlCharacters),
            0..=NAME => {}
            _ => wrong(field, FieldProblem::TooLong { max: NAME }),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}

/// The name of a file, without folders and signs that a name may not hold.
fn clean_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe = |c: char| if c.is_control() || "<>:\"|?*%;\u{202e}".contains(c) { ' ' } else { c };
    let clean: String = last.chars().map(safe).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(FILE_NAME).collect()
}
