//! The limit: pgbench sends the same statements, one by one and prepared, to a copy of the database.
//!
//! What a transition makes anew is made anew here too: keys from the number of the path, the row of the path from its own
//! first statement. What is the same for all paths is sent as it was sent, long values as parameters; short ones stand in
//! the text, which pgbench alone gains from.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use tests::postgres::Cluster;
use uuid::Uuid;

use crate::capture::{Sample, Statement};
use crate::load::{KINDS, Ready, SAMPLES, STEPS, number};

/// Columns whose texts no two rows share.
const UNIQUE: [&str; 3] = ["idempotency_key", "message_id", "link_hash"];
/// Values up to this length stand in the text.
const SHORT: usize = 24;
/// References are padded to this many digits; with more paths they would be longer.
const MOST_PATHS_OF_A_LOT: u32 = 9_999;

/// Its sessions plan each statement once; the product's do so after a while, which pgbench alone gains from.
const GENERIC_PLANS: &str = "options=-c%20plan_cache_mode%3Dforce_generic_plan";

/// Everything that both must have done as often: rows and counters.
const WORK: &str = "SELECT (SELECT count(*) FROM events), (SELECT sum(version) FROM paths), (SELECT count(*) FROM persons), \
    (SELECT count(*) FROM messages), (SELECT count(link_hash) FROM messages), \
    (SELECT string_agg(state || ' ' || rows, ', ' ORDER BY state) FROM (SELECT state, count(*) AS rows FROM reminders GROUP BY state) AS r), \
    (SELECT string_agg(state || ' ' || rows, ', ' ORDER BY state) FROM (SELECT state, count(*) AS rows FROM paths GROUP BY state) AS p), \
    (SELECT sum(drawn) FROM order_lines), (SELECT sum(reserved) FROM place_years)";

/// A copy of the database, and the script to play on it.
#[derive(Debug)]
pub struct Copy {
    url: String,
    /// `-D name=value`, ready for the command line.
    definitions: Vec<String>,
}

/// Writes what waits to be written, so that no round pays for the one before.
pub fn checkpoint(cluster: &Cluster) -> io::Result<()> {
    cluster.tool("psql", &["-qc", "CHECKPOINT", &cluster.address()]).map(drop)
}

impl Copy {
    /// Copies the database and writes the script.
    pub fn of(cluster: &Cluster, url: &str, samples: &[Sample], ready: &Ready, callers: usize) -> io::Result<Self> {
        let name = url.rsplit('/').next().expect("the address names a database");
        let address = cluster.address();
        cluster.tool("psql", &["-qc", &format!("CREATE DATABASE jalon_copy TEMPLATE {name}"), &address])?;
        let copy = cluster.database("jalon_copy");
        for database in [url, &copy] {
            cluster.tool("psql", &["-qc", "VACUUM (ANALYZE)", database])?;
        }
        let share = (ready.kinds[0].len() - SAMPLES) / callers;
        let mut script = Script::default();
        for (kind, sample) in samples.iter().enumerate() {
            let paths = &ready.kinds[kind];
            if paths.last().is_some_and(|last| number(&last.reference.to_string()) > MOST_PATHS_OF_A_LOT) {
                return Err(io::Error::other("too many paths: references would have five digits"));
            }
            script.add(kind, sample, number(&paths[SAMPLES].reference.to_string()), share);
        }
        script.text.push_str("\\set i :i + 1\n");
        std::fs::write(cluster.folder().join("script.sql"), &script.text)?;
        let definitions =
            script.values.into_iter().flat_map(|(value, name)| ["-D".to_owned(), format!("{name}={value}")]);
        Ok(Self { url: copy, definitions: definitions.collect() })
    }

    /// Leads as many paths as the product in a round; transitions a second, without the time that connecting takes.
    pub fn play(&self, cluster: &Cluster, callers: usize, first: usize, each: usize) -> io::Result<f64> {
        let (callers, first, each) = (callers.to_string(), format!("first={first}"), each.to_string());
        let mut arguments = vec!["-n", "-M", "prepared", "-c", &callers, "-j", "2", "-t", &each, "-f", "script.sql"];
        arguments.extend(["-D", "i=0", "-D", &first]);
        arguments.extend(self.definitions.iter().map(String::as_str));
        let url = format!("{}?{GENERIC_PLANS}", self.url);
        arguments.push(&url);
        let said = cluster.tool("pgbench", &arguments)?;
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
        let rate = rate.ok_or_else(|| io::Error::other(format!("pgbench did not say how fast it was: {said}")))?;
        Ok(rate * (KINDS * STEPS) as f64)
    }

