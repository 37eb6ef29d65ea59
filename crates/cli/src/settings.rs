//! The settings of the program: from `jalon.toml`, then the environment, then the command line, the last one given winning.
//!
//! Rules kept here: every setting has a key in the file, a variable and a default that [`ENTRIES`] declares once; unknown
//! keys are refused; every problem is told at once, with its key and where it was set; a secret may come from a file
//! (`…_file`), never prints itself, and has no default in production. Library crates receive values, not this structure.
//!
//! To add a setting: a row in [`ENTRIES`], a field read in [`load`], its explanation in `config/jalon.toml` (a test holds
//! the two together).

mod problem;
mod values;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use app::DirectorySettings;
use domain::identifiers::EmailAddress;
use notifier::transport::{Dkim, SmtpSettings};
use persistence::BucketOptions;
use secrecy::{ExposeSecret, SecretString};

pub use problem::{Expected, Origin, SettingProblem, SettingProblemKind};

use values::{boolean, gather, listen, log_format, public_url, text};

/// Where the file is looked for when nothing names one.
pub const DEFAULT_FILE: &str = "config/jalon.toml";

/// The variable that names the file of settings.
pub const FILE_VARIABLE: &str = "JALON_CONFIG";

/// A setting: its key in the file, its variable, its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub key: &'static str,
    pub variable: &'static str,
    pub default: Option<&'static str>,
    /// Never shown.
    pub secret: bool,
}

const fn entry(key: &'static str, variable: &'static str, default: &'static str) -> Entry {
    Entry { key, variable, default: Some(default), secret: false }
}

const fn optional(key: &'static str, variable: &'static str) -> Entry {
    Entry { key, variable, default: None, secret: false }
}

const fn secret(key: &'static str, variable: &'static str, default: Option<&'static str>) -> Entry {
    Entry { key, variable, default, secret: true }
}

