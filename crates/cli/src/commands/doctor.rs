//! `jalon doctor`: the installation, point by point, each with the way out when it is not right.

use std::time::Duration;

use app::{App, MarketStatus};
use notifier::returned::maildir::Maildir;
use persistence::{Cause, Store, StoreError};
use secrecy::ExposeSecret;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::exit::Exit;
use crate::failure::{Failure, storage_trouble};
use crate::files;
use crate::output::{self, Format, FormatArgs, Listing, cell, line, text};
use crate::settings::{MailTransport, Settings};
use crate::wiring::{self, Global, WHO};

#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub format: FormatArgs,
}

/// Documents whose file is looked up.
const LATEST: u64 = 500;

/// How a point stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Fine,
    Warning,
    Failed,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warning => "attention",
            Self::Failed => "échec",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Fine => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

struct Point {
    verdict: Verdict,
    /// Stable, for programs.
    id: &'static str,
    what: &'static str,
    said: String,
    exit: Exit,
}

/// The points checked so far.
#[derive(Default)]
struct Checks(Vec<Point>);

impl Checks {
    fn add(&mut self, verdict: Verdict, id: &'static str, what: &'static str, said: impl Into<String>, exit: Exit) {
        self.0.push(Point { verdict, id, what, said: said.into(), exit });
    }

    fn fine(&mut self, id: &'static str, what: &'static str, said: impl Into<String>) {
        self.add(Verdict::Fine, id, what, said, Exit::Done);
    }

    fn warn(&mut self, id: &'static str, what: &'static str, said: impl Into<String>) {
        self.add(Verdict::Warning, id, what, said, Exit::Done);
    }

    fn fail(&mut self, id: &'static str, what: &'static str, said: impl Into<String>, exit: Exit) {
        self.add(Verdict::Failed, id, what, said, exit);
    }
}

/// Checks everything; the first failure gives the exit code.
///
/// # Errors
/// The settings cannot be read at all.
pub async fn run(global: &Global, args: DoctorArgs) -> Result<Exit, Failure> {
    let settings = wiring::settings(global)?;
    let mut checks = Checks::default();
    checks.fine("settings", "Réglages", "ils se lisent");
    variables(&settings, &mut checks);
    secret(&settings, &mut checks);
    address(&settings, &mut checks);
    store(&settings, &mut checks).await;
    mail(&settings, &mut checks).await;
    signature(&settings, &mut checks);
    returns(&settings, &mut checks);
    print(&checks.0, args.format.format)?;
    let failed = checks.0.iter().find(|point| point.verdict == Verdict::Failed);
    Ok(failed.map_or(Exit::Done, |point| point.exit))
}

fn print(points: &[Point], format: Format) -> Result<(), Failure> {
    if format == Format::Table {
        for point in points {
            let word = format!("{:<9}", point.verdict.word());
            let word = match point.verdict {
                Verdict::Fine => word,
                Verdict::Warning => output::notable(&word),
                Verdict::Failed => output::alarming(&word),
            };
            line(&format!("{word}  {}\u{a0}: {}", point.what, point.said))?;
        }
        return Ok(());
    }
    let mut list = Listing::new(
        "Installation",
        "",
        vec![text("verdict", "Résultat"), text("what", "Point"), text("said", "Constat")],
    );
    for point in points {
        list.push(
            vec![cell(point.verdict.word()), cell(point.what), cell(point.said.clone())],
            json!({ "check": point.id, "verdict": point.verdict.id(), "said": point.said }),
        );
    }
    list.print(format)
}

fn variables(settings: &Settings, checks: &mut Checks) {
    let unknown: Vec<&str> =
        settings.unknown_variables.iter().map(String::as_str).filter(|name| *name != WHO).collect();
    if unknown.is_empty() {
        return;
    }
    let known: Vec<&str> = crate::settings::ENTRIES.iter().map(|entry| entry.variable).collect();
    for name in unknown {
        let near = crate::suggest::nearest(name, known.iter().copied());
        let way = if near.is_empty() {
            String::new()
        } else {
            format!(" Vouliez-vous écrire {}\u{a0}?", crate::suggest::quoted(&near))
        };
        checks.warn("variables", "Variables", format!("{name} n’est pas un réglage de Jalon.{way}"));
    }
}

fn secret(settings: &Settings, checks: &mut Checks) {
    if settings.has_development_secret() {
        let file = wiring::development_key(settings);
        let said = format!("propre à cette installation ({}). En production, donnez JALON_SECRET_KEY.", file.display());
        checks.warn("secret_key", "Clé secrète", said);
    } else {
        checks.fine("secret_key", "Clé secrète", "donnée");
    }
}

