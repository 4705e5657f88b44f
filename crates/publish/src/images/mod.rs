//! Derivatives of images and document pages.

pub(crate) mod original_files;
pub(crate) mod tile_pack;

use std::collections::{BTreeMap, BTreeSet};

use khizana_format::{Derivative, DerivativeFile, Image, hash_of, object_path};
use khizana_media::{DerivativeRequest, Derivatives, Limits, MediaError};
use khizana_media::{PixelGate, Rendition, RenditionFormat, strip_width};
use khizana_model::Progress;
use khizana_model::{ArchiveConfig, Hash, Media, MediaKind, Message, message};
use khizana_model::{Problem, Severity, printable};
use khizana_pdf::PdfError;

use crate::PublishError;
use crate::cache::{self, DerivativeCache, DocumentPage};
use crate::iiif::image_info;
use crate::iiif::tiles;
use crate::images::original_files::{OriginalFile, OriginalFiles};
use crate::images::tile_pack::{PART_SIZE, TILE_SIZE, TileSpool};
use crate::parallel::try_parallel_map;
use crate::reader::Reader;
use crate::records::plan::SourcePage;
use crate::texts;
use khizana_site::Site;

/// The version of the derivatives, which is part of every cache key. It must be changed whenever
/// the derivatives of an original would change, so that a published file never changes.
const RECIPE: &str = "khizana derivative 6";

/// Assumed number of pixels of a document page that has not been drawn yet.
const PIXELS_PER_DOCUMENT_PAGE: u64 = 25_000_000;

/// Maximum width and height, in pixels, of the image of a page in the list of the pages of an item. It
/// is displayed at up to 144 × 88 CSS pixels.
const STRIP_SIZE: (u32, u32) = (240, 148);

/// The hash of an original, and the index of a page in it.
type PageKey = (Hash, u32);

/// The derivatives of all images and document pages.
pub(crate) struct DerivedImages {
    images: BTreeMap<PageKey, Image>,
    document_pages: BTreeMap<PageKey, DocumentPage>,
    pub(crate) problems: Vec<Problem>,
}

impl DerivedImages {
    /// Returns the derivatives of a page, or `None` if the page could not be decoded.
    pub(crate) fn image(&self, media: &Media, page: u32) -> Option<&Image> {
        self.images.get(&(media.sha256, page))
    }

    /// Returns the text of a document page.
    pub(crate) fn document_page(&self, media: &Media, page: u32) -> Option<&DocumentPage> {
        self.document_pages.get(&(media.sha256, page))
    }
}

/// An error that occurred while creating the derivatives of a page.
pub(crate) enum DeriveError {
    /// An image cannot be decoded. Other pages are not affected.
    Media(MediaError),
    /// A document page cannot be drawn. Other pages are not affected.
    DocumentPage(Box<Problem>),
    /// The publication has to stop because of this error.
    Publish(PublishError),
}

impl From<MediaError> for DeriveError {
    fn from(error: MediaError) -> Self {
        DeriveError::Media(error)
    }
}

impl From<khizana_site::SiteError> for DeriveError {
    fn from(error: khizana_site::SiteError) -> Self {
        DeriveError::Publish(error.into())
    }
}

impl From<PublishError> for DeriveError {
    fn from(error: PublishError) -> Self {
        DeriveError::Publish(error)
    }
}

fn cache_key((original, page): &PageKey, widths: &[u32]) -> String {
    let mut recipe = format!("{RECIPE} {original} {widths:?}");
    if *page > 0 {
        recipe.push_str(&format!(" page {page}"));
    }
    cache::key(&recipe)
}

/// The settings that determine the derivatives.
pub(crate) struct ImageSettings<'a> {
    /// The widths of the derivatives, in pixels.
    pub(crate) widths: &'a [u32],
    /// The size of the parts of a tile pack, in bytes. 0 means that a pack is one file.
    pub(crate) part_size: u32,
    /// `true` if each image has a JPEG.
    pub(crate) has_jpeg: bool,
    /// The address of the archive in the image information, or `None` if no image information is written.
    pub(crate) base_url: Option<&'a str>,
}

