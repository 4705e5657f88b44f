//! Recordings of whole runs, from which the state after a power failure at any moment is computed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::disk::Disk;
use super::scenario::Scenario;
use super::trace::{self, Step};
use crate::failure::Failure;
use crate::process;
use crate::torture::program::Khizana;
use crate::torture::random::Random;
use crate::torture::tree::{self, Tree};

/// A recorded run.
pub struct Recording {
    root: PathBuf,
    before: Tree,
    folders: Vec<PathBuf>,
    steps: Vec<Step>,
}

impl Recording {
    /// Runs the command of a scenario to its end, and records its file-system calls.
    ///
    /// # Errors
    /// Returns an error if the model does not contain the same files as the disk after the run.
    pub fn new(khizana: &Khizana, scenario: &Scenario, root: &Path) -> Result<Self, Failure> {
        tree::copy(&scenario.base, root)?;
        let before = tree::read(root)?;
        let folders = folders(root)?;
        let log = root.with_extension("trace");
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq", "-xx", "-s", "16000000", "--seccomp-bpf"]);
        strace.args([
            "-e",
            "signal=none",
            "-e",
            &format!("trace={}", trace::CALLS),
        ]);
        strace.arg("-o").arg(&log);
        let arguments: Vec<&str> = scenario.arguments.iter().map(String::as_str).collect();
        let mut command = khizana.wrapped(strace, root, &arguments);
        let output = command.output().map_err(process::not_started(&command))?;
        process::check_status(&command, output.status)?;
        let text = fs::read(&log).map_err(Failure::file(&log))?;
        let steps = trace::parse(&log, &String::from_utf8_lossy(&text))?;
        let recording = Recording {
            root: root.to_owned(),
            before,
            folders,
            steps,
        };
        recording.check(&log)?;
        Ok(recording)
    }

    /// Compares the model after the whole run with the disk.
    fn check(&self, log: &Path) -> Result<(), Failure> {
        let mut disk = self.disk(None);
        disk.apply(&self.steps)?;
        // SQLite writes this file through mapped memory.
        let is_compared = |path: &PathBuf| !path.ends_with("catalogue.sqlite-shm");
        let keep = |mut tree: Tree| {
            tree.retain(|path, _| is_compared(path));
            tree
        };
        match tree::difference(&keep(tree::read(&self.root)?), &keep(disk.files())) {
            Some(difference) => Err(Failure::malformed(
                log,
                format!("the model differs from the disk: {difference}"),
            )),
            None => Ok(()),
        }
    }

    fn disk<'a>(&self, ignored_syncs: Option<&'a str>) -> Disk<'a> {
        Disk::new(&self.root, &self.before, &self.folders, ignored_syncs)
    }

    /// Writes the archive to a folder as it is after a power failure at a random moment of the run. Returns the
    /// number of the step at which the power failed.
    pub fn fail(
        &self,
        archive: &Path,
        ignored_syncs: Option<&str>,
        random: &mut Random,
    ) -> Result<usize, Failure> {
        let moment = random.below(self.steps.len() + 1);
        let mut disk = self.disk(ignored_syncs);
        disk.apply(self.steps.get(..moment).unwrap_or_default())?;
        let (files, folders) = disk.after_power_failure(random);
        tree::remove(archive)?;
        for folder in folders {
            let folder = archive.join(folder);
            fs::create_dir_all(&folder).map_err(Failure::file(&folder))?;
        }
        tree::write(archive, &files)?;
        Ok(moment)
    }
}

/// Returns the relative paths of all folders below a folder.
fn folders(root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = Vec::new();
    let mut ahead = vec![root.to_owned()];
    while let Some(folder) = ahead.pop() {
        for entry in fs::read_dir(&folder).map_err(Failure::file(&folder))? {
            let path = entry.map_err(Failure::file(&folder))?.path();
            if path.is_dir() {
                folders.push(path.strip_prefix(root).unwrap_or(&path).to_owned());
                ahead.push(path);
            }
        }
    }
    Ok(folders)
}
