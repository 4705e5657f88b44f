//! Tests of fetching images from other hosts.
#![allow(clippy::unwrap_used)]

mod server;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use khizana_ingest::{FetchSettings, Options, Removal, Summary, check, ingest};
use khizana_model::{Item, NoProgress, Severity};
use khizana_store::ocfl::{ObjectId, Store};
use khizana_store::verify::verify;
use tempfile::TempDir;

use crate::server::{Answer, Server};

/// Short times, so that the tests do not wait.
const SETTINGS: FetchSettings = FetchSettings {
    connections: 8,
    connections_per_host: 2,
    pause: Duration::ZERO,
    attempts: 2,
    retry_pause: Duration::from_millis(10),
    max_retry_after: Duration::from_secs(1),
    timeout: Duration::from_secs(1),
    max_time: Duration::from_secs(5),
    max_bytes: 1 << 20,
};

struct Archive {
    folder: TempDir,
    source: PathBuf,
}

impl Archive {
    fn new(table: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("khizana.toml"), "").unwrap();
        let source = folder.path().join("s");
        fs::create_dir(&source).unwrap();
        let archive = Archive { folder, source };
        archive.write_table(table);
        archive
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write_table(&self, table: &str) {
        fs::write(self.source.join("metadata.csv"), table).unwrap();
    }

    fn run(&self, fetch: Option<FetchSettings>) -> Summary {
        let options = Options {
            fetch,
            removal: Some(Removal::All),
            ..Options::default()
        };
        ingest(self.path(), &self.source, &options, &|_| (), &NoProgress).unwrap()
    }

    fn fetch(&self) -> Summary {
        self.run(Some(SETTINGS))
    }

    fn record(&self, id: &str) -> Item {
        let store = Store::open(self.path()).unwrap();
        let mut records = store.records(&"s".parse().unwrap()).unwrap();
        let is_wanted = |record: &Item| record.id.as_str() == id;
        records
            .find_map(|record| record.ok().filter(is_wanted))
            .unwrap()
    }

    fn downloads(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path().join("fetch"))
            .into_iter()
            .flatten();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn missing_images(&self) -> u64 {
        let report = check(&self.source, self.path(), &NoProgress).unwrap();
        report.remote_images
    }
}

fn image() -> Vec<u8> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    fs::read(fixtures.join("cabinet/images/plate.png")).unwrap()
}

fn counts(summary: &Summary) -> [u64; 4] {
    [
        summary.added,
        summary.changed,
        summary.unchanged,
        summary.fetched,
    ]
}

/// Returns the codes, rows and items of the warnings about URLs.
fn warnings(summary: &Summary) -> Vec<(&str, Option<u64>, Option<&str>)> {
    let problems = summary.problems.iter();
    let problems = problems.filter(|problem| problem.code.starts_with("fetch"));
    problems
        .inspect(|problem| {
            assert_eq!(problem.severity, Severity::Warning);
            assert!(problem.hint.ends_with('.'), "{problem}");
        })
        .map(|problem| (problem.code, problem.row, problem.item.as_deref()))
        .collect()
}

