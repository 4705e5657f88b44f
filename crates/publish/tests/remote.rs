//! Tests of publishing items whose images are on other hosts.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use khizana_ingest::{FetchSettings, ingest};
use khizana_model::{NoProgress, Problem};
use khizana_publish::{Options, publish};
use tempfile::TempDir;

const VIEWER: [(&str, &[u8]); 1] = [("viewer.css", b"")];

struct Archive(TempDir);

impl Archive {
    fn new(table: &str, fetch: bool) -> Archive {
        let archive = Archive(tempfile::tempdir().unwrap());
        archive.configure("");
        let source = archive.path().join("s");
        fs::create_dir(&source).unwrap();
        fs::write(source.join("metadata.csv"), table).unwrap();
        let settings = FetchSettings {
            pause: Duration::ZERO,
            ..FetchSettings::default()
        };
        let options = khizana_ingest::Options {
            fetch: fetch.then_some(settings),
            ..khizana_ingest::Options::default()
        };
        let summary = ingest(archive.path(), &source, &options, &|_| (), &NoProgress).unwrap();
        assert!(!summary.has_errors(), "{:?}", summary.problems);
        archive
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn configure(&self, settings: &str) {
        fs::write(self.path().join("khizana.toml"), settings).unwrap();
    }

    fn publish(&self) -> Vec<Problem> {
        let summary = publish(self.path(), &Options::default(), &VIEWER, &NoProgress);
        summary.unwrap().problems
    }

    fn site(&self, path: &str) -> String {
        fs::read_to_string(self.path().join("site").join(path)).unwrap()
    }
}

/// Returns the content of all elements that start with `start`, up to the next `end`.
fn parts<'a>(text: &'a str, start: &str, end: &str) -> Vec<&'a str> {
    text.split(start)
        .skip(1)
        .map(|part| part.split(end).next().unwrap())
        .collect()
}

/// Starts a server that answers each request with an image. Returns its URL.
fn serve_image() -> String {
    let image =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/cabinet/images/plate.png");
    let image = fs::read(image).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    // The thread ends with the test.
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let lines = BufReader::new(&stream).lines();
            let lines = lines.map_while(Result::ok);
            assert!(lines.take_while(|line| !line.is_empty()).count() > 0);
            let head = format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                image.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&image);
        }
    });
    url
}

const TABLE: &str = "id,title@en,file,thumbnail\n\
    a,A & B,https://images.example.org/a.jpg,https://images.example.org/t.jpg\n\
    b,B,https://other.example.org/b.jpg,\n\
    c,C,,https://images.example.org/c?id=1\n\
    d,D,https://images.example.org/iiif/2/d/info.json,\n";

#[test]
fn images_are_displayed_from_named_hosts_only() {
    let archive = Archive::new(TABLE, false);
    archive.configure("remote = [\"images.example.org\"]");
    assert_eq!(archive.publish(), []);
    let a = archive.site("en/item/a/index.html");
    let images = parts(&a, "<figure>", "</figure>");
    assert_eq!(images.len(), 1);
    assert!(images[0].contains("src=\"https://images.example.org/a.jpg\""));
    assert!(images[0].contains("alt=\"A &amp; B\"") && images[0].contains("loading=\"lazy\""));
    assert!(images[0].contains("referrerpolicy=\"no-referrer\""));
    assert!(images[0].contains("<figcaption>Displayed from images.example.org</figcaption>"));
    assert!(a.contains("href=\"https://images.example.org/a.jpg\""));
    let french = archive.site("fr/item/a/index.html");
    assert!(french.contains("Affichée depuis images.example.org"));
    let arabic = archive.site("ar/item/a/index.html");
    assert!(arabic.contains("صورة معروضة من المضيف images.example.org"));

    let b = archive.site("en/item/b/index.html");
    assert!(!b.contains("class=\"remote\"") && !b.contains("src=\"https://other"));
    assert!(b.contains("href=\"https://other.example.org/b.jpg\""));
    assert!(
        archive
            .site("en/item/c/index.html")
            .contains("src=\"https://images.example.org/c?id=1\"")
    );
    let service = "https://images.example.org/iiif/2/d/full/!1600,1600/0/default.jpg";
    assert!(
        archive
            .site("en/item/d/index.html")
            .contains(&format!("src=\"{service}\""))
    );

    archive.configure("");
    archive.publish();
    for id in ["a", "b", "c", "d"] {
        let page = archive.site(&format!("en/item/{id}/index.html"));
        assert!(
            !page.contains("<img") && page.contains("example.org"),
            "{id}"
        );
    }
}

#[test]
fn all_pages_have_the_policy_of_the_header() {
    let archive = Archive::new(TABLE, false);
    for (settings, images) in [
        ("", "img-src 'self' blob: data:;"),
        (
            "url = \"https://e.org/\"\nremote = [\"images.example.org\", \"b.example:8443\"]",
            "img-src 'self' blob: data: https://images.example.org https://b.example:8443;",
        ),
        (
            "pages = \"none\"\nremote = [\"a.example\"]",
            "data: https://a.example;",
        ),
    ] {
        archive.configure(settings);
        archive.publish();
        let headers = archive.site("_headers");
        let header = parts(&headers, "Content-Security-Policy: ", "\n");
        // The other policies restrict framing.
        let policy = header[0];
        assert!(
            header[1..]
                .iter()
                .all(|header| *header == "frame-ancestors 'self'")
        );
        assert!(policy.contains(images), "{policy}");
        let mut pages = Vec::new();
        html_files(&archive.path().join("site"), &mut pages);
        // The page for embedding requires a URL.
        let kinds = match settings.split(' ').next() {
            Some("pages") => 15,
            Some("url") => 25,
            _ => 24,
        };
        assert_eq!(pages.len(), kinds, "{pages:?}");
        for page in pages {
            let html = fs::read_to_string(&page).unwrap();
            let start = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
            assert_eq!(parts(&html, start, "\""), [policy], "{}", page.display());
        }
    }
}

fn html_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            html_files(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "html")
        {
            files.push(path);
        }
    }
}

#[test]
fn fetched_files_without_rights_are_published_on_request() {
    let url = serve_image();
    let table = format!(
        "id,title@en,file,rights,toc\n\
         a,A,{url}a.png,,1 One\n\
         b,B,{url}b.png,http://rightsstatements.org/vocab/NoC-US/1.0/,1 One\n\
         c,C,{url}c.png,Ask us,\n\
         d,D,{url}d.png,,\n"
    );
    let archive = Archive::new(&table, true);
    let problems = archive.publish();
    let codes: Vec<_> = problems
        .iter()
        .map(|p| (p.code, p.file.as_deref()))
        .collect();
    assert_eq!(codes, [("fetched-withheld", Some("khizana.toml"))]);
    assert!(problems[0].message.starts_with("2 fetched files"));
    assert!(problems[0].hint.contains("publish_without_rights = true"));
    let has_image = |id: &str| {
        let page = archive.site(&format!("en/item/{id}/index.html"));
        assert!(page.contains(&format!("href=\"{url}{id}.png\"")), "{id}");
        page.contains("src=\"../../../iiif/")
    };
    assert_eq!(
        ["a", "b", "c", "d"].map(has_image),
        [false, true, true, false]
    );

    archive.configure("[fetch]\npublish_without_rights = true");
    assert_eq!(archive.publish(), []);
    assert_eq!(["a", "b", "c", "d"].map(has_image), [true; 4]);
}
