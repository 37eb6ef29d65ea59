//! `jalon demo`: a living example in a folder, opened in one command; `demo advance` moves its clock.
//!
//! The environment's settings are left aside: a demo never touches another store, and writes to nobody.

use std::net::SocketAddr;
use std::path::PathBuf;

use app::{App, MessageFilter, PathFilter};
use chrono::TimeDelta;
use domain::calendar::{at_paris, paris_day, paris_time};
use domain::form::FieldType;
use domain::path::State;
use domain::people::Actor;
use domain::{Day, Instant};
use indicatif::ProgressBar;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::commands::{messages, serve};
use crate::demo::{self, Place, Progress};
use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{self, bold, line};
use crate::settings::{Settings, Sources, load};
use crate::values;
use crate::wiring::{Global, Wired};

/// Where the demo's pages are, unless `--listen` says otherwise.
const LISTEN: &str = "127.0.0.1:8080";

#[derive(Debug, clap::Args)]
pub struct DemoArgs {
    #[command(subcommand)]
    pub command: Option<DemoCommand>,
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Prépare la démonstration et s’arrête
    #[arg(long)]
    pub prepare: bool,
    /// La date et l’heure de la démonstration
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// L’adresse et le port écoutés
    #[arg(long, value_name = "ADRESSE:PORT", env = "JALON_LISTEN", hide_env = true, default_value = LISTEN)]
    pub listen: SocketAddr,
}

/// The folder of a demo.
#[derive(Debug, Clone, clap::Args)]
pub struct PlaceArgs {
    /// Le dossier de la démonstration
    #[arg(long, global = true, value_name = "DOSSIER", default_value = "./jalon-demo")]
    pub data: PathBuf,
}

#[derive(Debug, clap::Subcommand)]
pub enum DemoCommand {
    /// Avance l’horloge de la démonstration : 3d (jours), 2w (semaines), 12h (heures)
    Advance(AdvanceArgs),
}

#[derive(Debug, clap::Args)]
pub struct AdvanceArgs {
    /// De combien, ou jusqu’à quelle date
    #[arg(value_name = "DURÉE", allow_hyphen_values = true)]
    pub by: String,
}

/// Prepares the demo when it is not there, then serves it.
///
/// # Errors
/// The folder cannot be written, the address is taken, a date is none.
pub async fn run(global: &Global, args: DemoArgs) -> Result<Exit, Failure> {
    if global.database.is_some() {
        let text = "La démonstration a sa propre base SQLite, dans son dossier (--data)\u{a0}: --database ne s’y applique pas. Retirez cette option.";
        return Err(Failure::usage("demo", text));
    }
    let place = Place { folder: args.place.data };
    let url = format!("http://localhost:{}", args.listen.port());
    if let Some(DemoCommand::Advance(advance)) = args.command {
        return moved(&place, &url, &advance.by).await;
    }
    let at = args.at.as_deref().map(|text| moment("--at", text)).transpose()?;
    if !place.is_prepared() {
        prepare(&place, at.unwrap_or_else(demo::default_instant), &url).await?;
    } else if let Some(at) = at {
        let app = demo::open(&place, &url).await.map_err(failed)?;
        backwards(app.now().await.map_err(|error| Failure::app(error, About::Nothing))?, at)?;
        demo::advance(&app, &place, at).await.map_err(failed)?;
        app.store().close().await?;
    }
    let app = demo::open(&place, &url).await.map_err(failed)?;
    if args.prepare {
        next(&app, &place, None).await?;
        return Ok(Exit::Done);
    }
    let settings = settings(&place, args.listen, &url)?;
    serve::log(&settings);
    let listener = TcpListener::bind(args.listen).await.map_err(|error| serve::cannot_listen(args.listen, &error))?;
    next(&app, &place, Some(&url)).await?;
    let transport = place.mailbox();
    serve::run(Wired { settings, app }, listener, Some(transport), true, serve::stop_on_signal()).await
}

/// An instant of the demo; a day alone is its morning, at nine.
fn moment(option: &str, text: &str) -> Result<Instant, Failure> {
    match Day::read(&Value::from(text)) {
        Ok(day) => Ok(at_paris(day, 9, 0)),
        Err(_) => values::instant(option, text),
    }
}

