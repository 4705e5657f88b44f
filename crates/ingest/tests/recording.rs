//! Tests of ingesting audio and video with captions, transcripts, chapters and posters.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use khizana_ingest::{Options, Removal, Summary, check, ingest};
use khizana_model::NoProgress;
use khizana_model::{Item, MediaKind, TrackKind};
use khizana_model::{Problem, Severity};
use khizana_store::Store;
use khizana_store::verify::verify;
use tempfile::TempDir;

const VTT: &str = "WEBVTT\n\n00:00.000 --> 00:00.500\nسلام\n";

struct Archive(TempDir);

impl Archive {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("khizana.toml"), "").unwrap();
        Archive(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Creates a source with one item. `columns` are the columns of its row.
    fn source(&self, columns: &[(&str, &str)], files: &[(&str, Vec<u8>)]) -> PathBuf {
        let source = self.path().join("source");
        let _ = fs::remove_dir_all(&source);
        fs::create_dir_all(&source).unwrap();
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let values: Vec<&str> = columns.iter().map(|(_, value)| *value).collect();
        let table = format!(
            "id,title,{}\nx,Title,{}\n",
            names.join(","),
            values.join(",")
        );
        fs::write(source.join("metadata.csv"), table).unwrap();
        for (name, content) in files {
            fs::write(source.join(name), content).unwrap();
        }
        source
    }

    fn ingest(&self, source: &Path) -> Summary {
        let options = Options {
            removal: Some(Removal::All),
            ..Options::default()
        };
        ingest(self.path(), source, &options, &|_| (), &NoProgress).unwrap()
    }

    fn item(&self) -> Item {
        let store = Store::open(self.path()).unwrap();
        let mut records = store.records(&"source".parse().unwrap()).unwrap();
        records.next().unwrap().unwrap()
    }
}

fn recording(name: &str) -> Vec<u8> {
    fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../recording/tests/data")
            .join(name),
    )
    .unwrap()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures")
}

fn picture() -> Vec<u8> {
    fs::read(fixtures().join("cabinet/images/plate.png")).unwrap()
}

fn codes(problems: &[Problem]) -> Vec<(&'static str, &str, Option<u64>)> {
    problems
        .iter()
        .map(|problem| {
            assert_eq!(problem.row, Some(2), "{problem}");
            let file = problem.file.as_deref().unwrap_or_default();
            (problem.code, file, problem.line)
        })
        .collect()
}

