//! The headers with which a file is stored.

use khizana_site::headers::{cache_control, disposition, is_compressible, media_type};

/// The smallest file that is compressed, in bytes. A smaller one fits into a packet anyway.
const MIN_COMPRESSED: u64 = 1024;

/// The largest file that is compressed, in bytes, because it is compressed in memory.
const MAX_COMPRESSED: u64 = 64 << 20;

/// The headers that a host sends with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileHeaders {
    pub content_type: String,
    pub cache_control: &'static str,
    pub disposition: Option<&'static str>,
    /// `true` if the content is compressed with gzip.
    pub is_gzip: bool,
}

impl FileHeaders {
    /// Returns the headers of a file of a site. `bytes` is its size, and `can_compress` is `true` if the target stores
    /// compressed files.
    pub(crate) fn of(path: &str, bytes: u64, can_compress: bool) -> FileHeaders {
        let url_path = format!("/{path}");
        FileHeaders {
            content_type: media_type(&url_path),
            cache_control: cache_control(&url_path),
            disposition: disposition(&url_path),
            is_gzip: can_compress
                && (MIN_COMPRESSED..=MAX_COMPRESSED).contains(&bytes)
                && is_compressible(&url_path),
        }
    }

    /// Returns the headers of the record of a deployment.
    pub(crate) fn of_record() -> FileHeaders {
        FileHeaders {
            content_type: "application/zstd".to_owned(),
            cache_control: "no-store",
            disposition: None,
            is_gzip: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_compressed_and_revalidated() {
        let page = FileHeaders::of("en/index.html", 5000, true);
        assert!(page.is_gzip && page.cache_control.contains("no-cache"));
        assert!(!FileHeaders::of("en/index.html", 5000, false).is_gzip);
        assert!(!FileHeaders::of("en/index.html", 500, true).is_gzip);
        let original = FileHeaders::of("f/ab/a.html.bin", 5000, true);
        assert!(!original.is_gzip && original.cache_control.contains("immutable"));
        assert_eq!(original.disposition, Some("attachment"));
    }
}
