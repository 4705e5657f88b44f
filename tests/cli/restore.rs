//! Restoring an archive from its store alone: with `rebuild`, and with a shell and no Khizana.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Archive, copy_dir, fixture, read_files};
use crate::trust::{codes, failure, object, text, three_files};

#[test]
fn rebuild_makes_the_same_archive_and_site_from_the_store() {
    let archive = Archive::new();
    let config = "languages = [\"en\", \"ar\"]\n[title]\nen = \"Rebuilt\"\n";
    fs::write(archive.path().join("khizana.toml"), config).unwrap();
    for name in ["cabinet", "letters"] {
        archive.ok(&["ingest", text(&fixture(name))]);
    }
    archive.ok(&["publish"]);

    let other = Archive::without_files();
    let from = |name: &str| archive.path().join(name);
    copy_dir(&from("store"), &other.path().join("store"));
    assert_eq!(failure(&other, &["publish"]).0, "archive-missing");
    let report = other.json(0, &["rebuild"]);
    assert_eq!(report["configuration_restored"], true);
    assert_eq!(report["collections"], 2);
    assert_eq!(
        fs::read_to_string(other.path().join("khizana.toml")).unwrap(),
        config
    );
    other.ok(&["publish"]);
    assert!(
        read_files(&other.site()) == read_files(&archive.site()),
        "the sites are different"
    );
    for name in ["cabinet", "letters"] {
        let summary = other.json(0, &["ingest", text(&fixture(name))]);
        assert_eq!(summary["added"], 0);
        assert_eq!(summary["changed"], 0);
        assert_eq!(summary["removed"], 0);
    }
    assert!(
        read_files(&other.path().join("store")) == read_files(&from("store")),
        "the store was changed"
    );
}

#[test]
fn publish_adds_a_changed_configuration_to_the_store_and_rebuild_keeps_another_one() {
    let archive = Archive::new();
    archive.ok(&["ingest", text(&fixture("letters"))]);
    let path = archive.path().join("khizana.toml");
    fs::write(&path, "[title]\nen = \"Second\"\n").unwrap();
    archive.ok(&["publish"]);
    archive.ok(&["verify"]);
    let before = read_files(&archive.path().join("store"));
    archive.ok(&["publish"]);
    assert!(read_files(&archive.path().join("store")) == before);

    fs::write(&path, "[title]\nen = \"Third\"\n").unwrap();
    let report = archive.json(0, &["rebuild"]);
    assert_eq!(codes(&report), ["configuration-differs"]);
    assert!(fs::read_to_string(&path).unwrap().contains("Third"));
    fs::remove_file(&path).unwrap();
    archive.json(0, &["rebuild"]);
    assert!(fs::read_to_string(&path).unwrap().contains("Second"));

    fs::remove_file(&path).unwrap();
    fs::remove_dir_all(object(&archive, "configuration")).unwrap();
    let report = archive.json(1, &["rebuild"]);
    assert_eq!(codes(&report), ["object-lost", "configuration-missing"]);
    archive.ok(&["publish"]);
    archive.ok(&["verify"]);
    fs::remove_dir_all(archive.path().join("store")).unwrap();
    assert_eq!(failure(&archive, &["rebuild"]).0, "store-missing");
}

