//! Archives and sites made by an earlier version stay usable.
//!
//! The fixture `published-archive` was made by the version of commit cb929a5; its README says how.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Archive, copy, files, fixture};

/// A copy of the fixture archive, its site included.
fn earlier() -> Archive {
    let archive = Archive::empty();
    copy(&fixture("published-archive"), &archive.path());
    archive
}

/// Asserts that a site holds what the fixture's site holds, apart from interface text and the
/// viewer's own files.
fn assert_same_content(site: &Path) {
    let before = comparable(&fixture("published-archive").join("site"));
    let now = comparable(site);
    let names = |site: &BTreeMap<String, Content>| site.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&before), names(&now));
    assert!(before.len() > 300, "the fixture is not complete");
    for (name, content) in &before {
        assert_eq!(now.get(name), Some(content), "{name}");
    }
}

/// The part of a published file that must not change between versions.
#[derive(Debug, PartialEq)]
enum Content {
    Bytes(Vec<u8>),
    Json(Value),
    Html { state: String, links: Vec<String> },
}

fn comparable(site: &Path) -> BTreeMap<String, Content> {
    let mut all = files(site);
    all.retain(|name, _| !name.starts_with("viewer/"));
    let viewer = viewer_folder(site);
    all.into_iter()
        .map(|(name, bytes)| {
            let content = match name.rsplit_once('.') {
                Some((_, "html")) => html(&String::from_utf8(bytes).unwrap(), &viewer),
                Some((_, "json")) => json(&name, &bytes),
                _ => Content::Bytes(bytes),
            };
            (name, content)
        })
        .collect()
}

fn viewer_folder(site: &Path) -> String {
    let root: Value =
        serde_json::from_slice(&fs::read(site.join("archive.json")).unwrap()).unwrap();
    root["viewer"].as_str().unwrap().to_owned()
}

/// The page state and the addresses in a page.
fn html(page: &str, viewer: &str) -> Content {
    let page = page.replace(viewer, "viewer/");
    let state = page
        .split_once("id=\"page-state\">")
        .and_then(|(_, rest)| rest.split_once("</script>"))
        .map(|(state, _)| state.to_owned())
        .unwrap_or_default();
    let mut links = Vec::new();
    for attribute in [" href=\"", " src=\"", " srcset=\"", " data-tiles=\""] {
        links.extend(page.split(attribute).skip(1).map(|rest| {
            let value = rest.split('"').next().unwrap_or_default();
            format!("{attribute}{value}")
        }));
    }
    links.retain(|link| !link.contains("viewer/"));
    Content::Html { state, links }
}

/// A JSON document without labels in the words of the interface and without the viewer's folder.
fn json(name: &str, bytes: &[u8]) -> Content {
    let mut document: Value = serde_json::from_slice(bytes).unwrap();
    if name == "archive.json" {
        let root = document.as_object_mut().unwrap();
        root.remove("viewer");
        // A hash of the document, the viewer's folder included.
        root.remove("snapshot");
    }
    if name.starts_with("manifests/") {
        remove_interface_labels(&mut document);
    }
    Content::Json(document)
}

/// Removes the labels of metadata pairs and of links to other representations (IIIF Presentation
/// API 3.0, 3.1 and 3.2): these are interface text.
fn remove_interface_labels(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(remove_interface_labels),
        Value::Object(members) => {
            if members.contains_key("value") || members.contains_key("format") {
                members.remove("label");
            }
            members.values_mut().for_each(remove_interface_labels);
        }
        _ => {}
    }
}

#[test]
fn an_earlier_archive_verifies() {
    let report = earlier().json(0, &["verify"]);
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    assert_eq!(report["objects"], 30);
    assert_eq!(report["files"], 83);
}

#[test]
fn an_earlier_archive_publishes_the_same_content() {
    let archive = earlier();
    let out = archive.beside("site");
    archive.ok(&["publish", "--out", out.to_str().unwrap()]);
    assert_same_content(&out);
}

#[test]
fn an_earlier_archive_without_catalogue_and_cache_publishes_the_same_content() {
    let archive = earlier();
    fs::remove_file(archive.path().join("catalogue.sqlite")).unwrap();
    fs::remove_dir_all(archive.path().join("cache")).unwrap();
    let out = archive.beside("site");
    archive.ok(&["publish", "--out", out.to_str().unwrap()]);
    assert_same_content(&out);
}

#[test]
fn an_earlier_site_is_published_over() {
    let archive = earlier();
    archive.ok(&["publish"]);
    assert_same_content(&archive.site());
}

#[test]
fn an_earlier_site_is_searched() {
    let archive = earlier();
    let found = archive.json(0, &["search", "النجوم"]);
    assert_eq!(found["items"][0]["id"], "kitab-al-nujum");
    let found = archive.json(0, &["search", "tiles", "--filter", "collection=forms"]);
    assert_eq!(found["items"][0]["id"], "tiles");
    let sorted = archive.json(0, &["search", "", "--sort", "date", "--limit", "100"]);
    assert_eq!(sorted["items"].as_array().unwrap().len(), 52);
}

#[test]
fn tile_packs_of_an_earlier_site_are_intact() {
    let site = fixture("published-archive").join("site");
    let packs: Vec<_> = files(&site)
        .into_keys()
        .filter(|name| name.ends_with("tiles.pack"))
        .collect();
    assert!(!packs.is_empty());
    let archive = earlier();
    for pack in packs {
        let path = site.join(pack);
        let report = archive.json(0, &["pack", "inspect", path.to_str().unwrap()]);
        assert_eq!(report["problems"], Value::Array(Vec::new()));
    }
}

#[test]
fn a_source_is_ingested_into_an_earlier_archive() {
    let archive = earlier();
    let source = archive.source("cabinet");
    let again = archive.json(0, &["ingest", source.to_str().unwrap()]);
    assert_eq!(
        (&again["unchanged"], &again["changed"]),
        (&6.into(), &0.into())
    );

    let table = source.join("metadata.csv");
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&table, text.replacen("Blue shard", "Green shard", 1)).unwrap();
    let changed = archive.json(0, &["ingest", source.to_str().unwrap()]);
    assert_eq!(
        (&changed["unchanged"], &changed["changed"]),
        (&5.into(), &1.into())
    );
    archive.ok(&["verify"]);
}
