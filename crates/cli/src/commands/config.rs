//! `jalon config`: the settings and the terms of the market, checked, shown and applied.

use std::path::{Path, PathBuf};

use app::market_file::{self, FileProblem};
use app::{App, MarketChange};
use domain::Day;
use domain::calendar::paris_day;
use domain::market::Market;
use reports::{Cell, Column, ColumnKind};
use serde_json::json;
use wording::{dates, market_problems, numbers};

use crate::exit::Exit;
use crate::failure::{About, Failure, Item};
use crate::output::{Format, FormatArgs, Listing, cell, line, optional, text};
use crate::settings::{Settings, load};
use crate::values;
use crate::who;
use crate::wiring::{self, Global, Schema, open};

#[derive(Debug, clap::Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    pub command: ConfigCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum ConfigCommand {
    /// Vérifie les réglages et le fichier du marché : toutes les erreurs d’un coup
    Check(CheckArgs),
    /// Montre les réglages avec leur provenance, secrets masqués
    Show(ShowArgs),
    /// Enregistre les conditions du marché, datées ; celles de la base font foi
    Apply(ApplyArgs),
}

#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Le fichier du marché (celui des réglages s’il n’est pas donné)
    #[arg(long, value_name = "FICHIER")]
    pub market: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// Les conditions du marché enregistrées dans la base, au lieu des réglages
    #[arg(long)]
    pub terms: bool,
    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct ApplyArgs {
    /// Le fichier du marché (celui des réglages s’il n’est pas donné)
    #[arg(long, value_name = "FICHIER")]
    pub market: Option<PathBuf>,
    /// Le jour d’effet (aujourd’hui, ou le premier jour d’un marché nouveau)
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// La référence de l’avenant ou de la décision
    #[arg(long, value_name = "TEXTE")]
    pub reference: Option<String>,
    /// Le compte qui enregistre
    #[arg(long = "as", env = "JALON_AS", value_name = "ADRESSE")]
    pub who: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// Problems of the settings or of the market, all of them; the store does not answer.
pub async fn run(global: &Global, args: ConfigArgs) -> Result<Exit, Failure> {
    match args.command {
        ConfigCommand::Check(args) => check(global, &args),
        ConfigCommand::Show(args) if args.terms => terms(global, args.format.format).await,
        ConfigCommand::Show(args) => show(&wiring::settings(global)?, args.format.format),
        ConfigCommand::Apply(args) => apply(global, args).await,
    }
}

fn check(global: &Global, args: &CheckArgs) -> Result<Exit, Failure> {
    let flags: Vec<_> = args.market.iter().map(|file| ("market", file.display().to_string())).collect();
    let settings = load(&wiring::sources(global, &flags));
    let mut items = match &settings {
        Ok(_) => Vec::new(),
        Err(problems) => Failure::settings(problems).items,
    };
    // The market is checked even when the settings are not right: every problem at once.
    let usual = || Some(PathBuf::from("config/market.toml")).filter(|file| file.exists());
    let file =
        settings.as_ref().ok().map(|settings| settings.market.clone()).or_else(|| args.market.clone()).or_else(usual);
    let markets = match file.map(|file| read(&file)) {
        Some(Ok(markets)) => markets,
        Some(Err(failure)) if failure.items.is_empty() => return Err(failure),
        Some(Err(failure)) => {
            items.extend(failure.items);
            Vec::new()
        }
        None => Vec::new(),
    };
    if !items.is_empty() {
        let count = numbers::count(items.len() as i64, "problème", "problèmes");
        return Err(
            Failure::new(Exit::Configuration, "configuration", format!("{count} dans la configuration.")).with(items)
        );
    }
    for market in &markets {
        let lots = numbers::count(market.lots.len() as i64, "lot", "lots");
        line(&format!(
            "{} — {} ({lots}, {})",
            market.code,
            market.title,
            dates::period(market.starts_on, market.ends_on)
        ))?;
        if !market.prices_confirmed && !market.past {
            line(wording::ILLUSTRATIVE_PRICES)?;
        }
    }
    line("Les réglages et le marché conviennent.")?;
    Ok(Exit::Done)
}

/// Reads a file of markets.
///
/// # Errors
/// The file cannot be read; every problem of what it says, with its key and line.
pub fn read(file: &Path) -> Result<Vec<Market>, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure { exit: Exit::Configuration, ..Failure::file(file, &error) })?;
    market_file::read(&text).map_err(|problems| {
        let codes = codes(&text);
        let items = problems.iter().map(|problem| item(file, problem, &codes)).collect();
        let count = numbers::count(problems.len() as i64, "problème", "problèmes");
        let message = format!(
            "{count} dans le fichier du marché «\u{a0}{}\u{a0}»\u{a0}; rien n’a été enregistré.",
            file.display()
        );
        Failure::new(Exit::Configuration, "market", message).with(items)
    })
}