#[test]
fn a_shell_copies_all_originals_out_of_the_store() {
    let archive = Archive::new();
    let source = archive.sibling("src");
    fs::create_dir_all(source.join("folder")).unwrap();
    let compressible = "The same words. ".repeat(600);
    let packed = {
        let plain = archive.sibling("plain");
        fs::write(&plain, "packed").unwrap();
        let output = Command::new("zstd").arg("-c").arg(plain).output();
        output.expect("zstd is installed").stdout
    };
    let files: [(&str, &[u8]); 8] = [
        ("A.txt", b"upper case"),
        ("a.txt", b"lower case"),
        ("خزانة الكتب.txt", compressible.as_bytes()),
        ("two  spaces.txt", b"two spaces"),
        ("line\nbreak.txt", b"line break"),
        ("packed.zst", &packed),
        ("folder/a:b.txt", b"colon"),
        ("folder/again.txt", compressible.as_bytes()),
    ];
    for (name, content) in files {
        fs::write(source.join(name), content).unwrap();
    }
    let long = format!("{}.txt", "ط".repeat(110));
    fs::write(source.join(&long), "long name").unwrap();
    let names = files.map(|(name, _)| name).join("|");
    let table = format!("id,title@en,file\nx,Title,\"{names}|{long}\"\n");
    fs::write(source.join("metadata.csv"), table).unwrap();
    archive.ok(&["ingest", text(&source)]);
    // The second version of the item replaces an original.
    fs::write(source.join("a.txt"), "lower case, corrected").unwrap();
    archive.ok(&["ingest", text(&source)]);

    let out = archive.sibling("out");
    run_readme_script(&archive, &out, 0);
    let copied = read_files(&out);
    let name_of = |version: &str, name: &str| format!("urn%3akhizana%3aitem%3ax/{version}/{name}");
    for (name, content) in files
        .into_iter()
        .chain([(long.as_str(), &b"long name"[..])])
    {
        assert_eq!(copied[&name_of("v1", name)], content, "{name}");
        if name != "a.txt" {
            assert_eq!(copied[&name_of("v2", name)], content, "{name}");
        }
    }
    assert_eq!(copied[&name_of("v2", "a.txt")], b"lower case, corrected");
    assert!(copied.contains_key(&name_of("v2", "record.json")));
    let check = Command::new("sha256sum")
        .args(["--check", "--quiet", "originals.sha256"])
        .current_dir(out.join(name_of("v1", "")))
        .status();
    assert!(check.unwrap().success());

    let stored = object(&archive, "item%3ax").join("v1/content/files/two%20%20spaces.txt");
    fs::write(stored, "damaged").unwrap();
    let message = run_readme_script(&archive, &archive.sibling("out2"), 1);
    assert!(
        message.contains("missing or damaged: urn%3akhizana%3aitem%3ax: two  spaces.txt"),
        "{message}"
    );
    // Without the lists, the files are copied as they are.
    for version in ["v1", "v2"] {
        let list = object(&archive, "item%3ax")
            .join(version)
            .join("content/originals.sha256");
        fs::write(list, "").unwrap();
    }
    let out = archive.sibling("out3");
    let message = run_readme_script(&archive, &out, 1);
    assert!(message.contains("in no list"), "{message}");
    let copied = read_files(&out);
    let unlisted = copied.keys().filter(|name| name.contains("/unlisted/"));
    assert_eq!(unlisted.count(), 9);
}

/// Runs the script in the store's README in the way that its text describes. Returns the standard error.
fn run_readme_script(archive: &Archive, out: &Path, status: i32) -> String {
    let script = archive.sibling("originals.sh");
    let command = format!(
        "sed -n '/^#!/,$p' README.txt > {} && sh {} {}",
        script.display(),
        script.display(),
        out.display()
    );
    let store = archive.path().join("store");
    let readme = fs::read_to_string(store.join("README.txt")).unwrap();
    assert!(readme.contains("sed -n '/^#!/,$p' README.txt > /tmp/originals.sh"));
    let output = Command::new("sh")
        .args(["-c", &command])
        .current_dir(store)
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{message}");
    message
}

