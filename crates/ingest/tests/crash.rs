//! Tests of runs that are killed at arbitrary times: the store remains valid, and the next run
//! completes.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use khizana_ingest::{Options, ingest};
use khizana_model::NoProgress;
use khizana_store::Store;
use khizana_store::verify::verify;

const ITEMS: usize = 60;

/// Environment variables that contain the paths of the archive and the source for the child
/// process.
const ARCHIVE: &str = "KHIZANA_CRASH_ARCHIVE";
const SOURCE: &str = "KHIZANA_CRASH_SOURCE";

/// Runs the ingest that is killed. The test below starts this program again, as a child process.
#[test]
#[ignore = "started by the test below as a child process"]
fn child() {
    if let (Some(archive), Some(source)) = (std::env::var_os(ARCHIVE), std::env::var_os(SOURCE)) {
        ingest(
            Path::new(&archive),
            Path::new(&source),
            &Options::default(),
            &|_| (),
            &NoProgress,
        )
        .unwrap();
    }
}

fn start(archive: &Path, source: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child"])
        .env(ARCHIVE, archive)
        .env(SOURCE, source)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Creates a source in which the content of every file and every title contains the edition.
fn source(folder: &Path, edition: usize) -> PathBuf {
    let source = folder.join("s");
    fs::create_dir_all(&source).unwrap();
    let mut table = String::from("id,title@ar,file\n");
    for n in 0..ITEMS {
        table.push_str(&format!("i{n},طبعة {edition},f{n}.txt\n"));
        let text = format!("{edition} {n} ").repeat(if n % 2 == 0 { 1 } else { 5000 });
        fs::write(source.join(format!("f{n}.txt")), text).unwrap();
    }
    fs::write(source.join("metadata.csv"), table).unwrap();
    source
}

/// Asserts that all objects of the store are intact, although no state may list them yet. The store may
/// not exist yet.
fn assert_intact(archive: &Path) {
    if !archive.join("store").exists() {
        return;
    }
    let mut report = verify(archive, &NoProgress).unwrap();
    report
        .problems
        .retain(|problem| problem.code != "object-unrecorded");
    assert_eq!(report.problems, []);
    assert_no_empty_folder(&archive.join("store"));
}

fn assert_no_empty_folder(folder: &Path) {
    let entries: Vec<_> = fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
    assert!(!entries.is_empty(), "{} is empty", folder.display());
    for entry in entries {
        if entry.file_type().unwrap().is_dir() {
            assert_no_empty_folder(&entry.path());
        }
    }
}

/// Returns the number of objects that have the version `number`. A running process may be adding
/// more.
fn count_versions(folder: &Path, number: usize) -> usize {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let name = format!("v{number}");
    entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| match entry.file_name() == *name {
            true => 1,
            false => count_versions(&entry.path(), number),
        })
        .sum()
}

#[test]
fn killed_runs_leave_a_valid_store_and_the_next_run_completes() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path();
    fs::write(archive.join("khizana.toml"), "").unwrap();
    let store = archive.join("store");
    for edition in 1..=3 {
        let source = source(archive, edition);
        let mut counts = Vec::new();
        for moment in 0..8 {
            let mut child = start(archive, &source);
            // The child is killed after an amount of work instead of after a time, which a slow
            // machine may spend on starting: in the first run before any object is placed, in the
            // last run before the object of the collection is placed.
            let target = moment * ITEMS / 8;
            while child.try_wait().unwrap().is_none() && count_versions(&store, edition) < target {
                std::thread::sleep(Duration::from_millis(1));
            }
            let _ = child.kill();
            child.wait().unwrap();
            assert_intact(archive);
            counts.push(count_versions(&store, edition));
        }
        let partial = counts.iter().filter(|count| (1..ITEMS).contains(*count));
        assert!(
            partial.count() >= 3,
            "too few runs were killed at work: {counts:?}"
        );
        let summary = ingest(archive, &source, &Options::default(), &|_| (), &NoProgress).unwrap();
        assert_eq!(summary.problems, []);
        assert_eq!(summary.items, ITEMS as u64);
        assert_intact(archive);
        assert_eq!(verify(archive, &NoProgress).unwrap().problems, []);

        let store = Store::open(archive).unwrap();
        let records = store.records(&"s".parse().unwrap()).unwrap();
        let mut count = 0;
        for item in records {
            let item = item.unwrap();
            let title = format!("طبعة {edition}");
            assert_eq!(item.title.get("ar"), [title]);
            let back = archive.join("back");
            let media = &item.media[0];
            store.copy_original(&item.id, media, &back).unwrap();
            let original = fs::read(source.join(&media.name)).unwrap();
            assert_eq!(fs::read(&back).unwrap(), original);
            fs::remove_file(&back).unwrap();
            count += 1;
        }
        assert_eq!(count, ITEMS);
        let remaining: Vec<_> = fs::read_dir(archive.join("store-work")).unwrap().collect();
        assert_eq!(remaining.len(), 1, "only the lock");
        let again = ingest(archive, &source, &Options::default(), &|_| (), &NoProgress).unwrap();
        assert_eq!(again.unchanged, ITEMS as u64);
    }
}