#[test]
fn an_image_is_fetched_once_and_kept() {
    let server = Server::start();
    server.answer("/p/plate%201.png", Answer::File(image()));
    let url = server.url("/p/plate%201.png");
    let table = format!(
        "id,title@en,file\na,A,{}\nb,B,\n",
        server.url("/p/plate 1.png")
    );
    let archive = Archive::new(&table);
    assert_eq!(archive.missing_images(), 1);
    let without = archive.run(None);
    assert_eq!(counts(&without), [2, 0, 0, 0]);
    assert!(archive.record("a").media.is_empty());
    assert!(server.requests().is_empty());

    let summary = archive.fetch();
    assert_eq!(counts(&summary), [0, 1, 1, 1]);
    assert_eq!(warnings(&summary), []);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    let agent = requests[0].headers.get("user-agent").unwrap();
    assert_eq!(agent, concat!("Khizana/", env!("CARGO_PKG_VERSION")));
    assert!(!requests[0].headers.contains_key("referer"));
    let record = archive.record("a");
    assert_eq!(record.links, std::slice::from_ref(&url));
    assert_eq!(record.remote[0].url, url);
    let media = &record.media[0];
    assert_eq!(media.source.as_ref(), Some(&url));
    assert_eq!(media.media_type, "image/png");
    assert!(media.name.starts_with("remote/") && media.name.ends_with("-plate-1.png"));
    assert_eq!(media.bytes, image().len() as u64);
    assert!(!archive.path().join("fetch").exists());
    assert_eq!(archive.missing_images(), 0);

    // Neither a run with `fetch` nor one without it changes anything.
    let head = |id: &str| {
        let store = Store::open(archive.path()).unwrap();
        let object = store.object(&ObjectId::Item(id.parse().unwrap())).unwrap();
        object.unwrap().inventory.head_number()
    };
    let first = head("a");
    for fetch in [None, Some(SETTINGS)] {
        let again = archive.run(fetch);
        assert_eq!(counts(&again), [0, 0, 2, 0]);
        assert_eq!(again.state, summary.state);
    }
    assert_eq!(head("a"), first);
    assert!(server.requests().is_empty());
    assert_eq!(verify(archive.path(), &NoProgress).unwrap().problems, []);

    // Another title keeps the file, also if the server is gone.
    server.answer("/p/plate%201.png", Answer::Status(404, ""));
    archive.write_table(&table.replace(",A,", ",Changed,"));
    assert_eq!(counts(&archive.run(None)), [0, 1, 1, 0]);
    let changed = archive.record("a");
    assert_eq!(changed.title.get("en"), ["Changed"]);
    assert_eq!(changed.media, record.media);
    assert!(!archive.path().join("fetch").exists());

    // The catalogue is rebuilt from the store.
    fs::remove_file(archive.path().join("catalogue.sqlite")).unwrap();
    assert_eq!(counts(&archive.fetch()), [0, 0, 2, 0]);
    assert_eq!(archive.record("a").media, record.media);
    assert!(server.requests().is_empty());

    // Without the URL, the item has no file.
    archive.write_table("id,title@en,file\na,Changed,\nb,B,\n");
    assert_eq!(counts(&archive.run(None)), [0, 1, 1, 0]);
    assert!(archive.record("a").media.is_empty());
}

#[test]
fn files_have_the_order_and_the_labels_of_the_table() {
    let server = Server::start();
    server.answer("/1.png", Answer::File(image()));
    server.answer("/3.png", Answer::File(image()));
    let table = format!(
        "id,file,file_label\na,{}|2.png|{},one|two|three\nb,{},\n",
        server.url("/1.png"),
        server.url("/3.png"),
        server.url("/1.png"),
    );
    let archive = Archive::new(&table);
    fs::write(archive.source.join("2.png"), image()).unwrap();
    let summary = archive.fetch();
    assert_eq!(counts(&summary), [2, 0, 0, 2]);
    // Two items have the same URL.
    assert_eq!(server.requests().len(), 2);
    let media = archive.record("a").media;
    let labels: Vec<String> = media.iter().map(|m| m.label.get("und").join("")).collect();
    assert_eq!(labels, ["one", "two", "three"]);
    assert_eq!(media[1].source, None);
    assert_eq!(archive.record("b").media[0].name, media[0].name);
}

