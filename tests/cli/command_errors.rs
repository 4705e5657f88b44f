//! Commands that cannot run: their exit status 2 and their codes.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crate::support::{Archive, fixture, khizana, read_files};

/// Runs a command that must fail, and checks its code and that the message contains `part`.
fn assert_fails(archive: &Archive, arguments: &[&str], code: &str, part: &str) {
    let error = &archive.json(2, arguments)["error"];
    assert_eq!(error["code"], code, "{arguments:?}: {error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(part), "{part:?} is not in {message:?}");
    assert!(!error["hint"].as_str().unwrap().is_empty());
}

/// Creates an archive with one collection that is not published. Also returns its source.
fn archive_with_collection() -> (Archive, String) {
    let archive = Archive::new();
    let source = fixture("letters").to_str().unwrap().to_owned();
    archive.ok(&["ingest", &source]);
    (archive, source)
}

/// Replaces a file with a folder, so that even root cannot read or write it.
fn replace_with_dir(path: &Path) {
    std::fs::remove_file(path).unwrap();
    std::fs::create_dir(path).unwrap();
}

/// Returns the first file of the store whose path ends with `suffix`.
fn find_in_store(archive: &Archive, suffix: &str) -> PathBuf {
    let root = archive.path();
    let name = read_files(&root)
        .into_keys()
        .find(|name| name.starts_with("store") && name.ends_with(suffix))
        .unwrap_or_else(|| panic!("the store has no file *{suffix}"));
    root.join(name)
}

#[test]
fn init_fails_if_the_folder_cannot_be_used() {
    let archive = Archive::new();
    let file = archive.sibling("a-file");
    std::fs::write(&file, "not a folder").unwrap();
    let inside = file.join("archive");
    assert_fails(
        &archive,
        &["init", inside.to_str().unwrap()],
        "archive-io",
        "a-file",
    );

    let occupied = archive.sibling("occupied");
    std::fs::create_dir_all(occupied.join("source")).unwrap();
    std::fs::write(occupied.join("source/metadata.csv"), "id\nmine\n").unwrap();
    assert_fails(
        &archive,
        &["init", occupied.to_str().unwrap()],
        "file-exists",
        "metadata.csv",
    );
}

#[test]
fn invalid_and_missing_configurations_are_reported() {
    let (archive, source) = archive_with_collection();
    let config = archive.path().join("khizana.toml");
    std::fs::write(&config, "title.ar = \"خ\"\nurl = \"no address\"\n").unwrap();
    assert_fails(
        &archive,
        &["ingest", &source],
        "config-invalid",
        "khizana.toml:2",
    );
    replace_with_dir(&config);
    assert_fails(&archive, &["publish"], "config-unreadable", "khizana.toml");
    std::fs::remove_dir(&config).unwrap();
    assert_fails(&archive, &["publish"], "archive-missing", "archive");
}

#[test]
fn missing_and_damaged_stores_are_reported() {
    let archive = Archive::new();
    assert_fails(&archive, &["publish"], "store-missing", "store");
    assert_fails(&archive, &["verify"], "store-missing", "store");

    let (archive, source) = archive_with_collection();
    std::fs::write(find_in_store(&archive, "/content/collection.json"), "{").unwrap();
    assert_fails(&archive, &["publish"], "record-invalid", "collection.json");
    replace_with_dir(&find_in_store(&archive, "/inventory.json"));
    assert_fails(&archive, &["publish"], "store-io", "inventory.json");
    std::fs::write(find_in_store(&archive, "/config.json"), "{}").unwrap();
    assert_fails(&archive, &["ingest", &source], "store-unknown", "store");
}

#[test]
fn an_unusable_catalogue_is_reported() {
    let (archive, source) = archive_with_collection();
    replace_with_dir(&archive.path().join("catalogue.sqlite"));
    assert_fails(
        &archive,
        &["ingest", &source],
        "catalogue",
        "catalogue.sqlite",
    );
}

#[test]
fn an_unwritable_site_is_reported() {
    let (archive, _) = archive_with_collection();
    let file = archive.sibling("a-file");
    std::fs::write(&file, "not a folder").unwrap();
    let inside = file.join("site");
    assert_fails(
        &archive,
        &["publish", "--out", inside.to_str().unwrap()],
        "site-unwritable",
        "a-file",
    );
}

#[test]
fn missing_and_damaged_sites_are_reported() {
    let (archive, _) = archive_with_collection();
    assert_fails(&archive, &["search", "خط"], "site-missing", "archive.json");
    assert_fails(&archive, &["serve"], "site-missing", "site");

    archive.ok(&["publish"]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    assert_fails(
        &archive,
        &["serve", "--addr", &address],
        "address-unusable",
        &address,
    );

    let root = archive.site().join("archive.json");
    let text = std::fs::read_to_string(&root).unwrap();
    std::fs::write(&root, &text[..text.len() / 2]).unwrap();
    assert_fails(
        &archive,
        &["search", "خط"],
        "object-damaged",
        "archive.json",
    );
    let other_format = text.replacen("\"format\":\"khizana", "\"format\":\"other", 1);
    assert_ne!(other_format, text);
    std::fs::write(&root, other_format).unwrap();
    assert_fails(&archive, &["search", "خط"], "format-unknown", "other");
    std::fs::write(&root, text).unwrap();
    for name in read_files(&archive.site()).into_keys() {
        if name.starts_with("o/") {
            std::fs::remove_file(archive.site().join(name)).unwrap();
        }
    }
    assert_fails(&archive, &["search", "خط"], "object-missing", "o/");
}

/// Collects the string literals in the bodies of all functions named `code`.
fn collect_codes(dir: &Path, codes: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_codes(&path, codes);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for body in text.split("pub fn code(&self)").skip(1) {
                let body = body.split("\n    }\n").next().unwrap_or_default();
                codes.extend(body.split('"').skip(1).step_by(2).map(str::to_owned));
            }
        }
    }
}

