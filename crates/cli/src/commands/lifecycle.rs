//! `jalon lifecycle`: the lifecycle as a diagram or as a page, from the tables of the domain.

use std::path::PathBuf;

use domain::lifecycle::{Format, render};
use wording::lifecycle::French;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::lifecycle::{order_diagram, order_page};
use crate::output::{self, line};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Drawing {
    Mermaid,
    Dot,
    Svg,
    Markdown,
}

/// Whose lifecycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Subject {
    Path,
    Order,
}

#[derive(Debug, clap::Args)]
pub struct LifecycleArgs {
    /// La forme
    #[arg(long, value_enum, value_name = "FORME", default_value_t = Drawing::Markdown)]
    pub format: Drawing,
    /// Ce dont on veut le cycle : un parcours (path), ou un bon de commande (order, en mermaid ou markdown)
    #[arg(long, value_enum, value_name = "OBJET", default_value_t = Subject::Path)]
    pub of: Subject,
    /// Écrit dans ce fichier au lieu de l’écran
    #[arg(long, value_name = "FICHIER")]
    pub out: Option<PathBuf>,
}

/// Prints the lifecycle.
///
/// # Errors
/// The form is not one of the object; the file cannot be written.
pub fn run(args: LifecycleArgs) -> Result<Exit, Failure> {
    let text = match (args.of, args.format) {
        (Subject::Path, Drawing::Mermaid) => render(Format::Mermaid, &French),
        (Subject::Path, Drawing::Dot) => render(Format::Dot, &French),
        (Subject::Path, Drawing::Svg) => render(Format::Svg, &French),
        (Subject::Path, Drawing::Markdown) => render(Format::Markdown, &French),
        (Subject::Order, Drawing::Mermaid) => order_diagram(),
        (Subject::Order, Drawing::Markdown) => order_page(),
        (Subject::Order, Drawing::Dot | Drawing::Svg) => {
            let message = "Le cycle d’un bon de commande s’écrit en mermaid ou en markdown. Choisissez l’un des deux.";
            return Err(Failure::usage("format", message));
        }
    };
    match args.out {
        None => output::write_out(&text)?,
        Some(file) => {
            std::fs::write(&file, text).map_err(|error| Failure::file(&file, &error))?;
            line(&format!("Écrit dans {}.", file.display()))?;
        }
    }
    Ok(Exit::Done)
}
