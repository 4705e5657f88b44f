//! Responses for small files, which are read at once.
//!
//! `ServeDir` hands each file to other threads, which takes ten times as long as reading a small file.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;

/// Size up to which a file is small, in bytes.
const MAX_SIZE: u64 = 256 << 10;

/// Responds to a plain request for a small file, and passes all other requests on.
pub(crate) async fn respond(
    State(site): State<Arc<PathBuf>>,
    request: Request,
    next: Next,
) -> Response {
    match plain_path(&request).and_then(|path| read(&site, path)) {
        Some(response) => response,
        None => next.run(request).await,
    }
}

/// Returns the path of a request below the site, if the request is for a whole file and the path names it without
/// encoded characters.
fn plain_path(request: &Request) -> Option<&str> {
    let is_conditional = [
        header::RANGE,
        header::IF_MODIFIED_SINCE,
        header::IF_UNMODIFIED_SINCE,
    ]
    .iter()
    .any(|name| request.headers().contains_key(name));
    if is_conditional || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let path = request.uri().path().strip_prefix('/')?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~');
    // A segment that begins with a dot can lead out of the site.
    let mut segments = path.split_terminator('/');
    let is_below = segments.all(|segment| !segment.is_empty() && !segment.starts_with('.'));
    (is_below && path.chars().all(is_plain)).then_some(path)
}

/// Reads a file into a response. Returns `None` if there is no such file or it is not small.
fn read(site: &Path, path: &str) -> Option<Response> {
    let mut file = site.join(path);
    if path.is_empty() || path.ends_with('/') {
        file.push("index.html");
    }
    let mut file = File::open(file).ok()?;
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || metadata.len() > MAX_SIZE {
        return None;
    }
    let mut content = Vec::with_capacity(metadata.len() as usize);
    file.read_to_end(&mut content).ok()?;
    let length = content.len();
    let mut response = Response::new(Body::from(content));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length.into());
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let modified = metadata.modified().ok().map(httpdate::fmt_http_date);
    if let Some(modified) = modified.and_then(|date| HeaderValue::from_str(&date).ok()) {
        headers.insert(header::LAST_MODIFIED, modified);
    }
    Some(response)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn request(method: &str, path: &str, header: Option<(&str, &str)>) -> Request {
        let mut request = axum::http::Request::builder().method(method).uri(path);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn only_plain_requests_are_answered() {
        let path = |path| plain_path(&request("GET", path, None)).map(str::to_owned);
        assert_eq!(path("/").as_deref(), Some(""));
        assert_eq!(path("/en/item/a-1/").as_deref(), Some("en/item/a-1/"));
        assert_eq!(path("/o/ab/c.woff2?x=1").as_deref(), Some("o/ab/c.woff2"));
        for other in [
            "/../a",
            "/a/../b",
            "/a//b",
            "//a",
            "/./a",
            "/.hidden",
            "/a%2Fb",
            "/a/%2e%2e/",
        ] {
            assert_eq!(path(other), None, "{other}");
        }
        let other = request("POST", "/", None);
        assert_eq!(plain_path(&other), None);
        for name in ["range", "if-modified-since"] {
            let other = request("GET", "/", Some((name, "bytes=0-1")));
            assert_eq!(plain_path(&other), None, "{name}");
        }
    }

    #[test]
    fn reads_small_files_and_the_index_of_folders() {
        let site = tempfile::tempdir().unwrap();
        let write = |name: &str, content: &[u8]| {
            let path = site.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        };
        write("index.html", b"home");
        write("en/index.html", b"english");
        write("large", &vec![0; MAX_SIZE as usize + 1]);
        write("largest", &vec![0; MAX_SIZE as usize]);
        let length = |path: &str| {
            let response = read(site.path(), path)?;
            let length = response.headers().get(header::CONTENT_LENGTH)?;
            length.to_str().ok()?.parse::<u64>().ok()
        };
        assert_eq!(length(""), Some(4));
        assert_eq!(length("en/"), Some(7));
        assert_eq!(length("largest"), Some(MAX_SIZE));
        for other in ["en", "large", "missing", "en/index.html/"] {
            assert_eq!(length(other), None, "{other}");
        }
        let response = read(site.path(), "en/").unwrap();
        assert!(response.headers().contains_key(header::LAST_MODIFIED));
    }
}
