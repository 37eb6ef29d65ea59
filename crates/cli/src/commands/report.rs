//! `jalon report`: the Region's tables.

use std::path::PathBuf;

use app::{App, FiguresAsked};
use domain::Day;
use domain::calendar::paris_day;
use domain::people::Actor;
use reports::Table;

use super::back_test;
use super::copil::{self, CopilArgs};
use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{self, Format, FormatArgs, line};
use crate::values;
use crate::who::WhoArgs;
use crate::wiring::{Global, Schema, open};

#[derive(Debug, clap::Args)]
pub struct ReportArgs {
    #[command(subcommand)]
    pub command: ReportCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum ReportCommand {
    /// Les entrées en formation de l’année, à une date : la ligne du comité de pilotage
    Entries(EntriesArgs),
    /// Le nombre de parcours dans chaque état
    Funnel(TableArgs),
    /// Les montants de chaque lot
    Budget(TableArgs),
    /// Les tableaux du comité de pilotage, avec les autres dispositifs
    Copil(Box<CopilArgs>),
    /// Où arriveront les entrées de chaque lot au 31 décembre, et comment c’est prévu
    Forecast(ForecastArgs),
}

#[derive(Debug, clap::Args)]
pub struct EntriesArgs {
    /// La date (aujourd’hui si elle n’est pas donnée)
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Ce qui était connu à cet instant (maintenant s’il n’est pas donné)
    #[arg(long, value_name = "INSTANT")]
    pub known_at: Option<String>,
    #[command(flatten)]
    pub table: TableArgs,
}

#[derive(Debug, clap::Args)]
pub struct ForecastArgs {
    /// La date (aujourd’hui si elle n’est pas donnée)
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// Ce qui était connu à cet instant (maintenant s’il n’est pas donné)
    #[arg(long, value_name = "INSTANT")]
    pub known_at: Option<String>,
    /// Essaie la prévision sur tant d’années simulées, au lieu de prévoir
    #[arg(long, value_name = "ANNÉES", value_parser = clap::value_parser!(u32).range(1..=100_000), conflicts_with_all = ["as_of", "known_at"])]
    pub back_test: Option<u32>,
    #[command(flatten)]
    pub table: TableArgs,
}

#[derive(Debug, clap::Args)]
pub struct TableArgs {
    /// Écrit dans ce fichier au lieu de l’écran
    #[arg(long, value_name = "FICHIER")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub who: WhoArgs,
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Runs the command.
///
/// # Errors
/// The reader has no right to the Region's figures; a date is none; the store does not answer.
pub async fn run(global: &Global, args: ReportArgs) -> Result<Exit, Failure> {
    if let ReportCommand::Forecast(ForecastArgs { back_test: Some(years), table, .. }) = &args.command {
        return print(&back_test::table(*years), table);
    }
    let app = open(global, Schema::Current).await?.app;
    let failed = |error| Failure::app(error, About::Nothing);
    match args.command {
        ReportCommand::Entries(args) => {
            let reader = args.table.who.reader(&app).await?;
            let as_of = day_or_today(&app, args.as_of.as_deref()).await?;
            let known_at = args.known_at.as_deref().map(|text| values::instant("--known-at", text)).transpose()?;
            let report = app.entries(&reader, as_of, known_at).await.map_err(failed)?;
            let table = report.table();
            if args.table.format.format == Format::Table && args.table.out.is_none() {
                line(&output::bold(&table.title))?;
                line(&format!("FEST\u{a0}: {}", report.line()))?;
                line("")?;
                output::print_table(&table)?;
                return Ok(Exit::Done);
            }
            print(&table, &args.table)
        }
        ReportCommand::Funnel(args) => {
            let reader = args.who.reader(&app).await?;
            print(&app.funnel(&reader).await.map_err(failed)?, &args)
        }
        ReportCommand::Copil(args) => copil::run(&app, *args).await,
        ReportCommand::Forecast(args) => {
            let reader = args.table.who.reader(&app).await?;
            let as_of = args.as_of.as_deref().map(|text| values::day("--as-of", text)).transpose()?;
            let known_at = args.known_at.as_deref().map(|text| values::instant("--known-at", text)).transpose()?;
            let asked = FiguresAsked { as_of, known_at, ..FiguresAsked::default() };
            print(&app.forecast(&reader, asked).await.map_err(failed)?, &args.table)
        }
        ReportCommand::Budget(args) => {
            let reader: Actor = args.who.reader(&app).await?;
            print(&app.budget(&reader).await.map_err(failed)?, &args)
        }
    }
}

pub(super) async fn day_or_today(app: &App, given: Option<&str>) -> Result<Day, Failure> {
    match given {
        Some(text) => values::day("--as-of", text),
        None => Ok(paris_day(app.now().await.map_err(|error| Failure::app(error, About::Nothing))?)),
    }
}

/// The format that the name of a file asks for.
fn by_name(file: &std::path::Path, asked: Format) -> Result<Format, Failure> {
    let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let named = match extension.as_deref() {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        Some("txt") | None => asked,
        Some(other) => {
            let text = format!(
                "Un tableau ne s’écrit pas en «\u{a0}.{other}\u{a0}». Nommez un fichier .csv (qu’un tableur ouvre), .json ou .txt."
            );
            return Err(Failure::usage("out", text));
        }
    };
    if asked == Format::Table || asked == named {
        return Ok(named);
    }
    let text = format!("Le nom «\u{a0}{}\u{a0}» ne va pas avec --format. Gardez l’un des deux.", file.display());
    Err(Failure::usage("out", text))
}

fn print(table: &Table, args: &TableArgs) -> Result<Exit, Failure> {
    let Some(file) = &args.out else {
        output::print_report(table, args.format.format)?;
        return Ok(Exit::Done);
    };
    let format = by_name(file, args.format.format)?;
    let text = match format {
        Format::Table => format!("{}\n{}\n", table.title, output::drawn(table)),
        Format::Json => output::written(table, reports::Format::Json)?,
        Format::Csv => output::written(table, reports::Format::Csv)?,
    };
    std::fs::write(file, text).map_err(|error| Failure::file(file, &error))?;
    line(&format!("Écrit dans {}.", file.display()))?;
    Ok(Exit::Done)
}
