//! What a file is, and whether a picture is whole.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use khizana_media::{Facts, Kind, Limits, MediaError, NotRendered, Note};
use khizana_model::MediaKind;

use super::gate::PixelGate;
use crate::problem::{Problem, Severity, shown};

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

    /// What is not shown of a picture.
    pub fn note(&self, note: Note) -> Problem {
        Problem {
            severity: Severity::Warning,
            ..self.problem(note.code(), note.sentence(), note.remedy())
        }
    }

    /// What the curator should know of a file that has been measured.
    pub fn warnings(&self, facts: &Facts) -> Vec<Problem> {
        let not_shown = facts
            .not_rendered
            .map(|why| self.not_shown(&facts.media_type, why));
        let notes = facts.notes.iter().map(|note| self.note(*note));
        not_shown.into_iter().chain(notes).collect()
    }

    fn media(&self, error: &MediaError) -> Problem {
        self.problem(error.code(), shown(&error.sentence()), error.remedy())
    }
}

/// Measures a file and decodes it where it is a picture: only that shows whether it is whole.
///
/// The file has just been read, so that this reads it from memory.
pub fn measure(path: &Path, gate: &PixelGate, place: Place<'_>) -> Result<Facts, Box<Problem>> {
    let mut head = Vec::new();
    File::open(path)
        .and_then(|file| file.take(HEAD).read_to_end(&mut head))
        .map_err(|error| Box::new(place.unreadable(&error)))?;
    let facts = khizana_media::probe(path, &head).map_err(|error| Box::new(place.media(&error)))?;
    if let (Some(width), Some(height)) = (facts.width, facts.height) {
        let limits = Limits::default();
        gate.pass(u64::from(width) * u64::from(height), || {
            khizana_media::check(path, &limits)
        })
        .map_err(|error| Box::new(place.media(&error)))?;
    }
    Ok(facts)
}

/// Whether a file is a picture of a format that is recognised and not decoded.
pub fn is_undecoded(kind: MediaKind, width: Option<u32>) -> bool {
    kind == MediaKind::Image && width.is_none()
}

/// The model's word for a kind.
pub fn kind(kind: Kind) -> MediaKind {
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
