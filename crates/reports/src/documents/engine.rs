//! Typesetting: a template and its data become a PDF that anyone can read, and that archives keep.

use std::sync::LazyLock;

use chrono::{Datelike, Timelike};
use domain::Instant;
use serde::Serialize;
use typst::foundations::{Datetime, Dict, IntoValue};
use typst_as_lib::{TypstEngine, TypstTemplateCollection};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Templates, by the name under which they import each other.
const TEMPLATES: [(&str, &str); 6] = [
    ("frame.typ", include_str!("../../templates/frame.typ")),
    ("pif.typ", include_str!("../../templates/pif.typ")),
    ("letter.typ", include_str!("../../templates/letter.typ")),
    ("proof.typ", include_str!("../../templates/proof.typ")),
    ("dossier.typ", include_str!("../../templates/dossier.typ")),
    ("tables.typ", include_str!("../../templates/tables.typ")),
];

/// The typeface of Jalon, and one behind it for the letters of names that it does not have.
const FONTS: [&[u8]; 4] = [
    include_bytes!("../../fonts/AtkinsonHyperlegibleNext-Regular.ttf"),
    include_bytes!("../../fonts/AtkinsonHyperlegibleNext-Bold.ttf"),
    include_bytes!("../../fonts/AtkinsonHyperlegibleNext-Italic.ttf"),
    include_bytes!("../../fonts/DejaVuSans.ttf"),
];

static ENGINE: LazyLock<TypstEngine<TypstTemplateCollection>> =
    LazyLock::new(|| TypstEngine::builder().fonts(FONTS).with_static_source_file_resolver(TEMPLATES).build());

/// Why a document could not be made: a fault of ours, never of what it says.
#[derive(Debug, thiserror::Error)]
#[error("the document {template} cannot be made: {why}")]
pub struct DocumentError {
    pub template: &'static str,
    pub why: String,
}

/// Typesets a template with what it prints; the file says it was made at this instant.
pub(super) fn render(template: &'static str, data: &impl Serialize, at: Instant) -> Result<Vec<u8>, DocumentError> {
    let failed = |why: String| DocumentError { template, why };
    let data = serde_json::to_string(data).map_err(|error| failed(error.to_string()))?;
    let inputs = Dict::from_iter([("data".into(), printable(&data).into_value())]);
    let document: PagedDocument =
        ENGINE.compile_with_input(template, inputs).output.map_err(|error| failed(error.to_string()))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| failed(error.message().to_string()))?;
    let options = PdfOptions { standards, timestamp: timestamp(at), ..PdfOptions::default() };
    typst_pdf::pdf(&document, &options)
        .map_err(|errors| failed(errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")))
}

/// What the fonts cannot draw is shown as a question mark: a name in another script must not stop a document.
fn printable(text: &str) -> String {
    text.chars().map(|letter| if drawn(letter) { letter } else { '?' }).collect()
}

fn drawn(letter: char) -> bool {
    static FACES: LazyLock<Vec<typst::text::Font>> = LazyLock::new(|| {
        FONTS.iter().filter_map(|bytes| typst::text::Font::new(typst::foundations::Bytes::new(*bytes), 0)).collect()
    });
    letter.is_ascii_control() || FACES.iter().any(|face| face.info().coverage.contains(letter as u32))
}

fn timestamp(at: Instant) -> Option<Timestamp> {
    let part = |value: u32| u8::try_from(value).ok();
    let moment = Datetime::from_ymd_hms(
        at.year(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )?;
    Some(Timestamp::new_utc(moment))
}
