//! A folder for the bytes of documents: files are received in it under temporary names, and kept by a rename.
//!
//! Its disk keeps a reserve: the database and the logs of the machine need room when documents no longer find any.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Incoming, Kept, Staged, Temporary, folded};

/// Where files are received.
const INCOMING: &str = "incoming";

/// The folder of the bytes of documents; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Folder {
    root: PathBuf,
    /// Whether a file is on disk before it has its name.
    durable: bool,
    /// The part of the disk, in hundredths, that files received leave free.
    reserve_percent: u8,
    pub(crate) measure: fn(&Path) -> io::Result<Space>,
}

/// The bytes of a disk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Space {
    pub total: u64,
    pub free: u64,
}

impl Space {
    /// What may come before the reserve is touched; nothing once it is.
    fn room(self, reserve_percent: u8) -> Option<u64> {
        let reserve = u128::from(self.total) * u128::from(reserve_percent) / 100;
        self.free.checked_sub(u64::try_from(reserve).unwrap_or(u64::MAX)).filter(|room| *room > 0)
    }
}

/// A disk down to its reserve, told as a full one.
pub(super) fn full() -> io::Error {
    io::Error::new(ErrorKind::StorageFull, "the disk is down to its reserve")
}

impl Folder {
    pub(crate) fn new(root: &Path, durable: bool, reserve_percent: u8) -> Self {
        Self { root: root.to_owned(), durable, reserve_percent, measure }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    fn place(&self, sha256: &str) -> PathBuf {
        let (few, name) = folded(sha256);
        self.root.join(few).join(name)
    }

    pub(crate) async fn receive(&self) -> io::Result<Incoming> {
        let folder = self.root.join(INCOMING);
        tokio::fs::create_dir_all(&folder).await?;
        let room = match self.reserve_percent {
            0 => u64::MAX,
            percent => {
                let (measure, folder) = (self.measure, folder.clone());
                let space = tokio::task::spawn_blocking(move || measure(&folder)).await.map_err(io::Error::other)??;
                space.room(percent).ok_or_else(full)?
            }
        };
        let temporary = Temporary(folder.join(Uuid::now_v7().to_string()));
        let file = tokio::fs::OpenOptions::new().write(true).create_new(true).open(&temporary.0).await?;
        Ok(Incoming { temporary, file, digest: Sha256::new(), size: 0, room })
    }

    pub(super) async fn put(&self, staged: Staged) -> io::Result<()> {
        let (place, durable) = (self.place(&staged.kept.sha256), self.durable);
        let written = tokio::task::spawn_blocking(move || put(&staged.temporary.0, &place, durable)).await;
        written.map_err(io::Error::other)?
    }

    pub(super) async fn open(&self, kept: &Kept) -> io::Result<Option<tokio::fs::File>> {
        let file = match tokio::fs::File::open(self.place(&kept.sha256)).await {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok((file.metadata().await?.len() == kept.size).then_some(file))
    }

    pub(super) async fn size(&self, sha256: &str) -> io::Result<Option<u64>> {
        match tokio::fs::metadata(self.place(sha256)).await {
            Ok(file) => Ok(Some(file.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn remove(&self, sha256: &str) -> io::Result<()> {
        match tokio::fs::remove_file(self.place(sha256)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Removes what a killed program was receiving, when it is older than this by the clock of the disk.
    pub(super) async fn clear_incoming(&self, older: std::time::Duration) -> io::Result<()> {
        let folder = self.root.join(INCOMING);
        let cleared = tokio::task::spawn_blocking(move || {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let entry = entry?;
                let age = entry.metadata()?.modified()?.elapsed().unwrap_or_default();
                if age > older {
                    fs::remove_file(entry.path())?;
                }
            }
            Ok::<_, io::Error>(())
        });
        match cleared.await.map_err(io::Error::other)? {
            // Another replica cleared it.
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

#[cfg(unix)]
fn measure(folder: &Path) -> io::Result<Space> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(Space { total: disk.f_blocks * disk.f_frsize, free: disk.f_bavail * disk.f_frsize })
}

/// Elsewhere nothing is measured, and a full disk refuses by itself.
#[cfg(not(unix))]
fn measure(_: &Path) -> io::Result<Space> {
    Ok(Space { total: 0, free: u64::MAX })
}

fn put(from: &Path, place: &Path, durable: bool) -> io::Result<()> {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder)?;
    if durable {
        fs::File::open(from)?.sync_all()?;
    }
    fs::rename(from, place)?;
    if durable {
        sync_folder(folder)?;
        folder.parent().map_or(Ok(()), sync_folder)?;
    }
    Ok(())
}

/// A name is on disk once its folder is.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}
