//! A Maildir: a folder into which a mail server, or a program that empties a mailbox, puts one file per message.
//!
//! What arrives is in `new`; what was read goes to `cur` with the flag « seen » (`:2,S`). Nothing is deleted here. The folder
//! is for this program alone: another reader would move messages away before they are read.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::MOST_BYTES;

/// What ends the name of a message that was read.
const SEEN: &str = ":2,S";

/// A folder of returned messages.
#[derive(Debug, Clone)]
pub struct Maildir {
    path: PathBuf,
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Message(Vec<u8>),
    TooLarge,
    /// Another copy of the program took it meanwhile.
    Gone,
}

impl Maildir {
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the messages to read, oldest first: a name starts with its instant.
    ///
    /// # Errors
    /// The folder is not there or cannot be listed.
    pub fn waiting(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.path.join("new"))? {
            let entry = entry?;
            // A link would lead out of the folder, and a name that is no text is none that a mail server gives.
            if let (true, Ok(name)) = (entry.file_type()?.is_file(), entry.file_name().into_string())
                && !name.starts_with('.')
            {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// A message of [`Maildir::waiting`].
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self, name: &str) -> io::Result<Found> {
        let file = match fs::File::open(self.path.join("new").join(name)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Gone),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok(if bytes.len() > MOST_BYTES { Found::TooLarge } else { Found::Message(bytes) })
    }

    /// Puts a message aside as read.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn seen(&self, name: &str) -> io::Result<()> {
        let base = name.split_once(":2,").map_or(name, |(base, _)| base);
        let to = self.path.join("cur");
        match fs::rename(self.path.join("new").join(name), to.join(format!("{base}{SEEN}"))) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && to.is_dir() => Ok(()),
            moved => moved,
        }
    }

    /// Checks that messages can be read from it and put aside.
    ///
    /// # Errors
    /// One of its folders is missing or cannot be written.
    pub fn try_out(&self) -> io::Result<()> {
        self.waiting()?;
        for folder in ["new", "cur"] {
            let probe = self.path.join(folder).join(format!(".jalon-{}", std::process::id()));
            fs::write(&probe, b"")?;
            fs::remove_file(&probe)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_put_aside_as_seen() {
        let folder = tempfile::tempdir().unwrap();
        let maildir = Maildir::new(folder.path());
        assert!(maildir.waiting().is_err() && maildir.try_out().is_err());
        for name in ["new", "cur", "tmp", "new/un-dossier"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        for (name, text) in [("2.b.host", "deux"), ("1.a.host", "un"), (".caché", "rien")] {
            fs::write(folder.path().join("new").join(name), text).unwrap();
        }
        fs::write(folder.path().join("new/3.c.host:2,"), vec![b'x'; MOST_BYTES + 1]).unwrap();
        maildir.try_out().unwrap();
        assert_eq!(maildir.waiting().unwrap(), ["1.a.host", "2.b.host", "3.c.host:2,"]);
        assert_eq!(maildir.read("1.a.host").unwrap(), Found::Message(b"un".to_vec()));
        assert_eq!(maildir.read("3.c.host:2,").unwrap(), Found::TooLarge);
        assert_eq!(maildir.read("4").unwrap(), Found::Gone);
        for name in ["1.a.host", "3.c.host:2,", "1.a.host"] {
            maildir.seen(name).unwrap();
        }
        assert_eq!(maildir.waiting().unwrap(), ["2.b.host"]);
        assert!(folder.path().join("cur/1.a.host:2,S").is_file() && folder.path().join("cur/3.c.host:2,S").is_file());
    }
}
