//! `jalon serve` and `jalon worker`: the service that stays, until it is told to stop.
//!
//! One process serves pages, delivers messages, reads those that come back and watches deadlines; `--no-worker` and `jalon worker` part them. A stop
//! (SIGTERM, Ctrl-C) ends what is in hand within the time of the settings. Production does not start on a market whose prices
//! are not confirmed.

use std::io::IsTerminal;
use std::sync::Arc;

use app::App;
use app::worker::{self, WorkerSettings};
use notifier::returned::maildir::Maildir;
use notifier::transport::Transport;
use secrecy::ExposeSecret;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use web::{Listen, ReturnsSecret, ServeOptions};

use crate::exit::Exit;
use crate::failure::{About, Failure};
use crate::settings::{LogFormat, MailTransport, Settings};
use crate::wiring::{self, Global, Schema, Wired};

#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// L’adresse et le port écoutés (variable JALON_LISTEN)
    #[arg(long, value_name = "ADRESSE:PORT")]
    pub listen: Option<String>,
    /// N’envoie pas de courriels et ne surveille pas les délais : « jalon worker » s’en charge
    #[arg(long)]
    pub no_worker: bool,
}

/// Serves pages, and works unless told not to.
///
/// # Errors
/// The settings do not fit production, the store does not answer, the address is taken.
pub async fn serve(global: &Global, args: ServeArgs) -> Result<Exit, Failure> {
    let flags: Vec<_> = args.listen.into_iter().map(|listen| ("server.listen", listen)).collect();
    let settings = wiring::settings_with(global, &flags)?;
    log(&settings);
    let wired = wiring::wire(settings, Schema::Migrate).await?;
    ready(&wired).await?;
    let listener = tokio::net::TcpListener::bind(wired.settings.server.listen)
        .await
        .map_err(|error| cannot_listen(wired.settings.server.listen, &error))?;
    let stop = stop_on_signal();
    let transport = (!args.no_worker).then(|| wiring::transport(&wired.settings));
    announce(&wired.settings, &listener);
    run(wired, listener, transport, false, stop).await
}

/// Serves on a bound address until `stop` is cancelled, and works when there is a way for messages to leave; in a demo, anyone
/// may take the place of one of its people.
///
/// # Errors
/// The service ended by itself.
pub async fn run(
    wired: Wired,
    listener: tokio::net::TcpListener,
    transport: Option<Transport>,
    demo: bool,
    stop: CancellationToken,
) -> Result<Exit, Failure> {
    let Wired { settings, app } = wired;
    let metrics = web::install_metrics();
    let metrics = metrics.map_err(|error| {
        Failure::new(Exit::Other, "metrics", format!("Les mesures ne peuvent pas être tenues\u{a0}: {error}."))
    })?;
    let worker = transport.map(|transport| tokio::spawn(work(&settings, app.clone(), transport, stop.clone())));
    let options = ServeOptions {
        listen: Listen::Listener(listener),
        request_timeout: settings.server.request_timeout,
        body_limit: settings.server.body_limit,
        demo,
        pages: settings.server.pages.clone(),
        behind_relay: settings.server.behind_relay,
        returns: settings.mail.returns.secret.as_ref().map(|secret| ReturnsSecret::new(secret.expose_secret())),
        stop_timeout: settings.server.stop_timeout,
        metrics,
    };
    let served = web::serve(app.clone(), options, stop.clone()).await;
    stop.cancel();
    if let Some(worker) = worker {
        end(worker, &settings).await;
    }
    close(&app).await;
    served.map_err(|error| Failure::new(Exit::Other, "serve", format!("Le service s’est arrêté\u{a0}: {error}.")))?;
    Ok(Exit::Done)
}

/// Works without serving pages.
///
/// # Errors
/// The settings do not fit production, the store does not answer.
pub async fn worker(global: &Global) -> Result<Exit, Failure> {
    let settings = wiring::settings(global)?;
    log(&settings);
    let wired = wiring::wire(settings, Schema::Migrate).await?;
    ready(&wired).await?;
    let stop = stop_on_signal();
    let settings = &wired.settings;
    tracing::info!("worker started");
    let working = tokio::spawn(work(settings, wired.app.clone(), wiring::transport(settings), stop.clone()));
    stop.cancelled().await;
    end(working, settings).await;
    close(&wired.app).await;
    Ok(Exit::Done)
}

