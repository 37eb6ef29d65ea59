//! `jalon report copil`: the tables of the steering committee, from the paths and from the other schemes: the files that the
//! Region imported, or those that the command names.

use std::path::{Path, PathBuf};

use app::App;
use domain::committee::TableKind;
use domain::people::Actor;
use domain::{Day, Instant};
use reports::Table;
use reports::committee::assembly::{self, tables};
use reports::committee::outside::outside;
use reports::committee::{Entries, File, FileFormat, Made, Problem, Refused, Sheet, file};
use wording::{addresses, committee as words};

use super::report::{TableArgs, day_or_today};
use crate::exit::Exit;
use crate::failure::{About, Failure, Item};
use crate::output::{self, line};
use crate::values;

#[derive(Debug, clap::Args)]
pub struct CopilArgs {
    /// La date (aujourd’hui si elle n’est pas donnée)
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Ce qui était connu à cet instant (maintenant s’il n’est pas donné)
    #[arg(long, value_name = "INSTANT")]
    pub known_at: Option<String>,
    /// Les entrées des autres dispositifs à cette date (sans fichier, les tableaux importés)
    #[arg(long, value_name = "FICHIER")]
    pub entries: Option<PathBuf>,
    /// Les entrées à comparer, d’une date d’avant
    #[arg(long, value_name = "FICHIER", requires_all = ["before_date", "entries"])]
    pub before: Option<PathBuf>,
    /// La date à comparer (sans fichier, d’après les tableaux importés)
    #[arg(long, value_name = "DATE")]
    pub before_date: Option<String>,
    /// Les entrées par an
    #[arg(long, value_name = "FICHIER", requires = "entries")]
    pub yearly: Option<PathBuf>,
    /// La programmation de l’année
    #[arg(long, value_name = "FICHIER", requires = "entries")]
    pub programme: Option<PathBuf>,
    /// Les filières de l’année
    #[arg(long, value_name = "FICHIER", requires = "entries")]
    pub sectors: Option<PathBuf>,
    /// La trajectoire budgétaire
    #[arg(long, value_name = "FICHIER", requires = "entries")]
    pub budget: Option<PathBuf>,
    /// La fiche d’évaluation d’un dispositif
    #[arg(long, value_name = "FICHIER", requires_all = ["scheme", "entries"])]
    pub evaluation: Option<PathBuf>,
    /// Le dispositif de la fiche d’évaluation
    #[arg(long, value_name = "NOM", requires = "evaluation")]
    pub scheme: Option<String>,
    /// Masque les effectifs de moins de 5 personnes, pour des lecteurs extérieurs
    #[arg(long)]
    pub masked: bool,
    /// Un PDF en diapositives 16:9, au lieu de pages A4
    #[arg(long)]
    pub slides: bool,
    /// Arrête les tableaux importés, sous ce titre, au lieu de les écrire (avec --as)
    #[arg(long, value_name = "TITRE", conflicts_with_all = ["entries", "known_at", "masked", "out"])]
    pub seal: Option<String>,
    #[command(flatten)]
    pub table: TableArgs,
}

/// Runs the command.
///
/// # Errors
/// The reader has no right to the Region's figures; a file is refused; the store does not answer.
pub async fn run(app: &App, args: CopilArgs) -> Result<Exit, Failure> {
    let reader = args.table.who.reader(app).await?;
    let as_of = day_or_today(app, args.as_of.as_deref()).await?;
    let known_at = args.known_at.as_deref().map(|text| values::instant("--known-at", text)).transpose()?;
    let before = args.before_date.as_deref().map(|text| values::day("--before-date", text)).transpose()?;
    if let Some(title) = &args.seal {
        let id = app.seal_committee(&reader, as_of, before, title).await.map_err(failed)?;
        let address = addresses::absolute(&app.settings().public_url, &addresses::committee_seal(id));
        line(&format!("Tableaux arrêtés\u{a0}: {address}"))?;
        return Ok(Exit::Done);
    }
    let made = match &args.entries {
        Some(_) if args.before.is_none() && before.is_some() => {
            return Err(Failure::usage("before_date", words::DATE_ALONE));
        }
        Some(entries) => from_files(app, &reader, entries, as_of, (known_at, before), &args).await?,
        None => {
            let committee = app.committee(&reader, as_of, known_at).await.map_err(failed)?;
            match before {
                Some(before) => {
                    let before = app.committee(&reader, before, known_at).await.map_err(failed)?;
                    committee.with(&before, args.masked)
                }
                None if args.masked => committee.outside(),
                None => committee.all(),
            }
        }
    };
    written(app, &made, as_of, &args).await
}

