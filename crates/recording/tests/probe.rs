//! Recordings of every container that is read, and broken ones.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use khizana_recording::{Facts, Flaw, Limits, PEAKS, RecordingError, probe};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn read(name: &str, media_type: &str) -> Facts {
    probe(&data(name), media_type, &Limits::default()).unwrap()
}

/// A probe of bytes that lie nowhere yet.
fn of(bytes: &[u8], media_type: &str) -> Result<Facts, RecordingError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recording");
    fs::write(&path, bytes).unwrap();
    probe(&path, media_type, &Limits::default())
}

/// WAV of 16 bits and one channel at 8 kHz.
fn wav(samples: &[i16]) -> Vec<u8> {
    let bytes = samples.len() as u32 * 2;
    let mut out = b"RIFF".to_vec();
    out.extend((36 + bytes).to_le_bytes());
    out.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    out.extend(8_000_u32.to_le_bytes());
    out.extend(16_000_u32.to_le_bytes());
    out.extend(b"\x02\0\x10\0data");
    out.extend(bytes.to_le_bytes());
    out.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    out
}

/// AIFF of 16 bits and one channel at 8 kHz.
fn aiff(samples: &[i16]) -> Vec<u8> {
    let bytes = samples.len() as u32 * 2;
    let mut out = b"FORM".to_vec();
    out.extend((46 + bytes).to_be_bytes());
    out.extend(b"AIFFCOMM\0\0\0\x12\0\x01");
    out.extend((samples.len() as u32).to_be_bytes());
    // The rate is a number of 80 bits: 8,000 is 1.953125 × 2¹².
    out.extend(b"\0\x10\x40\x0b\xfa\0\0\0\0\0\0\0SSND");
    out.extend((bytes + 8).to_be_bytes());
    out.extend([0; 8]);
    out.extend(samples.iter().flat_map(|sample| sample.to_be_bytes()));
    out
}

/// One second: silence, then half of full scale.
fn tone() -> Vec<i16> {
    (0..8_000)
        .map(|i| match (i < 4_000, i / 10 % 2) {
            (true, _) => 0,
            (false, 0) => 16_384,
            (false, _) => -16_384,
        })
        .collect()
}

/// Half silence, half a tone, of about one second.
fn is_tone(name: &str, facts: &Facts) {
    assert_eq!(facts.film, Some(false), "{name}");
    assert_eq!(facts.flaw, None, "{name}");
    let length = facts.duration_ms.unwrap();
    assert!((990..1_100).contains(&length), "{name}: {length}");
    let peaks = facts.peaks.as_ref().unwrap();
    assert_eq!(peaks.len(), PEAKS, "{name}");
    let loudest = |from: usize, to: usize| peaks[from..to].iter().copied().max().unwrap();
    assert!(loudest(0, PEAKS * 2 / 5) < 12, "{name}: {peaks:?}");
    let tone = loudest(PEAKS * 3 / 5, PEAKS * 4 / 5);
    assert!((110..150).contains(&tone), "{name}: {tone}");
}

#[test]
fn sound_of_every_codec_that_is_decoded_has_a_length_and_a_waveform() {
    for (name, media_type) in [
        ("tone.flac", "audio/flac"),
        ("tone.m4a", "audio/mp4"),
        ("tone.mp3", "audio/mpeg"),
        ("tone.ogg", "audio/ogg"),
    ] {
        is_tone(name, &read(name, media_type));
    }
    for (bytes, media_type) in [(wav(&tone()), "audio/wav"), (aiff(&tone()), "audio/aiff")] {
        let facts = of(&bytes, media_type).unwrap();
        is_tone(media_type, &facts);
        assert_eq!(facts.duration_ms, Some(1_000));
    }
}

#[test]
fn sound_of_a_codec_that_is_not_decoded_has_a_length() {
    for (name, media_type) in [("tone.opus", "audio/ogg"), ("tone.webm", "video/webm")] {
        let facts = read(name, media_type);
        assert_eq!((facts.film, &facts.flaw), (Some(false), &None), "{name}");
        assert!(
            (990..1_100).contains(&facts.duration_ms.unwrap()),
            "{name}: {facts:?}"
        );
        assert_eq!(facts.peaks, None, "{name}");
    }
}

#[test]
fn film_has_a_length_a_size_and_the_waveform_of_its_sound() {
    for (name, media_type, size) in [
        ("film.mp4", "video/mp4", (64, 48)),
        ("turned.mp4", "video/mp4", (48, 64)),
        ("film.webm", "video/webm", (64, 48)),
    ] {
        let facts = read(name, media_type);
        assert_eq!(facts.film, Some(true), "{name}");
        assert_eq!(facts.width.zip(facts.height), Some(size), "{name}");
        let as_sound = Facts {
            film: Some(false),
            ..facts
        };
        is_tone(name, &as_sound);
    }
}

