//! Decoding of image files.

mod heif;
mod image_crate;
mod jp2;
mod jp2_codestream;
mod jpeg;
mod jpeg_check;
mod jxl;
mod png;
mod rows;
mod structure;
mod svg;
mod svg_markers;
mod tiff;
mod tiff_pages;
mod tiff_rows;
mod tiff_strip;
mod tiff_workarounds;

pub(crate) use heif::is_available as has_heif;
pub use heif::program_path as heif_program;
pub(crate) use rows::{RowSink, Shape};

use khizana_messages::message;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use image::metadata::Orientation;

use crate::catch_panic::catch_panic;
use crate::colour::SampleLayout;
use crate::limits::{DeclaredSize, Decoding};
use crate::recognise::{Format, Kind, MediaInfo, recognise};
use crate::{Limits, MediaError, NotRendered, Picture};
use rows::{DiscardRows, RowCollector, RowConverter, RowHalver};
use tiff_workarounds::Directories;

/// Number of bytes that are read to recognise a file.
const HEAD_BYTES: u64 = 4096;

/// The header of an image.
struct Header {
    declared: DeclaredSize,
    orientation: Orientation,
}

impl Header {
    /// Marks the image as decoded in one piece if it has to be rotated, because its first row may
    /// become the last column.
    fn require_whole_if_rotated(&mut self) {
        let declared = &mut self.declared;
        if self.orientation != Orientation::NoTransforms && declared.decoding == Decoding::Rows {
            declared.decoding = Decoding::Whole;
        }
    }

    /// Returns the width and height in pixels after the orientation has been applied.
    fn upright_size(&self) -> (u32, u32) {
        let DeclaredSize { width, height, .. } = self.declared;
        if swaps_sides(self.orientation) {
            (height, width)
        } else {
            (width, height)
        }
    }
}

/// An image in the form in which its codec decodes it.
struct RawImage {
    width: u32,
    height: u32,
    samples: SampleLayout,
    pixels: Vec<u8>,
    icc: Option<Vec<u8>>,
}

/// Recognises the format of a file, and measures the file if it is an image.
///
/// `head` is the beginning of the content (4 KiB are enough). The extension is used only if the
/// content is not recognised. The header of an image is read from `path`, but its pixels are not
/// decoded.
///
/// # Errors
/// Returns an error if the file cannot be read, if its extension belongs to an image format but its
/// content is not an image, or if the header of the image is invalid.
pub fn probe(path: &Path, head: &[u8]) -> Result<MediaInfo, MediaError> {
    let recognised = recognise(path, head);
    let mut info = MediaInfo {
        media_type: recognised.media_type.to_owned(),
        kind: recognised.kind,
        width: None,
        height: None,
        pages: None,
        not_rendered: None,
        notes: Vec::new(),
        has_location: matches!(recognised.kind, Kind::Image | Kind::Video | Kind::Audio)
            && crate::has_location(path),
    };
    if let Some(format) = recognised.format {
        require_content_match(path, head, format, recognised.by_content)?;
        let limits = Limits::default().for_format(format);
        let header = match catch_codec_panic(path, || {
            header(path, format, &Directories::default(), 0, &limits)
        }) {
            Err(MediaError::NotRendered { reason, .. }) => {
                info.not_rendered = Some(reason);
                return Ok(info);
            }
            other => other?,
        };
        let (width, height) = header.upright_size();
        info.width = Some(width);
        info.height = Some(height);
        // The image is measured nevertheless, so that the record does not depend on the machine.
        if format == Format::Heif && !has_heif() {
            info.not_rendered = Some(NotRendered::NoHeif);
        }
        (info.pages, info.notes) =
            catch_codec_panic(path, || structure::pages_and_notes(path, format, &limits))
                .unwrap_or_default();
    } else if recognised.kind == Kind::Image {
        info.not_rendered = rendering_obstacle(recognised.media_type, false);
    }
    Ok(info)
}

/// Returns the reason why an image is not rendered on this machine, if any.
///
/// The reason follows from the media type. `is_measured` is `true` if the width and height of the
/// image are known.
pub fn rendering_obstacle(media_type: &str, is_measured: bool) -> Option<NotRendered> {
    NotRendered::for_media_type(media_type, is_measured, has_heif())
}

/// An image file, whose pages are decoded individually. In formats without pages, the image is page
/// 0.
#[derive(Debug)]
pub struct ImageFile {
    path: PathBuf,
    format: Format,
    /// Length of the file in bytes.
    bytes: u64,
    directories: Directories,
}

