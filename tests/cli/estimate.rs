//! The estimate of the work on a source.

use crate::support::{Archive, fixture, read_files};

#[test]
fn an_estimate_is_close_to_the_site_and_changes_nothing() {
    let archive = Archive::new();
    let source = fixture("cabinet");
    let before = read_files(&archive.path());
    let estimate = archive.json(
        0,
        &["estimate", source.to_str().unwrap(), "--visits", "1000"],
    );
    assert_eq!(read_files(&archive.path()), before);
    assert_eq!(estimate["hosting"].as_array().unwrap().len(), 3);
    let charged = &estimate["hosting"][0];
    assert!(charged["month"].as_f64().unwrap() > 0.2, "{charged}");
    archive.ok(&["ingest", source.to_str().unwrap()]);
    let published = archive.json(0, &["publish"]);
    assert_eq!(estimate["items"], published["items"]);
    let ratio = |member: &str, of: &str| {
        estimate[member].as_f64().unwrap() / published[of].as_f64().unwrap()
    };
    for ratio in [ratio("site_files", "files"), ratio("site_bytes", "bytes")] {
        assert!(
            (0.4..2.5).contains(&ratio),
            "{ratio}: {estimate} {published}"
        );
    }
}

#[test]
fn a_table_without_files_is_estimated_and_a_missing_one_is_an_error() {
    let archive = Archive::new();
    let estimate = archive.json(0, &["estimate", fixture("letters").to_str().unwrap()]);
    assert_eq!(estimate["source_files"], 0);
    assert!(estimate["seconds"].as_f64().unwrap() > 0.0);
    let error = &archive.json(2, &["estimate", "no-such-folder"])["error"];
    assert_eq!(error["code"], "source-not-found");
}
