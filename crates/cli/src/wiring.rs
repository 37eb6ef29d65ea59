//! Wires the product: settings, then the store, then the use cases and the way messages leave. The only place that does.
//!
//! Rules kept here: a store that is not there is created only by the commands that are asked to; outside production, an
//! instance without a secret key makes one and keeps it beside its data, so that its links and its journal still hold the
//! next day; production never starts on it.

use std::io::Write;
use std::path::{Path, PathBuf};

use app::{App, RetryPolicy};
use notifier::transport::{Folder, Smtp, Transport};
pub use persistence::sqlite_file;
use persistence::{DOCUMENTS, Store, StoreOptions};
use secrecy::ExposeSecret;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::settings::{MailTransport, Settings, Sources, load};

/// The file of the key that an instance made for itself.
const KEY: &str = "secret.key";

/// A variable of the command line that is no setting.
pub const WHO: &str = "JALON_AS";

/// Fewer bytes are no key: a file that was cut.
const SHORTEST: usize = 32;

/// Options that every command takes.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Global {
    /// Le fichier des réglages (variable JALON_CONFIG ; config/jalon.toml s’il existe)
    #[arg(long, global = true, value_name = "FICHIER", help_heading = "Options générales")]
    pub config: Option<PathBuf>,
    /// L’adresse de la base (variable JALON_DATABASE_URL)
    #[arg(long, global = true, value_name = "ADRESSE", help_heading = "Options générales")]
    pub database: Option<String>,
}

/// What a command expects of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// It is there and up to date.
    Current,
    /// It is made or brought up to date.
    Migrate,
    /// It is made when missing and left as it is.
    AsIs,
}

/// The product, wired.
#[derive(Debug, Clone)]
pub struct Wired {
    pub settings: Settings,
    pub app: App,
}

/// Reads the settings.
///
/// # Errors
/// Every problem of the settings.
pub fn settings(global: &Global) -> Result<Settings, Failure> {
    settings_with(global, &[])
}

