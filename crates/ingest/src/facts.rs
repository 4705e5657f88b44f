//! What a file is, whether a picture is whole, how long a recording lasts.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use khizana_media::{ImageFile, Kind, Limits, MediaError, NotRendered, Note};
use khizana_model::{Media, MediaKind, Waveform, is_written};
use khizana_recording::{Flaw, RecordingError};

use super::utf8::first_invalid_byte;
use khizana_media::PixelGate;
use khizana_model::{Problem, Severity, shown};

/// How much of a file's beginning tells what it is.
const HEAD: u64 = 4096;

/// Where a problem is: the row and the item that names the file.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The file, as the source names it.
    pub name: &'a str,
    /// The line of the row.
    pub line: u64,
    /// The item.
    pub item: &'a str,
}

impl Place<'_> {
    /// An error about the file.
    pub fn problem(&self, code: &'static str, message: String, remedy: &str) -> Problem {
        Problem {
            code,
            severity: Severity::Error,
            file: shown(self.name),
            line: Some(self.line),
            item: Some(shown(self.item)),
            message,
            remedy: remedy.to_owned(),
        }
    }

    /// A file that cannot be read.
    pub fn unreadable(&self, error: &io::Error) -> Problem {
        self.problem(
            "file-unreadable",
            format!("The file cannot be read: {error}."),
            "Check that the file is there and that you may read it.",
        )
    }

    /// A text that is not UTF-8.
    pub fn not_utf8(&self, byte: u64) -> Problem {
        self.problem(
            "text-not-utf8",
            format!("The text is not in UTF-8: byte {byte} is wrong."),
            "Save the text in UTF-8.",
        )
    }

    /// An image that is kept, and of which no picture is made.
    pub fn not_shown(&self, media_type: &str, why: NotRendered) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..self.problem(
                NotRendered::CODE,
                format!(
                    "No picture is made of this image ({media_type}): {}. The file is kept.",
                    why.reason()
                ),
                why.remedy(),
            )
        }
    }

    /// A file that would be read on its page, if it were in UTF-8.
    fn not_written(&self, byte: u64) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..self.problem(
                "text-not-shown",
                format!(
                    "It is not in UTF-8 (byte {byte} is wrong), and is offered and not shown on its page."
                ),
                "Save it in UTF-8.",
            )
        }
    }

    /// What is not shown of a picture.
    pub fn note(&self, note: Note) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..self.problem(note.code(), note.sentence(), note.remedy())
        }
    }

    fn media(&self, error: &MediaError) -> Problem {
        self.problem(error.code(), shown(&error.sentence()), error.remedy())
    }

    /// What is wrong with a page, by its number, or with a picture that is not one of several.
    fn page(&self, page: Option<u32>, error: &MediaError) -> Problem {
        let mut problem = self.media(error);
        if let Some(page) = page {
            problem.message = format!("Page {page}: {}", problem.message);
        }
        problem
    }

    fn recording(&self, error: &RecordingError) -> Problem {
        self.problem(error.code(), shown(&error.sentence()), error.remedy())
    }

    /// A recording that is kept although something is wrong with it.
    fn flaw(&self, flaw: &Flaw) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..self.problem(flaw.code(), shown(&flaw.sentence()), flaw.remedy())
        }
    }
}

/// What was found of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The IANA media type.
    pub media_type: String,
    /// What sort of thing it is.
    pub kind: MediaKind,
    /// Width in pixels, upright; of images whose format is read, and of film.
    pub width: Option<u32>,
    /// Height in pixels, upright.
    pub height: Option<u32>,
    /// How many pages are shown, where it has several; width and height are those of the first.
    pub pages: Option<u32>,
    /// How long sound or film lasts, in milliseconds.
    pub duration_ms: Option<u64>,
    /// The waveform of sound.
    pub waveform: Option<Waveform>,
    /// Whether it tells where it was taken.
    pub located: bool,
    /// What the curator should know of it.
    pub warnings: Vec<Problem>,
}

