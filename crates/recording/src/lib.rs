//! Sound and film: how long, how large, how loud. Nothing is encoded anew.
//!
//! [`probe`] reads what the container says of itself, and every packet of its sound once, for the
//! waveform. A file handed in is not to be trusted: packets are read one at a time, so that memory
//! stays small whatever the length; lengths that a header claims are believed only where nothing was
//! decoded; a panic inside a codec is a flaw of that one file.
//!
//! A recording that cannot be measured is still a recording. It may be the only one there is, and a
//! browser may play what is not read here. So only a file that no program could open is an error;
//! everything else is a [`Flaw`] that is reported, and the file is kept.
//!
//! Read: WAV, AIFF, FLAC, MP3, Ogg (Vorbis, FLAC), MP4 and QuickTime (AAC, ALAC, PCM), WebM and
//! Matroska (Vorbis). Of Opus, and of other codecs of sound, the length is known and the samples are not.
//!
//! This crate is native only.

mod error;
mod peaks;
mod presentation;
mod probe;
pub mod vtt;

pub use error::{Flaw, RecordingError};
pub use peaks::PEAKS;
pub use probe::{Facts, Limits, probe};