/// Every setting, in the order of the file.
pub const ENTRIES: &[Entry] = &[
    entry("production", "JALON_PRODUCTION", "false"),
    entry("market", "JALON_MARKET", "config/market.toml"),
    entry("data", "JALON_DATA", "./jalon-data"),
    optional("documents", "JALON_DOCUMENTS"),
    secret("database.url", "JALON_DATABASE_URL", Some("sqlite://jalon.db")),
    optional("database.url_file", "JALON_DATABASE_URL_FILE"),
    entry("database.connections", "JALON_DATABASE_CONNECTIONS", "8"),
    entry("database.statement_timeout", "JALON_DATABASE_STATEMENT_TIMEOUT", "5 s"),
    entry("server.listen", "JALON_LISTEN", "127.0.0.1:8080"),
    entry("server.public_url", "JALON_PUBLIC_URL", "http://localhost:8080"),
    entry("server.request_timeout", "JALON_REQUEST_TIMEOUT", "10 s"),
    entry("server.body_limit", "JALON_BODY_LIMIT", "1 MiB"),
    entry("server.stop_timeout", "JALON_STOP_TIMEOUT", "10 s"),
    entry("server.behind_relay", "JALON_BEHIND_RELAY", "false"),
    optional("server.pages", "JALON_PAGES"),
    optional("s3.bucket", "JALON_S3_BUCKET"),
    optional("s3.endpoint", "JALON_S3_ENDPOINT"),
    entry("s3.region", "JALON_S3_REGION", "us-east-1"),
    optional("s3.access_key", "JALON_S3_ACCESS_KEY"),
    secret("s3.secret_key", "JALON_S3_SECRET_KEY", None),
    optional("s3.secret_key_file", "JALON_S3_SECRET_KEY_FILE"),
    optional("s3.prefix", "JALON_S3_PREFIX"),
    entry("s3.path_style", "JALON_S3_PATH_STYLE", "true"),
    entry("s3.timeout", "JALON_S3_TIMEOUT", "8 s"),
    optional("companies.directory", "JALON_COMPANIES_DIRECTORY"),
    entry("companies.timeout", "JALON_COMPANIES_TIMEOUT", "2 s"),
    secret("security.secret_key", "JALON_SECRET_KEY", None),
    optional("security.secret_key_file", "JALON_SECRET_KEY_FILE"),
    secret("mail.smtp_url", "JALON_SMTP_URL", Some("file:./jalon-mails")),
    optional("mail.smtp_url_file", "JALON_SMTP_URL_FILE"),
    entry("mail.sender_name", "JALON_SENDER_NAME", "Jalon"),
    entry("mail.sender_address", "JALON_SENDER_ADDRESS", "ne-pas-repondre@jalon.example"),
    entry("mail.hello", "JALON_MAIL_HELLO", "localhost"),
    entry("mail.rate_per_second", "JALON_MAIL_RATE", "20"),
    entry("mail.connections", "JALON_MAIL_CONNECTIONS", "2"),
    entry("mail.interval", "JALON_MAIL_INTERVAL", "1 s"),
    entry("mail.lease", "JALON_MAIL_LEASE", "2 min"),
    entry("mail.retry_base", "JALON_MAIL_RETRY_BASE", "1 min"),
    entry("mail.retry_cap", "JALON_MAIL_RETRY_CAP", "1 h"),
    entry("mail.retry_jitter_percent", "JALON_MAIL_RETRY_JITTER_PERCENT", "20"),
    entry("mail.give_up_after", "JALON_MAIL_GIVE_UP_AFTER", "5 d"),
    entry("mail.resends_apart", "JALON_MAIL_RESENDS_APART", "20 min"),
    entry("mail.connect_timeout", "JALON_MAIL_CONNECT_TIMEOUT", "10 s"),
    entry("mail.greeting_timeout", "JALON_MAIL_GREETING_TIMEOUT", "15 s"),
    entry("mail.command_timeout", "JALON_MAIL_COMMAND_TIMEOUT", "20 s"),
    entry("mail.message_timeout", "JALON_MAIL_MESSAGE_TIMEOUT", "1 min"),
    entry("mail.whole_timeout", "JALON_MAIL_WHOLE_TIMEOUT", "90 s"),
    optional("mail.dkim_key_file", "JALON_DKIM_KEY_FILE"),
    optional("mail.dkim_domain", "JALON_DKIM_DOMAIN"),
    optional("mail.dkim_selector", "JALON_DKIM_SELECTOR"),
    optional("mail.returns_maildir", "JALON_RETURNS_MAILDIR"),
    entry("mail.returns_interval", "JALON_RETURNS_INTERVAL", "30 s"),
    secret("mail.returns_secret", "JALON_RETURNS_SECRET", None),
    optional("mail.returns_secret_file", "JALON_RETURNS_SECRET_FILE"),
    entry("clocks.interval", "JALON_CLOCKS_INTERVAL", "30 s"),
    entry("log.format", "JALON_LOG_FORMAT", "text"),
    entry("log.filter", "JALON_LOG_FILTER", "info"),
    entry("limits.document_size", "JALON_DOCUMENT_SIZE", "20 MiB"),
    entry("limits.documents_per_path", "JALON_DOCUMENTS_PER_PATH", "200"),
    entry("limits.uploads_per_day", "JALON_UPLOADS_PER_DAY", "300"),
    entry("limits.disk_reserve_percent", "JALON_DISK_RESERVE_PERCENT", "5"),
    entry("limits.drafts_kept", "JALON_DRAFTS_KEPT", "30 d"),
    entry("limits.link_life", "JALON_LINK_LIFE", "60 d"),
    entry("limits.link_requests_per_hour", "JALON_LINK_REQUESTS_PER_HOUR", "3"),
    entry("limits.exports_per_hour", "JALON_EXPORTS_PER_HOUR", "30"),
    entry("limits.lookups_per_hour", "JALON_LOOKUPS_PER_HOUR", "60"),
];

