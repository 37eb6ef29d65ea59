//! One conversation of the server: SMTP as a relay speaks it, bent where an instruction says so.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::SystemTime,
};

use data_encoding::BASE64;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    net::TcpStream,
    sync::watch,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{Act, Received, Shared, Stage};

/// Why a conversation ends before its time: the peer left, or an instruction said so.
struct Over;

impl From<io::Error> for Over {
    fn from(_: io::Error) -> Self {
        Self
    }
}

/// What happens after a stage.
enum Next {
    /// The plain answer was given.
    Accepted,
    /// Something else was said; the stage did not succeed.
    Refused,
}

pub(super) async fn converse(
    socket: TcpStream,
    shared: Arc<Shared>,
    implicit: Option<TlsAcceptor>,
    start_tls: Option<TlsAcceptor>,
    number: usize,
) {
    let peer = match implicit {
        Some(acceptor) => match acceptor.accept(socket).await {
            Ok(stream) => Peer::Encrypted(Box::new(stream)),
            Err(_) => return,
        },
        None => Peer::Clear(socket),
    };
    let session = Session {
        peer,
        dismissal: shared.dismissal.subscribe(),
        shared,
        start_tls,
        number,
        buffer: Vec::new(),
        user: None,
        from: None,
        to: Vec::new(),
    };
    // A conversation that was cut is a result like another: the tests look at what was taken.
    let _ = session.run().await;
}

struct Session {
    peer: Peer,
    dismissal: watch::Receiver<Option<String>>,
    shared: Arc<Shared>,
    start_tls: Option<TlsAcceptor>,
    number: usize,
    buffer: Vec<u8>,
    user: Option<String>,
    from: Option<String>,
    to: Vec<String>,
}

