//! The configuration reference documents every key, with the keys taken from the parsers.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::{Archive, fixture};

/// A key or a name of a table that no configuration defines.
const UNKNOWN: &str = "unknown-key-of-a-test";

/// The names that a parser lists after it rejected an unknown name of the given kind, `field` or
/// `variant`: "unknown field `x`, expected one of `a`, `b`". `None` if it did not reject one.
fn expected_names(message: &str, kind: &str) -> Option<Vec<String>> {
    let (_, rest) = message.split_once(&format!("unknown {kind} `{UNKNOWN}`, expected "))?;
    Some(
        rest.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect(),
    )
}

/// All keys below `prefix`, with `PLACEHOLDER` for the names of a table that may have any names.
/// `parse` returns the message of an invalid file.
fn keys(prefix: &str, parse: &dyn Fn(&str) -> String) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let Some(names) = expected_names(&parse(&format!("{prefix}{UNKNOWN} = 0")), "field") else {
        return found;
    };
    for name in names {
        let key = format!("{prefix}{name}");
        let mut below = keys(&format!("{key}."), parse);
        if below.is_empty() {
            let entries = keys(&format!("{key}.{UNKNOWN}."), parse);
            below.extend(entries.iter().map(|entry| entry.replace(UNKNOWN, "FIELD")));
        }
        if below.is_empty() {
            below.insert(key);
        }
        found.append(&mut below);
    }
    found
}

/// The keys of the tables in a section of the reference: the code in the first column.
fn documented(section: &str) -> BTreeSet<String> {
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| Some(row.split_once('`')?.0.to_owned()))
        .collect()
}

/// The type column of the row of a key.
fn documented_type<'a>(section: &'a str, key: &str) -> &'a str {
    let start = format!("| `{key}` |");
    let mut rows = section.lines().filter_map(|line| line.strip_prefix(&start));
    rows.next()
        .and_then(|row| row.split('|').next())
        .unwrap_or_default()
}

#[test]
fn every_key_of_the_configuration_files_is_documented() {
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/configuration.md");
    let reference = std::fs::read_to_string(reference).unwrap();
    let (_, reference) = reference.split_once("\n## `khizana.toml`\n").unwrap();
    let (archive_section, collection_section) =
        reference.split_once("\n## `collection.toml`\n").unwrap();

    let archive = Archive::new();
    let source = archive.path().join("source");
    let source_argument = source.to_str().unwrap();
    let parse = |path: &Path, code: &str, text: &str| {
        std::fs::write(path, text).unwrap();
        let error = &archive.json(2, &["ingest", source_argument])["error"];
        assert_eq!(error["code"], code, "{error}");
        error["message"].as_str().unwrap().to_owned()
    };

    let khizana_toml = archive.path().join("khizana.toml");
    let parse_archive = |text: &str| parse(&khizana_toml, "config-invalid", text);
    let accepted = keys("", &parse_archive);
    assert!(accepted.contains("host.ranges"), "{accepted:?}");
    assert_eq!(documented(archive_section), accepted, "khizana.toml");
    for key in ["pages", "originals"] {
        let values = expected_names(&parse_archive(&format!("{key} = \"{UNKNOWN}\"")), "variant");
        for value in values.unwrap() {
            let value = format!("`\"{value}\"`");
            assert!(
                documented_type(archive_section, key).contains(&value),
                "{key} = {value}"
            );
        }
    }

    std::fs::write(&khizana_toml, "").unwrap();
    let collection_toml = source.join("collection.toml");
    let accepted = keys("", &|text| {
        parse(&collection_toml, "collection-invalid", text)
    });
    assert!(accepted.contains("fields.FIELD.label"), "{accepted:?}");
    assert_eq!(documented(collection_section), accepted, "collection.toml");
}

#[test]
fn the_examples_of_the_configuration_reference_are_valid() {
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/configuration.md");
    let reference = std::fs::read_to_string(reference).unwrap();
    let examples: Vec<&str> = reference
        .split("A complete example:\n\n```toml\n")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once("```")?.0))
        .collect();
    let [khizana_toml, collection_toml] = examples[..] else {
        panic!("{} examples", examples.len());
    };
    let archive = Archive::new();
    let source = archive.path().join("source");
    std::fs::write(archive.path().join("khizana.toml"), khizana_toml).unwrap();
    std::fs::write(source.join("collection.toml"), collection_toml).unwrap();
    let summary = archive.json(0, &["ingest", source.to_str().unwrap()]);
    assert_eq!(summary["collection"], "al-muqtabas");
}

#[test]
fn the_site_is_compared_with_the_limits_of_the_host() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("letters").to_str().unwrap()]);
    let path = archive.path().join("khizana.toml");
    let set = |host: &str| {
        std::fs::write(&path, format!("pages = \"items\"\n[host]\n{host}\n")).unwrap();
    };
    let codes = || -> Vec<String> {
        let report = archive.json(0, &["publish"]);
        let problems = report["problems"].as_array().unwrap().iter();
        problems
            .map(|problem| problem["code"].as_str().unwrap().to_owned())
            .collect()
    };
    set("max_files = 50");
    let error = &archive.json(2, &["publish"])["error"];
    assert_eq!(error["code"], "host-files");
    assert!(!archive.site().join("archive.json").exists());
    set("max_files = 400\nmax_bytes = 1000\nmax_file_bytes = 100");
    assert_eq!(codes(), ["host-files", "host-bytes", "host-file-bytes"]);
    set("name = \"cloudflare-pages\"");
    assert_eq!(codes(), Vec::<String>::new());
    set("name = \"cloudflare-pages\"\nmax_files = 400");
    assert_eq!(codes(), ["host-files"]);
}

#[test]
fn texts_of_the_example_are_reported_before_the_site_is_public() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("letters").to_str().unwrap()]);
    let new = archive.path().join("new");
    archive.ok(&["init", new.to_str().unwrap()]);
    let example = std::fs::read_to_string(new.join("khizana.toml")).unwrap();
    let warnings = |config: &str| -> Vec<String> {
        std::fs::write(archive.path().join("khizana.toml"), config).unwrap();
        let report = archive.json(0, &["publish"]);
        let problems = report["problems"].as_array().unwrap().iter();
        problems
            .filter(|problem| problem["code"] == "text-of-example")
            .map(|problem| problem["message"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(warnings(&example), Vec::<String>::new());
    let public = format!("url = \"https://example.net/\"\n{example}");
    let found = warnings(&public);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("`[title]`") && found[1].starts_with("`[description]`"));
    let titled = public
        .replace("My archive", "House of Letters")
        .replace("خزانتي", "دار الرسائل")
        .replace("Mes archives", "Maison des lettres");
    assert_eq!(warnings(&titled).len(), 1);
}
