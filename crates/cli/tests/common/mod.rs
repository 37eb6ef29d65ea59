//! A folder with the program in it, its store on a fixed clock.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A throw-away folder in which the program runs.
pub struct Jalon {
    folder: tempfile::TempDir,
    database: String,
}

impl Jalon {
    pub fn new() -> Self {
        Self::on("sqlite://jalon.db")
    }

    /// A folder whose store is elsewhere in it.
    pub fn on(database: &str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: database.to_owned() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the program on its store, with nothing else of the environment.
    #[allow(dead_code, reason = "each test program uses its part of this module")]
    pub fn run(&self, line: &[&str]) -> Output {
        self.prepared(Command::new(env!("CARGO_BIN_EXE_jalon")).args(line)).output().unwrap()
    }

    /// Runs a line as a shell would, with the program at hand.
    #[allow(dead_code, reason = "each test program uses its part of this module")]
    pub fn shell(&self, line: &str) -> Output {
        let program = PathBuf::from(env!("CARGO_BIN_EXE_jalon"));
        let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
        self.prepared(Command::new("/bin/sh").args(["-c", &format!("exec 2>&1\n{line}")]))
            .env("PATH", path)
            .output()
            .unwrap()
    }

    fn prepared<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.env_clear().env("JALON_DATABASE_URL", &self.database).current_dir(self.path())
    }

    /// Monday 23 November 2026, 9.00: what is said does not depend on the day it is tested.
    #[allow(dead_code, reason = "each test program uses its part of this module")]
    pub fn set_clock(&self) {
        let key = std::fs::read(self.path().join("secret.key")).unwrap();
        let url = format!("sqlite://{}", self.path().join("jalon.db").display());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = persistence::Store::connect(&persistence::StoreOptions::new(url, key)).await.unwrap();
            let day = domain::Day::from_ymd_opt(2026, 11, 23).unwrap();
            let moved = domain::calendar::at_paris(day, 9, 0) - store.store_now().await.unwrap();
            let tx = store.begin_write().await.unwrap();
            tx.set_clock_offset(moved).await.unwrap();
            tx.commit().await.unwrap();
            store.close().await.unwrap();
        });
    }
}
