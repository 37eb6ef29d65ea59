//! An S3-compatible bucket for the bytes of documents, under the names that they would have in the folder.
//!
//! Rules kept here:
//! - what is put again goes whole over itself: one name, one content;
//! - heavy files go up by parts, two at a time, so that none is whole in memory; what fails is taken back;
//! - every wait is bounded by the silence that is borne, and what failed at once is tried again twice, in less than that;
//! - a bucket that is not there, or lets nobody in, is a trouble of the bucket: no file is said to be missing for it.

use std::io::{self, ErrorKind};
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::buffered::BufWriter;
use object_store::client::{HttpError, HttpErrorKind};
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, Error, GetResult, ObjectStoreExt, RetryConfig};
use tokio::io::AsyncWriteExt;
use tokio_util::io::StreamReader;
use uuid::Uuid;

use super::{Kept, Reader, folded};

/// Bytes of a part, and of the heaviest file that goes up at once: the least that S3 takes.
const PART: usize = 5 * 1024 * 1024;
/// Parts on their way at once.
const PARTS: usize = 2;
/// The longest that a connection may take.
const CONNECT: Duration = Duration::from_secs(3);

/// How to reach a bucket.
#[derive(Clone)]
pub struct BucketOptions {
    /// The service, without the bucket: `https://s3.example`.
    pub endpoint: String,
    pub region: String,
    pub bucket: String,
    pub access_key: String,
    pub secret_key: String,
    /// What precedes the names of files.
    pub prefix: String,
    /// The bucket is named in the path, else before the host.
    pub path_style: bool,
    /// How long the service may stay silent.
    pub silence: Duration,
}

impl std::fmt::Debug for BucketOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BucketOptions").field("bucket", &self.bucket).finish_non_exhaustive()
    }
}

/// The bucket; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    store: Arc<AmazonS3>,
    name: String,
    prefix: Path,
}

impl Bucket {
    /// # Errors
    /// The address or the names are none.
    pub(super) fn new(options: &BucketOptions) -> io::Result<Self> {
        // The client of HTTP has no provider of its own; another part of the program may have chosen the same one first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let endpoint = if options.path_style {
            options.endpoint.clone()
        } else {
            options.endpoint.replacen("://", &format!("://{}.", options.bucket), 1)
        };
        let client = ClientOptions::new()
            // A reader may be slow: what is bounded is the silence of the service, not the whole.
            .with_timeout_disabled()
            .with_read_timeout(options.silence)
            .with_connect_timeout(options.silence.min(CONNECT))
            .with_allow_http(endpoint.starts_with("http://"));
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(1),
                base: 2.0,
            },
            max_retries: 2,
            retry_timeout: options.silence / 2,
        };
        let store = AmazonS3Builder::new()
            .with_endpoint(endpoint)
            .with_virtual_hosted_style_request(!options.path_style)
            .with_region(&options.region)
            .with_bucket_name(&options.bucket)
            .with_access_key_id(&options.access_key)
            .with_secret_access_key(&options.secret_key)
            .with_client_options(client)
            .with_retry(retry)
            // Not every service takes many at once.
            .with_disable_bulk_delete(true)
            .build();
        Ok(Self {
            store: Arc::new(store.map_err(told)?),
            name: options.bucket.clone(),
            prefix: Path::parse(options.prefix.trim_matches('/')).map_err(|error| told(error.into()))?,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn place(&self, sha256: &str) -> Path {
        let (few, name) = folded(sha256);
        self.prefix.clone().join(few).join(name)
    }

    pub(super) async fn put(&self, file: &FilePath, sha256: &str) -> io::Result<()> {
        let mut file = tokio::fs::File::open(file).await?;
        let mut up = BufWriter::with_capacity(self.store.clone(), self.place(sha256), PART).with_max_concurrency(PARTS);
        if let Err(error) = tokio::io::copy(&mut file, &mut up).await {
            // What stays of it, when the bucket no longer answers, goes by its own rule.
            let _ = up.abort().await;
            return Err(of_writer(error));
        }
        up.shutdown().await.map_err(of_writer)
    }

    async fn get(&self, place: &Path) -> io::Result<Option<GetResult>> {
        match self.store.get(place).await {
            Ok(found) => Ok(Some(found)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(told(error)),
        }
    }

    pub(super) async fn open(&self, kept: &Kept) -> io::Result<Option<Reader>> {
        let found = self.get(&self.place(&kept.sha256)).await?.filter(|found| found.meta.size == kept.size);
        Ok(found.map(|found| Box::new(StreamReader::new(found.into_stream())) as Reader))
    }

    pub(super) async fn size(&self, sha256: &str) -> io::Result<Option<u64>> {
        let place = self.place(sha256);
        match self.store.head(&place).await {
            Ok(found) => Ok(Some(found.size)),
            // Without a body, this answer does not say what is absent.
            Err(Error::NotFound { .. }) => Ok(self.get(&place).await?.map(|found| found.meta.size)),
            Err(error) => Err(told(error)),
        }
    }

    pub(super) async fn remove(&self, sha256: &str) -> io::Result<()> {
        self.delete(&self.place(sha256)).await
    }

    async fn delete(&self, place: &Path) -> io::Result<()> {
        match self.store.delete(place).await {
            Err(error) if !is_absent(&error) => Err(told(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Puts an object that no document could be, reads it, and removes it.
    pub(super) async fn try_out(&self) -> io::Result<()> {
        let place = self.prefix.clone().join("try-out").join(Uuid::now_v7().to_string());
        self.store.put(&place, b"jalon".as_slice().into()).await.map_err(told)?;
        if self.get(&place).await?.is_none() {
            return Err(io::Error::other("what was put is not there"));
        }
        self.delete(&place).await
    }
}

/// The object is not there, and its bucket is.
fn is_absent(error: &Error) -> bool {
    // The client keeps the code of the service in the text of its answer only.
    matches!(error, Error::NotFound { .. }) && !error.to_string().contains("NoSuchBucket")
}

/// What went wrong, of the kind that a person may act on.
fn told(error: Error) -> io::Error {
    let kind = match &error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => ErrorKind::PermissionDenied,
        Error::NotFound { .. } => ErrorKind::NotFound,
        error => silence(error).unwrap_or(ErrorKind::Other),
    };
    io::Error::new(kind, error)
}

/// The writer gives the errors of the bucket as its own.
fn of_writer(error: io::Error) -> io::Error {
    match error.downcast::<Error>() {
        Ok(error) => told(error),
        Err(error) => error,
    }
}

/// Whether nobody answered.
fn silence(error: &Error) -> Option<ErrorKind> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(http) = error.downcast_ref::<HttpError>() {
            return match http.kind() {
                HttpErrorKind::Connect => Some(ErrorKind::NotConnected),
                HttpErrorKind::Timeout => Some(ErrorKind::TimedOut),
                _ => None,
            };
        }
        cause = error.source();
    }
    None
}
