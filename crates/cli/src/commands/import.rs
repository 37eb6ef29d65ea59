//! `jalon import`: past paths from a CSV file, checked whole before anything is written.
//!
//! One row is one entry of an earlier market. Columns are found by their heading, in any order; `;` or `,` parts them. Every bad
//! row is told with its number and its reason, and then nothing is imported.

use std::path::{Path, PathBuf};

use app::{App, AppError, ImportOptions, PastPath, RowProblem};
use domain::Day;
use domain::form::{FieldError, FieldProblem, FieldType, Line};
use domain::identifiers::{Commune, LotCode, Rome, Siret, TrainingLevel};
use domain::market::Market;
use domain::path::Refusal;
use domain::path::command::Outcome;
use domain::people::{Actor, Profile, Sex, Side};
use serde_json::Value;
use wording::{dates, labels, numbers};

use crate::exit::Exit;
use crate::failure::{About, Failure, Item};
use crate::output::{self, line};
use crate::who::WhoArgs;
use crate::wiring::{Global, Schema, open};

/// The headings of the file: name, whether a value is required, what it is.
const COLUMNS: &[(&str, bool, &str)] = &[
    ("lot", true, "lot, « 1 » ou « 2 »"),
    ("siret", true, "SIRET de l’entreprise"),
    ("company", true, "nom de l’entreprise"),
    ("commune", true, "code INSEE de la commune"),
    ("job", true, "poste visé"),
    ("rome", false, "code ROME"),
    ("birth_date", true, "date de naissance"),
    ("sex", true, "female, male ou unspecified"),
    ("level", true, "niveau de formation, 1 à 8"),
    ("rsa", true, "oui ou non"),
    ("boe", true, "oui ou non"),
    ("entered_on", true, "date d’entrée en formation"),
    ("outcome", false, "issue"),
    ("ended_on", false, "date de fin"),
    ("hours_done", false, "heures faites"),
];

/// Rows told one by one; beyond, their number.
const MOST: usize = 50;

#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// Le fichier CSV ; « --columns » en montre les colonnes
    #[arg(value_name = "FICHIER", required_unless_present = "columns")]
    pub file: Option<PathBuf>,
    /// Le code du marché qui portait ces parcours
    #[arg(long, value_name = "CODE", required_unless_present = "columns")]
    pub market: Option<String>,
    /// Vérifie chaque ligne comme le ferait l’importation, sans rien écrire
    #[arg(long)]
    pub dry_run: bool,
    /// Prend aussi les lignes déjà importées (même SIRET, même poste, mêmes dates de naissance et d’entrée)
    #[arg(long)]
    pub allow_duplicates: bool,
    /// Montre les colonnes attendues
    #[arg(long)]
    pub columns: bool,
    #[command(flatten)]
    pub who: WhoArgs,
}

/// Checks the file, then imports it.
///
/// # Errors
/// The file cannot be read, rows are bad, or the author has no right to import.
pub async fn run(global: &Global, args: ImportArgs) -> Result<Exit, Failure> {
    let (Some(file), Some(market)) = (&args.file, &args.market) else {
        return columns();
    };
    if args.columns {
        return columns();
    }
    let read = read(file)?;
    let app = open(global, Schema::Current).await?.app;
    let market = known_market(&app, market).await?;
    // A rehearsal without an author is the operator's.
    let actor = if args.dry_run && args.who.who.is_none() {
        Actor::System
    } else {
        args.who.author(&app, &[Side::Region]).await?.actor()
    };
    let rehearse = args.dry_run || !read.bad.is_empty();
    let options = ImportOptions { rehearse, duplicates: args.allow_duplicates };
    import(&app, &actor, &market, file, read, options).await
}