#[test]
fn measures_recordings_and_stores_their_tracks_and_posters() {
    let archive = Archive::new();
    let source = archive.source(
        &[
            ("file", "a.mp3|b.mp4"),
            ("captions@ar", "a.ar.vtt|b.ar.vtt"),
            ("captions@en", "a.en.vtt|"),
            ("transcript@ar", "|b.t.vtt"),
            ("chapters", "a.ch.vtt|"),
            ("poster", "|b.png"),
        ],
        &[
            ("a.mp3", recording("tone.mp3")),
            ("b.mp4", recording("video.mp4")),
            ("a.ar.vtt", VTT.into()),
            ("b.ar.vtt", VTT.into()),
            ("a.en.vtt", VTT.replace("سلام", "Peace").into()),
            ("b.t.vtt", VTT.into()),
            ("a.ch.vtt", VTT.into()),
            ("b.png", picture()),
        ],
    );
    let summary = archive.ingest(&source);
    assert_eq!(codes(&summary.problems), []);
    let item = archive.item();
    let [sound, film] = &item.media[..] else {
        panic!("{:?}", item.media);
    };
    assert_eq!((sound.kind, film.kind), (MediaKind::Sound, MediaKind::Film));
    assert!(
        sound
            .duration_ms
            .is_some_and(|length| (1_000..1_100).contains(&length))
    );
    for media in [sound, film] {
        assert_eq!(
            media.waveform.as_ref().map(|waveform| waveform.0.len()),
            Some(khizana_recording::PEAK_COUNT)
        );
    }
    assert_eq!((film.width, film.height), (Some(64), Some(48)));
    let tracks = |media: &khizana_model::Media| -> Vec<(TrackKind, String, String)> {
        let tracks = media.tracks.iter();
        tracks
            .map(|track| {
                (
                    track.kind,
                    track.file.language.to_string(),
                    track.file.name.clone(),
                )
            })
            .collect()
    };
    let track = |kind, language: &str, name: &str| (kind, language.to_owned(), name.to_owned());
    assert_eq!(
        tracks(sound),
        [
            track(TrackKind::Captions, "ar", "a.ar.vtt"),
            track(TrackKind::Captions, "en", "a.en.vtt"),
            track(TrackKind::Chapters, "und", "a.ch.vtt"),
        ]
    );
    assert_eq!(
        tracks(film),
        [
            track(TrackKind::Captions, "ar", "b.ar.vtt"),
            track(TrackKind::Transcript, "ar", "b.t.vtt"),
        ]
    );
    let poster = film.poster.as_ref().unwrap();
    assert_eq!(
        (poster.name.as_str(), poster.kind),
        ("b.png", MediaKind::Image)
    );
    assert!(poster.width.is_some());

    // Nothing has changed, so no new version is added. Rebuilding the catalogue does not change the
    // record.
    let again = archive.ingest(&source);
    assert_eq!((again.changed, again.unchanged), (0, 1));
    fs::remove_file(archive.path().join("catalogue.sqlite")).unwrap();
    let rebuilt = archive.ingest(&source);
    assert_eq!((rebuilt.changed, rebuilt.unchanged), (0, 1));
    assert_eq!(archive.item(), item);
    assert_eq!(
        codes(&verify(archive.path(), &NoProgress).unwrap().problems),
        []
    );

    // Only the captions have changed. The facts of the other files are reused.
    fs::write(
        source.join("a.en.vtt"),
        VTT.replace("سلام", "Peace be upon you"),
    )
    .unwrap();
    let changed = archive.ingest(&source);
    assert_eq!((changed.changed, codes(&changed.problems)), (1, vec![]));
    let after = archive.item();
    assert_ne!(after.media[0].tracks[1], item.media[0].tracks[1]);
    assert_eq!(after.media[1], item.media[1]);
    assert_eq!(after.media[0].waveform, item.media[0].waveform);
}

#[test]
fn audio_in_a_video_container_is_audio() {
    let archive = Archive::new();
    let source = archive.source(&[("file", "a.webm")], &[("a.webm", recording("tone.webm"))]);
    archive.ingest(&source);
    let media = archive.item().media.remove(0);
    assert_eq!(
        (media.kind, media.media_type.as_str()),
        (MediaKind::Sound, "audio/webm")
    );
}

