//! The files of an item.

use serde::{Deserialize, Serialize};

use crate::{Hash, LangMap, LangTag, Waveform};

/// Returns `true` if files of this media type are rendered on the page of their item: Markdown as
/// text, and CSV and TSV as a table.
pub fn is_rendered_text(media_type: &str) -> bool {
    matches!(
        media_type,
        "text/markdown" | "text/csv" | "text/tab-separated-values"
    )
}

/// A file of an item, as described in its record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// The relative path in the source, with `/` as the separator, for example `pages/p_001.tif`.
    pub name: String,
    /// SHA-256 of the original. It does not depend on [`storage`](Self::storage).
    pub sha256: Hash,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// The IANA media type, which is detected from the content, for example `image/tiff`.
    pub media_type: String,
    /// The kind of media.
    pub kind: MediaKind,
    /// Width of an image or a video in pixels, after the rotation that the EXIF data specifies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height of an image or a video in pixels, after the rotation that the EXIF data specifies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Number of pages that are displayed, if the file has pages. `width` and `height` are those of
    /// the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// Duration of audio or video in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Waveform of audio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waveform: Option<Waveform>,
    /// The form in which the store keeps the original.
    pub storage: Storage,
    /// The URL from which the file was fetched (`dcterms:source`), if it is not a file of the source:
    /// that of the [`RemoteImage`](crate::RemoteImage).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The label of the page or part, for example `١٢` or `fol. 3v`.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub label: LangMap,
    /// The text of the page or part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextFile>,
    /// `true` if the embedded metadata of the file (EXIF, XMP, or the container of a video)
    /// contains a geographic position.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub located: bool,
    /// Captions, transcripts and chapters of audio or video.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<Track>,
    /// The image that is displayed before audio or video is played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Box<Media>>,
}

impl Media {
    /// Returns the number of canvases of the file. There is one canvas per page.
    pub fn canvases(&self) -> u32 {
        self.pages.unwrap_or(1).max(1)
    }
}

/// A WebVTT track of a recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// The kind of track.
    pub kind: TrackKind,
    /// The file that contains the track.
    #[serde(flatten)]
    pub file: TextFile,
}

/// The kind of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TrackKind {
    /// Captions or subtitles, displayed over the video.
    Captions,
    /// A transcript, displayed next to the player.
    Transcript,
    /// Chapter titles.
    Chapters,
}

khizana_json::json_enum!(TrackKind {
    captions: Captions,
    transcript: Transcript,
    chapters: Chapters
});

/// A file with the text of a page or with a track. Its encoding is UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFile {
    /// The path of the file in the source.
    pub name: String,
    /// SHA-256 of the original.
    pub sha256: Hash,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// The language of the text, or `und` if it is unknown.
    pub language: LangTag,
    /// The form in which the store keeps the original.
    pub storage: Storage,
}

/// The kind of media that a file contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// An image.
    Image,
    /// A PDF or another paged document.
    Document,
    /// Audio.
    Sound,
    /// Video.
    Film,
    /// Plain text, Markdown or a table.
    Text,
    /// A 3D model.
    Model,
    /// Any other file, which is offered for download.
    Other,
}

khizana_json::json_enum!(MediaKind {
    other: Other,
    image: Image,
    document: Document,
    sound: Sound,
    film: Film,
    text: Text,
    model: Model
});

/// The form in which the store keeps an original. Both forms are lossless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// The unchanged bytes of the original.
    Raw,
    /// A zstd frame (RFC 8878). This form is chosen if it is at least 10 % smaller than the
    /// original.
    Zstd,
}
