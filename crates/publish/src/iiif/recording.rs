//! Sound and film: canvases that last.

use khizana_format::{Canvas, Track};
use khizana_model::{LangMap, LangTag, MediaKind, TrackKind};
use khizana_pages::language_name;
use serde_json::{Value, json};

use super::canvas::{page, picture};
use super::{Archive, language};

/// Seconds, as IIIF counts them.
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1_000.0
}

/// The canvas of a recording; `None` where it is none, or it is not known how long it lasts.
pub(super) fn of(archive: &Archive<'_>, id: &str, canvas: &Canvas) -> Option<Value> {
    let duration = seconds(canvas.duration_ms()?);
    let (recording, original) = canvas.recording.as_ref().zip(canvas.original.as_ref())?;
    let is_film = canvas.kind == MediaKind::Film;
    let mut body = json!({
        "id": archive.address(&original.path()),
        "type": if is_film { "Video" } else { "Sound" },
        "format": canvas.media_type,
        "duration": duration,
    });
    let mut out = json!({ "id": id, "type": "Canvas", "duration": duration });
    let size = recording.width.zip(recording.height);
    if let Some((width, height)) = size.filter(|_| is_film) {
        for own in [&mut body, &mut out] {
            own["width"] = width.into();
            own["height"] = height.into();
        }
    }
    out["items"] = page(id, "recording", "painting", body);
    // The picture that stands for it: of a film until it is played, of sound all the time.
    let beside = if is_film {
        "placeholderCanvas"
    } else {
        "accompanyingCanvas"
    };
    let poster = canvas.image.as_ref();
    if let Some(poster) = poster.and_then(|image| picture(archive, &format!("{id}/poster"), image))
    {
        out[beside] = poster;
    }
    let captions: Vec<Value> = tracks(canvas, TrackKind::Captions)
        .map(|track| file(archive, track))
        .collect();
    if !captions.is_empty() {
        // Those of several languages are a choice of one.
        let body = match <[Value; 1]>::try_from(captions) {
            Ok([only]) => only,
            Err(several) => json!({ "type": "Choice", "items": several }),
        };
        out["annotations"] = page(id, "captions", "supplementing", body);
    }
    Some(out)
}

/// The transcripts of a recording: files to be read beside it.
pub(super) fn transcripts(archive: &Archive<'_>, canvas: &Canvas) -> Vec<Value> {
    let tracks = tracks(canvas, TrackKind::Transcript);
    tracks.map(|track| file(archive, track)).collect()
}

fn tracks(canvas: &Canvas, kind: TrackKind) -> impl Iterator<Item = &Track> {
    let all = canvas.recording.iter().flat_map(|own| &own.tracks);
    all.filter(move |track| track.kind == kind)
}

/// The file of a track, called by its language.
fn file(archive: &Archive<'_>, track: &Track) -> Value {
    let mut out = json!({
        "id": archive.address(&track.file.path()),
        "type": "Text",
        "format": "text/vtt",
    });
    out["label"] = match track.language() {
        Some(tag) => {
            out["language"] = Value::from(tag.as_str());
            let languages = &archive.root.languages;
            language::each(languages, |lang| language_name(lang, tag.as_str()))
                .unwrap_or_else(|| language::none(tag.as_str()))
        }
        None => language::none(&track.file.name),
    };
    out
}

