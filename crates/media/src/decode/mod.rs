//! From a file to a picture.

mod ccitt;
mod generic;
mod heif;
mod jp2;
mod jp2_codestream;
mod jpeg;
mod jxl;
mod lab;
mod notes;
mod png;
mod rows;
mod svg;
mod svg_markers;
mod tiff;
mod tiff_pages;
mod tiff_source;

pub(crate) use heif::is_here as has_heif;
pub(crate) use rows::{Shape, TakeRows};

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use image::metadata::Orientation;

use crate::colour::Samples;
use crate::kind::{Facts, Format, Kind, recognise};
use crate::limits::Claim;
use crate::quiet::quietly;
use crate::{Limits, MediaError, NotRendered, Picture};
use rows::{Away, Together, Upright};
use tiff_source::Directories;

/// How much of a file is read to recognise it.
const HEAD: u64 = 4096;

/// What the header of an image says.
struct Header {
    claim: Claim,
    orientation: Orientation,
}

impl Header {
    /// Width and height in pixels once the image is upright.
    fn upright(&self) -> (u32, u32) {
        let Claim { width, height, .. } = self.claim;
        if lies_on_its_side(self.orientation) {
            (height, width)
        } else {
            (width, height)
        }
    }
}

/// An image as its codec gives it.
struct Raw {
    width: u32,
    height: u32,
    samples: Samples,
    pixels: Vec<u8>,
    icc: Option<Vec<u8>>,
}

/// Says what a file is, and how large an image is once upright.
///
/// `head` is the beginning of the file's content (4 KiB are plenty); the name
/// is asked only where the content does not say. Of an image the header is
/// read from `path`, its pixels are not.
///
/// # Errors
/// Where the file cannot be read, where its name says it is an image and its
/// content is not one, and where an image's header cannot be read.
pub fn probe(path: &Path, head: &[u8]) -> Result<Facts, MediaError> {
    let found = recognise(path, head);
    let mut facts = Facts {
        media_type: found.media_type.to_owned(),
        kind: found.kind,
        width: None,
        height: None,
        pages: None,
        not_rendered: None,
        notes: Vec::new(),
        located: matches!(found.kind, Kind::Image | Kind::Film | Kind::Sound)
            && crate::has_location(path),
    };
    if let Some(format) = found.format {
        not_by_name_alone(path, head, format, found.by_content)?;
        let limits = Limits::default().within(format);
        let header = match guarded(path, || {
            header(path, format, &Directories::default(), 0, &limits)
        }) {
            Err(MediaError::NotRendered { why, .. }) => {
                facts.not_rendered = Some(why);
                return Ok(facts);
            }
            other => other?,
        };
        let (width, height) = header.upright();
        facts.width = Some(width);
        facts.height = Some(height);
        // It is measured all the same: what a record says does not depend on the machine.
        if format == Format::Heif && !has_heif() {
            facts.not_rendered = Some(NotRendered::NoHeif);
        }
        (facts.pages, facts.notes) =
            guarded(path, || notes::of(path, format, &limits)).unwrap_or_default();
    } else if found.kind == Kind::Image {
        facts.not_rendered = unrendered(found.media_type, false);
    }
    Ok(facts)
}

/// Returns why no picture is made of an image, as far as its media type and this machine tell.
/// `measured` says whether its width and height could be read.
pub fn unrendered(media_type: &str, measured: bool) -> Option<NotRendered> {
    NotRendered::of(media_type, measured, has_heif())
}

/// An image file, opened once. Its pages are decoded one at a time; an image without pages is page 0.
#[derive(Debug)]
pub struct ImageFile {
    path: PathBuf,
    format: Format,
    /// Length of the file.
    bytes: u64,
    directories: Directories,
}

impl ImageFile {
    /// Opens a file and recognises its format, by content first. Nothing is decoded.
    ///
    /// # Errors
    /// If the file cannot be read, is not an image, or is in a format that is not decoded here.
    pub fn open(path: &Path) -> Result<ImageFile, MediaError> {
        let mut head = Vec::new();
        let mut file = open(path)?;
        (&mut file)
            .take(HEAD)
            .read_to_end(&mut head)
            .map_err(|e| MediaError::unreadable(path, e))?;
        let bytes = file
            .get_ref()
            .metadata()
            .map_err(|e| MediaError::unreadable(path, e))?
            .len();
        let found = recognise(path, &head);
        let Some(format) = found.format else {
            let why = unrendered(found.media_type, false).filter(|_| found.kind == Kind::Image);
            return Err(match why {
                Some(why) => not_rendered(path, why),
                None => {
                    MediaError::unsupported(path, format!("{} is not an image", found.media_type))
                }
            });
        };
        not_by_name_alone(path, &head, format, found.by_content)?;
        if format == Format::Heif && !has_heif() {
            return Err(not_rendered(path, NotRendered::NoHeif));
        }
        Ok(ImageFile {
            path: path.to_owned(),
            format,
            bytes,
            directories: Directories::default(),
        })
    }

    /// Path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Width and height of a page in pixels, upright (EXIF orientation applied).
    ///
    /// # Errors
    /// If there is no such page, its header cannot be read, or the limits do not allow for it.
    pub fn size(&self, page: u32, limits: &Limits) -> Result<(u32, u32), MediaError> {
        guarded(&self.path, || Ok(self.header(page, limits)?.upright()))
    }

    /// Decodes a page: upright, colours converted to sRGB, 8 bits a channel, transparency laid over
    /// white.
    ///
    /// # Errors
    /// Any [`MediaError`] except [`MediaError::Rendition`].
    pub fn decode(&self, page: u32, limits: &Limits) -> Result<Picture, MediaError> {
        let mut picture = Together::default();
        self.stream(page, limits, &mut picture)?;
        picture
            .picture()
            .ok_or_else(|| MediaError::undecodable(&self.path, "it has no pixels"))
    }

