//! The JSON documents of `--json`, whose keys are stable.

use serde_json::Value;

use crate::support::{Archive, fixture, keys};

fn assert_integers(document: &Value, names: &[&str]) {
    for name in names {
        assert!(document[name].is_u64(), "{name}: {document}");
    }
}

#[test]
fn ingest_document() {
    let archive = Archive::new();
    let document = archive.json(0, &["ingest", fixture("cabinet").to_str().unwrap()]);
    assert_eq!(
        keys(&document),
        [
            "added",
            "bytes_in",
            "bytes_stored",
            "changed",
            "collection",
            "fetched",
            "items",
            "problems",
            "removed",
            "restored",
            "state",
            "unchanged",
        ]
    );
    assert_eq!(document["restored"], Value::Array(Vec::new()));
    assert_integers(
        &document,
        &[
            "items",
            "added",
            "changed",
            "unchanged",
            "removed",
            "fetched",
            "bytes_in",
            "bytes_stored",
            "state",
        ],
    );
    assert_eq!(document["collection"], "cabinet");
    assert_eq!(document["problems"], Value::Array(Vec::new()));
    assert!(document["bytes_in"].as_u64().unwrap() > 40_000);
}

#[test]
fn problem_object() {
    let archive = Archive::new();
    let source = archive.sibling("flawed");
    std::fs::create_dir(&source).unwrap();
    std::fs::write(
        source.join("metadata.csv"),
        "id,title@en,file\nwhole,Whole,\ngone,Gone,gone.jpg\n",
    )
    .unwrap();
    let document = archive.json(1, &["ingest", source.to_str().unwrap()]);
    let problems = document["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 1, "{document}");
    let problem = &problems[0];
    assert_eq!(
        keys(problem),
        [
            "cell", "code", "column", "file", "hint", "item", "line", "message", "row", "severity",
            "table"
        ]
    );
    assert_eq!(problem["code"], "file-missing");
    assert_eq!(problem["severity"], "error");
    assert_eq!(problem["table"], "metadata.csv");
    assert_eq!(problem["row"], 3);
    assert_eq!(problem["cell"], "C3");
    assert_eq!(problem["file"], "metadata.csv");
    assert_eq!(problem["line"], 3);
    assert_eq!(problem["column"], Value::Null);
    assert_eq!(problem["item"], "gone");
    assert!(problem["message"].as_str().unwrap().contains("gone.jpg"));
    assert!(!problem["hint"].as_str().unwrap().is_empty());
}

#[test]
fn check_document() {
    let archive = Archive::new();
    let document = archive.json(0, &["check", fixture("cabinet").to_str().unwrap()]);
    assert_eq!(
        keys(&document),
        [
            "collection",
            "completeness",
            "items",
            "problems",
            "rejected",
            "remote_images"
        ]
    );
    assert_eq!(
        (&document["items"], &document["rejected"]),
        (&6.into(), &0.into())
    );
    assert_eq!(document["completeness"]["without_media"], 2);
    assert_eq!(document["remote_images"], 0);
    let source = archive.sibling("remote");
    std::fs::create_dir(&source).unwrap();
    let table = "id,title,file\na,A,https://e.org/1.jpg|https://e.org/2.jpg\nb,B,https://e.org/v\n";
    std::fs::write(source.join("metadata.csv"), table).unwrap();
    let document = archive.json(0, &["check", source.to_str().unwrap()]);
    assert_eq!(document["remote_images"], 2);
    let output = archive.ok(&["check", source.to_str().unwrap()]);
    assert!(
        output
            .stdout
            .contains("\n2 images are only on other hosts\n"),
        "{}",
        output.stdout
    );
    let dry = archive.run(&["ingest", "--fetch", "--dry-run", source.to_str().unwrap()]);
    assert_eq!(dry.status, Some(2));
}

#[test]
fn publish_document() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    let document = archive.json(0, &["publish"]);
    assert_eq!(
        keys(&document),
        ["bytes", "files", "items", "problems", "snapshot", "written"]
    );
    assert_integers(&document, &["items", "files", "bytes", "written"]);
    let snapshot = document["snapshot"].as_str().unwrap();
    assert_eq!(snapshot.len(), 64);
    let root: Value =
        serde_json::from_slice(&std::fs::read(archive.site().join("archive.json")).unwrap())
            .unwrap();
    assert_eq!(root["snapshot"], snapshot);
    let files = crate::support::read_files(&archive.site());
    assert_eq!(document["files"], files.len() as u64);
    let bytes: u64 = files.values().map(|content| content.len() as u64).sum();
    assert_eq!(document["bytes"], bytes);
}

