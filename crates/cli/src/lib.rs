//! The command line `jalon`, the one place that wires settings, store, use cases, pages and transport together.
//!
//! Rules kept here: a command reads its line, calls one use case, prints what it answered; nothing of the domain is decided
//! here. Everything said is French; names of commands, steps and fields are the stable English ones. Errors go to the standard
//! error, once, with their code ([`failure`]), and end the program with a documented number ([`exit`]).
//!
//! To add a command: a module in [`commands`] with its arguments and its `run`, a variant of [`Command`], and its lines in
//! `docs/guides/ligne-de-commande.md`.

pub mod commands;
pub mod demo;
pub mod exit;
pub mod failure;
pub mod files;
pub mod layout;
pub mod lifecycle;
pub mod output;
pub mod settings;
pub mod suggest;
pub mod usage;
pub mod values;
pub mod who;
pub mod wiring;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use commands as run;
use exit::Exit;
use failure::Failure;
use wiring::Global;

/// Jalon conduit les parcours FEST : du besoin signalé à la clôture, avec leurs courriels.
#[derive(Debug, Parser)]
#[command(name = "jalon", version, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// The families of commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Prépare et ouvre un exemple vivant, sans rien installer
    Demo(run::demo::DemoArgs),
    /// Ouvre le service : pages, liens des courriels, envoi et délais
    Serve(run::serve::ServeArgs),
    /// Envoie les courriels et surveille les délais, sans ouvrir de page
    Worker,
    /// Crée la base ou la met à jour
    Migrate,
    /// Vérifie l’installation, point par point
    Doctor(run::doctor::DoctorArgs),
    /// Les parcours : liste, détail, étapes, actes, réponses
    Path(run::path::PathArgs),
    /// Les bons de commande
    Order(run::order::OrderArgs),
    /// Les tableaux de la Région
    Report(run::report::ReportArgs),
    /// Les courriels : liste, texte, renvoi
    Messages(run::messages::MessagesArgs),
    /// Ce qui attend quelqu’un, hors délais des parcours
    Tasks(run::tasks::TasksArgs),
    /// Les lots, leurs places et leurs montants
    Lots(run::lots::LotsArgs),
    /// Les comptes
    User(run::user::UserArgs),
    /// Les jetons des programmes
    Token(run::token::TokenArgs),
    /// Les modèles de courriels
    Emails(run::emails::EmailsArgs),
    /// Le cycle de vie, en diagramme ou en tableau
    Lifecycle(run::lifecycle::LifecycleArgs),
    /// Les champs du formulaire d’une étape
    Fields(run::fields::FieldsArgs),
    /// Le journal d’un parcours, ou de tous
    Journal(run::journal::JournalArgs),
    /// Vérifie que le journal, les parcours et les compteurs disent la même chose
    Verify(run::store::VerifyArgs),
    /// Les réglages et le marché
    Config(run::config::ConfigArgs),
    /// Importe des parcours passés depuis un fichier CSV
    Import(run::import::ImportArgs),
    /// Copie une base SQLite, sans arrêter le service
    Backup(run::store::BackupArgs),
    /// Remet en place une copie SQLite ; rien n’est envoyé avant « jalon resume »
    Restore(run::store::RestoreArgs),
    /// Reprend l’envoi des courriels, suspendu après une restauration
    Resume,
    /// Écrit le script de complétion d’un interpréteur de commandes
    Completions(run::help::CompletionsArgs),
    /// Explique une commande, ou les codes de sortie (jalon help exit-codes)
    Help(run::help::HelpArgs),
}

/// Runs the program on its own arguments.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let as_json = wants_json(&arguments);
    match parse(arguments).and_then(execute) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if as_json {
                eprintln!("{}", failure.json());
            } else {
                eprintln!("{}", output::for_stderr(&failure.text()));
            }
            failure.exit.into()
        }
    }
}

/// The command with its help in French.
pub fn command() -> clap::Command {
    usage::in_french(Cli::command())
}

/// What a line asks: a command, or a help page to print.
#[derive(Debug)]
pub enum Parsed {
    Command(Box<Cli>),
    Page(String),
}

/// Reads the command line.
///
/// # Errors
/// The line cannot be understood.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Parsed, Failure> {
    let read = command().try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    match read {
        Ok(cli) => Ok(Parsed::Command(Box::new(cli))),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Ok(Parsed::Page(usage::page(&error.render().to_string())))
            }
            _ => Err(usage::failure(&error)),
        },
    }
}

fn execute(parsed: Parsed) -> Result<Exit, Failure> {
    let cli = match parsed {
        Parsed::Page(page) => {
            output::write_out(&page)?;
            return Ok(Exit::Done);
        }
        Parsed::Command(cli) => cli,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::new(Exit::Other, "internal", format!("Le programme ne peut pas démarrer\u{a0}: {error}."))
    })?;
    runtime.block_on(dispatch(*cli))
}

async fn dispatch(Cli { global, command }: Cli) -> Result<Exit, Failure> {
    match command {
        Command::Demo(args) => run::demo::run(&global, args).await,
        Command::Serve(args) => run::serve::serve(&global, args).await,
        Command::Worker => run::serve::worker(&global).await,
        Command::Migrate => run::store::migrate(&global).await,
        Command::Doctor(args) => run::doctor::run(&global, args).await,
        Command::Path(args) => run::path::run(&global, args).await,
        Command::Order(args) => run::order::run(&global, args).await,
        Command::Report(args) => run::report::run(&global, args).await,
        Command::Messages(args) => run::messages::run(&global, args).await,
        Command::Tasks(args) => run::tasks::run(&global, args).await,
        Command::Lots(args) => run::lots::run(&global, args).await,
        Command::User(args) => run::user::run(&global, args).await,
        Command::Token(args) => run::token::run(&global, args).await,
        Command::Emails(args) => run::emails::run(args),
        Command::Lifecycle(args) => run::lifecycle::run(args),
        Command::Fields(args) => run::fields::run(&args),
        Command::Journal(args) => run::journal::run(&global, args).await,
        Command::Verify(args) => run::store::verify(&global, args).await,
        Command::Config(args) => run::config::run(&global, args).await,
        Command::Import(args) => run::import::run(&global, args).await,
        Command::Backup(args) => run::store::backup(&global, args).await,
        Command::Restore(args) => run::store::restore(&global, args).await,
        Command::Resume => run::store::resume(&global).await,
        Command::Completions(args) => run::help::completions(&args),
        Command::Help(args) => run::help::help(&args),
    }
}

/// Whether errors are to be read by a program.
fn wants_json(arguments: &[OsString]) -> bool {
    let texts: Vec<&str> = arguments.iter().filter_map(|argument| argument.to_str()).collect();
    texts.contains(&"--format=json") || texts.windows(2).any(|pair| pair == ["--format", "json"])
}
