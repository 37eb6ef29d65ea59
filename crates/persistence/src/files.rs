//! The bytes of documents: files under the digest of what they hold, in a folder beside the database.
//!
//! Rules kept here:
//! - a file is received piece by piece under a temporary name, weighed and digested on the way, and given back piece by piece,
//!   digested again: what is not what was kept never comes whole;
//! - it is kept by a rename, once it is on disk; so a name is either nothing or the whole file;
//! - it is counted in `stored_files` before it is kept, and each row that comes to name it renews that date in its own
//!   transaction, or is not written. The sweep takes the count away first, under the same lock, and only if it is a day old
//!   and no row names it: what is being named is never swept, and what a killed program left is;
//! - files of before stand in the rows themselves until they are moved, and are read there meanwhile.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use domain::Instant;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use crate::documents::{Document, document_digest};
use crate::error::{Result, StoreError};
use crate::store::Store;

/// Bytes given back together.
const PIECE: usize = 64 * 1024;
/// Where files are received.
const INCOMING: &str = "incoming";
/// Files swept in one go.
const AT_ONCE: u64 = 200;

/// The folder of the bytes of documents; cheap to clone.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    /// Whether a file is on disk before it has its name.
    durable: bool,
}

/// A file under a temporary name, which goes with it.
#[derive(Debug)]
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        // Renamed, or out of reach: the sweep removes what stays.
        let _ = fs::remove_file(&self.0);
    }
}

/// A file being received.
#[derive(Debug)]
pub struct Incoming {
    temporary: Temporary,
    file: tokio::fs::File,
    digest: Sha256,
    size: u64,
}

/// A file received and not kept yet; dropped, it is gone.
#[derive(Debug)]
pub struct Staged {
    temporary: Temporary,
    kept: Kept,
}

/// A file kept, by the digest of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub sha256: String,
    pub size: u64,
}

/// The bytes of a document, piece by piece.
#[derive(Debug)]
pub struct Content {
    source: Source,
    document: Document,
    digest: Sha256,
    left: u64,
}

#[derive(Debug)]
enum Source {
    File(tokio::fs::File),
    Row(io::Cursor<Vec<u8>>),
}

impl Incoming {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// The disk does not take them.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.digest.update(piece);
        self.size += piece.len() as u64;
        Ok(self.file.write_all(piece).await?)
    }

    /// Bytes received so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The file, whole.
    ///
    /// # Errors
    /// The disk does not take it.
    pub async fn finish(mut self) -> Result<Staged> {
        self.file.flush().await?;
        let sha256 = data_encoding::HEXLOWER.encode(&self.digest.finalize());
        Ok(Staged { temporary: self.temporary, kept: Kept { sha256, size: self.size } })
    }
}

impl Staged {
    /// Its digest and size.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Opens it, to look at what it is.
    ///
    /// # Errors
    /// The disk does not answer.
    pub fn open(&self) -> io::Result<fs::File> {
        fs::File::open(&self.temporary.0)
    }
}

impl Content {
    /// Whose bytes these are.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The next bytes; the last ones come only once all are known to be those that were kept.
    ///
    /// # Errors
    /// They are not, or the disk does not answer.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        if self.left == 0 {
            return Ok(None);
        }
        let most = usize::try_from(self.left).unwrap_or(PIECE).min(PIECE);
        let mut piece = vec![0; most];
        let read = match &mut self.source {
            Source::File(file) => file.read(&mut piece).await?,
            Source::Row(bytes) => bytes.read(&mut piece).await?,
        };
        piece.truncate(read);
        self.digest.update(&piece);
        self.left -= read as u64;
        let whole = || data_encoding::HEXLOWER.encode(&self.digest.clone().finalize());
        if read == 0 || self.left == 0 && whole() != self.document.reference.sha256 {
            return Err(changed(&self.document));
        }
        Ok(Some(piece))
    }

    /// All the bytes.
    ///
    /// # Errors
    /// As [`Content::next`].
    pub async fn read(mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }
}

