//! The bytes of documents: files under the digest of what they hold, in a folder beside the database or in a bucket.
//!
//! Rules kept here:
//! - a file is received piece by piece under a temporary name, always in the folder, weighed and digested on the way, and
//!   given back piece by piece, digested again: what is not what was kept never comes whole;
//! - it is kept whole or not at all, in the folder by a rename, in a bucket by one request or one set of parts; so a name is
//!   either nothing or the whole file;
//! - it is counted in `stored_files` before it is kept, and each row that comes to name it renews that date in its own
//!   transaction, or is not written. The sweep takes the count away first, under the same lock, and only if it is a day old
//!   and no row names it: what is being named is never swept, and what a killed program left is;
//! - files of before stand in the rows themselves until they are moved, and are read there meanwhile.

mod bucket;
mod folder;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use domain::Instant;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

pub use bucket::BucketOptions;

use crate::documents::{Document, document_digest};
use crate::error::{Result, StoreError};
use crate::store::{Store, StoreOptions};

use bucket::Bucket;
pub(crate) use folder::Folder;
#[cfg(test)]
pub(crate) use folder::Space;

/// Bytes given back together.
const PIECE: usize = 64 * 1024;
/// Files swept in one go.
const AT_ONCE: u64 = 200;

/// Where the bytes of documents are received and kept; cheap to clone.
#[derive(Debug, Clone)]
pub struct Files {
    /// Where they are received, and kept when there is no bucket.
    folder: Folder,
    bucket: Option<Bucket>,
}

/// What gives the bytes of a file.
type Reader = Box<dyn AsyncRead + Send + Unpin>;

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
    /// Bytes that the disk takes before its reserve.
    room: u64,
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
pub struct Content {
    source: Reader,
    document: Document,
    digest: Sha256,
    left: u64,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Content").field("document", &self.document).field("left", &self.left).finish_non_exhaustive()
    }
}

impl Incoming {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// The disk does not take them, or would fall under its reserve.
    pub async fn write(&mut self, piece: &[u8]) -> Result<()> {
        self.digest.update(piece);
        self.size += piece.len() as u64;
        if self.size > self.room {
            return Err(folder::full().into());
        }
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
        let read = self.source.read(&mut piece).await?;
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

impl Files {
    /// # Errors
    /// The address or the names of the bucket are none.
    pub(crate) fn new(options: &StoreOptions) -> Result<Self> {
        let folder = Folder::new(&options.documents, !options.disposable, options.reserve_percent);
        let bucket = options.bucket.as_ref().map(Bucket::new).transpose()?;
        Ok(Self { folder, bucket })
    }

    /// The folder where files are received, and kept when there is no bucket.
    pub fn root(&self) -> &Path {
        self.folder.root()
    }

    /// The name of the bucket where they are kept.
    pub fn bucket(&self) -> Option<&str> {
        self.bucket.as_ref().map(Bucket::name)
    }

    /// Begins to receive a file.
    ///
    /// # Errors
    /// The disk does not take it, or is down to its reserve.
    pub async fn receive(&self) -> Result<Incoming> {
        Ok(self.folder.receive().await?)
    }

    /// Receives a file and drops it, keeps an object and removes it: what comes is taken.
    ///
    /// # Errors
    /// The disk or the bucket does not take it.
    pub async fn try_out(&self) -> Result<()> {
        let mut incoming = self.receive().await?;
        incoming.write(b"jalon").await?;
        incoming.finish().await?;
        match &self.bucket {
            Some(bucket) => Ok(bucket.try_out().await?),
            None => Ok(()),
        }
    }

    /// Gives a file its name.
    async fn put(&self, staged: Staged) -> Result<()> {
        match &self.bucket {
            Some(bucket) => Ok(bucket.put(&staged.temporary.0, &staged.kept.sha256).await?),
            None => Ok(self.folder.put(staged).await?),
        }
    }

    /// The file of a digest, if it has this size.
    async fn open(&self, kept: &Kept) -> Result<Option<Reader>> {
        match &self.bucket {
            Some(bucket) => Ok(bucket.open(kept).await?),
            None => Ok(self.folder.open(kept).await?.map(|file| Box::new(file) as Reader)),
        }
    }

    /// How heavy the file of a digest is, if it is there.
    async fn size(&self, sha256: &str) -> Result<Option<u64>> {
        match &self.bucket {
            Some(bucket) => Ok(bucket.size(sha256).await?),
            None => Ok(self.folder.size(sha256).await?),
        }
    }

    async fn remove(&self, sha256: &str) -> Result<()> {
        match &self.bucket {
            Some(bucket) => Ok(bucket.remove(sha256).await?),
            None => Ok(self.folder.remove(sha256).await?),
        }
    }
}

/// Two letters of the digest make a folder, so that none holds too many.
fn folded(sha256: &str) -> (&str, &str) {
    (sha256.get(..2).unwrap_or_default(), sha256)
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
            Some(file) => file,
            None => {
                let tx = self.begin_read().await?;
                let bytes = tx.bytes_in_row(document.id).await?;
                let bytes = bytes.filter(|bytes| bytes.len() as u64 == document.size);
                Box::new(io::Cursor::new(bytes.ok_or_else(|| changed(&document))?))
            }
        };
        Ok(Content { source, left: document.size, document, digest: Sha256::new() })
    }

    /// Whether the bytes of a document are somewhere, right or wrong.
    ///
    /// # Errors
    /// The store or its disk does not answer.
    pub async fn has_content(&self, document: &Document) -> Result<bool> {
        if self.files().size(&document.reference.sha256).await?.is_some() {
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
            if self.files().size(&document.reference.sha256).await? == Some(document.size) {
                continue;
            }
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
        self.files().folder.clear_incoming(older).await?;
        let tx = self.begin_read().await?;
        let old = tx.unnamed_files(before, AT_ONCE).await?;
        tx.rollback().await?;
        let mut swept = 0;
        for sha256 in old {
            // What does not answer says so here, before a writer of SQLite keeps the others waiting for it.
            self.files().size(&sha256).await?;
            let tx = self.begin_write().await?;
            if tx.forget_file(&sha256, before).await? {
                self.files().remove(&sha256).await?;
                tx.commit().await?;
                swept += 1;
            }
        }
        Ok(swept)
    }

    /// Moves the bytes that still stand in rows to where files are kept, a batch of them; how many.
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

    /// Puts the bytes of every document in its row: a copy that carries everything. The documents whose file is missing.
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