/// Reads the settings with values given by a command's own options.
///
/// # Errors
/// Every problem of the settings.
pub fn settings_with(global: &Global, flags: &[(&'static str, String)]) -> Result<Settings, Failure> {
    load(&sources(global, flags)).map_err(|problems| Failure::settings(&problems))
}

/// Where this command reads its settings.
pub fn sources(global: &Global, flags: &[(&'static str, String)]) -> Sources {
    let mut sources = Sources::from_process();
    sources.file.clone_from(&global.config);
    sources.flags = flags.to_vec();
    if let Some(url) = &global.database {
        sources.flags.push(("database.url", url.clone()));
    }
    sources
}

/// Opens the product on its store.
///
/// # Errors
/// The settings do not fit, the store does not answer or is not up to date.
pub async fn open(global: &Global, schema: Schema) -> Result<Wired, Failure> {
    let settings = settings(global)?;
    for name in settings.unknown_variables.iter().filter(|name| *name != WHO) {
        let text = format!(
            "Attention\u{a0}: {name} n’est pas un réglage de Jalon, et ne change rien. «\u{a0}jalon config show\u{a0}» les montre."
        );
        eprintln!("{}", crate::output::for_stderr(&text));
    }
    wire(settings, schema).await
}

/// Opens the product with settings already read.
///
/// # Errors
/// The store does not answer or is not up to date.
pub async fn wire(settings: Settings, schema: Schema) -> Result<Wired, Failure> {
    let store = store(&settings, schema != Schema::Current).await?;
    match schema {
        Schema::AsIs => {}
        Schema::Migrate => store.migrate().await?,
        Schema::Current => {
            let pending = store.pending_migrations().await?;
            if !pending.is_empty() {
                let count = wording::numbers::count(pending.len() as i64, "migration attend", "migrations attendent");
                return Err(Failure::new(
                    Exit::Configuration,
                    "schema_outdated",
                    format!("La base n’est pas à jour\u{a0}: {count}. Lancez «\u{a0}jalon migrate\u{a0}»."),
                ));
            }
        }
    }
    let app = App::new(store, app_settings(&settings));
    Ok(Wired { settings, app })
}

/// Opens the store.
///
/// # Errors
/// There is none at this address, or it does not answer.
pub async fn store(settings: &Settings, create: bool) -> Result<Store, Failure> {
    let url = settings.database.url.expose_secret();
    if let Some(file) = sqlite_file(url) {
        if !create && !file.exists() {
            return Err(Failure::new(
                Exit::Store,
                "no_database",
                format!(
                    "La base «\u{a0}{}\u{a0}» n’existe pas. Créez-la avec «\u{a0}jalon migrate\u{a0}», ou essayez «\u{a0}jalon demo\u{a0}». \
                     Une autre base se nomme par JALON_DATABASE_URL.",
                    file.display()
                ),
            ));
        }
        if let Some(folder) = file.parent().filter(|folder| create && !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
        }
    }
    let options = StoreOptions {
        max_connections: settings.database.connections,
        statement_timeout: settings.database.statement_timeout,
        create,
        documents: documents(settings),
        bucket: settings.bucket.clone(),
        reserve_percent: settings.limits.disk_reserve_percent,
        ..StoreOptions::new(url, secret(settings, create)?)
    };
    Ok(Store::connect(&options).await?)
}

/// The folder of documents, where they are received and, without a bucket, kept: the one that is set, else beside the SQLite file, else in the data folder.
pub fn documents(settings: &Settings) -> PathBuf {
    if let Some(folder) = &settings.documents {
        return folder.clone();
    }
    let file = sqlite_file(settings.database.url.expose_secret());
    file.map_or_else(|| settings.data.join(DOCUMENTS), |file| file.with_file_name(DOCUMENTS))
}

/// What the use cases are told.
pub fn app_settings(settings: &Settings) -> app::Settings {
    let days = settings.limits.link_life.as_secs().div_ceil(24 * 3600);
    app::Settings {
        public_url: settings.server.public_url.clone(),
        sender_name: settings.mail.sender_name.clone(),
        sender_address: settings.mail.sender_address.to_string(),
        retry: RetryPolicy {
            base: settings.mail.retry_base,
            cap: settings.mail.retry_cap,
            jitter_percent: settings.mail.retry_jitter_percent,
            give_up: settings.mail.give_up_after,
        },
        lease: settings.mail.lease,
        link_days: u32::try_from(days).unwrap_or(u32::MAX),
        document_size: settings.limits.document_size as u64,
        documents_per_path: settings.limits.documents_per_path,
        link_requests_per_hour: settings.limits.link_requests_per_hour,
        exports_per_hour: settings.limits.exports_per_hour,
        directory: settings.directory.clone(),
        lookups_per_hour: settings.limits.lookups_per_hour,
        resends_apart: settings.mail.resends_apart,
        uploads_per_day: settings.limits.uploads_per_day,
        drafts_kept: settings.limits.drafts_kept,
    }
}

/// The way messages leave.
pub fn transport(settings: &Settings) -> Transport {
    match &settings.mail.transport {
        MailTransport::Smtp(smtp) => Transport::Smtp(Smtp::new((**smtp).clone())),
        MailTransport::Folder(folder) => Transport::Folder(Folder::new(folder)),
    }
}

/// Where an instance without a secret key keeps the one it made: beside its SQLite file, else in its data folder.
pub fn development_key(settings: &Settings) -> PathBuf {
    let file = sqlite_file(settings.database.url.expose_secret());
    file.map_or_else(|| settings.data.join(KEY), |file| file.with_file_name(KEY))
}

fn secret(settings: &Settings, create: bool) -> Result<Vec<u8>, Failure> {
    if let Some(key) = settings.secret_key() {
        return Ok(key.as_bytes().to_vec());
    }
    let file = development_key(settings);
    match std::fs::read(&file) {
        Ok(key) if key.len() >= SHORTEST => return Ok(key),
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Failure::file(&file, &error)),
    }
    if !create && sqlite_file(settings.database.url.expose_secret()).is_some() {
        return Err(Failure::new(
            Exit::Configuration,
            "no_secret_key",
            format!(
                "La clé secrète de cette base manque\u{a0}: ni JALON_SECRET_KEY, ni le fichier «\u{a0}{}\u{a0}». Sans elle, ni le journal ni les \
                 liens ne se vérifient\u{a0}; retrouvez celle qui a servi à créer la base.",
                file.display()
            ),
        ));
    }
    let key = persistence::random_token();
    write_private(&file, &key).map_err(|error| Failure::file(&file, &error))?;
    Ok(key.into_bytes())
}

/// Writes a new file that its owner alone reads.
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_a_sqlite_address_is_found() {
        let file = |url| sqlite_file(url).map(|path| path.display().to_string());
        assert_eq!(file("sqlite://jalon-demo/jalon.db").as_deref(), Some("jalon-demo/jalon.db"));
        assert_eq!(file("sqlite:///srv/jalon.db?mode=rwc").as_deref(), Some("/srv/jalon.db"));
        assert_eq!(file("sqlite:jalon.db").as_deref(), Some("jalon.db"));
        assert_eq!(file("sqlite::memory:"), None);
        assert_eq!(file("postgres://localhost/jalon"), None);
    }
}
