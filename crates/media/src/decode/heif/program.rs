//! Lookup and execution of the libheif command-line tool.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::not_rendered::NotRendered;

/// Names of the tool: since libheif 1.17, and in earlier versions.
const NAMES: [&str; 2] = ["heif-dec", "heif-convert"];

/// Name of the output file.
pub(super) const OUTPUT_NAME: &str = "picture.png";

/// Interval at which the state of the child process is checked.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Returns the path of the tool, if a directory in `PATH` contains it.
pub(super) fn find() -> Option<PathBuf> {
    find_in(&std::env::var_os("PATH")?)
}

fn find_in(path: &OsStr) -> Option<PathBuf> {
    NAMES.iter().find_map(|name| {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        // Relative entries are skipped, because they depend on the working directory, which may
        // contain untrusted files.
        std::env::split_paths(path)
            .filter(|dir| dir.is_absolute())
            .map(|dir| dir.join(&name))
            .find(|program| is_executable(program))
    })
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

/// Runs the tool, which writes the images in `file` to `output_dir` as PNG files. Terminates the
/// tool after `time_limit`, or if it writes more than `max_output` bytes.
pub(super) fn run(
    program: &Path,
    file: &Path,
    output_dir: &Path,
    time_limit: Duration,
    max_output: u64,
) -> Result<(), NotRendered> {
    let failed = NotRendered::HeifFailed;
    // An absolute path neither depends on the working directory nor starts with a hyphen.
    let file = std::path::absolute(file).map_err(|_| failed)?;
    let mut child = Command::new(program)
        .arg(file)
        .arg(output_dir.join(OUTPUT_NAME))
        .current_dir(output_dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| failed)?;
    let deadline = Instant::now() + time_limit;
    let reason = loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() && output_bytes(output_dir) <= max_output => {
                return Ok(());
            }
            Ok(Some(_)) => return Err(failed),
            Ok(None) if output_bytes(output_dir) > max_output => break failed,
            Ok(None) if Instant::now() >= deadline => break NotRendered::HeifSlow,
            Ok(None) => std::thread::sleep(POLL_INTERVAL),
            Err(_) => break failed,
        }
    };
    // The child process may have exited in the meantime. It is reaped in either case.
    let _ = child.kill();
    let _ = child.wait();
    Err(reason)
}

/// Returns the total size of the files in a directory, in bytes.
fn output_bytes(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some(entry.metadata().ok()?.len()))
        .sum()
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use super::*;

    /// Serialises tests that write and execute scripts. Otherwise, a child process that another
    /// thread forks in the meantime could keep the script open for writing, and executing it would
    /// fail.
    pub fn lock_scripts() -> MutexGuard<'static, ()> {
        static LOCK: Mutex<()> = Mutex::new(());
        LOCK.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes an executable shell script and returns its path.
    pub fn script(dir: &Path, name: &str, body: &str) -> PathBuf {
        let path = dir.join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[test]
    fn prefers_the_newer_name_in_any_directory() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = std::env::join_paths([one.path(), two.path()]).unwrap();
        assert_eq!(find_in(OsStr::new("")), None);
        assert_eq!(find_in(&path), None);
        let older = script(one.path(), NAMES[1], "");
        assert_eq!(find_in(&path), Some(older));
        let newer = script(two.path(), NAMES[0], "");
        assert_eq!(find_in(&path), Some(newer.clone()));
        // Neither a non-executable file nor a directory is accepted.
        fs::set_permissions(&newer, fs::Permissions::from_mode(0o644)).unwrap();
        fs::create_dir(one.path().join(NAMES[0])).unwrap();
        assert_eq!(find_in(&path), Some(one.path().join(NAMES[1])));
    }

    #[test]
    fn ignores_relative_directories() {
        // Tests run in the directory of the crate.
        let dir = tempfile::tempdir_in(".").unwrap();
        script(dir.path(), NAMES[0], "");
        let name = dir.path().file_name().unwrap();
        assert!(Path::new(name).join(NAMES[0]).is_file());
        assert_eq!(find_in(name), None);
    }

    #[test]
    fn enforces_the_time_and_output_limits() {
        let _lock = lock_scripts();
        let dir = tempfile::tempdir().unwrap();
        let run = |body: &str, time_limit: u64, max_output: u64| {
            let output_dir = tempfile::tempdir().unwrap();
            let program = script(dir.path(), "program", body);
            let started = Instant::now();
            let time_limit = Duration::from_millis(time_limit);
            let file = Path::new("a.heic");
            let result = super::run(&program, file, output_dir.path(), time_limit, max_output);
            assert!(started.elapsed() < Duration::from_secs(20), "{body}");
            result
        };
        assert_eq!(run("exit 0", 20_000, 0), Ok(()));
        assert_eq!(run("exec sleep 60", 100, 0), Err(NotRendered::HeifSlow));
        let endless = "while true; do echo 0123456789 >> \"$2\"; done";
        assert_eq!(run(endless, 20_000, 1_000), Err(NotRendered::HeifFailed));
        let short = "echo 0123456789 > \"$2\"";
        assert_eq!(run(short, 20_000, 5), Err(NotRendered::HeifFailed));
        assert_eq!(run(short, 20_000, 50), Ok(()));
        assert_eq!(run("exit 3", 20_000, 50), Err(NotRendered::HeifFailed));
    }
}
