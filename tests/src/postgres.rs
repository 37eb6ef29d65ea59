//! A throw-away PostgreSQL server on the loopback interface, for tests and benches.
//!
//! It runs Debian's binaries (installing them is the business of `tests/run`) in a temporary folder, as a user without
//! rights when the tests run as root, and is stopped, by its process identifier alone, when it is dropped. When
//! `tests/run` started one for the whole run, its address is in `JALON_TEST_POSTGRES` and is used instead.

use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Where the address of a server started for the whole run is found.
pub const SERVER: &str = "JALON_TEST_POSTGRES";

/// The user under which the server runs when the tests run as root: PostgreSQL refuses root.
const USER: &str = "jalon-test";

/// Whether the server waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fsync {
    /// As in production: for tests that kill the server, and for benches.
    On,
    /// Fast: what a crash would lose is of no interest.
    Off,
}

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Cluster {
    port: u16,
    folder: TempDir,
    binaries: PathBuf,
    setpriv: Option<[String; 2]>,
    fsync: Fsync,
}

/// Where the server of a test is: its own, or the one of the whole run.
#[derive(Debug)]
pub enum Server {
    Own(Cluster),
    OfTheRun(String),
}

impl Server {
    /// The server of the whole run when there is one, else a new one without fsync.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn find_or_start() -> io::Result<Self> {
        match std::env::var(SERVER) {
            Ok(address) => Ok(Self::OfTheRun(address)),
            Err(_) => Ok(Self::Own(Cluster::start(Fsync::Off)?)),
        }
    }

    /// The address of the administrative database.
    pub fn address(&self) -> String {
        match self {
            Self::Own(cluster) => cluster.address(),
            Self::OfTheRun(address) => address.clone(),
        }
    }
}

impl Cluster {
    /// Makes and starts a server of its own.
    ///
    /// # Errors
    /// PostgreSQL is not installed, or does not start.
    pub fn start(fsync: Fsync) -> io::Result<Self> {
        let binaries = binaries()?;
        let folder = tempfile::Builder::new().prefix("jalon-postgres-").tempdir()?;
        let setpriv = if is_root()? { Some(unprivileged(folder.path())?) } else { None };
        let mut cluster = Self { port: free_port()?, folder, binaries, setpriv, fsync };
        let data = cluster.data();
        cluster.tool(
            "initdb",
            &["-A", "trust", "--no-sync", "-U", "jalon", "-E", "UTF8", "--locale=C.UTF-8", "-D", &data],
        )?;
        // Another program may take the free port first.
        for _ in 0..3 {
            if cluster.resume().is_ok() {
                return Ok(cluster);
            }
            cluster.port = free_port()?;
        }
        cluster.resume()?;
        Ok(cluster)
    }

    /// The address of the administrative database.
    pub fn address(&self) -> String {
        self.database("postgres")
    }

    /// The address of a database of this server.
    pub fn database(&self, name: &str) -> String {
        format!("postgres://jalon@127.0.0.1:{}/{name}", self.port)
    }

    /// Where the server keeps its data, and where its programs run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The process identifier of the server while it runs.
    pub fn pid(&self) -> Option<u32> {
        let file = std::fs::read_to_string(self.folder.path().join("data/postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok()
    }

    /// Starts the server again after [`Cluster::stop`], on the same port and data.
    ///
    /// # Errors
    /// The server does not start.
    pub fn resume(&self) -> io::Result<()> {
        let socket = self.folder.path().display();
        let fsync = if self.fsync == Fsync::On { "on" } else { "off" };
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories={socket} -c fsync={fsync} \
             -c synchronous_commit={fsync} -c full_page_writes={fsync} -c max_connections=200",
            self.port
        );
        let log = self.folder.path().join("log").display().to_string();
        self.tool("pg_ctl", &["-w", "-D", &self.data(), "-l", &log, "-o", &options, "start"]).map(drop)
    }

    /// Stops the server in PostgreSQL's mode `smart`, `fast` or `immediate`, the last as a crash would.
    ///
    /// # Errors
    /// The server does not stop.
    pub fn stop(&self, mode: &str) -> io::Result<()> {
        self.tool("pg_ctl", &["-w", "-D", &self.data(), "-m", mode, "stop"]).map(drop)
    }

    /// Runs one of PostgreSQL's programs, `pgbench` for instance, and returns what it printed.
    ///
    /// # Errors
    /// The program is not there or fails; what it said is in the error.
    pub fn tool(&self, program: &str, arguments: &[&str]) -> io::Result<String> {
        let path = self.binaries.join(program);
        let mut command = match &self.setpriv {
            None => Command::new(&path),
            Some(ids) => {
                let mut command = Command::new("setpriv");
                command.args(ids).arg("--clear-groups").arg(&path);
                command
            }
        };
        // The server inherits the streams of `pg_ctl`: what is not a file would keep the caller waiting for its end.
        let out = std::fs::File::create(self.folder.path().join(format!("{program}.out")))?;
        let status = command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stderr(out.try_clone()?)
            .stdout(out)
            .status()?;
        let said = std::fs::read_to_string(self.folder.path().join(format!("{program}.out")))?;
        if status.success() { Ok(said) } else { Err(io::Error::other(format!("{program}: {status}: {said}"))) }
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.pid().is_some() {
            // Nothing can be told from here; the folder goes away with its data either way.
            let _ = self.stop("immediate");
        }
    }
}

/// A port of the loopback interface that nobody listens on.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The newest of Debian's installations.
fn binaries() -> io::Result<PathBuf> {
    let missing = |_| io::Error::other("PostgreSQL is not installed: tests/run installs it");
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .map_err(missing)?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin"))).filter(|(_, path)| path.join("initdb").exists())
        })
        .collect();
    versions.sort();
    versions
        .pop()
        .map(|(_, path)| path)
        .ok_or_else(|| io::Error::other("PostgreSQL is not installed: tests/run installs it"))
}

fn is_root() -> io::Result<bool> {
    Ok(printed(Command::new("id").arg("-u"))? == "0")
}

/// Makes the user without rights when it is missing, gives it the folder, and returns the options of `setpriv`.
fn unprivileged(folder: &Path) -> io::Result<[String; 2]> {
    if printed(Command::new("id").args(["-u", USER])).is_err() {
        // Another test may be making it at this moment: what counts is that it is there afterwards.
        let _ = printed(Command::new("useradd").args(["--system", "--no-create-home", USER]));
    }
    let user = printed(Command::new("id").args(["-u", USER]))?;
    let group = printed(Command::new("id").args(["-g", USER]))?;
    printed(Command::new("chown").arg(format!("{user}:{group}")).arg(folder))?;
    Ok([format!("--reuid={user}"), format!("--regid={group}")])
}

fn printed(command: &mut Command) -> io::Result<String> {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output()?;
    if !status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_answers_comes_back_after_a_crash_and_stops_when_dropped() {
        let cluster = Cluster::start(Fsync::Off).unwrap();
        let answer = |cluster: &Cluster| cluster.tool("psql", &["-Atc", "SELECT 6 * 7", &cluster.address()]);
        assert_eq!(answer(&cluster).unwrap().trim(), "42");
        cluster.stop("immediate").unwrap();
        assert_eq!(cluster.pid(), None);
        assert!(answer(&cluster).is_err());
        cluster.resume().unwrap();
        assert_eq!(answer(&cluster).unwrap().trim(), "42");
        let port = cluster.port;
        drop(cluster);
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}
