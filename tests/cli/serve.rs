//! `khizana serve`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use ureq::Body;
use ureq::http::Response;

use crate::support::{Archive, khizana, read_files};

/// A server of a published archive. It is stopped when the value is dropped.
pub struct Server {
    pub archive: Archive,
    child: Child,
    pub address: String,
    agent: ureq::Agent,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Publishes an archive, and serves it.
    pub fn start() -> Server {
        let archive = Archive::published();
        let mut child = khizana()
            .args(["serve", "--addr", "127.0.0.1:0", "--archive"])
            .arg(archive.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let address = line
            .split_once("http://")
            .and_then(|(_, rest)| rest.split_once('/'))
            .unwrap_or_else(|| panic!("no address in {line:?}"))
            .0
            .to_owned();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into();
        Server {
            archive,
            child,
            address,
            agent,
        }
    }

    fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let mut request = self.agent.get(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.call().unwrap()
    }

    /// Returns the URL path and the content of the first file whose path ends with `suffix`.
    fn file(&self, suffix: &str) -> (String, Vec<u8>) {
        let (name, content) = read_files(&self.archive.site())
            .into_iter()
            .find(|(name, _)| name.ends_with(suffix))
            .unwrap_or_else(|| panic!("the site has no file *{suffix}"));
        (format!("/{name}"), content)
    }
}

fn header(response: &Response<Body>, name: &str) -> String {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap().to_owned())
        .unwrap_or_default()
}

fn bytes(mut response: Response<Body>) -> Vec<u8> {
    response.body_mut().read_to_vec().unwrap()
}

#[test]
fn files_have_a_media_type_and_a_cache_lifetime() {
    let server = Server::start();
    for (suffix, media_type, immutable) in [
        ("archive.json", "application/json", false),
        ("en/index.html", "text/html", false),
        ("default.jpg", "image/jpeg", true),
        ("info.json", "application/json", false),
        (".wasm", "application/wasm", true),
        ("viewer.css", "text/css", true),
        ("rast.wav", "audio/", true),
    ] {
        let (path, content) = server.file(suffix);
        let response = server.get(&path, &[]);
        assert_eq!(response.status(), 200, "{path}");
        let kind = header(&response, "content-type");
        assert!(kind.starts_with(media_type), "{path}: {kind}");
        let cache_control = header(&response, "cache-control");
        assert_eq!(
            cache_control.contains("immutable"),
            immutable,
            "{path}: {cache_control}"
        );
        assert!(bytes(response) == content, "{path} differs");
    }
}

#[test]
fn supports_byte_ranges() {
    let server = Server::start();
    let (path, content) = server.file("rast.wav");
    let response = server.get(&path, &[("Range", "bytes=100-299")]);
    assert_eq!(response.status(), 206);
    assert_eq!(
        header(&response, "content-range"),
        format!("bytes 100-299/{}", content.len())
    );
    assert_eq!(bytes(response), &content[100..300]);
    let last = server.get(&path, &[("Range", "bytes=-10")]);
    assert_eq!(last.status(), 206);
    assert_eq!(bytes(last), &content[content.len() - 10..]);
    let beyond = server.get(&path, &[("Range", "bytes=99999999-")]);
    assert_eq!(beyond.status(), 416);
    // Ranges refer to the uncompressed file.
    let not_compressed = server.get(
        &path,
        &[("Range", "bytes=100-299"), ("Accept-Encoding", "gzip, br")],
    );
    assert_eq!(header(&not_compressed, "content-encoding"), "");
    assert_eq!(bytes(not_compressed), &content[100..300]);
}

