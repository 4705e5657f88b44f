//! Tracks and posters of recordings.

use std::path::Path;

use khizana_model::{MediaKind, Problem, TrackKind, message, printable};
use khizana_recording::vtt::{MAX_BYTES, Vtt, VttProblem};
use khizana_source::FileRef;
use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::file_problem::FileContext;

/// The facts about a track.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackFacts {
    /// Start time of the last cue of the track, in milliseconds.
    pub last_start_ms: u64,
    /// Problems with the WebVTT of the track. [`inspect`](super::inspect::inspect) moves them to the inspection.
    #[serde(skip)]
    pub problems: Vec<Problem>,
}

/// Parses a track. The file must have been validated as UTF-8.
///
/// # Errors
/// Returns a problem if the file cannot be read.
pub fn read(path: &Path, context: FileContext<'_>) -> Result<TrackFacts, Box<Problem>> {
    let unreadable = |error| Box::new(context.unreadable(&error));
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    let vtt = if bytes > MAX_BYTES {
        Vtt::too_large()
    } else {
        let content = std::fs::read(path).map_err(unreadable)?;
        Vtt::parse(&String::from_utf8_lossy(&content))
    };
    let problems = vtt.problems.iter();
    Ok(TrackFacts {
        last_start_ms: vtt.cues.last().map_or(0, |cue| cue.start_ms),
        problems: problems.map(|problem| convert(problem, context)).collect(),
    })
}

/// Converts a problem with WebVTT to a problem of the source.
fn convert(problem: &VttProblem, context: FileContext<'_>) -> Problem {
    let kind = &problem.kind;
    let message = kind.message().map_values(printable);
    let reported = if kind.is_error() {
        context.error(kind.code(), message, kind.hint())
    } else {
        context.warning(kind.code(), message, kind.hint())
    };
    reported.at_line(problem.line)
}

/// Returns a warning if a track continues after the end of its recording. Such a track probably
/// belongs to another recording.
pub fn ends_late(
    track: &TrackFacts,
    duration_ms: Option<u64>,
    context: FileContext<'_>,
) -> Option<Problem> {
    let duration = duration_ms.filter(|duration| track.last_start_ms > *duration)?;
    Some(context.warning(
        "vtt-late",
        message!(
            "The last cue begins at {start} s, but the recording ends at {end} s.",
            start = track.last_start_ms / 1_000,
            end = duration / 1_000
        ),
        "Check that the track belongs to this recording.",
    ))
}

/// Returns a problem if a poster is not an image, or is an image that cannot be displayed.
pub fn not_a_poster(facts: &Facts, context: FileContext<'_>) -> Option<Problem> {
    if facts.kind == MediaKind::Image && facts.width.is_some() {
        return None;
    }
    Some(context.error(
        "poster-not-image",
        message!("A poster must be an image that can be displayed, but the type of this file is {media_type}.", media_type = printable(&facts.media_type)),
        "Supply a JPEG, PNG or plain TIFF file.",
    ))
}

/// Returns a problem if a file that is not a recording has tracks or a poster.
pub fn misplaced(file: &FileRef, kind: MediaKind, context: FileContext<'_>) -> Option<Problem> {
    let companion = match file.tracks.first().map(|track| track.kind) {
        Some(TrackKind::Captions) => message!("captions"),
        Some(TrackKind::Transcript) => message!("a transcript"),
        Some(TrackKind::Chapters) => message!("chapters"),
        None => file.poster.as_ref().map(|_| message!("a poster"))?,
    };
    if matches!(kind, MediaKind::Sound | MediaKind::Film) {
        return None;
    }
    Some(context.error(
        "track-misplaced",
        message!("The table specifies {companion} for the file, but the file is neither audio nor video.", companion),
        "Leave the value for this file empty. The text of a page belongs in the column `text`.",
    ))
}