impl ImageSettings<'_> {
    /// Returns the settings of an archive.
    pub(crate) fn of(config: &ArchiveConfig) -> ImageSettings<'_> {
        ImageSettings {
            widths: &config.widths,
            part_size: if config.host.ranges { 0 } else { PART_SIZE },
            has_jpeg: config.url.is_some(),
            base_url: Some(config.url.as_deref().unwrap_or_default()),
        }
    }
}

/// Creates the derivatives that have not been published yet.
pub(crate) fn derive(
    reader: Reader<'_>,
    site: &Site,
    source_pages: &[SourcePage],
    settings: &ImageSettings<'_>,
    cache: DerivativeCache,
    progress: &dyn Progress,
) -> Result<DerivedImages, PublishError> {
    // An original can occur in several items and collections.
    let with_tiles: BTreeSet<Hash> = source_pages
        .iter()
        .filter(|source| source.tiles)
        .map(|source| source.media.sha256)
        .collect();
    let page_key = |source: &SourcePage| (source.media.sha256, source.page);
    let in_strips: BTreeSet<PageKey> = source_pages
        .iter()
        .filter(|source| source.strip)
        .map(page_key)
        .collect();
    let distinct: BTreeMap<PageKey, &SourcePage> = source_pages
        .iter()
        .map(|source| (page_key(source), source))
        .collect();
    let builder = DerivativeBuilder {
        originals: OriginalFiles::new(reader, distinct.keys().map(|(hash, _)| *hash)),
        gate: PixelGate::default(),
        site,
        widths: settings.widths,
        part_size: settings.part_size,
    };
    let distinct = distinct.into_iter().collect();
    let results = try_parallel_map(distinct, |(page_key, source): (PageKey, &SourcePage)| {
        let key = cache_key(&page_key, builder.widths);
        let has_tiles = with_tiles.contains(&page_key.0);
        let request = DerivativeRequest {
            widths: builder.widths,
            tile_size: TILE_SIZE,
            strip: in_strips.contains(&page_key).then_some(STRIP_SIZE),
            jpeg: has_tiles || settings.has_jpeg,
        };
        let result = match builder.cached(&cache, source, &key, &request) {
            Some(derived) => Ok(derived),
            None => split_problem(source, builder.derive(source, key, &request))?,
        };
        let result = match result {
            Ok(derived) if has_tiles => {
                split_problem(source, tiles::write(site, &derived.image).map(|()| derived))?
            }
            result => result,
        };
        builder.originals.release(&page_key.0);
        progress.advance(1);
        Ok::<_, PublishError>(result.map(|derived| (page_key, source, derived)))
    })?;
    let mut images = DerivedImages {
        images: BTreeMap::new(),
        document_pages: BTreeMap::new(),
        problems: Vec::new(),
    };
    for result in results {
        match result {
            Ok((page_key, source, derived)) => {
                if let Some(document_page) = derived.document_page {
                    if document_page.incomplete {
                        images.problems.push(incomplete_problem(source));
                    }
                    images.document_pages.insert(page_key, document_page);
                }
                let has_tiles = with_tiles.contains(&page_key.0);
                if let Some(base_url) = settings.base_url {
                    image_info::write(site, &derived.image, base_url, has_tiles)?;
                }
                images.images.insert(page_key, derived.image);
            }
            Err(problem) => images.problems.push(problem),
        }
    }
    cache.save(
        images.images.values().cloned(),
        images.document_pages.values().cloned(),
    )?;
    Ok(images)
}

/// The derivatives of one page.
struct DerivedPage {
    image: Image,
    /// The text of the page, if it is a document page.
    document_page: Option<DocumentPage>,
}

/// A builder that creates the derivatives of pages.
struct DerivativeBuilder<'a> {
    originals: OriginalFiles<'a>,
    /// The gate that limits the memory used for decoding.
    gate: PixelGate,
    site: &'a Site,
    /// The widths of the derivatives, in pixels.
    widths: &'a [u32],
    /// The size of the parts of a tile pack, in bytes. 0 means that a pack is one file.
    part_size: u32,
}

