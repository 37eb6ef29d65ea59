//! Messages as `.eml` files in a folder: the mailbox of the demonstration.
//!
//! Rules kept here:
//! - a file is whole or absent: temporary name, write, fsync, rename, fsync of the folder;
//! - its name comes from the message (instant, digest, subject), so that a repeat replaces it;
//! - [`Folder::entries`] lists the mailbox from one index line per message, written after the file.
//!
//! Addresses declared as bouncing are refused like a server that knows no such person.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Delivered, DeliveryError, one_line};
use crate::envelope::Outgoing;

const INDEX: &str = "index.tsv";
const SLUG_LENGTH: usize = 60;

/// A folder that receives messages.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
    bouncing: BTreeSet<String>,
}

/// One message of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderEntry {
    /// The instant at which the message was queued, as RFC 3339.
    pub date: String,
    /// The name of the file in the folder.
    pub file: String,
    /// The recipient's address.
    pub to: String,
    /// The event that caused the message.
    pub event_id: String,
    /// The identifier of the message.
    pub message_id: String,
    /// The subject.
    pub subject: String,
}

impl Folder {
    /// Receives messages in a folder, made when it is missing.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), bouncing: BTreeSet::new() }
    }

    /// Refuses these addresses, as a server does for a mailbox that does not exist.
    #[must_use]
    pub fn bouncing<A: AsRef<str>>(mut self, addresses: impl IntoIterator<Item = A>) -> Self {
        self.bouncing.extend(addresses.into_iter().map(|a| a.as_ref().to_lowercase()));
        self
    }

    /// Where the files are.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The messages of the folder, oldest first.
    ///
    /// # Errors
    /// When the index exists and cannot be read.
    pub fn entries(&self) -> io::Result<Vec<FolderEntry>> {
        let index = match fs::read(self.path.join(INDEX)) {
            Ok(index) => index,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        // Keyed by file: a repeat has a second line for the same message, a torn line has too few fields.
        let entries: BTreeMap<String, FolderEntry> = String::from_utf8_lossy(&index)
            .lines()
            .filter_map(FolderEntry::from_line)
            .map(|entry| (entry.file.clone(), entry))
            .collect();
        Ok(entries.into_values().collect())
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<Delivered, DeliveryError> {
        let message = outgoing.to_message()?;
        if self.bouncing.contains(&outgoing.to.address.to_lowercase()) {
            return Err(DeliveryError::Refused { code: 550, reason: "5.1.1 mailbox unavailable".to_owned() });
        }
        let entry = FolderEntry::of(outgoing);
        let folder = self.path.clone();
        let bytes = message.formatted();
        let written = tokio::task::spawn_blocking(move || write(&folder, &entry, &bytes).map(|()| entry.file))
            .await
            .map_err(|error| DeliveryError::temporary(error.to_string()))?;
        match written {
            Ok(file) => Ok(Delivered { message_id: outgoing.message_id.clone(), reply: file }),
            Err(error) => Err(DeliveryError::temporary(format!("the folder of messages cannot be written: {error}"))),
        }
    }
}

impl FolderEntry {
    fn of(outgoing: &Outgoing) -> Self {
        let instant = outgoing.date.format("%Y%m%dT%H%M%S%.6fZ");
        let digest: String = crate::envelope::short_digest(&outgoing.message_id).chars().take(8).collect();
        Self {
            date: outgoing.date.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
            file: format!("{instant}-{digest}-{}.eml", slug(&outgoing.subject)),
            to: one_line(&outgoing.to.address),
            event_id: outgoing.event_id.clone(),
            message_id: outgoing.message_id.clone(),
            subject: one_line(&outgoing.subject),
        }
    }

    fn line(&self) -> String {
        format!("{}\t{}\t{}\t{}\t{}\t{}\n", self.date, self.file, self.to, self.event_id, self.message_id, self.subject)
    }

    fn from_line(line: &str) -> Option<Self> {
        let mut fields = line.split('\t').map(str::to_owned);
        let entry = Self {
            date: fields.next()?,
            file: fields.next()?,
            to: fields.next()?,
            event_id: fields.next()?,
            message_id: fields.next()?,
            subject: fields.next()?,
        };
        fields.next().is_none().then_some(entry)
    }
}

fn write(folder: &Path, entry: &FolderEntry, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let temporary = folder.join(format!(".{}.part", entry.file));
    let mut file = fs::File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, folder.join(&entry.file))?;
    let mut index = fs::OpenOptions::new().create(true).append(true).open(folder.join(INDEX))?;
    index.write_all(entry.line().as_bytes())?;
    index.sync_all()?;
    fs::File::open(folder)?.sync_all()
}

