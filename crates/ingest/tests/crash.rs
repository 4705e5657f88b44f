//! Runs that are killed at any moment: the store is whole after each, and the next run completes.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use khizana_ingest::ingest;
use khizana_model::NoProgress;
use khizana_store::Store;
use khizana_store::verify::verify;

const ITEMS: usize = 60;

/// Where the child finds its archive and its source.
const ARCHIVE: &str = "KHIZANA_CRASH_ARCHIVE";
const SOURCE: &str = "KHIZANA_CRASH_SOURCE";

/// The run that is killed: not a test of its own, but this program started again as another process.
#[test]
#[ignore = "started by the test below, as a process to be killed"]
fn child() {
    if let (Some(archive), Some(source)) = (std::env::var_os(ARCHIVE), std::env::var_os(SOURCE)) {
        ingest(Path::new(&archive), Path::new(&source), &NoProgress).unwrap();
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

/// A source whose every file and title carries the edition.
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

/// Every object of the store is whole; there may be no store yet.
fn assert_whole(archive: &Path) {
    if !archive.join("store").exists() {
        return;
    }
    let report = verify(archive, &NoProgress).unwrap();
    assert_eq!(report.problems, []);
    no_empty_folder(&archive.join("store"));
}

fn no_empty_folder(folder: &Path) {
    let entries: Vec<_> = fs::read_dir(folder).unwrap().map(Result::unwrap).collect();
    assert!(!entries.is_empty(), "{} is empty", folder.display());
    for entry in entries {
        if entry.file_type().unwrap().is_dir() {
            no_empty_folder(&entry.path());
        }
    }
}

/// How many objects have a version of this number, while a run may be making more.
fn versions(folder: &Path, number: usize) -> usize {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let name = format!("v{number}");
    entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| match entry.file_name() == *name {
            true => 1,
            false => versions(&entry.path(), number),
        })
        .sum()
}

#[test]
fn a_run_killed_at_any_moment_leaves_the_store_valid_and_the_next_completes() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path();
    fs::write(archive.join("khizana.toml"), "").unwrap();
    let store = archive.join("store");
    for edition in 1..=3 {
        let source = source(archive, edition);
        let mut met = Vec::new();
        for moment in 0..8 {
            let mut child = start(archive, &source);
            // Not after so much time, which a slow machine spends on starting, but after so much
            // work: the first run before any object is placed, the last before the collection's is.
            let wanted = moment * ITEMS / 8;
            while child.try_wait().unwrap().is_none() && versions(&store, edition) < wanted {
                std::thread::sleep(Duration::from_millis(1));
            }
            let _ = child.kill();
            child.wait().unwrap();
            assert_whole(archive);
            met.push(versions(&store, edition));
        }
        let between = met.iter().filter(|made| (1..ITEMS).contains(*made)).count();
        assert!(between >= 3, "the runs were not met at work: {met:?}");
        let summary = ingest(archive, &source, &NoProgress).unwrap();
        assert_eq!(summary.problems, []);
        assert_eq!(summary.items, ITEMS as u64);
        assert_whole(archive);

        let store = Store::open(archive).unwrap();
        let records = store.records(&"s".parse().unwrap()).unwrap();
        let mut count = 0;
        for item in records {
            let item = item.unwrap();
            let title = format!("طبعة {edition}");
            assert_eq!(item.title.get("ar"), [title]);
            let back = archive.join("back");
            let media = &item.media[0];
            store.original_to_path(&item.id, media, &back).unwrap();
            let original = fs::read(source.join(&media.name)).unwrap();
            assert_eq!(fs::read(&back).unwrap(), original);
            fs::remove_file(&back).unwrap();
            count += 1;
        }
        assert_eq!(count, ITEMS);
        let left: Vec<_> = fs::read_dir(archive.join("store-work")).unwrap().collect();
        assert_eq!(left.len(), 1, "only the lock");
        let again = ingest(archive, &source, &NoProgress).unwrap();
        assert_eq!(again.unchanged, ITEMS as u64);
    }
}