impl ImageFile {
    /// Opens a file and recognises its format from its content or, failing that, from its
    /// extension.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read, is not an image, or has a format that is not
    /// decoded.
    pub fn open(path: &Path) -> Result<ImageFile, MediaError> {
        let mut head = Vec::new();
        let mut file = open(path)?;
        (&mut file)
            .take(HEAD_BYTES)
            .read_to_end(&mut head)
            .map_err(|e| MediaError::unreadable(path, e))?;
        let bytes = file
            .get_ref()
            .metadata()
            .map_err(|e| MediaError::unreadable(path, e))?
            .len();
        let recognised = recognise(path, &head);
        let Some(format) = recognised.format else {
            let reason = rendering_obstacle(recognised.media_type, false)
                .filter(|_| recognised.kind == Kind::Image);
            return Err(match reason {
                Some(reason) => not_rendered(path, reason),
                None => MediaError::unsupported(
                    path,
                    message!(
                        "{media_type} is not an image type",
                        media_type = recognised.media_type
                    ),
                ),
            });
        };
        require_content_match(path, &head, format, recognised.by_content)?;
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

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the width and height of a page in pixels, after the EXIF orientation has been
    /// applied.
    ///
    /// # Errors
    /// Returns an error if the page does not exist, if its header is invalid, or if it exceeds the
    /// limits.
    pub fn size(&self, page: u32, limits: &Limits) -> Result<(u32, u32), MediaError> {
        catch_codec_panic(&self.path, || Ok(self.header(page, limits)?.upright_size()))
    }

    /// Decodes a page to an upright image in 8-bit sRGB or grey. Transparent pixels are composited
    /// over white.
    ///
    /// # Errors
    /// Returns an error if the page does not exist, cannot be decoded, or exceeds the limits. It
    /// may be any [`MediaError`] except [`MediaError::Rendition`].
    pub fn decode(&self, page: u32, limits: &Limits) -> Result<Picture, MediaError> {
        // All rows are collected, even if the image is decoded row by row.
        let limits = &limits.for_whole_images();
        let mut collector = RowCollector::default();
        self.stream(page, limits, &mut collector)?;
        collector
            .into_picture()
            .ok_or_else(|| MediaError::undecodable(&self.path, message!("it has no pixels")))
    }

    /// Decodes a page like [`ImageFile::decode`], and halves its width and height as often as the
    /// result is wider than `width`. If the image is decoded row by row, it may be larger than those
    /// that [`ImageFile::decode`] accepts.
    ///
    /// # Errors
    /// Returns the errors of [`ImageFile::decode`], and [`MediaError::TemporaryFile`].
    pub fn decode_smaller(
        &self,
        page: u32,
        limits: &Limits,
        width: u32,
    ) -> Result<Picture, MediaError> {
        let mut halver = RowHalver::new(width, limits);
        self.stream(page, limits, &mut halver)?;
        halver
            .into_picture()?
            .ok_or_else(|| MediaError::undecodable(&self.path, message!("it has no pixels")))
    }

    /// Decodes a page and discards the pixels, to verify that the page is complete.
    ///
    /// # Errors
    /// Returns the same errors as [`ImageFile::decode`].
    pub fn check(&self, page: u32, limits: &Limits) -> Result<(), MediaError> {
        catch_codec_panic(&self.path, || {
            let header = self.header(page, limits)?;
            match self.format {
                Format::Jpeg => jpeg::check(&self.path),
                _ => self.read(page, &header, limits, &mut DiscardRows),
            }
        })
    }

    /// Decodes a page like [`ImageFile::decode`], but passes its rows to `sink`.
    pub(crate) fn stream(
        &self,
        page: u32,
        limits: &Limits,
        sink: &mut dyn RowSink,
    ) -> Result<(), MediaError> {
        catch_codec_panic(&self.path, || {
            let header = self.header(page, limits)?;
            self.read(page, &header, limits, sink)
        })
    }

    /// Reads the header of a page and checks the declared dimensions against the limits.
    fn header(&self, page: u32, limits: &Limits) -> Result<Header, MediaError> {
        let limits = &limits.for_format(self.format);
        let mut header = header(&self.path, self.format, &self.directories, page, limits)?;
        header.require_whole_if_rotated();
        header
            .declared
            .check(&self.path, self.format, self.bytes, limits)?;
        Ok(header)
    }

    fn read(
        &self,
        page: u32,
        header: &Header,
        limits: &Limits,
        sink: &mut dyn RowSink,
    ) -> Result<(), MediaError> {
        let (path, format) = (self.path.as_path(), self.format);
        let converter = RowConverter::new(path, header.orientation, sink);
        match format {
            Format::Jpeg => jpeg::rows(path, converter),
            Format::Tiff => tiff_rows::rows(path, &self.directories, page, limits, converter),
            Format::Png => png::rows(path, limits, converter),
            Format::Jxl => jxl::rows(path, &limits.for_format(format), converter),
            Format::Heif => heif::rows(path, &header.declared, limits, converter),
            Format::Jp2 => {
                let read = || jp2::read(path, &limits.for_format(format));
                converter.push_image(with_large_decode_lock(header.declared.memory(), read)?)
            }
            Format::Svg => {
                let read = || svg::read(path, &limits.for_format(format));
                converter.push_image(with_large_decode_lock(header.declared.memory(), read)?)
            }
            _ => converter.push_image(image_crate::read(path, format, limits)?),
        }
    }
}

/// Runs `work` and converts a panic of a codec into an error about the file.
pub(crate) fn catch_codec_panic<T>(
    path: &Path,
    work: impl FnOnce() -> Result<T, MediaError>,
) -> Result<T, MediaError> {
    catch_panic(work).unwrap_or_else(|reason| {
        Err(MediaError::CodecPanic {
            path: path.into(),
            reason,
        })
    })
}

fn require_content_match(
    path: &Path,
    head: &[u8],
    format: Format,
    by_content: bool,
) -> Result<(), MediaError> {
    if by_content {
        return Ok(());
    }
    if head.is_empty() {
        return Err(MediaError::truncated(path, message!("the file is empty")));
    }
    let reason = message!(
        "the extension indicates {media_type}, but the content is not in that format",
        media_type = format.media_type()
    );
    Err(MediaError::undecodable(path, reason))
}

fn not_rendered(path: &Path, reason: NotRendered) -> MediaError {
    MediaError::NotRendered {
        path: path.into(),
        reason,
    }
}

fn open(path: &Path) -> Result<BufReader<File>, MediaError> {
    File::open(path)
        .map(BufReader::new)
        .map_err(|e| MediaError::unreadable(path, e))
}

/// Reads the header of a page. Only TIFF files have pages other than page 0.
fn header(
    path: &Path,
    format: Format,
    directories: &Directories,
    page: u32,
    limits: &Limits,
) -> Result<Header, MediaError> {
    match format {
        Format::Jpeg => jpeg::header(path),
        Format::Tiff => tiff::header(path, directories, page, limits),
        Format::Jxl => jxl::header(path, limits),
        Format::Jp2 => jp2::header(path, limits),
        Format::Svg => svg::header(path),
        Format::Heif => heif::header(path),
        _ => image_crate::header(path, format),
    }
}

/// Runs `work`, which needs `bytes` bytes of memory. Tasks that need much memory run one at a time.
///
/// `work` must not wait for other threads in the pool, because they may be waiting for the lock.
fn with_large_decode_lock<T>(bytes: u64, work: impl FnOnce() -> T) -> T {
    /// Number of bytes up to which the lock is not taken.
    const LARGE: u64 = 64 << 20;
    static LOCK: Mutex<()> = Mutex::new(());

    let _guard = (bytes > LARGE).then(|| LOCK.lock().unwrap_or_else(PoisonError::into_inner));
    work()
}

fn swaps_sides(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Scales a 16-bit sample to 8 bits and rounds it.
fn to_8_bit(v: u16) -> u8 {
    u8::try_from((u32::from(v) * 255 + 32_895) >> 16).unwrap_or(u8::MAX)
}

/// Converts premultiplied colours to straight alpha.
fn unpremultiply(pixels: &mut [u8], channels: usize) {
    for pixel in pixels.chunks_exact_mut(channels) {
        let Some((alpha, colours)) = pixel.split_last_mut() else {
            continue;
        };
        let alpha = u16::from(*alpha).max(1);
        for colour in colours {
            let straight = (u16::from(*colour) * 255 + alpha / 2) / alpha;
            *colour = u8::try_from(straight).unwrap_or(u8::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpremultiplies_colours() {
        let mut pixels = [100, 50, 0, 128, 7, 7, 7, 0, 1, 2, 3, 255];
        unpremultiply(&mut pixels, 4);
        assert_eq!(pixels, [199, 100, 0, 128, 255, 255, 255, 0, 1, 2, 3, 255]);
    }
}
