//! A relay between the product and the server that counts round trips: how often the server says that it is ready.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The type of the message `ReadyForQuery`.
const READY: u8 = b'Z';

/// A relay on a port of its own.
#[derive(Debug)]
pub struct Relay {
    port: u16,
    ready: Arc<AtomicUsize>,
}

impl Relay {
    /// Relays to a port of the loopback.
    pub async fn to(server: u16) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let ready = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&ready);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(relay(client, server, Arc::clone(&count)));
            }
        });
        Ok(Self { port, ready })
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// How often the server said that it was ready.
    pub fn round_trips(&self) -> usize {
        self.ready.load(Ordering::SeqCst)
    }
}

async fn relay(client: TcpStream, server: u16, count: Arc<AtomicUsize>) -> std::io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move {
        let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        to_server.shutdown().await
    });
    loop {
        // Every message of the server: its type, its length with that of the length, its content.
        let kind = from_server.read_u8().await?;
        let length = from_server.read_u32().await?;
        let mut content = vec![0; length.saturating_sub(4) as usize];
        from_server.read_exact(&mut content).await?;
        if kind == READY {
            count.fetch_add(1, Ordering::SeqCst);
        }
        let mut message = Vec::with_capacity(content.len() + 5);
        message.push(kind);
        message.extend(length.to_be_bytes());
        message.extend(content);
        to_client.write_all(&message).await?;
    }
}
