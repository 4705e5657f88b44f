//! The same store publishes the same bytes.

use crate::support::{Archive, files, fixture};

#[test]
fn two_publications_are_equal_to_the_byte() {
    let archive = Archive::published();
    let other = archive.beside("other");
    // Nothing but the store may speak: what an earlier publication left behind is taken away.
    let cache = archive.path().join("cache");
    if cache.exists() {
        std::fs::remove_dir_all(cache).unwrap();
    }
    archive.ok(&["publish", "--out", other.to_str().unwrap()]);
    same(&archive, &other);
}

#[test]
fn two_archives_of_the_same_sources_publish_the_same_site() {
    let one = Archive::published();
    let two = Archive::published();
    same(&one, &two.site());
}

#[test]
fn a_site_reached_by_steps_equals_one_made_at_once() {
    let stepwise = Archive::new();
    let source = stepwise.source("cabinet");
    let table = source.join("metadata.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    std::fs::write(&table, text.replacen("Blue shard", "Green shard", 1)).unwrap();
    stepwise.ok(&["ingest", source.to_str().unwrap()]);
    stepwise.ok(&["publish"]);
    std::fs::write(&table, &text).unwrap();
    stepwise.ok(&["ingest", source.to_str().unwrap()]);
    stepwise.ok(&["publish"]);

    let at_once = Archive::new();
    at_once.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    at_once.ok(&["publish"]);
    same(&stepwise, &at_once.site());
}

fn same(archive: &Archive, other: &std::path::Path) {
    let (one, two) = (files(&archive.site()), files(other));
    let names = |files: &std::collections::BTreeMap<String, Vec<u8>>| {
        files.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(&one), names(&two));
    for (name, content) in &one {
        assert!(two.get(name) == Some(content), "{name} differs");
    }
}
