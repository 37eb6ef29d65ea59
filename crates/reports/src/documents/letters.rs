//! Letters of one page: the company's commitment, the designation of the tutor, the certificate of completion.

use domain::path::command::CompanyAnswer;
use serde::Serialize;
use wording::{dates, numbers, pieces};

use super::engine::{DocumentError, render};
use super::{Head, Line, Piece, Signatory, Source};

#[derive(Serialize)]
struct Printed {
    #[serde(flatten)]
    head: Head,
    facts: Vec<Line>,
    paragraphs: Vec<String>,
    list: Vec<&'static str>,
    closing: Vec<&'static str>,
    place: String,
    signatures: Vec<Signatory>,
}

/// A letter of a path as a PDF; none when the path has not what it says, or for a document that is no letter.
///
/// # Errors
/// A fault of ours: see [`DocumentError`].
pub fn letter(piece: Piece, source: &Source<'_>) -> Result<Option<Vec<u8>>, DocumentError> {
    if !piece.is_of(source.path) {
        return Ok(None);
    }
    let printed = match piece {
        Piece::Commitment => Some(commitment(source)),
        Piece::TutorDesignation => designation(source),
        Piece::Completion => completion(source),
        Piece::Dossier => None,
    };
    printed.map(|printed| render("letter.typ", &printed, source.now)).transpose()
}

fn head(source: &Source<'_>, piece: Piece) -> Head {
    let about = pieces::job_at(&source.path.job.title, &source.path.workplace.company);
    Head::new(source, piece.title(), about)
}

fn commitment(source: &Source<'_>) -> Printed {
    let path = source.path;
    let persons = pieces::persons(path.persons_wanted);
    let confirmed = path.commitment.answer == Some(CompanyAnswer::Confirmed);
    Printed {
        head: head(source, Piece::Commitment),
        facts: vec![
            (pieces::COMPANY, source.company()),
            (pieces::CONTACT, source.contact()),
            (pieces::WORKPLACE, source.workplace()),
            (pieces::JOB, source.job()),
            (pieces::PERSONS, numbers::integer(path.persons_wanted.into())),
            (pieces::BODY, source.holder.name.clone()),
        ],
        paragraphs: vec![pieces::commitment_opening(
            &path.workplace.company,
            persons,
            &path.job.title,
            &source.holder.name,
        )],
        list: pieces::COMMITMENT_LIST.to_vec(),
        closing: vec![pieces::COMMITMENT_CLOSING],
        place: pieces::TO_SIGN_AT.to_owned(),
        signatures: vec![Signatory {
            party: pieces::COMPANY,
            name: source.contact(),
            signed: confirmed.then(|| pieces::CONFIRMED_ONLINE.to_owned()),
        }],
    }
}

fn designation(source: &Source<'_>) -> Option<Printed> {
    let path = source.path;
    let tutor = path.tutor.as_ref()?;
    let name = source.tutor()?;
    let signatory = |party, name: &str| Signatory { party, name: name.to_owned(), signed: None };
    Some(Printed {
        head: head(source, Piece::TutorDesignation),
        facts: vec![
            (pieces::COMPANY, source.company()),
            (pieces::TUTOR, name.clone()),
            (pieces::SINCE, dates::long(tutor.since)),
            (pieces::JOB, source.job()),
            (pieces::WORKPLACE, source.workplace()),
            (pieces::BODY, source.holder.name.clone()),
        ],
        paragraphs: vec![pieces::designation_opening(&path.workplace.company, &name, &path.job.title)],
        list: pieces::DESIGNATION_LIST.to_vec(),
        closing: vec![pieces::DESIGNATION_CLOSING],
        place: pieces::TO_SIGN_AT.to_owned(),
        signatures: vec![signatory(pieces::COMPANY, &source.contact()), signatory(pieces::TUTOR, &name)],
    })
}

fn completion(source: &Source<'_>) -> Option<Printed> {
    let path = source.path;
    let training = path.training.as_ref()?;
    let ended = training.ended.as_ref()?;
    let trainee = source.trainee()?;
    let period = dates::period(training.entered_on, ended.on);
    Some(Printed {
        head: head(source, Piece::Completion),
        facts: vec![
            (pieces::TRAINEE, trainee.clone()),
            (pieces::JOB, source.job()),
            (pieces::COMPANY, source.company()),
            (pieces::DATES, wording::capital(&period)),
            (pieces::HOURS_DONE, numbers::hours(ended.hours_done)),
        ],
        paragraphs: vec![
            pieces::certified_by(source.coordination(), &source.holder.name),
            pieces::certified(&trainee, &path.job.title, period, numbers::hours(ended.hours_done)),
        ],
        list: pieces::CERTIFIED_LIST.to_vec(),
        closing: vec![pieces::CERTIFIED_CLOSING],
        place: pieces::made_on(dates::medium(source.today())),
        signatures: vec![Signatory { party: pieces::BODY, name: source.coordination(), signed: None }],
    })
}
