//! The files of an item, as the store holds them.

use serde::{Deserialize, Serialize};

use crate::{Hash, LangMap, LangTag, Waveform};

/// Returns whether the content of a file of this media type is rendered on the item's page:
/// Markdown as text, CSV and TSV as a table.
pub fn is_written(media_type: &str) -> bool {
    matches!(
        media_type,
        "text/markdown" | "text/csv" | "text/tab-separated-values"
    )
}

/// One file of an item, in the order in which the curator named them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Its path in the source, relative, with `/`: `pages/p_001.tif`.
    pub name: String,
    /// SHA-256 of the original, whatever the form in which the store keeps it.
    pub sha256: Hash,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// IANA media type, measured from the content: `image/tiff`.
    pub media_type: String,
    /// What sort of thing it is.
    pub kind: MediaKind,
    /// Width in pixels, upright (EXIF orientation applied); images and film only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels, upright; images and film only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// How many pages of it are shown, where it has several; width and height are those of the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// How long it lasts, in milliseconds; sound and film only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// How loud it is from beginning to end; sound only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waveform: Option<Waveform>,
    /// How the store keeps it.
    pub storage: Storage,
    /// The label of this page or part, where the curator gave one: `١٢`, `fol. 3v`.
    #[serde(default, skip_serializing_if = "LangMap::is_empty")]
    pub label: LangMap,
    /// The text of this page or part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<TextFile>,
    /// Whether it tells where it was taken: in EXIF or XMP, or as phones write it into films.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub located: bool,
    /// Its captions, transcripts and chapters; sound and film only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<Track>,
    /// The image that stands for it until it plays; sound and film only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Box<Media>>,
}

impl Media {
    /// How many canvases it becomes: its pages, or one.
    pub fn canvases(&self) -> u32 {
        self.pages.unwrap_or(1).max(1)
    }
}

/// What is said in a recording, or how it is divided: a file of WebVTT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// What it is for.
    pub kind: TrackKind,
    /// The file.
    #[serde(flatten)]
    pub file: TextFile,
}

/// What a track is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TrackKind {
    /// What is heard, in short lines that a player shows over the picture; or a translation of it.
    Captions,
    /// What is heard, to be read beside the player.
    Transcript,
    /// The parts of the recording and their names.
    Chapters,
}

khizana_json::json_enum!(TrackKind {
    captions: Captions,
    transcript: Transcript,
    chapters: Chapters
});

/// A plain text, in UTF-8, of a page, a recording or a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFile {
    /// Its path in the source.
    pub name: String,
    /// SHA-256 of the original.
    pub sha256: Hash,
    /// Length of the original in bytes.
    pub bytes: u64,
    /// The language it is in: the item's, `und` where unknown.
    pub language: LangTag,
    /// How the store keeps it.
    pub storage: Storage,
}

/// What sort of thing a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A picture that can be decoded.
    Image,
    /// PDF and other paged documents.
    Document,
    /// Sound.
    Sound,
    /// Moving pictures.
    Film,
    /// Plain text, Markdown, tables.
    Text,
    /// A 3D model.
    Model,
    /// Anything else; kept, offered for download.
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

/// The form in which the store keeps an original. Either way it comes back bit for bit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Storage {
    /// As it came.
    Raw,
    /// As a zstd frame (RFC 8878), because that saves at least a tenth.
    Zstd,
}
