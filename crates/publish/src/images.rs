//! Derivatives: what is shown of an image, or of a page.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use khizana_format::{Image, Size, hash_of};
use khizana_ingest::pipeline::{PixelGate, Progress};
use khizana_ingest::problem::{Problem, Severity, shown};
use khizana_ingest::store::Store;
use khizana_media::{Limits, MediaError};
use khizana_model::{ArchiveConfig, Hash, Media};

use crate::cache::DerivativeCache;
use crate::packs::{self, Failed, PART, Spool, TILE};
use crate::plan::Picture;
use crate::site::Site;
use crate::threads::side_by_side;
use crate::unpacked::Originals;
use crate::{PublishError, iiif_tiles, image_info};

/// Changes whenever the same original would give other derivatives; part of every key, so that a
/// derivative never changes under its name.
const RECIPE: &str = "khizana derivative 4";

/// What a picture is made of: an original, and the number of the page, from 0.
type Source = (Hash, u32);

/// What became of the pictures.
pub(crate) struct Derived {
    images: BTreeMap<Source, Image>,
    pub(crate) problems: Vec<Problem>,
}

impl Derived {
    /// The derivatives of a page of an original; none where it could not be decoded.
    pub(crate) fn of(&self, media: &Media, page: u32) -> Option<&Image> {
        self.images.get(&(media.sha256, page))
    }
}

fn key((original, page): &Source, widths: &[u32]) -> String {
    let mut recipe = format!("{RECIPE} {original} {widths:?}");
    if *page > 0 {
        recipe.push_str(&format!(" page {page}"));
    }
    let mut key = hash_of(recipe.as_bytes()).to_string();
    key.truncate(32);
    key
}

/// Makes every derivative that is not there yet.
pub(crate) fn derive(
    store: &Store,
    site: &Site,
    pictures: &[Picture],
    config: &ArchiveConfig,
    cache: DerivativeCache,
    progress: &dyn Progress,
) -> Result<Derived, PublishError> {
    // The same original may stand in several items, and in several collections.
    let tiled: BTreeSet<Hash> = pictures
        .iter()
        .filter(|picture| picture.tiles)
        .map(|picture| picture.media.sha256)
        .collect();
    let distinct: BTreeMap<Source, &Picture> = pictures
        .iter()
        .map(|picture| ((picture.media.sha256, picture.page), picture))
        .collect();
    let gate = PixelGate::default();
    let maker = Maker {
        originals: Originals::of(store, distinct.keys().map(|(hash, _)| *hash)),
        gate,
        site,
        widths: &config.widths,
        part: if config.host.ranges { 0 } else { PART },
    };
    let distinct = distinct.into_iter().collect();
    let made = side_by_side(distinct, |(source, picture): (Source, &Picture)| {
        let key = key(&source, maker.widths);
        let image = match cache.get(&key).filter(|image| maker.keeps(image)) {
            Some(image) => Ok(image.clone()),
            None => maker.make(picture, key)?,
        };
        let image = match image {
            Ok(image) if tiled.contains(&source.0) => maker.tiles(picture, image)?,
            image => image,
        };
        maker.originals.done(&source.0);
        progress.advance(1);
        Ok::<_, PublishError>(image.map(|image| (source, image)))
    })?;
    let mut derived = Derived {
        images: BTreeMap::new(),
        problems: Vec::new(),
    };
    for result in made {
        match result {
            Ok((source, image)) => {
                let tiles = tiled.contains(&source.0);
                image_info::write(site, &image, config.url.as_deref(), tiles)?;
                derived.images.insert(source, image);
            }
            Err(problem) => derived.problems.push(problem),
        }
    }
    let images: Vec<Image> = derived.images.values().cloned().collect();
    cache.keep(&images)?;
    Ok(derived)
}

