//! Runs that are killed at any moment: the store is whole after each, and the next run completes.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use khizana_ingest::pipeline::{Quiet, ingest};
use khizana_ingest::store::Store;
use khizana_ingest::verify::verify;

const ITEMS: usize = 60;

/// The example program, which cargo builds with the tests.
fn program() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples").join(format!("ingest{}", std::env::consts::EXE_SUFFIX))
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
    let report = verify(archive, &Quiet).unwrap();
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

#[test]
fn a_run_killed_at_any_moment_leaves_the_store_valid_and_the_next_completes() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path();
    fs::write(archive.join("khizana.toml"), "").unwrap();
    let mut killed = 0;
    let mut whole_run = Duration::from_millis(400);
    for edition in 0..3 {
        let source = source(archive, edition);
        for moment in 1..=8u32 {
            let mut child = Command::new(program())
                .args([archive, source.as_path()])
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            // Later and later, so that the work is met at every stage, whatever the machine.
            std::thread::sleep(whole_run * moment / 24);
            killed += usize::from(child.try_wait().unwrap().is_none());
            let _ = child.kill();
            child.wait().unwrap();
            assert_whole(archive);
        }
        let began = Instant::now();
        let summary = ingest(archive, &source, &Quiet).unwrap();
        whole_run = began.elapsed().max(Duration::from_millis(100));
        assert_eq!(summary.rejected, []);
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
        let again = ingest(archive, &source, &Quiet).unwrap();
        assert_eq!(again.unchanged, ITEMS as u64);
    }
    assert!(killed >= 6, "only {killed} of 24 runs were still at work");
}
