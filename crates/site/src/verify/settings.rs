//! Checks of the settings of the web server of a site: what [`crate::headers`] and the requirements of hosting describe.
//!
//! Each check makes one request. What a host does otherwise is a warning, because most of a site works regardless.

use khizana_format::Root;
use khizana_model::{Message, Problem, message, printable};
use ureq::http::HeaderMap;

use super::Host;

/// Shortest lifetime in caches of files that never change, in seconds.
const LONG_LIFETIME: u64 = 30 * 24 * 3600;
/// Longest lifetime in caches of `archive.json`, in seconds.
const SHORT_LIFETIME: u64 = 60;

/// The files of a site that are requested.
#[derive(Debug, Default)]
pub(super) struct Samples {
    /// A tile pack, or a recording.
    pub(super) ranged: Option<String>,
    /// A IIIF manifest.
    pub(super) manifest: Option<String>,
}

impl Samples {
    /// Keeps a file of the manifest if it is the first of its kind.
    pub(super) fn offer(&mut self, path: &str) {
        let is_media = ["mp3", "mp4", "webm", "ogg", "wav", "m4a"]
            .iter()
            .any(|extension| path.starts_with("f/") && path.ends_with(&format!(".{extension}")));
        if self.ranged.is_none() && (path.ends_with("/tiles.pack") || is_media) {
            self.ranged = Some(path.to_owned());
        }
        if self.manifest.is_none() && path.starts_with("manifests/item/") {
            self.manifest = Some(path.to_owned());
        }
    }
}

/// A response: its status, its headers, and the beginning of its body.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// Returns the lifetime in caches, in seconds. `None` if the host states none.
    fn lifetime(&self) -> Option<u64> {
        let control = self.header("cache-control").to_ascii_lowercase();
        if control.contains("no-cache") || control.contains("no-store") {
            return Some(0);
        }
        let age = control
            .split(',')
            .find_map(|part| part.trim().strip_prefix("max-age="));
        age.and_then(|age| age.parse().ok())
    }
}

struct Check<'a> {
    host: &'a Host,
    problems: Vec<Problem>,
}

/// Checks the settings of a host. A request that fails is not reported, because the verification of the files
/// reports it.
pub(super) fn check(host: &Host, root: &Root, samples: &Samples) -> Vec<Problem> {
    let mut check = Check {
        host,
        problems: Vec::new(),
    };
    let lang = root.languages.first().map_or("ar", String::as_str);
    let mut home = format!("{lang}/");
    let file = format!("{home}index.html");
    // A site that is published for hosts without index documents needs no page for unknown URLs either.
    if check.has_index_links(&file) {
        home = file;
    } else {
        check.index(&home);
        check.not_found(&format!("{home}no-such-page/"));
    }
    let script = format!("{}boot.js", root.viewer);
    check.media_type(&script, &["text/javascript", "application/javascript"]);
    check.media_type(
        &format!("{}viewer_bg.wasm", root.viewer),
        &["application/wasm"],
    );
    check.media_type(&format!("{}viewer.css", root.viewer), &["text/css"]);
    check.media_type("archive.json", &["application/json"]);
    check.compression(&format!("{}viewer.js", root.viewer));
    check.caches(&script);
    check.headers(&home, samples.manifest.as_deref());
    if let Some(path) = &samples.ranged {
        check.ranges(path);
    }
    check.problems
}

