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

/// The ways in which an item uses a file.
pub struct FileUses<'a> {
    /// The path of the file on this machine.
    pub path: &'a Path,
    /// `true` if the file is a page or part of the item, or a poster.
    pub is_media: bool,
    /// `true` if the file is the poster of a recording.
    pub is_poster: bool,
    /// `true` if the file is the text of a page.
    pub is_text: bool,
    /// `true` if the file is a track of a recording.
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

/// Returns the distinct files of an item, by name.
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

/// The facts about a media file.
#[derive(Debug)]
pub enum MediaFacts {
    /// Facts that were measured in this run.
    Measured(Box<Facts>),
    /// Facts from the record, which are used because the file has not changed.
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
#[derive(Debug, Default)]
pub struct Inspection {
    /// The facts about the file, if it is a media file that can be measured.
    pub media: Option<MediaFacts>,
    /// The parsed text, if the file is the text of a page in an XML format.
    pub text: Option<ParsedText>,
    /// The facts about the track, if the file is a track.
    pub track: Option<TrackFacts>,
    /// Problems with the file itself, independent of other files.
    pub problems: Vec<Problem>,
}

/// Inspects a file. Decodes a media file, and validates and parses a text.
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

/// Returns an inspection for a file that has not changed since its record was written.
pub fn reuse(context: FileContext<'_>, media: Option<&Media>) -> Inspection {
    let Some(media) = media else {
        return Inspection::default();
    };
    // The reason depends on the programs on this machine, so it is reported in every run.
    let problem =
        not_rendered_reason(media).map(|why| context.not_rendered(&media.media_type, why));
    Inspection {
        media: Some(MediaFacts::Known(Box::new(media.clone()))),
        problems: problem.into_iter().collect(),
        ..Inspection::default()
    }
}
