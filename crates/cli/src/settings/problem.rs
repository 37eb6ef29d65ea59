//! What may be wrong with a setting, where it was given, and the sentence that says how to mend it.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use notifier::transport::{DkimError, SmtpUrlError};

/// Where a value was given; the later wins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    Absent,
    Default,
    File { line: usize },
    Environment { variable: &'static str },
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("non donné"),
            Self::Default => f.write_str("valeur par défaut"),
            Self::File { line } => write!(f, "ligne {line}"),
            Self::Environment { variable } => write!(f, "variable {variable}"),
            Self::Flag => f.write_str("option de la commande"),
        }
    }
}

/// What is wrong with a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    pub key: String,
    pub origin: Origin,
    pub kind: SettingProblemKind,
}

/// The kinds of problems of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingProblemKind {
    UnreadableFile {
        path: PathBuf,
        error: String,
    },
    Syntax {
        excerpt: String,
    },
    UnknownKey {
        nearest: Option<&'static str>,
    },
    NotOneValue,
    Expected(Expected),
    SmtpUrl(SmtpUrlError),
    Dkim(DkimError),
    /// A lease shorter than a delivery would send twice.
    LeaseTooShort {
        whole: Duration,
    },
    CapBelowBase,
    MissingInProduction,
    /// What goes with a setting that was given.
    MissingWith {
        given: &'static str,
    },
    WeakSecret,
    NotInProduction,
}

/// What a value should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Boolean,
    Number { min: u32, max: u32 },
    Duration,
    Size,
    Listen,
    PublicUrl,
    DatabaseUrl,
    Email,
    LogFormat,
    Text,
}

impl fmt::Display for SettingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})\u{a0}: {}", self.key, self.origin, self.kind)
    }
}

impl fmt::Display for SettingProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnreadableFile { path, error } => {
                write!(f, "le fichier {} ne se lit pas ({error}). Vérifiez son chemin et ses droits.", path.display())
            }
            Self::Syntax { excerpt } => write!(
                f,
                "l’écriture n’est pas du TOML valable près de «\u{a0}{excerpt}\u{a0}». Vérifiez guillemets, crochets et signe égal."
            ),
            Self::UnknownKey { nearest: Some(nearest) } => {
                write!(f, "ce réglage n’existe pas. Vouliez-vous écrire «\u{a0}{nearest}\u{a0}»\u{a0}?")
            }
            Self::UnknownKey { nearest: None } => {
                f.write_str("ce réglage n’existe pas. La liste est donnée par «\u{a0}jalon config show\u{a0}».")
            }
            Self::NotOneValue => f.write_str("une seule valeur est attendue\u{a0}: un texte, un nombre, oui (true) ou non (false)."),
            Self::Expected(expected) => write!(f, "{expected}"),
            Self::SmtpUrl(error) => {
                f.write_str("l’adresse du serveur de courriel ne convient pas\u{a0}: ")?;
                smtp_url(error, f)?;
                f.write_str(" Écrivez par exemple «\u{a0}smtps://compte:secret@smtp.example:465\u{a0}», ou «\u{a0}file:./dossier\u{a0}» pour un essai.")
            }
            Self::Dkim(error) => f.write_str(match error {
                DkimError::Domain => "un nom de domaine est attendu\u{a0}: «\u{a0}jalon.example\u{a0}».",
                DkimError::Selector => "un nom court est attendu, de lettres, de chiffres et de tirets\u{a0}: «\u{a0}jalon2026\u{a0}».",
                DkimError::Key => {
                    "ce fichier ne contient pas de clé privée en PEM, Ed25519 ou RSA de 2048 à 4096 bits. Créez-la avec \
                     «\u{a0}openssl genpkey -algorithm ed25519\u{a0}»."
                }
            }),
            Self::LeaseTooShort { whole } => write!(
                f,
                "la réservation d’un message doit durer plus que son envoi (mail.whole_timeout, {}\u{a0}s), sans quoi il partirait deux fois.",
                whole.as_secs()
            ),
            Self::CapBelowBase => f.write_str("le plafond des délais de relance doit être au moins égal au premier délai (mail.retry_base)."),
            Self::MissingInProduction => {
                f.write_str("ce réglage est nécessaire en production. Donnez-le par sa variable ou par un fichier (…_file).")
            }
            Self::MissingWith { given } => write!(f, "ce réglage manque, et va avec «\u{a0}{given}\u{a0}». Donnez-le, ou retirez l’autre."),
            Self::WeakSecret => f.write_str(
                "le secret doit compter au moins 32 caractères et ne pas être un exemple. Créez-le avec «\u{a0}openssl rand -base64 48\u{a0}».",
            ),
            Self::NotInProduction => f.write_str(
                "cette valeur est réservée aux essais. En production, indiquez un serveur SMTP et des adresses en https.",
            ),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean => f.write_str("la valeur attendue est true ou false."),
            Self::Number { min, max } => write!(f, "un nombre entier de {min} à {max} est attendu."),
            Self::Duration => f.write_str(
                "une durée est attendue, avec son unité\u{a0}: «\u{a0}500 ms\u{a0}», «\u{a0}10 s\u{a0}», «\u{a0}2 min\u{a0}», «\u{a0}1 h\u{a0}» ou «\u{a0}5 d\u{a0}» (jours).",
            ),
            Self::Size => f.write_str("une taille est attendue, avec son unité\u{a0}: «\u{a0}64 KiB\u{a0}» ou «\u{a0}20 MiB\u{a0}»."),
            Self::Listen => f.write_str("une adresse et un port sont attendus\u{a0}: «\u{a0}127.0.0.1:8080\u{a0}»."),
            Self::PublicUrl => f.write_str(
                "une adresse complète sans chemin est attendue\u{a0}: «\u{a0}https://jalon.example\u{a0}».",
            ),
            Self::DatabaseUrl => f.write_str(
                "une adresse «\u{a0}sqlite://fichier.db\u{a0}» ou «\u{a0}postgres://compte:secret@serveur/base\u{a0}» est attendue.",
            ),
            Self::Email => f.write_str("une adresse de courriel est attendue\u{a0}: «\u{a0}ne-pas-repondre@jalon.example\u{a0}»."),
            Self::LogFormat => f.write_str("la valeur attendue est text ou json."),
            Self::Text => f.write_str("un texte d’une ligne, non vide, est attendu."),
        }
    }
}

fn smtp_url(error: &SmtpUrlError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        SmtpUrlError::Malformed => f.write_str("elle n’est pas complète."),
        SmtpUrlError::Scheme(scheme) => {
            write!(f, "«\u{a0}{scheme}\u{a0}» n’est pas un protocole connu (smtp, smtp+starttls, smtps ou file).")
        }
        SmtpUrlError::Parameter(parameter) => write!(
            f,
            "le paramètre «\u{a0}{parameter}\u{a0}» n’existe pas (tls=required, tls=opportunistic ou tls=none)."
        ),
        SmtpUrlError::HalfCredentials => f.write_str("le compte et le secret vont ensemble."),
        SmtpUrlError::PasswordInClear => {
            f.write_str("le secret circulerait en clair\u{a0}; prenez smtps ou smtp+starttls.")
        }
    }
}
