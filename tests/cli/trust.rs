//! Lost and older stores, damaged files, and sources that would remove a large part of an archive.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Archive, copy_dir, read_files};

/// Writes a source of three items with one file each.
pub fn three_files(archive: &Archive) -> PathBuf {
    let source = archive.sibling("src");
    fs::create_dir(&source).unwrap();
    let mut table = String::from("id,title@en,file\n");
    let mut state = 1u64;
    for id in ["a", "b", "c"] {
        let mut bytes = Vec::new();
        while bytes.len() < 9000 {
            // Knuth's linear congruential generator. Zstandard cannot compress its high bytes.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            bytes.extend_from_slice(&state.to_be_bytes()[..4]);
        }
        fs::write(source.join(format!("{id}.bin")), bytes).unwrap();
        writeln!(table, "{id},Title {id},{id}.bin").unwrap();
    }
    fs::write(source.join("metadata.csv"), table).unwrap();
    source
}

fn write_table(source: &Path, rows: impl IntoIterator<Item = String>) {
    fs::create_dir_all(source).unwrap();
    let mut table = String::from("id,title@en\n");
    for row in rows {
        writeln!(table, "{row}").unwrap();
    }
    fs::write(source.join("metadata.csv"), table).unwrap();
}

fn replace_in_table(source: &Path, from: &str, to: &str) {
    let path = source.join("metadata.csv");
    let table = fs::read_to_string(&path).unwrap();
    assert!(table.contains(from));
    fs::write(path, table.replace(from, to)).unwrap();
}

pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Returns the code and the message of a command that must fail with exit status 2.
pub fn failure(archive: &Archive, arguments: &[&str]) -> (String, String) {
    let document = archive.json(2, arguments);
    let member = |name: &str| document["error"][name].as_str().unwrap().to_owned();
    (
        member("code"),
        format!("{} {}", member("message"), member("hint")),
    )
}

/// Returns the folder of an object whose name contains `name`.
pub fn object(archive: &Archive, name: &str) -> PathBuf {
    let store = archive.path().join("store");
    let files = read_files(&store);
    let inventory = files
        .keys()
        .find(|path| path.contains(name) && path.ends_with("/0=ocfl_object_1.1"))
        .unwrap();
    store.join(inventory).parent().unwrap().to_owned()
}

pub fn codes(document: &serde_json::Value) -> Vec<&str> {
    let problems = document["problems"].as_array().unwrap().iter();
    problems
        .map(|problem| problem["code"].as_str().unwrap())
        .collect()
}

#[test]
fn a_lost_store_is_an_error_and_the_site_is_kept() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["publish"]);
    let site = read_files(&archive.site());
    fs::remove_dir_all(archive.path().join("store")).unwrap();
    for command in [&["ingest", text(&source)][..], &["publish"]] {
        let (code, message) = failure(&archive, command);
        assert_eq!(code, "store-lost");
        assert!(
            message.contains("3 items") && message.contains("--accept-state 0"),
            "{message}"
        );
    }
    assert_eq!(failure(&archive, &["verify"]).0, "store-missing");
    assert!(!archive.path().join("store").exists(), "nothing is written");
    assert_eq!(read_files(&archive.site()), site);

    let summary = archive.json(0, &["ingest", text(&source), "--accept-state", "0"]);
    assert_eq!(summary["items"], 3);
    archive.ok(&["verify"]);
    // The loss of the state that the site was made from has been accepted.
    archive.ok(&["publish"]);
    let summary = archive.json(0, &["ingest", text(&source)]);
    assert_eq!(summary["unchanged"], 3);
}

