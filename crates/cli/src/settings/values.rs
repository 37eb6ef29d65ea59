//! The values of the settings: gathered from the four sources, then read one by one, every problem noted.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use app::DirectorySettings;
use domain::identifiers::EmailAddress;
use notifier::transport::{Dkim, DkimError, SmtpSettings, SmtpTimeouts};
use persistence::BucketOptions;

use super::problem::{Expected, Origin, SettingProblem, SettingProblemKind};
use super::{DEFAULT_FILE, ENTRIES, Entry, FILE_VARIABLE, LogFormat, Mail, MailTransport, Returns, Shown, Sources};

/// Every value with where it was given, and the problems noted so far.
pub(super) struct Values {
    values: BTreeMap<&'static str, (String, Origin)>,
    pub(super) problems: Vec<SettingProblem>,
}

/// Values from the defaults, the file, the environment and the flags, each replacing the former.
pub(super) fn gather(sources: &Sources) -> Values {
    let defaults = ENTRIES.iter().filter_map(|entry| Some((entry.key, (entry.default?.to_owned(), Origin::Default))));
    let mut values = Values { values: defaults.collect(), problems: Vec::new() };
    let variable =
        |name: &str| sources.environment.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str());
    let named = sources.file.clone().or_else(|| variable(FILE_VARIABLE).map(PathBuf::from));
    let file = named.or_else(|| Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.exists()));
    if let Some(path) = file {
        let origin =
            if sources.file.is_some() { Origin::Flag } else { Origin::Environment { variable: FILE_VARIABLE } };
        values.read_file(&path, origin);
    }
    for entry in ENTRIES {
        if let Some(value) = variable(entry.variable).filter(|value| !value.is_empty()) {
            values.values.insert(entry.key, (value.to_owned(), Origin::Environment { variable: entry.variable }));
        }
    }
    for (key, value) in &sources.flags {
        values.values.insert(key, (value.clone(), Origin::Flag));
    }
    values
}

impl Values {
    pub(super) fn problem(&mut self, key: &str, origin: Origin, kind: SettingProblemKind) {
        self.problems.push(SettingProblem { key: key.to_owned(), origin, kind });
    }

    pub(super) fn problem_of(&mut self, key: &'static str, kind: SettingProblemKind) {
        let origin = self.values.get(key).map_or(Origin::Absent, |(_, origin)| origin.clone());
        self.problem(key, origin, kind);
    }

    fn read_file(&mut self, path: &Path, origin: Origin) {
        match std::fs::read_to_string(path) {
            Ok(text) => self.read_text(&text),
            Err(error) => {
                let kind = SettingProblemKind::UnreadableFile { path: path.to_owned(), error: error.to_string() };
                self.problem("jalon.toml", origin, kind);
            }
        }
    }

    fn read_text(&mut self, text: &str) {
        let line_at = |offset: usize| text[..offset.min(text.len())].matches('\n').count() + 1;
        let (table, errors) = toml::de::DeTable::parse_recoverable(text);
        for error in errors {
            let line = line_at(error.span().map_or(0, |span| span.start));
            let excerpt = text.lines().nth(line - 1).unwrap_or_default().trim().to_owned();
            self.problem("jalon.toml", Origin::File { line }, SettingProblemKind::Syntax { excerpt });
        }
        let mut tables = vec![(String::new(), table.get_ref())];
        while let Some((prefix, table)) = tables.pop() {
            for (name, value) in table {
                let key = format!("{prefix}{}", name.get_ref());
                let origin = Origin::File { line: line_at(name.span().start) };
                let entry = ENTRIES.iter().find(|entry| entry.key == key);
                let section = format!("{key}.");
                let text = match (value.get_ref(), entry) {
                    (toml::de::DeValue::Table(inner), None)
                        if ENTRIES.iter().any(|entry| entry.key.starts_with(&section)) =>
                    {
                        tables.push((section, inner));
                        continue;
                    }
                    (_, None) => {
                        let nearest = nearest(&key);
                        self.problem(&key, origin, SettingProblemKind::UnknownKey { nearest });
                        continue;
                    }
                    (toml::de::DeValue::String(text), Some(_)) => text.to_string(),
                    (toml::de::DeValue::Integer(number), Some(_)) => number.as_str().to_owned(),
                    (toml::de::DeValue::Boolean(value), Some(_)) => value.to_string(),
                    (_, Some(_)) => {
                        self.problem(&key, origin, SettingProblemKind::NotOneValue);
                        continue;
                    }
                };
                if let Some(entry) = entry {
                    self.values.insert(entry.key, (text, origin));
                }
            }
        }
    }