impl DerivativeBuilder<'_> {
    /// Returns `true` if all files of an image have been published. Marks them as part of this
    /// publication.
    fn keep(&self, image: &Image) -> bool {
        let keep = |size: &Derivative| self.site.keep(&image.path(size), u64::from(size.bytes));
        let mut sizes = image.sizes.iter().chain(&image.strip).chain(&image.jpeg);
        sizes.all(keep) && tile_pack::keep(self.site, image, self.part_size)
    }

    /// Returns the derivatives of the previous publication, if all of their files exist.
    fn cached(
        &self,
        cache: &DerivativeCache,
        source: &SourcePage,
        key: &str,
        request: &DerivativeRequest<'_>,
    ) -> Option<DerivedPage> {
        let image = with_requested(cache.image(key)?, request)?;
        if !self.keep(&image) {
            return None;
        }
        if source.media.kind != MediaKind::Document {
            return Some(DerivedPage {
                image,
                document_page: None,
            });
        }
        let page = cache.page(key)?;
        let text = page.text.as_ref();
        let is_kept = text.is_none_or(|text| self.site.keep(&text.path(), text.bytes))
            && (page.lines.as_ref())
                .is_none_or(|lines| self.site.keep_with_any_size(&object_path(lines)));
        is_kept.then(|| DerivedPage {
            image,
            document_page: Some(page.clone()),
        })
    }

    fn derive(
        &self,
        source: &SourcePage,
        key: String,
        request: &DerivativeRequest<'_>,
    ) -> Result<DerivedPage, DeriveError> {
        let limits = Limits::default();
        let original = self.originals.open(source)?;
        if source.media.kind == MediaKind::Document {
            return self.gate.run(PIXELS_PER_DOCUMENT_PAGE, || {
                self.derive_document_page(source, &original, key, request)
            });
        }
        let file = original.image()?;
        // An error is ignored here, because decoding the page reports it again.
        let (width, height) = match (source.page, source.media.width, source.media.height) {
            (0, Some(width), Some(height)) => (width, height),
            (page, ..) => file.size(page, &limits).unwrap_or_default(),
        };
        let pixels = u64::from(width) * u64::from(height);
        let image = self.gate.run(pixels, || {
            self.publish(key, |push_tile| {
                file.derive(source.page, &limits, request, push_tile)
            })
        })?;
        Ok(DerivedPage {
            image,
            document_page: None,
        })
    }

    fn derive_document_page(
        &self,
        source: &SourcePage,
        original: &OriginalFile,
        key: String,
        request: &DerivativeRequest<'_>,
    ) -> Result<DerivedPage, DeriveError> {
        let derive_error = |error: &PdfError| {
            DeriveError::DocumentPage(Box::new(not_drawn_problem(source, error)))
        };
        let document = original.document().map_err(derive_error)?;
        let page = document
            .page(source.page)
            .map_err(|error| derive_error(&error))?;
        let image = self.publish(key.clone(), |push_tile| {
            khizana_media::derive_picture(&page.picture, request, push_tile)
        })?;
        let name = (source.media.name.as_str(), source.page + 1);
        let (text, lines) =
            texts::publish_document_page(self.site, &source.item, name, &page.text, &image)?;
        let document_page = DocumentPage {
            key,
            text,
            lines,
            incomplete: page.is_incomplete,
        };
        Ok(DerivedPage {
            image,
            document_page: Some(document_page),
        })
    }

    /// Publishes the derivatives and tiles that `derive` creates.
    fn publish(
        &self,
        key: String,
        derive: impl FnOnce(&mut PushTile<'_>) -> Result<Derivatives, DeriveError>,
    ) -> Result<Image, DeriveError> {
        let mut image = Image {
            key,
            width: 0,
            height: 0,
            tone: String::new(),
            sizes: Vec::new(),
            strip: None,
            jpeg: None,
            pack: None,
        };
        let mut spool = TileSpool::new(&self.site.folder(&image.pack_path())?);
        let derivatives =
            derive(&mut |level, tile| spool.push(level, tile).map_err(DeriveError::from))?;
        (image.width, image.height) = (derivatives.width, derivatives.height);
        let dominant = derivatives.dominant.iter();
        image.tone = dominant.map(|channel| format!("{channel:02x}")).collect();
        let put = |rendition: Rendition, jpeg: DerivativeFile| -> Result<_, DeriveError> {
            let derivative = Derivative {
                width: rendition.width,
                height: rendition.height,
                file: match rendition.format {
                    RenditionFormat::Jpeg => jpeg,
                    RenditionFormat::Png => DerivativeFile::Png,
                },
                sha256: hash_of(&rendition.bytes),
                bytes: rendition.bytes.len() as u32,
            };
            let path = image.path(&derivative);
            self.site.put_named(&path, &rendition.bytes)?;
            Ok(derivative)
        };
        let put_sized = |rendition| put(rendition, DerivativeFile::Jpeg);
        let put_max = |rendition| put(rendition, DerivativeFile::Max);
        let mut renditions = derivatives.renditions;
        let widest = renditions.pop();
        let mut sizes: Vec<Derivative> = renditions
            .into_iter()
            .map(put_sized)
            .collect::<Result<_, _>>()?;
        sizes.extend(widest.map(put_max).transpose()?);
        let strip = derivatives.strip.map(put_sized).transpose()?;
        let jpeg = derivatives.jpeg.map(put_max).transpose()?;
        (image.sizes, image.strip, image.jpeg) = (sizes, strip, jpeg);
        image.pack = tile_pack::write(self.site, &image, spool, self.part_size)?;
        Ok(image)
    }
}