/// The clock of a demo goes forward.
fn backwards(now: Instant, to: Instant) -> Result<(), Failure> {
    if to >= now {
        return Ok(());
    }
    let text = format!(
        "L’horloge de la démonstration ne recule pas : elle est au {}. Donnez un instant plus tardif, ou préparez une autre \
         démonstration dans un autre dossier (--data).",
        wording::dates::long(paris_day(now))
    );
    Err(Failure::new(Exit::Refused, "demo_clock", wording::typography::typeset(&text)))
}

async fn prepare(place: &Place, at: Instant, url: &str) -> Result<(), Failure> {
    let bar = Bar(output::progress("Préparation de la démonstration", 0));
    if bar.0.is_hidden() {
        eprintln!("{}", output::for_stderr("Préparation de la démonstration, moins d’une minute…"));
    }
    let prepared = demo::prepare(place, at, url, &bar).await.map_err(failed)?;
    bar.0.finish_and_clear();
    line(&format!(
        "Démonstration préparée dans {}\u{a0}: {} et {}.",
        place.folder.display(),
        wording::numbers::count(prepared.paths.len() as i64, "parcours", "parcours"),
        wording::numbers::count(prepared.past as i64, "entrée passée", "entrées passées"),
    ))
}

/// The preparation, on a bar.
struct Bar(ProgressBar);

impl Progress for Bar {
    fn length(&self, steps: u64) {
        self.0.set_length(steps);
    }

    fn step(&self) {
        self.0.inc(1);
    }
}

/// The settings of a demo: the defaults, its folder, and nothing of the environment.
fn settings(place: &Place, listen: SocketAddr, url: &str) -> Result<Settings, Failure> {
    let mailbox = place.folder.join(demo::MAILBOX);
    let flags = vec![
        ("production", "false".to_owned()),
        ("database.url", place.database_url()),
        ("server.listen", listen.to_string()),
        ("server.public_url", url.to_owned()),
        ("mail.smtp_url", format!("file:{}", mailbox.display())),
        ("log.filter", "warn".to_owned()),
    ];
    let sources = Sources { flags, ..Sources::default() };
    load(&sources).map_err(|problems| Failure::settings(&problems))
}

/// What to try next.
async fn next(app: &App, place: &Place, url: Option<&str>) -> Result<(), Failure> {
    let program = program();
    let now = app.now().await.map_err(|error| Failure::app(error, About::Nothing))?;
    let day = wording::dates::long(paris_day(now));
    line(&format!("La démonstration est au {day}, {}.", wording::dates::time(paris_time(now).time())))?;
    let example = example(app).await?;
    line("")?;
    if let Some(url) = url {
        line(&bold(&format!("Jalon est ouvert\u{a0}: {url}")))?;
        line("Les courriels arrivent dans le dossier ci-dessous. Ctrl-C pour l’arrêter.")?;
    } else {
        line(&bold("Ouvrez-la"))?;
        line(&format!("  {program} demo{}", folder_option(place)))?;
    }
    line("")?;
    line(&bold("À essayer, dans un autre terminal"))?;
    line(&format!("  export JALON_DATABASE_URL={}", place.database_url()))?;
    // The links that commands write lead where the pages are.
    if let Some(url) = url.filter(|url| !url.ends_with(":8080")) {
        line(&format!("  export JALON_PUBLIC_URL={url}"))?;
    }
    line(&format!("  {program} path list --late"))?;
    line(&format!("  {program} path show {example} --as anne.roux@region.example"))?;
    line(&format!("  {program} path advance {example} order_feasibility --as anne.roux@region.example --dry-run"))?;
    line(&format!("  {program} messages list --state refused"))?;
    if let Some(path) = answerable(app).await? {
        line(&format!("  {program} messages open {path}"))?;
    }
    line(&format!("  {program} report entries --as-of 2022-12-31"))?;
    line(&format!("  {program} demo advance 3d{}", folder_option(place)))?;
    line("")?;
    line(&format!("Courriels\u{a0}: {}", place.folder.join(demo::MAILBOX).display()))
}

/// A path that waits for the Region's first decision, in the lot of the officer named beside it.
async fn example(app: &App) -> Result<String, Failure> {
    let filter = PathFilter { states: vec![State::NeedReported], ..PathFilter::default() };
    let paths = app.paths(&Actor::System, &filter).await.map_err(|error| Failure::app(error, About::Nothing))?;
    let of_lot_1 = paths.iter().find(|path| path.lot.to_string() == "1").or(paths.first());
    Ok(of_lot_1.map_or_else(|| "RÉFÉRENCE".to_owned(), |path| path.reference.to_string()))
}

