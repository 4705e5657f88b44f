//! What is published of an item.

use khizana_model::{Hash, Id, Item, ItemDate, LangMap, LangTag, MediaKind, TrackKind};
use serde::Serialize;

use crate::root::CollectionSummary;
use crate::tile_pack::TilePack;

/// The published record of an item: all that its page needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Record {
    /// Its description. `media` is empty here: [`Record::canvases`] are what is published of it.
    pub item: Item,
    /// The collection it belongs to.
    pub collection: Id,
    /// The item it is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Child>,
    /// The items that are its parts, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Child>,
    /// Its files, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub canvases: Vec<Canvas>,
}

khizana_json::json_object!(Record {
    item,
    collection,
    parent: optional,
    children: optional,
    canvases: optional
});

impl Record {
    /// Whether anything of it can be a IIIF canvas: that has a size or a duration.
    pub fn has_canvas(&self) -> bool {
        let can = |canvas: &Canvas| canvas.image.is_some() || canvas.duration_ms().is_some();
        self.canvases.iter().any(can)
    }

    /// The first image, which stands for the item on a card.
    pub fn cover(&self) -> Option<&Image> {
        self.canvases
            .iter()
            .find_map(|canvas| canvas.image.as_ref())
    }
}

/// What a list shows of an item. The index carries those of the first results of every word, so
/// that a search that ends there fetches no record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Brief {
    /// Its identifier.
    pub id: Id,
    /// Its title.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// Who made it.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub creator: LangMap,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<ItemDate>,
    /// The place of its collection among the root's.
    #[serde(skip_serializing_if = "is_zero")]
    pub collection: u32,
    /// How many canvases it has.
    #[serde(skip_serializing_if = "is_zero")]
    pub canvases: u32,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thumb: Option<Thumb>,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

khizana_json::json_object!(Brief {
    id,
    title: optional,
    creator: optional,
    date: optional,
    collection: optional,
    canvases: optional,
    thumb: optional
});

impl Brief {
    /// What a list shows of a record. `collections` are the root's.
    pub fn of(record: &Record, collections: &[CollectionSummary]) -> Brief {
        let item = &record.item;
        let place = collections
            .iter()
            .position(|summary| summary.id == record.collection);
        Brief {
            id: item.id.clone(),
            title: item.title.clone(),
            creator: item.field("creator").cloned().unwrap_or_default(),
            date: item.date.clone(),
            collection: place
                .and_then(|place| u32::try_from(place).ok())
                .unwrap_or_default(),
            canvases: u32::try_from(record.canvases.len()).unwrap_or(u32::MAX),
            thumb: record.cover().map(Thumb::of),
        }
    }
}

/// A picture of a few hundred pixels, and a larger one for dense screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thumb {
    /// As [`Image::key`].
    pub key: String,
    /// As [`Image::tone`].
    pub tone: String,
    /// Width and height of the one, two or no derivatives.
    pub sizes: Vec<(u32, u32)>,
}

khizana_json::json_object!(Thumb { key, tone, sizes });

impl Thumb {
    fn of(image: &Image) -> Thumb {
        let sizes = image.sizes.iter().map(|size| (size.width, size.height));
        Thumb {
            key: image.key.clone(),
            tone: image.tone.clone(),
            sizes: sizes.take(2).collect(),
        }
    }

    /// The path of a derivative below the site's root.
    pub fn path(&self, (width, height): (u32, u32)) -> String {
        derivative(&self.key, width, height)
    }
}

fn derivative(key: &str, width: u32, height: u32) -> String {
    format!("iiif/{key}/full/{width},{height}/0/default.jpg")
}

/// A link to another item, with what is needed to name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Child {
    /// Its identifier.
    pub id: Id,
    /// Its title.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
}

khizana_json::json_object!(Child {
    id,
    title: optional
});

/// A page, a side, a recording: one file of an item, as published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Canvas {
    /// What sort of thing it is.
    pub kind: MediaKind,
    /// IANA media type of the original.
    pub media_type: String,
    /// The label the curator gave it.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub label: LangMap,
    /// What is shown of it, where it is an image; of sound and film the image that stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// The original itself, where it is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Origin>,
    /// Its text, UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Origin>,
    /// The object with the lines of its text and their places, [`crate::PageLines`], where it is known
    /// where they stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Hash>,
    /// The object with what is read of it on its page, HTML, where it is Markdown or a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<Hash>,
    /// Where it is a table, how many of its rows are shown, and how many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<(u32, u32)>,
    /// What a player needs, where it is sound or film.
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
    /// How long it lasts, in milliseconds, where it is sound or film that is published and was measured.
    pub fn duration_ms(&self) -> Option<u64> {
        self.original.as_ref()?;
        self.recording.as_ref()?.duration_ms.filter(|ms| *ms > 0)
    }
}

