//! An S3 service on the loopback interface: it checks signatures and keeps objects as files of a folder, which a test reads
//! and damages; told to, it goes away or stays silent, then comes back at the same address.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use persistence::BucketOptions;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::{Body, HttpError, HttpResponse};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// The bucket that is there.
pub const BUCKET: &str = "jalon";
const ACCESS_KEY: &str = "JALON";
const SECRET_KEY: &str = "a secret key of the tests";
/// How long a test bears silence.
pub const SILENCE: Duration = Duration::from_millis(600);

/// How the service takes connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Answers,
    /// Connections are cut at once.
    Cuts,
    /// Connections are taken, and nothing is ever said.
    Silent,
}

/// The service; it goes with this value.
#[derive(Debug)]
pub struct S3Server {
    root: TempDir,
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    accepting: AbortHandle,
}

#[derive(Debug)]
struct State {
    mood: Mood,
    open: Vec<AbortHandle>,
}

impl S3Server {
    /// A service with an empty bucket.
    ///
    /// # Panics
    /// The machine has no loopback interface or no disk.
    pub async fn start() -> Self {
        let root = tempfile::tempdir().expect("a folder for the objects");
        std::fs::create_dir(root.path().join(BUCKET)).expect("a bucket is a folder");
        let mut service = S3ServiceBuilder::new(FileSystem::new(root.path()).expect("the folder is there"));
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its number");
        let state = Arc::new(Mutex::new(State { mood: Mood::Answers, open: Vec::new() }));
        let accepting = tokio::spawn(accept(listener, service, state.clone())).abort_handle();
        Self { root, address, state, accepting }
    }

    /// How to reach the bucket.
    pub fn options(&self) -> BucketOptions {
        BucketOptions {
            endpoint: format!("http://{}", self.address),
            region: "us-east-1".to_owned(),
            bucket: BUCKET.to_owned(),
            access_key: ACCESS_KEY.to_owned(),
            secret_key: SECRET_KEY.to_owned(),
            prefix: "documents".to_owned(),
            path_style: true,
            silence: SILENCE,
        }
    }

    /// Changes the mood of the service; connections that are open are cut.
    pub fn is(&self, mood: Mood) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.mood = mood;
        state.open.drain(..).for_each(|open| open.abort());
    }

    /// The objects of the bucket, as files.
    pub fn objects(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.root.path().join(BUCKET)];
        let mut objects = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    objects.push(entry.path());
                }
            }
        }
        objects.sort();
        objects
    }

    /// The file of the object of a digest.
    pub fn object(&self, sha256: &str) -> PathBuf {
        self.root.path().join(BUCKET).join("documents").join(&sha256[..2]).join(sha256)
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.accepting.abort();
        self.is(Mood::Cuts);
    }
}

async fn accept(listener: TcpListener, service: S3Service, state: Arc<Mutex<State>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match state.mood {
            Mood::Cuts => continue,
            Mood::Silent => tokio::spawn(silent(stream)),
            Mood::Answers => {
                let service = service.clone();
                let answering = service_fn(move |request| answer(service.clone(), request));
                let serving = http1::Builder::new().serve_connection(TokioIo::new(stream), answering);
                tokio::spawn(async move {
                    // The client may leave in the middle.
                    let _ = serving.await;
                })
            }
        };
        state.open.push(open.abort_handle());
    }
}

/// The service on a folder makes any bucket that is written to; others know those that are there.
async fn answer(service: S3Service, request: Request<Incoming>) -> Result<HttpResponse, HttpError> {
    if request.uri().path().split('/').nth(1) == Some(BUCKET) {
        return service.call(request.map(Body::from)).await;
    }
    let mut absent = Response::new(Body::from("<Error><Code>NoSuchBucket</Code></Error>".to_owned()));
    *absent.status_mut() = StatusCode::NOT_FOUND;
    Ok(absent)
}

async fn silent(stream: TcpStream) {
    std::future::pending::<()>().await;
    drop(stream);
}