impl Check<'_> {
    fn get(&self, path: &str, headers: &[(&str, &str)]) -> Option<Answer> {
        let (status, headers, body) = self.host.inspect(path, headers)?;
        Some(Answer {
            status,
            headers,
            body,
        })
    }

    fn report(&mut self, code: &'static str, path: &str, message: Message, hint: &'static str) {
        let problem = Problem::warning(code, message, hint);
        self.problems.push(problem.in_file(printable(path)));
    }

    /// Returns `true` if the links of a page name the file `index.html`.
    fn has_index_links(&self, path: &str) -> bool {
        let answer = self.get(path, &[]);
        answer.is_some_and(|answer| answer.body.contains(" data-index=\"index.html\""))
    }

    fn index(&mut self, path: &str) {
        let Some(answer) = self.get(path, &[]) else {
            return;
        };
        let media_type = answer.header("content-type").to_ascii_lowercase();
        if answer.status != 200 || !media_type.starts_with("text/html") {
            self.report(
                "host-index",
                path,
                message!(
                    "The server does not respond with `index.html` to the URL of its folder, but with status {status} and the type `{media_type}`.",
                    status = answer.status,
                    media_type = printable(&media_type)
                ),
                "Set `index.html` as the index document: `index index.html` (nginx), `DirectoryIndex index.html` (Apache), or the website endpoint of an object storage.",
            );
        } else if media_type.contains("charset=") && !media_type.contains("utf-8") {
            self.report(
                "host-type",
                path,
                message!(
                    "The server states the encoding in `{media_type}`, but the pages are in UTF-8.",
                    media_type = printable(&media_type)
                ),
                "Set the encoding to UTF-8: `charset utf-8` (nginx), `AddDefaultCharset utf-8` (Apache).",
            );
        }
    }

    fn not_found(&mut self, path: &str) {
        let Some(answer) = self.get(path, &[]) else {
            return;
        };
        if answer.status != 404 {
            self.report(
                "host-not-found",
                path,
                message!(
                    "The server responds with status {status} to a URL that does not exist.",
                    status = answer.status
                ),
                "Respond with `404.html` and status 404. Otherwise search engines index pages that do not exist.",
            );
        } else if !answer.body.contains("data-view=\"not-found\"") {
            self.report(
                "host-not-found",
                path,
                message!("The server displays a page of its host for a URL that does not exist."),
                "Set `404.html` as the error document: `error_page 404 /404.html` (nginx), `ErrorDocument 404 /404.html` (Apache).",
            );
        }
    }

    fn media_type(&mut self, path: &str, accepted: &[&str]) {
        let Some(answer) = self.get(path, &[]).filter(|answer| answer.status == 200) else {
            return;
        };
        let media_type = answer.header("content-type").to_ascii_lowercase();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if !accepted.contains(&essence) {
            self.report(
                "host-type",
                path,
                message!(
                    "The server responds with the media type `{found}` instead of `{expected}`.",
                    found = printable(essence),
                    expected = accepted.first().unwrap_or(&"")
                ),
                "Set the media type for this extension: `types { … }` (nginx), `AddType` (Apache), or the property `Content-Type` of the object.",
            );
        }
    }

    fn compression(&mut self, path: &str) {
        let accepts = [("accept-encoding", "gzip, br")];
        let Some(answer) = self
            .get(path, &accepts)
            .filter(|answer| answer.status == 200)
        else {
            return;
        };
        if answer.header("content-encoding").is_empty() {
            self.report(
                "host-compression",
                path,
                message!("The server does not compress text, which takes three times as long to load."),
                "Compress HTML, CSS, JavaScript, JSON, SVG and WebAssembly: `gzip on` and `gzip_types` (nginx), `mod_deflate` (Apache), `encode` (Caddy), or the setting of the content delivery network.",
            );
        }
    }

    fn caches(&mut self, immutable: &str) {
        if let Some(answer) = self
            .get(immutable, &[])
            .filter(|answer| answer.status == 200)
            && answer
                .lifetime()
                .is_none_or(|lifetime| lifetime < LONG_LIFETIME)
        {
            self.report(
                "host-cache",
                immutable,
                message!("The server does not let browsers keep a file that never changes, so that visitors load it again."),
                "Send `Cache-Control: public, max-age=31536000, immutable` for the folders `f`, `o`, `viewer` and `iiif`, except for `info.json`.",
            );
        }
        if let Some(answer) = self.get("archive.json", &[])
            && answer
                .lifetime()
                .is_some_and(|lifetime| lifetime > SHORT_LIFETIME)
        {
            self.report(
                "host-cache",
                "archive.json",
                message!(
                    "The server lets browsers keep the file for {seconds} seconds, so that visitors do not see a new publication.",
                    seconds = answer.lifetime().unwrap_or_default()
                ),
                "Send `Cache-Control: public, no-cache` for `archive.json`.",
            );
        }
    }

    fn headers(&mut self, page: &str, manifest: Option<&str>) {
        if let Some(answer) = self.get(page, &[]).filter(|answer| answer.status == 200) {
            let expected = [
                "content-security-policy",
                "x-content-type-options",
                "referrer-policy",
            ];
            let missing: Vec<&str> = expected
                .into_iter()
                .filter(|name| answer.header(name).is_empty())
                .collect();
            if !missing.is_empty() {
                self.report(
                    "host-headers",
                    page,
                    message!(
                        "The server does not send the headers {names}.",
                        names = missing.join(", ")
                    ),
                    "Copy the headers in the file `_headers` of the site to the settings of the server.",
                );
            }
        }
        let Some(path) = manifest else {
            return;
        };
        if let Some(answer) = self.get(path, &[]).filter(|answer| answer.status == 200)
            && answer.header("access-control-allow-origin") != "*"
        {
            self.report(
                "host-headers",
                path,
                message!("The server does not let viewers of other sites read manifests."),
                "Send `Access-Control-Allow-Origin: *`.",
            );
        }
    }

    fn ranges(&mut self, path: &str) {
        let Some(answer) = self.get(path, &[("range", "bytes=0-3")]) else {
            return;
        };
        if answer.status == 200 {
            self.report(
                "host-ranges",
                path,
                message!("The server responds to a range request with the whole file, so that zooming and seeking load all of it."),
                "Enable range requests, or set `host.ranges = false` in khizana.toml and publish again.",
            );
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;

    /// Answers every request with the response that `respond` returns for the path.
    fn server(respond: impl Fn(&str) -> String + Send + 'static) -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let mut lines = BufReader::new(&stream).lines();
                let request = lines.next().unwrap().unwrap();
                let path = request.split(' ').nth(1).unwrap().to_owned();
                let _ = lines.find(|line| line.as_ref().is_ok_and(String::is_empty));
                let _ = (&stream).write_all(respond(&path).as_bytes());
            }
        });
        Host::new(&address).unwrap()
    }

    fn response(status: &str, headers: &[&str], body: &str) -> String {
        let headers: String = headers
            .iter()
            .map(|header| format!("{header}\r\n"))
            .collect();
        let length = body.len();
        format!(
            "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
    }

    fn check_all(host: &Host) -> Vec<(&'static str, String)> {
        let root = minimal_root();
        let samples = Samples {
            ranged: Some("iiif/k/tiles.pack".to_owned()),
            manifest: Some("manifests/item/a.json".to_owned()),
        };
        check(host, &root, &samples)
            .into_iter()
            .map(|problem| (problem.code, problem.file.unwrap()))
            .collect()
    }

    fn minimal_root() -> Root {
        use khizana_json::FromJson;
        let mut root = Root::default_value();
        root.languages = vec!["en".to_owned()];
        root.viewer = "viewer/x/".to_owned();
        root
    }

    #[test]
    fn a_host_with_the_documented_settings_has_no_problems() {
        let host = server(|path| {
            let common = [
                "Content-Security-Policy: x",
                "X-Content-Type-Options: nosniff",
                "Referrer-Policy: x",
                "Access-Control-Allow-Origin: *",
                "Content-Encoding: br",
            ];
            let with = |more: &[&'static str]| [&common[..], more].concat();
            let immutable = "Cache-Control: public, max-age=31536000, immutable";
            match path {
                "/en/" => response(
                    "200 OK",
                    &with(&["Content-Type: text/html; charset=UTF-8"]),
                    "",
                ),
                "/archive.json" => response(
                    "200 OK",
                    &with(&["Content-Type: application/json", "Cache-Control: no-cache"]),
                    "",
                ),
                "/iiif/k/tiles.pack" => response("206 Partial Content", &with(&[]), "abcd"),
                path if path.ends_with(".wasm") => {
                    response("200 OK", &with(&["Content-Type: application/wasm"]), "")
                }
                path if path.ends_with(".js") => response(
                    "200 OK",
                    &with(&["Content-Type: text/javascript", immutable]),
                    "",
                ),
                path if path.ends_with(".css") => {
                    response("200 OK", &with(&["Content-Type: text/css"]), "")
                }
                path if path.ends_with(".json") => response("200 OK", &with(&[]), "{}"),
                _ => response(
                    "404 Not Found",
                    &with(&[]),
                    "<main data-view=\"not-found\">",
                ),
            }
        });
        assert_eq!(check_all(&host), []);
    }

    #[test]
    fn a_bucket_needs_no_index_documents_if_links_name_files() {
        let host = server(|path| match path {
            "/en/index.html" => response(
                "200 OK",
                &["Content-Type: text/html"],
                "<html lang=\"en\" data-base=\"../\" data-index=\"index.html\">",
            ),
            _ => response(
                "404 Not Found",
                &["Content-Type: application/xml"],
                "<Error>",
            ),
        });
        let found = check_all(&host);
        let codes: Vec<&str> = found.iter().map(|(code, _)| *code).collect();
        assert!(
            !codes.contains(&"host-index") && !codes.contains(&"host-not-found"),
            "{found:?}"
        );
        assert!(
            found.contains(&("host-headers", "en/index.html".to_owned())),
            "{found:?}"
        );
    }

    #[test]
    fn every_wrong_setting_is_reported() {
        let host = server(|path| match path {
            "/en/" => response("200 OK", &["Content-Type: application/xml"], "listing"),
            "/archive.json" => response(
                "200 OK",
                &["Cache-Control: max-age=86400", "Content-Type: text/plain"],
                "{}",
            ),
            _ => response("200 OK", &["Content-Type: application/octet-stream"], "x"),
        });
        let found = check_all(&host);
        for expected in [
            ("host-index", "en/"),
            ("host-not-found", "en/no-such-page/"),
            ("host-type", "viewer/x/boot.js"),
            ("host-type", "viewer/x/viewer_bg.wasm"),
            ("host-type", "viewer/x/viewer.css"),
            ("host-type", "archive.json"),
            ("host-compression", "viewer/x/viewer.js"),
            ("host-cache", "viewer/x/boot.js"),
            ("host-cache", "archive.json"),
            ("host-headers", "en/"),
            ("host-headers", "manifests/item/a.json"),
            ("host-ranges", "iiif/k/tiles.pack"),
        ] {
            assert!(
                found.contains(&(expected.0, expected.1.to_owned())),
                "{expected:?}: {found:?}"
            );
        }
        assert_eq!(found.len(), 12, "{found:?}");
    }

    #[test]
    fn the_page_for_unknown_urls_must_be_that_of_the_site() {
        let host = server(|_| response("404 Not Found", &[], "nginx"));
        let found = check_all(&host);
        assert!(
            found.contains(&("host-not-found", "en/no-such-page/".to_owned())),
            "{found:?}"
        );
    }
}
