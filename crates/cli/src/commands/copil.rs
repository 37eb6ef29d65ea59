//! `jalon report copil`: the tables of the steering committee, from the paths and from files of the other schemes.

use std::path::{Path, PathBuf};

use app::App;
use domain::Day;
use reports::Table;
use reports::committee::{
    Budget, Comparison, Difference, Entries, Evaluation, File, Masked, Problem, Programme, Refused, Sectors, Statement,
    Yearly, differences,
};
use reports::documents::{Cover, Paper, tables};
use reports::{ods, xlsx};
use wording::committee as words;

use super::report::{TableArgs, day_or_today};
use crate::exit::Exit;
use crate::failure::{About, Failure, Item};
use crate::output::{self, Format, line};
use crate::values;

#[derive(Debug, clap::Args)]
pub struct CopilArgs {
    /// La date (aujourd’hui si elle n’est pas donnée)
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Ce qui était connu à cet instant (maintenant s’il n’est pas donné)
    #[arg(long, value_name = "INSTANT")]
    pub known_at: Option<String>,
    /// Les entrées des autres dispositifs à cette date
    #[arg(long, value_name = "FICHIER")]
    pub entries: PathBuf,
    /// Les entrées à comparer, d’une date d’avant
    #[arg(long, value_name = "FICHIER", requires = "before_date")]
    pub before: Option<PathBuf>,
    /// La date des entrées à comparer
    #[arg(long, value_name = "DATE", requires = "before")]
    pub before_date: Option<String>,
    /// Les entrées par an
    #[arg(long, value_name = "FICHIER")]
    pub yearly: Option<PathBuf>,
    /// La programmation de l’année
    #[arg(long, value_name = "FICHIER")]
    pub programme: Option<PathBuf>,
    /// Les filières de l’année
    #[arg(long, value_name = "FICHIER")]
    pub sectors: Option<PathBuf>,
    /// La trajectoire budgétaire
    #[arg(long, value_name = "FICHIER")]
    pub budget: Option<PathBuf>,
    /// La fiche d’évaluation d’un dispositif
    #[arg(long, value_name = "FICHIER", requires = "scheme")]
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
    #[command(flatten)]
    pub table: TableArgs,
}

/// Runs the command.
///
/// # Errors
/// The reader has no right to the Region's figures; a file is refused; the store does not answer.
pub async fn run(app: &App, args: CopilArgs) -> Result<Exit, Failure> {
    let reader = args.table.who.reader(app).await?;
    let failed = |error| Failure::app(error, About::Nothing);
    let as_of = day_or_today(app, args.as_of.as_deref()).await?;
    let known_at = args.known_at.as_deref().map(|text| values::instant("--known-at", text)).transpose()?;
    let source = words::SOURCE_OF_JALON;
    let mut made = Made::default();

    let fest = app.entries(&reader, as_of, known_at).await.map_err(failed)?;
    let now = import(&args.entries, Entries::import)?.with_paths(&fest.total, &fest.lots).statement();
    made.entries(&now, as_of, args.masked, source);
    if let (Some(file), Some(day)) = (&args.before, &args.before_date) {
        let day = values::day("--before-date", day)?;
        let fest = app.entries(&reader, day, known_at).await.map_err(failed)?;
        let before = import(file, Entries::import)?.with_paths(&fest.total, &fest.lots).statement();
        let compared = Comparison { now: (&now, as_of), before: (&before, day) };
        made.tables.extend(if args.masked { compared.masked_tables(source) } else { compared.tables(source) });
    }
    // What follows has no detail small enough to know anybody by, but the sheet of a scheme, which has no masked version.
    if let Some(file) = &args.yearly {
        let yearly = import(file, Yearly::import)?;
        made.add(yearly.table(source).dated(as_of), yearly.differences());
    }
    let year = u16::try_from(chrono::Datelike::year(&as_of)).unwrap_or(0);
    if let Some(file) = &args.programme {
        let programme = import(file, |file| Programme::import(file, year))?;
        made.add(programme.table(source).dated(as_of), programme.differences());
    }
    if let Some(file) = &args.sectors {
        let sectors = import(file, |file| Sectors::import(file, year))?;
        made.add(sectors.table(source).dated(as_of), sectors.differences());
    }
    if let Some(file) = &args.budget {
        let budget = import(file, Budget::import)?;
        made.add(budget.table(source).dated(as_of), budget.differences());
    }
    if let (Some(file), Some(scheme)) = (&args.evaluation, &args.scheme) {
        if args.masked {
            return Err(Failure::usage("masked", words::NO_MASKED_SHEET));
        }
        let sheet = import(file, |file| Evaluation::import(file, scheme))?;
        made.add(sheet.table(as_of, source), sheet.differences());
    }
    if !made.differences.is_empty() && !args.masked {
        made.tables.push(differences::table(words::DIFFERENCES_TITLE, &made.differences));
    }
    written(app, &made.tables, as_of, &args).await
}