/// The market of this code, among those recorded.
async fn known_market(app: &App, code: &str) -> Result<Market, Failure> {
    let markets = app.markets().await.map_err(|error| Failure::app(error, About::Nothing))?;
    let mut known: Vec<&str> = markets.iter().map(|status| status.market.code.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    let way = match known.as_slice() {
        [] => "Aucun n’est enregistré\u{a0}: «\u{a0}jalon config apply\u{a0}» le fait.".to_owned(),
        known => format!("Marchés enregistrés\u{a0}: {}.", known.join(", ")),
    };
    let found = markets.iter().rev().find(|status| status.market.code == code);
    found.map(|status| status.market.clone()).ok_or_else(|| {
        Failure::usage("market", format!("Aucun marché ne porte le code «\u{a0}{code}\u{a0}» donné à --market. {way}"))
    })
}

async fn import(
    app: &App,
    actor: &Actor,
    market: &Market,
    file: &Path,
    read: Read,
    options: ImportOptions,
) -> Result<Exit, Failure> {
    let Read { rows, lines, mut bad } = read;
    let bar = output::progress("Import", rows.len() as u64);
    let done = app.import_past(actor, &market.code, &rows, options, &|done| bar.set_position(done as u64)).await;
    bar.finish_and_clear();
    let references = match done {
        Ok(references) => references,
        Err(refused) => {
            for row in refused {
                match row.problem {
                    RowProblem::Refused(error @ (AppError::Store(_) | AppError::Forbidden)) => {
                        return Err(Failure::app(error, About::Nothing));
                    }
                    problem => bad.push((lines[row.row], sentence(problem, &rows[row.row], market, &lines))),
                }
            }
            Vec::new()
        }
    };
    if !bad.is_empty() {
        bad.sort_by_key(|(number, _)| *number);
        return Err(refused(file, bad));
    }
    if options.rehearse {
        line(&format!("{}\u{a0}: le fichier convient, rien n’est écrit.", count(rows.len())))?;
        return Ok(Exit::Done);
    }
    let span = match references.as_slice() {
        [] => String::new(),
        [only] => format!(", {only}"),
        [first, .., last] => format!(", de {first} à {last}"),
    };
    line(&format!("{}{span}.", numbers::count(references.len() as i64, "parcours importé", "parcours importés")))?;
    let open = rows.iter().filter(|row| row.ended.is_none()).count() as i64;
    if open > 0 {
        let paths = numbers::count(open, "parcours sans issue reste", "parcours sans issue restent");
        line(&format!("{paths} en formation. L’issue se donne par les colonnes outcome, ended_on et hours_done."))?;
    }
    Ok(Exit::Done)
}

/// What is wrong with a row, behind the column that says it.
fn sentence(problem: RowProblem, row: &PastPath, market: &Market, lines: &[usize]) -> String {
    let entered = numeric(row.entered_on);
    let (column, text) = match problem {
        RowProblem::Known(reference) => {
            let text = format!(
                "cette entrée est déjà le parcours {reference} (même SIRET, même poste, mêmes dates de naissance et d’entrée). \
                 Retirez la ligne, ou prenez-la quand même avec --allow-duplicates."
            );
            (None, text)
        }
        RowProblem::Repeated(first) => {
            let text = format!(
                "cette entrée est déjà la ligne {} du fichier. Retirez-en une, ou prenez les deux avec --allow-duplicates.",
                lines[first]
            );
            (None, text)
        }
        RowProblem::Refused(AppError::Refused(refusal)) => match *refusal {
            Refusal::OtherTerritory { department, lot: Some(lot) } if market.lot(&row.lot).is_some() => {
                let department = labels::department_with_code(&department);
                (
                    Some("commune"),
                    format!("le département {department} relève du lot {lot}, et la ligne dit le lot {}.", row.lot),
                )
            }
            Refusal::OtherTerritory { .. } if market.lot(&row.lot).is_none() => {
                let known: Vec<String> = market.lots.iter().map(|lot| lot.code.to_string()).collect();
                (
                    Some("lot"),
                    format!("le marché {} n’a pas de lot {}. Ses lots : {}.", market.code, row.lot, known.join(", ")),
                )
            }
            Refusal::Age => {
                let born = numeric(row.profile.birth_date);
                (
                    Some("birth_date"),
                    format!("une naissance le {born} n’est pas plausible pour une entrée le {entered}."),
                )
            }
            Refusal::OutsideMarket { .. } => {
                let period = dates::period(market.starts_on, market.ends_on);
                (
                    Some("entered_on"),
                    format!("le {entered} n’est pas dans le marché {}, qui court {period}.", market.code),
                )
            }
            Refusal::InTheFuture { day } => {
                let column = if day == row.entered_on { "entered_on" } else { "ended_on" };
                (Some(column), format!("le {} n’est pas encore passé.", numeric(day)))
            }
            Refusal::Before { day, .. } => {
                (Some("ended_on"), format!("le {} précède l’entrée, le {entered}.", numeric(day)))
            }
            refusal => (None, wording::refusals::path(&refusal)),
        },
        RowProblem::Refused(error) => (None, Failure::app(error, About::Nothing).message),
    };
    let text = wording::typography::typeset(&text);
    column.map_or(text.clone(), |column| format!("{column}\u{a0}: {text}"))
}

fn numeric(day: Day) -> String {
    dates::numeric(day)
}

fn refused(file: &Path, bad: Vec<(usize, String)>) -> Failure {
    let total = bad.len();
    let mut items: Vec<Item> = bad
        .into_iter()
        .take(MOST)
        .map(|(number, message)| Item { field: None, label: format!("ligne {number}"), message })
        .collect();
    if total > MOST {
        let more = wording::numbers::count((total - MOST) as i64, "autre problème", "autres problèmes");
        items.push(Item { field: None, label: String::new(), message: format!("et {more}.") });
    }
    let problems = wording::numbers::count(total as i64, "problème", "problèmes");
    let message = format!("{problems} dans «\u{a0}{}\u{a0}»\u{a0}; rien n’a été importé.", file.display());
    Failure::new(Exit::Refused, "import", message).with(items)
}

fn count(rows: usize) -> String {
    numbers::count(rows as i64, "parcours", "parcours")
}

fn columns() -> Result<Exit, Failure> {
    line("Colonnes du fichier, avec leur en-tête\u{a0}:")?;
    for (name, required, what) in COLUMNS {
        let optional = if *required { "" } else { " (facultatif)" };
        line(&format!("  {name:<12} {}{optional}", wording::typography::typeset(what)))?;
    }
    let outcomes = <Outcome as strum::VariantNames>::VARIANTS.join(", ");
    line(&format!("Une issue (outcome) va avec ended_on et hours_done\u{a0}; elle est l’une de\u{a0}: {outcomes}."))?;
    Ok(Exit::Done)
}

/// What a file says.
struct Read {
    rows: Vec<PastPath>,
    /// The line of each row.
    lines: Vec<usize>,
    /// What cannot be read, by line.
    bad: Vec<(usize, String)>,
}

/// Reads every row.
fn read(file: &Path) -> Result<Read, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => Failure::usage(
            "encoding",
            format!(
                "Le fichier «\u{a0}{}\u{a0}» n’est pas en UTF-8. Enregistrez-le en «\u{a0}CSV UTF-8\u{a0}».",
                file.display()
            ),
        ),
        _ => Failure::file(file, &error),
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| unreadable(file, &error))?.clone();
    let found = headings_of(file, &headings)?;
    let (mut rows, mut lines, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(file, &error))?;
        let number = record.position().map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
        match row(&record, &found) {
            Ok(row) => {
                rows.push(row);
                lines.push(number);
            }
            Err(errors) => bad.extend(errors.iter().map(|error| (number, told(error)))),
        }
    }
    if rows.is_empty() && bad.is_empty() {
        return Err(Failure::usage(
            "empty",
            format!("Le fichier «\u{a0}{}\u{a0}» ne contient aucune ligne sous ses en-têtes.", file.display()),
        ));
    }
    Ok(Read { rows, lines, bad })
}