/// Everything that works beside the pages, until `stop` is cancelled.
fn work(
    settings: &Settings,
    app: App,
    transport: Transport,
    stop: CancellationToken,
) -> impl Future<Output = ()> + Send + 'static {
    let (pace, returns) = (pace(settings), settings.mail.returns.clone());
    async move {
        let reading = async {
            if let Some(folder) = returns.maildir {
                worker::read_returns(app.clone(), Maildir::new(folder), returns.interval, stop.clone()).await;
            }
        };
        tokio::join!(worker::run(app.clone(), Arc::new(transport), pace, stop.clone()), reading);
    }
}

/// How the worker works, from the settings.
pub fn pace(settings: &Settings) -> WorkerSettings {
    let deliveries = match &settings.mail.transport {
        MailTransport::Smtp(smtp) => smtp.max_connections,
        MailTransport::Folder(_) => 1,
    };
    WorkerSettings {
        mail_interval: settings.mail.interval,
        rate_per_second: settings.mail.rate_per_second,
        clock_interval: settings.clocks_interval,
        deliveries,
    }
}

/// What production asks before it starts.
async fn ready(wired: &Wired) -> Result<(), Failure> {
    if !wired.settings.production {
        return Ok(());
    }
    let markets = wired.app.markets().await.map_err(|error| Failure::app(error, About::Nothing))?;
    let unconfirmed: Vec<&str> = markets
        .iter()
        .filter(|status| status.current && !status.market.past && !status.market.prices_confirmed)
        .map(|status| status.market.code.as_str())
        .collect();
    if unconfirmed.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Configuration,
        "market_unconfirmed",
        format!(
            "Les prix du marché «\u{a0}{}\u{a0}» ne sont pas confirmés. Corrigez-les, écrivez prices_confirmed = true, puis «\u{a0}jalon config apply\u{a0}».",
            unconfirmed.join(", ")
        ),
    ))
}

/// The failure of an address that cannot be listened on.
pub fn cannot_listen(address: std::net::SocketAddr, error: &std::io::Error) -> Failure {
    let why = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            "elle est déjà prise. Choisissez-en une autre avec --listen ou JALON_LISTEN.".to_owned()
        }
        std::io::ErrorKind::AddrNotAvailable => {
            "elle n’est pas de cette machine. Donnez 127.0.0.1, ou l’une de ses adresses, avec --listen ou JALON_LISTEN.".to_owned()
        }
        std::io::ErrorKind::PermissionDenied => "ce port est réservé. Choisissez-en un au-dessus de 1024.".to_owned(),
        _ => format!("{error}."),
    };
    Failure::new(Exit::Configuration, "listen", format!("L’adresse {address} ne peut pas être écoutée\u{a0}: {why}"))
}

fn announce(settings: &Settings, listener: &tokio::net::TcpListener) {
    let address =
        listener.local_addr().map_or_else(|_| settings.server.listen.to_string(), |address| address.to_string());
    tracing::info!(%address, public_url = %settings.server.public_url, "serving");
    if std::io::stderr().is_terminal() {
        eprintln!("Jalon est ouvert\u{a0}: {} (Ctrl-C pour l’arrêter)", settings.server.public_url);
    }
}

/// A token that SIGTERM or Ctrl-C cancels.
pub fn stop_on_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let cancel = stop.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        tracing::info!("stopping");
        cancel.cancel();
    });
    stop
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}

async fn end(worker: tokio::task::JoinHandle<()>, settings: &Settings) {
    if tokio::time::timeout(settings.server.stop_timeout, worker).await.is_err() {
        tracing::warn!("the worker did not end in time; what it held is taken up again after its lease");
    }
}

async fn close(app: &App) {
    if let Err(error) = app.store().close().await {
        tracing::warn!(error = %error, "the store did not close");
    }
}

/// Starts the logs, on the standard error.
pub fn log(settings: &Settings) {
    // Migrations say at each start that there is nothing to do.
    let filter = EnvFilter::try_new(format!("sea_orm_migration=warn,{}", settings.log.filter))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process keeps the first.
    let started = match settings.log.format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text => builder.with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logs were started before");
    }
}