#[test]
fn an_older_store_is_an_error_until_it_is_accepted() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    let backup = archive.sibling("backup");
    copy_dir(&archive.path().join("store"), &backup);
    fs::write(source.join("d.bin"), [7; 9000]).unwrap();
    let table = fs::read_to_string(source.join("metadata.csv")).unwrap();
    let table = table.replace("Title a", "Title corrected") + "d,Title d,d.bin\n";
    fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["publish"]);

    fs::remove_dir_all(archive.path().join("store")).unwrap();
    fs::rename(&backup, archive.path().join("store")).unwrap();
    let (code, message) = failure(&archive, &["ingest", text(&source)]);
    assert_eq!(code, "store-behind");
    assert!(
        message.contains("state 2") && message.contains("missing from the store: d"),
        "{message}"
    );
    assert_eq!(codes(&archive.json(1, &["verify"])), ["store-behind"]);
    assert_eq!(failure(&archive, &["publish"]).0, "store-behind");
    let wrong = ["ingest", text(&source), "--accept-state", "2"];
    assert_eq!(failure(&archive, &wrong).0, "accept-state");
    // Without the catalogue, the site still records the lost state.
    let catalogue = archive.path().join("catalogue.sqlite");
    let kept = archive.sibling("catalogue.sqlite");
    fs::rename(&catalogue, &kept).unwrap();
    assert_eq!(failure(&archive, &["publish"]).0, "store-behind");
    fs::rename(&kept, &catalogue).unwrap();
    // A dry run cannot accept a loss, and a refused run does not forget it.
    let dry = ["ingest", text(&source), "--accept-state", "1", "--dry-run"];
    assert_eq!(failure(&archive, &dry).0, "store-behind");

    let summary = archive.json(0, &["ingest", text(&source), "--accept-state", "1"]);
    assert_eq!(summary["added"], 1);
    assert_eq!(summary["changed"], 1);
    archive.ok(&["verify"]);
    let files = read_files(&archive.path().join("store"));
    assert!(
        files
            .keys()
            .any(|path| path.ends_with("files/d.bin.zst") || path.ends_with("files/d.bin"))
    );

    archive.ok(&["publish"]);
}

#[test]
fn a_lost_collection_is_found_and_healed_from_its_source() {
    let archive = Archive::new();
    let source = archive.sibling("src");
    write_table(&source, ["a,A", "b,B"].map(str::to_owned));
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["publish"]);
    fs::remove_dir_all(object(&archive, "collection")).unwrap();
    assert_eq!(codes(&archive.json(1, &["verify"])), ["file-lost"]);
    assert_eq!(failure(&archive, &["publish"]).0, "object-lost");
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["verify"]);
    archive.ok(&["publish"]);
}

#[test]
fn a_lost_item_does_not_stop_the_others() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    fs::remove_dir_all(object(&archive, "item%3ab")).unwrap();
    let summary = archive.json(1, &["publish"]);
    assert_eq!(summary["items"], 3);
    assert_eq!(codes(&summary), ["object-lost", "file-lost"]);
    // A source that does not contain the item cannot heal it.
    let other = archive.sibling("other");
    write_table(&other, ["x,X".to_owned()]);
    assert_eq!(
        codes(&archive.json(1, &["ingest", text(&other)])),
        ["object-lost"]
    );
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["verify"]);
    archive.ok(&["publish"]);
}

#[test]
fn damaged_files_are_restored_from_the_source() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    let file = object(&archive, "item%3aa").join("v1/content/files/a.bin");
    let good = fs::read(&file).unwrap();

    // A file that is shorter is restored by every ingest.
    fs::write(&file, &good[..100]).unwrap();
    let summary = archive.json(0, &["ingest", text(&source)]);
    assert_eq!(summary["restored"].as_array().unwrap().len(), 1);
    assert_eq!(fs::read(&file).unwrap(), good);

    // A file of the same length is restored if every file is read.
    let mut bad = good.clone();
    bad[100] ^= 1;
    fs::write(&file, &bad).unwrap();
    assert_eq!(codes(&archive.json(1, &["verify"])), ["fixity-mismatch"]);
    archive.ok(&["ingest", text(&source), "--reread"]);
    archive.ok(&["verify"]);

    // Or if `verify` has found the damage.
    fs::write(&file, &bad).unwrap();
    let summary = archive.json(0, &["ingest", text(&source)]);
    assert_eq!(summary["restored"].as_array().unwrap().len(), 0);
    archive.json(1, &["verify"]);
    let summary = archive.json(0, &["ingest", text(&source)]);
    assert_eq!(summary["restored"].as_array().unwrap().len(), 1);
    archive.ok(&["verify"]);
    assert!(!archive.path().join("damaged-objects.json").exists());

    // `repair` restores it from the source, from a copy and from a site.
    archive.ok(&["publish"]);
    let copy = archive.sibling("copy");
    copy_dir(&archive.path(), &copy);
    for from in [&source, &copy, &copy.join("store"), &archive.site()] {
        fs::write(&file, &bad).unwrap();
        assert_eq!(archive.run(&["repair"]).status, Some(1));
        let report = archive.json(0, &["repair", "--from", text(from)]);
        assert_eq!(report["restored"].as_array().unwrap().len(), 1, "{from:?}");
        assert_eq!(fs::read(&file).unwrap(), good);
    }
}

