//! `jalon token`: tokens of programs made, listed and revoked; the secret is shown once.

use app::{App, NewToken};
use domain::calendar::paris_time;
use serde_json::json;
use uuid::Uuid;
use wording::dates;

use crate::commands::user;
use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::output::{self, Format, FormatArgs, Listing, cell, line, notable, optional, text};
use crate::values;
use crate::wiring::{Global, Schema, open};

#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    pub command: TokenCommand,
}

#[derive(Debug, clap::Subcommand)]
pub enum TokenCommand {
    /// Crée un jeton ; le secret n’est montré qu’une fois
    Add(AddArgs),
    /// Liste les jetons
    List(FormatArgs),
    /// Révoque un jeton
    Revoke(RevokeArgs),
}

#[derive(Debug, clap::Args)]
pub struct AddArgs {
    /// Le compte au nom duquel le programme agit
    #[arg(value_name = "ADRESSE")]
    pub email: String,
    /// À quoi il sert
    #[arg(long, value_name = "NOM")]
    pub name: String,
    /// Sa fin (sans fin si elle n’est pas donnée)
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
    #[command(flatten)]
    pub format: FormatArgs,
}

#[derive(Debug, clap::Args)]
pub struct RevokeArgs {
    /// L’identifiant du jeton
    #[arg(value_name = "IDENTIFIANT")]
    pub token: String,
}

/// Runs the command.
///
/// # Errors
/// What the use case refuses.
pub async fn run(global: &Global, args: TokenArgs) -> Result<Exit, Failure> {
    let app = open(global, Schema::Current).await?.app;
    match args.command {
        TokenCommand::Add(args) => add(&app, args).await,
        TokenCommand::List(format) => list(&app, format.format).await,
        TokenCommand::Revoke(args) => revoke(&app, &args.token).await,
    }
}

async fn add(app: &App, args: AddArgs) -> Result<Exit, Failure> {
    let new = NewToken {
        account: user::address(&args.email)?,
        name: args.name,
        expires_at: args.expires.as_deref().map(|text| values::instant("--expires", text)).transpose()?,
    };
    let made = app.create_token(&new).await.map_err(|error| Failure::app(error, About::Account(&args.email)))?;
    let (token, secret) = made;
    if args.format.format == Format::Json {
        output::json(&json!({ "id": token.id, "name": token.name, "secret": secret, "expires_at": token.expires_at }))?;
        return Ok(Exit::Done);
    }
    line(&secret)?;
    line(&notable("Gardez ce secret\u{a0}: il n’est pas conservé et ne sera plus montré."))?;
    Ok(Exit::Done)
}

async fn list(app: &App, format: Format) -> Result<Exit, Failure> {
    let failed = |error| Failure::app(error, About::Nothing);
    let accounts = app.accounts().await.map_err(failed)?;
    let tokens = app.tokens().await.map_err(failed)?;
    let columns = vec![
        text("id", "Identifiant"),
        text("name", "Nom"),
        text("account", "Compte"),
        text("expires_at", "Fin"),
        text("last_used_at", "Dernier usage"),
        text("revoked_at", "Révoqué"),
    ];
    let mut list = Listing::new("Jetons", "Aucun jeton.", columns);
    let moment =
        |instant: Option<domain::Instant>| optional(instant.map(|instant| dates::moment_short(paris_time(instant))));
    for token in &tokens {
        let account = accounts.iter().find(|account| account.id == token.account);
        list.push(
            vec![
                cell(token.id.to_string()),
                cell(token.name.clone()),
                optional(account.map(|account| account.email.to_string())),
                moment(token.expires_at),
                moment(token.last_used_at),
                moment(token.revoked_at),
            ],
            json!({
                "id": token.id, "name": token.name, "account": account.map(|account| &account.email),
                "created_at": token.created_at, "expires_at": token.expires_at, "last_used_at": token.last_used_at,
                "revoked_at": token.revoked_at,
            }),
        );
    }
    list.print(format)?;
    Ok(Exit::Done)
}

async fn revoke(app: &App, given: &str) -> Result<Exit, Failure> {
    let absent = || {
        let message = format!(
            "Aucun jeton en vigueur n’a l’identifiant «\u{a0}{given}\u{a0}». «\u{a0}jalon token list\u{a0}» les montre."
        );
        Failure::new(Exit::NotFound, "not_found", message)
    };
    let token = Uuid::try_parse(given.trim()).map_err(|_| absent())?;
    if !app.revoke_token(token).await.map_err(|error| Failure::app(error, About::Nothing))? {
        return Err(absent());
    }
    line("Jeton révoqué.")?;
    Ok(Exit::Done)
}
