//! The HTTP headers of a site, for `khizana serve` and for the `_headers` file that static hosts
//! read.

use khizana_format::INERT_SUFFIX;

/// The patterns of files that never change, because their names contain a hash of their content.
///
/// The files of an image are in subfolders, except for its tile pack and `info.json`. The latter
/// changes if the address of the archive changes.
const IMMUTABLE: [&str; 5] = [
    "/o/*",
    "/f/*",
    "/iiif/:key/:part/*",
    "/iiif/:key/tiles.pack",
    "/viewer/*",
];

/// Returns `true` if the file at a URL path never changes. The result agrees with the patterns in
/// `_headers`.
pub fn is_immutable(path: &str) -> bool {
    let folders = ["/o/", "/f/", "/iiif/", "/viewer/"];
    let is_image_info = path.starts_with("/iiif/") && path.ends_with("/info.json");
    folders.iter().any(|folder| path.starts_with(folder)) && !is_image_info
}

/// The value of `Cache-Control` for files that never change. Caches honour at most one year.
pub const CACHE_FOREVER: &str = "public, max-age=31536000, immutable";
/// The value of `Cache-Control` for files that can change. Caches revalidate them on each request.
pub const REVALIDATE: &str = "public, no-cache";

/// Returns the value of `Cache-Control` for the file at a URL path.
pub fn cache_control(path: &str) -> &'static str {
    match is_immutable(path) {
        true => CACHE_FOREVER,
        false => REVALIDATE,
    }
}

/// Returns the media type of the file at a URL path, with its encoding if it is text. The path of a folder stands for
/// its `index.html`.
pub fn media_type(path: &str) -> String {
    if path.ends_with('/') {
        return HTML.to_owned();
    }
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let has_encoding = guess.type_() == mime_guess::mime::TEXT;
    match has_encoding {
        true => format!("{guess}; charset=utf-8"),
        false => guess.to_string(),
    }
}

const HTML: &str = "text/html; charset=utf-8";

/// Returns the value of `Content-Disposition` for the file at a URL path, if it has one: originals that a browser could
/// run are saved.
pub fn disposition(path: &str) -> Option<&'static str> {
    (path.starts_with("/f/") && path.ends_with(INERT_SUFFIX)).then_some("attachment")
}

/// Returns `true` if a host should send the file at a URL path with compression. Originals are sent as they are, and
/// objects are compressed already.
pub fn is_compressible(path: &str) -> bool {
    if path.starts_with("/f/") || path.starts_with("/o/") {
        return false;
    }
    let text = [
        ".html",
        ".css",
        ".js",
        ".json",
        ".xml",
        ".svg",
        ".txt",
        ".wasm",
        ".webmanifest",
    ];
    text.iter().any(|extension| path.ends_with(extension))
}

/// Returns the hash of an inline style or script for a content security policy (CSP Level 3, `hash-source`).
pub fn inline_hash(content: &str) -> String {
    use base64::Engine as _;
    let digest = khizana_format::hash_of(content.as_bytes()).0;
    format!(
        "sha256-{}",
        base64::engine::general_purpose::STANDARD.encode(digest)
    )
}

/// The content security policy of all pages of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy(String);

impl Policy {
    /// Creates a policy. `styles` and `scripts` contain the hashes of the inline styles and scripts in the
    /// site, and `hosts` the hosts from which pages display images.
    pub fn new(styles: &[String], scripts: &[String], hosts: &[String]) -> Policy {
        let quoted = |hashes: &[String]| -> String {
            hashes.iter().map(|hash| format!(" '{hash}'")).collect()
        };
        let (styles, scripts) = (quoted(styles), quoted(scripts));
        let hosts: String = hosts
            .iter()
            .map(|host| format!(" https://{host}"))
            .collect();
        Policy(format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self'{styles}; \
             img-src 'self' blob: data:{hosts}; media-src 'self'; font-src 'self'; \
             connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'"
        ))
    }

    /// Reads the policy in the `_headers` file of a site.
    pub fn read(headers: &str) -> Option<Policy> {
        let mut lines = headers.lines();
        let policy = lines.find_map(|line| line.trim().strip_prefix(POLICY_HEADER))?;
        Some(Policy(policy.strip_prefix(": ")?.to_owned()))
    }

    /// Returns the policy for the `<meta>` element of a page and for the HTTP header.
    pub fn meta(&self) -> &str {
        &self.0
    }
}

const POLICY_HEADER: &str = "Content-Security-Policy";
/// A second policy, which is effective in an HTTP header only. Only the page for embedding may be displayed in frames
/// of other sites.
const FRAME_ANCESTORS: &str = "frame-ancestors 'self'";

/// Returns the name and the value of the header that forbids other sites to display a file in a frame, if it applies
/// to a URL path.
pub fn framing(path: &str) -> Option<(&'static str, &'static str)> {
    (!path.starts_with("/embed/")).then_some((POLICY_HEADER, FRAME_ANCESTORS))
}

