//! Content paths: the names under which an object keeps its files.
//!
//! A logical path is the path in the source, with any character that a file system allows. A content path
//! is the path on the disk of the archive, which may be another one: it only consists of ASCII letters and
//! digits, `-`, `_`, `.`, `%` and `~`, and is different from all other content paths of its object also on a
//! disk that ignores case.

use khizana_model::Hash;
use sha2::{Digest, Sha256};

/// Maximum length of a component in bytes. Most file systems allow 255.
const MAX_COMPONENT_BYTES: usize = 180;
/// Maximum length of the encoded path in bytes.
const MAX_BYTES: usize = 600;

/// Returns the content path of a file of a version, relative to the folder of the object.
/// `is_taken` returns `true` for a path in lower case that another file of the object has.
pub fn content_path(version: &str, logical: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let components: Vec<String> = logical.split('/').map(encode_component).collect();
    let mut encoded = components.join("/");
    if encoded.len() > MAX_BYTES {
        encoded = format!("files/~{}", digest(logical));
    }
    let path = format!("{version}/content/{encoded}");
    if !is_taken(&path.to_ascii_lowercase()) {
        return path;
    }
    format!("{path}~{}", digest(logical))
}

/// Encodes a component of a path.
fn encode_component(component: &str) -> String {
    let mut encoded = String::with_capacity(component.len());
    let last = component.len().saturating_sub(1);
    let is_reserved = is_device_name(component);
    for (index, byte) in component.bytes().enumerate() {
        let is_plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        // Windows removes a dot at the end of a name.
        let is_special = (byte == b'.' && index == last) || (is_reserved && index == 0);
        if is_plain && !is_special {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02x}"));
        }
    }
    if encoded.len() > MAX_COMPONENT_BYTES {
        // The extension is kept, so that the type of the file can be recognised.
        let extension = encoded
            .rsplit_once('.')
            .map(|(_, extension)| extension)
            .filter(|extension| extension.len() <= 10 && !extension.contains('%'))
            .map_or_else(String::new, |extension| format!(".{extension}"));
        let digest = digest(component);
        let kept = MAX_COMPONENT_BYTES - digest.len() - 1 - extension.len();
        let mut end = kept;
        // An encoded byte is not cut.
        while end > kept - 3
            && encoded
                .as_bytes()
                .get(end - 2..end)
                .is_some_and(|tail| tail.contains(&b'%'))
        {
            end -= 1;
        }
        encoded = format!(
            "{}~{digest}{extension}",
            encoded.get(..end).unwrap_or_default()
        );
    }
    encoded
}

/// Returns `true` if Windows reserves the name for a device.
fn is_device_name(component: &str) -> bool {
    let stem = component.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_lowercase();
    let numbered = |name: &str| {
        stem.strip_prefix(name)
            .is_some_and(|number| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// Returns the first 16 digits of the SHA-256 of a name.
fn digest(name: &str) -> String {
    let mut digest = Hash(Sha256::digest(name).into()).to_string();
    digest.truncate(16);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(logical: &str) -> String {
        content_path("v1", logical, |_| false)
    }

    #[test]
    fn keeps_plain_names_and_encodes_others() {
        for (logical, expected) in [
            ("record.json", "v1/content/record.json"),
            (
                "files/a/IMG_01.jpg.zst",
                "v1/content/files/a/IMG_01.jpg.zst",
            ),
            ("files/a b:c.txt", "v1/content/files/a%20b%3ac.txt"),
            ("files/100%", "v1/content/files/100%25"),
            ("files/ا.txt", "v1/content/files/%d8%a7.txt"),
            ("files/a\nb", "v1/content/files/a%0ab"),
            ("files/a\\b", "v1/content/files/a%5cb"),
            ("files/end.", "v1/content/files/end%2e"),
            ("files/COM1", "v1/content/files/%43OM1"),
            ("files/aux.txt", "v1/content/files/%61ux.txt"),
            ("files/auxiliary", "v1/content/files/auxiliary"),
        ] {
            assert_eq!(path(logical), expected);
        }
        // The two normal forms of é are different files.
        assert_ne!(path("files/\u{e9}"), path("files/e\u{301}"));
    }

    #[test]
    fn shortens_long_names_and_keeps_their_extension() {
        let long = format!("files/{}.txt", "ا".repeat(124));
        let encoded = path(&long);
        let name = encoded.rsplit('/').next().unwrap_or_default();
        assert!(name.len() <= MAX_COMPONENT_BYTES, "{}", name.len());
        assert!(name.ends_with(".txt") && name.contains('~'));
        let other = format!("files/{}ب.txt", "ا".repeat(123));
        assert_ne!(path(&other), encoded);
        let deep = format!("files/{}a.txt", "folder with spaces/".repeat(60));
        assert!(path(&deep).len() <= MAX_BYTES + 20);
    }

    #[test]
    fn differs_from_a_path_that_differs_only_in_case() {
        let taken = "v1/content/files/a.jpg";
        let path = content_path("v1", "files/A.jpg", |path| path == taken);
        assert!(path.starts_with("v1/content/files/A.jpg~"), "{path}");
    }
}
