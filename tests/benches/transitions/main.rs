//! Transitions through the use cases, beside pgbench sending the same statements to the same server in the same run.
//!
//! What is compared, and how:
//! - 16 callers (each waits for its answer before it asks again) lead paths of two lots through eight steps that staff take
//!   every day ([`load::STEPS`]): people, messages, reminders, idempotency keys, a unit drawn, a place of the lot taken;
//! - the server's own log gives the statements of those steps; pgbench sends them one by one, prepared, in 16 clients, to a
//!   copy of the same database, with keys of its own, so that every statement finds and changes the rows it should: in the
//!   end both databases must hold as many rows of each kind;
//! - rounds alternate, and the ratio is the median of the rounds: other programs on the machine disturb one or the other;
//! - the server waits for the disk (fsync, synchronous commit, full pages), for both.
//!
//! `cargo bench -p tests --bench transitions` takes some minutes and fails below [`LEAST_RATIO`]. With `--quick`, in any
//! profile, it plays few paths, judges no speed, and fails when a transition takes more statements than [`MOST_STATEMENTS`].

mod capture;
mod load;
mod pgbench;
mod sqlite;
mod usage;
mod wire;

use std::io;
use std::process::ExitCode;

use tests::postgres::{Cluster, Fsync};

use capture::Sample;
use load::{Load, STEPS};
use usage::{Usage, per_transition};

/// The rate of pgbench that the product must reach.
const LEAST_RATIO: f64 = 0.6;
/// Statements of a transition, `BEGIN` and `COMMIT` included, the mean of the eight steps: lower it when they become fewer.
const MOST_STATEMENTS: f64 = 9.125;
/// Round trips of a transition: the driver adds one of its own when it takes a connection back, after the answer, so that one
/// of the path before may be counted as well.
const MOST_ROUND_TRIPS: f64 = 10.25;

/// How much is played.
#[derive(Debug, Clone, Copy)]
struct Plan {
    quick: bool,
    callers: usize,
    paths: usize,
    rounds: usize,
}

