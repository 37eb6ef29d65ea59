//! The same load on a SQLite file, beside the rate at which that disk takes commits of one row each.

use std::time::Instant;

use sea_orm::ConnectionTrait;
use tests::world::{Database, Home};

use crate::Plan;
use crate::load::{self, Load};
use crate::usage::{Usage, per_transition};

/// Commits of one row, for the limit.
const COMMITS: usize = 500;

/// Plays the load; whether it could.
pub async fn run(plan: Plan) -> bool {
    println!("\nSQLite in a file: write-ahead log, synchronous = FULL, one writer at a time");
    let home = Home::new(Database::Sqlite).await.expect("a file is always possible");
    let each = plan.each();
    let ready = load::prepare(home.url(), plan.callers, each * plan.callers * plan.rounds).await;
    let (mut all, mut client, mut least) = (0.0, 0.0, 0.0);
    for round in 0..plan.rounds {
        let load = Load::connect(home.url(), &ready, plan.callers).await;
        let before = Usage::now(None).expect("the system tells what was used");
        let seconds = load.play(round * each, each).await;
        client += Usage::now(None).expect("the system tells what was used").since(&before).own;
        load.close().await;
        let commits = commits(&home, if plan.quick { COMMITS / 10 } else { COMMITS }).await;
        let rate = plan.transitions() as f64 / seconds;
        println!(
            "round {}: {rate:.0} transitions/s, bare commits {commits:.0}/s, ratio {:.2}",
            round + 1,
            rate / commits
        );
        all += seconds;
        least += plan.transitions() as f64 / commits;
    }
    let transitions = plan.transitions() * plan.rounds;
    println!("all: {:.0} transitions/s, ratio {:.2}", transitions as f64 / all, least / all);
    println!("processor time per transition: {}", per_transition(client, transitions));
    home.remove().await;
    true
}

/// How many transactions of one row each the disk takes in a second.
async fn commits(home: &Home, count: usize) -> f64 {
    let connection = home.connect().await;
    connection.execute_unprepared("PRAGMA synchronous = FULL").await.expect("a setting of the connection");
    let start = Instant::now();
    for number in 0..count {
        let statement = format!(
            "BEGIN IMMEDIATE; INSERT INTO settings (name, value) VALUES ('bench', '{number}') \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value; COMMIT"
        );
        connection.execute_unprepared(&statement).await.expect("the file takes a row");
    }
    let rate = count as f64 / start.elapsed().as_secs_f64();
    connection.close().await.expect("the connection closes");
    rate
}