#[test]
fn tiles_are_byte_ranges_of_their_pack() {
    let server = Server::start();
    // The server does not interpret the content of a pack.
    let content: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    let folder = server.archive.site().join("iiif/0123");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("tiles.pack"), &content).unwrap();
    let path = "/iiif/0123/tiles.pack";
    for encoding in ["identity", "gzip, br, zstd"] {
        let get_range =
            |range| server.get(path, &[("Range", range), ("Accept-Encoding", encoding)]);
        for (range, from, to) in [
            ("bytes=0-0", 0, 1),
            ("bytes=0-21999", 0, 22_000),
            ("bytes=250001-299999", 250_001, 300_000),
            ("bytes=299000-400000", 299_000, 300_000),
        ] {
            let response = get_range(range);
            assert_eq!(response.status(), 206, "{range}");
            let content_range = format!("bytes {from}-{}/300000", to - 1);
            assert_eq!(header(&response, "content-range"), content_range);
            assert_eq!(header(&response, "content-length"), (to - from).to_string());
            assert_eq!(header(&response, "content-encoding"), "");
            assert!(header(&response, "cache-control").contains("immutable"));
            assert!(bytes(response) == content[from..to], "{range}");
        }
        for range in ["bytes=300000-", "bytes=300000-300009", "bytes=9-2"] {
            let response = get_range(range);
            assert_eq!(response.status(), 416, "{range}");
            assert_eq!(header(&response, "content-range"), "bytes */300000");
        }
    }
    let whole = server.get(path, &[]);
    assert_eq!(
        (whole.status().as_u16(), header(&whole, "accept-ranges")),
        (200, "bytes".to_owned())
    );
    assert!(bytes(whole) == content);
}

#[test]
fn a_known_etag_is_answered_with_304() {
    let server = Server::start();
    for path in ["/archive.json", "/en/"] {
        let tag = header(&server.get(path, &[]), "etag");
        assert!(!tag.is_empty(), "{path}");
        let again = server.get(path, &[("If-None-Match", &tag)]);
        assert_eq!(again.status(), 304, "{path}");
        assert!(bytes(again).is_empty());
        let other = server.get(path, &[("If-None-Match", "\"other\"")]);
        assert_eq!(other.status(), 200, "{path}");
    }
}

#[test]
fn text_is_compressed_and_images_are_not() {
    let server = Server::start();
    let (path, plain) = server.file("en/index.html");
    for encoding in ["br", "gzip", "zstd"] {
        let response = server.get(&path, &[("Accept-Encoding", encoding)]);
        assert_eq!(header(&response, "content-encoding"), encoding);
        let vary = header(&response, "vary").to_ascii_lowercase();
        assert!(vary.contains("accept-encoding"), "{vary}");
        assert!(bytes(response).len() < plain.len() / 2);
    }
    let (image, content) = server.file("default.jpg");
    let response = server.get(&image, &[("Accept-Encoding", "br, gzip")]);
    assert_eq!(
        header(&response, "content-encoding"),
        "",
        "images are not compressed"
    );
    assert!(bytes(response) == content);
}

#[test]
fn responses_have_the_headers_of_the_headers_file() {
    let server = Server::start();
    let file = std::fs::read_to_string(server.archive.site().join("_headers")).unwrap();
    let common: Vec<(&str, &str)> = file
        .lines()
        .skip_while(|line| *line != "/*")
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .filter_map(|line| line.trim().split_once(": "))
        .collect();
    assert!(
        common
            .iter()
            .any(|(name, _)| *name == "Content-Security-Policy")
    );
    let response = server.get("/ar/", &[]);
    for (name, value) in common {
        assert_eq!(header(&response, name), value, "{name}");
    }
}

#[test]
fn a_missing_file_is_answered_with_the_404_page() {
    let server = Server::start();
    for path in ["/en/item/no-such-item/", "/no/such/path", "/o/00/00"] {
        let response = server.get(path, &[]);
        assert_eq!(response.status(), 404, "{path}");
        assert!(header(&response, "content-type").starts_with("text/html"));
        assert!(
            !header(&response, "cache-control").contains("immutable"),
            "{path}"
        );
        let page = String::from_utf8(bytes(response)).unwrap();
        assert!(page.contains("<h1"), "{path}");
    }
}

#[test]
fn files_outside_the_site_are_not_served() {
    let server = Server::start();
    for path in [
        "/../khizana.toml",
        "/..%2fkhizana.toml",
        "/%2e%2e/khizana.toml",
        "/o/../../khizana.toml",
    ] {
        // Sent without an HTTP client, which would normalise the path.
        let mut stream = TcpStream::connect(&server.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            server.address
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        let status = answer.split_whitespace().nth(1).unwrap();
        assert!(status.starts_with('4'), "{path}: {status}");
        assert!(!answer.contains("widths"), "{path}");
    }
}
