//! Where the lines of a text stand that does not say so: found on the image of its page.

use std::collections::BTreeMap;
use std::path::Path;

use khizana_format::{Derivative, Image, object_path};
use khizana_media::{ImageFile, Limits};
use khizana_model::Progress;
use khizana_model::{Hash, Id, MediaKind, TextFile};
use khizana_pagetext::{GreyImage, MAX_BYTES};
use khizana_store::Store;
use serde::Serialize;

use crate::PublishError;
use crate::cache::{self, Lines};
use crate::images::Derived;
use crate::records::plan::Picture;
use crate::texts;
use crate::threads::side_by_side;
use khizana_site::Site;

/// Changes whenever the same image and text would give other places.
const RECIPE: &str = "khizana lines 1";

/// Looked at is the smallest derivative of at least this width, in pixels.
const WIDTH: u32 = 1_600;

/// A derivative of more pixels is not of a page.
const MOST_PIXELS: u64 = 16_000_000;

/// A plain text of more bytes is not that of one page.
const PLAIN: usize = 256 << 10;

/// The lines found for one text on one image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Entry {
    key: String,
    /// The object with the lines; none where none were found, or the text has places of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Hash>,
}

khizana_json::json_object!(Entry {
    key,
    lines: optional
});

/// What was found.
#[derive(Default)]
pub(crate) struct LineAlignments(BTreeMap<String, Option<Hash>>);

impl LineAlignments {
    /// The object with the lines of a text on an image.
    pub(crate) fn of(&self, image: &Image, text: &TextFile) -> Option<Hash> {
        self.0.get(&key(image, text)).copied().flatten()
    }
}

fn key(image: &Image, text: &TextFile) -> String {
    let (image, own, language) = (&image.key, text.sha256, &text.language);
    cache::key(&format!("{RECIPE} {image} {own} {language}"))
}

/// The text of a picture, where it is an image that has one.
fn text(picture: &Picture) -> Option<&TextFile> {
    let text = picture.media.text.as_ref()?;
    (picture.page == 0 && picture.media.kind == MediaKind::Image).then_some(text)
}

/// How many pictures have a text whose lines may be looked for.
pub(crate) fn count(pictures: &[Picture]) -> u64 {
    pictures.iter().filter_map(text).count() as u64
}

/// Looks for the lines of every text on its image. What was found before is kept in
/// `ARCHIVE/cache/lines.jsonl`, which can be deleted at any time.
pub(crate) fn find(
    archive: &Path,
    store: &Store,
    site: &Site,
    (pictures, derived): (&[Picture], &Derived),
    progress: &dyn Progress,
) -> Result<LineAlignments, PublishError> {
    let cache: Lines<Entry> =
        Lines::open(archive.join("cache").join("lines.jsonl"), |own| &own.key);
    // The same image may stand in several items, with the same text.
    let mut wanted = BTreeMap::new();
    for picture in pictures {
        if let Some(text) = text(picture)
            && let Some(image) = derived.of(&picture.media, 0)
        {
            wanted.insert(key(image, text), (&picture.item, image, text));
        }
    }
    let found = side_by_side(
        wanted.into_iter().collect(),
        |(key, (item, image, text))| {
            let kept = cache.get(&key).filter(|own| {
                let lines = own.lines.as_ref();
                lines.is_none_or(|lines| site.keep_any(&object_path(lines)))
            });
            let lines = match kept {
                Some(own) => own.lines,
                None => look(store, site, item, image, text)?,
            };
            progress.advance(1);
            Ok::<_, PublishError>(Entry { key, lines })
        },
    )?;
    cache.keep(found.iter().cloned())?;
    let found = found.into_iter().map(|own| (own.key, own.lines));
    Ok(LineAlignments(found.collect()))
}

/// Looks for the lines of one text on its image.
fn look(
    store: &Store,
    site: &Site,
    item: &Id,
    image: &Image,
    text: &TextFile,
) -> Result<Option<Hash>, PublishError> {
    if text.bytes > MAX_BYTES {
        return Ok(None);
    }
    let bytes = store.read_original(item, text, MAX_BYTES)?;
    if bytes.len() > PLAIN && !khizana_pagetext::is_xml(&bytes) {
        return Ok(None);
    }
    // One that cannot be read is told of where it is published.
    let Ok(mut page) = khizana_pagetext::parse(&bytes) else {
        return Ok(None);
    };
    if page.has_positions() {
        return Ok(None);
    }
    let picture = grey(site, image)?;
    let Some(lines) =
        picture.and_then(|grey| khizana_pagetext::align_lines(&page, &text.language, &grey))
    else {
        return Ok(None);
    };
    page.lines = lines;
    texts::write_lines(site, item, &page, &text.language, image).map(Some)
}

/// A derivative of an image in grey.
fn grey(site: &Site, image: &Image) -> Result<Option<GreyImage>, PublishError> {
    let wide = image.sizes.iter().find(|size| size.width >= WIDTH);
    let wanted = wide.or(image.sizes.last());
    let is_page =
        |size: &&Derivative| u64::from(size.width) * u64::from(size.height) <= MOST_PIXELS;
    let Some(size) = wanted.filter(is_page) else {
        return Ok(None);
    };
    let path = site.path(&image.path(size));
    let picture = ImageFile::open(&path)
        .and_then(|image| image.decode(0, &Limits::default()))
        .map_err(PublishError::damaged(&path))?;
    Ok(Some(GreyImage {
        width: picture.width() as usize,
        pixels: picture.luma(),
    }))
}