fn unreadable(file: &Path, error: &csv::Error) -> Failure {
    let at = error.position().map_or(String::new(), |position| format!(" ligne {},", position.line()));
    Failure::usage(
        "csv",
        format!(
            "Le fichier «\u{a0}{}\u{a0}» n’est pas un CSV valable,{at} vérifiez les guillemets et les séparateurs.",
            file.display()
        ),
    )
}

/// Where each known column stands.
fn headings_of(file: &Path, headings: &csv::StringRecord) -> Result<Vec<(&'static str, usize)>, Failure> {
    let place = |name: &str| headings.iter().position(|heading| heading.trim().eq_ignore_ascii_case(name));
    let mut items = Vec::new();
    for (name, required, what) in COLUMNS {
        if *required && place(name).is_none() {
            let message = format!("cette colonne manque ({}).", wording::typography::typeset(what));
            items.push(Item { field: Some((*name).to_owned()), label: String::new(), message });
        }
    }
    let known: Vec<&str> = COLUMNS.iter().map(|(name, ..)| *name).collect();
    for heading in headings.iter().filter(|heading| !known.iter().any(|name| heading.eq_ignore_ascii_case(name))) {
        let near = crate::suggest::nearest(heading, known.iter().copied());
        let way = if near.is_empty() {
            String::new()
        } else {
            format!(" Vouliez-vous écrire {}\u{a0}?", crate::suggest::quoted(&near))
        };
        let message = format!("cette colonne n’existe pas.{way}");
        items.push(Item { field: Some(heading.to_owned()), label: String::new(), message });
    }
    if items.is_empty() {
        return Ok(COLUMNS.iter().filter_map(|(name, ..)| Some((*name, place(name)?))).collect());
    }
    let message = format!(
        "Les en-têtes de «\u{a0}{}\u{a0}» ne conviennent pas\u{a0}; «\u{a0}jalon import --columns\u{a0}» les montre.",
        file.display()
    );
    Err(Failure::new(Exit::Usage, "columns", message).with(items))
}

/// The fields of one row, read one after the other.
struct Cells<'r> {
    record: &'r csv::StringRecord,
    found: &'r [(&'static str, usize)],
    errors: Vec<FieldError>,
}