#[test]
fn search_document() {
    let archive = Archive::published();
    let document = archive.json(0, &["search", "نجوم"]);
    assert_eq!(
        keys(&document),
        ["bytes", "facets", "items", "ms", "requests", "total"]
    );
    assert_integers(&document, &["total", "requests", "bytes"]);
    assert!(document["ms"].as_f64().unwrap() >= 0.0);
    assert!(document["requests"].as_u64().unwrap() > 0);
    let first = &document["items"][0];
    assert_eq!(keys(first), ["id", "score", "title"]);
    assert!(first["score"].as_f64().unwrap() > 0.0);
    assert!(first["id"].is_string() && first["title"].is_string());
    let value = &document["facets"]["collection"][0];
    assert_eq!(keys(value), ["count", "label", "value"]);
    assert!(value["count"].as_u64().unwrap() > 0);

    // The number of the page that matches, and a suggestion if nothing matches.
    let page = &archive.json(0, &["search", "التناسل"])["items"][0]["page"];
    assert!(page.as_u64().unwrap() > 0);
    let misspelt = archive.json(0, &["search", "shurd"]);
    assert_eq!(misspelt["suggestion"], "shard");
}

#[test]
fn search_options_filter_and_sort() {
    let archive = Archive::published();
    let search = |options: &[&str]| {
        let arguments = [&["search", "letter"], options].concat();
        archive.json(0, &arguments)
    };
    let all = search(&[]);
    for place in all["facets"]["place"].as_array().unwrap() {
        let filter = format!("place={}", place["value"].as_str().unwrap());
        assert_eq!(search(&["--filter", &filter])["total"], place["count"]);
    }
    assert_eq!(search(&["--filter", "place=nowhere"])["total"], 0);
    let first = search(&["--sort", "date"])["items"][0]["id"].clone();
    let last = search(&["--sort", "newest"])["items"][0]["id"].clone();
    assert_eq!((first, last), ("letter-001".into(), "letter-120".into()));
    let decades = all["facets"]["date:decade"].as_array().unwrap();
    let decade = decades[0]["value"].as_str().unwrap();
    let years = format!("{decade}..{}", decade.parse::<i32>().unwrap() + 9);
    assert_eq!(search(&["--years", &years])["total"], decades[0]["count"]);
    for invalid in [
        ["--filter", "place"],
        ["--years", "lately"],
        ["--sort", "size"],
    ] {
        let output = archive.run(&[&["search", "letter"], &invalid[..]].concat());
        assert_eq!(output.status, Some(2), "{invalid:?}");
    }
}

#[test]
fn search_returns_the_results_of_the_viewer() {
    let archive = Archive::published();
    let search = |query: &str, options: &[&str]| {
        let arguments = [&["search", query], options].concat();
        archive.json(0, &arguments)
    };
    // A word that is being typed is a prefix, and a word that a space ends is a misspelling.
    let typed = search("lette", &["--typing"]);
    assert_eq!(typed["suggestion"], Value::Null);
    assert!(typed["total"].as_u64() >= search("letter", &[])["total"].as_u64());
    assert_eq!(search("lette", &[])["suggestion"], "letter");
    assert_eq!(search("lette ", &["--typing"])["suggestion"], "letter ");
    let title = |options: &[&str]| search("shard", options)["items"][0]["title"].clone();
    assert_eq!(title(&[]), title(&["--query-lang", "ar"]));
    assert_ne!(title(&[]), title(&["--query-lang", "en"]));
    let output = archive.run(&["search", "shard", "--query-lang", "?"]);
    assert_eq!(output.status, Some(2));
}

#[test]
fn verify_document() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("cabinet").to_str().unwrap()]);
    let document = archive.json(0, &["verify"]);
    assert_integers(&document, &["objects", "files", "bytes"]);
    // The four items with files, the object of the collection with all six records, the object of the
    // configuration, and the object of the states.
    assert_eq!(document["objects"], 7);
}

#[test]
fn error_document() {
    let archive = Archive::new();
    let document = archive.json(2, &["check", "no-such-folder"]);
    assert_eq!(keys(&document), ["error"]);
    assert_eq!(keys(&document["error"]), ["code", "hint", "message"]);
    assert_eq!(document["error"]["code"], "source-not-found");
}
