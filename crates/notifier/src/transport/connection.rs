//! One connection to the mail server: opened, encrypted, signed in, ready for messages.
//!
//! Rules kept here:
//! - the socket sends at once (`TCP_NODELAY`): the mail library writes the closing dot of a message apart, and would otherwise
//!   wait 40 ms for the acknowledgement of the rest;
//! - STARTTLS is spoken here, on the bare socket, so that not one byte said in clear is believed once encrypted;
//! - a password leaves in clear towards this machine only;
//! - everything that fails before a message is temporary, whatever the server's code.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use lettre::transport::smtp::{
    Error as SmtpError,
    authentication::Mechanism,
    client::{AsyncSmtpConnection, AsyncTokioStream},
    extension::ClientId,
};
use rustls::{
    ClientConfig,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use rustls_platform_verifier::Verifier;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::{TcpStream, lookup_host},
    time::{Instant, timeout_at},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{DeliveryError, Security, SmtpSettings};

const MAX_REPLY: usize = 16 * 1024;

/// Opens connections as the settings say.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    settings: Arc<SmtpSettings>,
}

impl Connector {
    pub(super) fn new(settings: Arc<SmtpSettings>) -> Self {
        Self { settings }
    }

    /// A connection that takes messages, opened before the deadline.
    ///
    /// # Errors
    /// Always temporary: a server that cannot be reached, believed or signed in to may be tomorrow.
    pub(super) async fn open(&self, deadline: Instant) -> Result<AsyncSmtpConnection, DeliveryError> {
        let settings = &self.settings;
        let stage = |limit: Duration| deadline.min(Instant::now() + limit);
        let socket = within(stage(settings.timeouts.connect), "connection", self.connect()).await?;
        let greeting = settings.timeouts.greeting;
        let channel = match settings.security {
            Security::Clear => Channel::clear(socket),
            Security::Implicit => within(stage(greeting), "encryption", self.encrypt(socket, b"")).await?,
            Security::StartTls | Security::Opportunistic => {
                within(stage(greeting), "encryption", self.start_tls(socket)).await?
            }
        };
        let encrypted = channel.is_encrypted();
        let hello = ClientId::Domain(settings.hello.clone());
        let mut connection = within(stage(greeting), "greeting", async {
            AsyncSmtpConnection::connect_with_transport(Box::new(channel), &hello)
                .await
                .map_err(|error| temporary("greeting", &error))
        })
        .await?;
        if let Some(credentials) = &settings.credentials {
            if !encrypted && !settings.password_may_travel_in_clear() {
                return Err(DeliveryError::temporary(
                    "the server offers no encryption and the password does not travel in clear",
                ));
            }
            within(stage(greeting), "sign-in", async {
                connection
                    .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                    .await
                    .map_err(|error| temporary("sign-in", &error))
            })
            .await?;
        }
        Ok(connection)
    }

    async fn connect(&self) -> Result<TcpStream, DeliveryError> {
        let settings = &self.settings;
        let addresses = lookup_host((settings.host.as_str(), settings.port))
            .await
            .map_err(|error| DeliveryError::temporary(format!("name of the server: {error}")))?;
        let mut last = DeliveryError::temporary("the name of the server leads to no address");
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(socket) => {
                    socket
                        .set_nodelay(true)
                        .map_err(|error| DeliveryError::temporary(format!("connection: {error}")))?;
                    return Ok(socket);
                }
                Err(error) => last = DeliveryError::temporary(format!("connection: {error}")),
            }
        }
        Err(last)
    }

    async fn encrypt(&self, socket: TcpStream, greeting: &'static [u8]) -> Result<Channel, DeliveryError> {
        let refused = |error: String| DeliveryError::temporary(format!("encryption: {error}"));
        let name = ServerName::try_from(self.settings.host.clone()).map_err(|error| refused(error.to_string()))?;
        let config = self.tls().map_err(|error| refused(error.to_string()))?;
        let peer = socket.peer_addr().map_err(|error| refused(error.to_string()))?;
        let stream = TlsConnector::from(Arc::new(config))
            .connect(name, socket)
            .await
            .map_err(|error| refused(error.to_string()))?;
        Ok(Channel { stream: Stream::Encrypted(Box::new(stream)), greeting, peer })
    }

    fn tls(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(ring::default_provider());
        let roots = self.settings.extra_roots.iter().map(|der| CertificateDer::from(der.clone()));
        let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider))?;
        Ok(ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth())
    }

    /// Greets in clear, asks for encryption, and starts again on the encrypted channel.
    async fn start_tls(&self, mut socket: TcpStream) -> Result<Channel, DeliveryError> {
        let reply = read_reply(&mut socket).await?;
        expect(&reply, 220, "greeting")?;
        let reply = ask(&mut socket, &format!("EHLO {}\r\n", self.settings.hello)).await?;
        expect(&reply, 250, "EHLO")?;
        let offered = reply
            .text
            .lines()
            .any(|line| line.get(4..).is_some_and(|word| word.trim().eq_ignore_ascii_case("STARTTLS")));
        if !offered {
            return match self.settings.security {
                Security::Opportunistic => Ok(Channel { greeting: GREETED, ..Channel::clear(socket) }),
                Security::StartTls | Security::Implicit | Security::Clear => {
                    Err(DeliveryError::temporary("the server offers no encryption, nothing was sent"))
                }
            };
        }
        let reply = ask(&mut socket, "STARTTLS\r\n").await?;
        expect(&reply, 220, "STARTTLS")?;
        self.encrypt(socket, GREETED).await
    }
}

