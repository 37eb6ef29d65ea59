//! What a document received is: recognised by its bytes, never by its name, and kept as what its field says it is.

mod content;

use domain::form::{DocumentRef, Form};
use domain::path::command::DocumentKind;
use domain::path::{Act, Step, Transition};
use serde_json::Value;

pub use crate::files::recognised;
pub use content::{Unrecognised, recognise};

/// Longest name kept of a document.
const LONGEST_NAME: usize = 120;

/// The reference of a document under a name.
pub fn reference(name: &str, bytes: &[u8]) -> DocumentRef {
    DocumentRef { name: name.to_owned(), sha256: persistence::document_digest(bytes) }
}

/// The name of a document as it is kept: without folders, controls, and what a file system or a header would read otherwise.
pub fn clean_name(sent: &str, media_type: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let safe = |c: char| if c.is_control() || "<>:\"|?*%;\u{202e}".contains(c) { ' ' } else { c };
    let clean: String = last.chars().map(safe).collect();
    let clean = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean = clean.trim_start_matches('.').trim();
    let stem = clean.rsplit_once('.').map_or(clean, |(stem, _)| stem);
    let stem = if stem.is_empty() { "document" } else { stem };
    let stem: String = stem.chars().take(LONGEST_NAME).collect();
    format!("{stem}.{}", extension(media_type))
}

/// What is taken, with the extension that says so.
const TAKEN: [(&str, &str); 10] = [
    ("application/pdf", "pdf"),
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("text/plain", "txt"),
];

/// Whether a document is named to browsers as what it is; a text is not, for it may be anything.
pub fn is_shown(media_type: &str) -> bool {
    media_type != "text/plain" && TAKEN.iter().any(|(known, _)| *known == media_type)
}

/// The extension that says what the bytes are, whatever name was sent.
fn extension(media_type: &str) -> &'static str {
    TAKEN.iter().find(|(known, _)| *known == media_type).map_or("bin", |(_, extension)| extension)
}

/// What a document given in a field is.
pub fn document_kind(step: Step, field: &str, form: &Form) -> DocumentKind {
    match (step, field) {
        (Step::Transition(Transition::DeliverFeasibility), "report") => DocumentKind::FeasibilityReport,
        (Step::Transition(Transition::DeliverFeasibility), "letter") => DocumentKind::CommitmentLetter,
        (Step::Transition(Transition::DeliverPreparation), "programme") => DocumentKind::Programme,
        (Step::Transition(Transition::DeliverPreparation), "work_analysis") => DocumentKind::WorkAnalysis,
        (Step::Transition(Transition::DeliverPreparation), "evaluation_grid") => DocumentKind::EvaluationGrid,
        (Step::Transition(Transition::DeliverPreparation), "tutor_certificate")
        | (Step::Act(Act::DesignateTutor | Act::ReplaceTutor), "training_proof") => DocumentKind::TutorCertificate,
        (Step::Transition(Transition::DeliverReport), "report") => DocumentKind::FinalReport,
        (Step::Transition(Transition::DeliverReport), "certificate") => DocumentKind::CompletionCertificate,
        (Step::Transition(Transition::DeliverReport), "letter") => DocumentKind::Evidence,
        (Step::Act(Act::WritePif | Act::AmendPif), "document") => DocumentKind::Pif,
        (Step::Act(Act::RecordAnswerOnBehalf), "scan") => DocumentKind::AnswerScan,
        (Step::Act(Act::AddDocument), "document") => {
            let said = form.get("kind").and_then(Value::as_str).and_then(|kind| kind.trim().parse().ok());
            said.unwrap_or(DocumentKind::Other)
        }
        (Step::Transition(_) | Step::Act(_), _) => DocumentKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_say_what_the_bytes_are() {
        for (sent, kept) in [
            ("C:\\Users\\moi\\Étude finale.PDF", "Étude finale.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("facture.pdf.exe", "facture.pdf.pdf"),
            (".htaccess", "htaccess.pdf"),
            ("a\r\nb\u{202e}fdp.exe", "a b fdp.pdf"),
            ("", "document.pdf"),
        ] {
            assert_eq!(clean_name(sent, "application/pdf"), kept, "{sent:?}");
        }
        assert!(clean_name(&"é".repeat(500), "image/png").chars().count() <= LONGEST_NAME + 4);
    }
}
