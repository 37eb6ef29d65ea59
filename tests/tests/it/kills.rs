//! A process killed at any moment, again and again: nothing is lost, nothing is done twice, mail follows; and a row edited by
//! hand is found.
//!
//! `JALON_SEED` chooses the moments; a failure prints the seed.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::identifiers::EventId;
use persistence::Finding;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use sea_orm::{ConnectionTrait, DbBackend};
use tests::smtp::{Act, Rule, SmtpServer, Stage};
use tests::world::{Home, Script, Setup, World};

use crate::invariants::{Allowed, check_all, messages, paths};
use crate::kit::on_both;

const PATHS: usize = 11;
/// Messages that a victim may have in hand.
const IN_HAND: usize = 2;
const PATIENCE: Duration = Duration::from_secs(60);

/// A process to be killed, with what it says.
struct Victim {
    process: Child,
    lines: Receiver<String>,
}

impl Victim {
    fn start(home: &Home, server: &SmtpServer, script: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_victim"))
            .args([home.url(), &server.url(), script, &PATHS.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the victim starts");
        let out = BufReader::new(process.stdout.take().expect("its output is piped"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self { process, lines }
    }

    /// Reads answers until there are so many, or until it is finished; true when finished.
    fn listen(&self, most: usize, answered: &mut Vec<EventId>) -> bool {
        for _ in 0..most {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) if line == "finished" => return true,
                Ok(line) => note(&line, answered),
                Err(error) => panic!("the victim says nothing: {error}"),
            }
        }
        false
    }

    /// Kills it, and reads what it had said before.
    fn kill(mut self, answered: &mut Vec<EventId>) {
        self.process.kill().expect("it still runs");
        self.process.wait().expect("it is dead");
        while let Ok(line) = self.lines.recv_timeout(Duration::from_secs(5)) {
            note(&line, answered);
        }
    }

    fn end(mut self) {
        let start = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().expect("it can be waited for") {
                assert!(status.success(), "{status}");
                return;
            }
            if start.elapsed() > PATIENCE {
                self.process.kill().expect("it still runs");
                panic!("the victim does not end");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn note(line: &str, answered: &mut Vec<EventId>) {
    let events = line.strip_prefix("done ").into_iter().flat_map(|events| events.split(' '));
    answered.extend(events.map(|event| event.parse::<EventId>().expect("an event")));
}

fn seed() -> u64 {
    std::env::var("JALON_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2026)
}

async fn l17_nothing_is_lost_and_nothing_done_twice(world: World, home: &Home) {
    let seed = seed();
    println!("JALON_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let server = SmtpServer::start().await;
    // Long enough for a kill to find messages in hand.
    server.add(Rule::at(Stage::AfterDot, Act::Wait(Duration::from_millis(8))));
    let (script, model) = Script::of_a_path(&world).await;
    assert!(script.transitions() * PATHS >= 200, "{} transitions a path", script.transitions());
    let folder = tempfile::tempdir().expect("a folder for the script");
    let file = folder.path().join("script.json");
    std::fs::write(&file, script.to_json()).expect("the script is written");
    let file = file.display().to_string();

    let (mut answered, mut kills) = (Vec::new(), 0);
    loop {
        let victim = Victim::start(home, &server, &file);
        let answers = random.random_range(8..40);
        if victim.listen(answers, &mut answered) {
            // What a killed one had in hand is let go when its lease ends.
            world.wait(TimeDelta::minutes(10)).await;
            victim.end();
            break;
        }
        std::thread::sleep(Duration::from_micros(random.random_range(0..15_000)));
        victim.kill(&mut answered);
        kills += 1;
    }
    assert!(kills >= 4, "{kills} kills");

    let all = paths(&world).await;
    assert_eq!(all.len(), PATHS + 1);
    let kinds = |journal: &[domain::path::Recorded]| -> Vec<&'static str> {
        journal.iter().map(|event| event.event.kind()).collect()
    };
    let told = all.iter().find(|told| told.path.id == model.id).expect("the model is there");
    let everything = messages(&world).await;
    let letters = |path: &domain::path::Path| {
        let of_path = everything.iter().filter(|message| message.content.about.path == Some(path.id));
        let mut letters: Vec<(String, String)> =
            of_path.map(|message| (message.content.kind.clone(), message.content.to.email.to_string())).collect();
        letters.sort();
        letters
    };
    for other in &all {
        assert_eq!(kinds(&other.journal), kinds(&told.journal), "the journal of {}", other.path.reference);
        assert_eq!(letters(&other.path), letters(&model), "the messages of {}", other.path.reference);
    }
    let journal: BTreeSet<EventId> = all.iter().flat_map(|told| &told.journal).map(|event| event.id).collect();
    for event in &answered {
        assert!(journal.contains(event), "event {event} was answered done and is gone");
    }
    println!("{kills} kills, {} messages, {} copies", everything.len(), server.received().len() - everything.len());
    check_all(&world, Some(&server), Allowed { copies: kills * IN_HAND, waiting: false }).await;
}
on_both!(killed, Setup::default(), l17_nothing_is_lost_and_nothing_done_twice);

async fn a_row_edited_by_hand_is_found(world: World, home: &Home) {
    let path = world.reach(domain::path::State::Feasible).await;
    let untouched = world.reach(domain::path::State::FeasibilityOrdered).await;
    assert_eq!(world.app.store().verify(&|_, _| {}).await.expect("the store answers"), []);
    let database = home.connect().await;
    let edit = format!(
        "UPDATE events SET payload = replace(payload, '\"persons_wanted\":2', '\"persons_wanted\":3') \
         WHERE seq = 1 AND stream_id IN (SELECT id FROM paths WHERE reference = '{}')",
        path.reference
    );
    let refused = database.execute_unprepared(&edit).await;
    assert!(refused.is_err(), "the journal takes no change");
    let open = match database.get_database_backend() {
        DbBackend::Sqlite => "DROP TRIGGER events_no_update",
        DbBackend::Postgres => "ALTER TABLE events DISABLE TRIGGER USER",
        other => panic!("{other:?} is not a store of Jalon"),
    };
    database.execute_unprepared(open).await.expect("whoever owns the database may drop a trigger");
    let edited = database.execute_unprepared(&edit).await.expect("then a row may be edited");
    assert_eq!(edited.rows_affected(), 1);
    let findings = world.app.store().verify(&|_, _| {}).await.expect("the store answers");
    let reference = path.reference.to_string();
    let broken = findings.iter().any(|finding| {
        matches!(finding, Finding::BrokenChain { stream, seq: 1 } if stream.reference.as_deref() == Some(&reference))
    });
    assert!(broken, "{findings:?}");
    let other = untouched.reference.to_string();
    assert!(findings.iter().all(|finding| !finding.to_string().contains(&other)), "{findings:?}");
}
on_both!(edited_by_hand, Setup::default(), a_row_edited_by_hand_is_found);
