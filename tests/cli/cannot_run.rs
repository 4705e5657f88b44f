//! Exit status 2: every code of a command that could not run is met for real where that can be done,
//! and stands in the documentation.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use crate::support::{Archive, files, fixture};

/// Runs a command that must not run, and asserts its code, and that its words name the place.
fn refused(archive: &Archive, arguments: &[&str], code: &str, names: &str) {
    let error = &archive.json(2, arguments)["error"];
    assert_eq!(error["code"], code, "{arguments:?}: {error}");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains(names), "{names:?} is not in {message:?}");
    assert!(!error["hint"].as_str().unwrap().is_empty());
}

/// An archive that holds one collection and is not published.
fn held() -> (Archive, String) {
    let archive = Archive::new();
    let source = fixture("letters").to_str().unwrap().to_owned();
    archive.ok(&["ingest", &source]);
    (archive, source)
}

/// Puts a folder where a file was: nobody can read it or write to it, not even root.
fn into_folder(path: &Path) {
    std::fs::remove_file(path).unwrap();
    std::fs::create_dir(path).unwrap();
}

/// The first file of the archive's store that ends so.
fn in_store(archive: &Archive, ending: &str) -> PathBuf {
    let root = archive.path();
    let name = files(&root)
        .into_keys()
        .find(|name| name.starts_with("store") && name.ends_with(ending))
        .unwrap_or_else(|| panic!("no {ending} in the store"));
    root.join(name)
}

#[test]
fn an_archive_that_cannot_be_made() {
    let archive = Archive::new();
    let file = archive.beside("a-file");
    std::fs::write(&file, "not a folder").unwrap();
    let below = file.join("archive");
    refused(
        &archive,
        &["init", below.to_str().unwrap()],
        "archive-io",
        "a-file",
    );

    let taken = archive.beside("taken");
    std::fs::create_dir_all(taken.join("source")).unwrap();
    std::fs::write(taken.join("source/metadata.csv"), "id\nmine\n").unwrap();
    refused(
        &archive,
        &["init", taken.to_str().unwrap()],
        "file-exists",
        "metadata.csv",
    );
}

#[test]
fn a_configuration_that_cannot_be_used() {
    let (archive, source) = held();
    let config = archive.path().join("khizana.toml");
    std::fs::write(&config, "title.ar = \"خ\"\nurl = \"no address\"\n").unwrap();
    refused(
        &archive,
        &["ingest", &source],
        "config-invalid",
        "khizana.toml:2",
    );
    into_folder(&config);
    refused(&archive, &["publish"], "config-unreadable", "khizana.toml");
    std::fs::remove_dir(&config).unwrap();
    refused(&archive, &["publish"], "archive-missing", "archive");
}

#[test]
fn a_store_that_cannot_be_used() {
    let archive = Archive::new();
    refused(&archive, &["publish"], "store-missing", "store");
    refused(&archive, &["verify"], "store-missing", "store");

    let (archive, source) = held();
    std::fs::write(in_store(&archive, "/content/collection.json"), "{").unwrap();
    refused(&archive, &["publish"], "record-invalid", "collection.json");
    into_folder(&in_store(&archive, "/inventory.json"));
    refused(&archive, &["publish"], "store-io", "inventory.json");
    std::fs::write(in_store(&archive, "/config.json"), "{}").unwrap();
    refused(&archive, &["ingest", &source], "store-unknown", "store");
}

#[test]
fn a_catalogue_that_cannot_be_used() {
    let (archive, source) = held();
    into_folder(&archive.path().join("catalogue.sqlite"));
    refused(
        &archive,
        &["ingest", &source],
        "catalogue",
        "catalogue.sqlite",
    );
}

#[test]
fn a_site_that_cannot_be_written() {
    let (archive, _) = held();
    let file = archive.beside("a-file");
    std::fs::write(&file, "not a folder").unwrap();
    let below = file.join("site");
    refused(
        &archive,
        &["publish", "--out", below.to_str().unwrap()],
        "site-unwritable",
        "a-file",
    );
}

#[test]
fn a_site_that_cannot_be_searched_or_served() {
    let (archive, _) = held();
    refused(&archive, &["search", "خط"], "site-missing", "archive.json");
    refused(&archive, &["serve"], "site-missing", "site");

    archive.ok(&["publish"]);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    refused(
        &archive,
        &["serve", "--addr", &address],
        "address-unusable",
        &address,
    );

    let root = archive.site().join("archive.json");
    let text = std::fs::read_to_string(&root).unwrap();
    std::fs::write(&root, &text[..text.len() / 2]).unwrap();
    refused(
        &archive,
        &["search", "خط"],
        "object-damaged",
        "archive.json",
    );
    let newer = text.replacen("\"format\":\"khizana", "\"format\":\"other", 1);
    assert_ne!(newer, text);
    std::fs::write(&root, newer).unwrap();
    refused(&archive, &["search", "خط"], "format-unknown", "other");
    std::fs::write(&root, text).unwrap();
    for name in files(&archive.site()).into_keys() {
        if name.starts_with("o/") {
            std::fs::remove_file(archive.site().join(name)).unwrap();
        }
    }
    refused(&archive, &["search", "خط"], "object-missing", "o/");
}

/// What stands between quotation marks in the bodies of the functions called `code`.
fn codes(dir: &Path, into: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for body in text.split("pub fn code(&self)").skip(1) {
                let body = body.split("\n    }\n").next().unwrap_or_default();
                into.extend(body.split('"').skip(1).step_by(2).map(str::to_owned));
            }
        }
    }
}

#[test]
fn every_code_of_an_error_is_documented() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = BTreeSet::new();
    for name in [
        "ingest", "media", "publish", "serve", "site", "source", "store",
    ] {
        codes(&project.join("crates").join(name).join("src"), &mut found);
    }
    assert!(found.len() > 40, "{found:?}");
    let read = |name: &str| std::fs::read_to_string(project.join("docs/src").join(name)).unwrap();
    let documentation = read("cli.md") + &read("problems.md");
    let missing: Vec<&String> = found
        .iter()
        .filter(|code| !documentation.contains(&format!("`{code}`")))
        .collect();
    assert!(missing.is_empty(), "not documented: {missing:?}");
}
