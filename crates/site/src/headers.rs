//! The HTTP headers of a site: one list, for the `_headers` file of static hosts and for `serve`.

/// Served under a name that says what they hold: they never change. What an image has lies in folders of
/// its own, but for its pack and its information, `info.json`, which changes with the archive's address.
const IMMUTABLE: [&str; 5] = [
    "/o/*",
    "/f/*",
    "/iiif/:key/:part/*",
    "/iiif/:key/tiles.pack",
    "/viewer/*",
];

/// Whether what lies at a path never changes: the same in words of a program.
pub fn never_changes(path: &str) -> bool {
    let below = ["/o/", "/f/", "/iiif/", "/viewer/"];
    let information = path.starts_with("/iiif/") && path.ends_with("/info.json");
    below.iter().any(|folder| path.starts_with(folder)) && !information
}

/// A year, the longest that caches honour.
pub const FOREVER: &str = "public, max-age=31536000, immutable";
/// Asked about each time, answered with 304 where nothing changed.
pub const ALWAYS_ASK: &str = "public, no-cache";

/// How a content security policy names a style that stands in a page (CSP level 3, hash-source).
pub fn source_of(style: &str) -> String {
    use base64::Engine as _;
    let digest = khizana_format::hash_of(style.as_bytes()).0;
    format!(
        "sha256-{}",
        base64::engine::general_purpose::STANDARD.encode(digest)
    )
}

/// What every answer carries. `style_hashes` are those of the few styles that stand in a page.
pub fn common(style_hashes: &[String]) -> Vec<(&'static str, String)> {
    let styles: String = style_hashes
        .iter()
        .map(|hash| format!(" '{hash}'"))
        .collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'{styles}; \
         img-src 'self' blob: data:; media-src 'self'; font-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    );
    vec![
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        (
            "Referrer-Policy",
            "strict-origin-when-cross-origin".to_owned(),
        ),
        (
            "Permissions-Policy",
            "camera=(), microphone=(), geolocation=()".to_owned(),
        ),
        // A published archive may be read by other people's viewers.
        ("Access-Control-Allow-Origin", "*".to_owned()),
    ]
}

/// The `_headers` file, in the form that Netlify and Cloudflare Pages read.
pub fn file(style_hashes: &[String]) -> String {
    let mut out = String::from("/*\n");
    for (name, value) in common(style_hashes) {
        out.push_str(&format!("  {name}: {value}\n"));
    }
    // Where two rules meet, these hosts join the values of one header. So the lifetime is never
    // set for all files, only for those of each kind.
    for pattern in IMMUTABLE {
        out.push_str(&format!("{pattern}\n  Cache-Control: {FOREVER}\n"));
    }
    out.push_str(&format!("/archive.json\n  Cache-Control: {ALWAYS_ASK}\n"));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_is_named_by_its_hash() {
        // The example of the CSP specification's own kind: the digest of nothing is well known.
        assert_eq!(
            source_of(""),
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }

    #[test]
    fn the_policy_allows_no_inline_script_and_no_other_host() {
        let file = file(&["sha256-abc=".to_owned()]);
        let policy = file
            .lines()
            .find(|line| line.contains("Content-Security-Policy"))
            .unwrap_or_default();
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"));
        assert!(policy.contains("style-src 'self' 'sha256-abc=';"));
        assert!(
            !policy.contains("unsafe-inline")
                && !policy.contains("'unsafe-eval'")
                && !policy.contains("http")
        );
        assert!(file.contains("/o/*\n  Cache-Control: public, max-age=31536000, immutable\n"));
    }

    #[test]
    fn what_an_image_is_changes_with_the_address_of_the_archive_and_the_image_does_not() {
        for (path, never) in [
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
            assert_eq!(never_changes(path), never, "{path}");
        }
    }
}
