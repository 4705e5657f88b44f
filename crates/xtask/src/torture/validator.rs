//! Validation of stores by ocfl-py, in one Python process for all of them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::tree;
use crate::failure::Failure;
use crate::project::Project;
use crate::{files, process, requirement};

/// A running validator.
pub struct Validator {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Digests of the objects that are known to be valid.
    valid: BTreeSet<String>,
}

impl Validator {
    /// Starts the validator.
    pub fn start(project: &Project) -> Result<Self, Failure> {
        let mut command = requirement::ocfl_python_command(project);
        command.args(["-c", include_str!("validator.py")]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().map_err(process::not_started(&command))?;
        let (Some(requests), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(Failure::Usage("the validator has no pipes".to_owned()));
        };
        Ok(Validator {
            process,
            requests,
            answers: BufReader::new(answers),
            valid: BTreeSet::new(),
        })
    }

    /// Validates a storage root, and each of its objects except those that are in `skip` (relative paths) and
    /// those whose files are the same as those of an object that was valid. Returns the errors.
    pub fn validate(
        &mut self,
        store: &Path,
        skip: &BTreeSet<PathBuf>,
    ) -> Result<Vec<String>, Failure> {
        let mut objects = Vec::new();
        let mut digests = Vec::new();
        for object in objects_of(store)? {
            let below: Vec<PathBuf> = tree::paths(&object)?;
            let below: Vec<PathBuf> = below.iter().map(|path| object.join(path)).collect();
            let digest = files::digest(store, &below)?;
            let is_skipped = skip.contains(object.strip_prefix(store).unwrap_or(&object));
            if !is_skipped && !self.valid.contains(&digest) {
                objects.push(object);
                digests.push(digest);
            }
        }
        let request = serde_json::json!({
            "root": store,
            // An object that is being restored may have no declaration yet.
            "validates_root": skip.is_empty(),
            "objects": objects,
        });
        let broken = Failure::file(Path::new("the pipe of the validator"));
        let mut answer = String::new();
        writeln!(self.requests, "{request}")
            .and_then(|()| self.requests.flush())
            .and_then(|()| self.answers.read_line(&mut answer))
            .map_err(broken)?;
        let errors: Vec<String> = serde_json::from_str(&answer)
            .map_err(|error| Failure::malformed(Path::new("the answer of the validator"), error))?;
        if errors.is_empty() {
            self.valid.extend(digests);
        }
        Ok(errors)
    }
}

impl Drop for Validator {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns the folders of the objects of a store.
pub fn objects_of(store: &Path) -> Result<Vec<PathBuf>, Failure> {
    let declaration = OsStr::new("0=ocfl_object_1.1");
    let paths = tree::paths(store)?;
    let declarations = paths
        .iter()
        .filter(|path| path.file_name() == Some(declaration));
    Ok(declarations
        .filter_map(|path| Some(store.join(path.parent()?)))
        .collect())
}
