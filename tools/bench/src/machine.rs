//! Description of the machine on which the benchmark runs.

use std::path::Path;

use super::resource_usage::kilobytes;
use xtask::process;
use xtask::project::Project;

/// Returns a list with the hardware and the versions of the programs.
pub fn describe(project: &Project, browser: Option<&str>) -> Vec<String> {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = std::fs::read_to_string("/proc/meminfo")
        .ok()
        .and_then(|text| kilobytes(&text, "MemTotal:"))
        .map(|kilobytes| format!(", {} GB of memory", (kilobytes * 1024) / 1_000_000_000))
        .unwrap_or_default();
    let processor = std::fs::read_to_string("/proc/cpuinfo")
        .ok()
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("model name"))?;
            Some(format!(" ({})", line.split_once(':')?.1.trim()))
        })
        .unwrap_or_default();
    let mut lines = vec![format!("{cores} cores{processor}{memory}")];
    lines.push(format!("Khizana at commit {}", commit(project)));
    lines.extend(browser.map(|version| format!("Chromium {version}")));
    if let Some(version) = process::version(Path::new("node")) {
        lines.push(format!("Node {version}"));
    }
    lines
}

/// Returns the identifier of the current commit, with a note if there are uncommitted changes.
fn commit(project: &Project) -> String {
    let git = |arguments: &[&str]| {
        let output = process::program(project, "git").args(arguments).output();
        let output = output.ok().filter(|output| output.status.success())?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    match git(&["rev-parse", "--short", "HEAD"]) {
        None => "unknown".into(),
        Some(commit) => match git(&["status", "--porcelain", "--untracked-files=no"]) {
            Some(changed) if changed.is_empty() => commit,
            _ => format!("{commit}, with changes"),
        },
    }
}