/// The ranges of a recording's chapters on the canvas `on`. Chapters of several languages that begin
/// at one moment are one.
pub(super) fn chapters(on: &str, canvas: &Canvas) -> Vec<Value> {
    let Some(duration) = canvas.duration_ms() else {
        return Vec::new();
    };
    let mut all: Vec<(u64, LangMap)> = Vec::new();
    for track in tracks(canvas, TrackKind::Chapters) {
        let tag = track.language().cloned().unwrap_or_else(LangTag::und);
        for (start, title) in track.chapters.iter().filter(|(start, _)| *start < duration) {
            match all.iter_mut().find(|(own, _)| own == start) {
                Some((_, titles)) => titles.push(tag.clone(), title),
                None => all.push((*start, LangMap::of(tag.clone(), title))),
            }
        }
    }
    all.sort_by_key(|(start, _)| *start);
    let ends = all.iter().skip(1).map(|(start, _)| *start);
    let ends: Vec<u64> = ends.chain([duration]).collect();
    let ranges = (1_usize..).zip(&all).zip(&ends);
    ranges
        .filter_map(|((number, (start, titles)), end)| {
            let (from, to) = (seconds(*start), seconds(*end));
            Some(json!({
                "id": format!("{on}/chapter/{number}"),
                "type": "Range",
                "label": language::map(titles)?,
                "items": [{ "id": format!("{on}#t={from},{to}"), "type": "Canvas" }],
            }))
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::iiif::empty_root as root;
    use khizana_format::{Derivative, FileRef, Image, Recording};
    use khizana_model::Hash;

    fn origin(name: &str, language: Option<&str>) -> FileRef {
        FileRef {
            sha256: Hash([3; 32]),
            name: name.into(),
            bytes: 9,
            language: language.map(|tag| tag.parse().unwrap()),
        }
    }

    fn track(
        kind: TrackKind,
        name: &str,
        language: Option<&str>,
        chapters: &[(u64, &str)],
    ) -> Track {
        let chapters = chapters
            .iter()
            .map(|(at, title)| (*at, (*title).to_owned()));
        Track {
            kind,
            file: origin(name, language),
            cues: None,
            chapters: chapters.collect(),
        }
    }

    fn film(tracks: Vec<Track>) -> Canvas {
        Canvas {
            kind: MediaKind::Film,
            media_type: "video/webm".into(),
            label: LangMap::new(),
            image: Some(Image {
                key: "k".into(),
                width: 640,
                height: 480,
                tone: "ffffff".into(),
                sizes: vec![Derivative {
                    width: 640,
                    height: 480,
                    sha256: Hash([4; 32]),
                    bytes: 9,
                }],
                pack: None,
            }),
            original: Some(origin("film.webm", None)),
            text: None,
            lines: None,
            html: None,
            rows: None,
            recording: Some(Recording {
                duration_ms: Some(12_500),
                width: Some(1_280),
                height: Some(720),
                waveform: None,
                tracks,
            }),
        }
    }

    fn canvas(canvas: &Canvas) -> Option<Value> {
        let root = root();
        let archive = Archive {
            root: &root,
            url: "https://a/",
        };
        of(&archive, "https://a/c/1", canvas)
    }

    #[test]
    fn a_film_has_a_size_and_a_duration_and_its_poster_stands_before_it() {
        let film = film(vec![
            track(TrackKind::Captions, "ar.vtt", Some("ar"), &[]),
            track(TrackKind::Captions, "en.vtt", Some("en"), &[]),
        ]);
        let out = canvas(&film).unwrap();
        assert_eq!(
            (&out["duration"], &out["width"], &out["height"]),
            (&json!(12.5), &json!(1_280), &json!(720))
        );
        let body = &out["items"][0]["items"][0]["body"];
        assert_eq!(
            (&body["type"], &body["duration"]),
            (&json!("Video"), &json!(12.5))
        );
        assert_eq!(out["placeholderCanvas"]["width"], 640);
        let choice = &out["annotations"][0]["items"][0]["body"];
        assert_eq!(choice["type"], "Choice");
        assert_eq!(
            choice["items"][1]["label"],
            json!({ "ar": ["الإنجليزية"], "en": ["English"] })
        );
        assert_eq!(choice["items"][0]["format"], "text/vtt");
    }

    #[test]
    fn sound_lasts_and_has_no_size() {
        let mut sound = film(vec![track(TrackKind::Captions, "x.vtt", None, &[])]);
        sound.kind = MediaKind::Sound;
        let out = canvas(&sound).unwrap();
        assert!(out.get("width").is_none() && out.get("placeholderCanvas").is_none());
        assert_eq!(out["accompanyingCanvas"]["type"], "Canvas");
        assert_eq!(out["items"][0]["items"][0]["body"]["type"], "Sound");
        let only = &out["annotations"][0]["items"][0]["body"];
        assert_eq!(
            (&only["type"], &only["label"]),
            (&json!("Text"), &json!({ "none": ["x.vtt"] }))
        );
    }

    #[test]
    fn what_was_not_measured_or_is_not_published_is_no_recording() {
        let mut unmeasured = film(Vec::new());
        unmeasured.recording.as_mut().unwrap().duration_ms = None;
        assert_eq!(canvas(&unmeasured), None);
        let mut unpublished = film(Vec::new());
        unpublished.original = None;
        assert_eq!(canvas(&unpublished), None);
    }

    #[test]
    fn chapters_of_several_languages_are_the_same_parts() {
        let film = film(vec![
            track(
                TrackKind::Chapters,
                "ar.vtt",
                Some("ar"),
                &[(0, "مقدمة"), (4_000, "لحن")],
            ),
            track(
                TrackKind::Chapters,
                "en.vtt",
                Some("en"),
                &[
                    (0, "Opening"),
                    (4_000, "Tune"),
                    (9_000, "End"),
                    (60_000, "Never"),
                ],
            ),
        ]);
        let ranges = chapters("https://a/c/1", &film);
        let told: Vec<(&Value, &Value)> = ranges
            .iter()
            .map(|range| (&range["label"], &range["items"][0]["id"]))
            .collect();
        assert_eq!(
            told,
            [
                (
                    &json!({ "ar": ["مقدمة"], "en": ["Opening"] }),
                    &json!("https://a/c/1#t=0,4")
                ),
                (
                    &json!({ "ar": ["لحن"], "en": ["Tune"] }),
                    &json!("https://a/c/1#t=4,9")
                ),
                (&json!({ "en": ["End"] }), &json!("https://a/c/1#t=9,12.5")),
            ]
        );
    }
}
