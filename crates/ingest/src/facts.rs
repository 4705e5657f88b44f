//! Facts about media files, such as type, size, number of pages and duration.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use khizana_media::{ImageFile, Kind, Limits, MediaError, NotRendered, PixelGate, RenderingNote};
use khizana_model::{Media, MediaKind, Problem, Waveform, is_rendered_text, message, printable};
use serde::{Deserialize, Serialize};

use super::file_problem::FileContext;
use super::utf8::first_invalid_byte;

/// Number of bytes at the beginning of a file from which its type is determined.
const HEAD: u64 = 4096;

/// The facts about a media file that are stored in its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The IANA media type.
    pub media_type: String,
    /// The kind of media.
    pub kind: MediaKind,
    /// Width in pixels, after the rotation that EXIF specifies. `None` for audio, and for images
    /// that are not decoded.
    pub width: Option<u32>,
    /// Height in pixels, after the rotation.
    pub height: Option<u32>,
    /// Number of displayed pages, if the file has pages. Width and height are those of the first
    /// page.
    pub pages: Option<u32>,
    /// Duration of audio or video, in milliseconds.
    pub duration_ms: Option<u64>,
    /// Waveform of audio.
    pub waveform: Option<Waveform>,
    /// `true` if the embedded metadata contains a location.
    pub located: bool,
    /// Warnings about the file. They are among the problems of the inspection, too.
    #[serde(skip)]
    pub warnings: Vec<Problem>,
}

/// Measures a file. Images and recordings are decoded, because incomplete files cannot be detected
/// in any other way.
///
/// # Errors
/// Returns a problem if the file cannot be read or is damaged.
pub fn measure(
    path: &Path,
    gate: &PixelGate,
    context: FileContext<'_>,
) -> Result<Facts, Box<Problem>> {
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD).read_to_end(&mut head))
        .map_err(|error| Box::new(context.unreadable(&error)))?;
    let mut probed = khizana_media::probe(path, &head)
        .map_err(|error| Box::new(context.damaged_image(None, &error)))?;
    if let (Some(first), None) = (probed.width.zip(probed.height), probed.not_rendered) {
        match decode_pages(path, gate, probed.pages, first) {
            Ok(()) => {}
            Err((_, MediaError::NotRendered { reason, .. })) => probed.not_rendered = Some(reason),
            Err((page, error)) => return Err(Box::new(context.damaged_image(page, &error))),
        }
    }
    let not_rendered = probed
        .not_rendered
        .map(|why| context.not_rendered(&probed.media_type, why));
    let notes = probed.notes.iter().map(|note| context.note(*note));
    let mut facts = Facts {
        warnings: not_rendered.into_iter().chain(notes).collect(),
        media_type: probed.media_type,
        kind: kind(probed.kind),
        width: probed.width,
        height: probed.height,
        pages: probed.pages,
        located: probed.has_location,
        duration_ms: None,
        waveform: None,
    };
    if is_rendered_text(&facts.media_type)
        && let Some(error) =
            first_invalid_byte(path).map_err(|error| Box::new(context.unreadable(&error)))?
    {
        facts.warnings.push(context.text_not_rendered(error));
    }
    if matches!(facts.kind, MediaKind::Sound | MediaKind::Film) {
        measure_recording(path, context, &mut facts)?;
    } else if facts.media_type == khizana_pdf::MEDIA_TYPE {
        measure_pdf(path, context, &mut facts)?;
    }
    Ok(facts)
}

/// Decodes all pages of an image. `first` is the width and height of the first page. The pages are
/// decoded one by one, because the files of an item are already inspected in parallel.
///
/// # Errors
/// Returns the error of the first page that cannot be decoded. If the image has pages, also returns
/// the number of that page, counted from 1.
fn decode_pages(
    path: &Path,
    gate: &PixelGate,
    pages: Option<u32>,
    first: (u32, u32),
) -> Result<(), (Option<u32>, MediaError)> {
    let limits = Limits::default();
    let bytes = std::fs::metadata(path).map_or(0, |file| file.len());
    let mut pixels = 0u64;
    let image = ImageFile::open(path).map_err(|error| (pages.map(|_| 1), error))?;
    for page in 0..pages.unwrap_or(1) {
        let page_error = |error| (pages.map(|_| page + 1), error);
        let (width, height) = match page {
            0 => first,
            _ => image.size(page, &limits).map_err(page_error)?,
        };
        pixels = pixels.saturating_add(u64::from(width) * u64::from(height));
        if page > 0 && !limits.is_plausible(pixels, bytes) {
            return Err(page_error(MediaError::Suspicious {
                path: path.into(),
                width,
                height,
                bytes,
            }));
        }
        gate.run(u64::from(width) * u64::from(height), || {
            image.check(page, &limits)
        })
        .map_err(page_error)?;
    }
    Ok(())
}

fn measure_recording(
    path: &Path,
    context: FileContext<'_>,
    facts: &mut Facts,
) -> Result<(), Box<Problem>> {
    let limits = khizana_recording::Limits::default();
    let probed = khizana_recording::probe(path, &facts.media_type, &limits)
        .map_err(|error| Box::new(context.damaged_recording(&error)))?;
    facts.width = probed.width;
    facts.height = probed.height;
    facts.duration_ms = probed.duration_ms;
    facts.waveform = probed.peaks.map(Waveform);
    facts.warnings.extend(
        probed
            .warning
            .as_ref()
            .map(|warning| context.recording_warning(warning)),
    );
    // A video container may contain only audio.
    if probed.has_video == Some(false) {
        facts.kind = MediaKind::Sound;
        if let Some(format) = facts.media_type.strip_prefix("video/") {
            facts.media_type = match format {
                "quicktime" => "audio/mp4".to_owned(),
                _ => format!("audio/{format}"),
            };
        }
    }
    Ok(())
}

/// Counts the pages of a PDF. A PDF that cannot be opened is stored nevertheless, because another
/// program may be able to open it.
fn measure_pdf(
    path: &Path,
    context: FileContext<'_>,
    facts: &mut Facts,
) -> Result<(), Box<Problem>> {
    match khizana_pdf::Document::open(path) {
        Ok(document) => {
            facts.pages = Some(document.displayed_page_count());
            let note = RenderingNote::PagesOmitted {
                shown: document.displayed_page_count(),
            };
            if document.page_count() > document.displayed_page_count() {
                facts.warnings.push(context.note(note));
            }
            Ok(())
        }
        Err(khizana_pdf::PdfError::Unreadable(error)) => Err(Box::new(context.unreadable(&error))),
        Err(error) => {
            facts.warnings.push(
                context.warning(
                    error.code(),
                    message!(
                        "The pages are not rendered: {error}. The file is stored.",
                        error = error.message()
                    )
                    .map_values(printable),
                    error.hint(),
                ),
            );
            Ok(())
        }
    }
}

/// Returns the reason why an image is not rendered, according to its record and the programs on
/// this machine.
pub fn not_rendered_reason(media: &Media) -> Option<NotRendered> {
    (media.kind == MediaKind::Image)
        .then(|| khizana_media::rendering_obstacle(&media.media_type, media.width.is_some()))
        .flatten()
}

/// Converts a kind of media to the corresponding kind in the data model.
fn kind(kind: Kind) -> MediaKind {
    match kind {
        Kind::Image => MediaKind::Image,
        Kind::Document => MediaKind::Document,
        Kind::Audio => MediaKind::Sound,
        Kind::Video => MediaKind::Film,
        Kind::Text => MediaKind::Text,
        Kind::Model => MediaKind::Model,
        Kind::Other => MediaKind::Other,
    }
}