#[test]
fn a_failure_is_a_warning_and_is_tried_again() {
    let server = Server::start();
    let mut short = image();
    short.truncate(image().len() / 2);
    let rows = [
        ("gone", Answer::Status(404, ""), "fetch-status"),
        (
            "forever",
            Answer::Redirect("/forever.png".to_owned()),
            "fetch-redirect",
        ),
        (
            "script",
            Answer::Redirect("javascript:alert(1)".to_owned()),
            "fetch-redirect",
        ),
        (
            "long",
            Answer::Length(image(), image().len() + 10),
            "fetch-length",
        ),
        (
            "short",
            Answer::Length(image(), image().len() / 2),
            "fetch-damaged",
        ),
        ("cut", Answer::File(short), "fetch-damaged"),
        (
            "page",
            Answer::Html("text/html; charset=utf-8"),
            "fetch-not-media",
        ),
        ("fake", Answer::FakeImage, "fetch-not-media"),
        ("large", Answer::Length(image(), 2 << 20), "fetch-too-large"),
        ("broken", Answer::Status(500, ""), "fetch-unreachable"),
        (
            "later",
            Answer::Status(503, "Retry-After: 3600\r\n"),
            "fetch-unreachable",
        ),
    ];
    let mut table = "id,file\n".to_owned();
    for (name, answer, _) in &rows {
        server.answer(&format!("/{name}.png"), answer.clone());
        table.push_str(&format!("{name},{}\n", server.url(&format!("/{name}.png"))));
    }
    let archive = Archive::new(&table);
    let summary = archive.fetch();
    assert_eq!(counts(&summary), [rows.len() as u64, 0, 0, 0]);
    assert!(!summary.has_errors());
    let expected: Vec<_> = (2..)
        .zip(&rows)
        .map(|(row, (name, _, code))| (*code, Some(row), Some(*name)))
        .collect();
    assert_eq!(warnings(&summary), expected);
    for (problem, (name, ..)) in summary
        .problems
        .iter()
        .filter(|problem| problem.code.starts_with("fetch"))
        .zip(&rows)
    {
        let url = server.url(&format!("/{name}.png"));
        assert!(problem.message.contains(&url), "{problem}");
    }
    let count = |requests: &[server::Request], name: &str| {
        let path = format!("/{name}.png");
        requests
            .iter()
            .filter(|request| request.path == path)
            .count()
    };
    let requests = server.requests();
    let counted = ["gone", "forever", "long", "broken", "later"].map(|name| count(&requests, name));
    assert_eq!(counted, [1, 6, 2, 2, 1]);
    // Nothing is kept of a file that cannot be continued.
    let kept = archive.downloads();
    assert!(!kept.iter().any(|name| name.ends_with(".file")), "{kept:?}");
    let record = archive.record("gone");
    assert!(record.media.is_empty());
    assert_eq!(record.links, [server.url("/gone.png")]);

    for (name, ..) in &rows {
        server.answer(&format!("/{name}.png"), Answer::File(image()));
    }
    let summary = archive.fetch();
    assert_eq!(
        counts(&summary),
        [0, rows.len() as u64, 0, rows.len() as u64]
    );
    assert_eq!(archive.downloads(), [""; 0]);
    assert_eq!(archive.missing_images(), 0);
}

#[test]
fn a_host_that_hangs_delays_only_its_files() {
    let (server, other) = (Server::start(), Server::start());
    let mut table = "id,file\n".to_owned();
    for n in 0..9 {
        let path = format!("/{n}.png");
        server.answer(&path, Answer::Hang);
        other.answer(&path, Answer::File(image()));
        table.push_str(&format!(
            "h{n},{}\no{n},{}\n",
            server.url(&path),
            other.url(&path)
        ));
    }
    let archive = Archive::new(&table);
    let once = FetchSettings {
        attempts: 1,
        ..SETTINGS
    };
    let summary = archive.run(Some(once));
    assert_eq!(summary.fetched, 9);
    let codes = warnings(&summary);
    let count = |code: &str| codes.iter().filter(|warning| warning.0 == code).count();
    // The last files are not requested. One warning names their rows.
    assert!((5..=6).contains(&count("fetch-unreachable")), "{codes:?}");
    assert_eq!(count("fetch-skipped"), 1, "{codes:?}");
    assert_eq!(other.most_active(), 2);
    assert!(archive.record("h0").media.is_empty());
}

#[test]
fn an_interrupted_transfer_is_continued() {
    for has_ranges in [true, false] {
        let server = Server::start();
        let sent = image().len() / 2;
        server.answer("/1.png", Answer::Interrupted(image(), sent, has_ranges));
        let archive = Archive::new(&format!("id,file\na,{}\n", server.url("/1.png")));
        let once = FetchSettings {
            attempts: 1,
            ..SETTINGS
        };
        let summary = archive.run(Some(once));
        assert_eq!(warnings(&summary), [("fetch-length", Some(2), Some("a"))]);
        let names = archive.downloads();
        let extensions: Vec<_> = names.iter().map(|name| name.rsplit('.').next()).collect();
        assert_eq!(extensions, [Some("json"), Some("part")]);
        server.requests();

        assert_eq!(counts(&archive.fetch()), [0, 1, 0, 1]);
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        let range = requests[0].headers.get("range");
        assert_eq!(range, Some(&format!("bytes={sent}-")));
        assert_eq!(requests[0].headers.get("if-range").unwrap(), "\"one\"");
        assert_eq!(archive.record("a").media[0].bytes, image().len() as u64);
        assert_eq!(archive.downloads(), [""; 0]);
    }
}

