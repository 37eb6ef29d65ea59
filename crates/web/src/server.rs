//! The server: connections with limits against slow clients, and a stop that ends what is in hand.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use app::App;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use metrics_exporter_prometheus::PrometheusHandle;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{PageOptions, ReturnsSecret, assemble};

/// A client that takes longer to send its headers, or to ask again on an open connection, is cut.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Most bytes of the first line and the headers.
const HEADER_BYTES: usize = 64 * 1024;
/// Pause after a connection could not be taken: the system has no more of them for now.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// The other end of a connection: the one who asks, or the relay in front of the program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub IpAddr);

/// Where to listen.
#[derive(Debug)]
pub enum Listen {
    Address(SocketAddr),
    /// Bound already: the caller knows its port.
    Listener(TcpListener),
}

/// How pages are served.
#[derive(Debug)]
pub struct ServeOptions {
    pub listen: Listen,
    pub request_timeout: Duration,
    pub body_limit: usize,
    /// The store is an example: anyone may take the place of one of its people.
    pub demo: bool,
    /// As in [`PageOptions`].
    pub pages: Option<PathBuf>,
    pub behind_relay: bool,
    pub returns: Option<ReturnsSecret>,
    /// At a stop, how long requests and writes in hand have to end.
    pub stop_timeout: Duration,
    pub metrics: PrometheusHandle,
}

/// Why pages are not served.
#[derive(Debug, Error)]
pub enum ServeError {
    #[error("listening on {address} failed")]
    Listen { address: SocketAddr, source: io::Error },
}

/// Serves until `shutdown` is cancelled, then ends what is in hand.
///
/// # Errors
/// The address cannot be listened on.
pub async fn serve(app: App, options: ServeOptions, shutdown: CancellationToken) -> Result<(), ServeError> {
    let listener = match options.listen {
        Listen::Listener(listener) => listener,
        Listen::Address(address) => {
            TcpListener::bind(address).await.map_err(|source| ServeError::Listen { address, source })?
        }
    };
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "listening");
    }
    let writes = TaskTracker::new();
    let pages = PageOptions {
        request_timeout: options.request_timeout,
        body_limit: options.body_limit,
        demo: options.demo,
        pages: options.pages,
        behind_relay: options.behind_relay,
        returns: options.returns,
        metrics: options.metrics,
    };
    let router = assemble(app, pages, writes.clone());
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => connect(stream, Peer(peer.ip()), router.clone(), &connections),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be taken");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    writes.close();
    let ended = timeout(options.stop_timeout, async {
        connections.shutdown().await;
        writes.wait().await;
    });
    if ended.await.is_err() {
        tracing::warn!("requests were still in hand when the time to stop was over");
    }
    Ok(())
}

fn connect(stream: TcpStream, peer: Peer, router: Router, connections: &GracefulShutdown) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "small packets may wait");
    }
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN).max_buf_size(HEADER_BYTES);
    let service = TowerToHyperService::new(
        tower::ServiceBuilder::new()
            .map_request(move |mut request: hyper::Request<Incoming>| {
                request.extensions_mut().insert(peer);
                request.map(Body::new)
            })
            .service(router),
    );
    let connection = connections.watch(server.serve_connection(TokioIo::new(stream), service));
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