/// Everything the program is told from outside.
#[derive(Debug, Clone)]
pub struct Settings {
    pub production: bool,
    pub market: PathBuf,
    pub data: PathBuf,
    /// The folder of the bytes of documents, when it is not beside the database.
    pub documents: Option<PathBuf>,
    pub database: Database,
    pub server: Server,
    /// Where the bytes of documents are kept, when it is not a folder.
    pub bucket: Option<BucketOptions>,
    /// The public directory that knows companies by their SIRET, when one may be asked.
    pub directory: Option<DirectorySettings>,
    /// Absent outside production: each instance then makes its own and keeps it in its data folder.
    pub secret_key: Option<SecretString>,
    pub mail: Mail,
    pub clocks_interval: Duration,
    pub log: Log,
    pub limits: Limits,
    /// Variables that look like ours and are none: a typing mistake that `doctor` shows.
    pub unknown_variables: Vec<String>,
    shown: Vec<Shown>,
}

/// The store.
#[derive(Debug, Clone)]
pub struct Database {
    pub url: SecretString,
    pub connections: u32,
    pub statement_timeout: Duration,
}

/// The HTTP server and its public address.
#[derive(Debug, Clone)]
pub struct Server {
    pub listen: SocketAddr,
    /// Without a final slash; the only host that links name.
    pub public_url: String,
    pub request_timeout: Duration,
    pub body_limit: usize,
    pub stop_timeout: Duration,
    /// A relay in front of the program says who asks.
    pub behind_relay: bool,
    /// The folder whose texts replace those of the pages that the law asks for.
    pub pages: Option<PathBuf>,
}

/// Delivery of messages.
#[derive(Debug, Clone)]
pub struct Mail {
    pub transport: MailTransport,
    pub sender_name: String,
    pub sender_address: EmailAddress,
    pub rate_per_second: u32,
    pub interval: Duration,
    pub lease: Duration,
    pub retry_base: Duration,
    pub retry_cap: Duration,
    pub retry_jitter_percent: u32,
    pub give_up_after: Duration,
    /// How far apart copies of a message leave that people send again.
    pub resends_apart: Duration,
    /// What signs messages for the domain, unless the mail server does.
    pub dkim: Option<Dkim>,
    pub returns: Returns,
}

/// How messages that come back are heard of.
#[derive(Debug, Clone)]
pub struct Returns {
    /// The Maildir where a mail server puts them.
    pub maildir: Option<PathBuf>,
    pub interval: Duration,
    /// What a mail server that hands them over by HTTP signs with.
    pub secret: Option<SecretString>,
}

/// Where messages go.
#[derive(Debug, Clone)]
pub enum MailTransport {
    Smtp(Box<SmtpSettings>),
    /// A folder of files: the demo and development, refused in production.
    Folder(PathBuf),
}

/// What is written to the standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    pub format: LogFormat,
    pub filter: String,
}

/// How a line of log reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Limits against abuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub document_size: usize,
    pub documents_per_path: u32,
    pub uploads_per_day: u32,
    /// The part of the disk, in hundredths, that documents leave free.
    pub disk_reserve_percent: u8,
    /// How long a draft that nobody touches is kept.
    pub drafts_kept: Duration,
    /// How long a link of a message works when no deadline says more.
    pub link_life: Duration,
    pub link_requests_per_hour: u32,
    pub exports_per_hour: u32,
    pub lookups_per_hour: u32,
}

/// Where settings are read.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file named on the command line; else the variable `JALON_CONFIG`, else `config/jalon.toml` if it exists.
    pub file: Option<PathBuf>,
    pub environment: Vec<(String, String)>,
    /// Keys of [`ENTRIES`] given on the command line.
    pub flags: Vec<(&'static str, String)>,
}

impl Sources {
    /// The process's own environment, and nothing from the command line yet.
    pub fn from_process() -> Self {
        // Variables that are not text cannot be ours.
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        Self { environment, ..Self::default() }
    }
}

/// A line of `config show`: secrets are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub key: &'static str,
    pub variable: &'static str,
    pub value: Option<String>,
    pub origin: Origin,
}

