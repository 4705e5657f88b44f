//! Measurement of intact and damaged recordings in all supported containers.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use khizana_recording::{
    Limits, PEAK_COUNT, RecordingError, RecordingInfo, RecordingWarning, probe,
};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name)
}

fn probe_fixture(name: &str, media_type: &str) -> RecordingInfo {
    probe(&fixture(name), media_type, &Limits::default()).unwrap()
}

/// Writes the bytes to a temporary file and probes it.
fn probe_bytes(bytes: &[u8], media_type: &str) -> Result<RecordingInfo, RecordingError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("recording");
    fs::write(&path, bytes).unwrap();
    probe(&path, media_type, &Limits::default())
}

/// Returns a 16-bit mono WAV file at 8 kHz.
fn wav(samples: &[i16]) -> Vec<u8> {
    let data_len = samples.len() as u32 * 2;
    let mut out = b"RIFF".to_vec();
    out.extend((36 + data_len).to_le_bytes());
    out.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    out.extend(8_000_u32.to_le_bytes());
    out.extend(16_000_u32.to_le_bytes());
    out.extend(b"\x02\0\x10\0data");
    out.extend(data_len.to_le_bytes());
    out.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    out
}

/// Returns a 16-bit mono AIFF file at 8 kHz.
fn aiff(samples: &[i16]) -> Vec<u8> {
    let data_len = samples.len() as u32 * 2;
    let mut out = b"FORM".to_vec();
    out.extend((46 + data_len).to_be_bytes());
    out.extend(b"AIFFCOMM\0\0\0\x12\0\x01");
    out.extend((samples.len() as u32).to_be_bytes());
    // The sample rate is an 80-bit floating-point number: 8,000 is 1.953125 × 2¹².
    out.extend(b"\0\x10\x40\x0b\xfa\0\0\0\0\0\0\0SSND");
    out.extend((data_len + 8).to_be_bytes());
    out.extend([0; 8]);
    out.extend(samples.iter().flat_map(|sample| sample.to_be_bytes()));
    out
}

/// Returns one second of samples at 8 kHz: half a second of silence, then a square wave at half of
/// full scale.
fn tone() -> Vec<i16> {
    (0..8_000)
        .map(|i| match (i < 4_000, i / 10 % 2) {
            (true, _) => 0,
            (false, 0) => 16_384,
            (false, _) => -16_384,
        })
        .collect()
}

/// Asserts that a recording is about one second long, with silence followed by a tone.
fn assert_is_tone(name: &str, info: &RecordingInfo) {
    assert_eq!(info.has_video, Some(false), "{name}");
    assert_eq!(info.warning, None, "{name}");
    let duration_ms = info.duration_ms.unwrap();
    assert!((990..1_100).contains(&duration_ms), "{name}: {duration_ms}");
    let peaks = info.peaks.as_ref().unwrap();
    assert_eq!(peaks.len(), PEAK_COUNT, "{name}");
    let max_peak = |start: usize, end: usize| peaks[start..end].iter().copied().max().unwrap();
    assert!(max_peak(0, PEAK_COUNT * 2 / 5) < 12, "{name}: {peaks:?}");
    let tone = max_peak(PEAK_COUNT * 3 / 5, PEAK_COUNT * 4 / 5);
    assert!((110..150).contains(&tone), "{name}: {tone}");
}

#[test]
fn supported_audio_codecs_have_a_duration_and_a_waveform() {
    for (name, media_type) in [
        ("tone.flac", "audio/flac"),
        ("tone.m4a", "audio/mp4"),
        ("tone.mp3", "audio/mpeg"),
        ("tone.ogg", "audio/ogg"),
    ] {
        assert_is_tone(name, &probe_fixture(name, media_type));
    }
    for (bytes, media_type) in [(wav(&tone()), "audio/wav"), (aiff(&tone()), "audio/aiff")] {
        let info = probe_bytes(&bytes, media_type).unwrap();
        assert_is_tone(media_type, &info);
        assert_eq!(info.duration_ms, Some(1_000));
    }
}

#[test]
fn unsupported_audio_codec_has_a_duration_only() {
    for (name, media_type) in [("tone.opus", "audio/ogg"), ("tone.webm", "video/webm")] {
        let info = probe_fixture(name, media_type);
        assert_eq!(
            (info.has_video, &info.warning),
            (Some(false), &None),
            "{name}"
        );
        assert!(
            (990..1_100).contains(&info.duration_ms.unwrap()),
            "{name}: {info:?}"
        );
        assert_eq!(info.peaks, None, "{name}");
    }
}