/// A subject as a piece of a file name: letters without accents, digits and hyphens.
fn slug(subject: &str) -> String {
    let mut slug = String::new();
    for c in subject.chars() {
        for plain in unaccented(c).chars() {
            if plain.is_ascii_alphanumeric() {
                slug.push(plain.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        if slug.len() >= SLUG_LENGTH {
            break;
        }
    }
    slug.trim_end_matches('-').to_owned()
}

fn unaccented(c: char) -> String {
    match c {
        'à' | 'â' | 'ä' | 'À' | 'Â' => "a".to_owned(),
        'ç' | 'Ç' => "c".to_owned(),
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' => "e".to_owned(),
        'î' | 'ï' | 'Î' => "i".to_owned(),
        'ô' | 'ö' | 'Ô' => "o".to_owned(),
        'ù' | 'û' | 'ü' => "u".to_owned(),
        'œ' | 'Œ' => "oe".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{envelope::Correspondent, transport::Transport};

    fn outgoing(to: &str, subject: &str) -> Outgoing {
        Outgoing {
            message_id: crate::envelope::message_id("e1", to, 0, "jalon.example"),
            event_id: "e1".into(),
            thread: "FEST-1@jalon.example".into(),
            from: Correspondent::new("Jalon", "jalon@jalon.example"),
            to: Correspondent::new("Personne", to),
            reply_to: None,
            subject: subject.into(),
            text: "Bonjour,".into(),
            html: "<p>Bonjour,</p>".into(),
            calendar: None,
            list_unsubscribe: None,
            return_proof: None,
            date: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[tokio::test]
    async fn a_message_becomes_one_file_and_one_line() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("mailbox"));
        assert_eq!(folder.entries().unwrap(), []);
        let transport = Transport::Folder(folder.clone());
        let message = outgoing("a@b.example", "FEST-1-2026-0042 — Étude\tremise : « œuvre »");
        transport.deliver(&message).await.unwrap();
        transport.deliver(&message).await.unwrap();
        let entries = folder.entries().unwrap();
        assert_eq!(entries.len(), 1, "a repeat replaces the file");
        assert!(entries[0].file.ends_with("-fest-1-2026-0042-etude-remise-oeuvre.eml"));
        let bytes = fs::read(folder.path().join(&entries[0].file)).unwrap();
        assert_eq!(bytes, message.to_message().unwrap().formatted());
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 2, "no temporary file stays");
    }

    #[tokio::test]
    async fn a_torn_line_of_the_index_hides_no_other_message() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path());
        fs::write(place.path().join(INDEX), "1970-01-01T00:00:00Z\ttorn\n").unwrap();
        folder.deliver(&outgoing("a@b.example", "Un")).await.unwrap();
        assert_eq!(folder.entries().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_bouncing_address_is_refused_for_good_and_writes_nothing() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path()).bouncing(["Perdu@B.example"]);
        let error = folder.deliver(&outgoing("perdu@b.example", "Un")).await.unwrap_err();
        assert_eq!(error.verdict(), crate::transport::Verdict::GiveUp);
        assert_eq!(folder.entries().unwrap(), []);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_tried_again() {
        let place = tempfile::tempdir().unwrap();
        let taken = place.path().join("taken");
        fs::write(&taken, "a file").unwrap();
        let error = Folder::new(&taken).deliver(&outgoing("a@b.example", "Un")).await.unwrap_err();
        assert_eq!(error.verdict(), crate::transport::Verdict::Retry);
    }
}