#[test]
fn a_file_that_changed_is_fetched_from_its_beginning() {
    let server = Server::start();
    let url = server.url("/1.png");
    server.answer("/1.png", Answer::Interrupted(image(), 100, true));
    let archive = Archive::new(&format!("id,file\na,{url}\n"));
    let once = FetchSettings {
        attempts: 1,
        ..SETTINGS
    };
    archive.run(Some(once));
    // The description of the part has another entity tag.
    let folder = archive.path().join("fetch");
    let json = archive
        .downloads()
        .into_iter()
        .find(|name| name.ends_with("json"));
    let json = folder.join(json.unwrap());
    let description = fs::read_to_string(&json).unwrap();
    assert!(description.contains("one"), "{description}");
    fs::write(&json, description.replace("one", "old")).unwrap();
    assert_eq!(counts(&archive.fetch()), [0, 1, 0, 1]);
    assert_eq!(archive.record("a").media[0].bytes, image().len() as u64);
}

#[test]
fn a_server_that_is_busy_is_asked_again_after_the_time_it_names() {
    let server = Server::start();
    let busy = Answer::Busy(429, "Retry-After: 1\r\n", 1, image());
    server.answer("/1.png", busy);
    let archive = Archive::new(&format!("id,file\na,{}\n", server.url("/1.png")));
    let start = Instant::now();
    let summary = archive.fetch();
    assert_eq!(counts(&summary), [1, 0, 0, 1]);
    assert!(start.elapsed() >= Duration::from_secs(1));
}

#[test]
fn the_largest_image_of_an_iiif_service_is_fetched() {
    let server = Server::start();
    for (path, version, size) in [("/iiif/2/x", 2, "full"), ("/iiif/3/x", 3, "max")] {
        let context = format!("http://iiif.io/api/image/{version}/context.json");
        let info = format!("{{\"@context\":\"{context}\",\"width\":2,\"height\":2}}");
        server.answer(
            &format!("{path}/info.json"),
            Answer::File(info.into_bytes()),
        );
        let full = format!("{path}/full/{size}/0/default.jpg");
        server.answer(&full, Answer::File(image()));
    }
    server.answer("/iiif/2/y/info.json", Answer::Html("text/html"));
    server.answer("/iiif/2/z/info.json", Answer::File(b"{}".to_vec()));
    let archive = Archive::new(&format!(
        "id,file\na,{}\nb,\"{}\"\nc,{}\nd,{}\n",
        server.url("/iiif/2/x/info.json"),
        server.url("/iiif/3/x/full/200,/0/default.jpg"),
        server.url("/iiif/2/y"),
        server.url("/iiif/2/z"),
    ));
    let summary = archive.fetch();
    assert_eq!(counts(&summary), [4, 0, 0, 2]);
    assert_eq!(
        warnings(&summary),
        [
            ("fetch-service", Some(4), Some("c")),
            ("fetch-service", Some(5), Some("d"))
        ]
    );
    let media = &archive.record("a").media[0];
    assert_eq!(media.source, Some(server.url("/iiif/2/x")));
}

#[test]
fn a_file_that_the_store_has_lost_is_fetched_again() {
    let server = Server::start();
    server.answer("/1.png", Answer::File(image()));
    let archive = Archive::new(&format!("id,file\na,{}\n", server.url("/1.png")));
    archive.fetch();
    let object = Store::open(archive.path()).unwrap();
    let object = object
        .object(&ObjectId::Item("a".parse().unwrap()))
        .unwrap();
    let name = archive.record("a").media[0].name.clone();
    let object = object.unwrap();
    let path = ["", ".zst"]
        .iter()
        .find_map(|suffix| object.file(&format!("files/{name}{suffix}")).ok());
    fs::remove_file(path.unwrap()).unwrap();
    server.requests();
    let summary = archive.fetch();
    assert_eq!(server.requests().len(), 1);
    assert_eq!(counts(&summary), [0, 0, 1, 1]);
    assert_eq!(verify(archive.path(), &NoProgress).unwrap().problems, []);
}

#[test]
fn a_download_that_cannot_be_written_ends_the_run() {
    let server = Server::start();
    let archive = Archive::new(&format!("id,file\na,{}\n", server.url("/1.png")));
    fs::write(archive.path().join("fetch"), "").unwrap();
    let options = Options {
        fetch: Some(SETTINGS),
        ..Options::default()
    };
    let error = ingest(
        archive.path(),
        &archive.source,
        &options,
        &|_| (),
        &NoProgress,
    );
    let error = error.unwrap_err();
    assert_eq!(error.code(), "fetch-io");
    assert!(error.to_string().contains("fetch: "), "{error}");
    assert!(error.hint().contains("permissions"));
}