#[test]
fn a_damaged_state_without_a_copy_is_replaced_on_request() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["publish"]);
    let state = object(&archive, "states").join("v1/content/state.json.zst");
    fs::write(&state, "damaged").unwrap();
    for command in [&["ingest", text(&source)][..], &["publish"], &["rebuild"]] {
        let (code, message) = failure(&archive, command);
        assert_eq!(code, "state-damaged");
        assert!(message.contains("repair --accept-state N"), "{message}");
    }
    archive.json(1, &["repair"]);
    assert_eq!(
        failure(&archive, &["repair", "--accept-state", "2"]).0,
        "accept-state"
    );
    let report = archive.json(1, &["repair", "--accept-state", "1"]);
    // The old state remains damaged, but nothing depends on it any more.
    assert_eq!(codes(&report), ["fixity-mismatch"]);
    archive.ok(&["publish"]);
    let summary = archive.json(0, &["ingest", text(&source)]);
    assert_eq!(summary["unchanged"], 3);
    fs::remove_dir_all(object(&archive, "item%3aa")).unwrap();
    let report = archive.json(1, &["verify"]);
    assert_eq!(codes(&report), ["fixity-mismatch", "file-lost"]);
}

#[test]
fn a_lost_object_is_noticed_although_a_damaged_state_was_replaced() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    archive.ok(&["ingest", text(&fixture("letters"))]);
    let states = object(&archive, "states");
    fs::write(states.join("v1/content/state.json.zst"), "damaged").unwrap();
    // The second state, which lists the collection, can be read.
    fs::remove_dir_all(object(&archive, "collection%3aletters")).unwrap();
    archive.json(1, &["repair", "--accept-state", "2"]);
    let (code, message) = failure(&archive, &["publish"]);
    assert_eq!(code, "object-lost");
    assert!(message.contains("letters"), "{message}");
}

#[test]
fn damaged_records_and_a_lost_catalogue_are_not_replaced_without_a_request() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    let before = read_files(&archive.path().join("store"));
    let records = object(&archive, "collection").join("v1/content/records.jsonl.zst");
    fs::write(&records, "damaged").unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(archive.path().join(format!("catalogue.sqlite{suffix}")));
    }
    let (code, message) = failure(&archive, &["ingest", text(&source)]);
    assert_eq!(code, "records-damaged");
    assert!(message.contains("--remove all"), "{message}");
    let (code, _) = failure(&archive, &["ingest", text(&source)]);
    assert_eq!(code, "records-damaged", "the second time, too");
    archive.json(0, &["ingest", text(&source), "--remove", "all"]);
    archive.ok(&["verify"]);
    let restored = fs::read(&records).unwrap();
    assert!(before.values().any(|content| *content == restored));
}

#[test]
fn a_store_of_a_newer_version_is_not_written() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    let store = archive.path().join("store");
    fs::rename(store.join("0=ocfl_1.1"), store.join("0=ocfl_2.0")).unwrap();
    let before = read_files(&store);
    for command in [
        &["ingest", text(&source)][..],
        &["publish"],
        &["verify"],
        &["repair"],
        &["rebuild"],
    ] {
        assert_eq!(failure(&archive, command).0, "store-newer", "{command:?}");
    }
    assert!(read_files(&store) == before);
}

#[test]
fn a_foreign_object_is_reported_and_left_alone() {
    let archive = Archive::new();
    let source = three_files(&archive);
    archive.ok(&["ingest", text(&source)]);
    let foreign = archive.path().join("store/abc/def/012/info%3aforeign");
    fs::create_dir_all(foreign.join("v1/content")).unwrap();
    fs::write(foreign.join("0=ocfl_object_1.1"), "ocfl_object_1.1\n").unwrap();
    fs::write(foreign.join("inventory.json"), "{}").unwrap();
    fs::write(foreign.join("inventory.json.sha512"), "00 inventory.json\n").unwrap();
    fs::write(foreign.join("v1/content/file"), "foreign").unwrap();
    let before = read_files(&foreign);
    let report = archive.json(1, &["verify"]);
    assert_eq!(codes(&report), ["object-foreign"]);
    // As after an interrupted run, all objects are looked at.
    fs::write(archive.path().join("store-work/unrecorded"), "").unwrap();
    let report = archive.json(1, &["ingest", text(&source)]);
    assert_eq!(codes(&report), ["object-foreign"]);
    assert!(read_files(&foreign) == before);
}
