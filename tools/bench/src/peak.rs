//! Runs a program to its end, and notes how long it took and how much memory it held.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use xtask::failure::Failure;
use xtask::process;

/// How often the memory is looked at.
const EVERY: Duration = Duration::from_millis(50);

/// What running a program took.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Cost {
    pub seconds: f64,
    /// The most memory that the program and those it started held at one time; `None` where the
    /// system has no `/proc`.
    pub peak_bytes: Option<u64>,
}

/// Runs it. Its standard output is dropped, its messages go where ours go.
pub fn run(command: &mut Command) -> Result<Cost, Failure> {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .spawn()
        .map_err(process::not_started(command))?;
    let root = child.id();
    let done = AtomicBool::new(false);
    // The memory is looked at from a thread of its own, so that the end is not noticed late.
    let (status, seconds, peak) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut peak = None;
            while !done.load(Ordering::Relaxed) {
                peak = peak.max(held(root));
                std::thread::park_timeout(EVERY);
            }
            peak
        });
        let status = child.wait();
        let seconds = start.elapsed().as_secs_f64();
        done.store(true, Ordering::Relaxed);
        watcher.thread().unpark();
        (status, seconds, watcher.join().unwrap_or_default())
    });
    process::check_status(command, status.map_err(process::not_started(command))?)?;
    Ok(Cost {
        seconds,
        peak_bytes: peak,
    })
}

/// What a process and its descendants hold now, or what one of them has held if that is more: a
/// peak between two looks is not missed.
fn held(root: u32) -> Option<u64> {
    let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for entry in std::fs::read_dir("/proc").ok()?.flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        if let Some(parent) = parent(process) {
            children.entry(parent).or_default().push(process);
        }
    }
    let (mut sum, mut most, mut todo) = (0, 0, vec![root]);
    while let Some(process) = todo.pop() {
        let (now, peak) = memory(process).unwrap_or_default();
        sum += now;
        most = most.max(peak);
        todo.extend(children.get(&process).into_iter().flatten());
    }
    Some(sum.max(most)).filter(|bytes| *bytes > 0)
}

fn parent(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// Resident memory now and at its peak, in bytes.
fn memory(process: u32) -> Option<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    Some((
        kilobytes(&status, "VmRSS:")? * 1024,
        kilobytes(&status, "VmHWM:")? * 1024,
    ))
}

/// The value of a line such as `VmRSS:     1234 kB`.
pub fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::*;
    use xtask::project::Project;

    #[test]
    fn a_program_takes_time_and_memory() {
        let project = Project::at(Path::new("."));
        let cost = run(&mut process::cargo(&project, "--version")).unwrap();
        assert!(cost.seconds > 0.0);
        if Path::new("/proc/self/status").is_file() {
            assert!(held(std::process::id()).unwrap() > 1_000_000);
        }
        let failure = run(&mut process::cargo(&project, "--no-such-option")).unwrap_err();
        assert_eq!(failure.code(), "program-failed");
    }

    #[test]
    fn a_line_of_proc_is_read() {
        let text = "Name:\tx\nVmHWM:\t    1234 kB\nVmRSS:\t    1000 kB\n";
        assert_eq!(kilobytes(text, "VmHWM:"), Some(1234));
        assert_eq!(kilobytes(text, "VmSwap:"), None);
    }
}
