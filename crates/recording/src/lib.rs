//! Measurement of audio and video recordings: duration, dimensions and waveform.
//!
//! [`probe()`] reads the headers of the container and decodes the audio track once to compute the
//! waveform. Nothing is transcoded.
//!
//! Files are untrusted input. Packets are decoded one at a time, so memory use does not depend on
//! the duration. A panic in a decoder is caught and reported as a defect of the file.
//!
//! A file that cannot be measured is still stored, because it may be the only copy and browsers may
//! be able to play it. Only a file that no program can open is rejected with a [`RecordingError`].
//! All other defects are reported as a [`RecordingWarning`].
//!
//! Supported containers are WAV, AIFF, FLAC, MP3, Ogg (Vorbis, FLAC), MP4 and QuickTime (AAC, ALAC,
//! PCM), WebM and Matroska (Vorbis). For Opus and other audio codecs, only the duration is
//! available.
//!
//! The module [`vtt`] parses and validates WebVTT tracks.
//!
//! This crate does not support WebAssembly.

mod error;
mod peaks;
mod presentation;
mod probe;
pub mod vtt;

pub use error::{RecordingError, RecordingWarning};
pub use peaks::PEAK_COUNT;
pub use probe::{Limits, RecordingInfo, probe};
