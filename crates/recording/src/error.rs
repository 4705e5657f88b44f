//! What can be wrong with a recording.

use std::path::{Path, PathBuf};

/// Why a file is not taken for a recording at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// The file could not be opened or read.
    #[error("{}: the file cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Nothing could open it: what says how it is to be read is damaged or missing.
    #[error("{}: the recording cannot be opened: {reason}", path.display())]
    Undecodable {
        /// The file.
        path: PathBuf,
        /// What the demuxer said.
        reason: String,
    },
}

impl RecordingError {
    /// A stable name for the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file-unreadable",
            Self::Undecodable { .. } => "recording-undecodable",
        }
    }

    /// What is wrong as a sentence, for a report that names the file in its own way.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Unreadable { source, .. } => format!("The file cannot be read: {source}."),
            Self::Undecodable { reason, .. } => {
                format!("The recording cannot be opened: {reason}.")
            }
        }
    }

    /// What the person who handed the file in can do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => {
                "Check that the file exists and that you have permission to read it."
            }
            Self::Undecodable { .. } => {
                "Try to play the file in another program. If it does not play there either, copy it again from its source."
            }
        }
    }

    pub(crate) fn undecodable(path: &Path, reason: impl ToString) -> Self {
        Self::Undecodable {
            path: path.into(),
            reason: reason.to_string(),
        }
    }
}

/// What is wrong with a recording that is kept all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Flaw {
    /// It ends before its header says. Milliseconds that are there, and that were promised.
    Truncated {
        /// How much there is.
        there: u64,
        /// How much the header promises.
        promised: u64,
    },
    /// Some of its packets cannot be decoded; a player is silent there, or skips them.
    Damaged {
        /// How many.
        packets: u64,
    },
    /// Its container is not read here.
    Unsupported {
        /// Why.
        reason: String,
    },
    /// The decoder failed in a way it should not have.
    CodecPanic {
        /// The message of the panic.
        reason: String,
    },
    /// It is longer than is decoded: it has no waveform.
    TooLong {
        /// The limit, in samples of one channel.
        frames: u64,
    },
}

impl Flaw {
    /// A stable name for the flaw.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "recording-truncated",
            Self::Damaged { .. } => "recording-damaged",
            Self::Unsupported { .. } => "recording-unsupported",
            Self::CodecPanic { .. } => "recording-codec-panic",
            Self::TooLong { .. } => "recording-too-long",
        }
    }

    /// What is wrong, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Truncated { there, promised } => format!(
                "The recording ends early: its header promises {} of which {} are there. It is kept as it is.",
                seconds(*promised),
                seconds(*there)
            ),
            Self::Damaged { packets } => format!(
                "The recording is damaged: {packets} of its packets cannot be decoded. It is kept as it is."
            ),
            Self::Unsupported { reason } => format!(
                "The recording is kept and offered, and nothing is known of its length: {reason}."
            ),
            Self::CodecPanic { reason } => {
                format!("The recording is kept, and the decoder broke down on it: {reason}.")
            }
            Self::TooLong { frames } => format!(
                "The recording is kept, and no waveform is drawn of it: it has more than {frames} samples."
            ),
        }
    }

    /// What the person who handed the file in can do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Truncated { .. } | Self::Damaged { .. } => {
                "If an intact copy exists, replace the file with it. Otherwise, no action is required."
            }
            Self::Unsupported { .. } | Self::CodecPanic { .. } => {
                "Replace or supplement the file with a copy in MP3, FLAC, WAV, MP4 or WebM, which all browsers can play."
            }
            Self::TooLong { .. } => {
                "Split the recording into shorter files if it needs a waveform. Otherwise, no action is required."
            }
        }
    }
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03} s", milliseconds / 1000, milliseconds % 1000)
}
