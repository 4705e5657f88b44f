//! The program of libheif: where it is, and how it is run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::not_rendered::NotRendered;

/// What it is called: since libheif 1.17, and before that.
const NAMES: [&str; 2] = ["heif-dec", "heif-convert"];

/// What it is told to write.
pub(super) const PNG: &str = "picture.png";

/// How long is waited before it is looked at again.
const PAUSE: Duration = Duration::from_millis(20);

/// The program, where a folder of `PATH` has it.
pub(super) fn find() -> Option<PathBuf> {
    find_in(&std::env::var_os("PATH")?)
}

fn find_in(path: &OsStr) -> Option<PathBuf> {
    NAMES.iter().find_map(|name| {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        // One that is not absolute depends on where khizana is run, which may be a folder of somebody's
        // files.
        std::env::split_paths(path)
            .filter(|folder| folder.is_absolute())
            .map(|folder| folder.join(&name))
            .find(|program| is_program(program))
    })
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|own| own.is_file() && own.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Lets a program write the pictures in a file as PNG into `folder`, in no longer than `patience` and no
/// more than `most` bytes.
pub(super) fn run(
    program: &Path,
    file: &Path,
    folder: &Path,
    patience: Duration,
    most: u64,
) -> Result<(), NotRendered> {
    let failed = NotRendered::HeifFailed;
    // Absolute: it neither depends on the folder, nor begins with a hyphen.
    let file = std::path::absolute(file).map_err(|_| failed)?;
    let mut child = Command::new(program)
        .arg(file)
        .arg(folder.join(PNG))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| failed)?;
    let end = Instant::now() + patience;
    let why = loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() && written(folder) <= most => return Ok(()),
            Ok(Some(_)) => return Err(failed),
            Ok(None) if written(folder) > most => break failed,
            Ok(None) if Instant::now() >= end => break NotRendered::HeifSlow,
            Ok(None) => std::thread::sleep(PAUSE),
            Err(_) => break failed,
        }
    };
    // It may have ended by itself meanwhile; either way it is waited for.
    let _ = child.kill();
    let _ = child.wait();
    Err(why)
}

/// How many bytes the files in a folder have.
fn written(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
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

    /// For a test that writes programs and runs them: one that another thread starts at the same time would
    /// have the file open for a moment, and a file that is being written cannot be run.
    pub fn alone() -> MutexGuard<'static, ()> {
        static ONE: Mutex<()> = Mutex::new(());
        ONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A program that does this.
    pub fn script(folder: &Path, name: &str, does: &str) -> PathBuf {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{does}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[test]
    fn the_newer_name_is_preferred_wherever_it_is() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = std::env::join_paths([one.path(), two.path()]).unwrap();
        assert_eq!(find_in(OsStr::new("")), None);
        assert_eq!(find_in(&path), None);
        let older = script(one.path(), NAMES[1], "");
        assert_eq!(find_in(&path), Some(older));
        let newer = script(two.path(), NAMES[0], "");
        assert_eq!(find_in(&path), Some(newer.clone()));
        // A file that nobody may run, and a folder, are no programs.
        fs::set_permissions(&newer, fs::Permissions::from_mode(0o644)).unwrap();
        fs::create_dir(one.path().join(NAMES[0])).unwrap();
        assert_eq!(find_in(&path), Some(one.path().join(NAMES[1])));
    }

    #[test]
    fn a_folder_that_is_not_absolute_is_not_looked_into() {
        // The folder in which the tests of a crate run.
        let here = tempfile::tempdir_in(".").unwrap();
        script(here.path(), NAMES[0], "");
        let name = here.path().file_name().unwrap();
        assert!(Path::new(name).join(NAMES[0]).is_file());
        assert_eq!(find_in(name), None);
    }

    #[test]
    fn a_program_is_not_waited_for_longer_or_let_write_more_than_is_said() {
        let _alone = alone();
        let dir = tempfile::tempdir().unwrap();
        let run = |does: &str, patience: u64, most: u64| {
            let folder = tempfile::tempdir().unwrap();
            let program = script(dir.path(), "program", does);
            let begun = Instant::now();
            let patience = Duration::from_millis(patience);
            let ran = super::run(&program, Path::new("a.heic"), folder.path(), patience, most);
            assert!(begun.elapsed() < Duration::from_secs(20), "{does}");
            ran
        };
        assert_eq!(run("exit 0", 20_000, 0), Ok(()));
        assert_eq!(run("exec sleep 60", 100, 0), Err(NotRendered::HeifSlow));
        let much = "while true; do echo 0123456789 >> \"$2\"; done";
        assert_eq!(run(much, 20_000, 1_000), Err(NotRendered::HeifFailed));
        let at_once = "echo 0123456789 > \"$2\"";
        assert_eq!(run(at_once, 20_000, 5), Err(NotRendered::HeifFailed));
        assert_eq!(run(at_once, 20_000, 50), Ok(()));
        assert_eq!(run("exit 3", 20_000, 50), Err(NotRendered::HeifFailed));
    }
}
