//! Canvases: the published files of an item.

use khizana_model::{Hash, LangMap, LangTag, MediaKind, TrackKind};
use serde::Serialize;

use crate::image::Image;

/// A canvas of an item: a page, a side of an object, a recording or another file, as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Canvas {
    /// The kind of medium.
    pub kind: MediaKind,
    /// IANA media type of the original.
    pub media_type: String,
    /// Label assigned by the curator.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub label: LangMap,
    /// The image itself, or the poster image of an audio or video recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// The original file, if it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<FileRef>,
    /// The text of the canvas, as a plain text file in UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<FileRef>,
    /// The object that contains [`crate::PageLines`]: the lines of the text and their positions on
    /// the page. Absent if the positions are unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Hash>,
    /// The object that contains the content as HTML, for Markdown and tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<Hash>,
    /// For tables, the number of rows in [`Canvas::html`], followed by the total number of rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<(u32, u32)>,
    /// Data for the player, if the canvas is audio or video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
}

khizana_json::json_object!(Canvas {
    kind,
    media_type,
    label: optional,
    image: optional,
    original: optional,
    text: optional,
    lines: optional,
    html: optional,
    rows: optional,
    recording: optional
});

impl Canvas {
    /// Returns the duration of published audio or video in milliseconds, or `None` if the original
    /// is not published or its duration is unknown or 0.
    pub fn duration_ms(&self) -> Option<u64> {
        self.original.as_ref()?;
        self.recording.as_ref()?.duration_ms.filter(|ms| *ms > 0)
    }
}

/// A file that is published unchanged at `f/<sha256>/<name>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRef {
    /// SHA-256 of the file.
    pub sha256: Hash,
    /// File name, percent-encoded where a URL requires it.
    pub name: String,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Language of the content, if the file contains text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LangTag>,
}

khizana_json::json_object!(FileRef {
    sha256,
    name,
    bytes,
    language: optional
});

/// The suffix of an original that a browser could run or interpret. No host knows a media type for it, so
/// browsers save the file.
pub const INERT_SUFFIX: &str = ".bin";

impl FileRef {
    /// Returns the name under which the original is saved: without [`INERT_SUFFIX`].
    pub fn download_name(&self) -> &str {
        self.name.strip_suffix(INERT_SUFFIX).unwrap_or(&self.name)
    }

    /// Returns the path of the file relative to the root of the site.
    pub fn path(&self) -> String {
        format!("f/{}/{}", self.sha256, self.name)
    }
}

/// Properties of an audio or video recording.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Recording {
    /// Duration in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Display width of a video in pixels, after rotation is applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Display height of a video in pixels, after rotation is applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// The waveform of the audio, as SVG.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waveform: Option<FileRef>,
    /// Captions, transcripts and chapters, in the order of the columns in the source.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<Track>,
}

khizana_json::json_object!(Recording {
    duration_ms: optional,
    width: optional,
    height: optional,
    waveform: optional,
    tracks: optional
});

impl Recording {
    /// Returns the index of the track that is displayed as text next to the player. `language` is
    /// the primary language subtag of the language of the user interface.
    ///
    /// Prefers tracks in `language` to other tracks, then transcripts to captions, then earlier
    /// tracks to later tracks. Returns `None` if there are no tracks other than chapters.
    pub fn transcript_for(&self, language: &str) -> Option<usize> {
        let mut best: Option<((bool, bool), usize)> = None;
        for (index, track) in self.tracks.iter().enumerate() {
            if track.kind == TrackKind::Chapters {
                continue;
            }
            let rank = (track.is_in(language), track.kind == TrackKind::Transcript);
            if best.is_none_or(|(best_rank, _)| rank > best_rank) {
                best = Some((rank, index));
            }
        }
        Some(best?.1)
    }

    /// Returns the first chapter track in `language`, which is a primary language subtag. If no
    /// chapter track is in that language, returns the first chapter track, if any.
    pub fn chapters_for(&self, language: &str) -> Option<&Track> {
        let chapters = || {
            self.tracks
                .iter()
                .filter(|track| track.kind == TrackKind::Chapters)
        };
        chapters()
            .find(|track| track.is_in(language))
            .or(chapters().next())
    }
}

/// Captions, a transcript or chapters of a recording, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Track {
    /// The kind of track.
    pub kind: TrackKind,
    /// The WebVTT file provided by the curator.
    pub file: FileRef,
    /// For captions and transcripts, a JSON array of the [`Cue`]s in the file, without markup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cues: Option<FileRef>,
    /// For chapters, the start and title of each chapter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<Cue>,
}

khizana_json::json_object!(Track {
    kind,
    file,
    cues: optional,
    chapters: optional
});

/// The start of a cue, in milliseconds from the start of the recording, and the text of the cue.
pub type Cue = (u64, String);

impl Track {
    /// Returns the language of the track, or `None` if it is unknown.
    pub fn language(&self) -> Option<&LangTag> {
        self.file.language.as_ref().filter(|tag| !tag.is_und())
    }

    /// Returns `true` if the primary subtag of the language is `primary`.
    fn is_in(&self, primary: &str) -> bool {
        self.language()
            .is_some_and(|language| language.primary() == primary)
    }
}
