//! Conformance of a store to OCFL: the verdicts of ocfl-py, of rocfl and of `khizana verify` must agree.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::tally::Tally;
use crate::failure::Failure;
use crate::project::Project;
use crate::{files, process, requirement};

/// Ingests a fixture and validates the store. Then changes an item and a file, ingests and validates
/// again. Finally damages the store in several ways, each of which all validators must find.
pub fn run(project: &Project) -> Result<Tally, Failure> {
    process::run(&mut process::cargo(project, super::BUILD_KHIZANA))?;
    let work = project.target("ocfl");
    remove(&work)?;
    let source = work.join("source");
    copy(&project.path("tests/fixtures/cabinet"), &source)?;
    let archive = work.join("archive");
    let ingest = || khizana(project, &["ingest".as_ref(), source.as_ref()], &archive);
    process::run(
        process::program(project, project.program("khizana"))
            .arg("init")
            .arg(&archive),
    )?;
    process::run(&mut ingest())?;
    let mut tally = agree(project, &archive, "first version", true)?;

    let table = source.join("metadata.csv");
    let text = std::fs::read_to_string(&table).map_err(Failure::file(&table))?;
    let changed = text.replacen("Plate for Cairo", "Plate for the latitude of Cairo", 1);
    if changed == text {
        return Err(Failure::malformed(
            &table,
            "the title that the test changes is missing",
        ));
    }
    std::fs::write(&table, changed).map_err(Failure::file(&table))?;
    let page = source.join("texts/page-1.txt");
    std::fs::write(&page, "نص آخر\n").map_err(Failure::file(&page))?;
    process::run(&mut ingest())?;
    tally.add(has_second_versions(&archive)?);
    tally.add(agree(project, &archive, "second version", true)?);
    for damage in DAMAGES {
        let copy_of_archive = work.join("damaged");
        remove(&copy_of_archive)?;
        copy(&archive, &copy_of_archive)?;
        let object = changed_object(&copy_of_archive)?;
        let file = object.join(damage.file);
        (damage.inflict)(&file).map_err(Failure::file(&file))?;
        tally.add(agree(project, &copy_of_archive, damage.name, false)?);
    }
    Ok(tally)
}

/// A way to damage an object that has two versions.
struct Damage {
    name: &'static str,
    /// The damaged file, relative to the folder of the object.
    file: &'static str,
    inflict: fn(&Path) -> std::io::Result<()>,
}

const DAMAGES: [Damage; 11] = [
    Damage {
        name: "a changed record",
        file: "v2/content/record.json",
        inflict: flip_bit,
    },
    Damage {
        name: "a changed original of an earlier version",
        file: "v1/content/record.json",
        inflict: flip_bit,
    },
    Damage {
        name: "a cut file",
        file: "v2/content/record.json",
        inflict: cut,
    },
    Damage {
        name: "a missing file",
        file: "v2/content/record.json",
        inflict: |path| std::fs::remove_file(path),
    },
    Damage {
        name: "a file that no inventory lists",
        file: "v2/content/other.txt",
        inflict: |path| std::fs::write(path, "other"),
    },
    Damage {
        name: "a changed inventory",
        file: "inventory.json",
        inflict: flip_bit,
    },
    Damage {
        name: "a changed inventory of a version",
        file: "v1/inventory.json",
        inflict: flip_bit,
    },
    Damage {
        name: "a changed sidecar",
        file: "inventory.json.sha256",
        inflict: |path| std::fs::write(path, format!("{} inventory.json\n", "0".repeat(64))),
    },
    Damage {
        name: "a missing sidecar of a version",
        file: "v2/inventory.json.sha256",
        inflict: |path| std::fs::remove_file(path),
    },
    Damage {
        name: "a missing declaration",
        file: "0=ocfl_object_1.1",
        inflict: |path| std::fs::remove_file(path),
    },
    Damage {
        name: "a missing version",
        file: "v1",
        inflict: |path| std::fs::remove_dir_all(path),
    },
];

/// Flips a bit in the middle of a file.
fn flip_bit(path: &Path) -> std::io::Result<()> {
    let mut content = std::fs::read(path)?;
    let middle = content.len() / 2;
    if let Some(byte) = content.get_mut(middle) {
        *byte ^= 1;
    }
    std::fs::write(path, content)
}

/// Cuts a file to half of its length.
fn cut(path: &Path) -> std::io::Result<()> {
    let content = std::fs::read(path)?;
    let half = content.get(..content.len() / 2).unwrap_or_default();
    std::fs::write(path, half)
}

/// Returns the folder of an object of an item whose record has two versions.
fn changed_object(archive: &Path) -> Result<PathBuf, Failure> {
    let store = archive.join("store");
    files::below(&store, &[])?
        .iter()
        .filter(|path| path.ends_with("v2/content/record.json"))
        .find_map(|path| path.ancestors().nth(3))
        .map(Path::to_owned)
        .ok_or_else(|| Failure::malformed(&store, "no object has a second version of its record"))
}

/// Checks that all validators have the expected verdict on the store of an archive.
fn agree(project: &Project, archive: &Path, what: &str, is_valid: bool) -> Result<Tally, Failure> {
    let store = archive.join("store");
    let mut rocfl = process::program(project, requirement::ROCFL.path(project)?);
    rocfl.arg("--root").arg(&store).arg("validate");
    let mut tally = Tally::default();
    for (validator, mut command) in [
        ("ocfl-py", ocfl_py(project, &store)?),
        ("rocfl", rocfl),
        ("khizana", khizana(project, &["verify".as_ref()], archive)),
    ] {
        let verdict = match process::run(command.stdout(std::process::Stdio::null())) {
            Ok(()) => true,
            Err(Failure::Failed { .. }) => false,
            Err(other) => return Err(other),
        };
        let word = if verdict { "valid" } else { "not valid" };
        let mark = if verdict == is_valid { "" } else { " (WRONG)" };
        eprintln!("{what}: {validator}: {word}{mark}");
        tally.add(Tally::of(verdict == is_valid));
    }
    Ok(tally)
}

fn khizana(project: &Project, arguments: &[&std::ffi::OsStr], archive: &Path) -> Command {
    let mut command = process::program(project, project.program("khizana"));
    command.args(arguments).arg("--archive").arg(archive);
    command
}

/// Returns a command that validates a storage root and each of its objects with ocfl-py. The objects are
/// passed one by one, because `ocfl-validate.py` prints the errors for invalid objects in a root but reports
/// success.
fn ocfl_py(project: &Project, store: &Path) -> Result<Command, Failure> {
    let mut command = requirement::ocfl_validator_command(project);
    command.arg(store);
    // An object without a declaration is recognised by its inventory.
    for file in files::below(store, &[])? {
        let is_object = file
            .parent()
            .and_then(Path::file_name)
            .is_some_and(|name| name.to_string_lossy().starts_with("urn"));
        if file.ends_with("inventory.json") && is_object {
            command.args(file.parent());
        }
    }
    Ok(command)
}

/// Checks that an object has a second version. Otherwise, both validations would have checked the same
/// store.
fn has_second_versions(archive: &Path) -> Result<Tally, Failure> {
    let has_second = changed_object(archive).is_ok();
    if !has_second {
        eprintln!("no object has a second version");
    }
    Ok(Tally::of(has_second))
}

fn remove(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(Failure::file(folder))?;
    }
    Ok(())
}

/// Copies a folder with all its files.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    for file in files::below(from, &[])? {
        let target = to.join(file.strip_prefix(from).unwrap_or(&file));
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        }
        std::fs::copy(&file, &target).map_err(Failure::file(&target))?;
    }
    Ok(())
}
