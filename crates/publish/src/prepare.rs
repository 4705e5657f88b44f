//! Derivatives that are made before the publication, possibly on other machines and before the ingest.
//!
//! [`prepare()`] writes the derivatives of files of a source to a folder: the files, as in a site, and the
//! entries of the caches that describe them. [`add_to_cache`] adds the entries to the cache of an archive. The
//! publication then takes the files from the folder [`folder_of`] of the archive instead of making them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use khizana_format::Image;
use khizana_model::{ArchiveConfig, Collection, Hash, Id, Media, Progress, TextFile};
use khizana_site::Site;
use serde::{Deserialize, Serialize};

use crate::PublishError;
use crate::cache::{self, CACHE};
use crate::images::tile_pack::PART_SIZE;
use crate::images::{self, ImageSettings};
use crate::reader::Reader;
use crate::records::plan::{SourcePage, derived_pages};
use crate::texts::line_alignment;

/// The name of the folder with the files, in a prepared folder.
pub const FILES: &str = "site";

/// The names of the files with the entries of the caches, in a prepared folder. A file without entries does not
/// exist.
pub const CACHE_FILES: [&str; 3] = [
    "cache/derivatives.jsonl",
    "cache/pages.jsonl",
    "cache/lines.jsonl",
];

/// Returns the folder from which a publication takes the files that were made in advance. It is removed after
/// the publication.
pub fn folder_of(archive: &Path) -> PathBuf {
    archive.join(CACHE).join("prepared")
}

/// Everything that determines the derivatives of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The widths of the derivatives, in pixels.
    pub widths: Vec<u32>,
    /// `true` if tiles are published as separate files.
    pub tiles: bool,
    /// `true` if each image has a JPEG.
    pub jpeg: bool,
    /// `true` if tile packs are divided into parts.
    pub parts: bool,
}

impl Settings {
    /// Returns the settings of a collection in an archive.
    pub fn of(config: &ArchiveConfig, collection: &Collection) -> Settings {
        Settings {
            widths: config.widths.clone(),
            tiles: collection.iiif.tiles,
            jpeg: config.url.is_some(),
            parts: !config.host.ranges,
        }
    }
}

/// A file of a source from which derivatives are made.
#[derive(Debug, Clone)]
pub struct Original {
    /// The path of the file.
    pub path: PathBuf,
    /// An item that the file belongs to.
    pub item: Id,
    /// The record of the file.
    pub media: Media,
    /// `true` if the file is a page or part of an item.
    pub is_part: bool,
    /// `true` if the file is the poster of a recording.
    pub is_poster: bool,
    /// `true` if the file belongs to an item with several files.
    pub has_siblings: bool,
    /// The texts of the page, each with its path.
    pub texts: Vec<(PathBuf, TextFile)>,
}

impl Original {
    /// Returns the pages from which derivatives are made.
    fn pages(&self, tiles: bool) -> Vec<SourcePage> {
        let pages = self.is_part.then(|| derived_pages(&self.media)).flatten();
        let pages = pages.max(self.is_poster.then_some(1)).unwrap_or(0);
        let strip = self.is_part && (self.has_siblings || self.media.canvases() > 1);
        let page = |media: &Arc<Media>, page| SourcePage {
            item: self.item.clone(),
            media: media.clone(),
            page,
            tiles,
            strip,
        };
        let media = Arc::new(self.media.clone());
        let mut all: Vec<SourcePage> = (0..pages).map(|number| page(&media, number)).collect();
        if pages > 0 {
            let with_texts = self.texts.iter().map(|(_, text)| {
                let mut media = self.media.clone();
                media.text = Some(text.clone());
                page(&Arc::new(media), 0)
            });
            all.extend(with_texts);
        }
        all
    }
}

/// Writes the derivatives of files of a source to an empty folder. Returns the names of the files in the folder
/// [`FILES`], with their hashes. A file that cannot be displayed has no derivatives; the publication reports it.
///
/// # Errors
/// Returns an error if a file of the source cannot be read, or a file of the folder cannot be written.
pub fn prepare(
    folder: &Path,
    originals: &[Original],
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<BTreeMap<String, Hash>, PublishError> {
    let site = Site::open(&folder.join(FILES), false)?;
    let mut paths = BTreeMap::new();
    for original in originals {
        paths.insert(original.media.sha256, original.path.clone());
        for (path, text) in &original.texts {
            paths.insert(text.sha256, path.clone());
        }
    }
    let reader = Reader::Source(&paths);
    let pages = originals.iter();
    let pages: Vec<SourcePage> = pages
        .flat_map(|original| original.pages(settings.tiles))
        .collect();
    let settings = ImageSettings {
        widths: &settings.widths,
        part_size: if settings.parts { PART_SIZE } else { 0 },
        has_jpeg: settings.jpeg,
        base_url: None,
    };
    let steps = pages.len() as u64 + line_alignment::count(&pages);
    progress.begin("Images", Some(steps));
    let cache = cache::DerivativeCache::open(folder);
    let images = images::derive(reader, &site, &pages, &settings, cache, progress)?;
    line_alignment::align(folder, reader, &site, (&pages, &images), progress)?;
    progress.end();
    let manifest = site.manifest()?;
    site.sync()?;
    site.finish()?;
    let files = manifest.into_iter();
    Ok(files.map(|(path, file)| (path, file.sha256)).collect())
}

/// Adds the entries that [`prepare()`] has written to folders to the cache of an archive. The order of the
/// folders does not matter.
///
/// # Errors
/// Returns an error if the cache cannot be written.
pub fn add_to_cache(archive: &Path, folders: &[PathBuf]) -> Result<(), PublishError> {
    cache::add_derivatives(archive, folders, &combined)?;
    line_alignment::add_to_cache(archive, folders)
}

/// Returns an image with the derivatives of two machines. The same file can belong to an item with several
/// files, which needs an image for the list of its pages, and to another item.
fn combined(first: &Image, second: &Image) -> Image {
    let mut image = first.clone();
    image.strip = image.strip.or_else(|| second.strip.clone());
    image.jpeg = image.jpeg.or_else(|| second.jpeg.clone());
    image
}
