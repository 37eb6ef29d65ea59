//! What somebody declares when they answer: shown before the button, kept with the answer, printed on its proof. One
//! function, so that what is read is what is recorded.

use domain::path::Path;
use domain::path::command::RequestKind;
use domain::path::event::{OutsideOrBody, Party};
use domain::path::requests::Declared;

use crate::{dates, labels, numbers, pieces};

/// The declaration, of a path as it stands before the answer; none when the path has nothing of the kind.
pub fn statement(declared: Declared, path: &Path, body: &str) -> Option<String> {
    let company = &path.workplace.company;
    let reference = &path.reference;
    Some(match declared {
        Declared::Commitment => {
            let persons = pieces::persons(path.persons_wanted);
            format!(
                "L’entreprise {company} souhaite former {persons} en situation de travail au métier suivant\u{a0}: {}. Elle s’engage à \
                 en réunir les conditions\u{a0}: une activité réelle pour apprendre, un tuteur, et du temps pour l’un et l’autre. \
                 Parcours {reference}, accompagné par {body}.",
                path.job.title
            )
        }
        Declared::Report => {
            let training = path.training.as_ref()?;
            let ended = training.ended.as_ref()?;
            format!(
                "L’entreprise {company} confirme que le bilan final décrit bien la formation qui a eu lieu chez elle, {}, pour {}. \
                 Parcours {reference}.",
                dates::period(training.entered_on, ended.on),
                numbers::hours(ended.hours_done)
            )
        }
        Declared::Pif { version, party } => {
            let terms = &path.pif.as_ref().filter(|pif| pif.version == version)?.terms;
            let who = match party {
                Party::Body => body.to_owned(),
                Party::Company => format!("L’entreprise {company}"),
                Party::Trainee => "Le stagiaire".to_owned(),
            };
            format!(
                "{who} accepte la version {version} du programme individuel de formation (PIF)\u{a0}: {}, dont {} de formation en \
                 situation de travail (AFEST) et {} de mise en application, {}. Parcours {reference}.",
                numbers::hours(terms.total_hours()),
                numbers::hours(terms.afest_hours),
                numbers::hours(terms.application_hours),
                dates::period(terms.starts_on, terms.ends_on)
            )
        }
        Declared::Agreement(RequestKind::AcceptDesignation) => format!(
            "Le tuteur accepte d’accompagner la formation en situation de travail au métier suivant\u{a0}: {}, dans l’entreprise {company}. \
             Parcours {reference}.",
            path.job.title
        ),
        Declared::Agreement(RequestKind::ConfirmCandidate) => {
            let entry = path.candidate.as_ref()?.planned_entry;
            format!(
                "L’entreprise {company} est d’accord pour accueillir le candidat retenu, avec une entrée en formation prévue le {}. \
                 Parcours {reference}.",
                dates::long(entry)
            )
        }
        Declared::Agreement(_) => format!(
            "L’entreprise {company} confirme que le programme de formation préparé par {body} pour le métier suivant lui convient\u{a0}: {}. \
             Parcours {reference}.",
            path.job.title
        ),
        Declared::Sequence(number) => {
            let sequences = &path.training.as_ref()?.sequences;
            let sequence = sequences.iter().find(|sequence| sequence.number == number)?;
            format!(
                "Le stagiaire a suivi la séquence n°\u{a0}{number}, {}, le {}, de {} à {}. Parcours {reference}.",
                labels::sequence_kind(sequence.kind).to_lowercase(),
                dates::long(sequence.from.date()),
                dates::time(sequence.from.time()),
                dates::time(sequence.until.time())
            )
        }
        Declared::Attendance { month, by } => {
            let who = match by {
                OutsideOrBody::Body => body,
                OutsideOrBody::Tutor => "Le tuteur",
                OutsideOrBody::Trainee => "Le stagiaire",
            };
            let minutes = path.training.as_ref()?.minutes_of(month);
            format!(
                "{who} certifie l’état de présence {}\u{a0}: {} de formation. Parcours {reference}.",
                dates::of_month(month),
                numbers::duration(minutes)
            )
        }
    })
}