#[test]
fn video_has_a_duration_a_size_and_the_waveform_of_its_audio() {
    for (name, media_type, size) in [
        ("video.mp4", "video/mp4", (64, 48)),
        ("rotated.mp4", "video/mp4", (48, 64)),
        ("video.webm", "video/webm", (64, 48)),
    ] {
        let info = probe_fixture(name, media_type);
        assert_eq!(info.has_video, Some(true), "{name}");
        assert_eq!(info.width.zip(info.height), Some(size), "{name}");
        let as_audio = RecordingInfo {
            has_video: Some(false),
            ..info
        };
        assert_is_tone(name, &as_audio);
    }
}

#[test]
fn probe_is_deterministic() {
    assert_eq!(
        probe_fixture("tone.ogg", "audio/ogg"),
        probe_fixture("tone.ogg", "audio/ogg")
    );
}

#[test]
fn truncated_audio_has_its_actual_duration_and_a_warning() {
    let mut bytes = wav(&[1_000; 24_000]);
    bytes.truncate(44 + 16_000);
    let info = probe_bytes(&bytes, "audio/wav").unwrap();
    let warning = info.warning.unwrap();
    assert_eq!(warning.code(), "recording-truncated");
    assert!(
        matches!(
            warning,
            RecordingWarning::Truncated {
                actual_ms: 1_000,
                declared_ms: 3_000
            }
        ),
        "{warning:?}"
    );
    assert_eq!(
        warning.message(),
        "The recording is truncated: its header declares 3.000 s, but the file contains 1.000 s. The file is stored unchanged."
    );
    assert_eq!(info.duration_ms, Some(1_000));
    assert!(info.peaks.is_some());
}

#[test]
fn undecodable_packets_are_a_warning() {
    let mut bytes = fs::read(fixture("tone.m4a")).unwrap();
    let start = bytes
        .windows(4)
        .position(|window| window == b"mdat")
        .unwrap()
        + 400;
    for byte in &mut bytes[start..start + 900] {
        *byte = byte.wrapping_mul(31).wrapping_add(97);
    }
    let info = probe_bytes(&bytes, "audio/mp4").unwrap();
    assert_eq!(
        info.warning.map(|warning| warning.code()),
        Some("recording-damaged")
    );
}

#[test]
fn damaged_headers_are_an_error() {
    for (bytes, media_type) in [
        (&b"RIFF\x10\0\0\0WAVEnothing"[..], "audio/wav"),
        (b"fLaC", "audio/flac"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomiso2", "video/mp4"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"ID3", "audio/mpeg"),
    ] {
        let error = probe_bytes(bytes, media_type).unwrap_err();
        assert_eq!(error.code(), "recording-undecodable", "{media_type}");
        assert!(
            error
                .message()
                .starts_with("The recording cannot be opened: ")
        );
        assert!(error.hint().contains("copy it again"));
    }
}

#[test]
fn unsupported_container_is_a_warning() {
    let info = probe_bytes(b"RIFF\x10\0\0\0AVI LIST", "video/vnd.avi").unwrap();
    assert_eq!(info.has_video, None);
    let warning = info.warning.unwrap();
    assert_eq!(warning.code(), "recording-unsupported");
    assert!(warning.hint().contains("MP4 or WebM"));
}

#[test]
fn recording_over_the_limit_has_no_waveform() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.wav");
    fs::write(&path, wav(&[1; 16_000])).unwrap();
    let info = probe(&path, "audio/wav", &Limits { max_frames: 8_000 }).unwrap();
    assert_eq!(
        info.warning.map(|warning| warning.code()),
        Some("recording-too-long")
    );
    assert_eq!((info.duration_ms, info.peaks), (Some(2_000), None));
}

#[test]
fn missing_file_is_an_error() {
    let error = probe(Path::new("no/such.wav"), "audio/wav", &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "file-unreadable");
}

/// Truncates each file to various lengths and inverts single bytes. Neither may make `probe` panic.
#[test]
fn truncated_and_corrupted_files_do_not_panic() {
    for (name, media_type) in [
        ("video.mp4", "video/mp4"),
        ("video.webm", "video/webm"),
        ("tone.m4a", "audio/mp4"),
        ("tone.mp3", "audio/mpeg"),
        ("tone.ogg", "audio/ogg"),
        ("tone.opus", "audio/ogg"),
    ] {
        let original = fs::read(fixture(name)).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("corrupted");
        let mut accepted = 0;
        for index in (0..original.len()).step_by(97) {
            fs::write(&path, &original[..index]).unwrap();
            accepted += u32::from(probe(&path, media_type, &Limits::default()).is_ok());
            let mut corrupted = original.clone();
            corrupted[index] ^= 0xff;
            fs::write(&path, &corrupted).unwrap();
            accepted += u32::from(probe(&path, media_type, &Limits::default()).is_ok());
        }
        assert!(accepted > 0, "{name}");
    }
}