/// Reads the settings.
///
/// # Errors
/// Every problem at once, each with its key and where it was given.
pub fn load(sources: &Sources) -> Result<Settings, Vec<SettingProblem>> {
    let mut values = gather(sources);
    let production = values.take("production", boolean).unwrap_or(false);
    let database_url = values.secret("database.url", "database.url_file");
    if let Some((url, origin)) = &database_url
        && !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
    {
        values.problem("database.url", origin.clone(), SettingProblemKind::Expected(Expected::DatabaseUrl));
    }
    let secret_key = values.secret("security.secret_key", "security.secret_key_file");
    values.check_secret_key(secret_key.as_ref(), production);
    let public_url = values.take("server.public_url", public_url);
    if production && public_url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
        values.problem_of("server.public_url", SettingProblemKind::NotInProduction);
    }
    let mail = values.mail(production);
    let settings = Settings {
        production,
        market: values.take("market", text).map(PathBuf::from).unwrap_or_default(),
        data: values.take("data", text).map(PathBuf::from).unwrap_or_default(),
        documents: values.take("documents", text).map(PathBuf::from),
        database: Database {
            url: database_url.map(|(url, _)| url).unwrap_or_default().into(),
            connections: values.number("database.connections", 1, 200),
            statement_timeout: values.duration("database.statement_timeout"),
        },
        server: Server {
            listen: values.take("server.listen", listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0))),
            public_url: public_url.unwrap_or_default(),
            request_timeout: values.duration("server.request_timeout"),
            body_limit: values.size("server.body_limit"),
            stop_timeout: values.duration("server.stop_timeout"),
            behind_relay: values.take("server.behind_relay", boolean).unwrap_or(false),
            pages: values.take("server.pages", text).map(PathBuf::from),
        },
        bucket: values.bucket(production),
        directory: values.directory(production),
        secret_key: secret_key.map(|(key, _)| key.into()),
        clocks_interval: values.duration("clocks.interval"),
        log: Log {
            format: values.take("log.format", log_format).unwrap_or(LogFormat::Text),
            filter: values.take("log.filter", text).unwrap_or_default(),
        },
        limits: Limits {
            document_size: values.size("limits.document_size"),
            documents_per_path: values.number("limits.documents_per_path", 1, 10_000),
            uploads_per_day: values.number("limits.uploads_per_day", 1, 100_000),
            disk_reserve_percent: u8::try_from(values.number("limits.disk_reserve_percent", 0, 90)).unwrap_or(u8::MAX),
            drafts_kept: values.duration("limits.drafts_kept"),
            link_life: values.duration("limits.link_life"),
            link_requests_per_hour: values.number("limits.link_requests_per_hour", 1, 1_000),
            exports_per_hour: values.number("limits.exports_per_hour", 1, 10_000),
            lookups_per_hour: values.number("limits.lookups_per_hour", 1, 10_000),
        },
        unknown_variables: unknown_variables(&sources.environment),
        shown: values.shown(),
        mail: match mail {
            Some(mail) if values.problems.is_empty() => mail,
            Some(_) | None => {
                let mut problems = values.problems;
                problems.sort_by(|a, b| a.origin.cmp(&b.origin));
                return Err(problems);
            }
        },
    };
    Ok(settings)
}

impl Settings {
    /// Every setting with its value and its origin, secrets masked.
    pub fn show(&self) -> &[Shown] {
        &self.shown
    }

    /// Whether the secret key is one of development: none was given.
    pub fn has_development_secret(&self) -> bool {
        self.secret_key.is_none()
    }

    /// The secret key, when one was given.
    pub fn secret_key(&self) -> Option<&str> {
        self.secret_key.as_ref().map(ExposeSecret::expose_secret)
    }
}

fn unknown_variables(environment: &[(String, String)]) -> Vec<String> {
    let known = |name: &str| name == FILE_VARIABLE || ENTRIES.iter().any(|entry| entry.variable == name);
    let names = environment.iter().map(|(name, _)| name);
    names.filter(|name| name.starts_with("JALON_") && !known(name)).cloned().collect()
}

#[cfg(test)]
mod tests;