    pub(super) fn take<T>(&mut self, key: &'static str, read: impl FnOnce(&str) -> Result<T, Expected>) -> Option<T> {
        let (value, origin) = self.values.get(key)?.clone();
        read(value.trim()).map_err(|expected| self.problem(key, origin, SettingProblemKind::Expected(expected))).ok()
    }

    pub(super) fn number(&mut self, key: &'static str, min: u32, max: u32) -> u32 {
        let read = |text: &str| {
            let number = text.parse().ok().filter(|number| (min..=max).contains(number));
            number.ok_or(Expected::Number { min, max })
        };
        self.take(key, read).unwrap_or(min)
    }

    pub(super) fn duration(&mut self, key: &'static str) -> Duration {
        self.take(key, duration).unwrap_or_default()
    }

    pub(super) fn size(&mut self, key: &'static str) -> usize {
        self.take(key, size).unwrap_or_default()
    }

    /// A secret given in clear or by a file; the one given later wins, and in clear when both come from one place.
    pub(super) fn secret(&mut self, key: &'static str, file_key: &'static str) -> Option<(String, Origin)> {
        let clear = self.values.get(key).cloned();
        let file = self.values.get(file_key).cloned();
        match (clear, file) {
            (clear, Some((path, origin))) if clear.as_ref().is_none_or(|(_, given)| rank(given) < rank(&origin)) => {
                match std::fs::read_to_string(&path) {
                    Ok(text) => Some((text.trim().to_owned(), origin)),
                    Err(error) => {
                        let kind = SettingProblemKind::UnreadableFile { path: path.into(), error: error.to_string() };
                        self.problem(file_key, origin, kind);
                        None
                    }
                }
            }
            (clear, _) => clear,
        }
    }

    pub(super) fn check_secret_key(&mut self, key: Option<&(String, Origin)>, production: bool) {
        match key {
            None if production => self.problem_of("security.secret_key", SettingProblemKind::MissingInProduction),
            None => {}
            Some((key, origin)) if weak(key) => {
                self.problem("security.secret_key", origin.clone(), SettingProblemKind::WeakSecret);
            }
            Some(_) => {}
        }
    }

    pub(super) fn mail(&mut self, production: bool) -> Option<Mail> {
        let hello = self.take("mail.hello", text).unwrap_or_default();
        let timeouts = SmtpTimeouts {
            connect: self.duration("mail.connect_timeout"),
            greeting: self.duration("mail.greeting_timeout"),
            command: self.duration("mail.command_timeout"),
            message: self.duration("mail.message_timeout"),
            whole: self.duration("mail.whole_timeout"),
        };
        let connections = self.number("mail.connections", 1, 50);
        let dkim = self.dkim();
        let returns = self.returns();
        let transport = self.secret("mail.smtp_url", "mail.smtp_url_file").and_then(|(url, origin)| {
            if let Some(folder) = url.strip_prefix("file:") {
                if production {
                    self.problem("mail.smtp_url", origin, SettingProblemKind::NotInProduction);
                }
                return Some(MailTransport::Folder(PathBuf::from(folder.trim_start_matches("//"))));
            }
            match SmtpSettings::from_url(&url, &hello) {
                Ok(mut smtp) => {
                    smtp.timeouts = timeouts;
                    smtp.dkim.clone_from(&dkim);
                    smtp.max_connections = connections as usize;
                    Some(MailTransport::Smtp(Box::new(smtp)))
                }
                Err(error) => {
                    self.problem("mail.smtp_url", origin, SettingProblemKind::SmtpUrl(error));
                    None
                }
            }
        });
        let lease = self.duration("mail.lease");
        if lease <= timeouts.whole {
            self.problem_of("mail.lease", SettingProblemKind::LeaseTooShort { whole: timeouts.whole });
        }
        let (retry_base, retry_cap) = (self.duration("mail.retry_base"), self.duration("mail.retry_cap"));
        if retry_cap < retry_base {
            self.problem_of("mail.retry_cap", SettingProblemKind::CapBelowBase);
        }
        let sender_name = self.take("mail.sender_name", text);
        let sender_address =
            self.take("mail.sender_address", |text| EmailAddress::parse(text).map_err(|_| Expected::Email));
        let rate_per_second = self.number("mail.rate_per_second", 1, 1_000);
        let interval = self.duration("mail.interval");
        let retry_jitter_percent = self.number("mail.retry_jitter_percent", 0, 100);
        let give_up_after = self.duration("mail.give_up_after");
        let resends_apart = self.duration("mail.resends_apart");
        Some(Mail {
            transport: transport?,
            sender_name: sender_name?,
            sender_address: sender_address?,
            rate_per_second,
            interval,
            lease,
            retry_base,
            retry_cap,
            retry_jitter_percent,
            give_up_after,
            resends_apart,
            dkim,
            returns,
        })
    }

