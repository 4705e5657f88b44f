//! Conformance of a store to OCFL, as reported by ocfl-py.

use std::path::Path;
use std::process::Command;

use super::tally::Tally;
use crate::failure::Failure;
use crate::project::Project;
use crate::{process, requirement};

/// Ingests a fixture and validates the store. Then changes an item and a file, ingests and
/// validates again, and checks that the validator detects damage.
pub fn run(project: &Project) -> Result<Tally, Failure> {
    process::run(&mut process::cargo(project, super::BUILD_KHIZANA))?;
    let work = project.target("ocfl");
    if work.exists() {
        std::fs::remove_dir_all(&work).map_err(Failure::file(&work))?;
    }
    let source = work.join("source");
    copy(&project.path("tests/fixtures/cabinet"), &source)?;
    let archive = work.join("archive");
    let khizana = |arguments: &[&Path]| {
        let mut command: Command = process::program(project, project.program("khizana"));
        process::run(command.args(arguments))
    };
    let ingest = || {
        khizana(&[
            Path::new("ingest"),
            &source,
            Path::new("--archive"),
            &archive,
        ])
    };
    let store = archive.join("store");
    khizana(&[Path::new("init"), &archive])?;
    ingest()?;
    let mut tally = validate(project, &store, "first version")?;

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
    ingest()?;
    tally.add(has_second_versions(&store)?);
    tally.add(validate(project, &store, "second version")?);
    tally.add(detects_damage(project, &store)?);
    Ok(tally)
}

/// Validates a storage root and each of its objects. The objects are passed one by one, because
/// `ocfl-validate.py` prints the errors for invalid objects in a root but reports success.
fn is_valid(project: &Project, store: &Path) -> Result<bool, Failure> {
    let declaration = std::ffi::OsStr::new("0=ocfl_object_1.1");
    let mut command = requirement::ocfl_validator_command(project);
    command.arg(store);
    for file in crate::files::below(store, &[])? {
        if file.file_name() == Some(declaration) {
            command.args(file.parent());
        }
    }
    match process::run(&mut command) {
        Ok(()) => Ok(true),
        Err(Failure::Failed { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Checks that the validator rejects a damaged object. A validator that accepts everything would
/// pass the other checks.
fn detects_damage(project: &Project, store: &Path) -> Result<Tally, Failure> {
    let file = crate::files::below(store, &[])?
        .into_iter()
        .find(|path| path.ends_with("record.json"))
        .ok_or_else(|| Failure::malformed(store, "the store contains no record"))?;
    let content = std::fs::read(&file).map_err(Failure::file(&file))?;
    let damaged = [content.as_slice(), b" "].concat();
    std::fs::write(&file, damaged).map_err(Failure::file(&file))?;
    let is_detected = !is_valid(project, store)?;
    std::fs::write(&file, content).map_err(Failure::file(&file))?;
    if !is_detected {
        eprintln!("the validator did not detect a damaged object");
    }
    Ok(Tally::of(is_detected))
}

fn validate(project: &Project, store: &Path, when: &str) -> Result<Tally, Failure> {
    let is_valid = is_valid(project, store)?;
    let word = if is_valid { "valid" } else { "NOT VALID" };
    eprintln!("{when}: {word}");
    Ok(Tally::of(is_valid))
}

/// Checks that an object has a second version. Otherwise, both validations would have checked the
/// same store.
fn has_second_versions(store: &Path) -> Result<Tally, Failure> {
    let second = crate::files::below(store, &[])?
        .iter()
        .any(|path| path.components().any(|part| part.as_os_str() == "v2"));
    if !second {
        eprintln!("no object has a second version");
    }
    Ok(Tally::of(second))
}

/// Copies a folder with all its files.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    for file in crate::files::below(from, &[])? {
        let target = to.join(file.strip_prefix(from).unwrap_or(&file));
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder).map_err(Failure::file(folder))?;
        }
        std::fs::copy(&file, &target).map_err(Failure::file(&target))?;
    }
    Ok(())
}