/// Returns the names and values of the headers that every response has.
pub fn common(policy: &Policy) -> Vec<(&'static str, String)> {
    vec![
        (POLICY_HEADER, policy.meta().to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        (
            "Referrer-Policy",
            "strict-origin-when-cross-origin".to_owned(),
        ),
        (
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=()".to_owned(),
        ),
        // This header allows viewers on other sites to display the archive.
        ("Access-Control-Allow-Origin", "*".to_owned()),
    ]
}

/// Returns the content of the `_redirects` file, in the format of Netlify: the address of an item without a page leads to
/// the page on which the viewer displays any item. `page` is the name of the file of that page, or empty.
pub fn redirects(languages: &[String], page: &str) -> String {
    let lines = languages.iter();
    let lines = lines.map(|lang| format!("/{lang}/item/:id /{lang}/item/{page}?id=:id 302\n"));
    lines.collect()
}

/// Returns the content of the `_headers` file, in the format of Netlify and Cloudflare Pages. `languages` are those of
/// the pages.
pub fn file(policy: &Policy, languages: &[String]) -> String {
    let mut out = String::from("/*\n");
    for (name, value) in common(policy) {
        out.push_str(&format!("  {name}: {value}\n"));
    }
    // These hosts join the values of a header if several patterns match. Therefore, `Cache-Control`
    // is not set in the pattern that matches all files. Of two policies, both apply.
    let folders = languages.iter().map(|lang| format!("/{lang}/*"));
    for pattern in folders.chain(["/".to_owned(), "/index.html".to_owned()]) {
        out.push_str(&format!(
            "{pattern}\n  {POLICY_HEADER}: {FRAME_ANCESTORS}\n"
        ));
    }
    for pattern in IMMUTABLE {
        out.push_str(&format!("{pattern}\n  Cache-Control: {CACHE_FOREVER}\n"));
    }
    out.push_str(&format!("/archive.json\n  Cache-Control: {REVALIDATE}\n"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_inline_content() {
        // The well-known SHA-256 of the empty string.
        assert_eq!(
            inline_hash(""),
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }

    #[test]
    fn the_policy_forbids_inline_scripts_and_other_hosts() {
        let policy = Policy::new(
            &["sha256-abc=".to_owned()],
            &["sha256-def=".to_owned()],
            &[],
        );
        let file = file(&policy, &["ar".to_owned()]);
        assert_eq!(Policy::read(&file), Some(policy));
        let policy = file
            .lines()
            .find(|line| line.contains("Content-Security-Policy"))
            .unwrap_or_default();
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-def=';"));
        assert!(policy.contains("style-src 'self' 'sha256-abc=';"));
        assert!(
            !policy.contains("unsafe-inline")
                && !policy.contains("'unsafe-eval'")
                && !policy.contains("http")
        );
        assert!(file.contains("/o/*\n  Cache-Control: public, max-age=31536000, immutable\n"));
    }

    #[test]
    fn named_hosts_may_provide_images_only() {
        let hosts = ["a.example".to_owned(), "b.example:8443".to_owned()];
        let policy = Policy::new(&[], &[], &hosts);
        let named: Vec<&str> = policy
            .meta()
            .split("; ")
            .filter(|directive| directive.contains("http"))
            .collect();
        assert_eq!(
            named,
            ["img-src 'self' blob: data: https://a.example https://b.example:8443"]
        );
        assert_eq!(Policy::read(&file(&policy, &[])), Some(policy));
    }

    #[test]
    fn files_have_types_and_dispositions() {
        for (path, expected) in [
            ("/ar/", "text/html; charset=utf-8"),
            ("/ar/index.html", "text/html; charset=utf-8"),
            ("/viewer/1/viewer.js", "text/javascript; charset=utf-8"),
            ("/viewer/1/viewer.wasm", "application/wasm"),
            ("/manifest.webmanifest", "application/manifest+json"),
            ("/archive.json", "application/json"),
            ("/o/ab/abcd", "application/octet-stream"),
            ("/f/ab/page.html.bin", "application/octet-stream"),
        ] {
            assert_eq!(media_type(path), expected, "{path}");
        }
        assert_eq!(disposition("/f/ab/page.html.bin"), Some("attachment"));
        assert_eq!(disposition("/f/ab/page.pdf"), None);
        assert!(is_compressible("/en/index.html"));
        assert!(!is_compressible("/f/ab/page.txt") && !is_compressible("/o/ab/abcd"));
    }

    #[test]
    fn image_files_are_immutable_except_for_info_json() {
        for (path, expected) in [
            ("/iiif/4e12/full/320,240/0/default.jpg", true),
            ("/iiif/4e12/0,0,512,512/512,512/0/default.jpg", true),
            ("/iiif/4e12/tiles/3", true),
            ("/iiif/4e12/tiles.pack", true),
            ("/iiif/4e12/info.json", false),
            ("/f/abc/info.json", true),
            ("/f/abc/page.txt", true),
            ("/o/ab/abcd", true),
            ("/manifests/all.json", false),
            ("/archive.json", false),
        ] {
            assert_eq!(is_immutable(path), expected, "{path}");
        }
    }
}
