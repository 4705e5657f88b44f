//! Determinism: the same store is published as the same bytes.

use crate::support::{Archive, fixture, read_files};

#[test]
fn publishing_again_without_the_cache_writes_the_same_bytes() {
    let archive = Archive::published();
    let other = archive.sibling("other");
    let cache = archive.path().join("cache");
    if cache.exists() {
        std::fs::remove_dir_all(cache).unwrap();
    }
    archive.ok(&["publish", "--out", other.to_str().unwrap()]);
    assert_same_site(&archive, &other);
}

#[test]
fn archives_with_the_same_sources_are_published_as_the_same_site() {
    let first = Archive::published();
    let second = Archive::published();
    assert_same_site(&first, &second.site());
}

#[test]
fn an_updated_site_is_the_same_as_a_new_site() {
    let updated = Archive::new();
    let source = updated.copy_fixture("cabinet");
    let table = source.join("metadata.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, text.replacen("Blue shard", "Green shard", 1)).unwrap();
    updated.ok(&["ingest", source.to_str().unwrap()]);
    updated.ok(&["publish"]);
    std::fs::write(&table, &text).unwrap();
    updated.ok(&["ingest", source.to_str().unwrap()]);
    updated.ok(&["publish"]);

    let new = Archive::new();
    new.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    new.ok(&["publish"]);
    assert_same_site(&updated, &new.site());
}

/// Asserts that two sites are the same, except for the state of the store in `archive.json`, which depends on
/// the history of the archive.
fn assert_same_site(archive: &Archive, other: &std::path::Path) {
    let (mut first, mut second) = (read_files(&archive.site()), read_files(other));
    for site in [&mut first, &mut second] {
        let root = site.get_mut("archive.json").unwrap();
        let mut json: serde_json::Value = serde_json::from_slice(root).unwrap();
        assert!(json.as_object_mut().unwrap().remove("state").is_some());
        *root = serde_json::to_vec(&json).unwrap();
    }
    let names = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        files.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(&first), names(&second));
    for (name, content) in &first {
        assert!(second.get(name) == Some(content), "{name} differs");
    }
}