#[test]
fn the_same_file_gives_the_same_waveform() {
    assert_eq!(read("tone.ogg", "audio/ogg"), read("tone.ogg", "audio/ogg"));
}

#[test]
fn sound_that_ends_early_is_kept_with_the_length_it_has() {
    let mut bytes = wav(&[1_000; 24_000]);
    bytes.truncate(44 + 16_000);
    let facts = of(&bytes, "audio/wav").unwrap();
    let flaw = facts.flaw.unwrap();
    assert_eq!(flaw.code(), "recording-truncated");
    assert!(
        matches!(
            flaw,
            Flaw::Truncated {
                there: 1_000,
                promised: 3_000
            }
        ),
        "{flaw:?}"
    );
    assert_eq!(
        flaw.sentence(),
        "The recording ends early: its header promises 3.000 s of which 1.000 s are there. It is kept as it is."
    );
    assert_eq!(facts.duration_ms, Some(1_000));
    assert!(facts.peaks.is_some());
}

#[test]
fn sound_with_damaged_packets_is_kept() {
    let mut bytes = fs::read(data("tone.m4a")).unwrap();
    let from = bytes.windows(4).position(|four| four == b"mdat").unwrap() + 400;
    for byte in &mut bytes[from..from + 900] {
        *byte = byte.wrapping_mul(31).wrapping_add(97);
    }
    let facts = of(&bytes, "audio/mp4").unwrap();
    assert_eq!(
        facts.flaw.map(|flaw| flaw.code()),
        Some("recording-damaged")
    );
}

#[test]
fn what_no_program_could_open_is_an_error() {
    for (bytes, media_type) in [
        (&b"RIFF\x10\0\0\0WAVEnothing"[..], "audio/wav"),
        (b"fLaC", "audio/flac"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", "video/mp4"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"ID3", "audio/mpeg"),
    ] {
        let error = of(bytes, media_type).unwrap_err();
        assert_eq!(error.code(), "recording-undecodable", "{media_type}");
        assert!(
            error
                .sentence()
                .starts_with("The recording cannot be opened: ")
        );
        assert!(error.hint().contains("copy it again"));
    }
}

#[test]
fn a_container_that_is_not_read_is_kept() {
    let facts = of(b"RIFF\x10\0\0\0AVI LIST", "video/vnd.avi").unwrap();
    assert_eq!(facts.film, None);
    let flaw = facts.flaw.unwrap();
    assert_eq!(flaw.code(), "recording-unsupported");
    assert!(flaw.hint().contains("MP4 or WebM"));
}

#[test]
fn a_recording_longer_than_the_limit_has_no_waveform() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.wav");
    fs::write(&path, wav(&[1; 16_000])).unwrap();
    let facts = probe(&path, "audio/wav", &Limits { max_frames: 8_000 }).unwrap();
    assert_eq!(
        facts.flaw.map(|flaw| flaw.code()),
        Some("recording-too-long")
    );
    assert_eq!((facts.duration_ms, facts.peaks), (Some(2_000), None));
}

#[test]
fn a_file_that_is_not_there_cannot_be_read() {
    let error = probe(Path::new("no/such.wav"), "audio/wav", &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "file-unreadable");
}

/// Every file cut at every length, and with every byte changed in turn: an error or a flaw, never a
/// panic that leaves the probe, and never a long wait.
#[test]
fn broken_files_of_every_kind_end_in_a_report() {
    for (name, media_type) in [
        ("film.mp4", "video/mp4"),
        ("film.webm", "video/webm"),
        ("tone.m4a", "audio/mp4"),
        ("tone.mp3", "audio/mpeg"),
        ("tone.ogg", "audio/ogg"),
        ("tone.opus", "audio/ogg"),
    ] {
        let whole = fs::read(data(name)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken");
        let mut seen = 0;
        for at in (0..whole.len()).step_by(97) {
            fs::write(&path, &whole[..at]).unwrap();
            seen += u32::from(probe(&path, media_type, &Limits::default()).is_ok());
            let mut changed = whole.clone();
            changed[at] ^= 0xff;
            fs::write(&path, &changed).unwrap();
            seen += u32::from(probe(&path, media_type, &Limits::default()).is_ok());
        }
        assert!(seen > 0, "{name}");
    }
}