/// Measures a file and decodes it where it is a picture or sound: only that shows whether it is whole.
///
/// The file has just been read, so that this reads it from memory.
pub fn measure(path: &Path, gate: &PixelGate, place: Place<'_>) -> Result<Facts, Box<Problem>> {
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD).read_to_end(&mut head))
        .map_err(|error| Box::new(place.unreadable(&error)))?;
    let mut found =
        khizana_media::probe(path, &head).map_err(|error| Box::new(place.media(&error)))?;
    if let (Some(first), None) = (found.width.zip(found.height), found.not_rendered) {
        match check(path, gate, found.pages, first) {
            Ok(()) => {}
            Err((_, MediaError::NotRendered { why, .. })) => found.not_rendered = Some(why),
            Err((page, error)) => return Err(Box::new(place.page(page, &error))),
        }
    }
    let not_shown = found
        .not_rendered
        .map(|why| place.not_shown(&found.media_type, why));
    let notes = found.notes.iter().map(|note| place.note(*note));
    let mut facts = Facts {
        warnings: not_shown.into_iter().chain(notes).collect(),
        media_type: found.media_type,
        kind: kind(found.kind),
        width: found.width,
        height: found.height,
        pages: found.pages,
        located: found.located,
        duration_ms: None,
        waveform: None,
    };
    if is_written(&facts.media_type)
        && let Some(byte) =
            first_invalid_byte(path).map_err(|error| Box::new(place.unreadable(&error)))?
    {
        facts.warnings.push(place.not_written(byte));
    }
    if matches!(facts.kind, MediaKind::Sound | MediaKind::Film) {
        measure_recording(path, place, &mut facts)?;
    } else if facts.media_type == khizana_pdf::MEDIA_TYPE {
        measure_pdf(path, place, &mut facts)?;
    }
    Ok(facts)
}

/// Decodes all pages of a picture, `first` being the size of the first; one at a time, since the files
/// of an item are looked at side by side. The number of the page that failed, from 1, where it has several.
fn check(
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
        let failed = |error| (pages.map(|_| page + 1), error);
        let (width, height) = match page {
            0 => first,
            _ => image.size(page, &limits).map_err(failed)?,
        };
        pixels = pixels.saturating_add(u64::from(width) * u64::from(height));
        if page > 0 && !limits.believes(pixels, bytes) {
            return Err(failed(MediaError::Suspicious {
                path: path.into(),
                width,
                height,
                bytes,
            }));
        }
        gate.pass(u64::from(width) * u64::from(height), || {
            image.check(page, &limits)
        })
        .map_err(failed)?;
    }
    Ok(())
}

fn measure_recording(path: &Path, place: Place<'_>, facts: &mut Facts) -> Result<(), Box<Problem>> {
    let limits = khizana_recording::Limits::default();
    let found = khizana_recording::probe(path, &facts.media_type, &limits)
        .map_err(|error| Box::new(place.recording(&error)))?;
    facts.width = found.width;
    facts.height = found.height;
    facts.duration_ms = found.duration_ms;
    facts.waveform = found.peaks.map(Waveform);
    facts
        .warnings
        .extend(found.flaw.as_ref().map(|flaw| place.flaw(flaw)));
    // A container of film may hold sound alone.
    if found.film == Some(false) {
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

/// Counts the pages of a PDF. One that cannot be opened is kept: it may open in another program.
fn measure_pdf(path: &Path, place: Place<'_>, facts: &mut Facts) -> Result<(), Box<Problem>> {
    match khizana_pdf::Document::open(path) {
        Ok(document) => {
            facts.pages = Some(document.shown());
            let note = Note::FirstPages {
                shown: document.shown(),
            };
            if document.pages() > document.shown() {
                facts.warnings.push(place.note(note));
            }
            Ok(())
        }
        Err(khizana_pdf::PdfError::Unreadable(error)) => Err(Box::new(place.unreadable(&error))),
        Err(error) => {
            facts.warnings.push(Problem {
                severity: Severity::Warning,
                ..place.problem(
                    error.code(),
                    shown(&format!(
                        "Its pages are not shown: {error}. The file is kept."
                    )),
                    error.remedy(),
                )
            });
            Ok(())
        }
    }
}

/// Why no picture is made of a file that was measured once, as far as its record says it.
pub fn undecoded(media: &Media) -> Option<NotRendered> {
    (media.kind == MediaKind::Image)
        .then(|| khizana_media::unrendered(&media.media_type, media.width.is_some()))
        .flatten()
}

/// The model's word for a kind.
fn kind(kind: Kind) -> MediaKind {
    match kind {
        Kind::Image => MediaKind::Image,
        Kind::Document => MediaKind::Document,
        Kind::Sound => MediaKind::Sound,
        Kind::Film => MediaKind::Film,
        Kind::Text => MediaKind::Text,
        Kind::Model => MediaKind::Model,
        Kind::Other => MediaKind::Other,
    }
}