/// What is known of sound or film.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Recording {
    /// How long it lasts, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Width of a film in pixels, as it is presented, upright.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height of a film in pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// The waveform of sound, drawn: SVG.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waveform: Option<Origin>,
    /// Captions, transcripts and chapters, in the order of the source's columns.
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

/// A moment, in milliseconds from the beginning, and what is said from then on.
pub type Cue = (u64, String);

/// Captions, a transcript or chapters of a recording, in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Track {
    /// What it is for.
    pub kind: TrackKind,
    /// The file as the curator gave it: WebVTT.
    pub file: Origin,
    /// Its cues without their markup, as a list of [`Cue`] in JSON; of captions and transcripts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cues: Option<Origin>,
    /// The chapters themselves.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<Cue>,
}

khizana_json::json_object!(Track {
    kind,
    file,
    cues: optional,
    chapters: optional
});

impl Track {
    /// The language it is in, where it is known.
    pub fn language(&self) -> Option<&LangTag> {
        self.file.language.as_ref().filter(|tag| !tag.is_und())
    }
}

impl Recording {
    /// The track that is read beside the player by somebody who reads `wanted`, a primary subtag: of all transcripts and
    /// captions the first in that language, transcripts before captions; otherwise the first.
    pub fn read_in(&self, wanted: &str) -> Option<usize> {
        let mut best: Option<(bool, bool, usize)> = None;
        for (at, track) in self.tracks.iter().enumerate() {
            if track.kind == TrackKind::Chapters {
                continue;
            }
            let own = (track.is_in(wanted), track.kind == TrackKind::Transcript);
            if best.is_none_or(|(is_in, is_transcript, _)| own > (is_in, is_transcript)) {
                best = Some((own.0, own.1, at));
            }
        }
        Some(best?.2)
    }

    /// The chapters for somebody who reads `wanted`: in that language, otherwise the first there are.
    pub fn chapters_in(&self, wanted: &str) -> Option<&Track> {
        let all = || {
            self.tracks
                .iter()
                .filter(|track| track.kind == TrackKind::Chapters)
        };
        all().find(|track| track.is_in(wanted)).or(all().next())
    }
}

impl Track {
    fn is_in(&self, wanted: &str) -> bool {
        self.language().is_some_and(|own| own.primary() == wanted)
    }
}

/// A file published as it is: `f/<sha256>/<name>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// SHA-256 of its bytes.
    pub sha256: Hash,
    /// Its file name, safe in a URL.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// The language of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<LangTag>,
}

khizana_json::json_object!(Origin {
    sha256,
    name,
    bytes,
    language: optional
});

impl Origin {
    /// Its path below the site's root. The name is percent-encoded where a URL needs it.
    pub fn path(&self) -> String {
        format!("f/{}/{}", self.sha256, self.name)
    }
}

/// The derivatives of an image, laid out as IIIF Image API 3.0, level 0:
/// `iiif/<key>/full/<w>,<h>/0/default.jpg` and `iiif/<key>/info.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    /// Names the original and the recipe: the first 32 hexadecimal digits of a SHA-256 over both.
    pub key: String,
    /// Width of the original in pixels, upright.
    pub width: u32,
    /// Height of the original in pixels, upright.
    pub height: u32,
    /// The dominant colour, sRGB, `rrggbb`.
    pub tone: String,
    /// The derivatives, smallest first; the first is the thumbnail.
    pub sizes: Vec<Size>,
    /// The tiles, where the image is larger than its largest derivative: `iiif/<key>/tiles.pack`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<TilePack>,
}

khizana_json::json_object!(Image {
    key,
    width,
    height,
    tone,
    sizes,
    pack: optional
});

/// One derivative of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// SHA-256 of the JPEG.
    pub sha256: Hash,
    /// Length of the JPEG in bytes.
    pub bytes: u32,
}

khizana_json::json_object!(Size {
    width,
    height,
    sha256,
    bytes
});

impl Image {
    /// The path of a derivative below the site's root.
    pub fn path(&self, size: &Size) -> String {
        derivative(&self.key, size.width, size.height)
    }

    /// The path of the tiles below the site's root.
    pub fn pack_path(&self) -> String {
        format!("iiif/{}/tiles.pack", self.key)
    }

    /// The path of a part of the tiles, from 0, where the host has no ranges.
    pub fn pack_part_path(&self, part: u32) -> String {
        format!("iiif/{}/tiles/{part}", self.key)
    }

    /// The smallest derivative at least `width` pixels wide; the largest there is otherwise.
    pub fn at_least(&self, width: u32) -> Option<&Size> {
        self.sizes
            .iter()
            .find(|size| size.width >= width)
            .or(self.sizes.last())
    }
}
