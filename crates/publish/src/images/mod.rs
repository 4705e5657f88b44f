//! Derivatives: what is shown of an image, or of a page.

pub(crate) mod packs;
pub(crate) mod unpacked;

use std::collections::{BTreeMap, BTreeSet};

use khizana_format::{Derivative, Image, hash_of, object_path};
use khizana_media::PixelGate;
use khizana_media::{Derivatives, Limits, MediaError};
use khizana_model::Progress;
use khizana_model::{ArchiveConfig, Hash, Media, MediaKind};
use khizana_model::{Problem, Severity, printable};
use khizana_pdf::PdfError;
use khizana_store::Store;

use crate::PublishError;
use crate::cache::{self, DerivativeCache, Written};
use crate::iiif::image_info;
use crate::iiif::tiles;
use crate::images::packs::{Failed, PART, Spool, TILE};
use crate::images::unpacked::{Originals, Unpacked};
use crate::records::plan::Picture;
use crate::texts;
use crate::threads::side_by_side;
use khizana_site::Site;

/// Changes whenever the same original would give other derivatives; part of every key, so that a
/// derivative never changes under its name.
const RECIPE: &str = "khizana derivative 5";

/// What a picture is made of: an original, and the number of the page, from 0.
type Source = (Hash, u32);

/// What became of the pictures.
pub(crate) struct Derived {
    images: BTreeMap<Source, Image>,
    pages: BTreeMap<Source, Written>,
    pub(crate) problems: Vec<Problem>,
}

impl Derived {
    /// The derivatives of a page of an original; none where it could not be decoded.
    pub(crate) fn of(&self, media: &Media, page: u32) -> Option<&Image> {
        self.images.get(&(media.sha256, page))
    }

    /// What is written on a page of a document.
    pub(crate) fn written(&self, media: &Media, page: u32) -> Option<&Written> {
        self.pages.get(&(media.sha256, page))
    }
}

fn key((original, page): &Source, widths: &[u32]) -> String {
    let mut recipe = format!("{RECIPE} {original} {widths:?}");
    if *page > 0 {
        recipe.push_str(&format!(" page {page}"));
    }
    cache::key(&recipe)
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
    let maker = DerivativeBuilder {
        originals: Originals::of(store, distinct.keys().map(|(hash, _)| *hash)),
        gate,
        site,
        widths: &config.widths,
        part: if config.host.ranges { 0 } else { PART },
    };
    let distinct = distinct.into_iter().collect();
    let made = side_by_side(distinct, |(source, picture): (Source, &Picture)| {
        let key = key(&source, maker.widths);
        let made = match maker.kept(&cache, picture, &key) {
            Some(made) => Ok(made),
            None => of_one(picture, maker.derive(picture, key))?,
        };
        let made = match made {
            Ok(made) if tiled.contains(&source.0) => {
                of_one(picture, tiles::write(site, &made.0).map(|()| made))?
            }
            made => made,
        };
        maker.originals.done(&source.0);
        progress.advance(1);
        Ok::<_, PublishError>(made.map(|made| (source, picture, made)))
    })?;
    let mut derived = Derived {
        images: BTreeMap::new(),
        pages: BTreeMap::new(),
        problems: Vec::new(),
    };
    for result in made {
        match result {
            Ok((source, picture, (image, written))) => {
                if let Some(written) = written {
                    if written.incomplete {
                        derived.problems.push(incomplete(picture));
                    }
                    derived.pages.insert(source, written);
                }
                let tiles = tiled.contains(&source.0);
                image_info::write(site, &image, config.url.as_deref(), tiles)?;
                derived.images.insert(source, image);
            }
            Err(problem) => derived.problems.push(problem),
        }
    }
    cache.keep(
        derived.images.values().cloned(),
        derived.pages.values().cloned(),
    )?;
    Ok(derived)
}

/// What is made of a picture; and what is written on it, where it is a page of a document.
type Made = (Image, Option<Written>);

/// Pixels that a page is taken to have before it is drawn.
const PAGE: u64 = 25_000_000;

/// Makes what is shown of a picture.
struct DerivativeBuilder<'a> {
    originals: Originals<'a>,
    /// Memory for decoding.
    gate: PixelGate,
    site: &'a Site,
    /// Of the derivatives, in pixels.
    widths: &'a [u32],
    /// Into parts of how many bytes a tile pack is cut; 0 where it is one file.
    part: u32,
}