impl Cells<'_> {
    fn take<T: FieldType>(&mut self, name: &'static str) -> Option<T> {
        let place = self.found.iter().find(|(known, _)| *known == name).map(|(_, place)| *place);
        let text = place.and_then(|place| self.record.get(place)).map(str::trim).filter(|text| !text.is_empty());
        let read = text.map_or_else(T::absent, |text| T::read(&Value::from(text)));
        read.map_err(|problem| self.errors.push(FieldError { field: name.to_owned(), problem })).ok()
    }

    fn missing(&mut self, name: &'static str) {
        self.errors.push(FieldError { field: name.to_owned(), problem: FieldProblem::Missing });
    }
}

fn row(record: &csv::StringRecord, found: &[(&'static str, usize)]) -> Result<PastPath, Vec<FieldError>> {
    let mut cells = Cells { record, found, errors: Vec::new() };
    let lot = cells.take::<LotCode>("lot");
    let siret = cells.take::<Siret>("siret");
    let company = cells.take::<Line>("company");
    let commune = cells.take::<Commune>("commune");
    let job = cells.take::<Line>("job");
    let rome = cells.take::<Option<Rome>>("rome").flatten();
    let birth_date = cells.take::<Day>("birth_date");
    let sex = cells.take::<Sex>("sex");
    let level = cells.take::<TrainingLevel>("level");
    let rsa = cells.take::<bool>("rsa");
    let boe = cells.take::<bool>("boe");
    let entered_on = cells.take::<Day>("entered_on");
    let outcome = cells.take::<Option<Outcome>>("outcome").flatten();
    let ended_on = cells.take::<Option<Day>>("ended_on").flatten();
    let hours_done = cells.take::<Option<u32>>("hours_done").flatten();
    let ended = match (outcome, ended_on, hours_done) {
        (None, None, None) => None,
        (Some(outcome), Some(on), Some(hours)) => Some((outcome, on, hours)),
        (outcome, on, hours) => {
            let given = [("outcome", outcome.is_some()), ("ended_on", on.is_some()), ("hours_done", hours.is_some())];
            for (name, there) in given {
                if !there && !cells.errors.iter().any(|error| error.field == name) {
                    cells.missing(name);
                }
            }
            None
        }
    };
    let profile = (|| Some(Profile { birth_date: birth_date?, level: level?, sex: sex?, rsa: rsa?, boe: boe? }))();
    let past = (|| {
        Some(PastPath {
            lot: lot?,
            siret: siret?,
            company: company?.0,
            commune: commune?,
            job: job?.0,
            rome,
            profile: profile?,
            entered_on: entered_on?,
            ended,
        })
    })();
    match past {
        Some(past) if cells.errors.is_empty() => Ok(past),
        Some(_) | None => Err(cells.errors),
    }
}

fn told(error: &FieldError) -> String {
    format!("{}\u{a0}: {}", error.field, wording::refusals::problem(&error.problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "lot;siret;company;commune;job;rome;birth_date;sex;level;rsa;boe;entered_on;outcome;ended_on;hours_done\n";
    const GOOD: &str =
        "1;73282932000074;Atelier;76540;Soudage;;12/03/1990;female;3;oui;non;2022-04-04;completed;2022-07-01;210\n";

    fn read_text(text: &str) -> Result<Read, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("parcours.csv");
        std::fs::write(&file, text).unwrap();
        read(&file).map_err(|mut failure| {
            failure.message = failure.message.replace(&file.display().to_string(), "parcours.csv");
            failure
        })
    }

    #[test]
    fn good_rows_are_read_with_the_lines_they_stand_on() {
        let Read { rows, lines, bad } = read_text(&format!("\u{feff}{HEAD}{GOOD}{GOOD}")).unwrap();
        assert_eq!((rows.len(), lines, bad), (2, vec![2, 3], vec![]));
        assert_eq!(rows[0].ended.map(|(outcome, _, hours)| (outcome, hours)), Some((Outcome::Completed, 210)));
        assert!(rows[0].profile.rsa && !rows[0].profile.boe);
    }

    #[test]
    fn every_bad_row_is_told_with_its_line() {
        let bad = "1;73282932000079;Atelier;76540;Soudage;;31/02/1990;female;9;oui;non;2022-04-04;completed;;\n";
        let read = read_text(&format!("{HEAD}{GOOD}{bad}")).unwrap();
        assert_eq!(read.rows.len(), 1);
        insta::assert_snapshot!("bad_rows", refused(Path::new("parcours.csv"), read.bad).text());
    }

    #[test]
    fn headings_are_checked_before_rows() {
        let failure = read_text(&HEAD.replace("siret", "sirett").replace("level;", "")).err().unwrap();
        insta::assert_snapshot!("bad_headings", failure.text());
    }

    #[test]
    fn a_file_without_rows_is_refused() {
        assert_eq!(read_text(HEAD).err().map(|failure| failure.code).as_deref(), Some("empty"));
    }
}