/// The tables made so far, and what was printed in them and does not follow.
#[derive(Default)]
struct Made {
    tables: Vec<Table>,
    differences: Vec<(String, Vec<Difference>)>,
}

impl Made {
    fn entries(&mut self, statement: &Statement, as_of: Day, masked: bool, source: &str) {
        if masked {
            self.tables.push(Masked::of(statement).table(as_of, source));
        } else {
            self.add(statement.table(as_of, source), statement.differences());
        }
    }

    fn add(&mut self, table: Table, differences: Vec<Difference>) {
        if !differences.is_empty() {
            self.differences.push((table.title.clone(), differences));
        }
        self.tables.push(table);
    }
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
    let Some(file) = &args.table.out else {
        for table in made {
            output::print_report(table, args.table.format.format)?;
            line("")?;
        }
        return Ok(Exit::Done);
    };
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    let broken = |problem: &dyn std::fmt::Display| Failure::new(Exit::Other, "not_written", problem.to_string());
    let bytes = match extension.as_str() {
        "xlsx" => xlsx::workbook(made).map_err(|error| broken(&error))?,
        "ods" => ods::spreadsheet(made).map_err(|error| broken(&error))?,
        "pdf" => {
            let paper = if args.slides { Paper::Slides } else { Paper::A4Landscape };
            let cover = Cover { title: words::REPORT_TITLE.to_owned(), issuer: words::ISSUER.to_owned(), on: as_of };
            let now = app.now().await.map_err(|error| Failure::app(error, About::Nothing))?;
            tables(paper, &cover, made, now).map_err(|error| broken(&error))?
        }
        "csv" => joined(made, Format::Csv)?.into_bytes(),
        "json" => joined(made, Format::Json)?.into_bytes(),
        "txt" => joined(made, Format::Table)?.into_bytes(),
        _ => return Err(Failure::usage("out", words::unknown_output(file.display()))),
    };
    std::fs::write(file, bytes).map_err(|error| Failure::file(file, &error))?;
    line(&format!("Écrit dans {}.", file.display()))?;
    Ok(Exit::Done)
}

/// Tables of text one after the other; JSON as one list.
fn joined(made: &[Table], format: Format) -> Result<String, Failure> {
    let texts: Vec<String> = made
        .iter()
        .map(|table| match format {
            Format::Table => Ok(format!("{}\n{}\n", table.title, output::drawn(table))),
            Format::Json => output::written(table, reports::Format::Json),
            Format::Csv => output::written(table, reports::Format::Csv),
        })
        .collect::<Result<_, _>>()?;
    Ok(match format {
        Format::Json => format!("[{}]\n", texts.join(",")),
        // One mark at the head of the file is enough.
        Format::Csv => {
            let bare: Vec<&str> = texts.iter().map(|text| text.trim_start_matches('\u{feff}')).collect();
            format!("\u{feff}{}", bare.join("\r\n"))
        }
        Format::Table => texts.join("\n"),
    })
}
