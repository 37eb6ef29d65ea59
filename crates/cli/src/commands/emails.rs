//! `jalon emails preview`: every message, rendered from its samples, with a page that lists them.

use std::path::{Path, PathBuf};

use notifier::envelope::{LINK_MARKER, OPT_OUT_MARKER, PERSONAL_DATA_MARKER};
use wording::addresses;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::line;

/// Stand for the personal link of a recipient.
const BASE: &str = "https://jalon.example";
const TOKEN: &str = "exemple";

#[derive(Debug, clap::Args)]
pub struct EmailsArgs {
    #[command(subcommand)]
    pub command: EmailsCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum EmailsCommand {
    /// Écrit chaque courriel dans un dossier, avec une page qui les liste
    Preview(PreviewArgs),
}

#[derive(Debug, clap::Args)]
pub struct PreviewArgs {
    /// Le dossier
    #[arg(long, value_name = "DOSSIER")]
    pub out: PathBuf,
}

/// Writes the samples.
///
/// # Errors
/// The folder cannot be written.
pub fn run(args: EmailsArgs) -> Result<Exit, Failure> {
    let EmailsCommand::Preview(PreviewArgs { out }) = args.command;
    std::fs::create_dir_all(&out).map_err(|error| Failure::file(&out, &error))?;
    let samples = notifier::emails::samples();
    let mut items = String::new();
    for (title, composed) in &samples {
        let name = slug(title);
        let (text, html) = (linked(&composed.text), linked(&composed.html));
        write(&out.join(format!("{name}.html")), &html)?;
        write(&out.join(format!("{name}.txt")), &format!("{}\n\n{}", composed.subject, text))?;
        items.push_str(&format!(
            "<li><a href=\"{name}.html\">{}</a> (<a href=\"{name}.txt\">texte</a>) <span>{}</span></li>\n",
            escaped(&composed.subject),
            escaped(title)
        ));
        if let Some(calendar) = &composed.calendar {
            write(&out.join(format!("{name}.ics")), calendar)?;
        }
    }
    write(&out.join("index.html"), &index(&items, samples.len()))?;
    let count = wording::numbers::count(samples.len() as i64, "courriel écrit", "courriels écrits");
    line(&format!("{count} dans {}\u{a0}; ouvrez index.html.", out.display()))?;
    Ok(Exit::Done)
}

/// A sample with links in the place of the personal ones.
fn linked(text: &str) -> String {
    let portal = addresses::absolute(BASE, &addresses::portal(TOKEN));
    let reminders = addresses::absolute(BASE, &addresses::portal_reminders(TOKEN));
    let data = addresses::absolute(BASE, addresses::PERSONAL_DATA);
    text.replace(LINK_MARKER, &portal).replace(OPT_OUT_MARKER, &reminders).replace(PERSONAL_DATA_MARKER, &data)
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(file, text).map_err(|error| Failure::file(file, &error))
}

fn index(items: &str, count: usize) -> String {
    format!(
        "<!doctype html>\n<html lang=\"fr\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>Courriels de Jalon</title>\n<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}\
         span{{color:#5b6b7c;font-size:.9em}}</style>\n</head>\n<body>\n<h1>Courriels de Jalon ({count})</h1>\n<ol>\n{items}</ol>\n</body>\n</html>\n"
    )
}

fn slug(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
