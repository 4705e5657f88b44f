//! Inspection of the files of items.

use std::collections::BTreeMap;
use std::path::Path;

use khizana_media::PixelGate;
use khizana_model::{Media, MediaKind, Problem};
use khizana_source::FileRef;

use super::facts::{Facts, measure, not_rendered_reason};
use super::file_problem::FileContext;
use super::page_text::{self, ParsedText};
use super::tracks::{self, TrackFacts};
use super::utf8::first_invalid_byte;

/// The uses that an item makes of a file.
pub struct FileUses<'a> {
    /// The path of the file on this machine.
    pub path: &'a Path,
    /// `true` if it is a page or part of the item, or a poster.
    pub is_media: bool,
    /// `true` if it is the poster of a recording.
    pub is_poster: bool,
    /// `true` if it is the text of a page.
    pub is_text: bool,
    /// `true` if it is a track of a recording.
    pub is_track: bool,
}

impl<'a> FileUses<'a> {
    fn new(path: &'a Path) -> Self {
        FileUses {
            path,
            is_media: false,
            is_poster: false,
            is_text: false,
            is_track: false,
        }
    }
}

/// Returns the distinct files of an item by name.
pub fn file_uses(files: &[FileRef]) -> BTreeMap<&str, FileUses<'_>> {
    let mut uses = BTreeMap::new();
    let mut add = |name, path, mark: fn(&mut FileUses<'_>)| {
        mark(uses.entry(name).or_insert_with(|| FileUses::new(path)));
    };
    for file in files {
        add(file.name.as_str(), &*file.path, |file| file.is_media = true);
        if let Some(text) = &file.text {
            add(&text.name, &text.path, |file| file.is_text = true);
        }
        for track in &file.tracks {
            add(&track.file.name, &track.file.path, |file| {
                file.is_track = true;
            });
        }
        if let Some(poster) = &file.poster {
            add(&poster.name, &poster.path, |file| {
                file.is_media = true;
                file.is_poster = true;
            });
        }
    }
    uses
}

/// The facts of a media file.
pub enum MediaFacts {
    /// Measured in this run.
    Measured(Box<Facts>),
    /// Taken from the record, since the file has not changed.
    Known(Box<Media>),
}

impl MediaFacts {
    /// Returns the kind of media.
    pub fn kind(&self) -> MediaKind {
        match self {
            MediaFacts::Measured(facts) => facts.kind,
            MediaFacts::Known(media) => media.kind,
        }
    }

    /// Returns the duration in milliseconds.
    pub fn duration_ms(&self) -> Option<u64> {
        match self {
            MediaFacts::Measured(facts) => facts.duration_ms,
            MediaFacts::Known(media) => media.duration_ms,
        }
    }

    /// Returns the number of canvases of the file.
    pub fn canvases(&self) -> u32 {
        match self {
            MediaFacts::Measured(facts) => facts.pages.unwrap_or(1),
            MediaFacts::Known(media) => media.canvases(),
        }
    }

    /// Returns the width and height in pixels.
    pub fn size(&self) -> Option<(u32, u32)> {
        match self {
            MediaFacts::Measured(facts) => facts.width.zip(facts.height),
            MediaFacts::Known(media) => media.width.zip(media.height),
        }
    }
}

/// The result of inspecting a file.
#[derive(Default)]
pub struct Inspection {
    /// The facts, if the file is media and can be measured.
    pub media: Option<MediaFacts>,
    /// The parsed text, if the file is the text of a page in XML.
    pub text: Option<ParsedText>,
    /// The facts of the track, if the file is one.
    pub track: Option<TrackFacts>,
    /// Problems of the file, independent of the other files.
    pub problems: Vec<Problem>,
}

/// Inspects a file: decodes it if it is media, validates and parses it if it is a text.
pub fn inspect(context: FileContext<'_>, uses: &FileUses<'_>, gate: &PixelGate) -> Inspection {
    let mut inspection = Inspection::default();
    if uses.is_media {
        match measure(uses.path, gate, context) {
            Ok(facts) => {
                inspection.problems.extend(facts.warnings.iter().cloned());
                inspection.media = Some(MediaFacts::Measured(Box::new(facts)));
            }
            Err(problem) => inspection.problems.push(*problem),
        }
    }
    if !uses.is_text && !uses.is_track {
        return inspection;
    }
    match first_invalid_byte(uses.path) {
        Ok(None) => {}
        Ok(Some(error)) => {
            inspection.problems.push(context.not_utf8(error));
            return inspection;
        }
        Err(error) => {
            inspection.problems.push(context.unreadable(&error));
            return inspection;
        }
    }
    if uses.is_text {
        match page_text::parse(uses.path, context) {
            Ok(text) => inspection.text = text,
            Err(problem) => inspection.problems.push(*problem),
        }
    }
    if uses.is_track {
        match tracks::read(uses.path, context) {
            Ok(mut track) => {
                inspection.problems.append(&mut track.problems);
                inspection.track = Some(track);
            }
            Err(problem) => inspection.problems.push(*problem),
        }
    }
    inspection
}

/// Returns the inspection of a file that has not changed since its record was written.
pub fn reuse(context: FileContext<'_>, media: Option<&Media>) -> Inspection {
    let Some(media) = media else {
        return Inspection::default();
    };
    // This depends on the programs on the machine, so it is reported in every run.
    let problem =
        not_rendered_reason(media).map(|why| context.not_rendered(&media.media_type, why));
    Inspection {
        media: Some(MediaFacts::Known(Box::new(media.clone()))),
        problems: problem.into_iter().collect(),
        ..Inspection::default()
    }
}