/// Returns an image of the previous publication without the derivatives that are no longer
/// requested, or `None` if a requested one is missing.
fn with_requested(image: &Image, request: &DerivativeRequest<'_>) -> Option<Image> {
    let mut image = image.clone();
    let size = (image.width, image.height);
    match request.strip {
        None => image.strip = None,
        Some(limits) => {
            let smallest = image.sizes.first().map_or(0, |size| size.width);
            if image.strip.is_none() && strip_width(size, limits, smallest).is_some() {
                return None;
            }
        }
    }
    match request.jpeg {
        false => image.jpeg = None,
        true => {
            image.largest_jpeg()?;
        }
    }
    Some(image)
}

/// A function that receives the tiles of an image, each with the index of its level.
type PushTile<'a> = dyn FnMut(u32, &[u8]) -> Result<(), DeriveError> + 'a;

/// Separates the errors of a page, which are reported as problems, from errors that stop the
/// publication.
fn split_problem(
    source: &SourcePage,
    result: Result<DerivedPage, DeriveError>,
) -> Result<Result<DerivedPage, Problem>, PublishError> {
    match result {
        Ok(derived) => Ok(Ok(derived)),
        Err(DeriveError::DocumentPage(problem)) => Ok(Err(*problem)),
        Err(DeriveError::Media(error)) => Ok(Err(media_problem(source, &error))),
        Err(DeriveError::Publish(error)) => {
            error.into_damage(&source.item, &source.media.name).map(Err)
        }
    }
}

/// Returns a warning about a document page.
fn document_page_problem(
    source: &SourcePage,
    code: &'static str,
    message: Message,
    hint: &'static str,
) -> Problem {
    let message = message
        .map_values(printable)
        .then(message!("The file is offered for download."));
    Problem::warning(code, message, hint)
        .in_file(printable(&source.media.name))
        .of_item(source.item.as_str())
}

fn not_drawn_problem(source: &SourcePage, error: &PdfError) -> Problem {
    document_page_problem(
        source,
        "page-not-drawn",
        message!(
            "Page {page} is not displayed: {error}.",
            page = source.page + 1,
            error = error.message()
        ),
        error.hint(),
    )
}

fn incomplete_problem(source: &SourcePage) -> Problem {
    document_page_problem(
        source,
        "page-incomplete",
        message!(
            "Page {page} may be incomplete: a font or an image on the page cannot be read.",
            page = source.page + 1
        ),
        "Compare the page with its display in another program. If something is missing, save the PDF as PDF/A, which embeds all fonts.",
    )
}

fn media_problem(source: &SourcePage, error: &MediaError) -> Problem {
    let media = &source.media;
    // The message names the file in the source instead of its path in the store.
    let sentence = error.sentence().map_values(printable);
    let message = match media.pages {
        Some(_) => message!("Page {page}: {sentence}", page = source.page + 1, sentence),
        None => sentence,
    };
    Problem {
        // `ingest` accepts images that this version does not render.
        severity: match error {
            MediaError::NotRendered { .. } => Severity::Warning,
            _ => Severity::Error,
        },
        ..Problem::error(error.code(), message, error.hint())
            .in_file(printable(&media.name))
            .of_item(source.item.as_str())
    }
}