fn changed(document: &Document) -> StoreError {
    StoreError::inconsistent("documents", "sha256", document.id, "not the bytes of its digest")
}

impl Folder {
    pub(crate) fn new(root: &Path, durable: bool) -> Self {
        Self { root: root.to_owned(), durable }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Two letters of the digest make a folder, so that none holds too many.
    fn place(&self, sha256: &str) -> PathBuf {
        self.root.join(sha256.get(..2).unwrap_or_default()).join(sha256)
    }

    /// Begins to receive a file.
    ///
    /// # Errors
    /// The disk does not take it.
    pub async fn receive(&self) -> Result<Incoming> {
        let folder = self.root.join(INCOMING);
        tokio::fs::create_dir_all(&folder).await?;
        let temporary = Temporary(folder.join(Uuid::now_v7().to_string()));
        let file = tokio::fs::OpenOptions::new().write(true).create_new(true).open(&temporary.0).await?;
        Ok(Incoming { temporary, file, digest: Sha256::new(), size: 0 })
    }

    /// Gives a file its name.
    async fn put(&self, staged: Staged) -> Result<()> {
        let (place, durable) = (self.place(&staged.kept.sha256), self.durable);
        let written = tokio::task::spawn_blocking(move || put(&staged.temporary.0, &place, durable)).await;
        Ok(written.map_err(io::Error::other)??)
    }

    /// The file of a digest, if it has this size.
    async fn open(&self, kept: &Kept) -> Result<Option<tokio::fs::File>> {
        let file = match tokio::fs::File::open(self.place(&kept.sha256)).await {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok((file.metadata().await?.len() == kept.size).then_some(file))
    }

    async fn exists(&self, sha256: &str) -> Result<bool> {
        Ok(tokio::fs::try_exists(self.place(sha256)).await?)
    }

    /// Receives a file and drops it: the folder takes what comes.
    ///
    /// # Errors
    /// The disk does not take it.
    pub async fn try_out(&self) -> Result<()> {
        let mut incoming = self.receive().await?;
        incoming.write(b"jalon").await?;
        incoming.finish().await.map(drop)
    }

    async fn remove(&self, sha256: &str) -> Result<()> {
        match tokio::fs::remove_file(self.place(sha256)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Removes what a killed program was receiving, when it is older than this by the clock of the disk.
    async fn clear_incoming(&self, older: std::time::Duration) -> Result<()> {
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
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
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

impl Store {
    /// Keeps files received: counted first, then named.
    ///
    /// # Errors
    /// The store or its disk does not take them.
    pub async fn keep(&self, files: Vec<Staged>) -> Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let tx = self.begin_write().await?;
        let now = tx.now().await?;
        for file in &files {
            tx.count_file(&file.kept, now).await?;
        }
        tx.commit().await?;
        for file in files {
            self.files().put(file).await?;
        }
        Ok(())
    }

    /// Receives and keeps bytes at hand.
    ///
    /// # Errors
    /// The store or its disk does not take them.
    pub async fn keep_bytes(&self, bytes: &[u8]) -> Result<Kept> {
        let mut incoming = self.files().receive().await?;
        incoming.write(bytes).await?;
        let staged = incoming.finish().await?;
        let kept = staged.kept.clone();
        self.keep(vec![staged]).await?;
        Ok(kept)
    }

    /// The bytes of a document.
    ///
    /// # Errors
    /// They are missing or not those that were kept; the store does not answer.
    pub async fn content(&self, document: Document) -> Result<Content> {
        let kept = Kept { sha256: document.reference.sha256.clone(), size: document.size };
        let source = match self.files().open(&kept).await? {
            Some(file) => Source::File(file),
            None => {
                let tx = self.begin_read().await?;
                let bytes = tx.bytes_in_row(document.id).await?;
                let bytes = bytes.filter(|bytes| bytes.len() as u64 == document.size);
                Source::Row(io::Cursor::new(bytes.ok_or_else(|| changed(&document))?))
            }
        };
        Ok(Content { source, left: document.size, document, digest: Sha256::new() })
    }

    /// Whether the bytes of a document are somewhere, right or wrong.
    ///
    /// # Errors
    /// The store or its disk does not answer.
    pub async fn has_content(&self, document: &Document) -> Result<bool> {
        if self.files().exists(&document.reference.sha256).await? {
            return Ok(true);
        }
        let tx = self.begin_read().await?;
        Ok(tx.bytes_in_row(document.id).await?.is_some())
    }

    /// Of the latest documents, those whose bytes are missing or have another size.
    ///
    /// # Errors
    /// The store or its disk does not answer.
    pub async fn missing_files(&self, latest: u64) -> Result<Vec<Document>> {
        let tx = self.begin_read().await?;
        let documents = tx.latest_documents(latest).await?;
        tx.rollback().await?;
        let mut missing = Vec::new();
        for document in documents {
            match self.content(document.clone()).await {
                Ok(_) => {}
                Err(StoreError::Inconsistent(_)) => missing.push(document),
                Err(error) => return Err(error),
            }
        }
        Ok(missing)
    }

    /// Removes files that no row has named since an instant, a batch of them; how many.
    ///
    /// # Errors
    /// The store or its disk does not answer.
    pub async fn sweep_files(&self, before: Instant, older: std::time::Duration) -> Result<u64> {
        self.files().clear_incoming(older).await?;
        let tx = self.begin_read().await?;
        let old = tx.unnamed_files(before, AT_ONCE).await?;
        tx.rollback().await?;
        let mut swept = 0;
        for sha256 in old {
            let tx = self.begin_write().await?;
            if tx.forget_file(&sha256, before).await? {
                self.files().remove(&sha256).await?;
                tx.commit().await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Moves the bytes that still stand in rows to the folder, a batch of them; how many.
    ///
    /// # Errors
    /// The store or its disk does not answer.
    pub async fn move_files(&self) -> Result<u64> {
        let tx = self.begin_read().await?;
        let rows = tx.rows_with_bytes(AT_ONCE).await?;
        tx.rollback().await?;
        let mut moved = 0;
        for row in rows {
            let tx = self.begin_read().await?;
            let Some((sha256, bytes)) = tx.bytes_of(row).await? else { continue };
            tx.rollback().await?;
            // What is damaged stays where it is, and `verify` names it.
            if document_digest(&bytes) != sha256 {
                continue;
            }
            self.keep_bytes(&bytes).await?;
            let tx = self.begin_write().await?;
            tx.set_bytes(row, None).await?;
            tx.commit().await?;
            moved += 1;
        }
        Ok(moved)
    }

    /// Puts the bytes of every document in its row, from a folder: a copy that carries everything. The documents whose file
    /// is missing.
    ///
    /// # Errors
    /// The store or the disk does not answer.
    pub async fn embed_files(&self) -> Result<Vec<Document>> {
        let mut missing = Vec::new();
        let tx = self.begin_read().await?;
        let (documents, drafts) = (tx.all_documents().await?, tx.draft_rows().await?);
        tx.rollback().await?;
        for document in documents {
            let read = async { self.content(document.clone()).await?.read().await };
            match read.await {
                Ok(bytes) => self.embed(FileRow::Document(document.id.uuid()), bytes).await?,
                Err(StoreError::Inconsistent(_)) => missing.push(document),
                Err(error) => return Err(error),
            }
        }
        for (row, kept) in drafts {
            if let Some(mut file) = self.files().open(&kept).await? {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).await?;
                self.embed(row, bytes).await?;
            }
        }
        Ok(missing)
    }

    async fn embed(&self, row: FileRow, bytes: Vec<u8>) -> Result<()> {
        let tx = self.begin_write().await?;
        tx.set_bytes(row, Some(bytes)).await?;
        tx.commit().await
    }
}

/// A row that names a file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum FileRow {
    Document(Uuid),
    Draft(Uuid),
}
