//! Processor time: of this process, of its children that ended, of the server and of what it started.

use std::io;

/// Clock ticks of a second in `/proc`: fixed by Linux for programs.
const TICKS: f64 = 100.0;

/// Seconds of processor time, user and system, since the start.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    pub own: f64,
    pub children: f64,
    pub server: f64,
}

/// What `/proc/PID/stat` says: parent, own ticks, ticks of ended children.
struct Stat {
    parent: u32,
    own: u64,
    ended: u64,
}

fn stat(pid: &str) -> io::Result<Stat> {
    let line = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in brackets, may hold spaces.
    let fields: Vec<&str> = line.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let number = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).unwrap_or_default();
    Ok(Stat {
        parent: u32::try_from(number(1)).unwrap_or_default(),
        own: number(11) + number(12),
        ended: number(13) + number(14),
    })
}

impl Usage {
    /// What was used until now.
    pub fn now(server: Option<u32>) -> io::Result<Self> {
        let own = stat("self")?;
        let mut ticks = 0;
        if let Some(server) = server {
            let postmaster = stat(&server.to_string())?;
            ticks = postmaster.own + postmaster.ended;
            for entry in std::fs::read_dir("/proc")? {
                let name = entry?.file_name();
                let Some(pid) = name.to_str().filter(|name| name.bytes().all(|byte| byte.is_ascii_digit())) else {
                    continue;
                };
                // A process may end meanwhile: the postmaster then counts it among its ended children.
                if let Ok(process) = stat(pid)
                    && process.parent == server
                {
                    ticks += process.own;
                }
            }
        }
        Ok(Self { own: own.own as f64 / TICKS, children: own.ended as f64 / TICKS, server: ticks as f64 / TICKS })
    }

    /// What was used since then.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            own: self.own - before.own,
            children: self.children - before.children,
            server: self.server - before.server,
        }
    }
}

/// Microseconds of each transition.
pub fn per_transition(seconds: f64, transitions: usize) -> String {
    format!("{:>6.0} µs", seconds * 1e6 / transitions as f64)
}