fn failed(error: app::AppError) -> Failure {
    Failure::app(error, About::Nothing)
}

/// The tables that the files of the command make.
async fn from_files(
    app: &App,
    reader: &Actor,
    entries: &Path,
    as_of: Day,
    (known_at, before): (Option<Instant>, Option<Day>),
    args: &CopilArgs,
) -> Result<Vec<Table>, Failure> {
    let source = words::SOURCE_OF_JALON;
    let fest = app.entries(reader, as_of, known_at).await.map_err(failed)?;
    let now = import(entries, Entries::import)?.with_paths(&fest.total, &fest.lots).statement();
    let mut made = vec![Made::entries(now, as_of, source)];
    let mut beside = Vec::new();
    if let (Some(file), Some(day)) = (&args.before, before) {
        let fest = app.entries(reader, day, known_at).await.map_err(failed)?;
        let before = import(file, Entries::import)?.with_paths(&fest.total, &fest.lots).statement();
        beside.push(Made::entries(before, day, source));
    }
    let compared = assembly::compared(&made, &beside, args.masked, source);
    let scheme = args.scheme.as_deref();
    for (kind, path) in [
        (TableKind::Yearly, &args.yearly),
        (TableKind::Programme, &args.programme),
        (TableKind::Sectors, &args.sectors),
        (TableKind::Budget, &args.budget),
        (TableKind::Evaluation, &args.evaluation),
    ] {
        let Some(path) = path else { continue };
        let sheet = import(path, |file| Sheet::read(kind, file, as_of, scheme))?;
        made.push(sheet.made(as_of, (&fest.total, &fest.lots), source));
    }
    made.extend(Made::of_paths(&made, &fest, source));
    let mut all = if args.masked { outside(&made, &beside, source) } else { tables(&made) };
    all.splice(1..1, compared.into_iter().flat_map(|compared| compared.tables));
    Ok(all)
}

/// Reads a file as its name says, whole or not at all.
fn import<T>(path: &Path, read: impl FnOnce(&File<'_>) -> Result<T, Refused>) -> Result<T, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::file(path, &error))?;
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let file = if extension.as_deref() == Some("xlsx") { File::xlsx(&bytes) } else { File::csv(&bytes) };
    read(&file).map_err(|refused| {
        let item = |problem: &Problem| Item { field: None, label: String::new(), message: problem.french() };
        let text = words::refused_file(path.display(), refused.problems.len());
        Failure::usage("file_refused", text).with(refused.problems.iter().map(item).collect())
    })
}

/// Writes the tables where and as they are asked.
async fn written(app: &App, made: &[Table], as_of: Day, args: &CopilArgs) -> Result<Exit, Failure> {
    let Some(out) = &args.table.out else {
        for table in made {
            output::print_report(table, args.table.format.format)?;
            line("")?;
        }
        return Ok(Exit::Done);
    };
    let extension = out.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    let format = match extension.as_str() {
        "pdf" if args.slides => Some(FileFormat::Slides),
        "txt" => None,
        named => match named.parse() {
            Ok(FileFormat::Slides) | Err(_) => return Err(Failure::usage("out", words::unknown_output(out.display()))),
            Ok(format) => Some(format),
        },
    };
    let bytes = match format {
        Some(format) => {
            let now = app.now().await.map_err(failed)?;
            let broken = |problem: reports::committee::files::Unwritten| {
                let cause =
                    std::error::Error::source(&problem).map_or_else(|| problem.to_string(), ToString::to_string);
                Failure::new(Exit::Other, "not_written", cause)
            };
            file(format, made, as_of, now).map_err(broken)?
        }
        None => {
            let texts = made.iter().map(|table| format!("{}\n{}\n", table.title, output::drawn(table)));
            texts.collect::<Vec<_>>().join("\n").into_bytes()
        }
    };
    std::fs::write(out, bytes).map_err(|error| Failure::file(out, &error))?;
    line(&format!("Écrit dans {}.", out.display()))?;
    Ok(Exit::Done)
}