/// The greeting was read in clear; the mail library is given this one in its place.
const GREETED: &[u8] = b"220 ready\r\n";

async fn within<T>(
    deadline: Instant,
    stage: &str,
    work: impl Future<Output = Result<T, DeliveryError>>,
) -> Result<T, DeliveryError> {
    timeout_at(deadline, work)
        .await
        .unwrap_or_else(|_| Err(DeliveryError::temporary(format!("{stage}: no answer in time"))))
}

/// Everything the mail library reports before a message is temporary.
fn temporary(stage: &str, error: &SmtpError) -> DeliveryError {
    DeliveryError::Temporary {
        code: error.status().map(u16::from),
        reason: super::one_line(&format!("{stage}: {error}")),
    }
}

struct Reply {
    code: u16,
    text: String,
}

async fn ask(socket: &mut TcpStream, command: &str) -> Result<Reply, DeliveryError> {
    socket
        .write_all(command.as_bytes())
        .await
        .map_err(|error| DeliveryError::temporary(format!("network: {error}")))?;
    read_reply(socket).await
}

/// One whole reply, and nothing after it: what follows unasked was put there by someone else.
async fn read_reply(socket: &mut TcpStream) -> Result<Reply, DeliveryError> {
    let mut bytes = Vec::with_capacity(256);
    loop {
        if let Some((code, end)) = complete_reply(&bytes)? {
            if end < bytes.len() {
                return Err(DeliveryError::temporary("the server spoke before it was asked, nothing was sent"));
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            return Ok(Reply { code, text });
        }
        if bytes.len() > MAX_REPLY {
            return Err(DeliveryError::temporary("the answer of the server is too long"));
        }
        let read =
            socket.read_buf(&mut bytes).await.map_err(|error| DeliveryError::temporary(format!("network: {error}")))?;
        if read == 0 {
            return Err(DeliveryError::temporary("the server closed the connection"));
        }
    }
}

/// The code of the first reply in these bytes and where it ends, once its last line is there.
fn complete_reply(bytes: &[u8]) -> Result<Option<(u16, usize)>, DeliveryError> {
    let mut start = 0;
    while let Some(length) = bytes[start..].iter().position(|&byte| byte == b'\n') {
        let line = &bytes[start..start + length];
        let code = line
            .get(..3)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| digits.parse::<u16>().ok())
            .filter(|code| (200..600).contains(code))
            .ok_or_else(|| DeliveryError::temporary("the server does not speak SMTP"))?;
        start += length + 1;
        if line.get(3) != Some(&b'-') {
            return Ok(Some((code, start)));
        }
    }
    Ok(None)
}

fn expect(reply: &Reply, code: u16, stage: &str) -> Result<(), DeliveryError> {
    if reply.code == code {
        Ok(())
    } else {
        Err(DeliveryError::Temporary {
            code: Some(reply.code),
            reason: super::one_line(&format!("{stage}: {}", reply.text)),
        })
    }
}

/// What the mail library reads and writes: the socket, encrypted or not.
#[derive(Debug)]
struct Channel {
    stream: Stream,
    greeting: &'static [u8],
    peer: SocketAddr,
}

#[derive(Debug)]
enum Stream {
    Clear(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Channel {
    fn clear(socket: TcpStream) -> Self {
        let peer = socket.peer_addr().unwrap_or_else(|_| SocketAddr::from(([0, 0, 0, 0], 0)));
        Self { stream: Stream::Clear(socket), greeting: b"", peer }
    }

    fn is_encrypted(&self) -> bool {
        match self.stream {
            Stream::Clear(_) => false,
            Stream::Encrypted(_) => true,
        }
    }
}

impl AsyncTokioStream for Channel {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.peer)
    }
}

impl AsyncRead for Channel {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.greeting.is_empty() {
            let (now, later) = self.greeting.split_at(self.greeting.len().min(buf.remaining()));
            buf.put_slice(now);
            self.greeting = later;
            return Poll::Ready(Ok(()));
        }
        match &mut self.stream {
            Stream::Clear(socket) => Pin::new(socket).poll_read(cx, buf),
            Stream::Encrypted(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Channel {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Clear(socket) => Pin::new(socket).poll_write(cx, bytes),
            Stream::Encrypted(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Clear(socket) => Pin::new(socket).poll_flush(cx),
            Stream::Encrypted(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Clear(socket) => Pin::new(socket).poll_shutdown(cx),
            Stream::Encrypted(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
