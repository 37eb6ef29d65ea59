//! What is downloaded: the tables in every format, empty files to fill, and what was received.

use app::committee::{FileFormat, Table};
use axum::extract::State;
use axum::response::Response;
use domain::Day;
use domain::committee::TableKind;
use uuid::Uuid;
use wording::pages::committee as words;
use wording::{committee, dates};

use super::{Asked, NoDay};
use crate::documents::file;
use crate::request::{Path, Query};
use crate::staff::Signed;
use crate::staff::sign_in::Asking;
use crate::{PageError, Web};

/// The tables of a day.
pub(super) async fn tables(
    State(web): State<Web>,
    signed: Signed,
    Path(format): Path<String>,
    Query(asked): Query<Asked>,
    Asking(visitor): Asking,
) -> Result<Response, PageError> {
    let format: FileFormat = format.parse().map_err(|_| PageError::NotFound)?;
    let day = asked.day(&web).await?.ok_or(PageError::NotFound)?;
    let before = asked.before().map_err(|NoDay| PageError::NotFound)?;
    let known_at = asked.known().map_err(|NoDay| PageError::NotFound)?.map(|(_, instant)| instant);
    let committee = web.app.committee(&signed.actor, day, known_at).await?;
    let tables = match before {
        Some(before) => committee.with(&web.app.committee(&signed.actor, before, known_at).await?, asked.is_outside()),
        None if asked.is_outside() => committee.outside(),
        None => committee.all(),
    };
    let of = Of { day, outside: asked.is_outside() };
    of.download(&web, &signed, format, tables, &visitor).await
}

/// What a file is of.
pub(super) struct Of {
    pub day: Day,
    pub outside: bool,
}

impl Of {
    /// The tables as a download, counted and logged.
    pub(super) async fn download(
        &self,
        web: &Web,
        signed: &Signed,
        format: FileFormat,
        tables: Vec<Table>,
        visitor: &app::Visitor,
    ) -> Result<Response, PageError> {
        let what = words::taken(format, dates::numeric(self.day));
        let bytes = web.app.export_committee(&signed.actor, tables, format, self.day, &what, visitor).await?;
        let name = words::file_name(dates::iso(self.day), self.outside);
        file(format!("{name}.{}", format.extension()), bytes, format.media_type())
    }
}

/// An empty file of a kind, with the headings of a day.
pub(super) async fn template(
    State(web): State<Web>,
    signed: Signed,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let kind: TableKind = kind.parse().map_err(|_| PageError::NotFound)?;
    let day = asked.day(&web).await?.ok_or(PageError::NotFound)?;
    let text = web.app.committee_template(&signed.actor, kind, day)?;
    file(words::template_name(committee::kind(kind)), text.into_bytes(), FileFormat::Csv.media_type())
}

/// A file as it was received.
pub(super) async fn received(
    State(web): State<Web>,
    signed: Signed,
    Path(import): Path<String>,
) -> Result<Response, PageError> {
    let id: Uuid = import.parse().map_err(|_| PageError::NotFound)?;
    let (import, bytes) = web.app.committee_file(&signed.actor, id).await?;
    let format = match import.file_kind {
        domain::committee::FileKind::Csv => FileFormat::Csv,
        domain::committee::FileKind::Xlsx => FileFormat::Xlsx,
    };
    file(import.file_name, bytes, format.media_type())
}