#[test]
fn repair_restores_inventories_declarations_and_objects() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    replace_in_table(&source, "Title a", "New title");
    archive.ok(&["ingest", text(&source)]);
    let store = archive.path().join("store");
    let good = read_files(&store);
    let item = object(&archive, "item%3aa");
    for name in [
        "inventory.json",
        "inventory.json.sha256",
        "v1/inventory.json",
        "v2/inventory.json.sha256",
        "0=ocfl_object_1.1",
    ] {
        fs::write(item.join(name), "damaged").unwrap();
        archive.json(1, &["verify"]);
        archive.ok(&["repair"]);
        assert_eq!(read_files(&store), good, "{name}");
        fs::remove_file(item.join(name)).unwrap();
        archive.json(1, &["verify"]);
        archive.ok(&["repair"]);
        assert_eq!(read_files(&store), good, "{name}");
    }
    for name in ["0=ocfl_1.1", "ocfl_layout.json"] {
        fs::write(store.join(name), "damaged\n").unwrap();
        archive.json(1, &["verify"]);
        archive.ok(&["repair"]);
        assert_eq!(read_files(&store), good, "{name}");
    }
    let copy = archive.sibling("copy");
    copy_dir(&archive.path(), &copy);
    for name in ["item%3ac", "collection", "states"] {
        fs::remove_dir_all(object(&archive, name)).unwrap();
        assert_ne!(archive.run(&["verify"]).status, Some(0), "{name}");
        archive.ok(&["repair", "--from", text(&copy)]);
        assert_eq!(read_files(&store), good, "{name}");
    }
}

#[test]
fn a_removal_of_most_items_is_refused_unless_it_is_requested() {
    let archive = Archive::new();
    let source = archive.sibling("scans");
    let rows = |count: u32| (1..=count).map(|n| format!("x{n},Title {n} of the collection"));
    write_table(&source, rows(1000));
    let new = archive.json(0, &["ingest", text(&source), "--dry-run"]);
    assert_eq!(new["changes"]["added"].as_array().unwrap().len(), 1000);
    assert_eq!(new["items"], 0);
    archive.ok(&["ingest", text(&source)]);
    write_table(&source, rows(17));
    let store = read_files(&archive.path().join("store"));
    let (code, message) = failure(&archive, &["ingest", text(&source)]);
    assert_eq!(code, "removal-refused");
    assert!(
        message.contains("983 of 1000 items") && message.contains("--remove 983"),
        "{message}"
    );
    assert_eq!(read_files(&archive.path().join("store")), store);
    let summary = archive.json(0, &["ingest", text(&source), "--dry-run"]);
    assert_eq!(summary["changes"]["removed"].as_array().unwrap().len(), 983);
    assert_eq!(read_files(&archive.path().join("store")), store);
    let wrong = ["ingest", text(&source), "--remove", "982"];
    assert_eq!(failure(&archive, &wrong).0, "removal-refused");
    let summary = archive.json(0, &["ingest", text(&source), "--remove", "983"]);
    assert_eq!(summary["removed"], 983);
}

#[test]
fn lost_zeros_columns_and_letters_are_noticed() {
    let archive = Archive::new();
    let source = archive.sibling("plates");
    write_table(
        &source,
        (1..=28).map(|n| format!("{n:04},لوحة من المجموعة {n}")),
    );
    archive.ok(&["ingest", text(&source)]);
    write_table(
        &source,
        (1..=28).map(|n| format!("{n},لوحة من المجموعة {n}")),
    );
    let (code, message) = failure(&archive, &["ingest", text(&source)]);
    assert_eq!(code, "removal-refused");
    assert!(message.contains("leading zeros are missing"), "{message}");
    write_table(
        &source,
        (1..=28).map(|n| format!("{n:04},???? ?? ???????? {n}")),
    );
    let (code, message) = failure(&archive, &["ingest", text(&source)]);
    assert_eq!(code, "removal-refused");
    assert!(message.contains("letters would be lost"), "{message}");
    assert!(message.contains("`title@en` (28 items)"), "{message}");
    // A few items may lose values, but not silently.
    let mut rows: Vec<String> = (1..=28)
        .map(|n| format!("{n:04},لوحة من المجموعة {n}"))
        .collect();
    rows[3] = "0004,???? ?? ???????? 4".to_owned();
    write_table(&source, rows.iter().cloned());
    let summary = archive.json(0, &["ingest", text(&source)]);
    let warning = &summary["problems"][0];
    assert_eq!(warning["code"], "values-lost");
    let message = warning["message"].as_str().unwrap();
    assert!(message.contains("`title@en` (1 item): 0004"), "{message}");
    // An edit is not a loss.
    write_table(&source, (1..=28).map(|n| format!("{n:04},لوحة {n}")));
    archive.ok(&["ingest", text(&source)]);
}

