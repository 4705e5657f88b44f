//! What belongs to a recording: whether its tracks can be read, and its poster can be shown.

use std::path::Path;

use khizana_model::{MediaKind, TrackKind};
use khizana_recording::vtt::{MOST_BYTES, Vtt, VttProblem};

use super::facts::{Facts, Place};
use khizana_model::{Problem, Severity, shown};
use khizana_source::FileRef;

/// What was found of a track.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrackFacts {
    /// When its last cue begins, in milliseconds.
    pub last_ms: u64,
    /// What is wrong with it; an error keeps the item out.
    pub problems: Vec<Problem>,
}

/// Reads a track. That it is UTF-8 is found out by whoever reads its bytes.
pub fn look_at_track(path: &Path, place: Place<'_>) -> Result<TrackFacts, Box<Problem>> {
    let unreadable = |error| Box::new(place.unreadable(&error));
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    let vtt = if bytes > MOST_BYTES {
        Vtt::too_large()
    } else {
        let content = std::fs::read(path).map_err(unreadable)?;
        Vtt::read(&String::from_utf8_lossy(&content))
    };
    Ok(TrackFacts {
        last_ms: vtt.cues.last().map_or(0, |cue| cue.start_ms),
        problems: vtt
            .problems
            .iter()
            .map(|problem| in_track(problem, place))
            .collect(),
    })
}

fn in_track(problem: &VttProblem, place: Place<'_>) -> Problem {
    let flaw = &problem.flaw;
    Problem {
        severity: if flaw.is_error() {
            Severity::Error
        } else {
            Severity::Warning
        },
        line: Some(problem.line),
        ..place.problem(flaw.code(), shown(&flaw.sentence()), flaw.remedy())
    }
}

/// A track that goes on after its recording has ended: most likely that of another.
pub fn late(track: &TrackFacts, duration_ms: Option<u64>, place: Place<'_>) -> Option<Problem> {
    let end = duration_ms.filter(|end| track.last_ms > *end)?;
    Some(Problem {
        severity: Severity::Warning,
        line: None,
        ..place.problem(
            "vtt-late",
            format!(
                "Its last cue begins at {} s, and the recording ends at {} s.",
                track.last_ms / 1_000,
                end / 1_000
            ),
            "Make sure that it is the track of this recording.",
        )
    })
}

/// Whether a poster is a picture that can be shown.
pub fn look_at_poster(facts: &Facts, place: Place<'_>) -> Option<Problem> {
    let is_shown = facts.kind == MediaKind::Image && facts.width.is_some();
    (!is_shown).then(|| {
        place.problem(
            "poster-not-image",
            format!(
                "A poster is a picture; the file is {}.",
                shown(&facts.media_type)
            ),
            "Hand in a JPEG, PNG or plain TIFF.",
        )
    })
}

/// What names tracks or a poster and is neither sound nor film.
pub fn misplaced(file: &FileRef, kind: MediaKind, place: Place<'_>) -> Option<Problem> {
    let has = match file.tracks.first().map(|track| track.kind) {
        Some(TrackKind::Captions) => "captions",
        Some(TrackKind::Transcript) => "a transcript",
        Some(TrackKind::Chapters) => "chapters",
        None => file.poster.as_ref().map(|_| "a poster")?,
    };
    let is_recording = matches!(kind, MediaKind::Sound | MediaKind::Film);
    (!is_recording).then(|| {
        place.problem(
            "track-misplaced",
            format!("The file has {has}, and is neither sound nor film."),
            "Leave its place empty; the text of a page belongs into the column `text`.",
        )
    })
}
