//! Canvases of sound and film.

use khizana_format::{Canvas, Track};
use khizana_model::{LangMap, LangTag, MediaKind, TrackKind};
use khizana_pages::language_name;
use serde_json::{Value, json};

use super::canvas::{annotation_page, image_canvas};
use super::{Context, language_map};

fn seconds(ms: u64) -> f64 {
    ms as f64 / 1_000.0
}

/// Returns the canvas of a recording, or `None` for other media and for recordings of unknown
/// duration.
pub(super) fn canvas(context: &Context<'_>, id: &str, canvas: &Canvas) -> Option<Value> {
    let duration = seconds(canvas.duration_ms()?);
    let (recording, original) = canvas.recording.as_ref().zip(canvas.original.as_ref())?;
    let is_film = canvas.kind == MediaKind::Film;
    let mut body = json!({
        "id": context.url(&original.path()),
        "type": if is_film { "Video" } else { "Sound" },
        "format": canvas.media_type,
        "duration": duration,
    });
    let mut out = json!({ "id": id, "type": "Canvas", "duration": duration });
    let size = recording.width.zip(recording.height);
    if let Some((width, height)) = size.filter(|_| is_film) {
        for resource in [&mut body, &mut out] {
            resource["width"] = width.into();
            resource["height"] = height.into();
        }
    }
    out["items"] = annotation_page(id, "recording", "painting", body);
    // The poster of a film is displayed until the film is played; that of a sound recording is
    // displayed while it is played.
    let poster_property = if is_film {
        "placeholderCanvas"
    } else {
        "accompanyingCanvas"
    };
    let poster = canvas.image.as_ref();
    if let Some(poster) =
        poster.and_then(|image| image_canvas(context, &format!("{id}/poster"), image))
    {
        out[poster_property] = poster;
    }
    let captions: Vec<Value> = tracks(canvas, TrackKind::Captions)
        .map(|track| track_file(context, track))
        .collect();
    if !captions.is_empty() {
        // Captions in several languages are alternatives to each other.
        let body = match <[Value; 1]>::try_from(captions) {
            Ok([single]) => single,
            Err(alternatives) => json!({ "type": "Choice", "items": alternatives }),
        };
        out["annotations"] = annotation_page(id, "captions", "supplementing", body);
    }
    Some(out)
}

/// Returns the transcripts of a recording as linked files.
pub(super) fn transcripts(context: &Context<'_>, canvas: &Canvas) -> Vec<Value> {
    let tracks = tracks(canvas, TrackKind::Transcript);
    tracks.map(|track| track_file(context, track)).collect()
}

fn tracks(canvas: &Canvas, kind: TrackKind) -> impl Iterator<Item = &Track> {
    let tracks = canvas
        .recording
        .iter()
        .flat_map(|recording| &recording.tracks);
    tracks.filter(move |track| track.kind == kind)
}

/// Returns the file of a track. Its label is the name of its language.
fn track_file(context: &Context<'_>, track: &Track) -> Value {
    let mut out = json!({
        "id": context.url(&track.file.path()),
        "type": "Text",
        "format": "text/vtt",
    });
    out["label"] = match track.language() {
        Some(tag) => {
            out["language"] = Value::from(tag.as_str());
            let languages = &context.root.languages;
            language_map::from_interface(languages, |lang| language_name(lang, tag.as_str()))
                .unwrap_or_else(|| language_map::without_language(tag.as_str()))
        }
        None => language_map::without_language(&track.file.name),
    };
    out
}

/// Returns the ranges for the chapters of a recording. Chapters in different languages that start
/// at the same time are merged.
pub(super) fn chapter_ranges(canvas_uri: &str, canvas: &Canvas) -> Vec<Value> {
    let Some(duration) = canvas.duration_ms() else {
        return Vec::new();
    };
    let mut chapters: Vec<(u64, LangMap)> = Vec::new();
    for track in tracks(canvas, TrackKind::Chapters) {
        let tag = track.language().cloned().unwrap_or_else(LangTag::und);
        for (start, title) in track.chapters.iter().filter(|(start, _)| *start < duration) {
            match chapters.iter_mut().find(|(other, _)| other == start) {
                Some((_, titles)) => titles.push(tag.clone(), title),
                None => chapters.push((*start, LangMap::of(tag.clone(), title))),
            }
        }
    }
    chapters.sort_by_key(|(start, _)| *start);
    let ends = chapters.iter().skip(1).map(|(start, _)| *start);
    let ends: Vec<u64> = ends.chain([duration]).collect();
    let ranges = (1_usize..).zip(&chapters).zip(&ends);
    ranges
        .filter_map(|((number, (start, titles)), end)| {
            let (from, to) = (seconds(*start), seconds(*end));
            Some(json!({
                "id": format!("{canvas_uri}/chapter/{number}"),
                "type": "Range",
                "label": language_map::to_json(titles)?,
                "items": [{ "id": format!("{canvas_uri}#t={from},{to}"), "type": "Canvas" }],
            }))
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::iiif::empty_root as root;
    use khizana_format::{Derivative, DerivativeFile, FileRef, Image, Recording};
    use khizana_model::Hash;

    fn file_ref(name: &str, language: Option<&str>) -> FileRef {
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
            .map(|(start, title)| (*start, (*title).to_owned()));
        Track {
            kind,
            file: file_ref(name, language),
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
                    file: DerivativeFile::Max,
                    sha256: Hash([4; 32]),
                    bytes: 9,
                }],
                strip: None,
                jpeg: None,
                pack: None,
            }),
            original: Some(file_ref("film.webm", None)),
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

    fn canvas_json(film: &Canvas) -> Option<Value> {
        let root = root();
        let info = khizana_pages::Site::of(&root, None);
        let context = Context {
            root: &root,
            info: &info,
            base_url: "https://a/",
        };
        canvas(&context, "https://a/c/1", film)
    }

    #[test]
    fn a_film_has_a_size_a_duration_and_a_placeholder_canvas() {
        let film = film(vec![
            track(TrackKind::Captions, "ar.vtt", Some("ar"), &[]),
            track(TrackKind::Captions, "en.vtt", Some("en"), &[]),
        ]);
        let out = canvas_json(&film).unwrap();
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
    fn sound_has_a_duration_and_an_accompanying_canvas() {
        let mut sound = film(vec![track(TrackKind::Captions, "x.vtt", None, &[])]);
        sound.kind = MediaKind::Sound;
        let out = canvas_json(&sound).unwrap();
        assert!(out.get("width").is_none() && out.get("placeholderCanvas").is_none());
        assert_eq!(out["accompanyingCanvas"]["type"], "Canvas");
        assert_eq!(out["items"][0]["items"][0]["body"]["type"], "Sound");
        let caption = &out["annotations"][0]["items"][0]["body"];
        assert_eq!(
            (&caption["type"], &caption["label"]),
            (&json!("Text"), &json!({ "none": ["x.vtt"] }))
        );
    }

    #[test]
    fn returns_no_canvas_without_duration_or_original() {
        let mut unmeasured = film(Vec::new());
        unmeasured.recording.as_mut().unwrap().duration_ms = None;
        assert_eq!(canvas_json(&unmeasured), None);
        let mut unpublished = film(Vec::new());
        unpublished.original = None;
        assert_eq!(canvas_json(&unpublished), None);
    }

    #[test]
    fn merges_chapters_in_several_languages() {
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
        let ranges = chapter_ranges("https://a/c/1", &film);
        let actual: Vec<(&Value, &Value)> = ranges
            .iter()
            .map(|range| (&range["label"], &range["items"][0]["id"]))
            .collect();
        assert_eq!(
            actual,
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