impl Session {
    async fn run(mut self) -> Result<(), Over> {
        self.stage(Stage::Greeting, None, "220 localhost ESMTP").await?;
        loop {
            let line = self.command().await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" | "HELO" => self.ehlo().await?,
                "STARTTLS" => self = self.start_tls().await?,
                "AUTH" => self.auth(rest).await?,
                "MAIL" => self.mail(rest).await?,
                "RCPT" => self.rcpt(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.forget();
                    self.say("250 2.0.0 reset").await?;
                }
                "NOOP" => self.say("250 2.0.0 here").await?,
                "QUIT" => {
                    self.say("221 2.0.0 bye").await?;
                    return Ok(());
                }
                _ => self.say("502 5.5.2 unknown command").await?,
            }
        }
    }

    async fn ehlo(&mut self) -> Result<(), Over> {
        let mut lines = vec!["250-localhost".to_owned(), "250-8BITMIME".to_owned()];
        if self.start_tls.is_some() && !self.peer.is_encrypted() {
            lines.push("250-STARTTLS".to_owned());
        }
        if self.shared.options.account.is_some() {
            lines.push("250-AUTH PLAIN LOGIN".to_owned());
        }
        lines.push("250 SIZE 10485760".to_owned());
        self.forget();
        self.stage(Stage::Ehlo, None, &lines.join("\r\n")).await?;
        Ok(())
    }

    async fn start_tls(mut self) -> Result<Self, Over> {
        let Some(acceptor) = self.start_tls.clone() else {
            self.say("502 5.5.1 not offered").await?;
            return Ok(self);
        };
        match self.stage(Stage::StartTls, None, "220 2.0.0 go ahead").await? {
            Next::Refused => return Ok(self),
            Next::Accepted => {}
        }
        let Peer::Clear(socket) = self.peer else {
            return Err(Over);
        };
        let stream = acceptor.accept(socket).await?;
        Ok(Self { peer: Peer::Encrypted(Box::new(stream)), buffer: Vec::new(), ..self })
    }

    async fn auth(&mut self, rest: &str) -> Result<(), Over> {
        let Some((user, password)) = self.shared.options.account.clone() else {
            return self.say("503 5.5.1 no sign-in here").await;
        };
        let given = rest.split_once(' ').map_or("", |(_, given)| given);
        let expected = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
        let answer = if given == expected { "235 2.7.0 signed in" } else { "535 5.7.8 wrong user or password" };
        if let Next::Accepted = self.stage(Stage::Auth, Some(&user), answer).await? {
            self.user = (given == expected).then_some(user);
        }
        Ok(())
    }

    async fn mail(&mut self, rest: &str) -> Result<(), Over> {
        if self.shared.options.account.is_some() && self.user.is_none() {
            return self.say("530 5.7.0 sign in first").await;
        }
        let from = address(rest);
        if let Next::Accepted = self.stage(Stage::Mail, Some(&from), "250 2.1.0 ok").await? {
            self.forget();
            self.from = Some(from);
        }
        Ok(())
    }

    async fn rcpt(&mut self, rest: &str) -> Result<(), Over> {
        if self.from.is_none() {
            return self.say("503 5.5.1 MAIL first").await;
        }
        let to = address(rest);
        if let Next::Accepted = self.stage(Stage::Rcpt, Some(&to), "250 2.1.5 ok").await? {
            self.to.push(to);
        }
        Ok(())
    }

    async fn data(&mut self) -> Result<(), Over> {
        let (Some(from), Some(first)) = (self.from.clone(), self.to.first().cloned()) else {
            return self.say("503 5.5.1 RCPT first").await;
        };
        match self.stage(Stage::Data, Some(&first), "354 go ahead").await? {
            Next::Refused => return Ok(()),
            Next::Accepted => {}
        }
        let cut = match self.shared.act(Stage::Body, Some(&first)) {
            Some(Act::CutAfter(bytes)) => Some(bytes),
            Some(act) => {
                self.play(act, "").await?;
                None
            }
            None => None,
        };
        let raw = self.text(cut).await?;
        let message = Received {
            from,
            to: self.to.clone(),
            raw,
            at: SystemTime::now(),
            encrypted: self.peer.is_encrypted(),
            user: self.user.clone(),
            connection: self.number,
        };
        self.forget();
        let taken = "250 2.0.0 taken";
        match self.shared.act(Stage::AfterDot, Some(&first)) {
            None => {
                self.shared.keep(message);
                self.say(taken).await
            }
            Some(act @ (Act::Wait(_) | Act::Trickle(_))) => {
                self.shared.keep(message);
                self.play(act, taken).await.map(|_| ())
            }
            Some(Act::TakeAndClose) => {
                self.shared.keep(message);
                Err(Over)
            }
            Some(Act::TakeAndHang) => {
                self.shared.keep(message);
                self.play(Act::Hang, taken).await.map(|_| ())
            }
            Some(act) => self.play(act, taken).await.map(|_| ()),
        }
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    /// Answers plainly, or does as an instruction says.
    async fn stage(&mut self, stage: Stage, address: Option<&str>, plain: &str) -> Result<Next, Over> {
        match self.shared.act(stage, address) {
            Some(act) => self.play(act, plain).await,
            None => {
                self.say(plain).await?;
                Ok(Next::Accepted)
            }
        }
    }

    async fn play(&mut self, act: Act, plain: &str) -> Result<Next, Over> {
        match act {
            Act::Reply(line) => {
                self.say(&line).await?;
                Ok(if line.starts_with(['2', '3']) { Next::Accepted } else { Next::Refused })
            }
            Act::ReplyAndClose(line) => {
                self.say(&line).await?;
                Err(Over)
            }
            Act::Close | Act::TakeAndClose => Err(Over),
            Act::Reset | Act::CutAfter(_) => {
                self.peer.socket().set_zero_linger()?;
                Err(Over)
            }
            Act::Hang | Act::TakeAndHang => {
                // Until the other side gives up.
                let mut ignored = [0; 1024];
                while self.peer.read(&mut ignored).await? > 0 {}
                Err(Over)
            }
            Act::Wait(pause) => {
                tokio::time::sleep(pause).await;
                self.say(plain).await?;
                Ok(Next::Accepted)
            }
            Act::Trickle(pause) => {
                for byte in format!("{plain}\r\n").bytes() {
                    self.peer.write_all(&[byte]).await?;
                    self.peer.flush().await?;
                    tokio::time::sleep(pause).await;
                }
                Ok(Next::Accepted)
            }
            Act::HalfClose => {
                self.peer.shutdown().await?;
                let mut ignored = [0; 1024];
                while self.peer.read(&mut ignored).await? > 0 {}
                Err(Over)
            }
            Act::Garbage(bytes) => {
                self.peer.write_all(&bytes).await?;
                self.peer.flush().await?;
                Ok(Next::Refused)
            }
            Act::Inject(bytes) => {
                let whole = [plain.as_bytes(), b"\r\n", &bytes].concat();
                self.peer.write_all(&whole).await?;
                self.peer.flush().await?;
                Ok(Next::Accepted)
            }
        }
    }

    async fn say(&mut self, line: &str) -> Result<(), Over> {
        self.peer.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.peer.flush().await?;
        Ok(())
    }

    /// The next command, unless the server dismisses whoever waits.
    async fn command(&mut self) -> Result<String, Over> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\r\n") {
                let rest = self.buffer.split_off(end + 2);
                let line = std::mem::replace(&mut self.buffer, rest);
                return Ok(String::from_utf8_lossy(&line[..end]).into_owned());
            }
            tokio::select! {
                read = self.peer.read_buf(&mut self.buffer) => {
                    if read? == 0 {
                        return Err(Over);
                    }
                }
                changed = self.dismissal.changed() => {
                    let line = match changed {
                        Ok(()) => self.dismissal.borrow().clone(),
                        Err(_) => None,
                    };
                    if let Some(line) = line {
                        self.say(&line).await?;
                    }
                    return Err(Over);
                }
            }
        }
    }

    /// The text up to the closing dot, its added dots removed; cut with a reset when told.
    async fn text(&mut self, cut: Option<usize>) -> Result<Vec<u8>, Over> {
        const END: &[u8] = b"\r\n.\r\n";
        loop {
            if cut.is_some_and(|bytes| self.buffer.len() >= bytes) {
                self.peer.socket().set_zero_linger()?;
                return Err(Over);
            }
            if let Some(end) = self.buffer.windows(END.len()).position(|five| five == END) {
                let rest = self.buffer.split_off(end + END.len());
                let mut raw = std::mem::replace(&mut self.buffer, rest);
                raw.truncate(end + 2);
                return Ok(undotted(&raw));
            }
            if self.peer.read_buf(&mut self.buffer).await? == 0 {
                return Err(Over);
            }
        }
    }
}

/// Removes the dot added before each line that starts with one.
fn undotted(raw: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(raw.len());
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        plain.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
    }
    plain
}

/// The address between angle brackets.
fn address(argument: &str) -> String {
    let inner =
        argument.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(argument, |(inner, _)| inner);
    inner.trim().to_owned()
}

/// The other side, in clear or encrypted.
#[derive(Debug)]
enum Peer {
    Clear(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Peer {
    fn is_encrypted(&self) -> bool {
        match self {
            Self::Clear(_) => false,
            Self::Encrypted(_) => true,
        }
    }

    fn socket(&self) -> &TcpStream {
        match self {
            Self::Clear(socket) => socket,
            Self::Encrypted(stream) => stream.get_ref().0,
        }
    }
}

impl AsyncRead for Peer {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Clear(socket) => Pin::new(socket).poll_read(cx, buf),
            Self::Encrypted(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Peer {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Clear(socket) => Pin::new(socket).poll_write(cx, bytes),
            Self::Encrypted(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Clear(socket) => Pin::new(socket).poll_flush(cx),
            Self::Encrypted(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Clear(socket) => Pin::new(socket).poll_shutdown(cx),
            Self::Encrypted(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