#[test]
fn a_renamed_file_column_does_not_drop_the_files() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    let table = fs::read_to_string(source.join("metadata.csv")).unwrap();
    fs::write(
        source.join("metadata.csv"),
        table.replace(",file\n", ",notes\n"),
    )
    .unwrap();
    let (code, message) = failure(&archive, &["ingest", text(&source)]);
    assert_eq!(code, "removal-refused");
    assert!(message.contains("3 of 3 files"), "{message}");
}

#[test]
fn another_folder_of_the_same_name_does_not_replace_a_collection() {
    let archive = Archive::new();
    let first = archive.sibling("2023/scans");
    let second = archive.sibling("2024/scans");
    write_table(&first, (1..=5).map(|n| format!("x{n},X")));
    write_table(&second, ["y1,Y".to_owned()]);
    archive.ok(&["ingest", text(&first)]);
    let (code, message) = failure(&archive, &["ingest", text(&second), "--remove", "all"]);
    assert_eq!(code, "collection-replaced");
    assert!(message.contains("collection.toml"), "{message}");
    fs::write(second.join("collection.toml"), "id = \"scans-2024\"\n").unwrap();
    assert_eq!(archive.json(0, &["ingest", text(&second)])["items"], 6);
    // A folder that was moved is the same collection.
    let moved = archive.sibling("moved/scans");
    copy_dir(&first, &moved);
    assert_eq!(archive.json(0, &["ingest", text(&moved)])["unchanged"], 5);
}

#[test]
fn a_damaged_catalogue_does_not_become_the_archive() {
    let archive = Archive::new();
    let source = archive.sibling("src");
    write_table(&source, ["a,Alpha number one", "b,Beta"].map(str::to_owned));
    archive.ok(&["ingest", text(&source)]);
    let path = archive.path().join("catalogue.sqlite");
    let bytes = fs::read(&path).unwrap();
    assert!(
        !bytes.windows(12).any(|window| window == b"Alpha number"),
        "the catalogue contains no records"
    );
    write_table(
        &source,
        ["a,Alpha number one", "b,Beta two"].map(str::to_owned),
    );
    assert_eq!(archive.json(0, &["ingest", text(&source)])["changed"], 1);
    archive.ok(&["publish"]);
    let found = archive.json(0, &["search", "alpha number"]);
    assert_eq!(found["total"], 1);
}

#[test]
fn warnings_of_unchanged_items_are_repeated() {
    let archive = Archive::new();
    let source = three_files(&archive);
    fs::write(source.join("a.txt"), "text").unwrap();
    fs::write(source.join("a.jpg"), [0xff, 0xd8, 0xff, 0xe0, 0, 0]).unwrap();
    let table = "id,title@en,file,captions\nz,Z,b.bin,a.txt\n";
    fs::write(source.join("metadata.csv"), table).unwrap();
    let first = archive.run(&["ingest", text(&source), "--json"]);
    let second = archive.run(&["ingest", text(&source), "--json"]);
    assert_eq!(first.json()["problems"], second.json()["problems"]);
}

