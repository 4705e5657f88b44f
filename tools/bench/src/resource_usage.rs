//! Measurement of the time and the memory that a program needs.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use xtask::failure::Failure;
use xtask::process;

/// The interval between two measurements of the memory use.
const SAMPLING_INTERVAL: Duration = Duration::from_millis(50);

/// The time and memory that a program needed.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ResourceUsage {
    pub seconds: f64,
    /// The peak memory use of the program and its child processes, in bytes. `None` if the system
    /// has no `/proc`.
    pub peak_bytes: Option<u64>,
}

/// Runs a program until it ends. Discards its standard output. Its standard error is inherited.
pub fn run(command: &mut Command) -> Result<ResourceUsage, Failure> {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .spawn()
        .map_err(process::not_started(command))?;
    let root = child.id();
    let done = AtomicBool::new(false);
    // The memory use is measured on another thread, so that the end of the program is noticed
    // immediately.
    let (status, seconds, peak) = std::thread::scope(|scope| {
        let sampler = scope.spawn(|| {
            let mut peak = None;
            while !done.load(Ordering::Relaxed) {
                peak = peak.max(tree_memory(root));
                std::thread::park_timeout(SAMPLING_INTERVAL);
            }
            peak
        });
        let status = child.wait();
        let seconds = start.elapsed().as_secs_f64();
        done.store(true, Ordering::Relaxed);
        sampler.thread().unpark();
        (status, seconds, sampler.join().unwrap_or_default())
    });
    process::check_status(command, status.map_err(process::not_started(command))?)?;
    Ok(ResourceUsage {
        seconds,
        peak_bytes: peak,
    })
}

/// Returns the current memory use of a process and its descendants, or the peak memory use of one
/// of them if that is larger. The peak includes memory that was freed between two measurements.
fn tree_memory(root: u32) -> Option<u64> {
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
    let (mut sum, mut max_peak, mut pending) = (0, 0, vec![root]);
    while let Some(process) = pending.pop() {
        let (current, peak) = process_memory(process).unwrap_or_default();
        sum += current;
        max_peak = max_peak.max(peak);
        pending.extend(children.get(&process).into_iter().flatten());
    }
    Some(sum.max(max_peak)).filter(|bytes| *bytes > 0)
}

fn parent(process: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses can contain any character.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// Returns the current and the peak resident memory of a process, in bytes.
fn process_memory(process: u32) -> Option<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    Some((
        kilobytes(&status, "VmRSS:")? * 1024,
        kilobytes(&status, "VmHWM:")? * 1024,
    ))
}

/// Returns the value in a line such as `VmRSS:     1234 kB`.
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
    fn measures_a_program_and_reports_its_failure() {
        let project = Project::at(Path::new("."));
        let usage = run(&mut process::cargo(&project, "--version")).unwrap();
        assert!(usage.seconds > 0.0);
        if Path::new("/proc/self/status").is_file() {
            assert!(tree_memory(std::process::id()).unwrap() > 1_000_000);
        }
        let failure = run(&mut process::cargo(&project, "--no-such-option")).unwrap_err();
        assert_eq!(failure.code(), "program-failed");
    }

    #[test]
    fn parses_a_line_of_proc_status() {
        let text = "Name:\tx\nVmHWM:\t    1234 kB\nVmRSS:\t    1000 kB\n";
        assert_eq!(kilobytes(text, "VmHWM:"), Some(1234));
        assert_eq!(kilobytes(text, "VmSwap:"), None);
    }
}