/// Makes what is shown of a picture.
struct Maker<'a> {
    originals: Originals<'a>,
    /// Memory for decoding.
    gate: PixelGate,
    site: &'a Site,
    /// Of the derivatives, in pixels.
    widths: &'a [u32],
    /// Into parts of how many bytes a tile pack is cut; 0 where it is one file.
    part: u32,
}

impl Maker<'_> {
    /// Whether all that is shown of an image is there.
    fn keeps(&self, image: &Image) -> bool {
        let keep = |size: &Size| self.site.keep(&image.path(size), u64::from(size.bytes));
        image.sizes.iter().all(keep) && packs::keep(self.site, image, self.part)
    }

    /// One picture; the inner error is about this picture alone.
    fn make(&self, picture: &Picture, key: String) -> Result<Result<Image, Problem>, PublishError> {
        of_one(picture, self.derive(picture, key))
    }

    /// The tiles of a picture as files, for IIIF.
    fn tiles(
        &self,
        picture: &Picture,
        image: Image,
    ) -> Result<Result<Image, Problem>, PublishError> {
        of_one(
            picture,
            iiif_tiles::write(self.site, &image).map(|()| image),
        )
    }

    fn derive(&self, picture: &Picture, key: String) -> Result<Image, Failed> {
        let limits = Limits::default();
        let original = self.originals.open(picture)?;
        // Where no picture can be made of it, that is found out by decoding.
        let (width, height) = match (picture.page, picture.media.width, picture.media.height) {
            (0, Some(width), Some(height)) => (width, height),
            (page, ..) => khizana_media::size(original.path(), page, &limits).unwrap_or_default(),
        };
        let pixels = u64::from(width) * u64::from(height);
        self.gate.pass(pixels, || {
            self.derive_from(original.path(), picture.page, &limits, key)
        })
    }

    fn derive_from(
        &self,
        path: &Path,
        page: u32,
        limits: &Limits,
        key: String,
    ) -> Result<Image, Failed> {
        let mut image = Image {
            key,
            width: 0,
            height: 0,
            tone: String::new(),
            sizes: Vec::new(),
            pack: None,
        };
        let mut spool = Spool::new(&self.site.folder(&image.pack_path())?);
        let take = |level, tile: &[u8]| spool.take(level, tile).map_err(Failed::from);
        let made = khizana_media::derive(path, page, limits, self.widths, TILE, take)?;
        (image.width, image.height) = (made.width, made.height);
        let tone = made.dominant.iter();
        image.tone = tone.map(|part| format!("{part:02x}")).collect();
        for rendition in made.renditions {
            let size = Size {
                width: rendition.width,
                height: rendition.height,
                sha256: hash_of(&rendition.bytes),
                bytes: rendition.bytes.len() as u32,
            };
            self.site.put_named(&image.path(&size), &rendition.bytes)?;
            image.sizes.push(size);
        }
        image.pack = packs::write(self.site, &image, spool, self.part)?;
        Ok(image)
    }
}

/// What failed of one picture is a problem; what failed of the site ends the work.
fn of_one(
    picture: &Picture,
    made: Result<Image, Failed>,
) -> Result<Result<Image, Problem>, PublishError> {
    match made {
        Ok(image) => Ok(Ok(image)),
        Err(Failed::Media(error)) => Ok(Err(problem(picture, &error))),
        Err(Failed::Site(error)) => Err(error),
    }
}

/// What is wrong with a picture.
fn problem(picture: &Picture, error: &MediaError) -> Problem {
    let media = &picture.media;
    Problem {
        code: error.code(),
        // One that `ingest` took in as a picture that cannot be shown is as it should be.
        severity: match error {
            MediaError::NotRendered { .. } => Severity::Warning,
            _ => Severity::Error,
        },
        file: shown(&media.name),
        line: None,
        item: Some(picture.item.to_string()),
        // The curator's name of the file, and not where it lies in the store.
        message: match media.pages {
            Some(_) => format!("Page {}: {}", picture.page + 1, shown(&error.sentence())),
            None => shown(&error.sentence()),
        },
        remedy: error.remedy().to_owned(),
    }
}
