//! `jalon path`: paths listed, shown and moved; everything in the lifecycle can be done from here, answers of links included.

mod document;
pub mod list;
pub mod print;
mod show;
pub mod step;

pub use step::Reply;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::wiring::{Global, Schema, open};

#[derive(Debug, clap::Args)]
pub struct PathArgs {
    #[command(subcommand)]
    pub command: PathCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum PathCommand {
    /// Liste les parcours, l’échéance la plus ancienne d’abord
    List(list::ListArgs),
    /// Montre un parcours : où il en est, ce qui manque, son histoire
    Show(show::ShowArgs),
    /// Signale un besoin, ou ouvre un parcours lié avec --sibling
    New(step::NewArgs),
    /// Franchit une étape : jalon path advance FEST-1-2026-0001 order_feasibility --as …
    Advance(step::AdvanceArgs),
    /// Consigne un acte, sans changer l’état : jalon path act FEST-1-2026-0001 add_note …
    Act(step::ActArgs),
    /// Répond par le lien d’un courriel, comme la personne qui l’a reçu
    Answer(step::AnswerArgs),
    /// Établit un document du parcours : lettre d’engagement, désignation du tuteur, certificat, dossier de preuves
    Document(document::DocumentArgs),
}

/// Runs the command.
///
/// # Errors
/// What the use case refuses.
pub async fn run(global: &Global, args: PathArgs) -> Result<Exit, Failure> {
    // What can be told without a store is told first.
    if let Some(exit) = step::help(&args.command)? {
        return Ok(exit);
    }
    let wired = open(global, Schema::Current).await?;
    match args.command {
        PathCommand::List(args) => list::run(&wired.app, args).await,
        PathCommand::Show(args) => show::run(&wired.app, args).await,
        PathCommand::New(args) => step::new(&wired.app, args).await,
        PathCommand::Advance(args) => step::advance(&wired.app, args).await,
        PathCommand::Act(args) => step::act(&wired.app, args).await,
        PathCommand::Answer(args) => step::answer(&wired.app, args).await,
        PathCommand::Document(args) => document::run(&wired.app, args).await,
    }
}