    /// Decodes a page and discards it, to verify that it is complete.
    ///
    /// # Errors
    /// As [`ImageFile::decode`].
    pub fn check(&self, page: u32, limits: &Limits) -> Result<(), MediaError> {
        guarded(&self.path, || {
            let header = self.header(page, limits)?;
            match self.format {
                Format::Jpeg => jpeg::check(&self.path),
                _ => self.read(page, &header, limits, &mut Away),
            }
        })
    }

    /// Decodes a page as [`ImageFile::decode`] does and passes its rows on as they come.
    pub(crate) fn stream(
        &self,
        page: u32,
        limits: &Limits,
        take: &mut dyn TakeRows,
    ) -> Result<(), MediaError> {
        guarded(&self.path, || {
            let header = self.header(page, limits)?;
            self.read(page, &header, limits, take)
        })
    }

    /// Reads the header of a page and weighs its claims against the limits.
    fn header(&self, page: u32, limits: &Limits) -> Result<Header, MediaError> {
        let limits = &limits.within(self.format);
        let header = header(&self.path, self.format, &self.directories, page, limits)?;
        header
            .claim
            .weigh(&self.path, self.format, self.bytes, limits)?;
        Ok(header)
    }

    fn read(
        &self,
        page: u32,
        header: &Header,
        limits: &Limits,
        take: &mut dyn TakeRows,
    ) -> Result<(), MediaError> {
        let (path, format) = (self.path.as_path(), self.format);
        let upright = Upright::new(path, header.orientation, take);
        match format {
            Format::Jpeg => jpeg::rows(path, upright),
            Format::Tiff => tiff::rows(path, &self.directories, page, limits, upright),
            Format::Png => png::rows(path, limits, upright),
            Format::Jxl => jxl::rows(path, &limits.within(format), upright),
            Format::Heif => heif::rows(path, &header.claim, limits, upright),
            Format::Jp2 => {
                let read = || jp2::read(path, &limits.within(format));
                upright.whole(alone(header.claim.memory(), read)?)
            }
            Format::Svg => {
                let read = || svg::read(path, &limits.within(format));
                upright.whole(alone(header.claim.memory(), read)?)
            }
            _ => upright.whole(generic::read(path, format, limits)?),
        }
    }
}

/// A panic of a codec, as an error about the file.
pub(crate) fn guarded<T>(
    path: &Path,
    work: impl FnOnce() -> Result<T, MediaError>,
) -> Result<T, MediaError> {
    quietly(work).unwrap_or_else(|reason| {
        Err(MediaError::CodecPanic {
            path: path.into(),
            reason,
        })
    })
}

fn not_by_name_alone(
    path: &Path,
    head: &[u8],
    format: Format,
    by_content: bool,
) -> Result<(), MediaError> {
    if by_content {
        return Ok(());
    }
    if head.is_empty() {
        return Err(MediaError::truncated(path, "the file is empty"));
    }
    let reason = format!(
        "its name says {} and its content is something else",
        format.media_type()
    );
    Err(MediaError::undecodable(path, reason))
}

fn not_rendered(path: &Path, why: NotRendered) -> MediaError {
    MediaError::NotRendered {
        path: path.into(),
        why,
    }
}

fn open(path: &Path) -> Result<BufReader<File>, MediaError> {
    File::open(path)
        .map(BufReader::new)
        .map_err(|e| MediaError::unreadable(path, e))
}

/// Reads the header of a page; only a TIFF has pages after the first.
fn header(
    path: &Path,
    format: Format,
    directories: &Directories,
    page: u32,
    limits: &Limits,
) -> Result<Header, MediaError> {
    match format {
        Format::Jpeg => jpeg::header(path),
        Format::Tiff => tiff::header(path, directories, page),
        Format::Jxl => jxl::header(path, limits),
        Format::Jp2 => jp2::header(path, limits),
        Format::Svg => svg::header(path),
        Format::Heif => heif::header(path),
        _ => generic::header(path, format),
    }
}

/// Does what takes many bytes while nothing else of that sort is done; what takes few, at once. `work`
/// has to do without the threads that may wait here.
fn alone<T>(bytes: u64, work: impl FnOnce() -> T) -> T {
    /// Bytes that are no matter.
    const LITTLE: u64 = 64 << 20;
    static ONE: Mutex<()> = Mutex::new(());

    let _one = (bytes > LITTLE).then(|| ONE.lock().unwrap_or_else(PoisonError::into_inner));
    work()
}

fn lies_on_its_side(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// The upper 8 of 16 bits, rounded.
fn narrow(v: u16) -> u8 {
    u8::try_from((u32::from(v) * 255 + 32_895) >> 16).unwrap_or(u8::MAX)
}

/// Colours that were multiplied by their alpha, as they were before.
fn divide_by_alpha(pixels: &mut [u8], channels: usize) {
    for pixel in pixels.chunks_exact_mut(channels) {
        let Some((alpha, colours)) = pixel.split_last_mut() else {
            continue;
        };
        let alpha = u16::from(*alpha).max(1);
        for colour in colours {
            let whole = (u16::from(*colour) * 255 + alpha / 2) / alpha;
            *colour = u8::try_from(whole).unwrap_or(u8::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_come_back_from_their_alpha() {
        let mut pixels = [100, 50, 0, 128, 7, 7, 7, 0, 1, 2, 3, 255];
        divide_by_alpha(&mut pixels, 4);
        assert_eq!(pixels, [199, 100, 0, 128, 255, 255, 255, 0, 1, 2, 3, 255]);
    }
}