#[test]
#[cfg(unix)]
fn files_are_stored_under_names_that_every_disk_can_hold() {
    let archive = Archive::new();
    let source = archive.sibling("names");
    fs::create_dir(&source).unwrap();
    let names = [
        &format!("{}.txt", "ا".repeat(124)),
        "A.txt",
        "a.txt",
        "a:b.txt",
        "COM1.txt",
        "end.",
        "100% sure?.txt",
        "two\nlines.txt",
    ];
    let mut rows = Vec::new();
    for (index, name) in names.iter().enumerate() {
        fs::write(source.join(name), format!("text {index} ").repeat(1000)).unwrap();
        let row = serde_json::json!({"id": format!("i{index}"), "title": "x", "file": [name]});
        rows.push(row);
    }
    let all = serde_json::json!({"id": "all", "title": "x", "file": names});
    rows.push(all);
    fs::write(
        source.join("metadata.json"),
        serde_json::to_vec(&rows).unwrap(),
    )
    .unwrap();
    let summary = archive.json(0, &["ingest", text(&source)]);
    assert_eq!(summary["added"], 9);
    archive.ok(&["verify"]);
    let store = read_files(&archive.path().join("store"));
    let mut lower: Vec<String> = store.keys().map(|path| path.to_lowercase()).collect();
    lower.sort_unstable();
    lower.dedup();
    assert_eq!(lower.len(), store.len(), "paths differ in more than case");
    for path in store.keys() {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.%~=/".contains(c);
        assert!(path.chars().all(is_plain), "{path}");
        assert!(
            path.split('/')
                .all(|name| name.len() <= 200 && !name.ends_with('.')),
            "{path}"
        );
    }
    // The logical paths are the names in the source, and the originals come back.
    archive.ok(&["publish"]);
    let site = read_files(&archive.site());
    for (index, name) in names.iter().enumerate() {
        let content = format!("text {index} ").repeat(1000).into_bytes();
        assert!(site.values().any(|file| *file == content), "{name}");
    }
    let summary = archive.json(0, &["ingest", text(&source)]);
    assert_eq!(summary["unchanged"], 9);
}

#[test]
fn every_damaged_file_of_a_site_is_found_and_written_again() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["publish"]);
    let site = archive.site();
    let verify = ["verify", "--site", text(&site)];
    let report = archive.json(0, &verify);
    let files = read_files(&site);
    // All files but the root and the object of the manifest.
    assert_eq!(report["files"], files.len() - 2);
    for path in files.keys() {
        let mut bytes = files[path].clone();
        let Some(byte) = bytes.last_mut() else {
            continue;
        };
        *byte ^= 1;
        fs::write(site.join(path), bytes).unwrap();
    }
    let report = archive.json(1, &verify);
    assert_eq!(codes(&report), ["site-file-damaged"], "the root is damaged");
    fs::write(site.join("archive.json"), &files["archive.json"]).unwrap();
    let report = archive.json(1, &verify);
    // The manifest is damaged, so only the objects, whose names are their hashes, can be checked.
    let objects = files.keys().filter(|path| path.starts_with("o/"));
    assert_eq!(codes(&report), vec!["site-file-damaged"; objects.count()]);
    archive.ok(&["publish"]);
    assert_eq!(
        read_files(&site),
        files,
        "the next publication hashes all files"
    );
    archive.ok(&verify);

    for path in ["en/index.html", "archive.json"] {
        fs::remove_file(site.join(path)).unwrap();
        assert_eq!(codes(&archive.json(1, &verify)), ["site-file-missing"]);
        if path == "en/index.html" {
            archive.ok(&["publish"]);
            archive.ok(&verify);
        }
    }
    fs::write(site.join("archive.json"), &files["archive.json"]).unwrap();
    archive.ok(&["publish"]);
    fs::write(site.join("notes.txt"), "mine").unwrap();
    assert_eq!(codes(&archive.json(0, &verify)), ["site-file-unknown"]);

    // Without `verify`, damage of the same length is found by `--rehash`.
    let object = files.keys().find(|path| path.starts_with("f/")).unwrap();
    let mut bytes = files[object].clone();
    bytes[100] ^= 1;
    fs::write(site.join(object), &bytes).unwrap();
    archive.ok(&["publish"]);
    assert_eq!(fs::read(site.join(object)).unwrap(), bytes);
    archive.ok(&["publish", "--rehash"]);
    assert_eq!(fs::read(site.join(object)).unwrap(), files[object]);
    assert_eq!(fs::read(site.join("notes.txt")).unwrap(), b"mine");
}

#[test]
fn publish_removes_only_what_it_wrote() {
    let archive = Archive::new();
    let source = archive.sibling("src");
    write_table(&source, (1..=20).map(|n| format!("x{n},Title {n}")));
    archive.ok(&["ingest", text(&source)]);
    let other = archive.sibling("other");
    fs::create_dir_all(other.join("en")).unwrap();
    fs::write(other.join("archive.json"), "{\"some\": \"other program\"}").unwrap();
    fs::write(other.join("en/essay.html"), "precious").unwrap();
    let publish = ["publish", "--out", text(&other)];
    assert_eq!(failure(&archive, &publish).0, "site-not-ours");
    assert_eq!(read_files(&other).len(), 2);

    archive.ok(&["publish"]);
    let site = archive.site();
    fs::write(site.join("en/essay.html"), "precious").unwrap();
    fs::write(site.join("o/notes"), "precious").unwrap();
    write_table(&source, (2..=20).map(|n| format!("x{n},Title {n}")));
    archive.ok(&["ingest", text(&source), "--remove", "1"]);
    archive.ok(&["publish"]);
    assert!(!site.join("en/item/x1").exists());
    assert_eq!(fs::read(site.join("en/essay.html")).unwrap(), b"precious");
    assert_eq!(fs::read(site.join("o/notes")).unwrap(), b"precious");
    // The site is the same as one that is published at once.
    fs::remove_file(site.join("en/essay.html")).unwrap();
    fs::remove_file(site.join("o/notes")).unwrap();
    let new = archive.sibling("new");
    archive.ok(&["publish", "--out", text(&new)]);
    assert_eq!(read_files(&new), read_files(&site));
}

