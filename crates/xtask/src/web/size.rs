//! What a visitor downloads before the viewer runs.

use std::io::Write;
use std::path::Path;

use crate::failure::Failure;
use crate::project::Project;
use crate::{files, web};

/// Limit for all WebAssembly, JavaScript and CSS of the viewer, without typefaces, in bytes of brotli
/// (quality 11).
pub const LIMIT: usize = 340_000;

/// Limit for the part of it that a page of an item needs before it can be used.
pub const ITEM_LIMIT: usize = 200_000;

/// The files of the worker, without which a page of an item can be used.
const WORKER: [&str; 3] = ["worker.js", "worker_bg.wasm", "worker_loader.js"];

/// The size of each file that counts.
pub struct Sizes {
    /// File name, bytes, bytes in brotli.
    files: Vec<(String, usize, usize)>,
}

impl Sizes {
    fn total(&self) -> usize {
        self.files.iter().map(|(_, _, small)| small).sum()
    }

    /// What a page of an item needs of it.
    fn item(&self) -> usize {
        let own = self.files.iter();
        let own = own.filter(|(name, _, _)| !WORKER.contains(&name.as_str()));
        own.map(|(_, _, small)| small).sum()
    }

    /// Whether there is a viewer, and it is small enough.
    pub fn fits(&self) -> bool {
        self.files
            .iter()
            .any(|(name, _, _)| name.ends_with(".wasm"))
            && self.total() < LIMIT
            && self.item() < ITEM_LIMIT
    }
}

/// Measures the viewer as it was built, and prints it.
pub fn report(project: &Project) -> Result<Sizes, Failure> {
    let sizes = measure(&web::dist(project))?;
    for (name, plain, small) in &sizes.files {
        eprintln!("{plain:>9} bytes {small:>8} in brotli  {name}");
    }
    eprintln!("{:>24} in brotli, of {LIMIT} allowed", sizes.total());
    eprintln!(
        "{:>24} of them for a page of an item, of {ITEM_LIMIT} allowed",
        sizes.item()
    );
    Ok(sizes)
}

fn measure(dist: &Path) -> Result<Sizes, Failure> {
    let mut sizes = Vec::new();
    for path in files::below(dist, &[])? {
        let counts = path
            .extension()
            .is_some_and(|ending| ["wasm", "js", "css"].iter().any(|one| ending == *one));
        if !counts {
            continue;
        }
        let content = std::fs::read(&path).map_err(Failure::file(&path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        sizes.push((name.into_owned(), content.len(), brotli(&path, &content)?));
    }
    Ok(Sizes { files: sizes })
}

/// The length of some bytes in brotli, quality 11, window 2²².
fn brotli(path: &Path, content: &[u8]) -> Result<usize, Failure> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 22);
    writer.write_all(content).map_err(Failure::file(path))?;
    Ok(writer.into_inner().len())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_what_must_be_there_before_it_runs_counts() {
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
    fn a_viewer_that_is_not_there_does_not_fit() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!measure(dir.path()).unwrap().fits());
    }

    #[test]
    fn what_comes_later_does_not_count_for_a_page_of_an_item() {
        let sizes = |rest: usize, own: usize| Sizes {
            files: vec![
                ("viewer_bg.wasm".into(), 400_000, own),
                ("worker_bg.wasm".into(), 400_000, rest),
            ],
        };
        let over = ITEM_LIMIT;
        assert_eq!(sizes(1_000, 2_000).item(), 2_000);
        assert!(sizes(over, 1_000).fits());
        assert!(!sizes(1_000, over).fits());
    }

    #[test]
    fn a_viewer_that_is_too_large_does_not_fit() {
        let sizes = Sizes {
            files: vec![("viewer_bg.wasm".into(), 400_000, LIMIT)],
        };
        assert!(!sizes.fits());
    }
}
