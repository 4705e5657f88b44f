//! Helpers that create archives and run the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Returns a command that runs the program with an empty `PATH` and in English, so that the results do not
/// depend on other installed programs and on the locale.
pub fn khizana() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khizana"));
    command.env("PATH", "").env("LC_ALL", "C");
    command
}

/// Returns the path of a fixture.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures")
        .join(name)
}

/// Copies a folder recursively.
pub fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Returns the contents of all files in a folder by relative path.
pub fn read_files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    fn collect(root: &Path, dir: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, into);
            } else {
                let name = path.strip_prefix(root).unwrap();
                into.insert(
                    name.to_string_lossy().into_owned(),
                    std::fs::read(&path).unwrap(),
                );
            }
        }
    }
    let mut files = BTreeMap::new();
    collect(root, root, &mut files);
    files
}

/// The output of the program.
pub struct ProgramOutput {
    /// The exit status, or `None` if the program was killed.
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl ProgramOutput {
    pub fn new(output: Output) -> ProgramOutput {
        ProgramOutput {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Parses standard output as one JSON document.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }
}

/// An archive in a temporary folder.
pub struct Archive {
    dir: tempfile::TempDir,
}

impl Archive {
    /// Creates a temporary folder without an archive.
    pub fn without_files() -> Archive {
        Archive {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// Creates an archive with `khizana init`.
    pub fn new() -> Archive {
        let archive = Archive::without_files();
        let output = khizana().arg("init").arg(archive.path()).output().unwrap();
        let output = ProgramOutput::new(output);
        assert_eq!(output.status, Some(0), "{}", output.stderr);
        archive
    }

    /// Creates an archive with the collections `cabinet` and `letters`, and publishes it.
    pub fn published() -> Archive {
        let archive = Archive::new();
        for name in ["cabinet", "letters"] {
            archive.ok(&["ingest", fixture(name).to_str().unwrap()]);
        }
        archive.ok(&["publish"]);
        archive
    }

    /// Returns the folder of the archive.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("archive")
    }

    /// Returns the folder of the site.
    pub fn site(&self) -> PathBuf {
        self.path().join("site")
    }

    /// Returns a path next to the folder of the archive.
    pub fn sibling(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Copies a fixture, so that it can be modified.
    pub fn copy_fixture(&self, name: &str) -> PathBuf {
        let source = self.sibling(name);
        copy_dir(&fixture(name), &source);
        source
    }

    /// Runs the program on the archive.
    pub fn run(&self, arguments: &[&str]) -> ProgramOutput {
        let mut command = khizana();
        command.args(arguments).arg("--archive").arg(self.path());
        ProgramOutput::new(command.output().unwrap())
    }

    /// Runs the program with `--json`, checks the exit status, and returns the document.
    pub fn json(&self, status: i32, arguments: &[&str]) -> Value {
        let mut arguments = arguments.to_vec();
        arguments.push("--json");
        let output = self.run(&arguments);
        assert_eq!(
            output.status,
            Some(status),
            "{}\n{}",
            output.stdout,
            output.stderr
        );
        output.json()
    }

    /// Runs the program and checks that it succeeds.
    pub fn ok(&self, arguments: &[&str]) -> ProgramOutput {
        let output = self.run(arguments);
        assert_eq!(output.status, Some(0), "{arguments:?}: {}", output.stderr);
        output
    }
}

/// Returns the sorted keys of a JSON object.
pub fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}