    /// The key that signs messages: its file, the domain and the selector go together.
    fn dkim(&mut self) -> Option<Dkim> {
        const KEYS: [&str; 3] = ["mail.dkim_key_file", "mail.dkim_domain", "mail.dkim_selector"];
        let [file, domain, selector] = KEYS.map(|key| self.take(key, text));
        let given = KEYS.into_iter().find(|key| self.values.contains_key(key))?;
        for key in KEYS.into_iter().filter(|key| *key != given) {
            if !self.values.contains_key(key) {
                self.problem_of(key, SettingProblemKind::MissingWith { given });
            }
        }
        let (file, domain, selector) = (PathBuf::from(file?), domain?, selector?);
        let pem = match std::fs::read_to_string(&file) {
            Ok(pem) => pem,
            Err(error) => {
                let kind = SettingProblemKind::UnreadableFile { path: file, error: error.to_string() };
                self.problem_of("mail.dkim_key_file", kind);
                return None;
            }
        };
        let key = |error| match error {
            DkimError::Key => "mail.dkim_key_file",
            DkimError::Domain => "mail.dkim_domain",
            DkimError::Selector => "mail.dkim_selector",
        };
        let signs = Dkim::new(&pem, &domain, &selector);
        signs.map_err(|error| self.problem_of(key(error), SettingProblemKind::Dkim(error))).ok()
    }

    fn returns(&mut self) -> Returns {
        let maildir = self.take("mail.returns_maildir", text).map(PathBuf::from);
        let interval = self.duration("mail.returns_interval");
        let secret = self.secret("mail.returns_secret", "mail.returns_secret_file");
        if let Some((secret, origin)) = &secret
            && weak(secret)
        {
            self.problem("mail.returns_secret", origin.clone(), SettingProblemKind::WeakSecret);
        }
        Returns { maildir, interval, secret: secret.map(|(secret, _)| secret.into()) }
    }

    /// The bucket of documents: its name, its address and its key go together.
    pub(super) fn bucket(&mut self, production: bool) -> Option<BucketOptions> {
        let [bucket, access_key] = ["s3.bucket", "s3.access_key"].map(|key| self.take(key, text));
        let endpoint = self.secure("s3.endpoint", production);
        let secret_key = self.secret("s3.secret_key", "s3.secret_key_file").map(|(secret, _)| secret);
        let region = self.take("s3.region", text).unwrap_or_default();
        let prefix = self.take("s3.prefix", text).unwrap_or_default();
        let path_style = self.take("s3.path_style", boolean).unwrap_or(true);
        let silence = self.duration("s3.timeout");
        let given = ["s3.bucket", "s3.endpoint", "s3.access_key", "s3.secret_key", "s3.secret_key_file"];
        let given = given.into_iter().find(|key| self.values.contains_key(key))?;
        for key in ["s3.bucket", "s3.endpoint", "s3.access_key"].into_iter().filter(|key| *key != given) {
            if !self.values.contains_key(key) {
                self.problem_of(key, SettingProblemKind::MissingWith { given });
            }
        }
        if !["s3.secret_key", "s3.secret_key_file"].iter().any(|key| self.values.contains_key(key)) {
            self.problem_of("s3.secret_key", SettingProblemKind::MissingWith { given });
        }
        Some(BucketOptions {
            endpoint: endpoint?,
            region,
            bucket: bucket?,
            access_key: access_key?,
            secret_key: secret_key?,
            prefix,
            path_style,
            silence,
        })
    }

