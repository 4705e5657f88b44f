//! What a player needs: the waveform, captions, transcripts and chapters of sound and film.

use khizana_format::{Cue, FileRef, Recording, Track};
use khizana_model::{Id, LangTag, Media, MediaKind, TrackKind};
use khizana_recording::vtt::Vtt;
use khizana_store::Store;

use crate::PublishError;
use crate::records::originals;
use crate::texts::waveform;
use khizana_site::Site;

/// So many chapters stand in a record; a record is no place for a transcript.
const MOST_CHAPTERS: usize = 500;

/// Publishes what a player needs; nothing where the file is neither sound nor film.
pub(crate) fn publish(
    store: &Store,
    site: &Site,
    item: &Id,
    media: &Media,
) -> Result<Option<Recording>, PublishError> {
    if !matches!(media.kind, MediaKind::Sound | MediaKind::Film) {
        return Ok(None);
    }
    let drawn = media.waveform.as_ref().map(|own| {
        let svg = waveform::svg(own);
        originals::made(site, "waveform.svg", svg.as_bytes())
    });
    let mut tracks = Vec::with_capacity(media.tracks.len());
    for track in &media.tracks {
        let language = Some(track.file.language.clone());
        let file = originals::publish(store, site, item, (&track.file).into(), language)?;
        // What was taken in had no error; a line that is passed over was reported then.
        let cues = Vtt::parse(&originals::text(site, &file)?).cues;
        let said = cues.into_iter().filter(|cue| !cue.text.is_empty());
        let cues: Vec<Cue> = said.map(|cue| (cue.start_ms, cue.text)).collect();
        let is_chapters = track.kind == TrackKind::Chapters;
        tracks.push(Track {
            kind: track.kind,
            file,
            cues: match is_chapters {
                true => None,
                false => {
                    let json = serde_json::to_vec(&cues).map_err(PublishError::record(item))?;
                    Some(originals::made(site, "cues.json", &json)?)
                }
            },
            chapters: match is_chapters {
                true => cues.into_iter().take(MOST_CHAPTERS).collect(),
                false => Vec::new(),
            },
        });
    }
    Ok(Some(Recording {
        duration_ms: media.duration_ms,
        width: media.width,
        height: media.height,
        waveform: drawn.transpose()?,
        tracks,
    }))
}

/// The cues of a track, as they were published.
pub(crate) fn cues(site: &Site, origin: &FileRef) -> Result<Vec<Cue>, PublishError> {
    let json = originals::text(site, origin)?;
    khizana_json::from_slice(json.as_bytes()).map_err(PublishError::Reread)
}

/// What is said in a recording, and the names of its chapters, for the index. Where a language has a
/// transcript, its captions say the same again.
pub(crate) fn texts(
    site: &Site,
    recording: &Recording,
) -> Result<Vec<(String, LangTag)>, PublishError> {
    let mut texts = Vec::new();
    for track in &recording.tracks {
        let is_said_again = track.kind == TrackKind::Captions
            && recording.tracks.iter().any(|other| {
                other.kind == TrackKind::Transcript && other.language() == track.language()
            });
        if is_said_again {
            continue;
        }
        let cues = match &track.cues {
            Some(origin) => cues(site, origin)?,
            None => track.chapters.clone(),
        };
        let lines: Vec<String> = cues.into_iter().map(|(_, text)| text).collect();
        let language = track.file.language.clone().unwrap_or_else(LangTag::und);
        texts.push((lines.join("\n"), language));
    }
    Ok(texts)
}
