//! Derivatives: what is shown of an image.

use std::collections::{BTreeMap, BTreeSet};

use khizana_format::{Image, Size, hash_of};
use khizana_ingest::pipeline::{PixelGate, Progress};
use khizana_ingest::problem::{Problem, Severity, shown};
use khizana_ingest::store::Store;
use khizana_media::{Limits, MediaError};
use khizana_model::{ArchiveConfig, Hash, Media, Storage};

use crate::cache::DerivativeCache;
use crate::packs::{self, Failed, PART, Spool, TILE};
use crate::plan::Picture;
use crate::site::Site;
use crate::threads::side_by_side;
use crate::{PublishError, iiif_tiles, image_info};

/// Changes whenever the same original would give other derivatives; part of every key, so that a
/// derivative never changes under its name.
const RECIPE: &str = "khizana derivative 4";

/// What became of the pictures.
pub(crate) struct Derived {
    images: BTreeMap<Hash, Image>,
    pub(crate) problems: Vec<Problem>,
}

impl Derived {
    /// The derivatives of an original; none where it could not be decoded.
    pub(crate) fn of(&self, media: &Media) -> Option<&Image> {
        self.images.get(&media.sha256)
    }
}

fn key(original: &Hash, widths: &[u32]) -> String {
    let mut recipe = hash_of(format!("{RECIPE} {original} {widths:?}").as_bytes()).to_string();
    recipe.truncate(32);
    recipe
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
    let distinct: BTreeMap<Hash, &Picture> = pictures.iter().map(|p| (p.media.sha256, p)).collect();
    let gate = PixelGate::default();
    let maker = Maker {
        store,
        site,
        widths: &config.widths,
        part: if config.host.ranges { 0 } else { PART },
    };
    let distinct = distinct.into_iter().collect();
    let made = side_by_side(distinct, |(hash, picture): (Hash, &Picture)| {
        let key = key(&hash, maker.widths);
        let image = match cache.get(&key).filter(|image| maker.keeps(image)) {
            Some(image) => Ok(image.clone()),
            None => {
                let pixels = u64::from(picture.media.width.unwrap_or(0))
                    * u64::from(picture.media.height.unwrap_or(0));
                gate.pass(pixels, || maker.make(picture, key))?
            }
        };
        let image = match image {
            Ok(image) if tiled.contains(&hash) => maker.tiles(picture, image)?,
            image => image,
        };
        progress.advance(1);
        Ok::<_, PublishError>(image.map(|image| (hash, image)))
    })?;
    let mut derived = Derived {
        images: BTreeMap::new(),
        problems: Vec::new(),
    };
    for result in made {
        match result {
            Ok((hash, image)) => {
                let tiles = tiled.contains(&hash);
                image_info::write(site, &image, config.url.as_deref(), tiles)?;
                derived.images.insert(hash, image);
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
    store: &'a Store,
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
        let media = &picture.media;
        // A decoder wants a file it can seek in: the stored one, or a copy where that is packed.
        let folder;
        let path = match media.storage {
            Storage::Raw => self
                .store
                .original_path(&picture.item, media.into())
                .map_err(PublishError::from)?,
            Storage::Zstd => {
                folder = tempfile::tempdir().map_err(PublishError::write(&std::env::temp_dir()))?;
                let path = folder.path().join("original");
                self.store
                    .original_to_path(&picture.item, media, &path)
                    .map_err(PublishError::from)?;
                path
            }
        };
        let mut image = Image {
            key,
            width: 0,
            height: 0,
            tone: String::new(),
            sizes: Vec::new(),
            pack: None,
        };
        let mut spool = Spool::new(&self.site.folder(&image.pack_path())?);
        let limits = Limits::default();
        let made = khizana_media::derive(&path, &limits, self.widths, TILE, |level, tile| {
            spool.take(level, tile).map_err(Failed::from)
        })?;
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
        message: shown(&error.sentence()),
        remedy: error.remedy().to_owned(),
    }
}