fn address(settings: &Settings, checks: &mut Checks) {
    let url = &settings.server.public_url;
    if url.starts_with("https://") {
        checks.fine("public_url", "Adresse publique", url.clone());
    } else {
        let said = format!(
            "{url}\u{a0}: les liens des courriels ne s’ouvrent que sur cette machine. En production, donnez une adresse en https."
        );
        checks.warn("public_url", "Adresse publique", said);
    }
}

async fn store(settings: &Settings, checks: &mut Checks) {
    let what = "Base de données";
    let store = match wiring::store(settings, false).await {
        Ok(store) => store,
        Err(failure) => return checks.fail("database", what, failure.message, failure.exit),
    };
    let pending = match store.pending_migrations().await {
        Ok(pending) => pending,
        Err(error) => {
            let failure = Failure::store(&error);
            return checks.fail("database", what, failure.message, failure.exit);
        }
    };
    let kind = match store.backend() {
        persistence::Backend::Sqlite => format!("SQLite, {}", shown(settings)),
        persistence::Backend::Postgres => "PostgreSQL".to_owned(),
    };
    checks.fine("database", what, format!("{kind}, elle répond"));
    if !pending.is_empty() {
        let said = "il n’est pas à jour. Lancez «\u{a0}jalon migrate\u{a0}».";
        return checks.fail("schema", "Schéma", said, Exit::Configuration);
    }
    checks.fine("schema", "Schéma", "à jour");
    match store.ping_write().await {
        Ok(()) => checks.fine("writable", "Écriture", "la base s’écrit"),
        Err(error) => checks.fail("writable", "Écriture", Failure::store(&error).message, Exit::Store),
    }
    documents(&store, checks).await;
    let app = App::new(store, wiring::app_settings(settings));
    market(&app, settings, checks).await;
    outbox(&app, checks).await;
    auditors(&app, checks).await;
}

/// Auditors of before accounts had a last day read for ever, until they are given one.
async fn auditors(app: &App, checks: &mut Checks) {
    let what = "Audits";
    let endless = match app.endless_auditors().await {
        Ok(endless) => endless,
        Err(error) => {
            let failure = Failure::app(error, crate::failure::About::Nothing);
            return checks.fail("auditors", what, failure.message, failure.exit);
        }
    };
    if !endless.is_empty() {
        let endless: Vec<&str> = endless.iter().map(|account| account.email.as_ref()).collect();
        let said = format!(
            "sans dernier jour, ces comptes ne prennent jamais fin\u{a0}: {}. Donnez-leur un dernier jour dans \
             l’administration des comptes, ou fermez-les.",
            endless.join(", ")
        );
        checks.warn("auditors", what, said);
    }
}

/// What is sent can be kept, and the latest files are there; « verify » reads them all.
async fn documents(store: &Store, checks: &mut Checks) {
    let what = "Documents";
    let place = files::place(store.files());
    let missing = async {
        store.files().try_out().await?;
        store.missing_files(LATEST).await
    };
    match missing.await {
        Ok(missing) if missing.is_empty() => {
            checks.fine("documents", what, format!("{place} s’écrit, et les derniers fichiers y sont"));
        }
        Ok(missing) => {
            let count = wording::numbers::count(
                missing.len() as i64,
                "fichier manque ou n’a plus sa taille",
                "fichiers manquent ou n’ont plus leur taille",
            );
            let said = format!(
                "{count} ({place}). Retrouvez-les dans une sauvegarde\u{a0}; «\u{a0}jalon verify\u{a0}» les nomme tous."
            );
            checks.fail("documents", what, said, Exit::Findings);
        }
        Err(error) => {
            let said = match &error {
                StoreError::Unavailable(Cause::Files(error)) => {
                    format!("{place} ne convient pas\u{a0}: {}", storage_trouble(error))
                }
                error => Failure::store(error).message,
            };
            checks.fail("documents", what, said, Exit::Store);
        }
    }
}

fn shown(settings: &Settings) -> String {
    let file = wiring::sqlite_file(settings.database.url.expose_secret());
    file.map_or_else(|| "en mémoire".to_owned(), |file| file.display().to_string())
}

async fn market(app: &App, settings: &Settings, checks: &mut Checks) {
    let what = "Marché";
    let markets = match app.markets().await {
        Ok(markets) => markets,
        Err(error) => {
            let failure = Failure::app(error, crate::failure::About::Nothing);
            return checks.fail("market", what, failure.message, failure.exit);
        }
    };
    let current: Vec<&MarketStatus> = markets.iter().filter(|status| status.current && !status.market.past).collect();
    if current.is_empty() {
        let said = "aucun n’est enregistré. Lancez «\u{a0}jalon config apply\u{a0}».";
        return checks.fail("market", what, said, Exit::Configuration);
    }
    for status in current {
        let (code, version) = (&status.market.code, status.version);
        if status.market.prices_confirmed {
            checks.fine("market", what, format!("{code}, version {version}, prix confirmés"));
        } else if settings.production {
            let said = format!(
                "{code}, version {version}\u{a0}: ses prix ne sont pas confirmés, la production ne démarre pas."
            );
            checks.fail("market", what, said, Exit::Configuration);
        } else {
            checks.warn("market", what, format!("{code}, version {version}\u{a0}: ses prix sont d’illustration."));
        }
    }
}