#[test]
fn reports_problems_of_tracks_with_file_and_line() {
    let film = || ("a.mp4", recording("video.mp4"));
    let track = |text: &str| ("a.vtt", text.as_bytes().to_vec());
    let columns: &[_] = &[("file", "a.mp4"), ("captions@ar", "a.vtt")];
    type Columns<'a> = &'a [(&'a str, &'a str)];
    type Files<'a> = Vec<(&'a str, Vec<u8>)>;
    type Problems<'a> = Vec<(&'a str, &'a str, Option<u64>)>;
    let cases: [(Columns<'_>, Files<'_>, Problems<'_>); 9] = [
        (
            columns,
            vec![film(), track("1\n00:01,0 --> 00:02,0\nx\n")],
            vec![("vtt-signature", "a.vtt", Some(1))],
        ),
        (
            columns,
            vec![
                film(),
                track("WEBVTT\n\n00:01,000 --> 00:02,000\nx\n\n00:03.000 --> 00:02.000\ny\n"),
            ],
            vec![
                ("vtt-timing", "a.vtt", Some(3)),
                ("vtt-backwards", "a.vtt", Some(6)),
            ],
        ),
        (
            columns,
            vec![
                film(),
                (
                    "a.vtt",
                    b"WEBVTT\n\n00:00.000 --> 00:00.100\n\xff\n".to_vec(),
                ),
            ],
            vec![("text-not-utf8", "a.vtt", Some(4))],
        ),
        (
            columns,
            vec![film(), track("WEBVTT\n\n09:00.000 --> 09:01.000\nx\n")],
            vec![("vtt-late", "a.vtt", None)],
        ),
        (
            columns,
            vec![film()],
            vec![("file-missing", "metadata.csv", Some(2))],
        ),
        (
            &[("file", "a.mp4"), ("captions@ar", "a.vtt|a.vtt")],
            vec![film(), track(VTT)],
            vec![("track-count", "metadata.csv", Some(2))],
        ),
        (
            &[("file", "a.png"), ("captions@ar", "a.vtt")],
            vec![("a.png", picture()), track(VTT)],
            vec![("track-misplaced", "a.png", None)],
        ),
        (
            &[("file", "a.mp4"), ("poster", "a.vtt")],
            vec![film(), track(VTT)],
            vec![("poster-not-image", "a.vtt", None)],
        ),
        (
            &[("file", "a.wav")],
            vec![("a.wav", b"RIFF\x10\0\0\0WAVEnothing".to_vec())],
            vec![("recording-undecodable", "a.wav", None)],
        ),
    ];
    for (columns, files, expected) in cases {
        let archive = Archive::new();
        let source = archive.source(columns, &files);
        let checked = check(&source, archive.path(), &NoProgress).unwrap();
        assert_eq!(codes(&checked.problems), expected, "check");
        let summary = archive.ingest(&source);
        assert_eq!(codes(&summary.problems), expected, "ingest");
        let is_error = summary
            .problems
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        assert_eq!(summary.items, u64::from(!is_error), "{expected:?}");
        for problem in &summary.problems {
            assert!(
                problem.message.ends_with('.') && problem.hint.ends_with('.'),
                "{problem}"
            );
        }
    }
}

#[test]
fn stores_damaged_recordings_with_a_warning() {
    let archive = Archive::new();
    let mut cut = fs::read(fixtures().join("cabinet/sounds/rast.wav")).unwrap();
    cut.truncate(cut.len() / 4);
    let source = archive.source(
        &[("file", "a.wav|b.avi")],
        &[
            ("a.wav", cut),
            ("b.avi", b"RIFF\x10\0\0\0AVI LIST".to_vec()),
        ],
    );
    let summary = archive.ingest(&source);
    let expected = [
        ("recording-truncated", "a.wav", None),
        ("recording-unsupported", "b.avi", None),
    ];
    assert_eq!(codes(&summary.problems), expected);
    assert_eq!(summary.items, 1);
    assert_eq!(
        codes(
            &check(&source, archive.path(), &NoProgress)
                .unwrap()
                .problems
        ),
        expected
    );
    let item = archive.item();
    assert!(item.media[0].duration_ms.is_some_and(|length| length < 900));
    assert_eq!(item.media[1].kind, MediaKind::Film);
}

#[test]
fn track_columns_without_paths_are_fields() {
    let archive = Archive::new();
    let source = archive.source(
        &[
            ("file", "a.png"),
            ("transcript@ar", "ما كُتب في الحاشية"),
            ("chapters", "12"),
        ],
        &[("a.png", picture())],
    );
    assert_eq!(codes(&archive.ingest(&source).problems), []);
    let item = archive.item();
    let (tag, text) = item.field("transcript").unwrap().best("ar").unwrap();
    assert_eq!((tag.as_str(), text), ("ar", "ما كُتب في الحاشية"));
    assert!(item.field("chapters").is_some() && item.media[0].tracks.is_empty());
}
