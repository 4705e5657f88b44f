//! The download size of the viewer.

use std::io::Write;
use std::path::Path;

use crate::failure::Failure;
use crate::project::Project;
use crate::{files, web};

/// Maximum size of all WebAssembly, JavaScript and CSS of the viewer, without fonts, in bytes after
/// Brotli compression with quality 11.
pub const LIMIT: usize = 434_000;

/// Maximum size of the files that an item page requires before it can be used, measured in the same
/// way.
pub const ITEM_LIMIT: usize = 221_000;

/// The files of the worker, the service worker, the search, navigation and embedding, which an item page does not require at first.
const NOT_FOR_ITEMS: [&str; 10] = [
    "content-state.js",
    "embed.css",
    "embed.js",
    "first-results.js",
    "head.js",
    "query.js",
    "service-worker.js",
    "worker.js",
    "worker_bg.wasm",
    "worker_loader.js",
];

/// The sizes of the files of the viewer.
pub struct Sizes {
    /// Name, size in bytes, and size in bytes after compression, for each file.
    files: Vec<(String, usize, usize)>,
}

impl Sizes {
    fn total(&self) -> usize {
        self.files.iter().map(|(_, _, compressed)| compressed).sum()
    }

    /// Returns the total size of the files that an item page requires, in bytes after compression.
    fn item_page(&self) -> usize {
        self.files
            .iter()
            .filter(|(name, _, _)| !NOT_FOR_ITEMS.contains(&name.as_str()))
            .map(|(_, _, compressed)| compressed)
            .sum()
    }

    /// Returns `true` if the viewer is built and its size is below both limits.
    pub fn fits(&self) -> bool {
        self.files
            .iter()
            .any(|(name, _, _)| name.ends_with(".wasm"))
            && self.total() < LIMIT
            && self.item_page() < ITEM_LIMIT
    }
}

/// Measures the built viewer and prints the sizes.
pub fn report(project: &Project) -> Result<Sizes, Failure> {
    let sizes = measure(&web::dist(project))?;
    for (name, plain, compressed) in &sizes.files {
        eprintln!("{plain:>9} bytes {compressed:>8} with Brotli  {name}");
    }
    eprintln!("{:>24} with Brotli, limit {LIMIT}", sizes.total());
    eprintln!(
        "{:>24} of them for an item page, limit {ITEM_LIMIT}",
        sizes.item_page()
    );
    Ok(sizes)
}

fn measure(dist: &Path) -> Result<Sizes, Failure> {
    let mut sizes = Vec::new();
    for path in files::below(dist, &[])? {
        let is_code = path
            .extension()
            .is_some_and(|extension| ["wasm", "js", "css"].iter().any(|code| extension == *code));
        if !is_code {
            continue;
        }
        let content = std::fs::read(&path).map_err(Failure::file(&path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let compressed = brotli_len(&path, &content)?;
        sizes.push((name.into_owned(), content.len(), compressed));
    }
    Ok(Sizes { files: sizes })
}

/// Returns the length of the content after Brotli compression with quality 11 and a window of 2²²
/// bytes.
fn brotli_len(path: &Path, content: &[u8]) -> Result<usize, Failure> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 22);
    writer.write_all(content).map_err(Failure::file(path))?;
    Ok(writer.into_inner().len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_measured() {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("viewer_bg.wasm", "a".repeat(10_000)),
            ("viewer.js", "b".repeat(10_000)),
            ("viewer.css", "c".repeat(10_000)),
            ("amiri.woff2", "d".repeat(10_000)),
            ("index.html", "e".repeat(10_000)),
        ] {
            std::fs::write(dir.path().join(name), content).unwrap();
        }
        let sizes = measure(dir.path()).unwrap();
        assert_eq!(sizes.files.len(), 3);
        assert!(sizes.total() < 200, "{}", sizes.total());
        assert!(sizes.fits());
    }

    #[test]
    fn a_missing_viewer_does_not_fit() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!measure(dir.path()).unwrap().fits());
    }

    #[test]
    fn the_worker_does_not_count_for_an_item_page() {
        let sizes = |worker: usize, viewer: usize| Sizes {
            files: vec![
                ("viewer_bg.wasm".into(), 400_000, viewer),
                ("worker_bg.wasm".into(), 400_000, worker),
            ],
        };
        assert_eq!(sizes(1_000, 2_000).item_page(), 2_000);
        assert!(sizes(ITEM_LIMIT, 1_000).fits());
        assert!(!sizes(1_000, ITEM_LIMIT).fits());
    }

    #[test]
    fn a_viewer_at_the_limit_does_not_fit() {
        let sizes = Sizes {
            files: vec![("worker_bg.wasm".into(), 400_000, LIMIT)],
        };
        assert!(!sizes.fits());
    }
}
