#![allow(clippy::unwrap_used)]

use std::fs;

use khizana_model::NoProgress;

use super::*;
use crate::ocfl::{Content, ObjectId, Writer};

/// Creates a store with some items, and records a state.
fn store(archive: &Path, items: std::ops::Range<u32>) {
    let mut writer = Writer::open(archive).unwrap();
    for item in items {
        let id = ObjectId::Item(format!("i{item}").parse().unwrap());
        let content = Content::Bytes(format!("content {item}").into_bytes());
        let files = vec![("files/a.txt".to_owned(), content)];
        writer.put(&id, files, "test").unwrap();
    }
    let state = writer.prepare_state("test", None, Vec::new()).unwrap();
    writer.put_state(state.unwrap()).unwrap();
}

/// Returns the paths of the objects in the order in which they are checked, relative to the store.
fn paths(archive: &Path) -> Vec<PathBuf> {
    let store = Store::open(archive).unwrap();
    let objects = store.objects().unwrap();
    let paths = objects.map(|object| object.unwrap().path);
    paths
        .map(|path| path.strip_prefix(store.root()).unwrap().to_owned())
        .collect()
}

/// Returns the content file of an object.
fn content(archive: &Path, object: &Path) -> PathBuf {
    archive
        .join("store")
        .join(object)
        .join("v1/content/files/a.txt")
}

fn options(resume: bool) -> Options {
    Options { resume, rate: None }
}

/// Checks the first objects as a run does that is then killed.
fn run_until(archive: &Path, objects: usize) {
    let verification = Verification::open(archive, options(false)).unwrap();
    let states = verification.states.unwrap();
    let verifier = Verifier {
        archive,
        store: &verification.store,
        states: &states,
        progress: &NoProgress,
        rate: None,
    };
    let mut saver = Saver::new(archive, verification.checkpoint);
    saver.save_always();
    let is_object =
        |entry: &Result<StoreEntry, StoreError>| matches!(entry, Ok(StoreEntry::Object(_)));
    let entries = verification.store.entries().unwrap();
    for entry in entries.filter(is_object).take(objects) {
        saver.add(verifier.entry(entry));
    }
    assert!(archive.join(PROGRESS_FILE).is_file());
}

/// Returns the start and the report of a run with `--resume`.
fn resume(archive: &Path) -> (Start, VerifyReport) {
    let verification = Verification::open(archive, options(true)).unwrap();
    let start = verification.start();
    let report = verification.run(&NoProgress).unwrap();
    assert!(!archive.join(PROGRESS_FILE).exists(), "removed at the end");
    (start, report)
}

#[test]
fn a_stopped_run_is_continued_and_reports_everything() {
    let archive = tempfile::tempdir().unwrap();
    let archive = archive.path();
    store(archive, 0..8);
    let paths = paths(archive);
    let item = |path: &PathBuf| path.to_string_lossy().contains("item");
    let damaged: Vec<PathBuf> = [
        paths.iter().find(|path| item(path)).unwrap(),
        paths.iter().rfind(|path| item(path)).unwrap(),
    ]
    .map(|object| content(archive, object))
    .into();
    let intact = fs::read(&damaged[0]).unwrap();
    for file in &damaged {
        fs::write(file, "damaged").unwrap();
    }
    let whole = verify(archive, &NoProgress).unwrap();
    assert_eq!(whole.problems.len(), 2);
    let listed = crate::damage::load(archive);
    assert_eq!(listed.len(), 2);

    run_until(archive, 5);
    // What was checked is not read again.
    fs::write(&damaged[0], intact).unwrap();
    let (start, report) = resume(archive);
    assert_eq!(start, Start::Continued(5));
    assert_eq!(report, whole);
    assert_eq!(crate::damage::load(archive), listed);

    let (start, report) = resume(archive);
    assert_eq!(start, Start::NoProgress);
    assert_eq!(report.problems.len(), 1);
}

#[test]
fn a_changed_store_is_verified_from_the_beginning() {
    let archive = tempfile::tempdir().unwrap();
    let archive = archive.path();
    store(archive, 0..4);
    run_until(archive, 2);
    store(archive, 4..5);
    let (start, report) = resume(archive);
    assert_eq!(start, Start::OtherState);
    assert_eq!((report.objects, report.problems.len()), (6, 0));
}

#[test]
fn progress_that_cannot_be_used_is_ignored() {
    let archive = tempfile::tempdir().unwrap();
    let archive = archive.path();
    store(archive, 0..4);
    let path = archive.join(PROGRESS_FILE);
    for (from, to, expected) in [
        ("\"version\":\"", "\"version\":\"0", Start::OtherVersion),
        ("{", "", Start::NoProgress),
    ] {
        run_until(archive, 2);
        let json = fs::read_to_string(&path).unwrap();
        assert!(json.contains(from));
        fs::write(&path, json.replacen(from, to, 1)).unwrap();
        assert_eq!(resume(archive).0, expected);
    }
    // A problem with a code of another version.
    let paths = paths(archive);
    let item = paths
        .iter()
        .position(|path| path.to_string_lossy().contains("item"));
    let item = item.unwrap();
    fs::remove_dir_all(content(archive, &paths[item]).parent().unwrap()).unwrap();
    run_until(archive, item + 1);
    let json = fs::read_to_string(&path).unwrap();
    assert!(json.contains("file-lost"));
    fs::write(&path, json.replace("file-lost", "other")).unwrap();
    assert_eq!(resume(archive).0, Start::NoProgress);
    // A run that is not continued forgets an earlier one.
    run_until(archive, 2);
    Verification::open(archive, options(false)).unwrap();
    assert!(!path.exists());
}
