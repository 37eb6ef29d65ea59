//! A program to be killed: plays paths and delivers messages on a database that the test prepared.
//!
//! `victim DATABASE MAIL-SERVER SCRIPT PATHS`. It prints a line for each answer it got, `done` and the events; once every path
//! has ended, `finished`; and it ends by itself when no message waits any more. Started again, it goes on.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use app::MessageState;
use app::worker::{self, WorkerSettings};
use tests::world::{Script, World, settings, transport};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, mail, script, paths] = arguments.as_slice() else {
        eprintln!("victim DATABASE MAIL-SERVER SCRIPT PATHS");
        return ExitCode::from(2);
    };
    let script = Arc::new(Script::from_json(&std::fs::read_to_string(script).expect("the script is there")));
    let app = World::another_app(database, settings()).await;
    let stop = CancellationToken::new();
    let pace = WorkerSettings {
        mail_interval: Duration::from_millis(5),
        rate_per_second: 1000,
        clock_interval: Duration::from_secs(60),
        deliveries: 2,
    };
    let worker = tokio::spawn(worker::run(app.clone(), Arc::new(transport(mail)), pace, stop.clone()));

    let mut playing = tokio::task::JoinSet::new();
    for rank in 0..paths.parse::<usize>().expect("a number of paths") {
        let (app, script) = (app.clone(), Arc::clone(&script));
        playing.spawn(async move {
            script
                .resume(&app, &format!("path-{rank}"), &|outcome| {
                    let events: Vec<String> = outcome.events.iter().map(|event| event.id.to_string()).collect();
                    say(&format!("done {}", events.join(" ")));
                })
                .await
        });
    }
    while let Some(played) = playing.join_next().await {
        if let Err(error) = played.expect("the script is played") {
            eprintln!("{error:?}");
            return ExitCode::FAILURE;
        }
    }
    say("finished");
    loop {
        let outbox = app.outbox().await.expect("the store answers");
        let waiting = |state: &MessageState| matches!(state, MessageState::Queued | MessageState::Sending);
        if !outbox.iter().any(|(state, _, _)| waiting(state)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.cancel();
    worker.await.expect("the worker ends by itself");
    ExitCode::SUCCESS
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever listens may be gone: then nobody is told.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