/// A path whose company still has to answer its last message.
async fn answerable(app: &App) -> Result<Option<String>, Failure> {
    let failed = |error| Failure::app(error, About::Nothing);
    let sent = MessageFilter { kind: Some("confirmation_asked".to_owned()), ..MessageFilter::default() };
    let sent = app.messages(&Actor::System, &sent).await.map_err(failed)?;
    let Some(about) = messages::answerable(app, &sent).await?.and_then(|message| message.content.about.path) else {
        return Ok(None);
    };
    let paths = app.paths(&Actor::System, &PathFilter::default()).await.map_err(failed)?;
    Ok(paths.into_iter().find(|path| path.id == about).map(|path| path.reference.to_string()))
}

async fn moved(place: &Place, url: &str, by: &str) -> Result<Exit, Failure> {
    if !place.is_prepared() {
        let message = format!(
            "Aucune démonstration n’est préparée dans «\u{a0}{}\u{a0}». Lancez d’abord «\u{a0}jalon demo --prepare\u{a0}».",
            place.folder.display()
        );
        return Err(Failure::new(Exit::NotFound, "no_demo", message));
    }
    let app = demo::open(place, url).await.map_err(failed)?;
    let now = app.now().await.map_err(|error| Failure::app(error, About::Nothing))?;
    let to = match span(by) {
        Some(span) => now + span,
        // The day at hand, given without an hour, is reached already.
        None => match moment("la durée (3d, 2w, 12h) ou la date", by)? {
            to if to < now && paris_day(to) == paris_day(now) => now,
            to => to,
        },
    };
    backwards(now, to)?;
    let report = demo::advance(&app, place, to).await.map_err(failed)?;
    line(&format!("La démonstration est au {}.", wording::dates::long(paris_day(to))))?;
    let counts = [
        (report.reminders, "rappel", "rappels"),
        (report.escalations, "alerte à la Région", "alertes à la Région"),
        (report.decided, "décision tacite", "décisions tacites"),
        (report.offers, "place proposée", "places proposées"),
        (report.digests, "récapitulatif à la Région", "récapitulatifs à la Région"),
    ];
    let said: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| wording::numbers::count(count, one, many))
        .collect();
    line(&if said.is_empty() {
        "Aucune échéance n’est passée.".to_owned()
    } else {
        format!("{}.", wording::numbers::list(&said))
    })?;
    Ok(Exit::Done)
}

/// A span as people type it: `3d`, `3 j`, `2w`, `12h`.
fn span(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let count: i64 = text[..unit].parse().ok()?;
    match text[unit..].trim() {
        "d" | "j" | "jour" | "jours" => TimeDelta::try_days(count),
        "w" | "semaine" | "semaines" => TimeDelta::try_weeks(count),
        "h" | "heure" | "heures" => TimeDelta::try_hours(count),
        _ => None,
    }
}

fn failed(error: impl Into<anyhow::Error>) -> Failure {
    let error: anyhow::Error = error.into();
    Failure::new(Exit::Other, "demo", format!("La démonstration n’a pas pu se faire\u{a0}: {error:#}."))
}

/// How this program was called, for lines to copy.
fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "jalon".to_owned())
}

fn folder_option(place: &Place) -> String {
    let folder = place.folder.display().to_string();
    if folder == "./jalon-demo" { String::new() } else { format!(" --data {folder}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_type_them() {
        assert_eq!(span("3d"), Some(TimeDelta::days(3)));
        assert_eq!(span("2 semaines"), Some(TimeDelta::days(14)));
        assert_eq!(span("12h"), Some(TimeDelta::hours(12)));
        for text in ["3", "d", "-3d", "3 mois", "99999999999999999999d"] {
            assert_eq!(span(text), None, "{text}");
        }
    }

    #[test]
    fn the_settings_of_a_demo_stand_on_their_own() {
        let place = Place { folder: PathBuf::from("./jalon-demo") };
        let settings = settings(&place, LISTEN.parse().unwrap(), "http://localhost:8080").unwrap();
        assert!(!settings.production && settings.has_development_secret());
    }
}
