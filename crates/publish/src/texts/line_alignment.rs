//! Line alignment: locates the lines of a text that has no line positions on the image of its page.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use khizana_format::{Derivative, Image, object_path};
use khizana_media::{ImageFile, Limits};
use khizana_model::Progress;
use khizana_model::{Hash, Id, MediaKind, TextFile};
use khizana_pagetext::{GreyImage, MAX_BYTES};
use serde::Serialize;

use crate::PublishError;
use crate::cache::{self, CACHE, JsonLinesCache};
use crate::images::DerivedImages;
use crate::parallel::try_parallel_map;
use crate::reader::Reader;
use crate::records::plan::SourcePage;
use crate::texts;
use khizana_site::Site;

/// The version of the alignment, which is part of every cache key. It must be changed whenever the
/// positions for an image and a text would change.
const RECIPE: &str = "khizana lines 1";

/// Minimum width of the derivative that is analysed, in pixels. If all derivatives are narrower,
/// the widest is analysed.
const MIN_WIDTH: u32 = 1_600;

/// Maximum number of pixels of the derivative. A larger image is not an image of a page.
const MAX_PIXELS: u64 = 16_000_000;

/// Maximum size of a plain text, in bytes. A longer text is not the text of a page.
const MAX_PLAIN_TEXT_BYTES: usize = 256 << 10;

/// The alignment of a text on an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Entry {
    key: String,
    /// The hash of the object with the positions of the lines. `None` if the alignment failed or
    /// was not needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Hash>,
}

khizana_json::json_object!(Entry {
    key,
    lines: optional
});

/// The results of aligning all texts, by cache key.
#[derive(Default)]
pub(crate) struct LineAlignments(BTreeMap<String, Option<Hash>>);

impl LineAlignments {
    /// Returns the hash of the object with the positions of the lines of a text on an image.
    pub(crate) fn get(&self, image: &Image, text: &TextFile) -> Option<Hash> {
        self.0.get(&cache_key(image, text)).copied().flatten()
    }
}

fn cache_key(image: &Image, text: &TextFile) -> String {
    let (image, text, language) = (&image.key, text.sha256, &text.language);
    cache::key(&format!("{RECIPE} {image} {text} {language}"))
}

/// Returns the text of an image, which belongs to the first page of the image.
fn text_of(source: &SourcePage) -> Option<&TextFile> {
    let text = source.media.text.as_ref()?;
    (source.page == 0 && source.media.kind == MediaKind::Image).then_some(text)
}

/// Returns the number of texts that may be aligned.
pub(crate) fn count(source_pages: &[SourcePage]) -> u64 {
    source_pages.iter().filter_map(text_of).count() as u64
}

/// Aligns every text that has no line positions with the image of its page.
///
/// The results are cached in `ARCHIVE/cache/lines.jsonl`, which can be deleted at any time.
pub(crate) fn align(
    archive: &Path,
    reader: Reader<'_>,
    site: &Site,
    (source_pages, images): (&[SourcePage], &DerivedImages),
    progress: &dyn Progress,
) -> Result<LineAlignments, PublishError> {
    let cache = open_cache(archive);
    // The same image with the same text can occur in several items.
    let mut distinct = BTreeMap::new();
    for source in source_pages {
        if let Some(text) = text_of(source)
            && let Some(image) = images.image(&source.media, 0)
        {
            distinct.insert(cache_key(image, text), (&source.item, image, text));
        }
    }
    let entries = try_parallel_map(
        distinct.into_iter().collect(),
        |(key, (item, image, text))| {
            let cached = cache.get(&key).filter(|entry| {
                let lines = entry.lines.as_ref();
                lines.is_none_or(|lines| site.keep_with_any_size(&object_path(lines)))
            });
            let lines = match cached {
                Some(entry) => entry.lines,
                // A damaged text is reported when it is published.
                None => match align_text(reader, site, item, image, text) {
                    Err(PublishError::Store(error)) if error.is_damage() => return Ok(None),
                    aligned => aligned?,
                },
            };
            progress.advance(1);
            Ok::<_, PublishError>(Some(Entry { key, lines }))
        },
    )?;
    let entries: Vec<Entry> = entries.into_iter().flatten().collect();
    cache.save(entries.iter().cloned())?;
    let entries = entries.into_iter().map(|entry| (entry.key, entry.lines));
    Ok(LineAlignments(entries.collect()))
}

fn open_cache(folder: &Path) -> JsonLinesCache<Entry> {
    JsonLinesCache::open(folder.join(CACHE).join("lines.jsonl"), |entry| &entry.key)
}

/// Adds the entries of the caches in other folders to the cache of an archive.
pub(crate) fn add_to_cache(archive: &Path, folders: &[PathBuf]) -> Result<(), PublishError> {
    let mut cache = open_cache(archive);
    for folder in folders {
        cache.add(open_cache(folder), |known, _| Some(known.clone()));
    }
    cache.save_added()
}

/// Aligns a text with its image. Returns the hash of the object with the positions of the lines.
fn align_text(
    reader: Reader<'_>,
    site: &Site,
    item: &Id,
    image: &Image,
    text: &TextFile,
) -> Result<Option<Hash>, PublishError> {
    if text.bytes > MAX_BYTES {
        return Ok(None);
    }
    let bytes = reader.text(item, text, MAX_BYTES)?;
    if bytes.len() > MAX_PLAIN_TEXT_BYTES && !khizana_pagetext::is_xml(&bytes) {
        return Ok(None);
    }
    // `texts::publish` reports texts that cannot be read.
    let Ok(mut page) = khizana_pagetext::parse(&bytes) else {
        return Ok(None);
    };
    if page.has_positions() {
        return Ok(None);
    }
    let grey = read_grey(site, image)?;
    let Some(lines) =
        grey.and_then(|grey| khizana_pagetext::align_lines(&page, &text.language, &grey))
    else {
        return Ok(None);
    };
    page.lines = lines;
    texts::write_lines(site, item, &page, &text.language, image).map(Some)
}

/// Decodes a derivative of an image to grey levels.
fn read_grey(site: &Site, image: &Image) -> Result<Option<GreyImage>, PublishError> {
    let wide = image.sizes.iter().find(|size| size.width >= MIN_WIDTH);
    let derivative = wide.or(image.sizes.last());
    let is_small_enough =
        |size: &&Derivative| u64::from(size.width) * u64::from(size.height) <= MAX_PIXELS;
    let Some(derivative) = derivative.filter(is_small_enough) else {
        return Ok(None);
    };
    let path = site.path(&image.path(derivative));
    let picture = ImageFile::open(&path)
        .and_then(|image| image.decode(0, &Limits::default()))
        .map_err(PublishError::damaged(&path))?;
    Ok(Some(GreyImage {
        width: picture.width() as usize,
        pixels: picture.luma(),
    }))
}
