//! Tracks and waveforms of sound and film recordings.

use std::path::Path;

use khizana_format::{Cue, FileRef, Recording, Track};
use khizana_model::{Id, LangTag, Media, MediaKind, TrackKind};
use khizana_recording::vtt::Vtt;
use khizana_store::Store;

use crate::PublishError;
use crate::records::originals;
use crate::texts::waveform;
use khizana_site::Site;

/// Maximum number of chapters of a track. Chapters are part of the record, which must remain small.
const MAX_CHAPTERS: usize = 500;

/// Publishes the waveform and the tracks of a recording. Returns `None` for other media.
pub(crate) fn publish(
    store: &Store,
    site: &Site,
    item: &Id,
    media: &Media,
) -> Result<Option<Recording>, PublishError> {
    if !matches!(media.kind, MediaKind::Sound | MediaKind::Film) {
        return Ok(None);
    }
    let waveform = media.waveform.as_ref().map(|waveform| {
        let svg = waveform::svg(waveform);
        originals::publish_derived(site, "waveform.svg", svg.as_bytes())
    });
    let mut tracks = Vec::with_capacity(media.tracks.len());
    for track in &media.tracks {
        let language = Some(track.file.language.clone());
        let file = originals::publish(store, site, item, (&track.file).into(), language)?;
        // `ingest` has already reported the problems of the file.
        let cues = Vtt::parse(&originals::read_text(&site.path(""), &file)?).cues;
        let cues = cues.into_iter().filter(|cue| !cue.text.is_empty());
        let cues: Vec<Cue> = cues.map(|cue| (cue.start_ms, cue.text)).collect();
        let is_chapters = track.kind == TrackKind::Chapters;
        tracks.push(Track {
            kind: track.kind,
            file,
            cues: match is_chapters {
                true => None,
                false => {
                    let json = serde_json::to_vec(&cues).map_err(PublishError::serialize(item))?;
                    Some(originals::publish_derived(site, "cues.json", &json)?)
                }
            },
            chapters: match is_chapters {
                true => cues.into_iter().take(MAX_CHAPTERS).collect(),
                false => Vec::new(),
            },
        });
    }
    Ok(Some(Recording {
        duration_ms: media.duration_ms,
        width: media.width,
        height: media.height,
        waveform: waveform.transpose()?,
        tracks,
    }))
}

/// Reads the published cues of a track.
pub(crate) fn read_cues(folder: &Path, file: &FileRef) -> Result<Vec<Cue>, PublishError> {
    let json = originals::read_text(folder, file)?;
    khizana_json::from_slice(json.as_bytes()).map_err(PublishError::Deserialize)
}

/// Returns the texts of a recording for the search index: its transcripts, captions and chapter
/// titles. Omits captions in a language that has a transcript, because they contain the same words.
pub(crate) fn texts(
    site: &Site,
    recording: &Recording,
) -> Result<Vec<(String, LangTag)>, PublishError> {
    let mut texts = Vec::new();
    for track in &recording.tracks {
        let is_redundant = track.kind == TrackKind::Captions
            && recording.tracks.iter().any(|other| {
                other.kind == TrackKind::Transcript && other.language() == track.language()
            });
        if is_redundant {
            continue;
        }
        let cues = match &track.cues {
            Some(file) => read_cues(&site.path(""), file)?,
            None => track.chapters.clone(),
        };
        let lines: Vec<String> = cues.into_iter().map(|(_, text)| text).collect();
        let language = track.file.language.clone().unwrap_or_else(LangTag::und);
        texts.push((lines.join("\n"), language));
    }
    Ok(texts)
}