impl DerivativeBuilder<'_> {
    /// Whether all that is shown of an image is there.
    fn keeps(&self, image: &Image) -> bool {
        let keep = |size: &Derivative| self.site.keep(&image.path(size), u64::from(size.bytes));
        image.sizes.iter().all(keep) && packs::keep(self.site, image, self.part)
    }

    /// What was made before and is still there.
    fn kept(&self, cache: &DerivativeCache, picture: &Picture, key: &str) -> Option<Made> {
        let image = cache.image(key).filter(|image| self.keeps(image))?;
        if picture.media.kind != MediaKind::Document {
            return Some((image.clone(), None));
        }
        let page = cache.page(key)?;
        let text = page.text.as_ref();
        let is_kept = text.is_none_or(|text| self.site.keep(&text.path(), text.bytes))
            && (page.lines.as_ref()).is_none_or(|lines| self.site.keep_any(&object_path(lines)));
        is_kept.then(|| (image.clone(), Some(page.clone())))
    }

    fn derive(&self, picture: &Picture, key: String) -> Result<Made, Failed> {
        let limits = Limits::default();
        let original = self.originals.open(picture)?;
        if picture.media.kind == MediaKind::Document {
            return self.gate.run(PAGE, || self.draw(picture, &original, key));
        }
        let file = original.image()?;
        // If no picture can be made of it, decoding reports that.
        let (width, height) = match (picture.page, picture.media.width, picture.media.height) {
            (0, Some(width), Some(height)) => (width, height),
            (page, ..) => file.size(page, &limits).unwrap_or_default(),
        };
        let pixels = u64::from(width) * u64::from(height);
        let image = self.gate.run(pixels, || {
            self.put(key, |take| {
                file.derive(picture.page, &limits, self.widths, TILE, take)
            })
        })?;
        Ok((image, None))
    }

    /// A page of a document.
    fn draw(&self, picture: &Picture, original: &Unpacked, key: String) -> Result<Made, Failed> {
        let failed = |error: &PdfError| Failed::Page(Box::new(not_drawn(picture, error)));
        let document = original.document().map_err(failed)?;
        let page = document
            .page(picture.page)
            .map_err(|error| failed(&error))?;
        let image = self.put(key.clone(), |take| {
            khizana_media::derive_picture(&page.picture, self.widths, TILE, take)
        })?;
        let name = (picture.media.name.as_str(), picture.page + 1);
        let (text, lines) = texts::of_page(self.site, &picture.item, name, &page.text, &image)?;
        let written = Written {
            key,
            text,
            lines,
            incomplete: page.is_incomplete,
        };
        Ok((image, Some(written)))
    }

    /// Puts into the site what `derive` makes of an image.
    fn put(
        &self,
        key: String,
        derive: impl FnOnce(&mut TakeTile<'_>) -> Result<Derivatives, Failed>,
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
        let made = derive(&mut |level, tile| spool.take(level, tile).map_err(Failed::from))?;
        (image.width, image.height) = (made.width, made.height);
        let tone = made.dominant.iter();
        image.tone = tone.map(|part| format!("{part:02x}")).collect();
        for rendition in made.renditions {
            let size = Derivative {
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

/// Takes a tile of a level.
type TakeTile<'a> = dyn FnMut(u32, &[u8]) -> Result<(), Failed> + 'a;

/// What failed of one picture is a problem; what failed of the site ends the work.
fn of_one(
    picture: &Picture,
    made: Result<Made, Failed>,
) -> Result<Result<Made, Problem>, PublishError> {
    match made {
        Ok(made) => Ok(Ok(made)),
        Err(Failed::Page(problem)) => Ok(Err(*problem)),
        Err(Failed::Media(error)) => Ok(Err(problem(picture, &error))),
        Err(Failed::Site(error)) => Err(error),
    }
}

/// A warning about a page of a document, whose file is offered for download.
fn of_page(picture: &Picture, code: &'static str, why: &str, hint: &str) -> Problem {
    let message = format!(
        "Page {} {}. The file is offered for download.",
        picture.page + 1,
        printable(why)
    );
    Problem::warning(code, message, hint)
        .in_file(printable(&picture.media.name))
        .of_item(picture.item.as_str())
}

fn not_drawn(picture: &Picture, error: &PdfError) -> Problem {
    of_page(
        picture,
        "page-not-drawn",
        &format!("is not shown: {error}"),
        error.hint(),
    )
}

fn incomplete(picture: &Picture) -> Problem {
    of_page(
        picture,
        "page-incomplete",
        "may be incomplete: a font or an image in it cannot be read",
        "Compare the page with another program. If something is missing, save the PDF as PDF/A, which contains all fonts.",
    )
}

/// The problem of a picture.
fn problem(picture: &Picture, error: &MediaError) -> Problem {
    let media = &picture.media;
    // The name of the file in the source, not its path in the store.
    let message = match media.pages {
        Some(_) => format!(
            "Page {}: {}",
            picture.page + 1,
            printable(&error.sentence())
        ),
        None => printable(&error.sentence()),
    };
    Problem {
        // `ingest` has accepted it as an image of which no picture is made.
        severity: match error {
            MediaError::NotRendered { .. } => Severity::Warning,
            _ => Severity::Error,
        },
        ..Problem::error(error.code(), message, error.hint())
            .in_file(printable(&media.name))
            .of_item(picture.item.as_str())
    }
}