#[test]
fn repair_keeps_intact_files_and_newer_versions() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    let old = archive.sibling("old");
    copy_dir(&archive.path(), &old);
    // Another archive with the same identifiers.
    let other = Archive::new();
    let other_source = other.sibling("src");
    fs::create_dir(&other_source).unwrap();
    fs::write(other_source.join("a.bin"), [3; 9000]).unwrap();
    fs::write(
        other_source.join("metadata.csv"),
        "id,title,file\na,Other,a.bin\n",
    )
    .unwrap();
    other.ok(&["ingest", text(&other_source)]);
    for edition in ["Second", "Third"] {
        let table = format!("id,title,file\na,{edition},a.bin\n");
        fs::write(other_source.join("metadata.csv"), table).unwrap();
        other.ok(&["ingest", text(&other_source), "--remove", "all"]);
    }
    replace_in_table(&source, "Title a", "New title");
    archive.ok(&["ingest", text(&source)]);
    let store = read_files(&archive.path().join("store"));
    for from in [&old, &other.path()] {
        archive.ok(&["repair", "--from", text(from)]);
        assert_eq!(read_files(&archive.path().join("store")), store, "{from:?}");
    }
}

#[test]
fn damaged_objects_without_a_state_are_recorded_once_they_are_restored() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    // As a store of an earlier version, which has no states.
    fs::remove_dir_all(object(&archive, "states")).unwrap();
    fs::remove_file(archive.path().join("catalogue.sqlite")).unwrap();
    let item = object(&archive, "item%3ab");
    let file = item.join("v1/content/files/b.bin");
    let mut bytes = fs::read(&file).unwrap();
    bytes[100] ^= 1;
    fs::write(&file, bytes).unwrap();
    let summary = archive.json(1, &["ingest", text(&source)]);
    assert_eq!(codes(&summary), ["fixity-mismatch"]);
    assert_eq!(summary["restored"].as_array().unwrap().len(), 1);
    assert_eq!(codes(&archive.json(0, &["verify"])), [""; 0]);
    fs::remove_dir_all(&item).unwrap();
    assert_eq!(codes(&archive.json(1, &["verify"])), ["file-lost"]);
}

#[test]
fn a_damaged_file_does_not_stop_the_publication_of_its_twin() {
    let archive = Archive::new();
    let source = archive.sibling("twins");
    fs::create_dir(&source).unwrap();
    fs::write(source.join("t.txt"), "the same text ".repeat(1000)).unwrap();
    let table = "id,title,file\na,A,t.txt\nb,B,t.txt\n";
    fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", text(&source)]);
    let file = object(&archive, "item%3aa").join("v1/content/files/t.txt.zst");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&file, bytes).unwrap();
    let summary = archive.json(1, &["publish"]);
    assert_eq!(codes(&summary), ["fixity-mismatch"]);
    archive.ok(&["verify", "--site", text(&archive.site())]);
    let site = read_files(&archive.site());
    assert!(site.keys().any(|path| path.ends_with("/t.txt")));
}

#[test]
fn an_interrupted_publication_leaves_no_removed_items() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["publish"]);
    let site = archive.site();
    // A log that names files outside the site is ignored.
    fs::write(archive.path().join("precious"), "mine").unwrap();
    fs::write(
        site.join(".khizana-unfinished"),
        "../precious\nen/old/index.html\n",
    )
    .unwrap();
    fs::create_dir(site.join("en/old")).unwrap();
    fs::write(site.join("en/old/index.html"), "removed").unwrap();
    fs::remove_file(site.join("archive.json")).unwrap();
    archive.ok(&["publish"]);
    assert!(!site.join("en/old").exists());
    assert_eq!(fs::read(archive.path().join("precious")).unwrap(), b"mine");
}
