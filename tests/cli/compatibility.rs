//! Compatibility with archives and sites of an earlier version.
//!
//! The fixture `published-archive` was created by the version of commit cb929a5. See the README of the
//! fixtures.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use khizana_format::{decode_object, hash_of};
use khizana_model::Hash;
use serde_json::Value;

use crate::support::{Archive, copy_dir, fixture, read_files};

/// Copies the fixture, including its site.
fn earlier_archive() -> Archive {
    let archive = Archive::without_files();
    copy_dir(&fixture("published-archive"), &archive.path());
    archive
}

/// Files that later versions add.
const ADDED: [&str; 6] = [
    "embed/index.html",
    "icon.svg",
    "offline.html",
    "robots.txt",
    "service-worker.js",
    "sitemap.xml",
];
/// The ends of the names of such files.
const ADDED_SUFFIXES: [&str; 4] = [
    "/map.svg",
    "/site.webmanifest",
    "/opensearch.xml",
    "/feed.xml",
];

/// Asserts that a site has the content of the site of the fixture, except for the text of the user
/// interface, the files of the viewer, the browse page and the images. Later versions add members to records,
/// pages, links to pages, maps, and the files for reading without a network and for discovery.
///
/// Since the fixture was created, the formats and sizes of images have changed. Their keys, which are
/// part of records and of the search index, depend on that.
fn assert_same_content(site: &Path) {
    let expected = comparable(&fixture("published-archive").join("site"));
    let mut actual = comparable(site);
    assert!(expected.len() > 200, "the fixture is incomplete");
    for (name, content) in &expected {
        let actual = actual.remove(name);
        assert!(
            actual
                .as_ref()
                .is_some_and(|actual| actual.contains(content)),
            "{name}\nexpected: {content:?}\nactual: {actual:?}"
        );
    }
    let added: Vec<&String> = actual
        .keys()
        .filter(|name| !ADDED.contains(&name.as_str()))
        .filter(|name| !name.starts_with("oembed/"))
        .filter(|name| !ADDED_SUFFIXES.iter().any(|suffix| name.ends_with(suffix)))
        .collect();
    assert!(added.is_empty(), "{added:?}");
}

/// The part of a published file that must not change between versions.
#[derive(Debug, PartialEq)]
enum Content {
    Bytes(Vec<u8>),
    Json(Value),
    Html { state: Value, links: Vec<String> },
}

impl Content {
    /// Returns `true` if the content is `earlier` or adds to it.
    fn contains(&self, earlier: &Content) -> bool {
        match (self, earlier) {
            (Content::Json(json), Content::Json(earlier)) => contains(json, earlier),
            (
                Content::Html { state, links },
                Content::Html {
                    state: earlier_state,
                    links: earlier_links,
                },
            ) => {
                contains(state, earlier_state)
                    && earlier_links.iter().all(|link| links.contains(link))
            }
            _ => self == earlier,
        }
    }
}

/// Returns `true` if a JSON value equals `earlier`, except for further members of objects.
fn contains(value: &Value, earlier: &Value) -> bool {
    match (value, earlier) {
        (Value::Object(members), Value::Object(earlier)) => {
            earlier.iter().all(|(name, earlier)| {
                members
                    .get(name)
                    .is_some_and(|value| contains(value, earlier))
            })
        }
        (Value::Array(values), Value::Array(earlier)) => {
            values.len() == earlier.len()
                && values
                    .iter()
                    .zip(earlier)
                    .all(|(value, earlier)| contains(value, earlier))
        }
        _ => value == earlier,
    }
}

fn comparable(site: &Path) -> BTreeMap<String, Content> {
    let mut files = read_files(site);
    // The names of objects are hashes, and the headers contain the hashes of styles and scripts.
    let ignored = ["viewer/", "iiif/", "o/", "_headers"];
    files.retain(|name, _| {
        !name.contains("/browse/") && !ignored.iter().any(|folder| name.starts_with(folder))
    });
    let viewer = root(site)["viewer"].as_str().unwrap().to_owned();
    files
        .into_iter()
        .map(|(name, bytes)| {
            let mut content = match name.rsplit_once('.') {
                Some((_, "html")) => html(&String::from_utf8(bytes).unwrap(), &viewer),
                Some((_, "json")) => json(&name, &bytes),
                _ => Content::Bytes(bytes),
            };
            if let Content::Json(value) | Content::Html { state: value, .. } = &mut content {
                decompress_objects(site, value);
            }
            (name, content)
        })
        .collect()
}

/// Replaces the name of each object by the hash of its content. Its name depends on how it is compressed.
fn decompress_objects(site: &Path, value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|v| decompress_objects(site, v)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|value| decompress_objects(site, value)),
        Value::String(name) => {
            let Ok(hash) = name.parse::<Hash>() else {
                return;
            };
            let path = site.join("o").join(&name[..2]).join(&*name);
            if let Ok(bytes) = fs::read(path) {
                let content = decode_object(&hash, &bytes).unwrap();
                *name = hash_of(&content).to_string();
            }
        }
        _ => {}
    }
}

fn root(site: &Path) -> Value {
    serde_json::from_slice(&fs::read(site.join("archive.json")).unwrap()).unwrap()
}