    /// Whether both databases hold as much.
    pub fn compare(&self, cluster: &Cluster, url: &str) -> io::Result<bool> {
        let ours = cluster.tool("psql", &["-Atc", WORK, url])?;
        let theirs = cluster.tool("psql", &["-Atc", WORK, &self.url])?;
        if ours != theirs {
            println!("jalon:   {ours}pgbench: {theirs}");
        }
        Ok(ours == theirs)
    }
}

/// A script of pgbench on its way: one path of each kind after the other.
#[derive(Debug, Default)]
struct Script {
    text: String,
    /// The names of the long values.
    values: BTreeMap<String, String>,
}

impl Script {
    /// Adds the steps of a kind of path; `first` is the number of the first path that is played.
    fn add(&mut self, kind: usize, sample: &Sample, first: u32, share: usize) {
        let line = &mut self.text;
        // The path of this turn of this client, and eight digits that no other path has.
        let _ = writeln!(line, "\\set n{kind} {first} + :client_id * {share} + :first + :i");
        let _ = writeln!(line, "\\set u{kind} {} + :n{kind}", (kind + 1) * 10_000_000);
        let mut made = Vec::new();
        for statement in sample.steps.iter().flat_map(|step| &step.statements) {
            let text = self.statement(kind, sample, statement, &mut made);
            self.text.push_str(&text);
            // The row of the path is the one row whose values the next statements need.
            let path = text.contains("FROM \"paths\"") && text.contains("FOR NO KEY UPDATE");
            self.text.push_str(&if path { format!(" \\gset p{kind}_\n") } else { ";\n".to_owned() });
        }
    }

    fn statement(&mut self, kind: usize, sample: &Sample, statement: &Statement, made: &mut Vec<String>) -> String {
        let columns = columns(&statement.text);
        let mut text = String::with_capacity(statement.text.len());
        let mut rest = statement.text.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            let index = after[..digits].parse::<usize>().expect("a parameter has a number") - 1;
            text.push_str(before);
            text.push_str(&self.value(kind, sample, statement, index, columns.get(index).copied(), made));
            rest = &after[digits..];
        }
        text.push_str(rest);
        text
    }

    fn value(
        &mut self,
        kind: usize,
        sample: &Sample,
        statement: &Statement,
        index: usize,
        column: Option<&str>,
        made: &mut Vec<String>,
    ) -> String {
        let Some(value) = &statement.values[index] else { return "NULL".to_owned() };
        if *value == sample.path.id.to_string() {
            return format!(":p{kind}_id");
        }
        let reference = sample.path.reference.to_string();
        if *value == reference {
            let (head, _) = reference.rsplit_once('-').expect("a reference ends with its number");
            return format!("('{head}-' || lpad(:n{kind}, 4, '0'))");
        }
        let varies = statement.others[index].as_ref() != Some(value);
        if varies && Uuid::parse_str(value).is_ok() {
            let rank = made.iter().position(|known| known == value).unwrap_or_else(|| {
                made.push(value.clone());
                made.len() - 1
            });
            // Grows with the number of the path, as identifiers grow with time.
            return format!("(:u{kind} || '-0000-7{rank:03x}-8000-000000000000')::uuid");
        }
        if column.is_some_and(|column| UNIQUE.contains(&column)) {
            let name = self.named(value);
            return format!("(:{name} || :u{kind})");
        }
        // pgbench looks for its variables in quoted texts too.
        if value.len() <= SHORT && !value.contains([':', '\\', ';']) {
            return format!("'{}'", value.replace('\'', "''"));
        }
        format!(":{}", self.named(value))
    }

    fn named(&mut self, value: &str) -> String {
        let next = format!("v{}", self.values.len());
        self.values.entry(value.to_owned()).or_insert(next).clone()
    }
}

/// The column of each parameter of an INSERT, whose rows hold parameters alone.
fn columns(text: &str) -> Vec<&str> {
    let Some((head, rest)) = text.split_once(" VALUES ").filter(|(head, _)| head.starts_with("INSERT ")) else {
        return Vec::new();
    };
    let names = head.split_once('(').map_or("", |(_, names)| names).trim_end_matches(')');
    let names: Vec<&str> = names.split(',').map(|name| name.trim().trim_matches('"')).collect();
    let parameters = rest.matches('$').count();
    names.iter().copied().cycle().take(parameters).collect()
}