/// The codes of the markets of a file, in its order, as far as they can be read.
fn codes(text: &str) -> Vec<String> {
    let mut codes = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("[[market]]") {
            codes.push(format!("n° {}", codes.len() + 1));
            open = true;
        } else if line.starts_with('[') {
            open = false;
        } else if let (true, Some((key, value))) = (open, line.split_once('='))
            && key.trim() == "code"
        {
            let value = value.split('#').next().unwrap_or_default().trim().trim_matches('"');
            if let Some(last) = codes.last_mut() {
                *last = value.to_owned();
            }
        }
    }
    codes
}

/// A key as a person says it: the code of its market, ranks from one.
fn key_in_words(key: &str, codes: &[String]) -> String {
    let mut parts = key.split('.').peekable();
    let mut words: Vec<String> = Vec::new();
    if parts.peek() == Some(&"market") {
        parts.next();
        if let Some(rank) = parts.peek().and_then(|rank| rank.parse::<usize>().ok()) {
            parts.next();
            words.push(format!("marché {}", codes.get(rank).map_or("", String::as_str)));
        }
    }
    let mut path = String::new();
    for part in parts {
        match part.parse::<usize>() {
            Ok(rank) => path.push_str(&format!("[{}]", rank + 1)),
            Err(_) if path.is_empty() => path.push_str(part),
            Err(_) => path.push_str(&format!(".{part}")),
        }
    }
    if !path.is_empty() {
        words.push(path);
    }
    if words.is_empty() { key.to_owned() } else { words.join(", ") }
}

fn item(file: &Path, found: &FileProblem, codes: &[String]) -> Item {
    let key = &key_in_words(&found.problem.key, codes);
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let at = format!("{name}, ligne {}", found.line);
    let label = if key.is_empty() { at } else { format!("{key} ({at})") };
    Item {
        field: Some(key.clone()).filter(|key| !key.is_empty()),
        label,
        message: market_problems::sentence(&found.problem),
    }
}

fn show(settings: &Settings, format: Format) -> Result<Exit, Failure> {
    let columns = vec![
        text("key", "Réglage"),
        text("value", "Valeur"),
        text("origin", "Provenance"),
        text("variable", "Variable"),
    ];
    let mut list = Listing::new("Réglages", "Aucun réglage.", columns);
    for shown in settings.show() {
        list.push(
            vec![cell(shown.key), optional(shown.value.clone()), cell(shown.origin.to_string()), cell(shown.variable)],
            json!({ "key": shown.key, "value": shown.value, "origin": shown.origin.to_string(), "variable": shown.variable }),
        );
    }
    list.print(format)?;
    Ok(Exit::Done)
}

