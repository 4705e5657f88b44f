//! Reports, limits and stopped runs of `verify`, and sites on a web server.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use serde_json::Value;

use crate::serve::Server;
use crate::support::{Archive, fixture, read_files};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Returns the codes and the files of the problems of a document.
fn problems(document: &Value) -> Vec<(&str, &str)> {
    let problems = document["problems"].as_array().unwrap().iter();
    problems
        .map(|problem| {
            (
                problem["code"].as_str().unwrap(),
                problem["file"].as_str().unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_site_on_a_server_is_compared_with_its_manifest() {
    let server = Server::start();
    let archive = &server.archive;
    let address = format!("http://{}", server.address);
    let verify = ["verify", "--site", &address];
    let folder = archive.json(0, &["verify", "--site", text(&archive.site())]);
    let report = archive.json(0, &verify);
    for member in ["state", "problems", "files", "bytes"] {
        assert_eq!(report[member], folder[member], "{member}");
    }

    let files = read_files(&archive.site());
    let page = "en/index.html";
    let image = files.keys().find(|path| path.ends_with(".jpg")).unwrap();
    let changed = [&files[page][..files[page].len() - 1], b"x"].concat();
    fs::write(archive.site().join(page), changed).unwrap();
    fs::remove_file(archive.site().join(image)).unwrap();
    fs::write(archive.site().join("404.html"), "short").unwrap();
    let report = archive.json(1, &verify);
    let expected = [
        ("site-file-damaged", "404.html"),
        // The server responds with the damaged file.
        ("host-not-found", "ar/no-such-page/"),
        ("site-file-damaged", page),
        ("site-file-missing", image),
    ];
    assert_eq!(problems(&report), expected);

    fs::remove_file(archive.site().join("archive.json")).unwrap();
    let report = archive.json(1, &verify);
    assert_eq!(problems(&report), [("site-file-missing", "archive.json")]);
}

#[test]
fn a_server_that_cannot_be_reached_is_an_error() {
    let archive = Archive::without_files();
    // The port is free again when the listener is dropped.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let reports = archive.sibling("reports");
    let site = ["verify", "--site", &address, "--report", text(&reports)];
    let document = archive.json(2, &site);
    assert_eq!(document["error"]["code"], "site-unreachable");
    assert!(read_files(&reports).is_empty(), "there is no result");
    let document = archive.json(2, &["verify", "--site", "http://localhost/?q=1"]);
    assert_eq!(document["error"]["code"], "site-address");
}

#[test]
fn reports_are_written_for_people_and_programs() {
    let archive = Archive::published();
    let reports = archive.sibling("new/reports");
    let verify = ["verify", "--report", text(&reports)];
    let printed = archive.json(0, &verify);
    let files = read_files(&reports);
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["verify.html", "verify.json"]
    );
    let written: Value = serde_json::from_slice(&files["verify.json"]).unwrap();
    assert_eq!(written, printed);
    assert!(written["started"].as_str() <= written["finished"].as_str());
    let html = |name: &str| fs::read_to_string(reports.join(name)).unwrap();
    let sha256 = written["state"]["sha256"].as_str().unwrap();
    let page = html("verify.html");
    assert!(page.contains("All files are intact.") && page.contains(sha256));

    // A file with a hostile name.
    let stray = archive.path().join("store").join("<script>&.txt");
    fs::write(&stray, "x").unwrap();
    let report = archive.json(1, &verify);
    assert_eq!(problems(&report), [("file-unknown", "store/<script>&.txt")]);
    let page = html("verify.html");
    assert!(page.contains("store/&lt;script&gt;&amp;.txt") && !page.contains("<script"));
    assert!(page.contains("Damage was found") && page.contains("وُجد تلف"));
    fs::remove_file(stray).unwrap();

    let site = archive.site();
    archive.ok(&["verify", "--site", text(&site), "--report", text(&reports)]);
    let page = html("verify.html");
    assert!(page.contains("Fixity check of the published site"));
    assert!(!page.contains("Damage was found"));

    // A file in the place of the folder.
    let document = archive.json(
        2,
        &["verify", "--report", text(&reports.join("verify.json"))],
    );
    assert_eq!(document["error"]["code"], "report-unwritable");
}

#[test]
fn the_options_of_verify_are_checked() {
    let archive = Archive::new();
    archive.ok(&["ingest", fixture("letters").to_str().unwrap()]);
    archive.ok(&["verify", "--rate", "100000"]);
    for invalid in [
        &["--rate", "0"][..],
        &["--rate", "x"],
        &["--resume", "--site", "x"],
    ] {
        let output = archive.run(&[&["verify"], invalid].concat());
        assert_eq!(output.status, Some(2), "{invalid:?}");
    }
    let output = archive.run(&["verify", "--resume"]);
    assert_eq!(output.status, Some(0));
    let message = "starting at the beginning: there is no progress of an earlier verification";
    assert!(output.stderr.contains(message), "{}", output.stderr);
}