    pub(super) fn directory(&mut self, production: bool) -> Option<DirectorySettings> {
        let timeout = self.duration("companies.timeout");
        let address = self.secure("companies.directory", production)?;
        Some(DirectorySettings { address, timeout })
    }

    /// The address of a service, which nobody reads on its way in production.
    fn secure(&mut self, key: &'static str, production: bool) -> Option<String> {
        let address = self.take(key, public_url)?;
        if production && !address.starts_with("https://") {
            self.problem_of(key, SettingProblemKind::NotInProduction);
        }
        Some(address)
    }

    pub(super) fn shown(&self) -> Vec<Shown> {
        let row = |entry: &Entry| {
            let given = self.values.get(entry.key);
            let value = given.map(|(value, _)| if entry.secret { masked(entry.key, value) } else { value.clone() });
            let origin = given.map_or(Origin::Absent, |(_, origin)| origin.clone());
            Shown { key: entry.key, variable: entry.variable, value, origin }
        };
        ENTRIES.iter().map(row).collect()
    }
}

fn rank(origin: &Origin) -> u8 {
    match origin {
        Origin::Absent => 0,
        Origin::Default => 1,
        Origin::File { .. } => 2,
        Origin::Environment { .. } => 3,
        Origin::Flag => 4,
    }
}

/// A secret that is too short, or that anyone could guess.
fn weak(key: &str) -> bool {
    let distinct: BTreeSet<char> = key.chars().collect();
    key.chars().count() < 32 || distinct.len() < 10
}

/// An address without its password; nothing at all of any other secret.
fn masked(key: &str, value: &str) -> String {
    if key.ends_with("url") {
        match (value.find("://"), value.rfind('@')) {
            (Some(scheme), Some(host)) if scheme < host => format!("{}***{}", &value[..scheme + 3], &value[host..]),
            (_, Some(_)) => "***".to_owned(),
            (_, None) => value.to_owned(),
        }
    } else {
        "***".to_owned()
    }
}

/// The known key that shares the last word of this one, or begins like it.
fn nearest(key: &str) -> Option<&'static str> {
    let last = |key: &str| key.rsplit('.').next().map(str::to_owned);
    let same_name = ENTRIES.iter().find(|entry| last(entry.key) == last(key));
    let same_start =
        || ENTRIES.iter().find(|entry| key.len() >= 6 && entry.key.starts_with(&key[..key.floor_char_boundary(6)]));
    same_name.or_else(same_start).map(|entry| entry.key)
}

pub(super) fn boolean(text: &str) -> Result<bool, Expected> {
    match text {
        "true" | "oui" | "1" => Ok(true),
        "false" | "non" | "0" => Ok(false),
        _ => Err(Expected::Boolean),
    }
}

pub(super) fn text(text: &str) -> Result<String, Expected> {
    if text.is_empty() || text.chars().any(char::is_control) { Err(Expected::Text) } else { Ok(text.to_owned()) }
}

/// A number and its unit.
fn quantity(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..digits].parse().ok()?, text[digits..].trim()))
}

fn duration(text: &str) -> Result<Duration, Expected> {
    let (number, unit) = quantity(text).ok_or(Expected::Duration)?;
    let milliseconds: u64 = match unit {
        "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" | "j" => 86_400_000,
        _ => return Err(Expected::Duration),
    };
    let total = number.checked_mul(milliseconds).filter(|total| (1..=86_400_000 * 366).contains(total));
    total.map(Duration::from_millis).ok_or(Expected::Duration)
}

fn size(text: &str) -> Result<usize, Expected> {
    let (number, unit) = quantity(text).ok_or(Expected::Size)?;
    let bytes: u64 = match unit {
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => return Err(Expected::Size),
    };
    let total = number.checked_mul(bytes).filter(|total| (1..=1 << 30).contains(total));
    total.and_then(|total| usize::try_from(total).ok()).ok_or(Expected::Size)
}

pub(super) fn listen(text: &str) -> Result<SocketAddr, Expected> {
    text.parse().map_err(|_| Expected::Listen)
}

pub(super) fn public_url(text: &str) -> Result<String, Expected> {
    let text = text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(Expected::PublicUrl)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if host.is_empty() || !host.chars().all(plain) { Err(Expected::PublicUrl) } else { Ok(text.to_owned()) }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, Expected> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(Expected::LogFormat),
    }
}