/// Returns the page state and the URLs in a page.
fn html(page: &str, viewer: &str) -> Content {
    let page = page.replace(viewer, "viewer/");
    let state = page
        .split_once("id=\"page-state\">")
        .and_then(|(_, rest)| rest.split_once("</script>"))
        .map(|(state, _)| json("page-state", state.as_bytes()));
    let state = match state {
        Some(Content::Json(state)) => state,
        _ => Value::Null,
    };
    let mut links = Vec::new();
    for attribute in [" href=\"", " src=\"", " srcset=\"", " data-tiles=\""] {
        links.extend(page.split(attribute).skip(1).map(|rest| {
            let value = rest.split('"').next().unwrap_or_default();
            format!("{attribute}{value}")
        }));
    }
    // Other links belong to the user interface.
    links.retain(|link| {
        let is_page = ["/item/", "/collection/"]
            .iter()
            .any(|path| link.contains(path));
        is_page && !link.contains("iiif/")
    });
    Content::Html { state, links }
}

/// Parses a JSON document, and removes the labels of the user interface and the folder of the viewer.
fn json(name: &str, bytes: &[u8]) -> Content {
    let mut document: Value = serde_json::from_slice(bytes).unwrap();
    if name == "archive.json" {
        let root = document.as_object_mut().unwrap();
        root.remove("viewer");
        // The snapshot is a hash of the document including the folder of the viewer.
        root.remove("snapshot");
        root.remove("files");
        root.remove("format");
        root.remove("records");
        let search = root["search"].as_object_mut().unwrap();
        search.remove("terms");
        // In the order of their frequency. Unknown languages are guessed.
        search.remove("languages");
    }
    remove_images(&mut document);
    if name.starts_with("manifests/") {
        remove_interface_labels(&mut document);
    }
    Content::Json(document)
}

/// Removes the images of canvases, summaries and collections, IIIF images, and the positions of lines,
/// which are objects.
fn remove_images(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(remove_images),
        Value::Object(members) => {
            for name in ["image", "cover", "thumb", "thumbnail", "lines"] {
                members.remove(name);
            }
            if members.get("type").is_some_and(|kind| kind == "Image") {
                members.clear();
            }
            members.values_mut().for_each(remove_images);
        }
        _ => {}
    }
}

/// Removes the labels of metadata entries and of links to other representations (IIIF Presentation
/// API 3.0, sections 3.1 and 3.2), which are text of the user interface. The values of dates name the calendar.
fn remove_interface_labels(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(remove_interface_labels),
        Value::Object(members) => {
            if members.contains_key("value") || members.contains_key("format") {
                let label = members.remove("label");
                if label.is_some_and(|label| label["en"][0] == "Date") {
                    members.remove("value");
                }
            }
            members.values_mut().for_each(remove_interface_labels);
        }
        _ => {}
    }
}

#[test]
fn verifies_an_earlier_archive() {
    let report = earlier_archive().json(0, &["verify"]);
    assert_eq!(report["problems"], Value::Array(Vec::new()));
    assert_eq!(report["objects"], 30);
    assert_eq!(report["files"], 83);
}

#[test]
fn publishes_the_same_content() {
    let archive = earlier_archive();
    let out = archive.sibling("site");
    archive.ok(&["publish", "--out", out.to_str().unwrap()]);
    assert_same_content(&out);
}

#[test]
fn publishes_the_same_content_without_catalogue_and_cache() {
    let archive = earlier_archive();
    fs::remove_file(archive.path().join("catalogue.sqlite")).unwrap();
    fs::remove_dir_all(archive.path().join("cache")).unwrap();
    let out = archive.sibling("site");
    archive.ok(&["publish", "--out", out.to_str().unwrap()]);
    assert_same_content(&out);
}

#[test]
fn updates_an_earlier_site() {
    let archive = earlier_archive();
    archive.ok(&["publish"]);
    assert_same_content(&archive.site());
}

#[test]
fn searches_an_earlier_site() {
    let archive = earlier_archive();
    let results = archive.json(0, &["search", "النجوم"]);
    assert_eq!(results["items"][0]["id"], "kitab-al-nujum");
    let results = archive.json(0, &["search", "tiles", "--filter", "collection=forms"]);
    assert_eq!(results["items"][0]["id"], "tiles");
    let sorted = archive.json(0, &["search", "", "--sort", "date", "--limit", "100"]);
    assert_eq!(sorted["items"].as_array().unwrap().len(), 52);
}

#[test]
fn inspects_tile_packs_of_an_earlier_site() {
    let site = fixture("published-archive").join("site");
    let packs: Vec<_> = read_files(&site)
        .into_keys()
        .filter(|name| name.ends_with("tiles.pack"))
        .collect();
    assert!(!packs.is_empty());
    let archive = earlier_archive();
    for pack in packs {
        let path = site.join(pack);
        let report = archive.json(0, &["pack", "inspect", path.to_str().unwrap()]);
        assert_eq!(report["problems"], Value::Array(Vec::new()));
    }
}

#[test]
fn ingests_into_an_earlier_archive() {
    let archive = earlier_archive();
    let source = archive.copy_fixture("cabinet");
    let unchanged = archive.json(0, &["ingest", source.to_str().unwrap()]);
    assert_eq!(
        (&unchanged["unchanged"], &unchanged["changed"]),
        // Two rows have been given pages since the archive was created.
        (&4.into(), &2.into())
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