async fn terms(global: &Global, format: Format) -> Result<Exit, Failure> {
    let app = open(global, Schema::Current).await?.app;
    let markets = app.markets().await.map_err(|error| Failure::app(error, About::Nothing))?;
    let columns = vec![
        text("market", "Marché"),
        Column::new("version", "Version", ColumnKind::Count),
        Column::new("effective_on", "Effet", ColumnKind::Day),
        text("current", "En vigueur"),
        text("prices", "Prix"),
        text("recorded_by", "Enregistrée par"),
        text("reference", "Référence"),
        Column::new("changes", "Changements", ColumnKind::Count),
    ];
    let none = "Aucun marché n’est enregistré\u{a0}: «\u{a0}jalon config apply\u{a0}».";
    let mut list = Listing::new("Conditions enregistrées", none, columns);
    for status in &markets {
        let earlier =
            |other: &&app::MarketStatus| other.market.code == status.market.code && other.version < status.version;
        let before = markets.iter().filter(earlier).max_by_key(|other| other.version);
        let changes = before.map(|before| wording::market::changes(&before.market, &status.market));
        list.push(
            vec![
                cell(status.market.code.clone()),
                Cell::Count(status.version.0.into()),
                Cell::Day(status.effective_on),
                cell(wording::labels::yes_no(status.current)),
                match (status.market.past, status.market.prices_confirmed) {
                    (true, _) => Cell::Empty,
                    (false, true) => cell("confirmés"),
                    (false, false) => cell("d’illustration"),
                },
                cell(status.recorded_by.clone()),
                optional(status.reference.clone()),
                changes.as_ref().map_or(Cell::Empty, |changes| Cell::Count(changes.len() as i64)),
            ],
            json!({
                "changes": changes.unwrap_or_default().iter().map(|change| json!({
                    "label": change.label, "before": change.before, "after": change.after,
                })).collect::<Vec<_>>(),
                "market": status.market.code, "version": status.version, "effective_on": status.effective_on,
                "current": status.current, "recorded_by": status.recorded_by, "reference": status.reference, "terms": status.market,
            }),
        );
    }
    list.print(format)?;
    Ok(Exit::Done)
}

async fn apply(global: &Global, args: ApplyArgs) -> Result<Exit, Failure> {
    let wired = open(global, Schema::Current).await?;
    let app = &wired.app;
    let file = args.market.unwrap_or_else(|| wired.settings.market.clone());
    let markets = read(&file)?;
    let by = match &args.who {
        Some(email) => who::account(app, email).await?.name,
        None => "ligne de commande".to_owned(),
    };
    let on = args.on.as_deref().map(|text| values::day("--on", text)).transpose()?;
    for market in &markets {
        let effective_on = match on {
            Some(on) => on,
            None => effect(app, market).await?,
        };
        if effective_on < market.starts_on {
            let text = format!(
                "{} commence le {} : ses conditions ne peuvent pas prendre effet le {}. Donnez à --on ce jour ou un jour suivant.",
                market.code,
                dates::medium(market.starts_on),
                dates::medium(effective_on)
            );
            return Err(Failure::new(Exit::Refused, "before_market", wording::typography::typeset(&text)));
        }
        let change = app.apply_market(&by, market, effective_on, args.reference.as_deref()).await;
        let said = match change.map_err(|error| Failure::app(error, About::Nothing))? {
            MarketChange::Recorded(version) => {
                format!(
                    "{}\u{a0}: conditions enregistrées sous le numéro {version}, effet au {}.",
                    market.code,
                    dates::medium(effective_on)
                )
            }
            MarketChange::Engaged => {
                let text = format!(
                    "{}\u{a0}: le budget ou le maximum d’un lot serait inférieur à ce qui est déjà engagé. \
                     Rien n’est enregistré\u{a0}: relevez le montant, ou annulez d’abord des bons de commande.",
                    market.code
                );
                return Err(Failure::new(Exit::Refused, "already_engaged", text));
            }
            MarketChange::Unchanged(version) => {
                format!("{}\u{a0}: inchangé, les conditions n°\u{a0}{version} disent la même chose.", market.code)
            }
        };
        line(&said)?;
    }
    Ok(Exit::Done)
}

/// A market takes effect on its first day, a later version today.
async fn effect(app: &App, market: &Market) -> Result<Day, Failure> {
    let failed = |error| Failure::app(error, About::Nothing);
    let known = app.markets().await.map_err(failed)?.iter().any(|status| status.market.code == market.code);
    let today = paris_day(app.now().await.map_err(failed)?);
    Ok(if known { today.max(market.starts_on) } else { market.starts_on })
}