async fn outbox(app: &App, checks: &mut Checks) {
    let suspended = match app.store().begin_read().await {
        Ok(tx) => tx.sending_suspended().await,
        Err(error) => Err(error),
    };
    match suspended {
        Ok(None) => {}
        Ok(Some(reason)) => {
            let said = format!("suspendu ({reason}). «\u{a0}jalon resume\u{a0}» le reprend.");
            checks.warn("sending", "Envoi", said);
        }
        Err(error) => checks.fail("sending", "Envoi", Failure::store(&error).message, Exit::Store),
    }
}

async fn mail(settings: &Settings, checks: &mut Checks) {
    let what = "Courriel";
    match &settings.mail.transport {
        MailTransport::Folder(folder) => {
            let said = format!(
                "les messages vont dans le dossier {}. En production, donnez un serveur SMTP.",
                folder.display()
            );
            checks.warn("mail", what, said);
        }
        MailTransport::Smtp(smtp) => {
            let address = format!("{}:{}", smtp.host, smtp.port);
            let limit = smtp.timeouts.connect.min(Duration::from_secs(5));
            match timeout(limit, TcpStream::connect((smtp.host.as_str(), smtp.port))).await {
                Ok(Ok(_)) => checks.fine("mail", what, format!("le serveur {address} répond")),
                Ok(Err(error)) => checks.fail(
                    "mail",
                    what,
                    format!("le serveur {address} ne répond pas ({error})."),
                    Exit::Configuration,
                ),
                Err(_) => {
                    let said = format!("le serveur {address} ne répond pas en {}\u{a0}s.", limit.as_secs());
                    checks.fail("mail", what, said, Exit::Configuration);
                }
            }
        }
    }
}

/// What signs messages: its record is shown, to be published.
fn signature(settings: &Settings, checks: &mut Checks) {
    let what = "Signature DKIM";
    let MailTransport::Smtp(_) = &settings.mail.transport else { return };
    let Some(dkim) = &settings.mail.dkim else {
        return checks.fine("dkim", what, "laissée au serveur de courriel");
    };
    let sender = settings.mail.sender_address.to_string().to_lowercase();
    let sender = sender.rsplit_once('@').map_or("", |(_, domain)| domain);
    let record = format!("{} TXT \"{}\"", dkim.record_name(), dkim.record());
    let aligned = sender == dkim.domain() || sender.ends_with(&format!(".{}", dkim.domain()));
    if aligned {
        checks.fine("dkim", what, format!("la clé se lit. Enregistrement à publier\u{a0}: {record}"));
    } else {
        let said = format!(
            "elle signe pour {}, mais les messages partent de {sender}\u{a0}: DMARC ne la retiendra pas. Enregistrement\u{a0}: {record}",
            dkim.domain()
        );
        checks.warn("dkim", what, said);
    }
}

/// How messages that come back are heard of.
fn returns(settings: &Settings, checks: &mut Checks) {
    let what = "Retours";
    let returns = &settings.mail.returns;
    if let Some(folder) = &returns.maildir {
        match Maildir::new(folder).try_out() {
            Ok(()) => checks.fine("returns", what, format!("le dossier {} se lit et s’écrit", folder.display())),
            Err(error) => {
                let said = format!(
                    "le dossier {} ne convient pas ({error}). Il lui faut «\u{a0}new\u{a0}» et «\u{a0}cur\u{a0}», que Jalon peut lire et écrire.",
                    folder.display()
                );
                checks.fail("returns", what, said, Exit::Configuration);
            }
        }
    }
    if returns.secret.is_some() {
        let address = format!("{}{}", settings.server.public_url, web::routes::RETURNS);
        checks.fine("returns_hook", what, format!("le serveur de courriel peut les remettre à {address}"));
    }
    if let (None, None, MailTransport::Smtp(_)) = (&returns.maildir, &returns.secret, &settings.mail.transport) {
        let said = "personne ne les lit\u{a0}: une adresse refusée après le départ d’un message ne se saura pas. Donnez \
                    mail.returns_maildir ou mail.returns_secret.";
        checks.warn("returns", what, said);
    }
}
