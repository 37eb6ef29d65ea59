//! The driver of the browsers of a test binary: a process that ends with it.
//!
//! A shell stands between: it waits on its input, which closes when the test binary ends, however it ends, and then stops the
//! driver's own group of processes by its identifier.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

const DRIVER: &str = "/usr/bin/chromedriver";
const READY: &str = "started successfully on port ";

const KEEPER: &str =
    "setsid \"$0\" --port=0 --log-level=SEVERE 2>/dev/null & driver=$!; read -r _; kill -TERM \"-$driver\"";

#[derive(Debug)]
struct Started {
    address: String,
    /// Its input closes when this binary ends.
    _keeper: Child,
}

/// The address of the driver, started on the first call.
///
/// # Panics
/// There is no driver.
pub(super) fn address() -> &'static str {
    static STARTED: OnceLock<Started> = OnceLock::new();
    &STARTED.get_or_init(start).address
}

fn start() -> Started {
    // The client of the driver is built with the TLS of the product, which has no provider of its own; installed already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    assert!(
        std::path::Path::new(DRIVER).is_file(),
        "there is no {DRIVER}: install Debian's packages chromium and chromium-driver, or run tests/run"
    );
    let mut keeper = Command::new("/bin/sh")
        .args(["-c", KEEPER, DRIVER])
        // The browser's own words, where it has French ones.
        .env("LANGUAGE", "fr")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("there is a shell");
    let mut lines = BufReader::new(keeper.stdout.take().expect("its words are piped")).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, rest) = line.split_once(READY)?;
        rest.trim_end_matches('.').parse::<u16>().ok()
    });
    let port = port.unwrap_or_else(|| panic!("{DRIVER} does not start"));
    // What it says afterwards is nobody's.
    std::thread::spawn(move || lines.for_each(drop));
    Started { address: format!("http://127.0.0.1:{port}"), _keeper: keeper }
}