impl Plan {
    fn read() -> Result<Self, String> {
        let mut plan = Self { quick: false, callers: 16, paths: 10_000, rounds: 5 };
        let (mut paths, mut arguments) = (None, std::env::args().skip(1));
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let value = arguments.next().and_then(|value| value.parse().ok()).filter(|number| *number > 0);
                value.ok_or_else(|| format!("{argument} takes a number"))
            };
            match argument.as_str() {
                "--quick" => plan.quick = true,
                "--callers" => plan.callers = number()?,
                "--paths" => paths = Some(number()?),
                "--rounds" => plan.rounds = number()?,
                // Cargo says so to every bench.
                "--bench" => {}
                other => return Err(format!("{other} is not known: --quick, --callers N, --paths N, --rounds N")),
            }
        }
        if plan.quick {
            (plan.paths, plan.rounds) = (64, 1);
        }
        plan.paths = paths.unwrap_or(plan.paths);
        if plan.each() == 0 {
            return Err("there are fewer paths than callers in a round need".to_owned());
        }
        Ok(plan)
    }

    /// Paths of each of the four kinds that a caller leads in a round.
    fn each(&self) -> usize {
        self.paths / (load::KINDS * self.callers * self.rounds)
    }

    /// Transitions of a round.
    fn transitions(&self) -> usize {
        self.each() * self.callers * load::KINDS * STEPS
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let plan = match Plan::read() {
        Ok(plan) => plan,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    match run(plan).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(plan: Plan) -> io::Result<bool> {
    println!(
        "{} callers, {} paths, {} rounds of {} transitions; {} processors for client and server together{}",
        plan.callers,
        plan.paths,
        plan.rounds,
        plan.transitions(),
        std::thread::available_parallelism()?,
        if cfg!(debug_assertions) { "; not optimised" } else { "" },
    );
    let mut passed = postgres(plan).await?;
    passed &= sqlite::run(plan).await;
    Ok(passed)
}

/// What a contender did in all its rounds.
#[derive(Debug, Default)]
struct Total {
    seconds: f64,
    client: f64,
    server: f64,
}

impl Total {
    fn add(&mut self, seconds: f64, client: f64, server: f64) {
        self.seconds += seconds;
        self.client += client;
        self.server += server;
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { f64::midpoint(values[middle - 1], values[middle]) } else { values[middle] }
}

async fn postgres(plan: Plan) -> io::Result<bool> {
    let cluster = Cluster::start(Fsync::On)?;
    capture::keep_a_log(&cluster)?;
    println!("\nPostgreSQL on the loopback: fsync on, synchronous_commit on, full_page_writes on");
    let home = tests::world::Home::on_server(&cluster.address()).await;
    let ready = load::prepare(home.url(), plan.callers, plan.each() * plan.callers * plan.rounds).await;
    let samples = capture::samples(&cluster, home.url(), &ready).await?;
    let statements = samples.iter().map(Sample::statements).sum::<usize>() as f64 / (load::KINDS * STEPS) as f64;
    let trips = samples.iter().map(|sample| sample.round_trips).sum::<usize>() as f64 / (load::KINDS * STEPS) as f64;
    println!(
        "one transition: {statements:.2} statements (server's log, BEGIN and COMMIT included), {trips:.2} round trips \
         (times the server said it was ready, on the wire)"
    );
    for step in samples[0].steps.iter().chain(&samples[1].steps) {
        println!("  {:<20} {:>2}", step.name, step.statements.len());
    }

    let copy = pgbench::Copy::of(&cluster, home.url(), &samples, &ready, plan.callers)?;
    let (mut ours, mut theirs) = (Total::default(), Total::default());
    let each = plan.each();
    let mut ratios = Vec::with_capacity(plan.rounds);
    for round in 0..plan.rounds {
        let load = Load::connect(home.url(), &ready, plan.callers).await;
        pgbench::checkpoint(&cluster)?;
        let before = Usage::now(cluster.pid())?;
        let seconds = load.play(round * each, each).await;
        let used = Usage::now(cluster.pid())?.since(&before);
        load.close().await;
        ours.add(seconds, used.own, used.server);
        let rate = plan.transitions() as f64 / seconds;

        pgbench::checkpoint(&cluster)?;
        let before = Usage::now(cluster.pid())?;
        let limit = copy.play(&cluster, plan.callers, round * each, each)?;
        let used = Usage::now(cluster.pid())?.since(&before);
        theirs.add(plan.transitions() as f64 / limit, used.children, used.server);
        ratios.push(rate / limit);
        println!("round {}: {rate:.0} transitions/s, pgbench {limit:.0}, ratio {:.2}", round + 1, rate / limit);
    }
    let all = plan.transitions() * plan.rounds;
    let ratio = median(&mut ratios);
    println!(
        "all: {:.0} transitions/s, pgbench {:.0}, median ratio {ratio:.2}",
        all as f64 / ours.seconds,
        all as f64 / theirs.seconds
    );
    println!("processor time per transition, client and server:");
    println!("  jalon    {} {}", per_transition(ours.client, all), per_transition(ours.server, all));
    println!("  pgbench  {} {}", per_transition(theirs.client, all), per_transition(theirs.server, all));

    let same = copy.compare(&cluster, home.url())?;
    let few = statements <= MOST_STATEMENTS && trips <= MOST_ROUND_TRIPS;
    let fast = plan.quick || ratio >= LEAST_RATIO;
    if !same {
        println!("FAILED: pgbench did not do the same work");
    }
    if !few {
        println!("FAILED: more than {MOST_STATEMENTS} statements or {MOST_ROUND_TRIPS} round trips for a transition");
    }
    if !fast {
        println!("FAILED: the ratio is below {LEAST_RATIO}");
    }
    Ok(same && few && fast)
}
