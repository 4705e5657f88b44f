//! An archive in a temporary folder, and the program run on it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The program, without arguments, on a machine that has no other programs: what one of them would show
/// is not the same everywhere.
pub fn khizana() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_khizana"));
    command.env("PATH", "");
    command
}

/// A folder of the fixtures.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/fixtures")
        .join(name)
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below a folder, by its path, with its bytes.
pub fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
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
    let mut found = BTreeMap::new();
    collect(root, root, &mut found);
    found
}

/// What a run of the program came to.
pub struct Ran {
    /// Its exit status; `None` where it was killed.
    pub status: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        Ran {
            status: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Standard output, which must be one JSON document and nothing else.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.out, self.err))
    }
}

/// An archive in a temporary folder.
pub struct Archive {
    dir: tempfile::TempDir,
}

impl Archive {
    /// A place for an archive; nothing is there yet.
    pub fn empty() -> Archive {
        Archive {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// A new archive, made by `khizana init`.
    pub fn new() -> Archive {
        let archive = Archive::empty();
        let output = khizana().arg("init").arg(archive.path()).output().unwrap();
        let ran = Ran::of(output);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        archive
    }

    /// An archive that holds both fixture collections, published.
    pub fn published() -> Archive {
        let archive = Archive::new();
        for name in ["cabinet", "letters"] {
            archive.ok(&["ingest", fixture(name).to_str().unwrap()]);
        }
        archive.ok(&["publish"]);
        archive
    }

    /// The archive's folder.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("archive")
    }

    /// The site's folder.
    pub fn site(&self) -> PathBuf {
        self.path().join("site")
    }

    /// A folder beside the archive.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A copy of a fixture that may be changed.
    pub fn source(&self, name: &str) -> PathBuf {
        let source = self.beside(name);
        copy(&fixture(name), &source);
        source
    }

    /// Runs the program on this archive.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = khizana();
        command.args(arguments).arg("--archive").arg(self.path());
        Ran::of(command.output().unwrap())
    }

    /// Runs it with `--json`, expects this exit status, and returns the document.
    pub fn json(&self, status: i32, arguments: &[&str]) -> Value {
        let mut all = arguments.to_vec();
        all.push("--json");
        let ran = self.run(&all);
        assert_eq!(ran.status, Some(status), "{}\n{}", ran.out, ran.err);
        ran.json()
    }

    /// Runs it and expects that all is done.
    pub fn ok(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.status, Some(0), "{arguments:?}: {}", ran.err);
        ran
    }
}

/// The keys of a JSON object, in order.
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