#[test]
fn all_error_codes_are_documented() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut codes = BTreeSet::new();
    for name in [
        "deploy", "ingest", "media", "preview", "publish", "serve", "shards", "site", "source",
        "store",
    ] {
        collect_codes(&project.join("crates").join(name).join("src"), &mut codes);
    }
    assert!(codes.len() > 40, "{codes:?}");
    let read = |name: &str| std::fs::read_to_string(project.join("docs/src").join(name)).unwrap();
    let documentation = read("cli.md") + &read("problems.md");
    let missing: Vec<&String> = codes
        .iter()
        .filter(|code| !documentation.contains(&format!("`{code}`")))
        .collect();
    assert!(missing.is_empty(), "not documented: {missing:?}");
}

#[test]
fn a_command_in_the_wrong_folder_names_the_archive() {
    let archive = Archive::new();
    let inside = archive.path().join("source");
    let above = archive.path().parent().unwrap().to_owned();
    for folder in [inside, above] {
        let output = khizana()
            .args(["publish", "--json"])
            .current_dir(&folder)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["error"]["code"], "archive-missing");
        let hint = document["error"]["hint"].as_str().unwrap();
        assert!(hint.contains("There is an archive in "), "{hint}");
    }
}

#[test]
fn quiet_prints_errors_only_and_verbose_prints_stages() {
    let archive = Archive::published();
    let output = archive.ok(&["publish", "--quiet"]);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("", ""));
    let output = archive.run(&["verify", "-q", "--site", "/nowhere"]);
    assert!(output.stderr.starts_with("error["), "{}", output.stderr);
    let output = archive.ok(&["publish", "--verbose"]);
    assert!(output.stderr.contains("Records: "), "{}", output.stderr);
}

#[test]
fn the_help_begins_with_the_usual_tasks() {
    let output = khizana().output().unwrap();
    let help = String::from_utf8(output.stderr).unwrap();
    assert!(help.starts_with("To publish a collection"), "{help}");
    let output = khizana().arg("doctor").arg("--json").output().unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["viewer"], true);
    assert!(document["helpers"][0]["adds"].is_string());
}
